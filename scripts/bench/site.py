"""``make bench-site``: the website beside Hugo, Pelican and Eleventy, cold and after an edit.

    python scripts/bench/site.py [--sizes 1000,10000] [--peers hugo,pelican,eleventy] [--write]

Every figure of a table comes from one run on one machine, so the ratios mean something when the
seconds do not. Ours is the whole site (search index, feeds, metadata, API, office pages) without
pictures for sharing and without EPUB, which the peers do not make. ``--write`` keeps the figures in
docs/performance.json and writes docs/performance.md and its drawing from them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import archive
import curves
import measuring
import peers

ROOT = Path(__file__).parent.parent.parent
WORK = ROOT / ".cache" / "bench"
PORT = 8791
SAVES = 7  # of which the median counts
SETTLED = 61  # s after which published files are known by size and time (bulletin.files.Seen)
# What the plan asks for: figure → highest ratio to Hugo's cold build in the same run.
TARGETS = {
    "cold, processor": 1.0,
    "cold, wall": 1.2,
    "cold, memory": 0.15,
    "nothing changed": 0.03,
    "nothing changed, at once": 0.03,
    "one body": 0.04,
    "one title": 0.06,
    "base template": 0.3,
}


def ours(count: int) -> Path:
    """The archive of ``count`` articles, written once for all runs of this program."""
    folder = WORK / f"archive-{count}"
    if not (folder / "issues").is_dir():
        archive.write(folder, count)
    archive.refresh(folder)
    archive.leave_out(folder)
    return folder


def built(folder: Path) -> dict[str, float]:
    return asdict(measuring.built(folder))


@contextmanager
def edited(path: Path, old: str, new: str) -> Iterator[None]:
    """A file with one change; as it was afterwards."""
    before = path.read_text("utf-8")
    if old not in before:
        raise SystemExit(f"{path}: nothing to edit")
    path.write_text(before.replace(old, new, 1), "utf-8")
    try:
        yield
    finally:
        path.write_text(before, "utf-8")


def cold(folder: Path) -> dict[str, float]:
    shutil.rmtree(folder / "output", ignore_errors=True)
    found = built(folder)
    made = [path for path in (folder / "output/site").rglob("*") if path.is_file()]
    return found | {"files": len(made), "mib": sum(path.stat().st_size for path in made) / 2**20}


def warm(folder: Path, settle: bool) -> dict[str, dict[str, float]]:
    """What builds cost after one change each, in a fresh process, on the site that is there.

    ``settle``: wait, as an editor does, until what was just published is known without reading it.
    """
    bodies = sorted((folder / "content").glob("*/*/*.md"))
    article = bodies[len(bodies) // 2]
    base = folder / "themes/lhh/templates/web/base.html"
    steps = {"nothing changed, at once": built(folder)}
    if settle:
        time.sleep(SETTLED)
        built(folder)
        steps["nothing changed"] = built(folder)
    with edited(article, "\n---\n\n", "\n---\n\nMột câu mới trong thân bài. "):
        steps["one body"] = built(folder)
    with edited(article, 'title: "', 'title: "Sửa: '):
        steps["one title"] = built(folder)
    with edited(base, "<body", "<!-- sửa mẫu --><body"):
        steps["base template"] = built(folder)
    built(folder)  # the site as it was
    return steps


# ---- the live preview ---------------------------------------------------------------------------


def served(folder: Path) -> dict[str, float]:
    """From saving an article until its page with the new text has come: median, in ms."""
    bodies = sorted((folder / "content").glob("*/*/*.md"))
    article = bodies[len(bodies) // 2]
    text = article.read_text("utf-8")
    address = f"http://127.0.0.1:{PORT}/{article.parent.parent.name}/{article.parent.name}/"
    with subprocess.Popen(
        measuring.command("serve", "--port", str(PORT)),
        cwd=folder,
        env=measuring.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            found = _saves(server, article, text, f"{address}{article.stem}/")
        finally:
            article.write_text(text, "utf-8")
            server.terminate()
    return found


def _saves(server: subprocess.Popen[bytes], article: Path, text: str, url: str) -> dict[str, float]:
    _answer(url, 900)
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_bulletin/events") as events:
        _next_event(events)
        times, spent = [], []
        for turn in range(SAVES):
            time.sleep(1)
            new = f"Lần lưu thứ {turn + 1} của phép đo."
            before, begun = _ticks(server.pid), time.monotonic()
            article.write_text(text + f"\n{new}\n", "utf-8")
            while new not in _answer(url, 60):
                _next_event(events)
            times.append(1000 * (time.monotonic() - begun))
            spent.append(_ticks(server.pid) - before)
    peak = measuring.resident(server.pid)
    return {"ms": statistics.median(times), "cpu": statistics.median(spent), "peak": peak}


def _next_event(events: Any) -> None:
    while not events.readline().startswith(b"data:"):
        pass


def _answer(url: str, patience: float) -> str:
    return measuring.fetched(url, patience).decode("utf-8")


def _ticks(pid: int) -> float:
    """Processor seconds of a running process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ---- all together --------------------------------------------------------------------------------


