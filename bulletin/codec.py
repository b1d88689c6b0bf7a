"""Frozen dataclasses to JSON and back, and the digest of a page value.

JSON only, never pickle: what the memo holds can be read, and cannot run anything.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import operator
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from bulletin.diag import PlaceTable
from bulletin.model import Node

_PLAIN = frozenset((str, int, float, bool, type(None)))
# Class → what takes the values of its fields, in order of declaration.
_FIELDS: dict[type, Callable[[Any], tuple[Any, ...]]] = {}


class Shared:
    """Stands for values that many others hold: each is written once, elsewhere as its digest.

    For keys only: nothing can be read back. ``kinds``: the classes whose values are shared.
    """

    def __init__(self, *kinds: type) -> None:
        self.kinds = frozenset(kinds)
        self.known: dict[int, tuple[Any, str]] = {}  # holds the value too: its number stays its own

    def mark(self, value: Any) -> str:
        found = self.known.get(id(value))
        if found is None:
            own = [encode(item, self) for item in _FIELDS[type(value)](value)]
            found = self.known[id(value)] = (value, "#" + digest(_written(own)))
        return found[1]


def encode(value: Any, shared: Shared | None = None) -> Any:
    """A plain JSON value. Dataclasses become lists of their fields in order of declaration."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return [item if type(item) in _PLAIN else encode(item, shared) for item in value]
    fields = _FIELDS.get(kind)
    if fields is None:
        return _rare(value, shared)
    if shared is not None and kind in shared.kinds:
        return shared.mark(value)
    return [item if type(item) in _PLAIN else encode(item, shared) for item in fields(value)]


def _rare(value: Any, shared: Shared | None) -> Any:
    """What is not met at every step; a class that is met for the first time."""
    if isinstance(value, Node):
        return _node(value)
    if isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, (tuple, list)):
        return [encode(item, shared) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, PlaceTable):
        return value.plain()
    if isinstance(value, Mapping):
        return {key: encode(value[key], shared) for key in sorted(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        _FIELDS[type(value)] = _taking(_names(type(value)))
        return encode(value, shared)
    raise TypeError(f"not a value of the model: {type(value).__name__}")


def _taking(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),)
    return operator.attrgetter(*names) if names else lambda value: ()


def _node(node: Node) -> list[Any]:
    attrs = [[key, encode(item)] for key, item in node.attrs]
    return [node.kind, node.text, node.line, attrs, [_node(kid) for kid in node.kids]]


def _to_node(data: list[Any]) -> Node:
    kind, text, line, attrs, kids = data
    pairs = tuple((key, _frozen(item)) for key, item in attrs)
    return Node(kind, text, line, pairs, tuple([_to_node(kid) for kid in kids]))


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


@functools.cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls))


def decode(kind: Any, data: Any) -> Any:
    """The value of type ``kind`` that :func:`encode` made into ``data``."""
    make = _maker(kind)
    return data if make is None else make(data)


@functools.cache
def _maker(kind: Any) -> Callable[[Any], Any] | None:
    """What makes a value of ``kind`` from JSON; None when the JSON is the value."""
    if isinstance(kind, types.UnionType):
        inner = _maker(next(part for part in typing.get_args(kind) if part is not type(None)))
        return None if inner is None else lambda data: None if data is None else inner(data)
    if kind in (str, int, float, bool, Any):
        return None
    if kind is Node:
        return _to_node
    if kind is PlaceTable:
        return lambda data: PlaceTable(*data)
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _tuple_maker(typing.get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_maker(typing.get_args(kind)[1])
    if kind in (datetime, date):
        return typing.cast("Callable[[Any], Any]", kind.fromisoformat)
    hints = typing.get_type_hints(kind)
    parts = [_maker(hints[name]) for name in _names(kind)]
    return lambda data: kind(*_each(parts, data))


def _mapping_maker(inner: Any) -> Callable[[Any], Any]:
    make = _maker(inner)
    if make is None:
        return dict
    return lambda data: {key: make(item) for key, item in data.items()}


def _tuple_maker(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        make = _maker(inner[0])
        return tuple if make is None else lambda data: tuple([make(item) for item in data])
    parts = [_maker(part) for part in inner]
    return lambda data: tuple(_each(parts, data))


def _each(makers: list[Callable[[Any], Any] | None], data: Any) -> list[Any]:
    pairs = zip(makers, data, strict=True)
    return [item if make is None else make(item) for make, item in pairs]


def readable(value: Mapping[str, Any]) -> str:
    """JSON for others: a line for each name, and one for each entry of a list of objects.

    What Python indents all the way it writes without its quick encoder.
    """

    def told(found: Any) -> str:
        if isinstance(found, (list, tuple)) and found and isinstance(found[0], Mapping):
            return "[\n  " + ",\n  ".join(map(_quick, found)) + "\n ]"
        return _quick(found)

    lines = (f" {_quick(name)}: {told(found)}" for name, found in value.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def dumps(value: Any, shared: Shared | None = None) -> bytes:
    """Canonical bytes: the same value gives the same bytes in every process."""
    return _written(encode(value, shared))


def _written(plain: Any) -> bytes:
    return _canonical(plain).encode("utf-8", "surrogatepass")


# Put together once; what is written is a tree, so nobody has to look for circles.
_quick = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_canonical = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True
).encode


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal, the name of a blob."""
    return hashlib.sha256(data).hexdigest()


def nodes_from(data: bytes) -> tuple[Node, ...]:
    """A body as it was stored."""
    return tuple(_to_node(item) for item in json.loads(data))
