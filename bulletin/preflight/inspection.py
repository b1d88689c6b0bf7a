"""One inspection: open the file, run every check that the standard asks for, gather the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from bulletin.preflight import access, colours, document, geometry, ink, lettering, reading, tools
from bulletin.preflight.codes import find
from bulletin.preflight.lettering import page_text, words_in
from bulletin.preflight.objects import get as entry
from bulletin.preflight.objects import words
from bulletin.preflight.spaces import Space
from bulletin.preflight.subject import DC, PDFUA_ID, PDFX_ID, Subject, read
from bulletin.preflight.values import (
    Facts,
    Finding,
    FontFact,
    ImageFact,
    PageFact,
    Place,
    Result,
    Spec,
    arrange,
)

Check = Callable[[Subject], Iterator[Finding]]

COMMON: tuple[Check, ...] = (
    document.check_file,
    geometry.check_boxes,
    geometry.check_pages,
    lettering.check_fonts,
    lettering.check_glyphs,
    lettering.check_text,
    lettering.check_legal,
)
PAPER: tuple[Check, ...] = (
    geometry.check_edges,
    colours.check_pictures,
    colours.check_lines,
)
PRESS: tuple[Check, ...] = (
    document.check_press,
    colours.check_spaces,
    colours.check_transparency,
    colours.check_marks,
)


def inspect(data: bytes, spec: Spec) -> Result:
    """Inspect the bytes of a PDF. Never raises for a bad file: that is a finding too."""
    if spec.fault:
        raise ValueError(spec.fault)
    pdf, findings = _open(data)
    if pdf is None:
        return Result(arrange(findings), Facts(), spec)
    with pdf:
        try:
            subject = read(data, spec, pdf)
        except Exception as problem:
            findings.append(find("PF001", f"không đọc được các trang ({_said(problem)})"))
            return Result(arrange(findings), Facts(), spec)
        findings += _with_tools(subject)
        for check in _checks(spec):
            findings += _guarded(check.__name__, check(subject))
        return Result(arrange(findings), _facts(subject), spec)


def _checks(spec: Spec) -> tuple[Check, ...]:
    if spec.standard == "ua-1":
        return (*COMMON, access.check_access)
    return (*COMMON, *PAPER, *PRESS) if spec.press else (*COMMON, *PAPER)


def _said(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:120]


def _guarded(label: str, found: Iterable[Finding]) -> Iterator[Finding]:
    # Libraries raise whatever they like on malformed bytes; whatever it is, the file must not pass.
    try:
        yield from found
    except Exception as problem:
        yield find("PF001", f"tệp làm hỏng phép kiểm {label} ({_said(problem)})")


def _open(data: bytes) -> tuple[Any, list[Finding]]:
    """The document and what opening it told. A file that needs repair is a finding."""
    from pikepdf import PasswordError, Pdf, PdfError

    findings: list[Finding] = []
    if not data.lstrip().startswith(b"%PDF-"):
        findings.append(find("PF001", "tệp không bắt đầu bằng %PDF-"))
        return None, findings
    try:
        with suppress(PdfError):
            return Pdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True), findings
        pdf = Pdf.open(BytesIO(data), suppress_warnings=True)
    except PasswordError:
        findings.append(find("PF003", "tệp đòi mật khẩu"))
        return None, findings
    except Exception as problem:
        findings.append(find("PF001", f"không mở được tệp ({_said(problem)})"))
        return None, findings
    findings.append(find("PF002", "bảng tham chiếu của tệp hỏng, phải dựng lại mới đọc được"))
    return pdf, findings


# ---- other programs ----------------------------------------------------------------


def _with_tools(subject: Subject) -> list[Finding]:
    """Run the checks that need other programs; say which could not run."""
    findings: list[Finding] = []
    if not subject.spec.tools:
        subject.skipped += tools.TOOLS
        return [*_guarded("check_samples", ink.check_samples(subject))]
    lacking = tools.missing()
    subject.skipped += lacking
    for tool in lacking:
        purpose, package = tools.TOOLS[tool]
        findings.append(find("PF081", f"không có {tool}: bỏ qua việc {purpose} (gói {package})"))
    with tools.workshop(subject.data) as folder:
        findings += _guarded("tools", _rounds(subject, folder, set(lacking)))
    subject.tools = [tools.version(tool) for tool in tools.TOOLS if tool not in lacking]
    return findings


def _rounds(subject: Subject, folder: Path, lacking: set[str]) -> Iterator[Finding]:
    if "pdftotext" not in lacking:
        reading.extract(subject, folder)
    if not subject.spec.press:
        pass
    elif "gs" not in lacking:
        yield from ink.check_ink(subject, folder)
    else:
        yield from ink.check_samples(subject)
    if not {"pdftoppm", "tesseract"} & lacking:
        yield from reading.check_reading(subject, folder)


# ---- facts -------------------------------------------------------------------------


def _facts(subject: Subject) -> Facts:
    version = document.version_of(subject)
    return Facts(
        version=f"{version[0]}.{version[1]}",
        standard=_standard(subject),
        intent=document.intent_label(subject),
        title=subject.xmp.get(f"{DC} title", "") or words(entry(subject.info, "Title")),
        producer=words(entry(subject.info, "Producer")),
        pages=_page_facts(subject),
        fonts=_font_facts(subject),
        spaces=_space_facts(subject),
        images=_image_facts(subject),
        read_back=tuple(subject.read_back),
        tools=tuple(subject.tools),
        skipped=tuple(subject.skipped),
    )


def _standard(subject: Subject) -> str:
    """What the file says of itself."""
    said = [
        subject.xmp.get(f"{PDFX_ID} GTS_PDFXVersion", "")
        or words(entry(subject.info, "GTS_PDFXVersion")),
        f"PDF/UA-{subject.xmp[f'{PDFUA_ID} part']}" if f"{PDFUA_ID} part" in subject.xmp else "",
    ]
    return ", ".join(text for text in said if text)


def _page_facts(subject: Subject) -> tuple[PageFact, ...]:
    rows = []
    for page in subject.pages:
        inks, peak = subject.ink.get(page.number, (None, None))
        width, height = geometry.size_of(page.media)
        trim_width, trim_height = geometry.size_of(page.trim)
        left, bottom, right, top = (round(part, 2) for part in geometry.bleed_of(page))
        rows.append(
            PageFact(
                page=page.number,
                media=(round(width, 2), round(height, 2)),
                trim=(round(trim_width, 2), round(trim_height, 2)),
                bleed=(left, bottom, right, top),
                rotation=page.rotation,
                words=len(words_in(page_text(subject, page))),
                ink=inks,
                peak=peak,
            )
        )
    return tuple(rows)


def _font_facts(subject: Subject) -> tuple[FontFact, ...]:
    rows: dict[tuple[str, str, bool, bool], set[int]] = {}
    for page in subject.pages:
        for mark in page.drawing.marks:
            if mark.font is not None:
                font = mark.font
                key = (font.name, font.kind, font.embedded, font.unicode)
                rows.setdefault(key, set()).add(page.number)
    return tuple(FontFact(*key, pages=len(pages)) for key, pages in sorted(rows.items()))


def _space_facts(subject: Subject) -> tuple[str, ...]:
    def shown(space: Space) -> bool:
        return space.kind not in {"mask", "Pattern"}

    uses = (use for page in subject.pages for use in page.drawing.uses)
    count = Counter(u.space.label for u in uses if u.what != "declared" and shown(u.space))
    return tuple(label for label, _ in sorted(count.items()))


def _image_facts(subject: Subject) -> tuple[ImageFact, ...]:
    return tuple(
        ImageFact(
            page=page.number,
            place=page.place(mark.box) or Place(0, 0, 0, 0),
            pixels=mark.picture.pixels,
            ppi=round(mark.picture.ppi, 1),
            space=mark.colour.space.label,
            filter=mark.picture.filter,
        )
        for page in subject.pages
        for mark in page.drawing.marks
        if mark.picture is not None
    )
