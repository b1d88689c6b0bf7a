"""Theme files become a checked theme: every mistake before any page, with its place."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from conftest import CONFIG, LIGHT, Make, at

from bulletin import colour, theme
from bulletin.diag import Report
from bulletin.theme import Theme

ROOT = "themes/plain"
FONT = "fonts/SourceSerif4-Regular.ttf"
HOME = "templates/web/home.html"
STYLE = "web/style.css"
SPEC = """\
palettes:
  - {name: dao, accent: "#B8393A", fill: "#C8443C", light: "#F3D9D2", second: "#D9A441", accent_dark: "#F0A09A", pattern: star}
patterns:
  - {name: star, band: [".a.", "a.a", ".a."], field: [".a..", "a.a.", ".a..", "...."]}
fonts:
  - {file: fonts/SourceSerif4-Regular.ttf, family: LHH Serif, weight: 400}
"""
FILES = {
    "theme.yaml": SPEC,
    STYLE: f"a{{src:url(../{FONT})}}",
    "print/print.css": f"a{{src:url(theme:{FONT})}}",
    "templates/web/base.html": "<title>{{ page.title }}</title>{% block main %}{% endblock %}",
    HOME: '{% extends "web/base.html" %}{% block main %}a{% endblock %}',
    "templates/web/issue.html": '{% extends "web/base.html" %}',
    "templates/print/issue.html": "<p>{{ page.title }}</p>",
}


def read(
    changes: dict[str, str | bytes | None] | None = None,
) -> tuple[Theme | None, list[tuple[str, str]]]:
    texts: dict[str, str | bytes | None] = {**FILES, FONT: b"x", **(changes or {})}
    files = {
        path: text.encode() if isinstance(text, str) else text
        for path, text in texts.items()
        if text is not None
    }
    report = Report()
    made = theme.read("plain", files, ROOT, report)
    assert all(item.hint and item.message for item in report.items)
    return made, [(item.code, str(item.place).removeprefix(ROOT + "/")) for item in report.items]


def test_a_theme() -> None:
    made, found = read()
    assert found == []
    assert made is not None
    assert made.palette("dao").accent == "#B8393A"
    assert made.palette("khong-co").name == "dao"
    assert made.pattern("star").band == (".a.", "a.a", ".a.")
    assert [font.file for font in made.fonts] == [FONT]
    assert set(made.sources) == set(made.closures)
    assert set(made.sheets) == {"web/style.css", "print/print.css"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"theme.yaml": None}, ("TH001", "theme.yaml"), id="no-theme.yaml"),
        pytest.param({"theme.yaml": "palettes: [a"}, ("YM004", "theme.yaml:1:11"), id="bad-yaml"),
        pytest.param({"theme.yaml": b"a\n\xff"}, ("TX002", "theme.yaml:2:1"), id="yaml-not-utf8"),
        pytest.param(
            {"theme.yaml": SPEC.replace('"#B8393A"', '"red"')}, ("TH002", "theme.yaml:2:25"), id="colour"
        ),
        pytest.param(
            {"theme.yaml": SPEC.replace("pattern: star", "pattern: sao")},
            ("TH003", "theme.yaml:2:123"),
            id="pattern",
        ),
        pytest.param({FONT: None, STYLE: "", "print/print.css": ""}, ("TH004", "theme.yaml:6:12"), id="font"),
        pytest.param({HOME: "a\n{% if %}"}, ("TH005", f"{HOME}:2:1"), id="template-syntax"),
        pytest.param({HOME: "\n\n{{ page | khong }}"}, ("TH005", f"{HOME}:3:1"), id="unknown-filter"),
        pytest.param({HOME: "\n{% foo %}"}, ("TH005", f"{HOME}:2:1"), id="unknown-tag"),
        pytest.param({HOME: "\n{% include page.x %}"}, ("TH006", f"{HOME}:2:1"), id="computed-include"),
        pytest.param(
            {HOME: "\n{% include 'web/khong.html' %}"}, ("TH007", f"{HOME}:2:1"), id="missing-include"
        ),
        pytest.param({HOME: "{% include 'web/home.html' %}"}, ("TH010", f"{HOME}:1:1"), id="includes-itself"),
        pytest.param({HOME: b"\n\xff"}, ("TX002", f"{HOME}:2:1"), id="template-not-utf8"),
        pytest.param({STYLE: "a{}\nb{background:url(x.png)}"}, ("TH008", f"{STYLE}:2:1"), id="css-file"),
        pytest.param({STYLE: "@import url(https://a.vn/b.css);"}, ("TH008", f"{STYLE}:1:1"), id="css-net"),
        pytest.param(
            {STYLE: "b{background:url(../../../etc/passwd)}"}, ("TH008", f"{STYLE}:1:1"), id="css-outside"
        ),
        pytest.param({STYLE: "b{src:url(theme:khong)}"}, ("TH008", f"{STYLE}:1:1"), id="css-theme-file"),
    ],
)  # fmt: skip
def test_one_mistake_one_error_and_no_theme(
    changes: dict[str, str | bytes | None], expected: tuple[str, str]
) -> None:
    assert read(changes) == (None, [expected])


def test_templates_that_call_each_other() -> None:
    issue = "templates/web/issue.html"
    changes = {HOME: "{% extends 'web/issue.html' %}", issue: "{% extends 'web/home.html' %}"}
    assert read(changes) == (None, [("TH010", f"{HOME}:1:1"), ("TH010", f"{issue}:1:1")])


def test_css_that_is_right() -> None:
    sheet = (
        f"a{{src:url('../{FONT}')}} b{{src:url(theme:{FONT})}} c{{src:url(../web/./../{FONT})}} "
        "d{background:url(data:image/png;base64,xx)} e{mask:url(#m)}"
    )
    assert read({STYLE: sheet})[1] == []


def test_all_mistakes_are_shown_at_once() -> None:
    changes = {"theme.yaml": SPEC.replace("#B8393A", "đỏ"), HOME: "{% if %}", STYLE: "a{b:url(c)}"}
    assert [code for code, _ in read(changes)[1]] == ["TH002", "TH005", "TH008"]


def test_closures_change_for_the_pages_that_can_reach_a_change() -> None:
    before = read({"templates/web/_bits.html": "một", HOME: "{% include 'web/_bits.html' %}"})[0]
    after = read({"templates/web/_bits.html": "hai", HOME: "{% include 'web/_bits.html' %}"})[0]
    assert before is not None
    assert after is not None
    changed = {name for name in before.closures if before.closures[name] != after.closures[name]}
    assert changed == {"web/_bits.html", "web/home.html"}


def test_a_base_template_is_in_every_closure_above_it() -> None:
    base = FILES["templates/web/base.html"]
    before, after = read()[0], read({"templates/web/base.html": base + " "})[0]
    assert before is not None
    assert after is not None
    same = {name for name in before.closures if before.closures[name] == after.closures[name]}
    assert same == {"print/issue.html"}


def test_templates_are_escaped_and_strict() -> None:
    env = theme.environment({"a": "{{ page.x }}", "b": "{{ page.y }}", "c": "{{ other }}"})
    page = {"x": "<b>"}
    assert env.get_template("a").render(page=page) == "&lt;b&gt;"
    for name in ("b", "c"):
        with pytest.raises(jinja2.UndefinedError):
            env.get_template(name).render(page=page)


def test_a_template_is_compiled_once_and_anew_when_it_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The preview has an environment for each page that it makes."""
    compiled: list[str] = []
    real = jinja2.Environment.compile

    def counted(self: jinja2.Environment, source: str, *rest: object) -> object:
        compiled.append(source)
        return real(self, source, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", counted)

    def said(source: str) -> str:
        env = theme.environment({"thu/mot-lan.html": source})
        return env.get_template("thu/mot-lan.html").render(page="a")

    first, second = "Một {{ page }}", "Hai {{ page }}"
    assert [said(first), said(first), said(second), said(second)] == ["Một a"] * 2 + ["Hai a"] * 2
    assert compiled == [first, second]


def test_filters() -> None:
    frame = SimpleNamespace(assets=(("style.css", "tep/style.1.css"),))
    head = SimpleNamespace(frame=frame, root="../")
    env = theme.environment(
        {
            "a": "{{ h | asset('style.css') }} {{ 1234.5 | number }} {{ 'số 1' | bind }}",
            "b": "{{ h | asset('x') }}",
        }
    )
    assert env.get_template("a").render(h=head) == "../tep/style.1.css 1.234,5 số\u00a01"
    with pytest.raises(jinja2.UndefinedError, match="không có tệp giao diện «x»"):
        env.get_template("b").render(h=head)


def test_lead_picture_of_a_page_and_of_a_piece() -> None:
    piece = SimpleNamespace(card=SimpleNamespace(id="2026/so-1/mot"))
    env = theme.environment({"a": "{{ p | cover }}|{{ q | lead }}|{{ r | lead }}"})
    other = SimpleNamespace(card=SimpleNamespace(id="khac"))
    page = SimpleNamespace(piece=piece)
    made = env.get_template("a").render(p=page, q=piece, r=other, leads={"2026/so-1/mot": "<i>"})
    assert made == "<i>|<i>|"


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("a/../b", "b"),
        ("./a//b/.", "a/b"),
        ("a/../../b", ""),
        ("..", ""),
        ("a/b/../../c", "c"),
        ("", ""),
    ],
)
def test_normal_paths_never_leave_the_root(path: str, plain: str) -> None:
    assert theme.normal(path) == plain


