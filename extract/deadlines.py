"""Deadlines: every bound in time that the document sets for an act of its own.

Candidates are the printed periods (`extract.periods`), recurrences (`extract.recurrence`) and terms
(`extract.durations`). A candidate counts where the words around it bind it (`trước`, `chậm nhất`, `từ ... đến`,
`Thời gian thực hiện:`); it does not where it belongs to a cited document, to a name, or to what is past.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from extract.bounds import ONWARD, Bounds, How
from extract.durations import find_terms
from extract.periods import Spell, find_spells, first_day, last_day
from extract.records import Citation, Deadline, Header, Layout, Section
from extract.recurrence import Recurrence, by_parts, find_recurrences, hours, weekday
from extract.text import View

_TIED = re.compile(r"\A[,;]? ?\(?(?:gửi |báo cáo )?(?:trước|vào|từ|chậm nhất|đến|tháng)? ?(?:ngày |hết )?\Z")
_HOUR_BEFORE = re.compile(r"(?P<at>[Tt]rước [0-9]{1,2} ?(?:giờ|h|g)(?: ?[0-9]{2})?(?: phút)?'?)(?: ngày)? \Z")
_EFFECT = re.compile(r"hiệu lực(?: thi hành)? \Z")


class _Finder:
    """One document's candidates, judged one by one."""

    def __init__(
        self, view: View, layout: Layout, header: Header, sections: Sequence[Section], citations: Sequence[Citation]
    ) -> None:
        self.view, self.layout, self.text = view, layout, view.text
        self.bounds = Bounds(view, layout, header, sections, citations)
        self.spells = list(find_spells(self.text, layout.body, layout.end))
        self.starts = [spell.start for spell in self.spells]
        self.used: set[int] = set()

    def recurring(self) -> Iterator[Deadline]:
        """The recurrences, each with the day or months that stand beside it."""
        for found in find_recurrences(self.text, self.layout.body, self.layout.end):
            tied = self._tied(found)
            if tied:
                yield from self._tied_deadlines(found, tied)
            elif self._labels_day(found) or self.bounds.cues.allowance.search(self.bounds.clause(found.start)):
                continue
            elif found.sure or self.bounds.is_regular(found):
                yield self._untied(found)

    def _untied(self, found: Recurrence) -> Deadline:
        """A recurrence with the hours or the weekday that stand beside it."""
        text, end = self.text, found.end
        behind = hours(text[end : end + 40])
        lead = _HOUR_BEFORE.search(text, max(0, found.start - 24), found.start)
        start = lead.start("at") if lead else self._months_before(found)
        if behind:
            end = text.index(")", end) + 1 if ")" in text[end : end + 40] else end
        day = weekday(text[max(0, found.start - 12) : found.start]) if found.frequency == "WEEKLY" else None
        parts = (*behind, *((f"BYDAY={day}",) if day else ()))
        return self._make(start, end, "recurring", "recurrence", rrule=found.rule(parts), before=bool(lead))

    def _months_before(self, found: Recurrence) -> int:
        """Where the months begin in which the recurrence holds: `tháng 5 đến tháng 8 tần suất 04 đợt/tháng`."""
        i = bisect_left(self.starts, found.start) - 1
        if i >= 0 and self.bounds.is_of_recurrence(self.spells[i]) and found.start - self.spells[i].end < 40:
            return self.spells[i].start
        return found.start

    def _labels_day(self, found: Recurrence) -> bool:
        """`6 tháng trước ngày 15/6/2031`: the words only name the report that is due on a printed day."""
        return any(
            (spell.has_year or (found.interval == 6 and spell.atoms[0].month))
            and _TIED.match(self.text[found.end : spell.start])
            and self.text[found.end : found.end + 1] == " "
            for spell in self.near(found.end)
        )

    def near(self, offset: int) -> Sequence[Spell]:
        """The spells that begin within 40 characters behind `offset`."""
        i = bisect_left(self.starts, offset)
        return self.spells[i : bisect_left(self.starts, offset + 40, i)]

    def _tied(self, found: Recurrence) -> Spell | None:
        """The day or month beside the recurrence: `trước ngày 15/11 hằng năm`, `hằng năm (trước ngày 15/11)`."""
        low = bisect_left(self.starts, found.start - 120)
        for i in range(low, bisect_left(self.starts, found.end + 40, low)):
            spell = self.spells[i]
            if spell.has_year or by_parts(spell.atoms, found.frequency) is None or i in self.used:
                continue
            after = 0 <= spell.start - found.end <= 40 and _TIED.match(self.text[found.end : spell.start])
            before = 0 <= found.start - spell.end <= 4 and self.text[spell.end : found.start].strip(" ,(") in (
                "",
                "của",
            )
            if after or before:
                self.used.add(i)
                return spell
        return None

    def _tied_deadlines(self, found: Recurrence, spell: Spell) -> Iterator[Deadline]:
        name, how, start = self.bounds.bound(spell)
        groups = [spell.atoms] if spell.is_range else [(atom,) for atom in spell.atoms]
        for i, atoms in enumerate(groups):
            parts = by_parts(atoms, found.frequency) or ()
            first, last = min(found.start, start), max(found.end, spell.end)
            if len(groups) > 1 and i:
                first = atoms[0].start
            yield self._make(
                first, last, "recurring", f"recurrence-{name}", rrule=found.rule(parts), before=how == "before"
            )

    def relative(self) -> Iterator[Deadline]:
        """The terms that count from an event."""
        for term in find_terms(self.text, self.layout.body, self.layout.end):
            if _EFFECT.search(self.text, max(0, term.start - 40), term.start):
                continue
            yield self._make(term.start, term.end, "relative", "term", duration=term.duration, anchor=term.anchor)

    def dated(self) -> Iterator[Deadline]:
        """Days, months, quarters, years and phases that bind an act."""
        for i, spell in enumerate(self.spells):
            if i in self.used or self.bounds.is_cited(spell.start, spell.end):
                continue
            year = self.bounds.years.year_for(spell) or spell.atoms[-1].year
            name, how, start = self.bounds.bound(spell)
            if year is None or self.bounds.is_of_recurrence(spell) or not self.bounds.binds(spell, how, name, start):
                continue
            yield from self._dated(spell, how, name, start, year)

    def _dated(self, spell: Spell, how: How, name: str, start: int, year: int) -> Iterator[Deadline]:
        given = spell.has_year
        if not given and self.bounds.repeats(spell):
            parts = by_parts(spell.atoms, "YEARLY")
            if parts:
                rule = ";".join(("FREQ=YEARLY", *parts))
                yield self._make(start, spell.end, "recurring", f"yearly-{name}", rrule=rule, before=how == "before")
            return
        low, high = first_day(spell.atoms[0], year), last_day(spell.atoms[-1], year)
        if low and high and low > high and spell.atoms[0].year is None:
            low = first_day(spell.atoms[0], year - 1)
        if high is None:
            return
        onward = ONWARD.match(self.text[spell.end : spell.end + 28])
        end = spell.end + (onward.end() if onward else 0)
        if how == "none" and spell.atoms[0].unit == "year" and self.text.startswith(" đạt ", end):
            end += len(" đạt")
        if how in ("before", "by") and not spell.is_range:
            atom_day = first_day(spell.atoms[-1], year) if how == "before" and spell.atoms[0].unit != "day" else high
            yield self._make(start, end, "due", name, to=atom_day, before=how == "before", given=given)
        elif onward or (
            how == "from" and not spell.is_range and len(spell.atoms) == 1 and len(spell.atoms[0].numbers) == 1
        ):
            yield self._make(start, end, "window", name, since=low, given=given)
        elif spell.is_range or len(spell.atoms) == 1 or spell.atoms[0].unit == "day":
            yield self._make(start, end, "window", name, since=low, to=high, given=given)
        else:
            for i, atom in enumerate(spell.atoms):
                yield self._make(
                    atom.start if i else start,
                    atom.end,
                    "window",
                    name,
                    first_day(atom, year),
                    last_day(atom, year),
                    given=given,
                )

    def _make(
        self,
        start: int,
        end: int,
        kind: Literal["due", "window", "recurring", "relative"],
        rule: str,
        since: date | None = None,
        to: date | None = None,
        *,
        before: bool = False,
        rrule: str | None = None,
        duration: str | None = None,
        anchor: str | None = None,
        given: bool = True,
    ) -> Deadline:
        a, b = self.view.span(start, end)
        path = self.bounds.index.path_at(a)
        return Deadline(
            start=a,
            end=b,
            by=f"rule:deadlines/{rule}",
            kind=kind,
            from_day=since.isoformat() if since else None,
            to_day=to.isoformat() if to else None,
            before=before,
            rrule=rrule,
            duration=duration,
            anchor=anchor,
            agency=self.bounds.agency(path),
            section=path,
            year_given=given,
            uncertain=() if given else ("to",) if to else ("from",),
        )


def _distinct(found: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """In reading order, without one that lies inside another of the same kind."""
    kept: list[Deadline] = []
    for deadline in sorted(found, key=lambda d: (d.start, -d.end)):
        if kept and deadline.start < kept[-1].end and deadline.end <= kept[-1].end and kept[-1].kind == "relative":
            continue
        kept.append(deadline)
    return tuple(kept)


def find_deadlines(
    view: View, layout: Layout, header: Header, sections: Sequence[Section], citations: Sequence[Citation]
) -> tuple[Deadline, ...]:
    """Every deadline between the letterhead and the document's end, in reading order."""
    finder = _Finder(view, layout, header, sections, citations)
    return _distinct((*finder.recurring(), *finder.relative(), *finder.dated()))
