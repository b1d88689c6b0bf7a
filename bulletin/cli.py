"""The command ``bulletin``: arguments in, exit codes out; the only place that reads the clock."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import os
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any, TextIO

import click

from bulletin import __version__
from bulletin.diag import (
    Diagnostic,
    Place,
    Severity,
    render_github,
    render_gnu,
    render_json,
    render_text,
    visible,
)
from bulletin.files import Output, Trouble, find_root
from bulletin.model import GENRES
from bulletin.schema import VIETNAM

FORMATS = ("text", "json", "gnu", "github")
ALL = "*"  # --release without an issue
MAX_EPOCH = 7_258_118_400  # year 2200


# ---- words -------------------------------------------------------------------


class Group(click.Group):
    """A group whose help speaks Vietnamese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "LỆNH [TÙY CHỌN]…", "Cách dùng: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            (name, command.get_short_help_str(72))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None
        ]
        with formatter.section("Lệnh"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class Command(click.Command):
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        arguments = " ".join(
            str(p.make_metavar(ctx)) for p in self.params if isinstance(p, click.Argument)
        )
        formatter.write_usage(ctx.command_path, f"[TÙY CHỌN]… {arguments}".strip(), "Cách dùng: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _options(self, ctx, formatter)


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    rows = [row for p in command.get_params(ctx) if (row := p.get_help_record(ctx)) is not None]
    rows = [(name, _said(name, words)) for name, words in rows]
    with formatter.section("Tùy chọn"):
        formatter.write_dl(rows)


def _said(name: str, words: str) -> str:
    if "--help" in name:
        return "In phần trợ giúp này."
    return words.replace("[required]", "(bắt buộc)")


def _usage_words(error: click.ClickException) -> tuple[str, str]:
    """(sentence, hint) in Vietnamese for click's own errors."""
    match error:
        case click.NoSuchOption():
            near = ", ".join(error.possibilities or ())
            return f"không có tùy chọn «{error.option_name}»", f"ý bạn là {near}?" if near else ""
        case click.exceptions.NoSuchCommand():
            near = ", ".join(error.possibilities or ())
            return f"không có lệnh «{error.command_name}»", f"ý bạn là {near}?" if near else ""
        case click.MissingParameter():
            return f"thiếu {_parameter(error.param)}", ""
        case click.BadOptionUsage():
            return f"tùy chọn «{error.option_name}» cần một giá trị", ""
        case click.BadParameter():
            return f"giá trị của {_parameter(error.param)} không dùng được", _wanted(error.param)
    words = error.message
    if "unexpected extra argument" in words:
        return "thừa tham số " + words.split("(")[-1].rstrip(")."), ""
    return words, ""


def _parameter(param: click.Parameter | None) -> str:
    """As it is typed: ``--number``, or the name of an argument."""
    if param is None:
        return "tham số"
    return param.opts[-1] if isinstance(param, click.Option) else param.human_readable_name


def _wanted(param: click.Parameter | None) -> str:
    kind = param.type if param is not None else None
    if isinstance(kind, click.Choice):
        return "chọn: " + ", ".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.IntRange):
        return f"một số từ {kind.min} đến {kind.max}"
    return ""


# ---- the edge ----------------------------------------------------------------


def say(message: str = "") -> None:
    """Words for people go to stderr; stdout carries data only."""
    _write(message + "\n", sys.stderr)


def put(data: str) -> None:
    """Data for programs."""
    _write(data, sys.stdout)


def _write(words: str, stream: TextIO | None) -> None:
    """A reader that left (``| head``) or a full disk must not change what the command came to."""
    if stream is None:
        return
    try:
        stream.write(words)
        stream.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):  # or the flush at exit fails once more
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def colour_wanted() -> bool:
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ


def moment(given: str | None) -> datetime:
    """The date of the build: ``--as-of``, else SOURCE_DATE_EPOCH, else now, in Vietnam time."""
    if given:
        return datetime.combine(day(given, "--as-of"), clock(23, 59, 59), VIETNAM)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None:
        if not (epoch.isascii() and epoch.isdigit() and int(epoch[:20]) <= MAX_EPOCH):
            raise Trouble(
                f"SOURCE_DATE_EPOCH «{visible(epoch)}» không phải số giây",
                "ví dụ: SOURCE_DATE_EPOCH=1774915200",
                2,
            )
        return datetime.fromtimestamp(int(epoch), VIETNAM)
    return datetime.fromtimestamp(time.time(), VIETNAM)


def day(given: str, option: str) -> date:
    from bulletin import text

    try:
        return text.parse_date(given)
    except text.DateError as why:
        raise Trouble(
            f"ngày «{given}» không hợp lệ: {why}", f"ví dụ: {option} 2026-03-31", 2
        ) from None


