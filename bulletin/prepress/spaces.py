"""Colour spaces of a PDF: how many components, and which colour they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bulletin.prepress import functions
from bulletin.prepress.inks import PATTERN, Colour, lab_to_rgb, sound_profile

DEVICE = {
    "/DeviceGray": ("gray", 1),
    "/G": ("gray", 1),
    "/CalGray": ("gray", 1),
    "/DeviceRGB": ("rgb", 3),
    "/RGB": ("rgb", 3),
    "/CalRGB": ("rgb", 3),
    "/DeviceCMYK": ("cmyk", 4),
    "/CMYK": ("cmyk", 4),
}
BY_COUNT = {1: "gray", 3: "rgb", 4: "cmyk"}
PLATES = {"/Cyan": 0, "/Magenta": 1, "/Yellow": 2, "/Black": 3}
Reading = Callable[[Sequence[float]], Colour]


class UnknownSpace(ValueError):
    """A colour space that has no road to ink here."""


class Space:
    """A resolved colour space: ``count`` components, ``read`` → :class:`Colour`.

    ``kind`` is that of the colours read, ``profile`` the ICC data of an RGB space (None: sRGB).
    """

    def __init__(
        self, kind: str, count: int, start: Sequence[float], read: Reading, profile: Any = None
    ) -> None:
        self.kind, self.count, self.start, self.read = kind, count, tuple(start), read
        self.profile: bytes | None = profile
        self.family = ""
        self.bounds: tuple[float, ...] = (0.0, 1.0) * count


def space(item: Any, named: Any = None) -> Space:
    """What ``item`` (a name, or an array whose first entry is the family) stands for."""
    import pikepdf

    if isinstance(item, pikepdf.Name):
        name = str(item)
        if name == "/Pattern":
            return Space("pattern", 0, (), lambda _: PATTERN)
        if name in DEVICE:
            return _device(*DEVICE[name])
        if named is not None and name in named:
            return space(named[name], named)
        raise UnknownSpace(name)
    found = _array(item, named)
    found.family = str(item[0])
    return found


def _array(item: Any, named: Any) -> Space:
    family = str(item[0])
    if family in DEVICE:
        return _device(*DEVICE[family])
    makers: dict[str, Callable[[Any, Any], Space]] = {
        "/ICCBased": _icc,
        "/Lab": _lab,
        "/Separation": _tinted,
        "/DeviceN": _tinted,
        "/Indexed": _indexed,
        "/I": _indexed,
        "/Pattern": lambda i, n: Space("pattern", 0, (), lambda _: PATTERN),
    }
    if family not in makers:
        raise UnknownSpace(family)
    return makers[family](item, named)


def _device(kind: str, count: int) -> Space:
    start = {"cmyk": (0.0, 0.0, 0.0, 1.0)}.get(kind, (0.0,) * count)
    return Space(kind, count, start, lambda values: Colour(kind, tuple(values[:count])))


def _icc(item: Any, _: Any) -> Space:
    """CMYK goes through as it is; RGB comes to sRGB through its profile."""
    count = int(item[1].N)
    if count not in BY_COUNT:
        raise UnknownSpace(f"ICCBased {count}")
    found = _device(BY_COUNT[count], count)
    if count == 3:
        data = item[1].read_bytes()
        if not _is_srgb(data):
            found.profile = data
            found.read = _through(data)
    return found


def _is_srgb(data: bytes) -> bool:
    """sRGB, or a profile that cannot be read: viewers then show it as sRGB too."""
    profile = sound_profile(data)
    return profile is None or "srgb" in (profile.profile.profile_description or "").lower()


def _through(data: bytes) -> Reading:
    from PIL import Image, ImageCms

    transform = ImageCms.buildTransform(
        sound_profile(data), ImageCms.createProfile("sRGB"), "RGB", "RGB"
    )

    def read(values: Sequence[float]) -> Colour:
        levels = tuple(int(value * 255 + 0.5) for value in values[:3])
        shown: Any = transform.apply(Image.new("RGB", (1, 1), levels)).getpixel((0, 0))
        return Colour("rgb", tuple(part / 255 for part in shown))

    return read


def _lab(item: Any, _: Any) -> Space:
    bounds = functions.numbers(item[1].get("/Range", (-100, 100, -100, 100)))
    found = Space("rgb", 3, (0.0, 0.0, 0.0), lambda v: Colour("rgb", lab_to_rgb(v[0], v[1], v[2])))
    found.bounds = (0.0, 100.0, *bounds)
    return found


def _tinted(item: Any, named: Any) -> Space:
    """Separation and DeviceN: a spot ink would be a fifth plate, so its process build is taken."""
    import pikepdf

    names = [str(item[1])] if isinstance(item[1], pikepdf.Name) else [str(n) for n in item[1]]
    if all(name in PLATES or name == "/None" for name in names):
        return Space("cmyk", len(names), (1.0,) * len(names), lambda v: _plates(names, v))
    base, tint = space(item[2], named), item[3]
    return Space(
        base.kind,
        len(names),
        (1.0,) * len(names),
        lambda values: base.read(functions.evaluate(tint, values)),
        base.profile,
    )


def _plates(names: Sequence[str], values: Sequence[float]) -> Colour:
    inks = [0.0, 0.0, 0.0, 0.0]
    for name, value in zip(names, values, strict=False):
        if name in PLATES:
            inks[PLATES[name]] = value
    return Colour("cmyk", tuple(inks))


def _indexed(item: Any, named: Any) -> Space:
    base = space(item[1], named)
    colours = indexed_colours(item, named)
    found = Space(base.kind, 1, (0.0,), lambda v: colours[min(max(int(v[0]), 0), len(colours) - 1)])
    found.bounds = (0.0, 255.0)
    return found


def indexed_colours(item: Any, named: Any = None) -> list[Colour]:
    """The palette of an Indexed space."""
    import pikepdf

    base, lookup = space(item[1], named), item[3]
    data = lookup.read_bytes() if isinstance(lookup, pikepdf.Stream) else bytes(lookup)
    low, high = base.bounds[0::2], base.bounds[1::2]
    colours = []
    for start in range(0, (int(item[2]) + 1) * base.count, base.count):
        levels = data[start : start + base.count].ljust(base.count, b"\0")
        parts = zip(levels, low, high, strict=True)
        colours.append(base.read([a + level / 255 * (b - a) for level, a, b in parts]))
    return colours
