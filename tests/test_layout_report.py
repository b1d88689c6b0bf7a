"""The layout report: true findings with page and line of the source, silence on good pages."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from conftest import LIGHT, THEME, WORDS, Make, Project, article, at, codes
from PIL import Image

from bulletin.model import Outcome
from bulletin.outputs import layout_report
from bulletin.outputs.layout_report import Line, _river

REPORT = "print/2026/ban-tin-so-1-2026-dan-trang"
PLAIN = (
    '<!doctype html><html lang="vi"><head><title>Thử</title></head><body>'
    "{% for piece in page.edition.issue.pieces %}<article id='a-{{ piece.card.uid }}'>"
    "<h1>{{ piece.card.title }}</h1><div class='body'>{{ bodies[piece.card.id] }}</div></article>"
    "{% endfor %}</body></html>\n"
)
CSS = "@page{margin:20mm}.cols{columns:2;column-gap:6mm}"


def laid(project: Make, body: str, css: str = "", **files: Any) -> tuple[Project, Outcome]:
    sheet = THEME["print/print.css"] + CSS + css
    made = project(
        LIGHT
        | {
            "themes/plain/templates/print/issue.html": PLAIN,
            "themes/plain/print/print.css": sheet,
            "content/2026/so-1/mot.md": article(body=body),
        }
        | files
    )
    return made, made.build(("print",))


def found(made: Project) -> list[dict[str, Any]]:
    data = json.loads(made.text(f"{REPORT}.json"))
    rows: list[dict[str, Any]] = data["findings"]
    return rows


def line_of(made: Project, words: str) -> int:
    source = (made.root / "content/2026/so-1/mot.md").read_text(encoding="utf-8").split("\n")
    return next(n for n, line in enumerate(source, start=1) if words in line)


def test_a_good_page_is_passed_over_in_silence(project: Make) -> None:
    made, outcome = laid(project, "\n\n".join([WORDS] * 14))
    assert found(made) == []
    assert "Không thấy chỗ nào cần sửa" in made.text(f"{REPORT}.html")
    assert not {"PD033", "PD034", "PD035"} & set(codes(outcome.diagnostics))


def test_a_word_wider_than_its_column_is_told_at_its_line(project: Make) -> None:
    made, outcome = laid(project, f"{WORDS}\n\nTừ dài {'a' * 90} này.\n\n{WORDS}")
    (row,) = found(made)
    assert (row["kind"], row["page"]) == ("overfull", 1)
    note = at(outcome.diagnostics, "PD033")
    assert note.place.path == "content/2026/so-1/mot.md"
    assert note.place.line == row["line"] == line_of(made, "Từ dài")
    assert "trang 1" in note.message


def test_a_table_wider_than_the_page_is_an_error_at_its_line(project: Make) -> None:
    cells = " | ".join(["b" * 24] * 5)
    table = f"| {cells} |\n|{'---|' * 5}\n| {cells} |\n"
    text = "\n\n".join(
        [WORDS] * 4
    )  # or the letters of the table would look like text without marks
    made, outcome = laid(project, f"{text}\n\n{table}")
    note = at(outcome.diagnostics, "PD034")
    assert outcome.failed
    assert note.place.line == line_of(made, "| bbb")
    assert "rộng hơn khổ chữ" in note.message


def test_loose_lines_of_justified_text_are_told(project: Make) -> None:
    body = f"{' '.join(['nghiengngang'] * 30)}\n\n" + "\n\n".join([WORDS] * 14)
    made, outcome = laid(project, body, ".body p:first-child{text-align:justify}")
    assert {row["kind"] for row in found(made)} == {"loose", "river"}
    assert "dòng thưa" in at(outcome.diagnostics, "PD035").message
    assert at(outcome.diagnostics, "PD035").hint.startswith(f"mở output/{REPORT}.html")


def test_a_picture_too_small_to_read_is_told(project: Make) -> None:
    out = io.BytesIO()
    Image.new("L", (900, 900), 128).save(out, "PNG")
    made, _ = laid(
        project,
        f"{WORDS}\n\n:::figure anh.png\nalt: Ảnh\ncredit: Thử\n:::\n",
        ".figure img{width:30mm}",
        **{"content/2026/so-1/anh.png": out.getvalue()},
    )
    (row,) = found(made)
    assert (row["kind"], row["value"]) == ("picture", 30.0)


@pytest.mark.parametrize(("offset", "length"), [(1.0, 5), (8.0, 1)])
def test_a_river_is_wide_gaps_below_one_another(offset: float, length: int) -> None:
    run = [Line(None, ((100 + n * offset, 106 + n * offset),), 0.6, 0.6, 10.0) for n in range(5)]
    assert _river(run) == (length, 0)


def test_every_kind_has_its_words() -> None:
    assert layout_report.WORDS.keys() == layout_report.REMEDY.keys()
