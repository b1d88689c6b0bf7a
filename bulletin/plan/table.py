"""The table that ``bulletin plan`` prints in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date

from bulletin import text
from bulletin.model import STATUS_WORDS, Ledger
from bulletin.plan.state import ISSUE_WORDS, IssuePlan, origin, pages_words, plan


def render(
    ledger: Ledger, width: int = 100, colour: bool = False, laid: Mapping[str, int] | None = None
) -> str:
    """The table that ``bulletin plan`` prints; ``width`` in terminal cells."""
    width = max(40, min(width, 120))
    out = [*_wrap(f"KẾ HOẠCH BIÊN TẬP · tính đến {text.long_date(ledger.as_of)}", width, ""), ""]
    found = plan(ledger, laid)
    for item in found:
        out += [*_render_issue(item, width, colour), *_board(item, ledger.as_of, width, colour), ""]
    if any(item.steps for item in found):
        out += [*_wrap(f"Các bước: {origin(ledger)}.", width, "")]
    if not all(item.tet for item in found):
        out += [*_wrap("Chưa khai ngày nghỉ Tết trong van-phong.yaml (holidays).", width, "")]
    out += [""] if out[-1] else []
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
    return out


def _board(item: IssuePlan, today: date, width: int, colour: bool) -> list[str]:
    """Pages, balance, silent columns, steps and debts of one issue."""

    def red(words: str) -> str:
        return f"\x1b[31m{words}\x1b[0m" if colour else words

    out = _row("Trang", pages_words(item), width)
    if item.balance:
        shares = "; ".join(f"{s.section} {s.articles} bài {s.percent} %" for s in item.balance)
        out += _row("Cân đối", shares, width)
    if item.silent:
        out += _row("Vắng mục", ", ".join(item.silent), width)
    if item.steps:
        out.append("  Các bước")
    for step in item.steps:
        who = f", {step.who}" if step.who else ""
        mark = "*" if step.moved else ""
        words = f"{text.short_date(step.day)}{mark}  {step.name}{who} – {step.state(today)}"
        lines = _wrap(words, width, "    ")
        lines = [red(line) for line in lines] if step.late(today) else lines
        out += lines
    if item.debts:
        out.append("  Ai còn nợ")
    for debt in item.debts:
        lines = _wrap(f"{debt.who}: {'; '.join(debt.what)}", width, "    ")
        out += ["  · " + lines[0].strip(), *lines[1:]]
    return out


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
