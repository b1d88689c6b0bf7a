"""The interface for portals, oEmbed, and lists in frames: valid, linked, and nothing that is not out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import CONFIG, LIGHT, Make, Project, article, magazine
from lxml import etree
from test_channels import SEVERAL, prepared

from bulletin import build as pipeline
from bulletin import outputs, policy
from bulletin.model import Printed
from bulletin.outputs import api, apischema, headers
from bulletin.store import Store
from bulletin.workers import one

BASE = "https://example.vn/bantin/"
V1 = "site/api/v1/"
DRAFT: dict[str, str | bytes] = {
    "content/2026/so-1/kin.md": article("Bài chưa đăng", uid="u-9", status="draft"),
}


@pytest.fixture(params=[BASE, "https://example.vn/"])
def made(request: pytest.FixtureRequest, project: Make) -> Project:
    files = {**SEVERAL, **DRAFT}
    files["bulletin.yaml"] = str(files["bulletin.yaml"]).replace(BASE, request.param)
    result = project(files)
    assert not result.build().failed
    return result


def strict(schema: Any) -> Any:
    """The same schema, which lets nothing pass that it does not name."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(value) for name, value in schema.items()}
    return (
        found | {"additionalProperties": False}
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
        else found
    )


def documents(made: Project) -> dict[str, Any]:
    tree = made.tree()
    return {p: json.loads(d) for p, d in tree.items() if p.startswith(V1) and "/schema/" not in p}


def base_of(made: Project) -> str:
    found: str = json.loads(made.text(f"{V1}index.json"))["url"]
    return found


def test_every_document_follows_the_schema_that_it_names(made: Project) -> None:
    seen = set()
    for path, value in documents(made).items():
        name = value["$schema"].removeprefix(base_of(made))
        seen.add(name.rsplit("/", 1)[-1].removesuffix(".json"))
        schema = json.loads(made.text(f"site/{name}"))
        assert schema["$id"] == value["$schema"]
        jsonschema.Draft202012Validator.check_schema(schema)
        errors = jsonschema.Draft202012Validator(strict(schema)).iter_errors(value)
        assert [f"{e.json_path}: {e.message}" for e in errors] == [], path
    assert seen == set(apischema.DOCUMENTS)


def test_the_schemas_bite(made: Project) -> None:
    value = json.loads(made.text(f"{V1}articles/2026/so-1/mot.json"))
    schema = jsonschema.Draft202012Validator(apischema.every(f"{BASE}api/v1/")["article"])
    assert schema.is_valid(value)
    for name, wrong in (("id", "x"), ("published", "2026"), ("url", "/a"), ("ai", {"label": "?"})):
        assert not schema.is_valid({**value, name: wrong}), name
    assert not schema.is_valid({k: v for k, v in value.items() if k != "content_html"})


def test_every_address_leads_to_a_file(made: Project) -> None:
    tree, base = made.tree(), base_of(made)
    count = 0
    for value in documents(made).values():
        for address in re.findall(r'"(https://example\.vn/[^"\\]*)"', json.dumps(value)):
            if re.search(r"/(?:tu-khoa|tac-gia)/", address):
                continue
            path = address.split("#")[0].removeprefix(base)
            path += "index.html" if path == "" or path.endswith("/") else ""
            assert f"site/{path}" in tree, address
            count += 1
    assert count > 40


def test_an_article_is_whole(made: Project) -> None:
    value = json.loads(made.text(f"{V1}articles/2026/so-1/mot.json"))
    feed = json.loads(made.text("site/feed.json"))["items"]
    item = next(one for one in feed if one["id"] == value["id"])
    assert value["content_html"] == item["content_html"]
    assert value["corrections"] == [{"date": "2026-05-02", "text": "Đã sửa <số> & dấu"}]
    assert value["ai"] == {"label": "assisted", "note": "Gợi ý tên bài"}
    assert (value["issue"], value["section"], value["language"]) == ("2026/so-1", "ky-thuat", "vi")


def test_nothing_that_is_not_out(made: Project) -> None:
    for path, data in made.tree().items():
        if path.startswith(("site/api/", "site/nhung/")) or "oembed" in path:
            assert "Bài chưa đăng".encode() not in data, path
            assert "/kin" not in path


