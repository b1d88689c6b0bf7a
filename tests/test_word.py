"""Word in: structure, old fonts, what is listed, what is refused. Files are made by python-docx."""

from __future__ import annotations

import html
import io
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import word_samples as samples
from docx import Document
from PIL import Image

from bulletin import manuscript, markdown, word
from bulletin.diag import Report
from bulletin.word import inline, squeezed
from bulletin.word.inline import Piece

WANTED = word.Wanted("bai.docx", "2026/so-1", "ky-thuat", "guide")


def convert(data: bytes, name: str = "bai.docx") -> word.Imported:
    return word.convert(data, word.Wanted(name, "2026/so-1", "ky-thuat", "guide"))


def read(found: word.Imported) -> manuscript.Manuscript:
    """The article as the program reads it; nothing may be wrong with it."""
    report = Report()
    result = manuscript.read("content/2026/so-1/bai.md", found.content.encode(), report)
    assert [(item.code, item.message) for item in report.items] == []
    return result


def listed(found: word.Imported, code: str) -> list[str]:
    return [f"{c.where}: {c.what} {c.text}" for c in found.chores if c.code == code]


def refused(data: bytes, name: str = "bai.docx") -> word.Refused:
    with pytest.raises(word.Refused) as stopped:
        convert(data, name)
    assert stopped.value.hint
    return stopped.value


# ---- structure -----------------------------------------------------------------------------------


def test_a_careful_article() -> None:
    found = convert(samples.unicode_file())
    article = read(found).article
    assert article
    assert article.meta.title == "Ủ phân hữu cơ tại nhà"
    assert article.meta.standfirst == "Đống ủ đúng cách thì không mùi và hoai trong ba tháng."
    assert article.meta.authors == ("Nguyễn Thị Thử", "Trần Văn Nghiệm")
    assert (article.meta.status, article.meta.uid) == ("draft", "2026-1-u-phan-huu-co-tai-nha")
    assert found.body == (
        "Phân chuồng **tươi** có mầm bệnh; nhiệt trong đống ủ lên tới 60 °C[^1]. Xem thêm "
        "[hướng dẫn](https://example.vn/u-phan?a=1&b=2).\n\n"
        "## Chuẩn bị\n\n"
        "- Rơm rạ băm ngắn\n- Phân chuồng\n  - Trâu, bò\n\n"
        "### Các bước\n\n"
        "1. Trải rơm\n2. Rải phân\n3. Tưới ẩm\n\n"
        "| Tuần | Nhiệt độ \\| ẩm |\n| --- | --- |\n| 1 | 50–60 °C |\n| 4 | 30 °C |\n\n"
        ":::figure u-phan-huu-co-tai-nha-hinh-1.jpg\n"
        'alt: "[cần tả hình cho người không nhìn thấy]"\n'
        'caption: "Đống ủ sau hai tuần."\n'
        'credit: "[cần ghi tác giả hình]"\n'
        ":::\n\n"
        "Giá 5 \\* 3 = 15 \\[nghìn đồng\\]; a_b \\< x \\$5 và 1. không phải danh sách.\n\n"
        "1\\. Dòng này bắt đầu bằng số\n\n"
        "\\# không phải đề mục\n\n"
        "[^1]: Theo tài liệu thử, trang 5.\n"
    )


def test_the_picture_of_a_phone_stands_upright_and_says_not_where_it_was_taken() -> None:
    found = convert(samples.unicode_file())
    ((name, data),) = found.files.items()
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (640, 960)
        assert dict(image.getexif()) == {}
        # Turned right: what was left is above.
        red, blue = image.getpixel((320, 80)), image.getpixel((320, 880))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 150 > red[2]
    assert blue[2] > 150 > blue[0]
    assert [line for line in listed(found, "WD019") if name in line and "alt" in line]


def test_the_same_file_gives_the_same_bytes() -> None:
    data = samples.unicode_file()
    assert convert(data) == convert(data)


@pytest.mark.parametrize("make", [samples.unicode_file, samples.legacy_file, samples.nasty_file])
def test_every_run_is_in_the_article_or_on_the_list(make: object) -> None:
    data = make()  # type: ignore[operator]
    found = convert(data)
    result = read(found)
    meta = result.article.meta if result.article else None
    assert meta
    told = " ".join([meta.title, meta.standfirst, *meta.authors, markdown.plain(result.nodes)])
    there = squeezed(told + " ".join(f"{c.what} {c.text}" for c in found.chores) + found.body)
    if make is samples.legacy_file:  # what it holds reads otherwise
        return
    skipped = {"tácgiả"}  # «Tác giả: A, B» became front matter
    for run in samples.all_words(data):
        for part in html.unescape(run).replace("Tác giả: ", "").replace("Hình 1. ", "").split(", "):
            assert squeezed(part) in there or squeezed(part) in skipped, part


