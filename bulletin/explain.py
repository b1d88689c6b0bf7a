"""What a code means: from the handbook's own tables and examples, and from the rule files.

``docs/vi/loi-thuong-gap.md`` and ``docs/vi/vi-du.md`` are the only source; an installed package
carries them as ``bulletin/_handbook``. So the page and the command cannot say different things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bulletin import rulebook
from bulletin.diag import Report
from bulletin.files import Trouble
from bulletin.rulebook import FOLDER, Rule
from bulletin.seating import nearest
from bulletin.text import short_date

HERE = Path(__file__).parent
_ROW = re.compile(r"^\| `([A-Z]{2}\d{3})` \| (.*?) \| (.*) \| (.*?) \|$")
_HEADING = re.compile(r"^## (.+)$")
_EXAMPLE = re.compile(
    r"^### ([A-Z]{2}\d{3})\n+```text\nTrước: (.*?)\nSau: +(.*?)\n```$", re.M | re.S
)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
STATES = {"confirmed": "đã đối chiếu văn bản", "unconfirmed": "chưa đối chiếu văn bản"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the handbook's tables, with its example if there is one."""

    code: str
    area: str
    level: str
    meaning: str
    remedy: str
    before: str = ""
    after: str = ""


def handbook() -> Path:
    """The handbook of the checkout, else the one that came with the program."""
    beside = HERE.parent / "docs" / "vi"
    return beside if beside.is_dir() else HERE / "_handbook"


def entries(page: str, examples: str) -> dict[str, Entry]:
    shown = {code: (before, after) for code, before, after in _EXAMPLE.findall(examples)}
    found: dict[str, Entry] = {}
    area = ""
    for line in page.split("\n"):
        if heading := _HEADING.match(line):
            area = heading[1]
        elif row := _ROW.match(line):
            code, *cells = row.groups()
            level, meaning, remedy = (_LINK.sub(r"\1", cell.strip()) for cell in cells)
            found[code] = Entry(code, area, level, meaning, remedy, *shown.get(code, ("", "")))
    return found


def catalogue() -> dict[str, Entry]:
    folder = handbook()
    pages = [folder / name for name in ("loi-thuong-gap.md", "vi-du.md")]
    return entries(*(page.read_text(encoding="utf-8") for page in pages))


def rules(root: Path | None) -> Mapping[str, tuple[Rule, ...]]:
    """The program's rules and, inside a project, the board's."""
    files = sorted((HERE / "rules").glob("*.yaml"))
    own = sorted((root / FOLDER).glob("*.y*ml")) if root else []
    texts = {path.as_posix(): path.read_text(encoding="utf-8") for path in [*files, *own]}
    return rulebook.read(texts, Report()).rules


def explain(code: str, root: Path | None) -> str:
    """Everything known of a code, ready to print."""
    known = catalogue()
    entry = known.get(code.upper())
    if entry is None:
        raise Trouble(f"không có mã «{code}»", nearest(code.upper(), known, "ví dụ: "), 2)
    lines = [f"{entry.code} · {entry.level} · {entry.area}", ""]
    lines += [f"  Nghĩa     {entry.meaning}", f"  Cách sửa  {entry.remedy}"]
    for rule in rules(root).get(entry.code, ()):
        until = f"đến {short_date(rule.until)}" if rule.until else "đến nay"
        since = short_date(rule.since) if rule.since else "?"
        lines += ["", f"  Căn cứ    {rule.article} (từ {since} {until})"]
        lines += [f"            {rule.name}; {STATES[rule.state]}; nguồn: {rule.source}"]
    for word, example in (("Trước", entry.before), ("Sau", entry.after)):
        if example:
            lines += ["", f"  {word}", *(f"    {line}" for line in example.split("\n"))]
    return "\n".join(lines) + "\n"
