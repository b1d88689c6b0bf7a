"""``bulletin preflight``: reads, inspects, prints the result and writes the certificate."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bulletin.preflight import report, tools
from bulletin.preflight.inspection import inspect
from bulletin.preflight.values import Spec

PASSED, FAILED, USAGE, TOOL_MISSING = 0, 1, 2, 3
FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks. ``date`` is printed as given; ``fonts`` for the certificate.

    ``demand_tools``: stop with exit code 3 when a tool is missing instead of noting it.
    """

    spec: Spec = field(default_factory=Spec)
    format: str = "text"
    certificate: Path | None = None
    date: str = ""
    title: str = ""
    fonts: Mapping[str, bytes] = field(default_factory=dict)
    demand_tools: bool = False
    out: Callable[[str], object] = lambda words: print(words, end="")
    err: Callable[[str], object] = lambda words: print(words, end="", file=sys.stderr)


def run(path: Path, options: Options) -> int:
    """Exit code: 0 passes, 1 fails, 2 wrong use, 3 a demanded tool is missing."""
    fault = _fault(path, options)
    if fault:
        options.err(f"bulletin preflight: {fault}\n")
        return USAGE
    lacking = tools.missing() if options.demand_tools else ()
    if lacking:
        names = ", ".join(f"{tool} (gói {tools.TOOLS[tool][1]})" for tool in lacking)
        options.err(f"bulletin preflight: thiếu công cụ: {names}\n")
        return TOOL_MISSING
    data = path.read_bytes()
    result = inspect(data, options.spec)
    digest = hashlib.sha256(data).hexdigest()
    label = report.Label(path.name, digest, options.date, options.title)
    if options.format == "json":
        options.out(report.render_json(result, label))
    else:
        options.out(report.render_text(result, path.name))
    if options.certificate is not None:
        options.certificate.write_bytes(report.certificate(result, label, options.fonts))
    return PASSED if result.passed else FAILED


def _fault(path: Path, options: Options) -> str:
    """What is wrong with the request, in Vietnamese; empty when nothing is."""
    if not path.is_file():
        return f"không có tệp «{path}»"
    if options.format not in FORMATS:
        return f"không có dạng «{options.format}»; chọn: {', '.join(FORMATS)}"
    if options.certificate is not None and not options.fonts:
        return "phiếu kiểm tra cần phông chữ"
    if options.certificate is not None and not options.certificate.parent.is_dir():
        return f"không có thư mục «{options.certificate.parent}»"
    return options.spec.fault
