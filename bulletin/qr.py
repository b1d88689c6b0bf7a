"""QR codes for paper: an address drawn as one black path with its quiet zone. Sizes in mm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

QUIET = 4  # modules of white around the code, by the standard
MODULE = 0.4  # the smallest module that a phone reads from coated paper
WIDTH = 15.0  # without the quiet zone


@dataclass(frozen=True, slots=True)
class Code:
    """``size`` with the quiet zone, ``quiet`` of one side."""

    drawing: Markup
    size: float
    quiet: float


def code(url: str) -> Code:
    """The code of a web address, printable and legible."""
    import segno

    made = segno.make(url, error="m", micro=False)
    matrix = [tuple(bool(cell) for cell in row) for row in made.matrix]
    count = len(matrix)
    module = max(MODULE, WIDTH / count)
    full = count + 2 * QUIET
    size = round(full * module, 2)
    drawing = Markup(
        '<svg width="{}mm" height="{}mm" viewBox="0 0 {} {}"><path fill="#000000" d="{}"/></svg>'
    ).format(size, size, full, full, "".join(runs(matrix)))
    return Code(drawing, size, round(QUIET * module, 2))


def runs(matrix: Sequence[Sequence[bool]]) -> Iterator[str]:
    """Bars of dark modules along the rows and along the columns: the second hide hairlines."""
    for y, row in enumerate(matrix):
        for x, length in _bars(row):
            yield f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z"
    for x, column in enumerate(zip(*matrix, strict=True)):
        for y, length in _bars(column):
            if length > 1:
                yield f"M{x + QUIET} {y + QUIET}h1v{length}h-1z"


def _bars(cells: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(start, length) of each run of dark cells."""
    start = -1
    for n, dark in enumerate((*cells, False)):
        if dark and start < 0:
            start = n
        elif not dark and start >= 0:
            yield start, n - start
            start = -1
