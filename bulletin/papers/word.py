"""A paper as DOCX through python-docx: same paper, same bytes."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bulletin.papers.form import (
    MOTTO,
    NATION,
    Bars,
    Block,
    Facts,
    Heading,
    Labels,
    Letterhead,
    Paper,
    Para,
    Sign,
    Table,
    runs,
)

FONT = "Times New Roman"
EPOCH = (1980, 1, 1, 0, 0, 0)
TOP, LEFT, RIGHT = 20, 30, 15  # mm
ALIGN = {"left": 0, "center": 1, "right": 2, "justify": 3}
# openpyxl writes the hour of saving, whatever it is told.
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
BAR = 70.0  # mm; the longest


def document(paper: Paper) -> bytes:
    import docx

    made = docx.Document()
    _page(made, paper.wide)
    _styles(made)
    _numbers(made.sections[0])
    core = made.core_properties
    core.title, core.author, core.language = paper.title, paper.head.publisher, "vi-VN"
    core.comments = ""
    core.created = core.modified = datetime(2026, 1, 1)  # the day is written by hand
    width = (297 if paper.wide else 210) - LEFT - RIGHT
    _head(made, paper.head, width)
    _line(made, paper.kind.upper(), Look(size=14, bold=True, align="center", before=12))
    _line(made, paper.subject, Look(size=14, bold=True, align="center", after=6))
    _rule(made, width * 0.2, "center")
    _blocks(made, _ended(paper), width)
    _signs(made, paper, width)
    if paper.annexes:
        made.add_paragraph().paragraph_format.page_break_before = True
        _blocks(made, paper.annexes, width)
    out = io.BytesIO()
    made.save(out)
    return settled(out.getvalue())


def _ended(paper: Paper) -> tuple[Block, ...]:
    """The body; «./.» closes its last sentence."""
    *rest, last = paper.body
    if isinstance(last, Para):
        return (*rest, Para(closed(last.text), last.align, last.bold, last.italic, last.indent))
    return paper.body


def closed(text: str) -> str:
    return text.rstrip(".") + "./."


def settled(data: bytes) -> bytes:
    """The archive without clock, its parts in a fixed order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        first = "[Content_Types].xml"
        for name in sorted(old.namelist(), key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            new.writestr(entry, _MODIFIED.sub(rb"\g<1>2026-01-01T00:00:00Z", old.read(name)))
    return out.getvalue()


# ---- page and styles ---------------------------------------------------------


def _page(made: Any, wide: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = made.sections[0]
    size = (297, 210) if wide else (210, 297)
    section.page_width, section.page_height = Mm(size[0]), Mm(size[1])
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(TOP)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = Mm(10)


def _styles(made: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style = made.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)
    language = style.element.get_or_add_rPr().makeelement(qn("w:lang"), {qn("w:val"): "vi-VN"})
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0


def _numbers(section: Any) -> None:
    """Page numbers in the middle of the top margin, from the second page on."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = ALIGN["center"]
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = line.add_run()
        _font(run, 13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = words
        run._r.append(mark)


def _font(run: Any, size: float, bold: bool = False, italic: bool = False) -> None:
    from docx.shared import Pt

    run.font.name, run.font.size = FONT, Pt(size)
    run.bold, run.italic = bold, italic


# ---- lines -------------------------------------------------------------------


def _write(line: Any, text: str, size: float, bold: bool = False, italic: bool = False) -> None:
    """The words of a text; gaps get a ground."""
    from docx.enum.text import WD_COLOR_INDEX

    for words, open_ in runs(text):
        run = line.add_run(words)
        _font(run, size, bold, italic)
        if open_:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes and gaps in points."""

    size: float = 13
    bold: bool = False
    italic: bool = False
    align: str = "left"
    before: float = 0
    after: float = 0


def _line(box: Any, text: str, look: Look) -> Any:
    from docx.shared import Pt

    line = box.add_paragraph()
    line.alignment = ALIGN[look.align]
    form = line.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    _write(line, text, look.size, look.bold, look.italic)
    return line


def _rule(box: Any, width: float, align: str) -> None:
    """A short line below a heading: a picture of one dot, pulled to its length."""
    line = _line(box, "", Look(size=2, align=align, after=4))
    _stretched(line, width, 0.3, "đường kẻ")


def _stretched(line: Any, width: float, height: float, words: str) -> None:
    from docx.shared import Mm

    picture = line.add_run().add_picture(io.BytesIO(_dot()), Mm(width), Mm(height))
    picture._inline.docPr.set("descr", words)


def _dot() -> bytes:
    """A PNG of one black dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x33", 9)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _grid(
    made: Any, rows: int, widths: Sequence[float], style: str | None = None, gap: int = 57
) -> Any:
    """``widths`` in mm; ``gap`` on both sides of a cell in twentieths of a point: narrow columns
    need their width, so no more than a millimetre.
    """
    from docx.shared import Mm

    table = made.add_table(rows, len(widths))
    if style:
        table.style = style
    table.autofit = False
    _margins(table, gap)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _margins(table: Any, gap: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(gap))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))  # the order of the parts is fixed
    properties.append(margins) if look is None else look.addprevious(margins)


def _put(cell: Any, text: str, size: float, align: str = "left", **look: bool) -> None:
    line = cell.paragraphs[0]
    line.alignment = ALIGN[align]
    _write(line, text, size, **look)


def _head(made: Any, head: Letterhead, width: float) -> None:
    # As in the PDF: the name of the province and that of the state each fit on one line.
    table = _grid(made, 2, (width * 0.46, width * 0.54), gap=0)
    left, right = table.rows[0].cells
    _put(left, head.agency, 12, "center")
    _line(left, head.publisher, Look(size=12, bold=True, align="center"))
    _rule(left, width * 0.14, "center")
    _put(right, NATION, 12, "center", bold=True)
    _line(right, MOTTO, Look(size=13, bold=True, align="center"))
    _rule(right, 54, "center")
    _put(table.rows[1].cells[0], head.symbol, 13, "center")
    _put(table.rows[1].cells[1], head.place_and_date, 13, "center", italic=True)


# ---- blocks ------------------------------------------------------------------


def _blocks(made: Any, blocks: Sequence[Block], width: float) -> None:
    for block in blocks:
        match block:
            case Heading():
                line = _line(made, block.text, Look(bold=True, before=10, after=4))
                line.paragraph_format.keep_with_next = True
            case Para():
                _para(made, block)
            case Table():
                _table(made, block, width)
            case Facts():
                _facts(made, block, width)
            case Bars():
                _bars(made, block, width)
            case Labels():
                _labels(made, block, width)


def _para(made: Any, block: Para) -> None:
    from docx.shared import Mm

    look = Look(bold=block.bold, italic=block.italic, align=block.align, before=6)
    line = _line(made, block.text, look)
    if block.indent and block.align == "justify":
        line.paragraph_format.first_line_indent = Mm(10)
    line.paragraph_format.line_spacing = 1.15


def _table(made: Any, block: Table, width: float) -> None:
    shares = [column.share for column in block.columns]
    widths = [width * share / sum(shares) for share in shares]
    body = [*block.rows, *([block.total] if block.total else [])]
    table = _grid(made, len(body) + 1, widths, "Table Grid")
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _put(cell, column.title, 11, "center", bold=True)
    _repeat(table.rows[0])
    for number, (row, cells) in enumerate(zip(table.rows[1:], body, strict=True)):
        last = bool(block.total) and number == len(body) - 1
        for cell, column, text in zip(row.cells, block.columns, cells, strict=True):
            _put(cell, text, 11, column.align, bold=last)
        _whole(row)
    _line(made, "", Look(size=4))


def _repeat(row: Any) -> None:
    """The head of a table stands on each of its pages."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _facts(made: Any, block: Facts, width: float) -> None:
    table = _grid(made, len(block.rows), (width * 0.36, width * 0.64))
    for row, (name, text) in zip(table.rows, block.rows, strict=True):
        _put(row.cells[0], name, 13)
        _put(row.cells[1], text, 13)
        _whole(row)
    _line(made, "", Look(size=4))


def _bars(made: Any, block: Bars, width: float) -> None:
    _line(made, block.name, Look(size=12, bold=True, before=6, after=2))
    most = max((value for _, value in block.rows), default=0)
    table = _grid(made, len(block.rows), (width * 0.38, width * 0.62))
    for row, (label, value) in zip(table.rows, block.rows, strict=True):
        _put(row.cells[0], label, 11)
        line = row.cells[1].paragraphs[0]
        if value and most:
            _stretched(line, BAR * value / most, 3, f"{label}: {value}")
        _write(line, f"  {value}", 11)
        _whole(row)
    _line(made, "", Look(size=4))


def _labels(made: Any, block: Labels, width: float) -> None:
    from docx.shared import Mm

    pairs = [block.rows[at : at + 2] for at in range(0, len(block.rows), 2)]
    table = _grid(made, len(pairs), (width / 2, width / 2), "Table Grid")
    for row, pair in zip(table.rows, pairs, strict=True):
        row.height = Mm(34)
        _whole(row)
        for cell, lines in zip(row.cells, pair, strict=False):
            _put(cell, lines[0], 13, bold=True)
            for text in lines[1:]:
                _line(cell, text, Look(size=12))


# ---- signatures --------------------------------------------------------------


def _bind(made: Any) -> None:
    """Signatures never stand alone: the last words, or the last two rows, go with them."""
    spoken = 0
    for block in reversed(list(made.iter_inner_content())):
        rows = getattr(block, "rows", ())
        lines = [line for row in rows[-2:] for cell in row.cells for line in cell.paragraphs]
        for line in lines or [block]:
            line.paragraph_format.keep_with_next = True
        spoken += not rows and bool(block.text)
        if rows or spoken == 2:
            return


def _signs(made: Any, paper: Paper, width: float) -> None:
    _bind(made)
    _line(made, "", Look(size=8)).paragraph_format.keep_with_next = True
    if paper.receivers:
        table = _grid(made, 1, (width * 0.45, width * 0.55))
        left, right = table.rows[0].cells
        _put(left, "Nơi nhận:", 12, bold=True, italic=True)
        for name in paper.receivers[:-1]:
            _line(left, f"- {name};", Look(size=11))
        _line(left, f"- {paper.receivers[-1]}.", Look(size=11))
        _sign(right, paper.signs[-1])
        _whole(table.rows[0])
        return
    share = width / len(paper.signs)
    table = _grid(made, 1, [share] * len(paper.signs))
    for cell, sign in zip(table.rows[0].cells, paper.signs, strict=True):
        _sign(cell, sign)
    _whole(table.rows[0])


def _sign(cell: Any, sign: Sign) -> None:
    _put(cell, sign.role.upper(), 13, "center", bold=True)
    _line(cell, sign.note, Look(size=12, italic=True, align="center"))
    for _ in range(4):
        _line(cell, "", Look(size=13))
    _line(cell, sign.name, Look(size=13, bold=True, align="center"))
