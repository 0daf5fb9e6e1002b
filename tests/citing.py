"""The citations of a text that stands in a test, without letterhead and signature."""

from __future__ import annotations

from extract.citations import find_citations
from extract.issuers import Namer
from extract.records import Citation, Header, Layout, Section
from extract.text import build_view, canonical
from rules.units import load_units

HEADER = Header(
    doc_type="KH",
    number="12",
    symbol="KH-UBND",
    code="12/KH-UBND",
    issuer="UBND tỉnh Lạng Sơn",
    issuer_level="province",
    issued_on="2025-03-20",
    province="Lạng Sơn",
)


def cited(text: str, header: Header = HEADER, sections: tuple[Section, ...] = ()) -> tuple[Citation, ...]:
    """The citations of a text without letterhead and signature."""
    view = build_view(canonical(text))
    size = len(view.text)
    layout = Layout(start=0, body=0, signature=size, annex=size, end=size)
    return find_citations(view, layout, header, sections, Namer(header, load_units()))


def only(text: str, header: Header = HEADER) -> Citation:
    found = cited(text, header)
    assert len(found) == 1, [text[c.start : c.end] for c in found]
    return found[0]
