"""One image file becomes facts; an SVG becomes a harmless one."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from conftest import Make, article, at
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bulletin import picture
from bulletin.codec import digest
from bulletin.diag import Report
from bulletin.model import Picture

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
COVER = "{file: %s, alt: Hình thử, credit: Ban biên tập}"


def bitmap(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def photo(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def frames(kind: str, count: int) -> bytes:
    images = [Image.new("L", (2, 2), n % 250) for n in range(count)]
    out = io.BytesIO()
    images[0].save(out, kind, save_all=True, append_images=images[1:])
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few hundred bytes that says that it is ``side`` pixels square."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def svg(inner: str, box: str = "0 0 10 20") -> bytes:
    return f'{HEAD}viewBox="{box}">{inner}</svg>'.encode()


def read(path: str, data: bytes) -> tuple[Picture | None, list[tuple[str, str, str]]]:
    report = Report()
    made = picture.read(path, data, report)
    assert all(item.hint and str(item.place) == path for item in report.items)
    return made, [(item.code, item.severity.name, item.message) for item in report.items]


BROKEN = ("IM013", "ERROR", "tệp hình hỏng hoặc không phải hình")


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        pytest.param("a.png", b"", ("IM010", "ERROR", "tệp hình rỗng"), id="M02-0-bytes"),
        pytest.param("a.jpg", "chữ thường".encode(), BROKEN, id="M02-text"),
        pytest.param(
            "a.jpg",
            b"\0\0\0\x18ftypheic" + bytes(99),
            ("IM013", "ERROR", "hình ở dạng HEIC/AVIF, chương trình không đọc"),
            id="M02-heic",
        ),
        pytest.param("a.png", bitmap("PNG", size=(300, 300))[:-40], BROKEN, id="M02-png-cut-off"),
        pytest.param("a.jpg", bitmap("JPEG", size=(300, 300))[:700], BROKEN, id="M02-jpeg-cut-off"),
        pytest.param("a.png", bitmap("BMP"), BROKEN, id="M02-bmp"),
        pytest.param(
            "a.png",
            bomb(20_000),
            ("IM012", "ERROR", "hình quá lớn (hàng trăm triệu điểm ảnh)"),
            id="M03-20000-square",
        ),
        pytest.param(
            "a.png",
            bomb(10_000),
            ("IM012", "ERROR", "hình quá lớn (10000×10000 điểm ảnh, 1 khung)"),
            id="M03-10000-square",
        ),
        pytest.param("a.png", bomb(7000), BROKEN, id="M03-7000-square-without-pixels"),
        pytest.param(
            "a.gif",
            frames("GIF", 250),
            ("IM012", "ERROR", "hình quá lớn (2×2 điểm ảnh, 250 khung)"),
            id="M04-gif-of-250-frames",
        ),
        pytest.param(
            "a.png",
            frames("PNG", 250),
            ("IM012", "ERROR", "hình quá lớn (2×2 điểm ảnh, 250 khung)"),
            id="M04-png-of-250-frames",
        ),
    ],
)
def test_pictures_that_are_refused(path: str, data: bytes, expected: tuple[str, str, str]) -> None:
    assert read(path, data) == (None, [expected])


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("a.jpg", bitmap("PNG"), "png"),
        ("a.png", bitmap("JPEG"), "jpeg"),
        ("a.PNG", bitmap("WEBP"), "webp"),
        ("a.tif", bitmap("GIF", "P"), "gif"),
    ],
)
def test_m02_a_wrong_suffix_is_a_warning_and_the_kind_is_the_real_one(
    path: str, data: bytes, kind: str
) -> None:
    made, found = read(path, data)
    assert made is not None
    assert made == Picture(path, digest(data), kind, 40, 30, made.mode, made.tone)
    message = f"tệp mang đuôi .{path[2:]} nhưng bên trong là {kind.upper()}"
    assert found == [("IM014", "WARNING", message)]


@pytest.mark.parametrize(
    ("path", "data", "kind", "mode"),
    [
        ("a.jpg", bitmap("JPEG", "CMYK"), "jpeg", "CMYK"),
        ("A.JPEG", bitmap("JPEG"), "jpeg", "RGB"),
        ("a.png", bitmap("PNG", "I;16"), "png", "I;16"),
        ("a.png", bitmap("PNG", "P", transparency=0), "png", "P"),
        ("a.png", bitmap("PNG", "LA"), "png", "LA"),
        ("a.png", bitmap("PNG", "L", icc_profile=b"x" * 200), "png", "L"),
        ("a.webp", bitmap("WEBP", "RGBA"), "webp", "RGBA"),
        ("a.gif", bitmap("GIF", "P"), "gif", "P"),
        ("a.tiff", bitmap("TIFF", "CMYK"), "tiff", "CMYK"),
    ],
)
def test_m07_facts_of_every_kind(path: str, data: bytes, kind: str, mode: str) -> None:
    made, found = read(path, data)
    tone = made.tone if made else ""
    assert (made, found) == (Picture(path, digest(data), kind, 40, 30, mode, tone), [])


@pytest.mark.parametrize(
    ("data", "tone"),
    [
        (photo((200, 30, 40)), "tb33"),
        (photo((30, 60, 250)), "t33e"),
        (bitmap("PNG", "L"), "t333"),
        (bitmap("JPEG", "CMYK"), "teee"),
        (bitmap("PNG", "RGBA"), ""),
        (bitmap("PNG", "P", transparency=0), ""),
        (bitmap("PNG", "I;16"), ""),
    ],
)
def test_the_colour_that_holds_the_place_of_a_picture(data: bytes, tone: str) -> None:
    made, _ = read("a.png", data)
    assert made is not None
    assert made.tone == tone


def test_a_picture_turned_by_the_camera_has_turned_sides() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made, _ = read("a.jpg", bitmap("JPEG", exif=exif))
    assert made is not None
    assert (made.width, made.height) == (30, 40)


@pytest.mark.parametrize(
    ("changed", "line", "column"),
    [
        (article(cover=COVER % "khong-co.svg"), 12, 15),
        (article(body="Xem ![hình](khong-co.svg)."), 14, 5),
        (article(body=":::figure khong-co.svg\nalt: a\ncredit: b\n:::"), 14, 11),
    ],
)
def test_m05_a_missing_picture_stops_the_build(
    project: Make, changed: str, line: int, column: int
) -> None:
    outcome = project({"content/2026/so-1/mot.md": changed}).build()
    item = at(outcome.diagnostics, "IM005")
    assert outcome.failed
    assert outcome.tree == {}
    assert (item.place.path, item.place.line) == ("content/2026/so-1/mot.md", line)
    assert item.place.column == column
    assert item.message == "không có hình «khong-co.svg»"


# ---- SVG ---------------------------------------------------------------------------------------

DOCTYPE = "SVG có khai báo DOCTYPE hoặc ENTITY"
XXE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(XXE.encode() + svg("<text>&x;</text>"), DOCTYPE, id="M10-external-entity"),
        pytest.param(LAUGHS.encode() + svg("<text>&b;</text>"), DOCTYPE, id="M10-billion-laughs"),
        pytest.param(b"<!DOCTYPE svg>" + svg(""), DOCTYPE, id="M10-document-type"),
        pytest.param(
            f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}{svg("<text>&b;</text>").decode()}'.encode(
                "utf-16"
            ),
            DOCTYPE,
            id="M10-entities-hidden-by-utf-16",
        ),
        pytest.param(svg("<g>" * 80 + "</g>" * 80), "SVG lồng quá sâu", id="deep"),
        pytest.param(b"<svg", "SVG sai cú pháp XML ở dòng 1, cột 1", id="not-closed"),
        pytest.param(
            svg("\n<text>&nbsp;</text>"), "SVG sai cú pháp XML ở dòng 2, cột 7", id="unknown-entity"
        ),
        pytest.param(b"<html/>", "tệp không phải SVG (thiếu xmlns hoặc thẻ svg)", id="html"),
        pytest.param(
            b'<svg viewBox="0 0 1 1"/>', "tệp không phải SVG (thiếu xmlns hoặc thẻ svg)", id="no-xmlns"
        ),
        pytest.param(svg("", "0 0"), "SVG thiếu viewBox", id="no-box"),
        pytest.param(svg("", "0 0 -1 5"), "viewBox của SVG không hợp lệ", id="negative-box"),
        pytest.param(svg("", "0 0 nan inf"), "viewBox của SVG không hợp lệ", id="box-not-a-number"),
        pytest.param(svg(" " * 1_500_000), "SVG lớn hơn 1500 kB", id="large"),
    ],
)  # fmt: skip
def test_svg_files_that_are_refused(data: bytes, message: str) -> None:
    assert read("a.svg", data) == (None, [("IM015", "ERROR", message)])


LOOP = "use lặp vòng, hoặc dùng lại quá 20000 phần tử"
GROWTH = '<g id="a0"><rect/></g>' + "".join(
    f'<g id="a{n + 1}"><use href="#a{n}"/><use href="#a{n}"/></g>' for n in range(25)
)


@pytest.mark.parametrize(
    ("inner", "problem"),
    [
        ("<script>alert(1)</script>", "phần tử <script>"),
        ("<style>*{}</style>", "phần tử <style>"),
        ("<foreignObject/>", "phần tử <foreignObject>"),
        ('<image href="#a"/>', "phần tử <image>"),
        ('<g xmlns:i="urn:i"><i:rect/></g>', "phần tử <rect>"),
        ('<rect onload="x()"/>', "thuộc tính onload"),
        ('<rect style="fill:red"/>', "thuộc tính style"),
        ('<rect xmlns:z="urn:z" z:fill="red"/>', "thuộc tính fill"),
        ('<use href="http://x#a"/>', "địa chỉ ngoài (href)"),
        ('<use xlink:href="a.svg#a"/>', "địa chỉ ngoài (href)"),
        ('<rect fill="url(http://x)"/>', "địa chỉ ngoài (url)"),
        ('<rect fill="URL(http://x)"/>', "địa chỉ ngoài (url)"),
        ('<rect fill="u\\72l(http://x)"/>', "địa chỉ ngoài (url)"),
        ('<rect fill="url(#g) url(http://x)"/>', "địa chỉ ngoài (url)"),
        ("<rect fill=\"image-set('x.png' 1x)\"/>", "địa chỉ ngoài (url)"),
        ('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>', LOOP),
        ('<use id="a" href="#a"/>', LOOP),
        ('<g id="a"><g><use xlink:href="#a"/></g></g>', LOOP),
        (GROWTH, LOOP),
    ],
)
def test_m10_what_is_not_drawing(inner: str, problem: str) -> None:
    made, found = read("a.svg", svg(inner))
    assert made is not None
    assert found == [("IM016", "ERROR", f"SVG có {problem}")]
    cleaned = picture.clean_svg(svg(inner), "p-")
    for word in (
        "script",
        "style",
        "foreignObject",
        "<image",
        "onload",
        "http://x",
        "a.svg",
        "x.png",
    ):
        assert word not in cleaned


@pytest.mark.timeout(60)
def test_m10_a_long_chain_of_uses_ends() -> None:
    inner = '<rect id="a0"/>' + "".join(f'<use id="a{n + 1}" href="#a{n}"/>' for n in range(30_000))
    assert read("a.svg", svg(inner))[1] == [("IM016", "ERROR", f"SVG có {LOOP}")]


def test_m10_use_that_is_right() -> None:
    inner = '<defs><g id="a"><rect/></g></defs><use href="#a"/><use xlink:href="#a"/>'
    made, found = read("a.svg", svg(inner))
    assert found == []
    assert made == Picture("a.svg", digest(svg(inner)), "svg", 10, 20, "vector")


NUMBERED = [
    ("<text>Gọi 0912 345 678</text>", [(1, "Gọi 0912 345 678")]),
    ("\n<text x='1'>\n<tspan>0912</tspan><tspan>345 678</tspan></text>", [(2, "0912 345 678")]),
    ("<text>Gọi <tspan>091</tspan><tspan>2345678</tspan></text>", [(1, "Gọi 0912345678")]),
    ("<g>\n<title>Ông A, 034085012345</title></g>", [(2, "Ông A, 034085012345")]),
    ("\n\n<rect aria-label='STK: 19001234567'/>", [(3, "STK: 19001234567")]),
    ("<!-- Mã số thuế 8012345678 --><rect/>", [(1, "Mã số thuế 8012345678")]),
    ("<text>113, 1800 1091; năm 2026</text><text>0</text><text>912345678</text>", []),
    ("<path d='M0912 345 678'/><rect id='n0912345678' width='0912345678'/>", []),
]


@pytest.mark.parametrize(("inner", "numbers"), NUMBERED)
def test_numbers_of_people_in_the_words_of_a_drawing(
    inner: str, numbers: list[tuple[int, str]]
) -> None:
    made, found = read("a.svg", svg(inner))
    assert found == []
    assert made is not None
    assert list(made.numbers) == numbers


def test_cleaned_svg() -> None:
    data = svg(
        "<!-- x --><?y z?><title>T</title>\n"
        '<rect id="a" width="1" fill="url(#g)" clip-path="url( \'#c\' )" data-x="1"/>'
        '<text x="1" xml:space="preserve">Chữ <tspan>đậm</tspan> &lt;sau&gt;<![CDATA[<b>]]></text>'
        '<use xlink:href="#a"/>'
    )
    assert picture.clean_svg(data, "p-") == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20">'
        '<rect id="p-a" width="1" fill="url(#p-g)" clip-path="url( \'#p-c\' )"/>'
        '<text x="1">Chữ <tspan>đậm</tspan> &lt;sau&gt;&lt;b&gt;</text>'
        '<use href="#p-a"/></svg>'
    )


def test_cleaned_attributes_are_escaped_and_never_twice() -> None:
    data = svg('<rect fill="a&quot; onload=&quot;x"/><use href="#a" xlink:href="#b"/>')
    assert picture.clean_svg(data, "") == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20">'
        '<rect fill="a&quot; onload=&quot;x"/><use href="#a"/></svg>'
    )


def test_fonts_of_a_drawing_become_the_fonts_of_the_theme() -> None:
    data = svg('<text font-family="Source Serif 4">a</text><text font-family="Arial">b</text>')
    cleaned = picture.clean_svg(data, "")
    assert 'font-family="LHH Serif, serif"' in cleaned
    assert 'font-family="LHH Sans, sans-serif"' in cleaned


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.sampled_from(["a.png", "a.jpg", "a.svg", "a.gif", "a"]), st.binary(max_size=80))
def test_no_bytes_make_reading_raise(path: str, data: bytes) -> None:
    made, found = read(path, data)
    assert (made is None) == any(severity == "ERROR" for _, severity, _ in found)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(0, 500), st.integers(0, 255), st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]))
def test_a_damaged_picture_never_makes_reading_raise(where: int, byte: int, kind: str) -> None:
    data = bytearray(bitmap(kind))
    data[where % len(data)] = byte
    made, found = read("a.png", bytes(data))
    assert made is not None or [severity for _, severity, _ in found] == ["ERROR"]
