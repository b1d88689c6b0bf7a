"""The gate before the printing house: what must be known, preflight of what was made, the package.

The build calls it twice: before anything is made (what the office owes) and before anything is
published (what the files show). One failure anywhere and nothing leaves the house.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bulletin import codec, finished, numerals, outputs, rules, text
from bulletin.build import Prepared
from bulletin.diag import Diagnostic, Place, Report, Severity, from_json, store_form
from bulletin.files import Trouble
from bulletin.model import Issue, IssueLedger
from bulletin.outputs import delivery, site
from bulletin.preflight import Finding, Spec, inspect, report, tools
from bulletin.printshop import PrintProfile
from bulletin.seating import CONFIG, nearest
from bulletin.store import Store
from bulletin.workers import toolchain

SETTLED = ("approved", "published")
CERTIFICATE, SHEET, SUMS = "phieu-kiem-tra.pdf", "thong-so-in.txt", "SHA256SUMS"
BLANK = "…………………………"
LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE}


@dataclass(frozen=True, slots=True)
class Release:
    """``keys``: the issues asked for; none = all that their files call published."""

    keys: tuple[str, ...] = ()

    def issues(self, ready: Prepared) -> tuple[IssueLedger, ...]:
        ledgers = ready.assembly.ledger.issues
        known = {ledger.key for ledger in ledgers}
        for key in self.keys:
            # A file that cannot be read has its own errors; they say more than that it is missing.
            if key not in known and f"issues/{key}.yaml" not in ready.sources.broken:
                raise Trouble(f"không có số bản tin «{key}»", nearest(key, known, "các số: "), 2)
        if self.keys:
            return tuple(ledger for ledger in ledgers if ledger.key in self.keys)
        return tuple(ledger for ledger in ledgers if ledger.spec.status == "published")

    def folders(self, ready: Prepared) -> tuple[str, ...]:
        return tuple(f"release/{ledger.key}" for ledger in self.issues(ready))

    def demands(self, ready: Prepared) -> Iterator[Diagnostic]:
        chosen = self.issues(ready)
        if not chosen and not self.keys:
            raise Trouble(
                "chưa có số nào ghi status: published",
                "ghi rõ số muốn giao: bulletin build --release 2026/so-1",
                2,
            )
        yield from _owed_by_office(ready)
        case = rules.Case(ready.assembly, ready.sources, ready.book)
        yield from rules.demands(case, {ledger.key for ledger in chosen}, ready.told)
        for ledger in chosen:
            yield from _owed_by_issue(ready, ledger)

    def packages(
        self, ready: Prepared, tree: Mapping[str, str], store: Store, found: Report
    ) -> Mapping[str, str]:
        files: dict[str, str] = {}
        editions = {edition.issue.key: edition.issue for edition in ready.assembly.editions}
        for ledger in self.issues(ready):
            files |= _package(ready, editions[ledger.key], tree, store, found)
        return files


# ---- before anything is made -----------------------------------------------------------------


def _error(place: Place, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(place, Severity.ERROR, code, message, hint)


def _owed_by_office(ready: Prepared) -> Iterator[Diagnostic]:
    """What the ordinary build leaves open on the last page, and the licence record wants."""
    publication = ready.config.publication
    blanks = list(ready.assembly.ledger.blanks)
    blanks += [] if publication.audience else ["publication.audience"]
    for name in blanks:
        yield Diagnostic(
            ready.assembly.place(CONFIG, name),
            Severity.ERROR,
            "CF010",
            f"chưa điền {name}",
            "văn phòng điền vào bulletin.yaml; chưa đủ thì chưa giao nhà in",
        )


def _owed_by_issue(ready: Prepared, ledger: IssueLedger) -> Iterator[Diagnostic]:
    spec, assembly = ledger.spec, ready.assembly
    if spec.date is None:
        yield _error(
            Place(ledger.path, 1, 1),
            "PL014",
            f"số {spec.number}/{spec.year} chưa có ngày xuất bản thật",
            "văn phòng điền date: trong tệp này; ngày được in trên bìa",
        )
    rows = {row.name: row for row in ledger.rows}
    listed = [name for part in spec.contents for name in part.articles]
    for row in (rows[name] for name in listed if name in rows):
        if row.status not in SETTLED:
            yield _error(
                assembly.place(row.path, "status"),
                "PL015",
                f"bài có trong mục lục mà chưa duyệt: {row.title}",
                "duyệt bài (status: approved), hoặc bỏ khỏi mục lục của số này",
            )
    met = {o for row in ledger.rows if row.status in SETTLED for o in row.orientations}
    for orientation in spec.orientations:
        if orientation.required and orientation.id not in met:
            yield _error(
                Place(ledger.path, 1, 1),
                "PL016",
                f"định hướng bắt buộc {orientation.id} chưa có bài đã duyệt",
                "hoàn thành bài (xem bulletin plan), hoặc ghi required: false nếu kế hoạch đã đổi",
            )


# ---- before anything is published ------------------------------------------------------------


def press_spec(ready: Prepared) -> Spec:
    """What the printing house asked for, by the profile in use."""
    profile = ready.config.print or PrintProfile()
    publication = ready.config.publication
    licence = publication.licence.number if publication.licence else ""
    last = (licence, publication.printer, publication.responsible, publication.circulation)
    return Spec(
        standard=profile.standard,
        trim_width=profile.trim_width,
        trim_height=profile.trim_height,
        bleed=profile.bleed,
        ink_limit=profile.ink_limit,
        max_pages=profile.max_pages,
        first_lines=("BẢN TIN", publication.name, publication.publisher),
        last_lines=tuple(line for line in last if line),
    )


def _package(
    ready: Prepared, issue: Issue, tree: Mapping[str, str], store: Store, found: Report
) -> dict[str, str]:
    """The printer's files of one issue; empty when something must be mended first."""
    screen = f"print/{issue.year}/{site.pdf_name(issue)}"
    press = delivery.paths(screen)[0]
    if press not in tree or screen not in tree:
        found.extend([_no_press(press)])
        return {}
    paper = press_spec(ready)
    reader = Spec(
        standard="ua-1",
        trim_width=paper.trim_width,
        trim_height=paper.trim_height,
        multiple=1,
        max_pages=paper.max_pages,
        first_lines=paper.first_lines,
        last_lines=paper.last_lines,
    )
    label = (f"Bản tin {ready.config.publication.name}, số {issue.number}/{issue.year}", press)
    notes, certificate = _looked_at(ready, tree[press], paper, label, store)
    found.extend(notes)
    found.extend(_looked_at(ready, tree[screen], reader, (label[0], screen), store)[0])
    found.extend(_lawful(ready, issue, tree[press], press, store))
    found.extend(_labelled(ready, issue, tree, store))
    folder = f"release/{issue.key}"
    name = press.rpartition("/")[2]
    sheet = specification(ready, issue, name, _pages(store.blobs.load(tree[press]))).encode("utf-8")
    files = {name: tree[press], CERTIFICATE: certificate, SHEET: store.blobs.put(sheet)}
    sums = "".join(f"{digest}  {file}\n" for file, digest in sorted(files.items()))
    files[SUMS] = store.blobs.put(sums.encode("ascii"))
    return {f"{folder}/{file}": digest for file, digest in files.items()}


