"""A chart node becomes SVG: bars, columns or lines with direct labels in Vietnamese numbers.

The picture is 640 units wide and printed 84 mm wide, so 20 units are 7.4 pt, the smallest size of
letters here. It has no ids (several charts share a page), no styles and no ground. Its few fixed
colours (``INK``, ``MUTED``, ``GRID``) can be turned for a dark page by attribute selectors.
"""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from bulletin.colour import INK, PAPER, contrast, mix
from bulletin.directives import number
from bulletin.model import Node, Palette
from bulletin.text import format_number

WIDTH = 640.0
FONTS = "LHH Sans, Be Vietnam Pro, sans-serif"
MUTED = mix(INK, PAPER, 0.25)
GRID = mix(PAPER, INK, 0.16)
SMALL, NORMAL = 20, 22
LEADING = 1.28
SEMIBOLD = 600
DASHES = ("", "12 6", "3 5", "16 5 3 5", "7 4", "20 8")
MARKS = (
    "M0 -9l9 9-9 9-9-9z",
    "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0z",
    "M-6.5 -6.5h13v13h-13z",
    "M0 -8.5l8.5 15h-17z",
    "M0 8.5l-8.5 -15h17z",
    "M-8 -3h5v-5h6v5h5v6h-5v5h-6v-5h-5z",
)

# ---- how wide is a text --------------------------------------------------------------------------

# Advance widths of Be Vietnam Pro 400 in 1/1000 em. Marks have none: letters are looked up bare.
_GROUPS = {
    "'": 180,
    " \u00a0": 230,
    "Iijl|·": 275,
    ".:,;": 325,
    "1fr": 395,
    "t()[]“”²³": 445,
    "sz/J°": 510,
    "kx": 560,
    "ehnuưvy7×≥≤": 600,
    "cE-+": 620,
    "FLS8−": 640,
    "abdgopqơPT2«»": 655,
    "đRYZ35": 670,
    "0BK69–": 682,
    "HVX4": 720,
    "ADNUƯ&": 745,
    "CGĐ": 788,
    "OƠQ": 828,
    "M%": 855,
    "mw—": 895,
    "W": 1010,
}
_WIDTHS = {c: width for letters, width in _GROUPS.items() for c in letters}
_UNKNOWN = 900
# Kerning, rounding and the browser's own idea of a font: a little more than the sum.
_SAFETY = 1.03


def text_width(text: str, size: float = NORMAL, bold: bool = False) -> float:
    """Width of a line in units, estimated slightly too large."""
    total = 0
    for c in text:
        bare = c if c in _WIDTHS else unicodedata.normalize("NFD", c)[0]
        total += 0 if unicodedata.combining(c) else _WIDTHS.get(bare, _UNKNOWN)
    return total / 1000 * size * _SAFETY * (1.03 if bold else 1.0)


def wrap(text: str, limit: float, size: float = NORMAL) -> list[str]:
    """Lines no wider than ``limit``. Breaks at spaces, inside a word only if it is too long."""
    lines = [""]
    # split(" ") and not split(): non-breaking spaces must not break.
    for word in (word for word in text.split(" ") if word):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(joined, size) <= limit:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for c in word:
            if lines[-1] and text_width(lines[-1] + c, size) > limit:
                lines.append("")
            lines[-1] += c
    return lines


def balanced(text: str, limit: float, size: float = NORMAL) -> list[str]:
    """Like :func:`wrap`, with lines of about equal length instead of a lone last word."""
    lines = wrap(text, limit, size)
    if _longest_word(text, size) > limit:
        return lines
    for share in range(95, 45, -5):
        narrow = max(limit * share / 100, _longest_word(text, size))
        if len(tighter := wrap(text, narrow, size)) > len(lines):
            break
        lines = tighter
    return lines


def _longest_word(text: str, size: float) -> float:
    return max((text_width(word, size) for word in text.split(" ")), default=0.0)


# ---- numbers -------------------------------------------------------------------------------------


