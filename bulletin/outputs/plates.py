"""Drawings for other houses: an SVG as a vector PDF of its own size, and as a PNG."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

WIDTH = 1600  # pixels of a PNG
Face = tuple[str, int, bool, str]  # family, weight, italic, digest


def vector(svg: bytes, size: tuple[int, int], faces: Sequence[Face], load: Any) -> bytes:
    """One page as large as the drawing, with the theme's fonts. Same bytes every time."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    width, height = size
    fonts = "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};"
        f"font-style:{'italic' if italic else 'normal'};src:url(theme:{digest})}}"
        for family, weight, italic, digest in faces
    )
    sheet = (
        f"{fonts}@page{{size:{width}px {height}px;margin:0}}"
        f"html,body{{margin:0}}img{{display:block;width:{width}px;height:{height}px}}"
    )
    fetcher = _fetcher({"drawing:": svg}, {face[3] for face in faces}, load)
    config = FontConfiguration()
    style = weasyprint.CSS(string=sheet, url_fetcher=fetcher, font_config=config, base_url="theme:")
    page = weasyprint.HTML(
        string='<!doctype html><html lang="vi"><title>Hình</title><img src="drawing:" alt="">',
        url_fetcher=fetcher,
        base_url="theme:",
    )
    return settled(page.render(stylesheets=[style], font_config=config).write_pdf())


def _fetcher(own: Mapping[str, bytes], fonts: set[str], load: Callable[[str], bytes]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Answers only for the drawing and the fonts."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in own:
                return URLFetcherResponse(url, own[url], {"Content-Type": "image/svg+xml"})
            if url.removeprefix("theme:") in fonts:
                data = load(url.removeprefix("theme:"))
                return URLFetcherResponse(url, data, {"Content-Type": "font/ttf"})
            raise ValueError(f"địa chỉ không được phép: {url[:80]}")

    return Fetcher()


def settled(pdf: bytes) -> bytes:
    """Without the clock and without a random name."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
        return out.getvalue()


def page_of(pdf: bytes, number: int) -> bytes:
    """Page ``number`` (from 0) alone, as it is."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as whole, pikepdf.new() as one:
        one.pages.append(whole.pages[number])
        page = one.pages[0].obj
        for name in ("/StructParents", "/Annots"):
            if name in page:
                del page[name]
        out = io.BytesIO()
        one.save(out, deterministic_id=True)
        return out.getvalue()


def picture(pdf: bytes, width: int = WIDTH) -> bytes:
    """The first page as a PNG."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=9)
    return out.getvalue()
