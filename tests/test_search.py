"""The search index, read from its files by a small reader of our own, as a browser would.

The reader knows the format from its description only: it shares no code with the writer.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from conftest import ISSUE, LIGHT, WORDS, Make, Project, article, magazine

from bulletin import store
from bulletin.outputs import search, shelves
from bulletin.outputs.syllables import WORD, split
from bulletin.pages import SearchPart
from bulletin.studio import Studio

MARKS = {0x300: "f", 0x301: "s", 0x309: "r", 0x303: "x", 0x323: "j", 0x306: "w", 0x31B: "w", 0x302: "c"}  # fmt: skip
WEIGHT = (1, 2, 3, 5, 9)


def stem_and_marks(word: str) -> tuple[str, str]:
    low = unicodedata.normalize("NFD", word.lower().replace("đ", "d\u0335"))
    marks = [("d" if c == "\u0335" else MARKS[ord(c)]) for c in low if unicodedata.combining(c)]
    stem = "".join(c for c in low if not unicodedata.combining(c))
    if re.fullmatch("(qu|[bcdghklmnprstvx]h?)y", stem):
        stem = f"{stem[:-1]}i"
    return stem, "".join(sorted(marks))


class Reader:
    """Answers queries from a built site; ``loaded`` are the files that it had to open."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.loaded: list[str] = []
        self.head = self.load("search.json")
        self.cuts = self.head["shelves"].split(",")

    def load(self, path: str) -> Any:
        self.loaded.append(path)
        return json.loads((self.site / path).read_bytes())

    def shelf(self, volume: str, every: int, key: str) -> list[dict[str, Any]]:
        number = (bisect_right(self.cuts, key) - 1) // every
        found: list[dict[str, Any]] = self.load(f"{self.head['base']}{volume}/{number}.json")
        return found

    def words(self, volume: str, every: int, stem: str, last: bool) -> list[dict[str, Any]]:
        """Half a word may be on the next shelf."""
        keys = self.shelf(volume, every, stem)
        if last and (every > 8 or not any(stem in part for part in keys)):
            more = self.shelf(volume, every, f"{stem}\uffff")
            keys = [one | two for one, two in zip(keys, more, strict=True)]
        return keys

    def starts(self) -> Iterator[int]:
        """The first piece of each part."""
        start = 0
        for _, size in self.head["parts"]:
            yield start
            start += size

    def places(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        piece, number, unit = start - 1, 0, 1
        for sign in text:
            value = ord(sign) - (36 if sign > "\\" else 35)
            number += value * unit
            unit *= 27
            if value < 64:
                gap, level = divmod(number, self.head["levels"])
                piece += 1 + gap
                yield piece, level
                number, unit = 0, 1

    def neighbours(self, key: str) -> dict[int, float]:
        """What a pair is worth in each piece."""
        found: dict[int, float] = {}
        starts = self.starts()
        for name, every, count in self.head["volumes"]:
            for start, keys in zip(
                islice(starts, count), self.shelf(name, every, key), strict=True
            ):
                for piece, level in self.places(keys.get(key, ""), start):
                    found[piece] = WEIGHT[level] * 1.5
        return found

    def find(self, query: str) -> list[str]:
        """Addresses, best first, of the pieces that have every word."""
        asked = [
            stem_and_marks(word)
            for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", query))
        ]
        total = sum(size for _, size in self.head["parts"])
        points: dict[int, float] = {}
        having: list[set[int]] = []
        for number, (stem, marks) in enumerate(asked):
            after = f"{stem} {asked[number + 1][0]}" if number + 1 < len(asked) else ""
            last = number + 1 == len(asked)
            word: dict[int, float] = {}
            starts = self.starts()
            shelved = [
                (start, keys)
                for name, every, count in self.head["volumes"]
                for start, keys in zip(
                    islice(starts, count), self.words(name, every, stem, last), strict=True
                )
            ]
            for start, keys in shelved:
                same = {key: v for key, v in keys.get(stem, {}).items() if marks in ("", key)}
                found = [(places, 1.0) for places in same.values()]
                if last:
                    found += [
                        (places, 0.4)
                        for key, variants in keys.items()
                        if key.startswith(stem) and key != stem and " " not in key
                        for own, places in variants.items()
                        if all(mark in own for mark in marks)
                    ]
                for places, factor in found:
                    for piece, level in self.places(places, start):
                        word[piece] = max(word.get(piece, 0), WEIGHT[level] * factor)
            pair = self.neighbours(after) if after else {}
            having.append(set(word))
            for group in (word, pair):
                for piece, value in group.items():
                    rare = math.log(1 + total / (len(group) + 1))
                    points[piece] = points.get(piece, 0) + value * rare
        hits = set.intersection(*having) if having else set()
        return [self.record(piece)[0] for piece in sorted(hits, key=lambda p: (-points[p], -p))]

    def record(self, piece: int) -> list[str]:
        for name, size in self.head["parts"]:
            if piece < size:
                block = self.load(f"{self.head['base']}{name}/b{piece // self.head['block']}.json")
                found: list[str] = block[piece % self.head["block"]]
                return found
            piece -= size
        raise AssertionError


def reader(made: Project) -> Reader:
    return Reader(made.output / "site")


def names(made: Project, query: str) -> list[str]:
    return [url.rstrip("/").rsplit("/", 1)[-1] for url in reader(made).find(query)]


def several(**articles: str) -> dict[str, str | bytes]:
    """An issue with these articles: name → text."""
    return {
        **LIGHT,
        "issues/2026/so-1.yaml": ISSUE.replace("[mot]", f"[{', '.join(['mot', *articles])}]"),
        **{f"content/2026/so-1/{name}.md": text for name, text in articles.items()},
    }


@pytest.mark.parametrize(
    "query",
    [
        "dien bien",
        "Điện",
        "dak",
        "DIEN BIEN",
        "đien",
        "ĐẮK",
        "dak pxi",
        "đắk pxi",
        "Đa\u0306\u0301k",
    ],
)
def test_found_with_and_without_marks(project: Make, query: str) -> None:
    made = project(several(bai=article("Điện về Điện Biên", f"{WORDS} Ở Đắk Pxi.", uid="b")))
    assert not made.build().failed
    if query == "đien":  # half typed: the browser widens it to words with these marks and more
        assert reader(made).load(
            f"assets/tim/{reader(made).head['volumes'][0][0]}/{_shelf(made, 'dien')}.json"
        )[0]["dien"].keys() == {"cdj"}
    else:
        assert names(made, query) == ["bai"]


def _shelf(made: Project, stem: str) -> int:
    found = reader(made)
    return int((bisect_right(found.cuts, stem) - 1) // found.head["volumes"][0][1])


def test_marks_that_are_typed_count(project: Make) -> None:
    made = project(
        several(
            a=article("Chăn bò", f"{WORDS}", uid="a", keywords="[bò]"),
            b=article("Chặn lũ", f"{WORDS}", uid="b", keywords="[lũ]"),
        )
    )
    made.write("content/2026/so-1/mot.md", article(keywords="[lợn]"))
    assert not made.build().failed
    assert names(made, "chăn") == ["a"]
    assert names(made, "chặn") == ["b"]
    assert set(names(made, "chan")) == {"a", "b"}


@pytest.mark.parametrize(
    "query", ["hoà bình", "hòa bình", "kĩ thuật", "kỹ thuật", "ky thuat", "ki thuat"]
)
def test_both_spellings_are_one_word(project: Make, query: str) -> None:
    made = project(several(bai=article("Kỹ thuật ở Hòa Bình", WORDS, uid="b")))
    assert not made.build().failed
    assert names(made, query) == ["bai"]


def test_title_before_keyword_before_standfirst_before_text(project: Make) -> None:
    text = f"{WORDS} Vườn có cây quế."
    made = project(
        several(
            trong=article("Bốn", text, uid="1", keywords="[a]"),
            mo=article("Ba", WORDS, uid="2", keywords="[a]", standfirst="Cây quế lên đồi."),
            khoa=article("Hai", WORDS, uid="3", keywords="[cây quế]"),
            ten=article("Cây quế", WORDS, uid="4", keywords="[a]"),
        )
    )
    assert not made.build().failed
    assert names(made, "cay que") == ["ten", "khoa", "mo", "trong"]


def test_neighbours_come_before_the_same_words_apart(project: Make) -> None:
    apart = f"{WORDS} Đường điện qua núi. Nước biến thành hơi. Điện yếu thì biến áp kêu."
    made = project(
        several(
            roi=article("Máy biến áp", apart, uid="1"),
            lien=article("Chuyện đi xa", f"{WORDS} Đoàn lên Điện Biên thăm bà con.", uid="2"),
        )
    )
    assert not made.build().failed
    found = reader(made)
    name, every, _ = found.head["volumes"][0]
    keys = found.shelf(name, every, "dien bien")[0]
    assert [piece for piece, _ in found.places(keys["dien bien"], 0)] == [2], "only as neighbours"


def test_the_last_word_may_be_half_typed(project: Make) -> None:
    made = project(several(bai=article("Tưới nhỏ giọt", WORDS, uid="b")))
    assert not made.build().failed
    assert names(made, "tuoi nho gi") == ["bai"]
    assert names(made, "tưới nhỏ gi") == ["bai"]
    made.write("content/2026/so-1/mot.md", article("Làm gì", f"{WORDS} Tưới nhỏ thôi."))
    assert not made.build().failed
    assert sorted(names(made, "tuoi nho gi")) == ["bai", "mot"], (
        "«gì» is a word, «giọt» still meant"
    )
    assert names(made, "tuo nho giot") == [], "only the last one"


def test_newer_before_older_among_equals(project: Make) -> None:
    made = project(several(hai=article("Bài hai", WORDS, uid="2")))
    assert not made.build().failed
    assert names(made, "an toan sinh hoc") == ["hai", "mot"]


def test_a_query_opens_few_files(project: Make) -> None:
    made = project(several(bai=article("Điện về bản", WORDS, uid="b")))
    assert not made.build().failed
    found = reader(made)
    found.find("dien ve ban")
    shelved = [path for path in found.loaded if re.search(r"/\d+\.json", path)]
    assert len(set(shelved)) <= 3, "three words; pairs stand with the first of both"
    assert len(list((made.output / "site/assets/tim").rglob("*.json"))) > 10


def test_a_word_and_its_pairs_are_mostly_one_file() -> None:
    """A phone waits for each file; only words with hundreds of pairs have these apart."""
    stems = sorted({cut.split(" ")[0] for cut in shelves.CUTS})
    apart = {stem for stem in stems if shelves.place(f"{stem} zz", 1) > shelves.place(stem, 1)}
    assert {"hoi", "ban"} <= apart
    assert len(apart) * 5 < len(stems)
    for pair in ("chan nuoi", "dien thoai", "dak pxi", "sinh hoc"):
        assert shelves.place(pair, 1) == shelves.place(pair.split(" ")[0], 1)


def test_filters_know_issue_section_and_year(project: Make) -> None:
    files = several(
        hai=article("Bài hai", WORDS, uid="2"),
        ba=article("Bài ba", WORDS, uid="3", section="hoi-dap"),
    )
    files["issues/2026/so-1.yaml"] = (
        str(files["issues/2026/so-1.yaml"]).replace(", ba]", "]")
        + "  - section: hoi-dap\n    articles: [ba]\n"
    )
    files["issues/2025/so-4.yaml"] = (
        ISSUE.replace("number: 1", "number: 4").replace("2026", "2025").replace("[mot]", "[cu]")
    )
    files["content/2025/so-4/cu.md"] = article("Bài cũ", WORDS, uid="c")
    made = project(files)
    assert not made.build().failed
    head = reader(made).head
    assert head["sections"] == ["Kỹ thuật", "Hỏi đáp"]
    assert [(year, runs) for year, _, runs in head["issues"]] == [
        (2025, [[0, 1]]),
        (2026, [[0, 2], [1, 1]]),
    ]
    assert [title.split(" · ")[0] for _, title, _ in head["issues"]] == ["Số 4", "Số 1"]
    assert [reader(made).record(n)[1] for n in range(4)] == [
        "Bài cũ",
        "Bài một",
        "Bài hai",
        "Bài ba",
    ]


def test_drafts_are_not_in_the_index(project: Make) -> None:
    kin = article("Zebravằn", f"{WORDS} Khủnglong ở đây.", uid="k", status="draft")
    files = several(kin=kin)
    files["issues/2026/so-1.yaml"] = str(files["issues/2026/so-1.yaml"]).replace(
        "status: published", "status: in-progress"
    )
    made = project(files)
    assert not made.build().failed
    for path, data in made.tree().items():
        if path.endswith("search.json") or "/assets/tim/" in path:
            for word in ("zebra", "Zebra", "khunglong", "kin"):
                assert f'"{word}' not in data.decode(), path
    assert names(made, "khunglong") == []


@pytest.mark.parametrize("number", [0, 63, 64, 90, 91, 1791, 1792, 5000, 48_000, 123_456])
def test_numbers_come_back(number: int) -> None:
    found = Reader.__new__(Reader)
    found.head = {"levels": 1}
    signs = search.written(number)
    assert list(found.places(signs, 0)) == [(number, 0)]
    assert json.dumps(signs) == f'"{signs}"', "nothing that JSON would escape"


def test_shelves_are_in_order_and_every_word_has_one() -> None:
    assert list(shelves.CUTS) == sorted(set(shelves.CUTS))
    assert not any("," in cut or cut != cut.strip() for cut in shelves.CUTS)
    for pieces in (1, 64, 65, 256, 257, 1024, 1025, 5000):
        every = shelves.step(pieces)
        numbers = range(shelves.count(every))
        for stem in ("", "0", "a", "zzz", "đ", "ωμέγα", *shelves.CUTS):
            assert shelves.place(stem, every) in numbers
            assert shelves.place(stem, every) <= shelves.place(f"{stem} a", every) < numbers.stop
    assert shelves.count(shelves.step(1)) <= 16
    assert shelves.count(shelves.step(5000)) == len(shelves.CUTS)


@pytest.mark.parametrize(
    ("word", "stem", "marks"),
    [
        ("chăn", "chan", "w"),
        ("Chặn", "chan", "jw"),
        ("CHÂN", "chan", "c"),
        ("Đắk", "dak", "dsw"),
        ("ðường", "duong", "dfww"),
        ("hoà", "hoa", "f"),
        ("kỹ", "ki", "x"),
        ("quý", "qui", "s"),
        ("thuỷ", "thuy", "r"),
        ("ñ", "n", "x"),
        ("č", "c", "*"),
        ("57", "57", ""),
    ],
)
def test_words_are_split(word: str, stem: str, marks: str) -> None:
    assert split(word) == split(unicodedata.normalize("NFD", word)) == (stem, marks)


def looked_through(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of pieces whose words were not known, from now on, in order."""
    looked: list[str] = []
    levels = search.levels

    def counted(found: search.SearchPiece, plain: str) -> dict[str, int]:
        looked.append(found.url)
        return levels(found, plain)

    monkeypatch.setattr(search, "levels", counted)
    return looked


def test_parts_hold_whole_issues(monkeypatch: pytest.MonkeyPatch, project: Make) -> None:
    """An edit makes the part of its issue and its volume again; all others stay as they are."""
    monkeypatch.setattr(search, "PART", 2)
    monkeypatch.setattr(search, "VOLUME", 2)
    from bulletin import build as pipeline

    monkeypatch.setattr(pipeline, "toolchain", lambda: "tools")
    files: dict[str, str | bytes] = {**LIGHT}
    for year in (2023, 2024, 2025, 2026):
        files[f"issues/{year}/so-1.yaml"] = ISSUE.replace("2026", str(year)).replace(
            "[mot]", "[mot, hai]"
        )
        for name in ("mot", "hai"):
            uid = f"{name}-{year}"
            files[f"content/{year}/so-1/{name}.md"] = article(f"Bài {name} {year}", uid=uid)
    made = project(files)
    arranged: list[str] = []
    shelved = search.shelved

    def counted(part: SearchPart, every: int, studio: Studio) -> list[dict[str, Any]]:
        arranged.append(part.pieces[0].url[:4])
        return shelved(part, every, studio)

    monkeypatch.setattr(search, "shelved", counted)
    assert not made.build().failed
    before = reader(made).head
    assert len(before["parts"]) == 4
    assert arranged == ["2023", "2024", "2025", "2026"]
    made.write(
        "content/2025/so-1/hai.md", article("Bài hai 2025", f"{WORDS} Thêm quế.", uid="hai-2025")
    )
    outcome = made.build()
    after = reader(made).head
    assert arranged[4:] == ["2025"]
    assert before["parts"] == after["parts"], "a text changes nothing that is shown"
    assert before["volumes"][0] == after["volumes"][0]
    old, new = before["volumes"][1][0], after["volumes"][1][0]
    assert {p for p in outcome.made if "/tim/" in p} == {f"site/assets/tim/{new}/0.json"}
    assert not (made.output / f"site/assets/tim/{old}").exists()
    assert names(made, "que") == ["hai"]
    assert len(names(made, "an toan sinh hoc")) == 8
    # The words of the other part of its volume stay known, however long nobody asks for them.
    looked = looked_through(monkeypatch)
    for turn in range(2 * store.KEEP_BUILDS):
        text = f"{WORDS} Thêm quế lần {turn}."
        made.write("content/2025/so-1/hai.md", article("Bài hai 2025", text, uid="hai-2025"))
        assert not made.build().failed
    assert set(looked) == {"2025/so-1/hai/"}
    made.write("content/2026/so-1/mot.md", article("Bài mot 2026", f"{WORDS} Lê.", uid="mot-2026"))
    assert not made.build().failed
    assert set(looked) == {"2025/so-1/hai/", "2026/so-1/mot/"}
    assert reader(made).find("mot 2024") == ["2024/so-1/mot/"]


def test_the_words_of_a_piece_are_found_once(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier build kept changes no byte; only the edited piece is looked through again."""
    made = project({**LIGHT, **magazine(3)})
    looked = looked_through(monkeypatch)
    assert not made.build(workers=2).failed
    assert len(looked) == 3
    made.write("content/2026/so-1/bai-2.md", article("Bài số 2", f"{WORDS} Thêm.", uid="u-2"))
    assert not made.build().failed
    assert looked[3:] == ["2026/so-1/bai-2/"]
    kept = made.tree()
    clean = made.root.parent / "sach"
    assert not made.build(output=clean).failed
    assert made.tree(clean) == kept


def test_the_browser_cuts_words_where_the_index_does() -> None:
    """Its quick class holds the same letters, «CO₂» and «m²» too; others are cut by their property."""
    script = Path("themes/lhh/web/search.js").read_text("utf-8")
    classes = {
        name: re.search(rf"const {name} = /(.*)/g?;", script)[1]  # type: ignore[index]
        for name in ("PLAIN", "NEAR")
    }
    plain, near = (re.compile(classes[name]) for name in ("PLAIN", "NEAR"))
    signs = [chr(code) for code in range(0x10000) if plain.fullmatch(chr(code))]
    assert {*"đĐửỹ₂²…“–"} <= set(signs)
    assert [c for c in signs if bool(near.fullmatch(c)) != bool(WORD.fullmatch(c))] == []
    marks = {
        c for sign in signs for c in unicodedata.normalize("NFD", sign) if unicodedata.combining(c)
    }
    assert all("\u0300" <= c <= "\u036f" for c in marks)
