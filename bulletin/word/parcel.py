"""The ZIP file that a .docx is, opened within bounds of size, and only as far as text needs it.

Nothing is ever unpacked to disk. What the directory promises is checked first, and what really
comes out of an entry is counted again, because a directory may lie.
"""

from __future__ import annotations

import io
import stat
import xml.etree.ElementTree as ET
import zipfile
import zlib

from bulletin.word.findings import Refused

MAX_FILE = 120_000_000  # the .docx itself
MAX_ENTRIES = 3_000
MAX_XML = 8_000_000  # one part; three hundred pages of text have about five
MAX_XML_ALL = 16_000_000
MAX_MEDIA = 60_000_000  # one picture, as elsewhere
MAX_ALL = 400_000_000
MAX_DEPTH = 120
SAVE_AS = "mở bằng Word hoặc LibreOffice, chọn Lưu thành (Save As), kiểu «Word Document (.docx)»"
WORD_TYPE = "wordprocessingml.document.main+xml"
STRICT = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "http://purl.oclc.org/ooxml/drawingml/main": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://purl.oclc.org/ooxml/drawingml/picture": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}  # fmt: skip
# What other files are by their first bytes or their name.
KINDS = {
    ".doc": "tệp Word kiểu cũ (.doc)",
    ".rtf": "tệp RTF",
    ".odt": "tệp OpenDocument (.odt)",
    ".pdf": "tệp PDF",
    ".pages": "tệp Pages của máy Mac",
}
HINTS = {
    ".pdf": "xin tác giả tệp Word gốc; chỉ có PDF thì mở PDF bằng Word rồi lưu thành .docx và đọc "
    "lại từng chữ",
    ".pages": "trong Pages chọn Tệp → Xuất sang → Word (File → Export To → Word), kiểu .docx",
    ".odt": "mở bằng LibreOffice hoặc Word, chọn Lưu thành (Save As), kiểu «Word (.docx)»",
}
MAGIC = (
    (b"%PDF", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\xd0\xcf\x11\xe0", ".doc"),
)


class Parcel:
    """The entries of one .docx. Raises :class:`Refused` for everything that is out of bounds."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        _known(name, data)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise broken("không mở được gói ZIP") from None
        self.infos: dict[str, zipfile.ZipInfo] = {}
        self.odd: list[str] = []
        self._directory()
        self.read_so_far = 0
        self._judge()

    def _directory(self) -> None:
        infos = self.zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise Refused(
                "WD003",
                f"tệp có {len(infos)} mục bên trong, giới hạn {MAX_ENTRIES}",
                "tệp bất thường: mở bằng Word, chép nội dung sang tài liệu mới rồi lưu lại",
            )
        if sum(info.file_size for info in infos) > MAX_ALL:
            raise _too_big("cả tệp", MAX_ALL)
        for info in infos:
            # An entry with another name than one inside the parcel is never asked for; it is
            # told, because an honest program does not write such.
            link = stat.S_ISLNK(info.external_attr >> 16)
            parts = info.filename.replace("\\", "/").split("/")
            if link or info.filename.startswith("/") or ".." in parts or ":" in parts[0]:
                self.odd.append(info.filename)
            elif info.filename in self.infos:
                raise Refused(
                    "WD005",
                    f"tệp có hai mục cùng tên «{info.filename[:80]}»",
                    "mở bằng Word rồi lưu lại thành .docx mới",
                )
            else:
                self.infos[info.filename] = info

    def _judge(self) -> None:
        """A Word document, and one without macros in the type that it declares."""
        if "[Content_Types].xml" not in self.infos:
            if "Index/Document.iwa" in self.infos or "Index.zip" in self.infos:
                raise _kind(".pages")
            if "content.xml" in self.infos:
                raise _kind(".odt")
            raise broken("gói ZIP không chứa tài liệu Word")
        types = ET.tostring(self.xml("[Content_Types].xml"), encoding="unicode")
        if "macroEnabled" in types:
            raise Refused(
                "WD006",
                "tệp Word có macro (.docm)",
                "mở bằng Word, chọn Lưu thành kiểu «Word Document (.docx)», không kèm macro",
            )
        if WORD_TYPE not in types:
            raise broken("bên trong không phải tài liệu Word")

    def has(self, name: str) -> bool:
        return name in self.infos

    def names(self, prefix: str) -> list[str]:
        return sorted(name for name in self.infos if name.startswith(prefix))

    def bytes(self, name: str, limit: int = MAX_MEDIA) -> bytes:
        """Bytes of an entry; what comes out is counted, whatever the directory says."""
        info = self.infos[name]
        if info.file_size > limit:
            raise _too_big(f"«{name}»", limit)
        try:
            with self.zip.open(info) as source:
                data = source.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError):
            raise broken(f"mục «{name[:80]}» hỏng hoặc có mật khẩu") from None
        except NotImplementedError:
            raise broken(f"mục «{name[:80]}» nén theo kiểu lạ") from None
        if len(data) > limit:
            raise _too_big(f"«{name}»", limit)
        return data

    def xml(self, name: str) -> ET.Element:
        """Root of a part, without document type or entities, in the usual vocabulary."""
        data = self.bytes(name, MAX_XML)
        self.read_so_far += len(data)
        if self.read_so_far > MAX_XML_ALL:
            raise _too_big("phần chữ của tệp", MAX_XML_ALL)
        return parse(name, data)


class _Tree(ET.TreeBuilder):
    """Elements down to a depth; a document type, and so an entity, is refused."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Refused(
                "WD003",
                "tài liệu lồng quá sâu (bảng trong bảng, khung trong khung)",
                "chép nội dung sang tài liệu mới rồi lưu lại",
            )
        return super().start(_usual(tag), {_usual(key): value for key, value in attrs.items()})

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(_usual(tag))

    def comment(self, text: str | None, /) -> ET.Element:  # type: ignore[override,unused-ignore]
        return ET.Element("dropped")

    def pi(self, target: str, text: str | None = None, /) -> ET.Element:  # type: ignore[override,unused-ignore]
        return ET.Element("dropped")

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Refused(
            "WD004",
            "tệp có khai báo DOCTYPE hoặc ENTITY, Word không bao giờ ghi như vậy",
            "không mở tệp này; hỏi lại người gửi",
        )


