"""The command as a person and a script meet it: exit codes, words, data, and no tracebacks."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import CONFIG, ISSUE, LIGHT, WORDS, Make, Project, article, magazine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bulletin
from bulletin import build as pipeline
from bulletin import cli, desk, files
from bulletin.files import Output, Trouble
from bulletin.genres import GENRES

ONE = "content/2026/so-1/mot.md"
HERE = Path(bulletin.__file__).parent.parent
ENGLISH = (
    "No such",
    "Missing",
    "Invalid",
    "is not",
    "Error",
    "Usage",
    "Try '",
    "unexpected",
    "range",
)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795226400")  # 2026-11-21 09:00 in Vietnam


class Said:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: str | Path) -> Said:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err + out
        return Said(code, out, err)

    return call


def process(
    *arguments: str | Path, code: str = "", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    command = ["-c", code] if code else ["-m", "bulletin"]
    return subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=HERE,
        timeout=60,
        env={**os.environ, **environment},
    )


def broken(project: Make) -> Project:
    return project(
        {
            **LIGHT,
            ONE: article(section="la", body=f"{WORDS}\n\n[a](khong-co.md)"),
            "content/2026/so-1/hai.md": article("Hai", uid="u2", status="xong"),
            "issues/2026/so-1.yaml": ISSUE.replace("accent: dao", "accent: xanh"),
        }
    )


# ---- exit codes --------------------------------------------------------------


def test_0_when_all_is_well(project: Make, run: Any) -> None:
    made = project(LIGHT)
    said = run("check", "-C", made.root)
    assert (said.code, said.out) == (0, "")
    assert "0 lỗi, 0 cảnh báo" in said.err
    said = run("build", "-C", made.root)
    assert (said.code, said.out) == (0, "")
    assert "Đã dựng xong" in said.err
    assert (made.output / "site/index.html").is_file()
    assert (made.output / "print/2026/ban-tin-so-1-2026.pdf").is_file()
    assert "không có gì thay đổi" in run("build", "-C", made.root).err


def test_0_with_warnings(project: Make, run: Any) -> None:
    said = run("check", "-C", project({**LIGHT, ONE: article(ai="")}).root)
    assert said.code == 0
    assert "cảnh báo[LG004]" in said.err


def test_1_for_content_all_problems_in_one_run(project: Make, run: Any) -> None:
    made = broken(project)
    for command in ("check", "build"):
        said = run(command, "-C", made.root)
        assert said.code == 1
        assert said.out == ""
        for part in (
            f"{ONE}:4:10: lỗi[FM030]",
            f"{ONE}:16:1: lỗi[LK003]",
            "content/2026/so-1/hai.md:7:9: lỗi[FM009]",
            "issues/2026/so-1.yaml:8:9: lỗi[TH003]",
            "gợi ý: các chuyên mục: hoi-dap, ky-thuat",
            "gợi ý: có: dao",
        ):
            assert part in said.err, part
        order = [line.split(":")[0] for line in said.err.split("\n") if "lỗi[" in line]
        assert order == sorted(order)
    assert "Bản cũ" in said.err
    assert not (made.output / "site").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("buld",),
        ("build", "--otput", "x"),
        ("build", "--format", "xml"),
        ("build", "--only", "pdf"),
        ("build", "-j", "-1"),
        ("build", "-j", "99"),
        ("build", "-j", "hai"),
        ("build", "thừa"),
        ("build", "-o"),
        ("check", "--as-of", "30/2/2026"),
        ("plan", "--format", "gnu"),
        ("serve", "-p", "0"),
        ("new", "articl"),
        ("new", "article"),
        ("new", "article", "X", "--issue", "2026/so-1"),
        ("new", "issue", "X", "--number", "0", "--year", "2026", "--deadline", "2026-01-01"),
        ("new", "issue", "X", "--number", "2", "--year", "2026", "--deadline", "mai"),
        ("-x",),
        ("build", "-C", "/khong/co"),
    ],
)
def test_2_for_usage_in_vietnamese(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(project(LIGHT).root)
    said = run(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("lỗi: ")
    assert not [word for word in ENGLISH if word in said.err], said.err


@pytest.mark.parametrize("arguments", [(), ("new",)])
def test_no_command_shows_the_help(run: Any, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert "Cách dùng: bulletin" in said.err
    assert "\\u{" not in said.err


@pytest.mark.parametrize(
    ("config", "part"),
    [
        ("", "thiếu «publication»"),
        ("a: [", "bulletin.yaml:1:"),
        ("- 1\n", "phải là các dòng"),
        ("publication: 3\n" + CONFIG, "khóa «publication» lặp lại"),
        (CONFIG + "themee: x\n", "ý bạn là «theme»?"),
        (CONFIG.replace("theme: plain", "theme: plian"), "theme.yaml"),
        (CONFIG.replace("theme: plain", "theme: ../../x"), "theme.yaml"),
        (CONFIG + "print: {trim_width: 210, trim_height: 297}\n", "190 × 270"),
        ("\ufeff" + CONFIG.replace("order: 20", "order: hai"), "không phải số nguyên"),
        (b"\xff\xfe" + CONFIG.encode("utf-16-le"), "UTF-16"),
        (b"a: \xff\n", "0xFF"),
        ("x" * 3_000_000, "bulletin.yaml"),
    ],
)
def test_2_for_a_broken_configuration(
    project: Make, run: Any, config: str | bytes, part: str
) -> None:
    said = run("check", "-C", project({**LIGHT, "bulletin.yaml": config}).root)
    assert said.code == 2
    assert part in said.err


def test_2_for_a_broken_theme(project: Make, run: Any) -> None:
    made = project({**LIGHT, "themes/plain/templates/web/home.html": "{% if %}"})
    said = run("check", "-C", made.root)
    assert said.code == 2
    assert "themes/plain/templates/web/home.html:1:1" in said.err


def test_2_without_configuration(tmp_path: Path, run: Any) -> None:
    said = run("build", "-C", tmp_path)
    assert said.code == 2
    assert "không thấy bulletin.yaml" in said.err
    assert "-C" in said.err
    assert list(tmp_path.iterdir()) == []


def test_project_is_found_from_below(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(LIGHT).root / "content" / "2026")
    assert run("check").code == 0


@pytest.mark.parametrize("folder", [".", "content", "/", "~", "~khong-co-nguoi-nay/x/content"])
def test_2_for_a_refused_output(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    made = project(LIGHT)
    monkeypatch.chdir(made.root)
    if "nguoi" in folder:  # an unknown user: the name is taken as it stands
        assert run("check", "-o", folder).code == 0
        return
    assert run("build", "-o", folder).code == 2


def test_3_for_the_environment(project: Make, run: Any, tmp_path: Path) -> None:
    made = project(LIGHT)
    (tmp_path / "tep").write_bytes(b"")
    said = run("build", "-C", made.root, "-o", tmp_path / "tep" / "ra")
    assert said.code == 3
    assert "không ghi được" in said.err


def test_3_for_a_database_that_cannot_be_written(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("bulletin.store.Store.remember", full)
    said = run("build", "-C", project(LIGHT).root)
    assert said.code == 3
    assert "dung lượng" in said.err


def test_4_when_locked_with_the_pid(project: Make, run: Any) -> None:
    made = project(LIGHT)
    with Output(made.output, made.root).lock():
        for command in ("build", "check", "plan"):
            said = run(command, "-C", made.root)
            assert said.code == 4
            assert f"tiến trình {os.getpid()}" in said.err
            assert "gợi ý" in said.err
    assert run("check", "-C", made.root).code == 0


def test_4_from_another_process(project: Make) -> None:
    made = project(LIGHT)
    with Output(made.output, made.root).lock():
        done = process("build", "-C", made.root)
    assert done.returncode == 4
    assert str(os.getpid()) in done.stderr.decode()


def test_70_for_a_bug_with_traceback_only_for_debug(
    project: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def bug(*_: object, **__: object) -> None:
        raise RuntimeError("hỏng \x1b[2J")

    monkeypatch.setattr(pipeline, "assembled", bug)
    made = project(LIGHT)
    assert cli.main(["build", "-C", str(made.root)]) == 70
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "--debug" in said
    assert "\x1b" not in said
    assert cli.main(["build", "-C", str(made.root), "--debug"]) == 70
    assert "Traceback" in capsys.readouterr().err
    assert cli.main(["--debug", "build", "-C", str(made.root)]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_130_when_interrupted(project: Make, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "assembled", stop)
    said = run("build", "-C", project(LIGHT).root)
    assert said.code == 130
    assert "Đã dừng" in said.err


def test_only_content_errors_are_content(project: Make, run: Any) -> None:
    """A link that should not be in the content is the board's to mend, not the machine's."""
    made = project(LIGHT)
    (made.root / "content/2026/so-1/x.md").symlink_to("/etc/passwd")
    said = run("check", "-C", made.root)
    assert said.code == 1
    assert "SY002" in said.err
    assert "/etc/passwd" in said.err


# ---- forms -------------------------------------------------------------------


def test_json_is_data_on_stdout(project: Make, run: Any) -> None:
    made = broken(project)
    said = run("check", "-C", made.root, "--format", "json")
    rows = json.loads(said.out)
    assert said.code == 1
    assert {row["code"] for row in rows} >= {"FM030", "LK003", "FM009", "TH003"}
    row = next(row for row in rows if row["code"] == "FM030")
    assert (row["path"], row["line"], row["column"], row["severity"]) == (ONE, 4, 10, "error")
    assert row["hint"]
    assert json.loads(run("check", "-C", project(LIGHT, "tot").root, "--format", "json").out) == []


@pytest.mark.parametrize("form", [["--format", "json"], ["--format=json"]])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "-C", "/khong/co"], 2),
        (["check", "--khong-co"], 2),
        (["plan", "-C", "/khong/co"], 2),
        (["build", "--as-of", "hôm qua", "-C", "{root}"], 2),
        (["build", "-o", "{root}/content", "-C", "{root}"], 2),
    ],
)
def test_json_stays_json_on_every_failure(
    project: Make, run: Any, form: list[str], arguments: list[str], code: int
) -> None:
    root = str(project(LIGHT).root)
    said = run(*(part.replace("{root}", root) for part in arguments), *form)
    assert said.code == code
    (row,) = json.loads(said.out)
    assert row["severity"] == "error"
    assert row["message"]
    assert said.err.startswith("lỗi: ")


def test_json_when_locked_broken_or_buggy(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(LIGHT)
    for command in ("build", "check", "plan"):
        with Output(made.output, made.root).lock():
            assert json.loads(run(command, "-C", made.root, "--format", "json").out)
    bad = project({**LIGHT, "bulletin.yaml": "a: ["}, "hong")
    for command in ("build", "check", "plan"):
        said = run(command, "-C", bad.root, "--format", "json")
        assert (said.code, json.loads(said.out)[0]["code"][:2]) == (2, "YM")

    def bug(*_: object, **__: object) -> None:
        raise RuntimeError("hỏng")

    monkeypatch.setattr(pipeline, "prepare", bug)
    said = run("check", "-C", made.root, "--format", "json")
    assert (said.code, json.loads(said.out)[0]["code"]) == (70, "SY070")


def test_plan_as_json_and_as_a_table(project: Make, run: Any) -> None:
    made = project(LIGHT)
    said = run("plan", "-C", made.root, "--format", "json")
    assert said.code == 0
    assert json.loads(said.out)["issues"][0]["issue"] == "2026/so-1"
    said = run("plan", "-C", made.root, "--as-of", "09/3/2026")
    assert "tính đến ngày 09 tháng 3 năm 2026" in said.out
    assert "Số 1/2026" in said.out
    said = run("plan", "-C", broken(lambda files: project(files, "hong")).root)
    assert said.code == 1
    assert "bảng có thể thiếu" in said.err


def test_gnu_lines(project: Make, run: Any) -> None:
    said = run("check", "-C", broken(project).root, "--format", "gnu")
    assert f"{ONE}:4:10: error: [FM030] " in said.out
    for line in said.out.strip().split("\n"):
        assert line.count(":") >= 4
    assert "lỗi[" not in said.err


def test_github_lines(project: Make, run: Any) -> None:
    said = run("check", "-C", broken(project).root, "--format", "github")
    assert f"::error file={ONE},line=4,col=10,title=FM030::" in said.out
    assert all(line.startswith("::") for line in said.out.strip().split("\n"))


# ---- did you mean ------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("buld",), "build"),
        (("chek",), "check"),
        (("plann",), "plan"),
        (("new", "articel"), "article"),
        (("new", "isue"), "issue"),
        (("build", "--formt", "json"), "--format"),
        (("build", "--draft"), "--drafts"),
        (("serve", "--publc"), "--public"),
    ],
)
def test_did_you_mean(run: Any, arguments: tuple[str, ...], hint: str) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert re.search(rf"ý bạn là {hint}[,?]", said.err)  # the nearest first


def test_help_is_vietnamese_everywhere(run: Any) -> None:
    def walk(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        inner = getattr(command, "commands", {})
        return [path] + [p for name, sub in inner.items() for p in walk(sub, (*path, name))]

    paths = walk(cli.main_group, ())
    assert len(paths) >= 8
    for path in paths:
        said = run(*path, "--help")
        assert said.code == 0
        assert "Cách dùng: bulletin" in said.out
        assert "Tùy chọn:" in said.out
        for word in (
            "Usage",
            "Options",
            "Show this",
            "Commands",
            "[required]",
            "TEXT",
            "INTEGER",
            "[default",
        ):
            assert word not in said.out, path
    assert run("--version").out == f"bulletin {bulletin.__version__}\n"


# ---- the clock ---------------------------------------------------------------


@pytest.mark.parametrize("value", ["", "-1", "abc", "1" + "0" * 12, "1.5", "٣", "9" * 5000, " 1"])
def test_bad_source_date_epoch(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    said = run("check", "-C", project(LIGHT).root)
    assert said.code == 2
    assert "SOURCE_DATE_EPOCH" in said.err


@pytest.mark.parametrize(("epoch", "day"), [("1774976399", "31"), ("1774976400", "01")])
def test_source_date_epoch_is_read_in_vietnam(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch, epoch: str, day: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert f"ngày {day} tháng" in run("plan", "-C", project(LIGHT).root).out


def test_as_of_goes_before_the_environment(
    project: Make, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    said = run("plan", "-C", project(LIGHT).root, "--as-of", "2026-01-02")
    assert said.code == 0
    assert "ngày 02 tháng 01 năm 2026" in said.out


# ---- streams -----------------------------------------------------------------

CLOSED = """
import os, sys
which = sys.argv.pop(1)
read, write = os.pipe()
os.close(read)
if which == "pipe":
    os.dup2(write, 1)
