"""The live preview: the same jobs as a build, made when a browser asks, never written to output/.

Loopback only, GET only; a page exists only if a job promises it, so there are no paths to escape
from. When the sources are wrong, the last good pages stay and an overlay shows what to mend.
"""

from __future__ import annotations

import contextlib
import html
import json
import mimetypes
import queue
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bulletin import build, deskpage, outputs, workers
from bulletin.diag import Diagnostic, Place, Report, Severity, arrange, as_json
from bulletin.files import Output, Trouble
from bulletin.model import STATUS_WORDS, Job
from bulletin.store import Store

DEBOUNCE = 0.15
HEARTBEAT = 15
RESERVED = "/_bulletin/"
GALLEYS = "_ban-bien-tap/in/"
SOURCES = ("content", "issues", "themes", "bulletin.yaml")

LIVE_JS = """\
(() => {
  const own = document.currentScript;
  const status = own && own.dataset.status;
  const make = (name, className, text) => {
    const node = document.createElement(name);
    node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  if (status) document.body.prepend(make('p', 'preview-status', 'Xem thử · ' + status));
  let box = null;
  const show = (problems) => {
    if (box) { box.remove(); box = null; }
    const errors = problems.filter((p) => p.severity === 'error');
    if (!errors.length) return;
    box = make('section', 'preview-overlay');
    box.setAttribute('role', 'alert');
    const words = ' lỗi cần sửa – trang bên dưới là bản đúng gần nhất';
    box.append(make('h2', '', errors.length + words));
    for (const p of errors.slice(0, 12)) {
      const item = make('div', 'preview-problem');
      item.append(make('b', '', p.path + (p.line ? ':' + p.line + ':' + p.column : '')));
      item.append(make('p', '', p.message + ' [' + p.code + ']'));
      if (p.hint) item.append(make('p', 'preview-hint', 'Gợi ý: ' + p.hint));
      box.append(item);
    }
    document.body.append(box);
  };
  const stream = new EventSource('/_bulletin/events');
  let version = null;
  stream.onmessage = (event) => {
    const data = JSON.parse(event.data);
    if (version !== null && data.version !== version && data.good) { location.reload(); return; }
    version = data.version;
    show(data.problems);
  };
})();
"""
LIVE_CSS = """\
.preview-status{position:sticky;top:0;z-index:9;margin:0;padding:.3rem 1rem;background:#e0a526;
color:#1f2440;font:600 .85rem/1.5 system-ui,sans-serif;text-align:center}
.preview-overlay{position:fixed;inset:auto 0 0 0;z-index:99;max-height:60vh;overflow:auto;
padding:1rem 1.25rem;background:#fff;color:#1f2440;border-top:6px solid #b8393a;
font:1rem/1.5 system-ui,sans-serif}
.preview-overlay h2{margin:0 0 .5rem;font:700 1.1rem/1.4 system-ui,sans-serif;border:0;padding:0}
.preview-problem{border-top:1px solid #dad4c4;padding:.5rem 0}
.preview-problem p{margin:0}
.preview-hint{color:#3f6b3a}
"""


# Shown before the first good build: the overlay tells what to mend.
NOTHING = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Chưa có trang</title>'
    "<body><h1>Chưa có trang để xem</h1></body></html>"
).encode()


