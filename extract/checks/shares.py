"""Findings on shares and growth: more than the whole, parts that are not one whole, growth that its figures deny."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.checks.base import Reading, finding
from extract.records import Finding
from rules.loader import pattern, words

_SHARE_AT_END = re.compile(r"(?<![\d.,/-])(\d{3,4}(?:,\d+)?)\s?%\Z")
_WIDEST = 12
_PLAIN = re.compile(r"(?<![\d.,/-])(\d{1,3}(?:,\d+)?)\s?%")
_SENTENCE = re.compile(r"[.;]\s|\n\s*\n|[|•]")
_BEFORE, _AFTER = 160, 60
_NEAR_WHOLE = 25.0
"""Shares that miss the whole by more than this are not all of its shares."""


def _number(printed: str) -> float:
    """A number by the Vietnamese signs: points part thousands, the comma begins the decimals."""
    return float(printed.strip(".,").replace(".", "").replace(",", "."))


def _shown(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def check_percent_out_of_range(reading: Reading) -> Iterator[Finding]:
    """A share of a whole above 100%, where nothing says that it is one of a plan or of an earlier figure."""
    text, layout = reading.view.text, reading.layout
    for at in _signs(text, layout.body, layout.end):
        match = _SHARE_AT_END.search(text, max(layout.body, at - _WIDEST), at + 1)
        if match is None or _number(match[1]) <= 100:
            continue
        before = _SENTENCE.split(text[max(layout.body, match.start() - _BEFORE) : match.start()])[-1]
        after = _SENTENCE.split(text[match.end() : match.end() + _AFTER])[0]
        cue = pattern("checks.toml", "share_of_whole.cue").search(before)
        if cue and not pattern("checks.toml", "share_of_whole.beyond").search(before + " " + after):
            span = reading.view.span(match.start() - len(before) + cue.start(), match.end())
            yield finding("percent-out-of-range", (reading.passage(*span),), confidence=0.7, quote=reading.quote(*span))


def check_growth_mismatch(reading: Reading) -> Iterator[Finding]:
    """`từ 120 tỷ lên 150 tỷ, tăng 20%`: the figures give another growth, beyond what rounding explains."""
    text, layout = reading.view.text, reading.layout
    for at in _signs(text, layout.body, layout.end):
        match = _growth_before(text, max(layout.body, at - _BEFORE), at + 1)
        if match is None or len({match["unit"].strip(), match["unit2"].strip()} - {""}) > 1:
            continue
        first, last, stated = (_number(match[name]) for name in ("from", "to", "share"))
        if not first or (last > first) != (match["word"].lower() == "tăng"):
            continue
        computed = abs(last - first) / first * 100
        slack = 0.06 + computed * (_half(match["from"]) / first + _half(match["to"]) / max(last, 1e-9))
        if "," not in match["share"]:
            slack += 0.5
        if abs(computed - stated) > slack:
            span = reading.view.span(*match.span())
            said = {"computed": _shown(computed), "stated": match["share"], "quote": reading.quote(*span)}
            yield finding("growth-mismatch", (reading.passage(*span),), confidence=0.7, **said)


def _signs(text: str, start: int, end: int, sign: str = "%") -> Iterator[int]:
    """Where `sign` stands, in order."""
    at = text.find(sign, start, end)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1, end)


def _growth_before(text: str, start: int, end: int) -> re.Match[str] | None:
    """The growth whose share ends at `end`; the nearest where several begin before it."""
    found = None
    for match in pattern("checks.toml", "growth").finditer(text, start, end):
        found = match if match.end() == end else found
    return found


def _half(printed: str) -> float:
    """Half the last decimal that a number is printed with."""
    decimals = len(printed.partition(",")[2])
    return 0.5 * 10.0**-decimals


def check_share_sum_mismatch(reading: Reading) -> Iterator[Finding]:
    """Shares of one sum by who pays them that make less or more than 100."""
    text, layout = reading.view.text, reading.layout
    for cue in _cues(text, layout.body, layout.end):
        rest = re.split(r"\.\s|\n\s*\n", text[cue.end() : cue.end() + 500])[0]
        items = list(pattern("checks.toml", "funding_shares.item").finditer(rest))
        if len(items) < 2 or len(items) != len(_PLAIN.findall(rest)):
            continue
        total = sum(_number(item["share"]) for item in items)
        if 0.5 < abs(total - 100) <= _NEAR_WHOLE:
            span = reading.view.span(cue.start(), cue.end() + items[-1].end())
            said = {"sum": _shown(total), "quote": reading.quote(*span)}
            yield finding("share-sum-mismatch", (reading.passage(*span),), confidence=0.7, **said)


def _cues(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The words that open a list of payers, in the order of the text."""
    opens = pattern("checks.toml", "funding_shares.cue")
    anchors = words("checks.toml", "funding_shares.anchors")
    places = sorted(at for anchor in anchors for at in _signs(text, start, end, anchor))
    yield from (match for at in places if at and (match := opens.match(text, at - 1, end)))
