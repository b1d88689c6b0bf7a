"""A Word file comes into the project: files beside one another, the article last, nothing half.

Everything is prepared in a folder that the program does not read. Pictures and the list are put
into place first; the article appears by one link of its finished file, which fails if a file of
that name is there. A run that dies leaves pictures that the next run finds and uses.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bulletin import approval, desk, manuscript, text, word
from bulletin.diag import Diagnostic, Place, Report, Severity
from bulletin.files import Trouble
from bulletin.model import Config
from bulletin.seating import RESERVED
from bulletin.word.parcel import MAX_FILE

PREPARED = ".dang-nhap-"  # begins the name of a folder in which an import is prepared
LIST = ".can-lam-tay.txt"
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".svg", ".gif", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of one import. Empty: as far as the project can tell."""

    source: Path
    pictures: tuple[Path, ...] = ()
    issue: str = ""
    section: str = ""
    genre: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one Word file. ``article`` is None if it was refused: see ``problems``."""

    source: str
    article: Path | None
    listed: Path | None = None
    problems: tuple[Diagnostic, ...] = ()
    added: tuple[Path, ...] = ()
    diff: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A Word file that was read, and where it belongs; nothing is written yet."""

    source: str
    folder: Path
    made: word.Imported

    @property
    def article(self) -> Path:
        return self.folder / f"{self.made.slug}.md"

    @property
    def chores(self) -> tuple[Diagnostic, ...]:
        return tuple(word.findings.Findings(list(self.made.chores)).diagnostics(self.source))

    @property
    def listed(self) -> str:
        """The list for the editor; empty if nothing is to be done by hand."""
        made = self.made
        return word.listing(made.chores, self.source, self.article.name) if made.chores else ""


def take(root: Path, order: Order) -> Taken:
    """Import one file as a new article. Raises :class:`Trouble` when the command is at fault."""
    draft = _draft(root, order)
    if isinstance(draft, Taken):
        return draft
    _usable(draft.made.slug)
    if draft.article.exists():
        raise _exists(root, draft.article)
    names = _place(draft)
    return Taken(
        draft.source,
        draft.article,
        draft.folder / f"{draft.made.slug}{LIST}" if draft.listed else None,
        draft.chores,
        tuple(draft.folder / name for name in names),
    )


def renew(root: Path, order: Order, write: bool) -> Taken:
    """The text of an article again from its Word file; front matter and the place stay.

    Without ``write`` only the difference is told. Hand edits of the body show in it as lines that
    go, so nobody loses them unseen.
    """
    draft = _draft(root, order)
    if isinstance(draft, Taken):
        return draft
    article, name = draft.article, _shown(root, draft.article)
    if not article.is_file():
        raise Trouble(
            f"chưa có bài {name} để cập nhật",
            "nhập lần đầu thì bỏ --update; bài có tên khác thì thêm --slug ten-bai",
            2,
        )
    old = article.read_text(encoding="utf-8")
    new = _head(old) + "\n" + draft.made.body
    diff = "".join(
        difflib.unified_diff(
            old.splitlines(True), new.splitlines(True), f"{name} (đang có)", f"{name} (từ Word)"
        )
    )
    if write and diff:
        _rewrite(draft, new)
    return Taken(draft.source, article, problems=draft.chores, diff=diff)


def _draft(root: Path, order: Order) -> _Draft | Taken:
    """What the order comes to; a file that is refused is told as taken without an article."""
    config, _ = desk.project(root)
    wanted = _wanted(root, order, config)
    made = _convert(order, wanted)
    if isinstance(made, Diagnostic):
        return Taken(order.source.name, None, problems=(made,))
    return _Draft(order.source.name, root / "content" / wanted.issue, made)


# ---- what is asked -------------------------------------------------------------------------------


