"""Type: fonts embedded and readable, glyphs that exist, Vietnamese text, the legal lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bulletin.preflight.codes import find
from bulletin.preflight.fonts import Font, outlines
from bulletin.preflight.marks import Mark
from bulletin.preflight.objects import get, name
from bulletin.preflight.subject import PageView, Subject
from bulletin.preflight.values import Finding, overlap

ENOUGH = 400
"""Letters below which the share of Vietnamese marks says nothing."""
CLEAN, DAMAGED = 0.27, 0.08
"""Share of letters with a Vietnamese mark: in clean text, and below which text is damaged."""
WIDTH_SLACK = 2.0
"""Allowed difference of advance widths, thousandths of the em."""


def check_fonts(subject: Subject) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for page in subject.pages:
        for mark in page.drawing.marks:
            font = mark.font
            # One finding per font and fault in the whole file: the place is its first use.
            if font is None or mark.kind != "text":
                continue
            for code, text in _font_faults(font):
                if (code, font.name) not in seen:
                    seen.add((code, font.name))
                    yield find(code, text, page.number, page.place(mark.box))


def _font_faults(font: Font) -> Iterator[tuple[str, str]]:
    if not font.embedded:
        yield "PF060", f"phông {font.name} chưa nhúng"
    if not font.unicode or not _mapped(font):
        yield "PF061", f"phông {font.name} không có bảng ToUnicode"
    if font.kind == "Type3":
        yield "PF062", f"phông Type 3 «{font.name}»"


def _mapped(font: Font) -> bool:
    """Whether a font says what its codes mean, by its own table or a standard encoding."""
    if get(font.source, "ToUnicode") is not None:
        return True
    encoding = get(font.source, "Encoding")
    return not font.two_bytes and bool(name(encoding) or name(get(encoding, "BaseEncoding")))


def check_glyphs(subject: Subject) -> Iterator[Finding]:
    """Missing glyphs, empty outlines behind letters, widths that differ from the program's."""
    known: dict[int, tuple[frozenset[int], tuple[float, ...]]] = {}
    for page in subject.pages:
        for mark in page.ink_marks:
            font = mark.font
            if mark.kind != "text" or font is None or not font.two_bytes:
                continue
            if id(font) not in known:
                found = outlines(font)
                if font.program and found is None:
                    text = f"phông nhúng {font.name} hỏng, không đọc được"
                    yield find("PF060", text, page.number, page.place(mark.box))
                known[id(font)] = (found.empty, found.widths) if found else (frozenset(), ())
            yield from _glyphs(mark, font, page, known[id(font)])


def _glyphs(
    mark: Mark, font: Font, page: PageView, program: tuple[frozenset[int], tuple[float, ...]]
) -> Iterator[Finding]:
    empty, widths = program
    spot = page.place(mark.box)
    for glyph in mark.glyphs:
        gid = font.gid(glyph.cid)
        if gid == 0:
            text = f"chữ «{glyph.text}» không có nét trong phông {font.name} (.notdef)"
            yield find("PF063", text, page.number, spot)
        elif (glyph.text and not glyph.blank and gid in empty) or gid >= len(widths) > 0:
            text = f"chữ «{glyph.text}» có nét rỗng trong phông {font.name}"
            yield find("PF063", text, page.number, spot)
        elif gid < len(widths) and abs(widths[gid] - glyph.width) > WIDTH_SLACK:
            text = f"bề rộng chữ khai báo khác trong phông {font.name}"
            yield find("PF069", text, page.number, spot)


# ---- text ------------------------------------------------------------------------


def check_text(subject: Subject) -> Iterator[Finding]:
    for page in subject.pages:
        yield from _unicode(page)
    texts = [page_text(subject, page) for page in subject.pages]
    for page, text in zip(subject.pages, subject.texts, strict=False):
        if not unicodedata.is_normalized("NFC", text):
            yield find("PF064", "chữ đọc ra bằng pdftotext không ở dạng NFC", page.number)
    letters = [c for c in "".join(texts) if c.isalpha()]
    if not letters:
        yield find("PF065", "tệp không có chữ nào đọc ra được")
    elif len(letters) >= ENOUGH and not any(_odd(c) for c in letters):
        share = sum(marked(c) for c in letters) / len(letters)
        if share < DAMAGED:
            text = (
                f"chỉ {100 * share:.0f} % chữ cái có dấu Việt, chữ Việt sạch có {100 * CLEAN:.0f} %"
            )
            yield find("PF065", text)


