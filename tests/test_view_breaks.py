"""Which breaks of the page the matching view takes for a sentence's own: lines, paragraphs, page numbers."""

from __future__ import annotations

import pytest

from extract.text import build_view, canonical

LONG = "Các xóm cùng nhau giữ đập, nạo mương, trồng cây ven đường và báo tin lũ cho các hộ ở vùng thấp của xã"

CASES = {
    "a body's name after its kind": (f"{LONG}\nTheo đề nghị của Giám đốc Sở\nNội vụ", "Giám đốc Sở Nội vụ"),
    "an article after the khoản that it holds": (f"{LONG}\ntheo khoản 4\nĐiều 16 Luật Đê điều", "khoản 4 Điều 16 Luật"),
    "a unit's word alone and its number": (f"{LONG}.\nĐiều\n3. Hiệu lực", "\nĐiều 3. Hiệu lực"),
    "a number alone is a cell": (f"{LONG}\nTên xóm\n12\nĐường", "Tên xóm\n12\nĐường"),
    "a number alone after a word that calls for one": (f"{LONG}\ntrước tháng\n12", "trước tháng 12"),
}


@pytest.mark.parametrize("name", CASES)
def test_breaks(name: str) -> None:
    text, expected = CASES[name]
    assert expected in build_view(canonical(text)).text


def spaced(*units: str) -> str:
    """A text whose paragraphs stand apart, each wrapped at a narrow width."""
    head = [f"{i}. Việc thứ {i} của xóm\ncùng nhau làm cho xong\ntrước mùa mưa." for i in range(1, 13)]
    return "\n\n".join(["Các xóm làm những việc sau.", *head, *units])


APART = {
    "capitals go on": ("13. Sở\nBến bãi và Đò ngang", "13. Sở Bến bãi và Đò ngang"),
    "behind a colon": ("13. Kinh phí:\nNgân sách xã.", "13. Kinh phí: Ngân sách xã."),
    "years of a period": ("13. Trong giai đoạn 2026\n- 2030 phấn đấu xong.", "giai đoạn 2026 - 2030 phấn đấu"),
    "the next paragraph stays apart": ("13. Sở\n\nBến bãi", "13. Sở\nBến bãi"),
    "a sentence that ended stays apart": ("13. Xong việc.\nViệc khác", "13. Xong việc.\nViệc khác"),
}


@pytest.mark.parametrize("name", APART)
def test_paragraphs_that_stand_apart(name: str) -> None:
    text, expected = APART[name]
    assert expected in build_view(canonical(spaced(text))).text


def test_a_basis_before_the_first_unit_goes_on() -> None:
    basis = "Căn\ncứ Kế hoạch số 6/KH-MTTW-BTT của Ủy ban Trung ương Mặt\ntrận Tổ quốc\nViệt Nam, vận động quỹ;"
    text = build_view(canonical(f"KẾ HOẠCH\n\n{basis}\n\n{spaced()}")).text
    assert "Căn cứ Kế hoạch số 6/KH-MTTW-BTT của Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam, vận động quỹ;\n" in text


def test_page_numbers_are_left_out() -> None:
    pages = [[f"Dòng {page}.{i} của văn bản nói về việc giữ đập và nạo mương" for i in range(30)] for page in range(4)]
    text = "\n".join("\n".join([*lines, str(n)]) for n, lines in enumerate(pages, 1))
    lines = build_view(canonical(text)).lines
    assert len(lines) == 4 * 30


def test_numbers_of_rows_are_not_page_numbers() -> None:
    rows = "\n".join(f"{i}\nĐường xóm số {i}\nXã Bình Mai" for i in range(1, 40))
    assert len(build_view(canonical(rows)).lines) == 3 * 39
