"""Pages beside the issues: who is led where, what stays sealed, and what only the board sees."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import AS_OF, ISSUE, LIGHT, WORDS, Make, article, at, magazine
from test_catalog import BANK, DAY, DAYS, LEAFLET, MEDIUM, ONE, PICTURE, POSTER, QUIZ, TWO, second

from bulletin import facts, finished, likeness, markdown
from bulletin.build import check_paths
from bulletin.diag import Report
from bulletin.model import Card, Job, Link
from bulletin.outputs import site
from bulletin.outputs.cite import escape
from bulletin.text import VIETNAM

BOTH = {"issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai]")}
THEME = Path(__file__).parent.parent / "themes" / "lhh" / "templates" / "web"
SHOWN = "themes/plain/templates/web/{}.html"


def lhh(*names: str) -> dict[str, str]:
    """Templates of the real theme that need nothing but the plain theme's base."""
    bits = '{% import "web/_bits.html" as bits %}'
    files = {SHOWN.format("_bits"): (THEME / "_bits.html").read_text(encoding="utf-8")}
    for name in names:
        source = (THEME / f"{name}.html").read_text(encoding="utf-8")
        source = source.replace("{% block main %}", "{% block main %}" + bits, 1)
        files[SHOWN.format(name)] = re.sub(r"{% block scripts %}.*?{% endblock %}", "", source)
    return files


# ---- what an AI tool made ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "words", "other"),
    [
        ("generated", "Nội dung do AI tạo. Máy viết, người sửa", "Có AI hỗ trợ"),
        ("assisted", "Có AI hỗ trợ. Máy viết, người sửa", "Nội dung do AI tạo"),
        ("none", "", "Sử dụng AI"),
    ],
)
def test_the_article_page_of_the_theme_shows_the_label(
    project: Make, label: str, words: str, other: str
) -> None:
    ai = f'{{label: {label}, note: "Máy viết, người sửa"}}'
    main = "{% block main %}"
    base = main + "{% set head = page.head %}{% set native = '' %}"  # what the theme's base sets
    theme = {path: source.replace(main, base, 1) for path, source in lhh("article").items()}
    made = project({**LIGHT, **theme, ONE: article(ai=ai)})
    outcome = made.build()
    assert not outcome.failed, outcome.diagnostics
    page = made.text("site/2026/so-1/mot/index.html")
    assert finished.shows(page, words)
    assert not finished.shows(page, other)


# ---- quiz ----------------------------------------------------------------------------------------

SEALED = BANK.replace("closes: 2026-10-31", "closes: 2026-11-30").replace("Vì thế.", "Khóakín")


def test_no_key_is_anywhere_before_the_closing_day(project: Make) -> None:
    made = project({**LIGHT, **lhh("quiz", "quizzes"), QUIZ: SEALED})
    last = datetime(2026, 11, 30, 23, 59, tzinfo=VIETNAM)
    assert not made.build(as_of=last).failed
    page = made.text("site/tu-kiem-tra/bo-mot/index.html")
    assert "Câu hỏi" in page
    assert "Đáp án có từ 01/12/2026" in page
    assert "data-right" not in page
    assert not any("Khóakín".encode() in data for data in made.tree().values())


def test_the_key_is_there_on_the_day_after(project: Make) -> None:
    made = project({**LIGHT, **lhh("quiz", "quizzes"), QUIZ: SEALED})
    made.build(as_of=datetime(2026, 12, 1, 0, 0, tzinfo=VIETNAM))
    page = made.text("site/tu-kiem-tra/bo-mot/index.html")
    assert "Khóakín" in page
    assert 'data-right="1"' in page
    assert 'href="../../2026/so-1/mot/"' in page


def test_a_bank_that_is_not_open_yet_is_nowhere(project: Make) -> None:
    made = project(
        {**LIGHT, QUIZ: BANK.replace("2026-10-01", "2026-11-22").replace("10-31", "12-31")}
    )
    made.build()
    assert not any(path.startswith("site/tu-kiem-tra") for path in made.tree())
    assert "tu-kiem-tra" not in made.text("site/sitemap.xml")


# ---- plan, calendar --------------------------------------------------------------------------------

NEXT = (
    ISSUE.replace("number: 1", "number: 2")
    .replace("status: published", "status: planned")
    .replace("title: Chủ đề số một", "title: Chủ đề số hai")
    .replace("date: 2026-03-25\n", "")
    .replace("2026-03-31", "2026-12-31")
    .replace("tháng 3/2026", "tháng 12/2026")
    .replace("[mot]", "[]")
)


