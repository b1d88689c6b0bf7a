"""Copy-fitting: how each piece of an issue is set so that pages end full and feet stand with texts.

Pure: what lays out is passed in. Every choice follows from measured heights in a fixed order, and
the number of layouts is bounded by counts, never by time; the same issue gives the same pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from typing import Any

from bulletin.model import Node, PictureView
from bulletin.outputs.measure import LINE, Extent, extent, panels
from bulletin.pages import Fit

GAP = 26.0  # between a piece and what follows on the page
STRUT = {"news": 150.0}
ROOM_TO_START = 250.0  # an opening with its first lines, as .strut in the theme
MAX_TRIAL_PAGES = 160
FRESH, ON = 15, 10  # pages to try per piece on a new page, and at a place within one
MAX_WHOLE = 3
TAIL = 52.0  # text that must stand above a foot
SHORT = 130.0  # the end of a piece that a lower opening may pull back
QUIET = 40.0  # an empty foot of a page that nobody sees
BETWEEN = 13.0  # between two panels
ART = 39.0  # the lowest woven strip worth printing
SIGNATURE = 4
FILLER = (0.0, 0.7, 1.7, 2.7)
ALONE = 6.0
GOOD = 0.25  # no other setting is tried for a piece that ends so well
WOVEN = "art"  # a panel without words, for want of a better
HEADS = ("h2", "h3", "h4")
TEXT = ("p", "ul", "ol", *HEADS)
MOVABLE = ("box-note", "box-warning", "box-number", "pullquote")

Lay = Callable[[str, float, Fit], "Extent | None"]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece as the search sees it. ``figures``: which may go across the page, and the growth."""

    uid: str
    layout: str = "feature"
    lead: bool = False
    figures: tuple[tuple[int, float], ...] = ()
    fresh: bool = False

    @property
    def strut(self) -> float:
        return STRUT.get(self.layout, ROOM_TO_START)


