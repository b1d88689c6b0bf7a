"""The search index: small files of which a browser loads only those that a query needs.

* ``search.json``: issues, sections, and the volumes and parts that the archive is cut into. A part
  holds whole issues and at most :data:`PART` pieces, so that an edit makes one part again; a volume
  holds :data:`VOLUME` parts, whose shelves stand in the same files: a phone waits for each file.
* ``assets/tim/<digest>/<n>.json``: the n-th shelf of a volume, part by part: the words that begin
  with certain letters and where they occur, among them pairs of neighbours, whose keys have a
  space. Words are as :mod:`syllables` splits them.
* ``assets/tim/<digest>/b<n>.json``: what is shown of :data:`BLOCK` neighbouring pieces of a part.

Places are one text per word: for each piece ``(gap - 1) * LEVELS + level``, written in
:data:`SIGNS`, where signs from 64 on say that more follow. docs/decisions/0011-search.md has the
reasons and the figures.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from bulletin import codec, markdown, text
from bulletin.model import Issue, Job, Piece
from bulletin.outputs import shelves
from bulletin.outputs.syllables import FUNCTION, WORD, split
from bulletin.pages import SearchBlocks, SearchIndex, SearchPart, SearchPiece, SearchVolume
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

VERSION = 5
PART = 2048
VOLUME = 8
BLOCK = 2
# In the text, often in the text, standfirst or heading, keyword or author, title.
LEVELS = 5
TEXT, OFTEN, LEAD, KEYWORD, TITLE = range(LEVELS)
# What JSON text holds unescaped in one byte.
SIGNS = "".join(chr(code) for code in range(35, 127) if chr(code) != "\\")
FOLDER = "assets/tim/"


def jobs(source: Source) -> Iterator[Job]:
    issues = tuple(reversed(source.assembly.catalog.issues))
    parts, volumes = [], []
    groups = grouped(issues)
    while some := tuple(islice(groups, VOLUME)):
        volume = SearchVolume(
            tuple(SearchPart(tuple(piece(p) for i in group for p in i.pieces)) for group in some)
        )
        every = spacing(volume)
        name, paths = _files(volume, [str(n) for n in range(shelves.count(every))])
        needs = tuple(dict.fromkeys(p.body for part in volume.parts for p in part.pieces))
        yield Job(paths[0], "search", volume, needs=needs, gives=tuple(paths[1:]), keeps=True)
        volumes.append((name, every, len(volume.parts)))
        for part in volume.parts:
            blocks = SearchBlocks(tuple((p.url, p.title, p.standfirst) for p in part.pieces))
            count = -(-len(blocks.rows) // BLOCK)
            name, paths = _files(blocks, [f"b{n}" for n in range(count)])
            yield Job(paths[0], "search", blocks, gives=tuple(paths[1:]))
            parts.append((name, len(part.pieces)))
    yield Job("site/search.json", "search", index(issues, volumes, parts))


def _files(page: SearchVolume | SearchBlocks, names: Iterable[str]) -> tuple[str, list[str]]:
    """The folder named by what it holds, and the paths of its files."""
    folder = codec.digest(codec.dumps(page))[:10]
    return folder, [f"site/{FOLDER}{folder}/{name}.json" for name in names]


def spacing(volume: SearchVolume) -> int:
    """Which cuts its shelves take: every n-th."""
    return shelves.step(sum(len(part.pieces) for part in volume.parts))


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


def index(
    issues: Iterable[Issue],
    volumes: Iterable[tuple[str, int, int]],
    parts: Iterable[tuple[str, int]],
) -> SearchIndex:
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
    return SearchIndex(tuple(volumes), tuple(parts), tuple(sections), tuple(rows))


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
                    "shelves": ",".join(shelves.CUTS),
                    "volumes": page.volumes,
                    "parts": page.parts,
                    "sections": page.sections,
                    "issues": page.issues,
                }
            )
        )
    if isinstance(job.page, SearchBlocks):
        rows = job.page.rows
        files = [as_json(rows[start : start + BLOCK]) for start in range(0, len(rows), BLOCK)]
    else:
        every = spacing(job.page)
        kept = [arranged(part, every, studio) for part in job.page.parts]
        files = [b"[%s]\n" % b",".join(row) for row in zip(*kept, strict=True)]
    return Product(files[0], siblings=tuple(zip(job.gives, files[1:], strict=True)))


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def arranged(part: SearchPart, every: int, studio: Studio) -> list[bytes]:
    """:func:`shelved` of a part, kept from one build to the next: a line of JSON for each shelf."""
    return studio.kept(
        b"shelves\0%d\0" % every + codec.dumps(part),
        lambda: b"".join(map(as_json, shelved(part, every, studio))),
        within=map(_subject, part.pieces),
    ).splitlines()


def _subject(found: SearchPiece) -> bytes:
    return b"words\0" + codec.dumps(found)


def shelved(part: SearchPart, every: int, studio: Studio) -> list[dict[str, Any]]:
    """The shelves of a part in order, each ``{stem: {marks: places}, "stem stem": places}``."""
    found_in: defaultdict[str, list[int]] = defaultdict(list)
    next_free: dict[str, int] = {}
    for number, found in enumerate(part.pieces):
        for level, keys in enumerate(known_words(found, studio)):
            for key in keys:
                # Gaps, not numbers: Python makes small ones once, and a part has a million of them.
                gap = number - next_free.get(key, 0)
                next_free[key] = number + 1
                found_in[key].append(gap * LEVELS + level)
    result: list[dict[str, Any]] = [{} for _ in range(shelves.count(every))]
    for key in sorted(found_in):
        numbers = found_in.pop(key)
        if len(numbers) * 4 > len(part.pieces):
            # How often a word stands in a text says little when it stands in every fourth.
            numbers = [n - OFTEN if n % LEVELS == OFTEN else n for n in numbers]
        places = "".join(map(written, numbers))
        stem, marked, marks = key.partition("\t")
        shelf = result[shelves.place(stem, every)]
        if marked:
            shelf.setdefault(stem, {})[marks] = places
        else:
            shelf[key] = places
    return result


def known_words(found: SearchPiece, studio: Studio) -> list[list[str]]:
    """:func:`levels` of a piece, the words of each level, kept from one build to the next.

    Kept as lines, levels apart by a form feed: quicker to read than JSON, and there are thousands.
    """

    def work() -> bytes:
        plain = markdown.plain(codec.nodes_from(studio.load(found.body)))
        keys: list[list[str]] = [[] for _ in range(LEVELS)]
        for key, level in levels(found, plain).items():
            keys[level].append(key)
        return "\f".join(map("\n".join, keys)).encode()

    return [
        words.split("\n") if words else []
        for words in studio.kept(_subject(found), work).decode().split("\f")
    ]


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
    back = set()
    for word, times in Counter(words).items():
        if times >= often:
            result[whole(word)] = OFTEN
            back.add(word)
        else:
            result.setdefault(whole(word), TEXT)
        if word[0].isupper():
            names.add(word)
    # A pair that keeps coming back or is a name says what a text is about; others would swell.
    told = (back | names) - FUNCTION
    pairs = Counter([both for both in pairwise(words) if both[0] in told and both[1] in told])
    for (one, two), times in pairs.items():
        if times >= often:
            result[pair(one, two)] = OFTEN
        elif one in names and two in names:
            result.setdefault(pair(one, two), TEXT)
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
