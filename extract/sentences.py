"""Where sentences end in the view: what no attribute of a citation crosses."""

from __future__ import annotations

import re

_SIGN = re.compile(r"[.\n|]")


def _ends(text: str, at: int) -> bool:
    """Whether the full stop, the break or the edge of a table's cell at `at` ends a sentence."""
    if text[at] == "|":
        return True
    if text[at] == "\n":
        return text[at - 1 : at] not in (";", ",", ":", "")
    following = text[at + 1 : at + 2]
    if not following.isspace():
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 3].strip() or text[at + 1 : at + 6].strip()[:1]
    if before.isdigit():
        return after[:1].isupper()
    return not (before.isspace() or before == "." or after[:1].islower())


def is_one_sentence(text: str, start: int, end: int) -> bool:
    """Whether no sentence ends in ``start:end``."""
    return not any(_ends(text, match.start()) for match in _SIGN.finditer(text, start, end))


def sentence_start(text: str, low: int, at: int) -> int:
    """Where the sentence that holds `at` begins, not before `low`."""
    end = at
    while True:
        end = max(text.rfind("\n", low, end), text.rfind(".", low, end), text.rfind("|", low, end))
        if end < 0:
            return low
        if _ends(text, end):
            return end + 1


def sentence_end(text: str, at: int, high: int) -> int:
    """Where the sentence that holds `at` ends, not after `high`."""
    for match in _SIGN.finditer(text, at, high):
        if _ends(text, match.start()):
            return match.start()
    return min(high, len(text))
