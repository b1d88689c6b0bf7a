"""The printed pages as light pictures, for leafing through an issue on the site.

Pictures are drawn from the reader's PDF of the same build, one job for each page; a theme that has
no template for the reader gets none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin.model import Issue, Job, Printed
from bulletin.outputs import site
from bulletin.pages import Leaf, ReaderLeaf, ReaderPage
from bulletin.studio import Product, Studio

if TYPE_CHECKING:
    from bulletin.outputs import Source

WIDTH = 900
QUALITY = 58


def jobs(source: Source) -> Iterator[Job]:
    if f"web/{site.READER}.html" not in source.theme.sources:
        return
    maker = site.Maker(source)
    profile = source.config.print
    assert profile is not None
    height = round(WIDTH * profile.trim_height / profile.trim_width)
    for issue in site.reader_copies(source):
        printed = source.printed.get(issue.key)
        if printed is None:
            continue
        leaves = tuple(_leaves(issue, printed))
        title = f"Đọc bản in số {issue.number} · {issue.when.lower()}"
        head = maker.head(f"{issue.url}xem/", title, issue.title, issue.accent)
        page = ReaderPage(head, maker.line(issue), leaves, WIDTH, height)
        yield maker.job(site.READER, page)
        for leaf in leaves:
            drawing = Leaf(printed.pdf, leaf.number, WIDTH, height)
            yield Job(f"site/{leaf.url}", "leaves", drawing, needs=(printed.pdf,))


def _leaves(issue: Issue, printed: Printed) -> Iterator[ReaderLeaf]:
    titles: dict[int, list[str]] = {}
    names = {piece.card.uid: piece.card.title for piece in issue.pieces}
    for uid, number in printed.starts:
        titles.setdefault(number, []).append(names[uid])
    for number in range(1, printed.pages + 1):
        url = f"{issue.url}xem/{number:02d}-{printed.pdf[:10]}.webp"
        yield ReaderLeaf(number, url, "; ".join(titles.get(number, ())))


def make(job: Job, studio: Studio) -> Product:
    leaf: Leaf = job.page
    return Product(drawn(studio.load(leaf.pdf), leaf))


def drawn(pdf: bytes, leaf: Leaf) -> bytes:
    """One page of ``pdf`` as WebP."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[leaf.number - 1]
        image = page.render(scale=leaf.width / page.get_width()).to_pil().convert("RGB")
    finally:
        document.close()
    if image.size != (leaf.width, leaf.height):
        image = image.resize((leaf.width, leaf.height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
