"""A script as a Word file for the announcer: large type, wide lines, doubts marked in yellow."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from bulletin import archive
from bulletin.broadcast import Script
from bulletin.broadcast.reader import CLOSE, OPEN
from bulletin.diag import Severity

FONT = "Times New Roman"
_MARKED = re.compile(f"({OPEN}[^{CLOSE}]*{CLOSE})")
FIXED = datetime(2000, 1, 1)


def docx(scripts: tuple[Script, ...], title: str) -> bytes:
    """One file, each script on pages of its own. Same scripts, same bytes."""
    import docx as word
    from docx.enum.text import WD_BREAK
    from docx.shared import Cm, Pt

    document = word.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin = Cm(3), Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    plain = document.styles["Normal"]
    face(plain, 14)
    plain.paragraph_format.line_spacing = 1.5
    plain.paragraph_format.space_after = Pt(8)
    undated(document, title)
    for number, script in enumerate(scripts):
        if number:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _script(document, script)
    out = io.BytesIO()
    document.save(out)
    return archive.settled(out.getvalue())


def undated(document: Any, title: str) -> None:
    """No author, no clock."""
    core = document.core_properties
    core.title, core.author, core.language = title, "", "vi-VN"
    core.created = core.modified = FIXED
    core.comments = ""


def face(style: Any, size: int) -> None:
    """Black letters of one family, whatever the template's theme says."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:eastAsia", "w:cs", "w:hAnsi", "w:ascii"):
        fonts.set(qn(name), FONT)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)


def _script(document: Any, script: Script) -> None:
    from docx.shared import Pt

    small = document.add_paragraph()
    run = small.add_run(
        f"BẢN PHÁT THANH · {script.about}\nKhoảng {script.minutes} phút "
        f"({script.syllables} tiếng, {script.rate} tiếng mỗi phút)"
    )
    run.font.size = Pt(11)
    small.paragraph_format.line_spacing = 1.15
    for line in script.lines:
        style = {"title": "Heading 1", "heading": "Heading 2"}.get(line.form, "Normal")
        paragraph = document.add_paragraph(style=style)
        if line.form != "text":
            face(document.styles[style], 18 if line.form == "title" else 15)
        _words(paragraph, line.words)
    _notes(document, script)


def _words(paragraph: Any, words: str) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    for part in _MARKED.split(words):
        if part:
            run = paragraph.add_run(part)
            if part.startswith(OPEN):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
                run.bold = True


def _notes(document: Any, script: Script) -> None:
    """What the announcer has to settle; it is not read."""
    from docx.shared import Pt

    if not script.notes:
        return
    head = document.add_paragraph()
    run = head.add_run("Không đọc phần dưới đây: chỗ cần xem trước")
    run.bold, run.font.size = True, Pt(11)
    for note in script.notes:
        mark = "!" if note.severity is Severity.WARNING else "·"
        line = document.add_paragraph()
        line.paragraph_format.line_spacing = 1.0
        line.paragraph_format.space_after = Pt(2)
        said = f"{mark} dòng {note.place.line}: {note.message} → {note.hint}"
        line.add_run(said).font.size = Pt(11)
