"""Roles of sections, learned: from heading, place in the tree, first words and neighbours (`RoleDecider`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.records import Role
from extract.roles import RolePlace, begins_with_agency, decide_roles
from extract.type_words import fold
from models.linear import Features, Linear

VERSION = "1"
PLACES = 1 << 14
PENALTY = 2.0
SURE = 0.9
"""From this probability on the model's role stands in the place of the rule's."""
_WORD = re.compile(r"[^\W\d_]+")
_HEADING_WORDS = 12
_OPENING_WORDS = 10


def _words(text: str, most: int) -> list[str]:
    return _WORD.findall(fold(text))[:most]


def role_features(places: Sequence[RolePlace], rules: Sequence[Role]) -> list[Features]:
    """What the model sees of each place of one document; `rules` are the rule's roles for them."""
    children: dict[int | None, list[int]] = {}
    for i, place in enumerate(places):
        children.setdefault(place.parent, []).append(i)
    return [_features(places, rules, i, children[place.parent]) for i, place in enumerate(places)]


def _features(places: Sequence[RolePlace], rules: Sequence[Role], i: int, siblings: Sequence[int]) -> Features:
    place = places[i]
    heading, opening = _words(place.heading, _HEADING_WORDS), _words(place.opening, _OPENING_WORDS)
    parent = place.parent
    above = _words(places[parent].heading, 6) if parent is not None else []
    at = siblings.index(i)
    depth = place.depth
    names = [
        f"kind={place.kind}{depth}",
        f"place={depth}{'first' if at == 0 else 'last' if at == len(siblings) - 1 else 'middle'}",
        f"length={min(len(place.heading) // 25, 5)}",
        f"capitals={place.heading.isupper()}{depth}",
        f"body={begins_with_agency(place.heading.lower())}",
        f"starts={' '.join(heading[:2])}{depth}",
        f"start={heading[0] if heading else ''}",
        *(f"h={word}" for word in heading),
        *(f"h={one} {two}" for one, two in pairwise(heading)),
        *(f"o={word}" for word in opening),
        *(f"o={one} {two}" for one, two in pairwise(opening)),
        *(f"a={word}" for word in above),
        *(f"a={one} {two}" for one, two in pairwise(above)),
        f"above={rules[parent] if parent is not None else None}",
    ]
    return dict.fromkeys(names, 1.0)


@dataclass(frozen=True, slots=True)
class LearnedRoles:
    """The learned `RoleDecider`: the model's role where it is sure, else the rule's."""

    model: Linear
    sure: float = SURE

    @property
    def by(self) -> str:
        """What a fact names as the finder of its role."""
        return f"model:roles/{self.model.version}"

    def __call__(self, places: Sequence[RolePlace]) -> list[tuple[Role, str | None]]:
        """The role of each place of one document, in order, with `by` where the model changed it."""
        rules = decide_roles(places)
        found: list[tuple[Role, str | None]] = []
        for rule, features in zip(rules, role_features(places, rules), strict=True):
            role, chance = self.model.best(features)
            changed = role != rule and chance >= self.sure
            found.append((role, self.by) if changed else (rule, None))  # type: ignore[arg-type]
        return found
