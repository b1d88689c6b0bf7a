"""Front matter changed in place: only the fields that were edited, every other byte as it stood.

A change is a splice of the text, never a document written anew, so comments, order of keys and
ways of quoting stay. Whatever comes out is read again and compared: a result that says something
else than was asked for is refused (:class:`CannotEdit`), not written.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import yaml

from bulletin import schema, text, yamltree
from bulletin.diag import Place, Report
from bulletin.model import Meta

Value = str | list["Value"] | dict[str, "Value"] | None
MAX_CHANGE = 400_000  # characters of one value

_PLAIN = re.compile(r"[^\W_][^\n]*\Z")


class CannotEdit(Exception):
    """This text cannot be changed field by field; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A content file cut at its fences. The parts joined again are the file."""

    before: str  # blank lines and the opening fence
    head: str  # the lines between the fences
    fence: str  # the closing fence with its line end
    lead: str  # blank lines above the text
    body: str

    @property
    def source(self) -> str:
        return self.before + self.head + self.fence + self.lead + self.body

    @property
    def first(self) -> int:
        """The line of the file on which :attr:`head` begins."""
        return self.before.count("\n") + 1

    @property
    def body_line(self) -> int:
        """The line of the file on which :attr:`body` begins."""
        return (self.before + self.head + self.fence + self.lead).count("\n") + 1


_FILE = re.compile(
    r"(?P<before>\ufeff?(?:[ \t]*\r?\n)*---[ \t]*\r?\n)(?P<head>.*?)"
    r"(?P<fence>^---[ \t]*(?:\r?\n|\Z))"
    r"(?P<lead>(?:[ \t]*\r?\n)*)(?P<body>.*)\Z",
    re.DOTALL | re.MULTILINE,
)


def split(source: str) -> Sheet | None:
    """None when there are no two fences."""
    found = _FILE.match(source)
    return Sheet(**found.groupdict()) if found else None


def tree(head: str) -> dict[str, Value]:
    """Fields as the board typed them; raises :class:`CannotEdit` when they cannot be read."""
    report = Report()
    node = yamltree.parse(head.replace("\r\n", "\n"), "", report)
    if report.failed or not (node is None or isinstance(node, yamltree.Mapping)):
        raise CannotEdit("phần khai báo đang có lỗi nên chưa sửa được theo từng ô")
    values = _value(node) if node is not None else {}
    assert isinstance(values, dict)
    if node is not None and len(values) != len(node.pairs):
        raise CannotEdit("có một khóa lặp lại trong phần khai báo")
    return values


def _value(node: yamltree.YamlNode) -> Value:
    if isinstance(node, yamltree.Scalar):
        return node.text
    if isinstance(node, yamltree.Sequence):
        return [_value(item) for item in node.items]
    return {key.text: _value(value) for key, value in node.pairs}


def edit(source: str, changes: Mapping[str, Value], body: str | None = None) -> str:
    """``source`` with these fields (empty: cleared) and this text; all else byte for byte."""
    sheet = split(source)
    if sheet is None:
        raise CannotEdit("tệp không có hai dòng --- của phần khai báo")
    newline = "\r\n" if "\r\n" in source else "\n"
    head = sheet.head
    before = tree(head)
    wanted = {
        name: value for name, value in changes.items() if _plain(before.get(name)) != _plain(value)
    }
    if wanted:
        head = _spliced(head, wanted, newline)
        _compare(before, wanted, tree(head))
    text_ = sheet.body
    if body is not None and _lines(body).strip("\n") != _lines(text_).strip("\n"):
        text_ = _lines(body).strip("\n").replace("\n", newline) + newline
    lead = sheet.lead
    fence = sheet.fence
    if text_ and not fence.endswith("\n"):
        fence, lead = fence + newline, newline
    return sheet.before + head + fence + lead + text_


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _plain(value: Value) -> Value:
    """A value without what means nothing: space around it, empty parts, forms of «nothing»."""
    if isinstance(value, str):
        return _lines(value).strip() or None
    if isinstance(value, list):
        return [kept for item in value if (kept := _plain(item)) is not None] or None
    if isinstance(value, dict):
        kept = {name: _plain(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item is not None} or None
    return None


def _compare(
    before: Mapping[str, Value], wanted: Mapping[str, Value], after: dict[str, Value]
) -> None:
    """What was asked for is there, and nothing else has moved."""
    for name in {*before, *wanted, *after}:
        if name in wanted:
            same = _plain(after.get(name)) == _plain(wanted[name])
        else:
            same = (name in before) == (name in after) and before.get(name) == after.get(name)
        if not same:
            raise CannotEdit(f"không sửa riêng được ô «{name}»; hãy sửa thẳng trong tệp")


# ---- splices -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    start: int
    end: int
    text: str


def _spliced(head: str, changes: Mapping[str, Value], newline: str) -> str:
    """Splices are found in a copy with plain line ends and applied to the text as it stands."""
    plain = head.replace("\r\n", "\n")
    offsets = _offsets(head)
    node = yaml.compose(plain, Loader=yaml.SafeLoader)
    if node is None:
        gap = "" if not head or head.endswith("\n") else newline
        new = "".join(_field(name, value, 0) for name, value in changes.items() if _plain(value))
        return head + gap + new.replace("\n", newline)
    assert isinstance(node, yaml.MappingNode)  # `tree` has read it
    pen = _Pen(plain)
    out = head
    splices = sorted(pen.mapping(node, changes, list(schema.fields(Meta))))
    for splice in reversed(splices):
        start, end = offsets[splice.start], offsets[splice.end]
        out = out[:start] + splice.text.replace("\n", newline) + out[end:]
    return out


def _offsets(head: str) -> list[int]:
    """Index in the text with plain line ends → index in ``head``."""
    found = [n for n, c in enumerate(head) if not (c == "\n" and head[n - 1 : n] == "\r")]
    return [*found, len(head)]


class _Pen:
    """Finds where a change stands in the text of one front matter."""

    def __init__(self, source: str) -> None:
        self.source = source

    def mapping(
        self, node: yaml.MappingNode, changes: Mapping[str, Value], order: list[str]
    ) -> Iterator[Splice]:
        known = {key.value: (key, value) for key, value in node.value}
        fresh: list[tuple[str, Value]] = []
        for name, value in changes.items():
            if name in known:
                yield from self._change(*known[name], value, bool(node.flow_style))
            elif _plain(value) is not None:
                fresh.append((name, value))
        if node.flow_style:
            yield from self._add_to_flow(node, fresh)
        else:
            yield from self._add_to_block(node, fresh, order)

    def _change(
        self, key: yaml.Node, node: yaml.Node, value: Value, flow: bool
    ) -> Iterator[Splice]:
        if _plain(_read(node)) == _plain(value):
            return
        if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
            yield from self.mapping(node, _whole(node, value), list(value))
        elif isinstance(node, yaml.SequenceNode) and isinstance(value, list) and self._block(node):
            yield from self._items(key, node, value)
        elif _plain(value) is None and isinstance(node, yaml.MappingNode) and not flow:
            start = self._line_start(key.start_mark.index)
            yield Splice(start, self._line_end(self._end(node)) + 1, "")
        else:
            yield from self._replace(key, node, value, flow)

    def _replace(
        self, key: yaml.Node, node: yaml.Node, value: Value, flow: bool
    ) -> Iterator[Splice]:
        """A whole value. What stands in lines of its own comes below the line of the key."""
        start, end = node.start_mark.index, self._end(node)
        column = key.start_mark.column
        words = _written(value, column, flow, getattr(node, "style", None))
        first, _, rest = words.partition("\n")
        colon = self.source.index(":", key.end_mark.index) + 1
        gap = " " if first else ""
        if rest and self.source[start:end].count("\n") == 0:
            # A remark at the end of the line stays at its key.
            yield Splice(colon, end, gap + first)
            stop = self._line_end(end)
            yield Splice(stop, stop, "\n" + rest)
        else:
            yield Splice(colon, end, gap + words)

    def _block(self, node: yaml.SequenceNode) -> bool:
        return not node.flow_style and bool(node.value)

    def _items(
        self, key: yaml.Node, node: yaml.SequenceNode, value: list[Value]
    ) -> Iterator[Splice]:
        """Items of a block list: those that stay are not touched."""
        if not _plain(value):
            colon = self.source.index(":", key.end_mark.index) + 1
            yield Splice(colon, self._end(node), " []")
            return
        new = [item for item in value if _plain(item) is not None]
        marks = [json.dumps(_plain(_read(item)), sort_keys=True) for item in node.value]
        wanted = [json.dumps(_plain(item), sort_keys=True) for item in new]
        column = node.start_mark.column
        for what, a, b, c, d in difflib.SequenceMatcher(
            None, marks, wanted, autojunk=False
        ).get_opcodes():
            if what == "replace" and b - a == d - c:
                for old, item in zip(node.value[a:b], new[c:d], strict=True):
                    yield from self._item(old, item, column)
            elif what != "equal":
                start = self._dash(node.value[a]) if a < len(node.value) else self._after(node)
                end = start if a == b else self._after_item(node, b)
                words = "".join(f"{' ' * column}{_item(item, column)}\n" for item in new[c:d])
                if start > 0 and self.source[start - 1 : start] != "\n":
                    words = "\n" + words.removesuffix("\n")
                yield Splice(start, end, words)

    def _item(self, old: yaml.Node, value: Value, column: int) -> Iterator[Splice]:
        if isinstance(old, yaml.MappingNode) and isinstance(value, dict):
            yield from self.mapping(old, _whole(old, value), list(value))
        else:
            words = _item(value, column).removeprefix("- ")
            yield Splice(old.start_mark.index, self._end(old), words)

    def _dash(self, node: yaml.Node) -> int:
        return self._line_start(self.source.rindex("-", 0, node.start_mark.index))

    def _after(self, node: yaml.Node) -> int:
        return min(self._line_end(self._end(node)) + 1, len(self.source))

    def _after_item(self, node: yaml.SequenceNode, number: int) -> int:
        if number < len(node.value):
            return self._dash(node.value[number])
        return self._after(node)

    def _add_to_flow(
        self, node: yaml.MappingNode, fresh: list[tuple[str, Value]]
    ) -> Iterator[Splice]:
        if fresh:
            words = ", ".join(f"{name}: {_written(value, 0, True, None)}" for name, value in fresh)
            at = node.end_mark.index - 1
            yield Splice(at, at, f", {words}" if node.value else words)

    def _add_to_block(
        self, node: yaml.MappingNode, fresh: list[tuple[str, Value]], order: list[str]
    ) -> Iterator[Splice]:
        """New keys go behind the nearest key that stands before them in the table of fields."""
        column = node.start_mark.column
        places: dict[int, str] = {}
        for name, value in sorted(fresh, key=lambda pair: _rank(pair[0], order)):
            earlier = [
                item for key, item in node.value if _rank(key.value, order) < _rank(name, order)
            ]
            last = earlier[-1] if earlier else node.value[-1][1]
            at = min(self._line_end(self._end(last)) + 1, len(self.source))
            places[at] = places.get(at, "") + _field(name, value, column)
        for at, words in places.items():
            if at and self.source[at - 1] != "\n":
                yield Splice(at, at, "\n" + words.removesuffix("\n"))
            else:
                yield Splice(at, at, words)

    def _end(self, node: yaml.Node) -> int:
        """Where a value really ends: not behind the blank lines and remarks that follow it."""
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        if isinstance(node, yaml.ScalarNode):
            if node.style in ("|", ">"):
                return start + len(self.source[start:end].rstrip("\n "))
            return end
        if getattr(node, "flow_style", True) or not node.value:
            return end
        last = node.value[-1]
        return self._end(last[1] if isinstance(last, tuple) else last)

    def _line_start(self, index: int) -> int:
        return self.source.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        end = self.source.find("\n", index)
        return end if end >= 0 else len(self.source)


def _whole(node: yaml.MappingNode, value: Mapping[str, Value]) -> dict[str, Value]:
    """A group is given whole: what is not in it goes."""
    return {**{key.value: None for key, _ in node.value}, **value}


def _rank(name: str, order: list[str]) -> int:
    return order.index(name) if name in order else len(order)


def _read(node: yaml.Node) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_read(item) for item in node.value]
    return {key.value: _read(value) for key, value in node.value}


# ---- writing values ----------------------------------------------------------------------------


def quoted(value: str) -> str:
    """A YAML scalar in double quotes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def scalar(value: str, column: int = 0, flow: bool = False, style: str | None = None) -> str:
    """One value as YAML; as it was quoted before, where that is possible."""
    value = text.nfc(_lines(value)).strip()
    if not value:
        return '""' if flow else ""
    if len(value) > MAX_CHANGE:
        raise CannotEdit("một ô có quá nhiều chữ")
    if "\n" in value:
        if flow or style == '"' or value.startswith((" ", "\t")) or "\t" in value:
            return quoted(value)
        pad = "\n" + " " * (column + 2)
        return "|" + pad + pad.join(value.split("\n")).replace(pad + "\n", "\n\n")
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _PLAIN.match(value) and _reads_plain(value, flow):
        return value
    return quoted(value)


