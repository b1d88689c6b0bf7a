"""RSS 2.0 through feedgen: everything, and one feed per section.

Full content with absolute addresses. Identity is the piece's ``uid``, which survives renaming.
The build date of a feed is the date of its newest piece, so the same content gives the same bytes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bulletin import codec, html, typeset
from bulletin.model import Issue, Job, Palette, Piece
from bulletin.outputs import site
from bulletin.pages import Feed
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

EMPTY = "1970-01-01T00:00:00+07:00"  # feedgen would ask the clock
# What XML 1.0 cannot hold, whatever the escaping.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(value: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("", value)


def jobs(source: Source) -> Iterator[Job]:
    catalog = source.assembly.catalog
    pieces = [(piece, issue) for issue in catalog.issues for piece in issue.pieces]
    order = {card.id: place for place, card in enumerate(catalog.recent)}
    pieces.sort(key=lambda pair: order[pair[0].card.id])
    name = source.config.publication.name
    yield _job(
        source, "feed.xml", "", f"Bản tin {name}", source.config.publication.description, pieces
    )
    for section in catalog.sections:
        own = [pair for pair in pieces if pair[0].card.section.url == section.url]
        if own:
            title = f"{section.title} – Bản tin {name}"
            yield _job(
                source, f"{section.url}feed.xml", section.url, title, section.description, own
            )


def _job(
    source: Source,
    url: str,
    home: str,
    title: str,
    description: str,
    pieces: list[tuple[Piece, Issue]],
) -> Job:
    base = site.base_url(source)
    newest = pieces[: source.config.site.feed_items]
    page = Feed(
        title=title,
        description=description,
        home=base + home,
        url=base + url,
        base_url=base,
        language=source.config.site.language,
        publisher=source.config.publication.publisher,
        updated=newest[0][0].card.moment if newest else "",
        pieces=tuple((piece, None) for piece, _ in newest),
    )
    wanted = tuple(dict.fromkeys(piece.body for piece, _ in newest))
    return Job(f"site/{url}", "feeds", page, needs=wanted)


_PLAIN = Palette("", "#000000", "#000000", "#ffffff", "#000000", "#000000", "")


def content(piece: Piece, base: str, studio: Studio) -> str:
    """The whole piece as HTML with absolute addresses."""
    writer = html.piece_writer(piece, _PLAIN, "feed", studio.load, base)
    lead = writer.cover(piece.cover, piece.cover_view) if piece.cover and piece.cover_view else ""
    standfirst = f"<p><b>{typeset.words(piece.card.standfirst, 'feed')}</b></p>\n"
    body = str(writer.write(codec.nodes_from(studio.load(piece.body))))
    # Links to headings and notes of the page itself become addresses of the page.
    body = body.replace('href="#', f'href="{base}{piece.card.url}#')
    return clean(standfirst + str(lead) + body + str(source_list(piece)))


def source_list(piece: Piece) -> str:
    rows = []
    for note in piece.sources:
        parts = [note.title, note.publisher, note.date]
        rows.append(f"<li>{typeset.words(', '.join(part for part in parts if part), 'feed')}</li>")
    return f"<p><b>Nguồn</b></p><ul>{''.join(rows)}</ul>" if rows else ""


def make(job: Job, studio: Studio) -> Product:
    from feedgen.feed import FeedGenerator

    page: Feed = job.page
    feed = FeedGenerator()
    feed.load_extension("dc")
    feed.title(clean(page.title))
    # feedgen takes the channel's <link> from the last link that is set.
    feed.link(href=page.url, rel="self")
    feed.link(href=page.home, rel="alternate")
    feed.description(clean(page.description))
    feed.language(page.language)
    feed.generator("bulletin")
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.lastBuildDate(datetime.fromisoformat(page.updated or EMPTY))
    for piece, _ in reversed(page.pieces):
        entry = feed.add_entry()
        card = piece.card
        entry.title(clean(card.title))
        entry.link(href=page.base_url + card.url)
        entry.guid(identity(card.uid), permalink=False)
        entry.pubDate(datetime.fromisoformat(card.moment))
        entry.description(clean(card.standfirst))
        # feedgen writes CDATA without splitting it; «]]>» must not end it early.
        text = content(piece, page.base_url, studio).replace("]]>", "]]&gt;")
        entry.content(text, type="CDATA")
        entry.dc.dc_creator([clean(link.title) for link in card.authors])
        for link in (card.section, *card.keywords):
            entry.category(term=clean(link.title))
    return Product(feed.rss_str(pretty=True) + b"\n")


def identity(uid: str) -> str:
    """A UUID (version 5) of the piece's own mark: it survives renaming and a new address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"bulletin:{uid}").urn
