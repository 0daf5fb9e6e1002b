"""Dates, sums and numbers as officials write them (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from datasette_plugins.desk.words import Language

_EDTF_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
VIETNAM = timezone(timedelta(hours=7))


def day(value: object, language: Language = "vi") -> str:
    """An EDTF day, month or year: `24/6/2024`, `01/4/2024`, `10/2021`; days below 10 and months 1 and 2 get a zero.

    What is not such a date is given back as it is; nothing gives the empty text.
    """
    text = "" if value is None else str(value)
    match = _EDTF_DAY.fullmatch(text[:10])
    if not match:
        return text
    year, month, date = match.groups()
    if not month:
        return year
    number = int(month)
    if language == "en":
        name = _MONTHS[number - 1] if 1 <= number <= 12 else month
        return f"{int(date)} {name} {year}" if date else f"{name} {year}"
    written = f"{number:02d}" if number < 3 else str(number)
    return f"{date}/{written}/{year}" if date else f"{written}/{year}"


def moment(value: object, language: Language = "vi") -> str:
    """A time in UTC (ISO 8601) on the clock of Vietnam: `16:05 ngày 24/6/2024`."""
    text = "" if value is None else str(value)
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    local = when.astimezone(VIETNAM)
    date = day(local.date().isoformat(), language)
    return f"{local:%H:%M}, {date}" if language == "en" else f"{local:%H:%M} ngày {date}"


def version(value: object) -> str:
    """The version of what read the documents, that of the learned part in brackets.

    >>> version("2 headings/1"), version("2"), version(None)
    ('2 (headings/1)', '2', '')
    """
    rules, _, learned = str(value or "").partition(" ")
    return f"{rules} ({learned})" if learned else rules


def number(value: object, language: Language = "vi") -> str:
    """`1.723.000` and `12,5` in Vietnamese; `1,723,000` and `12.5` in English."""
    if value is None or value == "":
        return ""
    if isinstance(value, float) and not value.is_integer():
        text = f"{value:,.4f}".rstrip("0").rstrip(".")
    else:
        try:
            text = f"{int(str(value).removesuffix('.0')):,}"
        except ValueError:
            return str(value)
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def money(value: object, most: object = None, language: Language = "vi") -> str:
    """A sum: `1.723.000.000 đồng`, or a range of two."""
    if value is None or value == "":
        return ""
    low = number(value, language)
    return f"{low} – {number(most, language)} đồng" if most else f"{low} đồng"


def measure(value: object, most: object, unit: object, language: Language = "vi") -> str:
    """A value or a range with its unit: `90%`, `2 – 3 công trình`."""
    text = number(value, language)
    if most not in (None, value):
        text += f" – {number(most, language)}"
    return f"{text}{'' if unit == '%' else ' '}{unit or ''}".strip()


def short_money(value: float, language: Language = "vi") -> str:
    """A sum for a tight place: `1,72 tỷ đồng`, `350 triệu đồng`."""
    words = {"vi": ("tỷ đồng", "triệu đồng"), "en": ("billion đồng", "million đồng")}[language]
    for unit, word in ((1_000_000_000, words[0]), (1_000_000, words[1])):
        if value >= unit:
            return f"{number(round(value / unit, 2), language)} {word}"
    return money(int(value), None, language)


def size(value: object, language: Language = "vi") -> str:
    """A number of bytes: `182 KB`."""
    if not isinstance(value, int):
        return ""
    for unit, word in ((1 << 20, "MB"), (1 << 10, "KB")):
        if value >= unit:
            return f"{number(round(value / unit, 1), language)} {word}"
    return f"{value} B"


def percent(value: object) -> str:
    """A confidence from 0 to 1: `95%`."""
    return f"{round(float(value) * 100)}%" if isinstance(value, (int, float)) else ""
