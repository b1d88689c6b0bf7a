"""Every article gets its seat: an issue, a section, an address. What does not fit is reported.

The result, :class:`Seats`, is what references, checks of issues and the catalog work on.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bulletin import text
from bulletin.diag import Place, Report
from bulletin.model import Article, Config, IssueSpec, Picture, Section

CONFIG = "bulletin.yaml"
RESERVED = frozenset(
    {"index", "assets", "feed", "feed.xml", "search", "_ban-bien-tap", "print", "xem"}
)
MIN_WORDS = 20
Allowed = Callable[[Article], bool]


@dataclass(frozen=True, slots=True)
class IssueFile:
    """An issue file after reading, with its key ``2026/so-1``."""

    path: str
    key: str
    spec: IssueSpec
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class SideFile:
    """A YAML file beside the articles: ``spec`` is one of the classes of ``almanac``."""

    path: str
    spec: Any
    places: Mapping[str, Place]

    def at(self, name: str) -> Place:
        return self.places.get(name, Place(self.path, 1, 1))


@dataclass(frozen=True, slots=True)
class Sources:
    """All that reading gave. ``broken``: content files that exist but could not be read.

    ``files``: path → digest of what is handed on as it is (PDF, sound, film).
    """

    config: Config
    issues: tuple[IssueFile, ...]
    articles: tuple[Article, ...]
    pictures: Mapping[str, Picture]
    broken: frozenset[str]
    palettes: tuple[str, ...]
    places: Mapping[str, Place] = field(default_factory=dict)  # of values in bulletin.yaml
    sides: tuple[SideFile, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Seats:
    """Who sits where. Articles without an issue are in ``by_path`` only."""

    sources: Sources
    report: Report
    issues: dict[str, IssueFile] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    by_path: dict[str, Article] = field(default_factory=dict)
    issue_of: dict[str, IssueFile] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[Article]] = field(default_factory=dict)  # by the issue's file

    def seated(self) -> Iterable[Article]:
        """Articles that have an issue, in order of their paths."""
        return (a for a in self.sources.articles if a.path in self.issue_of)

    def of_issue(self, issue: IssueFile) -> dict[str, Article]:
        """Address → article of one issue."""
        return {self.slugs[a.path]: a for a in self.members.get(issue.path, ())}

    def check_issues(self) -> dict[str, IssueFile]:
        """Issues by key; ``so-1.yaml`` and ``so-1.yml`` may not both speak for one."""
        found: dict[str, IssueFile] = {}
        for issue in self.sources.issues:
            first = found.setdefault(issue.key, issue)
            if first is not issue:
                self.report.error(
                    Place(issue.path, 1, 1),
                    "PL011",
                    f"hai tệp cho cùng một số {issue.key}",
                    "giữ một tệp, xóa tệp kia",
                    (Place(first.path, 1, 1),),
                )
        return found

    def check_sections(self) -> dict[str, Section]:
        found: dict[str, Section] = {}
        for index, section in enumerate(self.sources.config.sections):
            where = self.sources.places.get(f"sections.{index}.slug", Place(CONFIG, 1, 1))
            if section.slug in found:
                self.report.error(
                    where,
                    "CF002",
                    f"hai chuyên mục cùng địa chỉ «{section.slug}»",
                    "đổi slug của một chuyên mục",
                )
            if text.slug(section.slug) != section.slug:
                self.report.error(
                    where,
                    "CF003",
                    f"địa chỉ chuyên mục «{section.slug}» không hợp lệ",
                    f"dùng: {text.slug(section.slug)}",
                )
            found[section.slug] = section
        return {s.slug: s for s in sorted(found.values(), key=lambda s: (s.order, s.slug))}

    def place_article(self, article: Article) -> None:
        """Find the article's issue and section, and check what it says of itself."""
        meta, at = article.meta, article.places
        issues = self.issues
        folder = article.folder.removeprefix("content/")
        key = meta.issue or folder
        if meta.issue and meta.issue != folder and folder in issues:
            self.report.error(
                at["issue"],
                "PL002",
                f"bài nằm trong thư mục {folder} nhưng ghi issue: {meta.issue}",
                "sửa khóa issue hoặc chuyển tệp",
            )
        if not self.sources.broken.isdisjoint({f"issues/{key}.yaml", f"issues/{key}.yml"}):
            return  # its file has an error of its own
        if key not in issues:
            self.report.error(
                at.get("issue", Place(article.path, 1, 1)),
                "PL001",
                f"không có số bản tin «{key}»",
                nearest(key, issues, "các số hiện có: "),
            )
            return
        self.issue_of[article.path] = issues[key]
        self.members.setdefault(issues[key].path, []).append(article)
        if meta.section not in self.sections:
            self.report.error(
                at["section"],
                "FM030",
                f"không có chuyên mục «{meta.section}»",
                nearest(meta.section, self.sections, "các chuyên mục: "),
            )
        known = {orientation.id for orientation in issues[key].spec.orientations}
        for index, name in enumerate(meta.orientations):
            if name not in known:
                self.report.error(
                    at[f"orientations.{index}"],
                    "PL003",
                    f"số này không có định hướng «{name}»",
                    nearest(name, known, "các mã: "),
                )
        name = meta.slug or article.name
        where = at.get("slug", Place(article.path, 1, 1))
        if text.slug(name, 80) != name:
            self.report.error(
                where,
                "FM031",
                f"địa chỉ bài «{name}» không dùng được",
                f"đổi thành: {text.slug(name, 80)}",
            )
        elif name in RESERVED:
            self.report.error(
                where,
                "FM032",
                f"địa chỉ «{name}» dành riêng cho chương trình",
                f"đổi thành: bai-{name}",
            )
        self.slugs[article.path] = name
        self.check_published(article)

    def check_published(self, article: Article) -> None:
        meta, at = article.meta, article.places
        if meta.status not in ("approved", "published"):
            return
        where = at.get("status", Place(article.path, 1, 1))
        for name, value, word in (
            ("standfirst", meta.standfirst, "sa-pô"),
            ("authors", meta.authors, "tác giả"),
        ):
            if not value:
                self.report.error(
                    at.get(name, where),
                    "FM033",
                    f"bài đã duyệt mà thiếu {word} («{name}»)",
                    f"điền {name}: hoặc lùi status về edited",
                )
        if article.words < MIN_WORDS:
            self.report.error(
                where,
                "FM034",
                "bài đã duyệt mà chưa có nội dung",
                "viết bài hoặc lùi status về draft",
            )

    def check_unique(self) -> None:
        """No two articles with one address or one uid; addresses are compared without case."""
        addresses: dict[str, Article] = {}
        uids: dict[str, Article] = {}
        for article in self.seated():
            address = f"{self.issue_of[article.path].key}/{self.slugs[article.path]}".lower()
            for table, key, name, code, what in (
                (addresses, "slug", address, "FM035", "địa chỉ"),
                (uids, "uid", article.meta.uid, "FM036", "mã uid"),
            ):
                first = table.setdefault(name, article)
                if first is not article:
                    self.report.error(
                        article.places.get(key, Place(article.path, 1, 1)),
                        code,
                        f"hai bài cùng {what} «{name}»",
                        "đổi ở một trong hai bài",
                        (first.places.get(key, Place(first.path, 1, 1)),),
                    )

    def family(self, article: Article) -> str:
        """The uid that all language versions of a piece share: the original's."""
        return article.meta.translation_of or article.meta.uid

    def check_versions(self) -> None:
        """A translation names an original that exists, each in a language of its own."""
        uids = {article.meta.uid: article for article in self.seated()}
        spoken: dict[tuple[str, str], Article] = {
            (uid, article.meta.lang): article
            for uid, article in uids.items()
            if not article.meta.translation_of
        }
        for article in self.seated():
            name = article.meta.translation_of
            if not name:
                continue
            where = article.places.get("translation_of", Place(article.path, 1, 1))
            original = uids.get(name)
            if original is None or original.meta.translation_of:
                roots = [uid for uid, other in uids.items() if not other.meta.translation_of]
                self.report.error(
                    where, "FM039", f"không có bài gốc «{name}»", nearest(name, roots, "các uid: ")
                )
                continue
            first = spoken.setdefault((name, article.meta.lang), article)
            if first is not article:
                self.report.error(
                    article.places.get("lang", where),
                    "FM040",
                    f"bài «{name}» đã có bản ngôn ngữ «{article.meta.lang}»",
                    "sửa lang: hoặc bỏ translation_of:",
                    (first.places.get("lang", Place(first.path, 1, 1)),),
                )


def seat(sources: Sources, report: Report) -> Seats:
    """Seat every article and report what does not fit."""
    seats = Seats(sources, report)
    seats.sections = seats.check_sections()
    seats.by_path = {article.path: article for article in sources.articles}
    seats.issues = seats.check_issues()
    for article in sources.articles:
        seats.place_article(article)
    seats.check_unique()
    seats.check_versions()
    return seats


def nearest(name: str, known: Iterable[str], lead: str) -> str:
    """A hint: the likely meant name, else all names after ``lead``."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 1, 0.55)
    return f"ý bạn là «{near[0]}»?" if near else lead + ", ".join(names)
