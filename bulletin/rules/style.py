"""House style that boards agree on: lengths and titles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bulletin.rules.case import Case, Finding, day_of
from bulletin.rules.law import about

LEAST_LETTERS = 8  # fewer may be an abbreviation


def _most(case: Case, code: str, day: date) -> int:
    """The limit of words that the rule sets on this date; none is no limit."""
    rule = case.rule(code, day)
    limits = rule.limits if rule else None
    return limits.words if limits and limits.words else 10**9


def title_length(case: Case) -> Iterator[Finding]:
    for article, ledger in case.written():
        count, most = len(article.meta.title.split()), _most(case, "ST001", day_of(ledger))
        if count > most:
            words = (f"tên bài dài {count} chữ", f"rút còn {most} chữ trở xuống")
            yield about("ST001", article, "title", words, ledger)


def title_capitals(case: Case) -> Iterator[Finding]:
    for article, ledger in case.written():
        letters = [c for c in article.meta.title if c.isalpha()]
        if len(letters) > LEAST_LETTERS and all(c.isupper() for c in letters):
            words = (
                "tên bài viết toàn chữ hoa",
                "viết hoa như câu thường; giao diện tự lo kiểu chữ",
            )
            yield about("ST002", article, "title", words, ledger)


def news_length(case: Case) -> Iterator[Finding]:
    for article, ledger in case.written():
        most = _most(case, "ST003", day_of(ledger))
        if article.meta.genre == "news" and article.words > most:
            words = (
                f"tin dài {article.words} chữ",
                f"tin tối đa {most} chữ; dài hơn thì đổi thể loại",
            )
            yield about("ST003", article, "genre", words, ledger)
