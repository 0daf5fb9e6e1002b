"""Measures linking on pairs of citations decided by reading: ``python -m bench.pairs [DB]``.

Without a database it builds one over `../shared/corpus/raw` and `seeds` in a temporary folder. A pair counts as
"same" where both citations are linked to one work. Precision is over the pairs called same, recall over those that
are the same; pairs that the readers left undecided are shown and not counted.
"""

from __future__ import annotations

import csv
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.identity import parse_code
from extract.text import canonical

SHARED = Path(os.environ.get("KEHOACH_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared")
REACH = 400
"""How far, in code points, a citation may begin from the place that the table gives."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair of the table with the works that its two sides were linked to (None: not found or not linked)."""

    row: Mapping[str, str]
    works: tuple[str | None, str | None]
    found: tuple[bool, bool]

    @property
    def is_same(self) -> bool:
        """Whether both sides are linked to one work."""
        return self.works[0] is not None and self.works[0] == self.works[1]


def place(connection: sqlite3.Connection, file: str, code: str, char: int) -> tuple[str | None, bool]:
    """(work, found) of the citation of `code` that stands next to `char` in `file`, or of the document's own head."""
    row = connection.execute("select document from files where path like ?", (f"%/{file}",)).fetchone()
    if row is None:
        return None, False
    char = len(canonical((SHARED / "corpus" / file).read_text(encoding="utf-8")[:char]))
    wanted = parse_code(code)
    best: tuple[int, str | None] | None = None
    sql = 'select start, "end", code, work from citations where document = ? and code is not null'
    for start, end, cited, work in connection.execute(sql, row):
        key = parse_code(cited)
        if key is None or wanted is None or key.number != wanted.number:
            continue
        distance = 0 if start <= char < end else min(abs(start - char), abs(end - char))
        if distance <= REACH and (best is None or distance < best[0]):
            best = distance, work
    own = connection.execute("select code, work from documents where id = ?", row).fetchone()
    head = parse_code(own[0]) if own and own[0] else None
    if best is None and head is not None and wanted is not None and head.number == wanted.number:
        return own[1], True
    return (best[1], True) if best else (None, False)


def judge(connection: sqlite3.Connection, table: Path) -> Iterator[Judged]:
    """Every pair of the table with what linking made of it."""
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sides = [place(connection, row[f"file_{s}"], row[f"code_{s}"], int(row[f"char_{s}"])) for s in "ab"]
            yield Judged(row, (sides[0][0], sides[1][0]), (sides[0][1], sides[1][1]))


def measure(judged: list[Judged]) -> tuple[float, float]:
    """Precision and recall over the decided pairs."""
    decided = [pair for pair in judged if pair.row["label"] in ("same", "different")]
    called = [pair for pair in decided if pair.is_same]
    same = [pair for pair in decided if pair.row["label"] == "same"]
    right = sum(pair.row["label"] == "same" for pair in called)
    return (right / len(called) if called else 1.0), (right / len(same) if same else 1.0)


def built(folder: Path) -> Path:
    """A database over the shared corpus in `folder`."""
    from corpus.build import build

    return build([SHARED / "corpus" / "raw", SHARED / "corpus" / "seeds"], folder / "raw.db").db


def report(database: Path) -> None:
    """Prints the wrong pairs and the two figures."""
    connection = sqlite3.connect(database)
    judged = list(judge(connection, SHARED / "contract" / "pairs.csv"))
    for pair in judged:
        row = pair.row
        wrong = row["label"] in ("same", "different") and pair.is_same != (row["label"] == "same")
        if wrong or row["label"] == "undecidable":
            missing = "".join(side for side, found in zip("ab", pair.found, strict=True) if not found)
            note = f" [not found: {missing}]" if missing else ""
            print(f"{row['label']:11} {row['file_a']} {row['code_a']} | {row['file_b']} {row['code_b']}{note}")
            print(f"            {row['reason']}")
    precision, recall = measure(judged)
    print(f"pairs {len(judged)}  precision {precision:.3f}  recall {recall:.3f}")


def run(report: Callable[[Path], None]) -> None:
    """Reports on the database that the command names, or on one built for it in a temporary folder."""
    if len(sys.argv) > 1:
        database = Path(sys.argv[1])
        if not database.is_file():
            raise SystemExit(f"There is no database at {database}. Make it with kehoach build.")
        report(database)
        return
    with tempfile.TemporaryDirectory() as folder:
        report(built(Path(folder)))


if __name__ == "__main__":
    run(report)
