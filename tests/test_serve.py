"""The live preview: who may ask, what is answered, and that no mistake in a file ends it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import word_samples as samples
from conftest import AS_OF, CONFIG, ISSUE, LIGHT, WORDS, Make, Project, article
from docx import Document

import bulletin
from bulletin import build as pipeline
from bulletin import recollect
from bulletin import serving as serve
from bulletin.files import Output, Trouble

ONE = "content/2026/so-1/mot.md"
PAGE = "/2026/so-1/mot/"
OPEN = ISSUE.replace("status: published", "status: in-progress").replace("[mot]", "[mot, kin]")
GUARD = 60.0
FILES: dict[str, str | bytes] = {
    **LIGHT,
    "issues/2026/so-1.yaml": OPEN,
    "content/2026/so-1/kin.md": article("Bài kín", uid="u2", status="draft"),
}


def letter(title: str) -> bytes:
    """A small Word file with this title."""
    document = Document()
    document.add_paragraph(title, style="Title")
    document.add_paragraph("Chữ của bạn đọc.")
    return samples.saved(document)


class Site:
    """A running preview of a project."""

    def __init__(self, made: Project, drafts: bool = True, watch: bool = False) -> None:
        self.made = made
        output = Output(made.output, made.root)
        output.claim()
        self.preview = serve.Preview(made.root, output.own / "preview", drafts, lambda _: AS_OF)
        self.server = serve.make_server(self.preview, 0)
        self.port = self.server.server_address[1]
        self.refreshed = 0
        self.preview.refresh()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        self.said: list[str] = []
        self.mailbox = serve.Mailbox(made.root, self.server.mail, self.said.append)
        self.behind = serve.Behind(self.preview, self.mailbox.empty)
        self.behind.start()
        self.watcher = serve.Watcher(made.root.resolve(), self.changed)
        if watch:
            self.watcher.start()

    def changed(self, paths: frozenset[str] | None) -> None:
        self.refreshed += 1
        self.behind.changed(paths)

    def close(self) -> None:
        self.watcher.stop()
        self.behind.stop()
        if self.watcher.observer is not None:
            self.watcher.observer.join(GUARD)
        self.server.shutdown()
        self.thread.join(GUARD)
        self.server.server_close()
        self.preview.close()

    def ask(
        self, path: str, host: str | None = "", method: str = "GET", body: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=GUARD)) as line:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            if host is not None:
                line.putheader("Host", host or f"127.0.0.1:{self.port}")
            line.putheader("Connection", "close")
            if body is not None:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def text(self, path: str) -> str:
        status, _, data = self.ask(path)
        assert status == 200, path
        return data.decode()

    def save(self, path: str, content: str) -> None:
        self.made.write(path, content)
        self.preview.refresh()

    def listen(self) -> Stream:
        return Stream(self.port)

    def errors(self) -> list[str]:
        return [item.code for item in self.preview.problems if item.severity == 2]


class Stream:
    """A browser that listens for events."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=GUARD)
        self.line.request("GET", "/_bulletin/events")
        self.answer = self.line.getresponse()
        assert self.answer.status == 200
        assert self.answer.getheader("Content-Type") == "text/event-stream"

    def next(self) -> Any:
        """The next message; raises TimeoutError when none comes."""
        while True:
            row = self.answer.readline()
            assert row, "the stream ended"
            if row.startswith(b"data: "):
                return json.loads(row[6:])

    def close(self) -> None:
        self.answer.close()
        self.line.close()


Start = Callable[..., Site]


@pytest.fixture
def start(project: Make) -> Iterator[Start]:
    sites: list[Site] = []

    def make(files: dict[str, str | bytes] | None = None, **options: bool) -> Site:
        sites.append(Site(project(files or FILES, f"duan-{len(sites)}"), **options))
        return sites[-1]

    yield make
    for site in sites:
        site.close()


# ---- who may ask -------------------------------------------------------------


