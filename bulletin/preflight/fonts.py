"""Fonts as a RIP meets them: codes become glyphs with a width, a Unicode text and an outline."""

from __future__ import annotations

import logging
import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from bulletin.preflight.objects import (
    Obj,
    content,
    elements,
    get,
    is_array,
    is_stream,
    matrix,
    name,
    number,
    numbers,
    plain,
)

FILES = ("FontFile", "FontFile2", "FontFile3")
LATIN = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac_roman"}
_HEX = re.compile(rb"<([0-9a-fA-F\s]*)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange|cidchar|cidrange|codespacerange)(.*?)end\1", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One shown code. ``width`` in thousandths of the em, ``cid`` -1 for a simple font."""

    code: int
    length: int
    cid: int
    width: float
    text: str

    @property
    def blank(self) -> bool:
        """Whether nothing is expected on paper: spaces, joiners, soft hyphens."""
        if not self.text:
            return self.length == 1 and self.code == 32
        return all(c.isspace() or unicodedata.category(c) == "Cf" for c in self.text)


@dataclass(slots=True)
class Font:
    """A font resource. ``unicode`` tells whether its codes can be read as text at all."""

    name: str
    kind: str
    embedded: bool
    unicode: bool
    scale: float = 0.001
    rise: float = 0.8
    drop: float = -0.22
    two_bytes: bool = False
    widths: Mapping[int, float] = field(default_factory=dict)
    default: float = 0.0
    texts: Mapping[int, str] = field(default_factory=dict)
    cids: Mapping[int, int] | None = None
    gids: bytes = b""
    program: bytes = b""
    source: Obj = None

    def decode(self, data: bytes) -> Iterator[Glyph]:
        step = 2 if self.two_bytes else 1
        for at in range(0, len(data), step):
            code = int.from_bytes(data[at : at + step], "big")
            cid = code if self.cids is None else self.cids.get(code, 0)
            key = cid if self.two_bytes else code
            width = self.widths.get(key, self.default)
            text = self.texts.get(code, "\ufffd" if self.unicode else "")
            yield Glyph(code, step, cid if self.two_bytes else -1, width, text)

    def gid(self, cid: int) -> int:
        """Glyph number in the embedded TrueType program."""
        if not self.gids:
            return cid
        return int.from_bytes(self.gids[2 * cid : 2 * cid + 2], "big")


def read(value: Obj) -> Font:
    kind = name(get(value, "Subtype"))
    label = plain(name(get(value, "BaseFont"))) or "(không tên)"
    if kind == "Type3":
        return _type3(value)
    if kind == "Type0":
        return _composite(value, label)
    descriptor = get(value, "FontDescriptor")
    texts = _simple_texts(value)
    font = Font(label, kind, _embedded(descriptor), bool(texts), source=value)
    first = int(number(get(value, "FirstChar")))
    font.widths = {first + i: w for i, w in enumerate(numbers(get(value, "Widths")))}
    font.default = number(get(descriptor, "MissingWidth"), 0.0)
    font.texts = texts
    _measure(font, descriptor)
    return font


def _type3(value: Obj) -> Font:
    label = name(get(value, "Name")) or "Type 3"
    texts = _simple_texts(value)
    font = Font(label, "Type3", True, bool(texts), source=value, texts=texts)
    first = int(number(get(value, "FirstChar")))
    font.widths = {first + i: w for i, w in enumerate(numbers(get(value, "Widths")))}
    font.scale = abs(matrix(get(value, "FontMatrix"))[0]) or 0.001
    return font


def _composite(value: Obj, label: str) -> Font:
    inner = next(iter(elements(get(value, "DescendantFonts"))), None)
    descriptor = get(inner, "FontDescriptor")
    texts = dict(cmap(content(get(value, "ToUnicode")), b"bf"))
    kind = name(get(inner, "Subtype")) or "Type0"
    font = Font(label, kind, _embedded(descriptor), bool(texts), two_bytes=True, source=value)
    font.texts = texts
    font.widths = dict(_cid_widths(get(inner, "W")))
    font.default = number(get(inner, "DW"), 1000.0)
    encoding = get(value, "Encoding")
    if is_stream(encoding):
        font.cids = {
            code: int(text) for code, text in cmap(content(encoding), b"cid") if text.isdigit()
        }
    font.gids = content(get(inner, "CIDToGIDMap"))
    font.program = content(get(descriptor, "FontFile2"))
    _measure(font, descriptor)
    return font


def _embedded(descriptor: Obj) -> bool:
    return any(content(get(descriptor, key)) for key in FILES)


def _measure(font: Font, descriptor: Obj) -> None:
    """Height above and below the base line in em, kept within what ink really reaches."""
    if number(get(descriptor, "Ascent")):
        font.rise = min(max(number(get(descriptor, "Ascent")) / 1000, 0.7), 0.95)
    if number(get(descriptor, "Descent")):
        font.drop = max(min(-abs(number(get(descriptor, "Descent"))) / 1000, -0.15), -0.25)


def _simple_texts(value: Obj) -> dict[int, str]:
    texts = dict(cmap(content(get(value, "ToUnicode")), b"bf"))
    if texts:
        return texts
    encoding = get(value, "Encoding")
    base = LATIN.get(name(encoding) or name(get(encoding, "BaseEncoding")), "")
    if base:
        for code in range(32, 256):
            texts[code] = bytes([code]).decode(base, "replace")
    texts.update(_differences(encoding))
    return texts


def _differences(encoding: Obj) -> Iterator[tuple[int, str]]:
    from fontTools.agl import toUnicode

    code = 0
    for item in elements(get(encoding, "Differences")):
        if name(item):
            text = toUnicode(name(item))
            if text:
                yield code, text
            code += 1
        else:
            code = int(number(item))


def _cid_widths(value: Obj) -> Iterator[tuple[int, float]]:
    rows = list(elements(value))
    at = 0
    while at + 1 < len(rows):
        first = int(number(rows[at]))
        if is_array(rows[at + 1]):
            yield from ((first + i, w) for i, w in enumerate(numbers(rows[at + 1])))
            at += 2
        elif at + 2 < len(rows):
            last, width = int(number(rows[at + 1])), number(rows[at + 2])
            yield from ((cid, width) for cid in range(first, min(last, first + 65535) + 1))
            at += 3
        else:
            return


def cmap(data: bytes, family: bytes) -> Iterator[tuple[int, str]]:
    """Code → text of a ToUnicode CMap (``bf``), or code → decimal CID (``cid``)."""
    for kind, body in _BLOCK.findall(data):
        if kind == family + b"char":
            yield from _chars(body, family)
        elif kind == family + b"range":
            yield from _ranges(body, family)


def _text(digits: bytes) -> str:
    raw = bytes.fromhex("".join(digits.decode("ascii").split()))
    return raw.decode("utf-16-be", "replace")


def _code(digits: bytes) -> int:
    return int(b"".join(digits.split()) or b"0", 16)


def _chars(body: bytes, family: bytes) -> Iterator[tuple[int, str]]:
    if family == b"cid":
        for code, cid in re.findall(rb"<([0-9a-fA-F\s]+)>\s*(\d+)", body):
            yield _code(code), cid.decode("ascii")
        return
    found = _HEX.findall(body)
    for code, text in zip(found[::2], found[1::2], strict=False):
        yield _code(code), _text(text)


def _ranges(body: bytes, family: bytes) -> Iterator[tuple[int, str]]:
    rows = re.findall(
        rb"<([0-9a-fA-F\s]+)>\s*<([0-9a-fA-F\s]+)>\s*(?:<([0-9a-fA-F\s]*)>|\[(.*?)\]|(\d+))",
        body,
        re.DOTALL,
    )
    for low, high, text, listed, cid in rows:
        first, last = _code(low), min(_code(high), _code(low) + 65535)
        if family == b"cid":
            yield from ((first + i, str(int(cid) + i)) for i in range(last - first + 1))
        elif listed:
            texts = _HEX.findall(listed)
            yield from ((first + i, _text(item)) for i, item in enumerate(texts))
        else:
            start = _text(text)
            for i in range(last - first + 1):
                end = ord(start[-1]) + i if start else 0
                yield first + i, start[:-1] + (chr(end) if end < 0x110000 else "\ufffd")


@dataclass(frozen=True, slots=True)
class Outlines:
    """What the embedded program says of its glyphs: which are empty, and how wide each is."""

    empty: frozenset[int]
    widths: tuple[float, ...]


def outlines(font: Font) -> Outlines | None:
    """Glyphs of an embedded TrueType program; ``None`` when there is none or it is unreadable."""
    if not font.program:
        return None
    from fontTools.ttLib import TTFont, TTLibError

    # fontTools also writes of damaged glyphs to its log; the answer here is enough.
    log = logging.getLogger("fontTools")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        program: Any = TTFont(BytesIO(font.program), lazy=True)
        glyphs, metrics = program["glyf"], program["hmtx"]
        em = program["head"].unitsPerEm
        order = program.getGlyphOrder()
        empty = {i for i, label in enumerate(order) if glyphs[label].numberOfContours == 0}
        widths = tuple(metrics[label][0] * 1000 / em for label in order)
    except (TTLibError, struct.error, LookupError, AssertionError, ArithmeticError, ValueError,
            TypeError, AttributeError):  # fmt: skip
        return None
    finally:
        log.setLevel(level)
    return Outlines(frozenset(empty), widths)