elif which == "full":
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
elif which == "none":
    os.close(1)
    sys.stdout = None
elif which == "err":
    os.dup2(write, 2)
from bulletin.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("which", ["pipe", "full", "none", "err"])
@pytest.mark.parametrize("form", ["json", "gnu", "text"])
def test_a_closed_stream_keeps_the_exit_code(project: Make, which: str, form: str) -> None:
    done = process(which, "check", "--format", form, "-C", broken(project).root, code=CLOSED)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_closed_pipe_of_the_plan(project: Make) -> None:
    done = process("pipe", "plan", "-C", project(LIGHT).root, code=CLOSED)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("columns", ["1", "20", "9999"])
def test_narrow_terminals_and_no_home(project: Make, columns: str) -> None:
    made = project(LIGHT)
    done = process("plan", "-C", made.root, COLUMNS=columns, HOME="", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "KẾ HOẠCH" in done.stdout.decode()


def test_control_characters_in_names_are_escaped(project: Make, run: Any) -> None:
    made = project({**LIGHT, "content/2026/so-1/a\x1b[2Jb.md": article(uid="u2")})
    said = run("check", "-C", made.root)
    assert said.code == 1
    assert "\x1b" not in said.err
    assert "\\u{001B}" in said.err


def test_colours_only_on_a_terminal(project: Make, run: Any) -> None:
    assert "\x1b" not in run("check", "-C", broken(project).root).err


# ---- new ---------------------------------------------------------------------


def test_new_article_passes_check(project: Make, run: Any) -> None:
    made = project(LIGHT)
    said = run(
        "new", "article", "Nuôi ong ở Đắk Pxi: «3 bước»", "-C", made.root,
        "--issue", "2026/so-1", "--section", "ky-thuat",
    )  # fmt: skip
    assert said.code == 0
    path = made.root / "content/2026/so-1/nuoi-ong-o-dak-pxi-3-buoc.md"
    assert path.is_file()
    assert "nuoi-ong-o-dak-pxi-3-buoc" in said.err
    content = path.read_text("utf-8")
    assert 'title: "Nuôi ong ở Đắk Pxi: «3 bước»"' in content
    assert "# Tên bài (bắt buộc)" in content
    said = run("check", "-C", made.root)
    assert said.code == 0
    assert "PL006" in said.err, "it must still be listed"


@pytest.mark.parametrize("genre", list(GENRES))
def test_new_article_of_every_genre(project: Make, run: Any, genre: str) -> None:
    made = project(LIGHT)
    arguments = ("--issue", "2026/so-1", "--section", "hoi-dap", "--genre", genre)
    assert run("new", "article", "Bài", "-C", made.root, *arguments).code == 0
    assert run("check", "-C", made.root).code == 0


def test_new_article_never_overwrites(project: Make, run: Any) -> None:
    made = project(LIGHT)
    before = (made.root / ONE).read_bytes()
    arguments = ("--issue", "2026/so-1", "--section", "ky-thuat", "--slug", "mot")
    said = run("new", "article", "Bài một", "-C", made.root, *arguments)
    assert said.code == 2
    assert "đã có" in said.err
    assert (made.root / ONE).read_bytes() == before


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"--issue": "2026/so-9"}, "2026/so-1"),
        ({"--issue": "../../etc"}, "2026/so-1"),
        ({"--section": "ky-thut"}, "ky-thuat"),
        ({"--genre": "tho"}, "guide"),
        ({"--slug": "Bài Mới"}, "--slug bai-moi"),
        ({"--slug": "../../x"}, "--slug x"),
        ({"--slug": "index"}, "--slug bai-index"),
        ({"title": ""}, "để trống"),
        ({"title": "\u200b"}, "U+200B"),
        ({"title": "a\x07b"}, "U+0007"),
        ({"title": "dài " * 60}, "giới hạn"),
    ],
)
def test_new_article_refuses_what_check_would_refuse(
    project: Make, run: Any, change: dict[str, str], part: str
) -> None:
    made = project(LIGHT)
    wanted = {"--issue": "2026/so-1", "--section": "ky-thuat", **change}
    title = wanted.pop("title", "Bài mới")
    options = [part for pair in wanted.items() for part in pair]
    before = sorted(made.root.rglob("*.md"))
    said = run("new", "article", title, "-C", made.root, *options)
    assert said.code == 2
    assert part in said.err
    assert sorted(made.root.rglob("*.md")) == before


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(title=st.text(max_size=60))
def test_whatever_the_title_the_new_file_is_good_or_refused(project: Make, title: str) -> None:
    made = project(LIGHT)
    for old in made.root.glob("content/2026/so-1/*.md"):
        if old.name != "mot.md":
            old.unlink()
    path = None
    with contextlib.suppress(Trouble):
        path = desk.new_article(made.root, title, "2026/so-1", "ky-thuat", "guide")
    found = sorted(made.root.glob("content/**/*.md"))
    assert found == sorted([made.root / ONE, *([path] if path else [])])
    assert [item for item in made.check() if item.severity == 2] == []