def ticks(low: float, high: float, wanted: int) -> list[float]:
    """Round values (1, 2 or 5 × 10ⁿ apart) from at most ``low`` to at least ``high``."""
    span = high - low
    if span <= 0:
        return [low]
    rough = span / max(wanted, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    # Cut the noise of binary fractions (3 × 0.1) well below the step.
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(index * step, digits) + 0.0 for index in range(first, last + 1)]


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class _Data:
    """The table of a chart. A cell that is no number is a gap: it was reported elsewhere."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    unit: str

    @property
    def known(self) -> list[float]:
        return [value for row in self.values for value in row if value is not None]

    @property
    def low(self) -> float:
        return min(0.0, *self.known, 0.0)

    @property
    def high(self) -> float:
        return max(0.0, *self.known, 0.0)

    @property
    def few(self) -> bool:
        """So few numbers, each with its label, that an axis would only be noise."""
        return len(self.labels) * len(self.names) <= 4

    def say(self, value: float) -> str:
        """The number as it is written; only «%» is short enough to stand at each of them."""
        return format_number(value) + ("%" if self.unit == "%" else "")

    def widest(self, values: Iterable[float], size: float = SMALL) -> float:
        return max((text_width(self.say(v), size, bold=True) for v in values), default=0.0)


def _data(node: Node) -> _Data:
    attrs = dict(node.attrs)
    names = tuple(attrs.get("head", ()))[1:]
    rows = [row for row in attrs.get("rows", ()) if row] if names else []
    return _Data(
        labels=tuple(row[0] for row in rows),
        names=names,
        values=tuple(
            tuple(number(row[k]) if k < len(row) else None for k in range(1, len(names) + 1))
            for row in rows
        ),
        unit=str(attrs.get("unit", "")).strip(),
    )


# ---- drawing -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sheet:
    """Pieces of SVG in painting order and the height used so far."""

    colours: tuple[str, ...]
    out: list[str] = field(default_factory=list)
    y: float = 0.0

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int = NORMAL,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """A line of text on the baseline ``y``, moved sideways if it would leave the picture."""
        width = text_width(text, size, bold)
        start = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        x += min(max(start, 0.0), max(WIDTH - width, 0.0)) - start
        weight = f' font-weight="{SEMIBOLD}"' if bold else ""
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        ink = INK if bold or size > SMALL else MUTED
        self.out.append(
            f'<text x="{_short(x)}" y="{_short(y)}" font-size="{size}" fill="{ink}"{weight}{place}>'
            f"{html.escape(text, quote=False)}</text>"
        )

    def lines(self, x: float, y: float, lines: Sequence[str], size: int, anchor: str) -> None:
        """Several lines; ``y`` is the baseline of the first."""
        for index, line in enumerate(lines):
            self.text(x, y + index * size * LEADING, line, size, anchor)

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str = GRID) -> None:
        width = 2 if colour == INK else 1.5
        self.out.append(
            f'<path d="M{_short(x1)} {_short(y1)}L{_short(x2)} {_short(y2)}" fill="none" '
            f'stroke="{colour}" stroke-width="{width}"/>'
        )

    def box(self, x: float, y: float, width: float, height: float, series: int) -> None:
        self.out.append(
            f'<rect x="{_short(x)}" y="{_short(y)}" width="{_short(width)}" '
            f'height="{_short(height)}" fill="{self.colour(series)}"/>'
        )

    def mark(self, x: float, y: float, shape: int, series: int) -> None:
        self.out.append(
            f'<path transform="translate({_short(x)} {_short(y)})" d="{MARKS[shape % len(MARKS)]}" '
            f'fill="{self.colour(series)}"/>'
        )

    def curve(self, points: Sequence[tuple[float, float]], series: int) -> None:
        way = "L".join(f"{_short(x)} {_short(y)}" for x, y in points)
        dash = DASHES[series % len(DASHES)]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.out.append(
            f'<path d="M{way}" fill="none" stroke="{self.colour(series)}" stroke-width="4" '
            f'stroke-linejoin="round"{dashes}/>'
        )

    def colour(self, series: int) -> str:
        return self.colours[series % len(self.colours)]

    def done(self) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {math.ceil(self.y)}" '
            f'font-family="{FONTS}" aria-hidden="true">{"".join(self.out)}</svg>'
        )


def draw(node: Node, palette: Palette) -> str:
    """The chart as an SVG element; its title, source and alternative text belong to the figure."""
    data = _data(node)
    form = dict(node.attrs).get("form", "bar")
    if form == "column" and not _columns_fit(data):
        form = "bar"
    sheet = _Sheet(_colours(palette, form))
    if data.known:
        _heading(sheet, data, form)
        {"column": _columns, "line": _lines}.get(form, _bars)(sheet, data)
    return sheet.done()


def _colours(palette: Palette, form: str) -> tuple[str, ...]:
    """One colour per series, neighbours far apart in lightness for readers without colour."""
    first = palette.accent if form == "line" else palette.fill
    colours = (
        first,
        palette.second,
        INK,
        mix(first, palette.light, 0.5),
        mix(INK, PAPER, 0.5),
        mix(palette.second, "#FFFFFF", 0.5),
    )
    return tuple(_visible(c) for c in colours) if form == "line" else colours


def _visible(colour: str) -> str:
    """Dark enough for a thin line on paper (WCAG asks 3:1 of graphics)."""
    shades = (mix(colour, INK, step / 20) for step in range(20))
    return next((c for c in shades if contrast(c, PAPER) >= 3), INK)


def _heading(sheet: _Sheet, data: _Data, form: str) -> None:
    """The unit, and a legend when there are several series."""
    if data.unit and data.unit != "%":
        for line in wrap(f"Đơn vị: {data.unit}", WIDTH, SMALL):
            sheet.text(0, sheet.y + 20, line, SMALL)
            sheet.y += SMALL * LEADING
        sheet.y += 8
    if len(data.names) > 1:
        _legend(sheet, data.names, form)
        sheet.y += 10


def _legend(sheet: _Sheet, names: Sequence[str], form: str) -> None:
    key = 58 if form == "line" else 28
    x = 0.0
    for series, name in enumerate(names):
        lines = wrap(name, WIDTH - key, NORMAL)
        width = key + max(text_width(line) for line in lines)
        if x and x + width > WIDTH:
            x, sheet.y = 0.0, sheet.y + NORMAL * LEADING
        middle = sheet.y + 13
        if form == "line":
            sheet.curve([(x, middle), (x + 48, middle)], series)
            sheet.mark(x + 24, middle, series, series)
        else:
            sheet.mark(x + 9, middle, 0, series)
        sheet.lines(x + key, sheet.y + 21, lines, NORMAL, "start")
        # A name of several lines has its rows for itself.
        sheet.y += (len(lines) - 1) * NORMAL * LEADING
        x = WIDTH if len(lines) > 1 else x + width + 26
    sheet.y += NORMAL * LEADING


# ---- horizontal bars -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """Measures of a bar chart: where labels stand, how thick bars are."""

    labels: tuple[tuple[str, ...], ...]
    beside: bool
    left: float
    bar: float
    pitch: float
    gap: float

    def words(self, row: int) -> float:
        return len(self.labels[row]) * NORMAL * LEADING

    def spans(self, series: int, top: float) -> list[tuple[float, float]]:
        """Top and bottom of each row's bars, from ``top`` on; labels above lie between them."""
        found = []
        for row in range(len(self.labels)):
            words, bars = self.words(row), series * self.pitch
            top += 0 if self.beside else words + 1
            end = top + (max(words, bars) + self.gap if self.beside else bars)
            found.append((top, end))
            top = end + (0 if self.beside else self.gap)
        return found


