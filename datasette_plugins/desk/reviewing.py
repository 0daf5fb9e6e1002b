"""The review behind the pages: who is signed in, and what was decided, as it stands now and not at the last build.

Only a server that was started for review has one. `review.db` is never among the databases that Datasette serves, so no
SQL typed into a page reaches it.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from corpus.cases import Case, read_cases
from corpus.review import STATES, Decision, open_review, read_decisions
from datasette_plugins.desk import accounts
from datasette_plugins.desk.accounts import Accounts
from datasette_plugins.desk.cube import Cube
from datasette_plugins.desk.ports import Datasette, Request, Row
from datasette_plugins.desk.store import Desk, Reader, Stamp
from extract.records import KehoachError

T = TypeVar("T")
_ATTRIBUTE = "_kehoach_review"
OWNER = "owner"
"""The mark of a session that the one-time link began."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who is signed in. `id` is what decisions keep."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What was decided on one finding. `state` is None where nobody has given it one."""

    state: str | None
    assignee: str | None
    last: Decision | None
    """The decision that gave it its state."""


@dataclass(frozen=True, slots=True)
class Live:
    """Everything that was decided, on the findings of the build that is served."""

    version: tuple[int, int, Stamp]
    standings: Mapping[str, Standing]
    anchors: Mapping[str, frozenset[int]]
    """The decisions that were made on an earlier id of a finding."""
    cases: Mapping[int, Case]
    cube: Cube

    def standing(self, finding: str) -> Standing:
        """What was decided on a finding."""
        return self.standings.get(finding, _NOTHING)


_NOTHING = Standing(None, None, None)


@dataclass(slots=True)
class Review:
    """The review of one server. `owner` is whom the one-time link signs in; `token` is None once it was used."""

    path: Path
    users: Path
    owner: str
    token: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    ticket: Path | None = None
    """Where several processes serve, a file that they share: the one that takes it away has used the token."""
    checking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Lets two passwords be checked at a time: each takes some tenths of a second of one core."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _live: Live | None = None
    _accounts: tuple[tuple[int, int], Accounts] | None = None
    _connection: sqlite3.Connection | None = None

    def check(self) -> None:
        """Raises `KehoachError` where the decisions or the accounts cannot be read or written."""
        accounts.load(self.users)
        try:
            self.version()
            with closing(sqlite3.connect(self.path)) as connection:
                connection.execute("begin immediate")
                connection.execute("rollback")
        except sqlite3.Error as fault:
            raise KehoachError(
                "bad-review", f"{self.path} cannot be written: {fault}. Choose another folder."
            ) from None

    def accounts(self) -> Accounts:
        """The accounts, read again where their file has changed."""
        try:
            stat = self.users.stat()
        except OSError:
            return Accounts()
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if self._accounts is None or self._accounts[0] != stamp:
            self._accounts = (stamp, accounts.load(self.users))
        return self._accounts[1]

    def people(self) -> dict[str, str]:
        """Those who may be given work: id and name."""
        held = self.accounts()
        known = {login: held.names[login] for login in held.hashes}
        return dict(sorted({**known, self.owner: self.owner}.items(), key=lambda item: item[1].casefold()))

    def name_of(self, who: object) -> str:
        """The name of someone who decided, also of one whose account was taken away."""
        return self.accounts().names.get(str(who), str(who))

    def reviewer(self, actor: object) -> Reviewer | None:
        """Who this actor is, where their session still holds."""
        if not isinstance(actor, dict):
            return None
        login, mark = str(actor.get("id")), actor.get("kehoach")
        if mark == OWNER and login == self.owner:
            return Reviewer(login, login)
        held = self.accounts()
        if mark and mark == held.mark(login):
            return Reviewer(login, held.names[login])
        return None

    def take(self, token: str) -> bool:
        """Whether this is the one-time token. It is used up by that."""
        with self._lock:
            if self.token is None or not secrets.compare_digest(token.encode(), self.token.encode()):
                return False
            self.token = None
        if self.ticket is None:
            return True
        try:
            self.ticket.unlink()
        except FileNotFoundError:
            return False
        return True

    def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """What `change` gives, on a connection of its own that may write."""
        with closing(open_review(self.path)) as connection:
            return change(connection)

    def close(self) -> None:
        """Closes the connection that is kept to the decisions; the next look opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def version(self) -> tuple[int, int]:
        """The numbers of the last decision and of the last event of a case."""
        with self._lock:
            if self._connection is None:
                self._connection = open_review(self.path)  # makes the file where there is none
                self._connection.close()
                self._connection = sqlite3.connect(
                    f"{self.path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=10
                )
            row = self._connection.execute(
                "select (select coalesce(max(id), 0) from decisions), (select coalesce(max(id), 0) from case_events)"
            ).fetchone()
        return int(row[0]), int(row[1])


