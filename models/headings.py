"""Heading or not, learned: the log-odds that a line which begins with a marker begins a unit (`HeadingScorer`).

It is asked where the text was misread (`models.misreads`); elsewhere the rule decides alone. Features are the rule's
own score, the marker's kind and closing sign, what stands before and behind it, how the line looks, and how much of
the text was misread. What the numbering says is left to the search in `extract.outline`, as with the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extract.candidates import score_headings
from extract.outline import Candidate
from extract.type_words import fold
from models.linear import Features, Linear, load
from models.misreads import misread_share

VERSION = "1"
PLACES = 1 << 12
PENALTY = 4.0
_CAP = 8.0
"""Log-odds beyond which a line is as sure as can be: the search weighs them against its own scale."""
MISREAD = 0.004
"""From this share of misread words on a text counts as noisy: in clean text fewer than one word in 500 is none."""
_SAMPLE = 100
"""How many lines are looked at for it."""
_BANDS = (0.01, 0.02, 0.04)


def noise_of(candidates: Sequence[Candidate]) -> float:
    """The share of misread words around the first candidates of a document."""
    return misread_share(words for one in candidates[:_SAMPLE] for words in (one.rest, one.above))


def heading_features(candidate: Candidate, rule: float, noise: float) -> Features:
    """What the model sees of a candidate; `rule` is the rule's score for it, `noise` that of its document."""
    band = sum(noise >= edge for edge in _BANDS)
    marker = candidate.readings[0]
    rest, above = candidate.rest, candidate.above.rstrip()
    words = fold(rest).split()
    last = above.split()[-1:] if above else []
    letters = sum(map(str.isalpha, rest))
    names = [
        f"kind={marker.kind}",
        f"style={marker.kind}{marker.style}",
        f"place={candidate.place}{candidate.behind}",
        f"first={marker.kind}{marker.ordinal[-1] == 1}",
        f"large={marker.ordinal[-1] > 30}",
        f"blanks={min(candidate.blanks, 2)}{candidate.place}",
        f"filled={candidate.filled}{candidate.blanks == 0}",
        f"below={candidate.below}",
        f"table={candidate.in_table}",
        f"quoted={candidate.quoted}",
        f"readings={len(candidate.readings)}",
        f"case={_case(rest)}{marker.kind}",
        f"end={above[-1:] if not above[-1:].isalnum() else 'word'}{candidate.place}",
        f"length={min(len(rest) // 15, 4)}",
        f"sparse={letters * 2 < len(rest)}",
        *(f"above={fold(word)}" for word in last),
        *(f"word={word}" for word in words[:1]),
        *(f"words={' '.join(words[:2])}" for _ in words[1:2]),
    ]
    names += [f"rule={round(rule)}", f"noise={band}{round(rule)}", f"noise={band}{marker.kind}{marker.style}"]
    return {"rule": rule / 2.0, f"rule{band}": rule / 2.0, **dict.fromkeys(names, 1.0)}


def _case(rest: str) -> str:
    if not rest:
        return "none"
    if rest[0].isdigit():
        return "digit"
    if not rest[0].isalpha():
        return "sign"
    if rest[0].islower():
        return "small"
    return "capitals" if rest.isupper() else "title"


@dataclass(frozen=True, slots=True)
class LearnedHeadings:
    """The learned `HeadingScorer`."""

    model: Linear

    @property
    def by(self) -> str:
        """What a fact names as its finder."""
        return f"model:headings/{self.model.version}"

    def __call__(self, candidates: Sequence[Candidate]) -> tuple[list[float], str | None]:
        """The log-odds of each candidate of one document, in order, and `by` where the model gave them."""
        noise = noise_of(candidates)
        return (score_headings(candidates), None) if noise < MISREAD else self.weigh(candidates, noise)

    def weigh(self, candidates: Sequence[Candidate], noise: float) -> tuple[list[float], str]:
        """The log-odds of the candidates of a document whose share of misread words is `noise`, and `by`."""
        rules = score_headings(candidates)
        pairs = zip(candidates, rules, strict=True)
        return [self._score(candidate, rule, noise) for candidate, rule in pairs], self.by

    def _score(self, candidate: Candidate, rule: float, noise: float) -> float:
        if not is_learned(candidate):
            return rule
        score = self.model.log_odds(heading_features(candidate, rule, noise))
        return max(-_CAP, min(_CAP, score))


class LazyHeadings:
    """`LearnedHeadings` whose weights are read from a file when a noisy document first comes.

    Where a text is not noisy the file is not opened and numpy not imported.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, candidates: Sequence[Candidate]) -> tuple[list[float], str | None]:
        """The log-odds of each candidate of one document, in order, and what gave them."""
        noise = noise_of(candidates)
        if noise < MISREAD:
            return score_headings(candidates), None
        return _read(self.path).weigh(candidates, noise)


@cache
def _read(path: Path) -> LearnedHeadings:
    return LearnedHeadings(load(path))


def is_learned(candidate: Candidate) -> bool:
    """Whether the model has a say: not on annexes and attached documents, which no number in the text announces."""
    return not candidate.resets and candidate.readings[0].kind not in {"annex", "attached"}
