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
from functools import lru_cache
from heapq import merge
from itertools import chain, islice, pairwise

from corpus.identity import fold
from corpus.lineage import is_same_ground
from rules.hierarchy import types
from rules.loader import pattern
from rules.units import RANK

Row = tuple[str, ...]
_WORD = re.compile(r"[^\W\d_]+")
LEAST = 0.4
"""Cosine from which a title is offered."""
MOST = 3
_NEAR = 200
"""So many documents are compared at most."""
YEARS = 6
"""A plan carries out what was issued no longer ago."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A document with its place in the hierarchy; `words` is the number of its title's words among all titles."""

    id: str
    work: str
    doc_type: str
    level: str
    province: str
    district: str
    issued_on: str
    words: int


def terms_of(title: str) -> Counter[str]:
    """Syllables and pairs of neighbours in a title, the name of the place left out."""
    return Counter(_terms(_without_place(title)))


@lru_cache(maxsize=262_144)
def _without_place(title: str) -> str:
    return _folded(pattern("subjects.toml", "place").sub(" ", title))


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    return fold(text)


def fold_titles(connection: sqlite3.Connection) -> None:
    """Folds the titles of all documents in advance, for `Titles` to find them folded."""
    for (title,) in connection.execute("select title from documents where title is not null"):
        _without_place(title)


def _terms(folded: str) -> list[str]:
    syllables = _WORD.findall(folded)
    return [*syllables, *(f"{one} {other}" for one, other in pairwise(syllables))]


class Titles:
    """All documents that have a title and a level, to be compared. Titles of the same words are weighed once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._all: dict[str, tuple[int, Row]] = {}
        self._terms: list[Counter[str]] = []
        self._members: list[list[str]] = []
        self._near: dict[int, list[str]] = {}
        self._alike: dict[tuple[int, int], float] = {}
        self._asked: dict[str, Titled] = {}
        numbers: dict[str, int] = {}
        self._connection = connection
        sql = """select id, doc_type, issuer_level, province, district, issued_on, title from documents
                 where title is not null and issuer_level is not null and version_of is null order by id"""
        for row in connection.execute(sql):
            words = numbers.setdefault(_without_place(row[-1]), len(numbers))
            if words == len(self._members):
                self._members.append([])
            self._members[words].append(row[0])
            self._all[row[0]] = words, row
        self._with: dict[str, list[int]] = defaultdict(list)
        for folded, words in numbers.items():
            self._terms.append(Counter(_terms(folded)))
            for term in self._terms[words]:
                self._with[term].append(words)
        self._holders = {term: sum(len(self._members[i]) for i in found) for term, found in self._with.items()}

    def _titled(self, document: str) -> Titled | None:
        """What is known of a document; few of all are ever asked for, again and again."""
        found = self._asked.get(document)
        if found is None and document in self._all:
            words, (ident, kind, level, province, district, issued_on, _) = self._all[document]
            places = _place(province), _place(district)
            (work,) = self._connection.execute("select work from documents where id = ?", (ident,)).fetchone()
            found = Titled(ident, work, kind or "", level, *places, issued_on or "", words)
            self._asked[document] = found
        return found

    def likely_superiors(self, document: str, least: float = LEAST) -> Iterator[tuple[str, float]]:
        """(work, likeness) of the higher documents that a plan may carry out, likest first, from `least` on."""
        own = self._titled(document)
        if own is None:
            return
        near = (self._titled(ident) for ident in self._nearest(own.words))
        above = [doc for doc in near if doc is not None and self._may_be(own, doc)]
        found = [(self._cosine(own.words, doc.words), doc) for doc in above]
        best = sorted(((score, doc.work) for score, doc in found if score >= least), key=lambda x: (-x[0], x[1]))
        yield from ((work, round(score, 3)) for score, work in best[:MOST])

    def _nearest(self, words: int) -> list[str]:
        """The documents that share the rarest pairs of words with a title, the first of them."""
        if words not in self._near:
            scores: dict[int, float] = defaultdict(float)
            for term in self._terms[words]:
                if " " in term and self._holders[term] <= 2_000:
                    for other in self._with[term]:
                        scores[other] += math.log(len(self._all) / self._holders[term])
            equal: dict[float, list[int]] = defaultdict(list)
            for other, score in scores.items():
                equal[score].append(other)
            ordered = (merge(*(self._members[i] for i in equal[score])) for score in sorted(equal, reverse=True))
            self._near[words] = list(islice(chain.from_iterable(ordered), _NEAR))
        return self._near[words]

    def may_stand_above(self, document: str, other: str) -> bool:
        """Whether `other` may be what `document` carries out, by level, territory and day."""
        own, above = self._titled(document), self._titled(other)
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

    def _cosine(self, one: int, other: int) -> float:
        if (one, other) not in self._alike:
            first, second = self._terms[one], self._terms[other]
            shared = sum(first[t] * second[t] * self._weight(t) ** 2 for t in first.keys() & second.keys())
            norms = [math.sqrt(sum((n * self._weight(t)) ** 2 for t, n in terms.items())) for terms in (first, second)]
            self._alike[one, other] = shared / (norms[0] * norms[1]) if norms[0] and norms[1] else 0.0
        return self._alike[one, other]

    def _weight(self, term: str) -> float:
        return math.log((1 + len(self._all)) / (1 + self._holders[term])) + 1.0


@lru_cache(maxsize=4_096)
def _place(name: str | None) -> str:
    return fold(name or "")
