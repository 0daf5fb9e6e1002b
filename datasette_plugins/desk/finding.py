"""The page of one finding: both sides of the evidence, what was decided, and the forms to decide."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from corpus.clashes import Target, thread
from corpus.corrections import choices
from corpus.review import Decision
from datasette_plugins.desk import forms, names, rendering, reviewing, sides, strips, web
from datasette_plugins.desk.filing import Filing, filing
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.ports import Context, Datasette, Request, Response
from datasette_plugins.desk.queue import Place, Queue, place, queue_of
from datasette_plugins.desk.reviewing import Review, Reviewer
from datasette_plugins.desk.sides import One
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.strips import Strip


@dataclass(frozen=True, slots=True)
class Answer:
    """How a form that was sent turned out where it could not be taken, and what had been typed into it."""

    status: int = 200
    fault: str = ""
    since: tuple[Decision, ...] = ()
    entered: Mapping[str, str] | None = None


def targets(one: One) -> list[Target]:
    """What the decisions are on that the page of a finding tells of: itself, and the facts that its sides rest on."""
    facts = [(side.held.table, side.held.id) for side in one.sides if side.held]
    return list(dict.fromkeys([("findings", str(one.finding["id"])), *facts]))


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was decided on a finding, for someone who may decide."""

    review: Review
    history: tuple[Decision, ...]
    assignee: str | None
    filed: Filing
    """The cases that hold one of its documents, and the open ones."""

    @property
    def seen(self) -> int:
        """The number of the last decision shown."""
        return self.history[-1].id or 0 if self.history else 0


async def _reviewed(review: Review, one: One, queue: Queue) -> Reviewed:
    live = queue.live
    if live is None:
        raise RuntimeError("a review without its state")
    key = str(one.finding["id"])
    anchored = live.anchors.get(key, frozenset())
    history = await asyncio.to_thread(review.write, lambda connection: thread(connection, targets(one), anchored))
    hashes = {str(row["sha256"]) for row in one.documents.values()}
    return Reviewed(review, tuple(history), live.standing(key).assignee, filing(live, hashes))


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/finding/<id>``."""
    return await shown(request, datasette, Answer())


async def shown(request: Request, datasette: Datasette, answer: Answer) -> Response:
    """The page of the finding in the address, with what became of a form."""
    from datasette import Response as Html

    desk = await web.desk_for(datasette, request)
    links = Links(datasette, desk.name)
    queue = await queue_of(desk, request)
    key = decoded(request.url_vars["id"])

    def loading(reader: Reader) -> tuple[One, Place, dict[int, Strip]] | None:
        one = sides.load(reader, key, links)
        return (one, place(reader, queue, one.finding), strips.of_finding(reader, desk, key, links)) if one else None

    found = await desk.read(loading)
    if found is None:
        raise web.not_found(request, "fault.no_finding")
    one, where, drawn = found
    reviewer = reviewing.reviewer_of(datasette, request)
    review = reviewing.review_of(datasette)
    context = _context(request, queue, one, where, links) | {"strips": drawn}
    if review is not None and reviewer is not None:
        reviewed = await _reviewed(review, one, queue)
        context |= _forms(request, review, reviewer, reviewed, answer)
    body = await rendering.render(datasette, request, "kehoach/finding.html", context)
    return cast(Response, Html.html(body, status=answer.status))


def _context(request: Request, queue: Queue, one: One, where: Place, links: Links) -> Context:
    words = words_of(request)
    return {
        "one": one,
        "finding": queue.as_it_stands(one.finding),
        "queue": queue,
        "place": where,
        "like": queue.totals.of_rule.get(str(one.finding["rule"]), 0),
        "name_of": lambda row: names.full(row, words),
        "explanation": sides.explanation(one.rule, words),
        "doubt": sides.doubt(one, words),
        "work_name": lambda row: names.of_work(row, words),
        "links": links,
        "reviewed": None,
    }


def _forms(request: Request, review: Review, reviewer: Reviewer, reviewed: Reviewed, answer: Answer) -> Context:
    said = forms.number_of(request.args.get("done") or "")
    return {
        "reviewed": reviewed,
        "person": review.name_of,
        "people": review.people(),
        "answer": answer,
        "entered": answer.entered or {},
        "choices": choices,
        "done": next((d for d in reviewed.history if d.id == said and d.who == reviewer.id), None),
    }
