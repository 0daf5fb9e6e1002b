"""Findings on sums of money: digits against words, parts against totals, quantities against amounts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from extract.checks.base import Reading, finding, official_sum
from extract.checks.tables import row_sums, table_sums
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
    """A total and the parts that the text says it consists of (`trong đó`, `gồm`) differ by more than rounding.

    So does a table's row of totals from the rows above it, and a column of totals from the columns right of it.
    """
    yield from table_sums(reading)
    yield from row_sums(reading)
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


_FACTOR = re.compile(
    r"\s*(?:/\s?[^\s/x×*=]+(?:\s?[^\W\d_]+)?\s*)*[x×*]\s*(?P<count>\d{1,3}(?:\.\d{3})*|\d+(?:,\d+)?)\s*[^\dx×*=;\n]{0,40}"
)


def check_quantity_price_mismatch(reading: Reading) -> Iterator[Finding]:
    """`200.000 đồng/người x 50 người x 3 ngày = 35.000.000 đồng`: the product of all factors is another sum."""
    budgets = [budget for budget in reading.document.budgets if not budget.table]
    for price, amount in itertools.pairwise(budgets):
        between = reading.document.source.text[price.end : amount.start]
        product = _product(price.vnd, " ".join(between.split()))
        if product is None or price.uncertain or amount.uncertain or amount.ambiguous or price.ambiguous:
            continue
        if abs(product - amount.vnd) <= max(_unit(amount.vnd) // 2, 1):
            continue
        sides = (reading.side(price), reading.side(amount))
        quote = reading.quote(price.start, amount.end)
        words = {"product": official_sum(round(product)), "amount": official_sum(amount.vnd)}
        yield finding("quantity-price-mismatch", sides, confidence=0.85, quote=quote, **words)


def _product(price: int, between: str) -> float | None:
    """The price times all factors that stand before the sign of equality, None where anything else stands there."""
    if not between.endswith("=") or len(between) > 160:
        return None
    at, product = 0, float(price)
    factors = between[:-1].rstrip()
    while at < len(factors):
        match = _FACTOR.match(factors, at)
        if match is None:
            return None
        product *= float(match["count"].replace(".", "").replace(",", "."))
        at = match.end()
    return product


_MOST = {"commune": 10**13, "district": 10**14, "province": 10**15}
"""đồng: sums beyond these are larger than the yearly budgets of the largest units of a level."""


def check_unit_mismatch(reading: Reading) -> Iterator[Finding]:
    """A sum larger than any budget of the issuer's level: `1.723.000.000 triệu đồng`."""
    most = _MOST.get(reading.document.header.issuer_level or "")
    for budget in reading.document.budgets:
        if most and budget.vnd > most and not budget.table and not budget.uncertain and not budget.ambiguous:
            quote = reading.quote(budget.start, budget.end)
            yield finding("unit-mismatch", (reading.side(budget),), confidence=0.7, quote=quote)
