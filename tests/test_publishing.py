"""Publishing: the plan, the order, what is refused, being cut off, and no secret in any word."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import CONFIG, LIGHT, Make, Project, article
from test_cli import Said

from bulletin import cli, outlets, publishing
from bulletin.files import Trouble
from bulletin.outlets import PublishTarget
from bulletin.outputs import headers
from bulletin.publishing import targets
from bulletin.publishing.plan import (
    MANIFEST,
    MAX_FILES,
    Remote,
    batches,
    compare,
    odd,
    rank,
    read,
    written,
)
from bulletin.publishing.runner import Result, Shell, refuse, scrub
from bulletin.publishing.targets import Folder, Git, Rclone, Rsync

TWO = "content/2026/so-1/hai.md"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795226400")

    def call(*arguments: str | Path) -> Said:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err + out
        return Said(code, out, err)

    return call


def site(project: Make, to: str = "../web", **more: str) -> Project:
    """A built project that publishes to a folder."""
    declared = f"publish:\n  - {{name: chinh, kind: folder, to: {to}}}\n"
    made = project({**LIGHT, "bulletin.yaml": CONFIG + declared, **more})
    assert not made.build().failed
    return made


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != MANIFEST
    }


# ---- the plan ------------------------------------------------------------------------------------

FILES = {
    "index.html": ("i", 10),
    "feed.xml": ("f", 20),
    "sw.js": ("s", 5),
    "assets/a.css": ("a", 30),
    "2026/so-1/mot/index.html": ("m", 40),
    "2026/so-1/index.html": ("l", 12),
    "2026/so-1/so-1.pdf": ("p", 99),
    "hinh/a.svg": ("h", 7),
}


def test_a_plan_counts_new_changed_removed() -> None:
    before = {"index.html": ("old", 9), "feed.xml": ("f", 20), "gone.html": ("g", 3)}
    plan = compare(FILES, Remote(before))
    assert plan.changed == ("index.html",)
    assert plan.removed == ("gone.html",)
    assert len(plan.new) == len(FILES) - 2
    assert plan.kept == 1
    assert plan.size(plan.removed) == 3
    assert not plan.nothing
    assert compare(FILES, Remote(FILES)).nothing
    assert not compare(FILES, Remote(FILES), everything=True).nothing
    assert not compare(FILES, Remote(FILES, busy=True)).nothing


def test_what_pages_need_goes_first_then_pages_then_lists() -> None:
    order = [path for batch in batches(compare(FILES, Remote())) for path in batch]
    assert [rank(path) for path in order] == sorted(rank(path) for path in order)
    assert set(order[:3]) == {"assets/a.css", "2026/so-1/so-1.pdf", "hinh/a.svg"}
    assert order[3] == "2026/so-1/mot/index.html"
    assert set(order[4:]) == {"index.html", "feed.xml", "sw.js", "2026/so-1/index.html"}


def test_portions_are_limited() -> None:
    many = {f"assets/{n}.css": ("x", 1) for n in range(MAX_FILES + 1)}
    assert [len(batch) for batch in batches(compare(many, Remote()))] == [MAX_FILES, 1]
    heavy = {f"assets/{n}.css": ("x", 30 * 1024 * 1024) for n in range(3)}
    assert [len(batch) for batch in batches(compare(heavy, Remote()))] == [1, 1, 1]


@pytest.mark.parametrize(
    "path", ["../a", "/a", "a/../b", "a//b", "a\\b", "a\nb", "", ".", "a/./b", "a/", MANIFEST]
)
def test_a_list_that_leads_elsewhere_is_not_believed(path: str) -> None:
    assert odd(path)
    assert read(written({path: ("x", 1)}, busy=False)) is None


def test_the_list_comes_back_as_it_was_written() -> None:
    assert read(written(FILES, busy=True)) == Remote(FILES, busy=True)
    assert not odd(".htaccess")
    for data in (b"", b"{}", b"[]", b"<html>", b'{"by": "other", "format": 1, "files": {}}'):
        assert read(data) is None


def test_a_plan_that_takes_most_away_is_noticed() -> None:
    before = {f"{n}.html": ("x", 1) for n in range(50)}
    assert compare({"index.html": ("i", 1)}, Remote(before)).drastic
    assert not compare(FILES, Remote({"a.html": ("x", 1)})).drastic


# ---- what may leave the house --------------------------------------------------------------------


def test_a_folder_gets_the_site_and_the_plan_is_shown_first(project: Make, run: Any) -> None:
    made = site(project)
    web = made.root.parent / "web"
    seen = run("publish", "-C", made.root, "--dry-run")
    assert seen.code == 0
    assert not web.exists()
    assert "Mới" in seen.err
    done = run("publish", "-C", made.root, "--yes")
    assert done.code == 0, done.err
    assert tree(web) == tree(made.output / "site")
    again = run("publish", "-C", made.root, "--yes")
    assert "không có gì để gửi" in again.err


def test_changed_and_removed_files_follow(project: Make, run: Any) -> None:
    second = article("Bài hai", uid='"2026-1-hai"')
    made = site(project, **{TWO: second})
    assert run("publish", "-C", made.root, "--yes").code == 0
    web = made.root.parent / "web"
    assert (web / "2026/so-1/hai/index.html").exists()
    made.remove(TWO)
    assert not made.build().failed
    plan = json.loads(run("publish", "-C", made.root, "--dry-run", "--format", "json").out)
    assert "2026/so-1/hai/index.html" in plan["removed"]
    assert "index.html" in plan["changed"]
    assert run("publish", "-C", made.root, "--yes").code == 0
    assert not (web / "2026/so-1/hai").exists()
    assert tree(web) == tree(made.output / "site")


def test_a_failed_build_is_not_published(project: Make, run: Any) -> None:
    made = site(project)
    made.write(TWO, "không có phần khai báo")
    assert made.build().failed
    said = run("publish", "-C", made.root, "--yes")
    assert said.code == 1
    assert "chưa xong hoặc có lỗi" in said.err
    made.remove(TWO)
    assert not made.build().failed
    assert run("publish", "-C", made.root, "--yes").code == 0


def test_a_failed_print_does_not_hold_back_the_site(project: Make) -> None:
    made = site(project)
    from bulletin.files import Output

    output = Output(made.output, made.root)
    output.began(("print",))
    assert output.facts("site") == {"drafts": False, "base_url": "https://example.vn/bantin/"}
    assert output.facts("print") == {"unfinished": True}


def test_drafts_nothing_and_tampering_are_refused(project: Make, run: Any) -> None:
    made = site(project)
    assert not made.build(drafts=True).failed
    assert "--drafts" in run("publish", "-C", made.root, "--yes").err
    assert not made.build().failed
    page = made.output / "site/index.html"
    page.write_text("khác")
    said = run("publish", "-C", made.root, "--yes")
    assert (said.code, "site/index.html" in said.err) == (1, True)
    fresh = project(
        {**LIGHT, "bulletin.yaml": made.root.joinpath("bulletin.yaml").read_text()}, "x"
    )
    assert "chưa có trang web" in run("publish", "-C", fresh.root, "--yes").err


def test_an_address_that_changed_or_is_missing(project: Make, run: Any) -> None:
    made = site(project)
    config = (made.root / "bulletin.yaml").read_text()
    made.write("bulletin.yaml", config.replace("example.vn/bantin", "khac.vn"))
    assert "site.base_url đã đổi" in run("publish", "-C", made.root, "--yes").err
    blank = config.replace("base_url: https://example.vn/bantin/", "base_url:")
    remote = blank.replace("kind: folder, to: ../web", "kind: rsync, to: 'may:/web'")
    made.write("bulletin.yaml", remote)
    assert not made.build().failed
    assert "chưa điền site.base_url" in run("publish", "-C", made.root, "--yes").err
    made.write("bulletin.yaml", blank)
    assert run("publish", "-C", made.root, "--yes").code == 0


def test_a_foreign_folder_is_left_alone(project: Make, run: Any) -> None:
    made = site(project)
    web = made.root.parent / "web"
    web.mkdir()
    (web / "cua-nguoi-khac.txt").write_text("x")
    said = run("publish", "-C", made.root, "--yes")
    assert said.code == 2
    assert [p.name for p in web.iterdir()] == ["cua-nguoi-khac.txt"]
    (web / MANIFEST).write_text("{}")
    assert run("publish", "-C", made.root, "--yes").code == 3


@pytest.mark.parametrize("to", [".", "content", "..", "themes/plain"])
def test_the_sources_are_no_place_to_publish_to(project: Make, run: Any, to: str) -> None:
    made = site(project, to)
    before = made.tree(made.root)
    assert run("publish", "-C", made.root, "--yes").code == 2
    assert made.tree(made.root) == before


def test_a_link_that_leads_out_of_the_folder(project: Make, run: Any) -> None:
    made = site(project)
    assert run("publish", "-C", made.root, "--yes").code == 0
    web, away = made.root.parent / "web", made.root.parent / "xa"
    os.rename(web / "2026", away)
    (web / "2026").symlink_to(away)
    before = tree(away)
    assert run("publish", "-C", made.root, "--yes", "--all").code == 3
    assert tree(away) == before


def test_files_of_others_in_our_folder_stay(project: Make, run: Any) -> None:
    made = site(project)
    assert run("publish", "-C", made.root, "--yes").code == 0
    (made.root.parent / "web" / "xac-minh.html").write_text("x")
    assert run("publish", "-C", made.root, "--yes", "--all").code == 0
    assert (made.root.parent / "web" / "xac-minh.html").exists()


def test_nobody_there_to_answer(project: Make, run: Any) -> None:
    made = site(project)
    said = run("publish", "-C", made.root)
    assert said.code == 2
    assert "--yes" in said.err


def test_which_place_is_meant(project: Make, run: Any) -> None:
    assert "chưa khai nơi đăng" in run("publish", "-C", project({**LIGHT}).root).err
    made = site(project, "../web}\n  - {name: phu, kind: folder, to: ../phu", **{})
    assert "chọn: chinh, phu" in run("publish", "-C", made.root).err
    assert "không có nơi đăng" in run("publish", "ba", "-C", made.root).err
    assert run("publish", "phu", "-C", made.root, "--yes").code == 0
    assert (made.root.parent / "phu/index.html").exists()


# ---- being cut off -------------------------------------------------------------------------------


class Cut(Exception):
    """The line is dead."""


def test_a_cut_line_is_taken_up_again(project: Make, tmp_path: Path) -> None:
    """Cut at every step once: the place is always known as ours, and ends up right."""
    made = site(project, **{TWO: article("Bài hai", uid='"2026-1-hai"')})
    source = made.output / "site"
    files = {p: (str(len(d)) + p, len(d)) for p, d in tree(source).items()}
    old = {**files, "index.html": ("old", 1), "da-bo.html": ("x", 1)}
    steps = 0
    while True:
        steps += 1
        place = Folder(tmp_path / f"web-{steps}", made.root)
        place.mark(written(old, busy=False))
        (place.folder / "da-bo.html").write_text("x")
        fragile = Fragile(place, steps)
        try:
            publishing.carry_out(compare(files, place.look()), fragile, source, lambda _: None)
        except Cut:
            plan = compare(files, place.look())
            assert plan.resumed or steps == 1
            publishing.carry_out(plan, place, source, lambda _: None)
        assert place.look() == Remote(files)
        assert not (place.folder / "da-bo.html").exists()
        assert (place.folder / "index.html").read_bytes() == (source / "index.html").read_bytes()
        if fragile.left > 0:
            break
    assert steps > 4


class Fragile:
    """A place whose n-th call fails half-way."""

    def __init__(self, place: Folder, left: int) -> None:
        self.place, self.left = place, left

    def _step(self) -> None:
        self.left -= 1
        if not self.left:
            raise Cut

    def look(self) -> Remote:
        return self.place.look()

    def mark(self, manifest: bytes) -> None:
        self._step()
        self.place.mark(manifest)

    def put(self, site: Path, paths: Sequence[str]) -> None:
        self.place.put(site, paths[: len(paths) // 2])
        self._step()
        self.place.put(site, paths[len(paths) // 2 :])

    def drop(self, paths: Sequence[str]) -> None:
        self._step()
        self.place.drop(paths)

    def finish(self, site: Path, manifest: bytes, message: str) -> None:
        self._step()
        self.place.finish(site, manifest, message)


# ---- git, for real -------------------------------------------------------------------------------


def git(*arguments: str | Path) -> str:
    done = subprocess.run(["git", *map(str, arguments)], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_git_branch_for_real(project: Make, run: Any, tmp_path: Path) -> None:
    hub = tmp_path / "kho.git"
    git("init", "--quiet", "--bare", hub)
    made = project(
        {
            **LIGHT,
            TWO: article("Bài hai", uid='"2026-1-hai"'),
            "bulletin.yaml": CONFIG + f"publish:\n  - {{name: kho, kind: git, to: '{hub}'}}\n",
        }
    )
    assert not made.build().failed
    first = run("publish", "-C", made.root, "--yes")
    assert first.code == 0, first.err
    names = git("-C", hub, "ls-tree", "-r", "--name-only", "trang-web").split()
    assert set(names) == {*tree(made.output / "site"), MANIFEST, ".nojekyll"}
    assert "không có gì để gửi" in run("publish", "-C", made.root, "--yes").err
    made.remove(TWO)
    assert not made.build().failed
    assert run("publish", "-C", made.root, "--yes").code == 0
    out = tmp_path / "ban-sao"
    git("clone", "--quiet", "--branch", "trang-web", hub, out)
    (out / ".nojekyll").unlink()
    got = {p: d for p, d in tree(out).items() if not p.startswith(".git/")}
    assert got == tree(made.output / "site")
    assert git("-C", hub, "rev-list", "--count", "trang-web").strip() == "2"


def test_a_branch_of_others_is_left_alone(project: Make, run: Any, tmp_path: Path) -> None:
    hub, work = tmp_path / "kho.git", tmp_path / "khac"
    git("init", "--quiet", "--bare", hub)
    git("init", "--quiet", "-b", "main", work)
    (work / "a.txt").write_text("x")
    git("-C", work, "add", ".")
    named = ("-c", "user.name=A", "-c", "user.email=a@example.vn")
    git("-C", work, *named, "commit", "-qm", "x")
    git("-C", work, "push", "-q", hub, "main")
    head = git("-C", hub, "rev-parse", "main")
    made = project(
        {
            **LIGHT,
            "bulletin.yaml": CONFIG
            + f"publish:\n  - {{name: kho, kind: git, to: '{hub}', branch: main}}\n",
        }
    )
    assert not made.build().failed
    assert run("publish", "-C", made.root, "--yes").code == 2
    assert git("-C", hub, "rev-parse", "main") == head


def test_a_push_that_lost_the_race_is_refused(project: Make, tmp_path: Path) -> None:
    hub = tmp_path / "kho.git"
    git("init", "--quiet", "--bare", hub)
    source = tmp_path / "site"
    source.mkdir()
    (source / "index.html").write_text("một")
    given = PublishTarget(name="kho", kind="git", to=str(hub), branch="w")
    one, two = (Git(given, Shell(), tmp_path / name) for name in ("a", "b"))
    assert one.look() == two.look() == Remote()
    manifest = written({"index.html": ("x", 1)}, busy=False)
    one.finish(source, manifest, "một")
    with pytest.raises(Trouble, match="git push"):
        two.finish(source, written({"index.html": ("y", 1)}, busy=False), "hai")
    assert two.look().files == {"index.html": ("x", 1)}


# ---- command lines, with a runner that runs nothing ----------------------------------------------


class Fake:
    """Remembers commands and answers from a table: (word in the command, result)."""

    def __init__(self, *answers: tuple[str, Result]) -> None:
        self.answers = answers
        self.commands: list[tuple[list[str], bytes]] = []

    def run(
        self, command: Sequence[str], stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> Result:
        self.commands.append((list(command), stdin))
        return next(
            (found for word, found in self.answers if any(word in part for part in command)),
            Result(0, b"", ""),
        )


SERVER = PublishTarget(
    name="may", kind="rsync", to="ban-tin@may:/srv/web", port=2222, key="~/khóa riêng"
)
STORE = PublishTarget(name="kho", kind="rclone", to="kho:thung/bantin")
MISSING = Result(23, b"", "rsync: link_stat failed: No such file or directory (2)")


def test_rsync_speaks_to_the_right_port_and_never_asks() -> None:
    fake = Fake()
    Rsync(SERVER, fake).put(Path("/ra/site"), ["a b.html", "hinh/c.svg"])
    ((command, names),) = fake.commands
    assert command[0] == "rsync"
    shell = next(part for part in command if part.startswith("--rsh="))
    assert "-p 2222" in shell
    assert "BatchMode=yes" in shell
    assert f"-i '{os.path.expanduser('~')}/khóa riêng'" in shell
    assert command[-2:] == ["/ra/site/", "ban-tin@may:/srv/web/"]
    assert names == b"a b.html\0hinh/c.svg\0"
    assert "--delete" not in command


def test_rsync_with_a_shell_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSYNC_RSH", "ssh -F rieng")
    fake = Fake()
    Rsync(SERVER, fake).put(Path("/ra"), ["a"])
    assert not any(part.startswith("--rsh") for part in fake.commands[0][0])


def test_rsync_deletes_only_what_is_named() -> None:
    fake = Fake()
    Rsync(SERVER, fake).drop(["2026/so-1/cu/index.html"])
    (first, names), *rest = fake.commands
    assert "--delete-missing-args" in first
    for command, _ in fake.commands:
        assert not {"--delete", "--delete-after", "--recursive", "-a"} & {*command}
    assert names == b"2026/so-1/cu/index.html\0"
    # The deepest first: a folder that still holds one would stay.
    assert [sent for _, sent in rest] == [b"2026/so-1/cu\0", b"2026/so-1\0", b"2026\0"]


@pytest.mark.parametrize(
    ("listing", "remote"),
    [(MISSING, True), (Result(0, b"drwxr-xr-x 4,096 2026/11/21 09:00:00 .\n", ""), True)],
)
def test_an_empty_place_behind_rsync(listing: Result, remote: bool) -> None:
    fake = Fake(("--list-only", listing), ("rsync", MISSING))
    assert Rsync(SERVER, fake).look() == Remote()


def test_a_full_place_behind_rsync_and_a_dead_one() -> None:
    full = Result(0, b"-rw-r--r-- 5 2026/11/21 09:00:00 index.html\n", "")
    with pytest.raises(Trouble, match="không trống"):
        Rsync(SERVER, Fake(("--list-only", full), ("rsync", MISSING))).look()
    dead = Result(255, b"", "ssh: connect to host may port 2222: Connection refused")
    with pytest.raises(Trouble, match="Connection refused"):
        Rsync(SERVER, Fake(("rsync", dead))).look()


def test_rclone_sends_what_browsers_may_keep_with_each_file() -> None:
    fake = Fake()
    Rclone(STORE, fake).put(Path("/ra/site"), ["assets/a.css", "index.html", "hinh/b.svg"])
    (first, hashed), (second, pages) = fake.commands
    assert f"Cache-Control: {headers.FOREVER}" in first
    assert hashed == b"assets/a.css\nhinh/b.svg\n"
    assert f"Cache-Control: {headers.ASK}" in second
    assert pages == b"index.html\n"
    assert first[-2:] == ["/ra/site", "kho:thung/bantin/"]


def test_an_empty_a_full_and_a_closed_store() -> None:
    gone = Result(3, b"", "directory not found")
    assert Rclone(STORE, Fake(("cat", gone), ("lsf", gone))).look() == Remote()
    with pytest.raises(Trouble, match="không trống"):
        Rclone(STORE, Fake(("cat", gone), ("lsf", Result(0, b"index.html\n", "")))).look()
    denied = Result(1, b"", "AccessDenied: status code: 403")
    with pytest.raises(Trouble, match="AccessDenied"):
        Rclone(STORE, Fake(("cat", denied))).look()
    there = Result(0, written(FILES, busy=False), "")
    assert Rclone(STORE, Fake(("cat", there))).look() == Remote(FILES)


@pytest.mark.parametrize("kind", outlets.KINDS)
def test_every_kind_has_a_place(kind: str, tmp_path: Path) -> None:
    given = PublishTarget(name="a", kind=kind, to="x:y")
    made = targets.target(given, tmp_path, tmp_path, Fake())
    assert type(made).__name__.lower() == kind


# ---- secrets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "fatal: https://lhh:matkhau99@may/kho.git: 403",
        "url=https://ghp_matkhau99@github/x",
        "secret_access_key = matkhau99",
        'Authorization: "Bearer matkhau99"',
        "X-Amz-Signature=matkhau99&x=1",
        "rclone: matkhau99 was refused",
    ],
)
def test_a_tool_that_talks_too_much(said: str) -> None:
    kept = scrub(said, {"RCLONE_CONFIG_KHO_SECRET_ACCESS_KEY": "matkhau99", "HOME": "/nha"})
    assert "matkhau99" not in kept


def test_what_is_no_secret_is_shown() -> None:
    said = "ssh: connect to host may port 22: Connection refused at /nha/a"
    assert scrub(said, {"HOME": "/nha", "API_TOKEN": "22"}) == said


def test_the_real_runner_scrubs_and_reports_a_missing_tool() -> None:
    shell = Shell()
    code = "import sys; sys.stderr.write('password=bimat123 x'); sys.exit(4)"
    result = shell.run(["python3", "-c", code])
    assert (result.code, result.err) == (4, "password=••• x")
    assert "mã thoát 9" in refuse("a", Result(9, b"", "")).message
    with pytest.raises(Trouble, match="chưa có chương trình"):
        shell.run(["khong-co-chuong-trinh-nay"])


@pytest.mark.parametrize(
    ("declared", "code", "word"),
    [
        ("{name: a, kind: git, to: 'https://x:bimat@may/k.git'}", "CF051", "mật khẩu"),
        ("{name: a, kind: git, to: 'https://ghp_bimat123@may/k.git'}", "CF051", "mật khẩu"),
        ("{name: a, kind: rsync, to: 'may:/w', key: '-----BEGIN PRIVATE KEY'}", "CF051", "khóa"),
        ("{name: a, kind: rsync, to: /srv/web}", "CF052", "rsync"),
        ("{name: a, kind: rsync, to: '-oProxyCommand=x:/w'}", "CF052", "rsync"),
        ("{name: a, kind: rclone, to: '/srv'}", "CF052", "rclone"),
        ("{name: a, kind: git, to: '--upload-pack=x'}", "CF052", "git"),
        ("{name: a, kind: git, to: kho, branch: '-x'}", "CF052", "nhánh"),
        ("{name: Máy Chủ, kind: folder, to: w}", "CF050", "may-chu"),
        ("{name: a, kind: folder, to: w}\n  - {name: a, kind: folder, to: v}", "CF050", "cùng tên"),
    ],
)
def test_mistakes_in_the_declaration(
    project: Make, run: Any, declared: str, code: str, word: str
) -> None:
    made = project({**LIGHT, "bulletin.yaml": f"{CONFIG}publish:\n  - {declared}\n"})
    found = [item for item in made.check() if item.code == code]
    assert [item.place.path for item in found] == ["bulletin.yaml"]
    assert word in found[0].message + found[0].hint
    assert found[0].place.line > 1
    said = run("publish", "-C", made.root, "--yes")
    assert said.code == 2
    assert code in said.err


GOOD: tuple[tuple[str, str], ...] = (
    ("rsync", "may:/srv/web"),
    ("rsync", "ban-tin@may.vn:web/ban tin"),
    ("git", "https://may.vn/lhh/kho.git"),
    ("git", "git@may:lhh/kho.git"),
    ("rclone", "kho:thung"),
    ("folder", "/srv/www"),
)


@pytest.mark.parametrize(("kind", "to"), GOOD)
def test_right_declarations(kind: str, to: str) -> None:
    assert [*outlets.check((PublishTarget(name="a", kind=kind, to=to),), {})] == []


def test_the_plan_in_words() -> None:
    before = {"index.html": ("old", 9), "2026/so-1/x.pdf": ("g", 3_400_000)}
    words = publishing.as_text(compare(FILES, Remote(before, busy=True)), "chinh", "may:/web")
    assert "làm tiếp" in words
    assert "3,4 MB" in words
    assert "--only site" in words
    assert "~ index.html" in words
