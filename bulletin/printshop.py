"""What a printing house asks for: the print profile in use, and others by name."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.schema import field as key

BINDINGS = ("saddle", "perfect")


@dataclass(frozen=True, slots=True)
class NamedProfile:
    """What one printing house wants otherwise; what is not said is as in ``print:``."""

    name: str = key("Tên hồ sơ", required=True, example="nha-in-a", default="")
    standard: str = key("Chuẩn của tệp in", choices=("x-4", "x-1a"), default="")
    bleed: float | None = key("Lề xén (mm)")
    marks: bool | None = key("Vẽ dấu xén, dấu chồng màu, thang màu")
    icc: str = key("Hồ sơ ICC của giấy và máy in", default="")
    convert_icc: str = key("Hồ sơ ICC để chuyển màu", default="")
    condition: str = key("Tên điều kiện in", example="FOGRA51", default="")
    condition_info: str = key("Mô tả điều kiện in", default="")
    ink_limit: float | None = key("Tổng mực tối đa (%)")
    paper: float | None = key("Độ dày một tờ giấy (mm)")
    binding: str = key("Cách đóng", choices=BINDINGS, default="")


@dataclass(frozen=True, slots=True)
class PrintProfile:
    trim_width: float = key("Khổ thành phẩm, rộng (mm)", default=190.0)
    trim_height: float = key("Khổ thành phẩm, cao (mm)", default=270.0)
    max_pages: int = key("Số trang tối đa", default=64)
    standard: str = key("Chuẩn của tệp in", choices=("x-4", "x-1a"), default="x-4")
    bleed: float = key("Lề xén (mm)", default=3.0)
    marks: bool = key("Vẽ dấu xén, dấu chồng màu, thang màu", default=True)
    icc: str = key("Hồ sơ ICC của giấy và máy in", default="FOGRA39L_coated.icc")
    convert_icc: str = key("Hồ sơ ICC để chuyển màu", default="khcn39.icc")
    condition: str = key("Tên điều kiện in", default="FOGRA39")
    condition_info: str = key(
        "Mô tả điều kiện in", default="Coated FOGRA39 (ISO 12647-2:2004/Amd 1)"
    )
    ink_limit: float = key("Tổng mực tối đa (%)", default=300.0)
    paper: float = key("Độ dày một tờ giấy (mm)", default=0.1)
    binding: str = key("Cách đóng", choices=BINDINGS, default="saddle")
    use: str = key("Hồ sơ đang dùng (để trống: chính các khóa này)", default="")
    profiles: tuple[NamedProfile, ...] = key("Hồ sơ của từng nhà in", default=())
    time_limit: int = key("Thời gian dàn trang tối đa (giây)", default=300)
    memory_limit: int = key("Bộ nhớ dàn trang tối đa (MB)", default=2048)
