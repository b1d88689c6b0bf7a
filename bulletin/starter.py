"""From an empty folder to a project that passes ``check`` and builds.

What only the office knows stands in square brackets or is empty, and the program asks for it.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from bulletin import forge, text
from bulletin.files import Trouble
from bulletin.frontmatter import quoted

CONFIG = """\
# Cấu hình của bản tin. Chỗ trong ngoặc vuông là chỗ văn phòng phải điền; chỗ chưa biết để trống.

publication:
  name: {name}
  # Hai dòng đầu như trên văn bản của cơ quan.
  agency: "[cơ quan chủ quản]"
  publisher: "[cơ quan xuất bản]"
  place: "[địa danh]"
  description: {description}
  # Chép đúng giấy phép xuất bản bản tin. Ngày dưới đây chỉ để giữ chỗ.
  licence:
    number: "[số giấy phép]"
    date: {year}-01-01
    issuer: "[cơ quan cấp]"
  responsible:   # người chịu trách nhiệm xuất bản
  printer:       # nơi in
  circulation:   # số lượng in mỗi kỳ
  periodicity:   # kỳ hạn, ví dụ: 03 tháng/kỳ
  contact:
    address:
    email:
    phone:

site:
  # Địa chỉ thật của trang, có thể nằm trong thư mục con: https://ten-mien/bantin/
  base_url:
  language: vi
  time_zone: Asia/Ho_Chi_Minh

# Mỗi chuyên mục một dòng; thứ tự in theo order.
sections:
  - {{slug: hoat-dong-hoi, title: Hoạt động Hội, description: Việc của Hội., order: 10}}
  - {{slug: ky-thuat, title: Phổ biến kỹ thuật, description: Kỹ thuật có thể làm theo., order: 20}}
  - {{slug: hoi-dap, title: Hỏi – đáp, description: Bạn đọc hỏi và người biết trả lời., order: 30}}

theme: lhh

print:
  trim_width: 190
  trim_height: 270
  max_pages: 64

# Mã cảnh báo không cần nhắc, ví dụ: [PL009]
silence: []
"""

ISSUE = """\
# Số 1 năm {year}. Xem sổ tay, trang «Làm một số báo».
number: 1
year: {year}
status: in-progress       # planned | in-progress | published
title: "[chủ đề theo kế hoạch]"
short_title: "Số 1"
deadline:
  text: "trong năm {year}"
  date: {year}-12-31
date:                     # ngày xuất bản thật
accent: dao
cover:
  line: "[câu chính trên bìa]"
  teasers: []
brief: "[chép yêu cầu của kế hoạch vào đây]"
orientations: []
contents:
  - section: ky-thuat
    articles: [bai-mau]
"""

ARTICLE = """\
---
title: "Bài mẫu: sửa rồi xóa dòng này"
uid: "{year}-1-bai-mau"
section: ky-thuat
genre: guide
authors: [Ban biên tập]
# draft: bản nháp; edited: đã biên tập; approved: đã duyệt (vào bản in); published: đã đăng
status: draft
standfirst: "Một, hai câu cho biết bài nói gì."
keywords: []
lang: vi
sources: []
ai: {{label: none}}
---

Đoạn mở đầu. Bài viết bằng Markdown: để trống một dòng là sang đoạn mới.

## Một đề mục

- Dòng thứ nhất của danh sách
- Dòng thứ hai

| Cột một | Cột hai |
|---|---|
| chữ | số |

:::steps Ba bước làm
1. Viết bài.
2. Chạy `bulletin check`.
3. Xem thử bằng `bulletin serve`.
:::

:::note
Khối ghi nhớ. Còn có `warning`, `qa`, `number`, `quote`, `figure`, `chart`, `table`.
:::
"""

IGNORE = """\
output/
.venv/
# Tệp Word gốc có thể có thông tin riêng của người viết.
hop-thu/
*.can-lam-tay.txt
~$*
.DS_Store
Thumbs.db
"""


def project(name: str, year: int) -> dict[str, str]:
    """Path → content of a new project."""
    title = " ".join(text.nfc(name).split())
    return {
        "bulletin.yaml": CONFIG.format(
            name=quoted(title), description=quoted(f"Bản tin {title}."), year=year
        ),
        f"issues/{year}/so-1.yaml": ISSUE.format(year=year),
        f"content/{year}/so-1/bai-mau.md": ARTICLE.format(year=year),
        ".gitignore": IGNORE,
        ".gitattributes": "* text=auto eol=lf\n*.docx binary\n",
        ".editorconfig": "root = true\n\n[*]\ncharset = utf-8\nend_of_line = lf\n"
        "insert_final_newline = true\n\n[*.{yaml,yml}]\nindent_style = space\nindent_size = 2\n",
        **forge.editor(),
    }


def begin(folder: Path, name: str, today: date) -> list[str]:
    """Write a new project into ``folder``; the names of its files.

    Raises :class:`Trouble` if something of it is there already; nothing is written then.
    """
    files = project(name, today.year)
    if (folder / "bulletin.yaml").exists():
        raise Trouble(
            f"{folder} đã có bulletin.yaml", "chọn một thư mục khác, hoặc chạy: bulletin check", 2
        )
    write(folder, files)
    return sorted(files)


def write(folder: Path, files: dict[str, str]) -> None:
    """All of ``files`` or none; a file that is there is never written over."""
    there = [name for name in sorted(files) if (folder / name).exists()]
    if there:
        raise Trouble(
            f"đã có {', '.join(there[:4])}, không ghi đè", "dời những tệp ấy đi rồi chạy lại", 2
        )
    made: list[Path] = []
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as out:
                made.append(path)
                out.write(content)
    except OSError as trouble:
        for path in made:
            path.unlink(missing_ok=True)
        raise Trouble(
            f"không ghi được vào {folder}: {trouble.strerror}", "kiểm tra quyền ghi và dung lượng"
        ) from trouble


def refresh(folder: Path, files: dict[str, str]) -> None:
    """Files that are the program's own to write: each is replaced as a whole."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(content, encoding="utf-8", newline="\n")
        os.replace(beside, path)


def hook(root: Path) -> Path:
    """``git commit`` runs ``bulletin check`` first. Another's hook is left alone."""
    git = root / ".git"
    if not git.is_dir():
        raise Trouble("thư mục này chưa phải kho git", "chạy trước: git init", 2)
    path = git / "hooks" / "pre-commit"
    write(git / "hooks", {"pre-commit": forge.HOOK})
    path.chmod(0o755)
    return path
