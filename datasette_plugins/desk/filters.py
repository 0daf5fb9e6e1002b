"""The desk's filters for templates."""

from __future__ import annotations

from typing import Any, cast

from datasette_plugins.desk import formats


def register(env: object) -> None:
    """Adds the filters to Datasette's Jinja environment. Those that depend on the language take it as an argument."""
    filters = cast(dict[str, Any], cast(Any, env).filters)
    filters.update(
        kh_day=formats.day,
        kh_moment=formats.moment,
        kh_number=formats.number,
        kh_money=formats.money,
        kh_short_money=formats.short_money,
        kh_size=formats.size,
        kh_percent=formats.percent,
    )
