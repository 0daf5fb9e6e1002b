"""The administrative units of Vietnam, old and new: what a name is, under whom it stands, and since when.

Provinces are in `provinces.csv`. Districts (until 30/6/2025) and communes of both times come with the underthesea
package (`underthesea/address/data/mapping.json`), which is located without being imported and read when the first
question about them is asked. `load_units` lays a file of further units over both.

A unit that is not here is not known: absence is never evidence that something does not exist.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal

from rules.loader import table

Level = Literal["province", "district", "commune"]
_LEVELS: dict[str, Level] = {"province": "province", "district": "district", "commune": "commune"}
REFORM = "2025-07-01"
"""The day on which districts ended and provinces and communes were merged (Luật 72/2025/QH15, NQ 202/2025/QH15)."""
COLUMNS = ("level", "type", "name", "province", "district", "valid_from", "valid_to", "successor")
LEVEL_OF_KIND: dict[str, Level] = {
    "tỉnh": "province",
    "quận": "district",
    "huyện": "district",
    "thị xã": "district",
    "xã": "commune",
    "phường": "commune",
    "thị trấn": "commune",
    "đặc khu": "commune",
}
"""The level that a kind of unit names by itself; `thành phố` names two: under the centre, and under a province."""
CITY = "thành phố"
"""The kind that is of two levels: a city under the centre, and one under a province."""
KINDS_OF_UNITS = (*LEVEL_OF_KIND, CITY)
"""Every kind of unit; none is the beginning of another."""
SHORT_KINDS: dict[str, str] = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn"}
"""Short forms of kinds, in small letters."""
NAMING_KIND: dict[str, str] = {"province": "tỉnh", "district": "huyện", "commune": "xã"}
"""The kind by which a level is named where nothing else is known."""
RANK: dict[str, int] = {"central": 0, "province": 1, "district": 2, "commune": 3}
"""The levels from the centre downward: a greater number stands below."""
LEVEL_WORDS: dict[str, str] = {"central": "trung ương", **NAMING_KIND}
"""What officials call a level."""

_KINDS = re.compile(rf"(?i)({'|'.join(KINDS_OF_UNITS)}|tp|tx|tt)(?:\s+|\.\s*)(.+)")
_TONE = re.compile(r"(?i)o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit under one name and kind. Dates are ISO days, empty where open; `successor` names what took it in."""

    level: Level
    kind: str
    name: str
    province: str | None = None
    district: str | None = None
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""

    def holds(self, day: str | None) -> bool:
        """Whether the unit held this name on the EDTF `day`; a day that is not known excludes nothing.

        The start is not asked: the years in which most units began are not known well enough.
        """
        if not day:
            return True
        if self.valid_from == REFORM and day < REFORM[: len(day)]:
            return False
        return not (self.valid_to and day > self.valid_to)

    @property
    def full_name(self) -> str:
        """The name with its kind: `tỉnh Thanh Hóa`, `thành phố Hà Nội`, `Thành phố Hồ Chí Minh`."""
        kind = "Thành phố" if self.level == "province" and self.name == "Hồ Chí Minh" else self.kind
        return f"{kind} {self.name}"


class UnitsError(Exception):
    """Units cannot be read; the message says which file and what to do."""


@lru_cache(maxsize=32_768)
def key_of(name: str) -> str:
    """One key for the ways to write a name: case, old and new tone places, hyphens, leading zeros, apostrophes.

    >>> key_of("Khánh Hoà") == key_of("KHÁNH HÒA"), key_of("Phan Rang-Tháp Chàm") == key_of("Phan Rang - Tháp Chàm")
    (True, True)
    """
    text = unicodedata.normalize("NFC", name).lower()
    if not text.isascii():
        text = _TONE.sub(_old_style, text)
    text = text.replace("’", "'").replace("`", "'").replace("ð", "đ")
    words = text.replace("-", " ").replace("–", " ").replace(".", " ").split()
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


def unmarked(name: str) -> str:
    """The bare letters of `name`, small, without marks, spaces and signs: `QUẢNG NGÃI` -> `quangngai`."""
    plain = unicodedata.normalize("NFD", key_of(name).replace("đ", "d"))
    return "".join(sign for sign in plain if sign.isalnum())


