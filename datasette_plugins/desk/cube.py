"""Counts of a list by all its filters at once, worked out once for each build, so that no page counts rows.

A corpus of 100,000 documents has some hundred thousand findings, deadlines and sums, but only some thousand different
combinations of what they are filtered by.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Parameters, Reader

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.int64]

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
    _made: list[tuple[Codes, dict[str, tuple[dict[Value, int], Codes]]]] = field(
        default_factory=list, repr=False, compare=False
    )

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

    def _columns(self) -> tuple[Codes, dict[str, tuple[dict[Value, int], Codes]]]:
        """The counts, and for each name its values by their codes and the code of each combination: made once."""
        import numpy as np

        if not self._made:
            numbers = np.fromiter(self.counts.values(), np.int64, len(self.counts))
            columns: dict[str, tuple[dict[Value, int], Codes]] = {}
            for place, name in enumerate(self.names):
                values: dict[Value, int] = {}
                codes = (values.setdefault(key[place], len(values)) for key in self.counts)
                columns[name] = (values, np.fromiter(codes, np.int64, len(self.counts)))
            self._made.append((numbers, columns))
        return self._made[0]

    def _fitting(self, filters: Mapping[str, str]) -> npt.NDArray[np.bool_]:
        """Which combinations the filters let through."""
        import numpy as np

        _, columns = self._columns()
        fits = np.ones(len(self.counts), np.bool_)
        for name, value in filters.items():
            values, codes = columns[name]
            fits &= np.isin(codes, [code for held, code in values.items() if wanted(held) == value])
        return fits

    def total(self, filters: Mapping[str, str]) -> int:
        """How many rows the filters let through."""
        numbers, _ = self._columns()
        return int(numbers[self._fitting(filters)].sum())

    def by(self, names: Sequence[str], filters: Mapping[str, str]) -> Counter[Key]:
        """How many rows the filters let through for each combination of values of `names`."""
        import numpy as np

        numbers, columns = self._columns()
        fits = self._fitting(filters)
        joined = np.zeros(int(fits.sum()), np.int64)
        for name in names:
            joined = joined * len(columns[name][0]) + columns[name][1][fits]
        met, places = np.unique(joined, return_inverse=True)
        sums = np.zeros(len(met), np.int64)
        np.add.at(sums, places, numbers[fits])
        held = [list(columns[name][0]) for name in names]
        return Counter({_apart(int(code), held): int(number) for code, number in zip(met, sums, strict=True)})

    def facet(self, name: str, filters: Mapping[str, str], in_order: bool = False) -> list[Row]:
        """The values of `name` with their counts, under all filters but its own: most first, or by value."""
        found = self.by([name], {key: value for key, value in filters.items() if key != name})
        if in_order:
            pairs = sorted(found.items(), key=lambda pair: (pair[0][0] is None, wanted(pair[0][0])))
        else:
            pairs = sorted(found.items(), key=lambda pair: (-pair[1], wanted(pair[0][0])))
        return [{"value": key[0], "n": count} for key, count in pairs]


def _apart(code: int, held: Sequence[Sequence[Value]]) -> Key:
    """The values that one number stands for: the last name's code counts the ones."""
    out: list[Value] = []
    for values in reversed(held):
        code, place = divmod(code, len(values))
        out.append(values[place])
    return tuple(reversed(out))
