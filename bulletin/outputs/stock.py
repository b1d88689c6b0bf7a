"""The media of an issue: one copy for each content, and a catalogue of where each is used.

The same photograph under three names is stored once; two credits for one content are a conflict
that somebody must settle before others print it.
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bulletin import text
from bulletin.diag import Diagnostic, Place, Severity

VERSION = 1
FOLDER = "hinh"


@dataclass(frozen=True, slots=True)
class Use:
    """One appearance of a content: what the board says of it there."""

    digest: str
    kind: str
    name: str
    title: str
    alt: str
    credit: str
    licence: str
    piece: str
    url: str
    path: str
    width: int
    height: int


@dataclass(slots=True)
class Item:
    """One content. ``files``: names inside the archive, the original first."""

    digest: str
    kind: str
    stem: str
    uses: list[Use] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def credits(self) -> list[str]:
        return list(dict.fromkeys(use.credit for use in self.uses if use.credit))


def gathered(uses: Iterable[Use]) -> list[Item]:
    """Contents in the order in which they first appear."""
    items: dict[str, Item] = {}
    for use in uses:
        name = text.slug(use.name.rpartition("/")[2].rpartition(".")[0] or use.title)
        stem = f"{FOLDER}/{name}-{use.digest[:10]}"
        items.setdefault(use.digest, Item(use.digest, use.kind, stem)).uses.append(use)
    return list(items.values())


def conflicts(items: Iterable[Item]) -> Iterator[Diagnostic]:
    for item in items:
        if len(item.credits) > 1:
            said = "; ".join(f"«{credit}»" for credit in item.credits)
            other = next(u for u in item.uses if u.credit and u.credit != item.credits[0])
            yield Diagnostic(
                Place(other.path, 1, 1),
                Severity.WARNING,
                "KT001",
                f"cùng một hình mà ghi tác giả khác nhau: {said}",
                "thống nhất credit ở mọi chỗ dùng hình này trước khi gửi báo chí",
                tuple(Place(u.path, 1, 1) for u in item.uses if u.path != other.path),
            )
        if not item.credits:
            use = item.uses[0]
            yield Diagnostic(
                Place(use.path, 1, 1),
                Severity.WARNING,
                "KT002",
                f"hình {use.name or use.title} chưa có tác giả",
                "thêm credit, nơi khác mới đăng lại được",
            )


def as_json(items: Iterable[Item], issue: str) -> bytes:
    rows = [
        {
            "sha256": item.digest,
            "files": item.files,
            "credits": item.credits,
            "uses": [
                {
                    "title": use.title,
                    "alt": use.alt,
                    "credit": use.credit,
                    "licence": use.licence,
                    "article": use.piece,
                    "url": use.url,
                    "source": use.name,
                }
                for use in item.uses
            ],
        }
        for item in items
    ]
    value = {"version": VERSION, "issue": issue, "media": rows}
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


HEAD = ("Tệp", "Tên hình", "Mô tả", "Tác giả", "Quyền sử dụng", "Bài", "Địa chỉ", "SHA-256")


def rows(items: Iterable[Item]) -> Iterator[tuple[str, ...]]:
    for item in items:
        for use in item.uses:
            files = " ".join(item.files)
            said = (use.title, use.alt, use.credit, use.licence, use.piece, use.url)
            yield (files, *said, item.digest)


def as_csv(items: Iterable[Item]) -> bytes:
    """With a byte order mark, or a spreadsheet takes the letters for something else."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows(items):
        # A cell that begins like a formula is text here.
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t" else cell for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;"
    "color:#1f2440;background:#fff}ul{list-style:none;padding:0;display:grid;gap:1.5rem;"
    "grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}li{border:1px solid #d5d7e2;"
    "padding:1rem}img{width:100%;height:11rem;object-fit:contain;background:#f5f4f0}"
    "p{margin:.4rem 0}small{color:#555}b.w{color:#a32020}"
    "@media(prefers-color-scheme:dark){body{background:#14161f;color:#eceaf4}li{border-color:#444}"
    "small{color:#bbb}b.w{color:#ff9d9d}a{color:#9db7ff}}"
)


def as_html(items: Iterable[Item], title: str) -> bytes:
    """A page to look at, beside the files that it shows."""
    cards = []
    for item in items:
        use = item.uses[0]
        seen = (name for name in item.files if name.endswith((".png", ".jpg", ".webp")))
        shown = next(seen, item.files[0])
        links = " · ".join(
            f'<a href="{_safe(f)}">{_safe(f.rpartition(".")[2].upper())}</a>' for f in item.files
        )
        warn = ' <b class="w">(ghi khác nhau)</b>' if len(item.credits) > 1 else ""
        where = "".join(f"<br>{_safe(u.piece)}" for u in item.uses)
        cards.append(
            f'<li><img src="{_safe(shown)}" alt="{_safe(use.alt)}"><p><b>{_safe(use.title)}</b></p>'
            f"<p>{_safe('; '.join(item.credits) or 'Chưa có tác giả')}{warn}</p>"
            f"<p>{links}</p><p><small>Dùng trong:{where}</small></p></li>"
        )
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_safe(title)}</title><style>{STYLE}</style></head>"
        f"<body><h1>{_safe(title)}</h1><ul>{''.join(cards)}</ul></body></html>\n"
    ).encode()


def _safe(value: str) -> str:
    return html.escape(value, quote=True)
