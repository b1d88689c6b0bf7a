"""The file on the press: what is shared by all its streams, and every object that streams use.

Each object is converted once and remembered by its number; a file for X-1a converts each *use*,
because what a transparent object becomes depends on what lies under it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.prepress import shadings
from bulletin.prepress.inks import INHERIT, Colour, Inks
from bulletin.prepress.paint import (
    IDENTITY,
    Box,
    Matrix,
    State,
    box_of,
    corners,
    overlap,
    scale,
    times,
)
from bulletin.prepress.paint import matrix as read_matrix
from bulletin.prepress.pen import MASK, PLAIN, Frame
from bulletin.prepress.spaces import UnknownSpace
from bulletin.prepress.spec import WHITE, X1A, Cmyk, Kept, PressSpec, made_anew
from bulletin.prepress.streams import Placement, Rewriter

KEPT_STATE = (
    "/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/FL", "/SM", "/SA", "/Font", "/TK",
)  # fmt: skip
SEE_THROUGH = ("/ca", "/CA", "/BM", "/AIS")
KEPT_FORM = ("/Type", "/Subtype", "/BBox", "/Matrix")
SHORT_KEYS = {
    "/BPC": "/BitsPerComponent", "/CS": "/ColorSpace", "/D": "/Decode", "/DP": "/DecodeParms",
    "/F": "/Filter", "/H": "/Height", "/IM": "/ImageMask", "/I": "/Interpolate", "/W": "/Width",
}  # fmt: skip
SHORT_FILTERS = {
    "/AHx": "/ASCIIHexDecode", "/A85": "/ASCII85Decode", "/LZW": "/LZWDecode",
    "/Fl": "/FlateDecode", "/RL": "/RunLengthDecode", "/CCF": "/CCITTFaxDecode",
    "/DCT": "/DCTDecode",
}  # fmt: skip
SHORT_SPACES = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK"}


@dataclass(slots=True)
class Picture:
    """One picture to convert: for a soft mask or for ink, on which ground, and where it stands."""

    item: Any
    mask: bool
    under: Cmyk
    spots: list[tuple[int, Matrix]] = field(default_factory=list)


class Press:
    """State of one :func:`bulletin.prepress.finish`."""

    def __init__(self, pdf: Any, spec: PressSpec, inks: Inks, kept: Kept = made_anew) -> None:
        self.pdf, self.spec, self.inks, self.kept = pdf, spec, inks, kept
        self.opaque = spec.standard == X1A
        self.page = 0
        self.operators = self.gradients = self.flattened = self.hairlines = 0
        self.heaviest = 0.0
        self.notes: list[Diagnostic] = []
        self.pictures: dict[Any, Picture] = {}
        self._done: dict[Any, Any] = {}
        self._names = 0

    # ---- what streams ask for --------------------------------------------------------------------

    def run(self, source: Any, frame: Frame, resources: Any) -> tuple[bytes, Any, list[Placement]]:
        """New content, its own resource dictionary, and the pictures in it."""
        import pikepdf

        used: dict[str, dict[str, Any]] = {}
        rewriter = Rewriter(self, resources, frame, used)
        data = rewriter.run(source)
        groups = {name: pikepdf.Dictionary(items) for name, items in used.items()}
        return data, pikepdf.Dictionary(groups), rewriter.images

    def fresh(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    def overprint(self, over: tuple[bool, bool]) -> Any:
        """Shared graphics state: overprint for fill and stroke, zero inks leave the ground."""
        import pikepdf

        def made() -> Any:
            fill, stroke = over
            state = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, OP=stroke, op=fill, OPM=1)
            return self.pdf.make_indirect(state)

        return self._once(("overprint", over), made)

    def weigh(self, inks: Cmyk) -> None:
        total = sum(inks)
        self.heaviest = max(self.heaviest, total * 100)
        if total > self.inks.limit + 1e-6:
            shown = " ".join(f"{part * 100:.0f}" for part in inks)
            self.complain(
                Severity.ERROR,
                "PD023",
                f"trang {self.page}: màu {shown} phủ {total * 100:.0f} % mực, "
                f"quá {self.spec.ink_limit:g} %",
                "giảm mực của màu này trong bảng mực của hồ sơ in",
            )

    def shaded(self, colour: Colour, mask: bool) -> tuple[float, ...]:
        if mask:
            return (self.inks.screen(colour),)
        inks = self.inks.press(colour)
        self.weigh(inks)
        return inks

    # ---- complaints ------------------------------------------------------------------------------

    def complain(self, severity: Severity, code: str, message: str, hint: str) -> None:
        note = Diagnostic(Place(self.spec.name), severity, code, message, hint)
        if note not in self.notes:
            self.notes.append(note)

    def transparent(self) -> None:
        self.complain(
            Severity.ERROR,
            "PD024",
            f"trang {self.page}: có hình trong suốt nằm trên nền nhiều màu, "
            "PDF/X-1a không giữ được",
            "đặt hình ấy trên nền một màu, bỏ độ trong suốt, hoặc xuất PDF/X-4",
        )

    def unknown(self, what: str) -> None:
        self.complain(
            Severity.ERROR,
            "PD025",
            f"trang {self.page}: không chuyển được sang mực in: {what}",
            "vẽ lại hình này bằng màu RGB, xám hoặc CMYK thường",
        )

    def layers(self) -> None:
        self.complain(
            Severity.ERROR,
            "PD029",
            f"trang {self.page}: có lớp ẩn hiện, bản in không biết lớp nào được in",
            "gộp các lớp trước khi dàn trang",
        )

    # ---- objects ---------------------------------------------------------------------------------

    def _once(self, key: Any, make: Any) -> Any:
        if key not in self._done:
            self._done[key] = make()
        return self._done[key]

    def gstate(self, old: Any, user: Rewriter) -> Any:
        """The graphics state without what the press decides; None when nothing is left of it."""
        import pikepdf

        state = user.state
        if "/LW" in old:
            state.width = float(old.LW)
        kept = {key: old[key] for key in KEPT_STATE if key in old and key != "/Type"}
        mask = old.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary):
            mask = self._soft_mask(mask, user)
        if self.opaque:
            state.fill_alpha = float(old.get("/ca", state.fill_alpha))
            state.stroke_alpha = float(old.get("/CA", state.stroke_alpha))
            odd = str(old.get("/BM", "/Normal")) not in ("/Normal", "/Compatible")
            if odd or isinstance(mask, pikepdf.Dictionary):
                self.transparent()
        else:
            kept |= {key: old[key] for key in SEE_THROUGH if key in old}
            if mask is not None:
                kept["/SMask"] = mask
        if not kept:
            return None
        key = tuple((name, _said(kept[name])) for name in sorted(kept))
        return self._once(("gs", key), lambda: self.pdf.make_indirect(pikepdf.Dictionary(kept)))

    def _soft_mask(self, old: Any, user: Rewriter) -> Any:
        """The mask's own group stays grey: it is no ink."""
        import pikepdf

        if self.opaque:
            return old
        new = pikepdf.Dictionary({key: old[key] for key in old if key not in ("/G", "/BC")})
        new.G, images = self._form(old.G, user, MASK)
        user.images += [(key, times(inner, user.state.ctm)) for key, inner in images]
        if "/BC" in old:
            values = tuple(float(v) for v in old.BC)
            kind = {1: "gray", 3: "rgb", 4: "cmyk"}[len(values)]
            new.BC = pikepdf.Array([self.inks.screen(Colour(kind, values))])
        return self._once(
            ("mask", old.G.objgen, str(old.get("/S")), str(old.get("/TR")), str(new.get("/BC"))),
            lambda: self.pdf.make_indirect(new),
        )

    def form(self, old: Any, user: Rewriter) -> tuple[Any, list[Placement]]:
        return self._form(old, user, user.pen.mode)

    def _form(self, old: Any, user: Rewriter, mode: str) -> tuple[Any, list[Placement]]:
        outer = user.absolute()
        if "/OC" in old:
            self.layers()
        if self.opaque:
            return self._new_form(old, user, mode)
        key = ("form", old.objgen, mode, round(scale(outer), 2))
        found: tuple[Any, list[Placement]] = self._once(
            key, lambda: self._new_form(old, user, mode)
        )
        return found

    def _new_form(self, old: Any, user: Rewriter, mode: str) -> tuple[Any, list[Placement]]:
        import pikepdf

        own = read_matrix(old.get("/Matrix", IDENTITY))
        frame = self._inside(old, user, mode, own)
        resources = old.get("/Resources", user.resources)
        data, used, images = self.run(old, frame, resources)
        new = pikepdf.Stream(self.pdf, data, {k: old[k] for k in KEPT_FORM if k in old})
        new.Resources = used
        if "/Group" in old and not self.opaque:
            new.Group = inked_group(old.Group, mode == MASK)
        return new, [(key, times(inner, own)) for key, inner in images]

    def _inside(self, old: Any, user: Rewriter, mode: str, own: Matrix) -> Frame:
        """The frame of a form: colours are inherited, a group starts without alpha of its own."""
        state, outer = user.state.copy(), times(own, user.absolute())
        state.ctm, state.fill, state.stroke = IDENTITY, INHERIT, INHERIT
        state.sent_fill = state.sent_stroke = ()
        if mode == MASK:
            state = State(clip=None)
        area = box_of(corners([float(v) for v in old.BBox]), outer)
        state.clip = overlap(user.state.clip, area)
        frame = Frame(mode, outer, state, user.frame.canvas, user.frame.veil)
        if self.opaque and "/Group" in old and min(state.fill_alpha, state.stroke_alpha) < 1:
            frame.veil = self._veil(user, state.clip or area)
            state.fill_alpha = state.stroke_alpha = 1.0
        return frame

    def _veil(self, user: Rewriter, box: Box | None) -> tuple[float, Cmyk]:
        """Alpha of a whole group over one colour; X-1a only."""
        canvas = user.frame.canvas
        under = canvas.under(box) if canvas is not None and box is not None else None
        if under is None or user.frame.veil is not None:
            self.transparent()
        return user.state.fill_alpha, under or WHITE

    def pattern(self, old: Any, user: Rewriter) -> tuple[Any, list[Placement]]:
        """A tile or a gradient; its matrix counts from the start of the stream that uses it."""
        own = read_matrix(old.get("/Matrix", IDENTITY))
        mask = user.pen.mode == MASK
        if self.opaque and min(user.state.fill_alpha, user.state.stroke_alpha) < 1:
            self.transparent()
        new, images = self._once(
            ("pattern", old.objgen if old.is_indirect else id(old), mask),
            lambda: self._new_pattern(old, user, own),
        )
        return new, [(key, times(inner, own)) for key, inner in images]

    def _new_pattern(self, old: Any, user: Rewriter, own: Matrix) -> tuple[Any, list[Placement]]:
        import pikepdf

        if int(old.PatternType) == 2:
            new = pikepdf.Dictionary({key: old[key] for key in old if key != "/ExtGState"})
            new.Shading = self.shading(old.Shading, user) or old.Shading
            return self.pdf.make_indirect(new), []
        mode = PLAIN if int(old.PaintType) == 2 else user.pen.mode
        frame = Frame(mode, times(own, user.frame.outer), State())
        data, used, images = self.run(old, frame, old.get("/Resources", user.resources))
        drop = ("/Length", "/Filter", "/DecodeParms", "/Resources")
        tile = pikepdf.Stream(self.pdf, data, {key: old[key] for key in old if key not in drop})
        tile.Resources = used
        return tile, images

    def shading(self, old: Any, user: Rewriter) -> Any:
        named = user.resources.get("/ColorSpace") if user.resources is not None else None
        mask = user.pen.mode == MASK
        try:
            return self._once(
                ("shading", old.objgen if old.is_indirect else str(old.unparse()), mask),
                lambda: shadings.inked(self, old, named, mask),
            )
        except (UnknownSpace, ValueError, IndexError, ArithmeticError) as problem:
            self.unknown(str(problem))
            return None

    def font(self, old: Any, user: Rewriter) -> tuple[Any, Any]:
        """The font, and for Type 3 (reference, glyph matrix, pictures in glyph space)."""
        if str(old.get("/Subtype")) != "/Type3":
            return old, None
        new, glyphs, images = self._once(
            ("font", old.objgen, user.pen.mode), lambda: self._drawn_font(old, user)
        )
        return new, (old.objgen, glyphs, images)

    def _drawn_font(self, old: Any, user: Rewriter) -> tuple[Any, Matrix, list[Placement]]:
        """Glyphs that are drawings, colour emoji for one."""
        import pikepdf

        glyphs = read_matrix(old.FontMatrix)
        used: dict[str, dict[str, Any]] = {}
        images: list[Placement] = []
        new = pikepdf.Dictionary({key: old[key] for key in old if key != "/Resources"})
        new.CharProcs = pikepdf.Dictionary()
        for name in old.CharProcs:
            state = State(fill=INHERIT, stroke=INHERIT)
            outer = times(glyphs, times(user.text, user.absolute()))
            frame = Frame(user.pen.mode, outer, state)
            rewriter = Rewriter(self, old.get("/Resources", user.resources), frame, used)
            new.CharProcs[name] = pikepdf.Stream(self.pdf, rewriter.run(old.CharProcs[name]))
            images += rewriter.images
        groups = {name: pikepdf.Dictionary(items) for name, items in used.items()}
        new.Resources = pikepdf.Dictionary(groups)
        return self.pdf.make_indirect(new), glyphs, images

    # ---- pictures --------------------------------------------------------------------------------

    def picture(self, old: Any, mask: bool, under: Cmyk) -> tuple[Any, Any]:
        """Registers a picture; it is converted when all its places are known."""
        key = (old.objgen, mask, under)
        if key not in self.pictures:
            first = not any(other[0] == old.objgen for other in self.pictures)
            item = old if first else self._twin(old)
            self.pictures[key] = Picture(item, mask, under)
        return key, self.pictures[key].item

    def _twin(self, old: Any) -> Any:
        """A second stream with the same data, for a picture that is needed in two forms."""
        import pikepdf

        new = pikepdf.Stream(self.pdf, old.read_raw_bytes())
        for key in old:
            if key != "/Length":
                new[key] = old[key]
        return self.pdf.make_indirect(new)

    def from_inline(self, instruction: Any, resources: Any) -> Any:
        """A picture object with the data of an inline one and its keys written out."""
        import pikepdf

        inline = instruction.iimage
        text = inline.unparse()
        head = re.split(rb"\sID\s", text, maxsplit=1)[0].split(b"BI", 1)[1]
        short: Any = pikepdf.Object.parse(b"<<" + head + b">>")
        new = pikepdf.Stream(self.pdf, inline.read_raw_bytes())
        new.Type, new.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        named = resources.get("/ColorSpace") if resources is not None else None
        for key in short:
            long = SHORT_KEYS.get(key, key)
            new[long] = _written_out(long, short[key], named)
        made: Any = self.pdf.make_indirect(new)
        return made


