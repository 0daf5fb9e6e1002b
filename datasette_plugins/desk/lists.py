"""The lists of deadlines and of sums over the whole corpus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from datasette_plugins.desk import names, web
from datasette_plugins.desk.cards import listed, when
from datasette_plugins.desk.cube import Cube
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Figure, Reader
from datasette_plugins.desk.web import Filters, Leaf

DEADLINE_FILTERS = ("kind", "year", "month", "level", "agency", "document")
MONEY_FILTERS = ("kind", "fund", "level", "year", "document")
_DOCUMENT = """d.doc_type, d.code, d.symbol, d.number_blank, d.issuer, d.issuer_level, d.issued_on, d.title,
    d.province"""
_DEADLINE_COLUMNS = {
    "kind": "+f.kind",
    "year": "substr(f.to_day, 1, 4)",
    "month": "substr(f.to_day, 6, 2)",
    "level": "d.issuer_level",
}
_MONEY_COLUMNS = {"kind": "+f.kind", "fund": "f.fund_kind", "level": "d.issuer_level", "year": "d.year"}
_RARE_COLUMNS = {"agency": "f.agency", "document": "f.document"}
"""Filters that are not counted beforehand. A plus keeps SQLite from an index that would cost it the order."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of facts with the counts of its filters."""

    rows: list[Row]
    leaf: Leaf
    counts: dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class _List:
    """What tells one list of facts from another."""

    table: str
    columns: dict[str, str]
    order: str

    @property
    def source(self) -> str:
        return f"from {self.table} f join documents d on d.id = f.document"

    @property
    def walked(self) -> str:
        """The same, with the facts walked through in their order and each looked up in its document."""
        return f"from {self.table} f cross join documents d on d.id = f.document"

    def cube(self, reader: Reader) -> Cube:
        return Cube.load(reader, self.columns, self.source)

    def load(self, reader: Reader, cube: Cube, filters: Filters, number: int) -> Listed:
        """One page of the list."""
        where, parameters = filters.conditions({**self.columns, **_RARE_COLUMNS})
        known = {name: value for name, value in filters.values.items() if name in self.columns}
        if cube.knows(filters.values):
            total = cube.total(known)
        else:
            total = int(reader.value(f"select count(*) {self.source} where {where}", parameters))
        leaf = Leaf(number, total)
        rows = reader.all(
            f"select f.*, {_DOCUMENT} {self.walked} where {where} order by {self.order} limit ? offset ?",
            [*parameters, leaf.size, leaf.offset],
        )
        return Listed(rows, leaf, {name: cube.facet(name, known, name in ("year", "month")) for name in self.columns})


DEADLINES = _List("deadlines", _DEADLINE_COLUMNS, "f.to_day nulls last, f.rowid")
MONEY = _List("budgets", _MONEY_COLUMNS, "f.vnd desc, f.rowid")


def money_totals(reader: Reader) -> list[Row]:
    """The greatest stated total of each document, summed by level and year: worked out once for each build."""
    return reader.all(
        """select year, issuer_level, count(*) as n, sum(vnd) as vnd from
        (select d.year, d.issuer_level, max(f.vnd) as vnd from budgets f join documents d on d.id = f.document
        where f.kind = 'total' and d.year is not null group by f.document) group by 1, 2
        order by case issuer_level when 'central' then 0 when 'province' then 1 when 'district' then 2
        when 'commune' then 3 else 4 end, year"""
    )


DEADLINE_COUNTS = Figure("deadline-counts", DEADLINES.cube)
MONEY_COUNTS = Figure("money-counts", MONEY.cube)
MONEY_TOTALS = Figure("money-totals", money_totals)


async def deadline_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/deadlines``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    filters = web.filters_of(datasette, request, "deadlines", DEADLINE_FILTERS)
    cube = await desk.once(DEADLINE_COUNTS)
    found = await desk.read(lambda reader: DEADLINES.load(reader, cube, filters, web.page_number(request)))
    return await web.html(
        datasette,
        request,
        "kehoach/deadlines.html",
        {
            "listed": found,
            "counts": found.counts,
            "filters": filters,
            "today": date.today().isoformat(),
            "when": lambda row: when(row, words),
            "name_of": lambda row: names.short(row, words),
            "links": Links(datasette, desk.name),
        },
    )


async def money_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/money``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    filters = web.filters_of(datasette, request, "money", MONEY_FILTERS)
    cube = await desk.once(MONEY_COUNTS)
    totals = await desk.once(MONEY_TOTALS)
    found = await desk.read(lambda reader: MONEY.load(reader, cube, filters, web.page_number(request)))
    greatest: dict[object, int] = {}
    for row in totals:
        greatest[row["issuer_level"]] = max(greatest.get(row["issuer_level"], 1), cast(int, row["vnd"] or 0))
    return await web.html(
        datasette,
        request,
        "kehoach/money.html",
        {
            "listed": found,
            "counts": found.counts,
            "totals": totals,
            "greatest": greatest,
            "filters": filters,
            "sources": lambda row: ", ".join(words.code("source", code) for code in listed(row["funding_sources"])),
            "name_of": lambda row: names.short(row, words),
            "links": Links(datasette, desk.name),
        },
    )
