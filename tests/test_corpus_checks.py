"""Checks across documents: each rule fires on its case and keeps silent beside it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from corpus.audit import audit
from corpus.build import build
from corpus.checks import CHECKS
from corpus.checks.base import Corpus
from extract.records import Document
from rules.findings import all_rules
from tests.check_kit import COMMUNE, DISTRICT, LAM, OTHER, PROVINCE, TO_DISTRICT, TO_PROVINCE, allotting, plan
from tests.corpus_kit import SAMPLES, UNITS, Fields, cites, findings, ident, made, sides, stored


def test_every_check_is_a_declared_rule_of_the_corpus() -> None:
    declared = {rule.id for rule in all_rules().values() if rule.scope == "corpus"}
    assert set(CHECKS) == declared


class TestDates:
    def test_two_dates_of_one_work(self) -> None:
        one, other = plan(COMMUNE, allotting("2024-03-15")), plan(OTHER, allotting("2023-03-15"))
        db = stored(one, other)
        assert {document for document, _ in sides(db, "citation-date-conflict")} == {ident(one), ident(other)}

    def test_names_the_reading_that_the_plans_years_support(self) -> None:
        one = plan({**COMMUNE, "period": "2024"}, allotting("2024-03-15"))
        db = stored(one, plan({**OTHER, "period": "2024"}, allotting("2023-03-15")))
        (message,) = db.execute("select message_vi from findings where rule = 'citation-date-conflict'").fetchone()
        assert "15/3/2024 có căn cứ hơn" in message

    def test_a_date_copied_from_the_citation_beside_it_is_the_wrong_one(self) -> None:
        beside = ("Quyết định số 77/QĐ-UBND ngày 15/03/2023", cites("77/QĐ-UBND", "QĐ", "2023-03-15", LAM))
        db = stored(plan(COMMUNE, allotting("2024-03-15")), plan(OTHER, beside, allotting("2023-03-15")))
        (message,) = db.execute("select message_vi from findings where rule = 'citation-date-conflict'").fetchone()
        assert "15/3/2024 có căn cứ hơn" in message

    def test_an_odd_date_that_is_another_works_names_that_work(self) -> None:
        def decree(number: int, day: str) -> tuple[str, Fields]:
            year, month, date = day.split("-")
            quote = f"Nghị định số {number}/2025/NĐ-CP ngày {date}/{month}/{year}"
            return quote, cites(f"{number}/2025/NĐ-CP", "NĐ", day, "Chính phủ")

        heads = [{**COMMUNE, "code": f"{n}/KH-UBND", "issuer": f"UBND xã Khe {n}"} for n in range(4)]
        right = [plan(head, decree(225, "2025-08-15"), decree(255, "2025-09-29")) for head in heads[:3]]
        wrong = plan(heads[3], decree(225, "2025-09-29"))
        db = stored(*right, wrong)
        (message,) = db.execute("select message_en from findings where rule = 'citation-date-conflict'").fetchone()
        assert "The other is the date of 255/2025/NĐ-CP" in message
        (message,) = (
            stored(*right[:2], plan(heads[3], decree(225, "2025-09-30")))
            .execute("select message_en from findings where rule = 'citation-date-conflict'")
            .fetchone()
        )
        assert "The other is the date" not in message

    def test_says_where_nothing_decides(self) -> None:
        db = stored(plan(COMMUNE, allotting("2024-03-15")), plan(OTHER, allotting("2023-03-15")))
        (message,) = db.execute("select message_en from findings where rule = 'citation-date-conflict'").fetchone()
        assert "Nothing in the corpus decides" in message

    def test_a_date_that_the_words_do_not_hold_is_no_evidence(self) -> None:
        fields = cites("17/2021/TT-BTC", "TT", "2021-02-26", "Bộ Tài chính")
        right = ("Thông tư số 17/2021/TT-BTC ngày 26/01/2021", {**fields, "issued_on": "2021-01-26"})
        db = stored(plan(COMMUNE, right), plan(OTHER, ("số 17/2021/TT-BTC", fields)))
        assert findings(db, "citation-date-conflict") == []

    def test_agreement_is_silent(self) -> None:
        db = stored(plan(COMMUNE, allotting("2024-03-15")), plan(OTHER, allotting("2024-03-15")))
        assert findings(db, "citation-date-conflict") == []

    def test_a_year_in_the_code_that_the_term_excludes(self) -> None:
        right = ("Luật số 97/2015/QH13", cites("97/2015/QH13", "LUAT", None, "Quốc hội"))
        wrong = ("Luật số 97/2025/QH13", cites("97/2025/QH13", "LUAT", None, "Quốc hội"))
        one, other = plan(COMMUNE, right), plan(OTHER, wrong)
        assert {document for document, _ in sides(stored(one, other), "citation-date-conflict")} == {
            ident(one),
            ident(other),
        }


class TestTypesAndIssuers:
    def test_two_types_of_one_work(self) -> None:
        kh = ("Kế hoạch số 52/KH-UBND ngày 28/3/2024", TO_DISTRICT)
        qd = ("Quyết định số 52/KH-UBND ngày 28/3/2024", {**TO_DISTRICT, "doc_type": "QĐ"})
        third = {**OTHER, "code": "30/KH-UBND", "issued_on": "2024-05-02"}
        wrong = plan(OTHER, qd)
        db = stored(plan(COMMUNE, kh), wrong, plan(third, kh))
        assert findings(db, "citation-type-conflict") == [ident(wrong)]

    def test_a_plan_named_by_the_decision_that_issues_it_is_no_conflict(self) -> None:
        db = stored(plan(COMMUNE, allotting("2024-03-15")), plan(OTHER, allotting("2024-03-15", "KH")))
        assert findings(db, "citation-type-conflict") == []

    def test_two_issuers_of_one_work(self) -> None:
        fields = cites("2418/QĐ-TTg", "QĐ", "2023-11-20", "Thủ tướng Chính phủ", "implements")
        right = ("Quyết định số 2418/QĐ-TTg ngày 20/11/2023 của Thủ tướng Chính phủ", fields)
        health = {**fields, "issuer": "Bộ Y tế", "issuer_text": "Bộ Y tế"}
        wrong = plan(OTHER, ("Quyết định số 2418/QĐ-TTg ngày 20/11/2023 của Bộ Y tế", health))
        db = stored(plan(COMMUNE, right), plan(DISTRICT, right), wrong)
        assert findings(db, "citation-issuer-conflict") == [ident(wrong)]

    @pytest.mark.parametrize("issuer", ["Bộ", "Bộ trưởng", "liên Bộ"])
    def test_a_name_cut_short_is_no_conflict(self, issuer: str) -> None:
        fields = cites("05/2018/TT-BCT", "TT", "2018-04-03", "Bộ Công Thương")
        short = ("Thông tư số 05/2018/TT-BCT ngày 03/4/2018", {**fields, "issuer": issuer, "issuer_text": issuer})
        db = stored(plan(COMMUNE, ("Thông tư số 05/2018/TT-BCT", fields)), plan(OTHER, short))
        assert findings(db, "citation-issuer-conflict") == []

    def test_letters_of_another_body(self) -> None:
        fields = cites("44/2023/TT-BCT", "TT", "2023-12-29", "Bộ Công Thương")
        right = ("Thông tư số 44/2023/TT-BCT ngày 29/12/2023 của Bộ Công Thương", fields)
        wrong = plan(OTHER, ("Thông tư số 44/2023/TT-BTC ngày 29/12/2023", {**fields, "code": "44/2023/TT-BTC"}))
        db = stored(plan(COMMUNE, right), plan(DISTRICT, right), wrong)
        assert findings(db, "citation-issuer-conflict") == [ident(wrong)]
        (message,) = db.execute("select message_en from findings where rule = 'citation-issuer-conflict'").fetchone()
        assert "44/2023/TT-BCT is better supported" in message

    def test_another_term_of_the_assembly(self) -> None:
        right = ("Luật Nước số 83/2015/QH13", cites("83/2015/QH13", "LUAT", None, "Quốc hội"))
        wrong = plan(OTHER, ("Luật Nước số 83/2015/QH14", cites("83/2015/QH14", "LUAT", None, "Quốc hội")))
        db = stored(plan(COMMUNE, right), plan(DISTRICT, right), wrong)
        assert findings(db, "citation-document-mismatch") == [ident(wrong)]

    def test_normative_cited_as_individual(self) -> None:
        council = "HĐND tỉnh Lam Kha"
        right = ("Nghị quyết số 21/2023/NQ-HĐND ngày 08/12/2023", cites("21/2023/NQ-HĐND", "NQ", "2023-12-08", council))
        wrong = plan(
            OTHER, ("Nghị quyết số 21/NQ-HĐND ngày 08/12/2023", cites("21/NQ-HĐND", "NQ", "2023-12-08", council))
        )
        db = stored(plan(COMMUNE, right), plan(DISTRICT, right), wrong)
        assert findings(db, "qppl-confusion") == [ident(wrong)]

    def test_normative_resolution_with_the_letters_of_its_type(self) -> None:
        body, day = "Ủy ban Thường vụ Quốc hội", "2025-04-14"
        right = ("Nghị quyết số 76/2025/UBTVQH15", cites("76/2025/UBTVQH15", "NQ", day, body))
        wrong = plan(OTHER, ("Nghị quyết số 76/2025/NQ-UBTVQH15", cites("76/2025/NQ-UBTVQH15", "NQ", day, body)))
        assert findings(stored(plan(COMMUNE, right), wrong), "qppl-confusion") == [ident(wrong)]
        assert findings(stored(plan(COMMUNE, right), plan(OTHER, right)), "qppl-confusion") == []


class TestOwnHead:
    def test_date_against_the_document_itself(self) -> None:
        wrong = plan(COMMUNE, ("Kế hoạch số 36/KH-UBND ngày 19/02/2023", {**TO_PROVINCE, "issued_on": "2023-02-19"}))
        db = stored(plan(PROVINCE), wrong)
        assert findings(db, "citation-document-mismatch") == [ident(wrong)]

    def test_agreement_is_silent(self) -> None:
        db = stored(plan(PROVINCE), plan(COMMUNE, ("Kế hoạch số 36/KH-UBND ngày 19/02/2024", TO_PROVINCE)))
        assert findings(db, "citation-document-mismatch") == []


class TestRegisters:
    def test_one_number_on_two_documents(self) -> None:
        one = plan(DISTRICT, text="Nội dung về nước sạch cho các thôn vùng cao trong huyện")
        other = plan({**DISTRICT, "issued_on": "2024-05-20"}, text="Tuyên truyền qua loa, qua tờ gấp và hội thi ở xã")
        assert sides(stored(one, other), "duplicate-code") != set()

    def test_order_of_numbers_against_order_of_dates(self) -> None:
        late = plan({**DISTRICT, "code": "40/KH-UBND", "issued_on": "2024-06-30"})
        db = stored(late, plan(DISTRICT), plan({**DISTRICT, "code": "60/KH-UBND", "issued_on": "2024-07-02"}))
        assert findings(db, "number-out-of-sequence") == [ident(late)]

    def test_two_registers_beside_each_other_are_no_disorder(self) -> None:
        days = {"451": "11-19", "456": "11-20", "471": "11-28", "1486": "11-08", "1489": "11-09", "1509": "11-20"}
        plans = (plan({**DISTRICT, "code": f"{n}/KH-UBND", "issued_on": f"2024-{day}"}) for n, day in days.items())
        assert findings(stored(*plans), "number-out-of-sequence") == []

    def test_a_few_days_of_disorder_mean_nothing(self) -> None:
        db = stored(plan({**DISTRICT, "code": "51/KH-UBND", "issued_on": "2024-04-02"}), plan(DISTRICT))
        assert findings(db, "number-out-of-sequence") == []


class TestBases:
    END = ("thay thế Kế hoạch số 36/KH-UBND", {**TO_PROVINCE, "relation": "replaces"})

    def ending(self, quote: str = "Kế hoạch này thay thế Kế hoạch số 36/KH-UBND") -> Document:
        head = {**PROVINCE, "code": "171/KH-UBND", "issued_on": "2024-08-22"}
        return made(quote, head, citations=[("Kế hoạch số 36/KH-UBND", self.END[1])])

    def later(self, date: str) -> Document:
        basis = ("Căn cứ Kế hoạch số 36/KH-UBND", {**TO_PROVINCE, "relation": "legal_basis"})
        return plan({**COMMUNE, "issued_on": date}, basis)

    def test_a_basis_that_was_replaced(self) -> None:
        later = self.later("2024-10-02")
        assert findings(stored(self.ending(), later), "cites-superseded") == [ident(later)]

    def test_a_basis_while_it_held(self) -> None:
        assert findings(stored(self.ending(), self.later("2024-04-12")), "cites-superseded") == []

    def test_a_part_of_it_ended(self) -> None:
        part = self.ending("Kế hoạch này thay thế nội dung tại Kế hoạch số 36/KH-UBND")
        assert findings(stored(part, self.later("2024-10-02")), "cites-superseded") == []

    def test_a_lower_body_ends_nothing(self) -> None:
        head = {**DISTRICT, "code": "99/KH-UBND", "issued_on": "2024-08-22"}
        lower = made("thay thế Kế hoạch số 36/KH-UBND", head, citations=[("Kế hoạch số 36/KH-UBND", self.END[1])])
        assert findings(stored(lower, self.later("2024-10-02")), "cites-superseded") == []

    def test_a_dated_entry_ends_a_law(self) -> None:
        basis = ("Luật số 80/2015/QH13", cites("80/2015/QH13", "LUAT", None, "Quốc hội", "legal_basis"))
        later = plan({**COMMUNE, "issued_on": "2025-06-02"}, basis)
        assert findings(stored(later), "cites-superseded") == [ident(later)]

    def test_an_entry_that_is_not_certain_ends_nothing(self) -> None:
        basis = ("Luật số 39/2019/QH14", cites("39/2019/QH14", "LUAT", None, "Quốc hội", "legal_basis"))
        assert findings(stored(plan({**COMMUNE, "issued_on": "2025-06-02"}, basis)), "cites-superseded") == []

    def test_a_basis_of_a_lower_level(self) -> None:
        lower = ("Kế hoạch số 52/KH-UBND", {**TO_DISTRICT, "relation": "legal_basis"})
        decision = plan({**PROVINCE, "doc_type": "QĐ", "code": "9/QĐ-UBND"}, lower)
        assert findings(stored(decision), "wrong-hierarchy") == [ident(decision)]

    def test_a_proposal_from_below_is_no_wrong_basis(self) -> None:
        proposal = (
            "Tờ trình số 5/TTr-UBND",
            cites("5/TTr-UBND", "TTr", "2024-01-02", "UBND huyện Đan Lĩnh", "legal_basis"),
        )
        assert (
            findings(stored(plan({**PROVINCE, "code": "9/QĐ-UBND", "doc_type": "QĐ"}, proposal)), "wrong-hierarchy")
            == []
        )


def test_auditing_again_changes_nothing() -> None:
    db = stored(plan(COMMUNE, allotting("2024-03-15")), plan(OTHER, allotting("2023-03-15")))
    before = db.execute("select * from findings order by id").fetchall()
    audit(db, UNITS)
    assert db.execute("select * from findings order by id").fetchall() == before


def test_a_side_without_a_place_is_the_first_line() -> None:
    document = made("Dòng đầu\nDòng sau", COMMUNE)
    side = Corpus(stored(document), UNITS).head_side(ident(document), "signer")
    assert (side.quote, side.fact) == ("Dòng đầu", "header.signer")


def test_samples_hold_what_is_planted(tmp_path: Path) -> None:
    report = build([SAMPLES / "text"], tmp_path / "samples.db", units=SAMPLES / "units.csv", workers=1)
    import sqlite3

    db = sqlite3.connect(report.db)
    sql = """select f.rule, files.path from findings f join finding_evidence e on e.finding = f.id
             join files on files.document = e.document"""
    found = {(rule, Path(path).stem) for rule, path in db.execute(sql)}
    with (SAMPLES / "FINDINGS.csv").open(encoding="utf-8", newline="") as file:
        planted = [row for row in csv.DictReader(file) if row["scope"] == "corpus"]
    other_side = {("citation-date-conflict", "kh-xa-khe-may-2024")}  # any document with the right date may stand there
    wanted = {(row["rule"], row["document"]) for row in planted} - other_side
    assert wanted - found == set()
    rules_found = {rule for rule, _ in found if all_rules()[rule].scope == "corpus"}
    assert rules_found == {row["rule"] for row in planted}
