"""Numbers in Vietnamese words, and Roman numerals: what papers and loudspeakers say of figures.

The words follow the primary schoolbook and the North: «hai mươi mốt», «mười lăm», «hai mươi tư»,
«một trăm linh năm», «nghìn», «tỷ». ``odd`` is the word for an empty ten, «linh» or «lẻ».
"""

from __future__ import annotations

import re
from decimal import Decimal

ODD = "linh"
ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 1_000_000_000
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_LETTERS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def cardinal(value: int, odd: str = ODD) -> str:
    """21 → «hai mươi mốt»; 1005 → «một nghìn không trăm linh năm»; −3 → «âm ba»."""
    if value < 0:
        return f"âm {cardinal(-value, odd)}"
    return _whole(value, odd, False) or ONES[0]


def _whole(value: int, odd: str, full: bool) -> str:
    """``full``: something stands before, so empty hundreds are said. Empty for nothing."""
    if value >= BILLION:
        high, low = divmod(value, BILLION)
        return f"{_whole(high, odd, full)} tỷ {_whole(low, odd, True)}".rstrip()
    words: list[str] = []
    for size, name in ((1_000_000, "triệu"), (1000, "nghìn"), (1, "")):
        part, value = divmod(value, size)
        if part:
            words += [_triple(part, odd, full), name]
        full = full or bool(part)
    return " ".join(word for word in words if word)


def _triple(value: int, odd: str, full: bool) -> str:
    """1 … 999."""
    hundreds, rest = divmod(value, 100)
    head = [f"{ONES[hundreds]} trăm"] if hundreds or full else []
    if not rest:
        return head[0]
    if rest < 10:
        return " ".join([*head, *([odd] if head else []), ONES[rest]])
    return " ".join([*head, _tens(rest)])


def _tens(value: int) -> str:
    """10 … 99."""
    tens, ones = divmod(value, 10)
    if tens == 1:
        last = {0: "", 5: " lăm"}.get(ones, f" {ONES[ones]}")
        return f"mười{last}"
    last = {0: "", 1: " mốt", 4: " tư", 5: " lăm"}.get(ones, f" {ONES[ones]}")
    return f"{ONES[tens]} mươi{last}"


def decimal(whole: int, fraction: str, odd: str = ODD) -> str:
    """(3, "75") → «ba phẩy bảy mươi lăm»; the digits after the comma as they are written."""
    return (
        f"{cardinal(whole, odd)} phẩy {_fraction(fraction, odd)}"
        if fraction
        else cardinal(whole, odd)
    )


def _fraction(text: str, odd: str) -> str:
    """As school reads it: «không năm», «không trăm bảy mươi lăm», «không không một»."""
    if len(text) > 3 or text.startswith("00") or (len(text) == 2 and text[0] == "0"):
        return digits(text)
    if len(text) == 3:
        return _triple(int(text), odd, True)
    return cardinal(int(text), odd)


def spoken(value: int | Decimal, odd: str = ODD) -> str:
    """A number of a calculation in words, its trailing zeros after the comma left out."""
    if isinstance(value, int):
        return cardinal(value, odd)
    sign, whole, fraction = re.fullmatch(r"(-?)(\d+)(?:\.(\d*))?", f"{value:f}").groups()  # type: ignore[union-attr]
    said = decimal(int(whole), (fraction or "").rstrip("0"), odd)
    return f"âm {said}" if sign and Decimal(value) else said


def money(value: int, unit: str = "đồng", odd: str = ODD) -> str:
    """«Một triệu hai trăm nghìn đồng», as papers write a sum after its figures."""
    said = f"{cardinal(value, odd)} {unit}"
    return said[:1].upper() + said[1:]


def digits(text: str) -> str:
    """One digit after another, as telephone numbers are read."""
    return " ".join(ONES[int(c)] for c in text if c in "0123456789")


def ordinal(value: int, odd: str = ODD) -> str:
    """What stands after «thứ»: nhất, hai, ba, tư, năm …"""
    return {1: "nhất", 4: "tư"}.get(value) or cardinal(value, odd)


def fraction(over: int, under: int, odd: str = ODD) -> str:
    """(3, 4) → «ba phần tư»."""
    return f"{cardinal(over, odd)} phần {'tư' if under == 4 else cardinal(under, odd)}"


def roman(text: str) -> int | None:
    """XIV → 14; None for what is not a Roman numeral in its one right form."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_LETTERS[letter] for letter in text]
    return sum(
        -value if any(later > value for later in values[place + 1 : place + 2]) else value
        for place, value in enumerate(values)
    )
