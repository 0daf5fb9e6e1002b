"""Where administrative units are read from: the provinces of this folder, underthesea's table, a user's own file."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from rules.loader import table
from rules.unit_names import REFORM, Level, Unit, split_kind

COLUMNS = ("level", "type", "name", "province", "district", "valid_from", "valid_to", "successor")
_LEVELS: dict[str, Level] = {"province": "province", "district": "district", "commune": "commune"}


class UnitsError(Exception):
    """Units cannot be read; the message says which file and what to do."""


def extra_units(path: Path) -> Iterator[Unit]:
    """The units of the CSV file `path`; `UnitsError` says what is wrong with it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from units_in(file, str(path))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UnitsError(f"{path}: cannot be read as a table of units: {fault}") from fault


def units_in(lines: Iterable[str], where: str) -> Iterator[Unit]:
    """The units in the lines of a CSV file with the columns of `COLUMNS`; `where` names it in a `UnitsError`."""
    reader = csv.DictReader(line for line in lines if not line.startswith("#"))
    missing = [name for name in COLUMNS[:3] if name not in (reader.fieldnames or ())]
    if missing:
        raise UnitsError(f"{where}: column {missing[0]!r} is missing; the columns are {', '.join(COLUMNS)}")
    for number, row in enumerate(reader, 2):
        yield _unit_of(row, f"{where}, row {number}")


def _unit_of(row: dict[str, str], where: str) -> Unit:
    level = _LEVELS.get(row["level"].strip())
    if level is None:
        raise UnitsError(f"{where}: level {row['level']!r} is none of {', '.join(_LEVELS)}")
    kind, name = split_kind(row["name"])
    unit = Unit(level="province", kind=(kind or row["type"]).strip().lower(), name=name)
    return replace(
        unit,
        level=level,
        province=(row.get("province") or "").strip() or (name if level == "province" else None),
        district=(row.get("district") or "").strip() or None,
        valid_from=(row.get("valid_from") or "").strip(),
        valid_to=(row.get("valid_to") or "").strip(),
        successor=(row.get("successor") or "").strip(),
    )


@cache
def provinces() -> tuple[tuple[Unit, tuple[str, ...]], ...]:
    """Every province of the table with its other names."""
    return tuple(
        (
            Unit(
                level="province",
                kind=row["kind"],
                name=row["name"],
                province=row["name"],
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                successor=row["successor"],
            ),
            tuple(filter(None, row["aliases"].split(";"))),
        )
        for row in table("provinces.csv")
    )


def mapping_file() -> Path:
    """Where underthesea keeps its table of units; the package is not imported. `UnitsError` where it is not there."""
    spec = importlib.util.find_spec("underthesea")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "address" / "data" / "mapping.json"
        if path.is_file():
            return path
    raise UnitsError(
        "The table of administrative units (underthesea/address/data/mapping.json) is not there: "
        "install underthesea (pip install underthesea), or give your own units with --units FILE"
    )


@cache
def districts_and_communes() -> tuple[Unit, ...]:
    """Districts and communes until the reform, and communes since, each once."""
    path = mapping_file()
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["ward_mapping"]
    except (OSError, ValueError, KeyError) as fault:
        raise UnitsError(f"{path}: not the table of units that is expected: {fault}; reinstall underthesea") from fault
    units: dict[Unit, None] = {}
    for row in rows:
        _, old_province = split_kind(row["old_province"])
        _, new_province = split_kind(row["new_province"])
        new_kind, new_name = split_kind(row["new_ward"])
        old_kind, old_name = split_kind(row["old_ward"])
        district_kind, district = split_kind(row["old_district"])
        last = "2025-06-30"
        for unit in (
            Unit("district", district_kind or "huyện", district, old_province, None, "", last),
            Unit("commune", old_kind or "xã", old_name, old_province, district, "", last, row["new_ward"]),
            Unit("commune", new_kind or "xã", new_name, new_province, None, REFORM),
        ):
            units[unit] = None
    return tuple(units)
