"""Numbers in digits and in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from extract.amounts import Reading, from_words, shows_rule

READINGS = {
    "plain": ("480", "480", None),
    "dots group thousands": ("1.723", "1723", "1.723"),
    "dots group millions": ("3.500.000.000", "3500000000", None),
    "comma begins decimals": ("1,5", "1.5", None),
    "dots and comma": ("5.937,440", "5937.44", None),
    "English grouping": ("3,500,000", "3500000", None),
    "English decimals after groups": ("1,200.5", "1200.5", None),
    "English decimal point": ("1.5", "1.5", "15"),
    "comma with three digits is doubtful": ("22,656", "22.656", "22656"),
    "comma after nought is decimal": ("0,125", "0.125", None),
    "spaces group thousands": ("3 500 000", "3500000", None),
    "dots and spaces group": ("3.000 000", "3000000", None),
    "leading nought": ("05", "5", None),
    "a full stop is no part": ("1.200.", "1200", "1.2"),
}


@pytest.mark.parametrize(("printed", "value", "other"), READINGS.values(), ids=READINGS.keys())
def test_reads_digits(printed: str, value: str, other: str | None) -> None:
    reading = Reading.of(printed)
    assert reading is not None
    assert reading.value == Fraction(value)
    assert reading.other == (Fraction(other) if other else None)


@pytest.mark.parametrize("printed", ["3.500.00", "1.2.3", "12.34,5"])
def test_broken_groups_are_said_to_be_broken(printed: str) -> None:
    reading = Reading.of(printed)
    assert reading is not None
    assert reading.malformed


def test_no_digit_is_no_number() -> None:
    assert Reading.of(".,") is None


def test_a_number_shows_the_rule_of_its_document() -> None:
    assert shows_rule("tổng 1.200.000 đồng")
    assert shows_rule("5.937,44 tỷ")
    assert not shows_rule("4.343 tỷ và 1,5 tỷ")


WORDS = {
    "thousand million": ("Ba tỷ năm trăm triệu đồng", 3_500_000_000),
    "linh": ("một tỷ không trăm linh năm triệu đồng", 1_005_000_000),
    "lẻ": ("một nghìn lẻ năm", 1005),
    "không trăm left out": ("một tỷ năm triệu", 1_005_000_000),
    "mốt after mươi": ("hai mươi mốt", 21),
    "tư after mươi": ("hai mươi tư nghìn", 24_000),
    "lăm after mười": ("mười lăm", 15),
    "nhăm": ("hai mươi nhăm", 25),
    "rưỡi": ("ba tỷ rưỡi", 3_500_000_000),
    "rưỡi after million": ("hai triệu rưỡi", 2_500_000),
    "phẩy": ("một phẩy năm tỷ", 1_500_000_000),
    "ngàn": ("ba ngàn đồng", 3000),
    "tỉ": ("hai tỉ đồng", 2_000_000_000),
    "round and closed": ("Bốn trăm tám mươi triệu đồng chẵn./.", 480_000_000),
    "to the last digit": (
        "Một tỷ ba trăm sáu mươi tư triệu ba trăm hai mươi chín nghìn hai trăm bốn mươi ba đồng",
        1_364_329_243,
    ),
    "doubtful end is not guessed": ("một trăm hai", None),
    "other words": ("theo đơn giá nhà nước", None),
    "nothing": ("đồng", None),
}


@pytest.mark.parametrize(("words", "value"), WORDS.values(), ids=WORDS.keys())
def test_reads_words(words: str, value: int | None) -> None:
    assert from_words(words) == value
