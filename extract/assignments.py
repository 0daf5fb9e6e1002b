"""Assignments: which bodies the document charges with acts, where, and whether they lead or work with others.

The rule reads four forms: a unit headed by a body, a line that begins with one, `phối hợp với ...`, and labels such
as `Cơ quan chủ trì: ...`; and the clause that names who implements a decision. A learned finder may take its place
(`AssignmentFinder`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Protocol, cast

from extract.agencies import (
    Bodies,
    Body,
    KnownNames,
    acts_behind,
    begins_name,
    may_begin,
    name_starts,
    read_bodies,
    read_heading,
    sentence_starts,
)
from extract.locate import SectionIndex
from extract.records import AgencyRole, Assignment, Header, Layout, Section
from extract.text import View
from rules.loader import document, words

_RANK = {"lead": 2, None: 1, "coordinate": 0}
_MARK = r"(?:[-+*•–]|[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.)]?|[a-zđ][.)]|[IVXLC]+[.)]|Điều [0-9]+[.:]?) ?"
_MARKER = re.compile(_MARK)
_BARE = frozenset(
    {"đơn vị", "cơ quan", "địa phương", "cán bộ", "công chức", "lực lượng", "thành viên", "cơ quan thẩm quyền"}
)
_SKIPPED = frozenset({"purpose", "requirements", "objectives", "results", "recipients"})
_ENDS = re.compile(r" ?(?:\([^()\n]{0,160}\))?[.:;]? ?(?:\n|\Z)|: ?")
_SENTENCE = re.compile(r"(?:;|\.) (?=[A-ZĐ])")
_THROUGH = re.compile(r" (?:chỉ đạo|giao|phân công) ")
_GIVEN = re.compile(r" được (?:giao|phân công) ")
_LABEL = re.compile(r"[^:;.\n]{2,110}: ")
_TOLD = ("êu cầu ", "iao ")
_JOIN = ("hối hợp",)
_ENDS_CLAUSE = re.compile(r"[.;:\n]")
_ORGANIZING = frozenset({"organization", None})


class AssignmentFinder(Protocol):
    """Finds the assignments of a document; the rule is the default, a learned part may do the same."""

    def __call__(
        self, view: View, layout: Layout, header: Header, sections: Sequence[Section]
    ) -> tuple[Assignment, ...]:
        """The assignments in reading order."""
        ...


@dataclass(frozen=True, slots=True)
class _Cues:
    lead_in: re.Pattern[str]
    labels: tuple[tuple[AgencyRole | None, re.Pattern[str]], ...]
    opening: re.Pattern[str]
    leads: re.Pattern[str]
    joins: re.Pattern[str]
    closing: re.Pattern[str]
    implementing: re.Pattern[str]
    told: re.Pattern[str]
    duty: re.Pattern[str]
    powers: re.Pattern[str]
    shares: re.Pattern[str]
    urging: re.Pattern[str]
    has_duty: re.Pattern[str]
    label_ends: tuple[str, ...]
    closes_within: tuple[str, ...]


@cache
def _cues() -> _Cues:
    rules = document("assignments.toml")
    labels = tuple(
        (cast("AgencyRole | None", row["role"] or None), re.compile(row["pattern"])) for row in rules["label"]
    )

    def cue(name: str, field: str = "pattern") -> re.Pattern[str]:
        return re.compile(rules[name][field])

    lead_in = re.compile("|".join(row["pattern"] for row in rules["lead_in"]))
    return _Cues(
        lead_in,
        labels,
        opening=cue("opening"),
        leads=cue("leads"),
        joins=cue("joins"),
        closing=cue("closing"),
        implementing=cue("implementing"),
        told=cue("told"),
        duty=cue("duty"),
        powers=cue("powers"),
        shares=cue("shares"),
        urging=cue("urging"),
        has_duty=cue("duty", "before"),
        label_ends=words("assignments.toml", "label_ends.words"),
        closes_within=words("assignments.toml", "closing.within"),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    body: Body
    role: AgencyRole | None
    section: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A line of the view: `begin` behind its marker, the unit that it stands in, and where it charges others."""

    start: int
    end: int
    begin: int
    path: str | None
    outer: str | None
    is_head: bool
    is_label: bool
    closed: bool


