"""How other writing names a piece of the bulletin: one line of text, and an entry for BibTeX."""

from __future__ import annotations

import re

from bulletin.model import Frame, Issue, Piece
from bulletin.pages import Citation

_SPECIAL = re.compile(r"([&%$#_{}])")


def citation(frame: Frame, issue: Issue, piece: Piece, page: int = 0) -> Citation:
    """``page``: where the piece begins in print, 0 if it is not known."""
    card = piece.card
    names = [author.title for author in card.authors]
    who = f"{', '.join(names)}. " if names else ""
    end = "" if card.title.endswith(("?", "!", "…")) else "."
    there = f", tr. {page}" if page else ""
    address = frame.base_url + card.url
    line = (
        f"{who}{card.title}{end} Bản tin {frame.name} ({frame.publisher}), "
        f"số {issue.number}, {issue.when.lower()}{there}. {address}"
    )
    rows = [
        ("title", f"{{{escape(card.title)}}}"),
        ("author", " and ".join(f"{{{escape(name)}}}" for name in names)),
        ("journal", escape(f"Bản tin {frame.name}")),
        ("publisher", escape(frame.publisher)),
        ("number", str(issue.number)),
        ("year", str(issue.year)),
        ("month", str(int(issue.date[5:7]))),
        ("pages", str(page) if page else ""),
        ("url", address),
        ("language", card.lang),
    ]
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in rows if value)
    mark = re.sub(r"[^A-Za-z0-9:-]", "-", card.uid)
    return Citation(line, f"@article{{{mark},\n{fields}}}\n")


def escape(value: str) -> str:
    """Text that BibTeX takes as it is."""
    return _SPECIAL.sub(r"\\\1", value.replace("\\", ""))
