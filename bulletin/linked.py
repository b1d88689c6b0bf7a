"""What a page says of itself to machines: its place in the site and its JSON-LD data.

Everything comes from the page value. A date that nobody knows is given as the month that the page
itself names, and never as a day; a field that the office has not filled in is left out.
"""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from bulletin.model import Card, Frame, Link
from bulletin.pages import (
    ArticlePage,
    GroupPage,
    Head,
    HomePage,
    IssueLine,
    IssuePage,
    QuizPage,
    ReaderPage,
    YearPage,
)

Data = dict[str, Any]
HOME = Link("Trang đầu", "")
ARCHIVE = Link("Các số đã ra", "luu-tru/")
QUIZZES = Link("Tự kiểm tra", "tu-kiem-tra/")
ABOVE = {
    "section": Link("Chuyên mục", "chuyen-muc/"),
    "author": Link("Tác giả", "tac-gia/"),
    "keyword": Link("Từ khóa", "tu-khoa/"),
    "audience": Link("Đọc theo đối tượng", "doi-tuong/"),
}
NEWS = frozenset({"Tin", "Thông báo"})
# An author that begins with one of these words is a body and not a person.
_BODY = re.compile(
    r"(ban|bộ|cục|chi cục|câu lạc bộ|công ty|hội|hợp tác xã|khoa|liên hiệp|nhóm|phòng|sở|tỉnh|tòa|"
    r"toà|tổ|trung tâm|trường|ủy ban|uỷ ban|văn phòng|viện)\s",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_UNSAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def trail(page: Any) -> tuple[Link, ...]:
    """The way from the home page to this one, both included; empty where there is none."""
    head: Head = page.head
    if head.kind in ("home", "lost", "moved"):
        return ()
    here = Link(head.title, head.url)
    if isinstance(page, YearPage):
        return (HOME, ARCHIVE, here)
    if isinstance(page, QuizPage):
        return (HOME, QUIZZES, here)
    if isinstance(page, ReaderPage):
        number = f"Số {page.issue.number}/{page.issue.year}"
        return (HOME, Link(number, page.issue.url), here)
    if isinstance(page, ArticlePage):
        return (HOME, page.piece.card.issue, here)
    if isinstance(page, IssuePage):
        return (HOME, ARCHIVE, Link(f"Số {page.issue.number}/{page.issue.year}", head.url))
    if isinstance(page, GroupPage):
        mine = Link(page.group.title, page.group.url)
        older = (Link(f"Phần {page.part}", head.url),) if page.part else ()
        return (HOME, ABOVE[page.form], mine, *older)
    return (HOME, here)


def published(page: Any) -> str:
    """The day an article was published, if it is known to the day."""
    known = page.piece.card.known if isinstance(page, ArticlePage) else ""
    return known if _DAY.match(known) else ""


def data(page: Any) -> Markup:
    """The JSON-LD graph of a page, for a data block: no character of it can end the element."""
    graph = list(_graph(page))
    written = json.dumps(
        {"@context": "https://schema.org", "@graph": graph},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return Markup(written.translate(_UNSAFE))


def _graph(page: Any) -> list[Data]:
    head: Head = page.head
    frame = head.frame
    parts: list[Data] = []
    if isinstance(page, HomePage):
        parts = [publisher(frame), website(frame), periodical(frame)]
    elif isinstance(page, ArticlePage):
        parts = [article(page)]
    elif isinstance(page, IssuePage):
        listed = [card for part in page.parts for card in part.cards]
        items = [_mention(frame, card) for card in listed]
        urls = (page.issue.pdf, *(book.url for book in page.issue.books))
        files = [_file(frame, url) for url in urls if url]
        parts = [_filled(issue(frame, page.issue) | {"hasPart": items, "encoding": files})]
    elif head.kind != "lost":
        form = "CollectionPage" if isinstance(page, GroupPage) else "WebPage"
        parts = [
            _filled(
                {
                    "@type": form,
                    "@id": frame.base_url + head.url,
                    "name": head.title,
                    "description": head.description,
                    "inLanguage": frame.language,
                    "isPartOf": {"@id": frame.base_url + "#trang"},
                }
            )
        ]
    way = trail(page)
    return [*parts, breadcrumbs(frame, way)] if way else parts


def _filled(values: Data) -> Data:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def publisher(frame: Frame) -> Data:
    contact = dict(frame.contact)
    return _filled(
        {
            "@type": "Organization",
            "@id": frame.base_url + "#nha-xuat-ban",
            "name": frame.publisher,
            "alternateName": frame.short_publisher
            if frame.short_publisher != frame.publisher
            else "",
            "parentOrganization": {"@type": "Organization", "name": frame.agency},
            "address": contact.get("Địa chỉ", ""),
            "email": contact.get("Thư điện tử", ""),
            "telephone": contact.get("Điện thoại", ""),
        }
    )


def website(frame: Frame) -> Data:
    return {
        "@type": "WebSite",
        "@id": frame.base_url + "#trang",
        "url": frame.base_url,
        "name": f"Bản tin {frame.name}",
        "description": frame.description,
        "inLanguage": frame.language,
        "publisher": {"@id": frame.base_url + "#nha-xuat-ban"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": frame.base_url + "tim-kiem/?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def periodical(frame: Frame) -> Data:
    return {
        "@type": "Periodical",
        "@id": frame.base_url + "#ban-tin",
        "name": f"Bản tin {frame.name}",
        "url": frame.base_url,
        "inLanguage": frame.language,
        "publisher": _house(frame),
    }


def _house(frame: Frame) -> Data:
    return {
        "@type": "Organization",
        "@id": frame.base_url + "#nha-xuat-ban",
        "name": frame.publisher,
    }


def issue(frame: Frame, line: IssueLine) -> Data:
    return _filled(
        {
            "@type": "PublicationIssue",
            "@id": frame.base_url + line.url + "#so",
            "url": frame.base_url + line.url,
            "name": f"Số {line.number}/{line.year}: {line.short_title}",
            "issueNumber": str(line.number),
            "datePublished": line.known if line.status == "published" else "",
            "isPartOf": periodical(frame),
        }
    )


def _file(frame: Frame, url: str) -> Data:
    form = "application/epub+zip" if url.endswith(".epub") else "application/pdf"
    address = frame.base_url + url
    return {"@type": "MediaObject", "contentUrl": address, "encodingFormat": form}


def _mention(frame: Frame, card: Card) -> Data:
    url = frame.base_url + card.url
    return {"@type": _form(card), "@id": url + "#bai", "url": url, "headline": card.title}


def _form(card: Card) -> str:
    return "NewsArticle" if card.genre in NEWS else "Article"


def article(page: ArticlePage) -> Data:
    frame, piece, card = page.head.frame, page.piece, page.piece.card
    licence = piece.licence if piece.licence.startswith(("http://", "https://")) else ""
    pictures = [page.head.card, card.picture.url if card.picture else ""]
    return _filled(
        _mention(frame, card)
        | {
            "mainEntityOfPage": frame.base_url + card.url,
            "identifier": card.uid,
            "description": page.head.description,
            "inLanguage": card.lang,
            "datePublished": card.known,
            "author": [author(frame, link) for link in card.authors],
            "publisher": _house(frame),
            "isPartOf": issue(frame, page.issue),
            "articleSection": card.section.title,
            "keywords": [link.title for link in card.keywords],
            "wordCount": piece.words,
            "image": [frame.base_url + url for url in pictures if url],
            "license": licence,
            "copyrightNotice": "" if licence else piece.licence or frame.rights,
            "isAccessibleForFree": True,
            "citation": [
                _filled(
                    {
                        "@type": "CreativeWork",
                        "name": source.title,
                        "url": source.url,
                        "publisher": {"@type": "Organization", "name": source.publisher}
                        if source.publisher
                        else "",
                    }
                )
                for source in piece.sources
            ],
        }
    )


def author(frame: Frame, link: Link) -> Data:
    form = "Organization" if _BODY.match(link.title + " ") else "Person"
    return {"@type": form, "name": link.title, "url": frame.base_url + link.url}


def breadcrumbs(frame: Frame, way: tuple[Link, ...]) -> Data:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": link.title,
                "item": frame.base_url + link.url,
            }
            for place, link in enumerate(way, start=1)
        ],
    }
