"""What becomes of the forms on the page of a finding: confirm, dismiss, reopen, correct, note, assign."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import cast
from urllib.parse import urlencode

from corpus import review as decisions
from corpus.clashes import ClashError, decide_unless_clashing
from corpus.corrections import checked
from corpus.review import STATES, Decision, Kind
from datasette_plugins.desk import finding, forms, queue, reviewing, sides, web
from datasette_plugins.desk.forms import Form, FormError
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.ports import Datasette, Request, Response
from datasette_plugins.desk.reviewing import Review, Reviewer
from datasette_plugins.desk.sides import One
from datasette_plugins.desk.store import Desk
from extract.records import KehoachError

LONGEST_NOTE = 4000
KEPT = ("kind", "note", "assignee", "field", "value")
"""Fields that are shown again where a form could not be taken."""
FAULTS = {
    "bad-decision": "review_fault.bad_decision",
    "correction-empty": "review_fault.correction_empty",
    "no-day": "review_fault.no_day",
    "no-number": "review_fault.no_number",
    "no-sum": "review_fault.no_sum",
    "not-correctable": "review_fault.not_correctable",
    "note-empty": "review_fault.note_empty",
    "too-long": "review_fault.too_long",
    "unknown-person": "review_fault.unknown_person",
    "unknown-value": "review_fault.unknown_value",
}
"""The sentence for each fault of what was typed."""


async def post(request: Request, datasette: Datasette) -> Response:
    """``POST /-/kehoach/finding/<id>/decide``: adds a decision, then shows the finding again."""
    review, reviewer = reviewing.review_of(datasette), reviewing.reviewer_of(datasette, request)
    try:
        form = await forms.read(datasette, request)
        if review is None or reviewer is None:
            raise FormError(403, "form.signed_out")
    except FormError as fault:
        return await forms.refused(datasette, request, fault)
    desk = await web.desk_for(datasette, request)
    key = decoded(request.url_vars["id"])
    links = Links(datasette, desk.name)
    one = await desk.read(lambda reader: sides.load(reader, key, links))
    if one is None:
        raise web.not_found(request, "fault.no_finding")
    entered = {name: form.get(name) for name in KEPT}
    try:
        decision = await _decision(desk, review, reviewer, one, form)
        number = await _add(desk, review, one, decision, form.number("seen"))
    except ClashError as clash:
        return await finding.shown(request, datasette, finding.Answer(409, since=clash.since, entered=entered))
    except KehoachError as fault:
        words = words_of(request)
        said = words(FAULTS[fault.code]) if fault.code in FAULTS else str(fault)
        return await finding.shown(request, datasette, finding.Answer(400, fault=said, entered=entered))
    chosen = {name: value for name in queue.FILTERS if (value := request.args.get(name))}
    query = urlencode({**chosen, "done": str(number)})
    return web.redirect(f"{links.finding(key)}?{query}#review")


async def _decision(desk: Desk, review: Review, reviewer: Reviewer, one: One, form: Form) -> Decision:
    """The decision that a form tells. `KehoachError` where it makes no sense."""
    kind, note = form.get("kind"), form.get("note")
    if len(note) > LONGEST_NOTE:
        raise KehoachError("too-long", f"A note has at most {LONGEST_NOTE} signs.")
    table, target, field, value = "findings", str(one.finding["id"]), None, None
    if kind == "corrected":
        table, target, field = _field(one, form.get("field"))
        value = checked(table, field, form.get("value"))
    elif kind == "assigned":
        value = form.get("assignee")
        if value and value not in review.people():
            raise KehoachError("unknown-person", f"Nobody here is called {value}.")
    elif kind == "note":
        if not note:
            raise KehoachError("note-empty", "A note needs words.")
    elif kind not in STATES:
        raise KehoachError("bad-decision", f"{kind} is nothing that can be decided.")
    kept = await desk.read(lambda reader: decisions.about(reader.connection, table, target))
    return Decision(
        who=reviewer.id,
        kind=cast(Kind, kind),
        target_table=table,
        target=target,
        field=field,
        value=value,
        note=note or None,
        sha256=kept.get("sha256"),
        rule=kept.get("rule"),
        quote=kept.get("quote"),
        before=kept.get("before"),
        after=kept.get("after"),
    )


def _field(one: One, chosen: str) -> tuple[str, str, str]:
    """Table, id and field of what is corrected: one of those that the page of this finding offers, and no other."""
    for side in one.sides:
        if side.held:
            for name, _ in side.held.fields:
                if chosen == f"{side.held.table}:{side.held.id}:{name}":
                    return side.held.table, side.held.id, name
    raise KehoachError("not-correctable", "This field cannot be corrected here.")


async def _add(desk: Desk, review: Review, one: One, decision: Decision, seen: int) -> int:
    built = await desk.once(queue.COUNTS)
    live = await reviewing.live(desk, built, queue.rows_counted)
    anchored = live.anchors.get(str(one.finding["id"]), frozenset()) if live else frozenset()

    def add(connection: sqlite3.Connection) -> int:
        return decide_unless_clashing(connection, decision, finding.targets(one), anchored, seen)

    return await asyncio.to_thread(review.write, add)