def test_loopback_only(start: Start) -> None:
    site = start()
    assert site.server.server_address[0] == "127.0.0.1"
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(OSError, match=r".+"):
            socket.create_connection((str(address), site.port), timeout=2)


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "evil.com:{}",
        "127.0.0.1.evil.com:{}",
        None,
        "127.0.0.1",
        "127.0.0.1:1",
        "0.0.0.0:{}",
        "[::1]:{}",
        "@127.0.0.1:{}",
    ],
)
def test_other_names_are_refused(start: Start, host: str | None) -> None:
    """DNS rebinding: a page of another site must not read drafts through a name that it controls."""
    site = start()
    given = host.format(site.port) if host else host
    for path in (PAGE, "/_ban-bien-tap/", "/_bulletin/events", "/khong-co"):
        status, _, data = site.ask(path, given)
        assert status == 421
        assert data == b"Host?"


@pytest.mark.parametrize("host", ["127.0.0.1:{}", "localhost:{}", "LOCALHOST:{}"])
def test_own_names_are_answered(start: Start, host: str) -> None:
    site = start()
    assert site.ask(PAGE, host.format(site.port))[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_sent(start: Start, method: str) -> None:
    site = start()
    before = (site.made.root / ONE).read_bytes()
    status, headers, _ = site.ask(f"/{ONE}", method=method, body=b"x")
    assert status == (403 if method == "POST" else 501)
    assert "Access-Control-Allow-Origin" not in headers
    assert (site.made.root / ONE).read_bytes() == before


@pytest.mark.parametrize(
    "path",
    [
        "/../bulletin.yaml",
        "/../../../../../../../etc/passwd",
        "/%2e%2e/bulletin.yaml",
        "/..%2fbulletin.yaml",
        "/..%5cbulletin.yaml",
        "/..\\bulletin.yaml",
        "/C:/Windows/win.ini",
        "/%00",
        "/index.html%00.css",
        "/print/../../bulletin.yaml",
        "/print/%2e%2e/%2e%2e/bulletin.yaml",
        "//etc/passwd",
        "/.bulletin/manifest.json",
        "/content/2026/so-1/mot.md",
        "/bulletin.yaml",
        "/../duan-0-secret/x",
        "/%ff%fe",
        "/" + "a" * 60_000,
        "/" + "a" * 66_000,
        "/?" + "../" * 99,
    ],
    ids=lambda path: path[:40],
)
def test_no_path_leads_out(start: Start, path: str) -> None:
    site = start()
    (site.made.root.parent / "duan-0-secret").mkdir()
    (site.made.root.parent / "duan-0-secret" / "x").write_text("publication:")
    status, _, data = site.ask(path)
    assert status in ({200} if path.startswith("/?") else {400, 404, 414})
    assert b"publication:" not in data
    assert b"root:" not in data
    assert b"Traceback" not in data


def test_redirect_stays_here(start: Start) -> None:
    site = start()
    for path in ("/2026/so-1/mot", "//2026/so-1/mot", "/%2f2026/so-1/mot", "/%2F%2F2026/so-1/mot"):
        status, headers, _ = site.ask(path)
        assert status == 301
        assert headers["Location"] == PAGE


# ---- what is answered --------------------------------------------------------


def test_pages_are_those_of_a_build_and_a_script(start: Start) -> None:
    site = start(drafts=False)
    site.made.build()
    for path, data in site.made.tree().items():
        url = "/" + path.removeprefix("site/").removesuffix("index.html")
        status, headers, answer = site.ask(url)
        assert status == 200, url
        assert headers["Cache-Control"] == "no-store"
        if path.endswith(".html"):
            assert answer.index(b"/_bulletin/news.js") < answer.index(b"/_bulletin/live.js")
            own = rb'<link rel="stylesheet" href="/_bulletin[^>]*>(<script src="/_bulletin[^>]*></script>)*'
            answer = re.sub(own, b"", answer)
        assert answer == data, url


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/search.json", "application/json; charset=utf-8"),
        ("/feed.xml", "xml; charset=utf-8"),
        ("/_bulletin/live.js", "text/javascript; charset=utf-8"),
        ("/_bulletin/live.css", "text/css; charset=utf-8"),
        ("/print/2026/ban-tin-so-1-2026.pdf", "application/pdf"),
    ],
)
def test_kinds(start: Start, path: str, kind: str) -> None:
    status, headers, data = start().ask(path)
    assert status == 200
    assert headers["Content-Type"].endswith(kind)
    assert data


def test_head_has_no_body(start: Start) -> None:
    site = start()
    status, headers, data = site.ask(PAGE, method="HEAD")
    assert (status, data) == (200, b"")
    assert int(headers["Content-Length"]) == len(site.ask(PAGE)[2])


