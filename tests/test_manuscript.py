"""One content file becomes an article: encodings, hidden characters, counting, shortening."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import codec, manuscript, markdown
from bulletin.diag import Diagnostic, Place, Report, arrange
from bulletin.manuscript import Manuscript
from bulletin.model import Reference

PATH = "content/2026/so-1/nuoi-lon.md"
HEAD = "---\ntitle: Tên\nuid: a\nsection: s\ngenre: guide\nstatus: draft\n---\n\n"  # 8 lines


def read(data: bytes) -> tuple[Manuscript, tuple[Diagnostic, ...]]:
    report = Report()
    made = manuscript.read(PATH, data, report)
    return made, arrange(report.items)


def body(source: str) -> tuple[Manuscript, tuple[Diagnostic, ...]]:
    return read((HEAD + source).encode("utf-8", "surrogatepass"))


def said(item: Diagnostic) -> tuple[str, int, int, str]:
    return item.code, item.place.line, item.place.column, item.message


def words(made: Manuscript) -> str:
    return markdown.plain(made.nodes)


def test_an_article() -> None:
    made, found = body("Đoạn *một*.\n\n## Đề mục\n\nXem [bài](kia.md) và ![Hình](a.svg).\n")
    assert found == ()
    article = made.article
    assert article is not None
    assert (article.path, article.folder, article.name) == (PATH, "content/2026/so-1", "nuoi-lon")
    assert article.headings == (("de-muc", "Đề mục"),)
    assert article.anchors == ("de-muc",)
    assert article.words == 7
    assert article.excerpt == "Đoạn một. Đề mục Xem bài và ."
    assert article.references == (
        Reference("link", "kia.md", Place(PATH, 13, 5, 6)),
        Reference("picture", "a.svg", Place(PATH, 13, 22, 5)),
    )
    assert article.body == codec.digest(codec.dumps(made.nodes))
    assert article.places["title"] == Place(PATH, 2, 8, 3)


def test_the_body_is_read_although_the_front_matter_is_wrong() -> None:
    made, found = read(b"---\ntitle: a\n---\n[x](javascript:y)\n")
    assert made.article is None
    assert words(made) == "x"
    assert [item.code for item in found if item.code != "FM002"] == ["LK002"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            HEAD.encode("utf-16"), ("TX001", 1, 1, "tệp lưu ở bảng mã UTF-16"), id="V01-utf-16-le"
        ),
        pytest.param(
            b"\xfe\xff" + HEAD.encode("utf-16-be"),
            ("TX001", 1, 1, "tệp lưu ở bảng mã UTF-16"),
            id="V01-utf-16-be",
        ),
        pytest.param(
            HEAD.replace("Tên", "Ten").encode("utf-16-le"),
            ("TX001", 1, 1, "tệp lưu ở bảng mã UTF-16"),
            id="V01-utf-16-without-mark",
        ),
        pytest.param(
            "---\ntitle: Cà phê\n---\n".encode("latin-1"),
            ("TX002", 2, 9, "byte 0xE0 không phải UTF-8 (có thể là windows-1258 hoặc Latin-1)"),
            id="V01-latin-1",
        ),
        pytest.param(
            "---\ntitle: Đường\n---\n".replace("ờ", "ơ\u0300").encode("cp1258"),
            ("TX002", 2, 8, "byte 0xD0 không phải UTF-8 (có thể là windows-1258 hoặc Latin-1)"),
            id="V01-windows-1258",
        ),
        pytest.param(
            HEAD.encode() + b"d\n" * 31 + "ấb".encode() + b"\xff c\n",
            ("TX002", 40, 3, "byte 0xFF không phải UTF-8 (có thể là windows-1258 hoặc Latin-1)"),
            id="V02-byte-in-line-40",
        ),
        pytest.param(
            b"---\r\ntitle: a\xff\r\n---\r\n",
            ("TX002", 2, 9, "byte 0xFF không phải UTF-8 (có thể là windows-1258 hoặc Latin-1)"),
            id="V02-windows-line-ends",
        ),
        pytest.param(
            b"---\rtitle: a\xff\r---\r",
            ("TX002", 2, 9, "byte 0xFF không phải UTF-8 (có thể là windows-1258 hoặc Latin-1)"),
            id="V02-old-mac-line-ends",
        ),
        pytest.param(
            b"a" * 12_000_001, ("TX005", 0, 0, "tệp lớn hơn 12 MB"), id="H16-more-than-12-MB"
        ),
    ],
)
def test_files_that_are_not_utf8(data: bytes, expected: tuple[str, int, int, str]) -> None:
    made, found = read(data)
    assert (made.article, made.nodes) == (None, ())
    assert [said(item) for item in found] == [expected]
    assert found[0].hint


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(ends: str, mark: str) -> None:
    made, found = read((mark + HEAD + "Một\n\nhai").replace("\n", ends).encode())
    assert found == ()
    assert made == body("Một\n\nhai")[0]


def test_text_is_composed_with_a_warning() -> None:
    made, found = body("một\n\n" + unicodedata.normalize("NFD", "Tiếng Việt"))
    assert words(made) == "một Tiếng Việt"
    assert [said(i) for i in found] == [
        ("TX003", 11, 1, "chữ ở dạng tổ hợp (NFD), đã tự ghép lại khi dựng")
    ]


@pytest.mark.parametrize(
    ("wrong", "right"), [("Ðắk", "Đắk"), ("Ɖông", "Đông"), ("ði", "đi"), ("ɖi", "đi")]
)
def test_v05_look_alikes_of_d_with_stroke(wrong: str, right: str) -> None:
    made, found = body(f"xin {wrong}")
    assert words(made) == f"xin {right}"
    assert [said(i) for i in found] == [
        ("TX004", 9, 5, f"chữ U+{ord(wrong[0]):04X} trông giống Đ/đ, đã tự thay khi dựng")
    ]
    made, found = read(HEAD.replace("Tên", wrong).encode())
    assert made.article is not None
    assert made.article.meta.title == right


def test_v11_a_soft_hyphen_in_the_body_stays() -> None:
    made, found = body("n\u00adíc")
    assert words(made) == "n\u00adíc"
    assert found == ()


@pytest.mark.parametrize(
    "hidden", list("\u202e\u2066\u200b\u2060\ufeff\u200e\u200f\u061c\U000e0041")
)
def test_v13_hidden_characters(hidden: str) -> None:
    made, found = body(f"đoạn\n\naa{hidden}b")
    assert words(made) == "đoạn aab"
    assert [said(i) for i in found] == [
        ("TX006", 11, 3, f"ký tự ẩn U+{ord(hidden):04X}, đã bỏ khi dựng")
    ]
    for line in ("title: a{}b", "authors: [a{}b]"):
        name = line.partition(":")[0]
        head = HEAD.replace("title: Tên\n", "") if name == "title" else HEAD
        made, found = read(head.replace("uid: a", f"uid: a\n{line.format(hidden)}").encode())
        assert made.article is None
        assert [i.code for i in found] == ["YM002" if hidden == "\ufeff" else "FM008"]
        assert f"U+{ord(hidden):04X}" in found[0].message


def test_control_characters_of_a_body_are_dropped() -> None:
    made, found = body("a\x0bb\x00c\x85")
    assert words(made) == "abc"
    assert [said(i) for i in found] == [("TX007", 9, 2, "ký tự điều khiển U+000B, đã bỏ khi dựng")]


def test_h16_only_front_matter() -> None:
    made, found = read(HEAD.rstrip().encode())
    assert made.article is not None
    assert (made.article.words, made.article.excerpt, made.nodes) == (0, "", ())
    assert found == ()


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("source", "count"),
    [
        pytest.param("Chữ nghĩa " * 180_000, 360_000, id="one-line-of-1.8-MB"),
        pytest.param(("Chữ nghĩa " * 20 + "\n\n") * 30_000, 1_200_000, id="10-MB", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_h16_large_bodies_are_read_whole(source: str, count: int) -> None:
    made, found = body(source)
    assert found == ()
    assert made.article is not None
    assert made.article.words == count


@pytest.mark.parametrize(
    ("plain", "limit", "short"),
    [
        ("một hai ba", 20, "một hai ba"),
        ("một hai ba", 8, "một hai…"),
        ("một hai, ba", 9, "một hai…"),
        ("một\n  hai", 20, "một hai"),
        ("x" * 30, 10, "x" * 10 + "…"),
    ],
)
def test_shorten_cuts_between_words(plain: str, limit: int, short: str) -> None:
    assert manuscript.shorten(plain, limit) == short


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.binary(max_size=200))
def test_no_bytes_make_reading_raise(data: bytes) -> None:
    made, found = read(data)
    assert made.article is not None or any(item.severity == 2 for item in found)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text(max_size=200))
def test_no_body_makes_reading_raise(source: str) -> None:
    made, found = body(source)
    assert made.article is not None
    lines = (HEAD + source).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert all(1 <= item.place.line <= len(lines) for item in found)
