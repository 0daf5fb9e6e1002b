"""Attacks on reviewing: forged forms, ways to the decisions, words that are hostile."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from datasette_plugins.desk.forms import MOST_BYTES
from tests import desk_corpus
from tests.desk_client import SQL_PAGE, Page
from tests.review_client import PASSWORD, K, Office, Person, with_accounts

DATES = f"{K}/finding/f-dates"
DECIDE = f"{DATES}/decide"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("review") / "plans.db"
    return path, desk_corpus.make(path, hostile=True)


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
