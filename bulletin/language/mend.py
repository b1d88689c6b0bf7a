"""The safe mends of one article: normal form, look-alikes, invisible characters, and what the
checks of text gave a replacement for. Nothing else is touched."""

from __future__ import annotations

import re
import unicodedata

from bulletin import language
from bulletin.language import prose
from bulletin.rulebook import Rulebook
from bulletin.text import LOOKALIKES

ROUNDS = 3
# As manuscript drops them when it reads; here they go for good, but only below the front matter.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_LANG = re.compile(r"^lang:\s*[\"']?([\w-]+)", re.MULTILINE)


def mended(path: str, source: str, book: Rulebook) -> str:
    """The text with its safe mends; line ends and a byte order mark stay as they are."""
    mark = "\ufeff" if source.startswith("\ufeff") else ""
    lines = source.removeprefix("\ufeff").split("\n")
    ends = ["\r" if line.endswith("\r") else "" for line in lines]
    plain = [line.removesuffix("\r") for line in lines]
    fences = [n for n, line in enumerate(plain) if line.rstrip() == "---"][:2]
    if len(fences) < 2 or any(line.strip() for line in plain[: fences[0]]):
        return source
    first, last = fences
    plain = [unicodedata.normalize("NFC", line).translate(LOOKALIKES) for line in plain]
    plain[last + 1 :] = [INVISIBLE.sub("", line) for line in plain[last + 1 :]]
    lang = _LANG.search("\n".join(plain[first:last]))
    for _ in range(ROUNDS):  # one mend may uncover the next
        page = prose.page(path, plain, first, last, lang[1] if lang else "vi")
        if not _apply(plain, page, book):
            break
    return mark + "\n".join(line + end for line, end in zip(plain, ends, strict=True))


def _apply(lines: list[str], page: prose.Page, book: Rulebook) -> bool:
    """Write the replacements into ``lines``, from right to left; whether there were any."""
    safe = [slip for slip in language.slips(page, book) if slip.replacement is not None]
    safe.sort(key=lambda slip: (slip.line, slip.column), reverse=True)
    line_of, limit = 0, 0
    for slip in safe:
        if slip.line != line_of:
            line_of, limit = slip.line, len(lines[slip.line - 1])
        start, end = slip.column - 1, slip.column - 1 + slip.width
        if end > limit or slip.replacement is None:
            continue  # two findings on one spot: the next round looks again
        line = lines[slip.line - 1]
        lines[slip.line - 1] = line[:start] + slip.replacement + line[end:]
        limit = start
    return bool(safe)
