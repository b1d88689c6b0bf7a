"""Tells when the project's sources have changed: events of the system, or looking every second.

Events do not come from network shares, and they end when a folder goes away. So a share is
looked at instead, and a watch whose folder went is set up again when the folder is back.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bulletin.files import ALONE

SOURCES = ("content", "issues", "icc", "themes", "hop-thu", *ALONE)
DEBOUNCE = 0.05
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


def look(root: Path) -> dict[str, tuple[int, int, int]]:
    """Path → (time, size, number) of all source files. What cannot be read is not there."""
    found: dict[str, tuple[int, int, int]] = {}
    for name in SOURCES:
        for path in _files(root / name):
            try:
                state = os.stat(path)
            except OSError:
                continue
            found[str(path)] = (state.st_mtime_ns, state.st_size, state.st_ino)
    return found


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

    ``poll``: look instead of waiting for events; None decides by the file system. Events are only
    the quick way: somebody looks now and then in any case, because events get lost.
    """

    def __init__(
        self, root: Path, changed: Callable[[], None], poll: bool | None = None, pause: float = LOOK
    ) -> None:
        self.root, self.changed, self.pause = root, changed, pause
        self.polling = is_share(root) if poll is None else poll
        self.event = threading.Event()
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
                self.changed()

    def _look(self, before: dict[str, tuple[int, int, int]]) -> None:
        while not self.ended.wait(self.pause if self.polling else CARE):
            now = look(self.root)
            if now != before:
                before = now
                self.event.set()
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

        event, root = self.event, self.root

        class Anything(FileSystemEventHandler):
            def on_any_event(self, happened: FileSystemEvent) -> None:
                if happened.event_type in ("opened", "closed_no_write"):
                    return
                # An editor may save by moving a file of another name into place.
                for path in (happened.src_path, happened.dest_path):
                    inside = Path(os.path.abspath(str(path)))
                    parts = inside.relative_to(root).parts if inside.is_relative_to(root) else ()
                    if parts and parts[0] in SOURCES:
                        event.set()

        return Anything()


def _number(path: Path) -> int:
    """By which a folder is known again; 0 while it is not there."""
    try:
        return path.stat().st_ino if path.is_dir() else 0
    except OSError:
        return 0
