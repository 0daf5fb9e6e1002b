"""How a document relates to what it cites: by the cue words before the citation and by its place (relations.toml).

In a list of citations one cue governs all; what is cited inside another document's title is only mentioned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Literal, Protocol

from extract.records import Relation
from rules.loader import document, pattern

Place = Literal["title", "preamble", "body", "annex"]
Decision = tuple[Relation, str]
"""A relation and the id of the rule that gives it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What tells the relation of one citation.

    `before` are the words of its sentence before it (up to some 300), the pinpoint left out; `after` the words
    after it; `above` the line above where only a line's end parts it from `before`; `heading` the words of the unit
    above, where the citation begins its unit, `title` the title of the unit that holds it. `gap` is what stands
    between it and the citation before it in the same sentence (None for the first), whose relation is `previous`;
    `base` is the relation of the last one that a cue governed in this sentence.
    """

    before: str
    after: str
    place: Place
    doc_type: str | None = None
    pinpoint: bool = False
    above: str = ""
    heading: str = ""
    title: str = ""
    gap: str | None = None
    previous: Relation | None = None
    base: Relation | None = None


class RelationDecider(Protocol):
    """Decides the relation of a citation; a learned one may stand in the rule's place."""

    def decide(self, mention: Mention) -> Decision:
        """The relation and what found it."""
        ...


@dataclass(frozen=True, slots=True)
class _Cue:
    ident: str
    relation: Relation
    pattern: str
    tail: bool
    lead: bool
    weak: bool
    places: frozenset[str]
    types: frozenset[str]
    pinpoint: bool | None
    beside: re.Pattern[str] | None

    def counts_for(self, place: Place, doc_type: str | None, pinpoint: bool, lead: bool) -> bool:
        return (
            (lead or not self.lead)
            and (not self.places or place in self.places)
            and (not self.types or doc_type in self.types)
            and (self.pinpoint is None or self.pinpoint == pinpoint)
        )


_OTHERS_ACT = _Cue("others-act", "mentions", "", False, False, False, frozenset(), frozenset(), None, None)
"""Words of change whose subject is another document or a future act (`nghiên cứu sửa đổi ...`)."""


@dataclass(frozen=True, slots=True)
class Governor:
    """The cue that governs a citation: its relation, its id, whether it gives way to words of guidance."""

    relation: Relation
    ident: str
    weak: bool
    begins: bool
    """Whether it stands at the beginning of the words that were looked at."""
    to_end: int
    """How many letters stand between it and their end."""


_said = partial(pattern, "relations.toml")
_PIECE = re.compile(r"[;(]|(?<!,)\n|\.(?= )")
_SPLIT = re.compile(r"[;]|(?<!,)\n|\.(?= )")
_OF_TITLES = frozenset({"amends", "replaces", "repeals", "implements", "mentions", "legal_basis"})
_CHANGES = frozenset({"amends", "replaces", "repeals"})
_LEADING = frozenset({"basis", "basis-in-annex", "basis-in-body", "basis-with-pinpoint", "guided", "comply"})
_MANY_WORDS = 4
_NEAR = 12
_ENDED = (".", ";", ":", "|", ")", "!", "?")
_SUBJECT_WORDS = 8
_TAIL = 140
_LEADS_FOR = 110
"""How many letters before a citation words of guidance still lead, over weaker ones between."""
_MARKS = re.compile(r"\A[\s\-+•*|(\"'_:=.]*(?:(?:\d{1,2}(?:\.\d{1,2})*|[a-zđ]|[IVX]{1,5})[.)/]\s+)*")
_BEGINS = re.compile(r"\A[A-ZĐÁÀẢÃẠÊÔƠƯ]|(?<=[:\-] )[A-ZĐÁÀẢÃẠÊÔƠƯ]")
_ASIDE = re.compile(r" ?\([^()]{0,200}\)")


@cache
def _cues() -> tuple[_Cue, ...]:
    return tuple(
        _Cue(
            entry["id"],
            entry["relation"],
            entry["pattern"],
            bool(entry.get("tail")),
            bool(entry.get("lead")),
            bool(entry.get("weak")),
            frozenset(entry.get("places", ())),
            frozenset(entry.get("types", ())),
            entry.get("pinpoint"),
            re.compile(entry["with"]) if "with" in entry else None,
        )
        for entry in document("relations.toml")["cue"]
    )


