"""A new board, from an empty folder to a proof of its first issue, as its editor would go.

What an editor does in the browser on the same way – the overlay, the form, the desk – is walked
through in Chromium by ``scripts/audit/newcomer.js``.
"""

from __future__ import annotations

import json
from pathlib import Path

import newcomer
import pytest
from newcomer import COMPOST, LEGACY, MIXED, PHOTO, PIGS, UNICODE

from bulletin import cli

ISSUE = "2026/so-1"


def run(folder: Path, *words: str) -> int:
    return cli.main([*words, "-C", str(folder)])


def told(capsys: pytest.CaptureFixture[str], folder: Path) -> list[dict[str, object]]:
    """Errors of ``bulletin check``."""
    capsys.readouterr()
    run(folder, "check", "--format", "json")
    rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return [row for row in rows if row["severity"] == "error"]


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, (before, text)
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.timeout(900)  # a guard against waiting for ever: a whole proof is laid out
def test_from_an_empty_folder_to_a_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795226400")  # 21 November 2026
    home, post = tmp_path / "Bản tin của tôi", tmp_path / "thư đến"
    articles = home / "content" / ISSUE

    # 1. An empty folder becomes a project without an error.
    home.mkdir()
    assert cli.main(["init", str(home), "--name", "Bản tin thử"]) == 0
    assert told(capsys, home) == []

    # 2. Two Word files, the second with a picture of a phone; both become drafts.
    newcomer.parcel(post)
    assert run(home, "import", str(post / UNICODE), "--section", "ky-thuat") == 0
    capsys.readouterr()
    assert run(home, "import", str(post / LEGACY), str(post / PHOTO), "--section", "ky-thuat") == 0
    said = capsys.readouterr().err
    assert f"Thêm «{PIGS}» vào contents: của issues/{ISSUE}.yaml" in said
    assert "chưa rõ tác giả" in said, "what nobody knows is asked for"
    compost, pigs = articles / f"{COMPOST}.md", articles / f"{PIGS}.md"
    assert "Phân chuồng **tươi** có mầm bệnh" in compost.read_text(encoding="utf-8")
    assert MIXED in pigs.read_text(encoding="utf-8")
    for draft in (compost, pigs):
        assert "\nstatus: draft\n" in draft.read_text(encoding="utf-8")

    # 3. The picture stands upright and says nothing of where and with what it was taken.
    (photo,) = articles.glob(f"{PIGS}-*.jpg")
    across, down = newcomer.SENSOR
    assert newcomer.picture(photo) == {"size": [down, across], "upright": True, "told": 0}

    # 4. The sample goes, the articles take their places in the contents.
    (articles / "bai-mau.md").unlink()
    change(home / f"issues/{ISSUE}.yaml", "articles: [bai-mau]", f"articles: [{COMPOST}, {PIGS}]")
    assert told(capsys, home) == []

    # 5. An error is told with its place and a remedy, stops the site, and is mended.
    change(pigs, "section: ky-thuat", "section: ky-thuật")
    assert run(home, "check") == 1
    (error,) = told(capsys, home)
    line = pigs.read_text(encoding="utf-8").splitlines().index("section: ky-thuật") + 1
    assert (error["path"], error["line"]) == (f"content/{ISSUE}/{PIGS}.md", line)
    assert "ky-thuat" in str(error["hint"])
    assert run(home, "build", "--only", "site") == 1
    assert not (home / "output/site").exists()
    change(pigs, "section: ky-thuật", "section: ky-thuat")
    change(pigs, 'title: "KỸ THUẬT NUÔI LỢN"', 'title: "Kỹ thuật nuôi lợn"')
    assert told(capsys, home) == []

    # 6. The board gets its proof: both articles, the picture upright, on paper of the office.
    assert run(home, "proof", ISSUE) == 0
    found = newcomer.proof(home / f"output/office/{ISSUE}/ban-thao-so-1-2026.pdf")
    for words in ("BẢN THẢO", "Ủ phân hữu cơ tại nhà", "Kỹ thuật nuôi lợn", MIXED):
        assert words in found["words"], words
    assert [down, across] in found["images"]
    # Drafts of the board are in its proof and nowhere else.
    assert [path.name for path in (home / "output").iterdir() if path.name[0] != "."] == ["office"]
