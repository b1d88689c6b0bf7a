"""Nodes become HTML: escaped for every target, with addresses, figures and notes in their form."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bulletin import html, markdown
from bulletin.diag import Report
from bulletin.html import Writer
from bulletin.model import Cover, Node, Palette, PictureView

PALETTE = Palette("dao", "#B8393A", "#C8443C", "#F3D9D2", "#D9A441", "#F0A09A", "star")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect id="a"/></svg>'
VIEWS = {
    "ve.svg": PictureView("hinh/ve.svg", "d1", "svg", 4, 2),
    "anh.jpg": PictureView(
        "hinh/anh.jpg",
        "d2",
        "jpeg",
        400,
        200,
        (("hinh/anh-200.avif", 200), ("hinh/anh-200.webp", 200)),
        "t37b",
    ),
}
TARGETS = ("web", "print", "feed")


def writer(target: str = "web", links: dict[str, str] | None = None, **more: Any) -> Writer:
    return Writer(target, links or {}, VIEWS, PALETTE, {"d1": SVG}.__getitem__, **more)


def nodes(source: str) -> tuple[Node, ...]:
    report = Report()
    made = markdown.parse(source, "a.md", 1, report)
    assert not report.failed, report.items
    return made.nodes


def write(source: str, target: str = "web", **more: Any) -> str:
    return str(writer(target, **more).write(nodes(source)))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("source", "markup"),
    [
        ("Một *hai* **ba** ~~bốn~~ `năm`", "<p>Một <em>hai</em> <strong>ba</strong> <s>bốn</s> <code>năm</code></p>\n"),
        ("a & b < c > d", "<p>a &amp; b &lt; c &gt; d</p>\n"),
        ("một\\\nhai", "<p>một<br>\nhai</p>\n"),
        ("---", "<hr>\n"),
        ("> a", "<blockquote><p>a</p>\n</blockquote>\n"),
        ("## Tên & tuổi", '<h2 id="ten-tuoi">Tên &amp; tuổi</h2>\n'),
        ("- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n\n- b", "<ul><li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"),
        ("1. a", "<ol>\n<li>a</li>\n</ol>\n"),
        ("7. a", '<ol start="7">\n<li>a</li>\n</ol>\n'),
        ("A\n: b", "<dl><dt>A</dt>\n<dd>b</dd>\n</dl>\n"),
        ("```html\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n"),
    ],
)  # fmt: skip
def test_blocks_and_words(source: str, markup: str, target: str) -> None:
    assert write(source, target) == markup


def test_a_table() -> None:
    inner = (
        '<thead><tr><th scope="col">a</th><th scope="col" class="al-right">b</th></tr>\n</thead>\n'
        '<tbody><tr><td>1</td><td class="al-right">2</td></tr>\n</tbody>\n'
    )
    source = "| a | b |\n|---|--:|\n| 1 | 2 |"
    assert write(source, "print") == f'<div class="table"><table>\n{inner}</table></div>\n'
    assert write(source).startswith('<div class="table" role="region" tabindex="0"')
    wide = "|" + "a|" * 5 + "\n|" + "-|" * 5
    assert write(wide, "print").startswith('<div class="table wide">')


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_that_leads_nowhere_leaves_its_words(target: str) -> None:
    assert write("xem [*bài*](nhap.md)", target) == "<p>xem <em>bài</em></p>\n"


@pytest.mark.parametrize(
    ("url", "target", "markup"),
    [
        ("bai/a/", "web", '<a href="../../bai/a/">b</a>'),
        ("#muc", "web", '<a href="#muc">b</a>'),
        ("mailto:a@b.vn", "feed", '<a href="mailto:a@b.vn">b</a>'),
        ("https://a.vn/?x=1&y=2", "web", '<a href="https://a.vn/?x=1&amp;y=2" class="ext" rel="noopener">b</a>'),
        ("https://a.vn", "print", '<a href="https://a.vn">b</a>'),
        ('"><script>', "web", '<a href="../../&#34;&gt;&lt;script&gt;">b</a>'),
    ],
)  # fmt: skip
def test_addresses(url: str, target: str, markup: str) -> None:
    made = writer(target, {"a.md": url}, base="../../").write(nodes("[b](a.md)"))
    assert made == f"<p>{markup}</p>\n"


def test_notes_lead_there_and_back() -> None:
    source = "a[^x] b[^x]\n\n[^x]: chú"
    assert write(source, prefix="p-") == (
        '<p>a<sup class="note-ref"><a href="#p-n1" id="p-r1">1</a></sup> '
        'b<sup class="note-ref"><a href="#p-n1" id="p-r1-1">1</a></sup></p>\n'
        '<section class="notes"><h2>Chú thích</h2><ol>\n<li id="p-n1"><p>chú</p>\n'
        '<a class="back" href="#p-r1" aria-label="Trở lại chỗ có chú thích 1">↩</a></li>\n'
        "</ol></section>\n"
    )
    assert "<p>a<sup>1</sup> b<sup>1</sup></p>" in write(source, "feed")
    assert "id=" not in write(source, "feed")


def test_boxes() -> None:
    assert write(":::note\na\n:::") == (
        '<aside class="box box-note"><p class="box-title">Ghi nhớ</p>'
        '<div class="box-body"><p>a</p>\n</div></aside>\n'
    )
    assert write(":::qa Hỏi <b>?\na\n:::") == (
        '<section class="box box-qa" id="hoi_1"><h3 class="box-title">Hỏi &lt;b&gt;?</h3>'
        '<div class="box-body"><p>a</p>\n</div></section>\n'
    )
    assert write(":::quote Ông An\na\n:::") == (
        '<blockquote class="pullquote"><div><p>a</p>\n</div><footer>Ông An</footer></blockquote>\n'
    )


FIGURE = ':::figure %s\nalt: Một "hình" <b>\ncaption: Chú thích\ncredit: Ông An\n:::'


def test_a_drawing_stands_in_the_page_and_its_names_are_its_own() -> None:
    made = write(FIGURE % "ve.svg", prefix="p-")
    assert '<svg role="img" aria-label="Một &#34;hình&#34; &lt;b&gt;"' in made
    assert '<rect id="p-d1-a"/>' in made
    assert '<b class="fig-no">Hình\u00a01.</b> Chú thích' in made
    assert '<span class="credit">Ông An</span>' in made


def test_a_photo_has_sizes_on_the_web_and_a_name_in_print() -> None:
    web = write(FIGURE % "anh.jpg", base="../")
    assert 'srcset="../hinh/anh-200.webp 200w"' in web
    assert '<img src="../hinh/anh.jpg" alt="Một &#34;hình&#34; &lt;b&gt;" width="400"' in web
    assert web.index('type="image/avif"') < web.index('type="image/webp"') < web.index("<img")
    assert 'height="200" class="t37b" decoding="async">' in web
    assert web.count("srcset") == 2
    assert '<img src="picture:jpeg/d2"' in write(FIGURE % "anh.jpg", "print")
    feed = write(FIGURE % "anh.jpg", "feed", base="https://a.vn/")
    assert '<img src="https://a.vn/hinh/anh.jpg"' in feed
    assert "srcset" not in feed


def test_only_the_first_photo_of_a_page_is_loaded_at_once() -> None:
    two = "\n\n".join(FIGURE % "anh.jpg" for _ in range(3))
    made = write(two)
    assert made.count('loading="lazy"') == 2
    assert made.index("<img") < made.index('loading="lazy"')
    wide = write((FIGURE % "anh.jpg").replace("credit:", "width: bleed\ncredit:"))
    assert "72rem" in wide
    assert "39rem" in made


def test_figures_are_counted_and_an_unknown_picture_is_not_drawn() -> None:
    made = write("\n\n".join(FIGURE % name for name in ("ve.svg", "khong.svg", "anh.jpg")))
    assert "Hình\u00a01." in made
    assert "Hình\u00a03." in made
    assert made.count("<figure") == 2


@pytest.mark.parametrize("target", TARGETS)
def test_a_reference_to_a_figure_or_table_says_its_number(target: str) -> None:
    table = ":::table Liều lượng\n| a | b |\n|---|---|\n| 1 | 2 |\n:::"
    source = f"Xem [](#hinh-anh), [](#bang-lieu-luong).\n\n{FIGURE % 'anh.jpg'}\n\n{table}"
    links = {name: name for name in ("#hinh-anh", "#bang-lieu-luong")}
    made = write(source, target, links=links)
    assert (
        '<a href="#hinh-anh">Hình\u00a01</a>, <a href="#bang-lieu-luong">Bảng\u00a01</a>.' in made
    )
    assert '<figure class="figure w-column" id="hinh-anh">' in made
    caption = '<b class="fig-no">Bảng\u00a01.</b> Liều lượng</figcaption>'
    assert f'<figure class="titled" id="bang-lieu-luong"><figcaption>{caption}' in made


def test_in_print_a_link_out_of_the_piece_is_told_from_one_inside() -> None:
    links = {"#x": "#p1-x", "hai.md": "#a-hai", "hai.md#x": "#p2-x"}
    source = "## X\n\n[a](#x) [b](hai.md) [c](hai.md#x)"
    made = write(source, "print", links=links, prefix="p1-")
    assert '<a href="#p1-x">a</a>' in made
    assert '<a href="#a-hai" class="elsewhere">b</a>' in made
    assert '<a href="#p2-x" class="elsewhere">c</a>' in made


def test_the_lead_picture_is_number_one_and_not_lazy() -> None:
    one = writer()
    cover = Cover("anh.jpg", "Hình", "Chú", "Ông An")
    made = one.cover(cover, VIEWS["anh.jpg"])
    assert isinstance(made, Markup)
    assert "lazy" not in made
    assert "Hình\u00a01." in made
    after = markdown.parse(FIGURE % "ve.svg", "a.md", 1, Report(), figures=1)
    assert "Hình\u00a02." in one.write(after.nodes)


CHART = ':::chart bar\ntitle: Tên <b>\nunit: đồng\nsource: Nguồn\nalt: Câu\ndata: |\n  Năm, Giá <i>\n  2025, 1234\n  2026, "12,5"\n:::'


def test_a_chart_says_its_numbers() -> None:
    table = (
        '<table><thead><tr><th scope="col">Năm</th><th scope="col">Giá &lt;i&gt; (đồng)</th></tr></thead>'
        '<tbody><tr><th scope="row">2025</th><td class="al-right">1.234</td></tr>'
        '<tr><th scope="row">2026</th><td class="al-right">12,5</td></tr></tbody></table>'
    )
    for target in ("web", "feed"):
        assert table in write(CHART, target)
    assert "<table>" not in write(CHART, "print")
    assert '<p class="chart-title">Tên &lt;b&gt;</p>' in write(CHART)
    assert '<div role="img" aria-label="Câu"><svg' in write(CHART)
    assert "<svg" not in write(CHART, "feed")
    told = "Câu Số liệu (đồng): 2025: 1.234; 2026: 12,5."
    assert f'<div role="img" aria-label="{told}"><svg' in write(CHART, "print")


def test_a_chart_of_several_series_names_them() -> None:
    source = CHART.replace("Giá <i>", "Mua, Bán").replace("1234", "1, 2").replace('"12,5"', "3, 4")
    assert "Số liệu (đồng): 2025: Mua 1, Bán 2; 2026: Mua 3, Bán 4." in write(source, "print")


def test_media() -> None:
    source = ':::media video\ntitle: Ủ <b>\nurl: "https://a.vn/?a=1&b=2"\nlength: 3 phút\ntranscript: |\n  Một\n\n  <hai>\n:::'
    web = write(source)
    assert 'href="https://a.vn/?a=1&amp;b=2">Ủ &lt;b&gt;</a> (3 phút)' in web
    assert (
        "<details><summary>Nội dung bằng chữ</summary><p>Một</p><p>&lt;hai&gt;</p></details>" in web
    )
    assert "<details" not in write(source, "feed")
    assert "<p>Một</p>" in write(source, "feed")
    assert "Một" not in write(source, "print")


def test_formulas() -> None:
    assert write("$x$") == (
        '<p><span class="math"><math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">'
        "<mrow><mi>x</mi></mrow></math></span></p>\n"
    )
    assert write("$a<b$", "feed") == '<p><span class="math">a&lt;b</span></p>\n'
    drawing = html.draw_math(r"\frac{a}{b}")
    assert ET.fromstring(drawing).tag == "{http://www.w3.org/2000/svg}svg"
    assert drawing.count("style=") == 1
    assert 'style="vertical-align:-' in drawing, "a fraction hangs below the baseline"
    assert 'style="vertical-align:-1.00px"' in html.draw_math("P"), "a letter stands on it"
    assert "<text" not in drawing
    assert "<svg" in write("$$\nx\n$$", "print")
    assert '<span class="math" role="math" aria-label="x bằng 2">' in write("$x = 2$", "print")


def test_notes_are_known_as_notes_in_print() -> None:
    made = write("Một[^a].\n\n[^a]: Hai.", "print")
    assert 'role="doc-noteref">1</a>' in made
    assert '<section class="notes" role="doc-endnotes">' in made


def test_a_formula_in_a_node_from_elsewhere_is_still_checked() -> None:
    node = Node("math", r"\text{<script>alert(1)</script>}", 0, (("display", False),))
    with pytest.raises(ValueError, match="có thẻ <script>"):
        writer().write((node,))


def test_columns_stop_at_wide_things() -> None:
    wide = FIGURE.replace("credit", "width: page\ncredit") % "ve.svg"
    made = str(html.columns(writer("print"), nodes(f"a\n\nb\n\n{wide}\n\nc"), "feature"))
    assert made.count('<div class="cols">') == 2
    assert made.index("<p>b</p>") < made.index("<figure") < made.rindex('<div class="cols">')
    bleed = wide.replace("width: page", "width: bleed")
    made = str(html.columns(writer("print"), nodes(f"a\n\n{bleed}\n\nc"), "feature"))
    assert made.count('<div class="cols">') == 2
    assert 'class="figure w-bleed"' in made
    letter = str(html.columns(writer("print"), nodes(f"a\n\n{wide}"), "letter"))
    assert letter.startswith('<div class="wide"><p>a</p>')


def test_a_question_crosses_the_page_and_its_answer_has_columns() -> None:
    source = "mở\n\n:::qa Hỏi?\nđáp\n\nhết\n:::\n\n:::warning\na\n:::"
    made = str(html.columns(writer("print"), nodes(source), "qa"))
    assert made.startswith('<div class="cols"><p>mở</p>\n</div>\n<section class="box box-qa">')
    assert '<h3 class="box-title">Hỏi?</h3><div class="cols"><p>đáp</p>' in made
    assert made.count('<div class="cols">') == 2, "the box below the last answer has the full width"
    feature = str(html.columns(writer("print"), nodes(source), "feature"))
    assert feature.count('<div class="cols">') == 1


def test_a_number_has_a_row_of_its_own_where_numbers_are_the_matter() -> None:
    source = "mở\n\n:::number 114 ngày\na\n:::\n\nhết"
    made = str(html.columns(writer("print"), nodes(source), "numbers"))
    assert '</div>\n<aside class="box box-number">' in made
    assert made.count('<div class="cols">') == 2


def test_every_node_kind_has_a_form() -> None:
    everything = (
        "## a\n\n*a* **a** ~~a~~ `a` $x$ [a](b) ![a](ve.svg) a[^1]\\\nb\n\n---\n\n> a\n\n- a\n\n1. a\n\n"
        f"A\n: b\n\n| a |\n|---|\n| b |\n\n```\na\n```\n\n$$\nx\n$$\n\n:::note\na\n:::\n\n{CHART}\n\n"
        f"{FIGURE % 've.svg'}\n\n:::media audio\ntitle: T\nurl: https://a.vn\ntranscript: a\n:::\n\n[^1]: c"
    )
    for target in TARGETS:
        made = write(everything, target)
        seen = Seen(made)
        assert seen.open == []
        assert {
            "h2",
            "em",
            "strong",
            "s",
            "code",
            "hr",
            "blockquote",
            "ul",
            "ol",
            "dl",
        } <= seen.tags
        assert {
            "table",
            "pre",
            "aside",
            "figure",
            "section" if target != "feed" else "ol",
        } <= seen.tags


class Seen(HTMLParser):
    """The tags and attributes of a page, as a browser reads it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("br", "hr", "img", "source"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


NASTY = st.text(st.sampled_from("<>&\"'`= aấ/;:script"), max_size=20)


@pytest.mark.parametrize("target", TARGETS)
@settings(deadline=None, derandomize=True, max_examples=100)
@given(NASTY, NASTY)
def test_nothing_in_a_node_becomes_markup(target: str, words: str, attribute: str) -> None:
    made = writer(target, {"t": attribute}).write(
        (
            Node("text", words),
            Node("code", words),
            Node("box", "", 0, (("form", attribute), ("title", words)), (Node("text", words),)),
            Node("link", "", 0, (("target", "t"), ("title", "")), (Node("text", words),)),
            Node(
                "media",
                words,
                0,
                (("form", "video"), ("length", words), ("title", words), ("url", attribute)),
            ),
            Node("picture", "", 0, (("alt", attribute), ("src", "ve.svg"), ("title", ""))),
        )
    )
    seen = Seen(made)
    allowed = {"code", "aside", "section", "p", "h3", "div", "blockquote", "footer", "a", "b",
               "details", "summary", "svg", "rect", "img", "span"}  # fmt: skip
    assert seen.tags <= allowed
    assert not any(name.startswith("on") for name in seen.attributes)
    assert seen.open == []