# ---- a theme on top of another -----------------------------------------------------------------


CHILD = {
    "theme.yaml": "base: plain\n",
    "templates/web/base.html": '{% extends "plain/web/base.html" %}',
    "web/extra.css": "a{color:red}",
}


def child(
    own: dict[str, str] | None = None, below: dict[str, str | bytes | None] | None = None
) -> tuple[Theme | None, list[str]]:
    base, found = read(below)
    assert base is not None
    assert found == []
    under = {
        path: text.encode()
        for path, text in {**FILES, **(below or {}), FONT: "x"}.items()
        if isinstance(text, str)
    }
    files = theme.over(base, under, {p: t.encode() for p, t in {**CHILD, **(own or {})}.items()})
    report = Report()
    return theme.read("con", files, "themes/con", report, base), [i.code for i in report.items]


def test_a_theme_takes_from_its_base_what_it_does_not_have() -> None:
    made, found = child()
    assert found == []
    assert made is not None
    assert made.name == "con"
    assert [palette.name for palette in made.palettes] == ["dao"]
    assert [font.file for font in made.fonts] == [FONT]
    assert made.sources["web/home.html"] == FILES[HOME]
    assert set(made.sheets) == {"web/style.css", "print/print.css", "web/extra.css"}


def test_a_theme_can_extend_the_template_that_it_replaces() -> None:
    made, _ = child(
        {
            "templates/web/base.html": '{% extends "plain/web/base.html" %}{% block main %}mới{% endblock %}'
        }
    )
    assert made is not None
    page = {"title": "Tên"}
    assert (
        theme.environment(made.sources).get_template("web/base.html").render(page=page)
        == "<title>Tên</title>mới"
    )


