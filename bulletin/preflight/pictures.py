"""Pictures as placed: effective resolution, colour space, masks, and whether the data fits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bulletin.preflight import spaces
from bulletin.preflight.marks import Colour, Mark, Picture, Use
from bulletin.preflight.objects import (
    Obj,
    bounds,
    elements,
    filters,
    flag,
    get,
    is_array,
    is_stream,
    number,
)
from bulletin.preflight.spaces import Space

if TYPE_CHECKING:
    from bulletin.preflight.machine import Walker

INLINE = {"W": "Width", "H": "Height", "BPC": "BitsPerComponent", "CS": "ColorSpace",
          "IM": "ImageMask", "F": "Filter", "D": "Decode", "DP": "DecodeParms"}  # fmt: skip
SHORT_FILTERS = {"AHx": "ASCIIHexDecode", "A85": "ASCII85Decode", "LZW": "LZWDecode",
                 "Fl": "FlateDecode", "RL": "RunLengthDecode", "CCF": "CCITTFaxDecode",
                 "DCT": "DCTDecode"}  # fmt: skip
MASK = Space("mask", 1)
"""Stands for a stencil, which has no space of its own."""


def note_picture(walker: Walker, stream: Obj) -> None:
    """Add the mark of one image XObject or inline image, placed by the current matrix."""
    m = walker.state.ctm
    x0, y0, x1, y1 = bounds(m, 0, 0, 1, 1)
    box = walker.visible((x0, y0, x1, y1))
    if box[0] == box[2] or box[1] == box[3]:
        return
    width, height = int(_number(stream, "Width")), int(_number(stream, "Height"))
    across, upward = math.hypot(m[0], m[1]), math.hypot(m[2], m[3])
    if width < 1 or height < 1 or not across or not upward:
        walker.drawing.broken_images.append(("ảnh không có kích thước", box))
        return
    stencil = flag(_value(stream, "ImageMask"))
    bits = 1 if stencil else int(_number(stream, "BitsPerComponent"))
    kind = _filter(stream)
    picture = Picture(
        stream, (width, height), 72 * min(width / across, height / upward), bits == 1, kind
    )
    if stencil:
        colour = walker.state.fill
        space = MASK if colour.space.kind == "Pattern" else colour.space
        mark = Mark("image", box, Colour(space, colour.parts), colour.inks, picture=picture)
        if colour.space.kind == "Pattern":
            walker.paint_colour("fill", box, colour)
    else:
        space = _space(walker, stream, kind)
        mark = Mark("image", box, Colour(space, ()), None, picture=picture)
        _check_data(walker, stream, space, mark)
    walker.add(mark)
    _masks(walker, stream, mark)


def _value(stream: Obj, key: str) -> Obj:
    """An entry under its long name, or under the short one that inline images may use."""
    found = get(stream, key)
    if found is None:
        short = next((s for s, long in INLINE.items() if long == key), "")
        found = get(stream, short) if short else None
    return found


def _number(stream: Obj, key: str) -> float:
    return number(_value(stream, key))


def _filter(stream: Obj) -> str:
    """The last filter, the one that holds the picture's own compression."""
    from bulletin.preflight.objects import name

    found = _value(stream, "Filter")
    last = name(elements(found)[-1]) if is_array(found) and len(found) else name(found)
    return SHORT_FILTERS.get(last, last)


def _space(walker: Walker, stream: Obj, kind: str) -> Space:
    value = _value(stream, "ColorSpace")
    if value is None and kind == "JPXDecode":
        return Space("JPX", 0)
    return spaces.read(value, walker.resources)


def _check_data(walker: Walker, stream: Obj, space: Space, mark: Mark) -> None:
    if space.kind == "broken":
        walker.drawing.broken_images.append(("ảnh có hệ màu hỏng hoặc không khai báo", mark.box))
        return
    if _filter(stream) == "DCTDecode" and is_stream(stream) and filters(stream) == ("DCTDecode",):
        channels = jpeg_channels(bytes(stream.read_raw_bytes()))
        if channels != space.size:
            text = f"ảnh JPEG có {channels} kênh, hệ màu {space.label} cần {space.size}"
            walker.drawing.broken_images.append((text, mark.box))


def jpeg_channels(data: bytes) -> int:
    """Components in a JPEG's frame header; 0 when there is none."""
    at = 2
    while data[:2] == b"\xff\xd8" and at + 9 < len(data):
        if data[at] != 0xFF:
            return 0
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            return data[at + 9]
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0


def _masks(walker: Walker, stream: Obj, mark: Mark) -> None:
    drawing = walker.drawing
    soft = get(stream, "SMask")
    if is_stream(soft):
        drawing.effects.append(("mặt nạ mềm của ảnh", mark.box))
        space = spaces.read(get(soft, "ColorSpace"), walker.resources)
        drawing.uses.append(Use(space, "mask", mark.box, walker.where))
        if space.kind != "DeviceGray":
            drawing.broken_images.append(("mặt nạ mềm của ảnh không phải DeviceGray", mark.box))
    if number(get(stream, "SMaskInData")):
        drawing.effects.append(("mặt nạ mềm trong ảnh JPEG 2000", mark.box))
    if get(stream, "Alternates") is not None:
        drawing.banned.append("ảnh thay thế (Alternates)")
    if get(stream, "OPI") is not None:
        drawing.banned.append("OPI")
