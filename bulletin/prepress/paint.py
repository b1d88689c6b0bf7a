"""Where and how something is painted: matrices, boxes, the graphics state, the canvas so far."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bulletin.prepress.inks import SCREEN_BLACK, Colour
from bulletin.prepress.spec import WHITE, Cmyk

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EDGE = 0.05  # pt; boxes closer than this touch
Kept = tuple[Any, ...]


def matrix(values: Iterable[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """First ``inner``, then ``outer``."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def scale(m: Matrix) -> float:
    """Mean factor from user space to paper."""
    return math.sqrt(abs(m[0] * m[3] - m[1] * m[2]))


def box_of(points: Iterable[tuple[float, float]], m: Matrix) -> Box | None:
    spots = [(x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]) for x, y in points]
    if not spots:
        return None
    xs, ys = zip(*spots, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def corners(box: Sequence[float]) -> list[tuple[float, float]]:
    return [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]


def overlap(a: Box | None, b: Box | None) -> Box | None:
    """The common part; None stands for everywhere."""
    if a is None or b is None:
        return a or b
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def empty(box: Box) -> bool:
    return box[0] >= box[2] - EDGE or box[1] >= box[3] - EDGE


@dataclass(slots=True)
class State:
    """The graphics state as far as ink depends on it.

    ``sent_*`` is what the new stream has set already: colours are written only when something is
    painted, because only then it is known whether a letter, a thin rule or an area takes them.
    """

    ctm: Matrix = IDENTITY
    fill: Colour = SCREEN_BLACK
    stroke: Colour = SCREEN_BLACK
    fill_space: Any = None
    stroke_space: Any = None
    fill_pattern: Kept = ()
    stroke_pattern: Kept = ()
    width: float = 1.0
    render: int = 0
    size: float = 0.0
    font: Any = None
    leading: float = 0.0
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    clip: Box | None = None
    sent_fill: Kept = ()
    sent_stroke: Kept = ()
    sent_over: tuple[bool, bool] | None = None

    def copy(self) -> State:
        return replace(self)


@dataclass(slots=True)
class Canvas:
    """What lies on a page so far, in default user space; asked only when flattening for X-1a."""

    strokes: list[tuple[Box, Cmyk | None, bool]] = field(default_factory=list)

    def add(self, box: Box | None, colour: Cmyk | None, solid: bool = False) -> None:
        """``colour`` None = several or unknown; ``solid`` = fills the whole box."""
        if box is not None and not empty(box):
            self.strokes.append((box, colour, solid))

    def under(self, box: Box) -> Cmyk | None:
        """The one colour under a box, or None where there are several."""
        seen: set[Cmyk | None] = set()
        for area, colour, solid in reversed(self.strokes):
            common = overlap(area, box)
            if common is None or empty(common):
                continue
            seen.add(colour)
            if solid and all(abs(a - b) <= EDGE for a, b in zip(common, box, strict=True)):
                break
        else:
            seen.add(WHITE)
        return seen.pop() if len(seen) == 1 else None
