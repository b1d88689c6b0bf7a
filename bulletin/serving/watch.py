"""Tells when the project's sources have changed: events of the system, or looking every second.

Events do not come from network shares, and they end when a folder goes away. So a share is
looked at instead, and a watch whose folder went is set up again when the folder is back.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bulletin import text
from bulletin.files import ALONE, litter

DROP = "hop-thu/"
SOURCES = ("content", "issues", "icc", "themes", DROP.rstrip("/"), *ALONE)
DEBOUNCE = 0.02  # seconds of silence that end a burst
Changed = Callable[[frozenset[str] | None], None]
State = tuple[int, int, int]
FOLDER = -1  # instead of a size
LOOK = 1.0  # seconds between two looks at a share
CARE = 2.0  # seconds between two looks while there are events
MOUNTS = Path("/proc/self/mounts")
# File systems that tell nobody when another machine writes.
SHARES = frozenset(
    "9p afs ceph cifs davfs drvfs fuse.rclone fuse.sshfs glusterfs ncpfs nfs nfs4 prl_fs smb3 "
    "smbfs "
    "vboxsf virtiofs vmhgfs fuse.vmhgfs-fuse".split()
)


def is_share(root: Path, mounts: Path = MOUNTS) -> bool:
    """Whether ``root`` lies on another machine (or in the host of a virtual one)."""
    if str(root).startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{root.drive}\\") == 4)
    try:
        rows = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    best, kind = -1, ""
    for row in rows:
        parts = row.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if root.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), parts[2]
    return kind in SHARES


def look(root: Path) -> dict[str, State]:
    """Path → (time, size, number) of all source files. What cannot be read is not there.

    Of a folder its number alone: what lies in it is looked at, and editors come and go there.
    """
    found: dict[str, State] = {}
    for name in SOURCES:
        for path in _files(root / name):
            if state := _state(path):
                found[path] = state
    return found


def _state(path: str) -> State | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    if stat.S_ISDIR(found.st_mode):
        return (0, FOLDER, found.st_ino)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _files(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield str(path)
        return
    for folder, _, names in os.walk(path):
        yield folder
        for name in names:
            yield os.path.join(folder, name)


class Watcher:
    """Calls ``changed`` once after a burst of changes in the project's sources.

    It is told the files that changed as paths of the project, or None when that is not known: a
    folder changed, or looking saw what no event had told.
    ``poll``: look instead of waiting for events; None decides by the file system. Events are only
    the quick way: somebody looks now and then in any case, because events get lost.
    """

    def __init__(
        self, root: Path, changed: Changed, poll: bool | None = None, pause: float = LOOK
    ) -> None:
        self.root, self.changed, self.pause = root, changed, pause
        self.polling = is_share(root) if poll is None else poll
        self.event = threading.Event()
        self.lock = threading.Lock()
        self.paths: set[str] = set()  # changed since the last call
        self.unsure = False  # and more, that nobody can name
        self.heard: dict[str, State | None] = {}  # as files were when ``changed`` was told of them
        self.ended = threading.Event()
        self.observer: Any = None
        self.watched: tuple[int, ...] = ()

    def start(self) -> None:
        before = look(self.root)
        if not self.polling:
            self.polling = not self._observe()
        threading.Thread(target=self._wait, daemon=True).start()
        threading.Thread(target=self._look, args=(before,), daemon=True).start()

    def stop(self) -> None:
        self.ended.set()
        self.event.set()
        if self.observer is not None:
            self.observer.stop()

    def _wait(self) -> None:
        while not self.ended.is_set():
            self.event.wait()
            while self.event.is_set() and not self.ended.is_set():  # many saves are one rebuild
                self.event.clear()
                self.ended.wait(DEBOUNCE)
            if not self.ended.is_set():
                self.changed(self._told())

    def _told(self) -> frozenset[str] | None:
        with self.lock:
            paths, unsure = frozenset(self.paths), self.unsure
            self.paths, self.unsure = set(), False
            self.heard |= {path: _state(str(self.root / path)) for path in paths}
        return None if unsure else paths

    def tell(self, path: str | None) -> None:
        """A file of the project changed; None: something did."""
        if path is not None and not path.startswith(DROP) and litter(path):
            return
        with self.lock:
            if path is None:
                self.unsure = True
            else:
                self.paths.add(path)
        self.event.set()

    def _compare(self, before: dict[str, State], now: dict[str, State]) -> None:
        """Tell what two looks differ in, but not what was told as it is now."""
        with self.lock:
            heard = dict(self.heard)
        for path in sorted(path for path in {**before, **now} if before.get(path) != now.get(path)):
            name = Path(path).relative_to(self.root).as_posix()
            states = [state for state in (before.get(path), now.get(path)) if state]
            if any(state[1] == FOLDER for state in states):
                self.tell(None)
            elif name not in heard or heard[name] != now.get(path):
                self.tell(text.nfc(name))

    def _look(self, before: dict[str, State]) -> None:
        while not self.ended.wait(self.pause if self.polling else CARE):
            now = look(self.root)
            if now != before:
                self._compare(before, now)
                before = now
            if not self.polling and not (self._folders() == self.watched and self._alive()):
                self._observe()  # a folder went, or came back as another

    def _folders(self) -> tuple[int, ...]:
        return tuple(_number(self.root / name) for name in ("", *SOURCES))

    def _alive(self) -> bool:
        return self.observer is not None and all(
            thread.is_alive() for thread in (self.observer, *self.observer.emitters)
        )

    def _observe(self) -> bool:
        """False when the system gives no events: no watches left, or a file system without them."""
        old, self.observer = self.observer, None
        if old is not None:
            old.stop()
        self.watched = self._folders()
        if not self.watched[0]:
            return False
        try:
            self.observer = self._started()
        except OSError:
            return False
        return True

    def _started(self) -> Any:
        from watchdog.observers import Observer

        observer, handler = Observer(), self._handler()
        try:
            observer.schedule(handler, str(self.root))
            for name in SOURCES:
                if (self.root / name).is_dir():
                    observer.schedule(handler, str(self.root / name), recursive=True)
            observer.start()
        except BaseException:
            observer.on_thread_stop()
            raise
        return observer

    def _handler(self) -> Any:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler

        tell, root = self.tell, self.root

        class Anything(FileSystemEventHandler):
            def on_any_event(self, happened: FileSystemEvent) -> None:
                if happened.event_type in ("opened", "closed_no_write"):
                    return
                if happened.is_directory and happened.event_type == "modified":
                    return  # what lies in it has events of its own
                # An editor may save by moving a file of another name into place.
                for path in (happened.src_path, happened.dest_path):
                    inside = Path(os.path.abspath(str(path)))
                    parts = inside.relative_to(root).parts if inside.is_relative_to(root) else ()
                    if parts and parts[0] in SOURCES:
                        tell(None if happened.is_directory else text.nfc("/".join(parts)))

        return Anything()


def _number(path: Path) -> int:
    """By which a folder is known again; 0 while it is not there."""
    try:
        return path.stat().st_ino if path.is_dir() else 0
    except OSError:
        return 0
