"""What the public must not see is in no public file: drafts, edited, approved, embargoed."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import AS_OF, ISSUE, LIGHT, THEME, WORDS, Make, Project, article, at, codes

from bulletin import text
from bulletin.text import VIETNAM

# Words that occur nowhere else, in title, standfirst, body, keyword, author, source, brief, alt.
SECRETS = {
    "title": "Zebravằn",
    "standfirst": "Khủnglongtắm",
    "body": "Đàđiểuchạy",
    "keyword": "Sóiđồngcỏ",
    "author": "Cáheongủ",
    "source": "Rùabiểnđẻ",
    "alt": "Ốcsênbò",
    "caption": "Nhímxùgai",
}
OPEN_PLAN = (
    ISSUE.replace("status: published", "status: in-progress")
    .replace("[mot]", "[mot, kin]")
    .replace("teasers: []", "teasers: [kin]")
    .replace("brief:", "letter: kin\nbrief:")
)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 7"><path d="M0 0h7"/></svg>'
KIN = "content/2026/so-1/kin.md"
PDF = "print/2026/ban-tin-so-1-2026.pdf"
needs_pdftotext = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils missing")


def secret(status: str, **fields: str) -> dict[str, str | bytes]:
    body = (
        f"{WORDS}\n\nTrong bài có {SECRETS['body']}, xem ![{SECRETS['alt']}](kin-hinh.svg) nữa.\n"
    )
    return {
        **LIGHT,
        "themes/plain/templates/web/article.html": THEME["templates/web/article.html"]
        + "{% for card in page.related %}{{ card.title }}{% endfor %}",
        "issues/2026/so-1.yaml": OPEN_PLAN,
        "content/2026/so-1/mot.md": article(
            body=f"{WORDS} Đọc thêm [bài kia](kin.md).", keywords=f"[{SECRETS['keyword']} chung]"
        ),
        "content/2026/so-1/kin-hinh.svg": PICTURE,
        KIN: article(
            SECRETS["title"],
            body,
            uid='"2026-1-kin"',
            status=status,
            standfirst=SECRETS["standfirst"],
            keywords=f"[{SECRETS['keyword']} riêng]",
            authors=f"[{SECRETS['author']}]",
            sources=f"[{{title: {SECRETS['source']}}}]",
            cover=f"{{file: kin-hinh.svg, alt: Hình, caption: {SECRETS['caption']}, credit: Ban biên tập}}",
            **fields,
        ),
    }


def leaks(made: Project) -> set[str]:
    """Public files that hold a secret word in any spelling, or the article's address or picture."""
    words = [word for name, word in SECRETS.items() if name != "keyword"]
    words += [f"{SECRETS['keyword']} riêng", "2026-1-kin", "kin-hinh", "so-1/kin/"]
    found = set()
    for path, data in made.tree().items():
        if not path.startswith("site/"):
            continue
        shown = pdf_text(data) if path.endswith(".pdf") else data.decode("utf-8", "replace")
        shown += path
        if path.endswith(".json"):
            shown += json.dumps(json.loads(data), ensure_ascii=False)
        plain = text.fold(unicodedata.normalize("NFC", shown))
        if any(text.fold(word) in plain or text.slug(word) in plain for word in words):
            found.add(path)
    return found


