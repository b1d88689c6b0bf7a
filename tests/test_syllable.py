"""The syllable check knows by rule what can be written in Vietnamese."""

from __future__ import annotations

import pytest

from bulletin import syllable

GOOD = """
nghiêng ngoằn ngoèo khuỷu tay thuở nào quở quạu quýt quỳnh giặt gì gìn giữ giếng giết kỹ thuật
xoong khuya huýt tuýt yêu yến uyên nguyễn huỳnh thủy thuỷ hoà hòa toả tỏa loé lóe đường trường
ngượng khuếch quềnh rượu hươu hưu ỉa ịch oằn oẳn quắp quặng ghế ghềnh nghề khoẻ khỏe pin pà
""".split()


@pytest.mark.parametrize("word", GOOD)
def test_real_syllables_pass(word: str) -> None:
    assert syllable.fault(word) == ""


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("nghành", "letters"),
        ("nghàng", "letters"),
        ("kông", "letters"),
        ("ngiêng", "letters"),
        ("cế", "letters"),
        ("thướng", ""),
        ("trưỡng", ""),
        ("duyềt", "tone"),
        ("các̀", "tone"),
        ("mật", ""),
        ("mầt", "tone"),
        ("qúy", "seat"),
        ("qủa", "seat"),
        ("gía", "seat"),
        ("tòan", "seat"),
        ("hiêú", "seat"),
        ("hàònh", "tone"),
        ("xyz", "letters"),
    ],
)
def test_faults(word: str, kind: str) -> None:
    assert syllable.fault(word) == kind


@pytest.mark.parametrize("word", "duyet nghiep truong nuoc quyet khuyen".split())
def test_what_is_left_of_a_syllable(word: str) -> None:
    assert syllable.is_bare(word)


@pytest.mark.parametrize("word", "online file blockchain robot web duyệt".split())
def test_what_is_not_left_of_a_syllable(word: str) -> None:
    assert not syllable.is_bare(word)


@pytest.mark.parametrize(
    ("word", "new", "moved"),
    [
        ("hòa", True, "hoà"),
        ("hoà", False, "hòa"),
        ("TOẢ", False, "TỎA"),
        ("Thúy", True, "Thuý"),
        ("quý", False, "quý"),
        ("toàn", False, "toàn"),
        ("lan", True, "lan"),
        ("khỏe", True, "khoẻ"),
    ],
)
def test_the_tone_moves_to_where_the_house_writes_it(word: str, new: bool, moved: str) -> None:
    assert syllable.placed(word, new) == moved
