"""Two texts section by section and paragraph by paragraph: what one took over from the other, and what it changed.

Likeness is counted over an index of word runs, so that the time grows with the length of the texts and not with
its square; only paragraphs that are paired are looked at word by word, within `MOST_STEPS`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from corpus.identity import fold
from corpus.passages import is_wrapped
from datasette_plugins.desk.differences import Span, differences

Kind = Literal["same", "changed", "own", "other"]
RUN, LEAST = 3, 5
"""Words of a run by which paragraphs are found to be alike, and words that a paragraph must have."""
COMMON = 40
"""A run that more paragraphs have says nothing about any."""
ALIKE = 0.25
"""Share of runs in common (of all runs of both) from which a paragraph counts as taken over."""
MOST_PARAGRAPHS = 2_500
LONGEST = 6_000
"""Signs of a paragraph that is compared word by word."""
MOST_STEPS = 40_000_000
"""Products of lengths (in signs) that are compared word by word on one page."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the first depth, or what stands before the first: its heading and its paragraphs."""

    id: str
    heading: str
    role: str
    paragraphs: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph beside the one that it took over; one of them is None where there is no such."""

    kind: Kind
    own: Span | None
    other: Span | None
    own_differs: tuple[Span, ...] = ()
    other_differs: tuple[Span, ...] = ()
    from_part: str = ""
    """The heading that the other paragraph stands under, where that is not the one beside."""


@dataclass(slots=True)
class Pair:
    """A section beside the one that it answers to."""

    own: Part | None
    other: Part | None
    rows: list[Row] = field(default_factory=list)

    def count(self, kind: Kind) -> int:
        """The rows of one kind."""
        return sum(row.kind == kind for row in self.rows)

    @property
    def bands(self) -> list[list[Row]]:
        """The rows from top to bottom: a pair alone, and what stands unpaired between two pairs together."""
        bands: list[list[Row]] = []
        for row in self.rows:
            loose = row.kind in ("own", "other")
            if loose and bands and bands[-1][0].kind in ("own", "other"):
                bands[-1].append(row)
            else:
                bands.append([row])
        return bands


def paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """The paragraphs of ``text[start:end]``: lines, joined where only the page's width broke them."""
    begin = None
    for match in re.finditer(r"[^\n]+", text[start:end]):
        left, right = start + match.start(), start + match.end()
        if not text[left:right].strip():
            continue
        if begin is None:
            begin = left
        at = text.find("\n", right - 1, end)
        if at < 0 or not is_wrapped(text[max(start, at - 200) : at + 60], min(at - start, 200)):
            yield begin, right
            begin = None
    if begin is not None:
        yield begin, end


def best_pairs(
    own: Sequence[AbstractSet[object]], other: Sequence[AbstractSet[object]], least: float
) -> dict[int, int]:
    """For the sets of `own` the likest of `other`, each used once: shares of what they have in common of all."""
    holders: dict[object, list[int]] = defaultdict(list)
    for number, items in enumerate(other):
        for item in items:
            holders[item].append(number)
    scores: list[tuple[float, int, int]] = []
    for number, items in enumerate(own):
        shared: Counter[int] = Counter()
        for item in items:
            found = holders.get(item, ())
            if len(found) <= COMMON:
                shared.update(found)
        for candidate, count in shared.most_common(6):
            score = count / len(items | other[candidate])
            if score >= least:
                scores.append((score, number, candidate))
    scores.sort(key=lambda item: (-item[0], abs(item[1] - item[2]), item[1]))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, number, candidate in scores:
        if number not in pairs and candidate not in taken:
            pairs[number] = candidate
            taken.add(candidate)
    return pairs


def runs(words: str) -> frozenset[object]:
    """The runs of `RUN` words of a paragraph; none of one with fewer than `LEAST` words: it is like too many."""
    tokens = _WORD.findall(fold(words))
    if len(tokens) < LEAST:
        return frozenset()
    return frozenset(tuple(tokens[at : at + RUN]) for at in range(len(tokens) - RUN + 1))


