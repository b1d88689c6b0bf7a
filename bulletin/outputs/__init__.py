"""One module per product, in the order in which they run: the table of all outputs.

Each module offers ``jobs(source) -> Iterator[Job]`` (cheap promises) and
``make(job, studio) -> Product`` (one file). A new product is one file and one line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from bulletin.catalog import Assembly
from bulletin.model import Config, Job
from bulletin.studio import Product, Studio
from bulletin.theme import Theme


@dataclass(frozen=True, slots=True)
class Source:
    """What outputs may read: the assembled values, never files."""

    config: Config
    assembly: Assembly
    theme: Theme
    wanted: tuple[str, ...] = ("site", "print")
    issues: tuple[str, ...] = ()


def table() -> dict[str, ModuleType]:
    """Maker name → module, in order."""
    from bulletin.outputs import assets, feeds, press, proof, search, site

    table = {"assets": assets, "site": site, "feeds": feeds, "search": search, "press": press}
    return table | {"proof": proof}


GROUPS = {"site": ("assets", "site", "feeds", "search"), "print": ("press",), "office": ("proof",)}


def jobs(source: Source) -> Iterator[Job]:
    """All promises of the outputs that ``source`` wants (``site``, ``print``, ``office``)."""
    modules = table()
    for name in modules:
        if any(name in GROUPS[group] for group in source.wanted):
            yield from modules[name].jobs(source)


def make(job: Job, studio: Studio) -> Product:
    product = table()[job.maker].make(job, studio)
    assert isinstance(product, Product)
    return product
