"""What a document rests on: bases that had been superseded, or that stand lower than the document itself."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.checks.base import Corpus, Found
from corpus.works import day_words, type_names
from rules.loader import table

_RANK = {"central": 0, "province": 1, "district": 2, "commune": 3}
_LEVEL_VI = {"central": "trung ương", "province": "tỉnh", "district": "huyện", "commune": "xã"}
_LEADING = ("KH", "QĐ", "CT", "CTr", "ĐA", "QC", "PA")
"""Types that lead those below; proposals and reports (TTr, BC, CV) rise from below by right."""


def check_cites_superseded(corpus: Corpus) -> Iterator[Found]:
    """A basis that a document in the corpus had replaced or repealed whole, or a dated entry of events.csv tells so."""
    sql = """select c.id, c.document, r.id as ending, r.relation, s.issued_on, s.code, s.doc_type
             from citations r
             join documents s on s.id = r.document
             join citations c on c.work = r.work
             join documents d on d.id = c.document
             where r.relation in ('replaces', 'repeals') and r.pinpoint is null and length(s.issued_on) = 10
               and c.relation in ('legal_basis', 'implements') and c.document != r.document
               and length(d.issued_on) = 10 and d.issued_on > s.issued_on
             order by c.document, c.position, s.issued_on"""
    seen: set[str] = set()
    for row in corpus.rows(sql):
        if row["id"] in seen:
            continue
        seen.add(row["id"])
        by = f"{type_names().get(row['doc_type'], row['doc_type'])} số {row['code'] or '...'}"
        yield Found(
            rule="cites-superseded",
            document=row["document"],
            sides=(corpus.side(row["id"]), corpus.side(row["ending"])),
            words={
                "quote": " ".join(corpus.side(row["id"]).quote.split()),
                "by": f"{by} {'thay thế' if row['relation'] == 'replaces' else 'bãi bỏ'}",
                "date": day_words(row["issued_on"]).removeprefix("ngày "),
            },
            words_en={"by": row["code"] or by},
        )
    yield from _by_events(corpus, seen)


def _by_events(corpus: Corpus, seen: set[str]) -> Iterator[Found]:
    """Bases that a dated entry of rules/events.csv tells to have ended."""
    for event in table("events.csv"):
        if event["kind"] != "superseded":
            continue
        sql = """select c.id, c.document from citations c join works w on w.id = c.work
                 join documents d on d.id = c.document
                 where w.code = ? and c.relation = 'legal_basis' and length(d.issued_on) = 10 and d.issued_on >= ?
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
    marks = ", ".join("?" * len(_LEADING))
    sql = f"""select c.id, c.document, d.issuer_level as own, w.issuer_level as cited
              from citations c join works w on w.id = c.work join documents d on d.id = c.document
              where c.relation = 'legal_basis' and w.doc_type in ({marks}) and c.doc_type in ({marks})
                and d.issuer_level is not null and w.issuer_level is not null and w.issuer is not null
                and c.issuer_text is not null
              order by c.document, c.position"""
    for row in corpus.rows(sql, *_LEADING, *_LEADING):
        if _RANK[row["cited"]] > _RANK[row["own"]]:
            side = corpus.side(row["id"])
            yield Found(
                rule="wrong-hierarchy",
                document=row["document"],
                sides=(side, corpus.head_side(row["document"], "issuer")),
                words={"level": _LEVEL_VI[row["own"]], "quote": " ".join(side.quote.split())},
                words_en={"level": row["own"]},
                confidence=0.7,
            )
