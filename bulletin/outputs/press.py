"""One PDF per issue through WeasyPrint, which sees no network and no file.

Everything that the layout may ask for is in the job: the fetcher answers with bytes of digests
that the job names and refuses the rest. Every record that the engine logs becomes a diagnostic.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bulletin import codec, html, picture, text
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import Edition, Issue, Job, Piece
from bulletin.outputs import assets, site
from bulletin.pages import Imprint, PressIssue
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

TEMPLATE = "print/issue.html"
MIME = {
    "svg": "image/svg+xml",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "tiff": "image/tiff",
}


def jobs(source: Source) -> Iterator[Job]:
    copies = {issue.key for issue in site.reader_copies(source)}
    for edition in source.assembly.editions:
        issue = edition.issue
        if not issue.pieces:
            continue
        also: tuple[str, ...] = ()
        if issue.key in copies:
            also = (f"site/{issue.url}{site.pdf_name(issue)}",)
        page = press_issue(source, edition)
        needs = [digest for piece in issue.pieces for digest in site.needs(piece, "print")]
        needs += [digest for _, digest in (*page.fonts, *page.assets)]
        yield Job(
            f"print/{issue.year}/{site.pdf_name(issue)}",
            "press",
            page,
            TEMPLATE,
            tuple(dict.fromkeys(needs)),
            also,
            heavy=True,
        )


def press_issue(source: Source, edition: Edition) -> PressIssue:
    issue, theme, profile = edition.issue, source.theme, source.config.print
    assert profile is not None
    by_id = {piece.card.id: piece for piece in issue.pieces}
    # theme.yaml holds the ornament that the layout may ask for.
    sheets = tuple((n, d) for n, d in theme.files.items() if n.startswith(("print/", "theme.yaml")))
    return PressIssue(
        edition=edition,
        imprint=imprint(source, issue),
        palette=theme.palette(issue.accent),
        trim_width=profile.trim_width,
        trim_height=profile.trim_height,
        max_pages=profile.max_pages,
        fonts=tuple((font.file, theme.files[font.file]) for font in theme.fonts),
        assets=sheets,
        letter=by_id.get(issue.letter),
        teasers=tuple(by_id[name] for name in issue.teasers),
        sections=source.assembly.catalog.sections,
    )


def imprint(source: Source, issue: Issue) -> Imprint:
    publication = source.config.publication
    return Imprint(
        name=publication.name,
        agency=publication.agency,
        publisher=publication.publisher,
        place_and_date=place_and_date(publication.place, issue),
        licence=site.licence_line(source),
        printer=publication.printer,
        circulation=publication.circulation,
        periodicity=publication.periodicity,
        responsible=publication.responsible,
        contact=site.contact_lines(source),
        audience=publication.audience,
        rights=publication.rights,
        site=source.config.site.base_url,
    )


def place_and_date(place: str, issue: Issue) -> str:
    """«Tuyên Quang, ngày 25 tháng 3 năm 2026»; the day stays open while nobody has set it."""
    day = date.fromisoformat(issue.date)
    if not issue.planned:
        return f"{place}, {text.long_date(day)}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày …… tháng {month} năm {day.year}"


def make(job: Job, studio: Studio) -> Product:
    page: PressIssue = job.page
    source, titles = document(page, job.template, studio)
    notes: list[Diagnostic] = list(missing_glyphs(page, studio, titles))
    data, pages, said = layout(page, source, studio, job.path)
    notes.extend(said)
    if pages > page.max_pages:
        where = Place(f"issues/{page.edition.issue.key}.yaml", 1, 1)
        notes.append(
            Diagnostic(
                where,
                Severity.ERROR,
                "PD003",
                f"số này dàn ra {pages} trang, luật cho tối đa {page.max_pages}",
                "bớt bài hoặc rút ngắn (Luật Báo chí 2016, Điều 34)",
            )
        )
    return Product(data, tuple(notes), (("pages", pages), ("bytes", len(data))))


def document(page: PressIssue, template: str, studio: Studio) -> tuple[str, Mapping[str, str]]:
    """The HTML of a whole issue, and the text of each piece by path (for the glyph check)."""
    bodies: dict[str, Markup] = {}
    leads: dict[str, Markup] = {}
    texts: dict[str, str] = {}
    pieces = page.edition.issue.pieces
    inside = {p.card.url: (f"p{n}-", f"#a-{p.card.uid}") for n, p in enumerate(pieces, start=1)}
    for piece in pieces:
        prefix = inside[piece.card.url][0]
        writer = html.piece_writer(piece, page.palette, "print", studio.load, "", prefix)
        writer.links = {t: _inside(url, piece, inside, page) for t, url in piece.links}
        if piece.cover and piece.cover_view:
            leads[piece.card.id] = writer.cover(piece.cover, piece.cover_view)
        nodes = codec.nodes_from(studio.load(piece.body))
        bodies[piece.card.id] = html.columns(writer, nodes, piece.layout)
        shown = bodies[piece.card.id] + leads.get(piece.card.id, Markup())
        people = " ".join(link.title for link in piece.card.authors)
        texts[piece.path] = (
            f"{shown.striptags()} {piece.card.title} {piece.card.standfirst} {people}"
        )
    data = studio.render(template, page=page, bodies=bodies, leads=leads)
    return data.decode("utf-8"), texts


def _inside(url: str, piece: Piece, inside: Mapping[str, tuple[str, str]], page: PressIssue) -> str:
    """Links to pieces of the same issue stay in the document, others go to the site."""
    base, _, fragment = url.partition("#")
    base = base or piece.card.url
    if base in inside:
        prefix, top = inside[base]
        return f"#{prefix}{fragment}" if fragment else top
    if base.startswith(("http:", "https:", "mailto:", "tel:")):
        return url
    return f"{(page.imprint.site or site.LOCAL).rstrip('/')}/{url}"


def sheet(page: PressIssue, studio: Studio) -> str:
    """Page size, palette and ornament of the issue, then the theme's print sheet."""
    palette = page.palette
    own = assets.palette_rule(palette, "url(theme:band.svg)", "url(theme:field.svg)")
    css = studio.load(dict(page.assets)["print/print.css"]).decode("utf-8")
    size = f"@page{{size:{page.trim_width:g}mm {page.trim_height:g}mm}}\n"
    return size + own.replace(f".accent-{palette.name}", ":root") + "\n" + css


