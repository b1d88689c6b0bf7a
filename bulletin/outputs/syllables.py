"""Words as the search index keeps them: a stem without marks, and the marks apart.

«chăn», «chặn», «chân» share the stem ``chan`` and differ in their marks (``w``, ``jw``, ``c``). A
reader who types no marks finds all of them; one who types marks finds what was meant. Marks are
sorted, so «hòa» and «hoà» are one word; «kỹ» and «kĩ» are one word too.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"(?:[^\W_]+|[\u0300-\u036f]+)+")
# They join words and make no compound: «và các», «của một».
FUNCTION = frozenset(
    "bị bởi các cái cho chỉ chưa có còn cũng của do dưới đã đang đây đến để đi đó được hay hoặc "
    "khi không là lại lên mà mỗi một mới nào này nên nếu những nhưng như ở phải qua ra rất rồi sau "
    "sẽ tại theo thì thêm trên trong trước từ và vào vẫn vì về với".split()
)
# Letters of the telex keyboard, but c for the circumflex and d for the bar of đ.
_MARKS = {
    "\u0300": "f",
    "\u0301": "s",
    "\u0309": "r",
    "\u0303": "x",
    "\u0323": "j",
    "\u0306": "w",
    "\u031b": "w",
    "\u0302": "c",
}
_STROKED = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})
# Both spellings are in use: kĩ thuật, kỹ thuật; quí, quý.
_FINAL_Y = re.compile(r"(qu|[bcdghklmnprstvx]h?)y")


@lru_cache(maxsize=1 << 16)
def split(word: str) -> tuple[str, str]:
    """(stem, marks) of one word in any case: «Đắk» → (``dak``, ``dsw``)."""
    lower = word.lower()
    plain = lower.translate(_STROKED)
    stem, marks = "", ["d"] * sum(a != b for a, b in zip(lower, plain, strict=True))
    for c in unicodedata.normalize("NFD", plain):
        if not unicodedata.combining(c):
            stem += c
        else:
            marks.append(_MARKS.get(c, "*"))
    if _FINAL_Y.fullmatch(stem):
        stem = stem[:-1] + "i"
    return stem, "".join(sorted(marks))
