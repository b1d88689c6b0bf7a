"""What a designer would circle on the pages of an issue, with the page and the line of the source.

Only what shows is told: lines wider than their column, tables wider than the page, gaps between
words that one sees, rivers, columns left half empty, pictures too small to read. All lengths in
points.
"""

from __future__ import annotations

import functools
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup

from bulletin import codec, markdown
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import Piece
from bulletin.outputs import measure
from bulletin.outputs.measure import POINT
from bulletin.pages import PressIssue
from bulletin.studio import Studio

ENDINGS = ("-dan-trang.html", "-dan-trang.json")
OVER = 1.0  # what sticks out less than this is rounding
LOOSE = 0.80  # em; a gap between words that one sees at arm's length
TIGHT = 0.15
WIDE = 0.42  # em; a gap that may belong to a river
RIVER = 4  # lines
HALF = 0.45  # share of a column that is empty
SMALL = 125.0  # width of a picture in the text (44 mm)
KEY = 24  # letters by which a block is known again
WORDS = {
    "overfull": "dòng chữ rộng hơn cột",
    "table": "bảng rộng hơn khổ chữ",
    "loose": "dòng thưa",
    "tight": "dòng sít",
    "river": "khe trắng chạy dọc",
    "column": "cột trống",
    "picture": "hình nhỏ",
}
REMEDY = {
    "overfull": "ngắt từ dài hoặc địa chỉ dài, bỏ bớt chữ không ngắt được",
    "table": "bớt cột, rút chữ trong ô dài nhất, hoặc tách thành hai bảng",
    "loose": "đổi vài chữ để dòng dồn lại",
    "tight": "đổi vài chữ để dòng giãn ra",
    "river": "đổi vài chữ ở giữa đoạn",
    "column": "thêm bớt vài câu, hay đổi chỗ một hình trong bài",
    "picture": "đặt width: page, hoặc dùng hình nằm ngang",
}
Gap = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """``value``: pt that stick out, em of a gap, lines of a river, per cent empty, mm."""

    kind: str
    page: int
    path: str
    line: int
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of justified text: its gaps between words and the widest of them in em."""

    box: Any
    gaps: tuple[Gap, ...]
    widest: float
    narrowest: float
    size: float


def paths(path: str) -> tuple[str, ...]:
    """Where the report of ``…/ban-tin-so-1-2026.pdf`` lies."""
    return tuple(path.removesuffix(".pdf") + ending for ending in ENDINGS)


def report(
    page: PressIssue, rendered: Any, studio: Studio, path: str
) -> tuple[tuple[Diagnostic, ...], tuple[tuple[str, bytes], ...]]:
    """Diagnostics and the files of the report."""
    found = tuple(findings(page, rendered, studio))
    title = f"Bản tin {page.imprint.name}, số {page.edition.issue.number}"
    title += f"/{page.edition.issue.year}: báo cáo dàn trang"
    web, data = paths(path)
    files = ((web, _html(title, found).encode()), (data, _json(title, found).encode()))
    return tuple(_diagnostics(page, found, web)), files


# ---- looking ---------------------------------------------------------------------------------


def findings(page: PressIssue, rendered: Any, studio: Studio) -> Iterator[Finding]:
    starts = dict(page.starts)
    faces = _Faces(studio)
    for piece in page.edition.issue.pieces:
        known = known_lines(piece, starts.get(piece.path, 1), studio)
        for number, sheet in enumerate(rendered.pages, start=1):
            box = measure.find(sheet._page_box, f"a-{piece.card.uid}")
            if box is None:
                continue
            yield from _Look(piece, known, number, faces).run(box, sheet._page_box)
    yield from _columns(page, rendered)


def known_lines(piece: Piece, start: int, studio: Studio) -> dict[str, int]:
    """The first letters of every block of the body → its line in the file."""
    known: dict[str, int] = {}
    for node in codec.nodes_from(studio.load(piece.body)):
        for part in (node, *node.kids):
            if part.line:
                known.setdefault(first_letters(markdown.plain((part,))), start - 1 + part.line)
    known.pop("", None)
    return known


def first_letters(words: str) -> str:
    return "".join(c for c in words if c.isalpha())[:KEY].lower()


class _Look:
    """One piece on one page."""

    def __init__(self, piece: Piece, known: Mapping[str, int], number: int, faces: _Faces) -> None:
        self.piece, self.known, self.number, self.faces = piece, known, number, faces

    def run(self, box: Any, sheet: Any) -> Iterator[Finding]:
        right = (float(sheet.content_box_x()) + float(sheet.width)) * POINT
        yield from self._walk(box, box, 0, right)

    def _walk(self, box: Any, parent: Any, line: int, edge: float) -> Iterator[Finding]:
        element = getattr(box, "element", None)
        if element is not None and element is not getattr(parent, "element", None):
            line = self.known.get(first_letters("".join(element.itertext())), line)
        kind = type(box).__name__
        if kind == "TableBox":
            over = (float(box.position_x) + float(box.border_width())) * POINT - edge
            if over > OVER:
                yield self._found("table", line, over, box)
        if element is not None and element.tag == "img" and kind.endswith("ReplacedBox"):
            yield from self._picture(box, line)
        rows = [c for c in measure.children(box) if type(c).__name__ == "LineBox"]
        if rows:
            yield from self._lines(rows, box, line)
        for child in measure.children(box):
            yield from self._walk(child, box, line, edge)

    def _found(self, kind: str, line: int, value: float, box: Any) -> Finding:
        words = " ".join("".join(_words(box)).split())[:90]
        return Finding(kind, self.number, self.piece.path, line, round(value, 2), words)

    def _picture(self, box: Any, line: int) -> Iterator[Finding]:
        wide = float(box.width) * POINT
        if 0 < wide < SMALL:
            yield self._found("picture", line, wide / 72 * 25.4, box)

    def _lines(self, rows: Sequence[Any], block: Any, line: int) -> Iterator[Finding]:
        limit = (float(block.content_box_x()) + float(block.width)) * POINT
        run: list[Line] = []
        for row in rows:
            over = _right(row) - limit
            if over > OVER and _flows(block):
                yield self._found("overfull", line, over, row)
            seen = self._line(row)
            if seen is None:
                continue
            run.append(seen)
            if seen.widest > LOOSE:
                yield self._found("loose", line, seen.widest, row)
            elif seen.narrowest < TIGHT:
                yield self._found("tight", line, seen.narrowest, row)
        length, first = _river(run)
        if length >= RIVER:
            yield self._found("river", line, length, run[first].box)

    def _line(self, row: Any) -> Line | None:
        """A justified line with more than one word; others cannot be set badly."""
        gaps: list[Gap] = []
        shares: list[float] = []
        size = 0.0
        for text in _texts(row):
            if not text.justification_spacing:
                continue
            size = float(text.style["font_size"]) * POINT
            x = float(text.position_x) * POINT
            more = (text.justification_spacing + _pixels(text.style["word_spacing"])) * POINT
            for letter, advance in self.faces.advances(text):
                end = x + advance + (more if letter == " " else 0.0)
                if letter == " ":
                    gaps.append((x, end))
                    shares.append((end - x) / size)
                x = end
        if not shares:
            return None
        return Line(row, tuple(gaps), max(shares), min(shares), size)


def _flows(block: Any) -> bool:
    """Whether lines must stay in the block: not in one that is placed or turned by hand."""
    return bool(block.style["position"] == "static" and block.style["white_space"] != "nowrap")


def _texts(box: Any) -> Iterator[Any]:
    if type(box).__name__ == "TextBox":
        yield box
    for child in measure.children(box):
        yield from _texts(child)


def _words(box: Any) -> Iterator[str]:
    for text in _texts(box):
        yield str(text.text)


def _right(row: Any) -> float:
    """Where the letters of a line end; a space that hangs over is nothing."""
    ends = [
        (float(t.position_x) + float(t.width)) * POINT for t in _texts(row) if str(t.text).strip()
    ]
    return max(ends, default=0.0)


def _pixels(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _river(run: Sequence[Line]) -> tuple[int, int]:
    """(lines, first line) of the longest chain of wide gaps that stand below one another."""
    best, first = 0, 0
    chains: list[tuple[Gap, int]] = []
    for n, line in enumerate(run):
        wide = [gap for gap in line.gaps if gap[1] - gap[0] > WIDE * line.size]
        grown = []
        for gap in wide:
            above = [count for other, count in chains if _under(other, gap)]
            grown.append((gap, 1 + max(above, default=0)))
        chains = grown
        longest = max((count for _, count in chains), default=0)
        if longest > best:
            best, first = longest, n - longest + 1
    return best, first


def _under(a: Gap, b: Gap) -> bool:
    """Whether half of the narrower gap lies below the other."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared > 0.5 * min(a[1] - a[0], b[1] - b[0])


