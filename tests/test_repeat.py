"""A build that nothing has changed for: the remembered outcome, and all that must not bring it."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from conftest import AS_OF, LIGHT, WORDS, Make, Project, article, magazine

from bulletin import build, files
from bulletin.model import Outcome

PAGE = "site/2026/so-1/mot/index.html"


def counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each build that assembles anything."""
    runs: list[int] = []
    assemble = build.catalog.assemble

    def counted(*arguments: object) -> object:
        runs.append(1)
        return assemble(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(build.catalog, "assemble", counted)
    return runs


def same(one: Outcome, other: Outcome) -> None:
    assert (other.tree, other.diagnostics, other.articles) == (
        one.tree, one.diagnostics, one.articles,
    )  # fmt: skip
    assert other.facts == one.facts


def test_nothing_changed_nothing_is_assembled(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project({**LIGHT, "content/2026/so-1/mot.md": article(body=f"{WORDS} Câu , có lỗi.")})
    runs = counting(monkeypatch)
    first = made.build()
    assert not first.failed
    assert first.diagnostics, "warnings must be told again"
    tree = made.tree()
    second = made.build()
    assert (len(runs), second.made) == (1, ())
    same(first, second)
    assert made.tree() == tree


@pytest.mark.parametrize(
    "path", ["content/2026/so-1/mot.md", "issues/2026/so-1.yaml", "bulletin.yaml"]
)
def test_a_changed_file_is_seen(project: Make, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    made = project(LIGHT)
    runs = counting(monkeypatch)
    made.build()
    before = (made.root / path).read_text("utf-8")
    made.write(path, before + "\n")
    made.build()
    made.write(path, before)
    made.build()
    assert len(runs) == 2, "and the file as it was is known again"


def test_another_request_another_day_another_tool(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(LIGHT)
    runs = counting(monkeypatch)
    made.build()
    made.build(drafts=True)
    made.build(as_of=AS_OF + timedelta(days=1))
    monkeypatch.setattr(build, "toolchain", lambda: "other")
    made.build()
    assert len(runs) == 4


def test_a_file_that_is_refused_is_told_though_it_is_no_source(project: Make) -> None:
    made = project(LIGHT)
    assert not made.build().failed
    made.write("content/2026/so-1/mot (conflicted copy).md", "bản sao")
    assert "SY005" in [item.code for item in made.build().diagnostics]


def test_an_embargo_ends_within_the_day(project: Make) -> None:
    hour = AS_OF.replace(hour=10, minute=0)
    two = "content/2026/so-1/bai-2.md"
    text = article("Bài hai", uid="u-hai", publish_at=f'"{hour.date().isoformat()} 11:00"')
    made = project({**LIGHT, **magazine(2), two: text})
    before = made.build(as_of=hour)
    assert not before.failed, before.diagnostics
    assert made.build(as_of=hour + timedelta(minutes=59)).tree == before.tree
    after = made.build(as_of=hour + timedelta(minutes=60))
    assert "site/2026/so-1/bai-2/index.html" in after.tree
    assert made.build(as_of=hour).tree == before.tree, "and back, as for an earlier moment"


def test_errors_are_not_remembered_as_an_outcome(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project({**LIGHT, "content/2026/so-1/hai.md": "không có khai báo\n"})
    runs = counting(monkeypatch)
    first = made.build()
    assert first.failed
    second = made.build()
    assert len(runs) == 2
    same(first, second)


def test_a_published_file_that_somebody_changed_is_put_right(project: Make) -> None:
    made = project(LIGHT)
    made.build()
    page = made.output / PAGE
    whole = page.read_bytes()
    page.write_bytes(b"x" * len(whole))
    (made.output / "site/feed.xml").unlink()
    assert made.build().made == ()
    assert page.read_bytes() == whole
    assert (made.output / "site/feed.xml").is_file()


def test_a_lost_blob_is_made_anew(project: Make) -> None:
    made = project(LIGHT)
    digest = made.build().tree[PAGE]
    tree = made.tree()
    (made.output / f".bulletin/cache/blobs/{digest[:2]}/{digest[2:]}").unlink()
    assert made.build().made == (), "nobody needed it"
    (made.output / PAGE).unlink()
    assert PAGE in made.build().made
    assert made.tree() == tree


# ---- published files that need not be read again ---------------------------------------------


def old_enough(made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if all that was published had lain there for more than a minute."""
    monkeypatch.setattr(files.Seen, "MARGIN", -1)
    seen = made.output / ".bulletin/seen.json"
    seen.unlink(missing_ok=True)
    made.build()
    assert PAGE in seen.read_text("utf-8")


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    digest = files._digest_of

    def noted(path: object) -> str:
        found.append(str(path))
        return digest(path)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "_digest_of", noted)
    return found


def test_what_lay_untouched_is_not_read(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(LIGHT)
    made.build()
    old_enough(made, monkeypatch)
    found = reads(monkeypatch)
    made.build()
    assert found == []


def test_a_change_with_the_old_size_and_time_is_found(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(LIGHT)
    made.build()
    old_enough(made, monkeypatch)
    page = made.output / PAGE
    whole, state = page.read_bytes(), page.stat()
    page.write_bytes(whole.replace(b"<", b"[", 1))
    os.utime(page, ns=(state.st_atime_ns, state.st_mtime_ns))
    made.build()
    assert page.read_bytes() == whole


def test_what_was_written_just_now_is_read_again(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(LIGHT)
    made.build()
    found = reads(monkeypatch)
    made.build()
    assert any(path.endswith("mot/index.html") for path in found)


@pytest.mark.parametrize("spoilt", ["", "[]", "{", '{"site/index.html": 3}'])
def test_a_spoilt_note_costs_time_only(
    project: Make, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    made = project(LIGHT)
    made.build()
    tree = made.tree()
    old_enough(made, monkeypatch)
    (made.output / ".bulletin/seen.json").write_text(spoilt, "utf-8")
    (made.output / PAGE).write_bytes(re.sub(rb"<", b"[", tree[PAGE]))
    assert not made.build().failed
    assert made.tree() == tree
