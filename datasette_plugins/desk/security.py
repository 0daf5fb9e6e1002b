"""The ASGI wrapper: the language of a request, what may be posted where, and the headers that keep every page safe."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from datasette_plugins.desk.forms import MOST_BYTES
from datasette_plugins.desk.ports import Asgi, Datasette, Message, Receive, Scope, Send
from datasette_plugins.desk.reviewing import review_of
from datasette_plugins.desk.words import ASKED, DEFAULT, Language, language_of

COOKIE = "kehoach_lang"
PARAMETER = "lang"
SCOPE_KEY = "kehoach_language"
_YEAR = 365 * 24 * 3600
READING = frozenset({"GET", "HEAD", "OPTIONS"})
WRITABLE = re.compile(r"/-/kehoach/(?:sign-in|sign-out|cases|case/[^/]+|finding/[^/]+/decide)")
"""The only addresses that may be posted to, and they only where the server was started for review."""
CLOSED = re.compile(r"/-/(?:login|logout|password-tool|auth-token)(?:\.json)?/?")
"""Pages of Datasette and its plugins that are not used here: the desk has its own ways in and out."""
FORM_SECONDS = 20

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def wrapper(datasette: Datasette) -> Callable[[Asgi], Asgi]:
    """Wraps Datasette's application."""

    def wrap(app: Asgi) -> Asgi:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            scope, chosen = with_language(below_base(scope, str(datasette.setting("base_url"))))
            ASKED.set(scope.get(SCOPE_KEY, DEFAULT))

            async def send_safely(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": _headers(message.get("headers", []), chosen, datasette)}
                await send(message)

            await _answering(app, datasette, scope)(scope, receive, send_safely)

        return wrapped

    return wrap


def _answering(app: Asgi, datasette: Datasette, scope: Scope) -> Asgi:
    """What answers a request: the application, or a sentence that says why it is not let through."""
    scope["headers"] = [pair for pair in scope.get("headers") or () if pair[0] != b"authorization"]
    if CLOSED.fullmatch(scope["path"]):
        return _saying(404, "There is no such page.")
    if scope["method"] in READING:
        return app
    if not writes(datasette, scope):
        return _saying(405, "This server only reads.", (b"allow", b"GET, HEAD"))
    return _with_small_form(app)


def writes(datasette: Datasette, scope: Scope) -> bool:
    """Whether a request sends a form to a page of this server that takes one."""
    if scope.get("method") != "POST" or review_of(datasette) is None:
        return False
    return WRITABLE.fullmatch(str(scope["path"])) is not None


def _saying(status: int, sentence: str, *more: tuple[bytes, bytes]) -> Asgi:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/plain; charset=utf-8"), *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": sentence.encode()})

    return answer


def _with_small_form(app: Asgi) -> Asgi:
    """Takes the whole form in before anything looks at it, up to its greatest size and for a limited time."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await asyncio.wait_for(_body(receive), FORM_SECONDS)
        except TimeoutError:
            await _saying(408, "The form did not arrive. Nothing was recorded; send it again.")(scope, receive, send)
            return
        if body is None:
            text = f"The form is larger than {MOST_BYTES} bytes. Nothing was recorded; shorten it."
            await _saying(413, text, (b"connection", b"close"))(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return waiting.pop() if waiting else await receive()

        await app(scope, replayed, send)

    return answer


async def _body(receive: Receive) -> bytes | None:
    """The body of a request; None where it is too large."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        more = bool(message.get("more_body"))
    return body


def below_base(scope: Scope, base: str) -> Scope:
    """The scope as behind a proxy that takes the base path away.

    Datasette answers both ways, but puts the base path twice into some links where it is left in the request.
    """
    path = str(scope["path"])
    if base == "/" or not path.startswith(base):
        return scope
    raw = scope.get("raw_path")
    if raw is not None:
        prefix = base.encode("latin-1")
        scope = {**scope, "raw_path": b"/" + raw.removeprefix(prefix) if raw.startswith(prefix) else raw}
    return {**scope, "path": "/" + path.removeprefix(base)}


def with_language(scope: Scope) -> tuple[Scope, Language | None]:
    """The scope with its language and without the parameter that chose it, and that choice (None: not chosen here).

    Datasette would take an unknown parameter of a table's page for a filter, so it never sees this one.
    """
    query = scope.get("query_string", b"").decode("latin-1")
    chosen: Language | None = None
    if f"{PARAMETER}=" in query:
        pairs = parse_qsl(query, keep_blank_values=True)
        chosen = next((lang for key, value in pairs if key == PARAMETER and (lang := language_of(value))), None)
        kept = [(key, value) for key, value in pairs if key != PARAMETER]
        if len(kept) != len(pairs):
            rest = urlencode(kept).encode("latin-1")
            raw = scope.get("raw_path")
            if raw is not None:  # some clients leave the query in it
                scope = {**scope, "raw_path": raw.partition(b"?")[0]}
            scope = {**scope, "query_string": rest}
    return {**scope, SCOPE_KEY: chosen or _from_cookie(scope) or DEFAULT}, chosen


def _from_cookie(scope: Scope) -> Language | None:
    for name, value in scope.get("headers") or ():
        if name == b"cookie":
            try:
                cookie = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                return None
            return language_of(cookie.value) if cookie else None
    return None


def _headers(
    headers: list[tuple[bytes, bytes]], chosen: Language | None, datasette: Datasette
) -> list[tuple[bytes, bytes]]:
    own = {name.lower() for name, _ in headers}
    out = [*headers, *(pair for pair in HEADERS if pair[0] not in own)]
    if chosen:
        path = str(datasette.setting("base_url")) or "/"
        cookie = f"{COOKIE}={chosen}; Path={path}; Max-Age={_YEAR}; SameSite=Lax; HttpOnly"
        out.append((b"set-cookie", cookie.encode("latin-1")))
    return out
