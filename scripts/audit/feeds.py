"""Reads every feed, list and document of a built site with tools that the project did not write.

    python scripts/audit/feeds.py FOLDER

lxml's RELAX NG for RSS, Atom and OPML, jsonschema for JSON Feed and the interface, feedparser as
the reader. Prints JSON: how many files, and one line for each thing that is wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
FORMS = {"feed.xml": "rss", "podcast.xml": "rss", "atom.xml": "atom", ".opml": "opml"}


def grammar_of(path: Path) -> str:
    return FORMS.get(path.name) or FORMS.get(path.suffix, "")


def by_grammar(path: Path, form: str) -> Iterator[str]:
    grammar = etree.RelaxNG(etree.parse(str(SCHEMAS / f"{form}.rng")))
    if not grammar.validate(etree.parse(str(path))):
        yield from (f"dòng {error.line}: {error.message}" for error in grammar.error_log)


def by_reader(path: Path, folder: Path) -> Iterator[str]:
    """What a reader program would stumble over, and files that are not as long as it is told."""
    feed = feedparser.parse(path.read_bytes())
    if feed.bozo:
        yield f"feedparser: {feed.bozo_exception}"
    ids = [entry.get("id") for entry in feed.entries]
    if None in ids or len(set(ids)) < len(ids):
        yield "bài thiếu mã hoặc trùng mã"
    home = feed.feed.get("link", "")
    for entry in feed.entries:
        for file in entry.get("enclosures", ()):
            found = local(file.href, folder)
            told = int(file.get("length") or 0)
            if found is None:
                yield f"không có tệp {file.href} (trang {home})"
            elif told and told != found.stat().st_size:
                yield f"{file.href}: ghi {told} byte, thật ra {found.stat().st_size}"


def local(address: str, folder: Path) -> Path | None:
    """The file of the site that an address of it means, wherever the site lies on its host."""
    parts = address.split("/", 3)[-1].split("/")
    tries = (folder.joinpath(*parts[start:]) for start in range(len(parts)))
    return next((path for path in tries if path.is_file()), None)


def by_schema(path: Path, folder: Path) -> Iterator[str]:
    value: Any = json.loads(path.read_text("utf-8"))
    if path.name == "feed.json":
        schema = json.loads((SCHEMAS / "jsonfeed.schema.json").read_text("utf-8"))
    else:
        named = local(value.get("$schema", ""), folder)
        if named is None:
            yield "không có lược đồ mà tệp nêu tên"
            return
        schema = json.loads(named.read_text("utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(value):
        yield f"{error.json_path}: {error.message[:160]}"


def checks(path: Path, folder: Path) -> Iterator[str]:
    form = grammar_of(path)
    if form:
        yield from by_grammar(path, form)
    if form in ("rss", "atom"):
        yield from by_reader(path, folder)
    data = path.name == "feed.json" or path.is_relative_to(folder / "api/v1")
    if path.suffix == ".json" and data and path.parent.name != "schema":
        yield from by_schema(path, folder)


def main(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    data = [p for p in files if grammar_of(p) or p.name == "feed.json" or "api" in p.parts]
    wrong = [f"{p.relative_to(folder)}: {what}" for p in data for what in checks(p, folder)]
    print(json.dumps({"files": len(data), "wrong": wrong}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
