"""Measures the search index against Pagefind on one archive; writes docs/bench-search.md.

    python scripts/bench/search.py CACHE [ARTICLES]

CACHE holds the archive and its site; `scripts/setup browser` has installed the peer. Figures:
processor time and memory of indexing, size of the index, bytes and time of first queries in a slow
phone (Chromium, processor slowed down), and how many of the first ten answers hold what was
meant.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import archive

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
TOOLS = ROOT / ".cache/npm/node_modules"
# Only the search index of a project that is built: reading and writing pages is not its work.
INDEX = """
import sys, time, resource
from datetime import datetime
from pathlib import Path
from bulletin import build, outputs
from bulletin.diag import Report
from bulletin.files import Output
from bulletin.outputs import search
from bulletin.text import VIETNAM
from bulletin.store import Blobs, Store
from bulletin.workers import toolchain
root, today = Path(sys.argv[1]), datetime(2027, 1, 1, tzinfo=VIETNAM)
with Store(root / "output/.bulletin/cache") as store:
    ready = build.prepare(root, store, toolchain(), today, False, Report())
    shop = build.workshop(ready, store, "")
    source = outputs.Source(ready.config, ready.assembly, ready.theme, ("site",))
    before, idle = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    studio, size, files = shop.studio(), 0, 0
    for job in search.jobs(source):
        made = search.make(job, studio)
        size += len(made.data) + sum(len(data) for _, data in made.siblings)
        files += 1 + len(made.siblings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(time.process_time() - before, peak - idle, peak, size, files)
"""


def spent(
    command: list[str], cwd: Path, env: dict[str, str] | None = None
) -> tuple[float, float, str]:
    """Processor seconds, peak memory in MiB, and what the command printed."""
    with subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        text = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[0]}: {child.returncode}\n{text}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def ensure(cache: Path, count: int) -> Path:
    """The archive and its site, built once per version of the program."""
    project = cache / f"archive-{count}"
    if not (project / "issues").is_dir():
        archive.write(project, count)
    archive.refresh(project)
    subprocess.run(
        [sys.executable, "-m", "bulletin", "build", "--only", "site", "-o", project / "output"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return project


def main() -> None:
    cache = Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    project = ensure(cache, count)
    site = project / "output/site"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    _, _, text = spent([sys.executable, "-c", INDEX, str(project)], project, env)
    cpu, more, peak, size, files = (float(part) for part in text.split())
    peer = cache / f"pagefind-{count}"
    binary = str(TOOLS / ".bin/pagefind")
    options = ["--site", str(site), "--output-path", str(peer), "--glob", "[12]*/*/*/index.html"]
    their_cpu, their_peak, _ = spent([binary, *options, "--root-selector", "main"], cache)
    their_files = [path for path in peer.rglob("*") if path.is_file()]
    figures = {
        "articles": count,
        "index": {
            "ours": {
                "cpu_s": cpu,
                "more_mib": more / 1024,
                "peak_mib": peak / 1024,
                "mib": size / 2**20,
                "files": files,
            },
            "pagefind": {
                "cpu_s": their_cpu,
                "peak_mib": their_peak,
                "mib": sum(p.stat().st_size for p in their_files) / 2**20,
                "files": len(their_files),
            },
        },
    }
    done = subprocess.run(
        ["node", HERE / "search.js", site, peer],
        env={**os.environ, "NODE_PATH": str(TOOLS)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    figures |= {"slower": said["slower"], "queries": said["rows"]}
    (cache / f"search-{count}.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1))
    page = report(figures)
    (ROOT / "docs/bench-search.md").write_text(page, "utf-8")
    print(page)


ABOUT_INDEX = """\
# Search, measured

`make bench-search` on {articles:,} articles written from the sentences of the printed issues. Ours
indexes the parsed texts that a build has at hand; Pagefind reads the finished pages. Figures of
processor and time depend on the machine and on what else it does; their relation less so.

| | ours | Pagefind | ours ÷ Pagefind |
|---|---|---|---|
"""
ABOUT_QUERIES = """
A first query in a fresh browser whose processor is made slower by a factor of {slower:g}: on this
machine that plays a phone of the middle class (scripts/audit/phone.js). kB: all that crosses the
wire for it, gzip, with headers and the script of the search itself; before the slash until the
answer stands, behind it with the excerpts on the screen. ms: from Enter to the first answer, to
the third (as many as a phone shows; of three readers the one in the middle), and to the first
again with the files at hand. P@10: which part of the first ten holds the phrase that was meant,
with its marks. *At once*: the whole query comes and is sent in the same moment, as from a link.
*By keys*: it is typed, five keys a second, Enter being one of them; what is typed to its end is
loaded while the next word is typed. Pages are driven without the tools' usual company, which costs
a slow page up to 10 ms for each file (scripts/bench/unwatched.js).

| query | meant | at once kB | ms | by keys kB | ms | hits | P@10 | Pagefind kB | ms | hits | P@10 |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def wait(one: dict[str, float]) -> str:
    return (
        f"{one['answer'] / 1000:.0f} / {one['bytes'] / 1000:.0f} "
        f"| {one['first']:.0f} / {one['three']:.0f} / {one['again']:.0f}"
    )


def worth(one: dict[str, float]) -> str:
    return f"{one['hits']:,} | {one['precision']:.1f}"


def report(figures: dict[str, Any]) -> str:
    ours, theirs = figures["index"]["ours"], figures["index"]["pagefind"]
    rows = (
        ("processor time, s", ours["cpu_s"], theirs["cpu_s"]),
        ("peak memory of the process, MiB", ours["peak_mib"], theirs["peak_mib"]),
        ("… of it added by indexing, MiB", ours["more_mib"], theirs["peak_mib"]),
        ("size on disk, MiB", ours["mib"], theirs["mib"]),
        ("files", ours["files"], theirs["files"]),
    )
    text = ABOUT_INDEX.format(articles=figures["articles"])
    text += "".join(f"| {name} | {a:,.1f} | {b:,.1f} | {a / b:.2f} |\n" for name, a, b in rows)
    text += ABOUT_QUERIES.format(slower=figures["slower"])
    for query in figures["queries"]:
        ours, keys, theirs = query["ours"], query["keys"], query["pagefind"]
        both = f"{wait(ours)} | {wait(keys)} | {worth(ours)} | {wait(theirs)} | {worth(theirs)}"
        text += f"| {query['typed']} | {query['meant']} | {both} |\n"
    return text


if __name__ == "__main__":
    main()
