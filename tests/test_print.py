"""The PDF for the printer: size, fonts, text, and what must stop it."""

from __future__ import annotations

import dataclasses
import io
import multiprocessing
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import conftest
import pikepdf
import pytest
from conftest import CONFIG, ISSUE, LIGHT, THEME, WORDS, Make, Project, article, at, magazine

from bulletin import build as pipeline
from bulletin import outputs, workers
from bulletin.diag import Diagnostic, Place, Report, Severity
from bulletin.model import Job, Outcome
from bulletin.outputs import press as press_output
from bulletin.store import Blobs, Store
from bulletin.studio import Studio

ONE = "content/2026/so-1/mot.md"
PDF = "print/2026/ban-tin-so-1-2026.pdf"
MM = 72 / 25.4
PAGE = THEME["templates/print/issue.html"]
CSS = THEME["print/print.css"]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 7"><path d="M0 0h7"/></svg>'
needs_pdftotext = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils missing")


def codes(items: tuple[Diagnostic, ...]) -> list[str]:
    """All codes but PD031: the plain theme has no house pages to fill a booklet's signature."""
    return [code for code in conftest.codes(items) if code != "PD031"]


def press(made: Project) -> Outcome:
    return made.build(("print",))


def opened(made: Project) -> pikepdf.Pdf:
    outcome = press(made)
    assert not outcome.failed, outcome.diagnostics
    return pikepdf.open(io.BytesIO(made.tree()[PDF]))


def pdf_text(made: Project) -> str:
    done = subprocess.run(
        ["pdftotext", "-", "-"], input=made.tree()[PDF], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def fonts(pdf: pikepdf.Pdf) -> list[Any]:
    """Descriptors of every font of every page."""
    found: list[Any] = []
    for page in pdf.pages:
        for font in page.Resources.get("/Font", {}).values():
            for inner in font.get("/DescendantFonts", [font]):
                found.append(inner.FontDescriptor)
    return found


def test_trim_size_and_embedded_fonts(project: Make) -> None:
    with opened(project({**LIGHT, **magazine(3)})) as pdf:
        assert len(pdf.pages) >= 1
        for page in pdf.pages:
            left, bottom, right, top = (float(value) for value in page.mediabox)
            assert (right - left) / MM == pytest.approx(190, abs=0.05)
            assert (top - bottom) / MM == pytest.approx(270, abs=0.05)
        descriptors = fonts(pdf)
        assert descriptors
        for descriptor in descriptors:
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys()), descriptor.FontName
            assert "LHH" in str(descriptor.FontName)


def test_size_of_the_profile(project: Make) -> None:
    small = CONFIG + "print: {trim_width: 148, trim_height: 210}\n"
    with opened(project({**LIGHT, "bulletin.yaml": small})) as pdf:
        _, _, right, top = (float(value) for value in pdf.pages[0].mediabox)
        assert (right / MM, top / MM) == pytest.approx((148, 210), abs=0.05)


@needs_pdftotext
def test_text_can_be_taken_out_in_nfc(project: Make) -> None:
    alphabet = "ăâđêôơư ẮẰẲẴẶ ấầẩẫậ ĐẾỀỂỄỆ ốồổỗộ ỚỜỞỠỢ ứừửữự ỳýỷỹỵ"
    body = unicodedata.normalize("NFD", f"{WORDS}\n\nBảng chữ: `{alphabet}`.")
    made = project({**LIGHT, ONE: article("Nuôi lợn ở Đắk Pxi", body)})
    outcome = press(made)
    assert codes(outcome.diagnostics) == ["TX003"]
    words = pdf_text(made)
    assert unicodedata.is_normalized("NFC", words)
    flat = " ".join(words.split())
    assert alphabet in flat
    assert "Nuôi lợn ở Đắk Pxi" in flat
    assert "Tuyên Quang, ngày 25 tháng 3 năm 2026" in flat
    assert "37/GP-XBBT" in flat


@needs_pdftotext
def test_issue_without_a_date_leaves_the_day_open(project: Make) -> None:
    made = project({**LIGHT, "issues/2026/so-1.yaml": ISSUE.replace("date: 2026-03-25\n", "", 1)})
    assert codes(press(made).diagnostics) == ["PL009"]
    assert "Tuyên Quang, ngày …… tháng 3 năm 2026" in " ".join(pdf_text(made).split())


