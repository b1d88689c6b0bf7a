"""How far a build is: on a terminal only, one line, gone at the end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import AS_OF, LIGHT, Make, Project

import bulletin
from bulletin import cli, terminal, workers
from bulletin.build import build
from bulletin.files import Output
from bulletin.model import Request

HOUSE = Path(bulletin.__file__).parent.parent


def on_a_terminal(made: Project, *more: str, **environment: str) -> tuple[str, str]:
    """What the build wrote to a terminal, and to its standard output."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bulletin", "build", "--only", "site", "-C", str(made.root), *more],
        cwd=HOUSE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment},
        stdout=subprocess.PIPE,
        stderr=there,
    )
    os.close(there)
    said = bytearray()
    try:
        while data := os.read(here, 4096):
            said += data
    except OSError:  # on Linux the end of a terminal is an error
        pass
    out, _ = process.communicate()
    os.close(here)
    return said.decode(), out.decode()


def screen(said: str) -> list[str]:
    """The lines that stand on a terminal in the end."""
    lines = []
    for row in said.replace("\r\n", "\n").split("\n"):
        cells: list[str] = []
        for part in row.split("\r"):
            cells[: len(part)] = part
        lines.append("".join(cells).rstrip())
    return lines


def test_stages_on_a_terminal_in_order_and_nothing_stays(project: Make) -> None:
    said, out = on_a_terminal(project(LIGHT), NO_COLOR="1")
    stages = ["Đọc…", "Ghép…", "Trang web 0/", "Ghi ra…", "Đã dựng xong."]
    places = [said.index(stage) for stage in stages]
    assert places == sorted(places)
    assert screen(said)[0] == "Đã dựng xong."
    assert not any(stage in line for stage in stages[:-1] for line in screen(said))
    assert out == ""


def test_the_count_comes_to_its_end(project: Make) -> None:
    said, _ = on_a_terminal(project(LIGHT))
    last = [part for part in said.split("\r") if part.startswith("Trang web")][-1].split()[-1]
    done, _, total = last.partition("/")
    assert done == total != "0"


@pytest.mark.parametrize("form", ["json", "gnu", "github"])
def test_programs_get_no_stages(project: Make, form: str) -> None:
    said, _ = on_a_terminal(project(LIGHT), "--format", form)
    assert "\r" not in said.replace("\r\n", "")
    assert "Ghép…" not in said
    assert "Đã dựng xong." in said


def test_a_terminal_that_cannot_go_back_gets_none(project: Make) -> None:
    said, _ = on_a_terminal(project(LIGHT), TERM="dumb")
    assert "Ghép…" not in said


def test_a_pipe_gets_no_stages(project: Make, capfd: pytest.CaptureFixture[str]) -> None:
    made = project(LIGHT)
    assert cli.main(["build", "--only", "site", "-C", str(made.root)]) == 0
    said = capfd.readouterr().err
    assert "\r" not in said
    assert "Ghép…" not in said


def test_errors_stand_on_a_clean_line(project: Make) -> None:
    files = LIGHT | {"content/2026/so-1/mot.md": "---\ntitle: [\n---\n"}
    said, _ = on_a_terminal(project(files))
    assert "Chưa dựng được" in said
    assert not any("Ghép…" in line or "Đọc…" in line for line in screen(said))


# ---- the line ------------------------------------------------------------------------------------


def drawn(monkeypatch: pytest.MonkeyPatch, columns: int = 80) -> list[str]:
    written: list[str] = []
    monkeypatch.setattr(terminal, "_write", lambda words, _: written.append(words))
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(terminal.Progress, "PAUSE", 0.0)
    return written


def test_two_kinds_of_work_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    written, line = drawn(monkeypatch), terminal.Progress()
    line.tell("dàn trang", 0, 2)
    line.tell("trang web", 0, 9)
    line.tell("trang web", 4, 9)
    assert screen("".join(written)) == ["Dàn trang 0/2 · trang web 4/9"]
    line.tell("trang web", 9, 9)
    assert screen("".join(written)) == ["Dàn trang 0/2"]
    line.close()
    line.tell("dàn trang", 1, 2)
    assert screen("".join(written)) == [""]


def test_a_narrow_terminal_keeps_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    written, line = drawn(monkeypatch, 12), terminal.Progress()
    line.tell("trang web", 100, 2000)
    assert screen("".join(written)) == ["Trang web 1"]


def test_counts_from_many_threads_are_in_order() -> None:
    heard: list[tuple[str, int, int]] = []
    tally = workers.Tally(lambda *step: heard.append(step))
    tally.promise("a", 40)
    threads = [threading.Thread(target=tally.add, args=("a",)) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [("a", number, 40) for number in range(41)]


def test_a_pool_counts_all_its_pages(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "POOL_THRESHOLD", 0)
    heard: list[tuple[str, int, int]] = []
    made = project(LIGHT)
    request = Request(AS_OF, outputs=("site",), workers=2)
    build(made.root, Output(made.output, made.root), request, None, lambda *s: heard.append(s))
    counts = [(done, total) for stage, done, total in heard if stage == workers.PAGES]
    assert counts[0] == (0, 1)
    assert all(done <= total for done, total in counts)
    assert counts[-1][0] == counts[-1][1] == max(total for _, total in counts) > 40
