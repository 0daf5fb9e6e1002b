"""The list of findings, with counts and filters, and the page of one: both sides of the evidence beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from datasette_plugins.desk import names, web
from datasette_plugins.desk.cube import Cube, Key
from datasette_plugins.desk.differences import Span, differences
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.marks import Layers, Mark, render
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Figure, Reader
from datasette_plugins.desk.web import Filters, Leaf
from datasette_plugins.desk.words import Words

FILTERS = ("severity", "rule", "state", "scope", "level", "province", "document")
_COLUMNS = {
    "severity": "f.severity",
    "rule": "f.rule",
    "state": "f.state",
    "scope": "f.scope",
    "level": "d.issuer_level",
    "province": "d.province",
    "document": "f.document",
}
BY_SEVERITY = "case f.severity when 'error' then 0 when 'warning' then 1 else 2 end"
SEVERITIES = ("error", "warning", "info")
CONTEXT = 320
"""How many characters before and after the evidence a side shows."""
_JOINED = "from findings f left join documents d on d.id = f.document"
_ROWS = """select f.id, f.rule, f.severity, f.confidence, f.scope, f.message_vi, f.message_en, f.state, f.document,
    f.work, r.title_vi, r.title_en, d.doc_type, d.code, d.symbol, d.number_blank, d.issuer, d.issued_on, d.title,
    (select count(*) from finding_evidence e where e.finding = f.id) as sides
    from findings f left join documents d on d.id = f.document left join rules r on r.id = f.rule
    where {where} order by f.rowid limit ? offset ?"""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list shows."""

    rows: list[Row]
    leaf: Leaf
    severities: list[Row]
    rules: list[Row]
    states: list[Row]
    levels: list[Row]


def counts(reader: Reader) -> Cube:
    """The counts of all findings by their filters."""
    return Cube.load(reader, {name: column for name, column in _COLUMNS.items() if name != "document"}, _JOINED)


COUNTS = Figure("finding-counts", counts)


def _grave(severity: object) -> int:
    return SEVERITIES.index(str(severity)) if severity in SEVERITIES else len(SEVERITIES)


def list_findings(reader: Reader, cube: Cube, filters: Filters, number: int) -> Listed:
    """The findings that the filters let through: the gravest first, rule by rule."""
    chosen = dict(filters.values)
    of_document = chosen.pop("document", "")
    if of_document:
        own = {name: column for name, column in _COLUMNS.items() if name != "document"}
        cube = Cube.load(reader, own, f"{_JOINED} where f.document = ?", [of_document])
    groups = sorted(
        cube.by(["severity", "rule"], chosen).items(), key=lambda item: (_grave(item[0][0]), -item[1], str(item[0][1]))
    )
    leaf = Leaf(number, sum(count for _, count in groups))
    titles = {row["id"]: row for row in reader.all("select id, title_vi, title_en, severity from rules")}
    severities = cube.facet("severity", chosen)
    return Listed(
        rows=_window(reader, groups, filters, leaf),
        leaf=leaf,
        severities=sorted(severities, key=lambda row: _grave(row["value"])),
        rules=[{**titles.get(row["value"], {"title_vi": row["value"]}), **row} for row in cube.facet("rule", chosen)],
        states=cube.facet("state", chosen),
        levels=cube.facet("level", chosen),
    )


def _window(reader: Reader, groups: list[tuple[Key, int]], filters: Filters, leaf: Leaf) -> list[Row]:
    """The rows of one page: only the rules that it touches are asked for, each by its index."""
    rows: list[Row] = []
    before = 0
    for (severity, rule), count in groups:
        first, wanted = max(leaf.offset - before, 0), leaf.size - len(rows)
        before += count
        if before <= leaf.offset:
            continue
        if wanted <= 0:
            break
        narrowed = Filters(filters.path, {**filters.values, "rule": str(rule), "severity": str(severity)})
        where, parameters = narrowed.conditions(_COLUMNS)
        rows += reader.all(_ROWS.format(where=where), [*parameters, wanted, first])
    return rows


async def list_page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/findings``."""
    desk = await web.desk_for(datasette, request)
    words = words_of(request)
    filters = web.filters_of(datasette, request, "findings", FILTERS)
    number = web.page_number(request)

    cube = await desk.once(COUNTS)
    listed = await desk.read(lambda reader: list_findings(reader, cube, filters, number))
    return await web.html(
        datasette,
        request,
        "kehoach/findings.html",
        {
            "listed": listed,
            "filters": filters,
            "name_of": lambda row: names.short(row, words),
            "links": Links(datasette, desk.name),
        },
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the evidence: the passage with its mark, and the document that it stands in."""

    number: int
    document: Row
    passage: Markup
    fact: str
    page: int | None
    cut_before: bool
    cut_after: bool
    href: str


