"""What this machine lacks, and what to do about it on Debian or Ubuntu, on Windows, on macOS."""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bulletin.files import OURS

LEAST_DISK = 1_000_000_000
GOOD, MISSING, POOR = "tốt", "thiếu", "nên có"
SYSTEMS = ("debian", "windows", "macos")


@dataclass(frozen=True, slots=True)
class Remedy:
    debian: str = ""
    windows: str = ""
    macos: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. ``state``: good, missing (something will not work), poor."""

    name: str
    state: str
    said: str
    needed_for: str = ""
    remedy: Remedy = Remedy()


PANGO = Remedy(
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1",
    "cài MSYS2, trong cửa sổ MSYS2 gõ: pacman -S mingw-w64-x86_64-pango; rồi đặt biến "
    "WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\mingw64\\bin",
    "brew install pango",
)
# Command → what it is for, how to get it.
TOOLS = {
    "git": (
        "giữ lịch sử bản thảo",
        Remedy("sudo apt-get install git", "cài Git for Windows", "xcode-select --install"),
    ),
    "gs": (
        "bulletin preflight kiểm lượng mực",
        Remedy("sudo apt-get install ghostscript", "cài Ghostscript", "brew install ghostscript"),
    ),
    "pdftotext": (
        "bulletin preflight đọc lại chữ",
        Remedy("sudo apt-get install poppler-utils", "cài poppler", "brew install poppler"),
    ),
    "tesseract": (
        "bulletin preflight nhận dạng chữ trên hình trang",
        Remedy(
            "sudo apt-get install tesseract-ocr tesseract-ocr-vie",
            "cài Tesseract, chọn thêm tiếng Việt",
            "brew install tesseract tesseract-lang",
        ),
    ),
}


def system() -> str:
    if sys.platform.startswith("win"):
        return "windows"
    return "macos" if sys.platform == "darwin" else "debian"


def findings(root: Path | None) -> Iterator[Finding]:
    """Everything, the necessary first. ``root`` is None outside of a project."""
    yield python()
    yield pango()
    yield words()
    yield disk(root or Path.cwd())
    if root is not None:
        yield writable(root)
        yield theme(root)
        yield repository(root)
    yield from tools()


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    remedy = Remedy("sudo apt-get install python3", "cài Python 3.12", "brew install python")
    return Finding("Python", GOOD if good else MISSING, version, "mọi lệnh", remedy)


def pango() -> Finding:
    try:
        from weasyprint.text.ffi import pango as library

        number = library.pango_version()  # 15012 is 1.50.12
        said = f"{number // 10_000}.{number // 100 % 100}.{number % 100}"
    except Exception:  # the library is missing in a way of its own on every system
        return Finding("Pango", MISSING, "không mở được", "PDF (build, proof)", PANGO)
    return Finding("Pango", GOOD, said, "PDF")


def words() -> Finding:
    """Whether file names and the terminal can hold Vietnamese letters."""
    names = sys.getfilesystemencoding().lower()
    out = locale.getpreferredencoding(False).lower()
    good = names.startswith("utf") and out.startswith("utf")
    remedy = Remedy(
        "export LANG=C.UTF-8 (ghi vào ~/.profile)", "setx PYTHONUTF8 1", "export LANG=vi_VN.UTF-8"
    )
    return Finding(
        "Bảng mã", GOOD if good else POOR, f"tên tệp {names}, chữ {out}", "tên tệp có dấu", remedy
    )


def disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = f"còn {free / 1e9:.1f} GB".replace(".", ",")
    remedy = Remedy(*["xóa bớt tệp; output/ có thể xóa rồi dựng lại"] * 3)
    return Finding("Đĩa", GOOD if free >= LEAST_DISK else POOR, said, "dựng cần chừng 1 GB", remedy)


def writable(root: Path) -> Finding:
    target = root / "output"
    place = target if target.exists() else root
    good = os.access(place, os.W_OK)
    remedy = Remedy(*["xem quyền của thư mục; đừng để dự án trong thư mục chỉ đọc"] * 3)
    said = f"{place.name}/ ghi được" if good else f"không ghi được vào {place}"
    if (target / OURS).exists():
        said += ", đã từng dựng"
    return Finding("Thư mục ra", GOOD if good else MISSING, said, "build", remedy)


def theme(root: Path) -> Finding:
    """Fonts and colour profiles that the print asks for, by the words of ``check``."""
    from bulletin import build
    from bulletin.diag import Report, Severity
    from bulletin.files import Trouble, snapshot

    report = Report()
    config, places = build.read_config(root, report)
    remedy = Remedy(*["xem từng chỗ: bulletin check"] * 3)
    if config is None:
        return Finding("Giao diện", MISSING, "bulletin.yaml đang có lỗi", "mọi lệnh", remedy)
    try:
        shot = snapshot(root, build.theme_folders(root, config.theme), report)
        read = build.read_theme(shot, config, report)
        if read is not None:
            build.check_print(shot, config, read, places, report)
    except Trouble as why:
        return Finding("Giao diện", MISSING, why.message, "mọi lệnh", remedy)
    first = next((item for item in report.items if item.severity is Severity.ERROR), None)
    if read is None or first is not None:
        said = first.message if first else f"không có giao diện «{config.theme}»"
        return Finding("Giao diện", MISSING, said, "phông, hồ sơ màu ICC", remedy)
    count = sum(name.startswith("fonts/") for name in read.files)
    profile = config.print.icc if config.print else ""
    return Finding("Giao diện", GOOD, f"{config.theme}: {count} tệp phông, ICC {profile}", "PDF")


def repository(root: Path) -> Finding:
    found = shutil.which("git")
    remedy = Remedy(*["chạy: git init && git add -A && git commit -m 'Bản đầu'"] * 3)
    if found is None or not (root / ".git").exists():
        return Finding("Kho git", POOR, "dự án chưa ở trong git", "quay lại bản cũ", remedy)
    done = subprocess.run(
        [found, "-C", str(root), "status", "--porcelain"],
        capture_output=True,
        check=False,
        timeout=20,
    )
    count = len(done.stdout.splitlines())
    return Finding("Kho git", GOOD, f"{count} tệp chưa commit" if count else "sạch", "lịch sử")


def tools(which: Callable[[str], str | None] = shutil.which) -> Iterator[Finding]:
    for name, (use, remedy) in TOOLS.items():
        found = which(name)
        yield Finding(name, GOOD if found else POOR, found or "không có", use, remedy)


def render(found: list[Finding], which: str) -> str:
    """A table for people, remedies below each line that has one."""
    lines = []
    for item in found:
        lines.append(f"{item.state:<7} {item.name:<11} {item.said}")
        hint = getattr(item.remedy, which)
        if item.state != GOOD and hint:
            lines.append(f"{'':<7} {'':<11} cần cho: {item.needed_for}")
            lines.append(f"{'':<7} {'':<11} cách làm: {hint}")
    return "\n".join(lines) + "\n"
