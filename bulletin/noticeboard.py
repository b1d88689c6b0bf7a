"""Calendar, plan, question banks and shared media: checked, and cut down to what all may see."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date

from bulletin import text
from bulletin.almanac import (
    SPOKEN,
    AnsweredQuestion,
    CalendarSpec,
    ClosedQuiz,
    Day,
    DaySpec,
    Medium,
    MediumSpec,
    OpenQuiz,
    PlannedIssue,
    Question,
    QuestionSpec,
    Quiz,
    QuizSpec,
)
from bulletin.diag import Place
from bulletin.model import Issue, PictureView
from bulletin.references import picture_view
from bulletin.seating import Allowed, IssueFile, Seats, SideFile, nearest

MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
STATES = {
    "planned": "theo kế hoạch",
    "in-progress": "đang làm",
    "published": "đã phát hành",
}
NOWHERE = ("", "")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)


# ---- articles named in other files -------------------------------------------


def article_link(
    seats: Seats, name: str, where: Place, allowed: Allowed, must: bool = False
) -> tuple[str, str]:
    """(title, address) of the article ``2026/so-1/ten-bai``; empty if readers cannot see it."""
    if not name:
        return NOWHERE
    path = f"content/{name.strip('/').removesuffix('.md')}.md"
    if path in seats.sources.broken:
        return NOWHERE
    article = seats.by_path.get(path)
    if article is None:
        known = [p.removeprefix("content/").removesuffix(".md") for p in seats.by_path]
        seats.report.error(
            where, "TL002", f"không có bài «{name}»", nearest(name, known, "ghi như: ")
        )
        return NOWHERE
    if path not in seats.issue_of:
        return NOWHERE
    if not allowed(article):
        if must:
            seats.report.warn(
                where,
                "TL008",
                f"bài «{name}» chưa đến bạn đọc nên câu này chưa có liên kết tới bài",
                "dùng bài đã đăng, hoặc mở bộ câu hỏi sau ngày đăng",
            )
        return NOWHERE
    return article.meta.title, f"{seats.issue_of[path].key}/{seats.slugs[path]}/"


def _files(seats: Seats, kind: type) -> Iterable[SideFile]:
    return (side for side in seats.sources.sides if isinstance(side.spec, kind))


# ---- calendar and plan -------------------------------------------------------


def days(seats: Seats, allowed: Allowed) -> tuple[Day, ...]:
    found = []
    for side in _files(seats, CalendarSpec):
        for index, spec in enumerate(side.spec.days):
            day = _day(seats, spec, side.at(f"days.{index}.day"))
            if day:
                where = side.at(f"days.{index}.article")
                link = article_link(seats, spec.article, where, allowed)
                # «01/10», «10/02»: zeros as official papers write them.
                label = f"{day[0]:02d}/{day[1]:02d}" if day[1] < 3 else f"{day[0]:02d}/{day[1]}"
                found.append(Day(*day, label, spec.title, spec.about, spec.idea, spec.source, link))
    return tuple(sorted(found, key=lambda d: (d.month, d.day, d.title)))


def _day(seats: Seats, spec: DaySpec, where: Place) -> tuple[int, int] | None:
    match = _DAY.fullmatch(spec.day)
    day, month = (int(part) for part in match.groups()) if match else (0, 0)
    if not (1 <= month <= 12 and 1 <= day <= MONTH_LENGTHS[month - 1]):
        seats.report.error(
            where, "TL001", f"«{spec.day}» không phải ngày/tháng", "viết như: 18/5 hoặc 1/10"
        )
        return None
    return day, month


def plan(order: Iterable[IssueFile], visible: Iterable[Issue]) -> tuple[PlannedIssue, ...]:
    """What the plan announces of each issue; never its articles, brief or orientations."""
    addresses = {issue.key: issue.url for issue in visible}
    return tuple(
        PlannedIssue(
            number=issue.spec.number,
            year=issue.spec.year,
            title=issue.spec.title,
            deadline_text=issue.spec.deadline.text,
            deadline=issue.spec.deadline.date.isoformat(),
            state=STATES[issue.spec.status],
            accent=issue.spec.accent,
            url=addresses.get(issue.key, ""),
            last_day=text.short_date(issue.spec.deadline.date),
            lead=issue.spec.lead,
            circulation=issue.spec.circulation,
        )
        for issue in order
    )


# ---- question banks ----------------------------------------------------------


def quizzes(seats: Seats, today: date, drafts: bool, allowed: Allowed) -> tuple[Quiz, ...]:
    """Banks that are open or closed; one that is not open yet is nobody's business."""
    found: list[Quiz] = []
    for side in _files(seats, QuizSpec):
        spec = side.spec
        slug = _slug(seats, side)
        _check_quiz(seats, side)
        if slug and (drafts or spec.opens <= today):
            found.append(_quiz(seats, side, slug, today > spec.closes, allowed))
    return tuple(sorted(found, key=lambda quiz: (quiz.opens, quiz.slug), reverse=True))


