"""Fixtures: small complete projects with a plain theme, built for real in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bulletin.build import build, prepare
from bulletin.diag import Diagnostic, Report, arrange
from bulletin.files import Output
from bulletin.model import Ledger, Outcome, Request
from bulletin.store import Store
from bulletin.text import VIETNAM

FONTS = Path(__file__).parent.parent / "themes" / "lhh" / "fonts"
ICC = FONTS.parent / "print" / "icc"
AS_OF = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)

CONFIG = """\
publication:
  name: Khoa học và Kỹ thuật
  agency: Cơ quan chủ quản
  publisher: Cơ quan xuất bản
  place: Tuyên Quang
  description: Bản tin thử.
  licence: {number: 37/GP-XBBT, date: 2025-06-16, issuer: Sở thử}
  record:
    {name: Khoa học và Kỹ thuật, purpose: Phổ biến kiến thức, audience: Hội viên, area: Trong tỉnh,
    language: tiếng Việt, periodicity: 03 tháng/kỳ, trim: 19 × 27 cm, pages: "64",
    circulation: 100 bản, printer: Nhà in thử}
  responsible: Người thử
  printer: Nhà in thử
  circulation: 100 bản
  periodicity: 03 tháng/kỳ
  contact: {address: Nhà thử, email: thu@example.vn, phone: 0207000000}
site:
  base_url: https://example.vn/bantin/
  social_cards: false
sections:
  - {slug: ky-thuat, title: Kỹ thuật, description: Cách làm., order: 10}
  - {slug: hoi-dap, title: Hỏi đáp, description: Trả lời., order: 20, standing: true}
theme: plain
"""
ISSUE = """\
number: 1
year: 2026
status: published
title: Chủ đề số một
short_title: Số một
deadline: {text: trong tháng 3/2026, date: 2026-03-31}
date: 2026-03-25
accent: dao
cover: {line: Câu trên bìa, teasers: []}
brief: Yêu cầu của kế hoạch.
orientations:
  - {id: 1a, text: Định hướng một, required: false}
  - {id: 1b, text: Định hướng hai, required: false}
contents:
  - section: ky-thuat
    articles: [mot]
"""
WORDS = " ".join(["Bài này nói về cách nuôi lợn nái an toàn sinh học trong hộ nhỏ."] * 4)
THEME = {
    "theme.yaml": """\
palettes:
  - {name: dao, accent: "#B8393A", fill: "#C8443C", light: "#F3D9D2", second: "#D9A441", accent_dark: "#F0A09A", pattern: star}
patterns:
  - {name: star, band: [".a.", "a.a", ".a."], field: [".a..", "a.a.", ".a..", "...."]}
fonts:
  - {file: fonts/SourceSerif4-Regular.ttf, family: LHH Serif, like: serif, weight: 400}
  - {file: fonts/SourceSerif4-Regular.ttf, family: LHH Sans, weight: 400, web: false}
