"""Symbols of legal documents in words: «57-NQ/TW», «1169/QĐ-TTg», «30/2020/NĐ-CP», «79/2015/QH13».

The kind is said only where the text has not said it; the issuer only where the text does not say it
after. A symbol with any part that is unknown is not read at all.
"""

from __future__ import annotations

import re

from bulletin import numerals
from bulletin.broadcast.words import ISSUERS, KINDS

_LETTERS = r"[A-ZĐ][A-ZĐa-zy]*"
PATTERN = (
    rf"(?<![\w/])\d+(?:/\d{{4}})?(?:/QH\d{{1,2}}|(?:/{_LETTERS}(?:-{_LETTERS})*"
    rf"|-{_LETTERS}(?:/{_LETTERS})+))(?![\w/])|(?<!\w)(?:TCVN|QCVN) \d[\d:/A-ZĐ-]*\w"
)
_LAW = re.compile(r"(\d+)/(\d{4})/QH(\d{1,2})")
_SYMBOL = re.compile(
    rf"(\d+)(?:/(\d{{4}}))?[/-]({_LETTERS})(?:[-/]({_LETTERS}(?:[-/]{_LETTERS})*))?"
)
_STANDARD = re.compile(r"(TCVN|QCVN) (\d+)(?::(\d{4}))?")
NAMES = {"TCVN": "tiêu chuẩn Việt Nam", "QCVN": "quy chuẩn Việt Nam"}
# «… ngày 22/12/2024 của Bộ Chính trị»: the issuer follows in words.
_FOLLOWS = re.compile(r",?(?: ngày [\d/]+| ngày \d+ tháng \d+ năm \d+)? của ")


def read(symbol: str, before: str, after: str, odd: str) -> str | None:
    """The symbol in words, or None."""
    if match := _LAW.fullmatch(symbol):
        number, year, term = (numerals.cardinal(int(part), odd) for part in match.groups())
        return f"{_lead(before)}{number}, năm {year}, Quốc hội khóa {term}"
    if match := _STANDARD.fullmatch(symbol):
        said = f"{NAMES[match[1]]} số {numerals.cardinal(int(match[2]), odd)}"
        return said + (f", năm {numerals.cardinal(int(match[3]), odd)}" if match[3] else "")
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        return None
    kind, issuers = KINDS.get(match[3]), _issuers(match[4])
    if kind is None or issuers is None:
        return None
    named = re.search(rf"(?i)(?:{kind}(?: liên tịch)?|{match[3]})(?: số)? ?$", before) is not None
    said = numerals.cardinal(int(match[1]), odd)
    if match[2]:
        said += f", năm {numerals.cardinal(int(match[2]), odd)}"
    if kind == "giấy phép" or not issuers or _FOLLOWS.match(after):
        issuer = ""
    else:
        issuer = f"{',' if match[2] else ''} của {' và '.join(issuers)}"
    lead = _lead(before)
    return f"{lead}{said}{issuer}" if named or not lead else f"{kind} {lead}{said}{issuer}"


def _lead(before: str) -> str:
    return "" if re.search(r"(?i)(?<!\w)số ?$", before) else "số "


def _issuers(written: str | None) -> tuple[str, ...] | None:
    """Every part in words; None when one of them is unknown."""
    parts = re.split(r"[-/]", written) if written else []
    known = tuple(ISSUERS[part] for part in parts if part in ISSUERS)
    return known if len(known) == len(parts) else None
