"""One declaration per field: read it with places, describe it, scaffold it.

A class is a frozen dataclass whose fields are made by :func:`field`. YAML is read as events, not
by PyYAML's constructors: every scalar stays the text that the board typed (``0207123456``,
``7:30``, ``no``) until our own field type asks for more. Aliases, tags and deep nesting are
refused, so no document can expand beyond its own size.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bulletin import text
from bulletin.diag import Place, Report
from bulletin.yamltree import Mapping, Scalar, Sequence, YamlNode

TRUE = frozenset({"true", "yes", "có", "on", "1"})
FALSE = frozenset({"false", "no", "không", "off", "0"})
MAX_QUOTED = 60  # of a wrong value, in a message
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
# Invisible, although Unicode counts them among letters, marks and symbols.
_FILLERS = frozenset("\u200b\u2060\ufeff\u034f\u115f\u1160\u2800\u3164\uffa0")
# Vietnamese words that editors try for a key, where its label does not say them.
_ALSO = {"tieude": "title", "trangthai": "status", "hinh": "cover", "anh": "cover"}


@dataclass(frozen=True, slots=True)
class Field:
    """What is said once about a field and used by reader, scaffold and manual."""

    label: str
    required: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""
    help: str = ""
    limit: int = 500


def field(
    label: str,
    *,
    required: bool = False,
    choices: Iterable[str] = (),
    example: str = "",
    help: str = "",
    limit: int = 500,
    default: Any = None,
) -> Any:
    """A dataclass field of a schema class. ``limit`` is the longest text, in characters."""
    meta = Field(label, required, tuple(choices), example, help, limit)
    return dataclasses.field(default=default, metadata={"schema": meta})


@functools.cache
def fields(cls: type) -> dict[str, tuple[Field, Any]]:
    """Name → (declaration, resolved type) in order of declaration."""
    hints = typing.get_type_hints(cls)
    return {
        f.name: (f.metadata["schema"], hints[f.name])
        for f in dataclasses.fields(cls)
        if "schema" in f.metadata
    }


Places = dict[str, Place]
_BAD = object()


class Reader:
    """Reads one document into one schema class; collects places by dotted path."""

    def __init__(self, report: Report, place: Place, what: str) -> None:
        self.report = report
        self.root = place
        self.what = what
        self.places: Places = {}
        self.failed = False

    def error(self, place: Place, code: str, message: str, hint: str = "", *see: Place) -> Any:
        self.failed = True
        self.report.error(place, code, message, hint, see)
        return _BAD

    def read(self, cls: type, node: YamlNode | None, path: str = "") -> Any:
        if node is None:
            node = Mapping(self.root, ())
        if not isinstance(node, Mapping):
            return self.error(
                node.place,
                "FM001",
                f"{self.what} phải là các dòng «khóa: giá trị»"
                if not path
                else f"«{path[:-1]}» phải là các dòng «khóa: giá trị»",
                "ví dụ:\n" + example(cls),
            )
        known = fields(cls)
        values: dict[str, Any] = {}
        seen: dict[str, Place] = {}
        for key, value in node.pairs:
            name = self._key(key, cls, seen)
            if name is None:
                continue
            spec, kind = known[name]
            at = f"{path}{name}"
            self.places[at] = value.place
            values[name] = self._value(spec, kind, value, at)
        for name, (spec, _) in known.items():
            if name not in values and spec.required:
                hint = f"thêm dòng: {name}: {spec.example or '…'}"
                where = node.place if path else self.root
                self.error(where, "FM002", f"thiếu «{name}» ({spec.label})", hint)
        if any(value is _BAD for value in values.values()) or (self.failed and not path):
            values = {name: value for name, value in values.items() if value is not _BAD}
        try:
            return cls(**{name: value for name, value in values.items() if value is not None})
        except TypeError:  # a required dataclass argument is missing: already reported
            return _BAD

    def _key(self, key: Scalar, cls: type, seen: dict[str, Place]) -> str | None:
        name, known = text.nfc(key.text), fields(cls)
        if name in seen:
            self.error(
                key.place,
                "FM003",
                f"khóa «{name}» lặp lại",
                f"giữ một dòng «{name}:», bỏ dòng kia",
                seen[name],
            )
            return None
        seen[name] = key.place
        if name in known:
            return name
        odd = [c for c in name if not (c.isalnum() or c in "_-. ")]
        if odd:
            named = ", ".join(f"U+{ord(c):04X}" for c in odd[:3])
            self.error(
                key.place,
                "FM004",
                f"khóa «{_quoted(name)}» có ký tự lạ ({named})",
                "gõ lại khóa bằng tay",
            )
            return None
        if len(name.split()) > 3:
            hint = "giá trị có dấu phẩy hay hai chấm phải đặt trong ngoặc kép"
            self.error(key.place, "FM004", f"khóa lạ «{_quoted(name)}»", hint)
            return None
        near = _nearest(name, cls)
        hint = f"ý bạn là «{near}»?" if near else "các khóa dùng được: " + ", ".join(known)
        self.error(key.place, "FM004", f"khóa lạ «{_quoted(name)}»", hint)
        return None

    # -- values ----------------------------------------------------------------------------

    def _value(self, spec: Field, kind: Any, node: YamlNode, path: str) -> Any:
        kind = _without_none(kind)
        if isinstance(node, Scalar) and not node.text.strip() and not _is_tuple(kind):
            return self._missing(spec, node, path) if spec.required else None
        if _is_tuple(kind):
            return self._list(spec, typing.get_args(kind)[0], node, path)
        if dataclasses.is_dataclass(kind):
            return self.read(typing.cast(type, kind), node, f"{path}.")
        if not isinstance(node, Scalar):
            got = "danh sách" if isinstance(node, Sequence) else "nhóm khóa"
            return self.error(
                node.place,
                "FM006",
                f"«{path}» ({spec.label}) phải là một giá trị, không phải {got}",
                _example_hint(spec, path),
            )
        return self._scalar(spec, kind, node, path)

    def _missing(self, spec: Field, node: YamlNode, path: str) -> Any:
        return self.error(
            node.place,
            "FM005",
            f"«{path}» ({spec.label}) đang để trống",
            _example_hint(spec, path),
        )

    def _list(self, spec: Field, kind: Any, node: YamlNode, path: str) -> Any:
        if isinstance(node, Scalar):
            if not node.text.strip():
                return self._missing(spec, node, path) if spec.required else ()
            return self.error(
                node.place,
                "FM006",
                f"«{path}» ({spec.label}) phải là danh sách",
                f"viết: {path.rsplit('.', 1)[-1]}: [{node.text}]",
            )
        if isinstance(node, Mapping):
            return self.error(
                node.place,
                "FM006",
                f"«{path}» ({spec.label}) phải là danh sách, không phải nhóm khóa",
                _example_hint(spec, path),
            )
        if spec.required and not node.items:
            return self._missing(spec, node, path)
        inner = dataclasses.replace(spec, required=True)
        result = []
        for index, item in enumerate(node.items):
            at = f"{path}.{index}"
            self.places[at] = item.place
            result.append(self._value(inner, kind, item, at))
        return _BAD if any(value is _BAD for value in result) else tuple(result)

    def _scalar(self, spec: Field, kind: Any, node: Scalar, path: str) -> Any:
        value = text.nfc(node.text).strip()
        if len(value) > spec.limit:
            return self.error(
                node.place,
                "FM007",
                f"«{path}» ({spec.label}) dài {len(value)} ký tự, giới hạn {spec.limit}",
                "rút ngắn lại",
            )
        if hidden := next((c for c in value if _hidden(c)), None):
            return self.error(
                node.place,
                "FM008",
                f"«{path}» có ký tự không nhìn thấy U+{ord(hidden):04X}",
                "xóa và gõ lại đoạn này (thường do dán từ Word hoặc trang mạng)",
            )
        if spec.choices and value not in spec.choices:
            near = difflib.get_close_matches(value, spec.choices, 1, 0.5)
            return self.error(
                node.place,
                "FM009",
                f"«{_quoted(value)}» không thuộc {', '.join(spec.choices)}",
                f"ý bạn là «{near[0]}»?" if near else spec.help or f"chọn một giá trị cho «{path}»",
            )
        return self._typed(kind, value, node, path)

    def _typed(self, kind: Any, value: str, node: Scalar, path: str) -> Any:
        if kind is str:
            return value
        if kind is bool:
            if value.lower() in TRUE | FALSE:
                return value.lower() in TRUE
            return self.error(
                node.place,
                "FM010",
                f"«{path}» phải là true hoặc false",
                f"viết: {path}: true",
            )
        if kind is int:
            if value.isascii() and value.isdigit() and len(value) <= 9:
                return int(value)
            return self.error(
                node.place,
                "FM011",
                f"«{_quoted(value)}» không phải số nguyên",
                f"ví dụ: {path}: 1",
            )
        if kind is float:
            return self._float(value, node, path)
        if kind is date:
            return self._date(value, node)
        if kind is datetime:
            return self._moment(value, node)
        raise AssertionError(f"schema type not supported: {kind!r}")

    def _float(self, value: str, node: Scalar, path: str) -> Any:
        plain = value.replace(",", ".") if value.count(",") == 1 and "." not in value else value
        if plain.replace(".", "", 1).isdigit() and plain.isascii() and len(plain) < 20:
            return float(plain)
        return self.error(
            node.place,
            "FM011",
            f"«{_quoted(value)}» không phải số không âm",
            f"ví dụ: {path}: 190",
        )

    def _date(self, value: str, node: Scalar) -> Any:
        try:
            return text.parse_date(value)
        except text.DateError as why:
            return self.error(
                node.place,
                "FM012",
                f"ngày «{_quoted(value)}» không hợp lệ: {why}",
                "ví dụ: 2026-03-09 hoặc 09/3/2026",
            )

    def _moment(self, value: str, node: Scalar) -> Any:
        day, _, clock = value.replace("T", " ").partition(" ")
        start = self._date(day, node)
        if start is _BAD:
            return _BAD
        match = _CLOCK.fullmatch(clock.strip() or "00:00")
        if match:
            hour, minute = (int(part) for part in match.groups())
            return datetime(start.year, start.month, start.day, hour, minute, tzinfo=text.VIETNAM)
        return self.error(
            node.place,
            "FM012",
            f"giờ «{_quoted(clock)}» không hợp lệ",
            "ví dụ: 2026-05-18 06:00",
        )


def read(
    cls: type,
    node: YamlNode | None,
    report: Report,
    place: Place,
    what: str = "Phần khai báo",
) -> tuple[Any | None, Places]:
    """Read ``node`` as ``cls``: (instance, places), or (None, places) after reported errors."""
    reader = Reader(report, place, what)
    value = reader.read(cls, node)
    return (None if value is _BAD or reader.failed else value), reader.places


def _hidden(c: str) -> bool:
    return (not c.isprintable() and c not in "\n\u00a0") or c in _FILLERS


def _quoted(value: str) -> str:
    """A wrong value as a message repeats it: one line, not too long."""
    flat = value.replace("\n", " ")
    return flat if len(flat) <= MAX_QUOTED else flat[:MAX_QUOTED] + "…"


def _nearest(name: str, cls: type) -> str | None:
    """The key that was meant: nearly spelt so, or its Vietnamese label."""
    plain = text.fold(name)
    near = difflib.get_close_matches(plain.replace(" ", "_"), fields(cls), 1, 0.6)
    if near:
        return str(near[0])
    labels = _labels(cls)
    near = difflib.get_close_matches(_bare(plain), labels, 1, 0.8)
    return labels[near[0]] if near else None


@functools.cache
def _labels(cls: type) -> dict[str, str]:
    """Vietnamese words for the keys of a class: «tacgia» → «authors»."""
    known = fields(cls)
    heads = {name: re.split(r"[(,]", spec.label)[0] for name, (spec, _) in known.items()}
    labels = {_bare(text.fold(head)): name for name, head in heads.items()}
    return labels | {word: name for word, name in _ALSO.items() if name in known}


def _bare(plain: str) -> str:
    return re.sub(r"[^a-z]", "", plain)


def _without_none(kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        return next(part for part in typing.get_args(kind) if part is not type(None))
    return kind


def _is_tuple(kind: Any) -> bool:
    return typing.get_origin(kind) is tuple


def _example_hint(spec: Field, path: str) -> str:
    name = next(part for part in reversed(path.split(".")) if not part.isdigit())
    return f"ví dụ: {name}: {spec.example}" if spec.example else f"viết: {name}: …"


def example(cls: type) -> str:
    """The required fields with their examples, ready to paste."""
    return "\n".join(
        f"{name}: {spec.example or '…'}" for name, (spec, _) in fields(cls).items() if spec.required
    )


def scaffold(cls: type, values: dict[str, str]) -> str:
    """Front matter with every field, its Vietnamese label as a comment, for ``bulletin new``.

    ``values`` are YAML fragments by field name; other fields stay empty or show their example.
    """
    lines = []
    for name, (spec, kind) in fields(cls).items():
        note = spec.label + (" (bắt buộc)" if spec.required else "")
        if spec.choices:
            note += ": " + " | ".join(spec.choices)
        if spec.help:
            note += f" – {spec.help}"
        lines.append(f"# {note}")
        plain = _without_none(kind)
        if name in values:
            lines.append(f"{name}: {values[name]}")
        elif dataclasses.is_dataclass(plain):
            inner = fields(typing.cast(type, plain))
            lines.append(f"# {name}:")
            lines += [f"#   {key}: {sub.example}  # {sub.label}" for key, (sub, _) in inner.items()]
        elif _is_tuple(plain):
            lines.append(f"{name}: []" + (f"  # ví dụ: {spec.example}" if spec.example else ""))
        else:
            lines.append(f"{name}:" + (f"  # ví dụ: {spec.example}" if spec.example else ""))
    return "\n".join(lines) + "\n"
