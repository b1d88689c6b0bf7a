"""Word files made for tests with python-docx: in Unicode, in old fonts, and with everything nasty."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from PIL import Image

W = nsdecls("w")
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def jpeg(width: int = 480, height: int = 320, orientation: int = 1, gps: bool = False) -> bytes:
    """A photograph of a phone: red on the left, blue on the right, as the sensor saw it."""
    image = Image.new("RGB", (width, height), (200, 40, 40))
    image.paste((40, 40, 200), (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Hãng máy"
    if gps:
        place = exif.get_ifd(0x8825)
        place[1], place[2] = "N", (21.0, 49.0, 12.0)
        place[3], place[4] = "E", (105.0, 12.0, 45.0)
        exif[0x8825] = place
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif.tobytes(), quality=90)
    return out.getvalue()


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The parcel after ``change`` has changed its entries."""
    with zipfile.ZipFile(io.BytesIO(data)) as parcel:
        entries = {name: parcel.read(name) for name in parcel.namelist()}
    change(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, content in entries.items():
            parcel.writestr(name, content)
    return out.getvalue()


def with_footnotes(data: bytes, notes: dict[int, str]) -> bytes:
    """Footnotes 1 … of plain text; the document refers to them already."""
    body = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
        for number, text in notes.items()
    )
    part = f"<w:footnotes {W}>{body}</w:footnotes>".encode()

    def change(entries: dict[str, bytes]) -> None:
        entries["word/footnotes.xml"] = part
        name = "word/_rels/document.xml.rels"
        link = f'<Relationship Id="rFoot" Type="{FOOTNOTES}" Target="footnotes.xml"/>'
        entries[name] = entries[name].replace(
            b"</Relationships>", f"{link}</Relationships>".encode()
        )

    return repacked(data, change)


def footnote_mark(paragraph: Any, number: int) -> None:
    run = paragraph.add_run()
    run._r.append(parse_xml(f'<w:footnoteReference {W} w:id="{number}"/>'))


def link(paragraph: Any, words: str, address: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    relation = paragraph.part.relate_to(address, kind, is_external=True)
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {W} {R} r:id="{relation}"><w:r><w:t>{words}</w:t></w:r></w:hyperlink>'
        )
    )


def unicode_file() -> bytes:
    """An article as a careful contributor writes it."""
    document = Document()
    document.add_paragraph("Ủ phân hữu cơ tại nhà", style="Title")
    document.add_paragraph(
        "Đống ủ đúng cách thì không mùi và hoai trong ba tháng.", style="Subtitle"
    )
    document.add_paragraph("Tác giả: Nguyễn Thị Thử, Trần Văn Nghiệm")
    paragraph = document.add_paragraph("Phân chuồng ")
    paragraph.add_run("tươi").bold = True
    paragraph.add_run(" có mầm bệnh; nhiệt trong đống ủ lên tới 60 °C")
    footnote_mark(paragraph, 1)
    paragraph.add_run(". Xem thêm ")
    link(paragraph, "hướng dẫn", "https://example.vn/u-phan?a=1&b=2")
    paragraph.add_run(".")
    document.add_heading("Chuẩn bị", level=1)
    for words in ("Rơm rạ băm ngắn", "Phân chuồng"):
        document.add_paragraph(words, style="List Bullet")
    document.add_paragraph("Trâu, bò", style="List Bullet 2")
    document.add_heading("Các bước", level=2)
    for words in ("Trải rơm", "Rải phân", "Tưới ẩm"):
        document.add_paragraph(words, style="List Number")
    table = document.add_table(rows=3, cols=2)
    rows = (("Tuần", "Nhiệt độ | ẩm"), ("1", "50–60 °C"), ("4", "30 °C"))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    document.add_picture(io.BytesIO(jpeg(960, 640, 6, gps=True)), width=Cm(8))
    document.add_paragraph("Hình 1. Đống ủ sau hai tuần.", style="Caption")
    document.add_paragraph("Giá 5 * 3 = 15 [nghìn đồng]; a_b < x $5 và 1. không phải danh sách.")
    document.add_paragraph("1. Dòng này bắt đầu bằng số")
    document.add_paragraph("# không phải đề mục")
    return with_footnotes(saved(document), {1: "Theo tài liệu thử, trang 5."})


def in_font(paragraph: Any, words: str, font: str) -> Any:
    run = paragraph.add_run(words)
    run.font.name = font
    run._r.rPr.rFonts.set(qn("w:hAnsi"), font)
    return run


