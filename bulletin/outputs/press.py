"""One PDF per issue through WeasyPrint, which sees no network and no file.

Everything that the layout may ask for is in the job: the fetcher answers with bytes of digests
that the job names and refuses the rest. Every record that the engine logs becomes a diagnostic.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import meta
from markupsafe import Markup

from bulletin import codec, html, picture, qr, text
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import LOCAL_SITE, Edition, Issue, Job, Made, Piece, Printed
from bulletin.outputs import (
    assets,
    breaks,
    delivery,
    fitting,
    glyphs,
    layout_report,
    lines,
    measure,
    site,
)
from bulletin.pages import Fit, Imprint, PressIssue
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

TEMPLATE = "print/issue.html"
START = "start:"  # before the uid, in the facts of a layout
TIGHT = 0.4  # what a tight list of contents costs
SMALLEST = 6.5  # points: letters in a drawing
FONT_SIZE = re.compile(r'font-size="([0-9.]+)"')
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
        path = f"print/{issue.year}/{site.pdf_name(issue)}"
        yield Job(
            path,
            "press",
            page,
            TEMPLATE,
            tuple(dict.fromkeys(needs)),
            also,
            (*delivery.paths(path), *layout_report.paths(path)),
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
        days=source.assembly.catalog.days,
        profile=profile,
        inks=theme.inks,
        black_text=theme.black_text,
        letters=theme.letters,
        starts=tuple((p.path, source.assembly.place(p.path, "body").line) for p in issue.pieces),
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
    facts: tuple[tuple[str, int], ...] = ()
    if fits(studio, job.template):
        rendered, said, facts, remarks = fitted(page, job.template, studio)
        notes.extend(remarks)
    else:
        engine = Engine(page, studio)
        rendered, said = engine.lay(source), engine.said
    made = delivery.deliver(page, rendered, studio, job.path)
    # The fonts of a layout are known when it has been written.
    notes.extend(complaints(job.path, said, rendered, studio))
    notes.extend(made.diagnostics)
    told, files = layout_report.report(page, rendered, studio, job.path)
    notes.extend(told)
    data, pages = made.screen, len(rendered.pages)
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
    starts = ((f"{START}{uid}", number) for number, uid in delivery.starts(page, rendered))
    facts = (("pages", pages), ("bytes", len(data)), *made.facts, *facts, *starts)
    facts += tuple(breaks.facts(page, rendered, studio))
    return Product(data, tuple(notes), facts, (*made.siblings, *files))


def printed(made: Made) -> Printed:
    """What the site takes from a layout."""
    facts = dict(made.facts)
    starts = (
        (name.removeprefix(START), number) for name, number in made.facts if name.startswith(START)
    )
    return Printed(made.blob, facts["pages"], tuple(starts), breaks.read(made.facts))


def complaints(path: str, said: list[str], rendered: Any, studio: Studio) -> Iterator[Diagnostic]:
    """What the engine said, and fonts that are not the theme's."""
    for message in dict.fromkeys(said):
        yield _complaint(path, message)
    families = {font.family for font in rendered.fonts.values()}
    yield from strange_fonts(path, families - {font.family for font in studio.theme.fonts})


