"""Which units below a plan carry it out: as a map of tiles and as a table.

A unit carries it out where a document of one of its bodies stands in the chain below the plan. That no such document
is in the corpus does not say that there is none: units without any document here are shown apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from datasette_plugins.desk import names, web
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.lookup import find
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Desk, Reader
from datasette_plugins.desk.units_below import (
    ATLAS,
    HELD,
    Area,
    Atlas,
    Held,
    Place,
    kind_in,
    levels_below,
)
from datasette_plugins.desk.web import Filters
from rules.units import REFORM, key_of

FILTERS = ("level", "province", "district", "as_of")
MOST = 20_000
"""Documents of the chain that are looked at."""
TILE_WIDTH, TILE_HEIGHT, TILE_GAP = 96, 38, 4
_LETTERS = 13
STATES = ("carries", "silent", "absent")
_DOWN = f"""with recursive down(work, hop) as (
    select source, 1 from edges where target = :work and relation = 'implements'
    union
    select e.source, down.hop + 1 from edges e join down on e.target = down.work
    where e.relation = 'implements' and down.hop < 8
    limit {MOST})
    select d.id, d.doc_type, d.code, d.symbol, d.number_blank, d.issuer, d.issuer_level, d.issued_on, d.province,
    d.district, d.commune, min(down.hop) as hop
    from down join works w on w.id = down.work and coalesce(w.issuer_level, :level) = :level
    join documents d on d.id = w.document where d.issuer_level = :level group by d.id order by d.issued_on, d.id"""


@dataclass(slots=True)
class Unit:
    """A unit with what it issued to carry the plan out. `held`: documents of its bodies in the corpus."""

    place: Place
    documents: list[Row] = field(default_factory=list)
    held: int = 0

    @property
    def state(self) -> str:
        """Carries it out; has documents here, none of which does; has none here."""
        return "carries" if self.documents else "silent" if self.held else "absent"

    @property
    def x(self) -> int:
        """The left side of its tile, in pixels."""
        return self.place.column * (TILE_WIDTH + TILE_GAP)

    @property
    def y(self) -> int:
        """The top of its tile, in pixels."""
        return self.place.row * (TILE_HEIGHT + TILE_GAP)

    @property
    def label(self) -> str:
        """Its name, cut to the tile."""
        name = self.place.name
        return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of coverage shows."""

    root: Row
    work: str
    area: Area
    levels: tuple[str, ...]
    units: list[Unit]
    unplaced: int
    """Documents of the level that carry it out and whose unit is not known."""

    def count(self, state: str) -> int:
        """The units in one state."""
        return sum(unit.state == state for unit in self.units)

    @property
    def off_map(self) -> list[Unit]:
        """The units that have no place on the map."""
        return [unit for unit in self.units if unit.place.row < 0]

    @property
    def size(self) -> tuple[int, int]:
        """The width and height of the map in pixels; nothing where the units have no places on it."""
        placed = [unit for unit in self.units if unit.place.row >= 0]
        if self.area.level != "province" or not placed:
            return 0, 0
        return max(unit.x for unit in placed) + TILE_WIDTH, max(unit.y for unit in placed) + TILE_HEIGHT


def area_of(root: Row, filters: Filters) -> tuple[Area | None, tuple[str, ...]]:
    """What is asked about, and the levels that may be asked about; no area where nothing stands below."""
    issued = str(root.get("issued_on") or "")
    now = filters.get("as_of") == "now" or not issued
    day = max(date.today().isoformat(), REFORM) if now else issued
    level = str(root.get("issuer_level") or "central")
    levels = levels_below(level, day)
    wanted = next((one for one in levels if one == filters.get("level")), levels[0] if levels else None)
    if wanted is None:
        return None, ()
    province = str(root.get("province") or "") if level != "central" else filters.get("province")
    district = str(root.get("district") or "") if level == "district" else filters.get("district")
    return Area(wanted, province if wanted != "province" else "", district if wanted == "commune" else "", day), levels


def _name(row: Row, level: str) -> str:
    return str(row[level] or "")


def _unit_name(row: Row, area: Area, atlas: Atlas) -> str:
    """The unit of the level that a document's body belongs to."""
    name = _name(row, area.level)
    return atlas.province_on(name, area.day) if area.level == "province" else name


