"""The finished PDF is read against the law: each duty with a file that fails it and one that does not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bulletin import finished
from bulletin.finished import Wanted

FONT = Path(__file__).parent.parent / "themes" / "lhh" / "fonts" / "SourceSerif4-Regular.ttf"
NOTE = "Bài được soạn với sự trợ giúp của công cụ AI, Ban biên tập đọc lại."
HEAD = "<p>BẢN TIN</p><h1>Khoa học <br>và Kỹ thuật</h1><p>Liên hiệp Hội tỉnh</p>"
DATE = "<p>Tuyên Quang, ngày 25 tháng 3 năm 2026</p>"
LAST = (
    "<p>Giấy phép số 37/GP-XBBT ngày 16 tháng 6 năm 2025</p><p>Nơi in: Nhà in thử</p>"
    "<p>Số lượng: 100 bản</p><p>Kỳ hạn: 03 tháng/kỳ</p><p>Chịu trách nhiệm: Người thử</p>"
)
WANTED = Wanted(
    name="Khoa học và Kỹ thuật",
    publisher="Liên hiệp Hội tỉnh",
    date=("ngày 25 tháng 3 năm 2026", "25/3/2026"),
    imprint=(
        ("số giấy phép", ("37/GP-XBBT",)),
        ("ngày giấy phép", ("16/6/2025", "ngày 16 tháng 6 năm 2025")),
        ("nơi in", ("Nhà in thử",)),
        ("số lượng", ("100 bản",)),
        ("kỳ hạn xuất bản", ("03 tháng/kỳ",)),
        ("người chịu trách nhiệm xuất bản", ("Người thử",)),
    ),
    labels=(("Bài một", NOTE),),
    width=190,
    height=270,
    pages=64,
)


def pdf(
    first: str = HEAD + DATE, body: str = NOTE, last: str = LAST, size: str = "190mm 270mm"
) -> bytes:
    import weasyprint

    pages = "".join(f'<section style="break-after:page">{part}</section>' for part in (first, body))
    style = (
        f"@page{{size:{size};margin:15mm}}"
        f"@font-face{{font-family:F;src:url({FONT.as_uri()})}}body{{font-family:F}}"
    )
    made = weasyprint.HTML(
        string=f"<style>{style}</style>{pages}<section>{last}</section>"
    ).write_pdf()
    assert isinstance(made, bytes)
    return made


def codes(data: bytes, wanted: Wanted = WANTED) -> list[tuple[str, int]]:
    return [(fault.code, fault.page) for fault in finished.look(data, wanted)]


def test_a_lawful_file_passes() -> None:
    assert codes(pdf()) == []


@pytest.mark.parametrize(
    "first",
    [
        HEAD,
        HEAD + DATE.replace("25", "26"),
        DATE + HEAD,
        HEAD.replace("BẢN TIN", "TẠP CHÍ") + DATE,
        HEAD.replace("Kỹ thuật", "Đời sống") + DATE,
        HEAD.replace("Liên hiệp Hội tỉnh", "") + DATE,
        '<div style="height:140mm"></div>' + HEAD + DATE,
    ],
)
def test_the_masthead(first: str) -> None:
    found = codes(pdf(first))
    assert found
    assert set(found) == {("LG020", 1)}


@pytest.mark.parametrize(
    "wrong",
    ["37/GP-XBBT", "16 tháng 6", "Nhà in thử", "100 bản", "03 tháng/kỳ", "Người thử"],
)
def test_the_imprint(wrong: str) -> None:
    assert codes(pdf(last=LAST.replace(wrong, "…"))) == [("LG021", 3)]


def test_the_imprint_stands_at_the_end() -> None:
    assert codes(pdf(last=LAST + "<p>Trang web và quyền sử dụng nội dung.</p>")) == []
    assert codes(pdf(last=LAST + "<p>" + "Chuyện vui cuối số. " * 60 + "</p>")) == [("LG021", 3)]


def test_trim_and_pages() -> None:
    assert ("LG002", 1) in codes(pdf(size="210mm 297mm"))
    assert codes(pdf(size="180mm 260mm")) == []
    few = dataclasses.replace(WANTED, pages=2)
    assert codes(pdf(), few) == [("LG003", 0)]


def test_the_label_of_ai() -> None:
    assert codes(pdf(body="Bài không nói gì.")) == [("LG022", 0)]
    assert codes(pdf(body="Bài."), dataclasses.replace(WANTED, labels=())) == []


def test_personal_data() -> None:
    body = f"{NOTE}<p>Gọi 0912 345 678.</p>"
    assert codes(pdf(body=body)) == [("LG010", 2)]
    assert codes(pdf(body=body), dataclasses.replace(WANTED, public=("0912345678",))) == []
    assert codes(pdf(body=f"{NOTE}<p>Gọi 113, năm 2026, số 04/2010/TT-BNN.</p>")) == []


def test_no_pdf_is_the_business_of_the_preflight() -> None:
    assert finished.look(b"%PDF-1.7 hong", WANTED) == ()
