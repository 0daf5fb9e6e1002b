"""Measures findings on conflicts decided by reading: ``python -m bench.conflicts [DB]``.

A conflict counts as found where some finding has evidence in a file that the table lists for its second reading, in
words that hold the number of the code. Rows that name two works in the end are looked for as well: one number cannot
bear two dates.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from bench.pairs import SHARED, run

_NUMBER = re.compile(r"\d+")


def numbers(row: Mapping[str, str]) -> set[str]:
    """The numbers under which the work of a row may be printed."""
    found = {match[0] for text in (row["code"], row["reading_2"]) if (match := _NUMBER.search(text))}
    return {number.lstrip("0") for number in found if len(number) < 5}


def evidence(connection: sqlite3.Connection, row: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(rule, message, words) of the findings with evidence for the second reading of a row."""
    out = []
    for file in re.findall(r"(?:raw|seeds)/\S+\.txt", row["files_2"]):
        sql = """select f.rule, f.message_vi, e.quote from finding_evidence e join findings f on f.id = e.finding
                 join files on files.document = e.document
                 where files.path like ? and (f.scope = 'corpus' or f.severity = 'error')"""
        for rule, message, quote in connection.execute(sql, (f"%/{file}",)):
            printed = {number.lstrip("0") for number in _NUMBER.findall(quote)}
            if printed & numbers(row):
                out.append((rule, message, " ".join(quote.split())))
    return out


def report(database: Path) -> None:
    """Prints each conflict with what was found of it, and the share that was found."""
    connection = sqlite3.connect(database)
    with (SHARED / "contract" / "conflicts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    count = 0
    for row in rows:
        found = evidence(connection, row)
        count += bool(found)
        print(f"{'found  ' if found else 'MISSING'} {row['code']} [{row['kind']}] right: {row['supported_reading']}")
        for rule, message, _ in found[:2]:
            print(f"          {rule}: {message}")
    print(f"conflicts {len(rows)}  found {count}  share {count / len(rows):.3f}")


if __name__ == "__main__":
    run(report)
