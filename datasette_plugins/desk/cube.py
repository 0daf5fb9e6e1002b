"""Counts of a list by all its filters at once, worked out once for each build, so that no page counts rows.

A corpus of 100,000 documents has some hundred thousand findings, deadlines and sums, but only some thousand different
combinations of what they are filtered by.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Parameters, Reader

Value = str | int | None
Key = tuple[Value, ...]


def wanted(value: Value) -> str:
    """A value of the data as it stands in an address; ``-`` where there is none."""
    return "-" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Cube:
    """How many rows there are for each combination of values of `names`."""

    names: tuple[str, ...]
    counts: Mapping[Key, int]

    @classmethod
    def load(cls, reader: Reader, columns: Mapping[str, str], source: str, parameters: Parameters = ()) -> Cube:
        """Counts the rows of `source` (``from ... where ...``) by these columns."""
        places = ", ".join(str(place + 1) for place in range(len(columns)))
        rows = reader.connection.execute(
            f"select {', '.join(columns.values())}, count(*) {source} group by {places}", parameters
        )
        return cls(tuple(columns), {tuple(row)[:-1]: int(tuple(row)[-1]) for row in rows})

    @classmethod
    def stored(cls, reader: Reader, name: str, names: Sequence[str]) -> Cube:
        """The counts that the build has worked out under this name."""
        rows = reader.connection.execute("select keys, n from tallies where name = ?", (name,))
        counts = ((json.loads(keys), int(n)) for keys, n in rows)
        return cls(tuple(names), {tuple(found[key] for key in names): n for found, n in counts})

    def knows(self, filters: Mapping[str, str]) -> bool:
        """Whether all filters that are set are among its names."""
        return set(filters) <= set(self.names)

    def _fits(self, filters: Mapping[str, str]) -> Callable[[Key], bool]:
        places = [(self.names.index(name), value) for name, value in filters.items()]
        return lambda key: all(wanted(key[place]) == value for place, value in places)

    def total(self, filters: Mapping[str, str]) -> int:
        """How many rows the filters let through."""
        fits = self._fits(filters)
        return sum(count for key, count in self.counts.items() if fits(key))

    def by(self, names: Sequence[str], filters: Mapping[str, str]) -> Counter[Key]:
        """How many rows the filters let through for each combination of values of `names`."""
        fits, places = self._fits(filters), [self.names.index(name) for name in names]
        out: Counter[Key] = Counter()
        for key, count in self.counts.items():
            if fits(key):
                out[tuple(key[place] for place in places)] += count
        return out

    def facet(self, name: str, filters: Mapping[str, str], in_order: bool = False) -> list[Row]:
        """The values of `name` with their counts, under all filters but its own: most first, or by value."""
        found = self.by([name], {key: value for key, value in filters.items() if key != name})
        if in_order:
            pairs = sorted(found.items(), key=lambda pair: (pair[0][0] is None, wanted(pair[0][0])))
        else:
            pairs = sorted(found.items(), key=lambda pair: (-pair[1], wanted(pair[0][0])))
        return [{"value": key[0], "n": count} for key, count in pairs]
