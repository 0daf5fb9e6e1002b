"""Compares two databases of one corpus: ``python -m bench.same ONE.db OTHER.db``.

Every export is made of both and must be the same byte for byte, whatever built them and in whatever order: with one
worker or several, at once or in parts, on one machine or on a cluster. Ends with 1 where one differs.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus.export import FACTS, export

EXPORTS = (
    *((what, "jsonl") for what in FACTS),
    *(("graph", form) for form in ("json", "graphml")),
    ("calendar", "ics"),
    ("metadata", "jsonl"),
)
"""What is compared, each with its form."""


def digests(db: Path) -> Iterator[tuple[str, str, int]]:
    """(name, SHA-256, bytes) of every export of a database, each document's Akoma Ntoso among them as one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "out")
        for what, form in EXPORTS:
            export(db, what, path, form)
            data = path.read_bytes()
            yield f"{what}.{form}", hashlib.sha256(data).hexdigest(), len(data)
        whole, size = hashlib.sha256(), 0
        for ident in documents(db):
            export(db, f"document:{ident}", path, "xml")
            data = path.read_bytes()
            whole.update(data)
            size += len(data)
        yield "documents.xml", whole.hexdigest(), size


def documents(db: Path) -> list[str]:
    """The ids of all documents."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return [ident for (ident,) in connection.execute("select id from documents order by id")]
    finally:
        connection.close()


def differing(one: Path, other: Path) -> Iterator[str]:
    """A line for each export; of those that differ it begins with DIFFERENT."""
    for first, second in zip(digests(one), digests(other), strict=True):
        told = "the same" if first == second else "DIFFERENT"
        yield f"{told}: {first[0]}, {first[2]:,} bytes, {first[1][:12]}"


def main() -> None:
    """The command."""
    lines = list(differing(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(lines))
    if any(line.startswith("DIFFERENT") for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