def document(
    page: PressIssue, template: str, studio: Studio, only: str = "", room: float = 0.0
) -> tuple[str, Mapping[str, str]]:
    """The HTML of a whole issue, and the text of each piece by path (for the glyph check).

    ``only``: the uid of a piece that is tried alone, ``room`` below the head of a page; or
    ``frame`` for all but the fitted pieces, or ``panels`` for all house matter.
    """
    bodies: dict[str, Markup] = {}
    leads: dict[str, Markup] = {}
    texts: dict[str, str] = {}
    pieces = page.edition.issue.pieces
    arrange = fits(studio, template)
    chosen = {p.card.uid: dict(page.fits).get(p.card.uid, Fit()) for p in pieces}
    inside = {p.card.url: (f"p{n}-", f"#a-{p.card.uid}") for n, p in enumerate(pieces, start=1)}
    for piece in pieces:
        if only and only != piece.card.uid and (only != "frame" or piece != page.letter):
            continue
        prefix = inside[piece.card.url][0]
        writer = html.piece_writer(piece, page.palette, "print", studio.load, "", prefix)
        writer.links = {t: _inside(url, piece, inside, page) for t, url in piece.links}
        if piece.cover and piece.cover_view:
            leads[piece.card.id] = writer.cover(piece.cover, piece.cover_view)
        nodes = codec.nodes_from(studio.load(piece.body))
        if arrange:
            fit = chosen[piece.card.uid]
            nodes = fitting.arranged(nodes, fit, dict(piece.pictures), piece.layout)
        bodies[piece.card.id] = html.columns(writer, nodes, piece.layout)
        shown = bodies[piece.card.id] + leads.get(piece.card.id, Markup())
        people = " ".join(link.title for link in piece.card.authors)
        texts[piece.path] = (
            f"{shown.striptags()} {piece.card.title} {piece.card.standfirst} {people}"
        )
    values = {"fits": chosen, "only": only, "room": room, "codes": codes(page)}
    data = studio.render(template, page=page, bodies=bodies, leads=leads, **values)
    return data.decode("utf-8"), texts


def codes(page: PressIssue) -> dict[str, qr.Code]:
    """QR codes by uid, and of the issue by its key: only when the site has an address."""
    base = page.imprint.site.rstrip("/")
    if not base:
        return {}
    issue = page.edition.issue
    targets = {piece.card.uid: piece.card.url for piece in issue.pieces} | {issue.key: issue.url}
    return {name: qr.code(f"{base}/{url}") for name, url in targets.items()}


def _inside(url: str, piece: Piece, inside: Mapping[str, tuple[str, str]], page: PressIssue) -> str:
    """Links to pieces of the same issue stay in the document, others go to the site."""
    base, _, fragment = url.partition("#")
    base = base or piece.card.url
    if base in inside:
        prefix, top = inside[base]
        return f"#{prefix}{fragment}" if fragment else top
    if base.startswith(("http:", "https:", "mailto:", "tel:")):
        return url
    return f"{(page.imprint.site or LOCAL_SITE).rstrip('/')}/{url}"


def sheet(page: PressIssue, studio: Studio) -> str:
    """Page size, palette and ornament of the issue, then the theme's print sheet."""
    palette = page.palette
    own = assets.palette_rule(palette, "url(theme:band.svg)", "url(theme:field.svg)")
    css = studio.load(dict(page.assets)["print/print.css"]).decode("utf-8")
    size = (
        f"@page{{size:{page.trim_width:g}mm {page.trim_height:g}mm;"
        f"bleed:{page.profile.bleed:g}mm}}\n"
    )
    return size + own.replace(f".accent-{palette.name}", ":root") + "\n" + css


