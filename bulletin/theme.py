"""Theme files become a checked theme: templates with their closures, sheets, fonts, palettes.

A template is keyed by all files that it can reach; includes must therefore name their file
literally. Everything is checked before any page is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import jinja2
import jinja2.bccache
from jinja2 import meta as jinja_meta
from jinja2 import nodes

from bulletin import codec, phrases, schema, yamltree
from bulletin.codec import digest
from bulletin.diag import Place, Report
from bulletin.filters import FILTERS
from bulletin.model import Palette
from bulletin.schema import field as key

_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True)
class PaletteSpec:
    name: str = key("Tên bảng màu", required=True, default="")
    accent: str = key("Màu chữ nhấn", required=True, example='"#B8393A"', default="")
    fill: str = key("Màu mảng", required=True, example='"#C8443C"', default="")
    light: str = key("Màu nền nhạt", required=True, example='"#F3D9D2"', default="")
    second: str = key("Màu thứ hai", required=True, example='"#D9A441"', default="")
    accent_dark: str = key(
        "Màu chữ nhấn trên nền tối", required=True, example='"#F0A09A"', default=""
    )
    pattern: str = key("Hoa văn", required=True, example="star", default="")


@dataclass(frozen=True, slots=True)
class PatternSpec:
    name: str = key("Tên hoa văn", required=True, default="")
    band: tuple[str, ...] = key("Dải hẹp", required=True, default=())
    field: tuple[str, ...] = key("Mảng lớn", required=True, default=())


@dataclass(frozen=True, slots=True)
class FontSpec:
    file: str = key("Tệp phông", required=True, default="")
    family: str = key("Họ phông", required=True, default="")
    weight: int = key("Độ đậm", required=True, default=400)
    italic: bool = key("Nghiêng", default=False)
    like: str = key("Phông thay thế trong lúc chờ", choices=("serif", "sans"), default="sans")
    web: bool = key("Dùng trên web", default=True)


@dataclass(frozen=True, slots=True)
class InkSpec:
    rgb: str = key("Màu trên màn hình", required=True, example='"#B8393A"', default="")
    cmyk: str = key("Phần trăm C M Y K", required=True, example='"0 90 70 25"', default="")
    text: str = key("Mực của chữ nhỏ, nhiều nhất hai mực", example='"0 95 65 0"', default="")


@dataclass(frozen=True, slots=True)
class ThemeSpec:
    """``theme.yaml``."""

    base: str = key("Giao diện gốc", default="")
    palettes: tuple[PaletteSpec, ...] = key("Bảng màu", default=())
    patterns: tuple[PatternSpec, ...] = key("Hoa văn", default=())
    fonts: tuple[FontSpec, ...] = key("Phông chữ", default=())
    inks: tuple[InkSpec, ...] = key("Mực in của từng màu", default=())
    black_text: tuple[str, ...] = key("Màu chữ in bằng một mình mực đen", default=())


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme after checking. ``files`` is name → digest of bytes, ``sources`` the templates."""

    name: str
    files: Mapping[str, str]
    sources: Mapping[str, str]
    sheets: Mapping[str, str]
    closures: Mapping[str, str]
    palettes: tuple[Palette, ...]
    patterns: tuple[PatternSpec, ...]
    fonts: tuple[FontSpec, ...] = field(default=())
    inks: tuple[tuple[str, tuple[float, float, float, float]], ...] = ()
    black_text: tuple[str, ...] = ()
    icon_ground: str = ""
    letters: tuple[tuple[str, tuple[float, float, float, float]], ...] = ()
    strings: phrases.Catalogues = field(default_factory=dict)

    def palette(self, name: str) -> Palette:
        return next((p for p in self.palettes if p.name == name), self.palettes[0])

    def pattern(self, name: str) -> PatternSpec:
        return next((p for p in self.patterns if p.name == name), self.patterns[0])


