"""The value of each page: all that its template sees, and nothing else.

A template gets the name ``page`` (and ``body``, the rendered text, on article pages). Addresses in
a page are relative to the site root; a template writes ``{{ page.root }}{{ link.url }}``, so the
site works from any sub-path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulletin.almanac import Day, Medium, PlannedIssue, Quiz
from bulletin.model import (
    Card,
    Edition,
    Frame,
    Group,
    Issue,
    Link,
    Palette,
    PictureView,
    Piece,
    Publication,
)
from bulletin.outlets import Broadcast
from bulletin.printshop import PrintProfile


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
    card: str = ""  # address of the picture that stands for the page where it is shared
    alternates: tuple[tuple[str, str], ...] = ()  # (language, address) of the other versions
    spoken: str = ""  # language of the words around the content; empty = the site's own


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
    reader: str
    known: str = ""
    books: tuple[Link, ...] = ()  # EPUBs; the first has all pieces, the others name a language


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
    """``starts``: address of a piece → the page of print on which it begins."""

    head: Head
    issue: IssueLine
    parts: tuple[PartLine, ...]
    others: tuple[IssueLine, ...]
    starts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Citation:
    """How to name a piece in other writing: a line of text, and an entry for BibTeX."""

    text: str
    bibtex: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    head: Head
    piece: Piece
    issue: IssueLine
    palette: Palette
    previous: Link | None
    following: Link | None
    related: tuple[Card, ...]
    citation: Citation
    start: int
    line: int = 1  # where the body begins in its file
    fonts: tuple[str, ...] = ()  # digests of the fonts that show it


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A section, an author or a keyword with its cards; ``form`` says which.

    A long list has several pages: ``group`` has the cards of this one, ``total`` counts all.
    ``part``: number of an older page, the oldest is 1; 0 for the page of the newest.
    """

    head: Head
    group: Group
    form: str
    total: int = 0
    part: int = 0
    newer: str = ""
    older: str = ""


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
class YearPage:
    """The issues of one year with their contents; ``years`` are the other years."""

    head: Head
    year: int
    issues: tuple[tuple[IssueLine, tuple[PartLine, ...]], ...]
    years: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    head: Head
    years: tuple[tuple[int, tuple[PlannedIssue, ...]], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar: a day of every year, or the deadline of an issue."""

    form: str
    label: str
    title: str
    about: str
    note: str
    source: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """``months``: (number of the month, its entries), empty months left out."""

    head: Head
    year: int
    months: tuple[tuple[int, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """Pieces of questions and answers; each question is (text, address)."""

    head: Head
    entries: tuple[tuple[Card, tuple[Link, ...]], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure of a published piece as the library shows it; ``view`` is None for a chart."""

    title: str
    alt: str
    credit: str
    licence: str
    where: Link
    accent: str
    view: PictureView | None


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """Shared media by kind, then the drawings of one year; ``years`` are the other years."""

    head: Head
    kinds: tuple[tuple[str, tuple[tuple[Medium, PictureView | None], ...]], ...]
    year: int
    drawings: tuple[Drawing, ...]
    charts: tuple[Drawing, ...]
    years: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class QuizListPage:
    """``quizzes``: (link, how many questions, last day of sealed answers, whether closed)."""

    head: Head
    quizzes: tuple[tuple[Link, int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class QuizPage:
    head: Head
    quiz: Quiz
    closed: bool
    closes: str


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """``entries``: (day as ISO, day in words, what was corrected, piece), the newest first."""

    head: Head
    entries: tuple[tuple[str, str, str, Link], ...]


@dataclass(frozen=True, slots=True)
class MovedPage:
    """What stands at the old address of a piece."""

    head: Head
    target: Link


@dataclass(frozen=True, slots=True)
class PlainPage:
    """About, how to send articles, search, 404: text of the template and the frame.

    ``facts``: the lines that the law asks for, empty where the office has not supplied them.
    """

    head: Head
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed that readers can follow. ``file`` lies in ``folder``, beside its other formats.

    ``form``: all, issues, section, issue, language or podcast; ``home`` is the page that shows the
    same things; ``formats``: Atom and JSON Feed lie beside it.
    """

    form: str
    title: str
    description: str
    folder: str
    file: str
    home: str
    language: str
    formats: bool = True


@dataclass(frozen=True, slots=True)
class FollowPage:
    """How to follow the bulletin: (heading, its feeds), and the file that lists them all.

    ``embeds``: lists that other sites may show in a frame.
    """

    head: Head
    groups: tuple[tuple[str, tuple[Channel, ...]], ...]
    outline: str
    embeds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class EmbedPage:
    """The newest pieces for a frame in another site; ``source`` is the page that has them all."""

    head: Head
    cards: tuple[Card, ...]
    source: Link


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
    """One issue for the layout engine. Sizes in mm.

    ``contents``: ``tight`` asks the theme for a list of contents on fewer pages.
    ``starts``: file of an article → the line where its body begins.
    """

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
    days: tuple[Day, ...] = ()
    contents: str = ""
    profile: PrintProfile = field(default_factory=PrintProfile)
    inks: tuple[tuple[str, tuple[float, float, float, float]], ...] = ()
    black_text: tuple[str, ...] = ()
    letters: tuple[tuple[str, tuple[float, float, float, float]], ...] = ()
    starts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hole:
    """A piece that the issue counts on and that nobody has written. ``words`` are paragraphs."""

    uid: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProofIssue:
    """One issue for the board, drafts and holes included: another type than what goes to press.

    ``states``: uid → «bản nháp» and the like, of the pieces that are not settled.
    """

    press: PressIssue
    holes: tuple[Hole, ...]
    states: tuple[tuple[str, str], ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class ReaderLeaf:
    """A printed page in the reader; ``title``: what begins there."""

    number: int
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """The printed pages of an issue as pictures of one size."""

    head: Head
    issue: IssueLine
    leaves: tuple[ReaderLeaf, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """The picture of one page; ``pdf`` is the digest of the file that holds it."""

    pdf: str
    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses with the day of their last change; ``of_maps``: they are maps themselves."""

    base_url: str
    entries: tuple[tuple[str, str], ...]
    of_maps: bool = False


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file that goes with an item; ``digest`` is of its bytes, which tell the length.

    Without it the length is not known, and nobody makes one up.
    """

    url: str
    kind: str
    title: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A piece, an issue or a recording. ``labels``: (where the label belongs, the label).

    What the item holds: the whole ``piece``, the ``parts`` of an issue, the ``words`` of a
    recording; or nothing, and readers follow its address.
    """

    id: str
    url: str
    title: str
    summary: str
    published: str
    updated: str
    language: str
    authors: tuple[Link, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    picture: str = ""
    piece: Piece | None = None
    parts: tuple[PartLine, ...] = ()
    words: str = ""
    files: tuple[FeedFile, ...] = ()
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed in all its formats; addresses are relative to ``base_url``.

    ``folder`` is where its files lie, ``style`` the way from there to the sheet for browsers;
    ``updated`` is the newest content, not the clock; ``podcast`` asks for what players want;
    ``email`` is of the publisher.
    """

    title: str
    description: str
    home: str
    folder: str
    base_url: str
    language: str
    publisher: str
    rights: str
    updated: str
    items: tuple[FeedItem, ...]
    hub: str = ""
    style: str = ""
    icon: str = ""
    podcast: bool = False
    email: str = ""


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """A document of the interface as JSON; ``files`` are added when their lengths are known."""

    text: str
    files: tuple[FeedFile, ...] = ()
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class ApiArticle:
    """A piece as data; ``picture`` is the picture that stands for it where it is shared."""

    base_url: str
    item: FeedItem
    provider: str
    rights: str
    picture: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The list of all feeds for reader programs: (heading, feeds)."""

    title: str
    publisher: str
    base_url: str
    updated: str
    groups: tuple[tuple[str, tuple[Channel, ...]], ...]


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
class SearchVolume:
    """Parts whose words stand on the same shelves."""

    parts: tuple[SearchPart, ...]


@dataclass(frozen=True, slots=True)
class SearchBlocks:
    """What is shown of the pieces of a part: address, title, standfirst."""

    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """``volumes``: name, step of shelves, number of parts; ``parts``: name, pieces.

    ``issues``: year, title, (section, pieces) runs.
    """

    volumes: tuple[tuple[str, int, int], ...]
    parts: tuple[tuple[str, int], ...]
    sections: tuple[str, ...]
    issues: tuple[tuple[int, str, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class SocialCard:
    """All that a picture for sharing shows; ``headline`` and ``small`` are digests of fonts.

    Without a title it is the card of the site. ``gem``: the words in the lozenge, from above.
    """

    label: str
    title: str
    about: str
    gem: tuple[str, str, str]
    name: str
    publisher: str
    palette: Palette
    band: tuple[str, ...]
    field: tuple[str, ...]
    headline: str
    small: str


@dataclass(frozen=True, slots=True)
class SharePack:
    """An article in words for Zalo and Facebook."""

    title: str
    about: str
    address: str
    words: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PressKit:
    """A public issue for other houses. ``pdf``: digest of the readers' copy, if that is public.

    ``fonts``: family, weight, italic, digest; ``starts``: file → line where its body begins.
    """

    issue: Issue
    publication: Publication
    broadcast: Broadcast
    base_url: str
    palette: Palette
    pdf: str
    count: int
    fonts: tuple[tuple[str, int, bool, str], ...]
    cards: tuple[tuple[str, SocialCard], ...]
    packs: tuple[tuple[str, SharePack], ...]
    starts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Face:
    """A font of the stylesheet; ``urls``: part (``core``, ``rest``) and address of its subset."""

    source: str
    family: str
    weight: int
    italic: bool
    like: str
    urls: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """``sources`` are the theme's sheets in order, ``names`` what their ``url()`` become."""

    sources: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    faces: tuple[Face, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file made from the theme or from a picture; ``source`` is the digest of its bytes."""

    form: str
    source: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Galley:
    """One piece of an issue, by its uid, set alone."""

    issue: PressIssue
    uid: str
