"""``bulletin check --fix``: shown first, written whole, and nothing that could be wrong."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from conftest import WORDS, Make, article
from test_language import BOOK

from bulletin import cli
from bulletin.language.mend import mended

ONE = "content/2026/so-1/mot.md"
BAD = "Nuôi lợn , gà; ăn 5kg cám theo Nghị quyết số 57/NQ-TW, phê duyet của của tỉnh. Ð\u200b"
GOOD = "Nuôi lợn, gà; ăn 5 kg cám theo Nghị quyết số 57-NQ/TW, phê duyet của của tỉnh. Đ"


def test_only_what_is_safe_is_mended() -> None:
    whole = article(body=f"{WORDS}\n\n{BAD}\n\n`lợn , gà 5kg`")
    assert mended(ONE, whole, BOOK) == article(body=f"{WORDS}\n\n{GOOD}\n\n`lợn , gà 5kg`")


def test_a_second_mend_changes_nothing() -> None:
    once = mended(ONE, article(body=BAD), BOOK)
    assert mended(ONE, once, BOOK) == once


@pytest.mark.parametrize("body", [WORDS, "`a , b`", "$5kg , x$", "Ông nói: “được rồi."])
def test_clean_and_doubtful_text_stays(body: str) -> None:
    assert mended(ONE, article(body=body), BOOK) == article(body=body)


def test_another_language_stays_but_for_its_normal_form() -> None:
    whole = article(body="Lus Hmoob , 5kg", lang="hmn")
    assert mended(ONE, whole, BOOK) == whole


def test_line_ends_and_byte_order_mark_stay() -> None:
    whole = "\ufeff" + article(body=BAD).replace("\n", "\r\n")
    assert mended(ONE, whole, BOOK) == "\ufeff" + article(body=GOOD).replace("\n", "\r\n")
    loose = unicodedata.normalize("NFD", article(body=WORDS))
    assert mended(ONE, loose, BOOK) == article(body=WORDS)


def test_a_file_without_front_matter_is_left_alone() -> None:
    assert mended(ONE, "lợn , gà", BOOK) == "lợn , gà"


def run(root: Path, *arguments: str) -> int:
    return cli.main(["check", "-C", str(root), "-o", str(root / "ra"), *arguments])


def test_the_diff_comes_first_and_nothing_is_written_without_a_yes(
    project: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project({ONE: article(body=f"{WORDS}\n\n{BAD}")})
    before = (made.root / ONE).read_bytes()
    run(made.root, "--fix")
    said = capsys.readouterr()
    assert "-Nuôi lợn , gà" in said.out
    assert "+Nuôi lợn, gà" in said.out
    assert (made.root / ONE).read_bytes() == before
    run(made.root, "--fix", "--yes")
    assert (made.root / ONE).read_text("utf-8") == article(body=f"{WORDS}\n\n{GOOD}")
    assert [path.name for path in (made.root / ONE).parent.iterdir()] == ["mot.md"]


def test_check_release_lists_what_is_owed(
    project: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project({ONE: article(sources="", body=f"{WORDS}\n\nCam ngon, đặt hàng ngay!")})
    assert run(made.root) == 0
    capsys.readouterr()
    assert run(made.root, "--release", "2026/so-1", "--format", "gnu") != 0
    said = capsys.readouterr()
    for code in ("LG001", "LG014", "CF010"):
        assert code in said.out + said.err
