"""Who does what: the agencies that plans charge, each with its tasks, roles, deadlines and documents."""

from __future__ import annotations

from corpus.identity import fold
from corpus.passages import sentence
from datasette_plugins.desk import names, web
from datasette_plugins.desk.cards import when
from datasette_plugins.desk.deadlines import DOCUMENT
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.listing import SIZE, Page, by_rowid
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Figure, Reader
from datasette_plugins.desk.web import Filters

MOST_DEADLINES = 12
MOST_DOCUMENTS = 20
_REACH = 500
_HEADING = 8
"""How much longer than the name a line is that is no more than its heading (`1. Sở Tài chính:`)."""
_TASKS = f"""select f.id, f.document, f.agency, f.role, f.task, f.quote, f.start, f."end" as stop, f.rowid as place,
    s.title as section_title, s."end" as section_end, {DOCUMENT}
    from assignments f join documents d on d.id = f.document left join sections s on s.id = f.section
    where f.agency = :agency and (:role = '' or f.role is :role)
    and f.rowid {{sign}} :place order by f.rowid {{order}} limit {SIZE + 1}"""
_DEADLINES = f"""select f.*, {DOCUMENT} from deadlines f join documents d on d.id = f.document
    where f.agency = ? and f.to_day >= ? order by f.to_day, f.rowid limit ?"""
_DOCUMENTS = f"""select d.id as document, {DOCUMENT} from (select distinct document from
    (select document from assignments where agency = :agency
    union all select document from deadlines where agency = :agency)
    limit :most) found join documents d on d.id = found.document order by d.issued_on desc, d.id"""
ROLES = ("lead", "coordinate")
SIZE_OF_ALL = Figure("agencies", lambda reader: int(reader.value("select count(*) from agencies") or 0))


def listed(reader: Reader, filters: Filters, request: Request, total: int) -> Page:
    """The agencies of most documents first; `q` keeps those whose name holds all its words, with or without marks."""
    words = fold(filters.get("q")).split()
    where = " and ".join(["instr(folded, ?) > 0"] * len(words)) or "1"
    if words:
        total = int(reader.value(f"select count(*) from agencies where {where}", words))

    def read(sign: str, order: str, place: int) -> list[Row]:
        sql = f"select *, rank as place from agencies where {where} and rank {sign} ? order by rank {order} limit ?"
        return reader.all(sql, [*words, place, SIZE + 1])

    return by_rowid(read, request, total)


async def list_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/agencies``."""
    desk = await web.desk_for(datasette, request)
    filters = web.filters_of(datasette, request, "agencies", ("q",))
    total = await desk.once(SIZE_OF_ALL)
    found = await desk.read(lambda reader: listed(reader, filters, request, total))
    context = {"listed": found, "filters": filters, "links": Links(datasette, desk.name)}
    return await web.html(datasette, request, "kehoach/agencies.html", context)


def tasks(reader: Reader, agency: Row, role: str, request: Request) -> Page:
    """One page of an agency's tasks, each with the sentence that sets it."""

    def read(sign: str, order: str, place: int) -> list[Row]:
        values = {"agency": agency["agency"], "role": role, "place": place}
        rows = reader.all(_TASKS.format(sign=sign, order=order), values)
        for row in rows[:SIZE]:
            row["said"] = _said(reader, row)
        return rows

    return by_rowid(read, request, int(agency[role] if role in ROLES else agency["tasks"]))


def _said(reader: Reader, row: Row) -> str:
    """What is to be done: the task in the row of a table, else the sentence around the name, without marks of Markdown;
    where the name is a heading of its own, what stands below it.
    """
    if row["task"]:
        return str(row["task"])
    low, stop = max(0, int(row["start"] or 0) - _REACH), int(row["stop"] or 0)
    text = reader.value(
        "select substr(text, ?, ?) from documents where id = ?", (low + 1, stop - low + _REACH, row["document"])
    )
    found = sentence(text or "", int(row["start"] or 0) - low, stop - low)
    if len(found) > len(str(row["quote"] or "")) + _HEADING:
        return found.replace("*", "")
    below = (text or "")[stop - low : max(0, int(row["section_end"] or 0) - low)]
    return f"{found} {' '.join(below.split())}".replace("*", "").strip()


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/agencies/<name>``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    name = decoded(request.url_vars["id"])
    agency = await desk.read(lambda reader: reader.one("select * from agencies where agency = ?", (name,)))
    if agency is None:
        raise web.not_found(request, "agencies.unknown")
    links = Links(datasette, desk.name)
    asked = web.filters_of(datasette, request, "agencies", ("role",))
    filters = Filters(links.agency(name), asked.values)
    role = filters.get("role") if filters.get("role") in ROLES else ""
    context = await desk.read(
        lambda reader: {
            "listed": tasks(reader, agency, role, request),
            "deadlines": reader.all(_DEADLINES, (name, "", MOST_DEADLINES)),
            "documents": reader.all(_DOCUMENTS, {"agency": name, "most": MOST_DOCUMENTS}),
        }
    )
    context.update(
        agency=agency,
        role=role,
        filters=filters,
        when=lambda row: when(row, words),
        name_of=lambda row: names.short(row, words),
        links=links,
    )
    return await web.html(datasette, request, "kehoach/agency.html", context)
