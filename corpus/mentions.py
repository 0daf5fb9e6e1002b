"""Mentions of works, and the clusters that linking makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.identity import CodeKey, IssuerKey, issuer_key
from rules.hierarchy import assembly_terms

TWO_FORMS = frozenset({"QĐ", "NQ", "CT"})
"""Types that are issued both as normative documents, with the year in their code, and as individual ones."""


class Subjects(Protocol):
    """What mentions are about, read from the texts that they stand in."""

    def __call__(self, mention: Mention) -> frozenset[str]:
        """The words that say what a mention is about, folded."""

    def law_name(self, mention: Mention) -> str | None:
        """The name that a law is cited by beside its code."""

    def beside(self, mention: Mention) -> frozenset[str]:
        """The numbers (of three digits and more) of what is cited shortly before."""


def year_of(key: CodeKey, date: str | None) -> int | None:
    """The year in a code, else that of the date beside it."""
    if key.year:
        return key.year
    digits = (date or "")[:4]
    return int(digits) if len(digits) == 4 and digits.isdigit() and 1945 <= int(digits) <= 2100 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A citation, or the head of a document in the corpus (`is_head`), with the places of the document it stands in."""

    id: str
    document: str
    code: str
    key: CodeKey
    doc_type: str | None
    issuer: str | None
    date: str | None
    places: tuple[str, str, str] = ("", "", "")
    """Folded province, district and commune of the document."""
    cited_on: str | None = None
    issuer_printed: bool = True
    """False where the issuer is inferred from the symbol and the place of the document."""
    has_own_letters: bool = False
    """Whether the code bears the letters of the document that it stands in: they come to the typist's mind first."""
    is_over_merger: bool = False
    """Whether its province was taken from a document of after that province was enlarged."""
    is_head: bool = False
    level: str | None = None
    """The level of the issuer, given for heads alone."""
    start: int = 0
    end: int = 0

    @property
    def year(self) -> int | None:
        """The year in the code, else that of the date."""
        return year_of(self.key, self.date)

    @property
    def full_date(self) -> str | None:
        """The date where it has day, month and year."""
        return self.date if self.date and len(self.date) == 10 else None


class _Told:
    """What the mentions of a cluster tell together, brought up to date with each that comes."""

    __slots__ = ("_issuers", "_names", "_seen", "dates", "has_head", "places")

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.dates: Counter[str] = Counter()
        self.places: set[str] = set()
        self.has_head = False
        self._seen: set[tuple[str, str]] = set()
        self._names: set[str] = set()
        self._issuers: list[IssuerKey] | None = None
        for mention in mentions:
            self.add(mention)

    def add(self, mention: Mention) -> None:
        """Takes one more mention into account."""
        date = mention.full_date
        if date and (mention.document, date) not in self._seen:
            self._seen.add((mention.document, date))
            self.dates[date] += 1
        if mention.issuer and mention.issuer not in self._names:
            self._names.add(mention.issuer)
            self._issuers = None
        self.places.update(place for place in mention.places if place)
        self.has_head = self.has_head or mention.is_head

    @property
    def issuers(self) -> list[IssuerKey]:
        """The bodies that are named, in the order of their names."""
        if self._issuers is None:
            self._issuers = [issuer_key(name) for name in sorted(self._names)]
        return self._issuers


@dataclass(slots=True)
class Cluster:
    """A work in the making: its mentions, why each is in it, and what was merged."""

    letters: str
    issuer: str
    year: int | None
    mentions: list[Mention] = field(default_factory=list)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    established: bool = True
    merged: tuple[str, ...] = ()
    identity: str = ""
    """What sets the work apart, the same at every build; its id is made from it."""
    _told: _Told | None = field(default=None, repr=False, compare=False)

    @property
    def told(self) -> _Told:
        """What its mentions tell together."""
        if self._told is None:
            self._told = _Told(self.mentions)
        return self._told

    def add(self, mention: Mention, *reasons: str) -> None:
        """Takes a mention in, with the reasons."""
        self.mentions.append(mention)
        if self._told is not None:
            self._told.add(mention)
        self.reasons[mention.id] = reasons

    def dates(self) -> Counter[str]:
        """Whole dates with the number of documents that print them."""
        return self.told.dates

    def has_head(self) -> bool:
        """Whether a document in the corpus is this work."""
        return self.told.has_head


@dataclass(frozen=True, slots=True)
class Outcome:
    """The clusters of a block, and the mentions that fit more than one of them."""

    clusters: tuple[Cluster, ...]
    ambiguous: tuple[tuple[Mention, tuple[Cluster, ...]], ...]


def pour(source: Cluster, target: Cluster, *reasons: str) -> None:
    """Puts all mentions of `source` into `target`, with further reasons."""
    for mention in source.mentions:
        target.add(mention, *source.reasons[mention.id], *reasons)
    target.merged = (*target.merged, *source.merged, *reasons)


def in_code(group: Cluster) -> bool:
    """Whether some code of the group bears its year."""
    return any(mention.key.year for mention in group.mentions)


def issuers_of(group: Cluster) -> list[IssuerKey]:
    """The bodies printed beside the codes of a group, and the one that its letters mean."""
    return group.told.issuers


def is_of_term(year: int, term: int | None) -> bool:
    """Whether the Assembly of this term sat in `year`; a term that is not given excludes nothing."""
    first, last = assembly_terms().get(term or 0, (0, 9999))
    return first <= year <= last


def likeness(one: Cluster, other: Cluster, subjects: Subjects) -> float | None:
    """How alike the subjects of two groups are, best of a few mentions; None where they say nothing."""
    best: float | None = None
    for a in one.mentions[:4]:
        words = subjects(a)
        if len(words) < 3:
            continue
        for b in other.mentions[:4]:
            others = subjects(b)
            if len(others) >= 3:
                share = len(words & others) / min(len(words), len(others))
                best = share if best is None else max(best, share)
    return best


def issuer_id(issuer: IssuerKey, places: tuple[str, str, str]) -> str:
    """A body in one string. Below the province the province is part of it: names of communes repeat."""
    level = "" if issuer.level in ("province", "city") else issuer.level
    province = places[0] if issuer.level in ("district", "commune") else ""
    return "|".join((issuer.body, level, issuer.place, province))
