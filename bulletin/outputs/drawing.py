"""What cards and icons are drawn with: woven tiles, lozenges, and type that fits its room."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.ornament import Grid

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

FINE = 4  # drawn this much larger and reduced, because Pillow's polygons have steps
LEADING = 1.24  # stacked marks need air


@lru_cache(maxsize=64)
def font(data: bytes, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    # The other engine needs a library of the system; without it the bytes would differ.
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


# ---- weave ---------------------------------------------------------------------------------------


def weave(
    grid: Grid, colours: Mapping[str, str], cell: int, ground: str, *, upright: bool = True
) -> Image.Image:
    """One seamless tile of a pattern; a ribbon (``upright`` false) repeats to the side only."""
    return _woven(tuple(grid), tuple(sorted(colours.items())), cell, ground, upright)


@lru_cache(maxsize=32)
def _woven(
    grid: tuple[str, ...],
    threads: tuple[tuple[str, str], ...],
    cell: int,
    ground: str,
    upright: bool,
) -> Image.Image:
    from PIL import Image, ImageDraw

    colours = dict(threads)
    wide, high = len(grid[0]), len(grid)
    big, reach = cell * FINE, cell * FINE * 0.7
    tile = Image.new("RGB", (wide * big, high * big), ground)
    pen = ImageDraw.Draw(tile)
    for y in range(-1, high + 1) if upright else range(high):
        for x in range(-1, wide + 1):
            colour = colours.get(grid[y % high][x % wide])
            if colour:
                _diamond(pen, ((x + 0.5) * big, (y + 0.5) * big), reach, colour)
    return tile.reduce(FINE)


def _diamond(
    pen: ImageDraw.ImageDraw, middle: tuple[float, float], reach: float, colour: str
) -> None:
    x, y = middle
    pen.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], fill=colour)


def repeat(image: Image.Image, tile: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Cover ``box`` with ``tile``; a ribbon's box is as high as the ribbon."""
    from PIL import Image as images

    left, top, right, bottom = box
    cover = images.new("RGB", (right - left, bottom - top))
    for y in range(0, cover.height, tile.height):
        for x in range(0, cover.width, tile.width):
            cover.paste(tile, (x, y))
    image.paste(cover, (left, top))


def lozenge(image: Image.Image, middle: tuple[int, int], reach: int, colour: str) -> None:
    """A smooth lozenge whose corners are ``reach`` away from its middle."""
    from PIL import Image as images
    from PIL import ImageDraw

    mask = images.new("L", (2 * reach * FINE, 2 * reach * FINE))
    far = reach * FINE
    pen = ImageDraw.Draw(mask)
    pen.polygon([(far, 0), (2 * far, far), (far, 2 * far), (0, far)], fill=255)
    spot = (middle[0] - reach, middle[1] - reach)
    image.paste(images.new("RGB", (2 * reach, 2 * reach), colour), spot, mask.reduce(FINE))


def dashes(image: Image.Image, middle: tuple[int, int], reach: int, colour: str) -> None:
    """A lozenge sewn with small stitches."""
    count = 18
    for side in range(4):
        for step in range(count):
            share = (step + 0.5) / count
            along, across = round(reach * share), round(reach * (1 - share))
            x, y = ((along, -across), (across, along), (-along, across), (-across, -along))[side]
            lozenge(image, (middle[0] + x, middle[1] + y), 3, colour)


# ---- type ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size that fit a room."""

    font: ImageFont.FreeTypeFont
    lines: tuple[str, ...]
    leading: int

    @property
    def height(self) -> int:
        return len(self.lines) * self.leading


def spaced(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    said: str,
    face: ImageFont.FreeTypeFont,
    colour: str,
    gap: int,
) -> None:
    """Capitals with air between them."""
    x = float(at[0])
    for letter in said:
        pen.text((round(x), at[1]), letter, colour, face)
        x += face.getlength(letter) + gap


def fitting(data: bytes, said: str, size: int, width: int) -> int:
    """The largest size up to ``size`` at which ``said`` fits one line."""
    length = font(data, size).getlength(said)
    return size if length <= width else max(8, int(size * width / length))


def block(
    data: bytes, said: str, width: int, height: int, sizes: Sequence[int], *, cut: bool = False
) -> Block:
    """``said`` at the first of ``sizes`` that fits; else at the last, ended with an ellipsis."""
    for size in sizes:
        face, leading = font(data, size), round(size * LEADING)
        lines = balanced(face, said, width)
        fits = all(face.getlength(line) <= width for line in lines)
        if fits and len(lines) * leading <= height:
            return Block(face, lines, leading)
    face, leading = font(data, sizes[-1]), round(sizes[-1] * LEADING)
    rows = max(0 if cut else 1, height // leading)
    lines = wrapped(face, said, width)
    if len(lines) > rows:
        lines = lines[:rows]
        lines = (*lines[:-1], shortened(face, lines[-1] + "…", width)) if lines else ()
    return Block(face, tuple(shortened(face, line, width) for line in lines), leading)


def wrapped(face: ImageFont.FreeTypeFont, said: str, width: float) -> tuple[str, ...]:
    return tuple(line for line, _ in _filled(_measured(face, said), width))


def balanced(face: ImageFont.FreeTypeFont, said: str, width: int) -> tuple[str, ...]:
    """The fewest lines, of lengths as equal as can be: no single word is left at the end."""
    words = _measured(face, said)
    fewest = len(_filled(words, width))
    low, high = width // 2, width
    while high - low > 6:
        middle = (low + high) // 2
        tried = _filled(words, middle)
        if len(tried) <= fewest and all(length <= middle for _, length in tried):
            high = middle
        else:
            low = middle
    return tuple(line for line, _ in _filled(words, high))


@dataclass(frozen=True, slots=True)
class _Words:
    """Each word with its length, and the length of a space: measuring is what takes the time."""

    words: tuple[tuple[str, float], ...]
    space: float


def _measured(face: ImageFont.FreeTypeFont, said: str) -> _Words:
    return _Words(tuple((word, face.getlength(word)) for word in said.split()), face.getlength(" "))


def _filled(text: _Words, width: float) -> list[tuple[str, float]]:
    """Lines with their lengths, each as full as can be."""
    lines: list[tuple[str, float]] = []
    for word, length in text.words:
        if lines and lines[-1][1] + text.space + length <= width:
            line, until = lines[-1]
            lines[-1] = (f"{line} {word}", until + text.space + length)
        else:
            lines.append((word, length))
    return lines


def shortened(face: ImageFont.FreeTypeFont, line: str, width: int) -> str:
    """``line`` with words taken off before an ellipsis until it fits."""
    while face.getlength(line) > width and len(line) > 1:
        bare = line.rstrip("…").rstrip()
        fewer = bare.rpartition(" ")[0] or bare[:-1]
        line = fewer.rstrip(" ,;:–-") + "…"
    return line


def write(pen: ImageDraw.ImageDraw, at: tuple[int, int], block: Block, colour: str) -> None:
    for row, line in enumerate(block.lines):
        # Set on the baseline: the middle of a line must not depend on its marks.
        baseline = at[1] + row * block.leading + round(block.leading * 0.76)
        pen.text((at[0], baseline), line, colour, block.font, anchor="ls")
