"""Which tags may stand in which (ISO 32000-1, 14.8.4; Matterhorn 09-004 to 09-008, 15, 19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bulletin.preflight.codes import find
from bulletin.preflight.objects import get, name, number, words
from bulletin.preflight.structure import Element, Tree, attribute
from bulletin.preflight.values import Finding

CELLS = {"TH", "TD"}
GROUPS = {"THead", "TBody", "TFoot"}
MAX_CELLS = 100_000  # a span may claim anything
PARENTS = {
    "RB": ("PF118", {"Ruby"}),
    "RT": ("PF118", {"Ruby"}),
    "RP": ("PF118", {"Ruby"}),
    "WT": ("PF118", {"Warichu"}),
    "WP": ("PF118", {"Warichu"}),
    "Document": ("PF118", {""}),
    "TOCI": ("PF117", {"TOC"}),
    "LBody": ("PF116", {"LI"}),
    "THead": ("PF108", {"Table"}),
    "TBody": ("PF108", {"Table"}),
    "TFoot": ("PF108", {"Table"}),
    "TR": ("PF108", {"Table", "THead", "TBody", "TFoot"}),
    "TH": ("PF108", {"TR"}),
    "TD": ("PF108", {"TR"}),
}


def check_nesting(tree: Tree) -> Iterator[Finding]:
    yield from _tables(tree)
    yield from _lists(tree)
    yield from _contents(tree)
    yield from _places(tree)
    yield from _notes(tree)


def _tables(tree: Tree) -> Iterator[Finding]:
    tables = [element for element in tree.all() if element.role == "Table"]
    for number_, table in enumerate(tables, 1):
        for wrong in dict.fromkeys(_table(table)):
            yield find("PF108", f"bảng thứ {number_} {wrong}")


def _table(table: Element) -> Iterator[str]:
    heads = [cell for cell in table.descend() if cell.role == "TH"]
    cells = [cell for cell in table.descend() if cell.role in CELLS]
    if not heads:
        yield "không có ô đầu (TH)"
    elif any(not name(attribute(cell, "Scope")) for cell in heads) and not any(
        attribute(cell, "Headers") is not None for cell in cells
    ):
        yield "có ô đầu (TH) không ghi Scope"
    yield from _parts(table)
    rows = [element for element in table.descend() if element.role == "TR"]
    if any(kid.role not in CELLS for row in rows for kid in row.kids):
        yield "có hàng TR chứa thứ khác ô TH, TD"
    elif len(set(_widths(rows))) > 1:
        yield "có các hàng không cùng số ô"


def _parts(table: Element) -> Iterator[str]:
    """Head, body, foot and caption of a table."""
    kids = [kid.role for kid in table.kids]
    count = Counter(kids)
    stray = sorted(count.keys() - GROUPS - {"TR", "Caption"})
    if stray:
        yield f"chứa {', '.join(stray)}"
    if count["THead"] > 1 or count["TFoot"] > 1 or count["Caption"] > 1:
        yield "có hơn một THead, TFoot hoặc Caption"
    if (count["THead"] or count["TFoot"]) and not count["TBody"]:
        yield "có THead hoặc TFoot mà không có TBody"
    if "Caption" in kids[1:-1]:
        yield "có Caption ở giữa"
    for group in table.kids:
        if group.role in GROUPS and any(kid.role != "TR" for kid in group.kids):
            yield f"có {group.role} chứa thứ khác hàng TR"


def _widths(rows: list[Element]) -> Iterator[int]:
    """Cells in each row, with what earlier rows reach down into it."""
    below: list[int] = []
    for row in rows:
        reach = below
        width, below = sum(1 for rest in reach if rest), [rest - 1 for rest in reach if rest > 1]
        for cell in row.kids:
            across = min(MAX_CELLS, max(1, int(number(attribute(cell, "ColSpan"), 1))))
            down = min(MAX_CELLS, max(1, int(number(attribute(cell, "RowSpan"), 1))))
            width += across
            if down > 1:
                below += [down - 1] * across
        yield width


def _lists(tree: Tree) -> Iterator[Finding]:
    for element in tree.all():
        roles = [kid.role for kid in element.kids]
        kids = set(roles)
        if element.role == "L" and not kids <= {"LI", "L", "Caption"}:
            yield find("PF116", f"danh sách chứa {', '.join(sorted(kids - {'LI'}))}")
        elif element.role == "L" and "Caption" in roles[1:]:
            yield find("PF116", "Caption của danh sách không đứng đầu")
        elif element.role == "LI" and (element.parent != "L" or not kids <= {"Lbl", "LBody"}):
            wrong = ", ".join(sorted(kids - {"Lbl", "LBody"})) or f"nằm trong {element.parent}"
            yield find("PF116", f"mục danh sách sai: {wrong}")


def _contents(tree: Tree) -> Iterator[Finding]:
    for element in tree.all():
        kids = [kid.role for kid in element.kids]
        if element.role == "TOC" and not set(kids) <= {"TOC", "TOCI", "Caption"}:
            yield find("PF117", f"mục lục chứa {', '.join(sorted(set(kids) - {'TOC', 'TOCI'}))}")
        elif element.role == "TOC" and "Caption" in kids[1:]:
            yield find("PF117", "Caption của mục lục không đứng đầu")


def _places(tree: Tree) -> Iterator[Finding]:
    for element in tree.all():
        code, allowed = PARENTS.get(element.role, ("", {element.parent}))
        if element.parent not in allowed:
            where = element.parent or "gốc của cây"
            yield find(code, f"thẻ {element.role} nằm trong {where}")


def _notes(tree: Tree) -> Iterator[Finding]:
    notes = [words(get(note.obj, "ID")) for note in tree.all() if note.role == "Note"]
    if any(not note for note in notes):
        yield find("PF119", f"{notes.count('')} thẻ Note không có ID")
    twice = sorted(note for note, times in Counter(notes).items() if note and times > 1)
    if twice:
        yield find("PF119", f"ID «{twice[0]}» dùng cho nhiều thẻ Note")
