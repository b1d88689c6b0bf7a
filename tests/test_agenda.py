"""Calendars: read again by the library, and by a strict reader of our own that knows RFC 5545."""

from __future__ import annotations

import re
from datetime import date

import icalendar
import pytest
from click.testing import CliRunner
from conftest import ISSUE, LIGHT, Make, article
from test_catalog import DAY, DAYS

from bulletin import agenda
from bulletin.cli import main_group

CALENDAR = "site/lich.ics"
REPORTS = """\
reports:
  - {title: Báo cáo quý, day: 15/6, public: true, to: Cơ quan cấp trên, source: công văn}
  - {title: Báo cáo kín, day: 20/6, source: công văn}
  - {title: Tổng kết, date: 2026-12-01, public: true, source: công văn}
"""
OPEN = ISSUE.replace("status: published", "status: in-progress").replace(
    "date: 2026-03-25\n", "", 1
)


def strict(data: bytes) -> list[dict[str, str]]:
    """Events of a calendar; anything that RFC 5545 forbids is an assertion that fails."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data[:-2].split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two
    whole = b"\r\n".join(lines).replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    assert whole[0] == "BEGIN:VCALENDAR"
    assert whole[-1] == "END:VCALENDAR"
    events: list[dict[str, str]] = []
    inside = False
    for line in whole[1:-1]:
        match = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^;:"]*))*):(.*)', line)
        assert match, line
        name, _, value = match.groups()
        if name == "BEGIN":
            assert (value, inside) == ("VEVENT", False)
            events.append({})
            inside = True
        elif name == "END":
            assert (value, inside) == ("VEVENT", True)
            assert {"UID", "DTSTAMP", "DTSTART"} <= events[-1].keys()
            inside = False
        elif inside:
            assert name not in events[-1]
            if name in ("SUMMARY", "DESCRIPTION"):
                assert not re.search(r"(?<!\\)[,;]", value)
                value = re.sub(r"\\([,;\\])", r"\1", value)
            events[-1][name] = value
    assert not inside
    uids = [event["UID"] for event in events]
    assert len(uids) == len(set(uids))
    return events


def test_the_site_has_a_calendar_of_what_all_may_know(project: Make) -> None:
    made = project({**LIGHT, DAYS: DAY, "van-phong.yaml": REPORTS})
    assert not made.build().failed
    data = made.tree()[CALENDAR]
    events = {event["SUMMARY"]: event for event in strict(data)}
    assert "Hạn Bản tin số 1/2026" in events
    assert events["Hạn Bản tin số 1/2026"]["DTSTART"] == "20260331"
    assert events["Hạn Bản tin số 1/2026"]["DTEND"] == "20260401"
    assert events["Báo cáo quý"]["RRULE"] == "FREQ=YEARLY"
    assert "RRULE" not in events["Tổng kết"]
    assert "kín" not in data.decode()
    again = icalendar.Calendar.from_ical(data)
    assert len(again.walk("VEVENT")) == len(events)
    assert {str(e["summary"]) for e in again.walk("VEVENT")} == set(events)
    assert all(isinstance(e.decoded("dtstart"), date) for e in again.walk("VEVENT"))


def test_the_same_plan_gives_the_same_bytes_on_another_day(project: Make) -> None:
    from datetime import timedelta

    from conftest import AS_OF

    made = project({**LIGHT, DAYS: DAY})
    made.build()
    first = made.tree()[CALENDAR]
    made.build(as_of=AS_OF + timedelta(days=400))
    assert made.tree()[CALENDAR] == first


def test_no_calendar_without_anything_in_it(project: Make) -> None:
    made = project(LIGHT)
    for path in ("issues/2026/so-1.yaml", "content/2026/so-1/mot.md"):
        made.remove(path)
    made.build()
    assert CALENDAR not in made.tree()


@pytest.mark.parametrize(
    "title",
    [
        "Ngày, giờ; và gạch \\ chéo",
        "Ă" * 200,
        "x" * 60 + "ệ" * 40,
        "a\u00a0b – “c”",
    ],
)
def test_any_title_survives_folding(title: str) -> None:
    data = agenda.calendar(agenda.Agenda("Tên", (agenda.Entry("a", title, "2026-02-28"),)))
    (event,) = strict(data)
    assert event["SUMMARY"] == title
    assert str(icalendar.Calendar.from_ical(data).walk("VEVENT")[0]["summary"]) == title


def test_the_29th_of_february_begins_in_a_leap_year() -> None:
    assert agenda._first(2026, 2, 29) == "2028-02-29"
    assert agenda._first(2026, 2, 28) == "2026-02-28"


def test_the_board_gets_the_steps_too(project: Make) -> None:
    made = project(
        {
            "issues/2026/so-1.yaml": OPEN + "steps: [{id: in, done: 2026-03-24}]\n",
            "content/2026/so-1/mot.md": article("Bài kín", status="draft"),
            "van-phong.yaml": REPORTS,
        }
    )
    said = CliRunner().invoke(
        main_group, ["plan", "-C", str(made.root), "--format", "ics", "--as-of", "2026-03-01"],
        standalone_mode=False,
    )  # fmt: skip
    assert said.return_value == 0, said.output
    events = {event["SUMMARY"]: event for event in strict(said.stdout_bytes)}
    assert events["Thu bài – số 1/2026"]["DTSTART"] == "20260224"  # 25 working days before 31/3
    assert events["In – số 1/2026 ✓"]["DESCRIPTION"] == "Người làm: Nhà in. Đã xong 24/3/2026."
    assert "Báo cáo kín" in events
    assert "Bài kín" not in said.output
