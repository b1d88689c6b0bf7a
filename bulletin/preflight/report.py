"""The result for people: a table for the terminal, JSON, and a one-page certificate."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.diag import cells, visible
from bulletin.preflight.values import STANDARD_NAMES, Facts, Finding, Result

WORDS = {"error": "lỗi", "warning": "cảnh báo", "note": "ghi chú"}
VERDICTS = {"pass": "ĐẠT", "warn": "ĐẠT, có cảnh báo", "fail": "KHÔNG ĐẠT"}
LIMIT = 200
"""Findings shown in the terminal; JSON always has them all."""
ROWS = 14
"""Findings on the certificate; it must stay one page."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the certificate says of the file: all given by the caller, no clock here."""

    file: str
    sha256: str
    date: str
    title: str = ""


# ---- terminal ----------------------------------------------------------------------


def render_text(result: Result, file: str) -> str:
    """A table: severity, code, page, place and sentence; the remedy below."""
    spec, facts = result.spec, result.facts
    out = [f"{visible(file)}: kiểm tra theo {STANDARD_NAMES[spec.standard]}", ""]
    for item in result.findings[:LIMIT]:
        out.append("  ".join((_pad(WORDS[item.severity], 9), item.code, _where(item))))
        out.append(f"           {visible(item.message)}")
        out.append(f"           → {visible(item.remedy)}")
    if len(result.findings) > LIMIT:
        out.append(f"… và {len(result.findings) - LIMIT} mục nữa (xem --format json)")
    if result.findings:
        out.append("")
    out += [f"{_pad(key, 16)} {visible(value)}" for key, value in summary(facts)]
    out.append("")
    counts = f"{result.errors} lỗi, {result.warnings} cảnh báo"
    out.append(f"{verdict_text(result)}: {counts}")
    return "\n".join(out) + "\n"


def verdict_text(result: Result) -> str:
    """The verdict in words; a pass with checks left out says so."""
    left_out = result.passed and bool(result.facts.skipped)
    return VERDICTS[result.verdict] + (" (chưa kiểm đủ)" if left_out else "")


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))


def _where(item: Finding) -> str:
    if not item.page:
        return "cả tệp"
    return f"trang {item.page}" + (f", {item.place}" if item.place else "")


def summary(facts: Facts) -> list[tuple[str, str]]:
    """Names and values of the facts that people ask for, the same in all renderings."""
    first = facts.pages[0] if facts.pages else None
    rows = [
        ("Phiên bản", f"PDF {facts.version}" + (f", {facts.standard}" if facts.standard else "")),
        ("Điều kiện in", facts.intent or "không ghi"),
        ("Số trang", str(len(facts.pages))),
    ]
    if first is not None:
        width, height = first.trim
        bleed = min(min(page.bleed) for page in facts.pages)
        rows.append(("Khổ, lề xén", f"{width:g} × {height:g} mm, {bleed:.2f} mm"))
    loose = sum(not font.embedded for font in facts.fonts)
    rows.append(("Phông", f"{len(facts.fonts)} phông, {loose} chưa nhúng"))
    rows.append(("Hệ màu", ", ".join(facts.spaces) or "không có"))
    if facts.images:
        lowest = min(image.ppi for image in facts.images)
        rows.append(("Ảnh", f"{len(facts.images)} lần đặt, thấp nhất {lowest:.0f} ppi"))
    peaks = [(page.peak, page.page) for page in facts.pages if page.peak is not None]
    if peaks:
        peak, page = max(peaks, key=lambda pair: (pair[0], -pair[1]))
        rows.append(("Tổng mực", f"cao nhất {peak:.0f} % (trang {page}), đo trên 1 mm²"))
    if facts.read_back:
        read = ", ".join(f"trang {page}: {100 * share:.0f} %" for page, share in facts.read_back)
        rows.append(("Đọc lại nét chữ", read))
    rows.append(("Công cụ", ", ".join(facts.tools) or "không dùng công cụ ngoài"))
    if facts.skipped:
        rows.append(("Chưa kiểm bằng", ", ".join(facts.skipped)))
    return rows


def render_json(result: Result, label: Label) -> str:
    value = {"file": label.file, "sha256": label.sha256, "date": label.date, **result.as_dict()}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


# ---- certificate ---------------------------------------------------------------------

CSS = """
@page { size: A4; margin: 18mm 20mm 16mm;
  @bottom-left { content: "bulletin preflight · kiểm tra độc lập, không thay chứng nhận của"
    " phần mềm có bản quyền"; font: 7pt certificate; color: #555 } }
html { font: 8.6pt/1.42 certificate; color: #1F2440 }
* { margin: 0; padding: 0; box-sizing: border-box }
header { border-bottom: 1.5pt solid #1F2440; padding-bottom: 4mm; margin-bottom: 5mm }
header p { font-size: 8pt; letter-spacing: .06em; text-transform: uppercase; color: #555 }
h1 { font-size: 19pt; line-height: 1.45; font-weight: 700 }
h2 { font-size: 10pt; line-height: 1.45; font-weight: 700; margin: 5mm 0 1.5mm }
.verdict { display: flex; border: 1.2pt solid; padding: 3.5mm 5mm; margin-bottom: 4mm }
.verdict b { font-size: 16pt; line-height: 1.45; flex: 1 }
.verdict span { text-align: right; font-size: 8.6pt }
.pass { color: #14633B; background: #EFF6F1 } .warn { color: #7A5200; background: #FBF5E6 }
.fail { color: #A3201F; background: #FBEFED }
table { width: 100%; border-collapse: collapse; table-layout: fixed }
td, th { text-align: left; vertical-align: top; padding: .9mm 3mm .9mm 0;
  border-bottom: .4pt solid #C9CBD6; overflow-wrap: anywhere }
th { font-weight: 700 } .facts th { width: 32mm }
.finding th:nth-child(1) { width: 14mm } .finding th:nth-child(2) { width: 17mm }
.finding th:nth-child(3) { width: 33mm }
.finding td { font-size: 7.8pt; line-height: 1.35 } .remedy { color: #555 }
.more { margin-top: 1.5mm; color: #555 }
.sha { font-size: 7.4pt; letter-spacing: 0 } .sign { display: flex; margin-top: 9mm }
.sign div { flex: 1; border-top: .6pt solid #1F2440; padding-top: 1mm; margin-right: 10mm;
  color: #555; font-size: 7.8pt }
"""


