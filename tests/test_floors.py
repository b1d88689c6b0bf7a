"""The house rules of the code itself: floors, purity, late imports, size; and that the rules bite.

A module may import only from rows above its own. A row that names a package stands for all its
modules, which may import one another as long as nothing goes round in a circle.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "bulletin"

ROWS = (
    (0, "genres"),
    (0, "bulletin"),
    (0, "diag text colour policy numerals archive"),
    (0, "typeset"),
    (1, "privacy syllable yamltree"),
    (1, "legacy"),
    (1, "schema"),
    (1, "permits printshop rulebook"),
    (2, "language"),
    (2, "bureau"),
    (2, "almanac"),
    (2, "outlets"),
    (2, "model"),
    (2, "codec ornament pages"),
    (3, "directives linked formula phrases responsive"),
    (3, "filters"),
    (3, "charts grammar picture theme"),
    (3, "facts"),
    (3, "markdown"),
    (3, "blueprint"),
    (3, "manuscript"),
    (3, "frontmatter"),
    (3, "darkroom"),
    (4, "schedule"),
    (4, "seating"),
    (4, "plan"),
    (4, "duties"),
    (4, "hosting profiles"),
    (4, "addresses crosscheck likeness references"),
    (4, "noticeboard"),
    (4, "catalog"),
    (4, "rules"),
    (5, "html qr studio agenda"),
    (5, "prepress screen"),
    (5, "ebook"),
    (5, "imposition office"),
    (5, "broadcast"),
    (5, "papers"),
    (5, "outputs"),
    (5, "word"),
    (5, "approval"),
    (6, "files store"),
    (6, "repeat recollect"),
    (6, "workers"),
    (7, "build"),
    (7, "desk preflight"),
    (7, "intake forge"),
    (7, "starter checkup"),
    (7, "inbox"),
    (7, "serving"),
    (7, "finished"),
    (7, "cabinet release"),
    (7, "explain mending"),
    (7, "publishing"),
    (8, "terminal"),
    (8, "commands"),
    (8, "cli"),
    (8, "__main__"),
)
PURE_UP_TO = 5
IMPURE = frozenset("os pathlib time random socket subprocess sqlite3".split())
CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")
LATE = frozenset(
    "weasyprint PIL fontTools feedgen watchdog ziamath latex2mathml pypdfium2 segno mammoth "
    "icalendar docx openpyxl".split()
)
MAX_FILE, MAX_FUNCTION = 720, 60

ROW_OF = {name: row for row, (_, names) in enumerate(ROWS) for name in names.split()}
FLOOR_OF = {name: floor for floor, names in ROWS for name in names.split()}


def room(module: str) -> str:
    """The name by which the table knows a module: ``bulletin.outputs.site`` → ``outputs``."""
    return module.split(".")[1] if "." in module else module


def imports(tree: ast.Module, modules: set[str]) -> Iterator[tuple[str, int, bool, bool]]:
    """(module, line, at top level, only for types) of every import, wherever it stands."""

    def visit(node: ast.AST, top: bool, types: bool) -> Iterator[tuple[str, int, bool, bool]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, top, types
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write absolute imports"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else str(node.module), node.lineno, top, types
        inner = top and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for part in node.body:
                yield from visit(part, inner, True)
            for part in node.orelse:
                yield from visit(part, inner, types)
            return
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inner, types)

    yield from visit(tree, True, False)


def problems(sources: dict[str, str]) -> list[str]:
    """Every breach of the house rules in ``module name → source``."""
    found: list[str] = []
    graph: dict[str, set[str]] = {}
    for module, source in sorted(sources.items()):
        tree = ast.parse(source)
        graph[module] = set()
        found += [f"{module}: {what}" for what in size(source, tree)]
        if room(module) not in ROW_OF:
            found.append(f"{module}: has no floor")
            continue
        for target, line, top, types in imports(tree, set(sources)):
            if target in sources and not types:
                graph[module].add(target)
            found += [
                f"{module}:{line}: {what}" for what in wrong_import(module, target, top, types)
            ]
        if FLOOR_OF[room(module)] <= PURE_UP_TO:
            found += [f"{module}:{line}: {what}" for line, what in wrong_calls(tree)]
    return found + [f"circle: {' → '.join(circle)}" for circle in circles(graph)]


def wrong_import(module: str, target: str, top: bool, types: bool) -> Iterator[str]:
    first = target.partition(".")[0]
    if first == "bulletin":
        here, there = room(module), room(target)
        if there not in ROW_OF:
            yield f"imports {target}, which has no floor"
        elif ROW_OF[there] >= ROW_OF[here] and not (here == there and module != target):
            yield f"imports {target} from floor {FLOOR_OF[there]}"
    if first in IMPURE and FLOOR_OF[room(module)] <= PURE_UP_TO:
        yield f"imports {first} on a pure floor"
    if first in LATE and top and not types:
        yield f"imports {first} at top level"


def wrong_calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in {"open", "input", "print", "__import__"}:
                yield node.lineno, f"calls {node.func.id}"
        elif isinstance(node, ast.Attribute) and ast.unparse(node).endswith(CLOCKS):
            yield node.lineno, "asks the clock"


def size(source: str, tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield "has no docstring"
    lines = len(source.splitlines())
    if lines > MAX_FILE:
        yield f"has {lines} lines"
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                yield f"{node.name} has {length} lines"


def circles(graph: dict[str, set[str]]) -> list[tuple[str, ...]]:
    """Modules that import one another in a circle, lazily or not."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            circle = path[path.index(module) :]
            found.setdefault(frozenset(circle), (*circle, module))
        elif module not in done:
            for target in sorted(graph.get(module, ())):
                walk(target, (*path, module))
            done.add(module)

    for module in sorted(graph):
        walk(module, ())
    return list(found.values())


