"""Days as an iCalendar file: deadlines, annual days, report days; the steps for the board alone.

Every entry is a whole day, so no time zone is needed. Identities come from what an entry is about
and stamps from its own year, so the same plan gives the same bytes and a calendar that follows the
file moves an entry instead of adding another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bulletin import schedule, text
from bulletin.almanac import Appointment, Day, PlannedIssue
from bulletin.model import IssueLedger, Ledger

PRODID = "-//Ban tin//bulletin//VI"


@dataclass(frozen=True, slots=True)
class Entry:
    """One day. ``day`` is ISO text, the first of all years when it is ``yearly``."""

    uid: str
    title: str
    day: str
    about: str = ""
    url: str = ""
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Agenda:
    name: str
    entries: tuple[Entry, ...]


def entries(
    plan: Iterable[PlannedIssue], days: Iterable[Day], dates: Iterable[Appointment], base: str
) -> Iterator[Entry]:
    """What all may know; ``base`` is the site's address, empty while it has none."""
    planned = tuple(plan)
    year = min((issue.year for issue in planned), default=2000)
    for issue in planned:
        yield Entry(
            f"han-so-{issue.number}-{issue.year}",
            f"Hạn Bản tin số {issue.number}/{issue.year}",
            issue.deadline,
            f"{issue.title}. Thời hạn trong kế hoạch: {issue.deadline_text}.",
            f"{base}{issue.url or 'ke-hoach/'}" if base else "",
        )
    for day in days:
        yield Entry(
            f"ngay-{text.slug(day.title)}-{day.day:02d}{day.month:02d}",
            day.title,
            _first(year, day.month, day.day),
            " ".join(filter(None, (day.about, day.idea))),
            f"{base}{day.article[1]}" if base and day.article[1] else "",
            True,
        )
    for item in dates:
        name = f"bao-cao-{text.slug(item.title)}"
        uid = name if item.yearly else f"{name}-{item.day}"
        yield Entry(uid, item.title, item.day, item.about, "", item.yearly)


def _first(year: int, month: int, day: int) -> str:
    """The first date from ``year`` on; 29/02 waits for a leap year."""
    while (month, day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
        year += 1
    return date(year, month, day).isoformat()


def steps(ledger: Ledger) -> Iterator[Entry]:
    """The steps of every issue that is not out yet; for the board."""
    off = schedule.holidays(ledger.office.holidays)
    table = ledger.office.steps or schedule.STEPS
    for issue in ledger.issues:
        if issue.spec.status == "published":
            continue
        for step in schedule.steps(issue.spec, table, off):
            yield _step(issue, step)


def _step(issue: IssueLedger, step: schedule.Step) -> Entry:
    spec = issue.spec
    said = [f"Người làm: {step.who}."] if step.who else []
    said += [f"Đã xong {text.short_date(step.done)}."] if step.done else []
    return Entry(
        f"buoc-{step.id}-so-{spec.number}-{spec.year}",
        f"{step.name} – số {spec.number}/{spec.year}" + (" ✓" if step.done else ""),
        step.day.isoformat(),
        " ".join(said),
    )


def reports(ledger: Ledger, year: int) -> Iterator[Entry]:
    """All report days, those that only the office knows too."""
    for due in ledger.office.reports:
        day = due.day and schedule.day_of_year(due.day)
        iso = due.date.isoformat() if due.date else _first(year, day[1], day[0]) if day else ""
        if iso:
            name = f"bao-cao-{text.slug(due.title)}"
            about = f"Nơi nhận: {due.to}" if due.to else ""
            uid = f"{name}-{iso}" if due.date else name
            yield Entry(uid, due.title, iso, about, "", due.date is None)


def calendar(agenda: Agenda) -> bytes:
    """The file: lines folded at 75 octets, CRLF, entries by day."""
    import icalendar

    whole = icalendar.Calendar()
    whole.add("prodid", PRODID)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", agenda.name)
    unique = {entry.uid: entry for entry in agenda.entries}
    for entry in sorted(unique.values(), key=lambda e: (e.day, e.uid)):
        day = date.fromisoformat(entry.day)
        event = icalendar.Event()
        event.add("uid", f"{entry.uid}@bulletin")
        event.add("dtstamp", datetime(day.year, 1, 1, tzinfo=UTC))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(1))
        if entry.yearly:
            event.add("rrule", {"freq": "yearly"})
        event.add("summary", entry.title)
        if entry.about:
            event.add("description", entry.about)
        if entry.url:
            event.add("url", entry.url)
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    return bytes(whole.to_ical())
