"""Which section a fact stands in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from extract.records import Section


class SectionIndex:
    """Finds the innermost section at a canonical offset in logarithmic time."""

    __slots__ = ("_sections", "_starts")

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sorted(sections, key=attrgetter("start", "depth"))
        self._starts = [section.start for section in self._sections]

    def at(self, offset: int) -> Section | None:
        """The innermost section that holds the canonical `offset`, or None."""
        i = bisect_right(self._starts, offset) - 1
        while i >= 0:
            section = self._sections[i]
            if offset < section.end:
                return section
            if section.depth <= 1 and section.end <= offset and "/" not in section.path:
                return None
            i -= 1
        return None

    def path_at(self, offset: int) -> str | None:
        """The path of the innermost section at `offset`, or None outside all sections."""
        section = self.at(offset)
        return section.path if section else None