# ---- what must stop it -------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"body": f"{WORDS} Con 🐖 này."},
        {"title": "Con 🐖 này"},
        {"standfirst": "Con 🐖 này."},
        {"authors": "[Ông 🐖]"},
        {
            "cover": "{file: hinh.svg, alt: Hình, caption: Con 🐖 này, credit: Ban biên tập}",
        },
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_letter_that_no_font_has_is_named(project: Make, fields: dict[str, str]) -> None:
    made = project({**LIGHT, ONE: article(**fields), "content/2026/so-1/hinh.svg": PICTURE})
    outcome = press(made)
    found = at(outcome.diagnostics, "PD002")
    assert found.severity is Severity.ERROR
    assert found.place.path == ONE
    assert "«🐖» U+1F416" in found.message
    assert made.tree() == {}


def test_a_missing_letter_of_the_body_is_named_at_its_line(project: Make) -> None:
    body = f"{WORDS}\n\nCon 🐖 này.\n\n{WORDS}"
    found = at(press(project({**LIGHT, ONE: article(body=body)})).diagnostics, "PD002")
    line = article(body=body).split("\n").index("Con 🐖 này.") + 1
    assert (found.place.path, found.place.line) == (ONE, line)


def test_letters_that_the_fonts_have_are_no_error(project: Make) -> None:
    body = f"{WORDS} “Ngoặc” – gạch… 5\u00a0kg, 90%, ½, ², °C, ≥, €, ₫ và ký\u00adhiệu."
    assert codes(press(project({**LIGHT, ONE: article(body=body)})).diagnostics) == []


