"""The words around a fact: its sentence, its line, and how alike two of them are."""

from __future__ import annotations

import re

from corpus.identity import fold

_WORD = re.compile(r"[^\W_]+")
_MARKER = re.compile(
    r"(?:[-–+•*|]|\(?\d{1,2}(?:\.\d{1,2})*[.)]?\s|[a-zđ]\)|[IVXLC]{1,5}\s?[.)]|[A-H]\.\s"
    r"|Điều \d|Phụ lục|Nơi nhận|Căn cứ|Kính gửi)"
)
_REACH = 500
_SHORT_LINE = 45
"""A line that ends before this has not been broken by the page's width."""


def is_wrapped(text: str, at: int) -> bool:
    """Whether the line break at `at` is only the page's: the sentence goes on in the next line."""
    before, after = text[:at].rstrip(" \t"), text[at + 1 : at + 60].lstrip(" \t")
    if not before or not after or after[0] == "\n" or before[-1] in ".;:!?\n|" or _MARKER.match(after):
        return False
    return after[0].islower() or len(before) - before.rfind("\n") > _SHORT_LINE


def _break_before(text: str, low: int, at: int) -> int:
    """Where the line that goes on to `at` begins, page breaks aside, no earlier than `low`."""
    found = text.rfind("\n", low, at)
    while found >= 0 and is_wrapped(text[max(0, found - 200) : found + 60], min(found, 200)):
        found = text.rfind("\n", low, found)
    return found + 1 if found >= 0 else low


def _break_after(text: str, at: int, high: int) -> int:
    found = text.find("\n", at, high)
    while found >= 0 and is_wrapped(text[max(0, found - 200) : found + 60], min(found, 200)):
        found = text.find("\n", found + 1, high)
    return found if found >= 0 else high


def sentence(text: str, start: int, end: int) -> str:
    """The sentence (or item of a list) around `start:end`, white space folded."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    first = max(text.rfind(";", low, start) + 1, text.rfind(". ", low, start) + 1, _break_before(text, low, start))
    last = _break_after(text, end, high)
    ends = [at for at in (text.find(sign, end, last) for sign in (";", ". ", "./.")) if at >= 0]
    return " ".join(text[max(first, low) : min([*ends, last])].split())


def line(text: str, start: int, end: int) -> str:
    """The line that holds `start:end`, as it would be without the page's width."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    return " ".join(text[_break_before(text, low, start) : _break_after(text, end, high)].split())


def unwrapped(text: str) -> str:
    """`text` with the breaks that are only the page's as spaces."""
    out, at = [], 0
    for match in re.finditer("\n", text):
        out.append(text[at : match.start()])
        out.append(" " if is_wrapped(text, match.start()) else "\n")
        at = match.end()
    return "".join([*out, text[at:]])


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