class Compiled(jinja2.BytecodeCache):
    """The last code of each template, for all environments of this process.

    A preview makes one page at a time; compiling its templates would take longer than the page.
    """

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        checksum, code = self.known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.code is not None:
            self.known[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = Compiled()


def environment(
    sources: Mapping[str, str], strings: phrases.Catalogues | None = None
) -> jinja2.Environment:
    """The only kind of template environment: escaped, strict, nothing but ``page`` and filters."""
    env = jinja2.Environment(
        # The name doubles as file name, so that a run-time error knows its template and line.
        loader=jinja2.FunctionLoader(
            lambda name: (sources[name], name, None) if name in sources else None
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    env.filters.update(FILTERS)
    env.extend(strings=strings or {})
    return env


_BASE = re.compile(rb"^base:[ \t]*[\"']?([\w-]+)", re.MULTILINE)


def base_of(spec: bytes) -> str:
    """The theme that a ``theme.yaml`` builds on, before anything else of it is read."""
    found = _BASE.search(spec)
    return found[1].decode() if found else ""


def report_circle(name: str, root: str, report: Report) -> None:
    """A theme that builds on itself, directly or through others; ``root`` closes the circle."""
    place = Place(f"{root}/theme.yaml", 1, 1)
    report.error(place, "TH013", f"giao diện «{name}» dựa trên chính nó", "sửa base:")


def over(base: Theme, below: Mapping[str, bytes], own: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a theme on top of those of its base.

    A template of the base that the theme replaces stays within reach as ``<base>/<template>``, so
    that the new one can extend it and change a block.
    """
    kept = {
        f"templates/{base.name}/{path.removeprefix('templates/')}": data
        for path, data in below.items()
        if path.startswith("templates/") and path in own
    }
    return {**below, **kept, **own}


# Subject and work → the JSON that the work gives, or gave before; None is not remembered.
Recall = Callable[[bytes, Callable[[], Any]], Any]


def anew(subject: bytes, work: Callable[[], Any]) -> Any:
    """Nothing is remembered."""
    del subject
    return work()


def read(
    name: str,
    files: Mapping[str, bytes],
    root: str,
    report: Report,
    base: Theme | None = None,
    recall: Recall = anew,
) -> Theme | None:
    """``files``: path inside the theme → bytes; ``root``: where they lie, for places.

    What ``theme.yaml`` does not say comes from ``base``; the files of the base are in ``files``.
    ``recall`` spares templates that were whole the last time from being compiled to be looked at.
    """
    start = len(report.items)
    spec = _spec(files, root, report, base)
    sources = _texts(files, "templates/", ".html", root, report)
    sources |= _texts(files, "templates/", ".xml", root, report)
    sheets = _texts(files, "", ".css", root, report)
    closures, spoken = _looked_through(sources, root, report, recall)
    strings = phrases.read(files, root, spoken, report)
    said = digest(codec.dumps(strings))
    closures |= {name: digest(f"{closures[name]}{said}".encode()) for _, name, _ in spoken}
    _check_urls(sheets, files, root, report)
    icon_ground = _icon_ground(files, root, report)
    if spec is None or any(item.severity == 2 for item in report.items[start:]):
        return None
    palettes = tuple(
        Palette(p.name, p.accent, p.fill, p.light, p.second, p.accent_dark, p.pattern)
        for p in spec.palettes
    )
    inks = tuple((ink.rgb.upper(), parts) for ink in spec.inks if (parts := cmyk(ink.cmyk)))
    letters = tuple((ink.rgb.upper(), parts) for ink in spec.inks if (parts := cmyk(ink.text)))
    return Theme(
        name=name,
        files={path: digest(data) for path, data in sorted(files.items())},
        sources=sources,
        sheets=sheets,
        closures=closures,
        palettes=palettes or (base.palettes if base else ()),
        patterns=spec.patterns or (base.patterns if base else ()),
        fonts=spec.fonts or (base.fonts if base else ()),
        inks=inks or (base.inks if base else ()),
        black_text=spec.black_text or (base.black_text if base else ()),
        letters=letters or (base.letters if base else ()),
        icon_ground=icon_ground,
        strings=strings,
    )


def _spec(
    files: Mapping[str, bytes], root: str, report: Report, base: Theme | None
) -> ThemeSpec | None:
    path = f"{root}/theme.yaml"
    if "theme.yaml" not in files:
        report.error(
            Place(path),
            "TH001",
            "giao diện không có tệp theme.yaml",
            "kiểm tra tên giao diện trong bulletin.yaml",
        )
        return None
    failures = Report()
    spec: ThemeSpec | None = None
    places: schema.Places = {}
    source = _text(path, files["theme.yaml"], failures)
    tree = yamltree.parse(source, path, failures) if source is not None else None
    if not failures.failed:
        spec, places = schema.read(ThemeSpec, tree, failures, Place(path, 1, 1), "theme.yaml")
    report.extend(failures.items)
    if spec is None:
        return None
    for name in ("palettes", "patterns", "fonts") if base is None else ():
        if not getattr(spec, name):
            report.error(
                Place(path, 1, 1),
                "TH014",
                f"giao diện thiếu {name}",
                "thêm vào theme.yaml, hoặc dựa trên một giao diện khác: base: lhh",
            )
    _check_spec(spec, places, files, report, base)
    return spec


Shape = tuple[str, tuple[tuple[tuple[float, float], ...], ...]]
_ICON_BOX = re.compile(r'viewBox="0 0 (\d+(?:\.\d+)?) \1"')
_ICON_PATH = re.compile(r'<path fill="(#[0-9a-fA-F]{6})" d="([^"]*)"/>')
_STEP = re.compile(r"([MmLlHhVvZz])|(-?\d*\.?\d+)")


def icon_shapes(svg: str) -> tuple[float, tuple[Shape, ...]]:
    """Width and straight-edged shapes of ``web/icon.svg``; ``ValueError`` for any other drawing.

    The icon is drawn again as a bitmap for home screens, by a hand that knows only polygons.
    """
    box = _ICON_BOX.search(svg)
    paths = _ICON_PATH.findall(svg)
    if not box or not paths or svg.count("<") != len(paths) + 2:
        raise ValueError("chỉ gồm các <path fill d> trong một viewBox vuông")
    return float(box[1]), tuple((fill, _rings(path)) for fill, path in paths)


def _rings(path: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    if _STEP.sub("", path).strip(" ,\n"):
        raise ValueError("path chỉ được có M, L, H, V, Z")
    rings: list[list[tuple[float, float]]] = []
    x = y = 0.0
    form = ""
    numbers: list[float] = []
    for letter, number in _STEP.findall(path):
        if letter:
            form = letter
            if letter in "Zz" and rings:
                x, y = rings[-1][0]
            continue
        numbers.append(float(number))
        if len(numbers) < (1 if form in "HhVv" else 2):
            continue
        x, y = _next(form, (x, y), numbers)
        numbers = []
        if form in "Mm":
            rings.append([])
            form = "l" if form == "m" else "L"
        rings[-1].append((x, y))
    return tuple(tuple(ring) for ring in rings)


def _next(form: str, at: tuple[float, float], numbers: list[float]) -> tuple[float, float]:
    """Where one step of a path leads."""
    x, y = at if form.islower() else (0.0, 0.0)
    if form in "Hh":
        return x + numbers[0], at[1]
    if form in "Vv":
        return at[0], y + numbers[0]
    return x + numbers[0], y + numbers[1]


def _icon_ground(files: Mapping[str, bytes], root: str, report: Report) -> str:
    """The colour of the icon's first shape: the ground of the app's icon and title bar."""
    data = files.get("web/icon.svg")
    if data is None:
        return ""
    try:
        return icon_shapes(data.decode("utf-8"))[1][0][0]
    except ValueError as why:
        report.error(
            Place(f"{root}/web/icon.svg", 1, 1),
            "TH012",
            f"biểu tượng không vẽ lại thành PNG được: {why}",
            "vẽ bằng các mảng thẳng cạnh, màu đầu tiên là màu nền",
        )
        return ""


def cmyk(written: str) -> tuple[float, float, float, float] | None:
    """Percent of each ink in «C M Y K»; None if it is not four numbers from 0 to 100."""
    try:
        parts = [float(part) for part in written.split()]
    except ValueError:
        return None
    if len(parts) != 4 or not all(0 <= part <= 100 for part in parts):
        return None
    return (parts[0], parts[1], parts[2], parts[3])


def _check_spec(
    spec: ThemeSpec,
    places: schema.Places,
    files: Mapping[str, bytes],
    report: Report,
    base: Theme | None,
) -> None:
    patterns = spec.patterns or (base.patterns if base else ())
    known = {pattern.name for pattern in patterns}
    for index, palette in enumerate(spec.palettes):
        at = f"palettes.{index}"
        for colour in ("accent", "fill", "light", "second", "accent_dark"):
            if not _COLOUR.match(getattr(palette, colour)):
                report.error(
                    places[f"{at}.{colour}"],
                    "TH002",
                    f"màu «{getattr(palette, colour)}» không đúng dạng",
                    'ví dụ: "#B8393A"',
                )
        if palette.pattern not in known:
            report.error(
                places[f"{at}.pattern"],
                "TH003",
                f"không có hoa văn «{palette.pattern}»",
                "có: " + ", ".join(sorted(known)),
            )
    for index, ink in enumerate(spec.inks):
        if not _COLOUR.match(ink.rgb) or cmyk(ink.cmyk) is None:
            report.error(
                places[f"inks.{index}.cmyk"],
                "TH011",
                f"mực «{ink.cmyk}» của màu «{ink.rgb}» không đúng dạng",
                'ví dụ: {rgb: "#B8393A", cmyk: "0 90 70 25"}',
            )
        few = cmyk(ink.text)
        if ink.text and (few is None or sum(part > 5 for part in few) > 2):
            report.error(
                places[f"inks.{index}.text"],
                "TH011",
                f"mực chữ nhỏ «{ink.text}» của màu «{ink.rgb}» không đúng dạng hoặc quá hai mực",
                'ví dụ: text: "0 95 65 0"',
            )
    for index, font in enumerate(spec.fonts):
        if font.file not in files:
            report.error(
                places[f"fonts.{index}.file"],
                "TH004",
                f"không có tệp phông «{font.file}»",
                "chép tệp vào thư mục fonts/ của giao diện",
            )


def _texts(
    files: Mapping[str, bytes], prefix: str, suffix: str, root: str, report: Report
) -> dict[str, str]:
    found = {}
    for path, data in sorted(files.items()):
        if path.startswith(prefix) and path.endswith(suffix):
            source = _text(f"{root}/{path}", data, report)
            if source is not None:
                found[path.removeprefix(prefix)] = source
    return found


def _text(path: str, data: bytes, report: Report) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as trouble:
        line = data.count(b"\n", 0, trouble.start) + 1
        report.error(Place(path, line, 1), "TX002", "tệp không phải UTF-8", "lưu lại thành UTF-8")
        return None


def _looked_through(
    sources: Mapping[str, str], root: str, report: Report, recall: Recall
) -> tuple[dict[str, str], list[phrases.Spoken]]:
    """Closures of all templates and what they say; remembered while nothing is wrong with them."""
    own = Report()

    def work() -> Any:
        spoken: list[phrases.Spoken] = []
        closures = _closures(sources, root, own, spoken)
        report.extend(own.items)
        found.append((closures, spoken))
        return None if own.items else {"closures": closures, "spoken": spoken}

    found: list[tuple[dict[str, str], list[phrases.Spoken]]] = []
    known = recall(b"templates\0" + codec.dumps([root, sorted(sources.items())]), work)
    if not found:
        try:
            said = [(str(phrase), str(name), int(line)) for phrase, name, line in known["spoken"]]
            closures = {name: str(known["closures"][name]) for name in sources}
            found.append((closures, said))
        except (KeyError, TypeError, ValueError):
            work()  # an odd row is a miss
    return found[0]


def _closures(
    sources: Mapping[str, str], root: str, report: Report, spoken: list[phrases.Spoken]
) -> dict[str, str]:
    """Template → digest over every template that it can reach; what they say goes to ``spoken``."""
    env = environment(sources)
    direct: dict[str, set[str]] = {}
    for name, source in sources.items():
        where = f"{root}/templates/{name}"
        direct[name] = set()
        try:
            tree = env.parse(source, name)
            env.compile(tree, name, where)
            spoken.extend((phrase, name, line) for phrase, line in phrases.of_template(tree))
        except jinja2.TemplateSyntaxError as trouble:
            report.error(
                Place(where, trouble.lineno, 1),
                "TH005",
                f"mẫu trang sai cú pháp: {trouble.message}",
                "sửa mẫu ở dòng này",
            )
            continue
        for line, target in _references(tree):
            if target is None:
                report.error(
                    Place(where, line, 1),
                    "TH006",
                    "mẫu gọi tệp khác bằng tên tính toán",
                    'ghi thẳng tên tệp: {% include "web/ten.html" %}',
                )
            elif target not in sources:
                report.error(
                    Place(where, line, 1),
                    "TH007",
                    f"mẫu gọi «{target}» nhưng không có tệp này",
                    "kiểm tra tên tệp trong templates/",
                )
            else:
                direct[name].add(target)
    for name in sources:
        if name in _reach(name, direct):
            report.error(
                Place(f"{root}/templates/{name}", 1, 1),
                "TH010",
                f"mẫu «{name}» gọi lại chính nó, trực tiếp hoặc qua mẫu khác",
                "bỏ một lời gọi extends, include hoặc import trong vòng",
            )
    return {name: _closure_digest(name, direct, sources) for name in sources}


def _references(tree: nodes.Template) -> Iterator[tuple[int, str | None]]:
    """(line, template) of every call of another template; None for a computed name."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        for target in jinja_meta.find_referenced_templates(nodes.Template([node])):
            yield node.lineno, target


def _reach(name: str, direct: Mapping[str, set[str]]) -> set[str]:
    """The templates that ``name`` calls, directly or through others."""
    reached: set[str] = set()
    todo = [name]
    while todo:
        fresh = direct.get(todo.pop(), set()) - reached
        reached |= fresh
        todo.extend(fresh)
    return reached


def _closure_digest(name: str, direct: Mapping[str, set[str]], sources: Mapping[str, str]) -> str:
    parts = sorted({name} | _reach(name, direct))
    return digest("\0".join(f"{part}\0{sources[part]}" for part in parts).encode())


def _check_urls(
    sheets: Mapping[str, str], files: Mapping[str, bytes], root: str, report: Report
) -> None:
    for path, source in sheets.items():
        folder = path.rpartition("/")[0]
        for match in _URL.finditer(source):
            target = match.group(1)
            if target.startswith(("data:", "#")):
                continue
            if target.startswith("theme:"):
                inside = target.removeprefix("theme:")
            else:
                inside = normal(f"{folder}/{target}")
            if inside not in files:
                line = source.count("\n", 0, match.start()) + 1
                report.error(
                    Place(f"{root}/{path}", line, 1),
                    "TH008",
                    f"tệp CSS gọi «{target}» nhưng không có tệp này",
                    "kiểm tra đường dẫn trong url(…)",
                )


def normal(path: str) -> str:
    """A relative path without ``.`` and ``..``; empty when it leaves the root."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
