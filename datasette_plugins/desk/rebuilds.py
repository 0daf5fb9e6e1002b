"""Notices a new build at the next request, and works out in the background what its first readers would wait for."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from typing import Any

from datasette_plugins.desk import (
    agencies,
    deadlines,
    findings,
    graph_data,
    home,
    money_page,
    search_page,
    store,
    targets,
    units_below,
    works,
)
from datasette_plugins.desk.ports import Asgi, Datasette, Receive, Scope, Send
from datasette_plugins.desk.store import Desk, Figure, Reader, is_corpus

log = logging.getLogger(__name__)
FIGURES: tuple[Figure[Any], ...] = (  # of any type: nothing here looks into them
    home.OVERVIEW,
    findings.COUNTS,
    findings.TOTALS,
    search_page.COUNTS,
    deadlines.COUNTS,
    deadlines.RECURRING,
    money_page.COUNTS,
    money_page.BARS,
    money_page.PAIRS,
    targets.COUNTS,
    agencies.SIZE_OF_ALL,
    search_page.ISSUERS,
    graph_data.NODES,
    graph_data.LINKS,
    graph_data.SIZE,
    units_below.HELD,
    units_below.ATLAS,
)


def start(desk: Desk) -> None:
    """Begins, once for each build. Nothing waits for it; a page that needs a figure sooner works it out itself."""
    if desk.warmed != desk.stamp:
        desk.warmed = desk.stamp
        desk.warming = asyncio.get_running_loop().create_task(_all(desk))


async def _all(desk: Desk) -> None:
    try:
        if await is_corpus(desk.datasette.get_database(desk.name)):
            for figure in FIGURES:
                await desk.once(figure)
            for key in await desk.datasette.get_database(desk.name).execute_fn(
                lambda connection: works.most_cited(Reader(connection))
            ):
                await works.counted(desk, key)
    except (sqlite3.Error, RuntimeError) as fault:  # the database went away, or the server stops
        log.info("figures were not worked out beforehand: %s", fault)


def wrapper(datasette: Datasette) -> Callable[[Asgi], Asgi]:
    """Looks at every request whether the database is still the one that is open."""

    def wrap(app: Asgi) -> Asgi:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                store.refresh(datasette)
                desk = store.desk_of(datasette)
                if desk is not None:
                    start(desk)
            await app(scope, receive, send)

        return wrapped

    return wrap
