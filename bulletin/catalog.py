"""Everything said in all files, cross-referenced: the only place that sees drafts.

``assemble`` turns articles and issue files into the public :class:`Catalog`, the printable
:class:`Edition` of each issue and the board's :class:`Ledger`. Links and pictures are resolved
here, so a dead link is found at its line and column before any page is made.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from urllib.parse import unquote

from bulletin import text
from bulletin.diag import Place, Report
from bulletin.model import (
    GENRES,
    Article,
    Card,
    Catalog,
    Config,
    Edition,
    Group,
    Issue,
    IssueLedger,
    IssueSpec,
    Ledger,
    Link,
    Part,
    Picture,
    PictureView,
    Piece,
    Row,
    Section,
)
from bulletin.schema import VIETNAM
from bulletin.theme import normal

CONFIG = "bulletin.yaml"
RESERVED = frozenset({"index", "assets", "feed", "feed.xml", "search", "_ban-bien-tap", "print"})
WIDTHS = (480, 800, 1200, 1600)


@dataclass(frozen=True, slots=True)
class IssueFile:
    """An issue file after reading, with its key ``2026/so-1``."""

    path: str
    key: str
    spec: IssueSpec
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Sources:
    """All that reading gave. ``broken``: content files that exist but could not be read."""

    config: Config
    issues: tuple[IssueFile, ...]
    articles: tuple[Article, ...]
    pictures: Mapping[str, Picture]
    broken: frozenset[str]
    palettes: tuple[str, ...]
    places: Mapping[str, Place] = field(default_factory=dict)  # of values in bulletin.yaml


@dataclass(frozen=True, slots=True)
class Assembly:
    """What came of it. ``places``: file → dotted name → where the board wrote the value."""

    catalog: Catalog
    editions: tuple[Edition, ...]
    ledger: Ledger
    places: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)

    def place(self, path: str, name: str) -> Place:
        """Where ``name`` is written in the file, else the top of the file."""
        return self.places.get(path, {}).get(name, Place(path, 1, 1))


@dataclass(slots=True)
class Assembler:
    """State of one assembly; :func:`assemble` is its only user."""

    sources: Sources
    as_of: datetime
    drafts: bool
    report: Report
    sections: dict[str, Section] = field(default_factory=dict)
    by_path: dict[str, Article] = field(default_factory=dict)
    issue_of: dict[str, IssueFile] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    lower: dict[str, str] = field(default_factory=dict)

    # -- checks across files -----------------------------------------------------------------

    def run(self) -> Assembly:
        self.sections = self.check_sections()
        self.by_path = {article.path: article for article in self.sources.articles}
        self.lower = {path.lower(): path for path in self.sources.pictures}
        issues = self.check_issues()
        for article in self.sources.articles:
            self.place_article(article, issues)
        self.check_unique()
        shown = [a for a in self.sources.articles if a.path in self.issue_of and self.public(a)]
        self.people = text.unique_slugs(name for a in shown for name in a.meta.authors)
        self.words = text.unique_slugs(word for a in shown for word in a.meta.keywords)
        order = sorted(issues.values(), key=lambda i: (i.spec.year, i.spec.number))
        public = tuple(self.issue(issue, self.public) for issue in order)
        printed = tuple(Edition(self.issue(issue, self.printable)) for issue in order)
        for issue in order:
            self.check_issue(issue)
        for article in self.sources.articles:
            self.check_references(article)
        visible = tuple(issue for issue in public if issue.pieces or issue.status == "published")
        places = {article.path: article.places for article in self.sources.articles}
        places[CONFIG] = self.sources.places
        return Assembly(self.catalog(visible), printed, self.ledger(order), places)

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

    def place_article(self, article: Article, issues: Mapping[str, IssueFile]) -> None:
        """Find the article's issue and section, and check what it says of itself."""
        meta, at = article.meta, article.places
        folder = article.folder.removeprefix("content/")
        key = meta.issue or folder
        if meta.issue and meta.issue != folder and folder in issues:
            self.report.error(
                at["issue"],
                "PL002",
                f"bài nằm trong thư mục {folder} nhưng ghi issue: {meta.issue}",
                "sửa khóa issue hoặc chuyển tệp",
            )
        if key not in issues:
            self.report.error(
                at.get("issue", Place(article.path, 1, 1)),
                "PL001",
                f"không có số bản tin «{key}»",
                self.nearest(key, issues, "các số hiện có: "),
            )
            return
        self.issue_of[article.path] = issues[key]
        if meta.section not in self.sections:
            self.report.error(
                at["section"],
                "FM030",
                f"không có chuyên mục «{meta.section}»",
                self.nearest(meta.section, self.sections, "các chuyên mục: "),
            )
        known = {orientation.id for orientation in issues[key].spec.orientations}
        for index, name in enumerate(meta.orientations):
            if name not in known:
                self.report.error(
                    at[f"orientations.{index}"],
                    "PL003",
                    f"số này không có định hướng «{name}»",
                    self.nearest(name, known, "các mã: "),
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
        if article.words < 20:
            self.report.error(
                where,
                "FM034",
                "bài đã duyệt mà chưa có nội dung",
                "viết bài hoặc lùi status về draft",
            )
        if not meta.sources and meta.genre != "letter":
            self.report.warn(
                where,
                "LG001",
                "bài đã duyệt mà không nêu nguồn",
                "thêm sources: (NĐ 119/2020 phạt việc không nêu nguồn tin)",
            )

    def nearest(self, name: str, known: Iterable[str], lead: str) -> str:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, 1, 0.55)
        return f"ý bạn là «{near[0]}»?" if near else lead + ", ".join(names)

    def check_unique(self) -> None:
        """No two articles with one address or one uid; addresses are compared without case."""
        addresses: dict[str, Article] = {}
        uids: dict[str, Article] = {}
        for article in self.sources.articles:
            issue = self.issue_of.get(article.path)
            if issue is None:
                continue
            address = f"{issue.key}/{self.slugs[article.path]}".lower()
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

    # -- who may be seen ---------------------------------------------------------------------

    def moment(self, article: Article) -> datetime:
        """When the piece becomes public. A planned issue lends its deadline."""
        meta, spec = article.meta, self.issue_of[article.path].spec
        if meta.publish_at is not None:
            return meta.publish_at
        day = meta.date or spec.date or (spec.deadline.date if spec.deadline else date.min)
        return datetime.combine(day, time(0, 0), VIETNAM)

    def embargoed(self, article: Article) -> bool:
        return self.moment(article) > self.as_of

    def public(self, article: Article) -> bool:
        if self.drafts:
            return article.words > 0
        return article.meta.status == "published" and not self.embargoed(article)

    def printable(self, article: Article) -> bool:
        if self.drafts:
            return article.words > 0
        return article.meta.status in ("approved", "published")

    # -- issues and pieces -------------------------------------------------------------------

    def ordered(self, issue: IssueFile) -> list[tuple[str, list[Article]]]:
        """Section → its articles in printed order; articles not listed come last."""
        mine = {
            self.slugs[a.path]: a
            for a in self.sources.articles
            if self.issue_of.get(a.path) is issue and a.meta.section in self.sections
        }
        parts: list[tuple[str, list[Article]]] = []
        for part in issue.spec.contents:
            listed = [mine.pop(name) for name in part.articles if name in mine]
            parts.append((part.section, listed))
        for name in sorted(mine):
            article = mine[name]
            group = next((g for s, g in parts if s == article.meta.section), None)
            if group is None:
                group = []
                parts.append((article.meta.section, group))
            group.append(article)
        return parts

    def issue(self, issue: IssueFile, allowed: object) -> Issue:
        assert callable(allowed)
        spec = issue.spec
        parts = []
        for slug, articles in self.ordered(issue):
            pieces = tuple(self.piece(a, issue, allowed) for a in articles if allowed(a))
            section = self.sections.get(slug)
            if pieces and section:
                link = Link(section.title, f"chuyen-muc/{slug}/")
                parts.append(Part(link, section.description, pieces))
        names = {
            piece.card.url.rstrip("/").rsplit("/", 1)[-1]: piece.card.id
            for part in parts
            for piece in part.pieces
        }
        return Issue(
            key=issue.key,
            number=spec.number,
            year=spec.year,
            url=f"{issue.key}/",
            title=spec.title,
            short_title=spec.short_title,
            line=spec.cover.line,
            status=spec.status,
            when=issue_when(spec),
            date=(spec.date or spec.deadline.date).isoformat(),
            planned=spec.date is None,
            deadline_text=spec.deadline.text,
            accent=spec.accent,
            teasers=tuple(names[name] for name in spec.cover.teasers if name in names),
            letter=names.get(spec.letter, ""),
            parts=tuple(parts),
        )

    def card(self, article: Article, issue: IssueFile) -> Card:
        meta, spec = article.meta, issue.spec
        section = self.sections[meta.section]
        cover = self.cover_view(article)
        return Card(
            id=f"{issue.key}/{self.slugs[article.path]}",
            uid=meta.uid,
            url=f"{issue.key}/{self.slugs[article.path]}/",
            title=meta.title,
            standfirst=meta.standfirst or article.excerpt,
            genre=GENRES[meta.genre],
            authors=tuple(
                Link(n, f"tac-gia/{self.people.get(n, text.slug(n))}/") for n in meta.authors
            ),
            section=Link(section.title, f"chuyen-muc/{section.slug}/"),
            issue=Link(f"Số {spec.number} · {issue_when(spec).lower()}", f"{issue.key}/"),
            keywords=tuple(
                Link(w, f"tu-khoa/{self.words.get(w, text.slug(w))}/") for w in meta.keywords
            ),
            audience=meta.audience,
            lang=meta.lang,
            date=meta.date.isoformat()
            if meta.date
            else (spec.date or spec.deadline.date).isoformat(),
            when=text.short_date(meta.date) if meta.date else issue_when(spec),
            moment=self.moment(article).isoformat(),
            accent=spec.accent,
            picture=cover,
            alt=meta.cover.alt if meta.cover and cover else "",
        )

    def piece(self, article: Article, issue: IssueFile, allowed: object) -> Piece:
        assert callable(allowed)
        meta = article.meta
        return Piece(
            card=self.card(article, issue),
            body=article.body,
            words=article.words,
            layout=meta.layout,
            path=article.path,
            first_line=1,
            cover=meta.cover,
            cover_view=self.cover_view(article),
            sources=meta.sources,
            ai=meta.ai,
            licence=meta.licence,
            headings=article.headings,
            links=self.links(article, allowed),
            pictures=self.piece_pictures(article),
        )

    # -- links and pictures ------------------------------------------------------------------

    def target(self, article: Article, target: str) -> tuple[str, str]:
        """(project path, fragment) of a relative target."""
        path, _, fragment = target.partition("#")
        path, fragment = text.nfc(unquote(path)), unquote(fragment)
        return (normal(f"{article.folder}/{path}") if path else article.path, fragment)

    def links(self, article: Article, allowed: object) -> tuple[tuple[str, str], ...]:
        assert callable(allowed)
        found: dict[str, str] = {}
        for reference in article.references:
            if reference.kind != "link" or reference.target in found:
                continue
            if is_absolute(reference.target):
                scheme, _, rest = reference.target.partition(":")
                found[reference.target] = f"{scheme.lower()}:{rest}"
                continue
            path, fragment = self.target(article, reference.target)
            other = self.by_path.get(path)
            if other is article:
                found[reference.target] = f"#{fragment}"
            elif other is not None and path in self.issue_of and allowed(other):
                url = f"{self.issue_of[path].key}/{self.slugs[path]}/"
                found[reference.target] = url + (f"#{fragment}" if fragment else "")
        return tuple(sorted(found.items()))

    def check_references(self, article: Article) -> None:
        for reference in article.references:
            if reference.kind == "picture":
                self.check_picture(article, reference.target, reference.place)
            elif not is_absolute(reference.target):
                self.check_link(article, reference.target, reference.place)
        if article.meta.cover:
            self.check_picture(article, article.meta.cover.file, article.places["cover.file"])

    def check_link(self, article: Article, target: str, where: Place) -> None:
        path, fragment = self.target(article, target)
        other = self.by_path.get(path)
        if path in self.sources.broken:
            return
        if other is None:
            near = difflib.get_close_matches(path, self.by_path, 1, 0.6)
            hint = (
                f"ý bạn là «{relative(article.folder, near[0])}»?"
                if near
                else "liên kết tới tệp .md của bài: [chữ](../so-1/ten-bai.md)"
            )
            self.report.error(
                where, "LK003", f"liên kết tới «{target}» nhưng không có bài này", hint
            )
        elif fragment and fragment not in other.anchors:
            self.report.error(
                where,
                "LK004",
                f"bài không có đề mục «#{fragment}»",
                self.nearest(fragment, other.anchors, "các đề mục: "),
            )
        elif (
            other is not article
            and article.meta.status == "published"
            and other.meta.status != "published"
        ):
            self.report.warn(
                where,
                "LK005",
                f"liên kết tới bài chưa đăng «{target}»",
                "bạn đọc chỉ thấy chữ, không có liên kết, cho tới khi bài kia được đăng",
            )

    def check_picture(self, article: Article, target: str, where: Place) -> None:
        path, _ = self.target(article, target)
        if path in self.sources.pictures or path in self.sources.broken:
            return
        other = self.lower.get(path.lower())
        if other:
            self.report.error(
                where,
                "IM004",
                f"tên hình «{target}» sai chữ hoa, chữ thường",
                f"tên đúng: {relative(article.folder, other)}",
            )
            return
        near = difflib.get_close_matches(path, self.sources.pictures, 1, 0.7)
        hint = (
            f"ý bạn là «{relative(article.folder, near[0])}»?"
            if near
            else "chép hình vào cùng thư mục với bài"
        )
        self.report.error(where, "IM005", f"không có hình «{target}»", hint)

    def view(self, article: Article, target: str) -> PictureView | None:
        picture = self.sources.pictures.get(self.target(article, target)[0])
        return picture_view(picture) if picture else None

    def cover_view(self, article: Article) -> PictureView | None:
        return self.view(article, article.meta.cover.file) if article.meta.cover else None

    def piece_pictures(self, article: Article) -> tuple[tuple[str, PictureView], ...]:
        found = {}
        for reference in article.references:
            if reference.kind == "picture" and (view := self.view(article, reference.target)):
                found[reference.target] = view
        return tuple(sorted(found.items()))

    # -- issue checks and views --------------------------------------------------------------

    def check_issue(self, issue: IssueFile) -> None:
        spec, at = issue.spec, issue.places
        here = Place(issue.path, 1, 1)
        if issue.key != f"{spec.year}/so-{spec.number}":
            self.report.error(
                at.get("number", here),
                "PL004",
                f"tệp mang tên {issue.key} nhưng ghi số {spec.number}/{spec.year}",
                f"đặt tên tệp: issues/{spec.year}/so-{spec.number}.yaml",
            )
        if spec.accent not in self.sources.palettes:
            self.report.error(
                at["accent"],
                "TH003",
                f"không có bảng màu «{spec.accent}»",
                "có: " + ", ".join(self.sources.palettes),
            )
        mine = {
            self.slugs[a.path]: a
            for a in self.sources.articles
            if self.issue_of.get(a.path) is issue
        }
        listed = self.check_contents(issue, mine)
        for name in sorted(set(mine) - listed):
            self.report.warn(
                Place(mine[name].path, 1, 1),
                "PL006",
                f"bài chưa có trong mục lục của {issue.path}",
                f"thêm {name} vào contents:",
            )
        for index, name in enumerate(spec.cover.teasers):
            self.check_name(at[f"cover.teasers.{index}"], name, mine, issue)
        if spec.letter:
            self.check_name(at["letter"], spec.letter, mine, issue)
        if spec.status == "published":
            for article in mine.values():
                if article.meta.status == "approved":
                    self.report.error(
                        article.places["status"],
                        "PL008",
                        "số đã phát hành mà bài mới ở mức đã duyệt",
                        "đổi status: published",
                    )
            if spec.date is None:
                self.report.warn(
                    at.get("status", here),
                    "PL009",
                    f"số {spec.number}/{spec.year} chưa có ngày xuất bản thật",
                    "văn phòng điền date: trong tệp này; bìa đang để trống ngày",
                )

    def check_contents(self, issue: IssueFile, mine: Mapping[str, Article]) -> set[str]:
        listed: set[str] = set()
        for index, part in enumerate(issue.spec.contents):
            where = issue.places[f"contents.{index}.section"]
            if part.section not in self.sections:
                self.report.error(
                    where,
                    "FM030",
                    f"không có chuyên mục «{part.section}»",
                    self.nearest(part.section, self.sections, "các chuyên mục: "),
                )
            for number, name in enumerate(part.articles):
                spot = issue.places[f"contents.{index}.articles.{number}"]
                self.check_name(spot, name, mine, issue)
                if name in listed:
                    self.report.error(
                        spot, "PL005", f"bài «{name}» có hai lần trong mục lục", "giữ một chỗ"
                    )
                listed.add(name)
                other = mine[name].meta.section if name in mine else part.section
                if other != part.section and {other, part.section} <= self.sections.keys():
                    self.report.error(
                        spot,
                        "PL007",
                        f"bài «{name}» thuộc chuyên mục «{other}», không phải «{part.section}»",
                        "chuyển sang đúng chuyên mục",
                    )
        return listed

    def check_name(
        self, where: Place, name: str, mine: Mapping[str, Article], issue: IssueFile
    ) -> None:
        if name not in mine and f"content/{issue.key}/{name}.md" not in self.sources.broken:
            self.report.error(
                where,
                "PL010",
                f"số này không có bài «{name}»",
                self.nearest(name, mine, "các bài: "),
            )

    def catalog(self, issues: tuple[Issue, ...]) -> Catalog:
        cards = [piece.card for issue in issues for piece in issue.pieces]
        newest = sorted(cards, key=lambda card: card.moment, reverse=True)
        sections = tuple(
            Group(
                s.title,
                s.slug,
                f"chuyen-muc/{s.slug}/",
                s.description,
                s.standing,
                tuple(c for c in newest if c.section.url == f"chuyen-muc/{s.slug}/"),
            )
            for s in self.sections.values()
        )
        return Catalog(
            issues=tuple(reversed(issues)),
            sections=sections,
            authors=groups(newest, lambda card: card.authors, text.person_key),
            keywords=groups(newest, lambda card: card.keywords, text.sort_key),
            recent=tuple(newest),
        )

    def ledger(self, order: Iterable[IssueFile]) -> Ledger:
        result = []
        for issue in order:
            rows = tuple(
                Row(
                    title=a.meta.title,
                    path=a.path,
                    name=self.slugs[a.path],
                    status=a.meta.status,
                    public=self.public(a),
                    embargoed=a.meta.status == "published" and self.embargoed(a),
                    orientations=a.meta.orientations,
                    words=a.words,
                    section=a.meta.section,
                )
                for _, articles in self.ordered(issue)
                for a in articles
            )
            result.append(IssueLedger(issue.key, issue.spec, issue.path, rows))
        today = self.as_of.astimezone(VIETNAM).date()
        return Ledger(today, tuple(result), blanks(self.sources.config))


