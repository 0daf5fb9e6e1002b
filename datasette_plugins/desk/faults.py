"""Pages for what cannot be answered. The reader gets a sentence; the terminal gets a trace only of our own faults."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any, cast

from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.ports import Datasette, Request
from datasette_plugins.desk.words import Words

log = logging.getLogger(__name__)


def is_ours(request: Request) -> bool:
    """Whether the fault is shown as a page; programs that asked for JSON get Datasette's answer."""
    return not request.path.endswith(".json")


def told(words: Words, exception: Exception) -> tuple[int, str]:
    """The status and the sentence for a fault. What went wrong inside is logged, never shown."""
    from datasette.database import QueryInterrupted
    from datasette.utils.asgi import Base400
    from datasette.views.base import DatasetteError

    if isinstance(exception, Base400):
        status = int(cast(Any, exception).status)
        message = str(exception.args[0]) if exception.args else ""
        return status, words("fault.no_page") if status == 404 and message in ("", "404") else message
    too_long = isinstance(exception, sqlite3.OperationalError) and "interrupted" in str(exception)
    if too_long or isinstance(exception, QueryInterrupted):
        return 503, words("fault.too_long")
    if isinstance(exception, DatasetteError):
        fault = cast(Any, exception)
        if "Interrupted" in str(fault.title) or fault.message_is_html:
            return 503, words("fault.too_long")
        return int(fault.status), str(fault.message)
    log.error("%s", exception, exc_info=exception)
    return 500, words("fault.inside")


async def page(datasette: Datasette, request: Request, exception: Exception) -> object:
    """The page for a fault."""
    from datasette import Response

    words = words_of(request)
    status, message = told(words, exception)
    title = words("fault.not_found") if status == 404 else words("fault.title", status=status)
    body = await datasette.render_template("error.html", {"title": title, "error": message, "status": status}, request)
    return Response.html(body, status=status)
