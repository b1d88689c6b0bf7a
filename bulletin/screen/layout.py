"""What the layout engine drew: every marked piece of content in reading order, with its element.

The engine marks each line of text and each picture with a number while it paints a page. Its pages
are painted through a stand-in that keeps these numbers, so that the tags can be made from the
elements of the document and not from the boxes into which pages and columns cut them.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PT = 0.75  # points in a pixel of CSS
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A marked piece of content. ``pseudo``: "before", "after", "marker", or nothing; ``loose``:
    its lines may break within a word."""

    element: Any
    pseudo: str
    page: int
    mcid: int
    text: str
    rect: Rect
    loose: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A link annotation: the element it belongs to and its object number in the file."""

    element: Any
    page: int
    number: int
    rect: Rect


@dataclass(slots=True)
class Drawn:
    """``blocks``: the elements that stand as blocks, whatever their name says."""

    root: Any
    steps: list[Leaf | Spot] = field(default_factory=list)
    blocks: set[Any] = field(default_factory=set)


def write(document: Any, identifier: str) -> tuple[bytes, Drawn]:
    """The file as the engine writes it, with its marks, and what was drawn where."""
    painted: list[dict[Any, Any]] = []
    pages = document.pages
    document.pages = [_watched(page, painted) for page in pages]
    out = io.BytesIO()
    try:
        document.write_pdf(out, pdf_identifier=identifier.encode(), pdf_tags=True)
    finally:
        document.pages = pages
    drawn = Drawn(_root(pages[0]._page_box))
    heads: set[Any] = set()
    for number, (page, marks) in enumerate(zip(pages, painted, strict=True)):
        linked = {id(box) for _, _, _, box in page.links}
        walk = _Walk(drawn, number, page.height, marks, linked, heads)
        for child in page._page_box.children:
            walk.visit(child)
    return out.getvalue(), drawn


def _watched(page: Any, painted: list[dict[Any, Any]]) -> Any:
    twin = copy.copy(page)

    def paint(stream: Any, scale: float = 1) -> None:
        page.paint(stream, scale)
        painted.append({box: mark["mcid"] for box, mark in stream._tags.items()})

    twin.paint = paint
    return twin


def _root(box: Any) -> Any:
    """The element ``html``."""
    return next(child.element for child in box.children if child.element_tag == "html")


@dataclass(slots=True)
class _Walk:
    drawn: Drawn
    page: int
    height: float
    marks: dict[Any, int]
    linked: set[int]
    heads: set[Any]

    def visit(self, box: Any) -> None:
        box = getattr(box, "_box", box)  # an absolutely placed box stands behind its placeholder
        if getattr(box, "at_keyword", None) or self.repeated(box):
            return
        tag = box.element_tag or ""
        name, _, pseudo = tag.partition("::") if isinstance(tag, str) else ("", "", "")
        if box.element is not None and box.element.tag == name and _is_block(box):
            self.drawn.blocks.add(box.element)
        note = getattr(box, "link_annotation", None)
        if note is not None and id(box) in self.linked:
            spot = Spot(box.element, self.page, note.number, self.rect(box))
            self.drawn.steps.append(spot)
        mcid = self.marks.get(box)
        if mcid is not None and box.style["visibility"] == "visible":
            text = getattr(box, "text", "")
            loose = box.style["overflow_wrap"] != "normal"
            leaf = Leaf(box.element, pseudo, self.page, mcid, text, self.rect(box), loose)
            self.drawn.steps.append(leaf)
        for child in _kids(box):
            self.visit(child)

    def repeated(self, box: Any) -> bool:
        """The head of a table that goes on: read once, at the start of the table."""
        if not (getattr(box, "is_header", False) or getattr(box, "is_footer", False)):
            return False
        again = box.element in self.heads
        self.heads.add(box.element)
        return again

    def rect(self, box: Any) -> Rect:
        x, y = box.position_x, box.position_y
        if hasattr(box, "content_box_x"):
            x, y = box.content_box_x(), box.content_box_y()
        width, height = (value if isinstance(value, (int, float)) else 0 for value in _size(box))
        bottom, top = self.height - y - height, self.height - y
        return (x * PT, bottom * PT, (x + width) * PT, top * PT)


def _size(box: Any) -> tuple[Any, Any]:
    return getattr(box, "width", 0), getattr(box, "height", 0)


def _is_block(box: Any) -> bool:
    return any(cls.__name__ == "BlockLevelBox" for cls in type(box).__mro__)


def _kids(box: Any) -> Iterator[Any]:
    yield from getattr(box, "children", ())
