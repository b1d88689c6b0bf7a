"""The galley of one article: set as in print, alone and without search, whenever it is saved.

Made only by the live preview, on request. Lines, columns and pictures are those of the issue; how
the pages end is the business of copy-fitting and may differ.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin.model import Job
from bulletin.outputs import delivery, press
from bulletin.pages import Galley
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source


def jobs(source: Source) -> Iterator[Job]:
    for job in press.jobs(source):
        for piece in job.page.edition.issue.pieces:
            page = Galley(job.page, piece.card.uid)
            yield dataclasses.replace(
                job, path=path(piece.path), maker="galley", page=page, also=(), gives=()
            )


def path(article: str) -> str:
    """``content/2026/so-1/mot.md`` → ``galley/2026/so-1/mot.pdf``."""
    return f"galley/{article.removeprefix('content/').removesuffix('.md')}.pdf"


def make(job: Job, studio: Studio) -> Product:
    page: Galley = job.page
    alone = page.uid if press.fits(studio, job.template) else ""
    source, texts = press.document(page.issue, job.template, studio, alone)
    notes = list(press.missing_glyphs(page.issue, studio, texts))
    engine = press.Engine(page.issue, studio)
    studio.at(next(p.path for p in page.issue.edition.issue.pieces if p.card.uid == page.uid))
    rendered = engine.lay(source)
    data = delivery.reader_copy(page.issue, rendered, page.uid)
    notes += press.complaints(job.path, engine.said, rendered, studio)
    return Product(data, tuple(notes), (("pages", len(rendered.pages)),))
