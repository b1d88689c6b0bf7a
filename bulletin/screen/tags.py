"""From the elements of the document to tags of PDF 1.7, in reading order.

One element is one tag, over all columns and pages on which its pieces stand. What the markup says
decides: names of elements, ``lang``, ``alt``, ``aria-label``, ``aria-hidden`` and a few roles of
ARIA (``img``, ``math``, ``listitem``, ``doc-toc``, ``doc-noteref``, ``doc-endnotes``), never a
class of the theme. Wrappers without a meaning leave no tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bulletin.screen.layout import Drawn, Leaf, Spot

SVG = "{http://www.w3.org/2000/svg}"
ROLES = {
    "article": "Art",
    "section": "Sect",
    "aside": "Sect",
    "nav": "Sect",
    "figure": "Div",
    "figcaption": "Caption",
    "blockquote": "BlockQuote",
    "p": "P",
    "pre": "P",
    "code": "Code",
    "q": "Quote",
    "ul": "L",
    "ol": "L",
    "dl": "L",
    "li": "LI",
    "dt": "LI",
    "dd": "LI",
    "table": "Table",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "caption": "Caption",
    "img": "Figure",
    SVG + "svg": "Figure",
} | {f"h{level}": f"H{level}" for level in range(1, 7)}
# Tags that hold blocks: words that stand right in them get a paragraph of their own.
GROUPS = frozenset("Document Art Sect Div BlockQuote TOCI".split())
INLINE = frozenset("Link Reference Span Code Quote".split())
WHOLE = frozenset({"Figure", "Formula"})
HYPHENS = "-\u00ad\u2010\u2013\u2014/"
HEADING = re.compile(r"H([1-6])")


@dataclass(slots=True, eq=False)
class Tag:
    """A tag: ``attributes`` by owner (``List``, ``Table``), ``source`` the element it is for."""

    role: str
    parent: Tag | None = None
    kids: list[Tag | Leaf | Spot] = field(default_factory=list)
    alt: str = ""
    lang: str = ""
    attributes: dict[str, dict[str, str | int]] = field(default_factory=dict)
    source: Any = None

    def add(self, role: str, source: Any = None, at: int | None = None) -> Tag:
        made = Tag(role, self, source=source)
        self.kids.insert(len(self.kids) if at is None else at, made)
        return made

    def descend(self) -> Iterator[Tag]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.descend()

    def leaves(self) -> Iterator[Leaf]:
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.leaves()
            elif isinstance(kid, Leaf):
                yield kid

    def text(self) -> str:
        """The words inside; lines were broken at spaces."""
        return " ".join(" ".join(leaf.text for leaf in self.leaves()).split())


def tagged(drawn: Drawn) -> Tag:
    """The tree of a document. What is not in it is an artifact."""
    tailor = _Tailor(drawn)
    for step in drawn.steps:
        if isinstance(step, Spot):
            tailor.spot(step)
        else:
            tailor.leaf(step)
    _prune(tailor.top)
    _levels(tailor.top)
    for tag in tailor.top.descend():
        if tag.role == "Link":
            _spots(tag)
    return tailor.top


@dataclass(slots=True)
class _Tailor:
    drawn: Drawn
    top: Tag = field(default_factory=lambda: Tag("Document"))
    tags: dict[Any, Tag | None] = field(default_factory=dict)
    above: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.above = {kid: element for element in self.drawn.root.iter() for kid in element}

    # -- content -----------------------------------------------------------------------------

    def leaf(self, leaf: Leaf) -> None:
        tag = self.tag(leaf.element)
        if tag is None:
            return
        if leaf.pseudo and tag.role not in WHOLE:
            if not any(sign.isalnum() for sign in leaf.text) and leaf.pseudo != "marker":
                return  # a sign of the theme: an end mark, a question mark beside a question
            if tag.role in ("LBody", "Note") and leaf.pseudo in ("marker", "before"):
                self.label(tag).kids.append(leaf)
                return
        if tag.role in GROUPS:
            tag = self.paragraph(tag, leaf.element)
        tag.kids.append(leaf)

    def spot(self, spot: Spot) -> None:
        element = spot.element
        while element is not None and not (element.tag == "a" and element.get("href")):
            element = self.above.get(element)
        tag = self.tag(element) if element is not None else None
        if tag is not None and tag.role == "Link":
            tag.kids.append(spot)

    def label(self, body: Tag) -> Tag:
        item = body if body.role == "Note" else body.parent
        assert item is not None
        first = item.kids[0] if item.kids else None
        if isinstance(first, Tag) and first.role == "Lbl":
            return first
        return item.add("Lbl", at=0)

    def paragraph(self, group: Tag, element: Any) -> Tag:
        """The paragraph for words right in a group: one for each run in one block."""
        while element not in self.drawn.blocks and element in self.above:
            element = self.above[element]
        last = group.kids[-1] if group.kids else None
        if isinstance(last, Tag) and last.role == "P" and last.source is element:
            return last
        return group.add("P", element)

    # -- elements ----------------------------------------------------------------------------

    def tag(self, element: Any) -> Tag | None:
        """The tag that takes the content of an element; None for what is only seen."""
        if element not in self.tags:
            self.tags[element] = self.made(element)
        return self.tags[element]

    def made(self, element: Any) -> Tag | None:
        above = self.above.get(element)
        if above is None or element.tag in ("html", "body"):
            return self.top
        outer = self.tag(above)
        if outer is None or outer.role in WHOLE:
            return outer
        if element in self.tags:  # a table makes its cells at once
            return self.tags[element]
        if _is_hidden(element):
            return None
        role = self.role(element)
        lang = element.get("lang") or ""
        if lang == self.lang(above):
            lang = ""
        if not role and lang:
            role = "Div" if element in self.drawn.blocks and outer.role in GROUPS else "Span"
        tag = self.placed(element, role, outer) if role else outer
        if lang:
            tag.lang = lang
        return tag

    def role(self, element: Any) -> str:
        said = element.get("role")
        if said == "img":
            return "Figure"
        if said == "math":
            return "Formula"
        if said == "listitem" and self.within(element, "doc-toc"):
            return "TOCI"
        name = element.tag if isinstance(element.tag, str) else ""
        if name == "a":
            return "Link" if element.get("href") else ""
        if self.within(element, "doc-endnotes"):
            if name in ("ol", "ul"):
                return ""
            if name == "li":
                return "Note"
        return ROLES.get(name, "")

    def within(self, element: Any, role: str) -> bool:
        while element is not None:
            if element.get("role") == role:
                return True
            element = self.above.get(element)
        return False

    def lang(self, element: Any) -> str:
        while element is not None:
            if element.get("lang"):
                return str(element.get("lang"))
            element = self.above.get(element)
        return ""

    def placed(self, element: Any, role: str, outer: Tag) -> Tag:
        if role == "LI":
            return self.item(element, outer)
        if role == "Link" and (outer.role == "TOCI" or element.get("role") == "doc-noteref"):
            outer = self.inside(outer, element).add("Reference")
        elif role in INLINE or self.runs_with_words(element, role):
            outer = self.inside(outer, element)
        elif role == "TOCI":
            outer = _group(outer, "TOC")
        tag = outer.add(role, element)
        if role in WHOLE:
            tag.alt = _described(element)
        elif role == "L":
            style = {"ol": "Decimal", "ul": "Disc"}.get(element.tag, "None")
            tag.attributes["List"] = {"ListNumbering": style}
        elif role == "Table":
            self.table(element, tag)
        return tag

    def runs_with_words(self, element: Any, role: str) -> bool:
        """A picture or formula in a line; in a ``figure`` it stands by itself."""
        alone = element in self.drawn.blocks or self.above[element].tag == "figure"
        return role in WHOLE and not alone

    def inside(self, outer: Tag, element: Any) -> Tag:
        """Where something that runs with the words may stand."""
        if outer.role in GROUPS and outer.role != "TOCI":
            return self.paragraph(outer, element)
        return outer

    def item(self, element: Any, outer: Tag) -> Tag:
        """The body of an entry. A term is the label of the descriptions that follow it."""
        if outer.role != "L":
            return outer.add("P", element) if outer.role in GROUPS else outer
        last = outer.kids[-1] if outer.kids else None
        if element.tag == "dt":
            return outer.add("LI").add("Lbl", element)
        if element.tag == "dd" and isinstance(last, Tag):
            return last.add("LBody", element)
        return outer.add("LI").add("LBody", element)

    def table(self, element: Any, tag: Tag) -> None:
        """All rows and cells, those without words too: rows must have equally many."""
        for child in element:
            role = ROLES.get(child.tag, "") if isinstance(child.tag, str) else ""
            if role not in ("THead", "TBody", "TFoot", "TR", "TH", "TD", "Caption"):
                continue
            made = self.tags[child] = tag.add(role, child)
            if role in ("TH", "TD"):
                _cell(child, made)
            elif role != "Caption":
                self.table(child, made)


def broken(top: Tag) -> frozenset[tuple[int, int]]:
    """Pieces of text that end with their line, at a space that the line has lost."""
    found = set()
    for leaf, after in pairwise(top.leaves()):
        if leaf.loose or not leaf.text or leaf.text[-1] in HYPHENS or leaf.text[-1].isspace():
            continue
        back = after.rect[0] < leaf.rect[2] - 0.5
        up = after.rect[1] > leaf.rect[3] + 2  # into the next column; raised signs rise less
        if back or up or after.page != leaf.page:
            found.add((leaf.page, leaf.mcid))
    return frozenset(found)


def _group(outer: Tag, role: str) -> Tag:
    """The group in which neighbours of one kind stand together."""
    last = outer.kids[-1] if outer.kids else None
    return last if isinstance(last, Tag) and last.role == role else outer.add(role)


def _is_hidden(element: Any) -> bool:
    """Only there for the eye."""
    if element.get("aria-hidden") == "true" or element.get("role") in ("presentation", "none"):
        return True
    return bool(element.tag == "img" and element.get("alt") == "")


def _described(element: Any) -> str:
    """What a picture, a drawing or a formula says to those who do not see it."""
    title = element.find(SVG + "title")
    words = element.get("aria-label") or element.get("alt")
    return " ".join((words or (title.text if title is not None else "") or "").split())


def _cell(element: Any, tag: Tag) -> None:
    values: dict[str, str | int] = {}
    for name, key in (("colspan", "ColSpan"), ("rowspan", "RowSpan")):
        span = element.get(name) or "1"
        if span.isdecimal() and int(span) > 1:
            values[key] = int(span)
    if tag.role == "TH":
        row = tag.parent
        headed = row is not None and row.parent is not None and row.parent.role == "THead"
        first = row is not None and row.kids[0] is tag
        beside = element.get("scope", "") in ("row", "rowgroup")
        told = element.get("scope") in ("row", "rowgroup", "col", "colgroup")
        values["Scope"] = "Row" if beside or (not told and first and not headed) else "Column"
    if values:
        tag.attributes["Table"] = values


def _prune(tag: Tag) -> None:
    """Take out tags that hold nothing, cells apart."""
    for kid in tag.kids:
        if isinstance(kid, Tag):
            _prune(kid)
    tag.kids = [
        kid for kid in tag.kids if not isinstance(kid, Tag) or kid.kids or kid.role in ("TH", "TD")
    ]


def _levels(top: Tag) -> None:
    """No level is skipped: a heading is one below the heading that it stands under."""
    open_: list[int] = []
    for tag in top.descend():
        found = HEADING.fullmatch(tag.role)
        if not found:
            continue
        level = int(found[1])
        while open_ and open_[-1] >= level:
            open_.pop()
        open_.append(level)
        tag.role = f"H{len(open_)}"


def _spots(link: Tag) -> None:
    """One spot where the engine made several on top of one another."""
    spots = [kid for kid in link.kids if isinstance(kid, Spot)]
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: -_area(spot)):
        if not any(_covers(other, spot) for other in kept):
            kept.append(spot)
    link.kids = [kid for kid in link.kids if not isinstance(kid, Spot) or kid in kept]


def _area(spot: Spot) -> float:
    left, bottom, right, top = spot.rect
    return (right - left) * (top - bottom)


def _covers(outer: Spot, inner: Spot) -> bool:
    a, b = outer.rect, inner.rect
    room = 1.0
    return outer.page == inner.page and (
        a[0] - room <= b[0] and a[1] - room <= b[1] and a[2] + room >= b[2] and a[3] + room >= b[3]
    )
