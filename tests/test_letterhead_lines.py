"""The parts of a letterhead by themselves: the line of the number, the agencies, the abstract, the period."""

from __future__ import annotations

import pytest

from extract.agency import agency_of, bodies_of
from extract.numbering import read_number
from extract.titles import period_of
from rules.units import load_units
from tests.letterheads import (
    LETTER,
    OCR,
    STACKED,
    read,
)


@pytest.mark.parametrize(
    ("printed", "number", "symbol", "code", "doc_type", "blank"),
    [
        ("Số: 67/KH- UBND", "67", "KH-UBND", "67/KH-UBND", "KH", False),
        ("Số: 146 /KH-UBND", "146", "KH-UBND", "146/KH-UBND", "KH", False),
        ("Số: 0125/KH-UBND", "0125", "KH-UBND", "0125/KH-UBND", "KH", False),
        ("Số: /KH-STTTT", None, "KH-STTTT", None, "KH", True),
        ("Số: ....../KH-UBND", None, "KH-UBND", None, "KH", True),
        ("Số: 44/2025/QĐ-CTUBND", "44", "QĐ-CTUBND", "44/2025/QĐ-CTUBND", "QĐ", False),
        ("Số: 12/QĐUBND", "12", "QĐ-UBND", "12/QĐ-UBND", "QĐ", False),
        ("Số 57-NQ/TW", "57", "NQ/TW", "57-NQ/TW", "NQ", False),
        ("Luật số: 83/2025/QH15", "83", "QH15", "83/2025/QH15", "LUAT", False),
        ("Nghị quyết số: 101/2025/UBTVQH15", "101", "UBTVQH15", "101/2025/UBTVQH15", "NQ", False),
        ("Số: 6607/UBND-TH", "6607", "UBND-TH", "6607/UBND-TH", "CV", False),
        ("Số: 66.14/2026/NQ-CP", "66.14", "NQ-CP", "66.14/2026/NQ-CP", "NQ", False),
    ],
)
def test_number_lines(
    printed: str, number: str | None, symbol: str, code: str | None, doc_type: str | None, blank: bool
) -> None:
    found = read_number(printed)
    assert found is not None
    assert (found.number, found.symbol, found.code, found.doc_type, found.blank) == (
        number,
        symbol,
        code,
        doc_type,
        blank,
    )


def test_a_type_line_that_is_lost_is_in_the_symbol() -> None:
    lost = OCR.replace("CHÍ THỊ\n", "").replace("⁄‡6", "16")
    assert read(lost)[0].doc_type == "CT"
    assert read(LETTER)[0].doc_type == "CV"


@pytest.mark.parametrize("printed", ["Số liệu tổng hợp", "Số lượng: 12 cây", "Kính gửi: UBND xã"])
def test_what_is_no_number_line(printed: str) -> None:
    found = read_number(printed)
    assert found is None or found.symbol is None


