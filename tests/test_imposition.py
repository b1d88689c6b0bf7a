"""The booklet and the flat plan: which page lies where, how far it moved, what is carried over."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary
from PIL import Image

from bulletin.imposition import CannotImpose, Sheets, booklet, creep, flatplan, order
from bulletin.prepress import PressSpec, finish

THEME = Path(__file__).parent.parent / "themes" / "lhh"
FONT = (THEME / "fonts/BeVietnamPro-Regular.ttf").read_bytes()
MM = 72 / 25.4
ALIVE: list[pikepdf.Pdf] = []


def press(pages: int, standard: str = "x-4") -> bytes:
    """A press file of 60 × 80 mm whose pages are told apart by their cyan: page n has n %."""
    pdf = pikepdf.new()
    for number in range(1, pages + 1):
        pdf.add_blank_page(page_size=(66 * MM, 86 * MM))
        page = pdf.pages[-1].obj
        page.TrimBox = Array([3 * MM, 3 * MM, 63 * MM, 83 * MM])
        page.Contents = pdf.make_stream(f"{number / 100} 0 0 0 k 0 0 999 999 re f".encode())
        page.Resources = Dictionary()
    out = io.BytesIO()
    pdf.save(out)
    spec = PressSpec(
        60, 80, (THEME / "print/icc/FOGRA39L_coated.icc").read_bytes(),
        (THEME / "print/icc/khcn39.icc").read_bytes(), "Thử", "Hội", "ab" * 16,
        "2026-03-25T08:00:00+07:00", standard,
    )  # fmt: skip
    done = finish(out.getvalue(), spec)
    assert done.facts.diagnostics == ()
    return done.data


def opened(data: bytes) -> pikepdf.Pdf:
    pdf = pikepdf.open(io.BytesIO(data))
    ALIVE.append(pdf)  # objects die with their file
    return pdf


def placed(page: Any) -> list[tuple[int, float]]:
    """(page number by its cyan, x of its form in mm) for both halves of a side."""
    content = page.obj.Contents.read_bytes().decode()
    found = []
    # the last two; strips that mend the bleed lie under them
    for x, name in re.findall(r"1 0 0 1 (\S+) \S+ cm (/P\d) Do", content)[-2:]:
        form = page.obj.Resources.XObject[name]
        cyan = re.search(rb"([\d.]+) 0 0 0 k", form.read_bytes())
        assert cyan is not None
        found.append((round(float(cyan[1]) * 100), float(x) / MM))
    return found


@pytest.mark.parametrize(
    ("pages", "sides"),
    [
        (4, [(4, 1), (2, 3)]),
        (8, [(8, 1), (2, 7), (6, 3), (4, 5)]),
        (16, [(16, 1), (2, 15), (14, 3), (4, 13), (12, 5), (6, 11), (10, 7), (8, 9)]),
        (
            20,
            [
                (20, 1),
                (2, 19),
                (18, 3),
                (4, 17),
                (16, 5),
                (6, 15),
                (14, 7),
                (8, 13),
                (12, 9),
                (10, 11),
            ],
        ),
    ],
)
def test_page_order(pages: int, sides: list[tuple[int, int]]) -> None:
    assert list(order(pages)) == sides
    made = opened(booklet(press(pages)))
    assert [tuple(number for number, _ in placed(page)) for page in made.pages] == sides


def test_folding_the_sheets_gives_the_pages_in_order() -> None:
    """Stack the sheets, fold, and leaf through: an argument of its own, not the formula again."""
    for pages in range(4, 68, 4):
        sides = order(pages)
        fronts, backs = sides[0::2], sides[1::2]
        leaves = [(front[1], back[0]) for front, back in zip(fronts, backs, strict=True)]
        leaves += [
            (back[1], front[0]) for front, back in reversed(list(zip(fronts, backs, strict=True)))
        ]
        assert [number for leaf in leaves for number in leaf] == list(range(1, pages + 1))


def test_creep_moves_inner_sheets_towards_the_spine() -> None:
    assert creep(16, 0.12) == pytest.approx((0, 0.12, 0.24, 0.36))
    made = opened(booklet(press(16), Sheets(paper=0.12)))
    for side, page in enumerate(made.pages):
        (_, left), (_, right) = placed(page)
        shift = 0.12 * (side // 2)
        # the raw trim begins 3 mm in; the left page stands at 0, the right one at 60 mm
        assert left + 3 == pytest.approx(shift, abs=0.01)
        assert right + 3 == pytest.approx(60 - shift, abs=0.01)
    still = opened(booklet(press(16), Sheets(paper=0)))
    assert {round(x, 2) for page in still.pages for _, x in placed(page)} == {-3, 57}


@pytest.mark.parametrize(("standard", "version"), [("x-4", "1.6"), ("x-1a", "1.4")])
def test_boxes_and_what_is_carried_over(standard: str, version: str) -> None:
    source = press(8, standard)
    made, old = opened(booklet(source)), opened(source)
    assert len(made.pages) == 4
    assert made.pdf_version == version
    for page in made.pages:
        trim = [float(v) / MM for v in page.obj.TrimBox]
        bleed = [float(v) / MM for v in page.obj.BleedBox]
        assert trim == pytest.approx([0, 0, 120, 80], abs=0.01)
        assert bleed == pytest.approx([-3, -3, 123, 83], abs=0.01)
        assert [float(v) / MM for v in page.obj.MediaBox] == pytest.approx(
            [-12, -12, 132, 92], abs=0.01
        )
    (ours,), (theirs,) = made.Root.OutputIntents, old.Root.OutputIntents
    assert str(ours.OutputConditionIdentifier) == "FOGRA39"
    assert ours.DestOutputProfile.read_bytes() == theirs.DestOutputProfile.read_bytes()
    assert str(made.trailer.Info.Title) == "Thử"
    xmp, before = made.Root.Metadata.read_bytes(), old.Root.Metadata.read_bytes()
    instance = re.compile(rb"InstanceID>([^<]+)")
    assert instance.sub(b"", xmp) == instance.sub(b"", before)
    found = [instance.search(text) for text in (xmp, before)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0][1] != found[1][1]
    assert booklet(source) == booklet(source)


def test_pages_keep_to_their_half_and_marks_to_the_slug(tmp_path: Path) -> None:
    if not shutil.which("gs"):
        pytest.skip("Ghostscript không có trên máy này")
    file = tmp_path / "b.pdf"
    file.write_bytes(booklet(press(8), Sheets(paper=0.5)))
    target = tmp_path / "b.tif"
    subprocess.run(
        ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiff32nc", "-r127",
         "-dFirstPage=3", "-dLastPage=3", "-o", target, file],
        capture_output=True, check=True,
    )  # fmt: skip
    ink: Any = Image.open(io.BytesIO(target.read_bytes()))  # 5 pixels a mm; page 6 left, 3 right
    middle, row = ((12 + 60) * 5), ((12 + 40) * 5)
    assert abs(ink.getpixel((middle - 4, row))[0] - 0.06 * 255) <= 1
    assert abs(ink.getpixel((middle + 4, row))[0] - 0.03 * 255) <= 1
    # outer sheet 0 mm, this one 0.5 mm towards the spine: the bleed at the fore-edge is mended
    for x in (round((12 - 3 + 0.3) * 5), round((12 + 120 + 3 - 0.3) * 5)):
        assert ink.getpixel((x, row))[0] > 0
    assert sum(ink.getpixel((round((12 - 3 - 0.4) * 5), row))) == 0
    fold = [ink.getpixel((middle + d, y)) for d in (-1, 0, 1) for y in range(10, 40)]
    assert (255, 255, 255, 255) in fold
    said = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert said.returncode == 0
    assert "WARNING" not in said.stdout + said.stderr


def test_what_does_not_fold_is_refused_with_a_remedy() -> None:
    with pytest.raises(CannotImpose) as caught:
        booklet(press(6))
    assert caught.value.diagnostic.code == "PD031"
    assert "thêm 2 trang" in caught.value.diagnostic.hint
    pdf = opened(press(4))
    pdf.pages[2].obj.TrimBox = Array([0, 0, 100, 100])
    out = io.BytesIO()
    pdf.save(out)
    with pytest.raises(CannotImpose) as caught:
        booklet(out.getvalue())
    assert caught.value.diagnostic.code == "PD032"


# ---- flat plan -----------------------------------------------------------------------------------


def test_flat_plan_shows_all_pages_titles_and_holes(tmp_path: Path) -> None:
    labels = {1: "Bìa", 3: "Mùa xuân bắt đầu từ cánh cổng chuồng"}
    made = flatplan(press(7), labels, FONT, {5: "bài của Sở", 8: "trang lịch"})
    pdf = opened(made)
    (page,) = pdf.pages
    assert [float(v) / MM for v in page.obj.MediaBox] == pytest.approx([0, 0, 420, 297], abs=0.01)
    content = page.obj.Contents.read_bytes().decode()
    assert set(re.findall(r"(/P\d+) Do", content)) == {f"/P{n}" for n in range(1, 8)}
    assert content.count("[3 2] 0 d") == 2  # the holes
    assert "/OutputIntents" not in pdf.Root
    assert "/GTS_PDFXVersion" not in pdf.trailer.Info
    file = tmp_path / "plan.pdf"
    file.write_bytes(made)
    if shutil.which("pdftotext"):
        said = subprocess.run(
            ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
        )
        text = " ".join(said.stdout.split())
        for words in ("Mùa xuân", "THIẾU: bài của Sở", "THIẾU: trang lịch", "7", "8"):
            assert words in text
    assert flatplan(press(7), labels, FONT, {5: "bài của Sở", 8: "trang lịch"}) == made


@pytest.mark.parametrize("pages", [4, 20, 48, 64])
def test_thumbnails_never_touch_one_another(pages: int) -> None:
    content = opened(flatplan(press(pages), {}, FONT)).pages[0].obj.Contents.read_bytes().decode()
    boxes = [
        tuple(float(v) for v in found)
        for found in re.findall(r"K (\S+) (\S+) (\S+) (\S+) re S", content)
    ]
    assert len(boxes) == pages
    for x, y, wide, high in boxes:
        assert x >= 0
        assert y >= 0
        assert x + wide <= 420 * MM
        assert y + high <= 297 * MM
    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            apart = (
                a[0] + a[2] <= b[0] + 0.01 or b[0] + b[2] <= a[0] + 0.01
                or a[1] + a[3] <= b[1] + 0.01 or b[1] + b[3] <= a[1] + 0.01
            )  # fmt: skip
            assert apart
