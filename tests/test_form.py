"""The form over HTTP: who may write, what is written, that nothing is lost. (S02, S03, S05, S06, S13)"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import CONFIG, Make, article
from test_darkroom import photo
from test_serve import FILES, ONE, Site, Start, start, until  # noqa: F401 - a fixture

from bulletin import schema
from bulletin.files import Output
from bulletin.model import Meta

assert Output
FORM = "/_ban-bien-tap/bai/2026/so-1/mot"


class Pen:
    """A form in a browser."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.file = site.made.root / ONE

    @property
    def base(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def headers(self, **more: str | None) -> dict[str, str]:
        given = {
            "Host": f"127.0.0.1:{self.site.port}",
            "Origin": f"http://127.0.0.1:{self.site.port}",
            "Content-Type": "application/json",
            "X-Bulletin-Token": self.site.server.RequestHandlerClass.token,  # type: ignore[attr-defined]
        }
        changed = {name.replace("_", "-"): value for name, value in more.items()}
        return {name: value for name, value in (given | changed).items() if value is not None}  # type: ignore[operator]

    def post(self, where: str, given: object, **headers: str | None) -> tuple[int, Any]:
        body = given if isinstance(given, bytes) else json.dumps(given).encode()
        with closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)) as line:
            line.request("POST", f"/_bulletin/{where}", body, self.headers(**headers))
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())

    def save(self, base: str = "", **given: Any) -> tuple[int, Any]:
        return self.post("luu", {"path": ONE, "base": base or self.base, **given})


@pytest.fixture
def pen(start: Start) -> Pen:  # noqa: F811
    return Pen(start())


# ---- who may write (S02) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Bulletin-Token": None},
        {"X-Bulletin-Token": "khac"},
        {"X-Bulletin-Token": ""},
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "http://evil.com"},
        {"Origin": "https://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Content-Type": "text/plain"},
        {"Content-Type": None},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.com"},
    ],
    ids=str,
)
def test_nobody_else_writes(pen: Pen, headers: dict[str, str | None]) -> None:
    before = sorted(
        (p, p.read_bytes()) for p in (pen.site.made.root / "content").rglob("*") if p.is_file()
    )
    request = {"path": ONE, "base": pen.base, "changes": {"title": "Chiếm"}}
    status, _ = pen.post("luu", request, **headers)
    assert status == (421 if "Host" in headers else 403)
    new = {
        "title": "Mới",
        "issue": "2026/so-1",
        "section": "ky-thuat",
        "genre": "guide",
        "slug": "",
    }
    assert pen.post("bai-moi", new, **headers)[0] in (403, 421)
    if "Content-Type" not in headers:
        kind = {**headers, "Content-Type": "image/jpeg"}
        assert pen.post(f"hinh?tep={ONE}&ten=a.jpg", photo(), **kind)[0] in (403, 421)
    after = sorted(
        (p, p.read_bytes()) for p in (pen.site.made.root / "content").rglob("*") if p.is_file()
    )
    assert after == before


def test_sizes_are_limited_before_anything_is_read(pen: Pen) -> None:
    assert pen.post("luu", b"{}", Content_Length="99999999")[0] == 413
    assert pen.post("luu", b"{}", Content_Length="-1")[0] == 411
    assert (
        pen.post("hinh?tep=x", b"x", Content_Type="image/png", Content_Length="99999999")[0] == 413
    )
    for body in (b"", b"[", b"[]", b"1", b"\xff", b"[" * 100_000):
        assert pen.post("luu", body)[0] == 400
    assert pen.post("khac", {})[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "bulletin.yaml", "content/../bulletin.yaml", "content/2026/../../x.md", "/etc/passwd", "content/x.yaml",
        "content\\2026\\x.md", "content/2026/so-1/..md", "content/.git/x.md", "../duan-0-secret/content/x.md",
        "content//x.md", "content/a\0.md", "content/" + "a" * 500 + ".md", 5, None, ["content/x.md"],
    ],
    ids=str,
)  # fmt: skip
def test_paths_stay_in_content(pen: Pen, path: object) -> None:
    """S05: parts of a path are compared, not beginnings of a text."""
    for where in ("luu", "thu"):
        assert pen.post(where, {"path": path, "base": "", "whole": "x"})[0] == 400
    assert not (pen.site.made.root.parent / "duan-0-secret").exists()


