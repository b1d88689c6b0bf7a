"""Everything said in all files, cross-referenced: the only place that sees drafts.

``assemble`` turns articles and issue files into the public :class:`Catalog`, the printable
:class:`Edition` of each issue and the board's :class:`Ledger`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from bulletin import addresses, crosscheck, duties, likeness, noticeboard, references, text
from bulletin.diag import Place, Report
from bulletin.genres import GENRES
from bulletin.model import (
    AUDIENCES,
    LANGUAGES,
    LAYOUT_OF,
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
    Piece,
    Row,
    Version,
)
from bulletin.seating import CONFIG, Allowed, IssueFile, Seats, Sources, seat
from bulletin.text import VIETNAM


@dataclass(frozen=True, slots=True)
class Assembly:
    """What came of it. ``places``: file → dotted name → where the board wrote the value."""

    catalog: Catalog
    editions: tuple[Edition, ...]
    ledger: Ledger
    places: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)

    def settled(self) -> frozenset[str]:
        """Paths of articles that are approved or published (a preview also shows drafts)."""
        rows = (row for issue in self.ledger.issues for row in issue.rows)
        return frozenset(row.path for row in rows if row.status in ("approved", "published"))

    def place(self, path: str, name: str) -> Place:
        """Where ``name`` is written in the file, else the top of the file."""
        return self.places.get(path, {}).get(name, Place(path, 1, 1))


@dataclass(slots=True)
class Assembler:
    """State of one assembly; outputs never get it, for it knows the drafts."""

    seats: Seats
    as_of: datetime
    drafts: bool
    people: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    families: dict[str, list[Article]] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)

    def run(self) -> Assembly:
        seats = self.seats
        shown = [article for article in seats.seated() if self.public(article)]
        self.people = text.unique_slugs(name for a in shown for name in a.meta.authors)
        self.words = text.unique_slugs(word for a in shown for word in a.meta.keywords)
        for article in seats.seated():
            self.families.setdefault(seats.family(article), []).append(article)
        order = sorted(seats.issues.values(), key=lambda i: (i.spec.year, i.spec.number))
        public = tuple(self.issue(issue, self.public) for issue in order)
        printed = tuple(Edition(self.issue(issue, self.printable)) for issue in order)
        for issue in order:
            crosscheck.check_issue(seats, issue)
            duties.check_issue(seats, issue)
        duties.check_office(seats)
        for article in seats.sources.articles:
            references.check_references(seats, article)
        addresses.check_addresses(seats)
        self.check_waiting()
        visible = tuple(issue for issue in public if issue.pieces or issue.status == "published")
        places: dict[str, Mapping[str, Place]] = {a.path: a.places for a in seats.sources.articles}
        places[CONFIG] = seats.sources.places
        return Assembly(self.catalog(visible, order), printed, self.ledger(order), places)

    def check_waiting(self) -> None:
        """A published piece that nobody dated waits for the deadline of its issue: say so."""
        for article in self.seats.seated():
            meta, spec = article.meta, self.seats.issue_of[article.path].spec
            dated = meta.publish_at or meta.date or spec.date
            if meta.status == "published" and not dated and self.embargoed(article):
                self.seats.report.warn(
                    article.places.get("status", Place(article.path, 1, 1)),
                    "PL013",
                    "bài ghi đã đăng nhưng chưa có ngày, bạn đọc chưa thấy cho tới "
                    f"{text.short_date(spec.deadline.date)}",
                    "thêm date: vào bài (ngày đăng trước) hoặc vào tệp của số bản tin",
                )

    # -- who may be seen ---------------------------------------------------------------------

    def moment(self, article: Article) -> datetime:
        """When the piece becomes public. A planned issue lends its deadline."""
        meta, spec = article.meta, self.seats.issue_of[article.path].spec
        if meta.publish_at is not None:
            return meta.publish_at
        day = meta.date or spec.date or (spec.deadline.date if spec.deadline else date.min)
        return datetime.combine(day, time(0, 0), VIETNAM)

    def embargoed(self, article: Article) -> bool:
        return self.moment(article) > self.as_of

    def public(self, article: Article) -> bool:
        if self.drafts:
            return True
        return article.meta.status == "published" and not self.embargoed(article)

    def printable(self, article: Article) -> bool:
        if self.drafts:
            return True
        return article.meta.status in ("approved", "published")

    # -- one piece exchanged -----------------------------------------------------------------

    def with_body(self, article: Article, report: Report) -> Assembler:
        """As if ``article`` had been read in the place of the one with its path.

        Only for an article that differs in its body: seats, addresses and card are the old ones.
        What its own checks say goes to ``report``.
        """
        by_path = {**self.seats.by_path, article.path: article}
        return replace(self, seats=replace(self.seats, by_path=by_path, report=report))

    def check_body(self, article: Article) -> None:
        """What seating and references say of the body of one article."""
        self.seats.check_published(article)
        references.check_references(self.seats, article)

    # -- issues and pieces -------------------------------------------------------------------

    def ordered(self, issue: IssueFile) -> list[tuple[str, list[Article]]]:
        """Section → its articles in printed order; articles not listed come last."""
        mine = {
            name: article
            for name, article in self.seats.of_issue(issue).items()
            if article.meta.section in self.seats.sections
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

    def issue(self, issue: IssueFile, allowed: Allowed) -> Issue:
        spec = issue.spec
        parts = []
        for slug, articles in self.ordered(issue):
            pieces = tuple(self.piece(a, issue, allowed) for a in articles if allowed(a))
            section = self.seats.sections.get(slug)
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

    def link(self, title: str, url: str) -> Link:
        """One link for all cards that have it: authors and keywords come again and again."""
        return self.links.setdefault((title, url), Link(title, url))

    def card(self, article: Article, issue: IssueFile) -> Card:
        """One card for all that show the piece: website and print have the same."""
        if article.path not in self.cards:
            self.cards[article.path] = self._card(article, issue)
        return self.cards[article.path]

    def _card(self, article: Article, issue: IssueFile) -> Card:
        meta, spec = article.meta, issue.spec
        section = self.seats.sections[meta.section]
        cover = references.cover_view(self.seats, article)
        return Card(
            id=f"{issue.key}/{self.seats.slugs[article.path]}",
            uid=meta.uid,
            url=f"{issue.key}/{self.seats.slugs[article.path]}/",
            title=meta.title,
            standfirst=meta.standfirst or article.excerpt,
            genre=GENRES[meta.genre],
            authors=tuple(
                self.link(n, f"tac-gia/{self.people.get(n, text.slug(n))}/") for n in meta.authors
            ),
            section=self.link(section.title, f"chuyen-muc/{section.slug}/"),
            issue=self.link(f"Số {spec.number} · {issue_when(spec).lower()}", f"{issue.key}/"),
            keywords=tuple(
                self.link(w, f"tu-khoa/{self.words.get(w, text.slug(w))}/") for w in meta.keywords
            ),
            audience=tuple(self.link(a, f"doi-tuong/{text.slug(a)}/") for a in meta.audience),
            lang=meta.lang,
            date=meta.date.isoformat()
            if meta.date
            else (spec.date or spec.deadline.date).isoformat(),
            when=text.short_date(meta.date) if meta.date else issue_when(spec),
            moment=self.moment(article).isoformat(),
            accent=spec.accent,
            picture=cover,
            alt=meta.cover.alt if meta.cover and cover else "",
            known=known_date(article, spec),
        )

    def piece(self, article: Article, issue: IssueFile, allowed: Allowed) -> Piece:
        """One piece for website and print where they show the same: mostly they do."""
        piece = self._piece(article, issue, allowed)
        known = self.pieces.setdefault(article.path, piece)
        return known if known == piece else piece

    def _piece(self, article: Article, issue: IssueFile, allowed: Allowed) -> Piece:
        meta = article.meta
        return Piece(
            card=self.card(article, issue),
            body=article.body,
            words=article.words,
            layout=meta.layout or LAYOUT_OF.get(meta.genre, "feature"),
            path=article.path,
            cover=meta.cover,
            cover_view=references.cover_view(self.seats, article),
            sources=meta.sources,
            ai=meta.ai,
            licence=meta.licence,
            headings=article.headings,
            links=references.links(self.seats, article, allowed),
            pictures=references.piece_pictures(self.seats, article),
            figures=article.figures,
            questions=article.questions,
            corrections=tuple(sorted(meta.corrections, key=lambda c: c.date)),
            versions=self.versions(article, allowed),
        )

    def versions(self, article: Article, allowed: Allowed) -> tuple[Version, ...]:
        """The piece in all its languages, the original first; empty if there is only one."""
        family = [a for a in self.families[self.seats.family(article)] if allowed(a)]
        if len(family) < 2:
            return ()
        family.sort(key=lambda a: (bool(a.meta.translation_of), a.meta.lang))
        seats = self.seats
        return tuple(
            Version(
                a.meta.lang,
                LANGUAGES.get(a.meta.lang, a.meta.lang),
                a.meta.title,
                f"{seats.issue_of[a.path].key}/{seats.slugs[a.path]}/",
            )
            for a in family
        )

    def catalog(self, issues: tuple[Issue, ...], order: list[IssueFile]) -> Catalog:
        seats, public = self.seats, self.public
        terms = {article.path: article.terms for article in seats.seated()}
        pieces = [piece for issue in issues for piece in issue.pieces]
        today = self.as_of.astimezone(VIETNAM).date()
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
            for s in self.seats.sections.values()
        )
        return Catalog(
            issues=tuple(reversed(issues)),
            sections=sections,
            authors=groups(newest, lambda card: card.authors, text.person_key),
            keywords=groups(newest, lambda card: card.keywords, text.sort_key),
            audiences=groups(newest, lambda card: card.audience, audience_order),
            recent=tuple(newest),
            related=likeness.related([(piece.card, terms[piece.path]) for piece in pieces]),
            moved=self.moved(pieces),
            plan=noticeboard.plan(order, issues),
            days=noticeboard.days(seats, public),
            appointments=duties.appointments(seats),
            quizzes=noticeboard.quizzes(seats, today, self.drafts, public),
            media=noticeboard.media(seats, public),
        )

    def moved(self, pieces: Iterable[Piece]) -> tuple[tuple[str, Link], ...]:
        """Old addresses of public pieces and where they lead."""
        return tuple(
            (addresses.cleaned(alias), Link(piece.card.title, piece.card.url))
            for piece in pieces
            for alias in self.seats.by_path[piece.path].meta.aliases
        )

    def ledger(self, order: Iterable[IssueFile]) -> Ledger:
        result = []
        for issue in order:
            rows = tuple(
                Row(
                    title=a.meta.title,
                    path=a.path,
                    name=self.seats.slugs[a.path],
                    status=a.meta.status,
                    public=self.public(a),
                    embargoed=a.meta.status == "published" and self.embargoed(a),
                    orientations=a.meta.orientations,
                    words=a.words,
                    section=a.meta.section,
                    authors=a.meta.authors,
                    brief=a.meta.brief,
                    uid=a.meta.uid,
                    genre=a.meta.genre,
                    audience=a.meta.audience,
                    lang=a.meta.lang,
                    translation_of=a.meta.translation_of,
                    day=issued(a, issue.spec),
                    credits=credits(a),
                )
                for _, articles in self.ordered(issue)
                for a in articles
            )
            result.append(IssueLedger(issue.key, issue.spec, issue.path, rows))
        today = self.as_of.astimezone(VIETNAM).date()
        return Ledger(
            today,
            tuple(result),
            blanks(self.seats.sources.config),
            tuple(self.seats.sections.values()),
            duties.office(self.seats),
        )


def assemble(
    sources: Sources, as_of: datetime, drafts: bool, report: Report
) -> tuple[Assembly, Assembler]:
    """Everything together, once. ``as_of`` decides what is public; ``drafts`` shows all.

    The assembler is for one who exchanges single pieces later.
    """
    assembler = Assembler(seat(sources, report), as_of, drafts)
    return assembler.run(), assembler


def groups(
    cards: Iterable[Card],
    links: Callable[[Card], tuple[Link, ...]],
    order: Callable[[str], tuple[object, ...]],
) -> tuple[Group, ...]:
    """Cards by author or keyword, in Vietnamese order."""
    found: dict[str, tuple[Link, list[Card]]] = {}
    for card in cards:
        for link in links(card):
            found.setdefault(link.url, (link, []))[1].append(card)
    listed = sorted(found.values(), key=lambda item: order(item[0].title))
    return tuple(
        Group(link.title, link.url.rstrip("/").rsplit("/", 1)[-1], link.url, "", False, tuple(own))
        for link, own in listed
    )


def audience_order(name: str) -> tuple[object, ...]:
    return (AUDIENCES.index(name),)


def issue_when(spec: IssueSpec) -> str:
    """«Tháng 3/2026»: the month of publication, or of the plan while the date is unknown."""
    day = spec.date or spec.deadline.date
    return f"Tháng {day.month}/{day.year}"


def known_date(article: Article, spec: IssueSpec) -> str:
    """The day of publication, or the month of the plan while nobody has written a day down."""
    if article.meta.date or spec.date:
        return (article.meta.date or spec.date or date.min).isoformat()
    if article.meta.publish_at:
        return article.meta.publish_at.astimezone(VIETNAM).date().isoformat()
    return spec.deadline.date.isoformat()[:7]


def issued(article: Article, spec: IssueSpec) -> date | None:
    """The day on which readers got the piece; the plan's deadline is no such day."""
    meta = article.meta
    if meta.publish_at is not None:
        return meta.publish_at.astimezone(VIETNAM).date()
    return meta.date or spec.date


