"""A `Document` as rows of the database, and the writer that puts them there.

Rows are plain tuples in the order of the table's columns, made where the document was read, so that the one writer
has nothing to do but write.
"""

from __future__ import annotations

import json
import marshal
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from corpus.identity import parse_code
from corpus.schema import BY_NAME, TABLES
from corpus.sketch import sketch
from extract.records import Document, Fact, Header, Section
from extract.word_boxes import pack as pack_words

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
Rows = dict[str, list[Row]]

ID_LENGTH = 12
_INSERTS = {
    spec.name: f'insert into "{spec.name}" values ({", ".join("?" * len(spec.column_types))})' for spec in TABLES
}
_FACT_TABLES = ("citations", "references", "budgets", "deadlines", "assignments", "targets")
_COMMON = ("id", "document", "position", "section", "quote", "in_table", "bbox", "uncertain", "work")
_ATOMS = frozenset({str, int, float, bool, type(None)})
NO_ROWS = b""
"""Rows of nothing, packed."""


def document_id(sha256: str, taken: Mapping[str, str] | None = None) -> str:
    """The first 12 digits of the hash; more where another document (id to hash in `taken`) has them already."""
    length = ID_LENGTH
    while taken and taken.get(sha256[:length], sha256) != sha256:
        length += 4
    return sha256[:length]


def pack(rows: Rows) -> bytes:
    """Rows in few bytes, to be sent from process to process of one program: nothing in them can run."""
    return marshal.dumps(rows) if rows else NO_ROWS


def unpack(packed: bytes) -> Rows:
    """The rows that `pack` was given."""
    rows: Rows = marshal.loads(packed) if packed else {}
    return rows


def to_json(value: object) -> str | None:
    """A list or mapping as JSON with Vietnamese letters as they are; None for an empty one."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None


def rows_of(document: Document, *, ident: str, built_at: str, extractor: str) -> Rows:
    """All rows of one document that was read. `built_at` is an ISO time; `ident` its id."""
    places = _Sections(document.sections)
    rows: Rows = {
        "documents": [_document_row(document, ident, built_at, extractor)],
        "pages": [
            (ident, p.number, p.start, p.end, p.width, p.height, int(p.ocr), words)
            for p, words in zip(document.source.pages, pack_words(document.source), strict=True)
        ],
        "sections": [_section_row(s, i, ident, places) for i, s in enumerate(document.sections)],
        "tables": [
            (f"{ident}-{i}", ident, i, t.page, t.start, t.end, t.header_rows, t.unit, to_json(t.rows))
            for i, t in enumerate(document.tables)
        ],
        "unread": [(ident, u.kind, u.start, u.end, u.reason) for u in document.unread],
    }
    for table in _FACT_TABLES:
        facts: Sequence[Fact] = getattr(document, table)
        rows[table] = [_fact_row(table, fact, i, ident, document, places) for i, fact in enumerate(facts)]
    rows["findings"], rows["finding_evidence"] = _finding_rows(document, ident)
    return {table: found for table, found in rows.items() if found}


def _document_row(document: Document, ident: str, built_at: str, extractor: str) -> Row:
    source, head = document.source, document.header
    year = head.issued_on[:4] if head.issued_on else ""
    plain: dict[str, Value] = {
        "id": ident,
        "sha256": source.sha256,
        "media_type": source.media_type,
        "pages": len(source.pages) or None,
        "number": head.number or _number_of(head),
        "year": int(year) if year.isdigit() else None,
        "recipients": to_json(head.recipients),
        "unreadable": to_json(head.unreadable),
        "built_at": built_at,
        "extractor": extractor,
        "number_blank": int(head.number_blank),
        "signed_at": source.signed_at,
        "spans": to_json(head.spans),
        "sketch": sketch(source.text) if head.doc_type == "KH" else None,
        "text": source.text,
        "work": None,
        "version_of": None,
    }
    return tuple([plain[column] if column in plain else _plain(getattr(head, column)) for column in _of_documents()])


@cache
def _of_documents() -> tuple[str, ...]:
    return tuple(BY_NAME["documents"].column_types)


def _number_of(head: Header) -> str | None:
    key = parse_code(head.code) if head.code else None
    return key.number if key else None


class _Sections:
    """Section ids by path, and the section that stands one step higher."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._by_path: dict[str, list[Section]] = {}
        for section in sections:
            self._by_path.setdefault(section.path, []).append(section)

    def at(self, path: str | None, offset: int) -> str | None:
        """The id of the section `path` that holds `offset`; of two with one path, the one around it."""
        found = self._by_path.get(path or "")
        if found is None:
            return None
        for section in found:
            if section.start <= offset < section.end:
                return section.id
        return found[0].id

    def parent(self, section: Section) -> str | None:
        head, slash, _ = section.path.rpartition("/")
        found = self.at(head, section.start) if slash else None
        return found if found != section.id else None


