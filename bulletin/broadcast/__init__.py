"""A piece as it is read over the loudspeakers of a commune: paragraphs, doubts, minutes.

Pure. Headings, lists, tables become sentences; what cannot be heard (figures, formulas, addresses)
is left out and named with its place, so that the announcer decides and nobody guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bulletin import formula, numerals, text
from bulletin.broadcast.reader import CLOSE, OPEN, Doubt, Reader
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import Node, Piece
from bulletin.outlets import Broadcast

MAX_ROWS, MAX_COLUMNS = 12, 5


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph to read. ``form``: ``title``, ``heading``, ``text``."""

    form: str
    words: str


@dataclass(frozen=True, slots=True)
class Script:
    """``about`` is for the announcer and not read: section, authors, issue."""

    title: str
    about: str
    lines: tuple[Line, ...]
    notes: tuple[Diagnostic, ...]
    syllables: int
    rate: int

    @property
    def minutes(self) -> int:
        """Whole minutes, the last one begun."""
        return max(1, -(-self.syllables // self.rate))


@dataclass(slots=True)
class Speaker:
    """Turns the nodes of one piece into lines. ``first``: file line of the first body line."""

    reader: Reader
    path: str
    first: int
    lines: list[Line] = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)

    def say(self, source: str, line: int, form: str = "text", lead: str = "") -> None:
        words = self.read(source, line)
        if words:
            self.lines.append(Line(form, lead + words))

    def read(self, source: str, line: int) -> str:
        self.reader.doubts = []
        words = self.reader.read(source)
        for doubt in self.reader.doubts:
            self.note(doubt, line)
        return words

    def note(self, doubt: Doubt, line: int, severity: Severity = Severity.WARNING) -> None:
        place = Place(self.path, line + self.first - 1 if line else self.first, 1)
        message = f"«{doubt.quote}»: {doubt.why}" if doubt.quote else doubt.why
        found = Diagnostic(place, severity, doubt.code, message, doubt.remedy)
        if found not in self.notes:
            self.notes.append(found)

    def left_out(self, what: str, line: int) -> None:
        doubt = Doubt("", "PT007", f"{what}: không đọc", "nói bằng lời nếu người nghe cần biết")
        self.note(doubt, line, Severity.NOTE)

    # -- blocks ----------------------------------------------------------------------------

    def nodes(self, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            maker = getattr(self, f"do_{node.kind}", None)
            if maker is not None:
                maker(node)
            elif node.kids:
                self.nodes(node.kids)

    def do_paragraph(self, node: Node) -> None:
        self.say(self.inline(node, node.line), node.line)

    def do_heading(self, node: Node) -> None:
        self.say(_stopped(self.inline(node, node.line)), node.line, "heading")

    def do_bullets(self, node: Node) -> None:
        for item in node.kids:
            self.item(item, node.line, "")

    def do_ordered(self, node: Node, word: str = "") -> None:
        start = int(dict(node.attrs).get("start", 1))
        for number, item in enumerate(node.kids, start=start):
            said = numerals.cardinal(number, self.reader.odd)
            lead = f"{word} {said}: " if word else f"{said} là: "
            self.item(item, node.line, lead[:1].upper() + lead[1:])

    def item(self, node: Node, line: int, lead: str) -> None:
        here = len(self.lines)
        self.nodes(node.kids)
        if lead and len(self.lines) > here:
            first = self.lines[here]
            self.lines[here] = Line(first.form, lead + first.words)

    def do_box(self, node: Node) -> None:
        attrs = dict(node.attrs)
        form, title = str(attrs["form"]), str(attrs["title"])
        if form == "qa":
            self.say(_stopped(title, "?"), node.line, "heading", "Hỏi: ")
            here = len(self.lines)
            self.nodes(node.kids)
            if len(self.lines) > here:
                self.lines[here] = Line("text", f"Trả lời: {self.lines[here].words}")
            return
        if title and form != "quote":
            self.say(_stopped(title), node.line, "heading")
        for kid in node.kids:
            if form == "steps" and kid.kind == "ordered":
                self.do_ordered(kid, "bước")
            else:
                self.nodes((kid,))
        if title and form == "quote":
            self.say(_stopped(f"Lời của {title}"), node.line)

    def do_definition(self, node: Node) -> None:
        self.nodes(node.kids)

    def do_term(self, node: Node) -> None:
        self.say(_stopped(self.inline(node, node.line), ":"), node.line)

    def do_table(self, node: Node) -> None:
        rows = list(_rows(node))
        head = list(rows[0].kids) if rows else []
        wide, long = len(head) > MAX_COLUMNS, len(rows) > MAX_ROWS + 1
        if len(rows) < 2 or wide or long or head[0].kind != "head_cell":
            why = f"bảng {len(rows)} dòng, {len(head)} cột: quá lớn để đọc thành câu"
            self.note(Doubt("", "PT008", why, "nói ý chính của bảng bằng một hai câu"), node.line)
            return
        names = [self.inline(cell, node.line) for cell in head]
        for row in rows[1:]:
            cells = [self.inline(cell, row.line or node.line) for cell in row.kids]
            pairs = [
                f"{name}: {cell}" if name else cell
                for name, cell in zip(names, cells, strict=False)
                if cell
            ]
            self.say(_stopped("; ".join(pairs)), row.line or node.line)

    def do_figure(self, node: Node) -> None:
        attrs = dict(node.attrs)
        self.left_out(f"hình «{attrs['caption'] or attrs['src']}»", node.line)

    def do_chart(self, node: Node) -> None:
        """The board wrote one sentence that says what the chart shows."""
        attrs = dict(node.attrs)
        self.left_out(f"biểu đồ «{attrs['title']}», chỉ đọc câu tóm tắt", node.line)
        self.say(str(attrs["alt"]), node.line)

    def do_media(self, node: Node) -> None:
        self.left_out(f"âm thanh, video «{dict(node.attrs)['title']}»", node.line)

    def do_code_block(self, node: Node) -> None:
        self.left_out("đoạn mã", node.line)

    def do_notes(self, node: Node) -> None:
        self.left_out("chú thích cuối bài", node.line)

    def do_math(self, node: Node) -> None:
        self.say(self.inline(node, node.line), node.line)

    def do_rule(self, node: Node) -> None:
        """A line drawn across the page is not heard."""

    # -- words -----------------------------------------------------------------------------

    def inline(self, node: Node, line: int) -> str:
        """The words of a node as they are written, without what is only seen."""
        match node.kind:
            case "text":
                return node.text.replace("\n", " ")
            case "break":
                return " "
            case "math":
                return self.unread("công thức", node.text, line)
            case "code":
                return self.unread("mã", node.text, line)
            case "note_ref" | "picture":
                return ""
        return "".join(self.inline(kid, line) for kid in node.kids)

    def unread(self, what: str, written: str, line: int) -> str:
        near = formula.spoken(written) if what == "công thức" else ""
        hint = f"có thể đọc: «{near}»; người đọc quyết định" if near else "nói bằng lời"
        self.note(Doubt(written, "PT009", f"{what} không đọc thành lời chắc chắn", hint), line)
        return f" ({what}, xem ghi chú) "


def _rows(node: Node) -> Iterator[Node]:
    for kid in node.kids:
        if kid.kind == "row":
            yield kid
        else:
            yield from _rows(kid)


def _stopped(words: str, mark: str = ".") -> str:
    """With a full stop where the line ends without one: it is a pause."""
    words = words.rstrip()
    return words if not words or words[-1] in ".!?…:" else words + mark


def script(
    piece: Piece, nodes: tuple[Node, ...], first: int, settings: Broadcast, issue: str
) -> Script:
    """The piece to be read. ``first``: the file's line where its body begins."""
    own: Mapping[str, str] = {word.short: word.full for word in settings.abbreviations}
    speaker = Speaker(Reader(own, settings.odd), piece.path, first)
    card = piece.card
    speaker.say(_stopped(card.title), 0, "title")
    speaker.say(card.standfirst, 0)
    speaker.nodes(nodes)
    authors = ", ".join(link.title for link in card.authors)
    about = " · ".join(part for part in (card.section.title, authors, issue) if part)
    count = sum(text.word_count(line.words) for line in speaker.lines)
    lines = tuple(speaker.lines)
    return Script(card.title, about, lines, tuple(speaker.notes), count, settings.rate)


def as_text(found: Script) -> str:
    """For a screen or a plain printer: what is not read stands before the rule and after it."""
    doubts = [note for note in found.notes if note.severity is Severity.WARNING]
    head = [
        f"BẢN PHÁT THANH: {found.title}",
        found.about,
        f"Khoảng {found.minutes} phút, {found.rate} tiếng mỗi phút ({found.syllables} tiếng)",
    ]
    if doubts:
        head.append(
            f"Còn {len(doubts)} chỗ giữa {OPEN} và {CLOSE} hoặc ghi ở cuối: xem trước khi đọc"
        )
    body = [f"\n{line.words}" for line in found.lines]
    foot = [f"- dòng {note.place.line}: {note.message} → {note.hint}" for note in found.notes]
    rule = "-" * 60
    tail = ["", rule, "Không đọc phần dưới đây.", *foot] if foot else []
    return "\n".join([*head, rule, *body, *tail]) + "\n"


def totals(scripts: tuple[Script, ...]) -> dict[str, Any]:
    return {
        "pieces": len(scripts),
        "minutes": sum(script.minutes for script in scripts),
        "doubts": sum(n.severity is Severity.WARNING for s in scripts for n in s.notes),
    }
