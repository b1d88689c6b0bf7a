"""Lưu chiểu and distribution: who gets how many copies, and the marks of the very file printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bulletin.bureau import CopiesSpec, DepositSpec, OfficeSpec, PaperSpec
from bulletin.model import Config, IssueLedger
from bulletin.papers.form import (
    Block,
    Column,
    Facts,
    Heading,
    Labels,
    Paper,
    Para,
    Table,
    filled,
    gap,
    letterhead,
    signed,
)
from bulletin.text import format_number, short_date


@dataclass(frozen=True, slots=True)
class Printed:
    """The file handed to the printer: facts of its bytes. ``packed``: from a release."""

    name: str
    sha256: str
    size: int
    pages: int
    packed: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """How the circulation is spent; ``left`` is None while a number is not known."""

    circulation: int | None
    deposit: int | None
    given: int | None

    @property
    def left(self) -> int | None:
        if self.circulation is None or self.deposit is None or self.given is None:
            return None
        return self.circulation - self.deposit - self.given


def count(words: str) -> int | None:
    """«1.000 bản/kỳ» → 1000; None when no number, or more than one, stands there."""
    found = re.findall(r"\d{1,3}(?:\.\d{3})+|\d+", words)
    return int(found[0].replace(".", "")) if len(found) == 1 else None


def copies(config: Config, office: OfficeSpec) -> Copies:
    deposit = office.deposit.copies if office.deposit else ()
    return Copies(count(config.publication.circulation), _sum(deposit), _sum(office.distribution))


def _sum(rows: tuple[CopiesSpec, ...]) -> int | None:
    """None for an empty list, and while one number is missing."""
    numbers = [row.copies for row in rows]
    return sum(n or 0 for n in numbers) if numbers and None not in numbers else None


def paper(config: Config, issue: IssueLedger, office: OfficeSpec, printed: Printed | None) -> Paper:
    spec, form = issue.spec, office.paper or PaperSpec()
    deposit = office.deposit or DepositSpec()
    spent = copies(config, office)
    name = f"Bản tin {config.publication.name} số {spec.number}/{spec.year}"
    body: list[Block] = [
        Facts(tuple(_facts(config, issue, deposit))),
        Heading("I. Nơi nhận bản lưu chiểu"),
        _table("Nơi nhận bản lưu chiểu", deposit.copies),
        Heading("II. Tệp đã giao nhà in"),
        Facts(tuple(_file(printed))),
        Heading("III. Phát hành"),
        _table("Danh sách phát hành", office.distribution),
        Facts(tuple(_balance(spent))),
        Para(_ground(deposit)),
        Para("Mỗi bản nộp mang dấu “Bản lưu chiểu”, số lượng, ngày giờ nộp và chữ ký"),
    ]
    return Paper(
        name="luu-chieu",
        kind="TỜ KHAI",
        subject=f"Nộp lưu chiểu {name}",
        head=letterhead(config, "TK", form.symbol, spec.year),
        body=tuple(body),
        signs=(signed(form.signer, "Thủ trưởng đơn vị"),),
        receivers=form.receivers or ("Lưu: VT",),
        annexes=_labels(config, issue, office),
    )


def _facts(config: Config, issue: IssueLedger, deposit: DepositSpec) -> Iterable[tuple[str, str]]:
    spec, publication = issue.spec, config.publication
    yield "Tên bản tin", f"Bản tin {publication.name}, số {spec.number}/{spec.year}"
    licence = publication.licence
    if licence and licence.date:
        yield "Giấy phép", f"{licence.number}, ngày {short_date(licence.date)}, {licence.issuer}"
    else:
        yield "Giấy phép", gap("chưa có: số và ngày giấy phép")
    yield "Ngày phát hành", filled(spec.date and short_date(spec.date), "chưa có: ngày phát hành")
    yield "Nộp trước", f"{filled(deposit.clock, 'giờ nộp')} ngày phát hành"
    yield "Nộp lúc", f"{gap('…… giờ ……')} ngày {gap('……/……/………')}"
    yield "Số lượng in", filled(publication.circulation, "chưa có: số lượng in")
    yield "Nơi in", filled(publication.printer, "chưa có: nơi in")
    yield "Người chịu trách nhiệm xuất bản", filled(publication.responsible, "chưa có: họ tên")


def _table(name: str, rows: tuple[CopiesSpec, ...]) -> Table:
    columns = (
        Column("STT", 7, "center"),
        Column("Nơi nhận", 46),
        Column("Số bản", 12, "center"),
        Column("Cách gửi", 20),
        Column("Ký nhận", 18),
    )
    listed = [
        (str(n), row.name, filled(row.copies, "……"), filled(row.way, "……"), "")
        for n, row in enumerate(rows, start=1)
    ] or [("1", gap("chưa có danh sách"), gap("……"), gap("……"), "")]
    total = _sum(rows)
    last = ("", "Cộng", gap("……") if total is None else str(total), "", "")
    return Table(name, columns, tuple(listed), last)


def _file(printed: Printed | None) -> Iterable[tuple[str, str]]:
    if printed is None:
        yield "Tệp", gap("chưa có tệp in; chạy bulletin build --release")
        return
    where = "" if printed.packed else f" {gap('chưa qua bulletin build --release')}"
    yield "Tệp", printed.name + where
    yield "Số trang, cỡ tệp", f"{printed.pages} trang, {format_number(printed.size)} byte"
    # In groups of eight, so that two people can compare it aloud.
    groups = [printed.sha256[at : at + 8] for at in range(0, 64, 8)]
    yield "Mã SHA-256", " ".join(groups)


def _balance(spent: Copies) -> Iterable[tuple[str, str]]:
    def said(number: int | None) -> str:
        return gap("chưa có số") if number is None else f"{format_number(number)} bản"

    yield "Số lượng in", said(spent.circulation)
    yield "Trừ bản lưu chiểu", said(spent.deposit)
    yield "Trừ bản phát hành", said(spent.given)
    left = said(spent.left)
    if spent.left is not None and spent.left < 0:
        left = gap(f"thiếu {-spent.left} bản")
    yield "Còn lại (lưu tại đơn vị)", left


def _ground(deposit: DepositSpec) -> str:
    words = f"Căn cứ: {filled(deposit.source, 'chưa có: căn cứ')}"
    if deposit.state != "confirmed":
        words += f" {gap('chưa đối chiếu: quy định này có áp dụng cho bản tin không')}"
    return words


def _labels(config: Config, issue: IssueLedger, office: OfficeSpec) -> tuple[Block, ...]:
    deposit = office.deposit.copies if office.deposit else ()
    spec, publication = issue.spec, config.publication
    name = f"Bản tin {publication.name} số {spec.number}/{spec.year}"
    rows = [
        (
            row.name,
            filled(row.address, "địa chỉ"),
            f"{filled(row.copies, '……')} bản – {name}" + (" – LƯU CHIỂU" if kept else ""),
            f"Gửi: {publication.short_publisher or publication.publisher}",
        )
        for kept, listed in ((True, deposit), (False, office.distribution))
        for row in listed
    ]
    return (Heading("Nhãn gửi"), Labels(tuple(rows))) if rows else ()
