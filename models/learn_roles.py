"""Training and measuring `models.roles`: the gold, the raw corpus as the rules read it, and places cleaned by hand.

Cleaned are places of the raw corpus where a first model and the rule disagreed: they were read, and `labels/roles.json`
keeps the offset and the right role.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extract.letterhead import read_letterhead
from extract.records import Role
from extract.roles import RolePlace, decide_roles
from extract.sections import find_sections
from extract.text import build_view
from extract.text_tables import find_tables
from models.experiment import HELD_OUT, SEEN, Case, Counts
from models.gold import FOLDER, ROLES, Labelled, gold, held_out, seen
from models.linear import Features, Linear, fit
from models.roles import PENALTY, PLACES, VERSION, LearnedRoles, role_features
from models.silver import silver
from rules.units import load_units

CLEANED = FOLDER / "labels" / "roles.json"
SILVER = 14
"""How many places of one raw document are learned from at most."""
_SILVER_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Tree:
    """The places of one document, and by their numbers the roles that are known and how much each counts."""

    places: list[RolePlace]
    features: list[Features]
    roles: Mapping[int, Role]
    weights: Mapping[int, float]


class Roles:
    """The part `roles` (`models.experiment.Part`)."""

    name = "roles"
    groups = 0

    def cases(self) -> list[Case[Tree]]:
        """The gold, the documents labelled by hand, and the raw corpus."""
        out = [Case(one.name, one.issuer, "clean", tree_of(one)) for one in gold()]
        out += [Case(one.name, one.issuer, SEEN, tree_of(one)) for one in seen()]
        out += [Case(one.name, one.issuer, HELD_OUT, tree_of(one)) for one in held_out()]
        return [*out, *(Case(one.name, one.issuer, "silver", _silver_tree(one), silver=True) for one in silver())]

    def fit(self, cases: Sequence[Case[Tree]]) -> Linear:
        """A model of the roles that are known in `cases`."""
        features: list[Features] = []
        labels: list[str] = []
        weights: list[float] = []
        for case in cases:
            for i, role in case.data.roles.items():
                features.append(case.data.features[i])
                labels.append(role)
                weights.append(case.data.weights[i])
        return fit(features, labels, version=VERSION, places=PLACES, penalty=PENALTY, weights=weights)

    def tally(self, case: Case[Tree], model: Linear | None) -> dict[str, Counts]:
        """`role`: the model where it is sure, else the rule; `alone`: the model everywhere."""
        tree = case.data
        rules = decide_roles(tree.places)
        sure = [role for role, _ in LearnedRoles(model)(tree.places)] if model else rules
        alone = [model.best(features)[0] for features in tree.features] if model else rules
        return {"role": _right(tree.roles, sure), "alone": _right(tree.roles, alone)}


def _right(roles: Mapping[int, Role], found: Sequence[str]) -> Counts:
    return Counts(sum(found[i] == role for i, role in roles.items()), len(roles), len(roles))


def _places(labelled: Labelled) -> tuple[list[RolePlace], list[int]]:
    """The places of a document as the decider gets them, and where each begins."""
    seen: list[RolePlace] = []

    def note(places: Sequence[RolePlace]) -> list[tuple[Role, str | None]]:
        seen.extend(places)
        return [(role, None) for role in decide_roles(places)]

    source = labelled.document.source
    view = build_view(source.text)
    _, layout = read_letterhead(view, load_units())
    sections = find_sections(view, layout, source.tables or find_tables(view, layout), None, note)
    return seen, [section.start for section in sections if section.role is not None]


def tree_of(labelled: Labelled) -> Tree:
    """The places of a document whose roles are known."""
    places, starts = _places(labelled)
    roles = {i: labelled.roles[start] for i, start in enumerate(starts) if start in labelled.roles}
    return Tree(places, role_features(places, decide_roles(places)), roles, dict.fromkeys(roles, 1.0))


def _silver_tree(labelled: Labelled) -> Tree:
    """The first places of a raw document with the rule's roles, and those cleaned by hand."""
    places, starts = _places(labelled)
    rules = decide_roles(places)
    known = _cleaned().get(labelled.document.source.sha256, {})
    clean = {i: ROLES[known[start]] for i, start in enumerate(starts) if start in known}
    roles = {**{i: rules[i] for i in range(min(len(rules), SILVER))}, **clean}
    weights = {i: 1.0 if i in clean else _SILVER_WEIGHT for i in roles}
    return Tree(places, role_features(places, rules), roles, weights)


@cache
def _cleaned() -> dict[str, dict[int, int]]:
    read: dict[str, list[tuple[int, int]]] = json.loads(CLEANED.read_text("utf-8"))
    return {sha256: dict(labels) for sha256, labels in read.items()}
