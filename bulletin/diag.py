"""What went wrong, where, and what to do about it.

A :class:`Diagnostic` is the only way in which the program speaks of a problem in the board's
files. Reading never raises: it yields a value or ``None`` and appends to a :class:`Report`.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache
from typing import Any

PER_FILE_LIMIT = 20
TAB_WIDTH = 4


class Severity(IntEnum):
    """Higher is worse. Only warnings may be silenced, by code, in ``bulletin.yaml``."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


WORDS = {Severity.NOTE: "ghi chú", Severity.WARNING: "cảnh báo", Severity.ERROR: "lỗi"}
GITHUB = {Severity.NOTE: "notice", Severity.WARNING: "warning", Severity.ERROR: "error"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a source file. Lines and columns count from 1, in characters; 0 = unknown."""

    path: str
    line: int = 0
    column: int = 0
    width: int = 1

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{max(self.column, 1)}"


class PlaceTable(Mapping[str, Place]):
    """Dotted name → where it is written in one file.

    It holds numbers and makes the places when somebody asks, because an archive has very many of
    them and needs few. Files with the same names share them.
    """

    __slots__ = ("_numbers", "_order", "path")

    def __init__(self, path: str, names: Iterable[str], numbers: Iterable[int]) -> None:
        """``numbers``: line, column and width of each name, in the order of ``names``."""
        self.path = path
        self._order = _order(tuple(names))
        self._numbers = array("I", numbers)
        if len(self._numbers) != 3 * len(self._order):
            raise ValueError("three numbers for each name")

    @classmethod
    def of(cls, path: str, places: Mapping[str, Place]) -> PlaceTable:
        """``places``: all in the file ``path``."""
        names = sorted(places)
        found = [places[name] for name in names]
        return cls(path, names, [n for p in found for n in (p.line, p.column, p.width)])

    def __getitem__(self, name: str) -> Place:
        at = 3 * self._order[name]
        return Place(self.path, *self._numbers[at : at + 3])

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def plain(self) -> list[Any]:
        """As JSON holds it; ``PlaceTable(*plain)`` is the same again."""
        return [self.path, list(self._order), self._numbers.tolist()]

    def __reduce__(self) -> tuple[Any, ...]:
        return PlaceTable, tuple(self.plain())


@lru_cache(maxsize=4096)
def _order(names: tuple[str, ...]) -> dict[str, int]:
    return {sys.intern(name): number for number, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a terse Vietnamese sentence that stands alone, and its remedy."""

    place: Place
    severity: Severity
    code: str
    message: str
    hint: str = ""
    see: tuple[Place, ...] = ()

    @property
    def key(self) -> tuple[str, int, int, str, str]:
        return (
            self.place.path,
            self.place.line,
            self.place.column,
            self.code,
            self.message,
        )


@dataclass(slots=True)
class Report:
    """Append-only list of diagnostics, the one mutable argument allowed in pure code."""

    items: list[Diagnostic] = field(default_factory=list)

    def error(
        self,
        place: Place,
        code: str,
        message: str,
        hint: str = "",
        see: tuple[Place, ...] = (),
    ) -> None:
        self.items.append(Diagnostic(place, Severity.ERROR, code, message, hint, see))

    def warn(
        self,
        place: Place,
        code: str,
        message: str,
        hint: str = "",
        see: tuple[Place, ...] = (),
    ) -> None:
        self.items.append(Diagnostic(place, Severity.WARNING, code, message, hint, see))

    def extend(self, items: Iterable[Diagnostic]) -> None:
        self.items.extend(items)

    @property
    def failed(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self.items)


def arrange(
    items: Iterable[Diagnostic], silenced: frozenset[str] = frozenset()
) -> tuple[Diagnostic, ...]:
    """Sort by place, drop repetitions and silenced warnings. Errors cannot be silenced."""
    kept = {
        item.key: item
        for item in items
        if item.severity is Severity.ERROR or item.code not in silenced
    }
    return tuple(kept[key] for key in sorted(kept))


def visible(text: str) -> str:
    """Escape what could move the cursor or hide in a terminal: controls, bidi, zero width."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):04X}}}" for c in text)


# Letters and signs of Vietnamese and its neighbours: none is wide, none stands on another.
_NARROW = re.compile("[\0-\u02ff\u1e00-\u1eff\u2000-\u2064]*")


def cells(text: str) -> int:
    """Width of ``text`` in terminal cells."""
    if _NARROW.fullmatch(text):
        return len(text)
    width = 0
    for c in text:
        if unicodedata.combining(c):
            continue
        width += 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1
    return width


def excerpt(item: Diagnostic, line: str, limit: int = 96) -> tuple[str, str]:
    """The source line and a caret line under the place; a long line is cut around the place."""
    start = max(item.place.column - 1, 0)
    shown = visible(line.rstrip("\r\n").replace("\t", " " * TAB_WIDTH))
    before = visible(line[:start].replace("\t", " " * TAB_WIDTH))
    marked = visible(line[start : start + max(item.place.width, 1)].rstrip("\r\n")) or " "
    offset = len(before)
    if len(shown) > limit:
        cut = max(0, min(offset - limit // 3, len(shown) - limit))
        lead = "…" if cut else ""
        shown = lead + shown[cut : cut + limit] + ("…" if cut + limit < len(shown) else "")
        before = lead + before[cut:]
        offset = len(before)
    room = max(1, cells(shown) - cells(before))
    return shown, " " * cells(before) + "^" * max(1, min(cells(marked), room))


def _limited(items: Iterable[Diagnostic]) -> Iterator[Diagnostic | tuple[str, int]]:
    """Yield diagnostics, at most :data:`PER_FILE_LIMIT` per file, then ``(path, left out)``."""
    path, count, left = "", 0, 0
    for item in items:
        if item.place.path != path:
            if left:
                yield (path, left)
            path, count, left = item.place.path, 0, 0
        count += 1
        if count > PER_FILE_LIMIT:
            left += 1
            continue
        yield item
    if left:
        yield (path, left)


COLOURS = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.NOTE: "36;1"}


def render_text(
    items: Iterable[Diagnostic],
    source: Callable[[str], str | None],
    colour: bool = False,
) -> str:
    """For people: place, sentence, the line with a caret, remedy. ``source``: path → text."""

    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    out: list[str] = []
    texts: dict[str, list[str]] = {}
    for item in _limited(items):
        if isinstance(item, tuple):
            out.append(f"{visible(item[0])}: còn {item[1]} vấn đề nữa trong tệp này\n")
            continue
        head = paint(f"{WORDS[item.severity]}[{item.code}]", COLOURS[item.severity])
        out.append(f"{paint(visible(str(item.place)), '1')}: {head} {visible(item.message)}")
        path = item.place.path
        if item.place.line:
            if path not in texts:
                texts[path] = (source(path) or "").replace("\r\n", "\n").split("\n")
            lines = texts[path]
            if item.place.line <= len(lines) and lines[item.place.line - 1].strip():
                shown, caret = excerpt(item, lines[item.place.line - 1])
                number = f"{item.place.line:>5} │ "
                out.append(f"{paint(number, '2')}{shown}")
                out.append(f"{paint('      │ ', '2')}{paint(caret, COLOURS[item.severity])}")
        out.extend(f"      xem: {visible(str(place))}" for place in item.see)
        if item.hint:
            hint = visible(item.hint.replace("\n", "\x00")).replace("\\u{0000}", "\n              ")
            out.append(f"      {paint('gợi ý:', '32')} {hint}")
        out.append("")
    return "\n".join(out)


def as_json(item: Diagnostic) -> dict[str, object]:
    return {
        "path": item.place.path,
        "line": item.place.line,
        "column": item.place.column,
        "width": item.place.width,
        "severity": item.severity.name.lower(),
        "code": item.code,
        "message": item.message,
        "hint": item.hint,
        "see": [str(place) for place in item.see],
    }


def from_json(value: Mapping[str, object], path: str | None = None) -> Diagnostic:
    """Undo :func:`store_form`. ``path`` replaces the remembered path."""
    row: Any = value["d"]
    place, severity, code, message, hint, see = row
    here = Place(*place)
    return Diagnostic(
        replace(here, path=path) if path else here,
        Severity(severity),
        code,
        message,
        hint,
        tuple(Place(*spot) for spot in see),
    )


def store_form(item: Diagnostic) -> dict[str, object]:
    """Compact JSON value for the memo (diagnostics are remembered and replayed)."""

    def spot(place: Place) -> list[object]:
        return [place.path, place.line, place.column, place.width]

    return {
        "d": [
            spot(item.place),
            int(item.severity),
            item.code,
            item.message,
            item.hint,
            [spot(place) for place in item.see],
        ]
    }


def render_json(items: Iterable[Diagnostic]) -> str:
    """A list of objects. A file name that is not Unicode stays valid JSON, with escapes."""
    text = json.dumps([as_json(item) for item in items], ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def render_gnu(items: Iterable[Diagnostic]) -> str:
    """One line each, ``path:line:column: severity: [code] message``, for editors and grep."""
    return "".join(
        f"{visible(item.place.path)}:{item.place.line or 1}:{item.place.column or 1}: "
        f"{item.severity.name.lower()}: [{item.code}] {visible(item.message)}\n"
        for item in items
    )


def render_github(items: Iterable[Diagnostic]) -> str:
    """Workflow commands that a forge shows as annotations."""

    def escape(text: str) -> str:
        lines = (visible(line).replace("%", "%25") for line in text.split("\n"))
        return "%0A".join(lines)

    def name(path: str) -> str:
        return escape(path).replace(":", "%3A").replace(",", "%2C")

    return "".join(
        f"::{GITHUB[item.severity]} file={name(item.place.path)},line={item.place.line or 1},"
        f"col={item.place.column or 1},title={item.code}::"
        f"{escape(item.message + (' — ' + item.hint if item.hint else ''))}\n"
        for item in items
    )
