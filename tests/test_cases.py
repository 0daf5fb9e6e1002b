"""Audit cases: what their events come to, that nothing of them is lost, and their pages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from corpus.cases import Case, CaseClashError, Event, EventKind, add, read_cases, standing
from corpus.review import open_review
from extract.records import KehoachError
from tests import desk_corpus
from tests.desk_client import Page
from tests.review_client import K, Office, Person

A, B = "a" * 64, "b" * 64


@pytest.fixture
def review(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_review(tmp_path / "review.db")
    yield connection
    connection.close()


@pytest.fixture
def case(review: sqlite3.Connection) -> Case:
    return add(review, Event(who="an", kind="opened", value="Nước sạch 2024", note="theo quyết định kiểm toán"))


def do(
    review: sqlite3.Connection, case: Case, kind: EventKind, value: str = "", who: str = "an", **more: object
) -> Case:
    return add(review, Event(who=who, kind=kind, case_id=case.id, value=value, **more))  # type: ignore[arg-type]


class TestEvents:
    def test_a_case_is_what_its_events_say(self, review: sqlite3.Connection, case: Case) -> None:
        do(review, case, "document-added", A)
        do(review, case, "document-added", B, who="binh")
        do(review, case, "document-removed", A)
        do(review, case, "person-added", "binh")
        do(review, case, "renamed", "Nước sạch")
        case = do(review, case, "closed", note="xong")
        assert (case.name, case.state) == ("Nước sạch", "closed")
        assert list(case.documents) == [B]
        assert case.documents[B].who == "binh"
        assert list(case.people) == ["binh"]
        assert [event.kind for event in case.events] == [
            *("opened", "document-added", "document-added", "document-removed", "person-added", "renamed", "closed")
        ]
        assert all(event.made_at and event.who for event in case.events)
        assert read_cases(review)[case.id] == case == standing(case.events)

    def test_what_is_so_already_adds_nothing(self, review: sqlite3.Connection, case: Case) -> None:
        for kind, value in (("document-added", A), ("person-added", "binh")):
            once = do(review, case, kind, value)  # type: ignore[arg-type]
            assert do(review, case, kind, value) == once  # type: ignore[arg-type]
        assert do(review, case, "document-removed", B).last == once.last
        assert do(review, case, "renamed", case.name).last == once.last
        assert do(review, case, "reopened").last == once.last

    def test_cases_have_numbers_of_their_own(self, review: sqlite3.Connection, case: Case) -> None:
        other = add(review, Event(who="binh", kind="opened", value="Khác"))
        do(review, case, "document-added", A)
        assert other.id != case.id
        assert list(read_cases(review)) == [other.id, case.id]
        assert not read_cases(review)[other.id].documents

    @pytest.mark.parametrize(
        "kind, value", [("document-added", A), ("person-added", "x"), ("renamed", "x"), ("closed", "")]
    )
    def test_a_closed_case_is_left_as_it_is(
        self, review: sqlite3.Connection, case: Case, kind: EventKind, value: str
    ) -> None:
        do(review, case, "closed")
        with pytest.raises(KehoachError, match="reopen it first"):
            do(review, case, kind, value)
        do(review, case, "note", note="còn thiếu một văn bản")
        assert do(review, case, "reopened").state == "open"

    @pytest.mark.parametrize(
        "event",
        [
            Event(who="an", kind="opened", value="  "),
            Event(who="an", kind="opened", value="x" * 201),
            Event(who="an", kind="note", case_id=1, note=" "),
            Event(who="an", kind="note", case_id=1, note="x" * 4001),
            Event(who="an", kind="document-added", case_id=1),
            Event(who="an", kind="closed", case_id=77),
        ],
    )
    def test_what_makes_no_sense(self, review: sqlite3.Connection, case: Case, event: Event) -> None:
        with pytest.raises(KehoachError):
            add(review, event)
        assert len(read_cases(review)[case.id].events) == 1

    def test_who_closes_without_having_seen_the_last_is_told(self, review: sqlite3.Connection, case: Case) -> None:
        do(review, case, "document-added", A, who="binh")
        with pytest.raises(CaseClashError) as clash:
            add(review, Event(who="an", kind="closed", case_id=case.id), seen=case.last)
        assert [(event.who, event.kind) for event in clash.value.since] == [("binh", "document-added")]
        add(review, Event(who="an", kind="document-added", case_id=case.id, value=B), seen=case.last)
        last = read_cases(review)[case.id].last
        assert add(review, Event(who="an", kind="closed", case_id=case.id), seen=last).state == "closed"

    @pytest.mark.parametrize("sql", ["update case_events set value = 'x'", "delete from case_events"])
    def test_events_are_never_changed(self, review: sqlite3.Connection, case: Case, sql: str) -> None:
        with pytest.raises(sqlite3.IntegrityError, match="only added"):
            review.execute(sql)
        assert read_cases(review)[case.id] == case

    def test_an_older_file_of_decisions_gets_the_table(self, tmp_path: Path) -> None:
        path = tmp_path / "old.db"
        old = open_review(path)
        old.execute("drop table case_events")
        old.execute("delete from _sqlite_migrations where name in ('cases_1', 'decisions_2')")
        old.execute("drop index idx_decisions_target")
        old.execute(
            "insert into decisions (made_at, who, kind, target_table, target)"
            " values ('x', 'an', 'note', 'findings', 'f')"
        )
        old.close()
        again = open_review(path)
        assert again.execute("select count(*) from decisions").fetchone() == (1,)
        assert add(again, Event(who="an", kind="opened", value="x")).id == 1
        again.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("cases") / "plans.db"
    return path, desk_corpus.make(path)


def opened(person: Person, name: str, *documents: str) -> str:
    """The address of a new case."""
    answer = person.send(person.get(f"{K}/cases"), f"{K}/cases", value=name, document=list(documents))
    assert answer.status == 302, answer.text[:300]
    return answer.headers["location"]


def did(person: Person, path: str, kind: str, **fields: object) -> Page:
    return person.send(person.get(path), path, kind=kind, **fields)


def figures(page: Page) -> list[int]:
    """How many findings are open, confirmed, dismissed."""
    return [int(number) for number in re.findall(r'state=\w+"><b>(\d+)</b>', page.body)]


class TestPages:
    def test_a_case_from_its_opening_to_its_closing(self, office: Office, an: Person, ids: dict[str, str]) -> None:
        path = opened(an, "Trồng cây chắn sóng", ids["district"])
        page = an.get(path)
        assert "Trồng cây chắn sóng" in page.text
        assert figures(page) == [2, 0, 0]
        assert "SHA-256" in page.text

        offered = an.get(f"{path}?q=21/KH-UBND")
        assert ids["province"] in [box["value"] for box in offered.all("input") if box.get("type") == "checkbox"]
        assert did(an, path, "document-added", document=ids["province"]).status == 302
        assert did(an, path, "person-added", value="binh").status == 302
        an.decide("f-dates", kind="confirmed")
        page = an.get(path)
        assert figures(page) == [1, 1, 0]
        for words in ("Trần Văn Bình", "Lê Thị Chủ đưa vào", "Kế hoạch số 21/KH-UBND", "2 phát hiện, 1 chưa xem"):
            assert words in page.text, words
        listed = an.get(f"{K}/cases")
        assert "Trồng cây chắn sóng" in listed.text
        assert "đang làm" in listed.text

        assert did(an, path, "closed", note="đã lập biên bản").status == 302
        page = an.get(path)
        for words in ("đã đóng", "đã lập biên bản", "Mở lại hồ sơ"):
            assert words in page.text
        answer = did(an, path, "document-added", document=ids["commune"])
        assert answer.status == 400
        assert "Hồ sơ đã đóng" in answer.text
        assert did(an, path, "reopened").status == 302
        assert did(an, path, "renamed", value="Chắn sóng").status == 302
        assert "đổi tên thành Chắn sóng" in an.get(path).text

    def test_its_findings_are_those_with_a_side_in_its_documents(self, an: Person, ids: dict[str, str]) -> None:
        """The conflict of dates is listed under the district's plan; the province's plan holds its other side."""
        opened(an, "Tỉnh", ids["province"])
        page = an.get(f"{K}/findings?case=1")
        assert re.findall(r"/finding/([^\"?]+)\?", page.body) == ["f-dates"]
        narrowed = an.get(f"{K}/findings?case=1&document={ids['district']}")
        assert re.findall(r"/finding/([^\"?]+)\?", narrowed.body) == ["f-dates"]
        assert "1 trong 1" in an.get(f"{K}/finding/f-dates?case=1").text
        report = an.get(f"{K}/findings/report?case=1")
        assert "Hồ sơ kiểm toán: Tỉnh" in report.text
        assert an.get(f"{K}/findings.xlsx?case=1").status == 200

    def test_documents_go_in_from_the_page_of_a_finding(self, an: Person, ids: dict[str, str]) -> None:
        path = opened(an, "Trống")
        shown = an.get(f"{K}/finding/f-dates?severity=error")
        answer = an.send(
            shown,
            f"{path}?severity=error",
            kind="document-added",
            document=[ids["province"], ids["district"]],
            from_finding="f-dates",
        )
        assert (answer.status, answer.headers["location"]) == (302, f"{K}/finding/f-dates?severity=error#cases")
        assert "Trống" in an.get(f"{K}/finding/f-dates").text
        assert figures(an.get(path)) == [2, 0, 0]

    def test_a_document_goes_in_from_its_own_page(self, an: Person, ids: dict[str, str]) -> None:
        path, own = opened(an, "Rừng ngập mặn"), ids["province"]
        shown = an.get(f"{K}/document/{own}?q=ke+hoach&hit=1")
        assert "Đưa vào hồ sơ kiểm toán" in shown.text
        actions = [form["action"] for form in shown.all("form") if form.get("action", "").startswith(path)]
        assert actions == [f"{path}?q=ke+hoach&hit=1"]
        answer = an.send(shown, actions[0], kind="document-added", document=own, from_document=own)
        assert (answer.status, answer.headers["location"]) == (
            302,
            f"{K}/document/{own}?q=ke+hoach&hit=1#filing",
        )
        shown = an.get(f"{K}/document/{own}")
        assert "đang có trong 1 hồ sơ" in shown.text
        assert not any(form.get("action", "").startswith(path) for form in shown.all("form"))
        new = an.send(shown, f"{K}/cases", value="Hồ sơ thứ hai", document=own)
        second = new.headers["location"]
        assert (new.status, figures(an.get(second))) == (302, figures(an.get(path)))
        assert "Hồ sơ thứ hai" in an.get(f"{K}/document/{own}").text

    def test_a_reader_is_offered_no_case(self, office: Office, ids: dict[str, str]) -> None:
        page = Person(office).get(f"{K}/document/{ids['province']}")
        assert "hồ sơ kiểm toán" not in page.text
        assert not any("review.css" in link.get("href", "") for link in page.all("link"))

    def test_documents_go_out_again_and_the_history_tells(self, an: Person, ids: dict[str, str]) -> None:
        path = opened(an, "Một", ids["province"])
        (sha256,) = re.findall(r'name="value" value="([0-9a-f]{64})"', an.get(path).body)
        assert did(an, path, "document-removed", value=sha256).status == 302
        page = an.get(path)
        assert "Hồ sơ chưa có văn bản nào" in page.text
        assert "rút ra Kế hoạch số 21/KH-UBND" in page.text

    def test_a_document_that_the_corpus_lost_stays_listed(self, office: Office, an: Person) -> None:
        path = opened(an, "Cũ")
        office.review.write(lambda review: add(review, Event(who="an", kind="document-added", case_id=1, value=A)))
        for address in (path, f"{K}/findings/report?case=1"):
            page = an.get(address)
            assert "Văn bản không còn trong kho" in page.text
            assert A in page.text
        assert an.get(f"{K}/findings?case=1").status == 200

    def test_closing_what_another_has_changed_is_told(self, office: Office, an: Person) -> None:
        path = opened(an, "Chung")
        binh = Person(office)
        assert binh.sign_in("binh").status == 302
        seen = an.get(path)
        assert did(binh, path, "renamed", value="Tên khác").status == 302
        answer = an.send(seen, path, kind="closed", note="xong rồi")
        assert answer.status == 409
        for words in ("người khác đã thay đổi hồ sơ", "Trần Văn Bình", "Tên khác"):
            assert words in answer.text
        assert "xong rồi" in unescape(answer.body)
        assert an.send(answer, path, kind="closed", note="xong rồi").status == 302

    @pytest.mark.parametrize(
        "fields, said",
        [
            ({"kind": "burned"}, "Không có cách xử lý như vậy"),
            ({"kind": "opened", "value": "x"}, "Không có cách xử lý như vậy"),
            ({"kind": "person-added", "value": "ngoài"}, "Không có người rà soát nào như vậy"),
            ({"kind": "document-added"}, "Không có văn bản với mã này"),
            ({"kind": "document-added", "document": "../../etc/passwd"}, "Không có văn bản với mã này"),
            ({"kind": "renamed", "value": " "}, "Hồ sơ cần có tên"),
            ({"kind": "renamed", "value": "x" * 201}, "quá dài"),
            ({"kind": "note", "note": ""}, "Hãy nhập ý kiến"),
        ],
    )
    def test_what_makes_no_sense_is_said(self, an: Person, fields: dict[str, str], said: str) -> None:
        path = opened(an, "Một")
        answer = an.send(an.get(path), path, **fields)
        assert answer.status == 400
        assert said in answer.text

    def test_a_case_without_a_name_is_not_opened(self, office: Office, an: Person) -> None:
        answer = an.send(an.get(f"{K}/cases"), f"{K}/cases", value="  ", note="về nước sạch")
        assert answer.status == 400
        assert "Hồ sơ cần có tên" in answer.text
        assert ">về nước sạch</textarea>" in answer.body
        assert office.review.write(read_cases) == {}

    @pytest.mark.parametrize("number", ["2", "0", "-1", "x", "1.5", "9" * 30, "..~2F1", "１"])
    def test_a_case_that_is_not_there(self, an: Person, number: str) -> None:
        opened(an, "Một")
        answer = an.get(f"{K}/case/{number}")
        assert answer.status in (302, 404)
        assert answer.headers.get("location", K).startswith(K)

    def test_readers_are_sent_to_sign_in_and_learn_nothing(self, office: Office, an: Person) -> None:
        opened(an, "Bí mật của hồ sơ")
        for path in (f"{K}/cases", f"{K}/case/1", f"{K}/case/2"):
            answer = office.get(path)
            assert answer.status == 302
            assert answer.headers["location"].startswith(f"{K}/sign-in?next=")
        for path in (f"{K}/findings?case=1", f"{K}/findings/report?case=1", f"{K}/finding/f-dates", "/"):
            assert "Bí mật" not in office.get(path).text


def test_events_of_a_case_are_told_apart() -> None:
    event = Event(who="an", kind="opened", case_id=3, value="x", id=1)
    assert standing([event, replace(event, id=2, kind="closed")]).state == "closed"
