"""What stands behind every page: metadata, policy, headers, and reading without a network.

One small site is built with the real theme; all tests read it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import CONFIG, FONTS, ISSUE, WORDS, Project, article
from PIL import Image

from bulletin import policy, theme
from bulletin.diag import Report
from bulletin.linked import author
from bulletin.model import Frame, Link
from bulletin.outputs import headers, offline

LHH = FONTS.parent
BASE = "https://example.vn/bantin/"
MOT, HAI = "site/2026/so-1/mot/index.html", "site/2026/so-2/hai/index.html"
UNDATED = (
    ISSUE.replace("number: 1", "number: 2")
    .replace("date: 2026-03-25\n", "")
    .replace("trong tháng 3/2026, date: 2026-03-31", "trong tháng 6/2026, date: 2026-06-30")
    .replace("[mot]", "[hai]")
)
ZALO = "https://chia-se.example/gui?dia-chi={url}"
TRICKY = 'Lúa & "chè" </script><b>'


def files() -> dict[str, str | bytes]:
    own: dict[str, str | bytes] = {
        f"themes/lhh/{path.relative_to(LHH).as_posix()}": path.read_bytes()
        for path in LHH.rglob("*")
        if path.is_file() and "print" not in path.parts
    }
    return own | {
        "bulletin.yaml": CONFIG.replace("theme: plain", "theme: lhh").replace(
            "cards: false", f'cards: true\n  zalo_share: "{ZALO}"'
        ),
        "issues/2026/so-2.yaml": UNDATED,
        "content/2026/so-1/mot.md": article(
            title=TRICKY.replace('"', '\\"'),
            sources="[{title: Tài liệu thử, url: 'https://vd.vn/a?b=1&c=2'}]",
        ),
        "content/2026/so-2/hai.md": article("Bài hai", uid='"2026-2-hai"'),
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("head") / "duan", files())
    outcome = project.build()
    assert not outcome.failed, outcome.diagnostics
    return project


def graph(page: str) -> dict[str, dict[str, Any]]:
    """JSON-LD of a page by type."""
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block
    parts = json.loads(block[1])["@graph"]
    return {part["@type"]: part for part in parts}


def metas(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page):
        found.setdefault(name, []).append(html.unescape(value))
    return found


# ---- metadata ------------------------------------------------------------------------------------


def test_an_article_tells_what_it_is(built: Project) -> None:
    data = graph(built.text(MOT))["Article"]
    assert data["headline"] == TRICKY
    assert data["url"] == f"{BASE}2026/so-1/mot/"
    assert data["identifier"] == "2026-1-mot"
    assert data["datePublished"] == "2026-03-25"
    assert data["isPartOf"]["issueNumber"] == "1"
    assert data["isPartOf"]["isPartOf"]["@type"] == "Periodical"
    assert data["publisher"]["name"] == "Cơ quan xuất bản"
    assert data["keywords"] == ["chăn nuôi"]
    assert data["citation"] == [
        {"@type": "CreativeWork", "name": "Tài liệu thử", "url": "https://vd.vn/a?b=1&c=2"}
    ]
    assert data["image"][0].startswith(f"{BASE}chia-se/2026-so-1-mot-")


def test_nothing_in_the_data_can_end_its_element(built: Project) -> None:
    page = built.text(MOT)
    assert "</script><b>" not in page
    assert "\\u003c/script\\u003e\\u003cb\\u003e" in page


def test_a_date_that_nobody_knows_is_a_month_and_never_a_day(built: Project) -> None:
    page = built.text(HAI)
    assert graph(page)["Article"]["datePublished"] == "2026-06"
    assert "article:published_time" not in metas(page)
    assert '<time datetime="2026-06">' in page
    assert "2026-06-30" not in page
    assert f"<loc>{BASE}2026/so-2/hai/</loc><lastmod>2026-06</lastmod>" in built.text(
        "site/sitemap.xml"
    )
    assert metas(built.text(MOT))["article:published_time"] == ["2026-03-25"]


def test_breadcrumbs_are_the_same_for_readers_and_machines(built: Project) -> None:
    page = built.text("site/chuyen-muc/ky-thuat/index.html")
    data = graph(page)["BreadcrumbList"]["itemListElement"]
    assert [(item["name"], item["item"]) for item in data] == [
        ("Trang đầu", BASE),
        ("Chuyên mục", f"{BASE}chuyen-muc/"),
        ("Kỹ thuật", f"{BASE}chuyen-muc/ky-thuat/"),
    ]
    seen = re.search(r'<nav class="trail.*?</nav>', page, re.DOTALL)
    assert seen
    assert [*re.findall(r">([^<>\n]+)</(?:a|span)>", seen[0])] == [i["name"] for i in data]


def test_every_page_has_one_address_title_and_data_that_can_be_read(built: Project) -> None:
    pages = {p: t.decode() for p, t in built.tree().items() if p.endswith(".html")}
    pages = {path: page for path, page in pages.items() if not path.startswith("site/nhung/")}
    canonical = []
    for path, page in pages.items():
        graph(page)
        assert len(re.findall("<title>", page)) == 1, path
        canonical += re.findall(r'<link rel="canonical" href="([^"]+)"', page)
        for name in ("og:title", "og:description", "og:image", "og:image:alt", "description"):
            assert len(metas(page)[name]) == 1, (path, name)
        card = metas(page)["og:image"][0].removeprefix(BASE)
        assert f"site/{card}" in built.tree(), path
    assert len(canonical) == len(set(canonical)) == len(pages) - 1  # 404 has none


def test_the_home_page_names_publisher_site_and_periodical(built: Project) -> None:
    data = graph(built.text("site/index.html"))
    assert data["Organization"]["parentOrganization"]["name"] == "Cơ quan chủ quản"
    assert data["WebSite"]["potentialAction"]["target"]["urlTemplate"].endswith(
        "?q={search_term_string}"
    )
    assert data["Periodical"]["name"] == "Bản tin Khoa học và Kỹ thuật"
    assert (
        graph(built.text("site/2026/so-1/index.html"))["PublicationIssue"]["hasPart"][0]["headline"]
        == TRICKY
    )


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Ban biên tập", "Organization"),
        ("Hội Chăn nuôi", "Organization"),
        ("Nguyễn Thị Hội", "Person"),
        ("Bàn Văn Sở", "Person"),
    ],
)
def test_an_author_is_a_person_or_a_body(name: str, form: str) -> None:
    frame = Frame("", "", "", "", "", "", "", (), "", BASE, "vi", (), (), ())
    assert author(frame, Link(name, "tac-gia/x/"))["@type"] == form


# ---- policy and headers --------------------------------------------------------------------------


def test_pages_and_headers_say_the_same_policy(built: Project) -> None:
    pages = [t.decode() for p, t in built.tree().items() if p.endswith(".html")]
    for page in pages:
        said = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert said
        assert block
        digest = hashlib.sha256(block[1].encode()).digest()
        own = f" 'sha256-{base64.b64encode(digest).decode()}'"
        assert said[1].replace(own, "") == policy.content()
        assert f"script-src 'self'{own};" in said[1]
    header = policy.content(header=True)
    assert header.startswith(policy.content())
    for name in (".htaccess", "_nginx.conf"):
        assert header in built.text(f"site/{name}")
    assert policy.content() in built.text("site/_headers")
    assert "unsafe" not in header


def test_lists_for_other_sites_need_no_script(built: Project) -> None:
    frames = [p for p in built.tree() if p.startswith("site/nhung/")]
    assert len(frames) >= 2
    for path in frames:
        page = built.text(path)
        assert not re.search(r'<script(?! type="application/ld\+json")', page), path
        assert re.search(r'<a href="[^"]+" target="_blank" rel="noopener">', page), path
        assert '<meta name="robots" content="noindex">' in page
    follow = built.text("site/theo-doi/index.html")
    assert f'&lt;iframe src="{BASE}nhung/"' in follow
    for path in (p for p in built.tree() if p.endswith("/oembed.json")):
        page = built.text(path.replace("oembed.json", "index.html"))
        for kind in ("json", "xml"):
            address = BASE + path.removeprefix("site/").replace(".json", f".{kind}")
            assert '+oembed" title=' in page and f'href="{address}"' in page  # noqa: PT018


def test_no_page_breaks_the_policy(built: Project) -> None:
    for path, data in built.tree().items():
        if not path.endswith(".html"):
            continue
        page = data.decode()
        scripts = re.findall(r"<script([^>]*)>([^<]*)", page)
        assert all(not body.strip() or "ld+json" in form for form, body in scripts), path
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page), path
        loads = re.findall(r'<(?:script|img|link)[^>]* (?:src|href)="([^"]+)"', page)
        assert not [
            url for url in loads if url.startswith("//") or "://" in url.replace(BASE, "")
        ], path


def test_only_names_that_change_with_their_content_are_kept_for_ever(built: Project) -> None:
    text = built.text("site/_headers")
    for block in text.split("\n\n"):
        path, *said = block.splitlines()
        if any("immutable" in line for line in said):
            folder = path.removeprefix("/bantin/").removesuffix("*")
            names = [n for n in built.tree() if n.startswith(f"site/{folder}")]
            assert names or folder == "hinh/"
            assert [n for n in names if not re.search(r"[-/][0-9a-f]{10}[-./]", n)] == []
    assert "/bantin/sw.js\n  Cache-Control: no-cache" in text


def test_headers_at_the_root_of_a_host() -> None:
    assert headers.netlify("/").startswith("/*\n  Content-Security-Policy: default-src 'none'")
    assert "location ^~ /assets/ {" in headers.nginx("/")
    assert "#^/(assets|hinh|chia-se)/#" in headers.apache("/")


def test_every_answer_carries_every_header_a_missing_page_too() -> None:
    """A location of nginx forgets the block around it; without «always» a 404 goes without."""
    blocks = re.findall(r"location [^{]*\{([^{}]*)", headers.nginx("/bantin/"))
    assert len(blocks) > 4
    for block in blocks:
        for name in (*dict(headers.EVERYWHERE), "Cache-Control"):
            assert re.search(rf'add_header {name} "[^\n]*" always;', block), (name, block)
    apache = headers.apache("/bantin/")
    assert apache.count("Header ") == apache.count("Header always set ")


def test_the_link_to_zalo_is_the_one_that_the_office_gave(built: Project) -> None:
    address = "https%3A//example.vn/bantin/2026/so-1/mot/"
    link = f'<a href="{ZALO.format(url=address)}" rel="noopener">Zalo</a>'
    assert link in built.text("site/2026/so-1/mot/index.html")


# ---- without a network ---------------------------------------------------------------------------


def told(built: Project) -> dict[str, Any]:
    first = built.text("site/sw.js").splitlines()[0]
    value: dict[str, Any] = json.loads(first.removeprefix("const SITE = ").removesuffix(";"))
    return value


def exists(built: Project, url: str) -> bool:
    path = f"site/{url}" + ("index.html" if url == "" or url.endswith("/") else "")
    return path in built.tree()


def test_all_that_the_worker_keeps_exists(built: Project) -> None:
    site = told(built)
    assert [url for url in site["shell"] if not exists(built, url)] == []
    assert {"", site["offline"]} <= set(site["shell"])
    home = built.text("site/index.html")
    needed = re.findall(
        r'(?:src|href)="\./?(assets/[^"]+\.(?:css|js|woff2))"', home.replace('"assets', '"./assets')
    )
    assert needed
    assert set(needed) <= set(site["shell"])


def test_the_list_of_an_issue_names_its_pages(built: Project) -> None:
    lists = [p for p in built.tree() if p.endswith("ngoai-tuyen.json")]
    assert lists == ["site/2026/so-1/ngoai-tuyen.json", "site/2026/so-2/ngoai-tuyen.json"]
    found = json.loads(built.text(lists[0]))
    assert found["urls"] == ["2026/so-1/", "2026/so-1/mot/"]
    assert all(exists(built, url) for url in found["urls"])


def test_the_version_changes_with_the_content_and_only_then(tmp_path: Path) -> None:
    built = Project(tmp_path / "duan", files())

    def versions() -> tuple[str, str, str]:
        assert not built.build().failed
        one, two = (json.loads(built.text(f"site/2026/so-{n}/ngoai-tuyen.json")) for n in (1, 2))
        return told(built)["version"], one["version"], two["version"]

    before = versions()
    assert versions() == before
    built.write("content/2026/so-1/mot.md", article(body=f"{WORDS} Thêm một câu."))
    after = versions()
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] != before[1]
    style = (LHH / "web/style.css").read_text("utf-8")
    built.write("themes/lhh/web/style.css", style + "p{color:red}")
    last = versions()
    assert all(new != old for new, old in zip(last, after, strict=True))


def test_manifest_and_icons(built: Project) -> None:
    found = json.loads(built.text("site/manifest.webmanifest"))
    assert (found["start_url"], found["scope"]) == ("./", "./")
    assert {icon["purpose"] for icon in found["icons"]} == {"any", "maskable"}
    for icon in found["icons"]:
        image = Image.open(io.BytesIO(built.tree()[f"site/{icon['src']}"]))
        assert f"{image.width}x{image.height}" == icon["sizes"]
    page = built.text(MOT)
    assert '<link rel="manifest" href="../../../manifest.webmanifest">' in page


def test_a_maskable_icon_keeps_its_drawing_inside_the_circle() -> None:
    svg = (LHH / "web/icon.svg").read_text("utf-8")
    data = offline.icon(svg, 256, 0.8)
    assert hashlib.sha256(data).digest() == hashlib.sha256(offline.icon(svg, 256, 0.8)).digest()
    image = Image.open(io.BytesIO(data)).convert("RGB")
    ground = image.getpixel((0, 0))
    outside = {
        image.getpixel((x, y))
        for x in range(0, 256, 4)
        for y in range(0, 256, 4)
        if (x - 128) ** 2 + (y - 128) ** 2 > 102**2
    }
    assert outside == {ground}
    assert len(image.getcolors() or []) > 3


@pytest.mark.parametrize(
    "svg",
    [
        '<svg viewBox="0 0 9 8"><path fill="#000000" d="M0 0h8v8H0z"/></svg>',
        '<svg viewBox="0 0 8 8"><path fill="#000000" d="M0 0c1 1 2 2 3 3z"/></svg>',
        '<svg viewBox="0 0 8 8"><circle r="3"/></svg>',
        "không phải hình",
    ],
)
def test_an_icon_that_cannot_be_drawn_again_is_an_error(svg: str) -> None:
    with pytest.raises(ValueError, match="chỉ"):
        theme.icon_shapes(svg)
    report = Report()
    theme.read("x", {"web/icon.svg": svg.encode()}, "themes/x", report)
    assert "TH012" in [item.code for item in report.items]


def test_shapes_of_an_icon() -> None:
    svg = '<svg viewBox="0 0 8 8"><path fill="#123456" d="M1 1h2v2L1 3zm4 0l1 1V4H5z"/></svg>'
    assert theme.icon_shapes(svg) == (
        8.0,
        (("#123456", (((1, 1), (3, 1), (3, 3), (1, 3)), ((5, 1), (6, 2), (6, 4), (5, 4)))),),
    )


def test_a_theme_without_a_worker_has_none_of_it(tmp_path: Path) -> None:
    plain = Project(tmp_path / "duan", {})
    plain.build()
    assert not [
        p for p in plain.tree() if "ngoai-tuyen" in p or p.endswith(("sw.js", "webmanifest"))
    ]