def test_a_change_in_the_base_is_in_the_closures_of_the_theme() -> None:
    base = str(FILES["templates/web/base.html"])
    before, after = child()[0], child(below={"templates/web/base.html": base + " "})[0]
    assert before is not None
    assert after is not None
    assert before.closures["web/home.html"] != after.closures["web/home.html"]
    assert before.closures["print/issue.html"] == after.closures["print/issue.html"]


def test_a_theme_replaces_whole_keys() -> None:
    own = SPEC.split("patterns:", maxsplit=1)[0].replace("#B8393A", "#8A2A2B")
    made, found = child({"theme.yaml": "base: plain\n" + own})
    assert found == []
    assert made is not None
    assert made.palette("dao").accent == "#8A2A2B"
    assert made.patterns[0].name == "star"


def test_a_theme_without_a_base_must_say_everything() -> None:
    assert [code for code, _ in read({"theme.yaml": "black_text: []\n"})[1]] == ["TH014"] * 3


@pytest.mark.parametrize(
    ("spec", "base"),
    [("base: lhh\n", "lhh"), ("# base: x\nbase:  'don-gian' # y\n", "don-gian"), ("a: b\n", "")],
)
def test_the_base_is_known_before_the_file_is_read(spec: str, base: str) -> None:
    assert theme.base_of(spec.encode()) == base


