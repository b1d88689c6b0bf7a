"""Addresses in the configuration: what cannot work is refused at its line."""

from __future__ import annotations

import pytest

from bulletin import hosting
from bulletin.diag import Place
from bulletin.model import Site


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://ten-mien.vn/bantin/",
        "http://localhost:8000/",
        "https://ten-mien.vn",
        "http://[::1]:80/",
    ],
)
def test_addresses_that_work(address: str) -> None:
    assert list(hosting.check(Site(base_url=address), {})) == []


@pytest.mark.parametrize(
    "address",
    ["ten-mien.vn/bantin/", "/bantin/", "javascript:alert(1)", "ftp://ten-mien.vn/", "https:///bantin/",
     "https://ten-mien.vn/?trang=1", "https://ten-mien.vn/#dau", "https://a b.vn/", "https://x.vn/\"><script>",
     "https://ban:khoa@ten-mien.vn/", "https://ten-mien.vn:99999/", "https://tên-miền.vn/", "https://[::1/"],
)  # fmt: skip
def test_addresses_that_cannot_work(address: str) -> None:
    (found,) = hosting.check(
        Site(base_url=address), {"site.base_url": Place("bulletin.yaml", 3, 5)}
    )
    assert found.code == "CF013"
    assert (found.place.line, found.place.column) == (3, 5)


@pytest.mark.parametrize(
    "address",
    [
        "http://x.vn/?u={url}",
        "https://x.vn/",
        "https://{url}/",
        "https://x.vn/{url}{url}",
        "{url}",
        "https://x.vn{url}",
    ],
)
def test_addresses_that_share_nothing(address: str) -> None:
    assert [d.code for d in hosting.check(Site(zalo_share=address), {})] == ["CF014"]


def test_an_address_that_shares() -> None:
    assert (
        list(hosting.check(Site(zalo_share="https://chia-se.example/gui?dia-chi={url}"), {})) == []
    )
