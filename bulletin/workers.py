"""Makes jobs: remembered, in parallel, within limits of time and memory.

Results do not depend on the number of workers or on the order in which they finish. Heavy jobs
(PDF) run in a child process each, so that a layout that eats the memory cannot take the build.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import importlib.metadata
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import bulletin
from bulletin import outputs
from bulletin.codec import Shared, digest, dumps
from bulletin.diag import Diagnostic, Place, Severity, from_json, store_form
from bulletin.model import Card, Frame, Job, Made, Palette, Piece
from bulletin.store import Blobs, Missing, Store
from bulletin.studio import Studio, TemplateError
from bulletin.theme import Theme

# Told at each step: the stage, how much of it is done, of how much (0: not counted).
Tell = Callable[[str, int, int], None]
LAYOUT = "dàn trang"
PAGES = "trang web"
POOL_THRESHOLD = 200
CHUNK = 64
Task = tuple[str, Job]  # under which key the store will keep it
SHARED = (Card, Frame, Palette, Piece)  # what many page values hold
LIBRARIES = (
    "markdown-it-py",
    "mdit-py-plugins",
    "Jinja2",
    "weasyprint",
    "pydyf",
    "Pillow",
    "pypdfium2",
    "feedgen",
    "fonttools",
    "ziamath",
    "latex2mathml",
)


def toolchain() -> str:
    """Digest of our own code and of the versions of what it calls: part of every key."""
    parts = [bulletin.__version__]
    folder = Path(bulletin.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        parts.append(hashlib.sha256(path.read_bytes()).hexdigest())
    for name in LIBRARIES:
        try:
            parts.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            parts.append(f"{name} -")
    return digest("\n".join(parts).encode())


def silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works: how many (0: as the machine has cores), a child kept ready, who is told."""

    workers: int = 0
    spare: Spare | None = None
    tell: Tell = silent


class Tally:
    """Counts what is promised and done, from any thread, one step after the other."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.lock = threading.Lock()
        self.promised: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def promise(self, stage: str, count: int = 1) -> None:
        with self.lock:
            self.promised[stage] += count
            self.tell(stage, self.done[stage], self.promised[stage])

    def add(self, stage: str, count: int = 1) -> None:
        with self.lock:
            self.done[stage] += count
            self.tell(stage, self.done[stage], self.promised[stage])


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every process needs to make jobs; picklable."""

    theme: Theme
    cache: Path
    sources: Mapping[str, Path]
    toolchain: str
    time_limit: int
    memory_limit: int

    def studio(self) -> Studio:
        return Studio(self.theme, Blobs(self.cache, self.sources).load)

    def key(self, job: Job, shared: Shared | None = None) -> str:
        """``shared``: one for all jobs of a run, so that a card is digested once, not per list."""
        closure = self.theme.closures.get(job.template, "")
        head = f"{self.toolchain}\0{job.maker}\0{type(job.page).__name__}\0{closure}\0"
        known = shared if shared is not None else Shared(*SHARED)
        return digest(head.encode() + dumps(job.page, known))

    def hint_key(self, job: Job) -> str:
        """Under which key the store keeps what was measured for a job, whatever its page value."""
        return digest(f"hints\0{self.toolchain}\0{job.maker}\0{job.path}".encode())


def make_all(
    jobs: Iterable[Job], shop: Workshop, store: Store, crew: Crew
) -> tuple[list[Made], list[str]]:
    """All results sorted by path, and the paths that were really made in this run.

    ``jobs`` may be a stream: a promise is let go of when it is kept, so an archive is never held
    as a whole.
    """
    with Shift(shop, store, crew) as shift:
        for job in jobs:
            shift.take(job)
        shift.finish()
    return sorted(shift.done, key=lambda made: made.path), sorted(shift.fresh)


