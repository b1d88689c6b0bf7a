"""The JSON Schemas of the interface, version 1: what a portal may rely on.

Readers must let pass what they do not know, because later documents of version 1 may say more; a
field that is required here stays, and keeps its meaning.
"""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
WORDS: Data = {"type": "string", "minLength": 1}
ADDRESS: Data = {"type": "string", "format": "uri", "pattern": "^https?://"}
COUNT: Data = {"type": "integer", "minimum": 0}
MOMENT: Data = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"}
DAY: Data = {"type": "string", "pattern": r"^\d{4}-\d\d(-\d\d)?$"}
KEY: Data = {"type": "string", "pattern": "^[0-9]{4}/so-[0-9]+$"}
SLUG: Data = {"type": "string", "pattern": "^[a-z0-9-]+$"}
ID: Data = {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$"}
LANGUAGE: Data = {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"}


def listed(item: Data) -> Data:
    return {"type": "array", "items": item}


def record(fields: Data, optional: Data | None = None) -> Data:
    """An object whose ``fields`` are always there."""
    return {
        "type": "object",
        "required": list(fields),
        "properties": fields | (optional or {}),
    }


SUMMARY: Data = {
    "id": ID,
    "title": WORDS,
    "language": LANGUAGE,
    "genre": WORDS,
    "issue": KEY,
    "section": SLUG,
    "authors": listed(record({"name": WORDS, "url": ADDRESS})),
    "keywords": listed(WORDS),
    "audience": listed(WORDS),
    "published": MOMENT,
    "modified": MOMENT,
    "date": DAY,
    "url": ADDRESS,
    "api_url": ADDRESS,
}
SUMMARY_MAYBE: Data = {"summary": WORDS, "image": ADDRESS}
BRIEF: Data = {
    "key": KEY,
    "number": COUNT,
    "year": COUNT,
    "title": WORDS,
    "short_title": WORDS,
    "status": {"enum": ["planned", "in-progress", "published"]},
    "date": DAY,
    "articles": COUNT,
    "url": ADDRESS,
    "api_url": ADDRESS,
}
ENTRY: Data = {"id": ID, "title": WORDS, "url": ADDRESS, "api_url": ADDRESS}
FILE: Data = record({"url": ADDRESS, "type": WORDS, "title": WORDS}, {"bytes": COUNT})
SECTION: Data = record(
    {
        "slug": SLUG,
        "title": WORDS,
        "description": {"type": "string"},
        "standing": {"type": "boolean"},
        "articles": COUNT,
        "url": ADDRESS,
        "feeds": record({"rss": ADDRESS, "atom": ADDRESS, "json": ADDRESS}),
    }
)
INDEX: Data = {
    "version": {"const": "1.0"},
    "title": WORDS,
    "description": WORDS,
    "publisher": WORDS,
    "language": LANGUAGE,
    "url": ADDRESS,
    "counts": record({"issues": COUNT, "articles": COUNT, "sections": COUNT}),
    "issues": ADDRESS,
    "sections": ADDRESS,
    "articles": record({"pages": COUNT, "per_page": COUNT}, {"first": ADDRESS, "last": ADDRESS}),
    "feed": ADDRESS,
    "feeds": ADDRESS,
}
ARTICLE: Data = {
    "content_html": WORDS,
    "words": COUNT,
    "rights": {"type": "string"},
    "ai": record({"label": {"enum": ["none", "assisted", "generated"]}}, {"note": WORDS}),
    "sources": listed(
        record(
            {"title": WORDS, "reprint": {"type": "boolean"}},
            {"publisher": WORDS, "date": WORDS, "url": WORDS},
        )
    ),
    "corrections": listed(record({"date": DAY, "text": WORDS})),
    "translations": listed(record({"language": LANGUAGE, "title": WORDS, "url": ADDRESS})),
}
# Name → (what it describes, always there, sometimes there).
DOCUMENTS: dict[str, tuple[str, Data, Data]] = {
    "index": ("The bulletin, and where its lists are", INDEX, {"rights": WORDS, "updated": MOMENT}),
    "issues": (
        "All issues, the newest first",
        {"items": listed(record(BRIEF, {"image": ADDRESS}))},
        {},
    ),
    "issue": (
        "One issue: its contents in printed order, and its files",
        BRIEF
        | {
            "parts": listed(
                record({"section": SLUG, "title": WORDS, "articles": listed(record(ENTRY))})
            )
        },
        {"image": ADDRESS, "files": listed(FILE)},
    ),
    "sections": (
        "All sections that have pieces, in the order of print",
        {"items": listed(SECTION)},
        {},
    ),
    "articles": (
        "A page of the list of all pieces; page 1 holds the oldest",
        {"page": COUNT, "pages": COUNT, "items": listed(record(SUMMARY, SUMMARY_MAYBE))},
        {"previous": ADDRESS, "next": ADDRESS},
    ),
    "article": ("One piece with its whole text", SUMMARY | ARTICLE, SUMMARY_MAYBE),
}


def every(root: str) -> dict[str, Data]:
    """Name → schema, with its address under ``root``."""
    return {
        name: {
            "$schema": DRAFT,
            "$id": f"{root}schema/{name}.json",
            "title": title,
            **record({"$schema": ADDRESS} | fields, optional),
        }
        for name, (title, fields, optional) in DOCUMENTS.items()
    }
