"""Cards and words for sharing: right size, small, no overflow, the same bytes; nothing private."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from conftest import CONFIG, FONTS, Make, article, codes
from PIL import Image

from bulletin.model import Palette
from bulletin.outputs import cards, drawing
from bulletin.pages import SharePack, SocialCard

SERIF = (FONTS / "SourceSerif4-Regular.ttf").read_bytes()
SANS = (FONTS / "BeVietnamPro-SemiBold.ttf").read_bytes()
CARD = SocialCard(
    label="Phổ biến kỹ thuật",
    title="Nuôi lợn nái an toàn sinh học",
    about="",
    gem=("Số", "1", "Tháng 12/2026"),
    name="Khoa học và Kỹ thuật",
    publisher="Liên hiệp các Hội Khoa học và Kỹ thuật",
    palette=Palette("dao", "#B8393A", "#C8443C", "#F3D9D2", "#D9A441", "#F0A09A", "star"),
    band=(".a.", "a.a", ".a."),
    field=(".a..", "asa.", ".a..", "...."),
    headline="",
    small="",
)
LONG = (
    "Hướng dẫn đồng bào vùng cao ủ chua thân ngô, cỏ voi và bã sắn làm thức ăn dự trữ cho trâu bò "
    "qua những đợt rét đậm, rét hại kéo dài trong vụ đông xuân năm nay ở các xã biên giới phía Bắc"
)


def picture(card: SocialCard) -> Image.Image:
    return Image.open(io.BytesIO(cards.draw(card, SERIF, SANS))).convert("RGB")


@pytest.mark.parametrize("title", ["Ế", CARD.title, LONG, "Chữ" * 40, ""])
def test_a_card_has_the_size_that_networks_ask_for_and_is_light(title: str) -> None:
    data = cards.draw(replace(CARD, title=title), SERIF, SANS)
    assert len(data) <= 60_000
    assert Image.open(io.BytesIO(data)).size == (1200, 630)


@pytest.mark.parametrize("title", [LONG, LONG * 3, "Chữ" * 40])
def test_words_stay_clear_of_the_woven_panel(title: str) -> None:
    image = picture(replace(CARD, title=title))
    gutter = image.crop((cards.PANEL - 30, 160, cards.PANEL - 4, 630 - cards.HEM))
    assert gutter.getcolors() == [(gutter.width * gutter.height, gutter.getpixel((0, 0)))]


def test_the_same_card_has_the_same_bytes() -> None:
    assert cards.draw(CARD, SERIF, SANS) == cards.draw(CARD, SERIF, SANS)


def test_a_long_headline_becomes_smaller_and_then_ends_with_an_ellipsis() -> None:
    short = drawing.block(SERIF, "Chè Shan", 700, 300, (80, 60, 40))
    longer = drawing.block(SERIF, LONG, 700, 300, (80, 60, 40))
    cut = drawing.block(SERIF, LONG * 3, 700, 300, (80, 60, 40))
    assert (short.font.size, longer.font.size) == (80, 40)
    assert short.height <= 300
    assert cut.height <= 300
    assert cut.lines[-1].endswith("…")
    assert all(cut.font.getlength(line) <= 700 for line in cut.lines)


def test_lines_are_balanced() -> None:
    block = drawing.block(SERIF, "Giống chè Shan tuyết cổ thụ: giữ", 700, 400, (80,))
    lengths = [block.font.getlength(line) for line in block.lines]
    assert len(lengths) == 2
    assert min(lengths) > 0.6 * max(lengths)


def test_words_for_zalo_and_facebook() -> None:
    pack = SharePack(
        "Tên bài",
        "Câu một. Câu hai! Câu ba.",
        "https://vd.vn/bai/",
        ("chăn nuôi lợn", "AI"),
        "Số 1",
    )
    assert cards.words(pack) == (
        "Tên bài\n\nCâu một. Câu hai!\n\nĐọc bài: https://vd.vn/bai/\n\nSố 1\n\n#ChănNuôiLợn #AI\n"
    )


def test_each_public_page_names_its_card(project: Make) -> None:
    on = {"bulletin.yaml": CONFIG.replace("cards: false", "cards: true")}
    built = project(
        {**on, "content/2026/so-1/nhap.md": article(uid='"2026-1-nhap"', status="draft")}, "hai"
    )
    assert codes(built.build().diagnostics).count("TH009") == 0
    files = built.tree()
    drawn = sorted(name for name in files if name.startswith("site/chia-se/"))
    assert [name.rsplit("-", 1)[0] for name in drawn] == [
        "site/chia-se/2026-so-1",
        "site/chia-se/2026-so-1-mot",
        "site/chia-se/ban-tin",
    ]
    words = files["site/2026/so-1/mot/chia-se.txt"].decode()
    assert "https://example.vn/bantin/2026/so-1/mot/" in words
    assert not [name for name in files if "nhap" in name]


def test_no_cards_where_the_office_wants_none(project: Make) -> None:
    built = project()
    built.build()
    assert not [name for name in built.tree() if "chia-se" in name]
