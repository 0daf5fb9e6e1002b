"""The page of the builds: when, with what version, what changed, and which files could not be read."""

from __future__ import annotations

from corpus.sensitive import RULE
from datasette_plugins.desk import web
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response
from datasette_plugins.desk.web import Leaf

SHOWN = 50
"""Documents to be careful with that the page lists; the list of findings has them all."""


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/build``."""
    desk = await web.desk_for(datasette, request)
    number = web.page_number(request)
    filters = web.filters_of(datasette, request, "build", ("code",))
    where, parameters = filters.conditions({"code": "code"})

    total = await desk.read(lambda reader: int(reader.value(f"select count(*) from errors where {where}", parameters)))
    leaf = Leaf(number, total)
    warned = f"from findings n where n.rule = '{RULE}' and n.state != 'dismissed'"
    context = await desk.read(
        lambda reader: {
            "runs": reader.all("select * from runs order by id desc limit 20"),
            "careful": int(reader.value(f"select count(distinct n.document) {warned}")),
            "sensitive": reader.all(
                f"""select n.id, n.document, n.message_vi, n.message_en,
                           (select min(path) from files f where f.document = n.document) as path
                    {warned} order by path, n.id limit {SHOWN}"""
            ),
            "codes": reader.all("select code as value, count(*) as n from errors group by 1 order by 2 desc"),
            "errors": reader.all(
                f"select * from errors where {where} order by code, path limit ? offset ?",
                [*parameters, leaf.size, leaf.offset],
            ),
        }
    )
    links = Links(datasette, desk.name)
    return await web.html(
        datasette,
        request,
        "kehoach/build.html",
        {**context, "leaf": leaf, "filters": filters, "links": links, "rule": RULE},
    )
