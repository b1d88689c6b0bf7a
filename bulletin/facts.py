"""What lists need to know of a body without reading it again: figures, questions, marking words."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from bulletin.diag import Place
from bulletin.directives import FigureOptions
from bulletin.model import Cover, FigureNote, Node
from bulletin.permits import RightsNote

TERMS = 48
_SYLLABLE = re.compile(r"[^\W\d_]+")
_BREAK = re.compile(r"[^\w\s]")
# Syllables that mark no subject. A Vietnamese word is mostly two syllables, so pairs are counted.
_COMMON = frozenset(
    "và của là có không được cho với các những một này đó kia khi thì mà để từ trong trên dưới như "
    "cũng đã sẽ đang vào ra lại nếu hay hoặc còn chỉ rất thêm theo về đến tới tại bằng vì do nên "
    "phải cần hơn nhất mỗi từng mọi ai gì nào đâu sao bao ở bị chưa đừng nhưng rồi sau trước hai "
    "ba bốn năm số ngày tháng lần người việc cái con chiếc thường có thể".split()
)


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node in the order in which it is written."""
    for node in nodes:
        yield node
        yield from walk(node.kids)


def rights(target: str, place: Place, said: Cover | FigureOptions) -> RightsNote:
    """What a picture's options say of its rights; only whether, never who."""
    return RightsNote(
        target,
        place,
        credit=bool(said.credit),
        consent=bool(said.consent),
        guardian=bool(said.guardian),
        map_checked=bool(said.map_checked),
        words=f"{said.alt} {said.caption}",
    )


def figures(nodes: tuple[Node, ...]) -> tuple[FigureNote, ...]:
    found = []
    for node in walk(nodes):
        if node.kind in ("figure", "chart"):
            attrs = {name: str(value) for name, value in node.attrs}
            title = attrs.get("title") or attrs["caption"]
            credit = attrs.get("credit") or attrs.get("source", "")
            found.append(
                FigureNote(
                    form=node.kind,
                    id=attrs["id"],
                    target=attrs.get("src", ""),
                    title=title,
                    alt=attrs["alt"],
                    credit=credit,
                    width=attrs["width"],
                )
            )
    return tuple(found)


def questions(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    """Titles of the boxes of question and answer."""
    boxes = (dict(node.attrs) for node in walk(nodes) if node.kind == "box")
    return tuple(str(attrs["title"]) for attrs in boxes if attrs["form"] == "qa")


def terms(plain: str) -> str:
    """The pairs of syllables that occur most, ties in order of the alphabet.

    One ``pair TAB times`` a line, for :func:`counts`: an archive holds the terms of all articles,
    and one text takes a tenth of the memory of as many pairs.
    """
    counted: Counter[str] = Counter()
    for clause in _BREAK.split(plain.lower()):
        words = _SYLLABLE.findall(clause)
        counted.update(
            f"{one} {two}"
            for one, two in itertools.pairwise(words)
            if one not in _COMMON and two not in _COMMON
        )
    # Sorting twice without a function of our own is quicker: the second keeps the order of equals.
    names = sorted(counted)
    names.sort(key=counted.__getitem__, reverse=True)
    return "\n".join(f"{name}\t{counted[name]}" for name in names[:TERMS])


def counts(terms: str) -> Iterator[tuple[str, int]]:
    """Term and how often it occurs."""
    for line in terms.split("\n") if terms else ():
        name, _, times = line.partition("\t")
        yield name, int(times)
