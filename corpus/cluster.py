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

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

from corpus.identity import CodeKey, IssuerKey, body_of_letters, issuer_key, same_issuer


class Subjects(Protocol):
    """What mentions are about, read from the texts that they stand in."""

    def __call__(self, mention: Mention) -> frozenset[str]:
        """The words that say what a mention is about, folded."""

    def law_name(self, mention: Mention) -> str | None:
        """The folded name that a law is cited by beside its code."""


_NORMATIVE_OR_NOT = frozenset({"QĐ", "NQ", "CT"})
"""Types that are issued both as normative documents, with the year in their code, and as individual ones."""
_TERMS = {
    10: (1997, 2002),
    11: (2002, 2007),
    12: (2007, 2011),
    13: (2011, 2016),
    14: (2016, 2021),
    15: (2021, 2026),
    16: (2026, 2031),
}
"""Terms of the National Assembly (symbol_grammar: k must match the year)."""
_UNRELATED = 0.05
"""Share of subject words in common below which two mentions are about different things."""
_LOW_NUMBER = 20
"""Below it the same number often falls on the same day of two years (01/NQ-CP is of the first days of January)."""


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
    is_head: bool = False
    level: str | None = None
    """The level of the issuer, given for heads alone."""
    start: int = 0
    end: int = 0

    @property
    def year(self) -> int | None:
        """The year in the code, else that of the date."""
        if self.key.year:
            return self.key.year
        digits = (self.date or "")[:4]
        return int(digits) if len(digits) == 4 and digits.isdigit() and 1945 <= int(digits) <= 2100 else None

    @property
    def full_date(self) -> str | None:
        """The date where it has day, month and year."""
        return self.date if self.date and len(self.date) == 10 else None


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

    def add(self, mention: Mention, *reasons: str) -> None:
        """Takes a mention in, with the reasons."""
        self.mentions.append(mention)
        self.reasons[mention.id] = reasons

    def dates(self) -> Counter[str]:
        """Whole dates with the number of documents that print them."""
        seen = {(m.document, m.full_date) for m in self.mentions if m.full_date}
        return Counter(date for _, date in seen if date)

    def has_head(self) -> bool:
        """Whether a document in the corpus is this work."""
        return any(mention.is_head for mention in self.mentions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The clusters of a block, and the mentions that fit more than one of them."""

    clusters: tuple[Cluster, ...]
    ambiguous: tuple[tuple[Mention, tuple[Cluster, ...]], ...]


def cluster(mentions: Iterable[Mention], subjects: Subjects) -> Outcome:
    """The works that `mentions` of one number name."""
    ordered = sorted(mentions, key=lambda m: (m.document, not m.is_head, m.start, m.id))
    whole: dict[tuple[str, str, int, str], Cluster] = {}
    loose: list[Mention] = []
    for mention in ordered:
        identity = _identity(mention)
        if identity is None:
            loose.append(mention)
            continue
        group = whole.get(identity)
        if group is None:
            letters, issuer, year, _ = identity
            name = "|".join((mention.key.number, *map(str, identity)))
            group = whole[identity] = Cluster(letters, issuer, year, identity=name)
        group.add(mention, *_reasons(mention))
    apart = [part for group in whole.values() for part in _by_subject_of_dates(group, subjects)]
    groups = _merge(_with_provinces(apart), subjects)
    return _attach(groups, loose, subjects)


def _reasons(mention: Mention) -> tuple[str, ...]:
    year = "year in the code" if mention.key.year else "year of the date"
    if mention.is_head:
        return ("the document itself",)
    return ("symbol", year) if mention.key.is_central else ("symbol", year, "issuer and territory")


def _identity(mention: Mention) -> tuple[str, str, int, str] | None:
    """(letters, issuer, year, form) of a mention that leaves nothing out, else None."""
    year = mention.year
    if year is None:
        return None
    form = "normative" if mention.key.year is not None and mention.key.kind in _NORMATIVE_OR_NOT else ""
    if mention.key.is_central:
        if mention.key.letters == "QH" and not _is_of_term(year, mention.key.term):
            form = f"term {mention.key.term}"
        return mention.key.letters, "", year, form
    if not mention.issuer:
        return None
    issuer = issuer_key(mention.issuer)
    if not issuer.is_placed and issuer.level:
        return None
    return mention.key.letters, issuer_id(issuer, mention.places), year, form


def _by_subject_of_dates(group: Cluster, subjects: Subjects) -> list[Cluster]:
    """A group whose code bears no year, its dates apart where what they are about has nothing in common.

    One of the numbers is wrong then; it is not known which.
    """
    dates = group.dates()
    if len(dates) < 2 or _in_code(group):
        return [group]
    main = max(dates, key=lambda date: (dates[date], date))
    parts = {main: Cluster(group.letters, group.issuer, group.year, identity=group.identity)}
    for date in sorted(set(dates) - {main}):
        probes = [
            Cluster("", "", None, [m for m in group.mentions if m.full_date == wanted]) for wanted in (main, date)
        ]
        likeness = _likeness(probes[0], probes[1], subjects)
        if likeness is not None and likeness < _UNRELATED and not any(m.is_head for m in probes[1].mentions):
            name = f"{group.identity}|{date}"
            parts[date] = Cluster(group.letters, group.issuer, group.year, identity=name)
    for mention in group.mentions:
        parts.get(mention.full_date or main, parts[main]).add(mention, *group.reasons[mention.id])
    return list(parts.values())


def issuer_id(issuer: IssuerKey, places: tuple[str, str, str]) -> str:
    """A body in one string. Below the province the province is part of it: names of communes repeat."""
    level = "" if issuer.level in ("province", "city") else issuer.level
    province = places[0] if issuer.level in ("district", "commune") else ""
    return "|".join((issuer.body, level, issuer.place, province))


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
            _pour(group, others[0])
        else:
            kept.append(group)
    return kept


def _pour(source: Cluster, target: Cluster, *reasons: str) -> None:
    for mention in source.mentions:
        target.add(mention, *source.reasons[mention.id], *reasons)
    target.merged = (*target.merged, *source.merged, *reasons)


def _merge(groups: list[Cluster], subjects: Subjects) -> list[Cluster]:
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
            _pour(groups[loser], groups[winner], reason)
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
    if one.year == other.year:
        return None
    if one.letters == "QH":
        return _other_assembly_year(one, other, groups, subjects)
    if _in_code(one) or _in_code(other):
        return None
    days = {date[5:] for date in one.dates()} & {date[5:] for date in other.dates()}
    if not days:
        return None
    likeness = _likeness(one, other, subjects)
    if likeness is not None and likeness >= 0.3:
        return "same day and month, same subject"
    number = one.mentions[0].key.number.rstrip("abcdefghijklmnopqrstuvwxyz")
    is_high = float(number or 0) >= _LOW_NUMBER and max(days) > "01-15"
    return "same day and month" if is_high and (likeness is None or likeness >= 0.1) else None


def _in_code(group: Cluster) -> bool:
    return any(mention.key.year for mention in group.mentions)


def _other_assembly_year(one: Cluster, other: Cluster, groups: Sequence[Cluster], subjects: Subjects) -> str | None:
    """A law whose code bears a year outside its term, or digits turned round, beside the right one."""
    if not _terms(one) & _terms(other):
        return None
    wrong, right = (one, other) if not _fits_term(one) else (other, one)
    if not _fits_term(wrong) and _fits_term(right):
        terms = {m.key.term for m in wrong.mentions if m.key.term}
        fitting = [
            g for g in groups if g.letters == "QH" and _fits_term(g) and terms & {m.key.term for m in g.mentions}
        ]
        if len(fitting) == 1 and fitting[0] is right:
            return "year outside the Assembly's term"
    names = [{name for m in group.mentions[:20] if (name := subjects.law_name(m))} for group in (one, other)]
    return "same term and name of the law" if names[0] & names[1] else None


def _terms(group: Cluster) -> set[int]:
    return {m.key.term for m in group.mentions if m.key.term}


def _fits_term(group: Cluster) -> bool:
    year = group.year
    return year is None or not _terms(group) or any(_is_of_term(year, term) for term in _terms(group))


def _is_of_term(year: int, term: int | None) -> bool:
    """Whether the Assembly of this term sat in `year`; a term that is not given excludes nothing."""
    first, last = _TERMS.get(term or 0, (0, 9999))
    return first <= year <= last


def _other_letters(one: Cluster, other: Cluster, shared: set[str], subjects: Subjects) -> str | None:
    """Same number and whole date, but other letters, form or issuer."""
    a, b = one.mentions[0].key, other.mentions[0].key
    likeness = _likeness(one, other, subjects)
    agree = _issuers_agree(one, other)
    if one.letters == other.letters:
        if _are_of_two_provinces(one, other):
            return None
        if a.is_central or agree is True:
            return "same date, other form of the code"
        close = likeness is not None and likeness >= 0.5
        return "same date and subject, other issuer" if close and _share_place(one, other) else None
    if a.body == b.body and agree is not False:
        return "same date and issuer, other type" if likeness is None or likeness >= 0.2 else None
    if agree is True and (a.kind == b.kind or not a.kind or not b.kind):
        return "same date and issuer, other letters"
    if a.kind == b.kind and likeness is not None and likeness >= 0.6 and not (_is_sound(one) and _is_sound(other)):
        return "same date and subject, other letters"
    return None


def _issuers(group: Cluster) -> list[IssuerKey]:
    """The bodies printed beside the codes of a group, and the one that its letters mean."""
    return [issuer_key(name) for name in sorted({m.issuer for m in group.mentions if m.issuer})]


def _issuers_agree(one: Cluster, other: Cluster) -> bool | None:
    """True where a body is printed with both, False where their bodies are all different, None where none is known."""
    first, second = _issuers(one), _issuers(other)
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
    return body is not None and any(issuer.body == body for issuer in _issuers(group))


def _share_place(one: Cluster, other: Cluster) -> bool:
    places = [{place for m in group.mentions for place in m.places if place} for group in (one, other)]
    return bool(places[0] & places[1])


def _likeness(one: Cluster, other: Cluster, subjects: Subjects) -> float | None:
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


def _attach(groups: list[Cluster], loose: Sequence[Mention], subjects: Subjects) -> Outcome:
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
    if mention.key.kind in _NORMATIVE_OR_NOT and mention.year and normative != _in_code(group):
        return False
    if mention.cited_on and group.dates() and min(group.dates()) > mention.cited_on:
        return False
    if mention.key.is_central or not mention.issuer:
        return True
    own = issuer_key(mention.issuer)
    return any(same_issuer(own, other) is not False for other in _issuers(group)) or not _issuers(group)


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
    scored = sorted(((_likeness(probe, g, subjects) or 0.0, i) for i, g in enumerate(fitting)), reverse=True)
    (best, index), rest = scored[0], scored[1:]
    if best >= 0.6 and (not rest or best - rest[0][0] >= 0.3):
        return fitting[index], "the only one of this number with its subject"
    return None, ""


def _is_near(mention: Mention, group: Cluster) -> bool:
    """Whether the group's issuer is of a place in the mention's own chain of places."""
    return any(issuer.place and issuer.place in mention.places for issuer in _issuers(group))


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
            _pour(group, twin, "same title")
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