def _rows(data: _Data) -> _Rows:
    many, several = len(data.labels) > 16, len(data.names) > 1
    limit = 270.0 if many else 220.0
    short = [tuple(balanced(label, limit)) for label in data.labels]
    # A label above its bar reads well but costs a line: with many rows only the side is left.
    beside = many or all(
        len(lines) <= 2 and _longest_word(label, NORMAL) <= limit
        for label, lines in zip(data.labels, short, strict=True)
    )
    labels = short if beside else [tuple(balanced(label, WIDTH)) for label in data.labels]
    column = max(text_width(line) for lines in labels for line in lines)
    bar = 20.0 if many else 22.0 if several else 28.0
    return _Rows(
        labels=tuple(labels),
        beside=beside,
        left=column + 16 if beside else 0.0,
        bar=bar,
        pitch=bar + 4,
        gap=8.0 if many else 16.0 if beside else 14.0,
    )


def _bars(sheet: _Sheet, data: _Data) -> None:
    rows = _rows(data)
    scale = _bar_scale(data, rows.left)
    spans = rows.spans(len(data.names), sheet.y)
    bottom = spans[-1][1]
    # Labels above the bars interrupt the rules, or these would run through the words.
    ruled = [(spans[0][0], bottom)] if rows.beside else spans
    axis = not data.few and data.high > data.low
    if axis:
        _bar_axis(sheet, data, scale, ruled)
    for index, span in enumerate(spans):
        _bar_row(sheet, data, rows, scale, index, span)
    for top, end in ruled:
        sheet.rule(scale(0.0), top, scale(0.0), end, INK)
    sheet.y = bottom + (34 if axis else 4)


