"""Every feed in every format: valid by grammars, equal to the model, true about its files."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from conftest import AS_OF, CONFIG, ISSUE, LIGHT, WORDS, Make, Project, article, magazine
from lxml import etree

from bulletin import build as pipeline
from bulletin import outputs
from bulletin.catalog import Assembly
from bulletin.diag import Report
from bulletin.model import Job, Printed
from bulletin.outputs import feeds
from bulletin.outputs.feedtext import clean, identity
from bulletin.store import Store
from bulletin.workers import one

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "scripts/audit/schemas"
BASE = "https://example.vn/bantin/"
GRAMMARS = {
    name: etree.RelaxNG(etree.parse(str(SCHEMAS / f"{name}.rng")))
    for name in ("rss", "atom", "opml")
}
JSON_FEED = jsonschema.Draft202012Validator(
    json.loads((SCHEMAS / "jsonfeed.schema.json").read_text())
)
FORMS = {"feed.xml": "rss", "podcast.xml": "rss", "atom.xml": "atom", "nguon-tin.opml": "opml"}
SOUND = b"ID3" + bytes(range(256)) * 9
MEDIUM = """\
kind: podcast
title: "Nghe: ủ phân & nuôi giun"
file: nghe.mp3
transcript: |
  Chào bà con. Hôm nay ta nói chuyện ủ phân.

  Đoạn hai.
