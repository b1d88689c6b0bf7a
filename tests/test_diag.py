"""Diagnostics: order, repetition, silence, and the four ways in which they are shown."""

from __future__ import annotations

import json
import unicodedata

import pytest

from bulletin.diag import (
    Diagnostic,
    Place,
    Report,
    Severity,
    arrange,
    cells,
    excerpt,
    from_json,
    render_github,
    render_gnu,
    render_json,
    render_text,
    store_form,
    visible,
)

ERROR, WARNING = Severity.ERROR, Severity.WARNING
ONE = Diagnostic(
    Place("a.md", 2, 3, 2), ERROR, "FM003", "khóa lặp", "bỏ một dòng", (Place("a.md", 1, 1),)
)


def note(path: str, line: int, column: int = 1, code: str = "MD001", **more: object) -> Diagnostic:
    return Diagnostic(Place(path, line, column), WARNING, code, "câu", **more)  # type: ignore[arg-type]


def test_place_as_text() -> None:
    assert str(Place("a.md")) == "a.md"
    assert str(Place("a.md", 3)) == "a.md:3:1"
    assert str(Place("a.md", 3, 7)) == "a.md:3:7"


def test_arrange_sorts_by_place_and_drops_repetitions() -> None:
    items = [
        note("b.md", 1),
        note("a.md", 10),
        note("a.md", 2),
        note("a.md", 2),
        note("a.md", 2, 5),
    ]
    assert [str(item.place) for item in arrange(items)] == [
        "a.md:2:1",
        "a.md:2:5",
        "a.md:10:1",
        "b.md:1:1",
    ]


def test_only_warnings_can_be_silenced() -> None:
    error = Diagnostic(Place("a.md", 1, 1), ERROR, "MD001", "câu")
    assert arrange([note("a.md", 2), error], frozenset({"MD001"})) == (error,)
    assert len(arrange([note("a.md", 2), error], frozenset({"MD002"}))) == 2


def test_report_fails_on_errors_only() -> None:
    report = Report()
    report.warn(Place("a"), "MD001", "câu", "làm gì")
    assert not report.failed
    report.error(Place("a"), "MD001", "câu", "làm gì")
    assert report.failed
    assert [item.severity for item in report.items] == [WARNING, ERROR]


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x1b[31m", "\\u{001B}[31m"),
        ("a\u202eb", "a\\u{202E}b"),
        ("a\u200bb", "a\\u{200B}b"),
        ("a\x00\x07", "a\\u{0000}\\u{0007}"),
        ("\udcff", "\\u{DCFF}"),
        ("\U000e0041", "\\u{E0041}"),
        ("Tiếng Việt 😀", "Tiếng Việt 😀"),
    ],
)
def test_nothing_invisible_reaches_a_terminal(hidden: str, shown: str) -> None:
    assert visible(hidden) == shown


def test_cells_count_marks_as_nothing_and_wide_letters_twice() -> None:
    assert cells("Việt") == 4
    assert cells("e\u0301") == 1
    assert cells("漢a") == 3


def test_letters_counted_at_once_are_neither_wide_nor_marks() -> None:
    for sign in map(chr, range(0x2100)):
        if unicodedata.category(sign) in {"Cn", "Cs"}:
            continue
        wide = unicodedata.east_asian_width(sign) in {"W", "F"}
        assert cells(sign) == (0 if unicodedata.combining(sign) else 2 if wide else 1), hex(
            ord(sign)
        )


def test_excerpt_puts_the_caret_under_the_place() -> None:
    shown, caret = excerpt(note("a.md", 1, 8, hint=""), "title: Bò\n")
    assert (shown, caret) == ("title: Bò", "       ^")
    item = Diagnostic(Place("a.md", 1, 2, 3), ERROR, "X", "câu")
    assert excerpt(item, "\tabc") == ("    abc", "    ^^^")


def test_excerpt_cuts_a_long_line_around_the_place() -> None:
    line = "x" * 300 + "SAI" + "y" * 300
    shown, caret = excerpt(Diagnostic(Place("a.md", 1, 301, 3), ERROR, "X", "câu"), line)
    assert len(shown) == 98
    assert shown[caret.index("^") :].startswith("SAI")
    assert caret.strip() == "^^^"


def test_text_for_people() -> None:
    shown = render_text([ONE], {"a.md": "đầu\nhai\n"}.get)
    assert shown == (
        "a.md:2:3: lỗi[FM003] khóa lặp\n"
        "    2 │ hai\n"
        "      │   ^\n"
        "      xem: a.md:1:1\n"
        "      gợi ý: bỏ một dòng\n"
    )


def test_text_without_a_source_still_names_the_place() -> None:
    assert render_text([ONE], lambda path: None).startswith("a.md:2:3: lỗi[FM003] khóa lặp\n")


def test_text_escapes_names_and_messages_and_keeps_the_lines_of_a_hint() -> None:
    item = Diagnostic(Place("a\x1b.md"), WARNING, "X", "câu\x07", "một\nhai")
    assert render_text([item], lambda path: None) == (
        "a\\u{001B}.md: cảnh báo[X] câu\\u{0007}\n      gợi ý: một\n              hai\n"
    )


def test_twenty_per_file_then_a_count() -> None:
    items = [note("a.md", line) for line in range(1, 31)] + [note("b.md", 1)]
    shown = render_text(items, lambda path: None)
    assert shown.count("a.md:") == 21
    assert "a.md: còn 10 vấn đề nữa trong tệp này" in shown
    assert "b.md:1:1" in shown


def test_colour_is_asked_for() -> None:
    assert "\x1b[31;1mlỗi[FM003]\x1b[0m" in render_text([ONE], lambda path: None, colour=True)
    assert "\x1b" not in render_text([ONE], lambda path: None)


def test_json_is_complete() -> None:
    assert json.loads(render_json([ONE])) == [
        {
            "path": "a.md",
            "line": 2,
            "column": 3,
            "width": 2,
            "severity": "error",
            "code": "FM003",
            "message": "khóa lặp",
            "hint": "bỏ một dòng",
            "see": ["a.md:1:1"],
        }
    ]
    assert json.loads(render_json([])) == []


def test_json_of_a_file_name_that_is_not_unicode_can_be_written() -> None:
    shown = render_json([Diagnostic(Place("b\udcffi.md"), ERROR, "X", "câu")])
    assert json.loads(shown.encode("utf-8"))[0]["path"] == "b\udcffi.md"


def test_gnu_is_one_line_each() -> None:
    item = Diagnostic(Place("a.md"), WARNING, "X", "hai\ndòng")
    assert render_gnu([ONE, item]) == (
        "a.md:2:3: error: [FM003] khóa lặp\na.md:1:1: warning: [X] hai\\u{000A}dòng\n"
    )


def test_github_commands_cannot_be_forged() -> None:
    item = Diagnostic(Place("a,b:c%.md", 2, 3), ERROR, "X", "câu\n::warning::x\r", "50%")
    assert render_github([item]) == (
        "::error file=a%2Cb%3Ac%25.md,line=2,col=3,title=X::câu%0A::warning::x\\u{000D} — 50%25\n"
    )


def test_remembered_and_replayed() -> None:
    value = json.loads(json.dumps(store_form(ONE)))
    assert from_json(value) == ONE
    assert from_json(value, "b.md").place == Place("b.md", 2, 3, 2)
