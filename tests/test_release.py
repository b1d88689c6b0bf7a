"""``build --release``: nothing leaves the house that fails, and what leaves is complete."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pikepdf
import pytest
from conftest import AS_OF, CONFIG, ISSUE, LIGHT, THEME, Make, Project, article, at, codes
from PIL import Image

from bulletin.build import build
from bulletin.files import Output, Trouble
from bulletin.model import Outcome, Request
from bulletin.preflight import tools
from bulletin.release import Release

AUDIENCE = CONFIG.replace("  responsible:", "  audience: Hội viên\n  responsible:")
PAGE = '<section style="break-after: page">{}</section>'
FIRST = (
    "<h1>BẢN TIN {{ page.imprint.name }}</h1><p>{{ page.imprint.publisher }}</p>"
    "<p>{{ page.imprint.place_and_date }}</p>"
)
LAST = (
    "<p>{{ page.imprint.licence }} {{ page.imprint.printer }} {{ page.imprint.responsible }} "
    "{{ page.imprint.circulation }} {{ page.imprint.periodicity }}</p>"
)
PIECES = "{% for piece in page.edition.issue.pieces %}{{ bodies[piece.card.id] }}{% endfor %}"
SOUND = (
    '<!doctype html><html lang="vi"><head><title>{{ page.edition.issue.title }}</title></head>'
    f"<body>{PAGE.format(FIRST)}{PAGE.format(PIECES)}{PAGE.format('<h2>Trang ba</h2><p>Chữ.</p>')}"
    f"<section><h2>Trang cuối</h2>{LAST}</section></body></html>\n"
)
READY = LIGHT | {
    "bulletin.yaml": AUDIENCE,
    "themes/plain/templates/print/issue.html": SOUND,
    "themes/plain/print/print.css": THEME["print/print.css"] + "@page{margin:20mm}",
}
PACKAGE = "release/2026/so-1/"


@pytest.fixture(autouse=True)
def without_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other programs take seconds a page and are tested with the preflight itself."""
    monkeypatch.setattr(tools, "have", lambda tool: False)


def release(project: Project, *keys: str) -> Outcome:
    target = Output(project.output, project.root)
    return build(project.root, target, Request(AS_OF, workers=1), Release(keys))


def errors(outcome: Outcome) -> set[str]:
    return {item.code for item in outcome.diagnostics if item.severity == 2}


def test_a_sound_issue_leaves_with_its_papers(project: Make) -> None:
    made = project(READY)
    outcome = release(made)
    assert errors(outcome) == set()
    tree = made.tree()
    names = {path.removeprefix(PACKAGE) for path in tree if path.startswith(PACKAGE)}
    assert names == {
        "ban-tin-so-1-2026-in.pdf",
        "phieu-kiem-tra.pdf",
        "thong-so-in.txt",
        "SHA256SUMS",
    }
    press = tree[PACKAGE + "ban-tin-so-1-2026-in.pdf"]
    assert press == tree["print/2026/ban-tin-so-1-2026-in.pdf"]
    sums = dict(
        line.split("  ")[::-1] for line in tree[PACKAGE + "SHA256SUMS"].decode().split("\n")[:-1]
    )
    assert sums == {
        name: hashlib.sha256(tree[PACKAGE + name]).hexdigest() for name in names - {"SHA256SUMS"}
    }
    sheet = tree[PACKAGE + "thong-so-in.txt"].decode()
    for words in (
        "190 × 270 mm",
        "PDF/X-4",
        "4 (bốn), kể cả bìa",
        "3 mm",
        "100 bản",
        "25/3/2026",
        "37/GP-XBBT",
    ):
        assert words in sheet
    with pikepdf.open(made.output / PACKAGE / "phieu-kiem-tra.pdf") as certificate:
        assert len(certificate.pages) == 1


def test_the_finished_file_is_read_against_the_law(project: Make) -> None:
    theme = SOUND.replace("<p>{{ page.imprint.place_and_date }}</p>", "").replace(
        "{{ page.imprint.periodicity }}", ""
    )
    outcome = release(project(READY | {"themes/plain/templates/print/issue.html": theme}))
    assert errors(outcome) == {"LG020", "LG021"}
    assert at(outcome.diagnostics, "LG020").place.path == "print/2026/ban-tin-so-1-2026-in.pdf"
    assert "Luật Báo chí 2016, Điều 34" in at(outcome.diagnostics, "LG021").hint


@pytest.mark.parametrize("label", ["assisted", "generated"])
def test_the_page_of_an_article_says_what_an_ai_tool_made(project: Make, label: str) -> None:
    note = "Máy dịch bản nháp, người sửa & duyệt"
    print_ = SOUND.replace(PAGE.format(PIECES), PAGE.format(PIECES + f"<p>{note}</p>"))
    web = THEME["templates/web/article.html"]
    told = web.replace("{{ body }}", "{{ body }}<p>{{ page.piece.ai.note }}</p>")
    files = READY | {
        "content/2026/so-1/mot.md": article(ai=f'{{label: {label}, note: "{note}"}}'),
        "themes/plain/templates/print/issue.html": print_,
        "themes/plain/templates/web/article.html": told,
    }
    made = project(files)
    assert errors(release(made)) == set()
    # A title or a script is not shown to anybody.
    hidden = "<script>/* {{ page.piece.ai.note }} */</script>"
    made.write(
        "themes/plain/templates/web/article.html", web.replace("{{ body }}", "{{ body }}" + hidden)
    )
    found = at(release(made).diagnostics, "LG022")
    assert found.place.path == "site/2026/so-1/mot/index.html"
    assert "Luật Trí tuệ nhân tạo" in found.hint


