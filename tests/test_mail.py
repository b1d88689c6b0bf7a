"""The e-mail edition: what mail programs need, read back by a parser that did not write it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import CONFIG, ISSUE, LIGHT, WORDS, Make, Project, article

from bulletin.outputs import mail

LHH = Path(__file__).parent.parent / "themes" / "lhh"
TEMPLATE = {
    "themes/plain/templates/mail/issue.html": (LHH / "templates" / "mail" / "issue.html").read_text(
        encoding="utf-8"
    )
}
FILES: dict[str, str | bytes] = {
    **LIGHT,
    **TEMPLATE,
    "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai, nhap, en]").replace(
        "brief:", "letter: hai\nbrief:"
    ),
    "content/2026/so-1/mot.md": article("Bài & <một>"),
    "content/2026/so-1/hai.md": article("Thư của Ban biên tập", uid="u-hai"),
    "content/2026/so-1/nhap.md": article("Bài nháp bí mật", uid="u-nhap", status="draft"),
    "content/2026/so-1/en.md": article("An article", WORDS, uid="u-en", lang="en"),
}
HTML = "email/2026/so-1/ban-tin-so-1-2026.html"
TEXT = HTML.replace(".html", ".txt")
BASE = "https://example.vn/bantin/"


class Mail(HTMLParser):
    """Tags, addresses and words of a mail."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    result = Project(tmp_path_factory.mktemp("thu"), FILES)
    outcome = result.build(("site", "email"))
    assert not outcome.failed, outcome.diagnostics
    return result


def test_a_mail_needs_nothing_that_mail_programs_refuse(made: Project) -> None:
    source = made.text(HTML)
    read = Mail(source)
    assert source.startswith("<!DOCTYPE html>")
    assert {"script", "link", "style", "form", "svg", "picture", "iframe"} & {
        name for name, _ in read.tags
    } == set()
    assert all(attrs.get("class") is None for _, attrs in read.tags)
    assert len(source.encode()) <= mail.LIMIT
    assert all(attrs.get("role") == "presentation" for attrs in read.all("table"))
    assert "var(" not in source
    assert "flex" not in source


def test_every_address_is_absolute_and_every_picture_has_words(made: Project) -> None:
    read = Mail(made.text(HTML))
    targets = [attrs["href"] for attrs in read.all("a")]
    assert targets
    assert all(target.startswith(BASE) for target in targets)
    assert all(image["src"].startswith(BASE) and image["alt"] for image in read.all("img"))


def test_links_lead_to_pages_that_the_site_has(made: Project) -> None:
    for attrs in Mail(made.text(HTML)).all("a"):
        path = attrs["href"].removeprefix(BASE)
        page = (
            made.output / "site" / (path + "index.html" if path.endswith("/") or not path else path)
        )
        assert page.is_file(), path


def test_text_is_never_without_its_ground(made: Project) -> None:
    """Programs that turn light to dark judge each colour by the ground beside it."""
    cells = [
        attrs for attrs in Mail(made.text(HTML)).all("td") if "color:#" in attrs.get("style", "")
    ]
    bare = [a for a in cells if ";color:" in a["style"] and "background-color" not in a["style"]]
    assert cells
    assert bare == []


def test_both_forms_say_the_same_pieces_and_no_draft(made: Project) -> None:
    page, text = " ".join(Mail(made.text(HTML)).words), made.text(TEXT)
    for said in (page, text):
        assert "Bài & <một>" in said
        assert "Thư của Ban biên tập" in said
        assert "bí mật" not in said
        assert "An article" not in said
        assert "37/GP-XBBT" in said
    assert f"  {BASE}2026/so-1/mot/" in text
    assert max(map(len, text.splitlines())) <= mail.COLUMNS


def test_without_an_address_of_the_site_the_mail_says_that_it_cannot_be_sent(project: Make) -> None:
    bare = CONFIG.replace("base_url: https://example.vn/bantin/", "base_url:")
    made = project({**FILES, "bulletin.yaml": bare})
    assert not made.build(("site", "email")).failed
    assert "chưa gửi được" in made.text(HTML)
    assert "CHƯA GỬI ĐƯỢC" in made.text(TEXT)


def test_a_mail_is_too_large_above_the_limit() -> None:
    assert list(mail.too_large("x", b" " * mail.LIMIT)) == []
    assert [item.code for item in mail.too_large("x", b" " * (mail.LIMIT + 1))] == ["EM001"]


def test_the_limit_drops_what_can_be_spared(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LIMIT", 3000)
    made = project(FILES)
    told = [item.code for item in made.build(("site", "email")).diagnostics]
    assert "EM001" in told
    # The editors' letter keeps its own; the lists lose theirs.
    assert " ".join(Mail(made.text(HTML)).words).count("Câu mở đầu.") == 1


def test_a_theme_without_the_template_writes_no_mail(project: Make) -> None:
    made = project(LIGHT)
    assert not made.build(("site", "email")).failed
    assert not [path for path in made.tree() if path.startswith("email/")]
