"""What is true of Vietnamese text: order, slugs, folding, dates, numbers, bound spaces."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import text

quick = settings(deadline=None, derandomize=True, max_examples=100)
VIETNAMESE = st.text("aăâáàảãạbcdđeêéèghiíklmnoôơóòpqrstuưúùvxyýỳ AĂÂĐƯƠ-'", max_size=20)


@pytest.mark.parametrize(
    ("given_text", "folded"),
    [
        ("Đắk Pxi", "dak pxi"),
        ("Điện Biên", "dien bien"),
        ("ĐIỆN", "dien"),
        ("đien", "dien"),
        ("chăn nuôi lợn", "chan nuoi lon"),
        ("Ðắk Ɖông ð", "dak dong d"),
        (unicodedata.normalize("NFD", "Tuyên Quang"), "tuyen quang"),
    ],
)
def test_fold_finds_words_typed_without_marks(given_text: str, folded: str) -> None:
    assert text.fold(given_text) == folded


@quick
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(value: str) -> None:
    assert text.fold(text.fold(value)) == text.fold(value)


@quick
@given(VIETNAMESE)
def test_folded_vietnamese_is_ascii(value: str) -> None:
    assert text.fold(value).isascii()


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Đắk Pxi", "dak-pxi"),
        ("KH&KT số 1/2026", "kh-kt-so-1-2026"),
        ("Bò vỗ béo", "bo-vo-beo"),
        ("  --Ơ--  ", "o"),
        ("", "muc"),
        ("漢字", "muc"),
        ("Con", "con-1"),
        ("COM1", "com1-1"),
        ("a" * 80, "a" * 60),
        ("mot " * 20, "mot-" * 14 + "mot"),
    ],
)
def test_slug(name: str, address: str) -> None:
    assert text.slug(name) == address


@quick
@given(st.text(max_size=90), st.integers(min_value=8, max_value=80))
def test_slug_is_a_safe_ascii_name(name: str, limit: int) -> None:
    made = text.slug(name, limit)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", made)
    assert made not in text.DEVICE_NAMES
    assert len(made) <= limit or made.endswith("-1")


def test_names_that_fold_to_one_slug_get_distinct_addresses() -> None:
    made = text.unique_slugs(["Má", "Mạ", "Mà"])
    assert len(set(made.values())) == 3
    assert all(re.fullmatch(r"ma-[0-9a-f]{4}", value) for value in made.values())


def test_a_fourth_name_does_not_move_the_addresses_of_the_three() -> None:
    three = text.unique_slugs(["Má", "Mạ", "Mà"])
    four = text.unique_slugs(["Ma", "Mà", "Má", "Mạ"])
    assert {name: four[name] for name in three} == three
    assert four["Ma"] not in three.values()


def test_a_name_alone_keeps_the_plain_slug_and_order_of_input_is_irrelevant() -> None:
    assert text.unique_slugs(["Điện", "Bò"]) == {"Bò": "bo", "Điện": "dien"}
    assert text.unique_slugs(["Má", "Mạ"]) == text.unique_slugs(["Mạ", "Má", "Má"])


@quick
@given(st.lists(st.text(max_size=12), max_size=12))
def test_unique_slugs_are_unique(names: list[str]) -> None:
    made = text.unique_slugs(names)
    assert set(made) == set(names)
    assert len(set(made.values())) == len(made)


def test_alphabet_order() -> None:
    letters = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()
    assert sorted(letters, key=text.sort_key, reverse=True) == letters[::-1]


def test_tone_order() -> None:
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(tones, key=text.sort_key, reverse=True) == tones[::-1]


@pytest.mark.parametrize(
    "ordered",
    [
        ["an", "Ăn", "ân"],
        ["cà chua", "cá", "cam"],  # syllable by syllable: letters before tones
        ["dao", "đào", "eo"],
        ["Bò", "bò vỗ béo", "bỏ vợ bé"],
        ["lợn", "lợn nái", "lúa"],
    ],
)
def test_dictionary_order(ordered: list[str]) -> None:
    assert sorted(ordered, key=text.sort_key, reverse=True) == ordered[::-1]


def test_words_sort_before_tones_of_later_syllables() -> None:
    assert text.sort_key("ca") < text.sort_key("cà") < text.sort_key("cam") < text.sort_key("đa")
    assert text.sort_key("ma") < text.sort_key("Ma")


@quick
@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_sort_key_is_a_total_order(a: str, b: str, c: str) -> None:
    x, y, z = text.sort_key(a), text.sort_key(b), text.sort_key(c)
    assert (x < y) + (y < x) + (a == b) == 1
    assert not (x <= y <= z) or x <= z


def test_people_are_listed_by_given_name() -> None:
    people = ["Nguyễn Văn An", "Lê Thị Bình", "Trần An", "Đỗ Ánh"]
    assert sorted(people, key=text.person_key) == [
        "Nguyễn Văn An",
        "Trần An",
        "Đỗ Ánh",
        "Lê Thị Bình",
    ]
    assert text.person_key("") < text.person_key("An")


@pytest.mark.parametrize("typed", ["2026-03-09", "2026-3-9", "09/03/2026", "9/3/2026", "09/3/2026"])
def test_dates_are_day_first(typed: str) -> None:
    assert text.parse_date(typed) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2026-02-30", "tháng 2/2026 chỉ có 28 ngày"),
        ("29/02/2026", "tháng 2/2026 chỉ có 28 ngày"),
        ("2026-13-01", "không có tháng 13"),
        ("31/04/2026", "tháng 4/2026 chỉ có 30 ngày"),
        ("2026-04-00", "tháng 4/2026 chỉ có 30 ngày"),
        ("9/3/26", "không đúng dạng ngày"),
        ("0000-01-01", "năm 0 ngoài khoảng 1900–2199"),
        ("10000-01-01", "không đúng dạng ngày"),
        ("٢٠٢٦-03-09", "không đúng dạng ngày"),
        ("²026-03-09", "không đúng dạng ngày"),
        ("٠٩/٣/٢٠٢٦", "không đúng dạng ngày"),
        ("2026-03-09\n", "không đúng dạng ngày"),
        ("", "không đúng dạng ngày"),
    ],
)
def test_wrong_dates_say_why(typed: str, why: str) -> None:
    with pytest.raises(text.DateError) as caught:
        text.parse_date(typed)
    assert str(caught.value) == why


def test_leap_day() -> None:
    assert text.parse_date("29/2/2028") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026", "09/3/2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026", "31/01/2026"),
        (date(2026, 2, 1), "ngày 01 tháng 02 năm 2026", "01/02/2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026", "10/12/2026"),
    ],
)
def test_dates_of_official_papers(day: date, long: str, short: str) -> None:
    assert text.long_date(day) == long
    assert text.short_date(day) == short
    assert text.parse_date(short) == day


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (1234567.5, "1.234.567,5"),
        (0, "0"),
        (12.5, "12,5"),
        (-1500, "−1.500"),
        (999, "999"),
        (1000, "1.000"),
        (0.0000001, "0"),
        (1e14, "100.000.000.000.000"),
    ],
)
def test_numbers(value: float, printed: str) -> None:
    assert text.format_number(value) == printed


def test_word_count_counts_syllables() -> None:
    assert text.word_count("Nuôi lợn – an toàn, 5 kg …") == 6
    assert text.word_count(" \n ") == 0


@pytest.mark.parametrize(
    ("typed", "bound"),
    [
        ("nặng 5 kg mỗi con", "nặng 5\u00a0kg mỗi con"),
        ("Điều 34 và số 1", "Điều\u00a034 và số\u00a01"),
        ("GS.TS. Nguyễn", "GS.TS.\u00a0Nguyễn"),
        ("không có gì", "không có gì"),
    ],
)
def test_bind_keeps_together_what_belongs_together(typed: str, bound: str) -> None:
    assert text.bind(typed) == bound


@quick
@given(st.text(max_size=60))
def test_bind_changes_only_spaces(value: str) -> None:
    made = text.bind(value)
    assert made.replace("\u00a0", " ") == value.replace("\u00a0", " ")


def test_nfc_composes() -> None:
    assert text.nfc("e\u0302\u0301") == "ế"
    assert text.nfc("n\u00adíc") == "n\u00adíc"  # the soft hyphen of TCVN3 is not ours to strip
