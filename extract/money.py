"""How a sum of money is printed: number, scale and currency, ranges, what it is counted per, its words in brackets.

`find_sums` gives every printed sum of a text in đồng, whatever it is for. Foreign currency is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial

from extract.amounts import NUMBER, Reading, from_words, shows_rule
from extract.records import Span
from rules.loader import document, pattern, words

_ANCHOR = re.compile(r"[0-9] ?(?:tỷ|tỉ\b|ty\b|triệu|nghìn|ngàn|trăm|đồng|đông\b|Đồng|đ\b|VN[DĐ]|vn[dđ]|tr\.? ?đ|₫)")
_UNIT = re.compile(
    r"(?: ?(?P<scale>(?:(?:trăm|nghìn|ngàn) )?(?:tỷ|tỉ\b|ty\b|triệu)|trăm nghìn|trăm ngàn|nghìn|ngàn|tr\.?(?= ?đ\b)))?"
    r"(?: ?(?P<currency>[đĐ]ồng\b|đông\b|VN[DĐ]\b|vn[dđ]\b|đ\b|₫))?"
)
_NUMBER_BEFORE = re.compile(rf"(?<![0-9.,])(?:{NUMBER})\Z")
_SECOND = re.compile(rf"(?P<first>{NUMBER}) ?(?P<link>-|đến|tới|÷|/) ?\Z")
_cue = partial(pattern, "money.toml")
_PER = re.compile(r" ?/ ?(?:(?:[0-9]{1,2}|một) )?(?P<unit>[^\W\d_][^\W\d_&-]*(?: [^\W\d_]+){0,3})")
_ENDS_BARE = re.compile(r"\s*(?:[.,;:)(/+=\n\]-]|\Z|và )")
_IN_WORDS = re.compile(
    r"(?:\.|,)? ?[(\[]? ?(?:[Vv]iết )?(?:[Bb]ằng chữ|BẰNG CHỮ) ?:? ?(?P<said>[^()\[\]\n;:0-9]{4,200}?)"
    r"(?:[.;/)\]]+|\n|\Z)"
    r"| ?\( ?(?P<words>[^()\n0-9:;]{4,200}?đồng[^()\n0-9:;]{0,12})\)"
)
_UNIT_SIZES = frozenset({"1.000", "1000", "1.000.000", "1000000"})


@dataclass(slots=True)
class Sum:
    """A printed sum in offsets of the text searched: `end` behind the currency, `per_end` behind what it is per."""

    start: int
    end: int
    vnd: int
    vnd_max: int | None
    ambiguous: tuple[int, ...]
    scale: int
    currency: bool
    malformed: bool
    per: str | None = None
    per_end: int = 0
    in_words: int | None = None
    words: Span | None = None


@cache
def _per_units() -> frozenset[str]:
    return frozenset(words("money.toml", "per.units"))


@cache
def _not_money() -> frozenset[str]:
    return frozenset(words("money.toml", "not_money.after_dong"))


@cache
def scale_of(printed: str | None) -> int:
    """The factor of a scale as printed, by the words of `rules/money.toml` or by its digits; none -> 1.

    >>> scale_of("nghìn tỷ"), scale_of("1.000"), scale_of("tr."), scale_of(None)
    (1000000000000, 1000, 1000000, 1)
    """
    factor, scales = 1, document("money.toml")["scales"]
    for word in (printed or "").replace(".", "").split():
        factor *= int(word) if word.isdigit() else int(scales[word])
    return factor


def _whole(value: Fraction, scale: int) -> int:
    return round(value * scale)


def _is_plain_dong(text: str, start: int, digits: str, end: int) -> bool:
    """Whether `đồng` or `đ` straight after digits is money: not `12 đồng chí`, `năm 2031 đồng thời`, `2 đ)`."""
    following = text[end : end + 12].split()
    if text[end : end + 1] == " " and following and following[0].strip(".,;:").lower() in _not_money():
        return False
    is_letter = text[end : end + 1] == ")" and "(" not in text[start - 30 : start]
    if text[end - 1] == "đ" and (len(digits) < 4 or is_letter):
        return False
    grouped = "." in digits or "," in digits or " " in digits or len(digits) > 4
    return grouped or digits == "0" or (bool(_ENDS_BARE.match(text, end)) and len(digits) != 4)


def _names_unit(text: str, start: int, end: int, digits: str) -> bool:
    """Whether the words only name a table's unit: `ĐVT: 1.000 đồng`, `(1.000đ)`."""
    alone = text[start - 1 : start] == "(" and text[end : end + 1] == ")" and digits in _UNIT_SIZES
    return alone or _cue("unit_line").search(text, max(0, start - 20), start) is not None


