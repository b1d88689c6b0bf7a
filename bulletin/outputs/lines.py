"""Remembers the lines that WeasyPrint has set, for as long as one issue is laid out.

Balancing columns sets every paragraph five or six times, and the trials of copy-fitting set the
same paragraphs again in document after document. How a line of plain text breaks is a function of
its text, its style and the width; both memories below rest on that and change no result:

* of a document: a line once set is copied to the place where it is needed next. Lines are always
  set at the origin and then moved, so what comes out does not depend on which place was first.
* of an engine: where Pango breaks a text, for all documents that this engine lays out.

Lines beside floats, with pictures, notes or generated content (page numbers may change between two
passes) are left to WeasyPrint. The patch is written for one version of it; with any other the
engine runs as it comes.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from math import inf
from typing import Any

VERSION = "70.0"
# All that decides how a text is cut into lines and how large they are.
TEXT_STYLE = (
    *("font_family", "font_size", "font_style", "font_stretch", "font_weight", "font_kerning"),
    *("font_variant_ligatures", "font_variant_position", "font_variant_caps"),
    *("font_variant_numeric", "font_variant_alternates", "font_variant_east_asian"),
    *("font_feature_settings", "font_variation_settings", "font_language_override"),
    *("letter_spacing", "word_spacing", "text_decoration_line", "white_space", "tab_size"),
    *("hyphens", "hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone"),
    *("overflow_wrap", "word_break", "direction", "lang"),
)
# A block whose height is that of its lines and which nothing else moves.
USUAL = (
    *(("position", "static"), ("float", "none"), ("clear", "none"), ("overflow", "visible")),
    *(
        ("height", "auto"),
        ("min_height", "auto"),
        ("column_width", "auto"),
        ("column_count", "auto"),
    ),
    *(("max_lines", "none"), ("continue", "auto"), ("box_decoration_break", "slice")),
)


class Memory:
    """Where Pango breaks texts. Belongs to one font configuration."""

    def __init__(self) -> None:
        self.breaks: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self.styles: dict[str, int] = {}

    def style(self, style: Any) -> int:
        """A small number for all styles that set text alike."""
        known: int | None = getattr(style, "_text_style", None)
        if known is None:
            words = str([style[name] for name in TEXT_STYLE])
            known = style._text_style = self.styles.setdefault(words, len(self.styles))
        return known

    def split(self, split: Callable[..., Any]) -> Callable[..., Any]:
        """``split_first_line`` that asks Pango once."""

        def remembered(text: str, style: Any, context: Any, *how: Any, **named: Any) -> Any:
            key = (text, self.style(style), *how, *named.items())
            found = self.breaks.get(key)
            if found is None:
                found = self.breaks[key] = split(text, style, context, *how, **named)
            # A layout is woken up to be drawn; each box needs its own.
            return copy.copy(found[0]), *found[1:]

        return remembered


class Document:
    """The lines and paragraphs of one document that have been set."""

    def __init__(self, boxes: Any) -> None:
        self.boxes = boxes
        self.lines: dict[Any, dict[tuple[Any, ...], tuple[Any, Any]] | None] = {}
        self.paragraphs: dict[Any, dict[tuple[Any, ...], tuple[Any, ...]]] = {}

    def known(self, linebox: Any) -> dict[tuple[Any, ...], tuple[Any, Any]] | None:
        """What is remembered of a line box, or None if WeasyPrint is to set it each time."""
        if linebox not in self.lines:
            self.lines[linebox] = {} if plain(linebox, self.boxes) else None
        return self.lines[linebox]

    def line(self, setter: Callable[..., Any]) -> Callable[..., Any]:
        """``get_next_linebox`` that sets each line once."""

        def remembered(
            context: Any, linebox: Any, y: float, space: float, skip: Any, block: Any, *rest: Any
        ) -> Any:
            lines = self.known(linebox)
            # ``rest`` ends with the styles of the first letter and the first line.
            if lines is None or context.excluded_shapes or any(rest[2:]):
                return setter(context, linebox, y, space, skip, block, *rest)
            key = (place(skip), block.width, linebox.text_indent)
            if key not in lines:
                origin = block.copy()
                origin.position_x = 0
                origin.margin_left = origin.padding_left = origin.border_left_width = 0
                lines[key] = setter(context, linebox, 0, space, skip, origin, [], [], None, None)
            line, resume_at = lines[key]
            if line is None:
                return None, None
            return moved(line, block.content_box_x(), y), resume_at

        return remembered

    def paragraph(self, setter: Callable[..., Any]) -> Callable[..., Any]:
        """``block_level_layout`` that sets a paragraph once if the whole of it has room."""

        def remembered(
            context: Any, box: Any, space: float, skip: Any, parent: Any, *rest: Any, **named: Any
        ) -> Any:
            # Blocks in the flow are laid out with all arguments in a row, others by name.
            usual = skip is None and rest[4:] == (None, None, False, None) and context.in_column
            if not usual or context.excluded_shapes or not self.paragraph_like(box):
                return setter(context, box, space, skip, parent, *rest, **named)
            page_is_empty, _, _, margins = rest[:4]
            page = (page_is_empty, context.current_page > 1, context.forced_break)
            key = (parent.width, parent.is_for_root_element, *page, *margins)
            sets = self.paragraphs.setdefault(box.children[0], {})
            if key not in sets:
                origin = box.copy()
                origin.position_x = origin.position_y = 0
                sets[key] = setter(
                    *(context, origin, -inf, None, parent, page_is_empty, [], []),
                    *(list(margins), None, None, False, None),
                )
            new, _, next_page, following, through, _ = sets[key]
            bottom = box.position_y + new.border_box_y() + new.border_height()
            if context.overflows_page(space, bottom):
                return setter(context, box, space, skip, parent, *rest, **named)
            new = moved(new, box.position_x, box.position_y)
            return new, None, dict(next_page), list(following), through, None

        return remembered

    def paragraph_like(self, box: Any) -> bool:
        """A block that holds nothing but plain lines and is as high as they are."""
        style = box.style
        return (
            type(box) is self.boxes.BlockBox
            and len(box.children) == 1
            and isinstance(box.children[0], self.boxes.LineBox)
            and self.known(box.children[0]) is not None
            and not (box.first_letter_style or box.first_line_style)
            and all(style[name] == value for name, value in USUAL)
        )


def plain(linebox: Any, boxes: Any) -> bool:
    """Whether only text in the flow stands in the lines, and none that is generated."""
    return all(
        isinstance(box, (boxes.TextBox, boxes.InlineBox, boxes.LineBox))
        and box.is_in_normal_flow()
        and "::" not in (box.element_tag or "::")
        for box in linebox.descendants(placeholders=True)
    )


def place(skip_stack: Any) -> tuple[int, ...]:
    """Where a line begins, as a key."""
    steps = []
    while skip_stack is not None:
        ((step, skip_stack),) = skip_stack.items()
        steps.append(step)
    return tuple(steps)


def moved(box: Any, x: float, y: float) -> Any:
    """A copy of a line or paragraph with all in it, moved."""
    new = box.copy()
    new.position_x += x
    new.position_y += y
    new.remove_decoration_sides = set(box.remove_decoration_sides)
    if new.children:
        new.children = type(box.children)([moved(child, x, y) for child in box.children])
    return new


@contextlib.contextmanager
def remembered(memory: Memory) -> Iterator[None]:
    """One document is laid out inside; afterwards the engine is as it was."""
    import weasyprint
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import block, inline, preferred

    if weasyprint.__version__ != VERSION:
        yield
        return
    document = Document(boxes)
    line, flow = inline.get_next_linebox, block.block_level_layout
    splits = inline.split_first_line, preferred.split_first_line
    inline.get_next_linebox = document.line(line)
    block.block_level_layout = document.paragraph(flow)
    inline.split_first_line = memory.split(splits[0])
    preferred.split_first_line = memory.split(splits[1])
    try:
        yield
    finally:
        inline.get_next_linebox = line
        block.block_level_layout = flow
        inline.split_first_line, preferred.split_first_line = splits
