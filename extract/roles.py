"""What a section is for (vai trò của mục): by the first cue of its heading and its place in the tree.

The rule is the default for `RoleDecider`; a learned one takes the same input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple, Protocol, cast

from extract.markers import Kind
from extract.records import Role
from extract.type_words import fold
from rules.loader import document, pattern, words

_SENTENCE = 70
"""From this many signs on a heading is a sentence: only its first words say what the section is for."""
_FIRST_WORDS = 20
_MOST = 0.6
"""The share of its sections that must name a body, for a list to be one of charges."""
_LOST = "\ufffd"
_WORD = re.compile(r"\w+")
_LEADING = re.compile(r"(?:(?:về|các|những|một số|việc|công tác|tổng|mức|đối với)\s)*")
"""Words before the first that tells something; the pattern always matches."""
_said = partial(pattern, "roles.toml")
_OF_ANNEXES = frozenset({"funding", "results", "objectives"})


@dataclass(slots=True)
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

    def __call__(self, places: Sequence[RolePlace]) -> list[tuple[Role, str | None]]:
        """The role of each place, in order, and what gave it; None for the rule."""
        ...


class _Cue(NamedTuple):
    role: Role
    weak: bool


class _Seen(NamedTuple):
    """What the rule reads off a place: its heading in small letters, the first cue, all cues, a body in front."""

    heading: str
    cue: _Cue | None
    named: frozenset[Role]
    agency: bool


def decide_roles(places: Sequence[RolePlace]) -> list[Role]:
    """The rule for `RoleDecider`."""
    seen = [_look(place) for place in places]
    charges = _lists_of_charges(places, seen)
    roles: list[Role] = []
    for i, place in enumerate(places):
        above = place.parent
        if place.depth == 0:
            roles.append(_of_annex(place, seen[i]))
        elif above is None or places[above].depth == 0:
            in_form = above is not None and places[above].kind == "annex" and roles[above] == "other"
            roles.append("other" if in_form and place.kind == "arabic" else _at_top(place, seen[i]))
        else:
            roles.append(_below(place, seen[i], seen[above], roles[above], above in charges))
    return roles


def _look(place: RolePlace) -> _Seen:
    heading = place.heading.partition(":")[0].lower()
    if len(heading) < 3:
        heading = place.heading.lower()
    reach = len(heading)
    if reach > _SENTENCE and not place.heading.isupper():
        reach = _FIRST_WORDS if place.depth == 1 else _LEADING.match(heading).end()  # type: ignore[union-attr]
    if _LOST in heading:
        heading = _restored(heading)
    found = _cues_in(heading, reach, *_cues_by_word())
    if all(cue.weak for cue in found):
        found = _cues_in(fold(heading), reach, *_folded_cues()) or found
    cue = found[0] if found else None
    return _Seen(heading, cue, frozenset(cue.role for cue in found if not cue.weak), begins_with_agency(heading))


def _restored(heading: str) -> str:
    """The heading with the letters that could not be decoded taken from the cues that fit it."""
    for phrase, cue in _cues_with_losses():
        for match in cue.finditer(heading):
            if _LOST in match.group():
                heading = heading[: match.start()] + phrase + heading[match.end() :]
    return heading


@cache
def _cues_with_losses() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The cues, the longest first, each with the pattern of it in which any letter may be lost."""
    return tuple(
        (phrase, re.compile("".join(f"[{re.escape(sign)}{_LOST}]" for sign in phrase)))
        for phrase in sorted(_cues(), key=len, reverse=True)
    )


def _lists_of_charges(places: Sequence[RolePlace], seen: Sequence[_Seen]) -> set[int]:
    """The sections most of whose parts begin with a body or charge one."""
    named: dict[int, list[bool]] = {}
    for place, look in zip(places, seen, strict=True):
        if place.parent is not None:
            charge = look.cue is not None and look.cue.role == "organization" and not look.cue.weak
            named.setdefault(place.parent, []).append(look.agency or charge)
    return {parent for parent, flags in named.items() if sum(flags) > _MOST * len(flags)}


