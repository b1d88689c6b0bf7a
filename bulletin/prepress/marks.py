"""Page boxes, and what stands outside the bleed: crop and registration marks, ink patches."""

from __future__ import annotations

from typing import Any

from bulletin.diag import Severity
from bulletin.prepress.paint import Box
from bulletin.prepress.press import Press
from bulletin.prepress.spec import MM, PressSpec

HAIR = 0.25  # pt
CROP = 5.0  # mm, length of a crop mark
TARGET = 2.2  # mm, radius of a registration mark
PATCH = 5.0  # mm, side of an ink patch
NEAR = 0.01 * MM  # boxes are right to a hundredth of a millimetre
# Solids and half tones of the four inks: what a press operator measures.
PATCHES = (
    (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1),
    (0.5, 0, 0, 0), (0, 0.5, 0, 0), (0, 0, 0.5, 0), (0, 0, 0, 0.5),
)  # fmt: skip


def inherited(page: Any, key: str) -> Any:
    """A page attribute, looked for in the page tree above where the page has none."""
    node: Any = page
    while node is not None:
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def trim_of(page: Any, press: Press) -> Box | None:
    """The trim of a raw page in pt; complains when it is not the size that was ordered."""
    spec = press.spec
    media = _box(inherited(page, "/MediaBox"))
    trim = _box(page.get("/TrimBox")) or media
    wide, high = spec.trim_width * MM, spec.trim_height * MM
    if media is None or trim is None or not _size(trim, wide, high) or page.get("/Rotate", 0):
        shown = "không rõ" if trim is None else _shown(trim)
        press.complain(
            Severity.ERROR,
            "PD026",
            f"trang {press.page}: khổ thành phẩm {shown}, hồ sơ in ghi "
            f"{spec.trim_width:g} × {spec.trim_height:g} mm",
            "sửa khổ trong hồ sơ in hoặc @page của giao diện cho khớp",
        )
        return trim
    outside = (trim[0] - media[0], trim[1] - media[1], media[2] - trim[2], media[3] - trim[3])
    if min(outside) < spec.bleed * MM - NEAR:
        press.complain(
            Severity.ERROR,
            "PD027",
            f"trang {press.page}: phần tràn lề {max(min(outside), 0) / MM:.2f} mm, "
            f"phải có {spec.bleed:g} mm",
            f"dàn trang với @page {{ bleed: {spec.bleed:g}mm }}",
        )
    # From the lower left corner outward in exact millimetres: rounding of the engine ends here.
    return trim[0], trim[1], trim[0] + wide, trim[1] + high


def _shown(box: Box) -> str:
    return f"{(box[2] - box[0]) / MM:.2f} × {(box[3] - box[1]) / MM:.2f} mm"


def _box(item: Any) -> Box | None:
    if item is None:
        return None
    a, b, c, d = (float(value) for value in item)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _size(box: Box, wide: float, high: float) -> bool:
    return abs(box[2] - box[0] - wide) < NEAR and abs(box[3] - box[1] - high) < NEAR


def grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def set_boxes(page: Any, trim: Box, spec: PressSpec) -> bytes:
    """Media ⊇ bleed ⊇ trim, and operators that clip to the bleed.

    CropBox equals the media box, so that viewers show the marks.
    """
    import pikepdf

    bleed = grown(trim, spec.bleed * MM)
    media = grown(bleed, spec.slug * MM) if spec.marks else bleed
    for name, box in (
        ("/MediaBox", media),
        ("/CropBox", media),
        ("/BleedBox", bleed),
        ("/TrimBox", trim),
    ):
        page[name] = pikepdf.Array([round(value, 6) for value in box])
    if "/ArtBox" in page:
        del page["/ArtBox"]  # PDF/X allows TrimBox or ArtBox, not both
    left, low, right, high = bleed
    return f"{left:.4f} {low:.4f} {right - left:.4f} {high - low:.4f} re W n\n".encode("ascii")


