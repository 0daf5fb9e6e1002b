"""Short mentions that point back (`Kế hoạch số 75 nêu trên`, `Quyết định trên`), with what they point to.

A reference is resolved where exactly one document cited before fits; where none or several do, it says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from extract.locate import SectionIndex
from extract.records import Citation, Header, Layout, Reference, Section
from extract.short_forms import ShortForm, bare_forms, numbered_forms
from extract.symbols import parse_symbol
from extract.text import View

REASONS = {
    "one": "one document of this kind is cited before",
    "none": "no document of this kind is cited before",
    "several": "several documents of this kind are cited before",
}


def find_references(
    view: View, layout: Layout, header: Header, sections: Sequence[Section], citations: Sequence[Citation]
) -> tuple[Reference, ...]:
    """The references of the official document in reading order; `citations` carry their ids."""
    index = SectionIndex(sections)
    starts = [citation.start for citation in citations]
    found: list[Reference] = []
    for form in _forms(view.text, layout):
        start, end = view.span(form.start, form.end)
        before = bisect_right(starts, start)
        if (before and citations[before - 1].end > start) or (found and found[-1].end > start):
            continue
        antecedent, fits = _resolve(citations[:before], form)
        if fits == "none" and not form.points_back:
            continue
        found.append(
            Reference(
                start=start,
                end=end,
                by="rule:references/" + ("number" if form.number else "back"),
                antecedent=antecedent.id if antecedent else None,
                reason=REASONS[fits],
                doc_type=form.doc_type,
                section=index.path_at(start),
            )
        )
    return tuple(found)


def _forms(text: str, layout: Layout) -> Iterator[ShortForm]:
    forms = [*numbered_forms(text, layout.start, layout.end), *bare_forms(text, layout.start, layout.end)]
    return iter(sorted(forms, key=lambda form: form.start))


def _resolve(before: Sequence[Citation], form: ShortForm) -> tuple[Citation | None, Literal["one", "none", "several"]]:
    """The one document that fits, and how many do; documents are told apart by code, or by name."""
    fitting = [citation for citation in before if _fits(citation, form)]
    works = {citation.code or citation.name or citation.id for citation in fitting}
    if len(works) == 1:
        return fitting[0], "one"
    return None, "several" if works else "none"


def _fits(citation: Citation, form: ShortForm) -> bool:
    if citation.doc_type != form.doc_type or citation.is_self:
        return False
    if form.number is None:
        return True
    symbol = parse_symbol(citation.code) if citation.code else None
    return symbol is not None and symbol.number is not None and symbol.number.lstrip("0") == form.number.lstrip("0")
