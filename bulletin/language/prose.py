"""The lines of an article with everything blanked out that is not Vietnamese prose.

Blanked characters keep their place (each becomes NUL), so a match in a blanked line has its true
column. Code, formulas, links, addresses, keys, numbers of footnotes and tables' rulers go; words,
titles, captions and descriptions stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

BLANK = "\x00"
SPOKEN = frozenset(
    "title standfirst alt caption transcript text question explanation publisher source".split()
)
_KEY = re.compile(r"(\s*(?:- )?)([A-Za-z_]\w*):(\s*)(.*)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_DIRECTIVE = re.compile(r"\s*:{3,}\s*([\w-]*)")
_DATA = frozenset("figure chart media".split())
_RULER = re.compile(r"\s*\|?\s*:?-{2,}[\s|:-]*")
_INLINE = re.compile(
    r"(`+).*?\1"  # code
    r"|\$\$.*?\$\$|\$(?=\S)[^$\n]*?\S\$(?!\d)|\$\S\$"  # formulas
    r"|\]\([^)\s]*(?:\s+\"[^\"]*\")?\)|\]\[[^\]]*\]"  # where a link leads
    r"|\[\^[^\]]+\]:?"
    r"|<[^<>\s][^<>]*>"
    r"|https?://[^\s)>\]]+|www\.[^\s)>\]]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|com|org|net|html?|pdf|docx?|svg|png|jpe?g|yaml|md)\b(?:/\S*)?"
)


@dataclass(frozen=True, slots=True)
class Slip:
    """One finding. ``replacement`` is safe to write in place of the ``width`` characters.

    ``whole``: it is about the whole text, so nothing else is worth saying.
    """

    code: str
    line: int
    column: int
    width: int
    message: str
    hint: str
    replacement: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One file: ``raw`` lines and ``lines`` of prose; ``body``: where the body begins."""

    path: str
    raw: tuple[str, ...]
    lines: tuple[str, ...]
    body: int
    lang: str = "vi"

    def prose(self) -> Iterator[tuple[int, str]]:
        """(line from 1, prose) of lines that hold any."""
        for number, line in enumerate(self.lines, start=1):
            if line.strip(BLANK + " "):
                yield number, line

    def without(self, numbers: set[int]) -> Page:
        """The page without the prose of these lines."""
        kept = tuple(
            "" if number in numbers else line for number, line in enumerate(self.lines, start=1)
        )
        return replace(self, lines=kept)


def page(path: str, lines: list[str], first: int, last: int, lang: str = "vi") -> Page:
    """``first`` and ``last``: indices of the front matter's fences."""
    shown = ["" for _ in lines]
    spoken = False
    for index in range(first + 1, last):
        shown[index], spoken = _entry(lines[index], spoken)
    shown[last + 1 :] = _body(lines[last + 1 :])
    return Page(path, tuple(lines), tuple(shown), last + 1, lang)


def _blank(text: str) -> str:
    return BLANK * len(text)


def _entry(line: str, spoken: bool) -> tuple[str, bool]:
    """One line of YAML, and whether what follows without a key is spoken too."""
    match = _KEY.fullmatch(line)
    if match is None:
        return (_inline(line) if spoken else ""), spoken
    lead = match.end(3)
    if match[2] not in SPOKEN:
        return "", False
    value = match[4]
    quoted = len(value) > 1 and value[0] in "\"'" and value.rstrip().endswith(value[0])
    if quoted:  # the quotation marks of YAML are no prose
        end = len(value.rstrip()) - 1
        value = BLANK + value[1:end] + _blank(value[end:])
    return _blank(line[:lead]) + _inline(value), True


def _inline(text: str) -> str:
    return _INLINE.sub(lambda match: _blank(match[0]), text)


def _body(lines: list[str]) -> Iterator[str]:
    closing, data, spoken, formula = "", False, False, False
    for line in lines:
        fence = _FENCE.match(line)
        directive = _DIRECTIVE.match(line)
        if closing:
            if fence and fence[1].startswith(closing):
                closing = ""
            yield ""
        elif fence:
            closing = fence[1]
            yield ""
        elif line.strip() == "$$" or formula:
            formula = not formula if line.strip() == "$$" else formula
            yield ""
        elif directive:
            data, spoken = directive[1] in _DATA, False
            yield "" if data else _blank(directive[0]) + _inline(line[directive.end() :])
        elif data:
            shown, spoken = _entry(line, spoken)
            yield shown
        else:
            yield "" if _RULER.fullmatch(line) else _inline(line)
