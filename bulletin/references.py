"""Links and pictures of articles: resolved to addresses, or reported dead at their place."""

from __future__ import annotations

import difflib
from urllib.parse import unquote

from bulletin import text
from bulletin.diag import Place
from bulletin.directives import ASK_ALT, ASK_CREDIT
from bulletin.model import Article, Picture, PictureView
from bulletin.responsive import FORMATS
from bulletin.seating import Allowed, Seats, nearest
from bulletin.theme import normal

WIDTHS = (480, 800, 1200, 1600)
# How wide a figure stands on a large screen, in CSS pixels (the theme's measures).
PLACES = {"column": 624, "page": 896, "bleed": 1152}


def resolve(seats: Seats, article: Article, target: str) -> tuple[str, str]:
    """(project path, fragment) of a relative target."""
    path, _, fragment = target.partition("#")
    path, fragment = text.nfc(unquote(path)), unquote(fragment)
    return (normal(f"{article.folder}/{path}") if path else article.path, fragment)


def links(seats: Seats, article: Article, allowed: Allowed) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for reference in article.references:
        if reference.kind != "link" or reference.target in found:
            continue
        if is_absolute(reference.target):
            scheme, _, rest = reference.target.partition(":")
            found[reference.target] = f"{scheme.lower()}:{rest}"
            continue
        path, fragment = resolve(seats, article, reference.target)
        other = seats.by_path.get(path)
        if other is article:
            found[reference.target] = f"#{fragment}"
        elif other is not None and path in seats.issue_of and allowed(other):
            url = f"{seats.issue_of[path].key}/{seats.slugs[path]}/"
            found[reference.target] = url + (f"#{fragment}" if fragment else "")
    return tuple(sorted(found.items()))


def check_references(seats: Seats, article: Article) -> None:
    for reference in article.references:
        if reference.kind == "picture":
            check_picture(seats, article, reference.target, reference.place)
        elif not is_absolute(reference.target):
            check_link(seats, article, reference.target, reference.place)
    if article.meta.cover:
        check_picture(seats, article, article.meta.cover.file, article.places["cover.file"])
    check_sizes(seats, article)
    check_asked(seats, article)


def check_link(seats: Seats, article: Article, target: str, where: Place) -> None:
    path, fragment = resolve(seats, article, target)
    other = seats.by_path.get(path)
    if path in seats.sources.broken:
        return
    if other is None:
        near = difflib.get_close_matches(path, seats.by_path, 1, 0.6)
        hint = (
            f"ý bạn là «{relative(article.folder, near[0])}»?"
            if near
            else "liên kết tới tệp .md của bài: [chữ](../so-1/ten-bai.md)"
        )
        seats.report.error(where, "LK003", f"liên kết tới «{target}» nhưng không có bài này", hint)
    elif fragment and fragment not in other.anchors:
        seats.report.error(
            where,
            "LK004",
            f"bài không có đề mục, hình hay bảng «#{fragment}»",
            nearest(fragment, other.anchors, "các chỗ có địa chỉ: "),
        )
    elif (
        other is not article
        and article.meta.status == "published"
        and other.meta.status != "published"
    ):
        seats.report.warn(
            where,
            "LK005",
            f"liên kết tới bài chưa đăng «{target}»",
            "bạn đọc chỉ thấy chữ, không có liên kết, cho tới khi bài kia được đăng",
        )


def check_picture(seats: Seats, article: Article, target: str, where: Place) -> None:
    path, _ = resolve(seats, article, target)
    if path in seats.sources.pictures or path in seats.sources.broken:
        return
    lower = {known.lower(): known for known in seats.sources.pictures}
    other = lower.get(path.lower())
    if other:
        seats.report.error(
            where,
            "IM004",
            f"tên hình «{target}» sai chữ hoa, chữ thường",
            f"tên đúng: {relative(article.folder, other)}",
        )
        return
    near = difflib.get_close_matches(path, seats.sources.pictures, 1, 0.7)
    hint = (
        f"ý bạn là «{relative(article.folder, near[0])}»?"
        if near
        else "chép hình vào cùng thư mục với bài"
    )
    seats.report.error(where, "IM005", f"không có hình «{target}»", hint)


