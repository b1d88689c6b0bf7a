"""The page list of a book: where each page of the printed issue begins in its chapters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Leaves:
    """``start``: the pages that begin with a chapter; ``inside``: line of a block → page."""

    start: tuple[int, ...] = ()
    inside: dict[int, int] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted({*self.start, *self.inside.values()}))


def placed(
    order: Sequence[str],
    starts: Mapping[str, int],
    breaks: Iterable[tuple[str, int, int]],
) -> dict[str, Leaves]:
    """Chapter → its page breaks. Every page stands once, at the first thing that begins on it.

    ``breaks``: (chapter, line, page) of the blocks with which a later page of a chapter begins. A
    page on which nothing of the chapters begins is not in the book.
    """
    place = {name: index for index, name in enumerate(order)}
    first: dict[int, tuple[int, int]] = {}
    events = [(page, place[name], line) for name, line, page in breaks if name in place]
    events += [(page, place[name], -1) for name, page in starts.items() if name in place]
    for page, chapter, line in events:
        first[page] = min(first.get(page, (chapter, line)), (chapter, line))
    found = {name: Leaves() for name in order}
    for page, (chapter, line) in sorted(first.items()):
        leaves = found[order[chapter]]
        if line < 0:
            leaves.start += (page,)
        else:
            leaves.inside[line] = page
    return found
