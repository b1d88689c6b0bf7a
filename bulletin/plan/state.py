"""What the plan asks of each issue and what is there: deadlines, steps, orientations, debts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bulletin import schedule
from bulletin.almanac import Orientation
from bulletin.model import STATUS_WORDS, IssueLedger, Ledger, Row

NOBODY = "Chưa phân công"
BOARD = "Ban biên tập"
ISSUE_WORDS = {
    "planned": "chưa làm",
    "in-progress": "đang làm",
    "published": "đã phát hành",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One orientation of the plan and the articles that answer it. ``met``: one is published."""

    orientation: Orientation
    rows: tuple[Row, ...]
    met: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One section of an issue: its articles, their words, and their part of all words."""

    section: str
    articles: int
    words: int
    percent: int


@dataclass(frozen=True, slots=True)
class Debt:
    """Who has yet to do what for an issue."""

    who: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """``laid``: pages of the last layout, None while there is none. ``silent``: standing columns
    without an article. ``steps``: only of an issue that is not out yet."""

    ledger: IssueLedger
    days: int
    timing: str
    answers: tuple[Answer, ...]
    missing: tuple[str, ...]
    steps: tuple[schedule.Step, ...] = ()
    laid: int | None = None
    balance: tuple[Share, ...] = ()
    silent: tuple[str, ...] = ()
    debts: tuple[Debt, ...] = ()
    tet: bool = True  # whether the holidays that the steps pass over are written down


def plan(ledger: Ledger, laid: Mapping[str, int] | None = None) -> tuple[IssuePlan, ...]:
    """``laid``: issue → pages of its last layout."""
    return tuple(_issue(issue, ledger, (laid or {}).get(issue.key)) for issue in ledger.issues)


def _issue(issue: IssueLedger, ledger: Ledger, laid: int | None) -> IssuePlan:
    days = (issue.spec.deadline.date - ledger.as_of).days
    answers = tuple(_answer(orientation, issue) for orientation in issue.spec.orientations)
    off = schedule.holidays(ledger.office.holidays)
    steps: tuple[schedule.Step, ...] = ()
    if issue.spec.status != "published":
        steps = schedule.steps(issue.spec, ledger.office.steps or schedule.STEPS, off)
    return IssuePlan(
        issue,
        days,
        _timing(issue, days),
        answers,
        tuple(_missing(issue, answers)),
        steps,
        laid,
        balance(issue, ledger),
        silent(issue, ledger),
        debts(issue, answers, steps, ledger.as_of),
        all(off.knows_tet(step.day.year) for step in steps if step.day.month <= 2),
    )


def balance(issue: IssueLedger, ledger: Ledger) -> tuple[Share, ...]:
    """Sections with articles, in the order of the bulletin."""
    total = sum(row.words for row in issue.rows)
    found = []
    for section in ledger.sections:
        own = [row for row in issue.rows if row.section == section.slug]
        words = sum(row.words for row in own)
        if own:
            part = round(100 * words / total) if total else 0
            found.append(Share(section.title, len(own), words, part))
    return tuple(found)


def silent(issue: IssueLedger, ledger: Ledger) -> tuple[str, ...]:
    """Standing columns that this issue has nothing for."""
    heard = {row.section for row in issue.rows}
    return tuple(s.title for s in ledger.sections if s.standing and s.slug not in heard)


def debts(
    issue: IssueLedger,
    answers: tuple[Answer, ...],
    steps: tuple[schedule.Step, ...],
    today: date,
) -> tuple[Debt, ...]:
    """Unfinished articles by author, orientations that nobody writes, steps that are late."""
    owed: dict[str, list[str]] = {}
    for row in issue.rows:
        if row.status in ("draft", "edited"):
            who = ", ".join(row.authors) or NOBODY
            owed.setdefault(who, []).append(f"{row.title} ({STATUS_WORDS[row.status]})")
        elif row.status == "approved" and issue.spec.status == "published":
            owed.setdefault(BOARD, []).append(f"đăng bài đã duyệt: {row.title}")
    for answer in answers:
        if answer.orientation.required and not answer.rows:
            owed.setdefault(BOARD, []).append(f"đặt bài cho định hướng {answer.orientation.id}")
    for step in steps:
        if step.late(today):
            owed.setdefault(step.who or BOARD, []).append(f"{step.name} ({step.state(today)})")
    return tuple(Debt(who, tuple(what)) for who, what in sorted(owed.items()))


def _timing(issue: IssueLedger, days: int) -> str:
    """Words for the countdown. A published issue without its date cannot be judged."""
    spec = issue.spec
    if spec.status == "published":
        if spec.date is None:
            return "đã phát hành, chưa ghi ngày"
        late = (spec.date - spec.deadline.date).days
        return f"phát hành trễ {late} ngày" if late > 0 else "phát hành đúng hạn"
    if days > 0:
        return f"còn {days} ngày"
    return "hết hạn hôm nay" if days == 0 else f"trễ {-days} ngày"


def _answer(orientation: Orientation, issue: IssueLedger) -> Answer:
    rows = tuple(row for row in issue.rows if orientation.id in row.orientations)
    return Answer(orientation, rows, any(row.status == "published" for row in rows))


def _missing(issue: IssueLedger, answers: tuple[Answer, ...]) -> list[str]:
    gaps = []
    for answer in answers:
        name = answer.orientation.id
        if not answer.orientation.required:
            continue
        if not answer.rows:
            gaps.append(f"định hướng {name}: chưa có bài")
        elif not answer.met:
            titles = "; ".join(f"{row.title} ({STATUS_WORDS[row.status]})" for row in answer.rows)
            gaps.append(f"định hướng {name}: mới có {titles}")
    named = {name for answer in answers for row in answer.rows for name in [row.path]}
    gaps += [
        f"bài {STATUS_WORDS[row.status]}: {row.title}"
        for row in issue.rows
        if row.status != "published" and row.path not in named
    ]
    gaps += [f"hẹn ngày đăng: {row.title}" for row in issue.rows if row.embargoed]
    if issue.spec.status == "published" and issue.spec.date is None:
        gaps.append("ngày xuất bản thật (văn phòng điền)")
    return gaps


def origin(ledger: Ledger) -> str:
    """Who set the steps; the program's table says that it is a proposal."""
    if not ledger.office.steps:
        return schedule.PROPOSAL
    return ledger.office.steps_source or "chưa ghi ai quy định"