def test_404_is_the_page_of_the_site(start: Start) -> None:
    site = start()
    status, headers, data = site.ask("/khong-co/")
    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
    assert "Không tìm thấy trang" in data.decode()
    assert b"live.js" in data, "a page that is made later appears by itself"


def test_drafts_are_shown_and_marked(start: Start) -> None:
    site = start()
    assert "Bài kín" in site.text("/2026/so-1/")
    assert 'data-status="bản nháp"' in site.text("/2026/so-1/kin/")
    assert 'data-status=""' in site.text(PAGE)
    site.save("content/2026/so-1/kin.md", article("Bài kín", uid="u2", date="2027-01-01"))
    assert 'data-status="đã đăng, hẹn ngày đăng"' in site.text("/2026/so-1/kin/")


def test_public_shows_only_what_the_reader_sees(start: Start) -> None:
    site = start(drafts=False)
    assert site.ask("/2026/so-1/kin/")[0] == 404
    for path in list(site.preview.jobs):
        if path.startswith("site/"):
            assert "Bài kín".encode() not in site.ask("/" + path.removeprefix("site/"))[2]


def test_desk_shows_plan_problems_and_pdf(start: Start) -> None:
    site = start()
    site.save(ONE, article("Bài <script>alert(1)</script>", section="<b>la"))
    desk = site.text("/_ban-bien-tap/")
    assert desk == site.text("/_ban-bien-tap")
    assert "Các số trong kế hoạch" in desk
    assert "FM030" in desk
    assert f"{ONE}:4:10" in desk
    assert 'href="/print/2026/ban-tin-so-1-2026.pdf"' in desk
    assert "<script>alert" not in desk
    assert "«<b>la" not in desk


def test_nothing_is_published_and_no_source_is_written(start: Start) -> None:
    site = start()
    before = {
        path: path.read_bytes()
        for path in site.made.root.rglob("*")
        if path.is_file() and site.made.output not in path.parents
    }
    for path in ("/", PAGE, "/feed.xml", "/print/2026/ban-tin-so-1-2026.pdf", "/_ban-bien-tap/"):
        site.text(path) if "pdf" not in path else site.ask(path)
    assert [path.name for path in site.made.output.iterdir()] == [".bulletin"]
    after = {
        path: path.read_bytes()
        for path in site.made.root.rglob("*")
        if path.is_file() and site.made.output not in path.parents
    }
    assert after == before


def test_a_build_during_the_preview(start: Start) -> None:
    site = start()
    assert not site.made.build().failed
    assert site.ask(PAGE)[0] == 200
    assert not site.made.build().made


# ---- mistakes ----------------------------------------------------------------


def test_overlay_after_breaking_and_mending(start: Start) -> None:
    site = start()
    stream = site.listen()
    first = stream.next()
    assert first["good"]
    assert first["problems"] == []
    site.save(ONE, article("Tên mới", section="la"))
    broken = stream.next()
    assert not broken["good"]
    assert broken["version"] == first["version"] + 1
    (problem,) = broken["problems"]
    assert (problem["code"], problem["path"], problem["line"]) == ("FM030", ONE, 4)
    assert problem["hint"]
    assert "Bài một" in site.text(PAGE), "the last good page stays"
    late = site.listen()
    assert late.next() == broken, "who comes later is told too"
    site.save(ONE, article("Tên mới"))
    for listener in (stream, late):
        mended = listener.next()
        assert mended["good"]
        assert mended["problems"] == []
        listener.close()
    assert "Tên mới" in site.text(PAGE)


def test_template_that_fails_while_making(start: Start) -> None:
    site = start()
    good = site.made.root / "themes/plain/templates/web/article.html"
    before = good.read_text("utf-8")
    site.save(
        "themes/plain/templates/web/article.html",
        before.replace("{{ body }}", "{{ page.nothing }}"),
    )
    status, _, _ = site.ask(PAGE)
    assert status == 404
    assert site.errors() == ["TH009"]
    assert site.ask("/")[0] == 200
    site.save("themes/plain/templates/web/article.html", before)
    assert "Bài một" in site.text(PAGE)
    assert site.errors() == []


