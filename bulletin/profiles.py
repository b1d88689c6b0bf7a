"""The print profile that a build uses: the keys of ``print:``, changed by the profile in use."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.printshop import NamedProfile, PrintProfile
from bulletin.seating import CONFIG, nearest

BUILT_IN = ("x-4", "x-1a")
ICC_FOLDER = "icc"
# (key, lowest, highest): what a press can do at all; the law's limits are rules of their own.
RANGES = (
    ("trim_width", 60.0, 2000.0),
    ("trim_height", 60.0, 2000.0),
    ("bleed", 0.0, 10.0),
    ("ink_limit", 200.0, 400.0),
    ("paper", 0.0, 1.0),
)
Places = Mapping[str, Place]
Read = Callable[[str], bytes | None]


def names(profile: PrintProfile) -> tuple[str, ...]:
    """All profiles that may be asked for."""
    return (*BUILT_IN, *(own.name for own in profile.profiles))


def resolve(profile: PrintProfile, name: str = "") -> PrintProfile:
    """The profile called ``name``, or the one in use; unknown names leave it as it is.

    A profile with its own ICC file converts pictures with it too, if it does not say otherwise.
    """
    wanted = name or profile.use
    plain = dataclasses.replace(profile, use=wanted, profiles=())
    if wanted in BUILT_IN:
        return dataclasses.replace(plain, standard=wanted)
    own = next((own for own in profile.profiles if own.name == wanted), None)
    if own is None:
        return plain
    said = {
        field.name: getattr(own, field.name)
        for field in dataclasses.fields(NamedProfile)
        if field.name != "name" and getattr(own, field.name) not in (None, "")
    }
    if own.icc:
        said.setdefault("convert_icc", own.icc)
        said.setdefault("condition_info", own.condition)
    return dataclasses.replace(plain, **said)


def check(profile: PrintProfile, places: Places, read: Read) -> Iterator[Diagnostic]:
    """What is wrong with the profiles. ``read``: name of an ICC file → its bytes, or None."""
    yield from _check_use(profile, places)
    yield from _check_values(profile, "print", profile, places, read)
    for index, own in enumerate(profile.profiles):
        at = f"print.profiles.{index}"
        yield from _check_name(own, index, profile, places)
        yield from _check_values(resolve(profile, own.name), at, own, places, read)


def _error(place: Place, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(place, Severity.ERROR, code, message, hint)


def _check_use(profile: PrintProfile, places: Places) -> Iterator[Diagnostic]:
    known = names(profile)
    if profile.use and profile.use not in known:
        yield _error(
            places.get("print.use", Place(CONFIG, 1, 1)),
            "CF020",
            f"không có hồ sơ in «{profile.use}»",
            nearest(profile.use, known, "các hồ sơ: "),
        )


def _check_name(
    own: NamedProfile, index: int, profile: PrintProfile, places: Places
) -> Iterator[Diagnostic]:
    taken = (*BUILT_IN, *(other.name for other in profile.profiles[:index]))
    if own.name in taken:
        yield _error(
            places.get(f"print.profiles.{index}.name", Place(CONFIG, 1, 1)),
            "CF021",
            f"tên hồ sơ in «{own.name}» đã có",
            f"đặt tên khác; {', '.join(BUILT_IN)} có sẵn trong chương trình",
        )


def _check_values(
    found: PrintProfile,
    at: str,
    written: PrintProfile | NamedProfile,
    places: Places,
    read: Read,
) -> Iterator[Diagnostic]:
    """``found`` is what holds; only what is written at ``at`` is complained of."""

    def spot(key: str) -> Place:
        return places.get(f"{at}.{key}", places.get(f"print.{key}", Place(CONFIG, 1, 1)))

    for key, low, high in RANGES:
        value = getattr(written, key, None)
        if value is not None and not low <= value <= high:
            yield _error(
                spot(key),
                "CF022",
                f"{key} là {value:g}, phải từ {low:g} đến {high:g}",
                "sửa số này",
            )
    said = {key for key in ("bleed", "marks") if f"{at}.{key}" in places}
    if said and found.marks and found.bleed == 0:
        yield _error(
            spot("bleed" if "bleed" in said else "marks"),
            "CF022",
            "vẽ dấu xén mà lề xén là 0: xén lệch một chút là lộ mép trắng",
            "đặt bleed: 3, hoặc marks: false",
        )
    for key in ("icc", "convert_icc"):
        name = getattr(written, key)
        if name:
            yield from _check_icc(name, spot(key), f"{at}.{key}" in places, read)
    if f"{at}.icc" in places and f"{at}.condition" not in places:
        yield _error(
            spot("icc"),
            "CF025",
            "có hồ sơ ICC riêng mà chưa ghi tên điều kiện in",
            "thêm condition: tên mà nhà in cho, ví dụ FOGRA51",
        )


def _check_icc(name: str, place: Place, said: bool, read: Read) -> Iterator[Diagnostic]:
    data = read(name)
    if data is None:
        if said:
            yield _error(
                place,
                "CF023",
                f"không có hồ sơ ICC «{name}»",
                f"chép tệp vào thư mục {ICC_FOLDER}/ của dự án, hoặc sửa tên",
            )
    elif not is_cmyk_output(data):
        yield _error(
            place,
            "CF024",
            f"«{name}» không phải hồ sơ ICC của máy in bốn màu: {icc_words(data)}",
            "xin nhà in hồ sơ CMYK của giấy sẽ dùng, hoặc bỏ khóa này để dùng FOGRA39 có sẵn",
        )


def is_cmyk_output(data: bytes) -> bool:
    """Whether the header is that of an ICC profile of an output device with four inks."""
    return data[36:40] == b"acsp" and data[12:16] == b"prtr" and data[16:20] == b"CMYK"


def icc_words(data: bytes) -> str:
    """What the file is instead."""
    if data[36:40] != b"acsp":
        return "tệp không phải hồ sơ ICC"
    kinds = {b"mntr": "màn hình", b"scnr": "máy quét", b"prtr": "máy in", b"spac": "không gian màu"}
    kind = kinds.get(data[12:16], "thiết bị khác")
    return f"hồ sơ của {kind}, hệ màu {data[16:20].decode('ascii', 'replace').strip()}"
