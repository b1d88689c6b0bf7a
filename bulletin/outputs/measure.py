"""Reads from the page boxes of a layout where each piece stands and what stays empty. In points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

POINT = 0.75  # the engine counts in CSS pixels
LINE = 13.0
CLOSED = 2  # rows: a gap of two lines is the space between things, not a hole
LEAVES = frozenset({"LineBox", "BlockReplacedBox", "InlineReplacedBox"})


@dataclass(frozen=True, slots=True)
class Hole:
    """Room that a column leaves because ``block`` did not fit; ``block`` counts from the start."""

    height: float
    block: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How a piece runs: pages touched, its end on the last one, what is not well.

    ``tail`` is the height of the text before the foot on the last page; 0 = the foot is alone.
    ``blocks``: tag, class and height of each thing of the body in order.
    """

    start: int
    top: float
    pages: int
    end: float
    room: float
    tail: float
    ragged: float
    holes: tuple[Hole, ...] = ()
    blocks: tuple[tuple[str, str, float], ...] = ()

    @property
    def rest(self) -> float:
        """What the last page has left below the piece."""
        return self.room - self.end


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the whole issue: the pieces on it and the share that is empty."""

    number: int
    pieces: tuple[str, ...]
    empty: float


def children(box: Any) -> Sequence[Any]:
    return getattr(box, "children", ()) or ()


def classes(box: Any) -> list[str]:
    element = getattr(box, "element", None)
    return (element.get("class") or "").split() if element is not None else []


def leaves(box: Any) -> Iterator[Any]:
    """Lines and pictures below ``box``."""
    if type(box).__name__ in LEAVES:
        yield box
        return
    for child in children(box):
        yield from leaves(child)


def bottom(box: Any) -> float:
    """Lower edge of the last line or picture, 0 when there is none."""
    return max((_edge(leaf) for leaf in leaves(box)), default=0.0)


def _edge(leaf: Any) -> float:
    return float(leaf.position_y + leaf.margin_height()) * POINT


def find(box: Any, name: str) -> Any | None:
    """The outermost box of the element with id ``name``."""
    element = getattr(box, "element", None)
    if element is not None and element.get("id") == name:
        return box
    for child in children(box):
        found = find(child, name)
        if found is not None:
            return found
    return None


def within(box: Any, name: str) -> Iterator[Any]:
    """Outermost boxes of elements of class ``name``."""
    if name in classes(box):
        yield box
        return
    for child in children(box):
        yield from within(child, name)


def height(box: Any) -> float:
    return float(box.border_height()) * POINT


class _Body:
    """Collects the blocks of a body over pages and columns, and the holes between columns."""

    def __init__(self) -> None:
        self.order: list[Any] = []
        self.heights: list[float] = []
        self.holes: list[Hole] = []
        self.open: float = 0.0
        self.ragged: float = 0.0

    def block(self, box: Any) -> int:
        element = box.element
        for n, known in enumerate(self.order):
            if known is element:
                self.heights[n] += height(box)
                return n
        self.order.append(element)
        self.heights.append(height(box))
        return len(self.order) - 1

    def column(self, box: Any, parent: Any) -> None:
        """Blocks of one column; a hole before it belongs to its first block."""
        first = True
        for child in children(box):
            if getattr(child, "element", None) in (None, parent):
                continue
            n = self.block(child)
            if first and self.open > LINE * 1.5:
                self.holes.append(Hole(self.open, n))
            first = False
        self.open = 0.0

    def columns(self, box: Any, foot: float, last: bool) -> None:
        cells = [c for c in children(box) if c.element is box.element]
        ends = [bottom(cell) for cell in cells]
        floor = max(ends, default=0.0) if last else foot
        for cell, end in zip(cells, ends, strict=True):
            self.column(cell, box.element)
            if end:
                self.open = floor - end
                self.ragged += max(0.0, self.open - LINE * 1.5) / len(cells)
        if last:
            self.open = 0.0
            if (
                sum(end > 0 for end in ends) == 1
            ):  # one thing that does not break, half a page empty
                self.ragged += floor - float(box.position_y) * POINT

    def page(self, body: Any, foot: float, goes_on: bool) -> None:
        parts = list(children(body))
        for n, part in enumerate(parts):
            last = n + 1 < len(parts) or not goes_on
            if "cols" in classes(part):
                self.columns(part, foot, last)
            elif "keep" in classes(part):
                for child in children(part):
                    self.block(child)
                self.open = 0.0
            elif part.element is not None:
                self.block(part)
                self.open = 0.0
        if goes_on and parts and "cols" not in classes(parts[-1]):
            self.ragged += max(0.0, foot - bottom(parts[-1]) - LINE * 1.5)


def room_of(page: Any) -> float:
    return float(page.height) * POINT


def origin(page: Any) -> float:
    return float(page.content_box_y()) * POINT


def extent(pages: Sequence[Any], uid: str) -> Extent | None:
    """Where the piece ``uid`` stands in the layout, or nothing if it is not there."""
    found = [(n, page, find(page, f"a-{uid}")) for n, page in enumerate(pages)]
    parts = [(n, page, box) for n, page, box in found if box is not None and bottom(box)]
    if not parts:
        return None
    body = _Body()
    tail = 0.0
    bodies = [
        (n, page, part) for n, page, box in parts for part in within(box, "body") if bottom(part)
    ]
    for k, (n, page, part) in enumerate(bodies):
        end = origin(page) + room_of(page)
        body.page(part, end, k + 1 < len(bodies))
        if n == parts[-1][0]:
            tail = bottom(part) - float(part.position_y) * POINT
    number, page, box = parts[-1]
    first_page, first_box = parts[0][1], parts[0][2]
    return Extent(
        start=parts[0][0],
        top=float(first_box.position_y) * POINT - origin(first_page),
        pages=number - parts[0][0] + 1,
        end=(float(box.position_y) * POINT + height(box)) - origin(page),
        room=room_of(page),
        tail=tail,
        ragged=body.ragged,
        holes=tuple(body.holes),
        blocks=tuple(
            (str(element.tag), str(element.get("class") or ""), size)
            for element, size in zip(body.order, body.heights, strict=True)
        ),
    )


def panels(pages: Sequence[Any], prefix: str = "f-") -> dict[str, float]:
    """Natural heights of the house panels by name."""
    heights: dict[str, float] = {}

    def walk(box: Any) -> None:
        element = getattr(box, "element", None)
        name = element.get("id") or "" if element is not None else ""
        if name.startswith(prefix):
            heights.setdefault(name.removeprefix(prefix), height(box))
            return
        for child in children(box):
            walk(child)

    for page in pages:
        walk(page)
    return heights


def sheets(pages: Sequence[Any], uids: Sequence[str]) -> list[Sheet]:
    """The pages that carry pieces, with the share of the type area that is empty."""
    result = []
    for number, page in enumerate(pages, start=1):
        here = tuple(uid for uid in uids if find(page, f"a-{uid}") is not None)
        if here:
            result.append(Sheet(number, here, empty(page)))
    return result


def empty(page: Any) -> float:
    """Share of the type area that neither line nor picture nor panel covers.

    The page is looked at as two half columns of lines; gaps of two lines are no holes.
    """
    return sum(halves(page)) / 2


def halves(page: Any) -> tuple[float, float]:
    """The empty share of the left and of the right half of the type area."""
    top, rows = origin(page), int(room_of(page) / LINE)
    left = float(page.content_box_x()) * POINT
    middle = left + float(page.width) * POINT / 2
    hits: tuple[set[int], set[int]] = (set(), set())
    for box in _covers(page):
        start = int((float(box.position_y) * POINT - top) // LINE)
        end = int(((float(box.position_y) + float(box.margin_height())) * POINT - top - 1) // LINE)
        x = float(box.position_x) * POINT
        rows_here = range(max(start, 0), min(end, rows - 1) + 1)
        if x < middle - 1:
            hits[0].update(rows_here)
        if x + float(box.width) * POINT > middle + 1:
            hits[1].update(rows_here)
    left_part, right_part = (_holes(side, rows) / rows if rows else 0.0 for side in hits)
    return left_part, right_part


def _covers(box: Any) -> Iterator[Any]:
    if type(box).__name__ in LEAVES or {"panel", "art"} & set(classes(box)):
        yield box
        return
    for child in children(box):
        if type(child).__name__ != "MarginBox":
            yield from _covers(child)


def _holes(hit: set[int], rows: int) -> int:
    total = run = 0
    for row in range(rows + 1):
        if row in hit or row == rows:
            total += run if run > CLOSED else 0
            run = 0
        else:
            run += 1
    return total


def pictures(pages: Sequence[Any]) -> Iterator[tuple[int, Any, float, float]]:
    """(page, element, width, height) of every picture that is drawn."""
    for number, page in enumerate(pages, start=1):
        for box in leaves(page):
            if getattr(box, "replacement", None) is not None and box.element is not None:
                wide, high = float(box.width) * POINT, float(box.height) * POINT
                yield number, box.element, wide, high
