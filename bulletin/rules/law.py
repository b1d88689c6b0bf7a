"""Rules of law on a bản tin that can be checked before anything is laid out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bulletin.diag import Place
from bulletin.model import Article, IssueLedger
from bulletin.printshop import PrintProfile
from bulletin.rules.case import Case, Finding, day_of
from bulletin.seating import CONFIG


def _days(case: Case) -> Iterator[tuple[date, str]]:
    """The dates by which the publication itself is judged: today and every issue's."""
    yield case.assembly.ledger.as_of, ""
    for ledger in case.issues:
        yield day_of(ledger), ledger.key


def trim_size(case: Case) -> Iterator[Finding]:
    profile = case.sources.config.print or PrintProfile()
    for day, key in _days(case):
        yield from _trim(case, profile, day, key)


def _trim(case: Case, profile: PrintProfile, day: date, key: str) -> Iterator[Finding]:
    trim, pages = case.rule("LG002", day), case.rule("LG003", day)
    if trim and trim.limits and trim.limits.width and trim.limits.height:
        width, height = trim.limits.width, trim.limits.height
        wide = profile.trim_width > width
        if wide or profile.trim_height > height:
            size = f"{profile.trim_width:g} × {profile.trim_height:g} mm"
            name = "print.trim_width" if wide else "print.trim_height"
            yield Finding(
                "LG002",
                case.assembly.place(CONFIG, name),
                f"khổ {size} lớn hơn {width:g} × {height:g} mm",
                f"{trim.article}: bản tin tối đa {width / 10:g} × {height / 10:g} cm "
                "(A4 không được phép)",
                day,
                key,
            )
    if pages and pages.limits and pages.limits.pages and profile.max_pages > pages.limits.pages:
        yield Finding(
            "LG003",
            case.assembly.place(CONFIG, "print.max_pages"),
            f"print.max_pages là {profile.max_pages}, lớn hơn {pages.limits.pages}",
            f"{pages.article}: bản tin tối đa {pages.limits.pages} trang kể cả bìa",
            day,
            key,
        )


def about(
    code: str, article: Article, name: str, words: tuple[str, str], ledger: IssueLedger
) -> Finding:
    """A finding at a key of an article; ``words`` are message and hint."""
    place = article.places.get(name, Place(article.path, 1, 1))
    return Finding(code, place, *words, day=day_of(ledger), issue=ledger.key)


def sources_named(case: Case) -> Iterator[Finding]:
    for article, ledger in case.settled():
        if not article.meta.sources and article.meta.genre != "letter":
            words = (
                "bài đã duyệt mà không nêu nguồn",
                "thêm sources: (NĐ 119/2020 phạt việc không nêu nguồn tin)",
            )
            yield about("LG001", article, "status", words, ledger)


def ai_label(case: Case) -> Iterator[Finding]:
    # The duty to label does not wait for the issue's date: it holds for what is published today.
    today = case.assembly.ledger.as_of
    for article, ledger in case.settled():
        ai = article.meta.ai
        if ai is None:
            words = (
                "bài đã duyệt mà chưa khai việc dùng AI",
                "thêm ai: {label: none} hoặc assisted, generated "
                "(Luật Trí tuệ nhân tạo 2025, Điều 11)",
            )
            code, name = "LG004", "status"
        elif ai.label != "none" and not ai.note:
            words = ("bài có nhãn AI mà không nói AI làm việc gì", "thêm note: vào khóa ai")
            code, name = "LG005", "ai.label"
        else:
            continue
        place = article.places.get(name, Place(article.path, 1, 1))
        yield Finding(code, place, *words, day=today, issue=ledger.key)


def reprints(case: Case) -> Iterator[Finding]:
    """A piece of another paper turns the site into a «trang tổng hợp», which needs a licence."""
    for article, ledger in case.settled():
        for index, source in enumerate(article.meta.sources):
            if source.reprint:
                words = (
                    "bài đăng lại của nơi khác: trang web thành trang tổng hợp",
                    "trang tổng hợp phải có giấy phép (Nghị định 147/2024/NĐ-CP); "
                    "viết lại bằng lời của mình, hoặc xin phép trước khi đăng",
                )
                yield about("LG015", article, f"sources.{index}.reprint", words, ledger)
