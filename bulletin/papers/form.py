"""An official paper as one value, in the form of Nghị định 30/2020/NĐ-CP; both formats draw it.

What nobody has written down is a gap: words between ``⟦`` and ``⟧``, which both formats mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bulletin.bureau import Signer
from bulletin.model import Config

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DOTS = "…………"
_GAP = re.compile(r"⟦([^⟦⟧]*)⟧")


def gap(words: str = DOTS) -> str:
    """A place that only the office can fill: «⟦chưa có: số quyết định⟧»."""
    return f"⟦{words}⟧"


def filled(value: object, words: str = DOTS) -> str:
    """The value, or a gap that says what is missing."""
    said = "" if value is None else str(value)
    return said or gap(words)


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """(words, whether they are a gap)."""
    here = 0
    for match in _GAP.finditer(text):
        if match.start() > here:
            yield text[here : match.start()], False
        yield match[1], True
        here = match.end()
    if here < len(text):
        yield text[here:], False


def plain(text: str) -> str:
    """Without marks, for CSV and spreadsheets."""
    return _GAP.sub(r"\1", text)


# ---- blocks ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Para:
    text: str
    align: str = "justify"  # justify, left, center
    bold: bool = False
    italic: bool = False
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` of the width; ``align``: left, center, right."""

    title: str
    share: int
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """``total``: a last row in bold. ``name`` says what it holds to those who cannot see it."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what stands there."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart: one bar per row with its number."""

    name: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Address labels, two beside one another, on a page of their own."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sign:
    role: str
    name: str = ""
    note: str = "(Ký, ghi rõ họ tên)"


Block = Para | Heading | Table | Facts | Bars | Labels


@dataclass(frozen=True, slots=True)
class Letterhead:
    agency: str
    publisher: str
    symbol: str
    place_and_date: str


@dataclass(frozen=True, slots=True)
class Paper:
    """``kind`` and ``subject`` are tên loại and trích yếu. ``wide``: A4 across, for wide tables."""

    name: str
    kind: str
    subject: str
    head: Letterhead
    body: tuple[Block, ...]
    signs: tuple[Sign, ...]
    receivers: tuple[str, ...] = ()
    wide: bool = False
    annexes: tuple[Block, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.kind.capitalize()} {self.subject}"


def letterhead(config: Config, kind: str, symbol: str, year: int) -> Letterhead:
    """``kind``: letters of the kind of paper, «BK»; number and day are written by hand."""
    publication = config.publication
    place = publication.place
    return Letterhead(
        publication.agency.upper(),
        publication.publisher.upper(),
        f"Số: ……/{kind}-{symbol or DOTS}",
        f"{place}, ngày …… tháng …… năm {year}",
    )


def signed(signer: Signer | None, role: str) -> Sign:
    """As the office has written it down, else the usual role and an open name."""
    return Sign((signer and signer.role) or role, (signer and signer.name) or "")


def gaps(paper: Paper) -> tuple[str, ...]:
    """What the paper leaves open and names, each once."""
    found = (words for text in texts(paper) for words, open_ in runs(text) if open_)
    return tuple(dict.fromkeys(words for words in found if words.strip("…. ")))


def texts(paper: Paper) -> Iterator[str]:
    """Every text of a paper, in order."""
    yield paper.head.symbol
    for block in (*paper.body, *paper.annexes):
        yield from block_texts(block)
    for sign in paper.signs:
        yield from (sign.role, sign.name)


def block_texts(block: Block) -> Iterable[str]:
    match block:
        case Para() | Heading():
            return (block.text,)
        case Table():
            return (cell for row in (*block.rows, block.total) for cell in row)
        case Facts() | Labels():
            return (cell for row in block.rows for cell in row)
        case Bars():
            return (label for label, _ in block.rows)
