"""The whole issue for the board, on office paper: drafts, and holes where articles are missing.

The layout is that of the press, so page numbers agree. What comes out is no press file: no ink, no
bleed, no trim box, «BẢN THẢO» on every page, in a folder that nobody publishes.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bulletin import codec, office, text
from bulletin.diag import Diagnostic, Severity
from bulletin.model import STATUS_WORDS, Card, Issue, IssueLedger, Job, Link, Node, Part, Piece, Row
from bulletin.outputs import delivery, press, site
from bulletin.pages import Hole, ProofIssue
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

EMPTY = 20  # words; a draft with less is a hole
PPI, QUALITY = 150, 80  # of pictures: office printers show no more
SETTLED = ("approved", "published")


def jobs(source: Source) -> Iterator[Job]:
    """One proof for each issue that plans something; the assembly was made with drafts."""
    ledgers = {ledger.key: ledger for ledger in source.assembly.ledger.issues}
    for edition in source.assembly.editions:
        issue, ledger = edition.issue, ledgers[edition.issue.key]
        if source.issues and issue.key not in source.issues:
            continue
        whole, holes = with_holes(issue, ledger, dict(_sections(source)))
        if not whole.pieces:
            continue
        page = press.press_issue(source, dataclasses.replace(edition, issue=whole))
        rows = {row.path: row for row in ledger.rows}
        empty = {hole.uid for hole in holes}
        states = tuple(
            (piece.card.uid, STATUS_WORDS[rows[piece.path].status])
            for piece in issue.pieces
            if rows[piece.path].status not in SETTLED and piece.card.uid not in empty
        )
        needs = [d for p in issue.pieces for d in site.needs(p, "print")]
        needs += [digest for _, digest in (*page.fonts, *page.assets)]
        yield Job(
            f"office/{issue.key}/ban-thao-so-{issue.number}-{issue.year}.pdf",
            "proof",
            ProofIssue(page, holes, states, text.short_date(source.assembly.ledger.as_of)),
            press.TEMPLATE,
            tuple(dict.fromkeys(needs)),
            heavy=True,
        )


def _sections(source: Source) -> Iterator[tuple[str, tuple[Link, str]]]:
    for section in source.config.sections:
        link = Link(section.title, f"chuyen-muc/{section.slug}/")
        yield section.slug, (link, section.description)


# ---- holes ---------------------------------------------------------------------------------


def with_holes(
    issue: Issue, ledger: IssueLedger, sections: Mapping[str, tuple[Link, str]]
) -> tuple[Issue, tuple[Hole, ...]]:
    """The issue in the order of its contents, with a piece for everything that is missing."""
    rows = {row.name: row for row in ledger.rows}
    left = {piece.path: piece for piece in issue.pieces}
    holes: list[Hole] = []
    parts: list[Part] = []
    order = [(part.section, part.articles) for part in ledger.spec.contents]
    listed = {name for _, names in order for name in names}
    rest = [row for row in ledger.rows if row.name not in listed]
    order += [(row.section, (row.name,)) for row in rest]
    for slug, names in order:
        if slug not in sections:
            continue
        link, description = sections[slug]
        pieces = []
        for name in names:
            row = rows.get(name)
            piece = left.pop(row.path, None) if row is not None else None
            if row is not None and piece is None:
                continue
            if piece is None or row is None or row.words < EMPTY:
                hole = _hole(name, row, ledger)
                holes.append(hole)
                piece = _piece(hole, piece, issue, name, link)
            pieces.append(piece)
        same = next((n for n, part in enumerate(parts) if part.section == link), None)
        if pieces and same is not None:
            parts[same] = dataclasses.replace(parts[same], pieces=(*parts[same].pieces, *pieces))
        elif pieces:
            parts.append(Part(link, description, tuple(pieces)))
    return dataclasses.replace(issue, parts=tuple(parts)), tuple(holes)


def _hole(name: str, row: Row | None, ledger: IssueLedger) -> Hole:
    """What the board knows of the missing piece. What nobody wrote down is not guessed."""
    known = {o.id: o.text for o in ledger.spec.orientations}
    if row is None:
        answered = {o for other in ledger.rows for o in other.orientations}
        open_ = [o for o in known if o not in answered]
        words = [f"Mục lục của số này ghi bài «{name}», nhưng chưa có tệp của bài."]
        words.append("Ai viết: chưa ghi ở đâu.")
        if open_:
            words.append("Những định hướng của số này chưa có bài nào trả lời:")
            words += [f"{o}. {known[o]}" for o in open_]
        return Hole(f"trong-{name}", f"Chưa có bài: {name}", tuple(words))
    words = [f"Tệp của bài đã có ({row.path}, {STATUS_WORDS[row.status]}), nhưng chưa có nội dung."]
    words.append(f"Ai viết: {', '.join(row.authors) or 'chưa ghi trong tệp bài'}.")
    words += [f"Định hướng {o}: {known.get(o, '')}" for o in row.orientations]
    if row.brief:
        words.append(f"Đề cương: {row.brief}")
    return Hole(f"trong-{name}", f"Chưa có bài: {row.title}", tuple(words))


def _piece(hole: Hole, draft: Piece | None, issue: Issue, name: str, section: Link) -> Piece:
    """A piece that shows the hole in its place; its body is what :func:`_body` makes."""
    card = Card(
        id=f"{issue.key}/{name}",
        uid=hole.uid,
        url=f"{issue.key}/{name}/",
        title=hole.title,
        standfirst="Chỗ này chừa cho một bài chưa viết.",
        genre="Chỗ chừa",
        authors=(),
        section=section,
        issue=Link(f"Số {issue.number} · {issue.when.lower()}", issue.url),
        keywords=(),
        audience=(),
        lang="vi",
        date=issue.date,
        when=issue.when,
        moment=issue.date,
        accent=issue.accent,
    )
    return Piece(
        card=card,
        body=codec.digest(_body(hole)),
        words=sum(len(line.split()) for line in hole.words),
        layout="feature",
        path=draft.path if draft is not None else f"content/{issue.key}/{name}.md",
        cover=None,
        cover_view=None,
        sources=(),
        ai=None,
        licence="",
        headings=(),
        links=(),
        pictures=(),
    )


def _body(hole: Hole) -> bytes:
    """The words of a hole as a stored body. No box: the engine is slow at boxes in columns."""
    return codec.dumps(
        tuple(
            Node("paragraph", kids=(Node("text", line),), attrs=(("hidden", False),))
            for line in hole.words
        )
    )


# ---- making --------------------------------------------------------------------------------


def make(job: Job, studio: Studio) -> Product:
    page: ProofIssue = job.page
    bodies = {codec.digest(body): body for body in map(_body, page.holes)}
    desk = dataclasses.replace(
        studio, load=lambda digest: bodies.get(digest) or studio.load(digest)
    )
    notes: list[Diagnostic] = []
    if press.fits(desk, job.template):
        rendered, said, _, _ = press.fitted(page.press, job.template, desk)
    else:
        engine = press.Engine(page.press, desk)
        rendered = engine.lay(press.document(page.press, job.template, desk)[0])
        said = engine.said
    notes += press.complaints(job.path, said, rendered, desk)
    issue = page.press.edition.issue
    fonts = [digest for _, digest in page.press.fonts]
    sheets = office.Sheets(
        head=f"Bản tin {page.press.imprint.name}, số {issue.number}/{issue.year}"
        f" · in ngày {page.as_of} · không đưa nhà in",
        feet=tuple(_feet(page, rendered)),
        name=job.path,
    )
    data = office.on_paper(_written(rendered, job.page), sheets, desk.load(_sans(page, fonts)))
    # A proof shows what is wrong; it does not wait until nothing is.
    soft = [dataclasses.replace(note, severity=Severity.WARNING) for note in notes]
    starts = (
        (f"{press.START}{uid}", number) for number, uid in delivery.starts(page.press, rendered)
    )
    facts = (("pages", len(rendered.pages)), ("bytes", len(data)), *starts)
    return Product(data, tuple(soft), facts)


def _sans(page: ProofIssue, fonts: list[str]) -> str:
    return next((d for name, d in page.press.fonts if "Serif" not in name), fonts[0])


def _written(rendered: Any, page: ProofIssue) -> bytes:
    out = io.BytesIO()
    identifier = codec.digest(codec.dumps(page))[:32]
    rendered.write_pdf(
        out, pdf_identifier=identifier.encode(), dpi=PPI, jpeg_quality=QUALITY, optimize_images=True
    )
    return out.getvalue()


def _feet(page: ProofIssue, rendered: Any) -> Iterator[str]:
    """For each page the pieces on it that nobody has approved."""
    states = dict(page.states)
    pieces = {p.card.uid: p.card.title for p in page.press.edition.issue.pieces}
    for sheet in rendered.pages:
        here = [uid for uid in pieces if f"a-{uid}" in sheet.anchors]
        words = [f"{pieces[uid]} ({states[uid]})" for uid in here if uid in states]
        yield "Chưa duyệt: " + "; ".join(words) if words else ""
