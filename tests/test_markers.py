"""Markers by their form, and what follows what."""

from __future__ import annotations

import pytest

from extract.markers import gap, letter_value, read_markers, roman_value

READ = {
    "I. MỤC TIÊU": [("roman", (1,)), ("upper", (10,))],
    "V. VIỆC": [("roman", (5,)), ("upper", (23,))],
    "IV. VIỆC": [("roman", (4,))],
    "C. VIỆC": [("upper", (3,))],
    "Đ. VIỆC": [("upper", (5,))],
    "1. Việc": [("arabic", (1,))],
    "1) Việc": [("arabic", (1,))],
    "1/ Việc": [("arabic", (1,))],
    "10. Việc": [("arabic", (10,))],
    "2.1. Việc": [("decimal", (2, 1))],
    "2.1 Việc": [("decimal", (2, 1))],
    "1.1.1. Việc": [("decimal", (1, 1, 1))],
    "I.1. Việc": [("mixed", (1, 1))],
    "a) Việc": [("lower", (1,))],
    "a. Việc": [("lower", (1,))],
    "d) Việc": [("lower", (4,)), ("lower", (5,))],
    "a1) Việc": [("mixed", (1, 1))],
    "(1) Việc": [("bracket", (1,))],
    "Điều 3. Việc": [("article", (3,))],
    "ĐIỀU 12: Việc": [("article", (12,))],
    "Chương II": [("chapter", (2,))],
    "PHẦN THỨ NHẤT": [("part", (1,))],
    "Mục 2. Việc": [("division", (2,))],
    "PHỤ LỤC": [("annex", (0,))],
    "PHỤ LỤC III": [("annex", (3,))],
    "Phụ lục số 02": [("annex", (2,))],
    "IH. Việc": [("roman", (3,))],
    "H. Việc": [("upper", (9,))],
    "lI. VIỆC": [("roman", (2,))],
    "VIl. VIỆC": [("roman", (7,))],
    "ll. Việc": [("roman", (2,)), ("arabic", (11,))],
    "l. Việc": [("lower", (13,)), ("arabic", (1,))],
    "i. Việc": [("lower", (10,)), ("arabic", (1,))],
    "lXl. VIỆC": [],
    "Ill": [],
    "§. Việc": [("arabic", (8,))],
    "1.200 đồng": [],
    "12/5/2031": [],
    "1,5 triệu": [],
    "Mục đích": [],
    "Điều 15a. Việc": [("article", (15,))],
    "5a. Việc": [("mixed", (5, 1))],
    "a[2]) Việc": [("lower", (1,))],
    "Điều này": [],
    "Điều hành": [],
    "Phần mềm": [],
    "Chương trình": [],
    "IIX. Việc": [],
    "T.P": [],
    "Ông A": [],
    "a": [],
    "": [],
}


@pytest.mark.parametrize("text", READ)
def test_reads_markers(text: str) -> None:
    assert [(marker.kind, marker.ordinal) for marker in read_markers(text)] == READ[text]


LABELS = {
    "Điều 03. Việc": "Điều 3",
    "CHƯƠNG IV": "Chương 4",
    "PHỤ LỤC II": "Phụ lục 2",
    "Phụ lục": "Phụ lục",
    "II. Việc": "II",
    "2.1. Việc": "2.1",
    "đ) Việc": "đ",
    "(3) Việc": "3",
    "Điều 15a. Việc": "Điều 15a",
    "5a. Việc": "5a",
}


@pytest.mark.parametrize("text", LABELS)
def test_labels_of_paths(text: str) -> None:
    assert read_markers(text)[0].label == LABELS[text]


@pytest.mark.parametrize(
    "kind, before, after, missing",
    [
        ("arabic", (1,), (2,), 0),
        ("arabic", (2,), (5,), 2),
        ("arabic", (3,), (3,), -1),
        ("arabic", (3,), (1,), -3),
        ("lower", (4,), (5,), 0),
        ("lower", (4,), (6,), 0),
        ("lower", (6,), (8,), 0),
        ("lower", (1,), (3,), 1),
        ("decimal", (2, 1), (2, 2), 0),
        ("decimal", (2, 1), (3, 1), None),
        ("decimal", (2, 1), (2, 1, 1), None),
    ],
)
def test_gaps(kind: str, before: tuple[int, ...], after: tuple[int, ...], missing: int | None) -> None:
    assert gap(kind, before, after) == missing  # type: ignore[arg-type]  # kinds are literals


def test_values() -> None:
    assert [roman_value(roman) for roman in ("I", "IV", "IX", "XL", "IIII", "C", "")] == [1, 4, 9, 40, None, None, None]
    assert [letter_value(letter) for letter in ("a", "Đ", "1")] == [1, 5, None]
