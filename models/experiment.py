"""What every learned part has in common when it is measured: cases, counts, issuers left out, intervals."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
M = TypeVar("M")
RESAMPLED = 2_000
HELD_OUT = "held out"
HELD_OUT_GROUPS = 4
"""Into how many groups the issuers held out are put where those of the gold are left out one by one."""
SEEN = "seen"
ALL = "all of these"
"""The condition that sums up those of unaltered text."""
_UNALTERED = frozenset({"clean", SEEN, HELD_OUT})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were right, how many were found, how many there are."""

    right: int = 0
    found: int = 0
    there: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.found + other.found, self.there + other.there)

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        return self.right / self.there if self.there else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both; where something is found for each that is there, the share of right ones."""
        return 2 * self.right / (self.found + self.there) if self.found + self.there else 1.0


@dataclass(frozen=True, slots=True)
class Case(Generic[T]):
    """One document under one condition (`clean`, `heavy noise`, `held out`), as a part of models sees it.

    `silver` cases are labelled by the rules: they train and measure nothing.
    """

    name: str
    issuer: str
    condition: str
    data: T
    silver: bool = False


class Part(Protocol[T, M]):
    """A learned part: its cases, how it is trained, and what it gets right in a case."""

    name: str
    groups: int
    """Into how many groups issuers are put, each left out in turn; 0: each issuer by itself."""

    def cases(self) -> list[Case[T]]:
        """All cases, those of the gold first."""
        ...

    def fit(self, cases: Sequence[Case[T]]) -> M:
        """The model that these cases give; the same cases give the same model."""
        ...

    def tally(self, case: Case[T], model: M | None) -> dict[str, Counts]:
        """By figure, what the model gets right; None for the rule."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: rule and model on all documents of one condition, and how sure the difference is.

    `low` and `high` are the bounds of 95 of 100 bootstrap samples of documents for the model's F1 less the rule's.
    """

    part: str
    condition: str
    figure: str
    documents: int
    rule: Counts
    model: Counts
    low: float
    high: float

    @property
    def better(self) -> bool:
        """Whether the model is better by more than its interval."""
        return self.low > 0

    @property
    def worse(self) -> bool:
        """Whether it is worse by more than its interval."""
        return self.high < 0


def left_out(issuers: Sequence[str], groups: int) -> list[frozenset[str]]:
    """The sets of issuers that are left out in turn: each alone, or dealt into `groups`."""
    if not groups:
        return [frozenset({issuer}) for issuer in issuers]
    return [frozenset(issuers[start::groups]) for start in range(min(groups, len(issuers)))]


Tallied = dict[tuple[str, str], dict[str, list[Counts]]]
"""By condition and figure, and by document, the counts of the rule and of the model."""


def measure(part: Part[T, M], say: Callable[[str], None] = lambda _: None, *, by_issuer: bool = False) -> list[Row]:
    """The rows of a part: every gold document by a model that saw no document of its issuer; held-out ones by all.

    With `by_issuer` each issuer has rows of its own.
    """
    cases = part.cases()
    if by_issuer:
        cases = [replace(case, condition=f"{case.condition}: {case.issuer}") for case in cases]
    measured = [case for case in cases if not case.silver and not case.condition.startswith(HELD_OUT)]
    tallied: Tallied = defaultdict(lambda: defaultdict(lambda: [Counts(), Counts()]))
    issuers = sorted({case.issuer for case in measured})
    for number, out in enumerate(left_out(issuers, part.groups), 1):
        say(f"{part.name}: {number}")
        model = part.fit([case for case in cases if case.issuer not in out and not case.condition.startswith(HELD_OUT)])
        for case in measured:
            if case.issuer in out:
                _take(tallied, part, case, model)
    _measure_held_out(part, cases, tallied)
    _sum_up(tallied)
    return [_row(part.name, *key, by_document) for key, by_document in sorted(tallied.items())]


def _measure_held_out(part: Part[T, M], cases: Sequence[Case[T]], tallied: Tallied) -> None:
    """Tallies the cases held out, whose issuers are left out in groups: raw documents may be of one of them too."""
    held = [case for case in cases if case.condition.startswith(HELD_OUT)]
    for out in left_out(sorted({case.issuer for case in held}), part.groups or HELD_OUT_GROUPS):
        model = part.fit([case for case in cases if case.issuer not in out and not case.condition.startswith(HELD_OUT)])
        for case in held:
            if case.issuer in out:
                _take(tallied, part, case, model)


def _take(tallied: Tallied, part: Part[T, M], case: Case[T], model: M) -> None:
    learned = part.tally(case, model)
    for figure, counts in part.tally(case, None).items():
        both = tallied[case.condition, figure][case.name]
        both[0] += counts
        both[1] += learned[figure]


def _sum_up(tallied: Tallied) -> None:
    """Adds, under `ALL`, what the documents of unaltered text give together."""
    found = [(key, by_document) for key, by_document in tallied.items() if key[0] in _UNALTERED]
    if len({condition for (condition, _), _ in found}) > 1:
        for (condition, figure), by_document in found:
            tallied[ALL, figure].update({f"{condition}: {name}": both for name, both in by_document.items()})


def _row(part: str, condition: str, figure: str, by_document: dict[str, list[Counts]]) -> Row:
    pairs = [(rule, model) for _, (rule, model) in sorted(by_document.items())]
    low, high = interval(pairs)
    return Row(part, condition, figure, len(pairs), total(r for r, _ in pairs), total(m for _, m in pairs), low, high)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts."""
    return sum(counts, Counts())


def interval(pairs: Sequence[tuple[Counts, Counts]], seed: int = 1) -> tuple[float, float]:
    """The bounds of the middle 95 of 100 differences in F1 (second less first) over resampled documents."""
    rng = random.Random(seed)
    differences = []
    for _ in range(RESAMPLED):
        drawn = rng.choices(pairs, k=len(pairs))
        differences.append(total(model for _, model in drawn).f1 - total(rule for rule, _ in drawn).f1)
    differences.sort()
    return differences[RESAMPLED // 40], differences[RESAMPLED - 1 - RESAMPLED // 40]