def test_the_plan_tells_themes_and_deadlines_and_nothing_else(project: Make) -> None:
    made = project({**LIGHT, **lhh("plan"), "issues/2026/so-2.yaml": NEXT})
    made.build()
    page = made.text("site/ke-hoach/index.html")
    assert "Chủ đề số hai" in page
    assert "trong tháng 12/2026" in page.replace("\u00a0", " ")
    assert "Theo kế hoạch" in page
    for secret in ("Yêu cầu của kế hoạch", "Định hướng một", "Câu trên bìa"):
        assert secret not in page
    assert 'href="../2026/so-1/"' in page
    assert "2026/so-2/" not in page


def test_the_calendar_holds_days_and_deadlines_by_month(project: Make) -> None:
    made = project({**LIGHT, **lhh("calendar"), DAYS: DAY.replace("18/5", "1/3")})
    made.build()
    page = made.text("site/lich/index.html")
    assert page.index("01/3<") < page.replace("\u00a0", " ").index("Bản tin số 1/2026")
    assert page.count("<h2") == 1
    assert "Nguồn thử" in page


# ---- questions, audiences, years, library ----------------------------------------------------------


def test_questions_lead_to_their_place_in_the_article(project: Make) -> None:
    body = f"{WORDS}\n\n:::qa Một?\nĐáp.\n:::\n\n:::qa Hai?\nĐáp.\n:::\n"
    made = project({**LIGHT, **lhh("questions"), ONE: article(body=body)})
    made.build()
    page = made.text("site/hoi-dap/index.html")
    assert 'href="../2026/so-1/mot/#hoi_2">Hai?</a>' in page
    assert 'id="hoi_2"' in made.text("site/2026/so-1/mot/index.html")


def test_audiences_have_pages(project: Make) -> None:
    made = project({**LIGHT, ONE: article(audience="[nông dân, mọi người]")})
    made.build()
    assert "Bài một" in made.text("site/doi-tuong/nong-dan/index.html")
    index = made.text("site/doi-tuong/index.html")
    assert index.index("nông dân (1)") < index.index("mọi người (1)")


def test_library_shows_drawings_with_their_words_and_their_place(project: Make) -> None:
    body = (
        f"{WORDS}\n\n:::figure ve.svg\nalt: Mô tả hình vẽ\ncaption: Sơ đồ\ncredit: Người vẽ\n:::\n"
    )
    cover = "{file: bia.svg, alt: Bìa, credit: Ban biên tập}"
    made = project(
        {
            **LIGHT,
            **lhh("library"),
            ONE: article(body=body, cover=cover),
            "content/2026/so-1/ve.svg": PICTURE,
            "content/2026/so-1/bia.svg": PICTURE.replace("h9", "h8"),
        }
    )
    made.build()
    page = made.text("site/thu-vien/index.html")
    assert 'alt="Mô tả hình vẽ"' in page
    assert "Người vẽ" in page
    assert 'href="../2026/so-1/mot/#hinh-ve"' in page
    assert 'id="hinh-ve"' in made.text("site/2026/so-1/mot/index.html")
    image = re.search(r'<img src="\.\./(hinh/ve-\w+\.svg)"', page)
    assert image
    assert f"site/{image[1]}" in made.tree()


def test_shared_media_are_put_on_the_site(project: Make) -> None:
    sound = POSTER.replace("poster", "podcast").replace("to-roi.svg", "loi.mp3")
    sound = sound.replace("alt: Mô tả", "transcript: Lời đọc")
    made = project(
        {**LIGHT, **lhh("library"), MEDIUM: POSTER, **LEAFLET}
        | {"content/thu-vien/nghe.yaml": sound, "content/thu-vien/loi.mp3": b"ID3"}
    )
    assert not made.build().failed
    page = made.text("site/thu-vien/index.html")
    assert "Tranh cổ động" in page
    assert "Video" not in page
    address = re.search(r'href="\.\./(hinh/nghe-\w+\.mp3)" download', page)
    assert address
    assert made.tree()[f"site/{address[1]}"] == b"ID3"
    assert "Lời đọc" in page


# ---- corrections, moved articles, versions, citation -----------------------------------------------


def test_corrections_stand_on_their_page(project: Make) -> None:
    notes = "[{date: 2026-04-02, text: Sửa số liệu}, {date: 2026-05-03, text: Sửa tên}]"
    made = project({**LIGHT, **lhh("corrections"), ONE: article(corrections=notes)})
    made.build()
    page = made.text("site/dinh-chinh/index.html")
    assert page.index("Sửa tên") < page.index("Sửa số liệu")
    assert 'href="../2026/so-1/mot/"' in page


def test_an_old_address_leads_to_the_piece(project: Make) -> None:
    made = project({**LIGHT, **lhh("moved"), ONE: article(aliases="[/2025/cu, tin/bai.html]")})
    made.build()
    page = made.text("site/2025/cu/index.html")
    assert 'content="0; url=../../2026/so-1/mot/"' in page
    assert '<link rel="canonical" href="https://example.vn/bantin/2026/so-1/mot/">' in page
    assert 'url=../2026/so-1/mot/"' in made.text("site/tin/bai.html")
    assert "2025/cu" not in made.text("site/sitemap.xml")


