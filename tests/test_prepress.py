"""The finisher: small raw files go in, and a walk that shares no code with it looks at the result."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from bulletin.diag import Severity
from bulletin.prepress import Finished, PressSpec, finish
from bulletin.prepress.functions import evaluate
from bulletin.prepress.inks import Colour, Inks, limited

THEME = Path(__file__).parent.parent / "themes" / "lhh"
OUTPUT = (THEME / "print/icc/FOGRA39L_coated.icc").read_bytes()
CONVERT = (THEME / "print/icc/khcn39.icc").read_bytes()
SERIF = (THEME / "fonts/SourceSerif4-Regular.ttf").as_uri()
MM = 72 / 25.4
ALIVE: list[pikepdf.Pdf] = []

SPEC = PressSpec(
    trim_width=60,
    trim_height=80,
    output_profile=OUTPUT,
    convert_profile=CONVERT,
    title="Bản tin “thử” & <in>",
    publisher="Liên hiệp Hội",
    identifier="0123456789abcdef0123456789abcdef",
    moment="2026-03-25T08:00:00+07:00",
    palette=(
        ("#1F2440", (80, 64, 0, 72)),
        ("#FAF6EC", (0, 0, 0, 0)),
        ("#B8393A", (0, 90, 70, 25)),
    ),
    black_text=("#1F2440",),
)
SHEET = f"""@font-face {{ font-family: S; src: url({SERIF}) }}
@page {{ size: 60mm 80mm; margin: 6mm; bleed: 3mm }}
html {{ font: 10pt/13pt S; color: #1F2440 }} body, p {{ margin: 0 }}"""


def raw(body: str, sheet: str = "", **options: Any) -> bytes:
    import weasyprint

    html = f"<style>{SHEET}{sheet}</style>{body}"
    data: bytes = weasyprint.HTML(string=html).write_pdf(**options)
    return data


def canvas(content: bytes, **resources: Any) -> bytes:
    """A raw page of 60 × 80 mm with bleed, drawn by hand."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(66 * MM, 86 * MM))
    page = pdf.pages[0].obj
    page.TrimBox = Array([3 * MM, 3 * MM, 63 * MM, 83 * MM])
    page.Contents = pdf.make_stream(content)
    page.Resources = Dictionary(
        {f"/{key}": value(pdf) if callable(value) else value for key, value in resources.items()}
    )
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def uri(image: Image.Image, kind: str = "PNG", **options: Any) -> str:
    import base64

    out = io.BytesIO()
    image.save(out, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(out.getvalue()).decode()}"


def photo(wide: int, high: int) -> Image.Image:
    """Something with many colours."""
    image = Image.linear_gradient("L").resize((wide, high))
    bands = (image, image.rotate(180), Image.radial_gradient("L").resize((wide, high)))
    return Image.merge("RGB", bands)


def codes(done: Finished) -> set[str]:
    return {note.code for note in done.facts.diagnostics}


def pdf_of(done: Finished | bytes) -> pikepdf.Pdf:
    pdf = pikepdf.open(io.BytesIO(done if isinstance(done, bytes) else done.data))
    ALIVE.append(pdf)  # objects die with their file
    return pdf


# ---- the independent walk ------------------------------------------------------------------------

COLOUR = {"rg", "RG", "g", "G", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "gs", "sh"}


def streams(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every object of the file that is drawn from, reachable or not."""
    for page in pdf.pages:
        yield page.obj
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/CharProcs" in item:
            for name in item.CharProcs:
                yield item.CharProcs[name]
        if isinstance(item, pikepdf.Stream) and (
            item.get("/Subtype") == "/Form" or item.get("/PatternType") == 1
        ):
            yield item


def operators(pdf: pikepdf.Pdf) -> Iterator[tuple[str, list[Any]]]:
    for stream in streams(pdf):
        for operands, operator in pikepdf.parse_content_stream(stream):
            yield str(operator), list(operands)


def masks(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Groups of luminosity masks, the only place for grey."""
    found: set[tuple[int, int]] = set()
    for item in pdf.objects:
        if (
            isinstance(item, pikepdf.Dictionary)
            and "/G" in item
            and item.get("/S")
            in (
                "/Luminosity",
                "/Alpha",
            )
        ):
            found.add(item.G.objgen)
    return found


def words(item: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    """All names inside an object, through references."""
    if isinstance(item, pikepdf.Object) and item.is_indirect:
        if item.objgen in seen:
            return
        seen.add(item.objgen)
    if isinstance(item, pikepdf.Name):
        yield str(item)
    elif isinstance(item, pikepdf.Array):
        for part in item:
            yield from words(part, seen)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in item:
            if key not in ("/Parent", "/P"):
                yield from words(item[key], seen)


def outside_ink(data: bytes) -> list[str]:
    """What is neither CMYK, nor black, nor a separation of all plates."""
    pdf = pdf_of(data)
    wrong = [f"{op} {args}" for op, args in operators(pdf) if op in ("rg", "RG")]
    bad = {"/DeviceRGB", "/CalRGB", "/CalGray", "/Lab", "/ICCBased"}
    names: set[str] = set()
    for page in pdf.pages:
        names |= set(words(page.obj, set()))
    wrong += sorted(names & bad)
    soft = masks(pdf)
    for stream in streams(pdf):
        if stream.objgen in soft or str(stream.get("/Type")) == "/Page":
            continue
        wrong += [
            f"{op}"
            for _, op in pikepdf.parse_content_stream(stream)
            if str(op) in ("g", "G") and str(stream.get("/Subtype")) != "/Form"
        ]
    for item in pdf.objects:
        group = (
            item.get("/Group") if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)) else None
        )
        if group is not None and group.get("/CS") not in ("/DeviceCMYK", "/DeviceGray", None):
            wrong.append(f"group {group.CS}")
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)) and "/ShadingType" in item:
            domain = [float(v) for v in item.Function.Domain]
            count = len(evaluate(item.Function, domain[0::2]))
            if count != {"/DeviceCMYK": 4, "/DeviceGray": 1}.get(str(item.ColorSpace)):
                wrong.append(f"shading with {count} components in {item.ColorSpace}")
    return wrong


def inks_of(data: bytes) -> set[tuple[float, ...]]:
    return {
        tuple(round(float(v), 4) for v in args)
        for op, args in operators(pdf_of(data))
        if op in ("k", "K")
    }


def text_states(pdf: pikepdf.Pdf) -> Iterator[tuple[tuple[float, ...], bool]]:
    """(fill, overprints) at every show operator of the pages themselves."""
    for page in pdf.pages:
        states = page.obj.Resources.get("/ExtGState", {})
        fill: tuple[float, ...] = ()
        over = False
        stack: list[tuple[tuple[float, ...], bool]] = []
        for operands, op in pikepdf.parse_content_stream(page):
            name = str(op)
            if name == "q":
                stack.append((fill, over))
            elif name == "Q":
                fill, over = stack.pop()
            elif name == "k":
                fill = tuple(float(v) for v in operands)
            elif name == "gs" and "/op" in states[str(operands[0])]:
                state = states[str(operands[0])]
                assert int(state.OPM) == 1
                over = bool(state.op)
            elif name in ("Tj", "TJ"):
                yield fill, over


def plates(data: bytes, *options: str) -> Image.Image:
    """The first page as inks, by Ghostscript, 100 ppi."""
    if not shutil.which("gs"):
        pytest.skip("Ghostscript không có trên máy này")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.pdf", Path(folder) / "a.tif"
        source.write_bytes(data)
        subprocess.run(
            ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiff32nc", "-r100",
             "-dFirstPage=1", "-dLastPage=1", *options, "-o", target, source],
            capture_output=True, check=True,
        )  # fmt: skip
        image = Image.open(io.BytesIO(target.read_bytes()))
        image.load()
    assert image.mode == "CMYK"
    return image


# ---- colours -------------------------------------------------------------------------------------

FULL = f"""<p>Chữ đen <b style="opacity:.5">mờ</b> <span style="color:#B8393A">đào</span> 😀</p>
<div style="height:8mm;background:linear-gradient(#B8393A,rgba(255,255,255,0),#00f)"></div>
<div style="height:8mm;background:radial-gradient(red,blue 30%,lime)"></div>
<div style="box-shadow:2px 2px 5px rgba(0,0,0,.4);border:3px inset #88a">x</div>
<img style="width:4mm" src="{uri(Image.new("RGBA", (60, 60), (200, 30, 30, 120)))}">
<img style="width:4mm" src="{uri(photo(60, 60), "JPEG")}">
<img style="width:4mm" src="{uri(photo(60, 60).quantize(16))}">
<img style="width:4mm" src="{uri(Image.new("1", (100, 100), 1))}">
<svg width="40" height="40"><linearGradient id="a"><stop offset="0" stop-color="red"/>
<stop offset="1" stop-color="blue" stop-opacity=".2"/></linearGradient>
<rect width="40" height="40" fill="url(#a)"/></svg>
<p style="color:lab(50 40 20)">lab <a href="https://example.vn">nối</a></p><input value="abc">"""


@pytest.mark.parametrize("options", [{}, {"output_intent": "device-cmyk"}], ids=["rgb", "cmyk"])
def test_no_rgb_is_left_anywhere(options: dict[str, Any]) -> None:
    data = raw(FULL, **options)
    assert outside_ink(data)  # the walk sees what it must
    done = finish(data, SPEC)
    assert outside_ink(done.data) == []
    assert codes(done) == set()
    assert done.facts.operators > 10
    assert done.facts.gradients >= 4


def test_brand_colours_are_exact_greys_are_black_and_the_rest_keeps_to_the_limit() -> None:
    done = finish(
        canvas(
            b"0.72157 0.22353 0.22745 rg 20 20 40 40 re f 0.5 0.5 0.502 rg 70 20 40 40 re f "
            b"0 0.3 0.9 rg 20 70 40 40 re f 1 1 1 rg 70 70 9 9 re f 0.3 g 90 90 9 9 re f"
        ),
        SPEC,
    )
    found = inks_of(done.data)
    assert {(0, 0.9, 0.7, 0.25), (0, 0, 0, 0)} <= found
    greys = {ink for ink in found if ink[:3] == (0, 0, 0) and 0 < ink[3] < 1 and ink[3] != 0.5}
    assert len(greys) == 2
    assert done.facts.max_ink <= 300


def test_black_curve_is_measured_not_one_minus_level() -> None:
    inks = Inks((), (), (OUTPUT, CONVERT), 300)
    assert inks.black(0) == 1
    assert inks.black(1) == 0
    assert 0.58 < inks.black(0.5) < 0.68  # dot gain of offset would darken 50 % too much
    assert inks.press(Colour("rgb", (0.0, 0.0, 0.0))) == (0, 0, 0, 1)


def test_ink_over_the_limit_gives_way_in_colours_not_in_black() -> None:
    shrunk = limited((1, 1, 1, 0.5), 3.0)
    assert sum(shrunk) <= 3.0
    assert shrunk[3] == 0.5
    assert limited((1, 0.5, 0, 0), 3.0) == (1, 0.5, 0, 0)


def test_a_palette_colour_over_the_limit_is_reported_with_its_page() -> None:
    spec = replace(SPEC, palette=(("#00FF00", (100, 100, 100, 20)),))
    done = finish(canvas(b"0 1 0 rg 20 20 40 40 re f"), spec)
    (note,) = [note for note in done.facts.diagnostics if note.code == "PD023"]
    assert "trang 1" in note.message
    assert "320" in note.message
    assert done.facts.max_ink == 320


def test_spot_and_calibrated_colours_become_process_inks() -> None:
    def spaces(pdf: pikepdf.Pdf) -> Dictionary:
        tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 1, 1], C1=[1, 0, 0], N=1)
        program = pdf.make_stream(b"{dup 0.5 mul exch 0.25 mul 0 exch 0}")
        program.FunctionType, program.Domain = 4, Array([0, 1])
        program.Range = Array([0, 1] * 4)
        srgb = pdf.make_stream(b"no profile at all")
        srgb.N = 3
        table = pikepdf.String(bytes((255, 0, 0, 0, 0, 255)))
        return Dictionary(
            Spot=Array([Name.Separation, Name("/Do"), Name.DeviceRGB, tint]),
            Calc=Array([Name.Separation, Name("/Xanh"), Name.DeviceCMYK, program]),
            Icc=Array([Name.ICCBased, srgb]),
            Row=Array([Name.Indexed, Name.DeviceRGB, 1, table]),
            Black=Array([Name.Separation, Name.Black, Name.DeviceCMYK, program]),
        )

    body = b" 20 20 40 40 re f "
    parts = (b"/Spot cs 1 scn", b"/Calc cs 1 scn", b"/Icc cs 0 1 0 scn", b"/Row cs 1 sc")
    content = body.join(parts) + body + b"/Black cs 0.4 scn" + body
    done = finish(canvas(content, ColorSpace=spaces), SPEC)
    assert codes(done) == set()
    assert outside_ink(done.data) == []
    found = inks_of(done.data)
    assert (0.5, 0, 0.25, 0) in found
    assert (0, 0, 0, 0.4) in found
    names = {str(args[0]) for op, args in operators(pdf_of(done)) if op in ("cs", "CS")}
    assert names <= {"/PrAll"}


def test_patterns_glyphs_and_inline_pictures_are_reached() -> None:
    def patterns(pdf: pikepdf.Pdf) -> Dictionary:
        tile = pdf.make_stream(b"1 0 0 rg 0 0 4 4 re f")
        tile.PatternType, tile.PaintType, tile.TilingType = 1, 1, 1
        tile.BBox, tile.XStep, tile.YStep = Array([0, 0, 8, 8]), 8, 8
        tile.Resources = Dictionary()
        plain = pdf.make_stream(b"0 0 4 4 re f")
        plain.PatternType, plain.PaintType, plain.TilingType = 1, 2, 1
        plain.BBox, plain.XStep, plain.YStep = Array([0, 0, 8, 8]), 8, 8
        plain.Resources = Dictionary()
        return Dictionary(Tile=tile, Plain=plain)

    def fonts(pdf: pikepdf.Pdf) -> Dictionary:
        glyph = pdf.make_stream(b"600 0 d0 0 1 0 rg 0 0 500 500 re f")
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 600, 600],
            FontMatrix=[0.001, 0, 0, 0.001, 0, 0], CharProcs=Dictionary(a=glyph),
            Encoding=Dictionary(Differences=[97, Name.a]), FirstChar=97, LastChar=97,
            Widths=[600], Resources=Dictionary(),
        )  # fmt: skip
        return Dictionary(F=pdf.make_indirect(font))

    content = (
        b"/Pattern cs /Tile scn 10 10 60 60 re f /Tint cs 0 0 1 /Plain scn 80 10 60 60 re f "
        b"BT /F 20 Tf 20 100 Td (a) Tj ET "
        b"q 9 0 0 9 20 150 cm BI /W 2 /H 1 /CS /RGB /BPC 8 ID \xff\x00\x00\x00\x00\xff EI Q"
    )
    spaces = Dictionary(Tint=Array([Name.Pattern, Name.DeviceRGB]))
    done = finish(canvas(content, Pattern=patterns, Font=fonts, ColorSpace=spaces), SPEC)
    assert outside_ink(done.data) == []
    assert [fact.pixels for fact in done.facts.images] == [(2, 1)]
    ink = plates(done.data)
    dots = {ink.getpixel((x, y)) for x in range(ink.width) for y in range(ink.height)}
    assert len({dot for dot in dots if sum(dot) > 60}) >= 4


# ---- text, rules, overprint ----------------------------------------------------------------------

LETTERS = """<p>Khoa học và kỹ thuật ắ ệ ỗ</p><hr style="border:0;border-top:.5pt solid #1F2440">
<p style="color:#fff;background:#1F2440">chữ trắng</p><p style="color:#B8393A">chữ đào</p>
<p style="color:#000;background:#FAF6EC">chữ đen trên giấy dó</p>"""


def test_black_letters_are_k_alone_and_overprint_and_white_ones_knock_out() -> None:
    done = finish(raw(LETTERS), SPEC)
    states = list(text_states(pdf_of(done)))
    assert {over for fill, over in states if fill == (0, 0, 0, 1)} == {True}
    assert {over for fill, over in states if fill != (0, 0, 0, 1)} == {False}
    assert {fill for fill, _ in states} == {(0, 0, 0, 1), (0, 0, 0, 0), (0, 0.9, 0.6, 0)}


SIZES = '<p style="color:#B8393A;font-size:{}">chữ đào</p>'


def test_small_letters_get_two_inks_and_large_ones_keep_theirs() -> None:
    def inks(size: str, spec: PressSpec) -> set[Any]:
        return {fill for fill, _ in text_states(pdf_of(finish(raw(SIZES.format(size)), spec)))}

    named = replace(SPEC, letters=(("#B8393A", (0, 95, 65, 0)),))
    assert inks("13pt", SPEC) == inks("13pt", named) == {(0, 0.9, 0.7, 0.25)}
    assert inks("8pt", SPEC) == {(0, 0.9, 0.6, 0)}
    assert inks("8pt", named) == {(0, 0.95, 0.65, 0)}


def test_brand_ink_is_black_in_letters_and_rules_but_indigo_in_areas() -> None:
    done = finish(
        canvas(
            b"0.12157 0.14118 0.25098 rg 0.12157 0.14118 0.25098 RG 20 20 60 60 re f "
            b"20 100 60 0.7 re f 0.5 w 20 120 m 90 120 l S 8 w 20 140 m 90 140 l S"
        ),
        SPEC,
    )
    content = done.data
    pdf = pdf_of(content)
    assert inks_of(content) >= {(0, 0, 0, 1), (0.8, 0.64, 0, 0.72)}
    used = [
        (name, tuple(float(v) for v in args) if name in "kK" else str(args[0]))
        for name, args in (
            (str(op), list(a)) for a, op in pikepdf.parse_content_stream(pdf.pages[0])
        )
        if name in ("k", "K", "gs")
    ]
    indigo, black = (0.8, 0.64, 0.0, 0.72), (0.0, 0.0, 0.0, 1.0)
    assert used == [
        ("k", indigo), ("k", black), ("gs", "/PrO10"), ("K", black), ("gs", "/PrO01"),
        ("K", indigo), ("gs", "/PrO00"),
    ]  # fmt: skip


def test_a_border_seen_through_a_thin_clip_is_a_rule_and_a_black_area_does_not_overprint() -> None:
    done = finish(
        canvas(
            b"q 20 100 60 0.7 re W n 0.12157 0.14118 0.25098 rg 0 0 180 200 re f Q "
            b"0 0 0 rg 20 20 60 60 re f"
        ),
        replace(SPEC, marks=False),
    )
    page = pdf_of(done).pages[0]
    assert inks_of(done.data) == {(0, 0, 0, 1)}
    names = [str(a[0]) for a, op in pikepdf.parse_content_stream(page) if str(op) == "gs"]
    assert names == ["/PrO10"]  # inside q … Q: over again when the area comes


def test_glyphs_that_take_the_text_colour_may_not_set_one() -> None:
    def fonts(pdf: pikepdf.Pdf) -> Dictionary:
        glyph = pdf.make_stream(b"600 0 0 0 500 500 d1 1 0 0 rg 0 0 500 500 re f")
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 600, 600],
            FontMatrix=[0.001, 0, 0, 0.001, 0, 0], CharProcs=Dictionary(a=glyph),
            Encoding=Dictionary(Differences=[97, Name.a]), FirstChar=97, LastChar=97,
            Widths=[600],
        )  # fmt: skip
        return Dictionary(F=pdf.make_indirect(font))

    done = finish(canvas(b"BT /F 20 Tf 20 100 Td (a) Tj ET", Font=fonts), SPEC)
    pdf = pdf_of(done)
    glyph = pdf.pages[0].obj.Resources.Font.F.CharProcs.a
    used = {str(op) for _, op in pikepdf.parse_content_stream(glyph)}
    assert used == {"d1", "re", "f"}


def test_pictures_inside_tiles_and_forms_are_measured_where_they_stand() -> None:
    def picture(pdf: pikepdf.Pdf) -> Any:
        data = photo(100, 100).tobytes()
        return packed(pdf, data, (100, 100), ColorSpace=Name.DeviceRGB, BitsPerComponent=8)

    def patterns(pdf: pikepdf.Pdf) -> Dictionary:
        tile = pdf.make_stream(b"36 0 0 36 0 0 cm /Im Do")
        tile.PatternType, tile.PaintType, tile.TilingType = 1, 1, 1
        tile.BBox, tile.XStep, tile.YStep = Array([0, 0, 36, 36]), 36, 36
        tile.Matrix = Array([0.5, 0, 0, 0.5, 0, 0])
        tile.Resources = Dictionary(XObject=Dictionary(Im=picture(pdf)))
        return Dictionary(Tile=tile)

    def forms(pdf: pikepdf.Pdf) -> Dictionary:
        form = pdf.make_stream(b"10 0 0 10 0 0 cm /Im Do")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 10, 10])
        form.Matrix = Array([2, 0, 0, 2, 0, 0])
        form.Resources = Dictionary(XObject=Dictionary(Im=picture(pdf)))
        return Dictionary(Fm=form)

    content = b"/Pattern cs /Tile scn 9 9 60 60 re f q 1.2 0 0 1.2 80 80 cm /Fm Do Q /Fm Do"
    done = finish(canvas(content, Pattern=patterns, XObject=forms), SPEC)
    sizes = sorted(round(fact.width_mm * MM, 2) for fact in done.facts.images)
    assert sizes == [18, 20, 24]


def test_hairlines_are_made_as_thick_as_a_plate_holds() -> None:
    done = finish(
        canvas(b"q 0.1 0 0 0.1 0 0 cm 1 w 200 200 m 900 200 l S 5 w 200 300 m 900 300 l S Q"), SPEC
    )
    assert done.facts.hairlines == 1
    page = pdf_of(done).pages[0]
    widths = [float(a[0]) for a, op in pikepdf.parse_content_stream(page) if str(op) == "w"]
    assert widths == [1, 2.5, 1, 5]


def test_separations_of_black_text_hold_black_only() -> None:
    ink = plates(finish(raw("<p>Khoa học và kỹ thuật</p>"), replace(SPEC, marks=False)).data)
    cyan, magenta, yellow, black = ink.split()
    assert [band.getextrema()[1] for band in (cyan, magenta, yellow)] == [0, 0, 0]
    assert black.getextrema()[1] == 255


def test_black_overprints_a_tint_instead_of_cutting_it() -> None:
    body = '<p style="background:#B8393A;color:#000;font-size:40pt;line-height:50pt">đen</p>'
    data = finish(raw(body), replace(SPEC, marks=False)).data
    image = plates(data, "-dOverprint=/enable")
    colours = [c for _, c in image.getcolors(1 << 16) or [] if c[3] == 255]
    assert colours
    assert all(abs(c[1] - 0.9 * 255) <= 2 for c in colours)


# ---- pictures ------------------------------------------------------------------------------------


def pictures(pdf: pikepdf.Pdf) -> list[Any]:
    return [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
    ]


def test_a_photograph_is_brought_down_to_300_ppi_never_up() -> None:
    body = f"""<img style="width:20mm" src="{uri(photo(900, 600), "JPEG", quality=95)}">
    <img style="width:20mm" src="{uri(photo(240, 160), "JPEG")}">"""
    done = finish(raw(body), SPEC)
    large, small = sorted(done.facts.images, key=lambda fact: -fact.ppi)
    assert large.page == 1
    assert abs(large.ppi - 900 / (20 / 25.4)) < 2
    assert abs(large.width_mm - 20) < 0.05
    assert abs(large.written[0] / (20 / 25.4) - 300) < 2
    assert small.pixels == small.written
    for item in pictures(pdf_of(done)):
        assert item.Filter == "/DCTDecode"
        assert item.ColorSpace == "/DeviceCMYK"
        jpeg: Any = Image.open(io.BytesIO(item.read_raw_bytes()))
        assert jpeg.mode == "CMYK"
        assert {(h, v) for _, h, v, _ in jpeg.layer} == {(1, 1)}  # 4:4:4
        assert [int(v) for v in item.Decode] == [1, 0] * 4


def test_a_photograph_keeps_its_colours_on_paper() -> None:
    """Red stays red, and what the decoder of another program sees is not a negative."""
    image = photo(300, 300)
    ImageDraw.Draw(image).rectangle((0, 0, 299, 150), fill=(200, 40, 40))
    body = f'<img style="width:25mm;display:block" src="{uri(image, "JPEG", quality=95)}">'
    ink = plates(finish(raw(body), replace(SPEC, marks=False)).data)
    cyan, magenta, yellow, _ = ink.getpixel((60, 60))
    assert cyan < 30
    assert magenta > 180
    assert yellow > 140
    assert (
        max(sum(ink.getpixel((x, y))) for x in range(36, 130, 3) for y in range(36, 130, 3))
        <= 3.1 * 255
    )


@pytest.mark.parametrize(("pixels", "code"), [(250, "PD021"), (150, "PD020")])
def test_small_pictures_are_named_with_page_and_resolution(pixels: int, code: str) -> None:
    body = f'<p>x</p><p style="break-before:page"><img style="width:25.4mm" src="{uri(photo(pixels, 99), "JPEG")}">'
    done = finish(raw(body), SPEC)
    assert codes(done) == {code}
    (note,) = done.facts.diagnostics
    assert "trang 2" in note.message
    assert str(pixels) in note.message
    assert note.severity is (Severity.ERROR if code == "PD020" else Severity.WARNING)
    assert note.hint


def test_line_art_below_600_is_a_warning() -> None:
    def images(pdf: pikepdf.Pdf) -> Dictionary:
        picture = pdf.make_stream(b"\xaa" * 50)
        picture.Type, picture.Subtype, picture.ImageMask = Name.XObject, Name.Image, True
        picture.Width, picture.Height, picture.BitsPerComponent = 20, 16, 1
        picture.write(b"\xaa\xaa\xa0" * 16)
        return Dictionary(Im=picture)

    done = finish(canvas(b"q 10 0 0 8 20 20 cm /Im Do Q", XObject=images), SPEC)
    assert codes(done) == {"PD022"}
    assert done.facts.images[0].kind == "line"


def test_diagrams_of_few_colours_take_the_inks_of_the_palette() -> None:
    image = Image.new("RGB", (400, 300), "#FAF6EC")
    ImageDraw.Draw(image).rectangle((0, 0, 200, 300), fill="#B8393A")
    ImageDraw.Draw(image).line((0, 0, 400, 300), fill="#000000", width=4)
    done = finish(raw(f'<img style="width:25mm" src="{uri(image)}">'), SPEC)
    (item,) = pictures(pdf_of(done))
    assert item.ColorSpace[0] == "/Indexed"
    assert item.ColorSpace[1] == "/DeviceCMYK"
    table = bytes(item.ColorSpace[3])
    rows = {tuple(table[n : n + 4]) for n in range(0, len(table), 4)}
    assert rows == {(0, 0, 0, 0), (0, 230, 179, 64), (0, 0, 0, 255)}


def test_grey_photographs_become_black_alone() -> None:
    grey = photo(300, 300).convert("L").convert("RGB")
    done = finish(raw(f'<img style="width:25mm" src="{uri(grey, "JPEG")}">'), SPEC)
    (item,) = pictures(pdf_of(done))
    assert item.ColorSpace == "/DeviceGray"


def packed(pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int], **keys: Any) -> Any:
    picture = pdf.make_stream(data)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height = size
    for key, value in keys.items():
        picture[f"/{key}"] = value
    return picture


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_every_bit_depth_is_read(depth: int) -> None:
    """Left half red, right half white, 40 × 4 pixels."""

    def row() -> bytes:
        full = "1" * min(depth, 8) + "0" * (depth - 8)  # of 16 bits only the upper half counts
        none = "0" * min(depth, 8) + "1" * (depth - 8)
        bits = "".join(full + none * 2 if x < 20 else full * 3 for x in range(40))
        return int(bits, 2).to_bytes(len(bits) // 8, "big")

    def images(pdf: pikepdf.Pdf) -> Dictionary:
        return Dictionary(
            Im=packed(pdf, row() * 4, (40, 4), ColorSpace=Name.DeviceRGB, BitsPerComponent=depth)
        )

    done = finish(canvas(b"q 9 0 0 0.9 20 20 cm /Im Do Q", XObject=images), SPEC)
    assert codes(done) <= {"PD022"}
    (item,) = pictures(pdf_of(done))
    table, data = bytes(item.ColorSpace[3]), item.read_bytes()
    left, right = table[data[0] * 4 :][:4], table[data[39] * 4 :][:4]
    assert right == bytes(4)
    assert left[1] > 200
    assert left[0] < 20


def test_colour_key_masks_become_stencils() -> None:
    def images(pdf: pikepdf.Pdf) -> Dictionary:
        pixels = bytes((255, 0, 255)) * 8 + bytes((10, 200, 10)) * 8
        return Dictionary(
            Im=packed(
                pdf, pixels, (16, 1), ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
                Mask=Array([250, 255, 0, 5, 250, 255]),
            )
        )  # fmt: skip

    done = finish(canvas(b"q 3 0 0 0.2 20 20 cm /Im Do Q", XObject=images), SPEC)
    stencil = next(item for item in pictures(pdf_of(done)) if item.get("/ImageMask"))
    assert stencil.read_bytes() == b"\xff\x00"  # ones are masked out


def test_a_damaged_picture_is_an_error_not_a_crash() -> None:
    def images(pdf: pikepdf.Pdf) -> Dictionary:
        keys = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8}
        return Dictionary(Im=packed(pdf, b"\xff\xd8 not a jpeg", (40, 40), **keys))

    assert codes(finish(canvas(b"q 9 0 0 9 20 20 cm /Im Do Q", XObject=images), SPEC)) == {"PD030"}


def test_a_picture_that_came_as_ink_passes_untouched_and_is_weighed() -> None:
    image = Image.new("CMYK", (300, 300), (51, 102, 153, 204))
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), fill=(255, 255, 255, 200))
    body = f'<img style="width:25mm" src="{uri(image, "JPEG", quality=98)}">'
    data = raw(body)
    before = {hashlib.sha256(item.read_raw_bytes()).digest() for item in pictures(pdf_of(data))}
    done = finish(data, SPEC)
    after = {hashlib.sha256(item.read_raw_bytes()).digest() for item in pictures(pdf_of(done))}
    assert before == after
    assert "PD023" in codes(done)
    assert 365 < done.facts.max_ink < 390


# ---- transparency --------------------------------------------------------------------------------

VEIL = '<div style="height:20mm;background:#B8393A;opacity:.5"></div>'
ALPHA = uri(Image.new("RGBA", (100, 100), (184, 57, 58, 128)))


def live(pdf: pikepdf.Pdf) -> list[str]:
    """What X-1a forbids."""
    found = []
    for item in pdf.objects:
        if not isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        if item.get("/S") == "/Transparency":
            found.append("group")
        if "/Group" in item:
            found.append("group")
        if "/SMask" in item:
            found.append("soft mask")
        found += [key for key in ("/ca", "/CA") if key in item and float(item[key]) < 1]
    return found


def test_x4_keeps_transparency_and_its_groups_blend_in_ink() -> None:
    done = finish(raw(VEIL + f'<img style="width:8mm" src="{ALPHA}">'), SPEC)
    assert codes(done) == set()
    assert "soft mask" in live(pdf_of(done))
    assert outside_ink(done.data) == []


def test_x1a_lays_alpha_on_the_one_colour_below() -> None:
    spec = replace(SPEC, standard="x-1a")
    done = finish(raw(VEIL + f'<img style="width:8mm" src="{ALPHA}">'), spec)
    assert codes(done) == set()
    assert live(pdf_of(done)) == []
    assert done.facts.flattened >= 2
    assert (0, 0.45, 0.35, 0.125) in inks_of(done.data)
    opaque, glass = plates(done.data), plates(finish(raw(VEIL), SPEC).data)
    spot = (90, 90)
    assert all(
        abs(a - b) <= 3 for a, b in zip(opaque.getpixel(spot), glass.getpixel(spot), strict=True)
    )


def test_x1a_names_the_page_of_a_transparent_object_over_several_colours() -> None:
    under = '<div style="height:9mm;background:linear-gradient(red,blue)"></div>'
    body = f'<p>x</p><div style="break-before:page">{under}<img style="width:8mm;margin-top:-5mm" src="{ALPHA}"></div>'
    done = finish(raw(body), replace(SPEC, standard="x-1a"))
    (note,) = [note for note in done.facts.diagnostics if note.code == "PD024"]
    assert note.severity is Severity.ERROR
    assert "trang 2" in note.message
    assert live(pdf_of(done)) == []


def test_a_mask_that_hides_nothing_goes() -> None:
    full = uri(Image.new("RGBA", (100, 100), (184, 57, 58, 255)))
    done = finish(raw(f'<img style="width:8mm" src="{full}">'), SPEC)
    assert "soft mask" not in live(pdf_of(done))


# ---- the file ------------------------------------------------------------------------------------


def millimetres(page: Any, box: str) -> list[float]:
    return [float(value) / MM for value in page[box]]


@pytest.mark.parametrize("drawn", [True, False])
def test_boxes_are_right_to_a_hundredth_of_a_millimetre(drawn: bool) -> None:
    spec = replace(SPEC, marks=drawn)
    done = finish(raw("<p>một</p><p style='break-before:page'>hai</p>"), spec)
    assert done.pages == 2
    room = spec.slug if drawn else 0
    for page in pdf_of(done).pages:
        trim, bleed = millimetres(page.obj, "/TrimBox"), millimetres(page.obj, "/BleedBox")
        media = millimetres(page.obj, "/MediaBox")
        assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx([60, 80], abs=0.01)
        assert [b - t for b, t in zip(bleed, trim, strict=True)] == pytest.approx(
            [-3, -3, 3, 3], abs=0.01
        )
        far = 3 + room
        assert [m - t for m, t in zip(media, trim, strict=True)] == pytest.approx(
            [-far, -far, far, far], abs=0.01
        )
        assert millimetres(page.obj, "/CropBox") == media
        assert ("/PrMarks" in page.obj.Resources.get("/XObject", {})) is drawn


def test_nothing_of_the_page_runs_into_the_marks() -> None:
    """An area larger than the raw page ends at the bleed."""
    ink = plates(finish(canvas(b"1 0 0 rg -99 -99 999 999 re f"), SPEC).data)
    edge = round(9 / 25.4 * 100)
    assert sum(ink.getpixel((edge + 4, edge + 20))) > 0
    assert sum(ink.getpixel((edge - 4, edge + 20))) == 0


def test_marks_stand_outside_the_bleed_on_all_plates() -> None:
    ink = plates(finish(raw(""), SPEC).data)
    inner = 9 / 25.4 * 100
    box = (
        round(inner) + 1,
        round(inner) + 1,
        round(ink.width - inner) - 1,
        round(ink.height - inner) - 1,
    )
    assert ink.crop(box).getextrema() == ((0, 0),) * 4
    assert [low_high[1] for low_high in ink.getextrema()] == [255] * 4
    crop = [
        ink.getpixel((x, round((12 / 25.4) * 100) + d)) for x in range(4, 30) for d in (-1, 0, 1)
    ]
    assert (255, 255, 255, 255) in crop


def test_a_page_of_another_size_or_without_bleed_is_refused() -> None:
    assert codes(finish(raw("x", "@page { size: 61mm 80mm }"), SPEC)) == {"PD026"}
    assert codes(finish(raw("x", "@page { bleed: 2mm }"), SPEC)) == {"PD027"}


@pytest.mark.parametrize(
    ("standard", "version", "key"),
    [("x-4", "1.6", "PDF/X-4"), ("x-1a", "1.4", "PDF/X-1a:2003")],
)
def test_standard_intent_and_metadata(standard: str, version: str, key: str) -> None:
    data = raw("<h1>Đầu đề</h1><a href='https://example.vn'>x</a>", pdf_variant="pdf/ua-1")
    done = finish(data, replace(SPEC, standard=standard))
    pdf = pdf_of(done)
    assert pdf.pdf_version == version
    assert done.data.startswith(f"%PDF-{version}".encode())
    assert (b"/ObjStm" in done.data) is (standard == "x-4")
    assert set(pdf.Root) == {"/Type", "/Pages", "/Lang", "/OutputIntents", "/Metadata"}
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFX"
    assert str(intent.OutputConditionIdentifier) == "FOGRA39"
    assert str(intent.RegistryName) == "http://www.color.org"
    assert intent.DestOutputProfile.read_bytes() == OUTPUT
    assert int(intent.DestOutputProfile.N) == 4
    info = pdf.trailer.Info
    assert str(info.GTS_PDFXVersion) == key
    assert str(info.Title) == SPEC.title
    assert str(info.CreationDate) == "D:20260325080000+07'00'"
    assert info.Trapped == "/False"
    xmp = pdf.Root.Metadata.read_bytes().decode("utf-8")
    assert f"GTS_PDFXVersion>{key}<" in xmp
    assert "Bản tin “thử” &amp; &lt;in&gt;" in xmp
    assert "2026-03-25T08:00:00+07:00" in xmp
    assert "uuid:01234567-89ab-cdef-0123-456789abcdef" in xmp
    assert not [page for page in pdf.pages if "/Annots" in page.obj]
    assert not [op for op, _ in operators(pdf) if op in ("BDC", "BMC", "EMC")]


def test_bytes_and_ids_are_the_same_every_time_and_follow_the_content() -> None:
    data = raw(FULL)
    first, second = finish(data, SPEC), finish(data, SPEC)
    assert first == second
    other = finish(raw(FULL + "<p>thêm</p>"), SPEC)
    ids = [bytes(part) for part in pdf_of(first).trailer.ID]
    assert ids[0] == bytes.fromhex(SPEC.identifier)
    assert bytes(pdf_of(other).trailer.ID[1]) != ids[1]
    assert bytes(pdf_of(other).trailer.ID[0]) == ids[0]


@pytest.mark.parametrize("standard", ["x-4", "x-1a"])
def test_qpdf_finds_nothing(standard: str, tmp_path: Path) -> None:
    done = finish(raw(FULL), replace(SPEC, standard=standard))
    file = tmp_path / "press.pdf"
    file.write_bytes(done.data)
    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
    if shutil.which("qpdf"):
        said = subprocess.run(
            ["qpdf", "--check", file], capture_output=True, text=True, check=False
        )
        assert said.returncode == 0
        assert "WARNING" not in said.stdout + said.stderr


def test_a_profile_that_is_no_printer_is_refused() -> None:
    from PIL import ImageCms

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for wrong in (srgb, b"", b"x" * 400):
        done = finish(raw("x"), replace(SPEC, output_profile=wrong))
        assert codes(done) == {"PD028"}
        assert done.data == b""


def test_layers_are_refused() -> None:
    content = b"/OC /L BDC 1 0 0 rg 20 20 9 9 re f EMC"
    assert codes(
        finish(canvas(content, Properties=Dictionary(L=Dictionary(Type=Name.OCG))), SPEC)
    ) == {"PD029"}


def test_what_an_annotation_shows_becomes_part_of_the_page() -> None:
    pdf = pdf_of(canvas(b"0 g 9 9 9 9 re f"))
    look = pdf.make_stream(b"1 0 0 rg 0 0 20 20 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 20, 20])
    stamp = Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=[40, 40, 60, 60], F=4, AP=Dictionary(N=look)
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp)])
    out = io.BytesIO()
    pdf.save(out)
    done = finish(out.getvalue(), SPEC)
    assert "/Annots" not in pdf_of(done).pages[0].obj
    assert outside_ink(done.data) == []
    assert any(ink[1] > 0.8 and ink[2] > 0.5 and ink[0] < 0.1 for ink in inks_of(done.data))


# ---- functions -----------------------------------------------------------------------------------


def test_functions_are_evaluated_as_the_format_says() -> None:
    pdf = pikepdf.new()
    power = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 1], C1=[1, 0], N=2)
    assert evaluate(power, [0.5]) == pytest.approx([0.25, 0.75])
    stitch = Dictionary(
        FunctionType=3, Domain=[0, 1], Bounds=[0.5], Encode=[0, 1, 1, 0],
        Functions=Array([power, power]),
    )  # fmt: skip
    assert evaluate(stitch, [0.75]) == pytest.approx([0.25, 0.75])
    table = pdf.make_stream(bytes((0, 128, 255)))
    table.FunctionType, table.Domain, table.Range = 0, Array([0, 1]), Array([0, 1])
    table.Size, table.BitsPerSample = Array([3]), 8
    assert evaluate(table, [0.25]) == pytest.approx([64 / 255])
    program = pdf.make_stream(b"{ dup 0.5 gt { pop 1 } { 2 mul 3 1 roll exch 1 index } ifelse }")
    program.FunctionType, program.Domain = 4, Array([0, 1, 0, 1, 0, 1])
    program.Range = Array([0, 2] * 4)
    assert evaluate(program, [0.1, 0.2, 0.25]) == pytest.approx([0.5, 0.2, 0.1, 0.2])
