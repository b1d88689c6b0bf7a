"""A Word file becomes an article, its pictures, and a list of what is to be done by hand.

Pure: bytes in, values out. The order: open the parcel within bounds, wash its text, let mammoth
read the structure, write Markdown, read that back, and compare: every word of the document is in
the article or on the list, because what the comparison misses is put on the list.
"""

from __future__ import annotations

import io
import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bulletin import darkroom, manuscript, markdown, schema, text
from bulletin.diag import Report, Severity
from bulletin.directives import ASK_ALT, ASK_CREDIT
from bulletin.frontmatter import quoted
from bulletin.model import Meta
from bulletin.word import article
from bulletin.word.article import Draft, Figure
from bulletin.word.dossier import Dossier, Part
from bulletin.word.findings import Chore, Findings, Refused, listing
from bulletin.word.names import q
from bulletin.word.parcel import Parcel, broken
from bulletin.word.prose import Reader
from bulletin.word.wash import Wash, Washed

__all__ = ["Chore", "Imported", "Refused", "Wanted", "convert", "listing"]

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
LEAST = 312  # points across; a smaller picture is refused in a column of the site
SHARP = 1000  # points across that a picture of one column needs in print


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command says about the article; the file cannot know it."""

    name: str  # of the Word file
    issue: str
    section: str
    genre: str
    slug: str = ""
    section_known: bool = True


@dataclass(frozen=True, slots=True)
class Imported:
    """``files``: name → bytes of the pictures; ``content`` and ``body`` are Markdown."""

    slug: str
    title: str
    content: str
    body: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    chores: tuple[Chore, ...] = ()


def convert(data: bytes, wanted: Wanted, extra: Mapping[str, bytes] | None = None) -> Imported:
    """Raises :class:`Refused`. ``extra``: further pictures, by the names of their files."""
    parcel = Parcel(wanted.name, data)
    findings = Findings()
    dossier = Dossier(parcel)
    washed = Wash(dossier, findings).run()
    document = _structure(dossier)
    reader = Reader(document, washed, findings)
    blocks = reader.blocks(document.children)
    found = article.draft(blocks, washed.headings, findings)
    slug = wanted.slug or text.slug(found.title or wanted.name.rpartition(".")[0])
    figures, files = _pictures(parcel, washed, found, findings, slug)
    body = article.body(found, reader.notes, figures)
    body += _extra(extra or {}, slug, files, findings)
    if not body.strip() and not files:
        raise Refused(
            "WD007", "tài liệu không có chữ nào", "mở tệp bằng Word xem có đúng tệp cần nhập không"
        )
    title = found.title or wanted.name.rpartition(".")[0]
    _unknown(wanted, findings)
    content = _front(wanted, found, title, slug) + "\n" + body
    _compare(content, found, washed, findings)
    return Imported(slug, title, content, body, files, tuple(findings.chores))


# ---- structure -----------------------------------------------------------------------------------


def _structure(dossier: Dossier) -> Any:
    """What mammoth makes of the washed parts. They are all that it gets to see."""
    from mammoth import docx

    try:
        # The public call would make HTML of it; only the reading is wanted.
        return docx.read(io.BytesIO(_parcel(dossier))).value
    except Exception:  # a broken document may fail anywhere in there
        raise broken("không đọc được cấu trúc") from None


def _parcel(dossier: Dossier) -> bytes:
    """A small .docx of washed parts, without pictures, macros and embedded files."""
    named = {kind: part for kind, part in dossier.notes.items() if part is not None}
    if dossier.numbering is not None:
        named["numbering"] = dossier.numbering
    named["styles"] = Part("", _styles(dossier))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("[Content_Types].xml", _TYPES)
        parcel.writestr(
            "_rels/.rels", _links({"d": ("officeDocument", "word/document.xml", False)})
        )
        links = {f"part-{kind}": (kind, f"{kind}.xml", False) for kind in named}
        for name, part in {"document": dossier.main, **named}.items():
            parcel.writestr(f"word/{name}.xml", ET.tostring(part.root))
            outside = {k: v for k, v in part.relations.items() if v[0] == "hyperlink"}
            own = {**outside, **links} if name == "document" else outside
            parcel.writestr(f"word/_rels/{name}.xml.rels", _links(own))
    return out.getvalue()


def _styles(dossier: Dossier) -> ET.Element:
    """The styles with nine headings of our own, to which the wash has set every heading."""
    root = dossier.styles.root if dossier.styles else ET.Element(q("w:styles"))
    for level in range(1, 10):
        style = ET.SubElement(
            root,
            q("w:style"),
            {q("w:type"): "paragraph", q("w:styleId"): f"BulletinHeading{level}"},
        )
        ET.SubElement(style, q("w:name"), {q("w:val"): f"heading {level}"})
    return root


def _links(relations: Mapping[str, tuple[str, str, bool]]) -> bytes:
    root = ET.Element(f"{{{_RELATIONS}}}Relationships")
    for name, (kind, target, outside) in relations.items():
        entry = ET.SubElement(root, f"{{{_RELATIONS}}}Relationship")
        entry.attrib.update({"Id": name, "Type": _OFFICE + kind, "Target": target})
        if outside:
            entry.set("TargetMode", "External")
    return ET.tostring(root)


# ---- pictures ------------------------------------------------------------------------------------


def _pictures(
    parcel: Parcel, washed: Washed, found: Draft, findings: Findings, slug: str
) -> tuple[dict[int, Figure], dict[str, bytes]]:
    """Files beside the article, and the figure blocks that name them; one file per picture."""
    figures: dict[int, Figure] = {}
    files: dict[str, bytes] = {}
    named: dict[str, str] = {}
    small: set[str] = set()
    for number, mark in enumerate(washed.pictures):
        try:
            if mark.entry not in named:
                done = darkroom.develop(mark.entry, parcel.bytes(mark.entry))
                name = f"{slug}-hinh-{len(named) + 1}{done.suffix}"
                files[name], named[mark.entry] = done.data, name
                if not _good(findings, mark.where, name, done):
                    small.add(name)
        except (darkroom.Unusable, Refused) as why:
            findings.add("WD015", mark.where, str(why), mark.alt)
            continue
        name = named[mark.entry]
        if name in small:
            continue
        figures[number] = Figure(
            name, mark.alt or ASK_ALT, ASK_CREDIT, found.captions.get(number, "")
        )
        _ask(findings, mark.where, name, bool(mark.alt))
    for number, caption in found.captions.items():
        if number not in figures:
            findings.add("WD015", washed.pictures[number].where, "chú thích của hình ấy", caption)
    return figures, files


def _ask(findings: Findings, where: str, name: str, described: bool) -> None:
    what = "ghi credit" if described else "ghi alt (tả điều hình cho thấy) và credit"
    findings.add("WD019", where, f"{name}: {what}")


def _good(findings: Findings, where: str, name: str, done: darkroom.Print) -> bool:
    """Whether a picture may stand in the article at all; what it lost or lacks is told."""
    if darkroom.STILL in done.notes:
        findings.add("WD024", where, f"{name}: {darkroom.STILL[0].lower()}{darkroom.STILL[1:-1]}")
    if done.suffix == ".svg" or done.width >= SHARP:
        return True
    if done.width < LEAST:
        what = (
            f"{name} chỉ rộng {done.width} điểm ảnh: tệp để cạnh bài, chưa đặt vào bài; xin ảnh gốc"
        )
        findings.add("WD015", where, what)
        return False
    what = f"{name} rộng {done.width} điểm ảnh, in một cột cần khoảng {SHARP}: xin ảnh gốc"
    findings.add("WD024", where, what)
    return True


def _extra(
    extra: Mapping[str, bytes], slug: str, files: dict[str, bytes], findings: Findings
) -> str:
    """Pictures that came beside the Word file stand at the end until somebody places them."""
    out: list[str] = []
    for source, data in extra.items():
        try:
            done = darkroom.develop(source, data)
        except darkroom.Unusable as why:
            raise Refused(
                "WD015", f"«{source}»: {why}", "bỏ hình này khỏi lệnh, hoặc lưu lại thành JPEG"
            ) from None
        stem = f"{slug}-{text.slug(source.rpartition('.')[0], 40)}"
        name, number = f"{stem}{done.suffix}", 1
        while name in files:
            number += 1
            name = f"{stem}-{number}{done.suffix}"
        files[name] = done.data
        if not _good(findings, "cuối bài", name, done):
            continue
        out.append("\n" + Figure(name, ASK_ALT, ASK_CREDIT).markdown() + "\n")
        _ask(findings, "cuối bài", name, described=False)
        findings.add("WD024", "cuối bài", f"đưa hình {name} vào đúng chỗ trong bài")
    return "".join(out)


# ---- front matter --------------------------------------------------------------------------------


def _unknown(wanted: Wanted, findings: Findings) -> None:
    if not wanted.section_known:
        what = f"chuyên mục tạm để «{wanted.section}»: chọn lại ở section"
        findings.add("WD020", "", what)
    findings.add("WD020", "", f"xem lại thể loại (genre: {wanted.genre}), sa-pô, từ khóa, nguồn")


def _front(wanted: Wanted, found: Draft, title: str, slug: str) -> str:
    values = {
        "title": quoted(title),
        "uid": quoted(f"{wanted.issue.replace('/so-', '-')}-{slug}"),
        "issue": wanted.issue,
        "section": wanted.section,
        "genre": wanted.genre,
        "authors": "[" + ", ".join(quoted(name) for name in found.authors) + "]",
        "status": "draft",
        "lang": "vi",
    }
    if found.standfirst:
        values["standfirst"] = quoted(found.standfirst)
    return "---\n" + schema.scaffold(Meta, values) + "---\n"


# ---- the comparison ------------------------------------------------------------------------------


def _compare(content: str, found: Draft, washed: Washed, findings: Findings) -> None:
    """Read the article back; what a reader of it would not find goes on the list."""
    report = Report()
    read = manuscript.read("bai.md", content.encode(), report)
    for item in report.items:
        if item.severity is Severity.ERROR:
            findings.add(
                "WD023", f"dòng {item.place.line} của bài", f"{item.message} [{item.code}]"
            )
    told = [found.title, found.standfirst, *found.authors, markdown.plain(read.nodes)]
    there = squeezed(" ".join(told))
    listed = squeezed(findings.listed())
    wanted = Counter(filter(None, map(squeezed, washed.kept)))
    for paragraph in washed.kept:
        bare = squeezed(paragraph)
        if not bare or there.count(bare) >= wanted[bare] or bare in listed:
            continue
        short = squeezed(article.CAPTION.sub("", paragraph, count=1))
        label = squeezed(article.BYLINE.sub(r"\1", paragraph))
        if (short and short in there) or (label and label != bare and _names(found, paragraph)):
            continue
        findings.add("WD023", "", "đoạn này chưa có đủ trong bài: chép tay", paragraph)
        listed = squeezed(findings.listed())


def _names(found: Draft, paragraph: str) -> bool:
    """Whether the names of a «Tác giả: …» stand among the authors."""
    match = article.BYLINE.fullmatch(" ".join(paragraph.split()))
    return match is not None and all(squeezed(name) in squeezed(match[1]) for name in found.authors)


def squeezed(words: str) -> str:
    """Letters and figures alone, which no markup changes."""
    flat = unicodedata.normalize("NFKC", words)
    return re.sub(r"[\W_]+", "", flat).casefold()
