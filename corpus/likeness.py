"""Likeness of documents by what their titles are about: TF-IDF over runs of one and two syllables.

It offers higher plans where a plan names none; what it gives is a guess and is marked as one.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.identity import fold
from corpus.lineage import is_same_ground
from rules.hierarchy import types
from rules.loader import pattern
from rules.units import RANK

_WORD = re.compile(r"[^\W\d_]+")
LEAST = 0.4
"""Cosine from which a title is offered."""
MOST = 3
YEARS = 6
"""A plan carries out what was issued no longer ago."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A document by what its title says, with its place in the hierarchy."""

    id: str
    work: str
    doc_type: str
    level: str
    province: str
    district: str
    issued_on: str
    terms: Counter[str]


def terms_of(title: str) -> Counter[str]:
    """Syllables and pairs of neighbours in a title, the name of the place left out."""
    syllables = _WORD.findall(fold(pattern("subjects.toml", "place").sub(" ", title)))
    return Counter([*syllables, *(f"{one} {other}" for one, other in pairwise(syllables))])


class Titles:
    """All documents that have a title and a level, to be compared."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._all: dict[str, Titled] = {}
        self._with: dict[str, list[str]] = defaultdict(list)
        sql = """select id, work, doc_type, issuer_level, province, district, issued_on, title from documents
                 where title is not null and work is not null and issuer_level is not null and version_of is null
                 order by id"""
        for ident, work, kind, level, province, district, issued_on, title in connection.execute(sql):
            terms = terms_of(title)
            places = fold(province or ""), fold(district or "")
            self._all[ident] = Titled(ident, work, kind or "", level, *places, issued_on or "", terms)
            for term in terms:
                self._with[term].append(ident)

    def likely_superiors(self, document: str, least: float = LEAST) -> Iterator[tuple[str, float]]:
        """(work, likeness) of the higher documents that a plan may carry out, likest first, from `least` on."""
        own = self._all.get(document)
        if own is None:
            return
        scores: dict[str, float] = defaultdict(float)
        total = len(self._all)
        for term in own.terms:
            holders = self._with[term]
            if " " in term and len(holders) <= 2_000:
                for ident in holders:
                    scores[ident] += math.log(total / len(holders))
        near = sorted(scores, key=lambda ident: (-scores[ident], ident))[:200]
        above = [doc for ident in near if self._may_be(own, doc := self._all[ident])]
        found = [(self._cosine(own, doc), doc) for doc in above]
        best = sorted(((score, doc.work) for score, doc in found if score >= least), key=lambda x: (-x[0], x[1]))
        yield from ((work, round(score, 3)) for score, work in best[:MOST])

    def may_stand_above(self, document: str, other: str) -> bool:
        """Whether `other` may be what `document` carries out, by level, territory and day."""
        own, above = self._all.get(document), self._all.get(other)
        return own is not None and above is not None and self._may_be(own, above)

    def _may_be(self, own: Titled, other: Titled) -> bool:
        """Whether a document stands above another on its own ground, and before it in time."""
        if (
            other.work == own.work
            or other.doc_type not in types("likely_parents")
            or RANK[other.level] >= RANK[own.level]
        ):
            return False
        if other.level != "central" and not is_same_ground(other.province, own.province):
            return False
        if other.level == "district" and other.district != own.district:
            return False
        if own.issued_on and other.issued_on:
            return other.issued_on <= own.issued_on and int(own.issued_on[:4]) - int(other.issued_on[:4]) <= YEARS
        return True

    def _cosine(self, one: Titled, other: Titled) -> float:
        shared = sum(
            one.terms[t] * other.terms[t] * self._weight(t) ** 2 for t in one.terms.keys() & other.terms.keys()
        )
        norms = [math.sqrt(sum((n * self._weight(t)) ** 2 for t, n in doc.terms.items())) for doc in (one, other)]
        return shared / (norms[0] * norms[1]) if norms[0] and norms[1] else 0.0

    def _weight(self, term: str) -> float:
        return math.log((1 + len(self._all)) / (1 + len(self._with[term]))) + 1.0
