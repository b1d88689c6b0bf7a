"""Reads pages back as a reader's eye would: wrong glyphs behind right text show only here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bulletin.preflight import tools
from bulletin.preflight.codes import find
from bulletin.preflight.lettering import words_in
from bulletin.preflight.marks import Mark
from bulletin.preflight.subject import PageView, Subject
from bulletin.preflight.values import MM, Finding, overlap

DPI = 220
"""Resolution of the picture that is read; tesseract wants letters 20 pixels high or more."""
BODY = (7.0, 16.0)
"""Sizes of type in pt that a reading machine reads reliably."""
DARK = 0.6
"""Least ink of the type that is read back: pale or white type on colour is not."""
FEWEST = 25
"""Words a page needs before its share means anything."""
SHARE = 0.75
"""Least share of words that must be recognised. Sound pages reach 0.9, wrong subsets 0.4."""


def extract(subject: Subject, folder: Path) -> None:
    """Poppler's text of every page, into the subject."""
    out = folder / "text.txt"
    code, _ = tools.run(
        ("pdftotext", "-enc", "UTF-8", "-eol", "unix", str(folder / "in.pdf"), str(out))
    )
    if code == 0 and out.is_file():
        pages = out.read_text(encoding="utf-8", errors="replace").split("\f")
        subject.texts = tuple(pages[: len(subject.pages)])
    else:
        subject.skipped.append("pdftotext (không đọc được tệp này)")


def check_reading(subject: Subject, folder: Path) -> Iterator[Finding]:
    """Renders a few pages, reads them by machine and compares the words."""
    pages = chosen(subject)
    if subject.spec.ocr_pages and not pages:
        subject.skipped.append("tesseract (không trang nào đủ chữ để đọc lại)")
    for page in pages:
        expected = body_words(page)
        seen = _read(page, folder)
        share, lost = compare(expected, seen)
        subject.read_back.append((page.number, round(share, 3)))
        if share < SHARE:
            text = (
                f"đọc lại nét chữ chỉ nhận ra {100 * share:.0f} % số từ;"
                f" ví dụ không thấy: {', '.join(lost[:5])}"
            )
            yield find("PF068", text, page.number)


def chosen(subject: Subject) -> list[PageView]:
    """Pages with enough body type, spread evenly, and such that every font is read once."""
    ready = [page for page in subject.pages if len(body_words(page)) >= FEWEST]
    count = min(subject.spec.ocr_pages, len(ready))
    if not count:
        return []
    picked: list[PageView] = []
    covered: set[str] = set()
    # Greedy: first the pages that show fonts not seen yet, then an even spread.
    for page in sorted(ready, key=lambda p: (-len(_fonts(p)), p.number)):
        if len(picked) < count and _fonts(page) - covered:
            picked.append(page)
            covered |= _fonts(page)
    rest = [page for page in ready if page not in picked]
    while len(picked) < count:
        picked.append(rest.pop(len(rest) // 2))
    return sorted(picked, key=lambda page: page.number)


def _fonts(page: PageView) -> set[str]:
    return {mark.font.name for mark in _body(page) if mark.font is not None}


def _body(page: PageView) -> list[Mark]:
    return [
        mark
        for mark in page.ink_marks
        if mark.kind == "text"
        and BODY[0] <= mark.size <= BODY[1]
        and mark.alpha > 0.5
        and _dark(mark)
        and overlap(mark.box, page.trim) is not None
    ]


def _dark(mark: Mark) -> bool:
    if mark.inks is not None:
        return sum(mark.inks) >= DARK
    return len(mark.colour.parts) == 3 and sum(mark.colour.parts) / 3 <= 1 - DARK


def body_words(page: PageView) -> list[str]:
    return words_in("\n".join(mark.text for mark in _body(page)))


def compare(expected: list[str], seen: list[str]) -> tuple[float, list[str]]:
    """Share of the expected words that were seen, and those that were not, longest first."""
    left = Counter(expected) - Counter(seen)
    lost = sorted(left, key=lambda word: (-len(word), word))
    return 1 - left.total() / max(len(expected), 1), lost


def _read(page: PageView, folder: Path) -> list[str]:
    picture = folder / f"read-{page.number}"
    n = str(page.number)
    tools.run(
        (
            *("pdftoppm", "-r", str(DPI), "-gray", "-png", "-singlefile", "-f", n, "-l", n),
            *_crop(page),
            *(str(folder / "in.pdf"), str(picture)),
        )
    )
    _, said = tools.run(
        ("tesseract", f"{picture}.png", "-", "-l", "vie", "--psm", "3", "--dpi", str(DPI))
    )
    return words_in(said)


def _crop(page: PageView) -> tuple[str, ...]:
    """Arguments that cut the picture to the trim: marks and colour bars only disturb."""
    scale = DPI / 72
    x = round((page.trim[0] - page.media[0]) * scale)
    y = round((page.media[3] - page.trim[3]) * scale)
    width = round((page.trim[2] - page.trim[0]) * scale)
    height = round((page.trim[3] - page.trim[1]) * scale)
    if width < DPI * 5 * MM / 72:
        return ()
    return ("-x", str(x), "-y", str(y), "-W", str(width), "-H", str(height))
