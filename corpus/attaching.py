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
    by_letters: dict[str, list[Cluster]] = defaultdict(list)
    for group in groups:
        by_letters[group.letters].append(group)
    left: list[Mention] = []
    ambiguous: list[tuple[Mention, tuple[Cluster, ...]]] = []
    joined: list[tuple[Mention, Cluster, str]] = []
    for mention in loose:
        fitting = [g for g in by_letters[mention.key.letters] if _fits(mention, g)]
        chosen, reason = _choose(mention, fitting, subjects)
        if chosen is not None:
            joined.append((mention, chosen, reason))
        elif fitting:
            ambiguous.append((mention, tuple(fitting)))
        else:
            left.append(mention)
    for mention, group, reason in joined:
        group.add(mention, "symbol", reason)
    return Outcome(tuple(groups + _merge_leftovers(_leftovers(left), subjects)), tuple(ambiguous))


def _is_local(mention: Mention) -> bool:
    return not mention.key.is_central


def _fits(mention: Mention, group: Cluster) -> bool:
    """Whether nothing that the mention says speaks against the group."""
    if mention.year and mention.year != group.year:
        return False
    if mention.full_date and mention.full_date not in group.dates() and (_is_local(mention) or not mention.key.year):
        return False
    normative = mention.key.year is not None
    if mention.key.kind in TWO_FORMS and mention.year and normative != in_code(group):
        return False
    if mention.cited_on and group.dates() and min(group.dates()) > mention.cited_on:
        return False
    if mention.key.is_central or not mention.issuer:
        return True
    own, others = issuer_key(mention.issuer), issuers_of(group)
    if not mention.issuer_printed and any(_is_board_of(other, own) for other in others):
        return True
    return not others or any(same_issuer(own, other) is not False for other in others)


def _is_board_of(board: IssuerKey, body: IssuerKey) -> bool:
    """Whether a body is a board of the other (`Ban Pháp chế HĐND tỉnh`), which signs with the letters of that."""
    return bool(board.place) and board.place == body.place and board.body.endswith(f" {body.body}")


def _choose(mention: Mention, fitting: Sequence[Cluster], subjects: Subjects) -> tuple[Cluster | None, str]:
    """The one group among those that fit, with the reason, or None."""
    same_document = [g for g in fitting if any(m.document == mention.document for m in g.mentions)]
    if len(same_document) == 1:
        return same_document[0], "cited in full in the same document"
    if not mention.key.is_central:
        near = [g for g in fitting if _is_near(mention, g)]
        if len(near) == 1:
            return near[0], "the only one of the document's own places"
        if mention.full_date and len(fitting) == 1:
            return fitting[0], "the only one of this number, symbol and date"
        fitting = near
    elif len(fitting) == 1:
        return fitting[0], "the only one of this number and symbol"
    return _by_subject(mention, fitting, subjects)


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


def _is_near(mention: Mention, group: Cluster) -> bool:
    """Whether the group's issuer is of a place in the mention's own chain of places."""
    return any(issuer.place and issuer.place in mention.places for issuer in issuers_of(group))


def _merge_leftovers(groups: list[Cluster], subjects: Subjects) -> list[Cluster]:
    """Joins leftovers of one symbol whose issuers are not printed and whose subjects are word for word the same.

    Lists of related documents give titles without date and issuer; the issuer taken from the place of the document
    that holds the list is a guess then.
    """
    kept: list[Cluster] = []
    for group in groups:
        twin = next((other for other in kept if _are_twins(group, other, subjects)), None)
        if twin is None:
            kept.append(group)
        else:
            pour(group, twin, "same title")
    return kept


def _are_twins(one: Cluster, other: Cluster, subjects: Subjects) -> bool:
    if one.letters != other.letters or any(m.issuer_printed or m.full_date for g in (one, other) for m in g.mentions):
        return False
    first, second = subjects(one.mentions[0]), subjects(other.mentions[0])
    return min(len(first), len(second)) >= 6 and len(first & second) / len(first | second) >= 0.8


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