def marked(c: str) -> bool:
    """Whether a letter carries a Vietnamese mark (đ has no decomposition)."""
    return c in "đĐ" or len(unicodedata.normalize("NFD", c)) > 1


def _odd(c: str) -> bool:
    """Private use, replacement and control characters: not what a reader should get."""
    return c == "\ufffd" or unicodedata.category(c) in {"Co", "Cn", "Cs"}


def _unicode(page: PageView) -> Iterator[Finding]:
    for mark in page.drawing.marks:
        if mark.kind != "text" or mark.font is None or not mark.font.unicode:
            continue
        spot, said = page.place(mark.box), mark.text.strip()[:30]
        # A missing glyph has no text either; that is told as a missing glyph.
        shown = (g.text for g in mark.glyphs if g.cid < 0 or mark.font.gid(g.cid))
        strange = [c for c in "".join(shown) if _odd(c) or (c < " " and not c.isspace())]
        if strange:
            text = f"chữ đọc ra có ký tự U+{ord(strange[0]):04X} trong phông {mark.font.name}"
            yield find("PF064", text, page.number, spot)
        elif not unicodedata.is_normalized("NFC", mark.text):
            yield find("PF064", f"chữ «{said}» không ở dạng NFC", page.number, spot)


def page_text(subject: Subject, page: PageView) -> str:
    """The page's words: from poppler when it ran, else in the order of drawing."""
    if page.number <= len(subject.texts):
        return subject.texts[page.number - 1]
    return drawn_text(page)


def drawn_text(page: PageView) -> str:
    """Visible text inside the trim, in the order in which it is drawn."""
    shown = (
        mark
        for mark in page.drawing.marks
        if mark.kind in {"text", "hidden"} and not (mark.kind == "hidden" and mark.text.strip())
    )
    return "\n".join(
        mark.text
        for mark in shown
        if mark.kind == "hidden" or (mark.printed and overlap(mark.box, page.trim))
    )


def sorted_text(page: PageView) -> str:
    """The same from top to bottom and left to right, for lines drawn in another order."""
    marks = [
        mark for mark in page.ink_marks if mark.kind == "text" and overlap(mark.box, page.trim)
    ]
    marks.sort(key=lambda mark: (-round(mark.box[1]), mark.box[0]))
    return "\n".join(mark.text for mark in marks)


# ---- legal lines -------------------------------------------------------------------


def check_legal(subject: Subject) -> Iterator[Finding]:
    if not subject.pages:
        return
    first = subject.pages[0]
    # On imposed sides the back cover is the left half of the first sheet's outer side.
    last = first if subject.spec.imposed else subject.pages[-1]
    yield from _lines(subject, first, subject.spec.first_lines, "PF066")
    yield from _lines(subject, last, subject.spec.last_lines, "PF067")


def _lines(
    subject: Subject, page: PageView, wanted: tuple[str, ...], code: str
) -> Iterator[Finding]:
    printed = [squeeze(drawn_text(page)), squeeze(sorted_text(page))]
    read = [squeeze(page_text(subject, page)), *printed]
    for line in wanted:
        key = squeeze(line)
        if any(key in text for text in printed):
            continue
        if any(key in text for text in read):
            yield find(code, f"dòng «{line}» có trong lớp chữ nhưng không in ra", page.number)
        else:
            yield find(code, f"không thấy dòng «{line}»", page.number)


def squeeze(text: str) -> str:
    """NFC, no spaces, no invisible joiners, one case: how lines are compared."""
    text = unicodedata.normalize("NFC", text).casefold()
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")


def words_in(text: str) -> list[str]:
    """Words of two letters or more, NFC, one case."""
    plain = unicodedata.normalize("NFC", text.replace("\u2060", "").replace("\u00ad", ""))
    return re.findall(r"[^\W\d_]{2,}", plain.casefold())
