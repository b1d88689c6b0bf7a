"""The documentation says what is so: commands, keys, directives, codes, links, examples, floors."""

from __future__ import annotations

import ast
import dataclasses
import functools
import re
import typing
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bulletin import build, cli, directives, manuscript, markdown, rulebook, schema, yamltree
from bulletin.almanac import CalendarSpec, MediumSpec, QuizSpec
from bulletin.bureau import OfficeSpec, PaySpec, PeopleSpec
from bulletin.diag import Place, Report
from bulletin.model import Config, IssueSpec, Meta
from bulletin.rulebook import RuleFile

ROOT = Path(__file__).parent.parent
VI = ROOT / "docs" / "vi"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(VI.glob("*.md"))}
ALL = "\n".join(PAGES.values())
ENGLISH = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
ENGLISH += sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = [*ENGLISH, *sorted(VI.glob("*.md"))]
SOURCES = sorted((ROOT / "bulletin").rglob("*.py"))
CODE = re.compile(r"\b([A-Z]{2}\d{3})\b")


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def ticked(text: str) -> set[str]:
    """What stands between single backticks outside of fences."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(r"`([^`\n]+)`", prose))


def section(text: str, heading: str) -> str:
    """The part under a heading, to the next heading of the same or a higher level."""
    match = re.search(rf"^(#+) {re.escape(heading)}$(.*)", text, re.DOTALL | re.MULTILINE)
    assert match, f"no heading «{heading}»"
    return re.split(rf"^#{{1,{len(match[1])}}} ", match[2], maxsplit=1, flags=re.MULTILINE)[0]


def fences(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def module(path: Path) -> str:
    parts = path.relative_to(ROOT / "bulletin").with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {module(p): p for p in SOURCES if p != ROOT / "bulletin" / "__init__.py"}


def imports(path: Path) -> set[str]:
    """Modules of ours that ``path`` imports anywhere, but for the type checker."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in typing_only:
            base = (node.module or "").split(".")
            if base[0] != "bulletin":
                continue
            for alias in node.names:
                full = ".".join([*base[1:], alias.name])
                found.add(full if full in MODULES else ".".join(base[1:]))
    return {name for name in found if name in MODULES}


@functools.cache
def reachable() -> dict[str, Path]:
    """The modules that the command can come to, by name."""
    found: dict[str, Path] = {}
    todo = ["__main__"]
    while todo:
        name = todo.pop()
        if name not in found and name in MODULES:
            found[name] = MODULES[name]
            todo += [name.rpartition(".")[0], *imports(MODULES[name])]
    return found


def table(text: str) -> dict[str, str]:
    """First cell (a key in backticks) → second cell."""
    rows = re.findall(r"^\| `([a-z_.]+)` \|([^|]*)\|", text, re.MULTILINE)
    return {name: cell.strip() for name, cell in rows}


def required(cell: str) -> bool:
    return re.match(r"có\b", cell) is not None


# ---- commands ------------------------------------------------------------------------------------


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = [("bulletin", cli.main_group), *commands(cli.main_group, "bulletin")]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_option_is_documented_and_no_other(path: str, command: click.Command) -> None:
    part = section(PAGES["lenh.md"], path)
    rows = "\n".join(line for line in part.splitlines() if line.startswith("|"))
    said = set(re.findall(r"`(--?[A-Za-z][a-z-]*)`", rows))
    options = [p for p in command.get_params(click.Context(command)) if isinstance(p, click.Option)]
    real = {name for option in options for name in option.opts}
    shared = {"-h", "--help"}  # told once, for all
    assert said == (real | shared if command is cli.main_group else real - shared)


def test_every_exit_code_of_the_docstring_is_documented() -> None:
    told = set(re.findall(r"\b(\d+) [a-z]", cli.main.__doc__ or ""))
    rows = set(re.findall(r"^\| (\d+) \|", section(PAGES["lenh.md"], "Mã thoát"), re.MULTILINE))
    assert told
    assert told <= rows


# ---- keys ----------------------------------------------------------------------------------------


def keys(kind: type, prefix: str = "") -> Iterator[tuple[str, schema.Field]]:
    """Dotted name and declaration of every field, also inside lists and groups."""
    for name, (field, hint) in schema.fields(kind).items():
        yield f"{prefix}{name}", field
        for inner in (hint, *typing.get_args(hint)):
            if isinstance(inner, type) and dataclasses.is_dataclass(inner):
                yield from keys(inner, f"{prefix}{name}.")


