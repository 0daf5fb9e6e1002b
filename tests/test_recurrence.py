"""How often an act returns."""

from __future__ import annotations

import pytest

from extract.recurrence import find_recurrences, hours, weekday

RULES = {
    "every year": ("hằng năm", ["FREQ=YEARLY"]),
    "the other spelling": ("Hàng quý", ["FREQ=MONTHLY;INTERVAL=3"]),
    "each quarter": ("mỗi quý", ["FREQ=MONTHLY;INTERVAL=3"]),
    "regularly every six months": ("định kỳ sáu tháng", ["FREQ=MONTHLY;INTERVAL=6"]),
    "times a month": ("02 lần/tháng", ["FREQ=MONTHLY"]),
    "rounds a year": ("03 đợt/năm", ["FREQ=YEARLY"]),
    "months a time": ("03 tháng/lần", ["FREQ=MONTHLY;INTERVAL=3"]),
    "a list": ("Định kỳ hằng quý, 6 tháng, năm", ["FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY"]),
    "half year and year": ("báo cáo 6 tháng, hằng năm", ["FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY"]),
    "the same said in brackets": ("2 đợt/tháng (18 đợt/năm)", ["FREQ=MONTHLY"]),
    "day by day": ("hàng ngày", ["FREQ=DAILY"]),
    "six months of age": ("trẻ từ 06 tháng đến 36 tháng", []),
    "thread, not every": ("hàng hóa năm", []),
}


@pytest.mark.parametrize(("text", "rules"), RULES.values(), ids=RULES.keys())
def test_reads_recurrences(text: str, rules: list[str]) -> None:
    assert [r.rule() for r in find_recurrences(text, 0, len(text))] == rules


def test_weekdays() -> None:
    assert [weekday(w) for w in ("thứ Hai", "thứ năm", "thứ 6", "Chủ nhật", "ngày")] == ["MO", "TH", "FR", "SU", None]


def test_hours_in_brackets() -> None:
    assert hours(" (trước 9h00' và 16h00')") == ("BYHOUR=9,16",)
    assert hours(" để tổng hợp") == ()
