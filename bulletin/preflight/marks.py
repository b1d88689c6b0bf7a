"""What a page draws: one mark per painting operator, with all that a check asks about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bulletin.preflight.fonts import Font, Glyph
from bulletin.preflight.objects import IDENTITY, Matrix, Obj
from bulletin.preflight.spaces import GRAY, Space, ink
from bulletin.preflight.values import Box, Inks


@dataclass(frozen=True, slots=True)
class Colour:
    """A current colour: its space, its components and, for patterns, the pattern itself."""

    space: Space = GRAY
    parts: tuple[float, ...] = (0.0,)
    pattern: Obj = None

    @property
    def inks(self) -> Inks | None:
        return ink(self.space, self.parts)


@dataclass(slots=True)
class State:
    """The graphics state. Lengths in user space of the stream being walked."""

    ctm: Matrix = IDENTITY
    clip: Box = (-1e9, -1e9, 1e9, 1e9)
    fill: Colour = field(default_factory=Colour)
    stroke: Colour = field(default_factory=Colour)
    line: float = 1.0
    font: Font | None = None
    size: float = 0.0
    char_gap: float = 0.0
    word_gap: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    lift: float = 0.0
    mode: int = 0
    group_alpha: float = 1.0
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    over_fill: bool = False
    over_stroke: bool = False
    opm: int = 0

    def copy(self) -> State:
        return replace(self)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as placed. ``lines`` = one bit per pixel; ``ppi`` of the coarser direction."""

    stream: Obj
    pixels: tuple[int, int]
    ppi: float
    lines: bool
    filter: str


@dataclass(frozen=True, slots=True)
class Mark:
    """``kind``: text, fill, stroke, image, shading. ``thin``: pt, 0 when thickness is no matter.

    ``tag`` is the marked-content state: ``""`` untagged, ``artifact``, or the MCID as text.
    ``where`` names the stream: ``""`` for the page itself, ``mask`` inside a soft mask.
    """

    kind: str
    box: Box
    colour: Colour
    inks: Inks | None
    alpha: float = 1.0
    overprint: bool = False
    opm: int = 0
    thin: float = -1.0
    text: str = ""
    size: float = 0.0
    font: Font | None = None
    glyphs: tuple[Glyph, ...] = ()
    picture: Picture | None = None
    tag: str = ""
    where: str = ""

    @property
    def white(self) -> bool:
        return self.inks is not None and sum(self.inks) < 0.004

    @property
    def printed(self) -> bool:
        return self.where != "mask" and self.alpha > 0


@dataclass(frozen=True, slots=True)
class Use:
    """A colour space met in a stream: for a drawn thing, a group, a mask or only declared."""

    space: Space
    what: str
    box: Box | None
    where: str = ""


@dataclass(slots=True)
class Drawing:
    """Everything one page draws and everything odd that was met on the way."""

    marks: list[Mark] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    effects: list[tuple[str, Box]] = field(default_factory=list)
    banned: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    shadings: list[tuple[str, Box]] = field(default_factory=list)
    mcids: set[tuple[tuple[int, int], int]] = field(default_factory=set)
    nesting: list[str] = field(default_factory=list)
    repeated: int = 0
    broken_images: list[tuple[str, Box]] = field(default_factory=list)
