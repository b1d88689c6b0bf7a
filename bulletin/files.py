"""The only door to the project's disk: a snapshot in, a tree of files out.

Publishing is a redo log. Changed files are first copied to ``incoming/``; writing the journal is
the commit point; then each file is renamed into place, deletions last. A build that dies before
the journal leaves the old output whole; one that dies after it is completed by the next command.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.diag import Place, Report
from bulletin.text import nfc

MARKER = "bulletin-output.txt"
MARK = (
    "Thư mục này do chương trình bulletin tạo và quản lý. Đừng sửa tay: mỗi lần dựng sẽ ghi lại.\n"
)
OURS = ".bulletin"
_LITTER = re.compile(
    r"(?:~\$.*|\.#.*|.*~|.*\.(?:tmp|swp|bak|part|crdownload)|Thumbs\.db|desktop\.ini|\..*)\Z",
    re.IGNORECASE,
)
ALONE = ("bulletin.yaml", "van-phong.yaml")  # files that stand at the root; the first must
SOURCES = ("content", "issues", "icc", "themes", "bulletin", "tests", ".git")
# What Dropbox, Drive, OneDrive, Syncthing and file managers make of a second copy.
_CONFLICT = re.compile(
    r"conflicted copy|xung đột|-conflict-|\(\d+\)\.md\Z| - (?:copy|bản sao)(?: \(\d+\))?\.md\Z"
    r"|\A(?:copy of|bản sao của) .*\.md\Z",
    re.IGNORECASE,
)
MAX_BYTES = 200_000_000  # larger than anything that a bulletin holds; read whole into memory
REASONS = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "hệ thống không cho phép",
    errno.ENOSPC: "hết dung lượng đĩa",
    errno.EDQUOT: "hết phần đĩa được cấp",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENAMETOOLONG: "tên hoặc đường dẫn quá dài",
    errno.EFBIG: "tệp vượt cỡ mà hệ thống cho phép",
    errno.EIO: "ổ đĩa lỗi",
    errno.ENOENT: "không có tệp này",
    errno.ELOOP: "liên kết tượng trưng đi vòng",
}
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def reason(trouble: OSError) -> str:
    """Why the system refused, in the words of the reader."""
    return REASONS.get(trouble.errno or 0, trouble.strerror or str(trouble))


class Trouble(Exception):
    """The environment refuses. ``exit_code``: 2 usage, 3 environment, 4 locked."""

    def __init__(self, message: str, hint: str = "", exit_code: int = 3) -> None:
        super().__init__(message)
        self.message, self.hint, self.exit_code = message, hint, exit_code


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The project's files at one moment: path (with «/», NFC) → digest, and where it lies.

    ``files`` may differ from the path: a name in NFD on disk, a theme that lies elsewhere.
    ``unread``: what is there but could not be read; it has been reported.
    """

    digests: Mapping[str, str]
    files: Mapping[str, Path]
    unread: frozenset[str] = frozenset()

    def read(self, path: str) -> bytes:
        """Bytes of ``path``; raises :class:`Trouble` if they changed since the snapshot."""
        try:
            data = self.files[path].read_bytes()
        except OSError:
            data = b""
        import hashlib  # not for every command: it loads OpenSSL

        if hashlib.sha256(data).hexdigest() != self.digests[path]:
            raise Trouble(f"tệp {path} thay đổi trong khi đang dựng", "chạy lại lệnh")
        return data

    def by_digest(self) -> dict[str, Path]:
        """Files whose bytes an output may hold: pictures, fonts, what is handed on.

        Not the articles: what is made of them is in the store, and every process gets this table.
        """
        files = self.files
        return {d: files[path] for path, d in self.digests.items() if not path.endswith(".md")}