def test_a_project_with_a_theme_on_top_of_another(project: Make) -> None:
    files = {
        **LIGHT,
        "bulletin.yaml": CONFIG.replace("theme: plain", "theme: con"),
        "themes/con/theme.yaml": "base: plain\n",
        "themes/con/web/extra.css": "main{color:#123456}",
        "themes/con/templates/web/home.html": '{% extends "plain/web/home.html" %}{% block main %}{{ super() }}<p>Nhà mới</p>{% endblock %}',
    }
    made = project(files)
    assert not made.build().failed
    assert "Nhà mới" in made.text("site/index.html")
    assert "Nhà mới" not in made.text("site/2026/so-1/mot/index.html")
    sheet = next(t for p, t in made.tree().items() if p.endswith(".css")).decode()
    assert sheet.index("body{") < sheet.index("main{color:#123456}")
    made.write("themes/plain/templates/web/home.html", "gốc đổi")
    made.build()
    assert "gốc đổi" not in made.text("site/2026/so-1/mot/index.html")
    assert made.text("site/index.html") == "gốc đổi"


@pytest.mark.parametrize(
    ("specs", "code", "place"),
    [
        ({"con": "base: khong-co\n"}, "TH001", "themes/khong-co/theme.yaml"),
        ({"con": "base: con\n"}, "TH013", "themes/con/theme.yaml:1:1"),
        ({"con": "base: hai\n", "hai": "base: con\n"}, "TH013", "themes/hai/theme.yaml:1:1"),
    ],
)
def test_a_base_that_is_not_there(
    project: Make, specs: dict[str, str], code: str, place: str
) -> None:
    files = {f"themes/{name}/theme.yaml": text for name, text in specs.items()}
    made = project({**files, "bulletin.yaml": CONFIG.replace("theme: plain", "theme: con")})
    assert str(at(made.check(), code).place) == place


def test_the_plain_theme_stands_on_that_of_the_bulletin(project: Make) -> None:
    folder = Path(__file__).parent.parent / "themes"
    files: dict[str, str | bytes] = {
        path.relative_to(folder.parent).as_posix(): path.read_bytes()
        for name in ("lhh", "don-gian")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }
    made = project({**files, "bulletin.yaml": CONFIG.replace("theme: plain", "theme: don-gian")})
    assert [item for item in made.check() if item.code.startswith("TH")] == []


# ---- colours -----------------------------------------------------------------------------------


def real(name: str) -> Theme:
    root = Path(__file__).parent.parent / "themes" / name
    files = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    report = Report()
    base_name = theme.base_of(files["theme.yaml"])
    base = real(base_name) if base_name else None
    if base:
        lhh = Path(__file__).parent.parent / "themes" / base_name
        under = {
            p.relative_to(lhh).as_posix(): p.read_bytes() for p in lhh.rglob("*") if p.is_file()
        }
        files = theme.over(base, under, files)
    made = theme.read(name, files, f"themes/{name}", report, base)
    assert made is not None, report.items
    return made


@pytest.mark.parametrize("name", ["lhh", "don-gian"])
def test_the_palettes_of_the_bulletin_can_be_read(name: str) -> None:
    for palette in real(name).palettes:
        assert colour.contrast(palette.accent, "#FFFFFF") >= 4.5, palette.name
        assert colour.contrast(palette.accent, colour.PAPER) >= 4.5, palette.name
        assert colour.contrast(palette.accent_dark, colour.NIGHT) >= 4.5, palette.name
        assert colour.contrast(colour.INK, palette.light) >= 7, palette.name


def test_contrast_is_that_of_wcag() -> None:
    assert colour.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colour.contrast("#FFFFFF", "#FFFFFF") == 1
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert colour.contrast("#B8393A", "#FFFFFF") == colour.contrast("#FFFFFF", "#B8393A")


@pytest.mark.parametrize(
    ("share", "mixed"),
    [(0, "#000000"), (1, "#FFFFFF"), (0.5, "#808080"), (-1, "#000000"), (2, "#FFFFFF")],
)
def test_mix(share: float, mixed: str) -> None:
    assert colour.mix("#000000", "#ffffff", share) == mixed


@pytest.mark.parametrize("wrong", ["red", "#fff", "#12345g", "#1234567", "#123456\n", ""])
def test_only_six_digits_are_a_colour(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        colour.channels(wrong)
