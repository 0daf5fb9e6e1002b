"""Training and measuring `models.assignments`: paragraphs of the gold, and of the raw corpus as the rule reads them.

python -m models.learn_assignments     the two tokenizers, trained on the gold alone, on the documents held out
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from extract.assignments import find_assignments
from extract.letterhead import read_letterhead
from extract.records import Assignment, Header, Layout, Section
from extract.text import View, build_view
from models.assignments import NAMES, Example, LearnedAssignments, Tokens, fit, paragraphs, syllables, words
from models.experiment import HELD_OUT, SEEN, Case, Counts, total
from models.gold import Charged, Labelled, gold, held_out, seen, shared
from models.silver import silver
from rules.units import load_units

if TYPE_CHECKING:
    from spacy.language import Language

ROUNDS = 6
SILVER = 2
"""How many paragraphs of one document that the rule labels are learned from at most."""
_LIKE = 0.7
"""From this share of signs in common on two spans name the same."""


@dataclass(frozen=True, slots=True)
class Charging:
    """A document as the finder gets it, what is right, and its paragraphs as examples."""

    view: View
    layout: Layout
    header: Header
    sections: tuple[Section, ...]
    charges: tuple[Charged, ...]
    examples: tuple[Example, ...]


class Assignments:
    """The part `assignments` (`models.experiment.Part`). Issuers are left out in three groups."""

    groups = 3

    def __init__(self, tokens: Tokens = syllables, name: str = "assignments") -> None:
        self.tokens = tokens
        self.name = name

    def cases(self) -> list[Case[Charging]]:
        """The gold, the documents labelled by hand, and what the rule finds in the raw corpus."""
        out = [Case(one.name, one.issuer, "clean", charging(one)) for one in gold()]
        out += [Case(one.name, one.issuer, SEEN, charging(one)) for one in seen()]
        out += [Case(one.name, one.issuer, HELD_OUT, charging(one)) for one in held_out()]
        for one in silver():
            out.append(Case(one.name, one.issuer, "silver", charging(one, SILVER), silver=True))
        return out

    def fit(self, cases: Sequence[Case[Charging]]) -> Language:
        """A pipeline trained on the paragraphs of `cases`: all that charge somebody and as many others."""
        return fit(list(balanced(one for case in cases for one in case.data.examples)), self.tokens, rounds=ROUNDS)

    def tally(self, case: Case[Charging], model: Language | None) -> dict[str, Counts]:
        """`agency` (the words and the unit right), `role` (its part too)."""
        data = case.data
        find = LearnedAssignments(model, self.tokens) if model else find_assignments
        return compared(data.charges, data.sections, find(data.view, data.layout, data.header, data.sections))


def balanced(examples: Iterable[Example]) -> Iterator[Example]:
    """The examples that charge somebody, and of the others as many as come between them."""
    spare = 0
    for text, spans in examples:
        spare += 1 if spans else -1
        if spans or spare >= 0:
            yield text, spans
        spare = max(spare, -1)


def charging(labelled: Labelled, most: int | None = None) -> Charging:
    """What the part learns from one document."""
    document = labelled.document
    view = build_view(document.source.text)
    header, layout = read_letterhead(view, load_units())
    placed = [(view.from_source(one.start), view.from_source(one.end), NAMES[one.role]) for one in labelled.charges]
    examples = []
    for place in paragraphs(view, layout, header, document.sections):
        inside = [
            (start - place.start, min(end - place.start, len(place.text)), label)
            for start, end, label in placed
            if place.start <= start < place.start + len(place.text)
        ]
        examples.append((place.text, tuple(inside)))
    if most is not None:
        examples = [one for one in examples if one[1]][:most]
    return Charging(view, layout, header, document.sections, labelled.charges, tuple(examples))


def compared(charges: Sequence[Charged], sections: Sequence[Section], found: Sequence[Assignment]) -> dict[str, Counts]:
    """How many of `found` name a body that `charges` names in the same unit, and how many also its part."""
    left = [one for one in found if not one.table]
    count = len(left)
    right = roles = 0
    for charge in charges:
        for one in left:
            if _unit(one, sections) == charge.section and _alike(one, charge):
                right += 1
                roles += one.role == charge.role
                left.remove(one)
                break
    return {"agency": Counts(right, count, len(charges)), "role": Counts(roles, count, len(charges))}


def _unit(one: Assignment, sections: Sequence[Section]) -> int | None:
    inside = (unit.start for unit in sections if unit.path == one.section and unit.start <= one.start <= unit.end)
    return next(inside, None)


def _alike(one: Assignment, charge: Charged) -> bool:
    shared = min(one.end, charge.end) - max(one.start, charge.start)
    return 2 * shared >= _LIKE * (one.end - one.start + charge.end - charge.start)


@click.command()
def main() -> None:
    """Print the F1 of agencies and roles with the project's own tokens and with underthesea's words."""
    if not shared().exists():
        click.echo(f"learn_assignments: there is no {shared()}")
        raise SystemExit(1)
    known = [Case(one.name, one.issuer, "clean", charging(one)) for one in gold()]
    held = [Case(one.name, one.issuer, HELD_OUT, charging(one)) for one in held_out()]
    for name, tokens in (("syllables", syllables), ("words", words)):
        part = Assignments(tokens, name)
        model = part.fit(known)
        counts = [part.tally(case, model) for case in held]
        figures = (f"{figure} {total(one[figure] for one in counts).f1:.3f}" for figure in ("agency", "role"))
        click.echo(f"{name}: {', '.join(figures)}")


if __name__ == "__main__":
    main()
