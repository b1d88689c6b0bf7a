"""What the office does by hand today: new articles and issues, made as files that are asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bulletin import build, manuscript, schema, text
from bulletin.diag import Report, Severity
from bulletin.files import Trouble, create, snapshot
from bulletin.frontmatter import quoted
from bulletin.model import Config, IssueSpec, Meta
from bulletin.seating import RESERVED

BODY = """
Đoạn mở đầu: vì sao bạn đọc nên đọc bài này.

## Đề mục

Nội dung.

<!-- Các khối có thể dùng, mỗi khối mở bằng ba dấu hai chấm và đóng bằng ba dấu hai chấm:
     figure, chart, steps, note, warning, qa, number, quote, media. Xem docs/vi/viet-bai.md. -->
"""
BODY = BODY[: BODY.index("<!--")]


def new_article(
    root: Path, title: str, issue: str, section: str, genre: str, slug: str = ""
) -> Path:
    """``content/<issue>/<slug>.md`` with every field and its Vietnamese comment.

    Raises :class:`files.Trouble` if the issue or section does not exist or the file does.
    """
    config, _ = project(root)
    known = {
        p.relative_to(root / "issues").with_suffix("").as_posix()
        for p in (root / "issues").rglob("*.y*ml")
    }
    if issue not in known:
        raise Trouble(
            f"không có số bản tin «{issue}»",
            "các số hiện có: " + ", ".join(sorted(known))
            if known
            else "tạo số trước: bulletin new issue",
            2,
        )
    sections = [entry.slug for entry in config.sections]
    if section not in sections:
        raise Trouble(
            f"không có chuyên mục «{section}»", "các chuyên mục: " + ", ".join(sections), 2
        )
    title = " ".join(text.nfc(title).split())
    name = slug or text.slug(title)
    usable = f"bai-{name}" if name in RESERVED else text.slug(name, 80)
    if usable != name:
        raise Trouble(f"địa chỉ «{name}» không dùng được", f"dùng: --slug {usable}", 2)
    values = {
        "title": quoted(title),
        "uid": quoted(f"{issue.replace('/so-', '-')}-{name}"),
        "issue": issue,
        "section": section,
        "genre": genre,
        "authors": "[Ban biên tập]",
        "status": "draft",
        "lang": "vi",
    }
    path = root / "content" / issue / f"{name}.md"
    content = "---\n" + schema.scaffold(Meta, values) + "---\n" + BODY
    report = Report()
    manuscript.read(path.name, content.encode(), report)
    accept(report)
    create(path, content)
    return path


def new_issue(root: Path, number: int, year: int, deadline: date, title: str) -> Path:
    """``issues/<year>/so-<number>.yaml`` with every field and its Vietnamese comment."""
    _, palettes = project(root)
    title = " ".join(text.nfc(title).split())
    values = {
        "number": str(number),
        "year": str(year),
        "status": "planned",
        "title": quoted(title),
        "short_title": quoted(title[:80]),
        "deadline": f"\n  text: {quoted('đến ' + text.short_date(deadline))}"
        f"\n  date: {deadline.isoformat()}",
        "accent": palettes[(number - 1) % len(palettes)],
        "cover": f"\n  line: {quoted(title[:200])}\n  teasers: []",
        "brief": quoted("Chép yêu cầu của kế hoạch vào đây."),
    }
    path = root / "issues" / str(year) / f"so-{number}.yaml"
    content = schema.scaffold(IssueSpec, values)
    report = Report()
    build.read_issue(path.name, content.encode(), report)
    accept(report)
    create(path, content)
    return path


def project(root: Path) -> tuple[Config, tuple[str, ...]]:
    """Configuration and names of the palettes; a new file must fit them."""
    report = Report()
    config, _ = build.read_config(root, report)
    theme = None
    if config is not None:
        shot = snapshot(root, build.theme_folders(root, config.theme), Report())
        theme = build.read_theme(shot, config, report)
    if config is None or theme is None:
        raise Trouble("bulletin.yaml hoặc giao diện đang có lỗi", "xem: bulletin check", 2)
    return config, tuple(palette.name for palette in theme.palettes)


def accept(report: Report) -> None:
    """Raises :class:`files.Trouble` when ``check`` would refuse the file that is to be made."""
    for item in report.items:
        if item.severity is Severity.ERROR:
            raise Trouble(item.message, item.hint, 2)