class _Faces:
    """Advance widths of the theme's fonts, in points."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def advances(self, text: Any) -> Iterator[tuple[str, float]]:
        families = [str(name) for name in text.style["font_family"]]
        italic = text.style["font_style"] != "normal"
        found = self._face(families[0], int(text.style["font_weight"]), italic)
        size = float(text.style["font_size"]) * POINT
        spacing = _pixels(text.style["letter_spacing"]) * POINT
        for letter in str(text.text):
            yield letter, found.get(ord(letter), 0.5) * size + spacing

    def _face(self, family: str, weight: int, italic: bool) -> Mapping[int, float]:
        fonts = [f for f in self.studio.theme.fonts if f.family == family]
        fonts = fonts or list(self.studio.theme.fonts)
        best = min(fonts, key=lambda f: (f.italic != italic, abs(f.weight - weight), f.file))
        return _advances(self.studio.load, self.studio.theme.files[best.file])


@functools.lru_cache(maxsize=16)
def _advances(load: Any, digest: str) -> Mapping[int, float]:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(load(digest)), lazy=True)
    em, widths = int(font["head"].unitsPerEm), font["hmtx"]
    return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}


def _columns(page: PressIssue, rendered: Any) -> Iterator[Finding]:
    """Pages with one half of the type area much emptier than anybody would leave it."""
    pieces = page.edition.issue.pieces
    by_uid = {piece.card.uid: piece for piece in pieces}
    boxes = [sheet._page_box for sheet in rendered.pages]
    for sheet in measure.sheets(boxes, list(by_uid)):
        if not _in_columns(boxes[sheet.number - 1]):
            continue
        left, right = measure.halves(boxes[sheet.number - 1])
        side = "trái" if left > right else "phải"
        if max(left, right) > HALF and abs(left - right) > 0.15:
            last = by_uid[sheet.pieces[-1]]
            share = round(100 * max(left, right))
            title = f"nửa {side} của trang, bài «{last.card.title}»"
            yield Finding("column", sheet.number, last.path, 1, share, title)


def _in_columns(page: Any) -> bool:
    """Whether text of the page really stands in columns; else short lines would look like holes."""
    for box in measure.within(page, "cols"):
        cells = [c for c in measure.children(box) if c.element is box.element]
        if sum(bool(measure.bottom(cell)) for cell in cells) > 1:
            return True
    return False


# ---- telling -----------------------------------------------------------------------------------


def said(item: Finding) -> str:
    """One finding in words."""
    value = f"{item.value:.1f}".replace(".", ",").removesuffix(",0")
    match item.kind:
        case "overfull" | "table":
            return f"{WORDS[item.kind]} {value} pt"
        case "loose" | "tight":
            return f"{WORDS[item.kind]}: khoảng cách chữ {f'{item.value:.2f}'.replace('.', ',')} em"
        case "river":
            return f"{WORDS[item.kind]} qua {value} dòng"
        case "column":
            return f"{WORDS[item.kind]} {value}%"
    return f"{WORDS[item.kind]}: rộng {value} mm"


def _diagnostics(page: PressIssue, found: Sequence[Finding], path: str) -> Iterator[Diagnostic]:
    """Each defect by itself; of what is only not beautiful, one sentence."""
    for item in found:
        if item.kind in ("overfull", "table"):
            yield Diagnostic(
                Place(item.path, item.line or 1, 1),
                Severity.ERROR if item.kind == "table" else Severity.WARNING,
                "PD034" if item.kind == "table" else "PD033",
                f"trang {item.page} của bản in: {said(item)}: «{item.text[:50]}»",
                REMEDY[item.kind],
            )
    rest = Counter(item.kind for item in found if item.kind not in ("overfull", "table"))
    if rest:
        words = ", ".join(f"{count} {WORDS[kind]}" for kind, count in sorted(rest.items()))
        yield Diagnostic(
            Place(f"issues/{page.edition.issue.key}.yaml", 1, 1),
            Severity.WARNING,
            "PD035",
            f"bản in có chỗ nên nhìn lại: {words}",
            f"mở output/{path}: có số trang và dòng của từng chỗ",
        )


def _json(title: str, found: Sequence[Finding]) -> str:
    rows = [{**asdict(item), "message": said(item)} for item in found]
    value = {"version": 1, "title": title, "findings": rows}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1f2440;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;"
    "padding:.4rem .8rem .4rem 0;border-bottom:1px solid #dad4c4}code{font-size:.85em}"
    "td:first-child{white-space:nowrap}"
)
_ROW = Markup(
    "<tr><td>trang {}</td><td>{}<br><small>{}</small></td><td><code>{}</code></td></tr>\n"
)
_PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><title>{}</title>'
    "<style>{}</style></head><body><h1>{}</h1>\n{}</body></html>\n"
)


def _html(title: str, found: Sequence[Finding]) -> str:
    """A page for the board, one table per kind, in the order of the pages."""
    parts = [] if found else [Markup("<p>Không thấy chỗ nào cần sửa.</p>\n")]
    for kind, words in WORDS.items():
        items = [item for item in found if item.kind == kind]
        if not items:
            continue
        rows = (
            _ROW.format(i.page, said(i), i.text, f"{i.path}:{i.line}" if i.line else i.path)
            for i in items
        )
        head = Markup("<h2>{} ({})</h2><p>Cách sửa: {}.</p>\n<table>\n{}</table>\n")
        parts.append(
            head.format(words.capitalize(), len(items), REMEDY[kind], Markup("").join(rows))
        )
    return str(_PAGE.format(title, Markup(STYLE), title, Markup("").join(parts)))
