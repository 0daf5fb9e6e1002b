"""The words around a fact, whatever the page's width did to their lines."""

from __future__ import annotations

import pytest

from corpus.passages import line, sentence, unwrapped

WRAPPED = """1. Phòng Nông nghiệp: gửi báo cáo kết quả năm về Sở Nông nghiệp và
Phát triển nông thôn trước ngày 30 tháng 11 năm 2024; lưu hồ sơ
từng công trình.
2. Phòng Tài chính
Thẩm định dự toán theo quy định."""


@pytest.mark.parametrize(
    "words, expected",
    [
        ("ngày 30", "Phòng Nông nghiệp: gửi báo cáo kết quả năm về Sở Nông nghiệp và Phát triển nông thôn"
                    " trước ngày 30 tháng 11 năm 2024"),
        ("lưu hồ sơ", "lưu hồ sơ từng công trình."),
        ("Thẩm định", "Thẩm định dự toán theo quy định."),
        ("Phòng Tài", "Phòng Tài chính"),
    ],
)  # fmt: skip
def test_sentence(words: str, expected: str) -> None:
    at = WRAPPED.index(words)
    assert sentence(WRAPPED, at, at + len(words)) == expected


def test_line_goes_over_breaks_of_the_page() -> None:
    at = WRAPPED.index("từng")
    assert line(WRAPPED, at, at + 4).startswith("1. Phòng Nông nghiệp")
    assert line(WRAPPED, at, at + 4).endswith("từng công trình.")


def test_unwrapped_keeps_what_means_something() -> None:
    assert unwrapped(WRAPPED).count("\n") == 2
    assert unwrapped("ngắn\nNgắn") == "ngắn\nNgắn"


def test_ends_of_the_text() -> None:
    assert sentence("một", 0, 3) == "một"
    assert line("a\n\nb", 3, 4) == "b"
