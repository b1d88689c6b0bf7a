"""The gate before damaged text: marks lost by OCR, broken font maps, encodings not decoded.

Measured: clean Vietnamese carries marks on about 27 % of its letters, OCR that lost them on 5 % or
fewer; 0.5 % of clean syllables fail the rules, 38–78 % of damaged ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bulletin import legacy, syllable
from bulletin.language.prose import BLANK, Page, Slip

LEAST_WORDS = 25  # fewer words prove nothing about marks
FEW_MARKS, BARE = 0.12, 0.7
ODD_WORDS, ODD = 4, 0.25
_WORD = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(r"[\ue000-\uf8ff\ufffd\x80-\x9f]")
_QUOTED = 90


def check(page: Page) -> Iterator[Slip]:
    bare: list[int] = []
    body: list[str] = []
    for number, line in page.prose():
        words = _words(line)
        if number > page.body:
            body += words
        slip = _undecoded(number, line) or _broken(number, line, words)
        if slip:
            yield slip
        elif number > page.body and _stripped(words):
            bare.append(number)
            yield _lost(number, line)
    if not bare and _stripped(body):
        yield _lost(
            page.body + 1, page.lines[page.body] if page.body < len(page.lines) else "", True
        )


def _words(line: str) -> list[str]:
    return [word for word in _WORD.findall(line) if len(word) > 1]


def marked(words: list[str]) -> float:
    """The part of the letters that are beyond ASCII: in Vietnamese those with marks, and đ."""
    letters = "".join(words)
    plain = len(letters.encode("ascii", "ignore"))
    return 1 - plain / len(letters) if letters else 1.0


def _stripped(words: list[str]) -> bool:
    """Many words, hardly a mark, and nearly every word could be a syllable that lost its own."""
    if len(words) < LEAST_WORDS or marked(words) >= FEW_MARKS:
        return False
    lower = [word.lower() for word in words]
    could = sum(syllable.is_bare(word) or not syllable.fault(word) for word in lower)
    return could / len(words) >= BARE


def _lost(number: int, line: str, whole: bool = False) -> Slip:
    return Slip(
        "TX008",
        number,
        1,
        max(len(line), 1),
        "đoạn chữ đã mất dấu" if not whole else "bài gần như không có dấu",
        "thường do quét (OCR) hoặc gõ không dấu: lấy lại bản gốc có dấu, máy không đoán dấu",
        whole=whole,
    )


def _undecoded(number: int, line: str) -> Slip | None:
    # The look-alikes of Đ were replaced when the file was read; TCVN3 needs them as they were.
    found = legacy.undecoded(line.replace(BLANK, " "))
    if found is None:
        return None
    kind, words = found
    shown = " ".join(words.split())
    shown = shown if len(shown) <= _QUOTED else shown[:_QUOTED].rsplit(" ", 1)[0] + " …"
    return Slip(
        "TX008",
        number,
        1,
        len(line),
        f"đoạn chữ ở bảng mã {legacy.NAMES[kind]}, chưa chuyển sang Unicode",
        f"có lẽ là: {shown}",
    )


def _broken(number: int, line: str, words: list[str]) -> Slip | None:
    """Letters of a private font table, or so many odd letters that most words are none."""
    hits = _BROKEN.findall(line)
    odd = [word for word in words if not _plausible(word)]
    if not hits and (len(odd) < ODD_WORDS or len(odd) / len(words) < ODD):
        return None
    shown = ", ".join(f"U+{ord(c):04X}" for c in hits[:3]) or ", ".join(odd[:3])
    return Slip(
        "TX008",
        number,
        1,
        len(line),
        f"đoạn chữ hỏng vì bảng phông lạ ({shown})",
        "chép từ PDF hay phông cũ: gõ lại, hoặc chuyển bản gốc sang Unicode rồi dán lại",
    )


@lru_cache(maxsize=65536)
def _plausible(word: str) -> bool:
    return word.isascii() or word[:1].isupper() or not syllable.fault(word.lower())
