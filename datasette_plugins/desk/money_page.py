"""Sums over all plans: what plans want against what was allotted, as charts and tables, and the list of all sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datasette_plugins.desk import bars, names, web
from datasette_plugins.desk.bars import Chart
from datasette_plugins.desk.cards import listed
from datasette_plugins.desk.deadlines import DOCUMENT
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.listing import SIZE, Listing, Page, by_rowid
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Figure, Reader
from datasette_plugins.desk.web import Filters
from datasette_plugins.desk.words import Words

FILTERS = ("kind", "fund", "level", "year", "document", "bar")
LEVELS = ("central", "province", "district", "commune", "-")
PARTS = ("plan", "allotment")
SOURCES = ("central", "local", "province", "district", "commune", "socialised", "enterprise", "oda", "other")
MOST_PAIRS = 20
LISTING = Listing(
    tally="money",
    table="budgets",
    joined="join documents d on d.id = f.document",
    by_document="documents d cross join budgets f on f.document = d.id",
    columns=f"f.*, {DOCUMENT}",
    counted={"kind": "f.kind", "fund": "f.fund_kind", "level": "d.issuer_level", "year": "d.year"},
    exact={"document": "f.document"},
    sorted_by="f.vnd",
    ahead=True,
    affinity="integer",
)
_OF_BARS = f"""select b.*, {DOCUMENT}, f.rowid as place from sums f join budgets b on b.id = f.fact
    join documents d on d.id = f.document where f.bar = ? and f.rowid {{sign}} ? order by f.rowid {{order}} limit ?"""
COUNTS = LISTING.counts


def _bars(reader: Reader) -> list[Row]:
    return reader.all(
        "select bar, part, level, year, source, sum(vnd) as vnd, count(*) as n from sums group by bar order by bar"
    )


def _pairs(reader: Reader) -> list[Row]:
    """Plans whose total goes furthest beyond what was allotted to them, first."""
    own, other = "d", "s"
    return reader.all(
        f"""select a.*, {_prefixed(own)}, {_prefixed(other)} from allotments a
        join documents d on d.id = a.document join documents s on s.id = a.superior
        order by a.vnd - a.allotted_vnd desc, a.document limit {MOST_PAIRS}"""
    )


def _prefixed(alias: str) -> str:
    columns = ("doc_type", "code", "symbol", "number_blank", "issuer", "issued_on")
    return ", ".join(f"{alias}.{column} as {alias}_{column}" for column in columns)


BARS = Figure("money-bars", _bars)
PAIRS = Figure("money-pairs", _pairs)


@dataclass(frozen=True, slots=True)
class Level:
    """The charts of one level: by year, and by source."""

    code: str
    by_year: Chart
    by_source: Chart | None


def charts(rows: Iterable[Row], filters: Filters, words: Words) -> list[Level]:
    """One pair of charts for each level: money passed down stands at every level, so levels are never added up."""
    totals: dict[str, dict[object, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    sources: dict[str, dict[object, dict[str, list[Row]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in rows:
        level = row["level"] or "-"
        if row["source"] is None:
            totals[level][row["year"]][row["part"]] = row
        elif filters.get("year") in ("", str(row["year"] or "-")):
            sources[level][row["source"]][row["part"]].append(row)
    found: list[Level] = []
    for level in sorted(totals.keys() | sources.keys(), key=lambda code: LEVELS.index(code) if code in LEVELS else 9):
        if filters.get("level") not in ("", level):
            continue
        by_year = bars.draw(_groups_by_year(totals[level], filters, words), words)
        found.append(Level(level, by_year, _chart_of_sources(sources[level], filters, words)))
    return found


def _groups_by_year(
    years: Mapping[object, Mapping[str, Row]], filters: Filters, words: Words
) -> list[tuple[str, list[bars.Bar]]]:
    return [
        (
            str(year or words("unknown")),
            [_bar(part, [years[year][part]], filters, words) for part in PARTS if part in years[year]],
        )
        for year in sorted(years, key=lambda year: str(year or "9999"))
    ]


def _chart_of_sources(
    sources: Mapping[object, Mapping[str, list[Row]]], filters: Filters, words: Words
) -> Chart | None:
    order = sorted(sources, key=lambda code: SOURCES.index(str(code)) if code in SOURCES else len(SOURCES))
    groups = [
        (
            words.code("source", source),
            [_bar(part, sources[source][part], filters, words) for part in PARTS if sources[source].get(part)],
        )
        for source in order
    ]
    return bars.draw(groups, words) if groups else None


def _bar(part: str, rows: list[Row], filters: Filters, words: Words) -> bars.Bar:
    """A bar with the address of its facts: of one bar of the data, or of the years that it adds up."""
    name = str(rows[0]["bar"])
    if len(rows) > 1:
        name = "/".join("*" if place == 2 else word for place, word in enumerate(name.split("/")))
    return bars.Bar(
        part=part,
        label=words.code("part", part),
        value=sum(int(row["vnd"]) for row in rows),
        count=sum(int(row["n"]) for row in rows),
        href=Filters(filters.path, {}).url(bar=name) + "#count",
    )


def chosen_bars(rows: Iterable[Row], name: str) -> list[Row]:
    """The bars of this name: ``plan/province/2024`` or, of one source, ``plan/province/2024/socialised``; ``*`` for
    all years."""
    part, level, year, source = (name.split("/") + [""] * 4)[:4]
    return [
        row
        for row in rows
        if (row["part"], row["level"] or "-", row["source"] or "") == (part, level, source)
        and year in ("*", str(row["year"] or "-"))
    ]


def of_bars(reader: Reader, chosen: list[Row], request: Request) -> Page:
    """One page of the sums that make up a bar, year by year, the greatest of each first."""

    def read(sign: str, order: str, place: int) -> list[Row]:
        rows: list[Row] = []
        for bar in sorted((str(row["bar"]) for row in chosen), reverse=order == "desc"):
            if len(rows) <= SIZE:
                rows += reader.all(_OF_BARS.format(sign=sign, order=order), (bar, place, SIZE + 1 - len(rows)))
        return rows

    return by_rowid(read, request, sum(int(row["n"]) for row in chosen))


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/money``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    filters = web.filters_of(datasette, request, "money", FILTERS)
    cube, rows = await desk.once(COUNTS), await desk.once(BARS)
    chosen = chosen_bars(rows, filters.get("bar"))
    if filters.get("bar"):
        found = await desk.read(lambda reader: of_bars(reader, chosen, request))
    else:
        found = await desk.read(lambda reader: LISTING.load(reader, cube, filters, request))
    context = {
        "listed": found,
        "counts": LISTING.facets(cube, filters, ("year",)),
        "charts": charts(rows, filters, words) if not filters.get("bar") else [],
        "chosen": chosen,
        "chosen_sum": sum(int(row["vnd"]) for row in chosen),
        "pairs": await desk.once(PAIRS) if not filters.get("bar") else [],
        "filters": filters,
        "sources": lambda row: ", ".join(words.code("source", code) for code in listed(row["funding_sources"])),
        "name_of": lambda row: names.short(row, words),
        "own": lambda row, alias: {key[2:]: value for key, value in row.items() if key.startswith(f"{alias}_")},
        "links": Links(datasette, desk.name),
    }
    return await web.html(datasette, request, "kehoach/money.html", context)