def test_headings_begin_at_two_and_never_jump() -> None:
    document = Document()
    document.add_paragraph("Tên", style="Title")
    for level, words in ((1, "Một"), (4, "Bốn"), (2, "Hai")):
        document.add_heading(words, level=level)
        document.add_paragraph("Chữ.")
    body = convert(samples.saved(document)).body
    assert [line for line in body.splitlines() if line.startswith("#")] == [
        "## Một",
        "### Bốn",
        "### Hai",
    ]


def test_bold_lines_are_headings_where_word_has_none() -> None:
    document = Document()
    document.add_paragraph("Tên bài", style="Title")
    document.add_paragraph().add_run("1. Đặt vấn đề").bold = True
    document.add_paragraph("Chữ.")
    found = convert(samples.saved(document))
    assert found.body.startswith("## 1. Đặt vấn đề\n\nChữ.")
    assert any("đề mục" in line for line in listed(found, "WD024"))


def test_typed_lists_are_lists() -> None:
    document = Document()
    for words in ("Mở đầu.", "- Cày sâu", "- Bón lót", "+ Phân chuồng", "Kết."):
        document.add_paragraph(words)
    assert "- Cày sâu\n- Bón lót\n  - Phân chuồng\n\nKết." in convert(samples.saved(document)).body


def test_a_name_that_nobody_wrote_is_not_guessed() -> None:
    document = Document()
    document.core_properties.author = "Admin-PC"
    document.core_properties.title = "Document1"
    document.add_paragraph("Một đoạn dài bình thường, không phải tên bài.")
    found = convert(samples.saved(document), "bài gửi.docx")
    article = read(found).article
    assert article
    assert (article.meta.title, article.meta.authors, found.slug) == ("bài gửi", (), "bai-gui")
    assert any("title" in line for line in listed(found, "WD020"))
    assert any("authors" in line for line in listed(found, "WD020"))
    assert "Admin-PC" not in found.content


# ---- old fonts (D09, V11) ------------------------------------------------------------------------


def test_d09_old_fonts_in_one_paragraph() -> None:
    found = convert(samples.legacy_file())
    article = read(found).article
    assert article
    assert article.meta.title == "KỸ THUẬT NUÔI LỢN"
    assert found.body == (
        "Nước sạch và ĐẤT TỐT Tuyên Quang miền núi với chữ Unicode đủ dấu, café.\n\n"
        "Chăn nuôi theo kiểu đoạn văn.\n\n"
        "Chữ Unicode đặt nhầm phông cũ.\n"
    )
    assert any("phông cũ" in line for line in listed(found, "WD024"))


def test_v11_the_letter_that_is_a_soft_hyphen_also_as_an_element() -> None:
    document = Document()
    run = samples.in_font(document.add_paragraph("Mở. "), "n", ".VnTime")
    run._r.append(samples.parse_xml(f"<w:softHyphen {samples.W}/>"))
    run._r.append(samples.parse_xml(f"<w:t {samples.W}>íc</w:t>"))
    assert "Mở. nước" in convert(samples.saved(document)).body


def test_old_fonts_in_footnotes_comments_and_margins() -> None:
    document = Document()
    paragraph = document.add_paragraph("Chữ")
    samples.footnote_mark(paragraph, 1)
    header = document.sections[0].header.paragraphs[0]
    samples.in_font(header, "®Çu trang", ".VnTime")
    comment = document.add_comment(paragraph.runs[0], text="", author="A")
    samples.in_font(comment.paragraphs[0], "söûa laïi", "VNI-Times")
    data = samples.with_footnotes(samples.saved(document), {1: "NOTE"})
    fonts = b'<w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr>'

    def change(entries: dict[str, bytes]) -> None:
        entries["word/footnotes.xml"] = entries["word/footnotes.xml"].replace(
            b'<w:r><w:t xml:space="preserve"> NOTE', b"<w:r>" + fonts + "<w:t>chó thÝch".encode()
        )

    found = convert(samples.repacked(data, change))
    assert "[^1]: chú thích" in found.body
    assert "đầu trang" in " ".join(listed(found, "WD016"))
    assert "sửa lại" in " ".join(listed(found, "WD011"))


# ---- what is listed (D07) ------------------------------------------------------------------------