class _Log(logging.Handler):
    """Collects what the engine says instead of printing it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


def layout(
    page: PressIssue, source: str, studio: Studio, path: str
) -> tuple[bytes, int, list[Diagnostic]]:
    """PDF bytes, page count, and what the engine complained of."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    fonts = dict(page.fonts)
    views = {
        f"picture:{v.kind}/{v.digest}": v for p in page.edition.issue.pieces for v in _views(p)
    }

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Answers only for what the job names."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("theme:fonts/") and url.removeprefix("theme:") in fonts:
                data = studio.load(fonts[url.removeprefix("theme:")])
                return URLFetcherResponse(url, data, {"Content-Type": "font/ttf"})
            if url in ("theme:band.svg", "theme:field.svg"):
                form = url.removeprefix("theme:").removesuffix(".svg")
                data = assets.ornament_svg(studio.theme, page.palette, form).encode()
                return URLFetcherResponse(url, data, {"Content-Type": MIME["svg"]})
            if url in views:
                view = views[url]
                data = studio.load(view.digest)
                if view.kind == "svg":
                    data = picture.clean_svg(data, "").encode()
                return URLFetcherResponse(url, data, {"Content-Type": MIME[view.kind]})
            raise ValueError(f"địa chỉ không được phép: {url[:80]}")

    log = _Log()
    loggers = [logging.getLogger("weasyprint"), logging.getLogger("fontTools")]
    for logger in loggers:
        logger.addHandler(log)
        logger.propagate = False
    try:
        config = FontConfiguration()
        fetcher = Fetcher()
        style = weasyprint.CSS(
            string=sheet(page, studio), url_fetcher=fetcher, font_config=config, base_url="theme:"
        )
        markup = weasyprint.HTML(string=source, url_fetcher=fetcher, base_url="theme:")
        rendered = markup.render(stylesheets=[style], font_config=config)
        out = io.BytesIO()
        rendered.write_pdf(out, pdf_identifier=codec.digest(codec.dumps(page))[:32].encode())
        pages = len(rendered.pages)
        families = {font.family for font in rendered.fonts.values()}
    finally:
        for logger in loggers:
            logger.removeHandler(log)
    notes = [_complaint(path, message) for message in dict.fromkeys(log.records)]
    notes += strange_fonts(path, families - {font.family for font in studio.theme.fonts})
    return out.getvalue(), pages, notes


def strange_fonts(path: str, families: set[str]) -> Iterator[Diagnostic]:
    """A font that only this machine has would make other bytes, or other signs, elsewhere."""
    for family in sorted(families):
        yield Diagnostic(
            Place(path),
            Severity.ERROR,
            "PD004",
            f"bản in dùng phông «{family}» của máy này, không phải của giao diện",
            "dùng họ phông khai trong theme.yaml, hoặc thêm phông có các chữ còn thiếu",
        )


def _views(piece: Piece) -> list[Any]:
    return [view for _, view in piece.pictures] + ([piece.cover_view] if piece.cover_view else [])


def _complaint(path: str, message: str) -> Diagnostic:
    """An engine warning. A picture or font that did not load is an error: it would be missing."""
    failed = message.startswith(("Failed to load", "Font-face", "Failed to draw"))
    severity = Severity.ERROR if failed else Severity.WARNING
    return Diagnostic(
        Place(path),
        severity,
        "PD001",
        f"bộ dàn trang báo: {message}",
        "sửa hình hoặc giao diện in theo câu trên",
    )


def missing_glyphs(
    page: PressIssue, studio: Studio, texts: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """Letters that no font of the theme can draw: an error that names letter and article."""
    from fontTools.ttLib import TTFont

    covered: set[int] = set(range(0x20)) | {0xAD, 0x200B, 0x2060, 0xFEFF}
    for _, digest in page.fonts:
        covered |= set(TTFont(io.BytesIO(studio.load(digest)), lazy=True).getBestCmap())
    for path, content in texts.items():
        odd = sorted({c for c in content if ord(c) not in covered})
        if odd:
            names = ", ".join(f"«{c}» U+{ord(c):04X}" for c in odd[:8])
            yield Diagnostic(
                Place(path, 1, 1),
                Severity.ERROR,
                "PD002",
                f"phông chữ in không có: {names}",
                "thay bằng chữ khác hoặc thêm phông có chữ này vào giao diện",
            )
