"""The rules as data: what law, house and language demand, with their dates, sources and states.

The program brings its own files (``bulletin/rules/*.yaml``); the board adds to them or replaces
them in ``content/quy-tac/*.yaml``. All have one form, :class:`RuleFile`. A rule may have several
versions, one after another; which one holds is decided by a date, and a date that no version
covers is an error, never a silent pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from bulletin import schema, yamltree
from bulletin.diag import Diagnostic, Place, Report, Severity
from bulletin.schema import field as key
from bulletin.text import short_date

FOLDER = "content/quy-tac"
SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE}
STATES = ("confirmed", "unconfirmed")
TONES = {"hòa": False, "hoà": True}
CODE = re.compile(r"[A-Z]{2}\d{3}")


@dataclass(frozen=True, slots=True)
class Limits:
    width: float | None = key("Rộng tối đa (mm)")
    height: float | None = key("Cao tối đa (mm)")
    pages: int | None = key("Số trang tối đa, kể cả bìa")
    words: int | None = key("Số chữ tối đa")


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. Without ``until`` it is still in force."""

    code: str = key("Mã", required=True, example="LG002", default="")
    name: str = key("Tên quy tắc", required=True, default="")
    article: str = key(
        "Điều luật hoặc quy ước", required=True, example="Luật Báo chí 2016, Điều 34", default=""
    )
    since: date | None = key("Áp dụng từ ngày", required=True, example="2026-01-01")
    until: date | None = key("Áp dụng đến hết ngày (để trống: còn áp dụng)", example="2026-06-30")
    severity: str = key("Mức", required=True, choices=tuple(SEVERITIES), default="warning")
    release: str = key("Mức khi giao nhà in (để trống: như severity)", default="")
    state: str = key("Đã đối chiếu văn bản chưa", required=True, choices=STATES, default="")
    source: str = key("Lấy từ đâu", required=True, default="")
    limits: Limits | None = key("Giới hạn")

    def covers(self, day: date) -> bool:
        return (self.since or date.max) <= day <= (self.until or date.max)

    def level(self, release: bool = False) -> Severity:
        return SEVERITIES[self.release if release and self.release else self.severity]


@dataclass(frozen=True, slots=True)
class Document:
    """A legal document as it must be cited. What is not known stays empty and is not checked."""

    symbol: str = key("Số, ký hiệu", required=True, example="57-NQ/TW", default="")
    kind: str = key("Loại văn bản", required=True, example="Nghị quyết", default="")
    date: date | None = key("Ngày ban hành", example="2024-12-22")
    issuer: str = key("Cơ quan ban hành", example="Bộ Chính trị", default="")
    source: str = key("Lấy từ đâu", required=True, default="")


@dataclass(frozen=True, slots=True)
class OldName:
    """A place name that is no longer right, and what to do; never a guess at the new name."""

    name: str = key("Tên cũ", required=True, example="huyện Hàm Yên", default="")
    since: date | None = key("Không còn dùng từ ngày", required=True, example="2025-07-01")
    advice: str = key("Cách viết", required=True, default="")
    source: str = key("Lấy từ đâu", required=True, default="")


@dataclass(frozen=True, slots=True)
class Better:
    """A word to avoid and the word to use: foreign words, frequent slips."""

    word: str = key("Từ nên tránh", required=True, example="online", default="")
    better: str = key("Từ nên dùng", required=True, example="trực tuyến", default="")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """``content/quy-tac/<tên>.yaml``; every key is optional."""

    rules: tuple[Rule, ...] = key("Quy tắc", default=())
    documents: tuple[Document, ...] = key("Sổ văn bản", default=())
    old_names: tuple[OldName, ...] = key("Địa danh cũ", default=())
    foreign: tuple[Better, ...] = key("Từ nước ngoài có từ tiếng Việt", default=())
    slips: tuple[Better, ...] = key("Chỗ hay gõ nhầm", default=())
    advertising: tuple[str, ...] = key("Lời quảng cáo", default=())
    doubles: tuple[str, ...] = key("Từ láy lặp lại được phép", default=())
    allowed: tuple[str, ...] = key("Chữ không phải tiếng Việt nhưng được phép", default=())
    public_numbers: tuple[str, ...] = key("Số điện thoại, số tài khoản công khai", default=())
    tone: str = key("Cách đặt dấu ở oa, oe, uy", choices=tuple(TONES), default="")


