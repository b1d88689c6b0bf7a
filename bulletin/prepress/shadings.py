"""Gradients in ink: the colour space, the functions and the background of a shading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bulletin.prepress import functions
from bulletin.prepress.inks import Colour
from bulletin.prepress.spaces import BY_COUNT, Space, UnknownSpace, space

if TYPE_CHECKING:
    from bulletin.prepress.press import Press

MESHES = (4, 5, 6, 7)


def inked(press: Press, shading: Any, named: Any, mask: bool) -> Any:
    """A copy of ``shading`` in DeviceCMYK (DeviceGray in a soft mask).

    The engine writes three components into a four-component space when the output intent is
    CMYK: the functions are believed, not the label.
    """
    import pikepdf

    declared = space(shading.ColorSpace, named)
    out = _copy(press, shading)
    out.ColorSpace = pikepdf.Name.DeviceGray if mask else pikepdf.Name.DeviceCMYK
    if "/Function" not in shading:
        if declared.kind == ("gray" if mask else "cmyk") and int(shading.ShadingType) in MESHES:
            return out
        raise UnknownSpace(f"shading {shading.ShadingType}")
    source = _source(shading, declared)

    def change(values: Sequence[float]) -> Sequence[float]:
        return press.shaded(source.read(tuple(values)), mask)

    if int(shading.ShadingType) == 1:
        out.Function = functions.resampled(press.pdf, shading.Function, change)
    else:
        out.Function = functions.rebuilt(press.pdf, shading.Function, change)
    if "/Background" in shading:
        out.Background = pikepdf.Array(
            press.shaded(declared.read(functions.numbers(shading.Background)), mask)
        )
    press.gradients += 1
    return out


def _copy(press: Press, shading: Any) -> Any:
    import pikepdf

    keys = {key: shading[key] for key in shading if key not in ("/Length", "/Filter")}
    if isinstance(shading, pikepdf.Stream):
        return pikepdf.Stream(press.pdf, shading.read_bytes(), keys)
    return press.pdf.make_indirect(pikepdf.Dictionary(keys))


def _source(shading: Any, declared: Space) -> Space:
    import pikepdf

    function = shading.Function
    first = function[0] if isinstance(function, pikepdf.Array) else function
    start = functions.numbers(first.Domain)[0::2]
    count = len(functions.evaluate(function, start))
    if count == declared.count:
        return declared
    if count not in BY_COUNT:
        raise UnknownSpace(f"shading, {count}")
    kind = BY_COUNT[count]
    return Space(kind, count, (), lambda values: Colour(kind, tuple(values)))