def _old_style(match: re.Match[str]) -> str:
    first, second = match.group()[0], match.group()[1]
    parts = unicodedata.normalize("NFD", second)
    return unicodedata.normalize("NFC", first + parts[1:]) + parts[0]


def split_kind(printed: str) -> tuple[str | None, str]:
    """The kind and the bare name of a unit as printed.

    >>> split_kind("Thành phố Hà Nội"), split_kind("xã Hoằng Cát"), split_kind("Lạng Sơn")
    (('thành phố', 'Hà Nội'), ('xã', 'Hoằng Cát'), (None, 'Lạng Sơn'))
    >>> split_kind("TP. Huế"), split_kind("Tp.Hồ Chí Minh")
    (('thành phố', 'Huế'), ('thành phố', 'Hồ Chí Minh'))
    """
    match = _KINDS.fullmatch(printed.strip())
    if match is None:
        return None, printed.strip()
    kind = match[1].lower()
    return SHORT_KINDS.get(kind, kind), match[2]


class Gazetteer:
    """Answers what is known of units. Make one with `load_units`."""

    def __init__(self, extra: Iterable[Unit] = ()) -> None:
        self._extra = tuple(extra)

    def province(self, name: str, day: str | None = None) -> Unit | None:
        """The province or city under the centre called `name` (any way to write it), or None.

        Where the name was of two kinds in turn, the one of `day`; where no one held it then, the last that did.
        """
        known = self._provinces.get(key_of(split_kind(name)[1])) or self._provinces.get(key_of(name)) or ()
        held = [unit for unit in known if unit.holds(day)]
        if len(held) > 1:
            held = [unit for unit in held if (unit.valid_from <= day if day else not unit.valid_to)] or held
        return held[-1] if held else known[-1] if known else None

    def province_like(self, name: str) -> Unit | None:
        """The province whose name has the letters of `name` without regard to marks, where there is one alone.

        For capitals that OCR stripped of their marks (`QUANG NGAI`).
        """
        names = self._unmarked.get(unmarked(name), frozenset())
        return self.province(next(iter(names))) if len(names) == 1 else None

    def is_province(self, name: str) -> bool:
        """Whether any province, past or present, is called so."""
        return key_of(split_kind(name)[1]) in self._provinces

    def successor(self, name: str, day: str | None = None) -> Unit | None:
        """The province that holds the ground of the province `name` on `day` (now where not given), or None.

        None also where the old one was divided.
        """
        unit = self.province(name)
        for _ in range(4):
            if unit is None or not unit.successor:
                return unit
            if day and unit.valid_to and day <= unit.valid_to:
                return unit
            unit = None if ";" in unit.successor else self.province(unit.successor)
        return unit

    def predecessors(self, name: str) -> tuple[Unit, ...]:
        """The provinces that were taken into the province `name`, itself not among them."""
        unit = self.province(name)
        if unit is None:
            return ()
        return tuple(dict.fromkeys(old for old in self._all_provinces if unit.name in old.successor.split(";")))

    def find(
        self,
        name: str,
        *,
        level: Level | None = None,
        kind: str | None = None,
        day: str | None = None,
        province: str | None = None,
        district: str | None = None,
    ) -> tuple[Unit, ...]:
        """All units called `name` (with or without its kind) that the conditions leave, provinces first.

        `province` and `district` are bare names. A unit matches the province that it stood under as well as the one
        that took that in.
        """
        printed_kind, bare = split_kind(name)
        kind = kind or printed_kind
        found = [
            unit
            for unit in self._candidates(bare, level or (LEVEL_OF_KIND.get(kind) if kind else None))
            if (level is None or unit.level == level) and (kind is None or unit.kind == kind) and unit.holds(day)
        ]
        if province is not None:
            found = [unit for unit in found if self._under(unit, province)]
        if district is not None:
            found = [unit for unit in found if unit.district and key_of(unit.district) == key_of(district)]
        return tuple(found)

    def parents(
        self,
        name: str,
        *,
        kind: str | None = None,
        level: Level | None = None,
        day: str | None = None,
        province: str | None = None,
        district: str | None = None,
    ) -> tuple[str | None, str | None]:
        """(province, district) of the unit `name` where all units of that name agree; None for what they do not.

        The district of a new commune (since 1/7/2025) is None: there is none.
        """
        found = self.find(name, kind=kind, level=level, day=day, province=province, district=district)
        provinces = {self._at(unit.province, day) for unit in found if unit.province}
        districts = {(unit.province, unit.district) for unit in found}
        one_province = provinces.pop() if len(provinces) == 1 else None
        one_district = districts.pop()[1] if len(districts) == 1 else None
        return one_province, one_district

    def under(
        self, level: Level, *, province: str | None, district: str | None = None, day: str | None = None
    ) -> tuple[Unit, ...]:
        """All units of `level` that stood under the province (and the district) on `day`, by name, each once."""
        stood: dict[str | None, bool] = {}  # asked once for each province, not for each of its units
        found: dict[tuple[str, str], Unit] = {}
        for key, unit in ((key, unit) for key, units in self._below.items() for unit in units):
            if unit.level == level and unit.holds(day):
                if province is not None and unit.province not in stood:
                    stood[unit.province] = self._stood_under(unit, province, day)
                if province is None or stood[unit.province]:
                    found[unit.kind, key] = unit
        if district is not None:
            found = {k: u for k, u in found.items() if u.district and key_of(u.district) == key_of(district)}
        return tuple(sorted(found.values(), key=lambda unit: (key_of(unit.name), unit.kind)))

    def _stood_under(self, unit: Unit, province: str, day: str | None) -> bool:
        """Whether the unit was the province's own on `day`: one that it took in later was not yet."""
        if unit.province is None or not self._under(unit, province):
            return False
        if key_of(unit.province) == key_of(province) or not day:
            return True
        own = self.province(unit.province)
        return own is not None and bool(own.valid_to) and day > own.valid_to

    def _at(self, province: str | None, day: str | None) -> str | None:
        """The name of the province on `day`: units are listed under the name that held last."""
        if province == "Huế" and day and day < "2025-01-01":
            return "Thừa Thiên Huế"
        return province

    def _under(self, unit: Unit, province: str) -> bool:
        if unit.province is None:
            return False
        if key_of(unit.province) == key_of(province):
            return True
        now = self.successor(unit.province)
        asked = self.successor(province)
        return now is not None and asked is not None and now.name == asked.name

    def _candidates(self, bare: str, level: Level | None) -> Iterator[Unit]:
        key = key_of(bare)
        if level in (None, "province"):
            yield from self._provinces.get(key, ())
        if level != "province":
            yield from self._below.get(key, ())

    @cached_property
    def _all_provinces(self) -> tuple[Unit, ...]:
        return tuple(unit for unit, _ in _provinces()) + tuple(u for u in self._extra if u.level == "province")

    @cached_property
    def _provinces(self) -> dict[str, tuple[Unit, ...]]:
        index: dict[str, tuple[Unit, ...]] = {}
        own = [(unit, ()) for unit in self._extra if unit.level == "province"]
        for unit, aliases in [*_provinces(), *own]:
            for name in (unit.name, *aliases):
                index[key_of(name)] = (*index.get(key_of(name), ()), unit)
        return index

    @cached_property
    def _unmarked(self) -> dict[str, frozenset[str]]:
        index: dict[str, frozenset[str]] = {}
        for unit in self._all_provinces:
            key = unmarked(unit.name)
            index[key] = index.get(key, frozenset()) | {unit.name}
        return index

    @cached_property
    def _below(self) -> dict[str, tuple[Unit, ...]]:
        index: dict[str, dict[Unit, None]] = {}
        for unit in (*_districts_and_communes(), *(u for u in self._extra if u.level != "province")):
            index.setdefault(key_of(unit.name), {})[unit] = None
        return {key: tuple(units) for key, units in index.items()}


@cache
def load_units(extra: Path | None = None) -> Gazetteer:
    """The units that come with the project, those of the CSV file `extra` laid over them.

    `extra` has the columns of `COLUMNS`; `UnitsError` says what is wrong with it.
    """
    return Gazetteer(tuple(_read_extra(extra)) if extra else ())


def _read_extra(path: Path) -> Iterator[Unit]:
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
def _provinces() -> tuple[tuple[Unit, tuple[str, ...]], ...]:
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
def _districts_and_communes() -> tuple[Unit, ...]:
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
