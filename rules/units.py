"""The administrative units of Vietnam, old and new: what a name is, under whom it stands, and since when.

Provinces are in `provinces.csv`. Districts (until 30/6/2025) and communes of both times come with the underthesea
package (`underthesea/address/data/mapping.json`), which is located without being imported and read when the first
question about them is asked. `load_units` lays a file of further units over both.

A unit that is not here is not known: absence is never evidence that something does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path

from rules.unit_names import (
    CITY,
    KINDS_OF_UNITS,
    LEVEL_OF_KIND,
    LEVEL_WORDS,
    NAMING_KIND,
    RANK,
    REFORM,
    SHORT_KINDS,
    Level,
    Unit,
    key_of,
    split_kind,
    unmarked,
)
from rules.unit_tables import COLUMNS, UnitsError, districts_and_communes, extra_units, provinces, units_in

__all__ = [
    "CITY",
    "COLUMNS",
    "KINDS_OF_UNITS",
    "LEVEL_OF_KIND",
    "LEVEL_WORDS",
    "NAMING_KIND",
    "RANK",
    "REFORM",
    "SHORT_KINDS",
    "Gazetteer",
    "Level",
    "Unit",
    "UnitsError",
    "key_of",
    "load_units",
    "split_kind",
    "units_in",
    "unmarked",
]


_LEAST_LETTERS = 6
"""Names of fewer letters are too near to one another to be told apart where one is wrong."""


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter put in, left out or changed makes `other` of `one`."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


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

    def province_misread(self, name: str) -> Unit | None:
        """The one province (`tỉnh`) whose name is a letter away from `name`, marks aside: a letter that OCR got wrong.

        None where `name` is short, or is a province's own, or several are as near.
        """
        letters = unmarked(name)
        if len(letters) < _LEAST_LETTERS or letters in self._unmarked:
            return None
        near = {found for known, found in self._unmarked.items() if _one_apart(letters, known)}
        units = [self.province(next(iter(names))) for names in near if len(names) == 1]
        return units[0] if len(near) == 1 and units and units[0] and units[0].kind == "tỉnh" else None

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
        return tuple(unit for unit, _ in provinces()) + tuple(u for u in self._extra if u.level == "province")

    @cached_property
    def _provinces(self) -> dict[str, tuple[Unit, ...]]:
        index: dict[str, tuple[Unit, ...]] = {}
        own = [(unit, ()) for unit in self._extra if unit.level == "province"]
        for unit, aliases in [*provinces(), *own]:
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
        for unit in (*districts_and_communes(), *(u for u in self._extra if u.level != "province")):
            index.setdefault(key_of(unit.name), {})[unit] = None
        return {key: tuple(units) for key, units in index.items()}


@cache
def load_units(extra: Path | None = None) -> Gazetteer:
    """The units that come with the project, those of the CSV file `extra` laid over them.

    `extra` has the columns of `COLUMNS`; `UnitsError` says what is wrong with it.
    """
    return Gazetteer(tuple(extra_units(extra)) if extra else ())
