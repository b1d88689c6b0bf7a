"""Báo cáo of any period: what was made, for whom, by whom; what only people know stays open."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bulletin.bureau import OfficeSpec, PaperSpec
from bulletin.genres import GENRES
from bulletin.model import LANGUAGES, Config, IssueLedger, Ledger, Row
from bulletin.papers.form import (
    Bars,
    Block,
    Column,
    Facts,
    Heading,
    Paper,
    Para,
    Table,
    gap,
    letterhead,
    signed,
)
from bulletin.text import format_number, short_date

NO_UNIT = "chưa ghi đơn vị"
NOBODY = "chưa ghi"
# What no program can count; the office writes it in by hand.
ASKED = (
    "Số bản đã phát hành",
    "Số lượt phát trên hệ thống truyền thanh",
    "Số lượt xem trang thông tin điện tử",
    "Ý kiến, thư của bạn đọc",
    "Kinh phí đã sử dụng",
    "Khó khăn, vướng mắc và kiến nghị",
)
Key = Callable[[Row], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    articles: int
    words: int


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date

    @property
    def words(self) -> str:
        return f"từ {short_date(self.first)} đến {short_date(self.last)}"


@dataclass(frozen=True, slots=True)
class Summary:
    """``issues``: those whose plan ends, or that came out, in the period."""

    period: Period
    issues: tuple[IssueLedger, ...]
    rows: tuple[Row, ...]
    undated: int
    tables: tuple[tuple[str, tuple[Count, ...]], ...]


def summarise(ledger: Ledger, config: Config, period: Period) -> Summary:
    """Published articles by their day; by the plan's day of their issue while it has none."""
    rows, undated = [], 0
    for issue in ledger.issues:
        for row in issue.rows:
            day = row.day or issue.spec.deadline.date
            if row.status == "published" and period.first <= day <= period.last:
                rows.append(row)
                undated += row.day is None
    inside = tuple(
        issue
        for issue in ledger.issues
        if period.first <= (issue.spec.date or issue.spec.deadline.date) <= period.last
    )
    found = tuple((name, counted(rows, key)) for name, key in keys(config, ledger.office, inside))
    return Summary(period, inside, tuple(rows), undated, found)


def keys(
    config: Config, office: OfficeSpec, issues: tuple[IssueLedger, ...]
) -> tuple[tuple[str, Key], ...]:
    sections = {section.slug: section.title for section in config.sections}
    units = {name: unit.name for unit in office.units for name in unit.authors}
    texts = {o.id: f"{o.id}. {o.text}" for issue in issues for o in issue.spec.orientations}
    return (
        ("Chuyên mục", lambda row: (sections.get(row.section, row.section),)),
        ("Thể loại", lambda row: (GENRES.get(row.genre, row.genre),)),
        ("Đối tượng", lambda row: row.audience or (NOBODY,)),
        ("Định hướng", lambda row: tuple(texts.get(o, o) for o in row.orientations) or ("ngoài",)),
        ("Ngôn ngữ", lambda row: (LANGUAGES.get(row.lang, row.lang),)),
        ("Đơn vị của tác giả", lambda row: _units(row, units)),
        ("Tác giả", lambda row: row.authors or (NOBODY,)),
    )


def _units(row: Row, units: dict[str, str]) -> tuple[str, ...]:
    """Each unit once for an article, however many of its people wrote it."""
    return tuple(dict.fromkeys(units.get(name, NO_UNIT) for name in row.authors)) or (NO_UNIT,)