@pytest.mark.parametrize(
    "config", ["a: [", "", "- 1\n", "theme: khac\n", CONFIG.replace("plain", "khong-co"), b"\xff"]
)
def test_broken_configuration_survives(start: Start, config: str | bytes) -> None:
    site = start()
    site.save("bulletin.yaml", config)  # type: ignore[arg-type]
    assert site.errors()
    assert "Bài một" in site.text(PAGE)
    assert "bulletin.yaml" in site.text("/_ban-bien-tap/") or "theme.yaml" in site.text(
        "/_ban-bien-tap/"
    )
    (site.made.root / "bulletin.yaml").unlink()
    site.preview.refresh()
    assert "CF001" in site.errors()
    assert "Bài một" in site.text(PAGE)
    site.save("bulletin.yaml", CONFIG)
    assert site.errors() == []


def test_starting_with_a_broken_configuration(start: Start) -> None:
    """The browser shows what to mend, and the site when it is mended."""
    site = start({**FILES, "bulletin.yaml": "a: ["})
    status, headers, data = site.ask("/")
    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
    assert b"/_bulletin/live.js" in data
    stream = site.listen()
    assert stream.next()["problems"][0]["path"] == "bulletin.yaml"
    assert "YM" in site.text("/_ban-bien-tap/")
    site.save("bulletin.yaml", CONFIG)
    assert stream.next()["good"]
    stream.close()
    assert "Bài một" in site.text(PAGE)


def test_starting_with_a_broken_article(start: Start) -> None:
    site = start({**FILES, ONE: "---\ntitle: [\n---\n"})
    assert site.errors()
    assert site.ask("/")[0] == 200
    site.save(ONE, article())
    assert site.errors() == []
    assert site.ask(PAGE)[0] == 200


def test_a_bug_does_not_end_the_preview(
    start: Start, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    site = start()

    def bug(*_: object) -> None:
        raise RuntimeError("hỏng")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "prepare_at", bug)
        site.preview.refresh()
    assert site.errors() == ["SY070"]
    assert "RuntimeError" in capfd.readouterr().err
    assert "Bài một" in site.text(PAGE)
    site.preview.refresh()
    assert site.errors() == []


