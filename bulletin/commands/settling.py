"""``init``, ``schema``, ``cms-config``, ``doctor``, ``completion``: project, machine, shell."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from bulletin.diag import Report
from bulletin.files import Trouble, find_root
from bulletin.terminal import Command, moment, project_option, put, say


@click.command("init", cls=Command)
@click.argument("folder", metavar="[THƯ-MỤC]", default=".")
@click.option("--name", default="Bản tin", metavar="TÊN", help="Tên bản tin (mặc định: Bản tin).")
@click.option("--hook", is_flag=True, help="Dự án đã có: kiểm tra trước mỗi lần git commit.")
@click.option(
    "--ci",
    type=click.Choice(("github", "gitlab", "forgejo", "gitea")),
    help="Dự án đã có: viết quy trình kiểm tra, dựng, đăng cho kho này.",
)
@click.option("--as-of", metavar="NGÀY", help="Năm của số đầu tiên (mặc định: năm nay).")
def init_command(folder: str, name: str, hook: bool, ci: str | None, as_of: str | None) -> int:
    """Tạo một dự án bản tin mới trong một thư mục trống."""
    from bulletin import forge, starter

    place = Path(folder)
    if not (place / "bulletin.yaml").exists() or not (hook or ci):
        files = starter.begin(place, name, moment(as_of).date())
        say(f"Đã tạo dự án trong {place.resolve()}: {len(files)} tệp.")
        say("  Điền chỗ trong ngoặc vuông ở bulletin.yaml, rồi: bulletin check, bulletin serve")
    root = find_root(place)
    if hook:
        say(f"Đã ghi {starter.hook(root)}.")
    if ci:
        path, content = forge.workflow(ci)
        starter.write(root, {path: content})
        say(f"Đã ghi {path}. Đặt biến BULLETIN_SOURCE của kho: nơi cài chương trình.")
    return 0


@click.command("schema", cls=Command)
@project_option
@click.option(
    "--kind",
    type=click.Choice(("bulletin", "issue", "article")),
    help="Chỉ in một bảng ra màn hình, không ghi tệp.",
)
def schema_command(project: str, kind: str | None) -> int:
    """Ghi JSON Schema và cài đặt cho VS Code: gợi ý khóa, gạch chân chỗ sai."""
    from bulletin import blueprint, forge, starter

    if kind:
        put(forge.dumped(blueprint.json_schema(kind)))
        return 0
    root = find_root(Path(project))
    files = forge.editor()
    kept = [n for n in files if not n.startswith(forge.SCHEMAS) and (root / n).exists()]
    starter.refresh(root, {n: content for n, content in files.items() if n not in kept})
    say(f"Đã ghi {len(files) - len(kept)} tệp trong .vscode/.")
    if kept:
        say("  Giữ nguyên của bạn: " + ", ".join(kept))
    return 0


@click.command("cms-config", cls=Command)
@project_option
@click.option(
    "--backend",
    type=click.Choice(("github", "gitlab", "gitea")),
    default="github",
    help="Loại kho (mặc định: github; Forgejo dùng gitea).",
)
@click.option("--repo", required=True, metavar="CHỦ/KHO", help="Tên kho, ví dụ lhh/ban-tin.")
def cms_config_command(project: str, backend: str, repo: str) -> int:
    """In cấu hình của Sveltia CMS, để viết bài bằng biểu mẫu trên kho git."""
    from bulletin import build, forge

    root = find_root(Path(project))
    config, _ = build.read_config(root, Report())
    if config is None:
        raise Trouble("bulletin.yaml đang có lỗi", "xem: bulletin check", 2)
    folder = root / "issues"
    issues = sorted(
        p.relative_to(folder).with_suffix("").as_posix() for p in folder.rglob("*.y*ml")
    )
    put(forge.cms(config, issues, backend, repo))
    return 0


@click.command("doctor", cls=Command)
@project_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="Bảng chữ hoặc dữ liệu.",
)
def doctor_command(project: str, form: str) -> int:
    """Khám máy này: Pango, phông, hồ sơ màu, đĩa, git, công cụ; thiếu gì, làm sao."""
    from bulletin import checkup

    try:
        root: Path | None = find_root(Path(project))
    except Trouble:
        root = None  # a machine can be looked at before there is a project
    found = list(checkup.findings(root))
    if form == "json":
        put(
            json.dumps([dataclasses.asdict(item) for item in found], ensure_ascii=False, indent=1)
            + "\n"
        )
    else:
        put(checkup.render(found, checkup.system()))
        if root is None:
            say("Không ở trong dự án nào: chưa xem được giao diện, phông và hồ sơ màu.")
    return 3 if any(item.state == checkup.MISSING for item in found) else 0


@click.command("completion", cls=Command)
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> int:
    """In đoạn lệnh để bấm Tab là hiện tên lệnh và tùy chọn."""
    from click.shell_completion import get_completion_class

    maker = get_completion_class(shell)
    assert maker is not None
    put(maker(ctx.find_root().command, {}, "bulletin", "_BULLETIN_COMPLETE").source())
    return 0
