"""The letterhead, the abstract, the signature and the bounds of a document, in every shape they come in."""

from __future__ import annotations

import pytest

from extract.letterhead import read_letterhead
from extract.text import build_view
from rules.units import load_units
from tests.growth import grows_in_proportion, repeated
from tests.letterheads import (
    BARE,
    COLUMNS,
    DRAFT,
    LETTER,
    NO_AGENCY,
    OCR,
    OLD,
    ONE_LINE,
    PARTY,
    PIPES,
    SCHOOL,
    SPACED,
    STACKED,
    STAMPED,
    TABLE,
    read,
)

CASES: list[tuple[str, str, dict[str, object]]] = [
    (
        "parent above agency, columns one below the other",
        STACKED,
        {
            "doc_type": "KH",
            "number": "07",
            "symbol": "KH-UBND",
            "code": "07/KH-UBND",
            "issuer": "UBND xã Minh Tiến",
            "issuer_level": "commune",
            "place": "Minh Tiến",
            "issued_on": "2025-01-12",
            "title": "Trồng và chăm sóc cây xanh trên địa bàn xã năm 2025",
            "period": "2025",
            "signer": "Hoàng Thị Sương",
            "signer_position": "PHÓ CHỦ TỊCH",
            "signing_form": "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH",
            "recipients": ("UBND huyện (b/c)", "Các thôn (t/h)", "Lưu: VT"),
            "province": "Thanh Hóa",
            "district": "Ngọc Lặc",
            "commune": "Minh Tiến",
            "number_blank": False,
        },
    ),
    (
        "columns side by side, blank number, motto over two lines",
        COLUMNS,
        {
            "doc_type": "KH",
            "number": None,
            "symbol": "KH-MTTQ-BTT",
            "code": None,
            "number_blank": True,
            "issuer": "Ban Thường trực Ủy ban MTTQ Việt Nam xã Lương Minh",
            "issuer_level": "commune",
            "place": "Lương Minh",
            "issued_on": "2026-01-12",
            "title": "Tổ chức ngày hội trồng cây và hưởng ứng phong trào làm sạch đường làng trên địa bàn xã năm 2026",
            "signer": "Bùi Văn Khoai",
            "signer_position": "CHỦ TỊCH",
            "signing_form": "TM. BAN THƯỜNG TRỰC",
            "province": "Quảng Ninh",
            "district": None,
            "recipients": ("Đảng ủy xã", "Ban công tác Mặt trận các thôn", "Lưu: VT"),
        },
    ),
    (
        "pipes on their own lines, everything broken over lines",
        PIPES,
        {
            "code": "045/KH-UBND",
            "issuer": "UBND tỉnh Bắc Ninh",
            "issuer_level": "province",
            "place": "Bắc Ninh",
            "issued_on": "2025-11-20",
            "title": "CHĂM SÓC CÂY XANH ĐÔ THỊ VÀ VƯỜN HOA TRÊN ĐỊA BÀN TỈNH GIAI ĐOẠN 2026 - 2030",
            "period": "2026/2030",
            "signing_form": "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH",
            "signer_position": "PHÓ CHỦ TỊCH",
            "signer": "Lê Văn Mít",
        },
    ),
    (
        "a Markdown table, the decider's line, a document attached",
        TABLE,
        {
            "doc_type": "QĐ",
            "code": "88/QĐ-UBND",
            "issuer": "UBND tỉnh Lai Châu",
            "issued_on": "2021-08-10",
            "title": "VỀ VIỆC BAN HÀNH KẾ HOẠCH CHĂM SÓC CÂY XANH NĂM 2022",
            "period": "2022",
            "signer": "Đỗ Thị Ổi",
            "signer_position": "PHÓ CHỦ TỊCH",
            "signing_form": "KT. CHỦ TỊCH",
            "recipients": ("Như Điều 3", "Sở Xây dựng", "Lưu: VT"),
        },
    ),
    (
        "columns folded into one line each",
        ONE_LINE,
        {"code": "31/KH-UBND", "issuer": "UBND tỉnh Cao Bằng", "place": "Cao Bằng", "issued_on": "2025-03-03"},
    ),
    (
        "an official letter of two-line agency",
        LETTER,
        {
            "doc_type": "CV",
            "code": "5123/CT-CS",
            "issuer": "Cục Thuế",
            "issuer_level": "central",
            "place": "Hà Nội",
            "title": "thuế đối với vườn ươm cây xanh",
            "signing_form": "TL. CỤC TRƯỞNG / KT. TRƯỞNG BAN CHÍNH SÁCH, THUẾ QUỐC TẾ",
            "signer_position": "PHÓ TRƯỞNG BAN",
            "signer": "Phan Thị Na",
        },
    ),
    (
        "no letterhead: the issuer from the body, no name under the office",
        BARE,
        {
            "doc_type": "KH",
            "number": None,
            "symbol": None,
            "number_blank": False,
            "issuer": "UBND xã Hoằng Cát",
            "issuer_level": "commune",
            "place": None,
            "issued_on": None,
            "signer": None,
            "signer_position": "CHỦ TỊCH",
            "province": "Thanh Hóa",
            "district": "Hoằng Hóa",
        },
    ),
    (
        "a document of the Party",
        PARTY,
        {
            "doc_type": "QyĐ",
            "code": "383-QĐ/TW",
            "issuer": "Ban Chấp hành Trung ương Đảng",
            "issuer_level": "central",
            "issued_on": "2025-11-19",
            "signing_form": "T/M BAN BÍ THƯ",
            "signer": "Trần Văn Xoài",
            "signer_position": None,
        },
    ),
    (
        "OCR: lost marks, a number and a day that cannot be read",
        OCR,
        {
            "doc_type": "CT",
            "number": None,
            "code": None,
            "symbol": "CT-UBND",
            "unreadable": ("number", "code"),
            "number_blank": False,
            "issuer": "UBND tỉnh Quảng Ngãi",
            "issuer_level": "province",
            "place": "Quảng Ngãi",
            "issued_on": "2024-12",
            "title": "Về việc chăm sóc cây xanh và vườn hoa trên địa bàn tỉnh",
            "signer": "Mai Văn Bưởi",
            "signer_position": "CHỦ TỊCH",
        },
    ),
    (
        "a school under its department",
        SCHOOL,
        {
            "code": "58/KH-THPTCB2",
            "issuer": "Trường THPT Cây Bàng 2",
            "issuer_level": None,
            "province": "Đồng Tháp",
            "title": "Chăm sóc vườn trường năm học 2025 - 2026",
            "period": "2025/2026",
            "signing_form": "KT.HIỆU TRƯỞNG",
            "signer": "Ngô Thị Lê",
        },
    ),
    (
        "no agency: the committee of the place of issue",
        NO_AGENCY,
        {
            "symbol": "KH-UBND",
            "number_blank": True,
            "place": "Hữu Lũng",
            "issued_on": "2023-04",
            "issuer": "UBND huyện Hữu Lũng",
            "issuer_level": "district",
            "province": "Lạng Sơn",
            "district": "Hữu Lũng",
        },
    ),
    (
        "a draft with nothing filled in",
        DRAFT,
        {
            "symbol": "KH-SNNMT",
            "number_blank": True,
            "issuer": "Sở Nông nghiệp và Môi trường tỉnh Sơn La",
            "place": "Sơn La",
            "issued_on": "2026",
            "period": "2026",
        },
    ),
    (
        "right column first, a stamp of receipt above",
        STAMPED,
        {"code": "45/KH-UBND", "issuer": "UBND quận 7", "place": "Quận 7", "issued_on": "2024-02-12", "district": "7"},
    ),
    (
        "everything in the abstract",
        OLD,
        {
            "doc_type": "CT",
            "code": "12/1999/CT-TTg",
            "issuer": "Thủ tướng Chính phủ",
            "issued_on": "1999-03-09",
            "title": "VỀ VƯỜN HOA",
        },
    ),
    (
        "a blank line after every line",
        SPACED,
        {
            "code": "77/2025/TT-BYT",
            "issuer": "Bộ Y tế",
            "title": "Việc trồng cây thuốc quý trong khuôn viên các cơ sở của ngành, theo lệ Chung của Bộ Y tế",
        },
    ),
]


