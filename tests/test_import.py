"""A Word file comes into a project: places, refusals, the drop folder, and a run that dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import word_samples as samples
from conftest import ISSUE, LIGHT, Make, Project
from docx import Document

from bulletin import cli, inbox, intake
from bulletin.files import Trouble
from bulletin.intake import Order

NAME = "u-phan-huu-co-tai-nha"
ARTICLE = f"content/2026/so-1/{NAME}.md"
PICTURE = f"content/2026/so-1/{NAME}-hinh-1.jpg"
LIST = f"content/2026/so-1/{NAME}.can-lam-tay.txt"


@pytest.fixture(scope="module")
def good() -> bytes:
    return samples.unicode_file()


@pytest.fixture
def desk(project: Make, good: bytes) -> Project:
    found = project(LIGHT)
    found.write("den/bai.docx", good)
    return found


def order(desk: Project, **more: Any) -> Order:
    return Order(desk.root / "den" / "bai.docx", **{"issue": "2026/so-1", **more})


def content(desk: Project) -> dict[str, bytes]:
    return desk.tree(desk.root / "content")


def run(desk: Project, *arguments: str | Path) -> int:
    return cli.main(["import", "-C", str(desk.root), *map(str, arguments)])


def short(*words: str) -> bytes:
    document = Document()
    document.add_paragraph("Tên ngắn", style="Title")
    for line in words:
        document.add_paragraph(line)
    return samples.saved(document)


# ---- one file ------------------------------------------------------------------------------------


def test_an_import_passes_check_and_stays_a_draft(desk: Project) -> None:
    taken = intake.take(desk.root, order(desk, section="ky-thuat"))
    assert taken.article == desk.root / ARTICLE
    assert set(content(desk)) == {
        path.removeprefix("content/")
        for path in (ARTICLE, PICTURE, LIST, "content/2026/so-1/mot.md")
    }
    assert [i for i in desk.check() if i.place.path == ARTICLE and i.severity == 2] == []
    outcome = desk.build()
    assert not outcome.failed
    assert not any(NAME in path for path in outcome.tree)


def test_an_approved_article_has_no_reminders_left(desk: Project) -> None:
    intake.take(desk.root, order(desk, section="ky-thuat"))
    path = desk.root / ARTICLE
    path.write_text(path.read_text().replace("status: draft", "status: approved"))
    found = [item for item in desk.check() if item.code == "WD028"]
    assert [item.place.path for item in found] == [ARTICLE]
    assert "alt và credit" in found[0].message


def test_the_issue_that_is_being_made_is_the_default(desk: Project) -> None:
    with pytest.raises(Trouble, match="chưa biết nhập vào số nào"):
        intake.take(desk.root, order(desk, issue=""))
    desk.write("issues/2026/so-1.yaml", ISSUE.replace("published", "in-progress"))
    assert intake.take(desk.root, order(desk, issue="")).article == desk.root / ARTICLE


def test_a_section_that_nobody_named_is_asked_for(desk: Project) -> None:
    taken = intake.take(desk.root, order(desk))
    assert "section: ky-thuat\n" in (desk.root / ARTICLE).read_text()
    assert any("section" in item.message for item in taken.problems)
    assert "chọn lại ở section" in (desk.root / LIST).read_text()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"issue": "2030/so-9"}, "2026/so-1"),
        ({"section": "la"}, "ky-thuat"),
        ({"slug": "Tên Bài"}, "--slug ten-bai"),
        ({"slug": "index"}, "--slug bai-index"),
    ],
)
def test_wrong_orders_are_told_what_fits(desk: Project, more: dict[str, str], words: str) -> None:
    before = content(desk)
    with pytest.raises(Trouble) as stopped:
        intake.take(desk.root, order(desk, **more))
    assert words in stopped.value.hint
    assert content(desk) == before


def test_a_refused_file_leaves_nothing(desk: Project, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("den/cu.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    before = content(desk)
    assert run(desk, desk.root / "den/cu.doc", "--issue", "2026/so-1") == 1
    assert content(desk) == before
    said = capsys.readouterr().err
    assert "lỗi[WD001]" in said
    assert "Save As" in said
    assert run(desk, desk.root / "den/khong-co.docx", "--issue", "2026/so-1") == 2
    assert run(desk, "--issue", "2026/so-1") == 2


def test_as_data(desk: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, desk.root / "den/bai.docx", "--issue", "2026/so-1", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"WD019", "WD020"} <= {row["code"] for row in rows}


# ---- D11, D12 ------------------------------------------------------------------------------------


def test_d11_an_article_is_never_overwritten(desk: Project) -> None:
    intake.take(desk.root, order(desk))
    (desk.root / ARTICLE).write_text("của tôi")
    before = content(desk)
    with pytest.raises(Trouble) as stopped:
        intake.take(desk.root, order(desk))
    assert "--update" in stopped.value.hint
    assert content(desk) == before


def test_d11_a_picture_of_somebody_else_is_not_overwritten(desk: Project) -> None:
    desk.write(PICTURE, b"khac")
    with pytest.raises(Trouble, match="khác với hình"):
        intake.take(desk.root, order(desk))
    assert (desk.root / PICTURE).read_bytes() == b"khac"
    assert not (desk.root / ARTICLE).exists()


def test_d11_update_shows_first_and_writes_on_demand(
    desk: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    args = (desk.root / "den/bai.docx", "--issue", "2026/so-1")
    assert run(desk, *args, "--section", "ky-thuat") == 0
    path = desk.root / ARTICLE
    mine = (
        path.read_text().replace("genre: guide", "genre: news").replace("Rải phân", "Rải kỹ phân")
    )
    path.write_text(mine)
    capsys.readouterr()
    assert run(desk, *args, "--update") == 0
    shown = capsys.readouterr()
    assert "-2. Rải kỹ phân\n+2. Rải phân\n" in shown.out
    assert "--write" in shown.err
    assert path.read_text() == mine
    assert run(desk, *args, "--update", "--write") == 0
    now = path.read_text()
    assert "genre: news" in now
    assert "2. Rải phân" in now
    capsys.readouterr()
    assert run(desk, *args, "--update") == 0
    assert capsys.readouterr().out == ""
    assert run(desk, *args, "--write") == 2


KILLED = """
import os, sys
from pathlib import Path
from bulletin import intake, word
root, source = Path(sys.argv[1]), Path(sys.argv[2])
order = intake.Order(source, issue="2026/so-1")
article, *others = (root / name for name in sys.argv[3:])
made = intake._convert(order, intake._wanted(root, order, intake.desk.project(root)[0]))
intake._convert = lambda *_: made  # reading is not what dies here
for steps in range(20):
    for path in (article, *others):
        path.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        def dying(real):
            def call(*args, **kwargs):
                global steps
                steps -= 1
                if steps < 0:
                    os._exit(9)
                return real(*args, **kwargs)
            return call
        for name in ("replace", "link", "fsync"):
            setattr(os, name, dying(getattr(os, name)))
        intake.take(root, order)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, article.exists(), end=" ")
    if code:
        intake.take(root, order)
    print(all(path.exists() for path in (article, *others)), len(list(article.parent.iterdir())))
    if not code:
        break
