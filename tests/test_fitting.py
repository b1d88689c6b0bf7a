"""Copy-fitting: what is measured, what is chosen, and that the real theme comes out well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulletin.model import Node, PictureView
from bulletin.outputs import fitting, measure, press
from bulletin.outputs.measure import Extent, Hole
from bulletin.pages import Fit

ROOM = 637.0
PANELS = {"low": 70.0, "high": 120.0, "third": 90.0}


def extent(end: float, pages: int = 1, tail: float = 200.0, **more: Any) -> Extent:
    return Extent(0, more.pop("top", 0.0), pages, end, ROOM, tail, more.pop("ragged", 0.0), **more)


class Desk:
    """Lays out by a table: uid → (end on the last page, pages) when it starts on a new page."""

    def __init__(self, table: dict[str, tuple[float, int]]) -> None:
        self.table = table
        self.calls: list[tuple[str, float, Fit]] = []

    def __call__(self, uid: str, offset: float, fit: Fit) -> Extent | None:
        self.calls.append((uid, offset, fit))
        end, pages = self.table[uid]
        total = (pages - 1) * ROOM + end + offset + fit.art
        return extent(total % ROOM, int(total // ROOM) + 1, top=offset)


def plan(table: dict[str, tuple[float, int]], frame: int = 4, **more: Any) -> fitting.Plan:
    desk = Desk(table)
    parts = [fitting.Part(uid, **more) for uid in table]
    return fitting.search(parts, PANELS, frame, fitting.Trials(desk))


def test_an_empty_foot_gets_the_panel_that_fits_best() -> None:
    cost, panels = fitting.choose_panels(100.0, ROOM, PANELS, frozenset())
    assert [name for name, _, _ in panels] == ["low"]
    assert panels[0][1] == pytest.approx(100 - fitting.GAP - 1)
    assert cost < fitting.hole(100.0, ROOM)


def test_nothing_is_put_where_there_is_no_room() -> None:
    assert fitting.choose_panels(30.0, ROOM, PANELS, frozenset())[1] == ()
    assert fitting.choose_panels(80.0, ROOM, PANELS, frozenset())[1] == ()


def test_panels_fill_exactly_what_is_left() -> None:
    for rest in (120.0, 180.0, 250.0, 333.0, 420.0):
        _, panels = fitting.choose_panels(rest, ROOM, PANELS, frozenset())
        height = sum(high for _, high, _ in panels) + (len(panels) - 1) * fitting.BETWEEN
        assert height == pytest.approx(rest - fitting.GAP - 1, abs=0.1)
        for name, high, art in panels:
            assert high - art >= PANELS.get(name, 0.0) - 0.01, "text is never cut"


def test_no_panel_stands_twice_in_an_issue() -> None:
    chosen = plan(dict.fromkeys("abcd", (450.0, 1)))
    names = [name for _, fit in chosen.fits for name, _, _ in fit.panels if name != fitting.WOVEN]
    assert len(names) == len(set(names))


def test_pages_come_in_fours() -> None:
    for count in range(1, 6):
        chosen = plan({f"u{n}": (620.0, 1) for n in range(count)})
        assert chosen.pages % 4 == 0
        assert chosen.fillers == -(count + 4) % 4


def test_at_most_two_panels_stand_one_above_the_other() -> None:
    for rest in range(100, 640, 20):
        assert len(fitting.choose_panels(rest, ROOM, PANELS, frozenset())[1]) <= 2


def test_a_tight_list_of_contents_only_where_it_saves_house_pages() -> None:
    parts = [fitting.Part(f"u{n}") for n in range(3)]
    trials = fitting.Trials(Desk({part.uid: (620.0, 1) for part in parts}))
    chosen, contents = press.planned(parts, PANELS, {"": 6, "tight": 5}.__getitem__, trials)
    assert (chosen.pages, chosen.fillers, contents) == (8, 0, "tight")
    chosen, contents = press.planned(parts, PANELS, {"": 5, "tight": 4}.__getitem__, trials)
    assert (chosen.pages, chosen.fillers, contents) == (8, 0, "")


def test_a_short_end_lets_the_next_piece_run_on() -> None:
    chosen = plan({"a": (200.0, 2), "b": (390.0, 1), "c": (620.0, 1)})
    assert dict(chosen.fits)["b"].start == "on"
    assert dict(chosen.fits)["c"].start == "page"
    assert chosen.pages == 8


def test_a_setting_that_goes_to_the_next_page_is_no_way_to_run_on() -> None:
    class Tall(Desk):
        def __call__(self, uid: str, offset: float, fit: Fit) -> Extent | None:
            found = super().__call__(uid, offset, fit)
            assert found is not None
            if offset and fit.art:  # too tall to begin here, and ending as well as can be
                return replace(found, start=1, top=0.0, pages=1, end=ROOM)
            return found

    table = {"a": (200.0, 2), "b": (250.0, 1)}
    parts = [fitting.Part(uid) for uid in table]
    chosen = fitting.search(parts, {}, 4, fitting.Trials(Tall(table)))
    fit = dict(chosen.fits)["b"]
    assert not (fit.start == "on" and fit.art)


def test_a_piece_after_the_letter_starts_a_page() -> None:
    desk = Desk({"a": (200.0, 1), "b": (390.0, 1)})
    parts = [fitting.Part("a"), fitting.Part("b", fresh=True)]
    chosen = fitting.search(parts, PANELS, 4, fitting.Trials(desk))
    assert dict(chosen.fits)["b"].start == "page"


def test_the_same_search_twice_asks_and_says_the_same() -> None:
    table = {"a": (200.0, 2), "b": (390.0, 1), "c": (500.0, 2), "d": (100.0, 3)}
    one, two = Desk(table), Desk(table)
    parts = [fitting.Part(uid) for uid in table]
    first = fitting.search(parts, PANELS, 5, fitting.Trials(one))
    assert first == fitting.search(parts, PANELS, 5, fitting.Trials(two))
    assert one.calls == two.calls


def test_the_number_of_layouts_is_bounded() -> None:
    table = {f"u{n}": (100.0 + 37 * n, 3) for n in range(12)}
    desk = Desk(table)
    trials = fitting.Trials(desk)
    fitting.search([fitting.Part(uid) for uid in table], PANELS, 5, trials)
    assert trials.pages <= max(fitting.MAX_TRIAL_PAGES, 12 * 4) + 12
    assert trials.count == len(desk.calls) == len(set(desk.calls))


def test_a_foot_alone_costs_more_than_all_that_mends_it() -> None:
    alone = fitting.inner(extent(60.0, 2, tail=0.0), Fit())
    mended = fitting.inner(extent(60.0, 2), Fit(compact=True, tracking=-1, air=1, art=117))
    assert alone > mended + 3


@pytest.mark.parametrize(
    ("kinds", "hole", "expected"),
    [
        ("p p F p p", Hole(50.0, 2), [(2, 1)]),
        ("p p F h2 p p", Hole(70.0, 2), [(2, 2), (2, -1)]),
        ("p p F", Hole(60.0, 2), [(2, -1)]),
        ("p p T p", Hole(60.0, 2), []),
        ("p h2 F p p", Hole(90.0, 1), [(2, 2)]),
    ],
)
def test_a_figure_moves_to_close_the_hole(
    kinds: str, hole: Hole, expected: list[tuple[int, int]]
) -> None:
    names = {"F": ("figure", "figure w-column", 100.0), "T": ("div", "table", 100.0)}
    blocks = tuple(names.get(kind, (kind, "", 40.0)) for kind in kinds.split())
    found = list(fitting.moving(extent(400.0, 2, holes=(hole,), blocks=blocks)))
    assert found[: len(expected)] == expected
    for block, by in found:
        order = list(blocks)
        order.insert(block + by, order.pop(block))
        spot = order.index(blocks[block])
        assert spot == 0 or order[spot - 1][0] != "h2"


def figure(src: str, width: str) -> Node:
    return Node("figure", attrs=(("src", src), ("width", width)))


def view(width: int, height: int) -> PictureView:
    return PictureView("", "", "svg", width, height)


def test_a_high_figure_stands_in_the_column_unless_there_is_room() -> None:
    views = {"low": view(640, 300), "high": view(640, 600)}
    nodes = (figure("low", "page"), figure("high", "page"), Node("paragraph"))
    widths = [dict(n.attrs).get("width") for n in fitting.arranged(nodes, Fit(), views, "feature")]
    assert widths == ["page", "column", None]
    wide = fitting.arranged(nodes, Fit(wide=(1,)), views, "feature")
    assert dict(wide[1].attrs)["width"] == "page"
    assert [n for n, _ in fitting.growable(nodes, views)] == [1]


def test_blocks_move_and_none_is_lost() -> None:
    nodes = tuple(Node("paragraph", text=str(n)) for n in range(5))
    moved = fitting.arranged(nodes, Fit(moved=((1, 2), (4, -4), (3, 9))), {}, "feature")
    assert [node.text for node in moved] == ["4", "0", "2", "3", "1"]


# ---- measuring, on a real layout -----------------------------------------------------------


def laid(body: str, css: str = "") -> list[Any]:
    import weasyprint

    style = (
        "@page{size:300pt 400pt;margin:20pt}*{margin:0;padding:0;font:10pt/13pt serif}"
        ".cols{columns:2;column-gap:10pt}.foot,.pic{break-inside:avoid}" + css
    )
    source = f"<style>{style}</style>{body}"
    return [page._page_box for page in weasyprint.HTML(string=source).render().pages]


def test_extent_of_a_piece() -> None:
    text = "<p>" + "chữ " * 60 + "</p>"
    pages = laid(
        f'<div style="height:100pt"></div><article id="a-x"><div class="body"><div class="cols">'
        f'{text}</div></div><footer class="foot">Nguồn</footer></article>'
    )
    found = measure.extent(pages, "x")
    assert found is not None
    assert (found.start, found.pages) == (0, 1)
    assert found.top == pytest.approx(100, abs=0.5)
    assert found.room == pytest.approx(360, abs=0.5)
    assert found.end == pytest.approx(100 + found.tail + 13, abs=0.5)
    assert measure.extent(pages, "y") is None


def test_a_foot_alone_is_seen() -> None:
    pages = laid(
        '<article id="a-x"><div class="body"><div class="cols" style="height:345pt"><p>chữ</p>'
        '</div></div><footer class="foot">Nguồn<br>Nguồn</footer></article>'
    )
    found = measure.extent(pages, "x")
    assert found is not None
    assert (found.pages, found.tail) == (2, 0.0)


def test_a_hole_names_the_thing_that_did_not_fit() -> None:
    line = "<p>" + "chữ " * 25 + "</p>"
    pages = laid(
        f'<article id="a-x"><div class="body"><div class="cols">{line * 4}'
        f'<div class="pic" style="height:250pt"><p>Hình</p></div>{line * 4}</div></div></article>'
    )
    found = measure.extent(pages, "x")
    assert found is not None
    assert found.holes
    assert found.holes[0].block == 4
    assert len(found.blocks) == 9


def test_a_lone_thing_in_the_last_columns_leaves_half_of_them_empty() -> None:
    box = '<div class="pic" style="height:100pt"><p>Hình</p></div>'
    pages = laid(
        f'<article id="a-x"><div class="body"><div class="cols">{box}</div></div></article>'
    )
    lone = measure.extent(pages, "x")
    pages = laid(
        f'<article id="a-x"><div class="body"><div class="cols">{box * 2}</div></div></article>'
    )
    pair = measure.extent(pages, "x")
    assert lone is not None
    assert pair is not None
    assert lone.ragged > 0
    assert pair.ragged == 0


def test_empty_share_of_a_page() -> None:
    full = laid("<p>" + "chữ " * 2000 + "</p>")[0]
    assert measure.empty(full) < 0.05
    half = laid('<div class="panel" style="height:180pt">x</div>')[0]
    assert measure.empty(half) == pytest.approx(0.5, abs=0.05)


def test_heights_of_panels() -> None:
    pages = laid('<aside id="f-a" style="height:70pt">x</aside><aside id="f-b">x<br>y</aside>')
    assert measure.panels(pages) == pytest.approx({"a": 70.0, "b": 26.0}, abs=0.5)


def test_what_was_seen_replaces_what_was_tried() -> None:
    pages = laid('<article id="a-x"><div class="body"><p>chữ</p></div></article>')
    seen = measure.extent(pages, "x")
    assert seen is not None
    key = ("x", 0.0, Fit())
    trials = fitting.Trials(Desk({}))
    right = fitting.Plan((("x", Fit()),), 0, 0.0, 1, (key,), (seen,))
    assert fitting.compare(right, pages, trials) == 0
    wrong = replace(right, extents=(replace(seen, end=300.0),))
    assert fitting.compare(wrong, pages, trials) > 0
    assert trials.known[key] == seen
