"""The list of findings: the queue with its filters and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from datasette_plugins.desk import names, reviewing, web
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.queue import BY_SEVERITY, COUNTS, TOTALS, Queue, grave, of_documents, queue_of
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.web import Leaf

__all__ = ["BY_SEVERITY", "COUNTS", "TOTALS", "list_page"]
MOST_CASES = 20
LEVELS = ("central", "province", "district", "commune")


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list shows: the rows of this page, and the values of each filter with their counts."""

    rows: list[Row]
    leaf: Leaf
    facets: Mapping[str, list[Row]]


def _list(reader: Reader, queue: Queue, number: int) -> Listed:
    titles = {row["id"]: row for row in reader.all("select id, title_vi, title_en, severity from rules")}
    leaf = Leaf(number, queue.total)
    facets = {
        "severity": sorted(queue.facet("severity"), key=lambda row: grave(row["value"])),
        "rule": [{**titles.get(row["value"], {"title_vi": row["value"]}), **row} for row in queue.facet("rule")],
        "state": queue.facet("state"),
        "scope": queue.facet("scope"),
        "level": sorted(queue.facet("level"), key=_height),
        "province": queue.facet("province"),
        "year": list(reversed(queue.facet("year", in_order=True))),
        "assignee": queue.facet("assignee"),
    }
    return Listed(queue.rows(reader, leaf.offset, leaf.size), leaf, facets)


def _height(row: Row) -> int:
    return LEVELS.index(row["value"]) if row["value"] in LEVELS else len(LEVELS)


def _cases(reader: Reader, queue: Queue) -> list[Row]:
    """The open cases with the number of findings that lie in their documents, whatever else is chosen."""
    if queue.live is None:
        return []
    chosen = queue.filters.get("case")
    shown = [case for case in queue.live.cases.values() if case.state == "open" or str(case.id) == chosen][:MOST_CASES]
    hashes = sorted({sha256 for case in shown for sha256 in case.documents})
    ids = reader.named("select id, sha256 from documents where sha256 in ({})", hashes, key="sha256")
    out: list[Row] = []
    for case in shown:
        where, parameters = of_documents([str(ids[sha256]["id"]) for sha256 in case.documents if sha256 in ids])
        count = reader.value(f"select count(*) from findings f where {where}", parameters)
        out.append({"value": str(case.id), "name": case.name, "n": count})
    return out


async def list_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/findings``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    queue = await queue_of(desk, request)
    number = web.page_number(request)
    listed = await desk.read(lambda reader: _list(reader, queue, number))
    review = reviewing.review_of(datasette)
    signed_in = reviewing.reviewer_of(datasette, request) is not None
    return await web.html(
        datasette,
        request,
        "kehoach/findings.html",
        {
            "listed": listed,
            "filters": queue.filters,
            "queue": queue,
            "cases": await desk.read(lambda reader: _cases(reader, queue)) if signed_in else [],
            "person": review.name_of if review else str,
            "name_of": lambda row: names.short(row, words),
            "links": Links(datasette, desk.name),
        },
    )
