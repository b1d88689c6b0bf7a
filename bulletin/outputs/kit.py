"""The press kit of an issue: one archive with what other houses and the office's own posts need.

Made from the public catalogue only. The cover is the first page of the readers' PDF, so it is there
only when the whole printed issue is public and was laid out in the same build.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin import archive, broadcast, charts, codec, html, picture
from bulletin.broadcast import paper, pieces
from bulletin.model import Issue, Job, Node, PictureView, Piece
from bulletin.outlets import Broadcast
from bulletin.outputs import cards, notice, plates, site, stock
from bulletin.outputs.stock import Item, Use
from bulletin.pages import PressKit, SharePack
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def jobs(source: Source) -> Iterator[Job]:
    public = {issue.key for issue in site.reader_copies(source)}
    for issue in source.assembly.catalog.issues:
        if issue.pieces:
            printed = source.printed.get(issue.key) if issue.key in public else None
            page = _page(
                source, issue, printed.pdf if printed else "", printed.pages if printed else 0
            )
            needs = {page.pdf} if page.pdf else set()
            needs |= {digest for _, _, _, digest in page.fonts}
            needs |= {need for piece in issue.pieces for need in site.needs(piece, "print")}
            yield Job(f"kit/{issue.key}.zip", "kit", page, needs=tuple(sorted(needs)), heavy=True)


def _page(source: Source, issue: Issue, pdf: str, count: int) -> PressKit:
    theme, config, place = source.theme, source.config, source.assembly.place
    faces = {(f.family, f.weight, f.italic, theme.files[f.file]) for f in theme.fonts}
    drawn = cards.wanted(source)
    return PressKit(
        issue=issue,
        publication=config.publication,
        broadcast=config.broadcast or Broadcast(),
        base_url=config.site.base_url,
        palette=theme.palette(issue.accent),
        pdf=pdf,
        count=count,
        fonts=tuple(sorted(faces)),
        cards=tuple(
            [("so", cards.of_issue(source, issue))]
            + [(_slug(piece), cards.of_piece(source, issue, piece)) for piece in issue.pieces]
            if drawn
            else ()
        ),
        packs=tuple((_slug(piece), _pack(source, piece)) for piece in issue.pieces),
        starts=tuple((piece.path, place(piece.path, "body").line) for piece in issue.pieces),
    )


def _pack(source: Source, piece: Piece) -> SharePack:
    """Without an address of the site there is none to paste: a gap instead of this machine."""
    pack = cards.pack(source, piece)
    if source.config.site.base_url:
        return pack
    return dataclasses.replace(pack, address=notice.gap("địa chỉ của trang web"))


def _slug(piece: Piece) -> str:
    return piece.card.url.rstrip("/").rpartition("/")[2]


def make(job: Job, studio: Studio) -> Product:
    kit: PressKit = job.page
    bodies = {p.body: codec.nodes_from(studio.load(p.body)) for p in kit.issue.pieces}
    files = dict(_cover(kit, studio))
    items = stock.gathered(_uses(kit, bodies))
    drawn = _charts(kit, bodies)
    for item in items:
        files |= _media(item, kit, studio, drawn)
    files |= _words(kit) | _spoken(kit, bodies)
    for name, card in kit.cards:
        files[f"chia-se/{name}.png"] = cards.draw(
            card, studio.load(card.headline), studio.load(card.small)
        )
    label = f"Bản tin {kit.publication.name} số {kit.issue.number}/{kit.issue.year}"
    files["danh-muc.json"] = stock.as_json(items, kit.issue.key)
    files["danh-muc.csv"] = stock.as_csv(items)
    files["danh-muc.html"] = stock.as_html(items, f"Danh mục hình – {label}")
    files["DOC-TRUOC.txt"] = _readme(label, files, kit).encode()
    found = tuple(stock.conflicts(items))
    data = archive.packed(files)
    facts = (("bytes", len(data)), ("files", len(files)), ("media", len(items)))
    return Product(data, found, facts)


def _cover(kit: PressKit, studio: Studio) -> Iterator[tuple[str, bytes]]:
    if kit.pdf:
        page = plates.page_of(studio.load(kit.pdf), 0)
        yield "bia/bia.pdf", page
        yield "bia/bia.png", plates.picture(page)


# ---- media -------------------------------------------------------------------------------------


def _uses(kit: PressKit, bodies: dict[str, tuple[Node, ...]]) -> Iterator[Use]:
    """Every picture and chart of every piece, in printed order."""
    for piece in kit.issue.pieces:
        views = dict(piece.pictures)
        cover = piece.cover
        if cover and piece.cover_view:
            name = f"{_slug(piece)}/{cover.file}"
            said = (cover.caption, cover.alt, cover.credit)
            yield _use(kit, piece, piece.cover_view, name, said, html.anchor("hinh", 1))
        for note in piece.figures:
            view = views.get(note.target)
            if view is not None:
                said = (note.title, note.alt, note.credit)
                yield _use(kit, piece, view, note.target, said, note.id)
        for node in _found(bodies[piece.body], "chart"):
            attrs = dict(node.attrs)
            svg = charts.draw(node, kit.palette).encode()
            width, height = _size(svg)
            drawing = PictureView("", codec.digest(svg), "chart", width, height)
            said = (str(attrs["title"]), str(attrs["alt"]), str(attrs["source"]))
            yield _use(kit, piece, drawing, "", said, str(attrs.get("id", "")))


def _use(
    kit: PressKit, piece: Piece, view: PictureView, name: str, said: tuple[str, str, str], at: str
) -> Use:
    title, alt, credit = said
    return Use(
        digest=view.digest,
        kind=view.kind,
        name=name,
        title=title or piece.card.title,
        alt=alt,
        credit=credit,
        licence=piece.licence or kit.publication.rights,
        piece=piece.card.title,
        url=f"{kit.base_url}{piece.card.url}#{at}" if kit.base_url else "",
        path=piece.path,
        width=view.width,
        height=view.height,
    )


def _found(nodes: tuple[Node, ...], kind: str) -> Iterator[Node]:
    for node in nodes:
        if node.kind == kind:
            yield node
        yield from _found(node.kids, kind)


def _charts(kit: PressKit, bodies: dict[str, tuple[Node, ...]]) -> dict[str, bytes]:
    """Digest → drawing of each chart, a file of its own."""
    drawn = {}
    for piece in kit.issue.pieces:
        for node in _found(bodies[piece.body], "chart"):
            svg = charts.draw(node, kit.palette).encode()
            drawn[codec.digest(svg)] = svg
    return drawn


def _size(svg: bytes) -> tuple[int, int]:
    match = _VIEW.search(svg.decode())
    return (round(float(match[1])), round(float(match[2]))) if match else (800, 500)


def _media(item: Item, kit: PressKit, studio: Studio, drawn: dict[str, bytes]) -> dict[str, bytes]:
    """The one copy of a content; drawings also as PDF and PNG."""
    use = item.uses[0]
    if item.kind not in ("svg", "chart"):
        name = f"{item.stem}.{'jpg' if item.kind == 'jpeg' else item.kind}"
        item.files = [name]
        return {name: studio.load(item.digest)}
    raw = drawn.get(item.digest) or picture.clean_svg(studio.load(item.digest), "").encode()
    svg = (
        raw
        if b"xmlns=" in raw
        else raw.replace(b"<svg", b'<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )
    pdf = plates.vector(svg, (use.width, use.height), kit.fonts, studio.load)
    item.files = [f"{item.stem}.{kind}" for kind in ("svg", "pdf", "png")]
    return dict(zip(item.files, (svg, pdf, plates.picture(pdf)), strict=True))


# ---- words -------------------------------------------------------------------------------------


def _words(kit: PressKit) -> dict[str, bytes]:
    files = {
        "thong-cao-bao-chi.txt": notice.release_text(kit).encode(),
        "thong-cao-bao-chi.docx": notice.release_docx(kit),
        "quyen-su-dung.txt": notice.rights(kit).encode(),
        "chia-se/so.txt": notice.post(kit).encode(),
    }
    return files | {f"chia-se/{name}.txt": cards.words(pack).encode() for name, pack in kit.packs}


def _spoken(kit: PressKit, bodies: dict[str, tuple[Node, ...]]) -> dict[str, bytes]:
    found = list(
        pieces.of_issue(
            kit.publication.name, kit.broadcast, dict(kit.starts), kit.issue, bodies.__getitem__
        )
    )
    files = {f"phat-thanh/{name}.txt": broadcast.as_text(s).encode() for name, s in found}
    title = f"Bản phát thanh {kit.issue.key}"
    whole = paper.docx(tuple(script for _, script in found), title)
    return files | ({"phat-thanh/ca-so.docx": whole} if found else {})


PARTS = (
    ("bia/", "Bìa: PDF véc-tơ và PNG"),
    ("hinh/", "Hình và biểu đồ: SVG, PDF véc-tơ, PNG; ảnh nguyên cỡ. Mỗi nội dung một tệp"),
    ("chia-se/", "Hình 1200 × 630 và lời giới thiệu cho Zalo, Facebook"),
    ("phat-thanh/", "Bản đọc trên loa truyền thanh; chỗ giữa ⟦ và ⟧ phải xem trước"),
    ("thong-cao", "Dự thảo thông cáo báo chí; chỗ trống do văn phòng điền"),
    ("quyen-su-dung", "Được dùng lại thế nào"),
    ("danh-muc", "Danh mục hình: tác giả, mô tả, dùng trong bài nào (mở danh-muc.html)"),
)


def _readme(label: str, files: dict[str, bytes], kit: PressKit) -> str:
    lines = [f"BỘ TƯ LIỆU BÁO CHÍ – {label}", kit.issue.title, ""]
    for start, about in PARTS:
        count = sum(name.startswith(start) for name in files)
        lines += [f"{start:<14} {count:>3} tệp  {about}"] if count else []
    if not kit.pdf:
        lines += ["", "Chưa có bìa: bản in của số này chưa công khai đủ, hoặc chưa được dàn."]
    return "\n".join(lines) + "\n"
