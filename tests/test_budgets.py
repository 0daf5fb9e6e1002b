"""What kind of sum a sum is, and where its money comes from."""

from __future__ import annotations

import pytest

from extract.budgets import find_budgets
from tests.small import Unit, small

KINDS = {
    "stated total": ("Tổng kinh phí thực hiện là 90 triệu đồng.", ["total"]),
    "total with a lead": ("- Kinh phí thực hiện năm 2031: 90 triệu đồng.", ["total"]),
    "one activity": ("+ In pa nô tuyên truyền tại thôn. Nguồn kinh phí: 63 triệu đồng;", ["item"]),
    "norm by mức": ("Mức chi: 300.000 đồng.", ["rate"]),
    "norm per person": ("Hỗ trợ 200.000 đồng/người/ngày.", ["rate"]),
    "rate times a count": ("Dự toán kinh phí: 20 triệu đồng/năm x 05 năm = 100 triệu đồng.", ["rate", "total"]),
    "threshold": ("tài sản có giá trị từ 500 triệu đồng trở lên do Sở quyết định.", ["other"]),
    "threshold in the books": ("nguyên giá theo sổ kế toán dưới 250 triệu đồng/01 chiếc máy.", ["other"]),
    "fine": ("Phạt tiền từ 3 triệu đồng đến 5 triệu đồng.", ["other"]),
    "economy": ("GRDP bình quân đầu người đạt khoảng 91 triệu đồng.", ["other"]),
    "revenue": ("Tổng thu ngân sách trên địa bàn 12 tỷ đồng.", ["other"]),
    "what was done": ("Đã giải ngân 12 tỷ đồng.", ["other"]),
}


@pytest.mark.parametrize(("text", "kinds"), KINDS.values(), ids=KINDS.keys())
def test_kind(text: str, kinds: list[str]) -> None:
    doc = small(f"III. NỘI DUNG\n{text}", ("III", "III. NỘI", "content"))
    assert [b.kind for b in find_budgets(doc.view, doc.layout, doc.header, doc.sections)] == kinds


FUNDING: Unit = ("IV", "IV. KINH PHÍ", "funding")


def test_parts_that_add_up_make_a_total() -> None:
    doc = small(
        "IV. KINH PHÍ\nNguồn kinh phí cho tuyên truyền: 60 triệu đồng;\nnguồn kinh phí tập huấn: 40 triệu đồng.\n"
        "Nguồn kinh phí được cấp cho năm nay: 100 triệu đồng.",
        FUNDING,
    )
    found = find_budgets(doc.view, doc.layout, doc.header, doc.sections)
    assert [b.kind for b in found] == ["item", "item", "total"]


def test_source_fund_and_period_of_the_sentence() -> None:
    doc = small(
        "IV. KINH PHÍ\nTổng nhu cầu vốn giai đoạn 2031 - 2035 là 3.500.000.000 đồng từ ngân sách trung ương "
        "(vốn sự nghiệp).",
        FUNDING,
    )
    (found,) = find_budgets(doc.view, doc.layout, doc.header, doc.sections)
    assert (found.funding_sources, found.fund_kind, found.period) == (("central",), "recurrent", "2031/2035")
    assert found.section == "IV"


def test_evidence_holds_the_words_of_the_sum() -> None:
    doc = small("IV. KINH PHÍ\nTổng cộng 80.000.000 đồng (Tám mươi\ntriệu đồng).", FUNDING)
    (found,) = find_budgets(doc.view, doc.layout, doc.header, doc.sections)
    assert doc.view.source[found.start : found.end] == "80.000.000 đồng (Tám mươi\ntriệu đồng)"
    assert found.in_words == 80_000_000


def test_results_hold_no_budget() -> None:
    doc = small("I. KẾT QUẢ\nKinh phí hỗ trợ 12 tỷ đồng.", ("I", "I. KẾT", "results"))
    assert [b.kind for b in find_budgets(doc.view, doc.layout, doc.header, doc.sections)] == ["other"]
