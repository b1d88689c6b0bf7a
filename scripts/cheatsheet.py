#!/usr/bin/env python3
"""The one-page cheat sheet for editors as PDF, with the theme's own print sheet.

    scripts/cheatsheet.py [docs/vi/tom-tat.md [output/tom-tat.pdf]]

Exit code 1: the text does not fit on one page, or has a mistake.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bulletin import build, markdown  # noqa: E402
from bulletin.diag import Report, render_text  # noqa: E402
from bulletin.files import Output, snapshot  # noqa: E402
from bulletin.html import Writer  # noqa: E402
from bulletin.model import Node  # noqa: E402
from bulletin.outputs import assets  # noqa: E402
from bulletin.theme import Theme  # noqa: E402

ACCENT = "dao"
OWN = """
@page { size: 210mm 297mm; margin: 12mm 14mm 11mm; bleed: 0;
  @top-left { content: none } @top-right { content: none } @bottom-left { content: none }
  @bottom-right { content: none } @bottom-left-corner { content: none }
  @bottom-right-corner { content: none } }
@page :right { margin: 12mm 14mm 11mm;
  @bottom-right-corner { content: none } @bottom-right { content: none }
  @top-right { content: none } }
.hem { height: 9mm; background: url(theme:band.svg) 50% 50%/auto 6.5mm repeat-x;
  margin-bottom: 5mm }
.hem.low { margin: 4mm 0 0 }
h1 { font: 400 23pt/28pt var(--serif); margin-bottom: 2mm }
.kicker { font: 600 8.4pt/13pt var(--sans); color: var(--accent); letter-spacing: .6pt }
.sheet { columns: 2; column-gap: 10mm; margin-top: 5mm; font: 11.3pt/16.6pt var(--serif) }
.sheet h2 { font: 600 13pt/18pt var(--sans); color: var(--accent);
  border-top: 1.2pt solid var(--ink);
  padding-top: 5pt; margin: 0 0 4pt; break-after: avoid; bookmark-level: none }
.sheet ul, .sheet ol { padding-bottom: 10pt; break-inside: avoid }
.sheet ul, .sheet ol { padding-left: 12pt }
.sheet ul { list-style-type: "◆\\A0\\A0" }
.sheet li { margin-bottom: 4pt }
.sheet li::marker { color: var(--accent); font-size: 7pt }
.sheet ol > li::marker { font: 600 10pt/17pt "LHH Sans" }
.sheet code { font-size: 9.6pt; overflow-wrap: anywhere }
.whole { white-space: nowrap }
"""
CODE = re.compile("<code>(.*?)</code>")
OPTION = re.compile(r"(?<!\S)-{0,2}\w[\w/]*(?:-\w+)+|(?<!\S)--\w+")


def theme() -> tuple[Theme, dict[str, bytes]]:
    report = Report()
    config, _ = build.read_config(ROOT, report)
    assert config is not None, report.items
    shot = snapshot(ROOT, build.theme_folders(ROOT, config.theme), report)
    found = build.read_theme(shot, config, report)
    assert found is not None, report.items
    by_digest = {digest: shot.files[path] for path, digest in shot.digests.items()}
    return found, {
        name: by_digest[d].read_bytes() for name, d in found.files.items() if d in by_digest
    }


def whole(code: re.Match[str]) -> str:
    """What is typed as it stands: a line that ends in «--» would be typed with a blank."""
    words = OPTION.sub(lambda option: f'<span class="whole">{option[0]}</span>', code[1])
    return f"<code>{words}</code>"


def document(source: Path, look: Theme) -> str:
    report = Report()
    name = source.relative_to(ROOT).as_posix()
    text = source.read_text("utf-8")
    head, _, body = text.partition("\n")
    parsed = markdown.parse(body, name, 2, report)
    if report.items:
        sys.exit(render_text(report.items, lambda _: text))
    nodes: tuple[Node, ...] = parsed.nodes
    plain = Writer("print", {}, {}, look.palette(ACCENT), lambda _: b"").write(nodes)
    written = CODE.sub(whole, plain)
    return (
        f'<!doctype html><html lang="vi"><head><title>{head.lstrip("# ")}</title></head><body>'
        f'<div class="hem"></div><p class="kicker">Sổ tay biên tập</p><h1>{head.lstrip("# ")}</h1>'
        f'<div class="sheet">{written}</div><div class="hem low"></div></body></html>'
    )


def lay(source: Path) -> tuple[bytes, int]:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    look, files = theme()
    palette = look.palette(ACCENT)

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Fonts and ornament of the theme, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = url.removeprefix("theme:")
            if name in ("band.svg", "field.svg"):
                drawing = assets.ornament_svg(look, palette, name.removesuffix(".svg"))
                return URLFetcherResponse(url, drawing.encode(), {"Content-Type": "image/svg+xml"})
            return URLFetcherResponse(url, files[name], {"Content-Type": "font/ttf"})

    rule = assets.palette_rule(palette, "url(theme:band.svg)", "url(theme:field.svg)")
    css = rule.replace(f".accent-{palette.name}", ":root") + files["print/print.css"].decode() + OWN
    config, fetcher = FontConfiguration(), Fetcher()
    style = weasyprint.CSS(string=css, url_fetcher=fetcher, font_config=config, base_url="theme:")
    page = weasyprint.HTML(string=document(source, look), url_fetcher=fetcher, base_url="theme:")
    done = page.render(stylesheets=[style], font_config=config)
    out = io.BytesIO()
    done.write_pdf(out, pdf_identifier=b"tom-tat")
    return out.getvalue(), len(done.pages)


def main(source: str = "docs/vi/tom-tat.md", target: str = "output/tom-tat.pdf") -> int:
    data, pages = lay((ROOT / source).resolve())
    file = ROOT / target
    if file.is_relative_to(ROOT / "output"):  # or the next build would take it for somebody's
        Output(ROOT / "output", ROOT).claim()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    print(f"{target}: {pages} trang, {len(data) // 1024} kB")
    return 0 if pages == 1 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
