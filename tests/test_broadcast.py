"""Texts for loudspeakers: every kind of figure and symbol read out, nothing guessed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from conftest import AS_OF, LIGHT, Make, article
from hypothesis import given
from hypothesis import strategies as st

from bulletin import archive, broadcast, codec
from bulletin.broadcast import Script, paper
from bulletin.broadcast.pieces import of_issue
from bulletin.broadcast.reader import CLOSE, OPEN, Reader
from bulletin.build import prepare
from bulletin.diag import Report, Severity
from bulletin.outlets import Broadcast
from bulletin.store import Store


@pytest.mark.parametrize(
    ("written", "said"),
    [
        # numbers
        ("1.234.567,5 đồng", "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy phẩy năm đồng"),
        ("21 con, 15 hộ, 24 ô, 104 cây", "hai mươi mốt con, mười lăm hộ, hai mươi tư ô, một trăm linh bốn cây"),
        ("0,05 và 2,75", "không phẩy không năm và hai phẩy bảy mươi lăm"),
        ("Phụ lục 01", "Phụ lục không một"),
        ("âm −5 °C", "âm âm năm độ C"),
        # ranges
        ("3–5 con", "ba đến năm con"),
        ("từ 0,3-0,5 kg", "từ không phẩy ba đến không phẩy năm ki-lô-gam"),
        ("2–8 °C", "hai đến tám độ C"),
        ("2025–2030", "hai nghìn không trăm hai mươi lăm đến hai nghìn không trăm ba mươi"),
        # units
        ("80%", "tám mươi phần trăm"),
        ("20 kg/sào", "hai mươi ki-lô-gam mỗi sào"),
        ("5.000 đồng/kg", "năm nghìn đồng mỗi ki-lô-gam"),
        ("60 km/h", "sáu mươi ki-lô-mét một giờ"),
        ("100m² và 3 m3", "một trăm mét vuông và ba mét khối"),
        ("tính theo kg", "tính theo ki-lô-gam"),
        # dates and times
        ("ngày 09/3/2026", "ngày chín tháng ba năm hai nghìn không trăm hai mươi sáu"),
        ("Từ 01/4/2026", "Từ ngày một tháng tư năm hai nghìn không trăm hai mươi sáu"),
        ("tháng 4/2026", "tháng tư năm hai nghìn không trăm hai mươi sáu"),
        ("số 3/2026", "số ba, năm hai nghìn không trăm hai mươi sáu"),
        ("quý I/2026", "quý một năm hai nghìn không trăm hai mươi sáu"),
        ("trước 15/12", "trước ngày mười lăm tháng mười hai"),
        ("chào mừng 18/5", "chào mừng ngày mười tám tháng năm"),
        ("7h30 hoặc 8 giờ 15 phút", "bảy giờ ba mươi phút hoặc tám giờ mười lăm phút"),
        ("lúc 7:30", "lúc bảy giờ ba mươi phút"),
        # shares and ratios
        ("bón 1/3 lượng phân", "bón một phần ba lượng phân"),
        ("pha 1:10", "pha một trên mười"),
        ("≥ 5 con, >80%", "từ năm con, trên tám mươi phần trăm"),
        ("2 × 3 = 6", "hai nhân ba bằng sáu"),
        # telephone
        ("gọi 114", "gọi một một bốn"),
        ("có 114 ngày", "có một trăm mười bốn ngày"),
        ("điện thoại 0207 382 1234", "điện thoại không hai không bảy, ba tám hai, một hai ba bốn"),
        # law
        ("Nghị quyết số 57-NQ/TW", "Nghị quyết số năm mươi bảy của Trung ương"),
        ("Nghị quyết 57-NQ/TW", "Nghị quyết số năm mươi bảy của Trung ương"),
        ("theo 57-NQ/TW", "theo nghị quyết số năm mươi bảy của Trung ương"),
        ("Quyết định số 1169/QĐ-TTg", "Quyết định số một nghìn một trăm sáu mươi chín của Thủ tướng Chính phủ"),
        ("NĐ 30/2020/NĐ-CP", "nghị định số ba mươi, năm hai nghìn không trăm hai mươi, của Chính phủ"),
        ("Luật số 79/2015/QH13", "Luật số bảy mươi chín, năm hai nghìn không trăm mười lăm, Quốc hội khóa mười ba"),
        ("Giấy phép số 37/GP-XBBT", "Giấy phép số ba mươi bảy"),
        (
            "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị",
            "Nghị quyết số năm mươi bảy ngày hai mươi hai tháng mười hai năm hai nghìn không trăm hai mươi tư của Bộ Chính trị",
        ),
        # Roman numerals
        ("lần thứ XIV, lần thứ I, khóa XV", "lần thứ mười bốn, lần thứ nhất, khóa mười lăm"),
        ("Thế kỷ XXI", "Thế kỷ hai mươi mốt"),
        # abbreviations
        ("UBND xã, KH&CN", "Ủy ban nhân dân xã, khoa học và công nghệ"),
        ("hợp tác xã (HTX) và HTX khác", "hợp tác xã và hợp tác xã khác"),
        ("PGS.TS. Nguyễn Văn A", "phó giáo sư tiến sĩ Nguyễn Văn A"),
        ("cám, rau, v.v.", "cám, rau, vân vân"),
        ("LIÊN HIỆP CÁC HỘI KHOA HỌC", "LIÊN HIỆP CÁC HỘI KHOA HỌC"),
        ("công nghiệp 4.0", "công nghiệp bốn chấm không"),
        ("tháng 4, thứ 4, thứ 2", "tháng tư, thứ tư, thứ hai"),
    ],
)  # fmt: skip
def test_what_is_sure_is_read_out(written: str, said: str) -> None:
    reader = Reader()
    assert reader.read(written) == said
    assert reader.doubts == []


@pytest.mark.parametrize(
    ("written", "quote", "code"),
    [
        ("còn 3/4 và", "3/4", "PT002"),
        ("ngày 31/02/2026", "31/02/2026", "PT002"),
        ("mở 6:30", "6:30", "PT002"),
        ("giá 3,000 đồng", "3,000", "PT002"),
        ("1.5 triệu", "1.5", "PT002"),
        ("17-3", "17-3", "PT002"),
        ("mã 123456789", "123456789", "PT002"),
        ("mạng 5G", "5G", "PT002"),
        ("lúc 25:70", "25:70", "PT002"),
        ("sản phẩm OCOP", "OCOP", "PT001"),
        ("XIV là", "XIV", "PT003"),
        ("số 12/ABC-XYZ", "12/ABC-XYZ", "PT003"),
        ("QCVN 01-14:2010/BNNPTNT", "QCVN 01-14:2010/BNNPTNT", "PT003"),
        ("vi khuẩn coli", "coli", "PT004"),
        ("vào https://a.vn/b.", "https://a.vn/b", "PT005"),
        ("gửi a@b.vn", "a@b.vn", "PT005"),
        ("xã/phường", "/", "PT006"),
        ("A → B", "→", "PT006"),
    ],
)
def test_what_has_two_readings_is_never_guessed(written: str, quote: str, code: str) -> None:
    reader = Reader()
    said = reader.read(written)
    assert f"{OPEN}{quote}{CLOSE}" in said
    assert [(doubt.quote, doubt.code) for doubt in reader.doubts] == [(quote, code)]


def test_the_board_has_the_last_word() -> None:
    reader = Reader({"OCOP": "ô-cốp", "HTX": "hợp tác", "coli": "cô-li"}, "lẻ")
    assert reader.read("OCOP, HTX, coli, 105") == "ô-cốp, hợp tác, cô-li, một trăm lẻ năm"


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_accident(source: str) -> None:
    Reader().read(source)


@given(st.text(alphabet="0123456789./,:-–% kgmNQTWĐ", max_size=25))
def test_no_figure_is_left_outside_of_the_marks(source: str) -> None:
    import re

    said = Reader().read(source)
    assert not re.search(r"\d", re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", "", said))


BODY = """\
Câu mở.

