"""Where a text can charge bodies with acts: its paragraphs, their units, and whose units these are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from extract.agencies import Body
from extract.bodies import full_words
from extract.charge_cues import cues
from extract.locate import SectionIndex
from extract.records import Header, Layout, Section
from extract.text import View

MARK = r"(?:[-+*•–]|[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.)]?|[a-zđ][.)]|[IVXLC]+[.)]|Điều [0-9]+[.:]?) ?"
"""The marker or bullet that a line may begin with."""
MARKER = re.compile(MARK)
_SKIPPED = frozenset({"purpose", "requirements", "objectives", "results", "recipients"})
_ORGANIZING = frozenset({"organization", None})


class Paragraph(NamedTuple):
    """A line of the view: `begin` behind its marker, the unit that it stands in, and where it charges others."""

    start: int
    end: int
    begin: int
    path: str | None
    outer: str | None
    is_head: bool
    is_label: bool
    closed: bool


class Places:
    """One document's paragraphs and units. `owned` grows as units turn out to be headed by bodies."""

    def __init__(self, view: View, layout: Layout, header: Header, sections: Sequence[Section]) -> None:
        self.is_directive = header.doc_type == "CT"
        self.issuer = key(full_words(header.issuer or ""))
        self.view, self.layout, self.text = view, layout, view.text
        self.sections = sections
        self.index = SectionIndex(sections)
        self.cues = cues()
        self.parts = _parts(layout)
        self.owned: dict[str, frozenset[str]] = {}
        self.seen: dict[int, Paragraph] = {}
        self.heads = {view.from_source(section.start): section for section in sections}
        self.titles = {section.path: section.title for section in sections}
        self.roles = {section.path: section.role for section in sections}
        self.skipped: dict[str, bool] = {}
        self.scopes: dict[str, bool] = {}
        self.sharing: dict[str, bool] = {}

    def role_of(self, path: str | None) -> str | None:
        """The role of the unit, or of the nearest one above that has one."""
        while path:
            if self.roles.get(path):
                return self.roles[path]
            path = path.rpartition("/")[0]
        return None

    def is_skipped(self, path: str | None) -> bool:
        """Whether the unit charges nobody: aims, results and the like, whom a text applies to, what a body is."""
        if not path:
            return False
        known = self.skipped.get(path)
        if known is None:
            known = self.skipped[path] = self.role_of(path) in _SKIPPED or self._only_describes(path)
        return known

    def _only_describes(self, path: str) -> bool:
        """Whether the unit or one above says whom or what a text is for, or what a body is."""
        known = self.scopes.get(path)
        if known is None:
            above = path.rpartition("/")[0]
            own = self.cues.described.match(self.titles.get(path, "")) is not None
            known = self.scopes[path] = own or (above != "" and self._only_describes(above))
        return known

    def paragraph(self, at: int) -> Paragraph:
        """The paragraph that holds `at`, read when it is first asked for."""
        start = self.text.rfind("\n", 0, at) + 1
        known = self.seen.get(start)
        if known is None:
            known = self.seen[start] = self._read_paragraph(start)
        return known

    def _read_paragraph(self, start: int) -> Paragraph:
        stop = self.end_of_part(start)
        end = self.text.find("\n", start, stop)
        end = stop if end < 0 else end
        marker = MARKER.match(self.text, start, end) if start < end else None
        begin = marker.end() if marker else start
        path = self.index.path_at(self.view.to_source(begin)) if start < end else None
        if start >= end or self.is_skipped(path) or self.closes(start, end):
            return Paragraph(start, end, start, path, path, False, False, True)
        is_label = self.text.find(":", begin, end) >= 0 and any(
            pattern.match(self.text, begin, end) for _, pattern in self.cues.labels
        )
        is_head = not self.heads.keys().isdisjoint(range(start, begin + 1))
        outer = path if marker or is_head else self.outer(path)
        return Paragraph(start, end, begin, path, outer, is_head, is_label, False)

    def end_of_part(self, at: int) -> int:
        """Where the part of the document ends that holds `at`; `at` itself where none does."""
        for start, end in self.parts:
            if start <= at < end:
                return end
        return at

    def is_shared_out(self, section: Section, body: Body, alone: bool) -> bool:
        """Whether units below name those that a class sums up, or again one of several: `Giao các cơ quan: 1. Sở A`.

        A unit that one body heads `alone` is its own, whether or not its parts name it again.
        """
        head = self.after_marker(self.view.from_source(section.start), section)
        below = [names for path, names in self.owned.items() if path.startswith(section.path + "/")]
        if body.is_class and body.start > head and below:
            return True
        return not alone and any(key(body.name) in names for names in below)

    def shares_out(self, path: str) -> bool:
        """Whether a heading that is only a name charges: in the organizing part, or where one above says so."""
        if self.role_of(path) in _ORGANIZING:
            return True
        above = path.rpartition("/")[0]
        return above != "" and self._shares_below(above)

    def _shares_below(self, path: str) -> bool:
        """Whether the title of the unit or of one above says that tasks are shared out."""
        known = self.sharing.get(path)
        if known is None:
            above = path.rpartition("/")[0]
            own = self.cues.shares.search(self.titles.get(path, "")) is not None
            known = self.sharing[path] = own or (above != "" and self._shares_below(above))
        return known

    def after_marker(self, start: int, section: Section) -> int:
        """Where the heading's words begin."""
        marker = MARKER.match(self.text, start)
        at = marker.end() if marker else start
        while self.text[at : at + 1] in (" ", "\n", "."):
            at += 1
        return at

    def closes(self, start: int, end: int) -> bool:
        """Whether the paragraph is a formula that ends the document. A directive's last words charge its bearers."""
        head = self.text[start : min(end, start + 84)]
        if self.cues.closing.match(head) or ("nếu" in head and any(said in head for said in self.cues.closes_within)):
            return True
        return not self.is_directive and self.cues.urging.match(self.text, start, end) is not None

    def own(self, place: Paragraph, body: Body) -> str | None:
        """Where a paragraph charges: a unit's own body stays in its unit, others in the part that holds the unit."""
        steps = (place.path or "").split("/")
        owner = next((p for n in range(1, len(steps) + 1) if (p := "/".join(steps[:n])) in self.owned), None)
        return owner if owner is not None and key(body.name) in self.owned[owner] else place.outer

    def outer(self, path: str | None) -> str | None:
        """Where an unmarked paragraph stands that charges others: outside the unit that a body heads."""
        steps = (path or "").split("/")
        for depth in range(1, len(steps) + 1):
            if "/".join(steps[:depth]) in self.owned:
                return "/".join(steps[: depth - 1]) or None
        return path

    def is_committee(self, body: Body) -> bool:
        """Whether the committee that issues the document is meant: where it begins a sentence it charges others."""
        name = key(body.name)
        return name.startswith("ubnd") and self.issuer.startswith(name)

    def is_its_own(self, body: Body) -> bool:
        """Whether the issuer only tells how it goes about a thing: under such a heading, with no word of duty."""
        name = key(full_words(body.name))
        if not f"{self.issuer} ".startswith(f"{name} ") or self.cues.bound.match(self.text, body.end):
            return False
        at = self.view.to_source(body.start)
        return any(one.start <= at < one.end and self.cues.telling.match(one.title) for one in self.sections)

    def is_nobody(self, body: Body) -> bool:
        """Whether the name is too general to be charged."""
        return body.name in self.cues.alone or key(body.name) in self.cues.nobody


def _parts(layout: Layout) -> tuple[tuple[int, int], ...]:
    """The document without its blocks of recipients and signature."""
    parts: list[tuple[int, int]] = []
    at = layout.body
    for start, end in sorted(layout.signatures or ((layout.signature, layout.annex),)):
        if start > at:
            parts.append((at, start))
        at = max(at, end)
    if at < layout.end:
        parts.append((at, layout.end))
    return tuple(parts)


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """A name without case and signs, with `Ủy ban nhân dân` as `UBND`."""
    plain = re.sub(r"[^\w]+", " ", name.lower().replace("uỷ", "ủy").replace("ủy ban nhân dân", "ubnd"))
    return re.sub(r"\bvà\b|\bcó\b|^các ", "", plain).replace("  ", " ").strip()
