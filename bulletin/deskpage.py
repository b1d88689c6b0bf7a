"""The board's page of the preview: what is planned, what is wrong, what can be printed."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from bulletin import plan, text
from bulletin.diag import WORDS, Diagnostic, Severity
from bulletin.model import STATUS_WORDS, Ledger

CSS = """\
body{margin:0;background:#faf6ec;color:#1f2440;font:1rem/1.55 system-ui,sans-serif}
main{max-width:64rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
header{background:#1f2440;color:#faf6ec;padding:1.1rem 1.25rem}
header div{max-width:64rem;margin:0 auto;display:flex;gap:1.5rem;align-items:baseline;
flex-wrap:wrap}
header h1{margin:0;font-size:1.5rem}
header a{color:#faf6ec}
h2{margin:2.5rem 0 .75rem;font-size:1.25rem;border-top:3px solid #1f2440;padding-top:.6rem}
.issue{display:grid;grid-template-columns:5rem 1fr;gap:0 1.25rem;padding:1rem 0;
border-bottom:1px solid #dad4c4}
.issue .number{font-size:3rem;line-height:1;font-weight:700;color:#b8393a}
.issue h3{margin:0 0 .25rem;font-size:1.05rem}
.issue p{margin:.2rem 0}
.late{color:#b8393a;font-weight:700}
.fine{color:#3f6b3a;font-weight:700}
.bar{display:flex;height:.7rem;margin:.6rem 0;background:#e6dfcd}
.bar span{display:block}
.published{background:#3f6b3a}.approved{background:#7d9c4c}
.edited{background:#d9a441}.draft{background:#c9bfa9}
details{margin:.4rem 0}
summary{cursor:pointer;font-weight:600}
ul{margin:.4rem 0;padding-left:1.2rem}
li{margin:.25rem 0}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;
border-bottom:1px solid #dad4c4}
td small{color:#5a5d70}
.error{color:#b8393a;font-weight:700}
.tag{font-size:.85rem;color:#5a5d70}
code{font-size:.85em}
"""
_LINE = Markup("<tr><td class='{}'>{}</td><td><b>{}</b><br>{}<br><small>{}</small></td></tr>")


def render(
    ledger: Ledger | None, problems: Iterable[Diagnostic], pdfs: Iterable[str], reserved: str
) -> str:
    """A whole page. ``pdfs`` are output paths; ``reserved`` is where the live script lies."""
    issues = Markup("").join(_issue(item) for item in plan.plan(ledger)) if ledger else ""
    found = sorted(problems, key=lambda item: -item.severity)
    errors = sum(item.severity is Severity.ERROR for item in found)
    rows = Markup("").join(
        _LINE.format(
            item.severity.name.lower(),
            WORDS[item.severity],
            item.place,
            f"{item.message} [{item.code}]",
            item.hint,
        )
        for item in found
    )
    links = Markup("").join(
        Markup('<li><a href="/{}">{}</a></li>').format(path, path.rsplit("/", 1)[-1])
        for path in sorted(pdfs)
    )
    office = ", ".join(ledger.blanks) if ledger else ""
    today = text.long_date(ledger.as_of) if ledger else ""
    return str(
        Markup(
            '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
            '<title>Bàn biên tập</title><meta name="viewport" content="width=device-width">'
            '<link rel="stylesheet" href="{r}desk.css"><link rel="stylesheet" href="{r}live.css">'
            "</head><body><header><div><h1>Bàn biên tập</h1><span>{today}</span>"
            '<a href="/">Xem trang web</a></div></header><main>'
            "<h2>Các số trong kế hoạch</h2>{issues}"
            "<h2>Bản in (PDF)</h2><ul>{links}</ul>"
            "<h2>Vấn đề: {errors} lỗi, {warnings} cảnh báo</h2><table>{rows}</table>"
            "<h2>Văn phòng cần điền</h2><p>{office}</p></main>"
            '<script src="{r}live.js"></script></body></html>\n'
        ).format(
            r=reserved,
            today=today,
            issues=issues,
            links=links,
            errors=errors,
            warnings=len(found) - errors,
            rows=rows,
            office=office or "Đã đủ.",
        )
    )


def _issue(item: plan.IssuePlan) -> Markup:
    spec, rows = item.ledger.spec, item.ledger.rows
    late = spec.status != "published" and item.days < 0
    counts = {status: sum(row.status == status for row in rows) for status in STATUS_WORDS}
    shares = ((status, count) for status, count in reversed(counts.items()) if count)
    bars = Markup("").join(_bar(status, count, len(rows)) for status, count in shares)
    words = ", ".join(f"{counts[s]} {STATUS_WORDS[s]}" for s in reversed(counts) if counts[s])
    gaps = Markup("").join(Markup("<li>{}</li>").format(gap) for gap in item.missing)
    open_ = Markup(
        "<details open><summary>Còn thiếu {} việc</summary><ul>{}</ul></details>"
    ).format(len(item.missing), gaps)
    return Markup(
        '<section class="issue"><div class="number">{}</div><div><h3>{}</h3>'
        '<p class="tag">{}</p><p>Thời hạn {} – <span class="{}">{}</span></p>'
        '<div class="bar">{}</div><p class="tag">{} bài: {}</p>{}</div></section>'
    ).format(
        spec.number,
        spec.short_title,
        spec.title,
        spec.deadline.text,
        "late" if late else "fine",
        item.timing,
        bars,
        len(rows),
        words or "chưa có",
        open_ if item.missing else "",
    )


def _bar(status: str, count: int, total: int) -> Markup:
    """A share of the bar; widths by class would need a rule each, so an attribute grid does it."""
    return Markup('<span class="{}" style="width:{}%" title="{}"></span>').format(
        status, round(100 * count / total, 2), escape(f"{count} {STATUS_WORDS[status]}")
    )
