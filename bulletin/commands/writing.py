"""``import``: Word files become articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bulletin.diag import Severity
from bulletin.files import Trouble, find_root
from bulletin.genres import GENRES
from bulletin.terminal import FORMATS, Command, project_option, put, say, show


@click.command("import", cls=Command)
@click.argument("files", metavar="TỆP.docx [ẢNH]…", nargs=-1)
@project_option
@click.option("--issue", default="", metavar="NĂM/so-N", help="Số bản tin (mặc định: số đang làm).")
@click.option("--section", default="", metavar="CHUYÊN-MỤC", help="Chuyên mục, ví dụ ky-thuat.")
@click.option(
    "--genre", type=click.Choice(tuple(GENRES)), default="guide", help="Thể loại (mặc định: guide)."
)
@click.option("--slug", default="", metavar="ĐỊA-CHỈ", help="Địa chỉ bài (mặc định: từ tên bài).")
@click.option("--inbox", is_flag=True, help="Nhập mọi tệp Word trong hop-thu/.")
@click.option("--update", is_flag=True, help="Bài đã có: cho xem khác nhau, chưa ghi.")
@click.option("--write", is_flag=True, help="Cùng --update: ghi phần chữ mới vào bài.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Dạng báo lỗi.")
def import_command(
    files: tuple[str, ...],
    project: str,
    issue: str,
    section: str,
    genre: str,
    slug: str,
    inbox: bool,
    update: bool,
    write: bool,
    form: str,
) -> int:
    """Nhập bài từ tệp Word (.docx), kể cả chữ .VnTime và VNI, kèm hình."""
    from bulletin import intake
    from bulletin.inbox import take as take_inbox

    root = find_root(Path(project))
    _sensible(files, inbox, update, write)
    if inbox:
        outcome = take_inbox(root)
        done = [*outcome.taken, *outcome.refused]
        show(root, outcome.stuck, "text")
        if not done:
            say("Hộp thư hop-thu/ không có tệp Word nào chờ nhập.")
    else:
        order = intake.Order(
            Path(files[0]), tuple(Path(name) for name in files[1:]), issue, section, genre, slug
        )
        done = [intake.renew(root, order, write) if update else intake.take(root, order)]
    if form != "text":
        show(root, tuple(item for one in done for item in one.problems), form)
    for one in done:
        _tell(root, one, update, write, form)
    return int(any(one.article is None for one in done))


def _sensible(files: tuple[str, ...], inbox: bool, update: bool, write: bool) -> None:
    if inbox and (files or update):
        raise Trouble(
            "--inbox không đi cùng tên tệp hoặc --update", "chạy: bulletin import --inbox", 2
        )
    if not inbox and not files:
        raise Trouble(
            "thiếu tên tệp Word", "ví dụ: bulletin import bai.docx anh-1.jpg --issue 2026/so-4", 2
        )
    if write and not update:
        raise Trouble("--write chỉ đi cùng --update", "bài mới thì bỏ --write", 2)


def _tell(root: Path, one: Any, update: bool, write: bool, form: str) -> None:
    """Words for the editor: where the article is, and what to do by hand."""
    errors = tuple(item for item in one.problems if item.severity is Severity.ERROR)
    if one.article is None:
        if form == "text":
            show(root, errors, form)
        say(f"Chưa nhập được {one.source}. Chưa có gì được ghi.")
        return
    name = one.article.relative_to(root).as_posix()
    if update:
        if form == "text" and one.diff:
            put(one.diff)
        say(_renewed(name, bool(one.diff), write))
        return
    say(f"Đã nhập {one.source} thành {name} (bản nháp).")
    if one.added:
        say("  Hình: " + ", ".join(path.name for path in one.added))
    if one.problems:
        say(f"  Việc cần làm tay: {len(one.problems)}, ghi trong {one.listed.name}")
        if form == "text":
            for item in one.problems:
                say(f"  [ ] {item.message}")
    issue = one.article.parent.relative_to(root / "content").as_posix()
    say(f"Thêm «{one.article.stem}» vào contents: của issues/{issue}.yaml.")


def _renewed(name: str, differs: bool, write: bool) -> str:
    if not differs:
        return f"{name}: phần chữ không khác tệp Word."
    if write:
        return f"Đã ghi phần chữ mới vào {name}; phần khai báo giữ nguyên."
    return f"Chưa ghi gì. Muốn thay phần chữ của {name}: chạy lại, thêm --write."


@click.command("docx", cls=Command)
@click.argument("article", metavar="BÀI")
@project_option
@click.option(
    "-o", "--output", metavar="TỆP.docx", help="Tệp ra (mặc định: BÀI-duyet.docx ở thư mục này)."
)
def docx_command(article: str, project: str, output: str | None) -> int:
    """Chép một bài ra Word để lãnh đạo đọc và duyệt."""
    from bulletin import intake

    root = find_root(Path(project))
    path = intake.approval_copy(root, article, Path(output) if output else None)
    say(f"Đã ghi {path}.")
    return 0
