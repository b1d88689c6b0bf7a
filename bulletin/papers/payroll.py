"""The papers of a reckoning: the list for the board, CSV and workbook for the accountant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bulletin import numerals
from bulletin.bureau import OfficeSpec, PaperSpec, PersonSpec
from bulletin.model import Config, IssueLedger
from bulletin.papers.form import (
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Para,
    Table,
    filled,
    gap,
    letterhead,
    signed,
)
from bulletin.papers.royalty import Line, Payment, Reckoning
from bulletin.papers.word import settled
from bulletin.text import format_number, short_date

MISSING = "chưa có"
HEADS = (
    *("STT", "Tên bài, việc", "Thể loại", "Số chữ", "Số hình", "Hệ số", "Cộng thêm"),
    *("Người nhận", "Phần %", "Số tiền"),
)
PRIVATE = (
    *("Người nhận", "Họ và tên", "Đơn vị", "Số căn cước", "Mã số thuế", "Số tài khoản"),
    *("Ngân hàng", "Số tiền", "Khấu trừ", "Thực lĩnh"),
)


def paper(config: Config, issue: IssueLedger, office: OfficeSpec, sums: Reckoning) -> Paper:
    spec, form = issue.spec, office.paper or PaperSpec()
    name = f"Bản tin {config.publication.name} số {spec.number}/{spec.year}"
    body: list[Block] = [Facts(tuple(_grounds(office, sums))), Heading("I. Nhuận bút, thù lao")]
    body += [_list(sums), Heading("II. Tổng hợp theo người nhận"), _people(sums)]
    faults = [f"{line.title}: {fault}" for line in sums.lines for fault in line.faults]
    if faults:
        body.append(Heading("III. Chỗ cần xem lại"))
        body += [Para(gap(words), align="left") for words in faults]
    if sums.gaps:
        body.append(Heading("Chưa có, văn phòng điền"))
        body += [Para(gap(words), align="left") for words in sums.gaps]
    body.append(Para(_total(sums)))
    return Paper(
        name="nhuan-but",
        kind="BẢNG KÊ",
        subject=f"Nhuận bút, thù lao {name}",
        head=letterhead(config, "BK", form.symbol, spec.year),
        body=tuple(body),
        signs=(
            signed(form.maker, "Người lập biểu"),
            signed(form.accountant, "Kế toán"),
            signed(form.signer, "Thủ trưởng đơn vị"),
        ),
        wide=True,
    )


def _grounds(office: OfficeSpec, sums: Reckoning) -> Iterable[tuple[str, str]]:
    royalty = office.royalty
    day = short_date(sums.day)
    yield "Ngày phát hành", day if sums.dated else gap(f"chưa ghi; tính theo hạn cuối {day}")
    decision = sums.table.decision if sums.table else None
    if decision is None:
        yield "Bảng hệ số", gap("chưa có quyết định về bảng hệ số")
    else:
        number = filled(decision.number, "số quyết định")
        when = filled(decision.date and short_date(decision.date), "ngày quyết định")
        doubt = "" if decision.state == "confirmed" else f" {gap('chưa đối chiếu')}"
        said = f"{number} ngày {when} {decision.issuer}".rstrip()
        yield "Bảng hệ số", said + doubt
    if sums.salary is None or sums.unit is None:
        yield "Lương cơ sở", gap(f"chưa có mức áp dụng ngày {day}")
    else:
        share = format_number(royalty.share or 0) if royalty else ""
        yield (
            "Lương cơ sở",
            f"{money(sums.salary.amount)} đồng ({sums.salary.source}); một hệ số = {share} % = "
            f"{money(sums.unit)} đồng",
        )
    yield "Hạn chi trả", short_date(sums.due) if sums.due else gap("tính từ ngày phát hành")
    tax = sums.tax
    if tax is None:
        yield "Khấu trừ thuế", gap("chưa ghi mức, bảng chưa khấu trừ")
    else:
        rate = f"{format_number(tax.percent or 0)} % khi tổng chi từ {money(tax.threshold)} đồng"
        yield "Khấu trừ thuế", f"{rate} ({tax.source})"


def _list(sums: Reckoning) -> Table:
    shares = (7, 32, 13, 8, 7, 11, 16, 22, 8, 14)
    left, middle, right = "left", "center", "right"
    aligns = (middle, left, left, right, right, middle, left, left, right, right)
    columns = tuple(Column(*column) for column in zip(HEADS, shares, aligns, strict=True))
    total = ("", "Cộng", "", "", "", "", "", "", "", _sum(sums.gross, sums.whole))
    return Table("Nhuận bút, thù lao từng bài", columns, tuple(_rows(sums)), total)


def _rows(sums: Reckoning) -> Iterable[tuple[str, ...]]:
    for number, line in enumerate(sums.lines, start=1):
        paid: tuple[Payment | None, ...] = line.payments or (None,)
        for place, payment in enumerate(paid):
            head = _cells(number, line) if place == 0 else ("",) * 7
            yield (*head, *_paid(payment))


def _cells(number: int, line: Line) -> tuple[str, ...]:
    coefficient = "" if line.fee and line.coefficient is None else gap("……")
    if line.coefficient is not None:
        coefficient = format_number(float(line.coefficient))
    coefficient += f" (khung {line.range})" if line.range else ""
    words = format_number(line.words) if line.words else ""
    pictures = str(line.pictures) if line.pictures else ""
    return (str(number), line.title, line.kind, words, pictures, coefficient, line.extras)


def _paid(payment: Payment | None) -> tuple[str, str, str]:
    if payment is None:
        return gap("chưa ghi"), "", gap("……")
    amount = gap("……") if payment.amount is None else money(payment.amount)
    return payment.person, format_number(round(float(payment.percent), 2)), amount


def _people(sums: Reckoning) -> Table:
    columns = (
        Column("STT", 6, "center"),
        Column("Người nhận", 40),
        Column("Số tiền", 18, "right"),
        Column("Khấu trừ", 18, "right"),
        Column("Thực lĩnh", 18, "right"),
        Column("Ký nhận", 24),
    )
    rows = tuple(
        (
            str(number),
            person.name,
            _sum(person.gross, person.whole),
            money(person.tax),
            _sum(person.net, person.whole),
            "",
        )
        for number, person in enumerate(sums.people, start=1)
    )
    gross, net = (_sum(n, sums.whole) for n in (sums.gross, sums.gross - sums.withheld))
    total = ("", "Cộng", gross, money(sums.withheld), net, "")
    return Table("Tổng hợp theo người nhận", columns, rows, total)


def _sum(amount: int, whole: bool) -> str:
    return money(amount) if whole else gap("chưa đủ")


def _total(sums: Reckoning) -> str:
    if not sums.whole:
        return f"Tổng số tiền: {gap('chưa tính được, còn chỗ trống ở trên')}"
    words = numerals.money(sums.gross)
    return f"Tổng số tiền: {money(sums.gross)} đồng (Bằng chữ: {words})"


def money(amount: int | None) -> str:
    return format_number(amount) if amount is not None else gap("……")


# ---- for the accountant ------------------------------------------------------


def csv_rows(sums: Reckoning) -> bytes:
    """Numbers without dots; UTF-8 with a mark, so that a spreadsheet reads the letters."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in _plain(sums):
        writer.writerow(["" if cell is None else _harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula is written as text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell


Cell = str | int | float | None


def _plain(sums: Reckoning) -> Iterable[tuple[Cell, ...]]:
    for number, line in enumerate(sums.lines, start=1):
        coefficient = None if line.coefficient is None else float(line.coefficient)
        head = (line.title, line.kind, line.words, line.pictures, coefficient, line.extras)
        for payment in line.payments:
            percent = round(float(payment.percent), 4)
            yield (number, *head, payment.person, percent, payment.amount)
        if not line.payments:
            yield (number, *head, None, None, None)


def workbook(sums: Reckoning, known: Mapping[str, PersonSpec], title: str) -> bytes:
    """Two sheets, the second with what only the accountant may see."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Bảng kê"
    second = book.create_sheet("Chi trả")
    for sheet, heads, rows in (
        (first, HEADS, list(_plain(sums))),
        (second, PRIVATE, list(_private(sums, known))),
    ):
        sheet.append(heads)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                _formed(cell)
        for column in sheet.columns:
            widest = max(len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[column[0].column_letter].width = min(48, max(8, widest + 2))
        sheet.freeze_panes = "A2"
    book.properties.title, book.properties.creator = title, "bulletin"
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue())


def _formed(cell: Any) -> None:
    if isinstance(cell.value, int) and cell.value >= 1000:
        cell.number_format = "#,##0"
    elif isinstance(cell.value, str):
        cell.data_type = "s"  # never a formula
        cell.number_format = "@"


def _private(sums: Reckoning, known: Mapping[str, PersonSpec]) -> Iterable[tuple[Cell, ...]]:
    for person in sums.people:
        who = known.get(person.name, PersonSpec(person.name))
        amounts: tuple[Cell, ...] = (person.gross, person.tax, person.net)
        if not person.whole:
            amounts = (MISSING, MISSING, MISSING)
        yield (
            *(person.name, who.name, who.unit, who.id_number, who.tax_code, who.account, who.bank),
            *amounts,
        )
