"""The units below a plan's issuer on a day, and where the provinces stand on the map of tiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.schema import UNITS_KEY
from datasette_plugins.desk.store import Figure, Reader
from rules.loader import table
from rules.units import REFORM, Gazetteer, Level, Unit, key_of, load_units, split_kind, units_in

MOST_KEPT = 512
"""Lists of units that are kept ready."""
BELOW: dict[str, tuple[Level, ...]] = {
    "central": ("province", "district", "commune"),
    "province": ("district", "commune"),
    "district": ("commune",),
}


@dataclass(frozen=True, slots=True)
class Area:
    """What is asked about: the units of `level` under a province and a district, as they were on `day`."""

    level: Level
    province: str
    district: str
    day: str

    @property
    def is_listed(self) -> bool:
        """Whether all its units are listed: communes and districts are where their province is known."""
        return self.level == "province" or bool(self.province)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit and its tile; a unit that only documents name is not `known`."""

    kind: str
    name: str
    district: str = ""
    row: int = -1
    column: int = -1
    known: bool = True

    @property
    def full_name(self) -> str:
        """The name with its kind, where that is known."""
        return f"{self.kind} {self.name}".strip()


def levels_below(level: str, day: str) -> tuple[Level, ...]:
    """The levels of units below a body of `level` on `day`: no districts since the reform."""
    return tuple(one for one in BELOW.get(level, ()) if one != "district" or day < REFORM)


class Atlas:
    """The units that the corpus was built with, and what was asked of them before."""

    def __init__(self, units: Gazetteer) -> None:
        self.units = units
        self._listed: dict[Area, tuple[Place, ...]] = {}

    def listed(self, area: Area) -> tuple[Place, ...]:
        """The units of the area that are known of, by name."""
        if area not in self._listed:
            if len(self._listed) > MOST_KEPT:
                self._listed.clear()
            self._listed[area] = self._provinces(area.day) if area.level == "province" else self._under(area)
        return self._listed[area]

    def _under(self, area: Area) -> tuple[Place, ...]:
        if not area.is_listed:
            return ()
        found = self.units.under(area.level, province=area.province, district=area.district or None, day=area.day)
        return tuple(Place(unit.kind, unit.name, unit.district or "") for unit in found)

    def _provinces(self, day: str) -> tuple[Place, ...]:
        row, column = ("row", "column") if day >= REFORM else ("old_row", "old_column")
        found: dict[Unit, Place] = {}
        for tile in table("province_tiles.csv"):
            unit = self.units.province(tile["name"], day)
            there = unit is not None and unit.name == tile["name"] and unit.valid_from <= day and unit.holds(day)
            if tile[row] and unit is not None and there:
                found[unit] = Place(unit.kind, unit.name, "", int(tile[row]), int(tile[column]))
        return tuple(sorted(found.values(), key=lambda place: key_of(place.name)))

    def province_on(self, name: str, day: str) -> str:
        """The name of the province that holds the ground of the province `name` on `day`; else `name`."""
        unit = self.units.successor(name, day) if name and day >= REFORM else None
        return unit.name if unit else name

    def province_of_territory(self, territory: str) -> str:
        """The name of the province that a work's folded territory is; empty where it is none."""
        unit = self.units.province_like(territory) if territory else None
        return unit.name if unit else ""


def _atlas(reader: Reader) -> Atlas:
    text = str(reader.value("select value from build_state where key = ?", (UNITS_KEY,)) or "")
    return Atlas(Gazetteer(units_in(text.splitlines(), UNITS_KEY)) if text else load_units())


ATLAS = Figure("atlas", _atlas)


def kind_in(issuer: str, name: str) -> str:
    """The kind of the unit `name` as a body's name gives it: `huyện` in `UBND huyện An Hạ`; empty where it does not.

    >>> kind_in("UBND thị trấn An Hạ", "An Hạ"), kind_in("Sở Tài chính", "An Hạ")
    ('thị trấn', '')
    """
    words = issuer.split()
    for at in range(len(words)):
        kind, rest = split_kind(" ".join(words[at:]))
        if kind and key_of(rest).startswith(key_of(name)):
            return kind
    return ""


Held = Mapping[tuple[str, str, str, str, str], int]
"""How many documents there are by level, province, district and commune of their issuers, and the unit's kind."""


def _held(reader: Reader) -> Held:
    rows = reader.all(
        """select issuer_level, coalesce(province, '') as p, coalesce(district, '') as d, coalesce(commune, '') as c,
        coalesce(issuer, '') as issuer, count(*) as n from documents
        where issuer_level in ('province', 'district', 'commune') group by 1, 2, 3, 4, 5"""
    )
    held: Counter[tuple[str, str, str, str, str]] = Counter()
    for row in rows:
        unit = {"province": row["p"], "district": row["d"], "commune": row["c"]}[row["issuer_level"]]
        held[row["issuer_level"], row["p"], row["d"], row["c"], kind_in(row["issuer"], unit)] += int(row["n"])
    return held


HELD = Figure("units-held", _held)
