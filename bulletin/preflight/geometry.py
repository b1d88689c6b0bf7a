"""Boxes, page count, blank pages, bleed that is really filled, and type near the cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bulletin.preflight.codes import find
from bulletin.preflight.marks import Mark
from bulletin.preflight.subject import PageView, Subject
from bulletin.preflight.values import MM, Box, Finding, Spec, contains, overlap

SLACK = 0.1
"""Allowed difference of a trim size, mm: less than a knife's own error."""
ROUNDING = 0.01
"""Allowed shortage of bleed, mm: what two decimals of a point lose."""
EDGE = 0.25
"""An object whose edge lies this near to the trim line, mm, ends at the trim."""
SEAM = 0.3
"""Objects nearer to one another than this, pt, leave no bare paper between them."""
LONG = 5.0
"""Only edges longer than this, mm, show a white flash that anybody sees."""


def check_boxes(subject: Subject) -> Iterator[Finding]:
    for page in subject.pages:
        yield from _boxes(page, subject.spec)
        yield from _turned(page)
    yield from _alike(subject)


def _boxes(page: PageView, spec: Spec) -> Iterator[Finding]:
    n = page.number
    wanted_bleed = spec.bleed if spec.press else 0
    if spec.press and not page.has_trim:
        yield find("PF020", "trang không có TrimBox", n)
    elif spec.press and not page.has_bleed and wanted_bleed:
        yield find("PF020", "trang không có BleedBox", n)
    if spec.press and page.has_art:
        yield find("PF020", "trang có ArtBox bên cạnh TrimBox", n)
    if not contains(page.media, page.bleed) or not contains(page.bleed, page.trim):
        yield find("PF021", "MediaBox ⊇ BleedBox ⊇ TrimBox không đúng", n)
    elif page.has_bleed and page.has_trim:
        found = bleed_of(page)
        if min(found) < wanted_bleed - ROUNDING:
            text = f"lề xén hẹp nhất {min(found):.2f} mm, cần {wanted_bleed:g} mm"
            yield find("PF023", text, n)
    width, height = size_of(page.trim)
    if abs(width - spec.trim_width) > SLACK or abs(height - spec.trim_height) > SLACK:
        text = (
            f"khổ thành phẩm {width:.1f} × {height:.1f} mm,"
            f" cần {spec.trim_width:g} × {spec.trim_height:g} mm"
        )
        yield find("PF022", text, n)


def _turned(page: PageView) -> Iterator[Finding]:
    if page.rotation:
        yield find("PF025", f"trang bị xoay {page.rotation}°", page.number)
    if page.unit != 1:
        yield find("PF025", f"trang có UserUnit {page.unit:g}", page.number)
    if page.crop is not None and not contains(
        page.crop, overlap(page.bleed, page.media) or page.trim
    ):
        yield find("PF026", "CropBox nhỏ hơn vùng in cả lề xén", page.number)


def _alike(subject: Subject) -> Iterator[Finding]:
    """Size and bleed of every page against the first one, in tenths of a millimetre."""
    wanted = [page for page in subject.pages if page.has_trim or not subject.spec.press]
    for first, page in ((wanted[0], page) for page in wanted[1:]):
        same_size = _near(size_of(page.trim), size_of(first.trim))
        same_bleed = page.has_bleed == first.has_bleed and _near(bleed_of(page), bleed_of(first))
        fits = _near(size_of(page.trim), (subject.spec.trim_width, subject.spec.trim_height))
        # A page that also misses the size asked for is already told.
        if (not same_size and fits) or (same_size and not same_bleed and _bled(page, subject.spec)):
            yield find("PF024", "TrimBox hoặc BleedBox khác các trang trước", page.number)


def _bled(page: PageView, spec: Spec) -> bool:
    return min(bleed_of(page)) >= (spec.bleed if spec.press else 0) - ROUNDING


