"""Targets (chỉ tiêu): every measurable goal that the document sets for itself, with its value, unit and year.

In the objectives every number that counts or measures something is a goal unless its words say otherwise; elsewhere
only what is said to be one (`phấn đấu`, `ít nhất`, `bảo đảm 100%`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from extract.amounts import Reading, from_words
from extract.locate import SectionIndex
from extract.quick import Quick
from extract.records import Budget, Header, Layout, Section, Target
from extract.text import View
from rules.loader import document, pattern, words

_NUMBER = re.compile(r"[0-9][0-9.,]{0,16}")
_SHARE = re.compile(r"%")
_said = partial(pattern, "targets.toml")
_RANGE = re.compile(r" ?%? ?(?:-|đến) ?(?P<high>[0-9][0-9.,]{0,12})(?= ?%| [^\W\d_])")
_LOW = re.compile(r"(?<![0-9.,/-])[0-9][0-9.,]{0,8} ?- ?\Z")
_PERCENT = re.compile(r" ?%")
_FRACTION = re.compile(r"/[2-9](?![0-9.])")
_SENTENCE = re.compile(r"\n|[.;] (?=[A-ZĐÀ-Ỹ])|; ")
_NEAR = 140
_SKIPPED = frozenset({"results", "recipients", "funding"})


@dataclass(frozen=True, slots=True)
class _Cues:
    goal: Quick
    set: Quick
    not_goal: Quick
    baseline: Quick
    named: Quick
    unit: re.Pattern[str]
    not_unit: re.Pattern[str]
    in_words: re.Pattern[str]


def _any(names: tuple[str, ...]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@cache
def _cues() -> _Cues:
    goal, wanted, unwanted, baseline, named = (
        Quick(_said(name).pattern) for name in ("goal", "set", "not_goal", "baseline", "named")
    )
    nouns, others = _any(words("targets.toml", "units.nouns")), _any(words("targets.toml", "units.not_units"))
    unit = re.compile(rf" (?P<unit>(?:{nouns})(?![\w])|[^\W\d_A-ZĐ]+(?![\w]))")
    return _Cues(
        goal, wanted, unwanted, baseline, named, unit, re.compile(rf" (?:{others})(?![\w])"), _said("in_words")
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """A number with its unit: `end` behind the unit."""

    start: int
    end: int
    value: float
    high: float | None
    unit: str


class _Finder:
    def __init__(self, view: View, layout: Layout, header: Header, sections: Sequence[Section]) -> None:
        self.view, self.layout, self.text, self.header = view, layout, view.text, header
        self.index = SectionIndex(sections)
        self.by_path = {section.path: section for section in sections}
        self.sections = sections
        self.cues = _cues()
        self.years: dict[int, str | None] = {}
        self.reached = -1

    def role(self, section: Section | None) -> str | None:
        """The role of the unit, or of the nearest one above that has one."""
        while section is not None and section.role is None and "/" in section.path:
            section = self.by_path.get(section.path.rpartition("/")[0])
        return section.role if section else None

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence that holds `at`."""
        head, tail = max(self.layout.body, at - 300), min(self.layout.end, at + 300)
        stop = _SENTENCE.search(self.text, at, tail)
        start = max(self.text.rfind("\n", head, at) + 1, self.text.rfind("; ", head, at) + 2, head)
        dot = self.text.rfind(". ", start, at)
        while dot >= start and not self.text[dot + 2 : dot + 3].isupper():
            dot = self.text.rfind(". ", start, dot)
        return max(start, dot + 2), (stop.start() if stop else tail)

    def candidates(self) -> Iterator[tuple[int, bool]]:
        """Offsets of numbers, with whether they stand in the objectives."""
        goals = self._objectives()
        for start, end in goals:
            for match in _NUMBER.finditer(self.text, start, end):
                yield match.start(), True
            for match in self.cues.in_words.finditer(self.text, start, end):
                yield match.start("number"), True
        for at in self._elsewhere():
            if not any(a <= at < b for a, b in goals):
                yield at, False

    def _elsewhere(self) -> Iterator[int]:
        """Where numbers begin that stand before a per cent sign or behind words that set a goal."""
        text, low, high = self.text, self.layout.body, self.layout.signature
        for match in _SHARE.finditer(text, low, high):
            at = match.start() - (text[match.start() - 1] == " ")
            while at > low and (text[at - 1].isdigit() or (text[at - 1] in ".," and text[at - 2].isdigit())):
                at -= 1
            if text[at].isdigit():
                lower = _LOW.search(text, max(low, at - 16), at)
                yield lower.start() if lower else at
        for name in document("targets.toml")["opens"]:
            for match in _said(f"opens.{name}").finditer(text, low, high):
                yield match.end()

    def _objectives(self) -> list[tuple[int, int]]:
        """The spans of the units of objectives, one inside another taken once."""
        spans: list[tuple[int, int]] = []
        for section in self.sections:
            if section.role != "objectives":
                continue
            start, end = self.view.from_source(section.start), self.view.from_source(section.end)
            if spans and start < spans[-1][1]:
                continue
            spans.append((start, min(end, self.layout.signature)))
        return spans

    def measure(self, at: int) -> _Measure | None:
        """The number at `at` with its unit, None where nothing is counted."""
        number = _NUMBER.match(self.text, at)
        if number is None:
            return self._in_words(at)
        printed = number.group().rstrip(".,")
        end = at + len(printed)
        reading = Reading.of(printed)
        if reading is None or (
            len(printed) > 1 and printed.isdigit() and len(printed) >= 4 and printed.startswith("20")
        ):
            return None
        high: float | None = None
        spread = _RANGE.match(self.text, end)
        if spread:
            upper = Reading.of(spread["high"])
            if upper and upper.value > reading.value:
                high, end = float(upper.value), end + len(spread.group())
        unit = self._unit(end)
        if unit is None:
            return None
        return _Measure(at, unit[0], float(reading.value), high, unit[1])

    def _in_words(self, at: int) -> _Measure | None:
        """`ít nhất một cơ sở`: a small number in words with its unit."""
        word = self.text[at : self.text.find(" ", at)]
        value, unit = from_words(word), self._unit(at + len(word))
        return _Measure(at, unit[0], float(value), None, unit[1]) if value is not None and unit else None

    def _unit(self, end: int) -> tuple[int, str] | None:
        if _FRACTION.match(self.text, end):
            return None
        percent = _PERCENT.match(self.text, end)
        if percent:
            return percent.end(), "%"
        ratio = _said("ratio").match(self.text, end)
        if ratio and "\n" not in ratio.group():
            return ratio.end(), ratio.group().strip()
        if self.cues.not_unit.match(self.text, end):
            return None
        noun = self.cues.unit.match(self.text, end)
        return (noun.end(), noun["unit"]) if noun else None

    def is_goal(self, found: _Measure, inside: bool, section: Section | None) -> bool:
        """Whether the document sets this measure as a goal of its own."""
        start, stop = self.sentence(found.start)
        before, after = self.text[max(start, found.start - _NEAR) : found.start], self.text[found.end : stop]
        if self.cues.named.search(before) or self.cues.not_goal.search(before) or self.cues.baseline.match(after):
            return False
        if before.count('"') % 2:
            return False
        if inside:
            listed = start <= self.reached and before.rstrip().endswith((",", " và"))
            opens = before.rstrip()[-1:] in ("", ":") or not before.strip(" -+*•")
            return found.unit == "%" or listed or opens or self.cues.goal.search(before) is not None
        if self.role(section) in _SKIPPED and not _said("strives").search(before):
            return False
        opens = not before.strip(" -+*•") or (before.rstrip().endswith(":") and not _said("for_others").search(before))
        if found.value == 100 and found.unit == "%" and opens:
            return True
        return self.cues.set.search(before) is not None

    def by_when(self, found: _Measure, section: Section | None) -> str | None:
        """The year by which: from the sentence, else from the lines and headings above it."""
        start, stop = self.sentence(found.start)
        year = _last_year(self.text[start : found.start]) or _first_year(self.text[found.end : stop])
        year = year or self._year_above(found.start, section)
        while year is None and section is not None:
            year = _last_year(section.title)
            if year is None and section.role == "objectives":
                head = self.view.from_source(section.start)
                lead = self.text[head : min(found.start, head + 400)].split("\n")[:2]
                year = next((y for y in (_last_year(line) for line in lead if line.rstrip().endswith(":")) if y), None)
            section = self.by_path.get(section.path.rpartition("/")[0]) if "/" in section.path else None
        return year

    def _year_above(self, at: int, section: Section | None) -> str | None:
        """The year of the nearest short line above in the unit that says nothing else: `- Giai đoạn 2031-2033`."""
        line = self.text.rfind("\n", self.layout.body, at)
        if line not in self.years:
            low = max(self.layout.body, line - 1500, self.view.from_source(section.start) if section else 0)
            above = self.text[low : max(low, line)].split("\n")
            short = (words for words in reversed(above) if len(words) <= 60 and words[-1:] not in (".", ";"))
            self.years[line] = next((y for y in (_last_year(words) for words in short if "%" not in words) if y), None)
        return self.years[line]

    def target(self, found: _Measure, section: Section | None) -> Target:
        """The record: its span from the bound (`ít nhất`) to the unit."""
        bound = _said("bound").search(self.text, max(0, found.start - 24), found.start)
        start, end = self.view.span(bound.start() if bound else found.start, found.end)
        first, last = self.sentence(found.start)
        return Target(
            start=start,
            end=end,
            by="rule:targets/goal",
            value=found.value,
            value_max=found.high,
            unit=found.unit,
            by_date=self.by_when(found, section),
            indicator=_indicator(self.text[first : found.start], self.text[found.end : last]),
            section=section.path if section else None,
        )


