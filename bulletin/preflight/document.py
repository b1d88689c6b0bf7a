"""The file as a whole: version, keys of the standard, output intent, metadata, what is banned."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.preflight.codes import find
from bulletin.preflight.objects import (
    Obj,
    content,
    down,
    elements,
    filters,
    get,
    is_stream,
    name,
    number,
    octets,
    words,
)
from bulletin.preflight.subject import DC, PDF_NS, PDFX_ID, XMP, XMP_MM, Subject, box_of
from bulletin.preflight.values import Finding, overlap

NEWEST = {"x-4": (1, 6), "x-1a": (1, 4), "ua-1": (1, 7), "any": (2, 0)}
REGISTRY = "http://www.color.org"
# Names of printing conditions in the ICC characterisation data registry.
REGISTERED = re.compile(
    r"(FOGRA(27|28|29|30|39|40|41|42|43|44|45|46|47|48|49|50|51|52|53|54|55|56|57|58|59|60)L?"
    r"|CGATS TR 00[1-6]|CGATS21-2-CRPC[1-7]|IFRA(22|26|30)|JC200(103|104)|JCN2002|JCW2003"
    r"|WAN-IFRA Newspaper 26v5|EUROSB104|EUSC\w+|PSR_\w+|OFCOM_\w+)\Z"
)
NEEDED_XMP = {
    f"{DC} title": "tên (dc:title)",
    f"{XMP} CreateDate": "ngày tạo (xmp:CreateDate)",
    f"{XMP} ModifyDate": "ngày sửa (xmp:ModifyDate)",
    f"{XMP} MetadataDate": "ngày siêu dữ liệu (xmp:MetadataDate)",
    f"{XMP_MM} DocumentID": "mã tài liệu (xmpMM:DocumentID)",
    f"{XMP_MM} VersionID": "mã bản (xmpMM:VersionID)",
    f"{XMP_MM} RenditionClass": "loại bản (xmpMM:RenditionClass)",
}
NEEDED_INFO = ("Title", "CreationDate", "ModDate")


def check_file(subject: Subject) -> Iterator[Finding]:
    """What any printer or reader refuses, whatever the standard."""
    for line in subject.syntax[:5]:
        yield find("PF002", f"qpdf thấy lỗi trong tệp: {_short(line)}")
    if subject.pdf.is_encrypted:
        yield find("PF003", "tệp bị mã hóa hoặc hạn chế quyền")
    version = version_of(subject)
    newest = NEWEST[subject.spec.standard]
    if version > newest:
        text = f"tệp là PDF {version[0]}.{version[1]}, chuẩn cho đến {newest[0]}.{newest[1]}"
        yield find("PF004", text)
    elif version < (1, 5) and _has_object_streams(subject):
        yield find("PF004", "tệp khai dưới PDF 1.5 mà dùng object stream của PDF 1.5")
    yield from _actions(subject)
    yield from _attachments(subject)
    for page in subject.pages:
        for problem in dict.fromkeys(page.drawing.problems):
            yield find("PF015", f"dòng lệnh vẽ hỏng: {problem}", page.number)


def check_press(subject: Subject) -> Iterator[Finding]:
    """Keys of PDF/X."""
    yield from _keys(subject)
    yield from _intents(subject)
    yield from _metadata(subject)
    yield from _annotations(subject)
    yield from _banned(subject)


def version_of(subject: Subject) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", str(subject.pdf.pdf_version))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _short(line: str, limit: int = 140) -> str:
    # qpdf names the stream it read from, with an address in memory that changes each time.
    line = re.sub(r"(stream )?<_io\.[^>]*>:?\s*", "", line)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _has_object_streams(subject: Subject) -> bool:
    return bool(re.search(rb"/Type\s*/(ObjStm|XRef)\b", subject.data))


# ---- actions, attachments, annotations -------------------------------------------


def _actions(subject: Subject) -> Iterator[Finding]:
    root = subject.root
    scripts = get(get(root, "Names"), "JavaScript") is not None or _scripted(
        get(root, "OpenAction")
    )
    if subject.spec.press:
        for key in ("OpenAction", "AA", "URI"):
            if get(root, key) is not None:
                yield find("PF010", f"tệp có {key} ở gốc tài liệu")
                scripts = scripts and key != "OpenAction"
    if scripts:
        yield find("PF010", "tệp có JavaScript")
    for page in subject.pages:
        if get(page.obj, "AA") is not None:
            yield find("PF010", "trang có hành động (AA)", page.number)
        for note in elements(get(page.obj, "Annots")):
            if _scripted(get(note, "A")) or get(note, "AA") is not None:
                yield find("PF010", "chú thích có JavaScript hoặc hành động", page.number)


def _scripted(action: Obj) -> bool:
    return name(get(action, "S")) in {"JavaScript", "Launch", "ImportData", "SubmitForm"}


def _attachments(subject: Subject) -> Iterator[Finding]:
    if get(get(subject.root, "Names"), "EmbeddedFiles") is not None:
        yield find("PF011", "tệp có tệp đính kèm (EmbeddedFiles)")
    if get(subject.root, "Collection") is not None:
        yield find("PF011", "tệp là một bộ sưu tập (Collection)")
    for page in subject.pages:
        for note in elements(get(page.obj, "Annots")):
            if name(get(note, "Subtype")) == "FileAttachment":
                yield find("PF011", "trang có tệp đính kèm", page.number)


def _annotations(subject: Subject) -> Iterator[Finding]:
    if get(subject.root, "AcroForm") is not None:
        yield find("PF012", "tệp có biểu mẫu (AcroForm)")
    for page in subject.pages:
        for note in elements(get(page.obj, "Annots")):
            kind = name(get(note, "Subtype"))
            box = box_of(get(note, "Rect"))
            inside = box is None or overlap(box, page.bleed) is not None
            if inside and kind not in {"TrapNet", "PrinterMark", "FileAttachment"}:
                yield find(
                    "PF012", f"chú thích {kind} nằm trong vùng in", page.number, page.place(box)
                )


# ---- keys ------------------------------------------------------------------------


def _keys(subject: Subject) -> Iterator[Finding]:
    in_info = words(get(subject.info, "GTS_PDFXVersion"))
    in_xmp = subject.xmp.get(f"{PDFX_ID} GTS_PDFXVersion", "")
    if subject.spec.standard == "x-4":
        if in_xmp != "PDF/X-4":
            yield find("PF005", f"GTS_PDFXVersion trong XMP là «{in_xmp}», cần «PDF/X-4»")
        elif in_info not in {"", "PDF/X-4"}:
            yield find("PF005", f"GTS_PDFXVersion trong Info là «{in_info}», XMP ghi «{in_xmp}»")
    elif in_info != "PDF/X-1a:2003":
        yield find("PF005", f"GTS_PDFXVersion trong Info là «{in_info}», cần «PDF/X-1a:2003»")
    trapped = name(get(subject.info, "Trapped"))
    trapped_xmp = subject.xmp.get(f"{PDF_NS} Trapped", "")
    known = {"True", "False"}
    needed = trapped if subject.spec.standard == "x-1a" else trapped or trapped_xmp
    if needed not in known or (trapped_xmp and trapped and trapped != trapped_xmp):
        text = f"Trapped trong Info là «{trapped}», trong XMP là «{trapped_xmp}»"
        yield find("PF008", text)
    ids = elements(get(subject.pdf.trailer, "ID"))
    if len(ids) != 2 or not all(octets(item) for item in ids):
        yield find("PF009", "trailer không có ID gồm hai chuỗi")


def _metadata(subject: Subject) -> Iterator[Finding]:
    xmp, info = subject.xmp, subject.info
    if subject.spec.standard == "x-4":
        if not xmp:
            yield find("PF013", "không đọc được XMP")
            return
        for key, label in NEEDED_XMP.items():
            if not xmp.get(key):
                yield find("PF013", f"XMP thiếu {label}")
    else:
        for key in NEEDED_INFO:
            if not words(get(info, key)):
                yield find("PF013", f"Info thiếu {key}")
    title, other = words(get(info, "Title")), xmp.get(f"{DC} title", "")
    if title and other and title != other:
        yield find("PF013", f"tên trong Info («{title}») khác tên trong XMP («{other}»)")
    for key, label in (("CreationDate", "CreateDate"), ("ModDate", "ModifyDate")):
        a, b = words(get(info, key)), xmp.get(f"{XMP} {label}", "")
        if a and b and _minute(a) != _minute(b):
            yield find("PF013", f"ngày {key} trong Info khác {label} trong XMP")


def _minute(text: str) -> str:
    """The digits of a date down to the minute, so that the two notations compare."""
    return re.sub(r"\D", "", text)[:12]


# ---- output intent -----------------------------------------------------------------


def _intents(subject: Subject) -> Iterator[Finding]:
    found = [
        item
        for item in elements(get(subject.root, "OutputIntents"))
        if name(get(item, "S")) == "GTS_PDFX"
    ]
    if len(found) != 1:
        yield find("PF006", f"tệp có {len(found)} OutputIntent loại GTS_PDFX, cần đúng một")
        return
    intent = found[0]
    condition = words(get(intent, "OutputConditionIdentifier"))
    registry = words(get(intent, "RegistryName"))
    profile = get(intent, "DestOutputProfile")
    if not condition:
        yield find("PF006", "OutputIntent thiếu OutputConditionIdentifier")
    elif registry.startswith(REGISTRY) and not REGISTERED.match(condition):
        yield find("PF016", f"điều kiện in «{condition}» không có trong sổ đăng ký ICC")
    elif not registry and not words(get(intent, "Info")):
        yield find("PF006", f"điều kiện «{condition}» không đăng ký mà thiếu lời tả (Info)")
    if profile is None:
        if subject.spec.standard == "x-4" or not registry:
            yield find("PF007", "OutputIntent không nhúng hồ sơ ICC (DestOutputProfile)")
        return
    for fault in profile_faults(content(profile), int(number(get(profile, "N")))):
        yield find("PF007", f"hồ sơ ICC của OutputIntent {fault}")


def profile_faults(data: bytes, channels: int) -> Iterator[str]:
    """Why these bytes are not an ICC profile of a CMYK printer."""
    if len(data) < 132 or data[36:40] != b"acsp":
        yield "không phải tệp ICC"
        return
    kind, space = data[12:16].decode("latin-1"), data[16:20].decode("latin-1")
    if kind != "prtr":
        yield f"thuộc loại «{kind.strip()}», cần máy in (prtr)"
    if space != "CMYK" or channels != 4:
        yield f"thuộc hệ {space.strip()} với {channels} kênh, cần CMYK 4 kênh"
    if int.from_bytes(data[:4], "big") > len(data):
        yield "bị cụt"
    count = int.from_bytes(data[128:132], "big")
    tags = {data[132 + 12 * i : 136 + 12 * i] for i in range(min(count, 200))}
    missing = [tag.decode() for tag in (b"A2B0", b"B2A0") if tag not in tags]
    if kind == "prtr" and missing:
        yield f"thiếu bảng {' và '.join(missing)}"


def intent_label(subject: Subject) -> str:
    for item in elements(get(subject.root, "OutputIntents")):
        return words(get(item, "OutputConditionIdentifier"))
    return ""


# ---- what the standards do not allow --------------------------------------------------


def _banned(subject: Subject) -> Iterator[Finding]:
    root, old = subject.root, subject.spec.standard == "x-1a"
    if old and get(root, "OCProperties") is not None:
        yield find("PF014", "tệp có lớp tùy chọn (OCProperties)")
    if down(root, "AcroForm", "XFA") is not None:
        yield find("PF014", "tệp có biểu mẫu XFA")
    for page in subject.pages:
        for text in dict.fromkeys(page.drawing.banned):
            yield find("PF014", f"trang dùng {text}", page.number)
        if get(page.obj, "PresSteps") is not None:
            yield find("PF014", "trang có bước trình chiếu (PresSteps)", page.number)
    yield from _streams(subject, old)


def _streams(subject: Subject, old: bool) -> Iterator[Finding]:
    """Every stream of the file, used or not: external data, forbidden filters."""
    for value in subject.pdf.objects:
        if not is_stream(value):
            continue
        found = set(filters(value))
        if get(value, "F") is not None:
            yield find("PF014", "có dòng dữ liệu nằm ở tệp ngoài")
        bad = {"JPXDecode", "JBIG2Decode"} & found if old else set()
        if bad:
            yield find("PF074", f"PDF/X-1a không cho kiểu nén {', '.join(sorted(bad))}")
        if "Crypt" in found:
            yield find("PF003", "có dòng dữ liệu bị mã hóa riêng (Crypt)")
