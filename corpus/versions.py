"""Documents with one number: versions of one work (copies, drafts and finals), or two documents that share it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence

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
    first, second = runs(one), runs(other)
    if not first or not second:
        return 1.0 if fold(one) == fold(other) else 0.0
    return len(first & second) / min(len(first), len(second))


def drafts(connection: sqlite3.Connection, text_of: Callable[[str], str]) -> dict[str, str]:
    """Documents without a number that are a draft or copy of another, with that: one issuer, type, title and text.

    The main one is the numbered one, where there is one; else the first of those without.
    """
    known: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    found: dict[str, str] = {}
    sql = """select id, doc_type, issuer, title, work is null as lone from documents
             where issuer is not null and length(title) >= 15 order by lone, id"""
    for ident, kind, issuer, title, lone in connection.execute(sql).fetchall():
        key = (kind or "", fold(issuer), " ".join(fold(title).split()))
        if not lone:
            known[key].append(ident)
            continue
        main = next((other for other in known[key] if likeness(text_of(ident), text_of(other)) >= SAME_TEXT), None)
        if main is None:
            known[key].append(ident)
        else:
            found[ident] = main
    return found


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
    families: list[list[Mention]] = []
    for head in heads:
        text = subjects.text(head.document)[0]
        for family in families:
            if likeness(text, subjects.text(family[0].document)[0]) >= SAME_TEXT:
                family.append(head)
                break
        else:
            families.append([head])
    return families


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
