"""Deadlines, steps and ``van-phong.yaml``: checked, and cut down to the dates that all may know."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from bulletin import schedule, text
from bulletin.almanac import Appointment
from bulletin.bureau import OfficeSpec, RateTable
from bulletin.diag import Place
from bulletin.seating import IssueFile, Seats, SideFile, nearest


def office_file(seats: Seats) -> SideFile | None:
    """The file of the office, if the project has one."""
    return next((s for s in seats.sources.sides if isinstance(s.spec, OfficeSpec)), None)


def office(seats: Seats) -> OfficeSpec:
    side = office_file(seats)
    return side.spec if side is not None else OfficeSpec()


# ---- an issue ----------------------------------------------------------------


def check_issue(seats: Seats, issue: IssueFile) -> None:
    """The date of the deadline against its words, and the steps against the table."""
    deadline, report = issue.spec.deadline, seats.report
    here = Place(issue.path, 1, 1)
    where = issue.places.get("deadline.date", here)
    try:
        limit = schedule.last_day(deadline.text)
    except schedule.RuleError as why:
        report.error(
            issue.places.get("deadline.text", here),
            "PL017",
            f"thời hạn «{deadline.text}»: {why}",
            "chép lại thời hạn từ kế hoạch",
        )
        return check_steps(seats, issue)
    if limit is not None and deadline.date > limit:
        report.warn(
            where,
            "PL018",
            f"«{deadline.text}» nghĩa là chậm nhất {text.short_date(limit)}, "
            f"mà date ghi {text.short_date(deadline.date)}",
            f"viết: date: {limit.isoformat()}",
        )
    elif limit is not None and deadline.date < limit:
        report.warn(
            where,
            "PL019",
            f"date sớm hơn thời hạn «{deadline.text}» (chậm nhất {text.short_date(limit)})",
            f"viết: date: {limit.isoformat()}; hạn nội bộ thì ghi vào steps:",
        )
    return check_steps(seats, issue)


def check_steps(seats: Seats, issue: IssueFile) -> None:
    known = [step.id for step in office(seats).steps or schedule.STEPS]
    for index, change in enumerate(issue.spec.steps):
        if change.id not in known:
            seats.report.error(
                issue.places[f"steps.{index}.id"],
                "PL020",
                f"không có bước «{change.id}»",
                nearest(change.id, known, "các bước: "),
            )
        if change.date is not None and change.before is not None:
            seats.report.error(
                issue.places[f"steps.{index}"],
                "PL021",
                f"bước «{change.id}» có cả date lẫn before",
                "giữ một trong hai",
            )


# ---- the file of the office --------------------------------------------------


def check_office(seats: Seats) -> None:
    side = office_file(seats)
    if side is None:
        return
    for name, code, message, hint in (
        *_twice(side.spec),
        *_days(side.spec),
        *_ranges(side.spec),
        *_tables(side.spec),
    ):
        seats.report.error(side.at(name), code, message, hint)


Fault = tuple[str, str, str, str]


def _twice(spec: OfficeSpec) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, step in enumerate(spec.steps):
        if step.id in seen:
            yield f"steps.{index}.id", "VP001", f"hai bước cùng mã «{step.id}»", "đổi một mã"
        seen.add(step.id)
        if step.before > 500:
            yield f"steps.{index}.before", "VP001", "lùi hơn 500 ngày làm việc", "ghi số nhỏ hơn"
    authors: dict[str, str] = {}
    for index, unit in enumerate(spec.units):
        for name in unit.authors:
            first = authors.setdefault(name, unit.name)
            if first != unit.name:
                message = f"tác giả «{name}» đứng ở hai đơn vị: {first}, {unit.name}"
                yield f"units.{index}.authors", "VP001", message, "giữ một đơn vị"


def _days(spec: OfficeSpec) -> Iterator[Fault]:
    """Each day is one that exists, said in one of two ways."""
    for index, off in enumerate(spec.holidays):
        at = f"holidays.{index}"
        yield from _one_of(f"{at}.name", off.day, off.start is not None, "day hoặc start")
        yield from _real(f"{at}.day", off.day)
        if off.start and off.end and off.end < off.start:
            yield f"{at}.end", "VP003", "ngày cuối trước ngày đầu", "đổi start: hoặc end:"
    for index, due in enumerate(spec.reports):
        at = f"reports.{index}"
        yield from _one_of(f"{at}.title", due.day, due.date is not None, "day hoặc date")
        yield from _real(f"{at}.day", due.day)


def _one_of(at: str, day: str, other: bool, words: str) -> Iterator[Fault]:
    if bool(day) == other:
        yield at, "VP002", f"cần đúng một trong hai: {words}", "giữ một dòng, bỏ dòng kia"


def _real(at: str, day: str) -> Iterator[Fault]:
    if day and schedule.day_of_year(day) is None:
        yield at, "VP002", f"«{day}» không phải ngày/tháng", "viết như: 18/5 hoặc 1/10"


def _ranges(spec: OfficeSpec) -> Iterator[Fault]:
    royalty = spec.royalty
    if royalty is None:
        return
    for index, extra in enumerate(royalty.additions):
        if extra.low > extra.high:
            message = f"«{extra.id}»: thấp nhất {extra.low} lớn hơn cao nhất {extra.high}"
            yield f"royalty.additions.{index}.low", "VP004", message, "đổi low: hoặc high:"
    for number, table in enumerate(royalty.tables):
        for index, rate in enumerate(table.rates):
            at = f"royalty.tables.{number}.rates.{index}"
            low = rate.low or 0.0
            high = rate.high if rate.high is not None else low
            if high < low:
                yield f"{at}.low", "VP004", "hệ số thấp lớn hơn hệ số cao", "đổi low: hoặc high:"
            for ceiling in royalty.ceilings:
                limit = ceiling.high or 0.0
                if rate.genre in ceiling.genres and high > limit:
                    said = f"hệ số {text.format_number(high)} vượt mức {text.format_number(limit)}"
                    source = royalty.ceilings_source or "royalty.ceilings"
                    yield f"{at}.genre", "VP005", f"{rate.genre}: {said}", source


def _tables(spec: OfficeSpec) -> Iterator[Fault]:
    """Dated lists rise, and no two tables of rates hold on one day."""
    royalty = spec.royalty
    if royalty is None:
        return
    for name, starts in (
        ("salaries", [row.start for row in royalty.salaries]),
        ("taxes", [row.start for row in royalty.taxes]),
    ):
        for index, (first, second) in enumerate(pairwise(starts), start=1):
            if first and second and second <= first:
                at = f"royalty.{name}.{index}.start"
                yield at, "VP006", "ngày áp dụng không tăng dần", "xếp lại theo ngày"
    for (_, one), (number, other) in combinations(enumerate(royalty.tables), 2):
        if _overlap(one, other):
            at = f"royalty.tables.{number}.start"
            message = "hai bảng hệ số cùng có hiệu lực một ngày"
            yield at, "VP006", message, "ghi end: cho bảng cũ"


def _overlap(one: RateTable, other: RateTable) -> bool:
    if one.start is None or other.start is None:
        return False
    first, second = sorted((one, other), key=lambda table: str(table.start))
    assert second.start is not None
    return first.end is None or first.end >= second.start


# ---- what all may know -------------------------------------------------------


def appointments(seats: Seats) -> tuple[Appointment, ...]:
    """Report days that the office has marked as public."""
    year = max((issue.spec.year for issue in seats.issues.values()), default=0)
    found = []
    for due in office(seats).reports:
        if not due.public:
            continue
        day = due.date.isoformat() if due.date else yearly(due.day, year)
        if day:
            about = f"Nơi nhận: {due.to}" if due.to else ""
            found.append(Appointment(due.title, day, due.date is None, about))
    return tuple(sorted(found, key=lambda item: (item.day, item.title)))


def yearly(words: str, year: int) -> str:
    """«15/6» in ``year`` as ISO text; empty if there is no such day in that year."""
    found = schedule.day_of_year(words)
    if found is None or not year:
        return ""
    try:
        return text.parse_date(f"{year}-{found[1]:02d}-{found[0]:02d}").isoformat()
    except text.DateError:  # 29/02
        return ""