def _no_press(path: str) -> Diagnostic:
    return Diagnostic(
        Place(path),
        Severity.ERROR,
        "PD018",
        "chưa có tệp cho nhà in",
        "sửa những chỗ được cảnh báo (mã PD…) rồi chạy lại; bản nào chưa in được thì chưa giao",
    )


def _looked_at(
    ready: Prepared, blob: str, spec: Spec, label: tuple[str, str], store: Store
) -> tuple[list[Diagnostic], str]:
    """Findings and certificate of one file; the same bytes are not looked at twice in a day."""
    title, path = label
    day = text.short_date(ready.assembly.ledger.as_of)
    here = [tools.version(tool) if tools.have(tool) else f"{tool} -" for tool in tools.TOOLS]
    key = codec.digest(codec.dumps(["preflight", toolchain(), blob, spec, day, title, here]))
    known = store.recall(key)
    if known is not None and store.blobs.has(known["certificate"]):
        return [from_json(item) for item in known["notes"]], str(known["certificate"])
    data = store.blobs.load(blob)
    result = inspect(data, spec)
    notes = [_said(item, path) for item in result.findings]
    form = report.Label(path.rpartition("/")[2], hashlib.sha256(data).hexdigest(), day, title)
    certificate = store.blobs.put(report.certificate(result, form, _fonts(ready, store)))
    stored = {"notes": [store_form(note) for note in notes], "certificate": certificate}
    store.remember(key, stored)
    return notes, certificate