class Preview:
    """The state of one preview: last good promises, problems, listeners."""

    def __init__(
        self, root: Path, cache: Path, drafts: bool, clock: Callable[[None], datetime]
    ) -> None:
        self.root, self.cache, self.drafts, self.clock = root, cache, drafts, clock
        self.store = Store(cache)
        self.lock = threading.RLock()
        self.spare = workers.Spare()
        self.jobs: dict[str, Job] = {}
        self.statuses: dict[str, str] = {}
        self.shop: workers.Workshop | None = None
        self.ledger: Any = None
        self.problems: tuple[Diagnostic, ...] = ()
        self.version = 0
        self.listeners: list[queue.Queue[bytes]] = []

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
            message = self.message()
            for listener in list(self.listeners):
                listener.put(message)

    def _refresh(self, report: Report) -> None:
        tools = workers.toolchain()
        ready = build.prepare(self.root, self.store, tools, self.clock(None), self.drafts, report)
        if ready is None:
            return
        self.ledger = ready.assembly.ledger
        if report.failed and self.jobs:
            return
        wanted = ("site", "print", "galley")
        source = outputs.Source(ready.config, ready.assembly, ready.theme, wanted)
        jobs = {
            path: job for job in outputs.jobs(source) for path in (job.path, *job.also, *job.gives)
        }
        self.shop = build.workshop(ready, self.store, tools)
        self.jobs = jobs
        self.statuses = {
            f"site/{issue.key}/{row.name}/index.html": _status(row.status, row.embargoed)
            for issue in ready.assembly.ledger.issues
            for row in issue.rows
            if row.embargoed or row.status != "published"
        }

    def message(self) -> bytes:
        good = not any(item.severity is Severity.ERROR for item in self.problems)
        problems = [as_json(item) for item in self.problems if item.severity is Severity.ERROR]
        data = {"version": self.version, "good": good, "problems": problems}
        return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

    def page(self, path: str) -> bytes | None:
        """Bytes of one output path, made now or remembered."""
        with self.lock:
            job, shop = self.jobs.get(path), self.shop
            if job is None or shop is None:
                return None
            made, _ = workers.make_all([job], shop, self.store, 1, self.spare)
            if job.heavy:
                self.spare.prepare()
            failed = [item for item in made[0].diagnostics if item.severity is Severity.ERROR]
            if failed:
                self.problems = arrange([*self.problems, *failed])
            blob = dict(made[0].siblings).get(path, made[0].blob)
            return self.store.blobs.load(blob) if blob else None

    def listen(self) -> queue.Queue[bytes]:
        listener: queue.Queue[bytes] = queue.Queue()
        with self.lock:
            self.listeners.append(listener)
            listener.put(self.message())
        return listener

    def forget(self, listener: queue.Queue[bytes]) -> None:
        with self.lock, contextlib.suppress(ValueError):
            self.listeners.remove(listener)


def _status(status: str, embargoed: bool) -> str:
    return STATUS_WORDS[status] + (", hẹn ngày đăng" if embargoed else "")


def desk_page(preview: Preview) -> str:
    """The board's page: plan, problems, PDFs."""
    pdfs = [path for path in preview.jobs if path.startswith("print/")]
    return deskpage.render(preview.ledger, preview.problems, pdfs, RESERVED)


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the preview's jobs."""

    preview: Preview
    hosts: frozenset[str]
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
            self._get()

    def _get(self) -> None:
        # A page of another site must not read the board's drafts through a name it controls.
        if self.headers.get("Host", "").lower() not in self.hosts:
            self.answer(HTTPStatus.MISDIRECTED_REQUEST, b"Host?", "text/plain")
            return
        path = unquote(urlsplit(self.path).path)
        if path == f"{RESERVED}events":
            self.stream()
        elif path == f"{RESERVED}live.js":
            self.answer(HTTPStatus.OK, LIVE_JS.encode(), "text/javascript")
        elif path == f"{RESERVED}live.css":
            self.answer(HTTPStatus.OK, LIVE_CSS.encode(), "text/css")
        elif path == f"{RESERVED}desk.css":
            self.answer(HTTPStatus.OK, deskpage.CSS.encode(), "text/css")
        elif path in ("/_ban-bien-tap", "/_ban-bien-tap/"):
            self.answer(HTTPStatus.OK, desk_page(self.preview).encode(), "text/html")
        else:
            self.page(path)

    def page(self, path: str) -> None:
        name = path.lstrip("/")
        if name.startswith(GALLEYS):
            name = f"galley/{name.removeprefix(GALLEYS)}"
        elif not name.startswith("print/"):
            name = f"site/{name}"
        if name.endswith("/"):
            name += "index.html"
        # A browser that keeps pages for reading offline would show the board yesterday's draft.
        data = None if name == "site/sw.js" else self.preview.page(name)
        if data is None and f"{name}/index.html" in self.preview.jobs:
            self.redirect(f"/{path.strip('/')}/")
            return
        if data is None:
            lost = self.preview.page("site/404.html") or NOTHING
            self.answer(HTTPStatus.NOT_FOUND, self.live(lost, name), "text/html")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if kind == "text/html":
            data = self.live(data, name)
        self.answer(HTTPStatus.OK, data, kind)

    def live(self, data: bytes, name: str) -> bytes:
        status = html.escape(self.preview.statuses.get(name, ""))
        extra = (
            f'<link rel="stylesheet" href="{RESERVED}live.css">'
            f'<script src="{RESERVED}live.js" data-status="{status}"></script></body>'
        )
        return data.replace(b"</body>", extra.encode(), 1)

    def redirect(self, path: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        self.send_response(status)
        charset = (
            "; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml")) else ""
        )
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        listener = self.preview.listen()
        try:
            while True:
                try:
                    self.wfile.write(listener.get(timeout=HEARTBEAT))
                except queue.Empty:
                    self.wfile.write(b": .\n\n")
                self.wfile.flush()
        finally:
            self.preview.forget(listener)


