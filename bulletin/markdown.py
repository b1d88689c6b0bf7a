"""Markdown becomes nodes: CommonMark, tables, footnotes, definition lists, math, directives.

Raw HTML is text here: there is no node for it. Links, pictures and footnotes remember their
offset inside the block, which is aligned with the source lines to give line and column.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from bulletin import directives, schema, text, yamltree
from bulletin.diag import Place, Report
from bulletin.model import Node

MAX_NESTING = 40
_FENCE = re.compile(r"(:{3,})\s*(.*?)\s*$")
_SAFE_SCHEME = re.compile(
    r"(?:https?://[^\s]+|mailto:[^\s@]+@[^\s@]+|tel:\+?[\d.\- ]+)\Z", re.IGNORECASE
)
_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|\\\\")
_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])[^<>]*>")
_LEFT_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass(slots=True)
class Parsed:
    """Nodes of a body and what it refers to; ``links`` and ``pictures`` are (target, place)."""

    nodes: tuple[Node, ...]
    links: list[tuple[str, Place]] = field(default_factory=list)
    pictures: list[tuple[str, Place]] = field(default_factory=list)
    headings: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule for ``:::name argument`` … ``:::`` (more colons outside for nesting)."""
    if state.is_code_block(start):
        return False
    match = _FENCE.match(state.getLines(start, start + 1, state.blkIndent, False).strip("\n"))
    if not match or not match.group(2):
        return False
    if silent:
        return True
    colons = len(match.group(1))
    name, _, argument = match.group(2).partition(" ")
    last, closed = start, False
    while not closed and (last := last + 1) < end:
        line = state.getLines(last, last + 1, state.blkIndent, False).strip()
        closed = len(line) >= colons and set(line) == {":"}
    meta = {"name": name, "argument": argument.strip(), "closed": closed}
    if name in directives.DATA or name not in directives.TEXT:
        token = state.push("directive_data", "", 0)
        token.content = state.getLines(start + 1, last, state.blkIndent, False)
        token.meta, token.map = meta, [start, last]
    else:
        old_parent, old_max = state.parentType, state.lineMax
        state.parentType, state.lineMax = "directive", last
        token = state.push("directive_open", "", 1)
        token.meta, token.map, token.block = meta, [start, last], True
        state.md.block.tokenize(state, start + 1, last)
        state.push("directive_close", "", -1).block = True
        state.parentType, state.lineMax = old_parent, old_max
    state.line = last + (1 if closed else 0)
    return True


