"""The bulletin as data: static JSON by which a portal takes content over, without retyping.

Documents of version 1 lie under ``api/v1/`` and name their schema beside them. A list that grows
is split into pages from the oldest piece on, so a new piece changes the last page alone. Every
piece is a file of its own; beside its page lie the same facts as oEmbed.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bulletin.codec import readable
from bulletin.model import Issue, Job, Piece
from bulletin.outputs import apischema, cards, channels, feeds, feedtext
from bulletin.outputs.feedtext import clean
from bulletin.pages import ApiArticle, ApiDocument, FeedItem
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

ROOT = "api/v1/"
VERSION = "1.0"
PER_PAGE = 100
OEMBED = ("oembed.json", "oembed.xml")
Data = dict[str, Any]


def jobs(source: Source) -> Iterator[Job]:
    press = Press(source)
    yield press.document("index", "index", press.index())
    yield press.document("issues", "issues", {"items": press.issues()})
    yield press.document("sections", "sections", {"items": press.sections()})
    for number, items in enumerate(press.pages, start=1):
        yield press.document(f"articles/page-{number}", "articles", press.page(number, items))
    for issue in press.catalog.issues:
        if issue.pieces:
            yield press.issue(issue)
            for piece in issue.pieces:
                yield press.article(issue, piece)
    for name, schema in apischema.every(press.base + ROOT).items():
        yield Job(f"site/{ROOT}schema/{name}.json", "api", ApiDocument(readable(schema)))


class Press:
    """Makes the documents of one site; holds what they share."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.base = source.base_url
        self.desk = feeds.Desk(source)
        self.catalog = source.assembly.catalog
        oldest = list(reversed(self.desk.pieces))
        self.pages = [oldest[at : at + PER_PAGE] for at in range(0, len(oldest), PER_PAGE)]

    def document(self, path: str, schema: str, value: Data, *held: Any) -> Job:
        whole = {"$schema": f"{self.base}{ROOT}schema/{schema}.json", **value}
        page = ApiDocument(readable(whole), held, self.base)
        needs = tuple(file.digest for file in held if file.digest)
        return Job(f"site/{ROOT}{path}.json", "api", page, needs=needs)

    def api(self, path: str) -> str:
        return f"{self.base}{ROOT}{path}.json"

    def index(self) -> Data:
        publication = self.source.config.publication
        last = len(self.pages)
        return filled(
            {
                "version": VERSION,
                "title": f"Bản tin {clean(publication.name)}",
                "description": clean(publication.description),
                "publisher": clean(publication.publisher),
                "rights": clean(publication.rights),
                "language": self.source.config.site.language,
                "url": self.base,
                "updated": channels.newest(self.catalog),
                "counts": {
                    "issues": len(self.issues()),
                    "articles": len(self.desk.pieces),
                    "sections": len(self.sections()),
                },
                "issues": self.api("issues"),
                "sections": self.api("sections"),
                "articles": filled(
                    {
                        "pages": last,
                        "per_page": PER_PAGE,
                        "first": self.api("articles/page-1") if last else "",
                        "last": self.api(f"articles/page-{last}") if last else "",
                    }
                ),
                "feed": self.base + channels.JSON,
                "feeds": self.base + channels.OUTLINE,
            }
        )

    def issues(self) -> list[Data]:
        return [self.brief(issue) for issue in self.catalog.issues if issue.pieces]

    def brief(self, issue: Issue) -> Data:
        return filled(
            {
                "key": issue.key,
                "number": issue.number,
                "year": issue.year,
                "title": clean(issue.title),
                "short_title": clean(issue.short_title),
                "status": issue.status,
                "date": issue.known,
                "articles": len(issue.pieces),
                "image": self.absolute(cards.issue_url(self.source, issue)),
                "url": self.base + issue.url,
                "api_url": self.api(f"issues/{issue.key}"),
            }
        )

    def issue(self, issue: Issue) -> Job:
        parts = [
            {
                "section": slug(part.section.url),
                "title": clean(part.section.title),
                "articles": [
                    {
                        "id": feedtext.identity(piece.card.uid),
                        "title": clean(piece.card.title),
                        "url": self.base + piece.card.url,
                        "api_url": self.api(f"articles/{piece.card.id}"),
                    }
                    for piece in part.pieces
                ],
            }
            for part in issue.parts
        ]
        value = self.brief(issue) | {"parts": parts}
        return self.document(f"issues/{issue.key}", "issue", value, *self.desk.files(issue))

    def sections(self) -> list[Data]:
        return [
            {
                "slug": group.slug,
                "title": clean(group.title),
                "description": clean(group.description),
                "standing": group.standing,
                "articles": len(group.cards),
                "url": self.base + group.url,
                "feeds": {
                    "rss": self.base + group.url + channels.RSS,
                    "atom": self.base + group.url + channels.ATOM,
                    "json": self.base + group.url + channels.JSON,
                },
            }
            for group in self.catalog.sections
            if group.cards
        ]

    def page(self, number: int, items: list[tuple[Piece, Issue]]) -> Data:
        listed = [
            summary(self.desk.piece(piece, issue, False), piece, self.base)
            for piece, issue in items
        ]
        after = number < len(self.pages)
        return filled(
            {
                "page": number,
                "pages": len(self.pages),
                "previous": self.api(f"articles/page-{number - 1}") if number > 1 else "",
                "next": self.api(f"articles/page-{number + 1}") if after else "",
                "items": listed,
            }
        )

    def article(self, issue: Issue, piece: Piece) -> Job:
        card, frame = piece.card, self.source.config.publication
        page = ApiArticle(
            base_url=self.base,
            item=dataclasses.replace(self.desk.piece(piece, issue, True), parts=()),
            provider=f"Bản tin {frame.name}",
            rights=frame.rights,
            picture=cards.piece_url(self.source, issue, piece),
        )
        gives = tuple(f"site/{card.url}{name}" for name in OEMBED)
        path = f"site/{ROOT}articles/{card.id}.json"
        return Job(path, "api", page, needs=(piece.body,), gives=gives)

    def absolute(self, url: str) -> str:
        return self.base + url if url else ""


