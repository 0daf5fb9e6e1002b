"""What comes back and what takes a while, in words: recurrence rules of RFC 5545 and durations of ISO 8601."""

from __future__ import annotations

import re

from datasette_plugins.desk.words import Words

MONTHLY = re.compile(r"FREQ=MONTHLY;BYMONTHDAY=(\d{1,2})\Z")
YEARLY = re.compile(r"FREQ=YEARLY;BYMONTH=(\d{1,2});BYMONTHDAY=(\d{1,2})\Z")
_DURATION = re.compile(r"P(?:T(?P<hours>\d+)H|(?P<count>\d+)(?P<unit>[DWMY]))\Z")
_UNITS = {"D": "duration.days", "W": "duration.weeks", "M": "duration.months", "Y": "duration.years"}


def rule_words(rule: str, words: Words) -> str:
    """A rule of what comes back, in words: `ngày 25 hằng tháng`; one that has no words as it is."""
    monthly, yearly = MONTHLY.match(rule), YEARLY.match(rule)
    if monthly:
        return words("calendar.monthly", day=monthly[1])
    if yearly:
        return words("calendar.yearly", day=f"{yearly[2]}/{yearly[1]}")
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    every = {
        ("DAILY", "1"): "calendar.daily",
        ("WEEKLY", "1"): "calendar.weekly",
        ("MONTHLY", "1"): "calendar.each_month",
        ("MONTHLY", "3"): "calendar.quarterly",
        ("MONTHLY", "6"): "calendar.half_yearly",
        ("YEARLY", "1"): "calendar.each_year",
    }.get((parts.get("FREQ", ""), parts.get("INTERVAL", "1")))
    return words(every) if every and set(parts) <= {"FREQ", "INTERVAL"} else rule


def duration_words(duration: str, words: Words) -> str:
    """A duration in words: `7 ngày`, `24 giờ`; one that has no words as it is."""
    match = _DURATION.match(duration)
    if match is None:
        return duration
    key = "duration.hours" if match["hours"] else _UNITS[match["unit"]]
    return words(key, n=int(match["hours"] or match["count"]))
