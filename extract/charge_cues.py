"""The cues by which a text charges bodies with acts, from `rules/assignments.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from extract.records import AgencyRole
from rules.loader import document, words


@dataclass(frozen=True, slots=True)
class Cues:
    """The compiled cues of `rules/assignments.toml`, by their names there."""

    lead_in: re.Pattern[str]
    labels: tuple[tuple[AgencyRole | None, re.Pattern[str]], ...]
    opening: re.Pattern[str]
    leads: re.Pattern[str]
    joins: re.Pattern[str]
    closing: re.Pattern[str]
    implementing: re.Pattern[str]
    told: re.Pattern[str]
    duty: re.Pattern[str]
    powers: re.Pattern[str]
    shares: re.Pattern[str]
    urging: re.Pattern[str]
    has_duty: re.Pattern[str]
    directed: re.Pattern[str]
    reported: re.Pattern[str]
    described: re.Pattern[str]
    has: re.Pattern[str]
    bound: re.Pattern[str]
    telling: re.Pattern[str]
    label_ends: tuple[str, ...]
    closes_within: tuple[str, ...]
    nobody: frozenset[str]
    """Names that are too general to be charged."""
    alone: frozenset[str]
    """First words of names that stand alone where what follows them was read as an act."""


@cache
def cues() -> Cues:
    """The cues, compiled when they are first asked for."""
    rules = document("assignments.toml")
    labels = tuple(
        (cast("AgencyRole | None", row["role"] or None), re.compile(row["pattern"])) for row in rules["label"]
    )

    def cue(name: str, field: str = "pattern") -> re.Pattern[str]:
        return re.compile(rules[name][field])

    lead_in = re.compile("|".join(row["pattern"] for row in rules["lead_in"]))
    return Cues(
        lead_in,
        labels,
        opening=cue("opening"),
        leads=cue("leads"),
        joins=cue("joins"),
        closing=cue("closing"),
        implementing=cue("implementing"),
        told=cue("told"),
        duty=cue("duty"),
        powers=cue("powers"),
        shares=cue("shares"),
        urging=cue("urging"),
        has_duty=cue("duty", "before"),
        directed=cue("directed"),
        reported=cue("joins", "reported"),
        described=cue("described"),
        has=cue("has"),
        bound=cue("bound"),
        telling=cue("telling"),
        label_ends=words("assignments.toml", "label_ends.words"),
        closes_within=words("assignments.toml", "closing.within"),
        nobody=frozenset(words("assignments.toml", "nobody.names")),
        alone=frozenset(words("assignments.toml", "nobody.alone")),
    )
