"""Days, months, quarters, half-years, years and phases as they are printed, joined to the spans of time they name.

`find_spells` gives every printed span of time of a text, whatever it is for: `ngày 15/11`, `tháng 9-10/2025`,
`Quý II, III, IV năm 2023`, `từ tháng 6 đến tháng 11 năm 2024`, `giai đoạn 2026 - 2030`. What it bounds, and whether
it bounds anything, `extract.deadlines` decides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache, partial
from typing import Literal

from extract.dates import full_year
from rules.loader import document, pattern, words

Unit = Literal["day", "month", "quarter", "half", "year", "phase"]

_said = partial(pattern, "periods.toml")
_DIGITS = re.compile(r"[0-9]+")
_HALF_COUNT = re.compile(r"(?<![0-9])0?[3-9]\Z")
_NEAR = 32
"""So many signs between two spans, and more, join nothing."""


@dataclass(slots=True)
class Atom:
    """One printed period: days, months or quarters of one year, or years. `year` is None where it is not printed."""

    start: int
    end: int
    unit: Unit
    numbers: tuple[int, ...]
    month: int | None = None
    year: int | None = None


@dataclass(slots=True)
class Spell:
    """Atoms that the text joins: a range (`từ ... đến ...`), or a list (`tháng 4 và tháng 8`), or one atom alone."""

    start: int
    end: int
    atoms: tuple[Atom, ...]
    is_range: bool

    @property
    def has_year(self) -> bool:
        """Whether the last year that it needs is printed in it."""
        return self.atoms[-1].year is not None


@lru_cache(maxsize=2048)
def _numbers(printed: str) -> tuple[int, ...]:
    return tuple(map(int, _DIGITS.findall(printed)))


def _with_dash(printed: str, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """`9-10` means all from nine to ten."""
    if "-" in printed and len(numbers) == 2 and numbers[0] < numbers[1]:
        return tuple(range(numbers[0], numbers[1] + 1))
    return numbers


def _first_letter(text: str, at: int, letters: str) -> int:
    """Where the word begins whose first letter the pattern left out; -1 where it is another word."""
    return at - 1 if at and text[at - 1] in letters and not text[at - 2 : at - 1].isalpha() else -1


def _day_atoms(text: str, start: int, stop: int) -> Iterator[Atom]:
    for m in _said("days").finditer(text, start, stop):
        begin = _first_letter(text, m.start(), "nN")
        month = m["m"] or m["m2"] or m["m3"]
        year = m["y"] or m["y2"] or m["y3"] or m["y4"]
        numbers = _with_dash(m["ds"], _numbers(m["ds"]))
        if begin >= 0 and all(1 <= n <= 31 for n in numbers):
            yield Atom(begin, m.end(), "day", numbers, int(month) if month else None, full_year(year) if year else None)
    for m in _said("bare_day").finditer(text, start, stop):
        head = _said("bare_head").search(text, max(start, m.start() - 8), m.start())
        if head and 1 <= int(head["d"]) <= 31 and 1 <= int(head["m"]) <= 12:
            yield Atom(head.start(), m.end(), "day", (int(head["d"]),), int(head["m"]), int(m["y"].strip("/ ")))
    for m in _said("short_day").finditer(text, start, stop):
        head = _said("short_head").search(text, max(start, m.start() - 9), m.start())
        if head and 1 <= int(head["d"]) <= 31 and 1 <= int(m["m"]) <= 12:
            yield Atom(head.start("d"), m.end(), "day", (int(head["d"]),), int(m["m"]))


def _roman(printed: str) -> tuple[int, ...]:
    """The quarters of `II, III, IV`; OCR reads I as l."""
    values = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
    found = [values[q.replace("l", "I")] for q in _said("parts.quarter").findall(printed)]
    return _with_dash(printed, tuple(found))


def _other_atoms(text: str, start: int, stop: int) -> Iterator[Atom]:
    for m in _said("months").finditer(text, start, stop):
        begin, year = _first_letter(text, m.start(), "tT"), m["y"] or m["y2"]
        numbers = _with_dash(m["ms"], _numbers(m["ms"]))
        if begin >= 0 and all(1 <= n <= 12 for n in numbers):
            yield Atom(begin, m.end(), "month", numbers, None, int(year) if year else None)
    for m in _said("quarters").finditer(text, start, stop):
        begin, year = _first_letter(text, m.start(), "qQ"), m["y"] or m["y2"]
        if begin >= 0:
            yield Atom(begin, m.end(), "quarter", _roman(m["qs"]), None, int(year) if year else None)
    for m in _said("halves").finditer(text, start, stop):
        count = _HALF_COUNT.search(text[max(0, m.start() - 3) : m.start()])
        if count:
            size = int(count.group())
            is_first = m["end"] in words("periods.toml", "half_from_start.words")
            numbers = tuple(range(1, size + 1)) if is_first else tuple(range(13 - size, 13))
            begin = m.start() - len(count.group())
            yield Atom(begin, m.end(), "half", numbers, None, int(m["y"]) if m["y"] else None)
    for m in _said("years").finditer(text, start, stop):
        begin = _first_letter(text, m.start(), "nN")
        years = _with_dash(m["ys"], _numbers(m["ys"]))
        if begin >= 0:
            yield Atom(begin, m.end(), "year", years, None, years[-1])
    for phase, letters in _phases():
        for m in phase.finditer(text, start, stop):
            begin = _first_letter(text, m.start(), letters) if letters else m.start("a")
            if begin >= 0 and int(m["a"]) <= int(m["b"]):
                yield Atom(begin, m.end(), "phase", (int(m["a"]), int(m["b"])), None, int(m["b"]))


@cache
def _phases() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns of phases, each with the letters that their words begin with."""
    named = document("periods.toml")["phases"].items()
    return (*((_said(f"phases.{name}"), str(phase["first"])) for name, phase in named), (_said("bare_phase"), ""))