def test_the_list_in_pages(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oldest first: a new piece changes the last page, the others stay as they are."""
    monkeypatch.setattr(api, "PER_PAGE", 2)
    made = project({**LIGHT, **magazine(5)})
    assert not made.build().failed

    def walk() -> list[str]:
        index = json.loads(made.text(f"{V1}index.json"))["articles"]
        found, address = [], index["first"]
        while address:
            page = json.loads(made.text("site/" + address.removeprefix(BASE)))
            found += [item["title"] for item in page["items"]]
            last, address = address, page.get("next", "")
        assert last == index["last"]
        return found

    assert sorted(walk()) == [f"Bài số {n}" for n in range(1, 6)]
    first = made.text(f"{V1}articles/page-1.json").replace('"pages": 3', '"pages": 4')
    plan = (made.root / "issues/2026/so-1.yaml").read_text("utf-8")
    made.write("issues/2026/so-1.yaml", plan.replace("[bai-1", "[x, y, bai-1"))
    for name in ("x", "y"):
        text = article(f"Mới {name}", uid=f"u-{name}", date="2026-06-01")
        made.write(f"content/2026/so-1/{name}.md", text)
    assert not made.build().failed
    assert made.text(f"{V1}articles/page-1.json") == first
    assert set(walk()[-2:]) == {"Mới x", "Mới y"}


def test_an_issue_names_its_pdf_with_true_length(made: Project) -> None:
    ready = prepared(made.root, made.root / "memo")
    with Store(made.root / "memo") as store:
        printed = {"2026/so-1": Printed(store.blobs.put(b"%PDF" * 99), 8, ())}
        source = outputs.Source(ready.config, ready.assembly, ready.theme, printed=printed)
        job = next(
            j for j in outputs.jobs(source, ("api",)) if j.path.endswith("issues/2026/so-1.json")
        )
        result = one(job, pipeline.workshop(ready, store, "tools").studio(), store.blobs)
        value = json.loads(store.blobs.load(result.blob))
    assert [(f["type"], f["bytes"]) for f in value["files"]] == [("application/pdf", 396)]
    schema = strict(apischema.every(f"{base_of(made)}api/v1/")["issue"])
    jsonschema.Draft202012Validator(schema).validate(value)


# ---- oEmbed --------------------------------------------------------------------------------------


def test_oembed_says_the_same_twice(project: Make) -> None:
    files = {
        **SEVERAL,
        "bulletin.yaml": CONFIG.replace("social_cards: false", "social_cards: true"),
    }
    made = project(files)
    assert not made.build().failed
    value = json.loads(made.text("site/2026/so-1/mot/oembed.json"))
    assert (value["version"], value["type"]) == ("1.0", "link")
    assert value["title"] == "Bài ]]> một 🐖"
    assert (value["thumbnail_width"], value["thumbnail_height"]) == (1200, 630)
    assert f"site/{value['thumbnail_url'].removeprefix(BASE)}" in made.tree()
    root = etree.fromstring((made.output / "site/2026/so-1/mot/oembed.xml").read_bytes())
    assert root.tag == "oembed"
    assert {row.tag: row.text for row in root} == {k: str(v) for k, v in value.items()}


# ---- frames --------------------------------------------------------------------------------------


def test_only_the_lists_may_stand_in_a_frame() -> None:
    none, anyone = "frame-ancestors 'none'", "frame-ancestors *"
    said = headers.netlify("/bantin/", ["2026/", "lich/"])
    blocks = {b.split("\n", 1)[0]: b for b in said.split("\n\n")}
    assert none not in blocks["/bantin/*"]  # of two policies a browser keeps both
    for path in ("/bantin/", "/bantin/index.html", "/bantin/2026/*", "/bantin/lich/*"):
        assert none in blocks[path], path
    assert not any("nhung" in path for path in blocks)
    assert "Access-Control-Allow-Origin: *" in blocks["/bantin/api/*"]
    for text in (headers.apache("/bantin/"), headers.nginx("/bantin/")):
        assert text.count(anyone) == 1
        assert policy.framed() in text
        assert text.index(anyone) > text.index("nhung/")
    assert policy.framed().replace(f"; {anyone}", "") == policy.content()


def test_every_folder_of_the_site_is_closed_to_frames(made: Project) -> None:
    root = "/bantin/" if base_of(made) == BASE else "/"
    said = made.text("site/_headers")
    closed = set(re.findall(rf"^{root}([^/\n]+)/\*\n  Content-Security-Policy: frame", said, re.M))
    tops = {
        Path(p).parts[1] for p in made.tree() if p.endswith("index.html") and len(Path(p).parts) > 2
    }
    assert tops - closed == {"nhung"}
