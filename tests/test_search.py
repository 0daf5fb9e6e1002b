"""Search: marks are optional, `d` finds `đ`, codes are phrases, exact words come first."""

from __future__ import annotations

import sqlite3

import pytest

from corpus import ranking
from corpus.search import match_expression, search, variants
from tests.corpus_kit import made, stored

TITLES = {
    "12/KH-UBND": "Giảm nghèo về thông tin",
    "21/KH-UBND": "Xây dựng đường giao thông, bồi thường bằng đồng Việt Nam",
    "30/KH-UBND": "Dòng chảy và nước sạch",
    "12/QĐ-UBND": "Giao kinh phí",
    "12/KH-UB": "Giam ngheo",
}


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    head = {"issuer": "UBND xã Khe Mây", "issuer_level": "commune", "issued_on": "2024-04-12"}
    documents = [
        made(
            f"Số: {code}\n{title}\n1. Kinh phí lấy từ quỹ đất\n2. Tổ chức họp thôn về {title.lower()}",
            {**head, "code": code, "title": title, "doc_type": code.split("/")[1].split("-")[0]},
        )
        for code, title in TITLES.items()
    ]
    connection = stored(*documents)
    connection.execute("update sections set role = 'funding' where marker = '1'")
    connection.execute("update sections set role = 'organization' where marker = '2'")
    return connection


def codes(db: sqlite3.Connection, words: str, **fields: object) -> list[str | None]:
    return [hit.code for hit in search(db, words, **fields).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words, found",
    [
        pytest.param("dong", {"21/KH-UBND", "30/KH-UBND"}, id="d-finds-đ-and-d"),
        pytest.param("đồng", {"21/KH-UBND"}, id="đ-finds-only-đ"),
        pytest.param("giam ngheo", {"12/KH-UBND", "12/KH-UB"}, id="without-marks"),
        pytest.param("giảm nghèo", {"12/KH-UBND", "12/KH-UB"}, id="with-marks"),
        pytest.param("GIẢM NGHÈO", {"12/KH-UBND", "12/KH-UB"}, id="capitals"),
        pytest.param("QD-UBND", {"12/QĐ-UBND"}, id="letters-of-a-code"),
        pytest.param("12/QD-UBND", {"12/QĐ-UBND"}, id="code-without-đ"),
        pytest.param("12/KH-UBND", {"12/KH-UBND"}, id="code-is-a-phrase"),
        pytest.param('"nghèo về thông"', {"12/KH-UBND"}, id="quoted-phrase"),
        pytest.param('"thông về nghèo"', set(), id="quoted-phrase-in-another-order"),
        pytest.param("thông nghèo", {"12/KH-UBND"}, id="all-words-in-any-order"),
        pytest.param("nghèo kiểm", set(), id="every-word-counts"),
        pytest.param("   ", set(), id="blank"),
        pytest.param('"', set(), id="lone-quote"),
        pytest.param("--- ***", set(), id="signs-alone"),
        pytest.param("NEAR(a b) OR *", set(), id="operators-are-words"),
    ],
)
def test_finds(db: sqlite3.Connection, words: str, found: set[str]) -> None:
    assert set(codes(db, words)) == found


def test_words_as_typed_come_first(db: sqlite3.Connection) -> None:
    assert codes(db, "giảm nghèo")[0] == "12/KH-UBND"
    assert codes(db, "giam ngheo")[0] == "12/KH-UB"


@pytest.mark.parametrize(
    "fields, found",
    [
        ({"doc_type": "QĐ"}, {"12/QĐ-UBND"}),
        ({"issuer": "khe may"}, set(TITLES)),
        ({"issuer": "suối ngà"}, set()),
        ({"year": 2024}, set(TITLES)),
        ({"year": 2023}, set()),
        ({"level": "commune"}, set(TITLES)),
        ({"level": "district"}, set()),
    ],
)
def test_fields(db: sqlite3.Connection, fields: dict[str, object], found: set[str]) -> None:
    assert set(codes(db, "kinh phí", **fields)) == found


def test_words_in_a_section_of_a_role(db: sqlite3.Connection) -> None:
    assert codes(db, "giảm nghèo", role="funding") == []
    assert set(codes(db, "giam ngheo", role="organization")) == {"12/KH-UBND", "12/KH-UB"}


