"""Contact sheets of the pictures of ``make audit``: one per kind of page, all widths side by side.

python scripts/audit/sheets.py PICTURES SHEETS
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from PIL import Image

GAP = 16
TALLEST = 2600  # of a page as it was taken; what comes below is more of the same


def sheet(files: list[Path]) -> Image.Image:
    pictures = [Image.open(file).convert("RGB") for file in files]
    pictures = [one.crop((0, 0, one.width, min(one.height, TALLEST))) for one in pictures]
    width = sum(one.width + GAP for one in pictures) + GAP
    ground = Image.new("RGB", (width, max(one.height for one in pictures) + 2 * GAP), "#808080")
    left = GAP
    for one in pictures:
        ground.paste(one, (left, GAP))
        left += one.width + GAP
    return ground.resize((ground.width // 2, ground.height // 2), Image.Resampling.LANCZOS)


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    kinds: defaultdict[str, list[Path]] = defaultdict(list)
    for file in source.glob("*.png"):
        kinds[file.stem.rsplit("-", 2)[0]].append(file)
    order = {"light": 0, "dark": 1}
    for name, files in sorted(kinds.items()):
        files.sort(key=lambda f: (order[f.stem.rsplit("-", 1)[1]], int(f.stem.rsplit("-", 2)[1])))
        sheet(files).save(target / f"{name}.png")


if __name__ == "__main__":
    main()
