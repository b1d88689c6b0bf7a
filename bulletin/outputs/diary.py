"""``lich.ics``: the calendar that a reader's own calendar can follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin import agenda
from bulletin.model import Job
from bulletin.outputs import site
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

NAME = "lich.ics"


def jobs(source: Source) -> Iterator[Job]:
    catalog = source.assembly.catalog
    base = site.base_url(source) if source.config.site.base_url else ""
    found = tuple(agenda.entries(catalog.plan, catalog.days, catalog.appointments, base))
    if found:
        name = f"Bản tin {source.config.publication.name}"
        yield Job(f"site/{NAME}", "diary", agenda.Agenda(name, found))


def make(job: Job, studio: Studio) -> Product:
    return Product(agenda.calendar(job.page))
