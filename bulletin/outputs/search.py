"""The search index: small files of which a browser loads only those that a query needs.

* ``search.json``: issues, sections, and the parts that the archive is cut into. A part holds whole
  issues and at most :data:`PART` pieces, so that an edit makes one part again.
* ``assets/tim/<digest>/<n>.json``: the n-th shelf of a part: the words that begin with certain
  letters and where they occur, behind them the shelves of pairs of neighbours, whose keys have a
  space. Words are as :mod:`syllables` splits them.
* ``assets/tim/<digest>/b<n>.json``: what is shown of :data:`BLOCK` neighbouring pieces.

Places are one text per word: for each piece ``(gap - 1) * LEVELS + level``, written in
:data:`SIGNS`, where signs from 64 on say that more follow. docs/decisions/0011-search.md has the
reasons and the figures.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bulletin import codec, markdown, text
from bulletin.model import Issue, Job, Piece
from bulletin.outputs import shelves
from bulletin.outputs.syllables import FUNCTION, WORD, split
from bulletin.pages import SearchIndex, SearchPart, SearchPiece
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

VERSION = 3
PART = 2048
BLOCK = 2
# In the text, often in the text, standfirst or heading, keyword or author, title.
LEVELS = 5
TEXT, OFTEN, LEAD, KEYWORD, TITLE = range(LEVELS)
# What JSON text holds unescaped in one byte.
SIGNS = "".join(chr(code) for code in range(35, 127) if chr(code) != "\\")
FOLDER = "assets/tim/"


def jobs(source: Source) -> Iterator[Job]:
    issues = tuple(reversed(source.assembly.catalog.issues))
    parts = []
    for group in grouped(issues):
        part = SearchPart(tuple(piece(p) for issue in group for p in issue.pieces))
        name = codec.digest(codec.dumps(part))[:10]
        every = shelves.step(len(part.pieces))
        paths = [f"site/{FOLDER}{name}/{n}.json" for n in range(shelves.count(every))]
        paths += [f"site/{FOLDER}{name}/b{n}.json" for n in range(-(-len(part.pieces) // BLOCK))]
        needs = tuple(dict.fromkeys(p.body for p in part.pieces))
        yield Job(paths[0], "search", part, needs=needs, gives=tuple(paths[1:]), keeps=True)
        parts.append((name, len(part.pieces), every))
    yield Job("site/search.json", "search", index(issues, parts))


def grouped(issues: Iterable[Issue]) -> Iterator[tuple[Issue, ...]]:
    """Whole issues, oldest first, in parts of at most :data:`PART` pieces."""
    group: list[Issue] = []
    size = 0
    for issue in issues:
        if group and size + len(issue.pieces) > PART:
            yield tuple(group)
            group, size = [], 0
        if issue.pieces:
            group.append(issue)
            size += len(issue.pieces)
    if group:
        yield tuple(group)


def piece(found: Piece) -> SearchPiece:
    card = found.card
    return SearchPiece(
        url=card.url,
        title=card.title,
        standfirst=card.standfirst,
        labels=tuple(link.title for link in (*card.keywords, *card.authors)),
        headings=tuple(title for _, title in found.headings),
        body=found.body,
    )


def index(issues: Iterable[Issue], parts: Iterable[tuple[str, int, int]]) -> SearchIndex:
    """Which pieces belong to which issue and section: runs, because pieces are in their order."""
    sections: dict[str, int] = {}
    rows = []
    for issue in issues:
        runs = []
        for part in issue.parts:
            number = sections.setdefault(part.section.title, len(sections))
            runs.append((number, len(part.pieces)))
        if issue.pieces:
            rows.append((issue.year, f"Số {issue.number} · {issue.when.lower()}", tuple(runs)))
    return SearchIndex(tuple(parts), tuple(sections), tuple(rows))


def make(job: Job, studio: Studio) -> Product:
    if isinstance(job.page, SearchIndex):
        page = job.page
        return Product(
            as_json(
                {
                    "v": VERSION,
                    "base": FOLDER,
                    "block": BLOCK,
                    "levels": LEVELS,
                    "shelves": " ".join(shelves.FIRST),
                    "pairs": ",".join(shelves.PAIRS),
                    "parts": page.parts,
                    "sections": page.sections,
                    "issues": page.issues,
                }
            )
        )
    part: SearchPart = job.page
    files = [as_json(shelf) for shelf in arranged(part, studio)]
    for start in range(0, len(part.pieces), BLOCK):
        block = part.pieces[start : start + BLOCK]
        files.append(as_json([[p.url, p.title, p.standfirst] for p in block]))
    return Product(files[0], siblings=tuple(zip(job.gives, files[1:], strict=True)))


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def arranged(part: SearchPart, studio: Studio) -> Iterator[dict[str, Any]]:
    """The shelves of a part in order, each ``{stem: {marks: places}, "stem stem": places}``."""
    found_in: defaultdict[str, list[int]] = defaultdict(list)
    next_free: dict[str, int] = {}
    for number, found in enumerate(part.pieces):
        for key, level in known_levels(found, studio).items():
            gap = number - next_free.get(key, 0)
            next_free[key] = number + 1
            found_in[key].append(gap * LEVELS + level)
    every = shelves.step(len(part.pieces))
    shelved: list[dict[str, Any]] = [{} for _ in range(shelves.count(every))]
    for key in sorted(found_in):
        numbers = found_in.pop(key)
        if len(numbers) * 4 > len(part.pieces):
            # How often a word stands in a text says little when it stands in every fourth.
            numbers = [n - OFTEN if n % LEVELS == OFTEN else n for n in numbers]
        places = "".join(map(written, numbers))
        stem, marked, marks = key.partition("\t")
        shelf = shelved[shelves.place(stem, every)]
        if marked:
            shelf.setdefault(stem, {})[marks] = places
        else:
            shelf[key] = places
    return iter(shelved)


def known_levels(found: SearchPiece, studio: Studio) -> dict[str, int]:
    """:func:`levels` of a piece, kept from one build to the next: most pieces stay as they are."""

    def work() -> bytes:
        plain = markdown.plain(codec.nodes_from(studio.load(found.body)))
        return json.dumps(levels(found, plain), ensure_ascii=False).encode()

    result: dict[str, int] = json.loads(studio.kept(b"words\0" + codec.dumps(found), work))
    return result


def levels(found: SearchPiece, plain: str) -> dict[str, int]:
    """Words (``stem TAB marks``) and pairs (``stem stem``) of a piece with their best level."""
    result = of_text(plain)
    fields = [(found.standfirst, LEAD), *((title, LEAD) for title in found.headings)]
    fields += [(label, KEYWORD) for label in found.labels]
    fields.append((found.title, TITLE))
    for field, level in fields:
        words = WORD.findall(text.nfc(field))
        for word in words:
            result[whole(word)] = level
        for one, two in pairwise(words):
            if level > LEAD or FUNCTION.isdisjoint((one, two)):
                result[pair(one, two)] = level
    return result


def of_text(plain: str) -> dict[str, int]:
    words = WORD.findall(text.nfc(plain))
    often = max(3, len(words) // 250)
    result: dict[str, int] = {}
    names = set()
    for word, times in Counter(words).items():
        if times >= often:
            result[whole(word)] = OFTEN
        else:
            result.setdefault(whole(word), TEXT)
        if word[0].isupper():
            names.add(word)
    # A pair that keeps coming back or is a name says what a text is about; others would swell.
    for (one, two), times in Counter(pairwise(words)).items():
        telling = times >= often or (one in names and two in names)
        if telling and FUNCTION.isdisjoint((one, two)):
            level = OFTEN if times >= often else TEXT
            result[pair(one, two)] = max(result.get(pair(one, two), TEXT), level)
    return result


def pair(one: str, two: str) -> str:
    return f"{split(one)[0]} {split(two)[0]}"


@lru_cache(maxsize=1 << 16)
def whole(word: str) -> str:
    return "\t".join(split(word))


@lru_cache(maxsize=1 << 12)
def written(number: int) -> str:
    signs = ""
    while number >= 64:
        number -= 64
        signs += SIGNS[64 + number % 27]
        number //= 27
    return signs + SIGNS[number]
