"""Content streams: marks get their final numbers, what has no tag becomes an artifact.

The engine writes one operator a line, so its streams are read by lines. What is drawn through a
form is marked inside that form, and pictures are met at the size at which they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import hypot
from typing import Any

MARK = re.compile(rb"/\w+\s<</MCID (\d+)>>\sBDC")
STEP = re.compile(rb"^(?:(q)|(Q)|([-+.\d ]+) cm|/(\S+) Do)$", re.M)
FONT = re.compile(rb"/(\S+) [-.\d]+ Tf")
SPACE = re.compile(rb"<([0-9A-Fa-f]+)> <0020>")
ROOT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Matrix = tuple[float, ...]
FURNITURE = b"/Artifact <</Type /Pagination>> BDC"
ORNAMENT = b"/Artifact <</Type /Layout>> BDC"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a leaf ended up: number, and the form whose stream it is in (None: the page's)."""

    mcid: int
    form: Any


@dataclass(slots=True)
class Ledger:
    """``marks``: (page, engine's number) → mark. ``owned``: roles of leaves that have a tag;
    ``seen``: leaves of the text, tagged or not; ``broken``: those that get a space at their end,
    so that the words of two lines are two words. ``sizes``: object → largest width and height."""

    owned: Mapping[tuple[int, int], str]
    seen: frozenset[tuple[int, int]]
    broken: frozenset[tuple[int, int]]
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    sizes: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    pictures: dict[tuple[int, int], Any] = field(default_factory=dict)
    spaces: dict[bytes, bytes] = field(default_factory=dict)

    def learn(self, resources: Any) -> None:
        """The code of the space in each font, by the font's name in the streams."""
        for name, font in resources.get("/Font", {}).items():
            key = name[1:].encode()
            if key not in self.spaces and "/ToUnicode" in font:
                found = SPACE.search(font.ToUnicode.read_bytes())
                self.spaces[key] = found[1] if found else b""


def rewrite(pdf: Any, ledger: Ledger) -> None:
    """All pages of a file."""
    for number, page in enumerate(pdf.pages):
        contents = page.obj.Contents
        ledger.learn(page.obj.Resources)
        data = _marked(contents.read_bytes(), number, None, ledger)
        contents.write(data)
        done: set[tuple[int, int]] = set()
        _forms(data, page.obj.Resources, number, ledger, ROOT, done)


def _marked(data: bytes, page: int, form: Any, ledger: Ledger) -> bytes:
    parts: list[bytes] = []
    count = at = 0
    for found in MARK.finditer(data):
        parts.append(data[at : found.start()])
        at = found.end()
        key = (page, int(found[1]))
        role = ledger.owned.get(key)
        if role is None:
            parts.append(ORNAMENT if key in ledger.seen else FURNITURE)
            continue
        ledger.marks[key] = Mark(count, form)
        parts.append(b"/%s <</MCID %d>> BDC" % (role.encode(), count))
        count += 1
        if key in ledger.broken:
            end = data.find(b"\nEMC", at)
            parts.append(_spaced(data[at:end], ledger.spaces))
            at = end
    parts.append(data[at:])
    return b"".join(parts)


def _spaced(text: bytes, spaces: Mapping[bytes, bytes]) -> bytes:
    """A line with a space at its end, if its font has one."""
    fonts = FONT.findall(text)
    code = spaces.get(fonts[-1], b"") if fonts else b""
    head, end, tail = text.rpartition(b"\nET")
    return b"%s\n<%s> Tj%s%s" % (head, code, end, tail) if code and end else text


def _forms(
    data: bytes, resources: Any, page: int, ledger: Ledger, at: Matrix, done: set[tuple[int, int]]
) -> None:
    """Follow what a stream draws: number the marks in forms, note the sizes of pictures."""
    known = resources.get("/XObject", {})
    for name, matrix in _drawn(data, at):
        found = known.get(f"/{name}")
        if found is None:
            continue
        key = found.objgen
        if found.get("/Subtype") == "/Image":
            wide, high = hypot(matrix[0], matrix[1]), hypot(matrix[2], matrix[3])
            before = ledger.sizes.get(key, (0.0, 0.0))
            ledger.sizes[key] = (max(before[0], wide), max(before[1], high))
            ledger.pictures[key] = found
        elif found.get("/Subtype") == "/Form":
            inner = found.read_bytes()
            if key not in done and MARK.search(inner):
                inner = _marked(inner, page, found, ledger)
                found.write(inner)
            done.add(key)
            _forms(inner, found.get("/Resources", resources), page, ledger, matrix, done)


def _drawn(data: bytes, at: Matrix) -> Iterator[tuple[str, Matrix]]:
    """Name and place of everything that a stream paints by name."""
    stack: list[Matrix] = []
    for found in STEP.finditer(data):
        push, pop, change, name = found.groups()
        if push:
            stack.append(at)
        elif pop:
            at = stack.pop() if stack else at
        elif change:
            at = _times(tuple(map(float, change.split())), at)
        else:
            yield name.decode("latin-1"), at


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
