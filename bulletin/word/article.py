"""Blocks become an article: what is surely known goes into the front matter, the rest is text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bulletin.frontmatter import quoted
from bulletin.word import inline
from bulletin.word.findings import Findings
from bulletin.word.inline import Piece
from bulletin.word.prose import Block

MAX_TITLE = 200
MAX_HEADING = 120
BYLINE = re.compile(
    r"(?:tác giả|người viết|bài viết|bài và ảnh|bài, ảnh|bài)\s*:\s*(.{2,120})", re.IGNORECASE
)
_PRIVATE = re.compile(
    r"số tài khoản|\bstk\b|tài khoản (?:ngân hàng|số)|căn cước|\bcccd\b|\bcmnd\b|"
    r"mã số thuế cá nhân",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:điện thoại|\bđt\b|\bsđt\b|di động|zalo)\D{0,12}0[\d. ]{8,12}", re.IGNORECASE
)
CAPTION = re.compile(r"(?:hình|ảnh)\s*\d*\s*[.:–-]\s*", re.IGNORECASE)
TAIL = 6  # paragraphs at the end in which the writer's own particulars stand


@dataclass(slots=True)
class Draft:
    """An article before it has a name. ``figures``: number of the picture → caption."""

    title: str = ""
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    captions: dict[int, str] = field(default_factory=dict)


def draft(blocks: list[Block], headings: int, findings: Findings) -> Draft:
    """The pieces of front matter are taken out of the blocks; what is private is taken out."""
    found = Draft(blocks=blocks)
    _title(found, findings)
    _standfirst(found)
    _byline(found, findings)
    _private(found, findings)
    _headings(found, headings, findings)
    _captions(found)
    return found


def _title(found: Draft, findings: Findings) -> None:
    """A paragraph in the style Title, else a first paragraph that is plainly a heading."""
    blocks = found.blocks
    chosen = next((b for b in blocks if b.style == "title" and b.bare), None)
    first = next((b for b in blocks if b.bare), None)
    if chosen is None and first is not None and _is_title(first):
        chosen = first
    if chosen is None or len(chosen.bare) > MAX_TITLE or any(p.raw for p in chosen.pieces):
        findings.add("WD020", "", "tên bài tạm lấy từ tên tệp: ghi lại ở title")
        return
    found.title = chosen.bare.replace("\u00a0", " ")
    blocks.remove(chosen)
    if found.title.isupper() and len(found.title) > 12:
        findings.add("WD020", "", "tên bài viết hoa toàn bộ: viết lại chữ thường ở title")


def _is_title(block: Block) -> bool:
    text = block.bare
    if block.kind == "heading":
        return True
    if block.kind != "paragraph" or not 3 <= len(text) <= MAX_TITLE:
        return False
    return block.centred or block.all_strong or text.isupper()


def _standfirst(found: Draft) -> None:
    for block in found.blocks[:4]:
        if block.style == "subtitle" and 0 < len(block.bare) <= 600:
            if not any(p.raw for p in block.pieces):
                found.standfirst = block.bare
                found.blocks.remove(block)
            return


def _byline(found: Draft, findings: Findings) -> None:
    """«Tác giả: …» in a paragraph of its own says who wrote it; anything less is a guess."""
    for block in [*found.blocks[:3], *found.blocks[-TAIL:]]:
        match = BYLINE.fullmatch(block.bare)
        if block.kind == "paragraph" and match and not any(p.raw for p in block.pieces):
            names = [name.strip(" .") for name in re.split(r"[,;]| và ", match[1])]
            if all(2 <= len(name) <= 60 and not re.search(r"\d", name) for name in names):
                found.authors = tuple(names)
                found.blocks.remove(block)
                return
    findings.add("WD020", "", "chưa rõ tác giả: ghi ở authors")


def _private(found: Draft, findings: Findings) -> None:
    """Account and identity numbers at the end are for the office, never for readers."""
    for block in found.blocks[-TAIL:]:
        if len(block.bare) > 250 or block.kind not in ("paragraph", "item"):
            continue
        if _PRIVATE.search(block.bare):
            findings.add("WD022", "", "để kế toán, văn phòng dùng", block.bare)
            found.blocks.remove(block)
        elif _PHONE.search(block.bare):
            what = f"bài có số điện thoại («{block.bare[:80]}»): bỏ nếu là số riêng của người viết"
            findings.add("WD024", "", what)


def _headings(found: Draft, told: int, findings: Findings) -> None:
    """Word's headings begin at «##» without jumps; without any, short bold paragraphs are some."""
    if not told:
        made = 0
        for block in found.blocks:
            if (
                block.kind == "paragraph"
                and block.all_strong
                and len(block.bare) <= MAX_HEADING
                and not block.bare.endswith((".", ",", ";", ":"))
                and not any(p.raw for p in block.pieces)
            ):
                block.kind, block.level = "heading", 1
                made += 1
        if made:
            findings.add(
                "WD024", "", f"{made} dòng in đậm đứng riêng đã thành đề mục: xem lại cấp đề mục"
            )
    ranks = sorted({block.level for block in found.blocks if block.kind == "heading"})
    last = 1
    for block in found.blocks:
        if block.kind == "heading":
            last = block.level = min(ranks.index(block.level) + 2, last + 1, 4)


