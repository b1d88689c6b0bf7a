"""The licence dossier's data sheet, and the annex to the printing contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bulletin.bureau import JobSpec, OfficeSpec, PaperSpec
from bulletin.model import LANGUAGES, Config, IssueLedger, Ledger
from bulletin.papers.form import (
    Column,
    Facts,
    Heading,
    Paper,
    Para,
    Sign,
    Table,
    filled,
    gap,
    letterhead,
    signed,
)
from bulletin.papers.handing import Printed
from bulletin.permits import LicenceRecord, number, sizes
from bulletin.printshop import PrintProfile
from bulletin.text import fold, format_number, short_date

PURPOSE, TRIM, PAGES = "Mục đích, nội dung", "Khổ", "Số trang tối đa"
# Compared by what they say: «64 trang, kể cả bìa» is 64.
READERS: Mapping[str, Callable[[str], object]] = {TRIM: sizes, PAGES: number}
BINDING = {"saddle": "đóng ghim giữa", "perfect": "vào keo gáy"}


def licence(config: Config, ledger: Ledger, year: int) -> Paper:
    """What the record says beside what the project does; a difference is marked."""
    form, publication = ledger.office.paper or PaperSpec(), config.publication
    record, profile = publication.record or LicenceRecord(), config.print or PrintProfile()
    licence = publication.licence
    sides = (profile.trim_width, profile.trim_height)
    trim = " × ".join(format_number(side / 10) for side in sides) + " cm"
    pairs = (
        ("Tên bản tin", record.name, publication.name),
        (PURPOSE, record.purpose, ", ".join(s.title for s in config.sections)),
        ("Đối tượng phục vụ", record.audience, publication.audience),
        ("Phạm vi phát hành", record.area, ""),
        ("Ngôn ngữ", record.language, _languages(ledger)),
        ("Kỳ hạn xuất bản", record.periodicity, publication.periodicity),
        (TRIM, record.trim, trim),
        (PAGES, record.pages, str(profile.max_pages)),
        ("Số lượng mỗi kỳ", record.circulation, publication.circulation),
        ("Nơi in", record.printer, publication.printer),
    )
    columns = (Column("Mục", 24), Column("Theo hồ sơ giấy phép", 38), Column("Đang làm", 38))
    rows = tuple((name, filled(said), _beside(said, made, name)) for name, said, made in pairs)
    facts = [
        ("Tên bản tin", publication.name),
        ("Cơ quan chủ quản", publication.agency),
        ("Cơ quan xuất bản", publication.publisher),
        ("Giấy phép", filled(licence and licence.number, "số giấy phép")),
        ("Ngày cấp", filled(licence and licence.date and short_date(licence.date), "ngày cấp")),
        ("Cơ quan cấp", filled(licence and licence.issuer, "cơ quan cấp")),
        ("Người chịu trách nhiệm xuất bản", filled(publication.responsible, "chưa có: họ tên")),
    ]
    return Paper(
        name="ho-so-giay-phep",
        kind="BẢNG SỐ LIỆU",
        subject=f"Hồ sơ giấy phép xuất bản Bản tin {publication.name}",
        head=letterhead(config, "HS", form.symbol, year),
        body=(
            Facts(tuple(facts)),
            Heading("Đối chiếu hồ sơ với bản làm ra"),
            Table("Đối chiếu", columns, rows),
            Para("Chỗ nào hai cột khác nhau thì sửa bản làm ra, hoặc xin sửa đổi giấy phép"),
        ),
        signs=(signed(form.signer, "Thủ trưởng đơn vị"),),
        receivers=form.receivers or ("Lưu: VT",),
    )


def _beside(record: str, made: str, name: str) -> str:
    if not made:
        return gap("……") if name in ("Kỳ hạn xuất bản", "Số lượng mỗi kỳ", "Nơi in") else ""
    read = READERS.get(name, _words)
    same = read(record) == read(made)
    loose = name == PURPOSE  # the record speaks of purposes, we of sections
    return made if same or loose or not record else f"{made} {gap('khác hồ sơ')}"


def _words(value: str) -> object:
    return fold(value).split()


def _languages(ledger: Ledger) -> str:
    found = {row.lang for issue in ledger.issues for row in issue.rows}
    return ", ".join(LANGUAGES.get(lang, lang) for lang in sorted(found, key=lambda x: x != "vi"))


def contract(
    config: Config, issue: IssueLedger, office: OfficeSpec, printed: Printed | None
) -> Paper:
    form, job = office.paper or PaperSpec(), office.job or JobSpec()
    spec = issue.spec
    number = filled(job.contract, "số hợp đồng")
    when = filled(job.contract_date and short_date(job.contract_date), "ngày hợp đồng")
    name = f"Bản tin {config.publication.name} số {spec.number}/{spec.year}"
    return Paper(
        name="phu-luc-hop-dong",
        kind="PHỤ LỤC HỢP ĐỒNG",
        subject=f"Thông số in {name}",
        head=letterhead(config, "PL", form.symbol, spec.year),
        body=(
            Para(f"Kèm theo Hợp đồng số {number} ngày {when}."),
            Heading("Điều 1. Sản phẩm và quy cách"),
            Facts(tuple(_specification(config, job, name, printed))),
            Heading("Điều 2. Tệp in"),
            Facts(tuple(_file(printed))),
            Heading("Điều 3. Giao nhận"),
            Facts(
                (
                    ("Nơi giao", filled(job.delivery, "nơi giao")),
                    ("Hạn giao", gap("……/……/………")),
                    ("Đơn giá, thành tiền", gap("theo báo giá")),
                )
            ),
            Para("Phụ lục là một phần của hợp đồng, làm thành các bản có giá trị như nhau"),
        ),
        signs=(
            Sign("Đại diện bên đặt in", form.signer.name if form.signer else ""),
            Sign("Đại diện bên nhận in", ""),
        ),
    )


def _specification(
    config: Config, job: JobSpec, name: str, printed: Printed | None
) -> Iterable[tuple[str, str]]:
    profile = config.print or PrintProfile()
    width, height = format_number(profile.trim_width), format_number(profile.trim_height)
    yield "Ấn phẩm", name
    yield "Bên đặt in", config.publication.publisher
    yield "Bên nhận in", filled(job.party or config.publication.printer, "nhà in")
    yield "Khổ thành phẩm", f"{width} × {height} mm, lề xén {format_number(profile.bleed)} mm"
    pages = f"{printed.pages} trang, kể cả bìa" if printed else gap("chưa dàn")
    yield "Số trang", pages
    yield "Giấy ruột", filled(job.paper_inside, "loại giấy, định lượng")
    yield "Giấy bìa", filled(job.paper_cover, "loại giấy, định lượng")
    yield (
        "Màu",
        f"4/4 (CMYK), không màu pha, tổng mực tối đa {format_number(profile.ink_limit)} %, "
        f"điều kiện in {profile.condition}",
    )
    yield "Đóng", BINDING[profile.binding]
    yield "Gia công", filled(job.finish, "cán, phủ, hoặc ghi: không")
    yield "Số lượng", filled(config.publication.circulation, "chưa có: số lượng")


def _file(printed: Printed | None) -> Iterable[tuple[str, str]]:
    if printed is None:
        yield "Tệp", gap("chưa có tệp in; chạy bulletin build --release")
        return
    yield "Tệp", printed.name
    yield "Cỡ tệp", f"{format_number(printed.size)} byte"
    yield "Mã SHA-256", " ".join(printed.sha256[at : at + 8] for at in range(0, 64, 8))
