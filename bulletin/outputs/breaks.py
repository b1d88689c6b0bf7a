"""Where the printed pages begin inside the pieces: facts of a layout that a book repeats.

The layout engine knows boxes, the book knows blocks; both know the words. A page begins, for the
book, with the first block of the piece that begins on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bulletin.outputs import layout_report, measure
from bulletin.pages import PressIssue
from bulletin.studio import Studio

BREAK = "break:"  # before uid and line, in the facts of a layout
_BLOCKS = frozenset("p h2 h3 h4 li figure table blockquote section aside pre".split())


def facts(page: PressIssue, rendered: Any, studio: Studio) -> Iterator[tuple[str, int]]:
    """``break:<uid>:<line of the body>`` → page, for every page after the first of a piece."""
    for piece in page.edition.issue.pieces:
        known = layout_report.known_lines(piece, 1, studio)
        seen: set[int] = set()
        last, begun = 0, False
        for number, sheet in enumerate(rendered.pages, start=1):
            box = measure.find(sheet._page_box, f"a-{piece.card.uid}")
            if box is None:
                continue
            found = list(_beginning(box, known, seen))
            # A figure that the layout moved forward does not begin a page.
            line = next((line for line in found if line > last), 0)
            if begun and line:
                yield f"{BREAK}{piece.card.uid}:{line}", number
            last, begun = max([last, *found]), True


def _beginning(box: Any, known: dict[str, int], seen: set[int]) -> Iterator[int]:
    """Lines of the blocks that begin in ``box``, in the order in which they stand."""
    element = getattr(box, "element", None)
    if element is not None and element.tag in _BLOCKS and id(element) not in seen:
        seen.add(id(element))
        line = known.get(layout_report.first_letters("".join(element.itertext())), 0)
        if line:
            yield line
    for child in measure.children(box):
        yield from _beginning(child, known, seen)


def read(made: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int, int], ...]:
    """(uid, line, page) of the facts of a layout."""
    found = []
    for name, number in made:
        if name.startswith(BREAK):
            uid, _, line = name.removeprefix(BREAK).rpartition(":")
            found.append((uid, int(line), number))
    return tuple(found)
