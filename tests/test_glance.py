"""The quick lane of the preview: a changed body at once, everything else behind. (S09, S12)"""

from __future__ import annotations

import dataclasses
import io
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import AS_OF, WORDS, article
from PIL import Image
from test_serve import (  # noqa: F401 - a fixture
    FILES,
    GUARD,
    ONE,
    PAGE,
    Site,
    Start,
    start,
    until,
)

from bulletin import build as pipeline
from bulletin import likeness
from bulletin.model import Article
from bulletin.serving import Preview, behind, watch
from bulletin.serving import glance as lane

TWO = "content/2026/so-1/hai.md"
SPEC = "issues/2026/so-1.yaml"
MINE = "site/2026/so-1/mot/index.html"
GALLEY = "galley/2026/so-1/mot.pdf"
BODY = f"""\
## Chuẩn bị

{WORDS} Ủ phân gà hoai mục, rắc vôi bột, phơi khô chuồng trại.

Xem [bài hai](hai.md#cach-lam), [bài hai nữa](hai.md) và [trang ngoài](https://example.vn/a).

:::figure anh.png
alt: Chuồng lợn
caption: Chuồng khô ráo
credit: Người thử
consent: không có người
:::

| Cột | Số |
|---|---|
| a | 1 |

:::qa Khi nào rắc vôi?
Sau khi dọn chuồng.
:::
"""


def png(colour: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (500, 40), colour).save(out, "PNG")
    return out.getvalue()


def two(body: str = "") -> str:
    words = (
        f"## Cách làm\n\n{WORDS}\n\n## Kết quả\n\nRắc vôi bột, ủ phân gà. [Về](mot.md#chuan-bi)\n"
    )
    return article("Bài hai", body or words, uid="u3")


PROJECT: dict[str, str | bytes] = {
    **FILES,
    SPEC: str(FILES[SPEC]).replace("[mot, kin]", "[mot, kin, hai]"),
    ONE: article(body=BODY),
    TWO: two(),
    "content/2026/so-1/anh.png": png(90),
}


def fresh(site: Site, drafts: bool = True) -> Preview:
    """The same project, read by one who never saw it before."""
    other = Preview(site.made.root, site.made.output / ".bulletin/moi", drafts, lambda _: AS_OF)
    other.refresh()
    return other


def look(site: Site, path: str, content: str) -> bool:
    site.made.write(path, content)
    return site.preview.glance(frozenset({path}))


