"""What a build left behind – lock, journal, manifest, memo – damaged, stale or made by an enemy."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import article
from contract import Trial

Begin = Callable[..., Trial]
MOT = "content/2026/so-1/mot.md"
DIGEST = "a" * 64


def built(trial: Begin) -> tuple[Trial, Path]:
    case = trial()
    assert case.build().code == 0
    return case, case.output / ".bulletin"


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param({"put": [["../content/2026/so-1/mot.md", DIGEST]]}, id="put-above"),
        pytest.param({"put": [["/etc/bulletin-was-here", DIGEST]]}, id="put-absolute"),
        pytest.param({"put": [["site/a.html", "../../../bulletin.yaml"]]}, id="take-from-sources"),
        pytest.param({"put": [[".bulletin/lock", DIGEST]]}, id="put-ours"),
        pytest.param({"drop": ["../content/2026/so-1/mot.md"]}, id="drop-above"),
        pytest.param({"drop": ["site/../../bulletin.yaml"]}, id="drop-by-detour"),
        pytest.param({"manifest": {"../bulletin.yaml": DIGEST}}, id="manifest-above"),
        pytest.param({"put": [["site/index.html", DIGEST]]}, id="bytes-that-are-not-there"),
        pytest.param({"put": 3}, id="no-list"),
        pytest.param([], id="no-object"),
    ],
)
def test_a_journal_of_somebody_else_is_forgotten(trial: Begin, plan: Any) -> None:
    """The contract looks at the sources; the published pages stay too."""
    case, own = built(trial)
    before = case.published()
    (own / "incoming").mkdir(exist_ok=True)
    (own / "incoming" / DIGEST).write_text("của người khác")
    whole = {"put": [], "drop": [], "manifest": {}, **plan} if isinstance(plan, dict) else plan
    (own / "journal.json").write_text(json.dumps(whole))
    assert case.check().code == 0
    assert case.published() == before
    assert not (own / "journal.json").exists()


def test_a_journal_whose_files_did_not_survive_a_loss_of_power(trial: Begin) -> None:
    """The journal is on the disk, the bytes of its files are zeros: nothing of it is shown."""
    case, own = built(trial)
    before = case.published()
    (own / "incoming").mkdir(exist_ok=True)
    (own / "incoming" / DIGEST).write_bytes(bytes(500))
    plan = {"put": [["site/index.html", DIGEST]], "drop": ["site/404.html"], "manifest": {}}
    (own / "journal.json").write_text(json.dumps(plan))
    assert case.check().code == 0
    assert case.published() == before


@pytest.mark.parametrize("path", ["../content/2026/so-1/mot.md", "/etc/hostname", "site/../../x"])
def test_a_manifest_of_somebody_else_removes_nothing(trial: Begin, path: str) -> None:
    case, own = built(trial)
    (own / "manifest.json").write_text(json.dumps({path: DIGEST}))
    assert case.build().code == 0


@pytest.mark.parametrize("words", ["", "{", "[]", "null", '{"a": {}}', "\0"])
def test_a_damaged_manifest_is_made_again(trial: Begin, words: str) -> None:
    case, own = built(trial)
    (own / "manifest.json").write_text(words)
    assert case.build().code == 0
    assert case.project.text("site/index.html")


@pytest.mark.parametrize(
    "name", ["lock", "manifest.json.new", "journal.json.new", "cache", "incoming"]
)
def test_a_link_in_our_folder_is_refused(trial: Begin, name: str) -> None:
    """Writing to it would write to what it leads to."""
    case, own = built(trial)
    target = case.root / ("content" if name in ("cache", "incoming") else MOT)
    if (own / name).is_dir():
        (own / name).rename(case.temp / name)
    (own / name).unlink(missing_ok=True)
    (own / name).symlink_to(target)
    case.write(MOT, article("Tên khác"))
    result = case.build()
    assert result.code == 3
    assert name in result.one("SY000")["message"]


def test_our_folder_as_a_link(trial: Begin) -> None:
    case = trial({"cho-khac/x": ""})
    case.output.mkdir()
    (case.output / ".bulletin").symlink_to("../cho-khac")
    assert case.build().code == 3


@pytest.mark.parametrize("owner", ["", "1", "99999999", "không phải số", "\x1b[31m"])
def test_a_stale_lock_holds_nobody_up(trial: Begin, owner: str) -> None:
    """The lock is held by the system, not by the file: what a dead process left is nothing."""
    case, own = built(trial)
    (own / "lock").write_text(owner, "utf-8")
    assert case.build().code == 0


def rows(own: Path, change: str, *values: str) -> None:
    with sqlite3.connect(own / "cache" / "memo.sqlite") as database:
        database.execute(change, values)
    database.close()


ENEMY = {"blob": f"../../{MOT}", "notes": [], "facts": [], "siblings": [["../../x", "../a"]]}


@pytest.mark.parametrize(
    "value",
    ["", "{", "[1,2]", "null", "1e999", json.dumps(ENEMY), '{"value": [], "notes": 3}', "[" * 5000],
)
def test_rows_of_the_memo_that_nobody_wrote(trial: Begin, value: str) -> None:
    case, own = built(trial)
    before = case.published()
    rows(own, "UPDATE memo SET value = ?", value)
    assert case.build().code == 0
    assert case.published() == before


@pytest.mark.parametrize("damage", ["empty", "words", "folder", "half"])
def test_a_memo_that_is_no_database(trial: Begin, damage: str) -> None:
    case, own = built(trial)
    before = case.published()
    memo = own / "cache" / "memo.sqlite"
    data = memo.read_bytes()
    for other in memo.parent.glob("memo.sqlite*"):
        other.unlink()
    if damage == "folder":
        memo.mkdir()
    else:
        memo.write_bytes(
            {"empty": b"", "words": b"x" * 9000, "half": data[: len(data) // 2]}[damage]
        )
    result = case.build()
    assert result.code == (3 if damage == "folder" else 0)
    assert case.published() == before
