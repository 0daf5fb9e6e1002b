"""Searches that look first whether the text holds any of the pieces that a match cannot be without.

A pattern that begins with one of many words is tried word by word at every sign of the text; whether a piece of text
stands in another is known some hundred times sooner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as code  # type: ignore[attr-defined]  # no public module reads a pattern
from re import _parser as parser  # type: ignore[attr-defined]

_ZERO_WIDTH = frozenset({code.AT, code.ASSERT, code.ASSERT_NOT})
_REPEATS = frozenset({code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT})
_SHORTEST = 2
"""Signs that a piece must have to tell anything."""


class Quick:
    """A pattern with the pieces of which every match holds one; `pieces` is empty where that cannot be told.

    >>> Quick(r"(?:[Nn]gân sách (?:tỉnh|xã)|NSX\\b)").pieces
    ('gân sách ', 'NSX')
    """

    __slots__ = ("pattern", "pieces")

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)
        parsed = parser.parse(pattern)
        self.pieces: tuple[str, ...] = () if parsed.state.flags & re.IGNORECASE else tuple(_pieces(parsed))

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in `text`."""
        pieces = self.pieces
        if pieces:
            for piece in pieces:
                if piece in text:
                    break
            else:
                return None
        return self.pattern.search(text)

    def search_in(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The first match in ``start:end`` of `text`."""
        if self.pieces and all(text.find(piece, start, end) < 0 for piece in self.pieces):
            return None
        return self.pattern.search(text, start, end)

    def count(self, text: str) -> int:
        """How many matches `text` holds, none inside another."""
        if self.pieces and not any(piece in text for piece in self.pieces):
            return 0
        return sum(1 for _ in self.pattern.finditer(text))

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the beginning of `text`."""
        return self.pattern.match(text)


def _pieces(items: Iterable[tuple[object, object]]) -> list[str]:
    """The pieces of which what matches a sequence holds one: those of its part that tells most."""
    choices: list[list[str]] = []
    run = ""
    for kind, told in items:
        if kind is code.LITERAL:
            run += chr(told)  # type: ignore[arg-type]
            continue
        if kind in _ZERO_WIDTH:
            continue
        choices.append([run])
        run = ""
        choices.append(_within(kind, told))
    choices.append([run])
    good = [choice for choice in choices if choice and min(map(len, choice)) >= _SHORTEST]
    return max(good, key=lambda choice: (min(map(len, choice)), -len(choice)), default=[])


def _within(kind: object, told: object) -> list[str]:
    """The pieces of a group, of alternatives, or of what is repeated at least once; none of anything else."""
    if kind is code.SUBPATTERN and isinstance(told, tuple):
        return [] if told[1] & re.IGNORECASE else _pieces(told[3])
    if kind in _REPEATS and isinstance(told, tuple):
        return _pieces(told[2]) if told[0] else []
    if kind is code.BRANCH and isinstance(told, tuple):
        parts = [_pieces(branch) for branch in told[1]]
        return list(dict.fromkeys(piece for part in parts for piece in part)) if all(parts) else []
    return []