def check_asked(seats: Seats, article: Article) -> None:
    """What an import left to be said of a picture may wait while the article is not approved."""
    if article.meta.status not in ("approved", "published"):
        return
    spots = {r.target: r.place for r in article.references if r.kind == "picture"}
    for figure in article.figures:
        left = [
            name
            for name, value, asked in (
                ("alt", figure.alt, ASK_ALT),
                ("credit", figure.credit, ASK_CREDIT),
            )
            if value == asked
        ]
        if left:
            seats.report.error(
                spots.get(figure.target, Place(article.path, 1, 1)),
                "WD028",
                f"bài đã duyệt mà hình {figure.target} còn lời nhắc ở {' và '.join(left)}",
                "tả điều hình cho thấy ở alt, ghi người chụp hoặc vẽ ở credit",
            )


def check_sizes(seats: Seats, article: Article) -> None:
    """Bitmaps that are too small for the place in which they stand."""
    spots = {r.target: r.place for r in article.references if r.kind == "picture"}
    shown = [(f.target, f.width, spots.get(f.target)) for f in article.figures if f.target]
    if article.meta.cover:
        shown.insert(0, (article.meta.cover.file, "page", article.places["cover.file"]))
    for target, place, where in shown:
        picture = seats.sources.pictures.get(resolve(seats, article, target)[0])
        wanted = PLACES.get(place, 0)
        if picture is None or where is None or picture.kind == "svg" or picture.width >= wanted:
            continue
        message = f"hình «{target}» rộng {picture.width} điểm, chỗ đặt rộng {wanted}"
        hint = "dùng ảnh gốc lớn hơn" + (
            ", hoặc đặt nhỏ đi bằng width:" if place != "column" else ""
        )
        if 2 * picture.width < wanted:
            seats.report.error(where, "IM006", message, hint)
        else:
            seats.report.warn(where, "IM007", message + " nên hơi mờ", hint)


def view(seats: Seats, article: Article, target: str) -> PictureView | None:
    picture = seats.sources.pictures.get(resolve(seats, article, target)[0])
    return picture_view(picture) if picture else None


def cover_view(seats: Seats, article: Article) -> PictureView | None:
    return view(seats, article, article.meta.cover.file) if article.meta.cover else None


def piece_pictures(seats: Seats, article: Article) -> tuple[tuple[str, PictureView], ...]:
    found = {}
    for reference in article.references:
        if reference.kind == "picture" and (seen := view(seats, article, reference.target)):
            found[reference.target] = seen
    return tuple(sorted(found.items()))


def is_absolute(target: str) -> bool:
    return target.lower().startswith(("http://", "https://", "mailto:", "tel:"))


def relative(folder: str, path: str) -> str:
    """``path`` as written from ``folder``."""
    here, there = folder.split("/"), path.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "../" * (len(here) - common) + "/".join(there[common:])


def picture_view(picture: Picture) -> PictureView:
    """Addresses of a picture on the site, by content."""
    name = picture.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = f"hinh/{text.slug(name)}-{picture.digest[:10]}"
    if picture.kind == "svg":
        return PictureView(f"{stem}.svg", picture.digest, "svg", picture.width, picture.height)
    widths = [w for w in WIDTHS if w < picture.width] or [picture.width]
    if picture.width <= WIDTHS[-1] and picture.width not in widths:
        widths.append(picture.width)
    suffix = "png" if picture.kind in ("png", "gif") else "jpg"
    large = widths[-1]
    height = max(1, round(picture.height * large / picture.width))
    srcset = tuple((f"{stem}-{w}.{form}", w) for form, _ in FORMATS for w in widths)
    return PictureView(
        f"{stem}-{large}.{suffix}",
        picture.digest,
        picture.kind,
        large,
        height,
        srcset,
        picture.tone,
    )
