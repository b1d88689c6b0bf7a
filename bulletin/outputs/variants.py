"""One picture at one width for the web: turned by EXIF, in sRGB, without a word of metadata."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

QUALITY = {"jpg": 82, "webp": 80, "avif": 62}
AVIF_SPEED = 6
DETAIL = 2  # pixels that are read for each that is shown, along a side
ORIENTATION, SIDEWAYS = 0x0112, 5  # EXIF: the tag, and from which value on the picture lies


def encode(data: bytes, form: str, width: int) -> bytes:
    """The same bytes for the same picture on every machine, however many processors it has."""
    image, (full_width, full_height) = upright(data, width)
    if width < full_width:
        from PIL import Image

        height = max(1, round(full_height * width / full_width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    # What a file says beside its pixels (where it was taken, by whom, a preview) stays at home.
    image.info.clear()
    out = io.BytesIO()
    match form:
        case "avif":
            # More threads cut the picture into other tiles and give other bytes.
            image.save(out, "AVIF", quality=QUALITY[form], speed=AVIF_SPEED, max_threads=1)
        case "webp":
            image.save(out, "WEBP", quality=QUALITY[form], method=4)
        case "png":
            image.save(out, "PNG", optimize=True)
        case _:
            opaque(image).save(out, "JPEG", quality=QUALITY["jpg"], optimize=True, progressive=True)
    return out.getvalue()


def upright(data: bytes, width: int) -> tuple[Image.Image, tuple[int, int]]:
    """The picture as RGB or RGBA, as it is meant to be seen, and its full size in pixels.

    A large JPEG comes smaller, but not under twice the ``width`` that is wanted (pixels): the
    decoder leaves out what resizing would take away, which is most of the work.
    """
    from PIL import Image, ImageCms, ImageOps

    with Image.open(io.BytesIO(data)) as opened:
        turned = opened.getexif().get(ORIENTATION, 1) >= SIDEWAYS
        size = (opened.height, opened.width) if turned else (opened.width, opened.height)
        if width < size[0]:
            share = DETAIL * width / size[0]
            wanted = tuple(max(1, math.ceil(side * share)) for side in opened.size)
            opened.draft(None, (wanted[0], wanted[1]))
        image: Image.Image = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = "RGBA" if image.mode == "RGBA" else "RGB"
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, given, srgb, outputMode=target) or image
        except (ImageCms.PyCMSError, ValueError):
            pass  # a broken profile: the numbers are taken as sRGB, as browsers do
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB"), size


def opaque(image: Image.Image) -> Image.Image:
    """On white, for a format that knows no transparency."""
    from PIL import Image as images

    if image.mode != "RGBA":
        return image
    ground = images.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