@cache
def _funding_types() -> frozenset[str]:
    return frozenset(kind for cue in _cues() for kind in cue.types)


@cache
def _patterns(
    place: Place, doc_type: str | None, pinpoint: bool, lead: bool
) -> tuple[re.Pattern[str], re.Pattern[str], tuple[_Cue, ...]]:
    """The cues that count here as two patterns, those at the tail and all others; group `c3` is the cue of index 3."""
    cues = [cue for cue in _cues() if cue.counts_for(place, doc_type, pinpoint, lead)]
    tails = [rf"(?P<c{i}>{cue.pattern})" for i, cue in enumerate(cues) if cue.tail]
    others = [rf"(?P<c{i}>{cue.pattern})" for i, cue in enumerate(cues) if not cue.tail]
    return re.compile(rf"(?<!\w)(?:{'|'.join(tails)})\Z"), re.compile(rf"(?<!\w)(?:{'|'.join(others)})"), tuple(cues)


@cache
def _after() -> tuple[re.Pattern[str], tuple[tuple[str, Relation], ...]]:
    entries = document("relations.toml")["after"]
    parts = [rf"(?P<a{i}>{entry['pattern']})" for i, entry in enumerate(entries)]
    return re.compile("|".join(parts)), tuple((entry["id"], entry["relation"]) for entry in entries)


def governor(words: str, mention: Mention, *, lead: bool = False) -> Governor | None:
    """The cue that stands last in `words`; one right before the citation goes before all others.

    `lead` is set for the words before a colon that opens a list.
    """
    kind = mention.doc_type if mention.doc_type in _funding_types() else None
    return _last_cue(words, (mention.place, kind, mention.pinpoint, lead), mention.before)


@lru_cache(maxsize=8192)
def _last_cue(words: str, where: tuple[Place, str | None, bool, bool], before: str) -> Governor | None:
    """The cue that stands last in `words` of those that count there; `before` are the words before the citation."""
    tails, others, cues = _patterns(*where)
    tail = tails.search(words, max(0, len(words) - _TAIL))
    if tail:
        return _governor(cues[int((tail.lastgroup or "c0")[1:])], tail)
    found: Governor | None = None
    leading: Governor | None = None
    for match in others.finditer(words):
        cue = cues[int((match.lastgroup or "c0")[1:])]
        if cue.beside and not cue.beside.search(before.lower()):
            continue
        if (
            cue.relation in _CHANGES
            and not cue.lead
            and where[0] != "title"
            and not _is_own_act(words[: match.start()])
        ):
            cue = _OTHERS_ACT
        found = _governor(cue, match)
        if cue.ident in _LEADING and (cue.relation == "legal_basis" or len(words) - match.start() <= _LEADS_FOR):
            leading = found
    return leading if found and found.weak and leading else found


def _is_own_act(before: str) -> bool:
    """Whether words of change after `before` tell what this document itself does, not what was or is to be done."""
    return bool(_said("own_act.before").search(before)) and not _said("own_act.passive").search(before)


def _governor(cue: _Cue, match: re.Match[str]) -> Governor:
    return Governor(cue.relation, cue.ident, cue.weak, match.start() == 0, len(match.string) - match.end())


@lru_cache(maxsize=8192)
def _small_first(words: str) -> str:
    """`words` with a small letter where a sentence or a heading begins; all small where all are capitals.

    Names keep their capitals, so that `Giáo dục` in a department's name is no cue.
    """
    stripped = _MARKS.sub("", words)
    if stripped[:40].isupper():
        return stripped.lower()
    return _BEGINS.sub(lambda match: match.group().lower(), stripped)


