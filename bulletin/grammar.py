"""The Markdown that we read: markdown-it with directives, positions, and nothing lost.

Block rules of our own stand beside markdown-it's; what they notice travels in ``token.meta``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from bulletin import directives

MAX_NESTING = 40
PIPE = re.compile(r"(?<!\\)\|")  # between two cells of a table
_FENCE = re.compile(r"(:{3,})\s*(.*?)\s*$")


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule for ``:::name argument`` … ``:::`` (more colons outside for nesting)."""
    if state.is_code_block(start):
        return False
    match = _FENCE.match(state.getLines(start, start + 1, state.blkIndent, False).strip())
    if not match or not match.group(2):
        return False
    if silent:
        return True
    colons = len(match.group(1))
    name, _, argument = match.group(2).partition(" ")
    last, closed = start, False
    while not closed and (last := last + 1) < end:
        line = state.getLines(last, last + 1, state.blkIndent, False).strip()
        closed = len(line) >= colons and set(line) == {":"}
    meta = {"name": name, "argument": argument.strip(), "closed": closed}
    if name in directives.DATA or name not in directives.TEXT:
        token = state.push("directive_data", "", 0)
        token.content = state.getLines(start + 1, last, state.blkIndent, False)
        token.meta, token.map = meta, [start, last]
    else:
        old_parent, old_max = state.parentType, state.lineMax
        state.parentType, state.lineMax = "directive", last
        token = state.push("directive_open", "", 1)
        token.meta, token.map, token.block = meta, [start, last], True
        state.md.block.tokenize(state, start + 1, last)
        state.push("directive_close", "", -1).block = True
        state.parentType, state.lineMax = old_parent, old_max
    state.line = last + (1 if closed else 0)
    return True


def _deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule for what is nested too deeply: it becomes a paragraph, and none of it is lost.

    The parser itself would drop it. No block adds more than two levels at a time.
    """
    if silent or state.level < MAX_NESTING - 4:
        return False
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent):
        last += 1
    opened = state.push("paragraph_open", "p", 1)
    opened.map, opened.meta = [start, last], {"deep": True}
    token = state.push("inline", "", 0)
    token.content = state.getLines(start, last, state.blkIndent, False).strip()
    token.map, token.children = [start, last], []
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True


def _rows(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The table rule; its rows also know how many cells were typed (too many are dropped)."""
    count = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    for token in state.tokens[count:]:
        if token.type == "tr_open" and token.map:
            line = state.getLines(token.map[0], token.map[0] + 1, state.blkIndent, False).strip()
            cells = PIPE.split(line)
            typed = len(cells) - (not cells[0]) - (len(cells) > 1 and not cells[-1])
            token.meta = {"typed": typed}
    return True


def _definitions(state: StateCore) -> None:
    """Core rule before the footnotes are moved: where each one is defined, and how deep."""
    depth = 0
    found = state.env.setdefault("definitions", [])
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            found.append((token.meta["label"], token.map[0] if token.map else 0, depth))
            depth += 1
        elif token.type == "footnote_reference_close":
            depth -= 1


def _remember(
    rule: Callable[[StateInline, bool], bool],
) -> Callable[[StateInline, bool], bool]:
    """Wrap an inline rule so that the first token that it pushes knows its offset."""

    def wrapped(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        for token in state.tokens[count:]:
            if token.type in _POSITIONED:
                token.meta = {**token.meta, "at": start}
                break
        return True

    return wrapped


_POSITIONED = frozenset({"link_open", "image", "math_inline", "math_inline_double"})


@functools.cache
def parser() -> MarkdownIt:
    md = MarkdownIt(
        "commonmark",
        {
            "html": False,
            "typographer": True,
            "quotes": "“”‘’",
            "maxNesting": MAX_NESTING,
        },
    )
    md.enable(["table", "strikethrough", "smartquotes"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=False)
    md.block.ruler.before(
        "fence",
        "directive",
        _directive,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    md.block.ruler.before("table", "deep", _deep)
    md.block.ruler.at("table", _rows, {"alt": ["paragraph", "reference"]})
    md.core.ruler.before("footnote_tail", "definitions", _definitions)
    for rule in list(md.inline.ruler.__rules__):
        if rule.name in ("link", "image", "autolink", "math_inline"):
            md.inline.ruler.at(rule.name, _remember(rule.fn))
    # Every address is let through here and judged, with its place, in Builder.link().
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    return md
