"""The chain of implementation, upward and downward."""

from __future__ import annotations

import sqlite3

import pytest

from corpus.chain import downward
from extract.records import Document
from tests.corpus_kit import Fields, cites, ident, made, stored

PROVINCE = {"doc_type": "KH", "code": "36/KH-UBND", "issuer": "UBND tỉnh Lam Kha", "issuer_level": "province",
            "issued_on": "2024-02-19", "province": "Lam Kha"}  # fmt: skip
DISTRICT = {"doc_type": "KH", "code": "52/KH-UBND", "issuer": "UBND huyện Đan Lĩnh", "issuer_level": "district",
            "issued_on": "2024-03-28", "province": "Lam Kha", "district": "Đan Lĩnh"}  # fmt: skip
COMMUNE = {"doc_type": "KH", "code": "18/KH-UBND", "issuer": "UBND xã Khe Mây", "issuer_level": "commune",
           "issued_on": "2024-04-12", "province": "Lam Kha", "district": "Đan Lĩnh", "commune": "Khe Mây"}  # fmt: skip
TO_PROVINCE = cites("36/KH-UBND", "KH", "2024-02-19", "UBND tỉnh Lam Kha", "implements")
TO_DISTRICT = cites("52/KH-UBND", "KH", "2024-03-28", "UBND huyện Đan Lĩnh", "implements")
TO_COMMUNE = cites("18/KH-UBND", "KH", "2024-04-12", "UBND xã Khe Mây", "implements")
TO_CENTRE = cites("2418/QĐ-TTg", "QĐ", "2023-11-20", "Thủ tướng Chính phủ", "implements")


def plan(head: Fields, *cited: Fields) -> Document:
    words = [str(fields["code"]) for fields in cited]
    text = f"{head['issuer']} {head['code']}. Thực hiện " + "; ".join(words)
    return made(text, head, citations=list(zip(words, cited, strict=True)))


def hops(db: sqlite3.Connection, document: Document) -> list[tuple[int, str | None, str]]:
    sql = """select c.hop, w.code, c.state from chains c left join works w on w.id = c.work
             where c.document = ? order by c.hop, w.code"""
    return db.execute(sql, (ident(document),)).fetchall()


def test_hop_by_hop_to_the_centre() -> None:
    commune, district = plan(COMMUNE, TO_DISTRICT), plan(DISTRICT, TO_PROVINCE)
    db = stored(commune, district, plan(PROVINCE, TO_CENTRE))
    assert hops(db, commune) == [
        (1, "52/KH-UBND", "in_corpus"),
        (2, "36/KH-UBND", "in_corpus"),
        (3, "2418/QĐ-TTg", "only_cited"),
    ]
    assert hops(db, district) == [(1, "36/KH-UBND", "in_corpus"), (2, "2418/QĐ-TTg", "only_cited")]


def test_evidence_of_each_hop_is_a_citation() -> None:
    db = stored(plan(COMMUNE, TO_DISTRICT), plan(DISTRICT, TO_PROVINCE))
    sql = "select c.relation, cited.quote from chains c join citations cited on cited.id = c.via order by hop"
    assert set(db.execute(sql)) == {("implements", "52/KH-UBND"), ("implements", "36/KH-UBND")}


def test_a_plan_that_names_nothing_higher_ends_as_missing() -> None:
    alone = plan(COMMUNE)
    assert hops(stored(alone), alone) == [(1, None, "missing")]


def test_two_dates_make_a_hop_conflicting() -> None:
    other = {**COMMUNE, "code": "22/KH-UBND", "issuer": "UBND xã Suối Ngà", "commune": "Suối Ngà"}
    commune = plan(COMMUNE, TO_PROVINCE)
    db = stored(commune, plan(other, {**TO_PROVINCE, "issued_on": "2023-02-19"}))
    assert hops(db, commune) == [(1, "36/KH-UBND", "conflicting")]


def test_a_circle_is_shown_and_ends() -> None:
    first, second = plan(DISTRICT, TO_COMMUNE), plan(COMMUNE, TO_DISTRICT)
    db = stored(first, second)
    assert hops(db, first) == [(1, "18/KH-UBND", "in_corpus"), (2, "52/KH-UBND", "cyclic")]


