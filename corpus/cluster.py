"""Mentions of one number into works: grouping, merging, attaching, each with its reasons.

1. A mention that tells all that identifies a work (symbol and year; for a local body also issuer with territory)
   belongs to the group of that identity.
2. Two groups become one only where evidence says that one of them was mistyped: the whole date, the day and month,
   the issuer, the subject. Two documents that are both in the corpus are never merged.
3. A mention that leaves something out joins the one group that fits it: first of those that its own document cites,
   then of its document's chain of places, then of all. Where two fit it stays ambiguous.

The result depends only on the set of mentions, not on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from corpus.attaching import attach
from corpus.identity import IssuerKey, issuer_key
from corpus.mentions import (
    TWO_FORMS,
    Cluster,
    Mention,
    Outcome,
    Subjects,
    in_code,
    is_of_term,
    issuer_id,
    likeness,
    pour,
)
from corpus.merging import merge

_UNRELATED = 0.05
"""Share of subject words in common below which two mentions are about different things."""


def cluster(mentions: Iterable[Mention], subjects: Subjects) -> Outcome:
    """The works that `mentions` of one number name."""
    ordered = sorted(mentions, key=lambda m: (m.document, not m.is_head, m.start, m.id))
    whole: dict[tuple[str, str, int, str], Cluster] = {}
    loose: list[Mention] = []
    for mention in ordered:
        identity = identity_of(mention)
        if identity is None:
            loose.append(mention)
            continue
        group = whole.get(identity)
        if group is None:
            letters, issuer, year, _ = identity
            group = whole[identity] = Cluster(letters, issuer, year, identity=name_of(mention, identity))
        group.add(mention, *_reasons(mention))
    apart = [part for group in whole.values() for part in _by_subject_of_dates(group, subjects)]
    groups = merge(_with_provinces(apart), subjects)
    return attach(groups, loose, subjects)


def _reasons(mention: Mention) -> tuple[str, ...]:
    year = "year in the code" if mention.key.year else "year of the date"
    if mention.is_head:
        return ("the document itself",)
    if mention.key.is_central:
        return ("symbol", year)
    told = "province taken over a merger" if mention.is_over_merger else "issuer and territory"
    return ("symbol", year, told)


Identity = tuple[str, str, int, str]


def name_of(mention: Mention, identity: Identity) -> str:
    """What sets apart the work that a mention of this identity names, in one string."""
    return "|".join((mention.key.number, *map(str, identity)))


def identity_of(mention: Mention) -> Identity | None:
    """(letters, issuer, year, form) of a mention that leaves nothing out, else None."""
    year = mention.year
    if year is None:
        return None
    form = "normative" if mention.key.year is not None and mention.key.kind in TWO_FORMS else ""
    if mention.key.is_central:
        if mention.key.letters == "QH" and not is_of_term(year, mention.key.term):
            form = f"term {mention.key.term}"
        return mention.key.letters, "", year, form
    issuer = whole_body(mention.issuer)
    return (mention.key.letters, issuer_id(issuer, mention.places), year, form) if issuer else None


def whole_body(issuer: str | None) -> IssuerKey | None:
    """The body of a name that leaves nothing out of it, else None."""
    key = issuer_key(issuer) if issuer else None
    return key if key is not None and (key.is_placed or not key.level) else None


def _by_subject_of_dates(group: Cluster, subjects: Subjects) -> list[Cluster]:
    """A group whose code bears no year, its dates apart where what they are about has nothing in common.

    One of the numbers is wrong then; it is not known which.
    """
    dates = group.dates()
    if len(dates) < 2 or in_code(group):
        return [group]
    main = max(dates, key=lambda date: (dates[date], date))
    parts = {main: Cluster(group.letters, group.issuer, group.year, identity=group.identity)}
    for date in sorted(set(dates) - {main}):
        probes = [
            Cluster("", "", None, [m for m in group.mentions if m.full_date == wanted]) for wanted in (main, date)
        ]
        alike = likeness(probes[0], probes[1], subjects)
        if alike is not None and alike < _UNRELATED and not any(m.is_head for m in probes[1].mentions):
            name = f"{group.identity}|{date}"
            parts[date] = Cluster(group.letters, group.issuer, group.year, identity=name)
    for mention in group.mentions:
        parts.get(mention.full_date or main, parts[main]).add(mention, *group.reasons[mention.id])
    return list(parts.values())


def _with_provinces(groups: list[Cluster]) -> list[Cluster]:
    """Joins a group whose province is not known to the only one of the same body and place where it is known."""
    known: dict[tuple[str, str, int | None], list[Cluster]] = defaultdict(list)
    for group in groups:
        head, _, province = group.issuer.rpartition("|")
        if province:
            known[group.letters, head, group.year].append(group)
    kept = []
    for group in groups:
        head, bar, province = group.issuer.rpartition("|")
        others = known[group.letters, head, group.year] if bar and not province else []
        if len(others) == 1:
            pour(group, others[0])
        else:
            kept.append(group)
    return kept