def test_a_warning_of_the_law_is_an_error_at_release(project: Make) -> None:
    body = article(sources="", ai="", body="Cam ngon, đặt hàng ngay! " + "Chữ. " * 30)
    assert {"LG001", "LG004", "LG014"} <= errors(
        release(project(READY | {"content/2026/so-1/mot.md": body}))
    )


def test_the_package_is_the_same_every_time(project: Make) -> None:
    first, second = project(READY), project(READY, "khac")
    release(first)
    release(second)
    assert first.tree() == second.tree()


def test_a_file_that_fails_leaves_the_old_output_untouched(project: Make) -> None:
    made = project(READY)
    release(made)
    before = made.tree()
    one_page = SOUND.replace(PAGE.format("<h2>Trang ba</h2><p>Chữ.</p>"), "")
    made.write("themes/plain/templates/print/issue.html", one_page)
    outcome = release(made)
    found = at(outcome.diagnostics, "PF030")
    assert found.place.path == "print/2026/ban-tin-so-1-2026-in.pdf"
    assert "3 trang" in found.message
    assert made.tree() == before


def test_what_the_office_owes_is_told_before_anything_is_made(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("made something")

    monkeypatch.setattr("bulletin.build.make_all", never)
    files = {
        "bulletin.yaml": CONFIG.replace("  printer: Nhà in thử\n", ""),
        "issues/2026/so-1.yaml": ISSUE.replace("date: 2026-03-25\n", "").replace(
            "required: false", "required: true"
        ),
        "content/2026/so-1/mot.md": article(status="edited"),
    }
    outcome = release(project(LIGHT | files), "2026/so-1")
    owed = [item for item in outcome.diagnostics if item.severity == 2]
    assert {item.code for item in owed} == {"CF010", "PL014", "PL015", "PL016"}
    assert {"publication.printer", "publication.audience"} <= {
        item.message.split()[-1] for item in owed if item.code == "CF010"
    }
    assert all(item.hint for item in owed)


def test_silence_does_not_open_the_gate(project: Make) -> None:
    files = {"bulletin.yaml": CONFIG + "silence: [CF010]\n"}
    assert "CF010" in errors(release(project(LIGHT | files)))


def test_another_issue_in_the_making_does_not_hold_up_a_release(project: Make) -> None:
    second = (
        ISSUE.replace("number: 1", "number: 2")
        .replace("published", "in-progress")
        .replace("[mot]", "[hai]")
        .replace("date: 2026-03-25\n", "")
    )
    files = {
        "issues/2026/so-2.yaml": second,
        "content/2026/so-2/hai.md": article(
            "Bài hai", uid='"2026-2-hai"', status="draft", issue='"2026/so-2"'
        ),
    }
    made = project(READY | files)
    assert errors(release(made)) == set()
    assert not [path for path in made.tree() if path.startswith("release/2026/so-2")]
    assert "PL014" in errors(release(made, "2026/so-2"))


def test_an_ordinary_build_keeps_the_package(project: Make) -> None:
    made = project(READY)
    release(made)
    package = {path: data for path, data in made.tree().items() if path.startswith(PACKAGE)}
    assert not made.build(("site", "print")).failed
    assert package.items() <= made.tree().items()


def test_an_issue_that_is_not_there_is_a_wrong_command(project: Make) -> None:
    with pytest.raises(Trouble, match="2026/so-9") as caught:
        release(project(LIGHT), "2026/so-9")
    assert caught.value.exit_code == 2


def test_an_issue_whose_file_is_broken_is_told_by_its_own_error(project: Make) -> None:
    made = project(
        READY | {"issues/2026/so-1.yaml": ISSUE + "status: published\nstatus: planned\n"}
    )
    outcome = release(made, "2026/so-1")
    assert any(item.place.path == "issues/2026/so-1.yaml" for item in outcome.diagnostics)
    assert outcome.tree == {}


def test_a_picture_too_coarse_holds_back_the_press_file_and_so_the_release(project: Make) -> None:
    out = io.BytesIO()
    Image.effect_noise((400, 266), 80).convert("RGB").save(out, "PNG")
    figure = ":::figure anh.png\nalt: Ảnh mờ\ncredit: Người chụp\nconsent: không có người\n:::"
    body = article(body="Chữ. " * 30 + f"\n\n{figure}\n")
    made = project(
        READY | {"content/2026/so-1/mot.md": body, "content/2026/so-1/anh.png": out.getvalue()}
    )
    outcome = release(made)
    assert at(tuple(i for i in outcome.diagnostics if i.severity == 2), "PD018")
    assert "PD020" in codes(outcome.diagnostics)