def _remember(
    rule: Callable[[StateInline, bool], bool],
) -> Callable[[StateInline, bool], bool]:
    """Wrap an inline rule so that the first token that it pushes knows its offset."""

    def wrapped(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        for token in state.tokens[count:]:
            if token.type in _POSITIONED:
                token.meta = {**token.meta, "at": start}
                break
        return True

    return wrapped


_POSITIONED = frozenset({"link_open", "image", "footnote_ref"})


@functools.cache
def _parser() -> MarkdownIt:
    md = MarkdownIt(
        "commonmark",
        {
            "html": False,
            "typographer": True,
            "quotes": "“”‘’",
            "maxNesting": MAX_NESTING,
        },
    )
    md.enable(["table", "strikethrough", "smartquotes"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=False)
    md.block.ruler.before(
        "fence",
        "directive",
        _directive,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    for ruler in (md.inline.ruler,):
        for rule in list(ruler.__rules__):
            if rule.name in ("link", "image", "autolink", "footnote_ref"):
                ruler.at(rule.name, _remember(rule.fn))
    # Every address is let through here and judged, with its place, in Builder.link().
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    return md


def parse(source: str, path: str, first_line: int, report: Report) -> Parsed:
    """Body text (NFC, LF) to nodes. ``first_line`` is the file's line on which it begins."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(source, env)
    builder = Builder(path, first_line, source.split("\n"), report)
    builder.parsed.nodes = builder.blocks(tokens)
    return builder.parsed


class Builder:
    """Plays a token list into nodes and collects references and diagnostics."""

    def __init__(self, path: str, first_line: int, lines: list[str], report: Report) -> None:
        self.path = path
        self.first_line = first_line
        self.lines = lines
        self.report = report
        self.parsed = Parsed(())
        self.ids: set[str] = set()
        self.level = 1
        self.row: list[int] | None = None
        self.searched: dict[int, int] = {}

    # -- places ----------------------------------------------------------------------------

    def place(self, line: int, column: int = 1, width: int = 1) -> Place:
        """Place of body line ``line`` (from 0)."""
        return Place(self.path, line + self.first_line, column, width)

    def spot(self, token: Token, offset: int, width: int = 1) -> Place:
        """Place of character ``offset`` of an inline token's content."""
        span = token.map or self.row
        if span is None:
            return self.place(0)
        before = token.content[:offset]
        nth = before.count("\n")
        line = span[0] + nth
        piece = token.content.split("\n")[nth]
        inner = len(before) - (before.rfind("\n") + 1)
        source = self.lines[line] if line < len(self.lines) else ""
        start = source.find(piece, self.searched.get(line, 0) if token.map is None else 0)
        return self.place(line, max(start, 0) + inner + 1, width)

    # -- blocks ----------------------------------------------------------------------------

    def blocks(self, tokens: list[Token]) -> tuple[Node, ...]:
        stack: list[tuple[Token, list[Node]]] = []
        top: list[Node] = []
        current = top
        for token in tokens:
            if token.nesting == 1:
                if token.type == "tr_open" and token.map:
                    self.row = token.map
                stack.append((token, current))
                current = []
            elif token.nesting == -1:
                opened, parent = stack.pop()
                parent.extend(self.close(opened, current, len(stack)))
                current = parent
            else:
                current.extend(self.leaf(token))
        return tuple(top)

    def close(self, token: Token, kids: list[Node], depth: int) -> list[Node]:
        kind = token.type.removesuffix("_open")
        line = token.map[0] + 1 if token.map else 0
        simple = _SIMPLE.get(kind)
        if simple is not None:
            return [Node(simple, "", line, (), tuple(kids))] if simple else kids
        match kind:
            case "paragraph":
                return self.paragraph(token, kids, line)
            case "heading":
                return [self.heading(token, kids, line)]
            case "ordered_list":
                start = int(token.attrs.get("start", 1))
                return [
                    Node(
                        "ordered",
                        "",
                        line,
                        (("start", start), ("tight", _tight(kids))),
                        tuple(kids),
                    )
                ]
            case "bullet_list":
                return [Node("bullets", "", line, (("tight", _tight(kids)),), tuple(kids))]
            case "th" | "td":
                style = str(token.attrs.get("style", ""))
                align = style.removeprefix("text-align:")
                return [
                    Node(
                        "head_cell" if kind == "th" else "cell",
                        "",
                        line,
                        (("align", align),),
                        tuple(kids),
                    )
                ]
            case "footnote":
                return [
                    Node(
                        "note",
                        "",
                        line,
                        (("number", token.meta["id"] + 1),),
                        tuple(kids),
                    )
                ]
            case "directive":
                return [self.directive(token, kids, line)]
        raise AssertionError(f"token not handled: {token.type}")

    def paragraph(self, token: Token, kids: list[Node], line: int) -> list[Node]:
        if len(kids) == 1 and kids[0].kind == "picture":
            picture = kids[0]
            attrs = dict(picture.attrs)
            attrs.update({"caption": attrs.pop("title", ""), "credit": "", "width": "column"})
            return [Node("figure", "", line, tuple(sorted(attrs.items())))]
        return (
            [Node("paragraph", "", line, (("hidden", token.hidden),), tuple(kids))] if kids else []
        )

    def heading(self, token: Token, kids: list[Node], line: int) -> Node:
        level = int(token.tag[1:])
        where = self.place(line - 1)
        if level == 1:
            self.report.warn(
                where,
                "MD001",
                "đề mục cấp một dành cho tên bài",
                "dùng ## cho đề mục trong bài",
            )
            level = 2
        elif level > self.level + 1:
            self.report.warn(
                where,
                "MD002",
                f"nhảy từ cấp {self.level} xuống cấp {level}",
                f"dùng {'#' * (self.level + 1)}",
            )
            level = self.level + 1
        self.level = level
        words = plain(tuple(kids))
        base = text.slug(words)
        name, number = base, 2
        while name in self.ids:
            name, number = f"{base}-{number}", number + 1
        self.ids.add(name)
        self.parsed.anchors.append(name)
        if level == 2:
            self.parsed.headings.append((name, words))
        return Node("heading", "", line, (("id", name), ("level", level)), tuple(kids))

    def directive(self, token: Token, kids: list[Node], line: int) -> Node:
        name, title = token.meta["name"], token.meta["argument"]
        self._closed(token)
        if directives.TEXT[name] and not title:
            self.report.error(
                self.place(line - 1),
                "MD010",
                f"«:::{name}» thiếu tiêu đề",
                f":::{name} Tiêu đề",
            )
        if not kids:
            self.report.warn(
                self.place(line - 1),
                "MD011",
                f"khối «:::{name}» không có nội dung",
                "viết nội dung hoặc bỏ khối",
            )
        title = title or directives.DEFAULT_TITLES.get(name, "")
        return Node("box", "", line, (("form", name), ("title", _quotes(title))), tuple(kids))

    def _closed(self, token: Token) -> None:
        if not token.meta["closed"]:
            line = token.map[0] if token.map else 0
            self.report.error(
                self.place(line),
                "MD009",
                f"khối «:::{token.meta['name']}» chưa đóng",
                "thêm một dòng ::: ở cuối khối",
            )

    def data(self, token: Token) -> list[Node]:
        """A data directive: YAML read by its schema, with places in the file."""
        name, argument = token.meta["name"], token.meta["argument"]
        start = token.map[0] if token.map else 0
        where = self.place(start, 4, len(name))
        entry = directives.DATA.get(name)
        if entry is None:
            known = [*directives.TEXT, *directives.DATA]
            near = difflib.get_close_matches(text.fold(name), known, 1, 0.5)
            hint = (
                f"ý bạn là «:::{near[0]}»?" if near else "các khối dùng được: " + ", ".join(known)
            )
            self.report.error(where, "MD008", f"khối lạ «:::{name}»", hint)
            return []
        self._closed(token)
        failures = Report()
        tree = yamltree.parse(token.content, self.path, failures, start + self.first_line + 1)
        options: Any = None
        places: schema.Places = {}
        if not failures.failed:
            options, places = schema.read(entry.options, tree, failures, where, f"Khối :::{name}")
        self.report.extend(failures.items)
        if options is None:
            return []
        entry.check(argument, options, where, places, self.report)
        node: Node = entry.make(argument, options, start + 1)
        if name == "figure" and argument:
            self.parsed.pictures.append(
                (argument, self.place(start, 4 + len(name) + 1, len(argument)))
            )
        return [node]

    # -- leaves and inlines ------------------------------------------------------------------

    def leaf(self, token: Token) -> list[Node]:
        line = token.map[0] + 1 if token.map else 0
        match token.type:
            case "inline":
                nodes = self.inlines(token, token.children or [])
                if token.map is None and self.row:
                    self._advance(token)
                return nodes
            case "fence" | "code_block":
                return [
                    Node(
                        "code_block",
                        token.content,
                        line,
                        (("lang", token.info.strip().split(" ")[0]),),
                    )
                ]
            case "hr":
                return [Node("rule", "", line)]
            case "math_block" | "math_block_label":
                return [Node("math", token.content.strip(), line, (("display", True),))]
            case "directive_data":
                return self.data(token)
            case "footnote_anchor":
                return []
        raise AssertionError(f"token not handled: {token.type}")

    def _advance(self, token: Token) -> None:
        """Cells of one table row share a line: look for the next cell after this one."""
        line = self.row[0] if self.row else 0
        source = self.lines[line] if line < len(self.lines) else ""
        start = source.find(token.content, self.searched.get(line, 0))
        if start >= 0:
            self.searched[line] = start + len(token.content)

    def inlines(self, block: Token, tokens: list[Token]) -> list[Node]:
        stack: list[tuple[Token, list[Node]]] = []
        current: list[Node] = []
        for token in tokens:
            if token.nesting == 1:
                stack.append((token, current))
                current = []
            elif token.nesting == -1:
                opened, parent = stack.pop()
                parent.extend(self.span(block, opened, current))
                current = parent
            else:
                current.extend(self.word(block, token))
        return current

    def span(self, block: Token, token: Token, kids: list[Node]) -> list[Node]:
        kind = token.type.removesuffix("_open")
        if kind != "link":
            return [
                Node(
                    {"em": "emphasis", "strong": "strong", "s": "strike"}[kind],
                    "",
                    0,
                    (),
                    tuple(kids),
                )
            ]
        target = str(token.attrs.get("href", ""))
        where = self.spot(block, int(token.meta.get("at", 0)), max(len(target), 1))
        if not self.address(target, where):
            return kids
        self.parsed.links.append((target, where))
        title = str(token.attrs.get("title", ""))
        return [Node("link", "", 0, (("target", target), ("title", title)), tuple(kids))]

    def address(self, target: str, where: Place) -> bool:
        """Whether a link target may stand: a web, mail or phone address, or a relative path."""
        if not target.strip():
            self.report.error(where, "LK001", "liên kết không có địa chỉ", "[chữ](dia-chi)")
            return False
        if _ANY_SCHEME.match(target) and not _SAFE_SCHEME.match(target):
            self.report.error(
                where,
                "LK002",
                f"địa chỉ «{target[:60]}» không dùng được",
                "chỉ dùng https://, http://, mailto:, tel: hoặc đường dẫn tương đối",
            )
            return False
        return True

    def word(self, block: Token, token: Token) -> list[Node]:
        match token.type:
            case "text" | "text_special":
                return self.text(block, token.content)
            case "softbreak":
                return [Node("text", "\n")]
            case "hardbreak":
                return [Node("break")]
            case "code_inline":
                return [Node("code", token.content)]
            case "math_inline" | "math_inline_double":
                return [Node("math", token.content, 0, (("display", False),))]
            case "image":
                return self.picture(block, token)
            case "footnote_ref":
                at = (
                    ("number", token.meta["id"] + 1),
                    ("again", token.meta.get("subId", 0)),
                )
                return [Node("note_ref", "", 0, tuple(sorted(at)))]
            case "html_inline":
                return [Node("text", token.content)]
        raise AssertionError(f"token not handled: {token.type}")

    def text(self, block: Token, content: str) -> list[Node]:
        if not content:
            return []
        if "<" in content and (match := _TAG.search(content)):
            at = max(block.content.find(match.group(0)), 0)
            self.report.warn(
                self.spot(block, at, len(match.group(0))),
                "MD004",
                f"thẻ HTML «{match.group(0)[:40]}» được in ra như chữ thường",
                "dùng Markdown hoặc khối ::: thay cho HTML",
            )
        if "[^" in content and (match := _LEFT_FOOTNOTE.search(content)):
            at = max(block.content.find(match.group(0)), 0)
            self.report.warn(
                self.spot(block, at, len(match.group(0))),
                "MD005",
                f"chú thích {match.group(0)} chưa có nội dung",
                f"thêm dòng {match.group(0)}: … ở cuối bài",
            )
        return [Node("text", content)]

    def picture(self, block: Token, token: Token) -> list[Node]:
        target = str(token.attrs.get("src", ""))
        where = self.spot(block, int(token.meta.get("at", 0)), max(len(target), 1))
        alt = token.content.strip()
        if not alt:
            self.report.error(
                where,
                "IM001",
                f"hình «{target}» thiếu mô tả cho người không nhìn thấy",
                f"![mô tả hình]({target})",
            )
        if _ANY_SCHEME.match(target):
            self.report.error(
                where,
                "IM003",
                f"hình «{target[:60]}» nằm ngoài thư mục bài",
                "chép hình vào cạnh bài rồi ghi tên tệp",
            )
            return []
        self.parsed.pictures.append((target, where))
        return [
            Node(
                "picture",
                "",
                0,
                (
                    ("alt", alt),
                    ("src", target),
                    ("title", str(token.attrs.get("title", ""))),
                ),
            )
        ]


_SIMPLE = {
    "blockquote": "quote",
    "list_item": "item",
    "table": "table",
    "thead": "head",
    "tbody": "rows",
    "tr": "row",
    "dl": "definitions",
    "dt": "term",
    "dd": "definition",
    "footnote_block": "notes",
}


def _tight(items: list[Node]) -> bool:
    return all(
        not kid.kids or dict(kid.attrs).get("hidden", True)
        for item in items
        for kid in item.kids
        if kid.kind == "paragraph"
    )


def _quotes(title: str) -> str:
    """Straight double quotes in a directive's title become curly ones."""
    return re.sub(r'"([^"]*)"', "“\\1”", title)


def plain(nodes: tuple[Node, ...], separator: str = " ") -> str:
    """Readable text of nodes, for counting, excerpts, search and broadcast."""
    parts: list[str] = []

    def walk(node: Node) -> None:
        if node.kind in {"note_ref", "math", "media"}:
            return
        if node.text:
            parts.append(node.text)
        attrs = dict(node.attrs)
        for name in ("title", "caption") if node.kind in {"box", "figure", "chart"} else ():
            if attrs.get(name):
                parts.append(f"{attrs[name]}{separator}")
        for kid in node.kids:
            walk(kid)
        if node.kind in _BLOCKS:
            parts.append(separator)

    for node in nodes:
        walk(node)
    return re.sub(r"[ \t]+", " ", "".join(parts)).strip()


_BLOCKS = frozenset(
    {
        "paragraph",
        "heading",
        "item",
        "cell",
        "head_cell",
        "row",
        "term",
        "definition",
        "code_block",
        "break",
    }
)