def _usual(tag: str) -> str:
    """A name of the strict vocabulary in the usual one."""
    if not tag.startswith("{http://purl.oclc.org"):
        return tag
    space, _, local = tag[1:].partition("}")
    return f"{{{STRICT.get(space, space)}}}{local}"


def parse(name: str, data: bytes) -> ET.Element:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    # The encoding is ours: another one could hide what is looked for.
    parser = ET.XMLParser(target=_Tree(), encoding="utf-8")
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except ET.ParseError as trouble:
        raise broken(f"«{name}» sai cú pháp XML ở dòng {trouble.position[0]}") from None
    return root


def _known(name: str, data: bytes) -> None:
    """Refuse what is not a .docx, by its bytes before its name."""
    if len(data) > MAX_FILE:
        raise _too_big("tệp", MAX_FILE)
    ending = "." + name.lower().rpartition(".")[2]
    for magic, kind in MAGIC:
        if data.startswith(magic):
            if kind == ".doc" and ending == ".docx":
                raise Refused(
                    "WD001",
                    "tệp có mật khẩu, hoặc là .doc kiểu cũ được đổi tên thành .docx",
                    "bỏ mật khẩu nếu có; " + SAVE_AS,
                )
            raise _kind(kind)
    if ending in KINDS:
        raise _kind(ending)
    if ending == ".docm":
        raise Refused("WD006", "tệp Word có macro (.docm)", SAVE_AS)
    if not data:
        raise broken("tệp rỗng")
    if not data.startswith(b"PK"):
        raise Refused("WD001", "tệp không phải tài liệu Word (.docx)", SAVE_AS)


def _kind(ending: str) -> Refused:
    return Refused("WD001", f"{KINDS[ending]} không nhập được", HINTS.get(ending, SAVE_AS))


def broken(why: str) -> Refused:
    return Refused(
        "WD002",
        f"tệp Word hỏng: {why}",
        "chép lại tệp; vẫn hỏng thì mở bằng Word (Open and Repair) rồi lưu lại thành .docx",
    )


def _too_big(what: str, limit: int) -> Refused:
    return Refused(
        "WD003",
        f"{what} khi mở ra lớn hơn {limit // 1_000_000} MB",
        "thu nhỏ ảnh trong Word (Compress Pictures) hoặc gửi ảnh thành tệp riêng",
    )
