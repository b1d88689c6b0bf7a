"""All feeds in all formats, each beside the page that shows the same things.

Items hold their full text as long as readers may not have seen them: the newest ``feed_items`` of
each feed, and in the feed of an issue while the feed of everything reaches back to it. Later that
feed announces its pieces without repeating them, so the whole archive is not written once more.
A feed dates itself by its newest item: the same content gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING

from bulletin.almanac import Medium
from bulletin.model import LANGUAGES, Catalog, Issue, Job, Link, Piece
from bulletin.outputs import assets, atom, cards, channels, feedtext, offline, rss, shelf, site
from bulletin.pages import Asset, Channel, Feed, FeedFile, FeedItem, PartLine
from bulletin.studio import Product, Studio
from bulletin.text import VIETNAM
from bulletin.theme import Theme

if TYPE_CHECKING:
    from bulletin.outputs import Source

STYLE = "feed.css"
ART, ART_SIZE = "podcast.png", 1400  # the least that directories of podcasts take
_LENGTH = re.compile(r"(?:(\d+)\s*giờ)?\s*(?:(\d+)\s*phút)?\s*(?:(\d+)\s*giây)?")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d\d)")


class Desk:
    """Makes the values of all feeds of one site; holds what they share."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.catalog: Catalog = source.assembly.catalog
        self.most = source.config.site.feed_items
        self.shown = assets.urls(source.theme) | offline.urls(source.theme) | art(source.theme)
        pieces = {p.card.id: (p, issue) for issue in self.catalog.issues for p in issue.pieces}
        self.pieces = [pieces[card.id] for card in self.catalog.recent]
        self.fresh = {card.id for card in self.catalog.recent[: self.most]}

    def feed(self, channel: Channel, items: Iterable[FeedItem]) -> Feed:
        config, listed = self.source.config, tuple(items)
        publication = config.publication
        name = f"Bản tin {publication.name}"
        contact = publication.contact
        return Feed(
            title=name if channel.form == "all" else f"{channel.title} – {name}",
            description=channel.description or publication.description,
            home=channel.home,
            folder=channel.folder,
            base_url=self.source.base_url,
            language=channel.language,
            publisher=publication.publisher,
            rights=publication.rights,
            updated=max((item.updated for item in listed), default=""),
            items=listed,
            hub=config.site.websub_hub,
            # From the feed's own place: a copy of the site elsewhere finds its own sheet.
            style="../" * channel.folder.count("/") + self.shown[STYLE]
            if STYLE in self.shown
            else "",
            icon=self.shown.get(ART if channel.form == "podcast" else "icon-512.png", ""),
            podcast=channel.form == "podcast",
            email=contact.email if contact else "",
        )

    def items(self, channel: Channel) -> Iterator[FeedItem]:
        match channel.form:
            case "issues":
                for issue in self.out():
                    yield self.issue(issue)
            case "podcast":
                for medium in channels.recordings(self.catalog):
                    yield self.recording(medium)
            case "issue":
                own = [pair for pair in self.pieces if pair[1].url == channel.folder]
                whole = any(piece.card.id in self.fresh for piece, _ in own)
                for piece, issue in own:
                    yield self.piece(piece, issue, whole)
            case _:
                own = [pair for pair in self.pieces if belongs(pair[0], channel)]
                for piece, issue in own[: self.most]:
                    yield self.piece(piece, issue, True)

    def piece(self, piece: Piece, issue: Issue, whole: bool) -> FeedItem:
        card = piece.card
        mended = [_midnight(note.date.isoformat()) for note in piece.corrections]
        return FeedItem(
            id=feedtext.identity(card.uid),
            url=card.url,
            title=card.title,
            summary=card.standfirst or card.title,
            published=card.moment,
            updated=max([card.moment, *mended]),
            language=card.lang,
            authors=card.authors,
            labels=(
                ("chuyen-muc/", card.section.title),
                *(("tu-khoa/", word.title) for word in card.keywords),
            ),
            picture=_raster(piece) or cards.piece_url(self.source, issue, piece),
            piece=piece if whole else None,
        )

    def out(self) -> list[Issue]:
        """Issues that have come out, the newest first."""
        found = [i for i in self.catalog.issues if i.status == "published" and i.pieces]
        return found[: self.most]

    def issue(self, issue: Issue) -> FeedItem:
        latest = max(piece.card.moment for piece in issue.pieces)
        moment = latest if issue.planned else _midnight(issue.date)
        return FeedItem(
            id=feedtext.identity(f"issue:{issue.year}-{issue.number}"),
            url=issue.url,
            title=channels.issue_title(issue),
            summary=issue.title,
            published=moment,
            updated=moment,
            language=self.source.config.site.language,
            authors=(Link(self.source.config.publication.publisher, ""),),
            labels=tuple(("chuyen-muc/", part.section.title) for part in issue.parts),
            picture=cards.issue_url(self.source, issue),
            parts=tuple(
                PartLine(part.section, part.description, tuple(p.card for p in part.pieces))
                for part in issue.parts
            ),
            files=tuple(self.files(issue)),
        )

    def files(self, issue: Issue) -> Iterator[FeedFile]:
        """The whole issue to take along: the first is the enclosure of RSS, all are links."""
        printed = self.source.printed.get(issue.key)
        if printed and issue in site.reader_copies(self.source):
            title = f"Bản tin số {issue.number}/{issue.year} (PDF, {printed.pages} trang)"
            url = issue.url + site.pdf_name(issue)
            yield FeedFile(url, "application/pdf", title, printed.pdf)
        # Books are made in the same stage, so their length is not known here.
        for lang, url in shelf.editions(self.source, issue):
            own = lang == self.source.config.site.language
            form = "EPUB" if own else f"EPUB, {LANGUAGES.get(lang, lang)}"
            title = f"Bản tin số {issue.number}/{issue.year} ({form})"
            yield FeedFile(url, "application/epub+zip", title)

    def recording(self, medium: Medium) -> FeedItem:
        kind = channels.SOUNDS[medium.url.rpartition(".")[2]]
        day = _midnight(medium.date)
        return FeedItem(
            id=feedtext.identity(f"media:{medium.slug}"),
            url=medium.article[1] or "thu-vien/",
            title=medium.title,
            summary=_opening(medium.transcript),
            published=day,
            updated=day,
            language=self.source.config.site.language,
            authors=(Link(medium.credit, ""),),
            words=medium.transcript,
            files=(FeedFile(medium.url, kind, medium.title, medium.digest),),
            seconds=seconds(medium.length),
        )