def _aligned_parts(own: Sequence[Part], other: Sequence[Part], moved: Counter[tuple[int, int]]) -> dict[int, int]:
    """Sections that answer to each other: by the words of their headings, their role, and what was taken over."""
    scores: list[tuple[float, int, int]] = []
    heads = [[frozenset(_WORD.findall(fold(part.heading))) for part in parts] for parts in (own, other)]
    for i, part in enumerate(own):
        for k, candidate in enumerate(other):
            if bool(part.id) != bool(candidate.id):
                continue
            words, theirs = heads[0][i], heads[1][k]
            likeness = len(words & theirs) / len(words | theirs) if words | theirs else 1.0
            likeness += 0.3 * bool(part.role and part.role not in ("other", "content") and part.role == candidate.role)
            likeness += moved[i, k] / max(min(len(part.paragraphs), len(candidate.paragraphs)), 1)
            if likeness >= 0.3:
                scores.append((likeness, i, k))
    pairs: dict[int, int] = {}
    for _, i, k in sorted(scores, key=lambda item: (-item[0], abs(item[1] - item[2]), item[1])):
        if i not in pairs and k not in pairs.values():
            pairs[i] = k
    return pairs


def align(text: str, own: Sequence[Part], other_text: str, other: Sequence[Part]) -> list[Pair]:
    """`own` beside `other`: sections in the order of `own`, then those that only `other` has."""
    mine = [(i, span) for i, part in enumerate(own) for span in part.paragraphs][:MOST_PARAGRAPHS]
    theirs = [(k, span) for k, part in enumerate(other) for span in part.paragraphs][:MOST_PARAGRAPHS]
    found = best_pairs(
        [runs(text[start:end]) for _, (start, end) in mine],
        [runs(other_text[start:end]) for _, (start, end) in theirs],
        ALIKE,
    )
    parts = _aligned_parts(own, other, Counter((mine[a][0], theirs[b][0]) for a, b in found.items()))
    taken, answered = set(found.values()), set(parts.values())
    free: dict[int, list[int]] = defaultdict(list)
    for b, (k, _) in enumerate(theirs):
        if b not in taken:
            free[k].append(b)
    work = _Rows(text, other_text)
    pairs = [Pair(part, other[parts[i]] if i in parts else None) for i, part in enumerate(own)]
    for a, (i, span) in enumerate(mine):
        k = parts.get(i, -1)
        if a not in found:
            pairs[i].rows.append(Row("own", span, None))
            continue
        b = found[a]
        beside = theirs[b][0] == k
        while beside and free[k] and free[k][0] < b:
            pairs[i].rows.append(Row("other", None, theirs[free[k].pop(0)][1]))
        pairs[i].rows.append(work.row(span, theirs[b][1], "" if beside else other[theirs[b][0]].heading))
    for i, k in parts.items():
        pairs[i].rows.extend(Row("other", None, theirs[b][1]) for b in free[k])
    for k, part in enumerate(other):
        if k not in answered:
            pairs.append(Pair(None, part, [Row("other", None, theirs[b][1]) for b in free[k]]))
    return [pair for pair in pairs if pair.rows]


class _Rows:
    """Makes rows, and keeps count of what comparing word by word has cost."""

    def __init__(self, text: str, other_text: str) -> None:
        self.text, self.other_text = text, other_text
        self.left = MOST_STEPS

    def row(self, own: Span, other: Span, from_part: str) -> Row:
        """A paragraph beside the one that it took over."""
        mine, theirs = self.text[slice(*own)], self.other_text[slice(*other)]
        if _WORD.findall(mine.casefold()) == _WORD.findall(theirs.casefold()):
            return Row("same", own, other, from_part=from_part)
        cost = len(mine) * len(theirs)
        if cost > self.left:
            return Row("changed", own, other, from_part=from_part)
        self.left -= cost
        ours, others = differences(mine, theirs, longest=LONGEST)
        return Row(
            "changed",
            own,
            other,
            tuple((own[0] + first, own[0] + last) for first, last in ours),
            tuple((other[0] + first, other[0] + last) for first, last in others),
            from_part,
        )