"""


def test_d12_a_run_that_dies_leaves_no_half_article(desk: Project) -> None:
    intake.take(desk.root, order(desk))
    wanted = content(desk)
    files = [desk.root / path for path in (ARTICLE, PICTURE, LIST)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, desk.root, desk.root / "den/bai.docx", *files],
        check=True,
        capture_output=True,
        text=True,
    )
    *deaths, last = done.stdout.splitlines()
    # It died, there was no article; the next run made it, and nothing is left beside it.
    assert set(deaths) == {"9 False True 4"}
    assert len(deaths) >= 5
    assert last == "0 True True 4"
    assert content(desk) == wanted


# ---- the drop folder -----------------------------------------------------------------------------


def test_the_drop_folder(desk: Project) -> None:
    desk.write("hop-thu/2026/so-1/hoi-dap/bai.docx", short("Chữ một."))
    desk.write("hop-thu/2026/so-1/hoi-dap/bai/Ảnh.jpg", samples.jpeg(gps=True))
    desk.write("hop-thu/2026/so-1/hoi-dap/~$bai.docx", b"khoa cua Word")
    desk.write("hop-thu/2026/so-1/cu.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    outcome = inbox.take(desk.root)
    assert [one.article for one in outcome.taken] == [desk.root / "content/2026/so-1/ten-ngan.md"]
    text = (desk.root / "content/2026/so-1/ten-ngan.md").read_text()
    assert "section: hoi-dap" in text
    assert ":::figure ten-ngan-anh.jpg" in text
    assert [one.source for one in outcome.refused] == ["cu.doc"]
    assert (desk.root / "hop-thu/da-nhap/bai.docx").is_file()
    assert (desk.root / "hop-thu/da-nhap/bai/Ảnh.jpg").is_file()
    note = desk.root / "hop-thu/2026/so-1/cu.doc.loi.txt"
    assert "Save As" in note.read_text()
    # Nothing more to do until the file changes.
    assert inbox.take(desk.root) == inbox.Outcome()
    (desk.root / "hop-thu/2026/so-1/cu.doc").write_bytes(b"{\\rtf1")
    assert len(inbox.take(desk.root).refused) == 1


def test_a_file_that_was_half_copied_is_tried_again(desk: Project) -> None:
    whole = short("Chữ một.")
    desk.write("hop-thu/2026/so-1/bai.docx", whole[:400])
    assert len(inbox.take(desk.root).refused) == 1
    desk.write("hop-thu/2026/so-1/bai.docx", whole)
    outcome = inbox.take(desk.root)
    assert len(outcome.taken) == 1
    assert not (desk.root / "hop-thu/2026/so-1/bai.docx.loi.txt").exists()


def test_two_files_of_one_name_and_one_title(desk: Project) -> None:
    for _ in range(2):
        desk.write("hop-thu/2026/so-1/bai.docx", short("Chữ."))
        outcome = inbox.take(desk.root)
    assert "đã có" in outcome.refused[0].problems[0].message
    assert (desk.root / "hop-thu/2026/so-1/bai.docx").is_file()


def test_a_file_that_cannot_be_moved_away_is_not_taken_twice(
    desk: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Word on Windows holds a file that is open in it."""

    def held(*_: object) -> None:
        raise PermissionError(13, "đang mở")

    monkeypatch.setattr(inbox.os, "rename", held)
    desk.write("hop-thu/2026/so-1/bai.docx", short("Chữ."))
    assert run(desk, "--inbox") == 0
    assert "WD029" in capsys.readouterr().err
    assert (desk.root / "content/2026/so-1/ten-ngan.md").is_file()
    assert inbox.take(desk.root) == inbox.Outcome()


