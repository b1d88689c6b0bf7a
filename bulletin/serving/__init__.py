"""The live preview and the editors' desk on this machine: pages as a build makes them, a form to
write in.

``preview`` holds the state, ``watch`` tells of changes, ``glance`` shows a changed body at once,
``behind`` has everything read again meanwhile, ``server`` answers, ``deskpage``,
``flatplan`` and ``form`` are what the board sees. Only ``writing`` (what the form saves) and
``mailbox`` (Word files out of the drop folder) change files of the project.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.diag import Severity
from bulletin.files import Output
from bulletin.serving.behind import Behind
from bulletin.serving.mailbox import Mailbox
from bulletin.serving.preview import Preview
from bulletin.serving.server import make_server
from bulletin.serving.watch import Watcher

__all__ = ["Behind", "Mailbox", "Options", "Preview", "Watcher", "make_server", "serve"]

TURN = 0.0005  # seconds that a thread which reads everything may keep one that makes a page waiting


@dataclass(frozen=True, slots=True)
class Options:
    """``poll``: look at the files instead of waiting for events; None decides by the disk."""

    port: int = 8000
    drafts: bool = True
    poll: bool | None = None


def serve(
    root: Path,
    output: Output,
    options: Options,
    clock: Callable[[None], datetime],
    say: Callable[[str], None],
) -> int:
    """Serve until interrupted. Never writes to the published folders."""
    output.claim()
    port = options.port
    preview = Preview(root, output.own / f"preview-{port}", options.drafts, clock)
    server = make_server(preview, port)
    mailbox = Mailbox(root, server.mail, say)
    behind = Behind(preview, mailbox.empty)
    watcher = Watcher(root.resolve(), behind.changed, options.poll)
    watcher.start()
    sys.setswitchinterval(TURN)
    mailbox.empty()
    behind.read()
    behind.start()
    server.table.start()
    preview.spare.prepare()
    errors = sum(item.severity is Severity.ERROR for item in preview.problems)
    here = f"http://127.0.0.1:{port}"
    say(f"Xem thử tại {here}/   Bàn biên tập: {here}/_ban-bien-tap/")
    if watcher.polling:
        say("Thư mục nằm trên ổ mạng: chương trình tự xem lại tệp mỗi giây.")
    say(f"{errors} lỗi, {len(preview.problems) - errors} cảnh báo. Nhấn Ctrl+C để dừng.")
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        say("Đã dừng xem thử.")
    finally:
        watcher.stop()
        behind.stop()
        server.server_close()
        preview.spare.close()
        server.table.stop()
        for child in multiprocessing.active_children():  # a layout that nobody will see
            child.terminate()
        server.table.join()
        preview.close()
    return 0
