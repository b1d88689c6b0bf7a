"""Written Vietnamese as it is read aloud: numbers, dates, units, symbols in words.

One pass from left to right; at each place the first rule that fits decides. What has two readings
is not guessed: it stays as it is between ⟦ and ⟧, and a :class:`Doubt` says why.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bulletin import numerals, syllable, text
from bulletin.broadcast import symbols
from bulletin.broadcast.words import (
    ABBREVIATIONS,
    BORROWED,
    DAY_AFTER,
    PER,
    PHONE_AFTER,
    RATIO_AFTER,
    ROMAN_AFTER,
    SHARE_BEFORE,
    UNITS,
)

OPEN, CLOSE = "⟦", "⟧"
NUM = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_END = r"(?![\w²³])"
_STOP = r"(?![\d]|[.,/:–-]?\d)"  # the number is whole here


@dataclass(frozen=True, slots=True)
class Doubt:
    """What could not be read out: the words, a code, why, and what to do."""

    quote: str
    code: str
    why: str
    remedy: str


@dataclass(slots=True)
class Reader:
    """``own``: the board's abbreviations; ``odd``: «linh» or «lẻ»."""

    own: Mapping[str, str] = field(default_factory=dict)
    odd: str = numerals.ODD
    doubts: list[Doubt] = field(default_factory=list)

    def read(self, source: str) -> str:
        """The text as an announcer says it. New doubts are added to :attr:`doubts`."""
        plain = text.nfc(source).replace("\u00a0", " ").replace("\u202f", " ")
        plain = self._without_repeats(plain)
        out: list[str] = []
        at = 0
        while at < len(plain):
            match = next((m for rule in RULES if (m := rule[0].match(plain, at))), None)
            if match is None:
                out.append(plain[at])
                at += 1
                continue
            said = self._said(match, plain)
            out.append(said)
            at = match.end()
        return re.sub(r" +(?=[.,;:!?…)])", "", " ".join("".join(out).split()))

    def _said(self, match: re.Match[str], plain: str) -> str:
        for pattern, say in RULES:
            if pattern is match.re:
                return say(self, match, plain[: match.start()], plain[match.end() :])
        raise AssertionError(match.re.pattern)

    def doubt(self, quote: str, code: str, why: str, remedy: str) -> str:
        found = Doubt(quote, code, why, remedy)
        if found not in self.doubts:
            self.doubts.append(found)
        return f"{OPEN}{quote}{CLOSE}"

    def known(self, short: str) -> str | None:
        return self.own.get(short) or ABBREVIATIONS.get(short)

    def number(self, written: str) -> str:
        whole, _, fraction = written.replace(".", "").partition(",")
        return numerals.decimal(int(whole), fraction, self.odd)

    def _without_repeats(self, plain: str) -> str:
        """«hợp tác xã (HTX)»: said once."""

        def once(match: re.Match[str]) -> str:
            full = self.known(match[1])
            before = plain[: match.start()].rstrip().lower()
            return "" if full and before.endswith(full.lower()) else match[0]

        return re.sub(r" ?\(([\w&]+)\)", once, plain)


Say = Callable[[Reader, re.Match[str], str, str], str]


def _last(before: str, words: str) -> bool:
    """Whether the text before ends with one of the ``words``, with little in between."""
    return re.search(rf"(?i)(?<!\w)(?:{words})(?: số| máy| là|:)? ?[“\"(]?$", before) is not None


def _begins(after: str, words: str) -> bool:
    return re.match(rf"(?i) (?:{words})(?!\w)", after) is not None


# ---- dates -----------------------------------------------------------------------------------


# Days that are called by their date and by nothing else: «chào mừng 18/5», «hưởng ứng 10/10».
DAYS = frozenset({(18, 5), (10, 10), (30, 4), (2, 9), (19, 8), (22, 12), (20, 11), (27, 7), (8, 3)})


def _month(value: int) -> str:
    return "tư" if value == 4 else numerals.cardinal(value)


