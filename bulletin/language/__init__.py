"""What good Vietnamese looks like: checks of one file's text, remembered with its reading.

Every check works on :class:`prose.Page`, the file's lines with all that is not prose blanked out,
so what is found has its true line and column. A finding may carry the replacement that
``bulletin check --fix`` writes; only what cannot be wrong has one.
"""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.language import damage, signs, words
from bulletin.language.prose import Page, Slip
from bulletin.rulebook import Rulebook

SETTLED = ("approved", "published")
PRIVATE = frozenset("LG010 LG011 LG012 LG013".split())
# What stops a settled article and only warns in one that is still being written.
GATES = PRIVATE | {"TX008"}


def slips(page: Page, book: Rulebook) -> Iterator[Slip]:
    """All findings of one file, in no order. A damaged text is told once, not word by word."""
    yield from signs.personal(page, book)
    if page.lang != "vi":
        return
    broken = list(damage.check(page))
    yield from broken
    lost = {slip.line for slip in broken}
    page = page.without(lost) if lost else page
    if any(slip.whole for slip in broken):
        return
    for check in (*words.CHECKS, *signs.CHECKS):
        yield from check(page, book)


def private(path: str, data: bytes, book: Rulebook) -> Iterator[Diagnostic]:
    """Personal data in a file that is not an article: issues, calendars, questions, library."""
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    for slip in signs.personal(Page(path, tuple(lines), (), 0), book):
        place = Place(path, slip.line, slip.column, slip.width)
        yield Diagnostic(place, book.level(slip.code), slip.code, slip.message, slip.hint)


def check(page: Page, book: Rulebook, status: str) -> Iterator[Diagnostic]:
    for slip in slips(page, book):
        level = book.level(slip.code)
        if slip.code in GATES and status not in SETTLED:
            level = min(level, Severity.WARNING)
        place = Place(page.path, slip.line, slip.column, slip.width)
        yield Diagnostic(place, level, slip.code, slip.message, slip.hint)