@pytest.mark.parametrize(
    ("kind", "page", "heading"),
    [
        (Meta, "viet-bai.md", "Phần khai báo"),
        (IssueSpec, "so-bao.md", "Các khóa"),
        (Config, "cau-hinh.md", "Mọi khóa"),
        (RuleFile, "quy-tac.md", "Tệp quy tắc"),
        (CalendarSpec, "tu-lieu.md", "Lịch"),
        (QuizSpec, "tu-lieu.md", "Bộ câu hỏi"),
        (MediumSpec, "tu-lieu.md", "Thư viện"),
        (OfficeSpec, "van-phong.md", "Mọi khóa của van-phong.yaml"),
        (PeopleSpec, "van-phong.md", "Mọi khóa của rieng/tac-gia.yaml"),
        (PaySpec, "van-phong.md", "Mọi khóa của tệp nhuận bút"),
    ],
)
def test_every_key_is_documented_and_no_other(kind: type, page: str, heading: str) -> None:
    part = section(PAGES[page], heading)
    rows = table(part)
    declared = dict(keys(kind))
    words = ticked(part)
    assert set(declared) - words == set()
    assert set(rows) - set(declared) == set()
    for name, field in declared.items():
        assert set(field.choices) <= words, f"choices of {name}"
        if name in rows:
            assert required(rows[name]) == field.required, f"{name}: required or not"


def test_every_palette_of_the_theme_is_documented() -> None:
    text = (ROOT / "themes" / "lhh" / "theme.yaml").read_text(encoding="utf-8")
    palettes = re.search(r"^palettes:\n(.*?)^\S", text, re.DOTALL | re.MULTILINE)
    assert palettes
    assert set(re.findall(r"- name: (\w+)", palettes[1])) <= ticked(PAGES["so-bao.md"])


# ---- directives ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*directives.TEXT, *directives.DATA])
def test_every_directive_has_a_section_with_an_example(name: str) -> None:
    part = section(PAGES["viet-bai.md"], name)
    assert any(f":::{name}" in example for example in fences(part, "markdown"))
    assert f"[`{name}`](#{name})" in PAGES["viet-bai.md"]


@pytest.mark.parametrize("name", list(directives.DATA))
def test_every_option_of_a_directive_is_documented_and_no_other(name: str) -> None:
    part = section(PAGES["viet-bai.md"], name)
    rows = table(part)
    declared = dict(keys(directives.DATA[name].options))
    assert set(rows) == set(declared)
    for key, field in declared.items():
        assert set(field.choices) <= ticked(part), f"choices of {key}"
        assert required(rows[key]) == field.required, f"{key}: required or not"


def test_no_section_for_a_directive_that_does_not_exist() -> None:
    part = section(PAGES["viet-bai.md"], "Các khối")
    told = set(re.findall(r"^### (.+)$", part, re.MULTILINE))
    assert told == {*directives.TEXT, *directives.DATA}


# ---- codes ---------------------------------------------------------------------------------------


def source_codes() -> set[str]:
    found: set[str] = set()
    for path in reachable().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {word for word in node.value.split() if CODE.fullmatch(word)}
    return found


def table_codes() -> list[str]:
    return re.findall(r"^\| `([A-Z]{2}\d{3})` \|", ALL, re.MULTILINE)


def test_every_code_of_the_source_is_in_the_table() -> None:
    assert sorted(source_codes() - set(table_codes())) == []


def test_every_documented_code_exists_in_the_source() -> None:
    areas = {code[:2] for code in source_codes()}
    texts = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    told = {code for code in CODE.findall(texts) if code[:2] in areas}
    assert sorted(told - source_codes()) == []


def test_no_code_stands_twice_in_the_table() -> None:
    told = table_codes()
    assert len(told) == len(set(told))


def severities() -> dict[str, set[str]]:
    """Code → «lỗi», «cảnh báo» where a call names both literally."""
    words = {"error": "lỗi", "ERROR": "lỗi", "warn": "cảnh báo", "WARNING": "cảnh báo"}
    found: dict[str, set[str]] = {}
    for path in reachable().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            said = [a.value for a in node.args if isinstance(a, ast.Constant)]
            code = next((s for s in said if isinstance(s, str) and CODE.fullmatch(s)), None)
            named = [a.attr for a in [*node.args, node.func] if isinstance(a, ast.Attribute)]
            if code:
                found.setdefault(code, set()).update(words[n] for n in named if n in words)
    return found


def test_the_table_tells_errors_from_warnings() -> None:
    rows = re.findall(r"^\| `([A-Z]{2}\d{3})` \| ([^|]*) \|", ALL, re.MULTILINE)
    source = severities()
    wrong = [
        f"{code}: «{told}», source says {real}"
        for code, told in rows
        for real in [source.get(code, set())]
        if any(word not in told for word in real) or (len(real) == 1 and told not in real)
    ]
    assert wrong == []


