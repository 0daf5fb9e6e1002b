"""How a text charges bodies: units headed by them, sentences that begin with them, labels, duties, `phối hợp với`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.agencies import (
    NONE,
    Bodies,
    Body,
    KnownNames,
    acts_behind,
    begins_name,
    may_begin,
    name_starts,
    read_bodies,
    read_heading,
    read_label,
    sentence_starts,
)
from extract.charge_cues import cues
from extract.charge_places import MARK, MARKER, Paragraph, Places, key
from extract.records import AgencyRole, Section

_ENDS = re.compile(r" ?(?:\([^()\n]{0,160}\))?[.:;]? ?(?:\n|\Z)|: ?")
_SENTENCE = re.compile(r"(?:;|\.) (?=[A-ZĐ])")
_THROUGH = re.compile(r" (?:chỉ đạo|giao|phân công) ")
_GIVEN = re.compile(r" được (?:giao|phân công) ")
_LABEL = re.compile(r"[^:;.\n]{2,110}: ")
_TOLD = ("êu cầu ", "iao ")
_JOIN = ("hối hợp",)
_WITH = ("phối hợp với ", "phối hợp cùng ", "phối hợp chặt chẽ với ")
_ENDS_CLAUSE = re.compile(r"[.;:\n]")


@dataclass(slots=True)
class Charge:
    """A body, its role, the path of the unit where it is charged, and the form that says so."""

    body: Body
    role: AgencyRole | None
    section: str | None
    rule: str


class Charges:
    """Reads the charges of one document; `units` first, since names of headings are known in what follows."""

    def __init__(self, places: Places) -> None:
        self.places, self.view, self.text = places, places.view, places.text
        self.cues = cues()
        self.names: set[str] = set()
        self.known = KnownNames(())

    def units(self) -> Iterator[Charge]:
        """Units headed by a body, its role by the words of the whole unit."""
        headed: list[tuple[Section, Bodies, int]] = []
        for start, section in self.places.heads.items():
            if self.places.end_of_part(start) == start or self.places.is_skipped(section.path):
                continue
            head = self.places.after_marker(start, section)
            stop = self.view.from_source(section.end)
            charging = self.cues.lead_in.match(self.text, head, stop) or self.places.shares_out(section.path)
            bodies = self._heading(head, stop) if charging else NONE
            bodies = bodies if bodies.items else self._charged(head, stop)
            if not bodies.items:
                continue
            if all(self.places.is_its_own(body) for body in bodies.items):
                continue
            bodies = self._and_told(bodies, stop)
            if not self.cues.opening.match(self.text, head):
                self.places.owned[section.path] = frozenset(key(body.name) for body in bodies.items)
            self.names.update(body.name for body in bodies.items)
            headed.append((section, bodies, stop))
        for section, bodies, stop in headed:
            own: AgencyRole | None = "lead" if self.cues.leads.search(self.text, bodies.end, stop) else None
            for body in bodies.items:
                alone = len(bodies.items) == 1
                if not self.places.is_nobody(body) and not self.places.is_shared_out(section, body, alone):
                    yield Charge(body, own, section.path, "unit")

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

    def _heading(self, at: int, stop: int) -> Bodies:
        """The bodies of a heading that holds nothing else: `1. Đề nghị Hội Nông dân, Hội Phụ nữ:`."""
        lead_in = self.cues.lead_in.match(self.text, at, stop)
        begin = lead_in.end() if lead_in else at
        bodies = read_heading(self.text, begin, stop)
        is_name = bodies.items and _ENDS.match(self.text, bodies.end) and not self._is_described(bodies)
        return bodies if is_name else NONE

    def _charged(self, at: int, stop: int) -> Bodies:
        """The bodies that a unit, line or sentence begins with, where an act follows that charges them."""
        lead_in = self.cues.lead_in.match(self.text, at, stop)
        begin = lead_in.end() if lead_in else self._after_opening(at, stop)
        if not begins_name(self.text, begin):
            return NONE
        bodies = read_bodies(self.text, begin, stop, self.known)
        if not bodies.items or not acts_behind(self.text, bodies.end) or self._is_described(bodies):
            return NONE
        if not lead_in and self.cues.powers.match(self.text[bodies.end : bodies.end + 240]):
            return NONE
        return bodies

    def _is_described(self, bodies: Bodies) -> bool:
        """Whether the text says what a body is, no more: `Trung tâm A có chức năng tham mưu ...`."""
        last = bodies.items[-1]
        return not last.is_class and self.cues.has.search(last.name) is not None

    def _after_opening(self, at: int, stop: int) -> int:
        """Behind words that open a sentence before its subject: `Căn cứ tình hình thực tế, ...`."""
        opening = self.cues.opening.match(self.text, at, stop)
        behind = opening.end() if opening else at
        while opening and not begins_name(self.text, behind):
            comma = self.text.find(", ", behind, min(stop, at + 260))
            if comma < 0 or any(end.search(self.text, behind, comma) for end in (_ENDS_CLAUSE, self.cues.joins)):
                return at
            behind = comma + 2
        return behind

    def lines(self) -> Iterator[Charge]:
        """What the paragraphs say: subjects of sentences, labels, duties, charges, `phối hợp với`."""
        self.known = KnownNames(self.names)
        for start, stop in self.places.parts:
            yield from self._subjects(start, stop)
            yield from self._labels(start, stop)
            yield from self._under_duty(start, stop)
            yield from self._told(start, stop)
            yield from self._joined(start, stop)

    def _labels(self, start: int, stop: int) -> Iterator[Charge]:
        """`Cơ quan chủ trì: A, B` and its like."""
        at = self.text.find(":", start, stop)
        while at >= 0:
            end = at - 1 if self.text[at - 1 : at] == " " else at
            if self.text.endswith(self.cues.label_ends, start, end) and not (place := self.places.paragraph(at)).closed:
                low = max(place.start, at - 70)
                for role, pattern in self.cues.labels:
                    match = next((m for m in pattern.finditer(self.text, low, at + 1) if m.end() == at + 1), None)
                    if match:
                        yield from self._labelled(at + 1, role, place)
                        break
            at = self.text.find(":", at + 1, stop)

    def _labelled(self, at: int, role: AgencyRole | None, place: Paragraph) -> Iterator[Charge]:
        """The bodies behind a label's colon; what they are said to do there comes before the label's own role."""
        while self.text[at : at + 1] == " ":
            at += 1
        bodies = read_label(self.text, at, place.end, self.known)
        own: AgencyRole | None = "lead" if self.cues.leads.match(self.text, bodies.end + 1) else role
        for body in bodies.items:
            yield Charge(body, own, place.path, "label")

    def _subjects(self, start: int, stop: int) -> Iterator[Charge]:
        """Sentences that begin with a body and its act: `- Sở Y tế chủ trì ...; Sở Nội vụ tham mưu ...`."""
        yield from self._subject(start, start, stop)
        for match in sentence_starts(MARK).finditer(self.text, start, stop):
            yield from self._subject(match.start() + 1, match.end(), stop)

    def _subject(self, behind: int, at: int, stop: int) -> Iterator[Charge]:
        """The body that begins a sentence at `at`; `behind` is right behind the sign that ends the one before."""
        place = self.places.paragraph(behind)
        if place.closed or place.path is None or (behind == place.start and (place.is_head or place.is_label)):
            return
        if self.text[behind - 1] == ";" and self.text[at].islower() and self._ends_list(behind - 1):
            return
        if self.text[behind - 1] == ":" and not _LABEL.fullmatch(self.text, place.begin, at):
            return
        bodies = self._charged(at, place.end)
        if not bodies.items:
            return
        ends = _SENTENCE.search(self.text, bodies.end, place.end)
        lead = self.cues.leads.search(self.text, bodies.end, ends.start() if ends else place.end)
        for body in bodies.items:
            if self.places.is_committee(body) or self.places.is_its_own(body):
                continue
            if not self.places.is_nobody(body):
                yield Charge(body, "lead" if lead else None, self.places.own(place, body), "line")

    def _ends_list(self, end: int) -> bool:
        """Whether a list of bodies ends at `end`: what follows its `;` is one more of them, and begins no sentence."""
        return any(
            read_bodies(self.text, at, end + 1, self.known).end == end
            for at in name_starts(self.text, max(0, end - 160), end)
        )

    def _under_duty(self, start: int, stop: int) -> Iterator[Charge]:
        """`... thì cơ quan quản lý người đó có trách nhiệm ...`."""
        for match in self.cues.duty.finditer(self.text, start, stop):
            has = self.cues.has_duty.search(self.text, max(start, match.start() - 8), match.start())
            if (
                not has
                or (place := self.places.paragraph(match.start())).closed
                or place.is_label
                or place.path is None
            ):
                continue
            for body in self._before_duty(place.begin, has.start(), place.end):
                if not self.places.is_nobody(body):
                    role: AgencyRole | None = "coordinate" if body.name.endswith(" phối hợp") else None
                    yield Charge(body, role, self.places.own(place, body), "duty")

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
                of_others = self.text.endswith(_WITH, low, at) or self.cues.directed.search(self.text, low, at)
                return () if of_others else bodies.items
        return ()

    def _told(self, start: int, stop: int) -> Iterator[Charge]:
        """`yêu cầu Thủ trưởng các sở tập trung ...`, `giao Sở Y tế chủ trì ...` inside a sentence."""
        for match in self._at(self.cues.told, _TOLD, start, stop):
            place = self.places.paragraph(match.start())
            if place.closed or place.is_label or place.outer != self.places.outer(place.outer):
                continue
            bodies = read_bodies(self.text, match.end(), place.end, self.known)
            if not bodies.items or not (acts_behind(self.text, bodies.end) or self.text.startswith(":", bodies.end)):
                continue
            lead = self.cues.leads.match(self.text, bodies.end + 1)
            for body in bodies.items:
                yield Charge(body, "lead" if lead else None, place.outer, "told")

    def _joined(self, start: int, stop: int) -> Iterator[Charge]:
        """The bodies behind `phối hợp với`."""
        for match in self._at(self.cues.joins, _JOIN, start, stop):
            place = self.places.paragraph(match.start())
            if not place.closed:
                for body in read_bodies(self.text, match.end(), place.end, self.known).items:
                    yield Charge(body, "coordinate", place.path, "with")

    def _at(self, cue: re.Pattern[str], anchors: Sequence[str], start: int, stop: int) -> Iterator[re.Match[str]]:
        """Where the cue matches with a body's name behind it. The anchors are what stands behind its first letter."""
        for anchor in anchors:
            at = self.text.find(anchor, start, stop)
            while at >= 0:
                match = cue.match(self.text, at - 1, stop)
                if match and self.cues.reported.search(self.text, max(start, at - 60), at - 1):
                    match = None
                if match and may_begin(self.text, match.end()) and begins_name(self.text, match.end()):
                    yield match
                at = self.text.find(anchor, at + 1, stop)

    def implementing(self) -> Iterator[tuple[Charge, ...]]:
        """`A, B, C chịu trách nhiệm thi hành Quyết định này`: each bearer, on one line or several."""
        for match in self.cues.implementing.finditer(self.text, self.places.layout.body, self.places.layout.end):
            begin = self._begin_of_list(match.start())
            marker = MARKER.match(self.text, begin)
            at = marker.end() if marker else begin
            path = self.places.index.path_at(self.view.to_source(begin))
            if self.places.is_skipped(path):
                continue
            line = self.text[at : match.start()].replace("\n", " ")
            yield tuple(
                Charge(replace(body, start=at + body.start, end=at + body.end), None, path, "implementing")
                for body in read_bodies(line, 0, len(line)).items
            )

    def _begin_of_list(self, end: int) -> int:
        """Where the sentence of the bearers begins: lines that end with a comma, `;` or nothing go on."""
        head = self.text.rfind("\n", 0, end) + 1
        while head > self.places.layout.body + 1 and end - head < 900:
            above = self.text.rfind("\n", 0, head - 1) + 1
            last = self.text[head - 2]
            if last not in ",;" and not (last.isalpha() and MARKER.match(self.text, above)):
                break
            head = above
        dot = self.text.rfind(". ", head, end)
        return dot + 2 if dot > head + 8 else head