def _of_annex(place: RolePlace, look: _Seen) -> Role:
    if place.kind == "attached" or _said("form").search(place.opening):
        return "other"
    return look.cue.role if look.cue is not None and look.cue.role in _OF_ANNEXES else "content"


def _at_top(place: RolePlace, look: _Seen) -> Role:
    if place.kind == "article" and _said("applies_to").match(look.heading):
        return "other"
    if look.agency:
        return "organization"
    role = look.cue.role if look.cue is not None else "content"
    if role == "content" and place.kind == "article" and _said("in_force").search(look.heading):
        role = "other"
    return "organization" if role == "other" and _said("charged").search(place.opening) else role


def _below(place: RolePlace, look: _Seen, parent: _Seen, above: Role, charged: bool) -> Role:
    """The role of a section of the second depth: its own where its heading says one, else that of what holds it."""
    cue = look.cue.role if look.cue is not None and not look.cue.weak else None
    if cue is not None and cue in parent.named and above != "other" and not charged:
        return cue
    if above == "organization":
        bearer = look.agency or _said("charged").search(place.heading + place.opening)
        if _said("force").search(parent.heading) and cue in {None, "other"} and not bearer:
            return "other"
        own = {"funding", "schedule", "other"} if place.kind == "article" else {"funding", "schedule"}
        return cue if cue in own and not look.agency else above
    if above == "other":
        own = {"funding", "organization", "requirements"} if place.kind == "article" else {"funding", "organization"}
        return cue if cue in own else above
    if above == "content":
        if charged:
            return "organization"
        return cue if cue is not None and not look.agency else above
    if above == "purpose" and cue is None:
        demanding = "requirements" in parent.named and _demands(place)
        return "requirements" if demanding else above
    if above in {"funding", "results", "schedule"}:
        return cue if cue in {"schedule", "objectives"} else above
    return cue if cue not in {None, "content", "organization", "results"} else above


def _demands(place: RolePlace) -> bool:
    text = f"{place.heading} {place.opening[:200]}".lower()
    return "nhằm" not in text and any(word in text for word in words("roles.toml", "demands.words"))


def begins_with_agency(heading: str) -> bool:
    """Whether a heading in small letters opens with a body or an officer (rules/roles.toml)."""
    return _agencies().match(heading) is not None and not _said("describes").match(heading)


@cache
def _agencies() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words('roles.toml', 'agency.openings'))})\b")


def _cues_in(
    heading: str, reach: int, by_word: Mapping[str, Sequence[str]], by_phrase: Mapping[str, _Cue]
) -> list[_Cue]:
    """The cues that begin in the first `reach` signs of the heading, in order; the longest where more begin at one."""
    found: list[_Cue] = []
    start = end = 0
    said = _WORD.findall(heading)
    if by_word.keys().isdisjoint(said):
        return found
    for word in said:
        start = heading.index(word, start)
        if start > reach:
            break
        phrases = by_word.get(word, ()) if start >= end else ()
        for phrase in phrases:
            stop = start + len(phrase)
            if heading.startswith(phrase, start) and not heading[stop : stop + 1].isalnum():
                found.append(by_phrase[phrase])
                end = stop
                break
        start += len(word)
    return found


@cache
def _cues() -> dict[str, _Cue]:
    return {
        phrase: _Cue(cast(Role, cue["role"]), bool(cue.get("weak")))
        for cue in document("roles.toml")["cue"]
        for phrase in cue["phrases"]
    }


@cache
def _cues_by_word() -> tuple[Mapping[str, Sequence[str]], Mapping[str, _Cue]]:
    return _by_first_word(_cues()), _cues()


@cache
def _folded_cues() -> tuple[Mapping[str, Sequence[str]], Mapping[str, _Cue]]:
    """The cues of more than one word without marks: for headings whose marks scanning misread."""
    folded = {fold(phrase): cue for phrase, cue in _cues().items() if " " in phrase}
    return _by_first_word(folded), folded


def _by_first_word(phrases: Iterable[str]) -> dict[str, Sequence[str]]:
    """The phrases by their first word, longest first."""
    by_word: dict[str, list[str]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        by_word.setdefault(_WORD.findall(phrase)[0], []).append(phrase)
    return {word: tuple(phrases) for word, phrases in by_word.items()}