@dataclass(frozen=True)
class Rulebook:
    """All rule files together: the program's, then the board's."""

    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    old_names: tuple[OldName, ...] = ()
    foreign: Mapping[str, str] = field(default_factory=dict)
    slips: Mapping[str, str] = field(default_factory=dict)
    advertising: tuple[str, ...] = ()
    doubles: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    public_numbers: frozenset[str] = frozenset()
    tone: str = ""
    digest: str = ""

    def at(self, code: str, day: date) -> Rule | None:
        """The version of a rule that holds on ``day``; None is for the caller to report."""
        return next((rule for rule in self.rules.get(code, ()) if rule.covers(day)), None)

    def newest(self, code: str) -> Rule | None:
        """For what a text is checked by while it is read, before its date matters."""
        versions = self.rules.get(code, ())
        return versions[-1] if versions else None

    def level(self, code: str) -> Severity:
        rule = self.newest(code)
        return rule.level() if rule else Severity.WARNING

    def with_public(self, numbers: Iterable[str]) -> Rulebook:
        more = self.public_numbers | {digits(number) for number in numbers if digits(number)}
        same = more == self.public_numbers
        mark = self.digest if same else f"{self.digest}+{','.join(sorted(more))}"
        return replace(self, public_numbers=frozenset(more), digest=mark)

    @cached_property
    def by_letters(self) -> dict[str, Document]:
        """«57NQTW» → the document, to know it however it was spelt."""
        return {letters(symbol): document for symbol, document in self.documents.items()}

    @cached_property
    def issuers(self) -> frozenset[str]:
        return frozenset(d.issuer for d in self.documents.values() if d.issuer)

    @cached_property
    def foreign_words(self) -> re.Pattern[str] | None:
        return alternatives(self.foreign)

    @cached_property
    def slip_words(self) -> re.Pattern[str] | None:
        return alternatives(self.slips)

    @cached_property
    def adverts(self) -> re.Pattern[str] | None:
        return alternatives(self.advertising)

    @cached_property
    def outdated(self) -> re.Pattern[str] | None:
        return alternatives(item.name for item in self.old_names)

    @cached_property
    def advice(self) -> dict[str, OldName]:
        return {item.name.lower(): item for item in self.old_names}


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def letters(symbol: str) -> str:
    """Letters and digits of a document's symbol, without what joins them."""
    return re.sub(r"[^0-9A-ZĐ]", "", symbol.upper())


def alternatives(words: Iterable[str]) -> re.Pattern[str] | None:
    """Whole words, longest first, any case; None for no words."""
    found = sorted(words, key=lambda word: (-len(word), word))
    if not found:
        return None
    inner = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in found)
    return re.compile(rf"(?<![\w-])(?:{inner})(?![\w-])", re.IGNORECASE)


def read(files: Mapping[str, str], report: Report, digest: str = "") -> Rulebook:
    """``files``: path → text, the program's before the board's. What is wrong is reported."""
    parsed: list[tuple[str, RuleFile]] = []
    for path, source in files.items():
        failures = Report()
        tree = yamltree.parse(source, path, failures)
        report.extend(failures.items)
        if failures.failed:
            continue
        value, places = schema.read(RuleFile, tree, report, Place(path, 1, 1), "Tệp quy tắc")
        if value is not None:
            report.extend(_faults(path, value, places))
            parsed.append((path, value))
    return _joined(parsed, digest)


