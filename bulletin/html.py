"""Nodes become HTML for the web, for print or for feeds; page values meet templates.

Everything that is printed is escaped here; there is no node that holds markup. The only markup
that comes from a file is an SVG that :mod:`bulletin.picture` has rewritten from its lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from bulletin import charts, formula, picture, responsive, text
from bulletin.model import Cover, Node, Palette, PictureView, Piece
from bulletin.typeset import closed, paragraphs, words

Load = Callable[[str], bytes]
Say = Callable[[str], str]
_LABEL = re.compile(r"(Hình|Bảng)[ \u00a0](\d+)")
CSS_CLASS = re.compile(r"[^a-z0-9-]")


@dataclass(slots=True)
class Writer:
    """Writes the nodes of one piece for one target: ``web``, ``print`` or ``feed``.

    ``say`` puts the program's own words into the language of the piece.
    """

    target: str
    links: Mapping[str, str]
    pictures: Mapping[str, PictureView]
    palette: Palette
    load: Load
    base: str = ""
    prefix: str = ""
    questions: int = 0
    drawings: int = 0
    photos: int = 0
    say: Say = str
    out: list[str] = field(default_factory=list)

    def write(self, nodes: tuple[Node, ...]) -> Markup:
        for node in nodes:
            self.node(node)
        result = Markup("".join(self.out))
        self.out = []
        return result

    def put(self, *parts: object) -> None:
        self.out.extend(str(part) for part in parts)

    def kids(self, node: Node) -> None:
        for kid in node.kids:
            self.node(kid)

    def node(self, node: Node) -> None:
        name = _TAGS.get(node.kind)
        if name is not None:
            self.put(f"<{name}>")
            self.kids(node)
            self.put(f"</{name}>", "\n" if node.kind in _LINES else "")
            return
        getattr(self, f"do_{node.kind}")(node)

    # -- text ------------------------------------------------------------------------------

    def do_text(self, node: Node) -> None:
        self.put(words(node.text, self.target))

    def do_code(self, node: Node) -> None:
        self.put("<code>", escape(node.text), "</code>")

    def do_code_block(self, node: Node) -> None:
        self.put("<pre><code>", escape(node.text), "</code></pre>\n")

    def do_break(self, node: Node) -> None:
        self.put("<br>\n")

    def do_rule(self, node: Node) -> None:
        self.put("<hr>\n")

    def do_link(self, node: Node) -> None:
        target = str(dict(node.attrs)["target"])
        url = self.links.get(target)
        if url is None:  # a piece that is not public: its words stay, the link does not
            self.kids(node)
            return
        outside = url.startswith(("http:", "https:"))
        if not outside and not url.startswith(("#", "mailto:", "tel:")):
            url = self.base + url
        attrs = Markup(' class="ext" rel="noopener"') if outside and self.target == "web" else ""
        if self.target == "print" and url.startswith("#") and not url.startswith(f"#{self.prefix}"):
            attrs = Markup(' class="elsewhere"')
        self.put(Markup('<a href="{}"{}>').format(url, attrs))
        self.linked(node)
        self.put("</a>")

    def linked(self, node: Node) -> None:
        """The words of a link; the label of a figure or table is the program's own word."""
        text = node.kids[0].text if len(node.kids) == 1 else ""
        label = _LABEL.fullmatch(text)
        if label and str(dict(node.attrs)["target"]).startswith("#"):
            self.put(words(f"{self.say(label[1])}\u00a0{label[2]}", self.target))
        else:
            self.kids(node)

    def do_picture(self, node: Node) -> None:
        attrs = dict(node.attrs)
        view = self.pictures.get(str(attrs["src"]))
        if view is not None:
            self.put(self.image(view, str(attrs["alt"])))

    def do_math(self, node: Node) -> None:
        display = bool(dict(node.attrs)["display"])
        name = "div" if display else "span"
        said = Markup("")
        if self.target == "print":  # drawn, so that only these words are left for reading aloud
            said = Markup(' role="math" aria-label="{}"').format(formula.spoken(node.text))
        self.put(f'<{name} class="math"{said}>', self.formula(node.text, display), f"</{name}>")

    def formula(self, latex: str, display: bool) -> str:
        if self.target == "print":
            return draw_math(latex)
        if self.target == "web":
            return formula.mathml(latex, display)
        return str(escape(latex))

    def do_note_ref(self, node: Node) -> None:
        attrs = dict(node.attrs)
        number, again = attrs["number"], attrs["again"]
        if self.target == "feed":
            self.put(f"<sup>{number}</sup>")
            return
        here = f"{self.prefix}r{number}" + (f"-{again}" if again else "")
        role = ' role="doc-noteref"' if self.target == "print" else ""
        self.put(
            f'<sup class="note-ref"><a href="#{self.prefix}n{number}" id="{here}"{role}>'
            f"{number}</a></sup>"
        )

    # -- blocks ----------------------------------------------------------------------------

    def do_paragraph(self, node: Node) -> None:
        if dict(node.attrs).get("hidden"):
            self.kids(node)
            return
        self.put("<p>")
        self.kids(node)
        self.close(node)
        self.put("</p>\n")

    def close(self, node: Node) -> None:
        """On paper the last word does not stand alone on a line."""
        if self.target == "print" and node.kids and node.kids[-1].kind == "text":
            self.out[-1] = str(closed(Markup(self.out[-1])))

    def do_heading(self, node: Node) -> None:
        attrs = dict(node.attrs)
        level = attrs["level"]
        self.put(Markup('<h{} id="{}">').format(level, f"{self.prefix}{attrs['id']}"))
        self.kids(node)
        self.close(node)
        self.put(f"</h{level}>\n")

    def do_ordered(self, node: Node) -> None:
        start = dict(node.attrs)["start"]
        self.put("<ol>" if start == 1 else f'<ol start="{int(start)}">', "\n")
        self.kids(node)
        self.put("</ol>\n")

    def do_table(self, node: Node) -> None:
        label = Markup("")
        if self.target == "web":
            said = self.say("Bảng")
            label = Markup(' role="region" tabindex="0" aria-label="{}"').format(said)
        kind = "table wide" if _columns(node) > 4 else "table"
        self.put(f'<div class="{kind}"{label}><table>\n')
        self.kids(node)
        self.put("</table></div>\n")

    def do_head_cell(self, node: Node) -> None:
        self.cell(node, "th", ' scope="col"')

    def do_cell(self, node: Node) -> None:
        self.cell(node, "td", "")

    def cell(self, node: Node, name: str, extra: str) -> None:
        align = str(dict(node.attrs)["align"])
        style = f' class="al-{align}"' if align in ("right", "center") else ""
        self.put(f"<{name}{extra}{style}>")
        self.kids(node)
        self.put(f"</{name}>")

    def do_definition(self, node: Node) -> None:
        self.put("<dd>")
        self.kids(node)
        self.put("</dd>\n")

    def do_box(self, node: Node) -> None:
        attrs = dict(node.attrs)
        form = CSS_CLASS.sub("", str(attrs["form"]))
        name = self.say(str(attrs["title"]))
        title = words(name, self.target)
        if form == "quote":
            self.put('<blockquote class="pullquote"><div>')
            self.kids(node)
            self.put("</div>", f"<footer>{title}</footer>" if title else "", "</blockquote>\n")
            return
        if form == "table":
            number = self.number("Bảng", attrs["number"])
            self.put(self.figure("titled", attrs), "<figcaption>", number, title, "</figcaption>\n")
            self.kids(node)
            self.put("</figure>\n")
            return
        tag = self.question_tag() if form == "qa" else "p"
        if form == "qa":
            self.questions += 1
            self.put(f'<section class="box box-qa"{self.anchor("hoi", self.questions)}>')
        else:
            self.put(f'<aside class="box box-{form}"', self.box_label(name), ">")
        self.put(f'<{tag} class="box-title">{title}</{tag}>' if title else "")
        self.put('<div class="box-body">')
        self.kids(node)
        self.put("</div></section>\n" if form == "qa" else "</div></aside>\n")

    def question_tag(self) -> str:
        """The element of a question; the layout and the style sheets count on it."""
        return "h3"

    def box_label(self, title: str) -> Markup:
        """The attribute that names a box to those who go from landmark to landmark."""
        return Markup("")

    def anchor(self, name: str, number: int) -> str:
        """The id by which other pages of the site find a figure or a question."""
        return f' id="{anchor(name, number)}"' if self.target == "web" else ""

    def do_notes(self, node: Node) -> None:
        role = ' role="doc-endnotes"' if self.target == "print" else ""
        title = escape(self.say("Chú thích"))
        self.put(f'<section class="notes"{role}><h2>{title}</h2><ol>\n')
        self.kids(node)
        self.put("</ol></section>\n")

    def do_note(self, node: Node) -> None:
        number = dict(node.attrs)["number"]
        self.put(f'<li id="{self.prefix}n{number}">' if self.target != "feed" else "<li>")
        self.kids(node)
        if self.target == "web":
            back = escape(f"{self.say('Trở lại chỗ có chú thích')} {number}")
            self.put(f'<a class="back" href="#{self.prefix}r{number}" aria-label="{back}">↩</a>')
        self.put("</li>\n")

    def do_media(self, node: Node) -> None:
        attrs = dict(node.attrs)
        form = "Video" if attrs["form"] == "video" else escape(self.say("Âm thanh"))
        length = f" ({attrs['length']})" if attrs["length"] else ""
        url = Markup('<a class="ext" rel="noopener" href="{}">').format(attrs["url"])
        self.put(
            f'<div class="media"><p><b>{form}:</b> ',
            url,
            words(str(attrs["title"]), self.target),
            "</a>",
        )
        self.put(escape(length), "</p>")
        if self.target == "web":
            self.put(
                f"<details><summary>{escape(self.say('Nội dung bằng chữ'))}</summary>",
                paragraphs(node.text, self.target),
                "</details>",
            )
        elif self.target == "feed":
            self.put(paragraphs(node.text, self.target))
        self.put("</div>\n")

    # -- figures ---------------------------------------------------------------------------

    def do_figure(self, node: Node) -> None:
        attrs = {name: str(value) for name, value in node.attrs}
        view = self.pictures.get(attrs["src"])
        if view is None:
            return
        width = CSS_CLASS.sub("", attrs["width"])
        self.put(self.figure(f"figure w-{width}", attrs))
        self.put(self.image(view, attrs["alt"], attrs["width"]))
        caption = self.caption(attrs["caption"], attrs["credit"], attrs["number"])
        self.put(caption, "</figure>\n")

    def figure(self, classes: str, attrs: Mapping[str, Any]) -> Markup:
        """The opening tag of a figure or table that the text may refer to."""
        name = f"{self.prefix}{attrs['id']}"
        return Markup('<figure class="{}" id="{}">').format(classes, name)

    def caption(self, caption: str, credit: str, number: object) -> Markup:
        lead = self.number("Hình", number)
        said = words(caption, self.target)
        said = closed(said) if self.target == "print" else said
        parts = Markup('<span class="caption">{}{}</span>').format(lead, said)
        if credit:
            parts += Markup(' <span class="credit">{}</span>').format(words(credit, self.target))
        return Markup("<figcaption>{}</figcaption>").format(parts)

    def number(self, kind: str, number: object) -> Markup:
        return Markup('<b class="fig-no">{}\u00a0{}.</b> ').format(self.say(kind), number)

    def cover(self, cover: Cover, view: PictureView) -> Markup:
        """The lead picture of a piece: always its first figure."""
        name = Markup(self.anchor("hinh", 1))
        markup = Markup('<figure class="figure lead w-page"{}>').format(name)
        markup += self.image(view, cover.alt, "page", True)
        return markup + self.caption(cover.caption, cover.credit, 1) + Markup("</figure>\n")

    def image(
        self, view: PictureView, alt: str, width: str = "column", first: bool = False
    ) -> Markup:
        size = Markup(' width="{}" height="{}"').format(view.width, view.height)
        if view.kind == "svg" and self.target == "web":
            self.drawings += 1
            drawing = picture.clean_svg(self.load(view.digest), f"{self.prefix}d{self.drawings}-")
            label = Markup('<svg role="img" aria-label="{}"').format(alt)
            return Markup(drawing.replace("<svg", str(label), 1))
        if self.target == "print":
            return Markup('<img src="{}" alt="{}">').format(
                f"picture:{view.kind}/{view.digest}", alt
            )
        if self.target == "feed":
            return Markup('<img src="{}" alt="{}"{}>').format(self.base + view.url, alt, size)
        urgent = "lead" if first else "lazy" if self.photos else "soon"
        self.photos += 1
        return responsive.image(view, self.base, alt, width, urgent)

    def do_chart(self, node: Node) -> None:
        attrs = dict(node.attrs)
        width = CSS_CLASS.sub("", str(attrs["width"]))
        self.put(self.figure(f"figure chart w-{width}", attrs))
        self.put(
            Markup('<p class="chart-title">{}</p>').format(words(str(attrs["title"]), self.target))
        )
        if self.target == "feed":
            self.put(
                Markup("<p>{}</p>").format(words(str(attrs["alt"]), self.target)),
                self.numbers(node),
            )
        else:
            said = str(attrs["alt"])
            if self.target == "print":  # where the table of the numbers is not shown
                said = f"{said} {self.told(node)}".strip()
            self.put(Markup('<div role="img" aria-label="{}">').format(said))
            self.put(charts.draw(node, self.palette), "</div>")
        if self.target == "web":  # before the caption, which must be a figure's last child
            summary = escape(self.say("Số liệu của biểu đồ"))
            self.put(f'<details class="chart-data"><summary>{summary}</summary>')
            self.put(self.numbers(node), "</details>")
        caption = self.caption(str(attrs["caption"]), str(attrs["source"]), attrs["number"])
        self.put(caption, "</figure>\n")

    def told(self, node: Node) -> str:
        """The data of a chart in words."""
        attrs = dict(node.attrs)
        names = tuple(attrs["head"])[1:]
        unit = f" ({attrs['unit']})" if attrs["unit"] else ""
        rows = []
        for row in attrs["rows"]:
            cells = zip(names, row[1:], strict=False)
            values = [
                f"{name} {_number(cell)}" if len(names) > 1 else _number(cell)
                for name, cell in cells
            ]
            rows.append(f"{row[0]}: {', '.join(values)}")
        return f"Số liệu{unit}: {'; '.join(rows)}." if rows else ""

    def numbers(self, node: Node) -> Markup:
        """The data of a chart as a table, for those who cannot see it."""
        attrs = dict(node.attrs)
        unit = f" ({attrs['unit']})" if attrs["unit"] else ""
        head = [
            Markup('<th scope="col">{}</th>').format(name + (unit if index else ""))
            for index, name in enumerate(attrs["head"])
        ]
        rows = []
        for row in attrs["rows"]:
            cells = [Markup('<th scope="row">{}</th>').format(row[0])]
            cells += [
                Markup('<td class="al-right">{}</td>').format(_number(cell)) for cell in row[1:]
            ]
            rows.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
        return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
            Markup("").join(head), Markup("").join(rows)
        )