def _near(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return all(abs(x - y) <= SLACK for x, y in zip(a, b, strict=True))


def size_of(box: Box) -> tuple[float, float]:
    """Width and height in mm."""
    return (box[2] - box[0]) / MM, (box[3] - box[1]) / MM


def bleed_of(page: PageView) -> tuple[float, float, float, float]:
    """Left, bottom, right, top bleed in mm."""
    t, b = page.trim, page.bleed
    return ((t[0] - b[0]) / MM, (t[1] - b[1]) / MM, (b[2] - t[2]) / MM, (b[3] - t[3]) / MM)


# ---- pages -----------------------------------------------------------------------


def check_pages(subject: Subject) -> Iterator[Finding]:
    spec, count = subject.spec, len(subject.pages)
    if count % spec.multiple:
        yield find("PF030", f"tệp có {count} trang, không chia hết cho {spec.multiple}")
    printed = count * 2 if spec.imposed else count
    if printed > spec.max_pages:
        yield find("PF031", f"ấn phẩm có {printed} trang, nhiều nhất {spec.max_pages}")
    for page in subject.pages:
        if not any(_shows(mark, page) for mark in page.ink_marks):
            yield find("PF032", "trang trắng", page.number)


def _shows(mark: Mark, page: PageView) -> bool:
    """Whether a mark can be seen inside the trim. Ink unknown (a picture) counts as seen."""
    return not mark.white and overlap(mark.box, page.trim) is not None


# ---- near the cut ------------------------------------------------------------------


def check_edges(subject: Subject) -> Iterator[Finding]:
    for page in subject.pages:
        yield from _near_cut(page, subject.spec.margin)
        if subject.spec.press and page.has_trim and page.has_bleed:
            yield from _unfilled(page, subject.spec.bleed)


def _near_cut(page: PageView, margin: float) -> Iterator[Finding]:
    safe = tuple(
        edge + sign * margin * MM for edge, sign in zip(page.trim, (1, 1, -1, -1), strict=True)
    )
    for mark in page.ink_marks:
        # Lettering wholly outside the trim is a slug line and goes with the waste.
        if mark.kind != "text" or overlap(mark.box, page.trim) is None:
            continue
        box = mark.box
        gap = min(box[0] - safe[0], box[1] - safe[1], safe[2] - box[2], safe[3] - box[3]) / MM
        if gap < -SLACK:
            text = f"chữ «{mark.text.strip()[:30]}» cách mép xén {margin + gap:.1f} mm"
            yield find("PF033", f"{text}, cần {margin:g} mm", page.number, page.place(box))


def _unfilled(page: PageView, bleed: float) -> Iterator[Finding]:
    """Fills and pictures that stop at the trim line with nothing behind them in the bleed."""
    areas = [
        mark
        for mark in page.ink_marks
        if mark.kind in {"fill", "image", "shading"} and not mark.white
    ]
    for mark in areas:
        for side in range(4):
            strip = _strip(mark.box, page, side, bleed)
            if strip is None:
                continue
            if not _covered(strip, [other.box for other in areas]):
                yield find(
                    "PF027",
                    f"hình, nền dừng ở mép {('trái', 'dưới', 'phải', 'trên')[side]}, không tràn lề",
                    page.number,
                    page.place(mark.box),
                )


def _covered(strip: Box, boxes: list[Box]) -> bool:
    """Whether the boxes together leave nothing of ``strip`` bare, however many it takes."""
    grown = ((b[0] - SEAM, b[1] - SEAM, b[2] + SEAM, b[3] + SEAM) for b in boxes)
    near = [part for box in grown if (part := overlap(box, strip)) is not None]
    xs = sorted({strip[0], strip[2], *(x for box in near for x in (box[0], box[2]))})
    ys = sorted({strip[1], strip[3], *(y for box in near for y in (box[1], box[3]))})
    middles = (((a + b) / 2, (c + d) / 2) for a, b in pairwise(xs) for c, d in pairwise(ys))
    return all(any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in near) for x, y in middles)


def _strip(box: Box, page: PageView, side: int, bleed: float) -> Box | None:
    """The part of the bleed that an object ending at this edge of the trim should fill."""
    edge, outward = page.trim[side], -1 if side < 2 else 1
    beyond = (box[side] - edge) * outward / MM
    # A wider bleed box than asked for need not be filled to its end.
    room = min((page.bleed[side] - edge) * outward / MM, bleed)
    outer = edge + outward * room * MM
    if room <= ROUNDING or not -EDGE <= beyond < room - EDGE:
        return None
    along = 1 - side % 2
    low, high = max(box[along], page.trim[along]), min(box[along + 2], page.trim[along + 2])
    if high - low < LONG * MM:
        return None
    strip = [0.0, 0.0, 0.0, 0.0]
    strip[along], strip[along + 2] = low, high
    across = side % 2
    strip[across], strip[across + 2] = min(edge, outer), max(edge, outer)
    return strip[0], strip[1], strip[2], strip[3]
