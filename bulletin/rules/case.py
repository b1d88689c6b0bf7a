"""What the rules look at, and how a finding gets its severity from the rulebook and a date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from bulletin.catalog import Assembly
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import Article, IssueLedger
from bulletin.rulebook import Rule, Rulebook
from bulletin.seating import Sources

SETTLED = ("approved", "published")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says before its severity is known. ``issue`` is a key, or empty for all."""

    code: str
    place: Place
    message: str
    hint: str
    day: date
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything read and assembled, and the rules that apply to it."""

    assembly: Assembly
    sources: Sources
    book: Rulebook
    by_path: dict[str, Article] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_path.update({article.path: article for article in self.sources.articles})

    @property
    def issues(self) -> tuple[IssueLedger, ...]:
        return self.assembly.ledger.issues

    def settled(self) -> Iterator[tuple[Article, IssueLedger]]:
        """Articles that are approved or published, with their issue."""
        return (pair for pair in self.written() if pair[0].meta.status in SETTLED)

    def written(self) -> Iterator[tuple[Article, IssueLedger]]:
        """All articles that have an issue, drafts too."""
        for ledger in self.issues:
            for row in ledger.rows:
                if row.path in self.by_path:
                    yield self.by_path[row.path], ledger

    def rule(self, code: str, day: date) -> Rule | None:
        return self.book.at(code, day)


Check = Callable[[Case], Iterator[Finding]]


def day_of(ledger: IssueLedger) -> date:
    """The date by which an issue is judged: its own, or the last of the plan."""
    return ledger.spec.date or ledger.spec.deadline.date


def grade(finding: Finding, book: Rulebook, release: bool = False) -> Diagnostic | None:
    """A diagnostic by the version of the rule that holds; None where none is in force."""
    rule = book.at(finding.code, finding.day)
    if rule is None:
        return None
    level: Severity = rule.level(release)
    return Diagnostic(finding.place, level, finding.code, finding.message, finding.hint)