@dataclass(frozen=True, slots=True)
class Plan:
    """The choice for an issue. ``ends``: where each piece should end, to compare with the whole."""

    fits: tuple[tuple[str, Fit], ...]
    fillers: int
    cost: float
    pages: int
    keys: tuple[tuple[str, float, Fit], ...] = ()
    extents: tuple[Extent, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A way to come to the end of some pieces: its cost and its choices."""

    cost: float
    pages: int
    offset: float
    used: frozenset[str] = frozenset()
    fits: tuple[tuple[str, Fit], ...] = ()
    keys: tuple[tuple[str, float, Fit], ...] = ()
    extents: tuple[Extent, ...] = ()


@dataclass(slots=True)
class Trials:
    """Remembers layouts of single pieces and stops when their pages are used up."""

    lay: Lay
    limit: int = MAX_TRIAL_PAGES
    pages: int = 0
    spent: dict[tuple[str, float], int] = field(default_factory=dict)
    count: int = 0
    known: dict[tuple[str, float, Fit], Extent | None] = field(default_factory=dict)
    lists: dict[tuple[str, float], tuple[Fit, ...]] = field(default_factory=dict)

    def of(self, uid: str, offset: float, fit: Fit, must: bool = False) -> Extent | None:
        key = (uid, offset, fit)
        if key not in self.known:
            spent = self.spent.get((uid, offset), 0)
            if not must and (self.pages >= self.limit or spent >= (ON if offset else FRESH)):
                return None
            found = self.lay(uid, offset, fit)
            size = found.pages if found is not None else 1
            self.count += 1
            self.pages += size
            self.spent[uid, offset] = spent + size
            self.known[key] = found
        return self.known[key]


# ---- penalties -----------------------------------------------------------------------------


def inner(extent: Extent, fit: Fit) -> float:
    """What is not well inside a piece, however it ends."""
    cost = 0.0
    if extent.tail <= 0:
        cost += ALONE
    elif extent.pages > 1 and extent.tail < TAIL:
        cost += 0.8
    cost += 4.0 * extent.ragged / extent.room  # a hole is worse than house matter of its size
    cost += 0.06 * fit.compact + 0.06 * abs(fit.tracking) + 0.1 * fit.air + 0.03 * len(fit.moved)
    cost += 0.12 * len(fit.wide) + abs(fit.lead - 25) * 0.01
    return cost + (0.3 + fit.art / extent.room if fit.art else 0.0)


def hole(rest: float, room: float) -> float:
    """Empty paper at the end of a page."""
    return 0.0 if rest <= QUIET else 2.5 * rest / room + (1.5 if rest > room / 4 else 0.0)


def panel_cost(height: float, art: float, count: int, room: float) -> float:
    """House matter is better than a hole, and worse than nothing to fill."""
    size = height / room
    return 0.15 + 0.1 * count + 0.7 * size + 1.2 * art / room + max(0.0, size - 0.4) * 4


def choose_panels(
    rest: float, room: float, panels: Mapping[str, float], used: frozenset[str]
) -> tuple[float, tuple[tuple[str, float, float], ...]]:
    """(cost, panels) for an empty foot of a page: up to two, one above the other, or none.

    The first one is as high as the room that the others leave; what its text does not need is
    woven, or is air if it is little.
    """
    best: tuple[float, tuple[tuple[str, float, float], ...]] = (hole(rest, room), ())
    height = rest - GAP - 1.0
    free = [name for name in panels if name not in used]
    if height >= 2 * ART:
        cost = panel_cost(height, height, 2, room)
        best = min(best, (cost, ((WOVEN, round(height, 2), round(height, 2)),)))
    for count in (1, 2):
        for names in combinations(free, count):
            spare = height - sum(panels[n] for n in names) - (count - 1) * BETWEEN
            if spare < 0:
                continue
            art = round(spare, 2) if spare >= ART else 0.0
            cost = panel_cost(height, art, count, room) + (0 if art else 0.004 * spare)
            if cost < best[0] - 1e-9:
                first = (names[0], round(panels[names[0]] + spare, 2), art)
                best = cost, (first, *((n, round(panels[n], 2), 0.0) for n in names[1:]))
    return best


# ---- variants ------------------------------------------------------------------------------


def variants(part: Part, offset: float, trials: Trials) -> tuple[Fit, ...]:
    """Settings worth considering for a piece that starts at ``offset``, all of them measured."""
    key = (part.uid, offset)
    if key not in trials.lists:
        trials.lists[key] = tuple(dict.fromkeys(_variants(part, offset, trials)))
    return trials.lists[key]


def _variants(part: Part, offset: float, trials: Trials) -> Iterator[Fit]:
    plain = Fit(start="on" if offset else "page")
    first = trials.of(part.uid, offset, plain, must=not offset)
    if first is None or not _stands(first, offset):
        return
    yield plain
    base, extent = _settled(part, offset, plain, first, trials)
    yield base
    if inner(extent, base) + hole(extent.rest, extent.room) < GOOD:
        return
    for fit in _ideas(part, base, extent):
        found = trials.of(part.uid, offset, fit)
        if found is None:
            return
        yield fit
        yield _settled(part, offset, fit, found, trials)[0]


def _stands(extent: Extent, offset: float) -> bool:
    """Whether a piece stands where it was to begin; a taller opening goes to the next page."""
    return not offset or not (extent.start or abs(extent.top - offset) > 1)


def _settled(
    part: Part, offset: float, fit: Fit, extent: Extent, trials: Trials
) -> tuple[Fit, Extent]:
    """Figures moved along the text while that mends something, twice at most."""
    for _ in range(2):
        for move in islice(moving(extent), 2):
            moved = replace(fit, moved=(*fit.moved, move))
            found = trials.of(part.uid, offset, moved)
            if found is not None and _faults(found) < _faults(extent):
                fit, extent = moved, found
                break
        else:
            break
    return fit, extent


def _faults(extent: Extent) -> tuple[bool, int, int]:
    return extent.tail <= 0, extent.pages, int(extent.ragged / 6)


def moving(extent: Extent) -> Iterator[tuple[int, int]]:
    """(block, by): what did not fit goes down behind text that fills its hole, or up until it fits.

    When the foot is alone and no hole tells why, the first figure moves by one paragraph: columns
    may then balance better.
    """
    blocks = extent.blocks
    for gap in sorted(extent.holes, key=lambda h: (-h.height, h.block)):
        n = gap.block
        if n + 1 < len(blocks) and blocks[n][0] in HEADS:
            n += 1
        if _movable(blocks[n]):
            yield from _past(blocks, n, 1, gap.height * 0.6)
            yield from _past(blocks, n, -1, blocks[n][2] - gap.height)
    if extent.tail <= 0 and not extent.holes:
        figure = next((n for n, block in enumerate(blocks) if block[0] == "figure"), -1)
        for by in (1, -1):
            if figure >= 0 and _text(blocks, figure + by):
                yield figure, by


def _past(
    blocks: Sequence[tuple[str, str, float]], n: int, way: int, need: float
) -> Iterator[tuple[int, int]]:
    """Block ``n`` moved over so much text; it never comes to stand right below a heading."""
    steps, size = 0, 0.0
    while _text(blocks, n + way * (steps + 1)):
        if steps and size >= need and blocks[n + way * (steps if way > 0 else steps + 1)][0] == "p":
            yield n, way * steps
            return
        steps += 1
        size += blocks[n + way * steps][2]
    if steps and size >= need and (way < 0 or blocks[n + way * steps][0] not in HEADS):
        yield n, way * steps


def _movable(block: tuple[str, str, float]) -> bool:
    return block[0] == "figure" or any(name in block[1].split() for name in MOVABLE)


def _text(blocks: Sequence[tuple[str, str, float]], n: int) -> bool:
    return 0 <= n < len(blocks) and blocks[n][0] in TEXT


def _ideas(part: Part, base: Fit, extent: Extent) -> Iterator[Fit]:
    """Ways to make a piece longer or shorter, by how its last page ends; the best guess first."""
    rest, alone = extent.rest, extent.tail <= 0
    if extent.pages > 1 and (alone or extent.tail < TAIL):
        yield replace(base, compact=True, tracking=-1, lead=base.lead - 4 * part.lead)
    elif extent.pages > 1 and extent.end < SHORT:
        yield replace(base, compact=True, tracking=-1, lead=base.lead - 6 * part.lead)
    ways = [
        (abs(rest - size) + 20 * n, n, fit)
        for n, (size, fit) in enumerate(_longer(part, base, extent))
        if size <= rest + 4 or alone
    ]
    if alone:  # the text must come over to the foot: a little more is enough
        ways = [(n, n, fit) for _, n, fit in ways]
    for _, _, fit in sorted(ways, key=lambda way: way[:2]):
        yield fit


def _longer(part: Part, base: Fit, extent: Extent) -> Iterator[tuple[float, Fit]]:
    """(growth, setting): air, figures across the page, and a woven strip that takes the rest."""
    heads = sum(block[0] == "h2" for block in extent.blocks)
    airs = [(0.0, base)]
    if heads > 1:
        airs.append((heads * LINE / 2, replace(base, air=1)))
    wides: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    wides += [(size, (n,)) for n, size in part.figures]
    strip = not part.lead and part.layout != "news"
    for size, wide in wides:
        for more, fit in airs:
            now = replace(fit, wide=wide)
            if wide or more:
                yield size + more, now
            art = min(extent.rest - size - more - 14, 117.0) // LINE * LINE
            if strip and art >= ART:
                yield size + more + art + LINE, replace(now, art=int(art))


# ---- the search ----------------------------------------------------------------------------


def search(
    parts: Sequence[Part], panels: Mapping[str, float], frame: int, trials: Trials, last: str = ""
) -> Plan:
    """The cheapest way through all pieces. ``last``: the panel that ends the last piece."""
    for part in parts:
        variants(part, 0.0, trials)
    steps = [Step(0.0, 0, 0.0)]
    for n, part in enumerate(parts):
        following = parts[n + 1] if n + 1 < len(parts) else None
        reached: dict[tuple[float, int], Step] = {}
        for step in steps:
            for move in _moves(step, part, following, panels, trials):
                key = (move.offset, move.pages)
                if key not in reached or move.cost < reached[key].cost - 1e-9:
                    reached[key] = move
        steps = _pruned(reached)
    ends = [(step, -(step.pages + frame) % SIGNATURE) for step in steps if not step.offset]
    step, fillers = min(ends, key=lambda end: (end[0].cost + FILLER[end[1]], end[0].pages))
    pages = frame + step.pages + fillers
    cost = step.cost + FILLER[fillers]
    return Plan(step.fits, fillers, cost, pages, step.keys, step.extents)


def _pruned(reached: Mapping[tuple[float, int], Step]) -> list[Step]:
    """All ways to a new page, and the two best places in the middle of one."""
    places: dict[float, float] = {}
    for step in sorted(reached.values(), key=lambda s: (s.cost, s.pages, s.offset)):
        if step.offset:
            places.setdefault(step.offset, step.cost)
    kept = set(list(places)[:2])
    return [s for s in reached.values() if not s.offset or s.offset in kept]


def _moves(
    step: Step, part: Part, following: Part | None, panels: Mapping[str, float], trials: Trials
) -> Iterator[Step]:
    for fit in variants(part, step.offset, trials):
        extent = trials.of(part.uid, step.offset, fit)
        if extent is None or not _stands(extent, step.offset):
            continue
        cost = step.cost + inner(extent, fit)
        keys = (*step.keys, (part.uid, step.offset, fit))
        extents = (*step.extents, extent)
        pages = step.pages + extent.pages - (1 if step.offset else 0)
        price, chosen = choose_panels(extent.rest, extent.room, panels, step.used)
        ended = replace(fit, panels=chosen)
        used = step.used | {name for name, _, _ in chosen} - {WOVEN}
        fits = (*step.fits, (part.uid, ended))
        yield Step(cost + price, pages, 0.0, used, fits, keys, extents)
        offset = round(extent.end + GAP, 2)
        if following is None or following.fresh or extent.room - offset < following.strut:
            continue
        fits = (*step.fits, (part.uid, fit))
        yield Step(cost + 0.05, pages, offset, step.used, fits, keys, extents)


def compare(plan: Plan, pages: Sequence[Any], trials: Trials) -> float:
    """How far the whole issue differs from the plan; what was seen serves the next search."""
    wrong = 0.0
    for key, planned in zip(plan.keys, plan.extents, strict=True):
        seen = extent(pages, key[0])
        if seen is None:
            wrong += ALONE
            continue
        if seen.pages != planned.pages or abs(seen.end - planned.end) > 1:
            wrong += ALONE
            trials.known[key] = replace(seen, start=0)
    wrong += ALONE * (len(pages) != plan.pages)
    placed = set(panels(pages))
    wrong += ALONE * sum(
        name not in placed for _, fit in plan.fits for name, _, _ in fit.panels if name != WOVEN
    )
    return wrong


def plain_cost(parts: Sequence[Part], trials: Trials) -> float:
    """The penalty of the same pieces without any fitting: no house matter, nothing moved.

    Only what has been laid out is looked at; a piece runs on where that was tried.
    """
    cost, offset = 0.0, 0.0
    for n, part in enumerate(parts):
        fit = Fit(start="on" if offset else "page")
        extent = trials.known.get((part.uid, offset, fit))
        if extent is None:
            continue
        cost += inner(extent, fit)
        after = round(extent.end + GAP, 2)
        following = parts[n + 1].uid if n + 1 < len(parts) else ""
        if (following, after, Fit(start="on")) in trials.known:
            offset = after
        else:
            cost, offset = cost + hole(extent.rest, extent.room), 0.0
    return cost


# ---- what a setting does to a body ----------------------------------------------------------


def arranged(
    nodes: tuple[Node, ...], fit: Fit, views: Mapping[str, PictureView], layout: str
) -> tuple[Node, ...]:
    """The body with its blocks moved and its figures in a column or across the page.

    A page-wide figure that is nearly as high as wide goes into the column, where its letters are
    still legible, unless ``fit`` says that the page has room for it.
    """
    order = list(nodes)
    for block, by in fit.moved:
        if 0 <= block < len(order) and 0 <= block + by < len(order):
            order.insert(block + by, order.pop(block))
    if layout == "letter":
        return tuple(order)
    figures = 0
    for n, node in enumerate(order):
        if node.kind != "figure":
            continue
        attrs = dict(node.attrs)
        view = views.get(str(attrs["src"]))
        if view is None:
            continue
        if attrs["width"] != "bleed":  # what the editor lets bleed stays so
            wide = figures in fit.wide or (attrs["width"] == "page" and low(view))
            attrs["width"] = "page" if wide else "column"
        order[n] = replace(node, attrs=tuple(attrs.items()))
        figures += 1
    return tuple(order)


def low(view: PictureView) -> bool:
    return view.height <= 0.66 * view.width


def growable(
    nodes: tuple[Node, ...], views: Mapping[str, PictureView]
) -> tuple[tuple[int, float], ...]:
    """Figures of columns that may go across the page, and how much longer the piece gets."""
    result, n = [], 0
    for node in nodes:
        attrs = dict(node.attrs) if node.kind == "figure" else {}
        view = views.get(str(attrs.get("src")))
        if view is None:
            continue
        shape = view.height / view.width
        if attrs["width"] == "bleed":
            n += 1
            continue
        if shape <= 1.02 and not (attrs["width"] == "page" and low(view)):
            high = 440 * shape if low(view) else 292 * shape
            result.append((n, high + LINE - (214 * shape + 30) / 2))
        n += 1
    return tuple(result)
