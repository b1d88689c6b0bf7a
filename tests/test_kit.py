"""The press kit: what is in it, that nothing unpublished is, one copy per content, same bytes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import pytest
from conftest import CONFIG, LIGHT, WORDS, Make, article

from bulletin.outputs import notice, stock
from bulletin.outputs.stock import Use

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80">'
    '<rect width="120" height="80" fill="#B8393A"/><text x="10" y="40">Chữ</text></svg>'
)
FIGURE = """\
:::figure {name}
alt: Mô tả hình.
caption: Chú thích {name}.
credit: "{credit}"
:::
"""
CHART = """\
:::chart bar
title: Sản lượng
source: "Nguồn: thử"
alt: Tăng dần.
data: |
  Năm, Tấn
  2025, 10
  2026, 12
:::
"""


def kit(project: Make, *, credit: str = "Đồ họa: A", name: str = "duan") -> dict[str, bytes]:
    first = FIGURE.format(name="a.svg", credit="Đồ họa: A")
    second = FIGURE.format(name="b.svg", credit=credit)
    made = project(
        {
            **LIGHT,
            "content/2026/so-1/mot.md": article(body=f"Câu có UBND. {WORDS}\n\n{first}\n{CHART}"),
            "content/2026/so-1/hai.md": article(
                "Bài hai", uid='"2026-1-hai"', body=f"{WORDS}\n\n{second}"
            ),
            "content/2026/so-1/kin.md": article(
                "Bài kín",
                uid='"2026-1-kin"',
                publish_at="2027-01-01",
                body="Điều chưa công bố. " + WORDS,
            ),
            "content/2026/so-1/a.svg": SVG,
            "content/2026/so-1/b.svg": SVG,
        },
        name,
    )
    outcome = made.build(("kit",))
    assert not outcome.failed, outcome.diagnostics
    found = [item.code for item in outcome.diagnostics if item.code.startswith("KT")]
    assert found == (["KT001"] if credit != "Đồ họa: A" else [])
    with zipfile.ZipFile(made.output / "kit/2026/so-1.zip") as archive:
        assert archive.testzip() is None
        return {entry: archive.read(entry) for entry in archive.namelist()}


def test_what_a_kit_holds_and_what_it_does_not(project: Make) -> None:
    files = kit(project)
    assert {name.partition("/")[0] for name in files} == {
        "DOC-TRUOC.txt",
        "chia-se",
        "danh-muc.csv",
        "danh-muc.html",
        "danh-muc.json",
        "hinh",
        "phat-thanh",
        "quyen-su-dung.txt",
        "thong-cao-bao-chi.docx",
        "thong-cao-bao-chi.txt",
    }
    whole = b"".join(files.values())
    for words in ("Bài kín", "chưa công bố"):
        assert words.encode() not in whole
    assert not any("kin" in name for name in files)
    assert "Ủy ban nhân dân" in files["phat-thanh/mot.txt"].decode()
    assert "https://example.vn/bantin/2026/so-1/mot/" in files["chia-se/mot.txt"].decode()
    assert "Chưa có bìa" in files["DOC-TRUOC.txt"].decode()


def test_one_copy_for_one_content_with_pdf_and_png(project: Make) -> None:
    files = kit(project)
    drawings = [name for name in files if name.startswith("hinh/a-")]
    assert sorted(name.rpartition(".")[2] for name in drawings) == ["pdf", "png", "svg"]
    assert not any(name.startswith("hinh/b-") for name in files)
    catalogue = json.loads(files["danh-muc.json"])
    first, chart = catalogue["media"]
    assert [use["article"] for use in first["uses"]] == ["Bài một", "Bài hai"]
    assert set(first["files"]) <= set(files)
    assert chart["uses"][0]["title"] == "Sản lượng"
    rows = list(csv.reader(io.StringIO(files["danh-muc.csv"].decode("utf-8-sig"))))
    assert len(rows) == 4
    page = files["danh-muc.html"].decode()
    assert all(name in page for name in drawings)


def test_a_drawing_is_vector_and_as_large_as_it_was(project: Make) -> None:
    import pikepdf
    from PIL import Image

    files = kit(project)
    pdf = next(data for name, data in files.items() if name.endswith(".pdf"))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (page,) = document.pages
        assert [float(v) for v in page.mediabox] == pytest.approx([0, 0, 90, 60])
        assert not page.get_images()
    png = next(
        data for name, data in files.items() if name.startswith("hinh/a-") and name.endswith("png")
    )
    image = Image.open(io.BytesIO(png))
    assert image.size == (1600, 1067)
    assert image.getpixel((5, 5)) == (184, 57, 58)


def test_the_same_kit_from_the_same_sources(project: Make) -> None:
    assert kit(project) == kit(project, name="khac")


def test_two_credits_for_one_picture_are_told(project: Make) -> None:
    files = kit(project, credit="Đồ họa: B")
    (first, _) = json.loads(files["danh-muc.json"])["media"]
    assert first["credits"] == ["Đồ họa: A", "Đồ họa: B"]
    assert "ghi khác nhau" in files["danh-muc.html"].decode()


def test_a_release_shows_its_gaps(project: Make) -> None:
    text = kit(project)["thong-cao-bao-chi.txt"].decode()
    assert "DỰ THẢO" in text
    assert "ngày 25 tháng 3 năm 2026" in text
    assert "2 bài" in text
    assert notice.gap("lời của người đại diện cơ quan, họ tên, chức vụ") in text
    assert "37/GP-XBBT" in text


USE = Use("d" * 64, "png", "a/b.png", "Tên", "Mô tả", "A", "", "Bài", "", "x.md", 1, 1)


def test_a_picture_without_a_credit_is_told() -> None:
    (note,) = stock.conflicts(stock.gathered([replace(USE, credit="")]))
    assert note.code == "KT002"
    assert not [*stock.conflicts(stock.gathered([USE, replace(USE, credit="")]))]


def test_a_cell_is_never_a_formula() -> None:
    items = stock.gathered([replace(USE, title='=cmd|"x"')])
    assert "'=cmd" in stock.as_csv(items).decode("utf-8-sig")
    items[0].files = ["a.png"]
    assert "<script" not in stock.as_html(items, "<script>x</script>").decode()


def test_a_blank_office_leaves_gaps_not_guesses(project: Make) -> None:
    blank = CONFIG.replace("  responsible: Người thử\n", "").replace("  circulation: 100 bản\n", "")
    made = project({**LIGHT, "bulletin.yaml": blank})
    assert not made.build(("kit",)).failed
    with zipfile.ZipFile(made.output / "kit/2026/so-1.zip") as archive:
        text = archive.read("thong-cao-bao-chi.txt").decode()
    assert notice.gap("họ tên, chức vụ") in text
    assert notice.gap("số lượng in, nơi nhận") in text
    assert "?." not in text
