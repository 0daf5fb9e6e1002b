"""Deadlines in the format of calendar programs (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from corpus.export import mask

_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z")
_LINE = 75
"""How many octets a line holds (RFC 5545, 3.1)."""
_RULE = re.compile(r"FREQ=[A-Z]+(?:;(?:INTERVAL|BYMONTH|BYMONTHDAY)=\d{1,3}(?:,\d{1,3})*|;BYDAY=[A-Z]{2})*\Z")
_HOURS = re.compile(r";BYHOUR=[\d,]+")
"""Hours of a day: an event of a whole day has none."""
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Event:
    """A deadline. Days are EDTF days, months or years; `rule` is a recurrence rule of a deadline without a day, which
    counts from the day of issue to the end of its year. `url` may be empty."""

    uid: str
    summary: str
    description: str
    url: str
    first: str | None
    last: str | None
    rule: str | None
    issued_on: str | None


def written(events: Iterable[Event], name: str, built_at: str) -> str:
    """The file. An event whose day cannot be told is left out; the same events give the same bytes."""
    stamp = _stamp(built_at)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kehoach//deadlines//VI", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        days = _days(event)
        if days is None:
            continue
        start, end, rule = days
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(event.uid)}@kehoach",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{end + timedelta(days=1):%Y%m%d}",
            *([f"RRULE:{rule}"] if rule else []),
            f"SUMMARY:{_text(event.summary)}",
            f"DESCRIPTION:{_text(event.description)}",
            *([f"URL:{''.join(event.url.split())}"] if event.url else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _days(event: Event) -> tuple[date, date, str] | None:
    """First and last day of an event and its rule; None where they cannot be told."""
    last = _day(event.last, at_end=True)
    if last is not None:
        first = _day(event.first, at_end=False) if event.first != event.last else last
        return min(first or last, last), last, ""
    issued = _day(event.issued_on, at_end=True)
    rule = _HOURS.sub("", event.rule or "")
    if issued is None or not _RULE.match(rule):
        return None
    start = _next(rule, issued)
    return start, start, f"{rule};UNTIL={start.year}1231"


def _next(rule: str, issued: date) -> date:
    """The first day of a rule on or after the day of issue."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    days, months = _numbers(parts.get("BYMONTHDAY")), _numbers(parts.get("BYMONTH"))
    day = issued
    for _ in range(366 * 2):
        fits_day = (days is None or day.day in days) and parts.get("BYDAY") in (None, _WEEKDAYS[day.weekday()])
        if fits_day and (months is None or day.month in months):
            return day
        day += timedelta(days=1)
    return issued


def _numbers(listed: str | None) -> set[int] | None:
    """The numbers of a part of a rule; None where the rule has no such part."""
    return {int(number) for number in listed.split(",")} if listed else None


def _day(text: str | None, at_end: bool) -> date | None:
    """A day; of a month or year its last or first day; None where it is none."""
    match = _DAY.match(text or "")
    if not match:
        return None
    year, month, number = (int(part) if part else 0 for part in match.groups())
    try:
        if number:
            return date(year, month, number)
        if at_end:
            first = date(year, month or 12, 1)
            return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return date(year, month or 1, 1)
    except ValueError:
        return None


def _stamp(built_at: str) -> str:
    try:
        moment = datetime.fromisoformat(built_at)
    except ValueError:
        moment = datetime(2000, 1, 1, tzinfo=UTC)
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11); control signs are left out, what no export tells is hidden."""
    kept = "".join(sign for sign in mask(text) if sign >= " " or sign == "\n")
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in pieces of 75 octets, none of which cuts a letter."""
    pieces: list[str] = []
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += sign
        size += width
    return "\r\n".join([*pieces, piece])
