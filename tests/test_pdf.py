"""PDF: tables that go on over pages are one, and the digital signature's time is read and compared."""

from __future__ import annotations

import io

import pytest

from extract.pipeline import extract
from extract.readers import read_bytes

ROWS = 110


@pytest.mark.needs("fonts")
def test_a_table_that_goes_on_over_pages_is_one() -> None:
    source = read_bytes(_long_table(), "a.pdf")
    assert len(source.pages) == 3
    assert len(source.tables) == 1
    table = source.tables[0]
    assert table.unit == "triệu đồng"
    assert table.rows[0] == ("TT", "Nội dung", "Kinh phí")
    assert [row[0] for row in table.rows[1:]] == [str(i) for i in range(1, ROWS + 1)]
    assert {len(row) for row in table.rows} == {3}
    assert table.start < source.pages[1].start < source.pages[2].start < table.end


def _long_table() -> bytes:
    """A table of ROWS rows on three pages, its head on each, a page number at the head from the second on."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    from corpus.samples.make_pdf import font_folder

    pdfmetrics.registerFont(TTFont("Serif", str(font_folder() / "LiberationSerif-Regular.ttf")))
    rows = [["TT", "Nội dung", "Kinh phí"], *([str(i), f"Lắp bể thôn {i}", str(10 + i)] for i in range(1, ROWS + 1))]
    table = Table(rows, colWidths=(40, 300, 100), repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.6, "black"), ("FONTNAME", (0, 0), (-1, -1), "Serif")])
    unit = Paragraph("Đơn vị tính: triệu đồng", ParagraphStyle("unit", fontName="Serif"))

    def number(canvas: Canvas, _: object) -> None:
        canvas.setFont("Serif", 13)
        canvas.drawCentredString(297, 810, str(canvas.getPageNumber()))

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([unit, table], onLaterPages=number)
    return out.getvalue()


SIGNED = [
    ("days before", "D:20240301081500+07'00'", "2024-03-01T08:15:00+07:00", True),
    ("months after", "D:20240606081500Z", "2024-06-06T08:15:00Z", True),
    ("the day after", "D:20240306081500+07'00'", "2024-03-06T08:15:00+07:00", False),
    ("the same day", "D:20240305230000+07'00'", "2024-03-05T23:00:00+07:00", False),
    ("no time", "", None, False),
    ("a broken time", "D:2024", None, False),
]


@pytest.mark.needs("fonts")
@pytest.mark.parametrize(("name", "time", "read", "told"), SIGNED, ids=[case[0] for case in SIGNED])
def test_the_time_of_signing_is_compared_with_the_day_of_issue(
    name: str, time: str, read: str | None, told: bool
) -> None:
    source = read_bytes(_signed(time), "a.pdf")
    assert source.signed_at == read
    document = extract(source)
    assert document.header.issued_on == "2024-03-05"
    assert ("signing-time-mismatch" in {finding.rule for finding in document.findings}) is told


def _signed(time: str) -> bytes:
    """A PDF of a letterhead with a signature's dictionary; as after an update, it stands behind the file's end."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from corpus.samples.make_pdf import font_folder

    pdfmetrics.registerFont(TTFont("Serif", str(font_folder() / "LiberationSerif-Regular.ttf")))
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=0)
    lines = ("ỦY BAN NHÂN DÂN", "XÃ KHE MÂY", "Số: 12/KH-UBND", "Khe Mây, ngày 05 tháng 3 năm 2024", "KẾ HOẠCH")
    for i, line in enumerate((*lines, "Cấp nước sạch năm 2024")):
        canvas.setFont("Serif", 13)
        canvas.drawString(80, 780 - 20 * i, line)
    canvas.showPage()
    canvas.save()
    data = out.getvalue()
    moment = f"/M ({time})" if time else ""
    signature = (
        f"900 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /Contents <00> /ByteRange [0 1 1 1] {moment} >>\nendobj\n"
    )
    field = "901 0 obj\n<< /FT /Sig /T (chu ky) /V 900 0 R >>\nendobj\n"
    catalog = b"/Type /Catalog"
    assert data.count(catalog) == 1
    data = data.replace(catalog, b"/AcroForm << /Fields [901 0 R] /SigFlags 3 >> " + catalog)
    # Offsets have moved: without its cross-reference table pdfium looks for the objects themselves.
    return data[: data.index(b"\nxref") + 1] + (signature + field).encode() + _trailer(data)


def _trailer(data: bytes) -> bytes:
    start = data.index(b"trailer")
    return data[start : data.index(b"startxref", start)] + b"startxref\n0\n%%EOF\n"
