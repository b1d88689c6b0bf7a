"""Reading PDF objects without trusting them: wrong types become ``None``, never an exception."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Obj = Any
"""A pikepdf object, or the Python value it turns scalars into."""
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def is_dict(value: Obj) -> bool:
    from pikepdf import Dictionary, Stream

    return isinstance(value, Dictionary | Stream)


def is_stream(value: Obj) -> bool:
    from pikepdf import Stream

    return isinstance(value, Stream)


def is_array(value: Obj) -> bool:
    from pikepdf import Array

    return isinstance(value, Array)


def get(value: Obj, key: str) -> Obj:
    """``value[key]`` of a dictionary or stream, else ``None``. ``key`` without the slash."""
    return value.get("/" + key) if is_dict(value) else None


def down(value: Obj, *keys: str) -> Obj:
    for key in keys:
        value = get(value, key)
    return value


def items(value: Obj) -> Iterator[tuple[str, Obj]]:
    """Key (without slash) and value of a dictionary, in a fixed order."""
    if is_dict(value):
        for key in sorted(value.keys()):
            yield key[1:], value[key]


def elements(value: Obj) -> tuple[Obj, ...]:
    return tuple(value) if is_array(value) else ()


def name(value: Obj) -> str:
    """A name without its slash, "" for anything else."""
    from pikepdf import Name

    return str(value)[1:] if isinstance(value, Name) else ""


def number(value: Obj, default: float = 0.0) -> float:
    if isinstance(value, bool):
        return default
    return float(value) if isinstance(value, int | float | Decimal) else default


def numbers(value: Obj) -> tuple[float, ...]:
    return tuple(number(item) for item in elements(value))


def flag(value: Obj) -> bool:
    return value is True


def words(value: Obj) -> str:
    """A text string, "" for anything else."""
    from pikepdf import String

    return str(value).strip("\x00") if isinstance(value, String) else ""


def octets(value: Obj) -> bytes:
    from pikepdf import String

    return bytes(value) if isinstance(value, String) else b""


def content(value: Obj) -> bytes:
    """Decoded bytes of a stream, empty when they cannot be decoded."""
    from pikepdf import PdfError

    if not is_stream(value):
        return b""
    try:
        return bytes(value.read_bytes())
    except (PdfError, NotImplementedError):
        return b""


def identity(value: Obj) -> tuple[int, int]:
    """Object and generation number; (0, 0) for a direct object."""
    return value.objgen if is_dict(value) or is_array(value) else (0, 0)


def filters(value: Obj) -> tuple[str, ...]:
    found = get(value, "Filter")
    return tuple(name(item) for item in elements(found)) if is_array(found) else (name(found),)


def inherited(page: Obj, key: str) -> Obj:
    """A page attribute, looked up through the page tree."""
    for _ in range(40):
        if not is_dict(page):
            return None
        if get(page, key) is not None:
            return get(page, key)
        page = get(page, "Parent")
    return None


def times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that applies ``m`` first, then ``n``."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def matrix(value: Obj) -> Matrix:
    found = numbers(value)
    if len(found) != 6:
        return IDENTITY
    return (found[0], found[1], found[2], found[3], found[4], found[5])


def apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def bounds(m: Matrix, x0: float, y0: float, x1: float, y1: float) -> tuple[float, ...]:
    """Bounding box of a rectangle after ``m``."""
    corners = [apply(m, x, y) for x in (x0, x1) for y in (y0, y1)]
    xs = [corner[0] for corner in corners]
    ys = [corner[1] for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def plain(text: str) -> str:
    """A subset font's name without its six-letter tag."""
    return re.sub(r"^[A-Z]{6}\+", "", text)
