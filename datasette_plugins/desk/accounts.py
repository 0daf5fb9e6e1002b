"""Who may review: accounts in a file beside the database, in the form that datasette-auth-passwords reads.

The file holds hashes, never passwords, and only its owner may read it. An account that is taken away keeps its name, so
that what its person decided still says who that was.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import cast

from extract.records import KehoachError

FILE = "review-users.json"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_HASH = "_password_hash"
SHORTEST = 10
LONGEST_NAME = 80
_NOBODY = "pbkdf2_sha256$480000$0$" + "A" * 43 + "="
"""Checked where there is no such account, so that the answer takes as long as for one."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts: hashes of those who may sign in, names of all that ever could."""

    hashes: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def mark(self, login: str) -> str | None:
        """What a session of this account carries, another one with each new password; None without an account."""
        kept = self.hashes.get(login)
        return sha256(kept.encode()).hexdigest()[:16] if kept else None

    def verify(self, login: str, password: str) -> bool:
        """Whether this is the password. Takes some tenths of a second: not for the thread that serves."""
        from datasette_auth_passwords.utils import verify_password

        right = verify_password(password, self.hashes.get(login, _NOBODY))
        return bool(right) and login in self.hashes


def users_path(db: Path) -> Path:
    """Where the accounts for the database `db` are kept: beside it."""
    return db.with_name(FILE)


def load(path: Path) -> Accounts:
    """The accounts at `path`; none where there is no such file. `KehoachError` where it cannot be read."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Accounts()
    except (OSError, ValueError) as fault:
        raise KehoachError("bad-users", f"{path} cannot be read: {fault}. Restore it, or add the users anew.") from None
    hashes = {key.removesuffix(_HASH): str(value) for key, value in held.items() if key.endswith(_HASH)}
    actors = cast("dict[str, dict[str, str]]", held.get("actors", {}))
    names = {login: str(actor.get("name") or login) for login, actor in actors.items()}
    return Accounts(hashes, {**{login: login for login in hashes}, **names})


def put(path: Path, login: str, name: str, password: str) -> None:
    """Adds an account, or gives one a new password; its open sessions end. `KehoachError` where it cannot be."""
    from datasette_auth_passwords.utils import hash_password

    name = " ".join(name.split())
    if not _LOGIN.fullmatch(login):
        raise KehoachError(
            "bad-login", f"{login!r} is no login: use up to 40 small letters a-z, digits, dot, dash, underscore."
        )
    if not name or len(name) > LONGEST_NAME:
        raise KehoachError("bad-name", f"A name has 1 to {LONGEST_NAME} signs.")
    if len(password) < SHORTEST:
        raise KehoachError("weak-password", f"The password needs at least {SHORTEST} signs.")
    accounts = load(path)
    hashed = str(hash_password(password))
    _write(path, Accounts({**accounts.hashes, login: hashed}, {**accounts.names, login: name}))


def drop(path: Path, login: str) -> None:
    """Takes an account away; its name stays. `KehoachError` where there is none."""
    accounts = load(path)
    if login not in accounts.hashes:
        raise KehoachError("no-account", f"There is no account {login} in {path}.")
    _write(path, Accounts({key: value for key, value in accounts.hashes.items() if key != login}, accounts.names))


def _write(path: Path, accounts: Accounts) -> None:
    held: dict[str, object] = {f"{login}{_HASH}": hashed for login, hashed in sorted(accounts.hashes.items())}
    held["actors"] = {login: {"id": login, "name": name} for login, name in sorted(accounts.names.items())}
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(held, ensure_ascii=False, indent=1) + "\n")
    os.replace(aside, path)
