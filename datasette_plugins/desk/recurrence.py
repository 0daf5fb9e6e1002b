"""What comes back and what takes a while, in words: recurrence rules of RFC 5545 and durations of ISO 8601."""

from __future__ import annotations

import re

from datasette_plugins.desk.words import Words

MONTHLY = re.compile(r"FREQ=MONTHLY;BYMONTHDAY=(\d{1,2})\Z")
YEARLY = re.compile(r"FREQ=YEARLY;BYMONTH=(\d{1,2});BYMONTHDAY=(\d{1,2})\Z")
_MONTHS = re.compile(r"BYMONTH=(\d{1,2}(?:,\d{1,2})*)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY = {
    ("DAILY", "1"): "calendar.daily",
    ("WEEKLY", "1"): "calendar.weekly",
    ("MONTHLY", "1"): "calendar.each_month",
    ("MONTHLY", "3"): "calendar.quarterly",
    ("MONTHLY", "6"): "calendar.half_yearly",
    ("YEARLY", "1"): "calendar.each_year",
}
_COUNTED = {
    "DAILY": "calendar.every_days",
    "WEEKLY": "calendar.every_weeks",
    "MONTHLY": "calendar.every_months",
    "YEARLY": "calendar.every_years",
}
_DURATION = re.compile(r"P(?:T(?P<hours>\d+)H|(?P<count>\d+)(?P<unit>[DWMY]))\Z")
_UNITS = {"D": "duration.days", "W": "duration.weeks", "M": "duration.months", "Y": "duration.years"}


def rule_words(rule: str, words: Words) -> str:
    """A rule of what comes back, in words: `ngày 25 hằng tháng`; one that has no words as it is."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    frequency, count = parts.pop("FREQ", ""), parts.pop("INTERVAL", "1")
    every = _EVERY.get((frequency, count))
    if every is None and frequency in _COUNTED and count.isdigit():
        said = words(_COUNTED[frequency], n=int(count))
    elif every is None:
        return rule
    else:
        said = words(every)
    when = tuple(sorted(parts))
    if not when:
        return said
    lists = {name: value.replace(",", ", ") for name, value in parts.items()}
    match when:
        case ("BYMONTH", "BYMONTHDAY") if "," not in lists["BYMONTH"]:
            return words("calendar.on_day", day=f"{lists['BYMONTHDAY']}/{lists['BYMONTH']}", every=said)
        case ("BYMONTHDAY",):
            return words("calendar.on_day", day=lists["BYMONTHDAY"], every=said)
        case ("BYMONTH",):
            return words("calendar.in_month", month=lists["BYMONTH"], every=said)
        case ("BYHOUR",):
            return words("calendar.at_hour", hour=lists["BYHOUR"], every=said)
        case ("BYDAY",) if lists["BYDAY"] in _WEEKDAYS:
            names = words("calendar.weekdays").split("|")
            return words("calendar.on_weekday", day=names[_WEEKDAYS.index(lists["BYDAY"])], every=said)
    return rule


def months_of(rule: str) -> set[int]:
    """The months that a rule names; empty where it names none."""
    found = _MONTHS.search(rule)
    return {int(month) for month in found[1].split(",")} if found else set()


def duration_words(duration: str, words: Words) -> str:
    """A duration in words: `7 ngày`, `24 giờ`; one that has no words as it is."""
    match = _DURATION.match(duration)
    if match is None:
        return duration
    key = "duration.hours" if match["hours"] else _UNITS[match["unit"]]
    return words(key, n=int(match["hours"] or match["count"]))