def credits(article: Article) -> tuple[str, ...]:
    """Whose its pictures are, one name for each; charts belong to the text."""
    cover = (article.meta.cover.credit,) if article.meta.cover else ()
    return cover + tuple(note.credit for note in article.figures if note.form == "figure")


def blanks(config: Config) -> tuple[str, ...]:
    """What only the office can supply and has not yet: dotted names in ``bulletin.yaml``."""
    publication = config.publication
    contact = publication.contact
    values = {
        "publication.agency": publication.agency,
        "publication.publisher": publication.publisher,
        "publication.place": publication.place,
        "publication.licence.number": publication.licence.number if publication.licence else "",
        "publication.licence.issuer": publication.licence.issuer if publication.licence else "",
        "publication.responsible": publication.responsible,
        "publication.printer": publication.printer,
        "publication.circulation": publication.circulation,
        "publication.periodicity": publication.periodicity,
        "publication.contact.address": contact.address if contact else "",
        "publication.contact.email": contact.email if contact else "",
        "publication.contact.phone": contact.phone if contact else "",
        "site.base_url": config.site.base_url,
    }
    return tuple(name for name, value in values.items() if not value or _held(value))


def _held(value: str) -> bool:
    """«[số giấy phép]»: a new project holds the place of what it cannot know."""
    return value.startswith("[") and value.endswith("]")
