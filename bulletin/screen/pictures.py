"""Pictures for the screen: as fine as a screen shows them, whatever the press needs.

A picture is scaled to the largest size at which it stands. Photographs become JPEG; drawings stay
as they are, exactly, and so does everything whose colours are not plain RGB or grey.
"""

from __future__ import annotations

import io
from typing import Any

SLACK = 1.25  # scaling by less would only soften the picture
SMALL = 4096  # pixels: not worth the work


def slim(pdf: Any, picture: Any, size: tuple[float, float], ppi: int, quality: int) -> None:
    """Make one picture smaller if that is possible; ``size`` in points."""
    found = _opened(picture)
    if found is None:
        return
    image, photo = found
    wide, high = _pixels(image.size, size, ppi)
    if (wide, high) == image.size and photo and not _heavy(picture):
        return
    scaled = image
    if (wide, high) != image.size:
        from PIL import Image

        scaled = image.resize((wide, high), Image.Resampling.LANCZOS, reducing_gap=3.0)
    jpeg = _jpeg(scaled, quality)
    before = len(picture.read_raw_bytes())
    if photo:
        if len(jpeg) < before:
            _set(picture, jpeg, scaled.size, "/DCTDecode")
        return
    import zlib

    flat = zlib.compress(scaled.tobytes(), 9)
    # Where JPEG is far smaller it is a photograph that was kept without loss.
    if len(jpeg) * 3 < min(len(flat), before):
        _set(picture, jpeg, scaled.size, "/DCTDecode")
    elif scaled is not image and len(flat) < before:
        _set(picture, flat, scaled.size, "/FlateDecode")


def _pixels(pixels: tuple[int, int], points: tuple[float, float], ppi: int) -> tuple[int, int]:
    """As many pixels as ``ppi`` asks for, if there are clearly more."""
    wanted = max(points[0] / 72 * ppi / pixels[0], points[1] / 72 * ppi / pixels[1])
    if wanted * SLACK >= 1:
        return pixels
    return max(1, round(pixels[0] * wanted)), max(1, round(pixels[1] * wanted))


def _heavy(picture: Any) -> bool:
    """More bytes for a pixel than a good photograph needs on a screen."""
    return bool(len(picture.read_raw_bytes()) > 0.4 * int(picture.Width) * int(picture.Height))


def _opened(picture: Any) -> tuple[Any, bool] | None:
    """The picture and whether it is a JPEG; None for what is left alone."""
    from PIL import Image

    space = picture.get("/ColorSpace")
    mode = {"/DeviceRGB": "RGB", "/DeviceGray": "L"}.get(str(space))
    size = int(picture.Width), int(picture.Height)
    plain = picture.get("/BitsPerComponent") == 8 and "/Decode" not in picture
    if mode is None or not plain or size[0] * size[1] <= SMALL:
        return None
    if picture.get("/Filter") == "/DCTDecode":
        image = Image.open(io.BytesIO(picture.read_raw_bytes()))
        return (image, True) if image.mode == mode and image.size == size else None
    if picture.get("/Filter") != "/FlateDecode":
        return None
    data = picture.read_bytes()
    if len(data) != size[0] * size[1] * len(mode):
        return None
    return Image.frombytes(mode, size, data), False


def _jpeg(image: Any, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _set(picture: Any, data: bytes, size: tuple[int, int], kind: str) -> None:
    import pikepdf

    if "/DecodeParms" in picture:
        del picture["/DecodeParms"]
    picture.write(data, filter=pikepdf.Name(kind))
    picture.Width, picture.Height = size
