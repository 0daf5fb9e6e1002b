"""Tables of tasks: who leads, who works with them and by when, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from extract.records import Assignment, Deadline, Document
from extract.table_duties import bodies_in
from rules.loader import document, pattern
from tests.growth import grows_in_proportion
from tests.plans import extracted, plan

RULES = document("table_duties.toml")
NAMES = [f"{group}.{name}" for group in RULES for name in RULES[group]]
ANNEX = """| STT | Công việc | Đơn vị chủ trì | Đơn vị phối hợp | Thời hạn hoàn thành |
|---|---|---|---|---|
| I | Đường | | | |
| 1 | Rải đá đường ra bến | Phòng Kinh tế | UBND các xã; Công an huyện | Quý III/2025 |
| 2 | Làm lại cầu tre | UBND xã Bình Hoà Thượng | - Phòng Kinh tế - Các đơn vị có liên quan | 15/11/2024 |
| 3 | Sửa biển báo | Phòng Văn hóa | Các xã, thị trấn | Thường xuyên, hằng năm |
| 4 | Trồng tre ven sông | Phòng Kinh tế | Hội Nông dân huyện | 2025 - 2027 |
| 5 | Nạo vét mương | Phòng Kinh tế | Đoàn Thanh niên huyện | Quý II |"""


def _with(table: str) -> Document:
    return extracted(plan(body=f"I. PHÂN CÔNG\nCác nhiệm vụ được phân công theo bảng sau.\n\n{table}\n"))


def _assignments(table: str) -> list[Assignment]:
    return [one for one in _with(table).assignments if one.table]


def _deadlines(table: str) -> list[Deadline]:
    return [one for one in _with(table).deadlines if one.table]


@pytest.mark.parametrize("name", NAMES)
def test_examples_and_counter_examples(name: str) -> None:
    group, _, key = name.partition(".")
    entry: dict[str, Any] = RULES[group][key]
    found = pattern("table_duties.toml", name)
    assert [words for words in entry["examples"] if not found.search(words)] == []
    assert [words for words in entry["counter_examples"] if found.search(words)] == []


def test_each_row_charges_its_own_bodies_with_its_own_task() -> None:
    found = _assignments(ANNEX)
    assert [(one.task, one.agency, one.role) for one in found[:6]] == [
        ("Rải đá đường ra bến", "Phòng Kinh tế", "lead"),
        ("Rải đá đường ra bến", "UBND các xã", "coordinate"),
        ("Rải đá đường ra bến", "Công an huyện", "coordinate"),
        ("Làm lại cầu tre", "UBND xã Bình Hoà Thượng", "lead"),
        ("Làm lại cầu tre", "Phòng Kinh tế", "coordinate"),
        ("Làm lại cầu tre", "Các đơn vị có liên quan", "coordinate"),
    ]
    assert len(found) == 12


def test_a_time_binds_the_body_that_leads_its_row() -> None:
    document = _with(ANNEX)
    found = [one for one in document.deadlines if one.table]
    text = document.source.text
    assert [(text[d.start : d.end], d.kind, d.from_day, d.to_day, d.rrule, d.agency) for d in found] == [
        ("Quý III/2025", "window", "2025-07-01", "2025-09-30", None, "Phòng Kinh tế"),
        ("15/11/2024", "due", None, "2024-11-15", None, "UBND xã Bình Hoà Thượng"),
        ("hằng năm", "recurring", None, None, "FREQ=YEARLY", "Phòng Văn hóa"),
        ("2025 - 2027", "window", "2025-01-01", "2027-12-31", None, "Phòng Kinh tế"),
        ("Quý II", "window", "2024-04-01", "2024-06-30", None, "Phòng Kinh tế"),
    ]
    assert [one.task for one in found][1] == "Làm lại cầu tre"
    assert [one.year_given for one in found][-1] is False
    assert found[-1].uncertain == ("to",)


def test_the_evidence_is_the_cell_s_own_words() -> None:
    document = _with(ANNEX)
    text = document.source.text
    for one in document.assignments:
        if one.table:
            assert text[one.start : one.end] == one.agency


def test_cells_on_lines_of_their_own_and_a_missing_last_one() -> None:
    table = """|
