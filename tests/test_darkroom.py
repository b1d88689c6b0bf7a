"""Pictures from phones: turned, silent about people, checked for print."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from bulletin import darkroom
from bulletin.darkroom import Unusable, develop

GPS = {1: "N", 2: (21.0, 49.0, 12.0), 3: "E", 4: (105.0, 13.0, 5.0)}


def photo(
    turn: int = 1, kind: str = "JPEG", size: tuple[int, int] = (1200, 800), **more: object
) -> bytes:
    """A picture whose upper left corner is red, as the camera stored it."""
    image = Image.new("RGB", size, "#3355aa")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), "#dd2222")
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010F] = "HangMay"
    exif[0x013B] = "Nguyen Van A"
    exif.get_ifd(0x8825).update(GPS)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **more)  # type: ignore[arg-type]
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_nothing_of_the_person_stays(kind: str) -> None:
    data = photo(kind=kind)
    assert b"HangMay" in data
    done = develop(f"Ảnh chụp 1.{kind.lower()}", data)
    assert b"HangMay" not in done.data
    assert b"Nguyen" not in done.data
    assert dict(opened(done.data).getexif().get_ifd(0x8825)) == {}
    assert opened(done.data).size == (1200, 800)
    # Pillow writes no place into a TIFF.
    gone = "thông tin về máy chụp" if kind == "TIFF" else "vị trí chụp (GPS)"
    assert f"Đã xóa {gone} ghi trong ảnh." in done.notes
    assert done.name.startswith("anh-chup-1.")


def test_points_of_an_upright_picture_are_not_touched() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        data = photo(kind=kind)
        assert opened(develop("a.jpg", data).data).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize(("turn", "corner"), [(6, (1, 0)), (8, (0, 1)), (3, (1, 1)), (2, (1, 0))])
def test_turned_as_it_was_held(turn: int, corner: tuple[int, int]) -> None:
    done = develop("a.jpg", photo(turn))
    image = opened(done.data)
    assert (
        image.size == (done.width, done.height) == ((800, 1200) if turn in (6, 8) else (1200, 800))
    )
    x, y = (side - 9 if where else 9 for side, where in zip(image.size, corner, strict=True))
    red = image.getpixel((x, y))
    assert isinstance(red, tuple)
    assert red[0] > 180 > red[2]
    assert image.getexif().get(0x0112, 1) == 1
    assert done.notes[0].startswith("Đã xoay")


def test_the_colour_profile_stays() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for turn in (1, 6):
        done = develop("a.jpg", photo(turn, icc_profile=profile))
        assert opened(done.data).info["icc_profile"] == profile


def test_progressive_and_a_second_picture_behind_the_first() -> None:
    first = photo(progressive=True)
    done = develop("a.jpg", first + photo())
    assert b"HangMay" not in done.data
    assert opened(done.data).tobytes() == opened(first).tobytes()
    assert done.data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP"])
def test_what_is_clear_stays_clear(kind: str) -> None:
    """A drawing with a palette, one colour of which is no colour."""
    image = Image.new("P", (900, 600), 1)
    image.putpalette([0, 0, 0, 200, 0, 0])
    image.paste(0, (0, 0, 450, 600))
    out = io.BytesIO()
    image.save(out, kind, **({} if kind == "BMP" else {"transparency": 0}))
    done = develop("a.x", out.getvalue())
    made = opened(done.data).convert("RGBA")
    assert done.name == "a.png"
    assert made.getpixel((800, 9)) == (200, 0, 0, 255)
    assert made.getpixel((9, 9)) == (0, 0, 0, 255 if kind == "BMP" else 0)


def test_a_moving_picture_stands_still_and_that_is_said() -> None:
    frames = [Image.new("RGB", (900, 600), tone) for tone in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], comment=b"Nguyen Van A")
    done = develop("a.gif", out.getvalue())
    assert (done.name, b"Nguyen" in done.data) == ("a.png", False)
    assert darkroom.STILL in done.notes


def test_a_bitmap_that_claims_too_much_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "BMP")
    data = bytearray(out.getvalue())
    data[18:26] = (100_000).to_bytes(4, "little") * 2
    with pytest.raises(Unusable):
        develop("a.bmp", bytes(data))


def test_words_in_a_png_go() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Nguyen Van A")
    out = io.BytesIO()
    Image.new("RGB", (900, 900)).save(out, "PNG", pnginfo=info)
    assert b"Nguyen" not in develop("a.png", out.getvalue()).data


@pytest.mark.parametrize(
    ("width", "words"),
    [(500, "sẽ bị vỡ"), (700, "một cột"), (1400, "cả bề ngang"), (4000, "tràn trang")],
)
def test_size_in_print(width: int, words: str) -> None:
    assert words in develop("a.jpg", photo(size=(width, 300))).notes[-1]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jpg", b"", "rỗng"),
        ("a.jpg", b"khong phai hinh", "hỏng"),
        ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        ("a.jpg", photo()[:9000], "hỏng"),
        ("a.svg", b"<svg><script/></svg>", ""),
        ("a.exe", b"MZ" + b"\0" * 99, "hỏng"),
    ],
)
def test_what_is_no_picture_is_refused(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Unusable) as caught:
        develop(name, data)
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "C:\\x\\y.jpg", "a/b.jpg", "....jpg", "Ảnh Đẹp (1).JPG"]
)
def test_names_are_made_harmless(name: str) -> None:
    done = develop(name, photo())
    assert all(c.isascii() and (c.isalnum() or c in "-.") for c in done.name)
    assert done.name.count(".") == 1
    assert done.name.endswith(".jpg")


def test_another_picture_of_the_same_name() -> None:
    assert darkroom.digest_name("a.jpg", b"1") == darkroom.digest_name("a.jpg", b"1")
    assert darkroom.digest_name("a.jpg", b"1") != darkroom.digest_name("a.jpg", b"2")