def assemble(sources: Sources, as_of: datetime, drafts: bool, report: Report) -> Assembly:
    """Everything together, once. ``as_of`` decides what is public; ``drafts`` shows all."""
    return Assembler(sources, as_of, drafts, report).run()


def groups(cards: Iterable[Card], links: object, order: object) -> tuple[Group, ...]:
    """Cards by author or keyword, in Vietnamese order."""
    assert callable(links)
    assert callable(order)
    found: dict[str, tuple[Link, list[Card]]] = {}
    for card in cards:
        for link in links(card):
            found.setdefault(link.url, (link, []))[1].append(card)
    listed = sorted(found.values(), key=lambda item: order(item[0].title))
    return tuple(
        Group(link.title, link.url.rstrip("/").rsplit("/", 1)[-1], link.url, "", False, tuple(own))
        for link, own in listed
    )


def issue_when(spec: IssueSpec) -> str:
    """«Tháng 3/2026»: the month of publication, or of the plan while the date is unknown."""
    day = spec.date or spec.deadline.date
    return f"Tháng {day.month}/{day.year}"


def is_absolute(target: str) -> bool:
    return target.lower().startswith(("http://", "https://", "mailto:", "tel:"))


def relative(folder: str, path: str) -> str:
    """``path`` as written from ``folder``."""
    here, there = folder.split("/"), path.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "../" * (len(here) - common) + "/".join(there[common:])


