"""Findings on the numbering of sections: what repeats, what is skipped."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extract.checks.base import Reading, finding
from extract.checks.noise import garbled_markers
from extract.markers import LETTERS, Kind, Marker, gap, read_markers
from extract.records import Evidence, Finding, Section
from rules.loader import words as rule_words

_WIDEST_GAP = 3
"""A jump over more numbers than these is more likely another list than a slip."""


@dataclass(slots=True)
class _Numbered:
    """A section with the reading of its marker that fits its list."""

    section: Section
    kind: Kind
    ordinal: tuple[int, ...]


@lru_cache(maxsize=4096)
def _readings(marker: str) -> tuple[Marker, ...]:
    return tuple(reading for reading in read_markers(f"{marker}. X") if not reading.misread)


def _sibling_lists(sections: Sequence[Section]) -> list[tuple[Section | None, list[Section]]]:
    """The children of each parent in reading order, the roots' list first."""
    roots: list[Section] = []
    lists: list[tuple[Section | None, list[Section]]] = [(None, roots)]
    stack: list[tuple[Section, list[Section]]] = []
    for section in sections:
        while stack and stack[-1][0].end <= section.start:
            stack.pop()
        children: list[Section] = []
        (stack[-1][1] if stack else roots).append(section)
        lists.append((section, children))
        stack.append((section, children))
    return [(parent, children) for parent, children in lists if children]


def _runs(siblings: Sequence[Section]) -> Iterator[list[_Numbered]]:
    """Siblings parted into runs of one kind, each with the reading that continues the run."""
    run: list[_Numbered] = []
    for section in siblings:
        readings = _readings(section.marker)
        if not readings:
            continue
        same = [m for m in readings if run and m.kind == run[-1].kind and len(m.ordinal) == len(run[-1].ordinal)]
        chosen = same[0] if same else readings[0]
        if run and not same:
            yield run
            run = []
        run.append(_Numbered(section, chosen.kind, chosen.ordinal))
    if run:
        yield run


def _uses_stroke_d(sections: Sequence[Section]) -> bool:
    return any(section.marker == "đ" for section in sections)


def _all_runs(reading: Reading) -> list[tuple[Section | None, list[_Numbered]]]:
    """All lists of the document; the articles of all chapters are one list."""
    articles: list[_Numbered] = []
    lists: list[tuple[Section | None, list[_Numbered]]] = []
    for parent, siblings in _sibling_lists(reading.document.sections):
        for run in _runs(siblings):
            if run[0].kind == "article":
                articles.extend(run)
            else:
                lists.append((parent, run))
    lists.extend((None, run) for run in _restarts(articles))
    return lists


def _restarts(articles: Sequence[_Numbered]) -> Iterator[list[_Numbered]]:
    """Articles parted where their numbering begins anew (a document attached to a decision)."""
    run: list[_Numbered] = []
    for article in sorted(articles, key=lambda item: item.section.start):
        if run and article.ordinal[-1] == 1:
            yield run
            run = []
        run.append(article)
    if run:
        yield run


def check_numbering_duplicate(reading: Reading) -> Iterator[Finding]:
    """Two neighbours of one list bear one number. A list that begins anew at 1 is another list, not a slip."""
    for _, run in reading.once(_all_runs):
        for before, after in itertools.pairwise(run):
            if before.ordinal != after.ordinal or after.ordinal[-1] == 1 or before.kind in {"annex", "attached"}:
                continue
            if before.section.marker != after.section.marker:  # `Điều 85a`, `Điều 85b`: put in later
                continue
            if before.section.depth != after.section.depth or _goes_on(reading, after.section):
                continue
            if quotes_others(reading, after.section) or quotes_others(reading, before.section):
                continue
            sides = (_head(reading, before.section), _head(reading, after.section))
            yield finding("numbering-duplicate", sides, confidence=0.9, marker=after.section.marker)


def _goes_on(reading: Reading, section: Section) -> bool:
    """Whether the printed marker is longer than the one that was read (`Điều 85a`, an article put in)."""
    text, label = reading.document.source.text, section.marker
    digits = label.rpartition(" ")[2]
    found = re.compile(rf"[^\W\d_]*\s*{re.escape(digits)}").match(text, section.start) if digits.isdigit() else None
    return found is not None and text[found.end() : found.end() + 1].isalnum()