def test_the_old_address_of_a_draft_leads_nowhere(project: Make) -> None:
    made = project({**LIGHT, TWO: second(status="draft", aliases="[bai-cu]"), **BOTH})
    made.build()
    assert not any("bai-cu" in path for path in made.tree())


def test_two_old_addresses_collide_and_both_places_are_told(project: Make) -> None:
    made = project({ONE: article(aliases="[cu]"), TWO: second(aliases="[Cu/]"), **BOTH})
    found = at(made.check(), "FM038")
    assert {found.place.path, *(place.path for place in found.see)} == {ONE, TWO}


def test_two_jobs_for_one_file_are_an_error() -> None:
    report = Report()
    check_paths([Job("site/a.html", "site", None), Job("site/A.html", "site", None)], report)
    assert at(tuple(report.items), "SY009").see


def versions(project: Make, status: str) -> str:
    template = '{% extends "web/base.html" %}{% block main %}{% for v in page.piece.versions %}[{{ v.lang }} {{ v.name }} {{ v.url }}]{% endfor %}{% endblock %}'
    other = second(lang="tyz", translation_of="2026-1-mot", status=status)
    made = project({**LIGHT, SHOWN.format("article"): template, TWO: other, **BOTH})
    assert not made.build().failed
    return made.text("site/2026/so-1/mot/index.html")


def test_language_versions_know_each_other(project: Make) -> None:
    page = versions(project, "published")
    assert "[vi tiếng Việt 2026/so-1/mot/][tyz tiếng Tày 2026/so-1/hai/]" in page


def test_a_version_that_is_not_public_is_not_told(project: Make) -> None:
    assert "[vi" not in versions(project, "draft")


def test_citation_as_text_and_as_bibtex(project: Make) -> None:
    template = "{{ page.citation.text | safe }}\n{{ page.citation.bibtex | safe }}"
    made = project({**LIGHT, SHOWN.format("article"): template, ONE: article("Lãi 5% & hơn")})
    made.build()
    page = made.text("site/2026/so-1/mot/index.html")
    assert page.startswith(
        "Ban biên tập. Lãi 5% & hơn. Bản tin Khoa học và Kỹ thuật (Cơ quan xuất bản), số 1, "
        "tháng 3/2026. https://example.vn/bantin/2026/so-1/mot/\n@article{2026-1-mot,\n"
    )
    assert r"title = {{Lãi 5\% \& hơn}}" in page
    assert escape(r"a\b{c}_#$") == r"ab\{c\}\_\#\$"


# ---- what is like what -----------------------------------------------------------------------------


def card(name: str, section: str = "a", lang: str = "vi", words: tuple[str, ...] = ()) -> Card:
    links = tuple(Link(word, f"tu-khoa/{word}/") for word in words)
    empty = Link("", "")
    return Card(name, name, f"{name}/", name, "", "", (), Link(section, section), empty, links, (), lang, "", "", "", "dao")  # fmt: skip


def test_likeness_is_by_text_and_keywords_not_by_chance() -> None:
    pieces = [
        (card("lon"), facts.terms("Chuồng lợn nái. Chuồng lợn sạch. Khử trùng chuồng lợn.")),
        (card("heo"), facts.terms("Rửa chuồng lợn, quét vôi.")),
        (card("cam", words=("vườn",)), facts.terms("Cam sành chín. Tỉa cành cam sành.")),
        (card("che", words=("vườn",)), facts.terms("Hái búp chè xuân.")),
        (card("en", lang="en"), facts.terms("chuồng lợn")),
    ]
    found = likeness.related(pieces)
    assert [other.id for other in found["lon"]] == ["heo"]
    assert [other.id for other in found["che"]] == ["cam"]
    assert found["en"] == ()
    assert likeness.related(pieces[::-1]) == found


def test_likeness_passes_over_what_all_pieces_share() -> None:
    many = [(card(f"b{n}"), "bản tin\t9") for n in range(likeness.COMMON + 1)]
    assert set(likeness.related(many).values()) == {()}


def test_terms_do_not_cross_punctuation_and_leave_out_small_words() -> None:
    assert dict(facts.counts(facts.terms("Nuôi lợn. Nái và con: nuôi lợn"))) == {"nuôi lợn": 2}


