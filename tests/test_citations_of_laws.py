"""Laws cited by their numbers and names."""

from __future__ import annotations

import pytest

from tests.citing import cited, only


def test_numbers_of_laws_in_a_list_are_laws() -> None:
    found = cited("theo các Luật số 12/2024/QH15, số 13/2024/QH15")
    assert [c.doc_type for c in found] == ["LUAT", "LUAT"]


LAWS = [
    ("name alone", "theo Luật Đầu tư công", "Luật Đầu tư công", None),
    (
        "comma inside",
        "theo Luật Quản lý, sử dụng tài sản công và Nghị định",
        "Luật Quản lý, sử dụng tài sản công",
        None,
    ),
    ("year", "theo Luật Thủy sản năm 2017", "Luật Thủy sản", "2017"),
    ("date", "theo Luật Giáo dục ngày 14/6/2019", "Luật Giáo dục", "2019-06-14"),
    ("year in brackets", "(Điều 2 Luật Bầu cử năm 2015)", "Luật Bầu cử", "2015"),
    ("short", "theo Luật NSNN năm 2025", "Luật Ngân sách nhà nước", "2025"),
    ("code", "theo Bộ Luật Lao động", "Bộ luật Lao động", None),
    ("capitals", "TRIỂN KHAI THI HÀNH LUẬT VIỆC LÀM TRÊN ĐỊA BÀN", "Luật Việc làm", None),
    ("unknown name", "theo Luật Mây trời và các văn bản liên quan", "Luật Mây trời", None),
    (
        "amending",
        "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Giá ngày 22/11/2019",
        "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Giá",
        "2019-11-22",
    ),
    (
        "amended, out of force",
        "theo Luật sửa đổi, bổ sung một số điều của Luật Thể dục, thể thao hết hiệu lực từ nay",
        "Luật sửa đổi, bổ sung một số điều của Luật Thể dục, thể thao",
        None,
    ),
    ("a break in the name", "Căn cứ Luật Tổ chức\nChính phủ ngày 18/02/2025;", "Luật Tổ chức Chính phủ", "2025-02-18"),
    ("scanned marks", "theo Luật Đât đai năm 2024", "Luật Đất đai", "2024"),
    (
        "scanned marks of an amending law",
        "theo Luật sửa đôi, bô sung một sô điêu của Luật Thuy sản và Luật Đát đai",
        "Luật sửa đổi, bổ sung một số điều của Luật Thủy sản và Luật Đất đai",
        None,
    ),
    ("stop word in a name", "theo Pháp lệnh Nhà ở, đồng thời", "Pháp lệnh Nhà ở", None),
    ("letters for words", "theo Luật BVMT năm 2020 của Quốc hội", "Luật Bảo vệ môi trường", "2020"),
    ("year ends an open name", "theo Luật DN 2014 Hòa Sơn", "Luật DN", "2014"),
]


@pytest.mark.parametrize(("text", "name", "day"), [c[1:] for c in LAWS], ids=[c[0] for c in LAWS])
def test_laws_by_name(text: str, name: str, day: str | None) -> None:
    citation = only(text)
    assert citation.doc_type == ("PL" if name.startswith("Pháp lệnh") else "LUAT")
    assert (citation.code, citation.name, citation.issued_on) == (None, name, day)


def test_the_date_behind_the_laws_that_an_amending_law_names_is_its_own() -> None:
    found = cited(
        "Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Thủy lợi số 81/2024/QH15, Luật Đê điều số 82/2024/QH15 và "
        "Luật Kiến trúc số 83/2024/QH15 ngày 05/11/2024;"
    )
    assert [(c.code, c.issued_on) for c in found] == [
        ("81/2024/QH15", None),
        ("82/2024/QH15", None),
        ("83/2024/QH15", None),
    ]
    (alone,) = cited("Căn cứ Luật Kiến trúc số 83/2024/QH15 ngày 18/01/2024;")
    assert alone.issued_on == "2024-01-18"


def test_laws_in_the_name_of_an_amending_law_with_a_number_are_not_cited() -> None:
    text = "Căn cứ Luật số 97/2025/QH15 về sửa đổi, bổ sung một số điều của Luật Thanh niên, Luật Công đoàn;"
    assert [c.code for c in cited(text)] == ["97/2025/QH15"]
