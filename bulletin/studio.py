"""Where pages are made: the theme, its template environment, and access to blobs by digest."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jinja2

from bulletin import codec, phrases, theme
from bulletin.diag import Diagnostic
from bulletin.theme import Theme


@dataclass(frozen=True, slots=True)
class Product:
    """The bytes of one file and what was noticed while making it.

    ``siblings``: (path, bytes) of files that the same work gives, as the job's ``gives`` says.
    """

    data: bytes
    diagnostics: tuple[Diagnostic, ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    siblings: tuple[tuple[str, bytes], ...] = ()


class TemplateError(Exception):
    """A template failed at run time; ``line`` is its line."""

    def __init__(self, template: str, line: int, message: str) -> None:
        super().__init__(f"{template}:{line}: {message}")
        self.template, self.line, self.message = template, line, message


def _unheard(source: str) -> None:
    """Nobody asks."""


@dataclass(slots=True)
class Studio:
    """One per process. ``load``: digest → bytes, the only way to data outside a page value.

    ``hints``: what earlier builds measured or kept, ``used``: what this one did, both by the digest
    of all that it depends on. They save time and change no result. ``save``: bytes → digest.
    ``at`` hears which source is being laid out alone (empty: several together), so that one that
    eats time or memory can be named.
    """

    theme: Theme
    load: Callable[[str], bytes]
    hints: Mapping[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    save: Callable[[bytes], str] | None = None
    at: Callable[[str], None] = _unheard
    env: jinja2.Environment = field(init=False)

    def __post_init__(self) -> None:
        self.env = theme.environment(self.theme.sources, self.theme.strings)

    def words(self, lang: str) -> Callable[[str], str]:
        """What puts the program's own words into ``lang``."""
        return phrases.words(self.theme.strings, lang)

    def measured(self, subject: str, measure: Callable[[], Any]) -> Any:
        """The JSON that ``measure`` gives, or gave before. ``subject`` holds all it depends on."""
        key = codec.digest(subject.encode())
        if key not in self.used:
            self.used[key] = self.hints[key] if key in self.hints else measure()
        return self.used[key]

    def kept(
        self, subject: bytes, work: Callable[[], bytes], within: Iterable[bytes] = ()
    ) -> bytes:
        """The bytes that ``work`` gives, or gave before. ``subject`` holds all they depend on.

        ``within``: what ``work`` keeps itself; it stays kept when there is nothing to do.
        """
        if self.save is None:
            return work()
        key = codec.digest(subject)
        data = None
        with contextlib.suppress(KeyError):  # not remembered, or the blob is gone
            data = self.load(str(self.hints[key]))
        if data is None:
            data = work()
        else:
            for name in map(codec.digest, within):
                with contextlib.suppress(KeyError):
                    self.used[name] = self.hints[name]
        self.used[key] = self.save(data)
        return data

    def render(self, template: str, **values: Any) -> bytes:
        """UTF-8 bytes of a template; raises :class:`TemplateError` with the template's line."""
        try:
            return self.env.get_template(template).render(**values).encode("utf-8")
        except jinja2.TemplateError as trouble:
            where, line = _place_of(trouble, template, self.theme)
            raise TemplateError(where, line, trouble.message or str(trouble)) from trouble


def _place_of(trouble: BaseException, template: str, theme: Theme) -> tuple[str, int]:
    """Innermost template and its line (Jinja maps the frames of its code to template lines)."""
    place = (template, 0)
    step = trouble.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if name in theme.sources:
            place = (name, step.tb_lineno)
        step = step.tb_next
    return place
