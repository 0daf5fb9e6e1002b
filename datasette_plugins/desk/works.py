"""The page of a work: who cites it, with which dates and issuers, and where they disagree."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_plugins.desk import names, web
from datasette_plugins.desk.cube import wanted
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.relations import agree
from datasette_plugins.desk.store import Desk, Figure, Reader
from datasette_plugins.desk.web import Filters, Leaf

FILTERS = ("relation", "date", "issuer")
_COLUMNS = {"relation": "c.relation", "date": "c.issued_on", "issuer": "c.issuer"}
_CITING = """select c.id, c.document, c.relation, c.issued_on as cited_on, c.issuer as cited_issuer, c.issuer_text,
    c.code_text, c.quote, c.page, c.start, c.pinpoint, d.doc_type, d.code, d.symbol, d.number_blank, d.issuer,
    d.issuer_level, d.issued_on, d.title
    from {source}
    where c.work = ? and coalesce(c.is_self, 0) = 0 and {where}
    order by d.issued_on desc, d.rowid desc, c.start limit ? offset ?"""
_BY_WORK = "citations c join documents d on d.id = c.document"
_BY_DAY = "documents d cross join citations c on c.document = d.id"
_DENSE = 8
"""Where at least one document in so many cites a work, those that do are met soon on the way through all, the newest
first; fewer are gathered and sorted."""
MANY = 2_000
"""Citations of a work from which on their counts are kept until the next build."""
_KEPT = 100
"""How many works' counts are kept."""
WEIGHTY = 10_000
"""Citations of a work from which on they are counted before the first reader comes."""
_READINGS = ("issued_on", "issuer", "doc_type", "relation")
_MOST_VALUES = 30
_CITED = """select issued_on, issuer, doc_type, relation, count(*) as citations, count(distinct document) as documents
    from citations where work = ? and coalesce(is_self, 0) = 0 group by 1, 2, 3, 4"""
_DOCUMENTS = "select count(distinct document) from citations where work = ? and coalesce(is_self, 0) = 0"
_BY_VALUE = """select {column} as value, count(distinct document) as documents from citations
    where work = ? and coalesce(is_self, 0) = 0 group by 1"""
_MOST_CITED = f"select id from works where citations >= {WEIGHTY} order by citations desc limit {_KEPT}"
_FINDINGS = """select f.id, f.severity, f.message_vi, f.message_en, f.confidence, r.title_vi, r.title_en
    from findings f left join rules r on r.id = f.rule where f.work = ?
    order by case f.severity when 'error' then 0 when 'warning' then 1 else 2 end limit 50"""
_FILTERED = "citations c where c.work = ? and coalesce(c.is_self, 0) = 0 and {where}"
_CARRIED_OUT = "select count(*) from edges where target = ? and relation = 'implements'"


