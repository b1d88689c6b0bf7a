"""Front matter edited in place: what is asked for changes, every other byte stays."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulletin import frontmatter as pen
from bulletin import manuscript, schema
from bulletin.diag import Place, Report
from bulletin.model import Meta

ROOT = Path(__file__).parent.parent
ARTICLES = sorted((ROOT / "content").rglob("*.md"))
FILE = """\
---
# Tên bài (bắt buộc)
title: "Một"  # tên ngắn thôi
uid: 2026-1-mot
slug:  # ví dụ: mot
section: ky-thuat
genre: guide

status: draft
standfirst: >
  Câu một
  câu hai.

# Người đọc
audience: [nông dân, 'cán bộ']  # có thể nhiều
keywords:
  - chăn nuôi # chính
  # ghi chú giữa danh sách
  - bò
cover:
  file: a.svg
  # mô tả cho người không nhìn thấy
  alt: 'Hình của "bò"'
  credit: Ban biên tập
sources:
  - title: Luật
    date: 2015
  - {title: Nghị định, publisher: Chính phủ}
ai: {label: none, note: ""}
---

Thân bài.

---

Vẫn là thân bài.
"""


def changed(old: str, new: str) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came."""
    lines = list(difflib.ndiff(old.split("\n"), new.split("\n")))
    return [x[2:] for x in lines if x[0] == "-"], [x[2:] for x in lines if x[0] == "+"]


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        ({"title": "Hai"}, ['title: "Một"  # tên ngắn thôi'], ['title: "Hai"  # tên ngắn thôi']),
        ({"title": 'Nói "có": rồi'}, ['title: "Một"  # tên ngắn thôi'], ['title: "Nói \\"có\\": rồi"  # tên ngắn thôi']),
        ({"status": "edited"}, ["status: draft"], ["status: edited"]),
        ({"slug": "mot"}, ["slug:  # ví dụ: mot"], ["slug: mot  # ví dụ: mot"]),
        ({"section": "a: b"}, ["section: ky-thuat"], ['section: "a: b"']),
        ({"standfirst": "Gọn."}, ["standfirst: >", "  Câu một", "  câu hai."], ["standfirst: Gọn."]),
        ({"standfirst": "Một\n\nhai"}, ["standfirst: >", "  câu hai.", "  Câu một"], ["standfirst: |", "  Một", "", "  hai"]),
        ({"audience": ["giáo viên"]}, ["audience: [nông dân, 'cán bộ']  # có thể nhiều"], ["audience: [giáo viên]  # có thể nhiều"]),
        ({"audience": []}, ["audience: [nông dân, 'cán bộ']  # có thể nhiều"], ["audience: []  # có thể nhiều"]),
        ({"keywords": ["chăn nuôi", "trâu"]}, ["  - bò"], ["  - trâu"]),
        ({"keywords": ["chăn nuôi", "bò", "dê, cừu"]}, [], ["  - dê, cừu"]),
        ({"keywords": ["bò"]}, ["  - chăn nuôi # chính", "  # ghi chú giữa danh sách"], []),
        ({"keywords": []}, ["keywords:", "  - chăn nuôi # chính", "  # ghi chú giữa danh sách", "  - bò"], ["keywords: []"]),
        ({"cover": {"file": "b.svg", "alt": 'Hình của "bò"', "credit": "Ban biên tập"}}, ["  file: a.svg"], ["  file: b.svg"]),
        ({"cover": {"file": "a.svg", "alt": "Nó's", "credit": "Ban biên tập"}}, ["  alt: 'Hình của \"bò\"'"], ["  alt: 'Nó''s'"]),
        ({"ai": {"label": "assisted", "note": "dịch, sửa"}}, ['ai: {label: none, note: ""}'], ['ai: {label: assisted, note: "dịch, sửa"}']),
        ({"sources": [{"title": "Luật", "date": "2015"}, {"title": "Nghị định", "publisher": "Chính phủ", "date": "2020"}]}, ["  - {title: Nghị định, publisher: Chính phủ}"], ["  - {title: Nghị định, publisher: Chính phủ, date: 2020}"]),
        ({"sources": [{"title": "Nghị định", "publisher": "Chính phủ"}]}, ["  - title: Luật", "    date: 2015"], []),
        ({"authors": ["Ban biên tập", "Lê, A"]}, [], ['authors: [Ban biên tập, "Lê, A"]']),
        ({"corrections": [{"date": "2026-04-02", "text": "Sửa số: 5 thành 6"}]}, [], ["corrections:", "  - date: 2026-04-02", '    text: "Sửa số: 5 thành 6"']),
        ({"cover": None}, ["cover:", "  file: a.svg", "  # mô tả cho người không nhìn thấy", "  alt: 'Hình của \"bò\"'", "  credit: Ban biên tập"], []),
    ],
)  # fmt: skip
def test_only_the_lines_of_the_change(change: dict, gone: list[str], come: list[str]) -> None:  # type: ignore[type-arg]
    new = pen.edit(FILE, change)
    assert (sorted(changed(FILE, new)[0]), sorted(changed(FILE, new)[1])) == (
        sorted(gone),
        sorted(come),
    )


