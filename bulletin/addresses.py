"""One address, one page: the pages that always exist, old addresses, and what collides.

Addresses are compared as the least careful host does: without case, ``x/`` like ``x/index.html``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin import text
from bulletin.diag import Place
from bulletin.model import Article
from bulletin.seating import CONFIG, Seats

STANDING = {
    "": "trang đầu",
    "404.html": "trang báo không tìm thấy",
    "api/": "thư mục dữ liệu cho cổng khác",
    "assets/": "thư mục tệp giao diện",
    "atom.xml": "nguồn tin Atom",
    "chuyen-muc/": "trang Chuyên mục",
    "dinh-chinh/": "trang Đính chính",
    "doi-tuong/": "trang Đọc theo đối tượng",
    "feed.json": "nguồn tin JSON Feed",
    "feed.xml": "RSS",
    "gioi-thieu/": "trang Giới thiệu",
    "gui-bai/": "trang Gửi bài cộng tác",
    "hinh/": "thư mục hình",
    "hoi-dap/": "trang Hỏi – đáp",
    "ke-hoach/": "trang Kế hoạch biên tập",
    "lich/": "trang Lịch",
    "luu-tru/": "trang Các số đã ra",
    "ngon-ngu/": "thư mục nguồn tin theo ngôn ngữ",
    "nhung/": "thư mục khung tin để nhúng",
    "robots.txt": "tệp cho máy tìm kiếm",
    "search.json": "chỉ mục tìm kiếm",
    "sitemap.xml": "sơ đồ trang",
    "tac-gia/": "trang Tác giả",
    "theo-doi/": "trang Theo dõi bản tin",
    "thu-vien/": "trang Thư viện",
    "tim-kiem/": "trang Tìm kiếm",
    "tu-khoa/": "trang Từ khóa",
    "tu-kiem-tra/": "trang Tự kiểm tra",
}
_STEP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_HUB = re.compile(r"https://[^\s\"'<>/]+(?:/[^\s\"'<>]*)?")
_LAST = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.html?\Z")


def cleaned(alias: str) -> str:
    """An old address as written, from the site root: «/a/b» → «a/b/», «/a/b.html» → «a/b.html»."""
    plain = alias.strip().lstrip("/")
    return plain if _LAST.match(plain.rsplit("/", 1)[-1]) else plain.rstrip("/") + "/"


def usable(address: str) -> bool:
    *steps, last = address.rstrip("/").split("/")
    whole = _STEP.match(last) or (not address.endswith("/") and _LAST.match(last))
    return bool(whole) and all(_STEP.match(step) for step in steps)


def _key(address: str) -> str:
    return address.lower().removesuffix("index.html").rstrip("/")


def check_addresses(seats: Seats) -> None:
    """Report what asks for an address that is taken, with both places."""
    taken: dict[str, tuple[str, Place | None]] = {
        _key(address): (what, None) for address, what in STANDING.items()
    }
    for address, what, where in _pages(seats):
        taken.setdefault(_key(address), (what, where))
    check_hub(seats)
    for article in seats.seated():
        for index, alias in enumerate(article.meta.aliases):
            where = article.places.get(f"aliases.{index}", Place(article.path, 1, 1))
            address = cleaned(alias)
            if not usable(address):
                seats.report.error(
                    where,
                    "FM037",
                    f"địa chỉ cũ «{alias}» không dùng được",
                    "ghi phần sau tên miền, không có ? và #: 2026/so-1/ten-cu",
                )
                continue
            what, other = taken.setdefault(_key(address), (f"địa chỉ cũ của {article.path}", where))
            if other is not where:
                seats.report.error(
                    where,
                    "FM038",
                    f"địa chỉ cũ «{alias}» trùng địa chỉ của {what}",
                    "bỏ dòng này, hoặc đổi địa chỉ của trang kia",
                    (other,) if other else (),
                )


def check_hub(seats: Seats) -> None:
    """The hub is another machine, so its address is whole, and safe to tell every reader."""
    hub = seats.sources.config.site.websub_hub
    if hub and not _HUB.fullmatch(hub):
        seats.report.error(
            seats.sources.places.get("site.websub_hub", Place(CONFIG, 1, 1)),
            "CF031",
            f"«{hub}» không phải địa chỉ của một trạm WebSub",
            "ghi địa chỉ đầy đủ, bắt đầu bằng https://, hoặc để trống",
        )


def _pages(seats: Seats) -> Iterator[tuple[str, str, Place]]:
    """(address, what it is, place) of every page that follows from what is written."""
    for index, section in enumerate(seats.sources.config.sections):
        where = seats.sources.places.get(f"sections.{index}.slug", Place(CONFIG, 1, 1))
        yield f"chuyen-muc/{section.slug}/", f"chuyên mục {section.title}", where
    for issue in seats.issues.values():
        where = Place(issue.path, 1, 1)
        yield f"{issue.key}/", f"số {issue.spec.number}/{issue.spec.year}", where
        yield f"{issue.key}/xem/", f"bản in số {issue.spec.number}/{issue.spec.year}", where
        yield f"{issue.spec.year}/", f"trang năm {issue.spec.year}", where
        yield f"thu-vien/{issue.spec.year}/", f"thư viện năm {issue.spec.year}", where
    for article in seats.seated():
        yield from _of_article(seats, article)


def _of_article(seats: Seats, article: Article) -> Iterator[tuple[str, str, Place]]:
    here = Place(article.path, 1, 1)
    address = f"{seats.issue_of[article.path].key}/{seats.slugs[article.path]}/"
    yield address, f"bài {article.path}", here
    for folder, key, names in (
        ("tac-gia", "authors", article.meta.authors),
        ("tu-khoa", "keywords", article.meta.keywords),
        ("doi-tuong", "audience", article.meta.audience),
    ):
        for index, name in enumerate(names):
            where = article.places.get(f"{key}.{index}", here)
            yield f"{folder}/{text.slug(name)}/", f"trang «{name}»", where
