"""Who may ask the live preview, and what is answered.

Loopback only. A page exists only if a job promises it, so there are no paths to escape from.
Writing takes more: the token of this run, our own origin, the right kind of content, a size that
is sane.
"""

from __future__ import annotations

import contextlib
import html
import json
import mimetypes
import queue
import secrets
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from bulletin import codec
from bulletin.files import Trouble
from bulletin.serving import deskpage, form, house
from bulletin.serving.flatplan import Table
from bulletin.serving.house import DESK, RESERVED
from bulletin.serving.preview import Preview
from bulletin.serving.writing import Editor, Refused

HEARTBEAT = 15
MARK = "X-Bulletin-Mark"
GALLEYS = "_ban-bien-tap/in/"
UNSAVED = "_ban-bien-tap/chua-luu/"
MAX_JSON = 16_000_000
MAX_PICTURE = 60_000_000
PICTURES = ("image/", "application/octet-stream")

# Shown before the first good build: the overlay tells what to mend.
NOTHING = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Chưa có trang</title>'
    "<body><h1>Chưa có trang để xem</h1></body></html>"
).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the preview's jobs; POST from the editor."""

    preview: Preview
    editor: Editor
    table: Table
    token: str
    mail: list[str]
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

    def do_POST(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
            try:
                self._post()
            except Refused as why:
                self.close_connection = True  # what was sent may not have been read
                self.json(HTTPStatus(why.status), why.answer)
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                raise
            except Exception as bug:  # the form must say that it was not saved
                traceback.print_exc()
                self.close_connection = True
                words = {
                    "message": f"lỗi trong chương trình: {bug}",
                    "hint": "chữ của bạn còn ở đây",
                }
                self.json(HTTPStatus.INTERNAL_SERVER_ERROR, words)

    # ---- asking -------------------------------------------------------------------------------

    def _get(self) -> None:
        # A page of another site must not read the board's drafts through a name it controls.
        if not self.known_host():
            self.answer(HTTPStatus.MISDIRECTED_REQUEST, b"Host?", "text/plain")
            return
        address = urlsplit(self.path)
        path = unquote(address.path)
        if path == f"{RESERVED}events":
            self.stream()
        elif path.startswith(RESERVED):
            self.tool(path.removeprefix(RESERVED))
        elif path.startswith(DESK) or path == DESK.rstrip("/"):
            self.desk(path, dict(parse_qsl(address.query)))
        elif path.startswith("/office/") and path.endswith(".pdf"):
            self.proof(path.removeprefix("/office/").removesuffix(".pdf"))
        else:
            self.page(path)

    def known_host(self) -> bool:
        return self.headers.get("Host", "").lower() in self.hosts

    def tool(self, name: str) -> None:
        """Scripts, sheets, fonts and the band of the desk."""
        ready = self.preview.ready
        theme = ready.theme if ready is not None else None
        issue = deskpage.current(self.preview.ledger)
        accent = issue.spec.accent if issue is not None else ""
        data = house.static(name)
        if data is not None:
            self.answer(HTTPStatus.OK, data, house.STATIC[name])
        elif name == "theme.css":
            self.answer(HTTPStatus.OK, house.theme_sheet(theme, accent).encode(), "text/css")
        elif name == "band.svg":
            self.answer(HTTPStatus.OK, house.band(theme, accent).encode(), "image/svg+xml")
        elif digest := house.font(theme, name.removeprefix("font/")):
            self.answer(HTTPStatus.OK, self.preview.store.blobs.load(digest), "font/ttf")
        else:
            self.lost(name)

    def desk(self, whole: str, asked: dict[str, str]) -> None:
        path = whole.removeprefix(DESK.rstrip("/")).strip("/")
        first, _, rest = path.partition("/")
        if not path:
            self.own(deskpage.render(self.view(asked.get("so", ""))))
        elif first == "so-do":
            self.own(str(deskpage.flat(self.view(rest))))
        elif first == "trang":
            self.leaf(rest)
        elif path == "bai-moi":
            self.own(form.beginner(self.offers(""), _given(asked), self.token))
        elif first == "bai" and rest:
            self.article(f"content/{rest}.md")
        elif first == "trang-thai" and rest:
            self.state(f"content/{rest}.md")
        else:
            self.page(whole)

    def view(self, wanted: str) -> deskpage.Desk:
        preview = self.preview
        issue = deskpage.current(preview.ledger, wanted)
        config = preview.ready.config if preview.ready is not None else None
        return deskpage.Desk(
            preview.ledger,
            preview.problems,
            tuple(path for path in preview.jobs if path.startswith("print/")),
            issue,
            self.table.plan(issue.key) if issue is not None else None,
            {entry.slug: entry.title for entry in config.sections} if config else {},
            tuple(self.mail),
        )

    def leaf(self, rest: str) -> None:
        issue, _, name = rest.rpartition("/")
        number = name.removesuffix(".png")
        plain = number.isascii() and number.isdigit() and len(number) < 5
        data = self.table.picture(issue, int(number)) if plain else None
        if data is None:
            self.lost(rest)
        else:
            self.answer(HTTPStatus.OK, data, "image/png")

    def proof(self, issue: str) -> None:
        """The whole issue on A4 as the desk knows it."""
        path = next(
            (
                path
                for path, job in self.preview.jobs.items()
                if job.maker == "proof" and path.startswith(f"office/{issue}/")
            ),
            "",
        )
        data = self.preview.page(path) if path else None
        if data is None:
            self.lost(issue)
        else:
            self.answer(HTTPStatus.OK, data, "application/pdf")

    def offers(self, issue: str) -> form.Choices:
        preview = self.preview
        config = preview.ready.config if preview.ready is not None else None
        return form.choices(config, preview.ledger, issue)

    def article(self, path: str) -> None:
        try:
            state = self.editor.state(path)
        except Refused as why:
            self.lost(f"{why} {why.answer.get('hint', '')}", HTTPStatus(why.status))
            return
        issue = path.removeprefix("content/").rpartition("/")[0]
        issue = (state.get("values") or {}).get("issue") or issue
        url = self.preview.address(path)
        opened = form.Open(path, state, url)
        self.own(form.editor(opened, self.offers(issue), self.token))

    def state(self, path: str) -> None:
        try:
            self.json(HTTPStatus.OK, self.editor.state(path))
        except Refused as why:
            self.json(HTTPStatus(why.status), why.answer)

    def page(self, path: str) -> None:
        name = path.lstrip("/")
        if name.startswith(UNSAVED):
            self.unsaved(name.removeprefix(UNSAVED))
            return
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
            self.live(HTTPStatus.NOT_FOUND, lost, name)
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if kind == "text/html":
            self.live(HTTPStatus.OK, data, name)
        else:
            self.answer(HTTPStatus.OK, data, kind)

    def unsaved(self, rest: str) -> None:
        """``<article>/~/<address on the site>``: as the site would be with the text of the form."""
        article, _, name = rest.partition("/~/")
        if not name or name.endswith("/"):
            name += "index.html"
        data = self.preview.sketched(f"content/{article}.md", f"site/{name}")
        if data is None or name == "sw.js":
            self.lost(name)
            return
        self.answer(HTTPStatus.OK, data, mimetypes.guess_type(name)[0] or "text/plain")

    # ---- writing ------------------------------------------------------------------------------

    def _post(self) -> None:
        kind = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
        address = urlsplit(self.path)
        self.allowed()
        path, asked = unquote(address.path), dict(parse_qsl(address.query))
        if path == f"{RESERVED}hinh":
            if not kind.startswith(PICTURES):
                raise Refused(403, "nội dung gửi lên không phải hình")
            data = self.body(MAX_PICTURE, "ảnh quá lớn", "giảm cỡ ảnh dưới 60 MB")
            answer = self.editor.picture(asked.get("tep"), asked.get("ten", "hinh"), data)
            self.json(HTTPStatus.CREATED, answer)
            return
        if kind != "application/json":
            raise Refused(403, "nội dung gửi lên không đúng loại")
        work = {"luu": self.editor.save, "thu": self.editor.check, "bai-moi": self.editor.begin}
        done = work.get(path.removeprefix(RESERVED)) if path.startswith(RESERVED) else None
        if done is None:
            raise Refused(404, "không có địa chỉ này")
        try:
            given = json.loads(self.body(MAX_JSON, "bài quá dài", "tách thành nhiều bài"))
        except (ValueError, RecursionError):
            raise Refused(400, "yêu cầu không đọc được") from None
        if not isinstance(given, dict):
            raise Refused(400, "yêu cầu không đúng dạng")
        self.json(HTTPStatus.OK, done(given))

    def allowed(self) -> None:
        """Only a page of this very run may write; pages elsewhere know neither token nor origin."""
        if not self.known_host():
            raise Refused(421, "Host?")
        host = self.headers.get("Host", "").lower()
        own = self.headers.get("Origin", "").lower() == f"http://{host}"
        near = self.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        token = self.headers.get("X-Bulletin-Token", "")
        if not own or not near or not secrets.compare_digest(token.encode(), self.token.encode()):
            raise Refused(
                403,
                "yêu cầu không đến từ biểu mẫu này",
                "tải lại trang rồi lưu; chữ đã gõ còn trong máy",
            )

    def body(self, limit: int, message: str, hint: str) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or len(length) > 12:
            raise Refused(411, "không rõ độ dài nội dung gửi lên")
        if int(length) > limit:
            raise Refused(413, message, hint)
        data = self.rfile.read(int(length))
        if len(data) != int(length):
            raise Refused(400, "nội dung gửi lên bị đứt giữa chừng")
        return data

    # ---- answering ----------------------------------------------------------------------------

    def live(self, code: HTTPStatus, data: bytes, name: str) -> None:
        """A page with the script that renews it.

        It bears a mark, so that the script knows by asking for no more than the mark whether the
        page would come back as another.
        """
        status = html.escape(self.preview.statuses.get(name, ""))
        mark = codec.digest(b"\0".join((str(int(code)).encode(), status.encode(), data)))[:32]
        extra = (
            f'<link rel="stylesheet" href="{RESERVED}live.css">'
            f'<script src="{RESERVED}news.js"></script>'
            f'<script src="{RESERVED}live.js" data-status="{status}" data-mark="{mark}"></script>'
            "</body>"
        )
        page = data.replace(b"</body>", extra.encode(), 1)
        self.answer(code, page, "text/html", {MARK: mark})

    def redirect(self, path: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", quote(path))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def own(self, page: str) -> None:
        """A page of the desk."""
        self.answer(
            HTTPStatus.OK, page.encode(), "text/html", {"Content-Security-Policy": house.POLICY}
        )

    def lost(self, words: str, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> None:
        self.answer(status, f"Không có: {words[:400]}\n".encode(), "text/plain")

    def json(self, status: HTTPStatus, value: object) -> None:
        self.answer(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def answer(
        self, status: HTTPStatus, data: bytes, kind: str, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        charset = (
            "; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml")) else ""
        )
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in (more or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
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


def _given(asked: dict[str, str]) -> dict[str, str]:
    """What the desk knows already of an article that is to be written."""
    name = asked.get("ten", "")
    words = name.replace("-", " ").strip().capitalize()
    given = {"issue": asked.get("so", ""), "section": asked.get("muc", ""), "genre": "guide"}
    return given | {"slug": name, "title": words}


class Service(ThreadingHTTPServer):
    """The server with what works beside it."""

    daemon_threads = True
    table: Table
    mail: list[str]


def make_server(preview: Preview, port: int) -> Service:
    """A server on 127.0.0.1; raises :class:`Trouble` when the port is taken."""

    class Bound(Handler):
        hosts: frozenset[str] = frozenset()

    Bound.preview = preview
    Bound.editor = Editor(preview)
    Bound.table = Table(preview)
    Bound.token = secrets.token_urlsafe(24)  # nobody else may guess it; nothing that is made has it
    Bound.mail = []
    try:
        server = Service(("127.0.0.1", port), Bound)
    except OSError as trouble:
        raise Trouble(
            f"không mở được cổng {port}: {trouble.strerror}",
            f"chọn cổng khác: bulletin serve -p {port + 1}",
        ) from trouble
    bound = server.server_address[1]
    Bound.hosts = frozenset(f"{name}:{bound}" for name in ("127.0.0.1", "localhost"))
    server.table, server.mail = Bound.table, Bound.mail
    return server