_TAGS = {
    "emphasis": "em",
    "strong": "strong",
    "strike": "s",
    "bullets": "ul",
    "item": "li",
    "quote": "blockquote",
    "head": "thead",
    "rows": "tbody",
    "row": "tr",
    "definitions": "dl",
    "term": "dt",
}
_LINES = frozenset({"bullets", "item", "quote", "head", "rows", "row", "definitions", "term"})


def anchor(name: str, number: int) -> str:
    """An id that no heading can have: addresses of headings hold no underscore."""
    return f"{name}_{number}"


def _number(cell: str) -> str:
    from bulletin.directives import number

    value = number(cell)
    return cell if value is None else text.format_number(value)


def _columns(table: Node) -> int:
    return max((len(row.kids) for part in table.kids for row in part.kids), default=0)


def draw_math(latex: str) -> str:
    """LaTeX to SVG paths in ink, on the baseline, for the layout engine, which has no MathML."""
    import ziamath

    # SVG 1 style: paths in place; <symbol> ids would repeat from formula to formula.
    ziamath.config.svg2 = False
    ziamath.config.precision = 2
    drawing = str(ziamath.Latex(latex, size=13).svg())
    drawing = re.sub(r"\s(?:style|class)=\"[^\"]*\"", "", drawing)
    _, top, _, high = map(float, drawing.partition('viewBox="')[2].partition('"')[0].split())
    return drawing.replace("<svg", f'<svg style="vertical-align:{-(top + high):.2f}px"', 1)


