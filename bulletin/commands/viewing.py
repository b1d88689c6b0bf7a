"""``serve``: the live preview."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.files import find_root
from bulletin.terminal import Command, moment, output_folder, project_option, say


@click.command("serve", cls=Command)
@project_option
@click.option(
    "-p",
    "--port",
    type=click.IntRange(1, 65535),
    metavar="N",
    default=8000,
    help="Cổng (mặc định: 8000).",
)
@click.option(
    "--public", is_flag=True, help="Chỉ hiện những gì bạn đọc được thấy (không có bài nháp)."
)
def serve_command(project: str, port: int, public: bool) -> int:
    """Xem thử ngay trên máy này; trang tự tải lại mỗi khi lưu tệp."""
    from bulletin.serve import serve

    root = find_root(Path(project))
    return serve(root, output_folder(root, None), port, not public, moment, say)