def _reads_plain(value: str, flow: bool) -> bool:
    """Whether YAML reads these bare words as themselves, and people too (dates, numbers do)."""
    try:
        node = yaml.compose(f"k: [{value}]" if flow else f"k: {value}", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    assert isinstance(node, yaml.MappingNode)
    expected: Value = [value] if flow else value
    return _read(node) == {"k": expected}


def _written(value: Value, column: int, flow: bool, style: str | None) -> str:
    """A value as it stands behind «key:», further lines included."""
    if value is None:
        return '""' if flow else ""
    if isinstance(value, str):
        return scalar(value, column, flow, style if style in ("'", '"') else None)
    kept = [item for item in value if _plain(item) is not None] if isinstance(value, list) else []
    if isinstance(value, dict):
        pairs = {name: item for name, item in value.items() if _plain(item) is not None}
        if flow:
            inside = (f"{name}: {_written(item, 0, True, None)}" for name, item in pairs.items())
            return "{" + ", ".join(inside) + "}"
        lines = "".join(_field(name, item, column + 2) for name, item in pairs.items())
        return "\n" + lines.removesuffix("\n") if lines else ""
    if flow or all(isinstance(item, str) for item in kept):
        return "[" + ", ".join(_written(item, 0, True, None) for item in kept) + "]"
    pad = " " * (column + 2)
    return "\n" + "\n".join(pad + _item(item, column + 2) for item in kept)


def _item(value: Value, column: int) -> str:
    """A line of a block list (and its further lines), without what stands before the dash."""
    if isinstance(value, dict):
        pairs = {name: item for name, item in value.items() if _plain(item) is not None}
        lines = "".join(_field(name, item, column + 2) for name, item in pairs.items())
        return "- " + lines.strip("\n")[column + 2 :]
    return "- " + _written(value, column, isinstance(value, list), None)


def _field(name: str, value: Value, column: int) -> str:
    words = _written(value, column, False, None)
    gap = "" if words.startswith("\n") or not words else " "
    return f"{' ' * column}{name}:{gap}{words}\n"


# ---- places ------------------------------------------------------------------------------------


def places(path: str, sheet: Sheet) -> dict[str, Place]:
    """Field → where its value stands, as far as the front matter can be read."""
    quiet = Report()
    node = yamltree.parse(_lines(sheet.head), path, quiet, sheet.first)
    if quiet.failed:
        return {}
    return schema.read(Meta, node, quiet, Place(path, sheet.first, 1))[1]


def field_at(place: Place, known: Mapping[str, Place], names: Iterable[str]) -> str:
    """The field at a place: the one that begins there, or the last that began before it."""
    for name, where in known.items():
        if (where.line, where.column) == (place.line, place.column):
            return name
    top = set(names)
    begun = [
        (where.line, where.column, name)
        for name, where in known.items()
        if name in top and (where.line, where.column) <= (place.line, place.column)
    ]
    return max(begun)[2] if begun else ""
