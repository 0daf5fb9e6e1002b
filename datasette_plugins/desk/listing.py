"""Lists of facts over the whole corpus: leafed through by keys instead of counted rows, so that the last page costs
what the first does.

A place in a list is written ``VALUE~ROWID``, the sorted value of a row and its rowid; rows without a value come last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from datasette_plugins.desk.cube import Cube
from datasette_plugins.desk.ports import Request, Row
from datasette_plugins.desk.store import Figure, Reader
from datasette_plugins.desk.web import Filters, page_number

SIZE = 50
_PLACE = re.compile(r"(.{0,200})~(\d{1,18})", re.DOTALL)
_DENSE = 8
"""A list is walked in its order where at least one row in so many is of the documents that the filters let through;
of fewer documents the rows are gathered and sorted, for they may lie all at its end."""
Way = Literal["walked", "sorted", "by document"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list begins: after, or read backwards before, a row. `value` None: the row has no value."""

    value: str | None
    rowid: int
    side: Literal["after", "before"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the places from which the pages beside it begin (empty where there is none)."""

    rows: list[Row]
    total: int
    number: int = 1
    before: str = ""
    after: str = ""

    @property
    def first(self) -> int:
        """The number of its first row, from 1; 0 in an empty list."""
        return min((self.number - 1) * SIZE + 1, self.total)

    @property
    def last(self) -> int:
        """The number of its last row."""
        return min(self.first + len(self.rows) - 1, self.total) if self.rows else 0


def place_of(request: Request) -> Place | None:
    """The place that the request asks for; None: the list's beginning."""
    sides: tuple[Literal["after", "before"], ...] = ("after", "before")
    for side in sides:
        match = _PLACE.fullmatch(request.args.get(side) or "")
        if match:
            return Place(match[1] or None, int(match[2]), side)
    return None


def page_of(
    rows: list[Row],
    more: bool,
    place: Place | None,
    request: Request,
    total: int,
    value: Callable[[Row], str] = lambda row: "",
) -> Page:
    """The page of these rows, in their order, whose rowid is their column `place`; `more`: there are further ones."""
    backwards = place is not None and place.side == "before"
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    return Page(
        rows,
        total,
        page_number(request) if place else 1,
        before=f"{value(rows[0])}~{rows[0]['place']}" if rows and has_before else "",
        after=f"{value(rows[-1])}~{rows[-1]['place']}" if rows and has_after else "",
    )


def by_rowid(read: Callable[[str, str, int], list[Row]], request: Request, total: int) -> Page:
    """One page of rows in the order of their rowid. `read` gets the comparison, the order and the rowid to compare
    with, and gives one row more than a page holds where there are as many."""
    place = place_of(request)
    backwards = place is not None and place.side == "before"
    sign, order = ("<", "desc") if backwards else (">", "asc")
    rows = read(sign, order, place.rowid if place else 0)
    shown = rows[:SIZE]
    return page_of(shown[::-1] if backwards else shown, len(rows) > SIZE, place, request, total)


@dataclass(frozen=True, slots=True)
class Listing:
    """What tells one list from another. The rows to leaf through are those of the table `f`.

    `by_document`: the same tables, but the documents `d` first, in the order in which they are gone through;
    `counted`: the columns that the build counts under `tally`; `exact`: others, each with an index of its own;
    `sorted_by`: the column of the order, None for the order of the rows; `ahead`: the greatest value first.
    """

    tally: str
    table: str
    joined: str
    by_document: str
    columns: str
    counted: Mapping[str, str]
    exact: Mapping[str, str]
    sorted_by: str | None = None
    ahead: bool = False
    affinity: Literal["text", "integer"] = "text"
    in_order: tuple[str, ...] = ()
    """Exact filters whose index goes on with the sorted column: what they let through is read in its order."""
    parts_of_day: tuple[str, ...] = ()
    """Filters that together begin the sorted day (year, month): asked for as a range, which the index finds."""

    @property
    def counts(self) -> Figure[Cube]:
        """The counts of its filters, for `Desk.once`."""
        return Figure(f"tally-{self.tally}", lambda reader: Cube.stored(reader, self.tally, list(self.counted)))

    def facets(self, cube: Cube, filters: Filters, in_order: Sequence[str] = ()) -> dict[str, list[Row]]:
        """The values of the counted filters with their counts."""
        known = self._known(filters)
        return {name: cube.facet(name, known, name in in_order) for name in self.counted}

    def _known(self, filters: Filters) -> dict[str, str]:
        return {name: value for name, value in filters.values.items() if name in self.counted}

    def load(self, reader: Reader, cube: Cube, filters: Filters, request: Request) -> Page:
        """One page of the list."""
        known = self._known(filters)
        exact = any(filters.get(name) for name in self.exact)
        where, parameters = self.conditions(filters)
        if exact:
            columns = {**self.counted, **self.exact}
            joined = self.joined if any(filters.get(name) and "f." not in columns[name] for name in columns) else ""
            total = int(reader.value(f"select count(*) from {self.table} f {joined} where {where}", parameters))
        else:
            total = cube.total(known)
        query = _Query(self, where, tuple(parameters), self.way(cube, filters))
        place = place_of(request)
        rows, more = query.page(reader, place)
        return page_of(rows, more, place, request, total, lambda row: _value(row["sorted"]))

    def way(self, cube: Cube, filters: Filters) -> Way:
        """How the rows that the filters let through are come by."""
        if any(filters.get(name) for name in self.exact):
            return "walked" if any(filters.get(name) for name in self.in_order) else "sorted"
        of_document = {name: value for name, value in self._known(filters).items() if "d." in self.counted[name]}
        return "walked" if cube.total(of_document) * _DENSE >= cube.total({}) else "by document"

    def conditions(self, filters: Filters) -> tuple[str, list[object]]:
        """The SQL of the filters."""
        where, parameters = filters.conditions({**self.counted, **self.exact})
        day = "-".join(part for name in self.parts_of_day if (part := filters.get(name)) and part.isdigit())
        if day and filters.get(self.parts_of_day[0]).isdigit():
            where += f" and {self.sorted_by} >= ? and {self.sorted_by} < ?"
            parameters += [day, f"{day}~"]
        return where, parameters


def _value(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class _Query:
    """The rows around a place. Walked: in the order of the index, each row looked at; else what fits is sorted."""

    listing: Listing
    where: str
    parameters: tuple[object, ...]
    way: Way

    def page(self, reader: Reader, place: Place | None) -> tuple[list[Row], bool]:
        """The rows from a place on, and whether there are more behind them."""
        backwards = place is not None and place.side == "before"
        rows: list[Row] = []
        for has_value in (False, True) if backwards else (True, False):
            if has_value and self.listing.sorted_by is None:
                continue
            start = place
            if place is not None and (place.value is not None) != has_value and self.listing.sorted_by:
                if has_value != backwards:
                    continue
                start = None
            rows += self._part(reader, has_value, start, backwards, SIZE + 1 - len(rows))
            if len(rows) > SIZE:
                break
        more = len(rows) > SIZE
        rows = rows[:SIZE]
        return rows[::-1] if backwards else rows, more

    def _part(self, reader: Reader, has_value: bool, place: Place | None, backwards: bool, limit: int) -> list[Row]:
        """Rows with a value in the sorted column, or those without one, which come in the order of the table."""
        listing = self.listing
        own = "" if self.way == "walked" else "+"
        column = f"{own}{listing.sorted_by}" if has_value else None
        falls = (listing.ahead if has_value else False) != backwards
        order = "desc" if falls else "asc"
        sign = "<" if falls else ">"
        parts, parameters = [self.where], list(self.parameters)
        if listing.sorted_by:
            parts.append(f"{listing.sorted_by} is {'not ' if has_value else ''}null")
        if place is not None and column:
            parts.append(f"({column}, f.rowid) {sign} (cast(? as {listing.affinity}), ?)")
            parameters += [place.value, place.rowid]
        elif place is not None:
            parts.append(f"f.rowid {sign} ?")
            parameters.append(place.rowid)
        ordered = f"{column} {order}, f.rowid {order}" if column else f"{own}f.rowid {order}"
        return reader.all(self._sql(" and ".join(parts), ordered, limit), parameters)

    def _sql(self, where: str, ordered: str, limit: int) -> str:
        listing = self.listing
        shown = f"select {listing.columns}, {listing.sorted_by or 'null'} as sorted, f.rowid as place from"
        if self.way == "by document":
            found = f"select f.rowid as place from {listing.by_document} where {where} order by {ordered} limit {limit}"
            return (
                f"{shown} ({found}) found cross join {listing.table} f on f.rowid = found.place {listing.joined}"
                f" order by {ordered}"
            )
        joined = listing.joined.replace("join", "cross join") if self.way == "walked" else listing.joined
        return f"{shown} {listing.table} f {joined} where {where} order by {ordered} limit {limit}"
