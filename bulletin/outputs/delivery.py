"""One layout becomes what leaves the house: the reader's PDF, the press file, booklet, flat plan.

The same laid-out pages are written twice, so line breaks and page numbers are the same on screen
and on paper. The press copy goes through the finisher; the others come out of these two.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bulletin import codec
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.pages import PressIssue
from bulletin.studio import Studio

ENDINGS = {"press": "-in.pdf", "booklet": "-dong-ghim.pdf", "flatplan": "-so-do-trang.pdf"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """The reader's file and its siblings by path, with what was noticed."""

    screen: bytes
    siblings: tuple[tuple[str, bytes], ...]
    diagnostics: tuple[Diagnostic, ...]
    facts: tuple[tuple[str, int], ...]


def paths(path: str) -> tuple[str, ...]:
    """Where the siblings of ``…/ban-tin-so-1-2026.pdf`` lie."""
    stem = path.removesuffix(".pdf")
    return tuple(stem + ending for ending in ENDINGS.values())


def deliver(page: PressIssue, rendered: Any, studio: Studio, path: str) -> Delivery:
    """Write, finish and impose one laid-out issue. ``rendered`` is the engine's document."""
    identifier = codec.digest(codec.dumps(page))[:32]
    screen = reader_copy(page, rendered, identifier)
    missing = missing_profile(page)
    if missing is not None:
        return Delivery(screen, (), (missing,), ())
    finished = _finished(page, written(rendered, identifier), studio, path, identifier)
    notes = list(finished.facts.diagnostics)
    siblings: list[tuple[str, bytes]] = []
    if any(note.severity is Severity.ERROR for note in notes):
        # The site and the reader's file do not wait for a better picture; the printing house does.
        notes = [dataclasses.replace(note, severity=Severity.WARNING) for note in notes]
        notes.append(_withheld(path))
    elif finished.data:
        siblings.append((paths(path)[0], finished.data))
        made, said = _imposed(page, finished.data, path, labels(page, rendered), studio)
        siblings += made
        notes += said
    facts = (("ink", round(finished.facts.max_ink)), ("press_bytes", len(finished.data)))
    return Delivery(screen, tuple(siblings), tuple(notes), facts)


def _withheld(path: str) -> Diagnostic:
    return Diagnostic(
        Place(paths(path)[0]),
        Severity.WARNING,
        "PD018",
        "chưa làm tệp cho nhà in vì những chỗ nêu trên",
        "sửa các chỗ ấy rồi dựng lại; trang web và bản đọc vẫn được dựng",
    )


def written(rendered: Any, identifier: str) -> bytes:
    out = io.BytesIO()
    rendered.write_pdf(out, pdf_identifier=identifier.encode())
    return out.getvalue()


def reader_copy(page: PressIssue, rendered: Any, identifier: str) -> bytes:
    """The tagged file without bleed, for the screen."""
    from bulletin.screen import ScreenSpec, screen

    issue = page.edition.issue
    spec = ScreenSpec(
        title=rendered.metadata.title or f"Bản tin {page.imprint.name}",
        publisher=page.imprint.publisher,
        subject=issue.title,
        identifier=identifier,
        moment=f"{issue.date}T00:00:00+07:00",
    )
    return screen(rendered, spec)


def _finished(page: PressIssue, raw: bytes, studio: Studio, path: str, identifier: str) -> Any:
    from bulletin.prepress import PressSpec, finish

    issue, profile = page.edition.issue, page.profile
    files = dict(page.assets)
    spec = PressSpec(
        trim_width=page.trim_width,
        trim_height=page.trim_height,
        output_profile=studio.load(files[f"print/icc/{profile.icc}"]),
        convert_profile=studio.load(files[f"print/icc/{profile.convert_icc}"]),
        title=f"Bản tin {page.imprint.name}, số {issue.number}/{issue.year}",
        publisher=page.imprint.publisher,
        identifier=identifier,
        moment=f"{issue.date}T00:00:00+07:00",
        standard=profile.standard,
        bleed=profile.bleed,
        marks=profile.marks,
        condition=profile.condition,
        info=profile.condition_info,
        ink_limit=profile.ink_limit,
        palette=page.inks,
        black_text=page.black_text,
        letters=page.letters,
        name=paths(path)[0],
    )
    return finish(raw, spec, studio.kept)


def _imposed(
    page: PressIssue, press: bytes, path: str, starts: dict[int, str], studio: Studio
) -> tuple[list[tuple[str, bytes]], list[Diagnostic]]:
    """Booklet and flat plan of a press file, as far as they can be made."""
    from bulletin.imposition import CannotImpose, Sheets, booklet, flatplan

    _, booklet_path, plan_path = paths(path)
    made, notes = [], []
    sheets = Sheets(paper=page.profile.paper, bleed=page.profile.bleed, name=booklet_path)
    try:
        if page.profile.binding == "saddle":
            made.append((booklet_path, booklet(press, sheets)))
    except CannotImpose as why:
        # The office can do without a booklet; the printing house gets single pages.
        notes.append(dataclasses.replace(why.diagnostic, severity=Severity.WARNING))
    sans = [digest for name, digest in page.fonts if "Serif" not in name]
    font = studio.load(sans[0] if sans else page.fonts[0][1])
    made.append((plan_path, flatplan(press, starts, font)))
    return made, notes


def labels(page: PressIssue, rendered: Any) -> dict[int, str]:
    """Page number → what begins there, for the flat plan."""
    titles = {piece.card.uid: piece.card.title for piece in page.edition.issue.pieces}
    found: dict[int, str] = {}
    for number, uid in starts(page, rendered):
        found.setdefault(number, titles[uid])
    return found


def starts(page: PressIssue, rendered: Any) -> Iterator[tuple[int, str]]:
    """(page number, uid) of each piece in the order of the layout."""
    uids = {f"a-{piece.card.uid}": piece.card.uid for piece in page.edition.issue.pieces}
    for number, sheet in enumerate(rendered.pages, start=1):
        for anchor in sheet.anchors:
            if anchor in uids:  # an anchor comes again on every page of its piece
                yield number, uids.pop(anchor)


def missing_profile(page: PressIssue) -> Diagnostic | None:
    """The ICC profile that ``print:`` names but the theme does not have."""
    for name in (page.profile.icc, page.profile.convert_icc):
        if f"print/icc/{name}" not in dict(page.assets):
            return Diagnostic(
                Place("bulletin.yaml", 1, 1),
                Severity.ERROR,
                "PD019",
                f"không có hồ sơ ICC «{name}» trong giao diện",
                "chép tệp vào print/icc/ của giao diện hoặc sửa print.icc, print.convert_icc",
            )
    return None
