"""Pages and books in other languages: the words around an article, catalogues, letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ISSUE, LIGHT, THEME, WORDS, Make, Project, article, codes

from bulletin import build, phrases
from bulletin import theme as themes
from bulletin.diag import Report
from bulletin.outputs import standing

ROOT = Path(__file__).parent.parent
LHH = ROOT / "themes" / "lhh"
ARTICLE = (
    '{% extends "web/base.html" %}{% block main %}<p>{{ "Nguồn" | say }}</p>'
    "<p>{{ page.piece.card.genre | say }}</p>{{ body }}{% endblock %}"
)
BASE = THEME["templates/web/base.html"].replace(
    "page.head.frame.language", "page.head.spoken or page.head.frame.language"
)
FIGURE = """:::figure hinh.svg
alt: A drawing
credit: Board
name: pen
:::

See [](#hinh-pen) and the note[^a].

[^a]: A note.
"""
FILES: dict[str, str | bytes] = {
    **LIGHT,
    "themes/plain/templates/web/article.html": ARTICLE,
    "themes/plain/templates/web/base.html": BASE,
    "themes/plain/strings/en.yaml": (LHH / "strings" / "en.yaml").read_text(encoding="utf-8"),
    "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, english, tay]"),
    "content/2026/so-1/hinh.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    ),
    "content/2026/so-1/mot.md": article(body=f"{WORDS}\n\n{FIGURE}"),
    "content/2026/so-1/english.md": article(
        "An article",
        f"{'Raising pigs safely begins at the gate of the farm. ' * 4}\n\n{FIGURE}",
        uid="u-en",
        lang="en",
        translation_of="2026-1-mot",
    ),
    "content/2026/so-1/tay.md": article(
        "Slư Tày", WORDS, uid="u-tyz", lang="tyz", translation_of="2026-1-mot"
    ),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    result = Project(tmp_path_factory.mktemp("tieng"), FILES)
    outcome = result.build()
    assert not outcome.failed, outcome.diagnostics
    return result


def test_an_english_page_speaks_english(made: Project) -> None:
    page = made.text("site/2026/so-1/english/index.html")
    assert '<html lang="en">' in page
    for said in (
        "<p>Sources</p>",
        "<p>Guide</p>",
        "Figure\u00a01.",
        ">Figure\u00a01</a>",
        ">Notes<",
    ):
        assert said in page
    assert "Back to note 1" in page


def test_the_page_in_the_language_of_the_site_is_as_it_was(made: Project) -> None:
    page = made.text("site/2026/so-1/mot/index.html")
    assert '<html lang="vi">' in page
    for said in (
        "<p>Nguồn</p>",
        "<p>Hướng dẫn</p>",
        "Hình\u00a01.",
        ">Hình\u00a01</a>",
        ">Chú thích<",
    ):
        assert said in page


def test_a_language_without_a_catalogue_has_the_words_of_the_site(made: Project) -> None:
    page = made.text("site/2026/so-1/tay/index.html")
    assert '<html lang="vi">' in page
    assert "<p>Nguồn</p>" in page


def test_every_template_of_the_theme_is_in_every_catalogue() -> None:
    """No phrase is missing and none is left over: reading the theme has nothing to say."""
    report = Report()
    files = {
        path.relative_to(LHH).as_posix(): path.read_bytes()
        for path in sorted(LHH.rglob("*"))
        if path.is_file()
    }
    theme = themes.read("lhh", files, "themes/lhh", report)
    assert theme is not None
    assert [item for item in report.items if item.code.startswith("TH")] == []
    assert set(theme.strings) >= {"en"}


def test_the_titles_of_menus_are_known() -> None:
    source = Path(standing.__file__).read_text(encoding="utf-8")
    assert [title for title in phrases.MENUS if f'("{title}", ' not in source] == []


def read(
    text: str, template: str = '{{ "Xin chào" | say }}'
) -> tuple[phrases.Catalogues, list[str]]:
    report = Report()
    tree = themes.environment({}).parse(template)
    spoken = [(phrase, "a.html", line) for phrase, line in phrases.of_template(tree)]
    found = phrases.read({"strings/en.yaml": text.encode()}, "themes/x", spoken, report)
    return found, codes(tuple(report.items))


def test_a_catalogue_that_lacks_a_phrase_is_told() -> None:
    found, told = read("Nguồn: Sources\n", '{{ "Nguồn" | say }}{{ "Xin chào" | say }}')
    assert found == {"en": {"Nguồn": "Sources"}}
    assert told == ["TH017"]


def test_a_phrase_that_nobody_says_or_that_is_empty_is_told() -> None:
    full = "".join(f"{phrase!r}: x\n" for phrase in phrases.PROGRAM)
    assert read(f"Xin chào: Hello\n{full}")[1] == []
    assert read(f"Xin chào: Hello\nTạm biệt: Bye\n{full}")[1] == ["TH016"]
    assert read(f'Xin chào: ""\n{full}')[1] == ["TH016", "TH017"]


def test_a_catalogue_that_is_no_table_is_an_error() -> None:
    assert read("- a\n- b\n") == ({"en": {}}, ["TH015"])


def test_a_page_is_made_again_when_its_words_change(project: Make) -> None:
    made = project(FILES)
    first = made.build()
    assert not first.failed, first.diagnostics
    words = str(FILES["themes/plain/strings/en.yaml"]).replace(
        "Nguồn: Sources", "Nguồn: References"
    )
    made.write("themes/plain/strings/en.yaml", words)
    again = made.build()
    assert "site/2026/so-1/english/index.html" in again.made
    assert "site/index.html" not in again.made
    assert "<p>References</p>" in made.text("site/2026/so-1/english/index.html")


def test_letters_outside_of_the_fonts_of_the_site_are_an_error(project: Make) -> None:
    made = project({"content/2026/so-1/mot.md": article(body=f"{WORDS}\n\nLạ ꆈ.\n")})
    told = [item for item in made.build().diagnostics if item.code == "FN001"]
    assert [(str(item.place), "trang web" in item.message) for item in told] == [
        ("content/2026/so-1/mot.md:16:1", True)
    ]


def test_letters_of_the_languages_of_the_province_are_on_the_site(project: Make) -> None:
    """Hmong RPA, and the Latin letters in which Tày, Nùng and Dao are written."""
    text = "Ntawv Hmoob: ñaj, Slắc Tày: pi̱, ŵ, ç, ä, ẽ, Nùng: ưởng, Dao: iêm njaaux."
    made = project({"content/2026/so-1/mot.md": article(body=f"{WORDS}\n\n{text}\n", lang="hmn")})
    outcome = made.build()
    assert not outcome.failed, outcome.diagnostics
    assert build.exit_code(outcome) == 0
