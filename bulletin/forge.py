"""What stands around a project on a forge and in an editor: workflows, hooks, settings, forms.

The texts are written out: a workflow that somebody reads is better than one that is made up of
parts. What they install can be said by the project; the program itself is on no public index.
"""

from __future__ import annotations

import json
from typing import Any

from bulletin import blueprint
from bulletin.model import Config, Meta

FORGES = ("github", "gitlab", "forgejo", "gitea")
# Where the two look for workflows, and by which name their runner is called when it is set up.
_RUNNERS = {"forgejo": "docker", "gitea": "ubuntu-latest"}
SCHEMAS = ".vscode/bulletin"
LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1"
SOURCE = "đường-dẫn-tới-chương-trình"  # the office says from where the program is installed

HOOK = """\
#!/bin/sh
# Kiểm tra bản thảo trước mỗi lần commit. Bỏ qua một lần: git commit --no-verify
exec bulletin check
"""

_STEPS = """\
      - name: Thư viện dàn trang
        run: sudo apt-get update && sudo apt-get install -y {libraries}
      - name: Cài bulletin
        # Ghi vào biến BULLETIN_SOURCE của kho nơi lấy chương trình, ví dụ git+https://…
        run: pip install "${{{{ vars.BULLETIN_SOURCE }}}}"
      - name: Kiểm tra
        run: bulletin check --format github
      - name: Dựng
        run: bulletin build
"""

GITHUB = """\
# Kiểm tra mỗi lần đẩy; nhánh main thì dựng và đăng lên GitHub Pages.
name: bulletin
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
concurrency:
  group: bulletin-${{{{ github.ref }}}}
  cancel-in-progress: true
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
{steps}\
      - uses: actions/upload-pages-artifact@v3
        if: github.ref == 'refs/heads/main'
        with:
          path: output/site
  publish:
    if: github.ref == 'refs/heads/main'
    needs: build
    runs-on: ubuntu-latest
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{{{ steps.deploy.outputs.page_url }}}}
    steps:
      - id: deploy
        uses: actions/deploy-pages@v4
"""

FORGEJO_AND_GITEA = """\
# Kiểm tra mỗi lần đẩy; nhánh main thì dựng và đẩy trang web sang nhánh «pages».
name: bulletin
on:
  push:
    branches: [main]
  pull_request:
jobs:
  build:
    runs-on: {runner}
    container:
      image: python:3.12-bookworm
    steps:
      - name: Node cho actions/checkout
        run: apt-get update && apt-get install -y nodejs git {libraries}
      - uses: actions/checkout@v4
      - name: Cài bulletin
        # Ghi vào biến BULLETIN_SOURCE của kho nơi lấy chương trình, ví dụ git+https://…
        run: pip install "${{{{ vars.BULLETIN_SOURCE }}}}"
      - name: Kiểm tra
        run: bulletin check
      - name: Dựng
        run: bulletin build
      - name: Đăng
        if: github.ref == 'refs/heads/main'
        env:
          TOKEN: ${{{{ secrets.GITHUB_TOKEN }}}}
          SERVER: ${{{{ github.server_url }}}}
          REPOSITORY: ${{{{ github.repository }}}}
        run: |
          cd output/site
          git init -q -b pages
          git add -A
          git -c user.name=bulletin -c user.email=bulletin@localhost commit -q -m "Trang web"
          git push -q -f "https://bulletin:$TOKEN@${{SERVER#https://}}/$REPOSITORY.git" pages
"""

GITLAB = """\
# Kiểm tra mỗi lần đẩy; nhánh mặc định thì dựng và đăng lên GitLab Pages.
# Ghi vào biến BULLETIN_SOURCE của dự án (Settings → CI/CD → Variables) nơi lấy chương trình.
image: python:3.12-bookworm

.install: &install
  - apt-get update && apt-get install -y {libraries}
  - pip install "$BULLETIN_SOURCE"

check:
  rules:
    - if: $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH
  script:
    - *install
    - bulletin check

pages:
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - *install
    - bulletin check
    - bulletin build
    - rm -rf public
    - cp -r output/site public
  artifacts:
    paths: [public]
"""


