"""``office``: the papers that the office otherwise types by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bulletin.commands.making import prepared
from bulletin.diag import Severity
from bulletin.files import Trouble, find_root
from bulletin.terminal import (
    Command,
    Group,
    day_option,
    moment,
    output_folder,
    output_option,
    project_option,
    put,
    say,
    show,
)

FOLDER = "office"


@click.group("office", cls=Group)
def office_group() -> None:
    """Giấy tờ của văn phòng: làm từ chính các bài và tờ khai của số báo."""


@office_group.command("phat-thanh", cls=Command)
@click.argument("issue", metavar="NĂM/so-N")
@click.argument("name", metavar="[BÀI]", required=False)
@project_option
@output_option
@day_option("Tính như vào ngày này")
@click.option("--stdout", is_flag=True, help="In bản chữ ra màn hình, không ghi tệp.")
def broadcast_command(
    issue: str, name: str | None, project: str, output: str | None, as_of: str | None, stdout: bool
) -> int:
    """Bản phát thanh cho loa truyền thanh: số, ngày, đơn vị, chữ viết tắt đọc thành lời."""
    from bulletin import broadcast
    from bulletin.broadcast import paper
    from bulletin.build import exit_code
    from bulletin.diag import arrange
    from bulletin.model import Outcome

    root = find_root(Path(project))
    target = output_folder(root, output)
    report, ready = prepared(root, target, moment(as_of))
    if ready is None or report.failed:
        show(root, arrange(report.items), "text")
        return exit_code(Outcome({}, arrange(report.items), ()))
    scripts = _scripts(ready, target, issue, name)
    notes = tuple(n for _, s in scripts for n in s.notes if n.severity is Severity.WARNING)
    if stdout:
        put("\n\n".join(broadcast.as_text(script) for _, script in scripts))
    else:
        folder = target.folder / FOLDER / issue / "phat-thanh"
        for slug, script in scripts:
            _write(folder / f"{slug}.txt", broadcast.as_text(script).encode())
        whole = tuple(script for _, script in scripts)
        title = f"Bản phát thanh {issue}"
        _write(folder / f"{name or 'ca-so'}.docx", paper.docx(whole, title))
        show(root, arrange(notes), "text")
        total = broadcast.totals(whole)
        say(
            f"Đã ghi {total['pieces']} bài, khoảng {total['minutes']} phút, còn {total['doubts']} "
            f"chỗ cần xem trước khi đọc: {folder}"
        )
    return 0


def _scripts(ready: Any, target: Any, issue: str, name: str | None) -> list[tuple[str, Any]]:
    """(file name, script) of the public pieces asked for, in the order of the issue."""
    from bulletin import codec
    from bulletin.broadcast.pieces import of_issue
    from bulletin.outlets import Broadcast
    from bulletin.seating import nearest
    from bulletin.store import Store

    found = next((i for i in ready.assembly.catalog.issues if i.key == issue), None)
    if found is None:
        known = [i.key for i in ready.assembly.catalog.issues]
        raise Trouble(
            f"không có số «{issue}» với bài đã đăng", nearest(issue, known, "các số: "), 2
        )
    starts = {p.path: ready.assembly.place(p.path, "body").line for p in found.pieces}
    settings, label = ready.config.broadcast or Broadcast(), ready.config.publication.name
    with target.lock(), Store(target.own / "cache") as store:
        read = lambda digest: codec.nodes_from(store.blobs.load(digest))  # noqa: E731
        scripts = list(of_issue(label, settings, starts, found, read))
    chosen = [(slug, script) for slug, script in scripts if name in (None, slug)]
    if not chosen:
        names = [slug for slug, _ in scripts]
        raise Trouble(
            f"số {issue} không có bài «{name}»", nearest(str(name), names, "các bài: "), 2
        )
    return chosen


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
