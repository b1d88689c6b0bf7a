"""The structure that mammoth reads becomes blocks of Markdown, in the order of the document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from bulletin.word import inline
from bulletin.word.findings import Findings
from bulletin.word.inline import Piece
from bulletin.word.wash import MARK, Washed

_TYPED = re.compile(r"([-–•*▪●○+])[ \u00a0]+(?=\S)")
_DEEPER = re.compile(r"list (?:bullet|number) ([2-5])")
_HEADING = re.compile(r"BulletinHeading(\d)")


@dataclass(slots=True)
class Block:
    """One block. ``kind``: paragraph, heading, item, table, quote, figure, math."""

    kind: str
    pieces: list[Piece] = field(default_factory=list)
    level: int = 0
    ordered: bool = False
    style: str = ""
    centred: bool = False
    text: str = ""  # Markdown of tables and formulas
    picture: int = -1

    @property
    def bare(self) -> str:
        return inline.bare(self.pieces)

    @property
    def all_strong(self) -> bool:
        told = [p for p in self.pieces if any(c.isalnum() for c in p.text)]
        return bool(told) and all(p.strong for p in told)


class Reader:
    """One document of mammoth → blocks."""

    def __init__(self, document: Any, washed: Washed, findings: Findings) -> None:
        self.document, self.washed, self.findings = document, washed, findings
        self.notes: list[str] = []  # Markdown of each footnote
        self.after: list[Block] = []  # pictures and tables that cannot stand where they are
        self.level = 0

    def blocks(self, elements: Iterable[Any]) -> list[Block]:
        from mammoth import documents

        out: list[Block] = []
        for element in elements:
            if isinstance(element, documents.Paragraph):
                out += self.paragraph(element)
            elif isinstance(element, documents.Table):
                out += self.table(element)
            elif isinstance(element, documents.HasChildren):
                out += self.blocks(element.children)
            out += self.after
            self.after = []
        return out

    # -- paragraphs ------------------------------------------------------------------------

    def paragraph(self, element: Any) -> list[Block]:
        pieces = self.pieces(element.children, Piece(""))
        style = (element.style_name or "").lower()
        block = Block("paragraph", pieces, style=style, centred=element.alignment == "center")
        if found := _HEADING.fullmatch(element.style_id or ""):
            block.kind, block.level = "heading", int(found[1])
        elif element.numbering is not None:
            block.kind, block.level = "item", int(element.numbering.level_index)
            block.ordered = element.numbering.is_ordered
            if found := _DEEPER.fullmatch(style):  # a list of its own in Word, deeper to the eye
                block.level = max(block.level, int(found[1]) - 1)
        elif "quote" in style:
            block.kind = "quote"
        if block.kind == "paragraph":
            self._alone(block)
        if block.kind == "paragraph":
            self._typed(block)
        return [block] if block.text or any(p.text.strip() for p in pieces) else []

    def _alone(self, block: Block) -> None:
        """A formula that has the paragraph to itself is set in the middle."""
        told = [p for p in block.pieces if p.text.strip()]
        if len(told) == 1 and told[0].raw and told[0].text.startswith("$$"):
            block.kind, block.text = "math", told[0].text

    def _typed(self, block: Block) -> None:
        """A list whose signs were typed: «- Cày sâu», «+ Bón lót»."""
        first = next((n for n, p in enumerate(block.pieces) if p.text.strip()), None)
        if first is None or block.pieces[first].raw:
            return
        piece = block.pieces[first]
        if found := _TYPED.match(piece.text.lstrip()):
            block.kind, block.level = "item", int(found[1] == "+")
            text = piece.text.lstrip()[found.end() :]
            block.pieces = [replace(piece, text=text), *block.pieces[first + 1 :]]

    # -- runs ------------------------------------------------------------------------------

    def pieces(self, elements: Iterable[Any], look: Piece) -> list[Piece]:
        from mammoth import documents

        out: list[Piece] = []
        for element in elements:
            if isinstance(element, documents.Text):
                out += self.text(element.value, look)
            elif isinstance(element, documents.Run):
                out += self.run(element, look)
            elif isinstance(element, documents.Hyperlink):
                out += self.pieces(element.children, replace(look, link=self.link(element)))
            elif isinstance(element, documents.Tab):
                out.append(replace(look, text=" "))
            elif isinstance(element, documents.Break):
                out.append(
                    replace(look, text=inline.BREAK if element.break_type == "line" else " ")
                )
            elif isinstance(element, documents.NoteReference):
                out += self.note(element)
            elif isinstance(element, documents.Checkbox):
                out.append(replace(look, text="[x]" if element.checked else "[ ]"))
            elif isinstance(element, documents.HasChildren):
                out += self.pieces(element.children, look)
        return out

    def run(self, element: Any, look: Piece) -> list[Piece]:
        dressed = replace(
            look,
            strong=element.is_bold,
            slanted=element.is_italic,
            struck=element.is_strikethrough,
        )
        found = self.pieces(element.children, dressed)
        if element.vertical_alignment in ("superscript", "subscript"):
            low = element.vertical_alignment == "subscript"
            return [self._raised(piece, low) for piece in found]
        return found

    def _raised(self, piece: Piece, low: bool) -> Piece:
        if piece.raw or not piece.text.strip():
            return piece
        text = inline.raised(piece.text, low)
        if text is None:
            what = "chữ dưới dòng" if low else "chữ trên dòng"
            self.findings.add("WD024", "", f"{what} «{piece.text.strip()}» thành chữ thường")
        return piece if text is None else replace(piece, text=text)

    def text(self, value: str, look: Piece) -> list[Piece]:
        out: list[Piece] = []
        at = 0
        for found in MARK.finditer(value):
            out.append(replace(look, text=inline.clean(value[at : found.start()])))
            number, at = int(found[2]), found.end()
            if found[1] == "P":
                self.after.append(Block("figure", picture=number))
            else:
                tex, alone = self.washed.formulas[number]
                sign = f"$$\n{tex}\n$$" if alone else f"${tex}$"
                out.append(Piece(sign, raw=True))
        return [*out, replace(look, text=inline.clean(value[at:]))]

    def link(self, element: Any) -> str:
        href = str(element.href or "").strip()
        if not href:
            return ""  # a place inside the document: the words stay
        if inline.SAFE.match(href.replace(" ", "%20")):
            return href.replace(" ", "%20")
        self.findings.add("WD021", "", "liên kết tới địa chỉ không dùng được trên mạng", href)
        return ""

    def note(self, element: Any) -> list[Piece]:
        """A footnote is written at the end; its mark stands here."""
        try:
            body = self.document.notes.resolve(element).body
        except KeyError:
            self.findings.add("WD023", "", "chú thích không có nội dung trong tệp")
            return []
        held, self.after = self.after, []
        number = len(self.notes)
        self.notes.append("")
        found = self.blocks(body)
        rows = [inline.flat(block.pieces) or block.text.replace("\n", " ") for block in found]
        told = [inline.escape_start(row) for row in rows if row]
        self.notes[number] = "\n\n    ".join(told)
        self.after = [*held, *(block for block in found if block.picture >= 0)]
        return [Piece(f"[^{number + 1}]", raw=True)] if told else []

    # -- tables ----------------------------------------------------------------------------

    def table(self, element: Any) -> list[Block]:
        rows = [row for row in element.children if getattr(row, "children", None)]
        if not rows:
            return []
        if len(rows) == 1 and len(rows[0].children) == 1:
            self.findings.add(
                "WD018", "", "khung một ô đã thành đoạn thường; cần khung thì dùng :::note"
            )
            return self.blocks(rows[0].children[0].children)
        grid = self._grid(rows)
        return [Block("table", text=_pipes(grid))]

    def _grid(self, rows: list[Any]) -> list[list[str]]:
        """Cells where they stand; a cell over several places fills the first of them."""
        grid: list[list[str]] = []
        taken: dict[tuple[int, int], bool] = {}
        merged = False
        for y, row in enumerate(rows):
            cells: list[str] = []
            for cell in row.children:
                while taken.get((y, len(cells))):
                    cells.append("")
                merged = merged or cell.colspan > 1 or cell.rowspan > 1
                x = len(cells)
                for down in range(min(cell.rowspan, 500)):
                    for right in range(min(cell.colspan, 64)):
                        taken[y + down, x + right] = True
                cells += [self.cell(cell.children), *[""] * (min(cell.colspan, 64) - 1)]
            grid.append(cells)
        if merged:
            first = next((c for c in grid[0] if c), "")
            self.findings.add(
                "WD018", "", f"bảng «{first[:60]}» có ô gộp: chữ nằm ở ô đầu, ô sau để trống"
            )
        width = max(len(cells) for cells in grid)
        return [cells + [""] * (width - len(cells)) for cells in grid]

    def cell(self, elements: Iterable[Any]) -> str:
        """One line; pictures and tables inside come after the table."""
        held, self.after = self.after, []
        parts: list[str] = []
        outside: list[Block] = []
        for block in self.blocks(elements):
            if block.kind in ("figure", "table"):
                outside.append(block)
            elif block.kind == "math":
                parts.append("$" + block.text.strip("$\n") + "$")
            else:
                sign = "– " if block.kind == "item" else ""
                parts.append(sign + inline.flat(block.pieces))
        if outside:
            self.findings.add(
                "WD018", "", "hình hoặc bảng nằm trong ô của bảng: đã đưa xuống dưới bảng"
            )
        self.after = [*held, *outside]
        return " ".join(part for part in parts if part.strip("– "))


def _pipes(grid: list[list[str]]) -> str:
    head, *rest = grid
    # The first row names the columns; a table of one row is a heading without rows.
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