def test_no_way_through_a_symbolic_link(pen: Pen) -> None:
    """S06."""
    outside = pen.site.made.root.parent / "ngoai"
    outside.mkdir()
    (outside / "x.md").write_text(article())
    os.symlink(outside, pen.site.made.root / "content/lien-ket")
    os.symlink(outside / "x.md", pen.site.made.root / "content/2026/so-1/lk.md")
    for path in ("content/lien-ket/x.md", "content/lien-ket/moi.md", "content/2026/so-1/lk.md"):
        status, said = pen.post("luu", {"path": path, "base": "", "whole": "x"})
        assert (status, "liên kết" in said["message"]) == (400, True)
    assert pen.site.ask("/_ban-bien-tap/bai/lien-ket/x")[0] == 400
    assert [p.name for p in outside.iterdir()] == ["x.md"]
    assert (outside / "x.md").read_text() == article()


# ---- the page ----------------------------------------------------------------------------------


def test_every_field_of_the_table_has_its_box(pen: Pen) -> None:
    status, headers, data = pen.site.ask(FORM)
    page = data.decode()
    assert status == 200
    for name, (spec, _) in schema.fields(Meta).items():
        assert f'data-field="{name}"' in page
        assert spec.label.split(" (")[0] in page
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick" not in page


def test_words_of_an_article_cannot_become_markup(pen: Pen) -> None:
    pen.site.save(
        ONE, article("</title><script>alert(1)</script>", "</textarea><script>alert(2)</script>")
    )
    page = pen.site.text(FORM)
    assert "<script>alert" not in page


def test_what_is_not_there(pen: Pen) -> None:
    assert pen.site.ask("/_ban-bien-tap/bai/2026/so-1/khong-co")[0] == 404
    assert pen.site.ask("/_ban-bien-tap/bai/../../bulletin")[0] == 400
    assert pen.post("luu", {"path": "content/2026/so-1/ma.md", "base": "", "changes": {}})[0] == 404


# ---- writing -----------------------------------------------------------------------------------


def test_only_the_edited_field_changes(pen: Pen) -> None:
    before = pen.file.read_bytes()
    os.chmod(pen.file, 0o640)
    status, said = pen.save(changes={"title": "Tên mới"})
    assert status == 200
    assert pen.file.read_bytes() == before.replace("Bài một".encode(), "Tên mới".encode())
    assert said["base"] == pen.base
    assert pen.file.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in pen.file.parent.iterdir()) == ["kin.md", "mot.md"]


def test_saving_nothing_writes_nothing(pen: Pen) -> None:
    before = pen.file.stat()
    assert pen.save(changes={})[0] == 200
    assert (pen.file.stat().st_mtime_ns, pen.file.stat().st_ino) == (
        before.st_mtime_ns,
        before.st_ino,
    )


@pytest.mark.parametrize(
    "changes",
    [{"khac": "x"}, {"title": 5}, {"title": {"A b": "x"}}, {"sources": [[[[[["x"]]]]]]}, [], "x"],
)
def test_what_is_no_field_is_refused(pen: Pen, changes: object) -> None:
    before = pen.file.read_bytes()
    assert pen.save(changes=changes)[0] == 400
    assert pen.file.read_bytes() == before


def test_conflict_shows_both_and_loses_nothing(pen: Pen) -> None:
    """S13."""
    base = pen.base
    theirs = article("Người khác sửa")
    pen.file.write_text(theirs)
    status, said = pen.save(base, changes={"title": "Của tôi"}, body="Chữ của tôi")
    assert status == 409
    assert said["disk"]["values"]["title"] == "Người khác sửa"
    assert said["disk"]["body"]
    assert said["disk"]["base"] == pen.base
    assert pen.file.read_text() == theirs
    assert pen.save(said["disk"]["base"], changes={"title": "Của tôi"})[0] == 200
    pen.file.unlink()
    status, said = pen.post("luu", {"path": ONE, "base": base, "whole": "x"})
    assert (status, said["disk"]) == (409, None)