def show(root: Path, items: tuple[Diagnostic, ...], form: str) -> None:
    """Print diagnostics; JSON goes to stdout because it is data."""

    def source(path: str) -> str | None:
        if not path.endswith((".md", ".yaml", ".yml", ".html", ".css")):
            return None
        try:
            return (root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    if form == "json":
        put(render_json(items))
    elif form == "gnu":
        put(render_gnu(items))
    elif form == "github":
        put(render_github(items))
    elif items:
        say(render_text(items, source, colour_wanted()))


def counts(items: tuple[Diagnostic, ...]) -> str:
    errors = sum(item.severity is Severity.ERROR for item in items)
    warnings = sum(item.severity is Severity.WARNING for item in items)
    return f"{errors} lỗi, {warnings} cảnh báo"


def project_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "-C",
        "--project",
        default=".",
        metavar="THƯ-MỤC",
        help="Thư mục dự án (mặc định: thư mục này).",
    )(command)


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option(
            "--format", "form", type=click.Choice(FORMATS), default="text", help="Dạng báo lỗi."
        ),
        click.option("--as-of", metavar="NGÀY", help="Dựng như vào ngày này (mặc định: hôm nay)."),
        click.option("-o", "--output", metavar="THƯ-MỤC", help="Thư mục ra (mặc định: output)."),
    ):
        command = option(command)
    return project_option(command)


def output_folder(root: Path, given: str | None) -> Output:
    return Output(Path(os.path.expanduser(given)) if given else root / "output", root)


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=False,
)
@click.version_option(
    __version__, "--version", message="bulletin %(version)s", help="In số phiên bản."
)
@click.option("--debug", is_flag=True, help="In đầy đủ dấu vết khi chương trình hỏng.")
def main_group(debug: bool) -> None:
    """Dựng Bản tin Khoa học và Kỹ thuật từ Markdown: trang web, RSS và PDF để in."""


