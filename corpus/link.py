"""Links each citation to the work that it names: blocking by number, clustering, one answer or none.

Works, links, the edges of the graph and the `work` of documents and citations are made anew from what is stored.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from sys import intern

from corpus.cluster import cluster
from corpus.identity import fold, parse_code
from corpus.laws import InDocument, LawIndex, Named, dated_anew, named_citations, with_name
from corpus.lineage import is_over_merger
from corpus.mentions import Cluster, Mention
from corpus.store import Row, to_json, write
from corpus.subjects import Subjects
from corpus.versions import drafts, split_heads
from corpus.works import EDGES, Work, label_of, level_of_issuer, packed, work_id, work_of

HEAD = "head:"
"""Prefix of the id of the mention that a document's own letterhead is."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking one block gave."""

    works: list[Work]
    links: list[tuple[Mention, Work | None, tuple[str, ...], tuple[Work, ...]]]
    versions: dict[str, str]
    """Documents that are another version of a document, with that document."""
    laws: list[tuple[Work, tuple[str, ...]]]
    """Numbered laws with the names that they are cited by."""


def link(connection: sqlite3.Connection) -> None:
    """Makes works, links and edges from the documents and citations that are stored."""
    if connection.execute("select 1 from links limit 1").fetchone():
        connection.execute("update citations set work = null where work is not null")
    for table in ("works", "links", "edges", "laws", "lone"):
        connection.execute(f'delete from "{table}"')
    connection.execute("update documents set work = null, version_of = null")
    subjects = Subjects(connection)
    writer = LinkWriter(connection)
    for block in _blocks(connection):
        writer.take(link_block(block, subjects))
    writer.take_named(named_citations(connection))
    writer.take_unnumbered(subjects)
    writer.take_rest()
    connection.execute("update links set relation = (select relation from citations c where c.id = links.citation)")
    connection.execute(EDGES.format(where=1))


def link_block(mentions: Sequence[Mention], subjects: Subjects) -> Linked:
    """The works of all mentions of one number."""
    outcome = cluster(mentions, subjects)
    unique: dict[str, Work] = {}
    main: dict[int, Work] = {}
    links: list[tuple[Mention, Work | None, tuple[str, ...], tuple[Work, ...]]] = []
    versions: dict[str, str] = {}
    laws: dict[str, tuple[Work, tuple[str, ...]]] = {}
    for group in outcome.clusters:
        parts, other_versions = split_heads(group, subjects)
        versions.update(other_versions)
        for part in parts:
            work, names = with_name(work_of(part), part, subjects)
            if names:
                laws[work.id] = work, names
            unique[work.id] = work
            main.setdefault(id(group), work)
            links += [(m, work, part.reasons[m.id], ()) for m in part.mentions]
    for mention, fitting in outcome.ambiguous:
        candidates = tuple(main[id(group)] for group in fitting)
        links.append((mention, None, (f"{len(candidates)} works fit",), candidates))
    return Linked(list(unique.values()), links, versions, list(laws.values()))


@lru_cache(maxsize=65_536)
def places_of(province: str | None, district: str | None, commune: str | None) -> tuple[str, str, str]:
    """The folded names of the places that a document stands in, empty where it names none."""
    return fold(province or ""), fold(district or ""), fold(commune or "")


def _same(text: str | None) -> str | None:
    """One object for equal texts: the mentions of a large corpus name few bodies and types."""
    return intern(text) if text is not None else None


def heads(connection: sqlite3.Connection, schema: str = "main", where: str = "1") -> Iterator[Mention]:
    """The mentions that letterheads are. `where` is a condition on `documents d`."""
    sql = f"""select id, code, doc_type, issuer, issued_on, province, district, commune, issuer_level
              from {schema}.documents d where code is not null and {where}"""
    for ident, code, doc_type, issuer, date, province, district, commune, level in connection.execute(sql):
        key = parse_code(code)
        if key is not None:
            yield Mention(
                id=HEAD + ident,
                document=ident,
                code=code,
                key=key,
                doc_type=doc_type,
                issuer=issuer,
                date=date,
                places=places_of(province, district, commune),
                is_head=True,
                level=level,
            )


def citations(connection: sqlite3.Connection, schema: str = "main", where: str = "1") -> Iterator[Mention]:
    """The mentions that citations with a code are. `where` is a condition on `citations c`."""
    sql = f"""select c.id, c.document, c.code, c.doc_type, c.issuer, c.issued_on, c.start, c."end",
                     c.issuer_text, d.province, d.district, d.commune, d.issued_on, d.code
              from {schema}.citations c cross join {schema}.documents d on d.id = c.document
              where c.code is not null and not coalesce(c.is_self, 0) and {where}"""
    for row in connection.execute(sql):
        ident, document, code, doc_type, issuer, date, start, end, printed, province, district, commune, day, own = row
        key = parse_code(code)
        if key is not None:
            own_key = parse_code(own) if own else None
            yield Mention(
                id=ident,
                document=intern(document),
                code=intern(code),
                key=key,
                doc_type=_same(doc_type),
                issuer=_same(issuer),
                date=_same(date),
                places=places_of(province, district, commune),
                cited_on=_same(day),
                issuer_printed=bool(printed),
                has_own_letters=own_key is not None and own_key.body == key.body,
                is_over_merger=_is_completed(province, issuer, printed) and is_over_merger(fold(province), date, day),
                start=start,
                end=end,
            )