def test_a_file_that_cannot_be_read_stays_and_is_told(
    desk: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> intake.Taken:
        raise PermissionError(13, "đang mở")

    desk.write("hop-thu/2026/so-1/bai.docx", short("Chữ."))
    monkeypatch.setattr(intake, "take", held)
    outcome = inbox.take(desk.root)
    assert "đang mở" in outcome.refused[0].problems[0].message
    assert (desk.root / "hop-thu/2026/so-1/bai.docx").is_file()


def test_no_folder_and_links_out_of_it(desk: Project, tmp_path: Path) -> None:
    assert inbox.take(desk.root) == inbox.Outcome()
    (tmp_path / "ngoai").mkdir()
    (tmp_path / "ngoai/bai.docx").write_bytes(short("Chữ."))
    (desk.root / "hop-thu").mkdir()
    os.symlink(tmp_path / "ngoai", desk.root / "hop-thu/2026")
    os.symlink(tmp_path / "ngoai/bai.docx", desk.root / "hop-thu/bai.docx")
    assert inbox.waiting(desk.root) == []


def test_the_command_of_the_drop_folder(desk: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, "--inbox") == 0
    assert "không có tệp Word nào" in capsys.readouterr().err
    desk.write("hop-thu/2026/so-1/cu.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    desk.write("hop-thu/2026/so-1/bai.docx", short("Chữ một."))
    assert run(desk, "--inbox") == 1
    said = capsys.readouterr().err
    assert "ten-ngan.md" in said
    assert "WD001" in said
    assert run(desk, "--inbox", "a.docx") == 2
