"""The quick lane of the preview: one body changed, so one page does, whatever the archive's size.

A full reading gives the :class:`Ground`; :func:`look` exchanges one body on it, or says that only
another full reading can tell. What it gives is byte for byte what that reading would give for the
page and the galley of the article; lists, feeds and the search index wait for the reading.

Of an :class:`Article` these fields may change, each for a reason; every other one must be equal:

- ``body`` ``words`` ``headings`` ``figures`` ``questions``: shown on its own page, and in lists
  that wait; the checks of these are made again.
- ``terms``: which pieces are like this one is found anew (:class:`likeness.Kin`); what is shown as
  like *another* waits.
- ``rights``: the rules of pictures are asked again; an error takes the slow way.
- ``anchors``: none may go to which another article leads.
- ``references``: at other places, but to the same targets, so that nothing new is needed.
- ``excerpt``: unless the card shows it, because nobody wrote a standfirst.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulletin import build, likeness, outputs, references, rules
from bulletin.catalog import Assembly
from bulletin.diag import Diagnostic, Report, arrange
from bulletin.files import Snapshot
from bulletin.model import Article, Issue, Job, Piece
from bulletin.outputs import galley, site
from bulletin.recollect import Reading, remembered
from bulletin.seating import Seats, Sources

Shown = tuple[Piece | None, Piece | None]  # to readers, to the press

MAY_CHANGE = frozenset(
    "body words headings figures questions terms rights anchors references excerpt".split()
)
FIXED = tuple(f.name for f in dataclasses.fields(Article) if f.name not in MAY_CHANGE)


@dataclass(slots=True)
class Ground:
    """A full reading without an error, and what else must be known to exchange a body on it.

    ``linked``: article → places in it to which others lead.
    """

    ready: build.Prepared
    kin: likeness.Kin
    linked: Mapping[str, frozenset[str]]

    def article(self, path: str) -> Article | None:
        return self.ready.assembler.seats.by_path.get(path)

    def take(self, seen: Glance) -> None:
        """From now on this body is the one that was read."""
        self.ready = seen.ready
        card = next((p.card.id for p in seen.pieces if p.card.id in self.kin.pieces), "")
        if card:
            self.kin.take(card, seen.article.terms)


@dataclass(frozen=True, slots=True)
class Glance:
    """A reading with one body exchanged. ``pieces``: as readers and as the press may see it.

    ``told``: all that is said of the file now; ``jobs``: what the new body changes.
    """

    ready: build.Prepared
    article: Article
    pieces: tuple[Piece, ...]
    told: tuple[Diagnostic, ...]
    jobs: Mapping[str, Job]

    @property
    def url(self) -> str:
        return next((piece.card.url for piece in self.pieces), "")


def ground(ready: build.Prepared) -> Ground:
    by_path = ready.assembler.seats.by_path
    shown = [piece for issue in ready.assembly.catalog.issues for piece in issue.pieces]
    kin = likeness.Kin({p.card.id: (p.card, by_path[p.path].terms) for p in shown})
    return Ground(ready, kin, _linked(ready.assembler.seats, by_path.values()))


def _linked(seats: Seats, articles: Iterable[Article]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for article in articles:
        for reference in article.references:
            target = reference.target
            if reference.kind == "link" and "#" in target and not references.is_absolute(target):
                path, fragment = references.resolve(seats, article, target)
                if path != article.path:
                    found.setdefault(path, set()).add(fragment)
    return {path: frozenset(names) for path, names in found.items()}


def look(
    on: Ground, shot: Snapshot, by: Reading, path: str, wanted: tuple[str, ...]
) -> Glance | None:
    """``on`` with the body that ``shot`` has of ``path``; None if more than its page depends on it.

    Nothing is changed before :meth:`Ground.take`. Raises :class:`files.Trouble` when the file
    changes at this very moment.
    """
    ready, old, own = on.ready, on.article(path), Report()
    before = ready.assembler
    issue = before.seats.issue_of.get(path)
    if old is None or issue is None:
        return None
    article = remembered(Article, path, shot, by, own)
    if article is None or not alike(old, article, on.linked):
        return None
    after = before.with_body(article, own)
    public = after.piece(article, issue, after.public) if after.public(article) else None
    printed = after.piece(article, issue, after.printable) if after.printable(article) else None
    after.check_body(article)
    own.extend(_ruled(ready, issue.key, article))
    told = (*_rest(ready, issue.key, old, by), *own.items)
    elsewhere = tuple(item for item in ready.told if item.place.path != path)
    now = dataclasses.replace(
        ready,
        snapshot=_with_file(ready.snapshot, shot),
        sources=_with_article(ready, article),
        assembly=_exchanged(ready.assembly, issue.key, (public, printed), on.kin, article.terms),
        assembler=after,
        told=(*elsewhere, *told),
    )
    return Glance(
        now,
        article,
        tuple(piece for piece in (public, printed) if piece is not None),
        arrange(told, frozenset(ready.config.silence)),
        _jobs(now, issue.key, path, wanted),
    )


def alike(old: Article, new: Article, linked: Mapping[str, frozenset[str]]) -> bool:
    """Whether only its own page needs to know that the one has become the other."""
    gone = frozenset(old.anchors) - frozenset(new.anchors)
    return (
        all(getattr(old, name) == getattr(new, name) for name in FIXED)
        and _targets(old) == _targets(new)
        and gone.isdisjoint(linked.get(old.path, ()))
        and (bool(old.meta.standfirst) or old.excerpt == new.excerpt)
    )


def _targets(article: Article) -> frozenset[tuple[str, str]]:
    return frozenset((reference.kind, reference.target) for reference in article.references)


# ---- what is said of the file --------------------------------------------------------------------


def _ruled(ready: build.Prepared, key: str, article: Article) -> list[Diagnostic]:
    """What the rules say in the file of ``article``, asked about nothing else."""
    ledger = ready.assembly.ledger
    issues = tuple(
        dataclasses.replace(issue, rows=tuple(r for r in issue.rows if r.path == article.path))
        for issue in ledger.issues
        if issue.key == key
    )
    alone = dataclasses.replace(ready.sources, articles=(article,))
    assembly = dataclasses.replace(
        ready.assembly, ledger=dataclasses.replace(ledger, issues=issues)
    )
    found = rules.findings(rules.Case(assembly, alone, ready.book))
    return [item for item in found if item.place.path == article.path]


def _rest(ready: build.Prepared, key: str, old: Article, by: Reading) -> list[Diagnostic]:
    """What was said at the file by the checks that do not depend on its body."""
    own = Report()
    remembered(Article, old.path, ready.snapshot, by, own)
    ready.assembler.with_body(old, own).check_body(old)
    own.extend(_ruled(ready, key, old))
    mine = {item.key for item in own.items}
    return [i for i in ready.told if i.place.path == old.path and i.key not in mine]


# ---- one thing exchanged in what many share ------------------------------------------------------


def _with_file(whole: Snapshot, one: Snapshot) -> Snapshot:
    return dataclasses.replace(
        whole, digests={**whole.digests, **one.digests}, files={**whole.files, **one.files}
    )


def _with_article(ready: build.Prepared, article: Article) -> Sources:
    articles = (article if a.path == article.path else a for a in ready.sources.articles)
    return dataclasses.replace(ready.sources, articles=tuple(articles))


def _exchanged(
    assembly: Assembly, key: str, shown: Shown, kin: likeness.Kin, terms: likeness.Terms
) -> Assembly:
    """With the new pieces in the issue ``key``; lists hold cards, and those are the same."""
    public, printed = shown
    catalog, editions = assembly.catalog, assembly.editions
    if public is not None:
        related = {**catalog.related, public.card.id: kin.related(public.card.id, terms)}
        issues = tuple(_with_piece(i, public) if i.key == key else i for i in catalog.issues)
        catalog = dataclasses.replace(catalog, issues=issues, related=related)
    if printed is not None:
        editions = tuple(
            dataclasses.replace(e, issue=_with_piece(e.issue, printed)) if e.issue.key == key else e
            for e in editions
        )
    return dataclasses.replace(assembly, catalog=catalog, editions=editions)


def _with_piece(issue: Issue, piece: Piece) -> Issue:
    parts = (
        dataclasses.replace(
            part, pieces=tuple(piece if p.path == piece.path else p for p in part.pieces)
        )
        for part in issue.parts
    )
    return dataclasses.replace(issue, parts=tuple(parts))


def _jobs(ready: build.Prepared, key: str, path: str, wanted: tuple[str, ...]) -> Mapping[str, Job]:
    """The page and the galley of one article, by those who promise all of them."""
    editions = tuple(e for e in ready.assembly.editions if e.issue.key == key)
    assembly = dataclasses.replace(ready.assembly, editions=editions)
    source = outputs.Source(ready.config, assembly, ready.theme, wanted)
    maker = site.Maker(source)
    pages = (
        job
        for issue in assembly.catalog.issues
        if issue.key == key
        for job in maker.articles(issue)
        if job.page.piece.path == path
    )
    name = galley.path(path)
    offered = galley.jobs(source) if "galley" in wanted else iter(())
    leaves = (job for job in offered if job.path == name)
    # None of a draft that only the press may see, or that only readers may.
    found = (next(pages, None), next(leaves, None))
    return {job.path: job for job in found if job is not None}
