"""Every value that travels through a build: frozen dataclasses, no behaviour.

The first half is what the board writes (read by :mod:`bulletin.schema`), the second half what the
program makes of it. ``Catalog`` holds only what the public may see; ``Edition`` is what goes to
print; ``Ledger`` is for the board. Outputs take the type that they may show, so a draft cannot
reach a reader by oversight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bulletin.almanac import (
    Appointment,
    ContentsPart,
    Day,
    Deadline,
    IssueCover,
    Medium,
    Orientation,
    PlannedIssue,
    Quiz,
    StepChange,
)
from bulletin.bureau import OfficeSpec
from bulletin.diag import Diagnostic, Place, PlaceTable
from bulletin.genres import GENRES
from bulletin.outlets import Broadcast, PublishTarget
from bulletin.permits import LicenceRecord, RightsNote
from bulletin.printshop import PrintProfile
from bulletin.schema import field as key

STATUSES = ("draft", "edited", "approved", "published")
STATUS_WORDS = {
    "draft": "bản nháp",
    "edited": "đã biên tập",
    "approved": "đã duyệt",
    "published": "đã đăng",
}
ISSUE_STATUSES = ("planned", "in-progress", "published")
STATUS_HELP = "; ".join(f"{name}: {word}" for name, word in STATUS_WORDS.items())
AUDIENCES = (
    "nông dân",
    "hợp tác xã",
    "doanh nghiệp",
    "cán bộ",
    "giáo viên",
    "học sinh",
    "hội viên",
    "mọi người",
)
LANGUAGES = {
    "vi": "tiếng Việt",
    "tyz": "tiếng Tày",
    "nut": "tiếng Nùng",
    "hmn": "tiếng Mông",
    "ium": "tiếng Dao",
    "mlc": "tiếng Cao Lan",
    "en": "tiếng Anh",
}
# How a genre is set in print when the article does not say otherwise.
LAYOUT_OF = {
    "letter": "letter",
    "news": "news",
    "qa": "qa",
    "numbers": "numbers",
    "announcement": "announcement",
}
LAYOUTS = ("feature", *LAYOUT_OF.values())
AI_LABELS = ("none", "assisted", "generated")

# ---- what the board writes ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Licence:
    number: str = key("Số giấy phép", required=True, example="37/GP-XBBT", default="")
    date: date | None = key("Ngày cấp", required=True, example="2025-06-16")
    issuer: str = key(
        "Cơ quan cấp",
        required=True,
        example="Sở Văn hóa, Thể thao và Du lịch",
        default="",
    )


@dataclass(frozen=True, slots=True)
class Contact:
    address: str = key("Địa chỉ", default="")
    email: str = key("Thư điện tử", default="")
    phone: str = key("Điện thoại", default="")


@dataclass(frozen=True, slots=True)
class Publication:
    name: str = key("Tên bản tin", required=True, example="Khoa học và Kỹ thuật", default="")
    agency: str = key("Cơ quan chủ quản (dòng trên)", required=True, default="")
    publisher: str = key("Cơ quan xuất bản (dòng dưới)", required=True, default="")
    short_publisher: str = key("Tên gọi tắt của cơ quan xuất bản", default="")
    place: str = key(
        "Địa danh ghi trước ngày tháng",
        required=True,
        example="Tuyên Quang",
        default="",
    )
    description: str = key("Một câu giới thiệu", required=True, default="")
    licence: Licence | None = key("Giấy phép xuất bản", required=True)
    record: LicenceRecord | None = key("Nội dung hồ sơ giấy phép")
    responsible: str = key("Người chịu trách nhiệm xuất bản", default="")
    contact: Contact | None = key("Liên hệ")
    printer: str = key("Nơi in", default="")
    circulation: str = key("Số lượng in mỗi kỳ", default="")
    periodicity: str = key("Kỳ hạn xuất bản", example="03 tháng/kỳ", default="")
    audience: str = key("Đối tượng phục vụ", default="", limit=1000)
    rights: str = key("Quyền sử dụng nội dung", default="", limit=1000)


LOCAL_SITE = "http://localhost:8000/"  # where links go while the office has set no address


@dataclass(frozen=True, slots=True)
class Site:
    base_url: str = key("Địa chỉ trang web", example="https://ten-mien.vn/bantin/", default="")
    language: str = key("Ngôn ngữ", example="vi", default="vi")
    time_zone: str = key("Múi giờ", choices=("Asia/Ho_Chi_Minh",), default="Asia/Ho_Chi_Minh")
    feed_items: int = key("Số bài trong RSS", default=50)
    websub_hub: str = key("Trạm báo tin mới (WebSub)", example="https://…", default="", limit=300)
    zalo_share: str = key("Địa chỉ gửi bài lên Zalo; {url}: chỗ của địa chỉ bài", default="")
    social_cards: bool = key("Vẽ hình chia sẻ cho từng bài, từng số", default=True)
    books: bool = key("Làm sách điện tử EPUB cho từng số", default=True)
    epub_certifier: str = key("Ai đánh giá EPUB đạt WCAG 2.2 AA (để trống: chưa ai)", default="")


@dataclass(frozen=True, slots=True)
class Section:
    slug: str = key("Địa chỉ chuyên mục", required=True, example="ky-thuat", default="")
    title: str = key("Tên chuyên mục", required=True, example="Phổ biến kỹ thuật", default="")
    description: str = key("Một câu giới thiệu", required=True, default="")
    order: int = key("Thứ tự", required=True, example="10", default=0)
    standing: bool = key("Chuyên mục thường xuyên", default=False)


@dataclass(frozen=True, slots=True)
class Config:
    """``bulletin.yaml``."""

    publication: Publication = key("Xuất bản phẩm", required=True)
    site: Site = key("Trang web", required=True)
    sections: tuple[Section, ...] = key("Chuyên mục", required=True, default=())
    theme: str = key("Giao diện", required=True, example="lhh", default="lhh")
    print: PrintProfile | None = key("Hồ sơ in")
    silence: tuple[str, ...] = key("Mã cảnh báo không cần nhắc", default=())
    publish: tuple[PublishTarget, ...] = key("Nơi đăng trang web", default=())
    broadcast: Broadcast | None = key("Bản phát thanh")


@dataclass(frozen=True, slots=True)
class IssueSpec:
    """``issues/<year>/so-<n>.yaml``."""

    number: int = key("Số", required=True, example="1", default=0)
    year: int = key("Năm", required=True, example="2026", default=0)
    status: str = key("Tình trạng", required=True, choices=ISSUE_STATUSES, default="planned")
    title: str = key("Chủ đề theo kế hoạch", required=True, limit=600, default="")
    short_title: str = key("Chủ đề viết gọn", required=True, default="", limit=80)
    deadline: Deadline = key("Thời hạn", required=True)
    date: date | None = key("Ngày xuất bản thật", example="2026-03-25")
    accent: str = key("Bảng màu", required=True, example="dao", default="")
    cover: IssueCover = key("Bìa", required=True)
    letter: str = key("Thư Ban biên tập", default="")
    brief: str = key("Yêu cầu của kế hoạch", required=True, default="", limit=4000)
    lead: str = key("Đơn vị chủ trì", default="", limit=200)
    circulation: str = key("Số lượng ghi trong kế hoạch", example="theo quy định", default="")
    pages: int | None = key("Số trang dự kiến, kể cả bìa", example="40")
    steps: tuple[StepChange, ...] = key("Bước làm khác với bảng chung", default=())
    orientations: tuple[Orientation, ...] = key("Định hướng nội dung", default=())
    contents: tuple[ContentsPart, ...] = key("Mục lục theo chuyên mục", default=())


@dataclass(frozen=True, slots=True)
class Cover:
    file: str = key("Tệp hình", required=True, example="hinh.svg", default="")
    alt: str = key("Mô tả hình cho người không nhìn thấy", required=True, limit=1000, default="")
    caption: str = key("Chú thích", default="", limit=600)
    credit: str = key("Tác giả hình", required=True, example='"Đồ họa: Ban biên tập"', default="")
    consent: str = key("Đồng ý của người trong ảnh", default="")
    guardian: str = key("Đồng ý của cha mẹ, người giám hộ khi ảnh có trẻ em", default="")
    map_checked: str = key("Ai đã soát bản đồ, ngày nào", default="", limit=200)


@dataclass(frozen=True, slots=True)
class SourceNote:
    title: str = key("Tên tài liệu", required=True, default="", limit=600)
    publisher: str = key("Cơ quan, tác giả", default="", limit=300)
    date: str = key("Ngày hoặc năm", default="", limit=40)
    url: str = key("Địa chỉ", default="", limit=600)
    reprint: bool = key("Đăng lại nguyên văn", default=False)


@dataclass(frozen=True, slots=True)
class AiLabel:
    label: str = key("Nhãn AI", required=True, choices=AI_LABELS, example="none", default="none")
    note: str = key("Nói rõ đã dùng AI vào việc gì", default="", limit=500)


@dataclass(frozen=True, slots=True)
class Correction:
    date: date = key("Ngày đính chính", required=True, example="2026-04-02")
    text: str = key("Đã sửa điều gì", required=True, limit=1000, default="")


@dataclass(frozen=True, slots=True)
class Meta:
    """Front matter of an article."""

    title: str = key(
        "Tên bài",
        required=True,
        example='"Nuôi lợn an toàn sinh học"',
        limit=200,
        default="",
    )
    uid: str = key(
        "Mã cố định của bài, không bao giờ đổi",
        required=True,
        example="2026-1-ten-bai",
        limit=120,
        default="",
    )
    slug: str = key("Địa chỉ bài (để trống: lấy tên tệp)", default="", limit=80)
    issue: str = key("Số bản tin (để trống: lấy tên thư mục)", example="2026/so-1", default="")
    section: str = key("Chuyên mục", required=True, example="ky-thuat", default="")
    genre: str = key("Thể loại", required=True, choices=tuple(GENRES), example="guide", default="")
    authors: tuple[str, ...] = key("Tác giả", example="[Ban biên tập]", limit=120, default=())
    status: str = key(
        "Tình trạng",
        required=True,
        choices=STATUSES,
        example="draft",
        default="draft",
        help=STATUS_HELP,
    )
    date: date | None = key("Ngày đăng (để trống: theo số bản tin)", example="2026-03-25")
    publish_at: datetime | None = key("Hẹn giờ đăng", example="2026-05-18 06:00")
    standfirst: str = key("Sa-pô", limit=600, default="")
    keywords: tuple[str, ...] = key(
        "Từ khóa", example="[chăn nuôi lợn, khử trùng]", limit=80, default=()
    )
    audience: tuple[str, ...] = key(
        "Người đọc", choices=AUDIENCES, example="[nông dân]", default=()
    )
    lang: str = key("Ngôn ngữ", example="vi", default="vi", limit=12)
    translation_of: str = key(
        "Bài này dịch từ bài nào (uid của bài gốc)", example="2026-1-ten-bai", limit=120, default=""
    )
    cover: Cover | None = key("Hình mở bài")
    sources: tuple[SourceNote, ...] = key("Nguồn", default=())
    orientations: tuple[str, ...] = key(
        "Định hướng của kế hoạch mà bài trả lời", example="[1đ]", limit=12, default=()
    )
    ai: AiLabel | None = key("Sử dụng AI")
    licence: str = key("Giấy phép sử dụng riêng của bài", default="")
    corrections: tuple[Correction, ...] = key("Đính chính", default=())
    aliases: tuple[str, ...] = key(
        "Địa chỉ cũ của bài", example="[2026/so-1/ten-cu]", limit=200, default=()
    )
    layout: str = key(
        "Kiểu dàn trang in (để trống: theo thể loại)",
        choices=LAYOUTS,
        example="feature",
        default="",
    )
    brief: str = key("Đề cương cho bài chưa viết (bạn đọc không thấy)", limit=4000, default="")


# ---- what reading makes of it ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """One piece of a document, the only document format inside the program.

    ``line`` counts from the first line of the body; 0 = unknown. ``attrs`` are sorted pairs of
    plain JSON values. There is no kind for raw HTML.
    """

    kind: str
    text: str = ""
    line: int = 0
    attrs: tuple[tuple[str, Any], ...] = ()
    kids: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or picture in a body. ``kind`` is ``link`` or ``picture``."""

    kind: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class FigureNote:
    """A figure of a body as lists know it: ``figure`` or ``chart``, with its address in ``id``."""

    form: str
    id: str
    target: str
    title: str
    alt: str
    credit: str
    width: str


