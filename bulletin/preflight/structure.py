"""The structure tree of a tagged PDF as plain values: roles, children, and the content they own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bulletin.preflight.objects import (
    Obj,
    down,
    elements,
    get,
    identity,
    is_array,
    is_dict,
    items,
    name,
    number,
    words,
)

STANDARD = frozenset(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4"
    " H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code"
    " Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form".split()
)


@dataclass(slots=True)
class Element:
    """One tag. ``role`` is the standard type after the role map, ``raw`` the one written."""

    role: str
    raw: str
    obj: Obj
    parent: str
    above: Element | None = None
    kids: list[Element] = field(default_factory=list)

    def descend(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            yield from kid.descend()


@dataclass(slots=True)
class Tree:
    """``content``: (page or stream, MCID) → the tag that owns it; ``annotations``: object → tag;
    ``parents``: the parent tree; ``shared``: content that two tags own."""

    roots: list[Element] = field(default_factory=list)
    content: dict[tuple[tuple[int, int], int], Element | None] = field(default_factory=dict)
    annotations: dict[tuple[int, int], Element] = field(default_factory=dict)
    parents: dict[int, Obj] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    shared: int = 0
    loops: bool = False

    def all(self) -> Iterator[Element]:
        """Every element in document order."""
        for root in self.roots:
            yield from root.descend()


def read(root: Obj) -> Tree | None:
    """The tree of a document catalogue, or ``None`` when it has none."""
    top = get(root, "StructTreeRoot")
    if not is_dict(top):
        return None
    roles = {key: name(value) for key, value in items(get(top, "RoleMap"))}
    tree = Tree(parents=dict(_numbers(get(top, "ParentTree"))), roles=roles)
    seen: set[tuple[int, int]] = set()
    pending: list[tuple[Obj, Obj, Element | None]] = [(get(top, "K"), None, None)]
    # A stack and not recursion: trees of long documents are deep, and may be made to loop.
    while pending:
        value, page, parent = pending.pop()
        if is_array(value):
            pending.extend((kid, page, parent) for kid in reversed(elements(value)))
            continue
        _visit(tree, value, page, parent, (roles, seen, pending))
    return tree


_Bag = tuple[dict[str, str], set[tuple[int, int]], list[tuple[Obj, Obj, "Element | None"]]]


def _visit(tree: Tree, value: Obj, page: Obj, parent: Element | None, bag: _Bag) -> None:
    roles, seen, pending = bag
    if isinstance(value, int):
        _own(tree, (identity(page), value), parent)
        return
    kind = name(get(value, "Type"))
    here = get(value, "Pg") or page
    if kind == "MCR":
        owner = get(value, "Stm") or here
        _own(tree, (identity(owner), int(number(get(value, "MCID")))), parent)
    elif kind == "OBJR":
        if parent is not None:
            tree.annotations[identity(get(value, "Obj"))] = parent
    elif is_dict(value):
        if identity(value) in seen and identity(value) != (0, 0):
            tree.loops = True
            return
        seen.add(identity(value))
        raw = name(get(value, "S"))
        element = Element(_role(raw, roles), raw, value, parent.role if parent else "", parent)
        (parent.kids if parent else tree.roots).append(element)
        pending.append((get(value, "K"), here, element))


def _own(tree: Tree, key: tuple[tuple[int, int], int], owner: Element | None) -> None:
    if key in tree.content:
        tree.shared += 1
    tree.content[key] = owner


def _role(raw: str, roles: dict[str, str]) -> str:
    for _ in range(8):
        if raw in STANDARD or raw not in roles:
            return raw
        raw = roles[raw]
    return raw


def _numbers(tree: Obj) -> Iterator[tuple[int, Obj]]:
    """Keys and values of a number tree."""
    pending, steps = [tree], 0
    while pending and steps < 100_000:
        node, steps = pending.pop(), steps + 1
        found = elements(get(node, "Nums"))
        yield from (
            (int(number(key)), value) for key, value in zip(found[::2], found[1::2], strict=False)
        )
        pending.extend(elements(get(node, "Kids")))


def attribute(element: Element, key: str) -> Obj:
    """A value from the element's attribute objects."""
    found = get(element.obj, "A")
    for value in elements(found) if is_array(found) else (found,):
        if get(value, key) is not None:
            return get(value, key)
    return None


def spoken(element: Element) -> str:
    """What a screen reader says instead of the content."""
    return (words(get(element.obj, "Alt")) or words(get(element.obj, "ActualText"))).strip()


def has_bookmarks(root: Obj) -> bool:
    return down(root, "Outlines", "First") is not None
