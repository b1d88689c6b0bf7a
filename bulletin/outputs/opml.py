"""OPML 2.0: all feeds in one file, which reader programs import at once."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from bulletin.outputs.feedtext import EMPTY, clean, printed
from bulletin.pages import Channel, Outline

SPEC = "http://opml.org/spec2.opml"


def written(page: Outline) -> bytes:
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    for name, value in (
        ("title", page.title),
        ("dateModified", format_datetime(datetime.fromisoformat(page.updated or EMPTY))),
        ("ownerName", page.publisher),
        ("ownerId", page.base_url),
        ("docs", SPEC),
    ):
        etree.SubElement(head, name).text = clean(value)
    body = etree.SubElement(root, "body")
    top = etree.SubElement(body, "outline", text=clean(page.title))
    for heading, channels in page.groups:
        folder = etree.SubElement(top, "outline", text=heading)
        for channel in channels:
            etree.SubElement(folder, "outline", feed(page, channel))
    return printed(root)


def feed(page: Outline, channel: Channel) -> dict[str, str]:
    """Programs name a feed by ``text``, so it says of which bulletin it is."""
    name = clean(f"{page.title}: {channel.title}")
    return {
        "type": "rss",
        "version": "RSS2",
        "text": name,
        "title": name,
        "description": clean(channel.description),
        "language": channel.language,
        "htmlUrl": page.base_url + channel.home,
        "xmlUrl": page.base_url + channel.folder + channel.file,
    }
