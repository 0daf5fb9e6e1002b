"""Documents named by kind and number alone (`Nghị quyết 101`), and pointed back to (`Kế hoạch số 75 nêu trên`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.type_words import fold, type_names
from rules.loader import table

_SKIPPED = frozenset({"copy"})
_REACH = 30
_BACK = re.compile(
    r"(?:nêu|nói|đã nêu|dẫn) trên(?!\w)"
    r"|trên(?= ?(?:[,.;:)\n]|và |là |được |đã |cho |để |đến |về |theo |gồm )|\Z)"
)


@cache
def kinds_pattern() -> str:
    """The printed names of kinds, the longest first, as a pattern: capital or small at the beginning."""
    names: set[str] = set()
    for row in table("doc_types.csv"):
        if row["family"] not in _SKIPPED:
            names |= {name for name in (row["name_vi"], *row["variants"].split(";")) if name}
    starts = sorted(names, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(name) for name in starts) + r")(?!\w)"


_NO_UNIT = r"(?! (?:năm|tháng|ngày|điểm|tỷ|triệu|đồng|nhiệm vụ|nội dung|mục tiêu)(?!\w))"


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<kind>{kinds_pattern()})(?: số)? (?P<number>\d{{1,4}})(?![\w/%]|[.,]\d|\s?[-/]\s?[A-ZĐ\d]){_NO_UNIT}"
        r"(?P<back> (?:nêu|nói|đã nêu|dẫn) trên(?!\w)| trên(?= ?(?:[,.;:)\n]|và |là |được |đã |cho |để |đến )|\Z))?"
    )


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A kind with a mere number, or with words that point back; `start:end` of the view."""

    start: int
    end: int
    doc_type: str
    number: str | None
    points_back: bool


def numbered_forms(text: str, start: int, end: int) -> Iterator[ShortForm]:
    """Kinds with a number and no letters: `Nghị quyết 101`, `Kế hoạch số 75 nêu trên`."""
    for match in _numbered().finditer(text, start, end):
        kind = type_names()[fold(match["kind"])]
        yield ShortForm(match.start(), match.end(), kind, match["number"], match["back"] is not None)


def bare_forms(text: str, start: int, end: int) -> Iterator[ShortForm]:
    """Kinds with words that point back and no number: `Kế hoạch nêu trên`, `Quyết định trên`."""
    for back in _BACK.finditer(text, start, end):
        kind = _kind_at_end().search(text, max(start, back.start() - _REACH), back.start())
        if kind:
            yield ShortForm(kind.start(), back.end(), type_names()[fold(kind["kind"])], None, True)


@cache
def _kind_at_end() -> re.Pattern[str]:
    return re.compile(rf"(?P<kind>{kinds_pattern()}) \Z")
