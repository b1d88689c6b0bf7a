"""From screen colour to printing ink: brand table, then black alone for greys, then ICC.

Pictures take the ICC way as a whole, except those that are grey or have few colours: a diagram
saved as PNG must come out with the same inks as the letters around it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

from bulletin.prepress.spec import BLACK, WHITE, Cmyk

NEUTRAL = 4  # of 255: channels closer than this are grey to the eye
TRACE = 0.02  # less than 2 % of an ink does not hold on the plate and only makes dirt
THIRD = 0.05  # less of a third ink does not blur small letters
WHITE_D50 = (0.9642, 1.0, 0.8249)


class ProfileError(ValueError):
    """The ICC profile is not one of a CMYK printing condition."""


class Colour(NamedTuple):
    """``rgb``, ``gray`` or ``cmyk`` with values 0–1; ``pattern``; ``inherit`` = left alone."""

    kind: str
    values: tuple[float, ...] = ()


INHERIT = Colour("inherit")
PATTERN = Colour("pattern")
SCREEN_BLACK = Colour("gray", (0.0,))


class Inks:
    """All colour decisions of one file; remembers every colour that it has met."""

    def __init__(
        self,
        palette: Sequence[tuple[str, Cmyk]],
        black_text: Sequence[str],
        profiles: tuple[bytes, bytes],
        limit: float,
        letters: Sequence[tuple[str, Cmyk]] = (),
    ) -> None:
        """``profiles`` = (output, conversion) ICC data; ``limit`` = total ink in percent.

        ``letters``: what colours become in small letters, where somebody has chosen that.
        """
        output, convert = profiles
        self.limit = limit / 100
        self._table = {_key(name): _shares(inks) for name, inks in palette}
        self._black = {_key(name) for name in black_text}
        self._letters = {_key(name): _shares(inks) for name, inks in letters}
        self._convert = _profile(convert)
        self._output = _profile(output)
        self._tone = _tone(self._output)
        self._small: dict[Cmyk, Cmyk] = {}
        self._memo: dict[tuple[int, int, int], Cmyk] = {}
        self._transforms: dict[bytes | None, Any] = {}

    def press(self, colour: Colour) -> Cmyk:
        """The inks of an area."""
        if colour.kind == "cmyk":
            return _four(colour.values)
        if colour.kind == "gray":
            return (0.0, 0.0, 0.0, self.black(colour.values[0]))
        return self._rgb(_levels(colour.values))

    def fine(self, colour: Colour) -> Cmyk:
        """The inks of letters and thin rules: dark ink becomes black alone, which needs no
        register."""
        if colour.kind == "rgb" and _levels(colour.values) in self._black:
            return BLACK
        return self.press(colour)

    def small(self, colour: Colour) -> Cmyk:
        """The inks of small letters, two at most: with a third they blur when plates do not meet.

        Where the theme names none, the nearest two by eye, rather darker than lighter.
        """
        if colour.kind == "rgb" and _levels(colour.values) in self._letters:
            return self._letters[_levels(colour.values)]
        inks = self.fine(colour)
        if sum(part > THIRD for part in inks) < 3:
            return inks
        if inks not in self._small:
            self._small[inks] = _nearest_pair(self._output, inks)
        return self._small[inks]

    def screen(self, colour: Colour) -> float:
        """The lightness 0–1 of a colour inside a soft mask, which is no ink."""
        if colour.kind == "gray":
            return min(max(colour.values[0], 0.0), 1.0)
        red, green, blue = colour.values[:3]
        if colour.kind == "cmyk":
            key = colour.values[3]
            red, green, blue = (1 - min(1.0, part + key) for part in colour.values[:3])
        return min(max(0.3 * red + 0.59 * green + 0.11 * blue, 0.0), 1.0)

    def black(self, level: float) -> float:
        """The share of black that looks like a grey of the screen, 0 (white) to 1 (black)."""
        place = min(max(level, 0.0), 1.0) * 255
        low = int(place)
        high = min(low + 1, 255)
        share = self._tone[low] + (self._tone[high] - self._tone[low]) * (place - low)
        return round(share, 2)

    def tone(self) -> list[int]:
        """The same curve for grey pictures, as levels of DeviceGray."""
        return [255 - int(share * 255 + 0.5) for share in self._tone]

    def _rgb(self, levels: tuple[int, int, int]) -> Cmyk:
        if levels not in self._memo:
            self._memo[levels] = self._table.get(levels) or self._measured(levels)
        return self._memo[levels]

    def _measured(self, levels: tuple[int, int, int]) -> Cmyk:
        if max(levels) - min(levels) <= NEUTRAL:
            grey = 0.3 * levels[0] + 0.59 * levels[1] + 0.11 * levels[2]
            return (0.0, 0.0, 0.0, self.black(grey / 255))
        from PIL import Image

        pixel: Any = self.transform(None).apply(Image.new("RGB", (1, 1), levels)).getpixel((0, 0))
        shares = (round(part / 255, 2) for part in pixel)
        return limited(_four([share if share >= TRACE else 0.0 for share in shares]), self.limit)

    def transform(self, profile: bytes | None, mode: str = "RGB") -> Any:
        """ImageCms transform from a source profile (None: sRGB): perceptual, black point kept."""
        from PIL import ImageCms

        if profile not in self._transforms:
            source = sound_profile(profile) if profile else None
            self._transforms[profile] = ImageCms.buildTransform(
                source or ImageCms.createProfile("sRGB"),
                self._convert,
                mode,
                "CMYK",
                renderingIntent=ImageCms.Intent.PERCEPTUAL,
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        return self._transforms[profile]


def limited(inks: Cmyk, limit: float) -> Cmyk:
    """The same hue within ``limit`` (1 = 100 %): the colours give way, black stays."""
    total = sum(inks)
    if total <= limit:
        return inks
    share = max(limit - inks[3], 0.0) / (total - inks[3])
    return _four([*(int(part * share * 100) / 100 for part in inks[:3]), inks[3]])


def mixed(over: Cmyk, under: Cmyk, alpha: float) -> Cmyk:
    """What a renderer makes of ``over`` at ``alpha`` on ``under`` in a DeviceCMYK group."""
    return _four([round(a * alpha + b * (1 - alpha), 4) for a, b in zip(over, under, strict=True)])


def lab_to_rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """CIE Lab (D50) to sRGB 0–1, cut at the gamut."""
    middle = (lightness + 16) / 116
    parts = (middle + a / 500, middle, middle - b / 200)
    x, y, z = (
        white * (part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29))
        for white, part in zip(WHITE_D50, parts, strict=True)
    )
    linear = (
        3.1338561 * x - 1.6168667 * y - 0.4906146 * z,
        -0.9787684 * x + 1.9161415 * y + 0.0334540 * z,
        0.0719453 * x - 0.2289914 * y + 1.4052427 * z,
    )
    red, green, blue = (_coded(min(max(part, 0.0), 1.0)) for part in linear)
    return red, green, blue


def _coded(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * float(linear ** (1 / 2.4)) - 0.055


def _linear(coded: float) -> float:
    return coded / 12.92 if coded <= 0.04045 else float(((coded + 0.055) / 1.055) ** 2.4)


def _key(name: str) -> tuple[int, int, int]:
    text = name.removeprefix("#")
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def _shares(percent: Cmyk) -> Cmyk:
    return _four([part / 100 for part in percent])


def _four(values: Sequence[float]) -> Cmyk:
    cyan, magenta, yellow, black = (min(max(float(v), 0.0), 1.0) for v in values[:4])
    return cyan, magenta, yellow, black


def _levels(values: Sequence[float]) -> tuple[int, int, int]:
    red, green, blue = (int(min(max(float(v), 0.0), 1.0) * 255 + 0.5) for v in values[:3])
    return red, green, blue


def _profile(data: bytes) -> Any:
    """A CMYK output profile as ImageCms knows it."""
    profile = sound_profile(data)
    kind = profile.profile if profile else None
    if kind is None or kind.xcolor_space.strip() != "CMYK" or kind.device_class != "prtr":
        raise ProfileError("not an ICC profile of a CMYK output device")
    return profile


def sound_profile(data: bytes) -> Any:
    """The profile, or None where the bytes are not one."""
    from PIL import ImageCms

    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (OSError, TypeError):
        return None


def _nearest_pair(output: Any, inks: Cmyk) -> Cmyk:
    """Two inks that look most like ``inks`` on the paper of the profile."""
    steps = range(0, 101, 5)
    pairs = list(
        dict.fromkeys(
            tuple({first: a, second: b}.get(n, 0) for n in range(4))
            for first, second in combinations(range(4), 2)
            for a in steps
            for b in steps
        )
    )
    wanted = tuple(round(part * 100) for part in inks)
    aim, *found = _looks(output, [wanted, *pairs])

    def cost(look: tuple[int, ...]) -> float:
        lighter = max(0, look[0] - aim[0])
        return sum((x - y) ** 2 for x, y in zip(look, aim, strict=True)) + 3 * lighter**2

    best = min(zip(found, pairs, strict=True), key=lambda pair: (cost(pair[0]), pair[1]))[1]
    return _shares((best[0], best[1], best[2], best[3]))


def _looks(output: Any, percents: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """CIE Lab of ink recipes as printed; the colour axes are moved by 128."""
    from PIL import Image, ImageCms

    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    lab = ImageCms.buildTransform(
        output, ImageCms.createProfile("LAB"), "CMYK", "LAB", renderingIntent=intent
    )
    data = bytes(int(part * 2.55 + 0.5) for recipe in percents for part in recipe)
    image = Image.frombytes("CMYK", (len(percents), 1), data)
    found: Any = ImageCms.applyTransform(image, lab)
    flat = found.tobytes()
    # Lightness has 2.55 steps to the unit; the other axes are signed bytes.
    return [
        (int(flat[n] / 2.55), flat[n + 1] ^ 128, flat[n + 2] ^ 128) for n in range(0, len(flat), 3)
    ]


def _tone(output: Any) -> list[float]:
    """Share of black for each grey level 0–255, measured on the output profile.

    The luminance of the K ramp is stretched so that K 100 answers to black and paper to white
    (black point compensation); 100 minus level would print a third of the greys too light.
    """
    from PIL import Image, ImageCms

    ramp = Image.frombytes("CMYK", (256, 1), b"".join(bytes((0, 0, 0, k)) for k in range(256)))
    lab = ImageCms.createProfile("LAB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    transform = ImageCms.buildTransform(output, lab, "CMYK", "LAB", renderingIntent=intent)
    shown: Any = transform.apply(ramp).tobytes()
    light = [_luminance(shown[3 * k] / 2.55) for k in range(256)]
    dark, bright = light[255], light[0]
    reached = [(y - dark) / (bright - dark) for y in light]
    return [_inverse(reached, _linear(level / 255)) for level in range(256)]


def _luminance(lightness: float) -> float:
    return ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / 903.3


def _inverse(falling: Sequence[float], wanted: float) -> float:
    """Where on the ramp 0–1 the falling sequence passes ``wanted``."""
    for k in range(1, len(falling)):
        if falling[k] <= wanted < falling[k - 1]:
            part = (falling[k - 1] - wanted) / (falling[k - 1] - falling[k])
            return (k - 1 + part) / 255
    return BLACK[3] if wanted < 0.5 else WHITE[3]
