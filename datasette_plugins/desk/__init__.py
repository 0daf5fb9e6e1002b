"""The auditor's desk: pages over a corpus database, as a Datasette plugin. This file holds the hooks only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from sqlite3 import Connection

    from jinja2 import Environment

    from datasette_plugins.desk.ports import Asgi, Cell, Context, Datasette, Link, Request, Route, Scope

hookimpl = HookimplMarker("datasette")


@hookimpl
def startup(datasette: Datasette) -> None:
    """Finds the corpus among the databases that are served."""
    from datasette_plugins.desk import store

    store.attach(datasette)


@hookimpl
def register_routes(datasette: Datasette) -> list[Route]:
    """The pages of the desk; those that change something only where the server was started for review."""
    from datasette_plugins.desk.routes import routes_of

    return routes_of(datasette)


@hookimpl
def skip_csrf(datasette: Datasette, scope: Scope) -> bool:
    """The desk's forms carry a token of their own, bound to the session, which `forms.read` checks."""
    from datasette_plugins.desk import security

    return security.writes(datasette, scope)


@hookimpl
def prepare_connection(conn: Connection, database: str) -> None:
    """Every connection to the corpus only reads."""
    from datasette_plugins.desk.compat import OWN_DATABASES

    if database not in OWN_DATABASES:
        conn.execute("pragma query_only = 1")
        conn.execute("pragma mmap_size = 2147418112")  # as much as SQLite maps unless it is built for more
        conn.execute("pragma cache_size = -32768")


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """The filters that write dates, sums and names as officials do, and an environment for the desk's own pages."""
    from datasette_plugins.desk import filters, rendering

    filters.register(env)
    rendering.prepare(env, datasette)


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> Awaitable[Context]:
    """The words of the interface in the reader's language, on every page of Datasette."""
    from datasette_plugins.desk import frame

    return frame.template_vars(datasette, request)


@hookimpl
def render_cell(row: object, value: object, column: str, table: str | None, datasette: Datasette) -> Cell:
    """Dates, sums, codes and links in Datasette's own tables."""
    from datasette_plugins.desk import cells

    return cells.render(row, value, column, table, datasette)


@hookimpl
def menu_links(datasette: Datasette) -> list[Link]:
    """No menu: the bar of the desk holds all links."""
    return []


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Asgi], Asgi]:
    """A new build is noticed; the language of the request; the headers that keep pages safe."""
    from datasette_plugins.desk import rebuilds, security

    outer, inner = security.wrapper(datasette), rebuilds.wrapper(datasette)
    return lambda app: outer(inner(app))


@hookimpl(wrapper=True)
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Generator[None, list[object], list[object]]:
    """A page in the reader's language instead of Datasette's own answer, which also prints every 404's locals."""
    answers = yield
    from datasette_plugins.desk import faults

    return [faults.page(datasette, request, exception)] if faults.is_ours(request) else answers
