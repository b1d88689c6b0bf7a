"""The body of a piece as XHTML for a book: notes, formulas and page breaks that readers know.

What the web writer does for a page holds for a chapter too; here is only what differs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from bulletin import formula, html
from bulletin.model import Node, PictureView

_VOID = re.compile(r"<(br|hr|img)((?:\s[^<>]*)?)>")
# Elements of a list or table can hold nothing between them.
_INSIDE = frozenset("item term definition head rows row cell head_cell text note".split())


def xhtml(markup: str) -> Markup:
    """HTML of our own writers as XML: they leave open nothing but void elements."""
    return Markup(_VOID.sub(lambda m: f"<{m[1]}{m[2].rstrip('/ ')}/>", markup))


def page_break(number: int) -> Markup:
    """Where a page of the printed issue begins."""
    return Markup(
        '<span epub:type="pagebreak" role="doc-pagebreak" id="trang-{0}" aria-label="{0}"></span>'
    ).format(number)


@dataclass(slots=True)
class BookWriter(html.Writer):
    """Writes one chapter. ``breaks``: line of a block → the printed page that begins before it.

    ``files``: address of a picture on the site → its file in the book; ``level``: of the heading
    before; ``boxes``: title → how often a box had it.
    """

    breaks: dict[int, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    level: int = 1
    boxes: Counter[str] = field(default_factory=Counter)

    def node(self, node: Node) -> None:
        if node.line in self.breaks:
            if node.kind == "item":
                self.put("<li>", page_break(self.breaks.pop(node.line)))
                self.kids(node)
                self.put("</li>\n")
                return
            if node.kind not in _INSIDE:
                self.put(page_break(self.breaks.pop(node.line)), "\n")
        html.Writer.node(self, node)

    def do_heading(self, node: Node) -> None:
        self.level = int(dict(node.attrs)["level"])
        html.Writer.do_heading(self, node)

    def question_tag(self) -> str:
        """Right below the title of the chapter a question is of level 2, under a heading of 3."""
        return "h2" if self.level == 1 else "h3"

    def box_label(self, title: str) -> Markup:
        """Its title; a number tells boxes of one title apart."""
        self.boxes[title] += 1
        again = f" {self.boxes[title]}" if self.boxes[title] > 1 else ""
        return Markup(' aria-label="{}{}"').format(title, again)

    def do_link(self, node: Node) -> None:
        url = self.links.get(str(dict(node.attrs)["target"]))
        if not url:
            self.kids(node)
            return
        self.put(Markup('<a href="{}">').format(url))
        self.linked(node)
        self.put("</a>")

    def do_math(self, node: Node) -> None:
        display = bool(dict(node.attrs)["display"])
        name = "div" if display else "span"
        spoken = Markup('<math alttext="{}" ').format(formula.spoken(node.text))
        markup = formula.mathml(node.text, display).replace("<math ", str(spoken), 1)
        self.put(f'<{name} class="math">', markup, f"</{name}>")

    def do_note_ref(self, node: Node) -> None:
        attrs = dict(node.attrs)
        number, again = attrs["number"], attrs["again"]
        here = f"r{number}" + (f"-{again}" if again else "")
        self.put(
            f'<sup class="note-ref"><a epub:type="noteref" role="doc-noteref" id="{here}" '
            f'href="#n{number}">{number}</a></sup>'
        )

    def do_notes(self, node: Node) -> None:
        title = self.say("Chú thích")
        self.put('<section class="notes" epub:type="footnotes"><h2>', title, "</h2>\n")
        self.kids(node)
        self.put("</section>\n")

    def do_note(self, node: Node) -> None:
        number = dict(node.attrs)["number"]
        back = f"{self.say('Trở lại chỗ có chú thích')} {number}"
        self.put(
            f'<aside class="note" epub:type="footnote" role="doc-footnote" id="n{number}">'
            f'<p class="note-no"><a role="doc-backlink" href="#r{number}" ',
            Markup('aria-label="{}">{}</a></p><div>').format(back, number),
        )
        self.kids(node)
        self.put("</div></aside>\n")

    def do_table(self, node: Node) -> None:
        self.put('<div class="table"><table>\n')
        self.kids(node)
        self.put("</table></div>\n")

    def image(
        self, view: PictureView, alt: str, width: str = "column", first: bool = False
    ) -> Markup:
        if view.kind == "svg":
            return html.Writer.image(self, view, alt, width, first)
        size = Markup(' width="{}" height="{}"').format(view.width, view.height)
        return Markup('<img src="{}" alt="{}"{}>').format(self.files[view.url], alt, size)
