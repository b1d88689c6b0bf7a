"""Fonts of the website: small, complete for quốc ngữ, lawful, and with stand-ins of equal width."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from typing import Any

import pytest
from conftest import FONTS, Make
from fontTools.subset import parse_unicodes
from fontTools.ttLib import TTFont

from bulletin import theme
from bulletin.diag import Report
from bulletin.outputs import assets, webfonts
from bulletin.pages import Face

SERIF = (FONTS / "SourceSerif4-Regular.ttf").read_bytes()
FACE = Face(
    "d",
    "LHH Serif",
    400,
    False,
    "serif",
    (("core", "assets/s-core.woff2"), ("rest", "assets/s-rest.woff2")),
)
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def codes(ranges: str) -> set[int]:
    return set(parse_unicodes(ranges.replace("U+", "")))


@cache
def core() -> bytes:
    return webfonts.subset(SERIF, webfonts.CORE, "LHH Serif")


def font(data: bytes) -> Any:
    return TTFont(io.BytesIO(data))


def test_every_letter_of_quoc_ngu_is_in_the_first_file() -> None:
    words = [unicodedata.normalize("NFC", base + tone) for base in VOWELS for tone in TONES]
    letters = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZđĐ")
    letters |= {letter for word in words for letter in word + word.upper()}
    assert len(letters) == 52 + 2 + 2 * (12 * 6 - 6)
    signs = set("0123456789.,;:!?…–—“”‘’()[]«»‹›%‰°×²³·₫\u00a0")
    missing = {letter for letter in letters | signs if ord(letter) not in codes(webfonts.CORE)}
    assert missing == set()
    assert {ord(letter) for letter in signs | letters} <= set(font(core()).getBestCmap())


def test_no_letter_is_in_both_files() -> None:
    assert codes(webfonts.CORE) & codes(webfonts.REST) == set()


def test_a_subset_is_small_unhinted_and_the_same_every_time() -> None:
    assert len(core()) < 17_000
    assert webfonts.subset(SERIF, webfonts.CORE, "LHH Serif") == core()
    assert not {"fpgm", "prep", "cvt "} & set(font(core()).keys())


def test_a_subset_takes_the_name_of_the_stylesheet_and_keeps_its_licence() -> None:
    names = font(core())["name"]
    assert [names.getDebugName(number) for number in (1, 4, 6)] == [
        "LHH Serif",
        "LHH Serif Regular",
        "LHHSerif-Regular",
    ]
    assert "Adobe" in names.getDebugName(0)
    assert "Open Font License" in names.getDebugName(13)
    assert "Source" not in "".join(names.getDebugName(n) or "" for n in (1, 2, 3, 4, 6, 16, 17))


def test_a_standin_runs_as_wide_as_the_font_it_waits_for() -> None:
    css = webfonts.rules(((FACE, SERIF),))
    width, ascent, _ = webfonts.measure(SERIF)
    georgia = re.search(r'local\("Georgia"\);size-adjust:([\d.]+)%;ascent-override:([\d.]+)%', css)
    assert georgia
    scale = float(georgia[1]) / 100
    assert 0.4454 * scale == pytest.approx(width, abs=0.0005)
    assert float(georgia[2]) / 100 * scale == pytest.approx(ascent, abs=0.001)


def test_rules_of_a_face() -> None:
    css = webfonts.rules(((FACE, SERIF),))
    assert 'src:url(s-core.woff2) format("woff2");unicode-range:U+20-7E,' in css
    assert 'src:url(s-rest.woff2) format("woff2");unicode-range:U+A1-A8,' in css
    assert css.index("s-rest.woff2") < css.index("s-core.woff2")  # the last one is asked first
    assert (
        ':root{--font-lhh-serif:"LHH Serif","LHH Serif Noto Serif","LHH Serif Georgia",'
        '"LHH Serif Times New Roman"}'
    ) in css
    assert webfonts.rules(()) == ""


def test_a_site_has_two_files_of_each_web_font(project: Make) -> None:
    built = project()
    assert not built.build().failed
    names = sorted(name for name in built.tree() if name.endswith(".woff2"))
    assert [re.sub(r"-[0-9a-f]{10}", "", name) for name in names] == [
        "site/assets/sourceserif4-regular-core.woff2",
        "site/assets/sourceserif4-regular-rest.woff2",
    ]
    sheet = next(text for name, text in built.tree().items() if name.endswith(".css")).decode()
    assert all(name.removeprefix("site/assets/") in sheet for name in names)


# ---- subsets that the theme brings along -----------------------------------------------------


def test_the_theme_brings_the_subsets_that_a_build_would_cut() -> None:
    folder = FONTS.parent
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    made = theme.read("lhh", files, "themes/lhh", Report())
    assert made is not None
    wanted = {
        f"{assets.CUT}{url.rpartition('/')[2]}": (face, part)
        for face in assets.faces(made)
        for part, url in face.urls
    }
    assert {name for name in files if name.startswith(assets.CUT)} == set(wanted), (
        "run scripts/cut-fonts"
    )
    name, (face, part) = next(item for item in wanted.items() if "bevietnam" in item[0])
    (source,) = (f.file for f in made.fonts if made.files[f.file] == face.source)
    assert files[name] == webfonts.subset(files[source], webfonts.RANGES[part], face.family)
