"""What the board writes beside articles: plan of an issue, calendar, question banks, media.

The first half is read by :mod:`bulletin.schema`, the second half is what the public may see of it.
A question whose bank is still open has no field for its answer, so no page can show one early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bulletin.schema import field as key

MEDIA = {
    "poster": "Tranh cổ động",
    "handbook": "Sổ tay",
    "video": "Video",
    "podcast": "Âm thanh",
}
SPOKEN = ("video", "podcast")


# ---- parts of an issue file --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    text: str = key(
        "Thời hạn ghi trong kế hoạch",
        required=True,
        example='"trong tháng 3/2026"',
        default="",
    )
    date: date = key("Ngày cuối cùng còn đúng hạn", required=True, example="2026-03-31")


@dataclass(frozen=True, slots=True)
class IssueCover:
    line: str = key("Câu chính trên bìa", required=True, default="")
    teasers: tuple[str, ...] = key("Bài giới thiệu trên bìa", default=())


@dataclass(frozen=True, slots=True)
class Orientation:
    id: str = key("Mã định hướng", required=True, example="1a", default="")
    text: str = key("Nội dung định hướng", required=True, default="", limit=1500)
    required: bool = key("Bắt buộc", default=True)


@dataclass(frozen=True, slots=True)
class ContentsPart:
    section: str = key("Chuyên mục", required=True, default="")
    articles: tuple[str, ...] = key("Bài, theo thứ tự in", default=())


@dataclass(frozen=True, slots=True)
class StepChange:
    """What one issue does otherwise than the office's table of steps."""

    id: str = key("Mã bước", required=True, example="thu-bai", default="", limit=40)
    before: int | None = key("Hoặc: trước hạn cuối bao nhiêu ngày làm việc", example="20")
    who: str = key("Người làm", default="", limit=160)
    done: date | None = key("Ngày đã xong", example="2026-11-18")
    date: date | None = key("Hạn riêng của số này", example="2026-11-20")


# ---- files of their own ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DaySpec:
    day: str = key("Ngày/tháng", required=True, example="18/5", default="", limit=5)
    title: str = key("Tên ngày", required=True, default="", limit=120)
    about: str = key("Một câu về ngày này", default="", limit=400)
    idea: str = key("Gợi ý một việc làm", default="", limit=400)
    source: str = key("Nguồn", required=True, default="", limit=400)
    checked: date | None = key("Ngày đối chiếu nguồn", required=True, example="2026-11-20")
    article: str = key("Bài kể kỹ hơn", example="2026/so-3/ten-bai", default="", limit=160)


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """``content/lich.yaml``."""

    days: tuple[DaySpec, ...] = key("Các ngày hẹn hằng năm", required=True, default=())


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    text: str = key("Câu hỏi", required=True, default="", limit=400)
    choices: tuple[str, ...] = key("Các lựa chọn", required=True, default=(), limit=300)
    answer: int = key("Lựa chọn đúng, đếm từ 1", required=True, example="2", default=0)
    explanation: str = key("Giải thích", required=True, default="", limit=800)
    source: str = key("Bài có câu trả lời", required=True, example="2026/so-1/ten-bai", default="")


@dataclass(frozen=True, slots=True)
class QuizSpec:
    """``content/tu-kiem-tra/<name>.yaml``."""

    title: str = key("Tên bộ câu hỏi", required=True, default="", limit=160)
    intro: str = key("Lời mở đầu", default="", limit=600)
    opens: date | None = key("Ngày mở", required=True, example="2026-10-10")
    closes: date | None = key("Ngày cuối giữ kín đáp án", required=True, example="2026-10-31")
    questions: tuple[QuestionSpec, ...] = key("Câu hỏi", required=True, default=())


@dataclass(frozen=True, slots=True)
class MediumSpec:
    """``content/thu-vien/<name>.yaml``."""

    kind: str = key("Loại", required=True, choices=tuple(MEDIA), example="poster", default="")
    title: str = key("Tên", required=True, default="", limit=200)
    file: str = key("Tệp đặt cạnh tệp này", example="to-roi.svg", default="")
    url: str = key("Hoặc địa chỉ nơi khác", example="https://…", default="", limit=600)
    alt: str = key("Mô tả hình", default="", limit=1500)
    transcript: str = key("Lời bằng chữ", default="", limit=20_000)
    credit: str = key("Tác giả", required=True, example='"Đồ họa: Ban biên tập"', default="")
    licence: str = key("Quyền sử dụng", default="", limit=600)
    date: date | None = key("Ngày đưa lên", required=True, example="2026-11-20")
    length: str = key("Thời lượng", example="3 phút", default="", limit=40)
    article: str = key("Bài liên quan", example="2026/so-1/ten-bai", default="", limit=160)


# ---- what everybody may see --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """A day that returns every year. ``article``: (title, address), or empty."""

    day: int
    month: int
    label: str
    title: str
    about: str
    idea: str
    source: str
    article: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    choices: tuple[str, ...]
    source: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with its key; only a closed bank has such questions."""

    text: str
    choices: tuple[str, ...]
    source: tuple[str, str]
    answer: int
    explanation: str


@dataclass(frozen=True, slots=True)
class OpenQuiz:
    slug: str
    url: str
    title: str
    intro: str
    opens: str
    closes: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class ClosedQuiz:
    slug: str
    url: str
    title: str
    intro: str
    opens: str
    closes: str
    questions: tuple[AnsweredQuestion, ...]


Quiz = OpenQuiz | ClosedQuiz


@dataclass(frozen=True, slots=True)
class Medium:
    """A poster, video… of the library. ``url``: on this site, or elsewhere if ``outside``.

    ``digest``: of a file that is copied as it is; empty for pictures and for links.
    """

    slug: str
    kind: str
    title: str
    url: str
    outside: bool
    digest: str
    alt: str
    transcript: str
    credit: str
    licence: str
    date: str
    length: str
    article: tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlannedIssue:
    """What the plan says openly of one issue. ``url`` is empty while nothing of it is public."""

    number: int
    year: int
    title: str
    deadline_text: str
    deadline: str
    state: str
    accent: str
    url: str
    last_day: str = ""
    lead: str = ""
    circulation: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A date of the office that all may know. ``yearly``: it returns, ``day`` is the first."""

    title: str
    day: str
    yearly: bool
    about: str = ""