@pytest.mark.parametrize(
    "relation, code, kind, issuer, expected",
    [
        ("legal_basis", "36/KH-UBND", "KH", "UBND tỉnh Lam Kha", "36/KH-UBND"),
        ("guided_by", "15-CTr/TU", "CTr", "Tỉnh ủy Lam Kha", "15-CTr/TU"),
        ("legal_basis", "03/CT-UBND", "CT", "UBND tỉnh Lam Kha", "03/CT-UBND"),
        ("mentions", "36/KH-UBND", "KH", "UBND tỉnh Lam Kha", None),
        ("legal_basis", "12/TTr-STC", "TTr", "Sở Tài chính tỉnh Lam Kha", None),
        ("legal_basis", "9/KH-UBND", "KH", "UBND xã Suối Ngà", None),
    ],
)
def test_a_basis_stands_in_where_nothing_is_implemented(
    relation: str, code: str, kind: str, issuer: str, expected: str | None
) -> None:
    district = plan(DISTRICT, cites(code, kind, "2024-01-10", issuer, relation))
    (hop,) = hops(stored(district), district)
    assert hop[1] == expected


def test_what_is_implemented_comes_before_a_basis() -> None:
    basis = cites("15-CTr/TU", "CTr", "2024-01-09", "Tỉnh ủy Lam Kha", "legal_basis")
    district = plan(DISTRICT, basis, TO_PROVINCE)
    assert [hop[1] for hop in hops(stored(district), district)] == ["36/KH-UBND"]


def test_downward_finds_who_carries_it_out() -> None:
    db = stored(plan(COMMUNE, TO_DISTRICT), plan(DISTRICT, TO_PROVINCE), plan(PROVINCE, TO_CENTRE))
    (work,) = db.execute("select id from works where code = '36/KH-UBND'").fetchone()
    codes = dict(db.execute("select id, code from works"))
    assert [(hop, codes[source]) for hop, source, _, _ in downward(db, work)] == [(1, "52/KH-UBND"), (2, "18/KH-UBND")]


class TestGuesses:
    """Where a plan names nothing higher, likely ones are offered and marked."""

    WATER = "Thực hiện Chương trình nước sạch cho mọi nhà năm 2024 trên địa bàn "

    def guessed(self, *others: Document) -> list[tuple[str | None, bool]]:
        alone = plan({**COMMUNE, "title": f"{self.WATER}xã Khe Mây"})
        db = stored(alone, *others)
        sql = """select w.code, c.guess > 0 from chains c left join works w on w.id = c.work
                 where c.document = ? and c.hop = 1 order by c.guess"""
        return [(code, bool(marked)) for code, marked in db.execute(sql, (ident(alone),))]

    def test_a_plan_above_about_the_same(self) -> None:
        found = self.guessed(plan({**DISTRICT, "title": f"{self.WATER}huyện Đan Lĩnh"}, TO_PROVINCE))
        assert found == [(None, False), ("52/KH-UBND", True)]

    def test_a_plan_of_the_province_that_was_taken_in(self) -> None:
        head = {**COMMUNE, "issued_on": "2025-10-12", "province": "Ninh Bình", "district": None}
        alone = plan({**head, "title": f"{self.WATER}xã Khe Mây"})
        above = {**PROVINCE, "issued_on": "2025-03-19", "issuer": "UBND tỉnh Hà Nam", "province": "Hà Nam"}
        other = {**above, "code": "37/KH-UBND", "issuer": "UBND tỉnh Lam Kha", "province": "Lam Kha"}
        titles = [{**one, "title": f"{self.WATER}tỉnh"} for one in (above, other)]
        db = stored(alone, *(plan(one, TO_CENTRE) for one in titles))
        sql = "select w.code from chains c join works w on w.id = c.work where c.document = ? and c.guess > 0"
        assert db.execute(sql, (ident(alone),)).fetchall() == [("36/KH-UBND",)]

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"title": "Tuyên truyền phòng cháy trong mùa khô"}, id="another-subject"),
            pytest.param({"issued_on": "2024-06-01"}, id="issued-later"),
            pytest.param({"province": "Hoài Vĩnh"}, id="another-province"),
            pytest.param({"issuer_level": "commune", "issuer": "UBND xã Suối Ngà"}, id="of-the-same-level"),
        ],
    )
    def test_what_is_not_offered(self, change: Fields) -> None:
        other = {**DISTRICT, "title": f"{self.WATER}huyện Đan Lĩnh", **change}
        assert self.guessed(plan(other, TO_PROVINCE)) == [(None, False)]
