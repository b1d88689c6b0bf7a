"""Checks of signs: citations of documents, quotes, spaces, numbers and units, personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bulletin import privacy
from bulletin.language.prose import BLANK, Page, Slip
from bulletin.language.words import Check
from bulletin.rulebook import Document, Rulebook, letters
from bulletin.text import short_date

# A number and the letters behind it, however they are joined: 57-NQ/TW, 57/NQ-TW, 57- NQ/TW.
_SYMBOL = re.compile(
    r"(?<![\w/-])\d{1,5}\s?[-–/]\s?(?:\d{4}\s?[-–/]\s?)?[A-ZĐ][A-Za-zĐđ]*\d*"
    r"(?:\s?[-–/]\s?[A-ZĐ][A-Za-zĐđ0-9]*)*(?![\w/-])"
)
_PARTY = re.compile(r"\d+/(?:NQ|CT|KL|QĐ|KH|HD|QC)-(?:TW|TU)")
_KINDS = (
    "Nghị quyết|Quyết định|Kế hoạch|Nghị định|Chỉ thị|Thông tư|Kết luận|Luật|Giấy phép xuất bản"
)
_KIND_BEFORE = re.compile(rf"({_KINDS})(?:\s+số)?\s+$", re.IGNORECASE)
_DAY = re.compile(
    r"\s*,?\s*(?:ban hành |ký )?ngày\s+(?:(\d{1,2})/(\d{1,2})/(\d{4})"
    r"|(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4}))"
)
_OF = re.compile(r"\s*,?\s*của\s+")
_SPACE_BEFORE = re.compile(r"(?<=[^\W_])([ \u00a0]+)([,;:!?]|\.(?!\.))(?=\s|$)")
_SPACE_AFTER = re.compile(r"(?<=[a-zà-ỹđ])([,;])(?=[^\W\d_]{2})")
_INSIDE = re.compile(r"([(“])( +)(?=\S)|(?<=\S)( +)([)”])")
_UNIT = re.compile(
    r"(?<![\w.,\x00/-])(\d[\d.,]*)(kg|mg|tấn|tạ|yến|cm|mm|km|ha|ml|lít|m²|m³|kW|kWh|°C)(?![\w/])"
)
_COMMAS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3}){2,}(?![\w.,])")
_POINT = re.compile(
    r"(?<![\w.,])(\d{1,4})\.(\d{1,2})"
    r"(?=[ \u00a0](?:kg|g|mg|tấn|tạ|cm|mm|km|ha|ml|lít|m|m²|m³|kW|kWh|triệu|tỷ|nghìn)\b)"
)
_GUILLEMETS = re.compile(r"[«»„‟]")


def citations(page: Page, book: Rulebook) -> Iterator[Slip]:
    for number, line in page.prose():
        for match in _SYMBOL.finditer(line):
            typed = match[0]
            known = book.by_letters.get(letters(typed))
            if known and typed != known.symbol and known.symbol in line and "đúng" in line:
                continue  # a mistake that is shown beside its correction
            yield from _form(number, match.start(), typed, known)
            if known:
                yield from _facts(number, line, match, known, book)


def _form(number: int, start: int, typed: str, known: Document | None) -> Iterator[Slip]:
    tight = re.sub(r"\s", "", typed).replace("–", "-")
    if known and typed == known.symbol:
        return
    if known:
        message = f"«{typed}» viết sai số, ký hiệu của {known.kind} {known.symbol}"
        hint, fixed = f"viết: {known.symbol}", known.symbol
    elif _PARTY.fullmatch(tight):
        digits, _, rest = tight.partition("/")
        kind, _, organ = rest.partition("-")
        message = f"«{typed}»: văn bản của Đảng ghi số-loại/cơ quan"
        yield Slip(
            "ST006", number, start + 1, len(typed), message, f"viết: {digits}-{kind}/{organ}"
        )
        return
    elif tight != typed and "/" in tight:
        message, hint, fixed = f"«{typed}» có dấu cách thừa", f"viết liền: {tight}", tight
    else:
        return
    yield Slip("ST006", number, start + 1, len(typed), message, hint, fixed)


def _facts(
    number: int, line: str, match: re.Match[str], known: Document, book: Rulebook
) -> Iterator[Slip]:
    """Kind before the symbol, date and issuer behind it, as far as the register knows them."""
    before = _KIND_BEFORE.search(line[: match.start()])
    if before and before[1].lower() not in known.kind.lower():
        yield _wrong(number, before.start(1), before[1], f"{known.symbol} là {known.kind}")
    end = match.end()
    day = _DAY.match(line, end)
    if day:
        end = day.end()
        said = _date(day)
        if known.date and said != known.date:
            typed = day[0].strip(" ,")
            right = f"{known.symbol} ngày {short_date(known.date)}"
            yield _wrong(number, day.end() - len(typed), typed, right)
    of = _OF.match(line, end)
    if of and known.issuer:
        rest = line[of.end() :]
        other = next(
            (i for i in sorted(book.issuers, key=len, reverse=True) if rest.startswith(i)), ""
        )
        if other and not other.startswith(known.issuer) and not known.issuer.startswith(other):
            yield _wrong(number, of.end(), other, f"{known.symbol} của {known.issuer}")


def _date(match: re.Match[str]) -> date | None:
    day, month, year = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _wrong(number: int, start: int, typed: str, right: str) -> Slip:
    message = f"«{typed}» không khớp sổ văn bản"
    hint = f"{right}; sổ sai thì sửa documents của tệp quy tắc"
    return Slip("ST007", number, start + 1, len(typed), message, hint)


def quotes(page: Page, book: Rulebook) -> Iterator[Slip]:
    del book
    for number, line in page.prose():
        if match := _GUILLEMETS.search(line):
            yield Slip(
                "ST010",
                number,
                match.start() + 1,
                1,
                f"dấu ngoặc kép «{match[0]}» không phải của tiếng Việt",
                "dùng “ ”",
            )
        # A quotation may run over several lines of one paragraph, not out of a table's row.
        elif line.count("“") != line.count("”") and "|" not in line and number > page.body:
            at = max(line.rfind("“"), line.rfind("”"))
            if _lonely(page, number):
                yield Slip(
                    "ST010", number, at + 1, 1, "ngoặc kép mở mà không đóng, hoặc ngược lại",
                    "mỗi “ cần một ”",
                )  # fmt: skip


def _lonely(page: Page, number: int) -> bool:
    """Whether the paragraph around the line is unbalanced too."""
    start = end = number - 1
    while start > page.body and page.lines[start - 1].strip():
        start -= 1
    while end + 1 < len(page.lines) and page.lines[end + 1].strip():
        end += 1
    whole = "\n".join(page.lines[start : end + 1])
    return whole.count("“") != whole.count("”")


def spaces(page: Page, book: Rulebook) -> Iterator[Slip]:
    del book
    for number, line in page.prose():
        for match in _SPACE_BEFORE.finditer(line):
            if line[: match.start()].strip(BLANK + " -*|") or "|" not in line:
                yield _spaced(number, match.start(1), match[1] + match[2], match[2], "trước")
        for match in _SPACE_AFTER.finditer(line):
            yield _spaced(number, match.start(1), match[1], match[1] + " ", "sau")
        for match in _INSIDE.finditer(line):
            typed = match[0]
            yield _spaced(number, match.start(), typed, typed.replace(" ", ""), "bên trong")


def _spaced(number: int, start: int, typed: str, right: str, where: str) -> Slip:
    sign = typed.strip()
    message = f"{'thiếu' if where == 'sau' else 'thừa'} dấu cách {where} «{sign}»"
    return Slip("ST011", number, start + 1, len(typed), message, f"viết: «{right}»", right)


def numbers(page: Page, book: Rulebook) -> Iterator[Slip]:
    del book
    for number, line in page.prose():
        for match in _UNIT.finditer(line):
            yield _number(number, match, f"{match[1]} {match[2]}", "thiếu dấu cách trước đơn vị")
        for match in _COMMAS.finditer(line):
            yield _number(
                number, match, match[0].replace(",", "."), "hàng nghìn cách bằng dấu chấm"
            )
        for match in _POINT.finditer(line):
            yield _number(number, match, f"{match[1]},{match[2]}", "phần lẻ sau dấu phẩy")


def _number(number: int, match: re.Match[str], right: str, why: str) -> Slip:
    message = f"«{match[0]}»: {why}"
    return Slip("ST012", number, match.start() + 1, len(match[0]), message, f"viết: {right}", right)


def adverts(page: Page, book: Rulebook) -> Iterator[Slip]:
    if book.adverts is None:
        return
    for number, line in page.prose():
        for match in book.adverts.finditer(line):
            yield Slip(
                "LG014",
                number,
                match.start() + 1,
                len(match[0]),
                f"«{match[0]}» là lời quảng cáo",
                "bản tin không được đăng quảng cáo (Luật Báo chí): bỏ câu này",
            )


_PRIVATE_KEY = re.compile(r"\s*(?:- )?(?:consent|guardian|brief|uid|slug|map_checked):")


def personal(page: Page, book: Rulebook) -> Iterator[Slip]:
    """Personal data anywhere in the file that an output may show."""
    for number, line in enumerate(page.raw, start=1):
        if _PRIVATE_KEY.match(line):
            continue
        for hit in privacy.scan(line, book.public_numbers):
            yield Slip(
                hit.code,
                number,
                hit.start + 1,
                hit.end - hit.start,
                f"{hit.what} trong bài",
                "bỏ khỏi bài; số công khai của cơ quan thì ghi vào public_numbers của tệp quy tắc",
            )


CHECKS: tuple[Check, ...] = (citations, quotes, spaces, numbers, adverts)