def _bar_scale(data: _Data, left: float) -> Callable[[float], float]:
    """Value → x, with room for the numbers outside the ends of the bars."""
    low, high = data.low, data.high
    below = data.widest(v for v in data.known if v < 0)
    above = data.widest(v for v in data.known if v >= 0)
    start = left + (below + 12 if below else 1)
    end = WIDTH - (above + 12 if above else 1)
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def _bar_axis(
    sheet: _Sheet,
    data: _Data,
    scale: Callable[[float], float],
    spans: Sequence[tuple[float, float]],
) -> None:
    low, high = scale(data.low), scale(data.high)
    bottom = spans[-1][1]
    for tick in _bar_ticks(data, high - low):
        x = scale(tick)
        # Beyond the longest bar stands its number, and no rule shall cross that.
        if low - 1 <= x <= high + 1:
            for top, end in spans:
                sheet.rule(x, top, x, end)
            sheet.text(x, bottom + 24, data.say(tick), SMALL, "middle")


def _bar_ticks(data: _Data, length: float) -> list[float]:
    """As many round values as have room below an axis of this length."""
    for wanted in range(6, 0, -1):
        found = ticks(data.low, data.high, wanted)
        room = max(text_width(data.say(tick), SMALL) for tick in found) + 20
        if len(found) > 1 and (found[1] - found[0]) / (data.high - data.low) * length >= room:
            return found
    return [0.0]


def _bar_row(
    sheet: _Sheet,
    data: _Data,
    rows: _Rows,
    scale: Callable[[float], float],
    index: int,
    span: tuple[float, float],
) -> None:
    lines, middle = rows.labels[index], (span[0] + span[1]) / 2
    words = rows.words(index)
    if rows.beside:
        sheet.lines(rows.left - 16, middle - words / 2 + 21, lines, NORMAL, "end")
    else:
        sheet.lines(0, span[0] - words + 20, lines, NORMAL, "start")
    first = middle - len(data.names) * rows.pitch / 2 + (rows.pitch - rows.bar) / 2
    for series, value in enumerate(data.values[index]):
        if value is None:
            continue
        at = first + series * rows.pitch
        zero, end = scale(0.0), scale(value)
        if end != zero:
            sheet.box(min(zero, end), at, abs(end - zero), rows.bar, series)
        anchor, aside = ("end", -8) if value < 0 else ("start", 8)
        sheet.text(end + aside, at + rows.bar / 2 + 7, data.say(value), SMALL, anchor, bold=True)


# ---- what columns and lines share ----------------------------------------------------------------

PLOT = 300.0
# All values zero: a tall empty plot would say nothing.
FLAT = 40.0


@dataclass(frozen=True, slots=True)
class _Plane:
    """The plot of columns or lines: a slot per label, a height per value."""

    left: float
    right: float
    top: float
    marks: tuple[float, ...]
    count: int

    @property
    def slot(self) -> float:
        return (self.right - self.left) / self.count

    @property
    def height(self) -> float:
        return PLOT if self.marks[-1] > self.marks[0] else FLAT

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, index: int) -> float:
        return self.left + (index + 0.5) * self.slot

    def y(self, value: float) -> float:
        low, high = self.marks[0], self.marks[-1]
        return self.bottom - (value - low) / ((high - low) or 1.0) * self.height


def _plane(data: _Data, top: float, right: float = WIDTH, axis: bool = True) -> _Plane:
    marks = ticks(data.low, data.high, 5)
    if not axis:
        marks = [data.low, data.high]
    left = max(text_width(data.say(mark), SMALL) for mark in marks) + 14 if axis else 0.0
    return _Plane(left, right, top, tuple(marks), len(data.labels))


def _grid(sheet: _Sheet, data: _Data, plane: _Plane) -> None:
    for mark in plane.marks:
        y = plane.y(mark)
        if mark:
            sheet.rule(plane.left, y, plane.right, y)
        sheet.text(plane.left - 12, y + 7, data.say(mark), SMALL, "end")


