"""Search over the corpus, and the list of its documents where no word is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup

from datasette_plugins.desk import names, searching, web
from datasette_plugins.desk.folding import folded
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Figure, Reader
from datasette_plugins.desk.web import Filters, Leaf

FILTERS = ("q", "issuer", "level", "type", "year", "province")
_COLUMNS = {
    "issuer": "d.issuer",
    "level": "+d.issuer_level",
    "type": "+d.doc_type",
    "year": "cast(d.year as text)",
    "province": "+d.province",
}
"""But for the issuer, which has few documents, all are asked of one index that holds them together, in its order."""
_DOCUMENT = """d.id, d.doc_type, d.number, d.symbol, d.code, d.number_blank, d.issuer, d.issuer_level, d.province,
    d.issued_on, d.year, d.title, d.period"""
MOST_SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, with a passage that holds the words."""

    document: Row
    snippet: Markup
    findings: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What the page of search shows."""

    hits: list[Hit]
    leaf: Leaf
    works: list[Row]


def document_counts(reader: Reader) -> dict[str, list[Row]]:
    """The values of the filters: worked out once for each build."""

    def counted(column: str, order: str) -> list[Row]:
        return reader.all(
            f"""select {column} as value, count(*) as n from documents where {column} is not null
            group by 1 order by {order}"""
        )

    return {
        "level": counted("issuer_level", "2 desc"),
        "type": counted("doc_type", "2 desc limit 30"),
        "year": counted("year", "1 desc"),
        "province": counted("province", "1"),
    }


COUNTS = Figure("document-counts", document_counts)


def listed(reader: Reader, filters: Filters, number: int) -> tuple[list[Row], Leaf]:
    """Documents by the filters alone, the newest first."""
    where, parameters = filters.conditions(_COLUMNS)
    leaf = Leaf(number, int(reader.value(f"select count(*) from documents d where {where}", parameters)))
    rows = reader.all(
        f"""select {_DOCUMENT} from (select rowid from documents d where {where}
        order by d.issued_on desc, d.rowid desc limit ? offset ?) page join documents d on d.rowid = page.rowid
        order by d.issued_on desc, d.rowid desc""",
        [*parameters, leaf.size, leaf.offset],
    )
    return rows, leaf


def is_part_of_a_name(reader: Reader, issuer: str) -> bool:
    """Whether this is not the full name of an issuer, as a link gives it, but words that a reader typed for one."""
    return (
        issuer not in ("", "-") and reader.value("select 1 from documents where issuer = ? limit 1", (issuer,)) is None
    )


def find(reader: Reader, filters: Filters, number: int) -> Found:
    """What the words and the filters find."""
    words = filters.get("q")
    if words or is_part_of_a_name(reader, filters.get("issuer")):
        found, leaf = searching.documents(reader, filters, number)
        snippets = dict(found)
        known = reader.named(f"select {_DOCUMENT} from documents d where d.id in ({{}})", list(snippets))
        rows = [known[key] for key in snippets if key in known]
    else:
        rows, leaf = listed(reader, filters, number)
        snippets = {}
    ids = [str(row["id"]) for row in rows]
    counts = reader.named("select document as id, count(*) as n from findings where document in ({}) group by 1", ids)
    hits = [
        Hit(row, snippets.get(row["id"], Markup("")), int(counts[row["id"]]["n"]) if row["id"] in counts else 0)
        for row in rows
    ]
    return Found(hits, leaf, searching.works(reader, words) if words and number == 1 else [])


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/search``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    filters = web.filters_of(datasette, request, "search", FILTERS)
    number = web.page_number(request)
    return await web.html(
        datasette,
        request,
        "kehoach/search.html",
        {
            "found": await desk.read(lambda reader: find(reader, filters, number)),
            "counts": await desk.once(COUNTS),
            "filters": filters,
            "name_of": lambda row: names.full(row, words),
            "work_name": lambda row: names.of_work(row, words),
            "doc_type": lambda code: names.doc_type(code, words),
            "links": Links(datasette, desk.name),
        },
    )


async def suggest(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/suggest.json?q=``: codes and issuers that begin with what was typed."""
    from datasette import Response as Answer

    desk = await web.desk_for(datasette, request)
    typed = (request.args.get("q") or "").strip()[:80]
    if not typed:
        return cast(Response, Answer.json([]))
    issuers = await desk.once(ISSUERS)

    def codes(reader: Reader) -> list[str]:
        upper = typed + "\U0010ffff"
        rows = reader.all(
            "select distinct code from works where code >= ? and code < ? order by code limit ?",
            (typed, upper, MOST_SUGGESTED),
        )
        return [str(row["code"]) for row in rows]

    found = [*(await desk.read(codes)), *_matching(issuers, typed)]
    return cast(Response, Answer.json(found[:MOST_SUGGESTED]))


def _issuers(reader: Reader) -> list[tuple[str, str]]:
    rows = reader.all(
        "select issuer, count(*) as n from documents where issuer is not null group by 1 order by 2 desc limit 20000"
    )
    return [(str(row["issuer"]), folded(str(row["issuer"]))) for row in rows]


ISSUERS = Figure("issuers", _issuers)


def _matching(issuers: Iterable[tuple[str, str]], typed: str) -> list[str]:
    wanted = folded(typed)
    out: list[str] = []
    for issuer, plain in issuers:
        if wanted in plain:
            out.append(issuer)
            if len(out) == MOST_SUGGESTED:
                break
    return out
