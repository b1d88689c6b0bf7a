"""Papers of the office: sums by hand, gaps, the same bytes twice, read by other libraries."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest
from click.testing import CliRunner
from conftest import CONFIG, ISSUE, LIGHT, Make, Project, article

from bulletin import bureau, cabinet
from bulletin.cli import main_group
from bulletin.papers import form, handing, royalty, sheet, word

THEME = Path(__file__).parent.parent / "themes" / "lhh" / "office"
OFFICE = "van-phong.yaml"
PAY = "rieng/nhuan-but/2026/so-1.yaml"
PEOPLE = "rieng/tac-gia.yaml"
ACCOUNT, IDENTITY = "190012345678", "008099001234"
BOOK = """\
paper: {symbol: LHH, receivers: [Ban biên tập, "Lưu: VT"], signer: {role: Chủ tịch, name: Người Ký}}
royalty:
  share: 10
  pay_within: 60
  salaries:
    - {start: 2024-07-01, amount: 2340000, source: NĐ 73}
    - {start: 2026-07-01, amount: , source: chưa xác nhận}
  tables:
    - start: 2026-01-01
      decision: {number: 12/QĐ-LHH, date: 2026-01-05, issuer: LHH, state: confirmed}
      rates: [{genre: guide, low: 2, high: 5}, {genre: news, low: 0.5, high: 2}]
  ceilings_source: NĐ 18
  ceilings: [{genres: [news, photo], high: 10}, {genres: [guide], high: 30}]
  additions:
    - {id: dich, name: Bản dịch, low: 40, high: 65, replaces: true, source: NĐ 18}
    - {id: dan-toc, name: Tiếng dân tộc, low: 30, high: 50, source: NĐ 18}
  taxes: [{start: 2026-01-01, percent: 10, threshold: 500000, source: TT}]
deposit:
  clock: "08:00"
  source: Luật
  copies: [{name: Tỉnh, copies: 2, way: nộp, address: Nhà tỉnh}, {name: Trung ương, copies: 5}]
distribution: [{name: Xã A, copies: 40}, {name: Xã B, copies: 3}]
units: [{name: Hội Một, authors: [Lan]}]
"""
SET = """\
pieces:
  - {article: mot, coefficient: 4, shares: [{author: Lan, percent: 60}, {author: Minh, percent: 40}]}
  - {title: Ảnh trang 2, genre: photo, coefficient: 0.5, count: 3, authors: [Hà]}
fees:
  - {name: Dũng, work: Biên tập, coefficient: 2}
