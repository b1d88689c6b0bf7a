"""The state of one preview: the last good promises, the problems, unsaved texts, listeners.

The same jobs as in a build, made when a browser asks, never written to output/. When the sources
are wrong, the last good pages stay.

A body that was saved changes its own page at once (:mod:`glance`); what else may have come of it is
read behind (:mod:`behind`), while pages are answered. ``lock`` is held for moments only: reading
everything goes on under ``reading``, light pages are made under ``making``.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import queue
import threading
import traceback
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin import build, codec, outputs, workers
from bulletin.diag import Diagnostic, Place, Report, Severity, arrange, as_json
from bulletin.files import Snapshot, Trouble
from bulletin.model import STATUS_WORDS, Job
from bulletin.recollect import Known, Reading
from bulletin.serving import glance
from bulletin.serving.glance import Glance, Ground
from bulletin.store import Store

WANTED = ("site", "print", "galley", "office")
SKETCHES = 4  # articles that are being written at the same time
WAITING = 8  # messages for a browser that does not listen; it needs only the last
MOST_ERRORS = 200  # in one message
FEW = 8  # files that are looked at one by one; more are a checkout


@dataclass(frozen=True, slots=True)
class Sketch:
    """The site as it would be with one text that nobody has saved."""

    jobs: Mapping[str, Job]
    shop: workers.Workshop
    url: str
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """What reading everything gave. ``good``: nothing in it is an error."""

    ready: build.Prepared
    jobs: dict[str, Job]
    shop: workers.Workshop
    ground: Ground | None
    good: bool


class Preview:
    """One project as its editors see it. Every method may be called from any thread."""

    def __init__(
        self, root: Path, cache: Path, drafts: bool, clock: Callable[[None], datetime]
    ) -> None:
        self.root, self.cache, self.drafts, self.clock = root, cache, drafts, clock
        self.store = Store(cache)
        self.lock = threading.RLock()
        self.reading = threading.Lock()  # of everything: one at a time
        self.making = threading.Lock()  # light pages
        self.gathering = threading.Lock()  # what goes through all articles: the search index
        self.press = threading.Lock()  # one issue at a time; reading goes on meanwhile
        self.hand_press = threading.Lock()  # one article, for which somebody waits
        self.spare = workers.Spare()  # for the hand press alone
        self.tools = workers.toolchain()  # once: this process will run no other program
        self.known: dict[str, Known] = {}
        self.jobs: dict[str, Job] = {}
        self.statuses: dict[str, str] = {}
        self.shop: workers.Workshop | None = None
        self.ready: build.Prepared | None = None
        self.ground: Ground | None = None  # none while something is wrong
        self.since: dict[str, Snapshot] = {}  # bodies seen since the last full reading began
        self.problems: tuple[Diagnostic, ...] = ()
        self.sketches: dict[str, tuple[int, Sketch]] = {}
        self.turn = 0  # counts what was asked to be sketched
        self.closed = False
        self.version = 0
        self.news = 0  # counts what the desk page shows beside the sources: layouts, taken mail
        self.listeners: list[queue.Queue[bytes]] = []

    @property
    def ledger(self) -> Any:
        return self.ready.assembly.ledger if self.ready is not None else None

    def address(self, path: str) -> str:
        """Where the site shows an article as it was last read; empty when it does not."""
        return _address(self.ready, path) if self.ready is not None else ""

    # ---- everything ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read everything again; keep the last good state if that fails."""
        with self.reading:
            while not self._refreshed():
                pass

    def _refreshed(self) -> bool:
        """False when a body was seen meanwhile that this reading has not: it is of no use then."""
        with self.lock:
            self.since = {}
        report, whole = Report(), None
        try:
            whole = self._whole(report)
        except Trouble as trouble:
            if self.since:  # somebody writes at this very moment
                return False
            report.error(Place(""), "SY000", trouble.message, trouble.hint)
        except Exception as bug:  # the preview must outlive a bug in one rebuild
            if self.closed:
                return True
            traceback.print_exc()
            report.error(
                Place(""),
                "SY070",
                f"lỗi trong chương trình: {bug}",
                "gửi đoạn báo lỗi ở cửa sổ lệnh cho người bảo trì",
            )
        with self.lock:
            problems = arrange(report.items)
            if whole is not None and whole.ground is not None:
                for path, shot in self.since.items():
                    seen = self._seen(whole.ground, path, shot)
                    if seen is None:
                        return False
                    problems = _take(seen, whole.ground, whole.jobs, problems)
            self._put(whole)
            self.problems = problems
            self.version += 1
            self.tell()
        return True

    def _whole(self, report: Report) -> Whole | None:
        bench = build.Bench(self.root, self.store, self.tools, known=self.known)
        ready = build.prepare_at(bench, self.clock(None), self.drafts, report)
        if ready is None:
            return None
        if self.drafts:  # an issue in the making has holes: they must not hold back the rest
            report.items[:] = [build.shown(item) for item in report.items]
        good = not report.failed
        return Whole(
            ready,
            _jobs(ready, WANTED) if good or not self.jobs else {},
            build.workshop(ready, self.store, self.tools),
            glance.ground(ready) if good else None,
            good,
        )

    def _put(self, whole: Whole | None) -> None:
        self.ground = whole.ground if whole is not None else None
        if whole is None:
            return
        ready = self.ready = whole.ground.ready if whole.ground is not None else whole.ready
        if not whole.good and self.jobs:
            return
        self.jobs, self.shop = whole.jobs, whole.shop
        self.statuses = {
            f"site/{issue.key}/{row.name}/index.html": _status(row.status, row.embargoed)
            for issue in ready.assembly.ledger.issues
            for row in issue.rows
            if row.embargoed or row.status != "published"
        }

    # ---- one body -----------------------------------------------------------------------------

    def glance(self, paths: frozenset[str] | None) -> bool:
        """Show the bodies at ``paths`` at once; False if some change is not seen by that.

        Whatever it says, a full reading must follow: lists and checks of the whole wait for it.
        """
        if paths is None or len(paths) > FEW:
            return False
        with self.lock:
            missed = [path for path in sorted(paths) if not self._glance(path)]
        return not missed

    def _glance(self, path: str) -> bool:
        ground = self.ground
        if ground is None or any(item.severity is Severity.ERROR for item in self.problems):
            return False
        if path not in ground.ready.snapshot.digests and not (self.root / path).exists():
            return True  # an editor's own file, gone before anybody read it
        shot = _shot(ground, path)
        seen = self._seen(ground, path, shot) if shot is not None else None
        if shot is None or seen is None:
            return False
        if seen.article == ground.article(path):
            return True
        self.problems = _take(seen, ground, self.jobs, self.problems)
        self.ready = ground.ready
        self.since[path] = shot
        self.version += 1
        self.tell()
        return True

    def _seen(self, ground: Ground, path: str, shot: Snapshot) -> Glance | None:
        """What a glance at a saved body gives; None too when something in it is wrong."""
        read: dict[str, Known] = {}
        by = Reading(self.store, self.tools, ground.ready.book, self.known, read)
        try:
            seen = glance.look(ground, shot, by, path, WANTED)
        except Trouble:  # the file changes at this very moment: somebody will tell of it
            return None
        except Exception:  # a bug here must not take the preview along: reading everything remains
            if not self.closed:
                traceback.print_exc()
            return None
        if seen is None:
            return None
        self.known.update(read)
        if self.drafts:
            seen = dataclasses.replace(seen, told=tuple(build.shown(item) for item in seen.told))
        return None if any(item.severity is Severity.ERROR for item in seen.told) else seen

    # ---- unsaved texts ------------------------------------------------------------------------

    def sketch(self, path: str, data: bytes) -> Sketch | None:
        """The site with ``data`` in the place of ``path``; None when nothing can be read.

        Only a text that changes more than its own page makes everything be read.
        """
        with self.lock:
            self.turn += 1
            turn, sketch = self.turn, self._glanced(path, data)
        if sketch is None:
            with self.reading:
                sketch = self._sketched(path, data)
        if sketch is None:
            return None
        with self.lock:
            known = self.sketches.pop(path, (0, sketch))
            # One that took long does not hide a later one.
            self.sketches[path] = (turn, sketch) if known[0] < turn else known
            while len(self.sketches) > SKETCHES:
                self.sketches.pop(next(iter(self.sketches)))
        return sketch

    def _unsaved(self, path: str, data: bytes, way: str) -> Path:
        folder = self.cache / "chua-luu"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / (codec.digest(path.encode())[:32] + way)
        file.write_bytes(data)
        return file

    def _glanced(self, path: str, data: bytes) -> Sketch | None:
        """By the quick lane, beside the pages of the last good state."""
        ground, shop = self.ground, self.shop
        if ground is None or shop is None or not self.drafts or ground.article(path) is None:
            return None
        shot = Snapshot({path: codec.digest(data)}, {path: self._unsaved(path, data, "")})
        by = Reading(self.store, self.tools, ground.ready.book, self.known)
        seen = glance.look(ground, shot, by, path, ("site",))
        if seen is None:
            return None
        return Sketch(ChainMap(dict(seen.jobs), self.jobs), shop, seen.url, seen.told)

    def _sketched(self, path: str, data: bytes) -> Sketch | None:
        """By reading everything, drafts too."""
        report = Report()
        # A copy: what the file itself says must be known when this text is gone.
        instead, known = {path: self._unsaved(path, data, "-ca")}, dict(self.known)
        bench = build.Bench(self.root, self.store, self.tools, instead, known=known)
        ready = build.prepare_at(bench, self.clock(None), True, report)
        if ready is None:
            return None
        own = tuple(item for item in arrange(report.items) if item.place.path == path)
        url = _address(ready, path)
        jobs = _jobs(ready, ("site",)) if url else {}
        return Sketch(jobs, build.workshop(ready, self.store, self.tools), url, own)

    def sketched(self, path: str, name: str) -> bytes | None:
        """Bytes of one output path of the site with the unsaved text of ``path``."""
        with self.lock:
            known = self.sketches.get(path)
        if known is None:
            return None
        _, sketch = known
        job = sketch.jobs.get(name)
        if job is None or job.heavy:
            return None
        with self.making:
            return self._made(job, sketch.shop, name)

    # ---- pages --------------------------------------------------------------------------------

    def page(self, path: str) -> bytes | None:
        """Bytes of one output path, made now or remembered."""
        with self.lock:
            job, shop = self.jobs.get(path), self.shop
        if job is None or shop is None:
            return None
        if not job.heavy:
            with self.gathering if job.keeps else self.making:
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

    def close(self) -> None:
        """Nobody reads or looks any more, or what they find is not told."""
        self.closed = True
        self.store.close()

    def forget(self, listener: queue.Queue[bytes]) -> None:
        with self.lock, contextlib.suppress(ValueError):
            self.listeners.remove(listener)


def _shot(ground: Ground, path: str) -> Snapshot | None:
    """The file of an article that is known already; None when it is no longer a plain file."""
    file = ground.ready.snapshot.files.get(path)
    if file is None or ground.article(path) is None:
        return None
    try:
        if any(one.is_symlink() for one in (file, *file.parents[: path.count("/")])):
            return None
        return Snapshot({path: codec.digest(file.read_bytes())}, {path: file})
    except OSError:
        return None


def _take(
    seen: Glance, ground: Ground, jobs: dict[str, Job], problems: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """Put what was seen into a state that is good; its problems, which are in order of paths."""
    path = seen.article.path
    ground.take(seen)
    jobs.update(seen.jobs)
    before = (item for item in problems if item.place.path < path)
    after = (item for item in problems if item.place.path > path)
    return (*before, *seen.told, *after)


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
