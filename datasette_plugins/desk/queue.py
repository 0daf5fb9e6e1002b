"""The queue of findings: its filters and counts, its order, and the way from one finding to the next.

The order holds while people work: the gravest first, then rule by rule, the rule with most findings first, counted over
the whole build, whatever was decided since or is filtered out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from datasette_plugins.desk import reviewing, web
from datasette_plugins.desk.cube import Cube, Key
from datasette_plugins.desk.forms import number_of
from datasette_plugins.desk.ports import Request, Row
from datasette_plugins.desk.reviewing import Live
from datasette_plugins.desk.store import Desk, Figure, Reader
from datasette_plugins.desk.web import Filters

COLUMNS = {
    "severity": "f.severity",
    "rule": "f.rule",
    "state": "f.state",
    "scope": "f.scope",
    "level": "d.issuer_level",
    "province": "d.province",
    "year": "d.year",
}
"""What the findings are counted by."""
OF_REVIEW = ("assignee", "case")
"""Filters that only someone who is signed in may set."""
FILTERS = (*COLUMNS, *OF_REVIEW, "document")
BY_SEVERITY = "case f.severity when 'error' then 0 when 'warning' then 1 else 2 end"
SEVERITIES = ("error", "warning", "info")
JOINED = "from findings f left join documents d on d.id = f.document"
_IN = "f.id in (select value from json_each(?))"
_ROWS = f"""select f.id, f.rule, f.severity, f.confidence, f.scope, f.message_vi, f.message_en, f.state, f.document,
    f.work, r.title_vi, r.title_en, d.doc_type, d.code, d.symbol, d.number_blank, d.issuer, d.issued_on, d.title,
    (select count(*) from finding_evidence e where e.finding = f.id) as sides
    {JOINED} left join rules r on r.id = f.rule
    where {{where}} order by f.rowid limit ? offset ?"""

Condition = tuple[str, list[object]]


def counts(reader: Reader) -> Cube:
    """The counts of all findings by their filters, as built."""
    return Cube.load(reader, COLUMNS, JOINED)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many findings each rule has in the whole build, and the rules whose findings are all of one severity."""

    of_rule: Mapping[str, int]
    of_one_severity: frozenset[str]


def totals(reader: Reader) -> Totals:
    """The number of findings of each rule, as built."""
    rows = reader.all("select rule, count(*) as n, count(distinct severity) as severities from findings group by 1")
    single = frozenset(str(row["rule"]) for row in rows if row["severities"] == 1)
    return Totals({str(row["rule"]): int(row["n"]) for row in rows}, single)


COUNTS = Figure("finding-counts", counts)
TOTALS = Figure("finding-totals", totals)


def rows_counted(reader: Reader, findings: Sequence[str]) -> dict[str, Row]:
    """What these findings are counted by, by their ids; those that are no longer made are left out."""
    columns = ", ".join(f"{column} as {name}" for name, column in COLUMNS.items())
    rows = reader.all(f"select f.id, {columns} {JOINED} where {_IN}", [json.dumps(list(findings))])
    return {str(row["id"]): row for row in rows}


async def queue_of(desk: Desk, request: Request) -> Queue:
    """The queue that the request asks for."""
    filters = web.filters_of(desk.datasette, request, "findings", FILTERS)
    if reviewing.reviewer_of(desk.datasette, request) is None:
        filters = Filters(filters.path, {k: value for k, value in filters.values.items() if k not in OF_REVIEW})
    built, sums = await desk.once(COUNTS), await desk.once(TOTALS)
    live = await reviewing.live(desk, built, rows_counted)
    case, document = filters.get("case"), filters.get("document")
    if not case and not document:
        return Queue(filters, live.cube if live else built, sums, live)

    def narrowed(reader: Reader) -> Queue:
        documents = _documents_of(reader, live, case) if case else None
        parts = [of_documents(documents)] if documents is not None else []
        parts += [("f.document = ?", [document])] if document else []
        return Queue(filters, _narrow(reader, live, parts), sums, live, documents)

    return await desk.read(narrowed)


def _documents_of(reader: Reader, live: Live | None, case: str) -> tuple[str, ...]:
    held = live.cases.get(number_of(case)) if live else None
    sql = "select id from documents where sha256 in (select value from json_each(?)) order by id"
    return tuple(str(row["id"]) for row in reader.all(sql, [json.dumps(list(held.documents if held else ()))]))


def _narrow(reader: Reader, live: Live | None, parts: Sequence[Condition]) -> Cube:
    """The counts of the findings that these conditions let through."""
    where = " and ".join(sql for sql, _ in parts)
    parameters = [value for _, values in parts for value in values]
    built = Cube.load(reader, COLUMNS, f"{JOINED} where {where}", parameters)
    if live is None:
        return built
    columns = ", ".join(f"{column} as {name}" for name, column in COLUMNS.items())
    decided = json.dumps(list(live.standings))
    rows = reader.all(f"select f.id, {columns} {JOINED} where {where} and {_IN}", [*parameters, decided])
    return reviewing.overlaid(built, {str(row["id"]): row for row in rows}, live.standings)


def grave(severity: object) -> int:
    """The rank of a severity, 0 for the gravest."""
    return SEVERITIES.index(str(severity)) if severity in SEVERITIES else len(SEVERITIES)