def wanted(ready: Prepared, issue: Issue) -> finished.Wanted:
    """What the law wants to read in the finished file, by the rules of the issue's date."""
    publication, day = ready.config.publication, date.fromisoformat(issue.date)
    licence = publication.licence
    imprint: list[tuple[str, tuple[str, ...]]] = [
        ("nơi in", (publication.printer,)),
        ("số lượng", (publication.circulation,)),
        ("kỳ hạn xuất bản", (publication.periodicity,)),
        ("người chịu trách nhiệm xuất bản", (publication.responsible,)),
    ]
    if licence and licence.date:
        dates = (text.short_date(licence.date), text.long_date(licence.date))
        imprint += [("số giấy phép", (licence.number,)), ("ngày giấy phép", dates)]
    trim, pages = ready.book.at("LG002", day), ready.book.at("LG003", day)
    return finished.Wanted(
        name=publication.name,
        publisher=publication.publisher,
        date=(text.long_date(day), text.short_date(day)),
        imprint=tuple((what, forms) for what, forms in imprint if forms[0]),
        labels=tuple(
            (piece.card.title, piece.ai.note)
            for piece in issue.pieces
            if piece.ai and piece.ai.label != "none" and piece.ai.note
        ),
        width=(trim.limits.width or 0.0) if trim and trim.limits else 0.0,
        height=(trim.limits.height or 0.0) if trim and trim.limits else 0.0,
        pages=(pages.limits.pages or 0) if pages and pages.limits else 0,
        public=tuple(sorted(ready.book.public_numbers)),
    )


def _lawful(ready: Prepared, issue: Issue, blob: str, path: str, store: Store) -> list[Diagnostic]:
    """The finished file against the law; the same bytes are not looked at twice."""
    asked, day = wanted(ready, issue), date.fromisoformat(issue.date)
    told = ["lawful", toolchain(), ready.book.digest, blob, asked, issue.date]
    key = codec.digest(codec.dumps(told))
    known = store.recall(key)
    if known is not None:
        return [from_json(item) for item in known["notes"]]
    notes = []
    for fault in finished.look(store.blobs.load(blob), asked):
        where = f"trang {fault.page}" if fault.page else "cả tệp"
        rule = ready.book.at(fault.code, day)
        level = rule.level(release=True) if rule else Severity.ERROR
        hint = f"{fault.hint} ({rule.article})" if rule else fault.hint
        notes.append(Diagnostic(Place(path), level, fault.code, f"{where}: {fault.message}", hint))
    store.remember(key, {"notes": [store_form(note) for note in notes]})
    return notes


