"""RSS 2.0 through feedgen; recordings with what podcast players ask for.

The order of channel and items, dates and escaping are feedgen's. It leaves out the address of a
hub, so an extension adds it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bulletin.outputs.channels import PODCAST, RSS
from bulletin.outputs.feedtext import EMPTY, Said, clean
from bulletin.pages import Feed, FeedItem

ATOM = "http://www.w3.org/2005/Atom"
SPEC = "https://www.rssboard.org/rss-specification"
# The directory's own name of the subject that the whole bulletin has.
SUBJECT = "Science"


def written(page: Feed, told: tuple[Said, ...]) -> bytes:
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.load_extension("dc")
    if page.podcast:
        feed.load_extension("podcast")
    if page.hub:
        feed.register_extension("hub", _hub(page.hub), atom=False)
    feed.title(clean(page.title))
    # feedgen takes the channel's <link> from the last link that is set.
    address = page.base_url + page.folder + (PODCAST if page.podcast else RSS)
    feed.link(href=address, rel="self", type="application/rss+xml")
    feed.link(href=page.base_url + page.home, rel="alternate")
    feed.description(clean(page.description))
    feed.language(page.language)
    if page.rights:
        feed.copyright(clean(page.rights))
    feed.generator("bulletin")
    feed.docs(SPEC)
    feed.lastBuildDate(datetime.fromisoformat(page.updated or EMPTY))
    if page.podcast:
        _channel(feed, page)
    for item, said in reversed(list(zip(page.items, told, strict=True))):
        _entry(feed.add_entry(), item, said, page)
    return _styled(feed.rss_str(pretty=True), page)


def _styled(data: bytes, page: Feed) -> bytes:
    if not page.style:
        return data + b"\n"
    head, _, body = data.partition(b"\n")
    sheet = f'<?xml-stylesheet type="text/css" href="{page.style}"?>\n'
    return head + b"\n" + sheet.encode() + body + b"\n"


def _entry(entry: Any, item: FeedItem, said: Said, page: Feed) -> None:
    entry.title(clean(item.title))
    entry.link(href=page.base_url + item.url)
    entry.guid(item.id, permalink=False)
    entry.pubDate(datetime.fromisoformat(item.published))
    entry.description(clean(item.summary))
    # feedgen writes CDATA without splitting it; «]]>» must not end it early.
    if said.html:
        entry.content(said.html.replace("]]>", "]]&gt;"), type="CDATA")
    if item.authors:
        entry.dc.dc_creator([clean(link.title) for link in item.authors])
    if item.language != page.language:
        entry.dc.dc_language(item.language)
    for place, label in item.labels:
        entry.category(term=clean(label), scheme=page.base_url + place)
    if item.files and said.sizes[0]:  # readers expect one; the others are links of the text
        first = item.files[0]
        entry.enclosure(page.base_url + first.url, str(said.sizes[0]), first.kind)
    if page.podcast:
        _episode(entry, item)


# ---- recordings --------------------------------------------------------------


def _channel(feed: Any, page: Feed) -> None:
    feed.podcast.itunes_author(clean(page.publisher))
    feed.podcast.itunes_category(SUBJECT)
    feed.podcast.itunes_explicit("no")
    feed.podcast.itunes_summary(clean(page.description))
    feed.podcast.itunes_type("episodic")
    if page.icon:
        feed.podcast.itunes_image(page.base_url + page.icon)
    if page.email:
        feed.podcast.itunes_owner(clean(page.publisher), page.email)


def _episode(entry: Any, item: FeedItem) -> None:
    entry.podcast.itunes_author(clean(", ".join(link.title for link in item.authors)))
    entry.podcast.itunes_summary(clean(item.summary))
    entry.podcast.itunes_explicit("no")
    entry.podcast.itunes_episode_type("full")
    if item.seconds:
        minutes, seconds = divmod(item.seconds, 60)
        entry.podcast.itunes_duration(f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}")


def _hub(address: str) -> type:
    """An extension of feedgen that names the hub which tells readers of news."""
    from feedgen.ext.base import BaseExtension
    from lxml import etree

    class Hub(BaseExtension):  # type: ignore[misc]
        def extend_rss(self, feed: Any) -> Any:
            etree.SubElement(feed[0], f"{{{ATOM}}}link", href=address, rel="hub")
            return feed

    return Hub
