"""What lets readers go on without a network: service worker, lists of issues, manifest, icons.

The service worker is the theme's ``web/sw.js`` with a line in front that says what to keep. Its
version is the digest of everything it keeps, so a browser fetches a new one exactly when something
has changed. A theme without ``web/sw.js`` has none of this.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bulletin import codec
from bulletin.colour import PAPER
from bulletin.model import Issue, Job, PictureView
from bulletin.outputs import assets, drawing
from bulletin.pages import Asset
from bulletin.studio import Product, Studio
from bulletin.theme import Theme, icon_shapes

if TYPE_CHECKING:
    from bulletin.outputs import Source

WORKER, ICON = "web/sw.js", "web/icon.svg"
PAGE, LIST, MANIFEST = "ngoai-tuyen/", "ngoai-tuyen.json", "manifest.webmanifest"
# Name → (pixels, share of the width that the drawing takes). Hosts of apps may cut a maskable icon
# to a circle of 80 %.
ICONS = {
    "icon-180.png": (180, 1.0),
    "icon-192.png": (192, 1.0),
    "icon-512.png": (512, 1.0),
    "icon-maskable.png": (512, 0.8),
}
# Of every picture an issue keeps one file, and the worker serves it for every size.
KEPT_WIDTH = 800


def offered(theme: Theme) -> bool:
    return WORKER in theme.files and "web/offline.html" in theme.sources


def urls(theme: Theme) -> dict[str, str]:
    """Names under which templates find these files."""
    if not offered(theme):
        return {}
    table = {MANIFEST: MANIFEST}
    if ICON in theme.files:
        for name, form in ICONS.items():
            stem, _, suffix = name.rpartition(".")
            table[name] = f"assets/{stem}-{assets.short(theme.files[ICON], str(form))}.{suffix}"
    return table


def jobs(source: Source) -> Iterator[Job]:
    theme = source.theme
    if not offered(theme):
        return
    for issue in source.assembly.catalog.issues:
        yield _text(issue.url + LIST, _json(issue_list(theme, issue)))
    yield _text(MANIFEST, _json(manifest(source)))
    for name, url in urls(theme).items():
        if name in ICONS:
            size, share = ICONS[name]
            settings = (("share", str(share)), ("size", str(size)))
            digest = theme.files[ICON]
            yield Job(f"site/{url}", "offline", Asset("icon", digest, settings), needs=(digest,))
    worker = theme.files[WORKER]
    told = (("site", json.dumps(kept(source), separators=(",", ":"))),)
    yield Job("site/sw.js", "offline", Asset("worker", worker, told), needs=(worker,))


def _text(url: str, content: str) -> Job:
    return Job(f"site/{url}", "offline", Asset("text", "", (("text", content),)))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def kept(source: Source) -> dict[str, Any]:
    """What the worker is told: the shell and a version that changes when any of it changes."""
    theme = source.theme
    closures = [theme.closures.get(f"web/{name}.html", "") for name in ("home", "offline")]
    files = shell(theme)
    catalog = source.assembly.catalog
    around = [[group.title for group in catalog.sections], [i.url for i in catalog.issues]]
    about = codec.dumps((source.config.publication, *around)).decode()
    version = assets.short(theme.files[WORKER], *closures, *files, about)
    return {"version": version, "offline": PAGE, "shell": files}


def shell(theme: Theme) -> list[str]:
    """Home, offline page and what all pages share; fonts of rare letters come when they are met."""
    table = assets.urls(theme)
    files = [table["style.css"]]
    files += [url for name, url in table.items() if name.endswith((".js", ".svg"))]
    files += [dict(face.urls)["core"] for face in assets.faces(theme)]
    files += [
        assets.ornament_url(theme, palette, form)
        for palette in theme.palettes
        for form in ("band", "field")
    ]
    return ["", PAGE, *sorted(set(files))]


def issue_list(theme: Theme, issue: Issue) -> dict[str, Any]:
    """All that reading the issue needs beside the shell; the version is that of its content."""
    pages = [issue.url, *(piece.card.url for piece in issue.pieces)]
    seen: dict[str, None] = {}
    for piece in issue.pieces:
        views = [view for _, view in piece.pictures]
        for view in [piece.cover_view, *views] if piece.cover_view else views:
            seen[light(view)] = None
    drawn = [url for url in seen if url]
    version = assets.short(codec.dumps(issue).decode(), assets.style_url(theme))
    title = f"Số {issue.number}/{issue.year}"
    return {"key": issue.key, "title": title, "version": version, "urls": pages + drawn}


def light(view: PictureView) -> str:
    """One file of a picture for the store; a drawing stands inside its page."""
    if view.kind == "svg":
        return ""
    fitting = [
        (url, width) for url, width in view.srcset if width <= KEPT_WIDTH and url.endswith(".webp")
    ]
    return max(fitting, key=lambda pair: pair[1])[0] if fitting else view.url


def manifest(source: Source) -> dict[str, Any]:
    publication, theme = source.config.publication, source.theme
    icons = [
        {
            "src": url,
            "sizes": f"{ICONS[name][0]}x{ICONS[name][0]}",
            "type": "image/png",
            "purpose": "maskable" if "maskable" in name else "any",
        }
        for name, url in urls(theme).items()
        if name in ICONS and name != "icon-180.png"
    ]
    found: dict[str, Any] = {
        "id": "./",
        "name": f"Bản tin {publication.name}",
        "short_name": publication.name,
        "description": publication.description,
        "lang": source.config.site.language,
        "dir": "ltr",
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": theme.icon_ground or PAPER,
        "icons": icons,
    }
    return found


def make(job: Job, studio: Studio) -> Product:
    page: Asset = job.page
    settings = dict(page.settings)
    match page.form:
        case "text":
            return Product(settings["text"].encode())
        case "worker":
            head = f"const SITE = {settings['site']};\n".encode()
            return Product(head + studio.load(page.source))
        case "icon":
            svg = studio.load(page.source).decode("utf-8")
            return Product(icon(svg, int(settings["size"]), float(settings["share"])))
    raise AssertionError(page.form)


def icon(svg: str, size: int, share: float) -> bytes:
    """The theme's icon as a PNG; with ``share`` below 1 smaller on its own ground."""
    from PIL import Image, ImageDraw

    width, shapes = icon_shapes(svg)
    fine = drawing.FINE
    image = Image.new("RGB", (size * fine, size * fine), shapes[0][0])
    pen = ImageDraw.Draw(image)
    scale = size * fine * share / width
    shift = size * fine * (1 - share) / 2
    for colour, rings in shapes:
        for ring in rings:
            pen.polygon([(x * scale + shift, y * scale + shift) for x, y in ring], fill=colour)
    out = io.BytesIO()
    plain = image.reduce(fine).quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    plain.save(out, "PNG", optimize=True)
    return out.getvalue()
