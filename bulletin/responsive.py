"""The markup of a picture on the web: every size and format, its room, and a colour until it comes.

The placeholder is a class for the average colour with one hexadecimal digit per channel of four
steps, because a policy without inline styles leaves no other place for a colour of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from bulletin.model import PictureView

FORMATS = (("avif", "image/avif"), ("webp", "image/webp"))
STEPS = "37be"
# How wide a picture stands, by the width that the author chose; the columns of the theme.
SIZES = {
    "column": "(min-width: 43em) 39rem, 100vw",
    "page": "(min-width: 62em) 56rem, 100vw",
    "bleed": "(min-width: 78em) 72rem, 100vw",
    "thumb": "16rem",
}


def tone(red: int, green: int, blue: int) -> str:
    """The class of a colour, «t7be»."""
    levels = [int(step * 2, 16) for step in STEPS]
    near = (
        min(range(len(levels)), key=lambda place, part=part: abs(levels[place] - part))  # type: ignore[misc]
        for part in (red, green, blue)
    )
    return "t" + "".join(STEPS[place] for place in near)


def tone_rules() -> str:
    """The stylesheet's part of the bargain."""
    names = (f"{r}{g}{b}" for r in STEPS for g in STEPS for b in STEPS)
    return "".join(f".t{name}{{background:#{name}}}" for name in names)


def image(
    view: PictureView, base: str, alt: str, width: str = "column", urgent: str = "lazy"
) -> Markup:
    """``urgent``: ``lazy``, ``soon`` (the first of a page) or ``lead``."""
    hints = {
        "lazy": ' loading="lazy" decoding="async"',
        "soon": ' decoding="async"',
        "lead": ' fetchpriority="high" decoding="async"',
    }
    name = Markup(' class="{}"').format(view.tone) if view.tone else Markup("")
    picture = Markup('<img src="{}" alt="{}" width="{}" height="{}"{}{}>').format(
        base + view.url, alt, view.width, view.height, name, Markup(hints[urgent])
    )
    sources = Markup("").join(_sources(view, base, SIZES.get(width, SIZES["column"])))
    return Markup("<picture>{}{}</picture>").format(sources, picture) if sources else picture


def _sources(view: PictureView, base: str, sizes: str) -> Iterator[Markup]:
    for suffix, kind in FORMATS:
        files = [(url, width) for url, width in view.srcset if url.endswith(f".{suffix}")]
        if files:
            listed = ", ".join(f"{base}{url} {width}w" for url, width in files)
            yield Markup('<source type="{}" srcset="{}" sizes="{}">').format(kind, listed, sizes)
