"""The gazetteer: kinds and parents of a name at a date, provinces that succeed one another, a file laid over it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rules.loader import table
from rules.units import COLUMNS, Gazetteer, UnitsError, key_of, load_units, split_kind, unmarked


@pytest.fixture(scope="module")
def units() -> Gazetteer:
    return load_units()


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("HÒA BÌNH", "Hoà Bình"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa-Vũng Tàu"),
        ("Phường 01", "phường 1"),
        ("Cư M’gar", "Cư M'gar"),
        ("Thuỷ Nguyên", "Thủy Nguyên"),
    ],
)
def test_one_key_for_ways_to_write_a_name(name: str, same: str) -> None:
    assert key_of(name) == key_of(same)


def test_keys_keep_what_tells_names_apart() -> None:
    assert key_of("Đông Hà") != key_of("Đồng Hà")
    assert unmarked("QUANG NGAI") == unmarked("Quảng Ngãi")


@pytest.mark.parametrize(
    ("printed", "kind", "name"),
    [
        ("Thành phố Huế", "thành phố", "Huế"),
        ("TP. Huế", "thành phố", "Huế"),
        ("TX Sơn Tây", "thị xã", "Sơn Tây"),
        ("đặc khu Phú Quốc", "đặc khu", "Phú Quốc"),
        ("Xã Đàn", "xã", "Đàn"),
        ("Tân Xã", None, "Tân Xã"),
    ],
)
def test_kind_and_bare_name(printed: str, kind: str | None, name: str) -> None:
    assert split_kind(printed) == (kind, name)


@pytest.mark.parametrize(
    ("name", "day", "kind", "full"),
    [
        ("Lạng Sơn", None, "tỉnh", "tỉnh Lạng Sơn"),
        ("TP. HCM", None, "thành phố", "Thành phố Hồ Chí Minh"),
        ("Đồng Nai", "2025-01-01", "tỉnh", "tỉnh Đồng Nai"),
        ("Đồng Nai", "2026-06-01", "thành phố", "thành phố Đồng Nai"),
        ("Đắc Lắc", None, "tỉnh", "tỉnh Đắk Lắk"),
        ("Thừa Thiên - Huế", "2020", "tỉnh", "tỉnh Thừa Thiên Huế"),
        ("Cần Thơ", "1999-01-01", "tỉnh", "tỉnh Cần Thơ"),
        ("Cần Thơ", "2020-01-01", "thành phố", "thành phố Cần Thơ"),
    ],
)
def test_provinces_by_any_name_and_day(units: Gazetteer, name: str, day: str | None, kind: str, full: str) -> None:
    unit = units.province(name, day)
    assert unit is not None
    assert (unit.kind, unit.full_name) == (kind, full)


def test_a_town_is_no_province(units: Gazetteer) -> None:
    assert units.province("Hoằng Hóa") is None
    assert not units.is_province("Thủ Dầu Một")


def test_a_province_read_through_lost_marks(units: Gazetteer) -> None:
    unit = units.province_like("QUANG NGAI")
    assert unit is not None
    assert unit.name == "Quảng Ngãi"
    assert units.province_like("QUANG") is None


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Quang Ngáai", "Quảng Ngãi"),
        ("Thanh Hoàa", "Thanh Hóa"),
        ("Bình Dịch", "Bình Định"),
        ("Sơn Lan", "Sơn La"),
        ("Quảng Ngãi", None),
        ("Hà Nan", None),
        ("Bình Sơn", None),
    ],
)
def test_a_province_with_a_letter_misread(units: Gazetteer, printed: str, name: str | None) -> None:
    unit = units.province_misread(printed)
    assert (unit.name if unit else None) == name


@pytest.mark.parametrize(
    ("old", "day", "new"),
    [
        ("Hà Nam", None, "Ninh Bình"),
        ("Hà Nam", "2024-05-01", "Hà Nam"),
        ("Hà Nam", "2025-08-01", "Ninh Bình"),
        ("Hà Tây", None, "Hà Nội"),
        ("Thanh Hóa", None, "Thanh Hóa"),
        ("Hà Bắc", None, None),
    ],
)
def test_successors(units: Gazetteer, old: str, day: str | None, new: str | None) -> None:
    unit = units.successor(old, day)
    assert (unit.name if unit else None) == new


def test_predecessors(units: Gazetteer) -> None:
    assert {unit.name for unit in units.predecessors("Ninh Bình")} == {"Hà Nam", "Nam Định"}
    assert units.predecessors("Cao Bằng") == ()


def test_sixty_three_became_thirty_four() -> None:
    rows = table("provinces.csv")
    before = {row["name"] for row in rows if (row["valid_from"] or "0") <= "2025-06-30" <= (row["valid_to"] or "9")}
    after = {row["name"] for row in rows if (row["valid_from"] or "0") <= "2025-07-01" <= (row["valid_to"] or "9")}
    assert (len(before), len(after)) == (63, 34)
    names = {row["name"] for row in rows}
    assert all(name in names for row in rows for name in row["successor"].split(";") if name)


def test_parents_of_a_unique_name(units: Gazetteer) -> None:
    assert units.parents("Hữu Lũng", level="district") == ("Lạng Sơn", None)
    assert units.parents("Hoằng Cát", kind="xã") == ("Thanh Hóa", "Hoằng Hóa")


def test_parents_that_do_not_agree_are_not_told(units: Gazetteer) -> None:
    assert units.parents("Minh Tiến", kind="xã", day="2024-01-01") == (None, None)
    assert units.parents("Minh Tiến", kind="xã", district="Ngọc Lặc") == ("Thanh Hóa", "Ngọc Lặc")


def test_the_reform_divides_the_names(units: Gazetteer) -> None:
    before = units.find("Lương Minh", level="commune", day="2024-12-31")
    after = units.find("Lương Minh", level="commune", day="2025-12-10")
    assert all(unit.district for unit in before)
    assert [(unit.kind, unit.province, unit.district) for unit in after] == [("xã", "Quảng Ninh", None)]


def test_a_province_that_was_merged_still_holds_its_units(units: Gazetteer) -> None:
    assert units.find("Kim Bảng", level="district", province="Hà Nam")
    assert units.find("Kim Bảng", level="district", province="Ninh Bình")
    assert not units.find("Kim Bảng", level="district", province="Lào Cai")


def test_a_file_is_laid_over(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(
        ",".join(COLUMNS) + "\n"
        "province,tỉnh,Sông Vân,,,,2025-06-30,Núi Lam\n"
        "province,tỉnh,Núi Lam,,,2025-07-01,,\n"
        "district,huyện,Tân Khê,Sông Vân,,,2025-06-30,\n"
        "commune,xã,Bến Gỗ,Sông Vân,Tân Khê,,2025-06-30,xã Khê Thượng\n",
        encoding="utf-8",
    )
    units = load_units(path)
    assert units.parents("Bến Gỗ", kind="xã", day="2024-02-01") == ("Sông Vân", "Tân Khê")
    successor = units.successor("Sông Vân", "2026-01-01")
    assert successor is not None
    assert successor.name == "Núi Lam"
    assert units.province("Lạng Sơn") is not None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("kind,name\nxã,A\n", "column 'level' is missing"),
        ("level,type,name\nvillage,thôn,A\n", "level 'village'"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "units.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnitsError, match=says):
        load_units(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnitsError, match="cannot be read"):
        load_units(tmp_path / "none.csv")


def test_provinces_alone_read_no_table_of_communes() -> None:
    code = (
        "import sys, builtins, pathlib\n"
        "read = pathlib.Path.read_text\n"
        "def refuse(self, *a, **k):\n"
        "    assert self.name != 'mapping.json', 'the table was read'\n"
        "    return read(self, *a, **k)\n"
        "pathlib.Path.read_text = refuse\n"
        "from rules.units import load_units\n"
        "units = load_units()\n"
        "assert units.province('Hà Nam').successor == 'Ninh Bình'\n"
        "assert 'underthesea' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)
