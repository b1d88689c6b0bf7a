"""Papers of the group ``office``: values made into DOCX and PDF in ``output/office/``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from bulletin.commands.making import prepared
from bulletin.diag import Severity, arrange
from bulletin.files import Output, Trouble, find_root
from bulletin.terminal import (
    Command,
    day,
    day_option,
    moment,
    output_folder,
    output_option,
    project_option,
    say,
    show,
)

issue_argument = click.argument("issue", metavar="NĂM/so-N")


@dataclass(frozen=True, slots=True)
class Desk:
    """What every paper is made from."""

    root: Path
    target: Output
    ready: Any
    report: Any

    @property
    def ledger(self) -> Any:
        return self.ready.assembly.ledger

    def issue(self, key: str) -> Any:
        from bulletin.seating import nearest

        known = {issue.key: issue for issue in self.ledger.issues}
        if key not in known:
            raise Trouble(f"không có số bản tin «{key}»", nearest(key, known, "các số: "), 2)
        return known[key]

    def printed(self, issue: Any) -> Any:
        """What was handed to the printer, as papers show it."""
        from bulletin import cabinet
        from bulletin.papers.handing import Printed

        found = cabinet.press_file(self.target, issue)
        if found is None:
            return None
        return Printed(found.name, found.sha256, found.size, found.pages, found.packed)


def opened(project: str, output: str | None, as_of: str | None) -> Desk:
    """The project, read; errors of the office's own files stop here."""
    root = find_root(Path(project))
    target = output_folder(root, output)
    report, ready = prepared(root, target, moment(as_of))
    if ready is None:
        show(root, tuple(report.items), "text")
        raise Trouble("chưa đọc được dự án", "sửa các lỗi nêu trên rồi chạy lại", 2)
    errors = sum(item.severity is Severity.ERROR for item in arrange(report.items))
    if errors:
        say(f"Dự án còn {errors} lỗi, giấy vẫn làm từ những gì đọc được. Xem lỗi: bulletin check")
    return Desk(root, target, ready, report)


def on_desk(work: Callable[..., int]) -> Callable[..., Any]:
    """The options of every paper; ``work`` gets the project that they name, opened."""

    @functools.wraps(work)
    def command(project: str, output: str | None, as_of: str | None, **words: Any) -> int:
        return work(opened(project, output, as_of), **words)

    return project_option(output_option(day_option("Tính như vào ngày này")(command)))


def handed(desk: Desk, folder: str, papers: list[Any], extra: Mapping[str, bytes]) -> int:
    """Write the papers as DOCX and PDF; say where they are and what they leave open."""
    from bulletin.papers import form, sheet, word
    from bulletin.store import Store

    files = dict(extra)
    with desk.target.lock(), Store(desk.target.own / "cache") as store:
        store.blobs.sources = desk.ready.snapshot.by_digest()
        theme = desk.ready.theme.files
        for paper in papers:
            files[f"{paper.name}.docx"] = word.document(paper)
            if sheet.SHEET in theme:
                files[f"{paper.name}.pdf"] = sheet.pdf(paper, theme, store.blobs.load)
        where = f"office/{folder}"
        tree = {f"{where}/{name}": store.blobs.put(data) for name, data in files.items()}
        desk.target.publish(tree, store.blobs.load, tuple(tree))
    say(f"Đã ghi {len(files)} tệp vào {desk.target.folder / where}")
    if sheet.SHEET not in theme:
        say(f"Giao diện không có {sheet.SHEET} nên chỉ có bản Word.")
    missing = dict.fromkeys(words for paper in papers for words in form.gaps(paper))
    if missing:
        say("Còn chừa trống, văn phòng điền vào van-phong.yaml, bulletin.yaml hoặc điền tay:")
        for words in missing:
            say(f"  · {words}")
    return 0


# ---- the papers --------------------------------------------------------------


@click.command("nhuan-but", cls=Command)
@issue_argument
@on_desk
def royalty_command(desk: Desk, issue: str) -> int:
    """Bảng kê nhuận bút của một số: Word, PDF, CSV và bảng tính cho kế toán."""
    from bulletin import cabinet
    from bulletin.diag import Report
    from bulletin.papers import payroll, royalty

    found = desk.issue(issue)
    report = Report()
    private = cabinet.private(desk.root, issue, report)
    if report.failed:
        # Their messages quote what stands in the private file: only the places are told.
        for item in report.items:
            say(f"{item.place}: [{item.code}] tệp riêng có chỗ sai ở dòng này")
        raise Trouble("chưa đọc được tệp trong rieng/", "sửa các dòng nêu trên rồi chạy lại", 1)
    office = desk.ledger.office
    sums = royalty.reckon(found, office, private.pay)
    known = {person.author: person for person in private.people.people}
    made = payroll.paper(desk.ready.config, found, office, sums)
    extra = {
        "nhuan-but.csv": payroll.csv_rows(sums),
        "nhuan-but.xlsx": payroll.workbook(sums, known, made.title),
    }
    return handed(desk, issue, [made], extra)


