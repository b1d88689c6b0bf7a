"""LaTeX becomes MathML that can do no harm, or a reason why not.

The converters pass on what the author typed (``\\text{<script>}``, ``\\href``), so their output is
read back and only drawing elements and plain attributes are let through. Both are imported where
they are used: most articles have no formula.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

MAX_LENGTH = 1000
MAX_DEPTH = 24
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup mmultiscripts munder "
    "mover munderover mtable mtr mtd mstyle mpadded mphantom menclose".split()
)
_ATTRIBUTES = frozenset(
    "display stretchy fence form accent accentunder displaystyle scriptlevel mathvariant mathsize "
    "width height depth lspace rspace voffset linebreak columnalign rowspacing columnspacing "
    "columnlines rowlines minsize maxsize linethickness notation separator movablelimits".split()
)
_SAID = {
    "=": "bằng", "+": "cộng", "-": "trừ", "−": "trừ", "±": "cộng trừ", "×": "nhân", "⋅": "nhân",
    "·": "nhân", "÷": "chia", "/": "chia", "<": "nhỏ hơn", ">": "lớn hơn", "≈": "xấp xỉ",
    "≤": "nhỏ hơn hoặc bằng", "≥": "lớn hơn hoặc bằng", "≠": "khác", "→": "tiến tới",
    "∑": "tổng", "∏": "tích", "∫": "tích phân", "∞": "vô cùng", "%": "phần trăm",
    "(": "mở ngoặc", ")": "đóng ngoặc", "∈": "thuộc", "°": "độ",
}  # fmt: skip
_VALUE = re.compile(r"[\w.+\-#% ]*")


class FormulaError(ValueError):
    """A formula that cannot be set; the message says why, in Vietnamese."""


def mathml(latex: str, display: bool) -> str:
    """Markup of a formula for a page; raises :class:`FormulaError`."""
    from latex2mathml import converter

    if len(latex) > MAX_LENGTH:
        raise FormulaError(f"dài quá {MAX_LENGTH} ký tự")
    try:
        markup = converter.convert(latex, display="block" if display else "inline")
        root = ET.fromstring(markup)
    except Exception:  # the converter has a class of its own for every kind of mistake
        raise FormulaError("sai cú pháp LaTeX") from None
    _check(root, 0)
    return str(markup)


def check(latex: str, display: bool) -> None:
    """Raise :class:`FormulaError` unless the formula can be set on a page and in print."""
    import ziamath

    mathml(latex, display)
    try:
        ziamath.Latex(latex)
    except Exception:  # as above
        raise FormulaError("không vẽ được trên bản in") from None


def spoken(latex: str) -> str:
    """The formula as one reads it aloud; LaTeX itself where it cannot be read."""
    try:
        markup = mathml(latex, display=False)
    except FormulaError:
        return latex
    return " ".join(_say(ET.fromstring(markup)).split()) or latex


def _say(element: ET.Element) -> str:
    name = element.tag.removeprefix(_MATHML)
    parts = [_say(child) for child in element]
    if not parts:
        text = (element.text or "").strip()
        return _SAID.get(text, text)
    if name == "mfrac" and len(parts) == 2:
        return f"{_whole(parts[0])} trên {_whole(parts[1])}"
    if name == "msqrt":
        return f"căn bậc hai của {_whole(' '.join(parts))}"
    if name == "mroot" and len(parts) == 2:
        return f"căn bậc {parts[1]} của {_whole(parts[0])}"
    if name == "msup" and len(parts) == 2:
        return f"{_whole(parts[0])} mũ {_whole(parts[1])}"
    if name in ("mover", "munder") and len(parts) == 2:
        return f"{_whole(parts[0])} có dấu {parts[1]}"
    if name == "msub" and len(parts) == 2:
        return f"{parts[0]} chỉ số {parts[1]}"
    if name in ("msubsup", "munderover") and len(parts) == 3:
        ranged = parts[0] in ("tổng", "tích", "tích phân")
        first, second = ("từ", "đến") if ranged else ("chỉ số", "mũ")
        return f"{parts[0]} {first} {parts[1]} {second} {parts[2]}"
    return " ".join(parts)


def _whole(words: str) -> str:
    """Brackets are said where several words belong together."""
    return words if len(words.split()) < 2 else f"mở ngoặc {words} đóng ngoặc"


def _check(element: ET.Element, depth: int) -> None:
    name = element.tag.removeprefix(_MATHML)
    if depth > MAX_DEPTH:
        raise FormulaError("lồng quá sâu")
    if name not in _ELEMENTS:
        raise FormulaError(f"có thẻ <{name}>")
    for key, value in element.attrib.items():
        if key not in _ATTRIBUTES or not _VALUE.fullmatch(value):
            raise FormulaError(f"có thuộc tính {key} không dùng được")
    if re.match(r"\\.", element.text or ""):
        raise FormulaError(f"có lệnh lạ {element.text}")
    for child in element:
        _check(child, depth + 1)
