"""Findings on figures that stand twice: a target with two values, a total that the annex gives otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from extract.checks.base import Reading, finding, official_sum
from extract.records import Budget, Finding, Target

_WORD = re.compile(r"[^\W\d_]+")
_LEAST_WORDS = 5
"""An indicator of fewer syllables (`tỷ lệ đạt`) names no one thing."""
_NEAR = 0.5
"""Totals that differ by more than this share of the greater are of two things."""


def check_target_conflict(reading: Reading) -> Iterator[Finding]:
    """One indicator with one unit and one year, word for word, and two values."""
    groups: dict[tuple[str, str, str], list[Target]] = defaultdict(list)
    for target in reading.document.targets:
        words = _WORD.findall((target.indicator or "").lower())
        if len(words) >= _LEAST_WORDS and target.by_date and not target.table and not target.uncertain:
            groups[" ".join(words), target.unit, target.by_date].append(target)
    for same in groups.values():
        first = same[0]
        other = next((t for t in same if (t.value, t.value_max) != (first.value, first.value_max)), None)
        if other is not None and first.value_max is None and other.value_max is None:
            values = [f"{target.value:g}".replace(".", ",") + f" {target.unit}" for target in (first, other)]
            words_of = {"indicator": first.indicator, "first": values[0], "second": values[1]}
            yield finding("target-conflict", (reading.side(first), reading.side(other)), confidence=0.7, **words_of)


def check_annex_amount_mismatch(reading: Reading) -> Iterator[Finding]:
    """The one total of the text and the one total of the annexes, of one purpose, differ by more than rounding."""
    end = reading.view.to_source(reading.layout.annex) if reading.layout.annex < reading.layout.end else None
    totals = [b for b in reading.document.budgets if b.kind == "total" and not b.uncertain and not b.ambiguous]
    if end is None or not totals:
        return
    own, annexed = ([b for b in totals if (b.start < end) is before] for before in (True, False))
    if len({b.vnd for b in own}) != 1 or len({b.vnd for b in annexed}) != 1:
        return
    text, annex = own[0], annexed[0]
    difference = abs(text.vnd - annex.vnd)
    if not _rounding((text, annex)) < difference <= _NEAR * max(text.vnd, annex.vnd) or _periods_differ(text, annex):
        return
    words = {"text": official_sum(text.vnd), "annex": official_sum(annex.vnd)}
    yield finding("annex-amount-mismatch", (reading.side(text), reading.side(annex)), confidence=0.65, **words)


def _rounding(sums: Sequence[Budget]) -> int:
    """Half the coarser of the units that the sums are given in."""
    units = []
    for budget in sums:
        unit = 1
        while budget.vnd and budget.vnd % (unit * 10) == 0 and unit < 10**9:
            unit *= 10
        units.append(unit)
    return max(units) // 2


def _periods_differ(one: Budget, other: Budget) -> bool:
    return one.period is not None and other.period is not None and one.period != other.period
