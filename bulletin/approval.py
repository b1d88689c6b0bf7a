"""An article as a Word file, for those who approve on paper or in Word.

A copy to be read: title, text, tables, pictures, boxes, notes, sources. Same article, same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from bulletin.genres import GENRES
from bulletin.model import STATUS_WORDS, Meta, Node

HEAD = "BẢN SAO ĐỂ DUYỆT – sửa vào bản gốc, không sửa vào tệp này"
EPOCH = (1980, 1, 1, 0, 0, 0)
WIDE = 15.5  # cm; the text on A4
TALL = 13.0  # cm; a picture with its caption below it, on one page
FONT = "Times New Roman"
# Style → size in points, bold, italic. One black face: it is a paper to be read and signed.
STYLES = {
    "Title": (20, True, False),
    "Subtitle": (13, False, True),
    "Heading 1": (16, True, False),
    "Heading 2": (14, True, False),
    "Heading 3": (13, True, False),
    "Heading 4": (13, True, True),
    "Caption": (11, False, True),
    "Quote": (13, False, True),
    "Header": (9, False, False),
    "Footer": (9, False, False),
}
PIXELS = 1400
DRAWN = 300  # mm; a sheet on which a drawing is set before it becomes a picture
_EMPHASIS = {"strong": "bold", "emphasis": "italic", "strike": "strike"}


def copy(meta: Meta, nodes: tuple[Node, ...], pictures: Mapping[str, bytes]) -> bytes:
    """The .docx. ``pictures``: file name as the article writes it → bytes of the file."""
    return _still(Copy(meta, pictures).write(nodes))


class Copy:
    """Writes nodes with python-docx."""

    def __init__(self, meta: Meta, pictures: Mapping[str, bytes]) -> None:
        from docx import Document

        self.meta, self.pictures = meta, pictures
        self.document = Document()
        self.notes: tuple[Node, ...] = ()

    def write(self, nodes: tuple[Node, ...]) -> bytes:
        self.frame()
        if self.meta.cover:
            cover = self.meta.cover
            self.picture(cover.file, cover.alt, cover.caption, cover.credit)
        self.blocks(nodes, self.document)
        self.tail()
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def frame(self) -> None:
        """Paper, header, and what stands above the text."""
        from docx.shared import Cm, Pt

        meta = self.meta
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(2.5)
        state = STATUS_WORDS.get(meta.status, meta.status)
        section.header.paragraphs[0].text = f"{HEAD} · {state} · {meta.uid}"
        _number(section.footer.paragraphs[0])
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(13)
        for name, look in STYLES.items():
            _plain(self.document.styles[name], *look)
        core = self.document.core_properties
        core.title, core.author = meta.title, ", ".join(meta.authors)
        core.language, core.comments = meta.lang, ""
        core.created = core.modified = datetime(1980, 1, 1)
        self.document.add_paragraph(meta.title, style="Title")
        if meta.standfirst:
            self.document.add_paragraph(meta.standfirst, style="Subtitle")
        if meta.authors:
            self.document.add_paragraph("Tác giả: " + ", ".join(meta.authors))

    def tail(self) -> None:
        if self.notes:
            self.document.add_heading("Chú thích", 2)
            for note in self.notes:
                number = dict(note.attrs)["number"]
                self.item(note, self.document, f"[{number}] ")
        if self.meta.sources:
            self.document.add_heading("Nguồn", 2)
            for source in self.meta.sources:
                parts = (source.title, source.publisher, source.date, source.url)
                self.document.add_paragraph(". ".join(filter(None, parts)), style="List Bullet")
        genre = GENRES.get(self.meta.genre, self.meta.genre)
        said = f"Thể loại: {genre}. Từ khóa: {', '.join(self.meta.keywords) or 'chưa có'}."
        self.document.add_paragraph().add_run(said).italic = True

    # -- blocks ----------------------------------------------------------------------------

    def blocks(self, nodes: tuple[Node, ...], place: Any) -> None:
        for node in nodes:
            maker = self.MAKERS.get(node.kind)
            if maker is not None:
                maker(self, node, place)
            elif node.kids:
                self.blocks(node.kids, place)
            elif node.text:
                place.add_paragraph(node.text)

    def paragraph(self, node: Node, place: Any, style: str | None = None) -> None:
        self.inline(node.kids, place.add_paragraph(style=style), {})

    def heading(self, node: Node, place: Any) -> None:
        level = int(dict(node.attrs)["level"])
        self.paragraph(node, place, f"Heading {min(level, 4)}")

    def list_of(self, node: Node, place: Any) -> None:
        """Numbers are typed, because Word would number on from list to list."""
        start = int(dict(node.attrs).get("start", 1))
        for number, item in enumerate(node.kids, start=start):
            self.item(item, place, f"{number}. " if node.kind == "ordered" else "• ")

    def item(self, node: Node, place: Any, sign: str) -> None:
        first, *rest = node.kids or (Node("paragraph"),)
        paragraph = place.add_paragraph()
        paragraph.add_run(sign)
        if first.kind == "paragraph":
            self.inline(first.kids, paragraph, {})
        else:
            self.blocks((first,), place)
        self.blocks(tuple(rest), place)

    def table(self, node: Node, place: Any) -> None:
        rows = [row for part in node.kids for row in part.kids]
        width = max((len(row.kids) for row in rows), default=0)
        if not width:
            return
        table = place.add_table(len(rows), width)
        table.style = self.document.styles["Table Grid"]
        for row, cells in zip(rows, table.rows, strict=True):
            _whole(cells, head=all(cell.kind == "head_cell" for cell in row.kids))
            for cell, target in zip(row.kids, cells.cells, strict=False):
                look = {"bold": True} if cell.kind == "head_cell" else {}
                self.inline(cell.kids, target.paragraphs[0], look)
        _gap(place)

    def box(self, node: Node, place: Any) -> None:
        """A frame of one cell."""
        frame = place.add_table(1, 1)
        frame.style = self.document.styles["Table Grid"]
        cell = frame.rows[0].cells[0]
        title = str(dict(node.attrs).get("title", ""))
        cell.paragraphs[0].add_run(title).bold = True
        self.blocks(node.kids, cell)
        _gap(place)

    def quote(self, node: Node, place: Any) -> None:
        for kid in node.kids:
            if kid.kind == "paragraph":
                self.paragraph(kid, place, "Quote")
            else:
                self.blocks((kid,), place)

    def figure(self, node: Node, place: Any) -> None:
        attrs = {name: str(value) for name, value in node.attrs}
        self.picture(attrs["src"], attrs["alt"], attrs["caption"], attrs["credit"], place)

    def picture(
        self, name: str, alt: str, caption: str, credit: str, place: Any | None = None
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm

        spot = place if place is not None else self.document
        data = drawn(name, self.pictures.get(name, b""))
        if data is None:
            spot.add_paragraph().add_run(f"[hình {name}: {alt}]").italic = True
        else:
            paragraph = spot.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = bool(caption or credit)
            shape = paragraph.add_run().add_picture(io.BytesIO(data))
            wide = Cm(WIDE if spot is self.document else 13)
            scale = min(wide / shape.width, Cm(TALL) / shape.height)
            shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
            shape._inline.docPr.set("descr", alt)
            for side in ("distT", "distB", "distL", "distR"):
                shape._inline.set(side, "0")
        said = ". ".join(part.rstrip(".") for part in (caption, credit) if part)
        if said:
            spot.add_paragraph(said, style="Caption")

    def chart(self, node: Node, place: Any) -> None:
        """The numbers themselves: what is to be approved of a chart."""
        attrs = dict(node.attrs)
        place.add_paragraph().add_run(f"Biểu đồ: {attrs['title']}").bold = True
        rows = [tuple(attrs["head"]), *map(tuple, attrs["rows"])]
        width = max(map(len, rows))
        table = place.add_table(len(rows), width)
        table.style = self.document.styles["Table Grid"]
        for row, cells in zip(rows, table.rows, strict=True):
            _whole(cells, head=row is rows[0])
            for text, target in zip(row, cells.cells, strict=False):
                target.paragraphs[0].add_run(str(text)).bold = row is rows[0] or None
        _gap(place)
        said = (attrs["caption"], attrs["source"])
        place.add_paragraph(". ".join(str(s).rstrip(".") for s in said if s), style="Caption")

    def media(self, node: Node, place: Any) -> None:
        attrs = dict(node.attrs)
        said = ("Phim, âm thanh: " + str(attrs["title"]), attrs["length"], attrs["url"])
        place.add_paragraph(" · ".join(str(s) for s in said if s))
        place.add_paragraph(node.text)

    def code(self, node: Node, place: Any) -> None:
        place.add_paragraph(node.text)

    def math(self, node: Node, place: Any) -> None:
        place.add_paragraph(node.text)

    def keep_notes(self, node: Node, place: Any) -> None:
        self.notes = node.kids

    MAKERS: ClassVar[dict[str, Callable[..., None]]] = {
        "paragraph": paragraph, "heading": heading, "ordered": list_of, "bullets": list_of,
        "table": table, "box": box, "quote": quote, "figure": figure, "chart": chart,
        "media": media, "code_block": code, "math": math, "notes": keep_notes,
        "term": paragraph, "rule": lambda self, node, place: None,
    }  # fmt: skip

    # -- inline ----------------------------------------------------------------------------

    def inline(self, nodes: tuple[Node, ...], paragraph: Any, look: dict[str, bool]) -> None:
        for node in nodes:
            attrs = dict(node.attrs)
            if node.kind in _EMPHASIS:
                self.inline(node.kids, paragraph, {**look, _EMPHASIS[node.kind]: True})
            elif node.kind == "break":
                paragraph.add_run().add_break()
            elif node.kind == "note_ref":
                paragraph.add_run(f"[{attrs['number']}]").font.superscript = True
            elif node.kind == "link":
                self.inline(node.kids, paragraph, look)
                if str(attrs["target"]).startswith(("http", "mailto:")):
                    paragraph.add_run(f" ({attrs['target']})")
            elif node.kind == "picture":
                paragraph.add_run(f"[hình {attrs['src']}: {attrs['alt']}]")
            elif node.kids:
                self.inline(node.kids, paragraph, look)
            else:
                self.run(node.text, paragraph, look)

    def run(self, text: str, paragraph: Any, look: dict[str, bool]) -> None:
        run = paragraph.add_run(text.replace("\n", " "))
        for name, value in look.items():
            setattr(run.font, name, value)


def _plain(style: Any, size: int, bold: bool, italic: bool) -> None:
    """Our face in black instead of the colours and faces of Word's own theme."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    look = style.element.rPr
    for name in [name for name in look.rFonts.attrib if name.endswith("Theme")]:
        del look.rFonts.attrib[name]
    look.rFonts.set(qn("w:cs"), FONT)
    for spacing in look.findall(qn("w:spacing")):
        look.remove(spacing)
    if style.name == "Title":  # without the blue line
        for border in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(border)