def slug(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def filled(value: Data) -> Data:
    """Without what nobody has said; 0, false and empty lists are said."""
    return {name: found for name, found in value.items() if found not in ("", None, {})}


def summary(item: FeedItem, piece: Piece, base: str) -> Data:
    """A piece as lists show it; its own document says more."""
    card = piece.card
    return filled(
        {
            "id": item.id,
            "title": clean(card.title),
            "summary": clean(card.standfirst),
            "language": card.lang,
            "genre": card.genre,
            "issue": card.issue.url.rstrip("/"),
            "section": slug(card.section.url),
            "authors": [{"name": clean(a.title), "url": base + a.url} for a in card.authors],
            "keywords": [clean(word.title) for word in card.keywords],
            "audience": [clean(who.title) for who in card.audience],
            "published": item.published,
            "modified": item.updated,
            "date": card.known,
            "image": base + item.picture if item.picture else "",
            "url": base + card.url,
            "api_url": f"{base}{ROOT}articles/{card.id}.json",
        }
    )


def full(page: ApiArticle, piece: Piece, studio: Studio) -> Data:
    base, ai = page.base_url, piece.ai
    return {
        "$schema": f"{base}{ROOT}schema/article.json",
        **summary(page.item, piece, base),
        "content_html": feedtext.of_piece(piece, base, page.rights, studio),
        "words": piece.words,
        "rights": clean(piece.licence or page.rights),
        "ai": filled({"label": ai.label, "note": clean(ai.note)}) if ai else {"label": "none"},
        "sources": [
            filled(
                {
                    "title": clean(note.title),
                    "publisher": clean(note.publisher),
                    "date": clean(note.date),
                    "url": clean(note.url),
                    "reprint": note.reprint,
                }
            )
            for note in piece.sources
        ],
        "corrections": [
            {"date": note.date.isoformat(), "text": clean(note.text)} for note in piece.corrections
        ],
        "translations": [
            {"language": v.lang, "title": clean(v.title), "url": base + v.url}
            for v in piece.versions
            if v.url != piece.card.url
        ],
    }


# ---- oEmbed ------------------------------------------------------------------


def oembed(page: ApiArticle) -> Data:
    """A link with its picture: a host of static files cannot ask how wide a frame may be."""
    item = page.item
    value = {
        "version": "1.0",
        "type": "link",
        "title": clean(item.title),
        "author_name": clean(", ".join(link.title for link in item.authors)),
        "author_url": page.base_url + item.authors[0].url if len(item.authors) == 1 else "",
        "provider_name": clean(page.provider),
        "provider_url": page.base_url,
        "cache_age": 86400,
    }
    if page.picture:
        size = {"thumbnail_width": cards.WIDTH, "thumbnail_height": cards.HEIGHT}
        value |= {"thumbnail_url": page.base_url + page.picture, **size}
    return filled(value)


def as_xml(value: Data) -> bytes:
    from lxml import etree

    root = etree.Element("oembed")
    for name, found in value.items():
        etree.SubElement(root, name).text = str(found)
    body = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n{body}'.encode()


def make(job: Job, studio: Studio) -> Product:
    page = job.page
    if isinstance(page, ApiDocument):
        if not page.files:
            return Product(page.text.encode())
        files = [
            {
                "url": page.base_url + file.url,
                "type": file.kind,
                "title": clean(file.title),
            }
            | ({"bytes": feedtext.length(file, studio)} if file.digest else {})
            for file in page.files
        ]
        return Product(readable(json.loads(page.text) | {"files": files}).encode())
    piece = page.item.piece
    assert piece is not None
    told = oembed(page)
    other = (readable(told).encode(), as_xml(told))
    data = readable(full(page, piece, studio)).encode()
    return Product(data, siblings=tuple(zip(job.gives, other, strict=True)))