def belongs(piece: Piece, channel: Channel) -> bool:
    if channel.form == "section":
        return piece.card.section.url == channel.folder
    return channel.form == "all" or piece.card.lang == channel.language


def _midnight(day: str) -> str:
    return datetime.combine(datetime.fromisoformat(day).date(), time(), VIETNAM).isoformat()


def _raster(piece: Piece) -> str:
    """The lead picture, if it is a photo: readers do not show drawings."""
    view = piece.cover_view
    return view.url if view and view.kind != "svg" else ""


def _opening(words: str, most: int = 300) -> str:
    """The first paragraph, cut at a word."""
    first = words.strip().split("\n\n", 1)[0].replace("\n", " ")
    return first if len(first) <= most else first[:most].rpartition(" ")[0] + " …"


def seconds(length: str) -> int:
    """«1 giờ 2 phút», «3 phút 20 giây», «03:20» in seconds; 0 if it says something else."""
    plain = length.strip().lower()
    found = _CLOCK.fullmatch(plain) or _LENGTH.fullmatch(plain)
    hours, minutes, rest = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + rest


def art(theme: Theme) -> dict[str, str]:
    """The square picture that stands for the recordings: the theme's icon."""
    if offline.ICON not in theme.files:
        return {}
    return {ART: f"assets/podcast-{assets.short(theme.files[offline.ICON], str(ART_SIZE))}.png"}


def jobs(source: Source) -> Iterator[Job]:
    desk = Desk(source)
    if channels.recordings(desk.catalog):
        for url in art(source.theme).values():
            digest = source.theme.files[offline.ICON]
            settings = (("share", "1"), ("size", str(ART_SIZE)))
            yield Job(f"site/{url}", "offline", Asset("icon", digest, settings), needs=(digest,))
    for _, group in channels.listed(source):
        for channel in group:
            page = desk.feed(channel, desk.items(channel))
            bodies = [item.piece.body for item in page.items if item.piece]
            held = [file.digest for item in page.items for file in item.files if file.digest]
            needs = tuple(dict.fromkeys([*bodies, *held]))
            path = f"site/{channel.folder}"
            gives = (path + channels.ATOM, path + channels.JSON) if channel.formats else ()
            yield Job(path + channel.file, "feeds", page, needs=needs, gives=gives)


def make(job: Job, studio: Studio) -> Product:
    page: Feed = job.page
    told = feedtext.said(page, studio)
    data = rss.written(page, told)
    if not job.gives:
        return Product(data)
    other = (atom.written(page, told), atom.as_json(page, told))
    return Product(data, siblings=tuple(zip(job.gives, other, strict=True)))