@pytest.mark.parametrize(
    ("lines", "issuer", "level"),
    [
        (["ỦY", "BAN NHÂN DÂN", "TỈNH QUẢNG TRỊ"], "UBND tỉnh Quảng Trị", "province"),
        (["ỦY BAN THƯỜNG VỤ", "QUỐC HỘI"], "Ủy ban Thường vụ Quốc hội", "central"),
        (["BỘ TÀI CHÍNH TỔNG CỤC THUẾ"], "Tổng cục Thuế", "central"),
        (["ỦY BAN NHÂN DÂN TỈNH PHÚ YÊN SỞ Y TẾ"], "Sở Y tế tỉnh Phú Yên", "province"),
        (["ỦY BAN NHÂN DÂN", "HUYỆN KIM BẢNG", "PHÒNG TÀI CHÍNH - KẾ HOẠCH"], None, "district"),
        (["TỈNH HÀ NAM", "ỦY BAN NHÂN DÂN"], "UBND tỉnh Hà Nam", "province"),
        (["ĐẢNG BỘ TỈNH HÀ NAM", "HUYỆN ỦY KIM BẢNG"], "Huyện ủy Kim Bảng", "district"),
        (["TỈNH ỦY HÀ NAM", "BAN TỔ CHỨC"], "Ban tổ chức Tỉnh ủy Hà Nam", "province"),
        (["THÀNH ỦY HÀ NỘI"], "Thành ủy Hà Nội", "province"),
        (["UBND QUẬN 1", "UBND PHƯỜNG BẾN NGHÉ"], "UBND phường Bến Nghé", "commune"),
        (["CHỦ TỊCH ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"], "Chủ tịch UBND tỉnh Gia Lai", "province"),
        (["HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ HÀ NỘI"], "HĐND thành phố Hà Nội", "province"),
        (["UBND THÀNH PHỐ SƠN LA", "PHƯỜNG CHIỀNG LỀ"], "UBND phường Chiềng Lề", "commune"),
        (["ỦY BAN NHÂN DÂN TỈNH SƠN LA", "VĂN PHÒNG"], "Văn phòng UBND tỉnh Sơn La", "province"),
        (["BAN CHẤP HÀNH TRUNG ƯƠNG", "VĂN PHÒNG"], "Văn phòng Trung ương Đảng", "central"),
        (
            ["ĐOÀN TNCS HỒ CHÍ MINH", "BCH TỈNH SƠN LA"],
            "Ban Chấp hành Đoàn TNCS Hồ Chí Minh tỉnh Sơn La",
            "province",
        ),
        (
            ["UBND TỈNH SƠN LA", "SỞ Y TẾ - SỞ XÂY DỰNG"],
            "Sở Y tế tỉnh Sơn La, Sở Xây dựng tỉnh Sơn La",
            "province",
        ),
        (["BỘ TÀI CHÍNH - BỘ CÔNG THƯƠNG"], "Bộ Tài chính, Bộ Công Thương", "central"),
        (["THANH TRA CHÍNH PHỦ"], "Thanh tra Chính phủ", "central"),
        (["/ ỦY BANNHÂNDÂN", "_ TĨNH PHU THỌ"], "UBND tỉnh Phú Thọ", "province"),
        (["QUỐC HỘI -------"], "Quốc hội", "central"),
    ],
)
def test_agencies(lines: list[str], issuer: str | None, level: str) -> None:
    agency = agency_of(lines, load_units(), "2024-05-01")
    assert agency is not None
    assert agency.level == level
    assert agency.name == (issuer or "Phòng Tài chính - Kế hoạch huyện Kim Bảng")


def test_an_abstract_may_begin_with_carrying_out() -> None:
    header, layout, view = read(STACKED.replace("Trồng và chăm sóc", "Thực hiện Nghị quyết số 12-NQ/TW về"))
    assert header.title == "Thực hiện Nghị quyết số 12-NQ/TW về cây xanh trên địa bàn xã năm 2025"
    assert view.text[layout.body :].startswith("Căn cứ")


def test_a_name_broken_over_lines_is_one_body() -> None:
    assert bodies_of(["SỞ VĂN HÓA, THỂ THAO", "VÀ DU LỊCH"]) == ["SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH"]
    assert bodies_of(["VĂN PHÒNG", "CHÍNH PHỦ"]) == ["VĂN PHÒNG CHÍNH PHỦ"]


@pytest.mark.parametrize(
    ("title", "doc_type", "issued_on", "period"),
    [
        ("Trồng cây năm 2026", "KH", "2026-01-05", "2026"),
        ("Trồng cây giai đoạn 2021 - 2025 năm 2022", "KH", "2022-01-05", "2022"),
        ("TRỒNG CÂY GIAI ĐOẠN 2026- 2030", "KH", "2025-11-05", "2026/2030"),
        ("Trồng cây giai đoạn 2025-2035, định hướng đến năm 2045", "KH", "2025-11-05", "2025/2035"),
        ("Trồng cây đến năm 2035", "KH", "2025-11-05", "2025/2035"),
        ("Trồng cây đến năm 2030, tầm nhìn đến năm 2050", "KH", "2025-11-05", "2025/2030"),
        ("Bãi bỏ quy hoạch vườn hoa đến năm 2025", "TTr", "2024-11-05", None),
        ("Vườn trường năm học 2025 - 2026", "KH", "2025-09-05", "2025/2026"),
        ("Bầu ban quản lý vườn nhiệm kỳ 2026 - 2031", "KH", "2026-01-05", None),
        ("Sửa đổi Quyết định ngày 5 tháng 6 năm 2025", "QĐ", "2025-11-05", None),
        ("Về chế độ đối với người trồng rừng từ năm 1975", "QĐ", "2011-11-05", None),
        ("Tham dự hội nghị vườn ươm giai đoạn 2021 - 2030", "TB", "2024-11-05", None),
    ],
)
def test_periods(title: str, doc_type: str, issued_on: str, period: str | None) -> None:
    assert period_of(title, doc_type, issued_on) == period
