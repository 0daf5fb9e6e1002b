"""What a document rests on: bases that had been superseded, or that stand lower than the document itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Row as SqlRow

from corpus.checks.base import Corpus, Found
from corpus.identity import issuer_key, parse_code
from corpus.lineage import is_lineage
from corpus.works import day_words, type_names
from extract.dates import parse
from rules.hierarchy import types
from rules.loader import pattern, table
from rules.units import LEVEL_WORDS, RANK


def check_cites_superseded(corpus: Corpus) -> Iterator[Found]:
    """A basis that a document in the corpus had replaced or repealed whole, or a dated entry of events.csv tells so."""
    endings: dict[str, _Ending | None] = {}
    # cross joins keep the order in which they are written: endings are few, citations of a work may be many
    sql = """select c.id, c.document, r.id as ending, d.issued_on
             from citations r
             cross join documents s on s.id = r.document
             cross join works w on w.id = r.work
             cross join citations c on c.work = r.work
             cross join documents d on d.id = c.document
             where r.relation in ('replaces', 'repeals') and r.pinpoint is null and length(s.issued_on) = 10
               and w.code is not null and c.relation in ('legal_basis', 'implements') and c.document != r.document
               and length(d.issued_on) = 10 and d.issued_on > s.issued_on and d.doc_type != 'VBHN'
             order by c.document, c.position, s.issued_on, r.id"""
    seen: set[str] = set()
    for row in corpus.rows(sql):
        if row["ending"] not in endings:
            endings[row["ending"]] = _ending(corpus, row["ending"])
        ending = endings[row["ending"]]
        if row["id"] in seen or ending is None or row["issued_on"] < ending.since:
            continue
        seen.add(row["id"])
        yield Found(
            rule="cites-superseded",
            document=row["document"],
            sides=(corpus.side(row["id"]), corpus.side(row["ending"])),
            words={
                "quote": " ".join(corpus.side(row["id"]).quote.split()),
                "by": ending.by,
                "date": day_words(ending.since).removeprefix("ngày "),
            },
            words_en={"by": ending.by_en},
        )
    yield from _by_events(corpus, seen)


@dataclass(frozen=True, slots=True)
class _Ending:
    """What ended a work, and since when."""

    since: str
    by: str
    by_en: str


def _ending(corpus: Corpus, citation: str) -> _Ending | None:
    """The end that a citation of relation `replaces` or `repeals` puts to a work, where it ends it whole.

    None where only a part of it is meant, where the one that ends it has no power over it, or where a normative
    document does not tell from which day it holds.
    """
    (row,) = corpus.rows(
        """select r.relation, r.start, s.text, s.code, s.doc_type, s.issued_on, s.issuer, s.issuer_level,
                  w.issuer as ended_issuer, w.issuer_level as ended_level
           from citations r join documents s on s.id = r.document join works w on w.id = r.work where r.id = ?""",
        citation,
    )
    key = parse_code(row["code"]) if row["code"] else None
    if key is None or row["doc_type"] not in types("ending") or not _has_power(row):
        return None
    if pattern("checks.toml", "part_of_document").search(row["text"][max(0, row["start"] - 90) : row["start"]]):
        return None
    effect = pattern("checks.toml", "effect").search(row["text"])
    since = parse(effect[0]) if effect else None
    if since is None and key.year:
        return None
    name = f"{type_names().get(row['doc_type'], row['doc_type'])} số {row['code']}"
    verb = "thay thế" if row["relation"] == "replaces" else "bãi bỏ"
    return _Ending(since.edtf if since else row["issued_on"], f"{name} {verb}", row["code"])


def _has_power(row: SqlRow) -> bool:
    """Whether the one body can end what the other issued: it is the same, its successor, or of a higher level."""
    if not row["issuer"] or not row["ended_issuer"]:
        return False
    one, other = issuer_key(row["issuer"]), issuer_key(row["ended_issuer"])
    if one == other or is_lineage(one, other):
        return True
    return RANK.get(row["issuer_level"], 9) < RANK.get(row["ended_level"], 0)


def _by_events(corpus: Corpus, seen: set[str]) -> Iterator[Found]:
    """Bases that a dated entry of rules/events.csv tells to have ended; one that is not certain tells nothing."""
    for event in table("events.csv"):
        if event["certain"] != "yes":
            continue
        sql = """select c.id, c.document from citations c join works w on w.id = c.work
                 join documents d on d.id = c.document
                 where w.code = ? and c.relation = 'legal_basis' and length(d.issued_on) = 10 and d.issued_on >= ?
                   and d.doc_type != 'VBHN'
                 order by c.document, c.position"""
        for row in corpus.rows(sql, event["subject"], event["date"]):
            if row["id"] not in seen:
                seen.add(row["id"])
                yield Found(
                    rule="cites-superseded",
                    document=row["document"],
                    sides=(corpus.side(row["id"]),),
                    words={
                        "quote": " ".join(corpus.side(row["id"]).quote.split()),
                        "by": f"{event['by']} thay thế ({event['source']})",
                        "date": day_words(event["date"]).removeprefix("ngày "),
                    },
                    words_en={"by": f"{event['by']} ({event['source']})"},
                )


def check_wrong_hierarchy(corpus: Corpus) -> Iterator[Found]:
    """A basis issued at a lower level than the document that rests on it."""
    leading = sorted(types("leading"))
    marks = ", ".join("?" * len(leading))
    sql = f"""select c.id, c.document, d.issuer_level as own, w.issuer_level as cited
              from {corpus.citations} cross join works w on w.id = c.work cross join documents d on d.id = c.document
              where c.relation = 'legal_basis' and w.doc_type in ({marks}) and c.doc_type in ({marks})
                and d.issuer_level is not null and w.issuer_level is not null and w.issuer is not null
                and c.issuer_text is not null
              order by c.document, c.position"""
    for row in corpus.rows(sql, *leading, *leading):
        if RANK[row["cited"]] > RANK[row["own"]]:
            side = corpus.side(row["id"])
            yield Found(
                rule="wrong-hierarchy",
                document=row["document"],
                sides=(side, corpus.head_side(row["document"], "issuer")),
                words={"level": LEVEL_WORDS[row["own"]], "quote": " ".join(side.quote.split())},
                words_en={"level": row["own"]},
                confidence=0.7,
            )
