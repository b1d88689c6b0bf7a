"""Publishing: the folder is wholly old or wholly new, whenever the program dies; only ours goes."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import ISSUE, LIGHT, WORDS, Make, article, magazine

from bulletin import files
from bulletin.codec import digest
from bulletin.files import OURS, Output, Trouble

Tree = dict[str, bytes]
OLD: Tree = {
    "site/index.html": b"old home",
    "site/2026/so-1/mot/index.html": b"old one",
    "site/2026/so-1/hai/index.html": b"two, to be removed",
    "site/2026/so-1/same/index.html": b"same",
    "site/tu-khoa/mat/index.html": b"two, to be removed",
    "site/assets/a.css": b"a",
    "site/feed.xml": b"old feed",
    "print/2026/so-1.pdf": b"%PDF old",
}
NEW: Tree = {
    "site/index.html": b"new home",
    "site/2026/so-1/mot/index.html": b"new one",
    "site/2026/so-1/ba/index.html": b"three",
    "site/2026/so-1/same/index.html": b"same",
    "site/2026/so-1/ban/index.html": b"three",
    "site/2026/so-1/so-1.pdf": b"%PDF new",
    "site/assets/b.css": b"b",
    "site/feed.xml": b"new feed",
    "print/2026/so-1.pdf": b"%PDF new",
}
GROUPS = ("site", "print")


class Killed(BaseException):
    """The process dies here."""


def publish(output: Output, tree: Tree, groups: tuple[str, ...] = GROUPS) -> tuple[int, int]:
    blobs = {digest(data): data for data in tree.values()}
    names = {path: digest(data) for path, data in tree.items()}
    return output.publish(names, blobs.__getitem__, groups)


def published(folder: Path) -> Tree:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and OURS not in path.relative_to(folder).parts
    }


def output(tmp_path: Path, name: str = "ra") -> Output:
    root = tmp_path / "duan"
    root.mkdir(exist_ok=True)
    return Output(tmp_path / name, root)


def half(path: Path, data: bytes) -> None:
    """A write that the kill cut in two."""
    with open(path, "wb") as out:
        out.write(data[: len(data) // 2])


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, step: int) -> Iterator[list[int]]:
    """Die at the ``step``-th touch of the disk: before it, or for writes in the middle of it."""
    count = [0]

    def watch(owner: Any, name: str, torn: Callable[..., None] | None = None) -> None:
        real = getattr(owner, name)

        def wrapped(*args: Any, **named: Any) -> Any:
            count[0] += 1
            if count[0] == step:
                if torn is not None:
                    torn(*args, **named)
                raise Killed
            return real(*args, **named)

        patch.setattr(owner, name, wrapped)

    with monkeypatch.context() as patch:
        for owner, name in (
            (os, "replace"),
            (os, "fsync"),
            (Path, "mkdir"),
            (Path, "unlink"),
            (Path, "rmdir"),
            (shutil, "rmtree"),
        ):
            watch(owner, name)
        watch(Path, "write_bytes", half)
        watch(
            shutil, "copyfile", lambda source, target: half(Path(target), Path(source).read_bytes())
        )
        yield count


def steps_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    target = output(tmp_path, "dem")
    with target.lock():
        publish(target, OLD)
        with dying(monkeypatch, -1) as count:
            publish(target, NEW)
    return count[0]


def test_a_kill_at_every_step_leaves_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = steps_of(tmp_path, monkeypatch)
    assert total > 25
    ended = {"old": 0, "new": 0}
    for step in range(1, total + 1):
        target = output(tmp_path, f"ra-{step}")
        with target.lock():
            publish(target, OLD)
        with pytest.raises(Killed), target.lock(), dying(monkeypatch, step):
            publish(target, NEW)
        with output(tmp_path, f"ra-{step}").lock():  # the next command, whatever it is
            now = published(target.folder)
            assert now in (OLD, NEW), f"mixed at step {step}"
            ended["old" if now == OLD else "new"] += 1
            assert target.manifest() == {path: digest(data) for path, data in now.items()}
            assert not (target.own / "journal.json").exists()
            assert not (target.own / "incoming").exists()
            publish(target, NEW)
            assert published(target.folder) == NEW
    assert ended["old"] > 5
    assert ended["new"] > 10


def test_a_second_kill_during_recovery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total = steps_of(tmp_path, monkeypatch)
    ended_new = 0
    for step in range(1, total + 1, 3):
        for again in range(1 + step % 5, total, 5):
            target = output(tmp_path, f"ra-{step}-{again}")
            with target.lock():
                publish(target, OLD)
            with pytest.raises(Killed), target.lock(), dying(monkeypatch, step):
                publish(target, NEW)
            try:
                with dying(monkeypatch, again), target.lock():
                    pass
            except Killed:
                pass
            with target.lock():
                now = published(target.folder)
            assert now in (OLD, NEW), (step, again)
            ended_new += now == NEW
            shutil.rmtree(target.folder)
    assert ended_new > total // 2


def test_folders_that_became_empty_go(tmp_path: Path) -> None:
    target = output(tmp_path)
    with target.lock():
        publish(target, OLD)
        assert publish(target, {"site/index.html": b"old home"}) == (0, 7)
    assert sorted(p.name for p in target.folder.iterdir()) == [OURS, "site"]
    assert published(target.folder) == {"site/index.html": b"old home"}


def test_other_groups_are_left_alone(tmp_path: Path) -> None:
    target = output(tmp_path)
    with target.lock():
        publish(target, OLD)
        publish(target, {"site/index.html": b"x"}, ("site",))
        assert published(target.folder) == {
            "site/index.html": b"x",
            "print/2026/so-1.pdf": b"%PDF old",
        }
        publish(target, {}, ("print",))
        assert published(target.folder) == {"site/index.html": b"x"}


def test_only_files_of_the_manifest_are_removed(tmp_path: Path) -> None:
    target = output(tmp_path)
    foreign = {"site/CNAME": b"example.vn", "site/2026/so-1/hai/ghi-chu.txt": b"mine"}
    with target.lock():
        publish(target, OLD)
        for path, data in foreign.items():
            (target.folder / path).write_bytes(data)
        publish(target, NEW)
        assert published(target.folder) == NEW | foreign
        publish(target, {})
        assert published(target.folder) == foreign


def test_hand_edited_and_hand_deleted_files_come_back(tmp_path: Path) -> None:
    target = output(tmp_path)
    with target.lock():
        publish(target, OLD)
        (target.folder / "site/index.html").write_bytes(b"mended by hand")
        (target.folder / "site/feed.xml").unlink()
        assert publish(target, OLD) == (2, 0)
        assert published(target.folder) == OLD
        assert publish(target, OLD) == (0, 0)


def test_hand_edited_page_of_a_project_comes_back(project: Make) -> None:
    made = project(LIGHT)
    made.build()
    before = made.tree()
    made.write("output/site/index.html", "sửa tay")
    assert made.build().made == ()
    assert made.tree() == before


# ---- a disk that is full -----------------------------------------------------


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x")


@pytest.mark.parametrize(("owner", "name"), [(Path, "write_bytes"), (os, "fsync"), (os, "replace")])
def test_full_disk_before_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    target = output(tmp_path)
    with target.lock():
        publish(target, OLD)
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, full)
            with pytest.raises(Trouble) as caught:
                publish(target, NEW)
        assert caught.value.exit_code == 3
        assert "bản cũ vẫn nguyên" in caught.value.hint
        assert published(target.folder) == OLD
        assert not (target.own / "incoming").exists()
    with target.lock():
        assert published(target.folder) == OLD


def test_full_disk_half_way_through_incoming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = output(tmp_path)
    real, count = Path.write_bytes, [0]

    def write(path: Path, data: bytes) -> int:
        count[0] += 1
        if count[0] == 4:
            full()
        return real(path, data)

    with target.lock():
        publish(target, OLD)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", write)
            with pytest.raises(Trouble, match="hết dung lượng"):
                publish(target, NEW)
        assert count[0] == 4
        assert published(target.folder) == OLD


def test_full_disk_after_the_commit_is_completed_by_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = output(tmp_path)
    with target.lock():
        publish(target, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with target.lock(), pytest.raises(Trouble) as caught:
            publish(target, NEW)
        assert caught.value.exit_code == 3
        assert "chạy lại" in caught.value.hint
        with pytest.raises(Trouble), target.lock():  # still full
            pass
    with target.lock():
        assert published(target.folder) == NEW


def test_a_damaged_journal_is_forgotten(tmp_path: Path) -> None:
    for odd in ("{", "[]", "{}", '{"put": [["a"]], "drop": [], "manifest": {}}'):
        target = output(tmp_path, f"ra-{digest(odd.encode())[:6]}")
        with target.lock():
            publish(target, OLD)
        (target.own / "journal.json").write_text(odd)
        with target.lock():
            assert published(target.folder) == OLD


def test_a_real_full_disk(project: Make, tmp_path: Path) -> None:
    """On a file system of 1 MB, when this machine lets us mount one."""
    place = tmp_path / "nho"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no right to mount")
    try:
        made = project(magazine(8))
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "bulletin",
                "build",
                "-C",
                str(made.root),
                "-o",
                str(place / "ra"),
            ],
            capture_output=True,
            check=False,
            cwd=Path(files.__file__).parent.parent,
            timeout=60,
        )
        assert done.returncode == 3, done.stderr.decode()
        assert b"Traceback" not in done.stderr
        assert published(place / "ra") == {}
    finally:
        subprocess.run(["umount", str(place)], check=True)


# ---- a failed build ----------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("content/2026/so-1/mot.md", "---\ntitle: [\n---\n"),
        ("content/2026/so-1/mot.md", article(section="la")),
        ("bulletin.yaml", "publication: 3\n"),
        ("themes/plain/templates/web/home.html", "{% if %}"),
        ("themes/plain/templates/web/home.html", "{{ page.nothing.at_all }}"),
        ("themes/plain/theme.yaml", "palettes: []\n"),
    ],
)
def test_failed_build_leaves_the_old_output(project: Make, path: str, content: str) -> None:
    made = project(LIGHT)
    made.build(("site", "print"))
    before = made.tree()
    stamps = {name: (made.output / name).stat().st_mtime_ns for name in before}
    made.write("content/2026/so-1/hai.md", article("Bài hai", uid="x"))
    made.write(path, content)
    outcome = made.build(("site", "print"))
    assert outcome.failed
    assert outcome.tree == {}
    assert made.tree() == before
    assert {name: (made.output / name).stat().st_mtime_ns for name in before} == stamps


def test_sources_are_never_written(project: Make) -> None:
    made = project({**LIGHT, **magazine(2)})

    def sources() -> Tree:
        return {
            path.relative_to(made.root).as_posix(): path.read_bytes()
            for path in sorted(made.root.rglob("*"))
            if path.is_file() and made.output not in path.parents
        }

    before = sources()
    made.build(("site", "print"))
    assert sources() == before


# ---- which folders are refused -----------------------------------------------


@pytest.mark.parametrize(
    "folder",
    [
        ".",
        "..",
        "/",
        "content",
        "content/2026",
        "issues/moi",
        "themes/plain/x",
        "bulletin",
        ".git/x",
    ],
)
def test_sources_root_and_what_holds_them_are_refused(project: Make, folder: str) -> None:
    made = project()
    with pytest.raises(Trouble) as caught:
        Output(made.root / folder, made.root)
    assert caught.value.exit_code == 2
    assert made.check() == ()


def test_home_is_refused(project: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "nha"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(Trouble, match="không ghi vào"):
        Output(home, project().root)
    assert list(home.iterdir()) == []
    Output(home / "ban-tin", project().root)


def test_symbolic_links_are_refused(project: Make, tmp_path: Path) -> None:
    made = project(LIGHT)
    aside = tmp_path / "cho-khac"
    aside.mkdir()
    link = tmp_path / "lien-ket"
    link.symlink_to(aside)
    with pytest.raises(Trouble, match="liên kết tượng trưng"):
        Output(link, made.root)
    sly = tmp_path / "vong"
    sly.symlink_to(made.root)
    with pytest.raises(Trouble, match="không ghi vào"):
        Output(sly / "content", made.root)


def test_a_link_inside_the_output_leads_nowhere(project: Make, tmp_path: Path) -> None:
    made = project(LIGHT)
    made.build()
    aside = tmp_path / "cho-khac"
    shutil.move(made.output / "site", aside)
    (made.output / "site").symlink_to(aside)
    before = published(aside)
    made.write("content/2026/so-1/mot.md", article("Tên khác"))
    with pytest.raises(Trouble, match="dẫn ra ngoài"):
        made.build()
    assert published(aside) == before


def test_foreign_folder_is_refused_and_left_alone(project: Make, tmp_path: Path) -> None:
    made = project(LIGHT)
    foreign = tmp_path / "anh-cuoi"
    foreign.mkdir()
    (foreign / "1.jpg").write_bytes(b"x")
    with pytest.raises(Trouble, match="không phải do bulletin tạo") as caught:
        made.build(output=foreign)
    assert caught.value.exit_code == 2
    assert [p.name for p in foreign.iterdir()] == ["1.jpg"]


def test_empty_folder_and_cut_off_claim_are_taken(project: Make, tmp_path: Path) -> None:
    made = project(LIGHT)
    empty = tmp_path / "trong"
    (empty / OURS).mkdir(parents=True)  # the first command died before it wrote the marker
    assert not made.build(output=empty).failed


def test_a_file_is_no_folder(project: Make, tmp_path: Path) -> None:
    made = project(LIGHT)
    (tmp_path / "tep").write_bytes(b"x")
    with pytest.raises(Trouble) as caught:
        made.build(output=tmp_path / "tep")
    assert caught.value.exit_code == 2
    with pytest.raises(Trouble) as caught:
        made.build(output=tmp_path / "tep" / "ra")
    assert caught.value.exit_code == 3
    assert (tmp_path / "tep").read_bytes() == b"x"


def test_two_builds_at_once(project: Make) -> None:
    made = project(LIGHT)
    made.build()
    before = made.tree()
    with Output(made.output, made.root).lock(), pytest.raises(Trouble) as caught:
        made.build()
    assert caught.value.exit_code == 4
    assert str(os.getpid()) in caught.value.message
    assert made.tree() == before
    assert made.build().made == ()


# ---- a deleted article -------------------------------------------------------

GONE = ("Chuyện voi", "2026-1-voi", "/voi/", "hươu cao cổ", "huou cao co")


def herd(keep: bool, status: str = "published") -> dict[str, str | bytes]:
    plan = ISSUE.replace("[mot]", "[mot, voi]" if keep else "[mot]")
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 7"><path d="M0 0h7"/></svg>'
    body = f"{WORDS} Có hươu cao cổ. Xem ![con voi](voi.svg) này."
    voi = article(
        "Chuyện voi",
        body,
        uid='"2026-1-voi"',
        status=status,
        keywords="[riêng voi]",
        authors="[Bà Voi]",
    )
    files: dict[str, str | bytes] = {**LIGHT, "issues/2026/so-1.yaml": plan}
    if keep:
        files |= {"content/2026/so-1/voi.md": voi, "content/2026/so-1/voi.svg": picture}
    return files


def traces(tree: Tree) -> set[str]:
    """Public files that still speak of the article."""
    words = [word.encode() for word in (*GONE, "Bà Voi", "riêng voi")]
    return {
        path
        for path, data in tree.items()
        if "voi" in path or (not path.endswith(".pdf") and any(word in data for word in words))
    }


@pytest.mark.parametrize("how", ["deleted", "draft"])
def test_an_article_taken_back_vanishes_everywhere(project: Make, how: str) -> None:
    made = project(herd(True))
    made.build(("site", "print"))
    shown = traces(made.tree())
    assert {
        "site/index.html",
        "site/2026/so-1/index.html",
        "site/2026/so-1/voi/index.html",
        "site/2026/so-1/mot/index.html",
        "site/feed.xml",
        "site/chuyen-muc/ky-thuat/feed.xml",
        "site/sitemap.xml",
        "site/tu-khoa/rieng-voi/index.html",
        "site/tac-gia/ba-voi/index.html",
        "site/tu-khoa/index.html",
        "site/tac-gia/index.html",
    } <= shown
    assert any(path.startswith("site/hinh/voi-") for path in shown)
    if how == "deleted":
        made.remove("content/2026/so-1/voi.md")
        made.remove("content/2026/so-1/voi.svg")
        made.write("issues/2026/so-1.yaml", ISSUE)
    else:
        made.write("content/2026/so-1/voi.md", herd(True, "draft")["content/2026/so-1/voi.md"])
    outcome = made.build(("site", "print"))
    assert not outcome.failed
    assert traces(made.tree()) == set()
    assert not (made.output / "site/2026/so-1/voi").exists()
    clean = made.root.parent / "sach"
    made.build(("site", "print"), output=clean)
    assert made.tree() == made.tree(clean)


# ---- a real kill -------------------------------------------------------------


def test_kill_9_of_a_real_build(project: Make, tmp_path: Path) -> None:
    """The process is killed at several moments; the next command shows an old or a new site."""
    made = project({**LIGHT, **magazine(12)})
    made.build()
    old = made.tree()
    made.write(
        "themes/plain/templates/web/base.html", "<html>{% block main %}{% endblock %}</html>"
    )
    fresh = tmp_path / "sach"
    made.build(output=fresh)
    new = made.tree(fresh)
    assert old != new
    command = [sys.executable, "-m", "bulletin", "build", "--only", "site", "-C", str(made.root)]
    for delay in (0.25, 0.4, 0.55, 0.7, 0.9):
        process = subprocess.Popen(
            command, stderr=subprocess.DEVNULL, cwd=Path(files.__file__).parent.parent
        )
        time.sleep(delay)
        process.kill()
        process.wait(30)
        with Output(made.output, made.root).lock():
            assert made.tree() in (old, new)
    made.build()
    assert made.tree() == new