def picture_view(picture: Picture) -> PictureView:
    """Addresses of a picture on the site, by content."""
    name = picture.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = f"hinh/{text.slug(name)}-{picture.digest[:10]}"
    if picture.kind == "svg":
        return PictureView(f"{stem}.svg", picture.digest, "svg", picture.width, picture.height)
    widths = [w for w in WIDTHS if w < picture.width] or [picture.width]
    if picture.width <= WIDTHS[-1] and picture.width not in widths:
        widths.append(picture.width)
    suffix = "png" if picture.kind in ("png", "gif") else "jpg"
    large = widths[-1]
    height = max(1, round(picture.height * large / picture.width))
    srcset = tuple((f"{stem}-{w}.webp", w) for w in widths)
    return PictureView(
        f"{stem}-{large}.{suffix}", picture.digest, picture.kind, large, height, srcset
    )


def blanks(config: Config) -> tuple[str, ...]:
    """What only the office can supply and has not yet: dotted names in ``bulletin.yaml``."""
    publication = config.publication
    contact = publication.contact
    values = {
        "publication.responsible": publication.responsible,
        "publication.printer": publication.printer,
        "publication.circulation": publication.circulation,
        "publication.periodicity": publication.periodicity,
        "publication.contact.address": contact.address if contact else "",
        "publication.contact.email": contact.email if contact else "",
        "publication.contact.phone": contact.phone if contact else "",
        "site.base_url": config.site.base_url,
    }
    return tuple(name for name, value in values.items() if not value)