def counted(rows: Iterable[Row], key: Key) -> tuple[Count, ...]:
    """The most first; names in their order of appearance among equals."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        for name in key(row):
            articles, words = found.get(name, (0, 0))
            found[name] = (articles + 1, words + row.words)
    counts = [Count(name, *numbers) for name, numbers in found.items()]
    return tuple(sorted(counts, key=lambda count: -count.articles))


# ---- the paper ---------------------------------------------------------------


def paper(config: Config, ledger: Ledger, period: Period) -> Paper:
    summary, office = summarise(ledger, config, period), ledger.office
    form = office.paper or PaperSpec()
    words = sum(row.words for row in summary.rows)
    opening = (
        f"Trong thời gian {period.words}, Bản tin {config.publication.name} có "
        f"{len(summary.issues)} số theo kế hoạch, {len(summary.rows)} bài đã đăng với "
        f"{format_number(words)} chữ."
    )
    body: list[Block] = [Para(opening)]
    if summary.undated:
        late = f"{summary.undated} bài chưa ghi ngày đăng, tính theo hạn cuối của số"
        body.append(Para(gap(late), align="left"))
    body += [Heading("I. Tiến độ so với kế hoạch"), _timing(summary, ledger.as_of)]
    body += [Heading("II. Định hướng của kế hoạch"), _orientations(summary)]
    body.append(Heading("III. Sản phẩm"))
    for name, counts in summary.tables:
        if counts and name != "Định hướng":
            rows = tuple((count.name, count.articles) for count in counts)
            body.append(Bars(f"Số bài theo {name.lower()}", rows))
    body.append(Heading("IV. Số liệu văn phòng điền"))
    body.append(Facts(tuple((name, gap("………………………………")) for name in ASKED)))
    body.append(Para(f"Trên đây là báo cáo kết quả thực hiện Bản tin {period.words}"))
    return Paper(
        name="bao-cao",
        kind="BÁO CÁO",
        subject=f"Kết quả thực hiện Bản tin {config.publication.name} {period.words}",
        head=letterhead(config, "BC", form.symbol, period.last.year),
        body=tuple(body),
        signs=(signed(form.signer, "Thủ trưởng đơn vị"),),
        receivers=form.receivers or ("Lưu: VT",),
    )


def timing(issue: IssueLedger, today: date) -> str:
    spec = issue.spec
    if spec.date is not None:
        late = (spec.date - spec.deadline.date).days
        return f"trễ {late} ngày" if late > 0 else "đúng hạn"
    if spec.status == "published":
        return gap("chưa ghi ngày phát hành")
    return "quá hạn" if spec.deadline.date < today else "chưa đến hạn"


def _timing(summary: Summary, today: date) -> Table:
    columns = (
        Column("Số", 10, "center"),
        Column("Thời hạn", 30),
        Column("Phát hành", 24, "center"),
        Column("Kết quả", 34),
        Column("Bài đã đăng", 16, "right"),
    )
    rows = tuple(
        (
            f"{issue.spec.number}/{issue.spec.year}",
            issue.spec.deadline.text,
            short_date(issue.spec.date) if issue.spec.date else gap("……"),
            timing(issue, today),
            f"{sum(row.status == 'published' for row in issue.rows)}/{len(issue.rows)}",
        )
        for issue in summary.issues
    )
    return Table("Tiến độ từng số", columns, rows or (("", gap("không có số nào"), "", "", ""),))


def _orientations(summary: Summary) -> Table:
    columns = (
        Column("Mã", 8, "center"),
        Column("Định hướng", 56),
        Column("Bài đã đăng", 14, "center"),
        Column("Kết quả", 22),
    )
    rows = []
    for issue in summary.issues:
        for orientation in issue.spec.orientations:
            own = [row for row in issue.rows if orientation.id in row.orientations]
            done = sum(row.status == "published" for row in own)
            word = "đủ" if done else "đang làm" if own else "chưa có bài"
            rows.append((orientation.id, orientation.text, str(done), word))
    return Table("Định hướng", columns, tuple(rows) or (("", "không có", "", ""),))


def csv_rows(summary: Summary) -> bytes:
    """Every table below one another: what is counted, its name, articles, words."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("Theo", "Tên", "Số bài", "Số chữ"))
    for name, counts in summary.tables:
        for count in counts:
            shown = f"'{count.name}" if count.name[:1] in "=+-@" else count.name
            writer.writerow((name, shown, count.articles, count.words))
    for name in ASKED:
        writer.writerow(("Văn phòng điền", name, "", ""))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
