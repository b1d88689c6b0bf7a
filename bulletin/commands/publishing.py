"""``publish`` and ``kit``: the built site to its readers, an issue to other houses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from bulletin.commands.making import built
from bulletin.files import Trouble, find_root
from bulletin.terminal import (
    Command,
    common_options,
    moment,
    output_folder,
    project_option,
    put,
    say,
    show,
)

YES = frozenset({"có", "co", "c", "y", "yes"})


@click.command("publish", cls=Command)
@click.argument("name", metavar="[NƠI-ĐĂNG]", required=False)
@project_option
@click.option("-o", "--output", metavar="THƯ-MỤC", help="Thư mục đã dựng (mặc định: output).")
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem kế hoạch, không đụng tới nơi đăng.")
@click.option("--yes", is_flag=True, help="Không hỏi lại (để chạy tự động).")
@click.option("--all", "everything", is_flag=True, help="Gửi lại cả những tệp không đổi.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", help="Dạng kế hoạch."
)
def publish_command(
    name: str | None,
    project: str,
    output: str | None,
    dry_run: bool,
    yes: bool,
    everything: bool,
    form: str,
) -> int:
    """Đưa trang web đã dựng lên nơi đăng: xem kế hoạch trước, gửi sau, gỡ cuối cùng."""
    from bulletin import publishing
    from bulletin.publishing import plan as plans
    from bulletin.publishing import source
    from bulletin.publishing.runner import Shell
    from bulletin.publishing.targets import target as place

    root = find_root(Path(project))
    config, code = _config(root)
    if config is None:
        return code
    given = _chosen(config.publish, name)
    folder = output_folder(root, output)
    if not folder.own.is_dir():
        raise Trouble("chưa có trang web nào được dựng", source.AGAIN, 1)
    with folder.lock():
        files = source.built(folder, config.site.base_url, given.kind == "folder")
        target = place(given, root, folder.own / "publish", Shell())
        plan = plans.compare(files, target.look(), everything)
        _tell(plan, given, form)
        if plan.nothing:
            say("Nơi đăng đã đúng như bản dựng, không có gì để gửi.")
            return 0
        if dry_run or not _agreed(plan, yes):
            say("Chưa gửi gì." if dry_run else "Đã dừng, chưa gửi gì.")
            return 0 if dry_run else 130
        publishing.carry_out(plan, target, folder.folder / "site", say)
    say(f"Đã đăng lên {given.name}. Xem lại: {config.site.base_url or given.to}")
    return 0


def _config(root: Path) -> tuple[Any, int]:
    """The configuration, or None and the exit code when it has mistakes."""
    from bulletin import outlets
    from bulletin.build import read_config
    from bulletin.diag import Report, arrange

    report = Report()
    config, places = read_config(root, report)
    if config is not None:
        report.extend(outlets.check(config.publish, places))
    show(root, arrange(report.items), "text")
    return (None, 2) if report.failed else (config, 0)


def _chosen(targets: tuple[Any, ...], name: str | None) -> Any:
    if not targets:
        raise Trouble(
            "chưa khai nơi đăng nào",
            "thêm khóa publish: vào bulletin.yaml, xem docs/vi/dang-trang.md",
            2,
        )
    names = ", ".join(target.name for target in targets)
    if name is None:
        if len(targets) == 1:
            return targets[0]
        raise Trouble("có nhiều nơi đăng, chưa chọn nơi nào", f"chọn: {names}", 2)
    found = next((target for target in targets if target.name == name), None)
    if found is None:
        raise Trouble(f"không có nơi đăng «{name}»", f"các nơi: {names}", 2)
    return found


def _tell(plan: Any, given: Any, form: str) -> None:
    from bulletin import publishing

    if form == "json":
        data = publishing.as_json(plan, given.name, given.to)
        put(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    else:
        say(publishing.as_text(plan, given.name, f"{given.to} ({given.kind})"))


def _agreed(plan: Any, yes: bool) -> bool:
    if yes and plan.drastic:
        raise Trouble(
            f"sẽ gỡ {len(plan.removed)} trong {len(plan.before)} tệp, quá nửa trang",
            "xem lại bản dựng; nếu đúng ý thì chạy không có --yes và trả lời câu hỏi",
            1,
        )
    if yes:
        return True
    if not sys.stdin.isatty():
        raise Trouble("không có ai trả lời câu hỏi", "thêm --yes, hoặc --dry-run để chỉ xem", 2)
    say("Đăng lên? Gõ «có» rồi Enter; gõ gì khác thì dừng.")
    return sys.stdin.readline().strip().lower() in YES


@click.command("kit", cls=Command)
@common_options
@click.option("--no-cover", is_flag=True, help="Không lấy bìa từ bản in (nhanh hơn).")
def kit_command(
    project: str, output: str | None, as_of: str | None, form: str, no_cover: bool
) -> int:
    """Bộ tư liệu báo chí của từng số: hình, lời giới thiệu, bản phát thanh, thông cáo."""
    from bulletin.build import exit_code
    from bulletin.model import Request

    wanted = ("kit",) if no_cover else ("print", "kit")
    return exit_code(built(project, output, Request(moment(as_of), False, wanted), form))
