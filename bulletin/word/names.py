"""Names of the Word vocabulary, and the small questions that are asked of its elements."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
}


def q(name: str) -> str:
    """``w:p`` → ``{…}p``."""
    space, _, local = name.partition(":")
    return f"{{{SPACES[space]}}}{local}"


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def val(parent: ET.Element | None, path: str) -> str | None:
    """``w:val`` of the first child ``path`` (several names separated by «/»)."""
    found = child(parent, path)
    return None if found is None else found.get(q("w:val"))


def child(parent: ET.Element | None, path: str) -> ET.Element | None:
    for name in path.split("/"):
        parent = parent.find(q(name)) if parent is not None else None
    return parent


def is_on(parent: ET.Element | None, path: str) -> bool | None:
    """A switch of Word: present and not «0»; None where nothing is said."""
    found = child(parent, path)
    return None if found is None else found.get(q("w:val")) not in ("0", "false", "off", "none")


def words(element: ET.Element) -> str:
    """The letters inside an element, with spaces for tabs, breaks and ends of paragraphs."""
    return " ".join("".join(_words(element)).split())


def _words(element: ET.Element) -> Iterator[str]:
    for part in element.iter():
        name = part.tag
        if name in (q("w:t"), q("w:delText"), q("a:t"), q("m:t"), q("c:v")):
            yield part.text or ""
        elif name in (q("w:tab"), q("w:br"), q("w:cr"), q("w:p"), q("a:p"), q("c:pt"), q("w:tc")):
            yield " "
        elif name == q("w:noBreakHyphen"):
            yield "\u2011"
