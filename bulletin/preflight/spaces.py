"""Colour spaces: what a colour space object is, and how much ink a colour in it lays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.preflight import functions
from bulletin.preflight.objects import (
    Obj,
    content,
    elements,
    get,
    is_array,
    is_stream,
    name,
    number,
    octets,
)
from bulletin.preflight.values import Inks

DEVICE = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}
SHORT = {
    "G": "DeviceGray",
    "RGB": "DeviceRGB",
    "CMYK": "DeviceCMYK",
    "I": "Indexed",
    "CalCMYK": "DeviceCMYK",
}
PROCESS = ("Cyan", "Magenta", "Yellow", "Black")


@dataclass(frozen=True, slots=True)
class Space:
    """``kind`` is the PDF family name, or ``broken``; ``profile`` the ICC header's space."""

    kind: str
    size: int
    base: Space | None = None
    names: tuple[str, ...] = ()
    tint: functions.Function | None = None
    profile: str = ""
    digest: str = ""
    table: bytes = b""

    @property
    def label(self) -> str:
        if self.kind == "ICCBased":
            return f"ICCBased {self.profile or '?'}"
        if self.kind in {"Separation", "DeviceN"}:
            return f"{self.kind} {' + '.join(self.names)}"
        if self.base is not None:
            return f"{self.kind} ({self.base.label})"
        return self.kind


GRAY = Space("DeviceGray", 1)
RGB = Space("DeviceRGB", 3)
CMYK = Space("DeviceCMYK", 4)
PATTERN = Space("Pattern", 0)
BROKEN = Space("broken", 0)
_DEVICE = {"DeviceGray": GRAY, "DeviceRGB": RGB, "DeviceCMYK": CMYK, "Pattern": PATTERN}


def read(value: Obj, resources: Obj, depth: int = 0) -> Space:
    """A colour space name or array; names are looked up in ``resources``."""
    if depth > 6:
        return BROKEN
    if not is_array(value):
        label = SHORT.get(name(value), name(value))
        if label in _DEVICE:
            return _DEVICE[label]
        found = get(get(resources, "ColorSpace"), label) if label else None
        return BROKEN if found is None else read(found, resources, depth + 1)
    parts = elements(value)
    kind = SHORT.get(name(parts[0]), name(parts[0])) if parts else ""
    if len(parts) == 1 or kind in DEVICE:
        return _DEVICE.get(kind, BROKEN)
    return _family(kind, parts, resources, depth + 1)


def _family(kind: str, parts: Sequence[Obj], resources: Obj, depth: int) -> Space:
    if kind in {"CalGray", "CalRGB", "Lab"}:
        return Space(kind, 1 if kind == "CalGray" else 3)
    if kind == "ICCBased":
        return _icc(parts[1])
    if kind == "Pattern":
        return Space("Pattern", 0, read(parts[1], resources, depth))
    if kind == "Indexed" and len(parts) >= 4:
        table = content(parts[3]) if is_stream(parts[3]) else octets(parts[3])
        return Space("Indexed", 1, read(parts[1], resources, depth), table=table)
    if kind in {"Separation", "DeviceN"} and len(parts) >= 4:
        names = (
            (name(parts[1]),)
            if kind == "Separation"
            else tuple(name(item) for item in elements(parts[1]))
        )
        try:
            tint = functions.read(parts[3])
        except ValueError:
            tint = None
        return Space(kind, len(names), read(parts[2], resources, depth), names, tint)
    return BROKEN


def _icc(stream: Obj) -> Space:
    data = content(stream)
    profile = data[16:20].decode("latin-1").strip() if len(data) >= 128 else ""
    size = int(number(get(stream, "N")))
    if {"GRAY": 1, "RGB": 3, "Lab": 3, "CMYK": 4}.get(profile) != size:
        return Space("broken", size, profile=profile)
    return Space("ICCBased", size, profile=profile, digest=hashlib.sha256(data).hexdigest())


def chain(space: Space) -> Iterator[Space]:
    """The space and every space that it rests on."""
    here: Space | None = space
    while here is not None:
        yield here
        here = here.base


def initial(space: Space) -> tuple[float, ...]:
    if space.kind in {"Separation", "DeviceN"}:
        return (1.0,) * space.size
    if space.size == 4:
        return (0.0, 0.0, 0.0, 1.0)
    return (0.0,) * space.size


def ink(space: Space, parts: Sequence[float]) -> Inks | None:
    """How much of the four process inks a colour lays, or ``None`` when it is not ink."""
    if len(parts) < space.size or space.kind in {"Pattern", "broken"}:
        return None
    if space.size == 4 and space.kind in {"DeviceCMYK", "ICCBased"}:
        return _four(parts)
    if space.kind in {"DeviceGray", "CalGray"} or space.profile == "GRAY":
        return (0.0, 0.0, 0.0, min(max(1 - parts[0], 0.0), 1.0))
    if space.kind == "Indexed" and space.base is not None:
        return _indexed(space, space.base, int(parts[0]))
    if space.kind in {"Separation", "DeviceN"}:
        return _colorants(space, parts)
    return None


def _four(parts: Sequence[float]) -> Inks:
    c, m, y, k = (min(max(part, 0.0), 1.0) for part in parts[:4])
    return c, m, y, k


def _indexed(space: Space, base: Space, index: int) -> Inks | None:
    row = space.table[index * base.size : (index + 1) * base.size]
    if len(row) < base.size:
        return None
    return ink(base, [value / 255 for value in row])


def _colorants(space: Space, parts: Sequence[float]) -> Inks | None:
    if space.names == ("All",):
        return _four((parts[0],) * 4)
    if all(label in (*PROCESS, "None") for label in space.names):
        inks = dict(zip(space.names, parts, strict=False))
        return _four([inks.get(label, 0.0) for label in PROCESS])
    if space.tint is None or space.base is None:
        return None
    try:
        return ink(space.base, space.tint(parts))
    except ValueError:
        return None


def spots(space: Space) -> tuple[str, ...]:
    """Colorants of a space that need a plate of their own."""
    return tuple(
        label
        for part in chain(space)
        if part.kind in {"Separation", "DeviceN"}
        for label in part.names
        if label not in (*PROCESS, "All", "None")
    )
