"""Findings on bodies that had ceased, and on what a document should not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.bodies import clean, full_words
from extract.checks.base import Reading, finding, first_day, official_day
from extract.checks.numbering import quotes_others
from extract.quick import Quick
from extract.records import Evidence, Finding
from rules.loader import document as rules_document


@dataclass(frozen=True, slots=True)
class _Ended:
    body_vi: str
    last_day: str
    source: str
    names: re.Pattern[str]


@cache
def _ended() -> tuple[_Ended, ...]:
    return tuple(
        _Ended(row["body_vi"], row["last_day"], row["source"], re.compile("|".join(row["issuers"])))
        for row in rules_document("abolished.toml")["ended"]
    )


def ended_body(name: str, day: str) -> _Ended | None:
    """The body or level that `name` is of and that had ceased before the ISO `day`, or None."""
    ended = [row for row in _ended() if day > row.last_day]
    return next((row for row in ended if row.names.match(_in_full(name))), None) if ended else None


@lru_cache(maxsize=4096)
def _in_full(name: str) -> str:
    return full_words(clean(name))


def check_body_abolished(reading: Reading) -> Iterator[Finding]:
    """A document is cited as issued by a body after its last day, or a body that had ceased is charged with acts."""
    for citation in reading.document.citations:
        day = citation.issued_on
        if not citation.issuer_text or not day or day.count("-") != 2 or citation.uncertain or citation.is_self:
            continue
        span = citation.date_span
        if span is None or not citation.start <= span[0] < citation.end:
            continue
        ended = ended_body(citation.issuer or citation.issuer_text, day)
        if ended:
            sides = (reading.side(citation),)
            yield _finding(reading, sides[0].start, sides[0].end, ended, sides)
    yield from _charged(reading)


def _charged(reading: Reading) -> Iterator[Finding]:
    """One finding for each name of an ended body that the document charges."""
    issued = first_day(reading.document.header.issued_on)
    if not issued or "VBHN" in (reading.document.header.symbol or ""):
        return
    seen: set[str] = set()
    for assignment in reading.document.assignments:
        ended = ended_body(assignment.agency, issued)
        if ended and assignment.agency.lower() not in seen and not assignment.table:
            seen.add(assignment.agency.lower())
            sides = (reading.side(assignment), *reading.header_side("issued_on"))
            yield _finding(reading, assignment.start, assignment.end, ended, sides)


def _finding(reading: Reading, start: int, end: int, ended: _Ended, sides: tuple[Evidence, ...]) -> Finding:
    day = official_day(ended.last_day)
    words = {"body": ended.body_vi, "date": day, "source": ended.source}
    return finding("body-abolished", sides, confidence=0.85, quote=reading.quote(start, end), **words)


@cache
def _announced() -> tuple[Quick, ...]:
    return tuple(map(Quick, rules_document("annexes.toml")["announced"]["patterns"]))


@cache
def _secrecy() -> Quick:
    return Quick(rules_document("sensitive.toml")["secrecy"]["pattern"])


def check_annex_missing(reading: Reading) -> Iterator[Finding]:
    """An annex is announced, and nothing follows the signature."""
    layout, view = reading.layout, reading.view
    behind = view.text[layout.annex : layout.end].strip()
    if len(behind) > 120 or "phụ lục" in behind.lower() or reading.document.source.tables or not layout.signatures:
        return
    for announced in _announced():
        match = announced.search_in(view.text, layout.body, layout.signature)
        if match:
            span = view.span(*match.span())
            holders = (s for s in reading.document.sections if s.start <= span[0] < s.end)
            if any(quotes_others(reading, section) for section in holders):
                return
            yield finding("annex-missing", (reading.passage(*span),), confidence=0.7, quote=reading.quote(*span))
            return


def check_sensitive_data(reading: Reading) -> Iterator[Finding]:
    """A secrecy mark in or above the letterhead, or a number that names a person."""
    layout, view = reading.layout, reading.view
    rules = rules_document("sensitive.toml")
    _, body = view.span(0, layout.body)
    # the mark is a line of its own: looked for in the text itself, since the view joins short lines
    mark = _secrecy().search_in(reading.document.source.text, 0, body)
    if mark:
        span = mark.span("mark")
        what = f"dấu mật / a secrecy mark: {reading.quote(*span)}"
        yield finding("sensitive-data", (reading.passage(*span),), confidence=0.8, what=what)
    words = rules["personal"]["words"]
    found = any(word in view.text for word in words)
    number = re.compile(rules["personal"]["pattern"]).search(view.text, layout.start, layout.end) if found else None
    if number:
        span = view.span(*number.span())
        what = "số định danh cá nhân / personal numbers"
        yield finding("sensitive-data", (reading.passage(*span),), confidence=0.9, what=what)
