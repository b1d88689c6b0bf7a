"""A small sound PDF/X file and a small sound PDF/UA file, put together by hand with pikepdf."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

FONT = Path(__file__).parent.parent / "themes" / "lhh" / "fonts" / "SourceSerif4-Regular.ttf"
MM = 72 / 25.4
TRIM = (20 * MM, 20 * MM, 210 * MM, 290 * MM)
BLEED = (17 * MM, 17 * MM, 213 * MM, 293 * MM)
MEDIA = (0.0, 0.0, 230 * MM, 310 * MM)
FIRST = ("BẢN TIN", "Khoa học và Kỹ thuật", "ngày 25 tháng 3 năm 2026")
LAST = ("Giấy phép xuất bản số 37/GP-XBBT", "Số lượng: 500 bản")
BODY = (
    "Chuồng nuôi lợn cần khô ráo, thoáng mát về mùa hè và ấm áp về mùa đông.",
    "Trước khi nhập đàn phải để trống chuồng ít nhất hai tuần và tiêu độc khử trùng.",
    "Người chăn nuôi nên ghi sổ hằng ngày: số con, thức ăn, thuốc đã dùng, ngày tiêm phòng.",
    "Nước uống lấy từ giếng khoan, có bể lọc, được kiểm tra sáu tháng một lần.",
    "Chất thải rắn gom riêng, ủ với men vi sinh thành phân bón cho cây ăn quả.",
    "Khi thấy lợn bỏ ăn, sốt cao, cần báo ngay cho cán bộ thú y xã để lấy mẫu xét nghiệm.",
    "Không bán chạy lợn ốm, không vứt xác lợn chết ra sông suối, không giấu dịch.",
    "Những hộ làm đúng quy trình đã giữ được đàn an toàn suốt ba năm vừa qua.",
)


@cache
def font_parts() -> tuple[bytes, dict[str, int], dict[int, int]]:
    """A subset program, its letters → glyph numbers, and glyph widths in thousandths."""
    letters = "".join(
        sorted({c for line in (*BODY, *FIRST, *LAST) for c in line} | set(" 0123456789"))
    )
    font = TTFont(FONT)
    options = subset.Options(layout_features=[], notdef_outline=True, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    out = BytesIO()
    font.save(out)
    order = {label: i for i, label in enumerate(font.getGlyphOrder())}
    em = font["head"].unitsPerEm
    numbers = {chr(code): order[label] for code, label in font.getBestCmap().items()}
    widths = {order[k]: round(v[0] * 1000 / em) for k, v in font["hmtx"].metrics.items()}
    return out.getvalue(), numbers, widths


def code(text: str) -> bytes:
    """Text as the hexadecimal string that the sample font understands."""
    numbers = font_parts()[1]
    return b"<" + b"".join(f"{numbers[c]:04X}".encode() for c in text) + b">"


def add_font(pdf: Pdf) -> Any:
    program, numbers, widths = font_parts()
    rows = "\n".join(
        f"<{gid:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c, gid in numbers.items()
    )
    cmap = f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{len(numbers)} beginbfchar\n{rows}\nendbfchar"
    base = Name("/ABCDEF+SampleSerif")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=base, Flags=4, FontBBox=[-200, -300, 1200, 1100],
        ItalicAngle=0, Ascent=900, Descent=-250, CapHeight=700, StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, program, Length1=len(program))),
    )  # fmt: skip
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=base, CIDToGIDMap=Name.Identity, DW=0,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        W=Array([0, Array([widths[i] for i in range(len(widths))])]),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=base, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, cmap.encode())),
        )
    )  # fmt: skip


def profile(kind: bytes = b"prtr", space: bytes = b"CMYK") -> bytes:
    """An ICC profile of a printer, small enough to write by hand: look-up tables of two steps."""
    channels = 4

    def table(inputs: int, outputs: int) -> bytes:
        head = b"mft1" + bytes(4) + bytes([inputs, outputs, 2, 0])
        unit = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
        ramp = bytes(range(256))
        return (
            head
            + unit
            + ramp * inputs
            + bytes(128 for _ in range(2**inputs * outputs))
            + ramp * outputs
        )

    tags = [
        (b"desc", b"desc" + bytes(4) + struct.pack(">I", 7) + b"sample\0" + bytes(78)),
        (b"cprt", b"text" + bytes(4) + b"none\0\0\0\0"),
        (b"wtpt", b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)),
        (b"A2B0", table(channels, 3)),
        (b"B2A0", table(3, channels)),
    ]
    at, index, body = 132 + 12 * len(tags), b"", b""
    for label, data in tags:
        index += struct.pack(">4sII", label, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, kind, space, b"Lab ")
    head = (head + bytes(12) + b"acsp").ljust(128, b"\0")
    return head + struct.pack(">I", len(tags)) + index + body


def xmp(standard: str) -> bytes:
    claim = {
        "x-4": 'xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" pdfxid:GTS_PDFXVersion="PDF/X-4"',
        "x-1a": "",
        "ua-1": 'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"',
    }[standard]
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" {claim}
 xmp:CreateDate="2026-03-25T08:00:00+07:00" xmp:ModifyDate="2026-03-25T08:00:00+07:00"
 xmp:MetadataDate="2026-03-25T08:00:00+07:00" xmpMM:DocumentID="uuid:1" xmpMM:VersionID="1"
 xmpMM:RenditionClass="default" pdf:Trapped="False">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Bản tin thử</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def jpeg(width: int, height: int, mode: str = "CMYK", level: int = 60) -> bytes:
    out = BytesIO()
    Image.new(mode, (width, height), (level,) * len(mode)).save(out, "JPEG", quality=92)
    return out.getvalue()


def add_image(pdf: Pdf, width: int, height: int, data: bytes = b"", **more: Any) -> Any:
    """A CMYK picture with flat samples, or JPEG bytes with ``Filter``."""
    entries = {"ColorSpace": Name.DeviceCMYK, "BitsPerComponent": 8, **more}
    return pdf.make_indirect(
        Stream(pdf, data or bytes([60, 40, 30, 5]) * (width * height), Type=Name.XObject,
               Subtype=Name.Image, Width=width, Height=height, **entries)
    )  # fmt: skip


def gradient(pdf: Pdf, low: list[float], high: list[float]) -> Any:
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=low, C1=high, N=1)
    return pdf.make_indirect(
        Dictionary(
            ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=[0, 0, 200, 0], Function=function
        )
    )


def registration(pdf: Pdf) -> Any:
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return Array([Name.Separation, Name.All, Name.DeviceCMYK, pdf.make_indirect(tint)])


def lines(texts: tuple[str, ...], x: float, y: float, size: float, leading: float) -> bytes:
    out = b"BT /F1 %g Tf %g %g Td %g TL " % (size, x, y, leading)
    return out + b"".join(code(text) + b" Tj T* " for text in texts) + b"ET\n"


def content(number: int, count: int, soft: bool) -> bytes:
    """One page: a tint to the bleed, marks outside it, black overprinting type, pictures."""
    x0, y0, x1, y1 = BLEED
    left, top = TRIM[0] + 15 * MM, TRIM[3] - 20 * MM
    out = b"q 0.05 0 0.1 0 k %.3f %.3f %.3f %.3f re f Q\n" % (x0, y0, x1 - x0, y1 - y0)
    out += b"q /All CS 1 SCN 0.3 w %.3f 10 m %.3f 40 l S Q\n" % (TRIM[0], TRIM[0])
    out += b"q 0 0 0 1 k /Over gs\n"
    head = FIRST if number == 1 else LAST if number == count else ()
    out += lines(head, left, top, 14, 20)
    for part in range(3):
        out += lines(BODY, left, top - (80 + part * 130), 10, 14)
    out += b"Q\nq 0 0 0 1 K 0.5 w %.2f %.2f m %.2f %.2f l S Q\n" % (
        left,
        top + 20,
        left + 400,
        top + 20,
    )
    # 118 pixels over 28.32 pt are 300 ppi.
    out += b"q 28.32 0 0 28.32 %.2f 150 cm /Im1 Do Q\n" % left
    out += b"q 1 0 0 1 %.2f 190 cm 0 0 200 20 re W n /Sh1 sh Q\n" % left
    out += b"q /Pattern cs /Pt1 scn %.2f 220 100 20 re f Q\n" % left
    if soft:
        out += b"q /Half gs 0 0.4 0.6 0 k %.2f 250 100 20 re f Q\n" % left
        out += b"q /Masked gs 0.6 0.4 0 0 k %.2f 280 100 20 re f Q\n" % left
        out += b"q 28.32 0 0 28.32 %.2f 150 cm /Im2 Do Q\n" % (left + 60)
    return out


def resources(pdf: Pdf, soft: bool) -> Any:
    # Pillow writes CMYK JPEG the Adobe way round, hence the Decode array.
    image = add_image(pdf, 118, 118, jpeg(118, 118), Filter=Name.DCTDecode, Decode=[1, 0] * 4)
    cell = Stream(
        pdf, b"0.3 0.1 0 0 k 0 0 5 5 re f", Type=Name.Pattern, PatternType=1, PaintType=1,
        TilingType=1, BBox=[0, 0, 10, 10], XStep=10, YStep=10, Resources=Dictionary(),
    )  # fmt: skip
    states = Dictionary(Over=Dictionary(OP=True, op=True, OPM=1))
    objects = Dictionary(Im1=image)
    if soft:
        group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
        form = Stream(
            pdf, b"0.5 g 0 0 1000 1000 re f", Type=Name.XObject, Subtype=Name.Form,
            BBox=[0, 0, 1000, 1000], Group=group, Resources=Dictionary(),
        )  # fmt: skip
        mask = add_image(pdf, 118, 118, bytes([128]) * 118 * 118, ColorSpace=Name.DeviceGray)
        states.Half = Dictionary(ca=0.5, BM=Name.Multiply)
        states.Masked = Dictionary(
            SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=pdf.make_indirect(form))
        )
        objects.Im2 = add_image(pdf, 118, 118, SMask=mask)
    return Dictionary(
        Font=Dictionary(F1=add_font(pdf)),
        ExtGState=states,
        XObject=objects,
        Shading=Dictionary(Sh1=gradient(pdf, [0.1, 0, 0, 0], [0.8, 0.3, 0, 0])),
        Pattern=Dictionary(Pt1=pdf.make_indirect(cell)),
        ColorSpace=Dictionary(All=registration(pdf)),
    )


def press(standard: str = "x-4", count: int = 4) -> Pdf:
    """The sound press file, open for edits. Save it with :func:`save`."""
    pdf = Pdf.new()
    shared = resources(pdf, standard == "x-4")
    for number in range(1, count + 1):
        body = content(number, count, standard == "x-4")
        page = Dictionary(
            Type=Name.Page, MediaBox=Array(MEDIA), TrimBox=Array(TRIM), BleedBox=Array(BLEED),
            Resources=shared, Contents=pdf.make_indirect(Stream(pdf, body)),
        )  # fmt: skip
        if standard == "x-4":
            page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    icc = Stream(pdf, profile(), N=4)
    pdf.Root.OutputIntents = Array(
        [Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"),
                    RegistryName=String("http://www.color.org"), DestOutputProfile=pdf.make_indirect(icc))]
    )  # fmt: skip
    pdf.Root.Metadata = pdf.make_indirect(
        Stream(pdf, xmp(standard), Type=Name.Metadata, Subtype=Name.XML)
    )
    stamp = String("D:20260325080000+07'00'")
    info = Dictionary(
        Title=String("Bản tin thử"), CreationDate=stamp, ModDate=stamp, Trapped=Name("/False")
    )
    if standard == "x-1a":
        info.GTS_PDFXVersion = String("PDF/X-1a:2003")
    pdf.trailer.Info = pdf.make_indirect(info)
    return pdf


def save(pdf: Pdf, version: str = "1.6", **more: Any) -> bytes:
    out = BytesIO()
    options = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, **more}
    pdf.save(out, force_version=version, deterministic_id="encryption" not in more, **options)
    return out.getvalue()


# ---- a tagged file -----------------------------------------------------------------


def tagged() -> Pdf:
    """One page with a heading, text, figure, table, list and link, tagged as PDF/UA-1 asks."""
    pdf = Pdf.new()
    page = Dictionary(
        Type=Name.Page, MediaBox=[0, 0, 190 * MM, 270 * MM], StructParents=0, Tabs=Name.S
    )
    page = pdf.make_indirect(page)
    pdf.pages.append(pikepdf.Page(page))
    page = pdf.pages[0].obj
    page.Resources = Dictionary(Font=Dictionary(F1=add_font(pdf)))
    top = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    owners: list[Any] = []
    drawn: list[bytes] = []

    def element(role: str, parent: Any, **more: Any) -> Any:
        made = pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem, S=Name("/" + role), P=parent, K=Array(), Pg=page, **more
            )
        )
        parent.K.append(made)
        return made

    def leaf(role: str, parent: Any, draw: bytes, **more: Any) -> Any:
        made = element(role, parent, **more)
        made.K.append(len(owners))
        drawn.append(b"/%s <</MCID %d>> BDC %s EMC\n" % (role.encode(), len(owners), draw))
        owners.append(made)
        return made

    top.K = Array()
    body = element("Document", top)
    y = iter(range(700, 0, -16))

    def say(text: str) -> bytes:
        return lines((text,), 60, next(y), 10, 14).strip()

    leaf("H1", body, say(FIRST[0]))
    leaf("H2", body, say(FIRST[1]))
    for text in BODY:
        leaf("P", body, say(text))
    leaf("Figure", body, b"0.2 0.4 0.3 rg 60 300 80 40 re f", Alt=String("Một hình chữ nhật"))
    table = element("Table", body)
    row = element("TR", table)
    leaf("TH", row, say("ngày"), A=Dictionary(O=Name.Table, Scope=Name.Column))
    row = element("TR", table)
    leaf("TD", row, say("25"))
    items = element("L", body)
    item = element("LI", items)
    leaf("Lbl", item, say("1"))
    leaf("LBody", item, say(BODY[0]))
    link = leaf("Link", body, say(LAST[0]))
    note = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[60, 100, 200, 120], Contents=String("Giấy phép"),
                   StructParent=1, Dest=Array([page, Name.Fit]), F=4)
    )  # fmt: skip
    link.K.append(Dictionary(Type=Name.OBJR, Obj=note, Pg=page))
    page.Annots = Array([note])
    drawn.append(b"/Artifact BMC 0.5 g 60 40 100 2 re f EMC\n")
    page.Contents = pdf.make_indirect(Stream(pdf, b"".join(drawn)))
    top.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, Array(owners), 1, link])))
    outline = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    entry = pdf.make_indirect(
        Dictionary(Title=String("Bài một"), Parent=outline, Dest=Array([page, Name.Fit]))
    )
    outline.First = outline.Last = entry
    root = pdf.Root
    root.StructTreeRoot, root.Outlines = top, outline
    root.MarkInfo, root.Lang = Dictionary(Marked=True), String("vi")
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.Metadata = pdf.make_indirect(
        Stream(pdf, xmp("ua-1"), Type=Name.Metadata, Subtype=Name.XML)
    )
    return pdf


def redraw(page: Any, change: Callable[[bytes], bytes]) -> None:
    """Edit a page's content stream; an edit that changes nothing is a mistake in the test."""
    before = page.Contents.read_bytes()
    after = change(before)
    assert after != before, "the edit changed nothing"
    page.Contents.write(after)
