"""TCVN3, VNI and text read in a wrong code page: decoded, and noticed where nobody decoded it."""

from __future__ import annotations

import pytest

from bulletin import legacy

CLEAN = (
    "Đẩy mạnh truyền thông, nâng cao nhận thức, tạo sự thống nhất và hành động của cả hệ thống "
    "chính trị, cộng đồng doanh nghiệp và người dân về vai trò của khoa học, công nghệ."
)
ENGLISH = "The Union publishes its bulletin four times a year, with the résumé of each café naïf."
LETTERS = "".join("àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđ")


def tcvn3(words: str) -> str:
    """What a TCVN3 font needs under its letters; only for letters that the table has."""
    return words.translate({ord(letter): chr(code) for code, letter in legacy.TCVN3.items()})


def vni(words: str) -> str:
    back = {letter: spelt for spelt, letter in legacy.VNI.items()}
    return "".join(back.get(c, c) for c in words)


def mojibake(words: str) -> str:
    return "".join(
        bytes([b]).decode("cp1252") if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b)
        for b in words.encode()
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("KÕ ho¹ch", "Kế hoạch"),
        ("Liªn hiÖp c¸c Héi Khoa häc vµ Kü thuËt", "Liên hiệp các Hội Khoa học và Kỹ thuật"),
        ("§¹i héi ®¹i biÓu", "Đại hội đại biểu"),
        ("n\u00adíc \u00ad¬ng", "nước ương"),
    ],
)
def test_tcvn3(typed: str, read: str) -> None:
    assert legacy.decode_tcvn3(typed) == read


def test_a_capital_font_prints_capitals() -> None:
    assert legacy.decode_tcvn3("Tuyªn quang", capitals=True) == "TUYÊN QUANG"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Tuyeân Quang", "Tuyên Quang"),
        ("Chuyeån ñoåi soá", "Chuyển đổi số"),
        ("ÑAÏI HOÄI", "ĐẠI HỘI"),
        ("Ñaïi hoäi", "Đại hội"),
        ("nöôùc, öôùc mô, kyõ thuaät, quyù", "nước, ước mơ, kỹ thuật, quý"),
        ("naêm, taém, baèng", "năm, tắm, bằng"),
        ("tænh, nghæ, ñi, thò xaõ", "tỉnh, nghỉ, đi, thị xã"),
    ],
)
def test_vni(typed: str, read: str) -> None:
    assert legacy.decode_vni(typed) == read


def test_every_letter_comes_back_from_both_encodings() -> None:
    for letter in LETTERS:
        assert legacy.decode_tcvn3(tcvn3(letter)) == letter
        assert legacy.decode_vni(vni(letter)) == letter
        assert legacy.decode_vni(vni(letter.upper())) == letter.upper()


def test_a_whole_text_comes_back() -> None:
    assert legacy.decode_tcvn3(tcvn3(CLEAN)) == CLEAN
    assert legacy.decode_vni(vni(CLEAN)) == CLEAN
    assert legacy.decode_mojibake(mojibake(CLEAN)) == CLEAN


def test_mojibake_that_is_none_stays() -> None:
    assert legacy.decode_mojibake("đã đọc") == "đã đọc"
    assert legacy.decode_mojibake("café") == "café"


@pytest.mark.parametrize(
    ("kind", "damage"), [("tcvn3", tcvn3), ("vni", vni), ("mojibake", mojibake)]
)
def test_undecoded_text_is_noticed_with_the_proposal(kind: str, damage: object) -> None:
    assert callable(damage)
    assert legacy.undecoded(damage(CLEAN)) == (kind, CLEAN)


@pytest.mark.parametrize(
    "words", [CLEAN, ENGLISH, "", "Cà phê Arabica, ô-xít, Đắk Lắk, Ê-đê, Xơ-đăng", "57-NQ/TW"]
)
def test_what_needs_no_decoding_is_left_alone(words: str) -> None:
    assert legacy.undecoded(words) is None


@pytest.mark.parametrize(
    ("font", "kind"),
    [
        (".VnTime", ("tcvn3", False)),
        (".VnTimeH", ("tcvn3", True)),
        (".VnArialH", ("tcvn3", True)),
        ("VNI-Times", ("vni", False)),
        ("Times New Roman", ("", False)),
        ("Vnuni", ("", False)),
    ],
)
def test_a_font_tells_the_encoding(font: str, kind: tuple[str, bool]) -> None:
    assert legacy.encoding_of(font) == kind