@dataclass(frozen=True, slots=True)
class Article:
    """One content file after reading. ``body`` is the digest of its nodes in the store.

    ``terms``: the words that mark the text, with how often they occur (:func:`facts.terms`).
    """

    path: str
    folder: str
    name: str
    meta: Meta
    places: PlaceTable
    body: str
    words: int
    excerpt: str
    headings: tuple[tuple[str, str], ...]
    anchors: tuple[str, ...]
    references: tuple[Reference, ...]
    figures: tuple[FigureNote, ...] = ()
    questions: tuple[str, ...] = ()
    terms: str = ""
    rights: tuple[RightsNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Facts of one image file. Sizes in pixels, for SVG in user units."""

    path: str
    digest: str
    kind: str
    width: int
    height: int
    mode: str = ""
    tone: str = ""  # class of its average colour
    # (line, text) of a drawing where somebody's number may stand; the board may list it as public
    numbers: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Palette:
    """One issue's colours as ``#rrggbb``; the theme checks their contrast."""

    name: str
    accent: str
    fill: str
    light: str
    second: str
    accent_dark: str
    pattern: str


# ---- what everybody may see --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture as a page needs it: ``url`` from the site root, ``digest`` of the bytes."""

    url: str
    digest: str
    kind: str
    width: int
    height: int
    srcset: tuple[tuple[str, int], ...] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An article as lists show it: editing a body changes no card."""

    id: str
    uid: str
    url: str
    title: str
    standfirst: str
    genre: str
    authors: tuple[Link, ...]
    section: Link
    issue: Link
    keywords: tuple[Link, ...]
    audience: tuple[Link, ...]
    lang: str
    date: str
    when: str
    moment: str
    accent: str
    picture: PictureView | None = None
    alt: str = ""
    known: str = ""  # the date as far as it is known: a day, or the month that ``when`` names


@dataclass(frozen=True, slots=True)
class Version:
    """The same piece in one language; a piece's own version is among its versions."""

    lang: str
    name: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Piece:
    """An article ready for an output: its card, its body and all that the body refers to."""

    card: Card
    body: str
    words: int
    layout: str
    path: str
    cover: Cover | None
    cover_view: PictureView | None
    sources: tuple[SourceNote, ...]
    ai: AiLabel | None
    licence: str
    headings: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    pictures: tuple[tuple[str, PictureView], ...]
    figures: tuple[FigureNote, ...] = ()
    questions: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section inside an issue, in printed order."""

    section: Link
    description: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue with the pieces that the bearer of this value may see."""

    key: str
    number: int
    year: int
    url: str
    title: str
    short_title: str
    line: str
    status: str
    when: str
    date: str
    planned: bool
    deadline_text: str
    accent: str
    teasers: tuple[str, ...]
    letter: str
    parts: tuple[Part, ...]

    @property
    def known(self) -> str:
        """The date of publication as far as it is known: a day, or the month of the plan."""
        return self.date[:7] if self.planned else self.date

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for part in self.parts for piece in part.pieces)


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading: a section, an author, a keyword."""

    title: str
    slug: str
    url: str
    description: str
    standing: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything public at the date of the build. Drafts and embargoed pieces are not in it.

    ``related``: piece → the pieces most like it; ``moved``: old address → piece; ``media`` with the
    picture that stands for it.
    """

    issues: tuple[Issue, ...]
    sections: tuple[Group, ...]
    authors: tuple[Group, ...]
    keywords: tuple[Group, ...]
    audiences: tuple[Group, ...]
    recent: tuple[Card, ...]
    related: Mapping[str, tuple[Card, ...]] = field(default_factory=dict)
    moved: tuple[tuple[str, Link], ...] = ()
    plan: tuple[PlannedIssue, ...] = ()
    days: tuple[Day, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    quizzes: tuple[Quiz, ...] = ()
    media: tuple[tuple[Medium, PictureView | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One issue as it goes to print: approved and published pieces, whatever their web date."""

    issue: Issue


@dataclass(frozen=True, slots=True)
class Row:
    """One article as the board sees it, drafts included."""

    title: str
    path: str
    name: str
    status: str
    public: bool
    embargoed: bool
    orientations: tuple[str, ...]
    words: int
    section: str
    authors: tuple[str, ...] = ()
    brief: str = ""
    uid: str = ""
    genre: str = ""
    audience: tuple[str, ...] = ()
    lang: str = "vi"
    translation_of: str = ""
    day: date | None = None  # on which readers got it; unknown while nobody has written it down
    credits: tuple[str, ...] = ()  # of its pictures, one each


@dataclass(frozen=True, slots=True)
class IssueLedger:
    """Plan and state of one issue, for the board only."""

    key: str
    spec: IssueSpec
    path: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    as_of: date
    issues: tuple[IssueLedger, ...]
    blanks: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    office: OfficeSpec = field(default_factory=OfficeSpec)


# ---- what is made ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frame:
    """What every web page shows around its content.

    ``lookup`` and ``house``: the standing pages that exist, for menus and footer.
    """

    name: str
    description: str
    agency: str
    publisher: str
    short_publisher: str
    licence: str
    responsible: str
    contact: tuple[tuple[str, str], ...]
    rights: str
    base_url: str
    language: str
    sections: tuple[Link, ...]
    issues: tuple[Link, ...]
    assets: tuple[tuple[str, str], ...]
    lookup: tuple[Link, ...] = ()
    house: tuple[Link, ...] = ()
    zalo: str = ""  # address for sharing, with {url}


@dataclass(frozen=True, slots=True)
class Job:
    """A promise of one file: it holds all that the file depends on.

    ``needs`` are digests of blobs that making it will load; ``template`` names the template whose
    closure belongs to the key; ``also`` are further paths that get the same bytes, ``gives`` paths
    of other files that the same work makes. ``keeps``: it keeps parts of its work for the next
    time, so it is made where the memo is.
    """

    path: str
    maker: str
    page: Any
    template: str = ""
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    heavy: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """One job done: where its bytes are, what was noticed, facts for the summary.

    ``hints``: what was measured and kept, which saves time when the job is made again.
    """

    path: str
    blob: str
    diagnostics: tuple[Diagnostic, ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    siblings: tuple[tuple[str, str], ...] = ()
    hints: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Printed:
    """What the site takes from the press: the reader's PDF and where each piece begins in it."""

    pdf: str
    pages: int
    starts: tuple[tuple[str, int], ...]
    breaks: tuple[tuple[str, int, int], ...] = ()  # (uid, line of the body, page) of further pages


@dataclass(frozen=True, slots=True)
class Request:
    """What a build is asked for. ``as_of`` is the only clock of a build.

    ``profile`` names the print profile; empty = the one that the configuration uses. ``issues``
    limits the proofs to these keys.
    """

    as_of: datetime
    drafts: bool = False
    outputs: tuple[str, ...] = ("site", "print")
    workers: int = 0
    profile: str = ""
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to. ``tree`` is path → digest; empty when errors stopped it.

    ``waits``: when the next article becomes public, if one waits for an hour.
    """

    tree: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    made: tuple[str, ...]
    facts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    articles: int = 0
    waits: datetime | None = None

    @property
    def failed(self) -> bool:
        return any(item.severity == 2 for item in self.diagnostics)
