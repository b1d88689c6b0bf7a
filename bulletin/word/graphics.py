"""What is drawn or put into a Word page: pictures stay as marks, the rest is told in words."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from bulletin.word.dossier import Part
from bulletin.word.findings import Findings
from bulletin.word.names import child, q, words
from bulletin.word.parcel import Parcel

VECTORS = (".emf", ".wmf", ".emz", ".wmz", ".pict", ".pct", ".eps")
# What Word adds to a description that it made up itself.
_AUTOMATIC = (
    "description automatically generated",
    "mô tả được tạo tự động",
    "ai-generated content",
)


@dataclass(frozen=True, slots=True)
class PictureMark:
    """A picture in the text: its entry, the author's own description, and where it stands."""

    entry: str
    alt: str
    where: str


class Graphics:
    """Reads one drawing at a time."""

    def __init__(self, parcel: Parcel, findings: Findings, pictures: list[PictureMark]) -> None:
        self.parcel, self.findings, self.pictures = parcel, findings, pictures

    def read(self, element: ET.Element, part: Part, where: str) -> list[ET.Element]:
        """Text elements with the marks of the pictures; everything else goes on the list."""
        branch = _branch(element)
        told = self._frames(branch, where)
        told |= self._objects(branch, where)
        told |= self._diagrams(branch, part, where)
        marks = (
            [] if child(branch, "o:OLEObject") is not None else self._pictures(branch, part, where)
        )
        if not told and not marks and not _is_empty(branch):
            self.findings.add("WD013", where, "hình vẽ bằng công cụ Shapes của Word")
        return marks

    def _frames(self, branch: ET.Element, where: str) -> bool:
        frames = list(branch.iter(q("w:txbxContent")))
        for frame in frames:
            if text := words(frame):
                self.findings.add("WD012", where, "chữ trong khung (text box)", text)
        art = [path.get("string", "") for path in branch.iter(q("v:textpath"))]
        for text in filter(None, art):
            self.findings.add("WD012", where, "chữ nghệ thuật (WordArt)", text)
        return bool(frames or art)

    def _objects(self, branch: ET.Element, where: str) -> bool:
        found = list(branch.iter(q("o:OLEObject")))
        for item in found:
            program = item.get("ProgID", "")
            formula = program.startswith(("Equation", "MathType"))
            what = (
                "công thức kiểu cũ (Equation, MathType): gõ lại bằng LaTeX giữa hai dấu $"
                if formula
                else f"đối tượng nhúng «{program or '?'}»: chép nội dung sang bảng hoặc hình"
            )
            self.findings.add("WD014", where, what)
        return bool(found)

    def _diagrams(self, branch: ET.Element, part: Part, where: str) -> bool:
        told = False
        for data in branch.iter(q("a:graphicData")):
            uri = data.get("uri", "")
            if uri.endswith("/diagram"):
                ids = data.find(q("dgm:relIds"))
                target = part.target(ids.get(q("r:dm")) if ids is not None else None)
                self.findings.add("WD013", where, "sơ đồ SmartArt: vẽ lại", self._said(target))
                told = True
            elif uri.endswith("/chart"):
                chart = data.find(q("c:chart"))
                target = part.target(chart.get(q("r:id")) if chart is not None else None)
                what = "biểu đồ: làm lại bằng khối :::chart từ các số này"
                self.findings.add("WD013", where, what, self._said(target))
                told = True
        return told

    def _said(self, entry: str) -> str:
        """The words and numbers of a diagram or chart."""
        if not entry or not self.parcel.has(entry):
            return ""
        return words(self.parcel.xml(entry))

    def _pictures(self, branch: ET.Element, part: Part, where: str) -> list[ET.Element]:
        marks: list[ET.Element] = []
        described = next(branch.iter(q("wp:docPr")), None)
        alt = _own(described.get("descr", "") if described is not None else "")
        for blip in branch.iter():
            if blip.tag == q("a:blip"):
                inner, outer = blip.get(q("r:embed")), blip.get(q("r:link"))
            elif blip.tag == q("v:imagedata"):
                inner, outer = blip.get(q("r:id")), blip.get(q("r:href"))
            else:
                continue
            entry = part.target(inner)
            if entry.lower().endswith(VECTORS):
                kind = entry.rpartition(".")[2].upper()
                what = f"hình vẽ kiểu {kind}: chép từ Word ra, lưu thành PNG hoặc SVG"
                self.findings.add("WD015", where, what, alt)
            elif entry and self.parcel.has(entry):
                text = ET.Element(q("w:t"))
                text.text = f"\ufdd0P{len(self.pictures)}\ufdd1"
                marks.append(text)
                self.pictures.append(PictureMark(entry, alt, where))
            else:
                outside = part.relations.get(outer or inner or "", ("", "", True))[1]
                what = "hình liên kết ra ngoài, không nằm trong tệp Word: xin tác giả tệp hình"
                self.findings.add("WD015", where, what, outside or alt)
        return marks


def _branch(element: ET.Element) -> ET.Element:
    """Without the copies that Word writes for older programs beside what it means."""
    for outer in [*element.iter(q("mc:AlternateContent"))]:
        if outer.find(q("mc:Choice")) is not None:
            for copy in outer.findall(q("mc:Fallback")):
                outer.remove(copy)
    return element


def _own(description: str) -> str:
    """A description that a person wrote; Word's own guesses are no help to anybody."""
    flat = " ".join(description.split())
    lower = flat.lower()
    if any(sign in lower for sign in _AUTOMATIC):
        return ""
    return "" if lower.endswith((".jpg", ".jpeg", ".png", ".bmp")) else flat


def _is_empty(branch: ET.Element) -> bool:
    return len(branch) == 0
