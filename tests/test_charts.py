"""Charts tell the truth, fit into their picture, and no word lies on another.

Words are measured with the theme's real font, not with the estimate under test.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from bulletin import charts
from bulletin.model import Node, Palette

FONTS = Path(__file__).parent.parent / "themes/lhh/fonts"
SVG = "{http://www.w3.org/2000/svg}"
PALETTE = Palette("dao", "#B8393A", "#C8443C", "#F3D9D2", "#D9A441", "#F0A09A", "star")
LONG = "Hợp tác xã nông nghiệp ứng dụng công nghệ cao trong sản xuất chè Shan tuyết"


def chart(form: str, head: str, rows: list[str], unit: str = "") -> Node:
    cells = tuple(tuple(row.split("|")) for row in rows)
    attrs = (("form", form), ("head", tuple(head.split("|"))), ("rows", cells), ("unit", unit))
    return Node("chart", "", 0, attrs)


MONTHS = [f"Tháng {n}|{20 + n * 3}|{50 - n * 2}|{30 + n * 7 % 11}" for n in range(1, 13)]
DATA = {
    "plain": ("L|Sức khử chua", ["Đá vôi nghiền|100", "Đô-lô-mít|109", "Vôi sống|179"], ""),
    "percent": ("L|T", ["Ảnh chụp có kiểm soát|99.35", "Ảnh từ nguồn trực tuyến|31,4"], "%"),
    "two": ("M|Tách tay|Mẫu máy", [f"Mẻ {n}|{14 + n / 10}|{9 - n / 10}" for n in range(5)], "phút"),
    "long": (
        f"L|{LONG}|Năm 2026",
        [f"{LONG} số {n}|{n * 31 % 17}|{n * 13 % 19}" for n in range(5)],
        LONG[:40],
    ),
    "oneword": ("L|v", ["Nghiêng" * 20 + "|3", "b|2", "c|1", "d|4", "e|5"], ""),
    "negative": (
        "L|v",
        ["Lúa|-1250", "Ngô|840", "Chè|2300.5", "Mía|−310", "Lạc|0", "Bò|-3000"],
        "tấn",
    ),
    "below": ("L|v", ["2021|-4", "2022|-2", "2023|-9", "2024|-1", "2025|-3"], "%"),
    "one": ("L|v", ["Một mình|1250000"], "đồng"),
    "forty": ("L|v", [f"{1986 + n}|{n * 37 % 101}" for n in range(40)], ""),
    "communes": ("L|v", [f"Xã {LONG[: 7 + n]} {n}|{n * 37 % 101}" for n in range(40)], ""),
    "zero": ("L|v", [f"{c}|0" for c in "ABCDEG"], ""),
    "equal": ("L|v", [f"{c}|7" for c in "ABCDEG"], ""),
    "equals": ("L|a|b|c", [f"{c}|7|7|7" for c in "ABCDEG"], ""),
    "months": ("T|Trại lợn nái|Trại gà|Trại trâu bò", MONTHS, "con/ngày"),
    "six": (
        "L|Lúa gạo|Ngô|Sắn|Chè|Mía|Lạc",
        [f"Quý {n}|{n * 3}|{n + 7}|{9 - n}|{n * n}|4|{12 - 2 * n}" for n in range(1, 5)],
        "nghìn tấn",
    ),
    "huge": ("N|v", ["2020|999999999999", "2021|123456789012", "2022|555555555555"], "đồng"),
    "tiny": ("N|v", ["A|0.0004", "B|0.00013", "C|-0.0002", "D|0.0001", "E|0.0003"], "g"),
    "gaps": ("N|a|b", ["2020|1|", "2021||2", "2022|3|3", "2023|4", "2024|5|x"], ""),
    "markup": ("a<b|x&y|<i>", ["<script>|1|2", "A & B|3|4", '"|5|6'], "<kg>"),
}
CASES = [(form, name) for form in ("bar", "column", "line") for name in DATA]
each = pytest.mark.parametrize(("form", "name"), CASES, ids=["-".join(case) for case in CASES])


def svg(form: str, name: str) -> str:
    return charts.draw(chart(form, *DATA[name]), PALETTE)


@cache
def advances(weight: str) -> tuple[dict[int, float], float]:
    face = "SemiBold" if weight else "Regular"
    font = TTFont(FONTS / f"BeVietnamPro-{face}.ttf")
    metrics = font["hmtx"]
    known = {code: metrics[name][0] for code, name in font.getBestCmap().items()}
    return known, font["head"].unitsPerEm


def measured(text: str, size: float, weight: str = "") -> float:
    known, em = advances(weight)
    return sum(known[ord(c)] for c in text) / em * size


def boxes(source: str) -> list[tuple[float, float, float, float, str]]:
    """(left, top, right, bottom, words) of every line of text."""
    found = []
    for node in ET.fromstring(source).iter(f"{SVG}text"):
        words, size = node.text or "", float(node.attrib["font-size"])
        width = measured(words, size, node.attrib.get("font-weight", ""))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[node.attrib.get("text-anchor", "start")]
        left, y = float(node.attrib["x"]) - share * width, float(node.attrib["y"])
        found.append((left, y - 0.75 * size, left + width, y + 0.2 * size, words))
    return found


# ---- every chart --------------------------------------------------------------------------------


@each
def test_no_word_leaves_the_picture(form: str, name: str) -> None:
    source = svg(form, name)
    *_, height = map(float, ET.fromstring(source).attrib["viewBox"].split())
    assert boxes(source)
    for left, top, right, bottom, words in boxes(source):
        assert left >= -0.5, words
        assert right <= 640.5, words
        assert top >= 0, words
        assert bottom <= height, words


@each
def test_no_word_lies_on_another(form: str, name: str) -> None:
    for a, b in combinations(boxes(svg(form, name)), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{a[4]!r} lies on {b[4]!r}"


@each
def test_no_bar_or_point_leaves_the_picture(form: str, name: str) -> None:
    root = ET.fromstring(svg(form, name))
    *_, height = map(float, root.attrib["viewBox"].split())
    for rect in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= 640
        assert 0 <= y <= y + h <= height
        assert w > 0
        assert h > 0
    for path in root.iter(f"{SVG}path"):
        if "transform" in path.attrib:
            x, y = map(float, re.findall(r"[\d.]+", path.attrib["transform"]))
            assert 0 <= x <= 640
            assert 0 <= y <= height


@each
def test_the_markup_is_plain(form: str, name: str) -> None:
    source = svg(form, name)
    root = ET.fromstring(source)
    assert root.attrib["viewBox"].startswith("0 0 640 ")
    assert root.attrib["aria-hidden"] == "true"
    assert root.attrib["font-family"] == "LHH Sans, Be Vietnam Pro, sans-serif"
    allowed = {f"{SVG}{tag}" for tag in ("svg", "path", "rect", "text")}
    for node in root.iter():
        assert node.tag in allowed
        assert not {"id", "class", "style", "role", "href"} & set(node.attrib)
        for key, value in node.attrib.items():
            assert not re.search(r"\d\.\d{3}|nan|inf|e-", value), (key, value)
        if node.tag.endswith("text"):
            assert float(node.attrib["font-size"]) >= 20


@each
def test_the_same_data_give_the_same_bytes(form: str, name: str) -> None:
    assert svg(form, name) == svg(form, name)


# ---- truth --------------------------------------------------------------------------------------


def rects(source: str) -> list[dict[str, float]]:
    return [
        {key: float(node.attrib[key]) for key in ("x", "y", "width", "height")}
        for node in ET.fromstring(source).iter(f"{SVG}rect")
    ]


def test_bars_are_as_long_as_their_values() -> None:
    bars = rects(svg("bar", "plain"))
    assert [bar["width"] / bars[0]["width"] for bar in bars] == pytest.approx(
        [1, 1.09, 1.79], abs=0.001
    )
    assert len({bar["x"] for bar in bars}) == 1, "all start at zero"


def test_columns_are_as_high_as_their_values_and_stand_on_zero() -> None:
    bars = rects(svg("column", "plain"))
    assert [bar["height"] / bars[0]["height"] for bar in bars] == pytest.approx(
        [1, 1.09, 1.79], abs=0.001
    )
    feet = {round(bar["y"] + bar["height"], 1) for bar in bars}
    assert len(feet) == 1


def test_negative_bars_grow_to_the_left_of_zero() -> None:
    rice, maize, tea, cane, cattle = rects(svg("bar", "negative"))
    zero = maize["x"]
    assert rice["x"] + rice["width"] == pytest.approx(zero, abs=0.02)
    assert cattle["x"] < rice["x"] < cane["x"] < zero == tea["x"]


def test_negative_columns_hang_from_zero() -> None:
    rice, maize, *_ = rects(svg("column", "negative"))
    assert rice["y"] == pytest.approx(maize["y"] + maize["height"], abs=0.02)


def test_points_of_a_line_stand_where_their_values_are() -> None:
    root = ET.fromstring(charts.draw(chart("line", "N|v", ["a|0", "b|10", "c|5"]), PALETTE))
    spots = [
        [float(part) for part in re.findall(r"[\d.]+", node.attrib["transform"])]
        for node in root.iter(f"{SVG}path")
        if "transform" in node.attrib
    ]
    (_, low), (_, high), (_, middle) = spots
    assert high < middle < low
    assert middle == pytest.approx((low + high) / 2, abs=0.02)


def test_numbers_are_written_in_vietnamese() -> None:
    words = {box[4] for box in boxes(svg("bar", "negative"))}
    assert {"2.300,5", "−1.250", "0"} <= words
    assert {"99,35%", "31,4%"} <= {box[4] for box in boxes(svg("bar", "percent"))}
    assert "Đơn vị: tấn" in words


@pytest.mark.parametrize("form", ["bar", "column", "line"])
def test_all_zero_draws_the_baseline_and_no_bar(form: str) -> None:
    source = svg(form, "zero")
    assert not rects(source)
    assert [box[4] for box in boxes(source)].count("0") >= 6


@pytest.mark.parametrize("form", ["bar", "column"])
def test_equal_values_are_drawn_equal(form: str) -> None:
    sizes = {(bar["width"], bar["height"]) for bar in rects(svg(form, "equal"))}
    assert len(rects(svg(form, "equal"))) == 6
    assert len(sizes) == 1


def test_a_gap_is_not_bridged_and_not_drawn_as_zero() -> None:
    root = ET.fromstring(svg("line", "gaps"))
    marks = [node for node in root.iter(f"{SVG}path") if "transform" in node.attrib]
    assert len(marks) == 2 + 4 + 2, "two keys of the legend, 4 and 2 points"
    curves = [
        node.attrib["d"].count("L") + 1
        for node in root.iter(f"{SVG}path")
        if node.attrib.get("stroke-width") == "4"
    ]
    assert sorted(curves) == [2, 2, 2, 3], "legend, legend, 2021–2022, 2022–2024"


# ---- several series -----------------------------------------------------------------------------


def test_lines_differ_without_colour() -> None:
    root = ET.fromstring(svg("line", "six"))
    curves = [n for n in root.iter(f"{SVG}path") if n.attrib.get("stroke-width") == "4"]
    marks = [n for n in root.iter(f"{SVG}path") if "transform" in n.attrib]
    assert len({n.attrib.get("stroke-dasharray", "") for n in curves}) == 6
    assert len({n.attrib["d"] for n in marks}) == 6
    assert len({n.attrib["stroke"] for n in curves}) == 6


@pytest.mark.parametrize("form", ["bar", "column", "line"])
def test_a_legend_names_several_series_only(form: str) -> None:
    assert {"Lúa gạo", "Ngô", "Lạc"} <= {box[4] for box in boxes(svg(form, "six"))}
    assert "Sức khử chua" not in {box[4] for box in boxes(svg(form, "plain"))}


# ---- labels -------------------------------------------------------------------------------------


def test_columns_with_names_that_do_not_fit_become_bars() -> None:
    assert svg("column", "communes") == svg("bar", "communes")
    assert svg("column", "forty") != svg("bar", "forty"), "years may be skipped"


def test_every_row_of_a_bar_chart_is_named_in_full() -> None:
    words = " ".join(box[4] for box in boxes(svg("bar", "communes")))
    for row in DATA["communes"][1]:
        assert " ".join(row.split("|")[0].split()) in words


def test_the_newest_label_is_always_shown() -> None:
    for form in ("column", "line"):
        assert "2025" in {box[4] for box in boxes(svg(form, "forty"))}
        assert "2024" not in {box[4] for box in boxes(svg(form, "forty"))}


def test_markup_in_the_data_stays_text() -> None:
    root = ET.fromstring(svg("bar", "markup"))
    assert "<script>" in {node.text for node in root.iter(f"{SVG}text")}


@pytest.mark.parametrize("form", ["bar", "column", "line"])
@pytest.mark.parametrize(
    ("head", "rows"), [("", []), ("L", []), ("L|v", []), ("L|v", ["a|x"]), ("L|v", ["a"])]
)
def test_data_without_any_number_draw_nothing(form: str, head: str, rows: list[str]) -> None:
    root = ET.fromstring(charts.draw(chart(form, head, rows), PALETTE))
    assert len(root) == 0


# ---- the parts ----------------------------------------------------------------------------------


def test_widths_are_never_underestimated() -> None:
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz0123456789%()/.,:;-–−+“”«»°²³×≥≤"
    toned = [
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in "aăâeêioôơuưy"
        for tone in "\u0300\u0301\u0303\u0309\u0323"
    ]
    for c in [*letters, *letters.upper(), *toned, *(c.upper() for c in toned)]:
        real = measured(c, 100)
        assert charts.text_width(c, 100) >= real, c
        assert charts.text_width(c, 100) <= real * 1.3 + 3, c
        assert charts.text_width(c, 100, bold=True) >= measured(c, 100, "600") * 0.98, c
    for text in (LONG, LONG.upper(), "1.234.567,89 triệu đồng/ha", "Tỷ lệ hộ nghèo đa chiều"):
        assert 1 <= charts.text_width(text, 100) / measured(text, 100) <= 1.1
        assert 1 <= charts.text_width(text, 100, bold=True) / measured(text, 100, "600") <= 1.1


@given(st.text("aếơ Wil", max_size=60), st.floats(30, 640))
def test_wrapping_loses_nothing_and_keeps_the_limit(text: str, limit: float) -> None:
    for split in (charts.wrap, charts.balanced):
        lines = split(text, limit)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(charts.text_width(line) <= limit for line in lines)
    assert len(charts.balanced(text, limit)) == len(charts.wrap(text, limit))


def test_a_non_breaking_space_holds() -> None:
    assert charts.wrap("dài 12\u00a0kg", charts.text_width("dài 12")) == ["dài", "12\u00a0kg"]


@given(st.floats(-1e12, 0), st.floats(0, 1e12), st.integers(1, 8))
def test_ticks_are_round_hold_zero_and_cover_the_values(low: float, high: float, n: int) -> None:
    low, high = round(low, 4), round(high, 4)
    found = charts.ticks(low, high, n)
    assert found == sorted(set(found))
    hair = 1e-8 * (high - low)
    assert found[0] <= low + hair
    assert found[-1] >= high - hair
    assert 0 in found
    assert len(found) <= n + 3
    if len(found) > 1:
        assert f"{found[1] - found[0]:.6e}"[:8] in {"1.000000", "2.000000", "5.000000"}


def test_ticks_have_no_binary_noise() -> None:
    assert charts.ticks(0, 0.5, 5) == [0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert charts.ticks(0, 0, 5) == [0]
