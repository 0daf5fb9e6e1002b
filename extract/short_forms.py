"""Documents named by kind and number alone (`Nghị quyết 101`), and pointed back to (`Kế hoạch số 75 nêu trên`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

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


@lru_cache(maxsize=2)
def numbered_forms(text: str, start: int, end: int) -> tuple[ShortForm, ...]:
    """Kinds with a number and no letters: `Nghị quyết 101`, `Kế hoạch số 75 nêu trên`.

    Citations and references ask for those of the same text: they are kept until others are asked for.
    """
    return tuple(_numbered(text, start, end))


def _numbered(text: str, start: int, end: int) -> Iterator[ShortForm]:
    last = _last_letters()
    for match in _NUMBERED.finditer(text, start, end):
        at = match.start() - 1
        at = at - 3 if text.endswith(" số", start, at) else at
        if text[at - 1 : at] not in last:
            continue
        kind = _kind_at_end().search(text, max(start, at - _REACH), at)
        if kind:
            name = type_names()[fold(kind["kind"])]
            yield ShortForm(kind.start(), match.end(), name, match["number"], match["back"] is not None)


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
