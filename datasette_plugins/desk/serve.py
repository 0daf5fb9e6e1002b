"""Serves a corpus database: Datasette in this process, with the desk's pages, templates, descriptions and settings."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from datasette_plugins.desk import processes, reviewing
from datasette_plugins.desk.frame import ROOT
from datasette_plugins.desk.ports import Asgi, Datasette
from datasette_plugins.desk.reviewing import Review

SETTINGS: dict[str, object] = {
    "suggest_facets": False,
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 800,
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
    "truncate_cells_html": 600,
    "allow_download": False,
    "allow_facet": True,
    "default_allow_sql": True,
    "max_csv_mb": 200,
    "template_debug": False,
    "trace_debug": False,
}
"""SQL is allowed: connections only read, and every query ends after three seconds."""


def application(db: Path, base_url: str = "/", review: Review | None = None, secret: str | None = None) -> Datasette:
    """Datasette over the database `db`, with the desk; with `review`, also with the pages that write there.

    `secret` signs sessions and forms; one of its own where none is given. Raises `FileNotFoundError` where there is no
    such file.
    """
    if not db.is_file():
        raise FileNotFoundError(db)
    from datasette.app import Datasette as Application

    from datasette_plugins import kehoach_desk  # noqa: F401 - registers the pages
    from datasette_plugins.desk.metadata import metadata

    application = Application(
        [str(db)],
        metadata=metadata(db.stem),
        settings={**SETTINGS, "base_url": base_path(base_url)},
        cache_headers=True,
        secret=secret,
    )
    if review is not None:
        reviewing.attach(cast(Datasette, application), review)
        application.client = type(application.client)(application)  # the first one has the routes of before
    return cast(Datasette, application)


def review_for(db: Path, owner: str) -> Review:
    """The review of the database `db`: its decisions and its accounts lie beside it."""
    from corpus.review import review_path
    from datasette_plugins.desk.accounts import users_path

    db = db.absolute()
    return Review(review_path(db), users_path(db), owner)


def base_path(text: str) -> str:
    """A base path as Datasette wants it: with a slash at both ends."""
    return f"/{text.strip('/')}/" if text.strip("/") else "/"


def asgi(db: Path, base_url: str = "/", review: Review | None = None, secret: str | None = None) -> Asgi:
    """The ASGI application over `db`, for a server of one's own."""
    return cast(Asgi, cast(Any, application(db, base_url, review, secret)).app())


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; its port is known before the server runs, also where 0 was asked for."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # without it asyncio leaves Nagle on: 40 ms
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen()  # before the address is printed: who asks at once waits instead of being refused
    except OSError as fault:
        sock.close()
        from extract.records import KehoachError

        raise KehoachError(
            "port-taken", f"cannot listen on {host}:{port}: {fault.strerror}. Choose another --port."
        ) from fault
    return sock


def serve(
    db: Path,
    host: str = "127.0.0.1",
    port: int = 8001,
    open_browser: bool = False,
    base_url: str = "/",
    reviewer: str | None = None,
    number: int | None = 1,
) -> None:
    """Serves `db` until Ctrl-C or SIGTERM, printing the address first. Port 0 takes any free one.

    With a `reviewer` it is open for review, and a link that signs that person in once is printed after the address.
    `number` processes answer; None: as many as suit the database and the machine.

    Raises `extract.records.KehoachError` where the database is missing or is none, or the port is taken.
    """
    check(db)
    review = review_for(db, reviewer) if reviewer else None
    if review is not None:
        review.check()
    sock = _listening(host, port)
    number = processes.number_for(db) if number is None else number
    app = asgi(db, base_url, review) if number == 1 else None
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{sock.getsockname()[1]}{base_path(base_url)}"
    sys.stdout.write(f"{address}\n")
    if review is not None:
        address = f"{address}{ROOT}sign-in?token={review.token}"
        sys.stdout.write(f"To review as {review.owner}, once: {address}\n")
    sys.stdout.flush()
    if open_browser:
        threading.Timer(1.0, webbrowser.open, (address,)).start()
    try:
        if app is not None:
            run(sock, app)
        else:
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGTERM, _end)
                signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it was begun with Ctrl-C ignored
            processes.serve(sock, db, base_url, review, number)
    except KeyboardInterrupt:
        pass
    finally:
        sock.close()


def run(sock: socket.socket, app: Asgi) -> None:
    """Serves `app` on `sock` in this process until Ctrl-C or SIGTERM."""
    import uvicorn

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)
    config = uvicorn.Config(app, log_level="warning", lifespan="on", server_header=False, timeout_graceful_shutdown=3)
    with suppress(KeyboardInterrupt):
        asyncio.run(uvicorn.Server(config).serve(sockets=[sock]))


def _end(*_: object) -> None:
    """SIGTERM ends the program as Ctrl-C does, so that what a caller made for a time is cleaned away."""
    raise SystemExit(0)


def check(db: Path) -> None:
    """Raises `KehoachError` where `db` is missing, is no SQLite database, or was not made by kehoach build."""
    import sqlite3

    from corpus.opening import read_only
    from datasette_plugins.desk.store import NEEDED
    from extract.records import KehoachError

    if not db.is_file():
        raise KehoachError("no-database", f"there is no database {db}: make it with kehoach build")
    try:
        connection = read_only(db)
        names = {str(row[0]) for row in connection.execute("select name from sqlite_master where type = 'table'")}
        connection.close()
    except sqlite3.Error as fault:
        raise KehoachError("not-a-database", f"{db} cannot be opened as a database: {fault}") from fault
    if not names >= NEEDED:
        raise KehoachError("not-a-corpus", f"{db} was not made by kehoach build: it has no table {min(NEEDED - names)}")
