"""One content stream in ink: every colour operator is taken out and set anew where it is used.

Colours are written late, in front of the painting operator: whether K 100 overprints, and whether
the dark brand ink becomes black alone, depends on what is painted (letter, thin rule, area).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bulletin.prepress import functions
from bulletin.prepress.inks import PATTERN, Colour
from bulletin.prepress.paint import (
    IDENTITY,
    Box,
    Matrix,
    State,
    box_of,
    corners,
    matrix,
    overlap,
    scale,
    times,
)
from bulletin.prepress.pen import MASK, PLAIN, Frame, Pen, number
from bulletin.prepress.spaces import UnknownSpace, space
from bulletin.prepress.spec import WHITE, Cmyk

if TYPE_CHECKING:
    from bulletin.prepress.press import Press

RULE = 2.0  # pt; a bar or stroke no thicker is a rule, and black alone
THIN = 0.25  # pt; what a plate holds: thinner strokes are made as thick
HAIR = THIN - 0.005
LETTER = 14.0  # pt; a curved shape no larger is a letter drawn as a path (formulas)
SMALL = 10.0  # pt; letters below this size get two inks at most
FILLS = frozenset(("f", "F", "f*", "B", "B*", "b", "b*"))
STROKES = frozenset(("S", "s", "B", "B*", "b", "b*"))
DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
Placement = tuple[Any, Matrix]  # key of the picture, unit square → start of the stream


class Rewriter:
    """Reads one content stream, writes another; ``used`` gathers the resources it needs."""

    def __init__(
        self, press: Press, resources: Any, frame: Frame, used: dict[str, dict[str, Any]]
    ) -> None:
        self.press, self.resources, self.frame, self.used = press, resources, frame, used
        self.state, self.stack = frame.state, list[State]()
        self.pen = Pen(press, frame, self.add, self.use)
        self.out: list[Any] = []
        self.images: list[Placement] = []
        self.path: list[Any] = []
        self.points: list[tuple[float, float]] = []
        self.shape = ""  # operators of the path so far
        self.clips = False
        self.text = self.line = IDENTITY
        self.glyphs: set[tuple[Any, float]] = set()

    def run(self, source: Any) -> bytes:
        import pikepdf

        for instruction in pikepdf.parse_content_stream(source):
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                self.inline(instruction)
                continue
            operator = str(instruction.operator)
            handler = TABLE.get(operator)
            if handler is None:
                self.out.append(instruction)
            else:
                handler(self, operator, instruction)
        self.out.extend(self.path)
        return pikepdf.unparse_content_stream(self.out)

    # ---- small tools -----------------------------------------------------------------------------

    def add(self, operator: str, *operands: Any) -> None:
        import pikepdf

        self.out.append(
            pikepdf.ContentStreamInstruction(list(operands), pikepdf.Operator(operator))
        )

    def named(self, category: str, name: str) -> Any:
        """A resource of the old stream, or None."""
        group = self.resources.get(category) if self.resources is not None else None
        return group.get(name) if group is not None else None

    def use(self, category: str, name: str, item: Any) -> None:
        self.used.setdefault(category, {})[name] = item

    def absolute(self) -> Matrix:
        return times(self.state.ctm, self.frame.outer)

    # ---- graphics state --------------------------------------------------------------------------

    def push(self, _: str, instruction: Any) -> None:
        self.stack.append(self.state.copy())
        self.out.append(instruction)

    def pop(self, _: str, instruction: Any) -> None:
        if self.stack:  # one Q too many is ignored, as viewers do
            self.state = self.stack.pop()
            self.out.append(instruction)

    def transform(self, _: str, instruction: Any) -> None:
        self.state.ctm = times(matrix(instruction.operands), self.state.ctm)
        self.out.append(instruction)

    def width(self, _: str, instruction: Any) -> None:
        self.state.width = float(instruction.operands[0])
        self.out.append(instruction)

    def graphics(self, _: str, instruction: Any) -> None:
        name = str(instruction.operands[0])
        old = self.named("/ExtGState", name)
        if old is None:
            return
        new = self.press.gstate(old, self)
        if new is not None:
            self.use("/ExtGState", name, new)
            self.out.append(instruction)

    def drop(self, operator: str, instruction: Any) -> None:
        """Marked content belongs to the screen file; layers have no place on a plate."""
        if operator == "BDC" and str(instruction.operands[0]) == "/OC":
            self.press.layers()

    # ---- colours ---------------------------------------------------------------------------------

    def device(self, operator: str, instruction: Any) -> None:
        self._space(operator.isupper(), DEVICE[operator.lower()])
        self._set(operator.isupper(), functions.numbers(instruction.operands))

    def choose(self, operator: str, instruction: Any) -> None:
        self._space(operator.isupper(), instruction.operands[0])

    def colour(self, operator: str, instruction: Any) -> None:
        import pikepdf

        values = list(instruction.operands)
        pattern = str(values.pop()) if values and isinstance(values[-1], pikepdf.Name) else ""
        numbers = functions.numbers(values)
        if not pattern:
            self._set(operator[0] == "S", numbers)
            return
        kept = self._pattern(pattern, numbers, operator[0] == "S")
        if operator[0] == "S":
            self.state.stroke, self.state.stroke_pattern = PATTERN, kept
        else:
            self.state.fill, self.state.fill_pattern = PATTERN, kept

    def _space(self, stroke: bool, item: Any) -> None:
        import pikepdf

        item = pikepdf.Name(item) if isinstance(item, str) else item
        named = self.resources.get("/ColorSpace") if self.resources is not None else None
        try:
            found = space(item, named)
        except UnknownSpace as problem:
            self.press.unknown(str(problem))
            found = space(pikepdf.Name.DeviceGray)
        base = named.get(str(item)) if named is not None else None
        if stroke:
            self.state.stroke_space = (found, base)
        else:
            self.state.fill_space = (found, base)
        if found.kind != "pattern":
            self._set(stroke, found.start)

    def _set(self, stroke: bool, values: tuple[float, ...]) -> None:
        import pikepdf

        held = self.state.stroke_space if stroke else self.state.fill_space
        found = held[0] if held else space(pikepdf.Name.DeviceGray)
        try:
            colour = found.read(values)
        except (IndexError, ValueError, ArithmeticError):
            self.press.unknown(f"{found.family} {values}")
            colour = Colour("gray", (0.0,))
        self.press.operators += colour.kind != "cmyk"
        if stroke:
            self.state.stroke = colour
        else:
            self.state.fill = colour

    def _pattern(self, name: str, values: tuple[float, ...], stroke: bool) -> tuple[Any, ...]:
        """Takes the pattern over into the new resources; what an uncoloured one is tinted with."""
        old = self.named("/Pattern", name)
        if old is None:
            return ()
        new, images = self.press.pattern(old, self)
        self.use("/Pattern", name, new)
        self.images += images
        held = self.state.stroke_space if stroke else self.state.fill_space
        if not values or not held or held[1] is None:
            return (name,)
        named = self.resources.get("/ColorSpace")
        return (name, space(held[1][1], named).read(values))

    # ---- paths -----------------------------------------------------------------------------------

    def build(self, operator: str, instruction: Any) -> None:
        self.path.append(instruction)
        self.shape += operator
        numbers = functions.numbers(instruction.operands)
        if operator == "re":
            x, y, w, h = numbers
            self.points += corners((x, y, x + w, y + h))
        else:
            self.points += zip(numbers[0::2], numbers[1::2], strict=True)

    def clip(self, _: str, instruction: Any) -> None:
        self.path.append(instruction)
        self.clips = True

    def paint(self, operator: str, instruction: Any) -> None:
        ctm = self.absolute()
        box = box_of(self.points, ctm)
        if operator != "n" and box is not None:
            self._painted(operator, box, ctm)
        factor = scale(ctm)
        hair = operator in STROKES and factor > 0 and self.state.width * factor < HAIR
        if hair:
            self.press.hairlines += 1
            self.add("w", number(THIN / factor))
        self.out += self.path
        self.out.append(instruction)
        if hair:
            self.add("w", number(self.state.width))
        if self.clips:
            self.state.clip = overlap(self.state.clip, box)
        self.path, self.points, self.shape, self.clips = [], [], "", False

    def _painted(self, operator: str, box: Box, ctm: Matrix) -> None:
        # The engine draws a border as a large box seen through a thin clip: what is seen counts.
        seen = overlap(box, self.state.clip) or box
        high, wide = seen[3] - seen[1], seen[2] - seen[0]
        curved = any(c in self.shape for c in "cvy")
        fine = min(high, wide) <= RULE or (curved and max(high, wide) <= LETTER)
        fills, strokes = operator in FILLS, operator in STROKES
        grown = self.state.width * scale(ctm)
        over_fill = over_stroke = False
        inks: Cmyk | None = None
        if fills:
            over_fill, inks = self.pen.ink(self.state, False, fine, box)
        if strokes:
            over_stroke, line = self.pen.ink(self.state, True, grown <= RULE, box)
            inks = line if not fills or line == inks else None
            box = (box[0] - grown, box[1] - grown, box[2] + grown, box[3] + grown)
        self.pen.overprint(self.state, over_fill, over_stroke)
        if self.frame.canvas is not None:
            solid = self.shape == "re" and fills and ctm[0] * ctm[3] * ctm[1] * ctm[2] == 0
            self.frame.canvas.add(overlap(box, self.state.clip), inks, solid)

    # ---- text ------------------------------------------------------------------------------------

    def begin(self, _: str, instruction: Any) -> None:
        self.text = self.line = IDENTITY
        self.out.append(instruction)

    def font(self, _: str, instruction: Any) -> None:
        name = str(instruction.operands[0])
        font = self.named("/Font", name)
        self.state.size = float(instruction.operands[1])
        self.state.font = None
        if font is not None:
            new, self.state.font = self.press.font(font, self)
            self.use("/Font", name, new)
        self.out.append(instruction)

    def rendering(self, _: str, instruction: Any) -> None:
        self.state.render = int(instruction.operands[0])
        self.out.append(instruction)

    def move(self, operator: str, instruction: Any) -> None:
        numbers = functions.numbers(instruction.operands)
        if operator == "TL":
            self.state.leading = numbers[0]
        elif operator == "Tm":
            self.line = matrix(numbers)
        else:
            x, y = numbers if operator != "T*" else (0.0, -self.state.leading)
            if operator == "TD":
                self.state.leading = -y
            self.line = times((1, 0, 0, 1, x, y), self.line)
        self.text = self.line
        self.out.append(instruction)

    def show(self, operator: str, instruction: Any) -> None:
        mode, size = self.state.render, self.state.size
        count = _length(instruction.operands)
        reach = (-0.2 * size, -0.4 * size, 0.7 * size * count, 1.1 * size)
        at = times(self.text, self.absolute())
        box = box_of(corners(reach), at)
        small = abs(size) * scale(at) < SMALL
        over_fill = over_stroke = False
        inks: Cmyk | None = None
        if mode in (0, 2, 4, 6):
            over_fill, inks = self.pen.ink(self.state, False, True, box, small)
        if mode in (1, 2, 5, 6):
            over_stroke, inks = self.pen.ink(self.state, True, True, box, small)
        drawn = self.state.font is not None  # glyphs of Type 3 paint for themselves
        self.pen.overprint(self.state, over_fill and not drawn, over_stroke and not drawn)
        self.out.append(instruction)
        if self.frame.canvas is not None and mode not in (3, 7):
            self.frame.canvas.add(overlap(box, self.state.clip), inks)
        if drawn:
            self._glyphs(at)

    def _glyphs(self, at: Matrix) -> None:
        """Pictures inside the glyphs of a Type 3 font, once per size."""
        reference, glyphs, images = self.state.font
        size = self.state.size
        seen = (reference, round(size * scale(at), 2))
        if seen in self.glyphs:
            return
        self.glyphs.add(seen)
        place = times((size, 0, 0, size, 0, 0), times(self.text, self.state.ctm))
        for key, inner in images:
            self.images.append((key, times(times(inner, glyphs), place)))

    # ---- objects ---------------------------------------------------------------------------------

    def draw(self, _: str, instruction: Any) -> None:
        name = str(instruction.operands[0])
        old = self.named("/XObject", name)
        kind = str(old.get("/Subtype")) if old is not None else ""
        if kind == "/Form":
            self._settle()
            new, images = self.press.form(old, self)
            self.images += [(key, times(inner, self.state.ctm)) for key, inner in images]
        elif kind == "/Image":
            new = self._picture(old)
        else:  # PostScript, or a name that leads nowhere
            self.press.unknown(f"XObject {name}")
            return
        if new is not old and self.press.opaque:
            name = self.press.fresh("/PrX")
        self._do(name, new)

    def _do(self, name: str, item: Any) -> None:
        import pikepdf

        self.use("/XObject", name, item)
        self.add("Do", pikepdf.Name(name))

    def _settle(self) -> None:
        """A form inherits the colours around it, so they must be set before it is drawn."""
        opaque = self.press.opaque
        if not opaque or (self.state.fill_alpha >= 1 and self.state.stroke_alpha >= 1):
            self.pen.ink(self.state, False, False, None)
            self.pen.ink(self.state, True, False, None)
        self.pen.overprint(self.state, False, False)

    def _picture(self, old: Any) -> Any:
        ctm = self.absolute()
        box = box_of(corners((0, 0, 1, 1)), ctm)
        stencil = bool(old.get("/ImageMask", False))
        if stencil:
            _, inks = self.pen.ink(self.state, False, False, box)
        else:
            inks = None
        self.pen.overprint(self.state, False, False)
        under: Cmyk | None = WHITE
        if self.press.opaque and not stencil:
            under = self._under(old, box)
        if self.frame.canvas is not None:
            self.frame.canvas.add(overlap(box, self.state.clip), inks)
        key, new = self.press.picture(old, self.pen.mode == MASK, under or WHITE)
        self.images.append((key, self.state.ctm))
        return new

    def _under(self, picture: Any, box: Box | None) -> Cmyk | None:
        """What shows through a picture on an opaque page; complains where that is not known."""
        see_through = "/SMask" in picture or int(picture.get("/SMaskInData", 0)) > 0
        veiled = self.state.fill_alpha < 1 or self.frame.veil is not None
        if not see_through and not veiled:
            return WHITE
        under = None
        if self.frame.canvas is not None and box is not None and not veiled:
            under = self.frame.canvas.under(overlap(box, self.state.clip) or box)
        if under is None:
            self.press.transparent()
        else:
            self.press.flattened += 1
        return under

    def inline(self, instruction: Any) -> None:
        """An inline picture becomes a named one: one road for all pictures."""
        new = self._picture(self.press.from_inline(instruction, self.resources))
        self._do(self.press.fresh("/PrI"), new)

    def shade(self, _: str, instruction: Any) -> None:
        name = str(instruction.operands[0])
        old = self.named("/Shading", name)
        new = self.press.shading(old, self) if old is not None else None
        if new is None:
            return
        if self.press.opaque and (self.state.fill_alpha < 1 or self.frame.veil is not None):
            self.press.transparent()
        self.pen.overprint(self.state, False, False)
        self.use("/Shading", name, new)
        self.out.append(instruction)
        if self.frame.canvas is not None:
            everywhere = (-1e6, -1e6, 1e6, 1e6)
            self.frame.canvas.add(self.state.clip or everywhere, None)

    def glyph(self, operator: str, instruction: Any) -> None:
        """``d1``: the glyph takes the colour of the text and may not set one."""
        if operator == "d1":
            self.pen.mode = PLAIN
        self.out.append(instruction)


def _length(operands: Any) -> int:
    """Characters shown, roughly: bytes of all strings."""
    import pikepdf

    total = 0
    for item in operands:
        if isinstance(item, pikepdf.Array):
            total += _length(item)
        elif isinstance(item, pikepdf.String):
            total += len(bytes(item))
    return total


Handler = Callable[[Rewriter, str, Any], None]
GROUPS: tuple[tuple[str, Handler], ...] = (
    ("q", Rewriter.push),
    ("Q", Rewriter.pop),
    ("cm", Rewriter.transform),
    ("w", Rewriter.width),
    ("gs", Rewriter.graphics),
    ("ri BMC BDC EMC MP DP", Rewriter.drop),
    ("g G rg RG k K", Rewriter.device),
    ("cs CS", Rewriter.choose),
    ("sc SC scn SCN", Rewriter.colour),
    ("m l c v y h re", Rewriter.build),
    ("W W*", Rewriter.clip),
    ("S s f F f* B B* b b* n", Rewriter.paint),
    ("BT", Rewriter.begin),
    ("Tf", Rewriter.font),
    ("Tr", Rewriter.rendering),
    ("TL Tm Td TD T*", Rewriter.move),
    ("Tj TJ ' \"", Rewriter.show),
    ("Do", Rewriter.draw),
    ("sh", Rewriter.shade),
    ("d0 d1", Rewriter.glyph),
)
TABLE: dict[str, Handler] = {
    operator: handler for names, handler in GROUPS for operator in names.split()
}
