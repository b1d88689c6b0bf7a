"""From an empty folder to a project; schemas, workflows, forms; the machine; the shell."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import LIGHT, Make

from bulletin import blueprint, checkup, cli, forge, starter
from bulletin.model import Config, Meta

HERE = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795226400")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moi") / "Bản tin của tôi"
    starter.begin(folder, 'Khoa học "và" Đời sống', starter.date(2026, 11, 21))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


# ---- init ----------------------------------------------------------------------------------------


def test_a_new_project_passes_check(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "-C", str(fresh), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row for row in rows if row["severity"] == "error"] == []
    named = {row["message"].removeprefix("chưa điền ") for row in rows if row["code"] == "CF010"}
    assert {"publication.agency", "publication.licence.number", "publication.printer"} <= named


def test_a_new_project_builds(fresh: Path, tmp_path: Path) -> None:
    out = tmp_path / "ra"
    assert cli.main(["build", "--only", "site", "-C", str(fresh), "-o", str(out)]) == 0
    first = (out / "site/index.html").read_text(encoding="utf-8")
    assert "Khoa học “và” Đời sống" in first or "Khoa học &#34;và&#34; Đời sống" in first


def test_init_never_writes_over(fresh: Path, tmp_path: Path) -> None:
    before = files(fresh)
    assert cli.main(["init", str(fresh)]) == 2
    assert files(fresh) == before
    (tmp_path / ".gitignore").write_text("cua toi")
    assert cli.main(["init", str(tmp_path)]) == 2
    assert files(tmp_path) == {".gitignore": b"cua toi"}
    assert (
        cli.main(["init", str(tmp_path / "moi"), "--name", "Bản tin A", "--as-of", "2027-02-01"])
        == 0
    )
    assert (tmp_path / "moi/issues/2027/so-1.yaml").is_file()
    assert "Bản tin A" in (tmp_path / "moi/bulletin.yaml").read_text()


def test_init_that_cannot_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open
    left = 3

    def full(self: Path, *args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "hết chỗ")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)
    assert cli.main(["init", str(tmp_path / "moi")]) == 3
    monkeypatch.undo()
    assert files(tmp_path) == {}


def test_the_hook_runs_check_and_another_hook_is_kept(tmp_path: Path) -> None:
    assert cli.main(["init", str(tmp_path)]) == 0
    assert cli.main(["init", str(tmp_path), "--hook"]) == 2, "not a repository"
    (tmp_path / ".git" / "hooks").mkdir(parents=True)
    assert cli.main(["init", str(tmp_path), "--hook"]) == 0
    hook = tmp_path / ".git/hooks/pre-commit"
    assert hook.stat().st_mode & stat.S_IXUSR
    assert "bulletin check" in hook.read_text()
    hook.write_text("cua toi")
    assert cli.main(["init", str(tmp_path), "--hook"]) == 2
    assert hook.read_text() == "cua toi"


def test_hooks_for_the_pre_commit_program() -> None:
    (hook,) = yaml.safe_load((HERE / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "bulletin check"
    assert hook["pass_filenames"] is False
    for path in ("content/2026/so-1/a.md", "issues/2026/so-1.yaml", "bulletin.yaml"):
        assert re.search(hook["files"], path)


# ---- workflows -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", forge.FORGES)
def test_workflows_check_build_and_publish(kind: str, tmp_path: Path) -> None:
    starter.write(tmp_path, {"bulletin.yaml": ""})
    assert cli.main(["init", str(tmp_path), "--ci", kind]) == 0
    path, content = forge.workflow(kind)
    assert (tmp_path / path).read_text() == content
    read = yaml.safe_load(content)
    jobs = (
        [read[name] for name in ("check", "pages")] if kind == "gitlab" else read["jobs"].values()
    )
    said = json.dumps(list(jobs), ensure_ascii=False)
    for words in ("bulletin check", "bulletin build", "output/site"):
        assert words in said
    assert "{libraries}" not in content
    assert "{{{{" not in content
    if kind == "github":
        assert "${{ vars.BULLETIN_SOURCE }}" in content
        assert read["permissions"] == {"contents": "read"}
    assert cli.main(["init", str(tmp_path), "--ci", kind]) == 2, "never written over"


# ---- schemas -------------------------------------------------------------------------------------


def plain(text: str) -> Any:
    """YAML as an editor reads it, with dates as text."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        key: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
        for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader)  # noqa: TID251


def test_our_own_files_fit_the_schemas(fresh: Path) -> None:
    for kind in blueprint.KINDS:
        jsonschema.Draft7Validator.check_schema(blueprint.json_schema(kind))
    check = jsonschema.Draft7Validator
    for root in (HERE, fresh):
        told = list(
            check(blueprint.json_schema("bulletin")).iter_errors(
                plain((root / "bulletin.yaml").read_text())
            )
        )
        assert told == []
        for path in sorted((root / "issues").rglob("*.yaml")):
            assert (
                list(check(blueprint.json_schema("issue")).iter_errors(plain(path.read_text())))
                == []
            ), path
        article = check(blueprint.json_schema("article"))
        for path in sorted((root / "content").rglob("*.md"))[:20]:
            head = path.read_text().split("---\n")[1]
            assert [e.message for e in article.iter_errors(plain(head))] == [], path


