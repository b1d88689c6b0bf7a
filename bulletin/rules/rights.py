"""Rights in pictures: credit, consent, the two consents for children, the eye on maps."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from bulletin import privacy
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.permits import RightsNote
from bulletin.rules.case import SETTLED, Case, Finding, day_of

CHILDREN = re.compile(
    r"\b(?:trẻ em|trẻ nhỏ|em bé|em nhỏ|thiếu nhi|thiếu niên|nhi đồng|học sinh|học trò|"
    r"các cháu|cháu bé|mầm non)\b",
    re.IGNORECASE,
)
MAP = re.compile(r"\bbản đồ\b(?! tư duy)", re.IGNORECASE)
MAP_FILE = re.compile(r"(?:^|[-_/])ban-do(?!-tu-duy)")
Said = tuple[str, str, str]  # code, message, hint


def pictures(case: Case) -> Iterator[Finding]:
    for article, ledger in case.settled():
        for note in article.rights:
            for code, message, hint in _owed(note):
                yield Finding(code, note.place, message, hint, day_of(ledger), ledger.key)


def lettering(case: Case) -> Iterator[Diagnostic]:
    """Personal data in the words of drawings. It only warns while all who use one are drafts."""
    users: dict[str, set[bool]] = {}
    for article in case.sources.articles:
        targets = [r.target for r in article.references if r.kind == "picture"]
        targets += [article.meta.cover.file] if article.meta.cover else []
        for target in targets:
            path = posixpath.normpath(f"{article.folder}/{target}")
            users.setdefault(path, set()).add(article.meta.status in SETTLED)
    for path, drawing in sorted(case.sources.pictures.items()):
        draft = users.get(path) == {False}
        told = {
            (line, hit.code, hit.what)
            for line, words in drawing.numbers
            for hit in privacy.scan(words, case.book.public_numbers)
        }
        for line, code, what in sorted(told):
            level = case.book.level(code)
            yield Diagnostic(
                Place(path, line),
                min(level, Severity.WARNING) if draft else level,
                code,
                f"{what} trong hình",
                "bỏ khỏi hình; số công khai của cơ quan thì ghi vào public_numbers của tệp quy tắc",
            )


def _owed(note: RightsNote) -> Iterator[Said]:
    if not note.target.lower().endswith(".svg"):
        yield from _photo(note)
    if (MAP.search(note.words) or MAP_FILE.search(note.target)) and not note.map_checked:
        yield (
            "LG008",
            f"hình «{note.target}» là bản đồ mà chưa ghi ai đã soát",
            "soát Hoàng Sa, Trường Sa, đường biên giới rồi ghi map_checked: họ tên, ngày",
        )


def _photo(note: RightsNote) -> Iterator[Said]:
    """A drawing shows nobody; a photograph does until somebody says otherwise."""
    if not note.credit:
        yield (
            "LG009",
            f"ảnh «{note.target}» không ghi tác giả",
            "đặt ảnh trong khối :::figure và ghi credit:",
        )
    if not note.consent:
        yield (
            "LG006",
            f"ảnh «{note.target}» chưa ghi người trong ảnh có đồng ý hay không",
            "ghi consent: đã xin phép, ngày nào; ảnh không có người thì ghi: không có người",
        )
    if CHILDREN.search(note.words) and not note.guardian:
        yield (
            "LG007",
            f"ảnh «{note.target}» có trẻ em mà thiếu đồng ý của cha mẹ hoặc người giám hộ",
            "cần cả hai: consent: (của người trong ảnh) và guardian: (của cha mẹ, người giám hộ)",
        )
