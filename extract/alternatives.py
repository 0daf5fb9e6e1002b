"""Lists of words as one pattern in the form of a tree, so that a search tries few beginnings and not each word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


def one_of(words: Iterable[str]) -> str:
    """A pattern of any of `words`, the longest that stands there first.

    >>> one_of(["Sở", "Sở Y tế", "Bộ"])
    'Bộ|Sở(?:\\\\ Y\\\\ tế|)'
    """
    return tree(dict.fromkeys(words, ""))


def tree(tails: Mapping[str, str]) -> str:
    """A pattern of any word of `tails`, each followed by the pattern that it is mapped to; longer words come first.

    What it matches, and which word where several stand at one place, is what ``|`` between the words, sorted by
    length, would match: words that begin at one place are beginnings of one another.
    """
    return "|".join(_branches(sorted(tails), tails, 0))


def _branches(words: list[str], tails: Mapping[str, str], depth: int) -> list[str]:
    """The alternatives of words that are alike up to `depth`, one for each next sign, what ends here last."""
    by_sign: dict[str, list[str]] = {}
    for word in words:
        by_sign.setdefault(word[depth : depth + 1], []).append(word)
    ended = by_sign.pop("", [])
    return [*(_branch(group, tails, depth) for group in by_sign.values()), *(tails[word] for word in ended)]


def _branch(words: list[str], tails: Mapping[str, str], depth: int) -> str:
    """The pattern of words that have the same next sign."""
    first, last = words[0], words[-1]
    same = depth + 1
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    head = re.escape(first[depth:same])
    inner = _branches(words, tails, same)
    return head + (inner[0] if len(inner) == 1 else f"(?:{'|'.join(inner)})")
