"""Forms that change something: each carries a token that only a page of this session can hold.

The token is signed and bound to the session's cookie, so that neither another site nor another reviewer's page can make
one. Browsers that say where a request comes from (`Sec-Fetch-Site`) are believed where that is another site.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from urllib.parse import parse_qs

from datasette_plugins.desk.ports import Datasette, Request, Response
from datasette_plugins.desk.words import Words

SESSION = "ds_actor"
VISIT = "kehoach_visit"
"""The cookie of someone who has not signed in yet and is shown the form for it."""
FIELD = "form_token"
NAMESPACE = "kehoach-form"
MOST_BYTES = 65_536
MOST_FIELDS = 200
FOREIGN = frozenset({"cross-site", "same-site"})


class FormError(Exception):
    """A form that is not taken: the status, and the key of the sentence that says why."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status, self.key = status, key


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form."""

    values: Mapping[str, list[str]]

    def get(self, name: str) -> str:
        """The first value of a field, empty where it is not there."""
        return (self.values.get(name) or [""])[0].replace("\x00", "").strip()

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return [value.replace("\x00", "").strip() for value in self.values.get(name, [])]

    def number(self, name: str) -> int:
        """The number in a field; 0 where there is none."""
        return number_of(self.get(name))


def number_of(text: str) -> int:
    """The number that a text writes; 0 where it writes none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def visit(request: Request) -> str:
    """The value of this visitor's cookie: what it sent, or a new one."""
    held = request.cookies.get(VISIT, "")
    return held if len(held) == 43 and held.replace("-", "").replace("_", "").isalnum() else secrets.token_urlsafe(32)


def _binding(request: Request) -> str:
    held = request.cookies.get(SESSION) if request.scope.get("actor") else request.cookies.get(VISIT)
    return sha256(held.encode()).hexdigest()[:32] if held else ""


def token(datasette: Datasette, request: Request, visiting: str = "") -> str:
    """The token for the forms of a page; for a visitor who is only now given a cookie, of that cookie."""
    bound = sha256(visiting.encode()).hexdigest()[:32] if visiting else _binding(request)
    return str(cast(Any, datasette).sign({"b": bound}, NAMESPACE))


async def read(datasette: Datasette, request: Request) -> Form:
    """The fields of a form that came from a page of this session; `FormError` for any other."""
    if request.scope.get("method") != "POST":
        raise FormError(405, "form.only_post")
    headers = {name.lower(): value for name, value in request.scope.get("headers") or ()}
    if headers.get(b"sec-fetch-site", b"").decode("latin-1") in FOREIGN:
        raise FormError(403, "form.foreign")
    if headers.get(b"content-type", b"").split(b";")[0].strip() != b"application/x-www-form-urlencoded":
        raise FormError(415, "form.unknown_kind")
    body = await cast(Any, request).post_body()
    try:
        values = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:  # not UTF-8, or too many fields
        raise FormError(400, "form.unreadable") from None
    form = Form(values)
    if not _is_ours(datasette, request, form.get(FIELD)):
        raise FormError(403, "form.foreign")
    return form


def _is_ours(datasette: Datasette, request: Request, given: str) -> bool:
    from itsdangerous import BadData

    bound = _binding(request)
    try:
        held = cast(Any, datasette).unsign(given, NAMESPACE)
    except BadData:
        return False
    return bool(bound) and isinstance(held, dict) and secrets.compare_digest(str(held.get("b")), bound)


async def refused(datasette: Datasette, request: Request, fault: FormError) -> Response:
    """The page that says why a form was not taken. Nothing was written."""
    from datasette import Response as Answer

    from datasette_plugins.desk.frame import words_of

    words: Words = words_of(request)
    context = {"title": words("form.refused"), "error": words(fault.key), "status": fault.status}
    body = await datasette.render_template("error.html", context, request=request)
    return cast(Response, Answer.html(body, status=fault.status))
