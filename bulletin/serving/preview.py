"""The state of one preview: the last good promises, the problems, unsaved texts, listeners.

The same jobs as in a build, made when a browser asks, never written to output/. When the sources
are wrong, the last good pages stay.
"""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin import build, codec, outputs, workers
from bulletin.diag import Diagnostic, Place, Report, Severity, arrange, as_json
from bulletin.files import Trouble
from bulletin.model import STATUS_WORDS, Job
from bulletin.recollect import Known
from bulletin.store import Store

WANTED = ("site", "print", "galley", "office")
SKETCHES = 4  # articles that are being written at the same time
WAITING = 8  # messages for a browser that does not listen; it needs only the last
MOST_ERRORS = 200  # in one message


@dataclass(frozen=True, slots=True)
class Sketch:
    """The site as it would be with one text that nobody has saved."""

    jobs: dict[str, Job]
    shop: workers.Workshop
    url: str
    problems: tuple[Diagnostic, ...]


class Preview:
    """One project as its editors see it. Every method may be called from any thread."""

    def __init__(
        self, root: Path, cache: Path, drafts: bool, clock: Callable[[None], datetime]
    ) -> None:
        self.root, self.cache, self.drafts, self.clock = root, cache, drafts, clock
        self.store = Store(cache)
        self.lock = threading.RLock()
        self.press = threading.Lock()  # one issue at a time; reading goes on meanwhile
        self.hand_press = threading.Lock()  # one article, for which somebody waits
        self.spare = workers.Spare()  # for the hand press alone
        self.tools = workers.toolchain()  # once: this process will run no other program
        self.known: dict[str, Known] = {}
        self.jobs: dict[str, Job] = {}
        self.statuses: dict[str, str] = {}
        self.shop: workers.Workshop | None = None
        self.ready: build.Prepared | None = None
        self.problems: tuple[Diagnostic, ...] = ()
        self.sketches: dict[str, Sketch] = {}
        self.version = 0
        self.news = 0  # counts what the desk page shows beside the sources: layouts, taken mail
        self.listeners: list[queue.Queue[bytes]] = []

    @property
    def ledger(self) -> Any:
        return self.ready.assembly.ledger if self.ready is not None else None

    def address(self, path: str) -> str:
        """Where the site shows an article as it was last read; empty when it does not."""
        return _address(self.ready, path) if self.ready is not None else ""

    def refresh(self) -> None:
        """Read everything again; keep the last good state if that fails."""
        with self.lock:
            report = Report()
            try:
                self._refresh(report)
            except Trouble as trouble:
                report.error(Place(""), "SY000", trouble.message, trouble.hint)
            except Exception as bug:  # the preview must outlive a bug in one rebuild
                traceback.print_exc()
                report.error(
                    Place(""),
                    "SY070",
                    f"lỗi trong chương trình: {bug}",
                    "gửi đoạn báo lỗi ở cửa sổ lệnh cho người bảo trì",
                )
            self.problems = arrange(report.items)
            self.version += 1
            self.tell()

    def _refresh(self, report: Report) -> None:
        bench = build.Bench(self.root, self.store, self.tools, known=self.known)
        ready = build.prepare_at(bench, self.clock(None), self.drafts, report)
        if ready is None:
            return
        if self.drafts:  # an issue in the making has holes: they must not hold back the rest
            report.items[:] = [build.shown(item) for item in report.items]
        self.ready = ready
        if report.failed and self.jobs:
            return
        self.jobs = _jobs(ready, WANTED)
        self.shop = build.workshop(ready, self.store, self.tools)
        self.statuses = {
            f"site/{issue.key}/{row.name}/index.html": _status(row.status, row.embargoed)
            for issue in ready.assembly.ledger.issues
            for row in issue.rows
            if row.embargoed or row.status != "published"
        }

    # ---- unsaved texts ------------------------------------------------------------------------

    def sketch(self, path: str, data: bytes) -> Sketch | None:
        """Read everything with ``data`` in the place of ``path``; None when nothing can be read."""
        with self.lock:
            folder = self.cache / "chua-luu"
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / codec.digest(path.encode())[:32]
            file.write_bytes(data)
            report = Report()
            # A copy: what the file itself says must be known when this text is gone.
            bench = build.Bench(
                self.root, self.store, self.tools, {path: file}, known=dict(self.known)
            )
            ready = build.prepare_at(bench, self.clock(None), True, report)
            if ready is None:
                return None
            own = tuple(item for item in arrange(report.items) if item.place.path == path)
            url = _address(ready, path)
            sketch = Sketch(
                _jobs(ready, ("site",)) if url else {},
                build.workshop(ready, self.store, self.tools),
                url,
                own,
            )
            self.sketches.pop(path, None)
            self.sketches[path] = sketch
            while len(self.sketches) > SKETCHES:
                self.sketches.pop(next(iter(self.sketches)))
            return sketch

    def sketched(self, path: str, name: str) -> bytes | None:
        """Bytes of one output path of the site with the unsaved text of ``path``."""
        with self.lock:
            sketch = self.sketches.get(path)
            job = sketch.jobs.get(name) if sketch is not None else None
            if sketch is None or job is None:
                return None
            return self._made(job, sketch.shop, name)

    # ---- pages --------------------------------------------------------------------------------

    def page(self, path: str) -> bytes | None:
        """Bytes of one output path, made now or remembered."""
        with self.lock:
            job, shop = self.jobs.get(path), self.shop
        if job is None or shop is None:
            return None
        if not job.heavy:
            with self.lock:
                return self._made(job, shop, path)
        if job.maker != "galley":
            with self.press:
                return self._made(job, shop, path)
        with self.hand_press:
            data = self._made(job, shop, path, self.spare)
            self.spare.prepare()
            return data

    def _made(
        self, job: Job, shop: workers.Workshop, path: str, spare: workers.Spare | None = None
    ) -> bytes | None:
        crew = workers.Crew(1, spare)
        made, _ = workers.make_all([job], shop, self.store, crew)
        failed = [item for item in made[0].diagnostics if item.severity is Severity.ERROR]
        if failed:
            with self.lock:
                self.problems = arrange([*self.problems, *failed])
        blob = dict(made[0].siblings).get(path, made[0].blob)
        return self.store.blobs.load(blob) if blob else None

    # ---- listeners ----------------------------------------------------------------------------

    def message(self) -> bytes:
        wrong = [item for item in self.problems if item.severity is Severity.ERROR]
        data = {
            "version": self.version,
            "news": self.news,
            "good": not wrong,
            "problems": [as_json(item) for item in wrong[:MOST_ERRORS]],
        }
        return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

    def tell(self) -> None:
        with self.lock:
            message = self.message()
            for listener in list(self.listeners):
                _put(listener, message)

    def announce(self) -> None:
        """Something on the desk is new, but no page is."""
        with self.lock:
            self.news += 1
            self.tell()

    def listen(self) -> queue.Queue[bytes]:
        listener: queue.Queue[bytes] = queue.Queue(WAITING)
        with self.lock:
            self.listeners.append(listener)
            _put(listener, self.message())
        return listener

    def forget(self, listener: queue.Queue[bytes]) -> None:
        with self.lock, contextlib.suppress(ValueError):
            self.listeners.remove(listener)


def _put(listener: queue.Queue[bytes], message: bytes) -> None:
    """A browser that is slow misses what is old, not what is new."""
    while True:
        try:
            listener.put_nowait(message)
            return
        except queue.Full:
            with contextlib.suppress(queue.Empty):
                listener.get_nowait()


def _jobs(ready: build.Prepared, wanted: Iterable[str]) -> dict[str, Job]:
    source = outputs.Source(ready.config, ready.assembly, ready.theme, tuple(wanted))
    return {path: job for job in outputs.jobs(source) for path in (job.path, *job.also, *job.gives)}


def _address(ready: build.Prepared, path: str) -> str:
    """Where the site shows an article; empty while its front matter cannot be read."""
    pieces = (
        piece
        for edition in ready.assembly.editions
        for piece in edition.issue.pieces
        if piece.path == path
    )
    public = (p for issue in ready.assembly.catalog.issues for p in issue.pieces if p.path == path)
    return next((piece.card.url for piece in (*pieces, *public)), "")


def _status(status: str, embargoed: bool) -> str:
    return STATUS_WORDS[status] + (", hẹn ngày đăng" if embargoed else "")
