"""The reader's file: the laid-out issue cut to its trim, tagged as PDF/UA-1 asks, and light.

``layout`` has the engine write the pages and keeps what it marked; ``tags`` makes the tree of tags
from the elements; ``streams`` and ``tree`` write both into the file; ``pictures`` scales what is
finer than a screen. Nothing here changes how a page looks.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from bulletin.screen import layout, pictures, streams, tags, tree
from bulletin.screen.metadata import describe

__all__ = ["ScreenSpec", "screen"]


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """What the file says of itself, and how fine its pictures are."""

    title: str
    publisher: str
    subject: str
    identifier: str
    moment: str
    language: str = "vi"
    ppi: int = 180
    quality: int = 80


def screen(document: Any, spec: ScreenSpec) -> bytes:
    """The reader's file of a laid-out document. Same document and spec, same bytes."""
    import pikepdf

    raw, drawn = layout.write(document, spec.identifier)
    top = tags.tagged(drawn)
    owned = {(leaf.page, leaf.mcid): tag.role for tag in top.descend() for leaf in _own(tag)}
    seen = frozenset(
        (step.page, step.mcid) for step in drawn.steps if isinstance(step, layout.Leaf)
    )
    ledger = streams.Ledger(owned, seen, tags.broken(top))
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        streams.rewrite(pdf, ledger)
        tree.plant(pdf, top, ledger.marks, spec.title)
        for key, picture in sorted(ledger.pictures.items()):
            pictures.slim(pdf, picture, ledger.sizes[key], spec.ppi, spec.quality)
        for page in pdf.pages:
            _crop(page.obj)
        describe(pdf, spec)
        out = io.BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            compress_streams=True,
        )
    return out.getvalue()


def _own(tag: tags.Tag) -> list[layout.Leaf]:
    return [kid for kid in tag.kids if isinstance(kid, layout.Leaf)]


def _crop(page: Any) -> None:
    """Cut to the trim: the bleed is for the press."""
    trim = page.get("/TrimBox")
    if trim is None:
        return
    for box in ("/BleedBox", "/ArtBox", "/CropBox"):
        if box in page:
            del page[box]
    page["/MediaBox"] = trim