""",
    "web/style.css": "body { color : #000; font-family: var(--font-lhh-serif) }\n",
    "web/search.js": "'use strict';\n",
    # Charts ask for the family LHH Sans; without one the layout would take a font of this machine.
    "print/print.css": (
        "@font-face{font-family:'LHH Serif';src:url(theme:fonts/SourceSerif4-Regular.ttf)}"
        "@font-face{font-family:'LHH Sans';src:url(theme:fonts/SourceSerif4-Regular.ttf)}"
        "body{font-family:'LHH Serif'}\n"
    ),
    "templates/web/base.html": (
        '<!doctype html><html lang="{{ page.head.frame.language }}"><head><meta charset="utf-8">'
        '<title>{{ page.head.title }}</title><link rel="stylesheet" href="{{ page.head | asset("style.css") }}">'
        "</head><body><h1>{{ page.head.title }}</h1>{% block main %}{% endblock %}</body></html>\n"
    ),
    "templates/web/home.html": (
        '{% extends "web/base.html" %}{% block main %}{% for part in page.parts %}{% for card in part.cards %}'
        '<a href="{{ page.head.root }}{{ card.url }}">{{ card.title }}</a>{% endfor %}{% endfor %}{% endblock %}'
    ),
    "templates/web/issue.html": (
        '{% extends "web/base.html" %}{% block main %}{{ page.issue.when }}{% for part in page.parts %}{% for card in part.cards %}'
        '<a href="{{ page.head.root }}{{ card.url }}">{{ card.title }}</a>{% endfor %}{% endfor %}{% endblock %}'
    ),
    "templates/web/article.html": (
        '{% extends "web/base.html" %}{% block main %}<p>{{ page.piece.card.standfirst }}</p>{{ page | cover }}{{ body }}'
        "{% if page.previous %}<p>{{ page.previous.title }}</p>{% endif %}"
        "{% if page.following %}<p>{{ page.following.title }}</p>{% endif %}{% endblock %}"
    ),
    "templates/web/group.html": (
        '{% extends "web/base.html" %}{% block main %}{% for card in page.group.cards %}'
        '<a href="{{ page.head.root }}{{ card.url }}">{{ card.title }}</a>{% endfor %}{% endblock %}'
    ),
    "templates/web/index.html": (
        '{% extends "web/base.html" %}{% block main %}{% for title, url, count in page.groups %}'
        '<a href="{{ page.head.root }}{{ url }}">{{ title }} ({{ count }})</a>{% endfor %}{% endblock %}'
    ),
    "templates/web/archive.html": (
        '{% extends "web/base.html" %}{% block main %}{% for year, lines in page.years %}{{ year }}{% endfor %}{% endblock %}'
    ),
    "templates/web/about.html": '{% extends "web/base.html" %}{% block main %}{{ page.head.frame.licence }}{% endblock %}',
    **{
        f"templates/web/{name}.html": '{% extends "web/base.html" %}'
        for name in (
            "calendar",
            "embed",
            "follow",
            "library",
            "plan",
            "questions",
            "quizzes",
            "submit",
        )
    },
    "templates/web/year.html": (
        '{% extends "web/base.html" %}{% block main %}{% for issue, parts in page.issues %}{% for part in parts %}'
        '{% for card in part.cards %}<a href="{{ page.head.root }}{{ card.url }}">{{ card.title }}</a>{% endfor %}'
        "{% endfor %}{% endfor %}{% endblock %}"
    ),
    "templates/web/corrections.html": (
        '{% extends "web/base.html" %}{% block main %}{% for iso, day, words, piece in page.entries %}'
        '{{ day }} {{ words }} <a href="{{ page.head.root }}{{ piece.url }}">{{ piece.title }}</a>{% endfor %}{% endblock %}'
    ),
    "templates/web/quiz.html": (
        '{% extends "web/base.html" %}{% block main %}{% for question in page.quiz.questions %}{{ question.text }}'
        "{% for choice in question.choices %}<i>{{ choice }}</i>{% endfor %}"
        "{% if page.closed %}{{ question.answer }} {{ question.explanation }}{% endif %}{% endfor %}{% endblock %}"
    ),
    "templates/web/moved.html": (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ page.target.title }}</title>'
        '<meta http-equiv="refresh" content="0; url={{ page.head.root }}{{ page.target.url }}"></head>'
        '<body><a href="{{ page.head.root }}{{ page.target.url }}">{{ page.target.title }}</a></body></html>'
    ),
    "templates/web/search.html": '{% extends "web/base.html" %}',
    "templates/web/404.html": '{% extends "web/base.html" %}',
    "templates/print/issue.html": (
        '<!doctype html><html lang="vi"><head><title>{{ page.edition.issue.title }}</title></head><body>'
        "<p>BẢN TIN {{ page.imprint.name }} {{ page.imprint.place_and_date }}</p>"
        "{% for piece in page.edition.issue.pieces %}<h1 id='a-{{ piece.card.uid }}'>{{ piece.card.title }}</h1>"
        "{{ piece | lead }}{{ bodies[piece.card.id] }}{% endfor %}<p>{{ page.imprint.licence }}</p></body></html>\n"
    ),
}

# Without a web font: cutting one takes most of the time of a small build.
LIGHT = {
    "themes/plain/theme.yaml": THEME["theme.yaml"].replace(
        "serif, weight: 400}", "serif, weight: 400, web: false}"
    )
}


def article(title: str = "Bài một", body: str = WORDS, **fields: str) -> str:
    """Text of a published article; ``fields`` are YAML fragments, an empty one drops the key."""
    values = {
        "title": f'"{title}"',
        "uid": '"2026-1-mot"',
        "section": "ky-thuat",
        "genre": "guide",
        "authors": "[Ban biên tập]",
        "status": "published",
        "standfirst": "Câu mở đầu.",
        "keywords": "[chăn nuôi]",
        "sources": "[{title: Tài liệu thử}]",
        "ai": "{label: none}",
        **fields,
    }
    head = "\n".join(f"{name}: {value}" for name, value in values.items() if value)
    return f"---\n{head}\n---\n\n{body}\n"


def magazine(count: int) -> dict[str, str | bytes]:
    """Files of an issue with ``count`` published articles «bai-1» …, in this order."""
    names = [f"bai-{number}" for number in range(1, count + 1)]
    files: dict[str, str | bytes] = {
        "issues/2026/so-1.yaml": ISSUE.replace("[mot]", f"[{', '.join(names)}]")
    }
    for number, name in enumerate(names, start=1):
        files[f"content/2026/so-1/{name}.md"] = article(
            f"Bài số {number}", uid=f'"2026-1-{name}"', keywords=f"[chăn nuôi, riêng {number}]"
        )
    return files


class Project:
    """A project folder of one test."""

    def __init__(self, root: Path, files: Mapping[str, str | bytes]) -> None:
        self.root = root
        self.output = root / "output"
        base: dict[str, str | bytes] = {
            "bulletin.yaml": CONFIG,
            "issues/2026/so-1.yaml": ISSUE,
            "content/2026/so-1/mot.md": article(),
        }
        base |= {f"themes/plain/{name}": text for name, text in THEME.items()}
        base["themes/plain/fonts/SourceSerif4-Regular.ttf"] = (
            FONTS / "SourceSerif4-Regular.ttf"
        ).read_bytes()
        for profile in ("FOGRA39L_coated.icc", "khcn39.icc"):
            base[f"themes/plain/print/icc/{profile}"] = (ICC / profile).read_bytes()
        if not files.keys().isdisjoint({"content/2026/so-1/bai-1.md"}):
            del base["content/2026/so-1/mot.md"]  # a magazine has articles of its own
        for path, content in {**base, **files}.items():
            self.write(path, content)

    def write(self, path: str, content: str | bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def build(
        self,
        only: tuple[str, ...] = ("site",),
        as_of: datetime = AS_OF,
        drafts: bool = False,
        workers: int = 1,
        output: Path | None = None,
    ) -> Outcome:
        target = Output(output or self.output, self.root)
        return build(self.root, target, Request(as_of, drafts, only, workers))

    def check(self, as_of: datetime = AS_OF) -> tuple[Diagnostic, ...]:
        """What reading and assembling say; nothing is made."""
        report = Report()
        with Store(self.root / "memo") as store:
            prepare(self.root, store, "tools", as_of, False, report)
        return arrange(report.items)

    def text(self, path: str) -> str:
        return (self.output / path).read_text(encoding="utf-8")

    def ledger(self, as_of: datetime = AS_OF) -> Ledger:
        """What the office sees; nothing may be wrong."""
        report = Report()
        with Store(self.root / "memo") as store:
            ready = prepare(self.root, store, "tools", as_of, False, report)
        assert ready is not None, report.items
        assert not report.failed, report.items
        return ready.assembly.ledger

    def tree(self, folder: Path | None = None) -> dict[str, bytes]:
        """Published files (not our own folder) with their bytes."""
        base = folder or self.output
        return {
            path.relative_to(base).as_posix(): path.read_bytes()
            for path in sorted(base.rglob("*"))
            if path.is_file() and ".bulletin" not in path.relative_to(base).parts
        }


Make = Callable[..., Project]


@pytest.fixture
def project(tmp_path: Path) -> Make:
    """``project({"content/…": "…"})``: the base project with these files added or replaced."""

    def make(files: Mapping[str, str | bytes] | None = None, name: str = "duan") -> Project:
        return Project(tmp_path / name, files or {})

    return make


def codes(items: tuple[Diagnostic, ...]) -> list[str]:
    return [item.code for item in items]


def at(items: tuple[Diagnostic, ...], code: str) -> Diagnostic:
    """The only diagnostic with this code."""
    found = [item for item in items if item.code == code]
    assert len(found) == 1, f"{code}: {[(str(i.place), i.code, i.message) for i in items]}"
    return found[0]


@pytest.fixture
def trial(tmp_path: Path) -> Any:
    """``trial({"content/…": "…"})``: a scratch project on which the real command is run and
    the whole contract of docs/reliability.md asserted after each command."""
    from contract import Trial

    return lambda files=None, name="nhà": Trial(_made(tmp_path / name), files)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
