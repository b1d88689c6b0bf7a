"""One EPUB per issue, and one more for each further language that pieces of the issue have.

From the public catalogue, like the site on which it is offered. When the build also lays the issue
out, the book lists the printed pages; with ``--only site`` it has no page list.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bulletin import codec
from bulletin.diag import Diagnostic
from bulletin.ebook import leaves, package
from bulletin.ebook.writer import BookWriter, page_break, xhtml
from bulletin.model import LANGUAGES, Issue, Job, Palette, PictureView, Piece
from bulletin.outputs import bookcover, glyphs, press, shelf, site, variants, webfonts
from bulletin.pages import Imprint
from bulletin.studio import Product, Studio
from bulletin.text import VIETNAM

if TYPE_CHECKING:
    from bulletin.outputs import Source

WIDTH = 1200  # pixels of the largest photograph: a page of a tablet
_COLOUR = re.compile(r"var\(--(accent|fill|light|second|accent-dark)\)")


@dataclass(frozen=True, slots=True)
class BookFont:
    """A font of the book; ``spare`` ones come along only for letters that no other has."""

    file: str
    digest: str
    family: str
    weight: int
    italic: bool
    spare: bool


@dataclass(frozen=True, slots=True)
class Book:
    """All that one EPUB depends on. ``places``: address of a piece → its file in the book.

    ``starts``: uid → page of print; ``breaks``: (uid, line, page); ``lines``: file → line where the
    body begins; ``theme``: closures of templates and words.
    """

    issue: Issue
    lang: str
    languages: tuple[str, ...]
    imprint: Imprint
    cover: bookcover.Cover
    palette: Palette
    fonts: tuple[BookFont, ...]
    sheet: str
    places: tuple[tuple[str, str], ...]
    starts: tuple[tuple[str, int], ...]
    breaks: tuple[tuple[str, int, int], ...]
    lines: tuple[tuple[str, int], ...]
    trim: tuple[float, float]
    certifier: str
    theme: tuple[str, ...]

    @property
    def title(self) -> str:
        """«Bản tin Khoa học và Kỹ thuật, số 1/2026»."""
        return f"Bản tin {self.imprint.name}, số {self.issue.number}/{self.issue.year}"

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.lang, self.lang)

    @property
    def access(self) -> str:
        """What a reader who cannot see should know before opening the book."""
        pages = " Có danh sách trang khớp với bản in." if self.starts else ""
        return (
            "Mọi hình có mô tả bằng chữ, mọi biểu đồ có bảng số liệu; công thức là MathML; chú "
            "thích, mục lục và đề mục đi lại được bằng bàn phím và trình đọc màn hình." + pages
        )

    def inside(self, url: str) -> str:
        """The file of a piece in this book, or nothing."""
        return dict(self.places).get(url, "")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A piece in its place: what the chapter template gets as ``chapter``."""

    piece: Piece
    file: str
    marks: Markup
    lead: Markup
    body: Markup


def jobs(source: Source) -> Iterator[Job]:
    for issue in source.assembly.catalog.issues:
        for lang, url in shelf.editions(source, issue):
            page = book(source, issue, lang)
            needs = [digest for p in page.issue.pieces for digest in _needs(p)]
            needs += [page.sheet, page.cover.headline, page.cover.small]
            needs += [font.digest for font in page.fonts]
            yield Job(f"site/{url}", "books", page, needs=tuple(dict.fromkeys(needs)))


def _needs(piece: Piece) -> Iterator[str]:
    yield piece.body
    yield from (view.digest for view in _views(piece))


def _views(piece: Piece) -> list[PictureView]:
    return [view for _, view in piece.pictures] + ([piece.cover_view] if piece.cover_view else [])


