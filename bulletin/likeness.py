"""Which pieces are like which: by shared keywords and by the words that mark their text.

An inverted index, not every pair: what occurs in very many pieces says nothing and is passed over,
so the work grows with the number of pieces and not with its square.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bulletin import facts
from bulletin.model import Card

RELATED = 3
COMMON = 32  # a term of more pieces than this marks none of them
MARKS = 12  # of the terms of a piece, those that say most
KEYWORD = 3.0  # a keyword was chosen by the board: it weighs as much as a word said often
SECTION = 0.02
LEAST = 0.04
Terms = str  # as facts.terms writes them
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Marks:
    """Numbers and their weights: which terms mark one piece, or which pieces one term marks.

    Numbers, not words: an archive of a hundred thousand pieces has a million marks.
    """

    numbers: array[int]
    weights: array[float]

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return zip(self.numbers, self.weights, strict=True)


def related(pieces: Sequence[tuple[Card, Terms]]) -> dict[str, tuple[Card, ...]]:
    """Id of each piece → the pieces most like it, the likest first; never at random."""
    marked = weigh(pieces)
    holders: dict[int, Marks] = defaultdict(lambda: Marks(array("L"), array("d")))
    for place, marks in enumerate(marked):
        for term, weight in marks:
            holders[term].numbers.append(place)
            holders[term].weights.append(weight)
    cards = [card for card, _ in pieces]
    return {
        card.id: _likest(card, marks, holders.__getitem__, cards.__getitem__)
        for card, marks in zip(cards, marked, strict=True)
    }


def _likest(
    card: Card,
    marks: Iterable[tuple[T, float]],
    holders: Callable[[T], Iterable[tuple[K, float]]],
    card_of: Callable[[K], Card],
) -> tuple[Card, ...]:
    """``marks`` of ``card``; ``holders``: term → who is marked by it, and how much."""
    scores: dict[K, float] = {}
    for term, weight in marks:
        for other, against in holders(term):
            scores[other] = scores.get(other, 0.0) + weight * against
    ranked = []
    for other, score in scores.items():
        found = card_of(other)
        if found.id != card.id and found.lang == card.lang and score >= LEAST:
            bonus = SECTION if found.section == card.section else 0.0
            ranked.append((-round(score + bonus, 9), found.id, other))
    return tuple(card_of(other) for *_, other in sorted(ranked)[:RELATED])


def weigh(pieces: Sequence[tuple[Card, Terms]]) -> list[Marks]:
    """The marks of each piece, its weights of length one (tf-idf)."""
    spread = Counter(term for card, terms in pieces for term in _raw(card, terms))
    numbers = {term: number for number, term in enumerate(spread)}
    result = []
    for card, terms in pieces:
        vector = _vector(_raw(card, terms), spread.__getitem__, len(pieces))
        own = array("L", (numbers[term] for term in vector))
        result.append(Marks(own, array("d", vector.values())))
    return result


def _raw(card: Card, terms: Terms) -> dict[str, float]:
    own = {term: 1 + math.log(count) for term, count in facts.counts(terms)}
    return own | {f"#{link.url}": KEYWORD for link in card.keywords}


def _vector(own: Mapping[str, float], spread: Callable[[str], int], count: int) -> dict[str, float]:
    """``spread``: in how many of the ``count`` pieces a term occurs."""
    weighed = [
        (-often * math.log(1 + count / pieces), term)
        for term, often in own.items()
        if 1 < (pieces := spread(term)) <= COMMON
    ]
    best = sorted(weighed)[:MARKS]
    length = math.sqrt(sum(weight * weight for weight, _ in best)) or 1.0
    return {term: -weight / length for weight, term in best}


@dataclass(slots=True)
class Kin:
    """Answers for one piece with other words what :func:`related` would say of all anew.

    It holds which pieces have which term, so that only those few are weighed again, and once.
    """

    pieces: dict[str, tuple[Card, Terms]]
    holders: dict[str, set[str]] = field(init=False)
    weighed: dict[str, dict[str, float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.holders = defaultdict(set)
        for name, (card, terms) in self.pieces.items():
            for term in _raw(card, terms):
                self.holders[term].add(name)

    def related(self, name: str, terms: Terms) -> tuple[Card, ...]:
        """What is most like the piece ``name``, had it these terms."""
        card, count, nobody = self.pieces[name][0], len(self.pieces), set[str]()
        own = _raw(card, terms)
        moved, cards, anew = self._moved(name, own), {name: card}, dict[str, dict[str, float]]()

        def spread(term: str) -> int:
            there = self.holders.get(term, nobody)
            return len(there) - (name in there) + (term in own)

        def weights(other: str) -> dict[str, float]:
            known = anew if other in moved else self.weighed
            if other not in known:
                known[other] = _vector(_raw(*self.pieces[other]), spread, count)
            return known[other]

        def holders(term: str) -> list[tuple[str, float]]:
            others = sorted(self.holders.get(term, nobody) - {name})
            cards.update((other, self.pieces[other][0]) for other in others)
            return [(other, weights(other)[term]) for other in others if term in weights(other)]

        vector = _vector(own, spread, count)
        return _likest(card, vector.items(), holders, cards.__getitem__)

    def take(self, name: str, terms: Terms) -> None:
        """From now on the piece has these terms."""
        card, before = self.pieces[name]
        own = _raw(card, terms)
        for other in (name, *self._moved(name, own)):
            self.weighed.pop(other, None)
        for term in _raw(card, before):
            self.holders[term].discard(name)
        self.pieces[name] = (card, terms)
        for term in own:
            self.holders[term].add(name)

    def _moved(self, name: str, own: Mapping[str, float]) -> set[str]:
        """Whose weights are others when the piece has the terms ``own``.

        What very many pieces have marks none of them, one more or less of them too.
        """
        changed = _raw(*self.pieces[name]).keys() ^ own.keys()
        told = (self.holders.get(term, set[str]()) for term in changed)
        return {other for there in told if len(there) <= COMMON + 1 for other in there}
