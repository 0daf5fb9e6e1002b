"""Search: marks are optional, `d` finds `đ`, codes are phrases, exact words come first."""

from __future__ import annotations

import sqlite3

import pytest

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
