"""What must be handled with care in a corpus: documents with a mark of secrecy or numbers that name a person.

Exports hide both (`corpus.export.mask`); the database, its pages and the kept originals do not.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

RULE = "sensitive-data"


@dataclass(frozen=True, slots=True)
class Warned:
    """A file that holds something of the kind, with what it is in Vietnamese and English."""

    path: str
    document: str
    message_vi: str
    message_en: str


def warnings(connection: sqlite3.Connection) -> tuple[Warned, ...]:
    """All files to be warned of, by path; what someone dismissed is left out."""
    sql = """select min(f.path), n.document, n.message_vi, n.message_en from findings n
             join files f on f.document = n.document where n.rule = ? and n.state != 'dismissed'
             group by n.id order by 1, n.id"""
    return tuple(Warned(*row) for row in connection.execute(sql, (RULE,)))
