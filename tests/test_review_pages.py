"""Reviewing on the pages: who may, what is recorded, what happens where two decide at once, and the attacks on it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import zipfile
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from corpus.review import FILE, apply_states, backup, read_decisions
from datasette_plugins.desk import accounts
from datasette_plugins.desk.forms import MOST_BYTES
from extract.records import KehoachError
from tests import desk_corpus
from tests.desk_client import SQL_PAGE, Desk, Page
from tests.review_client import PASSWORD, K, Office, Person, with_accounts

DATES = f"{K}/finding/f-dates"
DECIDE = f"{DATES}/decide"
DATE = "citations:c-district-2:issued_on"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("review") / "plans.db"
    return path, desk_corpus.make(path, hostile=True)


@pytest.fixture
def binh(office: Office) -> Person:
    person = Person(office)
    assert person.sign_in("binh").status == 302
    return person


def count(page: Page) -> int:
    match = re.search(r'id="count"[^>]*>(\d+) ', page.body)
    assert match
    return int(match[1])


class TestReadOnly:
    """A server that was started without --review."""

    @pytest.mark.parametrize(
        "path", [DECIDE, f"{K}/cases", f"{K}/case/1", f"{K}/sign-in", f"{K}/sign-out", "/-/login", "/-/logout", "/-/x"]
    )
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_nothing_that_writes_is_there(self, desk: Desk, method: str, path: str) -> None:
        assert desk.send(method, path, data={"kind": "confirmed"}).status in (404, 405)

    @pytest.mark.parametrize(
        "path", [f"{K}/sign-in", f"{K}/cases", f"{K}/case/1", DECIDE, "/-/login", "/-/password-tool"]
    )
    def test_no_page_leads_to_writing(self, desk: Desk, path: str) -> None:
        assert desk.get(path).status == 404

    def test_no_page_shows_a_form_that_is_posted(self, desk: Desk) -> None:
        for path in ("/", f"{K}/findings", DATES, f"{K}/search", f"{K}/findings/report"):
            page = desk.get(path)
            assert page.status == 200
            assert all(form.get("method", "get") == "get" for form in page.all("form")), path
            assert "sign-in" not in page.body

    def test_filters_of_review_do_nothing(self, desk: Desk) -> None:
        assert count(desk.get(f"{K}/findings?assignee=an&case=1")) == count(desk.get(f"{K}/findings"))

    def test_the_queue_exports_and_prints(self, desk: Desk) -> None:
        assert desk.get(f"{K}/findings.xlsx").body.startswith("PK")
        assert "Giấy tờ làm việc" in desk.get(f"{K}/findings/report").text


class TestSigningIn:
    def test_an_account_signs_in_and_out(self, office: Office) -> None:
        person = Person(office)
        assert "Đăng nhập" in person.get(DATES).text
        assert not person.get(DATES).all("textarea")
        answer = person.sign_in("an")
        assert (answer.status, answer.headers["location"]) == (302, f"{K}/findings")
        assert re.search(r"ds_actor=[^;]+; HttpOnly; Path=/; SameSite=lax", answer.headers["set-cookie"])
        assert "Nguyễn Thị An" in person.get(DATES).text
        left = person.post(f"{K}/sign-out", {"form_token": person.token(DATES)})
        assert left.status == 302
        assert not person.get(DATES).all("textarea")

    def test_who_is_signed_in_is_told_so_and_not_asked_again(self, office: Office, an: Person) -> None:
        page = an.get(f"{K}/sign-in?next={DATES}")
        assert page.status == 200
        assert "Đang đăng nhập: Lê Thị Chủ" in page.text
        assert not [field for field in page.all("input") if field.get("name") in ("login", "password")]
        assert DATES in [link["href"] for link in page.all("a", "primary")], "on to what was wanted"
        assert an.post(f"{K}/sign-out", {"form_token": an.token(f"{K}/sign-in")}).status == 302
        assert [field["name"] for field in an.get(f"{K}/sign-in").all("input") if field.get("name") == "password"]

    def test_a_link_used_twice_is_said_to_who_is_signed_in_by_it(self, office: Office, an: Person) -> None:
        page = an.get(f"{K}/sign-in?token=used")
        assert page.status == 403
        assert "đã được dùng" in page.text
        assert "Đang đăng nhập: Lê Thị Chủ" in page.text

    @pytest.mark.parametrize(
        "login, password", [("an", "sai"), ("an", ""), ("nobody", PASSWORD), ("", ""), ("an' or 1=1 --", PASSWORD)]
    )
    def test_a_wrong_password_is_said_in_a_sentence(self, office: Office, login: str, password: str) -> None:
        person = Person(office)
        answer = person.sign_in(login, password)
        assert answer.status == 403
        assert "không đúng" in answer.text
        assert "ds_actor" not in answer.headers.get("set-cookie", "")

    def test_the_link_signs_in_once(self, office: Office) -> None:
        token = office.review.token
        first, second = Person(office), Person(office)
        assert first.get(f"{K}/sign-in?token={token}").status == 302
        assert "Lê Thị Chủ" in first.get(DATES).text
        again = second.get(f"{K}/sign-in?token={token}")
        assert again.status == 403
        assert "đã được dùng" in again.text
        assert Person(office).get(f"{K}/sign-in?token=wrong").status == 403

    @pytest.mark.parametrize(
        "asked, result",
        [
            (f"{K}/cases", f"{K}/cases"),
            (f"{K}/findings?rule=x&page=2", f"{K}/findings?rule=x&page=2"),
            ("https://evil.example/", f"{K}/findings"),
            ("//evil.example/-/kehoach/", f"{K}/findings"),
            ("/\\evil.example", f"{K}/findings"),
            (f"{K}//evil.example", f"{K}/findings"),
            (f"{K}/\r\nset-cookie: a=b", f"{K}/findings"),
            ("javascript:alert(1)", f"{K}/findings"),
            ("/plans", f"{K}/findings"),
        ],
    )
    def test_after_it_one_stays_on_this_server(self, office: Office, asked: str, result: str) -> None:
        person = Person(office)
        answer = person.get(f"{K}/sign-in?token={office.review.token}&next={quote(asked, safe='')}")
        assert (answer.status, answer.headers["location"]) == (302, result)

    def test_a_session_ends_with_its_account_and_with_its_password(self, office: Office, binh: Person) -> None:
        assert binh.get(DATES).all("textarea")
        accounts.put(office.review.users, "binh", "Trần Văn Bình", "một mật khẩu khác")
        assert not binh.get(DATES).all("textarea")
        assert binh.sign_in("binh", "một mật khẩu khác").status == 302
        assert binh.get(DATES).all("textarea")
        accounts.drop(office.review.users, "binh")
        assert not binh.get(DATES).all("textarea")
        assert binh.sign_in("binh", "một mật khẩu khác").status == 403

    def test_hashes_are_nowhere_to_be_read(self, office: Office, an: Person) -> None:
        held = json.loads(office.review.users.read_text())
        assert held["an_password_hash"].startswith("pbkdf2_sha256$")
        assert PASSWORD not in office.review.users.read_text()
        assert office.review.users.stat().st_mode & 0o077 == 0
        for name in ("metadata", "config", "plugins", "settings", "actor", "databases", "versions", "threads"):
            for end in (".json", ""):
                assert "pbkdf2" not in an.get(f"/-/{name}{end}").body, name

    @pytest.mark.parametrize(
        "login, name, password",
        [
            ("An", "An", PASSWORD),
            ("../x", "An", PASSWORD),
            ("", "", PASSWORD),
            ("an", "x" * 81, PASSWORD),
            ("an", "An", "short"),
        ],
    )
    def test_accounts_that_cannot_be(self, tmp_path: Path, login: str, name: str, password: str) -> None:
        with pytest.raises(KehoachError):
            accounts.put(tmp_path / "users.json", login, name, password)
        assert not (tmp_path / "users.json").exists()


class TestForgedSessions:
    def test_a_cookie_signed_by_another_secret(self, office: Office, built: tuple[Path, dict[str, str]]) -> None:
        other = Office(built[0])
        try:
            mark = office.review.accounts().mark("an")
            forged = other.app.sign({"a": {"id": "an", "kehoach": mark}}, "actor")
        finally:
            other.close()
        self.is_nobody(office, forged)

    @pytest.mark.parametrize(
        "actor",
        [
            {"id": "root"},
            {"id": "an"},
            {"id": "an", "kehoach": ""},
            {"id": "an", "kehoach": None},
            {"id": "an", "kehoach": "owner"},
            {"id": "nobody", "kehoach": "owner"},
            {"id": "Lê Thị Chủ", "kehoach": "0" * 16},
            "an",
            ["an"],
        ],
    )
    def test_an_actor_that_this_server_did_not_make(self, office: Office, actor: object) -> None:
        """Signed rightly, as another plugin on the same server could: still no reviewer."""
        self.is_nobody(office, office.app.sign({"a": actor}, "actor"))

    @pytest.mark.parametrize("cookie", ["", "x", "eyJhIjp7ImlkIjoiYW4ifX0.x", "%00", "a" * 5000])
    def test_what_is_no_cookie(self, office: Office, cookie: str) -> None:
        self.is_nobody(office, cookie)

    def is_nobody(self, office: Office, cookie: str) -> None:
        person = Person(office)
        person.jar["ds_actor"] = cookie
        page = person.get(DATES)
        assert page.status == 200
        assert not page.all("textarea")
        assert person.get(f"{K}/cases").status == 302
        answer = person.post(DECIDE, {"kind": "confirmed", "seen": "0"})
        assert answer.status == 403
        assert office.decisions() == []

    def test_a_password_in_a_header_is_not_asked_for(self, office: Office) -> None:
        import base64

        given = base64.b64encode(f"an:{PASSWORD}".encode()).decode()
        for header in (f"Basic {given}", "Basic ///", "Bearer x"):
            answer = office.send("POST", DECIDE, data={"kind": "confirmed"}, headers={"authorization": header})
            assert answer.status == 403
            assert office.get(DATES, headers={"authorization": header}).status == 200
        assert office.decisions() == []


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


class TestForgedForms:
    """What another site, another session or a program of one's own may send: nothing of it is recorded."""

    def refuses(self, office: Office, answer: Page, *statuses: int) -> None:
        assert answer.status in (statuses or (403,)), answer.text[:200]
        assert office.decisions() == []
        assert office.review.write(lambda review: review.execute("select count(*) from case_events").fetchone()) == (0,)

    @pytest.mark.parametrize("path", [DECIDE, f"{K}/cases", f"{K}/case/1", f"{K}/sign-out"])
    @pytest.mark.parametrize("token", [None, "", "x", "eyJiIjoiIn0.AAAA", "\x00"])
    def test_without_its_token(self, office: Office, an: Person, path: str, token: str | None) -> None:
        fields = {"kind": "confirmed", "seen": "0", "value": "x", "csrftoken": "x"}
        self.refuses(office, an.post(path, fields if token is None else {**fields, "form_token": token}))

    def test_with_the_token_of_another_session(self, office: Office, an: Person, binh: Person) -> None:
        token = binh.token(DATES)
        self.refuses(office, an.post(DECIDE, {"form_token": token, "kind": "confirmed", "seen": "0"}))

    def test_with_the_token_of_someone_who_has_not_signed_in(self, office: Office, an: Person) -> None:
        token = Person(office).token(f"{K}/sign-in")
        self.refuses(office, an.post(DECIDE, {"form_token": token, "kind": "confirmed", "seen": "0"}))

    def test_with_a_right_token_and_no_session(self, office: Office, an: Person) -> None:
        token = an.token(DATES)
        self.refuses(office, Person(office).post(DECIDE, {"form_token": token, "kind": "confirmed", "seen": "0"}))

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_sent_by_another_site(self, office: Office, an: Person, site: str) -> None:
        fields = {"form_token": an.token(DATES), "kind": "confirmed", "seen": "0"}
        self.refuses(office, an.post(DECIDE, fields, headers={"sec-fetch-site": site}))

    def test_signing_in_for_someone_else(self, office: Office) -> None:
        """A form of another site that signs a reviewer in under the attacker's account."""
        answer = Person(office).post(f"{K}/sign-in", {"login": "an", "password": PASSWORD})
        assert answer.status == 403
        assert "ds_actor" not in answer.headers.get("set-cookie", "")

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
    def test_not_as_a_form(self, office: Office, an: Person, kind: str) -> None:
        body = f"form_token={quote(an.token(DATES))}&kind=confirmed&seen=0"
        answer = office.send("POST", DECIDE, content=body, headers={"content-type": kind}, cookies=an.jar)
        self.refuses(office, answer, 415)

    def test_by_a_link_or_an_image(self, office: Office, an: Person) -> None:
        token = quote(an.token(DATES))
        self.refuses(office, an.get(f"{DECIDE}?form_token={token}&kind=confirmed&seen=0"), 405)

    @pytest.mark.parametrize("size", [MOST_BYTES + 1, MOST_BYTES * 20])
    def test_far_too_large(self, office: Office, an: Person, size: int) -> None:
        body = f"form_token={quote(an.token(DATES))}&kind=note&note=".encode() + b"x" * size
        answer = office.send("POST", DECIDE, content=body, headers=FORM, cookies=an.jar)
        self.refuses(office, answer, 413)

    def test_far_too_many_fields(self, office: Office, an: Person) -> None:
        body = f"form_token={quote(an.token(DATES))}&kind=confirmed&seen=0" + "&a=b" * 5000
        self.refuses(office, office.send("POST", DECIDE, content=body, headers=FORM, cookies=an.jar), 400)

    @pytest.mark.parametrize("body", [b"\xff\xfe=\x00", b"kind=%ff%fe&form_token=%c3%28"])
    def test_not_in_utf_8(self, office: Office, an: Person, body: bytes) -> None:
        self.refuses(office, office.send("POST", DECIDE, content=body, headers=FORM, cookies=an.jar), 400, 403)

    @pytest.mark.parametrize(
        "path", ["/plans", "/plans/findings", "/", f"{K}/findings", "/-/messages", "/-/permissions"]
    )
    def test_to_any_other_page(self, office: Office, an: Person, path: str) -> None:
        self.refuses(office, an.post(path, {"form_token": an.token(DATES), "sql": "delete from findings"}), 405)


