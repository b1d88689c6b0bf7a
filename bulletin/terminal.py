"""What the commands share: words for people, data for programs, the clock, options.

Only this module reads the clock.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any, TextIO

import click

from bulletin.diag import (
    Diagnostic,
    Severity,
    render_github,
    render_gnu,
    render_json,
    render_text,
    visible,
)
from bulletin.files import Output, Trouble
from bulletin.text import VIETNAM

FORMATS = ("text", "json", "gnu", "github")
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


def usage_words(error: click.ClickException) -> tuple[str, str]:
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


def put_bytes(data: bytes) -> None:
    """Data whose line ends are part of it."""
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        put(data.decode("utf-8"))
        return
    sys.stdout.flush()
    with contextlib.suppress(BrokenPipeError):
        stream.write(data)
        stream.flush()


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


class Progress:
    """One line on the terminal that says how far the work is; gone when the work ends."""

    PAUSE = 0.05  # seconds between two counts; a stage that begins or ends is always shown

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counted: dict[str, tuple[int, int]] = {}
        self.width = 0
        self.shown = 0.0
        self.closed = False

    def tell(self, stage: str, done: int, total: int) -> None:
        with self.lock:
            if self.closed:
                return
            if not total:
                self.counted.clear()
                self._draw(f"{stage[:1].upper()}{stage[1:]}…")
                return
            fresh = stage not in self.counted
            self.counted[stage] = (done, total)
            if fresh or done == total or time.monotonic() - self.shown >= self.PAUSE:
                self._draw(self._counts())

    def close(self) -> None:
        with self.lock:
            self.closed = True
            if self.width:
                _write(f"\r{' ' * self.width}\r", sys.stderr)

    def _counts(self) -> str:
        """What goes on at the same time, side by side; what is done leaves the line."""
        open_ = {name: pair for name, pair in self.counted.items() if pair[0] < pair[1]}
        words = " · ".join(f"{name} {n}/{of}" for name, (n, of) in (open_ or self.counted).items())
        return f"{words[:1].upper()}{words[1:]}"

    def _draw(self, words: str) -> None:
        """Over the last line, blanks to its end: also terminals without control sequences do it."""
        import shutil

        words = words[: shutil.get_terminal_size().columns - 1]
        _write(f"\r{words.ljust(self.width)}\r{words}", sys.stderr)
        self.width, self.shown = len(words), time.monotonic()


@contextlib.contextmanager
def progress(form: str) -> Iterator[Callable[[str, int, int], None]]:
    """Tells stages to somebody at a terminal; never to a file, a pipe or another program."""
    line = Progress()
    line.closed = form != "text" or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
    try:
        yield line.tell
    finally:
        line.close()


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


output_option = click.option(
    "-o", "--output", metavar="THƯ-MỤC", help="Thư mục ra (mặc định: output)."
)


def day_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--as-of``; ``what`` says what the day is for."""
    return click.option("--as-of", metavar="NGÀY", help=f"{what} (mặc định: hôm nay).")


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    form = click.option(
        "--format", "form", type=click.Choice(FORMATS), default="text", help="Dạng báo lỗi."
    )
    return project_option(output_option(day_option("Dựng như vào ngày này")(form(command))))


def output_folder(root: Path, given: str | None) -> Output:
    return Output(Path(os.path.expanduser(given)) if given else root / "output", root)