def _labelled(
    ready: Prepared, issue: Issue, tree: Mapping[str, str], store: Store
) -> Iterator[Diagnostic]:
    """The label on what an AI tool made, on the pages that go to the website with the issue."""
    rule = ready.book.at("LG022", date.fromisoformat(issue.date))
    for piece in issue.pieces:
        path = f"site/{piece.card.url}index.html"
        if not (piece.ai and piece.ai.label != "none" and piece.ai.note and path in tree):
            continue
        if not finished.shows(store.blobs.load(tree[path]).decode("utf-8"), piece.ai.note):
            yield Diagnostic(
                Place(path),
                rule.level(release=True) if rule else Severity.ERROR,
                "LG022",
                f"bài «{piece.card.title}» có nhãn AI mà trang web không nói",
                "in nhãn và câu ở ai.note trên trang của bài (mẫu web của giao diện)"
                + (f" ({rule.article})" if rule else ""),
            )


def _said(item: Finding, path: str) -> Diagnostic:
    where = f"trang {item.page}" if item.page else "cả tệp"
    where += f", chỗ {item.place}" if item.place else ""
    return Diagnostic(
        Place(path), LEVELS[item.severity], item.code, f"{where}: {item.message}", item.remedy
    )


def _fonts(ready: Prepared, store: Store) -> dict[str, bytes]:
    """The upright faces of the theme nearest to regular and bold, sans serif where there is one."""
    upright = [font for font in ready.theme.fonts if not font.italic]
    sans = [font for font in upright if "Sans" in font.family] or upright
    order = sorted(sans, key=lambda font: font.weight)
    return {
        name: store.blobs.load(ready.theme.files[font.file])
        for name, font in (("regular", order[0]), ("bold", order[-1]))
    }


# ---- the sheet for the printer ---------------------------------------------------------------


def _pages(data: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def specification(ready: Prepared, issue: Issue, name: str, pages: int) -> str:
    """«Thông số in»: what a printing house asks by telephone. What nobody knows stays open."""
    profile = ready.config.print or PrintProfile()
    publication = ready.config.publication
    standard = {"x-4": "PDF/X-4", "x-1a": "PDF/X-1a:2003"}[profile.standard]
    contact = publication.contact
    licence = site.licence_line(outputs.Source(ready.config, ready.assembly, ready.theme))
    rows = (
        ("Ấn phẩm", f"Bản tin {publication.name}, số {issue.number}/{issue.year}"),
        ("Cơ quan xuất bản", publication.publisher),
        ("Giấy phép", licence or BLANK),
        ("Ngày xuất bản", text.short_date(date.fromisoformat(issue.date))),
        ("Tệp in", f"{name} (trang đơn, theo thứ tự đọc, chưa bình trang)"),
        ("Chuẩn", f"{standard}, điều kiện in {profile.condition} ({profile.condition_info})"),
        ("Khổ thành phẩm", f"{profile.trim_width:g} × {profile.trim_height:g} mm"),
        ("Số trang", f"{pages} ({numerals.cardinal(pages)}), kể cả bìa"),
        ("Lề xén", f"{profile.bleed:g} mm mỗi cạnh"),
        ("Màu", f"4/4 (CMYK), không màu pha, tổng mực tối đa {profile.ink_limit:g} %"),
        ("Đóng", {"saddle": "đóng ghim giữa", "perfect": "vào keo gáy"}[profile.binding]),
        ("Giấy ruột, giấy bìa", BLANK),
        ("Số lượng", publication.circulation or BLANK),
        ("Nơi in", publication.printer or BLANK),
        ("Người chịu trách nhiệm", publication.responsible or BLANK),
        ("Liên hệ", ", ".join(filter(None, (contact.phone, contact.email))) if contact else BLANK),
    )
    width = max(len(key) for key, _ in rows)
    lines = ["THÔNG SỐ IN", "", *(f"{key:<{width}}  {value}" for key, value in rows), ""]
    lines += [
        f"Đi kèm: {CERTIFICATE} (phiếu kiểm tra tệp, có mã SHA-256), {SUMS} (mã của mọi tệp).",
        "Xin báo lại trước khi in nếu cần hồ sơ ICC, chuẩn hay lề xén khác.",
    ]
    return "\n".join(lines) + "\n"
