"""Signing in, by an account or by the one-time link that the server prints, and signing out."""

from __future__ import annotations

import asyncio
from typing import Any, cast
from urllib.parse import urlsplit

from datasette_plugins.desk import forms, reviewing, web
from datasette_plugins.desk.forms import SESSION, VISIT, FormError
from datasette_plugins.desk.frame import ROOT, words_of
from datasette_plugins.desk.ports import Datasette, Request, Response
from datasette_plugins.desk.reviewing import OWNER, Review

WAIT = 1.0
"""Seconds before a wrong password is answered."""


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/sign-in``: the form, or who is signed in; with ``?token=`` the one-time link; posted, an account."""
    review = _review(datasette)
    if request.scope.get("method") == "POST":
        return await _by_account(request, datasette, review)
    given = request.args.get("token")
    if given is None:
        return await _form(request, datasette)
    if not review.take(given):
        return await _form(request, datasette, fault="sign_in.used_link", status=403)
    return _signed_in(request, datasette, review.owner, OWNER)


def _review(datasette: Datasette) -> Review:
    review = reviewing.review_of(datasette)
    if review is None:
        raise RuntimeError("this server was not started for review")
    return review


async def _by_account(request: Request, datasette: Datasette, review: Review) -> Response:
    try:
        form = await forms.read(datasette, request)
    except FormError as fault:
        return await forms.refused(datasette, request, fault)
    accounts, login = review.accounts(), form.get("login").lower()
    async with review.checking:
        right = await asyncio.to_thread(accounts.verify, login, (form.values.get("password") or [""])[0])
    mark = accounts.mark(login)
    if not right or mark is None:
        await asyncio.sleep(WAIT)
        return await _form(request, datasette, fault="sign_in.wrong", status=403, login=login)
    return _signed_in(request, datasette, login, mark)


async def _form(
    request: Request, datasette: Datasette, fault: str = "", status: int = 200, login: str = ""
) -> Response:
    from datasette import Response as Html

    words = words_of(request)
    visiting = "" if request.scope.get("actor") else forms.visit(request)
    context = {
        "fault": words(fault) if fault else "",
        "login": login,
        "onward": onward(datasette, request),
        "visit_token": forms.token(datasette, request, visiting),
    }
    body = await datasette.render_template("kehoach/sign_in.html", context, request=request)
    answer = Html.html(body, status=status, headers={"cache-control": "private, no-store"})
    if visiting:
        _cookie(answer, request, datasette, VISIT, visiting, "strict")
    return cast(Response, answer)


def onward(datasette: Datasette, request: Request) -> str:
    """Where to go after signing in: a page of the desk, whatever the request asks for."""
    home = datasette.urls.path(ROOT + "findings")
    wanted = request.args.get("next") or ""
    parts = urlsplit(wanted)
    inside = wanted.startswith(datasette.urls.path(ROOT)) and not parts.netloc and not parts.scheme
    return wanted if inside and "\\" not in wanted and "//" not in parts.path and wanted.isprintable() else home


def _signed_in(request: Request, datasette: Datasette, login: str, mark: str) -> Response:
    answer = web.redirect(onward(datasette, request))
    actor = {"id": login, "kehoach": mark}
    _cookie(answer, request, datasette, SESSION, str(cast(Any, datasette).sign({"a": actor}, "actor")), "lax")
    return answer


def _cookie(answer: Response, request: Request, datasette: Datasette, name: str, value: str, same_site: str) -> None:
    """A cookie that scripts cannot read, for this server's part of the site alone; an empty value takes it away."""
    path = str(datasette.setting("base_url")) or "/"
    secure = request.scope.get("scheme") == "https"
    ends = {} if value else {"max_age": 0, "expires": 0}
    cast(Any, answer).set_cookie(name, value, path=path, httponly=True, secure=secure, samesite=same_site, **ends)


async def leave(request: Request, datasette: Datasette) -> Response:
    """``POST /-/kehoach/sign-out``."""
    try:
        await forms.read(datasette, request)
    except FormError as fault:
        return await forms.refused(datasette, request, fault)
    answer = web.redirect(datasette.urls.path("/"))
    _cookie(answer, request, datasette, SESSION, "", "lax")
    return answer
