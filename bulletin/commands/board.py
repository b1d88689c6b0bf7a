"""``plan`` and ``new``: the editorial plan and files to begin with."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from bulletin.commands.making import prepared
from bulletin.diag import Severity
from bulletin.files import find_root
from bulletin.genres import GENRES
from bulletin.terminal import (
    Command,
    Group,
    day,
    day_option,
    moment,
    output_folder,
    project_option,
    put,
    put_bytes,
    say,
    show,
)


@click.command("plan", cls=Command)
@project_option
@day_option("Tính như vào ngày này")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "ics", "html")),
    default="text",
    help="Bảng chữ, dữ liệu, lịch (.ics) hoặc trang để gửi.",
)
def plan_command(project: str, as_of: str | None, form: str) -> int:
    """Bảng kế hoạch: thời hạn, yêu cầu của từng số, bài đã có, bài còn thiếu."""
    import shutil

    from bulletin import cabinet, plan
    from bulletin.build import exit_code
    from bulletin.diag import arrange
    from bulletin.model import Outcome

    root = find_root(Path(project))
    target = output_folder(root, None)
    report, ready = prepared(root, target, moment(as_of))
    outcome = Outcome({}, arrange(report.items), ())
    if ready is None:
        show(root, outcome.diagnostics, form)
        return exit_code(outcome)
    ledger = ready.assembly.ledger
    laid = cabinet.pages_laid(target, ledger.issues)
    if form == "json":
        put(json.dumps(plan.as_json(ledger, laid), ensure_ascii=False, indent=1) + "\n")
    elif form == "html":
        put(plan.page(ledger, laid))
    elif form == "ics":
        put_bytes(inner_calendar(ready))
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = shutil.get_terminal_size((100, 24)).columns
        put(plan.render(ledger, width, colour, laid))
    errors = tuple(item for item in outcome.diagnostics if item.severity is Severity.ERROR)
    if errors:
        say(f"Lưu ý: có {len(errors)} lỗi trong bản thảo, bảng có thể thiếu; xem: bulletin check")
    return exit_code(outcome)


def inner_calendar(ready: Any) -> bytes:
    """What the site's calendar has, and the steps and report days that only the board sees."""
    from bulletin import agenda

    catalog, ledger = ready.assembly.catalog, ready.assembly.ledger
    year = min((issue.spec.year for issue in ledger.issues), default=ledger.as_of.year)
    found = [
        *agenda.entries(catalog.plan, catalog.days, (), ready.config.site.base_url),
        *agenda.reports(ledger, year),
        *agenda.steps(ledger),
    ]
    name = f"Bản tin {ready.config.publication.name} (nội bộ)"
    return agenda.calendar(agenda.Agenda(name, tuple(found)))


@click.group("new", cls=Group)
def new_group() -> None:
    """Tạo bài mới hoặc số mới với đủ các khóa và lời giải thích."""


@new_group.command("article", cls=Command)
@click.argument("title", metavar="TÊN-BÀI")
@project_option
@click.option("--issue", required=True, metavar="NĂM/so-N", help="Số bản tin, ví dụ 2026/so-4.")
@click.option("--section", required=True, metavar="CHUYÊN-MỤC", help="Chuyên mục, ví dụ ky-thuat.")
@click.option(
    "--genre", type=click.Choice(tuple(GENRES)), default="guide", help="Thể loại (mặc định: guide)."
)
@click.option("--slug", default="", metavar="ĐỊA-CHỈ", help="Địa chỉ bài (mặc định: từ tên bài).")
def new_article_command(
    title: str, project: str, issue: str, section: str, genre: str, slug: str
) -> int:
    """Tạo một bài mới ở dạng nháp."""
    from bulletin import desk

    root = find_root(Path(project))
    path = desk.new_article(root, title, issue, section, genre, slug)
    say(
        f"Đã tạo {path.relative_to(root)}. "
        f"Thêm «{path.stem}» vào contents: của issues/{issue}.yaml."
    )
    return 0


@new_group.command("issue", cls=Command)
@click.argument("title", metavar="CHỦ-ĐỀ")
@project_option
@click.option(
    "--number", type=click.IntRange(1, 99), metavar="N", required=True, help="Số thứ tự trong năm."
)
@click.option("--year", type=click.IntRange(2000, 2199), metavar="NĂM", required=True, help="Năm.")
@click.option("--deadline", required=True, metavar="NGÀY", help="Ngày cuối cùng còn đúng hạn.")
def new_issue_command(title: str, project: str, number: int, year: int, deadline: str) -> int:
    """Tạo một số bản tin mới."""
    from bulletin import desk

    root = find_root(Path(project))
    path = desk.new_issue(root, number, year, day(deadline, "--deadline"), title)
    say(f"Đã tạo {path.relative_to(root)}.")
    return 0