def workflow(forge: str) -> tuple[str, str]:
    """(path, content) of the workflow for one forge."""
    if forge == "gitlab":
        return ".gitlab-ci.yml", GITLAB.format(libraries=LIBRARIES)
    if forge in _RUNNERS:
        text = FORGEJO_AND_GITEA.format(libraries=LIBRARIES, runner=_RUNNERS[forge])
        return f".{forge}/workflows/bulletin.yml", text
    steps = _STEPS.format(libraries=LIBRARIES)
    return ".github/workflows/bulletin.yml", GITHUB.format(steps=steps)


# ---- the editor ----------------------------------------------------------------------------------


def editor() -> dict[str, str]:
    """Settings of VS Code: what each key may hold, and «bulletin check» as squiggles."""
    files = {
        f"{SCHEMAS}/{kind}.schema.json": dumped(blueprint.json_schema(kind))
        for kind in blueprint.KINDS
    }
    files[".vscode/settings.json"] = dumped(
        {
            "yaml.schemas": {
                f"{SCHEMAS}/bulletin.schema.json": "bulletin.yaml",
                f"{SCHEMAS}/issue.schema.json": "issues/**/*.y*ml",
            },
            "files.encoding": "utf8",
            "files.eol": "\n",
            "[markdown]": {
                "editor.wordWrap": "on",
                "editor.unicodeHighlight.ambiguousCharacters": False,
            },
        }
    )
    files[".vscode/tasks.json"] = dumped({"version": "2.0.0", "tasks": [_task()]})
    files[".vscode/extensions.json"] = dumped({"recommendations": ["redhat.vscode-yaml"]})
    return files


def _task() -> dict[str, Any]:
    """Problems stand in the files as squiggles: Terminal → Run Build Task."""
    return {
        "label": "bulletin check",
        "type": "shell",
        "command": "bulletin check --format gnu",
        "group": {"kind": "build", "isDefault": True},
        "presentation": {"reveal": "never"},
        "problemMatcher": {
            "owner": "bulletin",
            "fileLocation": ["relative", "${workspaceFolder}"],
            "pattern": {
                "regexp": PROBLEM,
                "file": 1,
                "line": 2,
                "column": 3,
                "severity": 4,
                "code": 5,
                "message": 6,
            },
        },
    }


# One line of ``--format gnu``.
PROBLEM = r"^(.+?):(\d+):(\d+): (error|warning|note): \[([A-Z]{2}\d{3})\] (.*)$"


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


# ---- the CMS -------------------------------------------------------------------------------------


def cms(config: Config, issues: list[str], backend: str, repository: str) -> str:
    """Configuration of Sveltia CMS as YAML; one folder of articles for each issue."""
    import yaml

    hidden = frozenset({"issue", "slug"})
    fields = blueprint.form(Meta, hidden)
    for field in fields:
        if field["name"] == "section":
            field |= {"widget": "select", "options": [section.slug for section in config.sections]}
    fields.append({"name": "body", "label": "Thân bài", "widget": "markdown", "required": True})
    collections = [
        {
            "name": issue.replace("/", "-"),
            "label": f"Bài của {issue}",
            "folder": f"content/{issue}",
            "create": True,
            "extension": "md",
            "format": "yaml-frontmatter",
            "slug": "{{title}}",
            "media_folder": "",
            "public_folder": "",
            "fields": fields,
        }
        for issue in issues
    ]
    value = {
        "backend": {"name": backend, "repo": repository, "branch": "main"},
        "slug": {"encoding": "ascii", "clean_accents": True},
        "media_folder": "content",
        "collections": collections,
    }
    return "# Do bulletin cms-config viết ra từ bảng khóa của chương trình; đừng sửa tay.\n" + str(
        yaml.dump(value, Dumper=_plain_dumper(), allow_unicode=True, sort_keys=False, width=100)
    )


def _plain_dumper() -> Any:
    """Every list is written out where it stands, without anchors."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return Dumper