def find_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` that holds ``bulletin.yaml``."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "bulletin.yaml").is_file():
            return folder
    raise Trouble(
        f"không thấy bulletin.yaml trong {start} và các thư mục trên",
        "chạy lệnh trong thư mục dự án, hoặc dùng -C THƯ-MỤC",
        2,
    )


def snapshot(root: Path, theme_folders: Mapping[str, Path], report: Report) -> Snapshot:
    """Digest every source file. ``theme_folders``: path prefix → folder (may lie elsewhere)."""
    digests: dict[str, str] = {}
    files: dict[str, Path] = {}
    folders = {name: root / name for name in ("content", "issues", "icc")} | dict(theme_folders)
    found = [(root / name, name) for name in ALONE if name == ALONE[0] or (root / name).is_file()]
    unread: set[str] = set()
    for prefix, folder in folders.items():
        # A theme may lie elsewhere: it is chosen by name. Content from elsewhere is a mistake.
        if folder.is_symlink() and prefix not in theme_folders:
            _linked(folder, prefix, report)
        else:
            found += _walk(folder, prefix, report)
    for path, name in found:
        digest = _digest(path, name, report)
        if digest is None:
            unread.add(name)
            continue
        if name in digests:
            where = Place(name)
            report.error(where, "SY006", "hai tệp chỉ khác nhau ở cách mã hóa dấu", "xóa một tệp")
        digests[name], files[name] = digest, path
    return Snapshot(digests, files, frozenset(unread))


def _linked(path: Path, name: str, report: Report) -> None:
    report.error(
        Place(name),
        "SY002",
        f"liên kết tượng trưng tới {_shown(os.readlink(path))}",
        "chép tệp thật vào thư mục dự án",
    )


def _shown(name: str) -> str:
    """A name that may hold bytes which are no text, as text."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def litter(path: str) -> bool:
    """Whether no snapshot has the file, by its name or that of a folder that it lies in."""
    return any(_LITTER.match(name) for name in path.split("/"))


def _walk(folder: Path, name: str, report: Report) -> Iterator[tuple[Path, str]]:
    """Regular files below ``folder`` in a fixed order; litter is passed over, oddities reported."""
    if not folder.is_dir():
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as trouble:
        report.error(
            Place(name), "SY001", f"không mở được thư mục: {reason(trouble)}", "kiểm tra quyền đọc"
        )
        return
    for entry in entries:
        path = f"{name}/{nfc(_shown(entry.name))}"
        if _LITTER.match(entry.name) or _refused(entry, path, report):
            continue
        if entry.is_dir():
            yield from _walk(Path(entry.path), path, report)
        elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            report.warn(
                Place(path), "SY004", "không phải tệp thường, đã bỏ qua", "xóa khỏi thư mục"
            )
        elif _CONFLICT.search(nfc(entry.name)):
            report.warn(
                Place(path),
                "SY005",
                "bản sao do đồng bộ xung đột, đã bỏ qua",
                "so với bản chính rồi xóa bản sao",
            )
        else:
            yield Path(entry.path), path


def _refused(entry: os.DirEntry[str], path: str, report: Report) -> bool:
    """Whether an entry is one that the board must mend first; only a folder is looked into."""
    if _shown(entry.name) != entry.name:
        report.error(Place(path), "SY011", "tên không phải chữ Unicode", "đổi tên, gõ bằng Unikey")
        return True
    if entry.is_symlink():
        _linked(Path(entry.path), path, report)
        return True
    if entry.is_dir() and entry.name.endswith(".md"):
        words = "thư mục mang tên như một bài (.md)"
        report.error(Place(path), "SY003", words, "đổi tên thư mục")
    return False


def _digest(path: Path, name: str, report: Report) -> str | None:
    import hashlib

    where = Place(name)
    try:
        with path.open("rb") as source:
            if os.fstat(source.fileno()).st_size > MAX_BYTES:
                words = f"tệp lớn hơn {MAX_BYTES // 1_000_000} MB"
                report.error(
                    where, "SY012", words, "giảm cỡ tệp, hoặc đăng nơi khác rồi đặt liên kết"
                )
                return None
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as trouble:
        report.error(where, "SY001", f"không đọc được tệp: {reason(trouble)}", "kiểm tra quyền đọc")
        return None


# ---- output ------------------------------------------------------------------


class Output:
    """One output folder. :meth:`claim` it before use; everything ours is under ``.bulletin/``."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.own = folder / OURS
        self.guard(folder, root)
        if self._foreign():
            raise Trouble(
                f"thư mục {folder} không trống và không phải do bulletin tạo",
                "chọn thư mục trống hoặc thư mục output/ cũ",
                2,
            )

    @staticmethod
    def guard(folder: Path, root: Path) -> None:
        """Refuse to write where the sources are, or to what is no folder."""
        if folder.is_symlink():
            raise Trouble(
                f"thư mục ra {folder} là liên kết tượng trưng", "chọn một thư mục thật", 2
            )
        resolved, base = folder.resolve(), root.resolve()
        sources = [base / name for name in SOURCES]
        inside = any(resolved == s or s in resolved.parents for s in sources)
        home = Path(os.path.expanduser("~")).resolve()  # Path.home() fails for a user without one
        above = resolved in (base, home) or resolved in base.parents
        if inside or above:
            raise Trouble(
                f"không ghi vào {folder}: thư mục này chứa hoặc nằm trong bản gốc",
                "chọn một thư mục riêng, ví dụ output/",
                2,
            )
        if folder.exists() and not folder.is_dir():
            raise Trouble(f"{folder} là một tệp, không phải thư mục", "chọn một thư mục", 2)

    def _foreign(self) -> bool:
        """Whether the folder holds files that we did not put there."""
        if not self.folder.is_dir() or (self.own / MARKER).exists():
            return False
        # Our own folder without its marker: a first claim that was cut off.
        return any(entry.name != OURS for entry in self.folder.iterdir())

    def claim(self) -> None:
        """Create the folder and its marker."""
        self._check_own()
        try:
            self.own.mkdir(parents=True, exist_ok=True)
            for name, words in ((MARKER, MARK), (".gitignore", "*\n")):
                if not (self.own / name).exists():
                    (self.own / name).write_text(words, encoding="utf-8")
        except OSError as trouble:
            raise Trouble(
                f"không ghi được vào thư mục ra {self.folder}: {reason(trouble)}",
                "kiểm tra dung lượng và quyền ghi, hoặc chọn thư mục khác bằng -o",
            ) from trouble

    def _check_own(self) -> None:
        """No link in our own folder: what is written there would be written elsewhere."""
        blobs = self.own / "cache" / "blobs"
        for folder in (self.own, self.own / "cache", self.own / "incoming", blobs):
            links = [folder] if folder.is_symlink() else []
            with contextlib.suppress(OSError):
                links += [Path(entry) for entry in os.scandir(folder) if entry.is_symlink()]
            if links:
                raise Trouble(
                    f"{min(links)} là liên kết tượng trưng, chương trình không đặt nó ở đó",
                    f"xóa thư mục {self.own} rồi chạy lại: lần dựng sau làm lại từ đầu",
                )

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One build at a time; raises :class:`Trouble` with exit code 4."""
        self.claim()
        path = self.own / "lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _acquire(handle, path)
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
            self.recover()
            yield
        finally:
            os.close(handle)

    def recover(self) -> None:
        """Finish or forget what an earlier build left behind."""
        journal = self.own / "journal.json"
        if journal.exists():
            try:
                plan = self._plan(json.loads(journal.read_text(encoding="utf-8")))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                journal.unlink()
            else:
                self._finish(plan)
        _clear(self.own / "incoming")

    def _plan(self, data: dict[str, object]) -> dict[str, object]:
        """The plan of a journal if it can be carried out, else :class:`ValueError`.

        The journal may have outlived a loss of power that its files did not survive, or come from
        somebody else: each file must be ours, and its bytes those that were planned.
        """
        pairs, manifest, drop = data["put"], data["manifest"], data["drop"]
        if not (isinstance(pairs, list) and isinstance(manifest, dict) and isinstance(drop, list)):
            raise ValueError
        put = [(path, digest) for path, digest in pairs]
        for path, digest in (*put, *manifest.items()):
            if not (_ours(path) and isinstance(digest, str) and _DIGEST.match(digest)):
                raise ValueError
        if not all(_ours(path) for path in drop):
            raise ValueError
        self._check_inside([path for path, _ in put] + drop)
        for path, digest in put:
            waits = _digest_of(self.own / "incoming" / digest) == digest
            if not waits and not self._same(path, digest):
                raise ValueError
        return {"put": put, "drop": drop, "manifest": manifest}

    def manifest(self) -> dict[str, str]:
        try:
            data = json.loads((self.own / "manifest.json").read_text(encoding="utf-8"))
            return {str(path): str(digest) for path, digest in data.items() if _ours(path)}
        except (OSError, ValueError, AttributeError, RecursionError):
            return {}

    # -- what the last build of each group came to ------------------------------------------

    def facts(self, group: str) -> dict[str, object] | None:
        """What :meth:`began` and :meth:`ended` noted; None if the group was never built."""
        found = self._states().get(group)
        return found if isinstance(found, dict) else None

    def began(self, groups: tuple[str, ...]) -> None:
        """Until :meth:`ended`, what lies in the folder may be older than the sources."""
        states = self._states()
        for group in groups:
            states[group] = {**(self.facts(group) or {}), "unfinished": True}
        self._write("state.json", states)

    def ended(self, groups: tuple[str, ...], facts: Mapping[str, object]) -> None:
        self._write("state.json", self._states() | {group: dict(facts) for group in groups})

    def _states(self) -> dict[str, object]:
        try:
            found = json.loads((self.own / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def publish(
        self,
        tree: Mapping[str, str],
        load: Callable[[str], bytes],
        groups: tuple[str, ...],
    ) -> tuple[int, int]:
        """Make the folder equal to ``tree`` (path → digest) in ``groups``, folders or single files.

        Returns (files written, files removed). Only files of the last manifest are ever removed.
        What ``load`` raises passes through; the folder is as it was.
        """
        old = self.manifest()
        ours = tuple(f"{group}/" for group in groups)
        kept = {
            path: name
            for path, name in old.items()
            if not path.startswith(ours) and path not in groups
        }
        seen = Seen(self.folder, self.own / "seen.json")
        put = {p: d for p, d in sorted(tree.items()) if old.get(p) != d or not seen.holds(p, d)}
        drop = sorted(path for path in old if path not in tree and path not in kept)
        self._check_inside([*put, *drop])
        self._check_writable([*put, *drop])
        incoming = self.own / "incoming"
        plan: dict[str, object] = {
            "put": sorted(put.items(), key=lambda item: (_rank(item[0]), item[0])),
            "drop": drop,
            "manifest": {**kept, **tree},
        }
        try:
            incoming.mkdir(parents=True, exist_ok=True)
            for digest in sorted(set(put.values())):
                (incoming / digest).write_bytes(load(digest))
            if put or drop:
                self._write("journal.json", plan)
            elif plan["manifest"] != old:
                self._write("manifest.json", plan["manifest"])
        except OSError as trouble:
            _clear(incoming)
            raise Trouble(
                f"không ghi được kết quả: {reason(trouble)}",
                "kiểm tra dung lượng và quyền ghi; bản cũ vẫn nguyên",
            ) from trouble
        if put or drop:
            self._finish(plan)
        _clear(incoming)
        seen.note({**kept, **tree})
        return len(put), len(drop)

    def _check_inside(self, paths: list[str]) -> None:
        """No folder on the way may lead out of the output through a symbolic link."""
        base = self.folder.resolve()
        for folder in sorted({(self.folder / path).parent for path in paths}):
            if not folder.resolve().is_relative_to(base):
                raise Trouble(
                    f"{folder} dẫn ra ngoài thư mục ra qua liên kết tượng trưng",
                    "xóa liên kết rồi chạy lại",
                )

    def _check_writable(self, paths: list[str]) -> None:
        """Refuse before the first file is moved, not between two of them."""
        wanted = {(self.folder / path).parent for path in paths}
        there = {next(f for f in (folder, *folder.parents) if f.exists()) for folder in wanted}
        for folder in sorted(there):
            if not os.access(folder, os.W_OK | os.X_OK):
                raise Trouble(
                    f"không có quyền ghi vào {folder}", "sửa quyền rồi chạy lại; bản cũ vẫn nguyên"
                )

    def _finish(self, plan: dict[str, object]) -> None:
        try:
            self._apply(plan)
        except OSError as trouble:
            raise Trouble(
                f"đang ghi dở thì dừng: {reason(trouble)} ({trouble.filename})",
                "sửa nguyên nhân (dung lượng, quyền ghi) rồi chạy lại: chương trình ghi nốt",
            ) from trouble

    def _same(self, path: str, digest: str) -> bool:
        """Whether the published file still holds what the manifest says (somebody may edit it)."""
        return _digest_of(self.folder / path) == digest

    def _write(self, name: str, value: object) -> None:
        temporary = self.own / f"{name}.new"
        with temporary.open("w", encoding="utf-8") as out:
            out.write(json.dumps(value, ensure_ascii=False, sort_keys=True))
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, self.own / name)

    def _apply(self, plan: dict[str, object]) -> None:
        """Move the planned files into place. May be repeated: a moved file is already right."""
        put: Any = plan["put"]
        drop: Any = plan["drop"]
        wanted: dict[str, int] = {}
        for _, digest in put:
            wanted[digest] = wanted.get(digest, 0) + 1
        for path, digest in put:
            target = self.folder / path
            source = self.own / "incoming" / digest
            target.parent.mkdir(parents=True, exist_ok=True)
            wanted[digest] -= 1
            if not source.exists():
                continue
            if wanted[digest]:
                # Several paths share these bytes: copy beside the target, then rename.
                beside = target.with_name(f".{target.name}.new")
                import shutil

                shutil.copyfile(source, beside)
                os.replace(beside, target)
            else:
                os.replace(source, target)
        for path in drop:
            target = self.folder / path
            with contextlib.suppress(OSError):
                target.unlink()
            prune(target.parent, self.folder)
        self._write("manifest.json", plan["manifest"])
        (self.own / "journal.json").unlink()


class Seen:
    """Which published files need not be read again to know that they are as we left them.

    By size, number and times of each file, as git does it. What changed within the last minute is
    not noted but read again: a second change could bear the same time, and a loss of power could
    still take what the system has not yet brought to the disk.
    """

    MARGIN = 60_000_000_000  # ns

    def __init__(self, folder: Path, file: Path) -> None:
        self.folder, self.file = folder, file
        self.states: dict[str, list[Any]] = {}
        self.read: set[str] = set()  # paths whose noted state is not theirs now
        self.changed = False
        with contextlib.suppress(OSError, ValueError, AttributeError, RecursionError):
            self.states = dict(json.loads(file.read_text(encoding="utf-8")).items())

    def holds(self, path: str, digest: str) -> bool:
        """Whether the file at ``path`` still holds the bytes of ``digest``."""
        state = self._state(path)
        if state is not None and self.states.get(path) == [digest, *state]:
            return True
        self.changed = True
        self.read.add(path)
        return _digest_of(self.folder / path) == digest

    def note(self, tree: Mapping[str, str]) -> None:
        """Look at the published files that changed, if this build or somebody else touched one."""
        if not self.changed and self.states.keys() <= tree.keys():
            return
        new = self.file.with_name("seen.json.new")
        # Whether this can be written or not, the publication is complete.
        with contextlib.suppress(OSError):
            with new.open("w", encoding="utf-8") as out:
                now = os.fstat(out.fileno()).st_mtime_ns
                for piece in self._written(tree, now - self.MARGIN):
                    out.write(piece)
            os.replace(new, self.file)

    def _written(self, tree: Mapping[str, str], before: int) -> Iterator[str]:
        """The states as JSON, file by file: an archive has half a million of them."""
        mark = "{"
        for path, digest in tree.items():
            known: Any = self.states.get(path)
            if path in self.read or not isinstance(known, list) or known[:1] != [digest]:
                state = self._state(path)
                known = [digest, *state] if state and max(state[2:]) < before else None
            if known:
                yield f"{mark}{json.dumps(path)}:{json.dumps(known)}\n"
                mark = ","
        yield "{}" if mark == "{" else "}"

    def _state(self, path: str) -> list[int] | None:
        try:
            found = os.lstat(f"{self.folder}/{path}")
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return [found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns]


def _ours(path: object) -> bool:
    """Whether a remembered path names a file below the output, and not one of our own folder."""
    if not isinstance(path, str) or not path or "\0" in path or "\\" in path:
        return False
    steps = path.split("/")
    return steps[0] != OURS and not any(step in ("", ".", "..") for step in steps)


def _clear(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _digest_of(path: Path) -> str:
    """Digest of a file, or nothing."""
    import hashlib

    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError:
        return ""


def prune(folder: Path, stop: Path) -> None:
    """Remove folders that became empty, up to ``stop``."""
    while folder not in (stop, folder.parent):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _rank(path: str) -> int:
    """Order of appearance: what pages need, then pages, then lists and feeds."""
    if not path.endswith((".html", ".xml", ".json")):
        return 0
    return 1 if path.count("/") >= 3 and path.endswith("index.html") else 2


def _acquire(handle: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            raise _locked(path) from None
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise _locked(path) from None


def _locked(path: Path) -> Trouble:
    try:
        owner = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        owner = "?"
    return Trouble(
        f"một lần dựng khác đang chạy (tiến trình {owner})", "đợi nó xong rồi chạy lại", 4
    )


def create(path: Path, content: str) -> None:
    """Write a new file; raises :class:`Trouble` if it exists. Never overwrites the board's work."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as out:
            out.write(content)
    except FileExistsError:
        raise Trouble(
            f"tệp {path} đã có", "chọn tên khác; chương trình không ghi đè bài đã có", 2
        ) from None
