"""The search index: one JSON file of folded words that the browser searches by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin import codec, markdown, text
from bulletin.model import Job, Piece
from bulletin.pages import SearchIndex
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

_WORD = re.compile(r"[^\W_]+")


def jobs(source: Source) -> Iterator[Job]:
    catalog = source.assembly.catalog
    pieces = tuple(piece for issue in catalog.issues for piece in issue.pieces)
    needs = tuple(dict.fromkeys(piece.body for piece in pieces))
    yield Job("site/search.json", "search", SearchIndex(pieces), needs=needs)


def entry(piece: Piece, studio: Studio) -> dict[str, str]:
    card = piece.card
    plain = markdown.plain(codec.nodes_from(studio.load(piece.body)))
    seen = dict.fromkeys(_WORD.findall(text.fold(f"{card.standfirst} {plain}")))
    return {
        "u": card.url,
        "t": card.title,
        "s": card.standfirst,
        "c": card.section.title,
        "i": card.issue.title,
        "ft": text.fold(card.title),
        "fk": text.fold(" ".join(link.title for link in (*card.keywords, *card.authors))),
        "fx": " ".join(seen),
    }


def make(job: Job, studio: Studio) -> Product:
    page: SearchIndex = job.page
    index = {"v": 1, "docs": [entry(piece, studio) for piece in page.pieces]}
    return Product((json.dumps(index, ensure_ascii=False, separators=(",", ":")) + "\n").encode())
