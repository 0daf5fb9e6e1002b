"""The lists of deadlines and of sums over the whole corpus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from datasette_plugins.desk import names, web
from datasette_plugins.desk.cards import listed, when
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.web import Filters, Leaf

DEADLINE_FILTERS = ("kind", "year", "month", "level", "agency", "document")
MONEY_FILTERS = ("kind", "fund", "level", "year", "document")
_DOCUMENT = """d.doc_type, d.code, d.symbol, d.number_blank, d.issuer, d.issuer_level, d.issued_on, d.title,
    d.province"""
_DEADLINE_COLUMNS = {
    "kind": "f.kind",
    "level": "d.issuer_level",
    "agency": "f.agency",
    "document": "f.document",
    "year": "substr(f.to_day, 1, 4)",
    "month": "substr(f.to_day, 6, 2)",
}
_MONEY_COLUMNS = {
    "kind": "f.kind",
    "fund": "f.fund_kind",
    "level": "d.issuer_level",
    "year": "d.year",
    "document": "f.document",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of facts with the counts of its filters."""

    rows: list[Row]
    leaf: Leaf
    counts: dict[str, list[Row]]


def deadlines(reader: Reader, filters: Filters, number: int) -> Listed:
    """Deadlines by their last day; those without one stand at the end."""
    where, parameters = filters.conditions(_DEADLINE_COLUMNS)
    source = "from deadlines f join documents d on d.id = f.document"
    leaf = Leaf(number, int(reader.value(f"select count(*) {source} where {where}", parameters)))
    rows = reader.all(
        f"""select f.*, {_DOCUMENT} {source} where {where}
        order by f.to_day is null, f.to_day, f.document, f.position limit ? offset ?""",
        [*parameters, leaf.size, leaf.offset],
    )
    return Listed(rows, leaf, {})


def deadline_counts(reader: Reader) -> dict[str, list[Row]]:
    """How many deadlines there are by kind, year and level: worked out once for each build."""
    return {
        "kind": reader.all("select kind as value, count(*) as n from deadlines group by 1 order by 2 desc"),
        "year": reader.all(
            """select substr(to_day, 1, 4) as value, count(*) as n from deadlines where to_day is not null
            group by 1 order by 1"""
        ),
        "level": reader.all(
            """select d.issuer_level as value, count(*) as n from deadlines f join documents d on d.id = f.document
            group by 1 order by 2 desc"""
        ),
    }


def money(reader: Reader, filters: Filters, number: int) -> Listed:
    """Sums, the greatest first."""
    where, parameters = filters.conditions(_MONEY_COLUMNS)
    source = "from budgets f join documents d on d.id = f.document"
    leaf = Leaf(number, int(reader.value(f"select count(*) {source} where {where}", parameters)))
    rows = reader.all(
        f"select f.*, {_DOCUMENT} {source} where {where} order by f.vnd desc, f.id limit ? offset ?",
        [*parameters, leaf.size, leaf.offset],
    )
    return Listed(rows, leaf, {})


def money_counts(reader: Reader) -> dict[str, list[Row]]:
    """How many sums there are by kind, fund, level and year, and the greatest stated total of each year and level."""
    joined = "from budgets f join documents d on d.id = f.document"
    return {
        "kind": reader.all("select kind as value, count(*) as n from budgets group by 1 order by 2 desc"),
        "fund": reader.all(
            """select fund_kind as value, count(*) as n from budgets where fund_kind is not null
            group by 1 order by 2 desc"""
        ),
        "level": reader.all(f"select d.issuer_level as value, count(*) as n {joined} group by 1 order by 2 desc"),
        "year": reader.all(
            f"select d.year as value, count(*) as n {joined} where d.year is not null group by 1 order by 1"
        ),
        "totals": reader.all(
            f"""select year, issuer_level, count(*) as n, sum(vnd) as vnd from
            (select d.year, d.issuer_level, max(f.vnd) as vnd {joined} where f.kind = 'total' and d.year is not null
            group by f.document) group by 1, 2
            order by case issuer_level when 'central' then 0 when 'province' then 1 when 'district' then 2
            when 'commune' then 3 else 4 end, year"""
        ),
    }


async def deadline_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/deadlines``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    filters = web.filters_of(datasette, request, "deadlines", DEADLINE_FILTERS)
    found = await desk.read(lambda reader: deadlines(reader, filters, web.page_number(request)))
    return await web.html(
        datasette,
        request,
        "kehoach/deadlines.html",
        {
            "listed": found,
            "counts": await desk.once("deadline-counts", deadline_counts),
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
    found = await desk.read(lambda reader: money(reader, filters, web.page_number(request)))
    counts = await desk.once("money-counts", money_counts)
    greatest: dict[object, int] = {}
    for row in counts["totals"]:
        greatest[row["issuer_level"]] = max(greatest.get(row["issuer_level"], 1), cast(int, row["vnd"] or 0))
    return await web.html(
        datasette,
        request,
        "kehoach/money.html",
        {
            "listed": found,
            "counts": counts,
            "greatest": greatest,
            "filters": filters,
            "sources": lambda row: ", ".join(words.code("source", code) for code in listed(row["funding_sources"])),
            "name_of": lambda row: names.short(row, words),
            "links": Links(datasette, desk.name),
        },
    )
