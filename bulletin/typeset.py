"""Text as it is set: escaped, with what must not be broken over two lines bound together."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from bulletin import text


def words(content: str, target: str = "web") -> Markup:
    """Escaped text with what must not be broken over lines bound together.

    Symbols of documents and dates hold together by a nowrap span on the web. In print they hold by
    word joiners, which leave no trace in the text of the PDF: WeasyPrint 70 sets one word per line
    around a nowrap span at a column's end.
    """
    bound = text.bind(content)
    if not text.DOCUMENT_SYMBOL.search(bound):
        return escape(bound)
    out: list[Markup | str] = []
    last = 0
    for match in text.DOCUMENT_SYMBOL.finditer(bound):
        out.append(escape(bound[last : match.start()]))
        if target == "web":
            out.append(Markup('<span class="nb">{}</span>').format(match.group()))
        elif target == "print":
            out.append(escape(_BREAKABLE.sub("\u2060\\1\u2060", match.group())))
        else:
            out.append(escape(match.group()))
        last = match.end()
    out.append(escape(bound[last:]))
    return Markup("").join(out)


def closed(content: Markup) -> Markup:
    """Text whose last word does not stand alone on a line: bound to the word before it."""
    head, _, last = content.rstrip().rpartition(" ")
    if len(head) < FULL or len(last) > SHORT or "<" in last:
        return content
    return Markup("{}\u00a0{}").format(head, last)  # both are markup already


FULL, SHORT = 28, 9  # characters: a text that may wrap, a word that looks lost
_BREAKABLE = re.compile(r"([-–/&:])")


def paragraphs(content: str, target: str = "web") -> Markup:
    """Plain text to paragraphs at blank lines."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", content) if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(words(part, target)) for part in parts)
