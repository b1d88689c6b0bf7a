"""Deadlines as the plan words them, and the steps of an issue counted back in working days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bulletin import text
from bulletin.bureau import HolidaySpec, StepSpec
from bulletin.model import IssueSpec

# The program's own proposal, for an office that has written down no steps.
STEPS = (
    StepSpec("de-cuong", "Đề cương số", 45, "Ban biên tập"),
    StepSpec("dat-bai", "Đặt bài", 40, "Cán bộ phụ trách Bản tin"),
    StepSpec("thu-bai", "Thu bài", 25, "Văn phòng"),
    StepSpec("bien-tap", "Biên tập", 18, "Ban biên tập"),
    StepSpec("dan-trang", "Dàn trang", 14, "Cán bộ phụ trách Bản tin"),
    StepSpec("doc-soat", "Đọc soát bản dàn", 11, "Ban biên tập"),
    StepSpec("duyet", "Duyệt in", 9, "Người chịu trách nhiệm xuất bản"),
    StepSpec("thu-tuc", "Thủ tục giấy phép, chuẩn bị lưu chiểu", 7, "Văn phòng"),
    StepSpec("in", "In", 2, "Nhà in"),
    StepSpec("phat-hanh", "Lưu chiểu và phát hành", 0, "Văn phòng"),
)
PROPOSAL = "chương trình đề xuất, chưa phải quy định của cơ quan"
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
LONGEST = 1500  # days; a table of steps that reaches further back is a slip

_DAY = r"(?:ngày\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})"
_LONG = r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})"
_MONTH = r"tháng\s+(\d{1,2})\s*(?:[/-]|\s+năm\s+)\s*(\d{4})"
_QUARTER = r"quý\s+(iv|i{1,3}|[1-4])\s*(?:[/-]|\s+năm\s+|\s+)\s*(\d{4})"
_YEAR = r"năm\s+(\d{4})"
_LEAD = re.compile(
    r"(trước|trong|đến hết|hết|đến|(?:chậm|muộn) nhất(?: là)?(?: vào)?|cuối|vào)?\s*"
)


class RuleError(ValueError):
    """The words name a day or month that does not exist."""


def last_day(words: str) -> date | None:
    """The last day that the words of a plan allow; None when they are not understood.

    «trong tháng 3/2026» → 31/3; «trước 15/12/2026» → 14/12; «đến 15/12/2026» → 15/12.
    Raises :class:`RuleError` for «trong tháng 13/2026».
    """
    plain = " ".join(text.nfc(words).lower().split()).rstrip(".")
    lead = _LEAD.match(plain)
    assert lead is not None
    span = _span(plain[lead.end() :])
    if span is None:
        return None
    return span[0] - timedelta(1) if lead[1] == "trước" else span[1]


def _span(plain: str) -> tuple[date, date] | None:
    """First and last day of «15/12/2026», «tháng 3/2026», «quý I/2026», «năm 2026»."""
    if match := (re.fullmatch(_DAY, plain) or re.fullmatch(_LONG, plain)):
        day, month, year = (int(part) for part in match.groups())
        found = _day(year, month, day)
        return found, found
    if match := re.fullmatch(_MONTH, plain):
        return _months(int(match[2]), int(match[1]), int(match[1]))
    if match := re.fullmatch(_QUARTER, plain):
        quarter = QUARTERS[match[1]]
        return _months(int(match[2]), 3 * quarter - 2, 3 * quarter)
    if match := re.fullmatch(_YEAR, plain):
        return _months(int(match[1]), 1, 12)
    return None


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    if not 1 <= last <= 12:
        raise RuleError(f"không có tháng {last}")
    return _day(year, first, 1), _day(year, last, calendar.monthrange(year, last)[1])


def _day(year: int, month: int, day: int) -> date:
    try:
        return text.parse_date(f"{year:04d}-{month:02d}-{day:02d}")
    except text.DateError as why:
        raise RuleError(str(why)) from None


# ---- working days ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holidays:
    """``yearly``: (month, day) of every year; ``spans``: first and last day."""

    yearly: frozenset[tuple[int, int]] = frozenset()
    spans: tuple[tuple[date, date], ...] = ()

    def off(self, day: date) -> bool:
        """Saturday, Sunday or a holiday that the office has written down."""
        if day.weekday() >= 5 or (day.month, day.day) in self.yearly:
            return True
        return any(first <= day <= last for first, last in self.spans)

    def knows_tet(self, year: int) -> bool:
        """Whether a holiday of January or February of this year is written down as a span."""
        return any(first.year == year and first.month <= 2 for first, _ in self.spans)


def holidays(specs: Iterable[HolidaySpec]) -> Holidays:
    yearly, spans = set(), []
    for spec in specs:
        if found := day_of_year(spec.day):
            yearly.add((found[1], found[0]))
        if spec.start is not None:
            spans.append((spec.start, spec.end or spec.start))
    return Holidays(frozenset(yearly), tuple(sorted(spans)))


def day_of_year(words: str) -> tuple[int, int] | None:
    """(day, month) of «18/5»; None if there is no such day in any year."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})", words, re.ASCII)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    # 2024 is a leap year, so 29/02 counts.
    if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2024, month)[1]:
        return day, month
    return None


def back(deadline: date, days: int, off: Holidays) -> date:
    """The working day ``days`` working days before ``deadline``; 0 = on it or the last before."""
    here, left = deadline, days
    for _ in range(LONGEST):
        if not off.off(here):
            if left <= 0:
                return here
            left -= 1
        here -= timedelta(1)
    return here


# ---- the steps of an issue ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """``moved``: the issue has a date of its own for it. ``done``: the day it was finished."""

    id: str
    name: str
    who: str
    day: date
    moved: bool
    done: date | None

    def state(self, today: date) -> str:
        if self.done is not None:
            late = (self.done - self.day).days
            return f"xong {text.short_date(self.done)}" + (f", trễ {late} ngày" if late > 0 else "")
        left = (self.day - today).days
        if left < 0:
            return f"quá hạn {-left} ngày"
        return "hôm nay" if left == 0 else f"còn {left} ngày"

    def late(self, today: date) -> bool:
        return self.done is None and self.day < today


def steps(spec: IssueSpec, table: Iterable[StepSpec], off: Holidays) -> tuple[Step, ...]:
    """All steps by date. What the issue itself says of a step goes before the table."""
    own = {change.id: change for change in spec.steps}
    made = []
    for step in table:
        change = own.get(step.id)
        before = step.before
        day = None
        if change is not None:
            day = change.date
            before = change.before if change.before is not None else before
        made.append(
            Step(
                step.id,
                step.name,
                (change.who if change else "") or step.who,
                day or back(spec.deadline.date, before, off),
                change is not None and (change.date is not None or change.before is not None),
                change.done if change else None,
            )
        )
    return tuple(sorted(made, key=lambda step: step.day))