def certificate(result: Result, label: Label, fonts: Mapping[str, bytes]) -> bytes:
    """One A4 page for the printer, as PDF.

    ``fonts`` maps ``regular`` and ``bold`` to the bytes of full TTF files with Vietnamese.
    """
    from weasyprint import HTML

    # Fewer and fewer rows until everything stands on one page; long texts wrap.
    for rows in (ROWS, 10, 7, 4, 2, 0):
        page = HTML(string=_page(result, label, fonts, rows), base_url=None)
        document = page.render()
        if len(document.pages) == 1:
            break
    written = document.write_pdf(pdf_identifier=label.sha256[:32].encode("ascii"))
    if not isinstance(written, bytes):
        raise TypeError("WeasyPrint wrote no bytes")
    return written


def _page(result: Result, label: Label, fonts: Mapping[str, bytes], rows: int) -> str:
    e = html.escape
    verdict, spec = result.verdict, result.spec
    asked = (
        f"{STANDARD_NAMES[spec.standard]} · {spec.trim_width:g} × {spec.trim_height:g} mm"
        f" · lề xén {spec.bleed:g} mm · tổng mực {spec.ink_limit:g} %"
    )
    about = [
        ("Tệp", e(label.file)),
        ("SHA-256", f'<span class="sha">{e(label.sha256)}</span>'),
        ("Ngày kiểm tra", e(label.date)),
        ("Yêu cầu", e(asked)),
    ]
    facts = about + [(key, e(value)) for key, value in summary(result.facts)]
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Phiếu kiểm tra tệp in'
        f"</title><style>{_faces(fonts)}{CSS}</style><header><p>"
        f"{e(label.title or result.facts.title)}</p><h1>Phiếu kiểm tra tệp in</h1></header>"
        f'<div class="verdict {verdict}"><b>{verdict_text(result)}</b>'
        f"<span>{result.errors} lỗi<br>{result.warnings} cảnh báo</span></div>"
        f'<table class="facts">{"".join(_row(*pair) for pair in facts)}</table>'
        f"{_findings(result, rows)}"
        '<div class="sign"><div>Người gửi tệp</div><div>Nhà in nhận tệp</div></div></html>'
    )


def _faces(fonts: Mapping[str, bytes]) -> str:
    weights = {"regular": 400, "bold": 700}
    return "".join(
        f"@font-face{{font-family:certificate;font-weight:{weight};src:url(data:font/ttf;base64,"
        f"{base64.b64encode(fonts[name]).decode('ascii')})}}"
        for name, weight in weights.items()
        if name in fonts
    )


def _row(key: str, value: str) -> str:
    return f"<tr><th>{key}</th><td>{value}</td></tr>"


def _findings(result: Result, rows: int) -> str:
    """One row per code, with all its pages: a page of paper holds kinds, JSON holds places."""
    if not result.findings:
        return "<h2>Nhận xét</h2><p>Không có lỗi, không có cảnh báo.</p>"
    groups: dict[str, list[Finding]] = {}
    for item in result.findings:
        groups.setdefault(item.code, []).append(item)
    lines = [_finding(items) for items in list(groups.values())[:rows]]
    left = len(groups) - len(lines)
    more = f'<p class="more">Còn {left} loại nữa, xem bản JSON đi kèm.</p>' if left else ""
    head = "<tr><th>Mã</th><th>Mức</th><th>Chỗ</th><th>Nội dung và cách sửa</th></tr>"
    return f'<h2>Nhận xét</h2><table class="finding">{head}{"".join(lines)}</table>{more}'


def _finding(items: list[Finding]) -> str:
    e, first = html.escape, items[0]
    where = _where(first) if len(items) == 1 else _pages({item.page for item in items})
    others = f" (và {len(items) - 1} mục cùng loại)" if len(items) > 1 else ""
    return (
        f"<tr><td>{first.code}</td><td>{WORDS[first.severity]}</td><td>{e(where)}</td>"
        f"<td>{e(_cut(first.message))}{others}<br>"
        f'<span class="remedy">Cách sửa: {e(first.remedy)}</span></td></tr>'
    )


def _pages(pages: set[int]) -> str:
    """Page numbers with runs drawn together: ``trang 1–3, 7``."""
    runs: list[list[int]] = []
    for page in sorted(pages - {0}):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    if not runs:
        return "cả tệp"
    return "trang " + ", ".join(f"{a}–{b}" if b > a else str(a) for a, b in runs)


def _cut(text: str, limit: int = 170) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
