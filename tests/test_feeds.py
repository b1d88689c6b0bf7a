"""RSS as a reader program sees it: feedparser must give back what the model holds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from conftest import CONFIG, ISSUE, LIGHT, WORDS, Make, Project, article

from bulletin import build as pipeline
from bulletin.catalog import Assembly
from bulletin.diag import Report
from bulletin.model import Piece
from bulletin.outputs.feedtext import identity
from bulletin.store import Store

BASE = "https://example.vn/bantin/"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 7"><path d="M0 0h7"/></svg>'
NASTY = f"""{WORDS}

Chữ ]]> và <b>thẻ</b> & dấu, `]]>` trong mã, biểu tượng 🐖🌾, ký tự \x0b điều \x07khiển.

## Đề mục

Xem [bài hai](hai.md), [mục](#de-muc), [trang](https://example.vn/?a=1&b=2), ![sơ đồ](hinh.svg) đây[^1].

| a | b |
|---|---|
| 1 | 2 |

$x < y$

[^1]: Lời chú & nguồn.
"""
FILES: dict[str, str | bytes] = {
    **LIGHT,
    "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai]")
    + "  - section: hoi-dap\n    articles: [ba]\n",
    "content/2026/so-1/hinh.svg": PICTURE,
    "content/2026/so-1/mot.md": article(
        "Bài ]]> & «một» 🐖 <b>",
        NASTY,
        authors="[Nguyễn Văn A, 'Trần & B']",
        standfirst="'Sa-pô ]]> & <i>'",
        sources="[{title: 'Tài liệu & ]]>', publisher: Sở, date: '2026'}]",
        cover="{file: hinh.svg, alt: Hình mở bài, credit: Ban biên tập}",
    ),
    "content/2026/so-1/hai.md": article("Bài hai", uid="u-hai", date="2026-04-01"),
    "content/2026/so-1/ba.md": article(
        "Bài ba", uid="u-ba", section="hoi-dap", publish_at='"2026-03-26 06:30"'
    ),
}


def model(made: Project) -> Assembly:
    """What the feed must say."""
    from conftest import AS_OF

    with Store(made.root / "memo") as store:
        ready = pipeline.prepare(made.root, store, "tools", AS_OF, False, Report())
    assert ready is not None
    return ready.assembly


def read(made: Project, path: str = "site/feed.xml") -> Any:
    feed = feedparser.parse((made.output / path).read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.fixture
def made(project: Make) -> Project:
    result = project(FILES)
    outcome = result.build()
    assert not outcome.failed, outcome.diagnostics
    return result


def test_every_item_equals_the_model(made: Project) -> None:
    feed = read(made)
    assembly = model(made)
    pieces: dict[str, Piece] = {
        identity(p.card.uid): p for i in assembly.catalog.issues for p in i.pieces
    }
    assert len(feed.entries) == len(pieces) == 3
    assert [entry.link for entry in feed.entries] == [
        BASE + card.url for card in assembly.catalog.recent
    ]
    for entry in feed.entries:
        card = pieces[entry.id].card
        assert entry.link == BASE + card.url
        assert entry.title == card.title.replace("<b>", "&lt;b&gt;") or entry.title == card.title
        moment = datetime(*entry.published_parsed[:6], tzinfo=UTC)
        assert moment == datetime.fromisoformat(card.moment)
        assert entry.published.endswith("+0700")
        assert [tag.term for tag in entry.tags] == [
            card.section.title,
            *(link.title for link in card.keywords),
        ]
        assert not entry.get("guidislink")


def raw(made: Project, path: str = "site/feed.xml") -> list[ET.Element]:
    root = ET.fromstring((made.output / path).read_bytes())
    return root.findall("./channel/item")


def test_titles_authors_and_standfirsts_are_plain_text(made: Project) -> None:
    """Read by an XML parser, before any feed reader guesses whether it is HTML."""
    item = raw(made)[-1]
    assert item.findtext("title") == "Bài ]]> & «một» 🐖 <b>"
    assert item.findtext("description") == "Sa-pô ]]> & <i>"
    names = item.findall("{http://purl.org/dc/elements/1.1/}creator")
    assert [name.text for name in names] == ["Nguyễn Văn A", "Trần & B"]


def content(made: Project) -> str:
    found = raw(made)[-1].findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert found is not None
    return found


def test_content_is_whole_and_safe(made: Project) -> None:
    from tinyhtml5 import parse

    markup = content(made)
    words = "".join(parse(markup, namespaceHTMLElements=False).itertext())
    for part in ("Chữ ]]> và <b>thẻ</b> & dấu", "]]> trong mã", "🐖🌾", "Lời chú & nguồn"):
        assert part in words, part
    assert "ký tự điều khiển" in re.sub(" +", " ", words)
    assert "Tài liệu & ]]>, Sở, 2026" in words
    assert "x < y" in words
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", markup)
    assert "<script" not in markup
    assert "<svg" not in markup, "readers drop drawings; the picture is a link"


def test_every_address_is_absolute(made: Project) -> None:
    addresses = re.findall(r'(?:href|src|srcset)="([^"]*)"', content(made))
    assert len(addresses) >= 5
    assert all(address.startswith("https://") for address in addresses), addresses
    assert f"{BASE}2026/so-1/hai/" in addresses
    assert f"{BASE}2026/so-1/mot/#de-muc" in addresses
    assert "https://example.vn/?a=1&amp;b=2" in addresses
    pictures = [a for a in addresses if a.startswith(f"{BASE}hinh/")]
    assert pictures
    for address in pictures:
        assert (made.output / "site" / address.removeprefix(BASE)).is_file()


def test_addresses_of_notes_lead_nowhere_outside(made: Project) -> None:
    """Fragments in the content exist on the page that they name."""
    page = made.text("site/2026/so-1/mot/index.html")
    for fragment in re.findall(r'href="[^"]*/mot/#([^"]+)"', content(made)):
        assert f'id="{fragment}"' in page


def test_channel(made: Project) -> None:
    feed = read(made)
    assert feed.version == "rss20"
    assert feed.feed.title == "Bản tin Khoa học và Kỹ thuật"
    assert feed.feed.link == BASE
    assert feed.feed.language == "vi"
    assert {(link.rel, link.href) for link in feed.feed.links} >= {("self", f"{BASE}feed.xml")}
    newest = max(card.moment for card in model(made).catalog.recent)
    root = ET.fromstring((made.output / "site/feed.xml").read_bytes())
    built = root.findtext("./channel/lastBuildDate")
    assert built == "Wed, 01 Apr 2026 00:00:00 +0700"
    assert newest == "2026-04-01T00:00:00+07:00"


def test_section_feeds_hold_their_section(made: Project) -> None:
    both = read(made, "site/chuyen-muc/ky-thuat/feed.xml")
    assert {entry.title for entry in both.entries} >= {"Bài hai"}
    assert len(both.entries) == 2
    one = read(made, "site/chuyen-muc/hoi-dap/feed.xml")
    assert [entry.title for entry in one.entries] == ["Bài ba"]
    assert one.feed.link == f"{BASE}chuyen-muc/hoi-dap/"
    assert one.feed.updated_parsed[:5] == (2026, 3, 25, 23, 30)


def test_identity_survives_renaming_and_a_new_date(made: Project) -> None:
    before = {entry.title: entry.id for entry in read(made).entries}
    made.remove("content/2026/so-1/hai.md")
    made.write(
        "content/2026/so-1/doi-ten.md",
        article("Bài hai", uid="u-hai", slug="dia-chi-moi", date="2025-12-31"),
    )
    made.write(
        "issues/2026/so-1.yaml",
        str(FILES["issues/2026/so-1.yaml"]).replace("mot, hai", "mot, dia-chi-moi"),
    )
    made.write("content/2026/so-1/mot.md", article("Bài một mới"))
    assert not made.build().failed
    after = {entry.title: entry for entry in read(made).entries}
    assert after["Bài hai"].id == before["Bài hai"]
    assert after["Bài hai"].link == f"{BASE}2026/so-1/dia-chi-moi/"
    assert len({entry.id for entry in after.values()}) == 3


def test_newest_items_only_up_to_the_limit(project: Make) -> None:
    made = project(
        {**FILES, "bulletin.yaml": CONFIG.replace("base_url:", "feed_items: 2\n  base_url:")}
    )
    assert not made.build().failed
    assert [entry.title for entry in read(made).entries] == ["Bài hai", "Bài ba"]


def test_base_address_without_its_slash(project: Make) -> None:
    made = project({**FILES, "bulletin.yaml": CONFIG.replace("/bantin/", "/bantin")})
    assert not made.build().failed
    assert read(made).entries[0].link == f"{BASE}2026/so-1/hai/"


def test_no_address_yet(project: Make) -> None:
    """The office has not set the address: warned, local addresses, no crash."""
    made = project({**FILES, "bulletin.yaml": CONFIG.replace("https://example.vn/bantin/", "''")})
    outcome = made.build()
    assert [item.code for item in outcome.diagnostics if item.code == "CF010"] == ["CF010"]
    assert read(made).entries[0].link == "http://localhost:8000/2026/so-1/hai/"


def test_sitemap_names_every_page_and_nothing_else(made: Project) -> None:
    root = ET.fromstring(made.text("site/sitemap.xml"))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = [loc.text or "" for loc in root.iter(f"{space}loc")]
    assert len(listed) == len(set(listed))
    pages = {
        BASE + path.removeprefix("site/").removesuffix("index.html")
        for path in made.tree()
        if path.endswith("index.html")
    }
    framed = {page for page in pages if page.startswith(f"{BASE}nhung/")}
    assert set(listed) == pages - framed - {f"{BASE}tim-kiem/"}
    for url in listed:
        assert (made.output / "site" / url.removeprefix(BASE) / "index.html").is_file()
