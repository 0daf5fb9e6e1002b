"""Dates as officials write them: `ngày 24 tháng 6 năm 2024`, `ngày 04/6/2024`, `28-4-2022`, `tháng 10 năm 2021`.

Patterns match the view. A date that no calendar has is still a date as printed: `Day.exists` tells.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

NUMERIC = r"(?<![\d/.-])(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4}|\d{2})(?![\d/])"
"""`04/6/2024`, `28-4-2022`, `28.2.2019`, `15/6/24`: the day first, always."""
WORDS = r"(?P<d>\d{0,2})[\s.]*tháng[\s.]*(?P<m>\d{0,2})[\s.]*năm[\s.]*(?P<y>\d{4})"  # blanks in drafts: d or m empty
_NUMERIC = re.compile(NUMERIC)
_WORDS = re.compile(r"(?:[Nn]gày[\s.]*)?" + WORDS)


@dataclass(slots=True)
class Day:
    """A date as printed; `day` and `month` are None where they were left blank."""

    year: int
    month: int | None
    day: int | None

    @property
    def exists(self) -> bool:
        """Whether a calendar has this date, as far as it is given."""
        if self.month is None:
            return True
        if not 1 <= self.month <= 12:
            return False
        return self.day is None or 1 <= self.day <= 28 or 1 <= self.day <= monthrange(self.year, self.month)[1]

    @property
    def edtf(self) -> str:
        """`2024-06-24`, `2021-10`, `2021`; a date that does not exist keeps its printed digits."""
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
            if self.day is not None:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)


def full_year(digits: str) -> int:
    """The year that `digits` name: two digits are of this century up to 49, else of the last."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year < 50 else 1900 + year


def day_of(match: re.Match[str]) -> Day:
    """The date of a match of `NUMERIC` or `WORDS` (groups d, m, y)."""
    day, month = match["d"], match["m"]
    return Day(full_year(match["y"]), int(month) if month else None, int(day) if day and month else None)


def parse(words: str) -> Day | None:
    """The first date in `words`, or None.

    >>> parse("ngày 24 tháng 6 năm 2024").edtf
    '2024-06-24'
    >>> parse("04/6/2024").edtf, parse("28-4-2022").edtf
    ('2024-06-04', '2022-04-28')
    >>> parse("ngày tháng 10 năm 2021").edtf
    '2021-10'
    >>> parse("31/4/2025").exists
    False
    """
    found = [m for m in (_NUMERIC.search(words), _WORDS.search(words)) if m]
    return day_of(min(found, key=lambda m: m.start())) if found else None
