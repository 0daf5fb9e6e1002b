"""Audit cases: the list of them, and the page of one with its documents, findings, people and history."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args
from urllib.parse import quote

from corpus.cases import Case, CaseClashError, Event, EventKind, add
from corpus.search import search
from datasette_plugins.desk import forms, names, queue, rendering, reviewing, web
from datasette_plugins.desk.forms import Form, FormError
from datasette_plugins.desk.frame import ROOT, words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.ports import Context, Datasette, Request, Response, Row
from datasette_plugins.desk.queue import of_documents
from datasette_plugins.desk.reviewing import Live, Review, Reviewer
from datasette_plugins.desk.store import Desk, Reader
from extract.records import KehoachError

MOST_OFFERED = 12
"""Documents that a search offers to put in."""
_DOCUMENT = """select d.id, d.doc_type, d.number, d.symbol, d.code, d.number_blank, d.issuer, d.issued_on, d.title,
    d.sha256, (select min(coalesce(origin, path)) from files f where f.document = d.id) as origin
    from documents d where d.{} in ({{}})"""
FAULTS = {
    "case-closed": "case_fault.closed",
    "case-unnamed": "case_fault.unnamed",
    "no-case": "fault.no_case",
    "no-document": "fault.no_document",
    "note-empty": "review_fault.note_empty",
    "too-long": "review_fault.too_long",
    "unknown-person": "review_fault.unknown_person",
    "bad-event": "review_fault.bad_decision",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """How a form turned out that could not be taken."""

    status: int = 200
    fault: str = ""
    since: tuple[Event, ...] = ()
    entered: Mapping[str, str] | None = None


async def _live(desk: Desk) -> Live:
    held = await reviewing.live(desk, await desk.once(queue.COUNTS), queue.rows_counted)
    if held is None:
        raise RuntimeError("this server was not started for review")
    return held


def _signed_in(datasette: Datasette, request: Request) -> tuple[Review, Reviewer] | None:
    review, reviewer = reviewing.review_of(datasette), reviewing.reviewer_of(datasette, request)
    return (review, reviewer) if review and reviewer else None


def _to_sign_in(datasette: Datasette, request: Request) -> Response:
    here = datasette.urls.path(str(request.scope["path"]).lstrip("/"))
    return web.redirect(f"{datasette.urls.path(ROOT + 'sign-in')}?next={quote(here)}")


async def list_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/cases``: the list; posted, a new case."""
    signed_in = _signed_in(datasette, request)
    if request.scope.get("method") == "POST":
        return await _posted(request, datasette, signed_in, None)
    if signed_in is None:
        return _to_sign_in(datasette, request)
    return await _listed(request, datasette, Tried())


async def _listed(request: Request, datasette: Datasette, tried: Tried) -> Response:
    desk = await web.desk_for(datasette, request)
    live = await _live(desk)
    shown = list(live.cases.values())
    counts = await desk.read(lambda reader: {case.id: _counts(reader, live, case) for case in shown})
    context = {"cases": shown, "counts": counts, **_common(request, datasette, desk, tried)}
    return await _html(request, datasette, "kehoach/cases.html", context, tried.status)


def _common(request: Request, datasette: Datasette, desk: Desk, tried: Tried) -> Context:
    words, review = words_of(request), reviewing.review_of(datasette)
    return {
        "tried": tried,
        "entered": tried.entered or {},
        "person": review.name_of if review else str,
        "people": review.people() if review else {},
        "name_of": lambda row: names.full(row, words),
        "links": Links(datasette, desk.name),
    }


async def _html(request: Request, datasette: Datasette, template: str, context: Context, status: int) -> Response:
    from datasette import Response as Html

    body = await rendering.render(datasette, request, template, context)
    return cast(Response, Html.html(body, status=status))