def house() -> dict[str, str]:
    sources = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = ("bulletin", *path.relative_to(ROOT).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        sources[name] = path.read_text(encoding="utf-8")
    return sources


def test_the_house_keeps_its_rules() -> None:
    assert problems(house()) == []


def test_the_table_has_no_room_that_does_not_exist() -> None:
    assert set(ROW_OF) == {room(module) for module in house()}


def test_floors_only_rise() -> None:
    floors = [floor for floor, _ in ROWS]
    assert floors == sorted(floors)
    assert len(ROW_OF) == sum(len(names.split()) for _, names in ROWS)


DOC = '"""A room."""\n'


@pytest.mark.parametrize(
    ("module", "source", "problem"),
    [
        ("text", DOC + "from bulletin import model\n", "bulletin.text:2: imports bulletin.model from floor 2"),
        ("text", DOC + "from bulletin.model import Node\n", "bulletin.text:2: imports bulletin.model from floor 2"),
        ("text", DOC + "import bulletin.model\n", "bulletin.text:2: imports bulletin.model from floor 2"),
        ("text", DOC + "from bulletin import diag\n", "bulletin.text:2: imports bulletin.diag from floor 0"),
        ("text", DOC + "def f():\n    from bulletin import model\n", "bulletin.text:3: imports bulletin.model from floor 2"),
        ("text", DOC + "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bulletin import model\n", "bulletin.text:4: imports bulletin.model from floor 2"),
        ("text", DOC + "import os\n", "bulletin.text:2: imports os on a pure floor"),
        ("html", DOC + "def f():\n    import os.path\n", "bulletin.html:3: imports os on a pure floor"),
        ("html", DOC + "from pathlib import Path\n", "bulletin.html:2: imports pathlib on a pure floor"),
        ("outputs.site", DOC + "import time\n", "bulletin.outputs.site:2: imports time on a pure floor"),
        ("catalog", DOC + "x = open('a')\n", "bulletin.catalog:2: calls open"),
        ("catalog", DOC + "def f():\n    with open('a') as x:\n        pass\n", "bulletin.catalog:3: calls open"),
        ("catalog", DOC + "x = datetime.now()\n", "bulletin.catalog:2: asks the clock"),
        ("catalog", DOC + "x = datetime.date.today\n", "bulletin.catalog:2: asks the clock"),
        ("files", DOC + "import weasyprint\n", "bulletin.files:2: imports weasyprint at top level"),
        ("picture", DOC + "try:\n    from PIL import Image\nexcept ImportError:\n    pass\n", "bulletin.picture:3: imports PIL at top level"),
        ("serving", DOC + "class A:\n    import watchdog.events\n", "bulletin.serving:3: imports watchdog at top level"),
        ("attic", DOC, "bulletin.attic: has no floor"),
        ("text", DOC + "from bulletin.attic import x\n", "bulletin.text:2: imports bulletin.attic, which has no floor"),
        ("text", "x = 1\n", "bulletin.text: has no docstring"),
        ("text", DOC + "x = 1\n" * 720, "bulletin.text: has 721 lines"),
        ("text", DOC + "def f():\n" + "    x = 1\n" * 60, "bulletin.text: f has 61 lines"),
    ],
)  # fmt: skip
def test_a_planted_breach_is_found(module: str, source: str, problem: str) -> None:
    rest = {"bulletin.model": DOC, "bulletin.diag": DOC}
    assert problems({**rest, f"bulletin.{module}": source}) == [problem]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("model", DOC + "from bulletin import text\nfrom bulletin.diag import Place\n"),
        ("picture", DOC + "def f():\n    from PIL import Image\n    return Image.open('a')\n"),
        ("picture", DOC + "if TYPE_CHECKING:\n    from PIL import Image\n"),
        ("files", DOC + "import os\nx = open('a')\n"),
        ("outputs.site", DOC + "from bulletin.outputs import assets\n"),
        ("catalog", DOC + "x = event.now()\nfrom datetime import date\n"),
        ("text", DOC + "x = 1\n" * 719),
    ],
)
def test_what_is_allowed_is_not_found(module: str, source: str) -> None:
    rest = {f"bulletin.{name}": DOC for name in ("text", "diag", "outputs", "outputs.assets")}
    assert problems({**rest, f"bulletin.{module}": source}) == []


def test_circles_inside_a_package_are_found_also_when_lazy() -> None:
    one = DOC + "from bulletin.outputs import assets\n"
    other = DOC + "def f():\n    from bulletin.outputs import site\n"
    circle = {
        "bulletin.outputs": DOC,
        "bulletin.outputs.site": one,
        "bulletin.outputs.assets": other,
    }
    assert problems(circle) == [
        "circle: bulletin.outputs.assets → bulletin.outputs.site → bulletin.outputs.assets"
    ]
    types = DOC + "if TYPE_CHECKING:\n    from bulletin.outputs import site\n"
    assert problems({**circle, "bulletin.outputs.assets": types}) == []
