"""What an issue file says against the articles that exist."""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.diag import Place
from bulletin.model import Article
from bulletin.seating import IssueFile, Seats, nearest


def check_issue(seats: Seats, issue: IssueFile) -> None:
    spec, at = issue.spec, issue.places
    here = Place(issue.path, 1, 1)
    if issue.key != f"{spec.year}/so-{spec.number}":
        seats.report.error(
            at.get("number", here),
            "PL004",
            f"tệp mang tên {issue.key} nhưng ghi số {spec.number}/{spec.year}",
            f"đặt tên tệp: issues/{spec.year}/so-{spec.number}.yaml",
        )
    if spec.accent not in seats.sources.palettes:
        seats.report.error(
            at["accent"],
            "TH003",
            f"không có bảng màu «{spec.accent}»",
            "có: " + ", ".join(seats.sources.palettes),
        )
    mine = seats.of_issue(issue)
    listed = check_contents(seats, issue, mine)
    for name in sorted(set(mine) - listed):
        seats.report.warn(
            Place(mine[name].path, 1, 1),
            "PL006",
            f"bài chưa có trong mục lục của {issue.path}",
            f"thêm {name} vào contents:",
        )
    for index, name in enumerate(spec.cover.teasers):
        check_name(seats, at[f"cover.teasers.{index}"], name, mine, issue)
    if spec.letter:
        check_name(seats, at["letter"], spec.letter, mine, issue)
    if spec.status == "published":
        check_published(seats, issue, mine)


def check_published(seats: Seats, issue: IssueFile, mine: Mapping[str, Article]) -> None:
    """An issue that is out owes its date, its required orientations, and no piece half done."""
    spec, at = issue.spec, issue.places
    here = Place(issue.path, 1, 1)
    for article in mine.values():
        if article.meta.status == "approved":
            seats.report.error(
                article.places["status"],
                "PL008",
                "số đã phát hành mà bài mới ở mức đã duyệt",
                "đổi status: published",
            )
    if spec.date is None:
        seats.report.warn(
            at.get("status", here),
            "PL009",
            f"số {spec.number}/{spec.year} chưa có ngày xuất bản thật",
            "văn phòng điền date: trong tệp này; bìa đang để trống ngày",
        )
    met = {
        name
        for article in mine.values()
        if article.meta.status == "published"
        for name in article.meta.orientations
    }
    for index, orientation in enumerate(spec.orientations):
        if orientation.required and orientation.id not in met:
            seats.report.warn(
                at.get(f"orientations.{index}.id", here),
                "PL012",
                f"số ghi đã phát hành mà định hướng bắt buộc {orientation.id} chưa có bài đã đăng",
                "xem bài nào còn thiếu: bulletin plan",
            )


def check_contents(seats: Seats, issue: IssueFile, mine: Mapping[str, Article]) -> set[str]:
    listed: set[str] = set()
    for index, part in enumerate(issue.spec.contents):
        where = issue.places[f"contents.{index}.section"]
        if part.section not in seats.sections:
            seats.report.error(
                where,
                "FM030",
                f"không có chuyên mục «{part.section}»",
                nearest(part.section, seats.sections, "các chuyên mục: "),
            )
        for number, name in enumerate(part.articles):
            spot = issue.places[f"contents.{index}.articles.{number}"]
            check_name(seats, spot, name, mine, issue)
            if name in listed:
                seats.report.error(
                    spot, "PL005", f"bài «{name}» có hai lần trong mục lục", "giữ một chỗ"
                )
            listed.add(name)
            other = mine[name].meta.section if name in mine else part.section
            if other != part.section and {other, part.section} <= seats.sections.keys():
                seats.report.error(
                    spot,
                    "PL007",
                    f"bài «{name}» thuộc chuyên mục «{other}», không phải «{part.section}»",
                    "chuyển sang đúng chuyên mục",
                )
    return listed


def check_name(
    seats: Seats, where: Place, name: str, mine: Mapping[str, Article], issue: IssueFile
) -> None:
    if name not in mine and f"content/{issue.key}/{name}.md" not in seats.sources.broken:
        seats.report.error(
            where,
            "PL010",
            f"số này không có bài «{name}»",
            nearest(name, mine, "các bài: "),
        )
