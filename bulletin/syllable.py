"""Is this a Vietnamese syllable? Built from onsets, rhymes and tones, not from a word list.

A syllable is an onset, a rhyme and one of six tones. The rhymes are listed; everything else
follows: which onset goes with which rhyme, that a rhyme ending in c, ch, p, t takes only sắc or
nặng, and on which vowel the tone is written.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from bulletin.text import fold

ONSETS = tuple(
    sorted(
        "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split(),
        key=len,
        reverse=True,
    )
)
RHYMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu êc
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oem oen oeo oet
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uân uâng uât uây uê uêch uênh uơ
    uy uya uych uynh uyt uyu uyp uyn uyên uyêt uyt
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y yêm yên yêng yêt yêu
    """.split()
)
# After «qu» and «gi», whose vowel letter belongs to the onset.
AFTER_QU = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eng eo
    et ê ên ênh êch êt ê i in inh ich it y yên yêt ynh yt ych ơ ơi ơn ơt ô ôc ôi
    """.split()
)
AFTER_GI = RHYMES - {"ia", "y", "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu"} | {
    "êng",
    "êt",
    "êc",
    "n",  # gìn: the vowel is the i of the onset
    "m",
    "",
}
Y_ALONE = frozenset("h k l m s t v".split()) | {""}
_FRONT = frozenset("eêiy")
_TONES = {"\u0300": "huyền", "\u0309": "hỏi", "\u0303": "ngã", "\u0301": "sắc", "\u0323": "nặng"}
_STOPS = ("c", "ch", "p", "t")
VOWELS = frozenset("aăâeêioôơuưy")
EITHER = frozenset({"oa", "oe", "uy"})  # hoà or hòa: both are in use


def untoned(word: str) -> tuple[str, str, int]:
    """(letters without tone, name of the tone, index of its letter); («», «», -1) for two tones."""
    letters, tone, at = "", "", -1
    for number, c in enumerate(word):
        kept = ""
        for part in unicodedata.normalize("NFD", c):
            if part in _TONES:
                if tone:
                    return "", "", -1
                tone, at = _TONES[part], number
            else:
                kept += part
        letters += unicodedata.normalize("NFC", kept)
    return letters, tone, at


def _split(letters: str) -> tuple[str, str]:
    """Onset and rhyme; the onset may be empty."""
    for onset in ONSETS:
        if letters.startswith(onset):
            return onset, letters[len(onset) :]
    return "", letters


def _agree(onset: str, rhyme: str) -> bool:
    """Whether the rhyme may follow the onset."""
    if onset == "qu":
        return rhyme in AFTER_QU
    if onset == "gi":
        return rhyme in AFTER_GI
    if rhyme not in RHYMES:
        return False
    if onset in ("k", "gh", "ngh"):
        return rhyme[0] in _FRONT
    if onset in ("c", "g", "ng"):
        return rhyme[0] not in _FRONT
    if rhyme == "y":
        return onset in Y_ALONE
    return onset == "" if rhyme[0] == "y" else True


def tone_seats(onset: str, rhyme: str) -> frozenset[int]:
    """Indices in the rhyme on which the tone may be written."""
    if rhyme in EITHER:
        return frozenset({0, 1})
    if onset == "gi" and rhyme in ("", "n", "m"):
        return frozenset({-1})
    marked = [n for n, c in enumerate(rhyme) if c in "ăâêôơư"]
    if marked:
        return frozenset({marked[-1]}) if rhyme != "ưa" else frozenset({0})
    vowels = [n for n, c in enumerate(rhyme) if c in VOWELS]
    if len(vowels) == 1:
        return frozenset(vowels)
    if len(vowels) == 2 and vowels[-1] == len(rhyme) - 1:  # ai, ia, ua, eo: the first one
        return frozenset({0})
    return frozenset({1})  # oan, oai, uyn, uynh, uya: the middle one


@lru_cache(maxsize=65536)
def fault(word: str) -> str:
    """Why ``word`` (lower case, composed) is no Vietnamese syllable: a kind, or «» if it is one.

    ``letters``: no such onset and rhyme; ``tone``: a tone that the coda does not take, or two;
    ``seat``: the tone stands on the wrong vowel.
    """
    letters, tone, at = untoned(word)
    if not letters:
        return "tone"
    splits = [_split(letters)]
    if letters.startswith(("gi", "ghi")):  # «gì», and «giếng» as g + iêng is read as gi + êng
        splits.append((letters[:1], letters[1:]))
    good = [(onset, rhyme) for onset, rhyme in splits if _agree(onset, rhyme)]
    if not good:
        return "letters"
    rhyme = good[0][1]
    if tone and rhyme.endswith(_STOPS) and tone not in ("sắc", "nặng"):
        return "tone"
    if at >= 0 and all(at - len(o) not in tone_seats(o, r) for o, r in good):
        return "seat"
    return ""


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    return fault(word.lower()) == ""


@lru_cache(maxsize=65536)
def is_bare(word: str) -> bool:
    """Whether ``word``, lower case and without marks, is what is left of some syllable."""
    return _bare_parts(word) and word.isascii()


def _bare_parts(word: str) -> bool:
    onsets = [o for o in _BARE_ONSETS if word.startswith(o)]
    return any(word[len(o) :] in _BARE_RHYMES.get(o, frozenset()) for o in [*onsets, ""])


def _bare_table() -> dict[str, frozenset[str]]:
    """Onset without marks → the rhymes, without marks, that may follow it."""
    table: dict[str, set[str]] = {}
    for onset in (*ONSETS, ""):
        for rhyme in RHYMES | AFTER_QU | AFTER_GI:
            if _agree(onset, rhyme):
                table.setdefault(fold(onset), set()).add(fold(rhyme))
    return {onset: frozenset(rhymes) for onset, rhymes in table.items()}


_BARE_RHYMES = _bare_table()
_BARE_ONSETS = tuple(onset for onset in _BARE_RHYMES if onset)


def placed(word: str, new_style: bool) -> str:
    """``word`` with the tone of oa, oe, uy as the house writes it; others as they are.

    ``new_style``: hoà, thuý; otherwise hòa, thúy. Case is kept.
    """
    lower = word.lower()
    letters, tone, _ = untoned(lower)
    if not tone:
        return word
    onset, rhyme = _split(letters)
    if rhyme not in EITHER or not _agree(onset, rhyme):
        return word
    seat = len(onset) + (1 if new_style else 0)
    mark = next(m for m, name in _TONES.items() if name == tone)
    plain, _, _ = untoned(word)
    moved = plain[: seat + 1] + mark + plain[seat + 1 :]
    return unicodedata.normalize("NFC", moved)