def _section_row(section: Section, position: int, ident: str, places: _Sections) -> Row:
    s = section
    parent = places.parent(s)
    return (
        *(s.id, ident, position, s.path, s.marker, s.depth, s.title, s.role),
        *(s.start, s.end, s.page, parent, s.heading_end or None, s.by),
    )


def _fact_row(table: str, fact: Fact, position: int, ident: str, document: Document, places: _Sections) -> Row:
    start = fact.start
    common: tuple[Value, ...] = (
        fact.id,
        ident,
        position,
        places.at(getattr(fact, "section", None), start),
        document.source.text[start : fact.end],
        int(fact.table),
        to_json(fact.bbox) if fact.bbox else None,
        to_json(fact.uncertain) if fact.uncertain else None,
        None,
    )
    own, order = _columns(table)
    return order((*common, *[value if type(value) in _ATOMS else _plain(value) for value in own(fact)]))


@cache
def _columns(table: str) -> tuple[Callable[[Fact], tuple[Any, ...]], Callable[[Row], Row]]:
    """What takes from a fact the columns that not all tables have, and what puts those after `_COMMON` in order."""
    columns = list(BY_NAME[table].column_types)
    own = [column for column in columns if column not in _COMMON]
    given = [*_COMMON, *own]
    return attrgetter(*own), itemgetter(*(given.index(column) for column in columns))


def _plain(value: object) -> Value:
    if isinstance(value, tuple):
        return to_json(value)
    assert value is None or isinstance(value, str | int | float)
    return value


def _finding_rows(document: Document, ident: str) -> tuple[list[Row], list[Row]]:
    """Findings in one document. One that says the same of the same evidence twice is kept once."""
    findings: dict[str, Row] = {}
    evidence: list[Row] = []
    text = document.source.text
    for i, finding in enumerate(document.findings):
        key = finding.id or f"{ident}-{finding.rule}-{i}"
        if key in findings:
            continue
        findings[key] = (
            *(key, finding.rule, finding.severity, finding.confidence, "document", ident, None),
            *(finding.message_vi, finding.message_en, finding.why_maybe_wrong, "open", None),
        )
        for side, e in enumerate(finding.evidence):
            page = next((p.number for p in document.source.pages if p.start <= e.start < p.end), None)
            evidence.append((key, side, ident, e.fact, text[e.start : e.end], e.start, e.end, page))
    return list(findings.values()), evidence


def write(connection: sqlite3.Connection, rows: Mapping[str, Iterable[Row]]) -> None:
    """Puts rows into their tables. Tables that other rows point to come first."""
    for spec in TABLES:
        found = rows.get(spec.name)
        if found:
            connection.executemany(_INSERTS[spec.name], found)


def write_anew(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Puts rows into a table in the place of all that it held; its indexes are made at the end, sorted once."""
    with _emptied(connection, table):
        connection.executemany(_INSERTS[table], rows)


def copy_anew(connection: sqlite3.Connection, table: str, schema: str) -> None:
    """The same with the rows of the table of that name in the attached database `schema`, in their order."""
    with _emptied(connection, table):
        connection.execute(f'insert into main."{table}" select * from {schema}."{table}" order by rowid')


@contextmanager
def _emptied(connection: sqlite3.Connection, table: str) -> Iterator[None]:
    """A table without rows and indexes, for rows to go in; the indexes are made behind them."""
    sql = "select name, sql from main.sqlite_master where type = 'index' and tbl_name = ? and sql is not null"
    indexes = connection.execute(sql, (table,)).fetchall()
    for name, _ in indexes:
        connection.execute(f'drop index main."{name}"')
    connection.execute(f'delete from main."{table}"')
    yield
    for _, made in indexes:
        connection.execute(made)


def put_in_order(connection: sqlite3.Connection, table: str, order: str) -> None:
    """Puts the rows of a table back in an order: those who show it read it in the order of its rows."""
    connection.execute(f"create temp table ordered as select * from {table} order by {order}")
    connection.execute(f"delete from {table}")
    connection.execute(f"insert into {table} select * from temp.ordered order by rowid")
    connection.execute("drop table temp.ordered")


def merge(into: Rows, rows: Rows) -> None:
    """Adds `rows` to `into`."""
    for table, found in rows.items():
        into.setdefault(table, []).extend(found)


def original_path(folder: Path, sha256: str) -> Path:
    """Where the bytes of this hash are kept under `folder` (``plans.files``)."""
    return folder / sha256[:2] / sha256


def keep_original(folder: Path, sha256: str, data: bytes) -> None:
    """Keeps `data` under its hash. A file that is there already is left; a new one appears whole or not at all."""
    path = original_path(folder, sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{sha256[:16]}.{os.getpid()}")
    part.write_bytes(data)
    os.replace(part, path)