def _captions(found: Draft) -> None:
    """A paragraph in the style Caption below a picture is what stands below it."""
    kept: list[Block] = []
    for block in found.blocks:
        above = kept[-1] if kept else None
        if (
            block.style == "caption"
            and above is not None
            and above.kind == "figure"
            and above.picture not in found.captions
            and len(block.bare) <= 600
            and not any(p.raw for p in block.pieces)
        ):
            found.captions[above.picture] = CAPTION.sub("", block.bare, count=1)
        else:
            kept.append(block)
    found.blocks = kept


# ---- writing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as the article names it."""

    file: str
    alt: str
    credit: str
    caption: str = ""

    def markdown(self) -> str:
        rows = [f":::figure {self.file}", f"alt: {quoted(self.alt)}"]
        if self.caption:
            rows.append(f"caption: {quoted(self.caption)}")
        return "\n".join([*rows, f"credit: {quoted(self.credit)}", ":::"])


def body(found: Draft, notes: list[str], figures: dict[int, Figure]) -> str:
    """Markdown of the whole text, footnotes last."""
    out: list[str] = []
    blocks = found.blocks
    at = 0
    while at < len(blocks):
        if blocks[at].kind == "item":
            end = at
            while end < len(blocks) and blocks[end].kind == "item":
                end += 1
            out += _lists(blocks[at:end])
            at = end
        else:
            out.append(_block(blocks[at], figures))
            at += 1
    out += [f"[^{number}]: {text}" for number, text in enumerate(notes, start=1) if text]
    return "\n\n".join(text for text in out if text) + "\n"


def _block(block: Block, figures: dict[int, Figure]) -> str:
    match block.kind:
        case "heading":
            return f"{'#' * block.level} {inline.flat(_plain(block.pieces))}"
        case "figure":
            return figures[block.picture].markdown() if block.picture in figures else ""
        case "table" | "math":
            return block.text
        case "quote":
            return "> " + inline.paragraph(block.pieces).replace("\n", "\n> ")
    return inline.paragraph(block.pieces)


def _plain(pieces: list[Piece]) -> list[Piece]:
    """A heading needs no bold letters."""
    return [Piece(p.text, False, p.slanted, p.struck, p.link, p.raw) for p in pieces]


def _lists(items: list[Block]) -> Iterator[str]:
    """Lists nested by level; another kind of list at the outermost level is a list of its own."""
    rows: list[str] = []
    indents: list[tuple[int, bool, str]] = []  # level, ordered, blanks before what it holds
    counts: dict[int, int] = {}
    for block in items:
        while indents and indents[-1][0] > block.level:
            counts.pop(indents.pop()[0], None)
        if indents and indents[-1][0] == block.level and indents[-1][1] != block.ordered:
            counts.pop(indents.pop()[0], None)
            if not indents:
                yield "\n".join(rows)
                rows = []
        if indents and indents[-1][0] == block.level:
            indents.pop()
        outside = indents[-1][2] if indents else ""
        counts[block.level] = counts.get(block.level, 0) + 1
        sign = f"{counts[block.level]}. " if block.ordered else "- "
        inside = outside + " " * len(sign)
        indents.append((block.level, block.ordered, inside))
        text = inline.paragraph(block.pieces).replace("\n", f"\n{inside}")
        rows.append(f"{outside}{sign}{text}")
    if rows:
        yield "\n".join(rows)
