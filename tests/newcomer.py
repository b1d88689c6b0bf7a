"""What a new board has on its first day, and what it should hold in its hands at the end.

Used by ``test_newcomer.py`` and, in a real browser, by ``scripts/audit/newcomer.js``:

    python tests/newcomer.py parcel FOLDER     writes two Word files and a picture of a phone
    python tests/newcomer.py picture FILE      facts of a picture as JSON
    python tests/newcomer.py proof FILE        facts of a PDF as JSON
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import word_samples as samples
from PIL import Image

UNICODE, LEGACY, PHOTO = "bai-unicode.docx", "bai-phong-cu.docx", "IMG_2041.JPG"
COMPOST, PIGS = "u-phan-huu-co-tai-nha", "ky-thuat-nuoi-lon"  # what the two files become
SENSOR = (1600, 1200)  # lying; the phone was held upright (EXIF orientation 6)
# A sentence in which TCVN3, its capitals by font, VNI and Unicode meet.
MIXED = "Nước sạch và ĐẤT TỐT Tuyên Quang miền núi với chữ Unicode đủ dấu"


def parcel(folder: Path) -> None:
    """What two contributors sent."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / UNICODE).write_bytes(samples.unicode_file())
    (folder / LEGACY).write_bytes(samples.legacy_file())
    (folder / PHOTO).write_bytes(samples.jpeg(*SENSOR, orientation=6, gps=True))


def picture(file: Path) -> dict[str, Any]:
    """Upright: red, which the sensor saw on its left, is above, and nothing says how to turn it."""
    with Image.open(file) as image:
        told = image.getexif()
        width, height = image.size
        above, below = (
            image.convert("RGB").getpixel((width // 2, at)) for at in (height // 8, height * 7 // 8)
        )
        assert isinstance(above, tuple)
        assert isinstance(below, tuple)
        return {
            "size": [width, height],
            "upright": above[0] > 150 > above[2] and below[2] > 150 > below[0],
            "told": len(told) + len(told.get_ifd(0x8825)),
        }


def proof(file: Path) -> dict[str, Any]:
    """Words, pages and pictures (points across, points down) of a PDF."""
    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(file)
    try:
        pages = list(document)
        words = " ".join(page.get_textpage().get_text_range() for page in pages)
        images = [
            list(item.get_px_size())
            for page in pages
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
        ]
        return {"pages": len(pages), "words": " ".join(words.split()), "images": images}
    finally:
        document.close()


if __name__ == "__main__":
    work, where = sys.argv[1], Path(sys.argv[2])
    if work == "parcel":
        parcel(where)
    else:
        print(json.dumps({"picture": picture, "proof": proof}[work](where), ensure_ascii=False))
