"""The website: home, issues, articles, sections, people, keywords, archive, about, search, 404.

The pages that stand beside the issues (plan, calendar, library …) are in ``standing``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from bulletin import codec, html, policy, text
from bulletin.diag import Diagnostic
from bulletin.model import Card, Frame, Group, Issue, Job, Link, Piece
from bulletin.outputs import assets, cards, channels, cite, glyphs, offline, shelf, standing
from bulletin.pages import (
    ArchivePage,
    ArticlePage,
    EmbedPage,
    FollowPage,
    GroupPage,
    Head,
    HomePage,
    IndexPage,
    IssueLine,
    IssuePage,
    PartLine,
    PlainPage,
    Sitemap,
)
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

READER = "reader"
NEWEST = 4  # issues that menus may name; with all of them each page would hold the whole archive
EMBEDDED = 8  # pieces that a frame in another site shows
ROWS = 60  # pieces on an older page of a list; the newest has so many to twice as many
ADDRESSES = 40_000  # in one site map; the protocol allows 50,000
FORMS = {
    "section": "Chuyên mục",
    "author": "Tác giả",
    "keyword": "Từ khóa",
    "audience": "Dành cho",
}


def base_url(source: Source) -> str:
    return source.base_url


def licence_line(source: Source) -> str:
    licence = source.config.publication.licence
    if licence is None or licence.date is None:
        return ""
    return (
        f"Giấy phép xuất bản số {licence.number} {text.long_date(licence.date)} "
        f"do {licence.issuer} cấp"
    )


def contact_lines(source: Source) -> tuple[tuple[str, str], ...]:
    contact = source.config.publication.contact
    return (
        ("Địa chỉ", contact.address if contact else ""),
        ("Thư điện tử", contact.email if contact else ""),
        ("Điện thoại", contact.phone if contact else ""),
    )


def imprint_lines(source: Source) -> tuple[tuple[str, str], ...]:
    """What the law asks a bulletin to say of itself; empty = the office has not supplied it."""
    publication = source.config.publication
    return (
        ("Cơ quan chủ quản", publication.agency),
        ("Cơ quan xuất bản", publication.publisher),
        ("Giấy phép", licence_line(source)),
        ("Chịu trách nhiệm xuất bản", publication.responsible),
        *contact_lines(source),
        ("Đối tượng phục vụ", publication.audience),
        ("Kỳ hạn xuất bản", publication.periodicity),
        ("Số lượng in mỗi kỳ", publication.circulation),
        ("Nơi in", publication.printer),
    )


def frame(source: Source) -> Frame:
    publication, catalog = source.config.publication, source.assembly.catalog
    lookup, house = standing.menus(catalog)
    return Frame(
        name=publication.name,
        description=publication.description,
        agency=publication.agency,
        publisher=publication.publisher,
        short_publisher=publication.short_publisher or publication.publisher,
        licence=licence_line(source),
        responsible=publication.responsible,
        contact=contact_lines(source),
        rights=publication.rights,
        base_url=base_url(source),
        language=source.config.site.language,
        sections=tuple(Link(g.title, g.url) for g in catalog.sections if g.cards),
        issues=tuple(
            Link(f"Số {i.number} · {i.when.lower()}", i.url) for i in catalog.issues[:NEWEST]
        ),
        assets=tuple(sorted((assets.urls(source.theme) | offline.urls(source.theme)).items())),
        lookup=lookup,
        house=house,
        zalo=source.config.site.zalo_share,
    )


class Maker:
    """Makes the page values of one site; holds what they share."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.catalog = source.assembly.catalog
        self.frame = frame(source)
        self.card = cards.site_url(source)
        offered = reader_copies(source) if "print" in source.wanted else ()
        self.copies = frozenset(issue.key for issue in offered)
        self.accent = (
            self.catalog.issues[0].accent
            if self.catalog.issues
            else (source.theme.palettes[0].name)
        )

    def head(
        self,
        url: str,
        title: str,
        description: str = "",
        accent: str = "",
        kind: str = "page",
        card: str = "",
    ) -> Head:
        root = "../" * url.count("/")
        return Head(
            frame=self.frame,
            url=url,
            root=root,
            title=title,
            description=description or self.frame.description,
            accent=accent or self.accent,
            kind=kind,
            card=card or self.card,
        )

    def job(self, template: str, page: Any, *needs: str) -> Job:
        url = page.head.url
        path = url + "index.html" if url == "" or url.endswith("/") else url
        return Job(f"site/{path}", "site", page, f"web/{template}.html", needs)

    def line(self, issue: Issue) -> IssueLine:
        return IssueLine(
            key=issue.key,
            number=issue.number,
            year=issue.year,
            url=issue.url,
            title=issue.title,
            short_title=issue.short_title,
            line=issue.line,
            status=issue.status,
            when=issue.when,
            deadline_text=issue.deadline_text,
            accent=issue.accent,
            count=len(issue.pieces),
            pdf=f"{issue.url}{pdf_name(issue)}" if self.offers_pdf(issue) else "",
            known=issue.known,
            reader=f"{issue.url}xem/" if self.leafs(issue) else "",
            books=shelf.links(self.source, issue),
        )

    def offers_pdf(self, issue: Issue) -> bool:
        """Whether this build puts the issue's PDF on the site (never with ``--only site``)."""
        return issue.key in self.copies

    def leafs(self, issue: Issue) -> bool:
        """Whether the printed pages of the issue can be leafed through on the site."""
        has = f"web/{READER}.html" in self.source.theme.sources
        return has and bool(self.starts(issue))

    def starts(self, issue: Issue) -> dict[str, int]:
        """Uid → page of print, of an issue whose PDF is on the site."""
        printed = self.source.printed.get(issue.key)
        return dict(printed.starts) if printed and self.offers_pdf(issue) else {}

    def parts(self, issue: Issue) -> tuple[PartLine, ...]:
        return tuple(
            PartLine(part.section, part.description, tuple(p.card for p in part.pieces))
            for part in issue.parts
        )

    # -- pages -------------------------------------------------------------------------------

    def home(self) -> Job:
        issues = self.catalog.issues
        current = issues[0] if issues else None
        cards = {p.card.id: p.card for p in current.pieces} if current else {}
        teasers = tuple(cards[name] for name in current.teasers) if current else ()
        page = HomePage(
            head=self.head("", self.frame.name, kind="home"),
            issue=self.line(current) if current else None,
            parts=self.parts(current) if current else (),
            teasers=teasers,
            standing=tuple(trimmed(g, 4) for g in self.catalog.sections if g.standing and g.cards),
            archive=tuple(self.line(issue) for issue in issues[1:]),
        )
        return self.job("home", page)

    def issue(self, issue: Issue) -> Job:
        newest = self.catalog.issues[: NEWEST + 1]
        others = tuple(self.line(i) for i in newest if i.key != issue.key)[:NEWEST]
        head = self.head(
            issue.url,
            f"Số {issue.number} · {issue.when.lower()}: {issue.short_title}",
            issue.title,
            issue.accent,
            "issue",
            cards.issue_url(self.source, issue),
        )
        known = self.starts(issue)
        starts = {p.card.url: known[p.card.uid] for p in issue.pieces if p.card.uid in known}
        page = IssuePage(head, self.line(issue), self.parts(issue), others, starts)
        return self.job("issue", page)

    def articles(self, issue: Issue) -> Iterator[Job]:
        pieces = issue.pieces
        palette = self.source.theme.palette(issue.accent)
        starts = self.starts(issue)
        theme = self.source.theme
        fonts = tuple(theme.files[font.file] for font in theme.fonts if font.web)
        for index, piece in enumerate(pieces):
            before = pieces[index - 1].card if index else None
            after = pieces[index + 1].card if index + 1 < len(pieces) else None
            head = self.head(
                piece.card.url,
                piece.card.title,
                piece.card.standfirst,
                issue.accent,
                "article",
                cards.piece_url(self.source, issue, piece),
            )
            versions = tuple((version.lang, version.url) for version in piece.versions)
            lang = piece.card.lang
            spoken = lang if lang in theme.strings and lang != self.frame.language else ""
            page = ArticlePage(
                head=dataclasses.replace(head, alternates=versions, spoken=spoken),
                piece=piece,
                issue=self.line(issue),
                palette=palette,
                previous=Link(before.title, before.url) if before else None,
                following=Link(after.title, after.url) if after else None,
                related=self.catalog.related.get(piece.card.id, ()),
                citation=cite.citation(self.frame, issue, piece, starts.get(piece.card.uid, 0)),
                start=starts.get(piece.card.uid, 0),
                line=self.source.assembly.place(piece.path, "body").line,
                fonts=fonts,
            )
            yield self.job("article", page, *needs(piece, "web"), *fonts)

    def group(self, group: Group, form: str) -> Iterator[Job]:
        description = group.description or f"{FORMS[form]} {group.title}: {len(group.cards)} bài."
        title = group.title if form == "section" else f"{FORMS[form]}: {group.title}"
        accent = group.cards[0].accent if group.cards else ""
        leaves = sheets(group)
        for place, (part, url, found) in enumerate(leaves):
            head = self.head(url, f"{title}, phần {part}" if part else title, description, accent)
            page = GroupPage(
                head=head,
                group=dataclasses.replace(group, cards=found),
                form=form,
                total=len(group.cards),
                part=part,
                newer=leaves[place - 1][1] if place else "",
                older=leaves[place + 1][1] if place + 1 < len(leaves) else "",
            )
            yield self.job("group", page)

    def index(self, url: str, title: str, groups: Iterable[Group], form: str) -> Job:
        rows = tuple((g.title, g.url, len(g.cards)) for g in groups if g.cards)
        return self.job("index", IndexPage(self.head(url, title), rows, form))

    def archive(self) -> Job:
        years: dict[int, list[IssueLine]] = {}
        for issue in self.catalog.issues:
            years.setdefault(issue.year, []).append(self.line(issue))
        rows = tuple((year, tuple(lines)) for year, lines in sorted(years.items(), reverse=True))
        return self.job("archive", ArchivePage(self.head("luu-tru/", "Các số đã ra"), rows))

    def framed(self) -> Iterator[tuple[str, Link, tuple[Card, ...]]]:
        """Lists that other sites may show in a frame: (address, page that has all, pieces)."""
        yield policy.FRAMED, Link("Bài mới", ""), self.catalog.recent
        for group in self.catalog.sections:
            if group.cards:
                url = f"{policy.FRAMED}{group.slug}/"
                yield url, Link(group.title, group.url), group.cards

    def plain(self) -> Iterator[Job]:
        facts = imprint_lines(self.source)
        yield self.job("about", PlainPage(self.head("gioi-thieu/", "Giới thiệu"), facts))
        yield self.job("submit", PlainPage(self.head("gui-bai/", "Gửi bài cộng tác"), facts))
        about = "Nhận bài mới qua ứng dụng đọc tin, thư mục nguồn tin, khung tin để nhúng."
        follow = self.head(channels.PAGE, "Theo dõi bản tin", about)
        listed = channels.listed(self.source)
        frames = tuple(Link(source.title, url) for url, source, _ in self.framed())
        yield self.job("follow", FollowPage(follow, listed, channels.OUTLINE, frames))
        for url, source, found in self.framed():
            inside = self.head(url, f"Bản tin {self.frame.name}: {source.title}", kind="embed")
            yield self.job("embed", EmbedPage(inside, found[:EMBEDDED], source))
        yield self.job("search", PlainPage(self.head("tim-kiem/", "Tìm kiếm", kind="search")))
        if offline.offered(self.source.theme):
            away = self.head(offline.PAGE, "Đọc ngoại tuyến", kind="offline")
            yield self.job("offline", PlainPage(away))
        lost = self.head("404.html", "Không tìm thấy trang", kind="lost")
        # A host shows 404.html at any depth, so its addresses start at the site's base path.
        root = urlsplit(self.frame.base_url).path
        yield self.job("404", PlainPage(dataclasses.replace(lost, root=root)))