def _written_out(key: str, value: Any, named: Any) -> Any:
    import pikepdf

    if key == "/Filter":
        if isinstance(value, pikepdf.Array):
            return pikepdf.Array([pikepdf.Name(SHORT_FILTERS.get(str(v), str(v))) for v in value])
        return pikepdf.Name(SHORT_FILTERS.get(str(value), str(value)))
    if key != "/ColorSpace":
        return value
    if isinstance(value, pikepdf.Array):
        base = str(value[1])
        full = pikepdf.Name(SHORT_SPACES.get(base, base))
        return pikepdf.Array([pikepdf.Name.Indexed, full, value[2], value[3]])
    name = str(value)
    if named is not None and name in named:
        return named[name]
    return pikepdf.Name(SHORT_SPACES.get(name, name))


def _said(value: Any) -> str:
    """A value as a key: references by number, the rest written out."""
    import pikepdf

    if isinstance(value, pikepdf.Object):
        return str(value.objgen) if value.is_indirect else str(value.unparse())
    return str(value)


def inked_group(old: Any, mask: bool) -> Any:
    """A transparency group that blends in ink, or in grey for a soft mask."""
    import pikepdf

    new = pikepdf.Dictionary({key: old[key] for key in old if key != "/CS"})
    new.CS = pikepdf.Name.DeviceGray if mask else pikepdf.Name.DeviceCMYK
    return new