class TestOutOfReach:
    @pytest.mark.parametrize(
        "sql",
        [
            "select * from decisions",
            "select * from review.decisions",
            "attach database 'review.db' as review",
            "insert into decided values (1, 'f-dates')",
            "select * from pragma_database_list where name = 'review'",
        ],
    )
    def test_no_sql_reaches_the_decisions(self, office: Office, an: Person, sql: str) -> None:
        an.decide("f-dates", kind="note", note="điều chỉ người rà soát đọc")
        page = an.get(f"{SQL_PAGE}?sql={quote(sql)}")
        assert "chỉ người rà soát" not in page.body
        assert page.status == 400 or page.all("p", "alert") or "Không có dòng nào" in page.text

    @pytest.mark.parametrize(
        "path", ["/review", "/review.db", "/review/decisions.json", "/decisions", "/plans/decisions"]
    )
    def test_it_is_no_database_of_this_server(self, office: Office, an: Person, path: str) -> None:
        assert an.get(path).status == 404

    @pytest.mark.parametrize("path", ["/-/login", "/-/logout", "/-/password-tool", "/-/auth-token?token=x"])
    def test_other_ways_in_are_closed(self, office: Office, path: str) -> None:
        assert office.get(path).status == 404


class TestHostileWords:
    WORDS = "<script>alert(21)</script>\"'><img src=x onerror=alert(22)> javascript:alert(23)"

    def harmless(self, page: Page) -> None:
        assert not page.inline
        for tag, attributes in page.elements:
            assert tag not in ("img", "iframe", "object", "embed")
            assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
            for name in ("href", "src", "action"):
                assert not attributes.get(name, "").strip().lower().startswith("javascript"), attributes
        assert "<script>alert" not in page.body

    def test_notes_names_and_corrections_are_text_wherever_they_stand(self, office: Office, an: Person) -> None:
        an.decide("f-dates", kind="dismissed", note=self.WORDS)
        an.decide("f-dates", kind="corrected", field="citations:c-district-2:issuer", value=self.WORDS)
        page = an.get(f"{K}/cases")
        an.send(page, f"{K}/cases", value=self.WORDS, note=self.WORDS)
        paths = [
            DATES,
            f"{K}/findings",
            f"{K}/cases",
            f"{K}/case/1",
            f"{K}/findings?case=1",
            f"{K}/findings/report?case=1",
        ]
        for path in [*paths, f"{K}/findings/report"]:
            page = an.get(path)
            assert page.status == 200
            self.harmless(page)
        assert self.WORDS in an.get(DATES).text
        assert self.WORDS in an.get(f"{K}/case/1").text

    def test_a_hostile_document_in_a_case_and_in_a_report(
        self, office: Office, an: Person, built: tuple[Path, dict[str, str]]
    ) -> None:
        an.send(an.get(f"{K}/cases"), f"{K}/cases", value="hồ sơ", document=built[1]["hostile"])
        for path in (
            f"{K}/case/1",
            f"{K}/case/1?q=%3Cscript%3E",
            f"{K}/findings/report?case=1",
            f"{K}/findings?case=1",
        ):
            page = an.get(path)
            assert page.status == 200
            self.harmless(page)
        assert "<script>alert('title')</script>" in an.get(f"{K}/case/1").text

    def test_the_name_of_an_account(self, office: Office) -> None:
        with_accounts(office, evil="<script>alert(24)</script>")
        person = Person(office)
        person.sign_in("evil")
        for path in (DATES, f"{K}/cases", "/", "/plans/findings"):
            self.harmless(person.get(path))

    def test_what_is_typed_into_the_form_to_sign_in(self, office: Office) -> None:
        page = Person(office).sign_in(self.WORDS)
        assert page.status == 403
        self.harmless(page)


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