def _quiz(seats: Seats, side: SideFile, slug: str, closed: bool, allowed: Allowed) -> Quiz:
    spec = side.spec
    links = [
        article_link(seats, q.source, side.at(f"questions.{n}.source"), allowed, must=True)
        for n, q in enumerate(spec.questions)
    ]
    head = (
        slug,
        f"tu-kiem-tra/{slug}/",
        spec.title,
        spec.intro,
        spec.opens.isoformat(),
        spec.closes.isoformat(),
    )
    pairs = list(zip(spec.questions, links, strict=True))
    if closed:
        return ClosedQuiz(*head, tuple(_answered(q, link) for q, link in pairs))
    return OpenQuiz(*head, tuple(Question(q.text, q.choices, link) for q, link in pairs))


def _answered(spec: QuestionSpec, link: tuple[str, str]) -> AnsweredQuestion:
    return AnsweredQuestion(spec.text, spec.choices, link, spec.answer, spec.explanation)


def _check_quiz(seats: Seats, side: SideFile) -> None:
    spec = side.spec
    if spec.closes < spec.opens:
        seats.report.error(
            side.at("closes"), "TL004", "ngày đóng trước ngày mở", "đổi closes: hoặc opens:"
        )
    for index, question in enumerate(spec.questions):
        count = len(question.choices)
        if count < 2 or len(set(question.choices)) < count:
            seats.report.error(
                side.at(f"questions.{index}.choices"),
                "TL009",
                "câu hỏi cần ít nhất hai lựa chọn khác nhau",
                "choices: [đúng, sai]",
            )
        elif not 1 <= question.answer <= count:
            seats.report.error(
                side.at(f"questions.{index}.answer"),
                "TL003",
                f"không có lựa chọn thứ {question.answer}",
                f"ghi một số từ 1 đến {count}",
            )


def _slug(seats: Seats, side: SideFile) -> str:
    """The file's name as address; empty, and reported, if it cannot be one."""
    name = side.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if text.slug(name, 80) == name:
        return name
    seats.report.error(
        Place(side.path, 1, 1),
        "TL010",
        f"tên tệp «{name}» không dùng làm địa chỉ được",
        f"đổi tên tệp: {text.slug(name, 80)}.yaml",
    )
    return ""


# ---- shared media ------------------------------------------------------------


def media(seats: Seats, allowed: Allowed) -> tuple[tuple[Medium, PictureView | None], ...]:
    """The newest first, each with its picture if it is one."""
    found = []
    for side in _files(seats, MediumSpec):
        slug = _slug(seats, side)
        if slug and _check_medium(seats, side.spec, side):
            found.append(_medium(seats, side, slug, allowed))
    return tuple(sorted(found, key=lambda pair: (pair[0].date, pair[0].slug), reverse=True))


def _medium(
    seats: Seats, side: SideFile, slug: str, allowed: Allowed
) -> tuple[Medium, PictureView | None]:
    spec: MediumSpec = side.spec
    assert spec.date is not None
    path = _beside(side, spec.file)
    picture = seats.sources.pictures.get(path) if spec.file else None
    view = picture_view(picture) if picture else None
    digest = "" if view else seats.sources.files.get(path, "")
    suffix = path.rsplit(".", 1)[-1].lower()
    url = view.url if view else f"hinh/{slug}-{digest[:10]}.{suffix}" if digest else spec.url
    made = Medium(
        slug=slug,
        kind=spec.kind,
        title=spec.title,
        url=url,
        outside=not spec.file,
        digest=digest,
        alt=spec.alt,
        transcript=spec.transcript,
        credit=spec.credit,
        licence=spec.licence,
        date=spec.date.isoformat(),
        length=spec.length,
        article=article_link(seats, spec.article, side.at("article"), allowed),
    )
    return made, view


def _beside(side: SideFile, name: str) -> str:
    return f"{side.path.rpartition('/')[0]}/{name}"


def _check_medium(seats: Seats, spec: MediumSpec, side: SideFile) -> bool:
    failed = False

    def error(name: str, code: str, message: str, hint: str) -> None:
        nonlocal failed
        failed = True
        seats.report.error(side.at(name), code, message, hint)

    if bool(spec.file) == bool(spec.url):
        error("file", "TL005", "cần đúng một trong hai: file hoặc url", "giữ một dòng, bỏ dòng kia")
    elif spec.url and not _ADDRESS.fullmatch(spec.url):
        error("url", "TL005", f"địa chỉ «{spec.url}» không dùng được", "bắt đầu bằng https://")
    elif spec.file and (hint := _missing(seats, _beside(side, spec.file))):
        error("file", "TL006", f"không có tệp «{spec.file}»", hint)
    if spec.kind in SPOKEN and not spec.transcript:
        error("transcript", "TL007", "thiếu lời bằng chữ", "thêm transcript: cho người không nghe")
    elif spec.kind not in SPOKEN and not spec.alt:
        error("alt", "TL007", "thiếu mô tả hình", "thêm alt: cho người không nhìn thấy")
    return not failed


def _missing(seats: Seats, path: str) -> str:
    """A hint with the nearest file, if there is no such file; else empty."""
    known = {**seats.sources.pictures, **seats.sources.files}
    if path in known or path in seats.sources.broken:
        return ""
    for other in known:
        if other.lower() == path.lower():
            return f"tên đúng: {other.rsplit('/', 1)[-1]}"
    near = difflib.get_close_matches(path, known, 1, 0.7)
    return f"ý bạn là «{near[0].rsplit('/', 1)[-1]}»?" if near else "chép tệp vào cạnh tệp này"
