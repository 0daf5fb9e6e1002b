"""Assignments: which bodies the document charges with acts, where, and whether they lead or work with others.

The rule reads four forms: a unit headed by a body, a line that begins with one, `phối hợp với ...`, and labels such
as `Cơ quan chủ trì: ...`; and the clause that names who implements a decision. A learned finder may take its place
(`AssignmentFinder`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from extract.charge_places import Places, key
from extract.charges import Charge, Charges
from extract.records import Assignment, Header, Layout, Section
from extract.text import View

_RANK = {"lead": 2, None: 1, "coordinate": 0}


class AssignmentFinder(Protocol):
    """Finds the assignments of a document; the rule is the default, a learned part may do the same."""

    def __call__(
        self, view: View, layout: Layout, header: Header, sections: Sequence[Section]
    ) -> tuple[Assignment, ...]:
        """The assignments in reading order."""
        ...


def _strongest(found: Sequence[Charge]) -> list[Charge]:
    """Each body once in a unit, with its strongest role, at its first place."""
    kept: dict[tuple[str, str | None], Charge] = {}
    for one in sorted(found, key=lambda f: f.body.start):
        same = (key(one.body.name), one.section)
        have = kept.get(same)
        if have is None:
            kept[same] = one
        elif _RANK[one.role] > _RANK[have.role]:
            kept[same] = replace(have, role=one.role, rule=one.rule)
    return list(kept.values())


def find_assignments(view: View, layout: Layout, header: Header, sections: Sequence[Section]) -> tuple[Assignment, ...]:
    """Every body that the document charges with acts, in reading order: the rule (`AssignmentFinder`)."""
    charges = Charges(Places(view, layout, header, sections))
    clauses = tuple(charges.implementing())
    spans = [(clause[0].body.start, clause[-1].body.end) for clause in clauses if clause]
    found = [one for clause in clauses for one in clause]
    units = tuple(charges.units())
    headed = {one.body.start for one in units}
    others = (*units, *(one for one in charges.lines() if one.body.start not in headed))
    found.extend(one for one in others if not any(a <= one.body.start < b for a, b in spans))
    out = []
    for one in _strongest(found):
        start, end = view.span(one.body.start, one.body.end)
        out.append(
            Assignment(
                start=start,
                end=end,
                by=f"rule:assignments/{one.rule}",
                agency=one.body.name,
                role=one.role,
                section=one.section,
            )
        )
    return tuple(sorted(out, key=lambda a: (a.start, a.end)))
