"""The worked list: the queue with what was decided, as a workbook for a working paper."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Any, cast

from corpus.export import mask
from corpus.worksheets import Sheet, write_book
from datasette_plugins.desk import formats, frame, names, reviewing, web
from datasette_plugins.desk.forms import number_of
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.queue import Queue, queue_of
from datasette_plugins.desk.store import Desk, Reader
from datasette_plugins.desk.words import Words

MOST = 20_000
"""Rows of one workbook."""
BATCH = 2_000
_REPEATED = 20_000
"""Texts whose masked form is kept: rules, bases and documents stand in many rows."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = {
    "worklist.number": 6,
    "worklist.severity": 11,
    "worklist.rule": 26,
    "worklist.message": 52,
    "worklist.state": 12,
    "worklist.who": 20,
    "worklist.when": 18,
    "worklist.note": 34,
    "worklist.assignee": 18,
    "worklist.document": 44,
    "worklist.side_1": 60,
    "worklist.side_2": 60,
    "worklist.more_sides": 40,
    "worklist.basis": 40,
    "worklist.doubt": 40,
    "worklist.confidence": 10,
    "worklist.origin": 36,
    "worklist.sha256": 40,
    "worklist.finding": 20,
}
"""The columns of the list with their widths in signs."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the exports know of the request: words, links, and the names of people for who may see them."""

    words: Words
    links: Links
    review: reviewing.Review | None

    @classmethod
    def of(cls, desk: Desk, request: Request) -> Reach:
        """Of this request: the names only where someone is signed in."""
        signed_in = reviewing.reviewer_of(desk.datasette, request) is not None
        review = reviewing.review_of(desk.datasette) if signed_in else None
        return cls(words_of(request), Links(desk.datasette, desk.name), review)

    def person(self, who: object) -> str:
        """The name of someone who decided."""
        return self.review.name_of(who) if self.review and who else ""


