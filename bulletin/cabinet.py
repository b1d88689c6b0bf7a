"""What the office's papers need from the machine: private files, finished PDFs, history from git.

Private files lie in ``rieng/``, which no build reads. git is only asked: no hook, pager, filter or
external program of a repository's configuration runs.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin import schema, yamltree
from bulletin.bureau import PaySpec, PeopleSpec
from bulletin.diag import Place, Report
from bulletin.files import Output
from bulletin.manuscript import decode
from bulletin.model import IssueLedger

PRIVATE = "rieng"
PEOPLE = f"{PRIVATE}/tac-gia.yaml"
SEPARATOR = "\x1f"
MAX_HISTORY = 200
SAFE = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "log.showSignature=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "protocol.allow=never"),
)


# ---- finished PDFs -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PressFile:
    """The file for the printing house as it lies there; ``packed``: in the folder of a release."""

    name: str
    path: str
    size: int
    sha256: str
    pages: int
    packed: bool


def stem(issue: IssueLedger) -> str:
    return f"ban-tin-so-{issue.spec.number}-{issue.spec.year}"


def pages_laid(output: Output, issues: Iterable[IssueLedger]) -> dict[str, int]:
    """Issue → pages of the reader's PDF of the last layout; issues without one are left out."""
    found = {}
    for issue in issues:
        path = output.folder / "print" / str(issue.spec.year) / f"{stem(issue)}.pdf"
        pages = _pages(_bytes(path))
        if pages:
            found[issue.key] = pages
    return found


def press_file(output: Output, issue: IssueLedger) -> PressFile | None:
    """What was handed to the printer, else what would be; None when nothing is laid out."""
    name = f"{stem(issue)}-in.pdf"
    for folder, packed in ((f"release/{issue.key}", True), (f"print/{issue.spec.year}", False)):
        data = _bytes(output.folder / folder / name)
        if data:
            digest = hashlib.sha256(data).hexdigest()
            return PressFile(name, f"{folder}/{name}", len(data), digest, _pages(data), packed)
    return None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _pages(data: bytes) -> int:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        return 0


# ---- private files -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Private:
    """``there``: the files that exist, whatever came of reading them."""

    people: PeopleSpec
    pay: PaySpec
    places: Mapping[str, Place]
    pay_path: str
    there: tuple[str, ...]


def private(root: Path, key: str, report: Report) -> Private:
    """The people, and what the board has set for the pieces of one issue."""
    pay_path = f"{PRIVATE}/nhuan-but/{key}.yaml"
    people, _ = _read(PeopleSpec, root, PEOPLE, report)
    pay, places = _read(PaySpec, root, pay_path, report)
    there = tuple(path for path in (PEOPLE, pay_path) if (root / path).is_file())
    return Private(people or PeopleSpec(), pay or PaySpec(), places, pay_path, there)


def _read(kind: type, root: Path, path: str, report: Report) -> tuple[Any, Mapping[str, Place]]:
    try:
        data = (root / path).read_bytes()
    except FileNotFoundError:
        return None, {}
    except OSError as trouble:
        why = trouble.strerror or ""
        report.error(Place(path), "VP010", f"không đọc được tệp: {why}", "kiểm tra quyền đọc")
        return None, {}
    source = decode(path, data, report)
    failures = Report()
    tree = yamltree.parse(source, path, failures) if source is not None else None
    report.extend(failures.items)
    if source is None or (tree is None and failures.failed):
        return None, {}
    return schema.read(kind, tree, report, Place(path, 1, 1), path.rpartition("/")[2])


# ---- history -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One commit of a file: day and hour as written, who, what. Addresses are not asked for."""

    when: str
    who: str
    what: str
    mark: str


def history(root: Path, path: str) -> tuple[Change, ...] | None:
    """The changes of a file, the oldest first; None when there is no git or no repository."""
    found = histories(root, (path,))
    return None if found is None else found[path]


def histories(root: Path, paths: Sequence[str]) -> dict[str, tuple[Change, ...]] | None:
    """Path → its changes, the oldest first, by one question to git; None as for one file.

    A merge counts as a change of a file only where it differs from all that were merged.
    """
    form = SEPARATOR + SEPARATOR.join(("%h", "%ad", "%an", "%s"))
    command = [
        *("git", "-C", str(root), *SAFE, "log", f"--max-count={MAX_HISTORY * len(paths)}"),
        *("--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-color", "--no-mailmap"),
        *("--no-renames", "--name-only", "--relative", "-c"),
        *("--date=format:%d/%m/%Y %H:%M", f"--format={form}", "--", *paths),
    ]
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=30, env={**keep, **quiet}
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    return _sorted_out(done.stdout.decode("utf-8", "replace").splitlines(), paths)


def _sorted_out(lines: list[str], paths: Sequence[str]) -> dict[str, tuple[Change, ...]]:
    """Lines of git: a commit, an empty line, the files that it changed."""
    found: dict[str, list[Change]] = {path: [] for path in paths}
    change = None
    for line in lines:
        if line.startswith(SEPARATOR) and line.count(SEPARATOR) >= 4:
            mark, when, who, what = line[1:].split(SEPARATOR, 3)
            change = Change(when, who, what, mark)
        elif change is not None and line in found:
            found[line].append(change)
    return {path: tuple(reversed(rows[:MAX_HISTORY])) for path, rows in found.items()}