def book(source: Source, whole: Issue, lang: str) -> Book:
    theme, profile = source.theme, source.config.print
    assert profile is not None
    main = lang == source.config.site.language
    issue = whole if main else _in_language(whole, lang)
    printed = source.printed.get(whole.key)
    known = printed if whole in site.reader_copies(source) else None
    imprint = press.imprint(source, whole)
    return Book(
        issue=issue,
        lang=lang,
        languages=tuple(dict.fromkeys((lang, *(p.card.lang for p in issue.pieces)))),
        imprint=imprint,
        cover=_cover(source, whole, imprint),
        palette=theme.palette(whole.accent),
        fonts=tuple(
            BookFont(f.file, theme.files[f.file], f.family, f.weight, f.italic, not f.web)
            for f in theme.fonts
        ),
        sheet=theme.files[shelf.SHEET],
        places=tuple((p.card.url, _file(n, p)) for n, p in enumerate(issue.pieces, start=1)),
        starts=known.starts if known and main else (),
        breaks=known.breaks if known and main else (),
        lines=tuple((p.path, source.assembly.place(p.path, "body").line) for p in issue.pieces),
        trim=(profile.trim_width, profile.trim_height),
        certifier=source.config.site.epub_certifier,
        theme=tuple(theme.closures[name] for name in shelf.TEMPLATES),
    )


def _in_language(issue: Issue, lang: str) -> Issue:
    """The issue with its pieces in one language."""
    parts = (
        dataclasses.replace(part, pieces=tuple(p for p in part.pieces if p.card.lang == lang))
        for part in issue.parts
    )
    return dataclasses.replace(issue, parts=tuple(part for part in parts if part.pieces))


def _file(number: int, piece: Piece) -> str:
    return f"bai-{number:02d}-{piece.card.url.rstrip('/').rpartition('/')[2]}.xhtml"


def _cover(source: Source, issue: Issue, imprint: Imprint) -> bookcover.Cover:
    theme = source.theme
    palette = theme.palette(issue.accent)
    sans = [f for f in theme.fonts if f.like == "sans" and f.weight >= 600 and not f.italic]
    small = (sans or [f for f in theme.fonts if not f.italic] or list(theme.fonts))[0]
    return bookcover.Cover(
        name=imprint.name,
        agency=imprint.agency,
        publisher=imprint.publisher,
        number=issue.number,
        when=issue.when,
        line=issue.line,
        palette=palette,
        field=theme.pattern(palette.pattern).field,
        headline=theme.files[small.file],
        small=theme.files[small.file],
    )


# ---- making --------------------------------------------------------------------------------------


def make(job: Job, studio: Studio) -> Product:
    page: Book = job.page
    binder = Binder(page, studio)
    chapters = list(binder.chapters())
    documents = binder.documents(chapters)
    fonts, sheet = binder.fonts(documents)
    items = [
        *documents,
        *fonts,
        package.Item("book.css", "text/css", sheet.encode()),
        *binder.pictures(),
    ]
    notes = tuple(binder.missing(chapters))
    return Product(package.pack(binder.facts(documents), items), notes)


