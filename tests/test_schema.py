"""One declaration per field: what it reads, what it refuses, what it offers to paste."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import schema, yamltree
from bulletin.diag import Diagnostic, Place, Report
from bulletin.model import Config, IssueSpec, Meta
from bulletin.schema import field as key
from bulletin.text import VIETNAM


@dataclass(frozen=True, slots=True)
class Part:
    name: str = key("Tên phần", required=True, example="một", default="")
    size: float = key("Cỡ", default=1.0)


@dataclass(frozen=True, slots=True)
class Whole:
    title: str = key("Tên", required=True, example='"Tên"', limit=20, default="")
    kind: str = key("Loại", choices=("tin", "bài"), default="tin")
    count: int = key("Số", default=0)
    on: bool = key("Bật", default=False)
    day: date | None = key("Ngày")
    at: datetime | None = key("Giờ")
    tags: tuple[str, ...] = key("Nhãn", example="[a, b]", default=())
    part: Part | None = key("Phần")
    parts: tuple[Part, ...] = key("Các phần", default=())


def read(source: str, cls: type = Whole) -> tuple[Any, list[Diagnostic], schema.Places]:
    report = Report()
    tree = yamltree.parse(source, "a.yaml", report)
    value, places = schema.read(cls, tree, report, Place("a.yaml", 1, 1))
    return value, report.items, places


def value_of(line: str) -> Any:
    value, found, _ = read(f"title: t\n{line}")
    assert found == []
    return getattr(value, line.partition(":")[0])


def problem(line: str) -> tuple[str, int, int, str]:
    value, found, _ = read(f"title: t\n{line}")
    assert value is None
    assert len(found) == 1
    assert found[0].hint
    return found[0].code, found[0].place.line, found[0].place.column, found[0].message


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("kind: bài", "bài"),
        ("kind:", "tin"),
        ("count: 007", 7),
        ("on: có", True),
        ("on: No", False),
        ("on: 1", True),
        ("day: 09/03/2026", date(2026, 3, 9)),
        ("day:", None),
        ("at: 2026-05-18 06:00", datetime(2026, 5, 18, 6, 0, tzinfo=VIETNAM)),
        ("at: 18/5/2026 23:59", datetime(2026, 5, 18, 23, 59, tzinfo=VIETNAM)),
        ("at: 2026-05-18T06:00", datetime(2026, 5, 18, 6, 0, tzinfo=VIETNAM)),
        ("at: 2026-05-18", datetime(2026, 5, 18, 0, 0, tzinfo=VIETNAM)),
        ("tags: [no, 010, 7:30]", ("no", "010", "7:30")),
        ("tags:", ()),
        ("tags: []", ()),
        ("part: {name: a, size: 1.5}", Part("a", 1.5)),
        ('part: {name: a, size: "1,5"}', Part("a", 1.5)),
        ("parts: [{name: a}, {name: b}]", (Part("a"), Part("b"))),
    ],
)
def test_reads(line: str, value: object) -> None:
    assert value_of(line) == value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("kind: sách", ("FM009", 2, 7, "«sách» không thuộc tin, bài")),
        ("count: -1", ("FM011", 2, 8, "«-1» không phải số nguyên")),
        ("count: ٣", ("FM011", 2, 8, "«٣» không phải số nguyên")),
        ("count: 1.5", ("FM011", 2, 8, "«1.5» không phải số nguyên")),
        ("count: 1234567890", ("FM011", 2, 8, "«1234567890» không phải số nguyên")),
        ("on: maybe", ("FM010", 2, 5, "«on» phải là true hoặc false")),
        ("day: hôm nay", ("FM012", 2, 6, "ngày «hôm nay» không hợp lệ: không đúng dạng ngày")),
        ("at: 2026-05-18 24:00", ("FM012", 2, 5, "giờ «24:00» không hợp lệ")),
        ("at: 2026-05-18 6:5", ("FM012", 2, 5, "giờ «6:5» không hợp lệ")),
        ("at: 2026-05-18 ²:00", ("FM012", 2, 5, "giờ «²:00» không hợp lệ")),
        ("at: 2026-05-18 06:00:30", ("FM012", 2, 5, "giờ «06:00:30» không hợp lệ")),
        ("part: {name: a, size: lớn}", ("FM011", 2, 23, "«lớn» không phải số không âm")),
        ("part: {name: a, size: -1}", ("FM011", 2, 23, "«-1» không phải số không âm")),
        ("part: {}", ("FM002", 2, 7, "thiếu «name» (Tên phần)")),
        ("part: {name: a, naem: b}", ("FM004", 2, 17, "khóa lạ «naem»")),
        ("parts: [{name: a}, b]", ("FM001", 2, 20, "«parts.1» phải là các dòng «khóa: giá trị»")),
        ("parts: {name: a}", ("FM006", 2, 8, "«parts» (Các phần) phải là danh sách, không phải nhóm khóa")),
        ("tags: a, b", ("FM006", 2, 7, "«tags» (Nhãn) phải là danh sách")),
        ("tags: [a, ' ']", ("FM005", 2, 11, "«tags.1» (Nhãn) đang để trống")),
        ("kind: {a: b}", ("FM006", 2, 7, "«kind» (Loại) phải là một giá trị, không phải nhóm khóa")),
        ("a b c d: x", ("FM004", 2, 1, "khóa lạ «a b c d»")),
        ("tags: [a\u202eb]", ("FM008", 2, 8, "«tags.0» có ký tự không nhìn thấy U+202E")),
        ("tags: [a\u00adb]", ("FM008", 2, 8, "«tags.0» có ký tự không nhìn thấy U+00AD")),
        ("tags: [a\U000e0041b]", ("FM008", 2, 8, "«tags.0» có ký tự không nhìn thấy U+E0041")),
    ],
)  # fmt: skip
def test_refuses(line: str, expected: tuple[str, int, int, str]) -> None:
    assert problem(line) == expected


def test_a_wrong_value_is_repeated_only_in_part() -> None:
    assert problem("count: " + "a" * 300)[3] == f"«{'a' * 60}…» không phải số nguyên"


def test_limit_counts_characters_after_composition() -> None:
    exact, found, _ = read("title: " + "e\u0301" * 20)
    assert (exact.title, found) == ("é" * 20, [])
    too_long, found, _ = read("title: " + "é" * 21)
    assert too_long is None
    assert found[0].message == "«title» (Tên) dài 21 ký tự, giới hạn 20"


def test_places_by_dotted_path() -> None:
    _, _, places = read("title: t\nparts:\n  - name: a\n  - name: b\ntags: [x]")
    assert {path: (p.line, p.column) for path, p in places.items()} == {
        "title": (1, 8),
        "parts": (3, 3),
        "parts.0": (3, 5),
        "parts.0.name": (3, 11),
        "parts.1": (4, 5),
        "parts.1.name": (4, 11),
        "tags": (5, 7),
        "tags.0": (5, 8),
    }


def test_all_mistakes_of_a_document_are_found_at_once() -> None:
    value, found, _ = read("count: x\nday: y\ntags: z\nnope: 1")
    assert value is None
    assert [item.code for item in found] == ["FM011", "FM012", "FM006", "FM004", "FM002"]


def test_one_wrong_field_is_enough_for_no_value() -> None:
    assert read("title: t\npart: {name: a, size: x}")[0] is None


def test_example_of_required_fields_can_be_read_back() -> None:
    report = Report()
    tree = yamltree.parse(schema.example(Meta), "a.yaml", report)
    value, _ = schema.read(Meta, tree, report, Place("a.yaml"))
    assert report.items == []
    assert value.genre == "guide"


@pytest.mark.parametrize("cls", [Meta, IssueSpec, Config])
def test_scaffold_names_every_field_with_its_label(cls: type) -> None:
    made = schema.scaffold(cls, {})
    for name, (spec, _) in schema.fields(cls).items():
        assert f"# {spec.label}" in made
        assert f"{name}:" in made


def test_scaffold_is_yaml_that_only_misses_what_was_left_empty() -> None:
    values = {"title": '"Tên"', "uid": "a", "section": "s", "genre": "news", "status": "draft"}
    report = Report()
    tree = yamltree.parse(schema.scaffold(Meta, values), "a.yaml", report)
    value, _ = schema.read(Meta, tree, report, Place("a.yaml"))
    assert report.items == []
    assert (value.title, value.cover, value.authors) == ("Tên", None, ())


LINES = st.lists(
    st.tuples(st.sampled_from([*schema.fields(Meta), "lạ"]), st.text("aấ 1-:,[]{}'\"#/.%\n", max_size=12)),
    max_size=6,
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=100)
@given(LINES)
def test_reading_never_raises_and_a_value_means_no_errors(lines: list[tuple[str, str]]) -> None:
    report = Report()
    source = "\n".join(f"{name}: {value}" for name, value in lines)
    tree = yamltree.parse(source, "a.yaml", report)
    value, _ = schema.read(Meta, tree, report, Place("a.yaml", 1, 1))
    assert (value is None) == any(item.code.startswith("FM") for item in report.items)
