"""Things in disjoint sets that are joined one by one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Joined(Generic[T]):
    """Sets of things; what was never joined is alone.

    >>> sets = Joined[str]()
    >>> sets.join(["a", "b"]), sets.join(["c", "b"]), sets.root("a") == sets.root("c"), sets.root("d")
    (True, True, True, 'd')
    """

    def __init__(self) -> None:
        self._above: dict[T, T] = {}

    def root(self, one: T) -> T:
        """The one that stands for the set of `one`."""
        above = self._above
        while (other := above.setdefault(one, one)) != one:
            above[one] = above[other]
            one = other
        return one

    def join(self, several: Sequence[T]) -> bool:
        """Makes one set of those that hold `several`. Returns whether they were not one yet."""
        first = self.root(several[0])
        was_apart = False
        for one in several[1:]:
            root = self.root(one)
            if root != first:
                self._above[root] = first
                was_apart = True
        return was_apart
