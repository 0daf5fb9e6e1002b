"""People who review, over a small corpus and in this process: they sign in, send forms, and read what is answered."""

from __future__ import annotations

import asyncio
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

from corpus.review import read_decisions, review_path
from datasette_plugins.desk import accounts, reviewing
from datasette_plugins.desk.reviewing import Review
from datasette_plugins.desk.serve import application, review_for
from tests.desk_client import Desk, Page

K = "/-/kehoach"
PASSWORD = "một mật khẩu dài"
COOKIE = re.compile(r"([^=;,\s]+)=([^;]*)")


class Office(Desk):
    """A server that is open for review."""

    def __init__(self, db: Path, base_url: str = "/", owner: str = "Lê Thị Chủ") -> None:
        self.db = db
        self.review: Review = review_for(db, owner)
        self.loop = asyncio.new_event_loop()
        self.app = application(db, base_url, self.review)
        self.loop.run_until_complete(self.app.invoke_startup())

    def decisions(self) -> list[Any]:
        """All that was decided, oldest first."""
        return list(read_decisions(review_path(self.db)))

    def close(self) -> None:
        """Ends its threads, then closes their connections and the one to the decisions."""
        self.app.executor.shutdown()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.review.close()
        super().close()


class Person:
    """Someone with a browser: keeps cookies, sends the forms that pages show."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.jar: dict[str, str] = {}

    def _keep(self, page: Page) -> Page:
        for line in page.headers.get("set-cookie", "").split("\n"):
            for part in re.split(r",(?=\s*[a-z_]+=)", line):
                name, _, rest = part.strip().partition("=")
                if name:
                    self.jar[name] = rest.partition(";")[0].strip('"')
        return page

    def get(self, path: str) -> Page:
        """The page at `path`, with one's cookies."""
        return self._keep(self.office.get(path, cookies=self.jar))

    def post(self, path: str, fields: dict[str, Any], **options: Any) -> Page:
        """What a form with these fields is answered with."""
        return self._keep(self.office.send("POST", path, data=fields, cookies=self.jar, **options))

    def token(self, path: str) -> str:
        """The token in the forms of a page."""
        match = re.search(r'name="form_token" value="([^"]+)"', self.get(path).body)
        assert match, f"no form on {path}"
        return unescape(match[1])

    def sign_in(self, login: str, password: str = PASSWORD) -> Page:
        """Signs in by the form."""
        token = self.token(f"{K}/sign-in")
        return self.post(f"{K}/sign-in", {"form_token": token, "login": login, "password": password})

    def by_link(self) -> Page:
        """Signs in by the link that the server printed."""
        return self.get(f"{K}/sign-in?token={self.office.review.token}")

    def decide(self, finding: str, query: str = "", **fields: str) -> Page:
        """Sends a form of the page of a finding, as it is shown now, with these fields."""
        page = self.get(f"{K}/finding/{finding}{query}")
        assert page.status == 200, page.text[:200]
        return self.send(page, f"{K}/finding/{finding}/decide{query}", **fields)

    def send(self, page: Page, to: str, **fields: Any) -> Page:
        """Sends a form of a page that was got before, perhaps long ago, with these fields."""
        found = {
            item["name"]: item["value"] for item in page.all("input") if item.get("name") in ("form_token", "seen")
        }
        return self.post(to, {**found, **fields})


def begin_anew(db: Path) -> None:
    """Takes away all that was decided on `db`, and gives An and Bình accounts."""
    for path in (review_path(db), accounts.users_path(db)):
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    users = db.with_name("users.json")
    if not users.exists():
        for login, name in (("an", "Nguyễn Thị An"), ("binh", "Trần Văn Bình")):
            accounts.put(users, login, name, PASSWORD)
    shutil.copy(users, accounts.users_path(db))


def with_accounts(office: Office, **people: str) -> None:
    """Gives people accounts: login and name."""
    for login, name in people.items():
        accounts.put(office.review.users, login, name, PASSWORD)


__all__ = ["PASSWORD", "K", "Office", "Person", "begin_anew", "reviewing", "with_accounts"]
