"""What the program is made of: locked, listed, licensed."""

from __future__ import annotations

import hashlib
import json
import re
import runpy
import subprocess
from typing import Any

import pytest
from contract import CODE

LOCKS = ("requirements.lock", "requirements-dev.lock")
BILL = json.loads((CODE / "docs" / "sbom.cdx.json").read_text("utf-8"))
FOREIGN = (".ttf", ".otf", ".woff", ".woff2", ".icc", ".min.js", ".wasm", ".dic")


def tool() -> dict[str, Any]:
    return runpy.run_path(str(CODE / "scripts" / "sbom"), run_name="sbom")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes_and_a_version(name: str) -> None:
    text = (CODE / name).read_text("utf-8")
    found = tool()["locked"](text)
    assert len(found) > 20
    assert all(hashes for _, hashes in found.values())
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#", "-"))]
    assert all("==" in line for line in lines), "not pinned"
    assert not re.search(r"git\+|http://|https?://[^ ]*\.(?:zip|gz|whl)", text)


def test_the_bill_of_materials_is_that_of_the_lock() -> None:
    found = tool()["locked"]((CODE / "requirements.lock").read_text("utf-8"))
    listed = {
        part["name"]: (part["version"], [p["value"] for p in part["properties"]])
        for part in BILL["components"]
        if part["type"] == "library"
    }
    assert listed == found, "run scripts/sbom"


def test_the_bill_of_materials_has_the_form_of_cyclonedx() -> None:
    assert (BILL["bomFormat"], BILL["specVersion"], BILL["version"]) == ("CycloneDX", "1.6", 1)
    names = [part["bom-ref"] for part in BILL["components"]]
    assert len(set(names)) == len(names)
    assert BILL["dependencies"][0]["dependsOn"] == names
    for part in BILL["components"]:
        assert part["licenses"], part["name"]
        assert part["type"] == "file" or part["purl"].startswith("pkg:pypi/")


def test_vendored_files_are_those_that_were_listed_and_carry_their_licence() -> None:
    listed = {part["name"]: part for part in BILL["components"] if part["type"] == "file"}
    names = subprocess.run(
        ["git", "ls-files"], cwd=CODE, capture_output=True, check=False, text=True
    ).stdout.splitlines() or [p.relative_to(CODE).as_posix() for p in CODE.glob("themes/**/*.*")]
    assert {name for name in names if name.endswith(FOREIGN)} == set(listed), "run scripts/sbom"
    for name, part in listed.items():
        data = (CODE / name).read_bytes()
        assert part["hashes"][0]["content"] == hashlib.sha256(data).hexdigest(), name
        words = CODE / part["properties"][0]["value"]
        assert len(words.read_text("utf-8")) > 500
