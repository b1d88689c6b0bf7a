"""The power goes, the disk is full, the machine refuses: the folder is old or new, never between."""

from __future__ import annotations

import random  # noqa: TID251 - seeded: the same moments every time
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import article, magazine
from contract import Trial

Begin = Callable[..., Trial]
MOT = "content/2026/so-1/mot.md"
KILLS = 60


class Doomed:
    """A project with an old site, a new one to come, and builds that die on the way."""

    def __init__(self, case: Trial) -> None:
        self.case = case
        assert case.build().code == 0
        self.old = case.published()
        self.start = case.house / "truoc"
        shutil.copytree(case.output, self.start, symlinks=True)
        case.write("content/2026/so-1/bai-1.md", article("Tên mới", uid='"2026-1-bai-1"'))
        case.remove("content/2026/so-1/bai-2.md")
        text = (case.root / "issues/2026/so-1.yaml").read_text("utf-8")
        case.write("issues/2026/so-1.yaml", text.replace("bai-2, ", ""))
        self.fresh = case.house / "sach"
        assert case.build(output=self.fresh).code == 0
        self.new = case.published(self.fresh)

    def again(self) -> None:
        shutil.rmtree(self.case.output)
        shutil.copytree(self.start, self.case.output, symlinks=True)


@pytest.mark.timeout(1800)
def test_b01_kill_9_at_sixty_moments(trial: Begin) -> None:
    """Half of the moments lie anywhere, half in the second in which the new pages are put in."""
    doomed = Doomed(trial(magazine(4)))
    alive = doomed.case.dying_build(0)
    touches = alive.touches
    assert (alive.code, doomed.case.published()) == (0, doomed.new)
    dice = random.Random(1)
    late = touches - len(doomed.new) * 2
    moments = dice.sample(range(1, touches), KILLS // 2)
    moments += dice.sample(range(late, touches), KILLS - len(moments))
    seen = {"old": 0, "new": 0, "between": 0}
    for moment in moments:
        doomed.again()
        assert doomed.case.dying_build(moment).code == 9
        left = doomed.case.published()
        kind = "old" if left == doomed.old else "new" if left == doomed.new else "between"
        seen[kind] += 1
        assert doomed.case.check().code == 0  # the next command of any kind mends
        healed = doomed.case.published()
        assert healed in (doomed.old, doomed.new), moment
        if kind != "between":
            assert healed in (left, doomed.new)
    assert min(seen.values()) > 0, f"the moments were not where it matters: {seen}"
    assert doomed.case.build().code == 0
    assert doomed.case.published() == doomed.new


# ---- a full disk ---------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """``small_disk(kilobytes)``: a file system of this size. Needs the right to mount."""
    mounted: list[Path] = []

    def mount(size: int) -> Path:
        place = tmp_path / f"dia-{size}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        if done.returncode:
            pytest.skip(
                f"mount: {done.stderr.strip()} – run as root (docker run --cap-add SYS_ADMIN) "
                "to see a real full disk; tests/test_publish.py imitates one without it"
            )
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)


def used(folder: Path) -> int:
    """Bytes on a tmpfs, where each file takes whole pages."""
    return sum(-(-path.lstat().st_size // 4096) * 4096 for path in folder.rglob("*"))


def test_p18_a_full_disk(trial: Begin, small_disk: Callable[[int], Path]) -> None:
    """The second build has room for a part of what it writes: first results, then what is put in.

    Each file is written twice, as a result that is remembered and as one that is put in.
    """
    case = trial(magazine(6))
    disk = small_disk(4000)
    output, start = disk / "ra", case.house / "truoc"
    assert case.build(output=output).code == 0
    old, size = case.published(output), used(output)
    shutil.copytree(output, start)
    for number in range(1, 7):
        name = f"bai-{number}"
        case.write(f"content/2026/so-1/{name}.md", article(f"Tên {number}", uid=f'"2026-1-{name}"'))
    assert case.build(output=output).code == 0
    new, grown = case.published(output), used(output) - size
    for share in (0.05, 0.5, 0.95, 1.3):
        shutil.rmtree(output)
        shutil.copytree(start, output)
        filler = disk / "chiem"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - int(grown * share)))
        result = case.build(output=output)
        assert result.code == 3, (share, result.err)
        assert "dung lượng" in result.err
        assert case.published(output) == old
        assert not list(output.rglob("*.new")) + list(output.rglob("incoming"))
        filler.unlink()
        assert case.build(output=output).code == 0
        assert case.published(output) == new


# ---- a machine that refuses ----------------------------------------------------


@pytest.mark.parametrize("files", [4, 5, 6, 7, 8, 9, 10, 12, 16])
def test_too_many_open_files(trial: Begin, files: int) -> None:
    case = trial(magazine(3))
    assert case.build().code == 0
    case.write("content/2026/so-1/bai-1.md", article("Tên mới", uid='"2026-1-bai-1"'))
    result = case.build(limits={"RLIMIT_NOFILE": files})
    assert result.code in (0, 3)


@pytest.mark.parametrize("size", [4_000, 9_000, 30_000])
def test_files_may_not_grow(trial: Begin, size: int) -> None:
    """As with a quota: the system refuses a write in the middle of a file."""
    case = trial(magazine(3))
    assert case.build(limits={"RLIMIT_FSIZE": size}).code == 3
    assert case.build().code == 0


@pytest.mark.parametrize("shut", ["output/.bulletin", "output/site", "output/.bulletin/cache"])
def test_folders_that_may_not_be_written(trial: Begin, shut: str) -> None:
    case = trial(magazine(3))
    assert case.build().code == 0
    before = case.published()
    case.write("content/2026/so-1/bai-1.md", article("Tên mới", uid='"2026-1-bai-1"'))
    (case.root / shut).chmod(0o555)
    try:
        result = case.build(powerless=True)
    finally:
        (case.root / shut).chmod(0o755)
    assert (result.code, case.published()) == (3, before)
    assert "quyền" in result.err or "bộ nhớ đệm" in result.err
    assert case.build().code == 0


def test_a_project_that_may_only_be_read(trial: Begin) -> None:
    case = trial()
    case.root.chmod(0o555)
    try:
        assert case.build(powerless=True).code == 3
        assert case.build(powerless=True, output=case.temp / "ra").code == 0
    finally:
        case.root.chmod(0o755)


def test_not_enough_memory_is_no_bug_of_ours(trial: Begin) -> None:
    case = trial()
    codes = []
    for size in (0, 64, 1024, 4608, 5120, 6144, 8192, 16384, 65536):  # KiB more than at the start
        result = case.run(
            *("build", "-j", "1", "--only", "site"), limits={"RLIMIT_AS": size * 1024}
        )
        codes.append(result.code)
        assert result.code in (0, 3)
        assert result.code == 0 or "không đủ bộ nhớ" in result.err
    assert codes[0] == 3
    assert codes[-1] == 0
    data = case.build(limits={"RLIMIT_AS": 5120 * 1024})
    assert "máy không đủ bộ nhớ" in data.out


def test_an_odd_environment_changes_nothing(trial: Begin) -> None:
    case = trial({"Đường dẫn 100% #2/x": ""})
    assert case.build().code == 0
    before = case.published()
    odd = {"HOME": "", "LANG": "xx_YY", "TZ": "Nowhere/Nothing", "PYTHONHASHSEED": "3"}
    other = case.temp / "ra"
    assert case.build(env=odd, cwd=case.root / "Đường dẫn 100% #2", output=other).code == 0
    assert case.published(other) == before
