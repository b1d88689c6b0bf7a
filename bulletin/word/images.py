"""A photograph as it may lie beside an article: upright, without place and maker.

Pixels are copied, not encoded anew, wherever the file allows it: a picture that only loses its
notes stays as sharp as it came.
"""

from __future__ import annotations

import io
import struct
from typing import Any

from bulletin import picture
from bulletin.diag import Report

# Kept parts of a JPEG: JFIF, ICC profile, Adobe's note about colours. All else is about people.
_KEPT_MARKERS = {0xE0, 0xE2, 0xEE}
_KEPT_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs",
     b"sBIT", b"bKGD", b"cICP"}
)  # fmt: skip
_KEPT_RIFF = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"})
ORIENTATION = 0x0112
QUALITY = 95
LEAST = 312  # pixels; a smaller one is refused in a column of the site
SHARP = 1000  # pixels that a picture of one column needs in print


class Unusable(Exception):
    """A picture that cannot be used; says why, in Vietnamese."""


def ready(name: str, data: bytes) -> tuple[bytes, str, int]:
    """(bytes, ending with its dot, width in pixels) of a picture to lie beside an article."""
    if _is_svg(name, data):
        data = data.removeprefix(b"\xef\xbb\xbf")
        return data, ".svg", _checked("a.svg", data)
    kind, turned = _look(data)
    if kind == "JPEG" and not turned:
        clean, ending = _jpeg(data), ".jpg"
    elif kind == "PNG" and not turned:
        clean, ending = _png(data), ".png"
    elif kind == "WEBP" and not turned:
        clean, ending = _webp(data), ".webp"
    else:
        clean, ending = _drawn_anew(data, kind)
    return clean, ending, _checked("a" + ending, clean)


def _is_svg(name: str, data: bytes) -> bool:
    return name.lower().endswith(".svg") and b"<svg" in data[:4000]


def _checked(path: str, data: bytes) -> int:
    """Width; the same questions that every picture of the project is asked."""
    report = Report()
    found = picture.read(path, data, report)
    if found is None or report.failed:
        first = report.items[0]
        raise Unusable(f"{first.message} ({first.hint})")
    return found.width


def _look(data: bytes) -> tuple[str, bool]:
    """(format, whether it must be turned or has more than one picture)."""
    from PIL import Image

    _checked_size(data)
    try:
        with Image.open(io.BytesIO(data)) as image:
            turned = image.getexif().get(ORIENTATION, 1) not in (0, 1)
            return image.format or "", turned
    except Exception:  # a decoder that is given a broken file may raise anything
        raise Unusable("hình hỏng hoặc ở dạng không đọc được: lưu lại thành JPEG") from None


def _checked_size(data: bytes) -> None:
    """Refuse a bomb before anything decodes it; a wrong ending is no matter here."""
    report = Report()
    if picture.read("a.jpg", data, report) is None and report.items[0].code != "IM013":
        raise Unusable(report.items[0].message)


def _drawn_anew(data: bytes, kind: str) -> tuple[bytes, str]:
    """Turned upright, or in a form that browsers know."""
    from PIL import Image, ImageOps

    out = io.BytesIO()
    options: dict[str, Any] = {}
    with Image.open(io.BytesIO(data)) as image:
        if image.width * image.height > picture.MAX_PIXELS:
            raise Unusable("hình quá lớn")
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        if profile:
            options["icc_profile"] = profile
        if kind in ("JPEG", "MPO"):
            if upright.mode not in ("RGB", "L", "CMYK"):
                upright = upright.convert("RGB")
            upright.info.clear()
            upright.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True, **options)
            return out.getvalue(), ".jpg"
        if upright.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
            upright = upright.convert("RGBA" if "A" in upright.mode else "RGB")
            options.pop("icc_profile", None)
        upright.info.clear()
        upright.save(out, "PNG", optimize=True, **options)
        return out.getvalue(), ".png"


def _jpeg(data: bytes) -> bytes:
    """Without EXIF, XMP, IPTC and comments; ends at the end of the first picture."""
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        size = struct.unpack(">H", data[at + 2 : at + 4])[0]
        part = data[at : at + 2 + size]
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            return bytes(out) + data[at : end + 2 if end > at else len(data)]
        named = marker != 0xE2 or part[4:16] == b"ICC_PROFILE\0"
        if (not 0xE0 <= marker <= 0xEF and marker != 0xFE) or (marker in _KEPT_MARKERS and named):
            out += part
        at += 2 + size
    raise Unusable("tệp JPEG hỏng")


def _png(data: bytes) -> bytes:
    out, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        name = data[at + 4 : at + 8]
        if name in _KEPT_CHUNKS:
            out += data[at : at + 12 + size]
        at += 12 + size
        if name == b"IEND":
            return bytes(out)
    raise Unusable("tệp PNG hỏng")


def _webp(data: bytes) -> bytes:
    body, at = bytearray(), 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        part = bytearray(data[at : at + 8 + size + (size & 1)])
        if name == b"VP8X" and len(part) > 8:
            part[8] &= ~0x0C & 0xFF  # no EXIF, no XMP
        if name in _KEPT_RIFF:
            body += part
        at += 8 + size + (size & 1)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + bytes(body)
