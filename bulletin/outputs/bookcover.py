"""The cover of an issue as a picture: the woven cover of print, for the shelves of readers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin import ornament
from bulletin.colour import INK
from bulletin.model import Palette
from bulletin.outputs import drawing

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1400, 1990  # the shape of the printed page, as large as shops of books ask for
EDGE = 118
FIELD = (720, 1600)  # from top to bottom
COLOURS = 96


@dataclass(frozen=True, slots=True)
class Cover:
    """All that the cover shows; ``headline`` and ``small`` are digests of fonts."""

    name: str
    agency: str
    publisher: str
    number: int
    when: str
    line: str
    palette: Palette
    field: tuple[str, ...]
    headline: str
    small: str


def draw(cover: Cover, headline: bytes, small: bytes) -> bytes:
    """The cover as a PNG with a palette; the same bytes on every machine."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), "#FFFFFF")
    pen = ImageDraw.Draw(image)
    _masthead(pen, cover, small)
    _field(image, cover, small)
    room = HEIGHT - FIELD[1]
    block = drawing.block(headline, cover.line, WIDTH - 2 * EDGE, room - 70, (104, 92, 80, 68, 56))
    drawing.write(pen, (EDGE, FIELD[1] + (room - block.height) // 2), block, INK)
    out = io.BytesIO()
    plain = image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    plain.save(out, "PNG", compress_level=9)
    return out.getvalue()


def _masthead(pen: ImageDraw.ImageDraw, cover: Cover, small: bytes) -> None:
    """Kind, name in at most two lines as large as they fit, and the house below a rule."""
    measure = WIDTH - 2 * EDGE
    over = drawing.font(small, 44)
    drawing.spaced(pen, (EDGE + 4, 76), "BẢN TIN", over, cover.palette.accent, 14)
    sizes = tuple(range(216, 80, -8))
    block = drawing.block(small, cover.name, measure, 440, sizes)
    drawing.write(pen, (EDGE - 6, 128), block, INK)
    rule = 590
    pen.rectangle((EDGE, rule - 26, WIDTH - EDGE, rule - 20), fill=INK)
    for row, said in enumerate((cover.agency, cover.publisher)):
        size = drawing.fitting(small, said, 32, measure)
        pen.text((EDGE, rule + 40 + row * 44), said, INK, drawing.font(small, size), anchor="ls")


def _field(image: Image.Image, cover: Cover, small: bytes) -> None:
    """The woven field with the lozenge that carries the number of the issue."""
    from PIL import ImageDraw

    palette = cover.palette
    top, bottom = FIELD
    cloth = drawing.weave(cover.field, ornament.field_colours(palette), 14, palette.accent)
    drawing.repeat(image, cloth, (0, top, WIDTH, bottom))
    middle = (WIDTH // 2, (top + bottom) // 2)
    drawing.lozenge(image, middle, 400, "#FFFFFF")
    drawing.dashes(image, middle, 360, palette.accent)
    pen = ImageDraw.Draw(image)
    rows = (
        ("Số", 52, INK, -178),
        (str(cover.number), 270, palette.accent, -14),
        (cover.when, 44, INK, 150),
    )
    for said, size, colour, offset in rows:
        place = (middle[0], middle[1] + offset)
        pen.text(place, said, colour, drawing.font(small, size), anchor="mm")
