"""Checks of words: suspicious syllables, doubled words, slips, foreign words, old names, tones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from bulletin import syllable
from bulletin.language.prose import BLANK, Page, Slip
from bulletin.rulebook import TONES, Rulebook

Check = Callable[[Page, Rulebook], Iterator[Slip]]

_WORD = re.compile(r"(?<!\w)[^\W\d_²³₂₃]+(?!\w)")
_TWICE = re.compile(r"(?<![\w\x00-])([^\W\d_]+)[ \u00a0]+(\1)(?![\w\x00-])", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”")
_OLD = re.compile(r"\s*(?:\(cũ\)|\(trước|cũ\b|trước đây)")
_BEFORE = re.compile(r"(?:nguyên|trước đây(?: là)?|trước ngày 1/7/2025|thuộc|tách từ)\s*$")
_MARK = re.compile("(.?)([\u0300-\u036f\u20d0-\u20ff])")
_HISTORY = re.compile(
    "hợp nhất|sáp nhập|nhập vào|sắp xếp|trước ngày|trước tháng|năm 20(?:[01]|2[0-4])"
)
MIN_BARE = 4


def spelling(page: Page, book: Rulebook) -> Iterator[Slip]:
    """Words that are no Vietnamese syllable and nothing else that may stand there."""
    for number, line in page.prose():
        found = list(_WORD.finditer(line))
        for index, match in enumerate(found):
            word = match[0]
            if _usual(word) or not _suspicious(word, book) or _foreign_company(found, index):
                continue
            yield Slip(
                "ST004",
                number,
                match.start() + 1,
                len(word),
                f"chữ đáng ngờ «{word}» trong «{_around(line, match.start(), match.end())}»",
                _why(word),
            )


@lru_cache(maxsize=65536)
def _usual(word: str) -> bool:
    """What nearly every word is, and no rule file has a say in."""
    return not syllable.fault(word.lower())


def _suspicious(word: str, book: Rulebook) -> bool:
    lower = word.lower()
    if lower in book.allowed or word[1:] != word[1:].lower():
        return False  # abbreviations and names such as NetZero
    if word.isascii():
        return (
            word == lower
            and len(word) >= MIN_BARE
            and syllable.is_bare(word)
            and not syllable.is_syllable(word)
        )
    fault = syllable.fault(lower)
    if not fault or len(word) == 1:
        return False
    return fault == "seat" or word == lower


def _foreign_company(found: list[re.Match[str]], index: int) -> bool:
    """An unmarked word beside another that is not Vietnamese: a phrase in another language."""
    if not found[index][0].isascii():
        return False
    beside = [found[n][0] for n in (index - 1, index + 1) if 0 <= n < len(found)]
    return any(w.isascii() and not syllable.is_bare(w.lower()) for w in beside)


def _why(word: str) -> str:
    if word.isascii():
        return "có lẽ đã mất dấu; chữ nước ngoài thì ghi vào allowed của tệp quy tắc"
    match syllable.fault(word.lower()):
        case "seat":
            return "dấu thanh đặt sai chỗ: gõ lại chữ này"
        case "tone":
            return "vần này không mang thanh ấy, hoặc chữ có hai dấu: gõ lại"
    return "gõ lại nếu sai; tên riêng, thuật ngữ thì ghi vào allowed của tệp quy tắc"


def _around(line: str, start: int, end: int) -> str:
    """The word between its neighbours."""
    before = line[max(0, start - 24) : start].rpartition(BLANK)[2].split()[-2:]
    after = line[end : end + 24].partition(BLANK)[0].split()[:2]
    return " ".join([*before, line[start:end], *after])


def doubled(page: Page, book: Rulebook) -> Iterator[Slip]:
    for number, line in page.prose():
        for match in _TWICE.finditer(line):
            first, second = match[1], match[2]
            both = f"{first} {second}".lower()
            if first.lower() in book.doubles or len(first) < 2 or not first.islower():
                continue
            if both in book.slips or not syllable.is_syllable(first):
                continue
            yield Slip(
                "ST005",
                number,
                match.start() + 1,
                len(match[0]),
                f"chữ lặp «{match[0]}»",
                f"bỏ một chữ «{second}»; từ láy thì ghi vào doubles của tệp quy tắc",
            )


def slips(page: Page, book: Rulebook) -> Iterator[Slip]:
    if book.slip_words is None:
        return
    for number, line in page.prose():
        for match in book.slip_words.finditer(line):
            better = book.slips[" ".join(match[0].lower().split())]
            yield Slip(
                "ST014",
                number,
                match.start() + 1,
                len(match[0]),
                f"«{match[0]}» thường là gõ nhầm",
                f"có lẽ là «{better}»",
            )


def foreign(page: Page, book: Rulebook) -> Iterator[Slip]:
    """Once per word and article; in brackets or quotation marks it explains, and may stand."""
    if book.foreign_words is None:
        return
    told: set[str] = set()
    for number, line in page.prose():
        for match in book.foreign_words.finditer(line):
            word = match[0].lower()
            before = line[: match.start()].rstrip()[-1:]
            if word in told or (before and before in '(“‘"') or match[0] != word:
                continue
            told.add(word)
            yield Slip(
                "ST013",
                number,
                match.start() + 1,
                len(match[0]),
                f"«{match[0]}» đã có từ tiếng Việt",
                f"dùng «{book.foreign[word]}», lần đầu có thể ghi thêm ({word})",
            )


def old_names(page: Page, book: Rulebook) -> Iterator[Slip]:
    if book.outdated is None:
        return
    for number, line in page.prose():
        for match in book.outdated.finditer(line):
            after, before = line[match.end() :], line[: match.start()]
            near = line[max(0, match.start() - 80) : match.end() + 80]
            if _OLD.match(after) or _BEFORE.search(before) or _HISTORY.search(near):
                continue
            if _quoted(line, match.start()):
                continue
            old = book.advice[" ".join(match[0].lower().split())]
            day = old.since.strftime("%d/%m/%Y") if old.since else ""
            yield Slip(
                "ST008",
                number,
                match.start() + 1,
                len(match[0]),
                f"«{match[0]}» không còn từ {day}",
                old.advice,
            )


def _quoted(line: str, at: int) -> bool:
    return any(match.start() < at < match.end() for match in _QUOTED.finditer(line))


def tones(page: Page, book: Rulebook) -> Iterator[Slip]:
    """One suggestion per article: words that put the tone otherwise than the house does."""
    if not book.tone:
        return
    found: dict[str, str] = {}
    first: tuple[int, int, int] | None = None
    for number, line in page.prose():
        if number <= page.body:
            continue  # titles of documents stay as their authors wrote them
        for match in _WORD.finditer(_QUOTED.sub(lambda m: BLANK * len(m[0]), line)):
            word = match[0]
            if word.isascii() or not word.islower():
                continue
            house = syllable.placed(word, TONES[book.tone])
            if house != word:
                found[word] = house
                first = first or (number, match.start() + 1, len(word))
    if first:
        pairs = ", ".join(f"{old} → {new}" for old, new in sorted(found.items())[:5])
        yield Slip(
            "ST009",
            *first,
            f"{len(found)} chữ đặt dấu khác kiểu của Ban biên tập",
            f"{pairs}; tên riêng và tên văn bản giữ nguyên",
        )


def loose_marks(page: Page, book: Rulebook) -> Iterator[Slip]:
    """A combining mark that no letter of Unicode has taken in."""
    del book
    for number, line in page.prose():
        if match := _MARK.search(line):
            yield Slip(
                "TX009",
                number,
                match.start() + 1,
                len(match[0]),
                f"dấu rời U+{ord(match[2]):04X} sau «{match[1]}»",
                "xóa dấu rồi gõ lại cả chữ bằng bảng mã Unicode dựng sẵn",
            )


CHECKS: tuple[Check, ...] = (
    spelling,
    doubled,
    slips,
    foreign,
    old_names,
    tones,
    loose_marks,
)
