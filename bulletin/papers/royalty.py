"""Nhuận bút of one issue: reckoned from dated rates, the board's coefficients and nothing else.

Amount = coefficient × share of the base salary. Whatever is not written down stays open: the row
has no amount, and the total says that it is not whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bulletin.bureau import (
    KIND_WORDS,
    FeeSpec,
    OfficeSpec,
    PaySpec,
    PieceSpec,
    RateSpec,
    RateTable,
    RoyaltySpec,
    SalarySpec,
    TaxSpec,
)
from bulletin.genres import GENRES
from bulletin.model import IssueLedger, Row
from bulletin.text import format_number

WORDS = {**GENRES, **KIND_WORDS}
PRINTED = ("approved", "published")


@dataclass(frozen=True, slots=True)
class Payment:
    """What one person gets for one piece. ``amount`` is None while something is not known."""

    person: str
    percent: Decimal
    amount: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One piece, picture or piece of work. ``faults``: what is wrong or missing, in words."""

    title: str
    kind: str
    words: int
    pictures: int
    coefficient: Decimal | None
    range: str
    extras: str
    amount: int | None
    payments: tuple[Payment, ...]
    faults: tuple[str, ...] = ()
    fee: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    gross: int
    tax: int
    whole: bool  # whether every amount of this person is known

    @property
    def net(self) -> int:
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class Reckoning:
    """``unit``: đồng per coefficient. ``gaps``: what must be filled in before money is paid."""

    day: date
    dated: bool
    due: date | None
    salary: SalarySpec | None
    unit: int | None
    table: RateTable | None
    tax: TaxSpec | None
    lines: tuple[Line, ...]
    people: tuple[Person, ...]
    gaps: tuple[str, ...]

    @property
    def gross(self) -> int:
        return sum(person.gross for person in self.people)

    @property
    def withheld(self) -> int:
        return sum(person.tax for person in self.people)

    @property
    def whole(self) -> bool:
        return all(line.amount is not None for line in self.lines)


def reckon(issue: IssueLedger, office: OfficeSpec, pay: PaySpec) -> Reckoning:
    """On the day of publication; on the plan's last day while nobody has written that down."""
    royalty = office.royalty or RoyaltySpec()
    day = issue.spec.date or issue.spec.deadline.date
    salary = salary_on(royalty, day)
    table = table_on(royalty, day)
    unit = unit_of(royalty, salary)
    tax = tax_on(royalty, day)
    desk = Desk(royalty, table, unit)
    lines = (*desk.pieces(issue, pay), *desk.pictures(pay), *desk.fees(pay))
    due = None
    if issue.spec.date and royalty.pay_within is not None:
        due = issue.spec.date + timedelta(royalty.pay_within)
    return Reckoning(
        day,
        issue.spec.date is not None,
        due,
        salary,
        unit,
        table,
        tax,
        lines,
        people(lines, tax),
        tuple(gaps(issue, royalty, salary, table, tax, pay)),
    )


def salary_on(royalty: RoyaltySpec, day: date) -> SalarySpec | None:
    known = [row for row in royalty.salaries if row.start and row.start <= day]
    return known[-1] if known and known[-1].amount is not None else None


def table_on(royalty: RoyaltySpec, day: date) -> RateTable | None:
    for table in royalty.tables:
        if table.start and table.start <= day and (table.end is None or day <= table.end):
            return table
    return None


def tax_on(royalty: RoyaltySpec, day: date) -> TaxSpec | None:
    known = [row for row in royalty.taxes if row.start and row.start <= day]
    return known[-1] if known else None


def unit_of(royalty: RoyaltySpec, salary: SalarySpec | None) -> int | None:
    if salary is None or salary.amount is None or royalty.share is None:
        return None
    return rounded(Decimal(salary.amount) * exact(royalty.share) / 100)


def exact(value: float) -> Decimal:
    """0.1 as the board wrote it, not as a binary fraction."""
    return Decimal(repr(value))


def rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def gaps(
    issue: IssueLedger,
    royalty: RoyaltySpec,
    salary: SalarySpec | None,
    table: RateTable | None,
    tax: TaxSpec | None,
    pay: PaySpec,
) -> Iterable[str]:
    if issue.spec.date is None:
        yield "ngày phát hành thật (date của số): đang tính theo hạn cuối của kế hoạch"
    if royalty.share is None:
        yield "một hệ số bằng bao nhiêu % lương cơ sở (royalty.share)"
    if salary is None:
        yield "lương cơ sở của ngày phát hành (royalty.salaries)"
    if table is None:
        yield "bảng hệ số của cơ quan (royalty.tables)"
    elif not table.decision or not (table.decision.number and table.decision.date):
        yield "số và ngày của quyết định ban hành bảng hệ số"
    elif table.decision.state != "confirmed":
        yield f"đối chiếu quyết định {table.decision.number} (state: confirmed)"
    if tax is None:
        yield "mức khấu trừ thuế (royalty.taxes): bảng chưa khấu trừ"
    if not pay.pieces:
        yield "hệ số của từng bài (rieng/nhuan-but)"


# ---- lines -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Desk:
    """The rules of one day."""

    royalty: RoyaltySpec
    table: RateTable | None
    unit: int | None

    def pieces(self, issue: IssueLedger, pay: PaySpec) -> list[Line]:
        """Every piece that is printed, whether the board has set its coefficient or not."""
        known = {spec.article: spec for spec in pay.pieces if spec.article}
        rows = [row for row in issue.rows if row.status in PRINTED]
        made = [self.piece(row, known.pop(row.name, PieceSpec())) for row in rows]
        for spec in known.values():
            fault = f"số này không có bài «{spec.article}» đã duyệt"
            made.append(Line(spec.article, "", 0, 0, None, "", "", None, (), (fault,)))
        return made

    def piece(self, row: Row, spec: PieceSpec) -> Line:
        genre = spec.genre or row.genre
        authors = spec.authors or row.authors
        return self.line(row.title, genre, (row.words, len(row.credits)), authors, spec)

    def pictures(self, pay: PaySpec) -> list[Line]:
        return [
            self.line(spec.title, spec.genre, (0, spec.count), spec.authors, spec)
            for spec in pay.pieces
            if not spec.article
        ]

    def line(
        self, title: str, genre: str, size: tuple[int, int], authors: Sequence[str], spec: PieceSpec
    ) -> Line:
        faults: list[str] = []
        amount = self.amount(spec, genre, faults)
        shares = self.shares(authors, spec, faults)
        extras = ", ".join(f"{self.addition(t.id)} {t.percent} %" for t in spec.additions)
        return Line(
            title=title,
            kind=WORDS.get(genre, genre),
            words=size[0],
            pictures=size[1],
            coefficient=None if spec.coefficient is None else exact(spec.coefficient),
            range=self.range(genre),
            extras=extras,
            amount=amount,
            payments=divided(amount, shares),
            faults=tuple(faults),
        )

    def amount(self, spec: PieceSpec, genre: str, faults: list[str]) -> int | None:
        if spec.coefficient is None:
            return None
        coefficient = exact(spec.coefficient)
        self.check(coefficient, genre, faults)
        factor = self.factor(spec, faults)
        if self.unit is None or factor is None:
            return None
        count = spec.count if not spec.article else 1
        return rounded(coefficient * self.unit * factor * count)

    def check(self, coefficient: Decimal, genre: str, faults: list[str]) -> None:
        """Against the table of the office and the ceiling of the decree."""
        rate = self.rate(genre)
        if rate is not None and rate.low is not None:
            low, high = exact(rate.low), exact(rate.high if rate.high is not None else rate.low)
            if not low <= coefficient <= high:
                faults.append(f"hệ số {shown(coefficient)} ngoài khung {self.range(genre)}")
        for ceiling in self.royalty.ceilings:
            limit = exact(ceiling.high or 0.0)
            if genre in ceiling.genres and coefficient > limit:
                faults.append(f"hệ số {shown(coefficient)} vượt mức tối đa {shown(limit)}")

    def factor(self, spec: PieceSpec, faults: list[str]) -> Decimal | None:
        """A translation replaces the amount of its genre; the others are added to it."""
        known = {addition.id: addition for addition in self.royalty.additions}
        base, more = Decimal(1), Decimal(0)
        for taken in spec.additions:
            addition = known.get(taken.id)
            if addition is None:
                faults.append(f"không có mã «{taken.id}» trong royalty.additions")
                return None
            if not addition.low <= taken.percent <= addition.high:
                frame = f"{addition.low}–{addition.high} %"
                faults.append(f"{addition.name}: {taken.percent} % ngoài khung {frame}")
            part = Decimal(taken.percent) / 100
            if addition.replaces:
                base = part
            else:
                more += part
        return base * (1 + more)

    def shares(
        self, authors: Sequence[str], spec: PieceSpec, faults: list[str]
    ) -> list[tuple[str, Decimal]]:
        if not spec.shares:
            if not authors:
                faults.append("chưa ghi tác giả")
            return [(name, Decimal(100) / len(authors)) for name in authors]
        found = [(share.author, exact(share.percent or 0.0)) for share in spec.shares]
        if sum(percent for _, percent in found) != 100:
            faults.append("các phần của tác giả không cộng thành 100 %")
            return [(name, Decimal(0)) for name, _ in found]
        return found

    def fees(self, pay: PaySpec) -> list[Line]:
        return [self.fee(spec) for spec in pay.fees]

    def fee(self, spec: FeeSpec) -> Line:
        amount, coefficient = spec.amount, None
        faults: tuple[str, ...] = ()
        if spec.coefficient is not None:
            coefficient = exact(spec.coefficient)
            if amount is not None:
                faults = ("thù lao có cả hệ số lẫn số tiền: lấy số tiền",)
            elif self.unit is not None:
                amount = rounded(coefficient * self.unit)
        paid = (Payment(spec.name, Decimal(100), amount),)
        return Line(spec.work, "Thù lao", 0, 0, coefficient, "", "", amount, paid, faults, True)

    def rate(self, genre: str) -> RateSpec | None:
        rates = self.table.rates if self.table else ()
        return next((rate for rate in rates if rate.genre == genre), None)

    def range(self, genre: str) -> str:
        rate = self.rate(genre)
        if rate is None or rate.low is None:
            return ""
        low = format_number(rate.low)
        return low if rate.high is None else f"{low}–{format_number(rate.high)}"

    def addition(self, name: str) -> str:
        return next((a.name for a in self.royalty.additions if a.id == name), name)