def test_a_font_of_this_machine_is_refused(
    project: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with one font of its own, which the theme does not have."""
    fonts = tmp_path / "may"
    fonts.mkdir()
    (fonts / "own.ttf").write_bytes((conftest.FONTS / "GentiumPlus-Regular.ttf").read_bytes())
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}/fc</cachedir></fontconfig>",
        encoding="utf-8",
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    css = CSS + "h1{font-family:'Gentium Plus'}"
    made = project({**LIGHT, "themes/plain/print/print.css": css})
    outcome = press(made)
    assert set(codes(outcome.diagnostics)) == {"PD004"}
    assert outcome.failed
    assert made.tree() == {}


def test_remote_picture_in_an_article_is_refused(project: Make) -> None:
    body = f"{WORDS} Xem ![ảnh](https://example.vn/a.png) này."
    outcome = press(project({**LIGHT, ONE: article(body=body)}))
    assert str(at(outcome.diagnostics, "IM003").place) == f"{ONE}:14:{len(WORDS) + 6}"
    assert outcome.failed


@pytest.mark.parametrize(
    "address",
    [
        "https://example.vn/a.png",
        "http://127.0.0.1:9/a.png",
        "file:///etc/passwd",
        "/etc/hostname",
        "picture:svg/" + "0" * 64,
        "theme:theme.yaml",
        "theme:fonts/../theme.yaml",
    ],
)
def test_the_engine_sees_only_what_the_job_names(project: Make, address: str) -> None:
    template = PAGE.replace("<body>", f'<body><img src="{address}" alt="x">')
    made = project({**LIGHT, "themes/plain/templates/print/issue.html": template})
    outcome = press(made)
    found = at(outcome.diagnostics, "PD001")
    assert found.severity is Severity.ERROR
    assert "không được phép" in found.message
    assert made.tree() == {}


def test_an_engine_warning_is_a_diagnostic(project: Make, capfd: Any) -> None:
    made = project({**LIGHT, "themes/plain/print/print.css": CSS + "h1{colour:red}"})
    outcome = press(made)
    found = at(outcome.diagnostics, "PD001")
    assert found.severity is Severity.WARNING
    assert "colour" in found.message
    assert not outcome.failed
    assert PDF in made.tree()
    assert press(made).diagnostics == outcome.diagnostics, "said again though nothing was made"
    assert capfd.readouterr() == ("", ""), "the engine itself prints nothing"


def test_links_inside_the_issue_do_not_break(project: Make) -> None:
    """A heading has another id in print than on the web; the engine would warn of a dead anchor."""
    files = {**LIGHT, **magazine(2)}
    files["content/2026/so-1/bai-1.md"] = article(
        "Bài số 1",
        f"{WORDS}\n\n## Chuồng trại\n\nXem [mục trên](#chuong-trai), [bài này](bai-1.md), [bài kia](bai-2.md), "
        "[mục của bài kia](bai-2.md#thuc-an), [thư](mailto:a@example.vn), chú thích[^1].\n\n[^1]: Lời.",
        uid="u1",
    )
    files["content/2026/so-1/bai-2.md"] = article(
        "Bài số 2", f"{WORDS}\n\n## Thức ăn\n\nCám.", uid="u2"
    )
    made = project(files)
    with opened(made) as pdf:
        links = [
            str(note.get("/Dest", "")) or str(note.A.get("/URI", note.A.get("/D", "")))
            for page in pdf.pages
            for note in page.get("/Annots", [])
        ]
        names: Any = pdf.Root.Names.Dests.Names
        known = {str(name) for name in list(names)[::2]}
    assert codes(press(made).diagnostics) == []
    assert {"p1-chuong-trai", "p2-thuc-an", "a-u1", "a-u2"} <= set(links)
    assert {link for link in links if not link.startswith("mailto:")} <= known
    assert "mailto:a@example.vn" in links


def test_link_to_another_issue_goes_to_the_site(project: Make) -> None:
    second = ISSUE.replace("number: 1", "number: 2").replace("[mot]", "[hai]")
    made = project(
        {
            **LIGHT,
            "bulletin.yaml": CONFIG.replace("/bantin/", "/bantin"),
            "issues/2026/so-2.yaml": second,
            "content/2026/so-2/hai.md": article("Bài hai", uid="u2"),
            ONE: article(body=f"{WORDS} Xem [bài](../so-2/hai.md)."),
        }
    )
    with opened(made) as pdf:
        links = [str(note.A.URI) for note in pdf.pages[0].Annots if "/URI" in note.get("/A", {})]
    assert links == ["https://example.vn/bantin/2026/so-2/hai/"]


def test_too_many_pages(project: Make) -> None:
    small = CONFIG + "print: {trim_width: 60, trim_height: 60, max_pages: 2}\n"
    outcome = press(project({**LIGHT, "bulletin.yaml": small, ONE: article(body=WORDS * 20)}))
    found = at(outcome.diagnostics, "PD003")
    assert found.place.path == "issues/2026/so-1.yaml"
    assert "tối đa 2" in found.message
    assert outcome.failed


# ---- limits and broken children ----------------------------------------------


def test_time_limit_stops_a_layout(project: Make) -> None:
    made = project({**LIGHT, "bulletin.yaml": CONFIG + "print: {time_limit: 0}\n"})
    outcome = press(made)
    assert codes(outcome.diagnostics) == ["PD012"]
    assert "print.time_limit" in outcome.diagnostics[0].hint
    assert pipeline.exit_code(outcome) == 3
    assert made.tree() == {}


def test_memory_limit_stops_a_layout(project: Make, capfd: Any) -> None:
    made = project({**LIGHT, "bulletin.yaml": CONFIG + "print: {memory_limit: 20}\n"})
    outcome = press(made)
    assert codes(outcome.diagnostics) == ["PD010"]
    assert "print.memory_limit" in outcome.diagnostics[0].hint
    assert pipeline.exit_code(outcome) == 3
    assert made.tree() == {}
    assert "Traceback" not in capfd.readouterr().err


def test_a_failed_layout_is_tried_again(project: Make) -> None:
    """A failure is never remembered."""
    made = project({**LIGHT, "bulletin.yaml": CONFIG + "print: {time_limit: 0}\n"})
    assert press(made).failed
    made.write("bulletin.yaml", CONFIG)
    assert press(made).made == (PDF,)


class Deadly:
    """Ends the process that unpickles it, as the memory killer would."""

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return (os._exit, (7,))


def shop(made: Project) -> tuple[workers.Workshop, list[Job]]:
    with Store(made.root / "memo") as store:
        from conftest import AS_OF

        ready = pipeline.prepare(made.root, store, "tools", AS_OF, False, Report())
        assert ready is not None
        jobs = list(
            outputs.jobs(outputs.Source(ready.config, ready.assembly, ready.theme, ("print",)))
        )
        return pipeline.workshop(ready, store, "tools"), jobs


def test_a_child_that_dies_is_a_diagnostic(project: Make) -> None:
    bench, (job,) = shop(project(LIGHT))
    made = workers._in_child(dataclasses.replace(job, page=Deadly()), bench)
    assert codes(made.diagnostics) == ["PD013"]
    assert "(mã 7)" in made.diagnostics[0].message


def test_the_guilty_article_is_named(project: Make) -> None:
    """Each is tried alone, and the one who waits hears which; so it knows at whom time ran out."""
    _, (job,) = shop(project(LIGHT))
    here, there = multiprocessing.Pipe()
    there.send("content/2026/so-1/mot.md")
    listener = workers.Listener(here)
    assert listener.answer(0.05) is None
    assert str(workers._guilty(job, listener.source)) == "content/2026/so-1/mot.md:1:1"
    there.send("")
    assert listener.answer(0.05) is None
    assert str(workers._guilty(job, listener.source)) == job.path, (
        "several together: only the file is known"
    )
    there.send(workers._failed(job, Place(job.path), "PD010", "", ""))
    made = listener.answer(0.05)
    assert made is not None
    assert codes(made.diagnostics) == ["PD010"]


def test_each_article_is_announced_before_it_is_tried(project: Make) -> None:
    bench, (job,) = shop(project({**LIGHT, "bulletin.yaml": CONFIG.replace("plain", "lhh")}))
    heard: list[str] = []
    blobs = Blobs(bench.cache, bench.sources)
    press_output.make(job, Studio(bench.theme, blobs.load, at=heard.append))
    assert ONE in heard
    assert heard[-1] == "", "at last all together"


LIMITED = """
import resource, sys
from pathlib import Path
from bulletin import workers
from bulletin.model import Job
class Pipe:
    def send(self, made):
        print(made.diagnostics[0].code, *(resource.getrlimit(k) for k in KINDS), sep="|")
    def close(self):
        pass
KINDS = (resource.RLIMIT_CPU, resource.RLIMIT_AS)
if sys.argv[2]:
    resource.setrlimit(resource.RLIMIT_CPU, (50, 50))
shop = workers.Workshop(None, Path(sys.argv[1]), {}, "", time_limit=100, memory_limit=3000)
workers._child(Job("a.pdf", "nothing", None), shop, {}, Pipe())
"""


@pytest.mark.parametrize(("before", "seconds"), [("", 260), ("narrow", 50)])
def test_a_child_that_nobody_watches_has_an_end(tmp_path: Path, before: str, seconds: int) -> None:
    """After a kill -9 of the build nobody looks at the clock: the system does."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path, before],
        capture_output=True,
        check=True,
        text=True,
        cwd=os.path.dirname(os.path.dirname(workers.__file__)),
    )
    memory = 3000 * 1024 * 1024
    assert done.stdout == f"PD014|({seconds}, {seconds})|({memory}, {memory})\n"