def _atoms(text: str, start: int, stop: int) -> list[Atom]:
    """All atoms in reading order; of two that overlap, the longer stands."""
    found = sorted((*_day_atoms(text, start, stop), *_other_atoms(text, start, stop)), key=lambda a: (a.start, -a.end))
    kept: list[Atom] = []
    for atom in found:
        if kept and atom.start < kept[-1].end:
            if atom.end - atom.start > kept[-1].end - kept[-1].start:
                kept[-1] = atom
            continue
        kept.append(atom)
    return kept


def _shared_year(atoms: Sequence[Atom]) -> tuple[Atom, ...]:
    """`từ 01/6 đến 31/8/2024`: a year or month printed once at the end holds for what stands before it."""
    out, year, month, unit = [], None, None, None
    for atom in reversed(atoms):
        shares = atom.unit in ("day", "month", "quarter", "half") and unit != "phase"
        if year is not None and atom.year is None and shares:
            atom = replace(atom, year=year)
        if month is not None and atom.unit == "day" and atom.month is None and unit == "day":
            atom = replace(atom, month=month)
        year, month, unit = atom.year, atom.month, atom.unit
        out.append(atom)
    return tuple(reversed(out))


def find_spells(text: str, start: int = 0, end: int | None = None) -> Iterator[Spell]:
    """Every printed span of time between `start` and `end` of `text`, in reading order."""
    stop = len(text) if end is None else end
    chain: list[Atom] = []
    is_range = False
    for atom in _atoms(text, start, stop):
        is_near = bool(chain) and atom.start - chain[-1].end < _NEAR
        link = _said("between").fullmatch(text, chain[-1].end, atom.start) if is_near else None
        how = link["how"] if link else None
        if how is not None and _goes_on(chain, atom, how, is_range):
            is_range = is_range or how[0] not in "v,"
            chain.append(atom)
            continue
        if chain:
            yield _spell(chain, is_range)
        chain, is_range = [atom], False
    if chain:
        yield _spell(chain, is_range)


def _goes_on(chain: list[Atom], atom: Atom, how: str, is_range: bool) -> bool:
    """Whether `atom` continues the chain: a range has two ends; a list is of one unit."""
    if how[0] in "v,":
        return not is_range and chain[-1].unit == atom.unit and atom.unit in ("day", "month", "quarter")
    months = chain[-1].unit == atom.unit == "month"
    return (len(chain) == 1 or months) and not is_range and chain[0].unit != "phase" and atom.unit != "phase"


def _spell(chain: list[Atom], is_range: bool) -> Spell:
    return Spell(chain[0].start, chain[-1].end, _shared_year(chain), is_range)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def first_day(atom: Atom, year: int) -> date | None:
    """The first day of `atom`; `year` where it prints none. None where the calendar has no such day."""
    year = atom.year or year
    low = min(atom.numbers)
    if atom.unit == "day":
        return _day(year, atom.month, low) if atom.month else None
    if atom.unit in ("month", "half"):
        return _day(year, low, 1)
    if atom.unit == "quarter":
        return _day(year, 3 * low - 2, 1)
    return _day(low, 1, 1)


def last_day(atom: Atom, year: int) -> date | None:
    """The last day of `atom`; `year` where it prints none. None where the calendar has no such day."""
    year = atom.year or year
    high = max(atom.numbers)
    if atom.unit == "day":
        return _day(year, atom.month, high) if atom.month else None
    if atom.unit in ("month", "half"):
        return _day(year, high, monthrange(year, high)[1])
    if atom.unit == "quarter":
        return _day(year, 3 * high, monthrange(year, 3 * high)[1])
    return _day(high, 12, 31)


class Spells:
    """The spells of a text by their place, for questions such as `is there one right behind this offset`."""

    __slots__ = ("_starts", "spells")

    def __init__(self, spells: Sequence[Spell]) -> None:
        self.spells = tuple(spells)
        self._starts = [spell.start for spell in self.spells]

    def at(self, offset: int) -> Spell | None:
        """The spell that holds `offset`, or None."""
        i = bisect_right(self._starts, offset) - 1
        return self.spells[i] if i >= 0 and offset < self.spells[i].end else None
