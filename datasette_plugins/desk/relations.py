"""The lược đồ of a document: what it cites and what cites it, in boxes by relation, with what does not agree."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from datasette_plugins.desk import names, web
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.lookup import find
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.words import Words

ORDER = (
    "implements",
    "legal_basis",
    "funded_by",
    "guided_by",
    "amends",
    "replaces",
    "repeals",
    "attached_to",
    "responds_to",
    "mentions",
)
COMPARED = frozenset({"implements", "amends", "replaces"})
"""Relations whose two documents are worth reading beside each other."""
MOST_CITING = 300

_OUT = """select c.id, c.relation, c.issued_on as cited_on, c.issuer as cited_issuer, c.quote, c.start, c.doc_type,
    c.code, c.name, c.work, l.state as link_state, l.reasons, l.candidates,
    w.label, w.state, w.issued_on, w.document as held, w.issuer, w.cited_by
    from citations c left join works w on w.id = c.work left join links l on l.citation = c.id
    where c.document = ? and coalesce(c.is_self, 0) = 0 order by c.start"""
_IN = """select c.id, c.relation, c.issued_on as cited_on, c.issuer as cited_issuer, c.quote, c.start, c.document,
    d.doc_type, d.code, d.symbol, d.issuer, d.issued_on, d.title, d.number_blank
    from citations c join documents d on d.id = c.document
    where c.work = ? and c.document <> ? and coalesce(c.is_self, 0) = 0 order by d.issued_on desc, c.document limit ?"""
_CITED_BY = """select count(distinct document) from citations
    where work = ? and document <> ? and coalesce(is_self, 0) = 0"""


@dataclass(slots=True)
class Item:
    """One document or work in a box, with every reading of its date and issuer that was cited."""

    name: str
    href: str
    state: str
    evidence: str
    quote: str
    dates: list[str] = field(default_factory=list)
    issuers: list[str] = field(default_factory=list)
    accepted: str = ""
    times: int = 0
    beside: str = ""
    """Where it is compared with the document, where one carries the other out and both are in the corpus."""

    @property
    def conflicting(self) -> bool:
        """Whether a date was cited that the accepted one does not cover."""
        return any(not agree(date, self.accepted) for date in self.dates if self.accepted) or (
            len({date for date in self.dates if len(date) == 10}) > 1
        )


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A citation that is linked to no work, or could be of several: why, and of which."""

    quote: str
    evidence: str
    state: str
    relation: str
    reasons: list[str]
    candidates: list[tuple[str, str]]


@dataclass(slots=True)
class Box:
    """The works of one relation."""

    relation: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of relations shows."""

    document: Row
    out: list[Box]
    into: list[Box]
    unsettled: list[Unsettled]
    findings: list[Row]
    more_citing: int
    """Documents that cite it and are not shown here."""


def agree(one: str, other: str) -> bool:
    """Whether two EDTF dates can be the same day: one may leave out what the other gives."""
    return one.startswith(other) or other.startswith(one)


def load(reader: Reader, key: str, words: Words, links: Links) -> Loaded | None:
    """The relations of a document; None where there is no such document."""
    document = find(reader, key)
    if document is None:
        return None
    citations = reader.all(_OUT, (document["id"],))
    own = (document["work"], document["id"])
    citing = reader.all(_IN, (*own, MOST_CITING)) if document["work"] else []
    total = int(reader.value(_CITED_BY, own) or 0) if len(citing) == MOST_CITING else 0
    return Loaded(
        document=document,
        out=_boxes((_cited(row, document, words, links) for row in citations if row["work"]), citations),
        into=_boxes((_citing(row, document, words, links) for row in citing), citing, by="document"),
        unsettled=[
            _unsettled(row, document, links)
            for row in citations
            if row["work"] is None or row["link_state"] in ("ambiguous", "unresolved")
        ],
        findings=findings_of(reader, document),
        more_citing=max(total - len({row["document"] for row in citing}), 0),
    )


def _unsettled(row: Row, document: Row, links: Links) -> Unsettled:
    try:
        candidates = json.loads(str(row["candidates"] or "[]"))
        reasons = [str(reason) for reason in json.loads(str(row["reasons"] or "[]"))]
    except (ValueError, TypeError):
        candidates, reasons = [], []
    return Unsettled(
        quote=str(row["quote"] or ""),
        evidence=links.document(document["id"], row["id"]),
        state=str(row["link_state"] or "unresolved"),
        relation=str(row["relation"] or "mentions"),
        reasons=reasons,
        candidates=[
            (str(one.get("label")), links.work(one.get("work"))) for one in candidates if isinstance(one, dict)
        ],
    )


def findings_of(reader: Reader, document: Row) -> list[Row]:
    """The findings that speak of the document or of the work that it is."""
    return reader.all(
        """select f.id, f.severity, f.message_vi, f.message_en, r.title_vi, r.title_en from findings f
        left join rules r on r.id = f.rule where f.document = :id or f.work = :work
        order by case f.severity when 'error' then 0 when 'warning' then 1 else 2 end limit 30""",
        {"id": document["id"], "work": document["work"]},
    )


def _boxes(items: Iterable[tuple[str, str, Item]], rows: list[Row], by: str = "work") -> list[Box]:
    boxes: dict[str, dict[str, Item]] = {}
    for (relation, key, item), row in zip(items, (row for row in rows if row[by]), strict=True):
        known = boxes.setdefault(relation, {}).setdefault(key, item)
        known.times += 1
        if row["cited_on"] and row["cited_on"] not in known.dates:
            known.dates.append(row["cited_on"])
        if row["cited_issuer"] and row["cited_issuer"] not in known.issuers:
            known.issuers.append(row["cited_issuer"])
    ranked = sorted(boxes, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return [Box(relation, list(boxes[relation].values())) for relation in ranked]


def _cited(row: Row, document: Row, words: Words, links: Links) -> tuple[str, str, Item]:
    item = Item(
        name=names.of_work(row, words),
        href=links.work(row["work"]),
        state=str(row["state"] or ""),
        evidence=f"#f-{row['id']}",
        quote=str(row["quote"] or ""),
        accepted=str(row["issued_on"] or ""),
        beside=links.compare(document["id"], row["held"]) if row["held"] and row["relation"] in COMPARED else "",
    )
    return str(row["relation"] or "mentions"), str(row["work"]), item


def _citing(row: Row, document: Row, words: Words, links: Links) -> tuple[str, str, Item]:
    item = Item(
        name=names.full(row, words),
        href=links.document(row["document"]),
        state="in_corpus",
        evidence=links.document(row["document"], row["id"]),
        quote=str(row["quote"] or ""),
        accepted=str(document["issued_on"] or ""),
        beside=links.compare(row["document"], document["id"]) if row["relation"] in COMPARED else "",
    )
    return str(row["relation"] or "mentions"), str(row["document"]), item


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>/relations``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    loaded = await desk.read(lambda reader: load(reader, decoded(request.url_vars["id"]), words, links))
    if loaded is None:
        raise web.not_found(request, "fault.no_document")
    return await web.html(
        datasette,
        request,
        "kehoach/relations.html",
        {
            "loaded": loaded,
            "document": loaded.document,
            "name": names.full(loaded.document, words),
            "short": names.short(loaded.document, words),
            "links": links,
            "tab": "relations",
        },
    )
