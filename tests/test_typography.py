"""What must not be broken over two lines, on screen and in print."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup

from bulletin.typeset import closed, words


@pytest.mark.parametrize(
    ("given", "web", "printed"),
    [
        ("5 kg", "5\u00a0kg", "5\u00a0kg"),
        ("Điều 34", "Điều\u00a034", "Điều\u00a034"),
        (
            "5–7 ngày",
            '<span class="nb">5–7</span>\u00a0ngày',
            "5\u2060–\u20607\u00a0ngày",
        ),
        (
            "3 – 15 ngày",
            "3\u00a0–\u00a015\u00a0ngày",
            "3\u00a0–\u00a015\u00a0ngày",
        ),
        (
            "tăng 1,5–2,0 lần",
            'tăng <span class="nb">1,5–2,0</span> lần',
            "tăng 1,5\u2060–\u20602,0 lần",
        ),
        ("Hỏi – đáp 5", "Hỏi\u00a0– đáp 5", "Hỏi\u00a0– đáp 5"),
        (
            "đặt 57-NQ/TW.",
            'đặt <span class="nb">57-NQ/TW</span>.',
            "đặt 57\u2060-\u2060NQ\u2060/\u2060TW.",
        ),
        (
            "ngày 01/10/2025",
            'ngày\u00a0<span class="nb">01/10/2025</span>',
            "ngày\u00a001\u2060/\u206010\u2060/\u20602025",
        ),
        ("KH&KT", '<span class="nb">KH&amp;KT</span>', "KH\u2060&amp;\u2060KT"),
        ("a < b", "a &lt; b", "a &lt; b"),
    ],
)
def test_words_are_bound(given: str, web: str, printed: str) -> None:
    assert str(words(given)) == web
    assert str(words(given, "print")) == printed
    assert "\u2060" not in words(given, "feed")


def test_bound_symbols_do_not_break_lines_into_single_words() -> None:
    """In columns, WeasyPrint 70 sets one word per line around nowrap spans."""
    import weasyprint

    sentence = (
        "Luật Khoa học, công nghệ và đổi mới sáng tạo số 93/2025/QH15, có hiệu lực từ ngày "
        "01/10/2025, đã đưa tinh thần ấy vào luật của cả nước. "
    )
    source = (
        "<style>@page{size:120mm 150mm}.nb{white-space:nowrap}div{columns:2}</style>"
        f"<div><p>{words(sentence * 8, 'print')}</p></div>"
    )
    document = weasyprint.HTML(string=source).render()
    lines = [line for page in document.pages for line in _lines(page._page_box)]
    assert len(lines) > 40
    assert [line for line in lines[:-1] if len(line.strip()) < 8] == []
    assert not any(line.rstrip().endswith(("/", "01/10", "93")) for line in lines)


def _lines(box: Any) -> list[str]:
    from weasyprint.formatting_structure.boxes import LineBox

    return [
        "".join(part.text for part in line.descendants() if hasattr(part, "text"))
        for line in box.descendants()
        if isinstance(line, LineBox)
    ]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("Một câu này đủ dài để nó xuống dòng.", "Một câu này đủ dài để nó xuống\u00a0dòng."),
        ("Một câu ngắn thôi.", "Một câu ngắn thôi."),
        ("Xem thêm ở trang của hợp-tác-xã-Hàm-Yên", "Xem thêm ở trang của hợp-tác-xã-Hàm-Yên"),
        ("Nitơ &amp; lân cần xem khi số đo &lt; 5", "Nitơ &amp; lân cần xem khi số đo &lt;\u00a05"),
    ],
)
def test_the_last_short_word_is_not_alone_on_its_line(given: str, made: str) -> None:
    assert str(closed(Markup(given))) == made
