"""Sums in the cells of tables: which columns hold money, in which unit, and what a row makes of a sum."""

from __future__ import annotations

from typing import Any

import pytest

from extract.pipeline import extract
from extract.records import Budget, Source
from rules.loader import document, pattern
from tests.plans import plan

TABLE = document("money.toml")["table"]


@pytest.mark.parametrize("name", TABLE)
def test_examples_and_counter_examples(name: str) -> None:
    entry: dict[str, Any] = TABLE[name]
    found = pattern("money.toml", f"table.{name}")
    assert [words for words in entry["examples"] if not found.search(words)] == []
    assert [words for words in entry["counter_examples"] if found.search(words)] == []


def _budgets(table: str) -> list[Budget]:
    text = plan(body=f"1. Kinh phí\nKinh phí theo biểu sau.\n\n{table}\n")
    found = extract(Source(path="x", sha256="0" * 64, media_type="text/plain", text=text))
    return [budget for budget in found.budgets if budget.table]


PLAIN = (
    "Đơn vị tính: triệu đồng\n\n"
    "| STT | Nội dung | Vốn ngân sách tỉnh | Xã hội hóa | Tỷ lệ (%) |\n|---|---|---|---|---|\n"
    "| 1 | Trồng tre | 1.250,5 | 200 | 60 |\n| 2 | Làm kè | 300 | 50 | 40 |\n| | Tổng cộng | 1.550,5 | 250 | 100 |"
)


def test_cells_in_the_unit_of_the_table() -> None:
    found = _budgets(PLAIN)
    assert [(budget.vnd, budget.kind) for budget in found] == [
        (1_250_500_000, "item"),
        (200_000_000, "item"),
        (300_000_000, "item"),
        (50_000_000, "item"),
        (1_550_500_000, "total"),
        (250_000_000, "total"),
    ]
    assert [budget.funding_sources for budget in found[:2]] == [("province",), ("socialised",)]


def test_a_column_has_its_own_unit() -> None:
    found = _budgets(
        "| Nội dung | Đơn giá (đồng) | Thành tiền (1.000 đồng) |\n|---|---|---|\n| Cây tre | 15.000 | 4.500 |\n"
        "| Cây bàng | 90.000 | 900 |"
    )
    assert [(budget.vnd, budget.kind) for budget in found] == [
        (15_000, "rate"),
        (4_500_000, "item"),
        (90_000, "rate"),
        (900_000, "item"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "| STT | Nội dung | Kinh phí |\n|---|---|---|\n| 1 | Trồng tre | 1.250 |\n| 2 | Làm kè | 300 |",
        "Đơn vị tính: hộ\n\n| STT | Xã | Tổng số |\n|---|---|---|\n| 1 | Bình Hòa | 1.250 |\n| 2 | An Hưng | 3.000 |",
        "| Nội dung | Số lượng | Năm |\n|---|---|---|\n| Tre | 1.250 | 2026 |\n| Bàng | 3.000 | 2027 |",
    ],
    ids=["no unit", "not money", "counts"],
)
def test_no_sum_where_no_unit_of_money_is_told(table: str) -> None:
    assert _budgets(table) == []


def test_a_row_that_numbers_the_columns_holds_no_sum() -> None:
    numbered = PLAIN.replace("| 1 | Trồng", "| 1 | 2 | 3 | 4 | 5 |\n| 1 | Trồng")
    assert len(_budgets(numbered)) == 6


def test_sums_with_their_unit_in_the_cell_are_taken_once() -> None:
    found = _budgets("| Nội dung | Kinh phí |\n|---|---|\n| Trồng tre | 12 triệu đồng |\n| Làm kè | 5 triệu đồng |")
    assert [budget.vnd for budget in found] == [12_000_000, 5_000_000]


def _rows(wrong: str) -> str:
    rows = "".join(f"| {i} | Xã {i} | {i * 30} | {i * 10} | {i * 20} |\n" for i in range(1, 6))
    head = "| STT | Đơn vị | Tổng số | Vốn tỉnh | Vốn xã |\n|---|---|---|---|---|\n"
    return f"Đơn vị tính: triệu đồng\n\n{head}{rows}{wrong}"


def test_a_row_whose_total_is_not_the_sum_of_its_parts() -> None:
    for last, wanted in (("| 6 | Xã 6 | 190 | 60 | 120 |", ["sum-mismatch"]), ("| 6 | Xã 6 | 180 | 60 | 120 |", [])):
        text = plan(body=f"1. Kinh phí\nKinh phí theo biểu sau.\n\n{_rows(last)}\n")
        found = extract(Source(path="x", sha256="0" * 64, media_type="text/plain", text=text)).findings
        assert [item.rule for item in found] == wanted
