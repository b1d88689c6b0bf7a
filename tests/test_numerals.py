"""Numbers in words, against the schoolbook's readings; what must hold for every number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import numerals


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (104, "một trăm linh bốn"),
        (110, "một trăm mười"),
        (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1050, "một nghìn không trăm năm mươi"),
        (1169, "một nghìn một trăm sáu mươi chín"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (10_000, "mười nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_015_000, "một triệu không trăm mười lăm nghìn"),
        (1_234_567, "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy"),
        (2_000_000_000, "hai tỷ"),
        (3_000_000_001, "ba tỷ không trăm linh một"),
        (21_000_000_000, "hai mươi mốt tỷ"),
        (5_000_000_000_000, "năm nghìn tỷ"),
        (10**18, "một tỷ tỷ"),
        (-3, "âm ba"),
    ],
)
def test_cardinals(value: int, words: str) -> None:
    assert numerals.cardinal(value) == words


def test_the_word_for_an_empty_ten_can_be_chosen() -> None:
    assert numerals.cardinal(2_105, "lẻ") == "hai nghìn một trăm lẻ năm"
    assert numerals.decimal(105, "5", "lẻ") == "một trăm lẻ năm phẩy năm"


@pytest.mark.parametrize(
    ("whole", "fraction", "words"),
    [
        (3, "5", "ba phẩy năm"),
        (2, "75", "hai phẩy bảy mươi lăm"),
        (0, "05", "không phẩy không năm"),
        (206, "075", "hai trăm linh sáu phẩy không trăm bảy mươi lăm"),
        (90, "638", "chín mươi phẩy sáu trăm ba mươi tám"),
        (0, "001", "không phẩy không không một"),
        (3, "1416", "ba phẩy một bốn một sáu"),
        (7, "", "bảy"),
    ],
)
def test_decimals_as_school_reads_them(whole: int, fraction: str, words: str) -> None:
    assert numerals.decimal(whole, fraction) == words


def test_results_of_a_calculation() -> None:
    assert numerals.spoken(Decimal("1.50")) == "một phẩy năm"
    assert numerals.spoken(Decimal("-0.25")) == "âm không phẩy hai mươi lăm"
    assert numerals.spoken(Decimal("12000.00")) == "mười hai nghìn"
    assert numerals.spoken(Decimal("1E+3")) == "một nghìn"
    assert numerals.spoken(7) == "bảy"


def test_sums_of_money() -> None:
    assert numerals.money(1_200_000) == "Một triệu hai trăm nghìn đồng"
    assert numerals.money(0) == "Không đồng"


def test_digits_ordinals_fractions() -> None:
    assert numerals.digits("0912 345") == "không chín một hai ba bốn năm"
    assert [numerals.ordinal(n) for n in (1, 2, 4, 14)] == ["nhất", "hai", "tư", "mười bốn"]
    assert numerals.fraction(3, 4) == "ba phần tư"
    assert numerals.fraction(1, 10) == "một phần mười"


@pytest.mark.parametrize(
    ("text", "value"),
    [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XXI", 21), ("XL", 40), ("MMXXVI", 2026)],
)
def test_roman_numerals(text: str, value: int) -> None:
    assert numerals.roman(text) == value


@pytest.mark.parametrize("text", ["", "IIII", "VV", "IC", "XIIV", "ABC", "xiv", "I V"])
def test_what_is_no_roman_numeral(text: str) -> None:
    assert numerals.roman(text) is None


ONES = dict(zip(numerals.ONES, range(10), strict=True)) | {"mốt": 1, "tư": 4, "lăm": 5}


def heard(words: str) -> int:
    """Back from words to the number, by another way than the one that made them."""
    total = group = last = 0
    for word in words.split():
        match word:
            case "linh":
                pass
            case "mười":
                last = 0
                group += 10
            case "mươi":
                group += last * 10
                last = 0
            case "trăm":
                group += last * 100
                last = 0
            case "nghìn":
                total += (group + last) * 1000
                group = last = 0
            case "triệu":
                total += (group + last) * 1_000_000
                group = last = 0
            case _:
                last = ONES[word]
    return total + group + last


@given(st.integers(min_value=0, max_value=999_999_999))
def test_the_words_give_the_number_back(value: int) -> None:
    assert heard(numerals.cardinal(value)) == value


@given(st.integers(min_value=1, max_value=10**24))
def test_any_number_is_words_and_nothing_else(value: int) -> None:
    known = {*ONES, "linh", "mười", "mươi", "trăm", "nghìn", "triệu", "tỷ"}
    assert set(numerals.cardinal(value).split()) <= known
