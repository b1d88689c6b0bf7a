"""What is found in a Word file besides the text: what to do by hand, and why a file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bulletin.diag import Diagnostic, Place, Severity

NEAR = 50  # characters of a paragraph that tell where something was
# One heading per code in the list of things to do by hand, in the order of the list.
HEADINGS = {
    "WD020": "Điền vào phần khai báo",
    "WD019": "Tả hình và ghi tác giả hình",
    "WD015": "Hình không mang sang được",
    "WD012": "Chữ trong khung, chưa có trong bài",
    "WD013": "Sơ đồ, biểu đồ của Word, chưa có trong bài",
    "WD014": "Đối tượng nhúng, công thức cũ, chưa có trong bài",
    "WD017": "Công thức cần xem lại",
    "WD018": "Bảng cần xem lại",
    "WD010": "Chữ ẩn, không đưa vào bài",
    "WD011": "Ghi chú bên lề của người sửa, không đưa vào bài",
    "WD022": "Thông tin riêng của người viết, không đưa vào bài",
    "WD025": "Chữ đã xóa khi theo dõi thay đổi, coi như đồng ý xóa",
    "WD016": "Chữ ở đầu trang, chân trang, không đưa vào bài",
    "WD026": "Mục lục tự động, không đưa vào bài",
    "WD021": "Liên kết không dùng được",
    "WD024": "Đọc lại",
    "WD023": "Chưa biết cách chuyển",
}


class Refused(Exception):
    """A file that is not taken; says why and what to do, in Vietnamese."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


@dataclass(frozen=True, slots=True)
class Chore:
    """One thing to do by hand. ``text``: words of the document that are not in the article."""

    code: str
    where: str
    what: str
    text: str = ""

    def line(self) -> str:
        place = f"{self.where}: " if self.where else ""
        body = f"\n    «{self.text}»" if self.text else ""
        return f"{place}{self.what}{body}"


@dataclass(slots=True)
class Findings:
    """Append-only, in the order of the document."""

    chores: list[Chore] = field(default_factory=list)

    def add(self, code: str, where: str, what: str, text: str = "") -> None:
        self.chores.append(Chore(code, where, what, text.strip()))

    def listed(self) -> str:
        """All words that stand in the list."""
        return "\n".join(f"{chore.what} {chore.text}" for chore in self.chores)

    def diagnostics(self, path: str) -> Iterator[Diagnostic]:
        for chore in self.chores:
            text = f" «{chore.text}»" if chore.text else ""
            place = f"{chore.where}: " if chore.where else ""
            yield Diagnostic(
                Place(path),
                Severity.WARNING,
                chore.code,
                f"{place}{chore.what}{text}",
                HEADINGS[chore.code],
            )


def listing(chores: tuple[Chore, ...], source: str, article: str) -> str:
    """The list as a text file for the editor, to tick off."""
    lines = [
        f"VIỆC CẦN LÀM TAY – {article}",
        f"Nhập từ tệp Word: {source}",
        "Bạn đọc không thấy tệp này. Làm xong việc nào xóa dòng ấy; hết việc thì xóa cả tệp.",
    ]
    for code, heading in HEADINGS.items():
        found = [chore for chore in chores if chore.code == code]
        if found:
            lines += ["", f"{heading.upper()} [{code}]"]
            lines += [f"[ ] {chore.line()}" for chore in found]
    return "\n".join(lines) + "\n"


def near(number: int, words: str) -> str:
    """«đoạn 12 (“Mầm bệnh thường vào…”)»."""
    flat = " ".join(words.split())
    if len(flat) > NEAR:
        flat = flat[:NEAR].rsplit(" ", 1)[0] + "…"
    return f"đoạn {number} (“{flat}”)" if flat else f"đoạn {number}"
