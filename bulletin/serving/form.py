"""The form of an article, made from the same table of fields that reads and checks it.

What a field is (a line, a text, a choice, a list, a group) follows from its declaration in the
model; only what is worth seeing first is written down here. No script and no style stand in the
page.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from bulletin import schema
from bulletin.genres import GENRES
from bulletin.model import LANGUAGES, STATUS_WORDS, Config, Ledger, Meta
from bulletin.serving.house import DESK, page

# Seen first, in this order; the rest waits under one heading.
FIRST = (
    "title",
    "section",
    "genre",
    "status",
    "authors",
    "standfirst",
    "cover",
    "keywords",
    "audience",
    "orientations",
    "sources",
)
LONG = 500  # characters; a longer text gets a box of several lines
FIXED = frozenset({"uid"})
WORDS = {
    "status": STATUS_WORDS,
    "genre": GENRES,
    "lang": LANGUAGES,
    "layout": {
        "feature": "chuyên đề, hai cột",
        "letter": "thư, một cột",
        "news": "tin, ba cột",
        "qa": "hỏi – đáp",
        "numbers": "con số",
        "announcement": "thông báo",
    },
    "label": {
        "none": "không dùng AI",
        "assisted": "có AI trợ giúp",
        "generated": "do AI soạn",
    },
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the project offers for fields that the model leaves open."""

    sections: Mapping[str, str] = field(default_factory=dict)
    issues: Mapping[str, str] = field(default_factory=dict)
    orientations: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, spec: schema.Field) -> dict[str, str]:
        """Value → words; empty when anything may be written."""
        own = {"section": self.sections, "issue": self.issues, "orientations": self.orientations}
        if name in own:
            return dict(own[name])
        words = WORDS.get(name, {})
        if spec.choices:
            return {choice: words.get(choice, choice) for choice in spec.choices}
        return dict(words) if name == "lang" else {}


def choices(config: Config | None, ledger: Ledger | None, issue: str = "") -> Choices:
    issues = ledger.issues if ledger is not None else ()
    here = next((item for item in issues if item.key == issue), None)
    return Choices(
        {entry.slug: entry.title for entry in config.sections} if config else {},
        {
            item.key: f"Số {item.spec.number}/{item.spec.year} – {item.spec.short_title}"
            for item in issues
        },
        {item.id: item.text for item in here.spec.orientations} if here else {},
    )


# ---- pages -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """An article in the form. ``url`` is its page on the site as it was last saved, if any."""

    path: str
    state: Mapping[str, Any]
    url: str = ""


def editor(article: Open, offers: Choices, token: str) -> str:
    """The page in which one article is written."""
    values = article.state.get("values")
    whole = article.state.get("whole")
    boxes = Markup("") if values is None else _boxes(values, offers)
    title = str((values or {}).get("title") or article.path.rsplit("/", 1)[-1])
    body = Markup(
        '<form class="sheet" id="form" data-path="{path}" data-base="{base}" data-url="{url}"'
        ' data-galley="{galley}" autocomplete="off">'
        '<h1 class="vh">Sửa bài: {title}</h1>'
        '<div class="bar"><p class="where"><a href="{desk}">Bàn biên tập</a><span>{path}</span></p>'
        '<p class="state" id="state" role="status">Chưa sửa gì</p>'
        '<button type="submit" class="main" id="save">Lưu</button></div>'
        '<div class="notice" id="notice" hidden></div>'
        "{boxes}{text}</form>"
        '<aside class="beside" aria-label="Xem thử"><div class="tabs">'
        '<h2>Xem thử</h2><a id="on-site" href="/{url}">Mở trang</a>'
        '<a id="in-print" href="{galley}">Bản in (PDF)</a></div>'
        '<div class="problems" id="problems" role="status"></div>'
        '<div class="frames" id="frames"></div></aside>'
    ).format(
        title=title,
        path=article.path,
        base=article.state["base"],
        url=article.url,
        desk=DESK,
        galley=f"{DESK}in/{article.path.removeprefix('content/').removesuffix('.md')}.pdf",
        boxes=boxes,
        text=_whole(str(whole), str(article.state.get("why", "")))
        if whole is not None
        else _text(str(article.state["body"])),
    )
    return page(title, body, scripts=("news.js", "form.js"), kind="editor", token=token)