"""


def office(**more: str) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        f"themes/plain/office/{path.relative_to(THEME).as_posix()}": path.read_bytes()
        for path in THEME.rglob("*")
        if path.suffix in (".css", ".ttf")
    }
    people = (
        f"people:\n  - {{author: Lan, name: Nguyễn Thị Lan, account: '{ACCOUNT}',"
        f" id_number: '{IDENTITY}'}}\n"
    )
    return {**LIGHT, **files, OFFICE: BOOK, PAY: SET, PEOPLE: people, **more}


def run(made: Project, *words: str, code: int = 0) -> str:
    said = CliRunner().invoke(
        main_group,
        ["office", *words, "-C", str(made.root), "--as-of", "2026-04-01"],
        standalone_mode=False,
    )
    if code == 0:
        assert said.exception is None, said.output
        assert said.return_value == 0, said.output
    else:
        assert getattr(said.exception, "exit_code", None) == code, said.output
    assert said.stdout == ""
    return said.output + str(getattr(said.exception, "hint", ""))


def book(made: Project) -> Any:
    return made.ledger()


def words_of(data: bytes) -> str:
    """All text of a DOCX, as another library reads it."""
    made = docx.Document(io.BytesIO(data))
    cells = [c.text for t in made.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in made.paragraphs] + cells)


def pdf_text(data: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.fail("pdftotext is needed: apt install poppler-utils")
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


# ---- sums ------------------------------------------------------------------------------------------


def reckoned(
    pieces: list[bureau.PieceSpec], made: Project, day: str = "2026-03-25"
) -> royalty.Reckoning:
    ledger = book(made)
    (issue,) = ledger.issues
    import dataclasses

    spec = dataclasses.replace(issue.spec, date=date.fromisoformat(day))
    issue = dataclasses.replace(issue, spec=spec)
    return royalty.reckon(issue, ledger.office, bureau.PaySpec(tuple(pieces)))


def piece(**more: Any) -> bureau.PieceSpec:
    return bureau.PieceSpec(**{"article": "mot", "authors": ("Lan",), "coefficient": 4.0, **more})


def taken(name: str, percent: int) -> tuple[bureau.TakenSpec, ...]:
    return (bureau.TakenSpec(name, percent),)


@pytest.mark.parametrize(
    ("more", "amount"),
    [
        ({}, 936_000),  # 4 × 234.000
        ({"coefficient": 0.1}, 23_400),
        ({"additions": taken("dich", 50)}, 468_000),
        ({"additions": taken("dan-toc", 30)}, 1_216_800),
        ({"additions": taken("dich", 65) + taken("dan-toc", 50)}, 912_600),
        ({"coefficient": None}, None),
    ],
)
def test_amounts(project: Make, more: dict[str, Any], amount: int | None) -> None:
    assert reckoned([piece(**more)], project(office())).lines[0].amount == amount


@pytest.mark.parametrize(
    ("day", "unit"),
    [("2024-06-30", None), ("2024-07-01", 234_000), ("2026-06-30", 234_000), ("2026-07-01", None)],
)
def test_the_base_salary_is_that_of_the_day(project: Make, day: str, unit: int | None) -> None:
    sums = reckoned([piece()], project(office()), day)
    assert sums.unit == unit
    assert any("lương cơ sở" in words for words in sums.gaps) is (unit is None)
    assert (sums.lines[0].amount is None) is (unit is None)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"coefficient": 5.5}, "ngoài khung 2–5"),
        ({"coefficient": 5.0}, ""),
        ({"coefficient": 2.0}, ""),
        ({"genre": "photo", "coefficient": 10.5}, "vượt mức tối đa 10"),
        ({"genre": "photo", "coefficient": 10.0}, ""),
        ({"additions": taken("dich", 66)}, "ngoài khung 40–65 %"),
        ({"additions": taken("la", 50)}, "không có mã «la»"),
        ({"shares": (bureau.ShareSpec("A", 60.0), bureau.ShareSpec("B", 30.0))}, "100 %"),
        ({"shares": (bureau.ShareSpec("A", 33.3), bureau.ShareSpec("B", 66.7))}, ""),
        ({"article": "hai"}, "không có bài «hai»"),
    ],
)
def test_what_is_wrong_is_said_and_not_mended(
    project: Make, more: dict[str, Any], fault: str
) -> None:
    sums = reckoned([piece(**more)], project(office()))
    faults = [words for line in sums.lines for words in line.faults]
    assert any(fault in words for words in faults) if fault else not faults


def test_shares_add_up_to_the_last_dong() -> None:
    from decimal import Decimal

    third = Decimal(100) / 3
    parts = royalty.divided(100_000, [("A", third), ("B", third), ("C", third)])
    assert [part.amount for part in parts] == [33_334, 33_333, 33_333]
    assert [p.amount for p in royalty.divided(7, [("A", Decimal(50)), ("B", Decimal(50))])] == [
        4,
        3,
    ]


@pytest.mark.parametrize(("gross", "tax"), [(499_999, 0), (500_000, 50_000), (555_555, 55_556)])
def test_tax_is_withheld_from_the_threshold_on(gross: int, tax: int) -> None:
    rule = bureau.TaxSpec(date(2026, 1, 1), 10.0, 500_000, "TT")
    assert royalty.withheld(gross, rule) == tax
    assert royalty.withheld(gross, None) == 0


def test_the_list_in_all_its_forms(project: Make, tmp_path: Path) -> None:
    made = project(office())
    said = run(made, "nhuan-but", "2026/so-1")
    tree = made.tree()
    folder = "office/2026/so-1/nhuan-but"
    told = words_of(tree[f"{folder}.docx"])
    paper = pdf_text(tree[f"{folder}.pdf"], tmp_path)
    # 936.000 + 351.000 + 468.000; Lan 561.600 (− 56.160), Minh 374.400, Hà 351.000, Dũng 468.000
    for words in ("561.600", "56.160", "374.400", "351.000", "468.000", "1.755.000", "24/5/2026"):
        assert words in told
        assert words in paper
    assert "Một triệu bảy trăm năm mươi lăm nghìn đồng)./." in told
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in told
    rows = list(csv.reader(io.StringIO(tree[f"{folder}.csv"].decode("utf-8-sig"))))
    assert [row[-1] for row in rows[1:]] == ["561600", "374400", "351000", "468000"]
    workbook = openpyxl.load_workbook(io.BytesIO(tree[f"{folder}.xlsx"]))
    pay = {row[0]: row for row in workbook["Chi trả"].iter_rows(min_row=2, values_only=True)}
    assert pay["Lan"][5] == ACCOUNT
    assert pay["Lan"][7:] == (561_600, 56_160, 505_440)
    for secret in (ACCOUNT, IDENTITY, "Nguyễn Thị Lan"):
        assert secret not in said + told + paper + tree[f"{folder}.csv"].decode()


def test_what_is_not_known_is_open_and_no_total_is_claimed(project: Make) -> None:
    made = project(office(**{PAY: "pieces: []\n", OFFICE: "paper: {symbol: LHH}\n"}))
    said = run(made, "nhuan-but", "2026/so-1")
    told = words_of(made.tree()["office/2026/so-1/nhuan-but.docx"])
    assert "chưa tính được" in told
    assert "Bằng chữ" not in told
    for words in ("royalty.salaries", "royalty.tables", "royalty.taxes"):
        assert words in said


def test_a_slip_in_a_private_file_is_told_by_line_without_its_words(project: Make) -> None:
    made = project(office(**{PAY: f"pieces:\n  - {{article: mot, coefficient: {ACCOUNT}x}}\n"}))
    said = run(made, "nhuan-but", "2026/so-1", code=1)
    assert f"{PAY}:2" in said
    assert ACCOUNT not in said


def test_a_formula_in_a_title_stays_a_text(project: Make) -> None:
    made = project(office(**{"content/2026/so-1/mot.md": article("=HYPERLINK(1)")}))
    run(made, "nhuan-but", "2026/so-1")
    tree = made.tree()
    sheet = openpyxl.load_workbook(io.BytesIO(tree["office/2026/so-1/nhuan-but.xlsx"]))["Bảng kê"]
    assert sheet["B2"].data_type == "s"
    assert ",'=HYPERLINK(1)," in tree["office/2026/so-1/nhuan-but.csv"].decode("utf-8-sig")


# ---- form and bytes ----------------------------------------------------------------------------------

COMMANDS = (
    ("nhuan-but", "2026/so-1"),
    ("luu-chieu", "2026/so-1"),
    ("phieu-duyet", "2026/so-1"),
    ("bao-cao", "--from", "2026-01-01", "--to", "2026-06-30"),
    ("giay-phep", "--year", "2026"),
    ("hop-dong-in", "2026/so-1"),
)


def test_every_paper_twice_is_the_same_bytes_and_stays_off_the_site(project: Make) -> None:
    made, again = project(office()), project(office(), "khac")
    for one in (made, again):
        one.build()
        for words in COMMANDS:
            run(one, *words)
    first, second = made.tree(), again.tree()
    papers = {path for path in first if path.startswith("office/")}
    assert len([path for path in papers if path.endswith(".docx")]) == 7
    assert {p: hashlib.sha256(first[p]).hexdigest() for p in papers} == {
        p: hashlib.sha256(second[p]).hexdigest() for p in papers
    }
    made.build()  # an ordinary build leaves them alone
    assert papers <= made.tree().keys()
    assert not any("nhuan-but" in path for path in made.tree() if path.startswith("site/"))


def test_the_form_of_the_decree(project: Make) -> None:
    made = project(office())
    run(made, "bao-cao", "--from", "2026-01-01", "--to", "2026-06-30")
    tree = made.tree()
    folder = "office/2026-01-01_2026-06-30/bao-cao"
    paper = docx.Document(io.BytesIO(tree[f"{folder}.docx"]))
    (section,) = paper.sections
    millimetres = [
        round(side.mm)
        for side in (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
        if side is not None
    ]
    assert millimetres == [210, 297, 20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    fonts = {run_.font.name for p in paper.paragraphs for run_ in p.runs if run_.text}
    assert fonts == {"Times New Roman"}
    told = words_of(tree[f"{folder}.docx"])
    assert "./." in told
    assert "Nơi nhận:" in told
    with pikepdf.open(io.BytesIO(tree[f"{folder}.pdf"])) as pdf:
        box = [float(side) for side in pdf.pages[0].mediabox]
        assert [round(side / 72 * 25.4) for side in box] == [0, 0, 210, 297]
        names = {
            str(font["/BaseFont"])
            for page in pdf.pages
            for font in dict(page.Resources.Font).values()
        }
    assert {name.partition("+")[2] for name in names} == {
        "LHH-Office",
        "LHH-Office-Bold",
        "LHH-Office-Italic",
        "LHH-Office-Bold-Italic",
    }


def with_rows(count: int) -> form.Paper:
    head = form.Letterhead("CHỦ QUẢN", "CƠ QUAN", "Số: 1/BC", "Nơi, ngày 01 tháng 02 năm 2026")
    columns = (form.Column("Mục", 1), form.Column("Việc", 1))
    rows = tuple((f"mục {n}", "có") for n in range(count))
    body = (form.Heading("I. Việc"), form.Table("Việc", columns, rows), form.Para("Hết chuyện."))
    return form.Paper("thu", "Báo cáo", "Thử", head, body, (form.Sign("THỦ TRƯỞNG"),))


def test_signatures_never_stand_alone_on_a_page() -> None:
    files = {f"office/{p.relative_to(THEME).as_posix()}": str(p) for p in THEME.rglob("*.*")}
    turned = 0
    for count in range(21, 34):
        made = sheet.pdf(with_rows(count), files, lambda name: Path(name).read_bytes())
        done = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=made, check=True, capture_output=True
        )
        last = done.stdout.decode().rstrip("\f").split("\f")[-1]
        assert "THỦ TRƯỞNG" in last
        assert last.count("mục ") >= 2, f"{count}: {last}"
        turned += "mục 0" not in last
    assert turned  # some of these fill more than a page


def test_signatures_keep_the_last_rows_in_word() -> None:
    made = docx.Document(io.BytesIO(word.document(with_rows(5))))
    rows = made.tables[1].rows
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert kept == [None] * 4 + [True] * 2
    assert made.paragraphs[-2].text == "Hết chuyện./."
    assert made.paragraphs[-2].paragraph_format.keep_with_next


# ---- deposit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("100 bản", 100),
        ("1.000 bản/kỳ", 1000),
        ("", None),
        ("theo quy định", None),
        ("100–200", None),
    ],
)
def test_a_circulation_is_one_number_or_none(words: str, number: int | None) -> None:
    assert handing.count(words) == number


def test_copies_come_off_the_circulation(project: Make) -> None:
    made = project(office())
    made.write("output/.bulletin/bulletin-output.txt", "x")
    data = b"%PDF-not-really"
    made.write("output/release/2026/so-1/ban-tin-so-1-2026-in.pdf", data)
    run(made, "luu-chieu", "2026/so-1")
    told = words_of(made.tree()["office/2026/so-1/luu-chieu.docx"])
    assert "50 bản" in told  # 100 − 7 − 43
    digest = hashlib.sha256(data).hexdigest()
    assert " ".join(digest[at : at + 8] for at in range(0, 64, 8)) in told
    assert "LƯU CHIỂU" in told
    assert "chưa đối chiếu" in told


def test_more_copies_than_printed_is_refused(project: Make) -> None:
    made = project(office(**{"bulletin.yaml": CONFIG.replace("100 bản", "49 bản")}))
    said = run(made, "luu-chieu", "2026/so-1", code=1)
    assert "distribution" in said


# ---- approval, history ---------------------------------------------------------------------------------


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=Người Sửa", "-c", "user.email=kin@example.vn"]
    subprocess.run(["git", "-C", root, *who, *words], check=True, capture_output=True)


def test_approval_sheets_tell_the_history_of_files(project: Make) -> None:
    made = project(office())
    run(made, "phieu-duyet", "2026/so-1", "--article", "mot")
    told = words_of(made.tree()["office/2026/so-1/phieu-duyet-mot.docx"])
    assert "không nằm trong git" in told
    git(made.root, "init", "-q")
    git(made.root, "add", "content")
    git(made.root, "commit", "-qm", "Bài mới: nuôi lợn")
    run(made, "phieu-duyet", "2026/so-1")
    told = words_of(made.tree()["office/2026/so-1/phieu-duyet-mot.docx"])
    assert "Bài mới: nuôi lợn" in told
    assert "Người Sửa" in told
    assert "kin@example.vn" not in told
    issue = words_of(made.tree()["office/2026/so-1/phieu-duyet-so.docx"])
    assert "chưa được ghi vào git lần nào" in issue
    assert re.search(r"\d\d/\d\d/\d{4} \d\d:\d\d, Người Sửa", issue)  # beside the article
    assert "chưa ghi vào git" not in issue  # every article is


def test_one_question_to_git_tells_each_file_its_own_changes(project: Make) -> None:
    made = project({**LIGHT, ".gitignore": "output\n"})
    one, two, absent = (f"content/2026/so-1/{name}.md" for name in ("mot", "hai", "ba"))
    git(made.root.parent, "init", "-q")  # the project is a folder of the repository
    git(made.root, "add", one)
    git(made.root, "commit", "-qm", "một")
    made.write(two, article("Hai", uid="hai"))
    git(made.root, "add", two)
    git(made.root, "commit", "-qm", "hai")
    made.write(one, article("Mới"))
    made.write(two, article("Hai mới", uid="hai"))
    git(made.root, "commit", "-qam", "cả hai")
    found = cabinet.histories(made.root, (one, two, absent, "content/*"))
    assert found is not None
    told = {path: [change.what for change in changes] for path, changes in found.items()}
    assert told == {one: ["một", "cả hai"], two: ["hai", "cả hai"], absent: [], "content/*": []}


def test_papers_of_a_project_with_errors_are_made_and_say_so(project: Make) -> None:
    made = project(office())
    assert "bulletin check" not in run(made, "luu-chieu", "2026/so-1")
    made.write("content/2026/so-1/hong.md", article(uid="hong", section="khong-co"))
    said = run(made, "luu-chieu", "2026/so-1")
    assert "còn 1 lỗi" in said
    assert "bulletin check" in said
    assert "office/2026/so-1/luu-chieu.docx" in made.tree()


def test_git_runs_nothing_of_the_repository(project: Make, tmp_path: Path) -> None:
    made = project(LIGHT)
    git(made.root, "init", "-q")
    git(made.root, "add", "content")
    git(made.root, "commit", "-qm", "một")
    trap = tmp_path / "trap"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n")
    script.chmod(0o755)
    for name in ("core.pager", "core.fsmonitor", "diff.external", "pager.log", "gpg.program"):
        git(made.root, "config", name, str(script))
    git(made.root, "config", "log.showSignature", "true")
    found = cabinet.history(made.root, "content/2026/so-1/mot.md")
    assert found is not None
    assert [change.what for change in found] == ["một"]
    assert not trap.exists()
    assert cabinet.history(made.root, "--output=x") == ()
    assert not (made.root / "x").exists()


# ---- report --------------------------------------------------------------------------------------------


def test_a_report_counts_what_lies_in_its_period(project: Make) -> None:
    made = project(
        office(
            **{
                "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai, ba]"),
                "content/2026/so-1/mot.md": article(authors="[Lan, Minh]", orientations="[1a]"),
                "content/2026/so-1/hai.md": article("Hai", uid="u2", date="2026-07-01"),
                "content/2026/so-1/ba.md": article("Ba", uid="u3", status="draft"),
            }
        )
    )
    run(made, "bao-cao", "--from", "2026-03-25", "--to", "2026-06-30")
    rows = list(
        csv.reader(
            io.StringIO(made.tree()["office/2026-03-25_2026-06-30/bao-cao.csv"].decode("utf-8-sig"))
        )
    )
    counted = {(row[0], row[1]): row[2] for row in rows}
    assert counted["Chuyên mục", "Kỹ thuật"] == "1"
    assert counted["Đơn vị của tác giả", "Hội Một"] == "1"
    assert counted["Đơn vị của tác giả", "chưa ghi đơn vị"] == "1"
    assert counted["Định hướng", "1a. Định hướng một"] == "1"
    assert ("Tác giả", "Ban biên tập") not in counted  # from July, or a draft
    assert counted["Văn phòng điền", "Kinh phí đã sử dụng"] == ""
    told = words_of(made.tree()["office/2026-03-25_2026-06-30/bao-cao.docx"])
    assert "đúng hạn" in told
    assert "2/3" in told


def test_a_period_that_ends_before_it_begins_is_refused(project: Make) -> None:
    run(project(office()), "bao-cao", "--from", "2026-07-01", "--to", "2026-06-30", code=2)


# ---- licence, contract -----------------------------------------------------------------------------------


def test_the_licence_record_is_laid_beside_what_is_made(project: Make) -> None:
    made = project(office())
    run(made, "giay-phep")
    assert "khác hồ sơ" not in words_of(made.tree()["office/giay-phep/ho-so-giay-phep.docx"])
    said = CONFIG.replace('pages: "64"', 'pages: "64 trang, kể cả bìa"').replace("27 cm", "27cm")
    made.write("bulletin.yaml", said)
    run(made, "giay-phep")
    assert "khác hồ sơ" not in words_of(made.tree()["office/giay-phep/ho-so-giay-phep.docx"])
    made.write("bulletin.yaml", CONFIG.replace('pages: "64"', 'pages: "48"'))
    said = run(made, "giay-phep")
    told = words_of(made.tree()["office/giay-phep/ho-so-giay-phep.docx"])
    assert "64 khác hồ sơ" in told
    assert told.count("khác hồ sơ") == 1
    assert "khác hồ sơ" in said


def test_the_contract_says_what_nobody_has_chosen(project: Make) -> None:
    made = project(office())
    said = run(made, "hop-dong-in", "2026/so-1")
    told = words_of(made.tree()["office/2026/so-1/phu-luc-hop-dong.docx"])
    assert "190 × 270 mm" in told
    assert "đóng ghim giữa" in told
    assert "loại giấy, định lượng" in said
    assert "100 bản" in told


def test_gaps_are_marked_and_counted_once() -> None:
    assert list(form.runs("a ⟦b⟧ c")) == [("a ", False), ("b", True), (" c", False)]
    assert form.plain("a ⟦b⟧") == "a b"
    assert form.filled(0) == "0"
    assert form.filled("") == f"⟦{form.DOTS}⟧"