## Cách làm

- ý một
- ý hai

1. bước đầu
2. bước sau

:::steps Trộn phân
1. Đảo 2 lần.
2. Để yên.
:::

| Vụ | Lượng |
|---|---|
| Xuân | 20 kg |
| Mùa | |

Tính $a+b$ rồi[^1] gõ `lệnh`.

:::qa Khi nào bón?
Sau mưa.
:::

[^1]: Ghi chú.
"""


def scripts(project: Make, body: str, **fields: str) -> tuple[Script, ...]:
    made = project({**LIGHT, "content/2026/so-1/mot.md": article(body=body, **fields)})
    report = Report()
    with Store(made.root / "memo") as store:
        ready = prepare(made.root, store, "tools", AS_OF, False, report)
        assert ready is not None, report.items
        (issue,) = ready.assembly.catalog.issues
        starts = {p.path: ready.assembly.place(p.path, "body").line for p in issue.pieces}
        load: Any = lambda digest: codec.nodes_from(store.blobs.load(digest))  # noqa: E731
        found = of_issue("Khoa học", Broadcast(), starts, issue, load)
        return tuple(script for _, script in found)


def test_blocks_become_sentences(project: Make) -> None:
    (script,) = scripts(project, BODY)
    assert [line.words for line in script.lines] == [
        "Bài một.",
        "Câu mở đầu.",
        "Câu mở.",
        "Cách làm.",
        "ý một",
        "ý hai",
        "Một là: bước đầu",
        "Hai là: bước sau",
        "Trộn phân.",
        "Bước một: Đảo hai lần.",
        "Bước hai: Để yên.",
        "Vụ: Xuân; Lượng: hai mươi ki-lô-gam.",
        "Vụ: Mùa.",
        "Tính (công thức, xem ghi chú) rồi gõ (mã, xem ghi chú).",
        "Hỏi: Khi nào bón?",
        "Trả lời: Sau mưa.",
    ]
    assert [note.code for note in script.notes] == ["PT009", "PT009", "PT007"]
    assert "a cộng b" in script.notes[0].hint
    assert script.lines[0].form == "title"


def test_doubts_have_the_place_in_the_file(project: Make) -> None:
    (script,) = scripts(project, "Câu một.\n\nCó OCOP ở đây.")
    (note,) = script.notes
    text = article(body="Câu một.\n\nCó OCOP ở đây.")
    assert text.split("\n")[note.place.line - 1] == "Có OCOP ở đây."
    assert note.place.path == "content/2026/so-1/mot.md"
    assert note.severity is Severity.WARNING


def test_a_table_too_big_to_be_heard_is_named(project: Make) -> None:
    head = "| a | b | c | d | e | g |\n|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 |"
    (script,) = scripts(project, f"Câu.\n\n{head}")
    assert [note.code for note in script.notes] == ["PT008"]
    assert not any("một" in line.words and "sáu" in line.words for line in script.lines)


def test_minutes_are_rounded_up() -> None:
    script = Script("a", "", (), (), 181, 180)
    assert script.minutes == 2
    assert Script("a", "", (), (), 0, 180).minutes == 1


def test_drafts_and_other_languages_are_not_read(project: Make) -> None:
    assert scripts(project, BODY, lang="tyz") == ()


def test_the_text_names_what_is_to_be_settled(project: Make) -> None:
    (script,) = scripts(project, "Có OCOP.")
    words = broadcast.as_text(script)
    assert "Còn 1 chỗ" in words
    assert "⟦OCOP⟧" in words
    assert "broadcast.abbreviations" in words


def test_the_word_file_is_the_same_each_time_and_reads_back(project: Make) -> None:
    import docx

    found = scripts(project, BODY + "\nCó OCOP.\n")
    data = paper.docx(found, "Bản phát thanh")
    assert data == paper.docx(found, "Bản phát thanh")
    document = docx.Document(io.BytesIO(data))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert "Bước một: Đảo hai lần." in words
    marked = [r.text for p in document.paragraphs for r in p.runs if r.font.highlight_color]
    assert marked == ["⟦OCOP⟧"]
    assert document.sections[0].page_width.mm == pytest.approx(210, abs=0.1)


def test_archives_do_not_know_the_clock() -> None:
    import zipfile

    data = archive.packed({"b.txt": b"2", "a/a.png": b"1"})
    assert data == archive.packed({"a/a.png": b"1", "b.txt": b"2"})
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.namelist() == ["a/a.png", "b.txt"]
        assert found.testzip() is None
        assert {entry.date_time[0] for entry in found.infolist()} == {1980}
    assert archive.settled(data) == data
