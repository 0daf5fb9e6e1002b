"""The words around a fact: its sentence, its line, and how alike two of them are."""

from __future__ import annotations

import re

from corpus.identity import fold

_END = re.compile(r"[;\n]|[.!?](?=\s|$)|\./\.")
_WORD = re.compile(r"[^\W_]+")
_REACH = 400


def sentence(text: str, start: int, end: int) -> str:
    """The sentence (or item of a list) around `start:end`."""
    before = text[max(0, start - _REACH) : start]
    cut = max(
        (match.end() for match in _END.finditer(before) if not _is_inside_number(before, match.start())), default=0
    )
    after = _END.search(text[end : end + _REACH])
    stop = end + after.start() if after else min(len(text), end + _REACH)
    return " ".join(text[max(0, start - _REACH) + cut if cut else max(0, start - len(before)) : stop].split())


def _is_inside_number(text: str, at: int) -> bool:
    return text[at] == "." and at > 0 and text[at - 1].isdigit() and at + 1 < len(text) and text[at + 1].isdigit()


def line(text: str, start: int, end: int) -> str:
    """The physical lines that hold `start:end`."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return text[first : last if last >= 0 else len(text)]


def tokens(text: str) -> list[str]:
    """The words of `text` folded, numbers left out."""
    return [word for word in _WORD.findall(fold(text)) if not word.isdigit()]


def overlap(one: str, other: str) -> float:
    """The share of the shorter passage's words that stand in the other, 0 to 1."""
    first, second = set(tokens(one)), set(tokens(other))
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def jaccard(one: str, other: str) -> float:
    """Words in common of all words, 0 to 1."""
    first, second = set(tokens(one)), set(tokens(other))
    return len(first & second) / len(first | second) if first | second else 0.0
