"""How often a work is cited and with which readings, counted in few passes over its citations."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.desk import works
from datasette_plugins.desk.store import Reader, Row, desk_of
from tests import desk_corpus
from tests.desk_client import Desk

READINGS = ("issued_on", "issuer", "doc_type", "relation")
CITATIONS = st.lists(
    st.tuples(
        st.sampled_from(["w", "other"]),
        st.sampled_from("abc"),
        st.sampled_from([None, "2024", "2024-02-05"]),
        st.sampled_from([None, "UBND xã An Hạ", "UBND tỉnh Châu Bình"]),
        st.sampled_from(["KH", "QĐ"]),
        st.sampled_from(["implements", "legal_basis"]),
        st.sampled_from([None, 0, 1]),
    ),
    max_size=12,
)


@given(CITATIONS)
def test_counts_are_those_of_each_reading_by_itself(citations: list[tuple[object, ...]]) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create table citations (work, document, issued_on, issuer, doc_type, relation, is_self)")
        db.executemany("insert into citations values (?, ?, ?, ?, ?, ?, ?)", citations)
        found = works.cited(Reader(db), "w")
    ours = [row for row in citations if row[0] == "w" and not row[6]]
    assert (found.citations, found.documents) == (len(ours), len({row[1] for row in ours}))
    shown = (found.dates, found.issuers, found.types, found.relations)
    for place, rows in enumerate(shown, 2):
        wanted: dict[object, list[object]] = defaultdict(list)
        for row in ours:
            wanted[row[place]].append(row[1])
        assert {row["value"]: (row["citations"], row["documents"]) for row in rows} == {
            value: (len(documents), len(set(documents))) for value, documents in wanted.items()
        }
        assert order(rows) == sorted(order(rows), reverse=True), "the most frequent first"


def order(rows: list[Row]) -> list[int]:
    return [row["citations"] for row in rows]


def test_the_most_cited_works_are_counted_before_anyone_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plans.db"
    desk_corpus.make(path)
    monkeypatch.setattr(works, "_MOST_CITED", "select id from works where id = 'w-decision'")
    desk = Desk(path)
    try:
        assert desk.get("/").status == 200
        corpus = desk_of(desk.app)
        assert corpus is not None
        assert corpus.warming is not None
        desk.loop.run_until_complete(corpus.warming)
        assert corpus.kept["work?w-decision"].value.documents == 2
    finally:
        desk.close()
