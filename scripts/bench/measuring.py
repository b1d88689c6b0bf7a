"""What a command costs: processor time, wall time, and the memory of all its processes together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOOK = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor and of wall, and the highest sum of resident memory seen, in MiB."""

    cpu: float
    wall: float
    peak: float


def run(command: list[str], cwd: Path, env: dict[str, str] | None = None) -> Spent:
    """Run to the end; what it prints is shown only if it fails."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        begun = time.monotonic()
        child = subprocess.Popen(command, cwd=cwd, env=env, stdout=said, stderr=subprocess.STDOUT)
        watch = Watch(child.pid)
        watch.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        watch.ended.set()
        watch.join()
        if child.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)}: {child.returncode}\n{said.read()[-4000:]}")
    return Spent(usage.ru_utime + usage.ru_stime, wall, max(watch.peak, usage.ru_maxrss / 1024))


def command(*words: str) -> list[str]:
    """The program of this checkout, with its arguments."""
    return [sys.executable, "-m", "bulletin", *words]


def environment() -> dict[str, str]:
    """In which it runs: always on the same day."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1798761600"}


def built(folder: Path) -> Spent:
    """The site of a project."""
    return run(command("build", "--only", "site"), folder, environment())


def fetched(url: str, patience: float) -> bytes:
    """What a server answers; one that is just starting is waited for (seconds)."""
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=patience) as answer:
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


class Watch(threading.Thread):
    """Looks at a process and its descendants now and then."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(LOOK):
            self.peak = max(self.peak, resident(self.pid))


def resident(pid: int) -> float:
    """MiB of a process and all below it; pages that they share count in each."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1])
            kids = Path(f"/proc/{one}/task/{one}/children").read_text()
        except (OSError, IndexError):
            continue
        waiting += [int(kid) for kid in kids.split()]
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20


def machine() -> str:
    """Processor, cores, memory, system: what figures hang on."""
    name = ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    system = os.uname()
    cores = os.cpu_count()
    return f"{name or system.machine}, {cores} cores, {memory:.0f} GiB, {system.sysname}"
