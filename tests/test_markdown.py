"""Markdown becomes nodes: nothing is lost, nothing is markup, and every reference has its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import codec, directives, formula, markdown
from bulletin.diag import Diagnostic, Place, Report, arrange
from bulletin.html import Writer
from bulletin.markdown import Parsed
from bulletin.model import Node, Palette

PALETTE = Palette("dao", "#B8393A", "#C8443C", "#F3D9D2", "#D9A441", "#F0A09A", "star")
FIGURE = ":::figure a.svg\nalt: Mô tả\ncredit: Ban biên tập\n:::"
CHART = ":::chart bar\ntitle: Tên\nsource: Nguồn\nalt: Tóm tắt\ndata: |\n"  # 5 lines


def parse(source: str, first_line: int = 1) -> tuple[Parsed, tuple[Diagnostic, ...]]:
    report = Report()
    made = markdown.parse(source, "a.md", first_line, report)
    return made, arrange(report.items)


def html(source: str, target: str = "web") -> str:
    made, _ = parse(source)
    links = {address: address for address, _ in made.links}
    return str(Writer(target, links, {}, PALETTE, lambda digest: b"").write(made.nodes))


def plain(source: str) -> str:
    return markdown.plain(parse(source)[0].nodes)


def said(source: str) -> list[tuple[str, int, int]]:
    found = parse(source)[1]
    assert all(item.message and item.hint for item in found)
    return [(item.code, item.place.line, item.place.column) for item in found]


def message(source: str) -> str:
    found = parse(source)[1]
    assert len(found) == 1
    return found[0].message


def spots(places: list[tuple[str, Place]]) -> list[tuple[str, int, int]]:
    return [(target, place.line, place.column) for target, place in places]


def kinds(nodes: tuple[Node, ...]) -> list[str]:
    return [node.kind for node in nodes]


# ---- places ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "links"),
    [
        pytest.param(
            "một [a](b) hai [c](d)\nba [e](f)",
            [("b", 1, 5), ("d", 1, 16), ("f", 2, 4)],
            id="paragraph",
        ),
        pytest.param(
            "   [a](b)\n\n   ba [c](d)   \n  dòng [e](f)",
            [("b", 1, 4), ("d", 3, 7), ("f", 4, 8)],
            id="indented-paragraph",
        ),
        pytest.param(
            "[a](b)\n[a](b) [a](b)\n\n- [a](b)\n- [a](b)",
            [("b", 1, 1), ("b", 2, 1), ("b", 2, 8), ("b", 4, 3), ("b", 5, 3)],
            id="the-same-link-five-times",
        ),
        pytest.param(
            '&amp; &nbsp; [a](b) \\* [c](d) "x" [e](f)',
            [("b", 1, 14), ("d", 1, 24), ("f", 1, 35)],
            id="after-entities-escapes-and-quotes",
        ),
        pytest.param(
            "- một\n  - hai [a](b)\n    - ba [c](d)\n\n      đoạn [e](f)\n1. x [g](h)",
            [("b", 2, 9), ("d", 3, 10), ("f", 5, 12), ("h", 6, 6)],
            id="nested-lists",
        ),
        pytest.param("-\t[a](b)\n\n\t[c](d)", [("b", 1, 3), ("d", 3, 2)], id="list-with-tabs"),
        pytest.param(
            "> một [a](b)\n> hai [c](d)\n>> sâu [e](f)\n> - m [g](h)\nlười [i](j)",
            [("b", 1, 7), ("d", 2, 7), ("f", 3, 8), ("h", 4, 7), ("j", 5, 6)],
            id="quotes",
        ),
        pytest.param(
            "| a | [x](y) | [x](y) |\n|---|---|---|\n| [p](q) | [p](q) | z |\n| [p](q) | z | [p](q) [t](u) |",
            [("y", 1, 7), ("y", 1, 16), ("q", 3, 3), ("q", 3, 12), ("q", 4, 3), ("q", 4, 16), ("u", 4, 23)],
            id="table-with-equal-cells",
        ),
        pytest.param(
            "| b | c | x |\n|---|---|---|\n| a | aa [p](q) | a |\n| | a \\| [m](n) | [k](j) |",
            [("q", 3, 10), ("n", 4, 10), ("j", 4, 19)],
            id="table-with-empty-cells-and-escaped-pipes",
        ),
        pytest.param(
            "a | b\n--|--\n[p](q) | [p](q)", [("q", 3, 1), ("q", 3, 10)], id="table-without-outer-pipes"
        ),
        pytest.param(
            "- x\n\n  | a | b |\n  |---|---|\n  | [p](q) | [p](q) |",
            [("q", 5, 5), ("q", 5, 14)],
            id="table-in-list",
        ),
        pytest.param(
            "> | a | b |\n> |---|---|\n> | [p](q) | [p](q) |",
            [("q", 3, 5), ("q", 3, 14)],
            id="table-in-quote",
        ),
        pytest.param(
            "::::note\n:::steps Tên\n1. [a](b)\n\n   [c](d)\n:::\n::::\n\n[e](f)",
            [("b", 3, 4), ("d", 5, 4), ("f", 9, 1)],
            id="containers",
        ),
        pytest.param(
            "## Tên [a](b)\n\nTên\n: nghĩa [c](d)\n\n  đoạn [e](f)",
            [("b", 1, 8), ("d", 4, 9), ("f", 6, 8)],
            id="heading-and-definitions",
        ),
        pytest.param(
            "x[^1] y\n\n[^1]: Chú [a](b)\n    tiếp [c](d)\n\n    đoạn hai [e](f)\n\nsau [g](h)",
            [("h", 8, 5), ("b", 3, 11), ("d", 4, 10), ("f", 6, 14)],
            id="footnote",
        ),
        pytest.param(
            "**[a](b)** ~~[e](f)~~ <https://g.vn> [h][i]\n\n[i]: j",
            [("b", 1, 3), ("f", 1, 14), ("https://g.vn", 1, 23), ("j", 1, 38)],
            id="inside-emphasis-autolink-reference",
        ),
    ],
)  # fmt: skip
def test_places_of_links(source: str, links: list[tuple[str, int, int]]) -> None:
    assert spots(parse(source)[0].links) == links
    later = parse(source, first_line=11)[0].links
    assert spots(later) == [(target, line + 10, column) for target, line, column in links]


@pytest.mark.parametrize(
    ("source", "pictures"),
    [
        ("a ![h](i.png)\nb ![h](i.png)", [("i.png", 1, 3), ("i.png", 2, 3)]),
        ("- - ![h](i.png)", [("i.png", 1, 5)]),
        ("> a\n> ![h](i.png)", [("i.png", 2, 3)]),
        ("| a | b |\n|---|---|\n| ![h](i.png) | ![h](i.png) |", [("i.png", 3, 3), ("i.png", 3, 17)]),
        (":::note\nx ![h](i.png)\n:::", [("i.png", 2, 3)]),
        ("[![h](i.png)](j)", [("i.png", 1, 2)]),
        (FIGURE, [("a.svg", 1, 11)]),
        (FIGURE.replace(":::f", ":::  f").replace(" a.svg", "  hai chữ.svg"), [("hai chữ.svg", 1, 14)]),
        ("- x\n\n  " + FIGURE.replace("\n", "\n  "), [("a.svg", 3, 13)]),
        ("> " + FIGURE.replace("\n", "\n> "), [("a.svg", 1, 13)]),
    ],
)  # fmt: skip
def test_places_of_pictures(source: str, pictures: list[tuple[str, int, int]]) -> None:
    made, found = parse(source)
    assert spots(made.pictures) == pictures
    assert found == ()


@pytest.mark.parametrize(
    ("source", "notes"),
    [
        ("a\nb [^q] và [^r] và [^q]", [(2, 3), (2, 11), (2, 19)]),
        ("- a\n  - b [^q]", [(2, 7)]),
        ("> a\n> b [^q]", [(2, 5)]),
        ("| a | b |\n|---|---|\n| [^q] | [^q] |", [(3, 3), (3, 10)]),
        (":::note\nb [^q]\n:::", [(2, 3)]),
        ("có[^1] mà [^q]\n\n[^1]: chú [^q]", [(1, 11), (3, 11)]),
    ],
)
def test_places_of_footnotes_without_content(source: str, notes: list[tuple[int, int]]) -> None:
    assert said(source) == [("MD005", line, column) for line, column in notes]


# ---- nothing is markup -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "markup", "column"),
    [
        ("a <script>alert(1)</script>", "<p>a &lt;script&gt;alert(1)&lt;/script&gt;</p>\n", 3),
        ("<img src=x onerror=y>", "<p>&lt;img src=x onerror=y&gt;</p>\n", 1),
        ("xin <svg onload=y>", "<p>xin &lt;svg onload=y&gt;</p>\n", 5),
        ("ab <iframe src='x'>", "<p>ab &lt;iframe src=‘x’&gt;</p>\n", 4),
        ("<!-- <b> -->", "<p>&lt;!-- &lt;b&gt; --&gt;</p>\n", 6),
    ],
)
@pytest.mark.parametrize("target", ["web", "print", "feed"])
def test_h01_html_is_text(source: str, markup: str, column: int, target: str) -> None:
    assert html(source, target) == markup
    assert said(source) == [("MD004", 1, column)]


@pytest.mark.parametrize("source", ["`<script>`", "    <script>", "```\n<script>\n```"])
def test_h01_html_in_code_is_text_without_a_remark(source: str) -> None:
    assert "&lt;script&gt;" in html(source)
    assert said(source) == []


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScript:x",
        "java&#115;cript:x",
        "&#x6A;avascript:x",
        "javascript&colon;x",
        " javascript:x",
        "<\tjavascript:x>",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://x",
        "//evil.com",
        "https:evil.com",
        "b:c",
    ],
)
def test_h04_addresses_that_are_not_links(address: str) -> None:
    made, found = parse(f"xin [chữ]({address})")
    assert made.links == []
    assert [(i.code, i.place.line, i.place.column) for i in found] == [("LK002", 1, 5)]
    assert "không dùng được" in found[0].message
    assert markdown.plain(made.nodes) == "xin chữ"
    assert "href" not in html(f"xin [chữ]({address})")


def test_h04_in_references_and_autolinks() -> None:
    assert said("[a][b]\n\n[b]: javascript:x") == [("LK002", 1, 1)]
    assert said("x <javascript:alert(1)>") == [("LK002", 1, 3)]


@pytest.mark.parametrize(
    ("source", "column"),
    [("xin [a](java\nscript:x)", 5), ("xin [a](bài hai.md) nhé", 5), ("[a](tel:+84 207)", 1)],
)
def test_h04_a_broken_link_is_text_and_is_noticed(source: str, column: int) -> None:
    assert "href" not in html(source)
    assert said(source) == [("LK006", 1, column)]


def test_an_escaped_bracket_is_no_broken_link() -> None:
    assert said("mảng \\[a\\](b c)") == []


@pytest.mark.parametrize(
    "address",
    ["https://a.vn/x?y=1", "http://a.vn", "mailto:a@b.vn", "tel:+84207", "../b.md#c", "#d", "a.md"],
)
def test_addresses_that_are_links(address: str) -> None:
    made, found = parse(f"[chữ]({address})")
    assert ([target for target, _ in made.links], found) == ([address], ())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a]()", ("LK001", 1, 1)),
        ("x ![](a.png)", ("IM001", 1, 3)),
        ("x ![a](https://x/y.png)", ("IM003", 1, 3)),
        ("x ![a](javascript:x)", ("IM003", 1, 3)),
    ],
)
def test_links_and_pictures_that_miss_something(
    source: str, expected: tuple[str, int, int]
) -> None:
    assert said(source) == [expected]


@pytest.mark.parametrize(
    ("typed", "alt"),
    [("Lợn *nái* `a`", "Lợn nái a"), ("Lợn\nnái \\[1\\]", "Lợn nái [1]"), ('"Lợn"', '"Lợn"')],
)
def test_words_of_a_picture_have_no_markup(typed: str, alt: str) -> None:
    made, _ = parse(f"x ![{typed}](a.png)")
    assert dict(made.nodes[0].kids[1].attrs)["alt"] == alt


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(http://x)}{x}",
        r"\color{red\" onload=}x",
        "&lt;script&gt;",
        r"\frac{",
        r"\left(",
        r"\unknown x",
        r"\tag{1}",
        "{" * 300 + "}" * 300,
        "x" * 1001,
    ],
)
def test_a_formula_that_cannot_be_set_is_shown_as_typed(latex: str) -> None:
    made, found = parse(f"xin ${latex}$")
    assert [(i.code, i.place.line, i.place.column) for i in found] == [("MD018", 1, 5)]
    assert kinds(made.nodes[0].kids) == ["text", "code"]
    assert made.nodes[0].kids[1].text == latex
    assert "<math" not in html(f"xin ${latex}$")
    with pytest.raises(formula.FormulaError):
        formula.check(latex, False)


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"P = V^2 \times D", "P bằng V mũ 2 nhân D"),
        (r"\frac{a+b}{2}", "mở ngoặc a cộng b đóng ngoặc trên 2"),
        (r"\sqrt{x} \leq 3", "căn bậc hai của x nhỏ hơn hoặc bằng 3"),
        (r"\sqrt[3]{x}", "căn bậc 3 của x"),
        (r"\sum_{i}^{n} x_i", "tổng từ i đến n x chỉ số i"),
        (r"\bar{x}", "x có dấu ¯"),
        (r"\text{<script>}", r"\text{<script>}"),
    ],
)
def test_a_formula_is_read_aloud(latex: str, words: str) -> None:
    assert formula.spoken(latex) == words


@pytest.mark.parametrize(
    "latex",
    ["x", r"\frac{a}{b}", "P = V^2 \\times D", "a<b", r"\begin{matrix}a&b\\c&d\end{matrix}", r"25\%", r"\backslash"],
)  # fmt: skip
def test_a_good_formula(latex: str) -> None:
    made, found = parse(f"${latex}$\n\n$$\n{latex}\n$$")
    assert found == ()
    assert made.nodes[0].kids[0] == Node("math", latex, 0, (("display", False),))
    assert made.nodes[1] == Node("math", latex, 3, (("display", True),))
    assert formula.mathml(latex, True).startswith("<math xmlns=")


# ---- nothing is lost ---------------------------------------------------------------------------


def nested_containers(depth: int) -> str:
    opened = "\n".join(":" * (depth + 3 - n) + f"note\nv{n}" for n in range(depth))
    return opened + "\n" + "\n".join(":" * (4 + n) for n in range(depth))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("source", "kept"),
    [
        pytest.param("[" * 20_000, "[" * 20_000, id="brackets"),
        pytest.param("*a " * 7_000 + "hết", "hết", id="open-emphasis"),
        pytest.param("![[](" * 4_000, "![[](" * 4_000, id="open-pictures"),
        pytest.param("".join("`" * n + "a" for n in range(200)), "`" * 199 + "a", id="backticks"),
        pytest.param("**a" * 5_000 + "hết", "hết", id="open-strong"),
        pytest.param("[a](" * 5_000, "[a](" * 5_000, id="open-links"),
        pytest.param("<a " * 7_000, "<a <a", id="open-tags"),
    ],
)
def test_h10_hostile_lines_end_and_are_kept(source: str, kept: str) -> None:
    assert kept in plain(source)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(">" * 5_000 + " hết", id="quotes"),
        pytest.param("> " * 5_000 + "hết", id="quotes-with-spaces"),
        pytest.param("- " * 3_000 + "hết", id="list-on-one-line"),
        pytest.param("> - " * 500 + "hết", id="quotes-and-lists"),
        pytest.param(
            "\n".join("  " * n + f"- a{n}" for n in range(300)) + "\n" + "  " * 300 + "hết",
            id="nested-lists",
        ),
        pytest.param(nested_containers(120).replace("v119", "hết"), id="nested-containers"),
    ],
)
def test_h10_deep_nesting_is_a_warning_and_not_lost_text(source: str) -> None:
    made, found = parse(source)
    assert "hết" in markdown.plain(made.nodes)
    deep = [item for item in found if item.code == "MD003"]
    assert len(deep) == 1
    assert "lồng quá sâu" in deep[0].message
    assert codec.nodes_from(codec.dumps(made.nodes)) == made.nodes
    assert "hết" in html(source)


def test_nesting_that_people_write_is_no_warning() -> None:
    assert said("\n".join("  " * n + "- a" for n in range(8))) == []


def test_what_follows_a_deep_list_is_outside_of_it() -> None:
    source = "\n".join("  " * n + f"- a{n}" for n in range(40)) + "\n\nsau\n\n## Hết"
    assert kinds(parse(source)[0].nodes) == ["bullets", "paragraph", "heading"]


def test_h11_a_cell_too_many_is_an_error_because_it_would_be_lost() -> None:
    source = "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 1 |\n| 1 | 2 |\n| x \\| y | z |"
    found = parse(source)[1]
    assert [(i.code, i.severity.name, i.place.line, i.message) for i in found] == [
        ("MD006", "ERROR", 3, "dòng này của bảng có 3 ô, bảng có 2 cột: ô thừa sẽ mất"),
        ("MD006", "WARNING", 4, "dòng này của bảng có 1 ô, bảng có 2 cột"),
    ]


@pytest.mark.parametrize("prefix", ["", "> ", "  "])
def test_h11_cells_are_counted_inside_quotes_and_with_indents(prefix: str) -> None:
    rows = ["a | b", "--|--", "1 | 2", "| 1 | |", "|1|2|3|"]
    assert said("\n".join(prefix + row for row in rows)) == [("MD006", 5, 1)]


def test_h11_a_table_that_did_not_become_one() -> None:
    source = "| a | b | c |\n|---|---|\n| 1 | 2 |"
    assert said(source) == [("MD006", 2, 1)]
    assert message(source).startswith("bảng không thành bảng")
    assert "| 1 | 2 |" in plain(source)


def test_h11_sixty_columns() -> None:
    source = "|" + "a|" * 60 + "\n|" + "-|" * 60 + "\n|" + "b|" * 60
    assert said(source) == [("MD007", 1, 1)]
    assert message(source) == "bảng có 60 cột, quá rộng cho trang in"
    assert plain(source).count("b") == 60
    assert said("|" + "a|" * 12 + "\n|" + "-|" * 12) == []


@pytest.mark.timeout(60)
def test_h11_five_thousand_rows() -> None:
    made, found = parse("|a|b|\n|-|-|\n" + "".join(f"|x{n}|y|\n" for n in range(5000)))
    assert found == ()
    assert len(made.nodes[0].kids[1].kids) == 5000
    assert "x4999" in markdown.plain(made.nodes)


@pytest.mark.parametrize(
    ("source", "expected", "sentence"),
    [
        ("a[^x] b", ("MD005", 1, 2), "chú thích [^x] chưa có nội dung"),
        (
            "a\n\n[^x]: chữ",
            ("MD016", 3, 1),
            "chú thích [^x] có nội dung nhưng không chỗ nào trong bài gọi",
        ),
        (
            "a[^x]\n\n[^x]: một\n\n[^x]: hai",
            ("MD016", 5, 1),
            "chú thích [^x] có nội dung hai lần, chỉ dùng lần sau",
        ),
        (
            "a[^x] b[^y]\n\n[^x]: một\n\n    [^y]: hai",
            ("MD016", 5, 1),
            "nội dung chú thích [^y] nằm trong chú thích khác",
        ),
    ],
)
def test_h12_footnotes(source: str, expected: tuple[str, int, int], sentence: str) -> None:
    assert said(source) == [expected]
    assert message(source) == sentence


def test_h12_a_duplicate_names_both_places() -> None:
    found = parse("a[^x]\n\n[^x]: một\n\n[^x]: hai")[1]
    assert found[0].see == (Place("a.md", 3, 1),)


def test_h12_footnotes_in_code_are_code() -> None:
    assert said("`[^x]`\n\n```\n[^y]\n```") == []


def test_footnotes_that_are_right() -> None:
    made, found = parse("a[^x] b[^x] c[^y]\n\n[^y]: hai\n\n[^x]: một")
    assert found == ()
    notes = made.nodes[1]
    assert notes.kind == "notes"
    assert [(dict(n.attrs)["number"], markdown.plain((n,))) for n in notes.kids] == [
        (1, "một"),
        (2, "hai"),
    ]


def test_h15_a_paste_from_word() -> None:
    source = "“Ủ” – một … \u00a0hai&nbsp;ba <o:p></o:p>bốn<w:x y='z'/>"
    made, found = parse(source)
    assert markdown.plain(made.nodes) == "“Ủ” – một … \u00a0hai\u00a0ba bốn"
    assert [(i.code, i.place.column) for i in found] == [("MD004", 26)]
    assert found[0].message == "thẻ «<o:p>» của Word, đã bỏ khi dựng"
    assert "o:p" not in html(source)


# ---- directives --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(":::boxx\na\n:::", [("MD008", 1, 4)], id="unknown"),
        pytest.param(":::note\na", [("MD009", 1, 1)], id="not-closed"),
        pytest.param(":::qa\na\n:::", [("MD010", 1, 1)], id="no-title"),
        pytest.param(":::note\n:::", [("MD011", 1, 1)], id="empty"),
        pytest.param("a\n\n:::", [("MD017", 3, 1)], id="closes-nothing"),
        pytest.param(
            ":::note\na\n:::qa Hỏi\nb\n:::\nc\n:::", [("MD009", 3, 1), ("MD017", 7, 1)], id="nested"
        ),
        pytest.param(":::figure\nalt: a\ncredit: b\n:::", [("IM002", 1, 4)], id="figure-no-file"),
        pytest.param(":::figure a.svg\nalt: a\n:::", [("FM002", 1, 4)], id="figure-no-credit"),
        pytest.param(
            "- x\n\n  :::figure a.svg\n  alt: a\n  credit: b\n  creditt: c\n  :::",
            [("FM004", 6, 3)],
            id="figure-in-list",
        ),
        pytest.param(
            "> :::figure a.svg\n> alt: a\n> credit: b\n> creditt: c\n> :::",
            [("FM004", 4, 3)],
            id="figure-in-quote",
        ),
        pytest.param(
            ":::figure a.svg\nalt: a\n\tcredit: x\n:::", [("YM004", 3, 1)], id="figure-with-tab"
        ),
        pytest.param(CHART.replace("bar", "pie") + "  a, b\n  x, 1\n:::", [("MD012", 1, 4)], id="pie"),
        pytest.param(CHART + "  a\n:::", [("MD013", 5, 7)], id="chart-without-numbers"),
        pytest.param(
            CHART + "  a, b\n\n  x, nan\n  y, 1, 2\n  z, 1_000\n:::",
            [("MD014", 8, 1), ("MD013", 9, 1), ("MD014", 10, 1)],
            id="chart-rows",
        ),
        pytest.param(CHART + "  a, b\n  x, 1.500\n:::", [("MD015", 7, 1)], id="chart-thousands"),
        pytest.param(
            CHART.replace("data: |\n", 'data: "a, b\\nx, y"\n') + ":::",
            [("MD014", 5, 7)],
            id="chart-on-one-line",
        ),
        pytest.param(
            ":::media video\ntitle: T\nurl: javascript:x\ntranscript: a\n:::",
            [("LK002", 3, 6)],
            id="media-address",
        ),
        pytest.param(
            ":::media video\ntitle: T\nurl: https://a b\ntranscript: a\n:::",
            [("LK002", 3, 6)],
            id="media-address-with-space",
        ),
        pytest.param(
            ":::media gif\ntitle: T\nurl: https://a.vn\ntranscript: a\n:::",
            [("MD012", 1, 4)],
            id="media-kind",
        ),
    ],
)  # fmt: skip
def test_mistakes_in_directives(source: str, expected: list[tuple[str, int, int]]) -> None:
    assert sorted(said(source)) == sorted(expected)


@pytest.mark.parametrize("wrong", [":::media video\ntitle: T\nurl: javascript:x\ntranscript: a\n:::", CHART + "  a, b\n  x, y\n:::"])  # fmt: skip
def test_a_wrong_data_directive_makes_no_node(wrong: str) -> None:
    assert parse(wrong)[0].nodes == ()


def test_suggests_the_directive() -> None:
    assert parse(":::Note\na\n:::")[1][0].hint == "ý bạn là «:::note»?"


def test_directives_may_be_indented_and_interrupt_a_paragraph() -> None:
    indented = "  " + FIGURE.replace("\n", "\n  ")
    assert kinds(parse(indented)[0].nodes) == ["figure"]
    assert kinds(parse("đoạn\n:::note\na\n:::\nb")[0].nodes) == ["paragraph", "box", "paragraph"]


def test_boxes_nest_with_more_colons() -> None:
    made, found = parse('::::note\n:::qa Hỏi "gì"?\nđáp\n:::\n::::')
    assert found == ()
    outer = made.nodes[0]
    assert dict(outer.attrs) == {"form": "note", "title": "Ghi nhớ"}
    assert dict(outer.kids[0].attrs) == {"form": "qa", "title": "Hỏi “gì”?"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("-3", -3),
        ("−3", -3),
        ("1 000", 1000),
        ("0", 0),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("1_0", None),
        ("٣", None),
        ("1.2.3", None),
        ("12%", None),
        ("", None),
    ],
)
def test_numbers_of_charts(cell: str, value: float | None) -> None:
    assert directives.number(cell) == value


# ---- headings ----------------------------------------------------------------------------------


def test_headings_get_unique_addresses() -> None:
    made, found = parse("## Lợn nái\n\n### Lợn nái\n\n## N1\n\n## ")
    assert found == ()
    assert made.anchors == ["lon-nai", "lon-nai-2", "muc-n1", "muc"]
    assert made.headings == [("lon-nai", "Lợn nái"), ("muc-n1", "N1"), ("muc", "")]


def test_heading_levels() -> None:
    assert said("# A\n\n#### B") == [("MD001", 1, 1), ("MD002", 3, 1)]
    levels = [dict(n.attrs)["level"] for n in parse("# A\n\n#### B\n\n## C")[0].nodes]
    assert levels == [2, 3, 2]


# ---- any body ----------------------------------------------------------------------------------

PARTS = st.lists(
    st.sampled_from(
        ["a", "Chữ ", "\n", "\n\n", "  ", "    ", "\t", "- ", "1. ", "> ", "# ", "### ", "*", "**",
         "~~", "`", "```", ":::", ":::note", ":::steps X", FIGURE + "\n", CHART, "  a, b\n  c, 1\n",
         "|", "| a | b |\n|---|---|\n", "[", "]", "[^a]", "[^a]: ", "![", "](b)", "[x]: y\n", "<b>",
         "<script>", "</script>", "<o:p>", "<https://a.vn>", "$", "$$", "\\frac{", "\\text{<script>}",
         "}", "\\", "&amp;", "&#0;", "&lt;script&gt;", '"', "'", "---\n", "===\n", ": d\n", "😀"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("target", ["web", "print", "feed"])
@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.one_of(PARTS, st.text(max_size=80)))
def test_no_body_makes_a_script_or_raises(target: str, source: str) -> None:
    made, found = parse(source)
    assert "<script" not in html(source, target).lower()
    assert codec.nodes_from(codec.dumps(made.nodes)) == made.nodes
    lines = source.split("\n")
    for item in found:
        assert 1 <= item.place.line <= len(lines)
        assert item.hint


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.lists(
        st.sampled_from(["mot", "hai", "- ", "> ", "\n", "\n\n", "## ", "| "]), max_size=30
    ).map("".join)
)
def test_every_word_of_a_plain_body_is_kept(source: str) -> None:
    made = plain(source)
    assert made.count("mot") == source.count("mot")
    assert made.count("hai") == source.count("hai")


def test_figures_and_tables_get_addresses_and_numbers() -> None:
    table = ":::table Liều vôi\n| a |\n|---|\n| 1 |\n:::"
    named = FIGURE.replace("alt:", "name: trai nho\nalt:")
    chart = CHART + "  Năm, Giá\n  2025, 1\n:::"
    made = parse("\n\n".join((FIGURE, FIGURE, named, chart, "![hình](b.svg)", table)))[0]
    numbers = [(dict(node.attrs)["id"], dict(node.attrs)["number"]) for node in made.nodes]
    assert numbers == [
        ("hinh-a", 1),
        ("hinh-a-2", 2),
        ("hinh-trai-nho", 3),
        ("hinh-ten", 4),
        ("hinh-b", 5),
        ("bang-lieu-voi", 1),
    ]
    assert made.anchors == [name for name, _ in numbers]


def test_a_reference_stands_before_or_after_its_figure_and_is_text() -> None:
    assert plain(f"Xem [](#hinh-a).\n\n{FIGURE}\n\nNhư [](#hinh-a).") == (
        "Xem Hình\u00a01. Như Hình\u00a01."
    )


def test_a_link_without_words_needs_a_figure_or_table_of_the_article() -> None:
    assert said("## Đất\n\nXem [](#dat).") == [("LK007", 3, 5)]
    assert said("Xem [](hai.md#hinh-a).") == [("LK007", 1, 5)]
    assert said("Xem [](https://a.vn).") == [("LK007", 1, 5)]
    assert said("Xem [](#hinh-b).") == []  # reported with the other dead links


def test_a_table_block_without_a_table() -> None:
    assert said(":::table Tên\nchữ\n:::") == [("MD019", 1, 1)]
    assert said(":::table\n| a |\n|---|\n| 1 |\n:::") == [("MD010", 1, 1)]
