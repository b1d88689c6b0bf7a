"""Files beside the pages: stylesheet, scripts, font subsets, ornament, pictures.

Names carry a digest of everything that the file is made from, so that hosts may cache them for
ever and a page always meets the sheet that it was built with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin import codec, ornament, responsive
from bulletin.model import Job, Palette, PictureView
from bulletin.outputs import variants, webfonts
from bulletin.pages import Asset, Face, StyleSheet
from bulletin.studio import Product, Studio
from bulletin.theme import FontSpec, Theme, normal

if TYPE_CHECKING:
    from bulletin.outputs import Source

# A theme on top of another adds its rules in a sheet of its own.
SHEETS = ("web/style.css", "web/extra.css")
CUT = "fonts/cut/"  # where `scripts/cut-fonts` puts the subsets of a theme
FEED_SHEET = "web/feed.css"  # by which browsers show a feed that somebody opens
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")


def short(*parts: str) -> str:
    return codec.digest("\0".join(parts).encode())[:10]


def font_url(theme: Theme, font: FontSpec, part: str = "core") -> str:
    stem = font.file.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    recipe = (theme.files[font.file], webfonts.RANGES[part], font.family, *webfonts.FEATURES)
    return f"assets/{stem}-{part}-{short(*recipe)}.woff2"


def faces(theme: Theme) -> tuple[Face, ...]:
    return tuple(
        Face(
            source=theme.files[font.file],
            family=font.family,
            weight=font.weight,
            italic=font.italic,
            like=font.like,
            urls=tuple((part, font_url(theme, font, part)) for part in webfonts.RANGES),
        )
        for font in theme.fonts
        if font.web
    )


def ornament_url(theme: Theme, palette: Palette, form: str) -> str:
    grid = getattr(theme.pattern(palette.pattern), form)
    colours = codec.dumps(palette).decode()
    return f"assets/{form}-{palette.name}-{short(colours, *grid)}.svg"


def style_sheet(theme: Theme) -> StyleSheet:
    names = {font.file: font_url(theme, font) for font in theme.fonts if font.web}
    return StyleSheet(
        sources=tuple(theme.files[name] for name in SHEETS if name in theme.files),
        names=tuple(sorted(names.items())),
        faces=faces(theme),
        rules=(*_palettes(theme), responsive.tone_rules()),
    )


def feed_sheet(theme: Theme) -> StyleSheet:
    return StyleSheet((theme.files[FEED_SHEET],), style_sheet(theme).names, (), ())


def feed_url(theme: Theme) -> str:
    return f"assets/feed-{short(codec.dumps(feed_sheet(theme)).decode())}.css"


def style_url(theme: Theme) -> str:
    return f"assets/style-{short(codec.dumps(style_sheet(theme)).decode())}.css"


def copied(path: str) -> bool:
    """Files of ``web/`` that pages load as they are; the worker has an address of its own."""
    return path.startswith("web/") and not path.endswith(".css") and path != "web/sw.js"


def urls(theme: Theme) -> dict[str, str]:
    """Asset name as templates know it → address from the site root."""
    table = {"style.css": style_url(theme), "search.json": "search.json", "feed.xml": "feed.xml"}
    if FEED_SHEET in theme.files:
        table["feed.css"] = feed_url(theme)
    for path, digest in theme.files.items():
        if copied(path):
            name = path.removeprefix("web/")
            stem, _, suffix = name.rpartition(".")
            table[name] = f"assets/{stem}-{digest[:10]}.{suffix}"
    for font in theme.fonts:
        if font.web:
            table[font.file] = font_url(theme, font)
    return table


def jobs(source: Source) -> Iterator[Job]:
    theme = source.theme
    table = urls(theme)
    sheet = style_sheet(theme)
    needs = (*sheet.sources, *(face.source for face in sheet.faces))
    yield _job(table["style.css"], sheet, *needs)
    if FEED_SHEET in theme.files:
        own = feed_sheet(theme)
        yield _job(table["feed.css"], own, *own.sources)
    for path, digest in theme.files.items():
        if copied(path):
            yield _job(table[path.removeprefix("web/")], Asset("copy", digest), digest)
    for face in sheet.faces:
        for part, url in face.urls:
            yield _font(theme, face, part, url)
    for palette in theme.palettes:
        for form in ("band", "field"):
            drawing = ornament_svg(theme, palette, form)
            yield _job(ornament_url(theme, palette, form), Asset("text", "", (("text", drawing),)))
    yield from _pictures(source)


def _font(theme: Theme, face: Face, part: str, url: str) -> Job:
    """A subset that the theme brings along, or one to be cut: the name says from what, and how."""
    ready = theme.files.get(CUT + url.rpartition("/")[2])
    if ready is not None:
        return _job(url, Asset("copy", ready), ready)
    settings = (("charset", webfonts.RANGES[part]), ("family", face.family))
    return _job(url, Asset("font", face.source, settings), face.source)


def _job(url: str, page: Asset | StyleSheet, *needs: str) -> Job:
    return Job(f"site/{url}", "assets", page, needs=tuple(n for n in needs if n))


def ornament_svg(theme: Theme, palette: Palette, form: str) -> str:
    pattern = theme.pattern(palette.pattern)
    if form == "band":
        return ornament.band(pattern.band, palette)
    return ornament.field(pattern.field, palette)


def _palettes(theme: Theme) -> Iterator[str]:
    """Rules that give every issue its colours and ornament."""
    for palette in theme.palettes:
        band = ornament_url(theme, palette, "band").removeprefix("assets/")
        field = ornament_url(theme, palette, "field").removeprefix("assets/")
        yield (
            palette_rule(palette, f"url({band})", f"url({field})")
            + f"@media (prefers-color-scheme:dark){{.accent-{palette.name}"
            f"{{--accent:{palette.accent_dark}}}}}"
        )


def palette_rule(palette: Palette, band: str, field: str) -> str:
    return (
        f".accent-{palette.name}{{--accent:{palette.accent};--accent-fill:{palette.fill};"
        f"--accent-light:{palette.light};--second:{palette.second};"
        f"--accent-ink:{palette.accent};--band:{band};--field:{field}}}"
    )


def _pictures(source: Source) -> Iterator[Job]:
    """Every picture of every public piece and of the library, each variant once."""
    seen: set[str] = set()
    for medium, view in source.assembly.catalog.media:
        if medium.digest:
            yield _job(medium.url, Asset("copy", medium.digest), medium.digest)
        elif view and view.url not in seen:
            seen.add(view.url)
            yield from _picture(view)
    for issue in source.assembly.catalog.issues:
        for piece in issue.pieces:
            views = [view for _, view in piece.pictures]
            views += [piece.cover_view] if piece.cover_view else []
            for view in views:
                if view.url not in seen:
                    seen.add(view.url)
                    yield from _picture(view)


def _picture(view: PictureView) -> Iterator[Job]:
    if view.kind == "svg":
        yield _job(view.url, Asset("svg", view.digest), view.digest)
        return
    for url, width in (*view.srcset, (view.url, view.width)):
        form = url.rsplit(".", 1)[-1]
        settings = (("format", form), ("width", str(width)))
        yield _job(url, Asset("variant", view.digest, settings), view.digest)


def make(job: Job, studio: Studio) -> Product:
    if isinstance(job.page, StyleSheet):
        return Product(_style(job.page, studio))
    page: Asset = job.page
    match page.form:
        case "copy":
            return Product(studio.load(page.source))
        case "text":
            return Product(dict(page.settings)["text"].encode())
        case "font":
            settings = dict(page.settings)
            data = studio.load(page.source)
            return Product(webfonts.subset(data, settings["charset"], settings["family"]))
        case "svg":
            from bulletin import picture

            return Product(picture.clean_svg(studio.load(page.source), "").encode())
        case "variant":
            settings = dict(page.settings)
            data = studio.load(page.source)
            return Product(variants.encode(data, settings["format"], int(settings["width"])))
    raise AssertionError(page.form)


def _style(page: StyleSheet, studio: Studio) -> bytes:
    names = dict(page.names)
    source = "\n".join(studio.load(source).decode("utf-8") for source in page.sources)

    def renamed(match: re.Match[str]) -> str:
        inside = normal(f"web/{match.group(1)}")
        return (
            f"url({names[inside].removeprefix('assets/')})" if inside in names else match.group(0)
        )

    fonts = webfonts.rules(tuple((face, studio.load(face.source)) for face in page.faces))
    sheet = minify(_URL.sub(renamed, source))
    return (fonts + sheet + "".join(page.rules) + "\n").encode()


def minify(css: str) -> str:
    """Drop comments and the white space that CSS does not need."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()
