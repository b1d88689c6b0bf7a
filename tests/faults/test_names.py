"""Paths, names and the file system: what lies in the folders of a board."""

from __future__ import annotations

import os
import shutil
import socket
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CONFIG, article
from contract import Result, Trial

Begin = Callable[..., Trial]
FOLDER = "content/2026/so-1"
MOT = f"{FOLDER}/mot.md"


def test_p07_links_are_named_with_their_target_and_not_followed(trial: Begin) -> None:
    case = trial()
    folder = case.root / FOLDER
    (folder / "a.md").symlink_to("/etc/passwd")
    (folder / "b.png").symlink_to("khong-co")
    (folder / "vong").symlink_to(".")
    (case.root / "icc").symlink_to("/etc")
    result = case.build()
    assert result.code == 1
    assert [(p["path"], p["message"].split()[-1]) for p in result.problems] == [
        (f"{FOLDER}/a.md", "/etc/passwd"),
        (f"{FOLDER}/b.png", "khong-co"),
        (f"{FOLDER}/vong", "."),
        ("icc", "/etc"),
    ]
    assert {p["code"] for p in result.problems} == {"SY002"}


def test_p07_a_folder_of_content_that_lies_elsewhere(trial: Begin) -> None:
    case = trial()
    shutil.move(case.root / "content", case.house / "cho-khac")
    (case.root / "content").symlink_to(case.house / "cho-khac")
    result = case.build()
    assert result.code == 1
    assert result.one("SY002")["path"] == "content"


