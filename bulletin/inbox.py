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
import traceback
from collections.abc import Iterable
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
    """``taken``: articles made; ``refused``: files that stay, with the reason.

    ``stuck``: files whose article is made, but that could not be moved out of the way.
    """

    taken: tuple[Taken, ...] = ()
    refused: tuple[Taken, ...] = ()
    stuck: tuple[Diagnostic, ...] = ()

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        done = (*self.taken, *self.refused)
        return (*(item for one in done for item in one.problems), *self.stuck)


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
    stuck: list[Diagnostic] = []
    for path in waiting(root):
        one = _one(root, path)
        if one.article is not None:
            taken.append(one)
            stuck += _cleared(root, path)
        elif path.exists():  # else another run took it in this very moment
            _tell(path, one.problems)
            refused.append(one)
    return Outcome(tuple(taken), tuple(refused), tuple(stuck))


def _one(root: Path, path: Path) -> Taken:
    name = path.relative_to(root).as_posix()
    try:
        config, _ = desk.project(root)
        return intake.take(root, _order(root, path, config))
    except Trouble as why:
        message, hint = why.message, why.hint
    except OSError as why:
        message = f"không đọc được tệp: {why.strerror}"
        hint = "tệp đang mở trong Word thì đóng lại; chương trình tự thử lần nữa"
    except Exception as bug:  # one odd file must not keep back the others
        traceback.print_exc()
        message = f"lỗi trong chương trình: {type(bug).__name__}: {bug}"
        hint = "gửi tệp Word này và đoạn báo lỗi ở cửa sổ lệnh cho người bảo trì"
    return Taken(
        name, None, problems=(Diagnostic(Place(name), Severity.ERROR, "WD027", message, hint),)
    )


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


def _tell(path: Path, problems: Iterable[Diagnostic]) -> None:
    rows = [f"{item.message}\n→ {item.hint}" for item in problems]
    rows += [
        "",
        "Sửa xong lưu lại tệp Word thì chương trình tự thử lần nữa. Xóa tệp này để thử lại.",
    ]
    with contextlib.suppress(OSError):
        rows.append(f"sha256: {_digest(path)}")
        _note(path).write_text("\n".join(rows) + "\n", encoding="utf-8")


def _cleared(root: Path, path: Path) -> list[Diagnostic]:
    """Move what was taken away; if that fails a note keeps it from being taken again."""
    try:
        _done(root, path)
    except OSError as why:
        item = Diagnostic(
            Place(path.relative_to(root).as_posix()),
            Severity.WARNING,
            "WD029",
            f"đã nhập, nhưng không chuyển được tệp vào {DONE}/: {why.strerror}",
            f"đóng tệp trong Word rồi tự chuyển tệp vào {FOLDER}/{DONE}/",
        )
        _tell(path, [item])
        return [item]
    return []


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