def beginner(offers: Choices, given: Mapping[str, str], token: str) -> str:
    """The page in which an article is begun."""
    known = schema.fields(Meta)
    rows = Markup("").join(
        _box(
            name,
            dataclasses.replace(known[name][0], required=True),
            known[name][1],
            given.get(name, ""),
            offers,
        )
        for name in ("title", "issue", "section", "genre")
    )
    body = Markup(
        '<form class="sheet narrow" id="begin" autocomplete="off"><h1>Bài mới</h1>'
        "<p>Chương trình tạo tệp bài ở dạng bản nháp; bạn đọc chưa thấy.</p>"
        '<input type="hidden" name="slug" value="{slug}">{rows}'
        '<div class="notice" id="notice" role="alert" hidden></div>'
        '<p><button type="submit" class="main">Tạo bài</button> <a href="{desk}">Thôi, quay '
        "lại</a></p></form>"
    ).format(slug=given.get("slug", ""), rows=rows, desk=DESK)
    return page("Bài mới", body, scripts=("begin.js",), kind="beginner", token=token)


# ---- boxes -------------------------------------------------------------------------------------


def _boxes(values: Mapping[str, Any], offers: Choices) -> Markup:
    known = schema.fields(Meta)
    first = [name for name in FIRST if name in known]
    rest = [name for name in known if name not in first]
    more = Markup('<details class="more"><summary>Các mục khác ({})</summary>{}</details>').format(
        len(rest), _all(rest, known, values, offers)
    )
    return _all(first, known, values, offers) + more


def _all(
    names: Iterable[str], known: Mapping[str, Any], values: Mapping[str, Any], offers: Choices
) -> Markup:
    return Markup("").join(
        _box(name, known[name][0], known[name][1], values.get(name), offers) for name in names
    )


def _box(
    name: str, spec: schema.Field, kind: Any, value: Any, offers: Choices, id_: str = ""
) -> Markup:
    """One field with its label, its help and the place where its problems will be shown."""
    kind = _bare(kind)
    id_ = id_ or name
    inner = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else None
    if inner is not None and dataclasses.is_dataclass(inner):
        return _rows(name, spec, typing.cast(type, inner), value, offers)
    if dataclasses.is_dataclass(kind):
        return _group(name, spec, typing.cast(type, kind), value, offers)
    offered = offers.of(name, spec)
    if inner is not None and offered:
        return _ticks(name, spec, _list(value), offered)
    if inner is not None:
        control = _lines(name, id_, spec, "\n".join(_list(value)))
        help_ = "Mỗi dòng một mục."
    elif offered:
        control, help_ = _select(name, id_, spec, _words(value), offered), ""
    else:
        control, help_ = _line(name, id_, spec, kind, _words(value)), ""
    return Markup(
        '<div class="field" data-field="{id}"><label for="f-{id}">{label}{star}</label>{control}'
        '<p class="help" id="h-{id}">{help}</p><p class="wrong" id="w-{id}"></p></div>'
    ).format(
        id=id_,
        label=_label(spec),
        star=_star(spec),
        control=control,
        help=" ".join(part for part in (help_, _help(spec, kind)) if part),
    )


def _label(spec: schema.Field) -> str:
    return spec.label.split(" (")[0]


def _star(spec: schema.Field) -> Markup:
    return Markup(' <span class="need">bắt buộc</span>') if spec.required else Markup("")


def _help(spec: schema.Field, kind: Any) -> str:
    _, _, inside = spec.label.partition(" (")
    parts = [inside.removesuffix(")").capitalize() + "." if inside else ""]
    if kind in (date, datetime) and spec.example:
        parts.append(f"Ví dụ: {spec.example}.")
    return " ".join(part for part in parts if part)


def _common(name: str, id_: str, spec: schema.Field) -> Markup:
    return Markup('id="f-{}" name="{}" maxlength="{}" aria-describedby="h-{} w-{}"{}{}').format(
        id_,
        name,
        spec.limit,
        id_,
        id_,
        Markup(" required") if spec.required else "",
        Markup(" readonly") if name in FIXED else "",
    )


def _line(name: str, id_: str, spec: schema.Field, kind: Any, value: str) -> Markup:
    if kind is str and (spec.limit > LONG or "\n" in value):
        return _lines(name, id_, spec, value)
    shape = "short" if kind in (date, datetime, int, float) or spec.limit <= 40 else ""
    return Markup('<input type="text" class="{}" value="{}" {}>').format(
        shape, value, _common(name, id_, spec)
    )


def _lines(name: str, id_: str, spec: schema.Field, value: str) -> Markup:
    rows = min(max(2, value.count("\n") + 1 + len(value) // 90), 12)
    # A list has no limit of its own: the limit is that of one item.
    common = _common(name, id_, spec)
    return Markup('<textarea rows="{}" {}>\n{}</textarea>').format(rows, common, value)


def _select(
    name: str, id_: str, spec: schema.Field, value: str, offered: Mapping[str, str]
) -> Markup:
    options = dict(offered)
    if value and value not in options:
        options[value] = f"{value} (không có trong danh sách)"
    blank = Markup("") if spec.required and value else Markup('<option value="">–</option>')
    rows = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            key, Markup(" selected") if key == value else "", words
        )
        for key, words in options.items()
    )
    return Markup("<select {}>{}{}</select>").format(_common(name, id_, spec), blank, rows)


