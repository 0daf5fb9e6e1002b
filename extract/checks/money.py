"""Findings on sums of money: digits against words, parts against totals, quantities against amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.checks.base import Reading, finding, official_sum
from extract.records import Budget, Finding
from rules.loader import words as rule_words


def check_amount_words_mismatch(reading: Reading) -> Iterator[Finding]:
    """The digits of a sum and the words in brackets behind it differ."""
    for budget in reading.document.budgets:
        if budget.in_words is None or budget.in_words in (budget.vnd, *budget.ambiguous) or budget.uncertain:
            continue
        words = {"digits": official_sum(budget.vnd), "words": official_sum(budget.in_words)}
        quote = reading.quote(budget.start, budget.end)
        yield finding("amount-words-mismatch", (reading.side(budget),), confidence=0.9, quote=quote, **words)


def check_sum_mismatch(reading: Reading) -> Iterator[Finding]:
    """A total and the parts that the text says it consists of (`trong đó`, `gồm`) differ by more than rounding."""
    budgets = [b for b in reading.document.budgets if not b.table and not b.uncertain]
    for i, total in enumerate(budgets):
        parts = _parts(reading, total, budgets[i + 1 :])
        if len(parts) < 2:
            continue
        found = sum(part.vnd for part in parts)
        if not _differs(total.vnd, found, len(parts), parts):
            continue
        sides = (reading.side(total), *(reading.side(part) for part in parts))
        words = {"total": official_sum(total.vnd), "sum": official_sum(found)}
        difference = official_sum(abs(total.vnd - found))
        yield finding("sum-mismatch", sides, confidence=0.75, difference=difference, **words)


def _parts(reading: Reading, total: Budget, following: Sequence[Budget]) -> list[Budget]:
    """The sums that the text names as the parts of `total`: those of one section behind a cue like `trong đó`.

    Parts within parts (a second cue) end the list: what they belong to is then not certain.
    """
    text = reading.document.source.text
    cues = rule_words("totals.toml", "parts.cues")
    if not following or following[0].section != total.section:
        return []
    between = " ".join(text[total.end : following[0].start].lower().split())
    if len(between) > 160 or not any(cue in between for cue in cues):
        return []
    parts: list[Budget] = []
    last = total.end
    for part in following:
        gap = text[last : part.start].lower()
        if part.section != total.section or part.per != total.per or part.vnd_max is not None or part.ambiguous:
            break
        if parts and (len(gap) > 300 or any(cue in gap for cue in cues)):
            return []
        parts.append(part)
        last = part.end
        if sum(p.vnd for p in parts) >= total.vnd:
            break
    return parts


def _differs(total: int, found: int, count: int, parts: Sequence[Budget]) -> bool:
    """Whether the difference is more than the parts' rounding, and small enough that no part is likely unnamed."""
    if not total or not found:
        return False
    unit = min(_unit(part.vnd) for part in parts)
    difference = abs(total - found)
    return difference > count * unit // 2 and difference < 0.25 * total


def _unit(vnd: int) -> int:
    """The smallest unit that a sum is given in: 1,500 triệu is given to a hundred million."""
    unit = 1
    while vnd and vnd % (unit * 10) == 0 and unit < 10**9:
        unit *= 10
    return unit
