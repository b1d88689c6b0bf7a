"""The filters that templates may use.

``asset``, ``cover``/``lead``, ``thumb``, ``number``, ``bind``, ``closed``, ``say`` write what
readers see; ``trail``, ``data``, ``published``, ``policy`` what a page tells machines of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup

from bulletin import linked, phrases, policy, responsive, text, typeset


def asset(head: Any, name: str) -> str:
    table: Mapping[str, str] = dict(head.frame.assets)
    if name not in table:
        raise jinja2.UndefinedError(f"không có tệp giao diện «{name}»")
    return str(head.root) + table[name]


@jinja2.pass_context
def lead(context: Context, value: Any) -> Markup:
    """The lead picture of an article page or of a printed piece."""
    piece = getattr(value, "piece", value)
    return Markup(context["leads"].get(piece.card.id, ""))


def number(value: Any) -> str:
    return text.format_number(float(value))


@jinja2.pass_context
def bind(context: Context, value: str) -> Markup:
    """A title or caption with its symbols, dates and units held together, for the medium."""
    target = "print" if (context.name or "").startswith("print/") else "web"
    return typeset.words(str(value), target)


def content_policy(page: Any) -> Markup:
    """The Content-Security-Policy of a page, for an attribute in double quotes."""
    return Markup(policy.content(block=linked.data(page)))


def thumb(view: Any, root: str) -> Markup:
    """A small picture beside words that already say it."""
    return responsive.image(view, root, "", "thumb")


@jinja2.pass_context
def closed(context: Context, value: str) -> Markup:
    """A text that fills its paragraph: bound, and its last short word not alone on a line."""
    return typeset.closed(bind(context, value))


FILTERS: dict[str, Callable[..., Any]] = {
    "asset": asset,
    "cover": lead,
    "lead": lead,
    "number": number,
    "bind": bind,
    "thumb": thumb,
    "trail": linked.trail,
    "data": linked.data,
    "published": linked.published,
    "policy": content_policy,
    "closed": closed,
    "say": phrases.say,
}
