"""The addresses of the desk's pages."""

from __future__ import annotations

from datasette_plugins.desk import (
    agencies,
    build_page,
    chain,
    deadlines,
    document,
    findings,
    graph,
    home,
    money_page,
    originals,
    relations,
    search_page,
    targets,
    works,
)
from datasette_plugins.desk.frame import ROOT
from datasette_plugins.desk.ports import Route

_ID = r"(?P<id>[^/]+)"

ROUTES: tuple[Route, ...] = (
    (r"/$", home.page),
    (rf"/{ROOT}?$", home.page),
    (rf"/{ROOT}search$", search_page.page),
    (rf"/{ROOT}suggest\.json$", search_page.suggest),
    (rf"/{ROOT}findings$", findings.list_page),
    (rf"/{ROOT}finding/{_ID}$", findings.page),
    (rf"/{ROOT}graph$", graph.page),
    (rf"/{ROOT}graph\.json$", graph.as_json),
    (rf"/{ROOT}graph\.csv$", graph.as_csv),
    (rf"/{ROOT}graph\.graphml$", graph.as_graphml),
    (rf"/{ROOT}deadlines$", deadlines.page),
    (rf"/{ROOT}deadlines\.ics$", deadlines.as_ics),
    (rf"/{ROOT}deadlines/month$", deadlines.calendar_page),
    (rf"/{ROOT}agencies$", agencies.list_page),
    (rf"/{ROOT}agencies/{_ID}$", agencies.page),
    (rf"/{ROOT}money$", money_page.page),
    (rf"/{ROOT}targets$", targets.page),
    (rf"/{ROOT}build$", build_page.page),
    (rf"/{ROOT}document/{_ID}/relations$", relations.page),
    (rf"/{ROOT}document/{_ID}/chain$", chain.of_document),
    (rf"/{ROOT}document/{_ID}/original$", originals.page),
    (rf"/{ROOT}document/{_ID}$", document.page),
    (rf"/{ROOT}work/{_ID}/chain$", chain.of_work),
    (rf"/{ROOT}work/{_ID}$", works.page),
)
