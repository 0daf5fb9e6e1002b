"""What the pages share: answering, leafing through lists, links that keep their filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from datasette_plugins.desk import rendering, store
from datasette_plugins.desk.frame import ROOT, words_of
from datasette_plugins.desk.ports import Context, Datasette, Request, Response

PAGE_SIZE = 50


async def html(datasette: Datasette, request: Request, template: str, context: Context) -> Response:
    """A page of the desk."""
    from datasette import Response as Answer

    body = await rendering.render(datasette, request, template, context)
    return cast(Response, Answer.html(body))


def redirect(path: str) -> Response:
    """To another page of this server."""
    from datasette import Response as Answer

    return cast(Response, Answer.redirect(path))


def not_found(request: Request, key: str = "fault.no_page") -> Exception:
    """The fault that is answered with 404 and a sentence."""
    from datasette import NotFound

    return cast(Exception, NotFound(words_of(request)(key)))


async def desk_for(datasette: Datasette, request: Request) -> store.Desk:
    """The corpus, or a page that says that there is none."""
    desk = store.desk_of(datasette)
    if desk is None or not await store.is_corpus(datasette.get_database(desk.name)):
        raise not_found(request, "fault.no_corpus")
    return desk


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a list, from the query of the request: only names that the list knows, only filled ones."""

    path: str
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        """The value of a filter, empty where it is not set."""
        return self.values.get(name, "")

    def url(self, **changes: object) -> str:
        """The list with these filters changed; None takes one away, and any change goes back to the first page."""
        merged: dict[str, object] = {**self.values, **changes}
        pairs = [(key, value) for key, value in merged.items() if value not in (None, "")]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def conditions(self, columns: Mapping[str, str]) -> tuple[str, list[object]]:
        """The SQL of the filters that are set: `columns` gives each one's column. A value ``-`` means empty."""
        parts: list[str] = []
        parameters: list[object] = []
        for name, column in columns.items():
            value = self.get(name)
            if value == "-":
                parts.append(f"{column} is null")
            elif value:
                parts.append(f"{column} = ?")
                parameters.append(value)
        return " and ".join(parts) or "1", parameters


def filters_of(datasette: Datasette, request: Request, path: str, names: Sequence[str]) -> Filters:
    """The filters of the list at `path` (below the desk's root) that the request sets."""
    values = {name: (request.args.get(name) or "").strip()[:200] for name in names}
    return Filters(datasette.urls.path(ROOT + path), {name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a long list."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def offset(self) -> int:
        """How many rows lie before it."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The place of its first row, from 1; 0 in an empty list."""
        return min(self.offset + 1, self.total)

    @property
    def last_row(self) -> int:
        """The place of its last row."""
        return min(self.offset + self.size, self.total)


def page_number(request: Request) -> int:
    """The number of the page that is asked for, from 1."""
    text = request.args.get("page") or "1"
    return max(1, min(int(text), 100_000)) if text.isascii() and text.isdigit() else 1


def origin(request: Request) -> str:
    """Scheme and host as the reader's browser named them, for links in files that leave the site."""
    headers = dict(request.scope.get("headers") or ())
    host = headers.get(b"host", b"localhost").decode("latin-1")
    return f"{request.scope.get('scheme') or 'http'}://{host}"
