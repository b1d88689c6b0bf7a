"""Pictures in ink: converted by ICC, brought down to the press resolution, never up.

Pictures of few colours keep their pixels and get new colours one by one; grey ones become black
alone; photographs go through the conversion profile.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bulletin.diag import Severity
from bulletin.prepress.inks import Colour
from bulletin.prepress.spaces import Space, UnknownSpace, indexed_colours, space
from bulletin.prepress.spec import MM, Cmyk, ImageFact

if TYPE_CHECKING:
    from bulletin.prepress.press import Picture, Press

PPI = 300  # what a 150-line screen can show
LEAST_PPI = 200
LINE_PPI = 600  # pictures of one bit
SLACK = 1.05  # a picture a few percent finer is left as it is: resampling would only soften it
QUALITY = 92
FEW = 256  # colours
GREY = 3  # of 255: a JPEG of a grey photograph strays this far
LOSSY = ("/DCTDecode", "/JPXDecode")
SAMPLED = ("/JBIG2Decode", "/CCITTFaxDecode", *LOSSY)  # read by libraries, not by hand
KEPT = ("/Type", "/Subtype", "/Interpolate", "/Mask", "/SMask")


class Unreadable(ValueError):
    """The picture cannot be decoded."""


def convert(press: Press, picture: Picture) -> list[ImageFact]:
    """Rewrites one picture in place; what is to be known of each of its placements."""
    item = picture.item
    before = (int(item.Width), int(item.Height))
    sharp = [_resolution(before, spot) for _, spot in picture.spots]
    line = bool(item.get("/ImageMask", False)) or int(item.get("/BitsPerComponent", 8)) == 1
    flat = False
    try:
        if not item.get("/ImageMask", False):
            flat = _inked(press, picture, min(sharp, default=0.0))
    except UnknownSpace as problem:
        press.page = picture.spots[0][0] if picture.spots else 0
        press.unknown(f"hình {before[0]} × {before[1]}, {problem}")
    except (Unreadable, OSError, ValueError, KeyError, NotImplementedError) as problem:
        _broken(press, picture, str(problem))
    after = (int(item.Width), int(item.Height))
    facts = []
    for (page, spot), ppi in zip(picture.spots, sharp, strict=True):
        wide, high = math.hypot(spot[0], spot[1]), math.hypot(spot[2], spot[3])
        kind = "line" if line else "mask" if picture.mask else _kind(item)
        facts.append(ImageFact(page, round(ppi, 1), wide / MM, high / MM, before, after, kind))
        if not flat and not picture.mask:
            _judge(press, page, ppi, line)
    return facts


def _resolution(pixels: tuple[int, int], spot: Sequence[float]) -> float:
    wide, high = math.hypot(spot[0], spot[1]), math.hypot(spot[2], spot[3])
    if not wide or not high:
        return math.inf
    return min(pixels[0] * 72 / wide, pixels[1] * 72 / high)


def _kind(item: Any) -> str:
    import pikepdf

    named = item.get("/ColorSpace")
    if isinstance(named, pikepdf.Array):
        return "indexed"
    return {"/DeviceCMYK": "cmyk", "/DeviceGray": "gray"}.get(str(named), "")


def _judge(press: Press, page: int, ppi: float, line: bool) -> None:
    """Resolutions are compared after rounding: 299.6 is 300 to every printer."""
    shown = f"trang {page}: hình chỉ đạt {ppi:.0f} ppi ở khổ in"
    if line and round(ppi) < LINE_PPI:
        press.complain(
            Severity.WARNING,
            "PD022",
            f"{shown}, hình nét (1 bit) cần {LINE_PPI}",
            "dùng bản vẽ SVG, hoặc quét lại ở 600–1200 ppi",
        )
    elif not line and round(ppi) < LEAST_PPI:
        hint = f"dùng ảnh gốc lớn hơn, hoặc đặt hình nhỏ đi {100 - ppi * 100 / PPI:.0f} %"
        press.complain(Severity.ERROR, "PD020", f"{shown}, ít nhất phải {LEAST_PPI}", hint)
    elif not line and round(ppi) < PPI:
        press.complain(
            Severity.WARNING, "PD021", f"{shown}, nên có {PPI}", "dùng ảnh gốc lớn hơn nếu có"
        )


def _broken(press: Press, picture: Picture, problem: str) -> None:
    page = picture.spots[0][0] if picture.spots else 0
    press.complain(
        Severity.ERROR,
        "PD030",
        f"trang {page}: không đọc được hình: {problem[:80]}",
        "mở hình bằng phần mềm ảnh rồi lưu lại thành JPEG hoặc PNG",
    )


# ---- one picture ---------------------------------------------------------------------------------


def _inked(press: Press, picture: Picture, ppi: float) -> bool:
    """Gives the picture its inks; true when it is one flat colour, whose ppi matters to nobody."""
    item = picture.item
    if "/SMaskInData" in item and int(item.SMaskInData):
        raise UnknownSpace("JPX với kênh trong suốt riêng")
    named = item.get("/ColorSpace")
    if named is None:
        raise UnknownSpace("JPX không ghi hệ màu")
    found = space(named)
    if found.family == "/Lab" or (found.count > 1 and found.family in ("/DeviceN", "/Separation")):
        raise UnknownSpace(found.family)
    _soft_mask(press, item, ppi)
    if _left_alone(press, picture, found):
        return False
    single = found.family in ("/Indexed", "/I", "/Separation", "/DeviceN")
    if single:
        return _by_palette(press, picture, found)
    if _is_photograph(press, picture, found):
        _photograph(press, picture, found, ppi)
        return False
    image = _decoded(item, found)
    _colour_key(press, item, image, found)
    few = image.getcolors(FEW) if str(_filter(item)) not in LOSSY else None
    if few is not None and image.mode == "RGB" and not found.profile:
        return _few_colours(press, picture, image, few)
    _continuous(press, picture, _reduced(item, image, ppi), found)
    return False


def _left_alone(press: Press, picture: Picture, found: Space) -> bool:
    """Pictures that are ink already, one-bit grey, and grey ones of a soft mask."""
    import pikepdf

    item = picture.item
    if found.family not in ("", "/DeviceCMYK", "/DeviceGray", "/ICCBased", "/CalGray"):
        return False
    flattened = press.opaque and "/SMask" in item
    one_bit = int(item.get("/BitsPerComponent", 8)) == 1
    if found.kind == "gray" and (picture.mask or one_bit) and not flattened:
        item.ColorSpace = pikepdf.Name.DeviceGray
        return True
    if found.kind != "cmyk" or flattened:
        return False
    item.ColorSpace = pikepdf.Name.DeviceCMYK
    _weigh(press, picture, _decoded(item, found))
    return True


def _few_colours(press: Press, picture: Picture, image: Any, few: Sequence[Any]) -> bool:
    """A diagram as PNG: its colours are looked up like those of drawings."""
    shades = sorted(colour for _, colour in few)
    paletted = image.quantize(palette=_palette_image(shades), dither=0)
    colours = [Colour("rgb", tuple(part / 255 for part in shade)) for shade in shades]
    _write_indexed(press, picture, paletted, colours)
    return len(shades) == 1


def _palette_image(shades: Sequence[tuple[int, int, int]]) -> Any:
    from PIL import Image

    image = Image.new("P", (1, 1))
    image.putpalette([part for shade in shades for part in shade])
    return image


def _by_palette(press: Press, picture: Picture, found: Space) -> bool:
    """Indexed pictures keep their pixels; one-ink pictures become indexed."""
    item = picture.item
    depth = int(item.get("/BitsPerComponent", 8))
    indices = _samples(item, 1, spread=False)
    if found.family in ("/Indexed", "/I"):
        colours = indexed_colours(item.ColorSpace)
    else:
        top = (1 << min(depth, 8)) - 1
        colours = [found.read((level / top,)) for level in range(top + 1)]
    if _reversed(item):
        colours = colours[::-1]
    _colour_key(press, item, indices, found)
    _write_indexed(press, picture, indices, colours)
    return len(set(indices.tobytes())) == 1


def _write_indexed(press: Press, picture: Picture, image: Any, colours: list[Colour]) -> None:
    import pikepdf

    item, inks = picture.item, press.inks
    if picture.mask:
        base, table = "/DeviceGray", bytes(int(inks.screen(c) * 255 + 0.5) for c in colours)
    else:
        shares = [inks.press(colour) for colour in colours]
        for share in shares:
            press.weigh(share)
        base = "/DeviceCMYK"
        table = bytes(int(part * 255 + 0.5) for share in shares for part in share)
    if press.opaque and "/SMask" in item:
        full = image.copy() if image.mode == "L" else _renamed(image)
        bands = [full.point((list(table[n::4]) + [0] * 256)[:256]) for n in range(4)]
        _write_inks(press, picture, _merged(bands), lossy=False)
        return
    press.operators += len(colours)
    space_array = [
        pikepdf.Name.Indexed,
        pikepdf.Name(base),
        len(colours) - 1,
        pikepdf.String(table),
    ]
    _write(item, image.tobytes(), image.size, pikepdf.Array(space_array))


def _renamed(image: Any) -> Any:
    """Palette indices as plain levels."""
    from PIL import Image

    return Image.frombytes("L", image.size, image.tobytes())


def _merged(bands: list[Any]) -> Any:
    from PIL import Image

    return Image.merge("CMYK", bands)


def _is_photograph(press: Press, picture: Picture, found: Space) -> bool:
    """A JPEG in three colours with nothing special: what takes most of the time."""
    item = picture.item
    plain = str(_filter(item)) == "/DCTDecode" and found.count == 3 and not picture.mask
    return plain and "/Mask" not in item and not (press.opaque and "/SMask" in item)


def _photograph(press: Press, picture: Picture, found: Space, ppi: float) -> None:
    """In ink, or as it was remembered. What is kept: colour space, size, heaviest ink, JPEG."""
    import pikepdf

    item = picture.item

    def work() -> bytes:
        image = _reduced(item, _decoded(item, found), ppi)
        named, peak = "/DeviceGray", 0.0
        if _is_grey(image):
            image = image.convert("L").point(press.inks.tone())
        else:
            image = _within(press.inks.transform(found.profile).apply(image), press.inks.limit)
            named, peak = "/DeviceCMYK", _peak(image)
        head = f"{named} {image.width} {image.height} {peak!r}\n"
        return head.encode() + _jpeg(image)

    head, _, data = press.kept(_subject(press, item, found, ppi), work).partition(b"\n")
    named, width, height, peak = head.decode().split()
    _write(item, data, (int(width), int(height)), pikepdf.Name(named), lossy=True)
    if named == "/DeviceCMYK":
        item.Decode = pikepdf.Array([1, 0] * 4)  # Pillow writes CMYK as Adobe does, inverted
        press.operators += 1
        _weighed(press, picture, float(peak))


def _subject(press: Press, item: Any, found: Space, ppi: float) -> bytes:
    """All that decides how a photograph looks in ink."""
    size = (int(item.Width), int(item.Height), ppi, press.inks.limit, _reversed(item))
    spec = press.spec
    profiles = (found.profile or b"", spec.convert_profile, spec.output_profile)
    parts = (item.read_raw_bytes(), *profiles)
    digests = [hashlib.sha256(part).digest() for part in parts]
    return repr((size, str(_filter(item)))).encode() + b"".join(digests)


def _continuous(press: Press, picture: Picture, image: Any, found: Space) -> None:
    """Photographs."""
    item = picture.item
    lossy = str(_filter(item)) in LOSSY
    if picture.mask:
        _write_grey(item, image.convert("L"), lossy=lossy)
        return
    if image.mode == "CMYK":  # ink already, here only to be laid on its ground
        _write_inks(press, picture, image, lossy=lossy)
        return
    if image.mode == "L" or _is_grey(image):
        grey = image.convert("L").point(press.inks.tone())
        if press.opaque and "/SMask" in item:
            bands = [grey.point([0] * 256)] * 3 + [grey.point([255 - v for v in range(256)])]
            _write_inks(press, picture, _merged(bands), lossy=lossy)
        else:
            _write_grey(item, grey, lossy=lossy)
        return
    inked = press.inks.transform(found.profile).apply(image)
    press.operators += 1
    _write_inks(press, picture, inked, lossy=lossy)


def _is_grey(image: Any) -> bool:
    from PIL import ImageChops

    red, green, blue = image.split()
    pairs = ((red, green), (green, blue), (red, blue))
    spreads: list[Any] = [ImageChops.difference(a, b).getextrema()[1] for a, b in pairs]
    return bool(max(spreads) <= GREY)


# ---- writing -------------------------------------------------------------------------------------


def _write(item: Any, data: bytes, size: tuple[int, int], named: Any, lossy: bool = False) -> None:
    import pikepdf

    for key in [key for key in item if key not in KEPT]:
        if key != "/Length":
            del item[key]
    item.Width, item.Height, item.BitsPerComponent = size[0], size[1], 8
    item.ColorSpace = named
    if lossy:
        item.write(data, filter=pikepdf.Name.DCTDecode)
    else:
        item.write(data)


def _write_grey(item: Any, image: Any, lossy: bool) -> None:
    import pikepdf

    data = _jpeg(image) if lossy else image.tobytes()
    _write(item, data, image.size, pikepdf.Name.DeviceGray, lossy)


def _write_inks(press: Press, picture: Picture, image: Any, lossy: bool) -> None:
    """Four inks within the limit; in X-1a laid on what is under the picture."""
    import pikepdf

    item = picture.item
    image = _within(image, press.inks.limit)
    if press.opaque and "/SMask" in item:
        image = _grounded(image, item.SMask, picture.under)
        del item.SMask
    _weigh(press, picture, image)
    data = _jpeg(image) if lossy else image.tobytes()
    _write(item, data, image.size, pikepdf.Name.DeviceCMYK, lossy)
    if lossy:  # Pillow writes CMYK as Adobe does, inverted
        item.Decode = pikepdf.Array([1, 0] * 4)


def _jpeg(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


def _grounded(image: Any, soft: Any, under: Cmyk) -> Any:
    from PIL import Image

    mask = _decoded(soft, space(soft.ColorSpace)).convert("L")
    if mask.size != image.size:
        mask = mask.resize(image.size, Image.Resampling.LANCZOS)
    ground = Image.new("CMYK", image.size, tuple(int(part * 255 + 0.5) for part in under))
    return Image.composite(image, ground, mask)


def _peak(image: Any) -> float:
    """The heaviest total of inks, 1 = 100 %, to about one percent."""
    from PIL import ImageChops

    cyan, magenta, yellow, black = image.split()
    half = ImageChops.add(cyan, magenta, scale=2), ImageChops.add(yellow, black, scale=2)
    most: Any = ImageChops.add(*half, scale=2).getextrema()[1]
    return float(most) * 4 / 255


def _weigh(press: Press, picture: Picture, image: Any) -> None:
    """A picture that came as ink is only measured: its makers knew what they did, or must know."""
    _weighed(press, picture, _peak(image))


def _weighed(press: Press, picture: Picture, peak: float) -> None:
    press.heaviest = max(press.heaviest, peak * 100)
    if peak > press.inks.limit + 0.02:
        page = picture.spots[0][0] if picture.spots else 0
        press.complain(
            Severity.ERROR,
            "PD023",
            f"trang {page}: hình phủ tới {peak * 100:.0f} % mực, quá {press.spec.ink_limit:g} %",
            "chuyển lại hình từ RGB, để chương trình giữ mức mực",
        )


def _within(image: Any, limit: float) -> Any:
    """Colours give way where the total is over the limit (1 = 100 %); black stays."""
    if _peak(image) <= limit:
        return image
    from PIL import ImageMath

    bands = image.split()
    black = bands[3]
    names = dict(zip("cmyk", bands, strict=True))
    most = int(limit * 255)

    def shrunk(ink: str) -> Any:
        def term(args: dict[str, Any]) -> Any:
            colour = args["c"] + args["m"] + args["y"]
            room = args["min"](most - args["k"], colour)
            return args["convert"](args[ink] * room / args["max"](colour, 1), "L")

        return ImageMath.lambda_eval(term, **names)

    return _merged([*(shrunk(ink) for ink in "cmy"), black])


# ---- reading -------------------------------------------------------------------------------------


def _filter(item: Any) -> Any:
    """The last filter: the one that tells how pixels are stored."""
    import pikepdf

    named = item.get("/Filter")
    if isinstance(named, pikepdf.Array):
        return named[-1] if len(named) else None
    return named


def _decoded(item: Any, found: Space) -> Any:
    """L, RGB or CMYK, 8 bits, with the Decode array applied."""
    if str(_filter(item)) in SAMPLED:
        return _by_library(item, found)
    return _samples(item, found.count, spread=True)


def _by_library(item: Any, found: Space) -> Any:
    import pikepdf
    from PIL import ImageChops

    image: Any = pikepdf.PdfImage(item).as_pil_image()
    wanted = {1: "L", 3: "RGB", 4: "CMYK"}[found.count]
    reverse = _reversed(item)
    if wanted == "CMYK" and str(_filter(item)) == "/DCTDecode":
        reverse = not reverse  # Pillow takes every CMYK JPEG for an inverted one
    if image.mode != wanted:
        image = image.convert(wanted)
    return ImageChops.invert(image) if reverse else image


def _samples(item: Any, count: int, spread: bool) -> Any:
    """Pixels packed in 1, 2, 4, 8 or 16 bits; ``spread`` stretches them to 0–255."""
    from PIL import Image

    size, depth = (int(item.Width), int(item.Height)), int(item.BitsPerComponent)
    data, row = item.read_bytes(), size[0] * count
    if depth == 16:
        data = data[0::2]
    elif depth < 8:
        data = _unpacked(data, row, size[1], depth, spread)
    if len(data) < row * size[1]:
        raise Unreadable("thiếu dữ liệu điểm ảnh")
    image = Image.frombytes({1: "L", 3: "RGB", 4: "CMYK"}[count], size, data[: row * size[1]])
    decode = [float(v) for v in item.get("/Decode", ())]
    if spread and decode and decode != [0.0, 1.0] * count:
        image = image.point(
            [_level(v, *decode[2 * n : 2 * n + 2]) for n in range(count) for v in range(256)]
        )
    return image


def _reversed(item: Any) -> bool:
    decode = item.get("/Decode")
    return bool(decode is not None and float(decode[0]) > 0)


def _level(value: int, low: float, high: float) -> int:
    return int(min(max(low * 255 + value * (high - low), 0), 255) + 0.5)


def _unpacked(data: bytes, row: int, rows: int, depth: int, spread: bool) -> bytes:
    """One byte for each sample; rows begin at byte borders."""
    per, top = 8 // depth, (1 << depth) - 1
    factor = 255 // top if spread else 1
    table = [
        bytes(((byte >> (8 - depth * (n + 1))) & top) * factor for n in range(per))
        for byte in range(256)
    ]
    stride = -(-row // per)
    lines = (data[n * stride : (n + 1) * stride] for n in range(rows))
    return b"".join(b"".join(table[byte] for byte in line)[:row] for line in lines)


def _reduced(item: Any, image: Any, ppi: float) -> Any:
    """At most :data:`PPI` where the picture stands largest."""
    from PIL import Image

    if ppi <= PPI * SLACK or math.isinf(ppi) or "/Mask" in item:
        return image
    share = PPI / ppi
    size = (math.ceil(image.width * share), math.ceil(image.height * share))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _soft_mask(press: Press, item: Any, ppi: float) -> None:
    """Masks stay grey, come down with their picture, and go when they hide nothing."""
    if "/SMask" not in item:
        return
    soft = item.SMask
    if "/Matte" in soft:
        raise UnknownSpace("SMask có Matte")
    mask = _decoded(soft, space(soft.ColorSpace)).convert("L")
    if mask.getextrema()[0] == 255:
        del item.SMask
        return
    own = ppi * min(int(soft.Width) / int(item.Width), int(soft.Height) / int(item.Height))
    smaller = _reduced({}, mask, own)
    if smaller.size != mask.size and not press.opaque:
        _write_grey(soft, smaller, lossy=False)


def _colour_key(press: Press, item: Any, image: Any, found: Space) -> None:
    """A range of colours that is not painted would mean other colours after conversion: it becomes
    a stencil."""
    import pikepdf
    from PIL import Image, ImageChops

    if not isinstance(item.get("/Mask"), pikepdf.Array):
        return
    bounds = [int(v) for v in item.Mask]
    depth = int(item.get("/BitsPerComponent", 8))
    factor = (
        1
        if found.count == 1 and image.mode == "L" and found.family == "/Indexed"
        else (255 // ((1 << min(depth, 8)) - 1))
    )
    hidden = Image.new("L", image.size, 255)
    for n, band in enumerate(image.split()):
        low, high = bounds[2 * n] * factor, bounds[2 * n + 1] * factor
        hidden = ImageChops.multiply(
            hidden, band.point([255 * (low <= v <= high) for v in range(256)])
        )
    stencil = pikepdf.Stream(press.pdf, hidden.convert("1").tobytes())
    stencil.Type, stencil.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stencil.Width, stencil.Height, stencil.ImageMask = image.width, image.height, True
    stencil.BitsPerComponent = 1
    item.Mask = press.pdf.make_indirect(stencil)