def test_figures_and_questions_of_a_body_in_written_order() -> None:
    source = ":::qa Một?\n![Mô tả](a.svg 'Chú thích')\n:::\n\n:::qa Hai?\nb\n:::\n"
    nodes = markdown.parse(source, "a.md", 1, Report()).nodes
    assert facts.questions(nodes) == ("Một?", "Hai?")
    assert [(f.form, f.target, f.title, f.alt) for f in facts.figures(nodes)] == [
        ("figure", "a.svg", "Chú thích", "Mô tả")
    ]


# ---- menus ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_quiz", [True, False])
def test_menus_lead_to_every_standing_page_that_exists(project: Make, with_quiz: bool) -> None:
    base = "{% for link in page.head.frame.lookup + page.head.frame.house %}[{{ link.url }}]{% endfor %}"
    extra = {QUIZ: BANK} if with_quiz else {}
    made = project({**LIGHT, SHOWN.format("home"): base, DAYS: DAY, **extra})
    made.build(as_of=AS_OF + timedelta(days=1))
    told = set(re.findall(r"\[(.*?)\]", made.text("site/index.html")))
    assert {url for url in told if f"site/{url}index.html" not in made.tree()} == set()
    assert ("tu-kiem-tra/" in told) is with_quiz
    assert {"lich/", "ke-hoach/", "gui-bai/", "dinh-chinh/"} <= told


def test_a_year_has_its_page(project: Make) -> None:
    made = project({**LIGHT, **magazine(3)})
    made.build()
    assert made.text("site/2026/index.html").count("Bài số") == 3


def numbered(number: int) -> str:
    return article(
        f"Bài {number}",
        uid=f'"2026-1-b{number}"',
        date=f"2026-03-{number:02d}",
        audience='["nông dân"]',
    )


def archive(count: int) -> dict[str, str | bytes]:
    """So many published pieces in one issue and section."""
    files = {path: data for path, data in LIGHT.items() if not path.startswith("content/")}
    names = ["mot", *(f"bai-{n}" for n in range(2, count + 1))]
    return files | {
        f"content/2026/so-1/{name}.md": numbered(n) for n, name in enumerate(names, start=1)
    }


def listed(page: str) -> list[str]:
    return re.findall(r"<a [^>]*>(Bài \d+)</a>", page)


def test_a_long_list_has_pages_that_stay_as_they_are(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "ROWS", 3)
    template = (
        '{% extends "web/base.html" %}{% block main %}{{ page.total }} bài {{ page.head.title }}'
        "{% for card in page.group.cards %}<a href='{{ page.head.root }}{{ card.url }}'>"
        "{{ card.title }}</a>{% endfor %}|{{ page.newer }}|{{ page.older }}|{% endblock %}"
    )
    made = project({**archive(7), "themes/plain/templates/web/group.html": template})
    assert not made.build().failed
    base = "site/chuyen-muc/ky-thuat/"
    first, last = made.text(f"{base}index.html"), made.text(f"{base}phan-1/index.html")
    assert listed(first) == ["Bài 7", "Bài 6", "Bài 5", "Bài 4"]
    assert listed(last) == ["Bài 3", "Bài 2", "Bài 1"]
    assert "||chuyen-muc/ky-thuat/phan-1/|" in first
    assert "7 bài Kỹ thuật, phần 1" in last
    assert "|chuyen-muc/ky-thuat/||" in last
    made.write("content/2026/so-1/bai-8.md", numbered(8))
    outcome = made.build()
    assert f"{base}index.html" in outcome.made
    maps = made.text("site/sitemap.xml")
    for path in made.tree():
        if path.startswith("site/") and "/phan-" in path:
            assert f"{path.removeprefix('site/').removesuffix('index.html')}</loc>" in maps
    made.write("content/2026/so-1/bai-9.md", numbered(9))
    made.build()
    assert listed(made.text(f"{base}phan-1/index.html")) == ["Bài 3", "Bài 2", "Bài 1"]
    assert listed(made.text(f"{base}phan-2/index.html")) == ["Bài 6", "Bài 5", "Bài 4"]


def test_many_addresses_have_a_map_of_maps(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(archive(3))
    assert not made.build().failed
    whole = re.findall(r"<loc>(.*?)</loc>", made.text("site/sitemap.xml"))
    monkeypatch.setattr(site, "ADDRESSES", 10)
    assert len(whole) > 20
    other = made.root.parent / "nhiều bản đồ"
    made.build(output=other)
    tree = made.tree(other)
    index = tree["site/sitemap.xml"].decode()
    assert "<sitemapindex" in index
    parts = re.findall(r"<loc>.*?/(sitemap-\d+\.xml)</loc>", index)
    assert len(parts) == -(-len(whole) // 10)
    found = [re.findall(r"<loc>(.*?)</loc>", tree[f"site/{name}"].decode()) for name in parts]
    assert all(len(addresses) <= 10 for addresses in found)
    assert [address for addresses in found for address in addresses] == whole
