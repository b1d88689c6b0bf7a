"""Values become JSON and come back the same, with the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from conftest import article
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import codec, manuscript
from bulletin.diag import Place, PlaceTable, Report
from bulletin.model import (
    AiLabel,
    Article,
    Card,
    Cover,
    Job,
    Link,
    Meta,
    Node,
    PictureView,
    Reference,
    SourceNote,
)
from bulletin.text import VIETNAM

quick = settings(deadline=None, derandomize=True, max_examples=100)
TEXT = st.text(max_size=12)
PLAIN = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT
ATTRS = st.dictionaries(TEXT, PLAIN | st.lists(TEXT, max_size=3).map(tuple), max_size=3).map(
    lambda d: tuple(sorted(d.items()))
)
NODES = st.recursive(
    st.builds(Node, TEXT, TEXT, st.integers(0, 9), ATTRS),
    lambda kids: st.builds(
        Node, TEXT, TEXT, st.integers(0, 9), ATTRS, st.lists(kids, max_size=3).map(tuple)
    ),
    max_leaves=12,
)
PLACES = st.builds(Place, TEXT, st.integers(0, 9), st.integers(0, 9), st.integers(1, 9))
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=VIETNAM)
)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
METAS = st.builds(
    Meta,
    title=TEXT,
    uid=TEXT,
    authors=TEXTS,
    date=st.none() | DAYS,
    publish_at=st.none() | MOMENTS,
    cover=st.none() | st.builds(Cover, TEXT, TEXT, TEXT, TEXT, TEXT),
    sources=st.lists(st.builds(SourceNote, TEXT, TEXT, TEXT, TEXT, st.booleans()), max_size=2).map(tuple),
    ai=st.none() | st.builds(AiLabel, TEXT, TEXT),
)  # fmt: skip
ARTICLES = st.builds(
    Article,
    path=TEXT,
    folder=TEXT,
    name=TEXT,
    meta=METAS,
    places=st.builds(PlaceTable.of, TEXT, st.dictionaries(TEXT, PLACES, max_size=3)),
    body=TEXT,
    words=st.integers(0, 9999),
    excerpt=TEXT,
    headings=st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
    anchors=TEXTS,
    references=st.lists(st.builds(Reference, TEXT, TEXT, PLACES), max_size=3).map(tuple),
)


@quick
@given(st.lists(NODES, max_size=3).map(tuple))
def test_a_body_comes_back_the_same(body: tuple[Node, ...]) -> None:
    data = codec.dumps(body)
    assert codec.nodes_from(data) == body
    assert codec.dumps(codec.nodes_from(data)) == data
    assert all(codec.decode(Node, codec.encode(node)) == node for node in body)


@quick
@given(ARTICLES)
def test_an_article_comes_back_the_same(value: Article) -> None:
    data = codec.dumps(value)
    back = codec.decode(Article, json.loads(data))
    assert back == value
    assert type(back.meta.publish_at) is type(value.meta.publish_at)
    assert codec.dumps(back) == data


@quick
@given(ARTICLES, ARTICLES)
def test_different_articles_have_different_bytes(one: Article, other: Article) -> None:
    assert (codec.dumps(one) == codec.dumps(other)) == (one == other)


def test_an_article_that_was_read_comes_back_the_same() -> None:
    source = article(body="## Đề mục\n\n[x](y) ![h](a.svg) $x$ a[^1]\n\n[^1]: b", date="2026-03-09")
    made = manuscript.read("content/2026/so-1/a.md", source.encode(), Report())
    assert made.article is not None
    assert codec.decode(Article, json.loads(codec.dumps(made.article))) == made.article
    assert codec.nodes_from(codec.dumps(made.nodes)) == made.nodes
    assert made.article.meta.date == date(2026, 3, 9)


def test_the_form_is_lists_in_order_of_declaration() -> None:
    node = Node("text", "a", 3, (("b", ("c", None)), ("d", True)), (Node("break"),))
    assert (
        codec.dumps(node) == b'["text","a",3,[["b",["c",null]],["d",true]],[["break","",0,[],[]]]]'
    )
    assert codec.encode({"b": date(2026, 3, 9), "a": (1, 2.5)}) == {
        "a": [1, 2.5],
        "b": "2026-03-09",
    }
    assert list(codec.encode({"b": 1, "a": 2})) == ["a", "b"]
    moment = datetime(2026, 5, 18, 6, 0, tzinfo=VIETNAM)
    assert codec.encode(moment) == "2026-05-18T06:00:00+07:00"
    assert codec.decode(datetime, "2026-05-18T06:00:00+07:00") == moment


def test_letters_stay_letters_and_a_lone_surrogate_survives() -> None:
    assert codec.dumps("Đắk") == '"Đắk"'.encode()
    data = codec.dumps((Node("text", "\ud83d"),))
    assert codec.nodes_from(data) == (Node("text", "\ud83d"),)


def test_types_are_rebuilt() -> None:
    card = Card("id", "uid", "u", "t", "s", "g", (Link("a", "b"),), Link("c", "d"), Link("e", "f"), (), (Link("x", "y"),), "vi", "", "", "", "dao", PictureView("u", "d", "svg", 1, 2, (("v", 3),)))  # fmt: skip
    assert codec.decode(Card, json.loads(codec.dumps(card))) == card


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), Job])
def test_what_is_not_a_value_of_the_model_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="not a value of the model"):
        codec.dumps(value)


def test_a_damaged_memo_is_an_error_and_not_a_wrong_value() -> None:
    with pytest.raises(ValueError, match=r"shorter|argument"):
        codec.decode(Link, ["only one"])
    with pytest.raises(ValueError, match="values to unpack"):
        codec.nodes_from(b'[["text"]]')


def test_digest_is_sha256() -> None:
    assert codec.digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_bytes_do_not_depend_on_the_process() -> None:
    code = (
        "from bulletin import codec; from bulletin.model import Node;"
        "print(codec.digest(codec.dumps({'b': Node('a', 'đ'), 'a': {'y': 1, 'x': 2}})))"
    )
    root = str(Path(codec.__file__).parent.parent)
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    value = {"a": {"x": 2, "y": 1}, "b": Node("a", "đ")}
    assert seen == {codec.digest(codec.dumps(value)) + "\n"}


def test_json_for_others_is_json_in_lines() -> None:
    value = {
        "a": 1,
        "tên": ["x", "ệ"],
        "items": [{"n": 1, "in": [{"o": 2}]}, {"n": None}],
        "no": [],
    }
    text = codec.readable(value)
    assert json.loads(text) == value
    assert list(json.loads(text)) == list(value), "in the order that was given"
    assert text.splitlines() == [
        "{",
        ' "a": 1,',
        ' "tên": ["x", "ệ"],',
        ' "items": [',
        '  {"n": 1, "in": [{"o": 2}]},',
        '  {"n": null}',
        " ],",
        ' "no": []',
        "}",
    ]
    assert json.loads(codec.readable({})) == {}
