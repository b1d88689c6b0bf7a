"""How pages of the desk look: the frame around them, the theme's colours, fonts and woven band.

While no theme can be read the desk still stands, in the house's own colours and the machine's
fonts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from bulletin import colour, ornament
from bulletin.model import Palette
from bulletin.theme import Theme

RESERVED = "/_bulletin/"
DESK = "/_ban-bien-tap/"
FILES = Path(__file__).parent / "files"
STATIC = {
    "news.js": "text/javascript",
    "live.js": "text/javascript",
    "live.css": "text/css",
    "desk.js": "text/javascript",
    "form.js": "text/javascript",
    "begin.js": "text/javascript",
    "desk.css": "text/css",
}
# Nothing from elsewhere and nothing inline, as on the site; frames hold only our own pages.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
PLAIN = Palette("cham", "#2F3E8C", "#3B4CA3", "#DADDF0", "#1E8C82", "#A5B0EE", "")
NAMES = {"serif": "Desk Serif", "sans": "Desk Sans"}
BAND = ("..a..", ".aaa.", "aafaa", ".aaa.", "..a..")


def page(
    title: str, body: Markup, *, scripts: Iterable[str], kind: str, token: str = "", head: str = ""
) -> str:
    """A whole page of the desk. ``token`` lets its script write."""
    return str(
        Markup(
            '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><title>{title} · Bàn '
            "biên tập</title>"
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark">{token}'
            '<link rel="icon" href="{r}band.svg"><link rel="stylesheet" href="{r}theme.css">'
            '<link rel="stylesheet" href="{r}desk.css"></head>'
            '<body class="{kind}"><a class="skip" href="#main">Tới nội dung</a>'
            '<header class="cloth"><div class="shell"><p class="house"><a href="{desk}">Bàn '
            "biên tập</a>"
            '{head}</p><nav aria-label="Bàn biên tập"><a href="{desk}bai-moi">Bài mới</a>'
            '<a href="/">Trang web</a></nav></div></header><div class="hem"></div>'
            '<main id="main" class="shell" tabindex="-1">{body}</main>{scripts}</body></html>\n'
        ).format(
            title=title,
            token=Markup('<meta name="token" content="{}">').format(token) if token else "",
            head=Markup("<span>{}</span>").format(head) if head else "",
            r=RESERVED,
            desk=DESK,
            kind=kind,
            body=body,
            scripts=Markup("").join(
                Markup('<script src="{}{}"></script>').format(RESERVED, name) for name in scripts
            ),
        )
    )


def static(name: str) -> bytes | None:
    """A script or sheet that came with the program."""
    return (FILES / name).read_bytes() if name in STATIC else None


def theme_sheet(theme: Theme | None, accent: str) -> str:
    """The fonts of the theme and the colours of the issue in hand."""
    palette = theme.palette(accent) if theme is not None and theme.palettes else PLAIN
    faces = ""
    fonts = theme.fonts if theme is not None else ()
    first = {like: next((f.family for f in fonts if f.like == like), "") for like in NAMES}
    for number, font in enumerate(fonts):
        if font.family != first[font.like]:
            continue
        family = NAMES[font.like]
        style = "italic" if font.italic else "normal"
        faces += (
            f"@font-face{{font-family:'{family}';font-weight:{font.weight};font-style:{style};"
            f"font-display:swap;src:url({RESERVED}font/{number})}}"
        )
    return (
        f"{faces}:root{{--accent:{palette.accent};--fill:{palette.fill};--light:{palette.light};"
        f"--second:{palette.second};--paper:{colour.PAPER};--ink:{colour.INK}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{palette.accent_dark}}}}}\n"
    )


def font(theme: Theme | None, number: str) -> str:
    """The digest of a font of the theme."""
    fonts = theme.fonts if theme is not None else ()
    if number.isascii() and number.isdigit() and int(number[:4]) < len(fonts):
        return theme.files.get(fonts[int(number[:4])].file, "") if theme is not None else ""
    return ""


def band(theme: Theme | None, accent: str) -> str:
    if theme is None or not theme.palettes or not theme.patterns:
        return ornament.band(BAND, PLAIN)
    palette = theme.palette(accent)
    return ornament.band(theme.pattern(palette.pattern).band, palette)