def test_a_bug_in_the_engine_is_a_diagnostic_without_traceback(project: Make, capfd: Any) -> None:
    bench, (job,) = shop(project(LIGHT))
    made = workers._in_child(dataclasses.replace(job, page="not a page"), bench)
    assert codes(made.diagnostics) == ["PD014"]
    assert "AttributeError" in made.diagnostics[0].message
    assert capfd.readouterr().err == ""


def test_missing_pango_says_what_to_install(project: Make) -> None:
    _, (job,) = shop(project(LIGHT))
    made = workers._broken(job, OSError("cannot load library 'libpango-1.0-0': not found"))
    assert codes(made.diagnostics) == ["PD011"]
    assert "apt install" in made.diagnostics[0].hint
    assert "--only site" in made.diagnostics[0].hint


def test_template_error_has_its_line(project: Make) -> None:
    template = PAGE.replace("<body>", "<body>\n\n{{ page.nothing }}")
    made = project({**LIGHT, "themes/plain/templates/print/issue.html": template})
    found = at(press(made).diagnostics, "TH009")
    assert str(found.place) == "themes/plain/templates/print/issue.html:3:1"
    assert "Traceback" not in found.message


def test_the_website_needs_no_layout_engine(project: Make) -> None:
    """F05: without Pango the website, feeds and checks work."""
    code = (
        "import sys, pathlib\n"
        "class No:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('weasyprint', 'cffi', 'pydyf'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, No())\n"
        "from bulletin.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    made = project(LIGHT)
    done = subprocess.run(
        [sys.executable, "-c", code, "build", "--only", "site", "-C", str(made.root)],
        capture_output=True,
        check=False,
        timeout=60,
        cwd=os.path.dirname(os.path.dirname(workers.__file__)),
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "site/index.html" in made.tree()


@needs_pdftotext
@pytest.mark.parametrize(("address", "count"), [("https://example.vn/bantin/", 3), ("", 0)])
def test_codes_only_when_the_site_has_an_address(project: Make, address: str, count: int) -> None:
    """One for each of the two articles and one for the issue."""
    counted = PAGE.replace("</body>", "<p>Mã: {{ codes|length }}.</p></body>")
    assert counted != PAGE
    config = CONFIG.replace("https://example.vn/bantin/", address)
    files = {**LIGHT, **magazine(2), "themes/plain/templates/print/issue.html": counted}
    made = project({**files, "bulletin.yaml": config})
    assert not press(made).failed
    assert f"Mã: {count}." in pdf_text(made)


@pytest.mark.parametrize(
    ("fields", "layout"),
    [
        ({"genre": "qa"}, "qa"),
        ({"genre": "numbers"}, "numbers"),
        ({"genre": "announcement"}, "announcement"),
        ({"genre": "news"}, "news"),
        ({"genre": "guide"}, "feature"),
        ({"genre": "qa", "layout": "feature"}, "feature"),
    ],
)
def test_the_genre_decides_how_a_piece_is_set(
    project: Make, fields: dict[str, str], layout: str
) -> None:
    _, (job,) = shop(project({**LIGHT, ONE: article(**fields)}))
    assert job.page.edition.issue.pieces[0].layout == layout