credit: Ban biên tập
date: 2026-04-05
length: 1 giờ 2 phút 3 giây
article: 2026/so-1/mot
"""
SEVERAL: dict[str, str | bytes] = {
    **LIGHT,
    "bulletin.yaml": CONFIG.replace("base_url:", "websub_hub: https://hub.example/x\n  base_url:"),
    "themes/plain/web/feed.css": "channel>title::before{content:'Chép địa chỉ'}\n",
    "themes/plain/web/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
    '<path fill="#1F2440" d="M0 0h8v8h-8z"/></svg>',
    "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, ngoai]")
    + "  - section: hoi-dap\n    articles: [hai]\n",
    "content/2026/so-1/mot.md": article(
        "Bài ]]> một 🐖",
        f"{WORDS}\n\nKý tự \x0b \x07 và ]]> nữa.\n",
        corrections='[{date: 2026-05-02, text: "Đã sửa <số> & dấu"}]',
        ai="{label: assisted, note: Gợi ý tên bài}",
    ),
    "content/2026/so-1/hai.md": article("Bài hai", uid="u-2", section="hoi-dap", date="2026-04-01"),
    "content/2026/so-1/ngoai.md": article("Raising pigs", uid="u-3", lang="en", keywords="[pigs]"),
    "content/thu-vien/bai-nghe.yaml": MEDIUM,
    "content/thu-vien/nghe.mp3": SOUND,
}


def prepared(root: Path, memo: Path) -> Any:
    with Store(memo) as store:
        ready = pipeline.prepare(root, store, "tools", AS_OF, False, Report())
    assert ready is not None
    return ready


def check(data: bytes, name: str) -> list[str]:
    """What a grammar has against a file, by the name of the file."""
    if name == "feed.json":
        return [f"{e.json_path}: {e.message}" for e in JSON_FEED.iter_errors(json.loads(data))]
    grammar = GRAMMARS[FORMS[name]]
    grammar.validate(etree.fromstring(data))
    return [str(error) for error in grammar.error_log]


def published(made: Project) -> dict[str, bytes]:
    names = {*FORMS, "feed.json"}
    return {path: data for path, data in made.tree().items() if path.rsplit("/", 1)[-1] in names}


@pytest.fixture
def made(project: Make) -> Project:
    result = project(SEVERAL)
    outcome = result.build()
    assert not outcome.failed, outcome.diagnostics
    return result


# ---- which feeds there are -----------------------------------------------------------------------


def test_each_feed_in_its_formats(made: Project) -> None:
    folders = ("", "luu-tru/", "2026/so-1/", "ngon-ngu/vi/", "ngon-ngu/en/")
    folders += ("chuyen-muc/ky-thuat/", "chuyen-muc/hoi-dap/")
    expected = {
        f"site/{f}{name}" for f in folders for name in ("feed.xml", "atom.xml", "feed.json")
    }
    expected |= {"site/thu-vien/podcast.xml", "site/theo-doi/nguon-tin.opml"}
    assert set(published(made)) == expected


def test_one_language_needs_no_feed_of_its_own(project: Make) -> None:
    made = project(LIGHT)
    assert not made.build().failed
    assert not any("ngon-ngu" in path or "podcast" in path for path in published(made))


def test_all_files_follow_their_grammars(made: Project) -> None:
    wrong = {path: check(data, path.rsplit("/", 1)[-1]) for path, data in published(made).items()}
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("feed.xml", b"<guid isPermaLink", b"<guid x='1' isPermaLink"),
        ("feed.xml", b"+0700</pubDate>", b"+07:00</pubDate>"),
        ("feed.xml", b"<link>https://", b"<link>/"),
        ("atom.xml", b"+07:00</updated>", b"</updated>"),
        ("atom.xml", b"<name>", b"<nom>"),
        ("atom.xml", b'rel="alternate"', b'rel="other"'),
        ("theo-doi/nguon-tin.opml", b"xmlUrl=", b"url="),
        ("feed.json", b'"id": ', b'"ident": '),
        ("feed.json", b'"content_html"', b'"content"'),
    ],
)
def test_the_grammars_bite(made: Project, name: str, old: bytes, new: bytes) -> None:
    data = (made.output / "site" / name).read_bytes()
    assert old in data
    broken = data.replace(old, new)
    if name == "atom.xml" and old == b"<name>":
        broken = broken.replace(b"</name>", b"</nom>")
    assert check(broken, name.rsplit("/", 1)[-1])


def test_the_outline_lists_every_feed_once(made: Project) -> None:
    root = etree.fromstring((made.output / "site/theo-doi/nguon-tin.opml").read_bytes())
    rows = root.findall(".//outline[@type='rss']")
    listed = [row.get("xmlUrl") for row in rows]
    feeds_made = [p for p in published(made) if p.endswith(("feed.xml", "podcast.xml"))]
    assert sorted(listed) == sorted(BASE + path.removeprefix("site/") for path in feeds_made)
    pages = made.tree()
    for row in rows:
        home = row.get("htmlUrl").removeprefix(BASE)
        assert f"site/{home}index.html" in pages
    assert root.findtext("head/dateModified") == "Wed, 01 Apr 2026 00:00:00 +0700"


# ---- what they say -------------------------------------------------------------------------------


def test_languages_are_told_apart(made: Project) -> None:
    def titles(path: str) -> list[str]:
        return [item["title"] for item in json.loads(made.text(f"site/{path}"))["items"]]

    assert titles("ngon-ngu/en/feed.json") == ["Raising pigs"]
    assert titles("ngon-ngu/vi/feed.json") == ["Bài hai", "Bài ]]> một 🐖"]
    items = json.loads(made.text("site/feed.json"))["items"]
    assert {item["title"]: item["language"] for item in items}["Raising pigs"] == "en"
    root = etree.fromstring((made.output / "site/atom.xml").read_bytes())
    space = "{http://www.w3.org/2005/Atom}"
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [entry.get(lang) for entry in root.iter(f"{space}entry")] == [None, None, "en"]
    english = etree.fromstring((made.output / "site/ngon-ngu/en/feed.xml").read_bytes())
    assert english.findtext("channel/language") == "en"
    whole = etree.fromstring((made.output / "site/feed.xml").read_bytes())
    assert [row.text for row in whole.iter("{http://purl.org/dc/elements/1.1/}language")] == ["en"]


def test_the_hub_is_named_in_every_format(made: Project) -> None:
    hub = "https://hub.example/x"
    for name in ("feed.xml", "atom.xml", "chuyen-muc/hoi-dap/feed.xml", "thu-vien/podcast.xml"):
        feed = feedparser.parse((made.output / "site" / name).read_bytes())
        assert hub in {link.href for link in feed.feed.links if link.rel == "hub"}, name
    assert json.loads(made.text("site/feed.json"))["hubs"] == [{"type": "WebSub", "url": hub}]


def test_a_correction_is_told_and_dates_the_entry(made: Project) -> None:
    for name in ("feed.xml", "atom.xml"):
        feed = feedparser.parse((made.output / "site" / name).read_bytes())
        entry = next(e for e in feed.entries if e.title.startswith("Bài ]]"))
        assert "Đính chính (02/5/2026):" in entry.content[0].value
        assert "Đã sửa &lt;số&gt; &amp; dấu" in entry.content[0].value
        assert "Có AI hỗ trợ. Gợi ý tên bài" in entry.content[0].value
        assert entry.published_parsed[:3] == (2026, 3, 24)  # 25/3 in Vietnam
    items = json.loads(made.text("site/feed.json"))["items"]
    mended = next(item for item in items if item["title"].startswith("Bài ]]"))
    assert mended["date_published"] == "2026-03-25T00:00:00+07:00"
    assert mended["date_modified"] == "2026-05-02T00:00:00+07:00"


def test_ids_are_the_same_in_every_format(made: Project) -> None:
    rss = {
        e.title: e.id
        for e in feedparser.parse((made.output / "site/feed.xml").read_bytes()).entries
    }
    atom = {
        e.title: e.id
        for e in feedparser.parse((made.output / "site/atom.xml").read_bytes()).entries
    }
    items = {i["title"]: i["id"] for i in json.loads(made.text("site/feed.json"))["items"]}
    assert rss == atom == items
    assert len(set(rss.values())) == 3


def test_browsers_find_the_sheet_from_every_depth(made: Project) -> None:
    sheet = next(path for path in made.tree() if path.startswith("site/assets/feed-"))
    found = 0
    for path in published(made):
        match = re.search(rb'<\?xml-stylesheet type="text/css" href="([^"]+)"', made.tree()[path])
        if match:
            found += 1
            folder = (made.output / path).parent
            assert (folder / match[1].decode()).resolve() == (made.output / sheet).resolve()
    assert found == 7 * 2 + 1  # each RSS and Atom, and the podcast
    assert "Chép địa chỉ" in made.text(sheet)


def test_lone_surrogates_and_controls_do_not_reach_a_file() -> None:
    assert clean("a\ud800b\x00c\ufffe\U0001f416\x85") == "abc\U0001f416\x85"


# ---- recordings ----------------------------------------------------------------------------------


def test_podcast(made: Project) -> None:
    feed = feedparser.parse((made.output / "site/thu-vien/podcast.xml").read_bytes())
    assert feed.feed.title == "Âm thanh – Bản tin Khoa học và Kỹ thuật"
    assert feed.feed.itunes_explicit in (None, False)
    entry = feed.entries[0]
    (sound,) = entry.enclosures
    assert (sound.type, int(sound.length)) == ("audio/mpeg", len(SOUND))
    file = made.output / "site" / sound.href.removeprefix(BASE)
    assert file.read_bytes() == SOUND
    assert entry.itunes_duration == "01:02:03"
    assert "Đoạn hai." in entry.content[0].value
    assert entry.link == f"{BASE}2026/so-1/mot/"
    root = etree.fromstring((made.output / "site/thu-vien/podcast.xml").read_bytes())
    itunes = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
    art = root.find(f"channel/{itunes}image").get("href")
    from PIL import Image

    with Image.open(made.output / "site" / art.removeprefix(BASE)) as image:
        assert image.size == (1400, 1400)
        assert image.format == "PNG"
    assert root.findtext(f"channel/{itunes}owner/{itunes}email") == "thu@example.vn"


def test_recordings_elsewhere_make_no_podcast(project: Make) -> None:
    """Nobody here knows how long a file of another host is."""
    outside = MEDIUM.replace("file: nghe.mp3", "url: https://example.vn/nghe.mp3")
    made = project({**LIGHT, "content/thu-vien/bai-nghe.yaml": outside})
    assert not made.build().failed
    assert not (made.output / "site/thu-vien/podcast.xml").exists()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("3 phút", 180),
        ("1 giờ 2 phút 3 giây", 3723),
        ("45 giây", 45),
        ("03:20", 200),
        ("1:00:05", 3605),
        ("khoảng 3 phút", 0),
        ("", 0),
    ],
)
def test_length_in_words(said: str, expected: int) -> None:
    assert feeds.seconds(said) == expected


# ---- whole issues --------------------------------------------------------------------------------


def job_of(source: outputs.Source, path: str) -> Job:
    return next(job for job in outputs.jobs(source, ("feeds",)) if job.path == path)


def test_an_issue_carries_its_pdf_with_true_length(made: Project) -> None:
    ready = prepared(made.root, made.root / "memo")
    pdf = b"%PDF-1.7 " + b"x" * 4321
    with Store(made.root / "memo") as store:
        printed = {"2026/so-1": Printed(store.blobs.put(pdf), 48, ())}
        source = outputs.Source(ready.config, ready.assembly, ready.theme, printed=printed)
        job = job_of(source, "site/luu-tru/feed.xml")
        shop = pipeline.workshop(ready, store, "tools")
        result = one(job, shop.studio(), store.blobs)
        data = {"site/luu-tru/feed.xml": store.blobs.load(result.blob)}
        data |= {path: store.blobs.load(blob) for path, blob in result.siblings}
    for path, found in data.items():
        assert check(found, path.rsplit("/", 1)[-1]) == []
    (entry,) = feedparser.parse(data["site/luu-tru/feed.xml"]).entries
    assert entry.title == "Số 1 · tháng 3/2026: Số một"
    assert entry.published == format_datetime(datetime.fromisoformat("2026-03-25T00:00:00+07:00"))
    (file,) = entry.enclosures
    assert file.href == f"{BASE}2026/so-1/ban-tin-so-1-2026.pdf"
    assert (file.type, int(file.length)) == ("application/pdf", len(pdf))
    assert f'<a href="{file.href}">Bản tin số 1/2026 (PDF, 48 trang)</a>' in entry.content[0].value
    (entry,) = feedparser.parse(data["site/luu-tru/atom.xml"]).entries
    assert [int(link.length) for link in entry.enclosures] == [len(pdf)]
    (item,) = json.loads(data["site/luu-tru/feed.json"])["items"]
    assert item["attachments"][0]["size_in_bytes"] == len(pdf)


def test_without_print_an_issue_is_its_contents(made: Project) -> None:
    (item,) = json.loads(made.text("site/luu-tru/feed.json"))["items"]
    assert "attachments" not in item
    assert f'<a href="{BASE}2026/so-1/hai/">Bài hai</a>' in item["content_html"]


def test_an_old_issue_is_announced_without_its_texts(project: Make) -> None:
    """The archive is not written once more: what the feed of everything has left is a summary."""
    second = ISSUE.replace("number: 1", "number: 2").replace("2026-03-25", "2026-06-20")
    files = {
        **LIGHT,
        **magazine(3),
        "bulletin.yaml": CONFIG.replace("base_url:", "feed_items: 2\n  base_url:"),
        "issues/2026/so-2.yaml": second.replace("[mot]", "[x, y]"),
        "content/2026/so-2/x.md": article("Bài x", uid="u-x"),
        "content/2026/so-2/y.md": article("Bài y", uid="u-y"),
    }
    made = project(files)
    assert not made.build().failed
    for path in published(made):
        assert check((made.output / path).read_bytes(), path.rsplit("/", 1)[-1]) == []
    old = json.loads(made.text("site/2026/so-1/feed.json"))["items"]
    assert len(old) == 3
    assert not any("content_html" in item for item in old)
    assert all(item["content_text"] == "Câu mở đầu." for item in old)
    new = json.loads(made.text("site/2026/so-2/feed.json"))["items"]
    assert all("Bài này nói" in item["content_html"] for item in new)


# ---- all articles of the project -----------------------------------------------------------------


def rendered(base_url: str, memo: Path) -> tuple[Assembly, dict[str, bytes]]:
    """Feeds of the whole project at an address, drafts included, every item with its text."""
    import dataclasses

    with Store(memo) as store:
        report = Report()
        ready = pipeline.prepare(ROOT, store, "tools", AS_OF, True, report)
        assert ready is not None
        site = dataclasses.replace(ready.config.site, base_url=base_url, feed_items=10_000)
        config = dataclasses.replace(ready.config, site=site)
        source = outputs.Source(config, ready.assembly, ready.theme, wanted=("site",))
        studio = pipeline.workshop(ready, store, "tools").studio()
        found: dict[str, bytes] = {}
        for job in outputs.jobs(source, ("feeds", "channels")):
            result = one(job, studio, store.blobs)
            found[job.path] = store.blobs.load(result.blob)
            found |= {path: store.blobs.load(blob) for path, blob in result.siblings}
    return ready.assembly, found


@pytest.mark.parametrize("base", ["https://example.vn/", BASE])
def test_every_article_of_the_project_comes_back(base: str, tmp_path: Path) -> None:
    assembly, files = rendered(base, tmp_path / "memo")
    for path, data in files.items():
        assert check(data, path.rsplit("/", 1)[-1]) == [], path
    pieces = {p.card.uid: p for issue in assembly.catalog.issues for p in issue.pieces}
    assert len(pieces) > 30
    by_id = {identity(uid): piece for uid, piece in pieces.items()}
    for name in ("feed.xml", "atom.xml"):
        feed = feedparser.parse(files[f"site/{name}"])
        assert not feed.bozo
        assert [entry.id for entry in feed.entries] == [
            identity(card.uid) for card in assembly.catalog.recent
        ]
        for entry in feed.entries:
            compare(entry, by_id[entry.id].card, base)
    items = json.loads(files["site/feed.json"])["items"]
    for item in items:
        card = by_id[item["id"]].card
        assert item["title"] == card.title
        assert item["summary"] == (card.standfirst or card.title)
        assert item["url"] == base + card.url
        assert item["date_published"] == card.moment
        assert [who["name"] for who in item.get("authors", [])] == [a.title for a in card.authors]
        addresses = re.findall(r'(?:href|src)="([^"]*)"', item["content_html"])
        assert all(re.match(r"https?://|mailto:|tel:", address) for address in addresses)
    contents = {e.id: e.content[0].value for e in feedparser.parse(files["site/atom.xml"]).entries}
    assert contents.keys() == {item["id"] for item in items}


def compare(entry: Any, card: Any, base: str) -> None:
    assert entry.title == card.title
    assert entry.summary == (card.standfirst or card.title)
    assert entry.link == base + card.url
    moment = datetime.fromisoformat(card.moment)
    assert entry.published in (card.moment, format_datetime(moment))
    assert [who.name for who in entry.get("authors", [])] == [link.title for link in card.authors]
    labels = [card.section.title, *(word.title for word in card.keywords)]
    assert [tag.term for tag in entry.tags] == labels
    assert entry.content[0].value.strip()