**TT**
|
**Nội dung công việc**
|
**Đơn vị thực hiện**
|
**Thời gian**
|
**Ghi chú**
|
|
1
|
Đo đạc
lại bến
|
Phòng
Kinh tế
|
T12/2024
|
|
2
|
Cắm mốc
|
Công an huyện
|
Năm 2025
|
gấp
|
"""
    document = _with(table)
    text = document.source.text
    assert [(a.task, a.agency, text[a.start : a.end], a.role) for a in document.assignments if a.table] == [
        ("Đo đạc lại bến", "Phòng Kinh tế", "Phòng\nKinh tế", None),
        ("Cắm mốc", "Công an huyện", "Công an huyện", None),
    ]
    assert [(d.from_day, d.to_day) for d in document.deadlines if d.table] == [
        ("2024-12-01", "2024-12-31"),
        ("2025-01-01", "2025-12-31"),
    ]


def test_a_merged_heading_over_leader_and_helpers() -> None:
    table = """| TT | Tên đề án | Đơn vị thực hiện | | Thời gian trình |
|---|---|---|---|---|
| | | Chủ trì | Phối hợp | |
| 1 | Đề án bến đò | Phòng Kinh tế | Công an huyện | Tháng 9/2024 |"""
    assert [(one.agency, one.role) for one in _assignments(table)] == [
        ("Phòng Kinh tế", "lead"),
        ("Công an huyện", "coordinate"),
    ]


def test_what_follows_a_page_s_end_has_the_columns_of_the_table_before() -> None:
    rest = "\n".join(
        ["\n\n12\n", "| 6 | Xây kè | Phòng Nội vụ | Công an huyện | Quý I/2026 |", "|---|---|---|---|---|"]
    )
    found = _assignments(ANNEX + rest)
    assert [(one.task, one.agency) for one in found[-2:]] == [("Xây kè", "Phòng Nội vụ"), ("Xây kè", "Công an huyện")]


def test_another_table_of_as_many_columns_is_none_of_the_tasks() -> None:
    head = "| TT | Tên đường | Đơn vị tính | Năm 2024 | Năm 2025 |\n|---|---|---|---|---|"
    other = f"\n\n{head}\n| 1 | Đường bến | km | 4 | 12 |"
    assert len(_assignments(ANNEX + other)) == len(_assignments(ANNEX))
    assert len(_deadlines(ANNEX + other)) == len(_deadlines(ANNEX))


@pytest.mark.parametrize(
    "table",
    [
        "| TT | Tên TTHC | Thời hạn giải quyết | Cơ quan thực hiện |\n|---|---|---|---|\n"
        "| 1 | Cấp giấy phép đò | 05 ngày | Phòng Kinh tế |",
        "| TT | Nội dung công việc | Phân công nhiệm vụ | Thời gian |\n|---|---|---|---|\n"
        "| Bước 1 | Nhận hồ sơ | Phòng Kinh tế | 01 ngày |\n| Bước 2 | Trả | Phòng Kinh tế | Năm 2025 |",
        "| TT | Họ và tên | Nội dung | Đơn vị thực hiện |\n|---|---|---|---|\n| 1 | Trần Mẫu | Học | Phòng Kinh tế |",
        "| TT | Xã | Số hộ | Thời gian |\n|---|---|---|---|\n| 1 | UBND xã Mai | 12 | Quý I/2025 |",
    ],
    ids=["procedures", "steps", "persons", "no-task"],
)
def test_tables_that_set_no_tasks(table: str) -> None:
    assert _assignments(table) == []
    assert _deadlines(table) == []


def test_what_is_over_sets_no_deadline() -> None:
    table = (
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|---|---|---|---|\n| 1 | Đo | Phòng Kinh tế | Quý I/2023 |"
    )
    assert [one.agency for one in _assignments(table)] == ["Phòng Kinh tế"]
    assert _deadlines(table) == []


def test_a_bound_in_words_is_told_once_and_of_the_row_s_body() -> None:
    table = (
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời hạn |\n|---|---|---|---|\n"
        "| 1 | Đo đạc | Phòng Kinh tế | Trước ngày 20/12/2024 |"
    )
    assert [(d.kind, d.to_day, d.before, d.agency, d.task) for d in _deadlines(table)] == [
        ("due", "2024-12-20", True, "Phòng Kinh tế", "Đo đạc")
    ]


def test_a_cell_of_verbs_gives_the_bodies_alone() -> None:
    words = "Sở Tư pháp thúc đẩy, theo dõi; UBND cấp xã thực hiện công bố"
    assert [body.name for body in bodies_in(words)] == ["Sở Tư pháp", "UBND cấp xã"]


def test_the_time_grows_with_the_rows_alone() -> None:
    head = "\n".join(ANNEX.split("\n")[:2])
    row = "| 1 | Rải đá | Phòng Kinh tế | Công an huyện | Quý III/2025 |\n"

    def text(length: int) -> str:
        return plan(body=f"I. PHÂN CÔNG\nTheo bảng sau.\n\n{head}\n{row * (length // len(row))}")

    assert len([one for one in extracted(text(10 * len(row))).assignments if one.table]) == 20
    grows_in_proportion(extracted, text, 1600 * len(row))