def sheets(group: Group) -> list[tuple[int, str, tuple[Card, ...]]]:
    """The pages of a list, newest first: (number, address, cards).

    An older page is full and never changes again, nor does its address: a new piece is written into
    one page, not into all. The oldest is number 1, the page of the newest has number 0.
    """
    older = max(0, len(group.cards) // ROWS - 1)
    first = len(group.cards) - older * ROWS
    found = [(0, group.url, group.cards[:first])]
    for place in range(older):
        number, start = older - place, first + place * ROWS
        found.append((number, f"{group.url}phan-{number}/", group.cards[start : start + ROWS]))
    return found


def trimmed(group: Group, count: int) -> Group:
    return Group(
        group.title, group.slug, group.url, group.description, group.standing, group.cards[:count]
    )


def reader_copies(source: Source) -> tuple[Issue, ...]:
    """Published issues whose printed content is all public: their PDF may lie on the site."""
    printed = {edition.issue.key: edition.issue for edition in source.assembly.editions}
    return tuple(
        issue
        for issue in source.assembly.catalog.issues
        if issue.status == "published" and issue.pieces and printed.get(issue.key) == issue
    )


def pdf_name(issue: Issue) -> str:
    return f"ban-tin-so-{issue.number}-{issue.year}.pdf"


def needs(piece: Piece, target: str) -> tuple[str, ...]:
    """Digests that writing ``piece`` will load: its body and, on the web, inlined drawings."""
    views = [view for _, view in piece.pictures] + ([piece.cover_view] if piece.cover_view else [])
    wanted = {view.digest for view in views if target == "print" or view.kind == "svg"}
    return (piece.body, *sorted(wanted))


def jobs(source: Source) -> Iterator[Job]:
    maker = Maker(source)
    catalog = maker.catalog
    for issue in catalog.issues:
        yield from maker.articles(issue)
    for issue in catalog.issues:
        yield maker.issue(issue)
    for section in catalog.sections:
        yield from maker.group(section, "section")
    for author in catalog.authors:
        yield from maker.group(author, "author")
    for keyword in catalog.keywords:
        yield from maker.group(keyword, "keyword")
    yield maker.index("chuyen-muc/", "Chuyên mục", catalog.sections, "sections")
    yield maker.index("tac-gia/", "Tác giả", catalog.authors, "authors")
    yield maker.index("tu-khoa/", "Từ khóa", catalog.keywords, "keywords")
    yield maker.archive()
    yield from standing.jobs(maker)
    yield from maker.plain()
    yield maker.home()
    yield from _maps(maker)


def _maps(maker: Maker) -> Iterator[Job]:
    catalog = maker.catalog
    entries = [("", newest(catalog.recent)), ("chuyen-muc/", "")]
    entries += [(url, "") for url in standing.addresses(maker)]
    entries += [(issue.url, newest(p.card for p in issue.pieces)) for issue in catalog.issues]
    entries += [(card.url, card.known) for card in catalog.recent]
    for groups in (catalog.sections, catalog.authors, catalog.keywords, catalog.audiences):
        for group in groups:
            entries += [(url, newest(found)) for _, url, found in sheets(group) if found]
    yield from _mapped(maker.frame.base_url, tuple(entries))
    yield Job("site/robots.txt", "site", Sitemap(maker.frame.base_url, ()))


def _mapped(base_url: str, entries: tuple[tuple[str, str], ...]) -> Iterator[Job]:
    """One map, or a map of maps when the protocol does not allow so many addresses in one."""
    if len(entries) <= ADDRESSES:
        yield Job("site/sitemap.xml", "site", Sitemap(base_url, entries))
        return
    maps = []
    for number, start in enumerate(range(0, len(entries), ADDRESSES), start=1):
        part = entries[start : start + ADDRESSES]
        maps.append((f"sitemap-{number}.xml", max(day for _, day in part)))
        yield Job(f"site/{maps[-1][0]}", "site", Sitemap(base_url, part))
    yield Job("site/sitemap.xml", "site", Sitemap(base_url, tuple(maps), of_maps=True))


def newest(cards: Iterable[Card]) -> str:
    """When a list last changed, as far as that is known."""
    return max((card.known for card in cards), default="")


def make(job: Job, studio: Studio) -> Product:
    page = job.page
    if isinstance(page, Sitemap):
        return Product(_sitemap(page) if page.entries else _robots(page))
    if isinstance(page, ArticlePage):
        writer = html.piece_writer(page.piece, page.palette, "web", studio.load, page.head.root)
        writer.say = studio.words(page.head.spoken)
        leads = {}
        if page.piece.cover and page.piece.cover_view:
            leads[page.piece.card.id] = writer.cover(page.piece.cover, page.piece.cover_view)
        body = writer.write(codec.nodes_from(studio.load(page.piece.body)))
        notes = tuple(missing_letters(page, Markup("").join([*leads.values(), body]), studio))
        return Product(studio.render(job.template, page=page, body=body, leads=leads), notes)
    return Product(studio.render(job.template, page=page))


def missing_letters(page: ArticlePage, body: Markup, studio: Studio) -> Iterator[Diagnostic]:
    """Letters of a piece that the fonts of the site have not."""
    if not page.fonts:
        return
    card = page.piece.card
    people = " ".join(link.title for link in card.authors)
    shown = glyphs.shown(body) | set(f"{card.title} {card.standfirst} {people}")
    covered = glyphs.on_site(studio.load(digest) for digest in page.fonts)
    odd = glyphs.missing(shown, covered)
    yield from glyphs.complaint(page.piece, page.line, odd, "trang web", studio)


def _sitemap(page: Sitemap) -> bytes:
    whole, one = ("sitemapindex", "sitemap") if page.of_maps else ("urlset", "url")
    rows = []
    for url, day in page.entries:
        stamp = f"<lastmod>{day}</lastmod>" if day else ""
        rows.append(f"<{one}><loc>{escape(page.base_url + url)}</loc>{stamp}</{one}>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{whole} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "".join(rows)
        + f"</{whole}>\n"
    ).encode()


def _robots(page: Sitemap) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {page.base_url}sitemap.xml\n".encode()
