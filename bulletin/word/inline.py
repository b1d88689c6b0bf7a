"""Runs of a paragraph as one line of Markdown that reads back as the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

SAFE = re.compile(r"(?:https?://[^\s]+|mailto:[^\s@]+@[^\s@]+|tel:\+?[\d.\- ]+)\Z", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*\[\]<~$|]|_(?!\w)|(?<!\w)_|&(?=#?\w{1,32};)")
# What begins a block when it stands first in a line.
_BLOCK = re.compile(r"(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>|:{3,}|:(?=\s)|=+\s*$|-{2,}\s*$|\+(?=\s))")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# Invisible letters that paste and Word leave behind. U+00AD of old fonts is gone before.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
BREAK = "\n"  # a line break inside a paragraph, until the paragraph is written


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look. ``raw`` is Markdown already."""

    text: str
    strong: bool = False
    slanted: bool = False
    struck: bool = False
    link: str = ""
    raw: bool = False

    @property
    def look(self) -> tuple[bool, bool, bool]:
        return self.strong, self.slanted, self.struck


def clean(text: str) -> str:
    return _CONTROL.sub("", _INVISIBLE.sub("", text)).replace("\t", " ")


def escape(text: str) -> str:
    """``text`` so that Markdown reads it as letters."""
    return _SPECIAL.sub(lambda match: "\\" + match[0], text)


def escape_start(line: str) -> str:
    """A line that must not begin a list, heading, quotation or block."""
    if found := _NUMBERED.match(line):
        return f"{found[1]}\\{line[found.start(2) :]}"
    return "\\" + line if _BLOCK.match(line) else line


def raised(text: str, low: bool) -> str | None:
    """Figures above or below the line: «m2» → «m²»; None where Unicode has no such letters."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()):
        return None
    return plain.translate(_LOW if low else _HIGH)


def line(pieces: list[Piece]) -> str:
    """All pieces of a paragraph; links around looks, looks around letters."""
    return "".join(_linked(list(_joined(pieces))))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours of one look together; blanks take the look of what stands before them."""
    last: Piece | None = None
    for one in filter(lambda piece: piece.text, pieces):
        piece = one
        if last is not None and not piece.raw and not piece.text.strip():
            piece = replace(one, strong=last.strong, slanted=last.slanted, struck=last.struck)
        if last is not None and _alike(last, piece):
            last = replace(last, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _alike(one: Piece, other: Piece) -> bool:
    return (one.look, one.link, one.raw, other.raw) == (other.look, other.link, False, False)


def _linked(pieces: list[Piece]) -> Iterator[str]:
    at = 0
    while at < len(pieces):
        link, end = pieces[at].link, at + 1
        while end < len(pieces) and pieces[end].link == link:
            end += 1
        group = pieces[at:end]
        text = _looks(
            group, pieces[at - 1].text if at else "", pieces[end].text if end < len(pieces) else ""
        )
        if link and text.strip():
            inner = text.strip()
            before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            yield f"{before}[{inner}]({address(link)}){after}"
        else:
            yield text
        at = end


def address(link: str) -> str:
    """An address inside round brackets."""
    return re.sub(r"[()<>\s\\]", lambda match: f"%{ord(match[0]):02X}", link)


def _looks(pieces: list[Piece], before: str, after: str) -> str:
    out: list[str] = []
    for index, piece in enumerate(pieces):
        left = pieces[index - 1].text if index else before
        right = pieces[index + 1].text if index + 1 < len(pieces) else after
        out.append(_dressed(piece, left[-1:], right[:1]))
    return "".join(out)


def _dressed(piece: Piece, left: str, right: str) -> str:
    if piece.raw:
        return piece.text
    if not any(piece.look) or not any(c.isalnum() for c in piece.text):
        return escape(piece.text)
    text = piece.text
    start, end = 0, len(text)
    # Signs of emphasis count only where a letter stands inside and no letter outside.
    while start < end and (text[start].isspace() or (_odd(text[start]) and _letter(left))):
        left, start = text[start], start + 1
    while end > start and (text[end - 1].isspace() or (_odd(text[end - 1]) and _letter(right))):
        right, end = text[end - 1], end - 1
    inner = escape(text[start:end])
    if BREAK in inner:
        return escape(text[:start]) + _lines(piece, inner) + escape(text[end:])
    return escape(text[:start]) + _signs(piece, inner) + escape(text[end:])


def _lines(piece: Piece, inner: str) -> str:
    """A look that goes on over a line break is opened anew in each line."""
    return BREAK.join(
        _signs(piece, part.strip()) if part.strip() else "" for part in inner.split(BREAK)
    )


def _signs(piece: Piece, inner: str) -> str:
    sign = "**" * piece.strong + "*" * piece.slanted
    tail = sign[::-1]
    strike = "~~" * piece.struck
    return f"{strike}{sign}{inner}{tail}{strike}" if inner else ""


def _odd(c: str) -> bool:
    return not c.isalnum() and not c.isspace()


def _letter(c: str) -> bool:
    return c.isalnum()


def paragraph(pieces: list[Piece]) -> str:
    """A paragraph of its own: line breaks as «\\», no blanks around, nothing begins a block."""
    rows = [" ".join(row.split(" ")).strip() for row in line(pieces).split(BREAK)]
    rows = [re.sub(" {2,}", " ", row) for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    while rows and not rows[0]:
        rows.pop(0)
    return "\\\n".join(escape_start(row) if row else "\u00a0" for row in rows)


def flat(pieces: list[Piece]) -> str:
    """For headings and cells: one line."""
    return " ".join(line(pieces).replace(BREAK, " ").split())


def bare(pieces: list[Piece]) -> str:
    """Only the letters, without any markup, for titles and questions about a paragraph."""
    return " ".join("".join(piece.text for piece in pieces if not piece.raw).split())
