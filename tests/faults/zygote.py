"""A process that has loaded the program and forks one child for each command it is asked to run.

Each command has a process of its own – with its own exit code, limits, signals and streams – but
does not pay for starting Python. Requests are lines of JSON on stdin, answers on stdout.
"""

from __future__ import annotations

import compileall
import ctypes
import json
import os
import resource
import signal
import sys
import time
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = frozenset(
    "os.rename os.remove os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown".split()
)
NETWORK = frozenset(
    "socket.connect socket.getaddrinfo socket.gethostbyname socket.sendto urllib.Request".split()
)
PROGRAMS = frozenset("os.system os.exec os.posix_spawn os.startfile".split())


class Watch:
    """Writes each attempt to leave the house to ``log``; a connection is refused besides."""

    def __init__(self, log: int, allowed: list[str]) -> None:
        self.log = log
        self.roots = tuple(os.path.realpath(name) + "/" for name in allowed)

    def inside(self, path: Any, folder: Any = -1) -> bool:
        if isinstance(path, int):
            return True
        name = os.fsdecode(path)
        if isinstance(folder, int) and folder >= 0 and not name.startswith("/"):
            name = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)
        parent, last = os.path.split(os.path.abspath(name))
        whole = os.path.join(os.path.realpath(parent), last)
        return (whole + "/").startswith(self.roots) or whole == "/dev/null"

    def strays(self, event: str, arguments: tuple[Any, ...]) -> list[Any]:
        """What the event would touch that is not ours to touch."""
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and flags & WRITING
            return [path] if writes and not self.inside(path) else []
        if event in CHANGES:
            pair = event in ("os.rename", "os.link")
            folder = arguments[2] if pair else arguments[-1]
            return [p for p in arguments[: 2 if pair else 1] if not self.inside(p, folder)]
        return [arguments[:2]] if event in NETWORK or event in PROGRAMS else []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        for what in self.strays(event, arguments):
            os.write(self.log, f"{event} {what!r}\n".encode("utf-8", "replace"))
        if event in NETWORK:
            raise OSError("no network here")


class Death:
    """Ends the process at one of its touches of the disk, as kill -9 would.

    A moment counted in touches is the same on a fast and on a slow machine.
    """

    NAMES = frozenset("open os.rename os.remove os.rmdir os.mkdir sqlite3.connect".split())

    def __init__(self, step: int) -> None:
        self.step, self.touches = step, 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in self.NAMES:
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING):
            return
        self.touches += 1
        if self.touches == self.step:
            os._exit(9)


def powerless() -> None:
    """Give up what makes root blind to modes of files (CAP_DAC_OVERRIDE and all others)."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)())


def limit(limits: dict[str, int]) -> None:
    """Memory (RLIMIT_AS) is counted from what the program had when it began: bytes more."""
    with open("/proc/self/statm", "rb") as numbers:
        begun = int(numbers.read().split()[0]) * resource.getpagesize()
    for name, value in limits.items():
        kind = getattr(resource, name)
        most = value + begun if name == "RLIMIT_AS" else value
        resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def child(order: dict[str, Any]) -> int:
    for number, name in ((1, order["out"]), (2, order["err"])):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    os.chdir(order["cwd"])
    if order["powerless"]:
        powerless()
    sys.addaudithook(Watch(log, order["allowed"]))
    death = Death(order["dies"])
    sys.addaudithook(death)
    from bulletin.cli import main

    limit(order["limits"])
    code = main(order["args"])
    os.write(log, f"touches {death.touches}\n".encode())
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def wait(pid: int, patience: int) -> tuple[int, int]:
    """Exit code and memory in MB; who waits for a pipe for ever uses no time and is killed."""

    def enough(*_: object) -> None:
        os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, enough)
    signal.alarm(patience)
    _, status, usage = os.wait4(pid, 0)
    signal.alarm(0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss // 1024


def serve() -> None:
    import bulletin

    # A module first loaded in a child would leave its bytecode beside the program's sources: a
    # write outside of the project, on a fresh clone only. It is compiled before, and never there.
    compileall.compile_dir(os.path.dirname(bulletin.__file__), quiet=2)
    sys.dont_write_bytecode = True
    import bulletin.build
    import bulletin.catalog
    import bulletin.cli
    import bulletin.release  # loaded here once, for every child
    from bulletin import outputs

    outputs.table()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            code = 71
            try:
                code = child(order)
            finally:
                os._exit(code)
        code, memory = wait(pid, order["patience"])
        print(json.dumps({"code": code, "memory": memory}), flush=True)


if __name__ == "__main__":
    serve()
