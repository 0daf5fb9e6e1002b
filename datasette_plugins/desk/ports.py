"""What the desk uses of Datasette and of ASGI, as types (Datasette ships none)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = dict[str, Any]  # a row of SQLite: a value is of whatever type its column holds
Context = dict[str, Any]  # what a template is given
Cell = object | None
Link = dict[str, str]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Args(Protocol):
    """The query of a request."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of `name`."""

    def getlist(self, name: str) -> list[str]:
        """All values of `name`."""


class Request(Protocol):
    """A request as Datasette gives it."""

    scope: Scope
    method: str
    path: str
    args: Args
    url_vars: Mapping[str, str]
    cookies: Mapping[str, str]


class Urls(Protocol):
    """`datasette.urls`: every link goes through it, so that a base path holds."""

    def path(self, path: str) -> str:
        """The address of a path of this server."""

    def table(self, database: str, table: str) -> str:
        """The address of a table."""

    def row(self, database: str, table: str, row_path: str) -> str:
        """The address of a row."""

    def database(self, database: str) -> str:
        """The address of a database."""

    def static_plugins(self, plugin: str, path: str) -> str:
        """The address of a static file of a plugin."""


class Database(Protocol):
    """A database that Datasette serves."""

    name: str
    path: str | None

    async def execute_fn(self, fn: Callable[[Any], T]) -> T:
        """The result of `fn(connection)`, run in a thread."""

    async def table_names(self) -> list[str]:
        """The names of its tables."""


class Datasette(Protocol):
    """The application."""

    databases: Mapping[str, Database]
    urls: Urls

    def get_database(self, name: str | None = None) -> Database:
        """The database of this name."""

    def setting(self, key: str) -> Any:
        """The value of a setting: text, number or flag."""

    async def render_template(
        self, templates: str, context: Context | None = None, request: Request | None = None
    ) -> str:
        """The text of a page."""


class Response(Protocol):
    """What a page answers with."""

    status: int
    headers: dict[str, str]


Handler = Callable[[Request, Datasette], Awaitable[Response]]
Route = tuple[str, Handler]
