"""The same sources give the same bytes: whatever folder, zone, locale, hash seed or workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ISSUE, LIGHT, WORDS, Make, article, magazine

from bulletin import recollect, workers

EPOCH = "1795226400"  # 2026-11-21 09:00 +07:00
RICH = f"""{WORDS}

## Đề mục

Công thức $a^2 + b^2$, chú thích[^1], [bài](bai-2.md), ![hình](hinh.svg) và ảnh ![ảnh](anh.jpg).

:::chart column
title: Chi phí
source: "Nguồn: thử"
alt: Tăng dần.
data: |
  Năm, Giá
  2025, 1.5
  2026, 2
:::

[^1]: Lời chú.
"""


def picture() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (900, 30), (200, 80, 20)).save(out, "JPEG")
    return out.getvalue()


def rich(fonts: bool = False) -> dict[str, str | bytes]:
    files = {**({} if fonts else LIGHT), **magazine(4)}
    files["content/2026/so-1/bai-1.md"] = article(
        "Bài số 1",
        RICH,
        uid='"2026-1-bai-1"',
        authors="[Nguyễn Văn Ân, Đỗ Thị Ánh, Ân]",
        keywords="[lợn, lớn, lộn, chăn nuôi]",
        cover="{file: anh.jpg, alt: Ảnh, credit: Ban biên tập}",
    )
    files["content/2026/so-1/hinh.svg"] = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path id="a" d="M0 0h9"/></svg>'
    )
    files["content/2026/so-1/anh.jpg"] = picture()
    return files


def test_two_folders_give_the_same_bytes(project: Make) -> None:
    """Two builds, two folders, one of them with a name that tempts every kind of quoting."""
    one = project(rich(True), "mot")
    two = project(rich(True), "Đường dẫn 100% «lạ» #2")
    first = one.build(("site", "print"))
    second = two.build(("site", "print"))
    # Small pictures and two pages: no press file, but all else the same twice.
    assert not first.failed, [str(d) for d in first.diagnostics if d.severity == 2]
    press = {"PD018", "PD020", "PD031", "PD035"}
    assert {item.code for item in first.diagnostics} - press <= {"LG006", "LG009", "LG018"}
    assert first.diagnostics == second.diagnostics
    assert len(first.tree) > 30
    assert first.tree == second.tree
    assert one.tree() == two.tree()


def test_the_folder_of_the_project_is_nowhere_in_the_output(project: Make) -> None:
    made = project(rich(), "thu-muc-rieng")
    made.build(("site", "print"))
    for path, data in made.tree().items():
        assert b"thu-muc-rieng" not in data, path
        assert os.fsencode(made.root.parent) not in data, path


def run(made: Path, output: Path, **environment: str) -> None:
    """Build by the command in a process of its own."""
    here = Path(workers.__file__).parent.parent
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(here),
        "SOURCE_DATE_EPOCH": EPOCH,
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bulletin", "build", "-C", str(made), "-o", str(output)],
        env=env,
        cwd="/",
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_zone_locale_and_hash_seed_change_nothing(project: Make, tmp_path: Path) -> None:
    made = project(rich())
    made.build(("site", "print"))
    expected = made.tree()
    worlds = (
        {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "1", "HOME": str(tmp_path)},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"},
    )
    for number, world in enumerate(worlds):
        output = tmp_path / f"ra-{number}"
        run(made.root, output, **world)
        assert made.tree(output) == expected


def test_one_worker_two_or_four(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "POOL_THRESHOLD", 3)
    monkeypatch.setattr(workers, "CHUNK", 5)
    called = []

    class Counted(workers.Pool):
        def __init__(self, shop: workers.Workshop, count: int) -> None:
            called.append(count)
            super().__init__(shop, count)

    monkeypatch.setattr(workers, "Pool", Counted)
    monkeypatch.setattr(recollect, "SHARED_FROM", 2)
    monkeypatch.setattr(recollect, "CHUNK", 2)
    read = []
    keep = recollect._keep
    monkeypatch.setattr(recollect, "_keep", lambda *chunk: (read.append(1), keep(*chunk)))
    made = project(rich())
    one, two, four = (
        made.build(workers=count, output=made.root.parent / str(count)) for count in (1, 2, 4)
    )
    assert called == [2, 4]
    assert read  # by several processes
    assert one.diagnostics == two.diagnostics == four.diagnostics
    assert one.tree == two.tree == four.tree
    assert one.made == two.made == four.made
    trees = [made.tree(made.root.parent / count) for count in ("1", "2", "4")]
    assert trees[0]
    assert trees[0] == trees[1] == trees[2]


class Backwards(list[Any]):
    """What ``os.scandir`` gives, the other way round."""

    def __enter__(self) -> Backwards:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        pass


def test_the_order_in_which_a_disk_lists_its_files_changes_nothing(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project({**LIGHT, **magazine(5)})
    made.build()
    expected = made.tree()
    scan = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda *at: Backwards(sorted(scan(*at), key=lambda e: e.name)[::-1])
    )
    made.build(output=made.root.parent / "nguoc")
    monkeypatch.undo()
    assert made.tree(made.root.parent / "nguoc") == expected


def test_diagnostics_do_not_depend_on_workers(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "POOL_THRESHOLD", 3)
    monkeypatch.setattr(workers, "CHUNK", 2)
    broken = "{% extends 'web/base.html' %}{% block main %}\n{{ page.nothing }}{% endblock %}"
    made = project({**LIGHT, **magazine(4), "themes/plain/templates/web/article.html": broken})
    one = made.build(workers=1, output=made.root.parent / "mot")
    two = made.build(workers=2, output=made.root.parent / "hai")
    assert one.diagnostics == two.diagnostics
    assert [str(i.place) for i in one.diagnostics] == [
        "themes/plain/templates/web/article.html:2:1"
    ] * 4
    assert one.tree == {}


def test_a_dead_worker_is_a_diagnostic(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the system ends it for want of memory; the build neither hangs nor crashes."""
    monkeypatch.setattr(workers, "POOL_THRESHOLD", 3)
    monkeypatch.setattr(workers, "_chunk", _die)
    made = project({**LIGHT, **magazine(4)})
    outcome = made.build(workers=2)
    assert [item.code for item in outcome.diagnostics] == ["SY008"]
    assert made.tree() == {}


def _die(jobs: object) -> None:
    os._exit(9)


def test_pdf_is_the_same_twice(project: Make) -> None:
    made = project(rich())
    made.build(("print",), output=made.root.parent / "mot")
    made.build(("print",), output=made.root.parent / "hai")
    one, two = (made.tree(made.root.parent / name) for name in ("mot", "hai"))
    assert one == two
    assert "print/2026/ban-tin-so-1-2026.pdf" in one


def test_the_date_of_the_build_is_not_in_the_output(project: Make) -> None:
    from datetime import timedelta

    from conftest import AS_OF

    made = project(rich())
    made.build(("site", "print"), output=made.root.parent / "nay")
    made.build(
        ("site", "print"), as_of=AS_OF + timedelta(days=400), output=made.root.parent / "sau"
    )
    assert made.tree(made.root.parent / "nay") == made.tree(made.root.parent / "sau")


def test_an_empty_site_does_not_ask_the_clock(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """feedgen dates a feed by the clock unless it is told a date."""
    empty = {
        **LIGHT,
        "content/2026/so-1/mot.md": article(status="draft"),
        "issues/2026/so-1.yaml": ISSUE.replace("published", "planned"),
    }
    made = project(empty)
    assert not made.build().failed
    assert "1970" in made.text("site/feed.xml")
    assert "<item>" not in made.text("site/feed.xml")
