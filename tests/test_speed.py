"""What makes the press fast changes nothing in what it makes. No clock is read here."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest import LIGHT, THEME, WORDS, Make, Project, article, magazine
from test_prepress import SPEC, photo, raw, uri
from test_print import shop

from bulletin import codec, workers
from bulletin.outputs import lines, press
from bulletin.prepress import finish, images
from bulletin.studio import Studio

SHEET = (
    "@page{size:300pt 400pt;margin:20pt;@bottom-right{content:counter(page)}}"
    "*{margin:0;padding:0;font:10pt/13pt serif}p{text-align:justify}p+p{text-indent:1em}"
    ".cols{columns:2;column-gap:10pt}h2{margin:13pt 0 6pt;break-after:avoid;font-weight:bold}"
    ".box{break-inside:avoid;padding:6pt;border:1pt solid;margin:13pt 0}"
    "a::after{content:' tr. 'target-counter(attr(href),page)}.left{float:left;width:40pt}"
    "p.tall{margin-bottom:20pt;padding-bottom:5pt}.big::first-letter{font-size:20pt}"
)
LINE = "Nuôi <b>lợn nái</b> an toàn <i>sinh học</i> trong hộ nhỏ, từng việc một, không vội. "
PIECES = (
    f"<p>{LINE * 5}</p>",
    f"<h2>Đầu mục</h2><p>{LINE * 3}</p>",
    f'<div class="box"><p>{LINE}</p><p class="tall">{LINE * 2}</p></div>',
    f"<ul><li>{LINE}</li><li><p>{LINE * 2}</p></li></ul>",
    f"<table><tr><th>Một<th>Hai</tr><tr><td>{LINE}<td>{LINE * 2}</tr></table>",
    f'<p>{LINE}<a href="#cuoi">xem cuối</a> {LINE}</p>',
    f'<div class="left">Nổi<br>nổi</div><p>{LINE * 4}</p>',
    f'<p class="big">{LINE * 2}</p>',
    f'<p class="tall">{LINE * 6}</p>',
)


def boxes(source: str, memory: lines.Memory | None) -> list[tuple[Any, ...]]:
    """Kind, text, place and size of all that stands on the pages."""
    import weasyprint

    found = []
    with lines.remembered(memory) if memory else contextlib.nullcontext():
        rendered = weasyprint.HTML(string=source).render()
    for number, page in enumerate(rendered.pages):
        for box in page._page_box.descendants():
            place = [box.position_x, box.position_y, box.width, box.height]
            text = getattr(box, "text", "")
            found.append((number, type(box).__name__, text, *map(float, place)))
    return found


def same(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> None:
    assert [row[:3] for row in one] == [row[:3] for row in other]
    for a, b in zip(one, other, strict=True):
        assert a[3:] == pytest.approx(b[3:], abs=1e-6), a


@pytest.mark.parametrize("start", range(len(PIECES)))
def test_remembered_lines_stand_where_the_engine_would_set_them(start: int) -> None:
    order = PIECES[start:] + PIECES[:start]
    blocks = "".join(f'<div class="cols">{"".join(order[: 3 + start])}</div>' for _ in range(2))
    source = f'<style>{SHEET}</style>{blocks}<p id="cuoi">Cuối</p>'
    memory = lines.Memory()
    usual = boxes(source, None)
    same(boxes(source, memory), usual)
    same(boxes(source, memory), usual)  # the second time, every text is known


def test_each_text_is_broken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.layout import inline

    calls: list[str] = []
    split = inline.split_first_line

    def counted(text: str, *rest: Any, **named: Any) -> Any:
        calls.append(text)
        return split(text, *rest, **named)

    monkeypatch.setattr(inline, "split_first_line", counted)
    source = f'<style>{SHEET}</style><div class="cols">{PIECES[0] * 9}</div>'
    boxes(source, None)
    usual, calls[:] = len(calls), []
    memory = lines.Memory()
    boxes(source, memory)
    first = len(calls)
    boxes(source, memory)
    assert len(calls) == first, "a second document with these texts asks nothing"
    assert first * 4 < usual


def test_the_engine_is_left_as_it_was_and_another_version_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from weasyprint.layout import block, inline, preferred

    def state() -> tuple[Any, ...]:
        own = (inline.get_next_linebox, inline.split_first_line)
        return (*own, preferred.split_first_line, block.block_level_layout)

    before = state()
    inside: list[Any] = []
    with pytest.raises(ValueError, match="layout"), lines.remembered(lines.Memory()):
        raise ValueError("layout", inside.extend(state()))
    assert not set(inside) & set(before)
    assert state() == before
    monkeypatch.setattr(lines, "VERSION", "0")
    with lines.remembered(lines.Memory()):
        assert state() == before


# ---- what is remembered between builds -------------------------------------------------------

FITTED = THEME["templates/print/issue.html"].replace(
    "{% for piece in page.edition.issue.pieces %}<h1 id='a-{{ piece.card.uid }}'>",
    "{% for piece in page.edition.issue.pieces if not only or only == piece.card.uid %}"
    "<article id='a-{{ piece.card.uid }}' style='break-before:{{ fits[piece.card.uid].start }}'><h1>",
)
FITTED = FITTED.replace(
    "{{ bodies[piece.card.id] }}", "<div class='body'>{{ bodies[piece.card.id] }}</div></article>"
)


def fitted_project(project: Make, name: str = "duan") -> Project:
    files = {**LIGHT, **magazine(3), "themes/plain/templates/print/issue.html": FITTED}
    return project(files, name=name)


def edited() -> str:
    body = f"{WORDS} Thêm một câu."
    return article("Bài số 2", body, uid='"2026-1-bai-2"', keywords="[chăn nuôi, riêng 2]")


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    laid: list[str] = []
    lay: Callable[..., Any] = press.Engine.lay

    def counted(self: press.Engine, source: str) -> Any:
        laid.append(source)
        return lay(self, source)

    monkeypatch.setattr(press.Engine, "lay", counted)
    return laid


def test_hints_save_layouts_and_change_no_byte(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = counting(monkeypatch)
    bench, (job,) = shop(fitted_project(project))
    studio = bench.studio()
    cold = press.make(job, studio)
    first = len(laid)
    assert first > 4, "pieces, frame, panels and the whole"
    hints = json.loads(codec.dumps(studio.used))
    warm = press.make(job, Studio(bench.theme, studio.load, hints))
    assert len(laid) - first <= 2, "only the whole is laid out again"
    assert (warm.data, warm.siblings, warm.facts) == (cold.data, cold.siblings, cold.facts)


def test_an_edited_article_is_measured_again_the_others_are_not(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = counting(monkeypatch)
    made = fitted_project(project)
    bench, (job,) = shop(made)
    studio = bench.studio()
    press.make(job, studio)
    before = len(laid)
    made.write("content/2026/so-1/bai-2.md", edited())
    bench, (job,) = shop(made)
    press.make(job, Studio(bench.theme, bench.studio().load, dict(studio.used)))
    anew = [source for source in laid[before:] if "Bài số 1" not in source]
    assert anew
    assert all("Thêm một" in source for source in laid[before:])


def test_incremental_print_is_the_clean_one(project: Make) -> None:
    made, other = fitted_project(project), fitted_project(project, "khac")
    assert not made.build(("print",)).failed
    for one in (made, other):
        one.write("content/2026/so-1/bai-2.md", edited())
    assert made.build(("print",)).made
    other.build(("print",))
    assert made.tree() == other.tree()


def test_a_spoilt_hint_costs_time_only(project: Make) -> None:
    bench, _ = shop(fitted_project(project))
    blobs = workers.Blobs(bench.cache, bench.sources)
    hints = {codec.digest(b"subject"): "0" * 64}
    studio = Studio(bench.theme, blobs.load, hints, save=blobs.put)
    assert studio.kept(b"subject", lambda: b"made") == b"made"
    assert blobs.load(studio.used[codec.digest(b"subject")]) == b"made"


def test_a_kept_photograph_is_not_converted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = raw(f'<img src="{uri(photo(900, 600), "JPEG", quality=90)}" style="width:60mm">')
    store: dict[bytes, bytes] = {}

    def kept(subject: bytes, work: Callable[[], bytes]) -> bytes:
        if subject not in store:
            store[subject] = work()
        return store[subject]

    usual = finish(data, SPEC)
    cold = finish(data, SPEC, kept)
    assert len(store) == 1
    monkeypatch.setattr(images, "_decoded", None)
    warm = finish(data, SPEC, kept)
    assert usual == cold == warm