def check_numbering_gap(reading: Reading) -> Iterator[Finding]:
    """A number is skipped between neighbours of one list, or a list does not begin at its first.

    ``d)`` followed by ``e)`` counts only where the same document uses ``đ)``.
    """
    stroke = _uses_stroke_d(reading.document.sections)
    last_of_list: dict[tuple[Kind, tuple[int, ...]], int] = {}
    for parent, run in reading.once(_all_runs):
        first = run[0]
        key = (first.kind, first.ordinal[:-1])
        continued = last_of_list.get(key, 0) + 1 == first.ordinal[-1]
        last_of_list[key] = run[-1].ordinal[-1]
        yield from _late_start(reading, parent, run, continued)
        for before, after in itertools.pairwise(run):
            missing = gap(before.kind, before.ordinal, after.ordinal)
            if before.kind == "lower" and before.section.marker == "d" and after.section.marker == "e":
                missing = 1 if stroke else 0
            if missing is None or not 0 < missing <= _WIDEST_GAP or before.kind in {"annex", "attached"}:
                continue
            skipped = _name(before, 1, stroke)
            if _stands_inside(reading, before.section, skipped) or quotes_others(reading, after.section):
                continue
            if not (_is_own(reading, before.section) and _is_own(reading, after.section)):
                continue
            if _BLANKS.search(reading.document.source.text, before.section.start, after.section.start):
                continue
            sides = (_head(reading, before.section), _head(reading, after.section))
            words = {"before": before.section.marker, "after": after.section.marker}
            yield finding("numbering-gap", sides, confidence=0.85, missing=skipped, **words)


def _stands_inside(reading: Reading, section: Section, marker: str) -> bool:
    """Whether the skipped marker, or one that cannot be read, stands within the unit before, where no unit opened."""
    text = reading.document.source.text[section.start : section.end]
    printed = r"\s+".join(map(re.escape, marker.split()))
    behind = r"\b" if " " in marker else r"\s?[.)](?!\d)"
    if re.search(rf"(?<![\w/])(?<!\d\.){printed}{behind}", text):
        return True
    return garbled_markers(text) > 0


_BLANKS = re.compile(r"[.…_]{6}|…{3}")
"""Blanks to be filled in: the numbering of a form is often a choice of its parts."""
_QUOTED = re.compile(r"(?:[\"“”„'‘�]|như sau\s*:)[\s*]*\Z")
_ENGLISH = re.compile(r"(?:Article|Chapter|Section)[\s*]*\Z")


def _is_own(reading: Reading, section: Section) -> bool:
    """Whether a unit is the document's own and its marker was read as it is printed, not taken for a look-alike."""
    text = reading.document.source.text
    above = text[max(0, section.start - 40) : section.start]
    first = text[section.start]
    if _QUOTED.search(above) or _ENGLISH.search(above):
        return False
    return not section.marker[0].isdigit() or first.isdigit() or not first.isalpha() or " " in section.marker


def quotes_others(reading: Reading, section: Section) -> bool:
    """Whether a unit stands in words that amend or consolidate: their numbering is another document's."""
    header = reading.document.header
    if "VBHN" in (header.symbol or ""):
        return True
    cues, units = (set(rule_words("sections_checks.toml", f"quoting.{name}")) for name in ("cues", "units"))
    holders = [s for s in reading.document.sections if s.start <= section.start < s.end]
    heads = [s.title.lower() for s in holders]
    return any(any(cue in head for cue in cues) and any(unit in head for unit in units) for head in heads)


def _late_start(
    reading: Reading, parent: Section | None, run: Sequence[_Numbered], continued: bool
) -> Iterator[Finding]:
    """A list that begins at its second or third number, and continues no list before it.

    Only the document's own roman parts and decimals under their parent: other lists that begin late are nearly always
    quoted, amended or misread.
    """
    first = run[0]
    start = first.ordinal[-1]
    below = parent is not None and first.section.marker.rpartition(".")[0] == parent.marker
    own = (first.kind == "roman" and parent is None and len(run) > 1) or (first.kind == "decimal" and below)
    if not own or not 1 < start <= _WIDEST_GAP or continued or quotes_others(reading, first.section):
        return
    opening = reading.document.source.text[reading.view.to_source(reading.layout.body) : first.section.start]
    if parent is None and garbled_markers(opening):
        return
    if parent and _stands_inside(reading, parent, _name(first, -1, True)):
        return
    sides = [_head(reading, first.section)]
    if parent:
        sides.insert(0, _head(reading, parent))
    words = {"before": parent.marker if parent else "-", "after": first.section.marker}
    yield finding("numbering-gap", sides, confidence=0.7, missing=_name(first, -1, True), **words)


def _name(item: _Numbered, step: int, stroke: bool) -> str:
    """How the number beside an item's is written."""
    value = item.ordinal[-1] + step
    if item.kind in {"lower", "upper"}:
        letter = LETTERS[min(max(value - 1, 0), len(LETTERS) - 1)]
        if letter == "đ" and not stroke:
            letter = "e"
        return letter.upper() if item.kind == "upper" else letter
    if item.kind == "roman":
        tens, ones = divmod(max(value, 0), 10)
        return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
    head, found, _ = item.section.marker.rpartition(".")
    if found:
        return f"{head}.{value}"
    word, found, _ = item.section.marker.rpartition(" ")
    return f"{word} {value}" if found else str(value)


def _head(reading: Reading, section: Section) -> Evidence:
    """A section's first line as one side: its whole text would say nothing."""
    end = min(section.end, max(section.heading_end, section.start + len(section.marker) + 1))
    return reading.passage(section.start, end, fact=section.id)
