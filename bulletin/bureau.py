"""What the office writes down for its papers: steps, report days, rates, recipients.

Read by :mod:`bulletin.schema`. ``OfficeSpec`` is ``van-phong.yaml``, seen by all who see the
project; ``PeopleSpec`` and ``PaySpec`` lie in ``rieng/``, outside git and outside every build.
Each number that the law or the office may change stands here with its date and its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bulletin.schema import field as key

OFFICE = "van-phong.yaml"
STATES = ("confirmed", "unconfirmed")
# What a rate is set for: the genres of articles, and what is paid beside them.
KINDS = (
    "letter",
    "news",
    "explainer",
    "guide",
    "feature",
    "qa",
    "numbers",
    "announcement",
    "photo",
    "drawing",
)
KIND_WORDS = {"photo": "Ảnh", "drawing": "Tranh, hình vẽ"}


# ---- plan --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step of an issue, counted back from its deadline in working days."""

    id: str = key("Mã bước", required=True, example="thu-bai", default="", limit=40)
    name: str = key("Tên bước", required=True, default="", limit=160)
    before: int = key(
        "Xong trước hạn cuối bao nhiêu ngày làm việc", required=True, example="25", default=0
    )
    who: str = key("Người làm", default="", limit=160)


@dataclass(frozen=True, slots=True)
class HolidaySpec:
    """``day`` returns every year; ``start`` and ``end`` are of one year (Tết)."""

    name: str = key("Tên kỳ nghỉ", required=True, default="", limit=160)
    day: str = key("Ngày/tháng, nếu năm nào cũng vậy", example="2/9", default="", limit=5)
    start: date | None = key("Hoặc: ngày đầu nghỉ", example="2027-02-04")
    end: date | None = key("Ngày cuối nghỉ", example="2027-02-10")
    source: str = key("Nguồn", required=True, default="", limit=300)


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """A report that the office owes; ``public``: it stands in the calendar of the website."""

    title: str = key("Tên báo cáo", required=True, default="", limit=200)
    to: str = key("Nơi nhận", default="", limit=200)
    day: str = key("Hạn hằng năm, ngày/tháng", example="15/6", default="", limit=5)
    date: date | None = key("Hoặc: hạn của riêng một năm", example="2026-12-15")
    public: bool = key("Hiện trong lịch của trang web", default=False)
    source: str = key("Nguồn", required=True, default="", limit=300)


# ---- papers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signer:
    role: str = key("Quyền hạn, chức vụ", example="CHỦ TỊCH", default="", limit=120)
    name: str = key("Họ và tên", default="", limit=120)


