"""Goals that can be measured."""

from __future__ import annotations

import pytest

from extract.budgets import find_budgets
from extract.records import Target
from extract.targets import find_targets
from tests.growth import grows_in_proportion, repeated
from tests.small import Unit, small

GOALS: Unit = ("II", "II. MỤC", "objectives")
WORK: Unit = ("III", "III. NỘI", "content")


def _found(text: str, *units: Unit) -> tuple[Target, ...]:
    doc = small(text, *units)
    budgets = find_budgets(doc.view, doc.layout, doc.header, doc.sections)
    return find_targets(doc.view, doc.layout, doc.header, doc.sections, budgets)


CASES: dict[str, tuple[str, tuple[Unit, ...], list[tuple[float, float | None, str, str | None]]]] = {
    "share": ("II. MỤC TIÊU\n- 100% hộ dân dùng nước sạch.", (GOALS,), [(100, None, "%", None)]),
    "bound and year": (
        "II. MỤC TIÊU\n- Phấn đấu đến năm 2035 có ít nhất 50% hộ tham gia.",
        (GOALS,),
        [(50, None, "%", "2035")],
    ),
    "year behind": ("II. MỤC TIÊU\n- Tỷ lệ nữ đạt 27,5% vào năm 2032.", (GOALS,), [(27.5, None, "%", "2032")]),
    "year of the heading": (
        "II. MỤC TIÊU\n2.1. Đến năm 2030\nHình thành ít nhất 20 mô hình.",
        (GOALS, ("II/2.1", "2.1. Đến năm 2030", None)),
        [(20, None, "mô hình", "2030")],
    ),
    "year of the line above": (
        "II. MỤC TIÊU\n- Giai đoạn 2031-2033\n+ 100% hồ sơ được số hóa.\n+ 90% cán bộ được tập huấn.",
        (GOALS,),
        [(100, None, "%", "2033"), (90, None, "%", "2033")],
    ),
    "range": ("II. MỤC TIÊU\n- Tỷ lệ hộ nghèo giảm 1%-1,5%.", (GOALS,), [(1, 1.5, "%", None)]),
    "ratio": ("II. MỤC TIÊU\n- Tử vong dưới 4/100.000 trẻ.", (GOALS,), [(4, None, "/100.000 trẻ", None)]),
    "count and share": (
        "II. MỤC TIÊU\n- Có ít nhất 03 cơ sở, 80% số cán bộ.",
        (GOALS,),
        [(3, None, "cơ sở", None), (80, None, "%", None)],
    ),
    "where it starts is no goal": (
        "II. MỤC TIÊU\n- Giảm từ 23 ca/1.000 dân xuống 18 ca/1.000 dân.",
        (GOALS,),
        [(18, None, "ca/1.000 dân", None)],
    ),
    "money goal": ("II. MỤC TIÊU\n- Kim ngạch đạt khoảng 8,95 tỷ USD.", (GOALS,), [(8.95, None, "tỷ USD", None)]),
    "named number": ("II. MỤC TIÊU\n- Chỉ tiêu 1: theo Nghị quyết 57 năm 2031.", (GOALS,), []),
    "age is no goal": ("II. MỤC TIÊU\n- Trẻ em dưới 24 tháng tuổi.", (GOALS,), []),
    "set in the work": ("III. NỘI DUNG\n- Bảo đảm 100% thủ tục trực tuyến.", (WORK,), [(100, None, "%", None)]),
    "least number in the work": (
        "III. NỘI DUNG\n- phải có ít nhất 55 cử tri dự.",
        (WORK,),
        [(55, None, "cử tri", None)],
    ),
    "far behind what sets it": (
        "III. NỘI DUNG\n- Phấn đấu đến năm 2030 diện tích tre ven suối của xã đạt 1.700 ha.",
        (WORK,),
        [(1700, None, "ha", "2030")],
    ),
    "a strength is no goal": ("III. NỘI DUNG\n- Hóa chất Chlorine 70%, máy phun.", (WORK,), []),
    "a condition is no goal": ("III. NỘI DUNG\n- Trường hợp đạt trên 50% thì công bố.", (WORK,), []),
    "a quorum is a fraction": ("III. NỘI DUNG\n- phải có ít nhất 2/3 tổng số dự.", (WORK,), []),
    "what was done": ("I. KẾT QUẢ\n- Đạt 95% kế hoạch.", (("I", "I. KẾT", "results"),), []),
}


@pytest.mark.parametrize(("text", "units", "wanted"), CASES.values(), ids=CASES.keys())
def test_target(text: str, units: tuple[Unit, ...], wanted: list[tuple[float, float | None, str, str | None]]) -> None:
    assert [(t.value, t.value_max, t.unit, t.by_date) for t in _found(text, *units)] == wanted


def test_evidence_begins_with_the_bound() -> None:
    text = "II. MỤC TIÊU\n- Có ít nhất 03 cơ sở đạt chuẩn."
    (found,) = _found(text, GOALS)
    assert text[found.start : found.end] == "ít nhất 03 cơ sở"
    assert found.indicator == "đạt chuẩn"
    assert found.section == "II"


@pytest.mark.parametrize("piece", ["1% ", "ít nhất 5 ", "1-", "1/", "100% hộ "])
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    grows_in_proportion(lambda text: _found(f"II. MỤC TIÊU\n{text}", GOALS), repeated(piece), 100_000)
