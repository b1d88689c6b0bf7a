"""Where the finished bulletin goes: the places it is published to, as ``bulletin.yaml`` names them.

No secret belongs here: keys and passwords stay with ssh, git and rclone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bulletin import text
from bulletin.diag import Diagnostic, Place, Severity
from bulletin.schema import field as key

CONFIG = "bulletin.yaml"
KINDS = ("folder", "rsync", "git", "rclone")
# «scheme://name:password@host»: a password that would be read by everybody who sees the project.
_PASSWORD = re.compile(r"//[^/@\s:]*:[^/@\s]+@|//(?:gh[pousr]_|github_pat_|glpat-)\w+@")
_FORMS = {
    "folder": (r"[^-\s].*", "/srv/www/bantin"),
    "rsync": (
        r"(?:[^\s:/@-][^\s:/@]*@)?[^\s:/@-][^\s:/@]*:[^:\s].*",
        "ban-tin@may-chu:/srv/bantin",
    ),
    "git": (r"[^-\s]\S*", "git@may-chu:lhh/ban-tin-web.git"),
    "rclone": (r"[\w.][\w. +@-]*:[^:].*", "kho:ten-thung/bantin"),
}


@dataclass(frozen=True, slots=True)
class PublishTarget:
    """One place of ``publish:``."""

    name: str = key("Tên nơi đăng", required=True, example="chinh", default="", limit=40)
    kind: str = key(
        "Cách đăng", required=True, choices=KINDS, example="rsync", default="", limit=10
    )
    to: str = key("Nơi đến", required=True, example="ban-tin@may-chu:/srv/bantin", default="")
    branch: str = key("Nhánh git", default="trang-web", limit=100)
    port: int = key("Cổng SSH", default=22)
    key: str = key("Đường dẫn tệp khóa SSH (không phải nội dung khóa)", default="")


@dataclass(frozen=True, slots=True)
class Spoken:
    """How one abbreviation or foreign word is said."""

    short: str = key("Chữ viết trong bài", required=True, example="OCOP", default="", limit=40)
    full: str = key("Đọc là", required=True, example="ô-cốp", default="", limit=120)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """``broadcast:``: how texts for loudspeakers are written."""

    rate: int = key("Số tiếng đọc trong một phút", default=180)
    odd: str = key("Đọc số 105: «linh» hay «lẻ»", choices=("linh", "lẻ"), default="linh")
    abbreviations: tuple[Spoken, ...] = key("Chữ viết tắt, từ nước ngoài", default=())


def check(targets: tuple[PublishTarget, ...], places: Mapping[str, Place]) -> Iterator[Diagnostic]:
    """What is wrong with the places of ``publish:``, each at its line."""
    seen: set[str] = set()
    for index, target in enumerate(targets):
        at = f"publish.{index}"
        for name, code, message, hint in _wrong(target, seen):
            place = places.get(f"{at}.{name}", Place(CONFIG, 1, 1))
            yield Diagnostic(place, Severity.ERROR, code, message, hint)
        seen.add(target.name)


def _wrong(target: PublishTarget, seen: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """(key, code, message, hint) of each mistake; a secret is not repeated in the message."""
    if target.name in seen:
        yield "name", "CF050", f"hai nơi đăng cùng tên «{target.name}»", "đổi tên một nơi"
    elif text.slug(target.name) != target.name:
        hint = f"dùng: {text.slug(target.name)}"
        yield "name", "CF050", f"tên nơi đăng «{target.name}» không hợp lệ", hint
    if _PASSWORD.search(target.to):
        yield (
            "to",
            "CF051",
            "nơi đến có mật khẩu hoặc mã truy cập",
            "xóa khỏi tệp này, đổi mật khẩu, rồi dùng khóa SSH, git credential hoặc rclone config",
        )
        return
    form, example = _FORMS[target.kind]
    if not re.fullmatch(form, target.to):
        message = f"nơi đến «{target.to}» không đúng dạng của kind: {target.kind}"
        yield "to", "CF052", message, f"ví dụ: to: {example}"
    if target.kind == "git" and not re.fullmatch(r"[A-Za-z0-9][\w./-]*", target.branch):
        message = f"tên nhánh «{target.branch}» không dùng được"
        yield "branch", "CF052", message, "ví dụ: branch: trang-web"
    if "PRIVATE KEY" in target.key:
        hint = "ghi đường dẫn, ví dụ: key: ~/.ssh/ban-tin; coi như khóa đã lộ và đổi khóa khác"
        yield "key", "CF051", "đây là nội dung khóa, không phải đường dẫn tệp khóa", hint
