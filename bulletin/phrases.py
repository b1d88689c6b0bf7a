"""The program's own words to readers, in other languages: ``strings/<language>.yaml`` of a theme.

Templates say everything in Vietnamese, ``{{ "Nguồn" | say }}``, so they can be read as they are; a
catalogue turns such a phrase into its language. What a catalogue lacks is said in Vietnamese.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context

from bulletin import yamltree
from bulletin.diag import Place, Report
from bulletin.genres import GENRES
from bulletin.model import LANGUAGES

FOLDER = "strings/"
Catalogues = Mapping[str, Mapping[str, str]]
Spoken = tuple[str, str, int]  # phrase, template, line
# Titles of the pages that stand beside the issues, as menus show them.
MENUS = (
    "Các số đã ra", "Từ khóa", "Tác giả", "Đọc theo đối tượng", "Hỏi – đáp", "Thư viện",
    "Tự kiểm tra", "Lịch", "Giới thiệu", "Kế hoạch biên tập", "Theo dõi bản tin",
    "Gửi bài cộng tác", "Đính chính",
)  # fmt: skip
# What the writers of bodies say, and what stands in the model.
PROGRAM = (
    "Hình", "Bảng", "Chú thích", "Trở lại chỗ có chú thích", "Số liệu của biểu đồ", "Âm thanh",
    "Nội dung bằng chữ", "Ghi nhớ", "Lưu ý an toàn", *GENRES.values(), *LANGUAGES.values(), *MENUS,
)  # fmt: skip


def of_template(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """(phrase, line) of everything that a template says by itself."""
    for node in tree.find_all(nodes.Filter):
        if node.name == "say" and isinstance(node.node, nodes.Const):
            yield str(node.node.value), node.lineno


def read(
    files: Mapping[str, bytes], root: str, spoken: Iterable[Spoken], report: Report
) -> Catalogues:
    """The catalogues of a theme; what one of them lacks or has too many is reported."""
    phrases = {phrase: (template, line) for phrase, template, line in spoken}
    found = {}
    for path in sorted(files):
        if path.startswith(FOLDER) and path.endswith(".yaml"):
            lang = path.removeprefix(FOLDER).removesuffix(".yaml")
            found[lang] = _catalogue(files[path], f"{root}/{path}", phrases, report)
    return found


def _catalogue(
    data: bytes, path: str, phrases: Mapping[str, tuple[str, int]], report: Report
) -> dict[str, str]:
    tree = yamltree.parse(data.decode("utf-8", "replace"), path, report)
    if not isinstance(tree, yamltree.Mapping):
        report.error(
            Place(path, 1, 1),
            "TH015",
            "bảng chữ không phải danh sách «tiếng Việt: bản dịch»",
            "mỗi dòng một câu, ví dụ: Nguồn: Sources",
        )
        return {}
    table = {}
    for name, value in tree.pairs:
        known = name.text in phrases or name.text in PROGRAM
        if not known or not isinstance(value, yamltree.Scalar) or not value.text.strip():
            why = "bỏ trống bản dịch của" if known else "có câu mà không mẫu trang nào nói:"
            report.warn(
                name.place,
                "TH016",
                f"bảng chữ {why} «{name.text}»",
                "sửa cho khớp với câu trong mẫu trang, hoặc bỏ dòng này",
            )
            continue
        table[name.text] = value.text
    lacking = [phrase for phrase in (*phrases, *PROGRAM) if phrase not in table]
    if lacking:
        listed = ", ".join(f"«{phrase}»" for phrase in lacking[:5])
        more = f" và {len(lacking) - 5} câu nữa" if len(lacking) > 5 else ""
        report.warn(
            Place(path, 1, 1),
            "TH017",
            f"bảng chữ thiếu {listed}{more}",
            "thêm câu còn thiếu; khi chưa có, trang nói câu ấy bằng tiếng Việt",
        )
    return table


def words(catalogues: Catalogues, lang: str) -> Callable[[str], str]:
    """What puts a Vietnamese phrase into ``lang``."""
    table = catalogues.get(lang, {})
    return lambda phrase: table.get(phrase, phrase)


@jinja2.pass_context
def say(context: Context, phrase: str) -> str:
    """A phrase in the language of the page, or of ``lang`` in a book."""
    catalogues: Catalogues = context.environment.strings  # type: ignore[attr-defined]
    page = context.get("page")
    head = getattr(page, "head", None)
    lang = context.get("lang") or (head.spoken if head else "")
    return words(catalogues, str(lang))(str(phrase))
