"""Signals, closed streams, and children that end with the build."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import article, magazine
from contract import CODE, Trial

Begin = Callable[..., Trial]
# A layout that does not end by itself: the engine is asked for it by the template.
ENDLESS = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"


def start(case: Trial, *arguments: str, **how: Any) -> subprocess.Popen[bytes]:
    """The command in a session of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "bulletin", *arguments, "-C", str(case.root)],
        env=case.env,
        cwd=CODE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **how,
    )


def session(leader: int) -> set[int]:
    """The living processes of a session."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, fields = entry.joinpath("stat").read_text().rsplit(")", 1)[1].split(None, 1)
            except OSError:
                continue
            if state != "Z" and int(fields.split()[2]) == leader:
                found.add(int(entry.name))
    return found


def until(condition: Callable[[], bool]) -> None:
    for _ in range(2400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.mark.parametrize(
    ("number", "code", "whole_group"),
    [
        (signal.SIGINT, 130, True),  # Ctrl+C reaches the children too
        (signal.SIGTERM, 143, False),
        (signal.SIGHUP, 129, True),
    ],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_b02_a_signal_ends_the_build_and_its_children(
    trial: Begin, number: int, code: int, whole_group: bool
) -> None:
    case = trial()
    assert case.build().code == 0
    before = case.published()
    case.write("themes/plain/templates/print/issue.html", ENDLESS)
    process = start(case, "build", "--only", "print")
    # Two or more: the build, and the child that lays out (and the tracker of their pipes).
    until(lambda: len(session(process.pid)) > 1 and _laying_out(process.pid))
    (os.killpg if whole_group else os.kill)(process.pid, number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    assert (out, b"Traceback" in err) == (b"", False), err
    assert "Đã dừng theo yêu cầu" in err.decode()
    until(lambda: not session(process.pid))
    assert case.published() == before
    case.write("themes/plain/templates/print/issue.html", "")
    assert list(case.temp.iterdir()) == []


def _laying_out(leader: int) -> bool:
    """Whether a child has begun: it has loaded the layout engine and uses the processor."""
    for pid in session(leader) - {leader}:
        try:
            maps = Path(f"/proc/{pid}/maps").read_text()
            used = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if "libpango" in maps and int(used[11]) > 150:
            return True
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_b02_a_signal_while_many_pages_are_made(trial: Begin, number: int) -> None:
    case = trial(magazine(40))
    case.write("themes/plain/templates/web/home.html", ENDLESS)
    process = start(case, "build", "--only", "site", "-j", "1")
    blobs = case.output / ".bulletin/cache/blobs"
    until(lambda: len(list(blobs.glob("*/*"))) > 60)
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 128 + number
    assert (out, b"Traceback" in err) == (b"", False), err
    assert case.published() == {}
    case.write("themes/plain/templates/web/home.html", "{{ page.head.title }}")
    assert case.build().code == 0


def test_b03_a_build_while_another_one_runs(trial: Begin) -> None:
    case = trial()
    assert case.build().code == 0
    case.write("themes/plain/templates/web/home.html", ENDLESS)
    process = start(case, "build", "--only", "site", "-j", "1")
    lock = case.output / ".bulletin/lock"
    until(lambda: lock.read_text() == str(process.pid))
    try:
        for command in (case.build, case.check):
            result = command()
            assert result.code == 4
            assert str(process.pid) in result.one("SY000")["message"]
    finally:
        process.kill()
        process.communicate()
    case.write("themes/plain/templates/web/home.html", "{{ page.head.title }}")
    assert case.build().code == 0  # kill -9 leaves no lock behind


def test_b03_a_source_that_is_saved_during_the_build(trial: Begin) -> None:
    """Never half of each: a body that changed after it was read is not mixed with its old title."""
    case = trial(magazine(3))
    assert case.build().code == 0
    before = case.published()
    case.write("themes/plain/templates/web/home.html", ENDLESS)
    process = start(case, "build", "--only", "site", "-j", "1")
    until(lambda: (case.output / ".bulletin/lock").read_text() == str(process.pid))
    case.write("content/2026/so-1/bai-1.md", article("Mới", uid='"2026-1-bai-1"'))
    case.write("themes/plain/templates/web/home.html", "{{ page.head.title }}")
    process.terminate()
    process.communicate(timeout=120)
    assert case.published() == before
    assert case.build().code == 0
    assert "Mới" in case.project.text("site/2026/so-1/bai-1/index.html")
