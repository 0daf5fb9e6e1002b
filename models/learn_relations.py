"""Training and measuring `models.relations`: citations of the gold, of the raw corpus, and such as were read by hand.

`labels/relations.json` keeps, for a sample of the raw corpus's citations that no cue word decides, the offset and the
right relation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from extract.decisions import Decisions
from extract.pipeline import extract
from extract.records import Relation, Source
from extract.relations import CueDecider, Decision, Mention
from models.experiment import HELD_OUT, Case, Counts
from models.gold import FOLDER, Labelled, gold
from models.linear import Linear, fit
from models.relations import PENALTY, PLACES, UNDECIDED, VERSION, LearnedRelations, relation_features
from models.silver import silver

READ = FOLDER / "labels" / "relations.json"
RELATIONS: tuple[Relation, ...] = get_args(Relation)
SILVER = 8
"""How many citations of one raw document that a cue decides are learned from at most."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Citations of one document: what tells the relation, the rule's id, and the right relation."""

    mentions: list[tuple[Mention, str, Relation]]


class _Noting:
    """The rule, which notes what it was asked and what it said."""

    def __init__(self) -> None:
        self.asked: list[tuple[Mention, str]] = []
        self.rule = CueDecider()

    def decide(self, mention: Mention) -> Decision:
        """The rule's answer."""
        decision = self.rule.decide(mention)
        self.asked.append((mention, decision[1]))
        return decision


class Relations:
    """The part `relations` (`models.experiment.Part`)."""

    name = "relations"
    groups = 0

    def cases(self) -> list[Case[Cited]]:
        """The gold, the sample that was read, and what cue words decide in the raw corpus."""
        read = json.loads(READ.read_text("utf-8"))
        out = [Case(one.name, one.issuer, "clean", cited(one.document.source, one)) for one in gold()]
        for one in silver():
            source = one.document.source
            known = {start: RELATIONS[number] for start, number in read.get(source.sha256, ())}
            mentions = cited(source, one)
            if known:
                sample = cited(source, replace(one, relations=known))
                out.append(Case(one.name, one.issuer, HELD_OUT, sample))
            decided = [item for item in mentions.mentions if item[1] != UNDECIDED][:SILVER]
            out.append(Case(one.name, one.issuer, "silver", Cited(decided), silver=True))
        return out

    def fit(self, cases: Sequence[Case[Cited]]) -> Linear:
        """A model of all citations whose relation is known."""
        known = [item for case in cases for item in case.data.mentions]
        examples = [relation_features(mention) for mention, _, _ in known]
        labels = [relation for _, _, relation in known]
        return fit(examples, labels, version=VERSION, places=PLACES, penalty=PENALTY)

    def tally(self, case: Case[Cited], model: Linear | None) -> dict[str, Counts]:
        """`relation` of all citations, `undecided` of those that no cue word decides."""
        decider = LearnedRelations(model) if model else None
        right = {True: 0, False: 0}
        count = {True: 0, False: 0}
        for mention, rule, relation in case.data.mentions:
            found = decider.decide(mention)[0] if decider else CueDecider().decide(mention)[0]
            count[rule == UNDECIDED] += 1
            right[rule == UNDECIDED] += found == relation
        both, all_ = right[True] + right[False], count[True] + count[False]
        return {
            "relation": Counts(both, all_, all_),
            "undecided": Counts(right[True], count[True], count[True]),
        }


def cited(source: Source, labelled: Labelled) -> Cited:
    """The citations of a source whose relation `labelled` knows.

    The decider is asked in reading order, also about the few mentions of the document itself that are then left out.
    """
    noting = _Noting()
    document = extract(source, decisions=Decisions(relations=noting))
    asked = iter(noting.asked)
    found = []
    for citation in document.citations:
        key = citation.by.rpartition(" ")[2], citation.doc_type
        mention, rule = next((one, rule) for one, rule in asked if (rule, one.doc_type) == key)
        if citation.start in labelled.relations:
            found.append((mention, rule, labelled.relations[citation.start]))
    return Cited(found)