def legacy_file() -> bytes:
    """TCVN3 with capitals by font, VNI cut in the middle of a letter, Unicode, in one file."""
    document = Document()
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    in_font(title, "kü thuËt nu«i lîn", ".VnTimeH")
    paragraph = document.add_paragraph()
    in_font(paragraph, "N\u00adíc s¹ch vµ ", ".VnTime")
    in_font(paragraph, "®Êt tèt", ".VnArialH")
    in_font(paragraph, " Tuyeân Quang mie", "VNI-Times")
    in_font(paragraph, "àn nuùi", "VNI-Times")
    paragraph.add_run(" với chữ Unicode đủ dấu, café.")
    styled = document.styles.add_style("Chu cu", 1)
    styled.font.name = ".VnTime"
    styled.element.rPr.rFonts.set(qn("w:hAnsi"), ".VnTime")
    document.add_paragraph("Ch¨n nu«i theo kiÓu ®o¹n v¨n.", style="Chu cu")
    typed = document.add_paragraph()
    in_font(typed, "Chữ Unicode đặt nhầm phông cũ.", ".VnTime")
    return saved(document)


def _insert(paragraph: Any, xml: str) -> None:
    paragraph._p.append(parse_xml(xml))


def text_box(words: str) -> str:
    """A text box as Word writes it: once for itself, once for older programs."""
    inner = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
    return (
        f"<w:r {W} {MC} {VML}><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><x>{inner}</x></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def omath(inner: str) -> str:
    return f"<m:oMath {MATH}>{inner}</m:oMath>"


def mrun(words: str) -> str:
    return f"<m:r><m:t>{words}</m:t></m:r>"


def nasty_file() -> bytes:
    """Everything that cannot be carried over, and what must not be published."""
    document = Document()
    document.add_heading("Bài có đủ thứ khó", level=1)
    document.sections[0].header.paragraphs[0].text = "Đầu trang của cơ quan gửi"
    paragraph = document.add_paragraph("Câu này ")
    _insert(
        paragraph,
        f'<w:ins {W} w:id="1" w:author="A"><w:r><w:t>có chữ thêm </w:t></w:r></w:ins>',
    )
    _insert(
        paragraph,
        f'<w:del {W} w:id="2" w:author="A"><w:r><w:delText>có chữ xóa </w:delText></w:r></w:del>',
    )
    paragraph.add_run("và còn lại.")
    hidden = document.add_paragraph("Chữ thường ")
    hidden.add_run("mật khẩu ẩn 12345").font.hidden = True
    document.add_comment(hidden.runs[0], text="Xem lại số liệu này", author="Biên tập viên")
    boxed = document.add_paragraph("Trước khung.")
    _insert(boxed, text_box("Chữ nằm trong khung"))
    formula = document.add_paragraph("Diện tích ")
    fraction = f"<m:f><m:num>{mrun('a')}</m:num><m:den>{mrun('b')}</m:den></m:f>"
    _insert(formula, omath(fraction))
    formula.add_run(" và công thức lạ ")
    _insert(formula, omath(f"<m:weird>{mrun('zeta99')}</m:weird>"))
    old = document.add_paragraph("Công thức cũ ")
    _insert(
        old,
        f'<w:r {W} {VML}><w:object><o:OLEObject ProgID="Equation.3"/></w:object></w:r>',
    )
    field = document.add_paragraph("Xem trang ")
    _insert(
        field, f'<w:fldSimple {W} w:instr="PAGEREF x"><w:r><w:t>mười bảy</w:t></w:r></w:fldSimple>'
    )
    bad = document.add_paragraph("Liên kết ")
    link(bad, "ổ đĩa riêng", "file:///C:/bimat.docx")
    table = document.add_table(rows=3, cols=3)
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row.cells):
            cell.text = f"ô {y}{x}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    row = table.add_row()
    row.cells[0].text = "dòng đã xóa"
    row._tr.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="3" w:author="A"/>'))
    strange = document.add_paragraph("Lạ: ")
    _insert(strange, f"<w:unheard {W}><w:r><w:t>chữ trong thẻ chưa ai biết</w:t></w:r></w:unheard>")
    high = document.add_paragraph("Rộng 5 m")
    high.add_run("2").font.superscript = True
    document.add_paragraph("Số tài khoản: 0123456789 ngân hàng thử")
    return saved(document)


def with_picture(entry: str, data: bytes) -> bytes:
    """A document whose only picture is the entry ``word/media/…`` with these bytes."""
    document = Document()
    document.add_paragraph("Trước hình.")
    document.add_picture(io.BytesIO(jpeg(40, 30)))

    def change(entries: dict[str, bytes]) -> None:
        name = next(name for name in entries if name.startswith("word/media/"))
        del entries[name]
        entries[f"word/media/{entry}"] = data
        links = "word/_rels/document.xml.rels"
        entries[links] = entries[links].replace(Path(name).name.encode(), entry.encode())

    return repacked(saved(document), change)


def all_words(data: bytes) -> list[str]:
    """Every run of letters in the parts that a reader of the document would see."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as parcel:
        for name in parcel.namelist():
            if re.fullmatch(
                r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml", name
            ):
                text = parcel.read(name).decode()
                found += re.findall(r"<(?:w:t|w:delText|m:t)(?: [^>]*)?>([^<]+)<", text)
    return found
