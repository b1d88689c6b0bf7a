"""What the office does by hand today: new articles and issues, made as files that are asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bulletin import schema, text
from bulletin.files import Trouble, create
from bulletin.model import IssueSpec, Meta

BODY = """
Đoạn mở đầu: vì sao bạn đọc nên đọc bài này.

## Đề mục

Nội dung.

<!-- Các khối có thể dùng, mỗi khối mở bằng ba dấu hai chấm và đóng bằng ba dấu hai chấm:
     figure, chart, steps, note, warning, qa, number, quote, media. Xem docs/vi/viet-bai.md. -->
"""
BODY = BODY[: BODY.index("<!--")]


def quoted(value: str) -> str:
    """A YAML scalar in double quotes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def new_article(
    root: Path, title: str, issue: str, section: str, genre: str, slug: str = ""
) -> Path:
    """``content/<issue>/<slug>.md`` with every field and its Vietnamese comment.

    Raises :class:`files.Trouble` if the issue does not exist or the file does.
    """
    if not (root / "issues" / f"{issue}.yaml").is_file():
        known = sorted(
            p.relative_to(root / "issues").with_suffix("").as_posix()
            for p in (root / "issues").rglob("*.yaml")
        )
        raise Trouble(
            f"không có số bản tin «{issue}»",
            "các số hiện có: " + ", ".join(known) if known else "tạo số trước: bulletin new issue",
            2,
        )
    name = slug or text.slug(title)
    if text.slug(name, 80) != name:
        raise Trouble(f"địa chỉ «{name}» không dùng được", f"dùng: {text.slug(name, 80)}", 2)
    values = {
        "title": quoted(text.nfc(title)),
        "uid": quoted(f"{issue.replace('/so-', '-')}-{name}"),
        "issue": issue,
        "section": section,
        "genre": genre,
        "authors": "[Ban biên tập]",
        "status": "draft",
        "lang": "vi",
        "layout": "letter" if genre == "letter" else "news" if genre == "news" else "feature",
    }
    path = root / "content" / issue / f"{name}.md"
    create(path, "---\n" + schema.scaffold(Meta, values) + "---\n" + BODY)
    return path


def new_issue(root: Path, number: int, year: int, deadline: date, title: str) -> Path:
    """``issues/<year>/so-<number>.yaml`` with every field and its Vietnamese comment."""
    values = {
        "number": str(number),
        "year": str(year),
        "status": "planned",
        "title": quoted(text.nfc(title)),
        "short_title": quoted(text.nfc(title)[:80]),
        "deadline": f"\n  text: {quoted('đến ' + text.short_date(deadline))}"
        f"\n  date: {deadline.isoformat()}",
        "accent": ("dao", "che", "nghe", "cham")[(number - 1) % 4],
        "cover": f"\n  line: {quoted(text.nfc(title)[:200])}\n  teasers: []",
        "brief": quoted("Chép yêu cầu của kế hoạch vào đây."),
    }
    path = root / "issues" / str(year) / f"so-{number}.yaml"
    create(path, schema.scaffold(IssueSpec, values))
    return path
