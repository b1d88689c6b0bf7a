"""Rules of law on a bản tin that can be checked before anything is laid out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bulletin.catalog import Assembly
from bulletin.diag import Diagnostic, Severity
from bulletin.model import Config
from bulletin.seating import CONFIG

# Luật Báo chí 2016, Điều 34: trim in mm and pages, cover included. A new law (126/2025/QH15) is in
# force from 1/7/2026; its text on bản tin is unconfirmed, so the older limits stay the rule.
MAX_TRIM = (190.0, 270.0)
MAX_PAGES = 64
# Luật Trí tuệ nhân tạo 2025, Điều 11, in force from 1/3/2026.
AI_LABEL_FROM = date(2026, 3, 1)


def trim_size(assembly: Assembly, config: Config) -> Iterator[Diagnostic]:
    profile = config.print
    if profile is None:
        return
    if profile.trim_width > MAX_TRIM[0] or profile.trim_height > MAX_TRIM[1]:
        size = f"{profile.trim_width:g} × {profile.trim_height:g} mm"
        wide = profile.trim_width > MAX_TRIM[0]
        yield Diagnostic(
            assembly.place(CONFIG, "print.trim_width" if wide else "print.trim_height"),
            Severity.ERROR,
            "LG002",
            f"khổ {size} lớn hơn 190 × 270 mm",
            "Luật Báo chí 2016, Điều 34: bản tin tối đa 19 × 27 cm (A4 không được phép)",
        )
    if profile.max_pages > MAX_PAGES:
        yield Diagnostic(
            assembly.place(CONFIG, "print.max_pages"),
            Severity.ERROR,
            "LG003",
            f"print.max_pages là {profile.max_pages}, lớn hơn {MAX_PAGES}",
            "Luật Báo chí 2016, Điều 34: bản tin tối đa 64 trang kể cả bìa",
        )


def ai_label(assembly: Assembly, config: Config) -> Iterator[Diagnostic]:
    if assembly.ledger.as_of < AI_LABEL_FROM:
        return
    settled = assembly.settled()
    for edition in assembly.editions:
        for piece in edition.issue.pieces:
            if piece.path not in settled:
                continue
            if piece.ai is None:
                yield Diagnostic(
                    assembly.place(piece.path, "status"),
                    Severity.WARNING,
                    "LG004",
                    "bài đã duyệt mà chưa khai việc dùng AI",
                    "thêm ai: {label: none} hoặc assisted, generated "
                    "(Luật Trí tuệ nhân tạo 2025, Điều 11)",
                )
            elif piece.ai.label != "none" and not piece.ai.note:
                yield Diagnostic(
                    assembly.place(piece.path, "ai.label"),
                    Severity.WARNING,
                    "LG005",
                    "bài có nhãn AI mà không nói AI làm việc gì",
                    "thêm note: vào khóa ai",
                )
