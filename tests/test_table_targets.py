"""Targets in the cells of tables: which columns hold them, for which year, in which unit."""

from __future__ import annotations

from typing import Any

import pytest

from extract.records import Target
from rules.loader import document, pattern
from tests.plans import extracted, plan

RULES = document("table_targets.toml")
NAMES = [f"{group}.{name}" for group in RULES for name in RULES[group]]


def _targets(table: str) -> list[Target]:
    found = extracted(plan(body=f"I. CHỈ TIÊU\nCác chỉ tiêu theo biểu sau.\n\n{table}\n"))
    return [target for target in found.targets if target.table]


@pytest.mark.parametrize("name", NAMES)
def test_examples_and_counter_examples(name: str) -> None:
    group, _, key = name.partition(".")
    entry: dict[str, Any] = RULES[group][key]
    found = pattern("table_targets.toml", name)
    assert [words for words in entry["examples"] if not found.search(words)] == []
    assert [words for words in entry["counter_examples"] if found.search(words)] == []


def test_a_value_for_each_year_that_is_ahead() -> None:
    found = _targets(
        "| TT | Chỉ tiêu | Đơn vị tính | Thực hiện năm 2023 | Năm 2024 | Đến năm 2026 |\n|---|---|---|---|---|---|\n"
        "| 1 | 2 | 3 | 4 | 5 | 6 |\n| 1 | Đường rải đá | km | 3 | 4,5 | 12 |\n"
        "| 2 | Hộ có nước sạch | % | 60 | ≥ 75 | 90 - 95 |"
    )
    assert [(t.indicator, t.value, t.value_max, t.unit, t.by_date) for t in found] == [
        ("Đường rải đá", 4.5, None, "km", "2024"),
        ("Đường rải đá", 12.0, None, "km", "2026"),
        ("Hộ có nước sạch", 75.0, None, "%", "2024"),
        ("Hộ có nước sạch", 90.0, 95.0, "%", "2026"),
    ]


def test_parts_behind_a_dash_are_named_with_what_they_are_parts_of() -> None:
    found = _targets(
        "| TT | Chỉ tiêu | ĐVT | KH 2025 |\n|---|---|---|---|\n| 1 | Tre gai | | |\n| - | Diện tích | ha | 1.250 |\n"
        "| - | Sản lượng | tấn | 800 |\n| 2 | Cầu tre | cái | 4 |"
    )
    assert [(t.indicator, t.value, t.unit) for t in found] == [
        ("Tre gai: Diện tích", 1250.0, "ha"),
        ("Tre gai: Sản lượng", 800.0, "tấn"),
        ("Cầu tre", 4.0, "cái"),
    ]


def test_years_under_a_merged_heading() -> None:
    cells = ["TT", "Chỉ tiêu", "ĐVT", "ƯTH Năm 2024", "GIAI ĐOẠN 2025 - 2026"]
    rows = [cells, ["Năm 2025", "Năm 2026"], ["1", "Bến đò", "bến", "2", "3", "5"], ["2", "Đò", "chiếc", "4", "6", "9"]]
    table = "\n".join("|\n" + "\n|\n".join(row) + "\n|" for row in rows)
    assert [(t.indicator, t.value, t.by_date) for t in _targets(table)] == [
        ("Bến đò", 3.0, "2025"),
        ("Bến đò", 5.0, "2026"),
        ("Đò", 6.0, "2025"),
        ("Đò", 9.0, "2026"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "| TT | Chỉ tiêu | Đơn vị tính | Thực hiện năm 2025 |",
        "| TT | Chỉ tiêu | Đơn vị tính | Năm 2019 |",
        "| TT | Nội dung | Đơn vị tính | Năm 2025 |",
        "| TT | Chỉ tiêu | Mã | Năm 2025 |",
    ],
    ids=["what was done", "before the document", "no indicator", "no unit"],
)
def test_other_tables_give_none(head: str) -> None:
    assert _targets(f"{head}\n|---|---|---|---|\n| 1 | Đường rải đá | km | 12 |") == []


def test_words_for_a_value_are_left() -> None:
    assert _targets("| Chỉ tiêu | ĐVT | Năm 2025 |\n|---|---|---|\n| Xã đạt chuẩn | xã | Hoàn thành |") == []
