"""Reads the tables of this folder. Each is read once, when it is first asked for."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rules.letters import LOWER, UPPER

FOLDER = Path(__file__).resolve().parent


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of the CSV file `name` by column. Lines that begin with ``#`` are notes and are left out."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return tuple(MappingProxyType(dict(row)) for row in csv.DictReader(lines))


@cache
def document(name: str) -> Mapping[str, Any]:
    """The TOML file `name` as plain dicts and lists. TOML values are of any type: each caller narrows its own."""
    with (FOLDER / name).open("rb") as file:
        return MappingProxyType(tomllib.load(file))


_PART = re.compile(r"\{\{([a-z_]+)\}\}")
_LETTERS = {"lower": LOWER, "upper": UPPER}
"""Parts that every file has: the insides of character classes."""


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """The regular expression under `key` of the TOML file `name`: the entry's `pattern`, or the value itself.

    ``{{day}}`` in it stands for the expression under `day` in the file's table `parts`, ``{{upper}}`` and ``{{lower}}``
    for the letters.
    """
    value: Any = document(name)
    for part in key.split("."):
        value = value[part]
    printed, parts = value if isinstance(value, str) else value["pattern"], _LETTERS | document(name).get("parts", {})
    while "{{" in printed:
        printed = _PART.sub(lambda found: str(parts[found[1]]), printed)
    return re.compile(printed)


@cache
def words(name: str, key: str) -> tuple[str, ...]:
    """The list of words under `key` (``a.b`` for a table in a table) of the TOML file `name`."""
    value: Any = document(name)
    for part in key.split("."):
        value = value[part]
    return tuple(str(word) for word in value)
