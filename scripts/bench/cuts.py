"""Where to cut the index of words into files (bulletin/outputs/shelves.py), by the weight of words.

    python scripts/bench/cuts.py SITE

SITE is a large archive that is built, cut anywhere. Prints the text of ``CUTS``. A word and its
pairs of neighbours go on one shelf while both together are light; the pairs of words like «hội» and
«bản» get shelves of their own. Keys are weighed by what they take in JSON, in bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

SHELF = 12_000
NEIGHBOURS = 10_000  # more of them than that after one word lie apart


def weighed(site: Path) -> Counter[str]:
    head = json.loads((site / "search.json").read_bytes())
    weights: Counter[str] = Counter()
    for name, *_ in head["volumes"]:
        for path in (site / head["base"] / name).iterdir():
            for part in json.loads(path.read_bytes()):
                for key, places in part.items():
                    text = json.dumps(places, ensure_ascii=False, separators=(",", ":"))
                    weights[key] += len(key) + len(text.encode()) + 4
    return weights


def starts(weights: Counter[str]) -> Iterator[str]:
    """The first key of each shelf but the first."""
    filled = 0
    for _, group in groupby(sorted(weights), lambda key: key.split(" ")[0]):
        keys = list(group)
        pairs = [key for key in keys if " " in key]
        beside = sum(weights[key] for key in pairs)
        apart = beside > NEIGHBOURS
        weight = sum(weights[key] for key in keys) - (beside if apart else 0)
        if filled and filled + weight > SHELF:
            yield keys[0]
            filled = 0
        filled += weight
        if apart:
            yield pairs[0]
            share = beside / -(-beside // NEIGHBOURS)
            held = 0
            for key in pairs:
                if held >= share:
                    yield key
                    held = 0
                held += weights[key]
            filled = SHELF


def main() -> None:
    weights = weighed(Path(sys.argv[1]))
    before = {key: previous for previous, key in pairwise(sorted(weights))}
    cuts = []
    for key in starts(weights):
        # The shortest text that tells the key from the one before it.
        starts_of = (key[:end] for end in range(1, len(key) + 1) if key[end - 1] != " ")
        cuts.append(next(start for start in starts_of if start > before[key]))
    print(re.sub(r"(.{1,98},)(?=.)", r"\1\n", ",".join(cuts)))


if __name__ == "__main__":
    main()
