"""The handbook's own products: the cheat sheet on one page, pictures that stay small."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IMAGES = sorted((ROOT / "docs/images").glob("*.png"))


def test_the_cheat_sheet_is_one_page() -> None:
    spec = importlib.util.spec_from_file_location("cheatsheet", ROOT / "scripts/cheatsheet.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    data, pages = module.lay(ROOT / "docs/vi/tom-tat.md")
    assert pages == 1
    assert data.startswith(b"%PDF-")


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_pictures_are_small(path: Path) -> None:
    assert path.stat().st_size <= 150_000
