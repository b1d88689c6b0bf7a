"""Colours that can be read and tiles that repeat without a seam."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from bulletin import colour, ornament
from bulletin.model import Palette

THEME = yaml.safe_load(
    (Path(__file__).parent.parent / "themes/lhh/theme.yaml").read_text(encoding="utf-8")
)
PALETTES = [Palette(**spec) for spec in THEME["palettes"]]
PATTERNS = {spec["name"]: spec for spec in THEME["patterns"]}
SVG = "{http://www.w3.org/2000/svg}"
NAMES = [palette.name for palette in PALETTES]
STITCH = re.compile(r"M(-?[\d.]+) (-?[\d.]+)l(-?[\d.]+)")
each_palette = pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
each_pattern = pytest.mark.parametrize("name", sorted(PATTERNS))


def stitches(svg: str) -> dict[str, set[tuple[float, float]]]:
    """Colour → centres of its lozenges."""
    found = {}
    for path in ET.fromstring(svg).iter(f"{SVG}path"):
        marks = STITCH.findall(path.attrib["d"])
        if marks:
            found[path.attrib["fill"]] = {
                (round(float(x), 2), round(float(y) + float(r), 2)) for x, y, r in marks
            }
    return found


# ---- colour -------------------------------------------------------------------------------------


def test_contrast_has_the_values_of_wcag() -> None:
    assert colour.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert colour.contrast("#B8393A", "#B8393A") == 1
    assert colour.contrast("#123456", "#FAF6EC") == colour.contrast("#FAF6EC", "#123456")


def test_mix_goes_from_one_colour_to_the_other() -> None:
    assert colour.mix("#000000", "#ffffff", 0) == "#000000"
    assert colour.mix("#000000", "#ffffff", 1) == "#FFFFFF"
    assert colour.mix("#000000", "#FFFFFF", 0.5) == "#808080"
    assert colour.mix("#102030", "#304050", 7) == "#304050"


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "#1234567", "123456"])
def test_other_spellings_of_colours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="rrggbb"):
        colour.luminance(text)


# ---- the theme's palettes -----------------------------------------------------------------------


@each_palette
def test_accents_can_be_read_as_text(palette: Palette) -> None:
    assert colour.contrast(palette.accent, "#FFFFFF") >= 4.5
    assert colour.contrast(palette.accent, colour.PAPER) >= 4.5
    assert colour.contrast(palette.accent_dark, colour.NIGHT) >= 4.5
    assert colour.contrast(colour.INK, palette.light) >= 4.5


@each_palette
def test_white_words_stay_legible_on_a_cover(palette: Palette) -> None:
    threads = ornament.field_colours(palette)
    for letter in "afk":
        assert colour.contrast(threads[letter], "#FFFFFF") >= 4.5, letter
        assert colour.contrast(threads[letter], palette.accent) < 1.8, "low contrast on its ground"
    assert colour.contrast(threads["f"], palette.accent) > 1.15, "but visible"
    rows = PATTERNS[palette.pattern]["field"]
    bright = sum(row.count("s") + row.count("p") for row in rows)
    assert 0 < bright <= 0.03 * len(rows) * len(rows[0])


@each_palette
def test_a_band_shows_on_paper_and_at_night(palette: Palette) -> None:
    rows = PATTERNS[palette.pattern]["band"]
    day = list(stitches(ornament.band(rows, palette)))
    night = list(stitches(ornament.band(rows, palette, dark=True)))
    assert palette.accent in day
    assert palette.accent_dark in night
    assert all(colour.contrast(thread, colour.NIGHT) >= 3 for thread in night)


# ---- patterns -----------------------------------------------------------------------------------


def test_every_palette_has_its_pattern() -> None:
    assert set(THEME) >= {"palettes", "patterns"}
    assert NAMES == ["dao", "che", "nghe", "cham"]
    assert {palette.pattern for palette in PALETTES} == set(PATTERNS)


@each_pattern
def test_patterns_have_the_agreed_sizes(name: str) -> None:
    band, field = PATTERNS[name]["band"], PATTERNS[name]["field"]
    ornament.check(band)
    ornament.check(field)
    assert 5 <= len(band) <= 9
    assert 24 <= len(field[0]) <= 40


@each_pattern
def test_fields_are_symmetric(name: str) -> None:
    """A mirror maps the endless cloth onto itself; where strands cross, a half turn does."""
    rows = PATTERNS[name]["field"]
    wide, high = len(rows[0]), len(rows)
    cells = [(x, y) for y in range(high) for x in range(wide)]
    mirror = any(
        all(rows[y][x] == rows[y][(axis - x) % wide] for x, y in cells) for axis in range(wide)
    )
    turn = all(rows[y][x] == rows[-y % high][-x % wide] for x, y in cells)
    assert turn if name == "circuit" else mirror


@pytest.mark.parametrize(
    ("grid", "why"),
    [((), "rỗng"), (("",), "rỗng"), (("aa", "a"), "hàng 2"), (("a.", "x."), "«x»")],
)
def test_broken_grids_are_refused(grid: tuple[str, ...], why: str) -> None:
    with pytest.raises(ornament.PatternError, match=why):
        ornament.tile(grid, {"a": "#000000"})


# ---- tiles --------------------------------------------------------------------------------------


@each_palette
def test_a_field_repeats_without_a_seam(palette: Palette) -> None:
    """A stitch that reaches over an edge has its twin beyond the opposite edge."""
    rows = PATTERNS[palette.pattern]["field"]
    wide, high = len(rows[0]) * 4, len(rows) * 4
    reach = 4 * ornament.REACH
    found = stitches(ornament.field(rows, palette))
    centres = [centre for places in found.values() for centre in places]
    assert any(x < 0 for x, _ in centres), "the edges of our fields are never bare"
    assert any(y < 0 for _, y in centres)
    for places in found.values():
        for x, y in places:
            for dx, dy in ((wide, 0), (-wide, 0), (0, high), (0, -high)):
                if -reach < x + dx < wide + reach and -reach < y + dy < high + reach:
                    assert (round(x + dx, 2), round(y + dy, 2)) in places


@each_palette
def test_a_band_repeats_to_the_side_and_keeps_its_tips(palette: Palette) -> None:
    svg = ornament.band(PATTERNS[palette.pattern]["band"], palette)
    _, top, wide, high = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    reach = 4 * ornament.REACH
    for places in stitches(svg).values():
        for x, y in places:
            assert top <= y - reach
            assert y + reach <= top + high
            for dx in (wide, -wide):
                if -reach < x + dx < wide + reach:
                    assert (round(x + dx, 2), y) in places


def test_every_cell_gets_one_stitch_of_its_colour() -> None:
    grid = ("a.s", ".k.", "pfa")
    colours = {letter: f"#00000{n}" for n, letter in enumerate("afskp")}
    found = stitches(ornament.tile(grid, colours, cell=10))
    inside = {
        (x, y, tint) for tint, all_ in found.items() for x, y in all_ if 0 < x < 30 and 0 < y < 30
    }
    assert inside == {
        (x * 10.0 + 5, y * 10.0 + 5, colours[c])
        for y, row in enumerate(grid)
        for x, c in enumerate(row)
        if c != "."
    }


def test_squares_are_merged_into_runs() -> None:
    svg = ornament.tile(("aa.a", "....", "aaaa"), {"a": "#B8393A"}, cell=2, lozenge=False)
    paths = list(ET.fromstring(svg).iter(f"{SVG}path"))
    assert len(paths) == 1
    assert paths[0].attrib["d"] == "M0 0h4v2h-4zM6 0h2v2h-2zM0 4h8v2h-8z"


def test_letters_without_a_colour_stay_bare() -> None:
    assert "path" not in ornament.tile(("as",), {})
    assert ornament.tile(("as",), {"s": "#D9A441"}).count("<path") == 1


@each_palette
def test_tiles_are_plain_and_always_the_same(palette: Palette) -> None:
    pattern = PATTERNS[palette.pattern]
    for make, rows in ((ornament.band, pattern["band"]), (ornament.field, pattern["field"])):
        svg = make(rows, palette)
        assert svg == make(tuple(rows), palette)
        assert not re.search(r"style=|class=|id=|<script|<image|url\(|\d\.\d{3}", svg)
        tints = [path.attrib["fill"] for path in ET.fromstring(svg).iter(f"{SVG}path")]
        assert len(tints) == len(set(tints)), "one path per colour"
        assert len(svg) < 30_000
