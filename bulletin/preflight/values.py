"""What a preflight is asked, what it notices, and what it hands back: frozen values only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page's user space."""
Inks = tuple[float, float, float, float]
"""Cyan, magenta, yellow, black, each 0–1."""

MM = 72 / 25.4
"""Points in a millimetre."""

STANDARDS = ("x-4", "x-1a", "ua-1", "any")
STANDARD_NAMES = {
    "x-4": "PDF/X-4",
    "x-1a": "PDF/X-1a:2003",
    "ua-1": "PDF/UA-1",
    "any": "Không theo chuẩn nào",
}


@dataclass(frozen=True, slots=True)
class Spec:
    """What the printer asked for. Lengths in mm, ink in per cent, resolutions in ppi.

    ``first_lines`` and ``last_lines`` are texts that must be printed on the first and the last
    page. ``multiple=2`` means imposed sides: the trim is then that of the open sheet, and the
    outer side carries both the first and the last page. ``ocr_pages=0`` turns reading back off.
    """

    standard: str = "x-4"
    trim_width: float = 190.0
    trim_height: float = 270.0
    bleed: float = 3.0
    ink_limit: float = 300.0
    min_ppi: float = 200.0
    good_ppi: float = 300.0
    line_art_ppi: float = 600.0
    multiple: int = 4
    max_pages: int = 64
    first_lines: tuple[str, ...] = ()
    last_lines: tuple[str, ...] = ()
    tools: bool = True
    ocr_pages: int = 4
    margin: float = 3.0

    @property
    def press(self) -> bool:
        """Whether the colour rules of the press apply."""
        return self.standard in {"x-4", "x-1a"}

    @property
    def paper(self) -> bool:
        """Whether the file is meant for paper at all (boxes, margins, resolution)."""
        return self.standard != "ua-1"

    @property
    def imposed(self) -> bool:
        return self.multiple == 2

    @property
    def fault(self) -> str:
        """What is wrong with the request itself, in Vietnamese; empty when nothing is."""
        if self.standard not in STANDARDS:
            return f"không có chuẩn «{self.standard}»; chọn một trong: {', '.join(STANDARDS)}"
        if min(self.trim_width, self.trim_height) <= 0 or self.bleed < 0:
            return "khổ thành phẩm phải lớn hơn 0 và lề xén không được âm"
        if self.multiple < 1 or self.max_pages < 1 or self.ocr_pages < 0:
            return "bội số trang, số trang tối đa và số trang đọc lại phải hợp lý"
        return ""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page, in mm from the top left corner of the trim, y downwards."""

    x: float
    y: float
    width: float
    height: float

    def __str__(self) -> str:
        return f"{self.x:.1f}; {self.y:.1f} mm ({self.width:.1f} × {self.height:.1f})"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the press would stumble over. ``page`` counts from 1, 0 = the whole file."""

    severity: str
    code: str
    page: int
    place: Place | None
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PageFact:
    """Boxes in mm relative to the media box's corner; ink in per cent (C, M, Y, K, peak)."""

    page: int
    media: tuple[float, float]
    trim: tuple[float, float]
    bleed: tuple[float, float, float, float]
    rotation: int
    words: int
    ink: tuple[float, float, float, float] | None = None
    peak: float | None = None


@dataclass(frozen=True, slots=True)
class FontFact:
    name: str
    kind: str
    embedded: bool
    unicode: bool
    pages: int


@dataclass(frozen=True, slots=True)
class ImageFact:
    """One placement of a picture. ``ppi`` is the smaller of the two directions."""

    page: int
    place: Place
    pixels: tuple[int, int]
    ppi: float
    space: str
    filter: str


@dataclass(frozen=True, slots=True)
class Facts:
    version: str = ""
    standard: str = ""
    intent: str = ""
    title: str = ""
    producer: str = ""
    pages: tuple[PageFact, ...] = ()
    fonts: tuple[FontFact, ...] = ()
    spaces: tuple[str, ...] = ()
    images: tuple[ImageFact, ...] = ()
    read_back: tuple[tuple[int, float], ...] = ()
    tools: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    findings: tuple[Finding, ...]
    facts: Facts
    spec: Spec = field(default_factory=Spec)

    @property
    def errors(self) -> int:
        return sum(item.severity == "error" for item in self.findings)

    @property
    def warnings(self) -> int:
        return sum(item.severity == "warning" for item in self.findings)

    @property
    def verdict(self) -> str:
        """``pass``, ``warn`` (passes, look at the warnings) or ``fail``."""
        if self.errors:
            return "fail"
        return "warn" if self.warnings else "pass"

    @property
    def passed(self) -> bool:
        return not self.errors

    def codes(self) -> tuple[str, ...]:
        return tuple(sorted({item.code for item in self.findings}))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "verdict": self.verdict,
            "errors": self.errors,
            "warnings": self.warnings,
            "spec": asdict(self.spec),
            "findings": [asdict(item) for item in self.findings],
            "facts": asdict(self.facts),
        }


Say = Callable[..., Finding]
ORDER = {"error": 0, "warning": 1, "note": 2}


def arrange(items: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, then by page and code; one line per page, code and sentence with a count."""
    groups: dict[tuple[str, int, str], list[Finding]] = {}
    for item in items:
        groups.setdefault((item.code, item.page, item.message), []).append(item)
    out = []
    for rows in groups.values():
        first = rows[0]
        if len(rows) > 1:
            first = replace(first, message=f"{first.message} ({len(rows)} chỗ trên trang)")
        out.append(first)
    return tuple(sorted(out, key=lambda f: (ORDER[f.severity], f.page, f.code, f.message)))


def overlap(a: Box, b: Box) -> Box | None:
    """What two boxes share, or ``None``."""
    box = (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))
    return box if box[0] < box[2] and box[1] < box[3] else None


def contains(outer: Box, inner: Box, slack: float = 0.02) -> bool:
    """Whether ``inner`` lies in ``outer``, ``slack`` points of rounding allowed."""
    return (
        outer[0] <= inner[0] + slack
        and outer[1] <= inner[1] + slack
        and outer[2] >= inner[2] - slack
        and outer[3] >= inner[3] - slack
    )


def place_of(box: Box, trim: Box) -> Place:
    """Points of user space → mm from the trim's top left corner."""
    return Place(
        round((box[0] - trim[0]) / MM, 1),
        round((trim[3] - box[3]) / MM, 1),
        round((box[2] - box[0]) / MM, 1),
        round((box[3] - box[1]) / MM, 1),
    )
