"""Who may review: a server that only reads, signing in and out, sessions that are forged, accounts by the command."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from corpus.review import FILE
from datasette_plugins.desk import accounts
from extract.records import KehoachError
from tests import desk_corpus
from tests.desk_client import Desk, count
from tests.review_client import PASSWORD, K, Office, Person

DATES = f"{K}/finding/f-dates"
DECIDE = f"{DATES}/decide"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("review") / "plans.db"
    return path, desk_corpus.make(path, hostile=True)


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