class TestCommands:
    def run(self, *arguments: object, typed: str = "") -> tuple[int, str]:
        from click.testing import CliRunner

        from kehoach import main

        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)
        return result.exit_code, result.output

    def test_a_user_is_let_in_and_out(self, tmp_path: Path) -> None:
        db = tmp_path / "plans.db"
        code, said = self.run("review", "user", db, "an", "--name", "Nguyễn Thị An", typed=f"{PASSWORD}\n")
        assert (code, said) == (0, f"{tmp_path / accounts.FILE}: an may review\n")
        held = accounts.load(tmp_path / accounts.FILE)
        assert held.names == {"an": "Nguyễn Thị An"}
        assert held.verify("an", PASSWORD)
        assert not held.verify("an", f"{PASSWORD} ")
        assert self.run("review", "user", db, "an", typed="another password\n")[0] == 0
        assert accounts.load(tmp_path / accounts.FILE).names == {"an": "Nguyễn Thị An"}, "the name stays"
        assert self.run("review", "user", db, "an", "--remove") == (
            0,
            f"{tmp_path / accounts.FILE}: an may no longer review\n",
        )
        assert not accounts.load(tmp_path / accounts.FILE).hashes

    @pytest.mark.parametrize(
        "arguments, typed, said",
        [
            (("user", "an"), "short\n", "at least 10 signs"),
            (("user", "an"), "", "at least 10 signs"),
            (("user", "Ông An"), f"{PASSWORD}\n", "is no login"),
            (("user", "binh", "--remove"), "", "There is no account binh"),
            (("backup", "copy.db"), "", "There are no decisions"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_sentence(
        self, tmp_path: Path, arguments: tuple[str, ...], typed: str, said: str
    ) -> None:
        name, *rest = arguments
        code, output = self.run("review", name, tmp_path / "plans.db", *rest, typed=typed)
        assert code == 2
        assert said in output
        assert list(tmp_path.iterdir()) == []

    def test_a_name_does_not_open_a_server_for_review(self, tmp_path: Path) -> None:
        desk_corpus.make(tmp_path / "plans.db")
        code, output = self.run("serve", tmp_path / "plans.db", "--as", "An", "--port", "0")
        assert code == 2
        assert "add --review" in output
        assert not (tmp_path / FILE).exists()

    def test_a_file_of_accounts_that_is_broken(self, tmp_path: Path) -> None:
        desk_corpus.make(tmp_path / "plans.db")
        (tmp_path / accounts.FILE).write_text("{")
        code, output = self.run("serve", tmp_path / "plans.db", "--review", "--port", "0")
        assert code == 2
        assert "Restore it, or add the users anew" in output

    def test_decisions_that_cannot_be_written(self, tmp_path: Path) -> None:
        desk_corpus.make(tmp_path / "plans.db")
        (tmp_path / FILE).mkdir()
        code, output = self.run("serve", tmp_path / "plans.db", "--review", "--port", "0")
        assert code == 2
        assert "cannot be written" in output

    def test_a_backup_is_said_to_be_made(self, office: Office, an: Person, tmp_path: Path) -> None:
        an.decide("f-dates", kind="note", note="một")
        code, output = self.run("review", "backup", office.db, tmp_path / "copy.db")
        assert (code, output) == (0, f"{tmp_path / 'copy.db'}: 1 decisions and entries of cases\n")