def _inside(row: Row, area: Area, atlas: Atlas) -> bool:
    """Whether a document's body stands in the area; provinces that were merged count as what they are on the day."""
    if area.province:
        own, asked = (atlas.province_on(name, area.day) for name in (_name(row, "province"), area.province))
        if key_of(own) != key_of(asked):
            return False
    return not area.district or key_of(_name(row, "district")) == key_of(area.district)


def units_of(area: Area, documents: Sequence[Row], held: Held, atlas: Atlas) -> list[Unit]:
    """Every unit of the area: those that are listed, and those that only documents name."""
    units = [Unit(place) for place in atlas.listed(area)]
    by_name: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_name[key_of(unit.place.name)].append(unit)

    def of(name: str, kind: str, district: str) -> Unit:
        found = by_name[key_of(name)]
        exact = [unit for unit in found if kind and unit.place.kind == kind] or found
        near = [unit for unit in exact if district and key_of(unit.place.district) == key_of(district)] or exact
        if not near:
            known = area.level == "province" and atlas.units.is_province(name)
            near = [Unit(Place(kind, name, district, known=known))]
            found.extend(near)
            units.extend(near)
        return near[0]

    for row in documents:
        name = _unit_name(row, area, atlas)
        if name and _inside(row, area, atlas):
            of(name, kind_in(str(row["issuer"] or ""), name), _name(row, "district")).documents.append(row)
    for (level, province, district, commune, kind), count in held.items():
        row = {"province": province, "district": district, "commune": commune}
        if level == area.level and row[level] and _inside(row, area, atlas) and area.is_listed:
            of(_unit_name(row, area, atlas), kind, district).held += count
    return sorted(units, key=lambda unit: (STATES.index(unit.state), key_of(unit.place.name)))


async def _loaded(desk: Desk, root: Row, work: str, filters: Filters) -> Loaded | None:
    area, levels = area_of(root, filters)
    if area is None:
        return None
    documents = await desk.read(lambda reader: reader.all(_DOWN, {"work": work, "level": area.level}))
    unplaced = sum(1 for row in documents if not _name(row, area.level))
    return Loaded(
        root, work, area, levels, units_of(area, documents, await desk.once(HELD), await desk.once(ATLAS)), unplaced
    )


async def _answer(request: Request, datasette: Datasette, desk: Desk, root: Row, path: str, held: bool) -> Response:
    words, links = words_of(request), Links(datasette, desk.name)
    filters = web.filters_of(datasette, request, path, FILTERS)
    work = str(root["work"] if held else root["id"])
    return await web.html(
        datasette,
        request,
        "kehoach/coverage.html",
        {
            "loaded": await _loaded(desk, root, work, filters),
            "document": root if held else None,
            "work": work,
            "level": root["issuer_level"],
            "issuer": root["issuer"],
            "name": names.full(root, words) if held else names.of_work(root, words),
            "short": names.short(root, words),
            "short_of": lambda row: names.short(row, words),
            "filters": filters,
            "links": links,
            "reform": REFORM,
            "tile": (TILE_WIDTH, TILE_HEIGHT),
            "states": STATES,
            "tab": "chain",
        },
    )


async def of_document(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>/coverage?level=&province=&district=&as_of=now``."""
    desk = await web.desk_for(datasette, request)

    def loading(reader: Reader) -> Row | None:
        return find(reader, decoded(request.url_vars["id"]))

    document = await desk.read(loading)
    if document is None:
        raise web.not_found(request, "fault.no_document")
    return await _answer(request, datasette, desk, document, f"document/{request.url_vars['id']}/coverage", True)


async def of_work(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/work/<id>/coverage``; a work that is in the corpus has the coverage of its document."""
    desk = await web.desk_for(datasette, request)

    def loading(reader: Reader) -> Row | None:
        return reader.one("select * from works where id = ?", (decoded(request.url_vars["id"]),))

    work = await desk.read(loading)
    if work is None:
        raise web.not_found(request, "fault.no_work")
    if work["document"]:
        return web.redirect(Links(datasette, desk.name).coverage(work["document"]))
    province = (await desk.once(ATLAS)).province_of_territory(str(work["territory"] or ""))
    work |= {"province": province, "district": None}
    return await _answer(request, datasette, desk, work, f"work/{request.url_vars['id']}/coverage", False)
