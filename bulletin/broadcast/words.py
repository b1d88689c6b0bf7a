"""What every announcer of the province reads the same way: units, abbreviations, issuers.

The board's own list in ``bulletin.yaml`` goes before these. Only what is sure stands here.
"""

from __future__ import annotations

UNITS = {
    "kg": "ki-lô-gam", "g": "gam", "mg": "mi-li-gam", "m": "mét", "cm": "xăng-ti-mét",
    "mm": "mi-li-mét", "km": "ki-lô-mét", "ha": "héc-ta", "m²": "mét vuông", "m2": "mét vuông",
    "m³": "mét khối", "m3": "mét khối", "km²": "ki-lô-mét vuông", "cm²": "xăng-ti-mét vuông",
    "l": "lít", "ml": "mi-li-lít", "°C": "độ C", "ºC": "độ C", "%": "phần trăm", "‰": "phần nghìn",
    "kW": "ki-lô-oát", "kWh": "ki-lô-oát giờ", "W": "oát", "V": "vôn", "ppm": "phần triệu",
    "MB": "mê-ga-bai", "GB": "gi-ga-bai", "đ": "đồng", "VNĐ": "đồng", "VND": "đồng",
    "USD": "đô la Mỹ", "h": "giờ", "km/h": "ki-lô-mét một giờ", "kPa": "ki-lô-pa-xcan",
}  # fmt: skip

# What may stand after the stroke of «kg/ha», «đồng/con», and before it.
PER = frozenset(
    "kg g mg l ml m m² m2 m³ m3 km ha sào tấn tạ yến con cây hộ người ngày tuần tháng năm giờ phút "
    "lứa vụ lít đồng trang kWh lần bao gốc bụi chai khẩu xã bài đơn hecta buổi thùng".split()
)

ABBREVIATIONS = {
    "UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân", "MTTQ": "Mặt trận Tổ quốc",
    "HTX": "hợp tác xã", "KH&CN": "khoa học và công nghệ", "KHCN": "khoa học công nghệ",
    "KH&KT": "khoa học và kỹ thuật", "KHKT": "khoa học kỹ thuật", "LHH": "Liên hiệp Hội",
    "ĐMST": "đổi mới sáng tạo", "CĐS": "chuyển đổi số", "CNTT": "công nghệ thông tin",
    "THCS": "trung học cơ sở", "THPT": "trung học phổ thông", "BHYT": "bảo hiểm y tế",
    "BHXH": "bảo hiểm xã hội", "CCCD": "căn cước công dân", "NXB": "nhà xuất bản",
    "CTV": "cộng tác viên", "BCH": "Ban Chấp hành", "BBT": "Ban biên tập",
    "GS": "giáo sư", "PGS": "phó giáo sư", "TS": "tiến sĩ", "ThS": "thạc sĩ", "KS": "kỹ sư",
    "BS": "bác sĩ", "TP": "thành phố", "TX": "thị xã", "v.v": "vân vân",
    "AI": "trí tuệ nhân tạo", "QR": "quy-rờ", "pH": "pê-hát", "NPK": "nờ-pê-ca",
    "ADN": "a-đê-nờ", "PDF": "pê-đê-ép", "4.0": "bốn chấm không", "SMS": "tin nhắn",
    "NĐ": "nghị định", "NQ": "nghị quyết", "QĐ": "quyết định", "TTg": "Thủ tướng Chính phủ",
    "CO2": "các-bo-ních", "hecta": "héc-ta", "mililít": "mi-li-lít",
}  # fmt: skip

# Borrowed words that every announcer reads from the page.
BORROWED = frozenset(
    "urê kali axit clo iốt protein amoniac canxi magie mangan cacbon clorua sunfat supe video mol "
    "zalo facebook google bar web vitamin internet gas cafe karaoke robot marketing blog".split()
)

# The last part of a symbol, «/QĐ-TTg», and who speaks there; the first letters name the kind.
KINDS = {
    "NQ": "nghị quyết", "QĐ": "quyết định", "CT": "chỉ thị", "KL": "kết luận", "TT": "thông tư",
    "NĐ": "nghị định", "KH": "kế hoạch", "CV": "công văn", "BC": "báo cáo", "HD": "hướng dẫn",
    "TB": "thông báo", "QC": "quy chế", "QyĐ": "quy định", "GP": "giấy phép", "TTr": "tờ trình",
    "CTr": "chương trình", "TTLT": "thông tư liên tịch", "VBHN": "văn bản hợp nhất", "L": "lệnh",
    "PL": "pháp lệnh", "CĐ": "công điện",
}  # fmt: skip
ISSUERS = {
    "TW": "Trung ương", "TTg": "Thủ tướng Chính phủ", "CP": "Chính phủ",
    "UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân", "TU": "Tỉnh ủy",
    "LHH": "Liên hiệp Hội", "LHHVN": "Liên hiệp Hội Việt Nam", "BKHCN": "Bộ Khoa học và Công nghệ",
    "BTC": "Bộ Tài chính", "BNV": "Bộ Nội vụ", "BYT": "Bộ Y tế", "BCT": "Bộ Công Thương",
    "BGDĐT": "Bộ Giáo dục và Đào tạo", "BCA": "Bộ Công an",
    "BTTTT": "Bộ Thông tin và Truyền thông",
    "BNNPTNT": "Bộ Nông nghiệp và Phát triển nông thôn", "BNN": "Bộ Nông nghiệp",
    "BNNMT": "Bộ Nông nghiệp và Môi trường", "BTNMT": "Bộ Tài nguyên và Môi trường",
    "MTTQ": "Mặt trận Tổ quốc", "BCĐTW": "Ban Chỉ đạo Trung ương", "XBBT": "xuất bản bản tin",
    "UBTVQH": "Ủy ban Thường vụ Quốc hội",
}  # fmt: skip

# After these a short group of Roman letters is a number: «khóa XIV», «quý I».
ROMAN_AFTER = (
    "quý|khóa|khoá|thế kỷ|chương|phần|mục|hạng|cấp|loại|tập|kỳ|học kỳ|bậc|nhóm|phụ lục|vùng|đại hội"
)
# Before these a day and month is meant: «ngày 18/5», «trước 15/12».
DAY_AFTER = (
    "ngày lễ|dịp lễ|ngày|sáng|chiều|tối|trưa|đêm|hôm|từ|đến|tới|trước|sau|và|qua|hết|đầu|dịp"
)
SHARE_BEFORE = (
    "lượng|số|tổng|diện tích|phần|thời gian|chiều|thùng|liều|độ|thể tích|khối lượng|đàn|nước|bao|"
    "ao|chuồng|luống|dân số|cây|hộ|quả|củ|thân|cốc|thìa|muỗng|lít|mức|vụ|phân"
)
PHONE_AFTER = "điện thoại|số máy|gọi|tổng đài|đường dây nóng|đường dây|hotline|zalo|đt|nhắn tin tới"
RATIO_AFTER = "tỷ lệ|tỉ lệ|pha|trộn"
