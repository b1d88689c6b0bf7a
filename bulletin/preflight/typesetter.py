"""The text operators: where each run of letters stands, in which ink, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bulletin.preflight.fonts import Glyph
from bulletin.preflight.marks import Mark
from bulletin.preflight.objects import (
    IDENTITY,
    Matrix,
    Obj,
    bounds,
    elements,
    get,
    name,
    number,
    octets,
    times,
)
from bulletin.preflight.values import Box

if TYPE_CHECKING:
    from bulletin.preflight.machine import Walker

GAP = 0.2
"""A move of this many em between letters counts as a space when text is put together."""

Act = Callable[["Typesetter", Sequence[Obj]], None]


class Typesetter:
    """Text object state of one stream; parameters that q/Q keep live in the walker's state."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self.matrix: Matrix = IDENTITY
        self.line: Matrix = IDENTITY

    def begin(self, _: Sequence[Obj]) -> None:
        self.matrix = self.line = IDENTITY

    def end(self, _: Sequence[Obj]) -> None:
        """``ET``: nothing to note."""

    def place(self, operands: Sequence[Obj]) -> None:
        a, b, c, d, e, f = (number(item) for item in operands)
        self.matrix = self.line = (a, b, c, d, e, f)

    def shift(self, operands: Sequence[Obj]) -> None:
        step = (1.0, 0.0, 0.0, 1.0, number(operands[0]), number(operands[1]))
        self.matrix = self.line = times(step, self.line)

    def shift_leading(self, operands: Sequence[Obj]) -> None:
        self.walker.state.leading = -number(operands[1])
        self.shift(operands)

    def next_line(self, _: Sequence[Obj]) -> None:
        self.shift((0, -self.walker.state.leading))

    def select(self, operands: Sequence[Obj]) -> None:
        walker = self.walker
        value = get(get(walker.resources, "Font"), name(operands[0]))
        if value is None:
            walker.drawing.problems.append(f"thiếu phông {name(operands[0])}")
            walker.state.font = None
        else:
            walker.state.font = walker.font(value)
        walker.state.size = number(operands[1])

    def parameter(self, operator: str, value: float) -> None:
        state = self.walker.state
        if operator == "Tc":
            state.char_gap = value
        elif operator == "Tw":
            state.word_gap = value
        elif operator == "Tz":
            state.stretch = value / 100
        elif operator == "TL":
            state.leading = value
        elif operator == "Ts":
            state.lift = value
        else:
            state.mode = int(value)

    def show(self, operands: Sequence[Obj]) -> None:
        self._run((operands[0],))

    def show_array(self, operands: Sequence[Obj]) -> None:
        self._run(elements(operands[0]))

    def show_next(self, operands: Sequence[Obj]) -> None:
        self.next_line(())
        self._run((operands[0],))

    def show_spaced(self, operands: Sequence[Obj]) -> None:
        self.parameter("Tw", number(operands[0]))
        self.parameter("Tc", number(operands[1]))
        self.show_next(operands[2:])

    def _run(self, pieces: Sequence[Obj]) -> None:
        """One Tj or TJ: advance the pen and note the run's box from its visible letters."""
        state = self.walker.state
        if state.font is None:
            self.walker.drawing.problems.append("vẽ chữ khi chưa chọn phông")
            return
        pen, start, stop = 0.0, None, 0.0
        text: list[str] = []
        glyphs: list[Glyph] = []
        for piece in pieces:
            if not octets(piece):
                move = -number(piece) / 1000 * state.size * state.stretch
                if text and move > GAP * abs(state.size):
                    text.append(" ")
                pen += move
                continue
            for glyph in state.font.decode(octets(piece)):
                width = glyph.width * state.font.scale * state.size
                if not glyph.blank:
                    start = pen if start is None else start
                    stop = pen + width * state.stretch
                gap = state.word_gap if glyph.length == 1 and glyph.code == 32 else 0.0
                pen += (width + state.char_gap + gap) * state.stretch
                text.append(glyph.text)
                glyphs.append(glyph)
        if start is not None:
            self._note(start, stop, "".join(text), tuple(glyphs))
        elif text:
            self._note(0.0, 0.0, "".join(text), ())
        self.matrix = times((1.0, 0.0, 0.0, 1.0, pen, 0.0), self.matrix)

    def _note(self, start: float, stop: float, text: str, glyphs: tuple[Glyph, ...]) -> None:
        walker, state = self.walker, self.walker.state
        font = state.font
        if font is None:
            return
        m = times(self.matrix, state.ctm)
        low, high = font.drop * state.size + state.lift, font.rise * state.size + state.lift
        x0, y0, x1, y1 = bounds(m, start, min(low, high), stop, max(low, high))
        box: Box = walker.frame or (x0, y0, x1, y1)
        size = abs(state.size) * abs(m[0] * m[3] - m[1] * m[2]) ** 0.5
        if font.kind == "Type3":
            walker.char_procs(font, box)
        # Modes: 0 fill, 1 stroke, 2 both, 3 invisible, 4–7 the same and clip.
        mode = state.mode % 4
        base = Mark("text", box, state.fill, state.fill.inks, text=text, size=size, font=font)
        if not glyphs or mode == 3:
            walker.add_hidden(base)
            return
        if mode != 1:
            walker.add_text(base, glyphs, stroke=False)
        if mode in {1, 2}:
            walker.add_text(base, glyphs, stroke=True)


def _parameter(key: str) -> Act:
    return lambda setter, operands: setter.parameter(key, number(operands[0]))


OPERATORS: dict[str, Act] = {
    "BT": Typesetter.begin,
    "ET": Typesetter.end,
    "Tm": Typesetter.place,
    "Td": Typesetter.shift,
    "TD": Typesetter.shift_leading,
    "T*": Typesetter.next_line,
    "Tf": Typesetter.select,
    "Tj": Typesetter.show,
    "TJ": Typesetter.show_array,
    "'": Typesetter.show_next,
    '"': Typesetter.show_spaced,
    **{key: _parameter(key) for key in ("Tc", "Tw", "Tz", "TL", "Ts", "Tr")},
}