class _Log(logging.Handler):
    """Collects what the engine says instead of printing it."""

    def __init__(self, records: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.records = records

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


class Engine:
    """The layout engine with the fonts and the sheet of one issue.

    ``said``: what it complained of in the sheet and in the document that was laid out last.
    ``identity``: of all that a layout depends on besides its document, which names its pictures by
    their digests.
    """

    def __init__(self, page: PressIssue, studio: Studio) -> None:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        self.said: list[str] = []
        self.identity = codec.digest(codec.dumps([sheet(page, studio), page.fonts, page.assets]))
        self.fetcher = _fetcher(page, studio)
        self.config = FontConfiguration()
        self.memory = lines.Memory()
        with _listening(self.said):
            self.style = weasyprint.CSS(
                string=sheet(page, studio),
                url_fetcher=self.fetcher,
                font_config=self.config,
                base_url="theme:",
            )
        self.opening = len(self.said)

    def lay(self, source: str) -> Any:
        """The pages of a document, not yet written."""
        import weasyprint

        del self.said[self.opening :]
        with _listening(self.said), lines.remembered(self.memory):
            markup = weasyprint.HTML(string=source, url_fetcher=self.fetcher, base_url="theme:")
            return markup.render(stylesheets=[self.style], font_config=self.config)


@contextlib.contextmanager
def _listening(said: list[str]) -> Iterator[None]:
    log = _Log(said)
    loggers = [logging.getLogger("weasyprint"), logging.getLogger("fontTools")]
    for logger in loggers:
        logger.addHandler(log)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(log)


def _fetcher(page: PressIssue, studio: Studio) -> Any:
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

    return Fetcher()


# ---- copy-fitting --------------------------------------------------------------------------


def fits(studio: Studio, template: str) -> bool:
    """Whether the theme can set a piece alone and takes fits: its template then says ``only``."""
    return "only" in _asked(studio.env, studio.theme.sources[template])


@functools.cache
def _asked(env: jinja2.Environment, template: str) -> frozenset[str]:
    return frozenset(meta.find_undeclared_variables(env.parse(template)))


def fitted(
    page: PressIssue, template: str, studio: Studio
) -> tuple[Any, list[str], tuple[tuple[str, int], ...], list[Diagnostic]]:
    """The issue laid out with the best fits that were found, what the engine said, facts, remarks.

    A piece in its issue may run differently than alone (numbers of pages in its text); then what
    was seen replaces what was tried, and the search is done again.
    """
    engine = Engine(page, studio)
    bench = Bench(page, template, studio, engine)
    parts = list(_parts(page, studio))
    panels = bench.panels()
    trials = fitting.Trials(bench.extent)
    best: tuple[float, Any, list[str], PressIssue] | None = None
    for _ in range(fitting.MAX_WHOLE):
        plan, contents = planned(parts, panels, bench.frame, trials)
        whole = dataclasses.replace(page, fits=plan.fits, fillers=plan.fillers, contents=contents)
        rendered = engine.lay(document(whole, template, studio)[0])
        said = list(engine.said)
        boxes = [sheet._page_box for sheet in rendered.pages]
        wrong = fitting.compare(plan, boxes, trials)
        price = plan.cost + wrong
        if best is None or price < best[0]:
            best = (price, rendered, said, whole)
        if not wrong:
            break
    assert best is not None
    boxes = [sheet._page_box for sheet in best[1].pages]
    facts: tuple[tuple[str, int], ...] = (
        ("layouts", trials.count),
        ("penalty_before", round(fitting.plain_cost(parts, trials) * 100)),
        ("penalty", round(best[0] * 100)),
    )
    empties = measure.sheets(boxes, [p.card.uid for p in page.edition.issue.pieces])
    facts += tuple((f"free_{s.number}", round(s.empty * 100)) for s in empties)
    return best[1], best[2], facts, list(remarks(page, boxes, empties, studio))


class Bench:
    """Measures trial documents. What one gave depends on its text and its engine alone."""

    def __init__(self, page: PressIssue, template: str, studio: Studio, engine: Engine) -> None:
        self.page, self.template, self.studio, self.engine = page, template, studio, engine
        self.paths = {piece.card.uid: piece.path for piece in page.edition.issue.pieces}

    def measured(
        self, take: Callable[[list[Any]], Any], only: str, room: float, trial: PressIssue
    ) -> Any:
        source = document(trial, self.template, self.studio, only, room)[0]

        def lay() -> Any:
            self.studio.at(self.paths.get(only, ""))
            rendered = self.engine.lay(source)
            self.studio.at("")
            return codec.encode(take([sheet._page_box for sheet in rendered.pages]))

        return self.studio.measured(f"{self.engine.identity}\0{only}\0{source}", lay)

    def panels(self) -> dict[str, float]:
        found = self.measured(
            lambda boxes: list(measure.panels(boxes).items()), "panels", 0.0, self.page
        )
        return dict(found)

    def frame(self, contents: str) -> int:
        """Pages of all but the fitted pieces, by how the list of contents is set."""
        trial = dataclasses.replace(self.page, contents=contents)
        return int(self.measured(len, "frame", 0.0, trial))

    def extent(self, uid: str, room: float, fit: Fit) -> measure.Extent | None:
        trial = dataclasses.replace(self.page, fits=((uid, fit),))
        found = self.measured(lambda boxes: measure.extent(boxes, uid), uid, room, trial)
        extent: measure.Extent | None = codec.decode(measure.Extent | None, found)
        return extent


def planned(
    parts: list[fitting.Part],
    panels: Mapping[str, float],
    frame: Callable[[str], int],
    trials: fitting.Trials,
) -> tuple[fitting.Plan, str]:
    """The best plan, and whether the list of contents is tight to save pages of house matter."""
    plan = fitting.search(parts, panels, frame(""), trials)
    if not plan.fillers:
        return plan, ""
    other = fitting.search(parts, panels, frame("tight"), trials)
    return (other, "tight") if other.cost + TIGHT < plan.cost else (plan, "")


def _parts(page: PressIssue, studio: Studio) -> Iterator[fitting.Part]:
    fresh = True
    for section in page.edition.issue.parts:
        for piece in section.pieces:
            if page.letter is not None and piece.card.uid == page.letter.card.uid:
                fresh = True
                continue
            nodes = codec.nodes_from(studio.load(piece.body))
            grown = fitting.growable(nodes, dict(piece.pictures))
            lead = piece.cover_view is not None
            yield fitting.Part(piece.card.uid, piece.layout, lead, grown, fresh)
            fresh = False


def remarks(
    page: PressIssue, boxes: list[Any], empties: list[measure.Sheet], studio: Studio
) -> Iterator[Diagnostic]:
    """What copy-fitting could not mend, with page and article."""
    paths = {p.card.uid: p.path for p in page.edition.issue.pieces}
    for sheet in empties:
        if sheet.empty > 0.25:
            yield Diagnostic(
                Place(paths[sheet.pieces[-1]], 1, 1),
                Severity.WARNING,
                "PD015",
                f"trang {sheet.number} của bản in trống {round(sheet.empty * 100)}%",
                "thêm bớt vài câu, hay đổi chỗ một hình trong bài",
            )
    for uid, path in paths.items():
        extent = measure.extent(boxes, uid)
        if extent is not None and extent.tail <= 0:
            yield Diagnostic(
                Place(path, 1, 1),
                Severity.WARNING,
                "PD016",
                f"phần nguồn của bài đứng một mình ở đầu trang {extent.start + extent.pages}",
                "thêm hoặc bớt vài dòng trong bài",
            )
    yield from small_letters(page, boxes, studio)


def small_letters(page: PressIssue, boxes: list[Any], studio: Studio) -> Iterator[Diagnostic]:
    """Drawings whose smallest letters come out below what one can read."""
    views = {
        f"picture:{v.kind}/{v.digest}": (p.path, v)
        for p in page.edition.issue.pieces
        for v in _views(p)
        if v.kind == "svg"
    }
    for number, element, wide, high in measure.pictures(boxes):
        path, view = views.get(element.get("src") or "", ("", None))
        if view is None or "entry-picture" in (element.get("class") or ""):
            continue
        found = FONT_SIZE.findall(studio.load(view.digest).decode("utf-8"))
        size = min(map(float, found), default=0.0) * min(wide / view.width, high / view.height)
        if 0 < size < SMALLEST:
            yield Diagnostic(
                Place(path, 1, 1),
                Severity.WARNING,
                "PD017",
                f"chữ trong hình ở trang {number} chỉ còn {text.format_number(round(size, 1))} pt",
                "vẽ chữ trong hình to hơn, hoặc bớt chiều cao của hình",
            )


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
    covered = glyphs.SILENT.union(*(glyphs.drawable(studio.load(d)) for _, d in page.fonts))
    starts = dict(page.starts)
    pieces = {piece.path: piece for piece in page.edition.issue.pieces}
    for path, content in texts.items():
        odd = glyphs.missing(content, covered)
        if odd:
            names = ", ".join(f"«{c}» U+{ord(c):04X}" for c in odd[:8])
            line = glyphs.line_with(pieces[path], starts.get(path, 1), odd, studio)
            yield Diagnostic(
                Place(path, line, 1),
                Severity.ERROR,
                "PD002",
                f"phông chữ in không có: {names}",
                "thay bằng chữ khác hoặc thêm phông có chữ này vào giao diện",
            )