QUICK = {
    "paragraph": ("Ủ phân gà", "Ủ kỹ phân gà với men vi sinh"),
    "shorter": (WORDS, WORDS[: len(WORDS) // 2]),
    "new heading": ("| Cột |", "## Bảng số liệu\n\n| Cột |"),
    "table": ("| a | 1 |", "| a | 1 |\n| b | 2 |"),
    "question": ("Khi nào rắc vôi?", "Rắc vôi lúc nào?"),
    "another question": (":::qa Khi", ":::qa Vì sao?\nVì sạch.\n:::\n\n:::qa Khi"),
    "no question left, so none in the menu": (
        ":::qa Khi nào rắc vôi?\nSau khi dọn chuồng.\n:::\n",
        "",
    ),
    "answer": ("Sau khi dọn", "Ngay sau khi dọn"),
    "caption": ("Chuồng khô ráo", "Chuồng sạch và khô"),
    "alt": ("alt: Chuồng lợn", "alt: Một dãy chuồng lợn"),
    "linked before": ("Ủ phân gà", "Như [bài kia](hai.md), ủ phân gà"),
    "link at another place": (
        "Xem [bài hai](hai.md#cach-lam), [bài",
        "Xem thêm\n[bài hai](hai.md#cach-lam) và [bài",
    ),
    "child in the picture": ("caption: Chuồng", "caption: Học sinh ở chuồng"),
    "warning": ("Ủ phân gà", "Ủ phân gà \u200b"),
    "nothing": ("Ủ phân gà", "Ủ phân gà"),
}


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("drafts", [True, False])
def test_a_glance_gives_what_reading_everything_gives(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    drafts: bool,
) -> None:
    site = start(PROJECT, drafts=drafts)
    assert site.errors() == []
    before = site.preview.version
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "prepare_at", None)
        assert look(site, ONE, article(body=BODY.replace(*QUICK[name], 1)))
    assert site.preview.version - before == (name != "nothing")
    other = fresh(site, drafts)
    for path in (MINE, GALLEY):
        if drafts or path == MINE:
            assert site.preview.jobs[path] == other.jobs[path]
    assert site.preview.page(MINE) == other.page(MINE)
    assert site.preview.problems == other.problems
    other.close()


def test_one_glance_after_the_other(start: Start) -> None:  # noqa: F811
    """Each starts from what the last one left, and goes back to the beginning exactly."""
    site = start(PROJECT)
    first = site.preview.page(MINE)
    for old, new in QUICK.values():
        assert look(site, ONE, article(body=BODY.replace(old, new, 1)))
    assert look(site, TWO, two().replace("Rắc vôi bột, ủ phân gà", "Men vi sinh, ủ phân gà"))
    other = fresh(site)
    two_page = MINE.replace("mot", "hai")
    assert site.preview.jobs[two_page] == other.jobs[two_page]
    other.close()
    assert look(site, TWO, two())
    assert look(site, ONE, article(body=BODY))
    assert site.preview.page(MINE) == first


def change(old: str, new: str) -> Callable[[Site], str]:
    def work(site: Site) -> str:
        file = site.made.root / ONE
        text = file.read_text("utf-8")
        assert old in text
        site.made.write(ONE, text.replace(old, new, 1))
        return ONE

    return work


def write(path: str, content: str | bytes) -> Callable[[Site], str]:
    def work(site: Site) -> str:
        site.made.write(path, content)
        return path

    return work


def gone(site: Site) -> str:
    site.made.remove(TWO)
    return TWO


def linked(site: Site) -> str:
    (site.made.root / ONE).rename(site.made.root / "mot.md")
    (site.made.root / ONE).symlink_to(site.made.root / "mot.md")
    return ONE


SLOW: dict[str, Callable[[Site], str]] = {
    "title": change('"Bài một"', '"Tên khác"'),
    "status": change("status: published", "status: edited"),
    "keywords": change("[chăn nuôi]", "[chăn nuôi, vôi]"),
    "a comment above": change("title:", "# lời ghi\ntitle:"),
    "new link": change("Ủ phân gà", "[Ủ](kin.md) phân gà"),
    "new place in a known article": change("Ủ phân gà", "[Ủ](hai.md#ket-qua) phân gà"),
    "dead link": change("Ủ phân gà", "[Ủ](khong-co.md) phân gà"),
    "link that went": change("[bài hai nữa](hai.md)", "bài hai"),
    "new picture": change(":::figure anh.png", ":::figure khac.png"),
    "heading that another article leads to": change("## Chuẩn bị", "## Sửa soạn"),
    "broken body": change(":::qa Khi nào rắc vôi?", ":::khong-co"),
    "broken head": change("title:", "title: ["),
    "no words": change(BODY, "Ngắn."),
    "picture too small for its place": change("alt: Chuồng lợn", "width: bleed\nalt: Chuồng lợn"),
    "new file": write("content/2026/so-1/moi.md", article("Mới", uid="u9", status="draft")),
    "issue": write(SPEC, str(PROJECT[SPEC]).replace("Số một", "Số đầu")),
    "picture": write("content/2026/so-1/anh.png", png(120)),
    "configuration": write("bulletin.yaml", "a: ["),
    "deleted": gone,
    "link of the file system": linked,
}


@pytest.mark.parametrize("name", SLOW)
def test_what_a_glance_leaves_alone(start: Start, name: str) -> None:  # noqa: F811
    site = start(PROJECT)
    before, version, problems = dict(site.preview.jobs), site.preview.version, site.preview.problems
    path = SLOW[name](site)
    if path == ONE:
        assert (
            name == "link of the file system" or (site.made.root / ONE).read_text() != PROJECT[ONE]
        )
    assert not site.preview.glance(frozenset({path}))
    assert site.preview.jobs == before
    assert (site.preview.version, site.preview.problems) == (version, problems)


def test_what_nobody_can_name_is_no_glance(start: Start) -> None:  # noqa: F811
    site = start(PROJECT)
    site.made.write(ONE, article(body=BODY.replace("Ủ", "Đem ủ")))
    assert not site.preview.glance(None)
    assert not site.preview.glance(frozenset({ONE, SPEC})), "the body is seen, the issue is not"
    assert "Đem ủ phân gà" in site.text(PAGE)
    assert site.preview.glance(frozenset({ONE, "content/2026/so-1/4913"})), "an editor's own file"


def test_every_field_of_an_article_is_decided() -> None:
    assert set(Article.__dataclass_fields__) > lane.MAY_CHANGE
    assert {"path", "meta", "places"} <= set(lane.FIXED)


def test_wrong_elsewhere_is_no_time_for_a_glance(start: Start) -> None:  # noqa: F811
    """The last good pages stay, all of one moment, until the error is mended."""
    site = start(PROJECT)
    site.save(TWO, article("Bài hai", section="la", uid="u3"))
    assert site.errors()
    assert not look(site, ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")))
    assert "Đem ủ phân" not in site.text(PAGE)
    site.save(TWO, two())
    assert "Đem ủ phân" in site.text(PAGE)
    assert look(site, ONE, article(body=BODY))
    assert "Đem ủ phân" not in site.text(PAGE)


def test_a_page_that_is_not_shown(start: Start) -> None:  # noqa: F811
    """A draft changes nothing that the public preview shows."""
    site = start(PROJECT, drafts=False)
    draft = article("Bài kín", f"{WORDS} Thêm một câu.", uid="u2", status="draft")
    before = dict(site.preview.jobs)
    assert look(site, "content/2026/so-1/kin.md", draft)
    assert site.preview.jobs == before


# ---- which are alike ------------------------------------------------------------------------------


def test_kin_says_what_everything_anew_would_say(start: Start) -> None:  # noqa: F811
    site = start(PROJECT)
    assert site.preview.ready is not None
    card = site.preview.ready.assembly.catalog.recent[0]
    words = ("ủ phân", "vôi bột", "men vi", "chuồng trại", "lợn nái", "giống ngô")

    def piece(number: int, shift: int) -> tuple[Any, likeness.Terms]:
        own = tuple((words[(number * k + shift) % 6], 1 + (number + k) % 4) for k in (1, 2, 3))
        lang = "en" if number % 5 == 0 else "vi"
        terms = "\n".join(f"{term}\t{times}" for term, times in dict(own).items())
        return dataclasses.replace(card, id=f"b{number}", lang=lang), terms

    pieces = [piece(number, 0) for number in range(60)]
    kin = likeness.Kin({one.id: (one, terms) for one, terms in pieces})
    for number in range(60):
        one, terms = piece(number, number % 7)
        pieces[number] = (one, terms)
        assert kin.related(one.id, terms) == likeness.related(pieces)[one.id]
        kin.take(one.id, terms)


# ---- behind ---------------------------------------------------------------------------------------


class Gate:
    """A reading of everything that waits at its end until it may go on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.real = pipeline.prepare_at
        self.reached, self.open, self.count = threading.Event(), threading.Event(), 0
        patch.setattr(pipeline, "prepare_at", self)

    def __call__(self, *arguments: Any) -> Any:
        done = self.real(*arguments)
        self.count += 1
        self.reached.set()
        assert self.open.wait(GUARD)
        return done


@contextmanager
def slowly(site: Site, patch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A full reading that has read everything and does not end."""
    gate = Gate(patch)
    thread = threading.Thread(target=site.preview.refresh)
    thread.start()
    assert gate.reached.wait(GUARD)
    try:
        yield gate
    finally:
        gate.open.set()
        thread.join(GUARD)
    assert not thread.is_alive()


def test_pages_are_answered_while_everything_is_read(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = start(PROJECT)
    with slowly(site, monkeypatch):
        assert "Bài một" in site.text(PAGE)
        assert site.ask("/_ban-bien-tap/")[0] == 200
        stream = site.listen()
        version = stream.next()["version"]
        assert look(site, ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")))
        assert stream.next()["version"] == version + 1
        assert "Đem ủ phân" in site.text(PAGE)
        assert site.preview.sketch(ONE, article(body=BODY.replace("Ủ", "Hay ủ")).encode())
    stream.close()


def test_a_glance_during_a_reading_is_not_lost(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = start(PROJECT)
    site.made.write(SPEC, str(PROJECT[SPEC]).replace("Số một", "Số đầu tiên"))
    with slowly(site, monkeypatch) as gate:
        assert look(site, ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")))
    assert gate.count == 1, "it is taken into what was read"
    assert "Đem ủ phân" in site.text(PAGE)
    assert "Số đầu tiên" in site.text("/2026/so-1/")
    other = fresh(site)
    assert site.preview.jobs[MINE] == other.jobs[MINE]
    other.close()


def test_a_reading_that_cannot_take_a_glance_is_made_again(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It read a title that is taken back by the time it ends."""
    site = start(PROJECT)
    site.made.write(ONE, article("Tên khác", BODY))
    with slowly(site, monkeypatch) as gate:
        assert look(site, ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")))
    assert gate.count == 2
    assert "Đem ủ phân" in site.text(PAGE)
    assert "Tên khác" not in site.text(PAGE)


def test_errors_come_and_go_by_themselves(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(behind, "CALM", 0.05)
    site = start(PROJECT, watch=True)
    stream = site.listen()
    stream.next()
    site.made.write(ONE, article(body=BODY.replace("Ủ phân", "[Ủ](khong-co.md) phân")))
    while (said := stream.next())["good"]:
        pass
    assert [one["code"] for one in said["problems"]] == ["LK003"]
    assert "khong-co" not in site.text(PAGE)
    site.made.write(ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")))
    while not (said := stream.next())["good"]:
        pass
    assert said["problems"] == []
    assert "Đem ủ phân" in site.text(PAGE)
    stream.close()


def test_lists_follow_a_glance(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The search index is none of what a glance changes."""
    monkeypatch.setattr(behind, "CALM", 0.05)
    site = start(PROJECT, watch=True)
    site.made.write(ONE, article(body=BODY.replace("Ủ phân", "Rơm rạ, ủ phân")))
    until(lambda: "Rơm rạ" in site.text(PAGE))
    until(lambda: "Rơm rạ" in site.text("/feed.xml"))


def test_five_hundred_bodies_in_a_row(start: Start) -> None:  # noqa: F811
    site = start(PROJECT, watch=True)
    pause = threading.Event()
    for number in range(500):
        site.made.write(ONE, article(body=BODY.replace("Ủ phân", f"Lần {number} ủ phân")))
        pause.wait(0.004)
    until(lambda: "Lần 499 ủ" in site.text(PAGE))
    assert site.refreshed < 100
    site.preview.refresh()
    assert "Lần 499 ủ" in site.text(PAGE)
    assert site.errors() == []


def test_calm_comes_before_reading_everything(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bodies that are shown already wait; what nobody sees yet does not."""
    monkeypatch.setattr(behind, "CALM", GUARD)
    site = start(PROJECT, watch=True)
    ready = threading.Event()
    monkeypatch.setattr(site.preview, "refresh", ready.set)
    site.made.write(ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")))
    until(lambda: "Đem ủ phân" in site.text(PAGE))
    assert not ready.is_set()
    site.made.write(ONE, article("Tên khác", BODY))
    assert ready.wait(GUARD)


# ---- what the watcher says ------------------------------------------------------------------------


def watched(
    site: Site, work: Callable[[Path], None], **options: Any
) -> list[frozenset[str] | None]:
    """What the watcher says of a piece of work, until it says that the end is there."""
    told: list[frozenset[str] | None] = []
    eyes = watch.Watcher(site.made.root.resolve(), told.append, **options)
    eyes.start()
    work(site.made.root)
    site.made.write("van-phong.yaml", "reports: []\n")
    until(lambda: any(paths is None or "van-phong.yaml" in paths for paths in told))
    eyes.stop()
    return told


def saved(root: Path) -> None:
    """As many editors do it: beside the file, then over it."""
    (root / f"{ONE}.tmp").write_text("x")
    os.replace(root / f"{ONE}.tmp", root / ONE)


@pytest.mark.parametrize("poll", [False, True])
def test_the_watcher_names_what_changed(start: Start, poll: bool) -> None:  # noqa: F811
    site = start(PROJECT)
    told = watched(site, saved, poll=poll, pause=0.05)
    assert None not in told
    assert frozenset().union(*filter(None, told)) == {ONE, "van-phong.yaml"}


@pytest.mark.parametrize("poll", [False, True])
def test_a_folder_is_more_than_a_name(start: Start, poll: bool) -> None:  # noqa: F811
    site = start(PROJECT)
    assert None in watched(site, lambda root: (root / "content/moi").mkdir(), poll=poll, pause=0.05)


def test_looking_does_not_repeat_what_events_told(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "CARE", 0.05)
    site = start(PROJECT)
    told: list[frozenset[str] | None] = []
    eyes = watch.Watcher(site.made.root.resolve(), told.append)
    eyes.start()
    looks, enough, real = [0], threading.Event(), watch.look

    def counted(root: Path) -> Any:
        looks[0] += 1
        if looks[0] > 6:
            enough.set()
        return real(root)

    site.made.write(ONE, article("Lần một"))
    until(lambda: bool(told))
    monkeypatch.setattr(watch, "look", counted)
    assert enough.wait(GUARD)
    assert told == [frozenset({ONE})]
    eyes.stop()


# ---- unsaved texts --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUICK)
def test_a_sketch_of_a_body_reads_nothing_else(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    site = start(PROJECT)
    data = article(body=BODY.replace(*QUICK[name], 1)).encode()
    whole = site.preview._sketched(ONE, data)
    page, jobs = site.preview.page(MINE), dict(site.preview.jobs)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "prepare_at", None)
        sketch = site.preview.sketch(ONE, data)
    assert sketch is not None
    assert whole is not None
    assert (sketch.url, sketch.problems) == (whole.url, whole.problems)
    assert sketch.jobs[MINE] == whole.jobs[MINE]
    assert site.preview.sketched(ONE, "site/index.html") is not None
    assert site.preview.sketched(ONE, GALLEY) is None
    assert (site.preview.page(MINE), site.preview.jobs) == (page, jobs), "nothing is saved"


def test_a_sketch_with_an_error_still_says_so(start: Start) -> None:  # noqa: F811
    site = start(PROJECT)
    data = article(body=BODY.replace("alt: Chuồng", "width: bleed\nalt: Chuồng")).encode()
    sketch, whole = site.preview.sketch(ONE, data), site.preview._sketched(ONE, data)
    assert sketch is not None
    assert whole is not None
    assert sketch.problems == whole.problems
    assert any(item.code == "IM006" for item in sketch.problems)
    title = site.preview.sketch(ONE, article("Tên khác", BODY).encode())
    assert title is not None
    assert "Tên khác" in (site.preview.sketched(ONE, MINE) or b"").decode()


def test_a_sketch_that_took_long_does_not_hide_a_later_one(
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = start(PROJECT)
    gate = Gate(monkeypatch)
    slow = article("Tên khác", BODY).encode()
    thread = threading.Thread(target=site.preview.sketch, args=(ONE, slow))
    thread.start()
    assert gate.reached.wait(GUARD)
    site.preview.sketch(ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")).encode())
    gate.open.set()
    thread.join(GUARD)
    shown = (site.preview.sketched(ONE, MINE) or b"").decode()
    assert "Đem ủ phân" in shown
    assert "Tên khác" not in shown


# ---- the browser ----------------------------------------------------------------------------------


def mark(site: Site, path: str) -> str:
    """The mark of a page: the same in the page and in its head."""
    _, headers, data = site.ask(path)
    found = re.search(rb'data-mark="(\w+)"', data)
    assert found is not None
    assert site.ask(path, method="HEAD")[1]["X-Bulletin-Mark"] == headers["X-Bulletin-Mark"]
    assert found[1].decode() == headers["X-Bulletin-Mark"]
    return headers["X-Bulletin-Mark"]


def test_a_page_knows_whether_it_would_come_back_the_same(start: Start) -> None:  # noqa: F811
    site = start(PROJECT)
    pages = (PAGE, "/2026/so-1/hai/", "/2026/so-1/", "/2026/so-1/moi/")
    first = [mark(site, page) for page in pages]
    assert look(site, ONE, article(body=BODY.replace("Ủ phân", "Đem ủ phân")))
    second = [mark(site, page) for page in pages]
    assert [one == two for one, two in zip(first, second, strict=True)] == [False, True, True, True]
    site.preview.refresh()
    assert [mark(site, page) for page in pages] == second
    site.made.write("content/2026/so-1/moi.md", article("Mới", uid="u9", status="draft"))
    site.preview.refresh()
    assert mark(site, pages[3]) != second[3], "a page that was missing appears"
    draft = mark(site, pages[3])
    site.save("content/2026/so-1/moi.md", article("Mới", uid="u9", status="edited"))
    assert mark(site, pages[3]) != draft, "the band above it says another status"
