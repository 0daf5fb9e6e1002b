"""The home page: what to look at first, what the corpus holds, and how the last build went."""

from __future__ import annotations

from datasette_plugins.desk import names, web
from datasette_plugins.desk.cube import Cube
from datasette_plugins.desk.findings import BY_SEVERITY
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Context, Datasette, Request, Response
from datasette_plugins.desk.store import Figure, Reader

MOST_RULES = 12
MOST_ERRORS = 8
MOST_VALUES = 12


_RULES = f"""select f.rule, f.severity, r.title_vi, r.title_en, r.scope, count(*) as n,
    count(distinct f.document) as documents from findings f left join rules r on r.id = f.rule
    group by f.rule order by {BY_SEVERITY}, n desc limit ?"""
_FIRST = f"""select f.id, f.rule, f.severity, f.confidence, f.message_vi, f.message_en, r.title_vi, r.title_en,
    d.id as document, d.doc_type, d.code, d.symbol, d.number_blank, d.issuer, d.issued_on
    from findings f left join rules r on r.id = f.rule left join documents d on d.id = f.document
    order by {BY_SEVERITY}, f.scope <> 'corpus', f.confidence desc, f.id limit 6"""


def overview(reader: Reader) -> Context:
    """All figures of the home page: worked out once for each build."""

    documents = Cube.stored(reader, "documents", ("level", "year", "province", "type"))
    return {
        "documents": documents.total({}),
        "works": reader.value("select count(*) from works"),
        "citations": reader.value("select count(*) from citations"),
        "only_cited": reader.value("select count(*) from works where document is null"),
        "findings": reader.value("select count(*) from findings"),
        "levels": documents.facet("level", {}),
        "provinces": documents.facet("province", {})[:MOST_VALUES],
        "years": documents.facet("year", {}, in_order=True)[::-1][:MOST_VALUES],
        "types": documents.facet("type", {})[:MOST_VALUES],
        "severities": reader.all(
            f"select f.severity as value, count(*) as n from findings f group by 1 order by {BY_SEVERITY}"
        ),
        "rules": reader.all(_RULES, (MOST_RULES,)),
        "first": reader.all(_FIRST),
        "runs": reader.all("select * from runs order by id desc limit 5"),
        "errors": reader.all("select * from errors order by seen_at desc, path limit ?", (MOST_ERRORS,)),
        "error_count": reader.value("select count(*) from errors"),
        "most_cited": reader.all(
            """select id, label, doc_type, code, name, symbol, issuer, issued_on, state, cited_by, citations from works
            order by cited_by desc limit 6"""
        ),
        "changed": _changed(reader),
    }


def _changed(reader: Reader) -> list[dict[str, object]]:
    """What the last build changed among the findings, by rule: new, gone, come back."""
    if not reader.value("select 1 from sqlite_master where name = 'finding_changes'"):
        return []
    return reader.all(
        """select c.change, c.rule, r.severity, r.title_vi, r.title_en, count(*) as n from finding_changes c
        left join rules r on r.id = c.rule where c.run = (select max(id) from runs)
        group by c.change, c.rule order by c.change = 'gone', n desc limit 12"""
    )


OVERVIEW = Figure("home", overview)


async def page(request: Request, datasette: Datasette) -> Response:
    """``/``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    return await web.html(
        datasette,
        request,
        "kehoach/home.html",
        {
            "o": await desk.once(OVERVIEW),
            "name_of": lambda row: names.short(row, words),
            "work_name": lambda row: names.of_work(row, words),
            "doc_type": lambda code: names.doc_type(code, words),
            "links": Links(datasette, desk.name),
        },
    )