def test_words_as_typed_in_a_section_come_first() -> None:
    head = {"issuer": "UBND xã Khe Mây", "issuer_level": "commune", "issued_on": "2024-04-12", "doc_type": "KH"}
    texts = {"12/KH-UBND": "1. Quỹ dat của xã, dat, dat", "21/KH-UBND": "1. Quỹ đất của xã"}
    db = stored(*(made(f"Số: {code}\n{text}", {**head, "code": code, "title": text}) for code, text in texts.items()))
    db.execute("update sections set role = 'funding'")
    hits = search(db, "đất", role="funding").hits
    assert [(hit.code, hit.exact) for hit in hits] == [("21/KH-UBND", True)]
    assert [hit.code for hit in search(db, "quỹ dat", role="funding").hits] == ["12/KH-UBND", "21/KH-UBND"]


def test_pages_of_results(db: sqlite3.Connection) -> None:
    whole = search(db, "kinh phí")
    parts = [hit for offset in range(0, 5, 2) for hit in search(db, "kinh phí", limit=2, offset=offset).hits]
    assert whole.total == 5
    assert tuple(parts) == whole.hits


def test_snippets_mark_the_words(db: sqlite3.Connection) -> None:
    (hit,) = search(db, "12/KH-UBND").hits
    assert "\x02" in hit.snippet
    assert "\x03" in hit.snippet


@pytest.mark.parametrize(
    "token, expected",
    [
        ("dong", ["dong", "đong"]),
        ("dadd", 8),
        ("d" * 40, ["d" * 40, "đ" * 40]),
        ("xã", ["xã"]),
    ],
)
def test_variants(token: str, expected: list[str] | int) -> None:
    found = variants(token)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_long_question_stays_small() -> None:
    words = " ".join(["dd/dd-dd"] * 50)
    expression = match_expression(words)
    assert expression is not None
    assert len(expression) < 50 * 16 * 20


@pytest.fixture(scope="module")
def many() -> sqlite3.Connection:
    """Sixty documents that all hold the words; every tenth in its title too."""
    return stored(
        *(
            made(
                f"Số: {n}/KH-UBND\nKế hoạch {'giảm nghèo' if n % 10 == 0 else 'thủy lợi'} số {n}\nVề giảm nghèo",
                {
                    "code": f"{n}/KH-UBND",
                    "title": f"{'Giảm nghèo' if n % 10 == 0 else 'Thủy lợi'} {n}",
                    "issuer": "UBND xã Khe Mây",
                    "issued_on": f"{2021 + n % 2}-04-12",
                },
            )
            for n in range(1, 61)
        )
    )


def test_common_words_are_weighed_in_few_documents_and_found_in_all(
    many: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = {hit.code for hit in search(many, "giam ngheo", limit=100).hits}
    monkeypatch.setattr(ranking, "MOST_RANKED", 8)
    monkeypatch.setattr(ranking, "POOL", 4)
    parts = [search(many, "giam ngheo", limit=7, offset=offset) for offset in range(0, 63, 7)]
    assert {part.total for part in parts} == {60}
    found = [hit.code for part in parts for hit in part.hits]
    assert len(found) == 60
    assert set(found) == everything
    assert {int(str(code).partition("/")[0]) % 10 for code in found[:6]} == {0}, "those with the words in their title"
    rest = [int(str(code).partition("/")[0]) for code in found[14:]]
    assert rest == sorted(rest, reverse=True), "then the newest"
    of_a_year = search(many, "giam ngheo", year=2021, limit=60)
    assert of_a_year.total == len(of_a_year.hits) == 30
    assert search(many, "giam ngheo", offset=60).hits == ()


def test_few_documents_are_all_weighed(many: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    before = search(many, "thuy loi", limit=60)
    monkeypatch.setattr(ranking, "MOST_RANKED", 54)
    assert search(many, "thuy loi", limit=60) == before
    assert before.total == 54


@pytest.mark.parametrize("fields", [{"year": 2021}, {"level": "commune"}, {"doc_type": "KH"}], ids=str)
def test_the_index_is_read_before_the_documents(many: sqlite3.Connection, fields: dict[str, object]) -> None:
    """A planner that takes a filter for a rare one would ask the index for each document: 3 s for 100,000."""
    many.execute("analyze")
    many.execute("update sqlite_stat1 set stat = '1000000 1'")
    many.execute("analyze sqlite_schema")
    asked: list[str] = []
    many.set_trace_callback(asked.append)
    search(many, "giam ngheo", **fields)  # type: ignore[arg-type]
    many.set_trace_callback(None)
    weighing = [sql for sql in asked if "bm25" in sql and "match" in sql]
    assert weighing
    for sql in weighing:
        steps = [str(row[3]) for row in many.execute(f"explain query plan {sql}")]
        assert next(step for step in steps if step.startswith(("SCAN", "SEARCH"))).startswith("SCAN f VIRTUAL"), steps
