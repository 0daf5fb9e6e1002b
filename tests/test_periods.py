"""Printed spans of time."""

from __future__ import annotations

import pytest

from extract.periods import find_spells, first_day, last_day
from tests.growth import grows_in_proportion, repeated

SPELLS = {
    "day": ("ngày 20/06/2031", "2031-06-20", "2031-06-20"),
    "day in words": ("ngày 05 tháng 10 năm 2031", "2031-10-05", "2031-10-05"),
    "day without the word": ("từ 17/12/2031 đến 25/01/2032", "2031-12-17", "2032-01-25"),
    "days listed": ("Ngày 26, 27/12/2031", "2031-12-26", "2031-12-27"),
    "days listed in words": ("03 ngày: 24, 25 và 26 tháng 8 năm 2031", "2031-08-24", "2031-08-26"),
    "the year holds for both ends": ("từ ngày 01/6 đến hết ngày 31/8/2031", "2031-06-01", "2031-08-31"),
    "day without a year": ("trước 30/11", "2030-11-30", "2030-11-30"),
    "month": ("tháng 12/2031", "2031-12-01", "2031-12-31"),
    "months joined": ("từ tháng 6 đến tháng 11 năm 2031", "2031-06-01", "2031-11-30"),
    "months with a dash are no symbol": ("tháng 9-10/2031", "2031-09-01", "2031-10-31"),
    "months over two years": ("từ tháng 10 năm 2031 đến hết tháng 3 năm 2032", "2031-10-01", "2032-03-31"),
    "quarters listed": ("Quý II, III, IV năm 2031", "2031-04-01", "2031-12-31"),
    "quarters joined": ("Quý III/2031 - Quý I/2032", "2031-07-01", "2032-03-31"),
    "quarter read badly": ("quý Il năm 2031", "2031-04-01", "2031-06-30"),
    "first half": ("6 tháng đầu năm 2031", "2031-01-01", "2031-06-30"),
    "last half": ("06 tháng cuối năm 2031", "2031-07-01", "2031-12-31"),
    "nine months": ("9 tháng đầu năm 2031", "2031-01-01", "2031-09-30"),
    "year": ("năm 2031", "2031-01-01", "2031-12-31"),
    "years joined": ("từ năm 2031 - 2035", "2031-01-01", "2035-12-31"),
    "phase": ("giai đoạn 2031 - 2035", "2031-01-01", "2035-12-31"),
    "leap day": ("ngày 29/02/2032", "2032-02-29", "2032-02-29"),
}


@pytest.mark.parametrize(("text", "first", "last"), SPELLS.values(), ids=SPELLS.keys())
def test_reads_spells(text: str, first: str, last: str) -> None:
    (spell,) = find_spells(text)
    low, high = first_day(spell.atoms[0], 2030), last_day(spell.atoms[-1], 2030)
    assert (str(low), str(high)) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["2/3 số xã", "Quyết định số 12/2031/QĐ-XYZ", "khoản 5 Điều 6", "tháng 13", "hằng tháng", "từ 2/3 số hộ"],
)
def test_no_spell(text: str) -> None:
    assert list(find_spells(text)) == []


def test_a_day_that_no_calendar_has_gives_none() -> None:
    (spell,) = find_spells("trước ngày 31/4/2031")
    assert last_day(spell.atoms[0], 2031) is None


@pytest.mark.parametrize("piece", ["ngày 1,", "tháng 1 ", "1/2/2031 đến ", "năm 2031, ", "Quý I, ", "/2031"])
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    grows_in_proportion(lambda text: list(find_spells(text)), repeated(piece), 200_000)
