"""``explain``: what a code means."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.files import Trouble, find_root
from bulletin.terminal import Command, project_option, put


@click.command("explain", cls=Command)
@click.argument("code", metavar="MÃ")
@project_option
def explain_command(code: str, project: str) -> int:
    """Giải thích một mã: nghĩa, cách sửa, điều luật hoặc quy tắc, ví dụ."""
    from bulletin.explain import explain

    try:
        root: Path | None = find_root(Path(project))
    except Trouble:
        root = None  # the program's own rules can be explained anywhere
    put(explain(code, root))
    return 0
