"""Whether and how the words around a printed period bind an act of the document.

The cues are those of `rules/deadlines.toml`. A period is bound by what stands before it (`trước`, `từ`, `trong`), led
by a label (`Thời gian thực hiện:`), or stands where goals are set; it is free of names of programmes and of told facts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal, cast

from extract.agencies import heading_body
from extract.locate import SectionIndex
from extract.periods import Spell, first_day, last_day
from extract.records import Citation, Header, Layout, Section
from extract.recurrence import Recurrence
from extract.text import View
from rules.loader import document

How = Literal["before", "by", "from", "in", "none"]
ONWARD = re.compile(r"\A ?(?:trở đi|đến ngày bầu cử|(?:và|đến) (?:các|những) năm (?:tiếp theo|sau)|về sau)")
"""What leaves a period open behind: `trở đi`, `và các năm tiếp theo`."""
_PAST = timedelta(days=75)
_AROUND = 220
_QUOTED = re.compile(r'"[^"\n]*\Z')
_EDGE = re.compile(r"(?<!vào )(?<!trong )(?<!hành )(?:cuối|đầu|giữa) \Z")
_OTHER_YEAR = re.compile(r" (?:của )?năm (?:trước|sau|liền|đó|kế|tiếp|báo cáo)")
_REPORT = re.compile(r"[Bb]áo cáo|[Ss]ơ kết|[Tt]ổng kết")
_OPENS = re.compile(r"[\s\-+*•,(]*(?:[a-zđ0-9.]{1,6}[).])?[\s\-+*•]*\Z")
_CODE = re.compile(r"[0-9] ?[/-] ?[A-ZĐ][A-ZĐ0-9&./-]*,? ?\(?\Z")
"""A document's code: the day behind it is that of its signature."""
_EFFECT = re.compile(r"có hiệu lực[^,]*\Z")
_DONE = re.compile(r"\bđã(?: [^\W\d_]+){1,3} [Tt]rước \Z")
"""`đã từ trần trước ngày ...`: a condition, nothing that is to be done."""
_HEADING_YEAR = re.compile(r"(?:^|\n)(?:[-+*•]|[0-9.]+\.?|[a-zđ]\)|[IVX]+\.)?[ \n]?\Z")


@dataclass(frozen=True, slots=True)
class _Cues:
    bind: tuple[tuple[str, How, re.Pattern[str]], ...]
    apart: re.Pattern[str]
    lead: re.Pattern[str]
    named: re.Pattern[str]
    freed: re.Pattern[str]
    acting: re.Pattern[str]
    told: re.Pattern[str]
    goal_behind: re.Pattern[str]
    told_behind: re.Pattern[str]
    allowance: re.Pattern[str]
    described: re.Pattern[str]
    regular: re.Pattern[str]
    bind_ends: frozenset[str]


@cache
def _cues() -> _Cues:
    rules = document("deadlines.toml")
    bind = tuple((row["id"], cast(How, row["how"]), re.compile(row["pattern"])) for row in rules["bind"])

    def cue(name: str) -> re.Pattern[str]:
        return re.compile(rules[name]["pattern"])

    return _Cues(
        bind,
        apart=cue("apart"),
        lead=cue("lead"),
        named=cue("named"),
        freed=cue("freed"),
        acting=cue("acting"),
        told=cue("told"),
        goal_behind=cue("goal_behind"),
        told_behind=cue("told_behind"),
        allowance=cue("allowance"),
        described=cue("described"),
        regular=cue("regular"),
        bind_ends=frozenset(rules["bind_ends"]["words"]),
    )


@dataclass(frozen=True, slots=True)
class Years:
    """What a period without a year may mean: the document's own year; whether it plans for several."""

    issued: date | None
    plain: int | None
    several: bool

    @classmethod
    def of(cls, header: Header, citations: Sequence[Citation] = ()) -> Years:
        """From the letterhead: the year that the document plans for, else the year of its date.

        A document without a date is no older than its code's year, nor than the newest that it cites.
        """
        issued = _issued(header.issued_on) or _by_code(header.code)
        if issued is None:
            cited = max(filter(None, (_issued(c.issued_on) for c in citations)), default=None)
            return (
                replace(cls.of(replace(header, issued_on=cited.isoformat())), plain=None)
                if cited
                else cls(None, None, False)
            )
        period = (header.period or "").split("/")
        if len(period) == 1 and period[0].isdigit():
            return cls(issued, int(period[0]), False)
        if len(period) == 2 and period[0][:4].isdigit():
            return cls(
                issued, issued.year if issued else int(period[0][:4]), int(period[1][:4]) - int(period[0][:4]) > 1
            )
        return cls(issued, issued.year if issued else None, False)

    def year_for(self, spell: Spell) -> int | None:
        """The year of a period that prints none: the document's, or the next where it would lie in the past."""
        if spell.has_year or self.plain is None:
            return self.plain
        last = last_day(spell.atoms[-1], self.plain)
        if last and self.issued and last < self.issued - _PAST and self.plain <= self.issued.year:
            return self.plain + 1
        return self.plain


