"""The pen of a content stream: sets the inks for what is painted next, and overprint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bulletin.prepress.inks import INHERIT, PATTERN, mixed
from bulletin.prepress.paint import IDENTITY, Box, Canvas, Matrix, State, overlap
from bulletin.prepress.spec import BLACK, Cmyk

if TYPE_CHECKING:
    from bulletin.prepress.press import Press

INK, MASK, PLAIN = "ink", "mask", "plain"  # plain: the colour is not the stream's to set


@dataclass(slots=True)
class Frame:
    """Where a stream stands: ``outer`` leads from its start to the page, in pt.

    ``veil`` is the constant alpha of the group around it and what lies under that group.
    """

    mode: str = INK
    outer: Matrix = IDENTITY
    state: State = field(default_factory=State)
    canvas: Canvas | None = None
    veil: tuple[float, Cmyk] | None = None


class Pen:
    """``add`` writes an operator into the new stream, ``use`` enters a resource for it."""

    def __init__(
        self,
        press: Press,
        frame: Frame,
        add: Callable[..., None],
        use: Callable[[str, str, Any], None],
    ) -> None:
        self.press, self.frame, self.add, self.use = press, frame, add, use
        self.mode = frame.mode

    def ink(
        self, state: State, stroke: bool, fine: bool, box: Box | None, small: bool = False
    ) -> tuple[bool, Cmyk | None]:
        """Sets the colour for what comes next; tells if it overprints, and which inks it has.

        ``fine``: letters and thin rules; ``small``: letters too small for three inks.
        """
        colour = state.stroke if stroke else state.fill
        if self.mode == PLAIN or colour is INHERIT:
            return False, None
        if colour is PATTERN:
            self._send(
                state, stroke, state.stroke_pattern if stroke else state.fill_pattern, pattern=True
            )
            return False, None
        if self.mode == MASK:
            self._send(state, stroke, (number(self.press.inks.screen(colour)),))
            return False, None
        table = self.press.inks
        inks = (table.small if small else table.fine if fine else table.press)(colour)
        alpha = state.stroke_alpha if stroke else state.fill_alpha
        inks = self.flat(state, inks, alpha, box)
        self.press.weigh(inks)
        self._send(state, stroke, tuple(number(part) for part in inks))
        return fine and inks == BLACK, inks

    def flat(self, state: State, inks: Cmyk, alpha: float, box: Box | None) -> Cmyk:
        """X-1a knows no transparency: over one known colour the result is known too."""
        if not self.press.opaque or (alpha >= 1 and self.frame.veil is None):
            return inks
        if alpha >= 1 and self.frame.veil is not None:
            self.press.flattened += 1
            return mixed(inks, self.frame.veil[1], self.frame.veil[0])
        under = None
        if self.frame.canvas is not None and self.frame.veil is None and box is not None:
            under = self.frame.canvas.under(overlap(box, state.clip) or box)
        if under is None:
            self.press.transparent()
            return inks
        self.press.flattened += 1
        return mixed(inks, under, alpha)

    def _send(
        self, state: State, stroke: bool, values: tuple[Any, ...], pattern: bool = False
    ) -> None:
        import pikepdf

        sent = ("pattern", *values) if pattern else values
        if sent == (state.sent_stroke if stroke else state.sent_fill) or not values:
            return
        if stroke:
            state.sent_stroke = sent
        else:
            state.sent_fill = sent
        if not pattern:
            self.add(_case("g" if len(values) == 1 else "k", stroke), *values)
            return
        tint = self.press.inks.press(values[1]) if len(values) > 1 else ()
        name = "/Pattern"
        if tint:
            name = "/PrTint"
            device = [pikepdf.Name.Pattern, pikepdf.Name.DeviceCMYK]
            self.use("/ColorSpace", name, pikepdf.Array(device))
        self.add(_case("cs", stroke), pikepdf.Name(name))
        self.add(_case("scn", stroke), *(number(part) for part in tint), pikepdf.Name(values[0]))

    def overprint(self, state: State, fill: bool, stroke: bool) -> None:
        """Only what is pure K 100 prints on top; everything else, white above all, knocks out."""
        import pikepdf

        over = (fill, stroke)
        if self.mode != INK or over == (state.sent_over or (False, False)):
            return
        name = f"/PrO{fill:d}{stroke:d}"
        self.use("/ExtGState", name, self.press.overprint(over))
        self.add("gs", pikepdf.Name(name))
        state.sent_over = over


def _case(operator: str, stroke: bool) -> str:
    return operator.upper() if stroke else operator


def number(value: float) -> Decimal:
    return Decimal(f"{value:.4f}").normalize() + 0  # no minus zero
