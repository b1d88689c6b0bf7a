"""Runs rsync, git and rclone, and shows of what they say only what is no secret."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bulletin.files import Trouble

HIDDEN = "•••"
PACKAGES = {"rsync": "rsync", "git": "git", "rclone": "rclone"}
_USERINFO = re.compile(r"(//)[^/@\s]+@")
_PAIR = re.compile(
    r"(?i)((?:secret|token|passw(?:or)?d|pass|access[_-]?key(?:[_-]?id)?|authorization|signature)"
    r"[\"']?\s*[=:]\s*[\"']?(?:(?:bearer|basic)\s+)?)[^\s\"'&,;]+"
)
_SECRET_NAME = re.compile(r"(?i)secret|token|passw|pass$|_key|credential")
MIN_SECRET = 6


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: bytes
    err: str


class Runner(Protocol):
    def run(
        self,
        command: Sequence[str],
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Run a command to its end."""


class Shell:
    """The real one; no shell takes part, so nothing in a path is a command."""

    def run(
        self,
        command: Sequence[str],
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        around = {**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}
        try:
            done = subprocess.run(
                list(command), input=stdin, capture_output=True, env=around, check=False
            )
        except FileNotFoundError:
            tool = command[0]
            raise Trouble(
                f"máy chưa có chương trình «{tool}»",
                f"Debian/Ubuntu: apt install {PACKAGES.get(tool, tool)}",
            ) from None
        said = done.stderr.decode("utf-8", "replace")
        return Result(done.returncode, done.stdout, scrub(said, around))


def scrub(said: str, env: Mapping[str, str]) -> str:
    """Without passwords, tokens and keys, whether they are written out or come from ``env``."""
    for name, value in env.items():
        if _SECRET_NAME.search(name) and len(value) >= MIN_SECRET:
            said = said.replace(value, HIDDEN)
    return _PAIR.sub(rf"\1{HIDDEN}", _USERINFO.sub(rf"\1{HIDDEN}@", said))


def refuse(what: str, result: Result, hint: str = "") -> Trouble:
    """The error of a tool as one for people: its last lines, and what to try."""
    lines = [line.strip() for line in result.err.splitlines() if line.strip()]
    said = " | ".join(lines[-3:])[:400] or f"mã thoát {result.code}"
    return Trouble(f"{what}: {said}", hint or "sửa nguyên nhân rồi chạy lại: lệnh làm tiếp chỗ dở")
