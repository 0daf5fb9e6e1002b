"""Small documents for tests of finders: a text, its units named by their first words, a letterhead of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from extract.records import Header, Layout, Role, Section
from extract.text import View, build_view, canonical


@dataclass(frozen=True, slots=True)
class Small:
    """What a finder takes."""

    view: View
    layout: Layout
    header: Header
    sections: tuple[Section, ...]


Unit = tuple[str, str, Role | None]
"""A unit's path, the words that its line begins with, its role."""


def small(text: str, *units: Unit, issued: str | None = "2031-03-10", period: str | None = None) -> Small:
    """A document that is all body; each unit ends where the next one that is not inside it begins."""
    source = canonical(text)
    view = build_view(source)
    starts: list[int] = []
    for _, words, _ in units:
        starts.append(source.index(words, starts[-1] + 1 if starts else 0))
    sections = []
    for i, (path, words, role) in enumerate(units):
        later = (starts[j] for j in range(i + 1, len(units)) if not units[j][0].startswith(path + "/"))
        line = source.find("\n", starts[i])
        sections.append(
            Section(
                start=starts[i],
                end=next(later, len(source)),
                path=path,
                marker=path.rpartition("/")[2],
                depth=path.count("/") + 1,
                title=words,
                role=role,
                heading_end=line if line > 0 else len(source),
            )
        )
    size = len(view.text)
    layout = Layout(start=0, body=0, signature=size, annex=size, end=size)
    return Small(view, layout, Header(doc_type="KH", issued_on=issued, period=period), tuple(sections))