def piece_writer(
    piece: Piece, palette: Palette, target: str, load: Load, base: str = "", prefix: str = ""
) -> Writer:
    """A writer that knows the links and pictures of ``piece``."""
    return Writer(target, dict(piece.links), dict(piece.pictures), palette, load, base, prefix)


def columns(writer: Writer, nodes: tuple[Node, ...], layout: str) -> Markup:
    """A body for print: column blocks with the wide things between them.

    The layout engine loses text when something spans columns, so a page-wide figure ends one
    column block and the next begins after it. A heading right before it goes with it.
    """
    name = "wide" if layout == "letter" else "cols"
    groups: list[tuple[bool, list[Node]]] = []
    for node in nodes:
        wide = name == "cols" and (_is_wide(node) or _is_row(node, layout))
        if wide:
            group = [node]
            while groups and not groups[-1][0] and groups[-1][1][-1].kind == "heading":
                group.insert(0, groups[-1][1].pop())
                if not groups[-1][1]:
                    groups.pop()
            groups.append((wide, group))
        elif not groups or groups[-1][0]:
            groups.append((wide, [node]))
        else:
            groups[-1][1].append(node)
    parts: list[Markup] = []
    for wide, group in groups:
        inner = _question(writer, group, layout) or writer.write(tuple(group))
        bare = wide and len(group) == 1
        form = "keep" if wide else name
        parts.append(inner if bare else Markup('<div class="{}">{}</div>\n').format(form, inner))
    return Markup("").join(parts)


def _is_row(node: Node, layout: str) -> bool:
    """A box that has a row of the page to itself in this layout."""
    form = dict(node.attrs).get("form") if node.kind == "box" else ""
    return (layout == "numbers" and form == "number") or (
        layout == "qa" and form not in ("", "table")
    )


def _question(writer: Writer, group: list[Node], layout: str) -> Markup:
    """In the layout ``qa`` a question crosses the page and its answer has columns of its own."""
    attrs = dict(group[-1].attrs)
    if layout != "qa" or attrs.get("form") != "qa" or group[-1].kind != "box":
        return Markup("")
    before = writer.write(tuple(group[:-1]))
    title = Markup('<h3 class="box-title">{}</h3>').format(words(str(attrs["title"]), "print"))
    answer = columns(writer, group[-1].kids, "feature")
    return before + Markup('<section class="box box-qa">{}{}</section>\n').format(title, answer)


def _is_wide(node: Node) -> bool:
    if node.kind in ("figure", "chart"):
        return dict(node.attrs)["width"] in ("page", "bleed")
    if node.kind == "box" and dict(node.attrs)["form"] == "table":
        return any(_is_wide(kid) for kid in node.kids)
    return node.kind == "table" and _columns(node) > 4
