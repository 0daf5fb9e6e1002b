"""Findings on days and terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.checks.base import Reading, finding, first_day, last_day, official_day
from extract.checks.noise import is_noisy
from extract.dates import NUMERIC, WORDS, Day, day_of
from extract.records import Deadline, Finding
from rules.loader import table
from rules.loader import words as rule_words

_SENTENCE_END = re.compile(r"[.;]\s|\n\s*\n")
_DAYS = re.compile(rf"gày\s(?:{NUMERIC})")
_DAYS_IN_WORDS = re.compile(rf"gày\s{WORDS}")
"""Without the `n`, small or capital: a pattern that begins with letters is searched much faster than one with a set."""


def _printed_days(reading: Reading) -> Iterator[tuple[Day, int, int]]:
    """Every day printed after `ngày` in the official document, with its view span."""
    text, layout = reading.view.text, reading.layout
    for pattern in (_DAYS, _DAYS_IN_WORDS):
        for match in pattern.finditer(text, layout.start, layout.end):
            if match["d"] and match["m"]:
                yield day_of(match), match.start() - 1, match.end()


def check_date_invalid(reading: Reading) -> Iterator[Finding]:
    """A full date that no calendar has: `31/4/2025`, `30 tháng 02 năm 2024`."""
    doubtful = [(m.start, m.end) for m in reading.document.source.marks if m.kind in {"uncertain", "unreadable"}]
    for day, begin, end in _printed_days(reading):
        if day.exists or not 1900 < day.year < 2100 or (day.day or 0) not in range(1, 32):
            continue
        span = reading.view.span(begin, end)
        if any(start < span[1] and span[0] < stop for start, stop in doubtful):
            continue
        yield finding("date-invalid", (reading.passage(*span),), quote=reading.quote(*span))
    too_long = list(_impossible_years(reading))
    for begin, end in too_long if too_long and not is_noisy(reading.document) else ():
        span = reading.view.span(begin, end)
        yield finding("date-invalid", (reading.passage(*span),), quote=reading.quote(*span))


_YEARS_TOO_LONG = (
    re.compile(r"gày\s\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)\d{3,}(?!\d)"),
    re.compile(r"năm\s(?:19|20)\d{3}(?![\d.,])"),
)


def _impossible_years(reading: Reading) -> Iterator[tuple[int, int]]:
    """View spans of days whose year has a digit too many (`20/11/20225`)."""
    for pattern in _YEARS_TOO_LONG:
        for match in pattern.finditer(reading.view.text, reading.layout.start, reading.layout.end):
            yield match.start() - (match.group()[0] == "g"), match.end()


def _bounded(reading: Reading) -> Iterator[Deadline]:
    """The deadlines that end on a day: due days and windows outside tables."""
    for deadline in reading.document.deadlines:
        if deadline.kind in {"due", "window"} and deadline.to_day and not deadline.uncertain:
            yield deadline


def check_deadline_before_issue(reading: Reading) -> Iterator[Finding]:
    """A deadline with its own printed year that had passed on the day of issue."""
    issued = first_day(reading.document.header.issued_on)
    if not issued or "issued_on" in reading.document.header.unreadable:
        return
    yield from _schedule_lines_before(reading, issued)
    for deadline in _bounded(reading):
        if not deadline.year_given or deadline.to_day is None or deadline.to_day >= issued:
            continue
        if deadline.table or not _is_told_to_do(reading, deadline):
            continue
        sides = (reading.side(deadline), *reading.header_side("issued_on"))
        words = {"quote": reading.quote(deadline.start, deadline.end)}
        issued_on = official_day(reading.document.header.issued_on)
        yield finding("deadline-before-issue", sides, confidence=0.9, issued=issued_on, **words)


_SCHEDULE_LINE = re.compile(rf"\n(?P<line>[Nn]gày {NUMERIC}\s?(?:\([^)\n]{{0,20}}\))?[.:;]?)(?=\n|\Z)")


def _schedule_lines_before(reading: Reading, issued: str) -> Iterator[Finding]:
    """A line of a schedule that is nothing but a day, and a day before the issue (`Ngày 02/01/2011 (thứ 2)`)."""
    view, layout = reading.view, reading.layout
    sections = reading.document.sections
    for match in _SCHEDULE_LINE.finditer(view.text, layout.body, layout.signature):
        day = day_of(match)
        span = view.span(*match.span("line"))
        inside = any(s.start <= span[0] < s.end and s.role != "results" for s in sections)
        if inside and day.exists and day.edtf.count("-") == 2 and day.edtf < issued:
            sides = (reading.passage(*span), *reading.header_side("issued_on"))
            words = {"quote": reading.quote(*span), "issued": official_day(reading.document.header.issued_on)}
            yield finding("deadline-before-issue", sides, confidence=0.7, **words)


def _is_told_to_do(reading: Reading, deadline: Deadline) -> bool:
    """Whether a bound belongs to what the document orders, not to what it tells of the past.

    Accounts stand before the first section, in sections of results, in windows outside a schedule, in bare years
    (`trước năm 2025`), and in sentences with `đã`.
    """
    text = reading.document.source.text
    holders = [s for s in reading.document.sections if s.start <= deadline.start < s.end]
    if not holders or any(section.role == "results" for section in holders):
        return False
    if deadline.kind == "window" and not any(section.role == "schedule" for section in holders):
        return False
    if not any(sign in text[deadline.start : deadline.end] for sign in ("ngày", "/")):
        return False
    left, right = text[max(0, deadline.start - 250) : deadline.start], text[deadline.end : deadline.end + 250]
    sentence = _SENTENCE_END.split(left)[-1] + " " + _SENTENCE_END.split(right)[0]
    return not (set(sentence.lower().split()) & set(rule_words("deadlines_past.toml", "past.words")))


def check_window_reversed(reading: Reading) -> Iterator[Finding]:
    """A window that ends before it begins."""
    for deadline in reading.document.deadlines:
        if deadline.kind == "window" and deadline.from_day and deadline.to_day and deadline.to_day < deadline.from_day:
            words = reading.quote(deadline.start, deadline.end)
            yield finding("window-reversed", (reading.side(deadline),), confidence=0.8, quote=words)


def check_period_mismatch(reading: Reading) -> Iterator[Finding]:
    """A due day more than a year outside a plan's own period: the year is probably mistyped.

    Reports on a period fall due after it, and preparations before it: a year on either side is left alone, and so are
    bare years (`tầm nhìn đến năm 2045`).
    """
    header = reading.document.header
    if not header.period or header.doc_type != "KH":
        return
    years = header.period.split("/")
    low, high = int(years[0][:4]) - 1, int(years[-1][:4]) + 1
    for deadline in _bounded(reading):
        year = int((deadline.to_day or "0")[:4])
        printed = reading.document.source.text[deadline.start : deadline.end]
        if deadline.year_given and not low <= year <= high and deadline.kind == "due" and "ngày" in printed:
            sides = (reading.side(deadline), *reading.header_side("period"))
            words = {"quote": reading.quote(deadline.start, deadline.end), "period": header.period.replace("/", "-")}
            yield finding("period-mismatch", sides, confidence=0.6, **words)


def check_cites_future(reading: Reading) -> Iterator[Finding]:
    """A cited document dated after the citing one."""
    header = reading.document.header
    issued = last_day(header.issued_on)
    if not issued or "issued_on" in header.unreadable:
        return
    for citation in reading.document.citations:
        day = citation.issued_on
        if citation.is_self or not day or day.count("-") != 2 or "issued_on" in citation.uncertain:
            continue
        if day > issued and _exists(day):
            sides = (reading.side(citation), *reading.header_side("issued_on"))
            words = {"issued": official_day(header.issued_on), "date": official_day(day)}
            yield finding(
                "cites-future", sides, confidence=0.9, quote=reading.quote(citation.start, citation.end), **words
            )


def _exists(edtf: str) -> bool:
    year, month, day = (int(part) for part in edtf.split("-"))
    return Day(year, month, day).exists


def check_deadline_on_holiday(reading: Reading) -> Iterator[Finding]:
    """A last day that is a public holiday; where the words exclude the day itself nothing is due on it."""
    for deadline in _bounded(reading):
        day = deadline.to_day or ""
        printed = reading.document.source.text[deadline.start : deadline.end]
        if deadline.kind != "due" or deadline.before or deadline.table or not _DAY_AND_MONTH.search(printed):
            continue
        name = _holiday(day)
        if name and "trước" not in printed.lower():
            quote = reading.quote(deadline.start, deadline.end)
            yield finding("deadline-on-holiday", (reading.side(deadline),), confidence=0.9, quote=quote, holiday=name)


_DAY_AND_MONTH = re.compile(r"\d{1,2}\s?(?:[/.-]|tháng)\s?\d{1,2}")


def _holiday(day: str) -> str | None:
    for row in table("holidays.csv"):
        if row["day"] == day or (row["month_day"] == day[5:] and row["first_year"] <= day[:4]):
            return row["name_vi"]
    return None
