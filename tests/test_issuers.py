"""Full names of bodies as a reader of the one document would give them."""

from __future__ import annotations

import pytest

from extract.bodies import full_words, joined_bodies, without_person
from extract.issuers import Namer
from extract.records import Header
from rules.units import load_units

COMMUNE = Header(
    issuer="UBND xã Hoằng Cát",
    issuer_level="commune",
    issued_on="2024-05-06",
    province="Thanh Hóa",
    district="Hoằng Hóa",
    commune="Hoằng Cát",
)
CITY = Header(issuer="UBND thành phố Hà Nội", issuer_level="province", issued_on="2025-11-01", province="Hà Nội")
SAIGON = Header(issuer="Sở Y tế Thành phố Hồ Chí Minh", issuer_level="province", province="Hồ Chí Minh")
TOWN = Header(
    issuer="UBND thành phố Phủ Lý", issuer_level="district", issued_on="2023-03", province="Hà Nam", district="Phủ Lý"
)
NOWHERE = Header()


@pytest.mark.parametrize(
    ("header", "printed", "name"),
    [
        (COMMUNE, "UBND tỉnh", "UBND tỉnh Thanh Hóa"),
        (COMMUNE, "Ủy ban nhân dân Tỉnh", "UBND tỉnh Thanh Hóa"),
        (COMMUNE, "UBND huyện", "UBND huyện Hoằng Hóa"),
        (COMMUNE, "UBND xã", "UBND xã Hoằng Cát"),
        (COMMUNE, "UBND", "UBND xã Hoằng Cát"),
        (COMMUNE, "UBND huyện Nông Cống", "UBND huyện Nông Cống"),
        (COMMUNE, "UBND huyện Ngọc Lặc Triển khai", "UBND huyện Ngọc Lặc"),
        (COMMUNE, "HĐND tỉnh", "HĐND tỉnh Thanh Hóa"),
        (COMMUNE, "BTV Tỉnh uỷ", "Ban Thường vụ Tỉnh ủy Thanh Hóa"),
        (COMMUNE, "Tỉnh ủy", "Tỉnh ủy Thanh Hóa"),
        (COMMUNE, "Huyện ủy", "Huyện ủy Hoằng Hóa"),
        (COMMUNE, "Sở TT&TT", "Sở Thông tin và Truyền thông tỉnh Thanh Hóa"),
        (COMMUNE, "Sở Y tế Thanh Hóa", "Sở Y tế tỉnh Thanh Hóa"),
        (COMMUNE, "Sở Y tế tỉnh Nghệ An", "Sở Y tế tỉnh Nghệ An"),
        (COMMUNE, "Giám đốc Sở LĐTB&XH", "Sở Lao động - Thương binh và Xã hội tỉnh Thanh Hóa"),
        (COMMUNE, "Phòng Tài chính - Kế hoạch", "Phòng Tài chính - Kế hoạch huyện Hoằng Hóa"),
        (COMMUNE, "Ban Chỉ đạo 389 tỉnh", "Ban Chỉ đạo 389 tỉnh Thanh Hóa"),
        (COMMUNE, "Ban Kinh tế - Ngân sách Hội đồng nhân dân tỉnh", "Ban Kinh tế - Ngân sách HĐND tỉnh Thanh Hóa"),
        (COMMUNE, "Đảng ủy UBND tỉnh", "Đảng ủy UBND tỉnh Thanh Hóa"),
        (COMMUNE, "Ủy ban Mặt trận Tổ quốc Việt Nam huyện", "Ủy ban MTTQ Việt Nam huyện Hoằng Hóa"),
        (COMMUNE, "Bộ trưởng Bộ Tài chính", "Bộ Tài chính"),
        (COMMUNE, "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc", "Ủy ban Dân tộc"),
        (COMMUNE, "Chủ tịch UBND tỉnh", "UBND tỉnh Thanh Hóa"),
        (COMMUNE, "Tổng Kiểm toán nhà nước", "Kiểm toán nhà nước"),
        (COMMUNE, "BTTTT", "Bộ Thông tin và Truyền thông"),
        (COMMUNE, "Bộ NN&PTNT", "Bộ Nông nghiệp và Phát triển nông thôn"),
        (COMMUNE, "TTg", "Thủ tướng Chính phủ"),
        (COMMUNE, "Phó Thủ tướng Chính phủ", "Thủ tướng Chính phủ"),
        (COMMUNE, "Ban Bí thư", "Ban Bí thư Trung ương Đảng"),
        (COMMUNE, "Ban Chấp hành Trung ương", "Ban Chấp hành Trung ương Đảng"),
        (COMMUNE, "UBTVQH", "Ủy ban Thường vụ Quốc hội"),
        (COMMUNE, "Quốc hội khóa XV", "Quốc hội"),
        (COMMUNE, "Bộ Khoa học và Công nghệ và Bộ Nội vụ", "Bộ Khoa học và Công nghệ, Bộ Nội vụ"),
        (COMMUNE, "Văn phòng HĐND và UBND huyện", "Văn phòng HĐND và UBND huyện Hoằng Hóa"),
        (CITY, "UBND Thành phố", "UBND thành phố Hà Nội"),
        (CITY, "Thành ủy", "Thành ủy Hà Nội"),
        (CITY, "Sở Y tế", "Sở Y tế thành phố Hà Nội"),
        (SAIGON, "UBND thành phố", "UBND Thành phố Hồ Chí Minh"),
        (SAIGON, "Thành ủy", "Thành ủy Thành phố Hồ Chí Minh"),
        (SAIGON, "UBND TP.HCM", "UBND Thành phố Hồ Chí Minh"),
        (TOWN, "UBND thành phố", "UBND thành phố Phủ Lý"),
        (TOWN, "UBND tỉnh", "UBND tỉnh Hà Nam"),
        (TOWN, "Thành ủy", "Thành ủy Phủ Lý"),
        (NOWHERE, "UBND tỉnh", "UBND tỉnh"),
        (NOWHERE, "của Sở Y tế.", "Sở Y tế"),
        (NOWHERE, "Chủ tịch nước", "Chủ tịch nước"),
        (NOWHERE, " ;", None),
    ],
)
def test_names_from_print(header: Header, printed: str, name: str | None) -> None:
    assert Namer(header, load_units()).from_text(printed) == name


