"""What the form may do to the project: save an article, try a text, add a picture, begin an
article.

Nothing is lost here. A file that changed on the disk since the form was opened is not
overwritten: the answer carries both versions. A file is replaced whole or not at all. Nothing
outside content/ is touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bulletin import darkroom, desk, frontmatter, manuscript, schema
from bulletin.diag import Diagnostic, as_json
from bulletin.files import Trouble
from bulletin.frontmatter import CannotEdit, Value
from bulletin.model import Meta
from bulletin.serving.preview import Preview

_PATH = re.compile(r"content/(?:[^/\\\0.][^/\\\0]*/)*[^/\\\0.][^/\\\0]*\.md\Z")
_NAMED = re.compile(r"«(\w+)»")
MAX_PATH = 400
MAX_DEPTH = 4  # of a value of the form: a list of groups of texts


class Refused(Exception):
    """A request that is not carried out: status for the browser, sentence and remedy for people."""

    def __init__(self, status: int, message: str, hint: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.answer: dict[str, Any] = {"message": message, "hint": hint, **more}


class Editor:
    """The only writer of the live preview."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.root = preview.root.resolve()
        self.lock = threading.Lock()

    # ---- reading ------------------------------------------------------------------------------

    def file(self, path: object) -> Path:
        """The file of an article; refuses whatever could lead out of content/."""
        if not isinstance(path, str) or len(path) > MAX_PATH or not _PATH.match(path):
            raise Refused(400, "đường dẫn bài không hợp lệ", "bài nằm trong content/, đuôi .md")
        here = self.root
        for part in path.split("/"):
            here = here / part
            if here.is_symlink():
                raise Refused(
                    400, f"{path} đi qua một liên kết tượng trưng", "chép tệp thật vào dự án"
                )
        if here.exists() and not here.is_file():
            raise Refused(400, f"{path} không phải một tệp", "đổi tên thư mục")
        return here

    def state(self, path: object) -> dict[str, Any]:
        """An article as the form shows it."""
        data = _bytes(self.file(path))
        if data is None:
            raise Refused(404, f"không có bài {path}", "bài có thể đã bị xóa hoặc đổi tên")
        return describe(data)

    # ---- writing ------------------------------------------------------------------------------

    def save(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        file = self.file(asked.get("path"))
        with self.lock:
            before = _bytes(file)
            # A file that went is written anew when the form says that it knows.
            if asked.get("base") != digest(before):
                raise _conflict(before)
            after = revised(before, asked)
            if after != before:
                try:
                    replace(file, after, before)
                except (Moved, FileNotFoundError):
                    raise _conflict(_bytes(file)) from None
                except OSError as trouble:
                    raise Refused(
                        500,
                        f"không ghi được {asked['path']}: {trouble.strerror}",
                        "kiểm tra dung lượng đĩa và quyền ghi; chữ của bạn còn ở đây",
                    ) from trouble
        return describe(after)

    def check(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What would be said of the text of the form, and where it can be seen. Writes nothing."""
        path = str(asked.get("path"))
        data = revised(_bytes(self.file(path)), asked)
        try:
            sketch = self.preview.sketch(path, data)
        except Trouble as why:  # somebody is writing at this very moment
            raise Refused(503, why.message, "đợi một chút, chương trình tự thử lại") from why
        if sketch is None:
            raise Refused(422, "bulletin.yaml hoặc giao diện đang có lỗi", "xem trang Bàn biên tập")
        spots = Spots(path, data)
        problems = [
            {**as_json(item), "field": spots.field(item), "text_line": spots.line(item)}
            for item in sketch.problems
        ]
        return {"problems": problems, "url": sketch.url}

    def begin(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A new article with every field, as ``bulletin new article`` makes it."""
        words = {name: asked.get(name) for name in ("title", "issue", "section", "genre", "slug")}
        if not all(isinstance(value, str) for value in words.values()):
            raise Refused(400, "thiếu một ô", "điền tên bài, số, chuyên mục, thể loại")
        if not str(words["title"]).strip():
            raise Refused(422, "tên bài đang để trống", "ghi tên bài", field="title")
        if "/.." in f"/{words['issue']}" or "\\" in str(words["issue"]):
            raise Refused(400, "số bản tin không hợp lệ")
        self.file(f"content/{words['issue']}/bai.md")  # no link on the way
        with self.lock:
            try:
                path = desk.new_article(self.root, **{k: str(v) for k, v in words.items()})
            except Trouble as trouble:
                message = trouble.message.replace(f"{self.root}/", "")
                raise Refused(422, message, trouble.hint) from trouble
            except OSError as trouble:
                raise Refused(500, f"không tạo được bài: {trouble.strerror}") from trouble
        return {"path": path.relative_to(self.root).as_posix()}

    def picture(self, path: object, name: str, data: bytes) -> dict[str, Any]:
        """A dropped picture beside its article. The same picture twice is one file."""
        file = self.file(path)
        if not file.exists():
            raise Refused(404, f"không có bài {path}", "lưu bài trước khi thêm hình")
        try:
            done = darkroom.develop(name, data)
        except darkroom.Unusable as why:
            raise Refused(422, f"{name}: {why.message}", why.hint) from why
        with self.lock:
            target = file.parent / done.name
            if target.is_symlink() or (target.exists() and _bytes(target) != done.data):
                target = file.parent / darkroom.digest_name(done.name, done.data)
            try:
                if not target.exists():
                    replace(target, done.data, None)
            except OSError as trouble:
                raise Refused(
                    500,
                    f"không ghi được hình: {trouble.strerror}",
                    "kiểm tra dung lượng đĩa và quyền ghi",
                ) from trouble
        return {
            "file": target.name,
            "width": done.width,
            "height": done.height,
            "notes": list(done.notes),
        }


def _conflict(disk: bytes | None) -> Refused:
    return Refused(
        409,
        "tệp đã đổi trên đĩa từ khi bạn mở" if disk is not None else "tệp không còn trên đĩa",
        "so hai bản rồi chọn; chữ của bạn vẫn còn nguyên ở đây",
        disk=describe(disk) if disk is not None else None,
    )


# ---- texts -------------------------------------------------------------------------------------


def digest(data: bytes | None) -> str:
    """By what a form knows which version it shows; empty for a file that is not there."""
    return hashlib.sha256(data).hexdigest() if data is not None else ""


def describe(data: bytes) -> dict[str, Any]:
    """Fields and text; ``whole`` instead, when the front matter cannot be read field by field."""
    try:
        source = data.decode("utf-8")
        sheet = frontmatter.split(source)
        if sheet is None:
            raise CannotEdit("tệp không có phần khai báo giữa hai dòng ---")
        values = frontmatter.tree(sheet.head)
        unknown = [name for name in values if name not in schema.fields(Meta)]
        if unknown:
            raise CannotEdit(f"có khóa lạ «{unknown[0]}» trong phần khai báo")
    except UnicodeDecodeError:
        raise Refused(
            422, "tệp không lưu bằng UTF-8", "mở bằng trình soạn thảo, lưu lại với bảng mã UTF-8"
        ) from None
    except CannotEdit as why:
        return {"base": digest(data), "whole": source, "why": str(why)}
    body = sheet.body.replace("\r\n", "\n")
    return {"base": digest(data), "values": values, "body": body}


def revised(before: bytes | None, asked: Mapping[str, Any]) -> bytes:
    """The file with what the form asks for."""
    whole, changes, body = asked.get("whole"), asked.get("changes", {}), asked.get("body")
    if isinstance(whole, str):
        crlf = before is not None and b"\r\n" in before
        plain = whole.replace("\r\n", "\n").replace("\r", "\n")
        return _sized((plain.replace("\n", "\r\n") if crlf else plain).encode())
    if before is None:
        raise Refused(404, "không có bài này", "bài có thể đã bị xóa hoặc đổi tên")
    if not isinstance(changes, dict) or not (body is None or isinstance(body, str)):
        raise Refused(400, "yêu cầu không đúng dạng")
    known = schema.fields(Meta)
    if strange := next((name for name in changes if name not in known), None):
        raise Refused(400, f"không có ô «{strange}»")
    try:
        wanted = {name: _checked(value) for name, value in changes.items()}
        return _sized(frontmatter.edit(before.decode("utf-8"), wanted, body).encode())
    except CannotEdit as why:
        raise Refused(422, str(why), "chuyển sang «Sửa cả tệp»") from why
    except UnicodeError:
        raise Refused(422, "có ký tự không ghi được bằng UTF-8", "xóa ký tự lạ") from None


def _sized(data: bytes) -> bytes:
    if len(data) > manuscript.MAX_BYTES:
        raise Refused(413, "bài quá dài", "tách thành nhiều bài")
    return data


def _checked(value: object, depth: int = 0) -> Value:
    """Texts, lists and groups of them; nothing else that JSON can say."""
    if value is None or isinstance(value, str):
        return value
    if depth < MAX_DEPTH and isinstance(value, list):
        return [_checked(item, depth + 1) for item in value]
    if depth < MAX_DEPTH and isinstance(value, dict) and all(_NAME.match(key) for key in value):
        return {key: _checked(item, depth + 1) for key, item in value.items()}
    raise Refused(400, "một ô không đúng dạng")


_NAME = re.compile(r"[a-z_]{1,40}\Z")


class Spots:
    """Which box of the form a problem belongs to."""

    def __init__(self, path: str, data: bytes) -> None:
        sheet = frontmatter.split(data.decode("utf-8", "replace"))
        self.body = sheet.body_line if sheet is not None else 0
        self.fence = (sheet.first + sheet.head.count("\n")) if sheet is not None else 0
        self.places = frontmatter.places(path, sheet) if sheet is not None else {}

    def field(self, item: Diagnostic) -> str:
        names = schema.fields(Meta)
        if self.fence and item.place.line > self.fence:
            return "body"
        found = frontmatter.field_at(item.place, self.places, names)
        if found:
            return found
        named = _NAMED.search(item.message)
        return named[1] if named and named[1] in names else ""

    def line(self, item: Diagnostic) -> int:
        """The line in the box of the text, from 1; 0 elsewhere."""
        return item.place.line - self.body + 1 if self.field(item) == "body" else 0


# ---- the disk ----------------------------------------------------------------------------------


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as trouble:
        raise Refused(
            500, f"không đọc được tệp: {trouble.strerror}", "kiểm tra quyền đọc"
        ) from None


class Moved(Exception):
    """Somebody else wrote the file in the last moment."""


def replace(file: Path, data: bytes, before: bytes | None) -> None:
    """Put a file in its place whole, with the rights of the one that was there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb"
        ) as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if before is not None:
            os.chmod(temporary, stat.S_IMODE(file.stat().st_mode))
            if file.read_bytes() != before:
                raise Moved
        os.replace(temporary, file)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
