"""What comes back and what takes a while, in words."""

from __future__ import annotations

import pytest

from datasette_plugins.desk import recurrence
from datasette_plugins.desk.deadlines import recurring_days
from datasette_plugins.desk.words import Words

RULES = [
    ("FREQ=MONTHLY;BYMONTHDAY=25", "ngày 25 hằng tháng"),
    ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15", "ngày 15/11 hằng năm"),
    ("FREQ=MONTHLY;INTERVAL=3", "hằng quý"),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "ngày 15 hằng quý"),
    ("FREQ=YEARLY;BYMONTH=4,5,6", "tháng 4, 5, 6 hằng năm"),
    ("FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=1,20", "ngày 1, 20/7 hằng năm"),
    ("FREQ=YEARLY;INTERVAL=2", "2 năm một lần"),
    ("FREQ=DAILY;BYHOUR=9,16", "hằng ngày, lúc 9, 16 giờ"),
    ("FREQ=WEEKLY;BYDAY=TH", "Thứ Năm hằng tuần"),
    ("FREQ=YEARLY;BYSETPOS=1", "FREQ=YEARLY;BYSETPOS=1"),
    ("FREQ=WEEKLY", "hằng tuần"),
    ("FREQ=HOURLY;X=1", "FREQ=HOURLY;X=1"),
]


@pytest.mark.parametrize("rule, said", RULES)
def test_rules_in_words(rule: str, said: str) -> None:
    assert recurrence.rule_words(rule, Words("vi")) == said


DURATIONS = [
    ("P7D", "7 ngày", "7 days"),
    ("P1D", "1 ngày", "1 day"),
    ("PT24H", "24 giờ", "24 hours"),
    ("P2Y", "2 năm", "2 years"),
    ("P1Y2M", "P1Y2M", "P1Y2M"),
]


@pytest.mark.parametrize("duration, vietnamese, english", DURATIONS)
def test_durations_in_words(duration: str, vietnamese: str, english: str) -> None:
    assert recurrence.duration_words(duration, Words("vi")) == vietnamese
    assert recurrence.duration_words(duration, Words("en")) == english


def test_a_rule_of_other_months_is_not_listed_in_a_month() -> None:
    rules = {"FREQ=YEARLY;BYMONTH=1": 2, "FREQ=YEARLY;BYMONTH=11,12": 3, "FREQ=MONTHLY;INTERVAL=3": 4}
    assert recurring_days(rules, "2024-12") == ({}, {"FREQ=YEARLY;BYMONTH=11,12": 3, "FREQ=MONTHLY;INTERVAL=3": 4})
    assert recurring_days({"FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5": 1}, "2024-12")[0] == {
        5: [("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5", 1)]
    }
