"""Findings on what a document says of itself: units that it does not have, another type, another unit's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extract.checks.base import Reading, finding
from extract.checks.numbering import quotes_others
from extract.quick import Quick
from extract.records import Finding
from rules.loader import document as rules_document
from rules.loader import pattern, table
from rules.units import key_of

_QUOTED = re.compile(r"[“\"][^”\"]*\Z")
_REACH = 600


@cache
def _types() -> dict[str, str]:
    """The full name of each type, small, by its abbreviation."""
    return {row["code"]: row["name_vi"].lower() for row in table("doc_types.csv")}


def _speaks_of_itself(reading: Reading, start: int) -> bool:
    """Whether what stands at the view offset is the document's own word, not one that it quotes."""
    if "sửa đổi" in (reading.document.header.title or "").lower() or "VBHN" in (reading.document.header.symbol or ""):
        return False
    at = reading.view.to_source(start)
    holders = (section for section in reading.document.sections if section.start <= at < section.end)
    return not _QUOTED.search(reading.view.text, max(0, start - _REACH), start) and not any(
        quotes_others(reading, section) for section in holders
    )


@cache
def _own_units() -> Quick:
    return Quick(pattern("checks.toml", "own_unit").pattern)


def check_reference_missing(reading: Reading) -> Iterator[Finding]:
    """`Điều 12 Quyết định này`, and no unit bears that number, read or unread. Once for each number."""
    text, layout = reading.view.text, reading.layout
    own = _types().get(reading.document.header.doc_type or "", "")
    if not own or _own_units().search_in(text, layout.body, layout.signature) is None:
        return
    seen: set[str] = set()
    for match in _own_units().pattern.finditer(text, layout.body, layout.signature):
        number = match["article"] or match["roman"]
        if match["type"].lower() != own or number in seen or not _speaks_of_itself(reading, match.start()):
            continue
        seen.add(number)
        if not _has_unit(reading, number, is_article=match["article"] is not None):
            span = reading.view.span(*match.span())
            quote = reading.quote(*span)
            yield finding("reference-missing", (reading.passage(*span),), confidence=0.7, quote=quote)


def _has_unit(reading: Reading, number: str, *, is_article: bool) -> bool:
    """Whether a unit of this number stands in the document, or the document's units of its kind are not known."""
    markers = [section.marker.rstrip(".") for section in reading.document.sections]
    name = f"Điều {number}" if is_article else number
    kin = [marker for marker in markers if (marker.startswith("Điều ") if is_article else set(marker) <= set("IVX"))]
    if len(kin) < 2 or name in kin:
        return True
    printed = rf"Điều\s+{number}" if is_article else rf"(?:[Pp]hần\s+|PHẦN\s+)?{number}"
    return re.search(rf"(?m)^[\W_]*{printed}(?!\w)", reading.document.source.text) is not None


def check_template_leftover(reading: Reading) -> Iterator[Finding]:
    """A plan that calls itself by another type where it closes, or says that another unit draws it up."""
    header, text, layout = reading.document.header, reading.view.text, reading.layout
    own = _types().get(header.doc_type or "")
    if header.doc_type == "KH":
        yield from _other_unit(reading)
    for match in pattern("checks.toml", "calls_itself").finditer(text, layout.body, layout.signature):
        named = match["type"].lower()
        known = own is not None and any(own == name for name in _itself())
        if known and named != own and header.title and _speaks_of_itself(reading, match.start()):
            span = reading.view.span(*match.span())
            sides = (reading.passage(*span), *reading.header_side("doc_type"))
            words = {"quote": reading.quote(*span), "expected": own}
            yield finding("template-leftover", sides, confidence=0.7, **words)


@cache
def _itself() -> tuple[str, ...]:
    """Types that close by naming themselves."""
    return tuple(rules_document("checks.toml")["names_itself"]["types"])


def _other_unit(reading: Reading) -> Iterator[Finding]:
    """Another unit of the issuer's own kind that the preamble says draws the plan up."""
    header, text, layout = reading.document.header, reading.view.text, reading.layout
    places = {"commune": header.commune, "district": header.district}
    name = places.get(header.issuer_level or "")
    if not name:
        return
    opening = reading.document.sections[0].start if reading.document.sections else 0
    match = pattern("checks.toml", "drawn_up_by").search(text, layout.body, layout.signature)
    if not match or reading.view.to_source(match.start()) > opening:
        return
    if f"{match['kind']} " in f"{header.issuer or ''} ".lower() and key_of(match["name"]) != key_of(name):
        span = reading.view.span(*match.span())
        sides = (reading.passage(*span), *reading.header_side("issuer"))
        words = {"quote": reading.quote(*span), "expected": header.issuer}
        yield finding("template-leftover", sides, confidence=0.75, **words)
