"""The dated endings of `rules/events.csv` and `rules/abolished.toml`: each has a day and a source."""

from __future__ import annotations

import re
from datetime import date

import pytest

from corpus.identity import parse_code
from extract.checks.bodies import ended_body
from rules.loader import document, table


@pytest.mark.parametrize("event", table("events.csv"), ids=[row["subject"] for row in table("events.csv")])
def test_an_ending_has_a_code_a_day_and_a_source(event: dict[str, str]) -> None:
    assert parse_code(event["subject"])
    assert date.fromisoformat(event["date"]) <= date(2026, 12, 31)
    assert event["certain"] in ("yes", "no")
    successor = parse_code(event["by"].rpartition(" ")[2])
    assert successor
    assert successor.year
    assert event["by"].rpartition(" ")[2] in event["source"]


def test_no_document_ends_twice() -> None:
    subjects = [row["subject"] for row in table("events.csv")]
    assert len(subjects) == len(set(subjects))


@pytest.mark.parametrize("row", document("abolished.toml")["ended"], ids=lambda row: row["id"])
def test_bodies_that_ended(row: dict[str, str]) -> None:
    assert row["source"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["last_day"])
    assert [name for name in row["examples"] if ended_body(name, "2030-01-01") is None] == []
    assert [name for name in row["counter_examples"] if ended_body(name, "2030-01-01")] == []
    assert [name for name in row["examples"] if ended_body(name, row["last_day"])] == []
