"""What the finisher is asked for, and what it answers: frozen values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bulletin.diag import Diagnostic

X4 = "x-4"
X1A = "x-1a"
STANDARDS = (X4, X1A)
REGISTRY = "http://www.color.org"
MM = 72 / 25.4  # points in a millimetre

Cmyk = tuple[float, float, float, float]
WHITE: Cmyk = (0.0, 0.0, 0.0, 0.0)
BLACK: Cmyk = (0.0, 0.0, 0.0, 1.0)

# Gives what ``work`` gives, or gave before for the same subject.
Kept = Callable[[bytes, Callable[[], bytes]], bytes]


def made_anew(subject: bytes, work: Callable[[], bytes]) -> bytes:
    """Remembers nothing."""
    return work()


@dataclass(frozen=True, slots=True)
class PressSpec:
    """One press file. Lengths in mm, inks in percent; nothing is read from clock or disk.

    ``mark_offset`` is the gap between bleed and marks, ``slug`` the room for marks around the
    bleed. ``black_text`` names RGB colours that print as K 100 in letters and thin rules, and by
    their own entry of ``palette`` in areas; ``letters`` gives colours two inks for small type.
    ``moment`` is ISO 8601 with an offset from UTC.
    ``name`` is the path that diagnostics speak of.
    """

    trim_width: float
    trim_height: float
    output_profile: bytes = field(repr=False)
    convert_profile: bytes = field(repr=False)
    title: str
    publisher: str
    identifier: str
    moment: str
    standard: str = X4
    bleed: float = 3.0
    marks: bool = True
    mark_offset: float = 1.0
    slug: float = 9.0
    condition: str = "FOGRA39"
    registry: str = REGISTRY
    info: str = "Coated FOGRA39 (ISO 12647-2:2004/Amd 1)"
    ink_limit: float = 300.0
    palette: tuple[tuple[str, Cmyk], ...] = ()
    black_text: tuple[str, ...] = ()
    letters: tuple[tuple[str, Cmyk], ...] = ()
    language: str = "vi"
    name: str = "press.pdf"


class ImageFact(NamedTuple):
    """One placement of a picture: page from 1, effective ppi as it came, size on paper in mm."""

    page: int
    ppi: float
    width_mm: float
    height_mm: float
    pixels: tuple[int, int]
    written: tuple[int, int]
    kind: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What was done. ``max_ink`` is the heaviest single colour in percent, overprint aside;
    ``hairlines`` counts strokes that were thickened to what a plate holds."""

    operators: int
    gradients: int
    images: tuple[ImageFact, ...]
    max_ink: float
    flattened: int
    hairlines: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """The press file; not to be handed over while ``facts.diagnostics`` holds an error."""

    data: bytes = field(repr=False)
    pages: int
    facts: Facts