def _every(data: _Data, slot: float) -> int:
    """Label every so many slots, so that the words do not touch; better one line than two."""
    steps = range(1, len(data.labels) + 1)
    one, two = (
        next((k for k in steps if _labels_fit(data.labels, k * slot - 10, lines)), steps[-1])
        for lines in (1, 2)
    )
    return one if one <= two + 1 else two


def _labels_fit(labels: Iterable[str], room: float, most: int) -> bool:
    return all(
        _longest_word(label, SMALL) <= room and len(wrap(label, room, SMALL)) <= most
        for label in labels
    )


def _feet(sheet: _Sheet, data: _Data, plane: _Plane, below: float, step: int) -> None:
    """The labels under the plot; the last one always, because it is the newest."""
    feet = next(
        feet
        for wider in range(step, step + len(data.labels) + 1)
        if (feet := _feet_places(data, plane, wider))
    )
    for middle, lines in feet:
        sheet.lines(middle, plane.bottom + below, lines, SMALL, "middle")
    deepest = max(len(lines) for _, lines in feet)
    sheet.y = plane.bottom + below + (deepest - 1) * SMALL * LEADING + 9


def _feet_places(data: _Data, plane: _Plane, step: int) -> list[tuple[float, list[str]]]:
    """(middle, lines) of every ``step``-th label, or nothing when two of them would touch."""
    places = []
    free = WIDTH + 8
    for index in range(len(data.labels) - 1, -1, -step):
        lines = balanced(data.labels[index], max(step * plane.slot - 10, 60.0), SMALL)
        width = max(text_width(line, SMALL) for line in lines)
        start = min(max(plane.x(index) - width / 2, 0.0), WIDTH - width)
        if start + width > free - 8:
            return []
        places.append((start + width / 2, lines))
        free = start
    return places


def _below(data: _Data, plane: _Plane) -> float:
    """Where the labels' first baseline is, clear of numbers that hang under negative values."""
    depth = plane.bottom - plane.y(data.low)
    return 30 + max(0.0, 26 - depth) if data.low < 0 else 30


# ---- columns -------------------------------------------------------------------------------------


def _columns_fit(data: _Data) -> bool:
    """Whether every column finds its name below it; else the same data is drawn as bars.

    Years, months and numbered things may skip some names: the reader can count on.
    """
    if not data.known:
        return True
    plane = _plane(data, 0.0, axis=not data.few)
    counted = all(any(c.isdigit() for c in label) for label in data.labels)
    return _labels_fit(data.labels, plane.slot - 10, 4) or (
        counted and _every(data, plane.slot) <= 8
    )


def _columns(sheet: _Sheet, data: _Data) -> None:
    plane = _plane(data, sheet.y + 32, axis=not data.few)
    if not data.few:
        _grid(sheet, data, plane)
    series = len(data.names)
    pitch = min(plane.slot * 0.86, series * 96.0) / series
    labelled = _labelled(data, pitch)
    for index, row in enumerate(data.values):
        start = plane.x(index) - pitch * series / 2
        for k, value in enumerate(row):
            if value is None:
                continue
            top, foot = sorted((plane.y(value), plane.y(0.0)))
            air = min(3.0, pitch * 0.08)
            x = start + k * pitch
            if foot > top:
                sheet.box(x + air, top, pitch - 2 * air, foot - top, k)
            if (index, k) in labelled:
                at = foot + 22 if value < 0 else top - 8
                sheet.text(x + pitch / 2, at, data.say(value), SMALL, "middle", bold=True)
    zero = plane.y(0.0)
    sheet.rule(plane.left, zero, plane.right, zero, INK)
    step = 1 if _labels_fit(data.labels, plane.slot - 10, 4) else _every(data, plane.slot)
    _feet(sheet, data, plane, _below(data, plane), step)


def _labelled(data: _Data, pitch: float) -> set[tuple[int, int]]:
    """The columns that carry their number: all if there is room, else the highest of a series."""
    if data.widest(data.known) + 4 <= pitch:
        return {(i, k) for i in range(len(data.labels)) for k in range(len(data.names))}
    if len(data.names) > 1 or data.high <= 0:
        return set()
    return {([row[0] for row in data.values].index(data.high), 0)}


# ---- lines ---------------------------------------------------------------------------------------


