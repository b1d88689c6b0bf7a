"""The board's page of the preview: the issue in hand page by page, the plan, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from bulletin import plan, text
from bulletin.diag import WORDS, Diagnostic, Severity
from bulletin.model import STATUS_WORDS, IssueLedger, Ledger, Row
from bulletin.serving import flatplan
from bulletin.serving.house import DESK, page

PRINTS = {
    ".pdf": "bản để đọc",
    "-in.pdf": "bản cho nhà in",
    "-dong-ghim.pdf": "xếp trang đóng ghim",
    "-so-do-trang.pdf": "sơ đồ trang",
    "-dan-trang.html": "báo cáo dàn trang",
}
MOST = 200  # problems on the page; the terminal has all


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page shows. ``mail``: what came of the drop folder, newest first."""

    ledger: Ledger | None
    problems: tuple[Diagnostic, ...]
    pdfs: tuple[str, ...]
    issue: IssueLedger | None
    layout: flatplan.Plan | None
    sections: Mapping[str, str] = field(default_factory=dict)
    mail: tuple[str, ...] = ()


def current(ledger: Ledger | None, wanted: str = "") -> IssueLedger | None:
    """The issue in hand: the one asked for, else the first that is not out, else the last."""
    issues = ledger.issues if ledger is not None else ()
    named = next((item for item in issues if item.key == wanted), None)
    if named is not None or not issues:
        return named
    order = sorted(issues, key=lambda item: item.spec.deadline.date)
    return next((item for item in order if item.spec.status != "published"), order[-1])


def render(desk: Desk) -> str:
    today = text.long_date(desk.ledger.as_of) if desk.ledger else ""
    errors = sum(item.severity is Severity.ERROR for item in desk.problems)
    parts = [
        Markup('<h1 class="vh">Bàn biên tập</h1>'),
        _trouble(desk.problems, errors),
        _mail(desk.mail),
        _issue_in_hand(desk) if desk.issue is not None else Markup(""),
        _plans(desk),
        _warnings(desk.problems, errors),
        _office(desk),
    ]
    return page(
        "Bàn biên tập",
        Markup("").join(parts),
        scripts=("news.js", "desk.js"),
        kind="desk",
        head=today,
    )


# ---- problems ----------------------------------------------------------------------------------


def _trouble(problems: Iterable[Diagnostic], errors: int) -> Markup:
    """Errors stand first: nothing can be published until they are mended."""
    if not errors:
        return Markup("")
    rows = _rows(item for item in problems if item.severity is Severity.ERROR)
    return Markup(
        '<section class="trouble"><h2>{} lỗi cần sửa</h2><ul class="list">{}</ul></section>'
    ).format(errors, rows)


def _warnings(problems: tuple[Diagnostic, ...], errors: int) -> Markup:
    count = len(problems) - errors
    if not count:
        return Markup(
            '<section><h2>Vấn đề</h2><p class="fine">Không có cảnh báo nào.</p></section>'
        )
    rows = _rows(item for item in problems if item.severity is not Severity.ERROR)
    return Markup(
        "<section><h2>Vấn đề: {} cảnh báo</h2><p>Nên xem, nhưng không chặn việc dựng.</p>"
        '<details><summary>Xem danh sách</summary><ul class="list">{}</ul></details></section>'
    ).format(count, rows)


def _rows(items: Iterable[Diagnostic]) -> Markup:
    shown = list(items)
    rows = [_problem(item) for item in shown[:MOST]]
    if len(shown) > MOST:
        rows.append(Markup("<li>… và {} dòng nữa.</li>").format(len(shown) - MOST))
    return Markup("").join(rows)


def _problem(item: Diagnostic) -> Markup:
    path = item.place.path
    mend = Markup(' <a href="{}">Sửa</a>').format(editor(path)) if is_article(path) else ""
    return Markup(
        '<li class="{}"><b class="place">{}</b>{}<p>{}: {} <small>[{}]</small></p>{}</li>'
    ).format(
        item.severity.name.lower(),
        item.place,
        mend,
        WORDS[item.severity].capitalize(),
        item.message,
        item.code,
        Markup('<p class="hint">Gợi ý: {}</p>').format(item.hint) if item.hint else "",
    )


def is_article(path: str) -> bool:
    return path.startswith("content/") and path.endswith(".md")


def editor(path: str) -> str:
    return f"{DESK}bai/{path.removeprefix('content/').removesuffix('.md')}"


# ---- the issue in hand -------------------------------------------------------------------------


