"""The desk's filters for templates."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from datasette_plugins.desk import formats


def here(address: object) -> str:
    """An address of this server without its host, which a proxy may know by another name."""
    parts = urlsplit(str(address))
    return urlunsplit(("", "", parts.path, parts.query, parts.fragment))


def register(env: object) -> None:
    """Adds the filters to Datasette's Jinja environment. Those that depend on the language take it as an argument."""
    filters = cast(dict[str, Any], cast(Any, env).filters)
    filters.update(
        kh_here=here,
        kh_day=formats.day,
        kh_moment=formats.moment,
        kh_number=formats.number,
        kh_money=formats.money,
        kh_short_money=formats.short_money,
        kh_size=formats.size,
        kh_version=formats.version,
        kh_percent=formats.percent,
    )
