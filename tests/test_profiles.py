"""Print profiles: what a printing house asks for, and what is refused with its place."""

from __future__ import annotations

import pikepdf
import pytest
from conftest import CONFIG, ICC, LIGHT, THEME, Make, at, codes
from press_sample import profile as sample_icc

from bulletin import profiles
from bulletin.files import Trouble
from bulletin.printshop import NamedProfile, PrintProfile

FIRST = CONFIG.count("\n") + 2  # the first line below «print:»
COATED = (ICC / "FOGRA39L_coated.icc").read_bytes()


def printing(*lines: str) -> dict[str, str]:
    """A configuration whose ``print:`` has these lines."""
    return {"bulletin.yaml": CONFIG + "print:\n" + "".join(f"  {line}\n" for line in lines)}


def test_a_named_profile_changes_only_what_it_says() -> None:
    own = NamedProfile("nha-in-a", standard="x-1a", bleed=5.0, marks=False)
    base = PrintProfile(ink_limit=280.0, profiles=(own,))
    used = profiles.resolve(base, "nha-in-a")
    assert (used.standard, used.bleed, used.marks, used.ink_limit) == ("x-1a", 5.0, False, 280.0)
    assert profiles.resolve(base).standard == "x-4"
    assert profiles.resolve(base, "x-1a").bleed == 3.0


def test_a_profile_with_its_own_icc_converts_with_it() -> None:
    own = NamedProfile("a", icc="giay.icc", condition="FOGRA47")
    used = profiles.resolve(PrintProfile(profiles=(own,)), "a")
    assert (used.icc, used.convert_icc, used.condition) == ("giay.icc", "giay.icc", "FOGRA47")
    assert used.condition_info == "FOGRA47"


def test_the_printers_icc_is_embedded_under_its_condition(project: Make) -> None:
    files = LIGHT | printing(
        "use: nha-in-a", "profiles:", "  - {name: nha-in-a, icc: giay.icc, condition: FOGRA39}"
    )
    made = project(files | {"icc/giay.icc": COATED})
    assert not made.build(("print",)).failed
    path = made.output / "print/2026/ban-tin-so-1-2026-in.pdf"
    with pikepdf.open(path) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert bytes(intent.DestOutputProfile.read_bytes()) == COATED
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"


@pytest.mark.parametrize(
    ("lines", "code", "line", "words"),
    [
        (("use: nha-in-x",), "CF020", 0, "nha-in-x"),
        (("profiles:", "  - {name: x-4}"), "CF021", 1, "x-4"),
        (("bleed: 40",), "CF022", 0, "từ 0 đến 10"),
        (("bleed: 0",), "CF022", 0, "lề xén là 0"),
        (("profiles:", "  - {name: a, ink_limit: 500}"), "CF022", 1, "ink_limit"),
        (("icc: khong-co.icc", "condition: X"), "CF023", 0, "khong-co.icc"),
        (("icc: man-hinh.icc", "condition: X"), "CF024", 0, "RGB"),
        (("icc: chu.icc", "condition: X"), "CF024", 0, "không phải hồ sơ ICC"),
        (("profiles:", "  - {name: a, icc: giay.icc}"), "CF025", 1, "điều kiện in"),
        (("trim_width: 210",), "LG002", 0, "190 × 270"),
    ],
)
def test_a_wrong_profile_is_refused_where_it_is_written(
    project: Make, lines: tuple[str, ...], code: str, line: int, words: str
) -> None:
    icc = {
        "icc/man-hinh.icc": sample_icc(b"mntr", b"RGB "),
        "icc/chu.icc": b"khong phai",
        "icc/giay.icc": COATED,
    }
    found = at(project(LIGHT | printing(*lines) | icc).check(), code)
    assert (found.place.path, found.place.line) == ("bulletin.yaml", FIRST + line)
    assert words in found.message


def test_an_unknown_profile_on_the_command_line_names_the_known_ones(project: Make) -> None:
    from conftest import AS_OF

    from bulletin.build import build
    from bulletin.files import Output
    from bulletin.model import Request

    made = project(LIGHT | printing("profiles:", "  - {name: nha-in-a}"))
    with pytest.raises(Trouble, match="nha-in-b") as caught:
        build(made.root, Output(made.output, made.root), Request(AS_OF, profile="nha-in-b"))
    assert "nha-in-a" in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_profile_without_print_keys_is_sound(project: Make) -> None:
    assert not any(code.startswith("CF02") for code in codes(project(LIGHT).check()))


@pytest.mark.parametrize(("binding", "made"), [("saddle", True), ("perfect", False)])
def test_only_what_is_stapled_has_a_booklet(project: Make, binding: str, made: bool) -> None:
    four = THEME["templates/print/issue.html"].replace(
        "</body>", "<p style='break-before: page'>Hai</p>" * 3 + "</body>"
    )
    files = (
        LIGHT | printing(f"binding: {binding}") | {"themes/plain/templates/print/issue.html": four}
    )
    built = project(files)
    assert not built.build(("print",)).failed
    assert ("print/2026/ban-tin-so-1-2026-dong-ghim.pdf" in built.tree()) is made
