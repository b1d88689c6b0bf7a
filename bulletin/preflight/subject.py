"""The file under inspection, opened once: pages with their boxes, their drawings and their XMP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from bulletin.preflight.machine import Shared
from bulletin.preflight.marks import Drawing, Mark
from bulletin.preflight.objects import Obj, content, get, inherited, number, numbers
from bulletin.preflight.values import Box, Place, Spec, place_of
from bulletin.preflight.walker import shared, walk

DC = "http://purl.org/dc/elements/1.1/"
XMP = "http://ns.adobe.com/xap/1.0/"
XMP_MM = "http://ns.adobe.com/xap/1.0/mm/"
PDF_NS = "http://ns.adobe.com/pdf/1.3/"
PDFX_ID = "http://www.npes.org/pdfx/ns/id/"
PDFUA_ID = "http://www.aiim.org/pdfua/ns/id/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True)
class PageView:
    """One page. ``trim`` and ``bleed`` fall back to the media box when the page has none."""

    number: int
    obj: Obj
    media: Box
    crop: Box | None
    bleed: Box
    trim: Box
    has_trim: bool
    has_bleed: bool
    has_art: bool
    rotation: int
    unit: float
    drawing: Drawing

    def place(self, box: Box | None) -> Place | None:
        return None if box is None else place_of(box, self.trim)

    @property
    def ink_marks(self) -> tuple[Mark, ...]:
        """What leaves ink on paper: no spaces, no masks, nothing fully transparent."""
        return tuple(m for m in self.drawing.marks if m.kind != "hidden" and m.printed)


@dataclass(slots=True)
class Subject:
    """Everything the checks may look at. ``texts`` are poppler's words per page, if it ran."""

    data: bytes
    spec: Spec
    pdf: Any
    pages: tuple[PageView, ...]
    shared: Shared
    xmp: Mapping[str, str]
    syntax: tuple[str, ...]
    texts: tuple[str, ...] = ()
    tools: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    ink: dict[int, tuple[tuple[float, float, float, float], float]] = field(default_factory=dict)
    read_back: list[tuple[int, float]] = field(default_factory=list)

    @property
    def root(self) -> Obj:
        return self.pdf.Root

    @property
    def info(self) -> Obj:
        return get(self.pdf.trailer, "Info")


def box_of(value: Obj) -> Box | None:
    """Four numbers in the right order, or ``None``."""
    found = numbers(value)
    if len(found) != 4:
        return None
    x0, y0, x1, y1 = found
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def page_view(number_: int, page: Obj, common: Shared) -> PageView:
    media = box_of(inherited(page, "MediaBox")) or (0.0, 0.0, 1.0, 1.0)
    trim, bleed = box_of(get(page, "TrimBox")), box_of(get(page, "BleedBox"))
    return PageView(
        number=number_,
        obj=page,
        media=media,
        crop=box_of(inherited(page, "CropBox")),
        bleed=bleed or trim or media,
        trim=trim or media,
        has_trim=trim is not None,
        has_bleed=bleed is not None,
        has_art=get(page, "ArtBox") is not None,
        rotation=int(number(inherited(page, "Rotate"))) % 360,
        unit=number(get(page, "UserUnit"), 1.0),
        drawing=walk(page, media, common),
    )


def read(data: bytes, spec: Spec, pdf: Any) -> Subject:
    common = shared()
    # The syntax check comes first: walking may already ask qpdf to repair what it meets.
    syntax = tuple(sorted({str(line) for line in pdf.check_pdf_syntax()}))
    pages = tuple(page_view(i, page.obj, common) for i, page in enumerate(pdf.pages, 1))
    xmp = read_xmp(content(get(pdf.Root, "Metadata")))
    return Subject(data, spec, pdf, pages, common, xmp, syntax)


def read_xmp(data: bytes) -> dict[str, str]:
    """``namespace name`` → first text of each XMP property; empty when it is not XML."""
    if not data or re.search(rb"<!(DOCTYPE|ENTITY)", data):
        return {}
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError):
        return {}
    found: dict[str, str] = {}
    for node in root.iter(f"{{{RDF}}}Description"):
        for key, value in node.attrib.items():
            found[key.removeprefix("{").replace("}", " ")] = value.strip()
        for part in node:
            text = "".join(part.itertext()).strip()
            items = part.findall(f".//{{{RDF}}}li")
            if items:
                text = (items[0].text or "").strip()
            found[part.tag.removeprefix("{").replace("}", " ")] = text
    return found
