"""A paper as PDF: HTML for WeasyPrint with the theme's office sheet, without files or network."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from bulletin.codec import digest
from bulletin.papers.form import (
    MOTTO,
    NATION,
    Bars,
    Block,
    Facts,
    Heading,
    Labels,
    Paper,
    Para,
    Sign,
    Table,
    runs,
)
from bulletin.papers.word import closed

SHEET = "office/paper.css"
ENDING = 2  # blocks


def pdf(paper: Paper, files: Mapping[str, str], load: Callable[[str], bytes]) -> bytes:
    """``files``: the theme's, name → digest; the sheet and its fonts are among them."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    source = page(paper)
    fetcher = _fetcher(files, load)
    config = FontConfiguration()
    css = load(files[SHEET]).decode("utf-8")
    style = weasyprint.CSS(
        string=css, url_fetcher=fetcher, font_config=config, base_url="theme:office/"
    )
    out = io.BytesIO()
    made = weasyprint.HTML(string=source, url_fetcher=fetcher, base_url="theme:")
    identity = digest(source.encode())[:32].encode()
    made.write_pdf(
        out, stylesheets=[style], font_config=config, pdf_identifier=identity, pdf_tags=True
    )
    return out.getvalue()


def _fetcher(files: Mapping[str, str], load: Callable[[str], bytes]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Answers for the fonts of the office sheet and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix("theme:")
            if name.startswith("office/") and name.endswith(".ttf") and name in files:
                return URLFetcherResponse(url, load(files[name]), {"Content-Type": "font/ttf"})
            raise ValueError(f"địa chỉ không được phép: {url[:80]}")

    return Fetcher()


def page(paper: Paper) -> str:
    """The paper as HTML."""
    head = paper.head
    top = Markup(
        '<table class="head"><tr><td><p class="agency">{}</p><p class="publisher">{}</p>'
        '<p class="rule short"></p></td><td><p class="nation">{}</p><p class="motto">{}</p>'
        '</td></tr><tr><td>{}</td><td class="when">{}</td></tr></table>'
    ).format(
        head.agency, head.publisher, NATION, MOTTO, _words(head.symbol), _words(head.place_and_date)
    )
    title = Markup('<h1>{}<span>{}</span></h1><p class="rule"></p>').format(
        paper.kind.upper(), _words(paper.subject)
    )
    # What stands last stays with the names below it: a page of signatures alone says of what.
    body = _blocks(paper.body[:-ENDING], False)
    end = _blocks(paper.body[-ENDING:], True) + _signs(paper)
    annex = Markup('<div class="annex">{}</div>').format(_blocks(paper.annexes, False))
    parts = [
        top,
        title,
        body,
        Markup('<div class="end">{}</div>').format(end),
        annex if paper.annexes else Markup(""),
    ]
    return str(
        Markup(
            '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{}</title></head>'
            '<body class="{}">{}</body></html>'
        ).format(paper.title, "wide" if paper.wide else "tall", Markup("").join(parts))
    )


def _words(text: str) -> Markup:
    forms = {True: Markup("<mark>{}</mark>"), False: Markup("{}")}
    return Markup("").join(forms[gap].format(words) for words, gap in runs(text))


def _blocks(blocks: Iterable[Block], end: bool) -> Markup:
    listed = list(blocks)
    made = []
    for number, block in enumerate(listed, start=1):
        last = end and number == len(listed) and isinstance(block, Para)
        made.append(_block(block, last))
    return Markup("").join(made)


def _block(block: Block, last: bool) -> Markup:
    match block:
        case Heading():
            return Markup("<h2>{}</h2>").format(_words(block.text))
        case Para():
            return _para(block, last)
        case Table():
            return _table(block)
        case Facts():
            rows = [
                Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(_words(a), _words(b))
                for a, b in block.rows
            ]
            return Markup('<table class="facts">{}</table>').format(Markup("").join(rows))
        case Bars():
            return _bars(block)
        case Labels():
            return _labels(block)


def _para(block: Para, last: bool) -> Markup:
    look = [block.align]
    look += ["indent"] if block.indent and block.align == "justify" else []
    look += ["bold"] if block.bold else []
    look += ["italic"] if block.italic else []
    words = _words(closed(block.text) if last else block.text)
    return Markup('<p class="{}">{}</p>').format(" ".join(look), words)


def _table(block: Table) -> Markup:
    whole = sum(column.share for column in block.columns)
    columns = [
        Markup('<col style="width:{}%">').format(f"{100 * c.share / whole:.2f}")
        for c in block.columns
    ]
    head = [Markup('<th scope="col">{}</th>').format(c.title) for c in block.columns]
    rows = [_row(row, block, False) for row in block.rows]
    rows += [_row(block.total, block, True)] if block.total else []
    return Markup(
        '<table class="grid"><colgroup>{}</colgroup><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table>"
    ).format(Markup("").join(columns), Markup("").join(head), Markup("").join(rows))


def _row(cells: tuple[str, ...], block: Table, total: bool) -> Markup:
    made = [
        Markup('<td class="{}">{}</td>').format(column.align, _words(cell))
        for column, cell in zip(block.columns, cells, strict=True)
    ]
    return Markup('<tr class="{}">{}</tr>').format("total" if total else "", Markup("").join(made))


def _bars(block: Bars) -> Markup:
    most = max((value for _, value in block.rows), default=0) or 1
    rows = [
        Markup(
            '<tr><th scope="row">{}</th>'
            '<td><span class="bar" style="width:{}mm"></span> {}</td></tr>'
        ).format(label, f"{70 * value / most:.2f}", value)
        for label, value in block.rows
    ]
    return Markup('<p class="chart">{}</p><table class="bars">{}</table>').format(
        block.name, Markup("").join(rows)
    )


def _labels(block: Labels) -> Markup:
    made = [
        Markup('<div class="label"><b>{}</b>{}</div>').format(
            _words(first), Markup("").join(Markup("<p>{}</p>").format(_words(t)) for t in rest)
        )
        for first, *rest in block.rows
    ]
    return Markup('<div class="labels">{}</div>').format(Markup("").join(made))


def _signs(paper: Paper) -> Markup:
    if paper.receivers:
        ends = [";"] * (len(paper.receivers) - 1) + ["."]
        names = [
            Markup("<p>- {}{}</p>").format(name, end)
            for name, end in zip(paper.receivers, ends, strict=True)
        ]
        left = Markup('<td class="receivers"><p class="to">Nơi nhận:</p>{}</td>').format(
            Markup("").join(names)
        )
        cells = [left, _sign(paper.signs[-1])]
    else:
        cells = [_sign(sign) for sign in paper.signs]
    return Markup('<table class="signs"><tr>{}</tr></table>').format(Markup("").join(cells))


def _sign(sign: Sign) -> Markup:
    return Markup(
        '<td class="sign"><p class="role">{}</p><p class="note">{}</p><p class="name">{}</p></td>'
    ).format(_words(sign.role.upper()), sign.note, _words(sign.name))
