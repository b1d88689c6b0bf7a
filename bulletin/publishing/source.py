"""The built site as it lies in the output folder, and whether it may leave the house."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bulletin.files import Output, Trouble
from bulletin.publishing.plan import Files, odd

GROUP = "site/"
AGAIN = "dựng lại rồi đăng: bulletin build"


def built(output: Output, base_url: str, local: bool) -> Files:
    """Path below ``site/`` → (digest, bytes). Raises :class:`Trouble` unless the build is whole.

    ``base_url`` is what the configuration says now; ``local``: a folder may do without.
    """
    facts = output.facts("site")
    files = {p.removeprefix(GROUP): d for p, d in output.manifest().items() if p.startswith(GROUP)}
    if not files or "index.html" not in files:
        raise Trouble("chưa có trang web nào được dựng", AGAIN, 1)
    if facts is None or facts.get("unfinished"):
        raise Trouble(
            "lần dựng cuối chưa xong hoặc có lỗi; trang trong output/ là bản cũ",
            "sửa lỗi (xem bulletin check), dựng lại: bulletin build",
            1,
        )
    if facts.get("drafts"):
        raise Trouble("trang này được dựng với --drafts, có bài chưa duyệt", AGAIN, 1)
    if facts.get("base_url") != base_url:
        raise Trouble("site.base_url đã đổi sau lần dựng cuối", AGAIN, 1)
    if not base_url and not local:
        raise Trouble(
            "chưa điền site.base_url nên RSS và liên kết chia sẻ còn trỏ về máy này",
            "điền địa chỉ thật của trang trong bulletin.yaml, dựng lại: bulletin build",
            1,
        )
    folder = output.folder / "site"
    return {path: (digest, _size(folder, path, digest)) for path, digest in sorted(files.items())}


def _size(folder: Path, path: str, digest: str) -> int:
    """The bytes of a file that still is what was built."""
    try:
        with (folder / path).open("rb") as source:
            found = hashlib.file_digest(source, "sha256").hexdigest()
            size = source.tell()
    except OSError:
        found = ""
    if found != digest or odd(path):
        raise Trouble(f"tệp site/{path} thiếu hoặc khác bản đã dựng", AGAIN, 1)
    return size
