"""ZIP files that are the same bytes whenever and wherever they are made.

Names in order, one date for all, no trace of the machine. Word files are ZIP files too: a library
that stamps them with the clock is put right by :func:`settled`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

STORED = (
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".avif",
    ".pdf",
    ".zip",
    ".docx",
    ".epub",
    ".mp3",
    ".mp4",
)
DATE = (1980, 1, 1, 0, 0, 0)  # the first that the format knows


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of path → bytes; what is compressed already is only stored."""
    return _packed({name: files[name] for name in sorted(files)})


def settled(data: bytes) -> bytes:
    """The same archive without the clock; its order stays, some readers want a certain first."""
    with zipfile.ZipFile(io.BytesIO(data)) as given:
        return _packed({name: given.read(name) for name in given.namelist()})


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            stored = name.lower().endswith(STORED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()