# ---- links, make targets, pictures ---------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """Anchors of headings as forges make them."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
        found.add(kept.replace(" ", "-"))
    return found


def links(text: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"`[^`\n]+`", lambda m: re.sub(r"[()\[\]]", "", m[0]), prose)
    return re.findall(r"\]\(([^)\s]+)\)", prose)


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_relative_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in links(text):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, fragment = target.partition("#")
        where = (path.parent / name).resolve() if name else path
        assert where.exists(), target
        if fragment and where.suffix == ".md":
            assert fragment in anchors(where.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_make_targets_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):(?: |$)", makefile, re.MULTILINE))
    text = path.read_text(encoding="utf-8")
    spans = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ *(make .*)$", text, re.MULTILINE)]
    told = {m[1] for span in spans if (m := re.match(r"make ([a-z][a-z-]*)\b", span))}
    assert told <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_commands_in_the_text_exist(path: Path) -> None:
    groups = {"bulletin new", "bulletin office"}
    known = {name for name, _ in COMMANDS} | groups
    text = path.read_text(encoding="utf-8")
    spans = [*re.findall(r"`([^`\n]+)`", text)]
    for block in re.findall(r"^```(?:sh|text)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        spans += block.splitlines()
    for span in spans:
        if match := re.match(r"bulletin( [a-z]+)( [a-z-]+)?(?= |$)", span.strip()):
            both = "bulletin" + match[1] + (match[2] or "")
            assert both in known or "bulletin" + match[1] in known - groups, span


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 90


# ---- examples ------------------------------------------------------------------------------------

EXAMPLES = [(name, text) for name in PAGES for text in fences(PAGES[name], "markdown")]
SIDES = fences(PAGES["tu-lieu.md"], "yaml")
ISSUES = [
    (name, text)
    for name in PAGES
    if name not in ("tu-lieu.md", "quy-tac.md")
    for text in fences(PAGES[name], "yaml")
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples_are_read_without_a_complaint(name: str, example: str) -> None:
    report = Report()
    if example.startswith("---\n"):
        article = manuscript.read("content/2026/so-4/vi-du.md", example.encode(), report).article
        assert article
        inside = {r.target[1:] for r in article.references if r.target.startswith("#")}
        assert inside <= set(article.anchors)
    else:
        assert markdown.parse(example, name, 1, report).nodes
    assert [(item.code, item.message) for item in report.items] == []


@pytest.mark.parametrize(("name", "example"), ISSUES)
def test_example_issues_are_read_without_a_complaint(name: str, example: str) -> None:
    report = Report()
    assert build.read_issue("issues/2027/so-1.yaml", example.encode(), report), name
    assert [(item.code, item.message) for item in report.items] == []


@pytest.mark.parametrize(
    ("path", "example"),
    [
        *zip(
            ("content/lich.yaml", "content/tu-kiem-tra/a.yaml", "content/thu-vien/b.yaml"),
            SIDES,
            strict=True,
        )
    ],
)
def test_examples_beside_articles_are_read_without_a_complaint(path: str, example: str) -> None:
    report = Report()
    kind = build.side_kind(path)
    assert kind
    value, _ = schema.read(kind, yamltree.parse(example, path, report), report, Place(path), path)
    assert value
    assert report.items == []


@pytest.mark.parametrize("example", fences(PAGES["quy-tac.md"], "yaml"))
def test_example_rule_files_are_read_without_a_complaint(example: str) -> None:
    report = Report()
    assert rulebook.read({"content/quy-tac/a.yaml": example}, report).rules
    assert report.items == []


def test_there_is_a_full_article_and_a_full_issue() -> None:
    assert any(text.startswith("---\n") for _, text in EXAMPLES)
    assert ISSUES


# ---- floors --------------------------------------------------------------------------------------


def test_the_floors_are_those_of_the_imports() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| ([^|]*) \|", section(text, "Floors"), re.MULTILINE)
    order = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
    place = {name: number for number, name in enumerate(order)}
    modules = reachable()
    # A package may stand for its modules.
    seat = {n: n if n in place else n.rpartition(".")[0] for n in modules}
    assert sorted(set(seat.values())) == sorted(order)
    upwards = [
        f"{name} imports {other}"
        for name, path in modules.items()
        for other in imports(path)
        if seat[name] != seat[other] and place[seat[other]] >= place[seat[name]]
    ]
    assert upwards == []
