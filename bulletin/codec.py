"""Frozen dataclasses to JSON and back, and the digest of a page value.

JSON only, never pickle: what the memo holds can be read, and cannot run anything.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bulletin.model import Node


def encode(value: Any) -> Any:
    """A plain JSON value. Dataclasses become lists of their fields in order of declaration."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, Node):
        return _node(value)
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: encode(value[key]) for key in sorted(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [encode(getattr(value, name)) for name in _names(type(value))]
    raise TypeError(f"not a value of the model: {type(value).__name__}")


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


@functools.cache
def _plan(cls: type) -> tuple[Any, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(hints[name] for name in _names(cls))


def decode(kind: Any, data: Any) -> Any:
    """The value of type ``kind`` that :func:`encode` made into ``data``."""
    if isinstance(kind, types.UnionType):
        if data is None:
            return None
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if kind in (str, int, float, bool, Any):
        return data
    if kind is Node:
        return _to_node(data)
    origin = typing.get_origin(kind)
    if origin is tuple:
        inner = typing.get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(decode(inner[0], item) for item in data)
        return tuple(decode(part, item) for part, item in zip(inner, data, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {key: decode(typing.get_args(kind)[1], item) for key, item in data.items()}
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is date:
        return date.fromisoformat(data)
    return kind(*(decode(part, item) for part, item in zip(_plan(kind), data, strict=True)))


def dumps(value: Any) -> bytes:
    """Canonical bytes: the same value gives the same bytes in every process."""
    return json.dumps(
        encode(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode("utf-8", "surrogatepass")


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal, the name of a blob."""
    return hashlib.sha256(data).hexdigest()


def nodes_from(data: bytes) -> tuple[Node, ...]:
    """A body as it was stored."""
    return tuple(_to_node(item) for item in json.loads(data))
