"""A picture as it comes from a phone or out of a Word file becomes one that may lie in the project.

It is turned the way it was held, and everything that tells of a person goes: where it was taken,
with which phone, by whom. Only a picture that is turned or comes in a form that pages do not show
is written anew; any other keeps its picture bytes, and its colour profile. How large it may be
printed is said at once, while a larger copy can still be asked for.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin import picture, text
from bulletin.diag import Report, Severity
from bulletin.model import Picture

if TYPE_CHECKING:
    from PIL import Image

FINE, LEAST = 300, 200  # points to the inch: what print wants, and what it can bear
# What stands in the page, in mm: narrowest first.
SIZES = ((75, "một cột"), (156, "cả bề ngang chữ"), (196, "tràn trang"))
QUALITY = 95
SUFFIX = {"jpeg": ".jpg", "png": ".png", "webp": ".webp", "tiff": ".tif", "svg": ".svg"}
ORIENTATION = 0x0112
STILL = "Ảnh động chỉ giữ khung đầu."


class Unusable(Exception):
    """This file cannot become a picture of an article; ``hint`` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message} ({hint})" if hint else message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class Print:
    """A picture ready to lie beside an article. ``notes``: sentences for whoever brought it."""

    name: str
    data: bytes
    width: int
    height: int
    notes: tuple[str, ...]

    @property
    def suffix(self) -> str:
        """With its dot."""
        return self.name[self.name.rfind(".") :]


def develop(name: str, data: bytes) -> Print:
    """Raises :class:`Unusable` for what is no picture, is too large or cannot be printed."""
    kind = _kind(name, data)
    if kind == "bmp":
        kind, data = "png", _from_bmp(data)
    found = _facts(name, kind, data)
    stem = text.slug(name.rsplit(".", 1)[0].rsplit("/", 1)[-1].rsplit("\\", 1)[-1], 60) or "hinh"
    notes: list[str] = []
    if kind == "svg":
        data = data.removeprefix(b"\xef\xbb\xbf")
    else:
        told = _told(data)
        kind, data = _clean(found.kind, data, told.turn)
        notes += told.notes
        notes += _size(found.width)
    return Print(stem + SUFFIX[kind], data, found.width, found.height, tuple(notes))


def _facts(name: str, kind: str, data: bytes) -> Picture:
    """The same questions that every picture of the project is asked; a bomb is not opened."""
    report = Report()
    ending = ".gif" if kind == "gif" else SUFFIX.get(kind, "")
    found = picture.read(f"{name.rsplit('.', 1)[0]}{ending}", data, report)
    worst = next((item for item in report.items if item.severity is Severity.ERROR), None)
    if found is None or worst is not None:
        raise Unusable(worst.message if worst else "không phải hình", worst.hint if worst else "")
    return found


def _kind(name: str, data: bytes) -> str:
    """By the first bytes; a name may lie."""
    for start, kind in (
        (b"\xff\xd8\xff", "jpeg"),
        (b"\x89PNG\r\n", "png"),
        (b"GIF8", "gif"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"BM", "bmp"),
    ):
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return picture.SUFFIXES.get(name[name.rfind(".") :].lower(), "")