def as_json(ledger: Ledger, laid: Mapping[str, int] | None = None) -> dict[str, object]:
    """The plan as data, schema version 1."""
    return {
        "version": 1,
        "as_of": ledger.as_of.isoformat(),
        "steps_source": origin(ledger),
        "issues": [_json_issue(item, ledger.as_of) for item in plan(ledger, laid)],
        "office": list(ledger.blanks),
    }


def _json_issue(item: IssuePlan, today: date) -> dict[str, object]:
    spec = item.ledger.spec
    return {
        "issue": item.ledger.key,
        "title": spec.title,
        "status": spec.status,
        "deadline": spec.deadline.date.isoformat(),
        "deadline_text": spec.deadline.text,
        "days_left": item.days,
        "date": spec.date.isoformat() if spec.date else None,
        "orientations": [
            {
                "id": answer.orientation.id,
                "text": answer.orientation.text,
                "required": answer.orientation.required,
                "met": answer.met,
                "articles": [{"path": row.path, "status": row.status} for row in answer.rows],
            }
            for answer in item.answers
        ],
        "articles": [
            {"path": row.path, "title": row.title, "status": row.status, "words": row.words}
            for row in item.ledger.rows
        ],
        "missing": list(item.missing),
        "lead": spec.lead,
        "circulation": spec.circulation,
        "pages": {"planned": spec.pages, "laid_out": item.laid},
        "steps": [
            {
                "id": step.id,
                "name": step.name,
                "who": step.who,
                "date": step.day.isoformat(),
                "moved": step.moved,
                "done": step.done.isoformat() if step.done else None,
                "late": step.late(today),
            }
            for step in item.steps
        ],
        "sections": [
            {"title": s.section, "articles": s.articles, "words": s.words, "percent": s.percent}
            for s in item.balance
        ],
        "silent": list(item.silent),
        "owed": [{"who": debt.who, "what": list(debt.what)} for debt in item.debts],
    }


def pages_words(item: IssuePlan) -> str:
    """«dàn 44 trang / dự kiến 40 (thừa 4)»."""
    planned = item.ledger.spec.pages
    wanted = f"dự kiến {planned}" if planned else "chưa ghi số trang dự kiến"
    if item.laid is None:
        return f"chưa dàn / {wanted}"
    words = f"dàn {item.laid} trang / {wanted}"
    if planned and item.laid != planned:
        more = item.laid - planned
        words += f" ({'thừa' if more > 0 else 'thiếu'} {abs(more)})"
    return words
