"""The only door to other programs: poppler, Ghostscript and tesseract, each if it is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TOOLS = {
    "pdftotext": ("đọc chữ bằng poppler", "poppler-utils"),
    "pdftoppm": ("dựng trang để đọc lại", "poppler-utils"),
    "gs": ("dựng bản tách màu, đo tổng mực", "ghostscript"),
    "tesseract": ("đọc lại nét chữ (OCR)", "tesseract-ocr và tesseract-ocr-vie"),
}
TIMEOUT = 600
"""Seconds for one program; a page that takes longer would stop a RIP too."""


def have(tool: str) -> bool:
    """Whether a program can be called; tesseract counts only with its Vietnamese data."""
    if shutil.which(tool) is None:
        return False
    if tool != "tesseract":
        return True
    return bool(re.search(r"^vie$", run((tool, "--list-langs"))[1], re.MULTILINE))


def missing() -> tuple[str, ...]:
    return tuple(tool for tool in TOOLS if not have(tool))


def run(command: Sequence[str]) -> tuple[int, str]:
    """Exit code and all output. One thread and a fixed locale: the same answer everywhere."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            list(command), capture_output=True, env=env, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return 124, f"quá {TIMEOUT} giây"
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


@contextmanager
def workshop(data: bytes) -> Iterator[Path]:
    """A temporary folder that holds the file as ``in.pdf``; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="preflight-") as folder:
        path = Path(folder)
        (path / "in.pdf").write_bytes(data)
        yield path


def version(tool: str) -> str:
    """Name and version for the list of tools, like ``gs 10.00.0``."""
    flag = {"gs": "--version", "tesseract": "--version"}.get(tool, "-v")
    found = re.search(r"\d+\.\d+(\.\d+)?", run((tool, flag))[1])
    return f"{tool} {found[0] if found else '?'}"