class CueDecider:
    """The rule: cues by `rules/relations.toml`."""

    def decide(self, mention: Mention) -> Decision:
        """The relation and the rule's id (`relations/<cue>`)."""
        relation, ident = self._decide(mention)
        if relation == "mentions" and len(_PIECE.split(mention.before)[-1].split()) <= _SUBJECT_WORDS:
            pattern, later = _after()
            match = pattern.search(_ASIDE.sub("", mention.after))
            if match:
                after, changed = later[int((match.lastgroup or "a0")[1:])]
                return changed, f"relations/{after}"
        if relation in _CHANGES and _said("proposed").match(mention.title):
            return "mentions", "relations/others-act"
        return relation, f"relations/{ident}"

    def _decide(self, mention: Mention) -> Decision:
        if mention.gap is not None and mention.previous is not None:
            decided = self._after_another(mention, _ASIDE.sub("", mention.gap), mention.previous)
            if decided:
                return decided
        before = _ASIDE.sub("", mention.before) if "(" in mention.before else mention.before
        pieces = _PIECE.split(before)
        cue = self._amended_basis(pieces[-1], mention) or governor(_small_first(pieces[-1]), mention)
        if not cue and len(pieces[-1].rpartition(":")[2].split()) <= _MANY_WORDS:
            lead = _lead_in(mention.before)
            cue = governor(_small_first(lead), mention, lead=True) if lead else None
            cue = cue or self._under_heading(mention)
        if not cue and mention.above:
            cue = self._broken_line(mention)
        return (cue.relation, cue.ident) if cue else ("mentions", "default")

    def _amended_basis(self, piece: str, mention: Mention) -> Governor | None:
        """`Căn cứ` before a document without number that the cited one amends (`Căn cứ Hiến pháp sửa đổi theo`)."""
        amended = _said("gap.amended").search(piece)
        cue = governor(_small_first(piece[: amended.start()]), mention) if amended else None
        return cue if cue and cue.ident.startswith("basis") else None

    def _under_heading(self, mention: Mention) -> Governor | None:
        """The change that the heading of a list of documents makes (`Điều 1. Bãi bỏ các Quyết định sau: 1. ...`)."""
        cue = governor(mention.heading.lower(), mention) if mention.heading else None
        return cue if cue and cue.relation in _CHANGES else None

    def _broken_line(self, mention: Mention) -> Governor | None:
        """The cue in the line above, where the line's end broke the sentence.

        It begins the line (`Theo đề nghị của Giám đốc`), or ends it right before the citation (`tiếp tục thực hiện`).
        """
        above = _small_first(mention.above)
        cue = governor(above, mention)
        if cue is None or mention.above.isupper() or mention.above.rstrip()[-1:] in _ENDED:
            return None
        if not mention.before.strip():
            return cue if cue.to_end <= _NEAR else None
        return cue if cue.begins and cue.relation in ("responds_to", "legal_basis") else None

    def _after_another(self, mention: Mention, gap: str, previous: Relation) -> Decision | None:
        """The relation of a citation that follows another one in its sentence; None where its own words decide."""
        base = mention.base or previous
        if _said("gap.bare").fullmatch(gap):
            return (base if ";" in gap or "\n" in gap else previous), "list"
        if _said("gap.amended").search(gap):
            return previous, "amended-by"
        piece = _PIECE.split(gap)[-1]
        cue = governor(_small_first(piece) if len(piece) < len(gap) else piece, mention)
        if cue and cue.ident in ("attached", "alias"):
            return cue.relation, cue.ident
        if _said("gap.noun_of").search(gap) or _said("gap.list_end").search(gap):
            return base, "list"
        if len(piece) < len(gap):
            if cue and cue.weak and base == "guided_by":
                return base, "list"
            if not cue and "(" in gap and not _SPLIT.search(gap):
                return "mentions", "title"
            if cue and cue.relation in _CHANGES and gap[-len(piece) - 1] == "(":
                return "mentions", _OTHERS_ACT.ident
            return (cue.relation, cue.ident) if cue else (base, "list")
        joined = _said("gap.joined").match(gap)
        if joined and base in _CHANGES:
            # `Quyết định này thay thế A và bãi bỏ B`: the second act is the document's own as the first is.
            second = governor(document("relations.toml")["own_act"]["subject"] + gap[joined.end() :].lstrip(), mention)
            if second and second.relation in _CHANGES:
                return second.relation, second.ident
        if joined:
            return self._joined(cue, gap, base)
        if cue and cue.relation not in _OF_TITLES and mention.place != "preamble" and _said("gap.listed").search(gap):
            return cue.relation, cue.ident
        return "mentions", "title"

    def _joined(self, cue: Governor | None, gap: str, base: Relation) -> Decision:
        """After a comma or `và` that follows the citation before it at once."""
        if cue and cue.relation in _CHANGES:
            return "mentions", "title"
        if cue and cue.weak and base == "guided_by":
            return base, "list"
        if cue:
            return cue.relation, cue.ident
        return (base, "list") if _said("gap.place").search(gap) else ("mentions", "title")


def _lead_in(words: str) -> str:
    """The words before the colon that opens the list in which the citation stands."""
    head, colon, _ = words.rpartition(":")
    return _PIECE.split(head)[-1] if colon else ""
