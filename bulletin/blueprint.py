"""The one table of fields, told to other programs: JSON Schema for editors, forms for a CMS."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime
from typing import Any

from bulletin import schema
from bulletin.model import Config, IssueSpec, Meta
from bulletin.schema import Field

DRAFT = "http://json-schema.org/draft-07/schema#"
KINDS: dict[str, tuple[type, str]] = {
    "bulletin": (Config, "Cấu hình của bản tin (bulletin.yaml)"),
    "issue": (IssueSpec, "Một số bản tin (issues/<năm>/so-<n>.yaml)"),
    "article": (Meta, "Phần khai báo của một bài (content/…/*.md)"),
}
# Both forms in which a date may be written.
_DATE = r"^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4})$"
_MOMENT = r"^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4})([T ]\d{1,2}:\d{2})?$"


def json_schema(kind: str) -> dict[str, Any]:
    """JSON Schema (draft 7, which every editor knows) of «bulletin», «issue» or «article»."""
    cls, title = KINDS[kind]
    return {"$schema": DRAFT, "title": title, **_object(cls)}


def _object(cls: type) -> dict[str, Any]:
    known = schema.fields(cls)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, (spec, _) in known.items() if spec.required],
        "properties": {name: _property(spec, kind) for name, (spec, kind) in known.items()},
    }


def _property(spec: Field, kind: Any) -> dict[str, Any]:
    said = {"title": spec.label, "description": _described(spec)}
    if not spec.required:  # an empty value is as good as none
        return {**said, "anyOf": [_value(spec, kind), {"type": "null"}]}
    return said | _value(spec, kind)


def _described(spec: Field) -> str:
    parts = [spec.label + (" (bắt buộc)" if spec.required else "")]
    parts += [spec.help] if spec.help else []
    parts += [f"ví dụ: {spec.example}"] if spec.example else []
    return ". ".join(parts)


def _value(spec: Field, kind: Any) -> dict[str, Any]:
    plain = _plain(kind)
    if typing.get_origin(plain) is tuple:
        inner = typing.get_args(plain)[0]
        return {"type": "array", "items": _value(dataclasses.replace(spec, required=True), inner)}
    if dataclasses.is_dataclass(plain):
        return _object(typing.cast(type, plain))
    if plain is bool:
        return {"enum": [True, False, "có", "không", "yes", "no", "on", "off"]}
    if plain is int:
        return {"type": "integer", "minimum": 0}
    if plain is float:
        return {"type": ["number", "string"]}  # 0,1 is written with a comma, too
    if plain is date or plain is datetime:
        return {"type": "string", "pattern": _DATE if plain is date else _MOMENT}
    if spec.choices:
        return {"enum": list(spec.choices)}
    # A number is read as text, so that 0207 stays 0207.
    return {"type": ["string", "number", "boolean"], "maxLength": spec.limit}


def _plain(kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        return next(part for part in typing.get_args(kind) if part is not type(None))
    return kind


# ---- forms ---------------------------------------------------------------------------------------


def form(cls: type, hidden: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Widgets of Decap and Sveltia CMS for every field of a class."""
    return [
        _widget(name, spec, kind)
        for name, (spec, kind) in schema.fields(cls).items()
        if name not in hidden
    ]


def _widget(name: str, spec: Field, kind: Any) -> dict[str, Any]:
    plain = _plain(kind)
    out: dict[str, Any] = {"name": name, "label": spec.label, "required": spec.required}
    if spec.example or spec.help:
        out["hint"] = spec.help or f"ví dụ: {spec.example}"
    if typing.get_origin(plain) is tuple:
        return out | _repeated(spec, typing.get_args(plain)[0])
    if dataclasses.is_dataclass(plain):
        return {
            **out,
            "widget": "object",
            "collapsed": True,
            "fields": form(typing.cast(type, plain)),
        }
    if spec.choices:
        return {**out, "widget": "select", "options": list(spec.choices)}
    if plain is bool:
        return {**out, "widget": "boolean"}
    if plain in (int, float):
        return {**out, "widget": "number", "value_type": plain.__name__}
    if plain is datetime:
        return {**out, "widget": "datetime", "format": "YYYY-MM-DD HH:mm"}
    if plain is date:
        return {**out, "widget": "datetime", "format": "YYYY-MM-DD", "time_format": False}
    return {**out, "widget": "text" if spec.limit > 300 else "string"}


def _repeated(spec: Field, inner: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(inner):
        return {"widget": "list", "fields": form(typing.cast(type, inner))}
    if spec.choices:
        return {"widget": "select", "multiple": True, "options": list(spec.choices)}
    return {"widget": "list"}