def _number(paragraph: Any) -> None:
    """The number of the page, in the middle."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _whole(row: Any, head: bool) -> None:
    """A row is not torn by the end of a page; the head stands above each part of its table."""
    from docx.oxml import OxmlElement

    look = row._tr.get_or_add_trPr()
    look.append(OxmlElement("w:cantSplit"))
    if head:
        look.append(OxmlElement("w:tblHeader"))


def _gap(place: Any) -> None:
    """Air below a table; a cell must end with a paragraph anyhow."""
    from docx.shared import Pt

    paragraph = place.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(8)


def drawn(name: str, data: bytes) -> bytes | None:
    """A picture that Word shows: bitmaps made smaller, drawings as PNG; None if it cannot be."""
    if not data:
        return None
    try:
        return _painted(data) if name.lower().endswith(".svg") else _smaller(data)
    except Exception:  # a picture that check has refused already may fail anywhere in here
        return None


def _smaller(data: bytes) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((PIXELS, PIXELS))
        upright.info.clear()
        out = io.BytesIO()
        upright.save(out, "JPEG", quality=88)
        return out.getvalue()


def _painted(data: bytes) -> bytes:
    """An SVG through the engine that prints it."""
    import base64

    import pypdfium2
    from weasyprint import HTML

    source = base64.b64encode(data).decode()
    page = (
        f"<style>@page{{size:{DRAWN}mm {DRAWN}mm;margin:0}}"
        f"img{{width:{DRAWN}mm;height:{DRAWN}mm;object-fit:contain;display:block}}</style>"
        f'<img src="data:image/svg+xml;base64,{source}">'
    )
    pdf = pypdfium2.PdfDocument(HTML(string=page).write_pdf())
    try:
        image = pdf[0].render(scale=PIXELS / (DRAWN / 25.4 * 72)).to_pil().convert("RGB")
    finally:
        pdf.close()
    image = _cropped(image)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _cropped(image: Any) -> Any:
    """Without the white paper around the drawing."""
    from PIL import Image, ImageChops

    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    return image.crop(box) if box else image


def _still(data: bytes) -> bytes:
    """The parcel in a fixed order and without the hour of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            new.writestr(info, old.read(name))
    return out.getvalue()
