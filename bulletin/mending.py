"""``bulletin check --fix``: the safe mends of all articles as a diff, then written atomically."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bulletin.build import Prepared
from bulletin.files import Trouble
from bulletin.language.mend import mended


@dataclass(frozen=True, slots=True)
class Mend:
    """One article before and after."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"{self.path} (đang có)",
            f"{self.path} (sau khi sửa)",
            n=0,
        )
        return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def plan(ready: Prepared) -> tuple[Mend, ...]:
    """What could be mended, nothing written. Files that are no UTF-8 are left alone."""
    found = []
    for path in sorted(ready.snapshot.digests):
        if not (path.startswith("content/") and path.endswith(".md")):
            continue
        try:
            before = ready.snapshot.read(path).decode("utf-8")
        except UnicodeDecodeError:
            continue
        after = mended(path, before, ready.book)
        if after != before:
            found.append(Mend(path, before, after))
    return tuple(found)


def write(ready: Prepared, mends: Iterable[Mend]) -> None:
    """Each file whole or not at all; one that somebody saved in the meantime is not touched."""
    for mend in mends:
        target: Path = ready.snapshot.files[mend.path]
        if target.read_bytes() != mend.before.encode("utf-8"):
            raise Trouble(
                f"tệp {mend.path} vừa được sửa ở nơi khác", "chạy lại: bulletin check --fix"
            )
        beside = target.with_name(f".{target.name}.moi")
        try:
            with beside.open("wb") as out:
                out.write(mend.after.encode("utf-8"))
                out.flush()
                os.fsync(out.fileno())
            os.chmod(beside, target.stat().st_mode & 0o777)
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)