def test_new_fields_stand_in_the_order_of_the_table() -> None:
    new = pen.edit(FILE, {"authors": ["A"], "layout": "news"})
    lines = new.split("\n")
    assert lines.index("authors: [A]") == lines.index("genre: guide") + 1
    assert lines.index("layout: news") > lines.index('ai: {label: none, note: ""}')


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_and_mark_stay(newline: str, mark: str) -> None:
    old = mark + FILE.replace("\n", newline)
    assert pen.edit(old, {}) == old
    new = pen.edit(old, {"title": "Hai", "standfirst": "a\nb"}, "Thân\nmới")
    assert new.startswith(mark + "---" + newline)
    assert new.count("\n") == new.count(newline)
    assert "Thân" + newline + "mới" + newline in new
    assert "Vẫn là" not in new


def test_the_body_alone() -> None:
    new = pen.edit(FILE, {}, "Mới.\n")
    assert new == FILE[: FILE.index("Thân bài")] + "Mới.\n"
    same = pen.split(FILE)
    assert same
    assert pen.edit(FILE, {}, same.body) == FILE


@pytest.mark.parametrize(
    "source",
    [
        "",
        "không có rào",
        "---\ntitle: a\n",
        "---\na: [\n---\n",
        "---\na: 1\na: 2\n---\n",
        "---\n- 1\n---\n",
        "---\na: &x 1\nb: *x\n---\n",
    ],
)
def test_what_cannot_be_read_is_refused(source: str) -> None:
    with pytest.raises(pen.CannotEdit):
        pen.edit(source, {"title": "a"})


def test_an_empty_head_is_filled() -> None:
    assert pen.edit("---\n---\nA\n", {"title": "Một", "uid": ""}) == "---\ntitle: Một\n---\nA\n"
    assert pen.edit("---\n---", {}, "A") == "---\n---\n\nA\n"


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_real_articles_stay_when_their_own_values_come_back(path: Path) -> None:
    source = path.read_text("utf-8")
    sheet = pen.split(source)
    assert sheet
    assert sheet.source == source
    assert pen.edit(source, pen.tree(sheet.head), sheet.body) == source


WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n"),
    max_size=40,
)
LISTS = st.lists(WORDS, max_size=4)
NOTES = st.lists(st.fixed_dictionaries({"title": WORDS, "url": WORDS}), max_size=4)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": WORDS, "slug": WORDS, "standfirst": WORDS, "licence": WORDS, "audience": LISTS,
        "keywords": LISTS, "authors": LISTS, "sources": NOTES, "aliases": LISTS,
        "ai": st.fixed_dictionaries({"label": WORDS, "note": WORDS}),
        "cover": st.one_of(st.none(), st.fixed_dictionaries({"file": WORDS, "alt": WORDS})),
    },
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(changes=CHANGES)
@example({"keywords": ["chăn nuôi", "- a", "#b"], "title": "null"})
@example({"sources": [{"title": "\n", "url": ""}], "standfirst": "  a\n b"})
def test_any_change_is_made_or_refused_and_nothing_else_moves(changes: dict) -> None:  # type: ignore[type-arg]
    """`edit` compares what it wrote; here from outside, and twice in a row."""
    try:
        new = pen.edit(FILE, changes, "Thân bài.\n\n---\n\nVẫn là thân bài.")
    except pen.CannotEdit:
        text = str(changes)
        assert any(not c.isprintable() or ord(c) > 0x2000 for c in text) or "\\" in text
        return
    assert pen.edit(new, changes) == new
    kept = [
        line
        for line in FILE.split("\n")
        if line.startswith(("#", "uid", "genre", "status", "section"))
    ]
    assert [line for line in new.split("\n") if line in kept] == kept


def test_places_of_fields() -> None:
    sheet = pen.split(FILE)
    assert sheet
    known = pen.places("a.md", sheet)
    names = schema.fields(Meta)
    assert pen.field_at(Place("a.md", 3, 8), known, names) == "title"
    line = FILE.split("\n").index("  file: a.svg") + 1
    assert pen.field_at(Place("a.md", line, 9), known, names) == "cover.file"
    assert pen.field_at(Place("a.md", line, 11), known, names) == "cover"
    assert pen.field_at(Place("a.md", 1, 1), known, names) == ""
    assert FILE.split("\n")[sheet.body_line - 1] == "Thân bài."


def test_what_is_written_is_what_the_reader_reads() -> None:
    new = pen.edit(
        FILE, {"title": 'Nói "có": # rồi', "date": "25/3/2026", "publish_at": "2026-05-18 06:00"}
    )
    report = Report()
    article = manuscript.read("content/2026/so-1/a.md", new.encode(), report).article
    assert article, report.items
    assert article.meta.title == 'Nói "có": # rồi'
    assert str(article.meta.date) == "2026-03-25"