@pytest.mark.parametrize(("text", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_headers(text: str, wanted: dict[str, object]) -> None:
    header, _, _ = read(text)
    assert {name: getattr(header, name) for name in wanted} == wanted


LEFT_FIRST = [
    ("BỘ TÀI CHÍNH\nCỤC THUẾ\nSố: 52/CT-CS\nV/v tiền thuê đất", "CV", "Cục Thuế", "tiền thuê đất"),
    (
        "UBND TỈNH HÀ NAM\nSỞ TÀI CHÍNH\n-------\nSố: 52/STC-NS\nV/v chi trồng cây ở các xã\nvùng cao",
        "CV",
        "Sở Tài chính tỉnh Hà Nam",
        "chi trồng cây ở các xã vùng cao",
    ),
    ("THỦ TƯỚNG CHÍNH PHỦ\nSố: 5/QĐ-TTg", "QĐ", "Thủ tướng Chính phủ", None),
]


@pytest.mark.parametrize(("left", "doc_type", "issuer", "title"), LEFT_FIRST, ids=[case[1] for case in LEFT_FIRST])
def test_the_left_column_put_before_the_right_one(left: str, doc_type: str, issuer: str, title: str | None) -> None:
    right = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nHà Nội, ngày 18 tháng 11 năm 2025"
    header, _, _ = read(f"{left}\n{right}\nKính gửi: Các Sở Tài chính\n\nTrong thời gian qua các xã đã trồng cây.")
    assert (header.doc_type, header.issuer, header.title) == (doc_type, issuer, title)
    assert header.issued_on == "2025-11-18"


STARTS = ("Căn cứ", "CHỦ TỊCH ỦY BAN", "CHÍNH PHỦ", "Kính gửi", "Trong thời gian", "Thực hiện")


@pytest.mark.parametrize("text", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_bounds_are_in_order_and_evidence_is_printed(text: str) -> None:
    header, layout, view = read(text)
    assert 0 <= layout.start <= layout.body <= layout.signature <= layout.annex <= layout.end <= len(view.text)
    assert view.text[layout.body :].startswith(STARTS)
    for name, (start, end) in header.spans.items():
        assert text[start:end].strip(), name
    for start, end in layout.signatures:
        assert layout.body <= start < end <= layout.end


def test_site_furniture_is_outside() -> None:
    _, layout, view = read(TABLE)
    official = view.text[layout.start : layout.end]
    assert "Source:" not in official
    assert "FILE ĐƯỢC ĐÍNH KÈM" not in official
    assert view.text[layout.annex :].startswith("KẾ HOẠCH")


def test_the_list_of_recipients_has_its_span() -> None:
    _, layout, view = read(STACKED)
    assert layout.recipients is not None
    words = view.text[slice(*layout.recipients)]
    assert words.startswith("Nơi nhận")
    assert words.endswith("Lưu: VT.")


@pytest.mark.parametrize("text", ["", "\n \n", "abc", "|\n|\n", "Số: 12/KH-UBND", "KẾ HOẠCH"])
def test_nearly_nothing_is_read_without_fault(text: str) -> None:
    header, layout, view = read(text)
    assert layout.end <= len(view.text)
    assert header.signer is None


@pytest.mark.parametrize(
    "unit",
    [
        "Nơi nhận: ",
        "KT. CHỦ TỊCH\n",
        "ngày tháng năm ",
        "A B C D E F, ngày ",
        "Số: Số: ",
        "CỘNG HÒA XÃ HỘI ",
        "ỦY BAN NHÂN DÂN ",
        "| ",
        "- Lưu: VT; ",
        "xã Xã Xã Xã Xã Xã Xã ",
    ],
)
def test_hostile_repetitions_take_linear_time(unit: str) -> None:
    units = load_units()
    grows_in_proportion(lambda text: read_letterhead(build_view(text), units), repeated(unit), 200_000)
