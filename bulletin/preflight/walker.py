"""Walks a page: the table of content-stream operators and the way in."""

from __future__ import annotations

from collections.abc import Callable

from bulletin.preflight import spaces
from bulletin.preflight.machine import Operands, Shared, Walker
from bulletin.preflight.marks import Drawing
from bulletin.preflight.objects import Obj, get, identity, inherited
from bulletin.preflight.typesetter import OPERATORS as TYPE_OPERATORS
from bulletin.preflight.typesetter import Typesetter
from bulletin.preflight.values import Box


def walk(page: Obj, media: Box, shared: Shared) -> Drawing:
    """All that one page draws. ``shared`` keeps fonts between pages of a document."""
    shared.glyph_fonts.clear()
    walker = Walker(Drawing(), shared, inherited(page, "Resources"))
    walker.state.clip = media
    walker.note_group(get(page, "Group"), media)
    walker.run(page, get(page, "Contents"), identity(page))
    walker.finish()
    return walker.drawing


def shared() -> Shared:
    """Fresh state for the walkers of one document."""
    return Shared(OPERATORS)


def _nothing(_: Walker, __: Operands) -> None:
    """An operator that no check asks about."""


Act = Callable[[Walker, Operands], None]


def _device(space: spaces.Space, stroke: bool) -> Act:
    return lambda walker, operands: walker.device(space, stroke, operands)


def _paint(fill: bool, stroke: bool) -> Act:
    return lambda walker, _: walker.paint(fill, stroke)


def _tolerate(step: int) -> Act:
    def run(walker: Walker, _: Operands) -> None:
        walker.tolerant += step

    return run


def _typed(act: Callable[[Typesetter, Operands], None]) -> Act:
    return lambda walker, operands: act(walker.type, operands)


OPERATORS: dict[str, Act] = {
    # State
    "q": Walker.save,
    "Q": Walker.restore,
    "cm": Walker.concat,
    "w": Walker.line_width,
    "gs": Walker.external,
    # Colour
    "g": _device(spaces.GRAY, False),
    "G": _device(spaces.GRAY, True),
    "rg": _device(spaces.RGB, False),
    "RG": _device(spaces.RGB, True),
    "k": _device(spaces.CMYK, False),
    "K": _device(spaces.CMYK, True),
    "cs": lambda walker, operands: walker.space(False, operands),
    "CS": lambda walker, operands: walker.space(True, operands),
    "sc": lambda walker, operands: walker.colour(False, operands),
    "SC": lambda walker, operands: walker.colour(True, operands),
    "scn": lambda walker, operands: walker.colour(False, operands),
    "SCN": lambda walker, operands: walker.colour(True, operands),
    # Paths
    "m": Walker.move,
    "l": Walker.line,
    "c": Walker.curve,
    "v": Walker.curve,
    "y": Walker.curve,
    "re": Walker.rectangle,
    "W": Walker.clip,
    "W*": Walker.clip,
    "n": _paint(False, False),
    **{key: _paint(True, False) for key in ("f", "F", "f*")},
    **{key: _paint(False, True) for key in ("S", "s")},
    **{key: _paint(True, True) for key in ("B", "B*", "b", "b*")},
    # Objects and marked content
    "sh": Walker.shade,
    "Do": Walker.do,
    "INLINE IMAGE": Walker.inline,
    "BMC": Walker.begin_tag,
    "BDC": Walker.begin_tag,
    "EMC": Walker.end_tag,
    "BX": _tolerate(1),
    "EX": _tolerate(-1),
    **dict.fromkeys(("h", "J", "j", "M", "d", "ri", "i", "MP", "DP", "d0", "d1"), _nothing),
    **{key: _typed(act) for key, act in TYPE_OPERATORS.items()},
}