def _issue_in_hand(desk: Desk) -> Markup:
    assert desk.issue is not None
    assert desk.ledger is not None
    spec = desk.issue.spec
    item = next(i for i in plan.plan(desk.ledger) if i.ledger.key == desk.issue.key)
    others = Markup("").join(
        Markup('<a href="{}?so={}"{}>Số {}/{}</a>').format(
            DESK,
            other.key,
            Markup(' aria-current="true"') if other.key == desk.issue.key else "",
            other.spec.number,
            other.spec.year,
        )
        for other in desk.ledger.issues
    )
    return Markup(
        '<section class="hand"><p class="others">{others}</p>'
        '<div class="opening"><p class="number">{number}</p><div><h2>{short}</h2><p>{title}</p>'
        '<p class="when">{deadline} – <b class="{late}">{timing}</b></p>{bar}</div></div>'
        '<div id="plan" data-issue="{key}">{plan}</div>{articles}</section>'
    ).format(
        others=others,
        number=spec.number,
        short=spec.short_title,
        title=spec.title,
        deadline=f"Thời hạn {spec.deadline.text}",
        late="late" if item.days < 0 and spec.status != "published" else "fine",
        timing=item.timing,
        bar=_bar(desk.issue.rows),
        key=desk.issue.key,
        plan=flat(desk),
        articles=_articles(desk),
    )


def flat(desk: Desk) -> Markup:
    """Every page in print order; before the first layout, the order of the contents."""
    layout, issue = desk.layout, desk.issue
    if issue is None or layout is None:
        return Markup("")
    head = {
        "waiting": "Đang dàn trang…",
        "failed": f"Không dàn được trang: {layout.words}",
        "none": "Chưa có bài nào để dàn trang.",
    }.get(layout.state, f"{len(layout.leaves)} trang, như khi in")
    holes = sum(seat.row is None for seat in flatplan.seats(issue))
    missing = Markup(' · <b class="late">thiếu {} bài</b>').format(holes) if holes else ""
    body = _spreads(issue.key, layout) if layout.leaves else _contents(desk)
    return Markup(
        '<h3 class="plan-head">Sơ đồ trang <span class="{}" role="status">{}{}</span></h3>{}'
    ).format(layout.state, head, missing, body)


def _spreads(issue: str, layout: flatplan.Plan) -> Markup:
    """Pages that face each other stand together; the first has nobody beside it."""
    pairs = [layout.leaves[:1]]
    pairs += [layout.leaves[n : n + 2] for n in range(1, len(layout.leaves), 2)]
    return Markup('<ol class="spreads">{}</ol>').format(
        Markup("").join(
            Markup('<li class="spread">{}</li>').format(
                Markup("").join(_leaf(issue, layout, leaf) for leaf in pair)
            )
            for pair in pairs
        )
    )


def _leaf(issue: str, layout: flatplan.Plan, leaf: flatplan.Leaf) -> Markup:
    titles = "; ".join(leaf.titles)
    return Markup(
        '<figure class="leaf{hole}"><a href="/office/{issue}.pdf#page={n}">'
        '<img src="{desk}trang/{issue}/{n}.png?{stamp}" width="260" height="370" '
        'loading="lazy" alt="Trang {n}{what}">'
        "</a><figcaption><b>{n}</b> {titles}</figcaption></figure>"
    ).format(
        hole=" hole" if leaf.hole else "",
        issue=issue,
        n=leaf.number,
        desk=DESK,
        stamp=layout.stamp,
        what=f": {titles}" if titles else "",
        titles=titles,
    )


def _contents(desk: Desk) -> Markup:
    assert desk.issue is not None
    rows = Markup("").join(
        Markup('<li class="{}">{}</li>').format(
            "hole" if seat.row is None else seat.row.status,
            seat.row.title if seat.row is not None else f"Chưa có bài: {seat.name}",
        )
        for seat in flatplan.seats(desk.issue)
    )
    return Markup('<ol class="contents">{}</ol>').format(rows)


def _articles(desk: Desk) -> Markup:
    assert desk.issue is not None
    seats = list(flatplan.seats(desk.issue))
    groups = [("", [seat for seat in seats if seat.row is None])]
    groups += [
        (status, [seat for seat in seats if seat.row is not None and seat.row.status == status])
        for status in STATUS_WORDS
    ]
    return Markup('<h3>Bài theo tình trạng</h3><div class="states">{}</div>').format(
        Markup("").join(_state(desk, status, found) for status, found in groups if found)
        or Markup(
            '<p>Số này chưa có bài nào. <a href="{}bai-moi?so={}">Viết bài đầu tiên</a></p>'
        ).format(DESK, desk.issue.key)
    )


def _state(desk: Desk, status: str, found: list[flatplan.Seat]) -> Markup:
    words = STATUS_WORDS[status] if status else "chưa có tệp"
    rows = Markup("").join(
        _article(desk, seat.row) if seat.row is not None else _hole(desk, seat) for seat in found
    )
    return Markup(
        '<section class="state-{}"><h4><i class="dot {}"></i>{} '
        "<span>{}</span></h4><ul>{}</ul></section>"
    ).format(status or "hole", status or "hole", words.capitalize(), len(found), rows)


