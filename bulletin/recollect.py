"""One article or picture is read, or what reading the same bytes gave is recalled.

Diagnostics belong to what is remembered and are said again. Whoever reads everything time and again
keeps the values themselves too, so that only what changed is made from JSON.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bulletin import codec, manuscript, picture
from bulletin.diag import Diagnostic, Report, from_json, store_form
from bulletin.files import Snapshot
from bulletin.model import Article, Picture
from bulletin.rulebook import Rulebook
from bulletin.store import Store


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


def remembered(kind: type, path: str, shot: Snapshot, by: Reading, report: Report) -> Any:
    """The article or picture at ``path``; None when it cannot be read."""
    mark = "" if kind is Picture else by.book.digest
    key = codec.digest(f"read\0{by.tools}\0{mark}\0{path}\0{shot.digests[path]}".encode())
    known = by.known.get(key) or _recalled(kind, by.store.recall(key))
    if known is None or not _whole(known.value, by.store):
        known = _anew(kind, path, shot, by)
        notes = [store_form(item) for item in known.notes]
        encoded = codec.encode(known.value) if known.value is not None else None
        by.store.remember(key, {"value": encoded, "notes": notes})
    if by.read is not None:
        by.read[key] = known
    report.extend(known.notes)
    return known.value


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


def _anew(kind: type, path: str, shot: Snapshot, by: Reading) -> Known:
    own = Report()
    data = shot.read(path)
    value: Any
    if kind is Picture:
        value = picture.read(path, data, own)
        value = None if own.failed else value
    else:
        result = manuscript.read(path, data, own, by.book)
        value = _lean(result.article) if result.article is not None else None
        if value is not None:
            by.store.blobs.put(codec.dumps(result.nodes))
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