def _wanted(root: Path, order: Order, config: Config) -> word.Wanted:
    issues = sorted(
        path.relative_to(root / "issues").with_suffix("").as_posix()
        for path in (root / "issues").rglob("*.y*ml")
    )
    issue = order.issue or _open_issue(root, issues)
    if issue not in issues:
        known = ", ".join(issues) or "chưa có số nào; tạo số trước: bulletin new issue"
        message = f"không có số bản tin «{issue}»" if issue else "chưa biết nhập vào số nào"
        raise Trouble(message, f"thêm --issue; các số hiện có: {known}", 2)
    sections = [section.slug for section in sorted(config.sections, key=lambda s: s.order)]
    if order.section and order.section not in sections:
        raise Trouble(
            f"không có chuyên mục «{order.section}»", "các chuyên mục: " + ", ".join(sections), 2
        )
    return word.Wanted(
        order.source.name,
        issue,
        order.section or (sections[0] if sections else ""),
        order.genre or "guide",
        _slug(order.slug),
        bool(order.section),
    )


def _open_issue(root: Path, issues: list[str]) -> str:
    """The one issue that is being made, if it is one."""
    from bulletin import build

    found = []
    for issue in issues:
        for ending in (".yaml", ".yml"):
            path = root / "issues" / f"{issue}{ending}"
            if path.is_file():
                read = build.read_issue(f"issues/{issue}{ending}", path.read_bytes(), Report())
                found += [issue] if read and read.spec.status == "in-progress" else []
    return found[0] if len(found) == 1 else ""


def _slug(given: str) -> str:
    if given and text.slug(given, 80) != given:
        raise Trouble(
            f"địa chỉ «{given}» không dùng được", f"dùng: --slug {text.slug(given, 80)}", 2
        )
    return given


def _usable(slug: str) -> None:
    if slug in RESERVED:
        raise Trouble(f"địa chỉ «{slug}» không dùng được", f"thêm: --slug bai-{slug}", 2)


def _convert(order: Order, wanted: word.Wanted) -> word.Imported | Diagnostic:
    try:
        extra = {path.name: _read(path) for path in order.pictures}
        return word.convert(_read(order.source), wanted, extra)
    except word.Refused as why:
        where = Place(order.source.name)
        return Diagnostic(where, Severity.ERROR, why.code, why.message, why.hint)


def _read(path: Path) -> bytes:
    """Bytes of a regular file of reasonable size; a pipe would be waited for for ever."""
    if not path.exists():
        raise Trouble(
            f"không có tệp {path}", "xem lại đường dẫn, đặt trong ngoặc kép nếu có dấu cách", 2
        )
    if not path.is_file():
        raise Trouble(f"{path} không phải tệp thường", "chọn một tệp .docx", 2)
    with path.open("rb") as source:
        return source.read(MAX_FILE + 1)


def _exists(root: Path, article: Path) -> Trouble:
    return Trouble(
        f"bài {_shown(root, article)} đã có, không ghi đè",
        "xem khác nhau: thêm --update; nhập thành bài khác: thêm --slug ten-khac",
        2,
    )


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


# ---- the disk ------------------------------------------------------------------------------------


def _place(draft: _Draft) -> list[str]:
    """Put everything into its folder, the article last; names of the pictures."""
    folder, article, made = draft.folder, draft.article, draft.made
    files = dict(made.files)
    if draft.listed:
        files[f"{made.slug}{LIST}"] = draft.listed.encode()
    with _prepared(folder) as there:
        for name, data in files.items():
            _write(there / name, data)
        _write(there / article.name, made.content.encode())
        for name, data in files.items():
            _put(there / name, folder / name, data)
        _commit(there / article.name, article)
    return sorted(made.files)


def _rewrite(draft: _Draft, new: str) -> None:
    files = dict(draft.made.files)
    if draft.listed:
        files[f"{draft.made.slug}{LIST}"] = draft.listed.encode()
    files[draft.article.name] = new.encode()  # last: it names the others
    with _prepared(draft.folder) as there:
        for name, data in files.items():
            _write(there / name, data)
        for name in files:
            # A picture that came again replaces the one of its name: the article names it.
            os.replace(there / name, draft.folder / name)


