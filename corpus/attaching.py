"""Mentions that leave something out: each into the one group that fits it, or kept as what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from corpus.identity import IssuerKey, issuer_key, same_issuer
from corpus.mentions import (
    TWO_FORMS,
    Cluster,
    Mention,
    Outcome,
    Subjects,
    in_code,
    issuer_id,
    issuers_of,
    likeness,
    pour,
)


def attach(groups: list[Cluster], loose: Sequence[Mention], subjects: Subjects) -> Outcome:
    """Puts each mention that leaves something out into the one group that fits, or makes groups of what is left."""
    known = _Groups(groups)
    left: list[Mention] = []
    ambiguous: list[tuple[Mention, tuple[Cluster, ...]]] = []
    joined: list[tuple[Mention, Cluster, str]] = []
    for mention in loose:
        fitting = [g for g in known.near(mention) if _fits(mention, g)]
        chosen, reason = _choose(mention, fitting, subjects)
        if chosen is not None:
            joined.append((mention, chosen, reason))
        elif fitting:
            ambiguous.append((mention, tuple(g.cluster for g in fitting)))
        else:
            left.append(mention)
    for mention, group, reason in joined:
        group.add(mention, "symbol", reason)
    return Outcome(tuple(groups + _merge_leftovers(_leftovers(left), subjects)), tuple(ambiguous))


class _Group:
    """A group with what every mention is held against, told once: groups are many and mentions more."""

    __slots__ = ("cluster", "dates", "documents", "first", "in_code", "issuers", "places", "year")

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.year = cluster.year
        self.dates = frozenset(cluster.dates())
        self.first = min(self.dates, default=None)
        self.in_code = in_code(cluster)
        self.issuers = issuers_of(cluster)
        self.places = frozenset(issuer.place for issuer in self.issuers if issuer.place)
        self.documents = frozenset(mention.document for mention in cluster.mentions)


class _Groups:
    """The groups of a number by letters, and by letters with year or date, in their order."""

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self._by: dict[tuple[str, str | int | None], list[_Group]] = defaultdict(list)
        for group in map(_Group, clusters):
            letters = group.cluster.letters
            for told in {None, group.year, *group.dates}:
                self._by[letters, told].append(group)

    def near(self, mention: Mention) -> Sequence[_Group]:
        """The groups of the mention's letters, those left out that its date or year speaks against."""
        told: str | int | None = mention.year
        if mention.full_date and (_is_local(mention) or not mention.key.year):
            told = mention.full_date
        return self._by.get((mention.key.letters, told), ())


def _is_local(mention: Mention) -> bool:
    return not mention.key.is_central


def _fits(mention: Mention, group: _Group) -> bool:
    """Whether nothing that the mention says speaks against the group."""
    if mention.year and mention.year != group.year:
        return False
    if mention.full_date and mention.full_date not in group.dates and (_is_local(mention) or not mention.key.year):
        return False
    normative = mention.key.year is not None
    if mention.key.kind in TWO_FORMS and mention.year and normative != group.in_code:
        return False
    if mention.cited_on and group.first and group.first > mention.cited_on:
        return False
    if mention.key.is_central or not mention.issuer:
        return True
    own, others = issuer_key(mention.issuer), group.issuers
    if not mention.issuer_printed and any(_is_board_of(other, own) for other in others):
        return True
    return not others or any(same_issuer(own, other) is not False for other in others)


def _is_board_of(board: IssuerKey, body: IssuerKey) -> bool:
    """Whether a body is a board of the other (`Ban Pháp chế HĐND tỉnh`), which signs with the letters of that."""
    return bool(board.place) and board.place == body.place and board.body.endswith(f" {body.body}")


def _choose(mention: Mention, fitting: Sequence[_Group], subjects: Subjects) -> tuple[Cluster | None, str]:
    """The one group among those that fit, with the reason, or None."""
    same_document = [g for g in fitting if mention.document in g.documents]
    if len(same_document) == 1:
        return same_document[0].cluster, "cited in full in the same document"
    if not mention.key.is_central:
        near = [g for g in fitting if not g.places.isdisjoint(mention.places)]
        if len(near) == 1:
            return near[0].cluster, "the only one of the document's own places"
        if mention.full_date and len(fitting) == 1:
            return fitting[0].cluster, "the only one of this number, symbol and date"
        fitting = near
    elif len(fitting) == 1:
        return fitting[0].cluster, "the only one of this number and symbol"
    return _by_subject(mention, [group.cluster for group in fitting], subjects)


def _by_subject(mention: Mention, fitting: Sequence[Cluster], subjects: Subjects) -> tuple[Cluster | None, str]:
    """The group whose subject is clearly the mention's own."""
    words = subjects(mention)
    if len(words) < 3 or not fitting:
        return None, ""
    probe = Cluster(mention.key.letters, "", None, [mention])
    scored = sorted(((likeness(probe, g, subjects) or 0.0, i) for i, g in enumerate(fitting)), reverse=True)
    (best, index), rest = scored[0], scored[1:]
    if best >= 0.6 and (not rest or best - rest[0][0] >= 0.3):
        return fitting[index], "the only one of this number with its subject"
    return None, ""


def _merge_leftovers(groups: list[Cluster], subjects: Subjects) -> list[Cluster]:
    """Joins leftovers of one symbol whose issuers are not printed and whose subjects are word for word the same.

    Lists of related documents give titles without date and issuer; the issuer taken from the place of the document
    that holds the list is a guess then.
    """
    kept: list[Cluster] = []
    titles: dict[str, list[tuple[frozenset[str], Cluster]]] = defaultdict(list)
    for group in groups:
        words = _title(group, subjects)
        twin = next((other for told, other in titles[group.letters] if words and _are_alike(words, told)), None)
        if twin is not None:
            pour(group, twin, "same title")
            continue
        kept.append(group)
        if words:
            titles[group.letters].append((words, group))
    return kept


def _title(group: Cluster, subjects: Subjects) -> frozenset[str]:
    """What a leftover is about, where that alone may join it to another; else nothing."""
    if any(m.issuer_printed or m.full_date for m in group.mentions):
        return frozenset()
    words = subjects(group.mentions[0])
    return words if len(words) >= 6 else frozenset()


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) / len(one | other) >= 0.8


def _leftovers(mentions: Sequence[Mention]) -> list[Cluster]:
    """Groups of mentions that fit nothing that is known in full: by what they do say."""
    groups: dict[tuple[str, ...], Cluster] = {}
    for mention in mentions:
        key = mention.key
        if key.is_central:
            who = ""
        else:
            who = issuer_id(issuer_key(mention.issuer), mention.places) if mention.issuer else "|".join(mention.places)
        when = str(mention.year or (f"cited {mention.cited_on[:4]}" if mention.cited_on and not key.is_central else ""))
        if not key.is_central and not mention.issuer and not any(mention.places):
            who = mention.document
        identity = (key.letters, who, when, mention.full_date or "")
        group = groups.get(identity)
        if group is None:
            name = "|".join((key.number, "loose", *identity))
            group = groups[identity] = Cluster(key.letters, who, mention.year, established=False, identity=name)
        group.add(mention, "symbol", "nothing else is known")
    return list(groups.values())
