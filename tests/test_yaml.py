"""YAML as editors type it: faults Y02–Y31, each with its code, line, column and sentence."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import manuscript, yamltree
from bulletin.diag import Diagnostic, Place, Report, arrange
from bulletin.model import Article
from bulletin.yamltree import Mapping, Scalar, Sequence

PATH = "content/2026/so-1/a.md"
FIELDS = {
    "title": '"Bài"',
    "uid": "2026-1-a",
    "section": "ky-thuat",
    "genre": "guide",
    "status": "draft",
}
QUOTE = (
    "đặt cả giá trị trong ngoặc kép: khóa: \"…\" (bên trong có ngoặc kép thì dùng ngoặc đơn: '…')"
)


def front(line: str) -> str:
    """A valid article with ``line`` as line 2 of its front matter, in place of the same key."""
    key = line.partition(":")[0]
    rest = "".join(f"{name}: {value}\n" for name, value in FIELDS.items() if name != key)
    return f"---\n{line}\n{rest}---\n\nChữ của bài.\n"


def read(source: str | bytes) -> tuple[Article | None, tuple[Diagnostic, ...]]:
    report = Report()
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return manuscript.read(PATH, data, report).article, arrange(report.items)


def refused(source: str | bytes) -> Diagnostic:
    """The only error of a file that must not become an article."""
    article, found = read(source)
    assert article is None
    assert len(found) == 1, [(str(item.place), item.code, item.message) for item in found]
    return found[0]


def said(item: Diagnostic) -> tuple[str, int, int, str]:
    return item.code, item.place.line, item.place.column, item.message


def accepted(source: str) -> Article:
    article, found = read(source)
    assert article is not None
    assert found == ()
    return article


def test_the_article_of_these_cases_is_valid() -> None:
    assert accepted(front("title: Tên bài")).meta.title == "Tên bài"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            'title: "Ứng dụng" AI trong HTX',
            ("YM004", 2, 18, "thụt dòng không thẳng hàng hoặc thừa chữ sau giá trị"),
            id="Y02-text-after-quote",
        ),
        pytest.param(
            "title：Abc",
            ("YM003", 2, 6, "dấu hai chấm lạ U+FF1A sau khóa «title»"),
            id="Y04-full-width-colon",
        ),
        pytest.param(
            "title:\u00a0Abc",
            ("YM003", 2, 7, "khoảng trắng lạ U+00A0 sau khóa «title»"),
            id="Y04-no-break-space",
        ),
        pytest.param(
            "title\u00a0: Abc",
            ("FM004", 2, 1, "khóa «title\u00a0» có ký tự lạ (U+00A0)"),
            id="Y04-no-break-space-before-colon",
        ),
        pytest.param(
            "cover:\n  file：a.svg\n  alt: b",
            ("YM003", 3, 7, "dấu hai chấm lạ U+FF1A sau khóa «file»"),
            id="Y04-nested-key",
        ),
        pytest.param(
            "date: 2026-02-30",
            ("FM012", 2, 7, "ngày «2026-02-30» không hợp lệ: tháng 2/2026 chỉ có 28 ngày"),
            id="Y05-30-february",
        ),
        pytest.param(
            "date: 2026-13-01",
            ("FM012", 2, 7, "ngày «2026-13-01» không hợp lệ: không có tháng 13"),
            id="Y07-month-13",
        ),
        pytest.param(
            "date: 31/04/2026",
            ("FM012", 2, 7, "ngày «31/04/2026» không hợp lệ: tháng 4/2026 chỉ có 30 ngày"),
            id="Y07-31-april",
        ),
        pytest.param(
            "date: 9/3/26",
            ("FM012", 2, 7, "ngày «9/3/26» không hợp lệ: không đúng dạng ngày"),
            id="Y07-short-year",
        ),
        pytest.param(
            "date: 0000-01-01",
            ("FM012", 2, 7, "ngày «0000-01-01» không hợp lệ: năm 0 ngoài khoảng 1900–2199"),
            id="Y07-year-0",
        ),
        pytest.param(
            "date: 10000-01-01",
            ("FM012", 2, 7, "ngày «10000-01-01» không hợp lệ: không đúng dạng ngày"),
            id="Y07-year-10000",
        ),
        pytest.param(
            "title: &abc",
            ("YM006", 2, 8, "dấu & đứng đầu giá trị (mốc YAML)"),
            id="Y11-anchor",
        ),
        pytest.param(
            "title: *quan trọng",
            ("YM006", 2, 8, "dấu * đứng đầu giá trị (bí danh YAML)"),
            id="Y11-alias",
        ),
        pytest.param(
            "title: !Chú ý", ("YM004", 2, 8, "dấu ! đứng đầu giá trị"), id="Y11-tag-not-ascii"
        ),
        pytest.param(
            "title: !chu ý", ("YM007", 2, 8, "dấu ! đứng đầu giá trị (thẻ YAML)"), id="Y11-tag"
        ),
        pytest.param(
            "title: %tăng",
            ("YM004", 2, 8, "ký tự mở đầu giá trị không dùng được trong YAML"),
            id="Y11-percent",
        ),
        pytest.param(
            "title: @abc",
            ("YM004", 2, 8, "ký tự mở đầu giá trị không dùng được trong YAML"),
            id="Y11-at",
        ),
        pytest.param(
            "title: `a`",
            ("YM004", 2, 8, "ký tự mở đầu giá trị không dùng được trong YAML"),
            id="Y11-backtick",
        ),
        pytest.param(
            "title: - a",
            ("YM004", 2, 8, "dấu gạch đầu dòng đứng đầu giá trị"),
            id="Y11-dash",
        ),
        pytest.param("title: ? a", ("YM004", 2, 8, "dấu ? đứng đầu giá trị"), id="Y11-question"),
        pytest.param("title: | a", ("YM004", 2, 8, "dấu | hoặc > đứng đầu giá trị"), id="Y11-pipe"),
        pytest.param(
            "title: Hỏi: đáp", ("YM004", 2, 11, "dấu hai chấm đứng giữa giá trị"), id="Y11-colon"
        ),
        pytest.param(
            "title: [a",
            ("YM004", 2, 8, "danh sách thiếu dấu phẩy hoặc ngoặc ]"),
            id="Y11-open-bracket",
        ),
        pytest.param(
            "title: 'a",
            ("YM004", 2, 8, "thiếu dấu ngoặc kép hoặc ngoặc đơn đóng"),
            id="Y11-open-quote",
        ),
        pytest.param(
            "keywords: [a,,b]",
            ("YM004", 2, 14, "danh sách thiếu giá trị hoặc thừa dấu"),
            id="Y11-two-commas",
        ),
        pytest.param(
            "keywords: &a [x]\naudience: *a",
            ("YM006", 2, 11, "dấu & đứng đầu giá trị (mốc YAML)"),
            id="Y13-alias-of-anchor",
        ),
        pytest.param(
            "keywords: " + "[" * 600 + "]" * 600,
            ("YM008", 2, 22, "lồng quá sâu"),
            id="Y15-600-brackets",
        ),
        pytest.param(
            "title: " + "9" * 5000,
            ("FM007", 2, 8, "«title» (Tên bài) dài 5000 ký tự, giới hạn 200"),
            id="Y16-5000-digits",
        ),
        pytest.param(
            "date: " + "9" * 80,
            ("FM012", 2, 7, f"ngày «{'9' * 60}…» không hợp lệ: không đúng dạng ngày"),
            id="Y16-80-digits-in-a-date",
        ),
        pytest.param(
            'title: !!python/object/apply:os.system ["touch pwn"]',
            ("YM007", 2, 8, "dấu ! đứng đầu giá trị (thẻ YAML)"),
            id="Y17-python-tag",
        ),
        *(
            pytest.param(
                f"standfirst: a{c}b",
                ("YM002", 2, 14, f"ký tự điều khiển U+{ord(c):04X} trong phần khai báo"),
                id=f"Y18-U+{ord(c):04X}",
            )
            for c in "\x0b\x00\x08\x0c\x7f\x85\u2028\ufeff\uffff"
        ),
        pytest.param(
            'title: "\\ud83d"', ("YM004", 2, 11, "mã ký tự không hợp lệ"), id="Y19-lone-surrogate"
        ),
        pytest.param(
            'title: "a\\0b"',
            ("FM008", 2, 8, "«title» có ký tự không nhìn thấy U+0000"),
            id="Y19-escaped-null",
        ),
        pytest.param(
            'title: "C:\\Windows"',
            ("YM004", 2, 11, "dấu gạch chéo ngược lạ trong ngoặc kép"),
            id="Y19-unknown-escape",
        ),
        pytest.param(
            "cover:\n\tfile: a.svg",
            ("YM004", 3, 1, "dùng phím Tab để thụt dòng"),
            id="Y20-tab",
        ),
        pytest.param(
            "keywords:\n\t- a", ("YM004", 3, 1, "dùng phím Tab để thụt dòng"), id="Y20-tab-in-list"
        ),
        pytest.param(
            "lang: vi\n--- # x",
            ("YM005", 3, 1, "có hai tài liệu YAML trong một tệp"),
            id="Y26-second-document",
        ),
        pytest.param("tieude: x", ("FM004", 2, 1, "khóa lạ «tieude»"), id="Y27-unknown-key"),
        pytest.param(
            unicodedata.normalize("NFD", "xy_ế") + ": x",
            ("FM004", 2, 1, "khóa lạ «xy_ế»"),
            id="Y28-key-in-nfd",
        ),
        pytest.param(
            "lang\u200b: vi",
            ("FM004", 2, 1, "khóa «lang\u200b» có ký tự lạ (U+200B)"),
            id="Y28-zero-width-in-key",
        ),
        pytest.param(
            "\ufefflang: vi",
            ("YM002", 2, 1, "ký tự điều khiển U+FEFF trong phần khai báo"),
            id="Y28-byte-order-mark-in-key",
        ),
        pytest.param(
            "authors: {a: b}",
            ("FM006", 2, 10, "«authors» (Tác giả) phải là danh sách, không phải nhóm khóa"),
            id="Y31-mapping-for-list",
        ),
        pytest.param(
            "keywords: 5",
            ("FM006", 2, 11, "«keywords» (Từ khóa) phải là danh sách"),
            id="Y31-scalar-for-list",
        ),
        pytest.param(
            "title: " + "a" * 5000,
            ("FM007", 2, 8, "«title» (Tên bài) dài 5000 ký tự, giới hạn 200"),
            id="Y31-5000-characters",
        ),
        *(
            pytest.param(line, ("FM005", 2, column, "«title» (Tên bài) đang để trống"), id=name)
            for line, column, name in [
                ("title:", 7, "Y31-no-title"),
                ("title: ''", 8, "Y31-empty-title"),
                ('title: "   "', 8, "Y31-title-of-spaces"),
                ('title: "\u00a0"', 8, "Y31-title-of-no-break-spaces"),
            ]
        ),
        pytest.param(
            'title: "\u200b"',
            ("FM008", 2, 8, "«title» có ký tự không nhìn thấy U+200B"),
            id="Y31-title-of-zero-width",
        ),
        pytest.param(
            "title: \u3164",
            ("FM008", 2, 8, "«title» có ký tự không nhìn thấy U+3164"),
            id="Y31-title-of-a-filler",
        ),
        pytest.param(
            "keywords: ['  ']",
            ("FM005", 2, 12, "«keywords.0» (Từ khóa) đang để trống"),
            id="Y31-empty-item",
        ),
        pytest.param(
            "cover: hinh.svg",
            ("FM001", 2, 8, "«cover» phải là các dòng «khóa: giá trị»"),
            id="Y31-scalar-for-group",
        ),
        pytest.param(
            "status: [draft]",
            (
                "FM006",
                2,
                9,
                "«status» (Tình trạng) phải là một giá trị, không phải danh sách",
            ),
            id="Y31-list-for-scalar",
        ),
    ],
)
def test_one_mistake_one_error(line: str, expected: tuple[str, int, int, str]) -> None:
    source = front(line)
    article, found = read(source)
    assert article is None
    others = [item for item in found if item.code not in ("TX003", "FM002")]
    assert [said(item) for item in others] == [expected]
    assert others[0].hint


@pytest.mark.parametrize(
    "value", ["&abc", "*quan trọng", "!Chú ý", "%tăng", "@abc", "`a`", "- a", "? a", "a: b"]
)
def test_y11_one_remedy_quote_the_value(value: str) -> None:
    assert refused(front(f"title: {value}")).hint.startswith(QUOTE)
    assert accepted(front(f'title: "{value}"')).meta.title == value


def test_y02_remedy_is_single_quotes_outside() -> None:
    assert "dùng ngoặc đơn: '…'" in refused(front('title: "Ứng dụng" AI trong HTX')).hint
    article = accepted(front("title: '\"Ứng dụng\" AI trong HTX'"))
    assert article.meta.title == '"Ứng dụng" AI trong HTX'


@pytest.mark.parametrize(
    "value", ["0207123456", "010", "7:30", "1.10", "no", "on", "yes", "~", "null", "1e3", "0x1F"]
)
def test_y08_y09_texts_stay_as_typed(value: str) -> None:
    assert accepted(front(f"title: {value}")).meta.title == value
    assert accepted(front(f"keywords: [{value}]")).meta.keywords == (value,)


def test_y11_an_equals_sign_is_text_and_never_nothing() -> None:
    assert accepted(front("title: =")).meta.title == "="


def test_y12_both_places_of_a_key_typed_twice() -> None:
    item = refused(front("title: Một\ntitle: Hai"))
    assert said(item) == ("FM003", 3, 1, "khóa «title» lặp lại")
    assert item.see == (Place(PATH, 2, 1, 5),)
    assert item.hint == "giữ một dòng «title:», bỏ dòng kia"


def test_y12_third_time_points_at_the_first() -> None:
    _, found = read(front("title: Một\ntitle: Hai\ntitle: Ba"))
    assert [(item.place.line, item.see[0].line) for item in found] == [(3, 2), (4, 2)]


def test_y12_inside_a_group() -> None:
    item = refused(front("cover: {file: a.svg, file: b.svg, alt: x, credit: y}"))
    assert said(item) == ("FM003", 2, 22, "khóa «file» lặp lại")
    assert [place.column for place in item.see] == [9]


def test_y13_billion_laughs_stops_at_the_first_anchor() -> None:
    laughs = ["a: &a [lol, lol]"]
    laughs += [
        f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]"
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert said(refused(front("\n".join(laughs))))[:3] == ("YM006", 2, 4)


def test_y17_nothing_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(front('title: !!python/object/apply:os.system ["touch pwn"]'))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "---\n- a\n---\nx",
            ("FM001", 2, 1, "Phần khai báo phải là các dòng «khóa: giá trị»"),
            id="Y21-list",
        ),
        pytest.param(
            "---\nabc\n---\nx",
            ("FM001", 2, 1, "Phần khai báo phải là các dòng «khóa: giá trị»"),
            id="Y21-scalar",
        ),
        pytest.param(
            "Chữ thường\n",
            ("FM021", 1, 1, "tệp phải bắt đầu bằng dòng --- và phần khai báo"),
            id="Y21-missing",
        ),
        pytest.param("", ("FM020", 1, 1, "tệp rỗng"), id="H16-empty-file"),
        pytest.param(" \n\t\n", ("FM020", 1, 1, "tệp rỗng"), id="H16-blank-file"),
        pytest.param(
            "---\ntitle: a\n\nChữ\n",
            ("FM023", 1, 1, "phần khai báo không có dòng --- đóng"),
            id="Y22-not-closed",
        ),
        pytest.param(
            "---\ntitle: a\n\nChữ của bài\n\n---\n\nnữa\n",
            ("YM004", 4, 1, "dòng thiếu dấu hai chấm sau khóa"),
            id="Y22-closed-by-a-rule-of-the-body",
        ),
        pytest.param(
            "# ghi chú\n---\ntitle: a\n---\n",
            ("FM021", 1, 1, "tệp phải bắt đầu bằng dòng --- và phần khai báo"),
            id="Y24-comment-first",
        ),
        pytest.param(
            "\u200b---\ntitle: a\n---\n",
            ("FM021", 1, 1, "ký tự ẩn U+200B đứng trước dòng --- đầu tiên"),
            id="Y24-zero-width-first",
        ),
        pytest.param(
            "---\ntitle: a\n----\nchữ",
            ("FM023", 1, 1, "phần khai báo không có dòng --- đóng"),
            id="Y26-four-dashes",
        ),
        pytest.param(
            "---\nstandfirst: " + "a" * 1_000_000 + "\n---\n",
            ("YM001", 2, 1, "phần khai báo dài 1000012 ký tự, giới hạn 256000"),
            id="Y29-1-MB",
        ),
        pytest.param(
            "---\n" + "\n".join(f"k{n}: 1" for n in range(100_000)) + "\n---\n",
            ("YM001", 2, 1, "phần khai báo dài 988889 ký tự, giới hạn 256000"),
            id="Y29-100000-keys",
        ),
    ],
)
def test_files_without_readable_front_matter(
    source: str, expected: tuple[str, int, int, str]
) -> None:
    item = refused(source)
    assert said(item) == expected
    assert item.hint
    assert manuscript.read(PATH, source.encode(), Report()).article is None


@pytest.mark.parametrize("inside", ["", "\n", "# ghi chú\n", "{}\n"])
def test_y21_empty_front_matter_asks_for_every_required_key(inside: str) -> None:
    article, found = read(f"---\n{inside}---\nx")
    assert article is None
    assert {(item.code, item.place.line, item.place.column) for item in found} == {("FM002", 1, 1)}
    assert sorted(item.hint for item in found) == [
        "thêm dòng: genre: guide",
        "thêm dòng: section: ky-thuat",
        "thêm dòng: status: draft",
        'thêm dòng: title: "Nuôi lợn an toàn sinh học"',
        "thêm dòng: uid: 2026-1-ten-bai",
    ]


def test_y21_hint_can_be_pasted() -> None:
    template = refused("Chữ thường\n").hint.partition("\n")[2]
    report = Report()
    assert manuscript.read(PATH, f"{template}\n\nChữ.\n".encode(), report).article is not None
    assert report.items == []


def test_y22_front_matter_never_becomes_text() -> None:
    made = manuscript.read(PATH, "---\ntitle: bí mật\n\nChữ\n".encode(), Report())
    assert made.nodes == ()


def test_y24_blank_lines_first_are_accepted_with_a_warning() -> None:
    article, found = read("\n\n" + front("title: Tên"))
    assert article is not None
    assert article.meta.title == "Tên"
    assert [said(item) for item in found] == [
        ("FM022", 1, 1, "có dòng trống trước dòng --- đầu tiên")
    ]
    assert article.places["title"].line == 4


def test_y26_dashes_inside_a_text_and_spaces_after_the_fence() -> None:
    article = accepted(front("standfirst: |\n  một\n  ---\n  hai"))
    assert article.meta.standfirst == "một\n---\nhai"
    assert accepted(front("title: Tên").replace("---\n", "---  \n")).meta.title == "Tên"


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("tieude", "title"),
        ("tiêu đề", "title"),
        ("Title", "title"),
        ("author", "authors"),
        ("tacgia", "authors"),
        ("tác giả", "authors"),
        ("từ khóa", "keywords"),
        ("chuyên mục", "section"),
        ("thể loại", "genre"),
    ],
)
def test_y27_suggests_the_key(key: str, meant: str) -> None:
    item = refused(front(f"{key}: x") if key != "Title" else front("Title: x"))
    assert said(item) == ("FM004", 2, 1, f"khóa lạ «{key}»")
    assert item.hint == f"ý bạn là «{meant}»?"


def test_y27_without_a_near_key_lists_them_all() -> None:
    hint = refused(front("zzz: x")).hint
    assert hint.startswith("các khóa dùng được: title, uid, slug")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("authors: {a: b}", "ví dụ: authors: [Ban biên tập]"),
        ("authors: ['']", "ví dụ: authors: [Ban biên tập]"),
        ("keywords: 5", "viết: keywords: [5]"),
        ("title:", 'ví dụ: title: "Nuôi lợn an toàn sinh học"'),
        ("date: mai", "ví dụ: 2026-03-09 hoặc 09/3/2026"),
        ("genre: Guide", "ý bạn là «guide»?"),
    ],
)
def test_y31_remedy_shows_the_form(line: str, hint: str) -> None:
    assert refused(front(line)).hint == hint


def test_several_mistakes_are_shown_in_one_run_in_order() -> None:
    source = "---\ntacgia: a\ntitle: Một\nuid: x\nsection: s\ngenre: guide\ndate: 2026-02-30\nstatus: duyet\ntitle: Hai\n---\n[^1]\n"
    _, found = read(source)
    assert [(i.code, i.place.line, i.place.column) for i in found] == [
        ("FM004", 2, 1),
        ("FM012", 7, 7),
        ("FM009", 8, 9),
        ("FM003", 9, 1),
        ("MD005", 11, 1),
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_nothing() -> None:
    source = "\ufeff" + front("title: Tên\ndate: 2026-02-30").replace("\n", "\r\n")
    assert said(refused(source))[:3] == ("FM012", 3, 7)


# ---- the tree itself -----------------------------------------------------------------------


def tree(source: str, indent: int = 0) -> yamltree.YamlNode | None:
    report = Report()
    made = yamltree.parse(source, "a.yaml", report, 5, indent)
    assert report.items == []
    return made


def test_tree_of_texts_with_places() -> None:
    assert tree("a: [b, 'c']") == Mapping(
        Place("a.yaml", 5, 1),
        (
            (
                Scalar(Place("a.yaml", 5, 1), "a"),
                Sequence(
                    Place("a.yaml", 5, 4),
                    (
                        Scalar(Place("a.yaml", 5, 5), "b"),
                        Scalar(Place("a.yaml", 5, 8, 3), "c", True),
                    ),
                ),
            ),
        ),
    )


def test_places_count_characters_and_what_stands_before_the_lines() -> None:
    made = tree("khóa: giá trị 😀", indent=4)
    assert isinstance(made, Mapping)
    assert made.pairs[0][0].place == Place("a.yaml", 5, 5, 4)
    assert made.pairs[0][1].place == Place("a.yaml", 5, 11, 9)


def test_nothing_is_no_tree_and_no_error() -> None:
    assert tree("") is None
    assert tree("# ghi chú\n") is None


def test_a_text_of_several_lines_may_hold_odd_colons_and_spaces() -> None:
    made = tree("a: |\n  Nam：chào\n  Nam:\u00a0chào\nb: c")
    assert isinstance(made, Mapping)
    assert made.pairs[0][1] == Scalar(Place("a.yaml", 5, 4), "Nam：chào\nNam:\u00a0chào\n", True)


def test_a_group_cannot_be_a_key() -> None:
    report = Report()
    assert yamltree.parse("[a]: b", "a.yaml", report) is None
    assert [(i.code, i.place.column) for i in report.items] == [("YM009", 1)]


def test_depth_is_a_rule_and_not_the_stack() -> None:
    assert tree("[" * 12 + "]" * 12) is not None
    report = Report()
    assert yamltree.parse("[" * 13 + "]" * 13, "a.yaml", report) is None
    assert [(i.code, i.place.column) for i in report.items] == [("YM008", 13)]


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text(max_size=120))
def test_no_text_makes_reading_raise(source: str) -> None:
    report = Report()
    made = yamltree.parse(source, "a.yaml", report)
    assert made is None or not report.failed
    lines = source.split("\n")
    for item in report.items:
        assert 1 <= item.place.line <= len(lines)
        assert 1 <= item.place.column <= len(lines[item.place.line - 1]) + 1
        assert item.hint


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text(st.characters(exclude_characters="\n"), max_size=60))
def test_no_front_matter_value_makes_reading_raise(value: str) -> None:
    article, found = read(front(f"title: {value}"))
    assert article is not None or any(item.severity == 2 for item in found)


SYNTAX = st.lists(
    st.sampled_from(["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "'", '"', "#", "|", ">", "&", "*", "!", "%", "?", "\t", "---", "đ", "\\"]),
    max_size=30,
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=100)
@given(SYNTAX)
def test_no_yaml_syntax_makes_reading_raise(parts: list[str]) -> None:
    report = Report()
    made = yamltree.parse("".join(parts), "a.yaml", report)
    assert made is None or not report.failed
