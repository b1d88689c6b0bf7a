"""The plan as one HTML page for the board, to send or to print; it is never part of the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from markupsafe import Markup, escape

from bulletin import text
from bulletin.model import STATUS_WORDS, Ledger
from bulletin.plan.state import ISSUE_WORDS, IssuePlan, origin, pages_words, plan

STYLE = """\
:root{color-scheme:light dark;--line:#8886;--bad:#b3261e;--good:#1b6b3a}
@media(prefers-color-scheme:dark){:root{--bad:#f2a09a;--good:#8fd3a8}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25}
h2{font-size:1.25rem;margin-top:2.5rem;border-top:2px solid;padding-top:.75rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0}
tr{border-bottom:1px solid var(--line)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
.wide{overflow-x:auto}ul{padding-left:1.2rem;margin:.25rem 0}
@media print{body{margin:0;max-width:none;font-size:11pt}}
@media print{h2{break-after:avoid}tr{break-inside:avoid}}
"""


def page(ledger: Ledger, laid: Mapping[str, int] | None = None) -> str:
    items = plan(ledger, laid)
    day = text.long_date(ledger.as_of)
    parts = [_issue(item, ledger) for item in items]
    tail = [Markup("<p>Các bước: {}.</p>").format(origin(ledger))]
    if not all(item.tet for item in items):
        tail.append(Markup("<p>Chưa khai ngày nghỉ Tết trong van-phong.yaml.</p>"))
    if ledger.blanks:
        tail.append(Markup("<h2>Văn phòng cần điền</h2>") + _list(ledger.blanks))
    body = Markup("\n").join([*parts, *tail])
    head = Markup(
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><title>Kế hoạch biên tập, nội bộ</title>'
    )
    style = Markup("<style>{}</style></head><body>").format(Markup(STYLE))
    title = Markup("<h1>Kế hoạch biên tập</h1><p>Nội bộ, tính đến {}.</p>").format(day)
    return str(head + style + title + body + Markup("</body></html>\n"))


def _issue(item: IssuePlan, ledger: Ledger) -> Markup:
    spec = item.ledger.spec
    late = spec.status != "published" and item.days < 0
    timing = Markup('<b class="{}">{}</b>').format("bad" if late else "good", item.timing)
    facts = [
        (
            "Thời hạn",
            escape(f"{spec.deadline.text}, hạn cuối ") + _day(spec.deadline.date) + ": " + timing,
        ),
        ("Tình trạng", escape(ISSUE_WORDS[spec.status])),
        ("Trang", escape(pages_words(item))),
        ("Chủ trì", escape(spec.lead or "chưa ghi")),
        ("Số lượng", escape(spec.circulation or "chưa ghi")),
    ]
    if item.silent:
        missing = Markup('<span class="bad">{}</span>').format(", ".join(item.silent))
        facts.append(("Chuyên mục vắng", missing))
    parts = [
        Markup("<section><h2>Số {}/{}. {}</h2>").format(spec.number, spec.year, spec.title),
        _table((), facts),
        _orientations(item),
    ]
    if item.balance:
        rows = [
            (s.section, s.articles, text.format_number(s.words), f"{s.percent} %")
            for s in item.balance
        ]
        parts.append(Markup("<h3>Cân đối chuyên mục</h3>"))
        parts.append(_table(("Chuyên mục", "Bài", "Chữ", "Phần"), rows))
    if item.steps:
        parts += [Markup("<h3>Các bước</h3>"), _steps(item, ledger)]
    if item.debts:
        debts = [Markup("<b>{}</b>: {}").format(d.who, "; ".join(d.what)) for d in item.debts]
        parts += [Markup("<h3>Ai còn nợ</h3>"), _list(debts)]
    return Markup("\n").join([*parts, Markup("</section>")])


def _orientations(item: IssuePlan) -> Markup:
    rows = []
    for answer in item.answers:
        named = [f"{row.title} ({STATUS_WORDS[row.status]})" for row in answer.rows]
        word = "đủ" if answer.met else "thiếu" if answer.orientation.required else "chưa"
        mark = Markup('<span class="{}">{}</span>').format("good" if answer.met else "bad", word)
        rows.append((answer.orientation.id, answer.orientation.text, mark, _list(named)))
    if not rows:
        return Markup("")
    title = Markup("<h3>Định hướng</h3>")
    return title + _table(("Mã", "Nội dung", "", "Bài"), rows)


def _steps(item: IssuePlan, ledger: Ledger) -> Markup:
    rows = []
    for step in item.steps:
        state = step.state(ledger.as_of)
        shown = (
            Markup('<span class="bad">{}</span>').format(state)
            if step.late(ledger.as_of)
            else state
        )
        moved = " (riêng số này)" if step.moved else ""
        rows.append((_day(step.day) + moved, step.name, step.who, shown))
    return _table(("Xong trước hết ngày", "Bước", "Người làm", ""), rows)


def _day(day: date) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), text.short_date(day))


def _list(items: Iterable[object]) -> Markup:
    found = [Markup("<li>{}</li>").format(item) for item in items]
    return Markup("<ul>") + Markup("").join(found) + Markup("</ul>") if found else Markup("–")


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Markup:
    out = [Markup('<div class="wide"><table>')]
    if head:
        cells = [Markup('<th scope="col">{}</th>').format(cell) for cell in head]
        out.append(Markup("<thead><tr>") + Markup("").join(cells) + Markup("</tr></thead>"))
    out.append(Markup("<tbody>"))
    for row in rows:
        first = "td" if head else "th"
        shown = [
            Markup("<{}{}>{}</{}>").format(
                tag := first if place == 0 else "td",
                Markup(' scope="row"') if tag == "th" else Markup(""),
                cell,
                tag,
            )
            for place, cell in enumerate(row)
        ]
        out.append(Markup("<tr>") + Markup("").join(shown) + Markup("</tr>"))
    return Markup("").join([*out, Markup("</tbody></table></div>")])