def _sum_at(text: str, anchor: int, bounds: Span, decided: bool) -> tuple[Sum, ...]:
    """The sum whose last digit stands at `anchor`, two of them for `12,3/10 triệu đồng`; empty where it is no money."""
    unit = _UNIT.match(text, anchor + 1)
    head = max(bounds[0], anchor - 60)
    number = _NUMBER_BEFORE.search(text, head, anchor + 1)
    if unit is None or number is None:
        return ()
    scale, currency, end = scale_of(unit["scale"]), unit["currency"] is not None, unit.end()
    if scale == 1 and not _is_plain_dong(text, number.start(), number.group(), end):
        return ()
    if _cue("foreign").match(text, end) or _names_unit(text, number.start(), end, number.group()):
        return ()
    reading = Reading.of(number.group())
    if reading is None:
        return ()
    found = _make(number.start(), end, reading, scale, currency, decided)
    return _with_first(text, found, head, decided)


def _make(start: int, end: int, reading: Reading, scale: int, currency: bool, decided: bool) -> Sum:
    value = reading.value
    other = reading.other
    if scale == 1 and value.denominator != 1 and other is not None:
        value, other = other, None
    elif scale == 1:
        other = None
    ambiguous: tuple[int, ...] = ()
    if other is not None and not decided and (scale >= 10**9 or value.denominator != 1):
        ambiguous = (_whole(value, scale), _whole(other, scale))
    return Sum(start, end, _whole(value, scale), None, ambiguous, scale, currency, reading.malformed)


def _with_first(text: str, found: Sum, head: int, decided: bool) -> tuple[Sum, ...]:
    """Joins `3 đến 5 triệu`, `50-70 triệu` to a range; gives both sums of `12,3/10 triệu`."""
    first = _SECOND.search(text, head, found.start)
    if first is None:
        return (found,)
    reading = Reading.of(first["first"])
    if reading is None or text[max(0, first.start() - 1) : first.start()] in tuple("0123456789/.-"):
        return (found,)
    low = _make(first.start(), found.end, reading, found.scale, found.currency, decided)
    if first["link"] == "/":
        return (low, found)
    if low.vnd >= found.vnd or found.scale == 1:
        return (found,)
    return (replace(found, start=low.start, vnd=low.vnd, vnd_max=found.vnd),)


def _join(text: str, left: Sum, right: Sum) -> Sum | None:
    """One sum out of two neighbours: `3 tỷ 500 triệu đồng`, `từ 3 tỷ đồng đến 5 tỷ đồng`; None where they are two."""
    between = text[left.end : right.start]
    if between in (" ", " và ") and not left.currency and left.vnd_max is None and right.scale < left.scale:
        if right.vnd < left.scale and right.vnd_max is None:
            return replace(right, start=left.start, vnd=left.vnd + right.vnd, ambiguous=())
        return None
    if len(between) > 16 or not _cue("linked").match(between) or left.vnd_max is not None or left.vnd >= right.vnd:
        return None
    return replace(right, start=left.start, vnd=left.vnd, vnd_max=right.vnd_max or right.vnd, ambiguous=left.ambiguous)


def _per(text: str, found: Sum, stop: int) -> Sum:
    """Adds what the sum is counted per: `/người/ngày`, `/01 báo cáo`."""
    units: list[str] = []
    at = max(found.end, found.per_end)
    while len(units) < 3:
        match = _PER.match(text, at, stop)
        if not match:
            break
        parts = match["unit"].split(" ")
        size = next((n for n in range(len(parts), 1, -1) if " ".join(parts[:n]).lower() in _per_units()), 1)
        units.append(" ".join(parts[:size]))
        at = match.start("unit") + len(units[-1])
    return replace(found, per="/".join(units) or None, per_end=at)


def _said(text: str, found: Sum, stop: int) -> Sum:
    """Adds the words of the sum: `(Ba tỷ năm trăm triệu đồng)`, `(Bằng chữ: ...)`."""
    match = _IN_WORDS.match(text, found.per_end, min(stop, found.per_end + 260))
    if not match:
        return found
    group = "said" if match["said"] else "words"
    value = from_words(match[group])
    if value is None and group == "words":
        return found
    return replace(found, in_words=value, words=match.span(group), per_end=match.end())


def find_sums(text: str, start: int = 0, end: int | None = None) -> Iterator[Sum]:
    """Every sum in đồng between `start` and `end` of `text`, in reading order."""
    stop = len(text) if end is None else end
    decided: bool | None = None
    pending: list[Sum] = []
    for anchor in _ANCHOR.finditer(text, start, stop):
        if decided is None:
            decided = shows_rule(text)
        for found in _sum_at(text, anchor.start(), (start, stop), decided):
            joined = _join(text, pending[-1], found) if pending else None
            if joined is not None:
                pending[-1] = joined
                continue
            yield from _finished(text, pending, stop)
            pending = [found]
    yield from _finished(text, pending, stop)


def _finished(text: str, pending: list[Sum], stop: int) -> Iterator[Sum]:
    """The sums that stand: one without a currency only where nothing else is counted and money is spoken of."""
    for found in pending:
        if not found.currency:
            near = _cue("near").search(text, max(0, found.start - 80), found.start)
            if not near or not _ENDS_BARE.match(text, found.end):
                continue
        whole = _said(text, _per(text, found, stop), stop)
        yield _per(text, whole, stop) if whole.words and whole.per is None else whole
