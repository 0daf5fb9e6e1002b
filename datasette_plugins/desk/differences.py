"""Where two passages that should say the same do not: the words of each that the other lacks."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

LIKE = 0.5
"""Passages less alike than this are two different sayings; nothing of them is picked out."""
LONGEST = 400
_WORD = re.compile(r"\w+|[^\w\s]")

Span = tuple[int, int]


def differences(one: str, other: str, *, longest: int = LONGEST) -> tuple[list[Span], list[Span]]:
    """The spans of `one` and of `other` that differ, white space and capitals aside; none past `longest` signs.

    >>> differences("số 12 ngày 05/02/2023", "Số 12  ngày 05/02/2024")
    ([(17, 21)], [(18, 22)])
    """
    if max(len(one), len(other)) > longest:
        return [], []
    left, right = list(_WORD.finditer(one)), list(_WORD.finditer(other))
    matcher = SequenceMatcher(
        None, [word.group().casefold() for word in left], [word.group().casefold() for word in right], autojunk=False
    )
    if matcher.ratio() < LIKE:
        return [], []
    found: tuple[list[Span], list[Span]] = ([], [])
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            continue
        for spans, words, first, last in ((found[0], left, a, b), (found[1], right, c, d)):
            if first < last:
                spans.append((words[first].start(), words[last - 1].end()))
    return found
