"""What the law, the house style and the plan demand: an ordered table of generator functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bulletin.catalog import Assembly
from bulletin.diag import Diagnostic
from bulletin.model import Config
from bulletin.rules import law, style

Rule = Callable[[Assembly, Config], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    law.trim_size,
    law.ai_label,
    style.title_length,
    style.title_capitals,
    style.news_length,
)


def run(assembly: Assembly, config: Config) -> Iterator[Diagnostic]:
    for rule in RULES:
        yield from rule(assembly, config)