def test_d07_accepted_view_comments_hidden_words_and_the_rest() -> None:
    found = convert(samples.nasty_file())
    read(found)
    plain = squeezed(found.content)
    assert "Câu này có chữ thêm và còn lại." in found.body
    assert "$\\frac{a}{b}$" in found.body
    assert "Xem trang mười bảy" in found.body
    assert "Rộng 5 m²" in found.body
    assert "| ô 00 ô 01 |  | ô 02 |" in found.body
    for words in ("xóa", "12345", "Xem lại số liệu", "nằm trong khung", "bimat", "0123456789"):
        assert squeezed(words) not in plain
    expected = {
        "WD025": ["có chữ xóa", "dòng đã xóa"],
        "WD010": ["mật khẩu ẩn 12345"],
        "WD011": ["Biên tập viên ghi Xem lại số liệu này"],
        "WD012": ["Chữ nằm trong khung"],
        "WD017": ["zeta99"],
        "WD014": ["Equation"],
        "WD016": ["Đầu trang của cơ quan gửi"],
        "WD018": ["ô gộp"],
        "WD021": ["file:///C:/bimat.docx"],
        "WD022": ["0123456789"],
        "WD023": ["chữ trong thẻ chưa ai biết"],
    }
    for code, words in expected.items():
        told = listed(found, code)
        assert all(any(word in line for line in told) for word in words), (code, told)
    assert len(listed(found, "WD012")) == 1, "once, although Word writes it twice"
    (box,) = listed(found, "WD012")
    assert "“Trước khung." in box


def test_the_list_for_the_editor() -> None:
    found = convert(samples.nasty_file())
    text = word.listing(found.chores, "bai.docx", "bai.md")
    assert "CHỮ ẨN, KHÔNG ĐƯA VÀO BÀI [WD010]\n[ ] đoạn" in text
    assert all(chore.line() in text for chore in found.chores)


@pytest.mark.parametrize("entry", ["image1.emf", "image1.wmf"])
def test_drawings_of_windows_are_told(entry: str) -> None:
    found = convert(samples.with_picture(entry, b"\x01\x00\x00\x00" * 40))
    assert found.files == {}
    assert any(entry[-3:].upper() in line for line in listed(found, "WD015"))


def test_a_broken_picture_is_told_and_the_text_comes_in() -> None:
    found = convert(samples.with_picture("image1.jpg", b"\xff\xd8 nothing"))
    assert "Trước hình." in found.body
    assert listed(found, "WD015")


def test_smartart_and_chart_are_told_with_their_words() -> None:
    document = Document()
    paragraph = document.add_paragraph("Trước.")
    uri = "http://schemas.openxmlformats.org/drawingml/2006"
    paragraph._p.append(
        samples.parse_xml(
            f'<w:r {samples.W} {samples.R}><w:drawing><a:graphic xmlns:a="{uri}/main">'
            f'<a:graphicData uri="{uri}/diagram"><dgm:relIds xmlns:dgm="{uri}/diagram" r:dm="rDia"/>'
            "</a:graphicData></a:graphic></w:drawing></w:r>"
        )
    )

    def change(entries: dict[str, bytes]) -> None:
        entries["word/diagrams/data1.xml"] = (
            f'<dgm:dataModel xmlns:dgm="{uri}/diagram" xmlns:a="{uri}/main"><a:p><a:r>'
            "<a:t>Bước một</a:t></a:r></a:p></dgm:dataModel>"
        ).encode()
        name = "word/_rels/document.xml.rels"
        row = '<Relationship Id="rDia" Type="x/diagramData" Target="diagrams/data1.xml"/>'
        entries[name] = entries[name].replace(
            b"</Relationships>", f"{row}</Relationships>".encode()
        )

    found = convert(samples.repacked(samples.saved(document), change))
    (told,) = listed(found, "WD013")
    assert "SmartArt" in told
    assert "Bước một" in told


def test_linked_pictures_are_not_fetched() -> None:
    document = Document()
    document.add_paragraph("Trước.")
    document.add_picture(io.BytesIO(samples.jpeg(40, 30)))

    def change(entries: dict[str, bytes]) -> None:
        entries["word/document.xml"] = entries["word/document.xml"].replace(b"r:embed=", b"r:link=")

    found = convert(samples.repacked(samples.saved(document), change))
    assert any("liên kết ra ngoài" in line for line in listed(found, "WD015"))
    assert found.files == {}


def test_macros_inside_are_not_run_and_told() -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["word/vbaProject.bin"] = b"macro"

    found = convert(samples.repacked(samples.unicode_file(), change))
    assert any("macro" in line for line in listed(found, "WD023"))


