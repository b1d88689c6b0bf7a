"""``build``, ``proof``, ``check``: what reads the project and makes things of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bulletin.files import Output, Trouble, find_root
from bulletin.terminal import (
    Command,
    common_options,
    counts,
    moment,
    output_folder,
    progress,
    put,
    say,
    show,
)

ALL = "*"  # --release without an issue


def release_option(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--release",
        is_flag=False,
        flag_value=ALL,
        default=None,
        metavar="[NĂM/so-N]",
        help=words,
    )


@click.command("build", cls=Command)
@common_options
@click.option(
    "--only", type=click.Choice(("site", "print")), help="Chỉ dựng trang web hoặc chỉ bản in."
)
@click.option("--drafts", is_flag=True, help="Dựng cả bài nháp (để xem thử, không để đăng).")
@click.option("--profile", default="", metavar="TÊN", help="Hồ sơ in, thay cho print.use.")
@release_option(
    "Giao nhà in: kiểm tra tệp, gói hồ sơ cho số này (không ghi số: mọi số đã phát hành)."
)
@click.option(
    "-j",
    "--workers",
    type=click.IntRange(0, 64),
    metavar="N",
    default=0,
    help="Số tiến trình (0: theo máy).",
)
def build_command(
    project: str,
    output: str | None,
    as_of: str | None,
    form: str,
    only: str | None,
    drafts: bool,
    profile: str,
    release: str | None,
    workers: int,
) -> int:
    """Dựng trang web, RSS và PDF vào thư mục output/."""
    from bulletin.build import exit_code
    from bulletin.model import Request

    if release is not None and (only or drafts):
        raise Trouble(
            "--release không đi cùng --only hoặc --drafts",
            "chạy riêng: bulletin build --release",
            2,
        )
    wanted = (only,) if only else ("site", "print", "email")
    request = Request(moment(as_of), drafts, wanted, workers, profile)
    return exit_code(built(project, output, request, form, release))


def built(
    project: str, output: str | None, request: Any, form: str, release: str | None = None
) -> Any:
    """Build, say what came of it; the outcome."""
    from bulletin.build import build

    started = time.perf_counter()
    root = find_root(Path(project))
    target = output_folder(root, output)
    gate = None if release is None else gatekeeper(release)
    with progress(form) as tell:
        outcome = build(root, target, request, gate, tell)
    show(root, outcome.diagnostics, form)
    if outcome.failed:
        say(
            f"Chưa dựng được: {counts(outcome.diagnostics)}. "
            f"Bản cũ trong {target.folder} vẫn nguyên."
        )
    else:
        say(summary(outcome, target.folder, time.perf_counter() - started))
    return outcome


def gatekeeper(release: str) -> Any:
    from bulletin.release import Release  # brings the whole preflight: only when it is asked

    return Release(() if release == ALL else (release,))


@click.command("proof", cls=Command)
@click.argument("issue", metavar="[NĂM/so-N]", required=False)
@common_options
def proof_command(
    issue: str | None, project: str, output: str | None, as_of: str | None, form: str
) -> int:
    """Bản thảo khổ A4 cho Ban biên tập: cả bài nháp, chỗ nào thiếu bài thì chừa trang."""
    from bulletin.build import exit_code
    from bulletin.model import Request

    root = find_root(Path(project))
    if issue is not None and not any(
        (root / "issues" / f"{issue}{ending}").is_file() for ending in (".yaml", ".yml")
    ):
        raise Trouble(f"không có số bản tin «{issue}»", "ví dụ: bulletin proof 2026/so-1", 2)
    chosen = (issue,) if issue else ()
    request = Request(moment(as_of), True, ("office",), issues=chosen)
    return exit_code(built(project, output, request, form))


def summary(outcome: Any, folder: Path, seconds: float) -> str:
    """What the build came to, in a few lines."""
    pages = sum(1 for path in outcome.tree if path.startswith("site/") and path.endswith(".html"))
    lines = ["Đã dựng xong."]
    if pages:
        lines.append(
            f"  Trang web   {pages} trang, {outcome.articles} bài        {folder / 'site'}"
        )
    for path, facts in sorted(outcome.facts.items()):
        if path.startswith(("print/", "office/")):
            size = f"{facts['bytes'] / 1_048_576:.1f} MB".replace(".", ",")
            lines.append(
                f"  PDF         {facts['pages']:>3} trang, {size:>7}        {folder / path}"
            )
    mails = sum(1 for path in outcome.tree if path.startswith("email/") and path.endswith(".html"))
    if mails:
        lines.append(f"  Thư         {mails} số                     {folder / 'email'}")
    kits = sorted(path for path in outcome.tree if path.startswith("kit/"))
    lines += [f"  Tư liệu     {folder / path}" for path in kits]
    folders = {path.rpartition("/")[0] for path in outcome.tree if path.startswith("release/")}
    lines += [f"  Cho nhà in  {folder / path}" for path in sorted(folders)]
    lines.append(f"  Kiểm tra    {counts(outcome.diagnostics)}")
    fresh = f"{len(outcome.made)} tệp dựng mới" if outcome.made else "không có gì thay đổi"
    lines.append(f"  Thời gian   {seconds:.1f} giây ({fresh})".replace(".", ","))
    return "\n".join(lines)


@click.command("check", cls=Command)
@common_options
@release_option("Kiểm tra như sắp giao nhà in: liệt kê mọi thứ còn thiếu.")
@click.option("--fix", is_flag=True, help="Cho xem những chỗ sửa được chắc chắn, rồi hỏi.")
@click.option("--yes", is_flag=True, help="Cùng --fix: ghi luôn, không hỏi.")
def check_command(
    project: str,
    output: str | None,
    as_of: str | None,
    form: str,
    release: str | None,
    fix: bool,
    yes: bool,
) -> int:
    """Kiểm tra mọi bài và cấu hình, không dựng gì."""
    from bulletin.build import exit_code
    from bulletin.diag import arrange
    from bulletin.model import Outcome

    root = find_root(Path(project))
    target = output_folder(root, output)
    report, ready = prepared(root, target, moment(as_of))
    if fix and ready is not None and _fixed(ready, yes):
        report, ready = prepared(root, target, moment(as_of))
    if release is not None and ready is not None:
        report.extend(gatekeeper(release).demands(ready))
    outcome = Outcome({}, arrange(report.items), ())
    show(root, outcome.diagnostics, form)
    say(f"Đã kiểm tra: {counts(outcome.diagnostics)}.")
    return exit_code(outcome)


def _fixed(ready: Any, yes: bool) -> bool:
    """Show the diff, ask, write; whether anything was written."""
    from bulletin import mending

    mends = mending.plan(ready)
    put("".join(mend.diff for mend in mends))
    if not mends:
        say("Không có chỗ nào sửa được chắc chắn.")
        return False
    if not yes and not (sys.stdin.isatty() and click.confirm("Ghi các chỗ sửa này?")):
        say(f"Chưa ghi gì ({len(mends)} tệp). Ghi: bulletin check --fix --yes")
        return False
    mending.write(ready, mends)
    say(f"Đã sửa {len(mends)} tệp.")
    return True


def prepared(root: Path, target: Output, as_of: datetime, drafts: bool = False) -> tuple[Any, Any]:
    """(report, prepared or None): everything read and assembled, nothing made."""
    from bulletin.build import prepare
    from bulletin.diag import Report
    from bulletin.store import Store
    from bulletin.workers import toolchain

    report = Report()
    with target.lock(), Store(target.own / "cache") as store:
        ready = prepare(root, store, toolchain(), as_of, drafts, report)
    return report, ready