def shown(value: Decimal) -> str:
    return format_number(float(value))


def divided(amount: int | None, shares: Sequence[tuple[str, Decimal]]) -> tuple[Payment, ...]:
    """Whole đồng that add up: what rounding leaves goes to the largest remainders."""
    if amount is None:
        return tuple(Payment(name, percent, None) for name, percent in shares)
    raw = [Decimal(amount) * percent / 100 for _, percent in shares]
    parts = [int(value) for value in raw]
    left = amount - sum(parts) if sum(percent for _, percent in shares) else 0
    order = sorted(range(len(raw)), key=lambda at: (parts[at] - raw[at], at))
    for at in order[: max(0, left)]:
        parts[at] += 1
    return tuple(Payment(n, p, part) for (n, p), part in zip(shares, parts, strict=True))


# ---- people ------------------------------------------------------------------


def people(lines: Iterable[Line], tax: TaxSpec | None) -> tuple[Person, ...]:
    """Who gets how much in all, in the order in which they appear."""
    sums: dict[str, int] = {}
    known: dict[str, bool] = {}
    for line in lines:
        for payment in line.payments:
            sums[payment.person] = sums.get(payment.person, 0) + (payment.amount or 0)
            known[payment.person] = known.get(payment.person, True) and payment.amount is not None
    return tuple(
        Person(name, gross, withheld(gross, tax), known[name]) for name, gross in sums.items()
    )


def withheld(gross: int, tax: TaxSpec | None) -> int:
    """Of the whole sum, once it reaches the threshold."""
    if tax is None or tax.percent is None or tax.threshold is None or gross < tax.threshold:
        return 0
    return rounded(Decimal(gross) * exact(tax.percent) / 100)
