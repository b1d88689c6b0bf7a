"""The e-mail edition of an issue: one HTML file and one of plain text, for the board's own tool.

Written to ``email/``, beside the site and not on it. Links and pictures lead to the site, so a mail
without an address of the site says on top that it cannot be sent.
"""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import Card, Issue, Job, Palette
from bulletin.outputs import cards, press, site
from bulletin.pages import Imprint, IssueLine, PartLine
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

TEMPLATE = "mail/issue.html"
LIMIT = 100_000  # bytes: Gmail cuts a mail off soon after
COLUMNS = 72


@dataclass(frozen=True, slots=True)
class MailPage:
    """What a mail shows. ``card``: address of the picture of the issue; ``local``: no address yet;
    ``told``: whether standfirsts and pictures fit in."""

    issue: IssueLine
    imprint: Imprint
    palette: Palette
    parts: tuple[PartLine, ...]
    letter: Card | None
    card: str
    base_url: str
    local: bool
    told: bool = True

    @property
    def title(self) -> str:
        issue = self.issue
        return f"Bản tin {self.imprint.name}, số {issue.number}/{issue.year}: {issue.short_title}"


def jobs(source: Source) -> Iterator[Job]:
    if TEMPLATE not in source.theme.sources:
        return
    maker = site.Maker(source)
    for issue in source.assembly.catalog.issues:
        if issue.pieces:
            page = mail(source, maker, issue)
            stem = f"email/{issue.key}/{site.pdf_name(issue).removesuffix('.pdf')}"
            yield Job(f"{stem}.html", "mail", page, TEMPLATE)
            yield Job(f"{stem}.txt", "mail", page)


def mail(source: Source, maker: site.Maker, issue: Issue) -> MailPage:
    own = source.config.site.language
    letter = next((p.card for p in issue.pieces if p.card.id == issue.letter), None)
    parts = (
        PartLine(
            part.section,
            part.description,
            tuple(p.card for p in part.pieces if p.card.lang == own and p.card != letter),
        )
        for part in issue.parts
    )
    return MailPage(
        issue=maker.line(issue),
        imprint=press.imprint(source, issue),
        palette=source.theme.palette(issue.accent),
        parts=tuple(part for part in parts if part.cards),
        letter=letter,
        card=cards.issue_url(source, issue),
        base_url=source.base_url,
        local=not source.config.site.base_url,
    )


def make(job: Job, studio: Studio) -> Product:
    page: MailPage = job.page
    if not job.template:
        return Product(plain(page).encode())
    data = studio.render(job.template, page=page).lstrip()
    if len(data) > LIMIT:
        data = studio.render(job.template, page=dataclasses.replace(page, told=False)).lstrip()
    notes = tuple(too_large(job.path, data))
    return Product(data, notes, (("bytes", len(data)),))


def too_large(path: str, data: bytes) -> Iterator[Diagnostic]:
    if len(data) > LIMIT:
        yield Diagnostic(
            Place(path),
            Severity.WARNING,
            "EM001",
            f"thư nặng {len(data) // 1000} KB, quá {LIMIT // 1000} KB: Gmail sẽ cắt phần cuối",
            "rút ngắn tên bài, hoặc chia số báo thành hai thư",
        )


def plain(page: MailPage) -> str:
    """The mail in words alone, for programs and people that want no more."""
    issue, imprint, base = page.issue, page.imprint, page.base_url
    lines = [imprint.agency, imprint.publisher, ""]
    if page.local:
        lines += [
            *_wrapped("BẢN THỬ, CHƯA GỬI ĐƯỢC: chưa có địa chỉ trang web (site.base_url)."),
            "",
        ]
    lines += [f"BẢN TIN {imprint.name.upper()}"]
    lines += [f"Số {issue.number} · {issue.when.lower()}: {issue.short_title}", "=" * COLUMNS]
    lines += [*_wrapped(issue.title), ""]
    if page.letter:
        lines += [*_entry(page.letter, base), ""]
    for part in page.parts:
        lines += [part.section.title.upper(), "-" * COLUMNS]
        for card in part.cards:
            lines += [*_entry(card, base), ""]
    lines += [f"Đọc cả số: {base}{issue.url}"]
    lines += [f"Bản in (PDF): {base}{issue.pdf}"] if issue.pdf else []
    lines += [f"Sách điện tử (EPUB): {base}{book.url}" for book in issue.books[:1]]
    lines += ["", "-" * COLUMNS, *_wrapped(imprint.licence)]
    if imprint.responsible:
        lines += _wrapped(f"Chịu trách nhiệm xuất bản: {imprint.responsible}")
    lines += [
        line for name, value in imprint.contact if value for line in _wrapped(f"{name}: {value}")
    ]
    lines += _wrapped(imprint.rights)
    return "\n".join(lines) + "\n"


def _entry(card: Card, base: str) -> list[str]:
    return [*_wrapped(card.title), *_wrapped(card.standfirst, "  "), f"  {base}{card.url}"]


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
