"""The document as its author would want it printed: before the structure is read.

Changes that are tracked count as accepted, hidden words and comments are taken out, text in old
fonts becomes Unicode, and what Markdown cannot carry leaves the text. Everything that leaves is
put on the list with its place. Pictures and formulas stay as marks of two noncharacters, which
no Word file may contain.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import ClassVar

from bulletin.word import formulas
from bulletin.word.dossier import Dossier, Part
from bulletin.word.findings import Findings, near
from bulletin.word.fonts import Font, Styles, decode
from bulletin.word.graphics import Graphics, PictureMark
from bulletin.word.names import child, is_on, local, q, val, words

MARK = re.compile("\ufdd0([PM])(\\d+)\ufdd1")
_FOREIGN = re.compile("[\ufdd0\ufdd1]")
# Wrappers that the reader of structure does not know: what they hold takes their place.
_UNWRAP = frozenset({q("w:fldSimple"), q("w:dir"), q("w:bdo"), q("w:smartTag"), q("w:customXml")})
_DRAWN = frozenset({q("w:drawing"), q("w:pict"), q("w:object"), q("mc:AlternateContent")})
_GONE = frozenset(
    {q("w:commentRangeStart"), q("w:commentRangeEnd"), q("w:bookmarkStart"), q("w:bookmarkEnd")}
)
_EMPHASIS = ("w:b", "w:i", "w:strike")


@dataclass(slots=True)
class Washed:
    """What the wash leaves: the paragraphs whose words must stand in the article."""

    kept: list[str] = field(default_factory=list)
    pictures: list[PictureMark] = field(default_factory=list)
    formulas: list[tuple[str, bool]] = field(default_factory=list)  # LaTeX, alone in its paragraph
    decoded: int = 0
    headings: int = 0


class Wash:
    """One pass over the parts of a document; changes their trees."""

    def __init__(self, dossier: Dossier, findings: Findings) -> None:
        self.dossier = dossier
        self.findings = findings
        self.styles = Styles(
            dossier.styles.root if dossier.styles else None,
            dossier.theme.root if dossier.theme else None,
        )
        self.washed = Washed()
        self.number = 0
        self.where = ""
        self.comments: dict[str, str] = {}  # id → place
        self.graphics = Graphics(dossier.parcel, findings, self.washed.pictures)

    def run(self) -> Washed:
        """Wash text and notes; list comments, headers, footers and macros."""
        for part in [self.dossier.main, *filter(None, self.dossier.notes.values())]:
            self.decode(part.root)
            self.part(part)
            self.keep(part.root)
        self.list_comments()
        self.list_margins()
        if self.washed.decoded:
            self.findings.add(
                "WD024",
                "",
                f"{self.washed.decoded} đoạn chữ phông cũ (.VnTime, VNI) đã đổi sang Unicode: "
                "đọc lại tên riêng, chữ hoa, ký hiệu",
            )
        for name in self.dossier.parcel.names("word/"):
            if name.endswith("vbaProject.bin"):
                self.findings.add("WD023", "", "tệp có macro, đã bỏ qua, không chạy")
        return self.washed

    # -- old fonts -------------------------------------------------------------------------

    def decode(self, root: ET.Element) -> None:
        """Every paragraph, also those in frames, in hidden or deleted words."""
        for paragraph in root.iter(q("w:p")):
            properties = child(paragraph, "w:pPr")
            pieces: list[tuple[ET.Element, Font]] = []
            for run in _runs(paragraph):
                font = self.styles.font(child(run, "w:rPr"), properties)
                _signs(run, font)
                for part in run:
                    if part.tag in (q("w:t"), q("w:delText")):
                        part.text = _FOREIGN.sub("", part.text or "")
                        pieces.append((part, font))
            self.washed.decoded += decode(pieces)

    # -- what stays ------------------------------------------------------------------------

    def part(self, part: Part) -> None:
        self.current = part
        self.where = ""
        self.clean(part.root, None)

    def clean(self, parent: ET.Element, paragraph: ET.Element | None) -> None:
        """Replace, remove or enter every child; ``paragraph`` holds the properties around it."""
        children: list[ET.Element] = []
        for element in parent:
            children += self.verdict(element, paragraph)
        parent[:] = children

    def verdict(self, element: ET.Element, paragraph: ET.Element | None) -> list[ET.Element]:
        """What takes the place of one element."""
        tag = element.tag
        if tag == q("w:p"):
            return self.paragraph(element)
        if tag in _DRAWN:
            return self.graphics.read(element, self.current, self.where)
        if tag in _UNWRAP:
            self.clean(element, paragraph)
            return list(element)
        if tag in _GONE:
            return []
        maker = self.RULES.get(local(element)) if tag.startswith("{") else None
        if maker is not None:
            found: list[ET.Element] | None = maker(self, element, paragraph)
            if found is not None:
                return found
        self.clean(element, paragraph)
        return [element]

    def paragraph(self, element: ET.Element) -> list[ET.Element]:
        outer = self.where
        self.number += 1
        self.where = near(self.number, words(element))
        properties = child(element, "w:pPr")
        if self.styles.name(val(properties, "w:pStyle")).startswith("toc "):
            self.findings.add("WD026", "", "dòng mục lục tự động", words(element))
            return []
        self.title(element, properties)
        self.clean(element, properties)
        self.where = outer or self.where
        return [element]

    def title(self, element: ET.Element, properties: ET.Element | None) -> None:
        """Headings by whatever style become Word's own, lists by style say so themselves."""
        if properties is None:
            return
        level = self.styles.outline(properties)
        name = self.styles.name(val(properties, "w:pStyle"))
        if level is None and (found := re.fullmatch(r"heading ([1-9])", name)):
            level = int(found[1]) - 1
        if level is not None and name not in ("title", "subtitle"):
            style = child(properties, "w:pStyle")
            if style is None:
                style = ET.Element(q("w:pStyle"))
                properties.insert(0, style)
            style.set(q("w:val"), f"BulletinHeading{level + 1}")
            self.washed.headings += 1
        elif child(properties, "w:numPr") is None:
            for layer in self.styles.chain(val(properties, "w:pStyle")):
                numbering = child(layer, "w:pPr/w:numPr")
                if numbering is not None:
                    copy = ET.fromstring(ET.tostring(numbering))
                    if child(copy, "w:ilvl") is None:
                        ET.SubElement(copy, q("w:ilvl"), {q("w:val"): "0"})
                    properties.append(copy)
                    return

    # -- rules: None keeps the element and enters it ---------------------------------------

    def deleted(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        if text := words(element):
            self.findings.add("WD025", self.where, "đã xóa", text)
        # An empty one is the mark of a deleted end of paragraph, which joins two paragraphs.
        return [] if len(element) else [element]

    def moved(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        """Moved words stand where they were moved to."""
        return [] if len(element) else [element]

    def row(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        if child(element, "w:trPr/w:del") is None:
            return None
        self.findings.add("WD025", self.where, "đã xóa một dòng của bảng", words(element))
        return []

    def run_of_text(
        self, element: ET.Element, paragraph: ET.Element | None
    ) -> list[ET.Element] | None:
        properties = child(element, "w:rPr")
        if self.styles.switch("w:vanish", properties, paragraph):
            if text := words(element):
                self.findings.add("WD010", self.where, "chữ ẩn", text)
            # Marks of a field must stay in pairs.
            element[:] = [p for p in element if p.tag in (q("w:fldChar"), q("w:instrText"))]
            return [element] if len(element) else []
        if properties is not None and val(properties, "w:rStyle"):
            for name in _EMPHASIS:
                layers = [child(s, "w:rPr") for s in self.styles.chain(val(properties, "w:rStyle"))]
                if is_on(properties, name) is None and any(is_on(lay, name) for lay in layers):
                    ET.SubElement(properties, q(name))
        return None

    def math(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        """``m:oMath`` in a line, ``m:oMathPara`` alone."""
        alone = element.tag == q("m:oMathPara")
        out: list[ET.Element] = []
        for one in element.findall(q("m:oMath")) if alone else [element]:
            tex = formulas.latex(one)
            if tex:
                out.append(_run(mark("M", len(self.washed.formulas))))
                self.washed.formulas.append((tex, alone))
            elif text := words(one):
                self.findings.add(
                    "WD017", self.where, "công thức chưa chuyển được, gõ lại bằng LaTeX", text
                )
        return out

    def symbol(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        from mammoth.docx.dingbats import dingbats

        font = element.get(q("w:font"), "")
        try:
            code = int(element.get(q("w:char"), ""), 16) & 0xFF
        except ValueError:
            code = 0
        found = dingbats.get((font, code))
        if found is None:
            self.findings.add("WD023", self.where, f"ký hiệu 0x{code:02X} của phông «{font}»")
            return []
        return [_text(chr(found))]

    def comment(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        self.comments[element.get(q("w:id"), "")] = self.where
        return []

    def chunk(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        self.findings.add("WD023", self.where, "một tài liệu khác nhúng ở đây: mở tệp Word xem")
        return []

    def contents(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        gallery = val(element, "w:sdtPr/w:docPartObj/w:docPartGallery") or ""
        if "Table of Contents" not in gallery:
            return None
        self.findings.add("WD026", self.where, "mục lục tự động", words(element))
        return []

    def link(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        if (relation := element.get(q("r:id"))) and relation not in self.current.relations:
            del element.attrib[q("r:id")]
        return None

    def line_end(self, element: ET.Element, _: ET.Element | None) -> list[ET.Element] | None:
        return [ET.Element(q("w:br"))]

    def ruby(self, element: ET.Element, paragraph: ET.Element | None) -> list[ET.Element] | None:
        self.findings.add("WD023", self.where, "chữ chú âm trên dòng", words(element))
        return []

    RULES: ClassVar = {
        "del": deleted, "moveFrom": moved, "tr": row, "r": run_of_text, "oMath": math,
        "oMathPara": math, "sym": symbol, "commentReference": comment, "altChunk": chunk,
        "subDoc": chunk, "sdt": contents, "hyperlink": link, "cr": line_end, "ruby": ruby,
    }  # fmt: skip

    # -- what is listed --------------------------------------------------------------------

    def keep(self, root: ET.Element) -> None:
        for paragraph in root.iter(q("w:p")):
            text = "".join(
                part.text or "" for run in _runs(paragraph) for part in run.findall(q("w:t"))
            )
            if text := MARK.sub(" ", text).strip():
                self.washed.kept.append(text)

    def list_comments(self) -> None:
        if self.dossier.comments is None:
            return
        self.decode(self.dossier.comments.root)
        for comment in self.dossier.comments.root.iter(q("w:comment")):
            who = comment.get(q("w:author"), "").strip() or "không rõ tên"
            where = self.comments.get(comment.get(q("w:id"), ""), "")
            self.findings.add("WD011", where, f"{who} ghi", words(comment))

    def list_margins(self) -> None:
        seen: set[str] = set()
        for part in self.dossier.margins():
            self.decode(part.root)
            text = words(part.root)
            if any(c.isalpha() for c in text) and text not in seen:
                self.findings.add("WD016", "", "chữ ở lề trang", text)
            seen.add(text)


def mark(kind: str, number: int) -> str:
    return f"\ufdd0{kind}{number}\ufdd1"


def _text(value: str) -> ET.Element:
    element = ET.Element(q("w:t"))
    element.text = value
    return element


def _run(value: str) -> ET.Element:
    run = ET.Element(q("w:r"))
    run.append(_text(value))
    return run


def _runs(paragraph: ET.Element) -> list[ET.Element]:
    """The runs of a paragraph itself, not of paragraphs in frames inside it."""
    found: list[ET.Element] = []

    def walk(element: ET.Element) -> None:
        for part in element:
            if part.tag == q("w:r"):
                found.append(part)
            if part.tag != q("w:p"):
                walk(part)

    walk(paragraph)
    return found


def _signs(run: ET.Element, font: Font) -> None:
    """Letters that an old font writes as elements: ư as a soft hyphen, others as symbols."""
    for part in run:
        face = part.get(q("w:font"), "") if part.tag == q("w:sym") else ""
        if part.tag == q("w:softHyphen") and font[0] == "tcvn3":
            part.tag, part.text = q("w:t"), "\u00ad"
        elif face.lower().startswith((".vn", "vni")):
            try:
                part.text = chr(int(part.get(q("w:char"), ""), 16) & 0xFF)
            except ValueError:
                continue
            part.tag = q("w:t")
            part.attrib.clear()
