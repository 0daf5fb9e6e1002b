"""What differs between the two Datasettes that the desk runs on: 0.65 and 1.0. Nothing else asks for the version."""

from __future__ import annotations

from functools import cache

from datasette_plugins.desk.ports import Datasette

OWN_DATABASES = frozenset({"_internal", "__INTERNAL__", "_memory"})
"""Databases that belong to Datasette itself, by their names in 0.65 and in 1.0."""


@cache
def is_one() -> bool:
    """Whether this is Datasette 1.0, its alphas included."""
    from datasette.version import __version__

    return int(str(__version__).partition(".")[0]) >= 1


def query_page(datasette: Datasette, database: str) -> str:
    """The page that runs SQL over a database: in 0.65 that of the database itself, in 1.0 one of its own."""
    page = datasette.urls.database(database)
    return f"{page}/-/query" if is_one() else page
