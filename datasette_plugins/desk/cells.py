"""Cells of Datasette's own tables: dates and sums as officials write them, codes in words, links to the pages."""

from __future__ import annotations

import json

from markupsafe import Markup, escape

from datasette_plugins.desk import formats, store
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Cell, Datasette
from datasette_plugins.desk.words import ASKED, Language, Words

DAYS = frozenset({"issued_on", "from_day", "to_day", "by_date", "received"})
MOMENTS = frozenset({"built_at", "started_at", "finished_at", "seen_at", "signed_at", "modified"})
SUMS = frozenset({"vnd", "vnd_max", "in_words"})
PLAIN = frozenset({"year", "hop", "number", "page", "position", "depth", "start", "end", "heading_end", "id"})
CODES = {
    "relation": "relation",
    "severity": "severity",
    "issuer_level": "level",
    "fund_kind": "fund",
    "scope": "scope",
}
_STATES = {"chains": "chain_state"}
_KINDS = {"budgets": "budget", "deadlines": "deadline_kind"}
_ROLES = {"assignments": "agency_role"}
LISTS = frozenset({"dates", "issuers", "types"})
LONG, MOST = 60, 400


def render(row: object, value: object, column: str, table: str | None, datasette: Datasette) -> Cell:
    """What a cell shows; None leaves it to Datasette. Every text is escaped."""
    desk = store.desk_of(datasette)
    if desk is None or value is None or table is None or isinstance(value, dict | bytes):
        return None
    words = Words(ASKED.get())
    if column in DAYS:
        return _titled(formats.day(value, words.language), value)
    if column in MOMENTS:
        return _titled(formats.moment(value, words.language), value)
    if column in SUMS:
        return formats.money(value, None, words.language)
    if kind := code_of(table, column):
        return _titled(words.code(kind, value), value)
    if column == "confidence" and isinstance(value, float):
        return formats.percent(value)
    if column in LISTS and table == "works":
        return _counted(value, column, words.language)
    if column == "sha256":
        return Markup('<code title="{}">{}…</code>').format(value, str(value)[:12])
    if isinstance(value, str) and len(value) > LONG:
        shown = value if len(value) <= MOST else f"{value[:MOST]}…"
        return Markup('<span class="clamp">{}</span>').format(shown)
    if isinstance(value, str):
        return escape(value)  # Datasette would make a link of a text that looks like an address
    return None


def code_of(table: str, column: str) -> str | None:
    """The kind of the codes that a column holds; None where it holds none that have words."""
    of_table = {"state": _STATES.get(table, "state"), "kind": _KINDS.get(table), "role": _ROLES.get(table)}
    return CODES.get(column) or of_table.get(column)


def _titled(text: str, value: object) -> Cell:
    return Markup('<span title="{}">{}</span>').format(value, text) if text != str(value) else escape(text)


def _counted(value: object, column: str, language: Language) -> Cell:
    """Readings with their counts: ``{"2024-04-01": 3}`` as `01/4/2024 (3)`."""
    try:
        readings = json.loads(str(value))
    except ValueError:
        return escape(str(value))
    if not isinstance(readings, dict):
        return escape(str(value))
    written = {formats.day(key, language) if column == "dates" else str(key): n for key, n in readings.items()}
    return escape(", ".join(f"{reading} ({count})" for reading, count in written.items()))


def page_of(table: str, key: str, links: Links) -> str | None:
    """The page of the desk that shows a row, where there is one."""
    pages = {"documents": links.document, "works": links.work, "findings": links.finding}
    return pages[table](key) if table in pages else None