def pdf_text(data: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-", "-"], input=data, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


@needs_pdftotext
@pytest.mark.parametrize("status", ["draft", "edited", "approved"])
def test_unpublished_piece_is_in_no_public_file(project: Make, status: str) -> None:
    made = project(secret(status))
    outcome = made.build(("site", "print"))
    assert not outcome.failed
    assert leaks(made) == set()
    printed = pdf_text(made.tree()[PDF])
    for name in ("title", "body"):
        assert (SECRETS[name] in printed) is (status == "approved"), name
    assert not any(path.startswith("site/") and path.endswith(".pdf") for path in made.tree())


@needs_pdftotext
def test_the_search_for_leaks_would_find_one(project: Make) -> None:
    made = project(secret("published"))
    assert not made.build(("site", "print")).failed
    assert len(leaks(made)) > 10
    assert "site/2026/so-1/mot/index.html" in leaks(made)


def test_a_piece_taken_back_leaves_nothing(project: Make) -> None:
    made = project(secret("published"))
    made.build()
    assert leaks(made)
    made.write(KIN, secret("draft")[KIN])
    assert not made.build().failed
    assert leaks(made) == set()


def test_approved_piece_in_a_published_issue_is_an_error(project: Make) -> None:
    files = secret("approved")
    files["issues/2026/so-1.yaml"] = OPEN_PLAN.replace("in-progress", "published")
    made = project(files)
    outcome = made.build(("site", "print"))
    assert str(at(outcome.diagnostics, "PL008").place).startswith(f"{KIN}:")
    assert outcome.failed
    assert made.tree() == {}


@needs_pdftotext
@pytest.mark.parametrize("status", ["draft", "edited"])
def test_draft_in_a_published_issue_is_in_no_copy(project: Make, status: str) -> None:
    files = secret(status)
    files["issues/2026/so-1.yaml"] = OPEN_PLAN.replace("in-progress", "published")
    made = project(files)
    assert not made.build(("site", "print")).failed
    assert leaks(made) == set()
    assert f"site/2026/so-1/{PDF.rsplit('/', 1)[1]}" in made.tree()
    printed = pdf_text(made.tree()[PDF])
    assert not any(word in printed for word in SECRETS.values() if word != SECRETS["keyword"])


@needs_pdftotext
def test_future_date_is_an_embargo(project: Make) -> None:
    files = secret("published", date="2026-11-22")
    files["issues/2026/so-1.yaml"] = OPEN_PLAN.replace("in-progress", "published")
    made = project(files)
    midnight = datetime(2026, 11, 22, 0, 0, tzinfo=VIETNAM)
    made.build(("site", "print"), as_of=midnight - timedelta(minutes=1))
    assert leaks(made) == set()
    assert SECRETS["title"] in pdf_text(made.tree()[PDF]), "it goes to print in time"
    assert not any(path.startswith("site/") and path.endswith(".pdf") for path in made.tree())
    made.build(("site", "print"), as_of=midnight)
    assert leaks(made)
    assert any(path.startswith("site/") and path.endswith(".pdf") for path in made.tree())


def test_publish_at_is_a_minute_of_vietnam(project: Make) -> None:
    made = project(secret("published", publish_at='"2026-05-18 06:00"'))
    for moment in (
        datetime(2026, 5, 18, 5, 59, 59, tzinfo=VIETNAM),
        datetime(2026, 5, 17, 22, 59, tzinfo=UTC),
    ):
        assert not made.build(as_of=moment).failed
        assert leaks(made) == set()
    for moment in (
        datetime(2026, 5, 18, 6, 0, tzinfo=VIETNAM),
        datetime(2026, 5, 17, 23, 0, tzinfo=UTC),
    ):
        assert not made.build(as_of=moment).failed
        assert "site/2026/so-1/kin/index.html" in leaks(made)
        assert made.build(as_of=moment - timedelta(minutes=1)).tree
        assert leaks(made) == set(), "and gone again when the clock goes back"


def test_publish_at_beats_date(project: Make) -> None:
    made = project(secret("published", date="2026-01-01", publish_at='"2027-01-01 00:00"'))
    assert not made.build().failed
    assert leaks(made) == set()


def test_the_issue_of_the_future_shows_only_what_is_due(project: Make) -> None:
    """An issue without a date lends its pieces its deadline."""
    files = secret("published")
    files["issues/2026/so-1.yaml"] = OPEN_PLAN.replace("date: 2026-03-25\n", "", 1).replace(
        "date: 2026-03-31", "date: 2026-12-31"
    )
    made = project(files)
    assert not made.build().failed
    assert "site/2026/so-1/index.html" not in made.tree()
    assert leaks(made) == set()
    made.build(as_of=datetime(2026, 12, 31, 0, 0, tzinfo=VIETNAM))
    assert "site/2026/so-1/index.html" in made.tree()


@needs_pdftotext
def test_drafts_are_shown_only_when_asked_for(project: Make) -> None:
    made = project(secret("draft"))
    made.build(("site", "print"), drafts=True)
    assert "site/2026/so-1/kin/index.html" in leaks(made)
    assert SECRETS["title"] in pdf_text(made.tree()[PDF])
    made.build(("site", "print"))
    assert leaks(made) == set()
    assert SECRETS["title"] not in pdf_text(made.tree()[PDF])


def test_notes_of_the_board_are_never_public(project: Make) -> None:
    """Briefs, plan and orientations are for the board even of what is published."""
    files = secret("published", brief="Đềcươngkín", orientations="[1a]")
    files["issues/2026/so-1.yaml"] = OPEN_PLAN.replace("Yêu cầu của kế hoạch", "Yêucầukín").replace(
        "Định hướng một", "Địnhhướngkín"
    )
    made = project(files)
    assert not made.build(("site", "print")).failed
    for path, data in made.tree().items():
        for word in ("Đềcươngkín", "Yêucầukín", "Địnhhướngkín"):
            assert word.encode() not in data, path


def test_pictures_for_the_web_carry_no_metadata(project: Make) -> None:
    """Cameras write where and by whom a picture was taken."""
    from PIL import Image

    out = io.BytesIO()
    picture = Image.new("RGB", (64, 48), (9, 90, 9))
    exif = Image.Exif()
    exif[0x010E] = "Nơichụpkín"
    exif[0x013B] = "Ngườichụpkín"
    picture.save(out, "JPEG", exif=exif)
    made = project(
        {
            **LIGHT,
            "content/2026/so-1/anh.jpg": out.getvalue(),
            "content/2026/so-1/mot.md": article(body=f"{WORDS} Xem ![ảnh](anh.jpg) này."),
        }
    )
    assert not made.build().failed
    pictures = [data for path, data in made.tree().items() if path.startswith("site/hinh/")]
    assert len(pictures) >= 2
    for data in pictures:
        with Image.open(io.BytesIO(data)) as image:
            assert dict(image.getexif()) == {}
        assert "kín".encode() not in data


def test_nothing_of_ours_lies_in_the_site(project: Make) -> None:
    """Cache, manifest and marker are beside the products, never inside them."""
    made = project(secret("draft"))
    made.build(("site", "print"))
    assert sorted(path.name for path in made.output.iterdir()) == [".bulletin", "print", "site"]
    odd = [p for p in (made.output / "site").rglob("*") if p.name.startswith(".")]
    assert [p.name for p in odd] == [".htaccess"]
    assert (made.output / ".bulletin/.gitignore").read_text() == "*\n"


def test_link_to_a_hidden_piece_keeps_its_words_only(project: Make) -> None:
    made = project(secret("draft"))
    outcome = made.build()
    assert "LK005" in codes(outcome.diagnostics)
    page = made.text("site/2026/so-1/mot/index.html")
    assert "Đọc thêm bài kia." in re.sub("<[^>]+>", "", page)
    assert 'href="../../../2026/so-1/kin' not in page


def test_secrets_of_the_folder_are_not_served_from_content(project: Make, tmp_path: Path) -> None:
    """A symbolic link out of the content is an error, and nothing of it is published."""
    (tmp_path / "mat.svg").write_text(PICTURE)
    made = project({**LIGHT, "content/2026/so-1/mot.md": article(body=f"{WORDS} ![a](mat.svg) b")})
    (made.root / "content/2026/so-1/mat.svg").symlink_to(tmp_path / "mat.svg")
    (made.root / "content/2026/so-1/vong.md").symlink_to(made.root / "content/2026/so-1/vong.md")
    (made.root / "content/thu-muc").symlink_to(tmp_path)
    outcome = made.build(as_of=AS_OF)
    assert codes(outcome.diagnostics).count("SY002") == 3
    assert made.tree() == {}
