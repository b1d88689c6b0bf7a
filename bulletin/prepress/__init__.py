"""The finisher: a laid-out RGB file becomes a PDF/X file that a printing house takes as it is."""

from __future__ import annotations

import io
from typing import Any

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.prepress import images, marks, metadata
from bulletin.prepress.inks import Inks, ProfileError
from bulletin.prepress.paint import Box, Canvas
from bulletin.prepress.pen import Frame
from bulletin.prepress.press import Press
from bulletin.prepress.spec import (
    STANDARDS,
    X4,
    Facts,
    Finished,
    ImageFact,
    Kept,
    PressSpec,
    made_anew,
)

__all__ = ["Facts", "Finished", "ImageFact", "PressSpec", "finish"]

DROPPED = (
    "/Annots", "/StructParents", "/Tabs", "/AA", "/Thumb", "/PieceInfo", "/Metadata", "/Group",
    "/LastModified", "/Trans", "/Dur", "/B", "/PZ", "/SeparationInfo",
)  # fmt: skip


def finish(data: bytes, spec: PressSpec, kept: Kept = made_anew) -> Finished:
    """The press file of a laid-out PDF, and what was done and noticed.

    Same bytes and same ``spec`` → same bytes. Problems of the content are in
    ``facts.diagnostics``; the file is made all the same, to be looked at. ``kept`` may remember
    photographs that were put in ink: it gets all that they depend on, and the work.
    """
    import pikepdf

    if spec.standard not in STANDARDS:
        raise ValueError(f"standard: {spec.standard!r}")
    inks = _inks(spec)
    if inks is None:
        return _refused(spec)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        press = Press(pdf, spec, inks, kept)
        if "/OCProperties" in pdf.Root:
            press.page = 1
            press.layers()
        # What annotations show becomes part of the page; links show nothing and just go.
        pdf.flatten_annotations("print")
        drawn: dict[Box, Any] = {}
        for number, page in enumerate(pdf.pages, start=1):
            press.page = number
            _page(press, page.obj, drawn)
        facts = [
            fact for picture in press.pictures.values() for fact in images.convert(press, picture)
        ]
        metadata.describe(pdf, spec, data)
        out = _saved(pdf, spec)
        pages = len(pdf.pages)
    return Finished(
        out,
        pages,
        Facts(
            press.operators,
            press.gradients,
            tuple(sorted(facts)),
            round(press.heaviest, 1),
            press.flattened,
            press.hairlines,
            tuple(press.notes),
        ),
    )


def _inks(spec: PressSpec) -> Inks | None:
    try:
        profiles = (spec.output_profile, spec.convert_profile)
        return Inks(spec.palette, spec.black_text, profiles, spec.ink_limit, spec.letters)
    except ProfileError:
        return None


def _page(press: Press, page: Any, drawn: dict[Box, Any]) -> None:
    """One page in ink: content, resources, boxes, marks."""
    import pikepdf

    spec, pdf = press.spec, press.pdf
    trim = marks.trim_of(page, press)
    resources = marks.inherited(page, "/Resources")
    frame = Frame(canvas=Canvas() if press.opaque else None)
    content, used, spots = press.run(page, frame, resources)
    for key, place in spots:
        press.pictures[key].spots.append((press.page, place))
    grouped = "/Group" in page
    for key in DROPPED:
        if key in page:
            del page[key]
    if grouped and not press.opaque:
        page.Group = pikepdf.Dictionary(
            Type=pikepdf.Name.Group, S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceCMYK
        )
    clip, after = b"", b""
    if trim is not None:
        # What reaches beyond the bleed would run into the marks.
        clip = marks.set_boxes(page, trim, spec)
        if spec.marks:
            if trim not in drawn:
                drawn[trim] = marks.form(pdf, trim, spec)
            if "/XObject" not in used:
                used.XObject = pikepdf.Dictionary()
            used.XObject.PrMarks = drawn[trim]
            after = b"\n/PrMarks Do"
    # The page's own content must not leave a matrix or clip behind for the marks.
    page.Contents = pikepdf.Stream(pdf, b"q\n" + clip + content + b"\nQ" + after)
    page.Resources = used


def _saved(pdf: Any, spec: PressSpec) -> bytes:
    """Deterministic bytes; X-1a readers know neither object streams nor anything after 1.4."""
    import pikepdf

    modes = pikepdf.ObjectStreamMode
    pdf.remove_unreferenced_resources()
    out = io.BytesIO()
    pdf.save(
        out,
        force_version=metadata.PDF_VERSIONS[spec.standard],
        object_stream_mode=modes.generate if spec.standard == X4 else modes.disable,
        fix_metadata_version=False,
        deterministic_id=True,
    )
    return out.getvalue()


def _refused(spec: PressSpec) -> Finished:
    note = Diagnostic(
        Place(spec.name),
        Severity.ERROR,
        "PD028",
        "hồ sơ ICC không phải của máy in bốn màu (CMYK, lớp prtr)",
        "xin nhà in hồ sơ ICC của giấy sẽ dùng, hoặc dùng FOGRA39 có sẵn trong giao diện",
    )
    return Finished(b"", 0, Facts(0, 0, (), 0.0, 0, 0, (note,)))
