"""Which findings were read by hand, and how many of them were right: ``python -m bench.findings [DB]``.

The verdicts stand in `tests/findings_read.csv`, one row a finding: its rule, the file and place of its first evidence,
`right`, `wrong` or `undecidable`, and why. Every finding of severity `error` is to be read, and of each other rule
twenty, or all where there are fewer. The table in the docs is made from the same file (`python -m tools.document`).

Without a database one is built over `../shared/corpus/raw` and `seeds` in a temporary folder. What is still to be read
is printed with the words around its evidence.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.pairs import run

READ = Path(__file__).resolve().parent.parent / "tests" / "findings_read.csv"
VERDICTS = ("right", "wrong", "undecidable")
ENOUGH = 20
"""So many findings of a rule that is no error are read."""
_AROUND = 120
Place = tuple[str, str, int]
"""(rule, file, offset of the first evidence)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding that was read."""

    place: Place
    verdict: str
    reason: str


def judged(path: Path = READ) -> list[Judged]:
    """Every verdict of the file; ValueError where one is none of `VERDICTS`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Judged((row["rule"], row["file"], int(row["start"])), row["verdict"], row["reason"])
            for row in csv.DictReader(file)
        ]
    wrong = [row for row in rows if row.verdict not in VERDICTS or not row.reason.strip()]
    if wrong:
        raise ValueError(f"{path}: {wrong[0].place} has the verdict {wrong[0].verdict!r} and needs a reason")
    return rows


def by_rule(rows: list[Judged]) -> Mapping[str, Counter[str]]:
    """How many findings of each rule had each verdict, the rules in their order in the file."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row.place[0], Counter())[row.verdict] += 1
    return counts


def share(counts: Counter[str]) -> float | None:
    """The part of the decided findings that is right; None where none was decided."""
    decided = counts["right"] + counts["wrong"]
    return counts["right"] / decided if decided else None


def found(connection: sqlite3.Connection) -> Iterator[tuple[Place, str, str]]:
    """(place, severity, message) of every finding of a database."""
    sql = """select f.rule, f.severity, f.message_vi, e.start, min(files.path)
             from findings f join finding_evidence e on e.finding = f.id and e.side = 0
             join files on files.document = e.document group by f.id order by f.rule, files.path, e.start"""
    for rule, severity, message, start, path in connection.execute(sql):
        yield (rule, "/".join(Path(path).parts[-2:]), start), severity, " ".join(message.split())


def to_read(connection: sqlite3.Connection, rows: list[Judged]) -> list[tuple[Place, str]]:
    """The findings that are still to be read, with their messages."""
    known = {row.place for row in rows}
    read: Counter[str] = Counter()
    unread: list[tuple[Place, str, str]] = []
    for place, severity, message in found(connection):
        if place in known:
            read[place[0]] += 1
        else:
            unread.append((place, severity, message))
    left = []
    for place, severity, message in unread:
        if severity == "error" or read[place[0]] < ENOUGH:
            read[place[0]] += 1
            left.append((place, message))
    return left


def report(database: Path) -> None:
    """Prints the share by rule, what is still to be read, and the verdicts on what is not found any more."""
    connection = sqlite3.connect(database)
    rows = judged()
    hits = Counter(place[0] for place, _, _ in found(connection))
    for rule, counts in sorted(by_rule(rows).items()):
        part = share(counts)
        shown = f"{part:.2f}" if part is not None else "-"
        print(f"{rule:28} found {hits[rule]:4}  read {counts.total():4}  right {counts['right']:4}  share {shown}")
    for place, message in to_read(connection, rows):
        print("TO READ", *place, message)
        for words in _around(connection, place):
            print("        ", words)
    places = {place for place, _, _ in found(connection)}
    for row in rows:
        if row.place not in places:
            print("GONE   ", *row.place, row.verdict)


def _around(connection: sqlite3.Connection, place: Place) -> Iterator[str]:
    sql = """select d.text, e.start, e."end" from finding_evidence e join documents d on d.id = e.document
             where e.finding in (select f.id from findings f join finding_evidence s on s.finding = f.id and s.side = 0
                                 join files on files.document = s.document
                                 where f.rule = ? and files.path like ? and s.start = ?) order by e.side"""
    for text, start, end in connection.execute(sql, (place[0], f"%{place[1]}", place[2])):
        yield " ".join(f"{text[max(0, start - _AROUND) : start]}⟦{text[start:end]}⟧{text[end : end + _AROUND]}".split())


if __name__ == "__main__":
    run(report)