def _from_bmp(data: bytes) -> bytes:
    """Old Word files hold such pictures. One that cannot be read stays what it is: refused."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("BMP",)) as image:
            if image.width * image.height > picture.MAX_PIXELS:
                return data
            return _saved("png", _bare(image), None)
    except Exception:  # a decoder that is given a broken file may raise anything
        return data


@dataclass(frozen=True, slots=True)
class _Told:
    turn: int
    notes: tuple[str, ...]


def _told(data: bytes) -> _Told:
    """What the file says of how, where and with what it was taken."""
    from PIL import ExifTags, Image

    with Image.open(io.BytesIO(data)) as image:
        exif = image.getexif()
        turn = int(exif.get(ORIENTATION, 1) or 1)
        notes = []
        if turn in range(2, 9):
            notes.append("Đã xoay hình theo cách cầm máy lúc chụp.")
        if exif.get_ifd(ExifTags.IFD.GPSInfo):
            notes.append("Đã xóa vị trí chụp (GPS) ghi trong ảnh.")
        elif len(exif) > (ORIENTATION in exif):
            notes.append("Đã xóa thông tin về máy chụp ghi trong ảnh.")
        if image.format == "GIF" and getattr(image, "n_frames", 1) > 1:
            notes.append(STILL)
    return _Told(turn if turn in range(1, 9) else 1, tuple(notes))


def _size(width: int) -> Iterator[str]:
    most = width / FINE * 25.4
    if width / LEAST * 25.4 < SIZES[0][0]:
        need = round(SIZES[0][0] / 25.4 * FINE)
        yield (
            f"Ảnh rộng {width} điểm, in {SIZES[0][1]} ({SIZES[0][0]} mm) sẽ bị vỡ: xin người "
            f"gửi ảnh gốc, "
            f"rộng từ {need} điểm."
        )
        return
    fits = [words for size, words in SIZES if width / LEAST * 25.4 >= size]
    yield f"In nét tới {round(most)} mm bề ngang; dùng được cho {fits[-1]}."


def _clean(kind: str, data: bytes, turn: int) -> tuple[str, bytes]:
    if turn == 1 and kind == "jpeg":
        return kind, b"".join(_jpeg(data))
    if turn == 1 and kind == "png":
        return kind, b"".join(_png(data))
    if turn == 1 and kind == "webp":
        return kind, _webp(data)
    return _drawn_anew("png" if kind == "gif" else kind, data)


def _drawn_anew(kind: str, data: bytes) -> tuple[str, bytes]:
    """Upright, and nothing but the points and what colours they mean."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as opened:
        profile = opened.info.get("icc_profile")
        return kind, _saved(kind, _bare(ImageOps.exif_transpose(opened)), profile)


def _bare(image: Image.Image) -> Image.Image:
    from PIL import Image as images

    if "transparency" in image.info:
        image = image.convert("RGBA")
    bare = images.new(image.mode, image.size)
    bare.paste(image)
    if image.mode == "P" and (palette := image.getpalette()) is not None:
        bare.putpalette(palette)
    return bare


def _saved(kind: str, image: Image.Image, profile: bytes | None) -> bytes:
    out = io.BytesIO()
    options: dict[str, object] = {"icc_profile": profile} if profile else {}
    match kind:
        case "jpeg":
            options |= {"quality": QUALITY, "subsampling": 0, "optimize": True}
        case "webp":
            options |= {"quality": QUALITY}
        case "tiff":
            options |= {"compression": "tiff_lzw"}
        case _:
            options |= {"optimize": True}
    image.save(out, kind.upper(), **options)
    return out.getvalue()


def _jpeg(data: bytes) -> Iterator[bytes]:
    """The segments that make the picture; what comes behind its end (a second picture) is cut."""
    yield data[:2]
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        mark = data[at + 1]
        if mark == 0xFF:
            at += 1
            continue
        if mark == 0xD9:
            break
        size = 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        part = data[at : at + size]
        if _belongs(mark, part):
            yield part
        at += size
        if mark == 0xDA:
            start = at
            at = _scan(data, at)
            yield data[start:at]
    yield b"\xff\xd9"


def _belongs(mark: int, part: bytes) -> bool:
    if mark == 0xE2:
        return part[4:].startswith(b"ICC_PROFILE\0")
    return mark in (0xE0, 0xEE) or not (0xE0 <= mark <= 0xEF or mark == 0xFE)


def _scan(data: bytes, at: int) -> int:
    """The end of the coded points that begin at ``at``: the next marker that is one."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] not in (0, *range(0xD0, 0xD8)):
            return at
        at += 2


# What makes the picture, its transparency and its colours. All else may be about people.
_CHUNKS = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP pHYs sBIT bKGD cICP".split())
_RIFF = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF")


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at = 8
    while at + 12 <= len(data):
        size = 12 + struct.unpack(">I", data[at : at + 4])[0]
        if data[at + 4 : at + 8] in _CHUNKS:
            yield data[at : at + size]
        if data[at + 4 : at + 8] == b"IEND":
            return
        at += size


def _webp(data: bytes) -> bytes:
    parts = []
    at = 12
    while at + 8 <= len(data):
        size = struct.unpack("<I", data[at + 4 : at + 8])[0]
        end = at + 8 + size + size % 2
        part = data[at:end]
        if part[:4] == b"VP8X":
            # Two bits promise what is no longer there.
            part = part[:8] + bytes([part[8] & ~0x0C]) + part[9:]
        if part[:4] in _RIFF:
            parts.append(part)
        at = end
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def digest_name(name: str, data: bytes) -> str:
    """Another name for another picture of the same name: the same bytes get the same one."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{zlib.crc32(data):08x}.{suffix}"