class _Finder:
    """One document's lines, unit by unit."""

    def __init__(self, view: View, layout: Layout, header: Header, sections: Sequence[Section]) -> None:
        self.is_directive = header.doc_type == "CT"
        self.issuer = _key(header.issuer or "")
        self.view, self.layout, self.text, self.sections = view, layout, view.text, sections
        self.index = SectionIndex(sections)
        self.cues = _cues()
        self.parts = _parts(layout)
        self.owned: dict[str, frozenset[str]] = {}
        self.names: set[str] = set()
        self.known = KnownNames(())
        self.seen: dict[int, _Paragraph] = {}
        self.heads = {view.from_source(section.start): section for section in sections}
        self.titles = {section.path: section.title for section in sections}
        self.roles = {section.path: section.role for section in sections}

    def role_of(self, path: str | None) -> str | None:
        """The role of the unit, or of the nearest one above that has one."""
        while path:
            if self.roles.get(path):
                return self.roles[path]
            path = path.rpartition("/")[0]
        return None

    def paragraph(self, at: int) -> _Paragraph:
        """The paragraph that holds `at`, read when it is first asked for."""
        start = self.text.rfind("\n", 0, at) + 1
        known = self.seen.get(start)
        if known is None:
            known = self.seen[start] = self._read_paragraph(start)
        return known

    def _read_paragraph(self, start: int) -> _Paragraph:
        stop = next((b for a, b in self.parts if a <= start < b), start)
        end = self.text.find("\n", start, stop)
        end = stop if end < 0 else end
        marker = _MARKER.match(self.text, start, end) if start < end else None
        begin = marker.end() if marker else start
        path = self.index.path_at(self.view.to_source(begin)) if start < end else None
        if start >= end or self.role_of(path) in _SKIPPED or self._closes(start, end):
            return _Paragraph(start, end, start, path, path, False, False, True)
        is_label = any(pattern.match(self.text, begin, end) for _, pattern in self.cues.labels)
        is_head = any(at in self.heads for at in range(start, begin + 1))
        outer = path if marker or is_head else self._outer(path)
        return _Paragraph(start, end, begin, path, outer, is_head, is_label, False)

    def units(self) -> Iterator[_Found]:
        """Units headed by a body, its role by the words of the whole unit."""
        headed: list[tuple[Section, Bodies, int]] = []
        for start, section in self.heads.items():
            if not any(a <= start < b for a, b in self.parts) or self.role_of(section.path) in _SKIPPED:
                continue
            head = self._after_marker(start, section)
            stop = self.view.from_source(section.end)
            bodies = self._heading(head, stop) if self._shares_out(section.path) else Bodies((), head)
            bodies = bodies if bodies.items else self._charged(head, stop)
            if not bodies.items:
                continue
            bodies = self._and_told(bodies, stop)
            if not self.cues.opening.match(self.text, head):
                self.owned[section.path] = frozenset(_key(body.name) for body in bodies.items)
            self.names.update(body.name for body in bodies.items)
            headed.append((section, bodies, stop))
        for section, bodies, stop in headed:
            own: AgencyRole | None = "lead" if self.cues.leads.search(self.text, bodies.end, stop) else None
            for body in bodies.items:
                if _key(body.name) not in _BARE and not (body.is_class and self._is_shared_out(section, body)):
                    yield _Found(body, own, section.path, "unit")

    def _is_shared_out(self, section: Section, body: Body) -> bool:
        """Whether units below name the bodies that a class in the heading only sums up: `Giao các cơ quan: 1. Sở A`."""
        head = self._after_marker(self.view.from_source(section.start), section)
        below = section.path + "/"
        return body.start > head and any(other.startswith(below) for other in self.owned)

    def _and_told(self, bodies: Bodies, stop: int) -> Bodies:
        """With the body that a heading charges through another: `Sở A chỉ đạo Chi cục B thực hiện các việc sau:`."""
        match = _THROUGH.match(self.text, bodies.end, stop)
        if match is None or not begins_name(self.text, match.end()):
            return bodies
        through = read_bodies(self.text, match.end(), stop)
        line = self.text.find("\n", through.end, stop)
        if not through.items or not self.text[through.end : line if line > 0 else stop].rstrip().endswith(":"):
            return bodies
        return Bodies((*bodies.items, *through.items), through.end)

    def _shares_out(self, path: str) -> bool:
        """Whether a heading that is only a name charges: in the organizing part, or where one above says so."""
        if self.role_of(path) in _ORGANIZING:
            return True
        above = path.rpartition("/")[0]
        while above:
            if above in self.titles and self.cues.shares.search(self.titles[above]):
                return True
            above = above.rpartition("/")[0]
        return False

    def _after_marker(self, start: int, section: Section) -> int:
        """Where the heading's words begin."""
        marker = _MARKER.match(self.text, start)
        at = marker.end() if marker else start
        while self.text[at : at + 1] in (" ", "\n", "."):
            at += 1
        return at

    def _heading(self, at: int, stop: int) -> Bodies:
        """The bodies of a heading that holds nothing else: `1. Đề nghị Hội Nông dân, Hội Phụ nữ:`."""
        lead_in = self.cues.lead_in.match(self.text, at, stop)
        begin = lead_in.end() if lead_in else at
        bodies = read_heading(self.text, begin, stop)
        return bodies if bodies.items and _ENDS.match(self.text, bodies.end) else Bodies((), at)

    def _charged(self, at: int, stop: int) -> Bodies:
        """The bodies that a unit, line or sentence begins with, where an act follows that charges them."""
        lead_in = self.cues.lead_in.match(self.text, at, stop)
        begin = lead_in.end() if lead_in else self._after_opening(at, stop)
        if not begins_name(self.text, begin):
            return Bodies((), at)
        bodies = read_bodies(self.text, begin, stop, self.known)
        if not bodies.items or not acts_behind(self.text, bodies.end):
            return Bodies((), at)
        if not lead_in and self.cues.powers.match(self.text[bodies.end : bodies.end + 240]):
            return Bodies((), at)
        return bodies

    def _after_opening(self, at: int, stop: int) -> int:
        """Behind words that open a sentence before its subject: `Căn cứ tình hình thực tế, ...`."""
        opening = self.cues.opening.match(self.text, at, stop)
        behind = opening.end() if opening else at
        while opening and not begins_name(self.text, behind):
            comma = self.text.find(", ", behind, min(stop, at + 260))
            if comma < 0 or _ENDS_CLAUSE.search(self.text, behind, comma):
                return at
            behind = comma + 2
        return behind

    def lines(self) -> Iterator[_Found]:
        """What the paragraphs say: subjects of sentences, labels, duties, charges, `phối hợp với`."""
        self.known = KnownNames(self.names)
        for start, stop in self.parts:
            yield from self._subjects(start, stop)
            yield from self._labels(start, stop)
            yield from self._under_duty(start, stop)
            yield from self._told(start, stop)
            yield from self._joined(start, stop)

    def _closes(self, start: int, end: int) -> bool:
        """Whether the paragraph is a formula that ends the document. A directive's last words charge its bearers."""
        head = self.text[start : min(end, start + 84)]
        if self.cues.closing.match(head) or ("nếu" in head and any(words in head for words in self.cues.closes_within)):
            return True
        return not self.is_directive and self.cues.urging.match(self.text, start, end) is not None

    def _own(self, place: _Paragraph, body: Body) -> str | None:
        """Where a paragraph charges: a unit's own body stays in its unit, others in the part that holds the unit."""
        steps = (place.path or "").split("/")
        owner = next((p for n in range(1, len(steps) + 1) if (p := "/".join(steps[:n])) in self.owned), None)
        return owner if owner is not None and _key(body.name) in self.owned[owner] else place.outer

    def _outer(self, path: str | None) -> str | None:
        """Where an unmarked paragraph stands that charges others: outside the unit that a body heads."""
        steps = (path or "").split("/")
        for depth in range(1, len(steps) + 1):
            if "/".join(steps[:depth]) in self.owned:
                return "/".join(steps[: depth - 1]) or None
        return path

    def _labels(self, start: int, stop: int) -> Iterator[_Found]:
        """`Cơ quan chủ trì: A, B` and its like."""
        at = self.text.find(":", start, stop)
        while at >= 0:
            end = at - 1 if self.text[at - 1 : at] == " " else at
            if self.text.endswith(self.cues.label_ends, start, end) and not (place := self.paragraph(at)).closed:
                low = max(place.start, at - 70)
                for role, pattern in self.cues.labels:
                    match = next((m for m in pattern.finditer(self.text, low, at + 1) if m.end() == at + 1), None)
                    if match:
                        yield from self._labelled(at + 1, role, place)
                        break
            at = self.text.find(":", at + 1, stop)

    def _labelled(self, at: int, role: AgencyRole | None, place: _Paragraph) -> Iterator[_Found]:
        """The bodies behind a label's colon; what they are said to do there comes before the label's own role."""
        while self.text[at : at + 1] == " ":
            at += 1
        bodies = read_bodies(self.text, at, place.end, self.known)
        own: AgencyRole | None = "lead" if self.cues.leads.match(self.text, bodies.end + 1) else role
        for body in bodies.items:
            yield _Found(body, own, place.path, "label")

    def _subjects(self, start: int, stop: int) -> Iterator[_Found]:
        """Sentences that begin with a body and its act: `- Sở Y tế chủ trì ...; Sở Nội vụ tham mưu ...`."""
        yield from self._subject(start, start, stop)
        for match in sentence_starts(_MARK).finditer(self.text, start, stop):
            yield from self._subject(match.start() + 1, match.end(), stop)

    def _subject(self, behind: int, at: int, stop: int) -> Iterator[_Found]:
        """The body that begins a sentence at `at`; `behind` is right behind the sign that ends the one before."""
        place = self.paragraph(behind)
        if place.closed or place.path is None or (behind == place.start and (place.is_head or place.is_label)):
            return
        if self.text[behind - 1] == ":" and not _LABEL.fullmatch(self.text, place.begin, at):
            return
        bodies = self._charged(at, place.end)
        if not bodies.items:
            return
        ends = _SENTENCE.search(self.text, bodies.end, place.end)
        lead = self.cues.leads.search(self.text, bodies.end, ends.start() if ends else place.end)
        for body in bodies.items:
            if not self._is_issuer(body) and _key(body.name) not in _BARE:
                yield _Found(body, "lead" if lead else None, self._own(place, body), "line")

    def _is_issuer(self, body: Body) -> bool:
        """Whether the committee that issues the document is meant: it charges others, not itself."""
        key = _key(body.name)
        return key.startswith("ubnd") and self.issuer.startswith(key)

    def _under_duty(self, start: int, stop: int) -> Iterator[_Found]:
        """`... thì cơ quan quản lý người đó có trách nhiệm ...`."""
        for match in self.cues.duty.finditer(self.text, start, stop):
            has = self.cues.has_duty.search(self.text, max(start, match.start() - 8), match.start())
            if not has or (place := self.paragraph(match.start())).closed or place.is_label or place.path is None:
                continue
            for body in self._before_duty(place.begin, has.start(), place.end):
                if _key(body.name) not in _BARE:
                    role: AgencyRole | None = "coordinate" if body.name.endswith(" phối hợp") else None
                    yield _Found(body, role, self._own(place, body), "duty")

    def _before_duty(self, start: int, duty: int, end: int) -> tuple[Body, ...]:
        """The bodies whose names end at `duty`. Behind `thì`, or with `được giao`, all words up to it are the name."""
        low = max(start, duty - 160)
        then = self.text.rfind(" thì ", low, duty)
        given = bool(start >= low and _GIVEN.search(self.text, start, duty))
        given = given and not self.cues.duty.search(self.text, start, duty)
        whole = then + 5 if then > 0 else start if given else -1
        if whole >= 0 and begins_name(self.text, whole) and not _ENDS_CLAUSE.search(self.text, whole, duty):
            return (Body(whole, duty, " ".join(self.text[whole:duty].split()), True),)
        for at in name_starts(self.text, low, duty):
            bodies = read_bodies(self.text, at, end, self.known)
            if bodies.items and bodies.end == duty:
                return bodies.items
        return ()

    def _told(self, start: int, stop: int) -> Iterator[_Found]:
        """`yêu cầu Thủ trưởng các sở tập trung ...`, `giao Sở Y tế chủ trì ...` inside a sentence."""
        for match in self._at(self.cues.told, _TOLD, start, stop):
            place = self.paragraph(match.start())
            if place.closed or place.is_label or place.outer != self._outer(place.outer):
                continue
            bodies = read_bodies(self.text, match.end(), place.end, self.known)
            if not bodies.items or not (acts_behind(self.text, bodies.end) or self.text.startswith(":", bodies.end)):
                continue
            lead = self.cues.leads.match(self.text, bodies.end + 1)
            for body in bodies.items:
                yield _Found(body, "lead" if lead else None, place.outer, "told")

    def _joined(self, start: int, stop: int) -> Iterator[_Found]:
        """The bodies behind `phối hợp với`."""
        for match in self._at(self.cues.joins, _JOIN, start, stop):
            place = self.paragraph(match.start())
            if not place.closed:
                for body in read_bodies(self.text, match.end(), place.end, self.known).items:
                    yield _Found(body, "coordinate", place.path, "with")

    def _at(self, cue: re.Pattern[str], anchors: Sequence[str], start: int, stop: int) -> Iterator[re.Match[str]]:
        """Where the cue matches with a body's name behind it. The anchors are what stands behind its first letter."""
        for anchor in anchors:
            at = self.text.find(anchor, start, stop)
            while at >= 0:
                match = cue.match(self.text, at - 1, stop)
                if match and may_begin(self.text, match.end()) and begins_name(self.text, match.end()):
                    yield match
                at = self.text.find(anchor, at + 1, stop)

    def implementing(self) -> Iterator[tuple[_Found, ...]]:
        """`A, B, C chịu trách nhiệm thi hành Quyết định này`: each bearer, on one line or several."""
        for match in self.cues.implementing.finditer(self.text, self.layout.body, self.layout.end):
            begin = self._begin_of_list(match.start())
            marker = _MARKER.match(self.text, begin)
            at = marker.end() if marker else begin
            path = self.index.path_at(self.view.to_source(begin))
            words = self.text[at : match.start()].replace("\n", " ")
            yield tuple(
                _Found(replace(body, start=at + body.start, end=at + body.end), None, path, "implementing")
                for body in read_bodies(words, 0, len(words)).items
            )

    def _begin_of_list(self, end: int) -> int:
        """Where the sentence of the bearers begins: lines that end with a comma, `;` or nothing go on."""
        head = self.text.rfind("\n", 0, end) + 1
        while head > self.layout.body + 1 and end - head < 900:
            above = self.text.rfind("\n", 0, head - 1) + 1
            last = self.text[head - 2]
            if last not in ",;" and not (last.isalpha() and _MARKER.match(self.text, above)):
                break
            head = above
        dot = self.text.rfind(". ", head, end)
        return dot + 2 if dot > head + 8 else head


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
def _key(name: str) -> str:
    """A name without case and signs, with `Ủy ban nhân dân` as `UBND`."""
    plain = re.sub(r"[^\w]+", " ", name.lower().replace("uỷ", "ủy").replace("ủy ban nhân dân", "ubnd"))
    return re.sub(r"\bvà\b|\bcó\b|^các ", "", plain).replace("  ", " ").strip()


