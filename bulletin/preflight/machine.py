"""A content-stream interpreter that draws nothing: it follows the state and takes notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin.preflight import fonts, shadings, spaces
from bulletin.preflight.fonts import Font, Glyph
from bulletin.preflight.marks import Colour, Drawing, Mark, State, Use
from bulletin.preflight.objects import (
    IDENTITY,
    Matrix,
    Obj,
    apply,
    bounds,
    elements,
    flag,
    get,
    identity,
    is_array,
    is_dict,
    is_stream,
    items,
    matrix,
    name,
    number,
    numbers,
    times,
)
from bulletin.preflight.pictures import note_picture
from bulletin.preflight.typesetter import Typesetter
from bulletin.preflight.values import Box, overlap

EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
DEPTH = 14
Operands = Sequence[Obj]


@dataclass(slots=True)
class Shared:
    """What the walkers of a document have in common."""

    operators: Mapping[str, Callable[[Walker, Operands], None]]
    fonts: dict[tuple[int, int], Font] = field(default_factory=dict)
    glyph_fonts: set[tuple[int, int]] = field(default_factory=set)


class Walker:
    """One stream being read. Forms, patterns, masks and Type 3 glyphs get a walker of their own."""

    def __init__(self, drawing: Drawing, shared: Shared, resources: Obj, depth: int = 0) -> None:
        self.drawing = drawing
        self.shared = shared
        self.resources = resources
        self.depth = depth
        self.state = State()
        self.base: Matrix = IDENTITY
        self.stack: list[State] = []
        self.tags: list[str] = []
        self.outer_tag = ""
        self.where = ""
        self.frame: Box | None = None
        self.path: list[list[tuple[float, float]]] = []
        self.curved = False
        self.clipping = False
        self.tolerant = 0
        self.owner = (0, 0)
        self.type = Typesetter(self)
        self.set_spaces: dict[str, spaces.Space] = {}

    # ---- running ------------------------------------------------------------

    def run(self, stream: Obj, contents: Obj, owner: tuple[int, int]) -> None:
        from pikepdf import PdfError, parse_content_stream
        from pikepdf.models import PdfParsingError

        self.owner = owner
        if contents is None or (is_array(contents) and not len(contents)):
            return
        try:
            instructions = parse_content_stream(stream)
        except (PdfError, PdfParsingError, TypeError, ValueError):
            self.drawing.problems.append("không phân tích được dòng lệnh vẽ")
            return
        for instruction in instructions:
            self.obey(str(instruction.operator), list(instruction.operands))
        if self.stack:
            self.drawing.problems.append("q và Q không đi đôi")
        if self.tags:
            self.drawing.problems.append("BDC và EMC không đi đôi")

    def obey(self, operator: str, operands: Operands) -> None:
        handler = self.shared.operators.get(operator)
        if handler is None:
            if not self.tolerant:
                self.drawing.problems.append(f"toán tử lạ «{operator}»")
            return
        try:
            handler(self, operands)
        except (IndexError, ValueError, ZeroDivisionError, OverflowError):
            self.drawing.problems.append(f"toán tử «{operator}» sai tham số")

    def finish(self) -> None:
        """Note spaces that are set or listed in resources, but colour nothing."""
        used = {use.space.label for use in self.drawing.uses}
        for key, value in items(get(self.resources, "ColorSpace")):
            space = spaces.read(value, self.resources)
            if key.startswith("Default"):
                self.drawing.banned.append(f"hệ màu mặc định {key}")
            else:
                self.set_spaces.setdefault(space.label, space)
        for label, space in self.set_spaces.items():
            if label not in used:
                self.drawing.uses.append(Use(space, "declared", None, self.where))

    def child(self, resources: Obj, where: str) -> Walker | None:
        """A walker for a nested stream, starting in the present state; ``None`` when too deep."""
        if self.depth >= DEPTH:
            self.drawing.problems.append("đối tượng lồng nhau quá sâu")
            return None
        inner = Walker(self.drawing, self.shared, resources or self.resources, self.depth + 1)
        inner.state = self.state.copy()
        inner.base = self.state.ctm
        inner.outer_tag = self.tag
        inner.where = where
        inner.frame = self.frame
        return inner

    # ---- tags ---------------------------------------------------------------

    @property
    def tag(self) -> str:
        stack = [self.outer_tag, *self.tags]
        if "artifact" in stack:
            return "artifact"
        return next((tag for tag in reversed(stack) if tag), "")

    def begin_tag(self, operands: Operands) -> None:
        label = name(operands[0])
        properties = operands[1] if len(operands) > 1 else None
        if name(properties):
            properties = get(get(self.resources, "Properties"), name(properties))
        if label == "Artifact":
            if self.tag not in {"", "artifact"}:
                self.drawing.nesting.append("Artifact nằm trong nội dung có thẻ")
            self.tags.append("artifact")
            return
        mcid = get(properties, "MCID")
        if mcid is None:
            self.tags.append("")
            return
        if self.tag:
            self.drawing.nesting.append("nội dung có thẻ nằm trong Artifact hoặc thẻ khác")
        key = self.owner, int(number(mcid))
        if key in self.drawing.mcids:
            self.drawing.repeated += 1
        self.drawing.mcids.add(key)
        self.tags.append(str(int(number(mcid))))

    def end_tag(self, _: Operands) -> None:
        self.tags.pop()

    # ---- state --------------------------------------------------------------

    def save(self, _: Operands) -> None:
        self.stack.append(self.state.copy())

    def restore(self, _: Operands) -> None:
        self.state = self.stack.pop()

    def concat(self, operands: Operands) -> None:
        a, b, c, d, e, f = (number(item) for item in operands)
        self.state.ctm = times((a, b, c, d, e, f), self.state.ctm)

    def line_width(self, operands: Operands) -> None:
        self.state.line = number(operands[0])

    def external(self, operands: Operands) -> None:
        """``gs``: an ExtGState dictionary."""
        found = get(get(self.resources, "ExtGState"), name(operands[0]))
        if found is None:
            self.drawing.problems.append(f"thiếu ExtGState {name(operands[0])}")
            return
        state = self.state
        if get(found, "LW") is not None:
            state.line = number(get(found, "LW"))
        if is_array(get(found, "Font")):
            state.font = self.font(found["/Font"][0])
            state.size = number(found["/Font"][1])
        if get(found, "OP") is not None:
            state.over_stroke = flag(get(found, "OP"))
            state.over_fill = state.over_stroke
        if get(found, "op") is not None:
            state.over_fill = flag(get(found, "op"))
        if get(found, "OPM") is not None:
            state.opm = int(number(get(found, "OPM")))
        self._transparency(found)
        for key in ("TR", "TR2", "HTP"):
            value = get(found, key)
            if value is not None and name(value) not in {"Default", "Identity"}:
                self.drawing.banned.append(f"hàm truyền hoặc trạng thái {key}")

    def _transparency(self, found: Obj) -> None:
        state = self.state
        state.stroke_alpha = number(get(found, "CA"), state.stroke_alpha)
        state.fill_alpha = number(get(found, "ca"), state.fill_alpha)
        here = self.visible(state.clip)
        if min(state.stroke_alpha, state.fill_alpha) < 1:
            self.drawing.effects.append(("độ mờ (CA, ca)", here))
        modes = get(found, "BM")
        blend = name(elements(modes)[0]) if is_array(modes) and len(modes) else name(modes)
        if blend not in {"", "Normal", "Compatible"}:
            self.drawing.effects.append((f"kiểu hòa màu {blend}", here))
        mask = get(found, "SMask")
        if is_dict(mask):
            self.drawing.effects.append(("mặt nạ mềm", here))
            form = get(mask, "G")
            self.note_group(get(form, "Group"), here, "mask")
            self.form(form, "mask")

    def note_group(self, group: Obj, box: Box, where: str = "") -> None:
        if name(get(group, "S")) != "Transparency":
            return
        if get(group, "CS") is not None:
            space = spaces.read(get(group, "CS"), self.resources)
            self.drawing.uses.append(Use(space, "group", box, where or self.where))
        self.drawing.effects.append(("nhóm trong suốt", box))

    # ---- colour -------------------------------------------------------------

    def _set(self, stroke: bool, colour: Colour) -> None:
        self.set_spaces.setdefault(colour.space.label, colour.space)
        if stroke:
            self.state.stroke = colour
        else:
            self.state.fill = colour

    def device(self, space: spaces.Space, stroke: bool, operands: Operands) -> None:
        parts = tuple(number(item) for item in operands)
        if len(parts) != space.size:
            raise ValueError("wrong number of components")
        self._set(stroke, Colour(space, parts))

    def space(self, stroke: bool, operands: Operands) -> None:
        found = spaces.read(operands[0], self.resources)
        if found.kind == "broken":
            self.drawing.problems.append(f"hệ màu {name(operands[0])} hỏng hoặc không khai báo")
        self._set(stroke, Colour(found, spaces.initial(found)))

    def colour(self, stroke: bool, operands: Operands) -> None:
        current = self.state.stroke if stroke else self.state.fill
        pattern = None
        if operands and name(operands[-1]):
            label = name(operands[-1])
            pattern = get(get(self.resources, "Pattern"), label)
            if pattern is None:
                self.drawing.problems.append(f"thiếu mẫu tô {label}")
            operands = operands[:-1]
        parts = tuple(number(item) for item in operands)
        self._set(stroke, Colour(current.space, parts, pattern))

    # ---- paths --------------------------------------------------------------

    def move(self, operands: Operands) -> None:
        self.path.append([self._point(operands[0], operands[1])])

    def line(self, operands: Operands) -> None:
        self.path[-1].append(self._point(operands[0], operands[1]))

    def curve(self, operands: Operands) -> None:
        # Control points bound the curve: a little too large is right for a check of places.
        self.curved = True
        for at in range(0, len(operands), 2):
            self.path[-1].append(self._point(operands[at], operands[at + 1]))

    def rectangle(self, operands: Operands) -> None:
        x, y, w, h = (number(item) for item in operands)
        corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
        self.path.append([apply(self.state.ctm, *corner) for corner in corners])

    def _point(self, x: Obj, y: Obj) -> tuple[float, float]:
        return apply(self.state.ctm, number(x), number(y))

    def clip(self, _: Operands) -> None:
        self.clipping = True

    def paint(self, fill: bool, stroke: bool) -> None:
        box = self._path_box()
        if box is not None:
            if fill:
                self._fill(box)
            if stroke:
                self._stroke(box)
            if self.clipping:
                self.state.clip = overlap(box, self.state.clip) or (0.0, 0.0, 0.0, 0.0)
        self.path, self.curved, self.clipping = [], False, False

    def _path_box(self) -> Box | None:
        points = [point for part in self.path for point in part]
        if not points:
            return None
        xs = [point[0] for point in points]
        ys = [point[1] for point in points]
        return min(xs), min(ys), max(xs), max(ys)

    def _fill(self, box: Box) -> None:
        clip = self.state.clip
        thin = min(clip[2] - clip[0], clip[3] - clip[1])
        # A border is often a large ring seen through a thin clip: the clip's own width counts.
        if not self.curved and all(_upright(part) for part in self.path):
            thin = min(thin, box[2] - box[0], box[3] - box[1])
        self.paint_colour("fill", box, self.state.fill, thin)

    def _stroke(self, box: Box) -> None:
        m = self.state.ctm
        width = self.state.line * abs(m[0] * m[3] - m[1] * m[2]) ** 0.5
        grown = (box[0] - width / 2, box[1] - width / 2, box[2] + width / 2, box[3] + width / 2)
        self.paint_colour("stroke", grown, self.state.stroke, width)

    # ---- painting -----------------------------------------------------------

    def visible(self, box: Box) -> Box:
        """``box`` within the clip, or the frame of the pattern that is being walked."""
        if self.frame is not None:
            return self.frame
        return overlap(box, self.state.clip) or (box[0], box[1], box[0], box[1])

    def paint_colour(self, kind: str, box: Box, colour: Colour, thin: float = -1.0) -> None:
        seen = self.visible(box)
        if seen[0] == seen[2] or seen[1] == seen[3]:
            return
        if colour.space.kind == "Pattern":
            self._pattern(kind, seen, colour)
            return
        self.add(Mark(kind, seen, colour, colour.inks, thin=thin), kind == "stroke")

    def add(self, mark: Mark, stroke: bool = False) -> None:
        """Note a mark and the use of its colour space, completed from the graphics state."""
        state = self.state
        alpha = state.stroke_alpha if stroke else state.fill_alpha
        full = replace(
            mark,
            alpha=alpha * state.group_alpha,
            overprint=state.over_stroke if stroke else state.over_fill,
            opm=state.opm,
            tag=self.tag,
            where=self.where,
        )
        self.drawing.marks.append(full)
        if mark.colour.space.kind not in {"mask", "Pattern"}:
            self.drawing.uses.append(Use(mark.colour.space, mark.kind, mark.box, self.where))

    def add_text(self, mark: Mark, glyphs: tuple[Glyph, ...], stroke: bool) -> None:
        colour = self.state.stroke if stroke else self.state.fill
        seen = self.visible(mark.box)
        if seen[0] == seen[2] or seen[1] == seen[3]:
            return
        if colour.space.kind == "Pattern":
            self._pattern("text", seen, colour)
        full = replace(mark, box=seen, colour=colour, inks=colour.inks, glyphs=glyphs)
        self.add(full, stroke)

    def add_hidden(self, mark: Mark) -> None:
        """Spaces and invisible text: read with the rest, but nothing on paper."""
        self.drawing.marks.append(replace(mark, kind="hidden", tag=self.tag, where=self.where))

    def _pattern(self, kind: str, box: Box, colour: Colour) -> None:
        pattern = colour.pattern
        m = times(matrix(get(pattern, "Matrix")), self.base)
        if get(pattern, "PatternType") == 2:
            self.shading(get(pattern, "Shading"), box)
        elif is_stream(pattern):
            inner = self.child(get(pattern, "Resources"), self.where)
            if inner is None:
                return
            inner.state = State(ctm=m, clip=EVERYWHERE, group_alpha=self.state.group_alpha)
            inner.base = m
            inner.frame = box
            if get(pattern, "PaintType") == 2 and colour.space.base is not None:
                tint = Colour(colour.space.base, colour.parts)
                inner.state.fill = inner.state.stroke = tint
            inner.run(pattern, pattern, identity(pattern))
        else:
            self.drawing.problems.append(f"mẫu tô hỏng ({kind})")

    def shading(self, value: Obj, box: Box) -> None:
        found = shadings.read(value, self.resources)
        if found.problem:
            self.drawing.shadings.append((found.problem, box))
        self.add(Mark("shading", box, Colour(found.space, ()), found.peak))

    def shade(self, operands: Operands) -> None:
        """``sh``: paints all of the clip."""
        value = get(get(self.resources, "Shading"), name(operands[0]))
        self.shading(value, self.visible(self.state.clip))

    # ---- objects ------------------------------------------------------------

    def do(self, operands: Operands) -> None:
        found = get(get(self.resources, "XObject"), name(operands[0]))
        if found is None:
            self.drawing.problems.append(f"thiếu XObject {name(operands[0])}")
            return
        if get(found, "OPI") is not None:
            self.drawing.banned.append("OPI")
        kind = name(get(found, "Subtype"))
        if kind == "Image":
            note_picture(self, found)
        elif kind == "Form" and name(get(found, "Subtype2")) != "PS":
            self.form(found, self.where)
        else:
            self.drawing.banned.append("XObject PostScript")

    def inline(self, operands: Operands) -> None:
        # pikepdf hands the whole BI … EI over as one operand.
        note_picture(self, operands[0].obj)

    def form(self, form: Obj, where: str) -> None:
        inner = self.child(get(form, "Resources"), where)
        if inner is None or not is_stream(form):
            return
        if get(form, "Ref") is not None:
            self.drawing.banned.append("nội dung tham chiếu tệp khác (Ref)")
        state = inner.state
        state.ctm = times(matrix(get(form, "Matrix")), state.ctm)
        inner.base = state.ctm
        limits = numbers(get(form, "BBox"))
        if len(limits) == 4:
            x0, y0, x1, y1 = bounds(state.ctm, *limits)
            state.clip = overlap((x0, y0, x1, y1), state.clip) or (0.0, 0.0, 0.0, 0.0)
        group = get(form, "Group")
        if name(get(group, "S")) == "Transparency":
            if where != "mask":
                inner.note_group(group, inner.visible(state.clip))
            state.group_alpha *= state.fill_alpha
            state.fill_alpha = state.stroke_alpha = 1.0
        inner.run(form, form, identity(form))
        inner.finish()

    def font(self, value: Obj) -> Font:
        key = identity(value)
        if key == (0, 0):
            return fonts.read(value)
        if key not in self.shared.fonts:
            self.shared.fonts[key] = fonts.read(value)
        return self.shared.fonts[key]

    def char_procs(self, font: Font, box: Box) -> None:
        """Walk the glyph streams of a Type 3 font once per page, for the colours in them."""
        key = identity(font.source)
        if key in self.shared.glyph_fonts and key != (0, 0):
            return
        self.shared.glyph_fonts.add(key)
        for _, stream in items(get(font.source, "CharProcs")):
            inner = self.child(get(font.source, "Resources"), "Type 3")
            if inner is not None and is_stream(stream):
                inner.frame = box
                inner.run(stream, stream, identity(stream))


def _upright(points: list[tuple[float, float]]) -> bool:
    """Whether a polygon is an upright rectangle or a straight horizontal or vertical line."""
    xs = [point[0] for point in points]
    ys = [point[1] for point in points]
    turns = zip(points, [*points[1:], points[0]], strict=True)
    twice = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in turns))
    whole = (max(xs) - min(xs)) * (max(ys) - min(ys))
    return abs(twice / 2 - whole) <= 1e-3 * whole + 1e-9