def test_schemas_find_what_check_finds() -> None:
    article = jsonschema.Draft7Validator(blueprint.json_schema("article"))
    good = {"title": "A", "uid": "a", "section": "b", "genre": "guide", "status": "draft"}
    assert article.is_valid(good)
    for bad in ({"status": "xong"}, {"tieude": "A"}, {"date": "hôm nay"}, {"authors": {"a": 1}}):
        assert not article.is_valid({**good, **bad}), bad
    assert not article.is_valid({k: v for k, v in good.items() if k != "title"})
    said = article.schema["properties"]["title"]["description"]
    assert "Tên bài" in said


def test_vs_code(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = json.loads((fresh / ".vscode/settings.json").read_text())
    for path in settings["yaml.schemas"]:
        assert json.loads((fresh / path).read_text())["$schema"] == blueprint.DRAFT
    (task,) = json.loads((fresh / ".vscode/tasks.json").read_text())["tasks"]
    line = "content/2026/so-1/a.md:4:9: error: [FM009] «duyet» không thuộc draft"
    match = re.match(task["problemMatcher"]["pattern"]["regexp"], line)
    assert match
    assert match.groups()[:5] == ("content/2026/so-1/a.md", "4", "9", "error", "FM009")
    (fresh / ".vscode/settings.json").write_text("{}\n")
    (fresh / forge.SCHEMAS / "article.schema.json").write_text("{}")
    assert cli.main(["schema", "-C", str(fresh)]) == 0
    assert (fresh / ".vscode/settings.json").read_text() == "{}\n"
    assert "Tên bài" in (fresh / forge.SCHEMAS / "article.schema.json").read_text()
    capsys.readouterr()
    assert cli.main(["schema", "--kind", "issue"]) == 0
    assert json.loads(capsys.readouterr().out)["required"]


# ---- the CMS -------------------------------------------------------------------------------------


def test_cms(project: Make, capsys: pytest.CaptureFixture[str]) -> None:
    desk = project(LIGHT)
    assert cli.main(["cms-config", "-C", str(desk.root), "--repo", "lhh/ban-tin"]) == 0
    read = yaml.safe_load(capsys.readouterr().out)
    assert read["backend"] == {"name": "github", "repo": "lhh/ban-tin", "branch": "main"}
    (issue,) = read["collections"]
    assert issue["folder"] == "content/2026/so-1"
    fields = {field["name"]: field for field in issue["fields"]}
    assert set(fields) == {*blueprint.schema.fields(Meta), "body"} - {"issue", "slug"}
    assert fields["section"]["options"] == ["ky-thuat", "hoi-dap"]
    assert fields["status"]["widget"] == "select"
    assert fields["cover"]["fields"][0]["name"] == "file"
    assert len(blueprint.form(Config)) == len(blueprint.schema.fields(Config))


@pytest.mark.parametrize("backend", ["github", "gitlab", "gitea"])
def test_the_cms_accepts_its_configuration(
    backend: str, fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = json.loads((HERE / "tests/schemas/sveltia-cms.json").read_text(encoding="utf-8"))
    check = jsonschema.Draft7Validator(schema)
    capsys.readouterr()
    words = ["cms-config", "-C", str(fresh), "--repo", "lhh/ban-tin", "--backend", backend]
    assert cli.main(words) == 0
    read = yaml.safe_load(capsys.readouterr().out)
    assert [f"{e.json_path}: {e.message[:200]}" for e in check.iter_errors(read)] == []
    for spoiled in ({"locale": "vi"}, {"collections": 7}, {"backend": {"name": backend}}):
        assert not check.is_valid(read | spoiled), spoiled


# ---- doctor --------------------------------------------------------------------------------------


def test_doctor(project: Make, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    desk = project(LIGHT)
    assert cli.main(["doctor", "-C", str(desk.root), "--format", "json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["Pango"]["state"] == checkup.GOOD
    assert "FOGRA39" in rows["Giao diện"]["said"]
    assert {"Python", "Bảng mã", "Đĩa", "Thư mục ra", "Kho git"} <= set(rows)
    assert cli.main(["doctor", "-C", str(tmp_path)]) == 0
    assert "Không ở trong dự án" in capsys.readouterr().err


def test_doctor_says_what_to_do_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint.text.ffi", None)
    missing = [checkup.pango(), *checkup.tools(lambda _: None)]
    assert missing[0].state == checkup.MISSING
    for name, words in (("debian", "apt-get"), ("windows", "MSYS2"), ("macos", "brew")):
        text = checkup.render(missing, name)
        assert words in text
        assert text.count("cách làm") == len(missing)


def test_doctor_sees_a_broken_theme(project: Make) -> None:
    desk = project({"bulletin.yaml": "theme: khong-co\n"})
    assert checkup.theme(desk.root).state == checkup.MISSING


# ---- the shell -----------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == 0
    assert "_BULLETIN_COMPLETE" in capsys.readouterr().out


def test_completion_knows_commands_and_options() -> None:
    env = {**os.environ, "_BULLETIN_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    code = "from bulletin import cli; cli.main([])"

    def told(words: str, number: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**env, "COMP_WORDS": words, "COMP_CWORD": number},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    assert "plain,import" in told("bulletin im", "1")
    assert "plain,--section" in told("bulletin import --s", "2")
