"""The pages that stand beside the issues: audiences, years, plan, calendar, questions, library.

Each function promises pages of :class:`site.Maker`; a page without anything to show is not
promised, and no menu leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bulletin import html, text
from bulletin.almanac import MEDIA, ClosedQuiz, PlannedIssue
from bulletin.model import Catalog, Issue, Job, Link, PictureView, Piece
from bulletin.pages import (
    CalendarPage,
    CorrectionsPage,
    Drawing,
    Entry,
    LibraryPage,
    MovedPage,
    PlanPage,
    QuestionsPage,
    QuizListPage,
    QuizPage,
    YearPage,
)

if TYPE_CHECKING:
    from bulletin.outputs.site import Maker


def menus(catalog: Catalog) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """The standing pages that exist: for finding something, and about the bulletin itself."""
    lookup = [
        ("Các số đã ra", "luu-tru/", True),
        ("Từ khóa", "tu-khoa/", True),
        ("Tác giả", "tac-gia/", True),
        ("Đọc theo đối tượng", "doi-tuong/", bool(catalog.audiences)),
        ("Hỏi – đáp", "hoi-dap/", any(map(_asks, pieces(catalog)))),
        ("Thư viện", "thu-vien/", bool(catalog.media) or any(map(_draws, pieces(catalog)))),
        ("Tự kiểm tra", "tu-kiem-tra/", bool(catalog.quizzes)),
        ("Lịch", "lich/", bool(catalog.days or catalog.plan)),
    ]
    house = [
        ("Giới thiệu", "gioi-thieu/", True),
        ("Kế hoạch biên tập", "ke-hoach/", bool(catalog.plan)),
        ("Theo dõi bản tin", "theo-doi/", True),
        ("Gửi bài cộng tác", "gui-bai/", True),
        ("Đính chính", "dinh-chinh/", True),
    ]
    first, second = (
        tuple(Link(title, url) for title, url, there in rows if there) for rows in (lookup, house)
    )
    return first, second


def jobs(maker: Maker) -> Iterator[Job]:
    catalog = maker.catalog
    if catalog.audiences:
        yield maker.index("doi-tuong/", "Đọc theo đối tượng", catalog.audiences, "audiences")
    for audience in catalog.audiences:
        yield from maker.group(audience, "audience")
    yield from years(maker)
    if catalog.plan:
        yield plan(maker)
    if catalog.days or catalog.plan:
        yield calendar(maker)
    if asked(catalog):
        yield questions(maker)
    yield from library(maker)
    yield from quizzes(maker)
    yield corrections(maker)
    for address, target in catalog.moved:
        yield maker.job("moved", MovedPage(maker.head(address, target.title, kind="moved"), target))


# ---- years, plan, calendar ---------------------------------------------------


def years(maker: Maker) -> Iterator[Job]:
    by_year: dict[int, list[Issue]] = {}
    for issue in reversed(maker.catalog.issues):
        by_year.setdefault(issue.year, []).append(issue)
    links = [Link(str(year), f"{year}/") for year in sorted(by_year, reverse=True)]
    for year, issues in by_year.items():
        head = maker.head(f"{year}/", f"Bản tin năm {year}", accent=issues[-1].accent)
        rows = tuple((maker.line(issue), maker.parts(issue)) for issue in issues)
        others = tuple(link for link in links if link.title != str(year))
        yield maker.job("year", YearPage(head, year, rows, others))


def plan(maker: Maker) -> Job:
    found: dict[int, list[PlannedIssue]] = {}
    for planned in maker.catalog.plan:
        found.setdefault(planned.year, []).append(planned)
    rows = tuple((year, tuple(found[year])) for year in sorted(found, reverse=True))
    head = maker.head(
        "ke-hoach/", "Kế hoạch biên tập", "Chủ đề và thời hạn của từng số bản tin trong năm."
    )
    return maker.job("plan", PlanPage(head, rows))


def calendar(maker: Maker) -> Job:
    """The days of every year, and the deadlines of the latest year that has a plan."""
    catalog = maker.catalog
    year = max((planned.year for planned in catalog.plan), default=0)
    rows: list[tuple[int, int, Entry]] = []
    for day in catalog.days:
        link = Link(*day.article) if day.article[1] else None
        entry = Entry("day", day.label, day.title, day.about, day.idea, day.source, link)
        rows.append((day.month, day.day, entry))
    for planned in catalog.plan:
        if planned.year == year:
            limit = date.fromisoformat(planned.deadline)
            link = Link("Xem số này", planned.url) if planned.url else None
            title = f"Bản tin số {planned.number}/{planned.year}: {planned.deadline_text}"
            entry = Entry("issue", "", title, planned.title, planned.state, "", link)
            rows.append((limit.month, 32, entry))
    for item in catalog.appointments:
        due = date.fromisoformat(item.day)
        if item.yearly or due.year == year:
            # «15/6», «05/02»: zeros as official papers write them.
            label = text.short_date(due).rpartition("/")[0]
            entry = Entry("office", label, item.title, item.about, "hạn báo cáo", "", None)
            rows.append((due.month, due.day, entry))
    months = tuple(
        (month, tuple(entry for m, _, entry in sorted(rows, key=_when) if m == month))
        for month in sorted({month for month, _, _ in rows})
    )
    head = maker.head("lich/", "Lịch", "Những ngày hẹn với khoa học và thời hạn các số bản tin.")
    return maker.job("calendar", CalendarPage(head, year, months))


def _when(row: tuple[int, int, Entry]) -> tuple[int, int, str]:
    return row[0], row[1], row[2].title


# ---- questions, corrections --------------------------------------------------


def asked(catalog: Catalog) -> list[Piece]:
    """Pieces of the genre, then the others that hold a box of question and answer."""
    return [piece for piece in pieces(catalog) if _asks(piece)]


def _asks(piece: Piece) -> bool:
    return bool(piece.questions) or piece.card.genre == "Hỏi – đáp"


def pieces(catalog: Catalog) -> Iterator[Piece]:
    """All of them; whoever needs to know of one only need not walk to the end."""
    return (piece for issue in catalog.issues for part in issue.parts for piece in part.pieces)


def questions(maker: Maker) -> Job:
    entries = tuple(
        (
            piece.card,
            tuple(
                Link(question, f"{piece.card.url}#{html.anchor('hoi', number)}")
                for number, question in enumerate(piece.questions, start=1)
            ),
        )
        for piece in asked(maker.catalog)
    )
    head = maker.head("hoi-dap/", "Hỏi – đáp", "Những câu hỏi đã có lời đáp trong Bản tin.")
    return maker.job("questions", QuestionsPage(head, entries))


def corrections(maker: Maker) -> Job:
    rows = [
        (note.date, piece.card, note.text)
        for issue in maker.catalog.issues
        for piece in issue.pieces
        for note in piece.corrections
    ]
    rows.sort(key=lambda row: (row[0], row[1].id), reverse=True)
    entries = tuple(
        (day.isoformat(), text.short_date(day), words, Link(card.title, card.url))
        for day, card, words in rows
    )
    head = maker.head("dinh-chinh/", "Đính chính", "Những chỗ Bản tin đã viết sai và đã sửa.")
    return maker.job("corrections", CorrectionsPage(head, entries))


# ---- library -----------------------------------------------------------------


def drawn(catalog: Catalog) -> dict[int, list[tuple[Issue, Piece]]]:
    """Year → pieces that hold a drawing or a chart, the newest issue first."""
    found: dict[int, list[tuple[Issue, Piece]]] = {}
    for issue in catalog.issues:
        for piece in issue.pieces:
            if _draws(piece):
                found.setdefault(issue.year, []).append((issue, piece))
    return found


def _draws(piece: Piece) -> bool:
    if piece.cover_view is not None and piece.cover_view.kind == "svg":
        return True
    if not (piece.pictures or piece.figures):  # most: and every piece is asked
        return False
    drawing = any(view.kind == "svg" for _, view in piece.pictures)
    return drawing or any(figure.form == "chart" for figure in piece.figures)


def library(maker: Maker) -> Iterator[Job]:
    found = drawn(maker.catalog)
    if not (found or maker.catalog.media):
        return
    order = sorted(found, reverse=True)
    latest = order[0] if order else 0
    kinds = []
    for kind, title in MEDIA.items():
        own = tuple(pair for pair in maker.catalog.media if pair[0].kind == kind)
        kinds += [(title, own)] if own else []
    for year in order or [0]:
        url = "thu-vien/" if year == latest else f"thu-vien/{year}/"
        title = "Thư viện" if year == latest else f"Thư viện năm {year}"
        head = maker.head(url, title, "Hình vẽ, biểu đồ, tranh cổ động, video và âm thanh.")
        every = [d for _, piece in found.get(year, []) for d in drawings(maker, piece)]
        others = tuple(
            Link(str(other), "thu-vien/" if other == latest else f"thu-vien/{other}/")
            for other in order
            if other != year
        )
        page = LibraryPage(
            head,
            tuple(kinds) if year == latest else (),
            year,
            tuple(d for d in every if d.view),
            tuple(d for d in every if not d.view),
            others,
        )
        yield maker.job("library", page)


def drawings(maker: Maker, piece: Piece) -> Iterator[Drawing]:
    """The vector pictures and charts of a piece; photographs belong to their article."""
    card, views = piece.card, dict(piece.pictures)
    licence = piece.licence or maker.frame.rights

    def drawing(name: str, title: str, alt: str, credit: str, view: PictureView | None) -> Drawing:
        where = Link(card.title, f"{card.url}#{name}")
        return Drawing(title or card.title, alt, credit, licence, where, card.accent, view)

    cover = piece.cover
    if cover and piece.cover_view and piece.cover_view.kind == "svg":
        first = html.anchor("hinh", 1)
        yield drawing(first, cover.caption, cover.alt, cover.credit, piece.cover_view)
    for note in piece.figures:
        view = views.get(note.target)
        if note.form == "chart" or (view and view.kind == "svg"):
            yield drawing(note.id, note.title, note.alt, note.credit, view)


# ---- self-test ---------------------------------------------------------------


def quizzes(maker: Maker) -> Iterator[Job]:
    catalog = maker.catalog
    if not catalog.quizzes:
        return
    rows = []
    for quiz in catalog.quizzes:
        closed = isinstance(quiz, ClosedQuiz)
        last = date.fromisoformat(quiz.closes)
        link = Link(quiz.title, quiz.url)
        rows.append((link, len(quiz.questions), text.short_date(last + timedelta(1)), closed))
        head = maker.head(quiz.url, quiz.title, quiz.intro, kind="quiz")
        after = text.short_date(last + timedelta(1))
        yield maker.job("quiz", QuizPage(head, quiz, closed, after))
    head = maker.head("tu-kiem-tra/", "Tự kiểm tra", "Câu hỏi để tự xem mình nhớ được gì.")
    yield maker.job("quizzes", QuizListPage(head, tuple(rows)))


def addresses(maker: Maker) -> Iterator[str]:
    """What the site map lists of these pages."""
    catalog = maker.catalog
    for menu in menus(catalog):
        yield from (link.url for link in menu)
    yield from (f"{year}/" for year in sorted({issue.year for issue in catalog.issues}))
    yield from (quiz.url for quiz in catalog.quizzes)
    yield from (f"thu-vien/{year}/" for year in sorted(drawn(catalog))[:-1])
