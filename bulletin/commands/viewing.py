"""``serve``: the live preview and the editors' desk."""

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
@click.option(
    "--poll",
    is_flag=True,
    help="Tự xem lại tệp mỗi giây, cho ổ mạng (mặc định: tự nhận ra ổ mạng).",
)
def serve_command(project: str, port: int, public: bool, poll: bool) -> int:
    """Bàn biên tập và bản xem thử trên máy này; trang tự tải lại mỗi khi lưu tệp."""
    from bulletin.serving import Options, serve

    root = find_root(Path(project))
    options = Options(port, not public, poll or None)
    return serve(root, output_folder(root, None), options, moment, say)