def attach(datasette: Datasette, review: Review) -> None:
    """Opens this server for review."""
    setattr(datasette, _ATTRIBUTE, review)


def review_of(datasette: Datasette) -> Review | None:
    """The review of this server; None where it only reads."""
    return cast("Review | None", getattr(datasette, _ATTRIBUTE, None))


def reviewer_of(datasette: Datasette, request: Request | None) -> Reviewer | None:
    """Who is signed in."""
    review = review_of(datasette)
    return review.reviewer(request.scope.get("actor")) if review and request is not None else None


async def live(desk: Desk, built: Cube, load: Callable[[Reader, list[str]], dict[str, Row]]) -> Live | None:
    """What was decided, worked out anew where a decision or a build came since; None where the server only reads.

    `built` counts the findings as built; `load` gives the rows that it counts, for these findings.
    """
    review = review_of(desk.datasette)
    if review is None:
        return None
    version = (*await asyncio.to_thread(review.version), desk.stamp)
    kept = review._live
    if kept is not None and kept.version == version:
        return kept
    decisions = await asyncio.to_thread(read_decisions, review.path)
    cases = await asyncio.to_thread(review.write, read_cases)
    anchors = await desk.read(_anchors)
    standings = _standings([d for d in decisions if d.target_table == "findings"], anchors)
    rows = await desk.read(lambda reader: load(reader, list(standings)))
    anchored: dict[str, set[int]] = {}
    for number, finding in anchors.items():
        anchored.setdefault(finding, set()).add(number)
    frozen = {finding: frozenset(numbers) for finding, numbers in anchored.items()}
    review._live = Live(version, standings, frozen, cases, overlaid(built, rows, standings))
    return review._live


def _anchors(reader: Reader) -> dict[int, str]:
    if not reader.value("select 1 from sqlite_master where name = 'decided'"):
        return {}
    return {int(row["decision"]): str(row["finding"]) for row in reader.all("select decision, finding from decided")}


def _standings(decisions: list[Decision], anchors: Mapping[int, str]) -> dict[str, Standing]:
    """What the decisions, oldest first, come to for each finding."""
    out: dict[str, Standing] = {}
    for decision in decisions:
        finding = anchors.get(decision.id or 0, decision.target)
        was = out.get(finding, _NOTHING)
        if decision.kind in STATES:
            state = "open" if decision.kind == "reopened" else decision.kind
            out[finding] = Standing(state, was.assignee, decision)
        elif decision.kind == "assigned":
            out[finding] = Standing(was.state, decision.value or None, was.last)
    return out


def overlaid(built: Cube, rows: Mapping[str, Row], standings: Mapping[str, Standing]) -> Cube:
    """The counts with what was decided since, and by whom each finding is looked at."""
    place = built.names.index("state")
    counts = {(*key, None): count for key, count in built.counts.items()}
    for finding, row in rows.items():
        standing = standings[finding]
        old = tuple(row[name] for name in built.names)
        new = (*old[:place], standing.state or old[place], *old[place + 1 :], standing.assignee)
        counts[(*old, None)] = counts.get((*old, None), 0) - 1
        counts[new] = counts.get(new, 0) + 1
    return Cube((*built.names, "assignee"), {key: count for key, count in counts.items() if count})
