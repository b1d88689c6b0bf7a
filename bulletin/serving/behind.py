"""After a save: what can be shown at once is shown, everything is read anew on a thread of its own.

While somebody saves one body after the other the reading waits for a moment of calm: their pages
are right already, and lists have time. The longer reading takes, the longer the calm it waits for.
"""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Iterator

from bulletin.serving.preview import Preview

CALM = 0.5  # seconds without a further save, when a glance has shown what was saved
SHARE, LONGEST = 0.25, 5.0  # of the time of the last reading, where that is more
PATIENCE = 10  # such moments in a row, then it is read in any case
MOMENT = 0.03  # seconds for the rest of a save that a glance could not show


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """While a large archive is read, nobody looks through all of its values for circles.

    That would stop every thread for longer than a page takes, again and again. It is done once,
    afterwards; what lasts is then set aside, and goes when nothing holds it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


class Behind:
    """``changed`` is for the watcher; ``mail`` empties the drop folder meanwhile."""

    def __init__(self, preview: Preview, mail: Callable[[], None]) -> None:
        self.preview, self.mail = preview, mail
        self.event = threading.Event()  # something was saved
        self.hurry = threading.Event()  # something that nobody sees yet
        self.ended = threading.Event()
        self.spent = 0.0  # seconds, by the last reading
        self.thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def changed(self, paths: frozenset[str] | None) -> None:
        """Files of the project changed; None when nobody knows which."""
        seen = self.preview.glance(paths)
        self.mail()
        if not seen:
            self.hurry.set()
        self.event.set()

    def stop(self) -> None:
        """The thread ends when what it reads just now is read."""
        self.ended.set()
        self.hurry.set()
        self.event.set()
        if self.thread.is_alive():
            self.thread.join(2)

    def _work(self) -> None:
        while True:
            self.event.wait()
            self._calm()
            if self.ended.is_set():
                return
            self.read()

    def read(self) -> None:
        """Everything, here and now."""
        begun = time.monotonic()
        with undisturbed():
            self.preview.refresh()
        self.spent = time.monotonic() - begun

    def _calm(self) -> None:
        """Until nothing has been saved for a while, or something waits to be seen."""
        calm = max(CALM, min(self.spent * SHARE, LONGEST))
        for _ in range(PATIENCE):
            self.event.clear()
            if self.hurry.wait(calm):
                self.ended.wait(MOMENT)
                break
            if not self.event.is_set():
                break
        self.event.clear()
        self.hurry.clear()