def _faults(path: str, value: RuleFile, places: Mapping[str, Place]) -> Iterable[Diagnostic]:
    found = Report()
    for index, rule in enumerate(value.rules):
        at = f"rules.{index}"
        where = places.get(f"{at}.code", Place(path, 1, 1))
        if not CODE.fullmatch(rule.code):
            found.error(
                where,
                "RL001",
                f"mã «{rule.code}» không đúng dạng",
                "hai chữ hoa và ba chữ số: LG002",
            )
        if rule.release and rule.release not in SEVERITIES:
            found.error(
                places.get(f"{at}.release", where),
                "RL001",
                f"«{rule.release}» không phải một mức",
                "chọn: " + ", ".join(SEVERITIES),
            )
        if rule.since and rule.until and rule.until < rule.since:
            found.error(
                places.get(f"{at}.until", where),
                "RL002",
                f"quy tắc {rule.code} hết hiệu lực trước khi có hiệu lực",
                f"since: {rule.since} phải trước until; xem lại hai ngày",
            )
    _overlaps(path, value.rules, places, found)
    for index, document in enumerate(value.documents):
        if not re.search(r"\d.*[A-ZĐ]", document.symbol):
            found.error(
                places.get(f"documents.{index}.symbol", Place(path, 1, 1)),
                "RL001",
                f"«{document.symbol}» không phải số, ký hiệu của văn bản",
                "ví dụ: symbol: 57-NQ/TW",
            )
    return found.items


def _overlaps(
    path: str, rules: tuple[Rule, ...], places: Mapping[str, Place], report: Report
) -> None:
    """Versions of one code in one file follow one another without gap and without overlap."""
    versions_of: dict[str, list[tuple[int, Rule]]] = {}
    for index, rule in enumerate(rules):
        versions_of.setdefault(rule.code, []).append((index, rule))
    for code, versions in versions_of.items():
        versions.sort(key=lambda item: item[1].since or date.min)
        for (first, before), (second, after) in pairwise(versions):
            gap = (after.since or date.min).toordinal() - (before.until or date.max).toordinal()
            if gap != 1:
                ends = short_date(before.until) if before.until else "chưa ghi until"
                report.error(
                    places.get(f"rules.{second}.since", Place(path, 1, 1)),
                    "RL003",
                    f"hai bản của {code} {'chồng lên nhau' if gap < 1 else 'hở một quãng'}: "
                    f"bản trước đến {ends}, bản sau từ {short_date(after.since or date.min)}",
                    "bản sau bắt đầu đúng một ngày sau khi bản trước hết hiệu lực",
                    (places.get(f"rules.{first}.code", Place(path, 1, 1)),),
                )


def _joined(parsed: Iterable[tuple[str, RuleFile]], digest: str) -> Rulebook:
    """The board's version of a rule or document takes the place of the program's."""
    rules: dict[str, tuple[Rule, ...]] = {}
    book = Rulebook(digest=digest)
    for _, value in parsed:
        own: dict[str, tuple[Rule, ...]] = {}
        for rule in sorted(value.rules, key=lambda rule: rule.since or date.min):
            own[rule.code] = (*own.get(rule.code, ()), rule)
        rules |= own
        book = replace(
            book,
            rules=dict(rules),
            documents={**book.documents, **{d.symbol: d for d in value.documents}},
            old_names=book.old_names + value.old_names,
            foreign={**book.foreign, **{b.word.lower(): b.better for b in value.foreign}},
            slips={**book.slips, **{b.word.lower(): b.better for b in value.slips}},
            advertising=book.advertising + value.advertising,
            doubles=book.doubles | {word.lower() for word in value.doubles},
            allowed=book.allowed | {word.lower() for word in value.allowed},
            public_numbers=book.public_numbers | {digits(n) for n in value.public_numbers},
            tone=value.tone or book.tone,
        )
    return book
