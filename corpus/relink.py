"""Links anew what new, changed and removed documents touch, and writes only what differs from what is stored.

What comes of it is what `corpus.link.link` makes of all documents. The database as it was before is attached as `old`;
`temp.new` and `temp.gone` hold the documents that are new or corrected, and those that are gone or were corrected.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpus.laws import ASKED, LAWS, named_citations, with_name
from corpus.link import Linked, citations, link_block
from corpus.link_differences import DiffWriter
from corpus.mentions import Cluster, Mention
from corpus.parts import Often, touched_parts
from corpus.store import Row
from corpus.subjects import Subjects
from corpus.temporary import small_table
from corpus.works import EDGES, counted_anew


@dataclass(frozen=True, slots=True)
class Relinked:
    """What linking changed."""

    documents: frozenset[str]
    """Documents that are new, gone or corrected, whose own work is another, or that cite another work."""
    works: Mapping[str, tuple[Row | None, Row | None]]
    """The rows of works that came, went or changed: as they were, and as they are."""


def relink(connection: sqlite3.Connection) -> Relinked:
    """Brings works, links and edges in line with the documents."""
    writer = DiffWriter(connection)
    subjects = Subjects(connection)
    for part in touched_parts(connection):
        if isinstance(part, Often):
            writer.take(_often(connection, part, subjects))
        else:
            writer.take_part(part, link_block(part.mentions, subjects))
    writer.settle_documents()
    writer.take_named(named_citations(connection))
    writer.take_unnumbered(subjects)
    writer.take_rest("c.document in (select id from temp.new)")
    writer.follow_own_works()
    relinked = Relinked(writer.documents(), writer.works())
    _edges(connection, relinked.documents)
    return relinked


def _often(connection: sqlite3.Connection, often: Often, subjects: Subjects) -> Linked:
    """The work of a code that stands alone, brought up to date."""
    sample = [*often.new, *often.gone][0]
    group = Cluster(sample.key.letters, "", sample.year, [sample])
    work = replace(counted_anew(often.before, group, often.new, often.gone), id=often.before.id)
    asked = _first_asked(connection, often) if work.doc_type in LAWS else []
    work, names = with_name(work, Cluster(group.letters, "", group.year, asked), subjects)
    linked = Linked([work], [], {}, [(work, names)] if names else [])
    linked.links.extend((m, work, ("symbol", "year in the code"), ()) for m in often.new)
    return linked


def _first_asked(connection: sqlite3.Connection, often: Often) -> list[Mention]:
    """The first mentions of a law, those of new documents among them: the others are linked to its work as before."""
    small_table(connection, "asked", "work, code")
    connection.execute("insert into temp.asked values (?, ?)", (often.before.id, often.code))
    first = f"""c.work = (select work from temp.asked) and +c.code = (select code from temp.asked)
                order by c.document, c.start, c.id limit {ASKED}"""
    found = [*citations(connection, "main", first), *often.new]
    return sorted(found, key=lambda m: (m.document, m.start, m.id))[:ASKED]


def _edges(connection: sqlite3.Connection, documents: Iterable[str]) -> None:
    """The edges of the works that these documents are or were, made anew. `temp.sources` holds these works after."""
    run = connection.execute
    small_table(connection, "sources")
    for schema in ("main", "old"):
        sql = (
            f"insert or ignore into temp.sources select work from {schema}.documents where id = ? and work is not null"
        )
        connection.executemany(sql, [(document,) for document in documents])
    run("delete from edges where source in (select id from temp.sources)")
    run(EDGES.format(where="d.work in (select id from temp.sources)"))
