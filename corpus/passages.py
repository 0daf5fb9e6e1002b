"""The words around a fact: its sentence, its line, and how alike two of them are."""

from __future__ import annotations

import re

from corpus.identity import fold

_WORD = re.compile(r"[^\W_]+")
_REACH = 400


def sentence(text: str, start: int, end: int) -> str:
    """The sentence (or item of a list) around `start:end`, white space folded."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    first = max(text.rfind(";", low, start), text.rfind("\n", low, start), text.rfind(". ", low, start)) + 1
    ends = [at for at in (text.find(sign, end, high) for sign in (";", "\n", ". ", "./.")) if at >= 0]
    return " ".join(text[max(first, low) : min(ends, default=high)].split())


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
