"""One module per product, in the order in which they run: the table of all outputs.

Each module offers ``jobs(source) -> Iterator[Job]`` (cheap promises) and
``make(job, studio) -> Product`` (one file). A new product is one file and one line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from bulletin.catalog import Assembly
from bulletin.model import LOCAL_SITE, Config, Job, Made, Printed
from bulletin.studio import Product, Studio
from bulletin.theme import Theme


@dataclass(frozen=True, slots=True)
class Source:
    """What outputs may read: the assembled values, never files.

    ``printed``: issue → facts of its layout, known in the second stage of a build with print.
    """

    config: Config
    assembly: Assembly
    theme: Theme
    wanted: tuple[str, ...] = ("site", "print")
    issues: tuple[str, ...] = ()
    printed: Mapping[str, Printed] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The site's address with a slash at its end; a local one while the office has set none."""
        given = self.config.site.base_url or LOCAL_SITE
        return given if given.endswith("/") else given + "/"


def table() -> dict[str, ModuleType]:
    """Maker name → module, in order."""
    from bulletin.outputs import (
        api,
        assets,
        books,
        cards,
        channels,
        diary,
        feeds,
        galley,
        headers,
        kit,
        leaves,
        mail,
        offline,
        press,
        proof,
        search,
        site,
    )

    return {
        "assets": assets,
        "site": site,
        "leaves": leaves,
        "cards": cards,
        "offline": offline,
        "headers": headers,
        "feeds": feeds,
        "channels": channels,
        "api": api,
        "diary": diary,
        "search": search,
        "books": books,
        "mail": mail,
        "press": press,
        "galley": galley,
        "proof": proof,
        "kit": kit,
    }


GROUPS = {
    "site": (
        "assets",
        "site",
        "leaves",
        "cards",
        "offline",
        "headers",
        "feeds",
        "channels",
        "api",
        "diary",
        "search",
        "books",
    ),
    "email": ("mail",),
    "print": ("press",),
    "galley": ("galley",),
    "office": ("proof",),
    "kit": ("kit",),
}


# The second stage may show what the layout of the first has fixed (decision 10).
STAGES = (
    ("assets", "cards", "diary", "search", "press", "galley", "proof"),
    ("site", "leaves", "offline", "headers", "kit", "feeds", "channels", "api", "books", "mail"),
)


def stages(wanted: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Makers by stage; one stage when nobody waits for a layout."""
    waiting = {"site", "kit"} & set(wanted) and "print" in wanted
    return STAGES if waiting else (tuple(table()),)


def jobs(source: Source, stage: Iterable[str] = ()) -> Iterator[Job]:
    """All promises of the outputs that ``source`` wants (a group each), or of one stage."""
    modules = table()
    for name in modules:
        if any(name in GROUPS[group] for group in source.wanted) and (not stage or name in stage):
            yield from modules[name].jobs(source)


def printed(jobs: Iterable[Job], made: Iterable[Made]) -> dict[str, Printed]:
    """Issue → what its layout fixed, of the press jobs that succeeded."""
    done = {item.path: item for item in made if item.blob}
    return {
        job.page.edition.issue.key: table()["press"].printed(done[job.path])
        for job in jobs
        if job.maker == "press" and job.path in done
    }


def make(job: Job, studio: Studio) -> Product:
    product = table()[job.maker].make(job, studio)
    assert isinstance(product, Product)
    return product