def test_extra_pictures_stand_at_the_end() -> None:
    extra = {"Ảnh chụp 1.JPG": samples.jpeg(gps=True)}
    found = word.convert(samples.unicode_file(), WANTED, extra)
    name = "u-phan-huu-co-tai-nha-anh-chup-1.jpg"
    assert found.body.rstrip().endswith(":::")
    assert f":::figure {name}" in found.body
    assert any("đúng chỗ" in line for line in listed(found, "WD024"))
    with Image.open(io.BytesIO(found.files[name])) as image:
        assert dict(image.getexif()) == {}
    with pytest.raises(word.Refused, match=r"a\.heic"):
        word.convert(samples.unicode_file(), WANTED, {"a.heic": b"\0\0\0\x18ftypheic" + b"\0" * 99})


# ---- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bai.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "(.docx)"),
        ("bai.rtf", b"{\\rtf1 a}", "(.docx)"),
        ("bai.pdf", b"%PDF-1.7", "Word gốc"),
        ("bai.odt", b"PK\x03\x04", "(.docx)"),
        ("bai.pages", b"PK\x03\x04", "Export To"),
        ("bai.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "mật khẩu"),
        ("bai.docx", b"%PDF-1.7", "Word gốc"),
        ("bai.txt", b"chu", "(.docx)"),
    ],
)
def test_d01_other_kinds_say_how_to_save(name: str, data: bytes, words: str) -> None:
    why = refused(data, name)
    assert why.code == "WD001"
    assert words in why.hint


def test_d01_macro_files_say_how_to_save() -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["[Content_Types].xml"] = entries["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )

    assert refused(samples.repacked(samples.unicode_file(), change)).code == "WD006"
    assert refused(b"PK\x03\x04", "bai.docm").code == "WD006"


@pytest.mark.parametrize("cut", [0, 10, 500, -200])
def test_broken_files(cut: int) -> None:
    data = samples.unicode_file()
    assert refused(data[:cut] if cut else b"").code == "WD002"


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """Two hundred megabytes of white space in the place of the text."""

    def change(entries: dict[str, bytes]) -> None:
        entries["word/document.xml"] = entries["word/document.xml"].replace(
            b"<w:body>", b"<w:body>" + b" " * 200_000_000
        )

    return samples.repacked(samples.unicode_file(), change)


def test_d02_a_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path, bomb: bytes) -> None:
    (tmp_path / "bom.docx").write_bytes(bomb)
    code = (
        "import re, sys\nfrom bulletin import word\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        "try:\n    word.convert(data, word.Wanted('bom.docx', '2026/so-1', 'a', 'guide'))\n"
        "except word.Refused as why:\n    print(why.code)\n"
        "status = open('/proc/self/status').read()\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "bom.docx"],
        capture_output=True,
        text=True,
        check=True,
    )
    code, used = done.stdout.split()
    assert code == "WD003"
    assert int(used) < 200, "MB"


def test_d02_a_directory_that_lies_about_sizes(bomb: bytes) -> None:
    info = zipfile.ZipFile(io.BytesIO(bomb)).getinfo("word/document.xml")
    size = info.file_size.to_bytes(4, "little")
    assert bomb.count(size) == 2, "both records of the entry"
    assert refused(bomb.replace(size, b"\1\0\0\0")).code in ("WD002", "WD003")


def test_d02_ten_thousand_entries_and_a_parcel_in_the_parcel(bomb: bytes) -> None:
    def many(entries: dict[str, bytes]) -> None:
        entries.update({f"word/x{number}": b"" for number in range(10_000)})

    assert refused(samples.repacked(samples.unicode_file(), many)).code == "WD003"

    def nested(entries: dict[str, bytes]) -> None:
        entries["word/embeddings/a.zip"] = bomb

    assert "Chuẩn bị" in convert(samples.repacked(samples.unicode_file(), nested)).body


