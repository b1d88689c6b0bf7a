"""One image file becomes facts, and an SVG becomes a harmless one.

Bitmaps are decoded completely here, because the layout engine would embed a truncated file
without a word. Pillow is imported where it is used: a site without bitmaps does not need it.
"""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin import privacy
from bulletin.codec import digest
from bulletin.diag import Place, Report
from bulletin.model import Picture
from bulletin.responsive import tone

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 60_000_000
MAX_BYTES = 60_000_000
MAX_SVG = 1_500_000
MAX_FRAMES = 200
MAX_DEPTH = 60
MAX_USED = 20_000  # elements of an SVG after every ``use`` has been carried out
SUFFIXES = {
    ".svg": "svg",
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".webp": "webp",
    ".gif": "gif",
    ".tif": "tiff",
    ".tiff": "tiff",
}
_NAMES = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp", "GIF": "gif", "TIFF": "tiff", "MPO": "jpeg"}
# What Pillow may try; it finds an MPO (a JPEG with a second picture) through JPEG.
_FORMATS = ("GIF", "JPEG", "PNG", "TIFF", "WEBP")
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
SPOKEN = ("text", "title", "desc")
ELEMENTS = frozenset(
    "svg g defs title desc path rect circle ellipse line polyline polygon text tspan "
    "linearGradient radialGradient stop marker clipPath use symbol".split()
)
ATTRIBUTES = frozenset(
    "id x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox preserveAspectRatio "
    "transform fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin "
    "stroke-dasharray stroke-dashoffset stroke-miterlimit stroke-opacity opacity color font-family "
    "font-size font-weight font-style text-anchor dominant-baseline letter-spacing word-spacing "
    "textLength lengthAdjust rotate offset stop-color stop-opacity gradientUnits "
    "gradientTransform spreadMethod fx fy fr clip-path clip-rule clipPathUnits marker-start "
    "marker-mid marker-end markerWidth markerHeight markerUnits refX refY orient href "
    "vector-effect shape-rendering paint-order role visibility display".split()
)
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#[\w.\-]+['\"]?\s*\)\Z")
# What could fetch something in an attribute that is read as CSS, escapes included.
_FETCH = re.compile(r"\\|/\*|(?:url|src|image|image-set|cross-fade|element)\s*\(", re.IGNORECASE)


def read(path: str, data: bytes, report: Report) -> Picture | None:
    """Facts of the file at ``path``, or None with errors in ``report``."""
    where = Place(path)
    kind = SUFFIXES.get(path[path.rfind(".") :].lower(), "")
    if not data:
        report.error(where, "IM010", "tệp hình rỗng", "chép lại tệp hình")
        return None
    if len(data) > MAX_BYTES:
        report.error(
            where, "IM011", f"tệp hình lớn hơn {MAX_BYTES // 1_000_000} MB", "giảm cỡ hình"
        )
        return None
    if kind == "svg":
        return _read_svg(path, data, report)
    return _read_bitmap(path, data, kind, report)


def _read_bitmap(path: str, data: bytes, kind: str, report: Report) -> Picture | None:
    where = Place(path)
    try:
        width, height, actual, mode, tone = _decode(data)
    except _Refused as why:
        report.error(where, "IM012", str(why), f"tối đa {MAX_PIXELS // 1_000_000} triệu điểm ảnh")
        return None
    except Exception:  # a decoder that is given a broken file may raise anything
        heic = data[4:8] == b"ftyp"
        report.error(
            where,
            "IM013",
            "hình ở dạng HEIC/AVIF, chương trình không đọc" if heic else _BROKEN,
            "lưu lại thành JPEG rồi chép lại"
            if heic
            else "mở thử bằng phần mềm xem ảnh rồi chép lại (JPEG, PNG, WebP, SVG)",
        )
        return None
    if actual != kind:
        report.warn(
            where,
            "IM014",
            f"tệp mang đuôi .{path.rsplit('.', 1)[-1]} nhưng bên trong là {actual.upper()}",
            f"đổi đuôi thành .{actual}",
        )
    return Picture(path, digest(data), actual, width, height, mode, tone)


class _Refused(Exception):
    """A picture that we do not take; the message says why, in Vietnamese."""


_BROKEN = "tệp hình hỏng hoặc không phải hình"