def _article(desk: Desk, row: Row) -> Markup:
    assert desk.issue is not None
    base = row.path.removeprefix("content/").removesuffix(".md")
    more = ", ".join(
        part
        for part in (
            desk.sections.get(row.section, row.section),
            f"{row.words} chữ" if row.words else "chưa có chữ",
            "hẹn ngày đăng" if row.embargoed else "",
        )
        if part
    )
    return Markup(
        '<li><a class="title" href="{editor}">{title}</a><p>{more}</p><p class="ways">'
        '<a href="/{issue}/{name}/">Xem trang<span class="vh">: {title}</span></a>'
        '<a href="{desk}in/{base}.pdf">In thử<span class="vh">: {title}</span></a></p></li>'
    ).format(
        editor=editor(row.path),
        title=row.title,
        more=more,
        issue=desk.issue.key,
        name=row.name,
        desk=DESK,
        base=base,
    )


def _hole(desk: Desk, seat: flatplan.Seat) -> Markup:
    assert desk.issue is not None
    return Markup(
        '<li><b class="title">{}</b><p>{}</p><p class="ways">'
        '<a href="{}bai-moi?so={}&amp;muc={}&amp;ten={}">Viết bài này<span class="vh">: '
        "{}</span></a></p></li>"
    ).format(
        seat.name,
        desk.sections.get(seat.section, seat.section),
        DESK,
        desk.issue.key,
        seat.section,
        seat.name,
        seat.name,
    )


# ---- plan, mail, office ------------------------------------------------------------------------


def _plans(desk: Desk) -> Markup:
    if desk.ledger is None:
        return Markup("")
    rows = Markup("").join(_plan(item) for item in plan.plan(desk.ledger))
    links = Markup("").join(
        Markup("<li><b>Số {}/{}:</b>{}</li>").format(issue.spec.number, issue.spec.year, found)
        for issue in desk.ledger.issues
        if (found := _prints(issue, desk.pdfs))
    )
    return Markup(
        "<section><h2>Các số trong kế hoạch</h2>{}</section>"
        '<section><h2>Bản in (PDF)</h2><ul class="pdfs">{}</ul></section>'
    ).format(rows, links or Markup("<li>Chưa có số nào để in.</li>"))


def _prints(issue: IssueLedger, pdfs: Iterable[str]) -> Markup:
    """What can be printed of an issue, by what it is for."""
    stem = f"print/{issue.spec.year}/ban-tin-so-{issue.spec.number}-{issue.spec.year}"
    kinds = {path.removeprefix(stem): path for path in pdfs if path.startswith(stem)}
    return Markup("").join(
        Markup(' <a href="/{}">{}</a>').format(kinds[ending], words)
        for ending, words in PRINTS.items()
        if ending in kinds
    )


def _plan(item: plan.IssuePlan) -> Markup:
    spec = item.ledger.spec
    late = spec.status != "published" and item.days < 0
    gaps = Markup("").join(Markup("<li>{}</li>").format(gap) for gap in item.missing)
    open_ = Markup("<details><summary>Còn thiếu {} việc</summary><ul>{}</ul></details>").format(
        len(item.missing), gaps
    )
    return Markup(
        '<article class="issue"><p class="number">{}</p><div><h3>{}</h3><p>{}</p>'
        '<p class="when">Thời hạn {} – <b class="{}">{}</b></p>{}{}</div></article>'
    ).format(
        spec.number,
        spec.short_title,
        spec.title,
        spec.deadline.text,
        "late" if late else "fine",
        item.timing,
        _bar(item.ledger.rows),
        open_ if item.missing else "",
    )


def _bar(rows: tuple[Row, ...]) -> Markup:
    """How far the articles are. Widths are those of a drawing: no style stands in the page."""
    counts = {status: sum(row.status == status for row in rows) for status in STATUS_WORDS}
    words = ", ".join(f"{counts[s]} {STATUS_WORDS[s]}" for s in reversed(counts) if counts[s])
    drawn = Markup("").join(_shares(counts, max(len(rows), 1)))
    return Markup(
        '<svg class="share" viewBox="0 0 100 2" preserveAspectRatio="none" '
        'aria-hidden="true">{}</svg>'
        '<p class="tag">{} bài{}</p>'
    ).format(drawn, len(rows), f": {words}" if words else "")


def _shares(counts: dict[str, int], total: int) -> Iterator[Markup]:
    at = 0.0
    for status, count in reversed(counts.items()):
        width = 100 * count / total
        if width:
            yield Markup('<rect class="{}" x="{}" width="{}" height="2"/>').format(
                status, round(at, 3), round(width, 3)
            )
        at += width


def _mail(mail: tuple[str, ...]) -> Markup:
    if not mail:
        return Markup("")
    rows: Any = Markup("").join(Markup("<li>{}</li>").format(line) for line in mail)
    return Markup(
        '<section class="mail"><h2>Hộp thư</h2><ul class="list">{}</ul></section>'
    ).format(rows)


def _office(desk: Desk) -> Markup:
    blanks = ", ".join(desk.ledger.blanks) if desk.ledger else ""
    return Markup("<section><h2>Văn phòng cần điền</h2><p>{}</p></section>").format(
        blanks or "Đã đủ."
    )
