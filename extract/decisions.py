"""The decisions that may be learned, each with the rule as its default.

| decision | asked | the rule |
| --- | --- | --- |
| `HeadingScorer` | how likely a line that begins with a marker begins a unit | `candidates.score_headings` |
| `RoleDecider` | what a section of the first two depths is for | `roles.decide_roles` |
| `RelationDecider` | how a document relates to what it cites | `relations.CueDecider` |
| `AssignmentFinder` | which bodies the document charges, and who leads | `assignments.find_assignments` |
| `Likeness` | how alike two texts are | the one who compares (`corpus.versions`) has it |

A learned one says of every fact that it touches what decided it, with its version (``by``); what it leaves to the
rule it gives as the rule does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from extract.assignments import AssignmentFinder
from extract.candidates import HeadingScorer
from extract.relations import RelationDecider
from extract.roles import RoleDecider

__all__ = ["RULES", "AssignmentFinder", "Decisions", "HeadingScorer", "Likeness", "RelationDecider", "RoleDecider"]


class Likeness(Protocol):
    """Tells how alike two texts are, for versions of one work, copied passages and likely parents."""

    def __call__(self, one: str, other: str) -> float:
        """0 (nothing in common) to 1 (the same words)."""
        ...


@dataclass(frozen=True, slots=True)
class Decisions:
    """What decides in one extraction; None leaves a decision to its rule. `version` names the learned ones."""

    headings: HeadingScorer | None = None
    roles: RoleDecider | None = None
    relations: RelationDecider | None = None
    assignments: AssignmentFinder | None = None
    version: str = ""


RULES = Decisions()
"""The rules alone."""
