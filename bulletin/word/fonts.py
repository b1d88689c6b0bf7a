"""In which font a run really stands, through styles, theme and defaults; text in old fonts.

The letters of a .VnTime or VNI file are ordinary Latin letters that only their font shows as
Vietnamese, so the font of every run decides what its letters are.
"""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET

from bulletin import legacy
from bulletin.word.names import child, is_on, q, val

SLOTS = ("hAnsi", "ascii")  # letters beyond ASCII stand in the first
# Letters that no old font has: the run was typed in Unicode, whatever its font says.
_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300-\u0303\u0306\u0309\u031b\u0323]")
# A sign that in VNI belongs to the letter before it.
_SIGN = re.compile("[ØøÙùÛûÕõÏïÂâÁáÀàÅåÃãÄäÊêÉéÈèÚúÜüËë]+")
Font = tuple[str, bool]  # encoding, capitals


class Styles:
    """``styles.xml`` and the theme, asked by run and paragraph."""

    def __init__(self, styles: ET.Element | None, theme: ET.Element | None) -> None:
        self.styles: dict[str, ET.Element] = {}
        self.default = ""
        self.base: ET.Element | None = None
        self.theme: dict[str, str] = {}
        if styles is not None:
            for style in styles.iter(q("w:style")):
                name = style.get(q("w:styleId"), "")
                self.styles[name] = style
                if style.get(q("w:type")) == "paragraph" and style.get(q("w:default")) == "1":
                    self.default = name
            self.base = child(styles, "w:docDefaults/w:rPrDefault/w:rPr")
        if theme is not None:
            for kind in ("major", "minor"):
                latin = theme.find(f".//{q('a:' + kind + 'Font')}/{q('a:latin')}")
                if latin is not None:
                    self.theme[kind] = latin.get("typeface", "")

    def chain(self, name: str | None) -> list[ET.Element]:
        """A style and those it is based on, nearest first."""
        found: list[ET.Element] = []
        while name in self.styles and self.styles[name] not in found:
            found.append(self.styles[name])
            name = val(found[-1], "w:basedOn")
        return found

    def name(self, style_id: str | None) -> str:
        """The built-in name: «heading 1», whatever the language of Word."""
        style = self.styles.get(style_id or "")
        return (val(style, "w:name") or style_id or "").lower()

    def outline(self, properties: ET.Element | None) -> int | None:
        """Level of a heading from 0, by the paragraph itself or its styles."""
        for source in [properties, *self._paragraph_properties(properties)]:
            level = val(source, "w:outlineLvl")
            if level is not None and level.isdigit():
                return int(level) if int(level) < 9 else None
        return None

    def _paragraph_properties(self, properties: ET.Element | None) -> list[ET.Element | None]:
        return [child(style, "w:pPr") for style in self.chain(val(properties, "w:pStyle"))]

    def layers(self, run: ET.Element | None, paragraph: ET.Element | None) -> list[ET.Element]:
        """Run properties, nearest first: run, its style, the paragraph's style, defaults."""
        own = [run, *[child(style, "w:rPr") for style in self.chain(val(run, "w:rStyle"))]]
        named = val(paragraph, "w:pStyle") or self.default
        own += [child(style, "w:rPr") for style in self.chain(named)]
        return [layer for layer in [*own, self.base] if layer is not None]

    def switch(self, name: str, run: ET.Element | None, paragraph: ET.Element | None) -> bool:
        for layer in self.layers(run, paragraph):
            found = is_on(layer, name)
            if found is not None:
                return found
        return False

    def font(self, run: ET.Element | None, paragraph: ET.Element | None) -> Font:
        """The old encoding of a run and whether its font prints capitals; ("", False) for none."""
        for slot in SLOTS:
            found = legacy.encoding_of(self._face(slot, run, paragraph))
            if found[0]:
                return found
        return "", False

    def _face(self, slot: str, run: ET.Element | None, paragraph: ET.Element | None) -> str:
        for layer in self.layers(run, paragraph):
            fonts = child(layer, "w:rFonts")
            if fonts is None:
                continue
            if named := fonts.get(q(f"w:{slot}")):
                return named
            if themed := fonts.get(q(f"w:{slot}Theme")):
                return self.theme.get("major" if themed.startswith("major") else "minor", "")
        return ""


def decode(pieces: list[tuple[ET.Element, Font]]) -> int:
    """Text elements of one paragraph with their fonts become Unicode; how many were changed.

    Word cuts runs anywhere, so a VNI letter may stand before a cut and its sign behind it.
    """
    for (before, font), (after, other) in itertools.pairwise(pieces):
        if font[0] == other[0] == "vni" and before.text and before.text[-1].isalpha():
            sign = _SIGN.match(after.text or "")
            if sign and before.text[-1] + sign.group()[0] in legacy.VNI:
                before.text += sign.group()[0]
                after.text = (after.text or "")[1:]
    changed = 0
    for element, (encoding, capitals) in pieces:
        text = element.text or ""
        if not encoding or _UNICODE.search(text):
            continue
        new = (
            legacy.decode_tcvn3(text, capitals) if encoding == "tcvn3" else legacy.decode_vni(text)
        )
        changed += new != text
        element.text = new
    return changed
