"""What is made again after an edit, and that the result is what a clean build would give."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from conftest import CONFIG, ISSUE, LIGHT, THEME, WORDS, Make, Project, article, magazine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bulletin import build as pipeline
from bulletin.files import Trouble

T = TypeVar("T")
A = "content/2026/so-1/"
PAGE = "site/2026/so-1/{}/index.html"
LISTS = {
    "site/feed.xml",
    "site/chuyen-muc/ky-thuat/feed.xml",
    "site/2026/so-1/feed.xml",
    "site/search.json",
    "site/assets/tim/",
}
SO_2 = (
    ISSUE.replace("number: 1", "number: 2")
    .replace("2026-03-25", "2026-06-20")
    .replace("[mot]", "[]")
)


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest of the program belongs to every key; somebody may edit the checkout meanwhile."""
    monkeypatch.setattr(pipeline, "toolchain", lambda: "tools")


def five(project: Make) -> Project:
    made = project({**LIGHT, **magazine(5)})
    assert made.build().made
    return made


def told(paths: Iterable[str]) -> set[str]:
    """Paths; the files of a part of the search index are one folder, the formats of a feed one.

    The two cards of a piece for other sites are not told: one job makes them beside its own file.
    """
    alone = (path for path in paths if not path.endswith(("/oembed.json", "/oembed.xml")))
    found = {"site/assets/tim/" if "/assets/tim/" in path else path for path in alone}
    return {re.sub(r"(?:atom\.xml|feed\.json)$", "feed.xml", path) for path in found}


def edit(made: Project, path: str, old: str, new: str) -> None:
    content = (made.root / path).read_text("utf-8")
    assert old in content
    made.write(path, content.replace(old, new))


def test_nothing_changed(project: Make) -> None:
    made = five(project)
    before = made.tree()
    assert made.build().made == ()
    assert made.tree() == before


def test_touching_a_file_without_changing_it_makes_nothing(project: Make) -> None:
    import os

    made = five(project)
    os.utime(made.root / A / "bai-3.md", (0, 0))
    assert made.build().made == ()


def test_body_makes_its_page_and_the_full_texts(project: Make) -> None:
    made = five(project)
    edit(made, f"{A}bai-3.md", "Bài này nói", "Bài nọ nói")
    outcome = made.build()
    own = {PAGE.format("bai-3"), "site/api/v1/articles/2026/so-1/bai-3.json"}
    assert told(outcome.made) == {*own, *LISTS}
    assert "Bài nọ nói" in made.text(PAGE.format("bai-3"))


def test_title_makes_page_neighbours_lists(project: Make) -> None:
    made = five(project)
    edit(made, f"{A}bai-3.md", "Bài số 3", "Tên mới")
    outcome = made.build()
    shown = told(path for path, data in made.tree().items() if "Tên mới".encode() in data)
    shown.add("site/search.json")  # names the part that holds the title
    related = {PAGE.format("bai-1"), PAGE.format("bai-5")}  # a theme may show related pieces
    framed = {"site/nhung/index.html", "site/nhung/ky-thuat/index.html"}  # set as in print: bound
    assert told(outcome.made) == shown | related | framed
    assert {PAGE.format(name) for name in ("bai-2", "bai-3", "bai-4")} <= set(outcome.made)
    assert {
        "site/index.html",
        "site/2026/so-1/index.html",
        "site/chuyen-muc/ky-thuat/index.html",
        "site/tac-gia/ban-bien-tap/index.html",
        "site/tu-khoa/chan-nuoi/index.html",
        "site/tu-khoa/rieng-3/index.html",
        *LISTS,
    } <= told(outcome.made)
    untouched = {"site/sitemap.xml", "site/tu-khoa/rieng-1/index.html", "site/luu-tru/index.html"}
    assert untouched.isdisjoint(outcome.made)
    assert not any(b"B\xc3\xa0i s\xe1\xbb\x91 3" in data for data in made.tree().values())