def _is_completed(province: str | None, issuer: str | None, printed: str | None) -> bool:
    """Whether an issuer has its province from the document that cites it, not from the words of the citation."""
    return bool(province and issuer and province in issuer and fold(province) not in fold(printed or ""))


def _blocks(connection: sqlite3.Connection) -> Iterator[list[Mention]]:
    """All mentions with a code, by number."""
    blocks: dict[str, list[Mention]] = defaultdict(list)
    for mentions in (heads(connection), citations(connection)):
        for mention in mentions:
            blocks[mention.key.number].append(mention)
    for number in sorted(blocks):
        yield blocks.pop(number)


class LinkWriter:
    """Collects rows of works and links and writes them in bulk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._works: list[Row] = []
        self._links: list[Row] = []
        self._of_citation: list[tuple[str, str]] = []
        self._of_document: list[tuple[str, str]] = []
        self._versions: list[tuple[str, str]] = []
        self._laws: list[Row] = []
        self._lone: list[Row] = []

    def take(self, linked: Linked) -> None:
        """Adds the works and links of a block."""
        self._works += [work.row for work in linked.works]
        self._laws += [(work.id, to_json(names), packed(work)) for work, names in linked.laws]
        self._versions += [(main, other) for other, main in linked.versions.items()]
        for mention, work, reasons, candidates in linked.links:
            if mention.is_head:
                if work:
                    self._of_document.append((work.id, mention.document))
            else:
                self._link(mention.id, mention.document, work.id if work else None, reasons, candidates)
        if len(self._works) + len(self._links) > 20_000:
            self.finish()

    def _link(
        self, citation: str, document: str, work: str | None, reasons: tuple[str, ...], candidates: Sequence[Work] = ()
    ) -> None:
        state = "linked" if work else "ambiguous" if candidates else "unresolved"
        method = reasons[0] if reasons else None
        shown = to_json([{"work": c.id, "label": c.label} for c in candidates]) if candidates else None
        score, told = _scored(reasons)
        self._links.append((None, citation, document, work, None, method, score if work else 0.0, told, state, shown))
        if work:
            self._of_citation.append((work, citation))

    def take_named(self, named: Sequence[Named]) -> None:
        """Laws cited by name: the numbered law of this name and date where there is one, else a work by name.

        A bare name means the law of that name that the document itself cites in full; where there is none, or where
        there are several, the name stands for all laws that bore it, and those that are known are its candidates.
        """
        self.finish()
        laws, within = LawIndex(self._connection), InDocument(self._connection)
        works: dict[tuple[str, str], list[tuple[Named, tuple[str, ...]]]] = defaultdict(list)
        numbered: set[str] = set()
        for cited in named:
            if not cited.date:
                continue
            law, folded = laws.find(cited), fold(cited.name)
            within.add(cited.document, folded, law.id if law else named_id(folded, cited.date))
            if law:
                self._link(cited.citation, cited.document, law.id, ("law of this name and date",))
                numbered.add(law.id)
            else:
                works[folded, cited.date].append((cited, ("name of the law",)))
        by_id = {named_id(*key): key for key in works}
        for cited in named:
            own = within.find(cited.document, fold(cited.name)) if not cited.date else None
            if own in by_id:
                works[by_id[own]].append((cited, ("name of the law", "cited in full in the same document")))
            elif own:
                reasons = ("name of the law", "cited in full in the same document")
                self._link(cited.citation, cited.document, own, reasons)
                numbered.add(own)
            elif not cited.date:
                works[fold(cited.name), ""].append((cited, ("name of the law",)))
        self._write_named(works, laws)
        self.finish()
        self._count_again(sorted(numbered))

    def _write_named(
        self, works: Mapping[tuple[str, str], Sequence[tuple[Named, tuple[str, ...]]]], laws: LawIndex
    ) -> None:
        for (folded, date), group in works.items():
            work = named_work(folded, date, [cited for cited, _ in group])
            self._works.append(work.row)
            candidates = laws.named(folded) if not date else ()
            for cited, reasons in group:
                self._link(cited.citation, cited.document, work.id, reasons, candidates)

    def _count_again(self, works: Sequence[str]) -> None:
        """How often and with which dates the laws are cited that citations by name were added to."""
        self._connection.execute("create temp table if not exists counted(id text primary key)")
        self._connection.execute("delete from counted")
        self._connection.executemany("insert into counted values (?)", [(work,) for work in works])
        self._connection.execute(
            """update works set citations = t.citations, cited_by = t.documents from (
                 select work, count(*) as citations, count(distinct document) as documents
                 from citations where work in (select id from counted) and not coalesce(is_self, 0) group by work) as t
               where works.id = t.work"""
        )
        self._connection.executemany(
            "update works set dates = ?, issued_on = ?, label = ? where id = ?", dated_anew(self._connection)
        )

    def take_unnumbered(self, subjects: Subjects) -> None:
        """Documents without a code that can be read: versions of another one, else works of their own."""
        self.finish()
        connection = self._connection
        same = drafts(connection, lambda ident: subjects.text(ident)[0])
        sql = """select id, sha256, doc_type, symbol, code, issuer, issuer_level, issued_on, title from documents
                 where work is null order by id"""
        for ident, sha256, doc_type, symbol, code, issuer, level, date, title in connection.execute(sql).fetchall():
            self._lone.append((ident,))
            if ident in same:
                continue
            label = label_of(doc_type, code, None, date, issuer) + (f": {title[:80]}" if title and not code else "")
            work = _lone_work(work_id(f"document|{sha256}"), doc_type, issuer, level, date, label, ident)
            self._works.append(replace(work, symbol=symbol).row)
            self._of_document.append((work.id, ident))
        self.finish()
        self._versions += [(main, ident) for ident, main in same.items()]
        work_now = "select work from documents where id = ?"
        self._of_document += [(connection.execute(work_now, (main,)).fetchone()[0], one) for one, main in same.items()]
        self.finish()

    def take_rest(self, where: str = "1") -> None:
        """Citations of the document itself, and those without a number that can be read. `where`: a condition on c."""
        connection = self._connection
        rows = connection.execute(
            f"""select c.id, c.document, c.is_self, d.work from citations c cross join documents d on d.id = c.document
                left join links l on l.citation = c.id where l.id is null and {where} order by c.document, c.position"""
        ).fetchall()
        itself = to_json(["cites itself"])
        for citation, document, is_self, work in rows:
            if is_self:
                self._links.append((None, citation, document, work, None, "itself", 1.0, itself, "self", None))
                self._of_citation.append((work, citation))
            else:
                self._link(citation, document, None, ("no number that can be read",))
        self.finish()

    def finish(self) -> None:
        """Writes what was collected."""
        run = self._connection.executemany
        write(
            self._connection,
            {"works": self._works, "links": self._links, "laws": self._laws, "lone": self._lone},
        )
        run("update citations set work = ? where id = ?", self._of_citation)
        run("update documents set work = ? where id = ?", self._of_document)
        run("update documents set version_of = ? where id = ?", self._versions)
        self._works, self._links, self._laws, self._lone = [], [], [], []
        self._of_citation, self._of_document, self._versions = [], [], []


_SCORES = {
    "the document itself": 1.0,
    "symbol": 0.9,
    "year in the code": 0.08,
    "issuer and territory": 0.06,
    "year of the date": 0.02,
    "law of this name and date": 0.9,
    "name of the law": 0.8,
    "nothing else is known": -0.3,
}
"""What each reason adds; any other reason is of a merge or an inference and takes a little away."""


def score_of(reasons: Sequence[str]) -> float:
    """How sure a link is, 0 to 1, from its reasons."""
    return round(max(0.0, min(1.0, sum(_SCORES.get(reason, -0.12) for reason in reasons))), 3)


@lru_cache(maxsize=4_096)
def _scored(reasons: tuple[str, ...]) -> tuple[float, str | None]:
    """The score of reasons, and the reasons as they are stored: few sets of them serve all links."""
    return score_of(reasons), to_json(reasons)


def named_id(folded: str, date: str) -> str:
    """The id of the work of a law that is cited by its name and date alone."""
    return work_id(f"name|{folded}|{date}")


def named_work(folded: str, date: str, cited: Sequence[Named]) -> Work:
    """The work of a law that is cited by its name (and date) alone."""
    first = cited[0]
    label = label_of(first.doc_type, None, first.name, date or None, None)
    work = _lone_work(named_id(folded, date), first.doc_type, first.issuer, "central", date or None, label, None)
    documents = len({one.document for one in cited})
    state = "cited" if date else "ambiguous"
    dates = Counter({date: documents} if date else {})
    return replace(work, name=first.name, state=state, dates=dates, citations=len(cited), cited_by=documents)


def _lone_work(
    ident: str,
    doc_type: str | None,
    issuer: str | None,
    level: str | None,
    date: str | None,
    label: str,
    document: str | None,
) -> Work:
    return Work(
        id=ident,
        doc_type=doc_type,
        number=None,
        symbol=None,
        code=None,
        name=None,
        issuer=issuer,
        issuer_level=level or level_of_issuer(issuer),
        territory=None,
        year=int(date[:4]) if date and date[:4].isdigit() else None,
        issued_on=date,
        dates=Counter([date] if date else []),
        issuers=Counter([issuer] if issuer else []),
        types=Counter([doc_type] if doc_type else []),
        label=label,
        document=document,
        state="in_corpus",
        citations=0,
        cited_by=0,
    )


__all__ = [
    "Cluster",
    "LinkWriter",
    "Linked",
    "citations",
    "heads",
    "link",
    "link_block",
    "places_of",
    "score_of",
]