def _counts(reader: Reader, live: Live, case: Case) -> dict[str, int]:
    """The number of findings of a case by their state of now; `documents`: how many of it the corpus holds."""
    ids = [str(row["id"]) for row in reader.named(_DOCUMENT.format("sha256"), list(case.documents)).values()]
    where, parameters = of_documents(ids)
    out: dict[str, int] = {"documents": len(ids)}
    for row in reader.all(f"select f.id, f.state from findings f where {where}", parameters):
        state = str(live.standing(str(row["id"])).state or row["state"])
        out[state] = out.get(state, 0) + 1
    return out


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/case/<number>``: the page of a case; posted, something done to it."""
    signed_in = _signed_in(datasette, request)
    number = forms.number_of(decoded(request.url_vars["id"]))
    if request.scope.get("method") == "POST":
        return await _posted(request, datasette, signed_in, number)
    if signed_in is None:
        return _to_sign_in(datasette, request)
    return await _shown(request, datasette, number, Tried())


async def _shown(request: Request, datasette: Datasette, number: int, tried: Tried) -> Response:
    desk = await web.desk_for(datasette, request)
    live = await _live(desk)
    case = live.cases.get(number)
    if case is None:
        raise web.not_found(request, "fault.no_case")
    sought = (request.args.get("q") or "").strip()[:200]

    def loading(reader: Reader) -> Context:
        held = reader.named(_DOCUMENT.format("sha256"), list(case.documents), key="sha256")
        gone = [event.value or "" for event in case.events if event.kind == "document-removed"]
        return {
            "held": held,
            "named": {**held, **reader.named(_DOCUMENT.format("sha256"), gone, key="sha256")},
            "per_document": {sha256: _of_document(reader, live, str(row["id"])) for sha256, row in held.items()},
            "counts": _counts(reader, live, case),
            "offered": _offered(reader, sought, case) if sought else [],
        }

    context = {"case": case, "sought": sought, **_common(request, datasette, desk, tried), **await desk.read(loading)}
    return await _html(request, datasette, "kehoach/case.html", context, tried.status)


def _of_document(reader: Reader, live: Live, document: str) -> dict[str, int]:
    """The number of findings that a document has a part in, and of those that are open."""
    where, parameters = of_documents([document])
    rows = reader.all(f"select f.id, f.state from findings f where {where}", parameters)
    still = sum((live.standing(str(row["id"])).state or row["state"]) == "open" for row in rows)
    return {"all": len(rows), "open": still}


def _offered(reader: Reader, sought: str, case: Case) -> list[Row]:
    """The documents that the words find, by id or hash too, without those that are in the case."""
    ids = [hit.document for hit in search(reader.connection, sought, limit=MOST_OFFERED * 2).hits]
    found = reader.named(_DOCUMENT.format("id"), list(dict.fromkeys([sought, *ids])))
    found |= reader.named(_DOCUMENT.format("sha256"), [sought])
    ordered = sorted(found.values(), key=lambda row: ids.index(row["id"]) if row["id"] in ids else -1)
    return [row for row in ordered if row["sha256"] not in case.documents][:MOST_OFFERED]


async def _posted(
    request: Request, datasette: Datasette, signed_in: tuple[Review, Reviewer] | None, number: int | None
) -> Response:
    try:
        form = await forms.read(datasette, request)
        if signed_in is None:
            raise FormError(403, "form.signed_out")
    except FormError as fault:
        return await forms.refused(datasette, request, fault)
    review, reviewer = signed_in
    desk = await web.desk_for(datasette, request)
    words, tried = words_of(request), None
    entered = {name: form.get(name) for name in ("kind", "value", "note")}
    try:
        case = await _done(desk, review, reviewer, number, form)
    except CaseClashError as clash:
        tried = Tried(409, since=clash.since, entered=entered)
    except KehoachError as fault:
        said = words(FAULTS[fault.code]) if fault.code in FAULTS else str(fault)
        tried = Tried(404 if fault.code == "no-case" else 400, fault=said, entered=entered)
    if tried is None:
        return web.redirect(_onward(datasette, request, case, form))
    if number is None:
        return await _listed(request, datasette, tried)
    return await _shown(request, datasette, number, tried)


def _onward(datasette: Datasette, request: Request, case: Case, form: Form) -> str:
    """The page of the case; of the finding or document, where the form stood there."""
    desk_links = Links(datasette, "")
    query = str(request.scope.get("query_string", b""), "latin-1")
    asked = f"?{query}" if query else ""
    if finding := form.get("from_finding"):
        return f"{desk_links.finding(finding)}{asked}#cases"
    if document := form.get("from_document"):
        return f"{desk_links.document(document)}{asked}#filing"
    return datasette.urls.path(f"{ROOT}case/{case.id}")


async def _done(desk: Desk, review: Review, reviewer: Reviewer, number: int | None, form: Form) -> Case:
    """The case after what the form tells. `KehoachError` where it makes no sense."""
    documents = await _documents(desk, form)
    if number is None:
        opened = Event(who=reviewer.id, kind="opened", value=form.get("value"), note=form.get("note"))
        events = [opened, *(Event(who=reviewer.id, kind="document-added", value=sha256) for sha256 in documents)]
    else:
        events = _events(review, reviewer, number, form, documents)

    def write(connection: sqlite3.Connection) -> Case:
        seen = form.number("seen") if number is not None else None
        case = add(connection, events[0], seen)
        for event in events[1:]:
            case = add(connection, Event(who=event.who, kind=event.kind, case_id=case.id, value=event.value))
        return case

    return await asyncio.to_thread(review.write, write)


def _events(review: Review, reviewer: Reviewer, number: int, form: Form, documents: list[str]) -> list[Event]:
    kind = form.get("kind")
    if kind not in get_args(EventKind) or kind == "opened":
        raise KehoachError("bad-event", f"{kind} is nothing that can be done to a case.")
    if kind == "person-added" and form.get("value") not in review.people():
        raise KehoachError("unknown-person", f"Nobody here is called {form.get('value')}.")
    if kind == "document-added":
        if not documents:
            raise KehoachError("no-document", "Choose a document.")
        return [Event(who=reviewer.id, kind="document-added", case_id=number, value=sha256) for sha256 in documents]
    value = form.get("value") or None
    done = cast(EventKind, kind)
    return [Event(who=reviewer.id, kind=done, case_id=number, value=value, note=form.get("note") or None)]


async def _documents(desk: Desk, form: Form) -> list[str]:
    """The hashes of the documents that a form names by their ids, of those that the corpus holds."""
    ids = form.all("document")[:100]
    held = await desk.read(lambda reader: reader.named("select id, sha256 from documents where id in ({})", ids))
    if len(held) < len(set(ids)):
        raise KehoachError("no-document", "The corpus has no document with this id.")
    return [str(held[key]["sha256"]) for key in dict.fromkeys(ids)]
