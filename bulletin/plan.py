"""The editorial plan against what is written: deadlines, orientations, gaps; for the board."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date

from bulletin import text
from bulletin.model import STATUS_WORDS, IssueLedger, Ledger, Orientation, Row

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
class IssuePlan:
    ledger: IssueLedger
    days: int
    timing: str
    answers: tuple[Answer, ...]
    missing: tuple[str, ...]


def plan(ledger: Ledger) -> tuple[IssuePlan, ...]:
    return tuple(_issue(issue, ledger.as_of) for issue in ledger.issues)


def _issue(issue: IssueLedger, today: date) -> IssuePlan:
    days = (issue.spec.deadline.date - today).days
    answers = tuple(_answer(orientation, issue) for orientation in issue.spec.orientations)
    return IssuePlan(issue, days, _timing(issue, days), answers, tuple(_missing(issue, answers)))


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


def as_json(ledger: Ledger) -> dict[str, object]:
    """The plan as data, schema version 1."""
    return {
        "version": 1,
        "as_of": ledger.as_of.isoformat(),
        "issues": [_json_issue(item) for item in plan(ledger)],
        "office": list(ledger.blanks),
    }


def _json_issue(item: IssuePlan) -> dict[str, object]:
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
    }


def render(ledger: Ledger, width: int = 100, colour: bool = False) -> str:
    """The table that ``bulletin plan`` prints; ``width`` in terminal cells."""
    width = max(40, min(width, 120))
    out = [*_wrap(f"KẾ HOẠCH BIÊN TẬP · tính đến {text.long_date(ledger.as_of)}", width, ""), ""]
    for item in plan(ledger):
        out += _render_issue(item, width, colour)
    if ledger.blanks:
        out += ["VĂN PHÒNG CẦN ĐIỀN (bulletin.yaml)"]
        out += _wrap(", ".join(ledger.blanks), width, "  ")
    return "\n".join(out).rstrip() + "\n"


def _render_issue(item: IssuePlan, width: int, colour: bool) -> list[str]:
    def paint(words: str, code: str) -> str:
        return f"\x1b[{code}m{words}\x1b[0m" if colour else words

    spec, rows = item.ledger.spec, item.ledger.rows
    counts = ", ".join(
        f"{sum(row.status == status for row in rows)} {word}"
        for status, word in reversed(STATUS_WORDS.items())
        if any(row.status == status for row in rows)
    )
    late = spec.status != "published" and item.days < 0
    out = [paint(f"Số {spec.number}/{spec.year} · {ISSUE_WORDS[spec.status]}", "1")]
    out += _wrap(spec.title, width, "  ")
    glued = item.timing.replace(" ", "\u00a0")  # stays on one line, so that it can be painted
    when = f"{spec.deadline.text} (hạn cuối {text.short_date(spec.deadline.date)}) – {glued}"
    timing = paint(item.timing, "31;1" if late else "32")
    out += [line.replace(glued, timing) for line in _row("Thời hạn", when, width)]
    out += _row("Bài", f"{len(rows)} bài: {counts}" if rows else "chưa có bài nào", width)
    for answer in item.answers:
        if answer.met:
            mark = paint("đủ   ", "32")
        else:
            mark = paint("thiếu", "31") if answer.orientation.required else "chưa "
        lead = f"  {mark}      {answer.orientation.id}  "
        plain = f"  xxxxx      {answer.orientation.id}  "
        body = _wrap(answer.orientation.text, width, " " * len(plain), lines=2)
        out += [lead + body[0].strip(), *body[1:]] if body else [lead]
        for row in answer.rows:
            label = f"→ {row.title} [{STATUS_WORDS[row.status]}]"
            out += _wrap(label, width, " " * len(plain))
    if item.missing:
        out += ["  Còn thiếu"]
        for gap in item.missing:
            lines = _wrap(gap, width, "    ")
            out += ["  · " + lines[0].strip(), *lines[1:]]
    return [*out, ""]


def _row(name: str, words: str, width: int) -> list[str]:
    """A named row whose further lines stand below the first."""
    lines = _wrap(words, width, " " * 13)
    return [f"  {name:<11}" + lines[0].strip(), *lines[1:]]


def _wrap(words: str, width: int, indent: str, lines: int | None = None) -> list[str]:
    """Lines of at most ``width`` cells; «…» shows where more than ``lines`` were cut."""
    return textwrap.wrap(
        words,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        max_lines=lines,
        placeholder=" …",
    )
