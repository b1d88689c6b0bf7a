"""Which books an issue has and where they lie: what the site must know of them to offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.model import LANGUAGES, Issue, Link
from bulletin.theme import Theme

if TYPE_CHECKING:
    from bulletin.outputs import Source

TEMPLATES = tuple(f"book/{name}.html" for name in ("cover", "title", "nav", "chapter", "colophon"))
SHEET = "book/book.css"


def offered(theme: Theme) -> bool:
    return SHEET in theme.files and all(name in theme.sources for name in TEMPLATES)


def editions(source: Source, issue: Issue) -> tuple[tuple[str, str], ...]:
    """(language, address) of the books of an issue, the one with all its pieces first."""
    if not (source.config.site.books and offered(source.theme) and issue.pieces):
        return ()
    own = source.config.site.language
    others = sorted({piece.card.lang for piece in issue.pieces} - {own})
    stem = f"{issue.url}ban-tin-so-{issue.number}-{issue.year}"
    return ((own, f"{stem}.epub"), *((lang, f"{stem}-{lang}.epub") for lang in others))


def links(source: Source, issue: Issue) -> tuple[Link, ...]:
    """The books as the issue page names them; the first has no language in its title."""
    listed = editions(source, issue)
    return tuple(
        Link(LANGUAGES.get(lang, lang) if place else "", url)
        for place, (lang, url) in enumerate(listed)
    )
