"""Reading: every kind of file into one `Source`, its pages, boxes and tables; what cannot be read says why."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL.Image import Image

from extract.boxes import boxes_of
from extract.readers import read, read_bytes, sniff
from extract.readers.assemble import Assembler
from extract.readers.glyphs import Glyph, as_print, mended, spaced, with_stamps
from extract.readers.pdf_text import Signs
from extract.records import ReadError
from rules.loader import document
from tests.growth import grows_in_proportion, repeated

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples" / "files"
PDFS = sorted(path.name for path in SAMPLES.glob("*.pdf"))

KINDS = [
    ("pdf", b"%PDF-1.7\n", "pdf"),
    ("pdf behind a mark", b"\xef\xbb\xbf%PDF-1.4", "pdf"),
    ("docx", b"PK\x03\x04....word/document.xml", "docx"),
    ("zip", b"PK\x03\x04....photos/1.jpg", "zip"),
    ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    ("html", b"\n<!DOCTYPE html><html>", "html"),
    ("word's html", b"<html xmlns:o='urn:schemas'>", "html"),
    ("png", b"\x89PNG\r\n\x1a\n", "image"),
    ("text", "Số: 12/KH-UBND".encode(), "text"),
    ("utf-16", "Số".encode("utf-16"), "text"),
]


@pytest.mark.parametrize(("name", "data", "kind"), KINDS, ids=[case[0] for case in KINDS])
def test_a_kind_is_told_by_content(name: str, data: bytes, kind: str) -> None:
    assert sniff(data) == kind


TEXTS = [
    ("utf-8", "Ủy ban nhân dân".encode()),
    ("utf-8 with a mark", b"\xef\xbb\xbf" + "Ủy ban nhân dân".encode()),
    ("utf-16", "Ủy ban nhân dân".encode("utf-16")),
    ("decomposed letters", unicodedata.normalize("NFD", "Ủy ban nhân dân").encode()),
]


@pytest.mark.parametrize(("name", "data"), TEXTS, ids=[case[0] for case in TEXTS])
def test_text_is_decoded_and_composed(name: str, data: bytes) -> None:
    assert read_bytes(data, "a.txt").text == "Ủy ban nhân dân"


SIGNS = [
    ("a few bytes with a zero", b"ab\x00", "not-text"),
    ("zeros between letters", b"a\x00b\x00c\x00", "not-text"),
    ("a bell alone", b"\x07", "not-text"),
    ("control signs", b"\x01\x02\x03 12/KH-UBND", "not-text"),
    ("bytes of no encoding", b"\xff\x00\x01\x02", "unknown-format"),
    ("one stray sign in a long text", "Kế hoạch phòng, chống thiên tai ".encode() * 4 + b"\x01", ""),
    ("tabs and page breaks", b"TT\tViec\x0c1\tLam", ""),
    ("a bullet of Word's", "\uf0b7 Việc một".encode(), ""),
]


@pytest.mark.parametrize(("name", "data", "code"), SIGNS, ids=[case[0] for case in SIGNS])
def test_a_text_with_signs_that_no_text_holds_is_an_error(name: str, data: bytes, code: str) -> None:
    if not code:
        assert read_bytes(data, "a.txt").text
        return
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "a.txt")
    assert caught.value.code == code


def test_windows_1258_is_composed() -> None:
    # In windows-1258 the tone mark is a sign of its own behind its letter.
    data = "Kế hoạch".replace("ế", "ê\u0301").replace("ạ", "a\u0323").encode("cp1258")
    assert read_bytes(data, "a.txt").text == "Kế hoạch"


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_gives_pages_and_a_box_for_every_sign(name: str, needs: Callable[[str], None]) -> None:
    if _is_scan(name):
        needs("tesseract")
    source = read(SAMPLES / name)
    assert source.pages
    assert source.pages[-1].end == len(source.text)
    assert source.boxes is not None
    assert len(source.boxes) == 4 * len(source.text)
    for page in source.pages:
        for at in range(page.start, page.end):
            if source.text[at].isspace():
                continue
            x0, top, x1, bottom = source.boxes[4 * at : 4 * at + 4]
            assert -1 <= x0 <= x1 <= page.width + 1, (name, at, source.text[at])
            assert -1 <= top <= bottom <= page.height + 1


def _is_scan(name: str) -> bool:
    import pypdfium2

    document = pypdfium2.PdfDocument(SAMPLES / name)
    try:
        return document[0].get_textpage().count_chars() == 0
    finally:
        document.close()


def test_a_ruled_table_gives_its_cells_and_unit() -> None:
    source = read(SAMPLES / "kh-tinh-2024.pdf")
    table = source.tables[0]
    assert table.unit == "triệu đồng"
    assert table.rows[0][:2] == ("TT", "Nguồn vốn")
    for row, cells in zip(table.rows, table.cells, strict=True):
        for words, span in zip(row, cells, strict=True):
            if span and "\n" not in source.text[span[0] : span[1]]:
                assert " ".join(source.text[span[0] : span[1]].split()) == words


def test_a_scan_without_tesseract_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scans = [name for name in PDFS if _is_scan(name)]
    assert len(scans) == 1
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReadError) as caught:
        read(SAMPLES / scans[0])
    assert caught.value.code == "ocr-unavailable"
    assert "apt-get install tesseract-ocr" in caught.value.message


@pytest.mark.needs("tesseract")
def test_a_scan_is_read_with_boxes() -> None:
    source = read(SAMPLES / next(name for name in PDFS if _is_scan(name)))
    assert all(page.ocr for page in source.pages)
    assert "KH-UBND" in source.text
    at = source.text.index("KH-UBND")
    boxes = boxes_of(source, at, at + 7)
    assert len(boxes) == 1
    assert boxes[0][3] - boxes[0][1] > 20


def test_a_docx_shows_the_numbers_that_word_computes() -> None:
    text = read(SAMPLES / "kh-xa-suoi-nga-2024.docx").text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert any(line.startswith("I. ") for line in lines)
    assert any(line.startswith("II. ") for line in lines)
    assert sum(line.startswith("1. ") for line in lines) >= 2


def _docx(document: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", document)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_tracked_deletions_are_dropped_and_insertions_kept() -> None:
    body = (
        "<w:p><w:r><w:t>Kế hoạch </w:t></w:r><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>"
    )
    source = read_bytes(_docx(f"<w:document {W}><w:body>{body}</w:body></w:document>"), "a.docx")
    assert source.text.strip() == "Kế hoạch mới"


def test_an_outside_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    document = (
        f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        f"<w:document {W}><w:body><w:p><w:r><w:t>Kế hoạch &x;</w:t></w:r></w:p></w:body></w:document>"
    )
    try:
        text = read_bytes(_docx(document), "a.docx").text
    except ReadError:
        return
    assert "secret words" not in text


def test_a_zip_bomb_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b"0" * (120 * 1024 * 1024))
    with pytest.raises(ReadError) as caught:
        read_bytes(out.getvalue(), "a.docx")
    assert caught.value.code == "bomb"


def test_a_page_of_html_is_read_without_its_site() -> None:
    page = """<html><head><title>x</title><script>var a = "không đọc";</script></head><body>
    <nav>Trang chủ</nav><div class="menu">Liên kết</div>
    <p>Số: 12/KH-UBND</p><p>KẾ <b>HOẠCH</b></p>
    <table><tr><td>TT</td><td>Việc</td></tr><tr><td>1</td><td>Làm đường</td></tr></table>
    <footer>Bản quyền</footer></body></html>"""
    source = read_bytes(page.encode(), "a.html")
    for words in ("không đọc", "Trang chủ", "Liên kết", "Bản quyền"):
        assert words not in source.text
    assert "KẾ HOẠCH\n" in source.text
    assert source.tables[0].rows == (("TT", "Việc"), ("1", "Làm đường"))
    start, end = source.tables[0].cells[1][1] or (0, 0)
    assert source.text[start:end].strip() == "Làm đường"


def test_html_in_windows_1258_is_read_as_declared() -> None:
    words = "Kế hoạch".replace("ế", "ê\u0301").replace("ạ", "a\u0323").encode("cp1258")
    page = b"<html><head><meta charset=windows-1258></head><body><p>" + words + b"</p></body></html>"
    assert read_bytes(page, "a.htm").text.strip() == "Kế hoạch"


def test_deep_html_does_not_overflow() -> None:
    page = "<html><body>" + "<div>" * 20_000 + "Kế hoạch" + "</div>" * 20_000 + "</body></html>"
    assert "Kế hoạch" in read_bytes(page.encode(), "a.html").text


def _run(words: str, x: float, top: float) -> list[Glyph]:
    return [Glyph(sign, x + 6 * i, top, x + 6 * i + 6, top + 12) for i, sign in enumerate(words)]


def test_a_stamped_number_goes_where_it_stands() -> None:
    printed = [*_run("Số:", 50, 100), *_run("/KH-UBND", 110, 100), Glyph("\n", -1, -1, -1, -1), *_run("KẾ", 50, 140)]
    lines = with_stamps(list(mended(printed)), mended(_run("565", 80, 101)))
    assert [line.words for line in lines] == ["Số: 565 /KH-UBND", "KẾ"]


def test_a_stamp_goes_into_the_nearer_of_two_columns() -> None:
    left = [*_run("HỘI ĐỒNG", 50, 100), Glyph("\n", -1, -1, -1, -1)]
    right = [*_run("ngày", 300, 100), *_run("tháng 4", 350, 100)]
    lines = with_stamps(list(mended([*left, *right])), mended(_run("13", 330, 101)))
    assert [line.words for line in lines] == ["HỘI ĐỒNG", "ngày 13 tháng 4"]


def test_a_stamp_that_finds_no_room_is_a_line_of_its_own() -> None:
    lines = with_stamps(list(mended(_run("Số: 12/KH-UBND", 50, 100))), mended(_run("565", 80, 101)))
    assert [line.words for line in lines] == ["Số: 12/KH-UBND", "565"]


def test_a_hyphen_at_a_line_end_is_restored() -> None:
    glyphs = [*_run("STTTT", 50, 100), Glyph("\ufffe", 80, 100, 86, 112), *_run("TTBC", 50, 120)]
    assert [line.words for line in mended(glyphs)] == ["STTTT-", "TTBC"]
    signs = Signs("STTTT\ufffeTTBC", array("f", range(40)))
    assert [line.words for line in signs.prints()] == ["STTTT-", "TTBC"]
    assert list(signs.prints())[1].boxes[0] == 24


def test_a_mark_is_composed_with_its_letter() -> None:
    lines = list(mended([*_run("ê", 50, 100), Glyph("\u0301", 50, 98, 56, 102)]))
    assert [line.words for line in lines] == ["ế"]
    assert len(lines[0].boxes) == 4


def test_many_tables_of_html_take_time_in_proportion() -> None:
    row = "<tr><td>1</td><td>Làm đường</td></tr>"
    table = f"<p>Kế hoạch</p><table>{row}{row}</table>"

    def work(tables: str) -> None:
        source = read_bytes(f"<html><body>{tables}</body></html>".encode(), "a.html")
        assert len(source.tables) == tables.count("<table>")

    grows_in_proportion(work, repeated(table), 4000 * len(table))


def test_a_table_within_a_table_keeps_its_own_cells() -> None:
    inner = "<table><tr><td>TT</td><td>Việc</td></tr><tr><td>1</td><td>Làm đường</td></tr></table>"
    page = f"<html><body><table><tr><td>Trái</td><td>{inner}</td></tr><tr><td>Dưới</td><td>Phải</td></tr></table>"
    first, second = read_bytes(page.encode(), "a.html").tables
    assert first.rows == (("TT", "Việc"), ("1", "Làm đường"))
    assert second.rows[1] == ("Dưới", "Phải")


def test_a_table_of_html_knows_its_unit() -> None:
    row = "<tr><td>1</td><td>120</td></tr>"
    page = f"<html><body><p>Đơn vị tính: triệu đồng</p><table>{row}{row}</table></body></html>"
    assert read_bytes(page.encode(), "a.html").tables[0].unit == "triệu đồng"


def test_rows_in_content_controls_are_rows() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    row = "<w:tr>" + cell + cell + "</w:tr>"
    inner = f"<w:sdt><w:sdtContent>{row.format('1', 'Làm đường')}</w:sdtContent></w:sdt>"
    body = f"<w:tbl>{row.format('TT', 'Việc')}{inner}</w:tbl>"
    source = read_bytes(_docx(f"<w:document {W}><w:body>{body}</w:body></w:document>"), "a.docx")
    assert source.tables[0].rows == (("TT", "Việc"), ("1", "Làm đường"))


FURNITURE = sorted(document("furniture.toml").items())


@pytest.mark.parametrize(("name", "rule"), FURNITURE, ids=[name for name, _ in FURNITURE])
def test_furniture_proves_itself(name: str, rule: dict[str, list[str]]) -> None:
    pattern = re.compile(str(rule["pattern"]))
    for line in rule["examples"]:
        assert pattern.match(line), f"{name}: {line!r} is an example and is not matched"
    for line in rule["counter_examples"]:
        assert not pattern.match(line), f"{name}: {line!r} is a counter-example and is matched"


MARGINS = [
    ("a number at the foot", "2", 800.0, 2, False, True),
    ("on the first page", "2", 800.0, 1, False, False),
    ("in the middle", "2", 400.0, 2, False, False),
    ("a stamp at the top", "TRUNG TÂM CÔNG BÁO", 20.0, 1, True, True),
    ("a stamp in the text", "565", 400.0, 1, True, False),
    ("print at the top", "ỦY BAN NHÂN DÂN", 20.0, 1, False, False),
    ("a signature's line", "Thời gian ký: 07/01/2025 10:44:25 +07:00", 400.0, 1, False, True),
]


@pytest.mark.parametrize(("name", "words", "top", "page", "stamped", "wanted"), MARGINS, ids=[m[0] for m in MARGINS])
def test_furniture_is_marked(name: str, words: str, top: float, page: int, stamped: bool, wanted: bool) -> None:
    out = Assembler()
    out.page(page, 595, 842, [as_print(_run(words, 50, top))._replace(stamped=stamped)], ocr=False)
    marks = out.source("a.pdf", "0", "application/pdf").marks
    assert [mark.kind for mark in marks] == (["furniture"] if wanted else [])


PITCHES = [
    ("set apart", [100, 116, 132, 160, 176, 192, 208, 236], {3, 7}),
    ("evenly", [100, 116, 132, 148, 164, 180, 196, 212], set()),
    ("two columns", [100, 116, 132, 100, 116, 132, 148, 164], set()),
]


@pytest.mark.parametrize(("name", "feet", "apart"), PITCHES, ids=[case[0] for case in PITCHES])
def test_paragraphs_that_stand_apart_are_told(name: str, feet: list[int], apart: set[int]) -> None:
    out = Assembler()
    lines = [as_print([Glyph("K", 50, foot - 12, 56, foot)]) for foot in feet]
    out.page(1, 595, 842, lines, ocr=False)
    text = out.source("a.pdf", "0", "application/pdf").text
    wanted = "".join(("\n" if i in apart else "") + "K\n" for i in range(len(feet)))
    assert text == wanted


def test_words_that_stand_apart_are_parted() -> None:
    line = as_print([*_run("KH", 50, 100), *_run("ngày", 64, 100)])
    assert spaced(line).words == "KH ngày"
    assert len(spaced(line).boxes) == 4 * len("KH ngày")
    close = as_print([*_run("KH", 50, 100), *_run("ngày", 62, 100)])
    assert spaced(close).words == "KHngày"


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_page_has_its_boxes_where_the_eye_sees_them(turns: int, tmp_path: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(SAMPLES / "kh-tinh-2024.pdf")
    page = document[0]
    page.set_rotation(90 * turns)
    target = tmp_path / "turned.pdf"
    document.save(target)
    document.close()
    source = read(target)
    at = source.text.index("KẾ HOẠCH")
    image = _rendered(target, 0)
    for _, x0, top, x1, bottom in boxes_of(source, at, at + 2):
        assert _ink(image, (x0, top, x1, bottom)) > 0.05


def _rendered(path: Path, index: int) -> Image:
    """The page as the eye sees it, a pixel a point, in grey."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        picture: Image = document[index].render(scale=1, grayscale=True).to_pil().convert("L")
        return picture
    finally:
        document.close()


def _ink(image: Image, box: tuple[float, float, float, float]) -> float:
    """The share of dark points in a box."""
    part = image.crop(tuple(map(round, box)))
    return sum(part.histogram()[:160]) / max(part.width * part.height, 1)


def test_every_error_code_is_explained(root: Path) -> None:
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", (root / "docs" / "files.md").read_text(encoding="utf-8"), re.M))
    raised = set[str]()
    for path in (root / "extract" / "readers").glob("*.py"):
        raised |= set(re.findall(r'(?:ReadError|_Fault)\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert raised == explained
