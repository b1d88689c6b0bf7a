"""What was permitted: the record of the licence, and what an article says of rights in pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulletin.diag import Place
from bulletin.schema import field as key

CENTIMETRES = 60  # a trim of fewer is in cm


@dataclass(frozen=True, slots=True)
class LicenceRecord:
    """What the licence file says (Luật Báo chí 2016, Điều 34 khoản 2); unknown stays empty."""

    name: str = key("Tên bản tin ghi trong giấy phép", default="")
    purpose: str = key("Mục đích, nội dung", default="", limit=2000)
    audience: str = key("Đối tượng phục vụ", default="", limit=1000)
    area: str = key("Phạm vi phát hành", default="")
    language: str = key("Ngôn ngữ", example="tiếng Việt", default="")
    periodicity: str = key("Kỳ hạn xuất bản", example="03 tháng/kỳ", default="")
    trim: str = key("Khổ", example="19 × 27 cm", default="")
    pages: str = key("Số trang", example="64", default="")
    circulation: str = key("Số lượng", default="")
    printer: str = key("Nơi in", default="")


def sizes(words: str) -> tuple[float, ...]:
    """«19 × 27 cm» → (190.0, 270.0), in mm whatever was written."""
    found = [float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", words)]
    return tuple(n * 10 if n <= CENTIMETRES else n for n in found[:2])


def number(words: str) -> int:
    """The first number of «64 trang, kể cả bìa»; 0 for none."""
    match = re.search(r"\d+", words.replace(".", ""))
    return int(match[0]) if match else 0


@dataclass(frozen=True, slots=True)
class RightsNote:
    """What an article says of one picture's rights. Never shown: consents name people."""

    target: str
    place: Place
    credit: bool
    consent: bool
    guardian: bool
    map_checked: bool
    words: str
