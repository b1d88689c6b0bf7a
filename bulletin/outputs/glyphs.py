"""Which letters the fonts of the theme can draw, on the site and in books (the press looks itself).

A letter that no font has would come from some font of the reader's machine, or as an empty box.
"""

from __future__ import annotations

import functools
import html
import io
import re
from collections.abc import Iterable, Iterator

from bulletin import codec, markdown
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import Piece
from bulletin.outputs import webfonts
from bulletin.studio import Studio

# Controls and joiners: nothing is drawn for them.
SILENT = frozenset(range(0x20)) | {0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF}
# Signs that the program itself puts (the way back from a note): no author can write another, and
# a font of the reader's machine serves as well.
OWN = frozenset({0x21A9})
_MARKUP = re.compile(r"<(?:style|math)\b.*?</(?:style|math)>|<[^>]*>", re.DOTALL)


@functools.lru_cache(maxsize=32)
def drawable(data: bytes) -> frozenset[int]:
    """The characters that a font has."""
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(io.BytesIO(data), lazy=True).getBestCmap())


@functools.cache
def served(ranges: tuple[str, ...]) -> frozenset[int]:
    """The characters of ``U+…`` lists."""
    found: set[int] = set()
    for span in ",".join(ranges).split(","):
        first, _, last = span.removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def on_site(fonts: Iterable[bytes]) -> frozenset[int]:
    """What the fonts of the site can show: what they have, as far as it is served."""
    have: frozenset[int] = frozenset().union(*(drawable(data) for data in fonts))
    return have & served(tuple(webfonts.RANGES.values()))


def shown(markup: str) -> set[str]:
    """The letters of a page. Formulas are set in the browser's own mathematical font."""
    return set(html.unescape(_MARKUP.sub(" ", markup)))


def missing(letters: Iterable[str], covered: frozenset[int]) -> list[str]:
    known = covered | SILENT | OWN
    return sorted(c for c in set(letters) if ord(c) not in known)


def complaint(
    piece: Piece, start: int, odd: list[str], where: str, studio: Studio
) -> Iterator[Diagnostic]:
    """The error that names letters and place. ``start``: the line where the body begins."""
    if odd:
        names = ", ".join(f"«{c}» U+{ord(c):04X}" for c in odd[:8])
        yield Diagnostic(
            Place(piece.path, line_with(piece, start, odd, studio), 1),
            Severity.ERROR,
            "FN001",
            f"phông chữ của {where} không có: {names}",
            "thay bằng chữ khác, hoặc thêm phông có chữ này vào giao diện",
        )


def line_with(piece: Piece, start: int, letters: Iterable[str], studio: Studio) -> int:
    """The line whose block holds one of ``letters``; 1 when the front matter does."""
    wanted = set(letters)
    for node in codec.nodes_from(studio.load(piece.body)):
        for part in (*node.kids, node):
            if part.line and wanted & set(markdown.plain((part,))):
                return start - 1 + part.line
    return 1
