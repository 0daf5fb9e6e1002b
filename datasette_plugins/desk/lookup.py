"""Finds a document by what an address names it with."""

from __future__ import annotations

from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.store import Reader


def find(reader: Reader, key: str) -> Row | None:
    """The document with this id, or with this SHA-256."""
    column = "sha256" if len(key) == 64 else "id"
    return reader.one(f"select * from documents where {column} = ?", (key,))
