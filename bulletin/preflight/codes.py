"""The table of everything a preflight can say: code, severity, name and remedy."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.preflight.values import Finding, Place


@dataclass(frozen=True, slots=True)
class Code:
    severity: str
    name: str
    remedy: str


def _e(name: str, remedy: str) -> Code:
    return Code("error", name, remedy)


def _w(name: str, remedy: str) -> Code:
    return Code("warning", name, remedy)


CODES: dict[str, Code] = {
    # The file
    "PF001": _e("không mở được tệp", "xuất lại tệp PDF; tệp hiện tại không dùng được"),
    "PF002": _e("cấu trúc tệp hỏng", "xuất lại tệp, đừng sửa tay; thử: qpdf --check"),
    "PF003": _e("tệp bị mã hóa", "bỏ mật khẩu và mọi hạn chế quyền trước khi gửi in"),
    "PF004": _e("sai phiên bản PDF", "X-4 dùng PDF 1.6 trở xuống, X-1a dùng PDF 1.4 trở xuống"),
    "PF005": _e(
        "thiếu khóa chuẩn PDF/X", "ghi GTS_PDFXVersion đúng chuẩn (X-4 trong XMP, X-1a trong Info)"
    ),
    "PF006": _e("thiếu ý định in", "ghi đúng một OutputIntent loại GTS_PDFX có điều kiện in"),
    "PF007": _e(
        "hồ sơ ICC của ý định in không dùng được",
        "nhúng hồ sơ máy in (prtr) hệ CMYK, ví dụ FOGRA39",
    ),
    "PF008": _e("thiếu Trapped", "ghi Trapped là True hoặc False, trong Info và XMP như nhau"),
    "PF009": _e("thiếu mã số tài liệu", "ghi mảng ID gồm hai chuỗi trong trailer"),
    "PF010": _e("có JavaScript hoặc hành động", "bỏ OpenAction, AA và JavaScript"),
    "PF011": _e("có tệp đính kèm", "bỏ tệp đính kèm khỏi PDF"),
    "PF012": _e(
        "có chú thích hoặc ô biểu mẫu trong vùng in", "bỏ liên kết, ghi chú, ô biểu mẫu khỏi tệp in"
    ),
    "PF013": _e(
        "siêu dữ liệu thiếu hoặc mâu thuẫn", "ghi XMP đủ tên, ngày, mã tài liệu và khớp với Info"
    ),
    "PF014": _e(
        "có thành phần chuẩn không cho phép",
        "bỏ lớp tùy chọn, hàm truyền, OPI, PostScript, dữ liệu ngoài",
    ),
    "PF015": _e(
        "nội dung trang không đọc được", "xuất lại trang này; máy RIP sẽ dừng hoặc in thiếu"
    ),
    "PF016": _w(
        "điều kiện in không có trong sổ ICC", "dùng tên trong sổ đăng ký ICC, ví dụ FOGRA39"
    ),
    # Boxes and pages
    "PF020": _e("thiếu hộp trang", "ghi TrimBox và BleedBox cho mọi trang, không ghi ArtBox"),
    "PF021": _e(
        "hộp trang không lồng nhau", "MediaBox phải chứa BleedBox, BleedBox phải chứa TrimBox"
    ),
    "PF022": _e("sai khổ thành phẩm", "dàn lại đúng khổ đã đặt, hoặc sửa khổ trong lệnh kiểm tra"),
    "PF023": _e("thiếu lề xén", "đặt BleedBox rộng hơn TrimBox đủ lề xén ở cả bốn cạnh"),
    "PF024": _e("các trang không cùng khổ", "mọi trang trong tệp phải cùng TrimBox và BleedBox"),
    "PF025": _e("trang bị xoay hoặc đổi đơn vị", "bỏ Rotate và UserUnit, xoay ngay trong nội dung"),
    "PF026": _e("CropBox cắt vào vùng in", "bỏ CropBox hoặc cho bằng MediaBox"),
    "PF027": _e("hình sát mép mà không tràn lề", "kéo hình, nền ra hết lề xén"),
    "PF030": _e("số trang không chia hết", "thêm hoặc bớt trang cho đủ tay sách"),
    "PF031": _e("quá số trang", "bớt trang, hoặc đổi giới hạn nếu giấy phép cho"),
    "PF032": _e("trang trắng", "đặt nội dung (lịch, thể lệ gửi bài…) hoặc bỏ trang"),
    "PF033": _e("chữ quá gần mép xén", "lùi chữ vào trong đường xén"),
    # Colour
    "PF040": _e("có màu RGB", "chuyển sang CMYK bằng hồ sơ ICC trước khi ghi tệp in"),
    "PF041": _e(
        "có màu Lab hoặc CalRGB, CalGray", "chuyển sang CMYK bằng hồ sơ ICC trước khi ghi tệp in"
    ),
    "PF042": _e(
        "có màu gắn hồ sơ ICC riêng", "dùng DeviceCMYK theo ý định in, bỏ hồ sơ của từng hình"
    ),
    "PF043": _e("có màu pha", "chuyển màu pha sang CMYK, hoặc đặt thêm bản kẽm với nhà in"),
    "PF044": _e(
        "màu định vị nằm trong trang", "chỉ dùng màu All cho dấu cắt ngoài lề xén; chữ đen dùng K"
    ),
    "PF045": _w("khai báo màu không dùng tới", "dọn tài nguyên thừa để máy RIP khỏi nghi ngờ"),
    "PF046": _e("có trong suốt", "làm phẳng trong suốt, hoặc gửi theo PDF/X-4"),
    "PF047": _e("dải màu hỏng", "sửa hàm màu cho khớp hệ màu; nhiều máy RIP không vẽ dải này"),
    "PF048": _e("chữ đen không thuần K", "đặt chữ đen là C0 M0 Y0 K100"),
    "PF049": _w("chữ nhỏ chồng từ ba mực", "dùng nhiều nhất hai mực cho chữ nhỏ"),
    "PF050": _e("màu trắng in chồng", "tắt in chồng (op, OP) cho màu trắng, nếu không sẽ mất hình"),
    "PF051": _w("chữ đen không in chồng", "đặt DeviceCMYK 0 0 0 1 với op true và OPM 1"),
    "PF052": _w("màu khác đen in chồng", "tắt in chồng cho màu này, trừ khi cố ý"),
    "PF053": _e("quá tổng mực (màu vẽ)", "giảm tổng C+M+Y+K của màu này"),
    "PF054": _e(
        "quá tổng mực (trang đã dựng)", "chuyển ảnh bằng hồ sơ giới hạn tổng mực, giảm màu chồng"
    ),
    "PF055": _e("nét quá mảnh", "đặt nét từ 0,25 pt trở lên"),
    # Type
    "PF060": _e("phông chưa nhúng", "nhúng phông vào tệp"),
    "PF061": _e("phông thiếu bảng Unicode", "nhúng phông kèm ToUnicode"),
    "PF062": _w("phông Type 3", "dùng phông OpenType hay TrueType; Type 3 in kém nét"),
    "PF063": _e("chữ thiếu nét", "dùng phông có đủ chữ cần in"),
    "PF064": _e(
        "chữ đọc ra sai Unicode", "sửa bảng ToUnicode: chữ Việt dựng sẵn (NFC), không vùng riêng"
    ),
    "PF065": _e(
        "không đọc được chữ Việt", "giữ chữ là chữ, không chuyển thành nét, không phông bảng mã cũ"
    ),
    "PF066": _e(
        "trang đầu thiếu dòng bắt buộc",
        "in đủ dòng bắt buộc trên trang đầu (Luật Báo chí, Điều 34)",
    ),
    "PF067": _e(
        "trang cuối thiếu dòng bắt buộc",
        "in đủ dòng bắt buộc cuối trang cuối (Luật Báo chí, Điều 34)",
    ),
    "PF068": _e(
        "nét chữ khác với chữ đọc ra", "xem trang bằng mắt; thường do phông cắt mảnh trùng tên"
    ),
    "PF069": _w("bề rộng chữ khác phông nhúng", "xuất lại phông; khoảng cách chữ có thể sai"),
    # Pictures and tools
    "PF070": _e("ảnh quá ít điểm", "dùng ảnh lớn hơn hoặc đặt nhỏ lại"),
    "PF071": _w("ảnh hơi ít điểm", "dùng ảnh lớn hơn hoặc đặt nhỏ lại"),
    "PF072": _e("hình nét ít điểm", "dùng hình véc-tơ hoặc quét lại ở độ phân giải cao hơn"),
    "PF073": _e("dữ liệu ảnh không khớp khai báo", "xuất lại ảnh; số kênh phải đúng hệ màu"),
    "PF074": _e("kiểu nén chuẩn không cho phép", "nén ảnh bằng JPEG hoặc Flate"),
    "PF080": _e(
        "Ghostscript không dựng được trang", "xem thông báo; máy RIP cũng có thể dừng ở đây"
    ),
    "PF081": Code("note", "thiếu công cụ", "cài công cụ để kiểm tra đủ (xem scripts/setup)"),
    # PDF/UA-1
    "PF101": _e("thiếu cây cấu trúc", "xuất PDF có thẻ (tagged)"),
    "PF102": _e("không khai là tài liệu có thẻ", "ghi MarkInfo Marked true, không có Suspects"),
    "PF103": _e("thiếu hoặc sai mã ngôn ngữ", "ghi Lang theo BCP 47, ví dụ vi, en, tyz"),
    "PF104": _e("không hiện tên tài liệu", "ghi ViewerPreferences DisplayDocTitle true"),
    "PF105": _e("thiếu tên tài liệu", "ghi dc:title trong XMP"),
    "PF106": _e("hình thiếu mô tả", "viết alt cho hình, hoặc đánh dấu hình trang trí là Artifact"),
    "PF107": _e("tiêu đề nhảy bậc", "bắt đầu bằng H1, không bỏ bậc, không lẫn H với H1–H6"),
    "PF108": _e(
        "bảng sai cấu trúc hoặc thiếu ô đầu",
        "ô đầu là TH có Scope; các hàng TR có số ô bằng nhau; mỗi bảng một THead",
    ),
    "PF109": _e("liên kết thiếu mô tả hoặc thẻ", "ghi Contents và đặt liên kết vào thẻ Link"),
    "PF110": _e("nội dung không có thẻ", "đưa vào cây cấu trúc hoặc đánh dấu là Artifact"),
    "PF111": _e("thiếu dấu trang", "xuất kèm dấu trang (bookmarks) cho từng bài"),
    "PF112": _e("không khai là PDF/UA-1", "ghi pdfuaid:part = 1 trong XMP"),
    "PF113": _e("thẻ lạ", "dùng thẻ chuẩn, hoặc dẫn thẻ riêng về thẻ chuẩn bằng RoleMap"),
    "PF114": _e("thẻ và nội dung không khớp", "xuất lại; ParentTree và MCID phải khớp"),
    "PF115": _e("thứ tự phím Tab không theo cấu trúc", "ghi Tabs /S cho trang có liên kết"),
    "PF116": _e("danh sách sai cấu trúc", "L chỉ chứa LI, LI chứa Lbl và LBody"),
    "PF117": _e("mục lục sai cấu trúc", "TOC chỉ chứa TOCI; TOCI đứng trong TOC"),
    "PF118": _e("thẻ đứng sai chỗ", "đặt thẻ con trong đúng thẻ mẹ theo ISO 32000-1, 14.8.4"),
    "PF119": _e("chú thích cuối bài thiếu mã", "ghi ID riêng cho từng thẻ Note"),
    "PF120": _e("biểu mẫu thiếu thẻ hoặc tên", "đặt ô vào thẻ Form, ghi TU cho ô; bỏ XFA"),
    "PF121": _e("lớp tùy chọn thiếu tên", "ghi Name cho từng cấu hình lớp, bỏ khóa AS"),
    "PF122": _e("liên kết trong tệp không có đích", "sửa đích của liên kết hoặc dấu trang"),
}


def find(code: str, message: str, page: int = 0, place: Place | None = None) -> Finding:
    """A finding with the severity and the remedy of its code."""
    known = CODES[code]
    return Finding(known.severity, code, page, place, message, known.remedy)