@main_group.command("build", cls=Command)
@common_options
@click.option(
    "--only", type=click.Choice(("site", "print")), help="Chỉ dựng trang web hoặc chỉ bản in."
)
@click.option("--drafts", is_flag=True, help="Dựng cả bài nháp (để xem thử, không để đăng).")
@click.option("--profile", default="", metavar="TÊN", help="Hồ sơ in, thay cho print.use.")
@click.option(
    "--release",
    is_flag=False,
    flag_value=ALL,
    default=None,
    metavar="[NĂM/so-N]",
    help="Giao nhà in: kiểm tra tệp, gói hồ sơ cho số này (không ghi số: mọi số đã phát hành).",
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
    wanted = (only,) if only else ("site", "print")
    request = Request(moment(as_of), drafts, wanted, workers, profile)
    return exit_code(built(project, output, request, form, release))


def built(
    project: str, output: str | None, request: Any, form: str, release: str | None = None
) -> Any:
    """Build, say what came of it; the outcome."""
    from bulletin.build import build
    from bulletin.release import Release

    started = time.perf_counter()
    root = find_root(Path(project))
    target = output_folder(root, output)
    gate = None if release is None else Release(() if release == ALL else (release,))
    outcome = build(root, target, request, gate)
    show(root, outcome.diagnostics, form)
    if outcome.failed:
        say(
            f"Chưa dựng được: {counts(outcome.diagnostics)}. "
            f"Bản cũ trong {target.folder} vẫn nguyên."
        )
    else:
        say(summary(outcome, target.folder, time.perf_counter() - started))
    return outcome


@main_group.command("proof", cls=Command)
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
    folders = {path.rpartition("/")[0] for path in outcome.tree if path.startswith("release/")}
    lines += [f"  Cho nhà in  {folder / path}" for path in sorted(folders)]
    lines.append(f"  Kiểm tra    {counts(outcome.diagnostics)}")
    fresh = f"{len(outcome.made)} tệp dựng mới" if outcome.made else "không có gì thay đổi"
    lines.append(f"  Thời gian   {seconds:.1f} giây ({fresh})".replace(".", ","))
    return "\n".join(lines)


@main_group.command("check", cls=Command)
@common_options
def check_command(project: str, output: str | None, as_of: str | None, form: str) -> int:
    """Kiểm tra mọi bài và cấu hình, không dựng gì."""
    from bulletin.build import exit_code
    from bulletin.diag import arrange
    from bulletin.model import Outcome

    root = find_root(Path(project))
    report, _ = prepared(root, output_folder(root, output), moment(as_of))
    outcome = Outcome({}, arrange(report.items), ())
    show(root, outcome.diagnostics, form)
    say(f"Đã kiểm tra: {counts(outcome.diagnostics)}.")
    return exit_code(outcome)


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


@main_group.command("plan", cls=Command)
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


@main_group.command("serve", cls=Command)
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


@main_group.group("new", cls=Group)
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


@main_group.command("preflight", cls=Command)
@click.argument("file", metavar="TỆP.pdf")
@project_option
@click.option(
    "--standard",
    type=click.Choice(("x-4", "x-1a", "ua-1", "any")),
    default="x-4",
    help="Chuẩn phải đạt (mặc định: x-4).",
)
@click.option("--trim", metavar="RỘNGxCAO", default="190x270", help="Khổ thành phẩm, mm.")
@click.option("--bleed", metavar="MM", default="3", help="Lề xén, mm.")
@click.option("--multiple", metavar="SỐ", default="4", help="Số trang phải chia hết cho số này.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="Dạng.")
@click.option("--certificate", metavar="TỆP.pdf", help="Ghi phiếu kiểm tra một trang cho nhà in.")
@click.option("--as-of", metavar="NGÀY", help="Ngày ghi trên phiếu (mặc định: hôm nay).")
@click.option("--all-tools", is_flag=True, help="Dừng nếu máy thiếu công cụ kiểm tra.")
def preflight_command(
    file: str,
    project: str,
    standard: str,
    trim: str,
    bleed: str,
    multiple: str,
    form: str,
    certificate: str | None,
    as_of: str | None,
    all_tools: bool,
) -> int:
    """Kiểm tra một tệp PDF như nhà in kiểm tra, không tin cách nó được làm ra."""
    from bulletin import text
    from bulletin.preflight import Options, Spec, run

    width, _, height = trim.partition("x")
    spec = Spec(
        standard=standard,
        trim_width=_measure(width, "--trim"),
        trim_height=_measure(height, "--trim"),
        bleed=_measure(bleed, "--bleed"),
        multiple=int(_measure(multiple, "--multiple")),
    )
    first, last = _legal_lines(Path(project))
    spec = dataclasses.replace(spec, first_lines=first, last_lines=last)
    options = Options(
        spec=spec,
        format=form,
        certificate=Path(certificate) if certificate else None,
        date=text.short_date(moment(as_of).date()),
        title=Path(file).stem,
        fonts=_certificate_fonts(Path(project)) if certificate else {},
        demand_tools=all_tools,
        out=lambda words: click.echo(words, nl=False),
        err=lambda words: click.echo(words, nl=False, err=True),
    )
    return run(Path(file), options)


def _measure(given: str, option: str) -> float:
    """A positive number of the command line."""
    try:
        value = float(given.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value < 10_000:
        raise Trouble(f"giá trị «{given}» của {option} không phải số đo", "ví dụ: 190x270", 2)
    return value


def _legal_lines(project: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the law wants to read on the first and last page, when a project is at hand."""
    from bulletin.build import read_config
    from bulletin.diag import Report

    try:
        config, _ = read_config(find_root(project), Report())
    except Trouble:
        return (), ()
    if config is None:
        return (), ()
    publication = config.publication
    licence = publication.licence.number if publication.licence else ""
    last = (licence, publication.printer, publication.responsible, publication.circulation)
    first = ("BẢN TIN", publication.name, publication.publisher)
    return first, tuple(line for line in last if line)


def _certificate_fonts(project: Path) -> dict[str, bytes]:
    from bulletin.build import theme_folder

    try:
        root = find_root(project)
    except Trouble:
        root = Path()
    fonts = theme_folder(root, "lhh") / "fonts"
    return {
        "regular": (fonts / "BeVietnamPro-Regular.ttf").read_bytes(),
        "bold": (fonts / "BeVietnamPro-Bold.ttf").read_bytes(),
    }


# ---- doors -------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 ok, 1 content, 2 usage or configuration, 3 environment, 4 locked, 70 bug."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        # --debug may stand anywhere; click would accept it only before the command.
        code = main_group.main(
            args=[a for a in given if a != "--debug"], prog_name="bulletin", standalone_mode=False
        )
        return int(code or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Đã dừng theo yêu cầu.")
        return 130
    except Exception as error:
        if debug and not isinstance(error, (click.ClickException, Trouble)):
            traceback.print_exc()
        return stopped(given, error)


def stopped(given: list[str], error: Exception) -> int:
    """What to say of an exception, and its exit code."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            say(error.format_message())
            return 2
        case click.ClickException():
            return refuse(given, *_usage_words(error), 2)
        case Trouble():
            return refuse(given, error.message, error.hint, error.exit_code)
        case OSError() | sqlite3.Error():
            hint = "kiểm tra dung lượng và quyền đọc ghi rồi chạy lại; bản cũ vẫn nguyên"
            return refuse(given, f"máy không cho làm: {error}", hint, 3)
    message = f"lỗi trong chương trình: {type(error).__name__}: {str(error)[:300]}"
    hint = "chạy lại với --debug rồi gửi toàn bộ cho người bảo trì; bản cũ vẫn nguyên"
    return refuse(given, message, hint, 70)


def refuse(given: list[str], message: str, hint: str, code: int) -> int:
    """Say why the command stopped, as data too when data was asked for; returns ``code``."""
    say(f"lỗi: {visible(message)}" + (f"\n      gợi ý: {visible(hint)}" if hint else ""))
    if "--format=json" in given or ("--format", "json") in itertools.pairwise(given):
        name = "SY070" if code == 70 else "SY000"
        put(render_json([Diagnostic(Place(""), Severity.ERROR, name, message, hint)]))
    return code


if __name__ == "__main__":
    raise SystemExit(main())
