"""A document beside the one that it carries out: sections aligned, passages taken over or changed, facts compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markupsafe import Markup

from datasette_plugins.desk import beside, names, web
from datasette_plugins.desk.alignment import Pair, Part, align, paragraphs
from datasette_plugins.desk.beside import Against, Said
from datasette_plugins.desk.differences import Span
from datasette_plugins.desk.frame import words_of
from datasette_plugins.desk.links import Links, decoded
from datasette_plugins.desk.lookup import find
from datasette_plugins.desk.ports import Datasette, Request, Response, Row
from datasette_plugins.desk.store import Reader
from datasette_plugins.desk.words import Words

MOST_TEXT = 600_000
"""Signs of a text that are compared: about 200 pages."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page of a comparison shows."""

    document: Row
    other: Row
    pairs: list[Pair]
    facts: dict[str, list[Against]]
    set_for: list[tuple[str, Said]]
    findings: list[Row]
    relation: str
    is_cut: bool

    def count(self, kind: str) -> int:
        """The paragraphs of one kind: same, changed, own, other."""
        return sum(row.kind == kind for pair in self.pairs for row in pair.rows)


def parts(reader: Reader, document: Row, words: Words) -> list[Part]:
    """The sections of the first depth with their paragraphs, and before them what stands before the first.

    Left out are the letterhead, which all have alike, and tables: cells would be compared as if they were sentences.
    """
    text = str(document["text"] or "")[:MOST_TEXT]
    rows = reader.all(
        """select id, marker, title, role, start, heading_end from sections where document = :id and start is not null
        and depth = (select min(depth) from sections where document = :id) order by start""",
        {"id": document["id"]},
    )
    rows = [row for number, row in enumerate(rows) if number == 0 or row["start"] > rows[number - 1]["start"]]
    starts = [min(int(row["start"]), len(text)) for row in rows]
    tables = reader.all(
        'select start, "end" from tables where document = ? and start < "end" order by start', (document["id"],)
    )
    first = starts[0] if starts else len(text)
    found = [Part("", words("compare.before_first"), "", _outside(text, min(_title(document), first), first, tables))]
    for row, (start, end) in zip(rows, pairwise([*starts, len(text)]), strict=True):
        heading = f"{row['marker'] or ''} {row['title'] or ''}".strip()
        begin = min(max(int(row["heading_end"] or 0), start), end)
        if begin - start > len(heading) + 12:  # the section begins with a paragraph, not with a line of its own
            begin = start
        found.append(Part(str(row["id"]), heading, str(row["role"] or ""), _outside(text, begin, end, tables)))
    return found


def _title(document: Row) -> int:
    """Where the letterhead ends: at the name of the document's type or at its title."""
    try:
        spans = json.loads(str(document.get("spans") or "{}"))
        return int(spans.get("doc_type", spans.get("title", [0]))[0])
    except (ValueError, TypeError, AttributeError, IndexError):
        return 0


def _outside(text: str, start: int, end: int, tables: Sequence[Row]) -> tuple[Span, ...]:
    """The paragraphs between `start` and `end` that do not begin in a table."""
    found: list[Span] = []
    for table in tables:
        if start < table["end"] and table["start"] < end:
            found.extend(paragraphs(text, start, max(int(table["start"]), start)))
            start = int(table["end"])
    return (*found, *paragraphs(text, min(start, end), end))


def load(reader: Reader, key: str, other_key: str, words: Words, links: Links) -> Loaded | None:
    """Both documents and how they stand to each other; None where one is not there."""
    document, other = find(reader, key), find(reader, other_key)
    if document is None or other is None:
        return None
    said = {kind: beside.facts(reader, kind, other, words, links) for kind in beside.KINDS}
    facts = {
        kind: beside.against(kind, beside.facts(reader, kind, document, words, links), said[kind])
        for kind in beside.KINDS
    }
    relation = reader.value(
        "select relation from citations where document = ? and work = ? order by relation = 'implements' desc limit 1",
        (document["id"], other["work"]),
    )
    return Loaded(
        document=document,
        other=other,
        pairs=align(
            str(document["text"] or ""),
            parts(reader, document, words),
            str(other["text"] or ""),
            parts(reader, other, words),
        ),
        facts={kind: found for kind, found in facts.items() if found},
        set_for=beside.set_for(document, other, said),
        findings=findings(reader, document, other),
        relation=str(relation or ""),
        is_cut=max(len(str(row["text"] or "")) for row in (document, other)) > MOST_TEXT,
    )


def findings(reader: Reader, document: Row, other: Row) -> list[Row]:
    """The findings that have a side in each of the two documents."""
    return reader.all(
        """select distinct f.id, f.severity, f.message_vi, f.message_en, r.title_vi, r.title_en
        from finding_evidence mine join finding_evidence theirs on theirs.finding = mine.finding
        join findings f on f.id = mine.finding left join rules r on r.id = f.rule
        where mine.document = ? and theirs.document = ? limit 50""",
        (document["id"], other["id"]),
    )


def marked(text: str, span: Span | None, differs: Sequence[Span]) -> Markup:
    """A paragraph with the words that differ marked; the breaks of the page's width are spaces."""
    if span is None:
        return Markup("")
    start, end = span
    out: list[str] = []
    at = start
    for first, last in differs:
        out.append(f"{escape(text[at:first])}<mark>{escape(text[first:last])}</mark>")
        at = last
    out.append(escape(text[at:end]))
    return Markup("".join(out))


async def page(request: Request, datasette: Datasette) -> Response:
    """``/-/kehoach/document/<id>/compare/<other>``."""
    desk = await web.desk_for(datasette, request)
    words, links = words_of(request), Links(datasette, desk.name)
    key, other_key = decoded(request.url_vars["id"]), decoded(request.url_vars["other"])
    loaded = await desk.read(lambda reader: load(reader, key, other_key, words, links))
    if loaded is None:
        raise web.not_found(request, "fault.no_document")
    own_text, other_text = str(loaded.document["text"] or ""), str(loaded.other["text"] or "")
    return await web.html(
        datasette,
        request,
        "kehoach/compare.html",
        {
            "loaded": loaded,
            "document": loaded.document,
            "other": loaded.other,
            "name": names.full(loaded.document, words),
            "short": names.short(loaded.document, words),
            "other_name": names.full(loaded.other, words),
            "other_short": names.short(loaded.other, words),
            "own_words": lambda row: marked(own_text, row.own, row.own_differs),
            "other_words": lambda row: marked(other_text, row.other, row.other_differs),
            "shown": beside.SHOWN,
            "links": links,
            "tab": "chain",
        },
    )
