"""Tags become the structure tree of a file, with its way back from content to tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bulletin.screen.layout import Leaf, Spot
from bulletin.screen.streams import Mark
from bulletin.screen.tags import Tag


def plant(pdf: Any, top: Tag, marks: dict[tuple[int, int], Mark], text: str) -> None:
    """Write the tree of ``top``; links that no tag holds go. ``text``: what a bare link says."""
    from pikepdf import Array, Dictionary, Name

    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    planter = _Planter(pdf, marks, text)
    root.K = Array([planter.tag(top, root)])
    for page in pdf.pages:
        _annotations(page.obj, planter.kept)
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=planter.numbers()))
    root.ParentTreeNextKey = len(planter.owners)
    if planter.names:
        names = [item for pair in sorted(planter.names) for item in pair]
        root.IDTree = pdf.make_indirect(Dictionary(Names=Array(_strings(names))))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _strings(items: list[Any]) -> list[Any]:
    import pikepdf

    return [pikepdf.String(item) if isinstance(item, str) else item for item in items]


def _annotations(page: Any, kept: set[tuple[int, int]]) -> None:
    """Drop what no tag holds; the rest comes in the order of the tags."""
    from pikepdf import Array, Name

    notes = [note for note in page.get("/Annots", ()) if note.objgen in kept]
    page.Tabs = Name.S
    if notes:
        page.Annots = Array(notes)
    elif "/Annots" in page:
        del page["/Annots"]


@dataclass(slots=True)
class _Planter:
    pdf: Any
    marks: dict[tuple[int, int], Mark]
    text: str
    owners: list[Any] = field(default_factory=list)
    kept: set[tuple[int, int]] = field(default_factory=set)
    names: list[tuple[str, Any]] = field(default_factory=list)
    rows: dict[tuple[int, int], int] = field(default_factory=dict)
    pages: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pages = [page.obj for page in self.pdf.pages]
        # The numbers of pages come first, so a page's number is its place.
        for page in self.pages:
            self.row(page)

    def row(self, holder: Any) -> int:
        """The row of a page or form in the parent tree."""
        key = holder.objgen
        if key not in self.rows:
            self.rows[key] = len(self.owners)
            self.owners.append([])
            holder.StructParents = self.rows[key]
        return self.rows[key]

    def tag(self, tag: Tag, parent: Any) -> Any:
        from pikepdf import Array, Dictionary, Name, String

        made = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + tag.role), P=parent)
        )
        first = next((kid.page for kid in tag.kids if not isinstance(kid, Tag)), None)
        if first is not None:
            made.Pg = self.pages[first]
        if tag.alt:
            made.Alt = String(tag.alt)
        if tag.lang:
            made.Lang = String(tag.lang)
        if tag.role == "Note":
            name = f"note{len(self.names):04d}"
            made.ID = String(name)
            self.names.append((name, made))
        attributes = _attributes(tag)
        if attributes:
            made.A = attributes[0] if len(attributes) == 1 else Array(attributes)
        kids = [self.kid(kid, tag, made, first) for kid in tag.kids]
        if kids:
            made.K = kids[0] if len(kids) == 1 else Array(kids)
        return made

    def kid(self, kid: Tag | Leaf | Spot, tag: Tag, made: Any, first: int | None) -> Any:
        from pikepdf import Dictionary, Name

        if isinstance(kid, Tag):
            return self.tag(kid, made)
        if isinstance(kid, Spot):
            return self.spot(kid, tag, made)
        mark = self.marks[kid.page, kid.mcid]
        page = self.pages[kid.page]
        owned = self.owners[self.row(mark.form if mark.form is not None else page)]
        owned.extend([None] * (mark.mcid + 1 - len(owned)))
        owned[mark.mcid] = made
        if kid.page == first and mark.form is None:
            return mark.mcid
        place = Dictionary(Type=Name.MCR, Pg=page, MCID=mark.mcid)
        if mark.form is not None:
            place.Stm = mark.form
        return place

    def spot(self, spot: Spot, tag: Tag, made: Any) -> Any:
        from pikepdf import Dictionary, Name, String

        note = self.pdf.get_object(spot.number, 0)
        target = note.get("/A", {}).get("/URI")
        words = tag.text() or next((kid.alt for kid in tag.descend() if kid.alt), "") or self.text
        note.Contents = String(f"{words} ({target})" if target is not None else words)
        note.StructParent = len(self.owners)
        note.F = 4  # printed as it is shown; what is neither hidden nor printed is no content
        self.owners.append(made)
        self.kept.add(note.objgen)
        return Dictionary(Type=Name.OBJR, Pg=self.pages[spot.page], Obj=note)

    def numbers(self) -> Any:
        from pikepdf import Array

        found: list[Any] = []
        for number, owner in enumerate(self.owners):
            listed = isinstance(owner, list)
            found += [number, self.pdf.make_indirect(Array(owner)) if listed else owner]
        return Array(found)


def _attributes(tag: Tag) -> list[Any]:
    from pikepdf import Array, Dictionary, Name

    found = []
    for owner, values in sorted(tag.attributes.items()):
        made = Dictionary(O=Name("/" + owner))
        for key, value in sorted(values.items()):
            made["/" + key] = value if isinstance(value, int) else Name("/" + value)
        found.append(made)
    rects = [leaf.rect for leaf in tag.leaves()] if tag.role in ("Figure", "Formula") else []
    if rects:
        box = (
            min(rect[0] for rect in rects),
            min(rect[1] for rect in rects),
            max(rect[2] for rect in rects),
            max(rect[3] for rect in rects),
        )
        found.append(Dictionary(O=Name.Layout, BBox=Array([round(edge, 2) for edge in box])))
    return found
