"""EPUBs, read by a second reader: zipfile and lxml, which know nothing of how they were made."""

from __future__ import annotations

import dataclasses
import io
import itertools
import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import AS_OF, CONFIG, ISSUE, LIGHT, WORDS, Make, Project, article, at
from lxml import etree

from bulletin import build as pipeline
from bulletin.diag import Report
from bulletin.ebook import leaves, package
from bulletin.ebook.writer import xhtml
from bulletin.model import Edition, Printed, Request
from bulletin.outputs import books, breaks
from bulletin.store import Store

LHH = Path(__file__).parent.parent / "themes" / "lhh"
BOOK = {
    f"themes/plain/{path.relative_to(LHH).as_posix()}": path.read_text(encoding="utf-8")
    for path in [*sorted((LHH / "templates" / "book").glob("*.html")), LHH / "book" / "book.css"]
}
NS = {
    "x": "http://www.w3.org/1999/xhtml",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "m": "http://www.w3.org/1998/Math/MathML",
    "svg": "http://www.w3.org/2000/svg",
}
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
RICH = f"""{WORDS}

## Đề mục & <một>

Chữ có chú thích[^a], công thức $x^2$ và [bài hai](hai.md), [bài nháp](nhap.md).[^a]

- mục một
- mục hai

:::figure hinh.svg
alt: 'Sơ đồ <ba khu> & "hàng rào"'
caption: Ba khu
credit: Ban biên tập
:::

:::chart bar
title: Chi phí
source: "Nguồn: thử"
alt: Cám nhiều nhất.
data: |
  Khoản, Tiền
  Cám, 3
  Thuốc, 1
:::

:::note
Ghi nhớ 1 < 2.
:::

:::note
Ghi nhớ lần nữa.
:::

:::qa Hỏi dưới đề mục?
Đáp.
:::

[^a]: Lời chú thích.
"""
QUESTIONS = f"""{WORDS}

:::qa Hỏi khi chưa có đề mục?
Đáp.
:::

## Đề mục

:::qa Hỏi sau đề mục?
Đáp.
:::

:::warning Cẩn thận "ngạt" & <cháy>
Mở cửa.
:::
"""
FILES: dict[str, str | bytes] = {
    **BOOK,
    **LIGHT,
    "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai, nhap, english]"),
    "content/2026/so-1/hinh.svg": PICTURE,
    "content/2026/so-1/mot.md": article(
        "Bài & «một»",
        RICH,
        ai="{label: assisted, note: Có dùng công cụ.}",
        corrections="[{date: 2026-04-02, text: Đã sửa số liệu.}]",
        cover="{file: hinh.svg, alt: Hình mở bài, credit: Ban biên tập}",
    ),
    "content/2026/so-1/hai.md": article("Bài hai", QUESTIONS, uid="u-hai"),
    "content/2026/so-1/nhap.md": article("Bài nháp bí mật", uid="u-nhap", status="draft"),
    "content/2026/so-1/english.md": article(
        "An article",
        "Raising pigs safely begins at the gate of the farm. " * 5,
        uid="u-en",
        lang="en",
        translation_of="2026-1-mot",
    ),
}
PATH = "site/2026/so-1/ban-tin-so-1-2026.epub"
ENGLISH = PATH.replace(".epub", "-en.epub")


