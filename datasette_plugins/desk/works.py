"""The page of a work: who cites it, with which dates and issuers, and where they disagree."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_plugins.desk import names, web
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.relations import agree
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.web import Filters, Leaf

FILTERS = ("relation", "date", "issuer")
_COLUMNS = {"relation": "c.relation", "date": "c.issued_on", "issuer": "c.issuer"}
_CITING = """select c.id, c.document, c.relation, c.issued_on as cited_on, c.issuer as cited_issuer, c.issuer_text,
    c.code_text, c.quote, c.page, c.start, c.pinpoint, d.doc_type, d.code, d.symbol, d.number_blank, d.issuer,
    d.issuer_level, d.issued_on, d.title
    from citations c join documents d on d.id = c.document
    where c.work = ? and coalesce(c.is_self, 0) = 0 and {where}
    order by d.issued_on desc, c.document, c.start limit ? offset ?"""
_COUNTS = """select {column} as value, count(*) as citations, count(distinct document) as documents from citations
    where work = ? and coalesce(is_self, 0) = 0 group by 1 order by 2 desc, 1 limit 30"""


_CITED = """select count(*) as citations, count(distinct document) as documents from citations
    where work = ? and coalesce(is_self, 0) = 0"""
_FINDINGS = """select f.id, f.severity, f.message_vi, f.message_en, f.confidence, r.title_vi, r.title_en
    from findings f left join rules r on r.id = f.rule where f.work = ?
    order by case f.severity when 'error' then 0 when 'warning' then 1 else 2 end limit 50"""
_CARRIED_OUT = "select count(*) from edges where target = ? and relation = 'implements'"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of a work shows."""

    work: Row
    document: Row | None
    citing: list[Row]
    leaf: Leaf
    dates: list[Row]
    issuers: list[Row]
    types: list[Row]
    relations: list[Row]
    findings: list[Row]
    carried_out: int
    citations: int
    documents: int

    @property
    def date_conflict(self) -> bool:
        """Whether two of the dates cited exclude each other."""
        return conflicting([str(row["value"]) for row in self.dates if row["value"]])

    @property
    def issuer_conflict(self) -> bool:
        """Whether it is cited with two issuers."""
        return len([row for row in self.issuers if row["value"]]) > 1

    @property
    def type_conflict(self) -> bool:
        """Whether it is cited as two types."""
        return len([row for row in self.types if row["value"]]) > 1


def conflicting(dates: list[str]) -> bool:
    """Whether two of these EDTF dates cannot be one day."""
    return any(not agree(one, other) for number, one in enumerate(dates) for other in dates[number + 1 :])


def load(reader: Reader, key: str, filters: Filters, number: int) -> Loaded | None:
    """What is known of a work; None where there is none with this id."""
    work = reader.one("select * from works where id = ?", (key,))
    if work is None:
        return None

    def counted(column: str) -> list[Row]:
        return reader.all(_COUNTS.format(column=column), (key,))

    where, parameters = filters.conditions(_COLUMNS)
    total = reader.value(
        f"select count(*) from citations c where c.work = ? and coalesce(c.is_self, 0) = 0 and {where}",
        [key, *parameters],
    )
    leaf = Leaf(number, int(total))
    cited = reader.one(_CITED, (key,)) or {"citations": 0, "documents": 0}
    return Loaded(
        work=work,
        document=reader.one("select id, title from documents where id = ?", (work["document"],)),
        citing=reader.all(_CITING.format(where=where), [key, *parameters, leaf.size, leaf.offset]),
        leaf=leaf,
        dates=counted("issued_on"),
        issuers=counted("issuer"),
        types=counted("doc_type"),
        relations=counted("relation"),
        findings=reader.all(_FINDINGS, (key,)),
        citations=cited["citations"],
        documents=cited["documents"],
        carried_out=int(reader.value(_CARRIED_OUT, (key,)) or 0),
    )


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/work/<id>``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    key = decoded(request.url_vars["id"])
    filters = web.filters_of(datasette, request, f"work/{request.url_vars['id']}", FILTERS)
    loaded = await desk.read(lambda reader: load(reader, key, filters, web.page_number(request)))
    if loaded is None:
        raise web.not_found(request, "fault.no_work")
    return await web.html(
        datasette,
        request,
        "kehoach/work.html",
        {
            "loaded": loaded,
            "work": loaded.work,
            "name": names.of_work(loaded.work, words),
            "name_of": lambda row: names.full(row, words),
            "doc_type": lambda code: names.doc_type(code, words),
            "filters": filters,
            "links": links,
        },
    )
