"""One content file becomes an article: front matter by schema, body by Markdown.

Reading cannot fail: it yields an article or None, and diagnostics. The body is read even when the
front matter is wrong, so that one run shows everything.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bulletin import codec, facts, language, markdown, schema, text, yamltree
from bulletin.diag import Place, PlaceTable, Report
from bulletin.language import prose
from bulletin.model import Article, Meta, Node, Reference
from bulletin.permits import RightsNote
from bulletin.rulebook import Rulebook

MAX_BYTES = 12_000_000
_INVISIBLE = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TEMPLATE = (
    '---\ntitle: "Tên bài"\nuid: 2026-1-ten-bai\nsection: ky-thuat\n'
    "genre: guide\nstatus: draft\n---"
)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What one file gives. ``article`` is None when its front matter could not be read."""

    article: Article | None
    nodes: tuple[Node, ...]


def decode(path: str, data: bytes, report: Report) -> str | None:
    """Text of a file in UTF-8, LF and NFC; None with an error that names the likely encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:64].count(0) > 8:
        report.error(
            Place(path, 1, 1),
            "TX001",
            "tệp lưu ở bảng mã UTF-16",
            "trong trình soạn thảo: Lưu với bảng mã → UTF-8",
        )
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as trouble:
        before = data[: trouble.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        report.error(
            Place(path, line, column),
            "TX002",
            f"byte 0x{data[trouble.start]:02X} không phải UTF-8 "
            "(có thể là windows-1258 hoặc Latin-1)",
            "mở lại đúng bảng mã rồi lưu lại thành UTF-8",
        )
        return None
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return _normal(path, source, report)


def _normal(path: str, source: str, report: Report) -> str:
    if not unicodedata.is_normalized("NFC", source):
        for number, line in enumerate(source.split("\n"), start=1):
            if not unicodedata.is_normalized("NFC", line):
                report.warn(
                    Place(path, number, 1),
                    "TX003",
                    "chữ ở dạng tổ hợp (NFD), đã tự ghép lại khi dựng",
                    "gõ lại hoặc lưu lại bằng Unikey, bảng mã Unicode dựng sẵn",
                )
                break
        source = text.nfc(source)
    if any(c in source for c in "ÐƉðɖ"):
        for number, line in enumerate(source.split("\n"), start=1):
            if match := re.search("[ÐƉðɖ]", line):
                report.warn(
                    Place(path, number, match.start() + 1),
                    "TX004",
                    f"chữ U+{ord(match.group()):04X} trông giống Đ/đ, đã tự thay khi dựng",
                    "gõ lại chữ Đ/đ",
                )
                break
        source = source.translate(text.LOOKALIKES)
    return source


def _fence(path: str, lines: list[str], report: Report) -> tuple[int, int] | None:
    """Lines (from 0) of the opening and closing ``---``; None with an error."""
    start = next((n for n, line in enumerate(lines) if line.strip()), None)
    if start is None:
        report.error(Place(path, 1, 1), "FM020", "tệp rỗng", "bắt đầu bằng:\n" + TEMPLATE)
        return None
    if lines[start].rstrip() != "---":
        hidden = _INVISIBLE.match(lines[start].lstrip())
        report.error(
            Place(path, start + 1, 1),
            "FM021",
            f"ký tự ẩn U+{ord(hidden.group()):04X} đứng trước dòng --- đầu tiên"
            if hidden
            else "tệp phải bắt đầu bằng dòng --- và phần khai báo",
            "xóa dòng này và gõ lại ---" if hidden else "thêm ở đầu tệp:\n" + TEMPLATE,
        )
        return None
    if start:
        report.warn(
            Place(path, 1, 1),
            "FM022",
            "có dòng trống trước dòng --- đầu tiên",
            "xóa các dòng trống ở đầu tệp",
        )
    for number in range(start + 1, len(lines)):
        if lines[number].rstrip() == "---":
            return start, number
    report.error(
        Place(path, start + 1, 1),
        "FM023",
        "phần khai báo không có dòng --- đóng",
        "thêm một dòng --- sau khóa cuối cùng",
    )
    return None


def read(path: str, data: bytes, report: Report, book: Rulebook | None = None) -> Manuscript:
    """``path`` is relative to the project: ``content/2026/so-1/ten-bai.md``.

    ``book``: the rules by which the text itself is checked, none when only its form matters.
    """
    if len(data) > MAX_BYTES:
        report.error(
            Place(path), "TX005", f"tệp lớn hơn {MAX_BYTES // 1_000_000} MB", "tách thành nhiều bài"
        )
        return Manuscript(None, ())
    source = decode(path, data, report)
    if source is None:
        return Manuscript(None, ())
    lines = source.split("\n")
    fence = _fence(path, lines, report)
    if fence is None:
        return Manuscript(None, ())
    start, end = fence
    failures = Report()
    tree = yamltree.parse("\n".join(lines[start + 1 : end]), path, failures, start + 2)
    report.extend(failures.items)
    meta: Meta | None = None
    places: schema.Places = {}
    if not failures.failed:
        meta, places = schema.read(Meta, tree, report, Place(path, start + 1, 1, 3))
    if book is not None:
        lang, status = (meta.lang, meta.status) if meta is not None else ("vi", "draft")
        page = prose.page(path, lines, start, end, lang)
        report.extend(language.check(page, book, status))
    lead = meta is not None and meta.cover is not None
    parsed = _body(path, lines, end + 1, lead, report)
    if meta is None:
        return Manuscript(None, parsed.nodes)
    places |= {"body": Place(path, end + 2, 1)}
    return Manuscript(_article(path, meta, places, parsed), parsed.nodes)


def _body(path: str, lines: list[str], first: int, lead: bool, report: Report) -> markdown.Parsed:
    """Parse the lines from index ``first`` on, after dropping invisible characters.

    ``lead``: a picture opens the article, and has the first number.
    """
    for number in range(first, len(lines)):
        line = lines[number]
        for pattern, code, what in (
            (_INVISIBLE, "TX006", "ký tự ẩn"),
            (_CONTROL, "TX007", "ký tự điều khiển"),
        ):
            if match := pattern.search(line):
                report.warn(
                    Place(path, number + 1, match.start() + 1),
                    code,
                    f"{what} U+{ord(match.group()):04X}, đã bỏ khi dựng",
                    "xóa ký tự này (thường do dán từ Word hoặc trang mạng)",
                )
                line = pattern.sub("", line)
        lines[number] = line
    return markdown.parse("\n".join(lines[first:]), path, first + 1, report, int(lead))


def _article(path: str, meta: Meta, places: schema.Places, parsed: markdown.Parsed) -> Article:
    folder, _, name = path.rpartition("/")
    plain = markdown.plain(parsed.nodes)
    references = [Reference("link", target, place) for target, place in parsed.links]
    references += [Reference("picture", target, place) for target, place in parsed.pictures]
    return Article(
        path=path,
        folder=folder,
        name=name.removesuffix(".md"),
        meta=meta,
        places=PlaceTable.of(path, places),
        body=codec.digest(codec.dumps(parsed.nodes)),
        words=text.word_count(plain),
        excerpt="" if meta.standfirst else shorten(plain, 200),
        headings=tuple(parsed.headings),
        anchors=tuple(parsed.anchors),
        references=tuple(references),
        figures=facts.figures(parsed.nodes),
        questions=facts.questions(parsed.nodes),
        terms=facts.terms(plain),
        rights=(*_cover_rights(meta, places), *parsed.rights),
    )


def _cover_rights(meta: Meta, places: schema.Places) -> tuple[RightsNote, ...]:
    if meta.cover is None:
        return ()
    return (facts.rights(meta.cover.file, places["cover.file"], meta.cover),)


def shorten(plain: str, limit: int) -> str:
    """The beginning of a text, cut between words."""
    flat = " ".join(plain.split())
    return flat if len(flat) <= limit else flat[:limit].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
