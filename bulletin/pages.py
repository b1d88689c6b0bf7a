"""The value of each page: all that its template sees, and nothing else.

A template gets the name ``page`` (and ``body``, the rendered text, on article pages). Addresses in
a page are relative to the site root; a template writes ``{{ page.root }}{{ link.url }}``, so the
site works from any sub-path.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bulletin.model import Card, Edition, Frame, Group, Issue, Link, Palette, Piece, PrintProfile


@dataclass(frozen=True, slots=True)
class Head:
    """What every web page has: frame, own address, way to the root (``""``, ``../``, …)."""

    frame: Frame
    url: str
    root: str
    title: str
    description: str
    accent: str
    kind: str


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue as the home page and the archive show it."""

    key: str
    number: int
    year: int
    url: str
    title: str
    short_title: str
    line: str
    status: str
    when: str
    deadline_text: str
    accent: str
    count: int
    pdf: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """A section of an issue with the cards of its pieces."""

    section: Link
    description: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    head: Head
    issue: IssueLine | None
    parts: tuple[PartLine, ...]
    teasers: tuple[Card, ...]
    standing: tuple[Group, ...]
    archive: tuple[IssueLine, ...]


@dataclass(frozen=True, slots=True)
class IssuePage:
    head: Head
    issue: IssueLine
    parts: tuple[PartLine, ...]
    others: tuple[IssueLine, ...]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    head: Head
    piece: Piece
    issue: IssueLine
    palette: Palette
    previous: Link | None
    following: Link | None
    related: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A section, an author or a keyword with its cards; ``form`` says which."""

    head: Head
    group: Group
    form: str


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A list of groups: all sections, all authors, all keywords."""

    head: Head
    groups: tuple[tuple[str, str, int], ...]
    form: str


@dataclass(frozen=True, slots=True)
class ArchivePage:
    head: Head
    years: tuple[tuple[int, tuple[IssueLine, ...]], ...]


@dataclass(frozen=True, slots=True)
class PlainPage:
    """About, search, 404: text of the template and the frame only."""

    head: Head
    feeds: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Imprint:
    """The legal lines (Luật Báo chí 2016, Điều 34). Empty text = the office has not supplied it."""

    name: str
    agency: str
    publisher: str
    place_and_date: str
    licence: str
    printer: str
    circulation: str
    periodicity: str
    responsible: str
    contact: tuple[tuple[str, str], ...]
    audience: str
    rights: str
    site: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How one piece is set, chosen by measuring. Heights in points; type and leading never change.

    ``start``: ``page`` (a new page) or ``on``; ``compact``: a lower opening; ``art``: woven strip
    in the opening; ``lead``: lines
    of room for a page-wide picture; ``tracking``: steps of half a percent of an em; ``air``: one
    more line above headings; ``wide``: figures (from 0) set across the page; ``moved``: block n of
    the body goes by so many blocks; ``panels``: house matter after the piece: name, height, and
    how much of that is woven.
    """

    start: str = "page"
    compact: bool = False
    art: int = 0
    lead: int = 25
    tracking: int = 0
    air: int = 0
    wide: tuple[int, ...] = ()
    moved: tuple[tuple[int, int], ...] = ()
    panels: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PressIssue:
    """One issue for the layout engine. Sizes in mm."""

    edition: Edition
    imprint: Imprint
    palette: Palette
    trim_width: float
    trim_height: float
    max_pages: int
    fonts: tuple[tuple[str, str], ...]
    assets: tuple[tuple[str, str], ...]
    letter: Piece | None
    teasers: tuple[Piece, ...]
    sections: tuple[Group, ...]
    fits: tuple[tuple[str, Fit], ...] = ()
    fillers: int = 0
    profile: PrintProfile = field(default_factory=PrintProfile)
    inks: tuple[tuple[str, tuple[float, float, float, float]], ...] = ()
    black_text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitemap:
    base_url: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """``home`` and ``url`` are absolute; ``updated`` is the newest content, not the clock."""

    title: str
    description: str
    home: str
    url: str
    base_url: str
    language: str
    publisher: str
    updated: str
    pieces: tuple[tuple[Piece, Issue | None], ...]


@dataclass(frozen=True, slots=True)
class SearchPiece:
    """A piece as the search index knows it; ``labels``: keywords and authors."""

    url: str
    title: str
    standfirst: str
    labels: tuple[str, ...]
    headings: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class SearchPart:
    pieces: tuple[SearchPiece, ...]


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """``parts``: name, pieces, step of shelves; ``issues``: year, title, (section, pieces) runs."""

    parts: tuple[tuple[str, int, int], ...]
    sections: tuple[str, ...]
    issues: tuple[tuple[int, str, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file made from the theme or from a picture; ``source`` is the digest of its bytes."""

    form: str
    source: str
    settings: tuple[tuple[str, str], ...] = ()
