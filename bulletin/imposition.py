"""Sheets for the office from the press file: the folded booklet, and the board's flat plan.

Pages are placed as form XObjects, so nothing is converted or encoded again; only the flat plan
thins its pictures, because nobody prints from it.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.prepress import lettering, marks
from bulletin.prepress.paint import Box
from bulletin.prepress.spec import MM

A3 = (420.0, 297.0)  # mm, landscape
MARGIN = 10.0  # mm round the flat plan
LABEL = 8.6  # pt of the flat plan's lettering
SHADOW_PPI = 110  # pictures of the flat plan
DASHES = "[3 2] 0 d"


class CannotImpose(ValueError):
    """The pages do not make a booklet; ``diagnostic`` says why, in Vietnamese."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Sheets:
    """How the booklet is folded. Lengths in mm; ``paper`` = thickness of one sheet.

    ``bleed`` is what is kept of the pages' bleed at head, foot and fore-edge; there is none at the
    spine, where the neighbour begins. ``slug`` is the room for fold and crop marks.
    """

    paper: float = 0.1
    bleed: float = 3.0
    mark_offset: float = 1.0
    slug: float = 9.0
    name: str = "booklet.pdf"


def order(pages: int) -> tuple[tuple[int, int], ...]:
    """Pages from 1, (left, right) for each side: outer sheet first, front then back."""
    sides = []
    for sheet in range(pages // 4):
        sides.append((pages - 2 * sheet, 1 + 2 * sheet))
        sides.append((2 + 2 * sheet, pages - 1 - 2 * sheet))
    return tuple(sides)


def creep(pages: int, paper: float) -> tuple[float, ...]:
    """How far the pages of each sheet move towards the spine, mm, outer sheet first.

    Folded into one another, every sheet stands out one thickness further than the one around it;
    cut flush, its pages would lose that much of the fore-edge margin.
    """
    return tuple(sheet * paper for sheet in range(pages // 4))


def booklet(data: bytes, sheets: Sheets | None = None) -> bytes:
    """Two pages a side for saddle stitching. Same bytes in, same bytes out."""
    import pikepdf

    how = sheets or Sheets()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        trims = _trims(pdf, how)
        forms = [_form(pdf, page, how.bleed) for page in pdf.pages]
        count = len(forms)
        shifts = creep(count, how.paper)
        drawn: dict[Box, Any] = {}
        for side, pair in enumerate(order(count)):
            page = _side(pdf, [(forms[n - 1], trims[n - 1]) for n in pair], shifts[side // 2], how)
            spread = _numbers(page.TrimBox)
            if spread not in drawn:
                drawn[spread] = _fold_marks(pdf, spread, how)
            page.Resources.XObject.Marks = drawn[spread]
            pdf.pages.append(pikepdf.Page(page))
        del pdf.pages[:count]
        _renew(pdf, f"booklet {how}")
        return _saved(pdf)


def _trims(pdf: Any, how: Sheets) -> list[Box]:
    """The trim of every page; refuses what cannot be folded."""
    place = Place(how.name)
    count = len(pdf.pages)
    if count == 0 or count % 4:
        raise CannotImpose(
            Diagnostic(
                place,
                Severity.ERROR,
                "PD031",
                f"{count} trang không gấp thành tay sách được, phải là bội của 4",
                f"thêm {-count % 4 or 4} trang của nhà (lịch, mời viết bài) trước bìa sau",
            )
        )
    trims = [_numbers(page.obj.get("/TrimBox", page.mediabox)) for page in pdf.pages]
    sizes = {(round(t[2] - t[0], 1), round(t[3] - t[1], 1)) for t in trims}
    if len(sizes) > 1:
        raise CannotImpose(
            Diagnostic(
                place,
                Severity.ERROR,
                "PD032",
                "các trang không cùng khổ thành phẩm",
                "dàn lại cả số với một khổ trang",
            )
        )
    return trims


def _numbers(array: Any) -> Box:
    a, b, c, d = (float(value) for value in array)
    return a, b, c, d


def _form(pdf: Any, page: Any, bleed: float) -> Any:
    """A page as a form; marks outside its bleed are cut off by the box."""
    import pikepdf

    form = page.as_form_xobject()
    trim = _numbers(page.obj.get("/TrimBox", page.mediabox))
    box = marks.grown(trim, bleed * MM)
    form.BBox = pikepdf.Array([round(value, 6) for value in box])
    if "/Group" in page.obj:
        form.Group = page.obj.Group
    return pdf.make_indirect(form)


def _side(pdf: Any, pair: Sequence[tuple[Any, Box]], shift: float, how: Sheets) -> Any:
    """One side of a sheet: two pages at the spine, each moved ``shift`` mm towards it."""
    import pikepdf

    first = pair[0][1]
    wide, high = first[2] - first[0], first[3] - first[1]
    trim = (0.0, 0.0, 2 * wide, high)
    bleed = marks.grown(trim, how.bleed * MM)
    media = marks.grown(bleed, how.slug * MM)
    room, edge = bleed[3] - bleed[1], shift * MM
    parts, strips = [], []
    for n, (_, old) in enumerate(pair):
        x = n * wide - old[0]
        if edge:
            # Moved, the page leaves a gap at the end of the bleed. The same page in its old place
            # fills it; only what the knife takes off anyway shows of that, and no seam.
            fore = bleed[0] if n == 0 else trim[2]
            strip = f"{fore:.4f} {bleed[1]:.4f} {bleed[2] - trim[2]:.4f} {room:.4f} re W n"
            strips.append(f"q {strip} 1 0 0 1 {x:.4f} {-old[1]:.4f} cm /P{n} Do Q")
        # The clip ends at the spine; what creep pushes over it would lie on the neighbour.
        left = bleed[0] if n == 0 else wide
        clip = f"{left:.4f} {bleed[1]:.4f} {wide + bleed[3] - trim[3]:.4f} {room:.4f} re W n"
        moved = x + (edge if n == 0 else -edge)
        parts.append(f"q {clip} 1 0 0 1 {moved:.4f} {-old[1]:.4f} cm /P{n} Do Q")
    parts = [*strips, *parts, "/Marks Do"]
    forms = pikepdf.Dictionary({f"/P{n}": form for n, (form, _) in enumerate(pair)})
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        Contents=pikepdf.Stream(pdf, "\n".join(parts).encode("ascii")),
        Resources=pikepdf.Dictionary(XObject=forms),
    )
    for name, box in (("Media", media), ("Crop", media), ("Bleed", bleed), ("Trim", trim)):
        page[f"/{name}Box"] = pikepdf.Array([round(value, 6) for value in box])
    if any("/Group" in form for form, _ in pair):
        page.Group = next(form.Group for form, _ in pair if "/Group" in form)
    return pdf.make_indirect(page)


def _fold_marks(pdf: Any, trim: Box, how: Sheets) -> Any:
    """Crop marks at the corners; dashed fold marks at head and foot of the spine."""
    gap = how.bleed + how.mark_offset
    near, far = gap * MM, (gap + marks.CROP) * MM
    spine = (trim[0] + trim[2]) / 2
    parts = ["q", f"{marks.HAIR} w 0 J /PrAll CS 1 SCN", *marks.crop_marks(trim, gap), DASHES]
    parts.append(marks.line(spine, trim[1] - near, spine, trim[1] - far))
    parts.append(marks.line(spine, trim[3] + near, spine, trim[3] + far))
    media = marks.grown(trim, (how.bleed + how.slug) * MM)
    return marks.drawing(pdf, media, [*parts, "Q"])


def _renew(pdf: Any, what: str) -> None:
    """Another rendition of the same document: its own instance, still without a clock."""
    packet = pdf.Root.get("/Metadata")
    if packet is None:
        return
    text = packet.read_bytes()
    digits = hashlib.sha256(text + what.encode()).hexdigest()
    made = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"
    packet.write(re.sub(rb"(InstanceID>uuid:)[0-9a-f-]+", rb"\g<1>" + made.encode(), text))


def _saved(pdf: Any) -> bytes:
    """PDF/X-1a stays without object streams; the version is that of the press file."""
    import pikepdf

    old = pdf.pdf_version == "1.4"
    modes = pikepdf.ObjectStreamMode
    out = io.BytesIO()
    pdf.save(
        out,
        force_version=pdf.pdf_version,
        object_stream_mode=modes.disable if old else modes.generate,
        fix_metadata_version=False,
        deterministic_id=True,
    )
    return out.getvalue()


# ---- flat plan -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns of openings and the size of one page thumbnail, pt."""

    columns: int
    rows: int
    wide: float
    high: float
    foot: float


def flatplan(
    data: bytes,
    labels: Mapping[int, str],
    font: bytes,
    holes: Mapping[int, str] | None = None,
) -> bytes:
    """All pages as openings on one A3 sheet, landscape.

    ``labels`` = page from 1 → title of the article that starts there; ``holes`` = page → what is
    missing there, whether the file has the page or not; ``font`` = TTF data for the lettering.
    """
    import pikepdf

    missing = dict(holes or {})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        trims = [_numbers(page.obj.get("/TrimBox", page.mediabox)) for page in pdf.pages]
        forms = [_form(pdf, page, 0.0) for page in pdf.pages]
        have = len(forms)
        count = max([have, *missing, *labels])
        shape = (trims[0][2] - trims[0][0], trims[0][3] - trims[0][1]) if trims else (190, 270)
        grid = _grid(count, shape[1] / shape[0])
        hand = lettering.Hand(pdf, font)
        parts: list[str] = []
        names = pikepdf.Dictionary()
        for number in range(1, count + 1):
            box = _spot(grid, number)
            if number <= have:
                names[f"/P{number}"] = forms[number - 1]
                parts.append(_thumbnail(f"/P{number}", trims[number - 1], box))
            parts += _frame(box, number in missing or number > have)
            parts += _words(hand, grid, box, (number, labels.get(number, ""), missing.get(number)))
        page = _plan_page(pdf, parts, names, hand)
        _thin(pdf, forms, grid.wide / shape[0])
        pdf.pages.append(pikepdf.Page(page))
        del pdf.pages[:have]
        # Not a press file any more: the board reads it, no printer takes it for a sheet.
        for key in ("/OutputIntents", "/Metadata"):
            if key in pdf.Root:
                del pdf.Root[key]
        if "/Info" in pdf.trailer and "/GTS_PDFXVersion" in pdf.trailer.Info:
            del pdf.trailer.Info["/GTS_PDFXVersion"]
        return _saved(pdf)


def _grid(count: int, ratio: float) -> Grid:
    """The arrangement with the largest thumbnails. Page 1 stands alone on a right-hand side."""
    openings = count // 2 + 1
    wide, high = ((side - 2 * MARGIN) * MM for side in A3)
    foot = LABEL * 3.6
    best = Grid(1, openings, 0.0, 0.0, foot)
    for columns in range(1, openings + 1):
        rows = math.ceil(openings / columns)
        cell = wide / columns, high / rows
        page = min((cell[0] - 5 * MM) / 2, (cell[1] - foot) / ratio)
        if page > best.wide:
            best = Grid(columns, rows, page, page * ratio, foot)
    return best


def _spot(grid: Grid, number: int) -> Box:
    """Where a page stands: even pages left, odd pages right, openings in reading order."""
    opening, right = divmod(number, 2)
    row, column = divmod(opening, grid.columns)
    cell = (A3[0] - 2 * MARGIN) * MM / grid.columns, (A3[1] - 2 * MARGIN) * MM / grid.rows
    x = MARGIN * MM + column * cell[0] + (cell[0] - 2 * grid.wide) / 2 + right * grid.wide
    top = (A3[1] - MARGIN) * MM - row * cell[1]
    return x, top - grid.high, x + grid.wide, top


def _thumbnail(name: str, trim: Box, box: Box) -> str:
    share = (box[2] - box[0]) / (trim[2] - trim[0])
    x, y = box[0] - trim[0] * share, box[1] - trim[1] * share
    clip = f"{box[0]:.3f} {box[1]:.3f} {box[2] - box[0]:.3f} {box[3] - box[1]:.3f} re W n"
    return f"q {clip} {share:.6f} 0 0 {share:.6f} {x:.3f} {y:.3f} cm {name} Do Q"


def _frame(box: Box, hole: bool) -> list[str]:
    """A hairline round the page; a hole gets a tint, a heavy dashed frame and a cross."""
    size = f"{box[2] - box[0]:.3f} {box[3] - box[1]:.3f}"
    area = f"{box[0]:.3f} {box[1]:.3f} {size} re"
    if not hole:
        return [f"q 0.4 w 0 0 0 0.5 K {area} S Q"]
    cross = [
        marks.line(box[0], box[1], box[2], box[3]),
        marks.line(box[0], box[3], box[2], box[1]),
    ]
    return [
        f"q 0 0.12 0.3 0 k {area} f",
        f"0.5 w 0 0.5 0.9 0 K {' '.join(cross)}",
        f"1.4 w {DASHES} {area} S Q",
    ]


def _words(
    hand: lettering.Hand, grid: Grid, box: Box, page: tuple[int, str, str | None]
) -> list[str]:
    """Page number and title under the thumbnail, what is missing across it."""
    number, title, gap = page
    room = grid.wide - 4
    size = min(LABEL, grid.wide / 8)
    foot = box[1] - size * 1.25
    out = [hand.line(str(number), box[0] + 2, foot, size)]
    start = hand.width(f"{number}  ", size)
    lines = hand.broken(title, room, size * 0.86, start)[:2] if title else []
    for n, words in enumerate(lines):
        x = box[0] + 2 + (start if n == 0 else 0)
        out.append(hand.line(words, x, foot - n * size * 1.1, size * 0.86))
    if gap is not None:
        middle = (box[1] + box[3]) / 2
        for n, words in enumerate(hand.broken(f"THIẾU: {gap}", room - 4, size)[:5]):
            y = middle + size * 2 - n * size * 1.3
            high, wide = size * 1.3, hand.width(words, size) + 4
            out.append(
                f"q 0 0 0 0 k {box[0] + 4:.2f} {y - size * 0.3:.2f} {wide:.2f} {high:.2f} re f Q"
            )
            out.append(hand.line(words, box[0] + 6, y, size))
    return out


def _plan_page(pdf: Any, parts: list[str], forms: Any, hand: lettering.Hand) -> Any:
    import pikepdf

    box = pikepdf.Array([0, 0, round(A3[0] * MM, 4), round(A3[1] * MM, 4)])
    fonts = pikepdf.Dictionary(F=hand.font())
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=box,
            TrimBox=box,
            Contents=pikepdf.Stream(pdf, "\n".join(parts).encode("ascii")),
            Resources=pikepdf.Dictionary(XObject=forms, Font=fonts),
        )
    )


def _thin(pdf: Any, forms: Sequence[Any], share: float) -> None:
    """Pictures at the resolution of thumbnails; a 300 ppi issue would make a plan of 80 MB."""
    import pikepdf
    from PIL import Image

    factor = min(1.0, SHADOW_PPI / 300 * 2 * share)
    for item in list(pdf.objects):
        if not isinstance(item, pikepdf.Stream) or item.get("/Subtype") != "/Image":
            continue
        if str(item.get("/Filter")) != "/DCTDecode" or "/Mask" in item:
            continue
        image: Any = Image.open(io.BytesIO(item.read_raw_bytes()))
        size = (max(1, int(image.width * factor)), max(1, int(image.height * factor)))
        if image.width < 200 or size[0] >= image.width:
            continue
        out = io.BytesIO()
        image.resize(size, Image.Resampling.BOX).save(out, "JPEG", quality=80)
        item.Width, item.Height = size
        item.write(out.getvalue(), filter=pikepdf.Name.DCTDecode)