def _decode(data: bytes) -> tuple[int, int, str, str, str]:
    """Width, height, kind, mode and tone of a bitmap that could be decoded to its last line."""
    from PIL import Image, ImageFile

    # The layout engine switches this on for the whole process when it is imported.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on odd files are not ours to print
        try:
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
        except Image.DecompressionBombError:
            raise _Refused("hình quá lớn (hàng trăm triệu điểm ảnh)") from None
        with image:
            width, height = image.size
            actual = _NAMES[image.format or ""]
            frames = getattr(image, "n_frames", 1)
            if width * height > MAX_PIXELS or frames > MAX_FRAMES:
                raise _Refused(f"hình quá lớn ({width}×{height} điểm ảnh, {frames} khung)")
            image.load()
            if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
                width, height = height, width
            return width, height, actual, image.mode, _tone(image)


def _tone(image: Image.Image) -> str:
    """The class of the average colour; none where something will shine through."""
    from PIL import Image

    if image.mode not in ("RGB", "L", "CMYK", "YCbCr") or "transparency" in image.info:
        return ""
    small = image.resize((1, 1), Image.Resampling.BOX, reducing_gap=2.0).convert("RGB")
    red, green, blue = small.tobytes()
    return tone(red, green, blue)


class _Tree(ET.TreeBuilder):
    """Elements down to a depth; a document type, and so an entity, is refused."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused("SVG lồng quá sâu")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise _Refused("SVG có khai báo DOCTYPE hoặc ENTITY")


def _parse_svg(data: bytes) -> ET.Element:
    """The root of a small SVG in UTF-8; raises :class:`_Refused`."""
    if len(data) > MAX_SVG:
        raise _Refused(f"SVG lớn hơn {MAX_SVG // 1000} kB")
    # The encoding is ours and not the file's: another one could hide what we look for.
    parser = ET.XMLParser(target=_Tree(), encoding="utf-8")
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except ET.ParseError as trouble:
        line, column = trouble.position
        raise _Refused(f"SVG sai cú pháp XML ở dòng {line}, cột {column + 1}") from None
    if root.tag != f"{{{SVG}}}svg":
        raise _Refused("tệp không phải SVG (thiếu xmlns hoặc thẻ svg)")
    return root


def _read_svg(path: str, data: bytes, report: Report) -> Picture | None:
    where = Place(path)
    try:
        root = _parse_svg(data)
        width, height = _size(root)
    except _Refused as why:
        report.error(where, "IM015", str(why), "xuất lại hình ở dạng SVG đơn giản (Plain SVG)")
        return None
    for problem in sorted(set(_foreign(root))):
        report.error(
            where,
            "IM016",
            f"SVG có {problem}",
            "vẽ lại bằng hình cơ bản; không kịch bản, không ảnh nhúng, không địa chỉ ngoài",
        )
    numbers = tuple((line, words) for line, words in lettering(data) if any(privacy.scan(words)))
    return Picture(path, digest(data), "svg", width, height, "vector", numbers=numbers)


def lettering(data: bytes) -> Iterator[tuple[int, str]]:
    """(line, words) of all that a drawing says: texts, names, labels for listeners, remarks.

    Parts of one text come twice, with and without a space between them, when they differ so:
    a number may be set in two colours, and two numbers may follow one another.
    """
    from xml.parsers import expat

    found: list[tuple[int, list[str]]] = []
    aside: list[tuple[int, list[str]]] = []
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    depth = 0

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal depth
        if depth or tag.rsplit(" ", 1)[-1] in SPOKEN:
            depth += 1
            if depth == 1:
                found.append((parser.CurrentLineNumber, []))
        said = [v for k, v in attrs.items() if k.startswith(("aria-", "data-"))]
        aside.extend((parser.CurrentLineNumber, [value]) for value in said)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= depth > 0

    def words(chunk: str) -> None:
        if depth:
            found[-1][1].append(chunk)

    def remark(chunk: str) -> None:
        aside.append((parser.CurrentLineNumber, [chunk]))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.CommentHandler = words, remark
    parser.Parse(data, True)
    for line, parts in sorted(found + aside):
        yield from ((line, said) for said in sorted({_line(parts, " "), _line(parts, "")}))


def _line(parts: list[str], between: str) -> str:
    return " ".join(between.join(parts).split())


def _size(root: ET.Element) -> tuple[int, int]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    try:
        width, height = float(box[2]), float(box[3])
    except (IndexError, ValueError):
        raise _Refused("SVG thiếu viewBox") from None
    if not (0 < width < 100_000 and 0 < height < 100_000):
        raise _Refused("viewBox của SVG không hợp lệ")
    return max(1, round(width)), max(1, round(height))


def _element(name: str) -> str:
    """Name of an SVG element, or the whole name with «{…}» of another vocabulary."""
    return name.removeprefix(f"{{{SVG}}}")


def _attribute(key: str) -> str:
    """Name of an SVG attribute; an attribute of another vocabulary keeps its «{…}»."""
    return key.removeprefix(f"{{{XLINK}}}") if key == f"{{{XLINK}}}href" else key


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _foreign(root: ET.Element) -> Iterator[str]:
    """What is not drawing: scripts, styles, pictures, addresses, foreign elements."""
    for element in root.iter():
        name = _element(element.tag)
        if name not in ELEMENTS:
            yield f"phần tử <{_local(name)}>"
        if name == "use" and any(
            child is not element and child.tag == element.tag for child in element.iter()
        ):
            yield "use lồng trong use"
        for key, value in element.attrib.items():
            bare = _attribute(key)
            if bare == f"{{{XML}}}space" or bare.startswith(("aria-", "data-")):
                continue
            if bare not in ATTRIBUTES:
                yield f"thuộc tính {_local(bare)}"
            elif bare == "href" and not value.startswith("#"):
                yield "địa chỉ ngoài (href)"
            elif _FETCH.search(value) and not _LOCAL_URL.match(value.strip()):
                yield "địa chỉ ngoài (url)"
    yield from _uses(root)


def _uses(root: ET.Element) -> Iterator[str]:
    """``use`` that reaches itself, and ``use`` of ``use`` that grows without measure."""
    targets: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for element in root.iter():
        if name := element.get("id"):
            targets[name] = [_target(use) for use in element.iter(f"{{{SVG}}}use")]
            sizes[name] = sum(1 for _ in element.iter())
    everything = ""  # no id is empty: the name of the whole drawing
    targets[everything] = [_target(use) for use in root.iter(f"{{{SVG}}}use")]
    # Rounds of growth: what does not settle within the depth of a drawing is a loop or as bad.
    total = dict.fromkeys(targets, 0)
    for _ in range(MAX_DEPTH):
        before = total
        total = {
            name: sizes.get(name, 0) + sum(before.get(target, 0) for target in direct)
            for name, direct in targets.items()
        }
        if total == before:
            return
        if total[everything] > MAX_USED:
            break
    yield f"use lặp vòng, hoặc dùng lại quá {MAX_USED} phần tử"


def _target(use: ET.Element) -> str:
    return (use.get("href") or use.get(f"{{{XLINK}}}href") or "").removeprefix("#") or "?"


def clean_svg(data: bytes, prefix: str) -> str:
    """Markup of a checked SVG to stand inside a page; ids get ``prefix`` so that they are unique.

    Elements and attributes that are not on the lists do not survive, whatever the check said.
    """
    root = _parse_svg(data)
    out: list[str] = []
    _write(root, prefix, out, top=True)
    return "".join(out)


def _escape(value: str) -> str:
    return (
        value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def _attributes(element: ET.Element, prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        bare = _attribute(key)
        if bare not in ATTRIBUTES or (bare != key and bare in element.attrib):
            continue
        if bare == "id":
            yield bare, prefix + value
        elif bare == "href":
            if value.startswith("#"):
                yield bare, "#" + prefix + value[1:]
        elif bare == "font-family":
            # The theme's private family names: an installed font of the same name must not mix in.
            yield bare, "LHH Serif, serif" if "serif 4" in value.lower() else "LHH Sans, sans-serif"
        elif _FETCH.search(value):
            if _LOCAL_URL.match(value.strip()):
                yield bare, re.sub(r"#([\w.\-]+)", rf"#{prefix}\1", value)
        else:
            yield bare, value


def _write(element: ET.Element, prefix: str, out: list[str], top: bool = False) -> None:
    name = _element(element.tag)
    if name not in ELEMENTS:
        return
    if name in ("title", "desc"):
        return  # the figure's own alternative text speaks
    out.append(f"<{name}")
    if top:
        out.append(f' xmlns="{SVG}"')
    for key, value in _attributes(element, prefix):
        if not (top and key in ("width", "height", "role", "id")):
            out.append(f' {key}="{_escape(value)}"')
    if len(element) == 0 and not (element.text or "").strip():
        out.append(f"></{name}>" if name == "text" else "/>")
        return
    out.append(">")
    keep = name in ("text", "tspan")
    if element.text and (keep or element.text.strip()):
        out.append(_escape(element.text))
    for child in element:
        _write(child, prefix, out)
        if keep and child.tail:
            out.append(_escape(child.tail))
    out.append(f"</{name}>")