@dataclass(frozen=True, slots=True)
class Cited:
    """How a work is cited: how often, and with which values, the most frequent first."""

    citations: int
    documents: int
    dates: list[Row]
    issuers: list[Row]
    types: list[Row]
    relations: list[Row]

    def total(self, filters: Filters) -> int | None:
        """How many citations the filters let through, where these counts tell it."""
        if not filters.values:
            return self.citations
        groups = {"date": self.dates, "issuer": self.issuers, "relation": self.relations}
        ((name, value), *others) = filters.values.items()
        rows = [] if others else [row for row in groups[name] if wanted(row["value"]) == value]
        return int(rows[0]["citations"]) if rows else None

    @property
    def date_conflict(self) -> bool:
        """Whether two of the dates cited exclude each other."""
        return conflicting([str(row["value"]) for row in self.dates if row["value"]])

    @property
    def issuer_conflict(self) -> bool:
        """Whether it is cited with two issuers."""
        return len([row for row in self.issuers if row["value"]]) > 1

    @property
    def type_conflict(self) -> bool:
        """Whether it is cited as two types."""
        return len([row for row in self.types if row["value"]]) > 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of a work shows."""

    work: Row
    cited: Cited
    document: Row | None
    citing: list[Row]
    leaf: Leaf
    findings: list[Row]
    carried_out: int


def conflicting(dates: list[str]) -> bool:
    """Whether two of these EDTF dates cannot be one day."""
    return any(not agree(one, other) for number, one in enumerate(dates) for other in dates[number + 1 :])


def cited(reader: Reader, key: str) -> Cited:
    """How the work is cited, its citations gone through as seldom as may be: nearly every document may cite it."""
    rows = reader.all(_CITED, (key,))
    once = sum(int(row["documents"]) for row in rows)
    documents = once if len(rows) < 2 else int(reader.value(_DOCUMENTS, (key,)) or 0)
    dates, issuers, types, relations = (
        _by_value(reader, key, column, rows, None if once == documents else documents) for column in _READINGS
    )
    return Cited(sum(int(row["citations"]) for row in rows), documents, dates, issuers, types, relations)


def _by_value(reader: Reader, key: str, column: str, rows: list[Row], overlapping: int | None) -> list[Row]:
    """The values of a column with how many citations and documents give them, the most frequent first.

    `rows`: the citations by all their readings; `overlapping`: how many documents there are, where one stands in
    several of these rows, so that a sum would count it twice.
    """
    found: dict[str | None, Row] = {}
    for row in rows:
        sums = found.setdefault(row[column], {"value": row[column], "citations": 0, "documents": 0})
        sums["citations"] += row["citations"]
        sums["documents"] += row["documents"]
    if overlapping is not None and len(found) == 1:
        found[rows[0][column]]["documents"] = overlapping
    elif overlapping is not None:
        for row in reader.all(_BY_VALUE.format(column=column), (key,)):
            found[row["value"]]["documents"] = row["documents"]
    frequent = sorted(found.values(), key=lambda row: (-row["citations"], row["value"] is not None, row["value"]))
    return frequent[:_MOST_VALUES]


async def counted(desk: Desk, key: str) -> Cited:
    """How the work is cited, kept until the next build."""
    return await desk.once_of_some(Figure(f"work?{key}", lambda reader: cited(reader, key)), _KEPT)


def most_cited(reader: Reader) -> list[str]:
    """The works with so many citations that counting them would keep the first reader waiting."""
    return [str(row["id"]) for row in reader.all(_MOST_CITED)]


def load(reader: Reader, work: Row, known: Cited | None, filters: Filters, number: int) -> Loaded:
    """What is known of a work; `known`: how it is cited, where that was looked up before."""
    key = work["id"]
    where, parameters = filters.conditions(_COLUMNS)
    counts = known or cited(reader, key)
    total = counts.total(filters)
    if total is None:
        total = int(reader.value(f"select count(*) from {_FILTERED.format(where=where)}", [key, *parameters]))
    leaf = Leaf(number, total)
    documents = int(reader.value("select max(rowid) from documents") or 0)
    sql = _CITING.format(where=where, source=_BY_DAY if total * _DENSE >= documents else _BY_WORK)
    return Loaded(
        work=work,
        cited=counts,
        document=reader.one("select id, title from documents where id = ?", (work["document"],)),
        citing=reader.all(sql, [key, *parameters, leaf.size, leaf.offset]),
        leaf=leaf,
        findings=reader.all(_FINDINGS, (key,)),
        carried_out=int(reader.value(_CARRIED_OUT, (key,)) or 0),
    )


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/work/<id>``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    key = decoded(request.url_vars["id"])
    filters = web.filters_of(datasette, request, f"work/{request.url_vars['id']}", FILTERS)
    work = await desk.read(lambda reader: reader.one("select * from works where id = ?", (key,)))
    if work is None:
        raise web.not_found(request, "fault.no_work")
    known = None
    if (work["citations"] or 0) >= MANY:
        known = await counted(desk, key)
    loaded = await desk.read(lambda reader: load(reader, work, known, filters, web.page_number(request)))
    return await web.html(
        datasette,
        request,
        "kehoach/work.html",
        {
            "loaded": loaded,
            "cited": loaded.cited,
            "work": loaded.work,
            "name": names.of_work(loaded.work, words),
            "name_of": lambda row: names.full(row, words),
            "doc_type": lambda code: names.doc_type(code, words),
            "filters": filters,
            "links": links,
        },
    )
