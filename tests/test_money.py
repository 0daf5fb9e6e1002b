"""How sums of money are printed."""

from __future__ import annotations

import pytest

from extract.money import find_sums
from tests.growth import grows_in_proportion, repeated

SUMS = {
    "scale and currency": ("chi 63 triệu đồng;", [(63_000_000, None, "63 triệu đồng")]),
    "thousands before a scale": ("1.723 triệu đồng.", [(1_723_000_000, None, "1.723 triệu đồng")]),
    "decimal comma": ("1,5 tỷ đồng", [(1_500_000_000, None, "1,5 tỷ đồng")]),
    "tỉ": ("2,3 tỉ đồng", [(2_300_000_000, None, "2,3 tỉ đồng")]),
    "two scales": ("47,5 nghìn tỷ đồng", [(47_500_000_000_000, None, "47,5 nghìn tỷ đồng")]),
    "plain currency": ("3.500.000 đồng", [(3_500_000, None, "3.500.000 đồng")]),
    "spaces group": ("3 500 000 đồng", [(3_500_000, None, "3 500 000 đồng")]),
    "letter đ": ("500.000đ/người", [(500_000, None, "500.000đ")]),
    "VNĐ": ("25.000.000 VNĐ", [(25_000_000, None, "25.000.000 VNĐ")]),
    "trđ": ("150 trđ", [(150_000_000, None, "150 trđ")]),
    "compound": ("3 tỷ 500 triệu đồng", [(3_500_000_000, None, "3 tỷ 500 triệu đồng")]),
    "range with one unit": ("từ 3 đến 5 triệu đồng", [(3_000_000, 5_000_000, "3 đến 5 triệu đồng")]),
    "range with a dash": ("50-70 triệu đồng", [(50_000_000, 70_000_000, "50-70 triệu đồng")]),
    "range of whole sums": ("từ 30 triệu đồng đến 50 triệu đồng", [(30_000_000, 50_000_000, None)]),
    "two sums over one unit": ("12,3/10,2 tỷ đồng", [(12_300_000_000, None, None), (10_200_000_000, None, None)]),
    "no currency but money is spoken of": ("kinh phí 80 triệu.", [(80_000_000, None, "80 triệu")]),
    "lost diacritic": ("10.506 triệu đông,", [(10_506_000_000, None, "10.506 triệu đông")]),
    "comrades": ("gồm 05 đồng chí", []),
    "a year before an adverb": ("năm 2031 đồng thời", []),
    "foreign currency": ("8,95 tỷ USD", []),
    "things are counted": ("3,5 triệu con gia súc", []),
    "a letter of a list": ("điểm 2 đ) và", []),
    "the unit of a table": ("Đơn vị tính: 1.000 đồng", []),
    "the unit of a column": ("Mức chi (1.000đ)", []),
}


@pytest.mark.parametrize(("text", "sums"), SUMS.values(), ids=SUMS.keys())
def test_finds_sums(text: str, sums: list[tuple[int, int | None, str | None]]) -> None:
    found = list(find_sums(text))
    assert [(s.vnd, s.vnd_max) for s in found] == [(low, high) for low, high, _ in sums]
    for one, (_, _, words) in zip(found, sums, strict=True):
        assert words is None or text[one.start : one.end] == words


PER = {
    "one unit": ("500.000 đồng/người", "người"),
    "two units": ("500.000 đồng/người/buổi", "người/buổi"),
    "a counted unit": ("5.000.000 đồng/1 báo cáo", "báo cáo"),
    "a unit of two syllables": ("3.000.000 đồng/văn bản.", "văn bản"),
    "behind its words": ("160.000 đồng (một trăm sáu mươi nghìn đồng)/trẻ/tháng", "trẻ/tháng"),
    "no unit": ("3.000.000 đồng", None),
    "another sum": ("22 tỷ đồng/12,9 tỷ đồng", None),
}


@pytest.mark.parametrize(("text", "per"), PER.values(), ids=PER.keys())
def test_reads_what_a_sum_is_per(text: str, per: str | None) -> None:
    assert next(find_sums(text)).per == per


def test_words_in_brackets_belong_to_the_sum() -> None:
    text = "480.000.000 đồng (Bằng chữ: Bốn trăm tám mươi triệu đồng chẵn./.) từ ngân sách"
    (found,) = find_sums(text)
    assert found.in_words == 480_000_000
    assert found.words is not None
    assert text[slice(*found.words)].startswith("Bốn trăm")


def test_words_that_differ_are_kept_beside_the_digits() -> None:
    (found,) = find_sums("3.500.000.000 đồng (Ba tỷ bốn trăm triệu đồng)")
    assert (found.vnd, found.in_words) == (3_500_000_000, 3_400_000_000)


def test_a_doubtful_sign_keeps_both_readings() -> None:
    assert next(find_sums("khoảng 1.5 tỷ đồng")).ambiguous == (1_500_000_000, 15_000_000_000)
    assert next(find_sums("khoảng 4.343 tỷ đồng")).ambiguous == (4_343_000_000_000, 4_343_000_000)


def test_another_number_settles_the_doubt() -> None:
    first, *_ = find_sums("khoảng 4.343 tỷ đồng, trong đó 1.200.000.000 đồng")
    assert first.ambiguous == ()


@pytest.mark.parametrize("piece", ["1 đồng ", "1.", "9", "1 tỷ ", "5 - ", "3 triệu đồng (", "1/", "2 triệu đồng/a/"])
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    grows_in_proportion(lambda text: list(find_sums(text)), repeated(piece), 200_000)
