"""``plan`` and ``new``: the editorial plan and files to begin with."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from bulletin.commands.making import prepared
from bulletin.diag import Severity
from bulletin.files import find_root
from bulletin.model import GENRES
from bulletin.terminal import (
    Command,
    Group,
    day,
    moment,
    output_folder,
    project_option,
    put,
    say,
    show,
)


@click.command("plan", cls=Command)
@project_option
@click.option("--as-of", metavar="NGÀY", help="Tính như vào ngày này (mặc định: hôm nay).")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="Bảng chữ hoặc dữ liệu.",
)
def plan_command(project: str, as_of: str | None, form: str) -> int:
    """Bảng kế hoạch: thời hạn, yêu cầu của từng số, bài đã có, bài còn thiếu."""
    import shutil

    from bulletin import plan
    from bulletin.build import exit_code
    from bulletin.diag import arrange
    from bulletin.model import Outcome

    root = find_root(Path(project))
    report, ready = prepared(root, output_folder(root, None), moment(as_of))
    outcome = Outcome({}, arrange(report.items), ())
    if ready is None:
        show(root, outcome.diagnostics, form)
        return exit_code(outcome)
    if form == "json":
        put(json.dumps(plan.as_json(ready.assembly.ledger), ensure_ascii=False, indent=1) + "\n")
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = shutil.get_terminal_size((100, 24)).columns
        put(plan.render(ready.assembly.ledger, width, colour))
    errors = tuple(item for item in outcome.diagnostics if item.severity is Severity.ERROR)
    if errors:
        say(f"Lưu ý: có {len(errors)} lỗi trong bản thảo, bảng có thể thiếu; xem: bulletin check")
    return exit_code(outcome)


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
