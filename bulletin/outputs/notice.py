"""Words that go with an issue to other houses: press release, post, rights, list of contents.

Only facts of the issue are filled in. What only the office knows is a gap that can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bulletin import text
from bulletin.model import Issue, Publication
from bulletin.outputs import cards
from bulletin.pages import PressKit


def gap(what: str) -> str:
    return f"[…… văn phòng điền: {what} ……]"


def when(issue: Issue) -> str:
    """The day of publication, or a gap where nobody has written it down."""
    if issue.planned:
        return gap(f"ngày phát hành; kế hoạch ghi «{issue.deadline_text}»")
    return text.long_date(date.fromisoformat(issue.date))


def release(kit: PressKit) -> list[tuple[str, str]]:
    """(form, words) of the draft: ``small``, ``title``, ``text``, ``item``."""
    issue, publication = kit.issue, kit.publication
    pages = f", {kit.count} trang" if kit.count else ""
    lines = [
        ("small", publication.publisher),
        ("small", "DỰ THẢO THÔNG CÁO BÁO CHÍ"),
        ("small", f"{publication.place}, {gap('ngày ra thông cáo')}"),
        ("title", f"Phát hành Bản tin {publication.name} số {issue.number}/{issue.year}"),
        (
            "text",
            f"{publication.publisher} phát hành Bản tin {publication.name} số {issue.number} năm "
            f"{issue.year}, chủ đề “{issue.title}”. Ngày phát hành: {when(issue)}.",
        ),
        ("text", f"Số này có {len(issue.pieces)} bài{pages}, trong {len(issue.parts)} chuyên mục."),
    ]
    lines += [("item", line) for line in _contents(issue)]
    lines += [("text", line) for line in _teasers(issue)]
    lines.append(("text", gap("lời của người đại diện cơ quan, họ tên, chức vụ")))
    lines.append(
        ("text", f"Phát hành: {_copies(publication)}. Đối tượng: {_audience(publication)}.")
    )
    if kit.base_url:
        lines.append(("text", f"Đọc toàn văn: {kit.base_url}{issue.url}"))
    lines += [("small", line) for line in _imprint(publication)]
    return lines


def _contents(issue: Issue) -> Iterator[str]:
    for part in issue.parts:
        titles = "; ".join(piece.card.title for piece in part.pieces)
        yield f"{part.section.title}: {titles}" + ("" if titles[-1] in ".!?…" else ".")


def _teasers(issue: Issue) -> Iterator[str]:
    named = {piece.card.id: piece.card for piece in issue.pieces}
    for name in issue.teasers:
        if name in named:
            card = named[name]
            mark = "" if card.title[-1:] in ".!?" else "."
            yield f"{card.title}{mark} {card.standfirst}"


def _copies(publication: Publication) -> str:
    return publication.circulation or gap("số lượng in, nơi nhận")


def _audience(publication: Publication) -> str:
    return publication.audience or gap("đối tượng phục vụ")


def _imprint(publication: Publication) -> Iterator[str]:
    licence, contact = publication.licence, publication.contact
    if licence and licence.date:
        yield (
            f"Giấy phép xuất bản số {licence.number} {text.long_date(licence.date)} "
            f"do {licence.issuer} cấp."
        )
    yield f"Chịu trách nhiệm xuất bản: {publication.responsible or gap('họ tên, chức vụ')}."
    known = [contact.address, contact.phone, contact.email] if contact else []
    yield "Liên hệ báo chí: " + (", ".join(filter(None, known)) or gap("người, điện thoại, thư"))


def release_text(kit: PressKit) -> str:
    marks = {"item": "- "}
    return "\n\n".join(f"{marks.get(form, '')}{words}" for form, words in release(kit)) + "\n"


def release_docx(kit: PressKit) -> bytes:
    """The draft as a Word file: gaps are yellow, nothing else has to be looked for."""
    import io
    import re

    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
    from docx.shared import Cm, Pt

    from bulletin import archive
    from bulletin.broadcast import paper

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin = Cm(3), Cm(2)
    paper.face(document.styles["Normal"], 13)
    paper.face(document.styles["Heading 1"], 16)
    paper.undated(document, f"Thông cáo báo chí số {kit.issue.number}/{kit.issue.year}")
    styles = {"title": "Heading 1", "item": "List Bullet"}
    for form, words in release(kit):
        paragraph = document.add_paragraph(style=styles.get(form, "Normal"))
        if form == "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for part in re.split(r"(\[…… .*? ……\])", words):
            if part:
                run = paragraph.add_run(part)
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW if part[0] == "[" else None
                run.font.size = Pt(11) if form == "small" else None
    out = io.BytesIO()
    document.save(out)
    return archive.settled(out.getvalue())


def post(kit: PressKit) -> str:
    """For Zalo and Facebook: the issue as a whole."""
    issue = kit.issue
    rows = "\n".join(f"• {piece.card.title}" for piece in issue.pieces)
    blocks = [
        f"Bản tin {kit.publication.name} số {issue.number}/{issue.year}: {issue.short_title}",
        issue.line,
        rows,
        f"Đọc tại: {kit.base_url}{issue.url}" if kit.base_url else "",
        " ".join([cards.hashtag(kit.publication.name), cards.hashtag(issue.short_title)]),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def rights(kit: PressKit) -> str:
    """What others may do with what they got."""
    publication, issue = kit.publication, kit.issue
    own = [piece for piece in issue.pieces if piece.licence]
    reprints = [(piece, note) for piece in issue.pieces for note in piece.sources if note.reprint]
    lines = [
        f"QUYỀN SỬ DỤNG – Bản tin {publication.name} số {issue.number}/{issue.year}",
        "",
        publication.rights or gap("điều kiện sử dụng lại nội dung (publication.rights)"),
        "",
        "Hình: ghi đúng tác giả như trong danh-muc.csv. Ảnh có người nhận ra được: hỏi lại Ban "
        "biên tập trước khi dùng vào việc khác ngoài đưa tin về số này.",
    ]
    if own:
        lines += ["", "Bài có điều kiện riêng:"]
        lines += [f"- {piece.card.title}: {piece.licence}" for piece in own]
    if reprints:
        lines += ["", "Bài đăng lại từ nơi khác, muốn dùng thì hỏi nơi ấy:"]
        lines += [
            f"- {piece.card.title}: {note.title}, {note.publisher}" for piece, note in reprints
        ]
    marked = [piece for piece in issue.pieces if piece.ai and piece.ai.label != "none"]
    if marked:
        lines += ["", "Bài có dùng công cụ AI, khi đăng lại phải giữ lời ghi này:"]
        lines += [f"- {p.card.title}: {p.ai.note or p.ai.label}" for p in marked if p.ai]
    return "\n".join(lines) + "\n"
