"""The sections of a text that stands in a test, without letterhead."""

from __future__ import annotations

from extract.records import Layout, Section
from extract.sections import find_sections
from extract.text import build_view, canonical


def sections_of(text: str, signature: str | None = None) -> tuple[str, tuple[Section, ...]]:
    """The canonical text and its sections; what stands behind the line `signature` is annexes."""
    source = canonical(text)
    view = build_view(source)
    end = len(view.text)
    mark = view.text.index(signature) if signature else end
    annex = mark + len(signature or "")
    layout = Layout(start=0, body=0, signature=mark, annex=annex, end=end)
    return source, find_sections(view, layout)


def outline(text: str, signature: str | None = None) -> list[str]:
    return [f"{section.path} {section.title}" for section in sections_of(text, signature)[1]]
