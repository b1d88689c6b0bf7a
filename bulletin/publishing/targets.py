"""The places themselves: a folder, a server behind rsync, a git branch, a store behind rclone.

All answer the same questions. ``mark`` is called before each portion, so that a first upload that
was cut off is known as ours; ``finish`` comes last, when everything has arrived.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bulletin.files import Output, Trouble, prune
from bulletin.outlets import PublishTarget
from bulletin.outputs import headers
from bulletin.publishing.plan import MANIFEST, Remote, read
from bulletin.publishing.runner import Result, Runner, refuse

FOREIGN = "chọn một nơi trống dành riêng cho bản tin; lệnh không ghi vào nơi nó không tạo ra"


class Target(Protocol):
    def look(self) -> Remote:
        """What stands there; raises :class:`Trouble` for a place that is not ours."""

    def mark(self, manifest: bytes) -> None: ...

    def put(self, site: Path, paths: Sequence[str]) -> None: ...

    def drop(self, paths: Sequence[str]) -> None: ...

    def finish(self, site: Path, manifest: bytes, message: str) -> None: ...


def known(data: bytes | None, empty: bool, where: str) -> Remote:
    """The list that a place holds, or nothing where nothing stands."""
    if data is not None:
        found = read(data)
        if found is None:
            raise Trouble(
                f"{where}: tệp {MANIFEST} ở đó hỏng hoặc không phải của bulletin", FOREIGN
            )
        return found
    if not empty:
        raise Trouble(f"{where} không trống và không phải do bulletin publish tạo", FOREIGN, 2)
    return Remote()


def folders_of(paths: Sequence[str]) -> list[str]:
    """Every folder above the paths, the deepest first."""
    found = {
        "/".join(parts[:n]) for p in paths for parts in [p.split("/")] for n in range(1, len(parts))
    }
    return sorted(found, key=lambda folder: (-folder.count("/"), folder))


# ---- a folder --------------------------------------------------------------------------------


@dataclass(slots=True)
class Folder:
    """A folder of this machine, or one that is mounted into it."""

    folder: Path
    root: Path

    def look(self) -> Remote:
        Output.guard(self.folder, self.root)
        if not self.folder.exists():
            return Remote()
        inside = self.folder / MANIFEST
        data = inside.read_bytes() if inside.is_file() else None
        return known(data, not any(self.folder.iterdir()), str(self.folder))

    def mark(self, manifest: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._replace(MANIFEST, lambda path: path.write_bytes(manifest))

    def put(self, site: Path, paths: Sequence[str]) -> None:
        for path in paths:
            self._replace(path, lambda to, path=path: shutil.copyfile(site / path, to))

    def drop(self, paths: Sequence[str]) -> None:
        for path in paths:
            target = self._inside(path)
            target.unlink(missing_ok=True)
            prune(target.parent, self.folder)

    def finish(self, site: Path, manifest: bytes, message: str) -> None:
        self.mark(manifest)

    def _replace(self, path: str, write: object) -> None:
        """A reader sees the old file or the new one, never half of one."""
        target = self._inside(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        assert callable(write)
        write(beside)
        beside.chmod(0o644)
        os.replace(beside, target)

    def _inside(self, path: str) -> Path:
        """No symbolic link on the way may lead out of the folder."""
        target = self.folder / path
        if not target.parent.resolve().is_relative_to(self.folder.resolve()):
            raise Trouble(
                f"{target.parent} dẫn ra ngoài nơi đăng qua liên kết tượng trưng",
                "xóa liên kết rồi chạy lại",
            )
        return target


# ---- rsync over SSH --------------------------------------------------------------------------


@contextmanager
def _holding(name: str, data: bytes) -> Iterator[Path]:
    """A folder that holds one file."""
    with tempfile.TemporaryDirectory(prefix="bulletin-") as place:
        (Path(place) / name).write_bytes(data)
        yield Path(place)


@dataclass(slots=True)
class Rsync:
    target: PublishTarget
    run: Runner

    VANISHED = 24  # what was to be deleted is gone already, or a folder is not empty
    MISSING = 23  # some files could not be transferred: the source is not there

    def look(self) -> Remote:
        with tempfile.TemporaryDirectory(prefix="bulletin-") as place:
            result = self._rsync([f"{self._there()}{MANIFEST}", f"{place}/"])
            data = (Path(place) / MANIFEST).read_bytes() if result.code == 0 else None
        if result.code not in (0, self.MISSING):
            raise refuse(f"không đọc được {self.target.to}", result, _SSH)
        return known(data, data is not None or self._empty(), self.target.to)

    def _empty(self) -> bool:
        result = self._rsync(["--list-only", self._there()])
        if result.code == self.MISSING:  # the folder is not there yet
            return True
        if result.code:
            raise refuse(f"không đọc được {self.target.to}", result, _SSH)
        names = [line.split(None, 4)[-1] for line in result.out.decode().splitlines() if line]
        return all(name == "." for name in names)

    def mark(self, manifest: bytes) -> None:
        with _holding(MANIFEST, manifest) as place:
            self._send(place, [MANIFEST])

    def put(self, site: Path, paths: Sequence[str]) -> None:
        self._send(site, paths)

    def drop(self, paths: Sequence[str]) -> None:
        """Delete what the list names and the source lacks; then folders that became empty.

        rsync takes a folder before what is in it, so each depth is a call of its own; a folder
        that still holds something stays.
        """
        folders = folders_of(paths)
        depths = sorted({folder.count("/") for folder in folders}, reverse=True)
        steps = [list(paths)] + [[f for f in folders if f.count("/") == deep] for deep in depths]
        with tempfile.TemporaryDirectory(prefix="bulletin-") as place:
            for names in steps:
                options = ["--delete-missing-args", "--files-from=-", "--from0"]
                result = self._rsync([*options, f"{place}/", self._there()], names)
                if result.code not in (0, self.MISSING, self.VANISHED):
                    raise refuse(f"không gỡ được tệp ở {self.target.to}", result)

    def finish(self, site: Path, manifest: bytes, message: str) -> None:
        self.mark(manifest)

    def _send(self, source: Path, paths: Sequence[str]) -> None:
        options = ["--files-from=-", "--from0", "--checksum", "--times", "--perms"]
        options += ["--chmod=D755,F644", "--mkpath", "--delay-updates"]
        result = self._rsync([*options, f"{source}/", self._there()], paths)
        if result.code:
            raise refuse(f"không gửi được tới {self.target.to}", result)

    def _there(self) -> str:
        return self.target.to.rstrip("/") + "/"

    def _rsync(self, arguments: list[str], names: Sequence[str] = ()) -> Result:
        shell = [] if os.environ.get("RSYNC_RSH") else [f"--rsh={self._ssh()}"]
        command = ["rsync", "--secluded-args", *shell, *arguments]
        return self.run.run(command, "".join(f"{name}\0" for name in names).encode())

    def _ssh(self) -> str:
        """Never asks: a question nobody answers would wait for ever."""
        key = ""
        if self.target.key:
            path = os.path.expanduser(self.target.key).replace("'", "")
            key = f" -i '{path}' -o IdentitiesOnly=yes"
        return f"ssh -p {self.target.port} -o BatchMode=yes -o ConnectTimeout=20{key}"


_SSH = (
    "thử đăng nhập bằng tay: ssh NGƯỜI-DÙNG@MÁY-CHỦ; máy chủ phải nhận khóa SSH của bạn và có rsync"
)


# ---- a git branch ----------------------------------------------------------------------------


@dataclass(slots=True)
class Git:
    """One commit per publication on a branch that holds nothing else."""

    target: PublishTarget
    run: Runner
    own: Path  # a bare repository that may be thrown away
    parent: str = ""
    files: list[str] = field(default_factory=list)

    def look(self) -> Remote:
        branch, to = f"refs/heads/{self.target.branch}", self.target.to
        if not (self.own / "HEAD").exists():
            self._git(["init", "--quiet", "--bare", str(self.own)], bare=False)
        listed = self._git(["ls-remote", "--heads", to, branch])
        if not listed.strip():
            self.parent = ""
            return Remote()
        fetch = ["fetch", "--quiet", "--no-tags", "--depth=1", to, f"+{branch}:refs/published"]
        self._git(fetch)
        self.parent = self._git(["rev-parse", "refs/published"]).decode().strip()
        shown = self._result(["cat-file", "blob", f"{self.parent}:{MANIFEST}"])
        return known(shown.out if shown.code == 0 else None, False, f"nhánh {self.target.branch}")

    def mark(self, manifest: bytes) -> None:
        """A push is all or nothing, so there is nothing to mark."""

    def put(self, site: Path, paths: Sequence[str]) -> None:
        """Files are taken from the whole site in :meth:`finish`."""

    def drop(self, paths: Sequence[str]) -> None:
        """As with :meth:`put`."""

    def finish(self, site: Path, manifest: bytes, message: str) -> None:
        remote = read(manifest)
        assert remote is not None
        names = "".join(f"{path}\0" for path in sorted(remote.files or {})).encode()
        self._git(["read-tree", "--empty"])
        add = ["add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"]
        self._git(["--literal-pathspecs", *add], names, work=site)
        for name, data in ((MANIFEST, manifest), (".nojekyll", b"")):
            blob = self._git(["hash-object", "-w", "--stdin"], data).decode().strip()
            self._git(["update-index", "--add", "--cacheinfo", f"100644,{blob},{name}"])
        tree = self._git(["write-tree"]).decode().strip()
        parents = ["-p", self.parent] if self.parent else []
        commit = self._git(["commit-tree", tree, *parents, "-m", message]).decode().strip()
        self._git(["push", "--quiet", self.target.to, f"{commit}:refs/heads/{self.target.branch}"])

    def _git(
        self, arguments: list[str], stdin: bytes = b"", bare: bool = True, work: Path | None = None
    ) -> bytes:
        result = self._result(arguments, stdin, bare, work)
        if result.code:
            hint = "kiểm tra địa chỉ và quyền ghi vào kho git; có người vừa đăng thì chạy lại lệnh"
            what = next(word for word in arguments if not word.startswith("-"))
            raise refuse(f"git {what} không được", result, hint)
        return result.out

    def _result(
        self, arguments: list[str], stdin: bytes = b"", bare: bool = True, work: Path | None = None
    ) -> Result:
        env = {"GIT_TERMINAL_PROMPT": "0", "GIT_INDEX_FILE": str(self.own / "publish-index")}
        env |= _SIGNED if not os.environ.get("GIT_AUTHOR_EMAIL") and not self._named() else {}
        place = [f"--git-dir={self.own}"] if bare else []
        place += [f"--work-tree={work}"] if work else []
        plain = ["-c", "core.autocrlf=false", "-c", "core.quotePath=false"]
        command = ["git", *(["-C", str(work)] if work else []), *plain, *place, *arguments]
        return self.run.run(command, stdin, env)

    def _named(self) -> bool:
        return self.run.run(["git", "config", "user.email"]).code == 0


_SIGNED = {
    "GIT_AUTHOR_NAME": "bulletin publish",
    "GIT_AUTHOR_EMAIL": "bulletin@localhost",
    "GIT_COMMITTER_NAME": "bulletin publish",
    "GIT_COMMITTER_EMAIL": "bulletin@localhost",
}


# ---- everything that rclone reaches ----------------------------------------------------------


@dataclass(slots=True)
class Rclone:
    """S3 and its like. Where the store can keep them, headers for browsers go with each file."""

    target: PublishTarget
    run: Runner

    NOT_THERE = (3, 4)  # no such folder, no such file

    def look(self) -> Remote:
        shown = self._rclone(["cat", f"{self._there()}{MANIFEST}"])
        if shown.code not in (0, *self.NOT_THERE):
            raise refuse(f"không đọc được {self.target.to}", shown, _RCLONE)
        data = shown.out if shown.code == 0 and shown.out else None
        return known(data, data is not None or self._empty(), self.target.to)

    def _empty(self) -> bool:
        listed = self._rclone(["lsf", "--max-depth", "1", self._there()])
        if listed.code in self.NOT_THERE:
            return True
        if listed.code:
            raise refuse(f"không đọc được {self.target.to}", listed, _RCLONE)
        return not listed.out.strip()

    def mark(self, manifest: bytes) -> None:
        with _holding(MANIFEST, manifest) as place:
            self._copy(place, [MANIFEST], "no-store")

    def put(self, site: Path, paths: Sequence[str]) -> None:
        for said in (headers.FOREVER, headers.ASK):
            mine = [path for path in paths if headers.cache_of(path) == said]
            if mine:
                self._copy(site, mine, said)

    def drop(self, paths: Sequence[str]) -> None:
        result = self._rclone(["delete", "--files-from-raw", "-", self._there()], paths)
        if result.code not in (0, *self.NOT_THERE):
            raise refuse(f"không gỡ được tệp ở {self.target.to}", result)

    def finish(self, site: Path, manifest: bytes, message: str) -> None:
        self.mark(manifest)

    def _copy(self, source: Path, paths: Sequence[str], said: str) -> None:
        options = ["--files-from-raw", "-", "--no-traverse", "--checksum", "--retries", "5"]
        options += ["--header-upload", f"Cache-Control: {said}"]
        result = self._rclone(["copy", *options, str(source), self._there()], paths)
        if result.code:
            raise refuse(f"không gửi được tới {self.target.to}", result)

    def _there(self) -> str:
        to = self.target.to
        return to if to.endswith((":", "/")) else f"{to}/"

    def _rclone(self, arguments: list[str], names: Sequence[str] = ()) -> Result:
        command = ["rclone", "--log-level", "ERROR", *arguments]
        return self.run.run(command, "".join(f"{name}\n" for name in names).encode())


_RCLONE = (
    "thử bằng tay: rclone lsd TÊN-KHO: ; khai kho và khóa bằng rclone config, không ghi vào đây"
)


def target(given: PublishTarget, root: Path, own: Path, run: Runner) -> Target:
    """The place that ``given`` describes. ``own``: a folder for what may be thrown away."""
    match given.kind:
        case "folder":
            return Folder((root / os.path.expanduser(given.to)).absolute(), root)
        case "rsync":
            return Rsync(given, run)
        case "git":
            return Git(given, run, own / f"{given.name}.git")
        case _:
            return Rclone(given, run)
