"""Documents named by kind and number alone (`Nghị quyết 101`), and pointed back to (`Kế hoạch số 75 nêu trên`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extract.type_words import fold, type_names
from rules.loader import table

_SKIPPED = frozenset({"copy"})


@cache
def kinds_pattern() -> str:
    """The printed names of kinds, the longest first, as a pattern: capital or small at the beginning."""
    names: set[str] = set()
    for row in table("doc_types.csv"):
        if row["family"] not in _SKIPPED:
            names |= {name for name in (row["name_vi"], *row["variants"].split(";")) if name}
    starts = sorted(names, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(name) for name in starts) + r")(?!\w)"


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<kind>{kinds_pattern()})(?: số)? (?P<number>\d{{1,4}})(?![\w/]|[.,]\d|\s?[-/]\s?[A-ZĐ\d]|%| (?:năm|tháng|ngày|điểm|tỷ|triệu|đồng|nhiệm vụ|nội dung|mục tiêu))"
        r"(?! (?:nêu|nói) trên)"
    )


def short_mentions(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """Kind and number without letters, not followed by words that point back: start, end, kind, number."""
    names = type_names()
    for match in _numbered().finditer(text, start, end):
        yield match.start(), match.end("number"), names[fold(match["kind"])], match["number"]
