"""The finished PDF and the web pages against the law: what they say, where, and the boxes.

Read out of the file itself, whatever made it: the masthead on page one, the imprint at the end of
the last page, trim and pages, the label on what an AI tool made, and no personal data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO

from bulletin import privacy
from bulletin.preflight.lettering import drawn_text, sorted_text, squeeze
from bulletin.preflight.subject import PageView, read
from bulletin.preflight.values import Spec

KIND = "BẢN TIN"
POINT = 25.4 / 72  # mm
SLACK = 0.5  # mm by which a box may differ from the law's number
AFTER = 700  # letters that may follow the imprint: rights, contact
LABEL = 40  # letters of a label that prove it; the rest may go on overleaf


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the file must show. Empty texts are owed by the office and reported elsewhere."""

    name: str
    publisher: str
    date: tuple[str, ...]
    imprint: tuple[tuple[str, tuple[str, ...]], ...]
    labels: tuple[tuple[str, str], ...] = ()
    width: float = 0.0
    height: float = 0.0
    pages: int = 0
    public: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    page: int
    message: str
    hint: str


def look(data: bytes, wanted: Wanted) -> tuple[Fault, ...]:
    """Every breach, in order of pages; a file that cannot be read is the preflight's business."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            pages = read(data, Spec(), pdf).pages
            return tuple(_faults(pages, wanted)) if pages else ()
    except pikepdf.PdfError:
        return ()


def _faults(pages: tuple[PageView, ...], wanted: Wanted) -> Iterator[Fault]:
    yield from _boxes(pages, wanted)
    yield from _masthead(pages[0], wanted)
    yield from _imprint(pages[-1], wanted)
    yield from _labels(pages, wanted)
    for page in pages:
        yield from _personal(page, wanted)


def _boxes(pages: tuple[PageView, ...], wanted: Wanted) -> Iterator[Fault]:
    for page in pages:
        width, height = ((page.trim[n + 2] - page.trim[n]) * POINT for n in (0, 1))
        if wanted.width and (width > wanted.width + SLACK or height > wanted.height + SLACK):
            message = f"khổ thành phẩm {width:.1f} × {height:.1f} mm lớn hơn luật cho"
            hint = f"tối đa {wanted.width:g} × {wanted.height:g} mm"
            yield Fault("LG002", page.number, message, hint)
    if wanted.pages and len(pages) > wanted.pages:
        hint = f"tối đa {wanted.pages} trang kể cả bìa"
        yield Fault("LG003", 0, f"tệp có {len(pages)} trang, nhiều hơn luật cho", hint)


def _orders(page: PageView) -> tuple[str, str]:
    """The page's letters as they were drawn, and from top to bottom."""
    return squeeze(drawn_text(page)), squeeze(sorted_text(page))


def _masthead(page: PageView, wanted: Wanted) -> Iterator[Fault]:
    """BẢN TIN on top, the name after it, the publisher and the full date below the name."""
    found = [list(_steps(letters, wanted)) for letters in _orders(page)]
    for message in min(found, key=len):
        yield Fault(
            "LG020",
            page.number,
            message,
            "trang một: «BẢN TIN», tên bản tin, rồi cơ quan xuất bản và ngày, tháng, năm",
        )
    tops = [
        m.box[3] for m in page.ink_marks if m.kind == "text" and squeeze(KIND) in squeeze(m.text)
    ]
    middle = (page.trim[1] + page.trim[3]) / 2
    if tops and max(tops) < middle:
        hint = "đưa các dòng bắt buộc lên đầu trang một"
        yield Fault("LG020", page.number, "«BẢN TIN» nằm ở nửa dưới của trang", hint)


def _steps(letters: str, wanted: Wanted) -> Iterator[str]:
    kind = letters.find(squeeze(KIND))
    if kind < 0:
        yield f"không thấy «{KIND}»"
    name = letters.find(squeeze(wanted.name), max(kind, 0))
    if name < 0:
        yield f"không thấy tên «{wanted.name}» sau «{KIND}»"
    below = letters[max(name, 0) :]
    if squeeze(wanted.publisher) not in below:
        yield f"không thấy «{wanted.publisher}» dưới tên"
    if not any(squeeze(form) in below for form in wanted.date):
        yield f"không thấy «{wanted.date[0]}» dưới tên" if wanted.date else "thiếu ngày"


def _imprint(page: PageView, wanted: Wanted) -> Iterator[Fault]:
    letters = max(_orders(page), key=len)
    hint = "cuối trang cuối: giấy phép, nơi in, số lượng, kỳ hạn, người chịu trách nhiệm"
    ends = []
    for what, forms in wanted.imprint:
        places = [letters.rfind(squeeze(form)) for form in forms]
        if max(places, default=-1) < 0:
            yield Fault("LG021", page.number, f"không thấy {what} «{forms[0]}»", hint)
        else:
            ends.append(max(places))
    if ends and len(letters) - max(ends) > AFTER:
        yield Fault("LG021", page.number, "các dòng bắt buộc không ở cuối trang cuối", hint)


def _labels(pages: tuple[PageView, ...], wanted: Wanted) -> Iterator[Fault]:
    whole = "".join(squeeze(drawn_text(page)) for page in pages)
    for title, label in wanted.labels:
        if squeeze(label)[:LABEL] not in whole:
            yield Fault(
                "LG022",
                0,
                f"bài «{title}» có nhãn AI mà bản in không nói",
                "in nhãn và câu ở ai.note cùng bài (mẫu in của giao diện)",
            )


class _Shown(HTMLParser):
    """The words of a page that stand in its body; no script, style or title."""

    SILENT = ("head", "script", "style", "template")

    def __init__(self) -> None:
        super().__init__()
        self.silent: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            self.silent.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def shows(page: str, label: str) -> bool:
    """Whether a web page says ``label``, whole, where readers see it."""
    shown = _Shown()
    shown.feed(page)
    shown.close()
    return squeeze(label) in squeeze("".join(shown.words))


def _personal(page: PageView, wanted: Wanted) -> Iterator[Fault]:
    for line in drawn_text(page).split("\n"):
        for hit in privacy.scan(line, wanted.public):
            hint = "bỏ khỏi bài, hoặc ghi vào public_numbers nếu là số công khai"
            yield Fault(hit.code, page.number, f"{hit.what} có trong bản in", hint)