class Shift:
    """The state of one :func:`make_all`, its only user.

    Heavy jobs begin when they are met; threads only wait for their children, and the parent makes
    the light ones meanwhile, or shares them out when there are many.
    """

    def __init__(self, shop: Workshop, store: Store, crew: Crew) -> None:
        self.shop, self.store = shop, store
        self.count = crew.workers or os.cpu_count() or 1
        self.tally = Tally(crew.tell)
        self.shared = Shared(*SHARED)
        self.done: list[Made] = []
        self.fresh: list[str] = []
        self.light: list[Task] = []
        self.heavy: list[tuple[Task, Future[Made]]] = []
        self.pool: Pool | None = None
        self.nursery = Nursery(crew.spare)
        self.threads = ThreadPoolExecutor(max_workers=self.count)

    def __enter__(self) -> Shift:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.pool is not None:
            self.pool.close(stopped=kind is not None)
        self.nursery.close(stopped=kind is not None)
        self.threads.shutdown()

    def take(self, job: Job) -> None:
        key = self.shop.key(job, self.shared)
        hints = _hints(self.store, self.shop, job) if job.heavy else {}
        found = _recalled(self.store, key, job)
        if found is not None:
            self.done.append(found)
        elif job.heavy:
            self._begin((key, job), hints)
        elif job.keeps:
            self.tally.promise(PAGES)
            self._alone([(key, job)], Kept(self.store, self.shop.toolchain))
        else:
            self.tally.promise(PAGES)
            self.light.append((key, job))
            self._share_out()

    def finish(self) -> None:
        """Make what is left, and wait for all."""
        if self.pool is not None:
            if self.light:
                self.pool.give(self.light)
            for pairs in self.pool.rest():
                self._got(pairs)
                self.tally.add(PAGES, len(pairs))
        elif self.light:
            self._alone(self.light)
        for task, future in self.heavy:
            made = future.result()
            self._got([(task, made)])
            if made.hints:
                self.store.remember(self.shop.hint_key(task[1]), dict(made.hints))

    def _begin(self, task: Task, hints: Mapping[str, Any]) -> None:
        self.tally.promise(LAYOUT)
        future = self.threads.submit(_in_child, task[1], self.shop, hints, self.nursery)
        future.add_done_callback(lambda _: self.tally.add(LAYOUT))
        self.heavy.append((task, future))

    def _share_out(self) -> None:
        """Whole chunks to the pool, as soon as there are so many jobs that starting it pays."""
        if self.pool is None and self.count > 1 and len(self.light) > POOL_THRESHOLD:
            self.pool = Pool(self.shop, self.count)
        while self.pool is not None and len(self.light) >= CHUNK:
            chunk, self.light = self.light[:CHUNK], self.light[CHUNK:]
            self.pool.give(chunk)
            for pairs in self.pool.ready():
                self._got(pairs)
                self.tally.add(PAGES, len(pairs))

    def _alone(self, light: list[Task], kept: Kept | None = None) -> None:
        studio = self.shop.studio()
        blobs = Blobs(self.shop.cache, self.shop.sources)
        if kept is not None:
            studio = Studio(self.shop.theme, blobs.load, kept, save=blobs.put)
        for task in light:
            self._got([(task, one(task[1], studio, blobs))])
            self.tally.add(PAGES)
        if kept is not None:
            kept.remember(studio.used)

    def _got(self, pairs: list[tuple[Task, Made]]) -> None:
        for (key, _), made in pairs:
            if made.blob:
                notes = [store_form(item) for item in made.diagnostics]
                value = {"blob": made.blob, "notes": notes, "facts": list(made.facts)}
                siblings = [list(pair) for pair in made.siblings]
                self.store.remember(key, value | {"siblings": siblings})
            self.done.append(made)
            self.fresh.append(made.path)


def _recalled(store: Store, key: str, job: Job) -> Made | None:
    value = store.recall(key)
    try:
        if value is None or not store.blobs.has(value["blob"]):
            return None
        notes = tuple(from_json(item) for item in value["notes"])
        facts = tuple((str(name), int(number)) for name, number in value["facts"])
        siblings = tuple((str(path), str(blob)) for path, blob in value["siblings"])
        if not all(store.blobs.has(blob) for _, blob in siblings):
            return None
        return Made(job.path, value["blob"], notes, facts, siblings)
    except (KeyError, TypeError, ValueError):
        return None


def _hints(store: Store, shop: Workshop, job: Job) -> Mapping[str, Any]:
    """Hints for a heavy job; asked for in each build, so that the store keeps them."""
    found = store.recall(shop.hint_key(job))
    return found if isinstance(found, dict) else {}


class Kept(Mapping[str, Any]):
    """The parts of jobs that earlier builds kept, as hints of a studio: subject → blob."""

    def __init__(self, store: Store, tools: str) -> None:
        self.store, self.tools = store, tools

    def key(self, name: str) -> str:
        return digest(f"kept\0{self.tools}\0{name}".encode())

    def __getitem__(self, name: str) -> Any:
        found = self.store.recall(self.key(name))
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(())  # the store does not know what its keys were made of

    def __len__(self) -> int:
        return 0

    def remember(self, used: Mapping[str, Any]) -> None:
        for name, blob in used.items():
            if self.get(name) != blob:
                self.store.remember(self.key(name), blob)


