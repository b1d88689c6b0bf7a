"""Atom (RFC 4287) and JSON Feed 1.1: the same items as RSS, with what RSS has no place for."""

from __future__ import annotations

from typing import Any

from bulletin.codec import readable
from bulletin.outputs.channels import ATOM, JSON
from bulletin.outputs.feedtext import EMPTY, Said, clean, identity, printed
from bulletin.pages import Feed, FeedItem

SPACE = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
VERSION = "https://jsonfeed.org/version/1.1"
HOW = (
    "Đây là nguồn tin JSON Feed. Chép địa chỉ của tệp này vào ứng dụng đọc tin để nhận bài mới của "
    "Bản tin."
)


def written(page: Feed, told: tuple[Said, ...]) -> bytes:
    from lxml import etree

    root = etree.Element("feed", nsmap={None: SPACE})
    root.set(LANG, page.language)
    _texts(
        root,
        ("id", identity(f"feed:{page.base_url}{page.folder}")),
        ("title", page.title),
        ("subtitle", page.description),
        ("updated", page.updated or EMPTY),
        ("generator", "bulletin"),
        ("rights", page.rights),
        ("icon", page.base_url + page.icon if page.icon else ""),
    )
    _texts(etree.SubElement(root, "author"), ("name", page.publisher), ("uri", page.base_url))
    for rel, kind, address in (
        ("self", "application/atom+xml", page.base_url + page.folder + ATOM),
        ("alternate", "text/html", page.base_url + page.home),
        ("hub", "", page.hub),
    ):
        if address:
            etree.SubElement(root, "link", _filled(rel=rel, type=kind, href=address))
    for item, said in zip(page.items, told, strict=True):
        _entry(etree.SubElement(root, "entry"), item, said, page)
    return printed(root, page.style)


def _entry(entry: Any, item: FeedItem, said: Said, page: Feed) -> None:
    from lxml import etree

    if item.language != page.language:
        entry.set(LANG, item.language)
    _texts(
        entry,
        ("id", item.id),
        ("title", item.title),
        ("published", item.published),
        ("updated", item.updated),
    )
    for link in item.authors:
        address = page.base_url + link.url if link.url else ""
        _texts(etree.SubElement(entry, "author"), ("name", link.title), ("uri", address))
    etree.SubElement(
        entry, "link", rel="alternate", type="text/html", href=page.base_url + item.url
    )
    for file, size in zip(item.files, said.sizes, strict=True):
        taken = {
            "rel": "enclosure",
            "type": file.kind,
            "href": page.base_url + file.url,
            "length": str(size or ""),
            "title": clean(file.title),
        }
        etree.SubElement(entry, "link", _filled(**taken))
    for place, label in item.labels:
        etree.SubElement(entry, "category", term=clean(label), scheme=page.base_url + place)
    _texts(entry, ("summary", item.summary))
    if said.html:
        etree.SubElement(entry, "content", type="html").text = said.html


def _texts(parent: Any, *rows: tuple[str, str]) -> None:
    from lxml import etree

    for name, value in rows:
        if value:
            etree.SubElement(parent, name).text = clean(value)


def _filled(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


# ---- JSON Feed ---------------------------------------------------------------


def as_json(page: Feed, told: tuple[Said, ...]) -> bytes:
    base = page.base_url
    value = {
        "version": VERSION,
        "title": clean(page.title),
        "home_page_url": base + page.home,
        "feed_url": base + page.folder + JSON,
        "description": clean(page.description),
        "user_comment": HOW,
        "icon": base + page.icon if page.icon else "",
        "authors": [{"name": clean(page.publisher), "url": base}],
        "language": page.language,
        "hubs": [{"type": "WebSub", "url": page.hub}] if page.hub else [],
        "items": [_item(i, said, base) for i, said in zip(page.items, told, strict=True)],
    }
    kept = {name: found for name, found in value.items() if found or name == "items"}
    return readable(kept).encode()


def _item(item: FeedItem, said: Said, base: str) -> dict[str, Any]:
    value = {
        "id": item.id,
        "url": base + item.url,
        "title": clean(item.title),
        "summary": clean(item.summary),
        "content_html": said.html,
        # An item must hold one of the two.
        "content_text": "" if said.html else clean(item.summary or item.title),
        "image": base + item.picture if item.picture else "",
        "date_published": item.published,
        "date_modified": item.updated,
        "authors": [
            _filled(name=clean(link.title), url=base + link.url if link.url else "")
            for link in item.authors
        ],
        "tags": [clean(label) for _, label in item.labels],
        "language": item.language,
        "attachments": [
            {
                "url": base + file.url,
                "mime_type": file.kind,
                "title": clean(file.title),
            }
            | ({"size_in_bytes": size} if size else {})
            | ({"duration_in_seconds": item.seconds} if item.seconds else {})
            for file, size in zip(item.files, said.sizes, strict=True)
        ],
    }
    return {name: found for name, found in value.items() if found}
