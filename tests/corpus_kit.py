"""Small corpora for tests: documents written down with what would be found in them, stored, linked and audited."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlite_utils import Database

from corpus import fulltext, schema
from corpus.audit import audit
from corpus.chain import follow_chains
from corpus.link import link
from corpus.store import document_id, rows_of, write
from extract.records import (
    Assignment,
    Budget,
    Citation,
    Deadline,
    Document,
    Fact,
    Header,
    Section,
    Source,
    Target,
)
from rules.units import Gazetteer, Unit

Fields = Mapping[str, object]
UNITS = Gazetteer(
    (
        Unit("province", "tỉnh", "Lam Kha", "Lam Kha"),
        Unit("district", "huyện", "Đan Lĩnh", "Lam Kha", None, "", "2025-06-30"),
        Unit("commune", "xã", "Khe Mây", "Lam Kha", "Đan Lĩnh", "", "2025-06-30"),
        Unit("commune", "xã", "Suối Ngà", "Lam Kha", "Đan Lĩnh", "", "2025-06-30"),
    )
)
_KINDS: dict[str, type[Fact]] = {
    "citations": Citation,
    "budgets": Budget,
    "deadlines": Deadline,
    "assignments": Assignment,
    "targets": Target,
}
_DEFAULTS: dict[str, Fields] = {
    "citations": {"doc_type": None, "code": None, "code_text": None},
    "budgets": {"kind": "other"},
    "deadlines": {"kind": "due"},
    "assignments": {},
    "targets": {},
}


def made(text: str, head: Fields, **facts: Sequence[tuple[str, Fields]]) -> Document:
    """A document of `text` with the letterhead `head`; each fact is (its words, its fields).

    Lines that begin with a number and a full stop are its sections.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    source = Source(path=f"{sha256[:8]}.txt", sha256=sha256, media_type="text/plain", text=text)
    sections = _sections(text, sha256)
    found: dict[str, tuple[Fact, ...]] = {}
    for table, given in facts.items():
        rows, at = [], 0
        for i, (quote, fields) in enumerate(given):
            at = text.index(quote, at)
            where = next((s.path for s in sections if s.start <= at < s.end), None)
            ident = f"{table}-{sha256[:8]}-{i}"
            values = {**_DEFAULTS[table], "section": where, **fields}
            rows.append(_KINDS[table](start=at, end=at + len(quote), id=ident, **values))  # type: ignore[arg-type]
            at += 1
        found[table] = tuple(rows)
    return Document(source=source, header=Header(**head), sections=sections, **found)  # type: ignore[arg-type]


def _sections(text: str, sha256: str) -> tuple[Section, ...]:
    starts: list[tuple[int, str]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        marker = line.split(". ")[0]
        if marker.isdigit():
            starts.append((at, marker))
        at += len(line)
    ends = [start for start, _ in starts[1:]] + [len(text)] * bool(starts)
    return tuple(
        Section(start=start, end=end, id=f"s-{sha256[:8]}-{marker}", path=marker, marker=marker, depth=1, title="")
        for (start, marker), end in zip(starts, ends, strict=True)
    )


def cites(code: str, kind: str, date: str | None, issuer: str | None, relation: str = "mentions") -> Fields:
    """The fields of a citation."""
    return {
        "doc_type": kind,
        "code": code,
        "code_text": code,
        "issued_on": date,
        "issuer": issuer,
        "issuer_text": issuer,
        "relation": relation,
    }


def stored(*documents: Document, units: Gazetteer = UNITS) -> sqlite3.Connection:
    """A database in memory that holds `documents`, linked, chained and audited."""
    connection = sqlite3.connect(":memory:")
    database = Database(connection)
    schema.create_tables(database)
    for document in documents:
        ident = document_id(document.source.sha256)
        write(connection, rows_of(document, ident=ident, built_at="2025-01-01T00:00:00+00:00", extractor="test"))
        write(connection, {"files": [(document.source.path, ident, None, None, None, 1, None, "text/plain")]})
    link(connection)
    follow_chains(connection)
    schema.create_indexes(database)
    fulltext.rebuild(connection)
    audit(connection, units)
    return connection


def ident(document: Document) -> str:
    """The id that `document` is stored under."""
    return document_id(document.source.sha256)


def findings(connection: sqlite3.Connection, rule: str) -> list[str]:
    """The documents that findings of `rule` are about."""
    sql = "select document from findings where rule = ? order by document, id"
    return [row[0] for row in connection.execute(sql, (rule,))]


def sides(connection: sqlite3.Connection, rule: str) -> set[tuple[str, str]]:
    """(document, words) of all evidence of `rule`."""
    sql = "select e.document, e.quote from finding_evidence e join findings f on f.id = e.finding where f.rule = ?"
    return {(document, quote) for document, quote in connection.execute(sql, (rule,))}


SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"
