"""What an item of a feed says: the text of a piece, of an issue, of a recording, as HTML.

Every address is absolute, because nobody knows where it will be read. Readers drop drawings inside
the text and style sheets, so pictures are files and nothing depends on a class.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from bulletin import codec, html, text, typeset
from bulletin.model import Palette, Piece
from bulletin.pages import Feed, FeedFile, FeedItem
from bulletin.studio import Studio

EMPTY = "1970-01-01T00:00:00+07:00"  # the date of a feed without items; nobody asks the clock
# What XML 1.0 cannot hold, whatever the escaping.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN = Palette("", "#000000", "#000000", "#ffffff", "#000000", "#000000", "")
GENERATED, ASSISTED = "Nội dung do AI tạo.", "Có AI hỗ trợ."


def clean(value: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("", value)


def identity(uid: str) -> str:
    """A UUID (version 5) of the piece's own mark: it survives renaming and a new address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"bulletin:{uid}").urn


def printed(root: Any, style: str = "") -> bytes:
    """An lxml tree as a file; browsers show it by the sheet at the address ``style``."""
    from lxml import etree

    body = etree.tostring(root, encoding="unicode", pretty_print=True)
    sheet = f'<?xml-stylesheet type="text/css" href="{escape(style)}"?>\n' if style else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{sheet}{body}'.encode()


@dataclass(frozen=True, slots=True)
class Said:
    """What an item says, once for all formats; ``sizes`` of its files, 0 = unknown."""

    html: str
    sizes: tuple[int, ...]


def said(page: Feed, studio: Studio) -> tuple[Said, ...]:
    return tuple(
        Said(content(item, page, studio), tuple(length(file, studio) for file in item.files))
        for item in page.items
    )


def length(file: FeedFile, studio: Studio) -> int:
    return len(studio.load(file.digest)) if file.digest else 0


def content(item: FeedItem, feed: Feed, studio: Studio) -> str:
    """The whole item as HTML; empty when the feed only announces it."""
    if item.piece is not None:
        return of_piece(item.piece, feed.base_url, feed.rights, studio)
    if item.parts:
        return of_issue(item, feed.base_url)
    if item.words:
        words = str(typeset.paragraphs(item.words, "feed"))
        return clean(words + str(links(item.files, feed.base_url)))
    return ""


def of_piece(piece: Piece, base: str, rights: str, studio: Studio) -> str:
    writer = html.piece_writer(piece, _PLAIN, "feed", studio.load, base)
    lead = writer.cover(piece.cover, piece.cover_view) if piece.cover and piece.cover_view else ""
    opening = piece.card.standfirst
    standfirst = f"<p><b>{typeset.words(opening, 'feed')}</b></p>\n" if opening else ""
    body = str(writer.write(codec.nodes_from(studio.load(piece.body))))
    # Links to headings and notes of the page itself become addresses of the page.
    body = body.replace('href="#', f'href="{escape(base + piece.card.url)}#')
    return clean(standfirst + str(lead) + body + str(source_list(piece) + remarks(piece, rights)))


def source_list(piece: Piece) -> Markup:
    rows = Markup("")
    for note in piece.sources:
        title = Markup('<a href="{}">{}</a>').format(note.url, note.title)
        parts = [title if note.url else escape(note.title), note.publisher, note.date]
        said = Markup(", ").join(part for part in parts if part)
        again = Markup(" <b>Đăng lại nguyên văn.</b>") if note.reprint else ""
        rows += Markup("<li>{}{}</li>").format(said, again)
    return Markup("<p><b>Nguồn</b></p><ul>{}</ul>\n").format(rows) if rows else Markup("")


def remarks(piece: Piece, rights: str) -> Markup:
    """What must go wherever the text goes: corrections, the use of AI, terms of reuse."""
    said = Markup("")
    for note in piece.corrections:
        day = text.short_date(note.date)
        said += Markup("<p><b>Đính chính ({}):</b> {}</p>\n").format(day, note.text)
    if piece.ai and piece.ai.label != "none":
        label = GENERATED if piece.ai.label == "generated" else ASSISTED
        said += Markup("<p><b>Sử dụng AI:</b> {} {}</p>\n").format(label, piece.ai.note)
    reuse = piece.licence or rights
    return said + (Markup("<p><small>{}</small></p>\n").format(reuse) if reuse else "")


def of_issue(item: FeedItem, base: str) -> str:
    """The contents of an issue, each piece with its address; then its files."""
    said = Markup("<p>{}</p>\n").format(item.summary)
    for part in item.parts:
        rows = Markup("")
        for card in part.cards:
            row = Markup('<li><a href="{}">{}</a><br>{}</li>\n')
            rows += row.format(base + card.url, card.title, card.standfirst)
        said += Markup("<h2>{}</h2>\n<ul>\n{}</ul>\n").format(part.section.title, rows)
    return clean(str(said + links(item.files, base)))


def links(files: tuple[FeedFile, ...], base: str) -> Markup:
    row = Markup('<p><a href="{}">{}</a></p>\n')
    return Markup("").join(row.format(base + file.url, file.title) for file in files)
