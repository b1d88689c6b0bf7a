"""The checks of Vietnamese text: each has a text that earns it, its place, and a near miss."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from test_legacy import mojibake, tcvn3, vni

from bulletin import language, manuscript, rulebook, text
from bulletin.diag import Report, Severity
from bulletin.language import prose
from bulletin.language.prose import Slip
from bulletin.rulebook import Rulebook

ROOT = Path(__file__).parent.parent
RULES = sorted((ROOT / "bulletin" / "rules").glob("*.yaml"))


def book_of(board: str = "") -> Rulebook:
    report = Report()
    files = {path.name: path.read_text("utf-8") for path in RULES}
    made = rulebook.read(files | {"content/quy-tac/nha.yaml": board}, report)
    assert report.items == []
    return made


BOOK = book_of(
    "tone: hòa\nforeign: [{word: online, better: trực tuyến}]\nallowed: [bun]\n"
    'public_numbers: ["0207 382 2888"]\n'
)


def page(body: str, head: str = "title: Bài", lang: str = "vi") -> prose.Page:
    lines = ["---", *head.split("\n"), "---", *body.split("\n")]
    return prose.page("a.md", lines, 0, 1 + len(head.split("\n")), lang)


def found(body: str, code: str, **more: str) -> list[Slip]:
    return [slip for slip in language.slips(page(body, **more), BOOK) if slip.code == code]


# code, text with the wrong words between ‹ ›, what does not earn it
CASES = [
    ("ST004", "Quyết định phê ‹duyet› Chương trình.", "Quyết định phê duyệt chat bot true value."),
    ("ST004", "Các ‹nghành› trong tỉnh.", "Các ngành, các hộ dùng urê, iốt, cà phê."),
    ("ST004", "Ăn ‹qủa› nhớ kẻ trồng cây.", "Ăn quả nhớ kẻ trồng cây ở Đắk Lắk."),
    ("ST004", "Nước ‹mầt› trong.", "Nước mật trong, `mầt` là mã, $mầt$ là công thức."),
    ("ST005", "Công tác ‹của của› tỉnh.", "Nhìn xa xa, đi từ từ, năm năm sau luôn luôn nhớ."),
    ("ST005", "Việc ‹được được› làm.", "Việc được, được làm. Bà Ba Ba nói ba ba."),
    ("ST006", "Nghị quyết số ‹57/NQ-TW› nêu.", "Nghị quyết số 57-NQ/TW nêu."),
    ("ST006", "Nghị quyết số ‹57- NQ/TW› nêu.", "Quyết định số 1169/QĐ-TTg, 57-NQ/TW."),
    ("ST006", "Nghị quyết ‹99/NQ-TW› nêu.", "Nghị quyết 99-NQ/TW, Thông tư 04/2010/TT-BNNPTNT."),
    ("ST006", "Kế hoạch ‹123/KH- UBND› nêu.", "QCVN 01-14:2010/BNNPTNT và 2025-2030."),
    (
        "ST007",
        "Nghị quyết số 57-NQ/TW ‹ngày 10/10/2022› của Bộ Chính trị.",
        "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị.",
    ),
    (
        "ST007",
        "Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của ‹Thủ tướng Chính phủ›.",
        "Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của Đảng.",
    ),
    ("ST007", "‹Quyết định› số 57-NQ/TW nêu.", "nghị quyết số 57-NQ/TW; Luật số 91/2025/QH15."),
    ("ST008", "Mô hình ở ‹huyện Hàm Yên› đang mở.", "Mô hình ở huyện Hàm Yên cũ đang mở."),
    ("ST008", "Nông dân ‹tỉnh Hà Giang› làm.", "Hai tỉnh hợp nhất: tỉnh Hà Giang và Tuyên Quang."),
    ("ST009", "Việc ‹hoà› giải và toả sáng.", "Việc hòa giải, tỏa sáng, quý báu ở Hoà Bình."),
    ("ST010", "Ông nói: ‹“›được rồi.", "Ông nói: “được rồi”, rồi đi."),
    ("ST010", "Ông nói: ‹«›được rồi».", "Ông nói: “được rồi”."),
    ("ST011", "Nuôi lợn‹ ,› gà.", "Nuôi lợn, gà... rồi nghỉ ./."),
    ("ST011", "Nuôi lợn‹,›gà và vịt.", "Dài 2,5 m; địa chỉ a,b."),
    ("ST011", "Nuôi lợn ‹( ›nái) và gà.", "Nuôi lợn (nái) và gà."),
    ("ST012", "Mỗi ngày ‹5kg› cám.", "Mỗi ngày 5 kg cám, mạng 5G, khổ A4, 80%."),
    ("ST012", "Vốn ‹1,234,567› đồng.", "Vốn 1.234.567,5 đồng, tỷ lệ 1,5."),
    ("ST012", "Vườn rộng ‹2.5› ha.", "Vườn rộng 2,5 ha, mục 2.5 nói 10.000 kg."),
    ("ST013", "Nộp ‹online› cho nhanh.", "Nộp trực tuyến (online) cho nhanh; xem onlineshop."),
    ("ST014", "Xây dựng ‹kích bản› tăng trưởng.", "Xây dựng kịch bản; ghi kích thước bản vẽ."),
    ("ST014", "Công tác ‹truyền truyền› tốt.", "Công tác tuyên truyền tốt."),
    ("TX009", "Chữ ‹q̉›uả rời.", "Chữ quả liền."),
    ("LG010", "Gọi ‹0912 345 678› nhé.", "Gọi 113, 1800 1091, 0207 382 2888; năm 2026."),
    ("LG010", "Gọi ‹+84 912345678› nhé.", "Số 04/2010/TT-BNN ngày 03.12.2025 10 giờ; 0912."),
    ("LG010", "Bàn: ‹0207.3822.123›.", "Sản lượng 020.738 tấn, mã 12070382212345."),
    ("LG011", "STK: ‹19001234567› VCB.", "Mở tài khoản ngân hàng năm 2026, ngày 01/01/2026."),
    ("LG012", "Ông A, ‹034085012345›.", "Lô 0340850123, sản lượng 134.085.012.345 đồng."),
    ("LG012", "CMND ‹123 456 789› cấp.", "Căn cước có 12 số, đổi khi 25 tuổi."),
    ("LG013", "Mã số thuế ‹8012345678›.", "Mã số thuế gồm 10 số; năm 2026."),
    ("LG014", "Cam ngon, ‹đặt hàng ngay›!", "Cảnh giác quảng cáo; đặt hàng qua hợp tác xã."),
]


@pytest.mark.parametrize(("code", "wrong", "right"), CASES)
def test_each_check_has_a_case_and_a_near_miss(code: str, wrong: str, right: str) -> None:
    start, end = wrong.index("‹"), wrong.index("›") - 1
    slips = found(wrong.replace("‹", "").replace("›", ""), code)
    assert [(slip.line, slip.column) for slip in slips] == [(4, start + 1)]
    assert slips[0].width == end - start
    assert slips[0].message
    assert slips[0].hint
    assert found(right, code) == []


def test_every_rule_of_text_has_a_case() -> None:
    told = {code for code, _, _ in CASES} | {"TX008"}
    ours = {code for code in BOOK.rules if code[:2] in ("ST", "TX")} - {"ST001", "ST002", "ST003"}
    assert ours | language.PRIVATE <= told


BAD = "phê duyet  của của 57/NQ-TW lợn , gà 5kg"


@pytest.mark.parametrize(
    "body",
    [f"`{BAD}`", f"```\n{BAD}\n```", f"$$\n{BAD}\n$$", "[x](của-của/duyet)", "https://a.vn/duyet"],
)
def test_code_formulas_and_addresses_are_not_prose(body: str) -> None:
    assert list(language.slips(page(body), BOOK)) == []


def test_another_language_is_silent_but_for_personal_data() -> None:
    body = "Ntơưr Hmôngz, phê duyet , 57/NQ-TW, 0912345678"
    assert {s.code for s in language.slips(page(body, lang="hmn"), BOOK)} == {"LG010"}


def test_front_matter_and_options_of_blocks_are_read_too() -> None:
    head = 'title: "Phê duyet đề án"\ncover:\n  alt: "Hình phê duyet"\n  consent: "0912345678"'
    slips = found(":::figure a.svg\nalt: Ảnh duyet\ncredit: duyet\n:::", "ST004", head=head)
    assert [slip.line for slip in slips] == [2, 4, 8]
    assert not found("", "LG010", head=head)


# ---- the gate ------------------------------------------------------------------------------------


def stripped(words: str) -> str:
    return text.fold(words)


DAMAGES: list[Callable[[str], str]] = [stripped, tcvn3, vni, mojibake]
ARTICLES = sorted((ROOT / "content" / "2026").rglob("*.md"))


def paragraphs(path: Path) -> list[str]:
    body = path.read_text("utf-8").split("\n---\n", 1)[1]
    return [p for p in body.split("\n") if len(p.split()) >= 40 and p[0].isalpha()]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("path", ARTICLES, ids=[path.stem for path in ARTICLES])
def test_the_gate_closes_on_every_kind_of_damage(path: Path, damage: Callable[[str], str]) -> None:
    clean = paragraphs(path)
    for paragraph in clean:
        assert found(damage(paragraph), "TX008"), paragraph
        assert not found(paragraph, "TX008")
    if clean:
        assert found("\n\n".join([*clean, damage(clean[0])]), "TX008")


def test_a_broken_font_map_closes_the_gate() -> None:
    assert found("Đẩy m\ue021nh truy\ue034n thông", "TX008")
    assert found("®Èy m¹nh §¶ng bé tØnh thùc hiÖn tèt c«ng t¸c", "TX008")
    assert not found("Công thức H₂O, 25 °C, © Ban biên tập, café, Salathé", "TX008")


def test_the_gate_gives_the_decoded_proposal() -> None:
    words = "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Tuyên Quang"
    slip = found(tcvn3(words), "TX008")[0]
    assert words in slip.hint
    assert "TCVN3" in slip.message


def test_english_paragraphs_are_no_damage() -> None:
    english = (
        "The provincial union publishes a quarterly bulletin for farmers, cooperatives and "
        "teachers, with articles about breeding, composting, irrigation and digital skills, "
        "and every issue lists its sources at the end of each article for the readers."
    )
    assert list(language.slips(page(english), BOOK)) == []


@pytest.mark.parametrize(("status", "level"), [("approved", 2), ("published", 2), ("draft", 1)])
def test_the_gate_stops_what_is_approved_and_warns_in_a_draft(status: str, level: int) -> None:
    told = list(
        language.check(page(tcvn3("Đẩy mạnh truyền thông nâng cao nhận thức")), BOOK, status)
    )
    assert [(item.code, item.severity) for item in told] == [("TX008", Severity(level))]


# ---- false alarms --------------------------------------------------------------------------------


def test_false_alarms_on_the_real_articles_stay_below_one_in_a_thousand() -> None:
    words = alarms = 0
    for path in ARTICLES:
        report = Report()
        made = manuscript.read(f"content/{path.name}", path.read_bytes(), report, BOOK)
        assert made.article
        words += made.article.words
        alarms += sum(item.code[:2] in ("ST", "TX") for item in report.items)
    assert words > 20_000
    assert alarms < words / 1000


def test_lines_keep_their_length() -> None:
    for path in ARTICLES:
        lines = path.read_text("utf-8").split("\n")
        made = prose.page(path.name, lines, 0, lines.index("---", 1))
        assert all(not b or len(a) == len(b) for a, b in zip(lines, made.lines, strict=True))


def test_a_fix_mends_what_it_names() -> None:
    for code, wrong, _ in CASES:
        clean = wrong.replace("‹", "").replace("›", "")
        for slip in found(clean, code):
            if slip.replacement is None:
                continue
            at = slip.column - 1
            mended = clean[:at] + slip.replacement + clean[at + slip.width :]
            assert not found(mended, code), f"{code}: {mended}"


# ---- rule files ----------------------------------------------------------------------------------

GOOD = (
    "rules:\n"
    "  - {code: LG902, name: Thử, article: Thử, since: 2020-01-01, until: 2026-06-30, "
    "severity: error, state: confirmed, source: Thử}\n"
    "  - {code: LG902, name: Thử, article: Thử, since: 2026-07-01, "
    "severity: note, state: unconfirmed, source: Thử}\n"
)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("since: 2020-01-01, ", "", "FM002", 2),
        ("since: 2020-01-01", "since: khoảng 2020", "FM012", 2),
        ("state: confirmed, ", "", "FM002", 2),
        ("until: 2026-06-30", "until: 2019-06-30", "RL002", 2),
        ("until: 2026-06-30", "until: 2026-06-29", "RL003", 3),
        ("until: 2026-06-30", "until: 2026-07-01", "RL003", 3),
        ("until: 2026-06-30, ", "", "RL003", 3),
        ("code: LG902", "code: luat-2", "RL001", 2),
        ("severity: error", "severity: nặng", "FM009", 2),
        ("severity: error", "severity: error, release: nặng", "RL001", 2),
        ("rules:", "rule:", "FM004", 1),
    ],
)
def test_a_mistake_in_a_rule_file_has_its_place(old: str, new: str, code: str, line: int) -> None:
    assert old in GOOD
    report = Report()
    rulebook.read({"content/quy-tac/a.yaml": GOOD.replace(old, new, 1)}, report)
    told = [item for item in report.items if item.code == code]
    assert [item.place.line for item in told] == [line]
    assert told[0].place.path == "content/quy-tac/a.yaml"
    assert told[0].hint
    clean = Report()
    rulebook.read({"content/quy-tac/a.yaml": GOOD}, clean)
    assert clean.items == []


def test_the_version_that_holds_is_found_by_date() -> None:
    from datetime import date

    book = rulebook.read({"a": GOOD}, Report())
    assert book.at("LG902", date(2019, 12, 31)) is None
    states = [book.at("LG902", date(2026, month, 30)) for month in (6, 7)]
    assert [rule.state for rule in states if rule] == ["confirmed", "unconfirmed"]


def test_every_rule_of_the_program_is_used_and_sourced() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "bulletin").rglob("*.py"))
    for code, versions in BOOK.rules.items():
        assert f'"{code}"' in source or re.search(rf'"[^"\n]*\b{code}\b[^"\n]*"', source), code
        assert all(rule.source and rule.article and rule.name for rule in versions)


def test_public_numbers_of_the_office_are_known() -> None:
    book = BOOK.with_public(["0207 399 9999"])
    assert book.digest != BOOK.digest
    slips = list(language.slips(page("Gọi 0207 399 9999."), book))
    assert slips == []
    assert dataclasses.replace(BOOK) == BOOK
