"""Which pieces are like which: by shared keywords and by the words that mark their text.

An inverted index, not every pair: what occurs in very many pieces says nothing and is passed over,
so the work grows with the number of pieces and not with its square.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

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
    found: dict[str, tuple[Card, ...]] = {}
    for name, vector in vectors.items():
        card, scores = cards[name], dict[str, float]()
        for term, weight in vector.items():
            for other, against in holders[term]:
                scores[other] = scores.get(other, 0.0) + weight * against
        ranked = []
        for other, score in scores.items():
            if other != name and cards[other].lang == card.lang and score >= LEAST:
                bonus = SECTION if cards[other].section == card.section else 0.0
                ranked.append((-round(score + bonus, 9), other))
        found[name] = tuple(cards[other] for _, other in sorted(ranked)[:RELATED])
    return found


def weigh(pieces: Sequence[tuple[Card, Terms]]) -> Mapping[str, dict[str, float]]:
    """Id → term → weight, each piece's weights of length one (tf-idf)."""
    raw: dict[str, dict[str, float]] = {}
    for card, terms in pieces:
        raw[card.id] = {term: 1 + math.log(count) for term, count in terms}
        raw[card.id] |= {f"#{link.url}": KEYWORD for link in card.keywords}
    spread = Counter(term for vector in raw.values() for term in vector)
    result = {}
    for name, vector in raw.items():
        weighed = [
            (-often * math.log(1 + len(raw) / spread[term]), term)
            for term, often in vector.items()
            if 1 < spread[term] <= COMMON
        ]
        best = sorted(weighed)[:MARKS]
        length = math.sqrt(sum(weight * weight for weight, _ in best)) or 1.0
        result[name] = {term: -weight / length for weight, term in best}
    return result
