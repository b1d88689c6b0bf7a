"""What the law, the licence and the house style demand: an ordered table of generator functions.

The facts of every rule (article of law, dates, severity, state, limits) are data, in the YAML
files beside this module and in the board's ``content/quy-tac``; see :mod:`bulletin.rulebook`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.rules import law, licence, rights, style
from bulletin.rules.case import Case, Check, Finding, day_of, grade
from bulletin.text import short_date

__all__ = ["RULES", "Case", "Finding", "day_of", "demands", "findings", "grade", "run"]

RULES: tuple[Check, ...] = (
    law.trim_size,
    law.sources_named,
    law.ai_label,
    law.reprints,
    licence.record,
    rights.pictures,
    style.title_length,
    style.title_capitals,
    style.news_length,
)


def run(case: Case) -> Iterator[Diagnostic]:
    """For every build: what is found, what no rule reaches, what is left open."""
    yield from findings(case)
    yield from dates(case)
    yield from licence.blanks(case)
    yield from rights.lettering(case)


def findings(case: Case) -> Iterator[Diagnostic]:
    """Each finding with the severity of the rule that holds on its date."""
    for rule in RULES:
        for finding in rule(case):
            graded = grade(finding, case.book)
            if graded is not None:
                yield graded


def dates(case: Case) -> Iterator[Diagnostic]:
    """Rules whose date range does not reach an issue, and those that nobody has confirmed."""
    for ledger in case.issues:
        day = day_of(ledger)
        place = Place(ledger.path, 1, 1)
        unsure = []
        for code, versions in sorted(case.book.rules.items()):
            rule = case.book.at(code, day)
            if rule is None and versions and day > (versions[0].since or day):
                yield Diagnostic(
                    place,
                    Severity.ERROR,
                    "LG019",
                    f"không biết quy tắc {code} ({versions[-1].name}) còn áp dụng vào "
                    f"{short_date(day)} hay không",
                    "thêm bản mới của quy tắc vào content/quy-tac, hoặc sửa since, until",
                )
            if rule is not None and rule.state == "unconfirmed":
                unsure.append(rule)
        if unsure:
            laws = "; ".join(sorted({rule.article for rule in unsure}))
            yield Diagnostic(
                place,
                Severity.NOTE,
                "LG018",
                f"số {ledger.spec.number}/{ledger.spec.year}: {len(unsure)} quy tắc chưa xác nhận "
                f"({', '.join(rule.code for rule in unsure)})",
                f"đối chiếu {laws}, rồi ghi bản đã xác nhận vào content/quy-tac",
            )


def demands(
    case: Case, keys: Collection[str], told: Collection[Diagnostic]
) -> Iterator[Diagnostic]:
    """What a release of these issues refuses: findings that are errors at that moment.

    ``told``: what reading said; a warning about a text may be an error at release too.
    """
    chosen = [ledger for ledger in case.issues if ledger.key in keys]
    paths = {row.path for ledger in chosen for row in ledger.rows} | {
        ledger.path for ledger in chosen
    }
    for rule in RULES:
        for finding in rule(case):
            if finding.issue and finding.issue not in keys:
                continue
            graded = grade(finding, case.book, release=True)
            if graded is not None and graded.severity is Severity.ERROR:
                yield graded
    for item in told:
        known = case.book.newest(item.code)
        if item.place.path in paths and known and known.level(True) is Severity.ERROR:
            yield Diagnostic(item.place, Severity.ERROR, item.code, item.message, item.hint)
    yield from licence.blanks(case, Severity.ERROR)