def test_title_reaches_a_far_page_only_as_a_related_piece(project: Make) -> None:
    """Three related pieces are shown, so of many pages only those that show it are made."""
    made = project({**LIGHT, **magazine(9)})
    made.build()
    edit(made, f"{A}bai-9.md", "Bài số 9", "Tên mới")
    pages = {path for path in made.build().made if path.startswith("site/2026/so-1/bai-")}
    assert pages == {PAGE.format("bai-8"), PAGE.format("bai-9")}


def test_deleted_file_put_back_makes_nothing(project: Make) -> None:
    made = five(project)
    before = made.tree()
    content = (made.root / A / "bai-3.md").read_bytes()
    plan = (made.root / "issues/2026/so-1.yaml").read_text("utf-8")
    made.remove(f"{A}bai-3.md")
    made.write("issues/2026/so-1.yaml", plan.replace("bai-3, ", ""))
    assert made.build().made
    assert PAGE.format("bai-3") not in made.tree()
    made.write(f"{A}bai-3.md", content)
    made.write("issues/2026/so-1.yaml", plan)
    assert made.build().made == ()
    assert made.tree() == before


def test_template_makes_the_pages_that_reach_it(project: Make) -> None:
    made = five(project)
    made.write(
        "themes/plain/templates/web/article.html", THEME["templates/web/article.html"] + "<!-- -->"
    )
    assert set(made.build().made) == {PAGE.format(f"bai-{n}") for n in range(1, 6)}
    made.write(
        "themes/plain/templates/web/base.html", THEME["templates/web/base.html"] + "<!-- -->"
    )
    pages = {path for path in made.tree() if path.endswith(".html")}
    assert set(made.build().made) == pages


def test_ornament_in_theme_makes_the_pdf_again(project: Make) -> None:
    """The layout may draw the ornament, so the grid belongs to the key of the PDF."""
    made = project(LIGHT)
    assert len(made.build(("print",)).made) == 1
    assert made.build(("print",)).made == ()
    edit(made, "themes/plain/theme.yaml", '".a."', '"aaa"')
    assert made.build(("print",)).made == ("print/2026/ban-tin-so-1-2026.pdf",)


def test_body_makes_one_pdf(project: Make) -> None:
    made = project(
        {**LIGHT, "issues/2026/so-2.yaml": SO_2, "content/2026/so-2/hai.md": article(uid="x")}
    )
    assert len(made.build(("print",)).made) == 2
    edit(made, f"{A}mot.md", "Bài này nói", "Bài nọ nói")
    assert made.build(("print",)).made == ("print/2026/ban-tin-so-1-2026.pdf",)


def test_warnings_are_said_again_when_nothing_is_made(project: Make) -> None:
    made = project({**LIGHT, f"{A}mot.md": article(body=f"{WORDS}\n\n<b>chữ</b>\n")})
    first = made.build()
    second = made.build()
    assert second.made == ()
    assert [item.code for item in first.diagnostics] == ["MD004"]
    assert second.diagnostics == first.diagnostics


