"""Dates as officials write them."""

from __future__ import annotations

import pytest

from extract.dates import full_year, parse

DATES = [
    ("in words", "ngày 24 tháng 6 năm 2024", "2024-06-24", True),
    ("with slashes", "ngày 04/6/2024", "2024-06-04", True),
    ("with hyphens", "28-4-2022", "2022-04-28", True),
    ("with points", "28.2.2019", "2019-02-28", True),
    ("two digits of the year", "15/6/24", "2024-06-15", True),
    ("the last century", "15/6/98", "1998-06-15", True),
    ("spaces within", "ngày 08/ 12/2021", "2021-12-08", True),
    ("the day left blank", "ngày tháng 10 năm 2021", "2021-10", True),
    ("day and month left blank", "ngày ... tháng ... năm 2021", "2021", True),
    ("no such day", "31/4/2025", "2025-04-31", False),
    ("no such month", "ngày 12/13/2025", "2025-13-12", False),
    ("a leap day", "29/02/2024", "2024-02-29", True),
    ("no leap day", "29/02/2023", "2023-02-29", False),
]


@pytest.mark.parametrize(("name", "words", "edtf", "exists"), DATES, ids=[case[0] for case in DATES])
def test_parse(name: str, words: str, edtf: str, exists: bool) -> None:
    day = parse(words)
    assert day is not None
    assert (day.edtf, day.exists) == (edtf, exists)


@pytest.mark.parametrize("words", ["giai đoạn 2021-2025", "12/KH-UBND", "1/2", "năm 2024"])
def test_no_date(words: str) -> None:
    assert parse(words) is None


def test_full_year() -> None:
    assert (full_year("24"), full_year("75"), full_year("1999")) == (2024, 1975, 1999)