@contextlib.contextmanager
def _prepared(folder: Path) -> Iterator[Path]:
    """A folder inside ``folder``, so that moving stays on one disk; gone afterwards."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob(f"{PREPARED}*")):
            if not _alive(old.name.removeprefix(PREPARED)):
                shutil.rmtree(old, ignore_errors=True)
        there = folder / f"{PREPARED}{os.getpid()}"
        there.mkdir()
    except OSError as trouble:
        raise _full(folder, trouble) from trouble
    try:
        yield there
    except OSError as trouble:
        raise _full(folder, trouble) from trouble
    finally:
        shutil.rmtree(there, ignore_errors=True)


def _alive(number: str) -> bool:
    """Whether the process that prepares there still runs; unknown counts as not."""
    if os.name == "nt":
        return True  # asking would end it there; a folder left behind does no harm
    if not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except OverflowError:
        return False
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _full(folder: Path, trouble: OSError) -> Trouble:
    return Trouble(
        f"không ghi được vào {folder}: {trouble.strerror}",
        "kiểm tra dung lượng và quyền ghi; chưa có gì được nhập",
    )


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _put(source: Path, target: Path, data: bytes) -> None:
    """A picture or list; one with the same bytes is a run that died, any other is somebody's."""
    if target.exists() and not target.name.endswith(LIST) and target.read_bytes() != data:
        raise Trouble(
            f"tệp {target.name} đã có và khác với hình trong tệp Word",
            "đổi tên tệp ấy, hoặc nhập với --slug khác",
            2,
        )
    os.replace(source, target)


def _commit(source: Path, article: Path) -> None:
    """The article appears whole, or not at all if another came first."""
    try:
        os.link(source, article)
    except FileExistsError:
        raise Trouble(f"bài {article.name} vừa có người tạo, không ghi đè", "chạy lại", 2) from None
    except OSError:  # a disk without links (FAT): nobody else writes here in this very moment
        if article.exists():
            raise Trouble(f"bài {article.name} đã có, không ghi đè", "chạy lại", 2) from None
        os.replace(source, article)


def _head(source: str) -> str:
    """The front matter of an article with both its lines of dashes."""
    lines = source.splitlines(keepends=True)
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(fences) < 2 or any(line.strip() for line in lines[: fences[0]]):
        raise Trouble("phần khai báo của bài đang có lỗi", "sửa trước đã: bulletin check", 2)
    return "".join(lines[: fences[1] + 1])


# ---- out again -----------------------------------------------------------------------------------


def approval_copy(root: Path, name: str, target: Path | None = None) -> Path:
    """The article ``2026/so-1/ten-bai`` (or a path to its file) as a Word file for approval."""
    path = _article(root, name)
    report = Report()
    shown = _shown(root, path)
    read = manuscript.read(shown, path.read_bytes(), report)
    if read.article is None:
        first = next(item for item in report.items if item.severity is Severity.ERROR)
        raise Trouble(f"{shown}: {first.message}", "sửa trước đã: bulletin check", 1)
    wanted = {
        reference.target for reference in read.article.references if reference.kind == "picture"
    }
    if read.article.meta.cover:
        wanted.add(read.article.meta.cover.file)
    pictures = {name: data for name in sorted(wanted) if (data := _beside(root, path, name))}
    data = approval.copy(read.article.meta, read.nodes, pictures)
    out = target or Path(f"{path.stem}-duyet.docx")
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.new")
    beside.write_bytes(data)
    os.replace(beside, out)
    return out


def _article(root: Path, name: str) -> Path:
    plain = name.removeprefix("content/").removesuffix(".md")
    path = (root / "content" / f"{plain}.md").resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        given = Path(name).resolve()
        if given.is_file() and given.is_relative_to(root.resolve() / "content"):
            return given
        raise Trouble(f"không có bài «{name}»", "ví dụ: bulletin docx 2026/so-1/ten-bai", 2)
    return path


def _beside(root: Path, article: Path, name: str) -> bytes:
    """A picture of the project; nothing outside of it, no link."""
    path = article.parent / name
    inside = path.resolve().is_relative_to((root / "content").resolve())
    return path.read_bytes() if inside and path.is_file() and not path.is_symlink() else b""
