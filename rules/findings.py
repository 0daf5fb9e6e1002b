"""The declared findings (`findings.toml`) as typed records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rules.loader import document


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding says and rests on. `scope` tells whether one document is enough to see it."""

    id: str
    scope: Literal["document", "corpus"]
    severity: Literal["error", "warning", "info"]
    annotated: bool
    source: str
    title_vi: str
    title_en: str
    message_vi: str
    message_en: str
    why_vi: str
    why_en: str
    basis: str
    off: str = ""
    """Why the rule does not ship (it was right less than nine times in ten); empty where it does."""

    @property
    def why_maybe_wrong(self) -> str:
        """Why a finding of this rule may be wrong, in both languages."""
        return f"{self.why_vi} / {self.why_en}"


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every declared rule by its id, in the order of the file."""
    return {name: Rule(id=name, **fields) for name, fields in document("findings.toml").items()}


def rule(name: str) -> Rule:
    """The rule `name`; KeyError where it is not declared."""
    return all_rules()[name]


def ships(name: str) -> bool:
    """Whether findings of the rule `name` are made: `off = "reason"` in findings.toml turns it off."""
    return not rule(name).off