def _strongest(found: Sequence[_Found]) -> list[_Found]:
    """Each body once in a unit, with its strongest role, at its first place."""
    kept: dict[tuple[str, str | None], _Found] = {}
    for one in sorted(found, key=lambda f: f.body.start):
        key = (_key(one.body.name), one.section)
        have = kept.get(key)
        if have is None:
            kept[key] = one
        elif _RANK[one.role] > _RANK[have.role]:
            kept[key] = replace(have, role=one.role, rule=one.rule)
    return list(kept.values())


def find_assignments(view: View, layout: Layout, header: Header, sections: Sequence[Section]) -> tuple[Assignment, ...]:
    """Every body that the document charges with acts, in reading order: the rule (`AssignmentFinder`)."""
    finder = _Finder(view, layout, header, sections)
    clauses = tuple(finder.implementing())
    spans = [(clause[0].body.start, clause[-1].body.end) for clause in clauses if clause]
    found = [one for clause in clauses for one in clause]
    others = (*finder.units(), *finder.lines())
    found.extend(one for one in others if not any(a <= one.body.start < b for a, b in spans))
    out = []
    for one in _strongest(found):
        start, end = view.span(one.body.start, one.body.end)
        out.append(
            Assignment(
                start=start,
                end=end,
                by=f"rule:assignments/{one.rule}",
                agency=one.body.name,
                role=one.role,
                section=one.section,
            )
        )
    return tuple(sorted(out, key=lambda a: (a.start, a.end)))