async def as_xlsx(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/findings.xlsx``: the queue of these filters. Of a case with ``?case=``."""
    from datasette import Response as Answer

    desk = await web.desk_for(datasette, request)
    queue, reach = await queue_of(desk, request), Reach.of(desk, request)
    rows: list[list[object]] = [[reach.words(key) for key in _COLUMNS]]
    for first in range(0, min(queue.total, MOST), BATCH):
        rows += await desk.read(lambda reader, first=first: list(_rows(reader, queue, reach, first)))  # type: ignore[misc]
    run = await desk.once(frame.LAST_RUN)
    filters = await narrowing(desk, queue, reach)
    about = _about(queue, filters, reach.words, run, reviewing.reviewer_of(datasette, request))
    sheets = [
        Sheet(reach.words("worklist.sheet"), list(_COLUMNS.values()), rows),
        Sheet(reach.words("worklist.about"), [34, 90], about, landscape=False),
    ]
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(write_book, sheets, cast(IO[bytes], file))
        file.seek(0)
        body = file.read()
    name = f"kehoach-{datetime.now(UTC):%Y%m%d}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    answer = Answer(cast(Any, body), headers=headers, content_type=XLSX)
    return cast(Response, answer)


def _rows(reader: Reader, queue: Queue, reach: Reach, first: int) -> Iterator[list[object]]:
    """The rows of one batch."""
    found = queue.rows(reader, first, BATCH)
    evidence = _evidence(reader, [str(row["id"]) for row in found])
    ids = [str(row["document"]) for row in found if row["document"]]
    documents = documents_of(reader, [*ids, *(str(side["document"]) for held in evidence.values() for side in held)])
    rules = {str(row["id"]): row for row in reader.all("select * from rules")}
    for number, row in enumerate(found, first + 1):
        held = _Held(row, rules.get(str(row["rule"]), {}), evidence.get(str(row["id"]), ()), documents)
        values = _values(held, reach)
        yield [number, *(_plain(values[key.removeprefix("worklist.")]) for key in list(_COLUMNS)[1:])]


def _plain(value: object) -> object:
    return _masked(value) if isinstance(value, str) else value


@lru_cache(maxsize=_REPEATED)
def _masked(text: str) -> str:
    return mask(text)


@dataclass(frozen=True, slots=True)
class _Held:
    """A finding with its rule, its sides and their documents."""

    row: Row
    rule: Row
    sides: Sequence[Row]
    documents: Mapping[str, Row]

    @property
    def concerned(self) -> list[Row]:
        """The documents that it concerns, its own first."""
        keys = dict.fromkeys([str(self.row["document"]), *(str(side["document"]) for side in self.sides)])
        return [self.documents[key] for key in keys if key in self.documents]


def _values(held: _Held, reach: Reach) -> dict[str, object]:
    row, rule, words = held.row, held.rule, reach.words
    decision = row["decision"] if reach.review else None
    sides = [_side(side, held.documents, words) for side in held.sides]
    concerned = held.concerned
    return {
        "severity": words.code("severity", row["severity"]),
        "rule": words.pick(rule, "title") or row["rule"],
        "message": words.pick(row, "message"),
        "state": words.code("state", row["state"]),
        "who": reach.person(decision.who) if decision else "",
        "when": formats.moment(decision.made_at, words.language) if decision else "",
        "note": decision.note if decision else "",
        "assignee": reach.person(row["assignee"]),
        "document": names.full(concerned[0], words) if concerned else "",
        "side_1": sides[0] if sides else "",
        "side_2": sides[1] if len(sides) > 1 else "",
        "more_sides": "\n".join(sides[2:]),
        "basis": rule.get("basis"),
        "doubt": rule.get("why_maybe_wrong_en" if words.language == "en" else "why_maybe_wrong"),
        "confidence": round(float(row["confidence"]), 2) if row["confidence"] is not None else None,
        "origin": "\n".join(str(document["origin"] or "") for document in concerned),
        "sha256": "\n".join(str(document["sha256"]) for document in concerned),
        "finding": row["id"],
    }


def _side(side: Row, documents: Mapping[str, Row], words: Words) -> str:
    document = documents.get(str(side["document"]))
    where = names.full(document, words) if document else ""
    page = words("card.page", n=side["page"]) if side["page"] else ""
    quote = f"“{side['quote']}”" if side["quote"] else ""
    return "\n".join(part for part in (", ".join(filter(None, (where, page))), quote) if part)


def _evidence(reader: Reader, findings: Sequence[str]) -> dict[str, list[Row]]:
    sql = "select * from finding_evidence where finding in (select value from json_each(?)) order by finding, side"
    out: dict[str, list[Row]] = {}
    for row in reader.all(sql, [json.dumps(list(findings))]):
        out.setdefault(str(row["finding"]), []).append(row)
    return out


def documents_of(reader: Reader, ids: Sequence[str]) -> dict[str, Row]:
    """The documents with these ids, with what a working paper tells of each."""
    sql = """select d.id, d.doc_type, d.number, d.symbol, d.code, d.number_blank, d.issuer, d.issued_on, d.title,
        d.sha256, (select min(coalesce(origin, path)) from files f where f.document = d.id) as origin
        from documents d where d.id in (select value from json_each(?))"""
    return {str(row["id"]): row for row in reader.all(sql, [json.dumps(list(dict.fromkeys(ids)))])}


async def narrowing(desk: Desk, queue: Queue, reach: Reach) -> list[tuple[str, str]]:
    """The filters of a queue in words: what each is called, and what it lets through."""
    words, values = reach.words, queue.filters.values

    def named(reader: Reader) -> dict[str, str]:
        rule = reader.one("select * from rules where id = ?", (values.get("rule"),)) or {}
        document = documents_of(reader, [values.get("document", "")]).get(values.get("document", ""))
        case = queue.live.cases.get(number_of(values.get("case", ""))) if queue.live else None
        return {
            "rule": words.pick(rule, "title"),
            "document": names.full(document, words) if document else "",
            "case": case.name if case else "",
            "assignee": words("review.nobody")
            if values.get("assignee") == "-"
            else reach.person(values.get("assignee")),
        }

    said = await desk.read(named)
    plain = {name: words("unknown") if value == "-" else words.code(name, value) for name, value in values.items()}
    return [(words(_CALLED[name]), said.get(name) or plain[name]) for name in values]


_CALLED = {
    "severity": "findings.severity",
    "rule": "findings.rule",
    "state": "findings.state",
    "scope": "findings.scope",
    "level": "findings.level",
    "province": "findings.province",
    "year": "findings.year",
    "assignee": "findings.assignee",
    "case": "findings.case",
    "document": "findings.document",
}


def _about(
    queue: Queue, filters: list[tuple[str, str]], words: Words, run: Row, reviewer: reviewing.Reviewer | None
) -> list[list[object]]:
    """Where the list comes from: the second sheet."""
    left_out = max(queue.total - MOST, 0)
    lines: list[tuple[str, object]] = [
        (words("worklist.about"), words("worklist.title")),
        *filters,
        (words("worklist.total"), queue.total),
        *([(words("worklist.left_out"), left_out)] if left_out else []),
        (words("worklist.built"), formats.moment(run.get("finished_at"), words.language)),
        (words("worklist.version"), formats.version(run.get("version"))),
        (words("worklist.made"), formats.moment(datetime.now(UTC).isoformat(), words.language)),
        *([(words("worklist.made_by"), reviewer.name)] if reviewer else []),
        (words("worklist.meaning"), words("worklist.caution")),
    ]
    return [list(line) for line in lines]
