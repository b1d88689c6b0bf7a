"""The licence record against what the publication does: name, audience, language, trim, pages…"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from bulletin.diag import Diagnostic, Severity
from bulletin.model import LANGUAGES
from bulletin.permits import LicenceRecord, number, sizes
from bulletin.printshop import PrintProfile
from bulletin.rules.case import Case, Finding, day_of
from bulletin.seating import CONFIG
from bulletin.text import fold

# Of the record ↔ of the publication.
SAME = ("name", "audience", "periodicity", "circulation", "printer")


def _record(case: Case) -> LicenceRecord:
    return case.sources.config.publication.record or LicenceRecord()


def missing(case: Case) -> tuple[str, ...]:
    """Names of what the record does not say."""
    record = _record(case)
    return tuple(f.name for f in dataclasses.fields(record) if not getattr(record, f.name))


def blanks(case: Case, level: Severity = Severity.WARNING) -> Iterator[Diagnostic]:
    names = missing(case)
    if names:
        yield Diagnostic(
            case.assembly.place(CONFIG, "publication.record"),
            level,
            "CF011",
            f"hồ sơ giấy phép chưa điền: {', '.join(names)}",
            "văn phòng chép từ hồ sơ giấy phép vào publication.record; chưa biết thì để trống",
        )


def _plain(value: str) -> str:
    return re.sub(r"\W+", " ", fold(value)).strip()


def record(case: Case) -> Iterator[Finding]:
    for ledger in case.issues:
        for name, message in _against(case):
            yield Finding(
                "LG016",
                case.assembly.place(CONFIG, f"publication.record.{name}"),
                message,
                "sửa chỗ ghi sai; làm khác giấy phép thì phải xin sửa giấy phép trước",
                day_of(ledger),
                ledger.key,
            )
    yield from _languages(case)


def _against(case: Case) -> Iterator[tuple[str, str]]:
    config, said = case.sources.config, _record(case)
    for name in SAME:
        licensed, real = getattr(said, name), getattr(config.publication, name)
        if licensed and real and _plain(licensed) != _plain(real):
            yield name, f"giấy phép ghi {name} «{licensed}», Bản tin đang ghi «{real}»"
    profile = config.print or PrintProfile()
    trim = sizes(said.trim)
    if len(trim) == 2 and trim != (profile.trim_width, profile.trim_height):
        real = f"{profile.trim_width:g} × {profile.trim_height:g} mm"
        yield "trim", f"giấy phép ghi khổ «{said.trim}», Bản tin dàn khổ {real}"
    pages = number(said.pages)
    if pages and profile.max_pages > pages:
        yield "pages", f"giấy phép cho {pages} trang, print.max_pages là {profile.max_pages}"


def _languages(case: Case) -> Iterator[Finding]:
    licensed = _plain(_record(case).language)
    if not licensed:
        return
    for article, ledger in case.settled():
        spoken = LANGUAGES.get(article.meta.lang, article.meta.lang)
        if _plain(spoken) not in licensed:
            yield Finding(
                "LG016",
                article.places.get("lang", article.places["title"]),
                f"bài viết bằng {spoken}, giấy phép ghi «{_record(case).language}»",
                "chỉ đăng trên trang web, hoặc xin bổ sung ngôn ngữ vào giấy phép",
                day_of(ledger),
                ledger.key,
            )