def test_what_did_not_change_is_not_read_from_the_memo_again(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = start()
    asked: list[object] = []
    recalled = recollect._recalled

    def counted(kind: type, found: Any) -> Any:
        asked.append(found)
        return recalled(kind, found)

    monkeypatch.setattr(recollect, "_recalled", counted)
    before = site.preview.problems
    site.preview.refresh()
    assert asked == []
    assert site.preview.problems == before
    site.save(ONE, article("Tên khác"))
    assert len(asked) == 1
    assert "Tên khác" in site.text(PAGE)


def test_deleted_article_is_gone_and_comes_back(start: Start) -> None:
    site = start()
    content = (site.made.root / "content/2026/so-1/kin.md").read_text("utf-8")
    site.made.remove("content/2026/so-1/kin.md")
    site.save("issues/2026/so-1.yaml", OPEN.replace(", kin", ""))
    assert site.ask("/2026/so-1/kin/")[0] == 404
    site.made.write("content/2026/so-1/kin.md", content)
    site.save("issues/2026/so-1.yaml", OPEN)
    assert site.ask("/2026/so-1/kin/")[0] == 200


# ---- the watcher and the events ----------------------------------------------


def until(condition: Callable[[], bool]) -> None:
    """Wait for what must come; the guard only ends a test that would fail."""
    pause = threading.Event()
    for _ in range(int(GUARD / 0.05)):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come")


def test_event_after_a_save(start: Start) -> None:
    site = start(watch=True)
    stream = site.listen()
    first = stream.next()
    site.made.write(ONE, article("Tên vừa lưu"))
    event = stream.next()
    assert event["version"] > first["version"]
    until(lambda: "Tên vừa lưu" in site.text(PAGE))
    stream.close()


def test_configuration_saved_by_renaming(start: Start) -> None:
    """Many editors write a second file and move it over the first."""
    site = start(watch=True)
    site.made.write("bulletin.yaml.tam", CONFIG.replace("Khoa học và Kỹ thuật", "Tên báo mới"))
    os.replace(site.made.root / "bulletin.yaml.tam", site.made.root / "bulletin.yaml")
    until(lambda: "Tên báo mới" in site.text("/feed.xml"))


def test_the_files_of_the_office_are_watched(start: Start) -> None:
    """The calendar shows its public report days."""
    site = start(watch=True)
    for title in ("Báo cáo sáu tháng", "Báo cáo quý ba"):  # a new file, and one that is saved again
        report = f"{{title: {title}, date: 2026-12-15, public: true, source: Nguồn thử}}"
        site.made.write("van-phong.yaml", f"reports:\n  - {report}\n")
        until(lambda: title in site.text("/lich.ics"))  # noqa: B023
    assert site.errors() == []


def test_what_is_not_a_source_wakes_nobody(start: Start) -> None:
    site = start(watch=True)
    site.made.write("output/x.html", "x")
    site.made.write("ghi-chu.txt", "x")
    (site.made.root / ONE).read_bytes()
    site.ask(PAGE)
    site.made.write(ONE, article("Tên sau cùng"))
    until(lambda: "Tên sau cùng" in site.text(PAGE))
    assert site.refreshed <= 2


def test_two_hundred_saves_are_few_rebuilds(start: Start) -> None:
    site = start(watch=True)
    for number in range(200):
        site.made.write(ONE, article(f"Lần {number}"))
    until(lambda: "Lần 199" in site.text(PAGE))
    assert 1 <= site.refreshed <= 40
    assert site.errors() == []


def test_watcher_survives_a_bug(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    site = start(watch=True)
    real = pipeline.prepare_at
    calls = []

    def once(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("hỏng")
        return real(*arguments)

    monkeypatch.setattr(pipeline, "prepare_at", once)
    site.made.write(ONE, article("Lần một"))
    until(lambda: site.errors() == ["SY070"])
    site.made.write(ONE, article("Lần hai"))
    until(lambda: "Lần hai" in site.text(PAGE))


def test_listeners_that_left_are_forgotten(start: Start) -> None:
    site = start()
    streams = [site.listen() for _ in range(50)]
    for stream in streams:
        stream.next()
    assert len(site.preview.listeners) == 50
    assert site.ask(PAGE)[0] == 200, "idle listeners block nobody"
    for stream in streams:
        stream.close()

    def gone() -> bool:
        site.preview.refresh()
        return not site.preview.listeners

    until(gone)


# ---- the command -------------------------------------------------------------


def test_a_port_in_use(start: Start) -> None:
    site = start()
    with pytest.raises(Trouble, match=f"không mở được cổng {site.port}") as caught:
        serve.make_server(site.preview, site.port)
    assert str(site.port + 1) in caught.value.hint
    assert caught.value.exit_code == 3


def test_the_command_starts_answers_and_stops(project: Make) -> None:
    made = project(FILES)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made.write("hop-thu/2026/so-1/bai.docx", letter("Thư đến trước"))
    process = subprocess.Popen(
        [sys.executable, "-m", "bulletin", "serve", "-C", str(made.root), "-p", str(port)],
        cwd=Path(bulletin.__file__).parent.parent,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        assert "thành content/2026/so-1/thu-den-truoc.md" in process.stderr.readline()
        assert f"http://127.0.0.1:{port}/" in process.stderr.readline()
        assert "0 lỗi" in process.stderr.readline()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=GUARD)) as line:
            line.request("GET", PAGE)
            assert "Bài một" in line.getresponse().read().decode()
        stream = Stream(port)
        stream.next()
        made.write("hop-thu/2026/so-1/bai.docx", letter("Thư đến sau"))
        assert "thành content/2026/so-1/thu-den-sau.md" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=GUARD)
        stream.close()
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert out == ""
    assert "Đã dừng xem thử" in err
    assert "Traceback" not in err


def test_the_clock_is_asked_at_every_rebuild(project: Make) -> None:
    """An embargo ends while the preview runs."""
    made = project({**FILES, ONE: article(publish_at='"2026-11-21 09:30"')})
    now = [AS_OF]
    output = Output(made.output, made.root)
    output.claim()
    preview = serve.Preview(made.root, output.own / "preview", False, lambda _: now[0])
    preview.refresh()
    assert preview.page("site/2026/so-1/mot/index.html") is None
    now[0] = datetime.fromisoformat("2026-11-21T09:30:00+07:00")
    preview.refresh()
    assert WORDS[:20].encode() in (preview.page("site/2026/so-1/mot/index.html") or b"")
    preview.store.close()