def test_d03_names_of_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    out = io.BytesIO(samples.unicode_file())
    with zipfile.ZipFile(out, "a") as parcel:
        parcel.writestr("../../evil.txt", b"x")
        parcel.writestr("/evil.txt", b"x")
        shortcut = zipfile.ZipInfo("word/media/link.jpg")
        shortcut.external_attr = (stat.S_IFLNK | 0o777) << 16
        parcel.writestr(shortcut, b"/etc/passwd")
    assert "Chuẩn bị" in convert(out.getvalue()).body
    assert list(tmp_path.iterdir()) == []
    with zipfile.ZipFile(out, "a") as parcel, pytest.warns(UserWarning, match="Duplicate"):
        parcel.writestr("word/document.xml", b"<x/>")
    assert refused(out.getvalue()).code == "WD005"


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "_rels/.rels", "[Content_Types].xml"]
)
@pytest.mark.parametrize(
    "doctype", [b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', LAUGHS]
)
def test_d04_entities_are_refused(part: str, doctype: bytes) -> None:
    def change(entries: dict[str, bytes]) -> None:
        head, _, rest = entries[part].partition(b"?>")
        entries[part] = head + b"?>" + doctype + rest

    why = refused(samples.repacked(samples.unicode_file(), change))
    assert why.code == "WD004"
    assert "root:" not in why.message


def test_d05_nested_without_end() -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["word/document.xml"] = entries["word/document.xml"].replace(
            b"<w:body>", b"<w:body>" + b"<w:customXml>" * 5000
        )

    assert refused(samples.repacked(samples.unicode_file(), change)).code in ("WD002", "WD003")


def test_d06_external_template_and_parts_outside_are_never_asked_for() -> None:
    def change(entries: dict[str, bytes]) -> None:
        name = "word/_rels/document.xml.rels"
        rows = (
            '<Relationship Id="rOut" Type="x/header" Target="../../../etc/passwd"/>'
            '<Relationship Id="rTpl" Type="x/attachedTemplate" TargetMode="External" '
            'Target="http://127.0.0.1:9/a.dotm"/>'
        )
        entries[name] = entries[name].replace(
            b"</Relationships>", f"{rows}</Relationships>".encode()
        )

    found = convert(samples.repacked(samples.unicode_file(), change))
    assert "127.0.0.1" not in found.content


def test_d08_links_to_pieces_that_are_missing() -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["word/_rels/document.xml.rels"] = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
        )

    found = convert(samples.repacked(samples.unicode_file(), change))
    assert "Phân chuồng" in found.body
    assert listed(found, "WD015")


def test_d10_a_document_without_words() -> None:
    assert refused(samples.saved(Document())).code == "WD007"


# ---- pictures and letters ------------------------------------------------------------------------


def test_moving_pictures_and_pictures_of_old_windows_come_in_as_png() -> None:
    first, second = (Image.new("RGB", (1200, 800), tone) for tone in ("red", "blue"))
    gif, bmp = io.BytesIO(), io.BytesIO()
    first.save(gif, "GIF", save_all=True, append_images=[second], comment=b"Nguyen Van A")
    first.save(bmp, "BMP")
    for entry, data in (("image1.gif", gif.getvalue()), ("image1.bmp", bmp.getvalue())):
        found = convert(samples.with_picture(entry, data))
        ((name, made),) = found.files.items()
        assert name == "bai-hinh-1.png"
        assert b"Nguyen" not in made
        with Image.open(io.BytesIO(made)) as image:
            assert image.convert("RGB").getpixel((0, 0)) == (255, 0, 0)
        told = [line for line in listed(found, "WD024") if "khung đầu" in line]
        assert len(told) == (entry == "image1.gif")


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        ([Piece("a "), Piece("đậm ", strong=True), Piece("b")], "a **đậm** b"),
        ([Piece("đậm.", strong=True), Piece("liền")], "**đậm**.liền"),
        ([Piece("“đậm”", strong=True)], "**“đậm”**"),
        ([Piece("x"), Piece("“y”", strong=True)], "x“**y”**"),
        ([Piece("cả ", strong=True), Piece("hai", strong=True, slanted=True)], "**cả** ***hai***"),
        ([Piece("a", link="https://x.vn/(b)")], "[a](https://x.vn/%28b%29)"),
        ([Piece("a"), Piece(" ", strong=True), Piece("b")], "a b"),
        ([Piece("hai\ndòng", strong=True)], "**hai**\\\n**dòng**"),
        ([Piece("- a")], "\\- a"),
        ([Piece(": a")], "\\: a"),
        ([Piece(":::note")], "\\:::note"),
        ([Piece("a\n12) b")], "a\\\n12\\) b"),
        ([Piece("&nbsp; &amp")], "\\&nbsp; &amp"),
    ],
)
def test_runs(pieces: list[Piece], wanted: str) -> None:
    assert inline.paragraph(pieces) == wanted
    report = Report()
    found = markdown.plain(markdown.parse(wanted, "a.md", 1, report).nodes)
    assert squeezed(found) == squeezed("".join(p.text for p in pieces))


def test_a_tiny_picture_lies_beside_the_article_and_not_in_it() -> None:
    found = convert(samples.with_picture("image1.jpg", samples.jpeg(90, 60)))
    assert ":::figure" not in found.body
    assert list(found.files) == ["bai-hinh-1.jpg"]
    assert any("90 điểm ảnh" in line for line in listed(found, "WD015"))
