"""The approval copy: everything a reader would see, the same bytes, and the way back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import word_samples as samples
from conftest import LIGHT, Make
from docx import Document
from PIL import Image

from bulletin import approval, cli, intake, manuscript, markdown, word
from bulletin.diag import Report
from bulletin.files import Trouble
from bulletin.word import squeezed

HERE = Path(__file__).parent.parent
NAME = "2026/so-1/nuoi-lon-nai-an-toan-sinh-hoc"


def read(path: Path) -> manuscript.Manuscript:
    return manuscript.read("content/2026/so-1/a.md", path.read_bytes(), Report())


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("duyet") / "bai.docx"
    assert intake.approval_copy(HERE, NAME, out) == out
    return out


def test_what_the_copy_says(copied: Path) -> None:
    document = Document(str(copied))
    assert document.paragraphs[0].text == "Nuôi lợn nái an toàn sinh học: giữ từ cổng"
    assert approval.HEAD in document.sections[0].header.paragraphs[0].text
    text = "\n".join(p.text for p in document.paragraphs)
    assert "Luật Thú y số 79/2015/QH13" in text
    assert len(document.inline_shapes) == 2, "cover and plan, drawn from SVG"
    described = document.inline_shapes[1]._inline.docPr.get("descr")
    assert described.startswith("Sơ đồ một trại lợn nái nhỏ")
    frames = [table for table in document.tables if len(table.rows) == len(table.columns) == 1]
    assert any("Làm sạch một ô chuồng trống" in t.rows[0].cells[0].text for t in frames)


@pytest.mark.parametrize(("wide", "tall"), [(40, 100), (100, 40), (90, 90)])
def test_a_drawing_is_whole_whatever_its_shape(wide: int, tall: int) -> None:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}">'
        f'<rect width="{wide}" height="{tall}" fill="#0000ff"/>'
        f'<rect y="{tall - 10}" width="{wide}" height="10" fill="#ff0000"/></svg>'
    )
    data = approval.drawn("a.svg", svg.encode())
    assert data is not None
    with Image.open(io.BytesIO(data)) as image:
        assert image.width / image.height == pytest.approx(wide / tall, rel=0.02)
        red, _, blue = image.convert("RGB").getpixel((image.width // 2, image.height - 8))
        assert red > 200, "the foot is there"
        assert blue < 60


def test_how_the_copy_looks(copied: Path) -> None:
    document = Document(str(copied))
    for shape in document.inline_shapes:
        assert shape.width.cm <= approval.WIDE + 0.01
        assert shape.height.cm <= approval.TALL + 0.01
    for name in approval.STYLES:
        look = document.styles[name].element.rPr
        assert document.styles[name].font.name == approval.FONT
        assert not [key for key in look.rFonts.attrib if key.endswith("Theme")], name
    assert "PAGE" in document.sections[0].footer.paragraphs[0]._p.xml
    heads = [t for t in document.tables if "w:tblHeader" in t.rows[0]._tr.xml]
    assert len(heads) == 1, "the one table that is not a frame"


def test_there_and_back_keeps_the_text(copied: Path) -> None:
    found = word.convert(
        copied.read_bytes(), word.Wanted("bai.docx", "2026/so-1", "ky-thuat", "guide")
    )
    before = read(HERE / "content" / f"{NAME}.md")
    report = Report()
    after = manuscript.read("content/2026/so-1/a.md", found.content.encode(), report)
    assert not report.failed
    assert before.article
    assert after.article
    for name in ("title", "standfirst", "authors"):
        assert getattr(after.article.meta, name) == getattr(before.article.meta, name)
    there = squeezed(markdown.plain(after.nodes))
    for block in markdown.plain(before.nodes, "\n").split("\n"):
        for sentence in block.split(". "):
            assert squeezed(sentence) in there, sentence


def test_the_same_article_gives_the_same_bytes(copied: Path, tmp_path: Path) -> None:
    again = intake.approval_copy(HERE, f"content/{NAME}.md", tmp_path / "b.docx")
    assert again.read_bytes() == copied.read_bytes()
    with zipfile.ZipFile(io.BytesIO(copied.read_bytes())) as parcel:
        assert {info.date_time for info in parcel.infolist()} == {approval.EPOCH}


BODY = """Mở *nghiêng* **đậm** ~~bỏ~~ `mã` [nối](https://x.vn) $a^2$[^1].\\
Dòng hai.

1. một
   - con
2. hai

> trích

Từ
: nghĩa

:::chart column
title: Chi phí
source: Nguồn thử
alt: Tóm tắt.
data: |
  Khoản, Tỷ lệ
  Thức ăn, 65
:::

:::table Bảng vôi
| a | b |
|---|---|
| 1 | 2 |
:::

:::media video
title: Phim thử
url: https://x.vn/p
transcript: Lời phim.
:::

:::figure khong-co.png
alt: Hình tả
credit: Người chụp
:::

[^1]: lời chú
"""


def test_every_kind_of_block(project: Make) -> None:
    from conftest import article

    desk = project({**LIGHT, "content/2026/so-1/mot.md": article(body=BODY)})
    out = intake.approval_copy(desk.root, "2026/so-1/mot", desk.root / "a.docx")
    told = squeezed(" ".join(samples.all_words(out.read_bytes())))
    for words in (
        "nghiêng", "đậm", "bỏ", "mã", "nối", "https://x.vn", "a^2", "Dòng hai", "một", "con", "trích",
        "Từ", "nghĩa", "Chi phí", "Thức ăn", "65", "Nguồn thử", "Bảng vôi", "Phim thử", "Lời phim",
        "khong-co.png: Hình tả", "Người chụp", "lời chú", "Tài liệu thử", "Câu mở đầu",
    ):  # fmt: skip
        assert squeezed(words) in told, words


def test_articles_that_are_not(project: Make, tmp_path: Path) -> None:
    desk = project({**LIGHT, "content/2026/so-1/hong.md": "không có khai báo"})
    (tmp_path / "ngoai.md").write_text("bi mat")
    for name, code in (("2026/so-1/khong", 2), ("../../ngoai", 2), ("2026/so-1/hong", 1)):
        with pytest.raises(Trouble) as stopped:
            intake.approval_copy(desk.root, name, tmp_path / "a.docx")
        assert stopped.value.exit_code == code
    assert not (tmp_path / "a.docx").exists()
    assert (
        cli.main(["docx", "-C", str(desk.root), "2026/so-1/mot", "-o", str(tmp_path / "m.docx")])
        == 0
    )
    assert (tmp_path / "m.docx").is_file()
