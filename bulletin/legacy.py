"""Text typed in TCVN3 (.VnTime…) or VNI fonts becomes Unicode, and is noticed where it did not.

How to use it: a Word file names its fonts. For each run of one font call :func:`encoding_of` with
the font's name; it tells the encoding and whether the font prints capitals:

    kind, capitals = encoding_of(font_name)         # («tcvn3», True) for .VnTimeH
    if kind == "tcvn3":
        words = decode_tcvn3(words, capitals)
    elif kind == "vni":
        words = decode_vni(words)

Decode BEFORE any clean-up: in TCVN3 the letter ư is U+00AD, the soft hyphen, which every cleaner
drops. Several runs of one paragraph are decoded one by one, except that a VNI letter may be split
between two runs of the same encoding: join neighbours of one encoding first. Text whose fonts are
unknown (pasted into Markdown) is judged by :func:`undecoded`, which looks for one of the encodings
and for UTF-8 that was read as windows-1252, and gives the decoded proposal.
"""

from __future__ import annotations

import re
import unicodedata

from bulletin import syllable

# ---- TCVN 5712:1993, VN3: one byte per letter, capitals by the font --------------------------

_LOWER = {
    0xA8: "ă", 0xA9: "â", 0xAA: "ê", 0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ",
    0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ",
    0xBB: "ằ", 0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ",
    0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ",
    0xCC: "è", 0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ",
    0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ",
    0xD7: "ì", 0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị",
    0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ",
    0xE5: "ồ", 0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ",
    0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ",
    0xEF: "ù", 0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ",
    0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự",
    0xFA: "ỳ", 0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip
_UPPER = dict(zip(range(0xA1, 0xA8), "ĂÂÊÔƠƯĐ", strict=True))
TCVN3 = {code: letter for table in (_LOWER, _UPPER) for code, letter in table.items()}

# ---- VNI: a letter and a sign behind it ---------------------------------------------------------

_TONES = {"ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323"}
_ROOF, _BOWL = "\u0302", "\u0306"  # â ê ô; ă
_SIGNS: dict[str, dict[str, str]] = {
    "a": _TONES
    | {"â": _ROOF, "á": _ROOF + "\u0301", "à": _ROOF + "\u0300", "å": _ROOF + "\u0309"}
    | {"ã": _ROOF + "\u0303", "ä": _ROOF + "\u0323"}
    | {"ê": _BOWL, "é": _BOWL + "\u0301", "è": _BOWL + "\u0300", "ú": _BOWL + "\u0309"}
    | {"ü": _BOWL + "\u0303", "ë": _BOWL + "\u0323"},
    "u": _TONES,
    "y": _TONES,
    "ô": {sign: "\u031b" + tone for sign, tone in _TONES.items()},
    "ö": {sign: "\u031b" + tone for sign, tone in _TONES.items()},
}
_ROOFED = {sign: mark for sign, mark in _SIGNS["a"].items() if mark[0] not in _BOWL}
_SIGNS["e"] = _SIGNS["o"] = _ROOFED
_BASE = {"ô": "o", "ö": "u"}
_ALONE = {
    "ô": "ơ",
    "ö": "ư",
    "ñ": "đ",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}


def _vni_table() -> dict[str, str]:
    """Every VNI spelling → letter, in lower case, capitals, and a capital with a small sign."""
    table = {}
    for letter, signs in _SIGNS.items():
        for sign, marks in signs.items():
            whole = unicodedata.normalize("NFC", _BASE.get(letter, letter) + marks)
            table[letter + sign] = whole
            table[letter.upper() + sign.upper()] = table[letter.upper() + sign] = whole.upper()
    for letter, whole in _ALONE.items():
        table[letter], table[letter.upper()] = whole, whole.upper()
    return table


VNI = _vni_table()
_VNI = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))


def encoding_of(font: str) -> tuple[str, bool]:
    """(«tcvn3», «vni» or «», whether the font prints capitals) by the name of a font."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return "tcvn3", font.strip().endswith("H")
    if name.startswith("vni"):
        return "vni", False
    return "", False


def decode_tcvn3(words: str, capitals: bool = False) -> str:
    """``words`` hold one character per byte (U+00A1…U+00FE). ``capitals``: a .Vn…H font."""
    plain = words.translate(TCVN3)
    return plain.upper() if capitals else plain


def decode_vni(words: str) -> str:
    """``words`` as a VNI font wrote them: «Tuyeân Quang» → «Tuyên Quang»."""
    return _VNI.sub(lambda match: VNI[match[0]], words)


def decode_mojibake(words: str) -> str:
    """UTF-8 that was read as windows-1252, read again: «Ä‘áº¥t» → «đất»; else unchanged."""
    try:
        return bytes(_byte(c) for c in words).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return words


def _byte(c: str) -> int:
    """The byte that windows-1252 shows as ``c``; its five holes stand for themselves."""
    if ord(c) < 256:
        return ord(c)
    return c.encode("cp1252")[0]  # UnicodeEncodeError is a ValueError


DECODERS = {"tcvn3": decode_tcvn3, "vni": decode_vni, "mojibake": decode_mojibake}
NAMES = {"tcvn3": "TCVN3 (.VnTime)", "vni": "VNI", "mojibake": "UTF-8 đọc nhầm bảng mã"}
_WORD = re.compile(r"[^\s\d.,;:!?()“”\"/…–-]+")
LEAST = 4  # words that must hold foreign signs before a text is judged
_GOOD, _GAIN = 0.75, 0.25


def words(line: str) -> list[str]:
    """Runs of letters and signs between blanks, digits and punctuation."""
    return _WORD.findall(line)


def share(line: str) -> float:
    """The part of the words that are Vietnamese syllables; 1 for a text without words."""
    found = words(line)
    return sum(map(syllable.is_syllable, found)) / len(found) if found else 1.0


def undecoded(line: str) -> tuple[str, str] | None:
    """(encoding, decoded proposal) when ``line`` reads as Vietnamese only after decoding.

    It must hold several words with signs beyond ASCII, become good by decoding, and clearly
    better than before; clean Vietnamese and English never do.
    """
    found = words(line)
    # Nearly every line is good as it is: that is asked first.
    if not found or sum(map(syllable.is_syllable, found)) / len(found) >= _GOOD:
        return None
    if sum(not word.isascii() for word in found) < LEAST:
        return None
    best = max(
        ((share(decode(line)), kind, decode(line)) for kind, decode in DECODERS.items()),
        key=lambda item: item[0],
    )
    good = best[0] >= _GOOD and best[0] - share(line) >= _GAIN
    return (best[1], best[2]) if good else None
