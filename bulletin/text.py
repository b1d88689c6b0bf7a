"""What is true of Vietnamese text: normal form, order, slugs, search folding, dates, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta, timezone
from functools import lru_cache

VIETNAM = timezone(timedelta(hours=7), "+07:00")
# đ has no Unicode decomposition, so folding must name it (as do the look-alikes Ð and Ɖ).
_STROKED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ɖ": "d", "Ɖ": "D"})
LOOKALIKES = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, start=100)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Names that Windows refuses as files; a slug must work on every machine.
DEVICE_NAMES = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)]
)


def nfc(text: str) -> str:
    """Composed form, the only one in which Vietnamese is compared, printed and searched."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without marks, for search: «Đắk Pxi» → «dak pxi»."""
    decomposed = unicodedata.normalize("NFD", text.translate(_STROKED))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=1 << 14)
def slug(text: str, limit: int = 60) -> str:
    """ASCII address part: «Điện mặt trời» → «dien-mat-troi». Never empty, never a device name."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(plain) > limit:
        head = plain[: limit + 1].rpartition("-")[0]
        plain = (head if len(head) > limit // 2 else plain[:limit]).strip("-")
    if not plain:
        return "muc"
    return f"{plain}-1" if plain in DEVICE_NAMES else plain


def unique_slugs(names: Iterable[str]) -> dict[str, str]:
    """A distinct slug per name, in Vietnamese alphabetical order.

    Names that share a slug (Má, Mạ, Mà) all get a suffix made from the name itself, so that one
    more name does not move the addresses of the others.
    """
    ordered = sorted(set(names), key=sort_key)
    shared = Counter(slug(name) for name in ordered)
    taken = {base for base, count in shared.items() if count == 1}
    result: dict[str, str] = {}
    for name in ordered:
        base = slug(name)
        if shared[base] > 1:
            import hashlib  # not for every command: it loads OpenSSL

            mark = hashlib.sha256(nfc(name).encode("utf-8", "surrogatepass")).hexdigest()
            size = next(n for n in range(4, 65) if f"{base}-{mark[:n]}" not in taken)
            base = f"{base}-{mark[:size]}"
            taken.add(base)
        result[name] = base
    return result


@lru_cache(maxsize=4096)
def _letter(c: str) -> tuple[int, int, int]:
    """(rank, tone, upper) of one character."""
    lower = c.lower()
    decomposed = unicodedata.normalize("NFD", lower)
    tone = 0
    rest = ""
    for part in decomposed:
        if part in _TONES:
            tone = _TONES[part]
        else:
            rest += part
    base = unicodedata.normalize("NFC", rest)
    return (_RANK.get(base, ord(base[0]) if base else 0), tone, int(c != lower))


def sort_key(text: str) -> tuple[object, ...]:
    """Vietnamese dictionary order: syllable by syllable, letters before tones before case.

    Letters: a ă â b c d đ e ê … o ô ơ … u ư …; tones: ngang, huyền, hỏi, ngã, sắc, nặng.
    """
    syllables = []
    cases = []
    for word in nfc(text).split():
        marks = [_letter(c) for c in word]
        syllables.append((tuple(m[0] for m in marks), tuple(m[1] for m in marks)))
        cases.append(tuple(m[2] for m in marks))
    return (tuple(syllables), tuple(cases), text)


def person_key(name: str) -> tuple[object, ...]:
    """People are listed by given name, the last word."""
    words = name.split()
    return (sort_key(words[-1]) if words else (), sort_key(name))


_ALNUM = re.compile(r"[^\W_]")


def word_count(text: str) -> int:
    """Syllables separated by white space that hold a letter or digit, as editors count."""
    return sum(1 for word in text.split() if word.isalnum() or _ALNUM.search(word))


def format_number(value: float) -> str:
    """Vietnamese form: 1234567.5 → «1.234.567,5»."""
    whole, _, fraction = f"{value:.10g}".partition(".")
    if "e" in whole or "e" in fraction:
        whole, _, fraction = f"{value:f}".rstrip("0").partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", ".")
    return sign + grouped + (f",{fraction}" if fraction else "")


def long_date(value: date) -> str:
    """«ngày 09 tháng 3 năm 2026»; NĐ 30/2020: zero only before days 1–9 and months 1–2."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def short_date(value: date) -> str:
    """«09/3/2026», the form of official papers."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"{value.day:02d}/{month}/{value.year}"


class DateError(ValueError):
    """The text is not a date; the message says why, in Vietnamese."""


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_OURS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def parse_date(text: str) -> date:
    """``2026-03-09``, ``09/3/2026`` or ``09/03/2026`` (day first) as a date.

    Raises :class:`DateError` with the reason.
    """
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _OURS.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise DateError("không đúng dạng ngày")
    if not 1900 <= year <= 2199:
        raise DateError(f"năm {year} ngoài khoảng 1900–2199")
    if not 1 <= month <= 12:
        raise DateError(f"không có tháng {month}")
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    if not 1 <= day <= last:
        raise DateError(f"tháng {month}/{year} chỉ có {last} ngày")
    return date(year, month, day)


_NUMBER = r"\d[\d.,]*(?:\s?[–-]\s?\d[\d.,]*)?"
_UNITS = (
    "kg|g|mg|tấn|tạ|yến|m|cm|mm|km|ha|m2|m3|m²|m³|lít|ml|l|°C|%|đồng|triệu|tỷ|nghìn|ngày|tháng|năm|"
    "giờ|phút|giây|con|cây|trang|bar|kPa|W|kW|kWh|V|ppm|pH"
)
_BIND_AFTER_NUMBER = re.compile(rf"(?<![\w.,])({_NUMBER}) (?=(?:{_UNITS})(?![\w]))")
_RANGE = re.compile(r"(?<=\d) ([–-]) (?=\d)")
_DASH = re.compile(r"(?<=\S) (?=[–—] )")  # no line begins with a dash
_BIND_BEFORE_NUMBER = re.compile(
    r"\b(số|Số|Điều|điều|khoản|Khoản|điểm|Chương|chương|Hình|hình|Bảng|bảng|tháng|ngày|năm|trang|"
    r"quý|Quý|mục|Mục|lần thứ|thế kỷ) (?=[\dIVXLC])"
)
_TITLE = re.compile(r"\b((?:GS|PGS|TS|ThS|BS|KS|CN)\.(?:(?:TS|ThS)\.)?) (?=\w)")
# Symbols of documents (57-NQ/TW, 01-14:2010/BNNPTNT, 37/GP-XBBT, 126/2025/QH15) and ranges (3–15).
DOCUMENT_SYMBOL = re.compile(
    r"\b\d{1,2}/\d{1,2}/\d{4}\b"
    r"|\b\d+(?=[-:/\d]*[-/][0-9]*[A-ZĐ])(?:-\d+)?(?::\d{4})?(?:/\d{4})?"
    r"(?:[-/&][0-9]*[A-ZĐ][0-9A-ZĐa-z]*)+"
    r"|\bKH&(?:KT|CN)\b"
    r"|\b\d[\d.,]*–\d[\d.,]*\b"
)


_COUNTED = re.compile(r"\d| [IVXLC]")


def bind(text: str) -> str:
    """Non-breaking spaces where a line must not end: «5 kg», «Điều 34», «số 1», «hỏi – đáp»."""
    # Most texts have nothing of the kind; to see that costs less than to look for each.
    counted = _COUNTED.search(text)
    if counted:
        text = _RANGE.sub("\u00a0\\1\u00a0", text)
    if "–" in text or "—" in text:
        text = _DASH.sub("\u00a0", text)
    if counted:
        text = _BIND_AFTER_NUMBER.sub("\\1\u00a0", text)
        text = _BIND_BEFORE_NUMBER.sub("\\1\u00a0", text)
    if "S." in text or "N." in text:
        text = _TITLE.sub("\\1\u00a0", text)
    return text