@dataclass(frozen=True, slots=True)
class Queue:
    """The findings that the filters let through. `live` is None where the server only reads."""

    filters: Filters
    cube: Cube
    totals: Totals
    """What the order goes by."""
    live: Live | None
    documents: tuple[str, ...] | None = None
    """The ids of the documents of the case that is chosen, of those that are in the corpus."""
    _groups: list[tuple[Key, int]] = field(default_factory=list)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that the counts know."""
        return {name: value for name, value in self.filters.values.items() if name in self.cube.names}

    @property
    def total(self) -> int:
        """How many findings there are in it."""
        return sum(count for _, count in self.groups())

    def groups(self) -> list[tuple[Key, int]]:
        """Severity and rule with the number of findings, in the order of the queue."""
        if not self._groups:
            found = self.cube.by(["severity", "rule"], self.chosen)
            self._groups.extend(sorted(found.items(), key=lambda item: self.rank(item[0])))
        return self._groups

    def rank(self, group: Key) -> tuple[int, int, str]:
        """What the order goes by: how grave, how many of the rule in the whole build, the rule."""
        severity, rule = group
        return grave(severity), -self.totals.of_rule.get(str(rule), 0), str(rule)

    def where(self, group: Key | None = None) -> Condition:
        """The SQL of the filters, within one group where it is given."""
        values = dict(self.filters.values)
        if group is not None:
            values.update(severity=str(group[0]), rule=str(group[1]))
            if str(group[1]) in self.totals.of_one_severity:  # the index of rules then answers alone
                del values["severity"]
        columns = {**{name: column for name, column in COLUMNS.items() if name != "state"}, "document": "f.document"}
        first, parameters = Filters(self.filters.path, values).conditions(columns)
        parts = [first]
        for sql, more in self._review_conditions():
            parts.append(sql)
            parameters += more
        return " and ".join(parts), parameters

    def _review_conditions(self) -> Iterator[Condition]:
        if state := self.filters.get("state"):
            yield self._state(state)
        if assignee := self.filters.get("assignee"):
            yield self._assignee(assignee)
        if self.documents is not None:
            yield of_documents(self.documents)

    def _state(self, state: str) -> Condition:
        if self.live is None:
            return "f.state = ?", [state]
        given = {finding: standing.state for finding, standing in self.live.standings.items() if standing.state}
        now = [finding for finding, held in given.items() if held == state]
        return f"((f.state = ? and not {_IN}) or {_IN})", [state, json.dumps(list(given)), json.dumps(now)]

    def _assignee(self, assignee: str) -> Condition:
        standings = self.live.standings.items() if self.live else ()
        given = {finding: standing.assignee for finding, standing in standings if standing.assignee}
        if assignee == "-":
            return f"not {_IN}", [json.dumps(list(given))]
        return _IN, [json.dumps([finding for finding, held in given.items() if held == assignee])]

    def rows(self, reader: Reader, first: int, most: int) -> list[Row]:
        """Rows of the queue from the place `first` on: only the rules that they touch are asked for."""
        rows: list[Row] = []
        before = 0
        for group, count in self.groups():
            start, wanted = max(first - before, 0), most - len(rows)
            before += count
            if before <= first:
                continue
            if wanted <= 0:
                break
            where, parameters = self.where(group)
            rows += reader.all(_ROWS.format(where=where), [*parameters, wanted, start])
        return [self.as_it_stands(row) for row in rows]

    def as_it_stands(self, row: Row) -> Row:
        """A finding with its state of now, and with who looks at it."""
        if self.live is None:
            return {**row, "assignee": None, "decision": None}
        standing = self.live.standing(str(row["id"]))
        return {
            **row,
            "state": standing.state or row["state"],
            "assignee": standing.assignee,
            "decision": standing.last,
        }

    def facet(self, name: str, in_order: bool = False) -> list[Row]:
        """The values of a filter with their counts, under all the others."""
        return self.cube.facet(name, self.chosen, in_order) if name in self.cube.names else []

    @property
    def query(self) -> str:
        """What is put behind the address of a finding, so that its page knows the queue that it was opened from."""
        return Filters("", self.filters.values).url()


def of_documents(documents: Sequence[str]) -> Condition:
    """Findings that are about one of these documents, or have a side in one."""
    ids = json.dumps(list(documents))
    among = "in (select value from json_each(?))"
    return (
        f"(f.document {among} or f.id in (select finding from finding_evidence where document {among}))",
        [ids, ids],
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands in a queue: its number (None where it has left it), and its neighbours."""

    number: int | None
    before: str | None
    after: str | None


def place(reader: Reader, queue: Queue, finding: Mapping[str, object]) -> Place:
    """Where a finding stands. One that has left the queue, being decided, keeps its neighbours."""
    group = (str(finding["severity"]), str(finding["rule"]))
    (rowid,) = reader.connection.execute("select rowid from findings where id = ?", (finding["id"],)).fetchone()
    rank = queue.rank(group)
    earlier = [(key, count) for key, count in queue.groups() if queue.rank(key) < rank]
    later = [key for key, _ in queue.groups() if queue.rank(key) > rank]
    where, parameters = queue.where(group)
    beside = f"select f.id {JOINED} where {where} and f.rowid {{}} ? order by f.rowid {{}} limit 1"
    before = reader.value(beside.format("<", "desc"), [*parameters, rowid])
    after = reader.value(beside.format(">", "asc"), [*parameters, rowid])
    within = reader.value(f"select 1 {JOINED} where {where} and f.rowid = ?", [*parameters, rowid])
    number = None
    if within:
        counted = f"select count(*) {JOINED} where {where} and f.rowid <= ?"
        number = sum(count for _, count in earlier) + int(reader.value(counted, [*parameters, rowid]))
    if before is None and earlier:
        before = _end(reader, queue, earlier[-1][0], "desc")
    if after is None and later:
        after = _end(reader, queue, later[0], "asc")
    return Place(number, before, after)


def _end(reader: Reader, queue: Queue, group: Key, order: str) -> str | None:
    where, parameters = queue.where(group)
    found = reader.value(f"select f.id {JOINED} where {where} order by f.rowid {order} limit 1", parameters)
    return str(found) if found is not None else None
