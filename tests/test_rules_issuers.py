"""`issuers.csv` and `doc_types.csv` prove themselves: every example is read as its row says, no counter-example is."""

from __future__ import annotations

import pytest

from extract.bodies import by_letters
from extract.numbering import repaired
from rules.loader import table

SCOPES = {"central", "province", "district", "commune", "local", "any"}
BODIES = table("issuers.csv")
TYPES = table("doc_types.csv")


def names_in(symbol: str, day: str | None) -> list[str]:
    return [body.name for body in by_letters(None, symbol, day)]


@pytest.mark.parametrize("row", BODIES, ids=lambda row: row["code"])
def test_symbols_name_the_body(row: dict[str, str]) -> None:
    day = row["valid_from"] or row["valid_to"] or None
    assert row["scope"] in SCOPES
    assert row["examples"], "a body without an example proves nothing"
    for symbol in row["examples"].split(";"):
        assert names_in(symbol, day) == [row["name_vi"]], f"{symbol} is not read as {row['code']}"
    for symbol in filter(None, row["counter_examples"].split(";")):
        assert names_in(symbol, day) != [row["name_vi"]], f"{symbol} is read as {row['code']}"


def test_codes_are_unique_and_successors_known() -> None:
    codes = [row["code"] for row in BODIES]
    assert len(set(codes)) == len(codes)
    unknown = {code for row in BODIES for code in row["successors"].split(";") if code} - set(codes)
    assert not unknown


def test_years_are_in_order() -> None:
    backwards = [row["code"] for row in BODIES if row["valid_from"] and row["valid_to"] < row["valid_from"] != ""]
    assert [code for code in backwards if next(r for r in BODIES if r["code"] == code)["valid_to"]] == []


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row["code"])
def test_symbols_name_the_type(row: dict[str, str]) -> None:
    for code in filter(None, row["examples"].split(";")):
        assert type_in(code) == row["code"], f"{code} is not read as {row['code']}"
    for code in filter(None, row["counter_examples"].split(";")):
        assert type_in(code) != row["code"], f"{code} is read as {row['code']}"


def type_in(code: str) -> str | None:
    """The type that the letters of a whole code name."""
    letters = code.lstrip("0123456789./").lstrip("-") if "/" in code else code
    return repaired(letters)[1]


def test_a_token_has_one_type() -> None:
    owners: dict[str, str] = {}
    for row in TYPES:
        for token in filter(None, row["tokens"].split(";")):
            assert owners.setdefault(token, row["code"]) == row["code"], f"{token} stands for two types"
