"""What the configuration says of the site's host and of places to share, before pages show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from bulletin.diag import Diagnostic, Place, Severity
from bulletin.model import Site
from bulletin.seating import CONFIG

TARGET = "{url}"  # where the address of a piece goes in an address for sharing


def check(site: Site, places: Mapping[str, Place]) -> Iterator[Diagnostic]:
    """Addresses that could not work, or that would lead somewhere else."""
    if site.base_url and not _host(site.base_url, ("http", "https")):
        yield _error(
            places,
            "site.base_url",
            "CF013",
            f"địa chỉ trang web «{site.base_url}» không dùng được",
            "ghi đủ như trên thanh địa chỉ, không có ? và #, ví dụ: https://ten-mien.vn/bantin/",
        )
    share = site.zalo_share
    if share and (share.count(TARGET) != 1 or not _shares(share)):
        yield _error(
            places,
            "site.zalo_share",
            "CF014",
            f"địa chỉ chia sẻ «{share}» không dùng được",
            f"bắt đầu bằng https:// và có đúng một chỗ {TARGET} sau tên máy chủ",
        )


def _host(address: str, schemes: tuple[str, ...]) -> bool:
    """An address of a folder on a host, without anything that belongs to a single page."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username) and address.isascii()
    clean = not any(letter.isspace() or letter in "<>\"'\\" for letter in address)
    return parts.scheme in schemes and bool(parts.hostname) and plain and clean and port != 0


def _shares(address: str) -> bool:
    """Whether the piece's address stands after the host of an https address."""
    return _host(address.partition("?")[0].partition("#")[0].replace(TARGET, ""), ("https",)) and (
        TARGET not in address.partition("//")[2].partition("/")[0]
    )


def _error(
    places: Mapping[str, Place], name: str, code: str, message: str, hint: str
) -> Diagnostic:
    where = places.get(name, Place(CONFIG, 1, 1))
    return Diagnostic(where, Severity.ERROR, code, message, hint)
