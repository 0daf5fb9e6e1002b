"""Assignments: which bodies the document charges with acts, where, and whether they lead or work with others.

The rule reads four forms: a unit headed by a body, a line that begins with one, `phối hợp với ...`, and labels such
as `Cơ quan chủ trì: ...`; and the clause that names who implements a decision. A learned finder may take its place
(`AssignmentFinder`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol, cast

from extract.agencies import Bodies, Body, acts_behind, begins_name, name_starts, read_bodies, read_heading
from extract.locate import SectionIndex
from extract.records import AgencyRole, Assignment, Header, Layout, Section
from extract.text import View
from rules.loader import document

_RANK = {"lead": 2, None: 1, "coordinate": 0}
_MARKER = re.compile(r"(?:[-+*•–]|[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.)]?|[a-zđ][.)]|[IVXLC]+[.)]|Điều [0-9]+[.:]?) ?")
_BARE = frozenset({"đơn vị", "cơ quan", "địa phương", "cán bộ", "công chức", "lực lượng", "thành viên", "doanh nghiệp"})
_SKIPPED = frozenset({"purpose", "requirements", "objectives", "results", "recipients"})
_ENDS = re.compile(r" ?(?:\([^()\n]{0,160}\))?[.:;]? ?(?:\n|\Z)|: ?")
_SENTENCE = re.compile(r"(?:;|\.) (?=[A-ZĐ])")
_THROUGH = re.compile(r" (?:chỉ đạo|giao|phân công) ")
_GIVEN = re.compile(r" được (?:giao|phân công) ")
_LABEL = re.compile(r"[^:;.\n]{2,110}: ")
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


@cache
def _cues() -> _Cues:
    rules = document("assignments.toml")
    labels = tuple(
        (cast("AgencyRole | None", row["role"] or None), re.compile(row["pattern"])) for row in rules["label"]
    )
    names = ("opening", "leads", "joins", "closing", "implementing", "told", "duty", "powers", "shares", "urging")
    one = (re.compile(rules[name]["pattern"]) for name in names)
    return _Cues(re.compile("|".join(row["pattern"] for row in rules["lead_in"])), labels, *one)


@dataclass(frozen=True, slots=True)
class _Found:
    body: Body
    role: AgencyRole | None
    section: str | None
    rule: str


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
        self.known: re.Pattern[str] | None = None
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

    def paragraphs(self) -> Iterator[tuple[int, int, Section | None]]:
        """The paragraphs of the body: start, end, and the unit that each stands in."""
        for at, stop in self.parts:
            while at < stop:
                end = self.text.find("\n", at, stop)
                end = stop if end < 0 else end
                if end > at:
                    yield at, end, self.index.at(self.view.to_source(at))
                at = end + 1

    def units(self) -> Iterator[_Found]:
        """Units headed by a body, its role by the words of the whole unit."""
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
            own: AgencyRole | None = "lead" if self.cues.leads.search(self.text, bodies.end, stop) else None
            for body in bodies.items:
                yield _Found(body, own, section.path, "unit")

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
        """Paragraphs that begin with a body, with a label, or that hold `phối hợp với`."""
        self.known = (
            re.compile("|".join(map(_loose, sorted(self.names, key=len, reverse=True)))) if self.names else None
        )
        for start, end, section in self.paragraphs():
            path = section.path if section else None
            if self._closes(start, end) or (section and self.role_of(path) in _SKIPPED):
                continue
            marker = _MARKER.match(self.text, start, end)
            begin = marker.end() if marker else start
            labelled = list(self._labels(begin, end, path))
            yield from labelled
            is_label = any(pattern.match(self.text, begin, end) for _, pattern in self.cues.labels)
            outer = path if marker or start in self.heads else self._outer(path)
            if section:
                yield from self._own(path, self._subjects(begin, end, outer, start in self.heads or is_label))
                if not is_label:
                    yield from self._own(path, self._under_duty(begin, end, outer))
            if not is_label:
                yield from self._told(begin, end, outer)
            yield from self._joined(start, end, path)

    def _closes(self, start: int, end: int) -> bool:
        """Whether the paragraph is a formula that ends the document. A directive's last words charge its bearers."""
        if self.cues.closing.match(self.text, start, end):
            return True
        return not self.is_directive and self.cues.urging.match(self.text, start, end) is not None

    def _own(self, path: str | None, found: Iterator[_Found]) -> Iterator[_Found]:
        """A unit's own body stays in its unit where a paragraph names it again."""
        steps = (path or "").split("/")
        owner = next((p for n in range(1, len(steps) + 1) if (p := "/".join(steps[:n])) in self.owned), None)
        for one in found:
            mine = owner is not None and _key(one.body.name) in self.owned[owner]
            if _key(one.body.name) not in _BARE:
                yield replace(one, section=owner) if mine else one

    def _outer(self, path: str | None) -> str | None:
        """Where an unmarked paragraph stands that charges others: outside the unit that a body heads."""
        steps = (path or "").split("/")
        for depth in range(1, len(steps) + 1):
            if "/".join(steps[:depth]) in self.owned:
                return "/".join(steps[: depth - 1]) or None
        return path

    def _labels(self, start: int, end: int, path: str | None) -> Iterator[_Found]:
        """`Cơ quan chủ trì: A, B` and its like."""
        for role, pattern in self.cues.labels:
            for match in pattern.finditer(self.text, start, end):
                at = match.end()
                while self.text[at : at + 1] == " ":
                    at += 1
                bodies = read_bodies(self.text, at, end, self.known)
                own: AgencyRole | None = "lead" if self.cues.leads.match(self.text, bodies.end + 1) else role
                for body in bodies.items:
                    yield _Found(body, own, path, "label")

    def _subjects(self, start: int, end: int, path: str | None, is_head: bool) -> Iterator[_Found]:
        """Sentences that begin with a body and its act: `- Sở Y tế chủ trì ...; Sở Nội vụ tham mưu ...`."""
        starts = [m.end() for m in _SENTENCE.finditer(self.text, start, end)]
        label = _LABEL.match(self.text, start, end)
        if label:
            starts.append(label.end())
        for at in starts if is_head else [start, *starts]:
            bodies = self._charged(at, end)
            stop = _SENTENCE.search(self.text, bodies.end, end)
            lead = self.cues.leads.search(self.text, bodies.end, stop.start() if stop else end)
            for body in bodies.items:
                if not self._is_issuer(body):
                    yield _Found(body, "lead" if lead else None, path, "line")

    def _is_issuer(self, body: Body) -> bool:
        """Whether the committee that issues the document is meant: it charges others, not itself."""
        key = _key(body.name)
        return key.startswith("ubnd") and self.issuer.startswith(key)

    def _under_duty(self, start: int, end: int, path: str | None) -> Iterator[_Found]:
        """`... thì cơ quan quản lý người đó có trách nhiệm ...`."""
        for match in self.cues.duty.finditer(self.text, start, end):
            for body in self._before_duty(start, match.start(), end):
                yield _Found(body, "coordinate" if body.name.endswith(" phối hợp") else None, path, "duty")

    def _before_duty(self, start: int, duty: int, end: int) -> tuple[Body, ...]:
        """The bodies whose names end at `duty`. Behind `thì`, or with `được giao`, all words up to it are the name."""
        low = max(start, duty - 160)
        then = self.text.rfind(" thì ", low, duty)
        given = (
            start >= low and _GIVEN.search(self.text, start, duty) and not self.cues.duty.search(self.text, start, duty)
        )
        whole = then + 5 if then > 0 else start if given else -1
        if whole >= 0 and begins_name(self.text, whole) and not _ENDS_CLAUSE.search(self.text, whole, duty):
            return (Body(whole, duty, " ".join(self.text[whole:duty].split()), True),)
        for at in name_starts(self.text, low, duty):
            bodies = read_bodies(self.text, at, end, self.known)
            if bodies.items and bodies.end == duty:
                return bodies.items
        return ()

    def _told(self, start: int, end: int, path: str | None) -> Iterator[_Found]:
        """`yêu cầu Thủ trưởng các sở tập trung ...`, `giao Sở Y tế chủ trì ...` inside a sentence."""
        if path != self._outer(path):
            return
        for match in self.cues.told.finditer(self.text, start, end):
            if not begins_name(self.text, match.end()):
                continue
            bodies = read_bodies(self.text, match.end(), end, self.known)
            if not bodies.items or not (acts_behind(self.text, bodies.end) or self.text.startswith(":", bodies.end)):
                continue
            lead = self.cues.leads.match(self.text, bodies.end + 1)
            for body in bodies.items:
                yield _Found(body, "lead" if lead else None, path, "told")

    def _joined(self, start: int, end: int, path: str | None) -> Iterator[_Found]:
        """The bodies behind `phối hợp với`."""
        for match in self.cues.joins.finditer(self.text, start, end):
            if not begins_name(self.text, match.end()):
                continue
            for body in read_bodies(self.text, match.end(), end, self.known).items:
                yield _Found(body, "coordinate", path, "with")

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


def _loose(name: str) -> str:
    """A pattern of the name whose first letter may be of either case."""
    return f"[{name[0].lower()}{name[0].upper()}]{re.escape(name[1:])}(?![\\w])"


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