def test_the_last_moment(pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody saves between our reading and our writing."""
    real = os.fsync
    theirs = article("Vừa kịp")

    def sync(handle: int) -> None:
        real(handle)
        pen.file.write_text(theirs)

    monkeypatch.setattr(os, "fsync", sync)
    status, said = pen.save(changes={"title": "Của tôi"})
    assert status == 409
    assert said["disk"]["values"]["title"] == "Vừa kịp"
    assert pen.file.read_text() == theirs
    assert sorted(p.name for p in pen.file.parent.iterdir()) == ["kin.md", "mot.md"]


def test_a_full_disk_leaves_the_file(pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    before = pen.file.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    status, said = pen.save(changes={"title": "Của tôi"})
    assert status == 500
    assert said["hint"]
    assert pen.file.read_bytes() == before
    assert sorted(p.name for p in pen.file.parent.iterdir()) == ["kin.md", "mot.md"]


def test_a_broken_head_is_edited_whole(pen: Pen) -> None:
    pen.site.save(ONE, '---\r\ntitle: "A" b\r\n---\r\nThân\r\n')
    page = pen.site.text(FORM)
    assert 'name="whole"' in page
    assert pen.save(changes={"title": "x"})[0] == 422
    status, said = pen.save(whole='---\ntitle: "A"\n---\nThân\n')
    assert status == 200
    assert said["values"] == {"title": "A"}
    assert pen.file.read_bytes() == b'---\r\ntitle: "A"\r\n---\r\nTh\xc3\xa2n\r\n'


# ---- trying ------------------------------------------------------------------------------------


def test_a_text_is_tried_and_seen_without_being_saved(pen: Pen) -> None:
    before = pen.file.read_bytes()
    changes = {"section": "la", "title": "Chưa lưu", "date": "31/4/2026"}
    status, said = pen.post(
        "thu", {"path": ONE, "base": "", "changes": changes, "body": "Một\n\n[x](khong-co.md)"}
    )
    assert status == 200
    fields = {one["code"]: (one["field"], one["text_line"]) for one in said["problems"]}
    assert fields["FM012"] == ("date", 0)
    changes = {"section": "la", "title": "Chưa lưu"}
    _, said = pen.post(
        "thu", {"path": ONE, "base": "", "changes": changes, "body": "Một\n\n[x](khong-co.md)"}
    )
    fields = {one["code"]: (one["field"], one["text_line"]) for one in said["problems"]}
    assert fields["FM030"] == ("section", 0)
    assert ("body", 3) in fields.values()
    _, said = pen.post("thu", {"path": ONE, "base": "", "changes": {"title": "Chưa lưu"}})
    assert "Chưa lưu" in pen.site.text(f"/_ban-bien-tap/chua-luu/2026/so-1/mot/~/{said['url']}")
    assert "Bài một" in pen.site.text("/2026/so-1/mot/")
    assert pen.file.read_bytes() == before
    assert (
        pen.post("thu", {"path": ONE, "changes": {"uid": None}})[1]["problems"][0]["field"] == "uid"
    )


def test_a_sketch_of_what_nobody_wrote(pen: Pen) -> None:
    assert pen.site.ask("/_ban-bien-tap/chua-luu/2026/so-1/mot/~/2026/so-1/mot/")[0] == 404
    assert pen.site.ask("/_ban-bien-tap/chua-luu/")[0] == 404


# ---- beginning, pictures -----------------------------------------------------------------------


def test_a_new_article(pen: Pen) -> None:
    asked = {
        "title": "Ủ phân: đúng cách",
        "issue": "2026/so-1",
        "section": "ky-thuat",
        "genre": "guide",
        "slug": "",
    }
    status, said = pen.post("bai-moi", asked)
    assert (status, said["path"]) == (200, "content/2026/so-1/u-phan-dung-cach.md")
    pen.site.preview.refresh()
    assert "Ủ phân: đúng cách" in pen.site.text("/_ban-bien-tap/bai/2026/so-1/u-phan-dung-cach")
    status, said = pen.post("bai-moi", asked)
    assert status == 422
    assert str(pen.site.made.root) not in said["message"]
    for wrong in (
        {"title": " "},
        {"issue": "2026/so-9"},
        {"section": "la"},
        {"genre": "la"},
        {"slug": "../x"},
    ):
        assert pen.post("bai-moi", {**asked, "title": "Khác", **wrong})[0] == 422
    assert pen.post("bai-moi", {**asked, "issue": "../../x"})[0] == 400
    assert pen.post("bai-moi", {"title": "x"})[0] == 400
    page = pen.site.text("/_ban-bien-tap/bai-moi?so=2026/so-1&muc=hoi-dap&ten=hoi-dap-ve-dat")
    assert 'value="Hoi dap ve dat"' in page
    assert '<option value="hoi-dap" selected>' in page


def test_a_picture_beside_its_article(pen: Pen) -> None:
    where = f"hinh?tep={ONE}&ten=IMG%200001.JPG"
    status, said = pen.post(where, photo(6), Content_Type="image/jpeg")
    assert status == 201
    assert (said["file"], said["width"], said["height"]) == ("img-0001.jpg", 800, 1200)
    file = pen.file.parent / "img-0001.jpg"
    assert b"HangMay" not in file.read_bytes()
    assert pen.post(where, photo(6), Content_Type="image/jpeg")[1]["file"] == "img-0001.jpg"
    assert pen.post(where, photo(3), Content_Type="image/jpeg")[1]["file"] != "img-0001.jpg"
    assert len(list(pen.file.parent.glob("*.jpg"))) == 2
    status, said = pen.post(where, b"khong phai hinh", Content_Type="image/jpeg")
    assert status == 422
    assert said["hint"]
    assert (
        pen.post("hinh?tep=content/2026/so-1/ma.md&ten=a.jpg", photo(), Content_Type="image/jpeg")[
            0
        ]
        == 404
    )
    assert pen.post("hinh?tep=../x.md&ten=a.jpg", photo(), Content_Type="image/jpeg")[0] == 400
    odd = f"hinh?tep={ONE}&ten=..%2F..%2F..%2Fx.jpg"
    assert pen.post(odd, photo(), Content_Type="image/jpeg")[1]["file"] == "x.jpg"


# ---- the desk ----------------------------------------------------------------------------------


def test_flat_plan_with_pages_and_holes(start: Start) -> None:  # noqa: F811
    issue = str(FILES["issues/2026/so-1.yaml"]).replace("[mot, kin]", "[mot, chua-viet, kin]")
    site = start({**FILES, "issues/2026/so-1.yaml": issue})
    desk = site.text("/_ban-bien-tap/")
    assert "Chưa có bài: chua-viet" in desk
    assert "bai-moi?so=2026/so-1&amp;muc=ky-thuat&amp;ten=chua-viet" in desk
    assert "thiếu 1 bài" in desk
    plan = site.server.table.make("2026/so-1")
    assert plan.state == "ready", plan.words
    titles = [title for leaf in plan.leaves for title in leaf.titles]
    assert titles == ["Bài một", "Chưa có bài: chua-viet", "Bài kín"]
    assert sum(leaf.hole for leaf in plan.leaves) == 1
    desk = site.text("/_ban-bien-tap/so-do/2026/so-1")
    assert desk.count("<img ") == len(plan.leaves)
    for leaf in plan.leaves:
        status, headers, data = site.ask(f"/_ban-bien-tap/trang/2026/so-1/{leaf.number}.png")
        assert (status, headers["Content-Type"], data[:4]) == (200, "image/png", b"\x89PNG")
    for odd in ("0.png", "99.png", "x.png", "-1.png", "1/2.png"):
        assert site.ask(f"/_ban-bien-tap/trang/2026/so-1/{odd}")[0] == 404
    site.save(ONE, article("Đã đổi"))
    assert site.server.table.plan("2026/so-1").state == "waiting"
    assert site.server.table.plan("2026/so-1").leaves == plan.leaves, (
        "the old plan is shown meanwhile"
    )


def test_nobody_waits_for_the_layout_of_an_issue(start: Start) -> None:  # noqa: F811
    """Small pages of the plan, the form and one article in print come while an issue is laid out.

    A browser keeps six lines to one place: pages that wait would hold up saving in another tab.
    """
    site = start()
    plan = site.server.table.make("2026/so-1")
    site.save(ONE, article("Đã đổi"))
    with site.preview.press:  # somebody lays out an issue, and takes long
        for leaf in plan.leaves:
            assert site.ask(f"/_ban-bien-tap/trang/2026/so-1/{leaf.number}.png")[0] == 200
        assert site.ask("/_ban-bien-tap/bai/2026/so-1/mot")[0] == 200
        status, headers, data = site.ask("/_ban-bien-tap/in/2026/so-1/mot.pdf")
        assert (status, headers["Content-Type"], data[:5]) == (200, "application/pdf", b"%PDF-")


def test_the_desk_without_a_theme(start: Start) -> None:  # noqa: F811
    site = start({**FILES, "bulletin.yaml": CONFIG.replace("plain", "khong-co")})
    assert "lỗi cần sửa" in site.text("/_ban-bien-tap/")
    assert "--accent" in site.text("/_bulletin/theme.css")
    assert "<svg" in site.text("/_bulletin/band.svg")
    assert site.ask("/_bulletin/font/0")[0] == 404
    assert site.ask("/_bulletin/../server.py")[0] == 404


def test_files_of_the_desk(project: Make, start: Start) -> None:  # noqa: F811
    site = start()
    for name in (
        "desk.css",
        "theme.css",
        "live.css",
        "live.js",
        "news.js",
        "desk.js",
        "form.js",
        "begin.js",
        "band.svg",
        "font/0",
    ):
        assert site.ask(f"/_bulletin/{name}")[0] == 200, name
    folder = Path(__file__).parent.parent / "bulletin/serving/files"
    assert {p.name for p in folder.iterdir()} <= {
        "desk.css",
        "live.css",
        "live.js",
        "news.js",
        "desk.js",
        "form.js",
        "begin.js",
    }
