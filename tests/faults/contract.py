"""The contract G1–G9 as one assertion: run the real command on a scratch project, then look at all.

What is checked after every command of a :class:`Trial`:

G1 a command that fails leaves the published folder byte for byte as it was;
G2 nothing outside of output, cache and temporary folder is written, no source changes;
G3 every problem has a relative place, a sentence and, if it is an error, a remedy; sorted, once;
G4 no traceback, no control character on the terminal;
G5 a minute of processor time and a gigabyte of memory are enough;
G6 nobody is called;
G7 the exit code is one of those in the handbook and never that of a bug;
G9 standard output carries data only.

G8 (same bytes) compares several commands and has tests of its own.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import LIGHT, Project

import bulletin

HERE = Path(__file__).parent
CODE = Path(bulletin.__file__).parent.parent
EPOCH = "1795226400"  # 21 November 2026, 09:00 in Vietnam
CODES = {0, 1, 2, 3, 4, 129, 130, 143}
PROCESSOR, MEMORY = 60, 1024  # seconds of processor time, megabytes
# Seconds of the clock after which a command waits for ever, on however busy a machine.
PATIENCE = int(os.environ.get("BULLETIN_TEST_PATIENCE", "240"))


@dataclass(frozen=True)
class Result:
    """What one command came to."""

    code: int
    out: str
    err: str
    strays: tuple[str, ...] = ()
    memory: int = 0
    touches: int = 0

    @property
    def problems(self) -> list[dict[str, Any]]:
        return list(json.loads(self.out)) if self.out else []

    @property
    def codes(self) -> list[str]:
        return [item["code"] for item in self.problems]

    def one(self, code: str) -> dict[str, Any]:
        """The only problem with this code."""
        found = [item for item in self.problems if item["code"] == code]
        assert len(found) == 1, (code, self.codes, self.err)
        return found[0]

    def at(self, code: str) -> str:
        """Where the only problem with this code is: ``path:line:column``."""
        item = self.one(code)
        return f"{item['path']}:{item['line']}:{item['column']}"


@functools.cache
def _zygote(owner: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(HERE / "zygote.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(CODE), "HOME": "/nonexistent"},
    )

    def end() -> None:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)

    atexit.register(end)
    return process


class Trial:
    """A scratch project in a scratch house, and the commands that are run on it."""

    def __init__(self, house: Path, files: Mapping[str, str | bytes] | None = None) -> None:
        self.house = house
        self.home, self.temp = house / "nha", house / "tam"
        self.home.mkdir()
        self.temp.mkdir()
        self.project = Project(house / "duan", {**LIGHT, **(files or {})})
        self.root, self.output = self.project.root, self.project.output
        self.write, self.remove = self.project.write, self.project.remove

    @property
    def env(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.temp),
            "SOURCE_DATE_EPOCH": EPOCH,
            "PYTHONPATH": str(CODE),
        }

    # -- commands ----------------------------------------------------------------------------

    def check(self, **how: Any) -> Result:
        return self.run("check", "--format", "json", **how)

    def build(self, *arguments: str, **how: Any) -> Result:
        rest = arguments or ("--only", "site")
        return self.run("build", "--format", "json", "-j", "1", *rest, **how)

    def run(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        limits: Mapping[str, int] | None = None,
        powerless: bool = False,
        output: Path | None = None,
        cwd: Path | None = None,
    ) -> Result:
        """Run ``bulletin`` with these arguments in a process of its own; assert the contract."""
        before, sources = self.published(output), self.sources(output)
        order = self.order(arguments, output)
        order["env"] |= env or {}
        order["limits"] |= limits or {}
        order["powerless"] = powerless
        order["cwd"] = str(cwd or self.root)
        result = self.obey(order)
        self.keeps(result, before, sources, output, "json" in arguments)
        return result

    def dying_build(self, step: int) -> Result:
        """A build that dies at this touch of the disk (0: lives); nothing is asserted."""
        arguments = ("build", "--format", "json", "-j", "1", "--only", "site")
        return self.obey(self.order(arguments, None) | {"dies": step})

    def order(self, arguments: tuple[str, ...], output: Path | None) -> dict[str, Any]:
        return {
            "args": [*arguments, "-C", str(self.root)] + (["-o", str(output)] if output else []),
            "env": self.env,
            "cwd": str(self.root),
            "limits": {"RLIMIT_CPU": PROCESSOR},
            "powerless": False,
            "patience": PATIENCE,
            "dies": 0,
            "allowed": [str(output or self.output), str(self.temp)],
            **{name: str(self.house / name) for name in ("out", "err", "log")},
        }

    def obey(self, order: dict[str, Any]) -> Result:
        log = self.house / "log"
        log.write_bytes(b"")
        process = _zygote(os.getpid())
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        said = log.read_text("utf-8").splitlines()
        return Result(
            answer["code"],
            (self.house / "out").read_bytes().decode("utf-8"),
            (self.house / "err").read_bytes().decode("utf-8"),
            tuple(line for line in said if not line.startswith("touches ")),
            answer["memory"],
            sum(int(line.split()[1]) for line in said if line.startswith("touches ")),
        )

    # -- the contract ------------------------------------------------------------------------

    def keeps(
        self,
        result: Result,
        before: Mapping[str, bytes],
        sources: Mapping[str, bytes | str],
        output: Path | None = None,
        data: bool = True,
    ) -> None:
        """Assert G1–G7 and G9 for a command that has ended."""
        assert result.code in CODES, f"G7: exit code {result.code}\n{result.err}"
        if result.code:
            assert self.published(output) == before, "G1: a failed command changed the output"
        assert self.sources(output) == sources, "G2: something outside of the output changed"
        writes = [line for line in result.strays if not line.startswith("socket.")]
        assert writes == [], f"G2: {writes}"
        assert "Traceback" not in result.err + result.out, f"G4: {result.err}"
        hidden = [c for c in result.err if not (c.isprintable() or c == "\n")]
        assert hidden == [], f"G4: {hidden}"
        assert result.memory < MEMORY, f"G5: {result.memory} MB"
        calls = [line for line in result.strays if line.startswith("socket.")]
        assert calls == [], f"G6: {calls}"
        if data:
            told(json.loads(result.out))
        else:
            assert result.out == "", "G9: words for people on standard output"

    def published(self, output: Path | None = None) -> dict[str, bytes]:
        return self.project.tree(output)

    def sources(self, output: Path | None = None) -> dict[str, bytes | str]:
        """All that lies in the scratch house, but for what a command may write."""
        ours = (output or self.output, self.temp, self.home / ".cache")
        return {
            path.relative_to(self.house).as_posix(): _content(path)
            for path in sorted(self.house.rglob("*"))
            if path.name not in ("out", "err", "log")
            and not any(path == own or own in path.parents for own in ours)
        }


def _content(path: Path) -> bytes | str:
    if path.is_symlink():
        return f"-> {os.readlink(path)}"
    if not path.is_file():
        return f"mode {path.lstat().st_mode:o}"
    try:
        return path.read_bytes()
    except OSError as trouble:
        return str(trouble)


def told(problems: list[dict[str, Any]]) -> None:
    """G3: each problem has its place and its words, all are in order and none is said twice."""
    places = [(p["path"], p["line"], p["column"]) for p in problems]
    assert places == sorted(places), f"G3: not in order: {places}"
    keys = [json.dumps(p, sort_keys=True) for p in problems]
    assert len(set(keys)) == len(keys), "G3: a problem is said twice"
    for problem in problems:
        assert not problem["path"].startswith("/"), f"G3: {problem}"
        assert ".." not in problem["path"].split("/"), f"G3: {problem}"
        assert problem["message"], f"G3: {problem}"
        if problem["severity"] == "error":
            assert problem["hint"], f"G3: no remedy: {problem}"
