"""Which units below a plan carry it out: the units of a day, their tiles, and the page."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from corpus.schema import UNITS_KEY
from datasette_plugins.desk.coverage import units_of
from datasette_plugins.desk.ports import Row
from datasette_plugins.desk.units_below import Area, Atlas, kind_in, levels_below
from rules.loader import table
from rules.units import Gazetteer, UnitsError, load_units, units_in
from tests import desk_corpus
from tests.desk_client import Desk
from tests.test_security_pages import assert_harmless

K = "/-/kehoach"
BEFORE, AFTER = "2024-04-01", "2025-08-01"
UNITS = """level,type,name,province,district,valid_from,valid_to,successor
province,tỉnh,Châu Bình,,,,,
district,huyện,An Hạ,Châu Bình,,,2025-06-30,
district,huyện,Vạn Hạ,Châu Bình,,,2025-06-30,
district,thị xã,An Hạ Đông,Châu Bình,,,2025-06-30,
commune,xã,Bến Đò,Châu Bình,An Hạ,,2025-06-30,
commune,thị trấn,Bến Đò,Châu Bình,An Hạ,,2025-06-30,
commune,xã,Sông Cụt,Châu Bình,Vạn Hạ,,2025-06-30,
"""


# Units and tiles


@pytest.mark.parametrize("day, count", [(BEFORE, 63), (AFTER, 34)])
def test_every_province_of_the_day_has_a_tile_of_its_own(day: str, count: int) -> None:
    places = Atlas(load_units()).listed(Area("province", "", "", day))
    assert len(places) == count
    assert len({(place.row, place.column) for place in places}) == count
    assert all(place.row >= 0 and place.column >= 0 for place in places)


def test_tiles_are_of_provinces_that_are_known() -> None:
    units = load_units()
    for tile in table("province_tiles.csv"):
        assert units.is_province(tile["name"]), tile["name"]
        assert tile["row"] or tile["old_row"], tile["name"]


@pytest.mark.parametrize(
    "north, south, day",
    [
        ("Cao Bằng", "Cà Mau", BEFORE),
        ("Hà Nội", "Huế", AFTER),
        ("Thừa Thiên Huế", "Hồ Chí Minh", BEFORE),
        ("Nghệ An", "Lâm Đồng", AFTER),
    ],
)
def test_north_is_at_the_top(north: str, south: str, day: str) -> None:
    rows = {place.name: place.row for place in Atlas(load_units()).listed(Area("province", "", "", day))}
    assert rows[north] < rows[south]


@pytest.mark.parametrize(
    "level, day, levels",
    [
        ("central", BEFORE, ("province", "district", "commune")),
        ("central", AFTER, ("province", "commune")),
        ("province", BEFORE, ("district", "commune")),
        ("province", AFTER, ("commune",)),
        ("district", BEFORE, ("commune",)),
        ("commune", BEFORE, ()),
        ("", BEFORE, ()),
    ],
)
def test_levels_below(level: str, day: str, levels: tuple[str, ...]) -> None:
    assert levels_below(level, day) == levels


@pytest.mark.parametrize(
    "issuer, name, kind",
    [
        ("UBND huyện An Hạ", "An Hạ", "huyện"),
        ("Đảng ủy xã Bến Đò, huyện An Hạ", "Bến Đò", "xã"),
        ("UBND Thị trấn Bến Đò", "Bến Đò", "thị trấn"),
        ("Phòng Nội vụ", "Bến Đò", ""),
        ("UBND huyện An Hạ", "", "huyện"),
    ],
)
def test_the_kind_of_a_unit_is_read_from_the_body(issuer: str, name: str, kind: str) -> None:
    assert kind_in(issuer, name) == kind


def row(issuer: str, **places: str) -> Row:
    return {"id": issuer, "issuer": issuer, "province": "Châu Bình", "district": "", "commune": "", **places}


def test_units_of_one_name_are_told_apart_and_the_unlisted_are_kept() -> None:
    atlas = Atlas(Gazetteer(units_in(UNITS.splitlines(), "own")))
    area = Area("commune", "Châu Bình", "", BEFORE)
    documents = [
        row("UBND thị trấn Bến Đò", district="An Hạ", commune="Bến Đò"),
        row("UBND xã Cát Lún", district="An Hạ", commune="Cát Lún"),
        row("UBND xã Xa Lạ", province="Nơi Khác", commune="Xa Lạ"),
    ]
    held = {("commune", "Châu Bình", "Vạn Hạ", "Sông Cụt", "xã"): 4, ("commune", "Nơi Khác", "", "Xa Lạ", "xã"): 9}
    units = units_of(area, documents, held, atlas)
    assert [(unit.place.full_name, unit.state, unit.place.known) for unit in units] == [
        ("thị trấn Bến Đò", "carries", True),
        ("xã Cát Lún", "carries", False),
        ("xã Sông Cụt", "silent", True),
        ("xã Bến Đò", "absent", True),
    ]


def test_what_a_merged_province_issued_counts_for_the_one_that_took_it_in() -> None:
    atlas = Atlas(load_units())
    documents = [row("UBND tỉnh Hà Nam", province="Hà Nam"), row("UBND tỉnh Ninh Bình", province="Ninh Bình")]
    after = {u.place.name: len(u.documents) for u in units_of(Area("province", "", "", AFTER), documents, {}, atlas)}
    assert (after["Ninh Bình"], "Hà Nam" in after) == (2, False)
    before = {u.place.name: len(u.documents) for u in units_of(Area("province", "", "", BEFORE), documents, {}, atlas)}
    assert (before["Ninh Bình"], before["Hà Nam"]) == (1, 1)


def test_a_table_of_units_that_lacks_a_column_is_refused() -> None:
    with pytest.raises(UnitsError, match="own: column 'name' is missing"):
        list(units_in(["level,type"], "own"))


# The page


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("coverage") / "plans.db"
    ids = desk_corpus.make(path, hostile=True)
    with sqlite3.connect(path) as connection:
        connection.execute("insert into build_state values (?, ?)", (UNITS_KEY, UNITS))
        connection.execute(
            "update documents set district = 'An Hạ' where id in (?, ?)", (ids["district"], ids["commune"])
        )
        connection.execute("update documents set commune = 'Bến Đò' where id = ?", (ids["commune"],))
        connection.execute("update documents set commune = '<script>alert(1)</script>' where id = ?", (ids["hostile"],))
        connection.execute("update works set territory = 'chau binh' where id = 'w-decision'")
    return path, ids


def test_districts_that_carry_a_plan_out_and_those_that_do_not(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/document/{ids['province']}/coverage")
    assert page.status == 200
    assert "huyện An Hạ có văn bản thực hiện Kế hoạch 40/KH-UBND UBND huyện An Hạ" in page.text
    assert "huyện Vạn Hạ chưa có văn bản nào trong kho" in page.text
    assert "1 có văn bản thực hiện 0 có văn bản khác, chưa thấy thực hiện 2 chưa có văn bản nào trong kho" in page.text


def test_communes_two_hops_below(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/document/{ids['province']}/coverage?level=commune")
    assert "xã Bến Đò An Hạ có văn bản thực hiện" in page.text
    assert "thị trấn Bến Đò An Hạ chưa có văn bản nào" in page.text
    narrowed = desk.get(f"{K}/document/{ids['province']}/coverage?level=commune&district=Vạn Hạ")
    assert "xã Sông Cụt" in narrowed.text
    assert "xã Bến Đò" not in narrowed.text.partition("Bảng các đơn vị")[2]


def test_since_the_reform_there_are_no_districts(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/document/{ids['province']}/coverage?as_of=now&level=district")
    assert page.status == 200
    assert "huyện Vạn Hạ" not in page.text


def test_below_a_commune_there_is_nothing(desk: Desk, ids: dict[str, str]) -> None:
    assert "không còn cấp nào" in desk.get(f"{K}/document/{ids['commune']}/coverage").text


def test_a_work_that_is_only_cited_has_its_coverage_too(desk: Desk, ids: dict[str, str]) -> None:
    page = desk.get(f"{K}/work/w-decision/coverage")
    assert page.status == 200
    held = desk.get(f"{K}/work/w-province/coverage")
    assert (held.status, held.headers["location"]) == (302, f"{K}/document/{ids['province']}/coverage")
    assert any(
        link.endswith("/coverage") for link in desk.get(f"{K}/document/{ids['province']}/chain").links("http://x/")
    )


@pytest.mark.parametrize(
    "query", ["level=<script>", "province=<script>alert(1)</script>", "district='--&level=commune", "as_of=x"]
)
def test_hostile_filters_and_names_do_nothing(desk: Desk, ids: dict[str, str], query: str) -> None:
    for language in ("vi", "en"):
        page = desk.get(f"{K}/document/{ids['province']}/coverage?{query}&lang={language}")
        assert page.status == 200
        assert_harmless(page, query)
    page = desk.get(f"{K}/document/{ids['province']}/coverage?level=commune")
    assert "<script>alert(1)</script>" in page.text
    assert_harmless(page, "communes")


@pytest.mark.parametrize("path", ["document/nothing/coverage", "work/nothing/coverage", "document/..%2F/coverage"])
def test_of_nothing_there_is_no_page(desk: Desk, path: str) -> None:
    page = desk.get(f"{K}/{path}")
    if page.status == 302:
        page = desk.get(page.headers["location"])
    assert page.status == 404


# The lược đồ


def test_an_ambiguous_citation_tells_what_it_may_be(tmp_path: Path) -> None:
    db = tmp_path / "plans.db"
    ids = desk_corpus.make(db)
    with sqlite3.connect(db) as connection:
        connection.execute("update citations set work = null where id = 'c-district-2'")
        connection.execute(
            "update links set state = 'ambiguous', work = null, reasons = ?, candidates = ?"
            " where citation = 'c-district-2'",
            (
                '["2 works fit"]',
                json.dumps(
                    [{"work": "w-decision", "label": "Quyết định một"}, {"work": "w-x", "label": "Quyết định hai"}]
                ),
            ),
        )
    desk = Desk(db)
    try:
        page = desk.get(f"{K}/document/{ids['district']}/relations")
        assert "Có thể là: Quyết định một Quyết định hai" in page.text
        assert f"{K}/work/w-decision" in {link["href"] for link in page.all("a")}
        connected = desk.get(f"{K}/document/{ids['province']}/relations").text
        assert "ghi ngày 12/3/2024" in connected
        assert "ngày không khớp" not in connected
    finally:
        desk.close()


def test_a_date_that_others_cite_wrongly_is_shown_on_the_cited_document(tmp_path: Path) -> None:
    db = tmp_path / "plans.db"
    ids = desk_corpus.make(db)
    with sqlite3.connect(db) as connection:
        connection.execute("update citations set issued_on = '2024-03-13' where id = 'c-district-1'")
    desk = Desk(db)
    try:
        text = desk.get(f"{K}/document/{ids['province']}/relations").text
        assert "ghi ngày 13/3/2024 ngày không khớp ngày được chấp nhận: 12/3/2024" in text
    finally:
        desk.close()
