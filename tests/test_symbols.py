"""Codes of documents: the grammar, the repairs, the faults, the identity."""

from __future__ import annotations

from typing import Any

import pytest

from extract.symbols import identity, parse_symbol, type_of_token
from rules.loader import document

RULES = document("symbols.toml")


@pytest.mark.parametrize("case", RULES["codes"], ids=lambda case: case["printed"])
def test_codes_of_the_table_are_read_and_repaired(case: dict[str, str]) -> None:
    symbol = parse_symbol(case["printed"])
    assert symbol is not None
    assert (symbol.code, symbol.malformed) == (case["code"], case.get("fault"))


@pytest.mark.parametrize("words", RULES["not_codes"]["words"])
def test_periods_dates_and_units_are_no_codes(words: str) -> None:
    assert parse_symbol(words) is None


@pytest.mark.parametrize("code", [case["code"] for case in RULES["codes"]])
def test_a_repaired_code_is_read_as_itself_without_fault(code: str) -> None:
    symbol = parse_symbol(code)
    assert symbol is not None
    assert (symbol.code, symbol.malformed) == (code, None)


@pytest.mark.parametrize("code", RULES["party"]["examples"])
def test_party_examples(code: str) -> None:
    symbol = parse_symbol(code)
    assert symbol is not None
    assert symbol.family == "party"


@pytest.mark.parametrize("code", RULES["party"]["counter_examples"])
def test_party_counter_examples(code: str) -> None:
    symbol = parse_symbol(code)
    assert symbol is not None
    assert symbol.family != "party"


@pytest.mark.parametrize("code", RULES["state"]["examples"])
def test_state_bodies_in_party_form_are_a_fault(code: str) -> None:
    number, rest = code.split("/", 1)
    kind, body = rest.split("-", 1)
    symbol = parse_symbol(f"{number}-{kind}/{body}")
    assert symbol is not None
    assert (symbol.code, symbol.malformed) == (code, "party-form-of-state-code")


@pytest.mark.parametrize("code", RULES["state"]["counter_examples"])
def test_other_bodies_may_write_either_form(code: str) -> None:
    symbol = parse_symbol(code)
    assert symbol is not None
    assert (symbol.code, symbol.malformed) == (code, None)


@pytest.mark.parametrize("slip", RULES["type_slips"], ids=lambda slip: slip["printed"])
def test_slips_in_the_letters_of_a_kind(slip: dict[str, Any]) -> None:
    for example in slip["examples"]:
        symbol = parse_symbol(example)
        assert symbol is not None
        assert symbol.type_letters == slip["right"]
        assert symbol.malformed is None
    for example in slip["counter_examples"]:
        symbol = parse_symbol(example)
        assert symbol is not None
        assert symbol.type_letters != slip["right"]


@pytest.mark.parametrize("printed, right", RULES["slips"].items())
def test_slips_in_the_letters_of_a_body(printed: str, right: str) -> None:
    symbol = parse_symbol(f"12/QĐ-{printed}") if not printed.endswith(".") else parse_symbol(f"12/{printed}-UBND")
    assert symbol is not None
    assert right in (symbol.issuer, symbol.type_letters)


PARTS = [
    ("blank number", "/KH-UBND", None, None, "KH", "UBND", "KH-UBND", None),
    ("dots for the number", "...../KH-UBND", None, None, "KH", "UBND", "KH-UBND", None),
    ("year", "08/2022/NĐ-CP", "08", 2022, "NĐ", "CP", "NĐ-CP", "08/2022/NĐ-CP"),
    ("joint", "05/2008/TTLT-BKHCN-BNV", "05", 2008, "TTLT", "BKHCN-BNV", "TTLT-BKHCN-BNV", "05/2008/TTLT-BKHCN-BNV"),
    ("letter", "6658/UBND-KTTH", "6658", None, "CV", "UBND", "UBND-KTTH", "6658/UBND-KTTH"),
    ("assembly", "01/2025/UBTVQH15", "01", 2025, None, "UBTVQH15", "UBTVQH15", "01/2025/UBTVQH15"),
    ("eth for đ", "12/QÐ-UBND", "12", None, "QĐ", "UBND", "QĐ-UBND", "12/QĐ-UBND"),
    ("upper case", "12/TTR-UBND", "12", None, "TTr", "UBND", "TTr-UBND", "12/TTr-UBND"),
    ("council term", "05/2016/NQ.HĐND.K12", "05", 2016, "NQ", "HĐND-K12", "NQ-HĐND-K12", "05/2016/NQ-HĐND-K12"),
]


@pytest.mark.parametrize(
    "printed, number, year, kind, issuer, letters, code",
    [case[1:] for case in PARTS],
    ids=[case[0] for case in PARTS],
)
def test_parts(
    printed: str, number: str | None, year: int | None, kind: str | None, issuer: str, letters: str, code: str | None
) -> None:
    symbol = parse_symbol(printed)
    assert symbol is not None
    got = (symbol.number, symbol.year, symbol.doc_type, symbol.issuer, symbol.symbol, symbol.code)
    assert got == (number, year, kind, issuer, letters, code)


SAME = [
    ("0125/KH-UBND", "125/kh-ubnd".upper()),
    ("12/KH-SGD&ĐT", "12/KH-SGDĐT"),
    ("05/2016/NQ-HĐND8", "5/2016/NQ-HĐND"),
    ("1277/QĐUBND", "1277 / QĐ - UBND"),
    ("30-KH-TU", "30-KH/TU"),
]
DIFFERENT = [
    ("14/NQ-HĐND", "14/2025/NQ-HĐND"),
    ("12/HD-UBND", "12/HĐ-UBND"),
    ("30-KH/TU", "30/KH-UBND"),
    ("1/QH14", "11/QH14"),
    ("15/ĐA-UBND", "15/DA-UBND"),
]


@pytest.mark.parametrize("one, other", SAME)
def test_one_identity(one: str, other: str) -> None:
    a, b = parse_symbol(one), parse_symbol(other)
    assert a is not None
    assert b is not None
    assert a.key == b.key


@pytest.mark.parametrize("one, other", DIFFERENT)
def test_two_identities(one: str, other: str) -> None:
    a, b = parse_symbol(one), parse_symbol(other)
    assert a is not None
    assert b is not None
    assert a.key != b.key


def test_identity_drops_leading_zeros_only_before_the_number() -> None:
    assert identity("0070", 2020, "QĐ-UBND") == "70|2020|QĐUBND"


def test_tokens_are_read_as_printed_first() -> None:
    assert type_of_token("CTr") == "CTr"
    assert type_of_token("CT") == "CT"
    assert type_of_token("XYZ") is None
