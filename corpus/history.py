"""What changed from one build to the next: documents, and findings that are new, gone or back again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.opening import read_only
from corpus.store import Row, write

Told = tuple[int | None, str, str, str, str]
"""The run that first had a finding, its rule, document and messages."""


@dataclass(frozen=True, slots=True)
class History:
    """What the database before this build held. Empty where there was none."""

    files: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, Told] = field(default_factory=dict)
    runs: tuple[Row, ...] = ()
    changes: tuple[Row, ...] = ()

    @property
    def run(self) -> int:
        """The number of the run that is under way."""
        return 1 + max((int(str(row[0])) for row in self.runs), default=0)

    def record(self, connection: sqlite3.Connection) -> None:
        """Writes when each finding was first seen, and what is new, gone and back again since the build before."""
        for table, rows in (("runs", self.runs), ("finding_changes", self.changes)):
            connection.execute(f"delete from {table}")
            write(connection, {table: rows})
        now: dict[str, Told] = {
            row[0]: row[1:]
            for row in connection.execute(
                "select id, first_seen, rule, document, message_vi, message_en from findings order by id"
            )
        }
        first = ((self._first_seen(ident), told[0], ident) for ident, told in now.items())
        other = [(seen, ident) for seen, stored, ident in first if seen != stored]
        connection.executemany("update findings set first_seen = ? where id = ?", other)
        if self.runs:
            write(connection, {"finding_changes": self._changed(now)})

    def _first_seen(self, finding: str) -> int:
        told = self.findings.get(finding)
        return (told[0] if told else None) or self.run

    def _changed(self, now: Mapping[str, Told]) -> list[Row]:
        gone_before = {str(row[2]) for row in self.changes if row[1] == "gone"}
        rows: list[Row] = []
        for ident, told in now.items():
            if ident not in self.findings:
                rows.append((self.run, "reopened" if ident in gone_before else "new", ident, *told[1:]))
        rows += [(self.run, "gone", ident, *told[1:]) for ident, told in self.findings.items() if ident not in now]
        return rows

    def count(self, files: Mapping[str, str]) -> tuple[int, int, int]:
        """(documents added, files changed, documents removed) from the files before to `files` (path to document)."""
        before, after = set(self.files.values()), set(files.values())
        changed = sum(self.files.get(path, document) != document for path, document in files.items())
        return len(after - before), changed, len(before - after)


def before(db: Path) -> History:
    """What the database `db` holds of files, findings and runs; nothing where it cannot be read."""
    if not db.exists():
        return History()
    try:
        connection = read_only(db)
        try:
            return History(
                files=dict(connection.execute("select path, document from files")),
                findings={
                    row[0]: row[1:]
                    for row in connection.execute(
                        "select id, first_seen, rule, document, message_vi, message_en from findings order by id"
                    )
                },
                runs=tuple(connection.execute("select * from runs order by id")),
                changes=tuple(connection.execute("select * from finding_changes order by rowid")),
            )
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return History()
