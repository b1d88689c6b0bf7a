"""What a preview must live through: shares, folders that go, many saves, a checkout. (S09, S12)"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from conftest import article
from test_serve import (  # noqa: F401 - a fixture
    FILES,
    ONE,
    PAGE,
    Site,
    Start,
    letter,
    start,
    until,
)

from bulletin import inbox, intake
from bulletin.serving import mailbox, watch
from bulletin.serving.preview import WAITING, _put

DESK = "/_ban-bien-tap/"
SPEC = "issues/2026/so-1.yaml"
LETTER = "content/2026/so-1/thu-ban-doc.md"


def known(site: Site) -> list[str]:
    """Paths of the articles that the preview has read."""
    ready = site.preview.ready
    return [item.path for item in ready.sources.articles] if ready is not None else []


def git(root: Path, *words: str) -> None:
    name = [
        "-c",
        "user.name=Thu",
        "-c",
        "user.email=thu@example.vn",
        "-c",
        "init.defaultBranch=chinh",
    ]
    subprocess.run(["git", *name, *words], cwd=root, check=True, capture_output=True)


def test_five_hundred_saves(start: Start) -> None:  # noqa: F811
    site = start(watch=True)
    for number in range(500):
        site.made.write(ONE, article(f"Lần {number}"))
    until(lambda: "Lần 499" in site.text(PAGE))
    assert site.refreshed < 100
    assert site.errors() == []


def test_a_checkout(start: Start) -> None:  # noqa: F811
    site = start(watch=True)
    root = site.made.root
    (root / ".gitignore").write_text("output/\n")
    git(root, "init")
    git(root, "add", ".")
    git(root, "commit", "-m", "một")
    git(root, "checkout", "-b", "khac")
    site.made.write(ONE, article("Ở nhánh khác"))
    site.made.write("content/2026/so-1/them.md", article("Thêm", uid="u9", status="draft"))
    git(root, "add", ".")
    git(root, "commit", "-m", "hai")
    until(lambda: "Ở nhánh khác" in site.text(PAGE))
    for _ in range(3):
        git(root, "checkout", "chinh")
        git(root, "checkout", "khac")
    git(root, "checkout", "chinh")
    until(lambda: "Bài một" in site.text(PAGE) and site.ask("/2026/so-1/them/")[0] == 404)
    assert site.errors() == []


def test_a_deleted_folder_and_back(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(watch, "CARE", 0.05)
    site = start(watch=True)
    content, kept = site.made.root / "content", site.made.root.parent / "giu"
    shutil.move(content, kept)
    until(lambda: bool(site.preview.problems) or site.ask(PAGE)[0] != 200)
    site.text("/_ban-bien-tap/")
    shutil.move(kept, content)
    site.made.write(ONE, article("Đã về"))
    until(lambda: site.ask(PAGE)[0] == 200 and "Đã về" in site.text(PAGE))


def test_a_folder_that_goes_with_the_project(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """A share that is disconnected and comes back: the watch is set up again."""
    monkeypatch.setattr(watch, "CARE", 0.05)
    site = start(watch=True)
    root, away = site.made.root, site.made.root.parent / "xa"
    root.rename(away)
    until(lambda: "CF001" in site.errors())
    assert "bulletin.yaml" in site.text("/_ban-bien-tap/"), "somebody is still there to ask"
    away.rename(root)
    until(lambda: site.errors() == [])
    site.made.write(ONE, article("Nối lại"))
    until(lambda: "Nối lại" in site.text(PAGE))


def test_looking_instead_of_waiting(start: Start) -> None:  # noqa: F811
    site = start()
    eyes = watch.Watcher(site.made.root.resolve(), site.changed, poll=True, pause=0.05)
    eyes.start()
    assert eyes.observer is None
    site.made.write(ONE, article("Nhìn thấy"))
    until(lambda: "Nhìn thấy" in site.text(PAGE))
    root, away = site.made.root, site.made.root.parent / "xa"
    root.rename(away)
    until(lambda: "CF001" in site.errors())
    away.rename(root)
    until(lambda: site.errors() == [])
    eyes.stop()


def test_no_events_to_be_had(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The system has no watches left, or the file system gives none."""
    from watchdog.observers import Observer

    def refuse(self: object) -> None:
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr(Observer, "__init__", refuse)
    site = start()
    eyes = watch.Watcher(site.made.root.resolve(), site.changed, pause=0.05)
    eyes.start()
    assert eyes.polling
    site.made.write(ONE, article("Vẫn thấy"))
    until(lambda: "Vẫn thấy" in site.text(PAGE))
    eyes.stop()


@pytest.mark.parametrize(
    ("root", "share"),
    [
        ("/du-an", False),
        ("/mnt/chung/du-an", True),
        ("/mnt/chung-khac", False),
        ("/mnt/o dia/x", True),
        ("/win/x", True),
    ],
)
def test_a_share_is_known(tmp_path: Path, root: str, share: bool) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n//may/chung /mnt/chung cifs rw 0 0\nmay:/x /mnt/o\\040dia nfs4 rw 0 0\n"
        "C: /win 9p rw 0 0\nloi\n"
    )
    assert watch.is_share(Path(root), mounts) is share
    assert not watch.is_share(Path(root), tmp_path / "khong-co")