def test_p08_pipes_sockets_and_devices_are_passed_over(
    trial: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = trial()
    os.mkfifo(case.root / FOLDER / "a.md")
    os.mkfifo(case.root / FOLDER / "a.png")
    monkeypatch.chdir(case.root / FOLDER)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("b.md")
        result = case.build()
    assert result.code == 0
    assert result.codes == ["SY004"] * 3


@pytest.mark.parametrize("path", ["themes/plain/theme.yaml", "bulletin.yaml"])
def test_p08_a_pipe_in_place_of_a_file_that_is_needed(trial: Begin, path: str) -> None:
    case = trial()
    case.remove(path)
    os.mkfifo(case.root / path)
    assert case.build().code == 2


def test_p08_a_hard_link_is_a_file(trial: Begin) -> None:
    case = trial()
    case.write("ban-goc.md", article("Bài hai", uid='"2026-1-hai"'))
    os.link(case.root / "ban-goc.md", case.root / FOLDER / "hai.md")
    assert [p["code"] for p in case.build().problems] == ["PL006"]  # not yet in the contents


def test_p09_a_folder_named_like_an_article(trial: Begin) -> None:
    case = trial({f"{FOLDER}/hai.md/x.txt": ""})
    result = case.build()
    assert (result.code, result.at("SY003")) == (1, f"{FOLDER}/hai.md:0:0")


def test_p10_what_may_not_be_read_is_named_and_the_rest_is_checked(trial: Begin) -> None:
    case = trial({f"{FOLDER}/hai.md": "không có phần khai báo", "content/kin/x.md": ""})
    shut = (case.root / MOT, case.root / "content/kin")
    for path in shut:
        path.chmod(0)
    try:
        result = case.build(powerless=True)
    finally:
        for path in shut:
            path.chmod(0o755)
    assert result.code == 1
    found = [(p["path"], p["code"]) for p in result.problems]
    assert found == [(f"{FOLDER}/hai.md", "FM021"), (MOT, "SY001"), ("content/kin", "SY001")]


@pytest.mark.parametrize(
    ("path", "code"),
    [(MOT, 3), ("bulletin.yaml", 2), ("themes/plain/theme.yaml", 2), ("issues/2026/so-1.yaml", 3)],
)
def test_p10_exit_code_of_an_unreadable_file(trial: Begin, path: str, code: int) -> None:
    case = trial()
    (case.root / path).chmod(0)
    result = case.build(powerless=True)
    (case.root / path).chmod(0o644)
    assert "không có quyền" in result.out
    assert result.code == code


LITTER = [
    "~$bai.docx",
    ".#mot.md",
    "mot.md~",
    "Thumbs.db",
    ".DS_Store",
    "desktop.ini",
    "mot.md.swp",
]
COPIES = [
    "mot (1).md",
    "mot (Lan's conflicted copy 2026-03-01).md",
    "mot (Bản sao xung đột của Lâm).md",
    "mot.sync-conflict-20260301-120000-ABC.md",
    "mot - Copy.md",
    "mot - Bản sao (2).md",
    "Copy of mot.md",
    "Bản sao của mot.md",
]


def test_p11_litter_of_editors_is_nothing(trial: Begin) -> None:
    case = trial({f"{FOLDER}/{name}": "rác" for name in LITTER})
    result = case.build()
    assert (result.code, result.problems) == (0, [])


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_p11_a_second_copy_is_a_warning_and_never_an_article(trial: Begin, form: str) -> None:
    names = [unicodedata.normalize(form, name) for name in COPIES]
    case = trial({f"{FOLDER}/{name}": article("Bản sao") for name in names})
    result = case.build()
    assert result.code == 0
    assert result.codes == ["SY005"] * len(COPIES)
    assert not any(b"B\xe1\xba\xa3n sao" in data for data in case.published().values())


def test_a_name_that_is_not_unicode(trial: Begin) -> None:
    case = trial()
    name = os.fsdecode(b"b\xe0i.md")  # a name in windows-1258, from an old archive
    (case.root / FOLDER / name).write_text(article("Bài hai"), "utf-8")
    result = case.build()
    assert result.code == 1
    assert result.one("SY011")["path"] == f"{FOLDER}/b\\xe0i.md"


def test_names_that_differ_only_in_composition(trial: Begin) -> None:
    names = [unicodedata.normalize(form, "ảnh.svg") for form in ("NFC", "NFD")]
    case = trial({f"{FOLDER}/{name}": "x" for name in names})
    assert case.build().one("SY006")["path"] == f"{FOLDER}/ảnh.svg"


@pytest.mark.parametrize("name", ["con", "aux", "nul", "com1", "lpt9", "a:b", "a ", "bài", "-a"])
def test_p02_addresses_that_some_system_cannot_store(trial: Begin, name: str) -> None:
    """Each message names an address that would do."""
    case = trial({f"{FOLDER}/{name}.md": article("Bài hai", uid='"2026-1-hai"')})
    result = case.check()
    assert result.code == 1
    wanted = result.one("FM031")["hint"].removeprefix("đổi thành: ")
    case.remove(f"{FOLDER}/{name}.md")
    case.write(f"{FOLDER}/{wanted}.md", article("Bài hai", uid='"2026-1-hai"'))
    assert case.check().code == 0


def test_p02_people_and_keywords_with_the_name_of_a_device(trial: Begin) -> None:
    case = trial({MOT: article(keywords='["Con", "..", "nul", "/"]', authors='["Aux", "…"]')})
    assert case.build().code == 0
    devices = {"con", "nul", "aux", "..", "."}
    steps = {step.split(".")[0] for path in case.published() for step in path.split("/")}
    assert steps & devices == set()
    assert sum(path.startswith("site/tu-khoa/") for path in case.published()) >= 5


@pytest.mark.parametrize("name", ["index", "xem"])
def test_p04_addresses_that_the_site_needs_itself(trial: Begin, name: str) -> None:
    case = trial({f"{FOLDER}/{name}.md": article("Bài hai", uid='"2026-1-hai"')})
    assert case.check().one("FM032")["path"] == f"{FOLDER}/{name}.md"


@pytest.mark.parametrize("output", [".", "..", "/", "~", "content", "themes/moi", "../nha/.."])
def test_p12_outputs_that_are_refused(trial: Begin, output: str) -> None:
    case = trial()
    result = case.build("--only", "site", "-o", output)
    assert result.code == 2
    assert "không ghi vào" in result.one("SY000")["message"]


def test_p21_days_of_files_do_not_matter(trial: Begin) -> None:
    case = trial()
    assert case.build().code == 0
    before = case.published()
    for year in (0, 2_145_916_800):  # 1970, 2038
        for path in case.root.glob("content/**/*.md"):
            os.utime(path, (year, year))
        assert "không có gì thay đổi" in case.build().err
        assert case.published() == before
    case.write(MOT, article("Tên khác"))
    os.utime(case.root / MOT, (0, 0))  # changed although it seems old
    assert case.build().code == 0
    assert "Tên khác" in case.project.text("site/index.html")


def test_b15_two_configurations(trial: Begin) -> None:
    case = trial({"bulletin.yml": CONFIG})
    result = case.build()
    assert result.code == 2
    assert result.one("CF004")["path"] == "bulletin.yml"


@pytest.mark.parametrize(
    ("path", "code", "exit_code"),
    [
        ("bulletin.yaml", "TX005", 2),
        ("issues/2026/so-1.yaml", "SY012", 1),
        (MOT, "SY012", 1),
        (f"{FOLDER}/lon.png", "SY012", 1),
        (f"{FOLDER}/lon.mp4", "SY012", 1),
        ("themes/plain/lon.bin", "SY012", 2),
    ],
)
def test_files_of_two_gigabytes(trial: Begin, path: str, code: int, exit_code: int) -> None:
    """With room for 1.5 GB: they are measured, not read."""
    case = trial()
    with (case.root / path).open("ab") as out:
        out.truncate(2_000_000_000)
    result = _sparing(case, path)
    assert (result.code, result.one(code)["path"]) == (exit_code, path)


def _sparing(case: Trial, path: str) -> Result:
    """Build; the contract would read the large file too, so it is a small one for the contract."""
    sources = case.sources

    def without(output: Path | None = None) -> dict[str, bytes | str]:
        large = case.root / path
        aside = large.rename(case.house / "lon") if large.exists() else None
        try:
            return {k: v for k, v in sources(output).items() if k != "lon"}
        finally:
            if aside:
                aside.rename(large)

    case.sources = without  # type: ignore[method-assign]
    return case.build(limits={"RLIMIT_AS": 1_500_000_000})