@pytest.mark.parametrize(
    ("header", "doc_type", "code", "name"),
    [
        (COMMUNE, "KH", "113/KH-STTTT", "Sở Thông tin và Truyền thông tỉnh Thanh Hóa"),
        (COMMUNE, "CV", "4139/BTTTT-KHTC", "Bộ Thông tin và Truyền thông"),
        (COMMUNE, "CV", "8935/BNV-CTTN&BĐG", "Bộ Nội vụ"),
        (COMMUNE, "QĐ", "24/2021/QĐ-TTg", "Thủ tướng Chính phủ"),
        (COMMUNE, "NĐ", "30/2020/NĐ-CP", "Chính phủ"),
        (COMMUNE, "LUAT", "83/2015/QH13", "Quốc hội"),
        (COMMUNE, "NQ", "101/2025/UBTVQH15", "Ủy ban Thường vụ Quốc hội"),
        (COMMUNE, "QĐ", "4255/QĐ-BNN-KHCN", "Bộ Nông nghiệp và Phát triển nông thôn"),
        (COMMUNE, "TTLT", "05/2008/TTLT-BKHCN-BNV", "Bộ Khoa học và Công nghệ, Bộ Nội vụ"),
        (COMMUNE, "KH", "30-KH/TU", "Tỉnh ủy Thanh Hóa"),
        (COMMUNE, "KH", "12-KH/HU", "Huyện ủy Hoằng Hóa"),
        (COMMUNE, "QĐ", "1277/QĐ-UBND", None),
        (CITY, "QĐ", "1277/QĐ-UBND", "UBND thành phố Hà Nội"),
        (CITY, "NQ", "15/2025/NQ-HĐND", "HĐND thành phố Hà Nội"),
        (CITY, "NQ", "15/2016/NQ-HĐND8", "HĐND thành phố Hà Nội"),
        (CITY, "KH", "12-KH/TU", "Thành ủy Hà Nội"),
        (NOWHERE, "KH", "113/KH-STTTT", None),
        (COMMUNE, "KH", "12/KH-XYZT", None),
        (COMMUNE, "NQLT", "01/2025/NQLT-UBTVQH15-XYZT", None),
        (COMMUNE, "NQ", "57-NQ/TW", None),
        (COMMUNE, None, None, None),
    ],
)
def test_names_from_symbols(header: Header, doc_type: str | None, code: str | None, name: str | None) -> None:
    assert Namer(header, load_units()).from_symbol(doc_type, code) == name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("12/2006/TT-BTS", "Bộ Thủy sản"),
        ("12/2019/TT-BNNPTNT", "Bộ Nông nghiệp và Phát triển nông thôn"),
        ("12/2026/TT-BNNMT", "Bộ Nông nghiệp và Môi trường"),
    ],
)
def test_names_by_their_years(code: str, name: str) -> None:
    assert Namer(NOWHERE, load_units()).from_symbol("TT", code) == name


def test_words_written_out() -> None:
    assert full_words("Sở GD&ĐT") == "Sở Giáo dục và Đào tạo"
    assert full_words("Phòng TC-KH") == "Phòng Tài chính - Kế hoạch"
    assert full_words("Ủy ban Kiểm tra Tỉnh ủy") == "Ủy ban Kiểm tra Tỉnh ủy"


def test_persons_stand_for_bodies() -> None:
    assert without_person("Thứ trưởng Bộ Y tế") == "Bộ Y tế"
    assert without_person("Tổng Liên đoàn Lao động Việt Nam") == "Tổng Liên đoàn Lao động Việt Nam"


def test_one_body_is_not_two() -> None:
    assert joined_bodies("Sở Giáo dục và Đào tạo") == ["Sở Giáo dục và Đào tạo"]
    assert joined_bodies("Đoàn ĐBQH và HĐND tỉnh") == ["Đoàn ĐBQH và HĐND tỉnh"]
