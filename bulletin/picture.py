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

from bulletin.codec import digest
from bulletin.diag import Place, Report
from bulletin.model import Picture

MAX_PIXELS = 60_000_000
MAX_BYTES = 60_000_000
MAX_SVG = 1_500_000
MAX_FRAMES = 200
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
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
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
    from PIL import Image, UnidentifiedImageError

    where = Place(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=sorted(_NAMES)) as image:
                width, height = image.size
                actual = _NAMES[image.format or ""]
                frames = getattr(image, "n_frames", 1)
                if width * height > MAX_PIXELS or frames > MAX_FRAMES:
                    report.error(
                        where,
                        "IM012",
                        f"hình quá lớn ({width}×{height} điểm ảnh, {frames} khung)",
                        f"tối đa {MAX_PIXELS // 1_000_000} triệu điểm ảnh",
                    )
                    return None
                image.load()
                mode = image.mode
                if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
                    width, height = height, width
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        report.error(
            where,
            "IM013",
            "tệp hình hỏng hoặc không phải hình",
            "mở thử bằng phần mềm xem ảnh rồi chép lại (JPEG, PNG, WebP, SVG)",
        )
        return None
    if actual != kind:
        report.warn(
            where,
            "IM014",
            f"tệp mang đuôi .{path.rsplit('.', 1)[-1]} nhưng bên trong là {actual.upper()}",
            f"đổi đuôi thành .{actual}",
        )
    return Picture(path, digest(data), actual, width, height, mode)


class _Refused(Exception):
    pass


def _parse_svg(data: bytes) -> ET.Element:
    """The root of a small SVG; raises :class:`_Refused` with a Vietnamese sentence."""
    if len(data) > MAX_SVG:
        raise _Refused(f"SVG lớn hơn {MAX_SVG // 1000} kB")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _Refused("SVG có khai báo DOCTYPE hoặc ENTITY")
    depth = 0
    root: ET.Element | None = None
    try:
        for event, element in ET.iterparse(io.BytesIO(data), events=("start", "end")):
            depth += 1 if event == "start" else -1
            if depth > 60:
                raise _Refused("SVG lồng quá sâu")
            root = element if root is None else root
    except ET.ParseError as trouble:
        line, column = trouble.position
        raise _Refused(f"SVG sai cú pháp XML ở dòng {line}, cột {column + 1}") from None
    if root is None or root.tag != f"{{{SVG}}}svg":
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
    return Picture(path, digest(data), "svg", width, height, "vector")


def _size(root: ET.Element) -> tuple[int, int]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    try:
        width, height = float(box[2]), float(box[3])
    except (IndexError, ValueError):
        raise _Refused("SVG thiếu viewBox") from None
    if not (0 < width < 100_000 and 0 < height < 100_000):
        raise _Refused("viewBox của SVG không hợp lệ")
    return max(1, round(width)), max(1, round(height))


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _foreign(root: ET.Element) -> Iterator[str]:
    """What is not drawing: scripts, styles, pictures, addresses, foreign elements."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = _local(element.tag)
        if name not in ELEMENTS or not element.tag.startswith(f"{{{SVG}}}"):
            yield f"phần tử <{name}>"
        if name == "use" and any(
            child is not element and child.tag == element.tag for child in element.iter()
        ):
            yield "use lồng trong use"
        for key, value in element.attrib.items():
            bare = _local(key)
            if (
                bare not in ATTRIBUTES
                and not bare.startswith(("aria-", "data-"))
                and bare != "space"
            ):
                yield f"thuộc tính {bare}"
            elif bare == "href" and not value.startswith("#"):
                yield "địa chỉ ngoài (href)"
            elif "url(" in value and not _LOCAL_URL.match(value.strip()):
                yield "địa chỉ ngoài (url)"
    yield from _loops(root)


def _loops(root: ET.Element) -> Iterator[str]:
    """``use`` that reaches itself, directly or through others."""
    by_id = {e.get("id"): e for e in root.iter() if isinstance(e.tag, str) and e.get("id")}

    def targets(element: ET.Element) -> set[str]:
        return {
            (child.get("href") or child.get(f"{{{XLINK}}}href") or "").removeprefix("#")
            for child in element.iter(f"{{{SVG}}}use")
        }

    graph = {name: targets(element) for name, element in by_id.items()}
    for name, direct in graph.items():
        seen: set[str] = set()
        todo = list(direct)
        while todo:
            step = todo.pop()
            if step == name:
                yield "use lặp vòng"
                return
            if step in graph and step not in seen:
                seen.add(step)
                todo.extend(graph[step])


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
        bare = _local(key)
        if bare not in ATTRIBUTES:
            continue
        if bare == "id":
            yield bare, prefix + value
        elif bare == "href":
            if value.startswith("#"):
                yield bare, "#" + prefix + value[1:]
        elif bare == "font-family":
            # The theme's private family names: an installed font of the same name must not mix in.
            yield bare, "LHH Serif, serif" if "serif 4" in value.lower() else "LHH Sans, sans-serif"
        elif "url(" in value:
            if _LOCAL_URL.match(value.strip()):
                yield bare, re.sub(r"#([\w.\-]+)", rf"#{prefix}\1", value)
        else:
            yield bare, value


def _write(element: ET.Element, prefix: str, out: list[str], top: bool = False) -> None:
    name = _local(element.tag) if isinstance(element.tag, str) else ""
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