class Reader:
    """A book as a reading system opens it."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = self.archive.namelist()
        self.opf = etree.fromstring(self.archive.read("EPUB/package.opf"))
        self.manifest = {
            item.get("href"): item for item in self.opf.iterfind("opf:manifest/opf:item", NS)
        }
        self.pages = {
            href: etree.fromstring(self.archive.read(f"EPUB/{href}"))
            for href, item in self.manifest.items()
            if item.get("media-type") == "application/xhtml+xml"
        }

    def meta(self, name: str) -> list[str]:
        found = self.opf.iterfind("opf:metadata/opf:meta", NS)
        return [item.text for item in found if item.get("property") == name]

    def dc(self, name: str) -> list[str]:
        return [item.text for item in self.opf.iterfind(f"opf:metadata/dc:{name}", NS)]

    def page(self, part: str) -> Any:
        return next(tree for href, tree in self.pages.items() if part in href)

    def typed(self, tree: Any, kind: str) -> list[Any]:
        return [e for e in tree.iter("*") if kind in (e.get(EPUB_TYPE) or "").split()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    result = Project(tmp_path_factory.mktemp("sach"), FILES)
    outcome = result.build()
    assert not outcome.failed, outcome.diagnostics
    return result


@pytest.fixture(scope="module")
def book(made: Project) -> Reader:
    return Reader((made.output / PATH).read_bytes())


# ---- the container -------------------------------------------------------------------------------


def test_the_zip_begins_with_the_stored_mimetype_and_knows_no_clock(made: Project) -> None:
    data = (made.output / PATH).read_bytes()
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    book = Reader(data)
    assert book.names[0] == "mimetype"
    assert {entry.date_time for entry in book.archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert book.names[1:] == sorted(book.names[1:])


def test_every_file_is_in_the_manifest_and_the_reverse(book: Reader) -> None:
    files = {n.removeprefix("EPUB/") for n in book.names if n.startswith("EPUB/")}
    assert files - {"package.opf"} == set(book.manifest)
    assert len(book.opf.findall("opf:manifest/opf:item", NS)) == len(book.manifest)
    ids = [item.get("id") for item in book.manifest.values()]
    spine = [ref.get("idref") for ref in book.opf.iterfind("opf:spine/opf:itemref", NS)]
    assert len(set(ids)) == len(ids)
    in_order = {book.manifest[href].get("id") for href in book.pages}
    assert set(spine) == in_order
    assert len(spine) == len(in_order)


def test_properties_say_what_a_page_holds(book: Reader) -> None:
    for href, tree in book.pages.items():
        told = set((book.manifest[href].get("properties") or "").split()) - {"nav"}
        holds = {"svg"} if tree.find(".//svg:svg", NS) is not None else set()
        holds |= {"mathml"} if tree.find(".//m:math", NS) is not None else set()
        assert told == holds, href
    covers = [h for h, item in book.manifest.items() if item.get("properties") == "cover-image"]
    assert covers == ["hinh/bia.png"]


def test_every_link_and_picture_leads_to_something_in_the_book(book: Reader) -> None:
    ids = {
        f"{href}#{element.get('id')}"
        for href, tree in book.pages.items()
        for element in tree.iter("*")
        if element.get("id")
    }
    seen = 0
    for href, tree in book.pages.items():
        own = [element.get("id") for element in tree.iter("*") if element.get("id")]
        assert len(own) == len(set(own)), href
        for element in tree.iter("*"):
            target = element.get("href") or element.get("src")
            if not target or target.startswith("https://example.vn/"):
                continue
            assert ":" not in target, f"{href}: {target}"
            path, _, fragment = target.partition("#")
            path = posixpath.normpath(path) if path else href
            assert path in book.manifest, f"{href}: {target}"
            assert not fragment or f"{path}#{fragment}" in ids, f"{href}: {target}"
            seen += 1
    assert seen > 20


def test_no_page_asks_for_anything_outside(book: Reader) -> None:
    sheet = book.archive.read("EPUB/book.css").decode()
    assert all(path in book.manifest for path in re.findall(r"url\(([^)]+)\)", sheet))
    assert "var(--" not in sheet
    for tree in book.pages.values():
        assert tree.find(".//x:script", NS) is None
        assert tree.find(".//x:iframe", NS) is None


# ---- what it says --------------------------------------------------------------------------------


def test_metadata_comes_from_the_content(book: Reader) -> None:
    assert book.meta("dcterms:modified") == ["2026-04-01T17:00:00Z"]  # the correction of 2 April
    assert book.dc("identifier")[0].startswith("urn:uuid:")
    assert book.dc("language") == ["vi", "en"]
    assert book.dc("publisher") == ["Cơ quan xuất bản"]
    assert book.dc("title") == ["Bản tin Khoa học và Kỹ thuật, số 1/2026: Số một"]
    assert "MathML" in book.meta("schema:accessibilityFeature")
    assert book.meta("schema:accessibilityHazard") == ["none"]
    assert book.meta("dcterms:conformsTo") == []
    assert "pageNavigation" not in book.meta("schema:accessibilityFeature")


def test_a_certifier_makes_the_claim(project: Make) -> None:
    made = project({**FILES, "bulletin.yaml": _config("  epub_certifier: Người đánh giá\n")})
    assert not made.build().failed
    book = Reader((made.output / PATH).read_bytes())
    assert book.meta("dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert book.meta("a11y:certifiedBy") == ["Người đánh giá"]


def test_books_can_be_left_out(project: Make) -> None:
    made = project({**FILES, "bulletin.yaml": _config("  books: false\n")})
    assert not made.build().failed
    assert [path for path in made.tree() if path.endswith(".epub")] == []
    page = (made.output / "site/2026/so-1/index.html").read_text("utf-8")
    assert ".epub" not in page


def _config(more: str) -> str:
    return CONFIG.replace("  social_cards: false\n", f"  social_cards: false\n{more}")


def test_navigation_lists_every_chapter_in_order(book: Reader) -> None:
    nav = book.page("muc-luc")
    toc = book.typed(nav, "toc")[0]
    titles = ["".join(a.itertext()) for a in toc.iter("{*}a")]
    assert titles == ["Bài & «một»", "Bài hai", "An article", "Về số bản tin này"]
    marks = book.typed(nav, "landmarks")[0]
    kinds = [a.get(EPUB_TYPE) for a in marks.iter("{*}a")]
    assert kinds == ["cover", "titlepage", "toc", "bodymatter", "colophon"]
    assert book.typed(nav, "page-list") == []


def test_notes_lead_there_and_back(book: Reader) -> None:
    page = book.page("mot")
    refs = book.typed(page, "noteref")
    notes = book.typed(page, "footnote")
    assert [ref.get("href") for ref in refs] == ["#n1", "#n1"]
    assert [note.get("id") for note in notes] == ["n1"]
    assert notes[0].get("role") == "doc-footnote"
    back = notes[0].find(".//x:a[@role='doc-backlink']", NS)
    assert back.get("href") == f"#{refs[0].get('id')}"


def test_pictures_formulas_and_charts_have_words(book: Reader) -> None:
    page = book.page("mot")
    drawing = page.find(".//svg:svg[@role='img']", NS)
    assert drawing.get("aria-label") == "Hình mở bài"
    assert page.find(".//m:math", NS).get("alttext") == "x mũ 2"
    chart = page.find(".//x:figure[@class='figure chart w-column']", NS)
    assert chart.find("./x:div[@role='img']", NS).get("aria-label") == "Cám nhiều nhất."
    cells = ["".join(cell.itertext()) for cell in chart.iterfind(".//x:td", NS)]
    assert cells == ["3", "1"]


def test_no_heading_jumps_a_level(book: Reader) -> None:
    for href, tree in book.pages.items():
        levels = [int(e.tag[-1]) for e in tree.iter("*") if re.search(r"}h[1-6]$", e.tag)]
        jumps = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
        assert jumps == [], href
        assert levels[:1] in ([1], []), href
    for part, asked in (("mot", ["h3"]), ("hai", ["h2", "h3"])):
        titles = book.page(part).iterfind(".//x:section[@class='box box-qa']/*[@class]", NS)
        names = [etree.QName(e).localname for e in titles if e.get("class") == "box-title"]
        assert names == asked


def test_every_box_has_a_name_of_its_own(book: Reader) -> None:
    named = {}
    for part in ("mot", "hai"):
        boxes = [e for e in book.page(part).iter("{*}aside") if not e.get("role")]
        named[part] = [box.get("aria-label") for box in boxes]
    assert named == {
        "mot": ["Ghi nhớ", "Ghi nhớ 2"],
        "hai": ["Cẩn thận “ngạt” & <cháy>"],
    }


def test_sources_label_of_ai_and_corrections_are_in_the_chapter(book: Reader) -> None:
    text = "".join(book.page("mot").itertext())
    for said in (
        "Tài liệu thử",
        "Có AI hỗ trợ.",
        "Có dùng công cụ.",
        "02/04/2026",
        "Đã sửa số liệu.",
    ):
        assert said in text


def test_a_draft_is_neither_in_the_book_nor_linked(book: Reader) -> None:
    for tree in book.pages.values():
        assert "bí mật" not in "".join(tree.itertext())
    links = [a.get("href") for a in book.page("mot").iter("{*}a")]
    assert "bai-02-hai.xhtml" in links
    assert not [link for link in links if "nhap" in link]


# ---- languages -----------------------------------------------------------------------------------


def test_each_further_language_has_a_book_of_its_own(made: Project, book: Reader) -> None:
    english = Reader((made.output / ENGLISH).read_bytes())
    assert english.dc("language") == ["en"]
    assert english.dc("title") == ["Bản tin Khoa học và Kỹ thuật, số 1/2026: Số một (tiếng Anh)"]
    assert english.dc("identifier") != book.dc("identifier")
    assert [href for href in english.pages if href.startswith("bai-")] == ["bai-01-english.xhtml"]
    assert book.page("english").get("lang") == "en"


def test_the_issue_page_offers_the_books_to_people_and_machines(project: Make) -> None:
    files = {**FILES, "themes/plain/templates/web/issue.html": ISSUE_PAGE}
    made = project(files)
    assert not made.build().failed
    page = made.text("site/2026/so-1/index.html")
    assert 'href="../../2026/so-1/ban-tin-so-1-2026.epub">:' in page
    assert 'href="../../2026/so-1/ban-tin-so-1-2026-en.epub">tiếng Anh:' in page
    assert '"contentUrl":"https://example.vn/bantin/2026/so-1/ban-tin-so-1-2026.epub"' in page


ISSUE_PAGE = (
    '{% extends "web/base.html" %}{% block main %}<script>{{ page | data }}</script>'
    "{% for book in page.issue.books %}"
    '<a href="{{ page.head.root }}{{ book.url }}">{{ book.title }}:</a>{% endfor %}{% endblock %}'
)


def test_a_theme_without_book_templates_has_no_books(project: Make) -> None:
    made = project(LIGHT)
    assert not made.build().failed
    assert not [path for path in made.tree() if path.endswith(".epub")]


# ---- fonts ---------------------------------------------------------------------------------------


def test_a_letter_that_no_font_has_is_an_error_with_its_place(project: Make) -> None:
    made = project(
        {**BOOK, **LIGHT, "content/2026/so-1/mot.md": article(body=f"{WORDS}\n\nChữ ꆈ lạ.\n")}
    )
    found = at(made.build().diagnostics, "FN001")
    assert "«ꆈ» U+A188" in found.message
    assert (found.place.path, found.place.line) == ("content/2026/so-1/mot.md", 16)


def test_letters_of_the_languages_of_the_province_are_there(project: Make) -> None:
    tay = "Slắc pi̱ cạ̱ bân ntxhais ñ ŵ."
    made = project(
        {
            **BOOK,
            "content/2026/so-1/mot.md": article(body=f"{WORDS}\n\n{tay}\n", lang="tyz"),
        }
    )
    outcome = made.build()
    assert not outcome.failed, outcome.diagnostics


# ---- pages of print ------------------------------------------------------------------------------


def test_a_page_stands_once_at_the_first_thing_that_begins_on_it() -> None:
    found = leaves.placed(
        ["a", "b", "c"],
        {"a": 3, "b": 5, "c": 5},
        [("a", 12, 4), ("a", 30, 5), ("c", 9, 7), ("gone", 1, 8)],
    )
    assert (found["a"].start, found["a"].inside) == ((3,), {12: 4, 30: 5})
    assert (found["b"].start, found["b"].inside) == ((), {})
    assert (found["c"].start, found["c"].inside) == ((), {9: 7})


def test_the_page_list_is_that_of_the_layout(project: Make) -> None:
    made = project(FILES)
    with Store(made.root / "memo") as store:
        ready = pipeline.prepare(made.root, store, "tools", AS_OF, False, Report())
        assert ready is not None
        source = pipeline._source(ready, Request(AS_OF))
        known = Printed(
            "0" * 64, 8, (("2026-1-mot", 3), ("u-hai", 6), ("u-en", 7)), (("2026-1-mot", 9, 4),)
        )
        # As if the draft were not: only an issue whose printed pieces are all public has pages.
        editions = (Edition(source.assembly.catalog.issues[0]),)
        assembly = dataclasses.replace(source.assembly, editions=editions)
        source = dataclasses.replace(source, assembly=assembly, printed={"2026/so-1": known})
        studio = pipeline.workshop(ready, store, "tools").studio()
        job = next(iter(books.jobs(source)))
        book = Reader(books.make(job, studio).data)
    pages = book.typed(book.page("muc-luc"), "page-list")[0]
    listed = [(a.text, a.get("href")) for a in pages.iter("{*}a")]
    assert listed == [
        ("1", "bia.xhtml#trang-1"),
        ("3", "bai-01-mot.xhtml#trang-3"),
        ("4", "bai-01-mot.xhtml#trang-4"),
        ("6", "bai-02-hai.xhtml#trang-6"),
        ("7", "bai-03-english.xhtml#trang-7"),
    ]
    marks = book.typed(book.page("mot"), "pagebreak")
    assert [mark.get("aria-label") for mark in marks] == ["3", "4"]
    assert "pageNavigation" in book.meta("schema:accessibilityFeature")
    assert book.meta("pageBreakSource") == [
        "Bản tin Khoa học và Kỹ thuật, số 1/2026, bản in khổ 190 × 270 mm"
    ]


def test_facts_of_a_layout_are_read_back() -> None:
    facts = (("pages", 8), ("start:u:1", 3), ("break:u:1:12", 4), ("break:b:5", 6))
    assert breaks.read(facts) == (("u:1", 12, 4), ("b", 5, 6))


# ---- small pieces --------------------------------------------------------------------------------


def test_void_elements_are_closed_once() -> None:
    assert xhtml('<p>a<br>b<hr><img src="x" alt="a &gt; b"></p>') == (
        '<p>a<br/>b<hr/><img src="x" alt="a &gt; b"/></p>'
    )
    assert xhtml("<br/>") == "<br/>"


def test_an_identity_is_of_issue_and_language() -> None:
    assert package.identity("2026/so-1:vi") == package.identity("2026/so-1:vi")
    assert package.identity("2026/so-1:vi") != package.identity("2026/so-1:en")


def test_the_same_content_gives_the_same_bytes(project: Make) -> None:
    one, two = project(FILES, "mot"), project(FILES, "hai")
    assert not one.build().failed
    assert not two.build(workers=2).failed
    assert one.tree()[PATH] == two.tree()[PATH]
