"""The proof for the board: drafts, holes, office paper, and never a file that a printer takes."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from conftest import ISSUE, LIGHT, Make, Project, article
from test_imposition import FONT, press

from bulletin import office

MM = 72 / 25.4
PROOF = "office/2026/so-1/ban-thao-so-1-2026.pdf"
OFFICE = ("office",)
HOLES = LIGHT | {
    "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai, ba]"),
    "content/2026/so-1/hai.md": article(
        "Bài hai",
        "",
        uid='"2026-1-hai"',
        status="draft",
        authors="[Lò Văn Thử]",
        orientations="[1b]",
        brief="Kể chuyện hộ nuôi ong.",
    ),
    "content/2026/so-1/mot.md": article(status="draft"),
}


def proofs(project: Project) -> dict[str, bytes]:
    outcome = project.build(OFFICE, drafts=True)
    assert not outcome.failed, outcome.diagnostics
    return project.tree()


def read(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "thu.pdf"
    file.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_drafts_and_holes_are_shown_with_who_owes_them(project: Make, tmp_path: Path) -> None:
    tree = proofs(project(HOLES))
    assert list(tree) == [PROOF]  # nothing public, nothing for the press
    words = read(tree[PROOF], tmp_path)
    assert "BẢN THẢO" in words
    assert "Bài một (bản nháp)" in words
    assert "Chưa có bài: Bài hai" in words
    assert "Lò Văn Thử" in words
    assert "Định hướng 1b: Định hướng hai" in words
    assert "Kể chuyện hộ nuôi ong." in words
    assert "Chưa có bài: ba" in words
    assert "1a. Định hướng một" in words


def test_a_missing_article_stops_every_other_build(project: Make) -> None:
    outcome = project(HOLES).build(("print",))
    assert outcome.failed
    assert "PL010" in {item.code for item in outcome.diagnostics}


def test_a_proof_is_no_press_file(project: Make) -> None:
    with pikepdf.open(io.BytesIO(proofs(project(HOLES))[PROOF])) as pdf:
        for page in pdf.pages:
            box = [float(v) / MM for v in page.mediabox]
            assert [box[2] - box[0], box[3] - box[1]] == pytest.approx([210, 297], abs=0.01)
            assert not {"/TrimBox", "/BleedBox"} & set(page.obj.keys())
            assert "/BanThao" in page.obj.Resources.XObject
        assert "/OutputIntents" not in pdf.Root
        assert str(pdf.trailer.Info.Title).startswith("BẢN THẢO")


def test_the_proof_of_one_issue_leaves_the_others(project: Make) -> None:
    from conftest import AS_OF

    from bulletin.build import build
    from bulletin.files import Output
    from bulletin.model import Request

    second = ISSUE.replace("number: 1", "number: 2").replace("[mot]", "[]")
    made = project(LIGHT | {"issues/2026/so-2.yaml": second.replace("[]", "[hai]")})
    target = Output(made.output, made.root)
    both = build(made.root, target, Request(AS_OF, True, OFFICE, 1))
    assert set(both.tree) == {PROOF, PROOF.replace("so-1", "so-2")}
    build(made.root, target, Request(AS_OF, True, OFFICE, 1, issues=("2026/so-2",)))
    assert set(made.tree()) == set(both.tree)


def test_a_build_of_the_site_keeps_the_proofs_where_they_are(project: Make) -> None:
    made = project(HOLES | {"issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai]")})
    before = proofs(made)[PROOF]
    assert not made.build().failed
    assert made.tree()[PROOF] == before


def test_pages_keep_their_size_in_the_middle_of_the_paper() -> None:
    made = office.on_paper(press(4), office.Sheets("Bản tin thử", ("", "Chưa duyệt: Bài")), FONT)
    assert made == office.on_paper(
        press(4), office.Sheets("Bản tin thử", ("", "Chưa duyệt: Bài")), FONT
    )
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 4
