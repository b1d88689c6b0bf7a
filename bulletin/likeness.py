"""Which pieces are like which: by shared keywords and by the words that mark their text.

An inverted index, not every pair: what occurs in very many pieces says nothing and is passed over,
so the work grows with the number of pieces and not with its square.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin import facts
from bulletin.model import Card

RELATED = 3
COMMON = 32  # a term of more pieces than this marks none of them
MARKS = 12  # of the terms of a piece, those that say most
KEYWORD = 3.0  # a keyword was chosen by the board: it weighs as much as a word said often
SECTION = 0.02
LEAST = 0.04


@dataclass(frozen=True, slots=True)
class Marks:
    """The terms that mark one piece, by number, and their weights: a vector of length one."""

    terms: array[int]
    weights: array[float]

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return zip(self.terms, self.weights, strict=True)


def related(pieces: Sequence[tuple[Card, str]]) -> dict[str, tuple[Card, ...]]:
    """Id of each piece → the pieces most like it, the likest first; never at random.

    ``pieces``: card and terms (:func:`facts.terms`). Held in numbers, not in words: an archive of a
    hundred thousand pieces has a million marks.
    """
    marked = weigh(pieces)
    holders: dict[int, Marks] = defaultdict(lambda: Marks(array("L"), array("d")))
    for place, marks in enumerate(marked):
        for term, weight in marks:
            holders[term].terms.append(place)
            holders[term].weights.append(weight)
    found: dict[str, tuple[Card, ...]] = {}
    for (card, _), marks in zip(pieces, marked, strict=True):
        scores: dict[int, float] = {}
        for term, weight in marks:
            for other, against in holders[term]:
                scores[other] = scores.get(other, 0.0) + weight * against
        ranked = []
        for place, score in scores.items():
            other_card = pieces[place][0]
            if other_card.id != card.id and other_card.lang == card.lang and score >= LEAST:
                bonus = SECTION if other_card.section == card.section else 0.0
                ranked.append((-round(score + bonus, 9), other_card.id, place))
        found[card.id] = tuple(pieces[place][0] for *_, place in sorted(ranked)[:RELATED])
    return found


def weigh(pieces: Sequence[tuple[Card, str]]) -> list[Marks]:
    """The marks of each piece (tf-idf)."""
    spread = Counter(name for card, terms in pieces for name in _counts(card, terms))
    numbers = {name: number for number, name in enumerate(spread)}
    result = []
    for card, terms in pieces:
        weighed = [
            (-often * math.log(1 + len(pieces) / spread[name]), name)
            for name, often in _counts(card, terms).items()
            if 1 < spread[name] <= COMMON
        ]
        best = sorted(weighed)[:MARKS]
        length = math.sqrt(sum(weight * weight for weight, _ in best)) or 1.0
        own = array("L", (numbers[name] for _, name in best))
        result.append(Marks(own, array("d", (-weight / length for weight, _ in best))))
    return result


def _counts(card: Card, terms: str) -> dict[str, float]:
    found = {name: 1 + math.log(times) for name, times in facts.counts(terms)}
    return found | {f"#{link.url}": KEYWORD for link in card.keywords}
