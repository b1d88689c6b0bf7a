"""The reader's file: tags from the markup, artifacts, light pictures, the same look."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest
from conftest import AS_OF, CONFIG, FONTS, LIGHT, THEME, WORDS, Make, Project, article
from PIL import Image

from bulletin import build as pipeline
from bulletin import outputs
from bulletin.diag import Report
from bulletin.outputs import press
from bulletin.preflight import Spec, inspect
from bulletin.preflight.structure import Element, attribute, read
from bulletin.screen import ScreenSpec, screen, tags
from bulletin.screen.metadata import srgb
from bulletin.screen.pictures import slim
from bulletin.store import Store

HOUSE = FONTS.parent
SPEC = ScreenSpec(
    "Bản tin thử", "Nhà xuất bản thử", "Chủ đề", "0" * 32, "2026-03-25T00:00:00+07:00"
)
CHECK = Spec(standard="ua-1", multiple=1, bleed=0.0, ocr_pages=0, tools=False)
SHEET = f"""
@font-face {{ font-family: LHH; src: url(file://{FONTS}/BeVietnamPro-Regular.ttf) }}
@page {{ size: 190mm 270mm; bleed: 3mm; margin: 20mm; @top-left {{ content: "Đầu trang" }}
         @bottom-right {{ content: counter(page) }} }}
body {{ font: 10pt LHH }} h1 {{ bookmark-level: 1 }}
"""
HEAD = "<h1 id=top>Bài một</h1>"
DRAWING = '<svg viewBox="0 0 9 9" width="20" height="20"{}><path d="M0 0h9v9z"/>{}</svg>'


def laid(body: str, css: str = "") -> Any:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    sheet = CSS(string=SHEET + css, font_config=fonts)
    page = (
        f'<!doctype html><html lang="vi"><head><title>Thử</title></head><body>{body}</body></html>'
    )
    return HTML(string=page).render(stylesheets=[sheet], font_config=fonts)


@cache
def written(body: str, css: str = "") -> bytes:
    return screen(laid(body, css), SPEC)


def tree(data: bytes) -> tuple[pikepdf.Pdf, list[Element]]:
    pdf = pikepdf.open(io.BytesIO(data))
    found = read(pdf.Root)
    assert found is not None
    return pdf, list(found.all())


def outline(body: str, css: str = "") -> str:
    """The tree as words: ``Document(H1 P(Link))``; the heading that every sample has is left out."""
    _, found = tree(written(HEAD + body, css))

    def told(element: Element) -> str:
        inner = " ".join(told(kid) for kid in element.kids)
        return f"{element.role}({inner})" if inner else element.role

    return " ".join(told(kid) for kid in found[0].kids[1:])


def sound(body: str, css: str = "") -> None:
    """The independent check has nothing to say."""
    result = inspect(written(HEAD + body, css), CHECK)
    assert [(item.code, item.message) for item in result.findings] == []


# ---- tags --------------------------------------------------------------------------------

TAGS = {
    "paragraphs": ("<p>Một <b>hai</b> ba.</p><div>Bốn</div>", "P P"),
    "wrappers": ("<main><header><div><p>Một</p></div></header></main>", "P"),
    "sections": ("<article><section><h2>A</h2><p>b</p></section></article>", "Art(Sect(H2 P))"),
    "quote": ("<blockquote><p>Một</p></blockquote>", "BlockQuote(P)"),
    "code": ("<p>Gõ <code>ls</code></p><pre><code>x</code></pre>", "P(Code) P(Code)"),
    "list": ("<ol><li>a</li><li>b</li></ol>", "L(LI(Lbl LBody) LI(Lbl LBody))"),
    "list-in-list": ("<ul><li>a<ul><li>b</li></ul></li></ul>", "L(LI(Lbl LBody(L(LI(Lbl LBody)))))"),
    "terms": ("<dl><dt>a</dt><dd>b</dd><dd>c</dd></dl>", "L(LI(Lbl LBody LBody))"),
    "table": (
        "<table><thead><tr><th>a<th>b</thead><tbody><tr><td>1<td></tbody></table>",
        "Table(THead(TR(TH TH)) TBody(TR(TD TD)))",
    ),
    "figure": (
        "<figure>" + DRAWING.format(" aria-label=Hình", "") + "<figcaption>Lời</figcaption></figure>",
        "Div(Figure Caption)",
    ),
    "link": ('<p>Xem <a href="#top">bài</a>.</p>', "P(Link)"),
    "link-block": ('<div><a href="#top" style="display:block">bài</a></div>', "P(Link)"),
    "note": (
        '<p>Một<sup><a role=doc-noteref href="#n1">1</a></sup></p>'
        '<section role=doc-endnotes><h2>Chú thích</h2><ol><li id=n1>Hai</li></ol></section>',
        "P(Reference(Link)) Sect(H2 Note(Lbl))",
    ),
    "contents": (
        '<section role=doc-toc><div role=listitem><p>Mục</p><a href="#top">bài</a></div>'
        '<div role=listitem><a href="#top">bài</a></div></section>',
        "Sect(TOC(TOCI(P Reference(Link)) TOCI(Reference(Link))))",
    ),
    "formula": ('<p>Có <span role=math aria-label="x">' + DRAWING.format("", "") + "</span></p>", "P(Formula)"),
    "levels": ("<h3>a</h3><p>b</p><h3>c</h3><h2>d</h2><h3>e</h3>", "H2 P H2 H2 H3"),
    "language": ('<p>Tên <i lang="en">The Lancet</i></p>', "P(Span)"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(TAGS))
def test_markup_decides_the_tags(case: str) -> None:
    body, expected = TAGS[case]
    assert outline(body) == expected
    sound(body)


ORNAMENTS = {
    "empty-alt": '<img alt="" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 '
    'width=%229%22 height=%229%22%3E%3Cpath d=%22M0 0h9v9z%22/%3E%3C/svg%3E">',
    "hidden-drawing": DRAWING.format(' aria-hidden="true"', ""),
    "hidden-words": '<p aria-hidden="true">Vẽ bằng chữ</p>',
    "unseen-words": '<p style="visibility: hidden">Không in</p>',
    "sign-of-the-theme": '<div class="end"></div>',
}


@pytest.mark.parametrize("case", sorted(ORNAMENTS))
def test_ornaments_are_artifacts(case: str) -> None:
    css = '.end::after { content: "◆" }'
    assert outline(f"{ORNAMENTS[case]}<p>Chữ</p>", css) == "P"
    sound(f"{ORNAMENTS[case]}<p>Chữ</p>", css)


def test_drawing_without_words_is_not_hidden() -> None:
    """It stays a figure, so that the check can complain."""
    result = inspect(written(HEAD + DRAWING.format("", "")), CHECK)
    assert result.codes() == ("PF106",)


@pytest.mark.parametrize(
    "drawing",
    [
        DRAWING.format(' aria-label="Ba ô vuông"', ""),
        DRAWING.format("", "<title>Ba ô vuông</title>"),
        '<div role="img" aria-label="Ba ô vuông">' + DRAWING.format(' aria-hidden="true"', "") + "</div>",
    ],
)  # fmt: skip
def test_alternative_text_reaches_the_tag(drawing: str) -> None:
    pdf, found = tree(written(HEAD + drawing))
    (figure,) = [item for item in found if item.role == "Figure"]
    assert str(figure.obj.Alt) == "Ba ô vuông"
    left, bottom, right, top = (float(edge) for edge in attribute(figure, "BBox"))
    box = [float(edge) for edge in pdf.pages[0].mediabox]
    assert box[0] <= left < right <= box[2]
    assert box[1] <= bottom < top <= box[3]


def test_running_heads_and_folios_are_artifacts() -> None:
    body = HEAD + "<p>Chữ</p>"
    with pikepdf.open(io.BytesIO(written(body))) as pdf:
        stream = pdf.pages[0].Contents.read_bytes()
    assert stream.count(b"/Artifact <</Type /Pagination>> BDC") == 2
    assert set(re.findall(rb"MCID (\d+)", stream)) == {b"0", b"1"}
    sound("<p>Chữ</p>")


def test_one_element_over_pages_is_one_tag() -> None:
    body = f"<article><p>{'Câu này dài. ' * 900}</p></article>"
    assert outline(body) == "Art(P)"
    pdf, found = tree(written(HEAD + body))
    assert len(pdf.pages) > 1
    (paragraph,) = [item for item in found if item.role == "P"]
    pages = {kid.Pg.objgen for kid in paragraph.obj.K if not isinstance(kid, int)}
    assert len(pages) == len(pdf.pages) - 1  # those of its own page are plain numbers
    sound(body)


def test_repeated_head_of_a_table_is_read_once() -> None:
    rows = "".join(f"<tr><td>{n}<td>b</tr>" for n in range(90))
    body = f"<table><thead><tr><th>Đầu<th>Bảng</thead><tbody>{rows}</tbody></table>"
    assert len(pikepdf.open(io.BytesIO(written(HEAD + body))).pages) > 1
    assert outline(body).count("THead(TR(TH TH))") == 1
    assert outline(body).count("TH") == 3
    sound(body)


def test_header_cells_say_what_they_head() -> None:
    body = (
        "<table><thead><tr><th>a<th colspan=2>b</thead><tbody>"
        "<tr><th>c<td>1<td>2</tr><tr><th scope=row>d<td>1<td>2</tr></tbody></table>"
    )
    _, found = tree(written(HEAD + body))
    heads = [item for item in found if item.role == "TH"]
    assert [str(attribute(head, "Scope")) for head in heads] == ["/Column", "/Column", "/Row", "/Row"]  # fmt: skip
    assert attribute(heads[1], "ColSpan") == 2
    sound(body)


def test_language_of_a_passage() -> None:
    body = '<article lang="vi"><p lang="vi">a</p></article><article lang="tyz"><p>b</p></article>'
    _, found = tree(written(HEAD + body))
    langs = [str(item.obj.get("/Lang", "")) for item in found if item.role in ("Art", "P")]
    assert langs == ["", "", "tyz", ""]
    sound(body)


def test_link_says_its_words_and_has_one_spot() -> None:
    body = (
        '<a href="#top" style="display: block">Mục<span style="display: block">Bài một</span></a>'
        '<p><a href="https://example.vn/">Trang web</a></p>'
    )
    pdf, _ = tree(written(HEAD + body))
    notes = list(pdf.pages[0].Annots)
    assert [str(note.Contents) for note in notes] == ["Mục Bài một", "Trang web (https://example.vn/)"]  # fmt: skip
    assert pdf.pages[0].Tabs == pikepdf.Name.S
    sound(body)


def test_words_inside_a_group_with_opacity() -> None:
    """They are drawn in a form of their own, where the parent tree must find them."""
    body = '<div style="opacity: .5"><p>Mờ đi</p></div><p>Rõ</p>'
    assert outline(body) == "P P"
    _pdf, found = tree(written(HEAD + body))
    (place,) = [
        item.obj.K for item in found if item.role == "P" and not isinstance(item.obj.K, int)
    ]
    assert "/StructParents" in place.Stm
    sound(body)


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler-utils missing")
def test_words_of_two_lines_stay_two_words(tmp_path: Any) -> None:
    body = HEAD + '<p style="width: 60pt">Liên hiệp các hội khoa học</p><p>CO<sub>2</sub>!</p>'
    path = tmp_path / "a.pdf"
    path.write_bytes(written(body))
    done = subprocess.run(["pdfinfo", "-struct-text", str(path)], capture_output=True, check=True)
    parts = re.findall(r'"(.*)"', done.stdout.decode())
    text = "".join(parts)
    assert "Liên hiệp các hội khoa học" in text
    assert "CO2!" in text


# ---- the file ------------------------------------------------------------------------------


def test_same_document_same_bytes() -> None:
    body = HEAD + "<p>Chữ</p>" + DRAWING.format(' aria-label="Hình"', "")
    assert written(body) == screen(laid(body), SPEC)
    document = laid(body)
    before = list(document.pages)
    assert screen(document, SPEC) == screen(document, SPEC)
    assert document.pages == before


def test_what_the_file_says_of_itself() -> None:
    with pikepdf.open(io.BytesIO(written(HEAD))) as pdf:
        assert str(pdf.Root.Lang) == "vi"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260325000000+07'00'"
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert '<rdf:li xml:lang="vi">Bản tin thử</rdf:li>' in xmp
        assert "2026-03-25T00:00:00+07:00" in xmp
        assert pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes() == srgb()
        assert [float(edge) for edge in pdf.pages[0].mediabox[:2]] == [0, 0]
        assert "/BleedBox" not in pdf.pages[0]


def rendered(data: bytes, folder: Any, name: str) -> list[bytes]:
    source = folder / f"{name}.pdf"
    source.write_bytes(data)
    subprocess.run(
        ["pdftoppm", "-r", "40", "-cropbox", str(source), str(folder / name)], check=True
    )
    return [path.read_bytes() for path in sorted(folder.glob(f"{name}-*.ppm"))]


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils missing")
def test_it_looks_as_the_engine_drew_it(tmp_path: Any) -> None:
    body = HEAD + "".join(part for part, _ in TAGS.values()) + "".join(ORNAMENTS.values())
    out = io.BytesIO()
    laid(body).write_pdf(out)
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        for page in pdf.pages:
            page.mediabox = page.trimbox
            del page.obj["/BleedBox"]
        plain = io.BytesIO()
        pdf.save(plain)
    assert rendered(written(body), tmp_path, "a") == rendered(plain.getvalue(), tmp_path, "b")


# ---- pictures --------------------------------------------------------------------------------


def photo(width: int, height: int) -> Image.Image:
    """Something with the grain of a photograph."""
    noise = Image.effect_noise((width, height), 60)
    return Image.merge("RGB", (noise, noise.rotate(90).resize((width, height)), noise.rotate(180)))


def placed(data: bytes, kind: str, size: tuple[int, int], mode: str = "/DeviceRGB") -> Any:
    pdf = pikepdf.Pdf.new()
    stream = pikepdf.Stream(pdf, b"")
    stream.write(data, filter=pikepdf.Name(kind))
    stream.Width, stream.Height = size
    stream.BitsPerComponent, stream.ColorSpace = 8, pikepdf.Name(mode)
    return pdf, pdf.make_indirect(stream)


def jpeg(image: Image.Image, quality: int = 95) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def test_photograph_is_as_fine_as_a_screen() -> None:
    data = jpeg(photo(1500, 1000))
    pdf, picture = placed(data, "/DCTDecode", (1500, 1000))
    slim(pdf, picture, (216.0, 144.0), 180, 80)
    assert (picture.Width, picture.Height) == (540, 360)
    assert Image.open(io.BytesIO(picture.read_raw_bytes())).size == (540, 360)
    assert len(picture.read_raw_bytes()) < len(data) / 5


def test_coarse_photograph_stays_as_it_is() -> None:
    data = jpeg(photo(300, 200), 50)
    pdf, picture = placed(data, "/DCTDecode", (300, 200))
    slim(pdf, picture, (216.0, 144.0), 180, 80)
    assert picture.read_raw_bytes() == data


def test_photograph_without_loss_becomes_jpeg_and_a_drawing_does_not() -> None:
    import zlib

    pdf, picture = placed(zlib.compress(photo(300, 200).tobytes()), "/FlateDecode", (300, 200))
    slim(pdf, picture, (216.0, 144.0), 180, 60)
    assert picture.Filter == "/DCTDecode"
    flat = Image.new("RGB", (300, 200), "white")
    flat.paste("black", (40, 40, 90, 160))
    data = zlib.compress(flat.tobytes())
    pdf, picture = placed(data, "/FlateDecode", (300, 200))
    slim(pdf, picture, (216.0, 144.0), 180, 80)
    assert picture.read_raw_bytes() == data


@pytest.mark.parametrize("space", ["/DeviceCMYK", "/Lab"])
def test_other_colours_are_left_alone(space: str) -> None:
    data = jpeg(photo(1500, 1000))
    pdf, picture = placed(data, "/DCTDecode", (1500, 1000), space)
    slim(pdf, picture, (72.0, 48.0), 180, 80)
    assert picture.read_raw_bytes() == data


# ---- in a build ------------------------------------------------------------------------------


def images(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
            yield item


def test_press_keeps_the_picture_that_the_screen_makes_light(project: Make) -> None:
    files = {
        **LIGHT,
        "themes/plain/print/print.css": THEME["print/print.css"] + "img { width: 120mm }",
        "content/2026/so-1/mot.md": article(
            body=f"{WORDS}\n\n:::figure anh.jpg\nalt: Đồng lúa\ncaption: Lúa.\ncredit: Thử\n:::\n"
        ),
        "content/2026/so-1/anh.jpg": jpeg(photo(3000, 1500)),
    }
    made = project(files)
    outcome = made.build(("print",))
    assert not outcome.failed, outcome.diagnostics
    found = made.tree()
    with pikepdf.open(io.BytesIO(found["print/2026/ban-tin-so-1-2026.pdf"])) as pdf:
        (light,) = [int(image.Width) for image in images(pdf)]
        words = [str(item.obj.Alt) for item in tree_of(pdf) if item.role == "Figure"]
        count = len(pdf.pages)
    with pikepdf.open(io.BytesIO(found["print/2026/ban-tin-so-1-2026-in.pdf"])) as pdf:
        (full,) = [int(image.Width) for image in images(pdf)]
        assert len(pdf.pages) == count
    assert words == ["Đồng lúa"]
    assert light * 1.3 < full


def as_it_comes(made: Project) -> Any:
    """The issue laid out once, without the search for what fits best."""
    report = Report()
    with Store(made.root / "memo") as store:
        ready = pipeline.prepare(made.root, store, "tools", AS_OF, False, report)
        assert ready is not None
        source = outputs.Source(ready.config, ready.assembly, ready.theme, ("print",))
        (job,) = outputs.jobs(source)
        studio = pipeline.workshop(ready, store, "tools").studio()
        page, _ = press.document(job.page, job.template, studio)
        return press.Engine(job.page, studio).lay(page)


def test_the_house_theme_passes_the_check(project: Make) -> None:
    theme = {
        path.relative_to(HOUSE.parent.parent).as_posix(): path.read_bytes()
        for path in HOUSE.rglob("*")
        if path.is_file()
    }
    body = (
        f"## Một\n\n{WORDS} $x^2$\n\n- a\n- b\n\n| Năm | Giá |\n|---|---|\n| 2025 | 1 |\n\n"
        ":::chart bar\ntitle: Giá\nsource: Nguồn\nalt: Giá tăng.\n"
        "data: |\n  Năm, Giá\n  2025, 1\n  2026, 2\n:::\n"
    )
    config = CONFIG.replace("theme: plain", "theme: lhh")
    made = project(
        {**theme, "bulletin.yaml": config, "content/2026/so-1/mot.md": article(body=body)}
    )
    data = screen(as_it_comes(made), SPEC)
    assert [(item.code, item.message) for item in inspect(data, CHECK).findings] == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        roles = [item.role for item in tree_of(pdf)]
        with pdf.open_outline() as marks:
            parts = {part.title: [item.title for item in part.children] for part in marks.root}
    assert {"TOC", "Art", "Table", "Figure", "Formula", "L"} <= set(roles)
    assert parts["Kỹ thuật"] == ["Bài một"]


def tree_of(pdf: pikepdf.Pdf) -> list[Element]:
    found = read(pdf.Root)
    assert found is not None
    return list(found.all())


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils missing")
def test_lines_and_pages_are_those_of_the_press(project: Make) -> None:
    made = project({**LIGHT, "content/2026/so-1/mot.md": article(body="Câu này dài. " * 900)})
    assert not made.build(("print",)).failed
    found = made.tree()

    def lines(name: str) -> list[str]:
        done = subprocess.run(
            ["pdftotext", "-", "-"], input=found[f"print/2026/{name}"], capture_output=True, check=True
        )  # fmt: skip
        return [line.strip() for line in done.stdout.decode().splitlines() if line.strip()]

    assert lines("ban-tin-so-1-2026.pdf") == lines("ban-tin-so-1-2026-in.pdf")


def test_spaces_go_only_where_a_line_ends() -> None:
    from bulletin.screen.layout import Leaf

    def leaf(mcid: int, text: str, left: float, right: float, bottom: float) -> Leaf:
        return Leaf(None, "", 0, mcid, text, (left, bottom, right, bottom + 10))

    top = tags.Tag("P")
    top.kids += [
        leaf(0, "một", 0, 90, 700),  # the next goes on beside it
        leaf(1, "2", 90, 95, 704),  # raised, and the last of its line
        leaf(2, "ba-", 0, 90, 688),  # broken at a hyphen
        leaf(3, "bốn", 0, 90, 676),  # at the foot of a column
        leaf(4, "năm", 120, 210, 700),
    ]
    assert tags.broken(top) == {(0, 1), (0, 3)}
