"""Tables in plain text: bars, Markdown rows, tabs; frames of letterheads are none."""

from __future__ import annotations

import pytest

from extract.records import Layout, Table
from extract.text import build_view, canonical
from extract.text_tables import find_tables
from tests.growth import grows_in_proportion


def tables_of(text: str) -> tuple[str, tuple[Table, ...]]:
    source = canonical(text)
    view = build_view(source)
    end = len(view.text)
    return source, find_tables(view, Layout(start=0, body=0, signature=end, annex=end, end=end))


BARS = """Kinh phí như sau:

Đơn vị tính: triệu đồng

|
**TT**
|
**Việc**
|
**Tiền**
|
|
1
|
Đắp đường
liên xóm
|
120
|
|
2
|
Nạo mương
|
80
|

Trên đây là kinh phí."""

MARKDOWN = """Bảng việc (ĐVT: đồng)

| TT | Việc | Tiền |
|----|:----:|------|
| 1 | Đắp đường | 1.000 |
| 2 | | 2.000 |

Hết."""

TABS = "Bảng:\nTT\tViệc\tTiền\n1\tĐường\t100\n2\tMương\t200\nHết.\n"

HEAD = """| ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
|---|---|
| XÃ BÌNH MAI | Độc lập - Tự do - Hạnh phúc |

Văn bản."""

LINES = """I. NỘI DUNG
Việc của các xóm trong năm, ai làm và phải xong khi nào, được giao theo bảng dưới đây như sau:
STT
Nội dung
Hạn
1
Đắp đường liên xóm
Trước ngày 5/6/2031
2
Nạo mương
Tháng 7/2031
3
Trồng cây
Tháng 8/2031
II. KINH PHÍ
Ngân sách xã bảo đảm 120 triệu đồng, phần còn lại do các xóm đóng góp theo hương ước đã bàn.
Nếu thiếu thì xin thêm của huyện theo mức mà hội đồng đã quyết trong kỳ họp cuối năm trước đó."""

CASES = {
    "cells between bars": (
        BARS,
        [[("TT", "Việc", "Tiền"), ("1", "Đắp đường liên xóm", "120"), ("2", "Nạo mương", "80")]],
        ["triệu đồng"],
    ),
    "Markdown rows": (
        MARKDOWN,
        [[("TT", "Việc", "Tiền"), ("1", "Đắp đường", "1.000"), ("2", "", "2.000")]],
        ["đồng"],
    ),
    "columns set by tabs": (
        TABS,
        [[("TT", "Việc", "Tiền"), ("1", "Đường", "100"), ("2", "Mương", "200")]],
        [None],
    ),
    "a cell on every line, up to the next unit": (
        LINES,
        [
            [
                ("STT", "Nội dung", "Hạn"),
                ("1", "Đắp đường liên xóm", "Trước ngày 5/6/2031"),
                ("2", "Nạo mương", "Tháng 7/2031"),
                ("3", "Trồng cây", "Tháng 8/2031"),
            ]
        ],
        [None],
    ),
    "a head without rows": ("Bảng:\nSTT\nViệc\nHạn\nChưa có.", [], []),
    "the frame of a letterhead": (HEAD, [], []),
    "one bar in a sentence": ("Đường A | B dài 2 km.\nXong.", [], []),
    "no table at all": ("I. NỘI DUNG\nTrồng cây.", [], []),
}


@pytest.mark.parametrize("name", CASES)
def test_tables(name: str) -> None:
    text, rows, units = CASES[name]
    found = tables_of(text)[1]
    assert [list(table.rows) for table in found] == rows
    assert [table.unit for table in found] == units


def test_spans_of_a_table_and_its_cells() -> None:
    source, (table,) = tables_of(BARS)
    assert source[table.start : table.end].startswith("TT**")
    assert source[table.start : table.end].endswith("80")
    for row, spans in zip(table.rows, table.cells, strict=True):
        assert [source[a:b].replace("\n", " ") for a, b in spans if (a, b)] == list(row)  # type: ignore[misc]


def test_a_page_break_does_not_part_a_table() -> None:
    found = tables_of(BARS.replace("\n|\n|\n2\n", "\n|\n\n* *\n\n|\n2\n"))[1]
    assert [len(table.rows) for table in found] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "|\n" * 90_000,
        "| a | b |\n" * 20_000,
        "a\tb\tc\n" * 30_000,
        "|" * 180_000,
        "STT\n" * 40_000,
        "STT\n1\n" * 20_000,
    ],
)
def test_hostile_repetitions_take_linear_time(text: str) -> None:
    grows_in_proportion(tables_of, lambda length: text[:length], len(text))
