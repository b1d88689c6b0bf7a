"""What the site shows of print: page numbers, and the pages as pictures."""

from __future__ import annotations

import io
import re

import pytest
from conftest import ISSUE, LIGHT, Make, Project, article, magazine
from PIL import Image

from bulletin import outputs
from bulletin.model import Made, Printed
from bulletin.outputs import press

PAGES = {
    **LIGHT,
    "themes/plain/templates/web/article.html": (
        "[{{ page.start }}] {{ page.citation.text }} {{ page.issue.reader }}"
    ),
    "themes/plain/templates/web/reader.html": (
        "{% for leaf in page.leaves %}{{ leaf.number }} {{ leaf.title }} "
        "{{ page.head.root }}{{ leaf.url }}\n{% endfor %}"
    ),
    "themes/plain/print/print.css": (
        "@font-face{font-family:'LHH Serif';src:url(theme:fonts/SourceSerif4-Regular.ttf)}"
        "@font-face{font-family:'LHH Sans';src:url(theme:fonts/SourceSerif4-Regular.ttf)}"
        "@page{size:190mm 270mm}body{font-family:'LHH Serif'}h1,h2{break-before:page}"
    ),
}
TWO = "site/2026/so-1/bai-2/index.html"
READER = "site/2026/so-1/xem/index.html"


@pytest.fixture
def printed(project: Make) -> Project:
    made = project({**PAGES, **magazine(2)})
    assert not made.build(("site", "print")).failed
    return made


def test_the_site_tells_the_page_of_print(printed: Project) -> None:
    assert printed.text(TWO).startswith("[3] ")
    assert "tr. 3. https://" in printed.text(TWO)
    assert "2026/so-1/xem/" in printed.text(TWO)


def test_the_reader_shows_every_page_as_a_picture(printed: Project) -> None:
    rows = printed.text(READER).splitlines()
    assert [row.rsplit(" ", 1)[0] for row in rows] == ["1 ", "2 Bài số 1", "3 Bài số 2"]
    for row in rows:
        name = row.rsplit("/", 1)[-1]
        with Image.open(io.BytesIO(printed.tree()[f"site/2026/so-1/xem/{name}"])) as image:
            assert (image.format, image.size) == ("WEBP", (900, 1279))


def test_remembered_layouts_give_the_same_numbers(printed: Project) -> None:
    before = printed.tree()
    outcome = printed.build(("site", "print"))
    assert outcome.made == ()
    assert printed.tree() == before


def test_a_piece_that_moves_makes_its_own_page_and_the_reader_again(printed: Project) -> None:
    first = "content/2026/so-1/bai-1.md"
    text = (printed.root / first).read_text(encoding="utf-8")
    printed.write(first, text + "\n\n## Thêm một trang\n\nChữ.\n")
    outcome = printed.build(("site", "print"))
    assert printed.text(TWO).startswith("[4] ")
    assert {TWO, READER} <= set(outcome.made)
    assert "site/chuyen-muc/index.html" not in outcome.made


def test_without_print_there_are_neither_numbers_nor_pictures(project: Make) -> None:
    made = project({**PAGES, **magazine(2)})
    made.build(("site",))
    assert made.text(TWO).startswith("[0] ")
    assert "tr. " not in made.text(TWO)
    assert not any("/xem/" in path for path in made.tree())


def test_an_issue_whose_pdf_is_not_public_shows_no_page_of_print(project: Make) -> None:
    files = {
        **PAGES,
        "issues/2026/so-1.yaml": ISSUE.replace("published", "in-progress").replace(
            "[mot]", "[mot, hai]"
        ),
        "content/2026/so-1/hai.md": article("Kín", uid='"2026-1-hai"', status="approved"),
    }
    made = project(files)
    assert not made.build(("site", "print")).failed
    assert made.text("site/2026/so-1/mot/index.html").startswith("[0] ")
    assert not any("/xem/" in path for path in made.tree())


def test_a_theme_without_a_reader_gets_no_pictures(project: Make) -> None:
    files = {name: text for name, text in PAGES.items() if not name.endswith("reader.html")}
    made = project({**files, **magazine(2)})
    assert not made.build(("site", "print")).failed
    assert re.match(r"\[3\] .* $", made.text(TWO).strip("\n"))
    assert not any("/xem/" in path for path in made.tree())


def test_facts_of_a_layout_become_starts() -> None:
    facts = (("pages", 9), ("start:2026-1-a", 2), ("start:2026-1-b", 5))
    made = Made("print/a.pdf", "digest", facts=facts)
    assert press.printed(made) == Printed("digest", 9, (("2026-1-a", 2), ("2026-1-b", 5)))


def test_every_maker_has_one_stage() -> None:
    assert sorted(name for stage in outputs.STAGES for name in stage) == sorted(outputs.table())
