"""PDF/UA-1 as far as a program can see it: a subset of the Matterhorn protocol.

Checked (Matterhorn checkpoints in brackets): tags exist and are declared (01, 06, 07), all content
is tagged or an artifact, neither inside the other (01), roles are standard (02), title and
language (06, 07, 11), figures and formulas have alternatives (13, 17), headings nest (14), tables
have header cells with scope (15), lists are lists (16), links are tagged and described (28), tab
order (28), fonts embedded and readable (31, 10, elsewhere), no scripts. Not checked: whether the
order and the alternatives make sense, contrast, table geometry, natural language of passages,
notes, form fields, optional content, media, XFA. veraPDF or PAC sees more; a person sees the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.preflight.codes import find
from bulletin.preflight.objects import down, elements, flag, get, identity, name, number, words
from bulletin.preflight.structure import (
    STANDARD,
    Tree,
    attribute,
    has_bookmarks,
    read,
    spoken,
)
from bulletin.preflight.subject import DC, PDFUA_ID, PageView, Subject, box_of
from bulletin.preflight.values import Finding

CELLS = {"TH", "TD"}
ROWS = {"THead", "TBody", "TFoot"}


def check_access(subject: Subject) -> Iterator[Finding]:
    yield from _declared(subject)
    tree = read(subject.root)
    if tree is None or not tree.roots:
        yield find("PF101", "tệp không có cây cấu trúc (StructTreeRoot)")
        return
    yield from _roles(tree)
    yield from _alternatives(tree)
    yield from _headings(tree)
    yield from _tables(tree)
    yield from _lists(tree)
    for page in subject.pages:
        yield from _content(page, tree)
        yield from _annotations(page, tree)
    yield from _dangling(subject, tree)


def _declared(subject: Subject) -> Iterator[Finding]:
    root, xmp = subject.root, subject.xmp
    mark = get(root, "MarkInfo")
    if not flag(get(mark, "Marked")) or flag(get(mark, "Suspects")):
        yield find("PF102", "MarkInfo không ghi Marked true, hoặc còn Suspects")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", words(get(root, "Lang"))):
        yield find("PF103", "gốc tài liệu không ghi ngôn ngữ (Lang)")
    if not flag(down(root, "ViewerPreferences", "DisplayDocTitle")):
        yield find("PF104", "ViewerPreferences không ghi DisplayDocTitle true")
    if not xmp.get(f"{DC} title"):
        yield find("PF105", "XMP không có dc:title")
    if xmp.get(f"{PDFUA_ID} part") != "1":
        yield find("PF112", "XMP không ghi pdfuaid:part = 1")
    if not has_bookmarks(root):
        yield find("PF111", "tệp không có dấu trang")


def _roles(tree: Tree) -> Iterator[Finding]:
    strange = {element.raw for element in tree.all() if element.role not in STANDARD}
    for raw in sorted(strange):
        yield find("PF113", f"thẻ «{raw}» không phải thẻ chuẩn và không có trong RoleMap")
    if tree.loops:
        yield find("PF114", "cây cấu trúc đi vòng hoặc dùng một thẻ hai lần")


def _alternatives(tree: Tree) -> Iterator[Finding]:
    count = {"Figure": 0, "Formula": 0}
    for element in tree.all():
        if element.role in count:
            count[element.role] += 1
            if not spoken(element):
                word = "hình" if element.role == "Figure" else "công thức"
                yield find("PF106", f"{word} thứ {count[element.role]} trong tệp thiếu Alt")


def _headings(tree: Tree) -> Iterator[Finding]:
    previous = 0
    for element in tree.all():
        if not re.fullmatch(r"H[1-6]", element.role):
            continue
        level = int(element.role[1])
        if level > previous + 1:
            before = f"sau H{previous}" if previous else "ở đầu tài liệu"
            yield find("PF107", f"tiêu đề {element.role} đứng {before}")
        previous = level


def _tables(tree: Tree) -> Iterator[Finding]:
    tables = [element for element in tree.all() if element.role == "Table"]
    for i, table in enumerate(tables, 1):
        cells = [cell for cell in table.descend() if cell.role in CELLS]
        heads = [cell for cell in cells if cell.role == "TH"]
        by_id = any(attribute(cell, "Headers") is not None for cell in cells)
        if not heads:
            yield find("PF108", f"bảng thứ {i} không có ô đầu (TH)")
        elif not by_id and any(not name(attribute(cell, "Scope")) for cell in heads):
            yield find("PF108", f"bảng thứ {i} có ô đầu (TH) không ghi Scope")
        stray = [kid.role for kid in table.kids if kid.role not in ROWS | {"TR", "Caption"}]
        if stray or any(cell.parent != "TR" for cell in cells):
            yield find("PF108", f"bảng thứ {i} không gồm hàng TR với ô TH, TD")


def _lists(tree: Tree) -> Iterator[Finding]:
    for element in tree.all():
        kids = {kid.role for kid in element.kids}
        if element.role == "L" and not kids <= {"LI", "L", "Caption"}:
            yield find("PF116", f"danh sách chứa {', '.join(sorted(kids - {'LI'}))}")
        elif element.role == "LI" and (element.parent != "L" or not kids <= {"Lbl", "LBody"}):
            wrong = ", ".join(sorted(kids - {"Lbl", "LBody"})) or f"nằm trong {element.parent}"
            yield find("PF116", f"mục danh sách sai: {wrong}")


def _content(page: PageView, tree: Tree) -> Iterator[Finding]:
    for mark in page.drawing.marks:
        if mark.kind == "hidden" and not mark.text.strip():
            continue
        if not mark.tag and mark.where not in {"mask", "Type 3"}:
            what = f"chữ «{mark.text.strip()[:30]}»" if mark.text else "hình vẽ"
            yield find("PF110", f"{what} không có thẻ", page.number, page.place(mark.box))
    for text in dict.fromkeys(page.drawing.nesting):
        yield find("PF110", text, page.number)
    loose = page.drawing.mcids - tree.content
    if loose:
        text = f"{len(loose)} đoạn có MCID mà không thẻ nào nhận"
        yield find("PF114", text, page.number)
    owned = any(owner == identity(page.obj) for owner, _ in page.drawing.mcids)
    key = get(page.obj, "StructParents")
    if owned and (key is None or int(number(key)) not in tree.parents):
        yield find("PF114", "trang không có mục trong ParentTree", page.number)


def _dangling(subject: Subject, tree: Tree) -> Iterator[Finding]:
    drawn = {key for page in subject.pages for key in page.drawing.mcids}
    lost = tree.content - drawn
    if lost:
        yield find("PF114", f"cây cấu trúc nhắc {len(lost)} đoạn không có trên trang")


def _annotations(page: PageView, tree: Tree) -> Iterator[Finding]:
    notes = elements(get(page.obj, "Annots"))
    if notes and name(get(page.obj, "Tabs")) != "S":
        yield find("PF115", "trang có liên kết mà không ghi Tabs /S", page.number)
    for note in notes:
        kind = name(get(note, "Subtype"))
        hidden = int(number(get(note, "F"))) & 2
        if hidden or kind in {"Popup", "Widget"}:
            continue
        spot = page.place(box_of(get(note, "Rect")))
        if not words(get(note, "Contents")).strip():
            yield find("PF109", f"chú thích {kind} không có Contents", page.number, spot)
        role = tree.annotations.get(identity(note))
        if role is None or (kind == "Link" and role not in {"Link", "Reference"}):
            yield find("PF109", f"chú thích {kind} không nằm trong thẻ Link", page.number, spot)
