"""Documents with one number: versions of one work (copies, drafts and finals), or two documents that share it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.identity import fold
from corpus.mentions import Cluster, Mention
from corpus.subjects import Subjects

SAME_TEXT = 0.5
"""Share of runs of five syllables in common from which two texts are versions of one."""
LOST = "\ufffd"
"""What stands for a letter that a file has lost."""
_RUN = 5
_SYLLABLES = 4_000


def runs(text: str) -> frozenset[int]:
    """Hashes of the runs of five syllables in the first part of a text; those with lost letters say nothing."""
    syllables = fold(text[: _SYLLABLES * 8]).split()[:_SYLLABLES]
    every = (tuple(syllables[i : i + _RUN]) for i in range(len(syllables) - _RUN + 1))
    return frozenset(hash(run) for run in every if not any(LOST in syllable for syllable in run))


def likeness(one: str, other: str) -> float:
    """The share of the shorter text's runs that stand in the other, 0 to 1."""
    return _share(runs(one), runs(other), one, other)


def _share(first: frozenset[int], second: frozenset[int], one: str, other: str) -> float:
    if not first or not second:
        return 1.0 if fold(one) == fold(other) else 0.0
    return len(first & second) / min(len(first), len(second))


@dataclass(frozen=True, slots=True)
class _Titled:
    """A document by what its letterhead says of it."""

    id: str
    kind: str
    issuer: str
    title: str
    is_lone: bool

    @property
    def is_damaged(self) -> bool:
        """Whether letters of its title are lost."""
        return LOST in self.title


def drafts(connection: sqlite3.Connection, text_of: Callable[[str], str]) -> dict[str, str]:
    """Documents without a number that are a draft or copy of another, with that: one issuer, type, title and text.

    The main one is the numbered one, where there is one; else the first of those without, one that has all its letters
    before one that has not. Lost letters of a title may be any, and the issuer is not asked where they are: the text
    tells.
    """
    exact: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    by_length: dict[tuple[str, int], list[_Titled]] = defaultdict(list)
    found: dict[str, str] = {}
    every = _titled(connection)
    is_any_damaged = any(one.is_damaged for one in every)
    for one in every:
        key = (one.kind, one.issuer, one.title)
        length = (one.kind, len(one.title))
        others = exact[key]
        if one.is_damaged:
            others = [other.id for other in by_length[length] if _may_be(one.title, other.title)]
        main = _like(one.id, others, text_of) if one.is_lone else None
        if main is not None:
            found[one.id] = main
            continue
        exact[key].append(one.id)
        if is_any_damaged:
            by_length[length].append(one)
    return found


def _titled(connection: sqlite3.Connection) -> list[_Titled]:
    """The documents that have a title, numbered ones first, damaged ones last."""
    sql = """select id, doc_type, coalesce(issuer, ''), title, work is null from documents
             where length(title) >= 15 order by id"""
    every = (
        _Titled(ident, kind or "", fold(issuer), " ".join(fold(title).split()), bool(lone))
        for ident, kind, issuer, title, lone in connection.execute(sql)
    )
    return sorted((one for one in every if one.issuer or one.is_damaged), key=lambda one: (one.is_lone, one.is_damaged))


def _may_be(damaged: str, other: str) -> bool:
    """Whether two titles of one length differ only where a letter is lost."""
    return all(a == b or LOST in (a, b) for a, b in zip(damaged, other, strict=True))


def _like(ident: str, others: Sequence[str], text_of: Callable[[str], str]) -> str | None:
    """The first of `others` that has much the same text."""
    return next((other for other in others if likeness(text_of(ident), text_of(other)) >= SAME_TEXT), None)


def split_heads(group: Cluster, subjects: Subjects) -> tuple[list[Cluster], dict[str, str]]:
    """A cluster by its documents in the corpus: one part for each that is not a version of another.

    Returns the parts, the first holding every citation that its date does not give to another, and the documents that
    are versions, with their main one.
    """
    heads = sorted((m for m in group.mentions if m.is_head), key=lambda m: m.document)
    if len(heads) < 2:
        return [group], {}
    families = _families(heads, subjects)
    versions = {other.document: family[0].document for family in families for other in family[1:]}
    if len(families) == 1:
        return [group], versions
    parts = [_part(group, number) for number in range(len(families))]
    owner = {m.id: i for i, family in enumerate(families) for m in family}
    by_date = {m.date: i for i, family in reversed(list(enumerate(families))) for m in family if m.full_date}
    for mention in group.mentions:
        part = parts[owner.get(mention.id, by_date.get(mention.date, 0))]
        part.add(mention, *group.reasons[mention.id])
    return parts, versions


def _families(heads: Sequence[Mention], subjects: Subjects) -> list[list[Mention]]:
    """Documents by their texts: each with the first that it is like."""
    families: list[tuple[frozenset[int], str, list[Mention]]] = []
    for head in sorted(heads, key=lambda m: (LOST in subjects.text(m.document)[0], m.document)):
        text = subjects.text(head.document)[0]
        own = runs(text)
        for first, words, family in families:
            if _share(own, first, text, words) >= SAME_TEXT:
                family.append(head)
                break
        else:
            families.append((own, text, [head]))
    return [family for _, _, family in families]


def _part(group: Cluster, number: int) -> Cluster:
    suffix = f"|#{number}" if number else ""
    return Cluster(
        group.letters,
        group.issuer,
        group.year,
        established=group.established,
        merged=group.merged,
        identity=group.identity + suffix,
    )