def _ticks(name: str, spec: schema.Field, value: list[str], offered: Mapping[str, str]) -> Markup:
    extra = {key: f"{key} (không có trong danh sách)" for key in value if key not in offered}
    rows = Markup("").join(
        Markup(
            '<label class="tick"><input type="checkbox" name="{}" value="{}"{}> {}</label>'
        ).format(
            name,
            key,
            Markup(" checked") if key in value else "",
            words if key == words or name != "orientations" else f"{key}: {words}",
        )
        for key, words in {**offered, **extra}.items()
    )
    return Markup(
        '<fieldset class="field ticks" data-field="{}" data-list="{}"><legend>{}{}</legend>{}'
        '<p class="wrong" id="w-{}"></p></fieldset>'
    ).format(name, name, _label(spec), _star(spec), rows, name)


def _group(name: str, spec: schema.Field, kind: type, value: Any, offers: Choices) -> Markup:
    return Markup(
        '<fieldset class="field group" data-field="{}" data-group="{}"><legend>{}{}</legend>{}'
        '<p class="wrong" id="w-{}"></p></fieldset>'
    ).format(
        name,
        name,
        _label(spec),
        _star(spec),
        Markup("").join(_parts(name, kind, value, offers)),
        name,
    )


def _parts(prefix: str, kind: type, value: Any, offers: Choices) -> Iterator[Markup]:
    given = value if isinstance(value, dict) else {}
    for name, (spec, inner) in schema.fields(kind).items():
        plain = dataclasses.replace(spec, required=False)
        yield _box(name, plain, inner, given.get(name), offers, f"{prefix}.{name}")


def _rows(name: str, spec: schema.Field, kind: type, value: Any, offers: Choices) -> Markup:
    """Groups that come several times; the template is what a new one looks like."""
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    rows = Markup("").join(_row(name, str(n), kind, item, offers) for n, item in enumerate(items))
    return Markup(
        '<fieldset class="field rows" data-field="{name}" '
        'data-rows="{name}"><legend>{label}{star}</legend>'
        '<div class="list">{rows}</div><template>{fresh}</template>'
        '<button type="button" class="add" data-add="{name}">Thêm</button>'
        '<p class="wrong" id="w-{name}"></p></fieldset>'
    ).format(
        name=name,
        label=_label(spec),
        star=_star(spec),
        rows=rows,
        fresh=_row(name, "N", kind, {}, offers),
    )


def _row(name: str, number: str, kind: type, value: Any, offers: Choices) -> Markup:
    return Markup(
        '<div class="row" data-row="{}">{}<button type="button" class="drop" data-drop="{}">Bỏ '
        "mục này</button></div>"
    ).format(number, Markup("").join(_parts(f"{name}.{number}", kind, value, offers)), name)


def _text(body: str) -> Markup:
    return Markup(
        '<div class="field text" data-field="body"><label for="f-body">Nội dung bài</label>'
        '<div class="tools"><button type="button" data-block="## Đề mục">Đề mục</button>'
        '<button type="button" data-block=":::note Lưu ý">Lưu ý</button>'
        '<button type="button" data-block=":::steps Các bước">Các bước</button>'
        '<button type="button" data-block=":::qa Hỏi">Hỏi – đáp</button>'
        '<label class="pick">Thêm hình<input type="file" id="pick" accept="image/*,.svg" '
        "multiple></label></div>"
        '<textarea id="f-body" name="body" rows="24" spellcheck="false" '
        'aria-describedby="h-body w-body">\n{}</textarea>'
        '<p class="help" id="h-body">Kéo ảnh thả vào đây: ảnh được xoay đúng chiều, xóa vị trí '
        "chụp, kiểm tra cỡ in rồi "
        'lưu cạnh bài.</p><p class="wrong" id="w-body"></p></div>'
    ).format(body)


def _whole(source: str, why: str) -> Markup:
    return Markup(
        '<div class="field text" data-field="whole"><p class="reason">Đang sửa cả tệp, vì {}. '
        "Sửa xong, lưu rồi tải lại "
        'trang để có các ô.</p><label for="f-whole">Cả tệp</label>'
        '<textarea id="f-whole" name="whole" rows="36" spellcheck="false" '
        'aria-describedby="w-whole">\n{}</textarea>'
        '<p class="wrong" id="w-whole"></p></div>'
    ).format(why, source)


# ---- small pieces ------------------------------------------------------------------------------


def _bare(kind: Any) -> Any:
    parts = [part for part in typing.get_args(kind) if part is not type(None)]
    return parts[0] if parts and typing.get_origin(kind) is not tuple else kind


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
