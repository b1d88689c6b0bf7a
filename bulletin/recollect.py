"""One article or picture is read, or what reading the same bytes gave is recalled.

Diagnostics belong to what is remembered and are said again. Whoever reads everything time and again
keeps the values themselves too, so that only what changed is made from JSON.
"""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bulletin import codec, manuscript, picture
from bulletin.diag import Diagnostic, Report, from_json, store_form
from bulletin.files import Snapshot
from bulletin.model import Article, Picture
from bulletin.rulebook import Rulebook
from bulletin.store import Blobs, Store

SHARED_FROM = 200  # articles to read: below, starting processes costs more than it saves
CHUNK = 32
AHEAD = 4  # chunks for each process


@dataclass(frozen=True, slots=True)
class Known:
    """What reading one file gave, and what it said."""

    value: Any
    notes: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one file depends on besides its bytes, and where it is remembered.

    ``known``: what was read before, by key; ``read``: collects what was read now.
    """

    store: Store
    tools: str
    book: Rulebook
    known: Mapping[str, Known] = field(default_factory=dict)
    read: dict[str, Known] | None = None

    def key(self, kind: type, path: str, digest: str) -> str:
        mark = "" if kind is Picture else self.book.digest
        return codec.digest(f"read\0{self.tools}\0{mark}\0{path}\0{digest}".encode())


def remembered(kind: type, path: str, shot: Snapshot, by: Reading, report: Report) -> Any:
    """The article or picture at ``path``; None when it cannot be read."""
    key = by.key(kind, path, shot.digests[path])
    known = by.known.get(key) or _recalled(kind, by.store.recall(key))
    if known is None or not _whole(known.value, by.store):
        known = _anew(kind, path, shot, by.store.blobs, by.book)
        by.store.remember(key, _row(known))
    if by.read is not None:
        by.read[key] = known
    report.extend(known.notes)
    return known.value


def _row(known: Known) -> dict[str, Any]:
    encoded = codec.encode(known.value) if known.value is not None else None
    return {"value": encoded, "notes": [store_form(item) for item in known.notes]}


def _whole(value: Any, store: Store) -> bool:
    """Whether the text of an article is there too."""
    return value is None or isinstance(value, Picture) or store.blobs.has(value.body)


def _recalled(kind: type, found: Any) -> Known | None:
    if found is None:
        return None
    try:
        value = codec.decode(kind, found["value"]) if found["value"] is not None else None
        value = _lean(value) if isinstance(value, Article) else value
        known = Known(value, tuple(from_json(item) for item in found["notes"]))
    except (KeyError, TypeError, ValueError, StopIteration):
        return None  # an odd row is a miss
    return known if value is None or isinstance(value, kind) else None


def _anew(kind: type, path: str, shot: Snapshot, blobs: Blobs, book: Rulebook) -> Known:
    own = Report()
    data = shot.read(path)
    value: Any
    if kind is Picture:
        value = picture.read(path, data, own)
        value = None if own.failed else value
    else:
        result = manuscript.read(path, data, own, book)
        value = _lean(result.article) if result.article is not None else None
        if value is not None:
            blobs.put(codec.dumps(result.nodes))
    return Known(value, tuple(own.items))


def _lean(article: Article) -> Article:
    """Words that stand in very many articles are held once, not once for each."""
    meta, same = article.meta, sys.intern
    lean = dataclasses.replace(
        meta,
        section=same(meta.section),
        genre=same(meta.genre),
        status=same(meta.status),
        lang=same(meta.lang),
        authors=tuple(map(same, meta.authors)),
        keywords=tuple(map(same, meta.keywords)),
        audience=tuple(map(same, meta.audience)),
    )
    return dataclasses.replace(article, meta=lean, folder=same(article.folder))


# ---- many articles, by several processes ------------------------------------------------------


def read_ahead(paths: Sequence[str], shot: Snapshot, by: Reading, workers: int) -> None:
    """Have the articles that are not remembered read by several processes, if they are many.

    They put into the memo what :func:`remembered` finds there; what they cannot do is left to it.
    ``workers`` as in a request: 0 for one a core.
    """
    count = workers or os.cpu_count() or 1
    if count == 1 or len(paths) < SHARED_FROM:
        return
    lacking = [
        (key, path)
        for path in paths
        if (key := by.key(Article, path, shot.digests[path])) not in by.known
        and not by.store.has(key)
    ]
    if len(lacking) < SHARED_FROM:
        return
    context = multiprocessing.get_context("spawn")
    arguments = (by.store.blobs.folder, by.book)
    with (
        contextlib.suppress(BrokenProcessPool),
        ProcessPoolExecutor(count, context, _start, arguments) as pool,
    ):
        parts = (lacking[at : at + CHUNK] for at in range(0, len(lacking), CHUNK))
        given: deque[tuple[list[tuple[str, str]], Future[list[Any]]]] = deque()
        try:
            for part in parts:
                own = [(path, shot.digests[path], shot.files[path]) for _, path in part]
                given.append((part, pool.submit(_read, own)))
                if len(given) > AHEAD * count:
                    _keep(*given.popleft(), by.store)
            while given:
                _keep(*given.popleft(), by.store)
        except BaseException:  # stopped: do not read the rest first
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _keep(part: list[tuple[str, str]], rows: Future[list[Any]], store: Store) -> None:
    for (key, _), row in zip(part, rows.result(), strict=True):
        if row is not None:
            store.remember(key, row)


_STATE: dict[str, Any] = {}


def _start(folder: Path, book: Rulebook) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only the parent decides about Ctrl+C
    _STATE.update(blobs=Blobs(folder), book=book)


def _read(files: list[tuple[str, str, Path]]) -> list[Any]:
    """The rows of the memo; None for what the parent has to see for itself."""
    rows: list[Any] = []
    for path, digest, file in files:
        shot = Snapshot({path: digest}, {path: file})
        try:
            rows.append(_row(_anew(Article, path, shot, _STATE["blobs"], _STATE["book"])))
        except Exception:  # changed meanwhile, a full disk: the parent meets it again and tells
            rows.append(None)
    return rows