def one(job: Job, studio: Studio, blobs: Blobs) -> Made:
    """Make one job here and now."""
    try:
        product = outputs.make(job, studio)
    except TemplateError as trouble:
        where = Place(f"themes/{studio.theme.name}/templates/{trouble.template}", trouble.line, 1)
        return _failed(
            job,
            where,
            "TH009",
            f"mẫu trang lỗi khi dựng {job.path}: {trouble.message}",
            "sửa mẫu ở dòng này",
        )
    except Missing:
        return _failed(
            job, Place(job.path), "SY007", "tệp nguồn đổi hoặc mất trong khi dựng", "chạy lại lệnh"
        )
    siblings = tuple((path, blobs.put(data)) for path, data in product.siblings)
    blob = blobs.put(product.data)
    return Made(job.path, blob, product.diagnostics, product.facts, siblings)


def _failed(job: Job, where: Place, code: str, message: str, hint: str) -> Made:
    return Made(job.path, "", (Diagnostic(where, Severity.ERROR, code, message, hint),))


# ---- a pool for many light jobs ----------------------------------------------

_STATE: dict[str, Any] = {}


def _deaf() -> None:
    """A terminal sends Ctrl+C to all; only the parent decides, and it takes its children along."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _start(shop: Workshop) -> None:
    _deaf()
    _STATE["studio"] = shop.studio()
    _STATE["blobs"] = Blobs(shop.cache, shop.sources)


def _chunk(jobs: list[Job]) -> list[Made]:
    return [one(job, _STATE["studio"], _STATE["blobs"]) for job in jobs]


class Pool:
    """Processes for many light jobs. Only so many wait in it that all of them have work."""

    AHEAD = 4  # chunks for each process

    def __init__(self, shop: Workshop, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.processes = ProcessPoolExecutor(count, context, _start, (shop,))
        self.most = self.AHEAD * count
        self.given: deque[tuple[list[Task], Future[list[Made]]]] = deque()

    def give(self, chunk: list[Task]) -> None:
        future: Future[list[Made]] = Future()
        try:
            future = self.processes.submit(_chunk, [job for _, job in chunk])
        except BrokenProcessPool as broken:
            future.set_exception(broken)
        self.given.append((chunk, future))

    def ready(self) -> Iterator[list[tuple[Task, Made]]]:
        """What is made, in order; waits while too much is given."""
        while self.given and (len(self.given) > self.most or self.given[0][1].done()):
            yield self._fetched()

    def rest(self) -> Iterator[list[tuple[Task, Made]]]:
        while self.given:
            yield self._fetched()

    def _fetched(self) -> list[tuple[Task, Made]]:
        chunk, future = self.given.popleft()
        try:
            return list(zip(chunk, future.result(), strict=True))
        except BrokenProcessPool:
            job = chunk[0][1]
            words = "tiến trình dựng trang bị hệ thống dừng"
            hint = "kiểm tra bộ nhớ rồi chạy lại"
            return [(chunk[0], _failed(job, Place(job.path), "SY008", words, hint))]

    def close(self, stopped: bool) -> None:
        """``stopped``: do not make the rest first."""
        self.processes.shutdown(cancel_futures=stopped)


# ---- a child for each heavy job ----------------------------------------------


def _child(job: Job, shop: Workshop, hints: Mapping[str, Any], pipe: Connection) -> None:
    _limit(shop)
    voice = Voice(pipe)
    try:
        blobs = Blobs(shop.cache, shop.sources)
        studio = Studio(shop.theme, blobs.load, hints, save=blobs.put, at=voice)
        made = dataclasses.replace(one(job, studio, blobs), hints=studio.used)
    except MemoryError:
        made = _failed(
            job,
            _guilty(job, voice.source),
            "PD010",
            f"dàn trang cần hơn {shop.memory_limit} MB bộ nhớ",
            "giảm cỡ hình hoặc tăng print.memory_limit",
        )
    except Exception as trouble:  # a traceback from a child would tell the board nothing
        made = _broken(job, trouble)
    with contextlib.suppress(BrokenPipeError):  # the build was stopped meanwhile
        pipe.send(made)
    pipe.close()


@dataclass(slots=True)
class Voice:
    """Tells the one who waits which article is laid out alone (empty: several together)."""

    pipe: Connection
    source: str = ""

    def __call__(self, source: str) -> None:
        self.source = source
        with contextlib.suppress(BrokenPipeError):
            self.pipe.send(source)


def _guilty(job: Job, source: str) -> Place:
    """The article that was being laid out, else the file that was being made."""
    return Place(source, 1, 1) if source else Place(job.path)


def _limit(shop: Workshop) -> None:
    """Bounds of the system for this process; a bound that is narrower already stays.

    The build watches the clock; that of the processor holds when the build was killed and nobody
    watches. It is twice as wide and a minute more, so that no layout in time ever meets it.
    """
    try:
        import resource
    except ImportError:  # Windows has no limits of this kind; the time limit still holds
        return
    bounds = (
        (resource.RLIMIT_AS, shop.memory_limit * 1024 * 1024),
        (resource.RLIMIT_CPU, 2 * shop.time_limit + 60),
    )
    for kind, most in bounds:
        _, outer = resource.getrlimit(kind)
        bound = most if outer == resource.RLIM_INFINITY else min(most, outer)
        resource.setrlimit(kind, (bound, bound))


def _broken(job: Job, trouble: Exception) -> Made:
    where = Place(job.path)
    if isinstance(trouble, OSError) and trouble.errno in (errno.ENOSPC, errno.EDQUOT):
        return _failed(
            job,
            where,
            "SY010",
            "hết chỗ trên đĩa trong khi dựng",
            "xóa bớt tệp không cần rồi chạy lại; bản cũ vẫn nguyên",
        )
    if isinstance(trouble, OSError) and "cannot load library" in str(trouble):
        return _failed(
            job,
            where,
            "PD011",
            "máy thiếu thư viện Pango nên không dàn được PDF",
            "Debian/Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
            "hoặc dựng riêng trang web: bulletin build --only site",
        )
    return _failed(
        job,
        where,
        "PD014",
        f"bộ dàn trang hỏng: {type(trouble).__name__}: {str(trouble)[:200]}",
        "gửi câu này cho người bảo trì; dựng riêng trang web: bulletin build --only site",
    )


def _waiting(pipe: Connection) -> None:
    """A child that has loaded the layout engine and waits for its one job."""
    _deaf()
    with contextlib.suppress(ImportError, OSError):  # the job itself tells what is missing
        import weasyprint  # noqa: F401
    with contextlib.suppress(EOFError):  # nobody needed it
        job, shop, hints = pipe.recv()
        _child(job, shop, hints, pipe)


def _started() -> tuple[Any, Connection]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_waiting, args=(there,), daemon=True)
    process.start()
    there.close()
    return process, here


class Spare:
    """A child kept ready, for the one who waits: starting takes longer than a galley."""

    def __init__(self) -> None:
        self.ready: tuple[Any, Connection] | None = None

    def prepare(self) -> None:
        if self.ready is None:
            self.ready = _started()

    def take(self) -> tuple[Any, Connection]:
        """The child that is ready if it still lives, or a new one."""
        child, self.ready = self.ready, None
        return child if child is not None and child[0].is_alive() else _started()

    def close(self) -> None:
        if self.ready is not None:
            process, pipe = self.take()
            pipe.close()
            process.terminate()
            process.join(5)


class Nursery:
    """The children at work; when the build is stopped they end with it.

    Closing it then ends them, so that the threads which wait for them wake up.
    """

    def __init__(self, spare: Spare | None = None) -> None:
        self.spare = spare
        self.lock = threading.Lock()
        self.closed = False
        self.children: list[Any] = []

    def close(self, stopped: bool) -> None:
        with self.lock:
            self.closed = stopped
            for process in self.children if self.closed else ():
                process.terminate()

    def take(self) -> tuple[Any, Connection]:
        """A child for one job; none any more when the build is being stopped."""
        with self.lock:
            if self.closed:
                raise KeyboardInterrupt
            child = self.spare.take() if self.spare else _started()
            self.children.append(child[0])
            return child


@dataclass(slots=True)
class Listener:
    """Hears from a child which article it lays out alone, and at last what it has made."""

    pipe: Connection
    source: str = ""

    def answer(self, seconds: float) -> Made | None:
        """None when the time is over."""
        end = time.monotonic() + seconds
        while self.pipe.poll(max(0.0, end - time.monotonic())):
            heard = self.pipe.recv()
            if isinstance(heard, Made):
                return heard
            self.source = str(heard)
        return None


def _in_child(
    job: Job, shop: Workshop, hints: Mapping[str, Any] | None = None, home: Nursery | None = None
) -> Made:
    process, here = (home or Nursery()).take()
    listener = Listener(here)
    try:
        here.send((job, shop, dict(hints or {})))
        made = listener.answer(shop.time_limit)
        if made is None:
            return _failed(
                job,
                _guilty(job, listener.source),
                "PD012",
                f"dàn trang quá {shop.time_limit} giây nên đã dừng",
                "chia nhỏ bài dài hoặc tăng print.time_limit",
            )
        return made
    except (EOFError, BrokenPipeError, ConnectionResetError):
        process.join(5)
        return _failed(
            job,
            _guilty(job, listener.source),
            "PD013",
            f"tiến trình dàn trang dừng đột ngột (mã {process.exitcode})",
            "kiểm tra bộ nhớ, rồi chạy lại với --debug",
        )
    finally:
        if process.is_alive():
            process.terminate()
        process.join(5)
        if process.is_alive():
            process.kill()
        here.close()