def test_a_slow_listener_gets_the_last(start: Start) -> None:  # noqa: F811
    site = start()
    listener = site.preview.listen()
    for number in range(100):
        _put(listener, str(number).encode())
    got = [listener.get() for _ in range(listener.qsize())]
    assert len(got) == WAITING
    assert got[-1] == b"99"


def test_stopping_ends_the_threads(start: Start) -> None:  # noqa: F811
    site = start()
    eyes = watch.Watcher(site.made.root.resolve(), site.changed, poll=True, pause=0.01)
    before = set(threading.enumerate())
    eyes.start()
    fresh = [thread for thread in threading.enumerate() if thread not in before]
    assert fresh
    eyes.stop()
    for thread in fresh:
        thread.join(20)
        assert not thread.is_alive()


# ---- the flat plan ------------------------------------------------------------------------------


def test_the_flat_plan_follows_every_save_and_the_desk_is_told(start: Start) -> None:  # noqa: F811
    """A title, an article that was missing, another order: what the open desk asks for anew."""
    files = {**FILES, SPEC: str(FILES[SPEC]).replace("[mot, kin]", "[mot, chua-viet, kin]")}
    site = start(files, watch=True)
    site.server.table.start()
    stream = site.listen()
    news = stream.next()["news"]

    def titles() -> list[str]:
        """What stands on the plan once it is laid out; the desk waits for news, not for a time."""
        nonlocal news
        while "như khi in" not in (page := site.text(f"{DESK}so-do/2026/so-1")):
            news = stream.next()["news"]
        return "; ".join(re.findall("<b>\\d+</b> ([^<]+)</figcaption>", page)).split("; ")

    assert titles() == ["Bài một", "Chưa có bài: chua-viet", "Bài kín"]
    before = news
    site.save(ONE, article("Đã đổi"))
    assert titles() == ["Đã đổi", "Chưa có bài: chua-viet", "Bài kín"]
    assert news > before, "the desk was told of the new layout"
    site.save("content/2026/so-1/chua-viet.md", article("Vừa viết", uid="u3", status="draft"))
    assert titles() == ["Đã đổi", "Vừa viết", "Bài kín"]
    site.save(SPEC, str(FILES[SPEC]).replace("[mot, kin]", "[kin, chua-viet, mot]"))
    assert titles() == ["Bài kín", "Vừa viết", "Đã đổi"]
    stream.close()
    site.server.table.stop()
    site.server.table.join()


# ---- the drop folder -----------------------------------------------------------------------------


def test_a_word_file_in_the_drop_folder_becomes_an_article(start: Start) -> None:  # noqa: F811
    site = start(watch=True)
    site.made.write("hop-thu/2026/so-1/bai.docx", letter("Thư bạn đọc"))
    until(lambda: "Đã nhập bai.docx" in site.text(DESK))
    assert "Chữ của bạn đọc." in (site.made.root / LETTER).read_text()
    assert "thành content/2026/so-1/thu-ban-doc.md (bản nháp)" in site.text(DESK)
    assert (site.made.root / "hop-thu/da-nhap/bai.docx").is_file()
    assert len(site.said) == 1
    until(lambda: LETTER in known(site))


def test_a_word_file_that_is_refused_is_told_and_tried_again(start: Start) -> None:  # noqa: F811
    site = start(watch=True)
    whole = letter("Thư bạn đọc")
    site.made.write("hop-thu/2026/so-1/<b>.docx", whole[:300])
    until(lambda: "Chưa nhập được" in site.text(DESK))
    assert "&lt;b&gt;.docx" in site.text(DESK)
    assert "<b>.docx" not in site.text(DESK)
    assert not (site.made.root / LETTER).exists()
    site.made.write("hop-thu/2026/so-1/<b>.docx", whole)
    until(lambda: "Đã nhập" in site.text(DESK))
    assert [line.split()[0] for line in site.server.mail] == ["Đã", "Chưa"], "newest first"


def test_an_import_that_breaks_does_not_end_the_preview(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    site = start(watch=True)
    real = intake.take

    def odd(root: Path, order: intake.Order) -> intake.Taken:
        if order.source.name == "a.docx":
            raise RuntimeError("bất ngờ")
        return real(root, order)

    monkeypatch.setattr(intake, "take", odd)
    site.made.write("hop-thu/2026/so-1/a.docx", letter("Tệp lạ"))
    site.made.write("hop-thu/2026/so-1/b.docx", letter("Thư bạn đọc"))
    until(lambda: "bất ngờ" in site.text(DESK) and "Đã nhập b.docx" in site.text(DESK))
    assert "RuntimeError" in (site.made.root / "hop-thu/2026/so-1/a.docx.loi.txt").read_text()

    def worse(root: Path) -> None:
        raise OSError(5, "đĩa hỏng")

    monkeypatch.setattr(inbox, "take", worse)
    for name in ("Một", "Hai"):
        site.made.write(ONE, article(name))
        until(lambda name=name: name in site.text(PAGE))  # type: ignore[misc]
    assert sum("đĩa hỏng" in line for line in site.server.mail) == 1
    assert "Traceback" in capfd.readouterr().err


def test_the_desk_keeps_the_last_lines_only(start: Start) -> None:  # noqa: F811
    site = start()
    for number in range(mailbox.KEPT + 3):
        site.made.write(f"hop-thu/2026/so-1/{number:02}.docx", b"x")
    site.mailbox.empty()
    assert len(site.server.mail) == mailbox.KEPT
    assert f"{mailbox.KEPT + 2}.docx" in site.server.mail[0]