class Watcher:
    """Calls ``changed`` once after a burst of events in the project's sources."""

    def __init__(self, root: Path, changed: Callable[[], None]) -> None:
        self.root, self.changed = root, changed
        self.event = threading.Event()
        self.stopped = False
        self.observer: Any = None

    def start(self) -> None:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer
        from watchdog.observers.polling import PollingObserver

        event, root = self.event, self.root

        class Any_(FileSystemEventHandler):
            def on_any_event(self, happened: FileSystemEvent) -> None:
                if happened.event_type in ("opened", "closed_no_write"):
                    return
                # An editor may save by moving a file of another name into place.
                for path in (happened.src_path, happened.dest_path):
                    inside = Path(str(path)).resolve()
                    parts = inside.relative_to(root).parts if inside.is_relative_to(root) else ()
                    if parts and parts[0] in SOURCES:
                        event.set()

        for kind in (Observer, PollingObserver):
            self.observer = kind()
            self.observer.schedule(Any_(), str(self.root), recursive=True)
            try:
                self.observer.start()
                break
            except OSError:  # a network share without events, or no watches left
                continue
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while not self.stopped:
            self.event.wait()
            while self.event.is_set():  # 500 saves in two seconds are one rebuild
                self.event.clear()
                threading.Event().wait(DEBOUNCE)
            if not self.stopped:
                self.changed()

    def stop(self) -> None:
        self.stopped = True
        self.event.set()
        if self.observer is not None:
            self.observer.stop()


def make_server(preview: Preview, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1; raises :class:`Trouble` when the port is taken."""

    class Bound(Handler):
        hosts: frozenset[str] = frozenset()

    Bound.preview = preview
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Bound)
    except OSError as trouble:
        raise Trouble(
            f"không mở được cổng {port}: {trouble.strerror}",
            f"chọn cổng khác: bulletin serve -p {port + 1}",
        ) from trouble
    bound = server.server_address[1]
    Bound.hosts = frozenset(f"{name}:{bound}" for name in ("127.0.0.1", "localhost"))
    server.daemon_threads = True
    return server


def serve(
    root: Path,
    output: Output,
    port: int,
    drafts: bool,
    clock: Callable[[None], datetime],
    say: Callable[[str], None],
) -> int:
    """Serve until interrupted. Never writes to the published folders."""
    output.claim()
    preview = Preview(root, output.own / f"preview-{port}", drafts, clock)
    server = make_server(preview, port)
    preview.refresh()
    watcher = Watcher(root.resolve(), preview.refresh)
    watcher.start()
    preview.spare.prepare()
    errors = sum(item.severity is Severity.ERROR for item in preview.problems)
    say(
        f"Xem thử tại http://127.0.0.1:{port}/   Bàn biên tập: http://127.0.0.1:{port}/_ban-bien-tap/"
    )
    say(f"{errors} lỗi, {len(preview.problems) - errors} cảnh báo. Nhấn Ctrl+C để dừng.")
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        say("Đã dừng xem thử.")
    finally:
        watcher.stop()
        server.server_close()
        preview.spare.close()
        preview.store.close()
    return 0