@dataclass(frozen=True, slots=True)
class PaperSpec:
    symbol: str = key("Ký hiệu sau số văn bản", example="LHH", default="", limit=40)
    receivers: tuple[str, ...] = key("Nơi nhận", default=(), limit=200)
    signer: Signer | None = key("Người ký")
    maker: Signer | None = key("Người lập biểu")
    accountant: Signer | None = key("Kế toán")


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a number comes from. An unfilled number of the decision is a visible gap."""

    number: str = key("Số, ký hiệu", example="08/QĐ-LHH", default="", limit=60)
    date: date | None = key("Ngày ban hành", example="2026-02-24")
    issuer: str = key("Cơ quan ban hành", default="", limit=200)
    state: str = key("Đã đối chiếu chưa", choices=STATES, default="unconfirmed")


@dataclass(frozen=True, slots=True)
class SalarySpec:
    """``amount`` left empty: the older amount has ended, the new one is not known."""

    start: date | None = key("Áp dụng từ ngày", required=True, example="2024-07-01")
    amount: int | None = key("Lương cơ sở, đồng/tháng", example="2340000")
    source: str = key("Nguồn", required=True, default="", limit=300)


@dataclass(frozen=True, slots=True)
class RateSpec:
    """``high`` empty: one coefficient, not a range."""

    genre: str = key("Thể loại", required=True, choices=KINDS, example="guide", default="")
    low: float | None = key("Hệ số thấp nhất", required=True, example="2")
    high: float | None = key("Hệ số cao nhất", example="5")


@dataclass(frozen=True, slots=True)
class RateTable:
    start: date | None = key("Áp dụng từ ngày", required=True, example="2026-01-01")
    end: date | None = key("Đến hết ngày")
    decision: Decision | None = key("Quyết định", required=True)
    rates: tuple[RateSpec, ...] = key("Hệ số theo thể loại", default=())


@dataclass(frozen=True, slots=True)
class CeilingSpec:
    genres: tuple[str, ...] = key(
        "Thể loại", required=True, choices=KINDS, example="[news, qa]", default=()
    )
    high: float | None = key("Hệ số tối đa", required=True, example="10")


@dataclass(frozen=True, slots=True)
class AdditionSpec:
    """What is added to, or taken of, the amount of a genre, in percent of it."""

    id: str = key("Mã", required=True, example="viet-tieng-dan-toc", default="", limit=40)
    name: str = key("Tên", required=True, default="", limit=160)
    low: int = key("Thấp nhất, %", required=True, example="30", default=0)
    high: int = key("Cao nhất, %", required=True, example="50", default=0)
    replaces: bool = key("Thay cho nhuận bút gốc (bản dịch), không cộng thêm", default=False)
    source: str = key("Nguồn", required=True, default="", limit=300)


@dataclass(frozen=True, slots=True)
class TaxSpec:
    start: date | None = key("Áp dụng từ ngày", required=True)
    percent: float | None = key("Khấu trừ, %", required=True, example="10")
    threshold: int | None = key("Từ mức chi mỗi lần, đồng", required=True, example="2000000")
    source: str = key("Nguồn", required=True, default="", limit=300)


@dataclass(frozen=True, slots=True)
class RoyaltySpec:
    share: float | None = key("Một hệ số bằng bao nhiêu % lương cơ sở", example="10")
    source: str = key("Nguồn của mức trên", default="", limit=300)
    pay_within: int | None = key("Trả trong bao nhiêu ngày từ khi phát hành", example="60")
    salaries: tuple[SalarySpec, ...] = key("Lương cơ sở theo ngày", default=())
    tables: tuple[RateTable, ...] = key("Bảng hệ số theo ngày", default=())
    ceilings: tuple[CeilingSpec, ...] = key("Hệ số tối đa theo luật", default=())
    ceilings_source: str = key("Nguồn của hệ số tối đa", default="", limit=300)
    additions: tuple[AdditionSpec, ...] = key("Cộng thêm, bản dịch", default=())
    taxes: tuple[TaxSpec, ...] = key("Khấu trừ thuế theo ngày", default=())


@dataclass(frozen=True, slots=True)
class CopiesSpec:
    name: str = key("Nơi nhận", required=True, default="", limit=200)
    copies: int | None = key("Số bản", example="2")
    address: str = key("Địa chỉ", default="", limit=300)
    way: str = key("Cách gửi", example="nộp trực tiếp", default="", limit=120)


@dataclass(frozen=True, slots=True)
class DepositSpec:
    clock: str = key("Giờ nộp", example="08:00", default="", limit=5)
    state: str = key("Đã đối chiếu chưa", choices=STATES, default="unconfirmed")
    source: str = key("Nguồn", default="", limit=300)
    copies: tuple[CopiesSpec, ...] = key("Bản lưu chiểu", default=())


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What the contract with the printing house says of the job. ``print:`` knows the rest."""

    party: str = key("Bên nhận in", default="", limit=200)
    contract: str = key("Số hợp đồng", default="", limit=80)
    contract_date: date | None = key("Ngày hợp đồng")
    paper_inside: str = key("Giấy ruột", example="couché 100 g/m²", default="", limit=120)
    paper_cover: str = key("Giấy bìa", example="couché 200 g/m²", default="", limit=120)
    finish: str = key("Gia công", example="cán mờ bìa", default="", limit=200)
    delivery: str = key("Nơi giao", default="", limit=200)