def _last_year(words_before: str) -> str | None:
    found = list(_said("year").finditer(words_before))
    return (found[-1]["b"] or found[-1]["z"] or found[-1]["y"]) if found else None


def _first_year(words_behind: str) -> str | None:
    match = _said("year").search(words_behind)
    return (match["b"] or match["z"] or match["y"]) if match else None


def _indicator(before: str, after: str) -> str | None:
    """What is measured: the words behind the number, or those before it where none follow."""
    behind = re.split(r"[,;.(]", after.strip(), maxsplit=1)[0].strip()
    ahead = _said("numbered").sub("", before).strip(" :,-")
    return (behind if len(behind) > 8 else ahead)[:160] or None


def find_targets(
    view: View, layout: Layout, header: Header, sections: Sequence[Section], budgets: Sequence[Budget]
) -> tuple[Target, ...]:
    """Every measurable goal of the document, in reading order."""
    finder = _Finder(view, layout, header, sections)
    funding = {budget.start for budget in budgets if budget.kind in ("total", "item", "rate")}
    found: dict[int, Target] = {}
    reached = -1
    for at, inside in sorted(finder.candidates()):
        if at < reached:
            continue
        measure = finder.measure(at)
        if measure is None:
            continue
        section = finder.index.at(view.to_source(at))
        if view.to_source(at) in funding or not finder.is_goal(measure, inside, section):
            continue
        found[at] = finder.target(measure, section)
        reached = finder.reached = measure.end
    return tuple(found[at] for at in sorted(found))
