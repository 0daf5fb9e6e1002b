"""Measures findings on conflicts decided by reading: ``python -m bench.conflicts [DB]``.

A conflict counts as found where some finding has evidence in a file that the table lists for its second reading, in
words that hold the number of the code. Rows that name two works in the end are looked for as well: one number cannot
bear two dates. Of those for which the table names the right reading it is counted how many findings say so.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from bench.pairs import SHARED, run
from corpus.works import day_words

_NUMBER = re.compile(r"\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SENTENCE = re.compile(r"(?<=[.;]) ")
_SUPPORTS = ("có căn cứ hơn", "văn bản khác viện dẫn luật này ghi", "Ngày kia là ngày của")
"""Words in which a message says that a reading is supported."""


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


def supports(row: Mapping[str, str], messages: list[str]) -> bool:
    """Whether some message says that the reading that the table calls right is better supported."""
    right = row["supported_reading"].split(",")[0].strip()
    wanted = day_words(right).removeprefix("ngày ") if _DAY.fullmatch(right) else right
    told = [part for message in messages for part in _SENTENCE.split(message) if any(cue in part for cue in _SUPPORTS)]
    return any(wanted in part for part in told)


def report(database: Path) -> None:
    """Prints each conflict with what was found of it, and the share that was found."""
    connection = sqlite3.connect(database)
    with (SHARED / "contract" / "conflicts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    count = decided = right = 0
    for row in rows:
        found = evidence(connection, row)
        count += bool(found)
        if not row["supported_reading"].startswith("not settled"):
            decided += 1
            right += supports(row, [message for _, message, _ in found])
        print(f"{'found  ' if found else 'MISSING'} {row['code']} [{row['kind']}] right: {row['supported_reading']}")
        for rule, message, _ in found[:2]:
            print(f"          {rule}: {message}")
    print(f"conflicts {len(rows)}  found {count}  share {count / len(rows):.3f}")
    print(f"with a right reading {decided}  said so {right}  share {right / decided if decided else 1.0:.3f}")


if __name__ == "__main__":
    run(report)
