"""Thổ cẩm ornament: small grids of letters become seamless woven tiles of SVG.

A grid is a sequence of rows of equal length. Every letter is one stitch: ``a`` accent, ``f`` fill,
``s`` second, ``k`` ink, ``p`` paper; ``.`` leaves the ground bare. The letters say only which
thread is used; what colour the thread has depends on where the tile will lie (rule or cover).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bulletin.colour import INK, NIGHT, PAPER, contrast, luminance, mix
from bulletin.model import Palette

Grid = Sequence[str]

GROUND = "."
THREADS = "afskp"
CELL = 4
# Half the diagonal of a stitch, in cells. 0.5 would only touch its neighbours at a point and
# half of every plane would stay bare; 0.7 overlaps a little and leaves holes as a loom does.
REACH = 0.7
# White words stand on the field: this is what every thread but the bright ones must keep.
LEGIBLE = 4.5
# Where the dark threads of a field tend to: darker than the ink, which an indigo ground is near.
DEEP = "#0B0E1F"


class PatternError(ValueError):
    """A grid that cannot be woven; the message says why, in Vietnamese."""


def check(grid: Grid) -> None:
    """Raise :class:`PatternError` unless the rows are equally long and of known letters."""
    if not grid or not grid[0]:
        raise PatternError("hoa văn rỗng")
    for number, row in enumerate(grid, start=1):
        if len(row) != len(grid[0]):
            raise PatternError(f"hàng {number} có {len(row)} ô, hàng đầu có {len(grid[0])} ô")
        if strange := next((c for c in row if c not in GROUND + THREADS), None):
            raise PatternError(f"hàng {number} có ký tự lạ «{strange}», chỉ dùng . a f s k p")


def tile(
    grid: Grid,
    colours: Mapping[str, str],
    cell: int = CELL,
    lozenge: bool = True,
    *,
    ground: str = "",
    upright: bool = True,
) -> str:
    """An SVG tile of ``grid``, one path per colour; letters without a colour stay bare.

    It repeats seamlessly to both sides, and to above and below unless ``upright`` is false: then
    the tile is a ribbon with a little air for the tips of its outermost stitches.
    """
    check(grid)
    width, height = len(grid[0]) * cell, len(grid) * cell
    air = 0 if upright or not lozenge else -int(-(REACH - 0.5) * cell // 1)
    box = f"0 {-air} {width} {height + 2 * air}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
        f'width="{width}" height="{height + 2 * air}">'
    ]
    if ground:
        parts.append(f'<path fill="{ground}" d="M0 {-air}h{width}v{height + 2 * air}H0z"/>')
    for letter in THREADS:
        if letter in colours and (shape := _shape(grid, letter, cell, lozenge, upright)):
            parts.append(f'<path fill="{colours[letter]}" d="{shape}"/>')
    return "".join(parts) + "</svg>"


def band(pattern: Grid, palette: Palette, *, dark: bool = False) -> str:
    """A ribbon for rules, on a transparent ground: repeat it to the side, at any height.

    ``dark`` is for ribbons on the night ground, where the accents of the day would sink.
    """
    colours = {
        "a": palette.accent_dark if dark else palette.accent,
        "f": _lit(palette.fill) if dark else palette.fill,
        "s": _lit(palette.second) if dark else palette.second,
        "k": PAPER if dark else INK,
        "p": NIGHT if dark else PAPER,
    }
    return tile(pattern, colours, upright=False)


def field(pattern: Grid, palette: Palette, cell: int = CELL) -> str:
    """A tile for covers: tone on tone on the accent, with the bright threads ``s`` and ``p``."""
    return tile(pattern, field_colours(palette), cell, ground=palette.accent)


def field_colours(palette: Palette) -> dict[str, str]:
    """The threads of a cover field. All but ``s`` and ``p`` keep white words legible."""
    accent = palette.accent
    return {
        "a": _thread(accent, "#FFFFFF", 1.45),
        "f": _thread(accent, DEEP, 1.3),
        "k": _thread(accent, DEEP, 1.65),
        "s": mix(accent, _bright(palette), 0.85),
        "p": mix(accent, palette.light, 0.7),
    }


def _thread(accent: str, towards: str, ratio: float) -> str:
    """The first colour on the way that stands out by ``ratio``, as far as white words allow."""
    colour = accent
    for step in range(1, 101):
        further = mix(accent, towards, step / 100)
        if contrast(further, "#FFFFFF") < LEGIBLE:
            break
        colour = further
        if contrast(colour, accent) >= ratio:
            break
    return colour


def _bright(palette: Palette) -> str:
    """The second colour, or the fill where the second is darker than the ground."""
    if luminance(palette.second) > luminance(palette.accent):
        return palette.second
    return palette.fill


def _lit(colour: str) -> str:
    """As light as a thread must be to be seen on the night ground."""
    shades = (mix(colour, PAPER, step / 20) for step in range(20))
    return next((c for c in shades if contrast(c, NIGHT) >= 3), PAPER)


def _shape(grid: Grid, letter: str, cell: int, lozenge: bool, upright: bool) -> str:
    """The path of all stitches of one colour."""
    if not lozenge:
        return "".join(
            f"M{x * cell} {y * cell}h{run * cell}v{cell}h{-run * cell}z"
            for x, y, run in _runs(grid, letter)
        )
    reach = _short(cell * REACH)
    turn = f"l{reach} {reach}-{reach} {reach}-{reach}-{reach}z"
    stitches = []
    for x, y in _places(grid, letter, upright):
        top = _short((y + 0.5 - REACH) * cell)
        stitches.append(f"M{_short((x + 0.5) * cell)} {top}{turn}")
    return "".join(stitches)


def _runs(grid: Grid, letter: str) -> Iterator[tuple[int, int, int]]:
    """Neighbours in a row as one rectangle, so that no hairline can appear between them."""
    for y, row in enumerate(grid):
        x = 0
        while x < len(row):
            run = len(row) - x - len(row[x:].lstrip(letter))
            if run:
                yield x, y, run
            x += run or 1


def _places(grid: Grid, letter: str, upright: bool) -> Iterator[tuple[int, int]]:
    """Every stitch, and the ones beyond the edge whose tips reach back into the tile."""
    wide, high = len(grid[0]), len(grid)
    rows = range(-1, high + 1) if upright else range(high)
    for y in rows:
        for x in range(-1, wide + 1):
            if grid[y % high][x % wide] == letter:
                yield x, y


def _short(value: float) -> str:
    return f"{round(value, 2):g}"
