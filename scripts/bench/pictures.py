"""``make bench-pictures``: photographs of 24 megapixels on the site; writes docs/bench-pictures.md.

    python scripts/bench/pictures.py [PHOTOGRAPHS]

Articles with two photographs each (6000 × 4000, drawn by a formula) are built three times: cold,
with nothing changed, and with one sentence changed. Of the last two it is looked at which picture
files were written again, by number and time of each file.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import archive
import measuring
import press

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / ".cache/bench"
EACH = 2  # to an article
SIZE = (6000, 4000)
FORMS = (".avif", ".webp", ".jpg")


def project(count: int) -> Path:
    """The archive with its photographs; drawn once."""
    drawn = WORK / "photographs"
    drawn.mkdir(parents=True, exist_ok=True)
    folder = WORK / f"pictures-{count}"
    archive.write(folder, -(-count // EACH))
    archive.leave_out(folder)
    missing = [n for n in range(count) if not (drawn / f"{n}.jpg").exists()]
    # Apart from this process: what it holds would count for the commands that it measures.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        list(pool.map(draw, [drawn / f"{n}.jpg" for n in missing]))
    for n in range(count):
        text = next(folder.glob(f"content/*/*/bai-{n // EACH}.md"))
        os.link(drawn / f"{n}.jpg", text.with_name(f"anh-{n}.jpg"))
        figure = (
            f"\n:::figure anh-{n}.jpg\nalt: Ảnh thử số {n}\n"
            "caption: Ảnh vẽ bằng công thức, để đo.\ncredit: Máy vẽ\n:::\n"
        )
        text.write_text(text.read_text("utf-8") + figure, "utf-8")
    return folder


def draw(file: Path) -> None:
    new = file.with_suffix(".new")
    new.write_bytes(press.photograph(file.stem, *SIZE))
    new.replace(file)


def pictures(folder: Path) -> dict[Path, tuple[int, int]]:
    """Every picture file of a photograph: its number and the time when it was written."""
    found = (path for path in (folder / "output/site").rglob("*") if path.suffix in FORMS)
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    folder = project(count)
    given = sum(path.stat().st_size for path in folder.glob("content/*/*/*.jpg"))
    rows = [("cold", measuring.built(folder), "all")]
    before = pictures(folder)
    if len(before) < count * len(FORMS):
        raise SystemExit(f"{len(before)} picture files of {count} photographs: some are missing")

    def again(what: str) -> None:
        spent = measuring.built(folder)
        after = pictures(folder)
        touched = sum(after.get(path) != state for path, state in before.items())
        rows.append((what, spent, str(touched + len(after.keys() - before.keys()))))

    again("nothing changed")
    text = next(folder.glob("content/*/*/bai-0.md"))
    text.write_text(re.sub(r"\n\n(?=:::)", " Thêm một câu.\n\n", text.read_text("utf-8"), count=1))
    again("one sentence changed")
    size = sum(path.stat().st_size for path in before)
    lines = [
        "# Photographs, measured",
        "",
        "Written by `make bench-pictures`; what is measured stands at the head of",
        "`scripts/bench/pictures.py`.",
        "",
        f"Machine: {measuring.machine()}. {count} photographs of {SIZE[0]} × {SIZE[1]} pixels",
        f"({given / 2**20:,.0f} MiB) in {-(-count // EACH)} articles become {len(before):,} files",
        f"({size / 2**20:,.0f} MiB). Memory is the highest sum of the resident memory of all",
        "processes.",
        "",
        "| build | processor s | wall s | memory MiB | picture files written |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [f"| {w} | {s.cpu:,.1f} | {s.wall:,.1f} | {s.peak:,.0f} | {t} |" for w, s, t in rows]
    page = "\n".join(lines) + "\n"
    (ROOT / "docs/bench-pictures.md").write_text(page, "utf-8")
    print(page)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
