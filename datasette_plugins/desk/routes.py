"""The addresses of the desk's pages."""

from __future__ import annotations

from datasette_plugins.desk import (
    agencies,
    build_page,
    cases,
    chain,
    compare,
    coverage,
    deadlines,
    deciding,
    document,
    finding,
    findings,
    graph,
    home,
    money_page,
    neighbours,
    originals,
    page_images,
    relations,
    report,
    search_page,
    sign_in,
    targets,
    worklist,
    works,
)
from datasette_plugins.desk.frame import ROOT
from datasette_plugins.desk.ports import Datasette, Route
from datasette_plugins.desk.reviewing import review_of

_ID = r"(?P<id>[^/]+)"

ROUTES: tuple[Route, ...] = (
    (r"/$", home.page),
    (rf"/{ROOT}?$", home.page),
    (rf"/{ROOT}search$", search_page.page),
    (rf"/{ROOT}search/at$", neighbours.page),
    (rf"/{ROOT}suggest\.json$", search_page.suggest),
    (rf"/{ROOT}findings$", findings.list_page),
    (rf"/{ROOT}findings\.xlsx$", worklist.as_xlsx),
    (rf"/{ROOT}findings/report$", report.page),
    (rf"/{ROOT}finding/{_ID}$", finding.page),
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
    (rf"/{ROOT}document/{_ID}/page/(?P<number>\d{{1,5}})\.png$", page_images.page),
    (rf"/{ROOT}document/{_ID}/compare/(?P<other>[^/]+)$", compare.page),
    (rf"/{ROOT}document/{_ID}/coverage$", coverage.of_document),
    (rf"/{ROOT}document/{_ID}$", document.page),
    (rf"/{ROOT}work/{_ID}/chain$", chain.of_work),
    (rf"/{ROOT}work/{_ID}/coverage$", coverage.of_work),
    (rf"/{ROOT}work/{_ID}$", works.page),
)

REVIEW: tuple[Route, ...] = (
    (rf"/{ROOT}sign-in$", sign_in.page),
    (rf"/{ROOT}sign-out$", sign_in.leave),
    (rf"/{ROOT}finding/{_ID}/decide$", deciding.post),
    (rf"/{ROOT}cases$", cases.list_page),
    (rf"/{ROOT}case/{_ID}$", cases.page),
)
"""What is there only where the server was started for review."""


def routes_of(datasette: Datasette) -> list[Route]:
    """The addresses that this server answers."""
    return [*ROUTES, *(REVIEW if review_of(datasette) else ())]
