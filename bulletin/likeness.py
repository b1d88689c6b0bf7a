"""Which pieces are like which: by shared keywords and by the words that mark their text.

An inverted index, not every pair: what occurs in very many pieces says nothing and is passed over,
so the work grows with the number of pieces and not with its square.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bulletin.model import Card

RELATED = 3
COMMON = 32  # a term of more pieces than this marks none of them
MARKS = 12  # of the terms of a piece, those that say most
KEYWORD = 3.0  # a keyword was chosen by the board: it weighs as much as a word said often
SECTION = 0.02
LEAST = 0.04
Terms = tuple[tuple[str, int], ...]


def related(pieces: Sequence[tuple[Card, Terms]]) -> dict[str, tuple[Card, ...]]:
    """Id of each piece → the pieces most like it, the likest first; never at random."""
    cards = {card.id: card for card, _ in pieces}
    vectors = weigh(pieces)
    holders: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for name, vector in vectors.items():
        for term, weight in vector.items():
            holders[term].append((name, weight))
    return {
        name: _likest(cards[name], vector, holders.__getitem__, cards)
        for name, vector in vectors.items()
    }


def _likest(
    card: Card,
    vector: Mapping[str, float],
    holders: Callable[[str], Sequence[tuple[str, float]]],
    cards: Mapping[str, Card],
) -> tuple[Card, ...]:
    """``holders``: term → who is marked by it, and how much."""
    scores: dict[str, float] = {}
    for term, weight in vector.items():
        for other, against in holders(term):
            scores[other] = scores.get(other, 0.0) + weight * against
    ranked = []
    for other, score in scores.items():
        if other != card.id and cards[other].lang == card.lang and score >= LEAST:
            bonus = SECTION if cards[other].section == card.section else 0.0
            ranked.append((-round(score + bonus, 9), other))
    return tuple(cards[other] for _, other in sorted(ranked)[:RELATED])


def weigh(pieces: Sequence[tuple[Card, Terms]]) -> Mapping[str, dict[str, float]]:
    """Id → term → weight, each piece's weights of length one (tf-idf)."""
    raw = {card.id: _raw(card, terms) for card, terms in pieces}
    spread = Counter(term for vector in raw.values() for term in vector)
    return {name: _vector(own, spread.__getitem__, len(raw)) for name, own in raw.items()}


def _raw(card: Card, terms: Terms) -> dict[str, float]:
    own = {term: 1 + math.log(count) for term, count in terms}
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

        return _likest(card, _vector(own, spread, count), holders, cards)

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
