"""Phiếu duyệt: who has seen an issue and each of its articles, with the history of its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bulletin.bureau import OfficeSpec, PaperSpec
from bulletin.genres import GENRES
from bulletin.model import STATUS_WORDS, Config, IssueLedger, Row
from bulletin.papers.form import (
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Para,
    Sign,
    Table,
    filled,
    gap,
    letterhead,
)
from bulletin.text import format_number, short_date


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a file: when, who, what, and its mark in the history."""

    when: str
    who: str
    what: str
    mark: str


History = Mapping[str, Sequence[Event] | None]
STAGES = ("Biên tập", "Thẩm định chuyên môn", "Duyệt in")


def of_issue(config: Config, issue: IssueLedger, office: OfficeSpec, history: History) -> Paper:
    spec = issue.spec
    columns = (
        Column("STT", 10, "center"),
        Column("Bài", 43),
        Column("Tác giả", 22),
        Column("Chữ", 10, "right"),
        Column("Tình trạng", 17),
        Column("Sửa lần cuối", 23),
        Column("Ý kiến, chữ ký", 24),
    )
    rows = tuple(
        (
            str(number),
            row.title,
            filled(", ".join(row.authors), "chưa ghi"),
            format_number(row.words),
            STATUS_WORDS[row.status],
            _last(history.get(row.path)),
            "",
        )
        for number, row in enumerate(issue.rows, start=1)
    )
    body: list[Block] = [
        Facts(
            (
                ("Chủ đề", spec.title),
                ("Thời hạn trong kế hoạch", spec.deadline.text),
                ("Ngày phát hành", filled(spec.date and short_date(spec.date), "chưa có")),
                ("Số bài", _counts(issue)),
            )
        ),
        Heading("I. Các bài"),
        Table("Các bài của số", columns, rows),
        Heading("II. Định hướng của kế hoạch"),
        *(Para(_orientation(issue, o.id, o.text), align="left") for o in spec.orientations),
        Heading("III. Lịch sử tệp của số"),
        *_history(history.get(issue.path)),
        Heading("IV. Ý kiến duyệt"),
        Para(f"Đồng ý / không đồng ý cho in: {gap('………………………………………………')}", align="left"),
    ]
    subject = f"Bản tin {config.publication.name} số {spec.number}/{spec.year}"
    return _paper("phieu-duyet-so", subject, body, config, issue, office)


def of_article(
    config: Config, issue: IssueLedger, row: Row, office: OfficeSpec, history: History
) -> Paper:
    section = next((s.title for s in config.sections if s.slug == row.section), row.section)
    facts = (
        ("Tên bài", row.title),
        ("Tác giả", filled(", ".join(row.authors), "chưa ghi")),
        ("Chuyên mục, thể loại", f"{section}; {GENRES.get(row.genre, row.genre)}"),
        ("Số chữ, số hình", f"{format_number(row.words)} chữ, {len(row.credits)} hình"),
        ("Tác giả hình", ", ".join(dict.fromkeys(row.credits)) or "không có hình"),
        ("Định hướng", ", ".join(row.orientations) or "không"),
        ("Tình trạng", STATUS_WORDS[row.status]),
        ("Tệp", row.path),
    )
    stages = Table(
        "Các bước duyệt",
        (
            Column("Bước", 28),
            Column("Họ và tên", 30),
            Column("Ý kiến", 40),
            Column("Ngày, chữ ký", 26),
        ),
        tuple((stage, gap("……"), "", gap("……/……/………")) for stage in STAGES),
    )
    body: list[Block] = [
        Facts(facts),
        Heading("I. Lịch sử tệp"),
        *_history(history.get(row.path)),
        Heading("II. Các bước duyệt"),
        stages,
        Para("Người duyệt chịu trách nhiệm về nội dung ghi trong phiếu này"),
    ]
    subject = f"Bài “{row.title}”, số {issue.spec.number}/{issue.spec.year}"
    return _paper(f"phieu-duyet-{row.name}", subject, body, config, issue, office)


def _paper(
    name: str,
    subject: str,
    body: list[Block],
    config: Config,
    issue: IssueLedger,
    office: OfficeSpec,
) -> Paper:
    form = office.paper or PaperSpec()
    responsible = config.publication.responsible
    return Paper(
        name=name,
        kind="PHIẾU DUYỆT",
        subject=subject,
        head=letterhead(config, "PD", form.symbol, issue.spec.year),
        body=tuple(body),
        signs=(
            Sign("Người biên tập"),
            Sign("Người chịu trách nhiệm xuất bản", filled(responsible, "chưa có: họ tên")),
        ),
    )


def _counts(issue: IssueLedger) -> str:
    settled = sum(row.status in ("approved", "published") for row in issue.rows)
    return f"{len(issue.rows)} bài, {settled} bài đã duyệt"


def _orientation(issue: IssueLedger, name: str, text: str) -> str:
    titles = [row.title for row in issue.rows if name in row.orientations]
    return f"{name}. {text}: {'; '.join(titles) or gap('chưa có bài')}"


def _last(events: Sequence[Event] | None) -> str:
    if events is None:
        return "không có git"
    return f"{events[-1].when}, {events[-1].who}" if events else gap("chưa ghi vào git")


def _history(events: Sequence[Event] | None) -> list[Block]:
    if events is None:
        return [Para("Dự án không nằm trong git nên không có lịch sử tệp.", align="left")]
    if not events:
        return [Para("Tệp chưa được ghi vào git lần nào.", align="left")]
    columns = (
        Column("Lúc", 24),
        Column("Người sửa", 28),
        Column("Việc", 52),
        Column("Mã", 14, "center"),
    )
    rows = tuple((event.when, event.who, event.what, event.mark) for event in events)
    return [Table("Lịch sử tệp", columns, rows)]
