"""Markdown becomes nodes: CommonMark, tables, footnotes, definition lists, math, directives.

Raw HTML is text here: there is no node for it. Links, pictures and footnotes remember their
offset inside the block, which is aligned with the source lines to give line and column.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it.token import Token

from bulletin import directives, facts, formula, grammar, schema, text, yamltree
from bulletin.diag import Place, Report
from bulletin.grammar import PIPE
from bulletin.model import Node
from bulletin.permits import RightsNote

MAX_COLUMNS = 12
_SAFE_SCHEME = re.compile(
    r"(?:https?://[^\s]+|mailto:[^\s@]+@[^\s@]+|tel:\+?[\d.\- ]+)\Z", re.IGNORECASE
)
_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|\\\\")
_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])[^<>]*>")
_WORD_TAG = re.compile(r"</?[owvm]:[a-zA-Z][^<>]*>")
_LEFT_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_LEFT_LINK = re.compile(r"\[[^\[\]]+\]\([^()\s]+(?: [^()]*\))?")
_DASHES = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?")
# Addresses inside a page that footnotes and drawings use.
_TAKEN = re.compile(r"[nrd]\d+(?:-\d+)?")


@dataclass(slots=True)
class Parsed:
    """Nodes of a body and what it refers to; ``links`` and ``pictures`` are (target, place)."""

    nodes: tuple[Node, ...]
    links: list[tuple[str, Place]] = field(default_factory=list)
    pictures: list[tuple[str, Place]] = field(default_factory=list)
    headings: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    rights: list[RightsNote] = field(default_factory=list)


def parse(source: str, path: str, first_line: int, report: Report, figures: int = 0) -> Parsed:
    """Body text (NFC, LF) to nodes. ``first_line`` is the file's line on which it begins,
    ``figures`` the number of figures before it."""
    env: dict[str, Any] = {}
    tokens = grammar.parser().parse(source, env)
    builder = Builder(path, first_line, source.split("\n"), report)
    builder.counts["Hình"] = figures
    builder.parsed.nodes = builder.named(builder.blocks(tokens))
    builder.notes(env.get("definitions", []), env.get("footnotes", {}).get("refs", {}))
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
        self.cursor = 0  # column of the table row after the cells that were read
        self.cell: int | None = None  # column where the cell begins that is being read
        self.found: dict[str, int] = {}
        self.counts = {"Hình": 0, "Bảng": 0}
        self.labels: dict[str, str] = {}  # address of a figure or table → «Hình 3»
        self.wordless: list[tuple[str, Place]] = []

    # -- places ----------------------------------------------------------------------------

    def place(self, line: int, column: int = 1, width: int = 1) -> Place:
        """Place of body line ``line`` (from 0)."""
        return Place(self.path, line + self.first_line, column, width)

    def spot(self, token: Token, offset: int, width: int = 1) -> Place:
        """Place of character ``offset`` of an inline token's content."""
        if token.map is None:
            return self.place(0)
        before = token.content[:offset]
        if self.cell is not None:  # in a cell, «|» was typed with a backslash
            column = self.cell + len(before) + before.count("|") + 1
            return self.place(token.map[0], column, width)
        nth = before.count("\n")
        line = token.map[0] + nth
        piece = token.content.split("\n")[nth]
        inner = len(before) - (before.rfind("\n") + 1)
        return self.place(line, max(self.source(line).find(piece), 0) + inner + 1, width)

    def source(self, line: int) -> str:
        return self.lines[line] if line < len(self.lines) else ""

    def enter(self, token: Token) -> None:
        """Find the cell that ``token`` holds in its row, after the cells before it."""
        line = self.source(token.map[0] if token.map else 0)
        typed = token.content.replace("|", "\\|")
        self.cell = max(line.find(typed, self.cursor), 0)
        pipe = PIPE.search(line, self.cell + len(typed))
        self.cursor = pipe.end() if pipe else len(line)

    def locate(self, block: Token, needle: str) -> int:
        """Offset of the next ``needle`` in the block; -1 if it was not typed like this."""
        at = block.content.find(needle, self.found.get(needle, 0))
        if at >= 0:
            self.found[needle] = at + len(needle)
        return at

    # -- blocks ----------------------------------------------------------------------------

    def blocks(self, tokens: list[Token]) -> tuple[Node, ...]:
        stack: list[tuple[Token, list[Node]]] = []
        top: list[Node] = []
        current = top
        for token in tokens:
            if token.nesting == 1:
                if token.type == "tr_open":
                    self.cursor = 0
                stack.append((token, current))
                current = []
            elif token.nesting == -1:
                opened, parent = stack.pop()
                parent.extend(self.close(opened, current))
                current = parent
            elif stack and stack[-1][0].type in ("th_open", "td_open"):
                self.enter(token)
                current.extend(self.leaf(token))
                self.cell = None
            else:
                current.extend(self.leaf(token))
        return tuple(top)

    def close(self, token: Token, kids: list[Node]) -> list[Node]:
        kind = token.type.removesuffix("_open")
        line = token.map[0] + 1 if token.map else 0
        simple = _SIMPLE.get(kind)
        if simple is not None:
            return [Node(simple, "", line, (), tuple(kids))] if simple else kids
        match kind:
            case "tr":
                return [self.row(token, kids, line)]
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

    def row(self, token: Token, kids: list[Node], line: int) -> Node:
        typed, wanted = token.meta.get("typed", len(kids)), len(kids)
        if typed > wanted:
            self.report.error(
                self.place(line - 1),
                "MD006",
                f"dòng này của bảng có {typed} ô, bảng có {wanted} cột: ô thừa sẽ mất",
                "thêm cột ở dòng tiêu đề, hoặc viết \\| nếu dấu | là chữ",
            )
        elif typed < wanted:
            self.report.warn(
                self.place(line - 1),
                "MD006",
                f"dòng này của bảng có {typed} ô, bảng có {wanted} cột",
                "viết đủ ô; ô trống vẫn cần dấu |",
            )
        if wanted > MAX_COLUMNS and kids[0].kind == "head_cell":
            self.report.warn(
                self.place(line - 1),
                "MD007",
                f"bảng có {wanted} cột, quá rộng cho trang in",
                f"chia thành nhiều bảng, mỗi bảng tối đa {MAX_COLUMNS} cột",
            )
        return Node("row", "", line, (), tuple(kids))

    def notes(self, definitions: list[tuple[str, int, int]], refs: dict[str, int]) -> None:
        """What was defined as a footnote and will not be read."""
        first: dict[str, Place] = {}
        for label, line, depth in definitions:
            where = self.place(line)
            if label in first:
                self.report.warn(
                    where,
                    "MD016",
                    f"chú thích [^{label}] có nội dung hai lần, chỉ dùng lần sau",
                    "đổi tên một trong hai chú thích",
                    (first[label],),
                )
            elif depth:
                self.report.error(
                    where,
                    "MD016",
                    f"nội dung chú thích [^{label}] nằm trong chú thích khác",
                    "đưa dòng này ra sát lề trái",
                )
            elif refs.get(f":{label}", -1) < 0:
                self.report.warn(
                    where,
                    "MD016",
                    f"chú thích [^{label}] có nội dung nhưng không chỗ nào trong bài gọi",
                    f"thêm [^{label}] vào chỗ cần chú thích, hoặc bỏ dòng này",
                )
            first.setdefault(label, where)

    def paragraph(self, token: Token, kids: list[Node], line: int) -> list[Node]:
        if token.meta.get("deep"):
            self.report.warn(
                self.place(line - 1),
                "MD003",
                "danh sách, trích dẫn hoặc khối lồng quá sâu, phần này in ra như chữ thường",
                "bớt tầng lồng nhau",
            )
        if len(kids) == 1 and kids[0].kind == "picture":
            picture = kids[0]
            attrs = dict(picture.attrs)
            attrs.update({"caption": attrs.pop("title", ""), "credit": "", "width": "column"})
            attrs["name"] = str(attrs["src"]).rpartition("/")[2].rpartition(".")[0]
            return [self.numbered(Node("figure", "", line, tuple(attrs.items())), "Hình")]
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
        name = self.anchor(f"muc-{base}" if _TAKEN.fullmatch(base) else base)
        if level == 2:
            self.parsed.headings.append((name, words))
        return Node("heading", "", line, (("id", name), ("level", level)), tuple(kids))

    def anchor(self, base: str) -> str:
        """An address inside the article that nothing else has."""
        name, number = base, 2
        while name in self.ids:
            name, number = f"{base}-{number}", number + 1
        self.ids.add(name)
        self.parsed.anchors.append(name)
        return name

    def numbered(self, node: Node, word: str) -> Node:
        """A figure or table with its number and address: «Hình 2», ``#hinh-so-do-trai``."""
        attrs = dict(node.attrs)
        self.counts[word] += 1
        name = self.anchor(f"{text.slug(word)}-{text.slug(str(attrs.pop('name')))}")
        self.labels[name] = f"{word}\u00a0{self.counts[word]}"
        attrs.update(id=name, number=self.counts[word])
        return replace(node, attrs=tuple(sorted(attrs.items())))

    def named(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """The nodes with «Hình 3» in links that were typed without words."""
        if not self.wordless:
            return nodes
        for target, where in self.wordless:
            name = target.removeprefix("#")
            if target.startswith("#") and (name in self.labels or name not in self.ids):
                continue  # an unknown name is reported with all other dead links
            self.report.error(
                where,
                "LK007",
                "liên kết không có chữ",
                "[chữ](địa chỉ); chỉ số hình, số bảng của bài này mới tự điền: [](#hinh-ten-hinh)",
            )
        return tuple(self._named(node) for node in nodes)

    def _named(self, node: Node) -> Node:
        if node.kind == "link" and not node.kids:
            label = self.labels.get(str(dict(node.attrs)["target"]).removeprefix("#"), "")
            return replace(node, kids=(Node("text", label),) if label else ())
        return replace(node, kids=tuple(self._named(kid) for kid in node.kids))

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
        box = Node("box", "", line, (("form", name), ("title", _quotes(title))), tuple(kids))
        if name != "table":
            return box
        if kids and not any(kid.kind == "table" for kid in kids):
            self.report.error(
                self.place(line - 1),
                "MD019",
                "khối «:::table» không chứa bảng nào",
                ":::table Tên bảng, rồi các dòng | ô | ô |",
            )
        return self.numbered(replace(box, attrs=(*box.attrs, ("name", title))), "Bảng")

    def _closed(self, token: Token) -> None:
        if not token.meta["closed"]:
            line = token.map[0] if token.map else 0
            self.report.error(
                self.place(line),
                "MD009",
                f"khối «:::{token.meta['name']}» chưa đóng",
                "thêm một dòng ::: ở cuối khối; khối chứa khối khác mở và đóng bằng ::::",
            )

    def data(self, token: Token) -> list[Node]:
        """A data directive: YAML read by its schema, with places in the file."""
        name, argument = token.meta["name"], token.meta["argument"]
        start = token.map[0] if token.map else 0
        source = self.source(start)
        column = source.find(name, source.find(":::") + 3)
        where = self.place(start, column + 1, len(name))
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
        indent = len(self.source(start + 1)) - len(token.content.split("\n")[0])
        line = start + self.first_line + 1
        tree = yamltree.parse(token.content, self.path, failures, line, max(indent, 0))
        options: Any = None
        places: schema.Places = {}
        if not failures.failed:
            options, places = schema.read(entry.options, tree, failures, where, f"Khối :::{name}")
        if options is not None:
            entry.check(argument, options, where, places, failures)
        self.report.extend(failures.items)
        if failures.failed:
            return []
        node: Node = entry.make(argument, options, start + 1)
        if name == "figure":
            column = source.find(argument, column + len(name))
            spot = self.place(start, column + 1, len(argument))
            self.parsed.pictures.append((argument, spot))
            self.parsed.rights.append(facts.rights(argument, spot, options))
        return [self.numbered(node, "Hình") if name in ("figure", "chart") else node]

    # -- leaves and inlines ------------------------------------------------------------------

    def leaf(self, token: Token) -> list[Node]:
        line = token.map[0] + 1 if token.map else 0
        match token.type:
            case "inline":
                return self.inlines(token, token.children or [])
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
                return [self.math(token.content.strip(), self.place(line - 1), True, line)]
            case "directive_data":
                return self.data(token)
            case "footnote_anchor":
                return []
        raise AssertionError(f"token not handled: {token.type}")

    def math(self, latex: str, where: Place, display: bool, line: int = 0) -> Node:
        """A formula; one that cannot be read stays visible as it was typed."""
        try:
            formula.check(latex, display)
        except formula.FormulaError as why:
            self.report.error(
                where,
                "MD018",
                f"công thức «{latex[:60]}» {why}",
                "kiểm tra từng cặp ngoặc { } và tên lệnh LaTeX; dấu $ thường thì viết \\$",
            )
            return Node("code_block" if display else "code", latex, line)
        return Node("math", latex, line, (("display", display),))

    def inlines(self, block: Token, tokens: list[Token]) -> list[Node]:
        self.found = {}
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
        if not kids:
            self.wordless.append((target, where))
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
                where = self.spot(block, int(token.meta.get("at", 0)), len(token.content) + 2)
                return [self.math(token.content, where, False)]
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
        if "<" in content:
            content = self.tags(block, content)
        for match in _LEFT_FOOTNOTE.finditer(content) if "[^" in content else ():
            note = match.group()
            if (at := self.locate(block, note)) >= 0:
                self.report.warn(
                    self.spot(block, at, len(note)),
                    "MD005",
                    f"chú thích {note} chưa có nội dung",
                    f"thêm dòng {note}: … ở cuối bài",
                )
        for match in _LEFT_LINK.finditer(content) if "](" in content else ():
            if (at := self.locate(block, match.group())) >= 0:
                self.report.warn(
                    self.spot(block, at, len(match.group())),
                    "LK006",
                    f"«{match.group()[:60]}» không thành liên kết",
                    "địa chỉ viết liền trong ngoặc tròn; có dấu cách thì [chữ](<dia chi>)",
                )
        self.leftovers(block, content)
        return [Node("text", content)] if content else []

    def leftovers(self, block: Token, content: str) -> None:
        """Lines that were meant as a block and came out as text."""
        if content.startswith(":::") and (at := self.locate(block, ":::")) >= 0:
            self.report.warn(
                self.spot(block, at, 3),
                "MD017",
                "dòng ::: không mở và không đóng khối nào, in ra như chữ thường",
                "khối mở bằng :::tên; khối chứa khối khác mở và đóng bằng ::::",
            )
        line = content.strip()
        if "-" in line and _DASHES.fullmatch(line) and (at := self.locate(block, line)) >= 0:
            self.report.warn(
                self.spot(block, at, len(line)),
                "MD006",
                "bảng không thành bảng: dòng tiêu đề và dòng gạch khác số ô",
                "| Tên | Số |\n|---|---|",
            )

    def tags(self, block: Token, content: str) -> str:
        """Content without the tags that Word leaves behind; other tags are shown, and reported."""
        rest = _WORD_TAG.sub("", content)
        found = _WORD_TAG.search(content) or _TAG.search(rest)
        if found is None:
            return rest
        tag = found.group()
        at = self.locate(block, tag.split("=")[0])  # a quote after «=» may have become curly
        dropped = len(rest) < len(content)
        self.report.warn(
            self.spot(block, max(at, 0), len(tag)),
            "MD004",
            f"thẻ «{tag[:40]}» của Word, đã bỏ khi dựng"
            if dropped
            else f"thẻ HTML «{tag[:40]}» được in ra như chữ thường",
            "xóa thẻ này" if dropped else "dùng Markdown hoặc khối ::: thay cho HTML",
        )
        return rest

    def picture(self, block: Token, token: Token) -> list[Node]:
        target = str(token.attrs.get("src", ""))
        where = self.spot(block, int(token.meta.get("at", 0)), max(len(target), 1))
        kids = token.children or []
        alt = "".join(" " if kid.type.endswith("break") else kid.content for kid in kids).strip()
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
        self.parsed.rights.append(RightsNote(target, where, False, False, False, False, alt))
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
        if node.kind in _UNSAID:
            return
        if node.text:
            parts.append(node.text)
        if node.kind in _TITLED:
            attrs = dict(node.attrs)
            for name in ("title", "caption"):
                if attrs.get(name):
                    parts.append(f"{attrs[name]}{separator}")
        for kid in node.kids:
            walk(kid)
        if node.kind in _BLOCKS:
            parts.append(separator)

    for node in nodes:
        walk(node)
    return _SPACES.sub(" ", "".join(parts)).strip()


_SPACES = re.compile(r"[ \t]{2,}|\t")  # a single space is what it becomes


_UNSAID = frozenset({"note_ref", "math", "media"})
_TITLED = frozenset({"box", "figure", "chart"})
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
