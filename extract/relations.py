"""How a document relates to what it cites, by the cue words before the citation and by its place (rules/relations.toml).

In a list of citations one cue governs all; what is cited inside another document's title is only mentioned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from extract.records import Relation
from rules.loader import document

Place = Literal["title", "preamble", "body", "annex"]


@dataclass(frozen=True, slots=True)
class Mention:
    """What tells the relation of one citation.

    `before` are the words of its sentence before it (up to some 300), the pinpoint left out; `after` some words after
    it. `gap` is what stands between it and the citation before it in the same sentence (None for the first), whose
    relation is `previous`; `base` is the relation of the last one that a cue governed in this sentence.
    """

    before: str
    after: str
    place: Place
    gap: str | None = None
    previous: Relation | None = None
    base: Relation | None = None


class RelationDecider(Protocol):
    """Decides the relation of a citation; a learned one may stand in the rule's place."""

    def decide(self, mention: Mention) -> tuple[Relation, str]:
        """The relation and what found it (a rule's id)."""
        ...


@dataclass(frozen=True, slots=True)
class _Cue:
    ident: str
    relation: Relation
    tail: bool
    places: frozenset[str]


_PIECE = re.compile(r"[;\n]|\.(?= )")
_BARE = re.compile(
    r"[\s,;.:|]*(?:và|hoặc|cùng|cùng với)?\s*(?:[-+•*]|\(?\d{1,2}[).]|[a-zđ]\))?\s*(?:các|tại|theo|của|số|sô)*\s*(?:tại)?\s*"
)
_LIST_END = re.compile(r"(?:[;,\n]|(?<!\w)và|\|)\s*(?:[-+•*]|\(?\d{1,2}[).]|[a-zđ]\))?\s*(?:các|tại|số|sô)?\s*\Z")
_JOINED = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:,|;|và|cùng với|đồng thời|hoặc)(?!\w)")
_NOUN_OF = re.compile(
    r"(?:,|;|và)\s*(?:các )?(?:hướng dẫn|chỉ đạo|ý kiến[^,;]{0,40}|kết luận|báo cáo|đề nghị|nội dung[^,;]{0,30}|văn bản[^,;]{0,30}) của [^;]{2,120}? tại \Z"
)
_AMENDED = re.compile(r"(?:được|đã được) (?:sửa đổi|bổ sung|thay thế|đính chính)[^;]{0,60}\Z")
_TITLE_ONLY = frozenset({"amends", "replaces", "repeals", "implements", "mentions", "legal_basis"})
_LEAD_IN = re.compile(r"(?:[-+•*]|\(?\d{1,2}[).]|[a-zđ]\))?\s*(?:các|số|sô)?\s*\Z")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], _Cue], ...]:
    return tuple(
        (
            re.compile(rf"(?<!\w){entry['pattern']}" + (r"\Z" if entry.get("tail") else "")),
            _Cue(entry["id"], entry["relation"], bool(entry.get("tail")), frozenset(entry.get("places", ()))),
        )
        for entry in document("relations.toml")["cue"]
    )


@cache
def _after() -> tuple[tuple[re.Pattern[str], str, Relation], ...]:
    return tuple(
        (re.compile(entry["pattern"]), entry["id"], entry["relation"]) for entry in document("relations.toml")["after"]
    )


def nearest_cue(words: str, place: Place) -> tuple[Relation, str] | None:
    """The relation and id of the cue that stands last in `words` (small letters); of two that end alike the longer."""
    best: tuple[int, int] | None = None
    found: _Cue | None = None
    for pattern, cue in _patterns():
        if cue.places and place not in cue.places:
            continue
        last = None
        for last in pattern.finditer(words):
            pass
        if last is None:
            continue
        rank = (last.end(), last.end() - last.start())
        if cue.tail:
            rank = (len(words) + 1, rank[1])
        if best is None or rank > best:
            best, found = rank, cue
    return (found.relation, found.ident) if found else None


class CueDecider:
    """The rule: cues by `rules/relations.toml`."""

    def decide(self, mention: Mention) -> tuple[Relation, str]:
        """The relation and the rule's id (`relations/<cue>`)."""
        relation, ident = self._decide(mention)
        if relation == "mentions":
            for pattern, after, later in _after():
                if pattern.search(mention.after.lower()):
                    return later, f"relations/{after}"
        return relation, f"relations/{ident}"

    def _decide(self, mention: Mention) -> tuple[Relation, str]:
        words = mention.before.lower()
        piece = _PIECE.split(words)[-1]
        if mention.gap is not None and mention.previous is not None:
            decided = self._after_another(mention, mention.gap.lower(), mention.previous)
            if decided:
                return decided
        cue = nearest_cue(piece, mention.place)
        if cue:
            return cue
        if _LEAD_IN.fullmatch(piece.strip()) or len(piece.split()) <= 3:
            lead = _lead_in(words)
            cue = nearest_cue(lead, mention.place) if lead else None
            if cue:
                return cue
        return "mentions", "default"

    def _after_another(self, mention: Mention, gap: str, previous: Relation) -> tuple[Relation, str] | None:
        """The relation of a citation that follows another one in its sentence; None where its own words decide."""
        base = mention.base or previous
        if _BARE.fullmatch(gap):
            return previous, "list"
        if _AMENDED.search(gap):
            return previous, "amended-by"
        piece = _PIECE.split(gap)[-1]
        split = len(piece) < len(gap)
        cue = nearest_cue(piece, mention.place)
        if cue and cue[1] in ("attached", "alias"):
            return cue
        if _NOUN_OF.search(gap):
            return base, "list"
        if _LIST_END.search(gap):
            return base, "list"
        if split or _JOINED.match(gap):
            if cue and (split or cue[0] not in ("amends", "replaces", "repeals") or "," not in gap[:3]):
                return cue
            if cue:
                return "mentions", "title"
            return (base, "list") if split or " tại " in gap else ("mentions", "title")
        if cue and cue[0] not in _TITLE_ONLY and mention.place != "preamble" and "," in gap:
            return cue
        return "mentions", "title"


def _lead_in(words: str) -> str:
    """The words before the colon that opens the list in which the citation stands."""
    head, colon, _ = words.rpartition(":")
    return _PIECE.split(head)[-1] if colon else ""