@dataclass(frozen=True, slots=True)
class One:
    """What the page of a finding shows."""

    finding: Row
    rule: Row
    sides: list[Side]
    work: Row | None
    document: Row | None
    before: str | None
    after: str | None
    like: int


def load(reader: Reader, key: str, links: Links) -> One | None:
    """A finding with both sides of its evidence; None where there is none with this id."""
    finding = reader.one("select * from findings where id = ?", (key,))
    if finding is None:
        return None
    evidence = reader.all("select * from finding_evidence where finding = ? order by side", (key,))
    documents = _documents(reader, [str(row["document"]) for row in evidence if row["document"]])
    beside = "select id from findings where rule = ? and id {} ? order by id {} limit 1"
    return One(
        finding=finding,
        rule=reader.one("select * from rules where id = ?", (finding["rule"],)) or {},
        sides=[
            _side(reader, row, documents.get(str(row["document"]), {}), links, spans)
            for row, spans in zip(evidence, _differing(evidence), strict=True)
        ],
        work=reader.one("select * from works where id = ?", (finding["work"],)),
        document=documents.get(str(finding["document"]))
        or next(iter(_documents(reader, [finding["document"]]).values()), None),
        before=reader.value(beside.format("<", "desc"), (finding["rule"], key)),
        after=reader.value(beside.format(">", "asc"), (finding["rule"], key)),
        like=int(reader.value("select count(*) from findings where rule = ?", (finding["rule"],))),
    )


def _documents(reader: Reader, ids: list[str]) -> dict[str, Row]:
    return reader.named(
        """select id, doc_type, number, symbol, code, number_blank, issuer, issuer_level, issued_on, title, sha256, work
        from documents where id in ({})""",
        [key for key in dict.fromkeys(ids) if key],
    )


def _differing(evidence: list[Row]) -> Sequence[list[Span]]:
    """What of each side the other lacks, where there are two sides; offsets count in the side's own words."""
    if len(evidence) != 2:
        return [[] for _ in evidence]
    one, other = (str(row["quote"] or "") for row in evidence)
    return differences(one, other)


def _side(reader: Reader, row: Row, document: Row, links: Links, differing: list[Span]) -> Side:
    start, end = int(row["start"] or 0), int(row["end"] or 0)
    first = max(0, start - CONTEXT)
    wanted = end + CONTEXT - first
    text = str(
        reader.value("select substr(text, ?, ?) from documents where id = ?", (first + 1, wanted + 1, row["document"]))
        or row["quote"]
        or ""
    )
    cut_after = len(text) > wanted
    text = text[:wanted]
    first, text = _at_words(text, first, start, end, cut_after)
    fact = str(row["fact"] or "")
    href = links.document(row["document"], f"{row['finding']}-{row['side']}")
    mark = Mark(f"side-{row['side']}", "finding", start - first, end - first, href)
    other = [Mark(f"diff-{a}", "diff", start - first + a, start - first + b, href) for a, b in differing]
    body = render(text, Layers(marks=[mark, *other] if end > start else []))
    return Side(
        number=int(row["side"]),
        document=document,
        passage=Markup(body),
        fact=fact,
        page=row["page"],
        cut_before=first > 0,
        cut_after=cut_after,
        href=href,
    )


def _at_words(text: str, first: int, start: int, end: int, cut_after: bool) -> tuple[int, str]:
    """The passage without the halves of words at its ends, and where it begins in the document."""
    if first > 0 and (space := text.find(" ", 0, start - first)) >= 0:
        text, first = text[space + 1 :], first + space + 1
    if cut_after and (space := text.rfind(" ", max(end - first, 0))) >= 0:
        text = text[:space]
    return first, text


def explanation(rule: Row, words: Words) -> str:
    """What a rule means. A form of words that each finding fills (``{date}``) explains nothing and is left out."""
    text = words.pick(rule, "explanation")
    return "" if "{" in text else text


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/finding/<id>``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    one = await desk.read(lambda reader: load(reader, decoded(request.url_vars["id"]), links))
    if one is None:
        raise web.not_found(request, "fault.no_finding")
    return await web.html(
        datasette,
        request,
        "kehoach/finding.html",
        {
            "one": one,
            "finding": one.finding,
            "name_of": lambda row: names.full(row, words),
            "explanation": explanation(one.rule, words),
            "work_name": lambda row: names.of_work(row, words),
            "links": links,
        },
    )
