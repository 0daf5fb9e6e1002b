"""What every table and column holds, in Vietnamese and English, and the same as Datasette's metadata."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["vi", "en"]
Pair = tuple[str, str]

_FILE = Path(__file__).with_name("descriptions.toml")
_INDEX: dict[Language, int] = {"vi": 0, "en": 1}
LABEL_COLUMNS = {"works": "label", "documents": "code", "rules": "title_vi", "sections": "path", "citations": "code"}
"""The column that stands for a row where Datasette links to it."""


@cache
def _loaded() -> tuple[dict[str, Pair], dict[str, dict[str, Pair]]]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    common = {name: (vi, en) for name, (vi, en) in raw["columns"].items()}
    tables = {table: {name: (vi, en) for name, (vi, en) in own.items()} for table, own in raw["tables"].items()}
    return common, tables


def table_text(table: str, language: Language) -> str:
    """What `table` holds."""
    return _loaded()[1][table]["_"][_INDEX[language]]


def column_text(table: str, column: str, language: Language) -> str:
    """What `column` of `table` holds. `KeyError` where nobody has said so."""
    common, tables = _loaded()
    pair = tables[table].get(column) or common[column]
    return pair[_INDEX[language]]


def datasette_tables(language: Language) -> dict[str, dict[str, object]]:
    """The `tables` part of Datasette's metadata for a corpus database."""
    from corpus.schema import TABLES

    out: dict[str, dict[str, object]] = {}
    for spec in TABLES:
        columns = {name: column_text(spec.name, name, language) for name in spec.column_types}
        entry: dict[str, object] = {"description": table_text(spec.name, language), "columns": columns}
        if spec.name in LABEL_COLUMNS:
            entry["label_column"] = LABEL_COLUMNS[spec.name]
        out[spec.name] = entry
    return out
