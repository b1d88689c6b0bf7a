"""Laid-out pages on office paper: one page in the middle of an A4 sheet, marked as a draft.

The pages keep their links and bookmarks. Boxes that a printing house looks for are taken away.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bulletin.prepress import lettering, marks
from bulletin.prepress.paint import Box
from bulletin.prepress.spec import MM

A4 = (210.0, 297.0)
MARK = "BẢN THẢO"
SLANT = math.radians(54)
WORD = 100.0  # pt; size of the mark across the page
VEIL = 0.09  # its strength: seen, and the text under it still read
SMALL = 7.4
DROPPED = ("/BleedBox", "/TrimBox", "/ArtBox", "/CropBox")


@dataclass(frozen=True, slots=True)
class Sheets:
    """``head`` stands above every page, ``feet[n]`` below page n + 1; ``name`` is the file."""

    head: str
    feet: tuple[str, ...] = ()
    name: str = "ban-thao.pdf"


def on_paper(data: bytes, sheets: Sheets, font: bytes) -> bytes:
    """Every page on A4 with a thin frame at its trim. Same bytes in, same bytes out."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        hand = lettering.Hand(pdf, font)
        count = len(pdf.pages)
        drawn = []
        for number, page in enumerate(pdf.pages, start=1):
            foot = sheets.feet[number - 1] if number <= len(sheets.feet) else ""
            trim, paper = _boxes(page)
            heads = (f"{sheets.head} · trang {number}/{count}", foot)
            drawn.append((page, trim, paper, _over(hand, trim, paper, heads)))
        # The font is cut to the letters that all pages use, so it comes last.
        written = hand.font()
        for page, trim, paper, content in drawn:
            _place(pdf, page, (trim, paper), _form(pdf, paper, content, written))
        _rename(pdf)
        out = io.BytesIO()
        modes = pikepdf.ObjectStreamMode
        pdf.save(out, object_stream_mode=modes.generate, deterministic_id=True)
        return out.getvalue()


def _boxes(page: Any) -> tuple[Box, Box]:
    """The trim and, around it, the sheet of paper."""
    a, b, c, d = (float(v) for v in page.obj.get("/TrimBox", page.mediabox))
    x, y = (a + c) / 2, (b + d) / 2
    wide, high = (side * MM / 2 for side in A4)
    return (a, b, c, d), (x - wide, y - high, x + wide, y + high)


def _over(hand: lettering.Hand, trim: Box, paper: Box, words: Sequence[str]) -> str:
    """Frame, the mark across the page, the line above it and the line below."""
    head, foot = words
    x, y = (trim[0] + trim[2]) / 2, (trim[1] + trim[3]) / 2
    cos, sin = math.cos(SLANT), math.sin(SLANT)
    half = hand.width(MARK, WORD) / 2
    turned = f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {x:.3f} {y:.3f} cm"
    size = f"{trim[2] - trim[0]:.3f} {trim[3] - trim[1]:.3f}"
    top = trim[3] + 4.5 * MM
    start = trim[0] + hand.width(MARK, 13) + 10
    parts = [
        f"q 0.3 w 0 0 0 0.35 K {trim[0]:.3f} {trim[1]:.3f} {size} re S Q",
        f"q /Veil gs {turned} {hand.line(MARK, -half, -WORD / 3, WORD)} Q",
        hand.line(MARK, trim[0], top, 13),
        hand.line(_cut(hand, head, trim[2] - start), start, top, SMALL),
    ]
    if foot:
        parts.append(
            hand.line(_cut(hand, foot, trim[2] - trim[0]), trim[0], trim[1] - 6 * MM, SMALL)
        )
    return "\n".join(parts)


def _cut(hand: lettering.Hand, words: str, room: float) -> str:
    """As much as one line holds."""
    if hand.width(words, SMALL) <= room:
        return words
    return hand.broken(words, room - hand.width(" …", SMALL), SMALL)[0] + " …"


def _form(pdf: Any, paper: Box, content: str, font: Any) -> Any:
    import pikepdf

    form = pikepdf.Stream(pdf, content.encode("ascii"))
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([round(v, 4) for v in paper])
    veil = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=VEIL)
    form.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(F=font), ExtGState=pikepdf.Dictionary(Veil=veil)
    )
    return pdf.make_indirect(form)


def _place(pdf: Any, page: Any, boxes: tuple[Box, Box], form: Any) -> None:
    """Cut the page to its trim, lay it on the paper, put the marks over it."""
    import pikepdf

    trim, paper = boxes
    for name in DROPPED:
        if name in page.obj:
            del page.obj[name]
    page.obj.MediaBox = pikepdf.Array([round(v, 4) for v in paper])
    size = f"{trim[2] - trim[0]:.4f} {trim[3] - trim[1]:.4f}"
    clip = f"q {trim[0]:.4f} {trim[1]:.4f} {size} re W n\n"
    page.contents_add(pikepdf.Stream(pdf, clip.encode("ascii")), prepend=True)
    page.contents_add(pikepdf.Stream(pdf, b"\nQ /Artifact BMC /BanThao Do EMC"))
    # Pages may share a dictionary of resources: this one becomes the page's own.
    own = pikepdf.Dictionary(dict(marks.inherited(page.obj, "/Resources") or {}))
    own.XObject = pikepdf.Dictionary(dict(own.get("/XObject", {})))
    own.XObject.BanThao = form
    page.obj.Resources = own


def _rename(pdf: Any) -> None:
    """The title says what the file is, also in the list of files of a viewer."""
    info = pdf.trailer.get("/Info")
    if info is not None:
        info.Title = f"{MARK} – {info.get('/Title', '')}"
    if "/Metadata" in pdf.Root:
        del pdf.Root["/Metadata"]
