"""What a section is for (vai trò của mục): by the first cue of its heading and its place in the tree.

The rule is the default for `RoleDecider`; a learned one takes the same input.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from extract.markers import Kind
from extract.records import Role
from rules.loader import document, words


@dataclass(frozen=True, slots=True)
class RolePlace:
    """A section of the first two depths as a decider sees it.

    `depth` counts from 1 inside its annex or attached document (those themselves have 0); `parent` is the index of
    the section above it in the same sequence. `opening` is the text behind the heading, cut.
    """

    heading: str
    opening: str
    depth: int
    kind: Kind
    parent: int | None = None


class RoleDecider(Protocol):
    """Decides the role of every section of the first two depths of a document."""

    def __call__(self, places: Sequence[RolePlace]) -> list[Role]:
        """The role of each place, in order."""
        ...


def decide_roles(places: Sequence[RolePlace]) -> list[Role]:
    """The rule for `RoleDecider`."""
    roles: list[Role] = []
    for place in places:
        roles.append(_role(place, roles[place.parent] if place.parent is not None else None))
    return roles


def _role(place: RolePlace, above: Role | None) -> Role:
    heading = place.heading.lower()
    cue = _first_cue(heading, place)
    if place.depth == 0:
        return _role_of_annex(place, cue)
    if place.kind == "article" or (place.depth == 1 and above is None):
        return _role_at_top(place, heading, cue)
    return _role_below(place, heading, cue, above)


def _role_of_annex(place: RolePlace, cue: Role | None) -> Role:
    if place.kind == "attached" or _FORM.search(place.opening):
        return "other"
    return cue if cue in {"funding", "schedule", "objectives", "results"} else "content"


_FORM = re.compile(r"(?i)mẫu số|biên bản|\.{8}")


def _role_at_top(place: RolePlace, heading: str, cue: Role | None) -> Role:
    if place.kind == "article" and heading.startswith("đối tượng áp dụng"):
        return "other"
    if _begins_with_agency(heading) and cue not in {"funding"}:
        return "organization"
    return cue or "content"


def _role_below(place: RolePlace, heading: str, cue: Role | None, above: Role | None) -> Role:
    if above in {"organization", "other"}:
        return cue if cue in {"funding", "schedule"} and not _begins_with_agency(heading) else above
    if above == "content" and _begins_with_agency(heading):
        return "organization"
    if above in {"funding", "results"}:
        return above if cue not in {"schedule", "objectives"} else cue
    if above in {"purpose", "requirements", "objectives"}:
        return cue if cue in {"purpose", "requirements", "objectives", "schedule", "funding"} else above
    if cue == "content":
        return above or "content"
    return cue or above or "content"


def _begins_with_agency(heading: str) -> bool:
    return heading.startswith(_agencies())


@cache
def _agencies() -> tuple[str, ...]:
    return words("roles.toml", "agency.openings")


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, Role]]:
    by_phrase = {phrase: cast(Role, cue["role"]) for cue in document("roles.toml")["cue"] for phrase in cue["phrases"]}
    spelled = "|".join(re.escape(phrase) for phrase in sorted(by_phrase, key=len, reverse=True))
    return re.compile(rf"\b(?:{spelled})\b"), by_phrase


_HEAD_WORDS = 45
"""How far into a sentence, in signs, a cue may stand; in a heading it may stand anywhere."""


def _first_cue(heading: str, place: RolePlace) -> Role | None:
    """The role of the cue that stands first in the heading."""
    pattern, by_phrase = _cues()
    match = pattern.search(heading)
    if match is None or (match.start() > _HEAD_WORDS and not place.heading.isupper()):
        return None
    return by_phrase[match.group()]
