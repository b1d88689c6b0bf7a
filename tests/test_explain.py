"""``bulletin explain`` says what the handbook and the rule files say, and cannot drift from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_language import BOOK, page

from bulletin import cli, explain, language
from bulletin.files import Trouble

ROOT = Path(__file__).parent.parent
KNOWN = explain.catalogue()
TEXT = [c for c in KNOWN if c in BOOK.rules and KNOWN[c].before and c[:2] in ("ST", "TX", "LG")]
OF_FIELDS = frozenset("LG001 LG004 LG005 LG006 LG007 LG008 ST001 ST002".split())


def test_every_row_of_the_handbook_can_be_explained() -> None:
    page_text = (ROOT / "docs/vi/loi-thuong-gap.md").read_text("utf-8")
    rows = [line.split("`")[1] for line in page_text.split("\n") if line.startswith("| `")]
    codes = [code for code in rows if len(code) == 5 and code[2:].isdigit()]
    assert len(codes) > 200
    assert set(codes) <= KNOWN.keys()
    for entry in KNOWN.values():
        assert all((entry.meaning, entry.remedy, entry.area, entry.level)), entry.code


def test_every_check_of_text_has_an_example() -> None:
    checks = {code for code in BOOK.rules if code in KNOWN and code[:2] in ("ST", "TX")}
    assert checks - set(TEXT) == {"ST003"}  # a piece of news too long for an example
    assert language.PRIVATE | {"LG014"} <= set(TEXT)


@pytest.mark.parametrize("code", [code for code in TEXT if code not in OF_FIELDS])
def test_the_example_earns_the_code_before_and_not_after(code: str) -> None:
    entry = KNOWN[code]
    before = {slip.code for slip in language.slips(page(entry.before), BOOK)}
    after = {slip.code for slip in language.slips(page(entry.after), BOOK)}
    assert code in before
    assert after == set()


def test_a_code_is_explained_with_law_dates_and_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "LG002"]) == 0
    said = capsys.readouterr().out
    for words in ("190 × 270 mm", "Luật Báo chí 2016, Điều 34", "đến 30/6/2026", "126/2025/QH15"):
        assert words in said
    assert "chưa đối chiếu văn bản" in said
    assert cli.main(["explain", "st006"]) == 0
    said = capsys.readouterr().out
    assert "57/NQ-TW" in said
    assert "57-NQ/TW" in said


def test_an_unknown_code_is_a_wrong_command() -> None:
    with pytest.raises(Trouble, match="ST099") as caught:
        explain.explain("ST099", None)
    assert caught.value.exit_code == 2


def test_the_rules_of_the_board_are_told_in_its_project(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "quy-tac"
    folder.mkdir(parents=True)
    rule = (
        "rules:\n  - {code: ST001, name: Thử, article: Họp Ban biên tập, since: 2026-01-01, "
        "severity: warning, state: confirmed, source: Biên bản}\n"
    )
    (folder / "nha.yaml").write_text(rule, "utf-8")
    assert "Họp Ban biên tập" in explain.explain("ST001", tmp_path)
    assert "vusta.vn" in explain.explain("ST001", None)
