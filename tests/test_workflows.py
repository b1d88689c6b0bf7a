"""What ``init --ci`` and ``init`` write for others to run: by the schemas of the forges, and every
command that stands in it exists, with its options."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml

from bulletin import cli, forge

HERE = Path(__file__).parent
# Forgejo and Gitea read the syntax of GitHub.
SCHEMA = dict.fromkeys(("github", "forgejo", "gitea"), "github-workflows") | {"gitlab": "gitlab-ci"}
# What a shell itself knows, and what stands on the image that the workflow names.
ELSEWHERE = {"apt-get", "cd", "cp", "git", "pip", "rm", "sudo"}


def faults(kind: str, workflow: Any) -> list[str]:
    schema = json.loads((HERE / "schemas" / f"{SCHEMA[kind]}.json").read_text(encoding="utf-8"))
    found = jsonschema.Draft7Validator(schema).iter_errors(json.loads(json.dumps(workflow)))
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def read(kind: str) -> Any:
    """As the forge reads it: for YAML 1.2 «on» is a word, for PyYAML it is true."""
    value = yaml.safe_load(forge.workflow(kind)[1])
    return {"on" if key is True else key: item for key, item in value.items()}


def scripts(kind: str, workflow: Any) -> list[str]:
    """Every piece of shell of a workflow."""
    if kind == "gitlab":
        jobs = [job for job in workflow.values() if isinstance(job, dict) and "script" in job]
        flat = [line for job in jobs for line in _flat(job["script"])]
        return [*flat, *_flat(workflow[".install"])]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [step["run"] for step in steps if "run" in step]


def _flat(lines: Any) -> Iterator[str]:
    for line in lines:
        if isinstance(line, str):
            yield line
        else:
            yield from _flat(line)


def calls(script: str) -> list[list[str]]:
    """Words of each simple command."""
    parts = [part for row in script.splitlines() for part in re.split(r"&&|\|\||;|\|", row)]
    return [words for part in parts if (words := shlex.split(part, comments=True))]


def unknown(words: list[str]) -> str:
    """What ``bulletin …`` does not know of its own command line; empty if all is known."""
    command: click.Command = cli.main_group
    rest = words[1:]
    while isinstance(command, click.Group):
        found = command.commands.get(rest[0]) if rest else None
        if found is None:
            return f"no command {' '.join(words)}"
        command, rest = found, rest[1:]
    try:
        command.make_context(words[0], rest, resilient_parsing=False)
    except click.UsageError as error:
        return str(error)
    return ""


def test_every_forge_looks_where_its_workflow_lies() -> None:
    assert {kind: forge.workflow(kind)[0] for kind in forge.FORGES} == {
        "github": ".github/workflows/bulletin.yml",
        "gitlab": ".gitlab-ci.yml",
        "forgejo": ".forgejo/workflows/bulletin.yml",
        "gitea": ".gitea/workflows/bulletin.yml",  # Gitea does not read what is Forgejo's
    }


@pytest.mark.parametrize("kind", forge.FORGES)
def test_a_forge_accepts_its_workflow(kind: str) -> None:
    assert faults(kind, read(kind)) == []


def _odd_job(workflow: Any) -> None:
    job = workflow.get("pages") or workflow["jobs"]["build"]
    job["stepz"] = job.pop("steps", None)
    job["artifacts"] = job["rules"] = 7


def _no_start(workflow: Any) -> None:
    if "on" in workflow:
        workflow["on"] = {"psuh": None}
    else:
        workflow["check"]["script"] = {"a": 1}


@pytest.mark.parametrize("kind", forge.FORGES)
@pytest.mark.parametrize("spoil", [_odd_job, _no_start])
def test_the_schema_would_find_a_mistake(kind: str, spoil: Callable[[Any], None]) -> None:
    workflow = read(kind)
    spoil(workflow)
    assert faults(kind, workflow)


@pytest.mark.parametrize("kind", forge.FORGES)
def test_every_command_of_a_workflow_exists(kind: str) -> None:
    ours = []
    for script in scripts(kind, read(kind)):
        # Expressions of the forge are put in before a shell sees the text.
        plain = re.sub(r"\$\{\{.*?\}\}", "x", script)
        assert subprocess.run(["bash", "-n", "-c", plain], check=False).returncode == 0
        for words in calls(plain):
            if words[0] == "bulletin":
                ours.append(words)
                assert unknown(words) == ""
            else:
                assert words[0] in ELSEWHERE, words
    assert [words[1] for words in ours].count("build") == 1
    assert "check" in [words[1] for words in ours]


def test_the_hook_and_the_task_call_what_exists() -> None:
    (task,) = json.loads(forge.editor()[".vscode/tasks.json"])["tasks"]
    (hook,) = [line for line in forge.HOOK.splitlines() if line.startswith("exec ")]
    (ready,) = yaml.safe_load((HERE.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for line in (task["command"], hook.removeprefix("exec "), ready["entry"]):
        assert unknown(shlex.split(line)) == ""


def test_what_does_not_exist_is_found() -> None:
    assert unknown(["bulletin", "chekc"])
    assert unknown(["bulletin", "check", "--formt", "gnu"])
    assert unknown(["bulletin", "check", "--format", "xml"])
