"""Preflight: a sound file passes, and every bad file fails for its own reason and only for it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import press_sample as sample
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from press_sample import BLEED, FIRST, LAST, MM, TRIM, redraw

from bulletin.preflight import CODES, Options, Spec, inspect, run, tools
from bulletin.preflight.codes import find
from bulletin.preflight.fonts import cmap
from bulletin.preflight.functions import read as function
from bulletin.preflight.report import Label, certificate, render_text
from bulletin.preflight.values import Result

ROOT = Path(__file__).parent.parent
FONTS = {
    "regular": (sample.FONT.parent / "BeVietnamPro-Regular.ttf").read_bytes(),
    "bold": (sample.FONT.parent / "BeVietnamPro-Bold.ttf").read_bytes(),
}
# No reading back here: it takes seconds, sees only glyphs, and has tests of its own.
SPEC = Spec(first_lines=FIRST, last_lines=LAST, ocr_pages=0)
OLD = replace(SPEC, standard="x-1a")
SCREEN = Spec(standard="ua-1", multiple=1, ocr_pages=0)
Edit = Callable[[Pdf], Any]


@cache
def base(kind: str) -> bytes:
    if kind == "ua-1":
        return sample.save(sample.tagged(), "1.7")
    return sample.save(sample.press(kind), "1.4" if kind == "x-1a" else "1.6")


def spoil(kind: str, edit: Edit, **options: Any) -> bytes:
    """The sound file of a kind after an edit."""
    version = {"x-1a": "1.4", "x-4": "1.6", "ua-1": "1.7"}[kind]
    with pikepdf.open(BytesIO(base(kind))) as pdf:
        edit(pdf)
        return sample.save(pdf, **{"version": version, **options})


def first(pdf: Pdf) -> Any:
    return pdf.pages[0].obj


def draw(extra: bytes, number: int = 1) -> Edit:
    """Draw something more on a page."""
    return lambda pdf: redraw(pdf.pages[number].obj, lambda body: body + extra)


def swap(old: bytes, new: bytes, number: int = 1) -> Edit:
    return lambda pdf: redraw(pdf.pages[number].obj, lambda body: body.replace(old, new))


def resource(category: str, key: str, value: Callable[[Pdf], Any], extra: bytes = b"") -> Edit:
    """Add a resource and draw with it."""

    def edit(pdf: Pdf) -> None:
        found = pdf.pages[1].obj.Resources
        if "/" + category not in found:
            found["/" + category] = Dictionary()
        found["/" + category]["/" + key] = value(pdf)
        if extra:
            draw(extra)(pdf)

    return edit


def each_page(change: Callable[[Any], Any]) -> Edit:
    def edit(pdf: Pdf) -> None:
        for page in pdf.pages:
            change(page.obj)

    return edit


def grow(box: tuple[float, ...], mm: float) -> Array:
    return Array([box[0] - mm * MM, box[1] - mm * MM, box[2] + mm * MM, box[3] + mm * MM])


def font(pdf: Pdf) -> Any:
    return pdf.pages[1].obj.Resources.Font.F1


def program(pdf: Pdf) -> Any:
    return font(pdf).DescendantFonts[0]


def rect(box: tuple[float, ...]) -> bytes:
    return b"%.3f %.3f %.3f %.3f re" % (box[0], box[1], box[2] - box[0], box[3] - box[1])


SPOT = b"q 1 0 0 1 160 400 cm "
"""Start of a drawing in the middle of a page."""
WORD = sample.code("sông suối")


def word(before: bytes, size: float = 10, font_name: bytes = b"F1", text: bytes = WORD) -> Edit:
    """A word on page two, in the state that ``before`` sets."""
    return draw(SPOT + before + b" BT /%s %g Tf %s Tj ET Q\n" % (font_name, size, text))


# ---- the sound files ---------------------------------------------------------------


@pytest.mark.parametrize(("kind", "spec"), [("x-4", SPEC), ("x-1a", OLD), ("ua-1", SCREEN)])
@pytest.mark.parametrize("with_tools", [True, False])
def test_sound_file_has_no_finding(kind: str, spec: Spec, with_tools: bool) -> None:
    result = inspect(base(kind), replace(spec, tools=with_tools))
    assert result.findings == ()
    assert result.verdict == "pass"


def test_all_tools_are_here() -> None:
    """The setup script installs them; a skipped check must not look like a passed one."""
    assert tools.missing() == ()


def test_sound_file_is_read_back_right() -> None:
    result = inspect(base("x-4"), replace(SPEC, ocr_pages=2))
    assert result.findings == ()
    assert len(result.facts.read_back) == 2
    assert all(share > 0.9 for _, share in result.facts.read_back)


def test_facts_of_the_sound_file() -> None:
    facts = inspect(base("x-4"), SPEC).facts
    page = facts.pages[0]
    assert (facts.version, facts.standard, facts.intent) == ("1.6", "PDF/X-4", "FOGRA39")
    assert (page.trim, page.bleed) == ((190.0, 270.0), (3.0, 3.0, 3.0, 3.0))
    assert page.ink is not None
    assert page.ink[2] == pytest.approx(10, abs=0.5)
    assert {round(image.ppi) for image in facts.images} == {300}
    assert [(f.name, f.embedded, f.unicode, f.pages) for f in facts.fonts] == [
        ("SampleSerif", True, True, 4)
    ]
    assert facts.spaces == ("DeviceCMYK", "DeviceGray", "Separation All")


# ---- bad press files ---------------------------------------------------------------


def encrypted() -> bytes:
    with pikepdf.open(BytesIO(base("x-4"))) as pdf:
        return sample.save(pdf, encryption=pikepdf.Encryption(owner="a", user="", R=4))


def icc(kind: bytes, space: bytes) -> Edit:
    return lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(
        sample.profile(kind, space)
    )


def rgb_image(pdf: Pdf) -> Any:
    return sample.add_image(pdf, 118, 118, bytes([90]) * 118 * 118 * 3, ColorSpace=Name.DeviceRGB)


def lab(pdf: Pdf) -> Any:
    return Array([Name.Lab, Dictionary(WhitePoint=[0.96, 1, 0.82], Range=[-100, 100, -100, 100])])


def spot(pdf: Pdf) -> Any:
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 0.8, 0.9, 0], N=1)
    return Array([Name.Separation, Name("/PANTONE 179 C"), Name.DeviceCMYK, tint])


def rgb_gradient(pdf: Pdf) -> Any:
    found = sample.gradient(pdf, [1, 0, 0], [0, 0, 1])
    found.ColorSpace = Name.DeviceRGB
    return found


def rgb_cell(pdf: Pdf) -> Any:
    return pdf.make_indirect(
        Stream(pdf, b"1 0 0 rg 0 0 5 5 re f", Type=Name.Pattern, PatternType=1, PaintType=1,
               TilingType=1, BBox=[0, 0, 10, 10], XStep=10, YStep=10, Resources=Dictionary())
    )  # fmt: skip


def rgb_form(pdf: Pdf) -> Any:
    return pdf.make_indirect(
        Stream(pdf, b"0 0 50 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 20],
               Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB), Resources=Dictionary())
    )  # fmt: skip


def rgb_mask(pdf: Pdf) -> Any:
    form = rgb_form(pdf)
    form.Group.CS = Name.DeviceGray
    form.write(b"0.5 0.5 0.5 rg 0 0 500 500 re f")
    return Dictionary(SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=form))


def type3(body: bytes) -> Callable[[Pdf], Any]:
    def make(pdf: Pdf) -> Any:
        proc = pdf.make_indirect(Stream(pdf, b"500 0 d0 " + body))
        table = b"1 beginbfchar\n<41> <0041>\nendbfchar"
        return pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 500, 700], FirstChar=65, LastChar=65,
                       FontMatrix=[0.001, 0, 0, 0.001, 0, 0], Widths=[500], CharProcs=Dictionary(A=proc),
                       Encoding=Dictionary(Differences=[65, Name.A]), Resources=Dictionary(),
                       ToUnicode=pdf.make_indirect(Stream(pdf, table)))
        )  # fmt: skip

    return make


def bare_font(pdf: Pdf) -> Any:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )


def note(kind: str, rect: list[float], **more: Any) -> Edit:
    def edit(pdf: Pdf) -> None:
        made = Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=rect, **more)
        first(pdf).Annots = Array([pdf.make_indirect(made)])

    return edit


def attach(pdf: Pdf) -> None:
    pdf.attachments["ghi-chu.txt"] = b"x"


def to_unicode(change: Callable[[bytes], bytes]) -> Edit:
    def edit(pdf: Pdf) -> None:
        before = font(pdf).ToUnicode.read_bytes()
        assert change(before) != before
        font(pdf).ToUnicode.write(change(before))

    return edit


def decomposed(table: bytes) -> bytes:
    """ế as e, circumflex, acute."""
    return table.replace(b"<1EBF>", b"<006503020301>")


def shorten(pdf: Pdf) -> None:
    del pdf.pages[2]


def many(pdf: Pdf) -> None:
    for _ in range(16):
        for page in list(pdf.pages)[:4]:
            pdf.pages.insert(1, page)


def blank(pdf: Pdf) -> None:
    first_words = b"q 0 0 0 0 k %.3f %.3f 400 400 re f Q" % (TRIM[0], TRIM[1])
    pdf.pages[1].obj.Contents = pdf.make_indirect(Stream(pdf, first_words))


def tinted(inks: bytes) -> bytes:
    return SPOT + inks + b" k 0 0 60 20 re f Q\n"


def image_of(width: int, **more: Any) -> Callable[[Pdf], Any]:
    return lambda pdf: sample.add_image(pdf, width, width, **more)


PLACED = SPOT + b"28.32 0 0 28.32 0 0 cm /New Do Q\n"
STATE = b"0 0 0 1 k /New gs 0 0 60 20 re f Q\n"
INLINE = b"BI /W 4 /H 4 /BPC 8 /CS /RGB ID " + b"\x20" * 48 + b" EI Q\n"

BAD: dict[str, tuple[str, Edit]] = {
    # the file
    "no-key": ("PF005", lambda pdf: pdf.Root.Metadata.write(sample.xmp("x-4").replace(b"PDF/X-4", b"PDF/X-9"))),
    "no-intent": ("PF006", lambda pdf: pdf.Root.__delitem__("/OutputIntents")),
    "two-intents": ("PF006", lambda pdf: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])),
    "monitor-profile": ("PF007", icc(b"mntr", b"CMYK")),
    "rgb-profile": ("PF007", icc(b"prtr", b"RGB ")),
    "no-profile": ("PF007", lambda pdf: pdf.Root.OutputIntents[0].__delitem__("/DestOutputProfile")),
    "unknown-condition": ("PF016", lambda pdf: pdf.Root.OutputIntents[0].__setitem__("/OutputConditionIdentifier", String("Nhà in X"))),
    "no-trapped": ("PF008", lambda pdf: (pdf.trailer.Info.__delitem__("/Trapped"), pdf.Root.Metadata.write(sample.xmp("x-4").replace(b'pdf:Trapped="False"', b"")))),
    "trapped-differs": ("PF008", lambda pdf: pdf.trailer.Info.__setitem__("/Trapped", Name("/True"))),
    "script": ("PF010", lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.beep()")))),
    "page-action": ("PF010", lambda pdf: first(pdf).__setitem__("/AA", Dictionary(O=Dictionary(S=Name.Named, N=Name.Print)))),
    "attachment": ("PF011", attach),
    "link": ("PF012", note("Link", [200, 300, 260, 320])),
    "form": ("PF012", lambda pdf: pdf.Root.__setitem__("/AcroForm", Dictionary(Fields=Array()))),
    "title-differs": ("PF013", lambda pdf: pdf.trailer.Info.__setitem__("/Title", String("Tên khác"))),
    "no-document-id": ("PF013", lambda pdf: pdf.Root.Metadata.write(sample.xmp("x-4").replace(b'xmpMM:DocumentID="uuid:1"', b""))),
    "transfer": ("PF014", resource("ExtGState", "New", lambda pdf: Dictionary(TR=Dictionary(FunctionType=2, Domain=[0, 1], N=1)), SPOT + STATE)),
    "unknown-operator": ("PF015", draw(b"1 2 zz\n")),
    "unbalanced": ("PF015", draw(b"q\n")),
    "no-font": ("PF015", draw(SPOT + b"BT /Nope 10 Tf ET Q\n")),
    # boxes
    "no-trim": ("PF020", lambda pdf: (first(pdf).__delitem__("/TrimBox"), first(pdf).__setitem__("/MediaBox", Array(TRIM)), first(pdf).__delitem__("/BleedBox"))),
    "art-box": ("PF020", lambda pdf: first(pdf).__setitem__("/ArtBox", Array(TRIM))),
    "bleed-inside": ("PF021", each_page(lambda page: page.__setitem__("/BleedBox", grow(TRIM, -1)))),
    "a4": ("PF022", each_page(lambda page: (page.__setitem__("/TrimBox", grow(TRIM, -2)), page.__setitem__("/BleedBox", grow(TRIM, 1))))),
    "bleed-2mm": ("PF023", each_page(lambda page: page.__setitem__("/BleedBox", grow(TRIM, 2)))),
    "bleed-differs": ("PF024", lambda pdf: pdf.pages[2].obj.__setitem__("/BleedBox", grow(TRIM, 4))),
    "turned": ("PF025", lambda pdf: first(pdf).__setitem__("/Rotate", 180)),
    "cropped": ("PF026", lambda pdf: first(pdf).__setitem__("/CropBox", Array(TRIM))),
    "white-edge": ("PF027", swap(rect(BLEED), rect(TRIM), 2)),
    # pages
    "three-pages": ("PF030", shorten),
    "68-pages": ("PF031", many),
    "blank": ("PF032", blank),
    "near-cut": ("PF033", draw(b"q 0 0 0 1 k /Over gs 1 0 0 1 %.2f 400 cm BT /F1 10 Tf %s Tj ET Q\n" % (TRIM[0] + 5, WORD))),
    # colour spaces
    "rgb-text": ("PF040", word(b"0.2 0.1 0.4 rg")),
    "rgb-stroke": ("PF040", draw(SPOT + b"1 0 0 RG 2 w 0 0 m 50 0 l S Q\n")),
    "rgb-image": ("PF040", resource("XObject", "New", rgb_image, PLACED)),
    "rgb-indexed": ("PF040", resource("XObject", "New", lambda pdf: sample.add_image(pdf, 118, 118, bytes(118 * 118), ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 1, String("\x10\x10\x10abc")])), PLACED)),
    "rgb-inline": ("PF040", draw(SPOT + b"0.9 0 0 0.9 0 0 cm " + INLINE)),
    "rgb-shading": ("PF040", resource("Shading", "New", rgb_gradient, SPOT + b"0 0 60 20 re W n /New sh Q\n")),
    "rgb-pattern": ("PF040", resource("Pattern", "New", rgb_cell, SPOT + b"/Pattern cs /New scn 0 0 60 20 re f Q\n")),
    "rgb-group": ("PF040", resource("XObject", "New", rgb_form, SPOT + b"0 0 0 1 k /New Do Q\n")),
    "rgb-soft-mask": ("PF040", resource("ExtGState", "New", rgb_mask, SPOT + STATE)),
    "icc-rgb": ("PF040", resource("ColorSpace", "New", lambda pdf: Array([Name.ICCBased, pdf.make_indirect(Stream(pdf, sample.profile(b"mntr", b"RGB "), N=3))]), SPOT + b"/New cs 0.4 0.2 0.2 sc 0 0 60 20 re f Q\n")),
    "lab": ("PF041", resource("ColorSpace", "New", lab, SPOT + b"/New cs 40 20 20 sc 0 0 60 20 re f Q\n")),
    "icc-cmyk": ("PF042", resource("ColorSpace", "New", lambda pdf: Array([Name.ICCBased, pdf.Root.OutputIntents[0].DestOutputProfile]), SPOT + b"/New cs 0 0.2 0.2 0 sc 0 0 60 20 re f Q\n")),
    "spot": ("PF043", resource("ColorSpace", "New", spot, SPOT + b"/New cs 1 sc 0 0 60 20 re f Q\n")),
    "registration": ("PF044", draw(SPOT + b"/All cs 0.5 scn 0 0 60 20 re f Q\n")),
    "lab-unused": ("PF045", resource("ColorSpace", "New", lab)),
    "broken-gradient": ("PF047", lambda pdf: (pdf.pages[1].obj.Resources.Shading.Sh1.Function.__setitem__("/C0", Array([1, 0, 0])), pdf.pages[1].obj.Resources.Shading.Sh1.Function.__setitem__("/C1", Array([0, 0, 1])))),
    # ink
    "rich-black-text": ("PF048", word(b"0.6 0.4 0.4 1 k")),
    "small-three-inks": ("PF049", word(b"0.6 0.4 0.4 0 k", 8)),
    "white-overprint": ("PF050", word(b"0 0 0 0 k /Over gs")),
    "black-knocks-out": ("PF051", word(b"0 0 0 1 k")),
    "gray-knocks-out": ("PF051", word(b"0 g /Over gs")),
    "colour-overprint": ("PF052", draw(SPOT + b"/Over gs 0 0.8 0.9 0 k 0 0 60 20 re f Q\n")),
    "heavy-image": ("PF054", resource("XObject", "New", image_of(118, data=bytes([240, 220, 210, 200]) * 118 * 118), PLACED)),
    "heavy-overlay": ("PF054", resource("ExtGState", "New", lambda pdf: Dictionary(BM=Name.Multiply), tinted(b"1 0.9 0 0") + SPOT + b"/New gs 0.2 0.2 0.9 0.9 k 0 0 60 20 re f Q\n")),
    "hairline": ("PF055", draw(SPOT + b"0 0 0 1 K 0.1 w 0 0 m 60 0 l S Q\n")),
    "hairline-fill": ("PF055", draw(SPOT + b"0 0 0 1 k 0 0 60 0.15 re f Q\n")),
    "hairline-scaled": ("PF055", draw(SPOT + b"0.1 0 0 0.1 0 0 cm 0 0 0 1 K 1 w 0 0 m 600 0 l S Q\n")),
    # type
    "no-font-file": ("PF060", lambda pdf: program(pdf).FontDescriptor.__delitem__("/FontFile2")),
    "damaged-font": ("PF060", lambda pdf: program(pdf).FontDescriptor.FontFile2.write(sample.font_parts()[0][:900])),
    "no-to-unicode": ("PF061", resource("Font", "New", lambda pdf: pdf.make_indirect(Dictionary({k: v for k, v in font(pdf).items() if k != "/ToUnicode"})), SPOT + b"0 0 0 1 k /Over gs BT /New 10 Tf " + WORD + b" Tj ET Q\n")),
    "type3": ("PF062", resource("Font", "New", type3(b"0 0 400 700 re f"), SPOT + b"0 0 0 1 k /Over gs BT /New 10 Tf (A) Tj ET Q\n")),
    "notdef": ("PF063", word(b"0 0 0 1 k /Over gs", text=b"<0000>")),
    "nfd": ("PF064", to_unicode(decomposed)),
    "private-use": ("PF064", to_unicode(lambda table: table.replace(b"<1EC7>", b"<E123>"))),
    "wrong-widths": ("PF069", lambda pdf: program(pdf).W[1].__setitem__(sample.font_parts()[1]["n"], 700)),
    "no-legal-first": ("PF066", swap(sample.code(FIRST[0]), sample.code("TIN"), 0)),
    "no-legal-last": ("PF067", swap(sample.code(LAST[1]), sample.code("Số"), 3)),
    # pictures
    "image-150": ("PF070", resource("XObject", "New", image_of(59), PLACED)),
    "image-250": ("PF071", resource("XObject", "New", image_of(98), PLACED)),
    "line-art": ("PF072", resource("XObject", "New", lambda pdf: sample.add_image(pdf, 118, 118, bytes(15 * 118), ColorSpace=Name.DeviceGray, BitsPerComponent=1), PLACED)),
    "jpeg-channels": ("PF073", resource("XObject", "New", lambda pdf: sample.add_image(pdf, 118, 118, sample.jpeg(118, 118, "RGB"), Filter=Name.DCTDecode), PLACED)),
}  # fmt: skip
# What Ghostscript cannot draw, or must not be asked to: the walker alone judges these.
WITHOUT_TOOLS = {"unknown-operator", "unbalanced", "no-font", "broken-gradient", "68-pages", "jpeg-channels", "notdef", "no-font-file", "damaged-font"}  # fmt: skip


@pytest.mark.parametrize("case", sorted(BAD))
def test_bad_file_fails_for_its_own_reason(case: str) -> None:
    code, edit = BAD[case]
    result = inspect(spoil("x-4", edit), replace(SPEC, tools=case not in WITHOUT_TOOLS))
    assert result.codes() == (code,), [(f.code, f.page, f.message) for f in result.findings]
    expected = {"error": "fail", "warning": "warn"}[CODES[code].severity]
    assert result.verdict == expected


def test_ink_of_a_painted_colour_is_summed_exactly() -> None:
    result = inspect(spoil("x-4", draw(tinted(b"0.8 0.8 0.7 0.75"))), replace(SPEC, tools=False))
    (found,) = result.findings
    assert (found.code, found.page) == ("PF053", 2)
    assert "305 %" in found.message


def test_ghostscript_sees_the_same_ink() -> None:
    result = inspect(spoil("x-4", draw(tinted(b"0.8 0.8 0.7 0.75"))), SPEC)
    assert result.codes() == ("PF053", "PF054")
    assert result.facts.pages[1].peak == pytest.approx(305, abs=2)


def test_samples_are_summed_without_ghostscript() -> None:
    edit = BAD["heavy-image"][1]
    assert inspect(spoil("x-4", edit), replace(SPEC, tools=False)).codes() == ("PF054",)


def test_ghostscript_complains_of_a_broken_gradient() -> None:
    assert "PF047" in inspect(spoil("x-4", BAD["broken-gradient"][1]), SPEC).codes()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PF001"),
        (b"<html></html>", "PF001"),
        (b"%PDF-1.6\nnothing", "PF001"),
        (encrypted(), "PF003"),
        (re.sub(rb"startxref\n\d+", b"startxref\n9", base("x-4")), "PF002"),
        (sample.save(sample.press(), "1.7"), "PF004"),
        (base("x-4").replace(b"/ID [", b"/XD ["), "PF009"),
    ],
    ids=["empty", "html", "only-header", "encrypted", "bad-xref", "pdf-1.7", "no-id"],
)
def test_bad_bytes(data: bytes, code: str) -> None:
    result = inspect(data, replace(SPEC, tools=False))
    assert result.codes() == (code,), [(f.code, f.message) for f in result.findings]
    assert not result.passed


def test_password_is_told_and_nothing_else() -> None:
    with pikepdf.open(BytesIO(base("x-4"))) as pdf:
        data = sample.save(pdf, encryption=pikepdf.Encryption(owner="a", user="b", R=4))
    assert inspect(data, SPEC).codes() == ("PF003",)


def test_outlined_text_is_not_text() -> None:
    def edit(pdf: Pdf) -> None:
        for page in pdf.pages:
            page.obj.Contents = pdf.make_indirect(Stream(pdf, tinted(b"0 0 0 1")))

    spec = replace(SPEC, first_lines=(), last_lines=(), ocr_pages=2)
    result = inspect(spoil("x-4", edit), spec)
    assert result.codes() == ("PF065",)
    assert any("tesseract" in text for text in result.facts.skipped)


def test_legacy_encoding_is_not_vietnamese() -> None:
    """Letters that look right on paper but read as plain ASCII, as with old 8-bit fonts."""

    def flatten(table: bytes) -> bytes:
        rows = [line.split(b"> <") for line in table.split(b"\n")]
        return b"\n".join(
            b"> <".join([row[0], b"0061>"])
            if len(row) == 2 and int(row[1][:4], 16) > 0x7F
            else b"> <".join(row)
            for row in rows
        )

    spec = replace(SPEC, first_lines=(), last_lines=(), tools=False)
    assert inspect(spoil("x-4", to_unicode(flatten)), spec).codes() == ("PF065",)


# ---- X-1a ----------------------------------------------------------------------------

BAD_OLD: dict[str, tuple[str, Edit]] = {
    "no-key": ("PF005", lambda pdf: pdf.trailer.Info.__delitem__("/GTS_PDFXVersion")),
    "alpha": ("PF046", resource("ExtGState", "New", lambda pdf: Dictionary(ca=0.5), SPOT + STATE)),
    "blend": ("PF046", resource("ExtGState", "New", lambda pdf: Dictionary(BM=Name.Multiply), SPOT + STATE)),
    "group": ("PF046", lambda pdf: first(pdf).__setitem__("/Group", Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK))),
    "image-mask": ("PF046", resource("XObject", "New", lambda pdf: sample.add_image(pdf, 118, 118, SMask=sample.add_image(pdf, 118, 118, bytes(118 * 118), ColorSpace=Name.DeviceGray)), PLACED)),
    "layers": ("PF014", lambda pdf: pdf.Root.__setitem__("/OCProperties", Dictionary(OCGs=Array(), D=Dictionary()))),
    "jpx": ("PF074", lambda pdf: pdf.Root.__setitem__("/Extra", pdf.make_indirect(Stream(pdf, b"x", Filter=Name.JPXDecode)))),
    "no-date": ("PF013", lambda pdf: pdf.trailer.Info.__delitem__("/ModDate")),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(BAD_OLD))
def test_bad_x1a_fails_for_its_own_reason(case: str) -> None:
    code, edit = BAD_OLD[case]
    result = inspect(spoil("x-1a", edit), replace(OLD, tools=case != "jpx"))
    assert result.codes() == (code,), [(f.code, f.page, f.message) for f in result.findings]


def test_object_streams_do_not_belong_in_pdf_1_4() -> None:
    modern = pikepdf.ObjectStreamMode.generate
    data = spoil("x-1a", lambda pdf: None, version="1.6", object_stream_mode=modern)
    data = data.replace(b"%PDF-1.6", b"%PDF-1.4", 1)
    assert inspect(data, OLD).codes() == ("PF004",)


# ---- reading back ----------------------------------------------------------------------


def test_wrong_glyphs_behind_right_text_are_seen() -> None:
    """The fault of font subsets that share a name: extraction is perfect, paper is not."""
    numbers = sample.font_parts()[1]
    pairs = dict(zip("aniouhtcm", "niaxecbom", strict=True))

    def edit(pdf: Pdf) -> None:
        gids = bytearray(b"".join(i.to_bytes(2, "big") for i in range(max(numbers.values()) + 1)))
        for right, wrong in pairs.items():
            at = 2 * numbers[right]
            gids[at : at + 2] = numbers[wrong].to_bytes(2, "big")
        program(pdf).CIDToGIDMap = pdf.make_indirect(Stream(pdf, bytes(gids)))

    result = inspect(spoil("x-4", edit), replace(SPEC, ocr_pages=1))
    assert "PF068" in result.codes()
    assert set(result.codes()) <= {"PF068", "PF069"}  # the drawn letters are also wider
    assert result.facts.read_back[0][1] < 0.5


def test_hidden_legal_line_does_not_count() -> None:
    shown = sample.code(LAST[0]) + b" Tj"
    result = inspect(spoil("x-4", swap(shown, b"3 Tr " + shown + b" 0 Tr", 3)), SPEC)
    (found,) = [item for item in result.findings if item.code == "PF067"]
    assert "không in ra" in found.message


# ---- places ----------------------------------------------------------------------------


def test_place_is_in_mm_from_the_top_left_of_the_trim() -> None:
    x, y = TRIM[0] + 50 * MM, TRIM[3] - 80 * MM
    edit = draw(b"q 1 0 0 rg %.4f %.4f %.4f %.4f re f Q\n" % (x, y, 30 * MM, 20 * MM), 2)
    (found,) = inspect(spoil("x-4", edit), replace(SPEC, tools=False)).findings
    assert found.page == 3
    assert found.place is not None
    place = found.place
    assert (place.x, place.y, place.width, place.height) == (50.0, 60.0, 30.0, 20.0)


def test_marks_outside_the_bleed_are_left_alone() -> None:
    """Registration colour, thin lines and slug text belong there."""
    outside = b"q /All cs 1 scn 60 8 m 80 8 l 80 20 l f Q q 0 0 0 1 k /Over gs BT /F1 8 Tf 90 15 Td %s Tj ET Q\n"
    assert inspect(spoil("x-4", draw(outside % WORD)), SPEC).findings == ()


def test_imposed_sides_hold_first_and_last_page() -> None:
    def edit(pdf: Pdf) -> None:
        sheet = (TRIM[0], TRIM[1], TRIM[0] + 380 * MM, TRIM[3])
        for page in pdf.pages:
            page.obj.MediaBox = grow(sheet, 20)
            page.obj.TrimBox, page.obj.BleedBox = Array(sheet), grow(sheet, 3)
            width, height = sheet[2] - sheet[0] + 6 * MM, BLEED[3] - BLEED[1]
            wide = b"q 0.05 0 0.1 0 k %.3f %.3f %.3f %.3f re f Q\n" % (
                BLEED[0],
                BLEED[1],
                width,
                height,
            )
            redraw(page.obj, lambda body, wide=wide: wide + body)
        last = sample.lines(LAST, sheet[2] - 500, 400, 14, 20)
        draw(b"q 0 0 0 1 k /Over gs " + last + b" Q\n", 0)(pdf)

    spec = replace(SPEC, trim_width=380.0, multiple=2, tools=False)
    assert inspect(spoil("x-4", edit), spec).findings == ()


# ---- PDF/UA-1 ----------------------------------------------------------------------------


def tag(pdf: Pdf, role: str, number: int = 0) -> Any:
    """The n-th structure element of a role."""
    found = [
        item for item in pdf.objects
        if isinstance(item, Dictionary) and item.get("/Type") == Name.StructElem and str(item.S) == f"/{role}"
    ]  # fmt: skip
    return found[number]


def wrap_heading(body: bytes) -> bytes:
    """The heading inside an artifact."""
    return body.replace(b"/H1", b"/Artifact BMC /H1", 1).replace(b"EMC", b"EMC EMC", 1)


def role(old: str, new: str) -> Edit:
    return lambda pdf: tag(pdf, old).__setitem__("/S", Name("/" + new))


def role_map(**roles: str) -> Edit:
    def edit(pdf: Pdf) -> None:
        mapped = {"/" + key: Name("/" + value) for key, value in roles.items()}
        pdf.Root.StructTreeRoot.RoleMap = Dictionary(mapped)

    return edit


def around(old: str, new: str) -> Edit:
    """Another tag between the first tag of a role and the one above it."""

    def edit(pdf: Pdf) -> None:
        inner = tag(pdf, old)
        above = inner.P
        outer = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + new), P=above, K=Array([inner]))
        )
        inner.P = outer
        above.K = Array([outer if kid.objgen == inner.objgen else kid for kid in above.K])

    return edit


def both(*edits: Edit) -> Edit:
    def edit(pdf: Pdf) -> None:
        for one in edits:
            one(pdf)

    return edit


def empty_cell(pdf: Pdf) -> None:
    """One cell more in the second row than in the first."""
    row = tag(pdf, "TR", 1)
    row.K.append(pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.TD, P=row)))


def tall_cell(pdf: Pdf) -> None:
    """The only cell of the first row reaches into the second, which has one of its own."""
    tag(pdf, "TH").A = Dictionary(O=Name.Table, Scope=Name.Column, RowSpan=2)


def twin_notes(pdf: Pdf) -> None:
    for note in (tag(pdf, "P", 0), tag(pdf, "P", 1)):
        note.S, note.ID = Name.Note, String("n1")


def bare(pdf: Pdf, role_: str, above: str) -> Any:
    """A new tag without content under the first tag of a role."""
    return pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name("/" + role_), P=tag(pdf, above))
    )


def parent_row(change: Callable[[Any], Any]) -> Edit:
    return lambda pdf: change(pdf.Root.StructTreeRoot.ParentTree.Nums)


def swap_owners(nums: Any) -> None:
    nums[1][2], nums[1][3] = nums[1][3], nums[1][2]


def form_twice(pdf: Pdf) -> None:
    """Tagged content moves into a form that is painted twice."""
    page = first(pdf)
    form = pdf.make_indirect(
        Stream(pdf, b"/P <</MCID 0>> BDC 0.5 g 60 60 100 2 re f EMC", Type=Name.XObject,
               Subtype=Name.Form, BBox=[0, 0, 600, 800], StructParents=9)
    )  # fmt: skip
    page.Resources.XObject = Dictionary(X=form)
    owner = tag(pdf, "P")
    owner.K.append(Dictionary(Type=Name.MCR, Pg=page, Stm=form, MCID=0))
    nums = pdf.Root.StructTreeRoot.ParentTree.Nums
    nums.append(9)
    nums.append(Array([owner]))
    redraw(page, lambda body: body + b"/X Do /X Do\n")


def widget(pdf: Pdf) -> None:
    note = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[60, 60, 90, 70], F=4)
    )
    first(pdf).Annots.append(note)
    pdf.Root.AcroForm = Dictionary(Fields=Array([note]))


def note_annotation(pdf: Pdf) -> None:
    note = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[60, 60, 90, 70], F=4, Contents=String("a"))
    )  # fmt: skip
    first(pdf).Annots.append(note)


BAD_UA: dict[str, tuple[str, Edit]] = {
    "no-tree": ("PF101", lambda pdf: pdf.Root.__delitem__("/StructTreeRoot")),
    "not-marked": ("PF102", lambda pdf: pdf.Root.__delitem__("/MarkInfo")),
    "no-language": ("PF103", lambda pdf: pdf.Root.__delitem__("/Lang")),
    "title-hidden": ("PF104", lambda pdf: pdf.Root.ViewerPreferences.__setitem__("/DisplayDocTitle", False)),
    "no-title": ("PF105", lambda pdf: pdf.Root.Metadata.write(sample.xmp("ua-1").replace("Bản tin thử".encode(), b""))),
    "no-alt": ("PF106", lambda pdf: tag(pdf, "Figure").__delitem__("/Alt")),
    "heading-skip": ("PF107", lambda pdf: tag(pdf, "H2").__setitem__("/S", Name.H3)),
    "no-h1": ("PF107", lambda pdf: tag(pdf, "H1").__setitem__("/S", Name.P)),
    "no-th": ("PF108", lambda pdf: tag(pdf, "TH").__setitem__("/S", Name.TD)),
    "no-scope": ("PF108", lambda pdf: tag(pdf, "TH").__delitem__("/A")),
    "link-silent": ("PF109", lambda pdf: first(pdf).Annots[0].__delitem__("/Contents")),
    "link-untagged": ("PF109", lambda pdf: tag(pdf, "Link").__setitem__("/S", Name.Span)),
    "untagged": ("PF110", draw(b"0.5 g 60 60 100 2 re f\n", 0)),
    "tag-in-artifact": ("PF110", lambda pdf: redraw(first(pdf), wrap_heading)),
    "artifact-in-tag": ("PF110", swap(b"/H1 <</MCID 0>> BDC", b"/H1 <</MCID 0>> BDC /Artifact BMC EMC", 0)),
    "no-bookmarks": ("PF111", lambda pdf: pdf.Root.__delitem__("/Outlines")),
    "no-claim": ("PF112", lambda pdf: pdf.Root.Metadata.write(sample.xmp("ua-1").replace(b'pdfuaid:part="1"', b""))),
    "strange-role": ("PF113", lambda pdf: tag(pdf, "P").__setitem__("/S", Name.Paragraph)),
    "lost-content": ("PF114", swap(b"/P <</MCID 3>>", b"/P <</MCID 99>>", 0)),
    "no-parent-tree": ("PF114", lambda pdf: pdf.Root.StructTreeRoot.__delitem__("/ParentTree")),
    "no-tab-order": ("PF115", lambda pdf: first(pdf).__delitem__("/Tabs")),
    "bad-list": ("PF116", lambda pdf: tag(pdf, "LBody").__setitem__("/S", Name.P)),
    "body-outside-item": ("PF116", role("P", "LBody")),
    "list-caption-last": ("PF116", lambda pdf: tag(pdf, "L").K.append(bare(pdf, "Caption", "L"))),
    "bad-tag-language": ("PF103", lambda pdf: tag(pdf, "P").__setitem__("/Lang", String("tiếng Anh"))),
    "mixed-headings": ("PF107", role("P", "H")),
    "ragged-table": ("PF108", empty_cell),
    "cells-overlap": ("PF108", tall_cell),
    "two-table-heads": ("PF108", both(around("TR", "THead"), around("TR", "THead"))),
    "head-without-body": ("PF108", around("TR", "THead")),
    "row-outside-table": ("PF108", around("TR", "Sect")),
    "note-annotation": ("PF109", note_annotation),
    "standard-remapped": ("PF113", role_map(P="H1")),
    "circular-map": ("PF113", role_map(Absatz="Para", Para="Absatz")),
    "content-of-two-tags": ("PF114", lambda pdf: tag(pdf, "H2").K.append(0)),
    "mark-used-twice": ("PF114", draw(b"/P <</MCID 0>> BDC 0.5 g 60 60 9 2 re f EMC\n", 0)),
    "parent-tree-astray": ("PF114", parent_row(swap_owners)),
    "link-astray": ("PF114", parent_row(lambda nums: nums.__setitem__(3, nums[1][0]))),
    "wrong-parent": ("PF114", lambda pdf: tag(pdf, "H2").__setitem__("/P", tag(pdf, "Table"))),
    "form-painted-twice": ("PF114", form_twice),
    "loose-contents-entry": ("PF117", role("P", "TOCI")),
    "contents-of-paragraphs": ("PF117", around("P", "TOC")),
    "loose-ruby": ("PF118", role("P", "RT")),
    "document-in-document": ("PF118", around("P", "Document")),
    "note-without-id": ("PF119", role("P", "Note")),
    "two-notes-one-id": ("PF119", twin_notes),
    "widget-without-name": ("PF120", widget),
    "xfa": ("PF120", lambda pdf: pdf.Root.__setitem__("/AcroForm", Dictionary(Fields=Array(), XFA=Array([String("a")])))),
    "nameless-layers": ("PF121", lambda pdf: pdf.Root.__setitem__("/OCProperties", Dictionary(OCGs=Array(), D=Dictionary()))),
    "link-to-nowhere": ("PF122", lambda pdf: first(pdf).Annots[0].__setitem__("/Dest", String("không có"))),
    "bookmark-to-nowhere": ("PF122", lambda pdf: pdf.Root.Outlines.First.__delitem__("/Dest") or pdf.Root.Outlines.First.__setitem__("/A", Dictionary(S=Name.GoTo, D=String("x")))),
    "no-to-unicode": ("PF061", lambda pdf: first(pdf).Resources.Font.F1.__delitem__("/ToUnicode")),
    "script": ("PF010", lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript, JS=String("1")))),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(BAD_UA))
def test_bad_tagged_file_fails_for_its_own_reason(case: str) -> None:
    code, edit = BAD_UA[case]
    expected = {code, "PF065"} if case == "no-to-unicode" else {code}
    result = inspect(spoil("ua-1", edit), replace(SCREEN, tools=False))
    assert set(result.codes()) == expected, [(f.code, f.message) for f in result.findings]


def test_role_map_leads_strange_roles_home() -> None:
    def edit(pdf: Pdf) -> None:
        tag(pdf, "P").S = Name.Paragraph
        pdf.Root.StructTreeRoot.RoleMap = Dictionary(Paragraph=Name.P)

    assert inspect(spoil("ua-1", edit), SCREEN).findings == ()


# ---- rendering and command -----------------------------------------------------------------


def test_text_and_json_tell_the_same() -> None:
    result = inspect(spoil("x-4", BAD["rgb-text"][1]), replace(SPEC, tools=False))
    text = render_text(result, "so-1.pdf")
    assert "PF040" in text
    assert "trang 2" in text
    assert "KHÔNG ĐẠT: 1 lỗi" in text
    value = json.loads(json.dumps(result.as_dict(), ensure_ascii=False))
    assert value["findings"][0]["code"] == "PF040"
    assert value["facts"]["pages"][0]["trim"] == [190.0, 270.0]


def test_certificate_is_one_page_and_repeatable() -> None:
    label = Label("ban-tin-so-1.pdf", "ab" * 32, "25/3/2026", "Bản tin Khoa học và Kỹ thuật")
    worst = tuple(
        find(code, f"{item.name} " * 12, 1 + i) for i, (code, item) in enumerate(CODES.items())
    )
    for findings in ((), worst):
        result = Result(findings, inspect(base("x-4"), replace(SPEC, tools=False)).facts, SPEC)
        data = certificate(result, label, FONTS)
        assert data == certificate(result, label, FONTS)
        with pikepdf.open(BytesIO(data)) as pdf:
            assert len(pdf.pages) == 1


def test_run_tells_by_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(base("x-4"))
    bad.write_bytes(spoil("x-4", BAD["rgb-text"][1]))
    said: list[str] = []
    spec = replace(SPEC, tools=False)
    options = Options(spec, out=said.append, err=said.append, date="25/3/2026", fonts=FONTS)
    paper = tmp_path / "phieu.pdf"
    assert run(good, replace(options, certificate=paper)) == 0
    assert paper.read_bytes().startswith(b"%PDF-")
    assert run(bad, replace(options, format="json")) == 1
    assert json.loads(said[-1])["verdict"] == "fail"
    assert run(tmp_path / "none.pdf", options) == 2
    assert run(good, replace(options, spec=replace(spec, standard="x-9"))) == 2
    assert run(good, replace(options, format="xml")) == 2
    assert run(good, replace(options, certificate=paper, fonts={})) == 2
    monkeypatch.setattr(tools.shutil, "which", lambda name: None)
    assert run(good, replace(options, demand_tools=True)) == 3
    assert "tesseract" in said[-1]


def test_missing_tools_are_noted_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.shutil, "which", lambda name: None)
    result = inspect(base("x-4"), SPEC)
    assert result.codes() == ("PF081",)
    assert len(result.findings) == len(tools.TOOLS) == len(result.facts.skipped)
    assert result.verdict == "pass"
    assert "ĐẠT (chưa kiểm đủ)" in render_text(result, "so-1.pdf")


def test_it_knows_nothing_of_how_files_are_made() -> None:
    for path in sorted((ROOT / "bulletin" / "preflight").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bulletin"):
                assert (node.module or "").startswith(("bulletin.preflight", "bulletin.diag")), (
                    path.name
                )


def test_every_code_is_told_somewhere() -> None:
    """No code in the table that no check can give, and no check that gives an unknown code."""
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "bulletin" / "preflight").glob("*.py"))
        if path.name != "codes.py"
    )
    assert [code for code in CODES if f'"{code}"' not in source] == []


@pytest.mark.parametrize("kind", ["x-4", "ua-1"])
def test_no_bytes_make_it_stumble(kind: str) -> None:
    """Damage at many places: always a verdict, never an exception."""
    spec = replace({"x-4": SPEC, "ua-1": SCREEN}[kind], tools=False)
    data = bytearray(spoil(kind, lambda pdf: None, compress_streams=False))
    for step in range(24):
        damaged = bytearray(data)
        for at in range(20 + step * 7, len(damaged), 997 + 131 * step):
            damaged[at] = b"/0<>[]()% "[(at + step) % 10]
        assert inspect(bytes(damaged), spec).verdict == "fail"


# ---- small parts ---------------------------------------------------------------------------


def test_functions_are_evaluated() -> None:
    pdf = Pdf.new()
    half = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0], C1=[1, 0.5], N=2)
    assert function(half)([0.5]) == (0.25, 0.125)
    both = Dictionary(
        FunctionType=3, Domain=[0, 1], Bounds=[0.5], Encode=[0, 1, 1, 0], Functions=[half, half]
    )
    assert function(both)([0.75]) == (0.25, 0.125)
    code = Stream(
        pdf,
        b"{ dup 0.5 gt { 1 exch sub } { 2 mul } ifelse 3 1 roll pop }",
        FunctionType=4,
        Domain=[0, 1, 0, 1, 0, 1],
        Range=[0, 1, 0, 1],
    )
    assert function(code)([0.1, 0.2, 0.9]) == pytest.approx((0.1, 0.1))
    table = Stream(
        pdf, bytes([0, 255]), FunctionType=0, Domain=[0, 1], Range=[0, 1], Size=[2], BitsPerSample=8
    )
    assert function(table)([1.0]) == (1.0,)
    with pytest.raises(ValueError, match="differ"):
        function(Dictionary(FunctionType=2, Domain=[0, 1], C0=[0], C1=[1, 1], N=1))


def test_unicode_tables_are_read() -> None:
    table = b"1 beginbfchar <01> <1EBF> endbfchar 2 beginbfrange <02> <03> <0061> <04> <05> [<0041> <0110>] endbfrange"
    assert dict(cmap(table, b"bf")) == {1: "ế", 2: "a", 3: "b", 4: "A", 5: "Đ"}
