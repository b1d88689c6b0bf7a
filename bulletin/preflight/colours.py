"""Colour on press: forbidden spaces, transparency, black type, overprint, ink sums, hairlines."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.preflight.codes import find
from bulletin.preflight.marks import Mark, Use
from bulletin.preflight.objects import content, elements, get
from bulletin.preflight.spaces import Space, chain, spots
from bulletin.preflight.subject import PageView, Subject
from bulletin.preflight.values import Finding, Inks, overlap

WHAT = {
    "text": "chữ",
    "fill": "mảng màu",
    "stroke": "nét",
    "image": "ảnh",
    "shading": "dải màu",
    "group": "nhóm trong suốt",
    "mask": "mặt nạ mềm",
}
WHERE = {"mask": " trong mặt nạ mềm", "Type 3": " trong phông Type 3"}
HAIRLINE = 0.25
"""Thinnest line in pt that a plate holds; the tolerance below is for rounded coordinates."""
SMALL = 10.0
"""Type below this size in pt shows misregister when several inks make it."""
TRACE = 0.005
"""Ink below half a per cent is rounding, not ink."""
THIRD = 0.05
"""A third ink below five per cent does not blur small type."""


def check_spaces(subject: Subject) -> Iterator[Finding]:
    intent, standard = _intent_digest(subject), subject.spec.standard
    used = {
        use.space.label
        for page in subject.pages
        for use in page.drawing.uses
        if use.what != "declared"
    }
    for page in subject.pages:
        for use in page.drawing.uses:
            if use.what != "declared":
                yield from _space(use, page, standard, intent)
            elif use.space.label not in used:
                # Once for the file: pages commonly share one dictionary of resources.
                used.add(use.space.label)
                yield from _unused(use, page, standard, intent)
        for problem, box in page.drawing.shadings:
            yield find("PF047", problem, page.number, page.place(box))


def _unused(use: Use, page: PageView, standard: str, intent: str) -> Iterator[Finding]:
    code, label = _offence(use.space, standard, intent)
    if code:
        yield find("PF045", f"khai báo {label} mà không dùng", page.number)


def _intent_digest(subject: Subject) -> str:
    import hashlib

    for item in elements(get(subject.root, "OutputIntents")):
        return hashlib.sha256(content(get(item, "DestOutputProfile"))).hexdigest()
    return ""


def _space(use: Use, page: PageView, standard: str, intent: str) -> Iterator[Finding]:
    code, label = _offence(use.space, standard, intent)
    if not code:
        return
    thing = WHAT.get(use.what, use.what)
    text = f"{thing}{WHERE.get(use.where, '')} dùng {label}"
    yield find(code, text, page.number, page.place(use.box))


def _offence(space: Space, standard: str, intent: str) -> tuple[str, str]:
    """Code and name of the first thing wrong with a space, or empty texts."""
    for part in chain(space):
        if part.kind == "DeviceRGB" or part.profile == "RGB":
            return "PF040", part.label
        if part.kind in {"Lab", "CalRGB", "CalGray"} or part.profile == "Lab":
            return "PF041", part.label
        if part.kind == "JPX":
            return "PF042", "hệ màu ghi trong tệp JPEG 2000"
        if part.kind == "ICCBased" and (standard == "x-1a" or part.digest != intent):
            return "PF042", part.label
        if part.kind == "ICCBased":
            return "PF042", f"{part.label} trùng hồ sơ của ý định in"
    if spots(space):
        return "PF043", f"màu pha {', '.join(spots(space))}"
    return "", ""


def check_transparency(subject: Subject) -> Iterator[Finding]:
    if subject.spec.standard != "x-1a":
        return
    for page in subject.pages:
        for what, box in page.drawing.effects:
            yield find("PF046", f"trang có {what}", page.number, page.place(box))


# ---- type and ink ----------------------------------------------------------------


def check_marks(subject: Subject) -> Iterator[Finding]:
    """Rules for single painted things whose ink is known exactly."""
    limit = subject.spec.ink_limit
    for page in subject.pages:
        for mark in page.ink_marks:
            if mark.where == "Type 3":
                continue
            yield from _registration(mark, page)
            yield from _heavy(mark, page, limit)
            yield from _overprint(mark, page)
            if mark.kind == "text":
                yield from _black_text(mark, page)


def check_lines(subject: Subject) -> Iterator[Finding]:
    for page in subject.pages:
        for mark in page.ink_marks:
            if mark.kind not in {"fill", "stroke"} or mark.white or mark.thin < 0:
                continue
            if mark.thin < HAIRLINE - 0.005 and overlap(mark.box, page.trim) is not None:
                text = f"nét dày {mark.thin:.2f} pt, cần từ {HAIRLINE} pt"
                yield find("PF055", text, page.number, page.place(mark.box))


def is_registration(mark: Mark) -> bool:
    return any("All" in part.names for part in chain(mark.colour.space))


def _registration(mark: Mark, page: PageView) -> Iterator[Finding]:
    if is_registration(mark) and overlap(mark.box, page.bleed) is not None:
        text = f"{WHAT[mark.kind]} dùng màu định vị (All) trong vùng in"
        yield find("PF044", text, page.number, page.place(mark.box))


def _heavy(mark: Mark, page: PageView, limit: float) -> Iterator[Finding]:
    # Transparent colours mix with what lies under them: the rendered page tells their sum.
    if mark.inks is None or mark.alpha < 1 or is_registration(mark):
        return
    total = 100 * sum(mark.inks)
    if total > limit + 0.5:
        text = f"{WHAT[mark.kind]} {recipe(mark.inks)} tổng {total:.0f} %, giới hạn {limit:g} %"
        yield find("PF053", text, page.number, page.place(mark.box))


def recipe(inks: Inks) -> str:
    return " ".join(f"{letter}{100 * part:.0f}" for letter, part in zip("CMYK", inks, strict=True))


def _overprint(mark: Mark, page: PageView) -> Iterator[Finding]:
    if mark.inks is None or is_registration(mark):
        return
    spot, inks = page.place(mark.box), mark.inks
    if mark.white and mark.overprint:
        yield find("PF050", f"{WHAT[mark.kind]} trắng in chồng", page.number, spot)
    elif mark.overprint and sum(inks[:3]) > TRACE:
        text = f"{WHAT[mark.kind]} {recipe(inks)} in chồng"
        yield find("PF052", text, page.number, spot)


def _black_text(mark: Mark, page: PageView) -> Iterator[Finding]:
    if mark.inks is None or is_registration(mark):
        return
    c, m, y, k = mark.inks
    said = f"chữ «{mark.text.strip()[:30]}»"
    spot = page.place(mark.box)
    if k > 0.85 and max(c, m, y) > TRACE:
        text = f"{said} có màu {recipe(mark.inks)}, chữ đen phải thuần K"
        yield find("PF048", text, page.number, spot)
    elif mark.size < SMALL and sum(part > THIRD for part in mark.inks) >= 3:
        text = f"{said} cỡ {mark.size:.1f} pt chồng ba mực trở lên ({recipe(mark.inks)})"
        yield find("PF049", text, page.number, spot)
    elif k > 0.995 and max(c, m, y) <= TRACE and not _knocks_nothing_out(mark):
        yield find("PF051", "chữ đen K100 không in chồng", page.number, spot)


def _knocks_nothing_out(mark: Mark) -> bool:
    """Whether black type overprints: DeviceGray paints all four plates whatever ``op`` says."""
    space = mark.colour.space
    process = space.kind == "DeviceCMYK" and mark.opm == 1
    return mark.overprint and (process or space.names == ("Black",))


# ---- pictures ----------------------------------------------------------------------


def check_pictures(subject: Subject) -> Iterator[Finding]:
    spec = subject.spec
    for page in subject.pages:
        for problem, box in page.drawing.broken_images:
            yield find("PF073", problem, page.number, page.place(box))
        for mark in page.drawing.marks:
            picture = mark.picture
            if picture is None or not spec.paper or mark.where == "mask":
                continue
            said = f"{picture.pixels[0]} × {picture.pixels[1]} điểm, {picture.ppi:.0f} ppi khi in"
            spot = page.place(mark.box)
            if picture.lines and picture.ppi < 0.99 * spec.line_art_ppi:
                text = f"hình nét {said}, cần {spec.line_art_ppi:g}"
                yield find("PF072", text, page.number, spot)
            elif not picture.lines and picture.ppi < 0.99 * spec.min_ppi:
                yield find("PF070", f"ảnh {said}, ít nhất {spec.min_ppi:g}", page.number, spot)
            elif not picture.lines and picture.ppi < 0.99 * spec.good_ppi:
                yield find("PF071", f"ảnh {said}, nên có {spec.good_ppi:g}", page.number, spot)
