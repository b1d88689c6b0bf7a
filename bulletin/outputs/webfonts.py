"""Fonts of the website: small subsets by range, and stand-ins that take the same room.

Every face of the theme is cut into two files. ``core`` holds what a page of quốc ngữ needs and is
all that most pages load; ``rest`` holds the other scripts and signs, and a browser asks for it only
when a page shows one of them. Until a face has come, a font of the reader's machine stands in,
scaled so that lines break where they will break later and nothing jumps.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from bulletin import text
from bulletin.pages import Face

# Letters of quốc ngữ in both cases, digits, and the signs of Vietnamese typesetting. The marks
# alone are for letters of the province's other languages that have no code point of their own.
CORE = (
    "U+20-7E,U+A0,U+A9,U+AB,U+B0,U+B2,U+B3,U+B7,U+BB-BD,U+C0-C3,U+C8-CA,U+CC,U+CD,U+D2-D5,U+D7,"
    "U+D9,U+DA,U+DD,U+E0-E3,U+E8-EA,U+EC,U+ED,U+F2-F5,U+F9,U+FA,U+FD,U+102,U+103,U+110,U+111,"
    "U+128,U+129,U+168,U+169,U+1A0,U+1A1,U+1AF,U+1B0,U+300-303,U+306,U+309,U+31B,U+323,"
    "U+1EA0-1EF9,U+2010,U+2011,U+2013,U+2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+202F,U+2030,"
    "U+2039,U+203A,U+20AB,U+2190-2193,U+21A9,U+2212,U+2248,U+2264,U+2265"
)
# Latin of other languages, Greek, phonetic and mathematical signs of a science bulletin.
REST = (
    "U+A1-A8,U+AA,U+AC-AF,U+B1,U+B4-B6,U+B8-BA,U+BE-BF,U+C4-C7,U+CB,U+CE-D1,U+D6,U+D8,U+DB-DC,"
    "U+DE-DF,U+E4-E7,U+EB,U+EE-F1,U+F6-F8,U+FB-FC,U+FE-101,U+104-10F,U+112-127,U+12A-167,"
    "U+16A-19F,U+1A2-1AE,U+1B1-24F,U+2BC,U+2C6-2DD,U+304-305,U+307-308,U+30A-30C,U+331,U+370-3FF,"
    "U+1E00-1E9F,U+1EFA-1EFF,U+2012,U+2015,U+2020-2021,U+2032-2033,U+2044,"
    "U+2070-2079,U+207A-207F,U+2080-208E,U+20AC,U+2116,U+2122,U+2202,U+2206,U+220F,U+2211,"
    "U+2215,U+221A,U+221E,U+222B,U+2260,U+25CA"
)
RANGES = {"core": CORE, "rest": REST}
FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum")
# Copyright, family, style, full name, PostScript name, licence and its address.
NAMES = (0, 1, 2, 4, 6, 13, 14)

# Vietnamese prose whose average width tells how wide a font runs.
SAMPLE = (
    "Khoa học và kỹ thuật giúp bà con làm ra nhiều hơn trên mảnh đất của mình, bán được giá hơn và "
    "giữ được rừng, nguồn nước cho con cháu. Mỗi bài kể một việc đã làm được ở xã, thôn, hợp tác "
    "xã hay trường học trong tỉnh: làm thế nào, tốn bao nhiêu, kết quả ra sao, chỗ nào cần lưu ý."
)
# Fonts that phones and desktops bring along: average width of SAMPLE in em by style, measured on
# fonts with the same advance widths (Gelasio for Georgia, Tinos for Times New Roman, Arimo for
# Arial), and the names under which ``local()`` finds them or, on Linux, their twins of the same
# widths. Android has Noto Serif and Roboto.
REGULAR, ITALIC, BOLD = "regular", "italic", "bold"
LOCAL: dict[str, tuple[tuple[str, dict[str, tuple[float, tuple[str, ...]]]], ...]] = {
    "serif": (
        (
            "Noto Serif",
            {
                REGULAR: (0.4852, ("Noto Serif", "NotoSerif")),
                ITALIC: (0.4739, ("Noto Serif Italic", "NotoSerif-Italic")),
                BOLD: (0.5154, ("Noto Serif Bold", "NotoSerif-Bold")),
            },
        ),
        (
            "Georgia",
            {
                REGULAR: (0.4454, ("Georgia",)),
                ITALIC: (0.4547, ("Georgia Italic", "Georgia-Italic")),
                BOLD: (0.5159, ("Georgia Bold", "Georgia-Bold")),
            },
        ),
        (
            "Times New Roman",
            {
                REGULAR: (
                    0.4091,
                    ("Times New Roman", "TimesNewRomanPSMT", "Liberation Serif", "LiberationSerif"),
                ),
                ITALIC: (
                    0.4126,
                    (
                        "Times New Roman Italic",
                        "TimesNewRomanPS-ItalicMT",
                        "Liberation Serif Italic",
                        "LiberationSerif-Italic",
                    ),
                ),
                BOLD: (
                    0.4369,
                    (
                        "Times New Roman Bold",
                        "TimesNewRomanPS-BoldMT",
                        "Liberation Serif Bold",
                        "LiberationSerif-Bold",
                    ),
                ),
            },
        ),
    ),
    "sans": (
        (
            "Roboto",
            {
                REGULAR: (0.4482, ("Roboto", "Roboto-Regular")),
                ITALIC: (0.4359, ("Roboto Italic", "Roboto-Italic")),
                BOLD: (0.4541, ("Roboto Bold", "Roboto-Bold")),
            },
        ),
        (
            "Arial",
            {
                REGULAR: (0.457, ("Arial", "ArialMT", "Liberation Sans", "LiberationSans")),
                ITALIC: (
                    0.4543,
                    (
                        "Arial Italic",
                        "Arial-ItalicMT",
                        "Liberation Sans Italic",
                        "LiberationSans-Italic",
                    ),
                ),
                BOLD: (
                    0.4906,
                    ("Arial Bold", "Arial-BoldMT", "Liberation Sans Bold", "LiberationSans-Bold"),
                ),
            },
        ),
    ),
}


def subset(data: bytes, charset: str, family: str, flavor: str | None = "woff2") -> bytes:
    """A font with the characters of ``charset`` (``U+…`` ranges); the same bytes every time.

    The subset is a modified version: it takes the family name of the stylesheet, because the
    licence keeps the original names for the originals. Copyright and licence stay in the file.
    """
    from fontTools import subset as fonttools_subset
    from fontTools.ttLib import TTFont

    options = fonttools_subset.Options()
    options.layout_features = list(FEATURES)
    options.notdef_outline = True
    options.hinting = False
    options.desubroutinize = True
    options.glyph_names = False
    options.name_IDs = list(NAMES)
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    subsetter = fonttools_subset.Subsetter(options)
    subsetter.populate(unicodes=fonttools_subset.parse_unicodes(charset.replace("U+", "")))
    subsetter.subset(font)
    _rename(font, family)
    font.flavor = flavor
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _rename(font: Any, family: str) -> None:
    style = font["name"].getDebugName(2) or "Regular"
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = family
        elif record.nameID == 4:
            record.string = f"{family} {style}"
        elif record.nameID == 6:
            record.string = f"{family}-{style}".replace(" ", "")


def property_name(family: str) -> str:
    """The custom property that holds ``family`` with its stand-ins."""
    return f"--font-{text.slug(family)}"


def rules(faces: tuple[tuple[Face, bytes], ...]) -> str:
    """``@font-face`` of every face and of its stand-ins, and the lists of families."""
    out = []
    stacks: dict[str, str] = {}
    for face, data in faces:
        # A browser asks the last rule of a family first for every letter, and sets a line again
        # when that one does not have it: with the letters of every word last, a page is laid out
        # in a third of the time (Chromium 156, the front page).
        out += [_face_rule(face, url, RANGES[part]) for part, url in reversed(face.urls)]
        out += _standins(face, data)
        names = [face.family, *(f"{face.family} {local}" for local, _ in LOCAL[face.like])]
        stacks.setdefault(face.family, ",".join(f'"{name}"' for name in names))
    lists = ";".join(f"{property_name(family)}:{stack}" for family, stack in stacks.items())
    return "".join(out) + (f":root{{{lists}}}" if lists else "")


def _style(face: Face) -> str:
    slant = "font-style:italic;" if face.italic else ""
    return f"font-weight:{face.weight};{slant}"


def _face_rule(face: Face, url: str, ranges: str) -> str:
    return (
        f'@font-face{{font-family:"{face.family}";{_style(face)}font-display:swap;'
        f'src:url({url.removeprefix("assets/")}) format("woff2");unicode-range:{ranges}}}'
    )


def _standins(face: Face, data: bytes) -> Iterator[str]:
    width, ascent, descent = measure(data)
    form = ITALIC if face.italic else BOLD if face.weight >= 600 else REGULAR
    for local, styles in LOCAL[face.like]:
        own, names = styles[form]
        scale = width / own
        sources = ",".join(f'local("{name}")' for name in names)
        yield (
            f'@font-face{{font-family:"{face.family} {local}";{_style(face)}src:{sources};'
            f"size-adjust:{_percent(scale)};ascent-override:{_percent(ascent / scale)};"
            f"descent-override:{_percent(descent / scale)};line-gap-override:0%}}"
        )


def _percent(value: float) -> str:
    return f"{round(value * 100, 2):g}%"


def measure(data: bytes) -> tuple[float, float, float]:
    """Average width of SAMPLE, ascent and descent of a font, all in em."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), lazy=True)
    em = font["head"].unitsPerEm
    widths, glyphs = font["hmtx"], font.getBestCmap()
    total = sum(widths[glyphs.get(ord(letter), ".notdef")][0] for letter in SAMPLE)
    line = font["hhea"]
    return total / len(SAMPLE) / em, line.ascent / em, -line.descent / em