def _lines(sheet: _Sheet, data: _Data) -> None:
    plane = _plane(data, sheet.y + 32)
    if len(data.names) > 1:
        ends = data.widest(v for row in data.values[-1:] for v in row if v is not None)
        plane = replace(plane, right=WIDTH - ends - 16)
        # The last point stands half a slot before the edge; the numbers may use that half too.
        plane = replace(plane, right=min(WIDTH, plane.right + plane.slot / 2))
    _grid(sheet, data, plane)
    zero = plane.y(0.0)
    sheet.rule(plane.left, zero, plane.right, zero, INK)
    for series in reversed(range(len(data.names))):
        points = _points(data, plane, series)
        for run in _unbroken(points):
            if len(run) > 1:
                sheet.curve([(x, y) for _, x, y in run], series)
        for _, x, y in points:
            sheet.mark(x, y, series, series)
    if len(data.names) > 1:
        _end_numbers(sheet, data, plane)
    else:
        _point_numbers(sheet, data, plane)
    _feet(sheet, data, plane, _below(data, plane), _every(data, plane.slot))


def _points(data: _Data, plane: _Plane, series: int) -> list[tuple[int, float, float]]:
    return [
        (index, plane.x(index), plane.y(value))
        for index, row in enumerate(data.values)
        if (value := row[series]) is not None
    ]


def _unbroken(points: Iterable[tuple[int, float, float]]) -> list[list[tuple[int, float, float]]]:
    """Runs of neighbours: no line is drawn over a gap in the data."""
    runs: list[list[tuple[int, float, float]]] = []
    for point in points:
        if not runs or runs[-1][-1][0] != point[0] - 1:
            runs.append([])
        runs[-1].append(point)
    return runs


def _end_numbers(sheet: _Sheet, data: _Data, plane: _Plane) -> None:
    """The last number of each line at its end, pushed apart where lines meet."""
    ends = [(plane.y(value), data.say(value)) for value in data.values[-1] if value is not None]
    ends.sort()
    heights: list[float] = []
    for y, _ in ends:
        heights.append(max(y, heights[-1] + 23 if heights else y))
    # Pushed below the plot? Then push back up from the bottom.
    floor = max(plane.bottom, ends[-1][0]) if ends else 0.0
    for index in reversed(range(len(heights))):
        heights[index] = min(heights[index], floor)
        floor = heights[index] - 23
    for (_, word), y in zip(ends, heights, strict=True):
        sheet.text(plane.x(len(data.labels) - 1) + 14, y + 7, word, SMALL, bold=True)


def _point_numbers(sheet: _Sheet, data: _Data, plane: _Plane) -> None:
    """Numbers at all points of the only line, or at the telling ones if all do not fit."""
    points = _points(data, plane, 0)
    values = [row[0] for row in data.values if row[0] is not None]
    telling = dict.fromkeys(
        [len(values) - 1, values.index(max(values)), values.index(min(values)), 0]
    )
    floor = plane.bottom - 4 if data.low >= 0 else math.inf
    places: dict[int, tuple[float, float, float, float]] = {}
    for k in dict.fromkeys([*telling, *range(len(values))]):
        width = text_width(data.say(values[k]), SMALL, bold=True)
        start, y = _beside_point(points, k, width, floor)
        box = (start - 4, y - 20, start + width + 4, y + 6)
        if not any(_overlap(box, other) for other in places.values()):
            places[k] = box
    shown = places if len(places) == len(values) else [k for k in telling if k in places]
    for k in shown:
        box = places[k]
        sheet.text(box[0] + 4, box[1] + 20, data.say(values[k]), SMALL, bold=True)


def _beside_point(
    points: Sequence[tuple[int, float, float]], k: int, width: float, floor: float
) -> tuple[float, float]:
    """(left edge, baseline) of a number that keeps clear of its line."""
    _, x, y = points[k]
    before = points[k - 1][2] if k else math.nan
    after = points[k + 1][2] if k + 1 < len(points) else math.nan
    # Heights grow downwards. Comparisons with «no neighbour» (nan) are false.
    start, baseline = x - width / 2, y - 16
    if before > y > after or before < y < after:
        # On a slope the number stands on the side that the line leaves free.
        start = x - width + 4 if after < y else x - 4
    elif (before < y or after < y) and y + 30 <= floor:
        # At the foot of the line the free place is below.
        baseline = y + 30
    return min(max(start, 0.0), WIDTH - width), baseline


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
