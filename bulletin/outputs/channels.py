"""Which feeds there are, said once: the feeds, the page and the list for readers, the interface.

A feed lies beside the page that shows the same things. Languages have feeds as soon as there are
two of them, recordings when the library has one of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin import text
from bulletin.almanac import Medium
from bulletin.model import LANGUAGES, Catalog, Issue, Job
from bulletin.pages import Channel, Outline
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulletin.outputs import Source

RSS, ATOM, JSON = "feed.xml", "atom.xml", "feed.json"
PODCAST = "podcast.xml"
PAGE = "theo-doi/"
OUTLINE = f"{PAGE}nguon-tin.opml"
SHELVES = "luu-tru/"
# What players can play everywhere: suffix → media type.
SOUNDS = {"mp3": "audio/mpeg", "m4a": "audio/mp4"}


def listed(source: Source) -> tuple[tuple[str, tuple[Channel, ...]], ...]:
    """(heading, feeds) in the order in which readers look for them."""
    groups = (
        ("Cả bản tin", whole(source)),
        ("Từng chuyên mục", sections(source)),
        ("Từng ngôn ngữ", languages(source)),
        ("Từng số", issues(source)),
    )
    return tuple((heading, found) for heading, found in groups if found)


def whole(source: Source) -> tuple[Channel, ...]:
    publication, language = source.config.publication, source.config.site.language
    about = publication.description
    found = [
        Channel("all", "Tất cả bài", about, "", RSS, "", language),
        Channel(
            "issues",
            "Các số đã ra",
            "Mỗi khi một số phát hành: mục lục và tệp PDF.",
            SHELVES,
            RSS,
            SHELVES,
            language,
        ),
    ]
    if recordings(source.assembly.catalog):
        about = "Bài nghe của Bản tin, mở được trong ứng dụng podcast."
        home = "thu-vien/"
        found.append(Channel("podcast", "Âm thanh", about, home, PODCAST, home, language, False))
    return tuple(found)


def sections(source: Source) -> tuple[Channel, ...]:
    language = source.config.site.language
    return tuple(
        Channel("section", g.title, g.description, g.url, RSS, g.url, language)
        for g in source.assembly.catalog.sections
        if g.cards
    )


def languages(source: Source) -> tuple[Channel, ...]:
    """One for each language that pieces are written in, if there is more than one."""
    found = {card.lang for card in source.assembly.catalog.recent}
    if len(found) < 2:
        return ()
    order = [*LANGUAGES, *sorted(found - LANGUAGES.keys())]
    return tuple(
        Channel(
            "language",
            spoken(lang),
            f"Những bài bằng {LANGUAGES.get(lang, lang)}.",
            f"ngon-ngu/{text.slug(lang)}/",
            RSS,
            PAGE,
            lang,
        )
        for lang in order
        if lang in found
    )


def spoken(lang: str) -> str:
    """«Tiếng Tày»."""
    name = LANGUAGES.get(lang, lang)
    return name[:1].upper() + name[1:]


def issues(source: Source) -> tuple[Channel, ...]:
    language = source.config.site.language
    return tuple(
        Channel("issue", issue_title(issue), issue.title, issue.url, RSS, issue.url, language)
        for issue in source.assembly.catalog.issues
        if issue.pieces
    )


def issue_title(issue: Issue) -> str:
    return f"Số {issue.number} · {issue.when.lower()}: {issue.short_title}"


def recordings(catalog: Catalog) -> tuple[Medium, ...]:
    """Recordings that lie on this site: of others nobody here knows type and length."""
    return tuple(
        medium
        for medium, _ in catalog.media
        if medium.kind == "podcast" and medium.digest and medium.url.rpartition(".")[2] in SOUNDS
    )


def newest(catalog: Catalog) -> str:
    """When the newest piece came out."""
    return catalog.recent[0].moment if catalog.recent else ""


# ---- the list for reader programs --------------------------------------------


def jobs(source: Source) -> Iterator[Job]:
    publication = source.config.publication
    page = Outline(
        title=f"Bản tin {publication.name}",
        publisher=publication.publisher,
        base_url=source.base_url,
        updated=newest(source.assembly.catalog),
        groups=listed(source),
    )
    yield Job(f"site/{OUTLINE}", "channels", page)


def make(job: Job, studio: Studio) -> Product:
    from bulletin.outputs import opml

    return Product(opml.written(job.page))