def _issued(edtf: str | None) -> date | None:
    """The day of issue; a month alone counts from its first day."""
    parts = [int(part) for part in (edtf or "").split("-") if part.isdigit()]
    try:
        return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1) if parts else None
    except ValueError:
        return None


def _by_code(code: str | None) -> date | None:
    """The first day of the year that a code holds: `158/2025/NĐ-CP`."""
    match = re.search(r"/((?:19|20)[0-9]{2})/", code or "")
    return date(int(match[1]), 1, 1) if match else None


class Bounds:
    """One document's words around its periods: clauses, roles of units, cited spans, years."""

    def __init__(
        self, view: View, layout: Layout, header: Header, sections: Sequence[Section], citations: Sequence[Citation]
    ) -> None:
        self.view, self.layout, self.text = view, layout, view.text
        self.index = SectionIndex(sections)
        self.roles = {section.path: section.role for section in sections}
        self.titles = {section.path: section.title for section in sections}
        self.agencies: dict[str, str | None] = {}
        self.years = Years.of(header, citations)
        self.cited = sorted((view.from_source(c.start), view.from_source(c.end)) for c in citations)
        self.cues = _cues()

    def clause(self, at: int) -> str:
        """The words of the clause up to `at`."""
        head = max(self.layout.body, at - _AROUND)
        text = self.text
        head = text.rfind("\n", head, at) + 1 or head
        end = at
        while (sign := max(text.rfind(".", head, end), text.rfind(";", head, end))) >= 0:
            if sign + 1 == at or text[sign + 1].isspace():
                return text[sign + 1 : at]
            end = sign
        return text[head:at]

    def role(self, at: int) -> str | None:
        """The role of the unit at `at`, or of the nearest one above that has one."""
        path = self.index.path_at(self.view.to_source(at))
        while path:
            role = self.roles.get(path)
            if role:
                return role
            path = path.rpartition("/")[0]
        return None

    def agency(self, path: str | None) -> str | None:
        """The body whose own unit holds the bound: it must act."""
        if not path:
            return None
        if path not in self.agencies:
            own = heading_body(self.titles.get(path, ""))
            self.agencies[path] = own or self.agency(path.rpartition("/")[0])
        return self.agencies[path]

    def is_cited(self, start: int, end: int) -> bool:
        """Whether a citation covers any of it."""
        i = bisect_left(self.cited, (start, start)) - 1
        return any(a < end and start < b for a, b in self.cited[max(i - 2, 0) : i + 3])

    def bound(self, spell: Spell) -> tuple[str, How, int]:
        """How the words before bind the spell, and where those words begin."""
        before = self.text[max(self.layout.body, spell.start - 60) : spell.start]
        last = before[-12:].rstrip(" ").rpartition(" ")[2].rstrip(":,").lower()
        if last.isalpha() and last not in self.cues.bind_ends:
            return self._apart(spell)
        for name, how, pattern in self.cues.bind:
            m = pattern.search(before)
            if m:
                words = m.group()
                lead = len(words) - len(words.lstrip(" \n(,;.:-+*[\"'"))
                return name, how, spell.start - len(words) + lead
        return self._apart(spell)

    def _apart(self, spell: Spell) -> tuple[str, How, int]:
        """A day that the act stands before: `chậm nhất gửi báo cáo về Sở Y tế ngày 23/3/2026`."""
        if spell.atoms[0].unit == "day" and not spell.is_range and self.cues.apart.search(self.clause(spell.start)):
            return "latest", "by", spell.start
        return "none", "none", spell.start

    def is_of_recurrence(self, spell: Spell) -> bool:
        """`Tháng 3 đến tháng 8 tần suất 04 đợt/tháng`: the months only say when the recurrence holds."""
        behind = self.text[spell.end : spell.end + 40]
        return not spell.has_year and re.match(r":? ?(?:với )?(?:tần suất|định kỳ)", behind) is not None

    def binds(self, spell: Spell, how: How, name: str, start: int) -> bool:
        """Whether the spell bounds an act of this document."""
        unit = spell.atoms[0].unit
        lead = self._is_led(start)
        if how == "none" and not lead and not self._may_stand_alone(spell):
            return False
        if not lead and self._is_over(spell, name):
            return False
        if self._is_quoted(spell) or (not lead and self._is_told(spell, how)):
            return False
        if how == "before" or name in ("latest", "hour"):
            return unit != "phase"
        if unit in ("year", "phase"):
            return self._year_binds(spell, how, lead)
        if how == "none":
            return lead or self.role(spell.start) == "schedule" or self._is_ahead(spell)
        return True

    def _may_stand_alone(self, spell: Spell) -> bool:
        """A quick look at a spell that no word binds: days, what opens a line or stands in brackets, or has a goal."""
        if spell.atoms[0].unit == "day":
            return True
        if spell.atoms[0].unit in ("month", "quarter", "half"):
            return self.role(spell.start) == "schedule"
        before = self.text[spell.start - 1 : spell.start]
        return before == "(" or self._opens_line(spell) or self._has_goal(spell)

    def _opens_line(self, spell: Spell) -> bool:
        return bool(_HEADING_YEAR.search(self.text, max(0, spell.start - 12), spell.start))

    def _has_goal(self, spell: Spell) -> bool:
        return bool(self.cues.goal_behind.match(self.text[spell.end : spell.end + 24]))

    def _is_quoted(self, spell: Spell) -> bool:
        """Whether a quotation mark stands open before it in its clause."""
        clause = self.clause(spell.start)
        return '"' in clause and _QUOTED.search(clause) is not None

    def _is_told(self, spell: Spell, how: How) -> bool:
        """Whether the words around it tell a fact: its effect, a result, what was before."""
        if how != "before" and self.cues.told_behind.match(self.text[spell.end : spell.end + 80]):
            return True
        before = self.text[max(0, spell.start - 60) : spell.start]
        if how == "by" and _EFFECT.search(self.clause(spell.start)):
            return True
        if how == "before" and _DONE.search(before):
            return True
        return how not in ("before", "by") and self.cues.told.search(before) is not None

    def _is_free(self, spell: Spell) -> bool:
        """Whether it is no part of a programme's name, or a verb stands between the name and it."""
        clause = self.clause(spell.start)
        return not self.cues.named.search(clause) or bool(self.cues.freed.search(clause))

    def _is_led(self, start: int) -> bool:
        """Whether a time is asked for right before: `Thời gian thực hiện: ...`."""
        return ":" in self.text[start - 2 : start] and bool(self.cues.lead.search(self.clause(start)))

    def _is_over(self, spell: Spell, name: str) -> bool:
        """Whether it lies before the day of issue. A missed day of a report is kept: it is worth a finding."""
        issued, year = self.years.issued, self.years.year_for(spell) or spell.atoms[-1].year
        last = last_day(spell.atoms[-1], year) if year else None
        if issued is None or last is None:
            return False
        if spell.atoms[-1].unit != "day":
            return last < issued
        if name in ("before", "latest") and not spell.is_range:
            return last < issued - _PAST
        return last <= issued

    def _is_ahead(self, spell: Spell) -> bool:
        """A whole day, printed with its year, that lies ahead of the document: an event that it sets."""
        line = self.text[self.text.rfind("\n", 0, spell.start) + 1 : spell.start]
        if (
            spell.atoms[0].unit != "day"
            or not spell.atoms[0].year
            or not re.search(r"[^\W\d_]", line)
            or line.isupper()
            or _CODE.search(line)
        ):
            return False
        day = first_day(spell.atoms[0], 0)
        return day is not None and self.years.issued is not None and day > self.years.issued

    def _year_binds(self, spell: Spell, how: How, lead: bool) -> bool:
        """Years and phases bind in the goals, in headings and where a time is asked for."""
        if lead:
            return True
        behind = self.text[spell.end : spell.end + 24]
        goal = self.role(spell.start) == "objectives"
        if how == "by":
            return goal or self._is_free(spell)
        if how == "from":
            return bool(ONWARD.match(behind))
        if how == "in":
            return self._within_binds(spell, goal)
        if self._opens_line(spell):
            return spell.atoms[0].unit == "phase" or self._has_goal(spell)
        if self.text[spell.start - 1] == "(" and behind[:1] == ")":
            return bool(_REPORT.search(self.clause(spell.start)))
        return goal and self._has_goal(spell)

    def _within_binds(self, spell: Spell, goal: bool) -> bool:
        """`trong năm`, `vào năm`, `trong giai đoạn`: the act must stand beside it, or the year in a goal."""
        before = self.text[max(0, spell.start - 12) : spell.start].lower()
        ahead = self._has_goal(spell)
        if spell.atoms[0].unit == "phase":
            return ahead or goal
        if goal and (ahead or "vào" in before):
            return True
        if "dự kiến" in before or "những tháng" in before or _EDGE.search(before):
            return False
        return self._is_free(spell) or self.cues.acting.search(self.clause(spell.start)) is not None

    def is_regular(self, found: Recurrence) -> bool:
        """Whether a bare `hằng năm` says how often an act of this document is to be done."""
        clause = self.clause(found.start)
        if self.cues.lead.search(clause):
            return True
        if self.text[found.start] in "mM":
            behind = self.text[found.end : found.end + 24]
            return found.frequency in ("MONTHLY", "WEEKLY") and bool(self.cues.goal_behind.match(behind))
        if found.frequency == "DAILY":
            return bool(self.cues.regular.search(clause))
        opens = _OPENS.match(clause) is not None or clause.rstrip(" (").endswith((":", "ịnh kỳ"))
        if not opens and self.cues.described.search(clause):
            return False
        return opens or bool(self.cues.regular.search(clause))

    def repeats(self, spell: Spell) -> bool:
        """A day without a year in a plan of several years, or of a regular report, returns every year."""
        if spell.atoms[0].unit not in ("day", "month", "quarter"):
            return False
        clause = self.clause(spell.start)
        behind = self.text[spell.end : spell.end + 24]
        return (
            self.years.several
            or bool(_OTHER_YEAR.match(behind))
            or "ằng năm" in clause
            or "àng năm" in clause
            or "ịnh kỳ" in clause
        )