def test_new_issue_passes_check_in_any_theme(project: Make, run: Any) -> None:
    made = project(LIGHT)
    for number in (2, 3, 4, 5):
        said = run(
            "new", "issue", 'Chủ đề "mới": phần \\ hai', "-C", made.root,
            "--number", str(number), "--year", "2026", "--deadline", "30/6/2026",
        )  # fmt: skip
        assert said.code == 0, said.err
    assert run("check", "-C", made.root).code == 0
    table = run("plan", "-C", made.root, "--as-of", "2026-06-20").out
    assert "Số 2/2026 · chưa làm" in table
    assert "(hạn cuối 30/6/2026) – còn 10 ngày" in table


def test_new_issue_never_overwrites_and_refuses_nonsense(project: Make, run: Any) -> None:
    made = project(LIGHT)
    before = (made.root / "issues/2026/so-1.yaml").read_bytes()
    deadline = ("--deadline", "2026-03-31", "-C", made.root)
    said = run("new", "issue", "X", "--number", "1", "--year", "2026", *deadline)
    assert (said.code, "đã có" in said.err) == (2, True)
    assert (made.root / "issues/2026/so-1.yaml").read_bytes() == before
    said = run("new", "issue", " ", "--number", "2", "--year", "2026", *deadline)
    assert said.code == 2
    said = run(
        "new",
        "issue",
        "X",
        *deadline[2:],
        "--number",
        "2",
        "--year",
        "2026",
        "--deadline",
        "2026-02-30",
    )
    assert "tháng 2/2026 chỉ có 28 ngày" in said.err
    assert "--deadline 2026-03-31" in said.err
    assert not (made.root / "issues/2026/so-2.yaml").exists()


