"""Relation of a citation, learned: only where no cue word decides (`RelationDecider`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from extract.records import Relation
from extract.relations import CueDecider, Decision, Mention
from extract.type_words import fold
from models.linear import Features, Linear

VERSION = "1"
PLACES = 1 << 13
PENALTY = 2.0
SURE = 0.8
UNDECIDED = "relations/default"
"""The rule's id where no cue decides."""
_WORD = re.compile(r"[^\W\d_]+")


def relation_features(mention: Mention) -> Features:
    """What the model sees: the words around the citation, its place, its type."""
    before = _WORD.findall(fold(mention.before))[-8:]
    after = _WORD.findall(fold(mention.after))[:5]
    title = _WORD.findall(fold(mention.title))[:4]
    above = _WORD.findall(fold(mention.above))[-3:]
    names = [
        f"place={mention.place}",
        f"type={mention.doc_type}",
        f"place={mention.place}{mention.doc_type}",
        f"pinpoint={mention.pinpoint}",
        f"empty={not before}{mention.place}",
        f"mark={mention.before[-2:].strip()}",
        f"heading={bool(mention.heading)}",
        *(f"b={word}" for word in before),
        *(f"n={word}" for word in before[-2:]),
        *(f"a={word}" for word in after),
        *(f"t={word}" for word in title),
        *(f"u={word}" for word in above),
        f"n={' '.join(before[-2:])}",
        f"a={' '.join(after[:2])}",
    ]
    return dict.fromkeys(names, 1.0)


@dataclass(frozen=True, slots=True)
class LearnedRelations:
    """The learned `RelationDecider`: the cue words, and the model where they say nothing and it is sure."""

    model: Linear
    sure: float = SURE

    def decide(self, mention: Mention) -> Decision:
        """The relation and what found it."""
        relation, rule = CueDecider().decide(mention)
        if rule != UNDECIDED:
            return relation, rule
        learned, chance = self.model.best(relation_features(mention))
        if learned == relation or chance < self.sure:
            return relation, rule
        return cast(Relation, learned), f"model:relations/{self.model.version}"