def help_time() -> float:
    """Median of the wall time of ``bulletin --help``, in ms."""
    runs = [
        measuring.run(measuring.command("--help"), ROOT, measuring.environment()).wall
        for _ in range(SAVES)
    ]
    return 1000 * statistics.median(runs)


def peer(one: peers.Peer, folder: Path, count: int) -> dict[str, float]:
    home = peers.project(one, folder, WORK / f"{one.name}-{count}")
    spent = asdict(measuring.run(list(one.command), home))
    made = [path for path in (home / one.made).rglob("*") if path.is_file()]
    found = {"files": len(made), "mib": sum(path.stat().st_size for path in made) / 2**20}
    shutil.rmtree(home)
    return spent | found


def measured(options: argparse.Namespace) -> dict[str, Any]:
    there = peers.install(WORK / "peers", options.peers.split(","))
    found: dict[str, Any] = {
        "machine": measuring.machine(),
        "versions": {one.name: one.version for one in there}
        | {"python": platform.python_version()},
        "help_ms": help_time(),
        "sizes": {},
    }
    for count in options.sizes:
        folder = ours(count)
        one: dict[str, Any] = {"cold": {"bulletin": cold(folder)}}
        if count <= options.warm_to:
            one["warm"] = warm(folder, not options.no_serve)
            if not options.no_serve:
                one["serve"] = served(folder)
        if count <= options.peers_to:
            one["cold"] |= {p.name: peer(p, folder, count) for p in there}
        found["sizes"][str(count)] = one
        print(curves.table(found, str(count), TARGETS), flush=True)
        if not options.keep:
            shutil.rmtree(folder / "output", ignore_errors=True)
    return found


def numbers(text: str) -> list[int]:
    return [int(n) for n in text.split(",")]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", help="numbers of articles", type=numbers, default=[1000, 10_000])
    parser.add_argument("--peers", default="hugo,pelican,eleventy", help="'' for none")
    parser.add_argument("--peers-to", type=int, default=10_000, help="largest size for peers")
    parser.add_argument("--warm-to", type=int, default=10_000, help="largest size for edits")
    parser.add_argument("--no-serve", action="store_true", help="leave out the preview and waits")
    parser.add_argument("--keep", action="store_true", help="keep our output")
    parser.add_argument("--write", action="store_true", help="write docs/performance.*")
    return parser.parse_args()


def main() -> None:
    asked = options()
    figures = measured(asked)
    print(f"bulletin --help: {figures['help_ms']:.0f} ms · {figures['machine']}")
    if asked.write:
        file = ROOT / "docs/performance.json"
        known = json.loads(file.read_text("utf-8")) if file.exists() else {}
        for part in ("versions", "sizes"):  # a run without peers does not forget theirs
            figures[part] = known.get(part, {}) | figures[part]
        file.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
        curves.write(figures, TARGETS, ROOT / "docs")


if __name__ == "__main__":
    main()
