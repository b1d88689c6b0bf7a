"""The drop folder while the preview runs: what lies in it becomes an article, and the desk says so.

Runs in the thread that watches. Whatever a Word file does to an import, the preview goes on.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from bulletin import inbox
from bulletin.diag import Severity
from bulletin.intake import Taken

KEPT = 20  # lines on the desk; the notes beside the files stay


class Mailbox:
    """``mail``: the lines on the desk, newest first; ``say``: the same in the terminal."""

    def __init__(self, root: Path, mail: list[str], say: Callable[[str], None]) -> None:
        self.root, self.mail, self.say = root, mail, say

    def empty(self) -> None:
        """Take everything that waits; one line for each file."""
        try:
            lines = list(_lines(self.root, inbox.take(self.root)))
        except Exception as bug:  # a folder that goes away, a full disk: the preview goes on
            traceback.print_exc()
            lines = [f"Chưa xem được {inbox.FOLDER}/: {bug}"]
        for line in lines:
            if line not in self.mail[:1]:  # the same trouble at every save is one trouble
                self.say(line)
                self.mail.insert(0, line)
        del self.mail[KEPT:]


def _lines(root: Path, outcome: inbox.Outcome) -> Iterator[str]:
    for one in outcome.refused:
        yield _refused(one)
    for one in outcome.taken:
        yield _taken(root, one)
    for item in outcome.stuck:
        yield f"{item.place.path}: {item.message} – {item.hint}"


def _taken(root: Path, one: Taken) -> str:
    assert one.article is not None
    name = one.article.relative_to(root).as_posix()
    issue = one.article.parent.relative_to(root / "content").as_posix()
    line = f"Đã nhập {one.source} thành {name} (bản nháp). "
    if one.listed is not None:
        line += f"Việc cần làm tay: {len(one.problems)}, ghi trong {one.listed.name}. "
    return line + f"Thêm «{one.article.stem}» vào contents: của issues/{issue}.yaml."


def _refused(one: Taken) -> str:
    first = next(item for item in one.problems if item.severity is Severity.ERROR)
    return f"Chưa nhập được {one.source}: {first.message} – {first.hint}"
