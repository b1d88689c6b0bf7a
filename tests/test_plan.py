"""The editorial plan: what is due, what answers it, what is missing; on Vietnam's calendar."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from conftest import AS_OF, CONFIG, ISSUE, LIGHT, WORDS, Make, Project, article

from bulletin import plan
from bulletin.diag import cells
from bulletin.model import Ledger
from bulletin.text import VIETNAM

# The base issue asks for nothing that its one article does not answer; here it does.
FULL = ISSUE.replace(", required: false", "")
OPEN = FULL.replace("status: published", "status: in-progress")
UNDATED = OPEN.replace("date: 2026-03-25\n", "", 1)


def ledger(made: Project, as_of: datetime = AS_OF) -> Ledger:
    return made.ledger(as_of)


def only(made: Project, as_of: datetime = AS_OF) -> plan.IssuePlan:
    (item,) = plan.plan(ledger(made, as_of))
    return item


@pytest.mark.parametrize(
    ("moment", "days", "words"),
    [
        (datetime(2026, 3, 1, 9, 0, tzinfo=VIETNAM), 30, "còn 30 ngày"),
        (datetime(2026, 3, 30, 23, 59, tzinfo=VIETNAM), 1, "còn 1 ngày"),
        (datetime(2026, 3, 31, 0, 0, tzinfo=VIETNAM), 0, "hết hạn hôm nay"),
        (datetime(2026, 3, 31, 16, 59, tzinfo=UTC), 0, "hết hạn hôm nay"),
        (datetime(2026, 3, 31, 17, 0, tzinfo=UTC), -1, "trễ 1 ngày"),
        (datetime(2026, 4, 1, 0, 0, tzinfo=VIETNAM), -1, "trễ 1 ngày"),
        (datetime(2027, 3, 31, 12, 0, tzinfo=VIETNAM), -365, "trễ 365 ngày"),
    ],
)
def test_days_are_counted_in_vietnam(
    project: Make, moment: datetime, days: int, words: str
) -> None:
    item = only(project({**LIGHT, "issues/2026/so-1.yaml": UNDATED}), moment)
    assert item.days == days
    assert item.timing == words


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2026-03-25", "phát hành đúng hạn"),
        ("2026-03-31", "phát hành đúng hạn"),
        ("2026-04-01", "phát hành trễ 1 ngày"),
        ("2026-05-01", "phát hành trễ 31 ngày"),
        ("", "đã phát hành, chưa ghi ngày"),
    ],
)
def test_published_issue_is_judged_by_its_date_not_by_today(
    project: Make, date: str, words: str
) -> None:
    made = project(
        {**LIGHT, "issues/2026/so-1.yaml": ISSUE.replace("date: 2026-03-25", f"date: {date}", 1)}
    )
    assert only(made).timing == words


LONG = "Định hướng một dài " + "nói nhiều việc khác nhau " * 6 + "hết"


def board() -> dict[str, str | bytes]:
    return {
        **LIGHT,
        "issues/2026/so-1.yaml": OPEN.replace("[mot]", "[mot, hai, ba, tu]")
        .replace("Định hướng một", LONG)
        .replace(
            "  - {id: 1b, text: Định hướng hai}",
            "  - {id: 1b, text: Định hướng hai}\n  - {id: 1c, text: Định hướng ba}\n"
            "  - {id: 1d, text: Định hướng bốn, required: false}",
        ),
        "content/2026/so-1/mot.md": article(orientations="[1a]"),
        "content/2026/so-1/hai.md": article(
            "Bài hai", uid="u2", status="approved", orientations="[1b]"
        ),
        "content/2026/so-1/ba.md": article("Bài ba", "", uid="u3", status="draft"),
        "content/2026/so-1/tu.md": article(
            "Bài tư", uid="u4", date="2027-01-01", orientations="[1a]"
        ),
    }


def test_orientations_met_begun_and_missing(project: Make) -> None:
    item = only(project(board()))
    assert [(a.orientation.id, a.met, len(a.rows)) for a in item.answers] == [
        ("1a", True, 2),
        ("1b", False, 1),
        ("1c", False, 0),
        ("1d", False, 0),
    ]
    assert item.missing == (
        "định hướng 1b: mới có Bài hai (đã duyệt)",
        "định hướng 1c: chưa có bài",
        "bài bản nháp: Bài ba",
        "hẹn ngày đăng: Bài tư",
    )


def test_nothing_is_missing_when_all_is_done(project: Make) -> None:
    made = project({**LIGHT, "content/2026/so-1/mot.md": article(orientations="[1a, 1b]")})
    assert only(made).missing == ()
    assert "Còn thiếu" not in plan.render(ledger(made))


def test_published_issue_without_date_asks_the_office(project: Make) -> None:
    made = project({**LIGHT, "issues/2026/so-1.yaml": ISSUE.replace("date: 2026-03-25\n", "", 1)})
    assert any("văn phòng" in gap for gap in only(made).missing)


def test_json_is_complete_and_plain(project: Make) -> None:
    made = project(
        {**board(), "bulletin.yaml": CONFIG.replace("\n  printer: Nhà in thử", "\n  printer:")}
    )
    data: Any = json.loads(json.dumps(plan.as_json(ledger(made)), ensure_ascii=False))
    assert data["version"] == 1
    assert data["as_of"] == "2026-11-21"
    assert data["office"] == ["publication.printer"]
    (issue,) = data["issues"]
    assert issue["issue"] == "2026/so-1"
    assert issue["deadline"] == "2026-03-31"
    assert issue["days_left"] == -235
    assert issue["date"] == "2026-03-25"
    assert [o["met"] for o in issue["orientations"]] == [True, False, False, False]
    assert [o["required"] for o in issue["orientations"]] == [True, True, True, False]
    assert issue["orientations"][1]["articles"] == [
        {"path": "content/2026/so-1/hai.md", "status": "approved"}
    ]
    assert [a["path"].rsplit("/", 1)[1] for a in issue["articles"]] == [
        "mot.md",
        "hai.md",
        "ba.md",
        "tu.md",
    ]
    assert [a["words"] > 0 for a in issue["articles"]] == [True, True, False, True]
    assert issue["missing"]


def test_table_shows_all_and_fits(project: Make) -> None:
    made = project(
        {**board(), "bulletin.yaml": CONFIG.replace("\n  circulation: 100 bản", "\n  circulation:")}
    )
    for width in (20, 40, 60, 100, 500):
        table = plan.render(ledger(made), width)
        limit = max(40, min(width, 120))
        assert [line for line in table.split("\n") if cells(line) > limit] == []
        assert ("…" in table) is (width < 500)
    table = plan.render(ledger(made))
    for words in (
        "tính đến ngày 21 tháng 11 năm 2026",
        "Số 1/2026 · đang làm",
        "trong tháng 3/2026 (hạn cuối 31/3/2026) – trễ 235 ngày",
        "4 bài: 2 đã đăng, 1 đã duyệt, 1 bản nháp",
        "→ Bài hai [đã duyệt]",
        "publication.circulation",
    ):
        assert words in table
    assert "\x1b" not in table
    coloured = plan.render(ledger(made), colour=True)
    assert "\x1b[31;1mtrễ 235 ngày\x1b[0m" in coloured


def test_issues_come_in_the_order_of_the_year(project: Make) -> None:
    made = project(LIGHT)
    for number in (10, 2):
        made.write(
            f"issues/2026/so-{number}.yaml",
            UNDATED.replace("number: 1", f"number: {number}").replace("[mot]", "[]"),
        )
    assert [item.ledger.key for item in plan.plan(ledger(made))] == [
        "2026/so-1",
        "2026/so-2",
        "2026/so-10",
    ]


def test_planned_issue_without_articles(project: Make) -> None:
    made = project(
        {
            **LIGHT,
            "issues/2026/so-2.yaml": UNDATED.replace("number: 1", "number: 2")
            .replace("[mot]", "[]")
            .replace("in-progress", "planned"),
        }
    )
    item = plan.plan(ledger(made))[1]
    assert item.missing == ("định hướng 1a: chưa có bài", "định hướng 1b: chưa có bài")
    assert "chưa có bài nào" in plan.render(ledger(made))


def test_an_article_of_two_orientations_is_not_missing_twice(project: Make) -> None:
    made = project(
        {
            **LIGHT,
            "issues/2026/so-1.yaml": OPEN,
            "content/2026/so-1/mot.md": article(orientations="[1a, 1b]", status="edited"),
        }
    )
    assert only(made).missing == (
        "định hướng 1a: mới có Bài một (đã biên tập)",
        "định hướng 1b: mới có Bài một (đã biên tập)",
    )


# ---- pages, balance, columns, debts, page ----------------------------------------------------------


def crowded() -> dict[str, str | bytes]:
    return {
        **board(),
        "issues/2026/so-1.yaml": str(board()["issues/2026/so-1.yaml"]).replace(
            "date: 2026-03-25\n", "pages: 40\nlead: Hội <A>\n", 1
        ),
        "content/2026/so-1/ba.md": article(
            "Bài ba & bốn", "", uid="u3", status="draft", authors="[Lan, Minh]"
        ),
    }


def test_pages_planned_and_laid_out(project: Make) -> None:
    book = ledger(project(crowded()))
    (item,) = plan.plan(book)
    assert item.laid is None
    assert "chưa dàn / dự kiến 40" in plan.render(book)
    assert "dàn 44 trang / dự kiến 40 (thừa 4)" in plan.render(book, laid={"2026/so-1": 44})
    assert "dàn 40 trang / dự kiến 40\n" in plan.render(book, laid={"2026/so-1": 40})
    assert "thiếu 4" in plan.render(book, laid={"2026/so-1": 36})
    data: Any = plan.as_json(book, {"2026/so-1": 44})
    assert data["issues"][0]["pages"] == {"planned": 40, "laid_out": 44}


def test_a_standing_column_without_an_article_is_silent(project: Make) -> None:
    assert only(project({**LIGHT})).silent == ("Hỏi đáp",)
    heard = project({**LIGHT, "content/2026/so-1/mot.md": article(section="hoi-dap")}, "khac")
    heard.write("issues/2026/so-1.yaml", ISSUE.replace("section: ky-thuat", "section: hoi-dap"))
    assert only(heard).silent == ()


def test_sections_are_weighed_by_words(project: Make) -> None:
    files = {**LIGHT, "issues/2026/so-1.yaml": ISSUE.replace("[mot]", "[mot, hai]")}
    files["content/2026/so-1/hai.md"] = article("Hai", WORDS * 3, uid="u2", section="hoi-dap")
    files["issues/2026/so-1.yaml"] = ISSUE + "  - section: hoi-dap\n    articles: [hai]\n"
    shares = only(project(files)).balance
    assert [(s.section, s.articles, s.percent) for s in shares] == [
        ("Kỹ thuật", 1, 25),
        ("Hỏi đáp", 1, 75),
    ]


def test_debts_name_people_and_what_nobody_writes(project: Make) -> None:
    owed = {debt.who: debt.what for debt in only(project(crowded())).debts}
    assert owed["Lan, Minh"] == ("Bài ba & bốn (bản nháp)",)
    assert "đặt bài cho định hướng 1c" in owed["Ban biên tập"]
    assert not any("1d" in what for what in owed["Ban biên tập"])  # not required
    assert any(what.startswith("In (quá hạn") for what in owed["Nhà in"])


def test_a_published_issue_has_no_steps_left(project: Make) -> None:
    assert only(project(LIGHT)).steps == ()
    assert len(only(project({**LIGHT, "issues/2026/so-1.yaml": UNDATED}, "khac")).steps) == 10


def test_the_table_says_that_the_steps_are_a_proposal(project: Make) -> None:
    table = plan.render(ledger(project({**LIGHT, "issues/2026/so-1.yaml": UNDATED})))
    assert "Các bước: chương trình đề xuất, chưa phải quy định của cơ quan." in table
    assert "chưa khai ngày nghỉ Tết" in table.replace("Chưa", "chưa")
    own = {
        "van-phong.yaml": "steps_source: Quyết định 9\nsteps: [{id: a, name: Thu bài, before: 3}]\n"
    }
    table = plan.render(ledger(project({**LIGHT, **own, "issues/2026/so-1.yaml": UNDATED}, "khac")))
    assert "Các bước: Quyết định 9." in table
    assert "26/3/2026  Thu bài" in table
    assert "Tết" not in table


def test_the_page_is_whole_escaped_and_says_that_it_is_internal(project: Make) -> None:
    import tinyhtml5

    shown = plan.page(ledger(project(crowded())), {"2026/so-1": 44})
    assert "Hội &lt;A&gt;" in shown
    assert "Bài ba &amp; bốn" in shown
    assert 'content="noindex"' in shown
    tree = tinyhtml5.parse(shown, namespace_html_elements=False)
    rows = ["".join(cell.itertext()) for row in tree.iter("tr") for cell in row]
    assert "dàn 44 trang / dự kiến 40 (thừa 4)" in rows
    assert "1a" in rows
