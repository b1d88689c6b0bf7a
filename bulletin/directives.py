"""The directives of a body (``:::name argument`` … ``:::``): a table, read top-down.

*Text* directives hold Markdown and take a title; *data* directives hold YAML that is read by a
schema, so that their mistakes have places too. How a directive looks is the theme's business.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from bulletin import text
from bulletin.diag import Place, Report
from bulletin.model import Node
from bulletin.schema import Places
from bulletin.schema import field as key

WIDTHS = ("column", "page")
FIGURE_WIDTHS = (*WIDTHS, "bleed")
CHARTS = ("bar", "column", "line")
MAX_ROWS, MAX_SERIES = 40, 6
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?", re.ASCII)
_GROUPED = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FigureOptions:
    alt: str = key(
        "Mô tả hình",
        required=True,
        example="Sơ đồ ba khu của trại",
        limit=1500,
        default="",
    )
    caption: str = key("Chú thích", limit=600, default="")
    credit: str = key("Tác giả hình", required=True, example='"Đồ họa: Ban biên tập"', default="")
    consent: str = key("Đồng ý của người trong ảnh", default="")
    guardian: str = key("Đồng ý của cha mẹ, người giám hộ khi ảnh có trẻ em", default="")
    map_checked: str = key("Ai đã soát bản đồ, ngày nào", default="", limit=200)
    width: str = key("Độ rộng trên trang in", choices=FIGURE_WIDTHS, default="column")
    name: str = key("Tên để bài nhắc tới hình", example="so-do-trai", limit=60, default="")


@dataclass(frozen=True, slots=True)
class ChartOptions:
    title: str = key("Tên biểu đồ", required=True, example="Chi phí nuôi một lứa", default="")
    unit: str = key("Đơn vị", default="", limit=40)
    caption: str = key("Chú thích", limit=600, default="")
    source: str = key("Nguồn số liệu", required=True, example='"Nguồn: …"', limit=400, default="")
    alt: str = key("Câu tóm tắt biểu đồ", required=True, limit=1500, default="")
    width: str = key("Độ rộng trên trang in", choices=WIDTHS, default="column")
    name: str = key("Tên để bài nhắc tới hình", example="chi-phi", limit=60, default="")
    data: str = key("Bảng số, dòng đầu là tên cột", required=True, limit=8000, default="")


@dataclass(frozen=True, slots=True)
class MediaOptions:
    title: str = key("Tên", required=True, example="Ủ phân đúng cách", default="")
    url: str = key("Địa chỉ", required=True, example="https://…", default="", limit=600)
    length: str = key("Thời lượng", example="3 phút", default="", limit=40)
    transcript: str = key("Lời bằng chữ", required=True, default="", limit=20_000)


def _figure(argument: str, options: FigureOptions, line: int) -> Node:
    return Node(
        "figure",
        "",
        line,
        (
            ("alt", options.alt),
            ("caption", options.caption),
            ("credit", options.credit),
            ("name", options.name or argument.rpartition("/")[2].rpartition(".")[0]),
            ("src", argument),
            ("width", options.width),
        ),
    )


def _media(argument: str, options: MediaOptions, line: int) -> Node:
    return Node(
        "media",
        options.transcript,
        line,
        (
            ("form", argument),
            ("length", options.length),
            ("title", options.title),
            ("url", options.url),
        ),
    )


def _chart(argument: str, options: ChartOptions, line: int) -> Node:
    rows = _rows(options.data)
    return Node(
        "chart",
        "",
        line,
        (
            ("alt", options.alt),
            ("caption", options.caption),
            ("form", argument or "bar"),
            ("head", rows[0] if rows else ()),
            ("name", options.name or options.title),
            ("rows", tuple(rows[1:])),
            ("source", options.source),
            ("title", options.title),
            ("unit", options.unit),
            ("width", options.width),
        ),
    )


def _rows(data: str) -> list[tuple[str, ...]]:
    return [row for _, row in _numbered(data)]


def _numbered(data: str) -> list[tuple[int, tuple[str, ...]]]:
    """The rows of a table of numbers, each with the line of ``data`` on which it ends."""
    rows = csv.reader(io.StringIO(data), skipinitialspace=True)
    return [(rows.line_num, tuple(text.nfc(cell.strip()) for cell in row)) for row in rows if row]


def number(cell: str) -> float | None:
    """The value of a chart cell: «12.5», «12,5» or «-3»; None if it is not a number."""
    plain = cell.replace("−", "-").replace(" ", "")
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def check_chart(
    argument: str, options: ChartOptions, place: Place, at: Places, report: Report
) -> None:
    where = at.get("data", place)
    if argument and argument not in CHARTS:
        report.error(
            place,
            "MD012",
            f"loại biểu đồ lạ «{argument}»",
            "chọn: " + ", ".join(CHARTS),
        )
    numbered = _numbered(options.data)
    rows = [row for _, row in numbered]
    if len(rows) < 2 or len(rows[0]) < 2:
        report.error(
            where,
            "MD013",
            "bảng số cần một dòng tên cột và ít nhất một dòng số",
            "Năm, Giá trị\n2025, 12",
        )
        return
    if len(rows) - 1 > MAX_ROWS or len(rows[0]) - 1 > MAX_SERIES:
        report.error(
            where,
            "MD013",
            f"biểu đồ quá lớn (tối đa {MAX_ROWS} dòng, {MAX_SERIES} loạt)",
            "dùng bảng",
        )
    for line, row in numbered[1:]:
        # A block scalar begins on the line after «data: |», the only value of unknown width.
        spot = Place(where.path, where.line + line, 1, 1) if where.width == 1 else where
        if len(row) != len(rows[0]):
            report.error(
                spot,
                "MD013",
                f"dòng có {len(row)} ô, cần {len(rows[0])}",
                "số thập phân có dấu phẩy thì đặt trong ngoặc kép",
            )
            continue
        for cell in row[1:]:
            if number(cell) is None:
                report.error(
                    spot, "MD014", f"«{cell[:40]}» không phải số", 'ví dụ: 12.5 hoặc "12,5"'
                )
            elif _GROUPED.fullmatch(cell):
                report.warn(
                    spot,
                    "MD015",
                    f"«{cell}» được hiểu là {cell.replace('.', ',')}, không phải hàng nghìn",
                    f"nếu là hàng nghìn thì viết {cell.replace('.', '')}",
                )


def check_media(
    argument: str, options: MediaOptions, place: Place, at: Places, report: Report
) -> None:
    if argument not in ("video", "audio"):
        report.error(
            place,
            "MD012",
            f"loại tệp lạ «{argument}»",
            ":::media video hoặc :::media audio",
        )
    if not _ADDRESS.fullmatch(options.url):
        report.error(
            at.get("url", place),
            "LK002",
            f"địa chỉ «{options.url}» không dùng được",
            "bắt đầu bằng https://",
        )


def check_figure(
    argument: str, options: FigureOptions, place: Place, at: Places, report: Report
) -> None:
    if not argument:
        report.error(place, "IM002", "thiếu tên tệp hình", "viết: :::figure ten-hinh.svg")


@dataclass(frozen=True, slots=True)
class DataDirective:
    options: type
    make: Callable[..., Node]
    check: Callable[..., None]


# name → needs an argument (the title)
TEXT: dict[str, bool] = {
    "steps": True,
    "note": False,
    "warning": False,
    "qa": True,
    "number": True,
    "quote": False,
    "table": True,
}
DATA: dict[str, DataDirective] = {
    "figure": DataDirective(FigureOptions, _figure, check_figure),
    "chart": DataDirective(ChartOptions, _chart, check_chart),
    "media": DataDirective(MediaOptions, _media, check_media),
}
# What an import writes until somebody has looked at the picture; an approved article has no such.
ASK_ALT = "[cần tả hình cho người không nhìn thấy]"
ASK_CREDIT = "[cần ghi tác giả hình]"
DEFAULT_TITLES = {"note": "Ghi nhớ", "warning": "Lưu ý an toàn"}
