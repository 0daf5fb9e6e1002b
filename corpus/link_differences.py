"""A writer of links that writes only what differs from what is stored, and remembers what was there.

It works on a database whose earlier form is attached as `old`; `temp.new` and `temp.gone` hold the documents that are
new or corrected, and those that are gone or were corrected.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from corpus.laws import Named
from corpus.link import Linked, LinkWriter
from corpus.parts import Part
from corpus.store import Row, write
from corpus.subjects import Subjects
from corpus.works import unpacked, work_id

Own = tuple[str | None, str | None]
"""The work of a document, and the document that it is a version of."""
_LINK = """insert into links(citation, document, work, method, score, reasons, state, candidates, relation)
    values (?, ?, ?, ?, ?, ?, ?, ?, (select relation from citations where id = ?))"""
_STORED_LINKS = """select citation, document, work, method, score, reasons, state, candidates from links
    where citation in (select value from json_each(?))"""


class DiffWriter(LinkWriter):
    """Writes only rows that differ from what is stored, and remembers what was there."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._before: dict[str, Row | None] = {}
        self._own: dict[str, Own] = {}
        self._citing = self._column("select id from temp.new union select id from temp.gone")
        self._heads: dict[str, Own] = {}
        self._written: set[str] = set()
        self._moved: set[str] = set()
        """Works whose row was written anew, or that other citations than before are linked to."""
        self._was_lone = self._column("select document from lone union select document from old.lone")
        run = connection.execute
        run("delete from links where document in (select id from temp.new)")
        run("update citations set work = null where document in (select id from temp.new) and work is not null")
        run("update documents set work = null, version_of = null where id in (select id from temp.new)")
        self._moved |= self._column("select work from old.citations where document in (select id from temp.gone)")

    def _column(self, sql: str, *values: object) -> set[str]:
        return {row[0] for row in self._connection.execute(sql, values) if row[0] is not None}

    def take_part(self, part: Part, linked: Linked) -> None:
        """Takes the works of a part in the place of those that its mentions had before."""
        had = self._works_of(part)
        self.take(linked)
        self._drop(had - {work.id for work in linked.works})

    def take(self, linked: Linked) -> None:
        """Adds the works and links of a part; what it says of laws takes the place of what was known of them."""
        for mention, work, _, _ in linked.links:
            if mention.is_head:
                document = mention.document
                self._heads[document] = work.id if work else None, linked.versions.get(document)
        self._connection.executemany("delete from laws where work = ?", [(work.id,) for work in linked.works])
        super().take(linked)

    def _works_of(self, part: Part) -> set[str]:
        """The works that a part had before. What no number links does not count: it may share another's work."""
        had: set[str] = set()
        for schema, mentions in (("main", part.mentions), ("old", part.gone)):
            cited = [mention.id for mention in mentions if not mention.is_head]
            own = [m.document for m in mentions if m.is_head and m.document not in self._was_lone]
            for table, idents in (("citations", cited), ("documents", own)):
                sql = f"select distinct work from {schema}.{table} where id in (select value from json_each(?))"
                had |= self._column(sql, json.dumps(idents))
        return had

    def _remember(self, work: str) -> None:
        if work not in self._before:
            self._before[work] = self._connection.execute("select * from old.works where id = ?", (work,)).fetchone()

    def _drop(self, works: Iterable[str]) -> None:
        for work in works:
            self._remember(work)
            self._connection.execute("delete from works where id = ?", (work,))
            self._connection.execute("delete from laws where work = ?", (work,))

    def settle_documents(self) -> None:
        """Gives the documents whose numbers were linked anew their works; what got none is linked without a number."""
        self.finish()
        for document, own in sorted(self._heads.items()):
            self._set_own(document, *own)

    def _set_own(self, document: str, work: str | None, version_of: str | None) -> None:
        sql = "select work, version_of from {}.documents where id = ?"
        now = self._connection.execute(sql.format("main"), (document,)).fetchone()
        if document not in self._own:
            self._own[document] = self._connection.execute(sql.format("old"), (document,)).fetchone() or (None, None)
        if now != (work, version_of):
            sql = "update documents set work = ?, version_of = ? where id = ?"
            self._connection.execute(sql, (work, version_of, document))

    def take_named(self, named: Sequence[Named]) -> None:
        """Laws cited by name, all of them: a law that came or went has a bearing on each that bears its name."""
        by_name = self._column("select id from works where code is null and name is not null and document is null")
        gone = """select 1 from old.citations where document in (select id from temp.gone) and code is null
                  and name is not null limit 1"""
        if not named and not by_name and not self._column(gone):
            return
        self._written.clear()
        super().take_named(named)
        self._drop(by_name - self._written)

    def _count_again(self, works: Sequence[str]) -> None:
        """Counts only for laws whose own row or whose citations by name are others than before."""
        told = "select told from laws where work = ?"
        changed = [(work, self._connection.execute(told, (work,)).fetchone()) for work in sorted(self._moved)]
        self._works += [unpacked(row[0]).row for _, row in changed if row]
        self._put_works()
        super()._count_again(sorted({work for work, row in changed if row} & set(works)))

    def take_unnumbered(self, subjects: Subjects) -> None:
        """All documents that no number links, where there are any: each may be a version of one that is new."""
        held = self._column("select id from documents where id in (select document from lone)")
        lone = self._column("select id from documents where work is null") | (held - self._heads.keys())
        works = {work_id(f"document|{sha256}") for sha256 in self._hashes(self._was_lone)}
        for document in sorted(lone):
            self._set_own(document, None, None)
        self._connection.execute("delete from lone")
        self._written.clear()
        if lone:
            super().take_unnumbered(subjects)
        self._drop(works - self._written)

    def _hashes(self, documents: Iterable[str]) -> Iterable[str]:
        for document in documents:
            sql = """select sha256 from documents where id = :id union select sha256 from old.documents
                     where id = :id"""
            yield from self._connection.execute(sql, {"id": document}).fetchone()

    def follow_own_works(self) -> None:
        """Citations of a document itself follow its work."""
        for document in self._moved_documents():
            (work,) = self._connection.execute("select work from documents where id = ?", (document,)).fetchone()
            sql = "update links set work = ? where document = ? and state = 'self'"
            self._connection.execute(sql, (work, document))
            sql = "update citations set work = ? where document = ? and is_self"
            self._connection.execute(sql, (work, document))

    def _moved_documents(self) -> set[str]:
        sql = "select work, version_of from documents where id = ?"
        return {one for one, own in self._own.items() if self._connection.execute(sql, (one,)).fetchone() != own}

    def documents(self) -> frozenset[str]:
        """Documents that came, went or were corrected, whose own work is another, or that cite another work."""
        return frozenset(self._citing | self._moved_documents())

    def works(self) -> Mapping[str, tuple[Row | None, Row | None]]:
        """The rows of works that are otherwise now: as they were, and as they are."""
        sql = "select * from works where id = ?"
        now = ((work, row, self._connection.execute(sql, (work,)).fetchone()) for work, row in self._before.items())
        return {work: (before, after) for work, before, after in now if before != after}

    def finish(self) -> None:
        """Writes what was collected, where it differs."""
        self._put_works()
        self._put_links()
        write(self._connection, {"laws": self._laws, "lone": self._lone})
        if self._of_document or self._versions:
            self._put_own()
        self._laws, self._lone, self._of_citation = [], [], []
        self._of_document, self._versions = [], []

    def _put_works(self) -> None:
        marks = ", ".join("?" * len(self._works[0])) if self._works else ""
        for row in self._works:
            work = str(row[0])
            self._remember(work)
            self._written.add(work)
            self._moved.add(work)
            stored = self._connection.execute("select * from works where id = ?", (work,)).fetchone()
            if stored != row:
                self._connection.execute(f"insert or replace into works values ({marks})", row)
        self._works = []

    def _put_links(self) -> None:
        cited = json.dumps([row[1] for row in self._links])
        held = {row[0]: row[1:] for row in self._connection.execute(_STORED_LINKS, (cited,))}
        for _, citation, document, work, _, *told in self._links:
            stored = held.get(citation)
            if stored == (document, work, *told):
                continue
            if stored is not None:
                self._connection.execute("delete from links where citation = ?", (citation,))
            self._connection.execute(_LINK, (citation, document, work, *told, citation))
            if stored is None or stored[1] != work:
                self._moved.update(str(one) for one in (work, stored[1] if stored else None) if one)
                self._citing.add(str(document))
                self._connection.execute("update citations set work = ? where id = ?", (work, citation))
        self._links = []

    def _put_own(self) -> None:
        """Works and versions of documents, where they are not settled by number."""
        versions = {other: main for main, other in self._versions}
        for work, document in self._of_document:
            if document not in self._heads or self._heads[document][0] is None:
                self._set_own(document, work, versions.pop(document, None))
        for document, main in versions.items():
            if document not in self._heads or self._heads[document][0] is None:
                (work,) = self._connection.execute("select work from documents where id = ?", (document,)).fetchone()
                self._set_own(document, work, main)
