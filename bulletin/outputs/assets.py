"""Files beside the pages: stylesheet, scripts, font subsets, ornament, pictures.

Names carry a digest of everything that the file is made from, so that hosts may cache them for
ever and a page always meets the sheet that it was built with.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin import codec, ornament
from bulletin.model import Job, Palette, PictureView
from bulletin.pages import Asset
from bulletin.studio import Product, Studio
from bulletin.theme import Theme, normal

if TYPE_CHECKING:
    from bulletin.outputs import Source

JPEG_QUALITY = 82
WEBP_QUALITY = 80
# Latin with all Vietnamese letters, the marks and tone letters of the province's languages,
# punctuation, and the signs of a science bulletin.
CHARSET = (
    "U+0020-007E,U+00A0-017F,U+0180-024F,U+02BC,U+02C6-02DD,U+0300-0303,U+0306,U+0309,U+031B,"
    "U+0323,U+0331,U+0370-03FF,U+1E00-1EFF,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,"
    "U+2032,U+2033,U+2039,U+203A,U+2044,U+2070-2079,U+207A-207F,U+2080-208E,U+20AB,U+20AC,U+2116,"
    "U+2122,U+2190-2193,U+21A9,U+2202,U+2206,U+220F,U+2211,U+2212,U+2215,U+221A,U+221E,U+222B,"
    "U+2248,U+2260,U+2264,U+2265,U+25CA"
)
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")


def short(*parts: str) -> str:
    return codec.digest("\0".join(parts).encode())[:10]


def font_url(theme: Theme, file: str) -> str:
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return f"assets/{stem}-{short(theme.files[file], CHARSET)}.woff2"


def ornament_url(theme: Theme, palette: Palette, form: str) -> str:
    grid = getattr(theme.pattern(palette.pattern), form)
    colours = codec.dumps(palette).decode()
    return f"assets/{form}-{palette.name}-{short(colours, *grid)}.svg"


def style_url(theme: Theme) -> str:
    parts = [theme.sheets.get("web/style.css", "")]
    parts += [font_url(theme, font.file) for font in theme.fonts if font.web]
    for palette in theme.palettes:
        parts += [ornament_url(theme, palette, form) for form in ("band", "field")]
    return f"assets/style-{short(*parts)}.css"


def urls(theme: Theme) -> dict[str, str]:
    """Asset name as templates know it → address from the site root."""
    table = {"style.css": style_url(theme), "search.json": "search.json", "feed.xml": "feed.xml"}
    for path, digest in theme.files.items():
        if path.startswith("web/") and not path.endswith(".css"):
            name = path.removeprefix("web/")
            stem, _, suffix = name.rpartition(".")
            table[name] = f"assets/{stem}-{digest[:10]}.{suffix}"
    for font in theme.fonts:
        if font.web:
            table[font.file] = font_url(theme, font.file)
    return table


def jobs(source: Source) -> Iterator[Job]:
    theme = source.theme
    table = urls(theme)
    sheet = theme.files.get("web/style.css", "")
    names = {path: table[path] for path in table if path.startswith("fonts/")}
    settings = tuple(sorted(names.items())) + tuple(_palettes(theme))
    yield _job(table["style.css"], Asset("style", sheet, settings), sheet)
    for path, digest in theme.files.items():
        if path.startswith("web/") and not path.endswith(".css"):
            yield _job(table[path.removeprefix("web/")], Asset("copy", digest), digest)
    for font in theme.fonts:
        if font.web:
            digest = theme.files[font.file]
            yield _job(table[font.file], Asset("font", digest, (("charset", CHARSET),)), digest)
    for palette in theme.palettes:
        for form in ("band", "field"):
            drawing = ornament_svg(theme, palette, form)
            yield _job(ornament_url(theme, palette, form), Asset("text", "", (("text", drawing),)))
    yield from _pictures(source)


def _job(url: str, page: Asset, *needs: str) -> Job:
    return Job(f"site/{url}", "assets", page, needs=tuple(n for n in needs if n))


def ornament_svg(theme: Theme, palette: Palette, form: str) -> str:
    pattern = theme.pattern(palette.pattern)
    if form == "band":
        return ornament.band(pattern.band, palette)
    return ornament.field(pattern.field, palette)


def _palettes(theme: Theme) -> Iterator[tuple[str, str]]:
    """Rules that give every issue its colours and ornament."""
    for palette in theme.palettes:
        band = ornament_url(theme, palette, "band").removeprefix("assets/")
        field = ornament_url(theme, palette, "field").removeprefix("assets/")
        yield (
            f".accent-{palette.name}",
            palette_rule(palette, f"url({band})", f"url({field})")
            + f"@media (prefers-color-scheme:dark){{.accent-{palette.name}"
            f"{{--accent:{palette.accent_dark}}}}}",
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
    page: Asset = job.page
    match page.form:
        case "copy":
            return Product(studio.load(page.source))
        case "text":
            return Product(dict(page.settings)["text"].encode())
        case "style":
            return Product(_style(page, studio))
        case "font":
            return Product(subset(studio.load(page.source), dict(page.settings)["charset"]))
        case "svg":
            from bulletin import picture

            return Product(picture.clean_svg(studio.load(page.source), "").encode())
        case "variant":
            return Product(_variant(studio.load(page.source), dict(page.settings)))
    raise AssertionError(page.form)


def _style(page: Asset, studio: Studio) -> bytes:
    names = dict(page.settings)
    source = studio.load(page.source).decode("utf-8")

    def renamed(match: re.Match[str]) -> str:
        inside = normal(f"web/{match.group(1)}")
        return (
            f"url({names[inside].removeprefix('assets/')})" if inside in names else match.group(0)
        )

    rules = "".join(rule for name, rule in page.settings if name.startswith(".accent-"))
    return (minify(_URL.sub(renamed, source)) + rules + "\n").encode()


def minify(css: str) -> str:
    """Drop comments and the white space that CSS does not need."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


