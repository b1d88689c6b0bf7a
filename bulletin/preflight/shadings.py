"""Shadings: whether their functions fit their colour space, and the most ink they lay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.preflight import functions, spaces
from bulletin.preflight.objects import Obj, get, number, numbers
from bulletin.preflight.spaces import Space
from bulletin.preflight.values import Inks

STEPS = 33
"""Samples along a gradient; stops of stitched functions are added to them."""


@dataclass(frozen=True, slots=True)
class Shading:
    space: Space
    peak: Inks | None = None
    problem: str = ""


def read(value: Obj, resources: Obj) -> Shading:
    space = spaces.read(get(value, "ColorSpace"), resources)
    if space.kind in {"broken", "Pattern"}:
        return Shading(space, None, "hệ màu của dải màu hỏng hoặc không khai báo")
    kind = int(number(get(value, "ShadingType")))
    function = get(value, "Function")
    if function is None:
        if kind < 4:
            return Shading(space, None, "dải màu không có hàm màu")
        return Shading(space)
    try:
        return _evaluate(value, space, kind)
    except (ValueError, IndexError, OverflowError):
        return Shading(space, None, "hàm màu của dải màu không tính được")


def _evaluate(value: Obj, space: Space, kind: int) -> Shading:
    run = functions.read(get(value, "Function"))
    peak: Inks | None = None
    for point in _points(value, kind):
        parts = run(point)
        if len(parts) != space.size:
            text = f"hàm màu cho {len(parts)} thành phần, hệ màu {space.label} cần {space.size}"
            return Shading(space, None, text)
        inks = spaces.ink(space, parts)
        if inks is not None and (peak is None or sum(inks) > sum(peak)):
            peak = inks
    return Shading(space, peak)


def _points(value: Obj, kind: int) -> Iterator[Sequence[float]]:
    if kind == 1:
        x0, x1, y0, y1 = numbers(get(value, "Domain")) or (0.0, 1.0, 0.0, 1.0)
        for i in range(9):
            for j in range(9):
                yield x0 + (x1 - x0) * i / 8, y0 + (y1 - y0) * j / 8
        return
    low, high = (numbers(get(value, "Domain")) or (0.0, 1.0))[:2]
    yield from ((low + (high - low) * i / (STEPS - 1),) for i in range(STEPS))
    for bound in numbers(get(get(value, "Function"), "Bounds")):
        yield (bound,)
        yield (max(low, bound - 1e-6 * (high - low)),)
