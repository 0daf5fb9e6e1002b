"""From a document to the one before and after it: in the search that it was found by, else among its issuer's."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from datasette_plugins.desk import search_page, searching, web
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.web import PAGE_SIZE, Filters

FARTHEST = 100_000
MOST_SORTED = 1_000
"""Documents of one issuer that are put into order to find the next one."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Links to the documents before and after; empty where there is none. `back` leads to the list itself."""

    before: str = ""
    after: str = ""
    back: str = ""


def place_of(request: Request) -> int:
    """The place in the list of the search, from 1; 0 where the document was not reached from one."""
    text = request.args.get("hit") or ""
    return min(int(text), FARTHEST) if text.isascii() and text.isdigit() else 0


def filters_of(datasette: Datasette, request: Request) -> Filters:
    """The search that a document was found by."""
    return web.filters_of(datasette, request, "search", search_page.FILTERS)


def within_search(links: Links, filters: Filters, place: int) -> Neighbours:
    """The neighbours of the document at `place` of a search; they are looked up when they are gone to."""

    def at(number: int) -> str:
        return f"{links.page('search/at')}?{urlencode([*filters.values.items(), ('hit', number)])}"

    page = (place - 1) // PAGE_SIZE + 1
    return Neighbours(at(place - 1) if place > 1 else "", at(place + 1), filters.url(page=page if page > 1 else None))


def of_issuer(reader: Reader, document: Row, links: Links) -> Neighbours:
    """The documents that the same issuer issued before and after; none of one without an issuer or a date."""
    if not document["issuer"] or not document["issued_on"]:
        return Neighbours()
    parameters = {"issuer": document["issuer"], "day": document["issued_on"], "id": document["id"]}
    issued = int(reader.value("select count(*) from documents where issuer = :issuer", parameters) or 0)
    issuer = "+issuer" if issued > MOST_SORTED else "issuer"  # the plus has SQLite walk along the days instead

    def beside(sign: str, order: str) -> str:
        found = reader.value(
            f"""select id from documents where {issuer} = :issuer and issued_on {sign}= :day
            and (issued_on, id) {sign} (:day, :id) order by issued_on {order}, id {order} limit 1""",
            parameters,
        )
        return links.document(found) if found else ""

    return Neighbours(beside("<", "desc"), beside(">", "asc"))


def found_at(reader: Reader, filters: Filters, place: int) -> str | None:
    """The id of the document at `place` (from 1) of a search; None past its end."""
    number, row = (place - 1) // PAGE_SIZE + 1, (place - 1) % PAGE_SIZE
    if filters.get("q"):
        ids = [ident for ident, _ in searching.documents(reader, filters, number)[0]]
    else:
        ids = [str(found["id"]) for found in search_page.listed(reader, filters, number)[0]]
    return ids[row] if row < len(ids) else None


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/search/at?q=...&hit=<place>``: to the document at that place; past the end, to the search."""
    desk = await web.desk_for(datasette, request)
    links, filters, place = Links(datasette, desk.name), filters_of(datasette, request), place_of(request)
    ident = await desk.read(lambda reader: found_at(reader, filters, place)) if place else None
    if ident is None:
        return web.redirect(filters.url())
    return web.redirect(f"{links.document(ident)}?{urlencode([*filters.values.items(), ('hit', place)])}")