def _valid(day: int, month: int, year: int = 2000) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def full_date(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    day, month, year = (int(part) for part in match.groups())
    if not (1900 <= year <= 2199 and _valid(day, month, year)):
        return reader.doubt(match[0], "PT002", "không có ngày này", "sửa ngày trong bài")
    lead = "" if _last(before, "ngày") else "ngày "
    said = numerals.cardinal(year, reader.odd)
    return f"{lead}{numerals.cardinal(day)} tháng {_month(month)} năm {said}"


def month_year(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    number, year = int(match[1]), numerals.cardinal(int(match[2]), reader.odd)
    if _last(before, "tháng") and 1 <= number <= 12:
        return f"{_month(number)} năm {year}"
    if _last(before, "số|quý"):
        return f"{numerals.cardinal(number, reader.odd)}, năm {year}"
    if 1 <= number <= 12:
        return f"tháng {_month(number)} năm {year}"
    why = "không rõ là tháng hay số hiệu"
    return reader.doubt(match[0], "PT002", why, "viết đủ: «tháng … năm …» hoặc «số …»")


def roman_year(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    value = numerals.roman(match[1])
    assert value is not None
    return f"{numerals.cardinal(value)} năm {numerals.cardinal(int(match[2]), reader.odd)}"


def stroke(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    """«18/5» is a day, «1/3 lượng» a share; nobody knows what else it may be."""
    first, second = int(match[1]), int(match[2])
    if _begins(after, SHARE_BEFORE) and 0 < first < second:
        return numerals.fraction(first, second, reader.odd)
    if _last(before, DAY_AFTER) and _valid(first, second):
        lead = "" if _last(before, "ngày") else "ngày "
        return f"{lead}{numerals.cardinal(first)} tháng {_month(second)}"
    if (first, second) in DAYS:
        return f"ngày {numerals.cardinal(first)} tháng {_month(second)}"
    why = "có thể là ngày tháng, phân số hoặc số hiệu"
    return reader.doubt(match[0], "PT002", why, "viết «ngày 18/5», hoặc viết phân số bằng chữ")


def clock(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    hour, minute = int(match[1]), int(match[2])
    if hour > 23 or minute > 59:
        return reader.doubt(match[0], "PT002", "không có giờ này", "sửa giờ trong bài")
    said = f"{numerals.cardinal(hour)} giờ"
    return f"{said} {numerals.cardinal(minute)} phút" if minute else said


def colon(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    """«1:10» after «pha» is a ratio, «7:30» after «lúc» a time."""
    if _last(before, RATIO_AFTER):
        one, other = (numerals.cardinal(int(match[n]), reader.odd) for n in (1, 2))
        return f"{one} trên {other}"
    if _last(before, "lúc|hồi|từ|đến|trước|sau") and len(match[2]) == 2:
        return clock(reader, match, before, after)
    why = "có thể là giờ hoặc tỷ lệ"
    return reader.doubt(match[0], "PT002", why, "viết «7 giờ 30», hoặc «tỷ lệ 1:10»")


# ---- numbers ---------------------------------------------------------------------------------


def phone(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    groups = re.split(r"[ .]+", match[0])
    return ", ".join(numerals.digits(group) for group in groups)


def short_call(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    if _last(before, PHONE_AFTER):
        return numerals.digits(match[0])
    return whole(reader, match, before, after)


def span(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    """«3–5»: from the smaller to the greater; a plain hyphen only between sure numbers."""
    first, second = match[1], match[3]
    low, high = (float(n.replace(".", "").replace(",", ".")) for n in (first, second))
    if low >= high or (first[0] == "0" and first[1:2].isdigit()) or _last(before, PHONE_AFTER):
        why = "không chắc là một khoảng (từ … đến …)"
        return reader.doubt(match[0], "PT002", why, "viết «từ … đến …»")
    return f"{reader.number(first)} đến {reader.number(second)}{_unit(reader, match[4])}"


def measure(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    sign = "âm " if match[1] else ""
    return f"{sign}{reader.number(match[2])}{_unit(reader, match[3])}"


def _unit(reader: Reader, written: str | None) -> str:
    """« kg/ha» → « ki-lô-gam mỗi héc-ta»."""
    if not written:
        return ""
    name, _, per = written.strip().partition("/")
    if written.strip() in UNITS or not per:
        return f" {UNITS[written.strip()]}"
    return f" {UNITS.get(name, name)} mỗi {UNITS.get(per, per)}"


def unit_word(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    """«đồng/con», «tạ/ha» after any number."""
    name, per = match[1], match[2]
    return f"{UNITS.get(name, name)} mỗi {UNITS.get(per, per)}"


def whole(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    written = match[0]
    if _last(before, "thứ"):
        return numerals.ordinal(int(written), reader.odd) if written.isdigit() else written
    if _last(before, "tháng") and written in ("4", "04"):
        return "tư"
    plain_zero = len(written) > 1 and written[0] == "0" and written.isdigit()
    if plain_zero and not _last(before, "ngày|tháng"):
        return numerals.digits(written)
    if re.fullmatch(r"\d+,000", written):
        why = "dấu phẩy có thể là dấu thập phân hoặc dấu nghìn kiểu Anh"
        return reader.doubt(written, "PT002", why, "viết hàng nghìn bằng dấu chấm: 3.000")
    if written.isdigit() and len(written) > 6:
        why = "dãy số dài: số tiền hay số hiệu?"
        return reader.doubt(written, "PT002", why, "tách hàng nghìn bằng dấu chấm nếu là số lượng")
    return reader.number(written)


def odd_number(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    """Whatever begins with a digit and no rule is sure of."""
    if (said := reader.known(match[0]) or UNITS.get(match[0])) is not None:
        return said
    why = "không chắc cách đọc số hoặc ký hiệu này"
    return reader.doubt(match[0], "PT002", why, "viết bằng chữ, hoặc thêm vào broadcast")


# ---- letters ---------------------------------------------------------------------------------


# A neighbour in capitals with marks: this is a line in capitals, not an abbreviation.
SHOUTED = re.compile(r"[A-ZĐ]*[À-ỸĂĐƠƯ][À-ỸA-ZĂĐƠƯ]* $")
SHOUTS = re.compile(r" [A-ZĐ]*[À-ỸĂĐƠƯ][À-ỸA-ZĂĐƠƯ]*(?!\w)")


def roman(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    value = numerals.roman(match[2])
    if value is None:
        return match[1] + abbreviation(reader, match, before + match[1], after, match[2])
    word = match[1].rstrip().lower()
    said = numerals.ordinal(value) if word.endswith("thứ") else numerals.cardinal(value)
    return match[1] + said


def abbreviation(
    reader: Reader, match: re.Match[str], before: str, after: str, word: str = ""
) -> str:
    """Several capitals in one word; syllables in capitals are words, not abbreviations."""
    word = word or match[0]
    if (said := reader.known(word)) is not None:
        return said
    if (said := reader.known(word.rstrip("."))) is not None:
        return said
    shouted = not word.isascii() or SHOUTED.search(before) or SHOUTS.match(after)
    if word.isupper() and shouted and syllable.is_syllable(word):
        return word
    if numerals.roman(word) is not None:
        why = "có thể là số La Mã hoặc chữ viết tắt"
        return reader.doubt(word, "PT003", why, "viết bằng chữ: «thứ mười bốn»")
    return reader.doubt(
        word, "PT001", "chữ viết tắt chưa có cách đọc", "thêm vào broadcast.abbreviations"
    )


def word(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    """A word is left as it is; one that no Vietnamese can read from its letters is in doubt."""
    written = match[0]
    if (said := reader.known(written)) is not None:
        return said
    plain = written.lower()
    if len(plain) > 1 and written in UNITS:
        return UNITS[written]
    capital = written.isupper() and syllable.is_syllable(plain)
    if (
        len(plain) > 1
        and plain not in BORROWED
        and not capital
        and syllable.fault(plain) == "letters"
    ):
        return reader.doubt(
            written, "PT004", "từ nước ngoài hoặc tên riêng", "thêm cách đọc vào broadcast"
        )
    return written


def address(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    why = "địa chỉ mạng không đọc được qua loa"
    return reader.doubt(match[0], "PT005", why, "nói chỗ tìm bằng lời, hoặc bỏ khi đọc")


def document(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    said = symbols.read(match[0], before, after, reader.odd)
    if said is not None:
        return said
    why = "ký hiệu văn bản có phần chưa biết cách đọc"
    return reader.doubt(match[0], "PT003", why, "đọc số và cơ quan ban hành bằng lời")


def sign(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    said = {"≥": "từ", "≤": "không quá", "<": "dưới", ">": "trên", "≈": "khoảng", "~": "khoảng"}
    between = {"×": "nhân", "=": "bằng", "+": "cộng"}
    mark = match[0].strip()
    if mark in said and re.match(r" ?\d", after):
        return f" {said[mark]} "
    if mark in between and re.search(r"\d[\w%]* ?$", before) and re.match(r" ?\d", after):
        return f" {between[mark]} "
    why = "dấu này không có cách đọc chắc chắn"
    return reader.doubt(mark, "PT006", why, "viết bằng lời")


def title(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    """«PGS.TS. Nguyễn» → «phó giáo sư tiến sĩ Nguyễn»."""
    return f"{reader.known(match[0].rstrip('. '))} "


def and_so_on(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    return "vân vân"


def ampersand(reader: Reader, match: re.Match[str], before: str, after: str) -> str:
    return "và"


def _rule(pattern: str, say: Say) -> tuple[re.Pattern[str], Say]:
    return re.compile(pattern), say


_PER = "|".join(sorted(PER, key=len, reverse=True))
_MEASURED = rf"( ?(?:{_UNIT}){_END}(?:/(?:{_PER})(?!\w))?)"
_LABEL = "[a-z0-9-]+"  # of a name in the network
_CALL = r"0\d{2,3}[ .]?\d{3}[ .]?\d{3,4}"
_SERVICE = r"1[89]00[ .]?\d{2,4}(?:[ .]?\d{2,4})?"
_L = r"(?<![\w.,/])"  # nothing that belongs to it stands before
RULES: tuple[tuple[re.Pattern[str], Say], ...] = (
    _rule(r"(?:https?://|www\.)\S+[^\s.,;:!?)”\"]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", address),
    _rule(rf"(?<![\w.@]){_LABEL}(?:\.{_LABEL})*\.(?:vn|com|org|net|int)(?!\w)(?:/\S*\w)?", address),
    _rule(rf"{_L}(\d{{1,2}})/(\d{{1,2}})/(\d{{4}})(?![\w/])", full_date),
    _rule(symbols.PATTERN, document),
    _rule(rf"{_L}(\d{{1,3}})/((?:19|20)\d\d)(?![\w/-])", month_year),
    _rule(r"(?<!\w)(I{1,3}|IV)/((?:19|20)\d\d)(?![\w/-])", roman_year),
    _rule(rf"{_L}(\d{{1,3}})/(\d{{1,3}})(?![\w/]|[.,]\d)", stroke),
    _rule(rf"{_L}(\d{{1,2}})(?: ?giờ | ?h)(\d\d)(?!\w)(?: phút)?", clock),
    _rule(rf"{_L}(\d{{1,3}}):(\d{{1,3}})(?![\w:/])", colon),
    _rule(rf"(?<![\w.,/+])(?:{_CALL}|{_SERVICE})(?![\w/])", phone),
    _rule(rf"{_L}({NUM})( ?[–-] ?| ?— ?)({NUM}){_MEASURED}?{_STOP}(?!\w)", span),
    _rule(rf"{_L}(?<!\d[ ])([−–-](?=\d))?({NUM}){_MEASURED}", measure),
    _rule(rf"{_L}\d{{3,5}}(?![\w]|[.,/:–-]\d)", short_call),
    _rule(rf"{_L}(?:{NUM}){_STOP}(?!\w)", whole),
    _rule(r"(?<!\w)\d[\w.,/:–-]*\w|(?<!\w)\d", odd_number),
    _rule(rf"(?i:(?<!\w)((?:{ROMAN_AFTER}|lần thứ|thứ) ))([IVXLC]+)(?![\w/])", roman),
    _rule(rf"(?<!\w)({_UNIT}|đồng|triệu|tấn|tạ|con|lít|sào)/({_PER})(?!\w)", unit_word),
    _rule(r"(?<!\w)v\.v\.?(?:\.\.|…)?", and_so_on),
    _rule(r"(?<!\w)(?:GS|PGS|TS|ThS|KS|BS|TP|TX)\. ?(?=\w)", title),
    _rule(r"(?<!\w)[^\W\d_]*[A-ZĐ][^\W\d_]*[A-ZĐ0-9&][\w&]*", abbreviation),

    _rule(r"(?<!\w)[^\W\d_]+(?!\w)", word),
    _rule(r"[^\W\d_]*\d\w*", odd_number),
    _rule(r" ?[≥≤<>≈~×=+±→←↑↓°#@^*|\\] ?", sign),
    _rule(r"&", ampersand),
    _rule(r"(?<=\w)/(?=\w)", sign),
)  # fmt: skip
