"""Links as a build stores them: works, versions, laws by name, what stays unresolved."""

from __future__ import annotations

from typing import cast

import pytest

from corpus.link import link_block
from corpus.subjects import Subjects
from tests.check_kit import LAM
from tests.corpus_kit import cites, ident, made, stored
from tests.mention_kit import Told, mention

PLAN = {"doc_type": "KH", "code": "18/KH-UBND", "issuer": "UBND xã Khe Mây", "issuer_level": "commune",
        "issued_on": "2024-04-12", "province": "Lam Kha", "district": "Đan Lĩnh", "commune": "Khe Mây",
        "title": "Kế hoạch nước sạch năm nay"}  # fmt: skip


class TestStored:
    """What linking writes."""

    def test_document_is_the_work_that_others_cite(self) -> None:
        plan = made("Kế hoạch nước sạch", PLAN)
        report = made(
            "Thực hiện Kế hoạch số 18/KH-UBND ngày 12/4/2024 của UBND xã Khe Mây",
            {"doc_type": "BC", "code": "3/BC-UBND", "issuer": "UBND xã Khe Mây", "issued_on": "2024-12-01"},
            citations=[("Kế hoạch số 18/KH-UBND ngày 12/4/2024",
                        cites("18/KH-UBND", "KH", "2024-04-12", "UBND xã Khe Mây", "implements"))],
        )  # fmt: skip
        db = stored(plan, report)
        row = db.execute("select document, state, cited_by from works where code = '18/KH-UBND'").fetchone()
        assert row == (ident(plan), "in_corpus", 1)
        assert db.execute("select relation, weight from edges").fetchall() == [("implements", 1)]
        assert db.execute("select state from links").fetchall() == [("linked",)]

    def test_versions_are_shown_and_not_dropped(self) -> None:
        words = " ".join(f"việc thứ {i} làm trong tháng" for i in range(60))
        one, other = made(f"Bản một\n{words}", PLAN), made(f"Bản hai\n{words}", PLAN)
        db = stored(one, other)
        main = min(ident(one), ident(other))
        assert db.execute("select count(*), count(distinct work) from documents").fetchone() == (2, 1)
        assert db.execute("select version_of from documents where version_of is not null").fetchall() == [(main,)]

    def test_a_draft_without_a_number_is_a_version_of_the_final(self) -> None:
        words = " ".join(f"việc thứ {i} làm trong tháng" for i in range(60))
        final = made(f"Số 18\n{words}", PLAN)
        draft = made(f"Số ...\n{words}", {**PLAN, "code": None, "issued_on": None})
        other = made(f"Số ...\n{words[::-1]}", {**PLAN, "code": None})
        db = stored(final, draft, other)
        assert db.execute("select id, version_of from documents where version_of is not null").fetchall() == [
            (ident(draft), ident(final))
        ]
        assert db.execute("select count(distinct work) from documents").fetchone() == (2,)

    def test_document_without_a_number_is_a_work_of_its_own(self) -> None:
        db = stored(made("Kế hoạch chưa lấy số", {**PLAN, "code": None}))
        assert db.execute("select state, code from works").fetchall() == [("in_corpus", None)]

    def test_law_by_name_is_a_work_by_name(self) -> None:
        fields = {**cites("", "LUAT", None, "Quốc hội", "legal_basis"), "code": None, "name": "Luật Nước"}
        db = stored(made("Căn cứ Luật Nước; Luật Nước", PLAN, citations=[("Luật Nước", fields), ("Luật Nước", fields)]))
        assert db.execute("select name, citations from works where name is not null").fetchall() == [("Luật Nước", 2)]

    @pytest.mark.parametrize(
        "date, together",
        [("2023-06-20", True), ("2023", True), ("2019-06-20", False), (None, False)],
        ids=["day", "year", "another-day", "no-day"],
    )
    def test_law_by_name_and_date_is_the_numbered_law(self, date: str | None, together: bool) -> None:
        words = "Luật Nước sạch số 12/2023/QH15 ngày 20/6/2023"
        numbered = made(words, PLAN, citations=[(words, cites("12/2023/QH15", "LUAT", "2023-06-20", "Quốc hội"))])
        fields = {**cites("", "LUAT", date, "Quốc hội", "legal_basis"), "code": None, "name": "Luật Nước sạch"}
        other = {**PLAN, "code": "22/KH-UBND", "issuer": "UBND xã Suối Ngà"}
        db = stored(numbered, made("Căn cứ Luật Nước sạch", other, citations=[("Luật Nước sạch", fields)]))
        assert db.execute("select max(cited_by) from works where doc_type = 'LUAT'").fetchone() == (1 + together,)

    def test_a_bare_name_is_the_law_that_its_document_cites_in_full(self) -> None:
        words = "Luật Nước sạch số 12/2023/QH15 ngày 20/6/2023"
        full = (words, cites("12/2023/QH15", "LUAT", "2023-06-20", "Quốc hội"))
        bare = {**cites("", "LUAT", None, "Quốc hội"), "code": None, "name": "Luật Nước sạch"}
        text = f"Căn cứ {words}; theo quy định của Luật Nước sạch."
        db = stored(made(text, PLAN, citations=[full, ("Luật Nước sạch", bare)]))
        assert db.execute("select count(*), max(citations) from works where doc_type = 'LUAT'").fetchone() == (1, 2)

    def test_a_bare_name_is_no_work_of_its_own_where_two_laws_bear_it(self) -> None:
        laws = [(f"Luật Nước sạch số {code}", cites(code, "LUAT", None, "Quốc hội")) for code in
                ("12/2023/QH15", "31/2009/QH12")]  # fmt: skip
        bare = {**cites("", "LUAT", None, "Quốc hội"), "code": None, "name": "Luật Nước sạch"}
        text = f"Căn cứ {laws[0][0]}; {laws[1][0]}; Luật Nước sạch."
        db = stored(made(text, PLAN, citations=[*laws, ("Luật Nước sạch.", bare)]))
        assert db.execute("select state, dates from works where code is null").fetchall() == [
            ("ambiguous", None),
        ]
        (candidates,) = db.execute("select candidates from links where candidates is not null").fetchone()
        assert "12/2023/QH15" in candidates
        assert "31/2009/QH12" in candidates

    def test_dates_printed_beside_the_name_count_for_the_numbered_law(self) -> None:
        words = "Luật Nước sạch số 12/2023/QH15"
        numbered = made(words, PLAN, citations=[(words, cites("12/2023/QH15", "LUAT", None, "Quốc hội"))])
        fields = {**cites("", "LUAT", "2023-06-20", "Quốc hội"), "code": None, "name": "Luật Nước sạch"}
        other = {**PLAN, "code": "22/KH-UBND", "issuer": "UBND xã Suối Ngà"}
        db = stored(numbered, made("theo Luật Nước sạch", other, citations=[("Luật Nước sạch", fields)]))
        row = db.execute("select issued_on, dates, label from works where doc_type = 'LUAT'").fetchone()
        assert row == ("2023-06-20", '{"2023-06-20":1}', "Luật Nước sạch số 12/2023/QH15 ngày 20/6/2023")

    def test_a_file_that_lost_its_letters_is_a_version_still(self) -> None:
        text = " ".join(f"việc thứ {i} làm trong tháng này của xã" for i in range(80))
        damaged = text.replace("ủ", "\ufffd")
        db = stored(made(text, PLAN), made(damaged, PLAN))
        assert db.execute("select count(*) from documents where version_of is not null").fetchone() == (1,)

    def test_a_damaged_copy_without_a_number_is_a_version_of_the_whole_one(self) -> None:
        text = " ".join(f"việc thứ {i} làm trong tháng này của xã" for i in range(80))
        head = {**PLAN, "code": None}
        lost = {**head, "title": str(PLAN["title"]).replace("ă", "\ufffd"), "issuer": "UBND x\ufffd Khe Mây"}
        whole, damaged = made(text, head), made(text.replace("ủ", "\ufffd"), lost)
        other = made(text[::-1].replace("a", "\ufffd"), lost)
        db = stored(damaged, whole, other)
        assert db.execute("select id, version_of from documents where version_of is not null").fetchall() == [
            (ident(damaged), ident(whole))
        ]

    def test_blank_number_stays_unresolved(self) -> None:
        fields = {**cites("", "KH", None, LAM), "code": None}
        db = stored(made("theo Kế hoạch số   /KH-UBND", PLAN, citations=[("Kế hoạch số   /KH-UBND", fields)]))
        assert db.execute("select state, work from links").fetchall() == [("unresolved", None)]

    def test_a_document_cites_itself(self) -> None:
        fields = {**cites("18/KH-UBND", "KH", "2024-04-12", "UBND xã Khe Mây"), "is_self": True}
        db = stored(made("Kèm theo Kế hoạch số 18/KH-UBND", PLAN, citations=[("Kế hoạch số 18/KH-UBND", fields)]))
        assert db.execute("select l.state, l.work = d.work from links l join documents d").fetchall() == [("self", 1)]
        assert db.execute("select count(*) from edges").fetchone() == (0,)

    def test_foreign_keys_hold(self) -> None:
        db = stored(made("Kế hoạch nước sạch", PLAN))
        assert db.execute("pragma foreign_key_check").fetchall() == []


class Distinct(Told):
    """Documents whose texts have nothing in common."""

    def text(self, document: str) -> tuple[str, str]:
        return " ".join(f"{document}{i}" for i in range(30)), ""


def test_no_work_is_lost_where_many_documents_share_a_number() -> None:
    heads = [
        mention(f"{body}{copy}", "75/KH-UBND", "2024-02-01", f"UBND xã Khe {body}", head=True)
        for body in range(400)
        for copy in "abc"
    ]
    linked = link_block(heads, cast(Subjects, Distinct({})))
    made = {work.id for work in linked.works}
    assert len(made) == len(heads)
    assert {work.id for _, work, *_ in linked.links if work} == made