def subset(data: bytes, charset: str) -> bytes:
    """A WOFF2 with the characters of ``charset`` (``U+…`` ranges); the same bytes every time."""
    from fontTools import subset as fonttools_subset
    from fontTools.ttLib import TTFont

    options = fonttools_subset.Options()
    options.layout_features = [
        "kern",
        "liga",
        "mark",
        "mkmk",
        "ccmp",
        "locl",
        "lnum",
        "tnum",
        "sups",
    ]
    options.notdef_outline = True
    options.hinting = False
    options.desubroutinize = True
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    subsetter = fonttools_subset.Subsetter(options)
    subsetter.populate(unicodes=fonttools_subset.parse_unicodes(charset.replace("U+", "")))
    subsetter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _variant(data: bytes, settings: dict[str, str]) -> bytes:
    """A picture at one width for the web: turned by EXIF, in sRGB, without metadata."""
    from PIL import Image, ImageCms, ImageOps

    with Image.open(io.BytesIO(data)) as opened:
        image: Image.Image = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
    if image.mode == "I;16" or image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = "RGBA" if image.mode == "RGBA" else "RGB"
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, given, srgb, outputMode=target) or image
        except (ImageCms.PyCMSError, ValueError):
            pass  # a broken profile: the numbers are taken as sRGB, as browsers do
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    image = image.convert("RGBA" if has_alpha else "RGB")
    width = int(settings["width"])
    if width < image.width:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if settings["format"] == "webp":
        image.save(out, "WEBP", quality=WEBP_QUALITY, method=4)
    elif settings["format"] == "png":
        image.save(out, "PNG", optimize=True)
    else:
        if has_alpha:
            ground = Image.new("RGB", image.size, "white")
            ground.paste(image, mask=image.getchannel("A"))
            image = ground
        image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