class Binder:
    """Makes the files of one book."""

    def __init__(self, page: Book, studio: Studio) -> None:
        self.page, self.studio = page, studio
        self.places = dict(page.places)
        self.files = {
            view.url: f"hinh/{view.url.rpartition('/')[2]}"
            for piece in page.issue.pieces
            for view in _views(piece)
            if view.kind != "svg"
        }
        order = [piece.card.uid for piece in page.issue.pieces]
        self.leaves = leaves.placed(order, dict(page.starts), page.breaks)

    # -- chapters ------------------------------------------------------------------------------

    def chapters(self) -> Iterator[Chapter]:
        for piece in self.page.issue.pieces:
            writer = BookWriter(
                "web",
                dict(self.links(piece)),
                dict(piece.pictures),
                self.page.palette,
                self.studio.load,
                say=self.studio.words(piece.card.lang),
                breaks=dict(self.leaves[piece.card.uid].inside),
                files=self.files,
            )
            lead = Markup("")
            if piece.cover and piece.cover_view:
                lead = writer.cover(piece.cover, piece.cover_view)
            body = writer.write(codec.nodes_from(self.studio.load(piece.body)))
            starts = self.leaves[piece.card.uid].start
            marks = Markup("").join(page_break(number) for number in starts)
            yield Chapter(piece, self.places[piece.card.url], marks, lead, body)

    def links(self, piece: Piece) -> Iterator[tuple[str, str]]:
        """Targets as the book knows them: chapters, the site if it has an address, else nothing."""
        base = self.page.imprint.site.rstrip("/")
        for target, url in piece.links:
            address, _, fragment = url.partition("#")
            if not address or address in self.places:
                yield target, self.places.get(address, "") + (f"#{fragment}" if fragment else "")
            elif address.startswith(("http:", "https:", "mailto:", "tel:")):
                yield target, url
            elif base:
                yield target, f"{base}/{url}"

    # -- files ---------------------------------------------------------------------------------

    def documents(self, chapters: list[Chapter]) -> list[package.Item]:
        lang = self.page.lang
        contents = {"chapters": chapters, "leaves": self.listed()}
        made: list[tuple[str, str, dict[str, Any], str]] = [
            ("bia.xhtml", "cover", {}, lang),
            ("mo-dau.xhtml", "title", {}, lang),
            ("muc-luc.xhtml", "nav", contents, lang),
            *((c.file, "chapter", {"chapter": c}, c.piece.card.lang) for c in chapters),
            ("cuoi-sach.xhtml", "colophon", {"chapters": chapters}, lang),
        ]
        return [
            self.document(path, name, values, language, order)
            for order, (path, name, values, language) in enumerate(made, start=1)
        ]

    def document(
        self, path: str, name: str, values: dict[str, Any], lang: str, order: int
    ) -> package.Item:
        template = f"book/{name}.html"
        data = self.studio.render(template, page=self.page, lang=lang, **values).decode("utf-8")
        text = package.clean(xhtml(data))
        properties = ["nav"] if name == "nav" else []
        properties += ["svg"] if "<svg" in text else []
        properties += ["mathml"] if "<math" in text else []
        kind = "application/xhtml+xml"
        return package.Item(path, kind, text.encode(), tuple(properties), order)

    def listed(self) -> list[tuple[int, str]]:
        """(page of print, address in the book); the cover is the first page."""
        found = [
            (number, f"{self.places[piece.card.url]}#trang-{number}")
            for piece in self.page.issue.pieces
            for number in self.leaves[piece.card.uid].numbers
        ]
        return [(1, "bia.xhtml#trang-1"), *sorted(found)] if found else []

    def pictures(self) -> Iterator[package.Item]:
        cover = self.page.cover
        load = self.studio.load
        data = bookcover.draw(cover, load(cover.headline), load(cover.small))
        yield package.Item("hinh/bia.png", "image/png", data, ("cover-image",))
        views = {view.url: view for piece in self.page.issue.pieces for view in _views(piece)}
        for url, path in sorted(self.files.items()):
            form = path.rpartition(".")[2]
            data = variants.encode(load(views[url].digest), form, min(WIDTH, views[url].width))
            kind = "image/png" if form == "png" else "image/jpeg"
            yield package.Item(path, kind, data)

    # -- fonts ---------------------------------------------------------------------------------

    def letters(self, documents: list[package.Item]) -> set[str]:
        sheet = self.studio.load(self.page.sheet).decode("utf-8")
        return set(sheet).union(*(glyphs.shown(item.data.decode("utf-8")) for item in documents))

    def fonts(self, documents: list[package.Item]) -> tuple[list[package.Item], str]:
        """Subsets of the fonts with the letters of this book, and the sheet that names them.

        All of quốc ngữ is in each, whether the book has it or not: so nearly all books have the
        same subsets, which are cut once for all of them, and a corrected word brings no new ones.
        """
        letters = {ord(c) for c in self.letters(documents)} - glyphs.SILENT
        letters |= glyphs.served((webfonts.CORE,))
        charset = ",".join(f"U+{code:X}" for code in sorted(letters))
        plain = [font for font in self.page.fonts if not font.spare]
        have = frozenset[int]().union(*(self.drawable(font) for font in plain))
        rest = letters - have
        spare = [f for f in self.page.fonts if f.spare and rest & self.drawable(f)]
        items: dict[str, package.Item] = {}  # one file may serve two families
        rules = []
        for font in (*plain, *spare):
            path = f"phong/{font.file.rpartition('/')[2]}"
            data = _cut(self.studio.load(font.digest), charset, font.family)
            items[path] = package.Item(path, "font/ttf", data)
            slant = "font-style:italic;" if font.italic else ""
            rules.append(
                f'@font-face{{font-family:"{font.family}";font-weight:{font.weight};{slant}'
                f"src:url({path})}}\n"
            )
        return list(items.values()), "".join(rules) + self.sheet()

    def drawable(self, font: BookFont) -> frozenset[int]:
        return glyphs.drawable(self.studio.load(font.digest))

    def sheet(self) -> str:
        """The theme's sheet with the colours of the issue: not every reader knows ``var()``."""
        css = self.studio.load(self.page.sheet).decode("utf-8")
        palette = self.page.palette
        return _COLOUR.sub(lambda m: str(getattr(palette, m[1].replace("-", "_"))), css)

    def missing(self, chapters: list[Chapter]) -> Iterator[Diagnostic]:
        covered = frozenset[int]().union(*(self.drawable(font) for font in self.page.fonts))
        lines = dict(self.page.lines)
        for chapter in chapters:
            card = chapter.piece.card
            people = " ".join(link.title for link in card.authors)
            text = f"{card.title} {card.standfirst} {people}"
            shown = glyphs.shown(chapter.lead + chapter.body) | set(text)
            odd = glyphs.missing(shown, covered)
            start = lines.get(chapter.piece.path, 1)
            yield from glyphs.complaint(chapter.piece, start, odd, "sách điện tử", self.studio)

    # -- what the book says of itself ------------------------------------------------------------

    def facts(self, documents: list[package.Item]) -> package.Facts:
        page, issue, imprint = self.page, self.page.issue, self.page.imprint
        pieces = issue.pieces
        people = dict.fromkeys(link.title for p in pieces for link in p.card.authors)
        subjects = dict.fromkeys(link.title for p in pieces for link in p.card.keywords)
        wide, high = page.trim
        tongue = f" ({page.language})" if page.lang != "vi" else ""
        return package.Facts(
            key=f"{issue.key}:{page.lang}",
            title=f"{page.title}: {issue.short_title}{tongue}",
            language=page.lang,
            languages=page.languages,
            publisher=imprint.publisher,
            people=tuple(name for name in people if name != imprint.publisher),
            description=issue.title,
            subjects=tuple(subjects),
            rights=imprint.rights,
            date=issue.known,
            moment=moment(issue),
            series=f"Bản tin {imprint.name}",
            position=f"{issue.year}.{issue.number}",
            printed=f"{page.title}, bản in khổ {wide:g} × {high:g} mm" if page.starts else "",
            certifier=page.certifier,
            formulas=any("mathml" in item.properties for item in documents),
            summary=page.access,
        )


@functools.lru_cache(maxsize=16)
def _cut(font: bytes, charset: str, family: str) -> bytes:
    return webfonts.subset(font, charset, family, None)


def moment(issue: Issue) -> str:
    """When the newest content of the issue came: a piece or a correction, as UTC."""
    moments = [datetime.fromisoformat(piece.card.moment) for piece in issue.pieces]
    days = [note.date for piece in issue.pieces for note in piece.corrections]
    moments += [datetime(day.year, day.month, day.day, tzinfo=VIETNAM) for day in days]
    return max(moments).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
