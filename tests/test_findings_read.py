"""The findings that were read by hand: their form, and that no rule ships that is right less than nine times in ten."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest

from bench.findings import Judged, by_rule, judged, share, to_read
from extract import checks
from rules.findings import all_rules
from tests.plans import extracted, plan

LEAST = 0.9


def test_every_verdict_is_of_a_declared_rule_and_a_place_of_its_own() -> None:
    rows = judged()
    assert {row.place[0] for row in rows} <= set(all_rules())
    assert [place for place, count in Counter(row.place for row in rows).items() if count > 1] == []
    assert [row.reason for row in rows if len(row.reason) > 140] == []


def test_rules_that_ship_are_right_nine_times_in_ten() -> None:
    shares = {rule: share(counts) for rule, counts in by_rule(judged()).items()}
    assert {
        rule: part for rule, part in shares.items() if part is not None and part < LEAST and not all_rules()[rule].off
    } == {}


def test_what_is_to_be_read() -> None:
    db = sqlite3.connect(":memory:")
    db.executescript("""create table findings(id, rule, severity, message_vi);
        create table finding_evidence(finding, side, document, start); create table files(document, path);
        insert into files values ('d', '/x/raw/1.txt');
        insert into findings values ('a', 'cites-future', 'error', 'm'), ('b', 'date-format', 'info', 'm');
        insert into finding_evidence values ('a', 0, 'd', 5), ('b', 0, 'd', 9);""")
    read = [Judged(("date-format", f"raw/{i}.txt", 9), "right", "so") for i in range(1, 30)]
    assert [place for place, _ in to_read(db, read)] == [("cites-future", "raw/1.txt", 5)]
    assert {place for place, _ in to_read(db, [])} == {
        ("cites-future", "raw/1.txt", 5),
        ("date-format", "raw/1.txt", 9),
    }


def test_a_rule_that_is_off_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = plan(number="Số:      /KH-UBND")
    assert [item.rule for item in extracted(text).findings] == ["number-missing"]
    monkeypatch.setattr(checks, "ships", lambda name: name != "number-missing")
    assert extracted(text).findings == ()
