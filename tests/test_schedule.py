"""Deadlines in words, working days counted back, and the file of the office: right and wrong."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import ISSUE, LIGHT, Make, at, codes

from bulletin import schedule
from bulletin.bureau import HolidaySpec, StepSpec

OFFICE = "van-phong.yaml"
SPEC = "issues/2026/so-1.yaml"


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("trong tháng 3/2026", date(2026, 3, 31)),
        ("Trong tháng 02/2028.", date(2028, 2, 29)),
        ("trước 15/12/2026", date(2026, 12, 14)),
        ("trước ngày 01/01/2027", date(2026, 12, 31)),
        ("trước ngày 15 tháng 12 năm 2026", date(2026, 12, 14)),
        ("trước tháng 4/2026", date(2026, 3, 31)),
        ("đến 15/12/2026", date(2026, 12, 15)),
        ("chậm nhất là ngày 15/12/2026", date(2026, 12, 15)),
        ("15/12/2026", date(2026, 12, 15)),
        ("trong quý I/2026", date(2026, 3, 31)),
        ("quý IV năm 2026", date(2026, 12, 31)),
        ("trước quý II/2026", date(2026, 3, 31)),
        ("trong năm 2026", date(2026, 12, 31)),
        ("cuối tháng 6 năm 2026", date(2026, 6, 30)),
        ("sau tháng 3/2026", None),
        ("trong tháng 3", None),
        ("giữa tháng 3/2026", None),
        ("khi có điều kiện", None),
    ],
)
def test_the_words_of_a_plan_have_a_last_day(words: str, last: date | None) -> None:
    assert schedule.last_day(words) == last


@pytest.mark.parametrize("words", ["trong tháng 13/2026", "trước 31/6/2026", "trước 00/12/2026"])
def test_a_day_that_does_not_exist_is_said(words: str) -> None:
    with pytest.raises(schedule.RuleError):
        schedule.last_day(words)


@pytest.mark.parametrize(
    ("words", "day", "code"),
    [
        ("trước 15/12/2026", "2026-12-14", ""),
        ("trước 15/12/2026", "2026-12-15", "PL018"),
        ("trước 15/12/2026", "2026-12-13", "PL019"),
        ("trong tháng 2/2026", "2026-02-28", ""),
        ("trong tháng 14/2026", "2026-02-28", "PL017"),
        ("khi xong", "2026-02-28", ""),
    ],
)
def test_the_date_is_laid_beside_the_words(project: Make, words: str, day: str, code: str) -> None:
    deadline = f"deadline: {{text: {words}, date: {day}}}"
    made = project(
        {SPEC: ISSUE.replace("deadline: {text: trong tháng 3/2026, date: 2026-03-31}", deadline)}
    )
    found = [c for c in codes(made.check()) if c in ("PL017", "PL018", "PL019")]
    assert found == ([code] if code else [])


# ---- working days --------------------------------------------------------------------------------


def off(*specs: HolidaySpec) -> schedule.Holidays:
    return schedule.holidays(specs)


def test_working_days_pass_over_weekends_and_holidays() -> None:
    # 14/12/2026 is a Monday.
    assert schedule.back(date(2026, 12, 14), 0, off()) == date(2026, 12, 14)
    assert schedule.back(date(2026, 12, 14), 1, off()) == date(2026, 12, 11)
    assert schedule.back(date(2026, 12, 14), 6, off()) == date(2026, 12, 4)
    # A deadline on a Sunday: the work is done on the Friday before.
    assert schedule.back(date(2026, 12, 13), 0, off()) == date(2026, 12, 11)
    # 02/9/2026 is a Wednesday.
    national = HolidaySpec("Quốc khánh", "2/9", None, None, "luật")
    assert schedule.back(date(2026, 9, 3), 1, off(national)) == date(2026, 9, 1)
    assert schedule.back(date(2026, 9, 3), 1, off()) == date(2026, 9, 2)
    tet = HolidaySpec("Tết", "", date(2027, 2, 4), date(2027, 2, 10), "thông báo")
    assert schedule.back(date(2027, 2, 11), 1, off(tet)) == date(2027, 2, 3)


def test_a_step_may_be_moved_by_its_issue(project: Make) -> None:
    table = (StepSpec("thu", "Thu bài", 2, "Văn phòng"), StepSpec("in", "In", 0, "Nhà in"))
    steps = "steps:\n  - {id: thu, date: 2026-03-20, done: 2026-03-23, who: Lan}\n"
    made = project(
        {
            **LIGHT,
            OFFICE: "steps:\n  - {id: thu, name: Thu bài, before: 2}\n"
            "  - {id: in, name: In, before: 0}\n",
            SPEC: ISSUE + steps,
        }
    )
    (issue,) = made.ledger().issues
    first, second = schedule.steps(issue.spec, table, off())
    assert (first.day, first.who, first.moved, first.done) == (
        date(2026, 3, 20), "Lan", True, date(2026, 3, 23),
    )  # fmt: skip
    assert first.state(date(2026, 4, 1)) == "xong 23/3/2026, trễ 3 ngày"
    assert (second.day, second.who, second.moved) == (date(2026, 3, 31), "Nhà in", False)
    assert second.state(date(2026, 3, 30)) == "còn 1 ngày"
    assert second.late(date(2026, 4, 1))
    assert not second.late(date(2026, 3, 31))


# ---- the file of the office ----------------------------------------------------------------------

RATES = """\
royalty:
  ceilings: [{genres: [news], high: 10}]
  tables:
    - start: 2026-01-01
      end: 2026-06-30
      decision: {number: 1/QĐ}
      rates: [{genre: news, low: 1, high: 10}]
    - start: 2026-07-01
      decision: {number: 2/QĐ}
      rates: [{genre: guide, low: 2}]
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("steps: [{id: a, name: A, before: 1}, {id: a, name: B, before: 2}]", "VP001"),
        ("steps: [{id: a, name: A, before: 501}]", "VP001"),
        ("units: [{name: A, authors: [x]}, {name: B, authors: [x]}]", "VP001"),
        ("holidays: [{name: A, source: s}]", "VP002"),
        ("holidays: [{name: A, day: 2/9, start: 2026-09-02, source: s}]", "VP002"),
        ("holidays: [{name: A, day: 31/4, source: s}]", "VP002"),
        ("reports: [{title: A, day: 1/13, source: s}]", "VP002"),
        ("holidays: [{name: A, start: 2026-02-05, end: 2026-02-04, source: s}]", "VP003"),
        (RATES.replace("low: 1, high: 10", "low: 5, high: 2"), "VP004"),
        (RATES.replace("high: 10}]\n    - start", "high: 10.5}]\n    - start"), "VP005"),
        (RATES.replace("end: 2026-06-30", "end: 2026-07-01"), "VP006"),
        (RATES.replace("      end: 2026-06-30\n", ""), "VP006"),
        (
            "royalty: {salaries: [{start: 2026-07-01, amount: 2, source: s}, "
            "{start: 2026-07-01, amount: 1, source: s}]}",
            "VP006",
        ),
        ("steps: [{id: thu-bai, name: Thu, before: 3}]", ""),
        ("holidays: [{name: A, day: 29/2, source: s}]", ""),
        (RATES, ""),
    ],
)
def test_a_slip_in_the_file_of_the_office_is_found(project: Make, text: str, code: str) -> None:
    found = project({OFFICE: text + "\n"}).check()
    assert [c for c in codes(found) if c.startswith("VP")] == ([code] if code else [])
    if code:
        assert at(found, code).place.path == OFFICE


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("{id: thu-bia, before: 3}", "PL020"),
        ("{id: thu-bai, before: 3, date: 2026-03-01}", "PL021"),
        ("{id: thu-bai, before: 3}", ""),
    ],
)
def test_a_step_of_an_issue_must_be_one_of_the_table(project: Make, steps: str, code: str) -> None:
    found = project({SPEC: f"{ISSUE}steps:\n  - {steps}\n"}).check()
    assert [c for c in codes(found) if c in ("PL020", "PL021")] == ([code] if code else [])
    if code == "PL020":
        assert "thu-bai" in at(found, code).hint
