"""Two questions about sRGB colours: how far apart are they, and what lies between them."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
INK = "#1F2440"
PAPER = "#FAF6EC"
NIGHT = "#14172B"


def channels(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as three numbers of 0–255; ``ValueError`` for anything else."""
    if not _HEX.match(colour):
        raise ValueError(f"not a colour of the form #rrggbb: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 for black to 1 for white."""
    red, green, blue = (_linear(part / 255) for part in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """WCAG contrast ratio of two colours, 1 (same lightness) to 21 (black on white)."""
    dark, bright = sorted((luminance(a), luminance(b)))
    return (bright + 0.05) / (dark + 0.05)


def mix(a: str, b: str, t: float) -> str:
    """The colour at ``t`` of the way from ``a`` (0) to ``b`` (1), as ``#RRGGBB``."""
    share = min(max(t, 0.0), 1.0)
    # int(x + 0.5) and not round(): half to even would make neighbours of a ramp uneven.
    parts = (int(x + (y - x) * share + 0.5) for x, y in zip(channels(a), channels(b), strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)