def form(pdf: Any, trim: Box, spec: PressSpec) -> Any:
    """All marks of a page as one form; pages of one size share it."""
    bleed = grown(trim, spec.bleed * MM)
    parts = [
        "q",
        f"{HAIR} w 0 J",
        "/PrAll CS 1 SCN",
        *crop_marks(trim, spec.bleed + spec.mark_offset),
    ]
    parts += _targets(bleed, spec)
    parts += ["Q", *_patches(bleed, spec)]
    return drawing(pdf, grown(bleed, spec.slug * MM), parts)


def drawing(pdf: Any, box: Box, parts: list[str]) -> Any:
    """A form in which ``/PrAll`` is the separation of all inks."""
    import pikepdf

    stream = pikepdf.Stream(pdf, "\n".join(parts).encode("ascii"))
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    stream.BBox = pikepdf.Array([round(value, 6) for value in box])
    stream.Resources = pikepdf.Dictionary(ColorSpace=pikepdf.Dictionary(PrAll=all_inks(pdf)))
    return pdf.make_indirect(stream)


def all_inks(pdf: Any) -> Any:
    """Separation All: the marks appear on every plate, however many there are."""
    import pikepdf

    tint = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    parts = [pikepdf.Name.Separation, pikepdf.Name.All, pikepdf.Name.DeviceCMYK, tint]
    return pdf.make_indirect(pikepdf.Array(parts))


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0:.3f} {y0:.3f} m {x1:.3f} {y1:.3f} l S"


def crop_marks(trim: Box, gap: float) -> list[str]:
    """Two marks at each corner, from ``gap`` mm outside the trim outwards."""
    near, far = gap * MM, (gap + CROP) * MM
    out = []
    for x, sign in ((trim[0], -1), (trim[2], 1)):
        for y, up in ((trim[1], -1), (trim[3], 1)):
            out.append(line(x + sign * near, y, x + sign * far, y))
            out.append(line(x, y + up * near, x, y + up * far))
    return out


def _targets(bleed: Box, spec: PressSpec) -> list[str]:
    """A registration mark in the middle of each side."""
    away = (spec.mark_offset + TARGET + 0.8) * MM
    middle = (bleed[0] + bleed[2]) / 2, (bleed[1] + bleed[3]) / 2
    spots = [(middle[0], bleed[1] - away), (middle[0], bleed[3] + away)]
    spots += [(bleed[0] - away, middle[1]), (bleed[2] + away, middle[1])]
    out: list[str] = []
    for x, y in spots:
        reach, radius = (TARGET + 0.8) * MM, TARGET * MM * 0.6
        out += [line(x - reach, y, x + reach, y), line(x, y - reach, x, y + reach)]
        out.append(_circle(x, y, radius))
    return out


def _circle(x: float, y: float, r: float) -> str:
    k = 0.5523 * r
    turns = (
        (x + r, y + k, x + k, y + r, x, y + r), (x - k, y + r, x - r, y + k, x - r, y),
        (x - r, y - k, x - k, y - r, x, y - r), (x + k, y - r, x + r, y - k, x + r, y),
    )  # fmt: skip
    arcs = " ".join(" ".join(f"{v:.3f}" for v in turn) + " c" for turn in turns)
    return f"{x + r:.3f} {y:.3f} m {arcs} S"


def _patches(bleed: Box, spec: PressSpec) -> list[str]:
    """Ink patches at the foot, four on each side of the registration mark."""
    side = min(PATCH, spec.slug - spec.mark_offset) * MM
    y = bleed[1] - spec.mark_offset * MM - side
    middle = (bleed[0] + bleed[2]) / 2
    starts = [middle - 8 * MM - side * (4 - n) for n in range(4)]
    starts += [middle + 8 * MM + side * n for n in range(4)]
    return [
        f"{' '.join(f'{part:g}' for part in inks)} k {x:.3f} {y:.3f} {side:.3f} {side:.3f} re f"
        for inks, x in zip(PATCHES, starts, strict=True)
    ]
