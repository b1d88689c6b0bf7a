"""The table of docs/reliability.md: every case of the catalogue is there, every test that it names too."""

from __future__ import annotations

import re

from contract import CODE

# The catalogue, by area; an id that is dropped from the table is a promise that is broken.
IDS = {
    "Y": "02 04 05 07 08 09 11 12 13 15 16 17 18 19 20 21 22 24 26 27 28 29 31",
    "V": "01 02 05 06 07 08 11 13 14 16 19",
    "H": "01 04 10 11 12 15 16",
    "P": "02 04 07 08 09 10 11 12 16 18 21",
    "M": "02 03 04 05 07 08 10 14 16",
    "F": "04 05 06 07 10 13 15 16 17 18 19 20",
    "D": "01 02 03 04 07 09 11 12",
    "B": "01 02 03 07 09 11 13 15 16",
    "S": "01 02 03 04 05 06 09 12 13",
}
ROW = re.compile(r"^\| ([A-Z]\d\d) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAME = re.compile(r"`(test_\w+)::(test_\w+)`")
PAGE = (CODE / "docs" / "reliability.md").read_text("utf-8")


def test_every_id_is_listed_once() -> None:
    wanted = [area + number for area, numbers in IDS.items() for number in numbers.split()]
    assert [row[0] for row in ROW.findall(PAGE)] == wanted


def test_every_row_names_a_test_or_says_why_not() -> None:
    for number, _, proof in ROW.findall(PAGE):
        assert NAME.search(proof) or proof.startswith(("not yet: ", "measured")), number


def test_every_test_that_is_named_exists() -> None:
    named = NAME.findall(PAGE)
    assert len(named) > 90
    for module, test in named:
        files = list((CODE / "tests").glob(f"**/{module}.py"))
        assert len(files) == 1, module
        assert f"\ndef {test}(" in files[0].read_text("utf-8"), f"{module}::{test}"
