"""Writes an archive of any size from the sentences of the printed issues, always the same one.

    python scripts/bench/archive.py FOLDER ARTICLES

Every article has new sentences in a new order, a title of its own and 300 to 1,200 words. A few
places are named in a known number of articles.
"""

from __future__ import annotations

import json
import random  # noqa: TID251 - seeded with the number of each article
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PER_ISSUE = 25
YEARS = 120  # a larger archive has larger issues: no issue is older than 1900
SECTIONS = ("chinh-sach", "nghi-quyet-57", "hoat-dong-hoi", "ky-thuat", "sang-tao", "doi-song")
# Named in one of so many articles.
PLACES = {"Đắk Pxi": 1400, "Điện Biên": 800, "Đồng Đăng": 500, "Lũng Cú": 900}
LEFT_OUT = "  social_cards: false\n  books: false\n"
PALETTES = ("dao", "che", "nghe", "cham")


def corpus() -> tuple[list[str], list[str], list[str]]:
    """Titles and headings, sentences, keywords of the printed issues."""
    titles, sentences, keywords = [], [], []
    for path in sorted((ROOT / "content").glob("*/*/*.md")):
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        titles += re.findall(r'^title: "?(.*?)"?$', head, re.MULTILINE)
        titles += re.findall(r"^#+ (.*)$", body, re.MULTILINE)
        for words in re.findall(r"^keywords: \[(.*)\]$", head, re.MULTILINE):
            keywords += [word.strip(" \"'") for word in words.split(",")]
        for line in body.splitlines():
            if line[:1].isalpha() and not re.search(r"[\[\]|{}<>$`*]", line):
                sentences += re.split(r"(?<=[.?!]) ", line)
    return titles, [s for s in sentences if len(s) > 20], sorted(set(keywords))


def article(number: int, chance: random.Random, texts: tuple[list[str], ...]) -> str:
    titles, sentences, keywords = texts
    title = f"{chance.choice(titles)} – {chance.choice(titles)}"
    body = []
    words = 0
    goal = chance.randint(300, 1200)
    while words < goal:
        paragraph = " ".join(chance.sample(sentences, chance.randint(2, 5)))
        if chance.random() < 0.12:
            body.append(f"## {chance.choice(titles)}")
        body.append(paragraph)
        words += len(paragraph.split())
    for place, share in PLACES.items():
        if number % share == share // 2:
            body.append(f"Đoàn cán bộ đã đến thăm bà con {place} trong tháng trước.")
    head = {
        "uid": f"tong-hop-{number}",
        "title": title,
        "section": SECTIONS[number % PER_ISSUE * len(SECTIONS) // PER_ISSUE],
        "genre": "guide",
        "authors": ["Ban biên tập"],
        "status": "published",
        "standfirst": " ".join(chance.sample(sentences, 2)),
        "keywords": chance.sample(keywords, 4),
        "sources": [{"title": "Tài liệu tổng hợp"}],
        "ai": {"label": "none"},
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    return "---\n" + "\n".join(lines) + "\n---\n\n" + "\n\n".join(body) + "\n"


def issue(year: int, number: int, names: list[str]) -> str:
    sections: dict[str, list[str]] = {}
    for place, name in enumerate(names):
        part = place % PER_ISSUE * len(SECTIONS) // PER_ISSUE
        sections.setdefault(SECTIONS[part], []).append(name)
    contents = "".join(
        f"  - {{section: {s}, articles: {json.dumps(a)}}}\n" for s, a in sections.items()
    )
    day = f"{year}-{number * 3:02d}-20"
    return (
        f"number: {number}\nyear: {year}\nstatus: published\ntitle: Chủ đề số {number}\n"
        f"short_title: Số {number}\n"
        f"deadline: {{text: trong tháng {number * 3}/{year}, date: {day}}}\n"
        f"date: {day}\naccent: {PALETTES[number - 1]}\ncover: {{line: Câu trên bìa, teasers: []}}\n"
        f"brief: Yêu cầu.\norientations: []\ncontents:\n{contents}"
    )


def refresh(folder: Path) -> None:
    """The themes of today, in an archive that was written on another day."""
    shutil.rmtree(folder / "themes", ignore_errors=True)
    shutil.copytree(ROOT / "themes", folder / "themes")


def leave_out(folder: Path) -> None:
    """The settings of today without what a measure of pages or pictures has no use for."""
    text = (ROOT / "bulletin.yaml").read_text("utf-8")
    (folder / "bulletin.yaml").write_text(
        text.replace("\nsite:\n", f"\nsite:\n{LEFT_OUT}"), "utf-8"
    )


def write(folder: Path, count: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "bulletin.yaml", folder)
    refresh(folder)
    texts = corpus()
    size = PER_ISSUE * -(-count // (PER_ISSUE * 4 * YEARS))
    issues = -(-count // size)
    for place in range(issues):
        year, number = divmod(4 * 2026 - issues + place, 4)
        key = f"{year}/so-{number + 1}"
        names = [f"bai-{n}" for n in range(place * size, min(count, (place + 1) * size))]
        home = folder / "content" / key
        home.mkdir(parents=True)
        for name in names:
            own = int(name[4:])
            (home / f"{name}.md").write_text(article(own, random.Random(own), texts), "utf-8")
        file = folder / "issues" / f"{key}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(issue(year, number + 1, names), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
