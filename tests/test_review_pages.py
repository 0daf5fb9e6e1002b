"""Reviewing on the pages: what is recorded, what happens where two decide at once, the queue, the working papers."""

from __future__ import annotations

import hashlib
import io
import os
import re
import sqlite3
import zipfile
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from corpus.review import FILE, apply_states, backup, read_decisions
from extract.records import KehoachError
from tests import desk_corpus
from tests.desk_client import count
from tests.review_client import K, Office, Person

DATES = f"{K}/finding/f-dates"
DECIDE = f"{DATES}/decide"
DATE = "citations:c-district-2:issued_on"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("review") / "plans.db"
    return path, desk_corpus.make(path, hostile=True)


class TestDeciding:
    @pytest.mark.parametrize("kind, state", [("confirmed", "đúng"), ("dismissed", "không phải sai sót")])
    def test_it_is_recorded_with_who_and_when_and_holds_at_once(
        self, office: Office, an: Person, kind: str, state: str
    ) -> None:
        before = count(an.get(f"{K}/findings?state=open"))
        answer = an.decide("f-dates", kind=kind, note="đã đối chiếu bản gốc")
        assert answer.status == 302
        (decision,) = office.decisions()
        assert (decision.who, decision.kind, decision.note) == ("Lê Thị Chủ", kind, "đã đối chiếu bản gốc")
        assert decision.made_at
        assert decision.quote
        shown = an.get(answer.headers["location"])
        for words in ("Đã ghi.", state, "Lê Thị Chủ", "đã đối chiếu bản gốc"):
            assert words in shown.text
        assert count(an.get(f"{K}/findings?state=open")) == before - 1
        assert count(an.get(f"{K}/findings?state={kind}")) == 1
        assert state in office.get(DATES).text, "readers see the state at once"
        assert "đã đối chiếu" not in office.get(DATES).text, "and not what reviewers say to each other"
        assert "Lê Thị Chủ" not in office.get(DATES).text

    def test_it_can_be_taken_back_and_all_of_it_stays(self, office: Office, an: Person) -> None:
        for kind in ("confirmed", "reopened", "dismissed", "reopened"):
            assert an.decide("f-dates", kind=kind).status == 302
        assert [decision.kind for decision in office.decisions()] == ["confirmed", "reopened", "dismissed", "reopened"]
        page = an.get(DATES)
        assert page.text.count("mở lại") >= 2
        assert "chưa xem" in page.text

    def test_the_name_is_that_of_the_session(self, office: Office, binh: Person) -> None:
        binh.decide("f-dates", kind="confirmed", who="an", reviewer="an", made_at="2001-01-01")
        (decision,) = office.decisions()
        assert decision.who == "binh"
        assert not decision.made_at.startswith("2001")
        assert "Trần Văn Bình" in binh.get(DATES).text

    def test_a_correction_of_what_was_read(self, office: Office, an: Person) -> None:
        answer = an.decide("f-dates", kind="corrected", field="citations:c-district-2:issued_on", value="05/02/2024")
        assert answer.status == 302
        (decision,) = office.decisions()
        assert (decision.target_table, decision.target, decision.field) == ("citations", "c-district-2", "issued_on")
        assert decision.value == "2024-02-05"
        assert decision.sha256
        assert decision.quote
        assert "sửa Ngày ban hành thành “2024-02-05”" in an.get(DATES).text

    def test_assigning_and_the_queue_of_a_person(self, office: Office, an: Person, binh: Person) -> None:
        assert an.decide("f-dates", kind="assigned", assignee="binh").status == 302
        assert an.decide("f-number", kind="assigned", assignee="an").status == 302
        assert an.decide("f-number", kind="assigned", assignee="").status == 302
        mine = binh.get(f"{K}/findings?assignee=binh")
        assert count(mine) == 1
        assert "giao cho Trần Văn Bình" in mine.text
        total = count(binh.get(f"{K}/findings"))
        assert count(binh.get(f"{K}/findings?assignee=-")) == total - 1
        assert count(office.get(f"{K}/findings?assignee=binh")) == total, "readers have no such filter"

    @pytest.mark.parametrize(
        "fields, said",
        [
            ({"kind": "burned"}, "Không có cách xử lý như vậy"),
            ({"kind": ""}, "Không có cách xử lý như vậy"),
            ({"kind": "note", "note": "  "}, "Hãy nhập ý kiến"),
            ({"kind": "note", "note": "x" * 4001}, "quá dài"),
            ({"kind": "assigned", "assignee": "ngoài"}, "Không có người rà soát nào như vậy"),
            ({"kind": "corrected", "field": DATE, "value": "31/6/2024"}, "ngày có trên lịch"),
            ({"kind": "corrected", "field": DATE, "value": ""}, "Hãy nhập nội dung đúng"),
            ({"kind": "corrected", "field": "citations:c-district-2:relation", "value": "<b>"}, "hãy chọn"),
            ({"kind": "corrected", "field": "citations:c-district-2:id", "value": "x"}, "không sửa được ở đây"),
            ({"kind": "corrected", "field": "budgets:b-1:vnd", "value": "5"}, "không sửa được ở đây"),
            ({"kind": "corrected", "field": "documents:x:sha256", "value": "5"}, "không sửa được ở đây"),
            ({"kind": "corrected", "field": "sqlite_master", "value": "5"}, "không sửa được ở đây"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_said_and_nothing_is_recorded(
        self, office: Office, an: Person, fields: dict[str, str], said: str
    ) -> None:
        answer = an.decide("f-dates", **{"note": "ghi lại giúp", **fields})
        assert answer.status == 400
        assert said in answer.text
        assert office.decisions() == []
        if fields.get("value"):
            assert f'value="{fields["value"]}"' in unescape(answer.body) or fields["value"] not in ("31/6/2024",)
        if "note" not in fields:
            assert "ghi lại giúp" in answer.body, "what was typed is still there"

    def test_what_is_not_there(self, an: Person) -> None:
        token = an.token(DATES)
        for key in ("none", "..~2F..~2Fetc", "~3Cscript~3E", "' or 1=1 --"):
            answer = an.post(
                f"{K}/finding/{quote(key)}/decide", {"form_token": token, "kind": "confirmed", "seen": "0"}
            )
            assert answer.status in (302, 404), "Datasette sends a path with percent signs on to its own spelling"
            assert answer.headers.get("location", K).startswith(K)
        assert an.office.decisions() == []

    def test_a_decision_outlives_a_rebuild_and_a_new_id(self, tmp_path: Path) -> None:
        desk_corpus.make(tmp_path / "plans.db")
        office = Office(tmp_path / "plans.db")
        try:
            person = Person(office)
            person.by_link()
            person.decide("f-dates", kind="confirmed", note="đúng là hai ngày")
            person.decide("f-dates", kind="assigned", assignee="Lê Thị Chủ")
            self.rebuilt(tmp_path / "plans.db")
            page = person.get(f"{K}/finding/f-anew")
            for words in ("đúng là hai ngày", "giao cho Lê Thị Chủ"):
                assert words in page.text
            assert count(person.get(f"{K}/findings?state=confirmed&assignee=Lê Thị Chủ")) == 1
            assert person.decide("f-anew", kind="reopened").status == 302
            assert count(person.get(f"{K}/findings?state=confirmed")) == 0
        finally:
            office.close()

    def rebuilt(self, path: Path) -> None:
        """The same corpus again, by a program that gives the finding another id."""
        new = path.with_name("new.db")
        desk_corpus.make(new)
        connection = sqlite3.connect(new)
        connection.execute("update finding_evidence set finding = 'f-anew' where finding = 'f-dates'")
        connection.execute("update findings set id = 'f-anew' where id = 'f-dates'")
        apply_states(connection, read_decisions(path.with_name(FILE)))
        connection.close()
        os.replace(new, path)


class TestTwoAtOnce:
    def test_the_second_is_told_and_loses_nothing(self, office: Office, an: Person, binh: Person) -> None:
        seen_by_an, seen_by_binh = an.get(DATES), binh.get(DATES)
        assert binh.send(seen_by_binh, DECIDE, kind="dismissed", note="lỗi đánh máy").status == 302
        answer = an.send(seen_by_an, DECIDE, kind="confirmed", note="hai ngày khác nhau thật")
        assert answer.status == 409
        for words in ("người khác đã ghi trước", "Trần Văn Bình", "không phải sai sót", "lỗi đánh máy"):
            assert words in answer.text
        assert ">hai ngày khác nhau thật</textarea>" in answer.body
        assert [decision.who for decision in office.decisions()] == ["binh"]
        again = an.send(answer, DECIDE, kind="confirmed", note="hai ngày khác nhau thật")
        assert again.status == 302
        assert [decision.kind for decision in office.decisions()] == ["dismissed", "confirmed"]

    def test_notes_never_clash(self, office: Office, an: Person, binh: Person) -> None:
        seen_by_an, seen_by_binh = an.get(DATES), binh.get(DATES)
        binh.send(seen_by_binh, DECIDE, kind="dismissed")
        assert an.send(seen_by_an, DECIDE, kind="note", note="xem thêm bản giấy").status == 302
        assert len(office.decisions()) == 2

    def test_a_correction_of_a_fact_counts_for_its_finding(self, office: Office, an: Person, binh: Person) -> None:
        seen = an.get(DATES)
        binh.decide("f-dates", kind="corrected", field="citations:c-district-2:issued_on", value="2024-02-05")
        assert an.send(seen, DECIDE, kind="confirmed").status == 409

    def test_other_findings_do_not_clash(self, office: Office, an: Person, binh: Person) -> None:
        seen = an.get(DATES)
        binh.decide("f-number", kind="dismissed")
        assert an.send(seen, DECIDE, kind="confirmed").status == 302

    def test_at_the_same_moment_one_of_them_wins(self, office: Office, an: Person, binh: Person) -> None:
        import asyncio

        pages = [person.get(DATES) for person in (an, binh)]
        requests = []
        for person, page in zip((an, binh), pages, strict=True):
            fields = {
                item["name"]: item["value"] for item in page.all("input") if item.get("name") in ("form_token", "seen")
            }
            sent = office.app.client.request("POST", DECIDE, data={**fields, "kind": "confirmed"}, cookies=person.jar)
            requests.append(sent)

        async def both() -> list[int]:
            return [answer.status_code for answer in await asyncio.gather(*requests)]

        assert sorted(office.loop.run_until_complete(both())) == [302, 409]
        assert len(office.decisions()) == 1


class TestTheWayThroughTheQueue:
    @pytest.mark.parametrize(
        "query", ["", "?severity=error", "?rule=number-missing", "?level=commune&state=open", "?year=2024"]
    )
    def test_next_and_previous_go_through_the_list(self, office: Office, query: str) -> None:
        listed = [
            unescape(link) for link in re.findall(r'<h3><a href="([^"]+)"', office.get(f"{K}/findings{query}").body)
        ]
        assert len(listed) == count(office.get(f"{K}/findings{query}"))
        for rel, way in (("next", listed), ("prev", listed[::-1])):
            path: str | None = way[0]
            walked = []
            while path is not None:
                walked.append(path)
                links = office.get(path).all("a")
                path = next((unescape(link["href"]) for link in links if link.get("rel") == rel), None)
            assert walked == way
        for number, path in enumerate(listed, 1):
            assert f"{number} trong {len(listed)}" in office.get(path).text

    def test_a_finding_that_was_decided_keeps_its_neighbours(self, office: Office, an: Person) -> None:
        query = "?state=open"
        listed = re.findall(r"/finding/([^\"?]+)\?", an.get(f"{K}/findings{query}").body)
        an.decide(listed[1], query, kind="confirmed")
        page = an.get(f"{K}/finding/{listed[1]}{query}")
        assert "không còn trong bộ lọc này" in page.text
        beside = {link["rel"]: link["href"] for link in page.all("a") if link.get("rel") in ("next", "prev")}
        assert f"/{listed[0]}?" in beside["prev"]
        assert f"/{listed[2]}?" in beside["next"]

    def test_every_filter_leads_to_as_many_rows_as_it_says(self, office: Office, an: Person) -> None:
        an.decide("f-dates", kind="confirmed")
        an.decide("f-number", kind="assigned", assignee="an")
        an.send(an.get(f"{K}/cases"), f"{K}/cases", value="một hồ sơ", document=self.province(office))
        page = an.get(f"{K}/findings")
        filters = re.findall(r'<li><a href="([^"]+)"><span>[^<]*</span> <b>(\d+)</b></a>', page.body)
        assert {name for href, _ in filters for name in re.findall(r"[?&;](\w+)=", href)} == {
            *("severity", "rule", "state", "scope", "level", "province", "year", "assignee", "case")
        }
        for href, said in filters:
            assert count(an.get(unescape(href))) == int(said), href

    def province(self, office: Office) -> str:
        return hashlib.sha256(desk_corpus.PROVINCE_PLAN.encode()).hexdigest()[:12]


class TestWorkingPapers:
    def book(self, page_of: Person | Office, path: str) -> tuple[list[list[str]], str]:
        """The cells of the first sheet of a workbook, and all that it holds."""
        office = page_of if isinstance(page_of, Office) else page_of.office
        jar = {} if isinstance(page_of, Office) else page_of.jar
        answer = office.loop.run_until_complete(office.app.client.get(path, cookies=jar))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
        assert answer.headers["content-disposition"].startswith('attachment; filename="kehoach-')
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        text = archive.read("xl/worksheets/sheet1.xml").decode()
        rows = re.findall(r"<row>(.*?)</row>", text, re.DOTALL)
        cells = [[self.cell(cell) for cell in re.findall(r"<c [^>]*?(?:/>|>.*?</c>)", row, re.DOTALL)] for row in rows]
        return cells, "".join(archive.read(name).decode() for name in archive.namelist())

    def cell(self, xml: str) -> str:
        match = re.search(r"<(t|v)[^>]*>(.*?)</\1>", xml, re.DOTALL)
        return unescape(match[2]) if match else ""

    def test_the_list_holds_what_was_decided_with_origin_hash_and_build(self, office: Office, an: Person) -> None:
        an.decide("f-dates", kind="confirmed", note="=HYPERLINK(1) đã xem, CCCD số 012345678901")
        cells, whole = self.book(an, f"{K}/findings.xlsx?rule=citation-date-conflict")
        head, *rows = cells
        assert len(rows) == 1
        row = dict(zip(head, rows[0], strict=True))
        assert row["Kết luận"] == "đúng"
        assert row["Người kết luận"] == "Lê Thị Chủ"
        assert "đã xem" in row["Ý kiến"]
        assert "012345678901" not in whole
        assert "05/02/2024" in row["Bằng chứng 1"]
        assert "05/02/2023" in row["Bằng chứng 2"]
        assert row["Nguồn"] == "https://congbao.example/kh\nhttps://congbao.example/kh"
        assert re.fullmatch(r"[0-9a-f]{64}\n[0-9a-f]{64}", row["SHA-256"])
        assert "09:00 ngày 01/12/2024" in whole, "when the database was built"
        assert "<f>" not in whole

    def test_a_reader_gets_the_list_without_who_said_what(self, office: Office, an: Person) -> None:
        an.decide("f-dates", kind="confirmed", note="điều riêng")
        cells, whole = self.book(office, f"{K}/findings.xlsx")
        assert len(cells) == 1 + count(office.get(f"{K}/findings"))
        assert "Lê Thị Chủ" not in whole
        assert "điều riêng" not in whole
        for path in (f"{K}/findings/report", f"{K}/findings"):
            assert "Lê Thị Chủ" not in office.get(path).body
            assert "điều riêng" not in office.get(path).body

    def test_the_report_tells_both_sides_and_where_they_come_from(self, office: Office, an: Person) -> None:
        an.decide("f-dates", kind="confirmed", note="CCCD số 012345678901")
        page = an.get(f"{K}/findings/report?rule=citation-date-conflict")
        assert page.status == 200
        for words in (
            *("Giấy tờ làm việc", "05/02/2024", "05/02/2023", "Nghị định 30/2020/NĐ-CP", "https://congbao.example/kh"),
            *("09:00 ngày 01/12/2024", "Lê Thị Chủ", "Có thể do lỗi đánh máy", "CCCD số ████████████"),
        ):
            assert words in page.text, words
        assert "012345678901" not in page.body
        for text in (desk_corpus.PROVINCE_PLAN, desk_corpus.DISTRICT_PLAN):
            assert hashlib.sha256(text.encode()).hexdigest() in page.text

    def test_a_backup_is_whole_while_people_work(self, office: Office, an: Person, tmp_path: Path) -> None:
        an.decide("f-dates", kind="confirmed")
        held: list[int] = []

        def amid(review: sqlite3.Connection) -> None:
            review.execute("begin immediate")
            held.append(backup(office.review.path, tmp_path / "copy.db"))
            review.execute("rollback")

        office.review.write(amid)
        assert held == [1]
        assert [decision.target for decision in read_decisions(tmp_path / "copy.db")] == ["f-dates"]
        with pytest.raises(KehoachError, match="cannot be copied"):
            backup(office.review.path, tmp_path / "no" / "copy.db")
        with pytest.raises(KehoachError, match="another file"):
            backup(office.review.path, office.review.path)


def test_everything_holds_below_a_base_path(built: tuple[Path, dict[str, str]]) -> None:
    built[0].with_name(FILE).unlink(missing_ok=True)
    office = Office(built[0], "/audit/plans")
    base = "/audit/plans"
    try:
        person = Person(office)
        answer = person.by_link()
        assert answer.headers["location"] == f"{base}{K}/findings"
        assert "Path=/audit/plans/" in answer.headers["set-cookie"]
        answer = person.decide("f-dates", "?state=open", kind="confirmed")
        assert answer.headers["location"].startswith(f"{base}{DATES}?")
        answer = person.send(person.get(f"{K}/cases"), f"{K}/cases", value="hồ sơ", document=built[1]["province"])
        assert answer.headers["location"] == f"{base}{K}/case/1"
        for path in (DATES, f"{K}/findings", f"{K}/cases", f"{K}/case/1?q=ke", f"{K}/findings/report?case=1"):
            page = person.get(path)
            assert page.status == 200
            for tag, attributes in page.elements:
                for name in ("href", "src", "action"):
                    assert attributes.get(name, "#").startswith((f"{base}/", "#", "?")), (path, tag, attributes)
        anonymous = Person(office).get(f"{K}/cases")
        assert anonymous.headers["location"] == f"{base}{K}/sign-in?next={quote(base + K + '/cases')}"
    finally:
        office.close()
