"""What publishing would do: new, changed and removed files, and the order in which they go.

Files that pages need go first, then pages, then lists and feeds; what is gone is deleted last.
Whoever reads the site meanwhile never follows a link to what is not there yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MANIFEST = ".bulletin-publish.json"
FORMAT = 1
MAX_FILES, MAX_BYTES = 400, 48 * 1024 * 1024  # of one batch
PAGES, LISTS = (".html",), (".html", ".xml", ".json", ".opml", ".ics", ".txt")
LAST = ("sw.js", "manifest.webmanifest", "_headers", ".htaccess", "_nginx.conf")
_ODD = re.compile(r"[\x00-\x1f\x7f\\]|(?:^|/)\.{0,2}(?:/|$)")
Files = Mapping[str, tuple[str, int]]  # path → (digest, bytes); digest "" = half written


@dataclass(frozen=True, slots=True)
class Remote:
    """What a place says of itself. ``files`` is None where nobody has published yet."""

    files: Files | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    files: Files
    before: Files
    resumed: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.new or self.changed or self.removed or self.resumed)

    @property
    def drastic(self) -> bool:
        """Whether more than half of what stands there would go: more likely a mistake."""
        return len(self.removed) > 20 and len(self.removed) * 2 > len(self.before)

    def size(self, paths: Iterable[str]) -> int:
        return sum((self.files.get(path) or self.before[path])[1] for path in paths)


def compare(files: Files, remote: Remote, everything: bool = False) -> Plan:
    """``everything``: send also what the place seems to have already."""
    before = remote.files or {}
    changed = tuple(
        path
        for path in sorted(files)
        if path in before and (everything or before[path][0] != files[path][0])
    )
    return Plan(
        new=tuple(sorted(files.keys() - before.keys())),
        changed=changed,
        removed=tuple(sorted(before.keys() - files.keys())),
        kept=len(files.keys() & before.keys()) - len(changed),
        files=files,
        before=before,
        resumed=remote.busy,
    )


def rank(path: str) -> int:
    """0: what pages need; 1: pages; 2: lists, feeds and what steers the whole site."""
    deep = path.count("/") >= 3
    if path in LAST:
        return 2
    if deep and path.endswith((*PAGES, ".txt")):
        return 1
    if path.startswith(("assets/", "hinh/", "chia-se/")) or not path.endswith(LISTS):
        return 0
    return 2


def batches(plan: Plan) -> Iterator[tuple[str, ...]]:
    """What is sent, in order, in portions of which each is remembered when it has arrived."""
    batch: list[str] = []
    size, step = 0, -1
    for path in sorted((*plan.new, *plan.changed), key=lambda p: (rank(p), p)):
        bytes_ = plan.files[path][1]
        full = len(batch) >= MAX_FILES or size + bytes_ > MAX_BYTES
        if batch and (full or rank(path) != step):
            yield tuple(batch)
            batch, size = [], 0
        step = rank(path)
        batch.append(path)
        size += bytes_
    if batch:
        yield tuple(batch)


# ---- the list that lies beside the published files -----------------------------------------------


def written(files: Files, busy: bool) -> bytes:
    value = {
        "by": "bulletin",
        "format": FORMAT,
        "state": "busy" if busy else "done",
        "files": {path: list(files[path]) for path in sorted(files)},
    }
    return (json.dumps(value, ensure_ascii=False, indent=0) + "\n").encode()


def read(data: bytes) -> Remote | None:
    """None for what is not our list, or names a path that leads elsewhere."""
    try:
        value = json.loads(data)
        if value["by"] != "bulletin" or value["format"] != FORMAT:
            return None
        files = {str(path): (str(d), int(size)) for path, (d, size) in value["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if any(odd(path) for path in files):
        return None
    return Remote(files, value.get("state") != "done")


def odd(path: str) -> bool:
    """Absolute, leading upwards, or with signs that no file of a site has."""
    return bool(_ODD.search(path)) or path == MANIFEST
