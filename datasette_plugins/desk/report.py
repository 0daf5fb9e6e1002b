"""The printable report: a queue, or a case, as a page that prints well on A4, for a working paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from corpus.cases import Case
from corpus.export import mask
from datasette_plugins.desk import frame, names, reviewing, sides, web
from datasette_plugins.desk.forms import number_of
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.queue import Queue, grave, queue_of
from datasette_plugins.desk.sides import One
from datasette_plugins.desk.store import Desk, Reader
from datasette_plugins.desk.worklist import Reach, narrowing

MOST = 300
"""Findings of one report: some hundred pages."""
BATCH = 50
CONTEXT = 130
"""Characters around the evidence: less than on the screen."""


@dataclass(frozen=True, slots=True)
class Told:
    """One finding of the report: the row of the queue, with what was decided, and its evidence."""

    row: Row
    one: One


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page prints."""

    told: list[Told]
    total: int
    summary: list[tuple[str, str, Mapping[str, int]]]
    """Severity, rule, and the number of findings by state."""
    states: list[str]
    documents: list[Row]
    missing: list[str]
    """Hashes of documents of the case that the corpus no longer holds."""


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/findings/report``: of the queue of these filters, of a case with ``?case=``."""
    desk = await web.desk_for(datasette, request)
    queue, reach = await queue_of(desk, request), Reach.of(desk, request)
    case = queue.live.cases.get(number_of(queue.filters.get("case"))) if queue.live else None
    report = await _report(desk, queue, reach, case)
    titles = await desk.read(lambda reader: {row["id"]: row for row in reader.all("select * from rules")})
    words = reach.words
    return await web.html(
        datasette,
        request,
        "kehoach/report.html",
        {
            "report": report,
            "case": case,
            "queue": queue,
            "narrowing": await narrowing(desk, queue, reach),
            "titles": titles,
            "shown_people": reach.review is not None,
            "reviewer_name": _name(datasette, request),
            "person": reach.person,
            "name_of": lambda row: names.full(row, words),
            "explanation": lambda one: sides.explanation(one.rule, words),
            "doubt": lambda one: sides.doubt(one, words),
            "masked": lambda text: mask(str(text or "")),
            "run": await desk.once(frame.LAST_RUN),
            "made": datetime.now(UTC).isoformat(),
            "links": reach.links,
        },
    )


def _name(datasette: Datasette, request: Request) -> str:
    reviewer = reviewing.reviewer_of(datasette, request)
    return reviewer.name if reviewer else ""


async def _report(desk: Desk, queue: Queue, reach: Reach, case: Case | None) -> Report:
    told: list[Told] = []
    for first in range(0, min(queue.total, MOST), BATCH):
        told += await desk.read(lambda reader, first=first: _told(reader, queue, reach, first))  # type: ignore[misc]
    documents = {key: row for item in told for key, row in item.one.documents.items()}
    hashes = list(case.documents) if case else []
    held = await desk.read(lambda reader: _of_case(reader, hashes))
    listed = {**{str(row["id"]): row for row in held}, **({} if case else documents)}
    known = {str(row["sha256"]) for row in held}
    counted = queue.cube.by(["severity", "rule", "state"], queue.chosen)
    return Report(
        told=told,
        total=queue.total,
        summary=_summary(queue, counted),
        states=sorted({str(state) for _, _, state in counted}, key=("open", "confirmed", "dismissed").index),
        documents=sorted(listed.values(), key=lambda row: (str(row["issued_on"] or ""), str(row["code"] or ""))),
        missing=[sha256 for sha256 in hashes if sha256 not in known],
    )


def _summary(queue: Queue, counted: Counter[tuple[str | int | None, ...]]) -> list[tuple[str, str, Mapping[str, int]]]:
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for (severity, rule, state), count in counted.items():
        rows.setdefault((str(severity), str(rule)), {})[str(state)] = count
    ordered = sorted(rows, key=lambda key: (grave(key[0]), *queue.rank(key)[1:]))
    return [(severity, rule, rows[severity, rule]) for severity, rule in ordered]


def _told(reader: Reader, queue: Queue, reach: Reach, first: int) -> list[Told]:
    out = []
    for row in queue.rows(reader, first, min(BATCH, MOST - first)):
        one = sides.load(reader, str(row["id"]), reach.links, CONTEXT, mask)
        if one is not None:
            out.append(Told(row, replace(one, finding={**one.finding, "state": row["state"]})))
    return out


def _of_case(reader: Reader, hashes: list[str]) -> list[Row]:
    sql = """select d.id, d.doc_type, d.number, d.symbol, d.code, d.number_blank, d.issuer, d.issued_on, d.title,
        d.sha256, (select min(coalesce(origin, path)) from files f where f.document = d.id) as origin
        from documents d where d.sha256 in ({})"""
    return list(reader.named(sql, hashes).values())
