"""PDF/UA-1 as far as a program can see it: the Matterhorn protocol.

Checked (checkpoints in brackets): tags exist and are declared, all content is tagged or an
artifact and neither inside the other (01), roles are standard, mapped without circles and not
remapped (02), metadata, title and language (06, 07, 11), where tags may stand: tables, lists,
contents, ruby (09), alternatives of figures and formulas (13, 17), headings (14), tables (15),
lists (16), notes (19), optional content (20), XFA (25), annotations, links, widgets and the tab
order (28), forms drawn twice (30), fonts embedded and readable (10, 31, elsewhere), no scripts;
and beyond the protocol that every tag knows its parent, that the parent tree leads from each piece
of content back to its tag, and that links and bookmarks lead somewhere.

Not checked, as they need a person: whether order, roles, alternatives, headers and languages are
right (01-001, 01-002, 01-006, 09-001 to 09-003, 11-007, 13-005 to 13-008, 14-001, 15-001 to
15-005, 16-002), contrast, flicker and sound (03 to 05), stretched signs (12). Not checked, as such
files are refused elsewhere or never made here: encryption permissions (26), media (28-014 to
28-016), embedded CMaps (31-003 to 31-008).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.preflight.codes import find
from bulletin.preflight.nesting import check_nesting
from bulletin.preflight.objects import (
    Obj,
    down,
    elements,
    flag,
    get,
    identity,
    is_array,
    is_dict,
    items,
    name,
    number,
    words,
)
from bulletin.preflight.structure import STANDARD, Element, Tree, has_bookmarks, read, spoken
from bulletin.preflight.subject import DC, PDFUA_ID, PageView, Subject, box_of
from bulletin.preflight.values import Finding

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
LIMIT = 100_000  # steps through trees that may be made to loop


def check_access(subject: Subject) -> Iterator[Finding]:
    yield from _declared(subject)
    tree = read(subject.root)
    if tree is None or not tree.roots:
        yield find("PF101", "tệp không có cây cấu trúc (StructTreeRoot)")
        return
    yield from _roles(tree)
    yield from _alternatives(tree)
    yield from _headings(tree)
    yield from _languages(tree)
    yield from check_nesting(tree)
    for page in subject.pages:
        yield from _content(page, tree)
        yield from _annotations(page, tree)
    yield from _dangling(subject, tree)
    yield from _ways(subject, tree)
    yield from _targets(subject)
    yield from _extras(subject.root)


def _declared(subject: Subject) -> Iterator[Finding]:
    root, xmp = subject.root, subject.xmp
    mark = get(root, "MarkInfo")
    if not flag(get(mark, "Marked")) or flag(get(mark, "Suspects")):
        yield find("PF102", "MarkInfo không ghi Marked true, hoặc còn Suspects")
    if not LANGUAGE.fullmatch(words(get(root, "Lang"))):
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
    for raw in sorted(tree.roles):
        if raw in STANDARD:
            yield find("PF113", f"RoleMap đổi nghĩa thẻ chuẩn «{raw}»")
        elif _circles(raw, tree.roles):
            yield find("PF113", f"RoleMap đi vòng từ thẻ «{raw}»")
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


def _circles(raw: str, roles: dict[str, str]) -> bool:
    seen = set()
    while raw in roles and raw not in STANDARD:
        if raw in seen:
            return True
        seen.add(raw)
        raw = roles[raw]
    return False


def _headings(tree: Tree) -> Iterator[Finding]:
    previous = 0
    numbered = False
    for element in tree.all():
        if sum(1 for kid in element.kids if kid.role == "H") > 1:
            yield find("PF107", f"thẻ {element.role} chứa hơn một tiêu đề H")
        if not re.fullmatch(r"H[1-6]", element.role):
            continue
        numbered = True
        level = int(element.role[1])
        if level > previous + 1:
            before = f"sau H{previous}" if previous else "ở đầu tài liệu"
            yield find("PF107", f"tiêu đề {element.role} đứng {before}")
        previous = level
    if numbered and any(element.role == "H" for element in tree.all()):
        yield find("PF107", "tệp dùng lẫn H với H1–H6")


def _languages(tree: Tree) -> Iterator[Finding]:
    wrong = {words(get(item.obj, "Lang")) for item in tree.all() if get(item.obj, "Lang")}
    for lang in sorted(wrong):
        if not LANGUAGE.fullmatch(lang):
            yield find("PF103", f"thẻ ghi Lang «{lang}», không phải mã ngôn ngữ")


def _content(page: PageView, tree: Tree) -> Iterator[Finding]:
    for mark in page.drawing.marks:
        if mark.kind == "hidden" and not mark.text.strip():
            continue
        if not mark.tag and mark.where not in {"mask", "Type 3"}:
            what = f"chữ «{mark.text.strip()[:30]}»" if mark.text else "hình vẽ"
            yield find("PF110", f"{what} không có thẻ", page.number, page.place(mark.box))
    for text in dict.fromkeys(page.drawing.nesting):
        yield find("PF110", text, page.number)
    if page.drawing.repeated:
        text = f"{page.drawing.repeated} đoạn dùng lại MCID của đoạn khác"
        yield find("PF114", text, page.number)
    loose = page.drawing.mcids - tree.content.keys()
    if loose:
        text = f"{len(loose)} đoạn có MCID mà không thẻ nào nhận"
        yield find("PF114", text, page.number)
    owned = any(owner == identity(page.obj) for owner, _ in page.drawing.mcids)
    key = get(page.obj, "StructParents")
    if owned and (key is None or int(number(key)) not in tree.parents):
        yield find("PF114", "trang không có mục trong ParentTree", page.number)


def _dangling(subject: Subject, tree: Tree) -> Iterator[Finding]:
    drawn = [key for page in subject.pages for key in page.drawing.mcids]
    lost = tree.content.keys() - set(drawn)
    if lost:
        yield find("PF114", f"cây cấu trúc nhắc {len(lost)} đoạn không có trên trang")
    if len(drawn) > len(set(drawn)):
        yield find("PF114", "biểu mẫu XObject có MCID được vẽ nhiều lần")
    if tree.shared:
        yield find("PF114", f"{tree.shared} đoạn thuộc về hai thẻ")


def _ways(subject: Subject, tree: Tree) -> Iterator[Finding]:
    """From content to its tag by the parent tree, and from each tag to the one above it."""
    astray = sum(identity(back) != identity(tag.obj) for back, tag in _back(subject, tree))
    if astray:
        yield find("PF114", f"ParentTree không dẫn {astray} đoạn hoặc liên kết về thẻ của nó")
    top = identity(get(subject.root, "StructTreeRoot"))
    orphans = sum(
        identity(get(item.obj, "P")) != (identity(item.above.obj) if item.above else top)
        for item in tree.all()
    )
    if orphans:
        yield find("PF114", f"{orphans} thẻ ghi sai thẻ mẹ (P)")


def _back(subject: Subject, tree: Tree) -> Iterator[tuple[Obj, Element]]:
    """Where the parent tree leads from content and annotations, and the tag that owns them."""
    rows: dict[tuple[int, int], Obj] = {}
    for holder in {holder for page in subject.pages for holder, _ in page.drawing.mcids}:
        found = subject.pdf.get_object(holder)
        rows[holder] = tree.parents.get(_key(found, "StructParents"))
    for (holder, mcid), owner in tree.content.items():
        row = elements(rows.get(holder))
        if holder in rows and owner is not None:
            yield (row[mcid] if 0 <= mcid < len(row) else None), owner
    for page in subject.pages:
        for note in elements(get(page.obj, "Annots")):
            tag = tree.annotations.get(identity(note))
            if tag is not None:
                yield tree.parents.get(_key(note, "StructParent")), tag


def _key(holder: Obj, name_: str) -> int:
    value = get(holder, name_)
    return -1 if value is None else int(number(value))


def _annotations(page: PageView, tree: Tree) -> Iterator[Finding]:
    notes = elements(get(page.obj, "Annots"))
    if notes and name(get(page.obj, "Tabs")) != "S":
        yield find("PF115", "trang có liên kết mà không ghi Tabs /S", page.number)
    for note in notes:
        kind = name(get(note, "Subtype"))
        hidden = int(number(get(note, "F"))) & 2
        if hidden or kind == "Popup":
            continue
        spot = page.place(box_of(get(note, "Rect")))
        tag = tree.annotations.get(identity(note))
        role = tag.role if tag is not None else ""
        if kind == "Widget":
            named = words(get(note, "TU")) or words(down(note, "Parent", "TU"))
            if role != "Form" or not named.strip():
                yield find("PF120", "ô biểu mẫu không có TU hoặc thẻ Form", page.number, spot)
            continue
        if kind == "TrapNet":
            yield find("PF118", "trang có chú thích TrapNet", page.number, spot)
        if not words(get(note, "Contents")).strip():
            yield find("PF109", f"chú thích {kind} không có Contents", page.number, spot)
        wanted = {"Link", "Reference"} if kind == "Link" else {"Annot"}
        if role not in wanted:
            home = "Link" if kind == "Link" else "Annot"
            yield find("PF109", f"chú thích {kind} không nằm trong thẻ {home}", page.number, spot)


def _targets(subject: Subject) -> Iterator[Finding]:
    """Links and bookmarks inside the file lead to a page of it."""
    pages = {identity(page.obj) for page in subject.pages}
    names = {words(key): value for key, value in _names(down(subject.root, "Names", "Dests"))}
    names |= dict(items(get(subject.root, "Dests")))

    def lost(holder: Obj) -> bool:
        target = get(holder, "Dest")
        if target is None and name(down(holder, "A", "S")) == "GoTo":
            target = down(holder, "A", "D")
        if target is None:
            return False
        target = names.get(words(target) or name(target), target)
        if is_dict(target):
            target = get(target, "D")
        row = elements(target)
        return not row or identity(row[0]) not in pages

    for page in subject.pages:
        for note in elements(get(page.obj, "Annots")):
            if lost(note):
                said = words(get(note, "Contents"))[:40]
                spot = page.place(box_of(get(note, "Rect")))
                yield find("PF122", f"liên kết «{said}» không có đích", page.number, spot)
    for entry in _outline(get(subject.root, "Outlines")):
        if lost(entry):
            said = words(get(entry, "Title"))[:40]
            yield find("PF122", f"dấu trang «{said}» không có đích")


def _names(tree: Obj) -> Iterator[tuple[Obj, Obj]]:
    """Names and values of a name tree."""
    pending, steps = [tree], 0
    while pending and steps < LIMIT:
        node, steps = pending.pop(), steps + 1
        found = elements(get(node, "Names"))
        yield from zip(found[::2], found[1::2], strict=False)
        pending.extend(elements(get(node, "Kids")))


def _outline(root: Obj) -> Iterator[Obj]:
    pending = [get(root, "First")]
    seen: set[tuple[int, int]] = set()
    while pending and len(seen) < LIMIT:
        entry = pending.pop()
        if not is_dict(entry) or identity(entry) in seen:
            continue
        seen.add(identity(entry))
        yield entry
        pending += [get(entry, "Next"), get(entry, "First")]


def _extras(root: Obj) -> Iterator[Finding]:
    """Parts that a file may have and seldom has: layers and XFA."""
    layers = get(root, "OCProperties")
    configs = [get(layers, "D"), *elements(get(layers, "Configs"))]
    for config in configs if is_dict(layers) else ():
        if not words(get(config, "Name")).strip():
            yield find("PF121", "cấu hình lớp tùy chọn không có Name")
        if get(config, "AS") is not None:
            yield find("PF121", "cấu hình lớp tùy chọn có khóa AS")
    form = get(get(root, "AcroForm"), "XFA")
    if form is not None and (is_array(form) or is_dict(form)):
        yield find("PF120", "tệp có biểu mẫu XFA")
