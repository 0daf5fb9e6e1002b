"""Documents named by kind and number alone (`Nghị quyết 101`), and pointed back to (`Kế hoạch số 75 nêu trên`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from extract.type_words import fold, type_names
from rules.loader import table

_SKIPPED = frozenset({"copy"})
_REACH = 30
_BACK = re.compile(
    r"trên(?:(?<=(?:nêu|nói|dẫn) trên)(?!\w)|(?= ?(?:[,.;:)\n]|và |là |được |đã |cho |để |đến |về |theo |gồm )|\Z))"
)


@cache
def _kinds() -> frozenset[str]:
    """The names of kinds as they are printed."""
    names: set[str] = set()
    for row in table("doc_types.csv"):
        if row["family"] not in _SKIPPED:
            names |= {name for name in (row["name_vi"], *row["variants"].split(";")) if name}
    return frozenset(names)


@cache
def kinds_pattern() -> str:
    """The printed names of kinds, the longest first, as a pattern."""
    return "(?:" + "|".join(re.escape(name) for name in sorted(_kinds(), key=len, reverse=True)) + r")(?!\w)"


@cache
def _last_letters() -> frozenset[str]:
    """Letters that a kind's name ends with: a quick look before its names are tried."""
    return frozenset(name[-1] for name in _kinds())


_NO_UNIT = r"(?! (?:năm|tháng|ngày|điểm|tỷ|triệu|đồng|nhiệm vụ|nội dung|mục tiêu)(?!\w))"


_NUMBERED = re.compile(
    r"(?P<number>[0-9](?<= [0-9])[0-9]{0,3})(?![\w/%]|[.,][0-9]|\s?[-/]\s?[A-ZĐ0-9])"
    + _NO_UNIT
    + r"(?P<back> (?:nêu|nói|đã nêu|dẫn) trên(?!\w)| trên(?= ?(?:[,.;:)\n]|và |là |được |đã |cho |để |đến )|\Z))?"
)


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A kind with a mere number, or with words that point back; `start:end` of the view."""

    start: int
    end: int
    doc_type: str
    number: str | None
    points_back: bool


def numbered_forms(text: str, start: int, end: int, wanted: Collection[str] | None = None) -> Iterator[ShortForm]:
    """Kinds with a number and no letters: `Nghị quyết 101`, `Kế hoạch số 75 nêu trên`; only the `wanted` numbers."""
    last = _last_letters()
    for match in _NUMBERED.finditer(text, start, end) if wanted is None else _numbered(text, start, end, wanted):
        at = match.start() - 1
        at = at - 3 if text.endswith(" số", start, at) else at
        if text[at - 1 : at] not in last:
            continue
        kind = _kind_at_end().search(text, max(start, at - _REACH), at)
        if kind:
            name = type_names()[fold(kind["kind"])]
            yield ShortForm(kind.start(), match.end(), name, match["number"], match["back"] is not None)


def _numbered(text: str, start: int, end: int, wanted: Collection[str]) -> Iterator[re.Match[str]]:
    """What `_NUMBERED` finds of the `wanted` numbers, in order: these are few, and numbers are many."""
    places: set[int] = set()
    for number in wanted:
        at = text.find(number, start, end)
        while at >= 0:
            begin = at
            while text[begin - 1 : begin] == "0":
                begin -= 1
            if begin >= start and text[begin - 1 : begin] == " ":
                places.add(begin)
            at = text.find(number, at + 1, end)
    for place in sorted(places):
        match = _NUMBERED.match(text, place, end)
        if match and match["number"].lstrip("0") in wanted:
            yield match


def bare_forms(text: str, start: int, end: int) -> Iterator[ShortForm]:
    """Kinds with words that point back and no number: `Kế hoạch nêu trên`, `Quyết định trên`."""
    for back in _BACK.finditer(text, start, end):
        begin = _words_before(text, start, back.start())
        kind = _kind_at_end().search(text, max(start, begin - _REACH), max(start, begin - 1))
        if kind:
            yield ShortForm(kind.start(), back.end(), type_names()[fold(kind["kind"])], None, True)


def _words_before(text: str, start: int, at: int) -> int:
    """Where the words begin that point back, of which `trên` at `at` is the last: `nêu trên`, `đã nêu trên`."""
    for word in ("đã nêu ", "nêu ", "nói ", "dẫn "):
        if text.endswith(word, start, at):
            return at - len(word)
    return at


@cache
def _kind_at_end() -> re.Pattern[str]:
    return re.compile(rf"(?P<kind>{kinds_pattern()})\Z")
