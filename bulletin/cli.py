"""The command ``bulletin``: arguments in, exit codes out; the table of all commands."""

from __future__ import annotations

import contextlib
import itertools
import mmap
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator

import click

from bulletin import __version__
from bulletin.commands import (
    board,
    explaining,
    making,
    office,
    papering,
    printing,
    publishing,
    settling,
    viewing,
    writing,
)
from bulletin.diag import Diagnostic, Place, Severity, render_json, visible
from bulletin.files import Trouble, reason
from bulletin.terminal import Group, put, say, usage_words

MACHINE = "kiểm tra dung lượng, bộ nhớ và quyền đọc ghi rồi chạy lại; bản cũ vẫn nguyên"
NO_MEMORY = "máy không đủ bộ nhớ"
# Address space, never written to: what a MemoryError leaves may be too little for a sentence.
RESERVE = 4 << 20


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


# In the order in which ``bulletin --help`` lists them.
COMMANDS = (
    making.build_command,
    making.proof_command,
    making.check_command,
    explaining.explain_command,
    board.plan_command,
    viewing.serve_command,
    publishing.publish_command,
    publishing.kit_command,
    board.new_group,
    office.office_group,
    writing.import_command,
    printing.preflight_command,
    settling.init_command,
    settling.schema_command,
    settling.cms_config_command,
    settling.doctor_command,
    settling.completion_command,
    writing.docx_command,
)
for command in COMMANDS:
    main_group.add_command(command)
for command in papering.PAPERS:
    office.office_group.add_command(command)


class Stopped(KeyboardInterrupt):
    """Asked to end by something else than Ctrl+C: a closed terminal, the system going down."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextlib.contextmanager
def ended_politely() -> Iterator[None]:
    """Signals that end a program end ours like Ctrl+C: children and temporary files go first.

    The exit code is 128 and the number of the signal, as a shell would say it.
    """

    def stop(number: int, _: object) -> None:
        raise Stopped(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 ok, 1 content, 2 usage or configuration, 3 environment, 4 locked, 70 bug."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        reserve = mmap.mmap(-1, RESERVE)
    except OSError:
        return _no_room()
    try:
        return _within(given, reserve)
    except MemoryError:
        return _no_room()
    finally:
        reserve.close()


def _no_room() -> int:
    """Not even room for saying so in full."""
    with contextlib.suppress(OSError):
        os.write(2, NO_ROOM)  # made when the program was loaded
    return 3


def _within(given: list[str], reserve: mmap.mmap) -> int:
    """Runs the command; ``reserve`` is given back when memory has run out, to say so with."""
    try:
        with ended_politely():
            return _run(given)
    except MemoryError as error:
        reserve.close()
        if "--debug" in given:
            traceback.print_exc()
        error.__traceback__ = None  # and what its frames hold
        return stopped(given, error)


def _run(given: list[str]) -> int:
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
    except (click.Abort, KeyboardInterrupt) as stop:
        cause = stop.__cause__ or stop  # click wraps it
        say("Đã dừng theo yêu cầu.")
        return 128 + (cause.number if isinstance(cause, Stopped) else signal.SIGINT)
    except MemoryError:
        raise  # said where there is room again
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
            return refuse(given, *usage_words(error), 2)
        case Trouble():
            return refuse(given, error.message, error.hint, error.exit_code)
        case OSError():
            where = f" ({error.filename})" if error.filename else ""
            return refuse(given, f"máy không cho làm: {reason(error)}{where}", MACHINE, 3)
        case _ if _is_database_error(error):
            return refuse(given, f"không ghi được bộ nhớ đệm: {error}", MACHINE, 3)
        case MemoryError():
            return refuse(given, NO_MEMORY, MACHINE, 3)
        case ImportError() if "failed to map segment" in str(error):  # the loader's MemoryError
            return refuse(given, NO_MEMORY, MACHINE, 3)
    message = f"lỗi trong chương trình: {type(error).__name__}: {str(error)[:300]}"
    hint = "chạy lại với --debug rồi gửi toàn bộ cho người bảo trì; bản cũ vẫn nguyên"
    return refuse(given, message, hint, 70)


def _is_database_error(error: Exception) -> bool:
    """Without loading the database for those who need none."""
    sqlite3 = sys.modules.get("sqlite3")
    return sqlite3 is not None and isinstance(error, sqlite3.Error)


def _told(message: str, hint: str) -> str:
    return f"lỗi: {visible(message)}" + (f"\n      gợi ý: {visible(hint)}" if hint else "")


NO_ROOM = f"{_told(NO_MEMORY, MACHINE)}\n".encode()


def refuse(given: list[str], message: str, hint: str, code: int) -> int:
    """Say why the command stopped, as data too when data was asked for; returns ``code``."""
    say(_told(message, hint))
    if "--format=json" in given or ("--format", "json") in itertools.pairwise(given):
        name = "SY070" if code == 70 else "SY000"
        put(render_json([Diagnostic(Place(""), Severity.ERROR, name, message, hint)]))
    return code


if __name__ == "__main__":
    raise SystemExit(main())
