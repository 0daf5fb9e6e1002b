"""Datasette's metadata for a corpus database: what each table and column holds, how tables are sorted and faceted."""

from __future__ import annotations

from typing import Any

_SORT = {
    "documents": {"sort_desc": "issued_on"},
    "works": {"sort_desc": "cited_by"},
    "deadlines": {"sort": "to_day"},
    "budgets": {"sort_desc": "vnd"},
    "runs": {"sort_desc": "id"},
}
_HIDDEN = ("_sqlite_migrations", "documents_fts", "build_state", "laws", "lone", "finding_units")


def metadata(database: str) -> dict[str, Any]:
    """The metadata, in Vietnamese; the templates show a reader of English the English words."""
    from corpus.describe import datasette_tables

    tables: dict[str, dict[str, Any]] = {name: dict(entry) for name, entry in datasette_tables("vi").items()}
    for name, sorting in _SORT.items():
        tables.setdefault(name, {}).update(sorting)
    for name in _HIDDEN:
        tables[name] = {"hidden": True}
    return {"title": "Kehoach", "databases": {database: {"tables": tables}}}
