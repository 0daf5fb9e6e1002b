"""Groups that are one work with a mistyped part: year, day, letters, type or issuer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from corpus.identity import body_of_letters, fold, same_issuer
from corpus.mentions import Cluster, Subjects, in_code, is_of_term, issuers_of, likeness, pour

_RARE_NUMBER = 100
"""From it on, two decisions of one number and issuer in one document are rarely two."""
_LEADING_DIGITS = re.compile(r"\d+")
_LOW_NUMBER = 20
"""Below it the same number often falls on the same day of two years (01/NQ-CP is of the first days of January)."""


def merge(groups: list[Cluster], subjects: Subjects) -> list[Cluster]:
    """Joins groups that are one work with a mistyped part. The larger group keeps its identity."""
    leader: dict[int, int] = {i: i for i in range(len(groups))}

    def find(i: int) -> int:
        while leader[i] != i:
            i = leader[i]
        return i

    for i, j in _pairs(groups):
        a, b = find(i), find(j)
        if a == b:
            continue
        reason = _one_work(groups[a], groups[b], groups, subjects)
        if reason:
            winner, loser = (a, b) if _weight(groups[a]) >= _weight(groups[b]) else (b, a)
            pour(groups[loser], groups[winner], reason)
            leader[loser] = winner
    return [group for i, group in enumerate(groups) if leader[i] == i]


def _weight(group: Cluster) -> tuple[bool, int, int]:
    return group.has_head(), len({m.document for m in group.mentions}), len(group.mentions)


def _pairs(groups: Sequence[Cluster]) -> list[tuple[int, int]]:
    """Pairs that share a whole date, or letters and issuer: only those can be one work."""
    buckets: dict[tuple[str, str], set[int]] = defaultdict(set)
    for i, group in enumerate(groups):
        buckets["letters", f"{group.letters}|{group.issuer}"].add(i)
        for date in group.dates():
            buckets["date", date].add(i)
    pairs = {pair for members in buckets.values() if len(members) > 1 for pair in combinations(sorted(members), 2)}
    return sorted(pairs)


def _one_work(one: Cluster, other: Cluster, groups: Sequence[Cluster], subjects: Subjects) -> str | None:
    """Why two groups are one work, or None."""
    if one.has_head() and other.has_head():
        return None
    shared = set(one.dates()) & set(other.dates())
    if one.letters == other.letters and one.issuer == other.issuer:
        return _other_year(one, other, shared, groups, subjects)
    return _other_letters(one, other, shared, subjects) if shared else None


def _other_year(
    one: Cluster, other: Cluster, shared: set[str], groups: Sequence[Cluster], subjects: Subjects
) -> str | None:
    if shared:
        return "same date"
    if one.letters == "QH" and (one.year != other.year or _fits_term(one) != _fits_term(other)):
        return _other_assembly_year(one, other, groups, subjects)
    if one.year == other.year:
        return None
    if in_code(one) or in_code(other):
        return None
    days = {date[5:] for date in one.dates()} & {date[5:] for date in other.dates()}
    if not days:
        return "twice in one document" if _stand_together(one, other, subjects) else None
    alike = likeness(one, other, subjects)
    if alike is not None and alike >= 0.3:
        return "same day and month, same subject"
    number = _LEADING_DIGITS.match(one.mentions[0].key.number)
    is_high = number is not None and int(number[0]) >= _LOW_NUMBER and max(days) > "01-15"
    return "same day and month" if is_high and (alike is None or alike >= 0.1) else None


def _stand_together(one: Cluster, other: Cluster, subjects: Subjects) -> bool:
    """Whether a document cites both, about one thing, under a number that does not come back every year."""
    number = _LEADING_DIGITS.match(one.mentions[0].key.number)
    if number is None or int(number[0]) < _RARE_NUMBER or one.has_head() or other.has_head():
        return False
    documents = {m.document for m in one.mentions} & {m.document for m in other.mentions}
    said = [{word for m in group.mentions if m.document in documents for word in subjects(m)} for group in (one, other)]
    return bool(said[0] & said[1])


def _other_assembly_year(one: Cluster, other: Cluster, groups: Sequence[Cluster], subjects: Subjects) -> str | None:
    """A law whose code bears a year outside its term, or another term, or digits turned round, beside the right one."""
    if not _terms(one) & _terms(other):
        same = one.year == other.year and _named_alike(one, other, subjects)
        return "same year and name of the law, other term" if same else None
    wrong, right = (one, other) if not _fits_term(one) else (other, one)
    if not _fits_term(wrong) and _fits_term(right):
        terms = {m.key.term for m in wrong.mentions if m.key.term}
        fitting = [
            g for g in groups if g.letters == "QH" and _fits_term(g) and terms & {m.key.term for m in g.mentions}
        ]
        if len(fitting) == 1 and fitting[0] is right:
            return "year outside the Assembly's term"
    return "same term and name of the law" if _named_alike(one, other, subjects) else None


def _named_alike(one: Cluster, other: Cluster, subjects: Subjects) -> bool:
    """Whether two laws are cited by one name."""
    names = [{fold(name) for m in group.mentions[:20] if (name := subjects.law_name(m))} for group in (one, other)]
    return bool(names[0] & names[1])


def _terms(group: Cluster) -> set[int]:
    return {m.key.term for m in group.mentions if m.key.term}


def _fits_term(group: Cluster) -> bool:
    year = group.year
    return year is None or not _terms(group) or any(is_of_term(year, term) for term in _terms(group))


def _other_letters(one: Cluster, other: Cluster, shared: set[str], subjects: Subjects) -> str | None:
    """Same number and whole date, but other letters, form or issuer."""
    a, b = one.mentions[0].key, other.mentions[0].key
    alike = likeness(one, other, subjects)
    agree = _issuers_agree(one, other)
    if one.letters == other.letters:
        if _are_of_two_provinces(one, other):
            return None
        if a.is_central or agree is True:
            return "same date, other form of the code"
        close = alike is not None and alike >= 0.5
        return "same date and subject, other issuer" if close and _share_place(one, other) else None
    if a.body == b.body and agree is not False:
        return "same date and issuer, other type" if alike is None or alike >= 0.2 else None
    if agree is True and (a.kind == b.kind or not a.kind or not b.kind):
        return "same date and issuer, other letters"
    if a.kind != b.kind:
        return None
    if alike is not None and alike >= 0.6 and not (_is_sound(one) and _is_sound(other)):
        return "same date and subject, other letters"
    return "same date, letters of the citing document" if _is_slip(one, other, subjects) else None


def _is_slip(one: Cluster, other: Cluster, subjects: Subjects) -> bool:
    """Whether one bears the letters of the document that cites it, and both are cited beside one other document."""
    if not any(all(m.has_own_letters and not m.issuer_printed for m in g.mentions) for g in (one, other)):
        return False
    number = _LEADING_DIGITS.match(one.mentions[0].key.number)
    if number is None or int(number[0]) < _RARE_NUMBER:
        return False
    beside = [{near for m in group.mentions[:4] for near in subjects.beside(m)} for group in (one, other)]
    return bool(beside[0] & beside[1])


def _issuers_agree(one: Cluster, other: Cluster) -> bool | None:
    """True where a body is printed with both, False where their bodies are all different, None where none is known."""
    first, second = issuers_of(one), issuers_of(other)
    if not first or not second:
        return None
    verdicts = [same_issuer(a, b) for a in first for b in second]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _are_of_two_provinces(one: Cluster, other: Cluster) -> bool:
    """Whether two bodies of one name are known to be of two provinces."""
    provinces = [group.issuer.rpartition("|")[2] for group in (one, other)]
    return bool(provinces[0] and provinces[1] and provinces[0] != provinces[1])


def _is_sound(group: Cluster) -> bool:
    """Whether the letters and a printed issuer name the same body, so that neither is mistyped."""
    body = body_of_letters(group.mentions[0].key.lead)
    return body is not None and any(issuer.body == body for issuer in issuers_of(group))


def _share_place(one: Cluster, other: Cluster) -> bool:
    places = [{place for m in group.mentions for place in m.places if place} for group in (one, other)]
    return bool(places[0] & places[1])
