"""Patterns of personal data: telephone, bank account, identity card, tax code.

Years, document numbers, dates, grouped amounts and hotlines (1800…, 1900…, 113) are not among
them; a number that the board lists as public is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_HEAD = r"(?<![\w/.,-])(?:\+?84[ .-]?|0)"
_MOBILE = (
    r"[35789](?:\d{8}|\d[ .-]\d{3}[ .-]\d{4}|\d{2}[ .-]\d{3}[ .-]\d{3}|\d{2}[ .-]\d{6}"
    r"|\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]\d{2}|\d{3}[ .-]\d{2}[ .-]\d{3}|\d{3}[ .-]\d{5})"
)
_LAND = r"2\d{1,2}[ .-]?\d?[ .-]?\d{3}[ .-]?\d{3,4}"
_TAIL = r"(?![\w/-])(?![.,]\d)"
PHONE = re.compile(
    rf"{_HEAD}(?:{_MOBILE}|{_LAND}){_TAIL}"
    rf"|\(0\d{{2,3}}\)[ .-]?\d{{1,4}}(?:[ .-]?\d{{3}}){{1,2}}{_TAIL}"
)
CARD = re.compile(
    rf"(?<![\w/.,-])0\d{{2}}[0-3]\d{{2}}\d{{6}}{_TAIL}"
    rf"|(?<![\w/.,-])0\d{{2}}[ .][0-3]\d{{2}}[ .]\d{{3}}[ .]\d{{3}}{_TAIL}"
)
_NUMBER = r"[^\d\n]{0,24}?(?<![\w/])(\d(?:[ .-]?\d){5,18})(?![\w/])"
CARD_NAMED = re.compile(
    rf"\b(?:CCCD|CMND|căn cước(?: công dân)?|chứng minh nhân dân){_NUMBER}", re.I
)
BANK = re.compile(
    r"\b(?:STK|số tài khoản|tài khoản(?: ngân hàng)? số|tài khoản ngân hàng|chuyển khoản vào)"
    rf"{_NUMBER}",
    re.I,
)
TAX = re.compile(rf"\b(?:MST|mã số thuế){_NUMBER}", re.I)
ADDRESS = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True, slots=True)
class Hit:
    """Personal data in one line: ``start`` and ``end`` in characters."""

    code: str
    start: int
    end: int
    what: str


_DIGIT = re.compile(r"\d")
KINDS = (
    ("LG012", CARD_NAMED, 1, "số căn cước"),
    ("LG011", BANK, 1, "số tài khoản ngân hàng"),
    ("LG013", TAX, 1, "mã số thuế"),
    ("LG012", CARD, 0, "số căn cước"),
    ("LG010", PHONE, 0, "số điện thoại"),
)
LEAST = {"LG011": 6, "LG012": 9, "LG013": 10}


def hidden(number: str) -> str:
    """As a message may repeat it: «091…78», never the whole number."""
    return f"{number[:3]}…{number[-2:]}"


def scan(line: str, public: Collection[str] = ()) -> Iterator[Hit]:
    """Every hit of a line once; ``public`` are numbers by their digits."""
    if not _DIGIT.search(line) or sum(map(str.isdigit, line)) < 6:
        return
    plain = ADDRESS.sub(lambda match: " " * len(match[0]), line)
    taken: list[tuple[int, int]] = []
    for code, pattern, group, what in KINDS:
        for match in pattern.finditer(plain):
            start, end = match.span(group)
            number = re.sub(r"\D", "", match[group])
            if len(number) < LEAST.get(code, 0) or _known(number, public):
                continue
            if any(start < b and a < end for a, b in taken):
                continue
            taken.append((start, end))
            yield Hit(code, start, end, f"{what} {hidden(number)}")


def _known(number: str, public: Collection[str]) -> bool:
    """Whether the board lists it, with or without the country's 84."""
    return number in public or (number.startswith("84") and "0" + number[2:] in public)