@dataclass(frozen=True, slots=True)
class UnitSpec:
    name: str = key("Đơn vị", required=True, default="", limit=200)
    authors: tuple[str, ...] = key("Tên ký dưới bài", required=True, default=(), limit=120)


@dataclass(frozen=True, slots=True)
class OfficeSpec:
    """``van-phong.yaml``."""

    steps: tuple[StepSpec, ...] = key("Các bước, lùi từ hạn cuối", default=())
    steps_source: str = key("Ai định các bước ấy", default="", limit=300)
    holidays: tuple[HolidaySpec, ...] = key("Ngày nghỉ", default=())
    reports: tuple[ReportSpec, ...] = key("Hạn báo cáo", default=())
    paper: PaperSpec | None = key("Thể thức giấy tờ")
    royalty: RoyaltySpec | None = key("Nhuận bút")
    deposit: DepositSpec | None = key("Lưu chiểu")
    distribution: tuple[CopiesSpec, ...] = key("Danh sách phát hành", default=())
    job: JobSpec | None = key("Hợp đồng in")
    units: tuple[UnitSpec, ...] = key("Đơn vị của tác giả", default=())


# ---- private: rieng/ ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Somebody who is paid. Nothing of this is ever printed but on the accountant's papers."""

    author: str = key("Tên ký dưới bài", required=True, default="", limit=120)
    name: str = key("Họ và tên để chi trả", default="", limit=120)
    unit: str = key("Đơn vị công tác", default="", limit=200)
    address: str = key("Địa chỉ", default="", limit=300)
    phone: str = key("Điện thoại", default="", limit=40)
    id_number: str = key("Số căn cước", default="", limit=20)
    tax_code: str = key("Mã số thuế", default="", limit=20)
    account: str = key("Số tài khoản", default="", limit=40)
    bank: str = key("Ngân hàng", default="", limit=160)
    paid: bool = key("Có nhận nhuận bút", default=True)


@dataclass(frozen=True, slots=True)
class PeopleSpec:
    """``rieng/tac-gia.yaml``."""

    people: tuple[PersonSpec, ...] = key("Người nhận tiền", required=True, default=())


@dataclass(frozen=True, slots=True)
class ShareSpec:
    author: str = key("Tên ký dưới bài", required=True, default="", limit=120)
    percent: float | None = key("Phần, %", required=True, example="60")


@dataclass(frozen=True, slots=True)
class TakenSpec:
    id: str = key("Mã trong royalty.additions", required=True, default="", limit=40)
    percent: int = key("Phần trăm", required=True, example="30", default=0)


@dataclass(frozen=True, slots=True)
class PieceSpec:
    """What the board has set for one article, or for pictures named in ``title``."""

    article: str = key("Tên tệp của bài", example="ten-bai", default="", limit=120)
    title: str = key("Hoặc: tên ảnh, tranh", default="", limit=200)
    genre: str = key("Thể loại khác với bài", choices=KINDS, default="")
    authors: tuple[str, ...] = key("Tác giả khác với bài", default=(), limit=120)
    coefficient: float | None = key("Hệ số", example="3")
    count: int = key("Số ảnh, tranh", default=1)
    shares: tuple[ShareSpec, ...] = key("Chia giữa các tác giả", default=())
    additions: tuple[TakenSpec, ...] = key("Cộng thêm, bản dịch", default=())
    note: str = key("Ghi chú", default="", limit=300)


@dataclass(frozen=True, slots=True)
class FeeSpec:
    name: str = key("Người nhận thù lao", required=True, default="", limit=120)
    work: str = key("Việc", required=True, example="biên tập", default="", limit=200)
    coefficient: float | None = key("Hệ số", example="2")
    amount: int | None = key("Hoặc: số tiền, đồng")


@dataclass(frozen=True, slots=True)
class PaySpec:
    """``rieng/nhuan-but/<year>/so-<n>.yaml``."""

    pieces: tuple[PieceSpec, ...] = key("Nhuận bút", default=())
    fees: tuple[FeeSpec, ...] = key("Thù lao", default=())
