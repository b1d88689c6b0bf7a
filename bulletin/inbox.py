"""The drop folder ``hop-thu/``: a Word file that is put there becomes an article.

``hop-thu/bai.docx`` goes to the one issue that is being made; ``hop-thu/2026/so-4/bai.docx`` to
that issue; a folder named after a section says the section. Pictures for an article lie in a
folder of its name: ``hop-thu/bai/anh-1.jpg``. What was taken moves to ``hop-thu/da-nhap/``; what
was refused stays, with a sentence beside it, and is tried again when the file has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from bulletin import desk, intake, text
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.files import Trouble
from bulletin.intake import PICTURES, Order, Taken
from bulletin.model import Config
from bulletin.word.parcel import KINDS

FOLDER = "hop-thu"
DONE = "da-nhap"
ERROR = ".loi.txt"
_WORD = (".docx", ".docm", *KINDS)
_ISSUE = re.compile(r"\d{4}/so-\d+")
# Files that Word, Windows and others put beside the real ones.
_LITTER = re.compile(r"(?:~\$|\.|.*\.tmp$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``taken``: articles made; ``refused``: files that stay, with the reason."""

    taken: tuple[Taken, ...] = ()
    refused: tuple[Taken, ...] = ()

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        return tuple(p for one in (*self.taken, *self.refused) for p in one.problems)


def waiting(root: Path) -> list[Path]:
    """Word files in the drop folder that have not been refused as they are."""
    folder = root / FOLDER
    if not folder.is_dir() or folder.is_symlink():
        return []
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in _WORD
        and DONE not in path.relative_to(folder).parts
        and not _LITTER.match(path.name)
        and not any(
            parent.is_symlink() for parent in [path, *path.parents] if folder in parent.parents
        )
        and path.is_file()
        and not _told(path)
    ]


def take(root: Path) -> Outcome:
    """Import everything that waits. Problems of one file never keep back another."""
    taken: list[Taken] = []
    refused: list[Taken] = []
    for path in waiting(root):
        name = path.relative_to(root).as_posix()
        try:
            config, _ = desk.project(root)
            one = intake.take(root, _order(root, path, config))
        except Trouble as why:
            item = Diagnostic(Place(name), Severity.ERROR, "WD027", why.message, why.hint)
            one = Taken(name, None, problems=(item,))
        if one.article is None:
            _tell(path, one)
            refused.append(one)
        else:
            _done(root, path)
            taken.append(one)
    return Outcome(tuple(taken), tuple(refused))


def _order(root: Path, path: Path, config: Config) -> Order:
    """Issue and section by the folders on the way."""
    parts = path.parent.relative_to(root / FOLDER).as_posix()
    issue = _ISSUE.search(parts)
    sections = [section.slug for section in config.sections]
    section = next((part for part in reversed(parts.split("/")) if part in sections), "")
    return Order(path, _pictures(path), issue[0] if issue else "", section)


def _pictures(path: Path) -> tuple[Path, ...]:
    beside = path.with_suffix("")
    if not beside.is_dir() or beside.is_symlink():
        return ()
    return tuple(
        found
        for found in sorted(beside.iterdir(), key=lambda p: text.nfc(p.name))
        if found.suffix.lower() in PICTURES and found.is_file() and not found.is_symlink()
    )


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _note(path: Path) -> Path:
    return path.with_name(path.name + ERROR)


def _told(path: Path) -> bool:
    """Whether the note beside a file speaks of these very bytes."""
    try:
        return _digest(path) in _note(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _tell(path: Path, one: Taken) -> None:
    rows = [f"{item.message}\n→ {item.hint}" for item in one.problems]
    rows += [
        "",
        "Sửa xong lưu lại tệp Word thì chương trình tự thử lần nữa. Xóa tệp này để thử lại.",
    ]
    with contextlib.suppress(OSError):
        rows.append(f"sha256: {_digest(path)}")
        _note(path).write_text("\n".join(rows) + "\n", encoding="utf-8")


def _done(root: Path, path: Path) -> None:
    """Out of the way, never over an earlier file of that name."""
    with contextlib.suppress(OSError):
        _note(path).unlink()
    folder = root / FOLDER / DONE
    folder.mkdir(parents=True, exist_ok=True)
    for source in [path, path.with_suffix("")]:
        if source is not path and not (source.is_dir() and _pictures(path)):
            continue
        target, number = folder / source.name, 2
        while target.exists():
            target = folder / f"{source.stem}-{number}{source.suffix}"
            number += 1
        os.rename(source, target)