@click.command("luu-chieu", cls=Command)
@issue_argument
@on_desk
def deposit_command(desk: Desk, issue: str) -> int:
    """Tờ khai lưu chiểu, danh sách phát hành, nhãn gửi; mã SHA-256 của tệp đã giao nhà in."""
    from bulletin.papers import handing

    found = desk.issue(issue)
    config, office = desk.ready.config, desk.ledger.office
    spent = handing.copies(config, office)
    if spent.left is not None and spent.left < 0:
        raise Trouble(
            f"lưu chiểu và phát hành nhiều hơn số in {-spent.left} bản",
            "sửa distribution hoặc deposit trong van-phong.yaml, hoặc số lượng in",
            1,
        )
    return handed(desk, issue, [handing.paper(config, found, office, desk.printed(found))], {})


@click.command("phieu-duyet", cls=Command)
@issue_argument
@click.option("--article", default="", metavar="TÊN-TỆP", help="Chỉ phiếu của bài này.")
@on_desk
def approval_command(desk: Desk, issue: str, article: str) -> int:
    """Phiếu duyệt của số và của từng bài, kèm lịch sử tệp lấy từ git."""
    from bulletin.papers import approval
    from bulletin.seating import nearest

    found = desk.issue(issue)
    rows = [row for row in found.rows if article in ("", row.name)]
    if not rows and article:
        names = [row.name for row in found.rows]
        raise Trouble(f"số này không có bài «{article}»", nearest(article, names, "các bài: "), 2)
    config, office = desk.ready.config, desk.ledger.office
    history = events(desk.root, [found.path, *(row.path for row in rows)])
    papers = [approval.of_article(config, found, row, office, history) for row in rows]
    if not article:
        papers.insert(0, approval.of_issue(config, found, office, history))
    return handed(desk, issue, papers, {})


def events(root: Path, paths: list[str]) -> Any:
    """Path → its history; None for each when the project does not lie in git."""
    from bulletin import cabinet
    from bulletin.papers.approval import Event

    found = cabinet.histories(root, paths)
    if found is None:
        return dict.fromkeys(paths)
    return {
        path: tuple(Event(c.when, c.who, c.what, c.mark) for c in changes)
        for path, changes in found.items()
    }


@click.command("bao-cao", cls=Command)
@click.option("--from", "first", required=True, metavar="NGÀY", help="Ngày đầu của kỳ báo cáo.")
@click.option("--to", "last", required=True, metavar="NGÀY", help="Ngày cuối của kỳ báo cáo.")
@on_desk
def report_command(desk: Desk, first: str, last: str) -> int:
    """Báo cáo của một kỳ: Word, PDF và CSV; số liệu chỉ người biết thì chừa chỗ."""
    from bulletin.papers import summary

    start, end = day(first, "--from"), day(last, "--to")
    if end < start:
        raise Trouble("ngày cuối trước ngày đầu", "đổi --from hoặc --to", 2)
    period = summary.Period(start, end)
    made = summary.paper(desk.ready.config, desk.ledger, period)
    counted = summary.summarise(desk.ledger, desk.ready.config, period)
    extra = {"bao-cao.csv": summary.csv_rows(counted)}
    return handed(desk, f"{start.isoformat()}_{end.isoformat()}", [made], extra)


@click.command("giay-phep", cls=Command)
@click.option("--year", type=click.IntRange(2000, 2199), metavar="NĂM", help="Năm ghi trên giấy.")
@on_desk
def licence_command(desk: Desk, year: int | None) -> int:
    """Bảng số liệu hồ sơ giấy phép, đặt cạnh bản đang làm."""
    from bulletin.papers import dossier

    today: date = desk.ledger.as_of
    made = dossier.licence(desk.ready.config, desk.ledger, year or today.year)
    return handed(desk, "giay-phep", [made], {})


@click.command("hop-dong-in", cls=Command)
@issue_argument
@on_desk
def contract_command(desk: Desk, issue: str) -> int:
    """Phụ lục hợp đồng in: khổ, số trang, giấy, màu, cách đóng, số lượng."""
    from bulletin.papers import dossier

    found = desk.issue(issue)
    made = dossier.contract(desk.ready.config, found, desk.ledger.office, desk.printed(found))
    return handed(desk, issue, [made], {})


# In the order in which ``bulletin office --help`` lists them.
PAPERS = (
    royalty_command,
    deposit_command,
    approval_command,
    report_command,
    licence_command,
    contract_command,
)
