"""Remembers results by what they were made from: key → JSON in SQLite, blobs named by digest.

Nothing here is trusted: a blob is verified when it is read, a row that does not parse is a miss.
The whole folder may be deleted at any time; the next build makes everything again.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bulletin.codec import digest

KEEP_BUILDS = 10
_SCHEMA = "CREATE TABLE IF NOT EXISTS memo (key TEXT PRIMARY KEY, value TEXT, used INTEGER)"


class Missing(KeyError):
    """A blob that is not in the store (or is damaged) and not among the sources."""


class Blobs:
    """Bytes by digest. ``sources``: digest → file of the project that holds these bytes."""

    def __init__(self, folder: Path, sources: Mapping[str, Path] | None = None) -> None:
        self.folder = folder
        self.sources = dict(sources or {})
        self._base = str(folder)  # text: a build asks for tens of thousands of paths

    def path(self, name: str) -> Path:
        return Path(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._base}/{name[:2]}/{name[2:]}"

    def put(self, data: bytes) -> str:
        name = digest(data)
        target = self._path(name)
        if not os.path.exists(target):
            folder = os.path.dirname(target)
            if not os.path.isdir(folder):
                os.makedirs(folder, exist_ok=True)
            temporary = f"{folder}/.{os.getpid()}-{threading.get_ident()}-{name[2:10]}"
            try:
                with open(temporary, "wb") as out:
                    out.write(data)
                os.replace(temporary, target)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
        return name

    def load(self, name: str) -> bytes:
        """Raises :class:`Missing` when neither blob nor source has these bytes."""
        for path in (self._path(name), self.sources.get(name)):
            if path is None:
                continue
            try:
                with open(path, "rb") as source:
                    data = source.read()
            except OSError:
                continue
            if digest(data) == name:
                return data
        raise Missing(name)

    def has(self, name: str) -> bool:
        return os.path.exists(self._path(name))

    def heal(self) -> None:
        """Drop every damaged blob, or the next build would take it for a good one."""
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):
                if digest(path.read_bytes()) != path.parent.name + path.name:
                    path.unlink()


class Store:
    """The memo of one project. Use as a context manager; changes are kept on clean exit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blobs = Blobs(folder / "blobs")
        folder.mkdir(parents=True, exist_ok=True)
        self.database = self._open()
        row = self.database.execute("SELECT MAX(used) FROM memo").fetchone()
        self.turn = (row[0] or 0) + 1
        self.touched: set[str] = set()

    def _open(self) -> sqlite3.Connection:
        path = self.folder / "memo.sqlite"
        for attempt in (1, 2):
            try:
                database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=OFF")  # a lost memo costs time, not data
                database.execute(_SCHEMA)
                if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise sqlite3.DatabaseError("damaged")
                database.execute("SELECT key, value, used FROM memo LIMIT 1").fetchall()
                database.execute("BEGIN")
                return database
            except sqlite3.DatabaseError:
                if attempt == 2:
                    raise
                for spoiled in self.folder.glob("memo.sqlite*"):
                    spoiled.unlink()
        raise AssertionError

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def recall(self, key: str) -> Any | None:
        """The JSON value remembered under ``key``, or None."""
        value = self.peek(key)
        if value is not None:
            self.touched.add(key)
        return value

    def peek(self, key: str) -> Any | None:
        """As :meth:`recall`, but this is no use of the row: it grows old with its neighbours."""
        row = self.database.execute("SELECT value FROM memo WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        try:
            return json.loads(row[0])
        except (ValueError, TypeError, RecursionError):
            return None

    def has(self, key: str) -> bool:
        """Whether there is a row; it may be odd."""
        row = self.database.execute("SELECT 1 FROM memo WHERE key = ?", (key,)).fetchone()
        return row is not None

    def remember(self, key: str, value: Any) -> None:
        self.touched.discard(key)
        self.database.execute(
            "INSERT OR REPLACE INTO memo VALUES (?, ?, ?)",
            (key, json.dumps(value, ensure_ascii=False, separators=(",", ":")), self.turn),
        )

    def close(self) -> None:
        touched = list(self.touched)  # at once: a preview that is stopped may still be reading
        self.database.executemany(
            "UPDATE memo SET used = ? WHERE key = ?", ((self.turn, key) for key in touched)
        )
        self.database.execute("COMMIT")
        if self.turn % KEEP_BUILDS == 0:
            self.sweep()
        self.database.close()

    def sweep(self) -> None:
        """Forget what no build used for :data:`KEEP_BUILDS` turns, and blobs nobody names."""
        self.database.execute("DELETE FROM memo WHERE used <= ?", (self.turn - KEEP_BUILDS,))
        named: set[str] = set()
        for (value,) in self.database.execute("SELECT value FROM memo"):
            with contextlib.suppress(
                ValueError, TypeError, RecursionError
            ):  # an odd row names nothing
                named.update(_digests(json.loads(value)))
        for path in self.blobs.folder.glob("*/*"):
            if path.parent.name + path.name not in named:
                with contextlib.suppress(OSError):
                    path.unlink()


def _digests(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) == 64:
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _digests(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _digests(item)
