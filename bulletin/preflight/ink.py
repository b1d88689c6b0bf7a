"""Ink as it falls on the page: four separations rendered by Ghostscript and added up."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulletin.preflight import tools
from bulletin.preflight.codes import find
from bulletin.preflight.marks import Mark
from bulletin.preflight.objects import content, filters, get, numbers
from bulletin.preflight.subject import PageView, Subject
from bulletin.preflight.values import Box, Finding

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 72
"""One pixel per point: places come out in page units, and a sheet renders in a moment."""
BLOCK = 3
"""Pixels on a side of the smallest region that counts: 3 pt is about a square millimetre."""
SLACK = 2.0
"""Per cent of ink that eight bits per plate and averaging may add."""


def check_ink(subject: Subject, folder: Path) -> Iterator[Finding]:
    """Total ink by region, for every page. Also tells what Ghostscript complains of."""
    code, said = tools.run(_command(folder))
    complaint = _complaint(said)
    if code or complaint:
        yield find("PF080", f"Ghostscript báo: {complaint or f'mã thoát {code}'}")
    for page in subject.pages:
        path = folder / f"ink-{page.number}.tif"
        if not path.is_file():
            yield find("PF080", "Ghostscript không dựng ra trang này", page.number)
            continue
        yield from _page(subject, page, path)


def _command(folder: Path) -> tuple[str, ...]:
    return (
        "gs",
        "-q",
        "-dSAFER",
        "-dBATCH",
        "-dNOPAUSE",
        "-sDEVICE=tiff32nc",
        f"-r{DPI}",
        "-dPDFSTOPONERROR=false",
        "-dNOCROPBOX=true",
        "-dShowAnnots=false",
        "-dShowAcroForm=false",
        f"-sOutputFile={folder / 'ink-%d.tif'}",
        str(folder / "in.pdf"),
    )


def _complaint(said: str) -> str:
    lines = [line.strip(" *") for line in said.splitlines() if line.strip(" *")]
    return " ".join(lines[:2])[:160]


def _page(subject: Subject, page: PageView, path: Path) -> Iterator[Finding]:
    from PIL import Image

    with Image.open(path) as whole:
        whole.load()
        plates = whole.crop(_pixels(page, page.bleed, whole.size))
    if not plates.width or not plates.height or plates.mode != "CMYK":
        yield find("PF080", "bản tách màu không phải CMYK", page.number)
        return
    peak, spot = heaviest(plates)
    subject.ink[page.number] = (coverage(plates), peak)
    limit = subject.spec.ink_limit
    if subject.spec.press and peak > limit + SLACK:
        x, y = spot
        left, top = page.bleed[0] + x, page.bleed[3] - y
        box = (left, top - BLOCK, left + BLOCK, top)
        text = f"tổng mực {peak:.0f} % trên vùng 1 mm², giới hạn {limit:g} %"
        yield find("PF054", text, page.number, page.place(box))


def _pixels(page: PageView, box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box in user space as pixels from the top left of the rendered media box."""
    scale = DPI / 72
    left, top = (box[0] - page.media[0]) * scale, (page.media[3] - box[3]) * scale
    right, bottom = (box[2] - page.media[0]) * scale, (page.media[3] - box[1]) * scale
    return (
        max(0, int(left)),
        max(0, int(top)),
        min(size[0], int(right + 0.5)),
        min(size[1], int(bottom + 0.5)),
    )


def coverage(plates: Image) -> tuple[float, float, float, float]:
    """Mean ink of each plate in per cent of the area."""
    from PIL import ImageStat

    c, m, y, k = (round(100 * mean / 255, 1) for mean in ImageStat.Stat(plates).mean)
    return c, m, y, k


def heaviest(plates: Image) -> tuple[float, tuple[int, int]]:
    """The highest ink sum in per cent, averaged over a block, and its top left pixel."""
    small = plates.reduce(BLOCK) if min(plates.size) > BLOCK else plates
    sums = total(small)
    peak = sums.getextrema()[1]
    top = sums.point(lambda level: 255 if level >= peak else 0, "L").getbbox() or (0, 0, 0, 0)
    row = sums.crop((0, top[1], sums.width, top[1] + 1))
    first = row.point(lambda level: 255 if level >= peak else 0, "L").getbbox() or (0, 0, 0, 0)
    return round(peak / 255 * 400, 1), (first[0] * BLOCK, top[1] * BLOCK)


def total(plates: Image) -> Any:
    """A quarter of the sum of four plates, as one 8-bit plate: 255 stands for 400 %."""
    from PIL import ImageChops

    c, m, y, k = plates.split()
    return ImageChops.add(ImageChops.add(c, m, scale=2), ImageChops.add(y, k, scale=2), scale=2)


def check_samples(subject: Subject) -> Iterator[Finding]:
    """Without Ghostscript: the ink in CMYK pictures as stored, region by region."""
    limit = subject.spec.ink_limit
    for page in subject.pages:
        for mark in page.drawing.marks:
            if mark.picture is None or not subject.spec.press:
                continue
            plates = _samples(mark)
            if plates is None:
                continue
            peak, _ = heaviest(plates)
            if peak > limit + SLACK:
                text = f"ảnh có tổng mực {peak:.0f} %, giới hạn {limit:g} %"
                yield find("PF054", text, page.number, page.place(mark.box))


def _samples(mark: Mark) -> Image | None:
    """The picture's inks, at most a thousand pixels wide; ``None`` unless it is 8-bit CMYK."""
    from PIL import Image, ImageChops

    picture, space = mark.picture, mark.colour.space
    if picture is None or space.size != 4 or space.kind not in {"DeviceCMYK", "ICCBased"}:
        return None
    stream = picture.stream
    inverted = numbers(get(stream, "Decode"))[:2] == (1.0, 0.0)
    if filters(stream) == ("DCTDecode",):
        try:
            with Image.open(BytesIO(stream.read_raw_bytes())) as opened:
                opened.load()
                image = opened.copy()
        except OSError:
            return None
        # Pillow takes every CMYK JPEG to be stored inverted; PDF goes by Decode alone.
        inverted = not inverted
    else:
        raw = content(stream)
        if len(raw) != 4 * picture.pixels[0] * picture.pixels[1]:
            return None
        image = Image.frombytes("CMYK", picture.pixels, raw)
    if image.mode != "CMYK":
        return None
    image = ImageChops.invert(image) if inverted else image
    return image.reduce(max(1, max(image.size) // 1000))