def test_the_program_belongs_to_every_key(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = five(project)
    monkeypatch.setattr(pipeline, "toolchain", lambda: "newer tools")
    assert told(made.build().made) == told(made.tree())


# ---- damage: anything odd in the memo is a miss ------------------------------


def test_damaged_database_is_a_miss(project: Make) -> None:
    made = five(project)
    before = made.tree()
    for path in (made.output / ".bulletin/cache").glob("memo.sqlite*"):
        data = path.read_bytes()
        path.write_bytes(data[:4096] + b"\xa5" * max(0, len(data) - 4096))
    assert made.build().made
    assert made.tree() == before


def test_damaged_rows_are_misses(project: Make) -> None:
    import sqlite3

    made = five(project)
    before = made.tree()
    for odd in (
        "nope",
        "[]",
        "3",
        "{}",
        '{"blob": 5, "notes": 0, "facts": 0}',
        '{"value": 1, "notes": []}',
    ):
        with sqlite3.connect(made.output / ".bulletin/cache/memo.sqlite") as base:
            base.execute("UPDATE memo SET value = ?", (odd,))
        base.close()
        assert told(made.build().made) == told(before)
        assert made.tree() == before


def there_and_back(made: Project) -> None:
    """An edit, built and taken back: the next build wants what the first one remembered."""
    edit(made, f"{A}bai-3.md", "Bài này nói", "Bài nọ nói")
    made.build()
    edit(made, f"{A}bai-3.md", "Bài nọ nói", "Bài này nói")


def test_damaged_blobs_heal(project: Make) -> None:
    made = five(project)
    before = made.tree()
    there_and_back(made)
    made.write("bulletin.yaml", CONFIG + "# không phải bản đã dựng trước đó\n")
    for path in (made.output / ".bulletin/cache/blobs").glob("*/*"):
        path.write_bytes(b"?")
    with pytest.raises(Trouble, match="bị mất hoặc hỏng") as caught:
        made.build()
    assert "chạy lại" in caught.value.hint
    assert not made.build().failed
    assert made.tree() == before


def test_damaged_blobs_of_a_whole_outcome_are_made_anew(project: Make) -> None:
    made = five(project)
    before = made.tree()
    there_and_back(made)
    for path in (made.output / ".bulletin/cache/blobs").glob("*/*"):
        path.write_bytes(b"?")
    assert not made.build().failed
    assert made.tree() == before


def test_damaged_text_of_an_article_heals(project: Make) -> None:
    made = five(project)
    for path in (made.output / ".bulletin/cache/blobs").glob("*/*"):
        path.write_bytes(b"?")
    edit(made, f"{A}bai-3.md", "Bài này nói", "Bài nọ nói")
    before = made.tree()
    outcome = made.build()
    assert {item.code for item in outcome.diagnostics} == {"SY007"}
    assert made.tree() == before
    assert not made.build().failed
    assert "Bài nọ nói" in made.text(PAGE.format("bai-3"))


def test_memo_may_be_deleted(project: Make) -> None:
    import shutil

    made = five(project)
    before = made.tree()
    shutil.rmtree(made.output / ".bulletin/cache")
    assert told(made.build().made) == told(before)
    assert made.tree() == before


def test_memo_forgets_what_ten_builds_did_not_use(project: Make) -> None:
    made = project({**LIGHT, **magazine(2)})
    blobs = made.output / ".bulletin/cache/blobs"
    counts = []
    for number in range(24):
        made.write(f"{A}bai-1.md", article(f"Bài {number}", uid="x"))
        assert not made.build().failed
        counts.append(sum(1 for path in blobs.glob("*/*") if path.is_file()))
    assert counts[-1] < max(counts)
    assert counts[19] - counts[9] < (counts[8] - counts[0]) * 1.5
    made.build()
    assert made.build().made == ()


# ---- forty edits of several kinds --------------------------------------------


EDITS = (
    "body",
    "link",
    "title",
    "delete",
    "restore",
    "rename",
    "template",
    "status",
    "picture",
    "issue",
    "section",
    "keywords",
    "move",
)


class Editor:
    """Edits a project as a board would."""

    def __init__(self, made: Project) -> None:
        self.made, self.count, self.luck = made, 0, 0
        self.bin: list[tuple[str, bytes]] = []

    def choice(self, items: Sequence[T]) -> T:
        """By the luck of this step, another one at each throw."""
        self.luck, place = divmod(self.luck, len(items))
        return items[place]

    def step(self, kind: str, luck: int) -> None:
        self.count += 1
        self.luck = luck
        getattr(self, kind)()

    def articles(self) -> list[Path]:
        return sorted((self.made.root / "content").rglob("*.md"))

    def any(self) -> str:
        return self.choice(self.articles()).relative_to(self.made.root).as_posix()

    def change(self, path: str, *pairs: tuple[str, str]) -> None:
        lines = (self.made.root / path).read_text("utf-8").split("\n")
        for start, new in pairs:
            lines = [new if line.startswith(start) else line for line in lines]
        self.made.write(path, "\n".join(lines))

    def body(self) -> None:
        path = self.any()
        content = (self.made.root / path).read_text("utf-8")
        self.made.write(path, f"{content}\nĐoạn thêm {self.count}, **đậm**.\n\n## Mục\n")

    def link(self) -> None:
        path, other = self.any(), self.any()
        content = (self.made.root / path).read_text("utf-8")
        self.made.write(path, f"{content}\nXem [bài](../../../{other}).\n")

    def unlink(self) -> None:
        """A file goes away: links to it would be errors."""
        for path in self.articles():
            self.change(path.relative_to(self.made.root).as_posix(), ("Xem [bài]", "Hết."))

    def title(self) -> None:
        self.change(self.any(), ("title:", f'title: "Tên thứ {self.count}"'))

    def delete(self) -> None:
        if len(self.articles()) > 2:
            path = self.any()
            self.unlink()
            self.bin.append((path, (self.made.root / path).read_bytes()))
            self.made.remove(path)

    def restore(self) -> None:
        if self.bin:
            path, data = self.bin.pop()
            if not (self.made.root / path).exists():
                self.made.write(path, data)
                self.unlink()

    def rename(self) -> None:
        path = self.any()
        self.unlink()
        data = (self.made.root / path).read_bytes()
        self.made.remove(path)
        self.made.write(f"{path.rsplit('/', 1)[0]}/ten-{self.count}.md", data)

    def move(self) -> None:
        path = self.any()
        self.unlink()
        data = (self.made.root / path).read_bytes()
        self.made.remove(path)
        self.made.write(f"content/2026/so-{self.choice((1, 2))}/chuyen-{self.count}.md", data)

    def template(self) -> None:
        name = self.choice(("web/group.html", "web/home.html", "web/article.html"))
        self.made.write(
            f"themes/plain/templates/{name}", THEME[f"templates/{name}"] + f"<!-- {self.count} -->"
        )

    def status(self) -> None:
        status = self.choice(("draft", "published", "published"))
        self.change(self.any(), ("status:", f"status: {status}"))

    def picture(self) -> None:
        size = self.count
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 {size}"><path d="M0 0h{size}"/></svg>'
        self.made.write("content/2026/so-1/hinh.svg", svg)
        path = self.any()
        if path.startswith("content/2026/so-1/"):
            content = (self.made.root / path).read_text("utf-8")
            self.made.write(path, f"{content}\nXem ![hình {size}](hinh.svg) này.\n")

    def issue(self) -> None:
        self.change("issues/2026/so-1.yaml", ("short_title:", f"short_title: Chủ đề {self.count}"))

    def section(self) -> None:
        self.made.write(
            "bulletin.yaml", CONFIG.replace("title: Kỹ thuật", f"title: Kỹ thuật {self.count}")
        )

    def keywords(self) -> None:
        self.change(self.any(), ("keywords:", f"keywords: [chung, Từ {self.choice((1, 2, 3, 4))}]"))


class Editing(RuleBasedStateMachine):
    """After any edits, and after each of them, the tree is that of a clean build."""

    def __init__(self, make: Make, names: Iterator[int]) -> None:
        super().__init__()
        self.names = names
        self.made = make({**LIGHT, **magazine(6), "issues/2026/so-2.yaml": SO_2}, self.name())
        self.made.write("issues/2026/so-1.yaml", ISSUE.replace("[mot]", "[]"))
        assert not self.made.build().failed
        self.editor = Editor(self.made)

    def name(self) -> str:
        return f"thử-{next(self.names)}"

    @rule(kind=st.sampled_from(EDITS), luck=st.integers(0, 9999))
    def edit(self, kind: str, luck: int) -> None:
        self.editor.step(kind, luck)
        before = self.made.tree()
        outcome = self.made.build()
        clean = self.made.root.parent / self.name()
        fresh = self.made.build(output=clean)
        assert outcome.diagnostics == fresh.diagnostics
        if outcome.failed:  # a link to a piece that was deleted, for example
            assert self.made.tree() == before
        else:
            assert self.made.tree() == self.made.tree(clean)
            assert len(outcome.made) <= len(fresh.made)


@pytest.mark.timeout(1800)  # on a busy machine
def test_after_random_edits_the_tree_is_that_of_a_clean_build(project: Make) -> None:
    names = itertools.count()
    run_state_machine_as_test(
        lambda: Editing(project, names),
        settings=settings(
            max_examples=5,
            stateful_step_count=40,  # 200 edits
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
