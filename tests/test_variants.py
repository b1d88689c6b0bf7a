"""Pictures for the web: turned, in sRGB, without a trace of place or person, and reproducible."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from conftest import LIGHT, WORDS, Make, article
from PIL import Image, ImageChops, ImageStat

from bulletin import workers
from bulletin.outputs import variants
from bulletin.responsive import tone_rules

RED, BLUE = (200, 30, 40), (20, 60, 200)
FORMS = ("avif", "webp", "jpg", "png")


def halves(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def phone() -> bytes:
    """What a phone held upright writes: lying pixels, a note to turn them, and where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Máy kín"
    exif.get_ifd(0x8825)[2] = (22.0, 49.0, 12.0)
    return saved(halves(), "JPEG", exif=exif, quality=95)


def shown(data: bytes, form: str, width: int = 400) -> Image.Image:
    return Image.open(io.BytesIO(variants.encode(data, form, width)))


def near(a: Any, b: tuple[int, ...]) -> bool:
    return all(abs(x - y) <= 14 for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("form", FORMS)
def test_a_photo_of_a_phone_is_turned_and_says_nothing_of_the_place(form: str) -> None:
    data = variants.encode(phone(), form, 400)
    image = Image.open(io.BytesIO(data))
    assert image.size == (80, 120)
    plain = image.convert("RGB")
    assert near(plain.getpixel((40, 20)), RED)
    assert near(plain.getpixel((40, 100)), BLUE)
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    assert "Máy kín".encode() not in data


@pytest.mark.parametrize("form", ["avif", "webp", "png"])
def test_what_is_clear_stays_clear(form: str) -> None:
    image = halves(mode="RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    made = shown(saved(image, "PNG"), form)
    assert made.mode == "RGBA"
    assert made.getchannel("A").getextrema()[0] < 10


def test_what_is_clear_becomes_white_where_nothing_can_be_clear() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert near(shown(saved(image, "PNG"), "jpg").getpixel((20, 20)), (255, 255, 255))


@pytest.mark.parametrize("form", FORMS)
def test_a_photo_in_four_inks_becomes_light(form: str) -> None:
    image = Image.new("CMYK", (60, 40), (0, 255, 255, 0))
    made = shown(saved(image, "JPEG", quality=95), form).convert("RGB")
    assert near(made.getpixel((30, 20)), (255, 0, 0))


@pytest.mark.parametrize("form", FORMS)
def test_sixteen_bits_become_eight(form: str) -> None:
    image = Image.new("I;16", (60, 40), 128 * 257)
    assert near(shown(saved(image, "PNG"), form).convert("RGB").getpixel((30, 20)), (128,) * 3)


def test_a_picture_is_made_smaller_and_never_larger() -> None:
    data = saved(halves(), "PNG")
    assert [shown(data, "webp", width).size for width in (60, 120, 400)] == [
        (60, 40),
        (120, 80),
        (120, 80),
    ]


def detailed(size: tuple[int, int]) -> Image.Image:
    """Soft shapes with grain over them."""
    soft = Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 60)
    return Image.blend(soft, Image.effect_noise(size, 40), 0.2).convert("RGB")


@pytest.mark.parametrize("turned", [1, 6])
@pytest.mark.parametrize("width", [97, 240, 480, 700, 1003])
def test_a_large_jpeg_is_read_smaller_and_looks_the_same(turned: int, width: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    whole = detailed((1203, 1101))
    data = saved(whole, "JPEG", quality=95, exif=exif)
    full = whole.transpose(Image.Transpose.ROTATE_270) if turned == 6 else whole
    expected = (width, max(1, round(full.height * width / full.width)))
    read, size = variants.upright(data, width)
    assert size == full.size
    assert read.width >= min(2 * width, full.width)
    assert (read.width < full.width) == (width <= full.width // 4), "halves, quarters, eighths"
    made = shown(data, "png", width)
    assert made.size == expected
    plain = full.resize(expected, Image.Resampling.LANCZOS)
    apart = ImageStat.Stat(ImageChops.difference(made.convert("RGB"), plain)).mean
    assert max(apart) < 4, "as if the whole had been read"


@pytest.mark.parametrize("form", FORMS)
def test_the_same_picture_has_the_same_bytes(form: str) -> None:
    noise = Image.effect_noise((700, 500), 60).convert("RGB")
    data = saved(noise, "PNG")
    assert variants.encode(data, form, 640) == variants.encode(data, form, 640)


def test_pages_and_pictures_do_not_depend_on_the_number_of_workers(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "POOL_THRESHOLD", 0)
    files = {
        **LIGHT,
        "content/2026/so-1/anh.jpg": saved(
            Image.effect_noise((900, 600), 60).convert("RGB"), "JPEG"
        ),
        "content/2026/so-1/mot.md": article(body=f"{WORDS} Xem ![ảnh](anh.jpg) này."),
    }
    trees = []
    for count in (1, 3):
        made = project(files, f"duan-{count}")
        assert not made.build(workers=count).failed
        trees.append(made.tree())
    assert trees[0] == trees[1]
    names = [name for name in trees[0] if name.startswith("site/hinh/")]
    sizes = {re.sub(r".*-(\d+)\.", r"\1.", name) for name in names}
    assert sizes == {f"{w}.{f}" for w in (480, 800, 900) for f in ("avif", "webp")} | {"900.jpg"}
    page = trees[0]["site/2026/so-1/mot/index.html"].decode()
    used = set(re.findall(r"hinh/[\w.-]+", page))
    assert {f"site/{url}" for url in used} == set(names)


def test_a_picture_that_nothing_changed_is_not_made_again(project: Make) -> None:
    made = project(
        {
            **LIGHT,
            "content/2026/so-1/anh.jpg": phone(),
            "content/2026/so-1/mot.md": article(body=f"{WORDS} Xem ![ảnh](anh.jpg) này."),
        }
    )
    first = made.build().made
    made.write("content/2026/so-1/mot.md", article(body=f"{WORDS} Lại xem ![ảnh](anh.jpg) này."))
    again = made.build().made
    assert any(path.startswith("site/hinh/") for path in first)
    assert not any(path.startswith("site/hinh/") for path in again)


def test_the_stylesheet_has_every_tone() -> None:
    rules = tone_rules()
    assert rules.count("{") == 64
    assert ".t37b{background:#37b}" in rules
