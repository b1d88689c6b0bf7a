"""YAML text becomes a small tree of texts with places; nothing is typed, nothing is expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from bulletin.diag import Place, Report

MAX_DEPTH = 12
MAX_BYTES = 256_000
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    place: Place
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    place: Place
    items: tuple[YamlNode, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    place: Place
    pairs: tuple[tuple[Scalar, YamlNode], ...]


YamlNode = Scalar | Sequence | Mapping

# PyYAML's sentences, in the order in which they are looked for, and ours.
_QUOTE = (
    "đặt cả giá trị trong ngoặc kép: khóa: \"…\" (bên trong có ngoặc kép thì dùng ngoặc đơn: '…')"
)
_TROUBLE: tuple[tuple[str, str, str], ...] = (
    ("found character '\\t'", "dùng phím Tab để thụt dòng", "thụt dòng bằng dấu cách"),
    ("found a tab character", "dùng phím Tab để thụt dòng", "thụt dòng bằng dấu cách"),
    ("mapping values are not allowed", "dấu hai chấm đứng giữa giá trị", _QUOTE),
    (
        "found unexpected end of stream",
        "thiếu dấu ngoặc kép hoặc ngoặc đơn đóng",
        _QUOTE,
    ),
    (
        "found unknown escape",
        "dấu gạch chéo ngược lạ trong ngoặc kép",
        "dùng ngoặc đơn '…'",
    ),
    (
        "invalid Unicode character escape",
        "mã ký tự không hợp lệ",
        "gõ thẳng chữ tiếng Việt",
    ),
    (
        "cannot start any token",
        "ký tự mở đầu giá trị không dùng được trong YAML",
        _QUOTE,
    ),
    (
        "did not find expected ',' or ']'",
        "danh sách thiếu dấu phẩy hoặc ngoặc ]",
        "[a, b, c]",
    ),
    (
        "did not find expected ',' or '}'",
        "nhóm khóa thiếu dấu phẩy hoặc ngoặc }",
        _QUOTE,
    ),
    (
        "could not find expected ':'",
        "dòng thiếu dấu hai chấm sau khóa",
        "viết: khóa: giá trị",
    ),
    (
        "expected <block end>",
        "thụt dòng không thẳng hàng hoặc thừa chữ sau giá trị",
        _QUOTE,
    ),
    (
        "did not find expected key",
        "thụt dòng không thẳng hàng hoặc thừa chữ sau giá trị",
        _QUOTE,
    ),
    (
        "did not find expected '-' indicator",
        "dòng trong danh sách thiếu dấu gạch đầu dòng",
        "- …",
    ),
    (
        "block sequence entries are not allowed",
        "dấu gạch đầu dòng đứng đầu giá trị",
        f"{_QUOTE}; nếu là danh sách: mỗi mục một dòng mới",
    ),
    ("mapping keys are not allowed", "dấu ? đứng đầu giá trị", _QUOTE),
    ("found undefined tag handle", "dấu ! đứng đầu giá trị", _QUOTE),
    (
        "found unexpected document indicator",
        "dấu --- nằm trong một giá trị chưa đóng",
        _QUOTE,
    ),
    ("while scanning an anchor", "dấu & đứng đầu giá trị", _QUOTE),
    ("while scanning an alias", "dấu * đứng đầu giá trị", _QUOTE),
    ("while scanning a directive", "dấu % đứng đầu dòng", _QUOTE),
    ("while scanning a tag", "dấu ! đứng đầu giá trị", _QUOTE),
    ("while scanning a block scalar", "dấu | hoặc > đứng đầu giá trị", _QUOTE),
    ("did not find expected node content", "danh sách thiếu giá trị hoặc thừa dấu", "[a, b, c]"),
)
# Constructs left open: the mistake stands where they begin, not where the reader gave up.
_LEFT_OPEN = (
    "could not find expected ':'",
    "found unexpected end of stream",
    "found unexpected document indicator",
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "while scanning a tag",
    "while scanning a block scalar",
)
_KEY = re.compile(r"\s*(?:- +)*(\w+)([：﹕︓ː꞉]|\s*:(?=[^\S \t\n]))")
# Line breaks that only YAML sees, byte-order marks, and what is not a character at all.
_REFUSED = frozenset("\u2028\u2029\ufeff\ufffe\uffff") | {chr(n) for n in range(0xD800, 0xE000)}


class _Refused(Exception):
    """A construct that we do not read; already reported."""


def parse(
    source: str, path: str, report: Report, first_line: int = 1, indent: int = 0
) -> YamlNode | None:
    """The only document of ``source``, or None (empty, or errors in ``report``).

    ``first_line`` is the line of the file on which ``source`` begins, ``indent`` the number of
    characters that stand before each of its lines in the file.
    """
    if len(source) > MAX_BYTES:
        report.error(
            Place(path, first_line, 1),
            "YM001",
            f"phần khai báo dài {len(source)} ký tự, giới hạn {MAX_BYTES}",
            "chuyển nội dung dài xuống phần bài viết",
        )
        return None
    builder = _Builder(path, report, first_line, source, indent)
    if not builder.clean():
        return None
    try:
        return builder.document(yaml.parse(source, Loader=Loader))
    except _Refused:
        return None
    except yaml.MarkedYAMLError as trouble:
        builder.trouble(trouble)
        return None
    except yaml.YAMLError:
        report.error(
            Place(path, first_line, 1),
            "YM099",
            "không đọc được YAML",
            "kiểm tra ký tự lạ trong phần khai báo",
        )
        return None


class _Builder:
    """Events → tree, iteratively, so that depth is bounded by a rule and not by the stack."""

    def __init__(
        self, path: str, report: Report, first_line: int, source: str, indent: int
    ) -> None:
        self.path = path
        self.report = report
        self.first_line = first_line
        self.lines = source.split("\n")
        self.indent = indent

    def spot(self, line: int, column: int, width: int = 1) -> Place:
        """Place in the file of a line and column of the source, both from 0."""
        return Place(self.path, line + self.first_line, column + self.indent + 1, width)

    def place(self, event: yaml.Event) -> Place:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return self.spot(0, 0)
        width = end.column - start.column if end.line == start.line else 1
        return self.spot(start.line, start.column, max(width, 1))

    def clean(self) -> bool:
        """Report characters that YAML refuses without a place, and look-alikes after a key.

        An indented line may belong to a text of several lines, so there the look-alikes are only
        looked for when YAML has stumbled.
        """
        before = len(self.report.items)
        for number, line in enumerate(self.lines):
            for column, c in enumerate(line):
                if (ord(c) < 0x20 and c != "\t") or 0x7F <= ord(c) < 0xA0 or c in _REFUSED:
                    self.report.error(
                        self.spot(number, column),
                        "YM002",
                        f"ký tự điều khiển U+{ord(c):04X} trong phần khai báo",
                        "xóa ký tự này (thường do dán từ Word)",
                    )
            if line[:1].strip():
                self._look_alike(number)
        return len(self.report.items) == before

    def _look_alike(self, number: int) -> bool:
        """Report a full-width colon, or an odd space around the colon, after the key of a line."""
        match = _KEY.match(self.lines[number])
        if match is None:
            return False
        name, colon = match.groups()
        odd = colon if ":" not in colon else self.lines[number][match.end()]
        what = "dấu hai chấm lạ" if odd == colon else "khoảng trắng lạ"
        at = match.end() - (1 if odd == colon else 0)
        self.report.error(
            self.spot(number, at),
            "YM003",
            f"{what} U+{ord(odd):04X} sau khóa «{name}»",
            f"gõ lại bằng tay dấu hai chấm và dấu cách: {name}: …",
        )
        return True

    def refuse(self, event: yaml.Event, code: str, message: str, hint: str) -> None:
        self.report.error(self.place(event), code, message, hint)
        raise _Refused

    def document(self, events: Iterator[yaml.Event]) -> YamlNode | None:
        result: YamlNode | None = None
        documents = 0
        # Each frame is (place, is mapping, children so far).
        stack: list[tuple[Place, bool, list[YamlNode]]] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._single(event, documents)
            done = self._step(event, stack)
            if done is not None and stack:
                stack[-1][2].append(done)
            elif done is not None:
                result = done
        return result

    def _step(
        self, event: yaml.Event, stack: list[tuple[Place, bool, list[YamlNode]]]
    ) -> YamlNode | None:
        """The node that ``event`` completes, if it completes one."""
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, "YM006", "dấu * đứng đầu giá trị (bí danh YAML)", _QUOTE)
        if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            return self._close(*stack.pop())
        if isinstance(event, yaml.NodeEvent):
            self._plain(event)
            if isinstance(event, yaml.ScalarEvent):
                return Scalar(self.place(event), event.value, event.style not in (None, ""))
            if len(stack) >= MAX_DEPTH:
                self.refuse(event, "YM008", "lồng quá sâu", f"tối đa {MAX_DEPTH} tầng")
            stack.append((self.place(event), isinstance(event, yaml.MappingStartEvent), []))
        return None

    def _single(self, event: yaml.Event, documents: int) -> None:
        if documents > 1:
            self.refuse(event, "YM005", "có hai tài liệu YAML trong một tệp", "bỏ dòng ---")

    def _plain(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self.refuse(event, "YM006", "dấu & đứng đầu giá trị (mốc YAML)", _QUOTE)
        if getattr(event, "tag", None) is not None:
            self.refuse(event, "YM007", "dấu ! đứng đầu giá trị (thẻ YAML)", _QUOTE)

    def _close(self, place: Place, mapping: bool, kids: list[YamlNode]) -> YamlNode:
        if not mapping:
            return Sequence(place, tuple(kids))
        pairs = []
        for key, value in zip(kids[::2], kids[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.report.error(key.place, "YM009", "khóa phải là một từ", _QUOTE)
                raise _Refused
            pairs.append((key, value))
        return Mapping(place, tuple(pairs))

    def trouble(self, trouble: yaml.MarkedYAMLError) -> None:
        said = f"{trouble.problem or ''} {trouble.context or ''}"
        mark = trouble.problem_mark or trouble.context_mark
        if trouble.context_mark and any(pattern in said for pattern in _LEFT_OPEN):
            mark = trouble.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        if any(
            self._look_alike(n) for n in range(max(line - 1, 0), min(line + 1, len(self.lines)))
        ):
            return
        message, hint = "không đọc được YAML ở đây", _QUOTE
        for pattern, ours, remedy in _TROUBLE:
            if pattern in said:
                message, hint = ours, remedy
                break
        line, column = self._better(line, column, said)
        if self.lines[line][column : column + 1] == "\t":
            message, hint = "dùng phím Tab để thụt dòng", "thụt dòng bằng dấu cách"
        self.report.error(self.spot(line, column), "YM004", message, hint)

    def _better(self, line: int, column: int, said: str) -> tuple[int, int]:
        """PyYAML marks the token after the mistake; go back to where the mistake stands."""
        if "expected <block end>" in said or "expected key" in said:
            before = self.lines[line][:column] if line < len(self.lines) else ""
            if before.rstrip().endswith(('"', "'")):
                column = len(before.rstrip())
            elif not before.strip():
                line, column = self._closed_quote(line - 1) or (line, column)
        if line < len(self.lines):
            return (line, column)
        return (len(self.lines) - 1, len(self.lines[-1]))

    def _closed_quote(self, line: int) -> tuple[int, int] | None:
        if 0 <= line < len(self.lines):
            text = self.lines[line]
            end = text.rfind('"')
            if text.count('"') >= 2 and end < len(text.rstrip()) - 1:
                return (line, end + 1)
        return None
