"""Short mentions that point back (`Kế hoạch số 75 nêu trên`, `Quyết định trên`), with what they point to.

A reference is resolved where exactly one cited document fits; where none or several do, it says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from extract.locate import SectionIndex
from extract.records import Citation, Header, Layout, Reference, Section
from extract.symbols import parse_symbol
from extract.text import View
from extract.type_words import fold, type_names

_BACK = re.compile(r"(?:nêu|nói|đã nêu|dẫn) trên(?!\w)|(?<=[^\W\d_] )trên(?= ?(?:[,.;:)\n]|và |là |được |đã |cho |để |đến |về |theo |gồm )|\Z)")


@cache
def _kinds() -> re.Pattern[str]:
    names = sorted({name for name in _printed_names()}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")


def _printed_names() -> list[str]:
    from rules.loader import table

    names: list[str] = []
    for row in table("doc_types.csv"):
        if row["family"] in ("copy",) or not row["name_vi"]:
            continue
        names += [name for name in (row["name_vi"], *row["variants"].split(";")) if name]
    return names


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(_kinds().pattern + r"(?: số)? (?P<number>\d{1,4})(?![\d/.,-]|\s?[-/]\s?[A-ZĐ\d])(?P<back> (?:nêu|nói) trên| trên(?!\w))?")


def find_references(
    view: View, layout: Layout, header: Header, sections: Sequence[Section], citations: Sequence[Citation]
) -> tuple[Reference, ...]:
    """The references of the official document in reading order; `citations` carry their ids."""
    text = view.text
    index = SectionIndex(sections)
    starts = [citation.start for citation in citations]
    found: dict[int, Reference] = {}
    for begin, end, kind, number in sorted(_candidates(text, layout)):
        a, b = view.span(begin, end)
        i = bisect_right(starts, a)
        if i and citations[i - 1].end > a:
            continue
        if a not in found:
            antecedent, reason = _resolve(citations[:i], kind, number)
            if antecedent is None and number is not None and not text[begin:end].endswith("trên") and reason == "none":
                continue
            found[a] = Reference(
                start=a,
                end=b,
                by="rule:references/" + ("number" if number else "back"),
                antecedent=antecedent.id if antecedent else None,
                reason=_REASONS[reason],
                doc_type=kind,
                section=index.path_at(a),
            )
    return tuple(found[a] for a in sorted(found))


_REASONS = {
    "one": "one cited document of this kind fits",
    "nearest": "the nearest cited document of this kind, the only one in this sentence or the one before",
    "none": "no document of this kind is cited before",
    "several": "several cited documents fit",
}


def _candidates(text: str, layout: Layout) -> list[tuple[int, int, str, str | None]]:
    names = type_names()
    hits: list[tuple[int, int, str, str | None]] = []
    for match in _numbered().finditer(text, layout.start, layout.end):
        words = re.sub(r"(?: số)? \d+.*", "", match.group())
        hits.append((match.start(), match.end(), names[fold(words)], match["number"]))
    for back in _BACK.finditer(text, layout.start, layout.end):
        low = max(layout.start, back.start() - 30)
        kinds = [m for m in _kinds().finditer(text, low, back.start()) if text[m.end() : back.start()] == " "]
        if kinds:
            kind = kinds[-1]
            hits.append((kind.start(), back.end(), names[fold(kind.group())], None))
    return hits


def _resolve(before: Sequence[Citation], kind: str, number: str | None) -> tuple[Citation | None, str]:
    """The one citation that fits, and why; documents are told apart by code, or by name."""
    fitting = [c for c in before if c.doc_type == kind and not c.is_self and (number is None or _number(c) == number.lstrip("0"))]
    works = {c.code or c.name or c.id for c in fitting}
    if not works:
        return None, "none"
    if len(works) > 1:
        return None, "several"
    return fitting[0], "one"


def _number(citation: Citation) -> str | None:
    symbol = parse_symbol(citation.code) if citation.code else None
    return symbol.number.lstrip("0") if symbol and symbol.number else None
