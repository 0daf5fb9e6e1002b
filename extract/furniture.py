"""What a website puts after the official document: notices, related documents, forms. It yields no facts."""

from __future__ import annotations

import re
from functools import cache

from extract.text import View
from rules.loader import table, words

_MARKS = tuple(" |#*.")


@cache
def _ends() -> tuple[str, ...]:
    return words("letterhead.toml", "furniture.ends")


@cache
def _beginnings() -> frozenset[str]:
    """What a line begins with that may be a footer's."""
    return frozenset({*_MARKS, *(words_here[0] for words_here in _ends())})


@cache
def _own_heading() -> re.Pattern[str]:
    """A site's own heading of the document, put again below it: `Quyết định 986/QĐ-UBND năm 2024 ...`."""
    names = {name for row in table("doc_types.csv") for name in (row["name_vi"], *row["variants"].split(";")) if name}
    longest = "|".join(sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:{longest}) \d[^\s]*/[^\s]+ (?:năm \d{{4}}|ngày \d|về )")


def official_end(view: View, start: int) -> int:
    """The view offset at which the official document ends that begins before `start`.

    The first line that begins with words of a site's footer ends it; the site's own heading above them goes with it.
    """
    text = view.text
    end = len(text.rstrip())
    begins = _beginnings()
    for line in view.lines[view.line_at(start) :]:
        at = line.start
        if text[at] not in begins:
            continue
        while (not (found := at >= start and text.startswith(_ends(), at, end))) and text[at : at + 1] in _MARKS:
            at += 1
        if found:
            end = line.start
            break
    index = view.line_at(max(end - 1, start))
    while end < len(text) and index > 0 and _own_heading().match(text, view.lines[index].start):
        end = view.lines[index].start
        index -= 1
    return max(end, start)