def test_new_article_fits_the_new_issue(project: Make, run: Any) -> None:
    made = project(LIGHT)
    common = ("-C", made.root)
    run(
        "new",
        "issue",
        "Mới",
        "--number",
        "2",
        "--year",
        "2026",
        "--deadline",
        "2026-06-30",
        *common,
    )
    run("new", "article", "Bài", "--issue", "2026/so-2", "--section", "hoi-dap", *common)
    assert run("check", *common).code == 0
    assert run("build", "--drafts", *common).code == 0
    assert (made.output / "site/2026/so-2/bai/index.html").is_file()


def test_new_in_a_broken_project_says_so(project: Make, run: Any) -> None:
    made = project({**LIGHT, "bulletin.yaml": "a: ["})
    said = run("new", "article", "X", "-C", made.root, "--issue", "2026/so-1", "--section", "x")
    assert said.code == 2
    assert "bulletin check" in said.err


# ---- build options -----------------------------------------------------------


def test_only_drafts_output_and_workers(project: Make, run: Any, tmp_path: Path) -> None:
    made = project({**LIGHT, **magazine(2)})
    made.write("content/2026/so-1/bai-2.md", article("Bài nháp", uid="u2", status="draft"))
    said = run("build", "-C", made.root, "--only", "site", "-o", tmp_path / "ra", "-j", "2")
    assert said.code == 0
    assert sorted(p.name for p in (tmp_path / "ra").iterdir()) == [".bulletin", "site"]
    assert not made.output.exists()
    assert not (tmp_path / "ra/site/2026/so-1/bai-2").exists()
    run("build", "-C", made.root, "--only", "site", "-o", tmp_path / "ra", "--drafts")
    assert (tmp_path / "ra/site/2026/so-1/bai-2").exists()


def test_check_writes_no_product_and_no_source(project: Make, run: Any) -> None:
    made = project(LIGHT)
    before = {p: p.read_bytes() for p in made.root.rglob("*") if p.is_file()}
    run("check", "-C", made.root)
    run("plan", "-C", made.root)
    after = {
        p: p.read_bytes() for p in made.root.rglob("*") if p.is_file() and files.OURS not in p.parts
    }
    assert after == before
